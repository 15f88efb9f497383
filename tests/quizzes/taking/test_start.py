"""The list of quizzes and the page before each."""

import pytest
from django.test import Client

from quizzes.models import QuizVersion
from tests.quizzes import oracle
from tests.quizzes.page import classed
from tests.quizzes.taker import COUNTS, QUIZZES, SITE, TITLES, page, questions, result, title


@pytest.mark.parametrize("slug", TITLES)
def test_start_page_says_what_to_expect(course: None, client: Client, slug: str) -> None:
    root = page(client.get(f"/quizzes/{slug}/"))
    version = QuizVersion.objects.live(slug=slug).get()
    assert (title(root), root.one("h1").text) == (f"{TITLES[slug]} - {SITE}", TITLES[slug])
    facts = {
        term.text: told.text for term, told in zip(root.one("main").all("dt"), root.one("main").all("dd"), strict=True)
    }
    assert facts["How long"] == f"{COUNTS[slug]} questions, about {version.source.minutes} minutes"
    assert facts["What for"] == version.source.purpose
    assert facts["For whom"] == version.source.audience
    assert facts["What is stored"].startswith("Nothing on our side.")
    remarks = [each.text for each in root.one("main").all("li")]
    assert set(version.source.intro) <= set(remarks)
    assert ("There are no right or wrong answers." in remarks) == (not QUIZZES[slug].keyed)
    assert any(remark.startswith("It is a tool for reflection, not a test.") for remark in remarks)
    (safety,) = classed(root.one("main"), "safety")
    assert safety.text.startswith("If you are in danger or afraid right now")
    assert [link["href"] for link in safety.all("a")] == ["/help/"]


@pytest.mark.parametrize("slug", [slug for slug in TITLES if slug not in oracle.CONTEXTS])
def test_start_page_leads_to_the_questions(course: None, client: Client, slug: str) -> None:
    main = page(client.get(f"/quizzes/{slug}/")).one("main")
    assert [link.text for link in main.all("a", href=questions(slug))] == ["Start"]
    assert main.all("form") == []


@pytest.mark.parametrize(
    "slug, question, labels",
    [
        (
            "trust-in-this-relationship",
            "Who do you have in mind?",
            {"partner": "A partner", "friend": "A friend", "relative": "A relative", "colleague": "A colleague"},
        ),
        (
            "ready-to-rebuild",
            "Who are you in this, and with whom?",
            {
                "hurt": "I was hurt, by a partner",
                "hurt-other": "I was hurt, by a relative, friend or colleague",
                "broke": "I broke trust, with a partner",
                "broke-other": "I broke trust, with a relative, friend or colleague",
            },
        ),
    ],
)
def test_start_page_asks_for_the_choice(
    course: None, client: Client, slug: str, question: str, labels: dict[str, str]
) -> None:
    form = page(client.get(f"/quizzes/{slug}/")).one("main").one("form")
    assert (form["action"], form["method"]) == (questions(slug), "get")
    assert form.one("fieldset").one("legend").text == question
    assert {label.one("input", type="radio", name="for")["value"]: label.text for label in form.all("label")} == labels
    assert [radio for radio in form.all("input") if "checked" in radio.attributes] == []


@pytest.mark.parametrize("slug", TITLES)
def test_sensitive_quizzes_pause_first(course: None, client: Client, slug: str) -> None:
    pauses = classed(page(client.get(f"/quizzes/{slug}/")).one("main"), "pause")
    sensitive = QuizVersion.objects.live(slug=slug).get().source.sensitive
    assert len(pauses) == int(sensitive)
    assert sensitive == (slug not in ("how-i-trust", "trust-facts", "spot-the-manipulation"))


def test_list_names_every_quiz_in_order(course: None, client: Client) -> None:
    main = page(client.get("/quizzes/")).one("main")
    assert [(link["href"], link.text) for heading in main.all("h2") for link in heading.all("a")] == [
        (f"/quizzes/{slug}/", name) for slug, name in TITLES.items()
    ]


@pytest.mark.parametrize("address", ["/quizzes/nothing/", questions("nothing"), result("nothing")])
def test_quiz_that_does_not_exist_is_not_found(course: None, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/quizzes/", "/quizzes/how-i-trust/", result("how-i-trust")])
def test_pages_that_only_show_refuse_to_be_posted_to(course: None, client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
