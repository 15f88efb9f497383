"""A taker's answers, kept in the taker's browser and nowhere else.

One signed cookie per quiz, sent only to that quiz's pages, gone when the browser closes. It holds the version
that was asked, the context, the gate's answer and one sign per question in the order asked: the answer's value,
``t`` or ``f`` for true or false, ``-`` for a skip.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quizzes.models import QuizVersion
from quizzes.source import SKIP, ItemSource, QuizSource

COOKIE = "answers"
_SIGNS = {"true": "t", "false": "f", SKIP: "-"}
_VALUES = {sign: value for value, sign in _SIGNS.items()}


@dataclass(frozen=True)
class Answers:
    """What a taker answered to one version. ``responses`` is empty when a gate stopped the quiz."""

    version: QuizVersion
    context: str = ""
    gate: str = ""
    responses: dict[str, str] = field(default_factory=dict)


def load(request: HttpRequest, slug: str) -> Answers | None:
    """The answers this browser holds for the quiz, or None if there are none that can be read."""
    try:
        number, context, gate, signs = _signer(slug).unsign(request.COOKIES.get(COOKIE, "")).split(".")
    except (BadSignature, ValueError):
        return None
    version = QuizVersion.objects.asked().filter(quiz__slug=slug, number=int(number)).first()
    if not version:
        return None
    items = version.source.items_for(context)
    values = [_VALUES.get(sign, sign) for sign in signs]
    if values and not _fit(version.source, items, values):
        return None
    return Answers(version, context, gate, {item.key: value for item, value in zip(items, values, strict=False)})


def keep(response: HttpResponse, request: HttpRequest, answers: Answers) -> None:
    keys = [item.key for item in answers.version.source.items_for(answers.context)]
    given = [answers.responses[key] for key in keys] if answers.responses else []
    signs = "".join(_SIGNS.get(value, value) for value in given)
    response.set_cookie(
        COOKIE,
        _signer(answers.version.quiz.slug).sign(f"{answers.version.number}.{answers.context}.{answers.gate}.{signs}"),
        path=_path(answers.version.quiz.slug),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, slug: str) -> None:
    response.delete_cookie(COOKIE, path=_path(slug), samesite="Lax")


def _fit(source: QuizSource, items: Sequence[ItemSource], values: Sequence[str]) -> bool:
    """Whether the values answer these items: the database may be another than the one that asked."""
    return len(items) == len(values) and all(
        value == SKIP or value in source.answers_to(item) for item, value in zip(items, values, strict=True)
    )


def _signer(slug: str) -> Signer:
    return Signer(salt=f"quizzes.answers.{slug}")


def _path(slug: str) -> str:
    return reverse("quiz", args=[slug])
