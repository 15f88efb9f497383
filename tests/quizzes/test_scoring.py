"""The rules of scoring: a truth table for each, and what holds for every set of answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.scoring import percent, score
from quizzes.source import ChoiceSource, ContextSource, GateSource, ItemSource, QuizSource
from tests.quizzes.build import answers, dimension, item, items, keyed_items, quiz, safety

SKIP = "skip"
HURT_OR_BROKE = ContextSource(
    question="Which?", choices=(ChoiceSource(key="hurt", label="Hurt"), ChoiceSource(key="broke", label="Broke"))
)


def only_score(source: QuizSource, responses: dict[str, str]) -> int | None:
    (scored,) = score(source, responses).by_dimension.values()
    return scored


@pytest.mark.parametrize(
    "points, most, expected",
    [
        pytest.param(0, 16, 0, id="nothing"),
        pytest.param(16, 16, 100, id="everything"),
        pytest.param(1, 16, 6, id="6.25 down"),
        pytest.param(1, 8, 13, id="12.5 up"),
        pytest.param(3, 8, 38, id="37.5 up"),
        pytest.param(5, 8, 63, id="62.5 up"),
        pytest.param(7, 8, 88, id="87.5 up"),
        pytest.param(1, 3, 33, id="33.3 down"),
        pytest.param(2, 3, 67, id="66.7 up"),
        pytest.param(1, 200, 1, id="0.5 up"),
        pytest.param(99, 200, 50, id="49.5 up"),
        pytest.param(199, 200, 100, id="99.5 up"),
    ],
)
def test_percent_rounds_half_up(points: int, most: int, expected: int) -> None:
    assert percent(points, most) == expected


@pytest.mark.parametrize("half", range(100))
def test_percent_rounds_every_half_up(half: int) -> None:
    assert percent(2 * half + 1, 200) == half + 1


@pytest.mark.parametrize(
    "given_answers, expected",
    [
        pytest.param("1111", 0, id="lowest"),
        pytest.param("5555", 100, id="highest"),
        pytest.param("3333", 50, id="middle"),
        pytest.param("1112", 6, id="6.25"),
        pytest.param("1122", 13, id="12.5"),
        pytest.param("1222", 19, id="18.75"),
        pytest.param("2223", 31, id="31.25"),
        pytest.param("2233", 38, id="37.5"),
        pytest.param("3344", 63, id="62.5"),
        pytest.param("4455", 88, id="87.5"),
    ],
)
def test_agreement_score_is_percent_of_the_possible(given_answers: str, expected: int) -> None:
    assert only_score(quiz(), answers(*given_answers)) == expected


@pytest.mark.parametrize(
    "given_answers, expected",
    [("0000", 0), ("4444", 100), ("2222", 50), ("0001", 6), ("0011", 13), ("0012", 19), ("1112", 31)],
)
def test_frequency_score_counts_from_zero(given_answers: str, expected: int) -> None:
    assert only_score(quiz(format="frequency"), answers(*given_answers)) == expected


@pytest.mark.parametrize(
    "format, answer, expected",
    [
        ("agreement", "1", 100),
        ("agreement", "2", 75),
        ("agreement", "3", 50),
        ("agreement", "4", 25),
        ("agreement", "5", 0),
        ("frequency", "0", 100),
        ("frequency", "1", 75),
        ("frequency", "2", 50),
        ("frequency", "3", 25),
        ("frequency", "4", 0),
    ],
)
def test_reverse_item_is_turned_round(format: str, answer: str, expected: int) -> None:
    source = quiz(items=items(1, reverse=True), format=format)
    assert only_score(source, answers(answer)) == expected


def test_reverse_item_is_turned_round_before_the_mean() -> None:
    source = quiz(items=(item("1"), item("2", reverse=True), item("3")))
    assert only_score(source, answers("5", "1", "4")) == 92


@pytest.mark.parametrize(
    "given_answers, expected",
    [
        pytest.param(("5", "5", "5", "5"), 100, id="4 of 4"),
        pytest.param(("5", "5", "5", SKIP), 100, id="3 of 4"),
        pytest.param(("5", "5", SKIP, SKIP), None, id="2 of 4"),
        pytest.param(("5", SKIP, SKIP, SKIP), None, id="1 of 4"),
        pytest.param((SKIP, SKIP, SKIP, SKIP), None, id="0 of 4"),
        pytest.param(("5", "5", "5"), 100, id="3 of 3"),
        pytest.param(("5", SKIP, "5"), 100, id="2 of 3"),
        pytest.param((SKIP, "5", SKIP), None, id="1 of 3"),
        pytest.param((SKIP, SKIP, SKIP), None, id="0 of 3"),
        pytest.param(("5", "5", "5", "5", SKIP, SKIP), 100, id="4 of 6"),
        pytest.param(("5", "5", "5", SKIP, SKIP, SKIP), None, id="3 of 6"),
    ],
)
def test_dimension_counts_from_two_thirds_of_its_answers(given_answers: tuple[str, ...], expected: int | None) -> None:
    source = quiz(items=items(len(given_answers)))
    assert only_score(source, answers(*given_answers)) == expected


@pytest.mark.parametrize(
    "given_answers, expected",
    [
        pytest.param(("1", "1", "5", SKIP), 33, id="a middle answer would give 38"),
        pytest.param(("1", "1", "1", SKIP), 0, id="a middle answer would give 13"),
        pytest.param(("5", "5", "5", SKIP), 100, id="a middle answer would give 88"),
    ],
)
def test_skip_is_missing_and_never_a_middle_answer(given_answers: tuple[str, ...], expected: int) -> None:
    assert only_score(quiz(), answers(*given_answers)) == expected


@pytest.mark.parametrize(
    "given_answers, expected",
    [
        pytest.param(("b", "b", "b"), 100, id="3 of 3"),
        pytest.param(("b", "b", "a"), 67, id="2 of 3"),
        pytest.param(("b", "a", "c"), 33, id="1 of 3"),
        pytest.param(("a", "c", "a"), 0, id="0 of 3"),
        pytest.param(("b", "a", SKIP), 50, id="1 of 2, one skipped"),
        pytest.param(("b", "b", SKIP), 100, id="2 of 2, one skipped"),
        pytest.param(("b", SKIP, SKIP), None, id="two skipped"),
    ],
)
def test_keyed_score_is_percent_right_of_the_answered(given_answers: tuple[str, ...], expected: int | None) -> None:
    source = quiz(items=keyed_items(3), format="scenarios")
    assert only_score(source, answers(*given_answers)) == expected


def test_dimensions_count_their_own_answers() -> None:
    source = quiz(
        items=(*items(3, "one", prefix="a"), *items(4, "two", prefix="b")),
        dimensions=(dimension("one"), dimension("two")),
    )
    responses = answers("5", SKIP, "4", prefix="a") | answers("1", SKIP, SKIP, "2", prefix="b")
    assert score(source, responses).by_dimension == {"one": 88, "two": None}


@pytest.mark.parametrize("answer, flags", [("1", ("1",)), ("2", ("1",)), ("3", ()), ("4", ()), ("5", ()), (SKIP, ())])
def test_item_flags_at_its_answers(answer: str, flags: tuple[str, ...]) -> None:
    source = quiz(items=(item("1", flag_at=(1, 2)), *items(3, prefix="x")), safety=safety())
    result = score(source, {"1": answer, "x1": "5", "x2": "5", "x3": "5"})
    assert (result.flags, result.flagged) == (flags, bool(flags))


def test_reversed_item_flags_at_the_answer_as_it_was_given() -> None:
    source = quiz(items=(item("1", reverse=True, flag_at=(4, 5)),), safety=safety())
    flags = {answer: score(source, {"1": answer}).flagged for answer in "12345"}
    assert flags == {"1": False, "2": False, "3": False, "4": True, "5": True}


def test_high_total_does_not_outweigh_a_flag() -> None:
    source = quiz(items=(item("1", flag_at=(1,)), *items(30, prefix="x")), safety=safety())
    result = score(source, {"1": "1"} | answers(*"5" * 30, prefix="x"))
    assert (result.by_dimension["one"], result.flagged) == (97, True)


@pytest.mark.parametrize(
    "given_answers, value, flagged",
    [
        pytest.param("2333", 44, True, id="44"),
        pytest.param("3333", 50, False, id="50, one above"),
        pytest.param("1111", 0, True, id="0"),
        pytest.param("5555", 100, False, id="100"),
    ],
)
def test_dimension_flags_up_to_its_score(given_answers: str, value: int, flagged: bool) -> None:
    source = quiz(dimensions=(dimension(flag_up_to=49),), safety=safety())
    result = score(source, answers(*given_answers))
    assert (result.by_dimension["one"], result.flags) == (value, ("one",) if flagged else ())


def test_dimension_flags_at_its_very_edge() -> None:
    flagged = {
        edge: score(quiz(dimensions=(dimension(flag_up_to=edge),), safety=safety()), answers(*"3333")).flagged
        for edge in (0, 49, 50, 51)
    }
    assert flagged == {0: False, 49: False, 50: True, 51: True}


def test_dimension_without_a_score_does_not_flag() -> None:
    source = quiz(dimensions=(dimension(flag_up_to=49),), safety=safety())
    assert not score(source, answers("1", SKIP, SKIP, SKIP)).flagged


@pytest.mark.parametrize(
    "given_answers, flags, raised",
    [
        pytest.param("5555 5555", (), set(), id="nothing"),
        pytest.param("1555 5555", ("a1",), {"one"}, id="an answer"),
        pytest.param("1155 5555", ("a1", "a2"), {"one"}, id="two answers of one dimension"),
        pytest.param("5555 1111", ("two",), {"two"}, id="a score"),
        pytest.param("5155 1111", ("a2", "two"), {"one", "two"}, id="an answer and a score of another dimension"),
    ],
)
def test_dimensions_that_raised_the_flag_are_named(
    given_answers: str, flags: tuple[str, ...], raised: set[str]
) -> None:
    source = quiz(
        items=(
            *items(2, "one", prefix="a", flag_at=(1,)),
            *(item(f"a{number}", "one") for number in (3, 4)),
            *items(4, "two", prefix="b"),
        ),
        dimensions=(dimension("one"), dimension("two", flag_up_to=49)),
        safety=safety(),
    )
    first, second = given_answers.split()
    result = score(source, answers(*first, prefix="a") | answers(*second, prefix="b"))
    assert (result.flags, result.raised, result.flagged) == (flags, raised, bool(raised))


def test_dimension_raises_the_flag_even_without_a_score() -> None:
    source = quiz(items=(item("1", flag_at=(1,)), *items(3, prefix="x")), safety=safety())
    result = score(source, {"1": "1", "x1": SKIP, "x2": SKIP, "x3": SKIP})
    assert (result.by_dimension, result.raised) == ({"one": None}, {"one"})


def test_score_that_hides_does_not_flag() -> None:
    source = quiz(dimensions=(dimension(hides_up_to=84, safety=True),), safety=safety())
    assert not score(source, answers(*"1111")).flagged


def gated() -> QuizSource:
    hurt, broke = items(3, "one", prefix="a", contexts=("hurt",)), items(3, "two", prefix="b", contexts=("broke",))
    return quiz(
        items=hurt + broke,
        dimensions=(dimension("one"), dimension("two")),
        context=HURT_OR_BROKE,
        gates=(
            GateSource(
                question="Afraid?", stops_at=("yes", "unsure"), text="Stop.", contexts=("hurt",), help_topics=("abuse",)
            ),
        ),
        safety=safety(),
    )


@pytest.mark.parametrize("gate, stops", [("no", False), ("yes", True), ("unsure", True)])
def test_gate_stops_with_a_flag_and_no_score(gate: str, stops: bool) -> None:
    result = score(gated(), answers(*"555", prefix="a"), "hurt", gate)
    assert (result.flagged, result.stopped_by is not None) == (stops, stops)
    assert (result.flags, result.raised) == (("gate",) if stops else (), set())
    assert list(result.by_dimension) == ([] if stops else ["one"])


def test_gate_of_another_context_does_not_stop() -> None:
    result = score(gated(), answers(*"555", prefix="b"), "broke", "yes")
    assert (result.flagged, list(result.by_dimension)) == (False, ["two"])


@pytest.mark.parametrize(
    "flag_at, answer, told",
    [
        pytest.param((1,), SKIP, True, id="flag item skipped"),
        pytest.param((1,), "5", False, id="flag item answered"),
        pytest.param((), SKIP, False, id="other item skipped"),
    ],
)
def test_skipped_flag_item_is_told_and_does_not_flag(flag_at: tuple[int, ...], answer: str, told: bool) -> None:
    source = quiz(items=(item("1", flag_at=flag_at), *items(3, prefix="x")), safety=safety())
    result = score(source, {"1": answer, "x1": "5", "x2": "5", "x3": "5"})
    assert (result.skipped_flag_item, result.flagged) == (told, False)


ANSWERS = st.sampled_from([*"12345", SKIP])
RATINGS = st.lists(st.tuples(ANSWERS, st.booleans()), min_size=1, max_size=6)


def rated(rows: list[tuple[str, bool]]) -> tuple[QuizSource, dict[str, str]]:
    """A quiz with an item per row, reversed or not, and the answers."""
    source = quiz(items=tuple(item(str(n), reverse=reverse) for n, (_, reverse) in enumerate(rows, 1)))
    return source, answers(*(answer for answer, _ in rows))


@given(RATINGS)
def test_score_is_within_0_and_100_or_missing(rows: list[tuple[str, bool]]) -> None:
    value = only_score(*rated(rows))
    answered = sum(answer != SKIP for answer, _ in rows)
    assert (value is None) == (3 * answered < 2 * len(rows))
    assert value is None or 0 <= value <= 100


@given(RATINGS, st.integers(0, 5))
def test_raising_an_answer_never_lowers_a_dimension(rows: list[tuple[str, bool]], place: int) -> None:
    answer, reverse = rows[place % len(rows)]
    raised = {"1": "2", "2": "3", "3": "4", "4": "5"}.get(answer, answer)
    changed = [*rows]
    changed[place % len(rows)] = (raised, reverse)
    before, after = only_score(*rated(rows)), only_score(*rated(changed))
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after <= before if reverse else after >= before


@given(st.lists(ANSWERS, min_size=4, max_size=4), st.permutations(["1", "2", "3", "4"]))
def test_order_of_answers_does_not_matter(values: list[str], order: list[str]) -> None:
    source = quiz(items=(item("1", flag_at=(1, 2)), item("2", reverse=True), item("3"), item("4")), safety=safety())
    responses = answers(*values)
    assert score(source, {key: responses[key] for key in order}) == score(source, responses)


@given(st.lists(ANSWERS, min_size=4, max_size=4))
def test_reversing_every_item_mirrors_the_mean(values: list[str]) -> None:
    def scored(source_items: tuple[ItemSource, ...]) -> int | None:
        return only_score(quiz(items=source_items), answers(*values))

    plain, mirrored = scored(items(4)), scored(items(4, reverse=True))
    assert (plain is None) == (mirrored is None)
    if plain is not None and mirrored is not None:
        assert plain + mirrored in (100, 101)  # both halves round up
