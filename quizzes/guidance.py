"""From scores to what a person is shown: bands in words, notes, the reading list and one act. Pure.

- The band of a score is the last whose cut-point is at most the score. A dimension without a score shows the
  links of its middle band. A link may be for some contexts only.
- Need is 100 - score, or the score where higher is worse; dimensions stand in order of need, equal needs in the
  author's order, dimensions without a score last.
- A dimension about safety leads, with or without a score, unless it is in its best band. Those that raised the flag
  stand before all others, the one about safety first, each with the links of its worst band and its words of danger.
- The reading list takes the first link of each dimension in that order, then the second links, and so on, no
  section twice. The first five lead.
- A flagged result drops every section that is hidden in danger, puts the sections named for safety first, and gives
  a dimension left without links the fallback. A score that hides drops the same sections. A gate that stops leads
  to its own sections alone.
- The act for this week is that of the first dimension that has a score; on a flagged result the quiz's own.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar

from quizzes.scales import BAND_KEYS
from quizzes.scoring import Scores, up_to
from quizzes.source import (
    BandSource,
    DangerSource,
    DimensionSource,
    GateSource,
    LinkSource,
    NoteSource,
    QuizSource,
)

LEADING = 5
_MIDDLE = 1

T = TypeVar("T")


@dataclass(frozen=True)
class DimensionGuidance:
    """``bands`` are the dimension's own words and cut-points; without a score it is in none of them. ``rank`` is its
    place among all dimensions, the lowest first. ``danger`` are its words instead, where it raised the flag."""

    dimension: DimensionSource
    score: int | None
    rank: tuple[int, int]
    bands: tuple[BandSource, ...]
    band_index: int | None
    links: tuple[LinkSource, ...]
    danger: DangerSource | None = None

    @property
    def band(self) -> BandSource | None:
        return None if self.band_index is None else self.bands[self.band_index]

    @property
    def band_key(self) -> str:
        return "" if self.band_index is None else BAND_KEYS[self.band_index]

    @property
    def leads(self) -> bool:
        """Whether it stands before the others whatever they need: it flags, or is about safety and not at its best."""
        return self.rank[0] < 2

    @property
    def act(self) -> str:
        return "" if self.band_index is None else self.dimension.bands[self.band_index].act


@dataclass(frozen=True)
class Guidance:
    """``dimensions`` in order; ``reading`` the whole list, of which the first ``LEADING`` lead; ``act`` the one for
    this week, empty without any score. ``hides``: what is not for readers in danger was left out."""

    dimensions: tuple[DimensionGuidance, ...]
    reading: tuple[LinkSource, ...]
    notes: tuple[NoteSource, ...]
    act: str
    hides: bool

    @property
    def leading(self) -> tuple[LinkSource, ...]:
        return self.reading[:LEADING]

    @property
    def quiet(self) -> bool:
        """Whether a dimension about safety is not in its best band: who opens a kept result reads words alone."""
        return any(dimension.leads for dimension in self.dimensions)

    @property
    def scored(self) -> tuple[DimensionGuidance, ...]:
        return tuple(dimension for dimension in self.dimensions if dimension.score is not None)


def guide(
    source: QuizSource, scores: Scores, *, hidden: Collection[str], stopped_by: GateSource | None = None
) -> Guidance:
    """What ``scores`` lead to. ``hidden`` holds the addresses of sections that readers in danger must not be shown."""
    asked = [dimension for dimension in source.dimensions if dimension.key in scores.by_dimension]
    low = any(up_to(dimension.hides_up_to, scores.by_dimension[dimension.key]) for dimension in asked)
    withheld = set(hidden) if scores.flagged or low else set()
    guided = [_guided(source, dimension, scores, withheld) for dimension in asked]
    dimensions = sorted(guided, key=lambda each: each.rank)
    first = source.safety.links if scores.flagged and source.safety and not stopped_by else ()
    first = stopped_by.links if stopped_by else first
    act = next((each.act for each in dimensions if each.act), "")
    return Guidance(
        dimensions=tuple(dimensions),
        reading=unique([*first, *in_turn(each.links for each in dimensions)]),
        notes=tuple(_visible(note, withheld) for note in source.notes if _holds(note, scores)),
        act=source.safety.act if source.safety and (first or (scores.flagged and not stopped_by)) else act,
        hides=bool(scores.flagged or low),
    )


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
    best, worst = (0, -1) if source.higher_is_worse else (len(bands) - 1, 0)
    raised = dimension.key in scores.raised
    shown = worst if raised else _MIDDLE if reached is None else reached
    here = unique(link for link in dimension.bands[shown].links if not link.contexts or scores.context in link.contexts)
    links = tuple(link for link in here if link.to not in withheld)
    if not links and source.safety:
        links = (source.safety.fallback,)
    rank = (0, not dimension.safety) if raised else (2, -_need(source, score))
    if dimension.safety and not raised and reached != best:
        rank = (1, 0)
    return DimensionGuidance(dimension, score, rank, bands, reached, links, dimension.danger if raised else None)


def _need(source: QuizSource, score: int | None) -> int:
    if score is None:
        return -1
    return score if source.higher_is_worse else 100 - score


def _holds(note: NoteSource, scores: Scores) -> bool:
    return all(
        (value := scores.by_dimension.get(condition.dimension)) is not None
        and condition.at_least <= value <= condition.at_most
        for condition in note.conditions
    )


def _visible(note: NoteSource, withheld: set[str]) -> NoteSource:
    return replace(note, link=None) if note.link and note.link.to in withheld else note
