from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.urls import reverse

from publishing.files import OneEach
from publishing.kind import Entry, Find, Kind, register
from publishing.leaves import SLUG
from publishing.shape import Document
from quizzes import rules
from quizzes.advice import advice, ruler
from quizzes.models import Quiz, QuizVersion
from quizzes.source import QuizSource
from quizzes.taking.forms import QuestionsForm
from quizzes.trial import controls, trial


def freeze(quiz: QuizSource, find: Find) -> tuple[Document, Document]:
    count = max(len(quiz.items_for(context)) for context in quiz.contexts or ("",))
    return {"summary": quiz.summary, "minutes": quiz.minutes, "question_count": count}, {}


def targets(quiz: QuizSource) -> dict[str, str]:
    return {f"quiz:{quiz.slug}": reverse("quiz", args=[quiz.slug])} if SLUG.fullmatch(quiz.slug) else {}


def outline(quiz: QuizSource) -> Iterator[Entry]:
    for place, dimension in enumerate(quiz.dimensions):
        items = [item for item in quiz.items if item.dimension == dimension.key]
        flags = sum(bool(item.flag_at) for item in items) + (dimension.flag_up_to is not None)
        facts = [f"{len(items)} questions", f"{sum(item.reverse for item in items)} reverse-keyed", f"{flags} flags"]
        told = ", ".join(each for each in facts if each[0] != "0")
        yield Entry(("dimensions", place), dimension.name, told, ruler=ruler(quiz, dimension))


def preview(version: QuizVersion) -> dict[str, Any]:
    """The questions of each context as takers would see them; there is nothing to send."""
    quiz = _numbered(version.source)
    contexts = enumerate(quiz.contexts or ("",), 1)
    forms = [QuestionsForm(quiz, context, prefix=f"form-{place}") for place, context in contexts]
    return {"quiz": quiz, "forms": forms}


def _numbered(quiz: QuizSource) -> QuizSource:
    """The quiz with numbers for keys, which may be missing or alike as long as it is not finished."""
    items = [
        replace(item, key=str(n), options=tuple(replace(option, key=str(m)) for m, option in enumerate(item.options)))
        for n, item in enumerate(quiz.items)
    ]
    return replace(quiz, items=tuple(items))


QUIZ = Kind(
    name="quiz",
    value=QuizSource,
    model=Quiz,
    version=QuizVersion,
    filing=OneEach("quizzes"),
    position=lambda quiz: quiz.get("number"),
    offers=("quiz",),
    targets=targets,
    broken=rules.broken,
    weakened=rules.weakened,
    freeze=freeze,
    advice=advice,
    outline=outline,
    preview=("quizzes/taking/preview.html", preview),
    controls=controls,
    trial=trial,
)

register(QUIZ)
