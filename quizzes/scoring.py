"""From answers to scores and flags. Pure; the rules are stated here once.

- A reverse-keyed rating is turned round first: on the 1-5 scale 6 - x, on the 0-4 scale 4 - x.
- A dimension's score is the percent of maximum possible of the mean of its answered items, rounded half up to
  a whole number; for keyed items, the percent of answered items that were answered right.
- A skipped item is missing, never a middle answer. A dimension has a score when at least two thirds of its
  items were answered, and none otherwise.
- Flags come from single answers as they were given, from dimension scores, and from the gate; no total can
  outweigh them. A gate that stops leaves nothing to score.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quizzes.source import SKIP, DimensionSource, GateSource, ItemSource, QuizSource

_SCALES = {"agreement": (1, 5), "frequency": (0, 4)}


@dataclass(frozen=True)
class DimensionScore:
    """``score`` is 0-100, or None when too few items were answered."""

    key: str
    score: int | None
    answered: int
    asked: int


@dataclass(frozen=True)
class Result:
    """``flags`` names what raised the safety flag: item keys, dimension keys or ``gate``."""

    context: str
    dimensions: tuple[DimensionScore, ...]
    flags: tuple[str, ...] = ()
    skipped_flag_item: bool = False
    stopped_by: GateSource | None = None

    @property
    def flagged(self) -> bool:
        return bool(self.flags)


def score(source: QuizSource, responses: Mapping[str, str], context: str = "", gate: str = "") -> Result:
    """Score one set of valid responses: item key to the answer's value, or ``skip``."""
    asked_gate = source.gate_for(context)
    if asked_gate and gate in asked_gate.stops_at:
        return Result(context, (), flags=("gate",), stopped_by=asked_gate)
    items = source.items_for(context)
    scores = tuple(
        _score_dimension(source, [item for item in items if item.dimension == dimension.key], responses, dimension.key)
        for dimension in source.dimensions_for(context)
    )
    flagged_items = [item.key for item in items if responses[item.key] in map(str, item.flag_at)]
    flagged_dimensions = [
        dimension.key
        for dimension, result in zip(source.dimensions_for(context), scores, strict=True)
        if _flags(dimension, result.score)
    ]
    return Result(
        context,
        scores,
        flags=(*flagged_items, *flagged_dimensions),
        skipped_flag_item=any(item.flag_at and responses[item.key] == SKIP for item in items),
    )


def _score_dimension(
    source: QuizSource, items: list[ItemSource], responses: Mapping[str, str], key: str
) -> DimensionScore:
    answered = [item for item in items if responses[item.key] != SKIP]
    if 3 * len(answered) < 2 * len(items):
        return DimensionScore(key, None, len(answered), len(items))
    if source.is_keyed:
        points, most = sum(responses[item.key] == item.answer for item in answered), len(answered)
    else:
        low, high = _SCALES[source.format]
        ratings = [_keyed(int(responses[item.key]), item, low, high) for item in answered]
        points, most = sum(ratings) - low * len(answered), (high - low) * len(answered)
    return DimensionScore(key, percent(points, most), len(answered), len(items))


def percent(points: int, most: int) -> int:
    """``points`` as a percentage of ``most``, rounded half up in whole numbers, so 12.5 gives 13."""
    return (200 * points + most) // (2 * most)


def _keyed(rating: int, item: ItemSource, low: int, high: int) -> int:
    return low + high - rating if item.reverse else rating


def _flags(dimension: DimensionSource, value: int | None) -> bool:
    return value is not None and dimension.flag_up_to is not None and value <= dimension.flag_up_to
