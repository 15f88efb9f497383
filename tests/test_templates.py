"""What holds for every template: addresses by name, lines that fit a diff, rooms that stay apart."""

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.rglob("*.html"))]
OURS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
ADDRESS = re.compile(r'\b(?:href|src|srcset|action|formaction|poster|content)="(?!https://|tel:)[^"]*/[^"]*"')
LONGEST = 160


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def by_hand(template: str) -> list[str]:
    """Attributes that spell out a part of an address of this site once all that Django fills in is taken away."""
    return ADDRESS.findall(OURS.sub("", template)) + re.findall(r"request\.(?:scheme|get_host|path)\b", template)


@pytest.mark.parametrize(
    "template, found",
    [
        ("""<a href="{% url 'help' %}#top">""", []),
        ('<a href="{{ lesson.get_absolute_url }}#exercise">', []),
        ('<a href="https://example.org/book">', []),
        ('<a href="tel:112">', []),
        ('<a href="/help/">', ['href="/help/"']),
        ('<form action="/search/">', ['action="/search/"']),
        ('<a href="{{ lesson.get_absolute_url }}exercise/">', ['href="exercise/"']),
        ('<a href="/quizzes/{{ quiz.slug }}/result/">', ['href="/quizzes//result/"']),
        ('<meta content="{{ request.scheme }}://x">', ['content="://x"', "request.scheme"]),
    ],
)
def test_address_by_hand_is_found(template: str, found: list[str]) -> None:
    assert by_hand(template) == found


def test_there_is_something_to_read() -> None:
    assert {"base.html", "articles/lesson.html", "quizzes/taking/result.html", "errors/404.html"} <= set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_writes_no_address_by_hand(name: str) -> None:
    assert by_hand(text(name)) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_has_no_long_line(name: str) -> None:
    assert [line for line in text(name).splitlines() if len(line) > LONGEST] == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.startswith(("articles/", "helplines/"))])
def test_template_of_the_course_knows_no_quizzes(name: str) -> None:
    assert "quiz" not in text(name).lower()
