"""What a lesson is: one plain value. A content file, a draft and a published version all say the same one."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from publishing.leaves import Day, Key, Line, Lines, Mark, Markdown, One, Paragraph, Section, Whole
from publishing.shape import Document, Part, Parts, document

WORDS_PER_MINUTE = 200  # an unhurried adult reader of plain English

DOI = re.compile(r"10\.\d{4,9}/\S+")
HTTPS = re.compile(r"https://\S+")

IN_SHORT_WORDS = 45
_IN_SHORT = f"The main message in the reader’s own words, without a story: at most {IN_SHORT_WORDS} words."
_FORMER = "Earlier anchors that keep working, one a line."
_NO_DOI = "a DOI starts with 10. and has no https://doi.org/ before it"
_NO_HTTPS = "it must start with https://"

SAFETY_LEVELS = {
    "none": "No safety box",
    "care": "Safety box at the end",
    "high": "Safety box at the start and at the end",
}


@dataclass(frozen=True, kw_only=True)
class SectionSource:
    """A part of a lesson with an address of its own, ``<lesson>#<anchor>``."""

    heading: Annotated[str, Line("Heading", 120)]
    anchor: Annotated[str, Key("Anchor", 80, help="Its address within the page.")]
    body: Annotated[str, Markdown("Text")]
    safety: Annotated[bool, Mark("Safety box at its top", folded=True)] = False
    not_in_danger: Annotated[
        bool, Mark("Not for readers in danger", folded=True, help="Flagged quiz results hide it.")
    ] = False
    former_anchors: Annotated[tuple[str, ...], Lines("Former anchors", entry=Key("", 80), help=_FORMER)] = ()

    @property
    def anchors(self) -> tuple[str, ...]:
        return (self.anchor, *self.former_anchors)


@dataclass(frozen=True, kw_only=True)
class ExerciseSource:
    title: Annotated[str, Line("Title", 100)]
    minutes: Annotated[int, Whole("Minutes", 1, 240)]
    body: Annotated[str, Markdown("Text", key="text")]


@dataclass(frozen=True, kw_only=True)
class CitationSource:
    """A cited work. ``doi`` is bare (``10.1037/...``); ``url`` serves works that have none."""

    citation: Annotated[str, Paragraph("Citation", 1000, key="cite")]
    doi: Annotated[str, Line("DOI", 100, DOI, _NO_DOI, help="10.1037/…")] = ""
    url: Annotated[str, Line("Link", 200, HTTPS, _NO_HTTPS, help="Only for works without a DOI.")] = ""

    @property
    def href(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, kw_only=True)
class PartSource:
    """One of the parts of the course, in reading order."""

    position: Annotated[int, Whole("Place in the course", 1, 99, placed=True)]
    slug: Annotated[str, Key("Address")]
    title: Annotated[str, Line("Title", 100)]
    summary: Annotated[str, Paragraph("Summary", 300)]


@dataclass(frozen=True, kw_only=True)
class LessonSource:
    """A lesson: its place in the course (``part``, ``number`` and ``slug``), and what it says."""

    title: Annotated[str, Line("Title", 120)]
    slug: Annotated[str, Key("Address", help="It cannot change once the lesson was published.", placed=True)]
    part: Annotated[
        str, Key("Part", help="Choose it while you type; it is the address of a part.", leads="part", placed=True)
    ]
    number: Annotated[int, Whole("Number", 1, help="Its place in the whole course, counted through.", placed=True)]
    summary: Annotated[str, Line("Summary", 200, help="One sentence, shown in lists and search results.")]
    in_short: Annotated[str, Paragraph("In short", 300, help=_IN_SHORT)] = ""
    act: Annotated[str, Line("One act", 200, help="What a reader can do today, alone, whatever else they read.")] = ""
    objectives: Annotated[
        tuple[str, ...], Lines("Objectives", most=12, help="One a line, each completing “After this you can …”.")
    ]
    safety: Annotated[str, One("Safety", choices=SAFETY_LEVELS)]
    reviewed: Annotated[date, Day("Last reviewed")]
    review_due: Annotated[date, Day("Next review due")]
    scene: Annotated[str, Markdown("Opening scene", help="60 to 90 words about ordinary people.", placed=True)]
    sections: Annotated[tuple[SectionSource, ...], Parts("Sections", one="Section", most=40, placed=True)]
    exercise: Annotated[ExerciseSource, Part("Exercise")]
    citations: Annotated[tuple[CitationSource, ...], Parts("Sources", one="Source", most=60, key="sources")]

    @property
    def bodies(self) -> Iterator[str]:
        """Every Markdown text of the lesson."""
        yield self.scene
        yield from (section.body for section in self.sections)
        yield self.exercise.body


@dataclass(frozen=True, kw_only=True)
class TermSource:
    """A word the lessons use, what it means here, and the section that teaches it."""

    term: Annotated[str, Line("Term", 60)]
    meaning: Annotated[str, Paragraph("Meaning", 250)]
    section: Annotated[str, Section("Section that teaches it")]


@dataclass(frozen=True, kw_only=True)
class SectionHead(SectionSource):
    """What lists and links show of a published section: it without its text, with its minutes."""

    minutes: int


@dataclass(frozen=True, kw_only=True)
class LessonHead:
    """What lists and links show of a published lesson, kept beside it so that its texts stay in the database."""

    part: str
    summary: str
    minutes: int
    sections: tuple[SectionHead, ...]


def lesson_head(lesson: LessonSource) -> Document:
    """The document of its ``LessonHead``."""
    kept = ("heading", "anchor", "former_anchors", "not_in_danger")
    sections = [
        {name: held for name, held in document(each).items() if name in kept} | {"minutes": minutes(each.body)}
        for each in lesson.sections
    ]
    return {"part": lesson.part, "summary": lesson.summary, "minutes": minutes(*lesson.bodies), "sections": sections}


def minutes(*texts: str) -> int:
    """Whole minutes to read the texts, rounded up, at least one."""
    return max(1, math.ceil(sum(map(words, texts)) / WORDS_PER_MINUTE))


def words(text: str) -> int:
    return len(re.findall(r"\w+(?:['\u2019-]\w+)*", text))
