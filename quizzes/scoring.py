"""From answers to scores and flags. Pure; the rules are stated here once.

- A reverse-keyed rating is turned round first: on the 1-5 scale 6 - x, on the 0-4 scale 4 - x.
- A dimension's score is the percent of maximum possible of the mean of its answered items, rounded half up to
  a whole number; for keyed items, the percent of answered items that were answered right.
- A skipped item is missing, never a middle answer. A dimension has a score when at least two thirds of its
  items were answered, and none otherwise.
- Flags come from single answers as they were given, from dimension scores, and from the gate; no total can
  outweigh them. A gate that stops leaves nothing to score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizzes.scales import RATINGS, SKIP
from quizzes.source import GateSource, ItemSource, QuizSource


@dataclass(frozen=True)
class Scores:
    """What guidance needs of a result: each dimension's score, 0-100, or None where too few items were answered, and
    the keys of the dimensions that raised the safety flag."""

    context: str
    flagged: bool
    by_dimension: Mapping[str, int | None]
    raised: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Result(Scores):
    """``flags`` names what raised the safety flag: item keys, dimension keys or ``gate``."""

    flags: tuple[str, ...] = ()
    skipped_flag_item: bool = False
    stopped_by: GateSource | None = None


def score(source: QuizSource, responses: Mapping[str, str], context: str = "", gate: str = "") -> Result:
    """Score one set of valid responses: item key to the answer's value, or ``skip``."""
    asked_gate = source.gate_for(context)
    if asked_gate and gate in asked_gate.stops_at:
        return Result(context, True, {}, flags=("gate",), stopped_by=asked_gate)
    items, dimensions = source.items_for(context), source.dimensions_for(context)
    scores = {
        dimension.key: _score(source, [item for item in items if item.dimension == dimension.key], responses)
        for dimension in dimensions
    }
    flagging = [item for item in items if responses[item.key] in map(str, item.flag_at)]
    low = [dimension.key for dimension in dimensions if up_to(dimension.flag_up_to, scores[dimension.key])]
    flags = (*(item.key for item in flagging), *low)
    raised = frozenset([*(item.dimension for item in flagging), *low])
    skipped = any(item.flag_at and responses[item.key] == SKIP for item in items)
    return Result(context, bool(flags), scores, raised, flags, skipped)


def _score(source: QuizSource, items: Sequence[ItemSource], responses: Mapping[str, str]) -> int | None:
    answered = [item for item in items if responses[item.key] != SKIP]
    if 3 * len(answered) < 2 * len(items):
        return None
    if source.is_keyed:
        return percent(sum(responses[item.key] == item.answer for item in answered), len(answered))
    low, *_, high = map(int, RATINGS[source.format])
    ratings = ((item.reverse, int(responses[item.key])) for item in answered)
    points = sum(high - rating if reverse else rating - low for reverse, rating in ratings)
    return percent(points, (high - low) * len(answered))


def percent(points: int, most: int) -> int:
    """``points`` as a percentage of ``most``, rounded half up in whole numbers, so 12.5 gives 13."""
    return (200 * points + most) // (2 * most)


def up_to(threshold: int | None, value: int | None) -> bool:
    return value is not None and threshold is not None and value <= threshold
