"""What a lesson is: one plain value.

A content file, the draft rows in the admin and a published version all say the same ``LessonSource``.
Standard library only.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

WORDS_PER_MINUTE = 200  # an unhurried adult reader of plain English

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ADDRESS = re.compile(rf"(?P<lesson>{SLUG.pattern})#(?P<anchor>{SLUG.pattern})")
DOI = re.compile(r"10\.\d{4,9}/\S+")

SAFETY_LEVELS = {
    "none": "No safety box",
    "care": "Safety box at the end",
    "high": "Safety box at the start and at the end",
}

HELP_TOPICS = {
    "emergency": "Emergency",
    "abuse": "Violence, threats or control",
    "crisis": "Crisis and thoughts of suicide",
    "children": "Children and teenagers",
    "harm": "Worried about your own behavior",
    "fraud": "Scams and fraud",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One thing an author has to mend: which file, which line (1-based), what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class SectionSource:
    """A part of a lesson with an address of its own, ``<lesson>#<anchor>``.

    ``safety`` puts a safety box at the top. ``repair_advice`` hides the section from flagged quiz results.
    ``former_anchors`` keep old addresses working after an anchor was renamed.
    """

    anchor: str
    heading: str
    body: str
    safety: bool = False
    repair_advice: bool = False
    former_anchors: tuple[str, ...] = ()

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.anchor, *self.former_anchors)


@dataclass(frozen=True, kw_only=True)
class ExerciseSource:
    title: str
    minutes: int
    body: str


@dataclass(frozen=True, kw_only=True)
class CitationSource:
    """A cited work. ``doi`` is bare (``10.1037/...``); ``url`` serves works that have none."""

    citation: str
    doi: str = ""
    url: str = ""

    @property
    def href(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, kw_only=True)
class PartSource:
    """One of the parts of the course, in reading order."""

    slug: str
    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class LessonSource:
    """A lesson. ``part``, ``number`` and ``slug`` are its place in the course; the rest is what it says.

    ``number`` counts through the whole course. Bodies and ``scene`` are Markdown.
    """

    part: str
    number: int
    slug: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    safety: str
    reviewed: date
    review_due: date
    scene: str
    sections: tuple[SectionSource, ...]
    exercise: ExerciseSource
    citations: tuple[CitationSource, ...]

    @property
    def bodies(self) -> Iterator[str]:
        """Every Markdown text of the lesson."""
        yield self.scene
        yield from (section.body for section in self.sections)
        yield self.exercise.body

    @property
    def anchors(self) -> frozenset[str]:
        return frozenset(anchor for section in self.sections for anchor in section.anchors)

    def at(self, other: "LessonSource") -> "LessonSource":
        """The same words in the place of ``other``: restoring a version never moves a lesson."""
        return replace(self, part=other.part, number=other.number, slug=other.slug)


@dataclass(frozen=True, kw_only=True)
class HelpLineSource:
    """A service a reader can turn to. ``topic`` is one of ``HELP_TOPICS``; ``checked`` the day it was last verified."""

    country: str
    topic: str
    name: str
    checked: date
    audience: str = ""
    phone: str = ""
    text_message: str = ""
    website: str = ""
    hours: str = ""


@dataclass(frozen=True, kw_only=True)
class TermSource:
    """A word the lessons use, what it means here, and the section that teaches it."""

    term: str
    meaning: str
    section: str


def word_count(text: str) -> int:
    return len(re.findall(r"\w+(?:['\u2019-]\w+)*", text))


def minutes(*texts: str) -> int:
    """Whole minutes to read the texts, rounded up, at least one."""
    return max(1, math.ceil(sum(map(word_count, texts)) / WORDS_PER_MINUTE))
