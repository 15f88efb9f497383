"""A draft's result while its author moves the scores: the page that takers would get, and nobody's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from publishing import form
from publishing.leaves import SLUG
from quizzes.guidance import guide
from quizzes.models import QuizVersion
from quizzes.scoring import Result
from quizzes.source import QuizSource
from quizzes.taking.answers import Answers
from quizzes.taking.result import not_in_danger, sections, shown


@dataclass(frozen=True)
class Trial(Answers):
    """Scores that nobody answered."""

    tried: Result

    @property
    def result(self) -> Result:
        return self.tried


def controls(source: QuizSource) -> dict[str, Any]:
    """What an author can set: the context, each dimension's score and whether it flags, and the gate."""
    flagging = {item.dimension for item in source.items if item.flag_at}
    return {
        "contexts": [
            {
                "key": context,
                "label": choice.label if (choice := source.choice(context)) else "",
                "dimensions": [
                    {
                        "key": each.key,
                        "name": each.name,
                        "flags": each.key in flagging or each.flag_up_to is not None,
                    }
                    for each in source.dimensions_for(context)
                ],
                "gate": (gate.question if (gate := source.gate_for(context)) else ""),
            }
            for context in source.contexts or ("",)
        ]
    }


def trial(version: QuizVersion, asked: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The result for scores that were ``asked``: ``score-<dimension>`` (empty for too few answers), ``raised-...``,
    ``context`` and ``stopped``. Its template, and the context of it."""
    said = version.document or {}
    if not SLUG.fullmatch(said.get("slug", "")):
        version.document = {**said, "slug": "draft"}  # the page has links of its own
    source = version.source
    context = asked.get("context", "")
    context = context if context in source.contexts else (source.contexts or ("",))[0]
    gate = source.gate_for(context) if asked.get("stopped") else None
    keys = [] if gate else [dimension.key for dimension in source.dimensions_for(context)]
    scores = {key: _score(asked.get(f"score-{key}", "50")) for key in keys}
    raised = frozenset(key for key in keys if asked.get(f"raised-{key}"))
    result = Result(context, bool(raised or gate), scores, raised, stopped_by=gate)
    found = sections(source.addresses)
    guidance = guide(source, result, hidden=not_in_danger(found), stopped_by=gate)
    return "quizzes/taking/trial.html", shown(Trial(version, context, "", {}, result), guidance, found, "")


def _score(typed: str) -> int | None:
    return min(100, form.number(typed)) if typed else None
