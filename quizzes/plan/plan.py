"""A reading plan from one or several results of this visit, kept in the reader's browser and nowhere else.

The cookie holds, per quiz, what its result needs to be guided again, and a short mark for each section that was ticked
off. It never holds a flagged result: whoever opens the plan could read there what it was about.
"""

import hashlib
from typing import NamedTuple

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quizzes.scoring import Scores
from quizzes.source import QuizSource
from quizzes.taking.answers import Answers

COOKIE = "plan"
_SALT = "quizzes.reading-plan"


class Entry(NamedTuple):
    """One quiz's result as the plan needs it, its scores in the order of the dimensions."""

    quiz: str
    version: int
    context: str
    scores: list[int | None]

    def scores_for(self, source: QuizSource) -> Scores:
        keys = [dimension.key for dimension in source.dimensions_for(self.context)]
        return Scores(self.context, flagged=False, by_dimension=dict(zip(keys, self.scores, strict=False)))


class Plan(NamedTuple):
    entries: list[Entry]
    ticked: list[str]

    def with_entry(self, entry: Entry) -> "Plan":
        """A newer result of the same quiz takes the place of the older."""
        return Plan([*(old for old in self.entries if old.quiz != entry.quiz), entry], self.ticked)


def entry(answers: Answers) -> Entry:
    scores = list(answers.result.by_dimension.values())
    return Entry(answers.version.slug, answers.version.number, answers.context, scores)


def seal(one: Entry) -> str:
    """An entry as a form carries it from a result to the plan."""
    return signing.dumps(one, salt=_SALT)


def unseal(text: str) -> Entry | None:
    try:
        return Entry(*signing.loads(text, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def load(request: HttpRequest) -> Plan:
    """The plan this browser holds; an empty one if there is none that can be read."""
    try:
        entries, ticked = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
        return Plan([Entry(*held) for held in entries], ticked)
    except (signing.BadSignature, ValueError, TypeError):
        return Plan([], [])


def keep(response: HttpResponse, request: HttpRequest, plan: Plan) -> None:
    value, path = signing.dumps(plan, salt=_SALT, compress=True), reverse("plan")
    response.set_cookie(COOKIE, value, path=path, secure=request.is_secure(), httponly=True, samesite="Lax")


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("plan"), samesite="Lax")


def mark(address: str) -> str:
    """A short mark for a section that was ticked off."""
    return hashlib.sha256(address.encode()).hexdigest()[:6]
