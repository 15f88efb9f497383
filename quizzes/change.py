"""Is a difference between two results more than the wobble of measurement? Pure.

Whoever answers the same questions twice scores a little differently. The usual wobble of a difference is
1.96 x sqrt(2) x the standard error of measurement: 95 of 100 differences without any real change stay below it.
The standard error is the standard deviation x sqrt(1 - reliability).

Nobody has measured these quizzes yet. Until enough people have agreed to let their answers be counted, a
standard deviation of 25 points and a reliability of .70 are assumed, which is on the careful side.
"""

import math
from dataclasses import dataclass

ASSUMED_DEVIATION = 25
ASSUMED_RELIABILITY = 0.70
WOBBLE = round(1.96 * math.sqrt(2) * ASSUMED_DEVIATION * math.sqrt(1 - ASSUMED_RELIABILITY))


@dataclass(frozen=True)
class Change:
    """One dimension then and now; None where too few questions were answered."""

    key: str
    before: int | None
    now: int | None

    @property
    def difference(self) -> int | None:
        return None if self.before is None or self.now is None else self.now - self.before

    @property
    def is_real(self) -> bool:
        """Larger than the usual wobble."""
        return self.difference is not None and abs(self.difference) > WOBBLE


def in_words(change: Change) -> str:
    if change.difference is None:
        return "There is no score to compare."
    if change.difference == 0:
        return "The same as before."
    direction = "higher" if change.difference > 0 else "lower"
    points = f"{abs(change.difference)} point{'s' if abs(change.difference) != 1 else ''} {direction}"
    if change.is_real:
        return f"{points}: larger than the usual wobble."
    return f"{points}: within the usual wobble, so it may mean nothing."
