"""Draft, preview, publish, versions: the same steps in the admin for everything that has frozen versions."""

import difflib
from collections.abc import Callable
from datetime import UTC
from types import ModuleType
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.admin_forms import EditingForm
from articles.publishing import Refused


class PublishingAdmin(EditingForm, admin.ModelAdmin):
    """An admin for drafts. Subclasses say how a draft becomes a value, a file text and a page.

    ``publishing`` is the app's publishing module: ``snapshot``, ``publish``, ``restore``, ``withdraw``.
    """

    publishing: ModuleType
    text_of: Callable[[Any], str]  # the value as its content file's text, which is what a comparison shows
    preview_response: Callable[[HttpRequest, Any], HttpResponse]
    change_form_template = "admin/publishing/change_form.html"
    actions = ["publish_selected"]

    def get_urls(self) -> list[URLPattern]:
        name = self.opts.model_name
        steps = [
            path("<int:pk>/preview/", self._step(self.preview_view), name=f"preview_{name}"),
            path("<int:pk>/publish/", self._step(self.publish_view), name=f"publish_{name}"),
            path("<int:pk>/withdraw/", self._step(self.withdraw_view), name=f"withdraw_{name}"),
            path("<int:pk>/versions/", self._step(self.versions_view), name=f"versions_{name}"),
            path("<int:pk>/versions/<int:number>/", self._step(self.version_view), name=f"version_{name}"),
        ]
        return steps + super().get_urls()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An address that readers may have kept does not change."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, "slug") if obj and obj.versions.exists() else fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else {"slug": ("title",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published is withdrawn, not deleted: its versions stay."""
        published = obj is not None and obj.versions.exists()
        return not published and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["status"] = obj and self.status(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description="Readers see")
    def status(self, draft: Any) -> str:
        if draft.withdrawn:
            return "withdrawn"
        version = draft.versions.filter(live_from__lte=timezone.now()).first()
        if not version:
            return "nothing yet"
        same = self.text_of(version.source) == self._draft_text(draft)
        return f"version {version.number}" + ("" if same else ", draft differs")

    @admin.action(description="Publish selected drafts together")
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        try:
            versions = self.publishing.publish(list(queryset), author=request.user)
        except Refused as refused:
            for problem in refused.problems:
                self.message_user(request, problem, messages.ERROR)
            return
        self.message_user(request, f"Published {len(versions)} drafts.", messages.SUCCESS)

    def preview_view(self, request: HttpRequest, draft: Any) -> HttpResponse:
        try:
            return self.preview_response(request, draft)
        except Refused as refused:
            return self._back(request, draft, refused)

    def publish_view(self, request: HttpRequest, draft: Any) -> HttpResponse:
        """Shows what would change against what readers see, and publishes on POST, now or from a date."""
        problems: list[str] = []
        if request.method == "POST":
            try:
                live_from = self._moment(request.POST.get("live_from", ""))
                version = self.publishing.publish(
                    [draft], author=request.user, note=request.POST.get("note", "")[:200], live_from=live_from
                )[0]
            except Refused as refused:
                problems = refused.problems
            else:
                when = "from " + str(version.live_from) if live_from else "now"
                self.message_user(request, f"Version {version.number} is published; readers see it {when}.")
                return redirect(self._url("change", draft))
        live = draft.versions.filter(live_from__lte=timezone.now()).first()
        context = {
            "changes": self._changes(self.text_of(live.source) if live else "", self._draft_text(draft)),
            "problems": problems or self._problems(draft),
            "live": live,
        }
        return self._page(request, draft, "publish", "Publish", context, status=422 if problems else 200)

    def withdraw_view(self, request: HttpRequest, draft: Any) -> HttpResponse:
        problems: list[str] = []
        if request.method == "POST":
            try:
                self.publishing.withdraw(draft)
            except Refused as refused:
                problems = refused.problems
            else:
                self.message_user(request, f"{draft} is withdrawn. Publishing it again brings it back.")
                return redirect(self._url("change", draft))
        status = 422 if problems else 200
        return self._page(request, draft, "withdraw", "Withdraw", {"problems": problems}, status=status)

    def versions_view(self, request: HttpRequest, draft: Any) -> HttpResponse:
        live = draft.versions.filter(live_from__lte=timezone.now()).first()
        context = {"versions": draft.versions.select_related("author"), "live": live, "now": timezone.now()}
        return self._page(request, draft, "versions", "Versions", context)

    def version_view(self, request: HttpRequest, draft: Any, number: int) -> HttpResponse:
        """One version compared with the draft; POST makes the draft say what it said."""
        version = draft.versions.filter(number=number).first()
        if not version:
            raise Http404
        problems: list[str] = []
        if request.method == "POST":
            try:
                self.publishing.restore(version)
            except Refused as refused:
                problems = refused.problems
            else:
                self.message_user(request, f"The draft says again what version {number} said. Publish it to show it.")
                return redirect(self._url("change", draft))
        context = {
            "version": version,
            "problems": problems,
            "changes": self._changes(self._draft_text(draft), self.text_of(version.source)),
        }
        return self._page(request, draft, "version", f"Version {number}", context, status=422 if problems else 200)

    def _step(self, view: Any) -> Any:
        def step(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            draft = self.get_object(request, str(pk))
            if draft is None:
                raise Http404
            if not self.has_change_permission(request, draft):
                raise PermissionDenied
            return view(request, draft, **kwargs)  # type: ignore[no-any-return]

        return self.admin_site.admin_view(step)

    def _page(
        self, request: HttpRequest, draft: Any, template: str, title: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "draft": draft,
            "title": f"{title}: {draft}",
            "step": title,
            "change_url": self._url("change", draft),
            "versions_url": self._url("versions", draft),
        }
        return render(request, f"admin/publishing/{template}.html", {**shared, **context}, status=status)

    def _url(self, step: str, draft: Any) -> str:
        if step == "change":
            return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[draft.pk])
        return reverse(f"admin:{step}_{self.opts.model_name}", args=[draft.pk])

    def _back(self, request: HttpRequest, draft: Any, refused: Refused) -> HttpResponse:
        for problem in refused.problems:
            self.message_user(request, problem, messages.ERROR)
        return redirect(self._url("change", draft))

    def _draft_text(self, draft: Any) -> str:
        try:
            return self.text_of(self.publishing.snapshot(draft))
        except Refused as refused:
            return "\n".join(refused.problems)

    def _problems(self, draft: Any) -> list[str]:
        try:
            return list(self.publishing.publishing_problems([self.publishing.snapshot(draft)]))
        except Refused as refused:
            return refused.problems

    @staticmethod
    def _changes(before: str, after: str) -> list[tuple[str, str]]:
        """Lines of a comparison as (kind, text): ``add``, ``remove``, ``same`` or ``place``."""
        kinds = {"+": "add", "-": "remove", "@": "place"}
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))[2:]
        return [(kinds.get(line[:1], "same"), line) for line in lines]

    @staticmethod
    def _moment(text: str) -> Any:
        """A date and time in the site's time zone, or None for now."""
        if not text.strip():
            return None
        try:
            moment = parse_datetime(text.strip())
            aware = moment if moment is None or timezone.is_aware(moment) else timezone.make_aware(moment)
            moment = aware and aware.astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if not moment:
            raise Refused([f"'{text}' is not a date and time; write it like 2026-12-24 08:00, or leave it empty"])
        return moment
