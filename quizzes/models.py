"""Quizzes in the database, and the results that takers asked to have kept. No answer has a row anywhere."""

from django.db import models
from django.urls import reverse

from publishing.models import Draft, Version


class Quiz(Draft):
    KIND = "quiz"

    class Meta:
        proxy = True
        verbose_name_plural = "quizzes"
        permissions = [("publish_quiz", "Can publish quizzes")]


class QuizVersion(Version):
    """A quiz as it was published. ``head`` holds its ``summary``, ``minutes`` and ``question_count``."""

    KIND = "quiz"

    class Meta:
        proxy = True

    def get_absolute_url(self) -> str:
        return reverse("quiz", args=[self.slug])


class KeptResult(models.Model):
    """Scores that a taker asked to have kept. See ``kept``; there is nothing else about anybody."""

    code_hash = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="+")
    context = models.CharField(max_length=20, default="", blank=True)
    scores = models.JSONField()
    kept_on = models.DateField()
    expires_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"{self.version}, kept until {self.expires_on}"
