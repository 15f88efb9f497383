"""A limit stands in the shape alone: the file, the admin and the columns of both databases agree on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test import Client

from articles.models import SectionText
from articles.source import SectionSource
from publishing import content, steps
from publishing.boxes import Page
from publishing.files import ListIn
from publishing.kind import KINDS
from publishing.leaves import Each, Line, Markdown, One, Section, Some
from publishing.models import Draft, Link, Save, Version
from publishing.shape import Field, Part, Parts, document, fields_of, read, value_of, walk
from publishing.views import admin_url
from tests.authoring import publish_value
from tests.factories import (
    citation_source,
    content_files,
    exercise_source,
    help_line_source,
    lesson_source,
    part_source,
    section_source,
    small_lesson,
    term_source,
    write_folder,
)
from tests.publishing.pages import edit, form_of, problems, send

MOST = "is the most"


@dataclass(frozen=True)
class Limit:
    """A text of a value with its place in a document of its kind."""

    kind: str
    place: tuple[Any, ...]
    field: Field
    says: Line

    def __str__(self) -> str:
        return f"{self.kind}: {'.'.join(map(str, self.place))}"

    def filled(self, doc: Any, characters: int) -> Any:
        text = _text(self.says, characters)
        return _put(doc, self.place, [text] if isinstance(self.field.says, Each) else text)


def _text(says: Line, characters: int) -> str:
    """A text of so many characters that has the pattern."""
    starts = {"Section": "a#", "DOI": "10.1037/", "Link": "https://", "Website": "https://"}
    start = "a#" if isinstance(says, Section) else starts.get(says.label, "")
    return start + "1" * (characters - len(start))


def _put(held: Any, place: tuple[Any, ...], text: Any) -> Any:
    if not place:
        return text
    first, rest = place[0], place[1:]
    if isinstance(held, list):
        return [_put(each, rest, text) if n == first else each for n, each in enumerate(held)]
    return {**held, first: _put(held[first], rest, text)}


def _limits(kind: str, doc: Any) -> Iterator[Limit]:
    seen = set()
    for place, field, _ in walk(KINDS[kind].value, doc):
        says = field.says.entry if isinstance(field.says, Each) else field.says
        name = tuple(step for step in place if isinstance(step, str))
        if isinstance(says, Line) and field.of is str and name not in seen and not isinstance(field.says, Some | One):
            seen.add(name)
            yield Limit(kind, place, field, says)


@pytest.fixture(scope="session")
def whole(shipped: Any) -> dict[str, Any]:
    """Of each kind a document in which every part is there."""
    quiz = next(each for each in shipped.quizzes if each.format == "scenarios")
    parts = {
        field.name: next((held for each in shipped.quizzes if (held := getattr(each, field.name))), None)
        for field in fields_of(type(quiz))
        if isinstance(field.says, Part | Parts) and not getattr(quiz, field.name)
    }
    parts["notes"] = tuple(note for each in shipped.quizzes for note in each.notes if note.link)[:1]
    return {
        "part": document(shipped.parts[0]),
        "lesson": document(shipped.lessons[0]),
        "term": document(shipped.terms[0]),
        "help line": document(shipped.help_lines[0]),
        "quiz": document(replace(quiz, **parts, items=quiz.items[:1], dimensions=quiz.dimensions[:1])),
    }


def every_limit(whole: dict[str, Any]) -> list[Limit]:
    return [limit for kind, doc in whole.items() for limit in _limits(kind, doc)]


def declared(cls: type) -> Iterator[tuple[str, str]]:
    """Every text that a value class declares, by the class and the name."""
    for field in fields_of(cls):
        if isinstance(field.says, Part | Parts):
            yield from declared(field.of)
        elif field.of is str and not isinstance(field.says, Some | One):
            yield cls.__name__, field.name


def told(problems: list[tuple[Any, str]]) -> list[str]:
    return [message for _, message in problems if MOST in message]


def test_every_text_that_is_declared_is_tried(whole: dict[str, Any]) -> None:
    names = {(kind.name, name) for kind in KINDS.values() for _, name in declared(kind.value)}
    assert {(limit.kind, limit.field.name) for limit in every_limit(whole)} == names
    assert len(names) > 40


def test_limit_is_told_in_the_file_and_in_the_form_and_one_less_is_fine(whole: dict[str, Any]) -> None:
    everything = {name: [value_of(kind.value, whole[name])] for name, kind in KINDS.items()}
    for limit in every_limit(whole):
        kind, most = KINDS[limit.kind], limit.says.longest
        fits, longer = (limit.filled(whole[limit.kind], count) for count in (most, most + 1))
        expected = [f"{limit.field.says.label} has {most + 1} characters; {most} is the most"]
        assert told(read(kind.value, fits)[1]) == [], limit
        assert told(read(kind.value, longer)[1]) == expected, limit
        page = Page(kind.value, longer, read(kind.value, longer)[1])
        said = [each.message.removeprefix("line 1: ") for each in page.told if MOST in each.message]
        assert said == expected, limit
        for doc, message in ((fits, []), (longer, expected)):
            written = kind.filing.write([value_of(kind.value, doc)], everything)
            filed = [each for path, text in written.items() for each in kind.filing.read(kind.value, text, path)]
            for each in filed:
                each.value(kind.value)
            said = [problem.message.rpartition(": ")[2] for each in filed for problem in each.problems]
            assert [each for each in said if MOST in each] == message, limit


# ---- the columns


def at_the_limit(cls: type, **overrides: Any) -> dict[str, Any]:
    """Every text of the class as long as it may be."""
    texts = {}
    for field in fields_of(cls):
        says = field.says
        if isinstance(says, Line) and not isinstance(says, Markdown | Section) and field.of is str:
            texts[field.name] = _text(says, says.longest)
    return {**texts, **overrides}


def longest() -> dict[str, Any]:
    """Of the kinds of the course a value in which every text is as long as it may be."""
    sections = section_source(**at_the_limit(SectionSource, former_anchors=tuple(f"{n:080}" for n in range(30))))
    exercise, citation = exercise_source(), citation_source()
    part = part_source()
    line = help_line_source()
    lesson = small_lesson(sections=(sections,))
    return {
        "part": replace(part, **at_the_limit(type(part)), position=50),
        "lesson": replace(
            lesson,
            **at_the_limit(type(lesson), part="1" * 50),
            number=950,
            exercise=replace(exercise, **at_the_limit(type(exercise))),
            citations=(replace(citation, **at_the_limit(type(citation))),),
        ),
        "term": replace(term_source(), **at_the_limit(type(term_source())), section=f"{'1' * 50}#{'1' * 80}"),
        "help line": replace(line, **at_the_limit(type(line)), position=500),
    }


def columns() -> Iterator[tuple[Any, str, int]]:
    for table in (Draft, Save, Version, Link, SectionText):
        for column in table._meta.get_fields():
            if isinstance(column, models.CharField) and column.max_length:
                yield table, column.name, column.max_length


def test_whatever_is_valid_fits_the_columns_and_is_cut_nowhere(course: None) -> None:
    """SQLite takes any length; PostgreSQL does not, so that what stands here has to fit by itself."""
    values = longest()
    for kind, value in values.items():
        assert read(type(value), document(value))[1] == []
        version = publish_value(kind, value)
        of = KINDS[kind]
        said = document(value)
        assert (version.draft.slug, version.title) == (of.slug(said), of.title(said))
        assert {link.target for link in version.links.all()} == {target for _, target in of.leads(value)}
    for table, column, most in columns():
        lengths = [len(held or "") for held in table._default_manager.values_list(column, flat=True)]
        assert max(lengths, default=0) <= most, (table, column)


def test_columns_of_the_words_for_search_are_those_of_a_section() -> None:
    says = {field.name: field.says.longest for field in fields_of(SectionSource) if isinstance(field.says, Line)}
    held = {name: most for table, name, most in columns() if table is SectionText}
    assert held == {name: says[name] for name in ("anchor", "heading")}


def test_longest_values_are_loaded_once(nothing: None, tmp_path: Path) -> None:
    lines = [longest()["help line"], replace(longest()["help line"], name="2" * 120)]
    lines = [replace(line, position=place) for place, line in enumerate(lines, 1)]
    help_file = ListIn("help.yaml", "lines").write([help_line_source(), *lines], {})
    found = content.read(write_folder(tmp_path, {**content_files(), **help_file}))
    assert found.problems == []
    assert len(content.load(found)) == 7
    assert content.load(found) == []


def test_name_in_any_script_has_an_address(nothing: None, tmp_path: Path) -> None:
    lines = [help_line_source(), help_line_source(country="Ελλάδα", name="Γραμμή ζωής", position=2)]
    help_file = ListIn("help.yaml", "lines").write(lines, {})
    found = content.read(write_folder(tmp_path, {**content_files(), **help_file}))
    assert len(content.load(found)) == 6
    assert content.load(found) == []


# ---- what passed the check once, and ended in a traceback


def test_slug_of_62_letters_is_told_by_the_check_and_at_its_field(
    tmp_path: Path, course: None, editing: Client
) -> None:
    slug = "a" * 62
    files = content_files()
    text = files.pop("lessons/1-formation/01-a-spare-key.md")
    found = content.read(write_folder(tmp_path, {**files, f"lessons/1-formation/01-{slug}.md": text}))
    assert [str(each) for each in found.problems if MOST in each.message] == [
        f"lessons/1-formation/01-{slug}.md:2: Address has 62 characters; 50 is the most"
    ]
    draft = steps.save(Draft(kind="lesson", document={}), document(lesson_source(slug=slug))).draft
    assert problems(editing.get(admin_url(draft))) == ["Address has 62 characters; 50 is the most"]


@pytest.mark.parametrize("count, message", [(30, []), (31, ["Former anchors: 31 are too many; 30 is the most"])])
def test_former_anchors_are_counted_by_the_check_and_by_the_admin(
    tmp_path: Path, course: None, editing: Client, count: int, message: list[str]
) -> None:
    section = section_source(former_anchors=tuple(f"was-{n}" for n in range(count)))
    lesson = small_lesson(sections=(section,))
    written = KINDS["lesson"].filing.write([lesson], {"part": [part_source()]})
    found = content.read(write_folder(tmp_path, {**content_files(), **written}))
    assert [each.message.removeprefix("Section 1: ") for each in found.problems] == message
    draft = steps.save(Draft(kind="lesson", document={}), document(lesson_source(slug="another"))).draft
    data = form_of(editing, draft)
    send(editing, draft, data, **{"sections-0-former_anchors": "\r\n".join(f"was-{n}" for n in range(count))})
    assert [each.removeprefix("Section 1: ") for each in problems(editing.get(admin_url(draft)))] == message


@pytest.mark.parametrize("typed", ["-5", "0", "999999", "9999999999999999999999", "ten", "1.5", "²"])
def test_any_number_can_be_typed(course: None, editing: Client, typed: str) -> None:
    draft = steps.save(Draft(kind="lesson", document={}), document(lesson_source(slug="another"))).draft
    assert edit(editing, draft, number=typed).status_code == 302
    assert form_of(editing, draft)["number"] == typed
    assert len(problems(editing.get(admin_url(draft)))) == 1
    assert editing.get("/admin/articles/lesson/").status_code == 200
