"""Why something cannot be published, withdrawn or deleted: what its author has to fix, each with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from publishing import links
from publishing.models import Draft, Link, Version, digest
from publishing.shape import Path, document, place

KEEP, DROP = "keep", "drop"
Values = list[tuple[Draft, Any]]


@dataclass(frozen=True)
class Trouble:
    """One thing to fix or to confirm: in which draft, at which place, what to do. ``by`` is who else has to act, since
    they lead to the ``target``."""

    draft: Draft
    path: Path
    message: str
    by: Draft | None = None
    target: str = ""

    @property
    def told(self) -> str:
        return ": ".join(filter(None, [place(self.draft.of.value, self.path, self.message), self.message]))

    def __str__(self) -> str:
        return f"{self.draft}: {self.told}"


class Refused(Exception):
    """What was asked for would show readers something broken, or less safe than before. ``problems`` have to be fixed;
    ``to_confirm`` is what an author may want all the same."""

    def __init__(self, problems: Sequence[Trouble], to_confirm: Sequence[Trouble] = ()):
        super().__init__("\n".join(map(str, [*problems, *to_confirm])))
        self.problems, self.to_confirm = list(problems), list(to_confirm)


class Judged(NamedTuple):
    """The values to publish, what has to be fixed first, and what has to be confirmed."""

    values: Values
    problems: list[Trouble]
    to_confirm: list[Trouble]


def refuse(problems: Sequence[Trouble], to_confirm: Sequence[Trouble] = ()) -> None:
    if problems or to_confirm:
        raise Refused(problems, to_confirm)


def judge(drafts: Sequence[Draft], moment: datetime, waiting: str = "") -> Judged:
    """What publishing the drafts together at this moment would come to."""
    found = [(draft, *draft.of.judge(draft.document)) for draft in drafts]
    values = [(draft, value) for draft, value, _ in found]
    broken = [Trouble(draft, path, message) for draft, _, problems in found for path, message in problems]
    if broken:
        return Judged(values, broken, [])
    arriving = {target for draft, value in values for target in _targets(draft, value, waiting)}
    gone = [(draft, set().union(*_standing(draft)) - arriving) for draft in drafts]
    problems = [
        *_undecided(drafts, waiting),
        *_unchanged(values, moment, waiting),
        *_shared(values),
        *_dead_ends(values, arriving),
        *(trouble for draft, targets in gone for trouble in _relied_on(draft, targets, drafts)),
    ]
    return Judged(values, problems, [trouble for draft, value in values for trouble in weakened(draft, value)])


def _targets(draft: Draft, value: Any, waiting: str) -> set[str]:
    """What others can lead to from now on. A waiting version that is kept may take something away again."""
    targets = set(draft.of.targets(value))
    if waiting == KEEP:
        for later in draft.versions.filter(live_from__gt=timezone.now()).values_list("targets", flat=True):
            targets &= set(later)
    return targets


def _undecided(drafts: Sequence[Draft], waiting: str) -> Iterator[Trouble]:
    for draft in drafts:
        if waiting not in (KEEP, DROP) and (pending := later_versions(draft)):
            at = timezone.localtime(pending[0].live_from)
            yield Trouble(draft, (), f"version {pending[0].number} waits for {at:%d %B %Y, %H:%M}: keep it, or drop it")


def _unchanged(values: Values, moment: datetime, waiting: str) -> Iterator[Trouble]:
    until = timezone.now() if waiting == DROP else moment
    for draft, value in values:
        last = draft.versions.filter(live_from__lte=until).order_by("-live_from", "-number").first()
        if last and not last.withdraws and last.digest == digest(document(value)):
            yield Trouble(draft, (), "readers see exactly this already")


def _shared(values: Values) -> Iterator[Trouble]:
    """An address, or a place among its kind, that another has too."""
    taken: dict[tuple[str, int], Draft] = {}
    for draft, value in values:
        if not draft.slug:
            yield Trouble(draft, ("slug",), f"another {draft.kind} has this address")
        position = draft.of.position(document(value))
        if not draft.of.apart or position is None:
            continue
        others = Version.objects.standing(kind=draft.kind).filter(position=position, withdraws=False)
        other = others.exclude(draft__in=[each.pk for each, _ in values]).select_related("draft").first()
        holder = other.draft if other else taken.setdefault((draft.kind, position), draft)
        if holder.pk != draft.pk:
            name = "number" if "number" in document(value) else "position"
            yield Trouble(draft, (name,), f"“{holder.title}” has this place already")


def _dead_ends(values: Values, arriving: set[str]) -> Iterator[Trouble]:
    leads = [(draft, path, target) for draft, value in values for path, target in draft.of.leads(value)]
    asked = {target for *_, target in leads} - arriving
    served = links.offered(asked, without=[draft for draft, _ in values]) if asked else {}
    for draft, path, target in leads:
        if target in asked and target not in served:
            yield Trouble(draft, path, f"leads to {said(target)}, which readers cannot open")


def dead_ends(draft: Draft, value: Any) -> list[Trouble]:
    """Where a value would lead to that readers cannot open, whether it can be published otherwise or not."""
    return list(_dead_ends([(draft, value)], set(draft.of.targets(value))))


def _relied_on(draft: Draft, gone: set[str], without: Sequence[Draft]) -> Iterator[Trouble]:
    """Who would lead nowhere without these targets, unless somebody else has them too."""
    gone -= set(links.offered(gone, without=without)) if gone else set()
    relying: dict[tuple[str, Draft], list[str]] = {}
    for link in links.relying(gone, without=without) if gone else ():
        relying.setdefault((link.target, link.draft), []).append(links.place(link))
    for (target, other), places in relying.items():
        message = f"{said(target)} would be gone, but the {other.kind} “{other}” leads there"
        where_from = "; ".join(filter(None, dict.fromkeys(places)))
        yield Trouble(draft, (), f"{message}: {where_from}" if where_from else message, other, target)


def weakened(draft: Draft, value: Any) -> list[Trouble]:
    """What the value takes away from the safety of readers, against what was published last."""
    before = draft.versions.filter(withdraws=False).first()
    found = draft.of.weakened(draft.of.value_of(before.document), value) if before else ()
    return [Trouble(draft, path, message) for path, message in found]


def withdrawable(draft: Draft, waiting: str) -> list[Trouble]:
    standing = _standing(draft)
    if not standing:
        return [Trouble(draft, (), "readers do not see it, so there is nothing to withdraw")]
    return [*_undecided([draft], waiting), *_relied_on(draft, set().union(*standing), [draft])]


def undeletable(draft: Draft) -> list[Trouble]:
    if draft.versions.exists():
        return [Trouble(draft, (), "it was published, so it is withdrawn and not deleted")]
    targets = set(draft.of.targets(draft.of.value_of(draft.document)))
    targets -= set(links.offered(targets, without=[draft]))
    found = Link.objects.filter(target__in=targets, version=None).exclude(draft=draft).select_related("draft")
    others = {link.draft_id: link.draft for link in found}.values()
    return [Trouble(draft, (), f"the {other.kind} “{other}” leads to it", by=other) for other in others]


def later_versions(draft: Draft) -> list[Version]:
    """Those whose time has not come, the next first."""
    return list(draft.versions.filter(live_from__gt=timezone.now()).order_by("live_from", "number"))


def _standing(draft: Draft) -> list[dict[str, str]]:
    """The targets of each version that readers see or will see."""
    return list(Version.objects.standing(pk=draft.pk).filter(withdraws=False).values_list("targets", flat=True))


def moment_of(draft: Draft, live_from: datetime | None) -> datetime:
    """Now, or a moment that is still to come."""
    now = timezone.now()
    if live_from and live_from <= now:
        raise Refused([Trouble(draft, (), "this moment has passed; choose a later one, or publish now")])
    return live_from or now


def said(target: str) -> str:
    """A target in words: the section “what-trust-is#three-parts”."""
    what, _, name = target.partition(":")
    return f"the {what} “{name}”"
