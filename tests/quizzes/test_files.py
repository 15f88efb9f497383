"""Quiz files: written as they were read, and every slip told once with its line."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.files import OneEach
from publishing.shape import document, links, read
from publishing.yaml_nodes import Filed
from quizzes import rules
from quizzes.source import ConditionSource, ItemSource, LinkSource, NoteSource, QuizSource
from tests.factories import CONTENT, put, shipped_quizzes
from tests.quizzes.build import dimension, item, items, keyed_items, quiz, safety

QUIZZES = OneEach("quizzes")
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
  danger:
    label: It should not be so
    text: It counts.
  bands:
    low:
      act: Think of one low door.
      links:
      - to: what-trust-is#a-working-definition
        why: start here
    middle:
      act: Think of one middle door.
      links:
      - to: what-trust-is#the-building-blocks
        why: go on
        contexts: [friend]
    high:
      act: Think of one high door.
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
    feedback: You had it.
  - key: b
    text: Give it.
    feedback: It would end the quarrel.
  answer: a
  explanation: Privacy is not guilt.
"""
)
GATE = "gates:\n- question: Afraid?\n  stops_at: ['yes']\n  text: Stop here.\n  help_topics: [abuse]\n"


def filed(text: str, path: str = PATH) -> Filed:
    [found] = QUIZZES.read(QuizSource, text, path)
    return found


def told(text: str, path: str = PATH) -> list[str]:
    """The problems of a file, and the broken rules of its value."""
    found = filed(text, path)
    value = found.value(QuizSource) if found.document else None
    if value and not found.problems:
        found.tell(QuizSource, list(rules.broken(value)))
    return [f"{problem.line}: {problem.message}" for problem in sorted(found.problems)]


def quiz_of(text: str) -> QuizSource:
    value: QuizSource = filed(text).value(QuizSource)
    assert told(text) == []
    return value


def written(source: QuizSource) -> str:
    return QUIZZES.write([source], {})[f"quizzes/{source.slug}.yaml"]


def safety_text() -> str:
    text = written(quiz(safety=safety()))
    return text[text.index("safety:") :]


@pytest.mark.parametrize("slug", shipped_quizzes())
def test_shipped_quiz_is_written_back_byte_for_byte(slug: str) -> None:
    source = shipped_quizzes()[slug]
    assert written(source).encode() == (CONTENT / f"quizzes/{slug}.yaml").read_bytes()
    assert read(QuizSource, document(source)) == (source, [])


def test_seven_quizzes_are_shipped() -> None:
    assert list(shipped_quizzes()) == [
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
    assert written(quiz_of(text)) == text


def test_quiz_says_what_its_file_says() -> None:
    source = quiz_of(RATING)
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
    assert source.dimensions[0].bands[1].links == (
        LinkSource(to="what-trust-is#the-building-blocks", why="go on", contexts=("friend",)),
    )


def test_place_that_leads_elsewhere_has_its_line() -> None:
    text = RATING + "notes:\n- when:\n  - dimension: open\n    at_least: 70\n  text: Look.\n  quiz: other-quiz\n"
    found = filed(text)
    assert [(found.line_of(at), target) for at, target in links(QuizSource, found.document)] == [
        (42, "section:what-trust-is#a-working-definition"),
        (47, "section:what-trust-is#the-building-blocks"),
        (53, "section:what-trust-is#trust-has-limits"),
        (68, "quiz:other-quiz"),
    ]


NOT_A_KEY = "use lower-case letters, digits and hyphens"
NO_WORDS = "Something flags danger, but Safety does not say yet what to show then"
FIRST = "the first must begin at 0 and each later than the one before"

# A text, what is replaced by what, where the line begins that the problem names, and the problem.
SLIPS = {
    "unknown key": (RATING, "minutes: 3", "minutes: 3\ncolor: red", "color: red", "unknown key 'color'"),
    "unknown key of an item": (RATING, "  reverse: true", "  reversed: true", "reversed",
                               "Question 2: unknown key 'reversed'"),
    "missing key": (RATING, "minutes: 3\n", "", "title:", "Minutes is missing"),
    "not a number": (RATING, "number: 1", "number: one", "number:", "Number must be a whole number, not “one”"),
    "not a date": (RATING, "reviewed: 2026-11-22", "reviewed: November", "reviewed:",
                   "Last reviewed must be a date such as 2026-11-30, not “November”"),
    "empty title": (RATING, "title: A small quiz", "title: ''", "title:", "Title is missing"),
    "key given twice": (RATING, "minutes: 3", "minutes: 3\nminutes: 4", "minutes: 4", "key 'minutes' is given twice"),
    "wrong format": (RATING, "format: agreement", "format: essay", "format:",
                     "Form is “essay”; choose from: agreement, frequency, scenarios, statements"),
    "wrong direction": (RATING, "higher_is: better", "higher_is: nicer", "higher_is:",
                        "What a higher score means is “nicer”; choose from: worse, better"),
    "no direction": (RATING, "higher_is: better\n", "", "title:", "What a higher score means is missing"),
    "missing band": (RATING, "  high:\n    label: High\n    from: 70\n    text: High text.\n", "", "low:\n    label",
                     "Bands: key 'high' is missing"),
    "missing band of a dimension": (
        RATING, "    high:\n      act: Think of one high door.\n      links:\n"
        "      - to: what-trust-is#trust-has-limits\n        why: end here\n", "",
        "    low:\n      act", "Dimension 1: Bands: key 'high' is missing"),
    "cut-points that fall": (RATING, "    from: 40", "    from: 80", "bands:\n  low:",
                             f"Bands begin at 0, 80, 70; {FIRST}"),
    "cut-points that leave out 0": (RATING, "    from: 0", "    from: 10", "bands:\n  low:",
                                    f"Bands begin at 10, 40, 70; {FIRST}"),
    "cut-point beyond 100": (RATING, "    from: 70", "    from: 101", "    from: 101",
                             "High band: From is 101; it must lie from 0 to 100"),
    "band without room": (RATING, "    from: 40", "    from: 70\n", "bands:\n  low:",
                          f"Bands begin at 0, 70, 70; {FIRST}"),
    "own cut-points that fall": (RATING, "    middle:\n      act:", "    middle:\n      from: 75\n      act:",
                                 "  bands:\n    low:", f"Dimension 1: Bands begin at 0, 75, 70; {FIRST}"),
    "bad address": (RATING, "- to: what-trust-is#trust-has-limits", "- to: /formation/what-trust-is/",
                    "/formation/what-trust-is/",
                    "Dimension 1, High band, Link 1: Section is “/formation/what-trust-is/”;"
                    " choose a section; its address is lesson#anchor"),
    "link without its reason": (RATING, "        why: end here\n", "", "- to: what-trust-is#trust-has-limits",
                                "Dimension 1, High band, Link 1: Why this reader gets it is missing"),
    "band without its act": (RATING, "      act: Think of one high door.\n", "", "    high:\n      links",
                             "Dimension 1, High band: One act for this week is missing"),
    "band without words": (RATING, "    from: 40\n    text: Middle text.\n", "    from: 40\n",
                           "    middle:\n      act", "Dimension 1, Middle band: Its own words are missing"),
    "context without a link": (RATING, "    person: my friend\n",
                               "    person: my friend\n  - key: kin\n    label: A relative\n",
                               "      links:\n      - to: what-trust-is#the-building-blocks",
                               "Dimension 1, Middle band: No link for: A relative; add one, or make one for"
                               " all"),
    "link for an unknown context": (RATING, "contexts: [friend]", "contexts: [enemy]", "contexts: [enemy]",
                                    "Dimension 1, Middle band, Link 1: Only for is “enemy”; choose from: friend"),
    "duplicate item key": (RATING, "- key: '2'", "- key: '1' # again", "key: '1' # again",
                           "Question 2: Key “1” is used twice"),
    "key with a capital": (RATING, "- key: '2'", "- key: Two", "key: Two", f"Question 2: Key is “Two”; {NOT_A_KEY}"),
    "long key": (RATING, "- key: '2'", "- key: " + 21 * "2" + "a", "key: 22",
                 "Question 2: Key has 22 characters; 20 is the most"),
    "unknown dimension": (RATING, "  dimension: open\n  reverse: true", "  dimension: opne\n  reverse: true",
                          "dimension: opne",
                          "Question 2: Dimension is “opne”; choose from: open"),
    "dimension without an item": (
        RATING, "dimensions:\n", "dimensions:\n" + RATING[RATING.index("- key: open") : RATING.index("items:")].replace(
            "key: open", "key: shut"), "key: shut", "Dimension 1: Key “shut” is no question’s dimension"),
    "unknown context": (RATING, "  reverse: true\n", "  contexts: [enemy]\n", "contexts: [enemy",
                        "Question 2: Asked only for is “enemy”; choose from: friend"),
    "flag at an answer not offered": (RATING, "  reverse: true\n", "  flag_at: [4, 6]\n", "flag_at",
                                      "Question 2: Flags danger at is “6”; choose from: 1, 2, 3, 4, 5"),
    "flag that is no number": (RATING, "  reverse: true\n", "  flag_at: [often]\n", "flag_at",
                               "Question 2: Flags danger at must be a whole number, not “often”"),
    "flag without safety": (RATING, "  reverse: true\n", "  flag_at: [4]\n", "title:", f"Safety: {NO_WORDS}"),
    "dimension flag without safety": (RATING, "  about: How open you are.\n",
                                      "  about: How open you are.\n  flag_up_to: 49\n", "title:",
                                      f"Safety: {NO_WORDS}"),
    "gate without safety": (RATING, "bands:\n  low:", GATE + "bands:\n  low:", "title:", f"Safety: {NO_WORDS}"),
    "best answer on a rating item": (RATING, "  reverse: true\n", "  answer: '5'\n", "answer: '5'",
                                     "Question 2: Best answer is “5”; there is nothing to choose"),
    "explanation on a rating item": (RATING, "  reverse: true\n", "  explanation: So.\n", "explanation",
                                     "Question 2: Explanation: only questions with one best answer have it; remove it"),
    "answer not among the options": (SCENARIOS, "  answer: a\n", "  answer: c\n", "answer: c",
                                     "Question 1: Best answer is “c”; choose from: a, b"),
    "reverse on a keyed item": (SCENARIOS, "  answer: a\n", "  reverse: true\n  answer: a\n", "reverse: true",
                                "Question 1: Reverse-keyed: only ratings can be"),
    "answer without its feedback": (SCENARIOS, "    feedback: You had it.\n", "", "  - key: a\n",
                                    "Question 1, Answer 1: What is said to who chose it is missing"),
    "duplicate option key": (SCENARIOS, "  - key: b\n", "  - key: a # again\n", "key: a # again",
                             "Question 1, Answer 2: Key “a” is used twice"),
    "keyed item without its explanation": (SCENARIOS, "  explanation: Privacy is not guilt.\n", "", "- key: u1",
                                           "Question 1: Explanation is missing"),
    "duplicate choice": (RATING, "  - key: friend\n", "  - key: friend\n    label: Another\n  - key: friend # again\n",
                         "key: friend # again", "Question about the context, Choice 2: Key “friend” is used twice"),
    }  # fmt: skip


@pytest.mark.parametrize("text, old, new, place, message", SLIPS.values(), ids=SLIPS.keys())
def test_one_slip_is_told_once_with_its_line(text: str, old: str, new: str, place: str, message: str) -> None:
    """``place`` begins on the line that the problem must name."""
    assert text.count(old) == 1
    broken = text.replace(old, new)
    assert broken.count(place) == 1
    line = broken[: broken.index(place)].count("\n") + 1
    assert told(broken) == [f"{line}: {message}"]


def test_all_problems_are_told_in_order_of_their_lines() -> None:
    broken = RATING.replace("number: 1", "number: one").replace("minutes: 3", "minutes: three") + "color: red\n"
    assert told(broken) == [
        "2: Number must be a whole number, not “one”",
        "9: Minutes must be a whole number, not “three”",
        "63: unknown key 'color'",
    ]


@pytest.mark.parametrize(
    "appended, offset, message",
    [
        ("notes:\n- when:\n  - dimension: shut\n  text: Hm.\n", 3,
         "Note 1, Condition 1: Dimension is “shut”; choose from: open"),
        ("notes:\n- when:\n  - dimension: open\n    at_least: 70\n    at_most: 39\n  text: Hm.\n", 4,
         "Note 1, Condition 1: From is above To, so the condition can never hold"),
        ("notes:\n- text: Hm.\n", 2, "Note 1: Shown when: at least one is needed"),
        ("notes:\n- when:\n  - dimension: open\n  text: Hm.\n  link: a#b\n", 5,
         "Note 1, Link: must be a mapping of keys to values"),
        ("swaps:\n- contexts: [friend]\n  lessons: [what-trust-is]\n  to: what-trust-is#trust-has-limits\n", 1,
         "unknown key 'swaps'"),
        (GATE + "  last_topics: [abusee]\n" + safety_text(), 6,
         "Safety question 1: Help lines at the end is “abusee”; choose from: emergency, abuse, crisis, children, harm,"
         " fraud"),
        (GATE + "  links:\n  - to: nowhere\n    why: helps.\n" + safety_text(), 7,
         "Safety question 1, Link 1: Section is “nowhere”; choose a section; its address is lesson#anchor"),
        (GATE.replace("'yes'", "maybe") + safety_text(), 3,
         "Safety question 1: Stops at is “maybe”; choose from: no, yes, unsure"),
        (GATE.replace("abuse", "abusee") + safety_text(), 5,
         "Safety question 1: Help lines is “abusee”; choose from: emergency, abuse, crisis, children, harm, fraud"),
        (GATE + safety_text().replace("- abuse", "- x").replace("[abuse]", "[x]"), 17,
         "Safety: Help lines is “x”; choose from: emergency, abuse, crisis, children, harm, fraud"),
        (GATE + "safety:\n  text: Not your fault.\n  skipped: Skipped.\n  fallback:\n    to: a#b\n    why: safe\n"
         "  help_topics: [abuse]\n", 6, "Safety: Sections that lead: at least one is needed"),
    ],
)  # fmt: skip
def test_problem_of_a_later_part_is_told_with_its_line(appended: str, offset: int, message: str) -> None:
    assert told(RATING + appended) == [f"{RATING.count(chr(10)) + offset}: {message}"]


def test_safety_without_its_fallback_is_told_once() -> None:
    text = safety_text()
    start, end = text.index("  fallback:"), text.index("  skipped:")
    assert [each.split(": ", 1)[1] for each in told(RATING + GATE + text[:start] + text[end:])] == [
        "Safety, Where a dimension without links leads: it is missing"
    ]


@pytest.mark.parametrize("slug", ["Small", "a--b", "more/small", "a b", ""])
def test_name_that_is_no_quiz_s_is_refused(slug: str) -> None:
    problem = f"Address is “{slug}”; {NOT_A_KEY}" if slug else "Address is missing"
    assert told(RATING, f"quizzes/{slug}.yaml") == [f"1: {problem}"]


@pytest.mark.parametrize("length", [51, 62])
def test_name_that_is_too_long_is_refused(length: int) -> None:
    assert told(RATING, f"quizzes/{'a' * length}.yaml") == [f"1: Address has {length} characters; 50 is the most"]
    assert told(RATING, f"quizzes/{'a' * 50}.yaml") == []


@pytest.mark.parametrize("path", ["quiz.yaml", "quizzes/small.yml", "lessons/small.yaml"])
def test_path_that_is_no_quiz_s_is_not_held(path: str) -> None:
    assert not QUIZZES.holds(path)


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n"], ids=["empty", "list", "words"])
def test_file_that_is_no_mapping_is_refused_at_its_first_line(text: str) -> None:
    assert told(text) == ["1: must be a mapping of keys to values"]


def test_broken_yaml_is_refused_with_its_line() -> None:
    assert [problem[:2] for problem in told(RATING.replace("number: 1", "number: [1"))] == ["3:"]


def test_no_is_text_and_not_false() -> None:
    text = RATING + GATE.replace("['yes']", "[yes, no]") + safety_text()
    assert quiz_of(text).gates[0].stops_at == ("yes", "no")


WORDS = st.text("abc 'ü\"#:-[]{}&*!|>%@`\\\n\u2028", min_size=1, max_size=30).map(str.strip).filter(bool)
LINE = WORDS.filter(lambda text: "\n" not in text)


@given(WORDS, LINE, st.integers(1, 39), st.integers(40, 99), st.booleans())
@settings(deadline=None)
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
    assert quiz_of(written(source)) == source
    assert read(QuizSource, document(source)) == (source, [])


@pytest.mark.parametrize("answer", ["a", "b", "c"])
def test_keyed_quiz_survives_being_written_and_read(answer: str) -> None:
    source: QuizSource = quiz(items=keyed_items(3, answer=answer), format="scenarios")
    assert quiz_of(written(source)) == source


@pytest.mark.parametrize(
    "text", ["---\none", "one  \ntwo", "one\\", "one\u2028two", "## one\n##two", "{one}", "- one\n- two"]
)
def test_odd_text_survives_being_written_and_read(text: str) -> None:
    source = put(quiz(), "bands", 1, "text", to=text)
    assert quiz_of(written(source)) == source
    assert read(QuizSource, document(source)) == (source, [])


@pytest.mark.parametrize(
    "old, new, problem",
    [
        ("minutes: 3", "minutes: -3", "9: Minutes is -3; it must lie from 1 to 240"),
        ("number: 1", "number: -1", "2: Number is -1; it must lie from 1 to 9999"),
        ("number: 1", "number: 10000", "2: Number is 10000; it must lie from 1 to 9999"),
        ("minutes: 3", "minutes: 999999", "9: Minutes is 999999; it must lie from 1 to 240"),
        ("  about: How open you are.\n", "  about: How open you are.\n  flag_up_to: 101\n",
         "35: Dimension 1: Flags danger up to is 101; it must lie from 0 to 100"),
        ("  about: How open you are.\n", "  about: How open you are.\n  flag_up_to: -1\n",
         "35: Dimension 1: Flags danger up to is -1; it must lie from 0 to 100"),
        ("title: A small quiz", "title: " + "x" * 101, "1: Title has 101 characters; 100 is the most"),
        ("- Take your time.\n", "- Take your time.\n" * 13, "6: Introduction: 13 are too many; 12 is the most"),
        ("summary: For tests.", 'summary: "\\x07"',
         "3: Summary holds a character that cannot be seen (U+0007); remove it"),
    ],
)  # fmt: skip
def test_number_or_text_that_no_row_can_hold_is_told(old: str, new: str, problem: str) -> None:
    assert told(RATING.replace(old, new)) == [problem]
