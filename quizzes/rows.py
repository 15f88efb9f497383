"""A quiz's draft rows and its value: ``snapshot`` reads the rows, ``apply`` writes them, each the other's inverse."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from articles.models import Section
from articles.publishing import Refused, refuse
from quizzes.models import (
    Band,
    BandLink,
    Choice,
    Condition,
    Dimension,
    DimensionBand,
    Gate,
    Item,
    Note,
    Option,
    Quiz,
    SafetyLink,
    Swap,
)
from quizzes.source import (
    BAND_KEYS,
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


def snapshot(quiz: Quiz) -> QuizSource:
    """What the draft says now. Raises ``Refused`` where rows are missing that every quiz must have."""
    bands = tuple(BandSource(label=row.label, start=row.start, text=_unix(row.text)) for row in quiz.bands.all())
    dimensions = quiz.dimensions.prefetch_related("bands__links__section__lesson")
    refuse(
        ([f"{quiz}: needs a low, a middle and a high band"] if len(bands) != len(BAND_KEYS) else [])
        + [f"{row}: needs a low, a middle and a high band" for row in dimensions if row.bands.count() != len(BAND_KEYS)]
    )
    choices = tuple(ChoiceSource(key=row.key, label=row.label, person=row.person) for row in quiz.choices.all())
    return QuizSource(
        slug=quiz.slug,
        number=quiz.number,
        title=quiz.title,
        summary=quiz.summary,
        purpose=quiz.purpose,
        audience=quiz.audience,
        intro=tuple(line.strip() for line in _unix(quiz.intro).split("\n") if line.strip()),
        format=quiz.format,
        minutes=quiz.minutes,
        reviewed=quiz.reviewed,
        higher_is_worse=quiz.higher_is_worse,
        sensitive=quiz.sensitive,
        context=ContextSource(question=quiz.context_question, choices=choices) if choices else None,
        bands=bands,  # type: ignore[arg-type]
        dimensions=tuple(_dimension_source(row) for row in dimensions),
        items=tuple(_item_source(row) for row in quiz.items.select_related("dimension", "section__lesson")),
        swaps=tuple(
            SwapSource(contexts=_words(row.contexts), lessons=_words(row.lessons), to=row.section.address)
            for row in quiz.swaps.select_related("section__lesson")
        ),
        gates=tuple(
            GateSource(
                question=row.question,
                stops_at=_words(row.stops_at),
                text=_unix(row.text),
                contexts=_words(row.contexts),
                help_topics=_words(row.help_topics),
            )
            for row in quiz.gates.all()
        ),
        notes=tuple(_note_source(row) for row in quiz.notes.select_related("section__lesson", "leads_to")),
        safety=_safety_source(quiz),
    )


@transaction.atomic
def apply(source: QuizSource) -> Quiz:
    """Make the draft say ``source``. Raises ``Refused`` for a section or quiz that does not exist."""
    rows = _Rows(source)
    safety = source.safety
    quiz, _ = Quiz.objects.update_or_create(
        slug=source.slug,
        defaults={
            "number": source.number,
            "title": source.title,
            "summary": source.summary,
            "purpose": source.purpose,
            "audience": source.audience,
            "intro": "\n".join(source.intro),
            "format": source.format,
            "minutes": source.minutes,
            "reviewed": source.reviewed,
            "higher_is_worse": source.higher_is_worse,
            "sensitive": source.sensitive,
            "context_question": source.context.question if source.context else "",
            "safety_text": safety.text if safety else "",
            "safety_skipped": safety.skipped if safety else "",
            "safety_topics": ",".join(safety.help_topics) if safety else "",
            "fallback": rows.section(safety.fallback.to) if safety else None,
            "fallback_why": safety.fallback.why if safety else "",
        },
    )
    rows.replace(quiz)
    return Quiz.objects.get(pk=quiz.pk)


def reserve(sources: Sequence[QuizSource]) -> None:
    """Bare rows for quizzes that are about to be applied, so that they may lead to each other in any order."""
    for source in sources:
        Quiz.objects.get_or_create(
            slug=source.slug,
            defaults={"number": source.number, "minutes": source.minutes, "reviewed": source.reviewed},
        )


def _dimension_source(row: Dimension) -> DimensionSource:
    bands = tuple(
        DimensionBandSource(
            links=tuple(LinkSource(to=link.section.address, why=link.why) for link in band.links.all()),
            label=band.label,
            start=band.start,
            text=_unix(band.text),
        )
        for band in row.bands.all()
    )
    return DimensionSource(
        key=row.key,
        name=row.name,
        about=row.about,
        flag_up_to=row.flag_up_to,
        bands=bands,  # type: ignore[arg-type]
    )


def _item_source(row: Item) -> ItemSource:
    return ItemSource(
        key=row.key,
        text=_unix(row.text),
        dimension=row.dimension.key,
        reverse=row.reverse,
        flag_at=tuple(int(answer) for answer in _words(row.flag_at) if answer.isdigit()),
        contexts=_words(row.contexts),
        options=tuple(OptionSource(key=option.key, text=option.text) for option in row.options.all()),
        answer=row.answer,
        explanation=_unix(row.explanation),
        section=row.section.address if row.section else "",
    )


def _note_source(row: Note) -> NoteSource:
    return NoteSource(
        conditions=tuple(
            ConditionSource(dimension=when.dimension.key, at_least=when.at_least, at_most=when.at_most)
            for when in row.conditions.select_related("dimension")
        ),
        text=_unix(row.text),
        link=LinkSource(to=row.section.address, why=row.why) if row.section else None,
        quiz=row.leads_to.slug if row.leads_to else "",
    )


def _safety_source(quiz: Quiz) -> SafetySource | None:
    if not quiz.safety_text or not quiz.fallback:
        return None
    return SafetySource(
        text=_unix(quiz.safety_text),
        links=tuple(
            LinkSource(to=row.section.address, why=row.why)
            for row in quiz.safety_links.select_related("section__lesson")
        ),
        fallback=LinkSource(to=quiz.fallback.address, why=quiz.fallback_why),
        skipped=quiz.safety_skipped,
        help_topics=_words(quiz.safety_topics),
    )


class _Rows:
    """Writes the rows below a quiz. Nothing refers to them, so they are written anew."""

    def __init__(self, source: QuizSource):
        self.source = source
        wanted = {link.to.partition("#")[0] for link in source.links}
        self._sections = {
            f"{row.lesson.slug}#{anchor}": row
            for row in Section.objects.filter(lesson__slug__in=wanted).select_related("lesson")
            for anchor in (row.anchor, *_words(row.former_anchors))
        }
        refuse(
            [
                f"{source.title}: there is no section {to}"
                for to in sorted({link.to for link in source.links} - set(self._sections))
            ]
        )

    def section(self, address: str) -> Section | None:
        return self._sections[address] if address else None

    def replace(self, quiz: Quiz) -> None:
        for rows in (quiz.notes, quiz.items, quiz.dimensions, quiz.bands, quiz.choices, quiz.gates, quiz.swaps):
            rows.all().delete()
        quiz.safety_links.all().delete()
        self._own(quiz)
        dimensions = {source.key: self._dimension(quiz, n, source) for n, source in enumerate(self.source.dimensions)}
        for position, item in enumerate(self.source.items):
            self._item(quiz, position, item, dimensions)
        for position, note in enumerate(self.source.notes):
            self._note(quiz, position, note, dimensions)

    def _own(self, quiz: Quiz) -> None:
        choices = self.source.context.choices if self.source.context else ()
        Choice.objects.bulk_create(
            Choice(quiz=quiz, position=n, key=choice.key, label=choice.label, person=choice.person)
            for n, choice in enumerate(choices)
        )
        Gate.objects.bulk_create(
            Gate(
                quiz=quiz,
                position=n,
                question=gate.question,
                text=gate.text,
                stops_at=",".join(gate.stops_at),
                contexts=",".join(gate.contexts),
                help_topics=",".join(gate.help_topics),
            )
            for n, gate in enumerate(self.source.gates)
        )
        Band.objects.bulk_create(
            Band(quiz=quiz, index=n, label=band.label, start=band.start, text=band.text)
            for n, band in enumerate(self.source.bands)
        )
        Swap.objects.bulk_create(
            Swap(
                quiz=quiz,
                position=n,
                contexts=",".join(swap.contexts),
                lessons=",".join(swap.lessons),
                section=self._sections[swap.to],
            )
            for n, swap in enumerate(self.source.swaps)
        )
        links = self.source.safety.links if self.source.safety else ()
        SafetyLink.objects.bulk_create(SafetyLink(quiz=quiz, **fields) for fields in self._links(links))

    def _dimension(self, quiz: Quiz, position: int, source: DimensionSource) -> Dimension:
        row = Dimension.objects.create(
            quiz=quiz,
            position=position,
            key=source.key,
            name=source.name,
            about=source.about,
            flag_up_to=source.flag_up_to,
        )
        for index, band in enumerate(source.bands):
            band_row = DimensionBand.objects.create(
                dimension=row, index=index, label=band.label, start=band.start, text=band.text
            )
            BandLink.objects.bulk_create(BandLink(band=band_row, **fields) for fields in self._links(band.links))
        return row

    def _item(self, quiz: Quiz, position: int, source: ItemSource, dimensions: dict[str, Dimension]) -> None:
        row = Item.objects.create(
            quiz=quiz,
            position=position,
            key=source.key,
            text=source.text,
            dimension=dimensions[source.dimension],
            reverse=source.reverse,
            flag_at=",".join(map(str, source.flag_at)),
            contexts=",".join(source.contexts),
            answer=source.answer,
            explanation=source.explanation,
            section=self.section(source.section),
        )
        Option.objects.bulk_create(
            Option(item=row, position=n, key=option.key, text=option.text) for n, option in enumerate(source.options)
        )

    def _note(self, quiz: Quiz, position: int, source: NoteSource, dimensions: dict[str, Dimension]) -> None:
        leads_to = Quiz.objects.filter(slug=source.quiz).first() if source.quiz else None
        if source.quiz and not leads_to:
            raise Refused([f"{self.source.title}: there is no quiz {source.quiz}"])
        row = Note.objects.create(
            quiz=quiz,
            position=position,
            text=source.text,
            section=self.section(source.link.to) if source.link else None,
            why=source.link.why if source.link else "",
            leads_to=leads_to,
        )
        Condition.objects.bulk_create(
            Condition(
                note=row,
                position=n,
                dimension=dimensions[when.dimension],
                at_least=when.at_least,
                at_most=when.at_most,
            )
            for n, when in enumerate(source.conditions)
        )

    def _links(self, links: Iterable[LinkSource]) -> Iterable[dict[str, Any]]:
        for position, link in enumerate(links):
            yield {"position": position, "section": self._sections[link.to], "why": link.why}


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
