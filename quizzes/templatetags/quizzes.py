from django import template

from quizzes.models import QuizVersion
from quizzes.presentation import Strip

register = template.Library()


@register.simple_tag
def quizzes_leading_to(lesson: str) -> list[QuizVersion]:
    """Live quizzes that can lead to the lesson, for "check yourself"."""
    return list(QuizVersion.objects.leading_to(lesson))


@register.simple_tag
def strip_at(strips: dict[str, Strip], anchor: str) -> Strip | None:
    """What a reader who came from a result sees at this section, if the result named it."""
    return strips.get(anchor)
