"""The buttons of lists and optional parts do what they say; what no form sends is refused."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.boxes import Page, new_row
from publishing.form import NoSuchButton, posted, press
from publishing.shape import Document, at, document, read
from quizzes.source import QuizSource
from tests.publishing.controls import controls, form_of, html_of, unchanged
from tests.publishing.shipped import LESSON, QUIZ, QUIZZES


def pressed(value: Any, button: str) -> tuple[Document, str]:
    """The document after one press of a button of the form, and where the focus goes."""
    html = html_of(type(value), document(value))
    assert button in controls(html).buttons
    data = unchanged(html)
    data["do"] = button
    focus = press(type(value), data)
    doc = posted(type(value), data)
    assert focus in controls(html_of(type(value), doc)).ids
    return doc, focus


@pytest.mark.parametrize(
    "button, order, focus",
    [
        ("up items 2", [0, 2, 1, 3], "up-items-1"),
        ("up items 0", [0, 1, 2, 3], "up-items-0"),
        ("down items 1", [0, 2, 1, 3], "down-items-2"),
        ("down items 23", [0, 1, 2, 3], "down-items-23"),
        ("remove items 1", [0, 2, 3, 4], "id-items-1"),
        ("remove items 23", [0, 1, 2, 3], "id-items-22"),
    ],
)
def test_question_moved_and_removed(button: str, order: list[int], focus: str) -> None:
    doc, place = pressed(QUIZ, button)
    before = document(QUIZ)["items"]
    assert place == focus
    assert doc["items"][:4] == [before[n] for n in order]
    assert len(doc["items"]) == len(before) - button.startswith("remove")


def test_rows_three_levels_deep() -> None:
    path = ("dimensions", 2, "bands", 0, "links")
    links, name = at(document(QUIZ), path), "dimensions-2-bands-0-links"
    doc, focus = pressed(QUIZ, f"add {name}")
    assert at(doc, path) == [*links, {"to": "", "why": "", "contexts": []}]
    assert focus == f"id-{name}-{len(links)}-to"
    doc, focus = pressed(QUIZ, f"remove {name} 0")
    assert at(doc, path) == links[1:]
    assert focus == (f"id-{name}-0" if links[1:] else f"id-{name}")


def test_rows_three_levels_deep_change_places() -> None:
    data = form_of(QUIZ)
    name = "dimensions-2-bands-0-links"
    data.setlist(name, ["0", "1"])
    data[f"{name}-1-to"], data[f"{name}-1-why"] = "a#b", "second"
    data["do"] = f"up {name} 1"
    assert press(QuizSource, data) == f"up-{name}-0"
    links = at(posted(QuizSource, data), ("dimensions", 2, "bands", 0, "links"))
    second = {"to": "a#b", "why": "second", "contexts": []}
    assert links == [second, document(QUIZ)["dimensions"][2]["bands"][0]["links"][0]]


def test_added_dimension_has_its_bands_and_each_problem_has_an_element() -> None:
    doc, focus = pressed(QUIZ, "add dimensions")
    place = len(QUIZ.dimensions)
    assert focus == f"id-dimensions-{place}-key"
    assert len(doc["dimensions"][place]["bands"]) == 3
    problems = read(QuizSource, doc)[1]
    page = Page(QuizSource, doc, problems)
    assert len(page.told) == 6
    ids = controls(html_of(QuizSource, doc, problems)).ids
    assert [told.id for told in page.told if told.id not in ids] == []


def test_optional_part_added_and_removed() -> None:
    doc, focus = pressed(QUIZ, "remove safety 0")
    assert (doc["safety"], focus) == (None, "id-safety")
    without = next(quiz for quiz in QUIZZES if not quiz.context)
    doc, focus = pressed(without, "add context")
    assert (doc["context"], focus) == ({"question": "", "choices": []}, "id-context-question")


def test_optional_part_of_a_row_added_and_removed() -> None:
    noted, place = next((quiz, n) for quiz in QUIZZES for n, note in enumerate(quiz.notes) if note.link)
    doc, focus = pressed(noted, f"remove notes-{place}-link 0")
    assert (doc["notes"][place]["link"], focus) == (None, f"id-notes-{place}-link")
    bare = replace(noted, notes=tuple(replace(note, link=None) for note in noted.notes))
    doc, focus = pressed(bare, f"add notes-{place}-link")
    assert (doc["notes"][place]["link"], focus) == ({"to": "", "why": "", "contexts": []}, f"id-notes-{place}-link-to")


@pytest.mark.parametrize(
    "value, fields",
    [
        (LESSON, ("sections-0-anchor", "sections-1-anchor")),
        (QUIZ, ("items-0-key", "items-5-key")),
        (QUIZ, ("dimensions-0-key", "dimensions-1-key")),
        (QUIZ, ("bands-0-label", "bands-2-label")),
    ],
    ids=["anchors", "keys of questions", "keys of dimensions", "bands"],
)
def test_two_change_places_in_one_save(value: Any, fields: tuple[str, str]) -> None:
    first, second = ([int(step) if step.isdigit() else step for step in field.split("-")] for field in fields)
    data, doc = form_of(value), document(value)
    typed: list[Any] = [data[field] for field in fields]
    data[fields[0]], data[fields[1]] = reversed(typed)
    changed = posted(type(value), data)
    assert at(changed, tuple(first)) == at(doc, tuple(second))
    assert at(changed, tuple(second)) == at(doc, tuple(first))
    assert read(type(value), changed)[1] == []


def test_new_row_alone_has_the_names_of_the_page_at_hand() -> None:
    data = form_of(QUIZ)
    data.setlist("dimensions", ["7", "0"])  # moved and removed by a script: nothing was numbered anew
    data.setlist("dimensions-7-bands-1-links", ["4", "2"])
    data["do"] = "add dimensions-7-bands-1-links"
    assert press(QuizSource, data) == "id-dimensions-0-bands-1-links-2-to"
    html = render_to_string("admin/shape/row.html", {"row": new_row(QuizSource, data)})
    row = "dimensions-7-bands-1-links-5"
    assert controls(html).sent == [("dimensions-7-bands-1-links", "5"), (f"{row}-to", ""), (f"{row}-why", "")]
    assert controls(html).buttons == [f"{way} dimensions-7-bands-1-links 5" for way in ("up", "down", "remove")]
    assert '<b class="called">Link 3</b>' in html


def test_new_question_can_choose_the_dimensions_that_are_typed() -> None:
    data = form_of(QUIZ)
    data["dimensions-0-key"], data["dimensions-0-name"] = "new", "Just typed"
    data["do"] = "add items"
    press(QuizSource, data)
    html = render_to_string("admin/shape/row.html", {"row": new_row(QuizSource, data)})
    assert '<option value="new">Just typed</option>' in html


def test_every_button_says_its_row() -> None:
    html = html_of(QuizSource, document(QUIZ))
    assert 'aria-labelledby="up-items-3 id-items-3">Up</button>' in html
    assert 'aria-labelledby="add-dimensions-2-bands-0-links id-dimensions-2-bands-0">Add link</button>' in html


# ---- what no form sends


@pytest.mark.parametrize(
    "button",
    [
        *("", "add", "add ", "add nothing", "add title", "add title-0", "add slug", "x" * 5000, "up\nitems 3"),
        *("add items-3", "add items-99-options", "add items-x-options", "add items 3", "add items-", "add -items"),
        *("add bands", "add bands-0", "add bands-7-links", "add dimensions-0-bands", "add dimensions-0-bands-3-links"),
        *("add safety", "add safety-fallback", "add safety-links-0", "add notes-0-link-to", "add " + "items-" * 900),
        *("up items", "up items 99", "up items x", "up items -1", "up items 3 4", "up bands 1", "up safety 0"),
        *("down dimensions-0-bands 0", "down title 0", "UP items 3", "turn items 3", "remove items 3 "),
        *("remove bands 0", "remove title 0", "remove safety", "remove safety 1", "remove safety-fallback 0"),
    ],
)
def test_button_that_the_form_does_not_have(button: str) -> None:
    data = form_of(QUIZ)
    before = data.copy()
    data["do"] = button
    with pytest.raises(NoSuchButton):
        press(QuizSource, data)
    del data["do"]
    assert data == before


def test_part_that_is_absent_has_no_buttons() -> None:
    without = next(quiz for quiz in QUIZZES if not quiz.context)
    for button in ("remove context 0", "add context-choices"):
        data = form_of(without)
        data["do"] = button
        with pytest.raises(NoSuchButton):
            press(QuizSource, data)


@pytest.mark.parametrize("button", ["remove items 0", "add safety", "up items 1", "remove safety 0"])
def test_only_a_list_has_new_rows(button: str) -> None:
    data = form_of(QUIZ)
    data["do"] = button
    with pytest.raises(NoSuchButton):
        new_row(QuizSource, data)


NAMES = st.sampled_from(
    ["do", "end", "title", "number", "items", "items-0-text", "items-0-flag_at", "dimensions", "dimensions-0-bands",
     "dimensions-0-bands-0-links", "safety", "safety-help_topics", "context-choices", "x" * 5000]
)  # fmt: skip
VALUES = st.text(max_size=12) | st.sampled_from(
    [
        "0",
        "1",
        "00",
        "-1",
        "x",
        "٣",
        "1" * 5000,
        "add items",
        "up items 0",
        "add dimensions-0-bands-0-links",
        "remove safety 0",
    ]
)


def test_rows_that_are_doubled_or_no_numbers_are_left_out() -> None:
    data = form_of(QUIZ)
    data.setlist("items", ["2", "x", "2", "0", "-1", "1" * 5000, "٣"])
    assert [item["key"] for item in posted(QuizSource, data)["items"]] == [QUIZ.items[2].key, QUIZ.items[0].key]


@given(st.lists(st.tuples(NAMES, VALUES), max_size=30))
@settings(max_examples=60, deadline=None)
def test_hostile_post_is_a_document_or_no_button(pairs: list[tuple[str, str]]) -> None:
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    try:
        press(QuizSource, data)
        new_row(QuizSource, data)
    except NoSuchButton:
        pass
    doc = posted(QuizSource, data)
    problems = read(QuizSource, doc)[1]
    assert posted(QuizSource, unchanged(html_of(QuizSource, doc, problems))) == doc
