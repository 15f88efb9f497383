"""What a quiz is: one plain value.

A content file, the draft rows in the admin and a published version all say the same ``QuizSource``, and every
rule by which a quiz is scored and answered with guidance is in it. Standard library only.
"""

from dataclasses import dataclass
from datetime import date

SKIP = "skip"
GATE_ANSWERS = {"no": "No", "yes": "Yes", "unsure": "Not sure"}
BAND_KEYS = ("low", "middle", "high")  # in order of their cut-points, whatever their labels say

AGREEMENT = {"1": "Not at all true", "2": "A little", "3": "Partly", "4": "Mostly", "5": "Very true"}
FREQUENCY = {"0": "Never", "1": "Once or twice", "2": "Sometimes", "3": "Often", "4": "Very often"}
STATEMENT = {"true": "True", "false": "False"}

FORMATS = {
    "agreement": "Statements, rated from not at all true (1) to very true (5)",
    "frequency": "Events, rated from never (0) to very often (4)",
    "scenarios": "Scenarios with one best answer",
    "statements": "True or false, with the reason",
}


@dataclass(frozen=True, kw_only=True)
class LinkSource:
    """A link to a lesson section, with the reason this reader gets it."""

    to: str
    why: str


@dataclass(frozen=True, kw_only=True)
class BandSource:
    """The words for scores from ``start`` (0-100) up to the next band's cut-point."""

    label: str
    start: int
    text: str


@dataclass(frozen=True, kw_only=True)
class DimensionBandSource:
    """What one dimension shows in one band. Label, cut-point and text are the quiz's unless given."""

    links: tuple[LinkSource, ...]
    label: str = ""
    start: int | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class DimensionSource:
    """One thing a quiz looks at. ``flag_up_to``: scores from 0 to this one raise the safety flag."""

    key: str
    name: str
    about: str
    bands: tuple[DimensionBandSource, DimensionBandSource, DimensionBandSource]
    flag_up_to: int | None = None


@dataclass(frozen=True, kw_only=True)
class OptionSource:
    key: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ItemSource:
    """One question. Rating items may be ``reverse``-keyed and may flag at some answers, as they were given.

    Keyed items have the best ``answer``, the ``explanation`` and the ``section`` that teaches it; scenarios
    also their ``options``. ``contexts`` limits an item to some choices of the context question.
    """

    key: str
    text: str
    dimension: str
    reverse: bool = False
    flag_at: tuple[int, ...] = ()
    contexts: tuple[str, ...] = ()
    options: tuple[OptionSource, ...] = ()
    answer: str = ""
    explanation: str = ""
    section: str = ""


@dataclass(frozen=True, kw_only=True)
class ChoiceSource:
    """One answer to the context question. ``person`` replaces "this person" in the items."""

    key: str
    label: str
    person: str = ""


@dataclass(frozen=True, kw_only=True)
class ContextSource:
    question: str
    choices: tuple[ChoiceSource, ...]


@dataclass(frozen=True, kw_only=True)
class SwapSource:
    """In these contexts, links into these lessons lead to ``to`` instead."""

    contexts: tuple[str, ...]
    lessons: tuple[str, ...]
    to: str


@dataclass(frozen=True, kw_only=True)
class GateSource:
    """A question before the items. At the answers of ``stops_at`` the result is help and no score."""

    question: str
    stops_at: tuple[str, ...]
    text: str
    contexts: tuple[str, ...] = ()
    help_topics: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ConditionSource:
    """A dimension's score lies from ``at_least`` to ``at_most``, both included."""

    dimension: str
    at_least: int = 0
    at_most: int = 100


@dataclass(frozen=True, kw_only=True)
class NoteSource:
    """A remark shown when all its conditions hold, perhaps with a section or another quiz to go on to."""

    conditions: tuple[ConditionSource, ...]
    text: str
    link: LinkSource | None = None
    quiz: str = ""


@dataclass(frozen=True, kw_only=True)
class SafetySource:
    """What a flagged result shows: the words, the sections that lead, and the fallback for a dimension
    that is left without links. ``skipped`` is the line for a safety question that was skipped."""

    text: str
    links: tuple[LinkSource, ...]
    fallback: LinkSource
    skipped: str
    help_topics: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class QuizSource:
    slug: str
    number: int
    title: str
    summary: str
    purpose: str
    audience: str
    intro: tuple[str, ...]
    format: str
    minutes: int
    bands: tuple[BandSource, BandSource, BandSource]
    dimensions: tuple[DimensionSource, ...]
    items: tuple[ItemSource, ...]
    reviewed: date
    higher_is_worse: bool = False
    sensitive: bool = False
    context: ContextSource | None = None
    swaps: tuple[SwapSource, ...] = ()
    gates: tuple[GateSource, ...] = ()
    notes: tuple[NoteSource, ...] = ()
    safety: SafetySource | None = None

    @property
    def is_keyed(self) -> bool:
        return self.format in ("scenarios", "statements")

    @property
    def skip_label(self) -> str:
        return "Skip this one" if self.is_keyed else "Prefer not to say / does not apply"

    @property
    def contexts(self) -> tuple[str, ...]:
        return tuple(choice.key for choice in self.context.choices) if self.context else ()

    def choice(self, context: str) -> ChoiceSource | None:
        choices = self.context.choices if self.context else ()
        return next((choice for choice in choices if choice.key == context), None)

    def items_for(self, context: str) -> tuple[ItemSource, ...]:
        return tuple(item for item in self.items if not item.contexts or context in item.contexts)

    def dimensions_for(self, context: str) -> tuple[DimensionSource, ...]:
        asked = {item.dimension for item in self.items_for(context)}
        return tuple(dimension for dimension in self.dimensions if dimension.key in asked)

    def gate_for(self, context: str) -> GateSource | None:
        return next((gate for gate in self.gates if not gate.contexts or context in gate.contexts), None)

    def answers_to(self, item: ItemSource) -> dict[str, str]:
        """The answers offered, value to label, without the skip."""
        if self.format == "scenarios":
            return {option.key: option.text for option in item.options}
        return {"agreement": AGREEMENT, "frequency": FREQUENCY, "statements": STATEMENT}[self.format]

    def band(self, dimension: DimensionSource, index: int) -> BandSource:
        """The band as this dimension shows it: its own words and cut-point over the quiz's."""
        general, own = self.bands[index], dimension.bands[index]
        return BandSource(
            label=own.label or general.label,
            start=general.start if own.start is None else own.start,
            text=own.text or general.text,
        )

    @property
    def links(self) -> list[LinkSource]:
        """Every link to a section that some result can show."""
        links = [link for dimension in self.dimensions for band in dimension.bands for link in band.links]
        links += [note.link for note in self.notes if note.link]
        if self.safety:
            links += [*self.safety.links, self.safety.fallback]
        links += [LinkSource(to=swap.to, why="") for swap in self.swaps]
        return links + [LinkSource(to=item.section, why="") for item in self.items if item.section]
