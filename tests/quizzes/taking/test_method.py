"""The method page of every quiz, held against the tables of its authors."""

import re

import pytest
from django.test import Client

from tests.quizzes import oracle
from tests.quizzes.page import Node, classed
from tests.quizzes.taker import page

QUIZZES = oracle.quizzes()
SCALES = {
    "agreement": "You answer on a scale: Not at all true, A little, Partly, Mostly, Very true.",
    "frequency": "You answer on a scale: Never, Once or twice, Sometimes, Often, Very often.",
    "keyed": "Each question has one best answer.",
}


def method(client: Client, slug: str) -> Node:
    return page(client.get(f"/quizzes/{slug}/method/")).one("main")


@pytest.mark.parametrize("slug", QUIZZES)
def test_each_dimension_has_its_counts_and_bands(course: None, client: Client, slug: str) -> None:
    quiz = QUIZZES[slug]
    sections = classed(method(client, slug), "dimension")
    names = [each.one("h3").text.partition(":")[0] for each in sections]  # "Part 1: How trust forms"
    assert names == [each.name for each in quiz.dimensions]
    for dimension, section in zip(quiz.dimensions, sections, strict=True):
        items = [item for item in quiz.items if item.dimension == dimension.key]
        (facts,) = classed(section, "meta")
        found = re.fullmatch(
            r"(\d+) questions(?:, (\d+) of them worded the other way round)?"
            r"(?:; (\d+) can put help first whatever the score)?\. Scored when at least (\d+) are answered\. "
            r"Bands: ([\d–]+) [^;]+; ([\d–]+) [^;]+; ([\d–]+) [^;]+\.",
            facts.text,
        )
        assert found, facts.text
        count, reverse, flags, least = [int(number or 0) for number in found.groups()[:4]]
        assert (count, reverse, flags) == (
            len(items),
            sum(item.reverse for item in items),
            sum(bool(item.flag_at) for item in items),
        )
        assert [3 * number >= 2 * count for number in (least - 1, least)] == [False, True]
        low, middle, high = dimension.starts
        spans = [(low, middle - 1), (middle, high - 1), (high, 100)]
        assert found.groups()[4:] == tuple(f"{first}–{last}" if first < last else f"{last}" for first, last in spans)


@pytest.mark.parametrize(
    "slug, facts",
    [
        (
            "how-i-trust",
            "4 questions, 1 of them worded the other way round. Scored when at least 3 are answered. "
            "Bands: 0–39 hard at present; 40–69 it depends; 70–100 comes easily.",
        ),
        (
            "where-mistrust-came-from",
            "3 questions, 1 of them worded the other way round. Scored when at least 2 are answered. "
            "Bands: 0–39 seems small; 40–69 may play a part; 70–100 may weigh a lot.",
        ),
    ],
)
def test_facts_of_a_dimension_in_words(course: None, client: Client, slug: str, facts: str) -> None:
    first = classed(method(client, slug), "dimension")[0]
    assert classed(first, "meta")[0].text == facts


@pytest.mark.parametrize("slug", QUIZZES)
def test_scale_is_in_its_words(course: None, client: Client, slug: str) -> None:
    text = method(client, slug).text
    own = "keyed" if QUIZZES[slug].keyed else "frequency" if slug in oracle.FREQUENCY else "agreement"
    assert {name: words in text for name, words in SCALES.items()} == {name: name == own for name in SCALES}


@pytest.mark.parametrize("slug", QUIZZES)
def test_direction_and_safety_are_told(course: None, client: Client, slug: str) -> None:
    text = method(client, slug).text
    worse = slug in oracle.HIGHER_IS_WORSE
    assert ("Here a higher figure asks for more care." in text) == worse
    assert ("Here a higher figure means more of the good." in text) == (not worse)
    can_flag = (
        slug in oracle.GATED or bool(QUIZZES[slug].flag_up_to) or any(item.flag_at for item in QUIZZES[slug].items)
    )
    assert ("One such answer is enough to put help first" in text) == can_flag


@pytest.mark.parametrize("slug", QUIZZES)
def test_what_leads_is_told(course: None, client: Client, slug: str) -> None:
    names = {dimension.key: dimension.name for dimension in QUIZZES[slug].dimensions}
    told = [name for name in names.values() if f"“{name}” comes before the others" in method(client, slug).text]
    assert told == ([names[oracle.LEADS[slug]]] if slug in oracle.LEADS else [])


@pytest.mark.parametrize("slug", QUIZZES)
def test_limits_are_told(course: None, client: Client, slug: str) -> None:
    main = method(client, slug)
    assert [each.text for each in main.all("h2")] == [
        "Who wrote it",
        "What it looks at",
        "How it is scored",
        "Its limits",
    ]
    limits = main.all("p")[-1].text
    assert limits.startswith("A quiz knows only what you answer on one day. It cannot show a cause, detect a lie")
    assert "their usual wobble is 38 points: a difference of up to half of it is called about the same" in limits
    assert "one of up to all of it may be a change, and only a larger one has clearly moved" in limits
    assert "scores that spread by 25 points and a reliability of .70" in limits
    assert "The quiz is not validated" in main.text
    assert "There is no grand total" in main.text


@pytest.mark.parametrize("slug", QUIZZES)
def test_start_page_and_result_lead_here(course: None, client: Client, slug: str) -> None:
    links = [link["href"] for link in page(client.get(f"/quizzes/{slug}/")).one("main").all("a")]
    assert links.count(f"/quizzes/{slug}/method/") == 1


def test_page_is_the_same_for_everyone(course: None, client: Client) -> None:
    response = client.get("/quizzes/how-i-trust/method/")
    assert dict(response.cookies) == {}
    assert "Cookie" not in response.get("Vary", "")


def test_quiz_that_does_not_exist_has_none(course: None, client: Client) -> None:
    assert client.get("/quizzes/nothing/method/").status_code == 404
    assert client.post("/quizzes/how-i-trust/method/").status_code == 405
