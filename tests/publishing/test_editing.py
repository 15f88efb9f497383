"""The editing page, through HTTP: nothing that was typed is lost, nothing is judged, nothing reaches readers."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client

from publishing import form, steps
from publishing.boxes import Page
from publishing.kind import KINDS
from publishing.models import Draft
from publishing.shape import document, read
from publishing.views import admin_url
from tests.authoring import change, draft, publish, publish_value, put, value
from tests.factories import lesson_source, section_source
from tests.publishing.controls import controls, unchanged
from tests.publishing.pages import act, changes, edit, form_of, problems, reader, send

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"
TWO = (section_source(), section_source(anchor="a-door", heading="A door", body="It is open."))
ONE_OF_EACH = [
    ("part", "formation"),
    ("lesson", "what-trust-is"),
    ("term", "ability"),
    ("help line", ""),
    ("quiz", "ready-to-rebuild"),
    ("quiz", "spot-the-manipulation"),
]


@pytest.fixture
def lesson() -> Draft:
    """A published lesson of our own."""
    return publish_value("lesson", lesson_source(sections=TWO)).draft


def one(kind: str, slug: str) -> Draft:
    return Draft.objects.filter(kind=kind, slug__startswith=slug).order_by("pk")[0]


def second_editor() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("jo"))
    return client


def said(of: Draft) -> tuple[Any, int, int]:
    """Everything that a refused request must leave as it was."""
    found = Draft.objects.get(pk=of.pk)
    return found.document, found.saves.count(), found.versions.count()


# ---- a fixed point


def through_a_form(cls: type, doc: dict[str, Any]) -> dict[str, Any]:
    html = render_to_string("admin/shape/boxes.html", {"boxes": Page(cls, doc).boxes})
    return form.posted(cls, unchanged(html))


def test_file_value_document_form_and_back_are_one(shipped: Any) -> None:
    everything = {kind: shipped.content.values(kind) for kind in KINDS}
    for kind in KINDS.values():
        values = []
        for each in everything[kind.name]:
            posted = through_a_form(kind.value, document(each))
            assert posted == document(each)
            back, found = read(kind.value, posted)
            assert (back, found) == (each, [])
            values.append(back)
        files = kind.filing.write(values, {**everything, kind.name: values})
        for path, text in files.items():
            assert text == (settings.CONTENT_DIR / path).read_text(encoding="utf-8")
            again = [filed.value(kind.value) for filed in kind.filing.read(kind.value, text, path)]
            assert set(map(repr, again)) <= set(map(repr, values))


@pytest.mark.parametrize("kind, slug", ONE_OF_EACH)
def test_page_that_nobody_touched_changes_nothing(editing: Client, kind: str, slug: str) -> None:
    of = one(kind, slug)
    before = said(of)
    response = edit(editing, of)
    assert (response.status_code, response["Location"]) == (302, admin_url(of))
    assert said(of) == before
    assert [str(each) for each in editing.get(admin_url(of)).context["messages"]] == ["Nothing had changed."]


@pytest.mark.parametrize("kind, slug", ONE_OF_EACH)
def test_page_tells_no_problem_of_what_readers_see(editing: Client, kind: str, slug: str) -> None:
    assert problems(editing.get(admin_url(one(kind, slug)))) == []


# ---- saving


def test_draft_with_only_a_title_is_saved(editing: Client) -> None:
    data = unchanged(editing.get("/admin/articles/lesson/add/").content.decode())
    data["title"] = "Half an idea"
    response = editing.post("/admin/articles/lesson/add/", data.dict())
    found = Draft.objects.get(title="Half an idea")
    assert (response.status_code, response["Location"], found.slug) == (302, admin_url(found), None)
    assert editing.get(admin_url(found)).context["page"].told[0].message == "Address is missing"
    listed = editing.get("/admin/articles/lesson/").content.decode()
    assert listed.count(">Half an idea</a>") == 1


def test_what_cannot_be_is_kept_as_typed_and_told_at_its_field(editing: Client, lesson: Draft) -> None:
    edit(editing, lesson, **{"number": "ten", "title": "", "reviewed": "spring", "exercise-minutes": "many"})
    html = editing.get(admin_url(lesson)).content.decode()
    sent = dict(controls(html).sent)
    assert [sent[name] for name in ("number", "title", "reviewed", "exercise-minutes")] == ["ten", "", "spring", "many"]
    assert re.findall(r'id="error-([\w-]+)"', html) == ["title", "number", "reviewed", "exercise-minutes"]
    assert reader().get(PAGE).status_code == 200


def test_long_text_is_kept_whole_and_told(editing: Client, lesson: Draft) -> None:
    """L11"""
    edit(editing, lesson, title="long " * 100)
    assert value(lesson).title == ("long " * 100).strip()
    assert problems(editing.get(admin_url(lesson))) == ["Title has 499 characters; 120 is the most"]


def test_draft_reaches_readers_when_it_is_published(editing: Client, lesson: Draft) -> None:
    before = reader().get(PAGE).content
    edit(editing, lesson, **{"title": "Another title", "sections-0-body": "Other words."})
    assert reader().get(PAGE).content == before
    response = act(editing, lesson, "publish", note="A better title")
    assert (response.status_code, response["Location"]) == (302, admin_url(lesson))
    assert "<h1>Another title</h1>" in reader().get(PAGE).content.decode()


def test_part_and_number_of_a_draft_reach_no_reader(editing: Client, lesson: Draft) -> None:
    """S10"""
    pages = [PAGE, "/", "/formation/", "/loss/", "/sitemap.xml", "/formation/what-trust-is/", "/search/?q=Amina"]

    def seen() -> list[bytes]:
        return [reader().get(page).content for page in pages]

    before = seen()
    edit(editing, lesson, part="loss", number="0")
    edit(editing, lesson, number="2")
    assert seen() == before
    edit(editing, lesson, number="902")
    act(editing, lesson, "publish")
    assert reader().get("/loss/a-spare-key/").status_code == 200
    assert reader().get(PAGE)["Location"] == "/loss/a-spare-key/"


def test_publish_button_saves_first(editing: Client, lesson: Draft) -> None:
    """S5, L2: what is on the screen is what the next page is about."""
    response = edit(editing, lesson, title="Typed just now", do="publish")
    assert response["Location"] == admin_url(lesson, "publish")
    assert changes(editing.get(response["Location"])) == [("Title", "A spare key", "Typed just now")]


def test_preview_shows_what_is_on_the_screen_and_saves_nothing(editing: Client, lesson: Draft) -> None:
    before = said(lesson)
    response = edit(editing, lesson, title="Typed just now", do="preview")
    assert "<h1>Typed just now</h1>" in response.content.decode()
    assert (response.status_code, said(lesson)) == (200, before)
    assert '<meta name="robots" content="noindex">' in response.content.decode()


@pytest.mark.parametrize("kind, slug", ONE_OF_EACH)
def test_every_kind_has_a_preview_even_unfinished(editing: Client, kind: str, slug: str) -> None:
    of = one(kind, slug)
    assert edit(editing, of, do="preview").status_code == 200
    add = admin_url(of).replace(f"{of.pk}/change/", "add/")
    data = unchanged(editing.get(add).content.decode())
    data["do"] = "preview"
    count = Draft.objects.count()
    assert editing.post(add, data.dict()).status_code == 200
    assert Draft.objects.count() == count


def test_preview_of_a_quiz_posts_to_no_live_quiz(editing: Client) -> None:
    """S9"""
    html = edit(editing, one("quiz", "how-i-trust"), do="preview").content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert re.findall(r'<form|formaction|<button(?! type="button")', main) == []


# ---- what arrives broken


@pytest.mark.parametrize("kind, slug", ONE_OF_EACH)
def test_form_that_was_cut_off_changes_nothing(editing: Client, kind: str, slug: str) -> None:
    of = one(kind, slug)
    before = said(of)
    data = form_of(editing, of)
    names = list(data)
    for cut in (len(names) - 1, len(names) // 2, 3):
        part = QueryDict(mutable=True)
        for name in names[:cut]:
            part.setlist(name, data.getlist(name))
        assert send(editing, of, part).status_code == 400
    assert said(of) == before


@pytest.mark.parametrize(
    "button",
    [
        "explode",
        "add",
        "add ",
        "add nothing",
        "add title",
        "add sections-0-body",
        "add sections-9-former_anchors",
        "add exercise",
        "remove exercise 0",
        "remove sections 9",
        "up sections",
        "up sections -1",
        "up citations x",
        "down sections-0 0",
        "add __class__",
        "publish sections 0",
    ],
)
def test_forged_button_changes_nothing(editing: Client, lesson: Draft, button: str) -> None:
    before = said(lesson)
    assert edit(editing, lesson, title="Typed", do=button).status_code == 400
    assert said(lesson) == before


def test_more_fields_than_are_allowed_change_nothing(editing: Client, lesson: Draft) -> None:
    before = said(lesson)
    data = form_of(editing, lesson)
    data["title"] = "Typed"
    data.setlist("objectives", ["One"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert send(editing, lesson, data).status_code == 400
    assert said(lesson) == before


def test_more_text_than_is_allowed_changes_nothing(editing: Client, lesson: Draft) -> None:
    """L10"""
    before = said(lesson)
    assert edit(editing, lesson, scene="x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)).status_code == 400
    assert said(lesson) == before


def test_six_times_the_largest_quiz_can_still_be_posted(shipped: Any) -> None:
    largest = max(shipped.quizzes, key=lambda quiz: len(quiz.items))
    html = render_to_string("admin/shape/boxes.html", {"boxes": Page(type(largest), document(largest)).boxes})
    assert len(controls(html).sent) * 6 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


# ---- places change in one save


def exchanged(data: QueryDict, one: str, other: str) -> dict[str, str]:
    return {one: data[other], other: data[one]}


@pytest.mark.parametrize(
    "kind, slug, one_field, other_field",
    [
        ("lesson", "what-trust-is", "sections-0-anchor", "sections-1-anchor"),
        ("quiz", "how-i-trust", "items-0-key", "items-1-key"),
        ("quiz", "how-i-trust", "dimensions-0-key", "dimensions-1-key"),
        ("quiz", "how-i-trust", "dimensions-0-bands-0-text", "dimensions-0-bands-2-text"),
        ("quiz", "how-i-trust", "bands-1-label", "bands-2-label"),
    ],
)
def test_two_change_places_in_one_save(editing: Client, kind: str, slug: str, one_field: str, other_field: str) -> None:
    of = draft(kind, slug)
    data = form_of(editing, of)
    swapped = exchanged(data, one_field, other_field)
    assert send(editing, of, data, **swapped).status_code == 302
    after = form_of(editing, of)
    assert {name: after[name] for name in swapped} == swapped
    assert of.of.judge(Draft.objects.get(pk=of.pk).document)[1] == []
    publish(of, confirmed=True)


def test_renamed_section_keeps_the_address_that_readers_know(editing: Client, lesson: Draft) -> None:
    edit(editing, lesson, **{"sections-0-anchor": "another-key"})
    assert Draft.objects.get(pk=lesson.pk).document["sections"][0]["former_anchors"] == ["a-key"]
    assert act(editing, lesson, "publish").status_code == 302
    html = reader().get(PAGE).content.decode()
    assert ('<section id="another-key"' in html, '<span class="former" id="a-key">' in html) == (True, True)


def test_bands_of_two_dimensions_change_places_in_one_save(editing: Client) -> None:
    of = draft("quiz", "how-i-trust")
    data = form_of(editing, of)
    first, second = "dimensions-0-bands-0-", "dimensions-1-bands-0-"
    swapped = {name.replace(second, first): data.getlist(name) for name in data if name.startswith(second)}
    swapped |= {name.replace(first, second): data.getlist(name) for name in data if name.startswith(first)}
    before = value(of)
    assert send(editing, of, data, **swapped).status_code == 302
    after = value(of)
    assert [after.dimensions[place].bands[0] for place in (1, 0)] == [
        before.dimensions[place].bands[0] for place in (0, 1)
    ]
    assert read(type(after), document(after))[1] == []


def test_row_moves_by_its_button_with_what_was_typed_elsewhere(editing: Client, lesson: Draft) -> None:
    response = edit(editing, lesson, title="Typed", do="down sections 0")
    assert response["Location"] == f"{admin_url(lesson)}#down-sections-1"
    found = value(lesson)
    assert (found.title, [each.anchor for each in found.sections]) == ("Typed", ["a-door", "a-key"])


def test_row_is_added_at_the_end_and_removed_again(editing: Client, lesson: Draft) -> None:
    response = edit(editing, lesson, do="add sections")
    assert response["Location"] == f"{admin_url(lesson)}#id-sections-2-heading"
    assert len(Draft.objects.get(pk=lesson.pk).document["sections"]) == 3
    edit(editing, lesson, do="remove sections 1")
    assert [each["anchor"] for each in Draft.objects.get(pk=lesson.pk).document["sections"]] == ["a-key", ""]


def test_removed_dimension_takes_no_question_with_it(editing: Client) -> None:
    """L8"""
    quiz = draft("quiz", "how-i-trust")
    before = value(quiz)
    edit(editing, quiz, do="remove dimensions 0")
    after = value(quiz)
    assert (after.items, len(after.dimensions)) == (before.items, len(before.dimensions) - 1)
    asked = [place for place, item in enumerate(before.items) if item.dimension == before.dimensions[0].key]
    told = editing.get(admin_url(quiz)).context["page"].told
    assert [each.id for each in told if each.id.startswith("id-items-")] == [
        f"id-items-{place}-dimension" for place in asked
    ]


# ---- two editors (S4, L1, L6, L7)


def test_two_editors_in_two_sections_lose_nothing(editing: Client, lesson: Draft) -> None:
    hers, his = form_of(editing, lesson), form_of(jo := second_editor(), lesson)
    send(editing, lesson, hers, **{"sections-0-body": "Hers."})
    send(jo, lesson, his, **{"sections-1-body": "His."})
    assert [each.body for each in value(lesson).sections] == ["Hers.", "His."]


def test_second_of_two_editors_gets_both_texts(editing: Client, lesson: Draft) -> None:
    hers, his = form_of(editing, lesson), form_of(jo := second_editor(), lesson)
    send(editing, lesson, hers, **{"sections-0-body": "Hers."})
    response = send(jo, lesson, his, **{"sections-0-body": "His."})
    page = jo.get(response["Location"])
    assert [(each["id"], each["place"], each["theirs"]) for each in page.context["clashes"]] == [
        ("id-sections-0-body", "Section 1, Text", "Hers.")
    ]
    assert dict(controls(page.content.decode()).sent)["sections-0-body"] == "His."


def test_their_text_is_taken_and_what_was_typed_since_stays(editing: Client, lesson: Draft) -> None:
    hers, his = form_of(editing, lesson), form_of(jo := second_editor(), lesson)
    send(editing, lesson, hers, **{"sections-0-body": "Hers.", "summary": "Her summary."})
    both = send(jo, lesson, his, **{"sections-0-body": "His.", "summary": "His summary."})["Location"]
    data = unchanged(jo.get(both).content.decode())
    data["title"], data["do"] = "A title typed since", "take 1"
    after = jo.post(both, data.urlencode(), content_type="application/x-www-form-urlencoded")["Location"]
    assert after.endswith("#id-sections-0-body")
    found = value(lesson)
    assert (found.sections[0].body, found.summary, found.title) == ("Hers.", "His summary.", "A title typed since")
    left = jo.get(after).context["clashes"]
    assert [(each["place"], each["mine"], each["theirs"]) for each in left] == [
        ("Summary", "His summary.", "Her summary.")
    ]


@pytest.mark.parametrize("button", ["take 7", "take", "take x", "take 0 0"])
def test_clash_that_is_none_is_not_taken(editing: Client, lesson: Draft, button: str) -> None:
    before = value(lesson)
    assert edit(editing, lesson, summary="Typed.", do=button).status_code == 400
    assert value(lesson) == before


def test_page_opened_before_a_colleague_restored_can_be_saved(editing: Client, lesson: Draft) -> None:
    change(lesson, summary="Other words.")
    data = form_of(editing, lesson)
    steps.restore(Draft.objects.get(pk=lesson.pk), lesson.versions.get().document)
    assert send(editing, lesson, data, **{"citations-0-citation": "Rempel (1985)."}).status_code == 302
    found = value(lesson)
    assert (found.summary, found.citations[0].citation) == ("What a key says.", "Rempel (1985).")


# ---- history


def test_restoring_shows_the_difference_first_and_loses_nothing(editing: Client, lesson: Draft) -> None:
    """L5"""
    edit(editing, lesson, title="Never published")
    page = editing.get(admin_url(lesson, "versions") + "1/")
    assert changes(page) == [("Title", "Never published", "A spare key")]
    assert editing.post(admin_url(lesson, "versions") + "1/")["Location"] == admin_url(lesson)
    assert value(lesson).title == "A spare key"
    saves = re.findall(r'/saves/(\d+)/"', editing.get(admin_url(lesson, "versions")).content.decode())
    assert saves == ["3", "2", "1"]
    back = admin_url(lesson).replace("change/", "saves/2/")
    assert changes(editing.get(back)) == [("Title", "A spare key", "Never published")]
    editing.post(back)
    assert value(lesson).title == "Never published"


def test_phone_number_has_draft_difference_history_and_undo(editing: Client) -> None:
    """S10, L15: the most dangerous edit of this site."""
    line = next(each for each in Draft.objects.filter(kind="help line") if each.document["phone"])
    old, new = line.document["phone"], "0800 123 456"
    dial = f'href="tel:{new.replace(" ", "")}"'
    before = reader().get("/help/").content
    edit(editing, line, phone=new)
    assert reader().get("/help/").content == before
    assert changes(editing.get(admin_url(line, "publish"))) == [("Phone", old, new)]
    act(editing, line, "publish", note="New number")
    assert dial in reader().get("/help/").content.decode()
    history = editing.get(admin_url(line, "versions")).content.decode()
    assert re.findall(r"<td>(New number|Loaded from the content files)</td>", history) == [
        "New number",
        "Loaded from the content files",
    ]
    editing.post(admin_url(line, "versions") + "1/")
    assert dial in reader().get("/help/").content.decode()
    act(editing, line, "publish", note="The old one was right")
    assert reader().get("/help/").content == before
    logged = LogEntry.objects.order_by("pk").values_list("user__username", "change_message")
    assert list(logged) == [
        ("maria", ""),
        ("maria", "published version 2"),
        ("maria", "restored version 1"),
        ("maria", "published version 3"),
    ]


def test_phone_number_that_nobody_can_dial_is_no_number(editing: Client) -> None:
    line = next(each for each in Draft.objects.filter(kind="help line") if each.document["phone"])
    edit(editing, line, phone="not a phone")
    response = act(editing, line, "publish")
    assert (response.status_code, line.versions.count()) == (422, 1)
    assert problems(response) == ["Phone is “not a phone”, which nobody can dial"]


def test_address_of_a_published_draft_is_shown_and_fixed(editing: Client, lesson: Draft) -> None:
    assert "slug" not in form_of(editing, lesson)
    edit(editing, lesson, slug="another", title="Another title")
    assert (value(lesson).slug, value(lesson).title) == ("a-spare-key", "Another title")
    assert put("lesson", value(lesson)).slug == "a-spare-key"
