"""Then and now: what is larger than the usual wobble of measurement, and what that is in words."""

import math

import pytest

from quizzes.change import WOBBLE, Change, in_words


def test_wobble_is_the_smallest_detectable_change() -> None:
    """1.96 x sqrt(2) x SEM, with SEM = SD x sqrt(1 - reliability) = 25 x sqrt(.3)."""
    assert round(1.96 * math.sqrt(2) * 25 * math.sqrt(0.3)) == 38
    assert WOBBLE == 38


@pytest.mark.parametrize(
    "before, now, difference, is_real, words",
    [
        (50, 50, 0, False, "The same as before."),
        (0, 0, 0, False, "The same as before."),
        (50, 51, 1, False, "1 point higher: within the usual wobble, so it may mean nothing."),
        (50, 49, -1, False, "1 point lower: within the usual wobble, so it may mean nothing."),
        (50, 52, 2, False, "2 points higher: within the usual wobble, so it may mean nothing."),
        (20, 58, 38, False, "38 points higher: within the usual wobble, so it may mean nothing."),
        (58, 20, -38, False, "38 points lower: within the usual wobble, so it may mean nothing."),
        (20, 59, 39, True, "39 points higher: larger than the usual wobble."),
        (59, 20, -39, True, "39 points lower: larger than the usual wobble."),
        (0, 100, 100, True, "100 points higher: larger than the usual wobble."),
        (100, 0, -100, True, "100 points lower: larger than the usual wobble."),
        (None, 50, None, False, "There is no score to compare."),
        (50, None, None, False, "There is no score to compare."),
        (None, None, None, False, "There is no score to compare."),
        (0, None, None, False, "There is no score to compare."),
        (None, 0, None, False, "There is no score to compare."),
    ],
)
def test_change_in_words(
    before: int | None, now: int | None, difference: int | None, is_real: bool, words: str
) -> None:
    change = Change("open", before, now)
    assert (change.difference, change.is_real, in_words(change)) == (difference, is_real, words)
