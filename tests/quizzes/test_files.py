"""Quiz files: byte-stable, and every problem told with its line."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from articles.source import Problem
from quizzes.files import parse_quiz, quiz_path, write_quiz
from quizzes.source import ConditionSource, ItemSource, LinkSource, NoteSource, QuizSource
from tests.quizzes.build import dimension, item, items, keyed_items, quiz, safety

FILES = sorted((Path(settings.CONTENT_DIR) / "quizzes").glob("*.yaml"))
PATH = "quizzes/small-quiz.yaml"

RATING = """\
title: A small quiz
number: 1
summary: For tests.
purpose: To test.
audience: Tests.
intro:
- Take your time.
format: agreement
minutes: 3
reviewed: 2026-11-22
higher_is: better
context:
  question: Who?
  choices:
  - key: friend
    label: A friend
    person: my friend
bands:
  low:
    label: Low
    from: 0
    text: Low text.
  middle:
    label: Middle
    from: 40
    text: Middle text.
  high:
    label: High
    from: 70
    text: High text.
dimensions:
- key: open
  name: Openness
  about: How open you are.
  bands:
    low:
      links:
      - to: what-trust-is#a-working-definition
        why: start here
    middle:
      links:
      - to: what-trust-is#the-building-blocks
        why: go on
    high:
      links:
      - to: what-trust-is#trust-has-limits
        why: end here
items:
- key: '1'
  text: I am open.
  dimension: open
- key: '2'
  text: I am closed.
  dimension: open
  reverse: true
"""

SCENARIOS = (
    RATING[: RATING.index("items:\n")].replace("format: agreement", "format: scenarios")
    + """\
items:
- key: u1
  text: They want your phone code.
  dimension: open
  options:
  - key: a
    text: Say no.
  - key: b
    text: Give it.
  answer: a
  explanation: Privacy is not guilt.
"""
)
GATE = "gates:\n- question: Afraid?\n  stops_at: ['yes']\n  text: Stop here.\n"


def problems(text: str, path: str = PATH) -> list[Problem]:
    parsed = parse_quiz(text, path)
    assert (parsed.source is None) == bool(parsed.problems)
    return parsed.problems


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_quiz_is_written_back_byte_for_byte(path: Path) -> None:
    data = path.read_bytes()
    parsed = parse_quiz(data.decode(), f"quizzes/{path.name}")
    assert parsed.problems == []
    assert parsed.source is not None
    assert quiz_path(parsed.source) == f"quizzes/{path.name}"
    assert write_quiz(parsed.source).encode() == data


def test_seven_quizzes_are_shipped() -> None:
    assert [path.stem for path in FILES] == [
        "how-i-trust",
        "is-this-person-safe-to-trust",
        "ready-to-rebuild",
        "spot-the-manipulation",
        "trust-facts",
        "trust-in-this-relationship",
        "where-mistrust-came-from",
    ]


@pytest.mark.parametrize("text", [RATING, SCENARIOS], ids=["rating", "scenarios"])
def test_small_quiz_has_no_problem_and_is_written_back(text: str) -> None:
    parsed = parse_quiz(text, PATH)
    assert parsed.problems == []
    assert parsed.source is not None
    assert write_quiz(parsed.source) == text


def test_parsed_quiz_says_what_the_file_says() -> None:
    source = parse_quiz(RATING, PATH).source
    assert source is not None
    assert (source.slug, source.number, source.reviewed, source.format) == (
        "small-quiz",
        1,
        date(2026, 11, 22),
        "agreement",
    )
    assert source.items == (
        ItemSource(key="1", text="I am open.", dimension="open"),
        ItemSource(key="2", text="I am closed.", dimension="open", reverse=True),
    )
    assert source.dimensions[0].bands[1].links == (LinkSource(to="what-trust-is#the-building-blocks", why="go on"),)


def test_references_come_with_their_lines() -> None:
    parsed = parse_quiz(RATING, PATH)
    assert [(reference.line, reference.address) for reference in parsed.references] == [
        (38, "what-trust-is#a-working-definition"),
        (42, "what-trust-is#the-building-blocks"),
        (46, "what-trust-is#trust-has-limits"),
    ]


PROBLEMS = [
    pytest.param(RATING, "minutes: 3", "minutes: 3\ncolor: red", "color: red", "unknown key 'color'", id="unknown key"),
    pytest.param(
        RATING,
        "  reverse: true",
        "  reversed: true",
        "reversed",
        "item '2': unknown key 'reversed'",
        id="unknown key of an item",
    ),
    pytest.param(RATING, "minutes: 3\n", "", "title:", "key 'minutes' is missing", id="missing key"),
    pytest.param(
        RATING, "number: 1", "number: one", "number:", "'number' must be a whole number, not 'one'", id="not a number"
    ),
    pytest.param(
        RATING,
        "reviewed: 2026-11-22",
        "reviewed: November",
        "reviewed:",
        "'reviewed' must be a date such as 2026-11-30, not 'November'",
        id="not a date",
    ),
    pytest.param(RATING, "title: A small quiz", "title: ''", "title:", "'title' is empty", id="empty title"),
    pytest.param(
        RATING,
        "minutes: 3",
        "minutes: 3\nminutes: 4",
        "minutes: 4",
        "key 'minutes' is given twice",
        id="key given twice",
    ),
    pytest.param(
        RATING,
        "format: agreement",
        "format: essay",
        "format:",
        "'format' is 'essay'; it must be one of: agreement, frequency, scenarios, statements",
        id="wrong format",
    ),
    pytest.param(
        RATING,
        "higher_is: better",
        "higher_is: nicer",
        "higher_is:",
        "'higher_is' is 'nicer'; it must be one of: better, worse",
        id="wrong direction",
    ),
    pytest.param(
        RATING,
        "  high:\n    label: High\n    from: 70\n    text: High text.\n",
        "",
        "low:\n    label",
        "bands: key 'high' is missing",
        id="missing band",
    ),
    pytest.param(
        RATING,
        "    high:\n      links:\n      - to: what-trust-is#trust-has-limits\n        why: end here\n",
        "",
        "    low:\n      links",
        "dimension 'open': bands: key 'high' is missing",
        id="missing band of a dimension",
    ),
    pytest.param(
        RATING,
        "    from: 40",
        "    from: 80",
        "bands:\n  low:",
        "cut-points [0, 80, 70] of bands must start at 0 and rise, 100 at most",
        id="cut-points that fall",
    ),
    pytest.param(
        RATING,
        "    from: 0",
        "    from: 10",
        "bands:\n  low:",
        "cut-points [10, 40, 70] of bands must start at 0 and rise, 100 at most",
        id="cut-points that leave out 0",
    ),
    pytest.param(
        RATING,
        "    from: 70",
        "    from: 101",
        "bands:\n  low:",
        "cut-points [0, 40, 101] of bands must start at 0 and rise, 100 at most",
        id="cut-point beyond 100",
    ),
    pytest.param(
        RATING,
        "    from: 40",
        "    from: 70",
        "bands:\n  low:",
        "cut-points [0, 70, 70] of bands must start at 0 and rise, 100 at most",
        id="band without room",
    ),
    pytest.param(
        RATING,
        "    middle:\n      links:",
        "    middle:\n      from: 75\n      links:",
        "  bands:\n    low:",
        "dimension 'open': cut-points [0, 75, 70] of dimension 'open' must start at 0 and rise, 100 at most",
        id="own cut-points that fall",
    ),
    pytest.param(
        RATING,
        "- to: what-trust-is#trust-has-limits",
        "- to: /formation/what-trust-is/",
        "/formation/what-trust-is/",
        "dimension 'open': band 'high': link 1: '/formation/what-trust-is/' is not the address of a section; "
        "write lesson#anchor",
        id="bad address",
    ),
    pytest.param(
        RATING,
        "        why: end here\n",
        "",
        "- to: what-trust-is#trust-has-limits",
        "dimension 'open': band 'high': link 1: key 'why' is missing",
        id="link without its reason",
    ),
    pytest.param(
        RATING, "- key: '2'", "- key: '1'", "items:", "key '1' is used twice in 'items'", id="duplicate item key"
    ),
    pytest.param(
        RATING,
        "- key: '2'",
        "- key: Two",
        "key: Two",
        "item 2: 'Two' cannot be a key; use lower-case letters, digits and hyphens",
        id="key with a capital",
    ),
    pytest.param(
        RATING,
        "  dimension: open\n  reverse: true",
        "  dimension: opne\n  reverse: true",
        "opne",
        "item '2': there is no dimension 'opne'",
        id="unknown dimension",
    ),
    pytest.param(
        RATING,
        "- key: open\n",
        "- key: shut\n",
        "dimensions:",
        "dimension 'shut' has no item",
        id="dimension without an item",
    ),
    pytest.param(
        RATING,
        "  reverse: true\n",
        "  contexts: [enemy]\n",
        "enemy",
        "item '2': 'enemy' is not a choice of the context question",
        id="unknown context",
    ),
    pytest.param(
        RATING,
        "  reverse: true\n",
        "  flag_at: [4, 6]\n",
        "flag_at",
        "item '2': flags at an answer that this format does not offer",
        id="flag at an answer not offered",
    ),
    pytest.param(
        RATING,
        "  reverse: true\n",
        "  flag_at: [4]\n",
        "title:",
        "something flags danger, but there is no 'safety' to say what to show then",
        id="flag without safety",
    ),
    pytest.param(
        RATING,
        "  about: How open you are.\n",
        "  about: How open you are.\n  flag_up_to: 49\n",
        "title:",
        "something flags danger, but there is no 'safety' to say what to show then",
        id="dimension flag without safety",
    ),
    pytest.param(
        RATING,
        "bands:\n  low:",
        GATE + "bands:\n  low:",
        "title:",
        "something flags danger, but there is no 'safety' to say what to show then",
        id="gate without safety",
    ),
    pytest.param(
        RATING,
        "  reverse: true\n",
        "  answer: '5'\n",
        "answer: '5'",
        "item '2': unknown key 'answer'",
        id="best answer on a rating item",
    ),
    pytest.param(
        SCENARIOS,
        "  answer: a\n",
        "  answer: c\n",
        "answer: c",
        "item 'u1': 'answer' is 'c'; it must be one of: a, b",
        id="answer not among the options",
    ),
    pytest.param(
        SCENARIOS,
        "  answer: a\n",
        "  reverse: true\n  answer: a\n",
        "reverse: true",
        "item 'u1': only rating items can be reverse-keyed",
        id="reverse on a keyed item",
    ),
    pytest.param(
        SCENARIOS,
        "  - key: b\n",
        "  - key: a\n",
        "options:",
        "item 'u1': key 'a' is used twice in 'options'",
        id="duplicate option key",
    ),
    pytest.param(
        SCENARIOS,
        "  explanation: Privacy is not guilt.\n",
        "",
        "- key: u1",
        "item 'u1': key 'explanation' is missing",
        id="keyed item without its explanation",
    ),
    pytest.param(
        RATING,
        "  - key: friend\n",
        "  - key: friend\n    label: Another\n  - key: friend\n",
        "  choices:",
        "context: key 'friend' is used twice in 'choices'",
        id="duplicate choice",
    ),
]


@pytest.mark.parametrize("text, old, new, place, message", PROBLEMS)
def test_problem_is_told_with_its_line(text: str, old: str, new: str, place: str, message: str) -> None:
    """``place`` begins on the line that the problem must name."""
    assert text.count(old) == 1
    broken = text.replace(old, new)
    assert broken.count(place) == 1
    line = broken[: broken.index(place)].count("\n") + 1
    assert Problem(PATH, line, message) in problems(broken)


def test_problem_of_one_mistake_is_told_alone() -> None:
    assert problems(RATING.replace("dimension: open\n  reverse", "dimension: opne\n  reverse")) == [
        Problem(PATH, 54, "item '2': there is no dimension 'opne'")
    ]


def test_all_problems_are_told_in_order_of_their_lines() -> None:
    broken = RATING.replace("number: 1", "number: one").replace("minutes: 3", "minutes: three") + "color: red\n"
    assert [(problem.line, problem.message) for problem in problems(broken)] == [
        (2, "'number' must be a whole number, not 'one'"),
        (9, "'minutes' must be a whole number, not 'three'"),
        (56, "unknown key 'color'"),
    ]


@pytest.mark.parametrize(
    "appended, offset, message",
    [
        pytest.param(
            "notes:\n- when:\n  - dimension: shut\n  text: Hm.\n",
            3,
            "note 1: condition 1: there is no dimension 'shut'",
            id="note on an unknown dimension",
        ),
        pytest.param(
            "notes:\n- when:\n  - dimension: open\n    at_least: 70\n    at_most: 39\n  text: Hm.\n",
            3,
            "note 1: condition 1: the condition can never hold; scores run from 0 to 100",
            id="note that can never hold",
        ),
        pytest.param(
            "swaps:\n- contexts: [enemy]\n  lessons: [what-trust-is]\n  to: what-trust-is#trust-has-limits\n",
            2,
            "swap 1: 'enemy' is not a choice of the context question",
            id="swap in an unknown context",
        ),
        pytest.param(
            "swaps:\n- contexts: [friend]\n  lessons: [what-trust-is]\n  to: nowhere\n",
            4,
            "swap 1: 'nowhere' is not the address of a section; write lesson#anchor",
            id="swap to a bad address",
        ),
        pytest.param(
            "gates:\n- question: Afraid?\n  stops_at: [maybe]\n  text: Stop.\n",
            3,
            "gate 1: 'maybe' is not an answer; they are no, yes, unsure",
            id="gate that stops at no answer",
        ),
        pytest.param(
            "safety:\n  text: Not your fault.\n  skipped: Skipped.\n  fallback:\n    to: a#b\n    why: safe\n",
            2,
            "safety: key 'links' is missing",
            id="safety without links",
        ),
    ],
)
def test_problem_of_a_later_part_is_told_with_its_line(appended: str, offset: int, message: str) -> None:
    last = RATING.count("\n")
    assert Problem(PATH, last + offset, message) in problems(RATING + appended)


@pytest.mark.parametrize(
    "path", ["quiz.yaml", "quizzes/Small.yaml", "quizzes/small.yml", "lessons/small.yaml"], ids=str
)
def test_path_that_is_no_quiz_s_is_refused(path: str) -> None:
    assert problems(RATING, path) == [
        Problem(path, 1, "quizzes live at quizzes/<slug>.yaml; use lower-case letters, digits and hyphens")
    ]


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n"], ids=["empty", "list", "words"])
def test_file_that_is_no_mapping_is_refused_at_its_first_line(text: str) -> None:
    assert Problem(PATH, 1, "must be a mapping of keys to values") in problems(text)
    assert {problem.line for problem in problems(text)} == {1}


def test_broken_yaml_is_refused_with_its_line() -> None:
    assert [problem.line for problem in problems(RATING.replace("number: 1", "number: [1"))] == [3]


def test_no_is_text_and_not_false() -> None:
    parsed = parse_quiz(RATING + GATE.replace("['yes']", "[yes, no]") + write_safety(), PATH)
    assert parsed.problems == []
    assert parsed.source is not None
    assert parsed.source.gates[0].stops_at == ("yes", "no")


def write_safety() -> str:
    text = write_quiz(quiz(safety=safety()))
    return text[text.index("safety:") :]


def test_quiz_that_a_note_leads_to_is_told_with_its_line() -> None:
    parsed = parse_quiz(
        RATING + "notes:\n- when:\n  - dimension: open\n    at_least: 70\n  text: Look.\n  quiz: other-quiz\n", PATH
    )
    assert [(reference.line, reference.address) for reference in parsed.quizzes] == [(61, "other-quiz")]


WORDS = st.text("abc 'ü\"#:-[]{}&*!|>%@`\n", min_size=1, max_size=30).map(lambda text: text.strip()).filter(bool)


@given(WORDS, WORDS, st.integers(1, 39), st.integers(40, 99), st.booleans())
def test_every_quiz_survives_being_written_and_read(text: str, why: str, start: int, edge: int, worse: bool) -> None:
    source = quiz(
        items=(
            item("1", flag_at=(1, 5), reverse=True),
            *items(3, "two", prefix="b"),
            ItemSource(key="z", text=text, dimension="one"),
        ),
        dimensions=(dimension("one", flag_up_to=start), dimension("two", starts=(0, start, edge))),
        higher_is_worse=worse,
        safety=safety(),
        notes=(
            NoteSource(
                conditions=(ConditionSource(dimension="one", at_least=start, at_most=edge),),
                text=text,
                link=LinkSource(to="a#b", why=why),
                quiz="other",
            ),
        ),
    )
    parsed = parse_quiz(write_quiz(source), quiz_path(source))
    assert (parsed.problems, parsed.source) == ([], source)


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_keyed_quiz_survives_being_written_and_read(answer: str) -> None:
    source: QuizSource = quiz(items=keyed_items(3, answer=answer), format="scenarios")
    parsed = parse_quiz(write_quiz(source), quiz_path(source))
    assert (parsed.problems, parsed.source) == ([], source)


@pytest.mark.parametrize(
    "old, new",
    [
        ("minutes: 3", "minutes: -3"),
        ("number: 1", "number: -1"),
        ("minutes: 3", "minutes: 999999"),
        ("  about: How open you are.\n", "  about: How open you are.\n  flag_up_to: 101\n"),
        ("  about: How open you are.\n", "  about: How open you are.\n  flag_up_to: -1\n"),
        ("title: A small quiz", "title: " + "x" * 101),
    ],
    ids=["minutes below 0", "number below 0", "minutes too many", "flag beyond 100", "flag below 0", "long title"],
)
def test_number_or_text_that_no_row_can_hold_is_a_problem(old: str, new: str) -> None:
    assert parse_quiz(RATING + write_safety(), PATH).problems == []
    assert [problem.line > 0 for problem in parse_quiz(RATING.replace(old, new) + write_safety(), PATH).problems] == [
        True
    ]
