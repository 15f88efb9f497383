"""What is posted is what the document holds, finished or not."""

from dataclasses import dataclass, make_dataclass
from datetime import date
from typing import Annotated, Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.source import LessonSource
from helplines.source import HELP_TOPICS
from publishing.form import posted
from publishing.leaves import Day, Each, Line, Mark, Markdown, One, Paragraph, Some, Whole
from publishing.shape import Document, Field, Part, Parts, document, fields_of, read
from quizzes.source import QuizSource
from tests.publishing.controls import controls, form_of, html_of, unchanged
from tests.publishing.shipped import HELP_LINES, LESSONS, PARTS, QUIZ, QUIZZES, TERMS


@pytest.mark.parametrize("value", [*QUIZZES, *LESSONS, *PARTS, *HELP_LINES, *TERMS])
def test_unchanged_form_gives_the_same_document(value: Any) -> None:
    doc = posted(type(value), form_of(value))
    assert doc == document(value)
    assert read(type(value), doc) == (value, [])


# ---- any document of two shapes

SEEN = st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\t")
LINE = st.text(SEEN, max_size=12).map(str.strip)
TEXT = st.lists(st.text(SEEN, max_size=8), max_size=4).map("\n".join)
KEYS = st.from_regex(r"[a-z]{1,3}", fullmatch=True)


def documents(cls: type, depth: int = 0) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({field.name: held_by(field, depth) for field in fields_of(cls)})


def held_by(field: Field, depth: int) -> st.SearchStrategy[Any]:
    match field.says:
        case Parts(rows=rows):
            least, most = (len(rows), len(rows)) if rows else (0, 1 if depth else 2)
            return st.lists(documents(field.of, depth + 1), min_size=least, max_size=most)
        case Part():
            part = documents(field.of, depth + 1)
            return st.none() | part if field.optional else part
        case Each():
            entry = st.integers(-9, 99) if field.of is int else KEYS | LINE.filter(bool)
            return st.lists(entry, max_size=3, unique=isinstance(field.says, Some))
        case Mark(words=words):
            return st.none() | st.booleans() if words else st.booleans()
        case Whole():
            return st.none() | st.integers(-99999, 99999) | st.just("ten")
        case Day():
            return st.none() | st.dates().map(date.isoformat) | st.just("soon")
        case One():
            return st.just("") | KEYS
        case Markdown():
            return TEXT.map(field.says.trimmed)
        case Paragraph():
            return TEXT.map(str.strip)
    return LINE


@pytest.mark.parametrize("cls", [QuizSource, LessonSource], ids=lambda cls: cls.__name__)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_document_survives_its_form(cls: type, data: st.DataObject) -> None:
    doc = data.draw(documents(cls))
    assert posted(cls, unchanged(html_of(cls, doc))) == doc


# ---- kinds of fields


@dataclass(frozen=True, kw_only=True)
class Toy:
    line: Annotated[str, Line("Line", 200)]
    text: Annotated[str, Paragraph("Text")]
    body: Annotated[str, Markdown("Body")]
    number: Annotated[int, Whole("Number")]
    day: Annotated[date, Day("Day")]
    said: Annotated[bool, Mark("Said", words=("worse", "better"))]
    one: Annotated[str, One("One", choices={"a": "A", "b": "B"})]
    some: Annotated[tuple[str, ...], Some("Some", choices={"a": "A", "b": "B", "c": "C"})]
    places: Annotated[tuple[str, ...], Some("Places", choices=HELP_TOPICS, ordered=True)]
    words: Annotated[tuple[str, ...], Some("Words", help="One a line.")]


EMPTY: Document = posted(Toy, QueryDict())


def test_nothing_posted_is_an_empty_document() -> None:
    nothing: Document = {"line": "", "text": "", "body": "", "number": None, "day": None, "said": None, "one": ""}
    assert nothing | {"some": [], "places": [], "words": []} == EMPTY
    assert posted(Toy, unchanged(html_of(Toy, EMPTY))) == EMPTY


@pytest.mark.parametrize(
    "name, typed, held",
    [
        ("line", "  one\r\n  line \r\n", "one line"),
        ("line", "two  spaces", "two  spaces"),
        ("line", "pasted\x00 from\x0b Word\x9d", "pasted from Word"),
        ("text", "\r\n one\r\n two \rthree\n", "one\n two \nthree"),
        ("body", "\r\n  \r\n    indented\r\nmore\r\n \r\n", "    indented\nmore"),
        ("body", " \r\n ", ""),
        ("number", " 7 ", 7),
        ("number", "ten", "ten"),
        ("number", "12345678", "12345678"),
        ("day", "2026-11-30", "2026-11-30"),
        ("day", "soon", "soon"),
        ("said", "better", True),
        ("said", "worse", False),
        ("said", "perhaps", "perhaps"),
        ("one", "gone", "gone"),
        ("words", " b \r\n\r\na\r\n", ["b", "a"]),
    ],
)
def test_what_was_typed_is_held(name: str, typed: str, held: Any) -> None:
    data = QueryDict(mutable=True)
    data[name] = typed
    doc = posted(Toy, data)
    assert doc == EMPTY | {name: held}
    assert posted(Toy, unchanged(html_of(Toy, doc))) == doc


@pytest.mark.parametrize("held", [[], ["b"], ["a", "c"], ["c", "a"], ["gone", "a"], ["a", "gone"]])
@pytest.mark.parametrize("name", ["some", "places"])
def test_choices_keep_the_order_of_their_author(name: str, held: list[str]) -> None:
    doc = EMPTY | {name: held}
    html = html_of(Toy, doc)
    assert posted(Toy, unchanged(html)) == doc
    assert ("gone (gone)" in html) == ("gone" in held)


def test_places_of_help_topics_change_without_scripts() -> None:
    data = form_of(QUIZ)
    data.setlist("safety-help_topics", ["", "abuse", "emergency", "abuse", "", ""])
    assert posted(QuizSource, data)["safety"]["help_topics"] == ["abuse", "emergency"]


def test_choice_that_is_gone_is_shown_as_it_is() -> None:
    doc = EMPTY | {"one": "old"}
    html = html_of(Toy, doc)
    assert '<option value="old" selected>old (gone)</option>' in html
    assert posted(Toy, unchanged(html)) == doc


def test_limits_are_told_and_not_enforced_while_typing() -> None:
    html = html_of(QuizSource, document(QUIZ))
    assert [word for word in ("maxlength", 'type="number"', "required", "style=", "onclick") if word in html] == []
    assert 'type="date"' in html_of(Toy, EMPTY)
    assert '<input type="text" name="day" value="soon"' in html_of(Toy, EMPTY | {"day": "soon"})


def test_locked_field_is_shown_and_left_out() -> None:
    locked = frozenset({"slug"})
    html = html_of(QuizSource, document(QUIZ), [(("slug",), "Address is taken")], locked)
    assert [name for name, _ in controls(html).sent if name == "slug"] == []
    assert '<p class="locked">ready-to-rebuild</p>' in html
    assert "<li>Address is taken</li>" in html
    data = unchanged(html)
    data["slug"] = "another"
    assert posted(QuizSource, data, locked) == {k: v for k, v in document(QUIZ).items() if k != "slug"}


def test_field_that_is_added_to_a_quiz_is_in_its_form() -> None:
    added = make_dataclass(
        "WithMotto", [("motto", Annotated[str, Line("Motto", help="A few words.")])], bases=(QuizSource,),
        frozen=True, kw_only=True,
    )  # fmt: skip
    doc = document(QUIZ) | {"motto": "Slowly"}
    html = html_of(added, doc)
    assert '<label for="id-motto">Motto</label>' in html
    assert posted(added, unchanged(html)) == doc
