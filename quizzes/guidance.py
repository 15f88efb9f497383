"""From scores to what a person is shown: bands in words, notes, and the reading list. Pure.

- The band of a score is the last whose cut-point is at most the score. A dimension without a score shows the
  links of its middle band.
- Need is 100 - score, or the score where higher is worse; dimensions stand in order of need, equal needs in the
  author's order, dimensions without a score last.
- The reading list takes the first link of each dimension in that order, then the second links, and so on, no
  section twice. The first five lead.
- In some contexts a link is swapped for another. A flagged result drops every section that is hidden in danger,
  puts the sections named for safety first, and gives a dimension left without links the fallback.
- Several results make one reading list in the same way: all their dimensions in order of need, equal needs in the
  order of the results.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar

from quizzes.scales import BAND_KEYS
from quizzes.scoring import Scores
from quizzes.source import BandSource, DimensionSource, LinkSource, NoteSource, QuizSource

LEADING = 5
_MIDDLE = 1

T = TypeVar("T")


@dataclass(frozen=True)
class DimensionGuidance:
    """``bands`` are the dimension's own words and cut-points. Without a score it is in none of them, and its
    ``need`` is -1, behind all others."""

    dimension: DimensionSource
    score: int | None
    need: int
    bands: tuple[BandSource, ...]
    band_index: int | None
    links: tuple[LinkSource, ...]

    @property
    def band(self) -> BandSource | None:
        return None if self.band_index is None else self.bands[self.band_index]

    @property
    def band_key(self) -> str:
        return "" if self.band_index is None else BAND_KEYS[self.band_index]


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


def guide(source: QuizSource, scores: Scores, *, hidden: Collection[str]) -> Guidance:
    """What ``scores`` lead to. ``hidden`` holds the addresses of sections that a flagged result must not show."""
    withheld = set(hidden) if scores.flagged else set()
    asked = [dimension for dimension in source.dimensions if dimension.key in scores.by_dimension]
    guided = [_guided(source, dimension, scores, withheld) for dimension in asked]
    dimensions = sorted(guided, key=lambda each: -each.need)
    first = source.safety.links if scores.flagged and source.safety else ()
    return Guidance(
        dimensions=tuple(dimensions),
        reading=unique([*first, *in_turn(each.links for each in dimensions)]),
        notes=tuple(_visible(note, withheld) for note in source.notes if _holds(note, scores)),
    )


def merge(guided: Iterable[tuple[T, Guidance]]) -> list[tuple[LinkSource, T]]:
    """One reading list from several results, none of them flagged: each link with the key of the result that first
    leads to its section."""
    ranked = [(key, dimension) for key, guidance in guided for dimension in guidance.dimensions]
    ranked.sort(key=lambda pair: -pair[1].need)
    found: dict[str, tuple[LinkSource, T]] = {}
    for link, key in in_turn([(link, key) for link in dimension.links] for key, dimension in ranked):
        found.setdefault(link.to, (link, key))
    return list(found.values())


def in_turn(lists: Iterable[Iterable[T]]) -> list[T]:
    """The first of each list in order, then the second of each, and so on."""
    return [one for turn in zip_longest(*lists) for one in turn if one is not None]


def unique(links: Iterable[LinkSource]) -> tuple[LinkSource, ...]:
    """The links without those whose section came before."""
    first: dict[str, LinkSource] = {}
    for link in links:
        first.setdefault(link.to, link)
    return tuple(first.values())


def _guided(source: QuizSource, dimension: DimensionSource, scores: Scores, withheld: set[str]) -> DimensionGuidance:
    score, bands = scores.by_dimension[dimension.key], source.bands_of(dimension)
    reached = None if score is None else max(index for index, band in enumerate(bands) if band.start <= score)
    shown = dimension.bands[_MIDDLE if reached is None else reached].links
    swapped = unique(_swap(source, link, scores.context) for link in shown)
    links = tuple(link for link in swapped if link.to not in withheld)
    if not links and source.safety:
        links = (source.safety.fallback,)
    return DimensionGuidance(dimension, score, _need(source, score), bands, reached, links)


def _need(source: QuizSource, score: int | None) -> int:
    if score is None:
        return -1
    return score if source.higher_is_worse else 100 - score


def _swap(source: QuizSource, link: LinkSource, context: str) -> LinkSource:
    lesson = link.to.partition("#")[0]
    for swap in source.swaps:
        if context in swap.contexts and lesson in swap.lessons:
            return replace(link, to=swap.to)
    return link


def _holds(note: NoteSource, scores: Scores) -> bool:
    return all(
        (value := scores.by_dimension.get(condition.dimension)) is not None
        and condition.at_least <= value <= condition.at_most
        for condition in note.conditions
    )


def _visible(note: NoteSource, withheld: set[str]) -> NoteSource:
    return replace(note, link=None) if note.link and note.link.to in withheld else note
