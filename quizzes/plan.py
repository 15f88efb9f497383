"""A reading plan from one or several results of this visit, kept in the reader's browser and nowhere else.

The plan's cookie holds, per quiz, what its result needs to be guided again (version, context, flag, scores), and a
short mark for each section that was ticked off. Sections of several results stand in the order of one: by need,
first links first, no section twice; one flagged result hides repair advice from the whole plan.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from quizzes.guidance import Guidance, guide, in_turn, need, unique
from quizzes.models import QuizVersion
from quizzes.scoring import DimensionScore, Result
from quizzes.source import LinkSource

COOKIE = "plan"
_SALT = "quizzes.plan"


@dataclass(frozen=True)
class Entry:
    """One quiz's result as the plan needs it."""

    quiz: str
    version: int
    context: str
    flagged: bool
    scores: tuple[int | None, ...]

    def result(self, version: QuizVersion) -> Result:
        keys = [dimension.key for dimension in version.source.dimensions_for(self.context)]
        scores = tuple(DimensionScore(key, score, 0, 0) for key, score in zip(keys, self.scores, strict=False))
        return Result(self.context, scores, flags=("kept",) if self.flagged else ())


@dataclass(frozen=True)
class Plan:
    entries: tuple[Entry, ...] = ()
    ticked: frozenset[str] = frozenset()

    def with_entry(self, entry: Entry) -> "Plan":
        """A newer result of the same quiz takes the place of the older."""
        others = tuple(old for old in self.entries if old.quiz != entry.quiz)
        return replace(self, entries=(*others, entry))


def entry(version: QuizVersion, result: Result) -> Entry:
    order = {scored.key: scored.score for scored in result.dimensions}
    keys = [dimension.key for dimension in version.source.dimensions_for(result.context)]
    scores = tuple(order.get(key) for key in keys) if result.dimensions else ()
    return Entry(version.quiz.slug, version.number, result.context, result.flagged, scores)


def seal(one: Entry) -> str:
    """An entry as a form carries it from a result to the plan."""
    return signing.dumps(_pack(one), salt=_SALT)


def unseal(text: str) -> Entry | None:
    try:
        return _unpack(signing.loads(text, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def load(request: HttpRequest) -> Plan:
    """The plan this browser holds; an empty one if there is none that can be read."""
    try:
        entries, ticked = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
        return Plan(tuple(_unpack(packed) for packed in entries), frozenset(ticked))
    except (signing.BadSignature, ValueError, TypeError, json.JSONDecodeError):
        return Plan()


def keep(response: HttpResponse, request: HttpRequest, plan: Plan) -> None:
    response.set_cookie(
        COOKIE,
        signing.dumps(([_pack(one) for one in plan.entries], sorted(plan.ticked)), salt=_SALT, compress=True),
        path=reverse("plan"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("plan"), samesite="Lax")


def readings(
    plan: Plan, versions: Iterable[QuizVersion], repair_advice: Collection[str]
) -> list[tuple[LinkSource, QuizVersion]]:
    """The sections of the plan in order, each with the quiz that first led there."""
    asked = {(version.quiz.slug, version.number): version for version in versions}
    found = [(one, asked[one.quiz, one.version]) for one in plan.entries if (one.quiz, one.version) in asked]
    flagged = any(one.flagged for one, _ in found)
    guided: list[tuple[QuizVersion, Guidance]] = []
    for one, version in found:
        result = one.result(version)
        result = replace(result, flags=("plan",)) if flagged else result
        guided.append((version, guide(version.source, result, repair_advice)))
    dimensions = [
        (need(version.source, dimension.score), version.quiz.number, version, dimension.links)
        for version, guidance in guided
        for dimension in guidance.dimensions
    ]
    dimensions.sort(key=lambda row: (-row[0], row[1]))
    first = [link for version, _ in guided if flagged and version.source.safety for link in version.source.safety.links]
    links = unique([*first, *in_turn([links for *_, links in dimensions])])
    origin = {link: version for *_, version, links in reversed(dimensions) for link in links}
    origin |= {
        link: version
        for one, version in reversed(found)
        if one.flagged and version.source.safety
        for link in version.source.safety.links
    }
    default = guided[0][0] if guided else None
    return [(link, origin.get(link) or default) for link in links if default]


def mark(address: str) -> str:
    """A short mark for a section that was ticked off."""
    return hashlib.sha256(address.encode()).hexdigest()[:6]


def _pack(one: Entry) -> list[object]:
    return [one.quiz, one.version, one.context, int(one.flagged), *one.scores]


def _unpack(packed: list[object]) -> Entry:
    quiz, version, context, flagged, *scores = packed
    return Entry(str(quiz), int(version), str(context), bool(flagged), tuple(scores))  # type: ignore[call-overload, arg-type]
