import json
from dataclasses import dataclass, fields
from datetime import date

from hypothesis import given, settings

from articles.document import from_document, to_document
from articles.source import LessonSource, SectionSource
from tests.factories import lesson_source, lesson_sources, section_source


@dataclass(frozen=True)
class Inner:
    day: date


@dataclass(frozen=True)
class Outer:
    names: tuple[str, ...]
    by_key: dict[str, Inner]
    inner: Inner | None = None
    limit: int | None = None
    added_later: bool = True


@given(lesson_sources())
@settings(max_examples=30, deadline=None)
def test_document_round_trip(source: LessonSource) -> None:
    assert from_document(LessonSource, json.loads(json.dumps(to_document(source)))) == source


def test_document_of_every_supported_type() -> None:
    day = Inner(date(2026, 11, 22))
    value = Outer(names=("a", "b"), by_key={"k": day}, inner=day, limit=0)
    document = to_document(value)
    assert document == {
        "names": ["a", "b"],
        "by_key": {"k": {"day": "2026-11-22"}},
        "inner": {"day": "2026-11-22"},
        "limit": 0,
        "added_later": True,
    }
    assert from_document(Outer, document) == value


def test_document_with_nothing_in_an_optional_field() -> None:
    value = Outer(names=(), by_key={})
    assert from_document(Outer, to_document(value)) == value


def test_document_without_a_key_takes_the_default() -> None:
    document = to_document(section_source(safety=True, repair_advice=True, former_anchors=("old",)))
    for name in ("safety", "repair_advice", "former_anchors"):
        del document[name]
    assert from_document(SectionSource, document) == section_source()


def test_document_with_a_key_that_is_no_field_any_more() -> None:
    document = {**to_document(lesson_source()), "gone": [1, 2]}
    assert from_document(LessonSource, document) == lesson_source()


def test_document_names_every_field() -> None:
    assert list(to_document(lesson_source())) == [field.name for field in fields(LessonSource)]
