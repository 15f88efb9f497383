"""Quiz files to values and back: ``quizzes/<slug>.yaml``.

Parsing collects every problem with file and line and refuses what it does not know. Writing is byte-stable:
``write_quiz(parse_quiz(text)) == text`` for every text that ``write_quiz`` made.
"""

import re
from dataclasses import dataclass
from typing import Any

from articles.files import Reference
from articles.source import ADDRESS, SLUG, Problem
from articles.yaml_nodes import MappingReader, Problems, read_mapping
from quizzes.source import (
    BAND_KEYS,
    FORMATS,
    GATE_ANSWERS,
    STATEMENT,
    BandSource,
    ChoiceSource,
    ConditionSource,
    ContextSource,
    DimensionBandSource,
    DimensionSource,
    GateSource,
    ItemSource,
    LinkSource,
    NoteSource,
    OptionSource,
    QuizSource,
    SafetySource,
    SwapSource,
)
from quizzes.writing import write_quiz

__all__ = ["Parsed", "parse_quiz", "quiz_path", "write_quiz"]

QUIZ_PATH = re.compile(rf"(?:.*/)?quizzes/(?P<slug>{SLUG.pattern})\.yaml")


@dataclass(frozen=True)
class Parsed:
    """``source`` is None when there are problems. ``quizzes`` are the other quizzes its notes lead to."""

    source: QuizSource | None
    problems: list[Problem]
    references: list[Reference]
    quizzes: list[Reference]


def quiz_path(source: QuizSource) -> str:
    return f"quizzes/{source.slug}.yaml"


def parse_quiz(text: str, path: str) -> Parsed:
    problems = Problems(path)
    place = QUIZ_PATH.fullmatch(path)
    if not place:
        problems.add(1, "quizzes live at quizzes/<slug>.yaml; use lower-case letters, digits and hyphens")
        return Parsed(None, problems, [], [])
    reader = read_mapping(text, problems)
    parser = _Parser(problems)
    fields = parser.quiz(reader) if reader else {}
    source = None if problems else QuizSource(slug=place["slug"], **fields)
    return Parsed(source, sorted(problems), parser.references, parser.quizzes)


class _Parser:
    """Reads one quiz; keeps what later parts of the file may refer to."""

    def __init__(self, problems: Problems):
        self.problems = problems
        self.references: list[Reference] = []
        self.quizzes: list[Reference] = []
        self.format = "agreement"
        self.contexts: tuple[str, ...] = ()
        self.dimensions: set[str] = set()

    def quiz(self, reader: MappingReader) -> dict[str, Any]:
        self.format = reader.choice("format", tuple(FORMATS))
        context = self._context(reader)
        bands = self._bands(reader)
        dimensions = self._dimensions(reader, bands)
        fields = {
            "title": reader.text("title", longest=100),
            "number": reader.integer("number", least=1),
            "summary": reader.text("summary", longest=250),
            "purpose": reader.text("purpose", longest=200),
            "audience": reader.text("audience", longest=200),
            "intro": reader.texts("intro", required=True),
            "format": self.format,
            "minutes": reader.integer("minutes", least=1, most=240),
            "reviewed": reader.date("reviewed"),
            "higher_is_worse": reader.choice("higher_is", ("better", "worse")) == "worse",
            "sensitive": reader.boolean("sensitive"),
            "context": context,
            "bands": bands,
            "dimensions": dimensions,
            "items": self._items(reader),
            "swaps": tuple(self._swap(each) for each in reader.mappings("swaps", where="swap")),
            "gates": tuple(self._gate(each) for each in reader.mappings("gates", where="gate")),
            "notes": tuple(self._note(each) for each in reader.mappings("notes", where="note")),
            "safety": self._safety(reader),
        }
        self._flags_have_words(reader, fields)
        reader.finish()
        return fields

    def _context(self, reader: MappingReader) -> ContextSource | None:
        context = reader.mapping("context", required=False, where="context")
        if not context:
            return None
        choices = []
        for each in context.mappings("choices", required=True, where="choice"):
            choices.append(
                ChoiceSource(
                    key=self._key(each),
                    label=each.text("label", longest=80),
                    person=each.text("person", default="", longest=40),
                )
            )
            each.finish()
        self._unique(context, "choices", [choice.key for choice in choices])
        source = ContextSource(question=context.text("question", longest=150), choices=tuple(choices))
        context.finish()
        self.contexts = tuple(choice.key for choice in choices)
        return source

    def _bands(self, reader: MappingReader) -> tuple[BandSource, ...]:
        bands = []
        mapping = reader.mapping("bands", where="bands")
        for key in BAND_KEYS if mapping else ():
            band = mapping.mapping(key, where=f"band '{key}'") if mapping else None
            if band:
                bands.append(
                    BandSource(
                        label=band.text("label", longest=60),
                        start=band.integer("from", most=100),
                        text=band.text("text"),
                    )
                )
                band.finish()
        if mapping:
            mapping.finish()
        if len(bands) == len(BAND_KEYS):
            self._rising(reader, "bands", [band.start for band in bands], "bands")
        return tuple(bands)

    def _dimensions(self, reader: MappingReader, general: tuple[BandSource, ...]) -> tuple[DimensionSource, ...]:
        dimensions = []
        for each in reader.mappings("dimensions", required=True, where="dimension"):
            key = self._key(each)
            each.where = f"dimension '{key}'"
            bands = self._dimension_bands(each)
            if len(bands) == len(general) == len(BAND_KEYS):
                starts = [b.start if o.start is None else o.start for b, o in zip(general, bands, strict=True)]
                self._rising(each, "bands", starts, f"dimension '{key}'")
            dimensions.append(
                DimensionSource(
                    key=key,
                    name=each.text("name", longest=60),
                    about=each.text("about", longest=250),
                    bands=bands,  # type: ignore[arg-type]
                    flag_up_to=each.integer("flag_up_to", most=100) if "flag_up_to" in each else None,
                )
            )
            each.finish()
        keys = [dimension.key for dimension in dimensions]
        self._unique(reader, "dimensions", keys)
        self.dimensions = set(keys)
        return tuple(dimensions)

    def _dimension_bands(self, dimension: MappingReader) -> tuple[DimensionBandSource, ...]:
        mapping = dimension.mapping("bands", where=f"{dimension.where}: bands")
        bands = []
        for key in BAND_KEYS if mapping else ():
            band = mapping.mapping(key, where=f"{dimension.where}: band '{key}'") if mapping else None
            if not band:
                continue
            links = tuple(
                self._link(link) for link in band.mappings("links", required=True, where=f"{band.where}: link")
            )
            bands.append(
                DimensionBandSource(
                    links=links,
                    label=band.text("label", default="", longest=60),
                    start=band.integer("from", most=100) if "from" in band else None,
                    text=band.text("text", default=""),
                )
            )
            band.finish()
        if mapping:
            mapping.finish()
        return tuple(bands)

    def _items(self, reader: MappingReader) -> tuple[ItemSource, ...]:
        items = []
        for each in reader.mappings("items", required=True, where="item"):
            key = self._key(each)
            each.where = f"item '{key}'"
            items.append(self._item(each, key))
            each.finish()
        self._unique(reader, "items", [item.key for item in items])
        for dimension in sorted(self.dimensions - {item.dimension for item in items}):
            reader.say("dimensions", f"dimension '{dimension}' has no item")
        return tuple(items)

    def _item(self, each: MappingReader, key: str) -> ItemSource:
        keyed = self.format in ("scenarios", "statements")
        options = [
            OptionSource(key=self._key(option), text=option.text("text", longest=200))
            for option in each.mappings("options", required=self.format == "scenarios", where=f"{each.where}: option")
        ]
        self._unique(each, "options", [option.key for option in options])
        answers = [option.key for option in options] if self.format == "scenarios" else list(STATEMENT)
        flag_at = each.integers("flag_at")
        if not set(flag_at) <= (set() if keyed else set(range(1, 6) if self.format == "agreement" else range(5))):
            each.say("flag_at", "flags at an answer that this format does not offer")
        if each.boolean("reverse") and keyed:
            each.say("reverse", "only rating items can be reverse-keyed")
        return ItemSource(
            key=key,
            text=each.text("text"),
            dimension=self._known(each, "dimension", self.dimensions),
            reverse=each.boolean("reverse"),
            flag_at=flag_at,
            contexts=self._known_contexts(each),
            options=tuple(options),
            answer=each.choice("answer", answers) if keyed else "",
            explanation=each.text("explanation") if keyed else "",
            section=self._address(each, "section", each.text("section", default="")),
        )

    def _swap(self, each: MappingReader) -> SwapSource:
        swap = SwapSource(
            contexts=self._known_contexts(each, required=True),
            lessons=each.texts("lessons", required=True),
            to=self._address(each, "to", each.text("to")),
        )
        each.finish()
        return swap

    def _gate(self, each: MappingReader) -> GateSource:
        gate = GateSource(
            question=each.text("question", longest=200),
            stops_at=each.texts("stops_at", required=True),
            text=each.text("text"),
            contexts=self._known_contexts(each),
            help_topics=each.texts("help_topics"),
        )
        for answer in gate.stops_at:
            if answer not in GATE_ANSWERS:
                each.say("stops_at", f"'{answer}' is not an answer; they are {', '.join(GATE_ANSWERS)}")
        each.finish()
        return gate

    def _note(self, each: MappingReader) -> NoteSource:
        conditions = []
        for when in each.mappings("when", required=True, where=f"{each.where}: condition"):
            conditions.append(
                ConditionSource(
                    dimension=self._known(when, "dimension", self.dimensions),
                    at_least=when.integer("at_least", default=0, most=100),
                    at_most=when.integer("at_most", default=100, most=100),
                )
            )
            if not 0 <= conditions[-1].at_least <= conditions[-1].at_most <= 100:
                when.say("dimension", "the condition can never hold; scores run from 0 to 100")
            when.finish()
        link = each.mapping("link", required=False, where=f"{each.where}: link")
        note = NoteSource(
            conditions=tuple(conditions),
            text=each.text("text"),
            link=self._link(link) if link else None,
            quiz=each.text("quiz", default=""),
        )
        if note.quiz:
            self.quizzes.append(Reference(self.problems.path, each.line_of("quiz"), note.quiz))
        each.finish()
        return note

    def _safety(self, reader: MappingReader) -> SafetySource | None:
        each = reader.mapping("safety", required=False, where="safety")
        if not each:
            return None
        fallback = each.mapping("fallback", where="safety: fallback")
        safety = SafetySource(
            text=each.text("text"),
            links=tuple(self._link(link) for link in each.mappings("links", required=True, where="safety: link")),
            fallback=self._link(fallback) if fallback else LinkSource(to="", why=""),
            skipped=each.text("skipped", longest=200),
            help_topics=each.texts("help_topics"),
        )
        each.finish()
        return safety

    def _flags_have_words(self, reader: MappingReader, fields: dict[str, Any]) -> None:
        flags = any(item.flag_at for item in fields["items"]) or fields["gates"]
        if (flags or any(d.flag_up_to is not None for d in fields["dimensions"])) and not fields["safety"]:
            self.problems.add(reader.line, "something flags danger, but there is no 'safety' to say what to show then")

    def _link(self, reader: MappingReader) -> LinkSource:
        link = LinkSource(to=self._address(reader, "to", reader.text("to")), why=reader.text("why", longest=120))
        reader.finish()
        return link

    def _address(self, reader: MappingReader, key: str, address: str) -> str:
        if address and not ADDRESS.fullmatch(address):
            reader.say(key, f"'{address}' is not the address of a section; write lesson#anchor")
        elif address:
            self.references.append(Reference(self.problems.path, reader.line_of(key), address))
        return address

    def _key(self, reader: MappingReader) -> str:
        key = reader.text("key", longest=20)
        if key and not SLUG.fullmatch(key):
            reader.say("key", f"'{key}' cannot be a key; use lower-case letters, digits and hyphens")
        return key

    def _known(self, reader: MappingReader, key: str, known: set[str]) -> str:
        value = reader.text(key)
        if value and value not in known:
            reader.say(key, f"there is no {key} '{value}'")
        return value

    def _known_contexts(self, reader: MappingReader, *, required: bool = False) -> tuple[str, ...]:
        contexts = reader.texts("contexts", required=required)
        for context in contexts:
            if context not in self.contexts:
                reader.say("contexts", f"'{context}' is not a choice of the context question")
        return contexts

    def _unique(self, reader: MappingReader, key: str, values: list[str]) -> None:
        for value in sorted({value for value in values if values.count(value) > 1}):
            reader.say(key, f"key '{value}' is used twice in '{key}'")

    def _rising(self, reader: MappingReader, key: str, starts: list[int], who: str) -> None:
        if starts[0] != 0 or not starts[0] < starts[1] < starts[2] <= 100:
            reader.say(key, f"cut-points {starts} of {who} must start at 0 and rise, 100 at most")
