"""A taker's answers, kept in the taker's browser and nowhere else.

One signed cookie per quiz, sent only to that quiz's pages, gone when the browser closes. It holds the version that was
asked, the context, the gate's answer and one character per question in the order asked: the answer's value, ``t`` or
``f`` for true or false, ``-`` for a skip.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from publishing import form
from quizzes.models import QuizVersion
from quizzes.scales import SKIP
from quizzes.scoring import Result, score
from quizzes.source import ItemSource, QuizSource

COOKIE = "answers"
_SHORT = {"true": "t", "false": "f", SKIP: "-"}
_LONG = {short: value for value, short in _SHORT.items()}


@dataclass(frozen=True)
class Answers:
    """What a taker answered to one version. ``responses`` is empty when a gate stopped the quiz."""

    version: QuizVersion
    context: str
    gate: str
    responses: Mapping[str, str]

    @cached_property
    def result(self) -> Result:
        return score(self.version.source, self.responses, self.context, self.gate)


def asked(slug: str, number: str) -> QuizVersion | None:
    """The version of a quiz that has this number, if takers can have been shown it."""
    return QuizVersion.objects.asked(slug=slug).filter(number=form.number(number)).first()


def load(request: HttpRequest, slug: str) -> Answers | None:
    """The answers this browser holds for the quiz, or None if there are none that can be read."""
    try:
        number, context, gate, packed = _signer(slug).unsign(request.COOKIES.get(COOKIE, "")).split(".")
    except (BadSignature, ValueError):
        return None
    if not (version := asked(slug, number)):
        return None
    items = version.source.items_for(context)
    values = [_LONG.get(short, short) for short in packed]
    if values and not _fit(version.source, items, values):
        return None
    return Answers(version, context, gate, {item.key: value for item, value in zip(items, values, strict=False)})


def keep(response: HttpResponse, request: HttpRequest, answers: Answers) -> None:
    version, given = answers.version, answers.responses
    items = version.source.items_for(answers.context) if given else ()
    packed = "".join(_SHORT.get(given[item.key], given[item.key]) for item in items)
    value = _signer(version.slug).sign(f"{version.number}.{answers.context}.{answers.gate}.{packed}")
    path = version.get_absolute_url()
    response.set_cookie(COOKIE, value, path=path, secure=request.is_secure(), httponly=True, samesite="Lax")


def forget(response: HttpResponse, slug: str) -> None:
    response.delete_cookie(COOKIE, path=reverse("quiz", args=[slug]), samesite="Lax")


def _fit(source: QuizSource, items: Sequence[ItemSource], values: Sequence[str]) -> bool:
    """Whether the values answer these items: the database may be another than the one that asked."""
    return len(items) == len(values) and all(
        value == SKIP or value in source.answers_to(item) for item, value in zip(items, values, strict=True)
    )


def _signer(slug: str) -> Signer:
    return Signer(salt=f"quizzes.answers.{slug}")
