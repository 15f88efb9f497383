"""Quizzes: draft rows that editors edit, and frozen versions that takers answer and are scored by.

Nothing here shows a draft to a taker: every public read begins at ``QuizVersion.objects.live()`` or, for a
version that a taker was already asked with, ``QuizVersion.objects.asked()``. No answer has a row anywhere.
"""

from datetime import date
from functools import cached_property

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from articles.document import from_document
from articles.models import Section, address_word
from quizzes.source import BAND_KEYS, FORMATS, QuizSource

_BANDS = list(enumerate(BAND_KEYS))
_percentage = MaxValueValidator(100)
_words = RegexValidator(r"\A([a-z0-9-]+(,[a-z0-9-]+)*)?\Z", "Keys separated by commas, no spaces.")


class Quiz(models.Model):
    """The draft of a quiz. What takers see is in its versions."""

    slug = models.SlugField(
        "address",
        unique=True,
        validators=[address_word],
        help_text="Part of the page's address. It cannot change once the quiz was published.",
    )
    number = models.PositiveSmallIntegerField(unique=True, help_text="Its place in the list of quizzes.")
    title = models.CharField(max_length=100)
    summary = models.CharField(max_length=250)
    purpose = models.CharField(max_length=200)
    audience = models.CharField(max_length=200)
    intro = models.TextField(help_text="One remark a line, shown before the quiz starts.")
    format = models.CharField(max_length=10, choices=FORMATS.items())
    minutes = models.PositiveSmallIntegerField()
    reviewed = models.DateField("last reviewed")
    higher_is_worse = models.BooleanField(default=False, help_text="A higher score asks for more care.")
    sensitive = models.BooleanField(default=False, help_text="A calm pause is shown before the questions.")
    context_question = models.CharField(max_length=150, blank=True, help_text="Asked first; its choices are below.")
    safety_text = models.TextField(blank=True, help_text="Shown first when an answer flags danger.")
    safety_skipped = models.CharField(max_length=200, blank=True, help_text="When a safety question was skipped.")
    safety_topics = models.CharField("safety help", max_length=60, blank=True, validators=[_words])
    fallback = models.ForeignKey(
        Section,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where a dimension leads when all its links are hidden for safety.",
    )
    fallback_why = models.CharField(max_length=120, blank=True)
    withdrawn = models.BooleanField(default=False, editable=False)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "quizzes"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("quiz", args=[self.slug])


class Choice(models.Model):
    """An answer to the quiz's context question."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=20, validators=[address_word])
    label = models.CharField(max_length=80)
    person = models.CharField(max_length=40, blank=True, help_text='Replaces "this person" in the questions.')

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quiz", "key"], name="one_choice_per_key")]

    def __str__(self) -> str:
        return self.label


class Gate(models.Model):
    """A question before the items that can end the quiz with help instead of a score."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="gates")
    position = models.PositiveSmallIntegerField(default=0)
    contexts = models.CharField(max_length=100, blank=True, validators=[_words])
    question = models.CharField(max_length=200)
    stops_at = models.CharField(max_length=20, default="yes,unsure", validators=[_words])
    text = models.TextField()
    help_topics = models.CharField(max_length=60, blank=True, validators=[_words])

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.question


class Band(models.Model):
    """The quiz's words for low, middle and high scores. Only the lower cut-point is stored, so no score is
    left out and none lies in two bands."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="bands")
    index = models.PositiveSmallIntegerField("band", choices=_BANDS)
    label = models.CharField(max_length=60)
    start = models.PositiveSmallIntegerField("from score", validators=[_percentage])
    text = models.TextField()

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["quiz", "index"], name="one_band_per_quiz_and_index")]

    def __str__(self) -> str:
        return f"{self.quiz}: {self.label}"


class Dimension(models.Model):
    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="dimensions")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=20, validators=[address_word])
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=250)
    flag_up_to = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[_percentage], help_text="Scores up to this one flag danger."
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quiz", "key"], name="one_dimension_per_key")]

    def __str__(self) -> str:
        return f"{self.quiz}: {self.name}"


class DimensionBand(models.Model):
    """What one dimension shows in one band. Empty words and cut-point are the quiz's own."""

    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="bands")
    index = models.PositiveSmallIntegerField("band", choices=_BANDS)
    label = models.CharField(max_length=60, blank=True)
    start = models.PositiveSmallIntegerField("from score", null=True, blank=True, validators=[_percentage])
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["dimension", "index"], name="one_band_per_dimension_and_index")]

    def __str__(self) -> str:
        return f"{self.dimension}, {self.get_index_display()} band"


class BandLink(models.Model):
    """A section that one band of one dimension leads to, with the reason. The section cannot be deleted."""

    band = models.ForeignKey(DimensionBand, models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField(default=0)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    why = models.CharField(max_length=120)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"quiz '{self.band.dimension.quiz}', {self.band.dimension.name}, {self.band.get_index_display()} band"


class SafetyLink(models.Model):
    """A section that leads the reading list of a flagged result."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="safety_links")
    position = models.PositiveSmallIntegerField(default=0)
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    why = models.CharField(max_length=120)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"quiz '{self.quiz}', safety"


class Item(models.Model):
    """One question."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=20, validators=[address_word])
    text = models.TextField()
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="items")
    reverse = models.BooleanField("reverse-keyed", default=False)
    flag_at = models.CharField(
        "flags at", max_length=20, blank=True, validators=[_words], help_text="Answers that flag danger, such as 4,5."
    )
    contexts = models.CharField(max_length=100, blank=True, validators=[_words])
    answer = models.CharField("best answer", max_length=20, blank=True)
    explanation = models.TextField(blank=True)
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quiz", "key"], name="one_item_per_key")]

    def __str__(self) -> str:
        return f"quiz '{self.quiz}', question {self.key}"


class Option(models.Model):
    """One answer offered in a scenario."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=20, validators=[address_word])
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text


class Swap(models.Model):
    """In some contexts, links into some lessons lead elsewhere."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="swaps")
    position = models.PositiveSmallIntegerField(default=0)
    contexts = models.CharField(max_length=100, validators=[_words])
    lessons = models.CharField(max_length=200, validators=[_words], help_text="Addresses of lessons.")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"quiz '{self.quiz}', swap for {self.contexts}"


class Note(models.Model):
    """A remark that is shown when all its conditions hold."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="notes")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=120, blank=True)
    leads_to = models.ForeignKey(Quiz, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"quiz '{self.quiz}', note '{self.text[:40]}'"


class Condition(models.Model):
    """A note's dimension scores from ``at_least`` to ``at_most``, both included."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField(default=0)
    dimension = models.ForeignKey(Dimension, models.CASCADE, related_name="+")
    at_least = models.PositiveSmallIntegerField(default=0, validators=[_percentage])
    at_most = models.PositiveSmallIntegerField(default=100, validators=[_percentage])

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.dimension.name} from {self.at_least} to {self.at_most}"


class QuizVersionQuerySet(models.QuerySet["QuizVersion"]):
    def asked(self) -> "QuizVersionQuerySet":
        """Every version that takers can have been asked with: its time has come, its quiz is not withdrawn."""
        return self.filter(live_from__lte=timezone.now(), quiz__withdrawn=False).select_related("quiz")

    def live(self) -> "QuizVersionQuerySet":
        """Of each quiz the newest version that takers can be asked with."""
        newest = (
            QuizVersion.objects.filter(quiz=models.OuterRef("quiz"), live_from__lte=timezone.now())
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.asked().filter(pk=models.Subquery(newest))

    def listed(self) -> "QuizVersionQuerySet":
        """Live versions in the order of the list, without their questions."""
        return self.live().defer("document").order_by("quiz__number")

    def leading_to(self, lesson: str) -> "QuizVersionQuerySet":
        """Live quizzes with a result that leads to the lesson."""
        return self.listed().filter(references__lesson=lesson).distinct()


class QuizVersion(models.Model):
    """A quiz as it was published: never changed afterwards. ``document`` is its ``QuizSource``."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    summary = models.CharField(max_length=250)
    minutes = models.PositiveSmallIntegerField()
    question_count = models.PositiveSmallIntegerField()
    document = models.JSONField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    created = models.DateTimeField(default=timezone.now)
    live_from = models.DateTimeField(default=timezone.now)

    objects = QuizVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["quiz", "number"], name="one_quiz_version_per_number")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def get_absolute_url(self) -> str:
        return self.quiz.get_absolute_url()

    @cached_property
    def source(self) -> QuizSource:
        return from_document(QuizSource, self.document)


class KeptResultQuerySet(models.QuerySet["KeptResult"]):
    def due(self, due: bool, today: date | None = None) -> "KeptResultQuerySet":
        """Those that are due to be deleted, or those that are not."""
        rows = self.filter if due else self.exclude
        return rows(expires_on__lte=today or timezone.localdate())


class KeptResult(models.Model):
    """Scores that a taker asked to have kept. See ``kept``; there is nothing else about anybody."""

    code_hash = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="+")
    scores = models.JSONField()
    kept_on = models.DateField()
    expires_on = models.DateField(db_index=True)

    objects = KeptResultQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.version}, kept until {self.expires_on}"


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def live(self) -> "ReferenceQuerySet":
        return self.filter(version__in=QuizVersion.objects.live().values("pk")).select_related("version")


class Reference(models.Model):
    """A section that a published version of a quiz leads to, so that a lesson knows who relies on it."""

    version = models.ForeignKey(QuizVersion, models.CASCADE, related_name="references")
    lesson = models.SlugField(db_index=True)
    anchor = models.SlugField(max_length=80, db_index=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "lesson", "anchor"], name="one_reference_per_section")
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.lesson}#{self.anchor}"
