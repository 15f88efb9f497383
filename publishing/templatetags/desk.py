"""What an editor should see to, for the first page of the admin."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from publishing.kind import KINDS
from publishing.models import Draft
from publishing.views import admin_url

SOON = timedelta(days=30)

register = template.Library()


@register.simple_tag
def desk() -> dict[str, list[dict[str, Any]]]:
    """What is due for review soon, what readers have not seen as it is, and what waits for its time."""
    drafts: list[Any] = [draft for draft in Draft.objects.with_state().light() if draft.kind in KINDS]
    seen = [each for each in drafts if each.seen_withdrawn is False]
    today = timezone.localdate()
    due = sorted((each for each in seen if each.due and each.due <= today + SOON), key=lambda each: each.due)
    return {
        "due": [{**_entry(each), "late": each.due < today} for each in due],
        "waiting": [_entry(each) for each in drafts if each.waits_until],
        "unseen": [_entry(each) for each in drafts if each.seen_number is None and not each.waits_until],
        "differing": [_entry(each) for each in seen if each.seen_digest != each.digest],
    }


def _entry(draft: Any) -> dict[str, Any]:
    return {"draft": draft, "kind": draft.kind, "url": admin_url(draft), "versions": admin_url(draft, "versions")}
