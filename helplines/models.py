from collections.abc import Collection

from helplines.source import HelpLineSource
from publishing.models import Draft, Version


class HelpLine(Draft):
    KIND = "help line"

    class Meta:
        proxy = True
        permissions = [("publish_helpline", "Can publish help lines")]


class HelpLineVersion(Version):
    """A service a reader can call, write to or visit, as readers see it."""

    KIND = "help line"

    class Meta:
        proxy = True


def by_country(topics: Collection[str] | None = None) -> list[tuple[str, list[HelpLineSource]]]:
    """The live lines of each country, in the order of the list; only those of some ``topics`` if any are given."""
    countries: dict[str, list[HelpLineSource]] = {}
    for version in HelpLineVersion.objects.live().order_by("position", "title"):
        if topics is None or version.source.topic in topics:
            countries.setdefault(version.source.country, []).append(version.source)
    return list(countries.items())
