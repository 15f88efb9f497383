"""Scores and bands in plain words: the one sentence, why a section is on the list, how many were right."""

from dataclasses import replace
from typing import Any

import pytest

from quizzes.guidance import Guidance, guide
from quizzes.scoring import Scores
from quizzes.source import QuizSource
from quizzes.taking.result import edges, total
from quizzes.taking.words import because, named, sentence
from tests.quizzes.build import bands, dimension, item, keyed_items, link, quiz

NAMES = ("one", "two", "three", "four", "five")
NONE_SCORED = "You skipped too many for a result, and that is your right. Here is where you could start."
ALL_EQUAL = "All parts stand at the same place."
ASPECTS: dict[str, Any] = {"format": "agreement", "higher_is_worse": False}
SOURCES: dict[str, Any] = {"format": "agreement", "higher_is_worse": True}
SIGNS: dict[str, Any] = {"format": "frequency", "higher_is_worse": True}
SCENARIOS: dict[str, Any] = {"format": "scenarios", "higher_is_worse": False}
STATEMENTS: dict[str, Any] = {"format": "statements", "higher_is_worse": False}


def scored(asked: dict[str, Any], *scores: int | None) -> tuple[QuizSource, Guidance]:
    """A quiz whose dimensions One, Two, Three ... have these scores, and what it leads to."""
    by_dimension = dict(zip(NAMES, scores, strict=False))
    dimensions, items = (tuple(make(key) for key in by_dimension) for make in (dimension, lambda key: item(key, key)))
    source = quiz(items=items, dimensions=dimensions, **asked)  # type: ignore[arg-type]
    return source, guide(source, Scores("", False, by_dimension), hidden=())


@pytest.mark.parametrize(
    "starts, words",
    [
        ((0, 40, 70), "0–39 low; 40–69 middle; 70–100 high"),
        ((0, 1, 25), "0 low; 1–24 middle; 25–100 high"),
        ((0, 50, 100), "0–49 low; 50–99 middle; 100 high"),
    ],
)
def test_edges_of_bands_in_words(starts: tuple[int, int, int], words: str) -> None:
    assert edges(bands(starts=starts)) == words


@pytest.mark.parametrize(
    "names, words",
    [
        (["One"], "One"),
        (["One", "Two"], "One and Two"),
        (["One", "Two", "Three"], "One, Two and Three"),
        (["One", "Two", "Three", "Four"], "several parts"),
    ],
)
def test_up_to_three_are_named(names: list[str], words: str) -> None:
    assert named(names).replace("\0", "") == words


@pytest.mark.parametrize(
    "asked, scores, words",
    [
        (ASPECTS, (20, 80), "One is lowest for you; Two stands highest."),
        (ASPECTS, (80, 50, 20), "Three is lowest for you; One stands highest."),
        (ASPECTS, (20, 50, 20, 80), "One and Three share the lowest place; Four stands highest."),
        (ASPECTS, (20, 20, 20, 80), "One, Two and Three share the lowest place; Four stands highest."),
        (ASPECTS, (20, 20, 20, 20, 80), "Several parts share the lowest place; Five stands highest."),
        (ASPECTS, (20, 80, 80), "One is lowest for you; Two and Three share the highest."),
        (ASPECTS, (80, 80, 80, 80, 20), "Five is lowest for you; several parts share the highest."),
        (ASPECTS, (20, 20, 80, 80), "One and Two share the lowest place; Three and Four share the highest."),
        (ASPECTS, (20, None, 80), "One is lowest for you; Three stands highest."),
        (SOURCES, (20, 80), "Two weighs most for you; One weighs least."),
        (SOURCES, (80, 80, 20), "One and Two weigh most, side by side; Three weighs least."),
        (SOURCES, (80, 80, 80, 80, 20), "Several parts weigh most, side by side; Five weighs least."),
        (SOURCES, (80, 20, 20), "One weighs most for you; Two and Three weigh least."),
        (SIGNS, (10, 40), "You reported most under Two; least under One."),
        (SIGNS, (40, 40, 0), "You reported most under One and Two, alike; least under Three."),
        (SIGNS, (40, 0, 0), "You reported most under One; least under Two and Three, alike."),
        (SIGNS, (40, 0, 0, 0, 0), "You reported most under One; least under several parts, alike."),
        (SCENARIOS, (33, 100), "You missed most in One; you caught most in Two."),
        (SCENARIOS, (33, 33, 100), "You missed most in One and Two, alike; you caught most in Three."),
        (STATEMENTS, (33, 100, 100), "You missed most in One; you caught most in Two and Three, alike."),
        (ASPECTS, (50, 50, 50), f"{ALL_EQUAL} Each came out as “Middle.”"),
        (ASPECTS, (0, 0, 0), f"{ALL_EQUAL} Each came out as “Low.”"),
        (SOURCES, (0, 0), f"{ALL_EQUAL} Each came out as “Low.”"),
        (SIGNS, (25, 25), f"{ALL_EQUAL} Each came out as “Low.”"),
        (SCENARIOS, (100, 100, 100), ALL_EQUAL),
        (ASPECTS, (50, None), "One came out as “Middle.”"),
        (ASPECTS, (None, 0), "Two came out as “Low.”"),
        (SOURCES, (None, 100), "Two came out as “High.”"),
        (SIGNS, (None, 25), "Two came out as “Low.”"),
        (STATEMENTS, (None, 100), "Two came out as “High.”"),
        (ASPECTS, (None, None), NONE_SCORED),
        (SIGNS, (None, None), NONE_SCORED),
        (SCENARIOS, (None, None), NONE_SCORED),
    ],
)
def test_result_in_one_sentence(asked: dict[str, Any], scores: tuple[int | None, ...], words: str) -> None:
    assert "".join(sentence(*scored(asked, *scores), skipped=None in scores)) == words


@pytest.mark.parametrize(
    "scores, skipped, reported, words",
    [
        ((0, 0), False, False, "You reported none of these signs."),
        ((0, 0), True, False, "You reported none of the signs you answered."),
        ((0, None), True, False, "You reported none of the signs you answered."),
        ((0, None), True, True, "One came out as “Low.”"),
        ((0, 0, None), True, True, f"{ALL_EQUAL} Each came out as “Low.”"),
        ((None, None), True, False, NONE_SCORED),
    ],
)
def test_absence_is_told_as_absence(scores: tuple[int | None, ...], skipped: bool, reported: bool, words: str) -> None:
    """Nobody who reported a sign reads that there was none, although they skipped what stood beside it."""
    assert "".join(sentence(*scored(SIGNS, *scores), skipped=skipped, reported=reported)) == words


def test_every_second_piece_is_a_name() -> None:
    assert sentence(*scored(ASPECTS, 20, 50, 20, 80), skipped=False) == [
        *("", "One", " and ", "Three", " share the lowest place; "),
        *("Four", " stands highest."),
    ]
    assert sentence(*scored(ASPECTS, 20, 20, 20, 20, 80), skipped=False)[1::2] == ["Five"]
    assert sentence(*scored(ASPECTS, None, None), skipped=True)[1::2] == []


@pytest.mark.parametrize(
    "scores, words",
    [
        ((75, 20), "Two is lowest for you; One stands highest. One comes first, because it came out as “Middle.”"),
        ((60, 60), f"{ALL_EQUAL} Each came out as “Middle.” One comes first, because it came out as “Middle.”"),
        ((85, 20), "Two is lowest for you; One stands highest."),
        ((None, 20), "Two came out as “Low.”"),
    ],
)
def test_safety_that_is_not_at_its_best_is_not_left_standing_as_a_strength(
    scores: tuple[int | None, int], words: str
) -> None:
    low, middle, high = dimension("one").bands
    safety = replace(dimension("one"), safety=True, bands=(low, middle, replace(high, start=80)))
    source = quiz(items=(item("1", "one"), item("2", "two")), dimensions=(safety, dimension("two")), **ASPECTS)
    guidance = guide(source, Scores("", False, dict(zip(("one", "two"), scores, strict=True))), hidden=())
    assert "".join(sentence(source, guidance, skipped=None in scores)) == words


@pytest.mark.parametrize(
    "asked, scores, to, reason",
    [
        (ASPECTS, (20, 30, 80), "one#low", "Because *One* is lowest for you (20)."),
        (ASPECTS, (20, 20, 80), "one#low", "Because *One* is among your lowest (20)."),
        (ASPECTS, (20, 20, 80), "two#low", "Because *Two* is among your lowest (20)."),
        (ASPECTS, (20, 30, 80), "two#low", "*Two* came out as “Low” (30)."),
        (ASPECTS, (20, 50, 80), "two#middle", "*Two* came out as “Middle” (50)."),
        (ASPECTS, (20, 50, 92), "three#high", "*Three* stands well (92)."),
        (ASPECTS, (70, 92), "one#high", "*One* stands well (70)."),  # the lowest, and still in its best band
        (ASPECTS, (50, 50), "one#middle", "Because *One* is among your lowest (50)."),
        (ASPECTS, (50, None), "one#middle", "*One* came out as “Middle” (50)."),  # there is no other to compare
        (ASPECTS, (50, None), "two#middle", "There were not enough answers on *Two*."),
        (SOURCES, (80, 50, 20), "one#high", "Because *One* is highest for you (80)."),
        (SOURCES, (80, 80, 20), "two#high", "Because *Two* is among your highest (80)."),
        (SOURCES, (80, 50, 20), "two#middle", "*Two* came out as “Middle” (50)."),
        (SOURCES, (80, 50, 20), "three#low", "*Three* weighs little (20)."),
        (SOURCES, (20, 10), "one#low", "*One* weighs little (20)."),
        (SIGNS, (45, 10), "one#middle", "Because *One* is highest for you (45)."),
        (SIGNS, (45, 45), "two#middle", "Because *Two* is among your highest (45)."),
        (SIGNS, (45, 10), "two#low", "*Two* came out as “Low” (10)."),  # few signs are no praise
        (SIGNS, (0, 0), "one#low", "*One* came out as “Low” (0)."),
    ],
)
def test_reason_tells_where_its_dimension_stands(
    asked: dict[str, Any], scores: tuple[int | None, ...], to: str, reason: str
) -> None:
    assert marked(because(*scored(asked, *scores), link(to), {})) == reason


def test_part_with_a_label_of_its_own_is_never_called_little() -> None:
    """Somebody's present behavior may give good reasons for doubt, however low its score."""
    low, middle, high = dimension("two").bands
    labelled = replace(dimension("two"), bands=(replace(low, label="One thing to look at"), middle, high))
    items, dimensions = (item("1", "one"), item("2", "two")), (dimension("one"), labelled)
    source = quiz(items=items, dimensions=dimensions, **SOURCES)
    guidance = guide(source, Scores("", False, {"one": 80, "two": 33}), hidden=())
    assert marked(because(source, guidance, link("two#low"), {})) == "*Two* came out as “One thing to look at” (33)."


def marked(parts: tuple[str, str, str]) -> str:
    before, name, behind = parts
    return f"{before}*{name}*{behind}"


@pytest.mark.parametrize(
    "missed, reason",
    [
        ((2, 3), "Because you missed 2 of 3 on *One*."),
        ((1, 2), "Because you missed 1 of 2 on *One*."),
        ((3, 3), "Because you missed 3 of 3 on *One*."),
        ((0, 3), "Because you had all 3 on *One*."),
    ],
)
def test_reason_of_a_keyed_quiz_counts(missed: tuple[int, int], reason: str) -> None:
    source, guidance = scored(SCENARIOS, 50, 50)
    assert marked(because(source, guidance, link("one#middle"), {"one": missed})) == reason


def test_reason_of_a_keyed_part_with_too_few_answers_counts_nothing() -> None:
    source, guidance = scored(SCENARIOS, None, 50)
    told = because(source, guidance, link("one#middle"), {"one": (1, 1), "two": (1, 2)})
    assert marked(told) == "There were not enough answers on *One*."


def test_section_that_no_dimension_leads_to_has_no_computed_reason() -> None:
    assert because(*scored(ASPECTS, 20, 80), link("safe#first"), {}) == ("", "", "")


def test_reason_names_the_dimension_that_leads_first() -> None:
    """Both lead to the section; the neediest has brought it onto the list."""
    dimensions = (dimension("one", high=("shared#section",)), dimension("two", low=("shared#section",)))
    source = quiz(items=(item("1", "one"), item("2", "two")), dimensions=dimensions)
    guidance = guide(source, Scores("", False, {"one": 90, "two": 10}), hidden=())
    assert marked(because(source, guidance, link("shared#section"), {})) == "Because *Two* is lowest for you (10)."


@pytest.mark.parametrize(
    "given, words",
    [
        ("bbbb", "You had 4 of 4."),
        ("bbaa", "You had 2 of 4."),
        ("aaaa", "You had 0 of 4."),
        ("bba-", "You had 2 of 3."),
        ("ba--", "You had 1 of 2."),
        ("b---", ""),
        ("----", ""),
    ],
)
def test_how_many_were_right(given: str, words: str) -> None:
    """Left out when fewer than half of the questions were answered."""
    source = quiz(items=keyed_items(4), format="scenarios")
    responses = {str(number): "skip" if each == "-" else each for number, each in enumerate(given, 1)}
    assert total(source, responses) == words


def test_ratings_have_no_total() -> None:
    source = replace(quiz(), format="agreement")
    assert total(source, dict.fromkeys("1234", "5")) == ""
