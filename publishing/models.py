"""Draft -> Save; draft -> Version -> reader; Link: who leads where. One table each for every kind of content.

An app has proxies of ``Draft`` and ``Version`` for a kind's name, rights and pages, which say their ``KIND``.
Nothing here shows a draft to a reader: every public read begins at ``live()``, ``asked()`` or a scope made of them.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from publishing.kind import KINDS, Kind
from publishing.shape import Document, value_of

_BY: Any = {"to": settings.AUTH_USER_MODEL, "on_delete": models.SET_NULL, "null": True, "blank": True}


def digest(document: Document) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


class DraftQuerySet(models.QuerySet["Draft"]):
    def of_kind(self) -> Self:
        return self.filter(kind=self.model.KIND) if self.model.KIND else self

    def light(self) -> Self:
        """Without the texts: enough for lists."""
        return self.defer("document", "words")

    def with_state(self, now: datetime | None = None) -> Self:
        """Adds what readers see of each draft, and ``waits_until``: the moment of the next version that waits."""
        now = now or timezone.now()
        versions = Version.objects.filter(draft=OuterRef("pk"))
        last = versions.filter(live_from__lte=now).order_by("-live_from", "-number")
        return self.annotate(
            seen_number=Subquery(last.values("number")[:1]),
            seen_digest=Subquery(last.values("digest")[:1]),
            seen_withdrawn=Subquery(last.values("withdraws")[:1]),
            waits_until=Subquery(versions.filter(live_from__gt=now).order_by("live_from").values("live_from")[:1]),
        )


class Draft(models.Model):
    """What an author has so far: a document, finished or not. ``revision`` counts its saves, ``slug`` is empty as long
    as the document has none of its own, ``loaded`` is the digest of what was last loaded from a file. The other columns
    follow from the document, for lists."""

    KIND: ClassVar[str] = ""

    seen_number: int | None  # these four are set by with_state
    seen_digest: str | None
    seen_withdrawn: bool | None
    waits_until: datetime | None

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=200, null=True)  # noqa: DJ001 - no slug yet is no slug that two could share
    title = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)
    due = models.DateField(null=True)
    words = models.TextField(blank=True)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=0)
    loaded = models.CharField(max_length=64, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_draft_a_slug")]
        indexes = [models.Index(fields=["kind", "position", "title"], name="drafts_in_order")]

    def __str__(self) -> str:
        return self.title or "Untitled"

    @property
    def of(self) -> Kind:
        return KINDS[self.kind]


class Save(models.Model):
    """What a draft said after one save. A form knows the ``revision`` it began with."""

    TYPED, AUTOMATIC, RESTORED, LOADED, MERGED = "typed", "automatic", "restored", "loaded", "merged"

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="saves")
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    how = models.CharField(max_length=10)
    author = models.ForeignKey(related_name="+", **_BY)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="one_save_a_revision")]

    def __str__(self) -> str:
        return f"save {self.revision}"


class Presence(models.Model):
    """Somebody has the editing page of a draft open, or had it a moment ago, with a text that began at ``revision``."""

    LASTS: ClassVar[timedelta] = timedelta(minutes=3)  # its page says so three times a minute, and a hidden one each

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "user", "revision"], name="one_presence_a_text")]

    def __str__(self) -> str:
        return f"{self.user} at {self.draft}"


class VersionQuerySet(models.QuerySet[Any]):
    def live(self, *where: Q, now: datetime | None = None, **which: Any) -> Self:
        """What readers see: of each draft the last version whose time has come, unless it withdraws the draft. The
        whole rule stands here alone. ``where`` and ``which`` limit the drafts that are looked at."""
        return self.filter(pk__in=self._last(self._drafts(*where, **which), now), withdraws=False)

    def asked(self, *where: Q, now: datetime | None = None, **which: Any) -> Self:
        """Every version that readers can have been shown, as long as its draft is not withdrawn."""
        live = Version.objects.filter(pk__in=self._last(self._drafts(*where, **which), now), withdraws=False)
        return self.filter(draft__in=live.values("draft"), live_from__lte=now or timezone.now(), withdraws=False)

    def standing(self, *where: Q, now: datetime | None = None, **which: Any) -> Self:
        """What readers see, and what they will see when its time comes, in this order; withdrawals too."""
        drafts = self._drafts(*where, **which)
        later = Q(live_from__gt=now or timezone.now(), draft__in=drafts)
        return self.filter(Q(pk__in=self._last(drafts, now)) | later).order_by("live_from", "number")

    def listed(self, *where: Q, **which: Any) -> Self:
        """Live versions in their order, without their texts: enough for lists and links."""
        return self.live(*where, **which).light().order_by("position", "title")

    def light(self) -> Self:
        return self.defer("document", "html")

    def _drafts(self, *where: Q, **which: Any) -> models.QuerySet[Draft]:
        kind = {"kind": self.model.KIND} if self.model.KIND else {}
        return Draft.objects.filter(*where, **kind, **which).order_by()

    def _last(self, drafts: models.QuerySet[Draft], now: datetime | None) -> Any:
        """Of each draft the last version whose time has come; of two at one moment, the later number."""
        come = Version.objects.filter(draft=OuterRef("pk"), live_from__lte=now or timezone.now())
        return drafts.values_list(Subquery(come.order_by("-live_from", "-number").values("pk")[:1]))


class Version(models.Model):
    """Frozen at publishing, apart from its moment while that has not come. A withdrawal is a version that says nothing.
    ``head`` is what lists and links show, ``targets`` what others may lead to, with page addresses."""

    KIND: ClassVar[str] = ""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="versions")
    slug = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)
    number = models.PositiveIntegerField()
    live_from = models.DateTimeField()
    withdraws = models.BooleanField(default=False)
    document = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    head = models.JSONField(default=dict)
    html = models.JSONField(default=dict)
    targets = models.JSONField(default=dict)
    author = models.ForeignKey(related_name="+", **_BY)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_version_a_number"),
            models.CheckConstraint(
                condition=Q(withdraws=True) | Q(document__isnull=False), name="a_version_says_something"
            ),
        ]
        indexes = [models.Index(F("draft"), F("live_from").desc(), F("number").desc(), F("id"), name="last_version")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @cached_property
    def source(self) -> Any:
        """The value of its document. For the proxies, which know their kind."""
        return value_of(KINDS[self.KIND].value, self.document)


class Link(models.Model):
    """A draft, or one of its versions, leads to a target such as ``section:what-trust-is#three-parts``, or uses one
    such as ``picture:/media/pictures/a.png``, which is judged elsewhere. Written anew whenever the draft is saved, and
    once for each version."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="links")
    version = models.ForeignKey(Version, models.CASCADE, related_name="links", null=True)
    path = models.CharField(max_length=200)  # the place in the value: dimensions[2].bands[0].links[1].to
    target = models.CharField(max_length=160)

    class Meta:
        indexes = [models.Index(fields=["target"], name="what_points_here")]

    def __str__(self) -> str:
        return f"{self.draft} leads to {self.target}"


class Review(models.Model):
    """A draft is ready for review: whoever has the link with this ``key`` reads it and leaves remarks."""

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="review")
    key = models.CharField(max_length=43, unique=True, default=partial(secrets.token_urlsafe, 32))
    note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(related_name="+", **_BY)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.draft} is ready for review"


class Remark(models.Model):
    """What somebody says about one ``place`` of a draft, or about all of it: those of one place are a thread. One
    without an ``author`` came by the link from somebody without an account."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="remarks")
    place = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    name = models.CharField(max_length=60)
    author = models.ForeignKey(related_name="+", **_BY)
    settled = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.name} on {self.draft}"
