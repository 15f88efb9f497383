"""From scores to what to read: bands, the order of need, the reading list, swaps, safety and notes."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.guidance import LEADING, Guidance, guide, merge
from quizzes.scoring import Scores
from quizzes.source import (
    ConditionSource,
    DimensionSource,
    LinkSource,
    NoteSource,
    QuizSource,
    SwapSource,
)
from tests.quizzes.build import bands, dimension, item, link, quiz, safety


def many(*dimensions: DimensionSource, **fields: object) -> QuizSource:
    return quiz(
        items=tuple(item(f"item-of-{each.key}", each.key) for each in dimensions), dimensions=dimensions, **fields
    )


def scored(scores: Mapping[str, int | None], *, flagged: bool = False, context: str = "") -> Scores:
    return Scores(context, flagged, scores)


def order(guidance: Guidance) -> list[str]:
    return [each.dimension.key for each in guidance.dimensions]


def to(links: tuple[LinkSource, ...]) -> list[str]:
    return [each.to for each in links]


@pytest.mark.parametrize(
    "score, index", [(0, 0), (1, 0), (38, 0), (39, 0), (40, 1), (41, 1), (69, 1), (70, 2), (71, 2), (99, 2), (100, 2)]
)
def test_band_is_the_last_whose_cut_point_is_reached(score: int, index: int) -> None:
    source = quiz()
    assert guide(source, scored({"one": score}), hidden=()).dimensions[0].band_index == index


@pytest.mark.parametrize("score, index", [(0, 0), (1, 1), (24, 1), (25, 2), (100, 2)])
def test_band_of_a_dimension_with_cut_points_of_its_own(score: int, index: int) -> None:
    source = quiz(dimensions=(dimension(starts=(None, 1, 25)),), bands=bands(starts=(0, 19, 50)))
    assert guide(source, scored({"one": score}), hidden=()).dimensions[0].band_index == index


def test_band_words_are_the_dimension_s_own_over_the_quiz_s() -> None:
    source = quiz(dimensions=(dimension(starts=(None, 50, 85)),))
    guided = guide(source, scored({"one": 50}), hidden=()).dimensions[0]
    assert guided.band is not None
    assert (guided.band.label, guided.band.start, guided.band.text) == ("Middle", 50, "Middle text.")


@pytest.mark.parametrize("score, address", [(0, "one#low"), (39, "one#low"), (40, "one#middle"), (70, "one#high")])
def test_band_s_links_are_shown(score: int, address: str) -> None:
    assert to(guide(quiz(), scored({"one": score}), hidden=()).dimensions[0].links) == [address]


def test_dimension_without_a_score_shows_its_middle_links_and_no_band() -> None:
    guided = guide(quiz(), scored({"one": None}), hidden=()).dimensions[0]
    assert (guided.score, guided.band, guided.band_index, to(guided.links)) == (None, None, None, ["one#middle"])


THREE = (dimension("one"), dimension("two"), dimension("three"))


@pytest.mark.parametrize(
    "scores, higher_is_worse, expected",
    [
        pytest.param((10, 20, 30), False, ["one", "two", "three"], id="lowest first"),
        pytest.param((30, 20, 10), False, ["three", "two", "one"], id="lowest first, turned round"),
        pytest.param((10, 20, 30), True, ["three", "two", "one"], id="highest first where higher is worse"),
        pytest.param((50, 50, 50), False, ["one", "two", "three"], id="ties as the author put them"),
        pytest.param((50, 50, 50), True, ["one", "two", "three"], id="ties where higher is worse"),
        pytest.param((50, 20, 50), False, ["two", "one", "three"], id="two tie"),
        pytest.param((None, 100, 0), False, ["three", "two", "one"], id="without a score last"),
        pytest.param((None, 0, 100), True, ["three", "two", "one"], id="without a score last, higher is worse"),
        pytest.param(
            (None, None, 100), False, ["three", "one", "two"], id="two without a score as the author put them"
        ),
        pytest.param((None, 100, None), False, ["two", "one", "three"], id="no need at all still before no score"),
    ],
)
def test_dimensions_stand_in_order_of_need(
    scores: tuple[int | None, int | None, int | None], higher_is_worse: bool, expected: list[str]
) -> None:
    source = many(*THREE, higher_is_worse=higher_is_worse)
    assert order(guide(source, scored(dict(zip(("one", "two", "three"), scores, strict=True))), hidden=())) == expected


def test_reading_takes_first_links_in_turn_then_second_ones() -> None:
    source = many(
        dimension("one", low=("a#1", "a#2", "a#3")),
        dimension("two", low=("b#1",)),
        dimension("three", low=("c#1", "c#2")),
    )
    guidance = guide(source, scored({"one": 30, "two": 10, "three": 20}), hidden=())
    assert to(guidance.reading) == ["b#1", "c#1", "a#1", "c#2", "a#2", "a#3"]
    assert to(guidance.leading) == ["b#1", "c#1", "a#1", "c#2", "a#2"]


def test_reading_names_no_section_twice_and_keeps_the_first_reason() -> None:
    source = many(dimension("one", low=("a#1", "b#1")), dimension("two", low=("b#1", "a#1", "c#1")))
    guidance = guide(source, scored({"one": 10, "two": 20}), hidden=())
    assert to(guidance.reading) == ["a#1", "b#1", "c#1"]


@pytest.mark.parametrize("count, leading", [(1, 1), (4, 4), (5, 5), (6, 5), (9, 5)])
def test_first_five_lead(count: int, leading: int) -> None:
    source = quiz(dimensions=(dimension(low=tuple(f"a#{n}" for n in range(count))),))
    guidance = guide(source, scored({"one": 0}), hidden=())
    assert (LEADING, len(guidance.reading), len(guidance.leading)) == (5, count, leading)


SWAPS = (
    SwapSource(contexts=("friend", "colleague"), lessons=("couples", "couple-repair"), to="work#friends"),
    SwapSource(contexts=("relative",), lessons=("couples", "couple-repair"), to="work#parent"),
)


@pytest.mark.parametrize(
    "context, expected",
    [
        ("partner", ["couples#talk", "other#1", "couple-repair#stages"]),
        ("friend", ["work#friends", "other#1"]),
        ("colleague", ["work#friends", "other#1"]),
        ("relative", ["work#parent", "other#1"]),
        ("", ["couples#talk", "other#1", "couple-repair#stages"]),
    ],
)
def test_links_are_swapped_in_their_contexts_and_named_once(context: str, expected: list[str]) -> None:
    source = quiz(dimensions=(dimension(low=("couples#talk", "other#1", "couple-repair#stages")),), swaps=SWAPS)
    guidance = guide(source, scored({"one": 0}, context=context), hidden=())
    assert to(guidance.dimensions[0].links) == expected
    assert to(guidance.reading) == expected


def test_swapped_link_keeps_its_reason() -> None:
    source = quiz(dimensions=(dimension(low=("couples#talk",)),), swaps=SWAPS)
    guided = guide(source, scored({"one": 0}, context="friend"), hidden=()).dimensions[0]
    assert guided.links == (link("work#friends", why="it helps"),)


def test_flagged_result_leads_with_safety_and_drops_repair_advice() -> None:
    source = many(dimension("one", low=("repair#1", "a#1")), dimension("two", low=("b#1",)), safety=safety())
    guidance = guide(source, scored({"one": 0, "two": 10}, flagged=True), hidden={"repair#1"})
    assert to(guidance.reading) == ["safe#first", "safe#second", "a#1", "b#1"]
    assert to(guidance.dimensions[0].links) == ["a#1"]


def test_unflagged_result_keeps_repair_advice() -> None:
    source = quiz(dimensions=(dimension(low=("repair#1", "a#1")),), safety=safety())
    assert to(guide(source, scored({"one": 0}), hidden={"repair#1"}).reading) == ["repair#1", "a#1"]


def test_flagged_dimension_left_without_links_gets_the_fallback() -> None:
    source = many(dimension("one", low=("repair#1", "repair#2")), dimension("two", low=("b#1",)), safety=safety())
    guidance = guide(source, scored({"one": 0, "two": 10}, flagged=True), hidden={"repair#1", "repair#2"})
    assert to(guidance.dimensions[0].links) == ["safe#fallback"]
    assert to(guidance.reading) == ["safe#first", "safe#second", "safe#fallback", "b#1"]


def test_fallback_is_named_once_in_the_reading_list() -> None:
    source = many(dimension("one", low=("repair#1",)), dimension("two", low=("repair#2",)), safety=safety())
    guidance = guide(source, scored({"one": 0, "two": 10}, flagged=True), hidden={"repair#1", "repair#2"})
    assert [to(each.links) for each in guidance.dimensions] == [["safe#fallback"], ["safe#fallback"]]
    assert to(guidance.reading) == ["safe#first", "safe#second", "safe#fallback"]


def test_swap_to_repair_advice_is_hidden_when_flagged() -> None:
    source = quiz(dimensions=(dimension(low=("couples#harmless",)),), swaps=SWAPS, safety=safety())
    guidance = guide(source, scored({"one": 0}, context="friend", flagged=True), hidden={"work#friends"})
    assert to(guidance.dimensions[0].links) == ["safe#fallback"]


def test_stopped_result_reads_the_safety_sections_only() -> None:
    source = quiz(safety=safety())
    guidance = guide(source, scored({}, flagged=True), hidden={"one#low"})
    assert (guidance.dimensions, to(guidance.reading), guidance.notes) == ((), ["safe#first", "safe#second"], ())


def note(*conditions: ConditionSource, to: str = "") -> NoteSource:
    return NoteSource(conditions=conditions, text="A remark.", link=link(to) if to else None)


def at(dimension: str, at_least: int = 0, at_most: int = 100) -> ConditionSource:
    return ConditionSource(dimension=dimension, at_least=at_least, at_most=at_most)


@pytest.mark.parametrize(
    "one, two, shown",
    [
        pytest.param(70, 39, True, id="both at their edges"),
        pytest.param(69, 39, False, id="first one below"),
        pytest.param(70, 40, False, id="second one above"),
        pytest.param(100, 0, True, id="far inside"),
        pytest.param(None, 39, False, id="first without a score"),
        pytest.param(70, None, False, id="second without a score"),
    ],
)
def test_note_is_shown_when_all_its_conditions_hold(one: int | None, two: int | None, shown: bool) -> None:
    remark = note(at("one", at_least=70), at("two", at_most=39))
    source = many(dimension("one"), dimension("two"), notes=(remark,))
    assert guide(source, scored({"one": one, "two": two}), hidden=()).notes == ((remark,) if shown else ())


@pytest.mark.parametrize("score, shown", [(0, True), (100, True), (None, False)])
def test_note_that_asks_for_nothing_needs_a_score_all_the_same(score: int | None, shown: bool) -> None:
    source = quiz(notes=(note(at("one")),))
    assert bool(guide(source, scored({"one": score}), hidden=()).notes) == shown


@pytest.mark.parametrize("flagged, expected", [(False, link("repair#1")), (True, None)])
def test_note_loses_a_link_to_repair_advice_when_flagged(flagged: bool, expected: LinkSource | None) -> None:
    source = quiz(notes=(note(at("one"), to="repair#1"),), safety=safety())
    (shown,) = guide(source, scored({"one": 50}, flagged=flagged), hidden={"repair#1"}).notes
    assert (shown.text, shown.link) == ("A remark.", expected)


def guided(source: QuizSource, **scores: int | None) -> Guidance:
    return guide(source, scored(scores), hidden=())


def merged(*guidances: Guidance) -> list[tuple[str, str]]:
    """The merged reading list of results a, b, ...: the section and the result that leads there."""
    return [(link.to, key) for link, key in merge(zip("abc", guidances, strict=False))]


def test_merged_results_stand_in_the_order_of_need() -> None:
    better = many(dimension("one", low=("a#1", "a#2")), dimension("two", low=("b#1",)))
    worse = many(dimension("three", high=("c#1", "c#2")), higher_is_worse=True)
    assert merged(guided(better, one=5, two=30), guided(worse, three=80)) == [
        ("a#1", "a"),
        ("c#1", "b"),
        ("b#1", "a"),
        ("a#2", "a"),
        ("c#2", "b"),
    ]


@pytest.mark.parametrize("one, two, expected", [(20, 20, "ab"), (20, 19, "ba"), (None, 100, "ba"), (None, None, "ab")])
def test_equal_needs_stand_in_the_order_of_the_results(one: int | None, two: int | None, expected: str) -> None:
    assert (
        "".join(key for _, key in merged(guided(quiz(), one=one), guided(many(dimension("two")), two=two))) == expected
    )


def test_section_of_two_results_stands_once_for_the_first_that_leads_there() -> None:
    early = many(dimension("one", low=("a#1", "both#1")))
    late = many(dimension("two", low=("both#1", "b#2")))
    assert merged(guided(early, one=0), guided(late, two=10)) == [("a#1", "a"), ("both#1", "b"), ("b#2", "b")]


def test_nothing_merged_is_nothing() -> None:
    assert merge([]) == []


@given(st.data())
def test_merging_one_result_is_its_own_reading_list(data: st.DataObject) -> None:
    source, given_scores = data.draw(guided_results())
    guidance = guide(source, replace(given_scores, flagged=False), hidden=())
    assert tuple(link for link, _ in merge([("a", guidance)])) == guidance.reading


ADDRESSES = st.sampled_from([f"{lesson}#{n}" for lesson in ("a", "b", "repair") for n in range(3)])
LINKS = st.lists(ADDRESSES, min_size=1, max_size=4).map(tuple)
SCORES = st.none() | st.integers(0, 100)
REPAIR = {f"repair#{n}" for n in range(3)}


@st.composite
def guided_results(draw: st.DrawFn) -> tuple[QuizSource, Scores]:
    """A quiz of one to five dimensions whose links often coincide, with any scores, flagged or not."""
    keys = ("one", "two", "three", "four", "five")[: draw(st.integers(1, 5))]
    dimensions = [dimension(key, low=draw(LINKS), middle=draw(LINKS), high=draw(LINKS)) for key in keys]
    source = many(*dimensions, higher_is_worse=draw(st.booleans()), safety=safety())
    return source, scored({key: draw(SCORES) for key in keys}, flagged=draw(st.booleans()))


@given(guided_results())
def test_reading_list_names_no_section_twice(case: tuple[QuizSource, Scores]) -> None:
    read = to(guide(*case, hidden=REPAIR).reading)
    assert len(read) == len(set(read))


@given(guided_results())
def test_every_link_of_every_band_is_in_the_reading_list(case: tuple[QuizSource, Scores]) -> None:
    guidance = guide(*case, hidden=REPAIR)
    assert {address for each in guidance.dimensions for address in to(each.links)} <= set(to(guidance.reading))
    assert all(each.links for each in guidance.dimensions)


@given(guided_results())
def test_flagged_result_never_shows_repair_advice(case: tuple[QuizSource, Scores]) -> None:
    guidance = guide(*case, hidden=REPAIR)
    shown = set(to(guidance.reading)) | {address for each in guidance.dimensions for address in to(each.links)}
    assert not case[1].flagged or shown.isdisjoint(REPAIR)
    assert case[1].flagged == (to(guidance.reading)[:2] == ["safe#first", "safe#second"])


@given(guided_results())
def test_need_never_rises_down_the_page(case: tuple[QuizSource, Scores]) -> None:
    source, given_scores = case
    scores = [each.score for each in guide(source, given_scores, hidden=REPAIR).dimensions]
    present = [score for score in scores if score is not None]
    assert scores == [*present, *[None] * (len(scores) - len(present))]
    assert present == sorted(present, reverse=source.higher_is_worse)
