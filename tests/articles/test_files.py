from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings as site_settings
from hypothesis import given, settings

from articles import files, publishing
from articles.source import HelpLineSource, LessonSource
from tests.factories import (
    citation_source,
    exercise_source,
    help_line_source,
    lesson_source,
    lesson_sources,
    part_source,
    section_source,
)
from trustsite.content import Content

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


def told(text: str, *, path: str = PATH) -> list[str]:
    parsed = files.parse_lesson(text, path)
    assert (parsed.source is None) == bool(parsed.problems)
    assert {problem.path for problem in parsed.problems} <= {path}
    return [f"{problem.line}: {problem.message}" for problem in parsed.problems]


def with_line(number: int, line: str) -> str:
    """The lesson with another line in this place."""
    lines = TEXT.split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


def test_lesson_file_is_read_into_its_value() -> None:
    parsed = files.parse_lesson(TEXT, PATH)
    assert parsed.problems == []
    assert parsed.source == lesson_source(
        exercise=exercise_source(body="Draw a map.\n\nLook at [the key](a-spare-key#a-key)."),
        sections=(
            section_source(),
            section_source(
                anchor="the-drawer",
                heading="The drawer",
                body="It stays shut, as [before](what-trust-is#a-working-definition).",
                safety=True,
                repair_advice=True,
                former_anchors=("a-drawer", "box"),
            ),
        ),
    )


def test_lesson_file_tells_the_sections_it_links_to_with_their_lines() -> None:
    assert sorted(files.parse_lesson(TEXT, PATH).references, key=lambda reference: reference.line) == [
        files.Reference(PATH, 16, "a-spare-key#a-key"),
        files.Reference(PATH, 30, "what-trust-is#a-working-definition"),
    ]


@pytest.mark.parametrize(
    "line, replacement, problem",
    [
        (2, "titel: A spare key", "2: unknown key 'titel'"),
        (2, "title: A spare key\ntitle: Again", "3: key 'title' is given twice"),
        (2, "title:", "2: 'title' is empty"),
        (2, "title: [a]", "2: 'title' must be text"),
        (
            2,
            "title: !!python/object/apply:os.system ['id']",
            "2: YAML tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed; write plain text",
        ),
        (2, "title: a: b", "2: not valid YAML: mapping values are not allowed here"),
        (3, "- summary", "3: not valid YAML: expected <block end>, but found '-'"),
        (7, "safety: maybe", "7: 'safety' is 'maybe'; it must be one of: none, care, high"),
        (8, "reviewed: soon", "8: 'reviewed' must be a date such as 2026-11-30, not 'soon'"),
        (9, "review_due: 2026-11-21", "9: 'review_due' lies before 'reviewed'"),
        (12, "  minutes: ten", "12: exercise: 'minutes' must be a whole number, not 'ten'"),
        (12, "  minutes: 10\n  place: x", "13: exercise: unknown key 'place'"),
        (
            16,
            "    Look at the key.\n\n    ![](/media/a.png)",
            "18: exercise: picture '/media/a.png' has no text alternative; write ![what it shows](...)",
        ),
        (18, "- doi: 10.1111/j.1467", "18: source 1: key 'cite' is missing"),
        (
            19,
            "  doi: https://doi.org/10.1111/j",
            "19: source 1: 'https://doi.org/10.1111/j' is not a DOI;"
            " it starts with 10. and has no https://doi.org/ before it",
        ),
        (19, "  url: http://example.org/", "19: source 1: 'http://example.org/' must start with https://"),
        (19, "  isbn: 1", "19: source 1: unknown key 'isbn'"),
        (22, "", "21: the lesson has no opening scene before its first section"),
        (
            22,
            "![A key](https://example.org/key.png)",
            "22: opening scene: picture 'https://example.org/key.png' is not on this site;"
            " upload it first, then use its /media/ address",
        ),
        (24, "## A key changes hands", "24: '## A key changes hands' must read ## Heading {#anchor}"),
        (24, "## {#a-key}", "24: '## {#a-key}' must read ## Heading {#anchor}"),
        (24, "##A key {#a-key}", "24: '##A key {#a-key}' must read ## Heading {#anchor}"),
        (24, "## A key {}", "24: '' cannot be an anchor; use lower-case letters, digits and hyphens"),
        (24, "## A key {#A_Key}", "24: 'A_Key' cannot be an anchor; use lower-case letters, digits and hyphens"),
        (
            24,
            "## A key {#a-key .danger}",
            "24: unknown mark '.danger'; known are #anchor, .safety, .repair, was=old-anchor",
        ),
        (24, "## A key {#a-key was=}", "24: '' cannot be an anchor; use lower-case letters, digits and hyphens"),
        (24, "## A key {#a-key was=b,,c}", "24: '' cannot be an anchor; use lower-case letters, digits and hyphens"),
        (24, "## A key {#a-key was=a-key}", "24: anchor 'a-key' is used twice in this lesson"),
        (24, "## A key {#the-drawer}", "28: anchor 'the-drawer' is used twice in this lesson"),
        (24, "## A key {#box}", "28: anchor 'box' is used twice in this lesson"),
        (26, "", "24: section 'a-key' has no text"),
        (26, "# Big", "26: section 'a-key': headings inside a text start with ###; ## begins a new section"),
        (
            30,
            "[here](javascript)",
            "30: section 'the-drawer': link 'javascript' leads nowhere; use lesson#anchor, /page/ or https://...",
        ),
    ],
)
def test_one_slip_in_a_lesson_is_told_with_its_line(line: int, replacement: str, problem: str) -> None:
    assert problem in told(with_line(line, replacement))


def test_one_slip_gives_one_problem() -> None:
    assert told(with_line(19, "  isbn: 1")) == ["19: source 1: unknown key 'isbn'"]
    assert told(with_line(26, "")) == ["24: section 'a-key' has no text"]


@pytest.mark.parametrize(
    "line, replacement, problem",
    [
        (2, "title: " + "a" * 121, "'title' has 121 signs; 120 is the most"),
        (3, "summary: " + "a" * 201, "'summary' has 201 signs; 200 is the most"),
        (12, "  minutes: -5", "exercise: 'minutes' is -5; it must lie from 1 to 240"),
        (12, "  minutes: 99999", "exercise: 'minutes' is 99999; it must lie from 1 to 240"),
        (19, "  doi: 10.1111/" + "a" * 100, "source 1: 'doi' has 108 signs; 100 is the most"),
        (24, "## A key {#" + "a" * 81 + "}", f"anchor '{'a' * 20}...' has 81 signs; 80 is the most"),
        (24, "## " + "A" * 121 + " {#a-key}", "the heading has 121 signs; 120 is the most"),
    ],
)
def test_value_that_has_no_room_in_the_database(line: int, replacement: str, problem: str) -> None:
    assert told(with_line(line, replacement)) == [f"{line}: {problem}"]


@pytest.mark.parametrize("anchor", ["exercise", "sources", "contents", "main", "check-yourself", "about-safety"])
@pytest.mark.parametrize("mark", ["#", "#a-key was="])
def test_anchor_that_the_page_uses_itself_is_refused(anchor: str, mark: str) -> None:
    text = with_line(24, f"## A key {{{mark}{anchor}}}")
    assert told(text) == [f"24: anchor '{anchor}' is the page's own; choose another"]


@pytest.mark.parametrize("key", ["title", "summary", "objectives", "reviewed", "review_due", "exercise", "sources"])
def test_lesson_without_a_key(key: str) -> None:
    front = files.write_lesson(lesson_source())
    lines = front.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    stop = next(n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "-")) or lines[n] == "---")
    assert f"2: key '{key}' is missing" in told("\n".join(lines[:start] + lines[stop:]))


@pytest.mark.parametrize("key, field", [("objectives", "objectives"), ("sources", "citations")])
def test_lesson_with_an_empty_list(key: str, field: str) -> None:
    text = files.write_lesson(lesson_source(**{field: ()})).replace("---\ntitle", f"---\n{key}: []\ntitle", 1)
    assert told(text) == [f"2: '{key}' is empty"]


@pytest.mark.parametrize(
    "text",
    ["", "title: x\n", "---\ntitle: x\n", "\n---\na: b\n---\n", "--- \na: b\n---\n"],
    ids=["empty", "no front matter", "never closed", "a blank line first", "a space after the dashes"],
)
def test_lesson_without_front_matter(text: str) -> None:
    assert told(text) == ["1: the file must start with front matter between two lines of ---"]


def test_lesson_without_a_section() -> None:
    text = TEXT[: TEXT.index("## A key")]
    assert told(text) == ["24: the lesson has no section; write ## Heading {#anchor}"]


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
    ],
)
def test_lesson_in_a_place_that_is_no_lesson(path: str) -> None:
    assert told(TEXT, path=path) == [
        "1: lessons live at lessons/<n>-<part>/<nn>-<slug>.md; use lower-case letters, digits and hyphens"
    ]


def test_lesson_below_another_folder() -> None:
    parsed = files.parse_lesson(TEXT, f"content/{PATH}")
    assert parsed.source
    assert (parsed.source.part, parsed.source.number, parsed.source.slug) == ("formation", 901, "a-spare-key")


def test_decoding_drops_a_byte_order_mark_and_foreign_line_ends() -> None:
    data = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    text, problems = files.decode(data, PATH)
    assert (text, problems) == (TEXT, [])
    assert files.decode(b"a\rb\r\n", PATH) == ("a\nb\n", [])


def test_decoding_what_is_not_utf8_tells_the_line() -> None:
    text, problems = files.decode("one\ntwo\nthr\xe9e\n".encode("latin-1"), PATH)
    assert (text, [str(problem) for problem in problems]) == ("", [f"{PATH}:3: not UTF-8; save the file as UTF-8"])


def test_lesson_path_of_a_value() -> None:
    source = lesson_source(number=7)
    assert files.lesson_path(source, 2) == "lessons/2-formation/07-a-spare-key.md"


def test_addresses_are_found_in_a_lesson_that_has_problems() -> None:
    text = with_line(7, "safety: maybe")
    names = ("a-key", "the-drawer", "a-drawer", "box")
    assert files.addresses(text, PATH) == {f"a-spare-key#{name}" for name in names}
    assert files.addresses(text, "lessons/x.md") == set()


def test_every_shipped_lesson_is_written_as_it_was_read(shipped: Content) -> None:
    order = [part.slug for part in shipped.parts]
    assert len(shipped.lessons) == 20
    for source in shipped.lessons:
        path = files.lesson_path(source, 1 + order.index(source.part))
        data = (site_settings.CONTENT_DIR / path).read_bytes()
        assert files.write_lesson(source).encode() == data


@given(lesson_sources())
@settings(max_examples=60, deadline=None)
def test_written_lesson_is_read_as_it_was(source: LessonSource) -> None:
    text = files.write_lesson(source)
    parsed = files.parse_lesson(text, files.lesson_path(source, 1))
    assert parsed.problems == []
    assert parsed.source == source
    assert files.write_lesson(parsed.source) == text


def test_next_line_sign_in_a_title_round_trips() -> None:
    source = lesson_source(title="a\x85b")
    assert files.parse_lesson(files.write_lesson(source), files.lesson_path(source, 1)).source == source


@pytest.mark.parametrize("sign", ["\u2028", "\x0b", "\x1c"])
def test_objective_with_an_odd_line_sign_stays_one(course: None, sign: str) -> None:
    source = lesson_source(objectives=(f"a{sign}b",))
    assert publishing.snapshot(publishing.apply(source)) == source


def test_former_anchors_count_as_anchors_of_the_lesson() -> None:
    source = lesson_source(sections=(section_source(former_anchors=("b", "c")), section_source(anchor="d")))
    assert source.anchors == {"a-key", "b", "c", "d"}


def test_words_of_another_lesson_keep_the_place() -> None:
    here = lesson_source(part="loss", number=3, slug="here")
    assert lesson_source(title="Other words").at(here) == replace(here, title="Other words")


# --- parts and help lines


def test_parts_round_trip() -> None:
    parts = [part_source(), part_source(slug="loss", title="How: it is “lost”", summary="'Quoted'")]
    assert files.parse_parts(files.write_parts(parts), "parts.yaml") == (parts, [])


@pytest.mark.parametrize(
    "text, problems",
    [
        ("parts: []\n", ["1: 'parts' is empty"]),
        ("other: 1\n", ["1: key 'parts' is missing", "1: unknown key 'other'"]),
        (
            "parts:\n- slug: A b\n  title: t\n  summary: s\n",
            ["2: part 1: 'A b' cannot be an address; use lower-case letters, digits and hyphens"],
        ),
        (
            "parts:\n- slug: a\n  title: t\n  summary: s\n- slug: a\n  title: t\n  summary: s\n",
            ["5: part 2: slug 'a' is used twice"],
        ),
        ("parts:\n- slug: a\n  title: t\n", ["2: part 1: key 'summary' is missing"]),
        ("parts:\n- slug: a\n  title: t\n  summary: s\n  color: red\n", ["5: part 1: unknown key 'color'"]),
        ("parts: [\n", ["2: not valid YAML: expected the node content, but found '<stream end>'"]),
    ],
    ids=["empty", "no parts", "bad slug", "slug twice", "no summary", "unknown key", "broken"],
)
def test_parts_with_a_slip(text: str, problems: list[str]) -> None:
    found = files.parse_parts(text, "parts.yaml")[1]
    assert [f"{problem.line}: {problem.message}" for problem in found] == problems


def test_help_lines_round_trip() -> None:
    lines: list[HelpLineSource] = [
        help_line_source(),
        help_line_source(
            phone="",
            text_message="HELLO to 50808",
            website="https://example.org/",
            audience="Anyone: all",
            hours="24/7",
        ),
        help_line_source(phone="0800 1111", checked=date(2026, 1, 1)),
    ]
    assert files.parse_help_lines(files.write_help_lines(lines), "help.yaml") == (lines, [])


def help_text(**overrides: str) -> str:
    keys = {"country": "Ireland", "topic": "abuse", "name": "A line", "phone": "'112'", "checked": "2026-11-22"}
    pairs = [f"{key}: {value}" for key, value in {**keys, **overrides}.items() if value]
    return "lines:\n- " + "\n  ".join(pairs) + "\n"


@pytest.mark.parametrize(
    "overrides, problems",
    [
        ({}, []),
        (
            {"topic": "love"},
            ["3: line 1: 'topic' is 'love'; it must be one of: emergency, abuse, crisis, children, harm, fraud"],
        ),
        ({"phone": ""}, ["4: line 1: 'A line' has no phone, text or website"]),
        ({"phone": "", "text": "a"}, []),
        ({"website": "http://example.org"}, ["7: line 1: 'http://example.org' must start with https://"]),
        ({"checked": "lately"}, ["6: line 1: 'checked' must be a date such as 2026-11-30, not 'lately'"]),
        ({"country": ""}, ["2: line 1: key 'country' is missing"]),
        ({"fax": "1"}, ["7: line 1: unknown key 'fax'"]),
    ],
    ids=["none", "topic", "no way to reach", "text only", "website", "date", "country", "unknown key"],
)
def test_help_line_with_a_slip(overrides: dict[str, str], problems: list[str]) -> None:
    found = files.parse_help_lines(help_text(**overrides), "help.yaml")[1]
    assert [f"{problem.line}: {problem.message}" for problem in found] == problems


@pytest.mark.parametrize(
    "text, problems",
    [
        ("lines: []\n", ["1: 'lines' is empty"]),
        ("a: 1\n", ["1: key 'lines' is missing", "1: unknown key 'a'"]),
        ("- a\n", ["1: must be a mapping of keys to values", "1: key 'lines' is missing"]),
    ],
)
def test_help_file_without_lines(text: str, problems: list[str]) -> None:
    found = files.parse_help_lines(text, "help.yaml")[1]
    assert [f"{problem.line}: {problem.message}" for problem in found] == problems


def test_shipped_parts_and_help_lines_are_written_as_they_were_read(shipped: Content) -> None:
    folder = site_settings.CONTENT_DIR
    assert files.write_parts(shipped.parts).encode() == (folder / "parts.yaml").read_bytes()
    assert files.write_help_lines(shipped.help_lines).encode() == (folder / "help.yaml").read_bytes()


def test_citation_leads_to_its_doi_before_its_link() -> None:
    assert citation_source(doi="10.1037/a", url="https://example.org/").href == "https://doi.org/10.1037/a"
    assert citation_source(doi="", url="https://example.org/").href == "https://example.org/"
    assert citation_source(doi="").href == ""


def test_glossary_round_trip_and_its_links(shipped: Content) -> None:
    data = (site_settings.CONTENT_DIR / "glossary.yaml").read_bytes()
    terms, problems, references = files.parse_terms(data.decode(), "glossary.yaml")
    assert (terms, problems) == (shipped.terms, [])
    assert [reference.address for reference in references] == [term.section for term in terms]
    assert files.write_terms(terms).encode() == data


@pytest.mark.parametrize(
    "text, problem",
    [
        ("terms:\n- term: a\n  meaning: b\n", "2: term 1: key 'section' is missing"),
        (
            "terms:\n- term: a\n  meaning: b\n  section: c\n",
            "4: term 1: 'c' is not the address of a section; write lesson#anchor",
        ),
        ("terms:\n- term: a\n  meaning: b\n  section: c#d\n  more: e\n", "5: term 1: unknown key 'more'"),
        ("terms:\n" + 2 * "- term: a\n  meaning: b\n  section: c#d\n", "5: term 2: 'a' is explained twice"),
        ("terms: []\n", "1: 'terms' is empty"),
    ],
)
def test_glossary_with_a_slip(text: str, problem: str) -> None:
    found = files.parse_terms(text, "glossary.yaml")[1]
    assert problem in [f"{each.line}: {each.message}" for each in found]
