"""What a quiz is: one plain value, with every rule by which it is scored and answered with guidance. A content file, a
draft and a published version all say the same ``QuizSource``."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from helplines.source import HELP_TOPICS
from publishing.leaves import Day, Key, Line, Lines, Mark, One, Paragraph, Section, Some, Whole
from publishing.shape import Part, Parts
from quizzes import scales

HelpTopics = Annotated[
    tuple[str, ...],
    Some("Help lines", choices=HELP_TOPICS, leads="help topic", ordered=True, help="In the order they are shown."),
]


@dataclass(frozen=True, kw_only=True)
class LinkSource:
    """A link to a lesson section, for some ``contexts`` or for all, with the reason this reader gets it."""

    to: Annotated[str, Section("Section")]
    why: Annotated[str, Line("Why this reader gets it", 200, help="It completes “This section …”.")]
    contexts: Annotated[tuple[str, ...], Some("Only for", choices=scales.context_choices)] = ()


@dataclass(frozen=True, kw_only=True)
class BandSource:
    """The words for scores from ``start`` (0-100) up to the next band's cut-point."""

    label: Annotated[str, Line("Name of the band", 60)]
    start: Annotated[int, Whole("From", 0, 100, key="from", help="The lowest score of this band.")]
    text: Annotated[str, Paragraph("What it says", help="Only for dimensions without words of their own.")] = ""


@dataclass(frozen=True, kw_only=True)
class DimensionBandSource:
    """What one dimension shows in one band, and one ``act`` for this week. Label, cut-point and text are the quiz's
    unless given."""

    label: Annotated[str, Line("Its own name", 60, help="Empty: the quiz’s.")] = ""
    start: Annotated[int | None, Whole("Its own cut-point", 0, 100, key="from", help="Empty: the quiz’s.")] = None
    text: Annotated[str, Paragraph("Its own words", help="Empty: the quiz’s.")] = ""
    act: Annotated[str, Line("One act for this week", 250, help="Alone, in ten minutes, safe for anybody.")] = ""
    links: Annotated[tuple[LinkSource, ...], Parts("Links", one="Link", most=12)]


@dataclass(frozen=True, kw_only=True)
class DangerSource:
    """What a dimension says instead of its band when it raised the safety flag."""

    label: Annotated[str, Line("Heading", 80)]
    text: Annotated[str, Paragraph("What it says then")]


@dataclass(frozen=True, kw_only=True)
class DimensionSource:
    """One thing a quiz looks at. ``flag_up_to``: scores from 0 to this one raise the safety flag; ``hides_up_to``:
    they hide what is not for readers in danger. One about ``safety`` leads unless it is in its best band."""

    key: Annotated[str, Key("Key", 20, help="A short word, for results and links.")]
    name: Annotated[str, Line("Name", 60)]
    about: Annotated[str, Line("What it looks at", 250)]
    flag_up_to: Annotated[int | None, Whole("Flags danger up to", 0, 100, help="Empty: it never flags.")] = None
    hides_up_to: Annotated[int | None, Whole("Hides repair advice up to", 0, 100, help="Empty: it hides none.")] = None
    safety: Annotated[bool, Mark("About safety", folded=True, help="It leads unless it is in its best band.")] = False
    danger: Annotated[DangerSource | None, Part("Words when it flags danger")] = None
    bands: Annotated[
        tuple[DimensionBandSource, DimensionBandSource, DimensionBandSource], Parts("Bands", rows=scales.BANDS)
    ]


@dataclass(frozen=True, kw_only=True)
class OptionSource:
    key: Annotated[str, Key("Key", 1, help="A letter of its own: answers are kept as one character each.")]
    text: Annotated[str, Line("Answer", 200)]
    feedback: Annotated[str, Paragraph("What is said to who chose it", 400)] = ""


@dataclass(frozen=True, kw_only=True)
class ItemSource:
    """One question, in some ``contexts`` or in all. Ratings may be ``reverse``-keyed and may flag at some answers, as
    they were given; keyed items have a best ``answer``, its ``explanation`` and the ``section`` that teaches it. Why
    somebody chose as they did is said by an option's feedback, or for a statement by ``guess``."""

    key: Annotated[str, Key("Key", 20)]
    text: Annotated[str, Paragraph("Question", 500)]
    dimension: Annotated[str, One("Dimension", choices=scales.dimension_choices, folded=True)]
    contexts: Annotated[tuple[str, ...], Some("Asked only for", choices=scales.context_choices)] = ()
    reverse: Annotated[bool, Mark("Reverse-keyed", folded=True)] = False
    flag_at: Annotated[tuple[int, ...], Some("Flags danger at", choices=scales.rating_choices, folded=True)] = ()
    options: Annotated[tuple[OptionSource, ...], Parts("Answers", one="Answer", most=10)] = ()
    answer: Annotated[str, One("Best answer", choices=scales.answer_choices)] = ""
    guess: Annotated[str, Paragraph("What is said to who answered otherwise", 400)] = ""
    explanation: Annotated[str, Paragraph("Explanation")] = ""
    section: Annotated[str, Section("Section that teaches it")] = ""


@dataclass(frozen=True, kw_only=True)
class ChoiceSource:
    """One answer to the context question. ``person`` replaces "this person" in the items."""

    key: Annotated[str, Key("Key", 20)]
    label: Annotated[str, Line("Label", 80)]
    person: Annotated[str, Line("In place of “this person”", 40)] = ""


@dataclass(frozen=True, kw_only=True)
class ContextSource:
    question: Annotated[str, Line("Question", 150)]
    choices: Annotated[tuple[ChoiceSource, ...], Parts("Choices", one="Choice", most=12)]


@dataclass(frozen=True, kw_only=True)
class GateSource:
    """A question before the items. At the answers of ``stops_at`` the result is help and no score: the text, the
    numbers of ``help_topics``, ``after`` and, ``last``, another text with its own numbers; then ``links``."""

    contexts: Annotated[tuple[str, ...], Some("Asked only for", choices=scales.context_choices)] = ()
    question: Annotated[str, Line("Question", 200)]
    stops_at: Annotated[tuple[str, ...], Some("Stops at", choices=scales.GATE_ANSWERS)]
    text: Annotated[str, Paragraph("What it says then")]
    help_topics: HelpTopics
    after: Annotated[str, Paragraph("Below the numbers")] = ""
    last: Annotated[str, Paragraph("At the end")] = ""
    last_topics: Annotated[tuple[str, ...], Some("Help lines at the end", choices=HELP_TOPICS, leads="help topic")] = ()
    links: Annotated[tuple[LinkSource, ...], Parts("Sections that lead", one="Link", most=12)] = ()


@dataclass(frozen=True, kw_only=True)
class ConditionSource:
    """A dimension's score lies from ``at_least`` to ``at_most``, both included."""

    dimension: Annotated[str, One("Dimension", choices=scales.dimension_choices)]
    at_least: Annotated[int, Whole("From", 0, 100)] = 0
    at_most: Annotated[int, Whole("To", 0, 100)] = 100


@dataclass(frozen=True, kw_only=True)
class NoteSource:
    """A remark shown when all its conditions hold, perhaps with a section or another quiz to go on to."""

    conditions: Annotated[tuple[ConditionSource, ...], Parts("Shown when", one="Condition", most=8, key="when")]
    text: Annotated[str, Paragraph("What it says")]
    link: Annotated[LinkSource | None, Part("Link")] = None
    quiz: Annotated[str, Key("Leads to the quiz", leads="quiz")] = ""


@dataclass(frozen=True, kw_only=True)
class SafetySource:
    """What a flagged result shows: the words, the sections that lead, and the fallback for a dimension
    that is left without links. ``skipped`` is the line for a safety question that was skipped."""

    text: Annotated[str, Paragraph("What a flagged result says")]
    links: Annotated[tuple[LinkSource, ...], Parts("Sections that lead", one="Link", most=12)]
    fallback: Annotated[LinkSource, Part("Where a dimension without links leads")]
    skipped: Annotated[str, Line("When a safety question was skipped", 200)]
    help_topics: HelpTopics
    act: Annotated[str, Line("One act for this week", 250)] = ""


@dataclass(frozen=True, kw_only=True)
class QuizSource:
    slug: Annotated[str, Key("Address", help="It cannot change once the quiz was published.", placed=True)]
    title: Annotated[str, Line("Title", 100)]
    number: Annotated[int, Whole("Number", 1, help="Its place in the list of quizzes.")]
    summary: Annotated[str, Line("Summary", 250)]
    purpose: Annotated[str, Line("Purpose", 200)]
    audience: Annotated[str, Line("For whom", 200)]
    intro: Annotated[tuple[str, ...], Lines("Introduction", most=12, help="One remark a line, shown before it starts.")]
    format: Annotated[str, One("Form", choices=scales.FORMATS)]
    minutes: Annotated[int, Whole("Minutes", 1, 240)]
    reviewed: Annotated[date, Day("Last reviewed")]
    higher_is_worse: Annotated[bool, Mark("What a higher score means", words=("better", "worse"), key="higher_is")]
    sensitive: Annotated[bool, Mark("Sensitive", help="A calm pause is shown before the questions.")] = False
    context: Annotated[ContextSource | None, Part("Question about the context")] = None
    gates: Annotated[tuple[GateSource, ...], Parts("Safety questions", one="Safety question", most=12)] = ()
    bands: Annotated[tuple[BandSource, BandSource, BandSource], Parts("Bands", rows=scales.BANDS)]
    dimensions: Annotated[tuple[DimensionSource, ...], Parts("Dimensions", one="Dimension", most=20)]
    items: Annotated[tuple[ItemSource, ...], Parts("Questions", one="Question", most=120)]
    notes: Annotated[tuple[NoteSource, ...], Parts("Notes", one="Note", most=40)] = ()
    safety: Annotated[SafetySource | None, Part("Safety")] = None

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
        return {**scales.RATINGS, "statements": scales.STATEMENT}.get(self.format, {})

    def bands_of(self, dimension: DimensionSource) -> tuple[BandSource, ...]:
        """The bands as this dimension shows them: its own words and cut-points over the quiz's."""
        return tuple(
            BandSource(
                label=own.label or general.label,
                start=general.start if own.start is None else own.start,
                text=own.text or general.text,
            )
            for general, own in zip(self.bands, dimension.bands, strict=True)
        )

    @property
    def links(self) -> list[LinkSource]:
        """Every link, with its reason, that some result can show."""
        links = [link for dimension in self.dimensions for band in dimension.bands for link in band.links]
        links += [note.link for note in self.notes if note.link]
        links += [link for gate in self.gates for link in gate.links]
        return links + ([*self.safety.links, self.safety.fallback] if self.safety else [])

    @property
    def addresses(self) -> set[str]:
        """Every section that some result can lead to."""
        return {*(link.to for link in self.links), *(item.section for item in self.items if item.section)}
