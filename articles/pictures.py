"""Uploaded pictures: where each is used, and which nobody uses.

A draft or a version uses what it shows, an old version too, because it can be restored. So can a save: what nothing but
a save shows is told apart, stays when all that nobody uses is deleted, and goes alone if its editor says so twice.
"""

import hashlib
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Case, IntegerField, TextField, Value, When
from django.db.models.functions import Cast, StrIndex
from django.utils import timezone
from PIL import Image

from articles.models import Lesson
from publishing.models import Draft, Link, Save, Version
from publishing.shape import place, steps_of, where
from publishing.views import admin_url, field_url

FOLDER = "pictures"
YOUNG = timedelta(days=1)  # it may be in a text that is being written now
Stored = list[tuple[str, datetime]]
DRAFTED, SEEN, EARLIER = range(3)  # who uses a picture: a draft, else what readers see, else an older version
_NAME = re.compile(r"[\w-]+\.(png|jpg|webp)", re.ASCII)


class Use(NamedTuple):
    """A place that shows a picture."""

    draft: Draft
    path: str
    by: int

    @property
    def place(self) -> str:
        """The section, or the field of a text that is in none."""
        cls, path = self.draft.of.value, steps_of(self.path)
        by = ("", "what readers see, no longer the draft", "an earlier version")[self.by]
        return ", ".join(filter(None, [where(cls, path) or place(cls, path), by]))

    @property
    def url(self) -> str:
        """The field in the draft; an earlier version is among its versions."""
        if self.by == EARLIER:
            return admin_url(self.draft, "versions")
        return field_url(self.draft, steps_of(self.path))


class Picture(NamedTuple):
    name: str
    at: datetime
    uses: list[Use]
    held: bool = False  # by a save, and by nothing else

    @property
    def address(self) -> str:
        return _address(self.name)

    @property
    def shown(self) -> list[Use]:
        return [use for use in self.uses if use.by != EARLIER]

    @property
    def says(self) -> str:
        titles = list(dict.fromkeys(use.draft.title or "Untitled" for use in self.shown))
        more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
        return f"used in {titles[0]}{more}" if titles else "not used now"

    @property
    def facts(self) -> str:
        with suppress(OSError), default_storage.open(_path(self.name)) as file, Image.open(file) as image:
            return f"{image.width} × {image.height} px, {max(1, round(file.size / 1000)):,} KB"
        return "It cannot be read"


def keep(data: bytes, extension: str) -> str:
    """Store a picture and give its address. It is named by what it shows: the same picture sent twice is one file,
    which is young again, since somebody writes with it now."""
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.{extension}"
    default_storage.save(_path(name), ContentFile(data))
    return _address(name)


@transaction.atomic
def delete(found: Stored, author: Any, *, held_too: bool = False) -> list[str]:
    """Delete those that nothing uses at this moment, and no save unless ``held_too``. Gives their names."""
    list(Draft.objects.select_for_update().order_by("pk").values_list("pk"))  # nobody saves or publishes meanwhile
    alone = unused(found)
    kept = set() if held_too else held(alone)
    gone = [name for name, _ in alone if name not in kept]
    of = ContentType.objects.get_for_model(Lesson, for_concrete_model=False)
    LogEntry.objects.bulk_create(
        LogEntry(user_id=author.pk, content_type=of, object_repr=f"picture {name}", action_flag=DELETION)
        for name in gone
    )
    for name in gone:
        default_storage.delete(_path(name))
    return gone


def grown(found: Stored) -> Stored:
    return [each for each in found if each[1] < timezone.now() - YOUNG]


def stored() -> Stored:
    """The name of every picture with its moment, newest first."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return []  # nothing was uploaded yet
    found = [(name, at) for name in names if (at := moment(name))]
    return sorted(found, key=lambda each: (each[1], each[0]), reverse=True)


def moment(name: str) -> datetime | None:
    """When a picture was stored last; None if there is none of this name."""
    with suppress(FileNotFoundError):
        return default_storage.get_modified_time(_path(name)) if _NAME.fullmatch(name) else None
    return None


def unused(stored: Stored) -> Stored:
    links = Link.objects.filter(target__startswith="picture:").order_by()
    used = set(links.values_list("target", flat=True).distinct())
    return [each for each in stored if _target(each[0]) not in used]


def looked_up(found: Stored, held: Collection[str] = ()) -> list[Picture]:
    """The pictures with the places that use them. Where a draft shows one, its versions say nothing new."""
    standing = Version.objects.standing().filter(withdraws=False).order_by().values("pk")
    ranks = (When(version=None, then=Value(DRAFTED)), When(version__in=standing, then=Value(SEEN)))
    by = Case(*ranks, default=Value(EARLIER), output_field=IntegerField())
    links = Link.objects.filter(target__in=[_target(name) for name, _ in found]).annotate(by=by)
    rows = list(links.values_list("target", "draft", "by", "path").distinct().order_by("by", "draft", "path"))
    drafts = Draft.objects.light().in_bulk({draft for _, draft, *_ in rows})
    uses: dict[str, list[Use]] = {}
    best: dict[tuple[str, int], int] = {}
    for target, draft, rank, path in rows:
        if best.setdefault((target, draft), rank) == rank:
            uses.setdefault(target, []).append(Use(drafts[draft], path, rank))
    return [Picture(name, at, uses.get(_target(name), []), name in held) for name, at in found]


def held(found: Stored) -> set[str]:
    """The names of those that a save shows, as every save can be restored."""
    if not found:
        return set()
    address = _address("")
    shown = re.compile(rf"{re.escape(address)}({_NAME.pattern})", re.ASCII)
    texts = Save.objects.annotate(text=Cast("document", TextField())).alias(place=StrIndex("text", Value(address)))
    saves = texts.filter(place__gt=0).order_by().values_list("text", flat=True).iterator(chunk_size=200)
    return {name for name, _ in found} & {match[1] for text in saves for match in shown.finditer(text)}


def _path(name: str) -> str:
    return f"{FOLDER}/{name}"


def _address(name: str) -> str:
    return f"{settings.MEDIA_URL}{_path(name)}"


def _target(name: str) -> str:
    return f"picture:{_address(name)}"[:160]
