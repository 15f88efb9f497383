"""What an editor should see to, for the first page of the admin."""

from collections.abc import Callable, Iterator
from typing import Any

from django import template
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from publishing.admin import STATES
from publishing.kind import KINDS
from publishing.models import Draft
from publishing.views import admin_url, list_url

SHOWN = 8  # of each group; the rest is behind a link to its list

GROUPS = ("review", "due", "waits", "differs", "new")
ORDER = {"due": "due", "waits": "waits_until"}

register = template.Library()


@register.simple_tag
def desk() -> list[dict[str, Any]]:
    """The states in which something is to be seen to, each with its first drafts and, by kind, with what is beyond."""
    return [group for name in GROUPS if (group := _group(name, *STATES[name]))["drafts"]]


def _group(name: str, title: str, which: Callable[[], Q]) -> dict[str, Any]:
    found = Draft.objects.with_state().filter(which(), kind__in=KINDS)
    light = found.defer("words") if name in ("differs", "new") else found.light()
    remarks = Count("remarks", filter=Q(remarks__settled=False))
    drafts = light.select_related("review__author").annotate(open_remarks=remarks)
    shown = [_entry(each) for each in drafts.order_by(ORDER.get(name, "title"), "pk")[:SHOWN]]
    counts = dict(found.order_by().values_list("kind").annotate(count=Count("pk"))) if len(shown) == SHOWN else {}
    return {"state": name, "title": title, "drafts": shown, "all": list(_lists(name, counts))}


def _lists(state: str, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    for kind, count in counts.items():
        model = KINDS[kind].model
        yield {"text": f"{count} {model._meta.verbose_name_plural}", "url": f"{list_url(model)}?state={state}"}


def _entry(draft: Any) -> dict[str, Any]:
    """With the count of what is to be fixed before it can be published, where its texts are at hand."""
    review = getattr(draft, "review", None)
    return {
        "draft": draft,
        "url": admin_url(draft),
        "read": reverse("review", args=[review.key]) if review else admin_url(draft, "review"),
        "versions": admin_url(draft, "versions"),
        "broken": len(draft.of.judge(draft.document)[1]) if "document" not in draft.get_deferred_fields() else 0,
        "late": draft.due and draft.due < timezone.localdate(),
    }
