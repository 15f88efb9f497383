"""What the author of a quiz may want to look at again. Pure; nothing here keeps a quiz from takers."""

from collections.abc import Iterator

from publishing.kind import Ruler
from publishing.shape import Problem
from quizzes.scales import BANDS
from quizzes.scoring import percent
from quizzes.source import DimensionSource, ItemSource, QuizSource

LONGER = 1.2  # an answer that is longer than this times the next one gives itself away


def advice(quiz: QuizSource) -> Iterator[Problem]:
    for place, dimension in enumerate(quiz.dimensions):
        items = [item for item in quiz.items if item.dimension == dimension.key]
        scores, bands = ruler(quiz, dimension)
        starts = [*(start for _, start in bands), 101]
        for number, name in enumerate(BANDS.values()):
            if scores and not any(starts[number] <= score < starts[number + 1] for score in scores):
                yield ("dimensions", place, "bands", number), f"no answers reach the {name.lower()}"
        if quiz.format == "agreement" and len(items) > 2 and len({item.reverse for item in items}) == 1:
            yield ("dimensions", place), "its questions are all keyed one way; who agrees to everything is not noticed"
    for place, item in enumerate(quiz.items):
        if item.options and _stands_out(item):
            yield ("items", place, "options"), "the best answer is far the longest; it gives itself away"


def ruler(quiz: QuizSource, dimension: DimensionSource) -> Ruler:
    bands = zip(BANDS.values(), quiz.bands_of(dimension), strict=True)
    return Ruler(
        tuple(sorted(reachable(quiz, dimension))), tuple((band.label or name, band.start) for name, band in bands)
    )


def reachable(quiz: QuizSource, dimension: DimensionSource) -> set[int]:
    """Every score that some answers give the dimension, skips included, in any context."""
    counts = {
        sum(item.dimension == dimension.key for item in quiz.items_for(context)) for context in quiz.contexts or ("",)
    }
    answered = {k for count in counts for k in range(1, count + 1) if 3 * k >= 2 * count}
    most = 1 if quiz.is_keyed else 4
    return {percent(points, most * k) for k in answered for points in range(most * k + 1)}


def _stands_out(item: ItemSource) -> bool:
    best = max((len(option.text) for option in item.options if option.key == item.answer), default=0)
    others = [len(option.text) for option in item.options if option.key != item.answer]
    return bool(others) and best > LONGER * max(others)
