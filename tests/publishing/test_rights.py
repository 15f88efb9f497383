"""Who may do what (S7): publishing needs a right of its own on every way to readers."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from publishing.models import Draft
from publishing.views import admin_url
from tests.authoring import change
from tests.publishing.pages import edit, problems

pytestmark = pytest.mark.usefixtures("course")
RIGHTS = ["add", "change", "delete", "publish", "view"]
KINDS = {"articles": ["lesson", "part", "term"], "helplines": ["helpline"], "quizzes": ["quiz"]}
LISTS = [f"/admin/{app}/{model}/" for app, models in KINDS.items() for model in models]


def with_rights(*codes: str) -> Client:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user)
    return client


CHANGES = {
    "part": {"title": "Mine now"},
    "lesson": {"title": "Mine now"},
    "term": {"meaning": "Mine now"},
    "helpline": {"audience": "Mine now"},
    "quiz": {"title": "Mine now"},
}


def of_list(listing: str) -> tuple[str, Draft]:
    """The name of the list's model, and a published draft of it that was changed since."""
    model = listing.split("/")[3]
    found = Draft.objects.filter(kind=model.replace("helpline", "help line")).order_by("pk")[0]
    return model, change(found, **dict.fromkeys(CHANGES[model], "Changed"))


def test_editors_have_every_right_of_the_five_kinds_and_no_other(editor: User) -> None:
    expected = {f"{app}.{right}_{model}" for app, models in KINDS.items() for model in models for right in RIGHTS}
    assert editor.get_all_permissions() == expected


def test_writers_have_every_right_but_those_that_reach_readers_or_delete() -> None:
    rights = Group.objects.get(name="Writers").permissions.values_list("codename", flat=True)
    expected = {f"{right}_{model}" for models in KINDS.values() for model in models for right in RIGHTS}
    assert set(rights) == {each for each in expected if each.partition("_")[0] in ("add", "change", "view")}


def test_writer_writes_and_leaves_publishing_to_others() -> None:
    writer = User.objects.create_user("writer", is_staff=True)
    writer.groups.add(Group.objects.get(name="Writers"))
    client = Client()
    client.force_login(writer)
    draft = Draft.objects.filter(kind="lesson")[0]
    assert edit(client, draft, title="Written by a writer").status_code == 302
    html = client.get(admin_url(draft)).content.decode()
    assert ("Publish…" in html, "Save and go on to publish" in html) == (False, False)
    for step in ("publish", "withdraw"):
        assert client.post(admin_url(draft, step), {"note": "", "live_from": ""}).status_code == 403
    assert draft.versions.count() == 1


@pytest.mark.parametrize("listing", LISTS)
def test_viewer_sees_everything_and_changes_nothing(listing: str) -> None:
    model, of = of_list(listing)
    viewer = with_rights(f"view_{model}")
    before = (Draft.objects.get(pk=of.pk).document, of.saves.count(), of.versions.count())
    for address in (
        listing,
        f"{listing}{of.pk}/change/",
        f"{listing}{of.pk}/versions/",
        f"{listing}{of.pk}/versions/1/",
    ):
        assert viewer.get(address).status_code == 200, address
    for step in ("publish", "withdraw", "versions/1/move"):
        assert viewer.get(f"{listing}{of.pk}/{step}/").status_code == 403, step
        assert viewer.post(f"{listing}{of.pk}/{step}/", {"note": "x", "never": "on"}).status_code == 403, step
    assert edit(viewer, of, **CHANGES[model]).status_code == 403
    assert viewer.post(f"{listing}{of.pk}/versions/1/").status_code == 403
    assert viewer.post(f"{listing}{of.pk}/saves/1/").status_code == 403
    assert viewer.post(f"{listing}{of.pk}/delete/", {"post": "yes"}).status_code == 403
    assert viewer.post(f"{listing}add/", {"end": "1"}).status_code == 403
    assert viewer.get(f"{listing}publish/?draft={of.pk}").status_code == 403
    assert viewer.post(f"{listing}publish/?draft={of.pk}").status_code == 403
    assert 'value="publish_selected"' not in viewer.get(listing).content.decode()
    chosen = viewer.post(listing, {"action": "publish_selected", "_selected_action": [of.pk]})
    assert "publish/" not in chosen.get("Location", "")
    assert (Draft.objects.get(pk=of.pk).document, of.saves.count(), of.versions.count()) == before


@pytest.mark.parametrize("listing", LISTS)
def test_author_without_the_right_to_publish_writes_and_publishes_nothing(listing: str) -> None:
    model, of = of_list(listing)
    author = with_rights(f"view_{model}", f"change_{model}", f"add_{model}")
    assert edit(author, of, **CHANGES[model]).status_code == 302
    assert edit(author, of, do="publish").status_code == 302
    for address in (f"{listing}{of.pk}/publish/", f"{listing}publish/?draft={of.pk}"):
        assert author.post(address).status_code == 403
    author.post(listing, {"action": "publish_selected", "_selected_action": [of.pk]}, follow=True)
    said = Draft.objects.get(pk=of.pk).document
    assert (of.versions.count(), {**said, **CHANGES[model]}) == (1, said)


@pytest.mark.parametrize("listing", LISTS)
def test_right_to_publish_is_enough_to_publish(listing: str) -> None:
    model, of = of_list(listing)
    publisher = with_rights(f"view_{model}", f"publish_{model}")
    chosen = publisher.post(listing, {"action": "publish_selected", "_selected_action": [of.pk]})
    assert chosen["Location"] == f"{listing}publish/?draft={of.pk}"
    response = publisher.post(chosen["Location"], {"note": "Done"})
    assert (response.status_code, problems(response), of.versions.count()) == (302, [], 2)


def test_right_to_publish_one_kind_is_none_for_another() -> None:
    _, quiz = of_list("/admin/quizzes/quiz/")
    client = with_rights("view_quiz", "publish_lesson")
    assert client.post(f"/admin/quizzes/quiz/{quiz.pk}/publish/").status_code == 403
    assert client.post(f"/admin/articles/lesson/publish/?draft={quiz.pk}").status_code == 302
    assert quiz.versions.count() == 1


def test_rights_are_of_the_proxies() -> None:
    kinds = ContentType.objects.filter(permission__codename__startswith="publish_")
    assert {each.model for each in kinds} == {"lesson", "part", "term", "helpline", "quiz"}
