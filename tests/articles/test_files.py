"""Lesson files, parts and the glossary: every slip told with its line, and each value written as it was read."""

import pytest
from hypothesis import given, settings

from articles import rules
from articles.files import LessonFiles, write_lesson
from articles.source import LessonSource, PartSource, TermSource
from publishing.files import ListIn
from publishing.shape import document, read
from publishing.yaml_nodes import Filed
from tests.factories import (
    CONTENT,
    citation_source,
    exercise_source,
    lesson_source,
    lesson_sources,
    part_source,
    section_source,
    shipped_lessons,
    term_source,
)

LESSONS = LessonFiles()
PARTS, TERMS = ListIn("parts.yaml", "parts"), ListIn("glossary.yaml", "terms", numbered=False)

PATH = "lessons/1-formation/901-a-spare-key.md"
TEXT = """\
---
title: A spare key
summary: What a key says.
objectives:
- Say what a key says.
- Say what it does not.
safety: none
reviewed: 2026-11-22
review_due: 2027-11-22
exercise:
  title: Your map
  minutes: 10
  text: |-
    Draw a map.

    Look at [the key](a-spare-key#a-key).
sources:
- cite: Simpson, J. A. (2007).
  doi: 10.1111/j.1467
---

On Tuesday Amina knocks next door.

## A key changes hands {#a-key}

She gives him the key.

## The drawer {#the-drawer .safety .repair was=a-drawer,box}

It stays shut, as [before](what-trust-is#a-working-definition).
"""


NOT_A_KEY = "use lower-case letters, digits and hyphens"


def filed(text: str, path: str = PATH) -> Filed:
    [found] = LESSONS.read(LessonSource, text, path)
    return found


def told(text: str, *, path: str = PATH) -> list[str]:
    """The problems of a file, and the broken rules of its value."""
    found = filed(text, path)
    value = found.value(LessonSource) if found.document else None
    if value and not found.problems:
        found.tell(LessonSource, list(rules.broken(value)))
    assert {problem.path for problem in found.problems} <= {path}
    return [f"{problem.line}: {problem.message}" for problem in sorted(found.problems)]


def lesson_of(text: str, path: str = PATH) -> LessonSource:
    found = filed(text, path)
    value: LessonSource = found.value(LessonSource)
    assert found.problems == []
    return value


def with_line(number: int, line: str) -> str:
    """The lesson with another line in this place."""
    lines = TEXT.split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


def test_lesson_file_is_read_into_its_value() -> None:
    assert lesson_of(TEXT) == lesson_source(
        exercise=exercise_source(body="Draw a map.\n\nLook at [the key](a-spare-key#a-key)."),
        sections=(
            section_source(),
            section_source(
                anchor="the-drawer",
                heading="The drawer",
                body="It stays shut, as [before](what-trust-is#a-working-definition).",
                safety=True,
                not_in_danger=True,
                former_anchors=("a-drawer", "box"),
            ),
        ),
    )


def test_place_that_leads_elsewhere_has_its_line() -> None:
    found = filed(TEXT)
    leads = rules.leads(found.value(LessonSource))
    assert [(found.line_of(at), target) for at, target in leads] == [
        (2, "part:formation"),
        (30, "section:what-trust-is#a-working-definition"),
        (16, "section:a-spare-key#a-key"),
    ]


@pytest.mark.parametrize(
    "line, replacement, problem",
    [
        (2, "title: A spare key\ntitle: Again", "3: key 'title' is given twice"),
        (2, "title:", "2: Title is missing"),
        (2, "title: '  '", "2: Title is missing"),
        (2, "title: [a]", "2: Title must be text"),
        (2, "title: &a A spare key\nsummary: *a",
         "2: YAML anchors and aliases (& and *) are not allowed; write the text out"),
        (2, "title: !!python/object/apply:os.system ['id']",
         "2: YAML tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed; write plain text"),
        (2, "title: a: b", "2: not valid YAML: mapping values are not allowed here"),
        (2, "title: A \x01 key",
         "2: not valid YAML: unacceptable character #x0001: special characters are not allowed"),
        (2, 'title: "A \\x01 key"', "2: Title holds a character that cannot be seen (U+0001); remove it"),
        (3, "- summary", "3: not valid YAML: expected <block end>, but found '-'"),
        (3, "summary: |-\n  One.\n  Two.", "3: Summary must be one line"),
        (5, "- ''", "5: Objectives has an empty entry"),
        (5, "- [a]", "5: each of Objectives must be text"),
        (7, "safety: maybe", "7: Safety is “maybe”; choose from: none, care, high"),
        (8, "reviewed: soon", "8: Last reviewed must be a date such as 2026-11-30, not “soon”"),
        (8, "reviewed: 20261122", "8: Last reviewed must be a date such as 2026-11-30, not “20261122”"),
        (9, "review_due: 2026-11-21", "9: Next review due lies before the last review"),
        (12, "  minutes: ten", "12: Exercise: Minutes must be a whole number, not “ten”"),
        (12, "  minutes: 10\n  place: x", "13: Exercise: unknown key 'place'"),
        (12, "  minutes: 10\n  minutes: 11", "13: Exercise: key 'minutes' is given twice"),
        (16, "    Look at the key.\n\n    ![](/media/a.png)",
         "18: Exercise: picture '/media/a.png' has no text alternative; write ![what it shows](...)"),
        (14, "\n\n    ![](/media/a.png)",
         "16: Exercise: picture '/media/a.png' has no text alternative; write ![what it shows](...)"),
        (18, "- url: https://example.org/", "18: Source 1: Citation is missing"),
        (18, "- Simpson\n- cite: Simpson", "18: Source 1: must be a mapping of keys to values"),
        (19, "  doi: https://doi.org/10.1111/j",
         "19: Source 1: DOI is “https://doi.org/10.1111/j”;"
         " a DOI starts with 10. and has no https://doi.org/ before it"),
        (19, "  url: http://example.org/", "19: Source 1: Link is “http://example.org/”; it must start with https://"),
        (19, "  isbn: 1", "19: Source 1: unknown key 'isbn'"),
        (22, "", "21: Opening scene is missing"),
        (22, "![A key](https://example.org/key.png)",
         "22: Opening scene: picture 'https://example.org/key.png' is not on this site;"
         " upload it first, then use its /media/ address"),
        (22, "On Tuesday a \x02.", "22: Opening scene holds a character that cannot be seen (U+0002); remove it"),
        (24, "## A key changes hands", "24: '## A key changes hands' must read ## Heading {#anchor}"),
        (24, "## {#a-key}", "24: '## {#a-key}' must read ## Heading {#anchor}"),
        (24, "##A key {#a-key}", "24: '##A key {#a-key}' must read ## Heading {#anchor}"),
        (24, "## A key {}", "24: Section 1: Anchor is missing"),
        (24, "## A key {#}", "24: Section 1: Anchor is missing"),
        (24, "## A key {#A_Key}", f"24: Section 1: Anchor is “A_Key”; {NOT_A_KEY}"),
        (24, "## A key {#a-key .danger}",
         "24: unknown mark '.danger'; known are #anchor, .safety, .repair, was=old-anchor"),
        (24, "## A key {#a-key #a-lock}", "24: mark '#a-lock' is one too many"),
        (24, "## A key {#a-key was=b was=c}", "24: mark 'was=c' is one too many"),
        (24, "## A key {#a-key was=}", "24: Section 1: Former anchors has an empty entry"),
        (24, "## A key {#a-key was=b,,c}", "24: Section 1: Former anchors has an empty entry"),
        (24, "## A key {#a-key was=B}", f"24: Section 1: Former anchors is “B”; {NOT_A_KEY}"),
        (24, "## A key {#a-key was=a-key}", "24: Section 1: Anchor “a-key” is used twice in this lesson"),
        (24, "## A key {#the-drawer}", "28: Section 2: Anchor “the-drawer” is used twice in this lesson"),
        (24, "## A key {#box}", "28: Section 2: Anchor “box” is used twice in this lesson"),
        (26, "", "24: Section 1: Text is missing"),
        (26, "# Big", "26: Section 1: headings inside a text start with ###; ## begins a new section"),
        (26, "\n\n# Big", "28: Section 1: headings inside a text start with ###; ## begins a new section"),
        (30, "[here](javascript)",
         "30: Section 2: link 'javascript' leads nowhere; use lesson#anchor, /page/ or https://..."),
    ],
)  # fmt: skip
def test_one_slip_in_a_lesson_is_told_once_with_its_line(line: int, replacement: str, problem: str) -> None:
    assert told(with_line(line, replacement)) == [problem]


def test_key_with_a_slip_is_unknown_and_the_right_one_missing() -> None:
    assert told(with_line(2, "titel: A spare key")) == ["2: Title is missing", "2: unknown key 'titel'"]


@pytest.mark.parametrize(
    "line, replacement, problem",
    [
        (2, "title: " + "a" * 121, "Title has 121 characters; 120 is the most"),
        (3, "summary: " + "a" * 201, "Summary has 201 characters; 200 is the most"),
        (12, "  minutes: -5", "Exercise: Minutes is -5; it must lie from 1 to 240"),
        (12, "  minutes: 99999", "Exercise: Minutes is 99999; it must lie from 1 to 240"),
        (19, "  doi: 10.1111/" + "a" * 100, "Source 1: DOI has 108 characters; 100 is the most"),
        (24, "## A key {#" + "a" * 81 + "}", "Section 1: Anchor has 81 characters; 80 is the most"),
        (24, "## A key {#a-key was=" + "a" * 81 + "}", "Section 1: Former anchors has 81 characters; 80 is the most"),
        (24, "## " + "A" * 121 + " {#a-key}", "Section 1: Heading has 121 characters; 120 is the most"),
        (24, "## A key {#a-key was=" + ",".join(f"k{n}" for n in range(31)) + "}",
         "Section 1: Former anchors: 31 are too many; 30 is the most"),
    ],
)  # fmt: skip
def test_value_that_has_no_room_in_the_database(line: int, replacement: str, problem: str) -> None:
    assert told(with_line(line, replacement)) == [f"{line}: {problem}"]


@pytest.mark.parametrize("length", [51, 62])
def test_address_that_is_too_long_is_told(length: int) -> None:
    path = f"lessons/1-formation/901-{'a' * length}.md"
    assert told(TEXT, path=path) == [f"2: Address has {length} characters; 50 is the most"]
    assert told(TEXT, path=f"lessons/1-{'a' * length}/901-a.md") == [f"2: Part has {length} characters; 50 is the most"]


@pytest.mark.parametrize("anchor", ["exercise", "sources", "contents", "main", "check-yourself", "about-safety"])
@pytest.mark.parametrize("mark", ["#", "#a-key was="])
def test_anchor_that_the_page_uses_itself_is_refused(anchor: str, mark: str) -> None:
    text = with_line(24, f"## A key {{{mark}{anchor}}}")
    assert told(text) == [f"24: Section 1: Anchor “{anchor}” is the page’s own; choose another"]


@pytest.mark.parametrize(
    "key, problem",
    [
        ("title", "Title is missing"),
        ("summary", "Summary is missing"),
        ("objectives", "Objectives: at least one is needed"),
        ("safety", "Safety is missing"),
        ("reviewed", "Last reviewed is missing"),
        ("review_due", "Next review due is missing"),
        ("exercise", "Exercise: it is missing"),
        ("sources", "Sources: at least one is needed"),
    ],
)
def test_lesson_without_a_key(key: str, problem: str) -> None:
    lines = write_lesson(lesson_source()).split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    stop = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "-")) or lines[n] == "---")
    assert told("\n".join(lines[:start] + lines[stop:])) == [f"2: {problem}"]


@pytest.mark.parametrize(
    "key, field, label", [("objectives", "objectives", "Objectives"), ("sources", "citations", "Sources")]
)
def test_lesson_with_an_empty_list(key: str, field: str, label: str) -> None:
    text = write_lesson(lesson_source(**{field: ()})).replace("---\ntitle", f"---\n{key}: []\ntitle", 1)
    assert told(text) == [f"2: {label}: at least one is needed"]


@pytest.mark.parametrize(
    "text",
    ["", "title: x\n", "---\ntitle: x\n", "\n---\na: b\n---\n", "--- \na: b\n---\n"],
    ids=["empty", "no front matter", "never closed", "a blank line first", "a space after the dashes"],
)
def test_lesson_without_front_matter(text: str) -> None:
    assert told(text) == ["1: the file must start with front matter between two lines of ---"]


def test_lesson_without_a_section() -> None:
    assert told(TEXT[: TEXT.index("## A key")]) == ["24: Sections: at least one is needed"]


def test_every_problem_of_a_lesson_is_told_at_once() -> None:
    text = with_line(7, "safety: maybe").replace("## The drawer", "##The drawer").replace("10.1111", "11.1111")
    assert [problem.split(":")[0] for problem in told(text)] == ["7", "19", "28"]


@pytest.mark.parametrize(
    "path",
    [
        "lessons/formation/01-a.md",
        "lessons/1-formation/a.md",
        "lessons/1-formation/01-A.md",
        "lessons/1-formation/01-a.txt",
        "lessons/1-formation/more/01-a.md",
        "1-formation/01-a.md",
        "lessons/1-formation/01-a--b.md",
        "lessons/1-formation/0١-a.md",
        f"content/{PATH}",
    ],
)
def test_lesson_in_a_place_that_is_no_lesson(path: str) -> None:
    assert told(TEXT, path=path) == [f"1: lessons live at lessons/<n>-<part>/<nn>-<slug>.md; {NOT_A_KEY}"]


def test_lesson_path_of_a_value() -> None:
    parts = {"part": [part_source(position=2)]}
    assert LESSONS.path_of(lesson_source(number=7), parts) == "lessons/2-formation/07-a-spare-key.md"


def test_lesson_is_held_by_its_folder() -> None:
    assert LESSONS.holds(PATH)
    assert not LESSONS.holds("quizzes/a.md")
    assert not LESSONS.holds("lessons/a.yaml")


def test_sections_are_known_of_a_lesson_that_has_problems() -> None:
    for text in (with_line(7, "safety: maybe"), with_line(7, "safety: [")):
        value = filed(text).value(LessonSource)
        anchors = {anchor for section in value.sections for anchor in section.anchors}
        assert (value.slug, anchors) == ("a-spare-key", {"a-key", "the-drawer", "a-drawer", "box"})


def test_every_shipped_lesson_is_written_as_it_was_read() -> None:
    parts = {"part": shipped(PARTS, PartSource)}
    assert len(shipped_lessons()) == 21
    for source in shipped_lessons().values():
        [(path, text)] = LESSONS.write([source], parts).items()
        assert (CONTENT / path).read_text() == text
        assert read(LessonSource, document(source)) == (source, [])


@given(lesson_sources())
@settings(max_examples=60, deadline=None)
def test_written_lesson_is_read_as_it_was(source: LessonSource) -> None:
    text = write_lesson(source)
    path = LESSONS.path_of(source, {"part": [part_source()]})
    assert lesson_of(text, path) == source
    assert told(text, path=path) == []
    assert read(LessonSource, document(source)) == (source, [])


ODD = {
    "indented code": "    indented = 1\n\nand words",
    "a line of dashes": "one\n\n---\n\ntwo",
    "front matter in the text": "---\ntitle: no\n---",
    "a heading of two marks in code": "`##`",
    "backslashes": "one\\\ntwo\\",
    "a line separator": "one\u2028two\u2029three",
    "trailing spaces within": "one  \ntwo",
    "a byte order mark": "\ufeffone",
    "a tab": "\tone\ttwo",
    "a colon and a hash": "one: two # three",
    "blank lines within": "one\n\n\n\ntwo",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_text_survives_being_written_and_read(text: str) -> None:
    source = lesson_source(
        scene=text, sections=(section_source(body=text), section_source(anchor="b", body=text)),
        exercise=exercise_source(body=text), citations=(citation_source(citation=text.strip()),),
    )  # fmt: skip
    assert lesson_of(write_lesson(source), PATH) == source
    assert read(LessonSource, document(source)) == (source, [])


def test_exercise_may_hold_two_marks_at_the_start_of_a_line() -> None:
    source = lesson_source(exercise=exercise_source(body="Write:\n\n```\n## Today {#a}\n##\n```"))
    assert lesson_of(write_lesson(source), PATH) == source
    assert told(write_lesson(source)) == []


@pytest.mark.parametrize(
    "heading",
    [
        "A {b}",
        "A {#b}",
        "{b}",
        "A {",
        "A }",
        "# A",
        "A #",
        "A \\",
        "A {#b} {#c}",
        "A: “b”",
        "a\u2028b",
        "{#a-key",
    ],
)
def test_odd_heading_survives_being_written_and_read(heading: str) -> None:
    source = lesson_source(sections=(section_source(heading=heading),))
    assert lesson_of(write_lesson(source), PATH) == source


@pytest.mark.parametrize("character", ["\u2028", "\u2029"])
def test_objective_with_an_odd_line_end_stays_one(character: str) -> None:
    source = lesson_source(objectives=(f"a{character}b",))
    assert lesson_of(write_lesson(source), PATH) == source


@pytest.mark.parametrize("character", ["\x0b", "\x1c", "\x85", "\x00", "\ud800", "\ufffe"])
def test_character_that_cannot_be_seen_is_refused(character: str) -> None:
    source = lesson_source(objectives=("a", f"a{character}b"))
    assert read(LessonSource, document(source))[1] == [
        (
            ("objectives", 1),
            f"Objectives holds a character that cannot be seen (U+{ord(character):04X}); remove it",
        )
    ]


def test_former_anchors_count_as_anchors_of_the_lesson() -> None:
    source = lesson_source(sections=(section_source(former_anchors=("b", "c")), section_source(anchor="d")))
    assert [section.anchors for section in source.sections] == [("a-key", "b", "c"), ("d",)]


def test_citation_leads_to_its_doi_before_its_link() -> None:
    assert citation_source(doi="10.1037/a", url="https://example.org/").href == "https://doi.org/10.1037/a"
    assert citation_source(doi="", url="https://example.org/").href == "https://example.org/"
    assert citation_source(doi="").href == ""


# --- parts and the glossary


def listed(filing: ListIn, cls: type, text: str) -> tuple[list[object], list[str]]:
    found = filing.read(cls, text, filing.path)
    values = [each.value(cls) for each in found if each.document]
    return values, [f"{problem.line}: {problem.message}" for each in found for problem in each.problems]


def shipped(filing: ListIn, cls: type) -> list[object]:
    values, problems = listed(filing, cls, (CONTENT / filing.path).read_text())
    assert problems == []
    return values


def test_parts_round_trip_with_their_places() -> None:
    parts = [part_source(), part_source(position=2, slug="loss", title="How: it is “lost”", summary="'Quoted'")]
    assert listed(PARTS, PartSource, PARTS.write(parts, {})["parts.yaml"]) == (parts, [])


def test_terms_round_trip() -> None:
    terms = [term_source(), term_source(term="Lock: the", meaning="One.\n\nTwo.")]
    assert listed(TERMS, TermSource, TERMS.write(terms, {})["glossary.yaml"]) == (terms, [])


@pytest.mark.parametrize("filing, cls, count", [(PARTS, PartSource, 4), (TERMS, TermSource, 26)])
def test_shipped_list_is_written_as_it_was_read(filing: ListIn, cls: type, count: int) -> None:
    values = shipped(filing, cls)
    assert len(values) == count
    assert filing.write(values, {})[filing.path] == (CONTENT / filing.path).read_text()


@pytest.mark.parametrize(
    "text, problems",
    [
        ("parts:\n- slug: A b\n  title: t\n  summary: s\n", [f"2: Address is “A b”; {NOT_A_KEY}"]),
        ("parts:\n- slug: a\n  title: t\n", ["2: Summary is missing"]),
        ("parts:\n- slug: a\n  title: t\n  summary: s\n  color: red\n", ["5: unknown key 'color'"]),
        ("parts:\n- slug: a\n  title: t\n  summary: s\n  slug: b\n", ["5: key 'slug' is given twice"]),
        ("parts:\n- slug: a\n  title: t\n  summary: s\n- just words\n", ["5: must be a mapping of keys to values"]),
        (
            "parts:\n- slug: " + 51 * "a" + "\n  title: t\n  summary: s\n",
            ["2: Address has 51 characters; 50 is the most"],
        ),
    ],
    ids=["bad slug", "no summary", "unknown key", "key twice", "words", "long slug"],
)
def test_part_with_a_slip(text: str, problems: list[str]) -> None:
    assert listed(PARTS, PartSource, text)[1] == problems


@pytest.mark.parametrize(
    "text, problem",
    [
        ("terms:\n- term: a\n  meaning: b\n", "2: Section that teaches it is missing"),
        (
            "terms:\n- term: a\n  meaning: b\n  section: c\n",
            "4: Section that teaches it is “c”; choose a section; its address is lesson#anchor",
        ),
        ("terms:\n- term: a\n  meaning: b\n  section: c#d\n  more: e\n", "5: unknown key 'more'"),
        ("terms:\n- term: a\n  meaning: b\n  section: c#d\n  position: 4\n", "5: unknown key 'position'"),
    ],
)
def test_glossary_with_a_slip(text: str, problem: str) -> None:
    assert listed(TERMS, TermSource, text)[1] == [problem]
