"""The pages on which editors write, publish, withdraw and restore lessons, as a browser uses them."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Lesson, LessonVersion, Part, Term
from articles.source import LessonSource
from publishing.models import Draft, Version
from publishing.shape import document
from quizzes.models import Quiz
from tests import authoring
from tests.factories import help_line_source, lesson_source, part_source, section_source, term_source
from tests.publishing.controls import controls, unchanged

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"
NOW = {"note": "", "live_from": ""}
ADD = "/admin/articles/lesson/add/"


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def lesson() -> Draft:
    """A published lesson of our own."""
    draft = authoring.put("lesson", lesson_source())
    authoring.publish(draft)
    return draft


@pytest.fixture
def unseen() -> Draft:
    """A lesson that readers have not seen."""
    return authoring.put("lesson", lesson_source())


def url(draft: Draft, step: str = "change") -> str:
    return f"/admin/articles/lesson/{draft.pk}/{step}/"


def form_of(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """Every field of an editing page as a browser would send it."""
    return {**dict(unchanged(client.get(address).content.decode()).lists()), **changes}


def save(client: Client, draft: Draft, **changes: Any) -> Any:
    return client.post(url(draft), form_of(client, url(draft), **changes))


def value(draft: Draft) -> LessonSource:
    return authoring.value(draft)  # type: ignore[no-any-return]


def told(response: Any, block: str = '<div class="errornote" role="alert">.*?</div>') -> list[str]:
    """What a page asks to fix."""
    found = re.search(block, response.content.decode(), re.DOTALL)
    return [unescape(re.sub("<.*?>", "", each)) for each in re.findall("<li>(.*?)</li>", found[0])] if found else []


def to_fix(response: Any) -> list[tuple[str, str]]:
    """What keeps the draft of an editing page from readers, each with the place it links to."""
    block = re.search('<section class="to-fix".*?</section>', response.content.decode(), re.DOTALL)
    return re.findall('<li><a href="(.*?)">(.*?)</a>', unescape(block[0])) if block else []


def changes(response: Any) -> list[str]:
    """What a page says has changed: the place, and - for what is gone, + for what is new."""
    block = re.search('<ul class="changes">.*?</ul>', response.content.decode(), re.DOTALL)
    told = []
    for each in re.findall("<li>(.*?)</li>", block[0], re.DOTALL) if block else ():
        text = each.replace("<del>", "-").replace("<ins>", "+")
        told.append(" ".join(unescape(re.sub("<.*?>", "", text)).split()))
    return told


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# Writing


def test_editing_page_of_every_lesson_holds_its_texts(editing: Client, shipped: Any) -> None:
    for source in shipped.lessons:
        page = unchanged(editing.get(url(authoring.draft("lesson", source.slug))).content.decode())
        bodies = [page[f"sections-{row}-body"].replace("\r\n", "\n") for row in page.getlist("sections")]
        assert bodies == [section.body for section in source.sections]
        assert len(page.getlist("citations")) == len(source.citations)
        assert page["scene"].replace("\r\n", "\n") == source.scene


def test_saving_a_form_as_it_is_changes_nothing(editing: Client) -> None:
    lesson = authoring.draft("lesson", "what-trust-is")
    response = editing.post(url(lesson), form_of(editing, url(lesson)), follow=True)
    assert messages(response) == ["Nothing had changed."]
    lesson_now = Draft.objects.get(pk=lesson.pk)
    assert (lesson_now.document, lesson_now.revision) == (lesson.document, lesson.revision)


def test_saving_a_draft_leaves_the_page_as_it_is(editing: Client, lesson: Draft) -> None:
    before = Client().get(PAGE).content
    changed = {"title": "Another title", "scene": "Another\r\nscene.", "sections-0-body": "Another text."}
    assert save(editing, lesson, **changed).status_code == 302
    source = value(lesson)
    assert (source.title, source.scene, source.sections[0].body) == (
        "Another title",
        "Another\nscene.",
        "Another text.",
    )
    assert Client().get(PAGE).content == before


def test_place_of_a_draft_is_not_seen_before_it_is_published(editing: Client, lesson: Draft) -> None:
    """Part and number are words of the draft like all others."""
    listed = Client().get("/formation/").content
    save(editing, lesson, part="loss", number="903")
    assert Client().get("/formation/").content == listed
    assert Client().get(PAGE).status_code == 200
    assert b"Lesson 901" in Client().get(PAGE).content
    authoring.publish(lesson)
    assert Client().get(PAGE)["Location"] == "/loss/a-spare-key/"


def test_lesson_is_written_from_nothing(editing: Client) -> None:
    form = form_of(editing, ADD, title="A spare key", slug="a-spare-key")
    response = editing.post(ADD, {**form, "do": "add sections"})
    lesson = Draft.objects.get(kind="lesson", slug="a-spare-key")
    assert (response.status_code, response["Location"]) == (302, f"{url(lesson)}#id-sections-0-heading")
    save(editing, lesson, **{"sections-0-heading": "One"})
    assert (lesson.title, value(lesson).sections[0].heading) == ("A spare key", "One")


def test_long_line_is_saved_without_line_breaks(editing: Client, lesson: Draft) -> None:
    save(editing, lesson, summary="One sentence,\r\nbroken in two.")
    assert value(lesson).summary == "One sentence, broken in two."


def test_editing_page_says_where_its_problems_are(editing: Client) -> None:
    lesson = authoring.draft("lesson", "what-trust-is")
    save(editing, lesson, **{"title": "", "number": "ten", "sections-1-anchor": "Bad Anchor"})
    shown = editing.get(url(lesson))
    assert to_fix(shown) == [
        ("#id-title", "Title is missing"),
        ("#id-number", "Number must be a whole number, not “ten”"),
        (
            "#id-sections-1-anchor",
            "Section 2: Anchor is “Bad Anchor”; use lower-case letters, digits and hyphens",
        ),
    ]
    page = controls(shown.content.decode())
    assert {"id-title", "id-number", "id-sections-1-anchor"} <= set(page.ids)
    assert dict(page.sent)["number"] == "ten"
    rows = re.findall(r'<details class="row"( open)?>\s*<summary id="id-sections-(\d)">', shown.content.decode())
    assert rows == [(" open" if row == 1 else "", str(row)) for row in range(len(rows))]


def test_preview_shows_what_is_on_the_screen_and_saves_nothing(editing: Client, lesson: Draft) -> None:
    typed = {"title": "Another title", "sections-0-body": "Another **text**.", "do": "preview"}
    html = save(editing, lesson, **typed).content.decode()
    assert "<h1>Another title</h1>" in html
    assert "<p>Another <strong>text</strong>.</p>" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "This is a preview of what you have typed." in html
    assert 'rel="canonical"' not in html
    assert value(lesson) == lesson_source()
    assert Client().post(url(lesson), {**typed, "end": ""}).status_code == 302


def test_preview_of_a_lesson_without_anything(editing: Client) -> None:
    response = editing.post(ADD, {**form_of(editing, ADD), "do": "preview"})
    assert response.status_code == 200
    assert not Draft.objects.filter(kind="lesson", title="").exists()


def test_address_of_a_published_lesson_is_fixed(editing: Client, lesson: Draft) -> None:
    assert "slug" not in form_of(editing, url(lesson))
    save(editing, lesson, slug="another-address")
    assert Draft.objects.get(pk=lesson.pk).slug == value(lesson).slug == "a-spare-key"


def test_address_of_a_draft_can_change(editing: Client, unseen: Draft) -> None:
    assert save(editing, unseen, slug="another-address").status_code == 302
    assert Draft.objects.get(pk=unseen.pk).slug == "another-address"


def test_published_lesson_cannot_be_deleted(editing: Client, lesson: Draft, admin_client: Client) -> None:
    draft = authoring.put("lesson", lesson_source(slug="draft", number=902))
    for client in (editing, admin_client):
        offered = [f'"{url(each, "delete")}"' in client.get(url(each)).content.decode() for each in (lesson, draft)]
        assert offered == [False, True]
        assert client.post(url(lesson, "delete"), {"post": "yes"}).status_code == 403
        client.post(
            "/admin/articles/lesson/", {"action": "delete_selected", "_selected_action": lesson.pk, "post": "yes"}
        )
    assert Draft.objects.filter(pk=lesson.pk).exists()


def test_draft_that_was_never_published_can_be_deleted(editing: Client, unseen: Draft) -> None:
    assert editing.post(url(unseen, "delete"), {"post": "yes"}).status_code == 302
    assert not Draft.objects.filter(pk=unseen.pk).exists()


# Publishing


def test_publishing_shows_the_difference_and_changes_the_page(editing: Client, lesson: Draft, editor: User) -> None:
    save(editing, lesson, title="Another title")
    shown = editing.get(url(lesson, "publish"))
    assert changes(shown) == ["Title -A spare key +Another title"]
    assert lesson.versions.count() == 1
    response = editing.post(url(lesson, "publish"), {"note": "A better title", "live_from": ""}, follow=True)
    assert response.redirect_chain == [(url(lesson), 302)]
    assert messages(response)[-1:] == ["Version 2 is published; readers see it now."]
    assert "<h1>Another title</h1>" in Client().get(PAGE).content.decode()
    version = lesson.versions.get(number=2)
    assert (version.note, version.author) == ("A better title", editor)
    assert changes(editing.get(url(lesson, "publish"))) == []


def test_first_publishing_shows_everything_as_new(editing: Client, unseen: Draft) -> None:
    assert changes(editing.get(url(unseen, "publish"))) == ["Everything added"]


def test_broken_draft_is_refused_with_its_problems(editing: Client, lesson: Draft) -> None:
    before = Client().get(PAGE).content
    save(editing, lesson, scene="\n![](/static/figures/trust-map.svg)")
    expected = [
        "Opening scene: picture '/static/figures/trust-map.svg' has no text alternative; write ![what it shows](...)",
    ]
    shown = editing.get(url(lesson, "publish"))
    assert (shown.status_code, told(shown)) == (200, expected)
    assert f'<a href="{url(lesson)}#id-scene">' in shown.content.decode()
    response = editing.post(url(lesson, "publish"), {"note": "kept", "live_from": ""})
    assert (response.status_code, told(response)) == (422, expected)
    assert Client().get(PAGE).content == before
    assert lesson.versions.count() == 1


def test_link_to_nowhere_is_refused(editing: Client, lesson: Draft) -> None:
    save(editing, lesson, scene="[x](nowhere#at-all)")
    response = editing.post(url(lesson, "publish"), NOW)
    expected = ["Opening scene: leads to the section “nowhere#at-all”, which readers cannot open"]
    assert (response.status_code, told(response)) == (422, expected)


def test_version_is_scheduled_by_its_date(editing: Client, lesson: Draft) -> None:
    save(editing, lesson, title="For the holidays")
    response = editing.post(url(lesson, "publish"), {"live_from": "2999-12-24 08:00"}, follow=True)
    assert messages(response)[-1:] == ["Version 2 is published from 24 December 2999, 08:00."]
    assert "<h1>A spare key</h1>" in Client().get(PAGE).content.decode()
    assert listed_versions(editing, lesson) == [
        ["Version 2 waits Move or cancel", "24 December 2999, 08:00"],
        ["Version 1 now", None],
    ]
    now = timezone.now()
    for number, hours in ((1, 2), (2, 1)):
        lesson.versions.filter(number=number).update(live_from=now - timedelta(hours=hours))
    assert "<h1>For the holidays</h1>" in Client().get(PAGE).content.decode()


def listed_versions(client: Client, draft: Draft) -> list[list[str | None]]:
    """The name and the moment of each version; None for a moment that has come."""
    html = client.get(url(draft, "versions")).content.decode().partition("<h2>Saves")[0]
    rows = [
        re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>\s*(<td>.*?)</tr>", html, re.DOTALL)
    ]
    return [[" ".join(re.sub("<.*?>", "", row[0]).split()), row[1] if "2999" in row[1] else None] for row in rows]


@pytest.mark.parametrize(
    "moment",
    ["24.12.2026", "tomorrow", "2026-13-01 08:00", "2026-02-30 08:00", "<script>", "9999-12-31 23:59-23:00"],
)
def test_moment_that_is_none_is_refused(editing: Client, lesson: Draft, moment: str) -> None:
    save(editing, lesson, title="Another title")
    response = editing.post(url(lesson, "publish"), {"live_from": moment})
    assert response.status_code == 422
    error = "Enter a moment before the year 9999." if moment.startswith("9999") else "Enter a valid date/time."
    assert re.findall('<ul class="errorlist".*?<li>(.*?)</li>', response.content.decode()) == [error]
    assert "<script>" not in response.content.decode().partition("<form")[2]
    assert lesson.versions.count() == 1


def test_moment_that_has_passed_is_refused(editing: Client, lesson: Draft) -> None:
    save(editing, lesson, title="Another title")
    response = editing.post(url(lesson, "publish"), {"live_from": "2001-02-03 08:00"})
    expected = ["This moment has passed; choose a later one, or publish now"]
    assert (response.status_code, told(response)) == (422, expected)
    assert lesson.versions.count() == 1


def test_versions_are_listed_newest_first_with_who_and_why(editing: Client, editor: User) -> None:
    lesson = authoring.change(authoring.draft("lesson", "what-trust-is"), title="Another title")
    authoring.publish(lesson, author=editor, note="Checked <again>")
    html = editing.get(url(lesson, "versions")).content.decode().partition("<h2>Saves")[0]
    rows = [
        re.findall("<td>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>\s*(<td>.*?)</tr>", html, re.DOTALL)
    ]
    assert [[" ".join(re.sub("<.*?>", "", row[0]).split()), *row[2:]] for row in rows] == [
        ["Version 2 now", "maria", "Checked &lt;again&gt;"],
        ["Version 1", "loaded from files", "Loaded from the content files"],
    ]
    assert re.findall(r'/versions/(\d+)/">\s*Version', html) == ["2", "1"]


def test_versions_of_what_was_never_published(editing: Client, unseen: Draft) -> None:
    assert "Nothing was published yet." in editing.get(url(unseen, "versions")).content.decode()


def test_restoring_a_version_changes_the_draft_and_not_the_page(editing: Client, lesson: Draft) -> None:
    save(editing, lesson, summary="Another summary.")
    editing.post(url(lesson, "publish"), NOW)
    page = Client().get(PAGE).content
    version = f"{url(lesson, 'versions')}1/"
    assert [each.partition(" ")[0] for each in changes(editing.get(version))] == ["Summary"]
    response = editing.post(version, follow=True)
    assert messages(response) == ["The draft says again what version 1 said. What it said before is among its saves."]
    assert value(lesson) == lesson_source()
    assert Client().get(PAGE).content == page
    assert editing.get(f"{url(lesson, 'versions')}9/").status_code == 404


def test_restored_version_without_a_section_in_use_is_refused(editing: Client, lesson: Draft) -> None:
    both = (section_source(), section_source(anchor="b"))
    authoring.publish(authoring.put("lesson", lesson_source(sections=both)))
    other = lesson_source(slug="other", number=902, title="Other", scene="[x](a-spare-key#b)")
    authoring.publish_value("lesson", other)
    assert editing.post(f"{url(lesson, 'versions')}1/").status_code == 302
    response = editing.post(url(lesson, "publish"), NOW)
    assert (response.status_code, told(response)) == (
        422,
        ["The section “a-spare-key#b” would be gone, but the lesson “Other” leads there"],
    )
    assert b'id="b"' in Client().get(PAGE).content


def test_withdrawing_takes_the_page_away_and_publishing_brings_it_back(editing: Client, lesson: Draft) -> None:
    assert editing.get(url(lesson, "withdraw")).status_code == 200
    assert Client().get(PAGE).status_code == 200
    response = editing.post(url(lesson, "withdraw"), NOW, follow=True)
    assert messages(response) == ["“A spare key” is withdrawn now. Publishing it again brings it back."]
    assert Client().get(PAGE).status_code == 404
    editing.post(url(lesson, "publish"), NOW)
    assert Client().get(PAGE).status_code == 200


def test_withdrawing_what_others_link_to_is_refused(editing: Client, lesson: Draft) -> None:
    other = lesson_source(slug="other", number=902, title="Other", scene="[x](a-spare-key#a-key)")
    other_draft = authoring.publish_value("lesson", other).draft
    response = editing.post(url(lesson, "withdraw"), NOW)
    expected = ["The section “a-spare-key#a-key” would be gone, but the lesson “Other” leads there"]
    assert (response.status_code, told(response)) == (422, expected)
    assert f'href="{url(other_draft)}"' in response.content.decode()
    assert Client().get(PAGE).status_code == 200


def test_section_that_others_link_to_stays_until_they_lead_elsewhere(editing: Client) -> None:
    """The form lets it go, since a draft may say anything; publishing does not."""
    version = LessonVersion.objects.live(slug="what-trust-is").get()
    form = form_of(editing, url(version.draft))
    form["sections"] = form["sections"][1:]
    assert editing.post(url(version.draft), form).status_code == 302
    gone = f"“what-trust-is#{version.source.sections[0].anchor}” would be gone"
    assert [each for _, each in to_fix(editing.get(url(version.draft))) if gone in each]
    response = editing.post(url(version.draft, "publish"), NOW)
    assert response.status_code == 422
    assert [each for each in told(response) if gone in each]
    assert LessonVersion.objects.live(slug="what-trust-is").get() == version


def test_lessons_are_published_together_from_the_list(editing: Client) -> None:
    first = authoring.put("lesson", lesson_source(scene="[x](other#a-key)"))
    other = authoring.put(
        "lesson", lesson_source(slug="other", number=902, title="Other", scene="[x](a-spare-key#a-key)")
    )
    form = {"action": "publish_selected", "_selected_action": [first.pk]}
    response = editing.post("/admin/articles/lesson/", form, follow=True)
    assert response.redirect_chain == [(f"/admin/articles/lesson/publish/?draft={first.pk}", 302)]
    assert told(response) == ["Opening scene: leads to the section “other#a-key”, which readers cannot open"]
    form["_selected_action"] = [first.pk, other.pk]
    [(step, _)] = editing.post("/admin/articles/lesson/", form, follow=True).redirect_chain
    response = editing.post(step, NOW, follow=True)
    assert messages(response) == ["2 drafts are published; readers see it now."]
    assert Client().get(PAGE).status_code == 200


def test_list_says_what_readers_see(editing: Client, lesson: Draft) -> None:
    authoring.put("lesson", lesson_source(slug="b", number=902, title="B"))
    authoring.change(Draft.objects.get(kind="lesson", position=1), title="Changed")
    second = Draft.objects.get(kind="lesson", position=2)
    Version.objects.create(draft=second, number=2, live_from=timezone.now(), withdraws=True)
    html = editing.get("/admin/articles/lesson/").content.decode()
    said = dict(
        zip(
            re.findall(r'<th class="field-name"><a href="/admin/articles/lesson/(\d+)/change/', html),
            re.findall(r'<td class="field-state">(.*?)</td>', html),
            strict=True,
        )
    )
    numbered = {Draft.objects.get(pk=pk).position: state for pk, state in said.items()}
    expected = dict.fromkeys(range(1, 22), "version 1") | {901: "version 1", 902: "nothing yet"}
    assert numbered == expected | {1: "version 1, draft differs", 2: "withdrawn"}


# Who may do what


@pytest.mark.parametrize(
    "path",
    [
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        "/admin/auth/user/1/change/",
        "/admin/auth/user/1/password/",
        "/admin/auth/group/",
        "/admin/auth/group/add/",
        "/admin/auth/group/1/change/",
    ],
)
def test_editor_does_not_reach_accounts_and_rights(editing: Client, path: str) -> None:
    for method in (editing.get, editing.post):
        response = method(path)
        assert response.status_code in (403, 404) or response["Location"] == "/admin/"
        assert b"password" not in response.content
    assert User.objects.get(username="maria").is_superuser is False


def test_editor_may_edit_the_course_and_nothing_else(editor: User) -> None:
    apps = {permission.partition(".")[0] for permission in editor.get_all_permissions()}
    assert apps == {"articles", "helplines", "quizzes"}


STEPS = ["change", "publish", "withdraw", "versions", "versions/1", "saves/1"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ["anonymous", "plain", "staff"])
def test_steps_are_for_editors_alone(client: Client, lesson: Draft, who: str, step: str) -> None:
    if who != "anonymous":
        client.force_login(User.objects.create_user(who, is_staff=who == "staff"))
    for method in (client.get, client.post):
        response = method(url(lesson, step))
        if who == "staff":
            assert response.status_code == 403
        else:
            assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={url(lesson, step)}")
    assert lesson.versions.count() == 1
    assert value(lesson) == lesson_source()


@pytest.mark.parametrize("step", STEPS)
def test_steps_of_a_lesson_that_does_not_exist(editing: Client, step: str) -> None:
    assert editing.get(f"/admin/articles/lesson/999999/{step}/").status_code == 404


# Parts and terms


def test_part_is_added_and_published_like_a_lesson(editing: Client) -> None:
    add = "/admin/articles/part/add/"
    typed = {key: str(held) for key, held in document(part_source(slug="extra", title="Extra", position=9)).items()}
    response = editing.post(add, form_of(editing, add, **typed), follow=True)
    part = Draft.objects.get(kind="part", slug="extra")
    assert response.redirect_chain == [(f"/admin/articles/part/{part.pk}/change/", 302)]
    assert Client().get("/extra/").status_code == 404
    editing.post(f"/admin/articles/part/{part.pk}/publish/", NOW)
    assert b"<h1>Extra</h1>" in Client().get("/extra/").content


def test_part_with_lessons_is_neither_deleted_nor_withdrawn(admin_client: Client) -> None:
    part = f"/admin/articles/part/{authoring.draft('part', 'loss').pk}"
    assert admin_client.post(f"{part}/delete/", {"post": "yes"}).status_code == 403
    response = admin_client.post(f"{part}/withdraw/", NOW)
    assert response.status_code == 422
    assert len(told(response)) == len(LessonVersion.objects.listed().filter(head__part="loss"))
    assert Client().get("/loss/").status_code == 200


def test_term_that_leads_nowhere_is_told_at_its_section(editing: Client) -> None:
    add = "/admin/articles/term/add/"
    typed = document(term_source(term="abacus", section="what-trust-is#nothing"))
    editing.post(add, form_of(editing, add, **typed))
    term = Draft.objects.get(kind="term", slug="abacus")
    shown = editing.get(f"/admin/articles/term/{term.pk}/change/")
    message = "Section that teaches it: leads to the section “what-trust-is#nothing”, which readers cannot open"
    assert to_fix(shown) == [("#id-section", message)]


# What an editor should see to


def desk(client: Client) -> list[str]:
    html = client.get("/admin/").content.decode()
    block = re.search(r'<section class="desk".*?</section>', html, re.DOTALL)
    assert block
    found = re.findall("<li>(.*?)</li>", block[0], re.DOTALL)
    return [" ".join(unescape(re.sub("<.*?>", "", each)).split()) for each in found]


def test_first_page_says_that_nothing_waits(editing: Client) -> None:
    Draft.objects.update(due=timezone.localdate() + timedelta(days=31))
    assert desk(editing) == []
    said = "Nothing waits: nothing is due for review in the next 30 days, and readers see every draft as it is."
    assert said in editing.get("/admin/").content.decode()


def test_first_page_says_what_waits(editing: Client, lesson: Draft) -> None:
    today = timezone.localdate()
    Draft.objects.update(due=today + timedelta(days=31))
    lessons = Draft.objects.filter(kind="lesson")
    lessons.filter(position=1).update(due=today + timedelta(days=30), title="Soon")
    lessons.filter(position=2).update(due=today - timedelta(days=1), title="Late")
    withdrawn = lessons.get(position=3)
    Draft.objects.filter(pk=withdrawn.pk).update(due=today)
    Version.objects.create(draft=withdrawn, number=2, live_from=timezone.now(), withdraws=True)
    authoring.put("lesson", lesson_source(slug="b", number=902, title="B", review_due=today + timedelta(days=99)))
    later = {"review_due": (today + timedelta(days=99)).isoformat()}
    authoring.publish(authoring.change(lesson, title="Later", **later), live_from=timezone.now() + timedelta(days=1))
    line = help_line_source(position=99, name="A new line", checked=today - timedelta(days=190))
    authoring.publish_value("help line", line)
    changed = authoring.draft("term", "trust")
    authoring.change(changed, meaning="Something else.")
    Draft.objects.filter(pk=changed.pk).update(due=None)
    said = [each for each in desk(editing) if "cannot open" not in each]  # what led to the withdrawn lesson
    assert [re.sub(r" \d+ \w+ \d{4}(, .*)?$", "", each) for each in said] == [
        "A new line help line, was due for review on",
        "Late lesson, was due for review on",
        "Soon lesson, is due for review on",
        "Later lesson, readers see another version from",
        "Later lesson",
        "trust term",
        "B lesson",
    ]


def test_first_page_needs_few_queries(editing: Client, django_assert_max_num_queries: Any) -> None:
    editing.get("/admin/")
    with django_assert_max_num_queries(14):
        editing.get("/admin/")


@pytest.mark.parametrize("model", [Lesson, Quiz])
def test_editing_page_needs_few_queries(editing: Client, model: Any, django_assert_max_num_queries: Any) -> None:
    draft = max(model.objects.of_kind(), key=lambda draft: len(str(draft.document)))
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{draft.pk}/change/"
    editing.get(address)
    with django_assert_max_num_queries(30):
        assert editing.get(address).status_code == 200


@pytest.mark.parametrize("model", [Lesson, Part, Term])
def test_list_needs_few_queries(editing: Client, model: Any, django_assert_max_num_queries: Any) -> None:
    address = f"/admin/articles/{model._meta.model_name}/"
    editing.get(address)
    with django_assert_max_num_queries(15):
        editing.get(address)


def test_admin_pages_of_the_course_open(editing: Client) -> None:
    for address in ("articles/lesson", "articles/part", "articles/term", "helplines/helpline"):
        assert editing.get(f"/admin/{address}/").status_code == 200
        assert editing.get(f"/admin/{address}/add/").status_code == 200
    assert Quiz.objects.of_kind().count() == 7
