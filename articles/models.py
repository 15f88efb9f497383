"""The course in the database: its kinds of drafts and versions, and the words of published sections for search."""

from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from articles.source import LessonHead, SectionSource
from publishing.models import Draft, Version, VersionQuerySet
from publishing.shape import value_of


class Part(Draft):
    KIND = "part"

    class Meta:
        proxy = True
        permissions = [("publish_part", "Can publish parts")]


class Lesson(Draft):
    KIND = "lesson"

    class Meta:
        proxy = True
        permissions = [("publish_lesson", "Can publish lessons")]

    def __str__(self) -> str:
        return f"{self.position}. {super().__str__()}"


class Term(Draft):
    KIND = "term"

    class Meta:
        proxy = True
        verbose_name = "glossary term"
        permissions = [("publish_term", "Can publish glossary terms")]


class PartVersion(Version):
    """One of the parts of the course, as readers see it."""

    KIND = "part"

    class Meta:
        proxy = True

    @property
    def drawings(self) -> list[str]:
        """Templates of its drawing, the first that exists: a part that is new has the site's mark."""
        return [f"bowls/{self.slug}.svg", "bowls/mark.svg"]

    def get_absolute_url(self) -> str:
        return reverse("part", args=[self.slug])


class TermVersion(Version):
    KIND = "term"

    class Meta:
        proxy = True


class LessonVersionQuerySet(VersionQuerySet):
    def with_neighbors(self) -> Self:
        """Adds ``previous_id`` and ``next_id``: the live versions before and after in the course."""
        others = LessonVersion.objects.live().values("pk")
        before = others.filter(position__lt=OuterRef("position")).order_by("-position")[:1]
        after = others.filter(position__gt=OuterRef("position")).order_by("position")[:1]
        return self.annotate(previous_id=Subquery(before), next_id=Subquery(after))


class LessonVersion(Version):
    """A lesson as it was published. ``html`` holds ``scene``, ``exercise`` and ``sections`` in their order."""

    KIND = "lesson"

    objects = LessonVersionQuerySet.as_manager()  # type: ignore[misc]  # the plugin takes a manager declared again for an instance's

    previous_id: int | None = None  # set by with_neighbors
    next_id: int | None = None

    class Meta:
        proxy = True

    @cached_property
    def outline(self) -> LessonHead:
        return value_of(LessonHead, self.head)

    @property
    def part_slug(self) -> str:
        return self.outline.part

    @property
    def minutes(self) -> int:
        return self.outline.minutes

    @property
    def sections(self) -> list[tuple[SectionSource, str]]:
        """Each section with its HTML."""
        return list(zip(self.source.sections, self.html["sections"], strict=True))

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.part_slug, self.slug])


class SectionText(models.Model):
    """The words of a published section, for search."""

    version = models.ForeignKey(LessonVersion, models.CASCADE, related_name="texts")
    anchor = models.CharField(max_length=80)
    heading = models.CharField(max_length=120)
    body = models.TextField()

    def __str__(self) -> str:
        return f"{self.version}: {self.heading}"
