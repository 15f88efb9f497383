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
from publishing.models import Draft, Presence, Review, Save, Version, digest
from publishing.shape import Document, document, walk

Author = AbstractBaseUser | AnonymousUser | None
PLACE = ("slug", "part", "number", "position")  # where a document stands among its kind
TOGETHER = timedelta(minutes=10)  # automatic saves of one author within this time are one


@dataclass(frozen=True)
class Saved:
    """``own`` is the revision that says what the author typed, from which a form goes on. ``clashes`` are the places
    where somebody else had changed the same words since the author began: revision ``began`` is where both began,
    ``theirs`` what the other one saved, and the author's own save comes right after."""

    draft: Draft
    changed: bool
    own: int
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
        return Saved(draft, _meant(draft, base.revision, how), own=began)
    if how in (Save.TYPED, Save.AUTOMATIC) and draft.pk:
        given = _tidied(draft, given, began or revision)
    changed = record(draft, given, how=how, author=author, thin=not base)
    own, changed = draft.revision, changed or _meant(draft, draft.revision, how)
    if not base or base.document == theirs or own == revision:
        return Saved(draft, changed, own)
    merged, clashes = merge(draft.of.value, base.document, given, theirs)
    record(draft, merged, how=Save.MERGED, author=author)
    return Saved(draft, changed, own, clashes, began, revision)


def _meant(draft: Draft, revision: int, how: str) -> bool:
    """What an automatic save said already, its author now saves on purpose; returns whether it is so."""
    automatic = draft.saves.filter(revision=revision, how=Save.AUTOMATIC)
    return how == Save.TYPED and bool(automatic.update(how=how))


def _tidied(draft: Draft, given: Document, began: int) -> Document:
    """What was typed, over what the draft said when its author last saved it on purpose: in between, an address may
    have been typed letter by letter."""
    before = draft.saves.filter(revision__lte=began).exclude(how=Save.AUTOMATIC).first()
    live = Version.objects.live(pk=draft.pk).values_list("targets", flat=True)
    known = {each for targets in live for each in targets}
    return draft.of.tidied(before.document if before else draft.document, given, known)


def record(draft: Draft, given: Document, *, how: str, author: Author = None, thin: bool = True) -> bool:
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
    if how == Save.AUTOMATIC and thin:
        _thin(draft, author)
    draft.saves.create(revision=draft.revision, document=given, how=how, author=_person(author))
    links.record(draft, value)
    return True


def _slug(draft: Draft, wanted: str) -> str | None:
    """The draft's own slug. One that readers know stays; one that another draft has is not taken, which is told."""
    if draft.slug and draft.of.slugged and draft.pk and draft.versions.exists():
        return draft.slug
    taken = Draft.objects.filter(kind=draft.kind, slug=wanted).exclude(pk=draft.pk)
    return None if not wanted or taken.exists() else wanted


def _thin(draft: Draft, author: Author) -> None:
    """An automatic save takes the place of the automatic ones shortly before it, unless a page that is open now began
    with one of them: that is where its text and the others part."""
    now = timezone.now()
    begun = set(draft.presences.filter(at__gt=now - Presence.LASTS).values_list("revision", flat=True))
    for each in draft.saves.all()[:20]:
        if each.how != Save.AUTOMATIC or each.author != _person(author) or each.at < now - TOGETHER:
            return
        if each.revision not in begun:
            each.delete()


def restore(draft: Draft, given: Document, *, author: Author = None) -> Draft:
    """Make the draft say again what it said once, in the place where it is now. Readers see nothing of it."""
    place = {name: draft.document[name] for name in PLACE if name in draft.document}
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
    Review.objects.filter(draft__in=[draft.pk for draft in drafts]).delete()
    known = links.offered({target for draft, value in judged.values for _, target in draft.of.leads(value)})
    for draft, value in judged.values:
        known.update(draft.of.targets(value))
    versions = [frozen(draft, value, known.get) for draft, value in judged.values]
    for version, (draft, value) in zip(versions, judged.values, strict=True):
        _add(version, moment, author, note)
        links.record(draft, value, version)
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
        return f"canceled version {version.number}"
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
