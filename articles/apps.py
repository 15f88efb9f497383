from collections.abc import Callable, Iterable

from django.apps import AppConfig

# Apps that lead to sections tell the course so: each function takes a lesson's slug and gives
# (anchor, who leads there) for everything that readers can follow now.
dependents: list[Callable[[str], Iterable[tuple[str, str]]]] = []


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Course"
    default_auto_field = "django.db.models.BigAutoField"
