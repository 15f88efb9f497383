"""The course: draft rows that editors edit, and frozen versions that readers read.

Nothing here shows a draft to a reader: every public read begins at ``LessonVersion.objects.live()``.
"""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from markdownx.models import MarkdownxField

from articles import cards
from articles.document import from_document
from articles.source import HELP_TOPICS, SAFETY_LEVELS, LessonSource

address_word = RegexValidator(r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lower-case letters, digits and hyphens.")
HELP_CHECK_EVERY = timedelta(days=183)

https_only = URLValidator(["https"], message="Enter a full address that starts with https://.")


class Part(models.Model):
    """One of the parts of the course."""

    slug = models.SlugField("address", unique=True, validators=[address_word])
    title = models.CharField(max_length=100)
    summary = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(unique=True)
    card = models.BinaryField(editable=False)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.card = cards.draw(self.title, f"Part {self.position}", settings.SITE_NAME)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("part", args=[self.slug])

    @property
    def drawings(self) -> list[str]:
        """Templates of its drawing, the first that exists: a part that is new has the site's mark."""
        return [f"bowls/{self.slug}.svg", "bowls/mark.svg"]


class Lesson(models.Model):
    """The draft of a lesson, and its place in the course. The words readers see are in its versions."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="lessons")
    number = models.PositiveSmallIntegerField(unique=True, help_text="Its place in the whole course, counted through.")
    slug = models.SlugField(
        "address",
        unique=True,
        validators=[address_word],
        help_text="Part of the page's address. It cannot change once the lesson was published.",
    )
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200, help_text="One sentence, shown in lists and search results.")
    objectives = models.TextField(help_text='One a line, each completing "After this you can ...".')
    safety = models.CharField(max_length=4, choices=SAFETY_LEVELS.items(), default="none")
    reviewed = models.DateField("last reviewed")
    review_due = models.DateField("next review due")
    scene = MarkdownxField("opening scene", help_text="60 to 90 words about ordinary people.")
    exercise_title = models.CharField(max_length=100)
    exercise_minutes = models.PositiveSmallIntegerField(default=10)
    exercise_body = MarkdownxField("exercise")
    withdrawn = models.BooleanField(default=False, editable=False)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("lesson", args=[self.part.slug, self.slug])


class Section(models.Model):
    """A section of a lesson's draft. Other drafts refer to the row, so it cannot be deleted under them."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(default=0)
    anchor = models.SlugField(max_length=80, validators=[address_word], help_text="Its address within the page.")
    heading = models.CharField(max_length=120)
    body = MarkdownxField("text")
    safety = models.BooleanField("safety box at the top", default=False)
    repair_advice = models.BooleanField(
        default=False, help_text="Hidden from quiz results that flag danger: repair is not the answer there."
    )
    former_anchors = models.CharField(
        max_length=300,
        blank=True,
        help_text="Earlier anchors, separated by commas, that must keep working.",
        validators=[RegexValidator(r"\A([a-z0-9-]+(,[a-z0-9-]+)*)?\Z", "Anchors separated by commas, no spaces.")],
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["lesson", "anchor"], name="one_section_per_anchor")]

    def __str__(self) -> str:
        return f"{self.lesson.title}: {self.heading}"

    @property
    def address(self) -> str:
        return f"{self.lesson.slug}#{self.anchor}"


class Citation(models.Model):
    """A work that a lesson's draft cites."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="citations")
    position = models.PositiveSmallIntegerField(default=0)
    citation = models.TextField()
    doi = models.CharField(
        "DOI", max_length=100, blank=True, validators=[RegexValidator(r"\A10\.\d{4,9}/\S+\Z", "A DOI starts with 10.")]
    )
    url = models.CharField(
        "link", max_length=200, blank=True, validators=[https_only], help_text="Only for works without a DOI."
    )

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.citation[:80]


class LessonVersionQuerySet(models.QuerySet["LessonVersion"]):
    def live(self) -> "LessonVersionQuerySet":
        """What readers see: of each lesson that is not withdrawn, the newest version whose time has come."""
        newest = (
            LessonVersion.objects.filter(lesson=models.OuterRef("lesson"), live_from__lte=timezone.now())
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest), lesson__withdrawn=False).without_cards()

    def scheduled(self) -> "LessonVersionQuerySet":
        """Versions whose time has not come."""
        later = self.filter(live_from__gt=timezone.now())
        return later.defer("html", "document", "card").select_related("lesson")

    def without_cards(self) -> "LessonVersionQuerySet":
        """With lesson and part, but not the pictures that only ``card`` views need."""
        return self.select_related("lesson__part").defer("card", "lesson__part__card")

    def listed(self) -> "LessonVersionQuerySet":
        """Live versions in course order, without their texts: enough for lists and links."""
        return self.live().defer("html", "document", "card", "lesson__part__card").order_by("lesson__number")

    def with_neighbors(self) -> "LessonVersionQuerySet":
        """Adds ``previous_id`` and ``next_id``: the live versions before and after in the course."""
        number = models.OuterRef("lesson__number")
        others = LessonVersion.objects.live().values("pk")
        before = others.filter(lesson__number__lt=number).order_by("-lesson__number")[:1]
        after = others.filter(lesson__number__gt=number).order_by("lesson__number")[:1]
        return self.annotate(previous_id=models.Subquery(before), next_id=models.Subquery(after))


class LessonVersion(models.Model):
    """A lesson as it was published: never changed afterwards.

    ``document`` is its ``LessonSource``; ``html`` the rendered Markdown (``scene``, ``exercise`` and ``sections`` by
    anchor); ``outline`` one entry per section for whoever links to it; ``references`` the addresses of the sections
    it links to; ``card`` the picture for sharing.
    """

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    document = models.JSONField()
    html = models.JSONField()
    outline = models.JSONField()
    references = models.JSONField(default=list)
    card = models.BinaryField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)
    live_from = models.DateTimeField(default=timezone.now)

    objects = LessonVersionQuerySet.as_manager()

    previous_id: int | None = None  # set by with_neighbors
    next_id: int | None = None

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["lesson", "number"], name="one_lesson_version_per_number")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return self.lesson.get_absolute_url()

    @cached_property
    def source(self) -> LessonSource:
        return from_document(LessonSource, self.document)

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """What the page shows of each section: its value and its HTML."""
        return [{"value": section, "html": self.html["sections"][section.anchor]} for section in self.source.sections]


class SectionText(models.Model):
    """The words of a published section, for search."""

    version = models.ForeignKey(LessonVersion, models.CASCADE, related_name="texts")
    anchor = models.SlugField(max_length=80, db_index=False)
    heading = models.CharField(max_length=120)
    body = models.TextField()

    def __str__(self) -> str:
        return f"{self.version}: {self.heading}"


class Term(models.Model):
    """A word of the glossary. The section that teaches it cannot be deleted under it."""

    term = models.CharField(max_length=60, unique=True)
    meaning = models.CharField(max_length=250)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return f"glossary term '{self.term}'"


class HelpLineQuerySet(models.QuerySet["HelpLine"]):
    def overdue(self) -> "HelpLineQuerySet":
        """Lines nobody has checked for longer than they should be."""
        return self.filter(checked__lt=timezone.localdate() - HELP_CHECK_EVERY)


class HelpLine(models.Model):
    """A service a reader can call, write to or visit, with the date somebody last checked it."""

    country = models.CharField(max_length=60)
    topic = models.CharField(max_length=10, choices=HELP_TOPICS.items())
    name = models.CharField(max_length=120)
    audience = models.CharField("who it is for", max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    text_message = models.CharField(max_length=80, blank=True, help_text="How to reach it by text message.")
    website = models.CharField(max_length=200, blank=True, validators=[https_only])
    hours = models.CharField(max_length=80, blank=True)
    checked = models.DateField("last checked")
    position = models.PositiveSmallIntegerField(default=0)

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.country}: {self.name}"

    @property
    def is_overdue(self) -> bool:
        return self.checked < timezone.localdate() - HELP_CHECK_EVERY

    @property
    def dialable(self) -> str:
        """The phone number as a ``tel:`` link wants it."""
        return "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
