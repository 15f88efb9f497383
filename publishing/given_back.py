"""No answer of the admin to an editing form loses what was typed. Where it cannot be saved, the page gives it back, and
one button sends it again; where the session has ended, logging in on that page saves it."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

NOT_TEXT = {"csrfmiddlewaretoken", "username", "password", "this_is_the_login_form", "next"}


def typed(request: HttpRequest) -> QueryDict | None:
    """What an editing form sent, or a form for remarks; None if this is neither or cannot be read."""
    if request.method != "POST" or not request.path.startswith(reverse("admin:index")):
        return None
    try:
        return request.POST if {"revision", "place"} & request.POST.keys() else None
    except (BadRequest, RequestDataTooBig, TooManyFieldsSent, OSError):
        return None


def given_back(
    request: HttpRequest,
    data: QueryDict,
    status: int,
    *,
    login: AdminAuthenticationForm | None = None,
    denied: bool = False,
) -> HttpResponse:
    """``denied``: this account may not do it; otherwise a 403 says that the form's token was no longer good."""
    fields = [(name, value) for name, values in data.lists() if name not in NOT_TEXT for value in values]
    texts = [value for name, value in fields if len(value) > 40]
    anew = _anew(request) if status == 404 else ""
    context: dict[str, Any] = {"status": status, "fields": fields, "texts": texts, "anew": anew}
    context |= {"login": login, "denied": denied}
    response = render(request, "errors/given_back.html", context, status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "10"
    return response


def _anew(request: HttpRequest) -> str:
    """Where a draft of the same kind is made, for the text of one that somebody deleted."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    try:
        return reverse(f"admin:{(name or '').removesuffix('_change')}_add")
    except NoReverseMatch:
        return ""
