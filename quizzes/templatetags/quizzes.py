from django import template

from articles.templatetags.course import ended
from quizzes.models import QuizVersion

register = template.Library()


@register.simple_tag
def quizzes_leading_to(lesson: str) -> list[QuizVersion]:
    """Live quizzes with a result that leads to the lesson, for "check yourself"."""
    return list(QuizVersion.objects.listed().filter(links__target__startswith=f"section:{lesson}#").distinct())


@register.filter
def completed(why: str) -> str:
    """A reason as a sentence about its section."""
    return f"This section {ended(why)}"
