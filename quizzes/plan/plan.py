"""A reading plan from the results of this visit, kept in the reader's browser for a month and nowhere else.

The cookie holds section addresses, each with whether it was ticked off: no quiz, no score, no context, and nothing
from a flagged result, since whoever opens the plan could read there what the result was about.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "plan"
LASTS = timedelta(days=30)
ROOM = 3800  # bytes; browsers drop a cookie of more than 4096 with its name and attributes
_SALT = "quizzes.reading-plan"

Plan = dict[str, bool]  # section address to whether it was ticked off, in the order of reading


def added(plan: Plan, addresses: Iterable[str], *, without: Collection[str] = ()) -> Plan:
    """The plan with these sections before the others. What was ticked off stays so; ``without`` are taken out."""
    together = dict.fromkeys(addresses, False) | plan
    return {address: ticked for address, ticked in together.items() if address not in without}


def load(request: HttpRequest) -> Plan:
    """The plan this browser holds; an empty one if there is none that can be read."""
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError):
        return {}


def keep(response: HttpResponse, request: HttpRequest, plan: Plan) -> None:
    """What does not fit into a cookie falls off at the end."""
    steps = list(plan.items())
    while len(value := signing.dumps(steps, salt=_SALT, compress=True)) > ROOM:
        steps.pop()
    path, secure = reverse("plan"), request.is_secure()
    response.set_cookie(COOKIE, value, max_age=LASTS, path=path, secure=secure, httponly=True, samesite="Lax")


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("plan"), samesite="Lax")
