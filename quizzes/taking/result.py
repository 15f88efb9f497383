"""What a result shows: scores in words, sections as they are now, notes, help, and the answers gone through."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from django.urls import reverse

from articles.models import LessonVersion
from articles.source import SectionHead
from quizzes.change import changed
from quizzes.guidance import Guidance, guide
from quizzes.models import QuizVersion
from quizzes.scoring import Result
from quizzes.source import BandSource, LinkSource, NoteSource, QuizSource
from quizzes.taking.answers import Answers


class SectionLink(NamedTuple):
    """A section as a link shows it, as it is now and not as it was when the quiz was published."""

    head: SectionHead
    lesson: str
    url: str


Sections = dict[str, SectionLink]
Readings = list[tuple[LinkSource, SectionLink]]


def sections(links: Iterable[LinkSource], quiz: str = "") -> Sections:
    """The sections of the linked lessons that readers can open, by address; former anchors lead to the new one. With
    the slug of a ``quiz``, they are shown in the context of its result."""
    found: Sections = {}
    for version in LessonVersion.objects.listed(slug__in={link.to.partition("#")[0] for link in links}):
        in_result = [quiz, version.part_slug, version.slug]
        page = reverse("reading", args=in_result) if quiz else version.get_absolute_url()
        for head in version.outline.sections:
            link = SectionLink(head, version.title, f"{page}#{head.anchor}")
            found |= {f"{version.slug}#{anchor}": link for anchor in head.anchors}
    return found


def readings(links: Iterable[LinkSource], sections: Sections) -> Readings:
    """The links that lead somewhere, each with its section."""
    return [(link, sections[link.to]) for link in links if link.to in sections]


def guided(answers: Answers) -> tuple[Guidance, Sections]:
    """What the answers lead to, and the sections to which their quiz can lead. Those not to be read in danger are
    so marked now, whatever they were when the quiz was published."""
    source = answers.version.source
    found = sections(source.links, source.slug)
    hidden = {address for address, section in found.items() if section.head.not_in_danger}
    return guide(source, answers.result, hidden=hidden), found


def sentence(source: QuizSource, guidance: Guidance) -> str:
    """The result in one plain sentence: the strongest dimension and the one that needs most."""
    scored = guidance.scored
    if not scored:
        return "You skipped too many questions for a score, and that is your good right. Here is where you could start."
    neediest, strongest = scored[0], scored[-1]
    if neediest.score == strongest.score and len(scored) > 1:
        return "No part stands out: they all lie at the same place."
    most, least = ("lowest", "strongest") if not source.higher_is_worse else ("highest", "lowest")
    text = f"What stands {most} is {neediest.dimension.name}"
    return f"{text}; what stands {least} is {strongest.dimension.name}." if len(scored) > 1 else f"{text}."


def edges(bands: Sequence[BandSource]) -> str:
    """Where each band begins and ends: "0-39 low; 40-69 middle; 70-100 high"."""
    ends = [*(band.start - 1 for band in bands[1:]), 100]
    return "; ".join(
        f"{band.start}\u2013{end} {band.label.lower()}" if end > band.start else f"{end} {band.label.lower()}"
        for band, end in zip(bands, ends, strict=True)
    )


def score_rows(guidance: Guidance, sections: Sections, before: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """A row for every dimension: where it stands, what to read, and the change since the scores ``before``. The
    neediest stands out, unless all lie at the same place."""
    apart = len({guided.score for guided in guidance.scored}) > 1
    return [
        {
            "guided": guided,
            "edges": edges(guided.bands),
            "links": readings(guided.links, sections),
            "before": before.get(guided.dimension.key),
            "changed": changed(before.get(guided.dimension.key), guided.score),
            "stands_out": apart and guided is guidance.dimensions[0],
        }
        for guided in guidance.dimensions
    ]


def remarks(guidance: Guidance, sections: Sections) -> list[tuple[NoteSource, SectionLink | None, QuizVersion | None]]:
    """The notes that hold, each with the section and the quiz to which it leads, where readers can open them."""
    named = QuizVersion.objects.listed(slug__in=[note.quiz for note in guidance.notes if note.quiz])
    quizzes = {version.slug: version for version in named}
    return [
        (note, sections.get(note.link.to) if note.link else None, quizzes.get(note.quiz)) for note in guidance.notes
    ]


def review(source: QuizSource, responses: Mapping[str, str], sections: Sections) -> list[dict[str, Any]]:
    """The keyed items in the order asked, with what was chosen (empty if skipped) and what is best; none for
    ratings."""
    if not source.is_keyed or not responses:
        return []
    return [
        {
            "item": item,
            "chosen": source.answers_to(item).get(responses[item.key], ""),
            "best": source.answers_to(item)[item.answer],
            "section": sections.get(item.section),
        }
        for item in source.items
    ]


def help_topics(source: QuizSource, result: Result) -> tuple[str, ...]:
    """What a flagged result offers help for first; nothing otherwise."""
    if result.stopped_by and result.stopped_by.help_topics:
        return result.stopped_by.help_topics
    return source.safety.help_topics if result.flagged and source.safety else ()


def strips(guidance: Guidance, sections: Sections, lesson: str) -> dict[str, dict[str, Any]]:
    """Why a reader who came from a result is at a section, and where to go next, by anchor, for the sections of one
    lesson that the result names, leading ones and others."""
    steps = readings(guidance.reading, sections)
    following = [section for _, section in steps[1:]]
    return {
        section.head.anchor: {"why": link.why, "next": after}
        for (link, section), after in zip_longest(steps, following)
        if link.to.startswith(f"{lesson}#")
    }
