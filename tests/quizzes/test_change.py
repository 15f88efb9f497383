"""Then and now: what is larger than the usual wobble of measurement."""

import math

import pytest

from quizzes.change import WOBBLE, changed


def test_wobble_is_the_smallest_detectable_change() -> None:
    """1.96 x sqrt(2) x SEM, with SEM = SD x sqrt(1 - reliability) = 25 x sqrt(.3)."""
    assert round(1.96 * math.sqrt(2) * 25 * math.sqrt(0.3)) == 38
    assert WOBBLE == 38


@pytest.mark.parametrize(
    "before, now, words",
    [
        (50, 50, "The same as before."),
        (0, 0, "The same as before."),
        (50, 51, "1 point higher: within the usual wobble, so it may mean nothing."),
        (50, 49, "1 point lower: within the usual wobble, so it may mean nothing."),
        (50, 52, "2 points higher: within the usual wobble, so it may mean nothing."),
        (20, 58, "38 points higher: within the usual wobble, so it may mean nothing."),
        (58, 20, "38 points lower: within the usual wobble, so it may mean nothing."),
        (20, 59, "39 points higher: larger than the usual wobble."),
        (59, 20, "39 points lower: larger than the usual wobble."),
        (0, 100, "100 points higher: larger than the usual wobble."),
        (100, 0, "100 points lower: larger than the usual wobble."),
        (None, 50, "There is no score to compare."),
        (50, None, "There is no score to compare."),
        (None, None, "There is no score to compare."),
        (0, None, "There is no score to compare."),
        (None, 0, "There is no score to compare."),
    ],
)
def test_change_in_words(before: int | None, now: int | None, words: str) -> None:
    assert changed(before, now) == words
