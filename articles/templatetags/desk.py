"""What an editor should see to, for the first page of the admin."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from articles.models import HELP_CHECK_EVERY, HelpLine, Lesson, LessonVersion

SOON = timedelta(days=30)

register = template.Library()


@register.simple_tag
def desk() -> dict[str, Any]:
    """Lessons due for review within 30 days, drafts and versions yet to be seen, and help lines nobody checked."""
    lessons = Lesson.objects.only("number", "title", "review_due")
    return {
        "due": lessons.filter(withdrawn=False, review_due__lte=timezone.localdate() + SOON).order_by("review_due"),
        "unpublished": lessons.filter(versions=None),
        "scheduled": LessonVersion.objects.scheduled(),
        "overdue": HelpLine.objects.overdue().count(),
        "check_every": HELP_CHECK_EVERY.days,
        "today": timezone.localdate(),
    }
