"""Is a difference between two results more than the wobble of measurement? Pure.

Whoever answers the same questions twice scores a little differently. The usual wobble of a difference is
1.96 x sqrt(2) x the standard error of measurement: 95 of 100 differences without any real change stay below it.
The standard error is the standard deviation x sqrt(1 - reliability).

Nobody has measured these quizzes yet. Until enough people have agreed to let their answers be counted, a
standard deviation of 25 points and a reliability of .70 are assumed, which is on the careful side.
"""

import math

ASSUMED_DEVIATION = 25
ASSUMED_RELIABILITY = 0.70
WOBBLE = round(1.96 * math.sqrt(2) * ASSUMED_DEVIATION * math.sqrt(1 - ASSUMED_RELIABILITY))


def changed(before: int | None, now: int | None) -> str:
    """In three steps how much a score has changed: up to half of the usual wobble, up to the wobble, and beyond."""
    if before is None or now is None:
        return "no score to compare"
    points = abs(now - before)
    if 2 * points <= WOBBLE:
        return "about the same"
    return "clearly moved" if points > WOBBLE else "may have moved; a third time would tell"
