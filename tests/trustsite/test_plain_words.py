"""The pages around the lessons are as easy to read as the lessons: grade 8 at most."""

import html
import re

import pytest
import textstat
from django.test import Client

from quizzes.models import QuizVersion

PARTS = ["/formation/", "/loss/", "/who-not-to-trust/", "/rebuilding/"]
PAGES = ["/", "/help/", "/privacy/", "/glossary/", "/search/", "/quizzes/", "/quizzes/plan/", "/quizzes/kept/", *PARTS]


def grade(client: Client, address: str) -> float:
    main = re.search(r"<main.*</main>", client.get(address).content.decode(), re.DOTALL)
    assert main
    lines = re.findall(r"<(?:p|li|dd|legend)\b[^>]*>(.*?)</(?:p|li|dd|legend)>", main[0], re.DOTALL)
    words = [html.unescape(re.sub(r"<[^>]+>", " ", line)).strip().rstrip(".") for line in lines]
    return float(textstat.flesch_kincaid_grade(". ".join(filter(None, words))))


@pytest.mark.parametrize("address", PAGES)
def test_page_is_plain(client: Client, course: None, address: str) -> None:
    assert grade(client, address) <= 8


def test_quiz_pages_are_plain(client: Client, course: None) -> None:
    slugs = list(QuizVersion.objects.listed().values_list("slug", flat=True))
    assert len(slugs) == 7
    assert [slug for slug in slugs for page in ("", "method/") if grade(client, f"/quizzes/{slug}/{page}") > 8] == []
