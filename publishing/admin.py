"""Django's admin for every kind: its lists, rights and log. The pages behind a draft are ours."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from publishing import editing, form, judging, one_file, review, steps, views
from publishing.beside import uses
from publishing.kind import KINDS
from publishing.leaves import entries
from publishing.models import Draft
from publishing.shape import place, walk

SOON = timedelta(days=30)
# What a list can be narrowed to: its words, and the drafts it holds. The first five are for somebody to see to.
STATES: dict[str, tuple[str, Callable[[], Q]]] = {
    "review": ("Ready for review", lambda: Q(review__isnull=False)),
    "due": ("Due for review by its date", lambda: Q(seen_withdrawn=False, due__lte=timezone.localdate() + SOON)),
    "waits": ("Waiting for its time", lambda: Q(waits_until__isnull=False)),
    "differs": ("Draft differs from what readers see", lambda: Q(seen_withdrawn=False) & ~Q(seen_digest=F("digest"))),
    "new": ("Not published yet", lambda: Q(seen_number=None, waits_until=None)),
    "live": ("As readers see it", lambda: Q(seen_withdrawn=False, seen_digest=F("digest"))),
    "withdrawn": ("Withdrawn", lambda: Q(seen_withdrawn=True)),
}


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:200]


class StateFilter(admin.SimpleListFilter):
    title = parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, words) for key, (words, _) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Draft]) -> QuerySet[Draft]:
        state = STATES.get(self.value() or "")
        return queryset.filter(state[1]()) if state else queryset


class KindAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django's class takes no type argument when it runs
    """The admin of the drafts of one kind."""

    list_display = ("name", "position", "state", "due")
    list_filter = (StateFilter,)
    search_fields = ("title", "words")
    actions = ("publish_selected",)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(KINDS[self.model.KIND].right("publish")))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published is withdrawn, not deleted; what others lead to stays."""
        return super().has_delete_permission(request, obj) and not (obj and judging.undeletable(obj))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        steps.delete(obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the texts only where something is looked for in them."""
        drafts = self.model.objects.of_kind().with_state()
        asked = _asked(request)
        return drafts.defer("words").annotate(asked=Value(asked)) if asked else drafts.light()

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "found") if _asked(request) else self.list_display

    @admin.display(description="Found in")
    def found(self, draft: Any) -> str:
        """The first text that holds a word that was asked for: its place, and a few words around."""
        asked, cls = [re.escape(word) for word in draft.asked.split()], draft.of.value
        for at, _, held in walk(cls, draft.document):
            for text in entries(held):
                if match := re.search("|".join(asked), text, re.IGNORECASE):
                    around = text[max(0, match.start() - 40) : match.end() + 60]
                    return f"{place(cls, at)}: … {' '.join(around.split())} …"
        return ""

    @admin.display(ordering="title", description="Title")
    def name(self, draft: Draft) -> str:
        return draft.title or "Untitled"

    @admin.display(ordering="seen_number", description="Readers see")
    def state(self, draft: Draft) -> str:
        return views.state(draft)

    @admin.action(description="Publish selected drafts together", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Draft]) -> HttpResponse:
        chosen = urlencode({"draft": list(queryset.values_list("pk", flat=True))}, doseq=True)
        return redirect(f"{request.path}publish/?{chosen}")

    def get_urls(self) -> list[URLPattern]:
        def step(address: str, view: Callable[..., HttpResponse], name: str) -> Any:
            def stepped(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
                return view(request, self, self.draft(request, pk, step=name), **kwargs)

            return named(f"<int:pk>/{address}", stepped, name)

        def named(address: str, view: Callable[..., HttpResponse], name: str) -> Any:
            name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(address, self.admin_site.admin_view(view), name=name)

        return [
            named("publish/", lambda request: views.publish_several(request, self), "publish_several"),
            named("from-file/", lambda request: one_file.from_file(request, self), "from_file"),
            step("open/", require_POST(lambda request, admin, draft: editing.open_now(request, draft)), "open"),
            step("uses/", uses, "uses"),
            step("review/", review.ask, "review"),
            step("file/", one_file.of_draft, "file"),
            step("publish/", views.publish, "publish"),
            step("withdraw/", views.withdraw, "withdraw"),
            step("versions/", views.versions, "versions"),
            step("versions/compare/", views.compare, "compare"),
            step("versions/<int:number>/", views.version, "version"),
            step("versions/<int:number>/move/", views.move, "move"),
            step("saves/<int:revision>/", views.save, "save"),
            *super().get_urls(),
        ]

    def draft(self, request: HttpRequest, pk: Any, step: str = "") -> Draft:
        """The draft with its texts and what readers see of it, for those who may see it and take the step."""
        found: Draft = get_object_or_404(self.model.objects.of_kind().with_state(), pk=pk)
        publishes = step in ("publish", "withdraw", "move")
        if not self.has_view_permission(request, found) or (publishes and not self.has_publish_permission(request)):
            raise PermissionDenied
        return found

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return editing.edit(request, self, editing.new(self.model))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft(request, form.number(object_id))
        if request.method == "POST" and not self.has_change_permission(request, draft):
            raise PermissionDenied
        return editing.edit(request, self, draft)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect("../versions/")
