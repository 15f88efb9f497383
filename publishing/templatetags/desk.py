"""What an editor should see to, for the first page of the admin."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.db.models import Count, Q
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from publishing import links
from publishing.admin import STATES
from publishing.judging import said
from publishing.kind import KINDS
from publishing.models import Draft, Link
from publishing.shape import steps_of
from publishing.views import admin_url, field_url, list_url

SHOWN = 8  # of each group; the rest is behind a link to its list

GROUPS = ("review", "due", "waits", "differs", "new")
ORDER = {"due": "due", "waits": "waits_until"}

register = template.Library()


@register.simple_tag
def desk() -> list[dict[str, Any]]:
    """The states in which something is to be seen to, each with its first drafts and, by kind, with what is beyond."""
    broken = {
        "title": "Readers meet a link that leads nowhere",
        "drafts": [_dead(link) for link in links.dead()[:SHOWN]],
    }
    return [group for group in (broken, *(_group(name, *STATES[name]) for name in GROUPS)) if group["drafts"]]


def _dead(link: Link) -> dict[str, Any]:
    told = [link.draft.kind, links.place(link), f"leads to {said(link.target)}, which readers cannot open"]
    return {
        "draft": link.draft,
        "url": field_url(link.draft, steps_of(link.path)),
        "told": ", ".join(filter(None, told)),
        "more": [],
    }


def _group(name: str, title: str, which: Callable[[], Q]) -> dict[str, Any]:
    found = Draft.objects.with_state().filter(which(), kind__in=KINDS)
    light = found.defer("words") if name in ("differs", "new") else found.light()
    remarks = Count("remarks", filter=Q(remarks__settled=False))
    drafts = light.select_related("review__author").annotate(open_remarks=remarks)
    shown = [_entry(name, each) for each in drafts.order_by(ORDER.get(name, "title"), "pk")[:SHOWN]]
    counts = dict(found.order_by().values_list("kind").annotate(count=Count("pk"))) if len(shown) == SHOWN else {}
    return {"title": title, "drafts": shown, "all": list(_lists(name, counts))}


def _lists(state: str, counts: dict[str, int]) -> Iterator[tuple[str, str]]:
    for kind, count in counts.items():
        opts = KINDS[kind].model._meta
        named = opts.verbose_name if count == 1 else opts.verbose_name_plural
        yield f"{count} {named}", f"{list_url(KINDS[kind].model)}?state={state}"


def _entry(state: str, draft: Any) -> dict[str, Any]:
    review, told, more = getattr(draft, "review", None), [draft.kind], []
    if review and state == "review":
        asks = f"{review.author} asks" if review.author else ""
        told.append(": ".join(filter(None, [asks, f"“{review.note}”" if review.note else ""])))
    elif state == "due":
        told.append(f"{'was' if draft.due < timezone.localdate() else 'is'} due for review on {_day(draft.due)}")
    elif state == "waits":
        told.append(f"readers see another version from {_day(draft.waits_until)}")
        more.append(("Move or cancel", admin_url(draft, "versions")))
    elif broken := len(draft.of.judge(draft.document)[1]):
        told.append(f"{broken} to fix before it can be published")
    if draft.open_remarks or state == "review":
        remarks = f"{draft.open_remarks} open remark{pluralize(draft.open_remarks)}" if draft.open_remarks else ""
        more.append(
            (remarks or "Read it", reverse("review", args=[review.key]) if review else admin_url(draft, "review"))
        )
    return {"draft": draft, "url": admin_url(draft), "told": ", ".join(filter(None, told)), "more": more}


def _day(at: date) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i") if isinstance(at, datetime) else date_format(at, "j F Y")
