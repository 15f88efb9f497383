from django import template

from quizzes.models import QuizVersion

register = template.Library()


@register.simple_tag
def quizzes_leading_to(lesson: str) -> list[QuizVersion]:
    """Live quizzes that can lead to the lesson, for "check yourself"."""
    return list(QuizVersion.objects.leading_to(lesson))
