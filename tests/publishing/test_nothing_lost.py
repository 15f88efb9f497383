"""Nothing typed is lost (R4b): whatever comes between an editor's text and the server, the text is given back. What
only a browser can show - leaving the page, Preview, Publish, a closed tab - is in tests/browser/test_keeping.py."""

from dataclasses import replace
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import QueryDict
from django.test import Client

from publishing import steps
from publishing.models import Draft, Presence, Save
from publishing.views import admin_url
from tests import authoring
from tests.publishing.controls import controls, unchanged
from tests.publishing.pages import form_of, send

pytestmark = pytest.mark.usefixtures("course")
TYPED = "Typed in a train,\r\nwith “quotes” & <tags>."
PASSWORD = "correct horse battery"


@pytest.fixture
def draft() -> Draft:
    return authoring.draft("lesson", "what-trust-is")


@pytest.fixture
def jo(editor: User) -> User:
    """Another editor."""
    user = User.objects.create_user("jo", password=PASSWORD, is_staff=True)
    user.groups.set(editor.groups.all())
    return user


def at(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def typed_form(client: Client, draft: Draft) -> QueryDict:
    data = form_of(client, draft)
    data["scene"] = TYPED
    return data


def given_back(response: Any, status: int) -> QueryDict:
    """The form that gives the text back, as it is sent again."""
    html = response.content.decode()
    assert response.status_code == status
    assert "Your text is safe." in html
    assert "no-store" in response["Cache-Control"]
    return unchanged(html)


def post(client: Client, address: str, data: QueryDict) -> Any:
    return client.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded")


def scene(draft: Draft) -> str:
    return str(Draft.objects.get(pk=draft.pk).document["scene"])


SAID = TYPED.replace("\r\n", "\n")


def test_session_that_ended_asks_for_the_password_and_saves(editor: User, draft: Draft) -> None:
    editor.set_password(PASSWORD)
    editor.save()
    client = at(editor)
    data = typed_form(client, draft)
    Session.objects.all().delete()
    back = given_back(send(client, draft, data), 403)
    wrong = given_back(post(client, admin_url(draft), _with(back, username=editor.username, password="wrong")), 403)
    assert (scene(draft), wrong["scene"]) != (SAID, "")
    response = post(client, admin_url(draft), _with(wrong, username=editor.username, password=PASSWORD))
    assert (response.status_code, response["Location"]) == (302, admin_url(draft))
    assert scene(draft) == SAID
    assert draft.saves.first().author == editor  # type: ignore[union-attr]


def test_password_is_in_no_page(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = _with(typed_form(client, draft), username="nobody", password="told-to-nobody")
    Session.objects.all().delete()
    assert "told-to-nobody" not in send(client, draft, data).content.decode()


def _with(data: QueryDict, **fields: str) -> QueryDict:
    for name, value in fields.items():
        data[name] = value
    return data


def test_old_token_gives_the_text_back_with_a_fresh_one(editor: User, draft: Draft) -> None:
    client = at(editor, enforce_csrf_checks=True)
    data = typed_form(client, draft)
    client.cookies.pop("csrftoken")
    back = given_back(send(client, draft, data), 403)
    assert send(client, draft, back).status_code == 302
    assert scene(draft) == SAID


def test_locked_database_gives_the_text_back(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = typed_form(client, draft)
    with mock.patch.object(steps, "save", side_effect=OperationalError("database is locked")):
        response = send(client, draft, data)
        assert response["Retry-After"] == "10"
        automatic = client.post(admin_url(draft), dict(data.items()), headers={"accept": "application/json"})
        assert (automatic.status_code, automatic["Content-Type"]) == (503, "application/json")
    assert send(client, draft, given_back(response, 503)).status_code == 302
    assert scene(draft) == SAID


def test_any_other_trouble_gives_the_text_back(editor: User, draft: Draft) -> None:
    client = at(editor)
    client.raise_request_exception = False
    data = typed_form(client, draft)
    with mock.patch.object(steps, "save", side_effect=RuntimeError):
        response = send(client, draft, data)
    assert send(client, draft, given_back(response, 500)).status_code == 302
    assert scene(draft) == SAID


def test_draft_that_is_gone_can_be_saved_as_a_new_one(editor: User) -> None:
    source = authoring.value(authoring.draft("lesson", "what-trust-is"))
    draft = authoring.put("lesson", replace(source, slug="soon-gone"))
    client = at(editor)
    data = typed_form(client, draft)
    steps.delete(draft)
    response = send(client, draft, data)
    assert 'action="/admin/articles/lesson/add/"' in response.content.decode()
    saved = post(client, "/admin/articles/lesson/add/", given_back(response, 404))
    assert saved.status_code == 302
    assert scene(Draft.objects.latest("pk")) == SAID


def test_right_that_was_taken_away_gives_the_text_back(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = typed_form(client, draft)
    editor.groups.clear()
    assert given_back(send(client, draft, data), 403)["scene"] == TYPED
    assert scene(draft) != SAID


def test_body_that_is_too_large_says_where_the_text_is(editor: User, draft: Draft) -> None:
    """What the server did not read it cannot give back; the browser has it."""
    client = at(editor)
    data = _with(typed_form(client, draft), scene="x" * 3_000_000)
    response = send(client, draft, data)
    assert response.status_code == 400
    assert "What you typed is still in this browser: go back one page and it is there." in response.content.decode()


def test_what_two_typed_in_different_places_is_joined(editor: User, jo: User, draft: Draft) -> None:
    one, other = at(editor), at(jo)
    mine, theirs = typed_form(one, draft), form_of(other, draft)
    send(other, draft, theirs, title="Jo’s title")
    send(one, draft, mine)
    document = Draft.objects.get(pk=draft.pk).document
    assert (document["scene"], document["title"]) == (SAID, "Jo’s title")


def test_what_two_typed_in_one_place_stands_side_by_side(editor: User, jo: User, draft: Draft) -> None:
    one, other = at(editor), at(jo)
    mine, theirs = typed_form(one, draft), form_of(other, draft)
    send(other, draft, theirs, scene="Jo’s scene")
    html = one.get(send(one, draft, mine)["Location"]).content.decode()
    assert ("Somebody else changed the same words" in html, "Jo’s scene" in html) == (True, True)
    assert unchanged(html)["scene"] == TYPED


def test_colleague_s_restore_is_a_save_like_another(editor: User, jo: User, draft: Draft) -> None:
    client = at(editor)
    data = typed_form(client, draft)
    first = authoring.change(draft, title="Changed first").saves.last()
    assert first
    steps.restore(Draft.objects.get(pk=draft.pk), first.document, author=jo)
    assert send(client, draft, data).status_code == 302
    assert scene(draft) == SAID


def test_restore_keeps_what_it_replaces(editor: User, draft: Draft) -> None:
    client = at(editor)
    send(client, draft, typed_form(client, draft))
    replaced = Draft.objects.get(pk=draft.pk)
    client.post(admin_url(draft, "versions") + "1/")
    assert scene(draft) != SAID
    client.post(f"{admin_url(draft, 'versions')[:-9]}saves/{replaced.revision}/")
    assert scene(draft) == SAID


def test_part_that_was_removed_is_among_the_saves(editor: User) -> None:
    quiz = authoring.draft("quiz", "how-i-trust")
    client = at(editor)
    data = form_of(client, quiz)
    data.setlist("dimensions", data.getlist("dimensions")[1:])
    send(client, quiz, data)
    assert len(Draft.objects.get(pk=quiz.pk).document["dimensions"]) == 3
    before = quiz.saves.filter(revision=quiz.revision).get()
    assert len(before.document["dimensions"]) == 4
    client.post(f"{admin_url(quiz, 'versions')[:-9]}saves/{before.revision}/")
    assert len(Draft.objects.get(pk=quiz.pk).document["dimensions"]) == 4


# Saved by itself


def automatic(client: Client, address: str, data: QueryDict) -> Any:
    return client.post(
        address,
        data.urlencode(),
        content_type="application/x-www-form-urlencoded",
        headers={"accept": "application/json"},
    )


def test_automatic_save_answers_with_where_to_go_on(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = typed_form(client, draft)
    response = automatic(client, admin_url(draft), data)
    assert response.json() == {"revision": draft.revision + 1, "address": admin_url(draft), "clashes": ""}
    assert [save.how for save in draft.saves.all()[:1]] == [Save.AUTOMATIC]
    assert scene(draft) == SAID


def test_automatic_saves_of_one_hand_are_one(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = typed_form(client, draft)
    for words in ("One", "One two", "One two three"):
        data["scene"] = words
        data["revision"] = str(automatic(client, admin_url(draft), data).json()["revision"])
    assert [save.document["scene"] for save in draft.saves.all() if save.how == Save.AUTOMATIC] == ["One two three"]


def test_save_on_purpose_keeps_the_automatic_one(editor: User, draft: Draft) -> None:
    """What was saved by itself and then on purpose is no longer thinned."""
    client = at(editor)
    data = typed_form(client, draft)
    data["revision"] = str(automatic(client, admin_url(draft), data).json()["revision"])
    response = client.get(send(client, draft, data)["Location"])
    assert "Saved." in response.content.decode()
    assert [save.how for save in draft.saves.all()[:1]] == [Save.TYPED]
    assert draft.saves.count() == 2


def test_automatic_save_keeps_what_somebody_else_did(editor: User, jo: User, draft: Draft) -> None:
    one, other = at(editor), at(jo)
    mine, theirs = typed_form(one, draft), form_of(other, draft)
    automatic(other, admin_url(draft), _with(theirs, title="Jo’s title"))
    answer = automatic(one, admin_url(draft), mine).json()
    document = Draft.objects.get(pk=draft.pk).document
    assert (document["scene"], document["title"], answer["clashes"]) == (SAID, "Jo’s title", "")
    mine["revision"], mine["scene"] = str(answer["revision"]), "And on"
    automatic(one, admin_url(draft), mine)
    document = Draft.objects.get(pk=draft.pk).document
    assert (document["scene"], document["title"]) == ("And on", "Jo’s title")


def test_automatic_saves_in_one_place_lose_neither(editor: User, jo: User, draft: Draft) -> None:
    one, other = at(editor), at(jo)
    mine, theirs = typed_form(one, draft), form_of(other, draft)
    automatic(other, admin_url(draft), _with(theirs, scene="Jo’s scene"))
    answer = automatic(one, admin_url(draft), mine).json()
    html = one.get(answer["address"] + answer["clashes"]).content.decode()
    assert ("Jo’s scene" in html, unchanged(html)["scene"]) == (True, TYPED)


def test_two_tabs_of_one_editor_lose_neither(editor: User, draft: Draft) -> None:
    """Automatic saves of one hand are thinned only as long as each goes on from the last."""
    client = at(editor)
    one, other = typed_form(client, draft), _with(form_of(client, draft), scene="In another tab")
    automatic(client, admin_url(draft), other)
    answer = automatic(client, admin_url(draft), one).json()
    html = client.get(answer["address"] + answer["clashes"]).content.decode()
    assert ("In another tab" in html, unchanged(html)["scene"]) == (True, TYPED)


def test_new_draft_saves_itself_once(editor: User) -> None:
    client = at(editor)
    data = unchanged(client.get("/admin/articles/lesson/add/").content.decode())
    data["title"] = "A lesson in the making"
    before = Draft.objects.count()
    answer = automatic(client, "/admin/articles/lesson/add/", data).json()
    data["revision"], data["title"] = str(answer["revision"]), "A lesson in the making, further"
    assert automatic(client, answer["address"], data).json()["address"] == answer["address"]
    assert Draft.objects.count() == before + 1
    assert Draft.objects.latest("pk").title == "A lesson in the making, further"


def test_anchor_typed_letter_by_letter_keeps_the_old_address(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = form_of(client, draft)
    old = data["sections-0-anchor"]
    for anchor in ("a", "a-new", "a-new-anchor"):
        data["sections-0-anchor"] = anchor
        data["revision"] = str(automatic(client, admin_url(draft), data).json()["revision"])
    send(client, draft, data)
    section = Draft.objects.get(pk=draft.pk).document["sections"][0]
    assert (section["anchor"], section["former_anchors"]) == ("a-new-anchor", [old])


def test_automatic_save_without_a_session_is_told_in_a_word(editor: User, draft: Draft) -> None:
    client = at(editor)
    data = typed_form(client, draft)
    Session.objects.all().delete()
    response = automatic(client, admin_url(draft), data)
    assert (response.status_code, response.json()) == (403, {"why": "You were logged out."})


# Who else is here


def open_page(client: Client, draft: Draft, revision: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = client.post(admin_url(draft, "open"), {"revision": str(revision)}).json()
    return found


def test_who_else_has_the_page_open_is_told(editor: User, jo: User, draft: Draft) -> None:
    one, other = at(editor), at(jo)
    assert open_page(other, draft, draft.revision) == {"others": [], "saved": []}
    assert open_page(one, draft, draft.revision) == {"others": ["jo"], "saved": []}
    assert "jo has this page open too." in one.get(admin_url(draft)).content.decode()
    send(other, draft, form_of(other, draft), title="Jo’s title")
    assert open_page(one, draft, draft.revision)["saved"] == ["jo"]
    assert open_page(one, draft, draft.revision + 1)["saved"] == []
    Presence.objects.filter(user=jo).update(at=Presence.objects.get(user=jo).at - 2 * Presence.LASTS)
    assert open_page(one, draft, draft.revision + 1)["others"] == []


def test_nobody_else_may_say_that_they_are_here(draft: Draft) -> None:
    assert Client().post(admin_url(draft, "open")).status_code == 302
    assert at(User.objects.create_user("viewer", is_staff=True)).post(admin_url(draft, "open")).status_code == 403
    assert not Presence.objects.exists()


def test_page_tells_its_script_where_to_say_so(editor: User, draft: Draft) -> None:
    html = at(editor).get(admin_url(draft)).content.decode()
    assert f'data-open="{admin_url(draft, "open")}"' in html
    assert "data-open" not in at(editor).get("/admin/articles/lesson/add/").content.decode()
    assert controls(html).sent.count(("revision", str(draft.revision))) == 1
