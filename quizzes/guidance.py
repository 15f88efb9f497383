"""From scores to what a person is shown: bands in words, notes, and the reading list. Pure.

- The band of a score is the last whose cut-point is at most the score. A dimension without a score shows the
  links of its middle band.
- Need is 100 - score, or the score where higher is worse; dimensions stand in order of need, equal needs in the
  author's order, dimensions without a score last.
- The reading list takes the first link of each dimension in that order, then the second links, and so on, no
  section twice. The first five lead.
- In some contexts a link is swapped for another. A flagged result drops every section that is repair advice,
  puts the sections named for safety first, and gives a dimension left without links the fallback.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest

from quizzes.scoring import DimensionScore, Result
from quizzes.source import BandSource, DimensionSource, LinkSource, NoteSource, QuizSource

LEADING = 5
_MIDDLE = 1


@dataclass(frozen=True)
class DimensionGuidance:
    """``band`` and ``band_index`` are None when the dimension has no score."""

    dimension: DimensionSource
    score: int | None
    band: BandSource | None
    band_index: int | None
    links: tuple[LinkSource, ...]


@dataclass(frozen=True)
class Guidance:
    """``dimensions`` in order of need; ``reading`` the whole list, of which the first ``LEADING`` lead."""

    dimensions: tuple[DimensionGuidance, ...]
    reading: tuple[LinkSource, ...]
    notes: tuple[NoteSource, ...]

    @property
    def leading(self) -> tuple[LinkSource, ...]:
        return self.reading[:LEADING]

    @property
    def scored(self) -> tuple[DimensionGuidance, ...]:
        return tuple(dimension for dimension in self.dimensions if dimension.score is not None)


def guide(source: QuizSource, result: Result, repair_advice: Collection[str] = ()) -> Guidance:
    """What ``result`` leads to. ``repair_advice`` holds the section addresses that carry this mark now."""
    hidden = set(repair_advice) if result.flagged else set()
    by_key = {dimension.key: dimension for dimension in source.dimensions}
    dimensions = [_guide_dimension(source, by_key[scored.key], scored, result, hidden) for scored in result.dimensions]
    dimensions.sort(key=lambda guided: -need(source, guided.score))
    first = source.safety.links if result.flagged and source.safety else ()
    return Guidance(
        dimensions=tuple(dimensions),
        reading=unique([*first, *in_turn([guided.links for guided in dimensions])]),
        notes=tuple(_visible(note, hidden) for note in source.notes if _holds(note, result)),
    )


def band_index(source: QuizSource, dimension: DimensionSource, score: int) -> int:
    return max(index for index in range(len(source.bands)) if source.band(dimension, index).start <= score)


def _guide_dimension(
    source: QuizSource, dimension: DimensionSource, scored: DimensionScore, result: Result, hidden: set[str]
) -> DimensionGuidance:
    index = None if scored.score is None else band_index(source, dimension, scored.score)
    own = dimension.bands[_MIDDLE if index is None else index].links
    swapped = unique(_swap(source, link, result.context) for link in own)
    links = tuple(link for link in swapped if link.to not in hidden)
    if not links and source.safety:
        links = (source.safety.fallback,)
    return DimensionGuidance(
        dimension, scored.score, None if index is None else source.band(dimension, index), index, links
    )


def need(source: QuizSource, score: int | None) -> int:
    """How much a dimension asks for care, 0-100; -1, behind all others, without a score."""
    if score is None:
        return -1
    return score if source.higher_is_worse else 100 - score


def _swap(source: QuizSource, link: LinkSource, context: str) -> LinkSource:
    lesson = link.to.partition("#")[0]
    for swap in source.swaps:
        if context in swap.contexts and lesson in swap.lessons:
            return replace(link, to=swap.to)
    return link


def in_turn(lists: Iterable[tuple[LinkSource, ...]]) -> list[LinkSource]:
    """The first of each list in order, then the second of each, and so on."""
    return [link for turn in zip_longest(*lists) for link in turn if link]


def unique(links: Iterable[LinkSource]) -> tuple[LinkSource, ...]:
    """The links without those whose section came before."""
    first: dict[str, LinkSource] = {}
    for link in links:
        first.setdefault(link.to, link)
    return tuple(first.values())


def _holds(note: NoteSource, result: Result) -> bool:
    scores = {scored.key: scored.score for scored in result.dimensions}
    return all(
        (value := scores.get(condition.dimension)) is not None and condition.at_least <= value <= condition.at_most
        for condition in note.conditions
    )


def _visible(note: NoteSource, hidden: set[str]) -> NoteSource:
    return replace(note, link=None) if note.link and note.link.to in hidden else note
