"""Every problem stands at its field, and every field can be reached and named."""

from typing import Any

import pytest

from articles.source import LessonSource
from publishing.boxes import Page
from publishing.shape import document, read
from quizzes.source import QuizSource
from tests.publishing.controls import controls, html_of
from tests.publishing.shipped import LESSON, QUIZ


def test_problem_stands_at_its_field_and_the_rows_around_it_are_open() -> None:
    doc = document(QUIZ)
    doc["dimensions"][2]["bands"][1]["links"][0]["why"] = ""
    problems = read(QuizSource, doc)[1]
    page = Page(QuizSource, doc, problems)
    dimension = next(box for box in page.boxes if box.name == "dimensions").rows[2]
    band = dimension.boxes[-1].rows[1]
    why = next(box for box in band.boxes[-1].rows[0].boxes if box.name.endswith("-why"))
    assert why.problems == ["Why this reader gets it is missing"]
    assert [row.open for row in (dimension, band)] == [True, True]
    assert [row.open for row in dimension.boxes[-1].rows] == [False, True, False]
    assert [(told.id, told.place) for told in page.told] == [
        ("id-dimensions-2-bands-1-links-0-why", "Dimension 3, Middle band, Link 1")
    ]
    html = " ".join(html_of(QuizSource, doc, problems).split())
    assert f'aria-describedby="help-{why.name} error-{why.name}" aria-invalid="true"' in html
    assert f'id="error-{why.name}"' in html


@pytest.mark.parametrize(
    "path, id, said",
    [
        (("sections", 1, "body", 4), "id-sections-1-body", ["line 5: Wrong"]),
        (("objectives", 2), "id-objectives", ["line 3: Wrong"]),
        (("sections", 1, "former_anchors"), "id-sections-1-former_anchors", ["Wrong"]),
        (("sections", 1), "id-sections-1", ["Wrong"]),
        (("sections",), "id-sections", ["Wrong"]),
        ((), "shape", ["Wrong"]),
    ],
)
def test_place_of_a_problem(path: Any, id: str, said: list[str]) -> None:
    page = Page(LessonSource, document(LESSON), [(path, "Wrong")])
    assert page.ids(path) == id
    assert [told.id for told in page.told] == [id]
    assert [*page.found.values()] == [said]
    html = html_of(LessonSource, document(LESSON), [(path, "Wrong")])
    assert html.count(f"<li>{said[0]}</li>") == (1 if path else 0)


def test_problem_of_a_choice_has_no_line() -> None:
    page = Page(QuizSource, document(QUIZ), [(("gates", 0, "stops_at", 1), "Stops at is “often”")])
    assert page.told[0].id == "id-gates-0-stops_at"
    assert page.told[0].message == "Stops at is “often”"


def test_folded_row_says_what_an_author_calls_it() -> None:
    boxes = {box.name: box for box in Page(QuizSource, document(QUIZ)).boxes}
    question, band = boxes["items"].rows[3], boxes["bands"].rows[0]
    assert (question.called, question.key, question.begins) == ("Question 4", QUIZ.items[3].key, QUIZ.items[3].text)
    assert (band.called, band.key, band.begins) == ("Low band", "", QUIZ.bands[0].label)
    link = boxes["dimensions"].rows[0].boxes[-1].rows[0].boxes[-1].rows[0]
    assert (link.called, link.begins) == ("Link 1", QUIZ.dimensions[0].bands[0].links[0].why)
    assert (question.open, band.open, link.open) == (False, False, True)  # a small row within a row is not worth a fold


def test_every_control_has_a_label_and_every_id_is_there_once() -> None:
    html = html_of(QuizSource, document(QUIZ), [(("items", 3, "text"), "Wrong")])
    ids = controls(html).ids
    assert len(ids) == len(set(ids))
    named = [
        word.split('"')[0]
        for key in ("for", "aria-labelledby", "aria-describedby")
        for word in html.split(f' {key}="')[1:]
    ]
    assert {each for names in named for each in names.split()} <= set(ids)


def test_last_field_says_that_the_form_is_whole() -> None:
    assert controls(html_of(QuizSource, document(QUIZ))).sent[-1] == ("end", "1")
