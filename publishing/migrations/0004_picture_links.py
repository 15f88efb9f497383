"""What drafts and versions of earlier releases show of the uploaded pictures, as it is recorded from now on."""

import re
from itertools import islice

from django.conf import settings
from django.db import migrations

PICTURE = re.compile(rf"{re.escape(settings.MEDIA_URL)}pictures/[\w-]+(?:\.[\w-]+)+", re.ASCII)
BATCH = 500


def shown(held, path=""):
    """Every address of a picture in a document, with its place: sections[2].body[14] is a line of a text."""
    if isinstance(held, str):
        lines = enumerate(held.split("\n"))
        yield from ((f"{path}[{line}]", address) for line, text in lines for address in PICTURE.findall(text))
    elif isinstance(held, dict):
        for name, inner in held.items():
            yield from shown(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(held, list):
        for place, inner in enumerate(held):
            yield from shown(inner, f"{path}[{place}]")


def record(apps, schema_editor):
    Draft, Version, Link = (apps.get_model("publishing", name) for name in ("Draft", "Version", "Link"))
    Link.objects.filter(target__startswith="picture:").delete()  # it may have run before
    drafts = ((pk, None, document) for pk, document in rows(Draft.objects.values_list("pk", "document")))
    versions = rows(Version.objects.values_list("draft_id", "pk", "document"))
    for source in (drafts, versions):
        links = (
            Link(draft_id=draft, version_id=version, path=path[:200], target=f"picture:{address}"[:160])
            for draft, version, document in source
            for path, address in shown(document)
        )
        while batch := list(islice(links, BATCH)):
            Link.objects.bulk_create(batch)


def rows(queryset):
    return queryset.order_by("pk").iterator(chunk_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_reviews")]
    operations = [migrations.RunPython(record, migrations.RunPython.noop, elidable=True)]
