"""From scores to what to read: bands, the order of need, the reading list, contexts, safety, acts and notes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.guidance import LEADING, Guidance, guide
from quizzes.scoring import Scores
from quizzes.source import (
    ChoiceSource,
    ConditionSource,
    ContextSource,
    DimensionSource,
    GateSource,
    LinkSource,
    NoteSource,
    QuizSource,
)
from tests.quizzes.build import DANGER, bands, dimension, item, link, links, quiz, safety


def many(*dimensions: DimensionSource, **fields: object) -> QuizSource:
    return quiz(
        items=tuple(item(f"item-of-{each.key}", each.key) for each in dimensions), dimensions=dimensions, **fields
    )


def scored(
    scores: Mapping[str, int | None], *, flagged: bool = False, context: str = "", raised: Iterable[str] = ()
) -> Scores:
    return Scores(context, flagged or bool(raised), scores, frozenset(raised))


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


BONDS = ContextSource(
    question="Who?",
    choices=tuple(ChoiceSource(key=key, label=key.title()) for key in ("partner", "friend", "relative")),
)
LIMITED = (link("couples#talk", "partner"), "other#1", link("work#friends", "friend", "relative"))


@pytest.mark.parametrize(
    "context, expected",
    [
        ("partner", ["couples#talk", "other#1"]),
        ("friend", ["other#1", "work#friends"]),
        ("relative", ["other#1", "work#friends"]),
    ],
)
def test_links_are_limited_to_their_contexts(context: str, expected: list[str]) -> None:
    source = quiz(dimensions=(dimension(low=LIMITED),), context=BONDS)
    guidance = guide(source, scored({"one": 0}, context=context), hidden=())
    assert to(guidance.dimensions[0].links) == expected
    assert to(guidance.reading) == expected


def test_section_with_a_reason_for_each_context_is_led_to_with_this_reader_s() -> None:
    low = (link("a#1", "partner", why="for two"), link("a#1", "friend", why="for friends"))
    source = quiz(dimensions=(dimension(low=low),), context=BONDS)
    found = {each: guide(source, scored({"one": 0}, context=each), hidden=()).reading for each in ("partner", "friend")}
    assert found == {"partner": low[:1], "friend": low[1:]}


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


def test_dimension_whose_only_link_in_a_context_is_hidden_gets_the_fallback() -> None:
    low = (link("couples#harmless", "partner"), link("repair#1", "friend"))
    source = quiz(dimensions=(dimension(low=low),), context=BONDS, safety=safety())
    guidance = guide(source, scored({"one": 0}, context="friend", flagged=True), hidden={"repair#1"})
    assert to(guidance.dimensions[0].links) == ["safe#fallback"]


GATE = GateSource(question="Afraid?", stops_at=("yes",), text="Stop.", help_topics=("abuse",))


@pytest.mark.parametrize("own", [(), ("gate#1",), ("gate#1", "gate#2")])
def test_stopped_result_reads_the_sections_of_its_gate_alone(own: tuple[str, ...]) -> None:
    """Whoever hurt somebody is not led to the pages of those who were hurt, and has no act of theirs."""
    gate = replace(GATE, links=links(*own))
    guidance = guide(quiz(safety=safety()), scored({}, flagged=True), hidden={"one#low"}, stopped_by=gate)
    assert (guidance.dimensions, to(guidance.reading), guidance.notes) == ((), list(own), ())
    assert (guidance.act, guidance.hides) == ("Think of one person." if own else "", True)


# Safety leads


SAFE = (dimension("one"), dimension("safe", safety=True), dimension("two"))


@pytest.mark.parametrize(
    "one, safe, two, higher_is_worse, expected",
    [
        pytest.param(0, 69, 10, False, ["safe", "one", "two"], id="not in its best band"),
        pytest.param(0, 70, 10, False, ["one", "two", "safe"], id="in its best band"),
        pytest.param(0, 0, 0, False, ["safe", "one", "two"], id="tied"),
        pytest.param(0, None, 10, False, ["safe", "one", "two"], id="without a score"),
        pytest.param(None, None, None, False, ["safe", "one", "two"], id="nothing scored"),
        pytest.param(100, 40, 90, True, ["safe", "one", "two"], id="not in its best band, higher is worse"),
        pytest.param(100, 39, 90, True, ["one", "two", "safe"], id="in its best band, higher is worse"),
        pytest.param(100, None, 90, True, ["safe", "one", "two"], id="without a score, higher is worse"),
    ],
)
def test_dimension_about_safety_leads_unless_in_its_best_band(
    one: int | None, safe: int | None, two: int | None, higher_is_worse: bool, expected: list[str]
) -> None:
    guidance = guide(
        many(*SAFE, higher_is_worse=higher_is_worse), scored({"one": one, "safe": safe, "two": two}), hidden=()
    )
    assert order(guidance) == expected
    assert guidance.quiet == (expected[0] == "safe")
    assert to(guidance.reading)[0].partition("#")[0] == expected[0]


def test_dimension_about_safety_without_a_score_leads_to_its_middle_band() -> None:
    guidance = guide(many(*SAFE), scored({"one": 0, "safe": None, "two": 0}), hidden=())
    assert to(guidance.reading) == ["safe#middle", "one#low", "two#low"]
    assert guidance.act == "one, low: think."


@pytest.mark.parametrize(
    "raised, expected",
    [
        pytest.param(("two",), ["two", "safe", "one"], id="another than safety"),
        pytest.param(("two", "one"), ["one", "two", "safe"], id="two, as the author put them"),
        pytest.param(("safe",), ["safe", "one", "two"], id="safety"),
        pytest.param(("one", "safe", "two"), ["safe", "one", "two"], id="all, safety first"),
    ],
)
@pytest.mark.parametrize("safe", [0, None])
def test_what_raised_the_flag_stands_first(raised: tuple[str, ...], expected: list[str], safe: int | None) -> None:
    source = many(*SAFE, safety=safety())
    guidance = guide(source, scored({"one": 20, "safe": safe, "two": 100}, raised=raised), hidden=())
    assert order(guidance) == expected


@pytest.mark.parametrize("higher_is_worse, worst", [(False, "one#low"), (True, "one#high")])
@pytest.mark.parametrize("score", [0, 50, 100, None])
def test_what_raised_the_flag_has_words_of_danger_and_the_links_of_its_worst_band(
    score: int | None, higher_is_worse: bool, worst: str
) -> None:
    source = many(dimension("one"), dimension("two"), higher_is_worse=higher_is_worse, safety=safety())
    found = guide(source, scored({"one": score, "two": 0}, raised={"one"}), hidden=()).dimensions
    assert [(each.danger, to(each.links)) for each in found if each.dimension.key == "one"] == [(DANGER, [worst])]
    assert [each.danger for each in found if each.dimension.key == "two"] == [None]


@pytest.mark.parametrize("score, hides", [(0, True), (69, True), (70, False), (None, False)])
def test_score_up_to_the_one_that_hides_drops_repair_advice(score: int | None, hides: bool) -> None:
    """As on a flagged result, but nothing else of it."""
    source = many(
        dimension("one", low=("repair#1", "a#1"), middle=("repair#1", "a#1"), high=("repair#1", "a#1")),
        dimension("safe", safety=True, hides_up_to=69, middle=("b#1",), low=("b#1",), high=("b#1",)),
        notes=(note(at("one"), to="repair#2"),),
        safety=safety(),
    )
    guidance = guide(source, scored({"one": 0, "safe": score}), hidden={"repair#1", "repair#2"})
    assert guidance.hides == hides
    assert set(to(guidance.reading)) == {"a#1", "b#1"} | (set() if hides else {"repair#1"})
    assert [bool(each.link) for each in guidance.notes] == [not hides]
    assert [each.danger for each in guidance.dimensions] == [None, None]


# The act


@pytest.mark.parametrize(
    "one, two, expected",
    [
        pytest.param(0, 50, "one, low: think.", id="of the first"),
        pytest.param(100, 50, "two, middle: think.", id="of the first in order of need"),
        pytest.param(None, 100, "two, high: think.", id="of the first that has a score"),
        pytest.param(None, None, "", id="none without a score"),
    ],
)
def test_act_is_that_of_the_first_dimension_with_a_score(one: int | None, two: int | None, expected: str) -> None:
    source = many(dimension("one"), dimension("two"), safety=safety())
    assert guide(source, scored({"one": one, "two": two}), hidden=()).act == expected


def test_act_of_a_flagged_result_is_the_quiz_s_own() -> None:
    source = many(dimension("one"), dimension("two"), safety=safety())
    assert guide(source, scored({"one": 0, "two": 0}, raised={"one"}), hidden=()).act == "Think of one person."


# Notes


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


ADDRESSES = st.sampled_from([f"{lesson}#{n}" for lesson in ("a", "b", "repair") for n in range(3)])
LINKS = st.lists(ADDRESSES, min_size=1, max_size=4).map(tuple)
SCORES = st.none() | st.integers(0, 100)
REPAIR = {f"repair#{n}" for n in range(3)}


@st.composite
def guided_results(draw: st.DrawFn) -> tuple[QuizSource, Scores]:
    """A quiz of one to five dimensions whose links often coincide, with any scores, flagged or not. Some are about
    safety, some raised the flag."""
    keys = ("one", "two", "three", "four", "five")[: draw(st.integers(1, 5))]
    dimensions = [
        dimension(key, low=draw(LINKS), middle=draw(LINKS), high=draw(LINKS), safety=draw(st.booleans()))
        for key in keys
    ]
    source = many(*dimensions, higher_is_worse=draw(st.booleans()), safety=safety())
    raised = draw(st.sets(st.sampled_from(keys))) if draw(st.booleans()) else ()
    flagged = draw(st.booleans())
    return source, scored({key: draw(SCORES) for key in keys}, flagged=flagged, raised=raised)


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
def test_what_raised_the_flag_then_safety_then_need_which_never_rises(case: tuple[QuizSource, Scores]) -> None:
    source, given_scores = case
    found = guide(source, given_scores, hidden=REPAIR).dimensions
    best = "low" if source.higher_is_worse else "high"
    first = [each for each in found if each.dimension.key in given_scores.raised]
    second = [each for each in found if each not in first and each.dimension.safety and each.band_key != best]
    rest = [each for each in found if each not in [*first, *second]]
    assert [*found] == [*first, *second, *rest]
    assert [each.dimension.safety for each in first] == sorted((each.dimension.safety for each in first), reverse=True)
    scores = [each.score for each in rest]
    present = [score for score in scores if score is not None]
    assert scores == [*present, *[None] * (len(scores) - len(present))]
    assert present == sorted(present, reverse=source.higher_is_worse)


@given(guided_results())
def test_words_of_danger_stand_where_the_flag_was_raised_and_nowhere_else(case: tuple[QuizSource, Scores]) -> None:
    found = guide(*case, hidden=REPAIR).dimensions
    assert {each.dimension.key for each in found if each.danger} == case[1].raised
