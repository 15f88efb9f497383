"""Django's admin, in which the end of a session loses nothing."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from publishing.given_back import given_back, typed
from publishing.kind import KINDS
from publishing.models import Version
from publishing.views import admin_url


def scheduled(user: Any) -> list[dict[str, Any]]:
    """Every version that waits for its time, of the kinds that this account may see, the next one first."""
    may = {
        name: [right for right in ("view", "publish") if user.has_perm(kind.right(right))]
        for name, kind in KINDS.items()
    }
    waiting = Version.objects.light().filter(live_from__gt=timezone.now()).select_related("draft", "author")
    found = waiting.filter(draft__kind__in=[name for name, given in may.items() if given])
    return [
        {
            "version": version,
            "day": timezone.localtime(version.live_from).date(),
            "told": ", ".join(filter(None, [version.draft.kind, _does(version), version.note])),
            "url": admin_url(version.draft),
            "move": admin_url(version.draft, "move", version.number) if "publish" in may[version.draft.kind] else "",
        }
        for version in found.order_by("live_from", "pk")[:200]
    ]


def _does(version: Version) -> str:
    does = "is withdrawn" if version.withdraws else f"version {version.number}"
    return f"{does}, by {version.author}" if version.author else does


class EditingSite(admin.AdminSite):
    site_header = site_title = "Learning to trust: editing"
    index_title = "Lessons, quizzes and help lines"
    enable_nav_sidebar = False  # the menu at the top leads to every list

    def get_urls(self) -> list[Any]:
        own = (self.guide, self.calendar)
        paths = [path(f"{each.__name__}/", self.admin_view(each), name=each.__name__) for each in own]
        return [*paths, *super().get_urls()]

    def guide(self, request: HttpRequest) -> HttpResponse:
        context = {**self.each_context(request), "title": "How to write here, in ten minutes"}
        return render(request, "admin/guide.html", context)

    def calendar(self, request: HttpRequest) -> HttpResponse:
        context = {**self.each_context(request), "title": "What is scheduled", "waiting": scheduled(request.user)}
        return render(request, "admin/calendar.html", context)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """A form that comes after the session has ended is given back on a log-in page, and goes on from there."""
        inner = super().admin_view(view, cacheable)

        @sensitive_post_parameters("password")
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if self.has_permission(request) or not (data := typed(request)):
                return inner(request, *args, **kwargs)  # type: ignore[no-any-return]
            if request.headers.get("Accept") == "application/json":
                return JsonResponse({"why": "You were logged out."}, status=403)
            form = AdminAuthenticationForm(request, data=data if "password" in data else None)
            if not form.is_valid():
                return given_back(request, data, 403, login=form)
            login(request, form.get_user())
            return inner(request, *args, **kwargs)  # type: ignore[no-any-return]

        return update_wrapper(kept, view)
