"""What a result shows: scores in words, sections as they are now, notes, help, and the answers gone through."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from django.urls import reverse

from articles.models import LessonVersion
from articles.source import SectionHead
from helplines.models import by_country
from helplines.near import country, nearest
from helplines.source import HelpLineSource
from quizzes.change import changed
from quizzes.guidance import Guidance, guide
from quizzes.models import QuizVersion
from quizzes.scales import SKIP
from quizzes.scoring import Result
from quizzes.source import BandSource, ItemSource, LinkSource, NoteSource, QuizSource
from quizzes.taking.answers import Answers
from quizzes.taking.words import because, sentence


class SectionLink(NamedTuple):
    """A section as a link shows it, as it is now and not as it was when the quiz was published."""

    head: SectionHead
    lesson: str
    url: str


Sections = dict[str, SectionLink]
Readings = list[tuple[LinkSource, SectionLink]]
Reason = tuple[str, str, str] | None


def shown(answers: Answers, guidance: Guidance, sections: Sections, accept_language: str) -> dict[str, Any]:
    """What the result page is made of."""
    source, result, given = answers.version.source, answers.result, answers.responses
    return {
        "version": answers.version,
        "quiz": source,
        "result": result,
        "help": near(help_topics(source, result), accept_language),
        "last_help": near(result.stopped_by.last_topics if result.stopped_by else (), accept_language),
        "here": country(accept_language),
        "guidance": guidance,
        "sentence": sentence(source, guidance, SKIP in given.values(), reported=reports_any(answers)),
        "rows": score_rows(guidance, sections, before={}),
        "scored": guidance.scored,
        "notes": remarks(guidance, sections),
        "reading": reasons(answers, guidance, sections),
        "right": total(source, given),
        "review": review(source, given, sections),
    }


def sections(addresses: Iterable[str], quiz: str = "") -> Sections:
    """The sections of these addresses' lessons that readers can open, by address; former anchors lead to the new one.
    With the slug of a ``quiz``, they are shown in the context of its result."""
    found: Sections = {}
    for version in LessonVersion.objects.listed(slug__in={address.partition("#")[0] for address in addresses}):
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
    """What the answers lead to, and the sections to which their quiz can lead."""
    source = answers.version.source
    found = sections(source.addresses, source.slug)
    stopped = answers.result.stopped_by
    return guide(source, answers.result, hidden=not_in_danger(found), stopped_by=stopped), found


def not_in_danger(sections: Sections) -> set[str]:
    """The addresses that are so marked now, whatever they were when the quiz was published."""
    return {address for address, section in sections.items() if section.head.not_in_danger}


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


def reasons(answers: Answers, guidance: Guidance, sections: Sections) -> list[tuple[LinkSource, SectionLink, Reason]]:
    """The leading links that lead somewhere, each with its section and the computed half of its reason; on a flagged
    result, which shows no figures, without it."""
    source, missed = answers.version.source, missed_of(answers)
    return [
        (link, section, None if answers.result.flagged else because(source, guidance, link, missed))
        for link, section in readings(guidance.leading, sections)
    ]


def missed_of(answers: Answers) -> dict[str, tuple[int, int]]:
    """For each keyed dimension how many answers were wrong, and of how many; none for ratings."""
    source, given = answers.version.source, answers.responses
    if not source.is_keyed:
        return {}
    found: dict[str, tuple[int, int]] = {}
    for item in source.items:
        if given.get(item.key, SKIP) != SKIP:
            wrong, answered = found.get(item.dimension, (0, 0))
            found[item.dimension] = (wrong + (given[item.key] != item.answer), answered + 1)
    return found


def reports_any(answers: Answers) -> bool:
    """Whether some answer reports that something happened, be it once."""
    source = answers.version.source
    return source.format == "frequency" and any(given not in (SKIP, "0") for given in answers.responses.values())


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
            "feedback": _feedback(item, responses[item.key]),
            "section": sections.get(item.section),
        }
        for item in source.items
    ]


def _feedback(item: ItemSource, chosen: str) -> str:
    """What is said to who chose this; nothing to who skipped."""
    if item.options:
        return next((each.feedback for each in item.options if each.key == chosen), "")
    return "" if chosen in (item.answer, SKIP) else item.guess


def total(source: QuizSource, responses: Mapping[str, str]) -> str:
    """In words how many of a keyed quiz's questions were right; nothing if fewer than half were answered."""
    answered = [item for item in source.items if responses.get(item.key, SKIP) != SKIP]
    if not source.is_keyed or 2 * len(answered) < len(source.items):
        return ""
    return f"You had {sum(responses[item.key] == item.answer for item in answered)} of {len(answered)}."


def help_topics(source: QuizSource, result: Result) -> tuple[str, ...]:
    """What a flagged result offers help for first; nothing otherwise."""
    if result.stopped_by and result.stopped_by.help_topics:
        return result.stopped_by.help_topics
    return source.safety.help_topics if result.flagged and source.safety else ()


def near(topics: Sequence[str], accept_language: str) -> list[tuple[str, list[HelpLineSource]]]:
    """The lines of these topics, those of the reader's own country before the others."""
    return nearest(by_country(topics), accept_language) if topics else []


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
