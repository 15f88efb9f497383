from datetime import date, timedelta

from django.utils import timezone
from django.utils.text import slugify

from helplines import rules
from helplines.models import HelpLine, HelpLineVersion
from helplines.source import HelpLineSource
from publishing.files import ListIn
from publishing.kind import Kind, register

CHECK_EVERY = timedelta(days=183)


def due(line: HelpLineSource) -> date | None:
    """Half a year after somebody checked it; at once if nobody has."""
    if not line.checked:
        return timezone.localdate()
    return line.checked + CHECK_EVERY if line.checked < date.max - CHECK_EVERY else None


HELP_LINE = Kind(
    name="help line",
    value=HelpLineSource,
    model=HelpLine,
    version=HelpLineVersion,
    filing=ListIn("help.yaml", "lines"),
    slug=lambda line: slugify(f"{line.get('country') or ''} {line.get('name') or ''}", allow_unicode=True),
    title=lambda line: line.get("name") or "",
    due=due,
    slugged=False,
    apart=False,
    offers=("help topic",),
    targets=lambda line: {f"help topic:{line.topic}": "/help/"},
    broken=rules.broken,
    preview=("helplines/preview.html", lambda version: {"countries": [(version.source.country, [version.source])]}),
)

register(HELP_LINE)
