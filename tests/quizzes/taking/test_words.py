"""Scores and bands in plain words."""

import pytest

from quizzes.guidance import guide
from quizzes.scoring import Scores
from quizzes.taking.result import edges, sentence
from tests.quizzes.build import bands, dimension, item, quiz


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
    "one, two, higher_is_worse, words",
    [
        (20, 80, False, "What stands lowest is One; what stands strongest is Two."),
        (20, 80, True, "What stands highest is Two; what stands lowest is One."),
        (50, 50, False, "No part stands out: they all lie at the same place."),
        (50, None, False, "What stands lowest is One."),
        (
            None,
            None,
            False,
            "You skipped too many questions for a score, and that is your good right. Here is where you could start.",
        ),
    ],
)
def test_result_in_one_sentence(one: int | None, two: int | None, higher_is_worse: bool, words: str) -> None:
    dimensions = (dimension("one"), dimension("two"))
    source = quiz(items=(item("1", "one"), item("2", "two")), dimensions=dimensions, higher_is_worse=higher_is_worse)
    assert sentence(source, guide(source, Scores("", False, {"one": one, "two": two}), hidden=())) == words
