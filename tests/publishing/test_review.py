"""Ready for review: a private link, a thread of remarks for each part, and nothing of it for readers."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from publishing import review
from publishing.models import Draft, Remark, Review
from publishing.views import admin_url
from tests import authoring
from tests.publishing.pages import form_of, reader
from tests.publishing.test_beside import look

pytestmark = pytest.mark.usefixtures("course")
KINDS = {
    "part": "loss",
    "lesson": "what-trust-is",
    "term": "trust",
    "help line": "united-kingdom-samaritans",
    "quiz": "how-i-trust",
}
PLACE = "sections:trust-has-limits"


@pytest.fixture
def draft() -> Draft:
    """Changed since readers saw it."""
    return authoring.change(authoring.draft("lesson", "what-trust-is"), summary="Nobody has read this.")


def ask(client: Client, of: Draft, **fields: str) -> Review:
    assert client.post(admin_url(of, "review"), fields).status_code == 302
    return Review.objects.get(draft=of.pk)


def link(of: Review) -> str:
    return f"/admin/review/{of.key}/"


def say(client: Client, of: Review, **fields: str) -> Any:
    return client.post(link(of), {"place": PLACE, "text": "Too hard.", "name": "Ana", **fields})


def said(html: str) -> list[str]:
    """Every thread that something was said in: its name and the names and words of its remarks."""
    found = []
    for thread in re.findall(r'<details class="thread".*?</details>', html, re.DOTALL):
        remarks = re.findall(r'<div class="remark.*?</div>', thread, re.DOTALL)
        words = [
            " ".join(re.sub("<.*?>", " ", re.sub("<form.*?</form>", "", each, flags=re.S)).split()) for each in remarks
        ]
        name = re.findall(r"<summary[^>]*>(.*?)(?: <span|</summary>)", thread)[0]
        found += [unescape(f"{name}: {each}") for each in words]
    return [" ".join(re.sub(r" ?, \d+ \w+, \d\d:\d\d", "", each).replace(" ,", ",").split()) for each in found]


def test_colleague_without_an_account_reads_the_draft_and_remarks(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft, note="Is it too hard?")
    page = reader().get(link(found))
    html = page.content.decode()
    assert "Is it too hard?" in html
    assert "Nobody has read this." in unescape(unescape(html))
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    response = say(reader(), found)
    assert response["Location"] == f"{link(found)}#id-thread-sections-trust-has-limits"
    assert said(reader().get(link(found)).content.decode()) == ["Trust has limits: Ana, by the link Too hard."]
    assert "Nobody has read this." in reader().get(f"{link(found)}page/").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_reviewed(editing: Client, kind: str) -> None:
    of = Draft.objects.filter(kind=kind)[0] if kind == "help line" else authoring.draft(kind, KINDS[kind])
    found = ask(editing, of)
    assert say(reader(), found, place="").status_code == 302
    assert said(reader().get(link(found)).content.decode()) == ["The whole page: Ana, by the link Too hard."]
    assert reader().get(f"{link(found)}page/").status_code == 200


def test_unfinished_draft_can_be_reviewed(editing: Client) -> None:
    of = authoring.steps.save(Draft(kind="quiz", document={}), {"title": "Unfinished", "dimensions": [{}, {}]}).draft
    found = ask(editing, of)
    assert say(reader(), found, place="dimensions:1").status_code == 302
    assert said(reader().get(link(found)).content.decode()) == ["Untitled: Ana, by the link Too hard."]


def test_remark_stays_with_its_section(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    say(reader(), found)
    sections = Draft.objects.get(pk=draft.pk).document["sections"]
    authoring.change(draft, sections=sections[::-1])
    assert said(reader().get(link(found)).content.decode()) == ["Trust has limits: Ana, by the link Too hard."]
    authoring.change(draft, sections=[each for each in sections if each["anchor"] != "trust-has-limits"])
    shown = said(reader().get(link(found)).content.decode())
    assert shown == ["“trust-has-limits”, renamed or gone: Ana, by the link Too hard."]


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"text": " "}, "Write your remark first"),
        ({"name": ""}, "Say who you are"),
        ({"text": "x" * 2001}, "This has 2001 characters; 2000 is the most"),
        ({"name": "x" * 61}, "This has 61 characters; 60 is the most"),
        ({"text": "a\0b"}, "Null characters are not allowed."),
        ({"place": "x" * 201}, None),
    ],
)
def test_bad_remark_is_told_and_kept(
    editing: Client, draft: Draft, fields: dict[str, str], message: str | None
) -> None:
    response = say(reader(), ask(editing, draft), **fields)
    html = unescape(response.content.decode())
    assert (response.status_code, Remark.objects.count()) == (422, 0)
    assert message is None or message in html
    assert {"text": "Too hard.", "name": "Ana", **fields}["text"].strip()[:1] in html


@pytest.mark.parametrize("key", ["x", "x" * 43, "x" * 500, "..", "%00"])
def test_another_link_opens_nothing(editing: Client, draft: Draft, key: str) -> None:
    ask(editing, draft)
    for address in (f"/admin/review/{key}/", f"/admin/review/{key}/page/"):
        assert reader().get(address).status_code in (302, 404)
        assert "Nobody has read this." not in reader().get(address, follow=True).content.decode()


def test_link_is_dead_once_the_draft_is_published_or_taken_back(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    say(reader(), found)
    authoring.publish(draft)
    assert reader().get(link(found)).status_code == 404
    assert say(reader(), found).status_code == 404
    assert "Too hard." in editing.get(admin_url(draft, "review")).content.decode()
    again = ask(editing, draft)
    assert again.key != found.key
    assert said(reader().get(link(again)).content.decode()) == ["Trust has limits: Ana, by the link Too hard."]
    editing.post(admin_url(draft, "review"), {"end": "Take it back"})
    assert reader().get(f"{link(again)}page/").status_code == 404


def test_note_that_is_too_long_is_told_and_kept(editing: Client, draft: Draft) -> None:
    response = editing.post(admin_url(draft, "review"), {"note": "y" * 201})
    assert (response.status_code, Review.objects.count()) == (422, 0)
    html = response.content.decode()
    assert ("This has 201 characters; 200 is the most" in html, "y" * 201 in html) == (True, True)


def test_remark_of_an_account_is_told_from_one_by_the_link(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    say(editing, found, name="Maria")
    say(reader(), found, name="Maria")
    shown = said(reader().get(link(found)).content.decode())
    assert shown == ["Trust has limits: Maria Too hard.", "Trust has limits: Maria, by the link Too hard."]


def test_nothing_is_cut_while_it_is_typed(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    other = authoring.draft("lesson", "jealousy-and-insecurity")
    for address in (link(found), admin_url(draft, "publish"), admin_url(draft, "withdraw"), admin_url(other, "review")):
        assert "maxlength" not in editing.get(address).content.decode(), address
    long = editing.post(admin_url(draft, "publish"), {"note": "z" * 201})
    assert (long.status_code, draft.versions.count()) == (422, 1)
    assert "This has 201 characters; 200 is the most" in long.content.decode()


def test_asking_twice_keeps_the_link(editing: Client, draft: Draft) -> None:
    assert ask(editing, draft).key == ask(editing, draft).key


def test_editors_settle_remarks_and_nobody_else_does(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    say(reader(), found)
    remark = Remark.objects.get()
    assert reader().post(link(found), {"settle": remark.pk}).status_code == 403
    assert 'name="settle"' not in reader().get(link(found)).content.decode()
    for settled in (True, False):
        assert editing.post(link(found), {"settle": remark.pk}).status_code == 302
        assert Remark.objects.get().settled is settled
    for odd in ("0", "x", "9" * 30):
        assert editing.post(link(found), {"settle": odd}).status_code == 404
    other = authoring.draft("lesson", "jealousy-and-insecurity").remarks.create(text="Another", name="Jo")
    assert editing.post(link(found), {"settle": other.pk}).status_code == 404


@pytest.mark.parametrize("rights, looks, asks", [("view", 200, 403), ("view change", 200, 302), ("", 403, 403)])
def test_who_may_change_a_draft_may_ask(draft: Draft, rights: str, looks: int, asks: int) -> None:
    user = User.objects.create_user("writer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[f"{each}_lesson" for each in rights.split()]))
    client = Client()
    client.force_login(user)
    assert client.get(admin_url(draft, "review")).status_code == looks
    assert client.post(admin_url(draft, "review")).status_code == asks
    assert client.post(admin_url(draft, "review"), {"end": "x"}).status_code == asks


def test_writers_may_ask(draft: Draft) -> None:
    user = User.objects.create_user("writer", is_staff=True)
    user.groups.add(Group.objects.get(name="Writers"))
    client = Client()
    client.force_login(user)
    assert ask(client, draft).author == user


def test_there_is_an_end_to_remarks(editing: Client, draft: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "MOST", 2)
    found = ask(editing, draft)
    assert [say(reader(), found).status_code for _ in range(3)] == [302, 302, 422]
    Remark.objects.filter(pk=Remark.objects.first().pk).update(settled=True)  # type: ignore[union-attr]
    assert say(reader(), found).status_code == 302


def test_remark_with_an_old_token_is_given_back(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    response = say(Client(enforce_csrf_checks=True), found, text="Words that were hard to find.")
    assert response.status_code == 403
    assert "Your text is safe." in response.content.decode()
    assert 'value="Words that were hard to find."' in response.content.decode()


def test_first_page_and_lists_say_what_is_ready(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft, note="Is it too hard?")
    html = unescape(editing.get("/admin/").content.decode())
    assert "maria asks: “Is it too hard?”" in html
    assert f'<a href="{link(found)}" class="quiet">Read it</a>' in html
    say(reader(), found)
    assert f'<a href="{link(found)}" class="quiet">1 open remark</a>' in editing.get("/admin/").content.decode()
    listed = editing.get("/admin/articles/lesson/?state=review").content.decode()
    assert re.findall(r"/admin/articles/lesson/(\d+)/change/", listed) == [str(draft.pk)]


def test_readers_see_nothing_of_a_review(editing: Client, draft: Draft) -> None:
    before = reader().get("/formation/what-trust-is/").content
    found = ask(editing, draft, note="Is it too hard?")
    say(reader(), found)
    assert reader().get("/formation/what-trust-is/").content == before
    for address in ("/sitemap.xml", "/feed.atom", "/search/?q=nobody+has+read", "/robots.txt"):
        assert found.key not in reader().get(address).content.decode()


def test_outline_counts_open_remarks(editing: Client, draft: Draft) -> None:
    found = ask(editing, draft)
    say(reader(), found)
    rows = look(editing, admin_url(draft), form_of(editing, draft))["outline"]
    assert {row["id"]: row["remarks"] for row in rows if row.get("remarks")} == {"id-sections-3": 1}
    Remark.objects.update(settled=True)
    rows = look(editing, admin_url(draft), form_of(editing, draft))["outline"]
    assert [row for row in rows if row.get("remarks")] == []
