"""What the author of a quiz may want to look at again."""

from dataclasses import replace
from typing import Any

import pytest

from quizzes.advice import advice, reachable
from quizzes.source import QuizSource
from tests.course import QUIZ_FILES, quiz
from tests.quizzes.build import bands, dimension, item, keyed_items
from tests.quizzes.build import quiz as built


def of(items: Any, starts: tuple[int, int, int] = (0, 40, 70), **fields: Any) -> QuizSource:
    return built(items=items, dimensions=(dimension("one"),), bands=bands(starts=starts), **fields)


def both_ways(count: int) -> tuple[Any, ...]:
    return tuple(item(str(number), reverse=number == 1) for number in range(1, count + 1))


def test_shipped_quizzes_need_no_advice() -> None:
    assert [told for path in QUIZ_FILES for told in advice(quiz(path))] == []


@pytest.mark.parametrize(
    "count, keyed, scores",
    [
        (1, False, {0, 25, 50, 75, 100}),
        (2, False, {0, 13, 25, 38, 50, 63, 75, 88, 100}),
        (3, True, {0, 33, 50, 67, 100}),  # two answered, or three
    ],
)
def test_scores_that_answers_reach(count: int, keyed: bool, scores: set[int]) -> None:
    source = of(keyed_items(count), format="scenarios") if keyed else of(both_ways(count))
    assert reachable(source, source.dimensions[0]) == scores


@pytest.mark.parametrize(
    "starts, places",
    [((0, 40, 70), []), ((0, 98, 99), [1]), ((0, 26, 30), [1]), ((0, 51, 100), []), ((0, 1, 2), [1])],
)
def test_band_that_no_answers_reach(starts: tuple[int, int, int], places: list[int]) -> None:
    found = list(advice(of(both_ways(1), starts)))
    assert [path for path, _ in found] == [("dimensions", 0, "bands", place) for place in places]


def test_dimension_keyed_all_one_way() -> None:
    [(path, message)] = advice(of(tuple(item(str(number)) for number in range(4))))
    assert (path, message.startswith("its questions are all keyed one way")) == (("dimensions", 0), True)
    assert list(advice(of(both_ways(4)))) == []
    assert list(advice(of(tuple(item(str(number)) for number in range(4)), format="frequency"))) == []


@pytest.mark.parametrize("text, told", [("Option b", 0), ("Option b, longer", 1)])
def test_best_answer_that_is_far_the_longest(text: str, told: int) -> None:
    [one] = keyed_items(1)
    options = tuple(replace(option, text=text) if option.key == "b" else option for option in one.options)
    found = [path for path, _ in advice(of((replace(one, options=options),), (0, 50, 80), format="scenarios"))]
    assert found.count(("items", 0, "options")) == told
