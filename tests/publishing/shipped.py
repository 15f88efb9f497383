"""The shipped course as values, read once, without a database."""

from pathlib import Path
from typing import Any

from articles.files import LessonFiles
from articles.source import LessonSource, PartSource, TermSource
from helplines.source import HelpLineSource
from publishing.files import ListIn, OneEach
from quizzes.source import QuizSource

CONTENT = Path(__file__).parents[2] / "content"


def shipped(filing: Any, cls: type, pattern: str) -> list[Any]:
    files = [(path.relative_to(CONTENT).as_posix(), path.read_text()) for path in sorted(CONTENT.glob(pattern))]
    return [filed.value(cls) for name, text in files for filed in filing.read(cls, text, name)]


QUIZZES = shipped(OneEach("quizzes"), QuizSource, "quizzes/*.yaml")
LESSONS = shipped(LessonFiles(), LessonSource, "lessons/*/*.md")
PARTS = shipped(ListIn("parts.yaml", "parts"), PartSource, "parts.yaml")
HELP_LINES = shipped(ListIn("help.yaml", "lines"), HelpLineSource, "help.yaml")
TERMS = shipped(ListIn("glossary.yaml", "terms", numbered=False), TermSource, "glossary.yaml")
QUIZ = next(quiz for quiz in QUIZZES if quiz.slug == "ready-to-rebuild")  # the largest
LESSON = LESSONS[0]
