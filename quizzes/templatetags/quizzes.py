from django import template

from quizzes.models import QuizVersion

register = template.Library()


@register.simple_tag
def quizzes_leading_to(lesson: str) -> list[QuizVersion]:
    """Live quizzes with a result that leads to the lesson, for "check yourself"."""
    return list(QuizVersion.objects.listed().filter(links__target__startswith=f"section:{lesson}#").distinct())
