"""What tests do as authors: drafts from values, changed and published, by the same steps as everybody's."""

from typing import Any

from publishing import steps
from publishing.kind import KINDS
from publishing.models import Draft, Save, Version
from publishing.shape import document


def draft(kind: str, slug: str) -> Draft:
    return Draft.objects.get(kind=kind, slug=slug)


def value(of: Draft) -> Any:
    """What the draft says now."""
    return KINDS[of.kind].value_of(Draft.objects.get(pk=of.pk).document)


def put(kind: str, value: Any) -> Draft:
    """A draft that says ``value``: the one with its slug, or a new one."""
    found = Draft.objects.filter(kind=kind, slug=KINDS[kind].slug(document(value))).first()
    return steps.save(found or Draft(kind=kind, document={}), document(value), how=Save.TYPED).draft


def change(of: Draft, **fields: Any) -> Draft:
    """The same draft with other words in some fields of its document."""
    return steps.save(of, {**Draft.objects.get(pk=of.pk).document, **fields}).draft


def publish(*drafts: Draft, **how: Any) -> Version:
    """The version of the first draft, after all were published together."""
    return steps.publish([Draft.objects.get(pk=each.pk) for each in drafts], **how)[0]


def publish_value(kind: str, value: Any, **how: Any) -> Version:
    return publish(put(kind, value), **how)
