"""What the result page needs beyond scores and guidance: section links, the chart's geometry, keyed answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from articles.models import LessonVersion
from quizzes.guidance import DimensionGuidance, Guidance
from quizzes.scoring import Result
from quizzes.source import ItemSource, QuizSource


@dataclass(frozen=True)
class SectionLink:
    """A section as a link shows it. ``repair_advice`` is its mark now, not when the quiz was published."""

    heading: str
    lesson: str
    url: str
    minutes: int
    repair_advice: bool


@dataclass(frozen=True)
class Bar:
    """One dimension in the chart: pixels from the top for its label and bar; width is the score in percent."""

    guidance: DimensionGuidance
    label_y: int
    bar_y: int
    is_first: bool


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    height: int


@dataclass(frozen=True)
class Reviewed:
    """A keyed item after the quiz: what was chosen (empty if skipped), what is best, and why."""

    item: ItemSource
    chosen: str
    best: str

    @property
    def is_best(self) -> bool:
        return self.chosen == self.best


ROW_HEIGHT = 56


def sections(live: Iterable[LessonVersion], source: QuizSource) -> dict[str, SectionLink]:
    """Every section the quiz can lead to that readers can open, by address; former anchors lead to the new one."""
    wanted = {link.to for link in source.links}
    found = {}
    for version in live:
        page = version.get_absolute_url()
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


def chart(source: QuizSource, guidance: Guidance) -> Chart:
    """Bars from top to bottom in the author's order; the dimension that needs most is marked."""
    order = [dimension.key for dimension in source.dimensions]
    scored = sorted(guidance.scored, key=lambda guided: order.index(guided.dimension.key))
    first = guidance.scored[0] if guidance.scored else None
    bars = tuple(
        Bar(guided, n * ROW_HEIGHT + 18, n * ROW_HEIGHT + 28, guided is first) for n, guided in enumerate(scored)
    )
    return Chart(bars, len(bars) * ROW_HEIGHT)


def review(source: QuizSource, responses: Mapping[str, str]) -> list[Reviewed]:
    """The keyed items in the order asked; none for ratings."""
    if not source.is_keyed or not responses:
        return []
    return [
        Reviewed(
            item,
            chosen=source.answers_to(item).get(responses[item.key], ""),
            best=source.answers_to(item)[item.answer],
        )
        for item in source.items
    ]


def help_topics(source: QuizSource, result: Result) -> tuple[str, ...]:
    """Which help lines stand first on the page: the gate's, the flag's, or none."""
    if result.stopped_by and result.stopped_by.help_topics:
        return result.stopped_by.help_topics
    return source.safety.help_topics if result.flagged and source.safety else ()
