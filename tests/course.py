"""The shipped course as values and as words, for the tests of what it says."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import textstat
from django.conf import settings

from articles.kinds import LESSON
from articles.source import CitationSource, LessonSource, SectionSource
from publishing.kind import KINDS, Kind
from quizzes.source import QuizSource

CONTENT = Path(settings.CONTENT_DIR)
LESSON_FILES = sorted(CONTENT.glob("lessons/*/*.md"))
QUIZ_FILES = sorted(CONTENT.glob("quizzes/*.yaml"))

by_lesson = pytest.mark.parametrize("path", LESSON_FILES, ids=lambda path: path.stem)
by_quiz = pytest.mark.parametrize("path", QUIZ_FILES, ids=lambda path: path.stem)


def value(kind: Kind, path: Path) -> Any:
    """What a file says, without a problem."""
    [filed] = kind.filing.read(kind.value, path.read_text(encoding="utf-8"), path.relative_to(CONTENT).as_posix())
    found, problems = kind.judge(filed.document)
    assert (filed.problems, problems) == ([], [])
    return found


@cache
def lesson(path: Path) -> LessonSource:
    return value(LESSON, path)  # type: ignore[no-any-return]


@cache
def quiz(path: Path) -> QuizSource:
    return value(KINDS["quiz"], path)  # type: ignore[no-any-return]


def every_lesson() -> list[LessonSource]:
    return sorted((lesson(path) for path in LESSON_FILES), key=lambda source: source.number)


def every_section() -> list[tuple[str, SectionSource]]:
    return [(f"{source.slug}#{section.anchor}", section) for source in every_lesson() for section in source.sections]


def plain(text: str) -> str:
    """The words a reader reads: no pictures, link targets or marks; each table row and list item a line."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^[|:\s-]+$", "", text, flags=re.MULTILINE)
    return re.sub(r"[*_#>`|]", " ", text)


def words(text: str) -> int:
    return len(re.findall(r"\w+(?:['\u2019-]\w+)*", plain(text)))


def grade(text: str) -> float:
    return textstat.flesch_kincaid_grade(plain(text))


def words_of(value: object) -> Iterator[str]:
    """Every text within a lesson or quiz, sources apart."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, CitationSource):
        return
    elif isinstance(value, tuple | list):
        for each in value:
            yield from words_of(each)
    elif is_dataclass(value):
        for part in fields(value):
            yield from words_of(getattr(value, part.name))


def author_and_year(citation: str) -> str:
    """First author's family name or the body that published it, and the year where one stands in brackets."""
    author = re.match(r"[^,.(]+", citation)
    year = re.search(r"\((\d{4})", citation)
    assert author
    return " ".join(filter(None, [author[0].strip(), year[1] if year else ""]))
