"""Fields are declared once; documents, their reader and the places in them follow."""

import json
from copy import deepcopy
from dataclasses import dataclass, make_dataclass
from datetime import date
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.source import LessonSource, SectionSource
from publishing.leaves import Day, Key, Line, Lines, Mark, One, Section, Some, Whole
from publishing.shape import (
    Document,
    Part,
    Parts,
    Path,
    at,
    document,
    fields_of,
    links,
    read,
    spelled,
    value_of,
    walk,
    where,
)
from quizzes.source import QuizSource
from tests.factories import lesson_source, lesson_sources, section_source, shipped_lessons, shipped_quizzes
from tests.publishing.test_merge import edited


def names(root: Any, own: Any) -> dict[str, str]:
    parts = root.get("parts") if isinstance(root.get("parts"), list) else []
    return {each.get("key") or "": each.get("name") or "" for each in parts if isinstance(each, dict)}


@dataclass(frozen=True, kw_only=True)
class Inner:
    key: Annotated[str, Key("Key", 5)]
    name: Annotated[str, Line("Name", 10)] = ""
    to: Annotated[str, Section("Section")] = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    label: Annotated[str, Line("Label", 10)]
    start: Annotated[int | None, Whole("From", 0, 100, key="from")] = None


@dataclass(frozen=True, kw_only=True)
class Outer:
    title: Annotated[str, Line("Title", 10)]
    day: Annotated[date, Day("Day")]
    worse: Annotated[bool, Mark("Higher is", words=("better", "worse"), key="higher_is")]
    calm: Annotated[bool, Mark("Calm")] = False
    one: Annotated[str, One("One", choices=names)] = ""
    lines: Annotated[tuple[str, ...], Lines("Lines", most=2, entry=Line("", 5))]
    some: Annotated[tuple[int, ...], Some("Some", choices={"1": "One", "2": "Two"})] = ()
    part: Annotated[Inner, Part("Part")]
    extra: Annotated[Inner | None, Part("Extra")] = None
    rows: Annotated[tuple[Row, Row], Parts("Rows", rows={"low": "Low row", "high": "High row"})]
    parts: Annotated[tuple[Inner, ...], Parts("Parts", one="Inner", most=3)]
    others: Annotated[tuple[Inner, ...], Parts("Others", one="Other")] = ()


VALUE = Outer(
    title="A title",
    day=date(2026, 11, 22),
    worse=True,
    one="a",
    lines=("x", "y"),
    some=(2, 1),
    part=Inner(key="p", to="a#b"),
    rows=(Row(label="Low"), Row(label="High", start=0)),
    parts=(Inner(key="a"), Inner(key="b", name="B", to="c#d")),
)
WHOLE: Document = {
    "title": "A title",
    "day": "2026-11-22",
    "worse": True,
    "calm": False,
    "one": "a",
    "lines": ["x", "y"],
    "some": [2, 1],
    "part": {"key": "p", "name": "", "to": "a#b"},
    "extra": None,
    "rows": [{"label": "Low", "start": None}, {"label": "High", "start": 0}],
    "parts": [{"key": "a", "name": "", "to": ""}, {"key": "b", "name": "B", "to": "c#d"}],
    "others": [],
}


def changed(*path: Any, to: Any) -> Document:
    copy = deepcopy(WHOLE)
    at(copy, path[:-1])[path[-1]] = to
    return copy


def test_document_of_a_value_is_plain_json_in_the_order_of_its_fields() -> None:
    assert document(VALUE) == WHOLE
    assert list(document(VALUE)) == list(WHOLE)
    assert json.loads(json.dumps(document(VALUE))) == WHOLE


def test_value_of_a_whole_document_has_no_problem() -> None:
    assert read(Outer, WHOLE) == (VALUE, [])
    assert value_of(Outer, WHOLE) == VALUE


@pytest.mark.parametrize(
    "path, to, at, message",
    [
        (("title",), "", ("title",), "Title is missing"),
        (("title",), "  \n", ("title",), "Title is missing"),
        (("title",), None, ("title",), "Title is missing"),
        (("title",), "a" * 11, ("title",), "Title has 11 characters; 10 is the most"),
        (("title",), 7, ("title",), "Title must be text"),
        (("day",), "soon", ("day",), "Day must be a date such as 2026-11-30, not “soon”"),
        (("worse",), None, ("worse",), "Higher is is missing"),
        (("calm",), "maybe", ("calm",), "Calm is “maybe”; choose from: true, false"),
        (("one",), "c", ("one",), "One is “c”; choose from: a, b"),
        (("lines",), [], ("lines",), "Lines: at least one is needed"),
        (("lines",), None, ("lines",), "Lines: at least one is needed"),
        (("lines",), ["a", "b", "c"], ("lines",), "Lines: 3 are too many; 2 is the most"),
        (("lines", 1), "", ("lines", 1), "Lines has an empty entry"),
        (("lines", 1), "a" * 6, ("lines", 1), "Lines has 6 characters; 5 is the most"),
        (("some", 1), 3, ("some", 1), "Some is “3”; choose from: 1, 2"),
        (("some", 1), "x", ("some", 1), "Some must be a whole number, not “x”"),
        (("part",), None, ("part",), "it is missing"),
        (("part", "key"), "A", ("part", "key"), "Key is “A”; use lower-case letters, digits and hyphens"),
        (("extra",), {}, ("extra", "key"), "Key is missing"),
        (("rows",), None, ("rows",), "Rows: at least one is needed"),
        (("rows", 1), {}, ("rows", 1, "label"), "Label is missing"),
        (("rows",), [{"label": "Low"}], ("rows", 1, "label"), "Label is missing"),
        (("rows", 1, "start"), 101, ("rows", 1, "start"), "From is 101; it must lie from 0 to 100"),
        (("parts",), [{"key": "a"}] * 4, ("parts",), "Parts: 4 are too many; 3 is the most"),
        (("parts", 1), {}, ("parts", 1, "key"), "Key is missing"),
        (("parts", 1), None, ("parts", 1, "key"), "Key is missing"),
        (("parts", 1, "to"), "c", ("parts", 1, "to"), "Section is “c”; choose a section; its address is lesson#anchor"),
    ],
)  # fmt: skip
def test_one_slip_is_told_once_at_its_place(path: Path, to: Any, at: Path, message: str) -> None:
    assert read(Outer, changed(*path, to=to))[1] == [(at, message)]


def test_problems_come_in_the_order_of_the_fields() -> None:
    places = [place for place, _ in read(Outer, {})[1]]
    assert places == [("title",), ("day",), ("worse",), ("lines",), ("part",), ("rows",), ("parts",)]


def test_unfinished_document_is_read_with_blanks() -> None:
    row, inner = Row(label=""), Inner(key="")
    blank = Outer(title="", day=date.min, worse=False, lines=(), part=inner, rows=(row, row), parts=())
    assert read(Outer, {})[0] == blank
    assert value_of(Outer, {}) == blank
    assert read(Outer, changed("day", to="soon"))[0].day == date.min
    assert read(Outer, changed("rows", 1, "start", to="x"))[0].rows[1].start is None


@pytest.mark.parametrize("given", [None, "text", 3, [], ["a"], {"x": 1}, {}], ids=repr)
@pytest.mark.parametrize("name", [field.name for field in fields_of(Outer)])
def test_whatever_a_field_holds_is_read_without_an_error(name: str, given: Any) -> None:
    doc = changed(name, to=given)
    assert isinstance(read(Outer, doc)[0], Outer)
    assert isinstance(value_of(Outer, doc), Outer)


def test_value_that_was_judged_is_not_judged_again() -> None:
    assert value_of(Outer, changed("one", to="gone")).one == "gone"
    assert value_of(Outer, changed("title", to="a" * 11)).title == "a" * 11


def test_document_without_a_key_takes_the_default() -> None:
    doc = document(section_source(safety=True, not_in_danger=True, former_anchors=("old",)))
    for name in ("safety", "not_in_danger", "former_anchors"):
        del doc[name]
    assert read(SectionSource, doc) == (section_source(), [])


def test_document_with_a_key_that_is_no_field_any_more() -> None:
    assert read(LessonSource, {**document(lesson_source()), "gone": [1, 2]}) == (lesson_source(), [])


def test_field_knows_its_name_in_a_file_its_type_and_what_tells_its_parts_apart() -> None:
    found = {field.name: field for field in fields_of(Outer)}
    assert [each.filed for each in fields_of(Row)] == ["label", "from"]
    assert (found["parts"].of, found["extra"].of, found["some"].of) == (Inner, Inner, int)
    assert (found["parts"].keyed, found["rows"].keyed) == ("key", "")
    assert next(each for each in fields_of(LessonSource) if each.name == "sections").keyed == "anchor"
    assert [name for name, field in found.items() if field.needed] == [
        "title", "day", "worse", "lines", "part", "rows", "parts",
    ]  # fmt: skip
    assert [name for name, field in found.items() if field.optional] == ["extra"]


@pytest.mark.parametrize(
    "path, words",
    [
        (("title",), ""),
        (("lines", 1), ""),
        (("parts",), ""),
        (("gone",), ""),
        ((), ""),
        (("part",), "Part"),
        (("part", "key"), "Part"),
        (("parts", 1), "Inner 2"),
        (("parts", 1, "name"), "Inner 2"),
        (("parts", 1, "name", 4), "Inner 2"),
        (("rows", 1, "start"), "High row"),
    ],
)
def test_place_in_words(path: Path, words: str) -> None:
    assert where(Outer, path) == words


def test_place_within_places_in_words() -> None:
    path = ("dimensions", 2, "bands", 0, "links", 1, "why")
    assert where(QuizSource, path) == "Dimension 3, Low band, Link 2"
    assert spelled(path) == "dimensions[2].bands[0].links[1].why"


@pytest.mark.parametrize(
    "path, held",
    [
        (("rows", 1, "start"), 0),
        (("parts", 1), WHOLE["parts"][1]),
        (("parts", 2), None),
        (("gone",), None),
        (("title", "x"), None),
        (("extra", "key"), None),
        ((), WHOLE),
    ],
)
def test_what_is_held_at_a_place(path: Path, held: Any) -> None:
    assert at(WHOLE, path) == held


def test_walk_goes_through_every_field_from_top_to_end() -> None:
    places = [spelled(place) for place, _, _ in walk(Outer, {**WHOLE, "rows": None, "parts": [{}]})]
    assert places == [
        "title", "day", "worse", "calm", "one", "lines", "some", "part", "part.key", "part.name", "part.to",
        "extra", "rows", "parts", "parts[0].key", "parts[0].name", "parts[0].to", "others",
    ]  # fmt: skip


def test_links_are_told_with_their_places() -> None:
    assert list(links(Outer, WHOLE)) == [(("part", "to"), "section:a#b"), (("parts", 1, "to"), "section:c#d")]
    ready = document(shipped_quizzes()["ready-to-rebuild"])
    assert [each for each in links(QuizSource, ready) if each[0][0] == "gates"] == [
        (("gates", 0, "help_topics", 0), "help topic:emergency"),
        (("gates", 0, "help_topics", 1), "help topic:abuse"),
        (("gates", 0, "links", 0, "to"), "section:manipulation-and-control#signs-of-emotional-abuse"),
        (("gates", 0, "links", 1, "to"), "section:manipulation-and-control#deciding-safely"),
        (("gates", 1, "help_topics", 0), "help topic:emergency"),
        (("gates", 1, "help_topics", 1), "help topic:harm"),
        (("gates", 1, "last_topics", 0), "help topic:abuse"),
    ]


def test_field_that_is_added_is_read_at_once() -> None:
    more = make_dataclass(
        "More", [("mood", Annotated[str, Line("Mood", 5)], "")], bases=(Inner,), frozen=True, kw_only=True
    )
    value = more(key="a", mood="calm")
    assert document(value)["mood"] == "calm"
    assert read(more, document(value)) == (value, [])
    assert read(more, {"key": "a", "mood": "stormy"})[1] == [(("mood",), "Mood has 6 characters; 5 is the most")]


@pytest.mark.parametrize(
    "shipped", [*shipped_lessons().values(), *shipped_quizzes().values()], ids=lambda each: each.slug
)
def test_shipped_value_survives_its_document(shipped: Any) -> None:
    assert read(type(shipped), json.loads(json.dumps(document(shipped)))) == (shipped, [])


@given(lesson_sources())
@settings(deadline=None)
def test_lesson_survives_its_document(source: LessonSource) -> None:
    assert read(LessonSource, json.loads(json.dumps(document(source)))) == (source, [])


@given(edited("x"), st.data())
@settings(deadline=None)
def test_document_of_what_was_read_is_the_document(doc: Document, data: st.DataObject) -> None:
    value = value_of(QuizSource, doc)
    assert value_of(QuizSource, document(value)) == value
    field = data.draw(st.sampled_from(sorted(doc)))
    assert read(QuizSource, {**doc, field: None})[0] is not None
