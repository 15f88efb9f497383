"""What the result page shows: guidance joined with the sections as they are now, and the chart's geometry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.urls import reverse

from articles.models import HelpLine, LessonVersion
from quizzes.answers import Answers
from quizzes.change import WOBBLE, Change, in_words
from quizzes.guidance import DimensionGuidance, Guidance, guide
from quizzes.models import QuizVersion
from quizzes.scoring import Result, score
from quizzes.source import BAND_KEYS, BandSource, DimensionSource, ItemSource, LinkSource, NoteSource, QuizSource

ROW_HEIGHT = 56  # pixels in the chart: a line of text, then a bar
BAR_HEIGHT = 14


@dataclass(frozen=True)
class SectionLink:
    """A section as a link shows it. ``repair_advice`` is its mark now, not when the quiz was published."""

    heading: str
    lesson: str
    url: str
    minutes: int
    repair_advice: bool


Sections = Mapping[str, SectionLink]


@dataclass(frozen=True)
class Reading:
    address: str
    why: str
    section: SectionLink


@dataclass(frozen=True)
class Row:
    """One dimension in words. ``band_key`` is empty and ``band`` None without a score."""

    dimension: DimensionSource
    score: int | None
    band: BandSource | None
    band_key: str
    edges: str
    links: tuple[Reading, ...]


@dataclass(frozen=True)
class Bar:
    """One dimension in the chart: pixels from the top, edges in percent from the left."""

    guidance: DimensionGuidance
    label_y: int
    bar_y: int
    bottom: int
    edges: tuple[int, ...]
    is_first: bool
    before: int | None = None

    @property
    def before_top(self) -> int:
        return self.bar_y - 5

    @property
    def before_bottom(self) -> int:
        return self.bottom + 5


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    height: int


@dataclass(frozen=True)
class Remark:
    """A note that holds, with where it leads."""

    text: str
    why: str
    section: SectionLink | None
    quiz: QuizVersion | None


@dataclass(frozen=True)
class Reviewed:
    """A keyed item after the quiz: what was chosen (empty if skipped), what is best, and why."""

    item: ItemSource
    chosen: str
    best: str
    section: SectionLink | None

    @property
    def is_best(self) -> bool:
        return self.chosen == self.best


@dataclass(frozen=True)
class Strip:
    """What a reader who came from a result sees at a section: why it is here, and where to go next."""

    why: str
    next: Reading | None


def page(given: Answers) -> dict[str, Any]:
    """Everything the result page shows."""
    source = given.version.source
    scored = score(source, given.responses, given.context, given.gate)
    found = sections(LessonVersion.objects.listed(), source, result_address(source.slug))
    guidance = guide(source, scored, repair_advice(found))
    noted = QuizVersion.objects.listed() if guidance.notes else []
    return {
        "version": given.version,
        "quiz": source,
        "result": scored,
        "sentence": sentence(source, guidance),
        "chart": chart(source, guidance),
        "dimensions": rows(source, guidance, found),
        "reading": readings(guidance.leading, found),
        "notes": remarks(guidance.notes, found, noted),
        "review": review(source, given.responses, found),
        "help": help_by_country(source, scored),
    }


def strips(given: Answers, lesson: str) -> dict[str, Strip]:
    """Anchor to strip for the sections of one lesson that the result names, leading ones and others."""
    source = given.version.source
    scored = score(source, given.responses, given.context, given.gate)
    found = sections(LessonVersion.objects.listed(), source, result_address(source.slug))
    guidance = guide(source, scored, repair_advice(found))
    plan = readings(guidance.reading, found)
    following = {here.address: after for here, after in pairwise(plan)}
    return {
        each.section.url.partition("#")[2]: Strip(each.why, following.get(each.address))
        for each in plan
        if each.address.startswith(f"{lesson}#")
    }


def method(source: QuizSource) -> dict[str, Any]:
    """What the method page says that only this quiz knows."""
    items = {
        dimension.key: [item for item in source.items if item.dimension == dimension.key]
        for dimension in source.dimensions
    }
    return {
        "quiz": source,
        "dimensions": [
            {
                "dimension": dimension,
                "edges": _edges_in_words(source, dimension),
                "count": len(items[dimension.key]),
                "least": -(-2 * len(items[dimension.key]) // 3),
                "reversed": sum(item.reverse for item in items[dimension.key]),
                "flags": sum(bool(item.flag_at) for item in items[dimension.key]),
            }
            for dimension in source.dimensions
        ],
        "answers": list(source.answers_to(source.items[0]).values()) if not source.is_keyed else [],
        "wobble": WOBBLE,
    }


def result_address(slug: str) -> Callable[[LessonVersion], str]:
    """Where a result's links to a lesson lead: the lesson in the context of this result."""
    return lambda version: reverse("reading", args=[slug, version.lesson.part.slug, version.lesson.slug])


def repair_advice(sections: Sections) -> set[str]:
    return {address for address, found in sections.items() if found.repair_advice}


def sections(
    live: Iterable[LessonVersion], source: QuizSource, address: Callable[[LessonVersion], str]
) -> dict[str, SectionLink]:
    """Every section the quiz can lead to that readers can open, by address; former anchors lead to the new one."""
    wanted = {link.to for link in source.links}
    found = {}
    for version in live:
        page = address(version)
        for entry in version.outline:
            link = SectionLink(
                heading=entry["heading"],
                lesson=version.title,
                url=f"{page}#{entry['anchor']}",
                minutes=entry["minutes"],
                repair_advice=entry["repair_advice"],
            )
            for anchor in (entry["anchor"], *entry["former_anchors"]):
                if f"{version.lesson.slug}#{anchor}" in wanted:
                    found[f"{version.lesson.slug}#{anchor}"] = link
    return found


def readings(links: Iterable[LinkSource], sections: Sections) -> tuple[Reading, ...]:
    return tuple(Reading(link.to, link.why, sections[link.to]) for link in links if link.to in sections)


def rows(source: QuizSource, guidance: Guidance, sections: Sections) -> tuple[Row, ...]:
    """Every dimension in order of need."""
    return tuple(
        Row(
            dimension=guided.dimension,
            score=guided.score,
            band=guided.band,
            band_key="" if guided.band_index is None else BAND_KEYS[guided.band_index],
            edges=_edges_in_words(source, guided.dimension),
            links=readings(guided.links, sections),
        )
        for guided in guidance.dimensions
    )


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


def changes(guidance: Guidance, before: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """Each dimension then and now, the one that needs most now first."""
    found = [
        (each.dimension, Change(each.dimension.key, before.get(each.dimension.key), each.score))
        for each in guidance.dimensions
    ]
    return [{"dimension": dimension, "change": change, "words": in_words(change)} for dimension, change in found]


def chart(source: QuizSource, guidance: Guidance, before: Mapping[str, int | None] | None = None) -> Chart:
    """Bars in the order of the table beside them. The first is marked, unless all lie at the same place. ``before``
    are earlier scores, shown as a second mark."""
    stands_out = len({guided.score for guided in guidance.scored}) > 1
    bars = []
    for position, guided in enumerate(guidance.scored):
        bar_y = position * ROW_HEIGHT + 28
        bars.append(
            Bar(
                guidance=guided,
                label_y=position * ROW_HEIGHT + 18,
                bar_y=bar_y,
                bottom=bar_y + BAR_HEIGHT,
                edges=tuple(source.band(guided.dimension, index).start for index in (1, 2)),
                is_first=stands_out and position == 0,
                before=(before or {}).get(guided.dimension.key),
            )
        )
    return Chart(tuple(bars), len(bars) * ROW_HEIGHT)


def remarks(notes: Iterable[NoteSource], sections: Sections, quizzes: Iterable[QuizVersion]) -> list[Remark]:
    """The notes that hold. ``quizzes`` are the live ones; a note that leads to none of them leads nowhere."""
    by_slug = {version.quiz.slug: version for version in quizzes}
    return [
        Remark(
            note.text,
            note.link.why if note.link else "",
            sections.get(note.link.to) if note.link else None,
            by_slug.get(note.quiz),
        )
        for note in notes
    ]


def review(source: QuizSource, responses: Mapping[str, str], sections: Sections) -> list[Reviewed]:
    """The keyed items in the order asked; none for ratings."""
    if not source.is_keyed or not responses:
        return []
    return [
        Reviewed(
            item,
            chosen=source.answers_to(item).get(responses[item.key], ""),
            best=source.answers_to(item)[item.answer],
            section=sections.get(item.section),
        )
        for item in source.items
    ]


def help_by_country(source: QuizSource, result: Result) -> list[dict[str, Any]]:
    """The help that a flagged result shows first; none otherwise."""
    topics: tuple[str, ...] = ()
    if result.stopped_by and result.stopped_by.help_topics:
        topics = result.stopped_by.help_topics
    elif result.flagged and source.safety:
        topics = source.safety.help_topics
    lines = HelpLine.objects.filter(topic__in=topics) if topics else ()
    return [{"country": name, "lines": list(group)} for name, group in groupby(lines, lambda line: line.country)]


def _edges_in_words(source: QuizSource, dimension: DimensionSource) -> str:
    bands = [source.band(dimension, index) for index in range(len(BAND_KEYS))]
    ends = [bands[1].start - 1, bands[2].start - 1, 100]
    spans = [
        f"{band.start}\u2013{end}" if end > band.start else f"{end}" for band, end in zip(bands, ends, strict=True)
    ]
    return "; ".join(f"{span} {band.label.lower()}" for span, band in zip(spans, bands, strict=True))
