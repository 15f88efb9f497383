from django.apps import AppConfig, apps

from articles.apps import dependents


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Quizzes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        dependents.append(_links_into)


def _links_into(lesson: str) -> list[tuple[str, str]]:
    """Anchors of ``lesson`` that a live quiz leads to, each with the quiz's name."""
    references = apps.get_model("quizzes", "Reference")._default_manager.live().filter(lesson=lesson)
    return [(reference.anchor, f"quiz '{reference.version.title}'") for reference in references]
