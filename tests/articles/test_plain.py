"""How a text reads, as its author is told while writing."""

import pytest
import textstat

from articles import markdown, plain
from tests.course import LESSON_FILES as FILES
from tests.course import every_section, lesson

SECTIONS = list(every_section())


def test_grade_is_near_that_of_a_dictionary() -> None:
    """Syllables are counted by their vowels here and looked up there."""
    apart = [
        abs(plain.grade(text) - textstat.flesch_kincaid_grade(text))
        for text in (markdown.plain(section.body) for _, section in SECTIONS)
    ]
    assert max(apart) < 1.5
    assert sum(apart) / len(apart) < 0.3


@pytest.mark.parametrize(
    "text, grade",
    [
        ("", 0.0),
        ("123 — …", 0.0),
        ("The cat sat on the mat.", -1.4),
        ("Institutional considerations necessitate comprehensive reevaluation of interpersonal dependability.", 38.0),
    ],
)
def test_grade_of(text: str, grade: float) -> None:
    assert plain.grade(text) == pytest.approx(grade, abs=3)


def test_shipped_lessons_need_no_advice() -> None:
    assert [told for path in FILES for told in plain.advice(lesson(path))] == []
