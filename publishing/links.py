"""Who leads where. A link that readers can follow must have a target that they can open, now and when the time of a
version that waits has come. Drafts of others do not count: what matters is what readers see and will see."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from publishing.kind import KINDS, Find
from publishing.models import Draft, Link, Version
from publishing.shape import Path, spelled, steps_of, where


def record(draft: Draft, value: Any, version: Version | None = None) -> None:
    """Where the value of a draft, or of a new version of it, leads and what it uses, in place of what was recorded."""
    found = [*draft.of.leads(value), *draft.of.uses(value)]
    Link.objects.filter(draft=draft, version=version).delete()
    Link.objects.bulk_create(
        Link(draft=draft, version=version, path=spelled(path)[:200], target=target[:160]) for path, target in found
    )


def offered(targets: Collection[str], without: Collection[Draft] = ()) -> dict[str, str]:
    """Those of the targets that readers can open, each with its page address, leaving out some drafts. What a waiting
    version brings does not count yet, what one takes away no more: a link to it would break when that time comes."""
    now = timezone.now()
    found: dict[int, dict[str, str]] = {}
    providers = Version.objects.standing(_providers(targets), ~Q(pk__in=[draft.pk for draft in without]), now=now)
    for draft, given, withdraws, live_from in providers.values_list("draft", "targets", "withdraws", "live_from"):
        before = found.get(draft, given if live_from <= now else {})
        found[draft] = {} if withdraws else {target: given[target] for target in before if target in given}
    everything = {target: address for given in found.values() for target, address in given.items()}
    return {target: everything[target] for target in targets if target in everything}


def finder(leads: Iterable[tuple[Path, str]]) -> Find:
    """Where the links of a draft lead, for its preview: to what readers can open, or else to what is drafted."""
    targets = {target for _, target in leads}
    drafts = [each.of.targets(each.of.value_of(each.document)) for each in Draft.objects.filter(_providers(targets))]
    return {**{target: address for each in drafts for target, address in each.items()}, **offered(targets)}.get


def relying(targets: Collection[str], without: Collection[Draft] = ()) -> list[Link]:
    """Links to any of the targets that readers can follow now, or will be able to."""
    versions = Version.objects.standing().filter(withdraws=False)
    links = Link.objects.filter(target__in=list(targets), version__in=versions.order_by().values("pk"))
    others = links.exclude(draft__in=[draft.pk for draft in without])
    return list(others.select_related("draft").defer("draft__document", "draft__words"))


def sought_by(kind: str) -> set[str]:
    """All that the published ones of a kind lead to."""
    versions = Version.objects.live(kind=kind).order_by()
    return set(Link.objects.filter(version__in=versions.values("pk")).values_list("target", flat=True))


def dead() -> list[Link]:
    """Links that readers can follow and that lead nowhere, a hundred at most. No step lets one arise; a row that is
    lost may."""
    live = Version.objects.live().order_by()
    offered = {target for targets in live.values_list("targets", flat=True) for target in targets}
    followed = Link.objects.filter(version__in=live.values("pk"))
    kinds = {what for kind in KINDS.values() for what in kind.offers}
    asked = set(followed.order_by().values_list("target", flat=True).distinct())
    gone = [target for target in asked - offered if target.partition(":")[0] in kinds]
    found = followed.filter(target__in=gone[:100]).select_related("draft").defer("draft__document", "draft__words")
    return list(found[:100]) if gone else []


def place(link: Link) -> str:
    """Where in its draft a link stands, in an author's words."""
    return where(link.draft.of.value, steps_of(link.path))


def _providers(targets: Collection[str]) -> Q:
    """The drafts that could offer one of the targets. Their slug is in it, unless a kind has no slugs of its own."""
    query = Q(pk__in=[])
    for kind in KINDS.values():
        wanted = [target for target in targets if target.partition(":")[0] in kind.offers]
        if wanted:
            slugs = {target.partition(":")[2].partition("#")[0] for target in wanted}
            query |= Q(kind=kind.name, slug__in=slugs) if kind.slugged else Q(kind=kind.name)
    return query
