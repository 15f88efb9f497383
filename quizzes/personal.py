"""Responses that show something personal, or lead to what does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

View = Callable[..., HttpResponse]


def personal(referrer_policy: str, *, listed: bool = False) -> Callable[[View], View]:
    """For pages that show answers: kept in no cache, and listed by no search engine unless they are ``listed``; what
    their forms send is in no error report. A page with a form needs ``same-origin``: under ``no-referrer`` Chromium
    sends ``Origin: null``, which is refused as a forged form is."""

    def decorate(view: View) -> View:
        @wraps(view)
        @sensitive_post_parameters()
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            if not listed:
                response["X-Robots-Tag"] = "noindex"
            response["Referrer-Policy"] = referrer_policy
            return response

        return wrapped

    return decorate


def see_other(name: str, *arguments: str) -> HttpResponse:
    """On to another page with GET, whatever the method was: after a form, or where there is nothing to do."""
    return HttpResponse(status=303, headers={"Location": reverse(name, args=arguments)})
