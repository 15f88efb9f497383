import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import HelpLine, Lesson, LessonVersion, Section
from quizzes.models import BandLink, Quiz
from tests.factories import lesson_source, section_source

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def lesson() -> Lesson:
    """A published lesson of our own."""
    row = publishing.apply(lesson_source())
    publishing.publish([row])
    return row


def url(lesson: Lesson, step: str = "change") -> str:
    return f"/admin/articles/lesson/{lesson.pk}/{step}/"


def form_of(client: Client, lesson: Lesson, **changes: Any) -> dict[str, Any]:
    """Every field of the change form as a browser would send it."""
    context = client.get(url(lesson)).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            sent[bound.html_name] = "" if value is None or value is False else "on" if value is True else str(value)
    return {**{name: value for name, value in sent.items() if value}, **changes}


def save(client: Client, lesson: Lesson, **changes: Any) -> Any:
    return client.post(url(lesson), form_of(client, lesson, **changes))


def problems(response: Any) -> list[str]:
    """What a step of publishing asks to mend."""
    block = re.search(r'<div class="errornote">.*?</div>', response.content.decode(), re.DOTALL)
    return [unescape(each) for each in re.findall("<li>(.*?)</li>", block[0])] if block else []


def changes(response: Any) -> list[tuple[str, str]]:
    found = re.findall(r'<span class="(\w+)">(.*?)\n</span>', response.content.decode())
    return [(kind, unescape(line)) for kind, line in found if kind in ("add", "remove")]


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_change_form_of_every_lesson_opens_with_its_texts(editing: Client) -> None:
    for lesson in Lesson.objects.all():
        html = editing.get(url(lesson)).content.decode()
        assert len(re.findall(r'name="sections-\d+-body"', html)) == lesson.sections.count()
        assert len(re.findall(r'name="citations-\d+-citation"', html)) == lesson.citations.count()
        assert unescape(html).count(lesson.scene) == 1


def test_saving_a_form_as_it_is_changes_nothing(editing: Client) -> None:
    lesson = Lesson.objects.get(number=1)
    before = publishing.snapshot(lesson)
    assert save(editing, lesson).status_code == 302
    assert publishing.snapshot(Lesson.objects.get(pk=lesson.pk)) == before


def test_saving_a_draft_leaves_the_page_as_it_is(editing: Client, lesson: Lesson) -> None:
    before = Client().get(PAGE).content
    changed = {"title": "Another title", "scene": "Another\r\nscene.", "sections-0-body": "Another text."}
    assert save(editing, lesson, **changed).status_code == 302
    source = publishing.snapshot(Lesson.objects.get(pk=lesson.pk))
    assert (source.title, source.scene, source.sections[0].body) == (
        "Another title",
        "Another\nscene.",
        "Another text.",
    )
    assert Client().get(PAGE).content == before


def test_publishing_shows_the_difference_and_changes_the_page(editing: Client, lesson: Lesson, editor: User) -> None:
    save(editing, lesson, title="Another title")
    shown = editing.get(url(lesson, "publish"))
    assert changes(shown) == [("remove", "-title: A spare key"), ("add", "+title: Another title")]
    assert LessonVersion.objects.filter(lesson=lesson).count() == 1
    response = editing.post(url(lesson, "publish"), {"note": "A better title", "live_from": ""}, follow=True)
    assert response.redirect_chain == [(url(lesson), 302)]
    assert messages(response)[-1:] == ["Version 2 is published; readers see it now."]
    assert "<h1>Another title</h1>" in Client().get(PAGE).content.decode()
    version = lesson.versions.first()
    assert version
    assert (version.number, version.note, version.author) == (2, "A better title", editor)
    assert changes(editing.get(url(lesson, "publish"))) == []


def test_first_publishing_shows_everything_as_new(editing: Client) -> None:
    lesson = publishing.apply(lesson_source())
    found = changes(editing.get(url(lesson, "publish")))
    assert {kind for kind, _ in found} == {"add"}
    assert ("add", "+title: A spare key") in found


def test_broken_draft_is_refused_with_its_problems(editing: Client, lesson: Lesson) -> None:
    before = Client().get(PAGE).content
    save(editing, lesson, scene="[x](nowhere#at-all) ![](/media/a.png)")
    expected = [
        "A spare key: opening scene: picture '/media/a.png' has no text alternative; write ![what it shows](...)",
        "A spare key: links to nowhere#at-all, which readers cannot open",
    ]
    shown = editing.get(url(lesson, "publish"))
    assert (shown.status_code, problems(shown)) == (200, expected)
    response = editing.post(url(lesson, "publish"), {"note": "kept", "live_from": ""})
    assert (response.status_code, problems(response)) == (422, expected)
    assert 'value="kept"' in response.content.decode()
    assert Client().get(PAGE).content == before
    assert lesson.versions.count() == 1


def test_version_is_scheduled_by_its_date(editing: Client, lesson: Lesson) -> None:
    save(editing, lesson, title="For the holidays")
    response = editing.post(url(lesson, "publish"), {"live_from": "2999-12-24 08:00"}, follow=True)
    assert messages(response)[-1:] == ["Version 2 is published; readers see it from 2999-12-24 08:00:00+00:00."]
    assert "<h1>A spare key</h1>" in Client().get(PAGE).content.decode()
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td>", editing.get(url(lesson, "versions")).content.decode())
    assert [(re.sub("<.*?>", "", name)) for name, _ in rows] == ["Version 2 scheduled", "Version 1 now"]
    assert rows[0][1] == "24 December 2999, 08:00"
    lesson.versions.filter(number=2).update(live_from=timezone.now() - timedelta(seconds=1))
    assert "<h1>For the holidays</h1>" in Client().get(PAGE).content.decode()


@pytest.mark.parametrize(
    "moment",
    ["24.12.2026", "tomorrow", "2026-13-01 08:00", "2026-02-30 08:00", "<script>", "9999-12-31 23:59-23:00"],
)
def test_moment_that_is_none_is_refused(editing: Client, lesson: Lesson, moment: str) -> None:
    response = editing.post(url(lesson, "publish"), {"live_from": moment})
    sentence = f"'{moment}' is not a date and time; write it like 2026-12-24 08:00, or leave it empty"
    assert (response.status_code, problems(response)) == (422, [sentence])
    assert lesson.versions.count() == 1


def test_versions_are_listed_newest_first_with_who_and_why(editing: Client, editor: User) -> None:
    lesson = Lesson.objects.get(number=1)
    publishing.publish([lesson], author=editor, note="Checked <again>")
    html = editing.get(url(lesson, "versions")).content.decode()
    rows = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>(<td>.*?)</tr>", html)]
    assert [[re.sub("<.*?>", "", row[0]), *row[2:]] for row in rows] == [
        ["Version 2 now", "maria", "Checked &lt;again&gt;"],
        ["Version 1", "loaded from files", "Loaded from the content files"],
    ]
    assert re.findall('<a href="(.*?)">Version', html) == [f"{url(lesson, 'versions')}{number}/" for number in (2, 1)]


def test_versions_of_what_was_never_published(editing: Client) -> None:
    lesson = publishing.apply(lesson_source())
    assert "Nothing was published yet." in editing.get(url(lesson, "versions")).content.decode()


def test_restoring_a_version_changes_the_draft_and_not_the_page(editing: Client, lesson: Lesson) -> None:
    save(editing, lesson, title="Another title")
    editing.post(url(lesson, "publish"))
    page = Client().get(PAGE).content
    version = f"{url(lesson, 'versions')}1/"
    assert changes(editing.get(version)) == [("remove", "-title: Another title"), ("add", "+title: A spare key")]
    response = editing.post(version, follow=True)
    assert messages(response) == ["The draft says again what version 1 said. Publish it to show it."]
    assert publishing.snapshot(Lesson.objects.get(pk=lesson.pk)) == lesson_source()
    assert Client().get(PAGE).content == page
    assert editing.get(f"{url(lesson, 'versions')}9/").status_code == 404


def test_restoring_that_would_drop_a_section_in_use_is_refused(editing: Client) -> None:
    link = BandLink.objects.select_related("section__lesson").first()
    assert link
    lesson = publishing.apply(lesson_source())
    publishing.publish([lesson])
    publishing.apply(lesson_source(sections=(section_source(), section_source(anchor="b"))))
    BandLink.objects.filter(pk=link.pk).update(section=Section.objects.get(lesson=lesson, anchor="b"))
    link.refresh_from_db()
    response = editing.post(f"{url(lesson, 'versions')}1/")
    assert (response.status_code, problems(response)) == (
        422,
        [f"{link} still links to a section that is to be deleted"],
    )
    assert lesson.sections.count() == 2


def test_withdrawing_takes_the_page_away_and_publishing_brings_it_back(editing: Client, lesson: Lesson) -> None:
    assert editing.get(url(lesson, "withdraw")).status_code == 200
    assert Client().get(PAGE).status_code == 200
    response = editing.post(url(lesson, "withdraw"), follow=True)
    assert messages(response) == ["901. A spare key is withdrawn. Publishing it again brings it back."]
    assert Client().get(PAGE).status_code == 404
    editing.post(url(lesson, "publish"))
    assert Client().get(PAGE).status_code == 200


def test_withdrawing_what_others_link_to_is_refused(editing: Client, lesson: Lesson) -> None:
    other = publishing.apply(lesson_source(slug="other", number=902, title="Other", scene="[x](a-spare-key#a-key)"))
    publishing.publish([other])
    response = editing.post(url(lesson, "withdraw"))
    assert (response.status_code, problems(response)) == (422, ["lesson 'Other' links to a-spare-key#a-key"])
    assert Client().get(PAGE).status_code == 200


def test_preview_shows_the_draft_and_keeps_out_of_search_engines(editing: Client, lesson: Lesson) -> None:
    save(editing, lesson, title="Another title", **{"sections-0-body": "Another **text**."})
    html = editing.get(url(lesson, "preview")).content.decode()
    assert "<h1>Another title</h1>" in html
    assert "<p>Another <strong>text</strong>.</p>" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "This is a preview of the draft." in html
    assert 'rel="canonical"' not in html
    assert Client().get(url(lesson, "preview")).status_code == 302


def test_address_of_a_published_lesson_is_fixed(editing: Client, lesson: Lesson) -> None:
    assert "slug" not in form_of(editing, lesson)
    save(editing, lesson, slug="another-address")
    assert Lesson.objects.get(pk=lesson.pk).slug == "a-spare-key"


def test_address_of_a_draft_can_change(editing: Client) -> None:
    lesson = publishing.apply(lesson_source())
    assert save(editing, lesson, slug="another-address").status_code == 302
    assert Lesson.objects.get(pk=lesson.pk).slug == "another-address"


def test_published_lesson_cannot_be_deleted(editing: Client, lesson: Lesson, admin_client: Client) -> None:
    draft = publishing.apply(lesson_source(slug="draft", number=902))
    for client in (editing, admin_client):
        offered = [client.get(url(row)).context["has_delete_permission"] for row in (lesson, draft)]
        assert offered == [False, True]
        assert client.post(url(lesson, "delete"), {"post": "yes"}).status_code == 403
        client.post(
            "/admin/articles/lesson/", {"action": "delete_selected", "_selected_action": lesson.pk, "post": "yes"}
        )
    assert Lesson.objects.filter(pk=lesson.pk).exists()


def test_draft_that_was_never_published_can_be_deleted(editing: Client) -> None:
    draft = publishing.apply(lesson_source())
    assert editing.post(url(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not Lesson.objects.filter(pk=draft.pk).exists()


def test_section_that_a_quiz_uses_cannot_be_deleted_in_the_form(editing: Client) -> None:
    link = BandLink.objects.select_related("section__lesson").first()
    assert link
    lesson = link.section.lesson
    index = list(lesson.sections.all()).index(link.section)
    response = save(editing, lesson, **{f"sections-{index}-DELETE": "on"})
    assert response.status_code == 200
    assert unescape(str(link)) in unescape(response.content.decode())
    assert lesson.sections.filter(pk=link.section.pk).exists()


def test_lessons_are_published_together_from_the_list(editing: Client) -> None:
    first = publishing.apply(lesson_source(scene="[x](other#a-key)"))
    other = publishing.apply(lesson_source(slug="other", number=902, title="Other", scene="[x](a-spare-key#a-key)"))
    form = {"action": "publish_selected", "_selected_action": [first.pk]}
    response = editing.post("/admin/articles/lesson/", form, follow=True)
    assert messages(response) == ["A spare key: links to other#a-key, which readers cannot open"]
    form["_selected_action"] = [first.pk, other.pk]
    response = editing.post("/admin/articles/lesson/", form, follow=True)
    assert messages(response) == ["Published 2 drafts."]
    assert Client().get(PAGE).status_code == 200


def test_list_says_what_readers_see(editing: Client, lesson: Lesson) -> None:
    publishing.apply(lesson_source(slug="b", number=902, title="B"))
    changed = Lesson.objects.get(number=1)
    changed.title = "Changed"
    changed.save()
    Lesson.objects.filter(number=2).update(withdrawn=True)
    html = editing.get("/admin/articles/lesson/").content.decode()
    said = dict(
        zip(
            re.findall(r'<th class="field-__str__"><a href="/admin/articles/lesson/(\d+)/change/', html),
            re.findall(r'<td class="field-status">(.*?)</td>', html),
            strict=True,
        )
    )
    numbered = {Lesson.objects.get(pk=pk).number: status for pk, status in said.items()}
    expected = dict.fromkeys(range(1, 21), "version 1") | {901: "version 1", 902: "nothing yet"}
    assert numbered == expected | {1: "version 1, draft differs", 2: "withdrawn"}


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
    assert apps == {"articles", "quizzes"}


@pytest.mark.parametrize("step", ["change", "preview", "publish", "withdraw", "versions", "versions/1"])
@pytest.mark.parametrize("who", ["anonymous", "plain", "staff"])
def test_steps_are_for_editors_alone(client: Client, lesson: Lesson, who: str, step: str) -> None:
    if who != "anonymous":
        client.force_login(User.objects.create_user(who, is_staff=who == "staff"))
    for method in (client.get, client.post):
        response = method(url(lesson, step))
        if who == "staff":
            assert response.status_code == 403
        else:
            assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={url(lesson, step)}")
    assert lesson.versions.count() == 1
    assert not Lesson.objects.get(pk=lesson.pk).withdrawn


@pytest.mark.parametrize("step", ["preview", "publish", "withdraw", "versions", "versions/1"])
def test_steps_of_a_lesson_that_does_not_exist(editing: Client, step: str) -> None:
    assert editing.get(f"/admin/articles/lesson/999999/{step}/").status_code == 404


def test_parts_are_neither_added_nor_deleted(admin_client: Client) -> None:
    assert admin_client.get("/admin/articles/part/add/").status_code == 403
    assert admin_client.post("/admin/articles/part/1/delete/", {"post": "yes"}).status_code == 403


def test_sections_are_chosen_under_the_name_of_their_lesson(editing: Client) -> None:
    section = Section.objects.select_related("lesson").first()
    assert section
    form = editing.get("/admin/articles/term/add/").context["adminform"].form
    blank, *groups = form.fields["section"].choices
    assert blank[0] == ""
    assert [name for name, _ in groups] == [str(lesson) for lesson in Lesson.objects.all()]
    chosen = {str(value): heading for _, rows in groups for value, heading in rows}
    assert chosen == {str(row.pk): row.heading for row in Section.objects.all()}
    response = editing.get(f"/admin/articles/section/{section.pk}/change/")
    assert response.status_code == 404


def test_form_says_where_its_problems_are(editing: Client) -> None:
    lesson = Lesson.objects.get(number=1)
    response = save(editing, lesson, **{"title": "", "sections-1-anchor": "Bad Anchor"})
    html = unescape(response.content.decode())
    said = re.search(r'<div class="errornote" role="alert">(.*?)</div>', html, re.DOTALL)
    assert said
    assert re.findall(r'<li><a href="#(.*?)">(.*?)</a>: (.*?)</li>', said[1]) == [
        ("id_title", "Title", "This field is required."),
        (
            "id_sections-1-anchor",
            "Section 2, Anchor",
            "Use lower-case letters, digits and hyphens.",
        ),
    ]
    rows = re.findall(r'id="sections-(\d)">\n<details( open)?>', html)
    assert rows == [(str(index), " open" if index == 1 else "") for index in range(lesson.sections.count())]


def test_long_line_is_saved_without_line_breaks(editing: Client, lesson: Lesson) -> None:
    save(editing, lesson, summary="One sentence,\r\nbroken in two.")
    assert Lesson.objects.get(pk=lesson.pk).summary == "One sentence, broken in two."


def test_choices_are_read_once_for_all_rows(editing: Client) -> None:
    quiz = Quiz.objects.order_by("-items__position").first()
    assert quiz
    assert quiz.items.count() > 14
    with CaptureQueriesContext(connection) as queries:
        response = editing.get(f"/admin/quizzes/quiz/{quiz.pk}/change/")
    assert len([each for each in queries if 'FROM "quizzes_dimension"' in each["sql"]]) < 8
    [items] = [each for each in response.context["inline_admin_formsets"] if each.formset.prefix == "items"]
    offered = {str(name) for _, name in items.formset.forms[0].fields["dimension"].choices[1:]}
    assert offered == set(quiz.dimensions.values_list("name", flat=True))


def desk(client: Client) -> list[str]:
    html = client.get("/admin/").content.decode()
    block = re.search(r'<section class="desk".*?</section>', html, re.DOTALL)
    assert block
    return [unescape(re.sub("<.*?>", "", each)) for each in re.findall("<li>(.*?)</li>", block[0])]


def test_first_page_says_that_nothing_waits(editing: Client) -> None:
    HelpLine.objects.update(checked=timezone.localdate())
    Lesson.objects.update(review_due=timezone.localdate() + timedelta(days=31))
    assert desk(editing) == [
        "Nothing waits: no lesson is due for review in the next 30 days, and every help line was checked in time."
    ]


def test_first_page_says_what_waits(editing: Client, lesson: Lesson) -> None:
    today = timezone.localdate()
    Lesson.objects.update(review_due=today + timedelta(days=31))
    Lesson.objects.filter(number=1).update(review_due=today + timedelta(days=30), title="Soon")
    Lesson.objects.filter(number=2).update(review_due=today - timedelta(days=1), title="Late")
    Lesson.objects.filter(number=3).update(review_due=today, withdrawn=True)
    publishing.apply(lesson_source(slug="b", number=902, title="B", review_due=today + timedelta(days=99)))
    publishing.publish([lesson], live_from=timezone.now() + timedelta(days=1))
    HelpLine.objects.update(checked=today)
    HelpLine.objects.filter(pk=HelpLine.objects.values("pk")[:1]).update(checked=today - timedelta(days=184))
    said = desk(editing)
    assert [re.sub(r" \d+ \w+ \d{4}(, .*)?$", "", each) for each in said] == [
        "2. Late was due for review on",
        "1. Soon is due for review on",
        "902. B is a draft that readers have not seen",
        "A spare key, version 2 readers see it from",
        "1 help line last checked more than 183 days ago",
    ]


def test_first_page_needs_few_queries(editing: Client, django_assert_max_num_queries: Any) -> None:
    editing.get("/admin/")
    with django_assert_max_num_queries(14):
        editing.get("/admin/")


def test_admin_pages_of_the_course_open(editing: Client) -> None:
    for model in ("lesson", "part", "helpline"):
        assert editing.get(f"/admin/articles/{model}/").status_code == 200
    assert editing.get("/admin/articles/lesson/add/").status_code == 200
    assert Quiz.objects.count() == 7
