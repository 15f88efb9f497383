"""A quiz's value as the text of its file: one way to write each, so that reading and writing change nothing."""

from typing import Any

from articles.yaml_nodes import Inline, write_mapping
from quizzes.source import BAND_KEYS, DimensionSource, GateSource, ItemSource, LinkSource, NoteSource, QuizSource


def write_quiz(source: QuizSource) -> str:
    context = source.context and {
        "question": source.context.question,
        "choices": [{"key": c.key, "label": c.label, "person": c.person} for c in source.context.choices],
    }
    safety = source.safety and {
        "text": source.safety.text,
        "links": [_link(link) for link in source.safety.links],
        "fallback": _link(source.safety.fallback),
        "skipped": source.safety.skipped,
        "help_topics": Inline(source.safety.help_topics),
    }
    return write_mapping(
        {
            "title": source.title,
            "number": source.number,
            "summary": source.summary,
            "purpose": source.purpose,
            "audience": source.audience,
            "intro": source.intro,
            "format": source.format,
            "minutes": source.minutes,
            "reviewed": source.reviewed,
            "higher_is": "worse" if source.higher_is_worse else "better",
            "sensitive": source.sensitive,
            "context": context,
            "gates": [_gate(gate) for gate in source.gates],
            "bands": {
                key: {"label": band.label, "from": band.start, "text": band.text}
                for key, band in zip(BAND_KEYS, source.bands, strict=True)
            },
            "dimensions": [_dimension(dimension) for dimension in source.dimensions],
            "items": [_item(item) for item in source.items],
            "swaps": [
                {"contexts": Inline(swap.contexts), "lessons": Inline(swap.lessons), "to": swap.to}
                for swap in source.swaps
            ],
            "notes": [_note(note) for note in source.notes],
            "safety": safety,
        }
    )


def _link(link: LinkSource) -> dict[str, Any]:
    return {"to": link.to, "why": link.why}


def _gate(gate: GateSource) -> dict[str, Any]:
    return {
        "contexts": Inline(gate.contexts),
        "question": gate.question,
        "stops_at": Inline(gate.stops_at),
        "text": gate.text,
        "help_topics": Inline(gate.help_topics),
    }


def _dimension(dimension: DimensionSource) -> dict[str, Any]:
    bands = {
        key: {"label": band.label, "from": band.start, "text": band.text, "links": [_link(link) for link in band.links]}
        for key, band in zip(BAND_KEYS, dimension.bands, strict=True)
    }
    return {
        "key": dimension.key,
        "name": dimension.name,
        "about": dimension.about,
        "flag_up_to": dimension.flag_up_to,
        "bands": bands,
    }


def _item(item: ItemSource) -> dict[str, Any]:
    return {
        "key": item.key,
        "text": item.text,
        "dimension": item.dimension,
        "contexts": Inline(item.contexts),
        "reverse": item.reverse,
        "flag_at": Inline(item.flag_at),
        "options": [{"key": option.key, "text": option.text} for option in item.options],
        "answer": item.answer,
        "explanation": item.explanation,
        "section": item.section,
    }


def _note(note: NoteSource) -> dict[str, Any]:
    return {
        "when": [
            {
                "dimension": when.dimension,
                "at_least": when.at_least or None,
                "at_most": None if when.at_most == 100 else when.at_most,
            }
            for when in note.conditions
        ],
        "text": note.text,
        "link": note.link and _link(note.link),
        "quiz": note.quiz,
    }
