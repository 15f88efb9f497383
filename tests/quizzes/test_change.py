"""Then and now: what is larger than the usual wobble of measurement."""

import math

import pytest

from quizzes.change import WOBBLE, changed


def test_wobble_is_the_smallest_detectable_change() -> None:
    """1.96 x sqrt(2) x SEM, with SEM = SD x sqrt(1 - reliability) = 25 x sqrt(.3)."""
    assert round(1.96 * math.sqrt(2) * 25 * math.sqrt(0.3)) == 38
    assert WOBBLE == 38


ABOUT_THE_SAME = "about the same"
MAY_HAVE_MOVED = "may have moved; a third time would tell"
CLEARLY_MOVED = "clearly moved"
NOTHING = "no score to compare"


@pytest.mark.parametrize(
    "before, now, words",
    [
        (50, 50, ABOUT_THE_SAME),
        (0, 0, ABOUT_THE_SAME),
        (50, 51, ABOUT_THE_SAME),
        (50, 49, ABOUT_THE_SAME),
        (20, 39, ABOUT_THE_SAME),
        (39, 20, ABOUT_THE_SAME),
        (20, 40, MAY_HAVE_MOVED),
        (40, 20, MAY_HAVE_MOVED),
        (20, 58, MAY_HAVE_MOVED),
        (58, 20, MAY_HAVE_MOVED),
        (20, 59, CLEARLY_MOVED),
        (59, 20, CLEARLY_MOVED),
        (0, 100, CLEARLY_MOVED),
        (100, 0, CLEARLY_MOVED),
        (None, 50, NOTHING),
        (50, None, NOTHING),
        (None, None, NOTHING),
        (0, None, NOTHING),
        (None, 0, NOTHING),
    ],
)
def test_change_in_words(before: int | None, now: int | None, words: str) -> None:
    assert changed(before, now) == words


@pytest.mark.parametrize("before", [0, 37, 100])
def test_change_is_told_in_three_steps(before: int) -> None:
    """Up to half of the wobble, up to the wobble, and beyond."""
    assert [changed(before, now) for now in range(101)] == [
        ABOUT_THE_SAME if points <= WOBBLE / 2 else MAY_HAVE_MOVED if points <= WOBBLE else CLEARLY_MOVED
        for points in (abs(now - before) for now in range(101))
    ]
