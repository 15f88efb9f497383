"""What can be done with a draft: save, publish, schedule, cancel, withdraw, restore. One way for every kind.

Saving judges nothing and loses nothing. Publishing freezes drafts as versions, all or none, and refuses whatever would
show readers something broken, or take something from their safety that its author did not confirm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from publishing import judging, links
from publishing.judging import refuse
from publishing.kind import Find
from publishing.leaves import entries
from publishing.merge import Clash, merge
from publishing.models import Draft, Save, Version, digest
from publishing.shape import Document, document, walk

Author = AbstractBaseUser | AnonymousUser | None
TOGETHER = timedelta(minutes=10)  # automatic saves of one author within this time are one


@dataclass(frozen=True)
class Saved:
    """``clashes`` are the places where somebody else had changed the same words since the author began: revision
    ``began`` is where both began, ``theirs`` what the other one saved, and the author's own save comes right after."""

    draft: Draft
    changed: bool
    clashes: list[Clash] = field(default_factory=list)
    began: int = 0
    theirs: int = 0


@transaction.atomic
def save(draft: Draft, given: Document, *, how: str = Save.TYPED, author: Author = None, began: int = 0) -> Saved:
    """Make the draft say ``given``, as its author typed it, starting from revision ``began``. If somebody else saved
    since then, both texts are kept, and what only one of them changed is taken together."""
    if draft.pk:
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
    theirs, revision = draft.document, draft.revision
    base = draft.saves.filter(revision__lte=began).first() if began and began != revision else None
    if base and given == base.document:
        return Saved(draft, changed=False)
    if how == Save.TYPED and draft.pk:
        known = {
            each for targets in Version.objects.live(pk=draft.pk).values_list("targets", flat=True) for each in targets
        }
        given = draft.of.tidied(base.document if base else theirs, given, known)
    changed = record(draft, given, how=how, author=author)
    if not base or base.document == theirs or not changed:
        return Saved(draft, changed)
    merged, clashes = merge(draft.of.value, base.document, given, theirs)
    record(draft, merged, how=Save.MERGED, author=author)
    return Saved(draft, changed, clashes, began, revision)


def record(draft: Draft, given: Document, *, how: str, author: Author = None) -> bool:
    """The draft says this from now on. Saying the same again is no save; returns whether anything changed."""
    if draft.pk and digest(given) == draft.digest:
        return False
    kind = draft.of
    draft.document, draft.digest, draft.revision = given, digest(given), draft.revision + 1
    draft.title = kind.title(given)[:200]
    draft.slug = _slug(draft, kind.slug(given)[:200])
    value = kind.value_of(given)
    draft.position = max(0, kind.position(document(value)) or 0)
    draft.due = due if (due := kind.due(value)) and due > date.min else None
    texts = (text for _, each, held in walk(kind.value, given) if each.of is str for text in entries(held))
    draft.words = " ".join(texts)
    draft.save()
    if how == Save.AUTOMATIC:
        _thin(draft, author)
    draft.saves.create(revision=draft.revision, document=given, how=how, author=_person(author))
    links.record(draft, kind.leads(value))
    return True


def _slug(draft: Draft, wanted: str) -> str | None:
    """The draft's own slug. One that readers know stays; one that another draft has is not taken, which is told."""
    if draft.slug and draft.of.slugged and draft.pk and draft.versions.exists():
        return draft.slug
    taken = Draft.objects.filter(kind=draft.kind, slug=wanted).exclude(pk=draft.pk)
    return None if not wanted or taken.exists() else wanted


def _thin(draft: Draft, author: Author) -> None:
    """An automatic save takes the place of the automatic ones shortly before it."""
    for each in draft.saves.all()[:20]:
        if each.how != Save.AUTOMATIC or each.author != _person(author) or each.at < timezone.now() - TOGETHER:
            return
        each.delete()


def restore(draft: Draft, given: Document, *, author: Author = None) -> Draft:
    """Make the draft say again what it said once, in the place where it is now. Readers see nothing of it."""
    place = {name: draft.document[name] for name in ("slug", "part", "number", "position") if name in draft.document}
    return save(draft, {**given, **place}, how=Save.RESTORED, author=author).draft


@transaction.atomic
def publish(
    drafts: Sequence[Draft],
    *,
    author: Author = None,
    note: str = "",
    live_from: datetime | None = None,
    waiting: str = "",
    confirmed: bool = False,
) -> list[Version]:
    """Freeze the drafts as new versions, all or none, for readers now or from a moment on. Raises ``Refused``.
    ``waiting`` says what becomes of versions whose time has not come: ``keep`` or ``drop`` them."""
    list(Draft.objects.select_for_update().filter(pk__in=[draft.pk for draft in drafts]).values_list("pk"))
    moment = judging.moment_of(drafts[0], live_from) if drafts else timezone.now()
    judged = judging.judge(drafts, moment, waiting)
    refuse(judged.problems, () if confirmed else judged.to_confirm)
    _settle(drafts, waiting)
    known = links.offered({target for draft, value in judged.values for _, target in draft.of.leads(value)})
    for draft, value in judged.values:
        known.update(draft.of.targets(value))
    versions = [frozen(draft, value, known.get) for draft, value in judged.values]
    for version, (draft, value) in zip(versions, judged.values, strict=True):
        _add(version, moment, author, note)
        links.record(draft, draft.of.leads(value), version)
        draft.of.published(version, value)
    return versions


def frozen(draft: Draft, value: Any, find: Find) -> Version:
    """The version that ``value`` would be, not saved."""
    kind, said = draft.of, document(value)
    version: Version = (kind.version or Version)(draft=draft, document=said, digest=digest(said))
    version.slug, version.title = draft.slug or kind.slug(said), kind.title(said)
    version.position = max(0, kind.position(said) or 0)
    version.targets = dict(kind.targets(value))
    version.head, version.html = kind.freeze(value, find)
    return version


def _add(version: Version, moment: datetime, author: Author, note: str) -> Version:
    version.number = 1 + (version.draft.versions.aggregate(last=Max("number"))["last"] or 0)
    version.live_from, version.author, version.note = moment, _person(author), note[:200]
    version.save(force_insert=True)
    return version


@transaction.atomic
def withdraw(
    draft: Draft, *, author: Author = None, note: str = "", live_from: datetime | None = None, waiting: str = ""
) -> Version:
    """Take a draft away from readers, now or from a moment on. Refused while something they can follow leads there."""
    moment = judging.moment_of(draft, live_from)
    refuse(judging.withdrawable(draft, waiting))
    _settle([draft], waiting)
    said = Version(draft=draft, slug=draft.slug or "", title=draft.title, position=draft.position, withdraws=True)
    return _add(said, moment, author, note)


@transaction.atomic
def move(version: Version, live_from: datetime | None = None, never: bool = False) -> str:
    """Another moment for a version that waits, or ``never``: its words stay in the saves. Says what was done."""
    if version.live_from <= timezone.now():
        said = f"the time of version {version.number} has come; publish or withdraw instead"
        refuse([judging.Trouble(version.draft, (), said)])
    if never:
        version.delete()
        return f"cancelled version {version.number}"
    version.live_from = judging.moment_of(version.draft, live_from)
    version.save(update_fields=["live_from"])
    return f"moved version {version.number} to {timezone.localtime(version.live_from):%d %B %Y, %H:%M}"


@transaction.atomic
def delete(draft: Draft) -> None:
    """Delete a draft that readers never saw and nothing leads to."""
    refuse(judging.undeletable(draft))
    draft.delete()


def _settle(drafts: Sequence[Draft], waiting: str) -> None:
    if waiting == "drop":
        Version.objects.filter(draft__in=[draft.pk for draft in drafts], live_from__gt=timezone.now()).delete()


def _person(author: Author) -> Any:
    return author if author and author.is_authenticated else None
