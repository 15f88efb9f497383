"""Taking a quiz as its taker does: addresses, whole forms, and what a page answered."""

from http.cookies import Morsel

from django.http import HttpResponse
from django.test import Client

from tests.quizzes import oracle
from tests.quizzes.page import Node, classed, parse

SITE = "Learning to trust"
TITLES = {
    "how-i-trust": "How I trust",
    "trust-in-this-relationship": "How much trust is in this relationship?",
    "is-this-person-safe-to-trust": "Is this person safe to trust?",
    "where-mistrust-came-from": "Where did the mistrust come from?",
    "ready-to-rebuild": "Ready to rebuild?",
    "spot-the-manipulation": "Spot the manipulation",
    "trust-facts": "Trust: what does research say?",
}
COUNTS = {
    "how-i-trust": 16,
    "trust-in-this-relationship": 20,
    "is-this-person-safe-to-trust": 19,
    "where-mistrust-came-from": 15,
    "ready-to-rebuild": 12,
    "spot-the-manipulation": 15,
    "trust-facts": 12,
}
QUIZZES = oracle.quizzes()
FORMS = [(slug, choice) for slug, quiz in QUIZZES.items() for choice in quiz.contexts]
FORM_IDS = ["-".join(filter(None, form)) for form in FORMS]
RATING_LABELS = ["Not at all true", "A little", "Partly", "Mostly", "Very true"]
PREFER_NOT = "Prefer not to say / does not apply"
FIRST = {"version": "1"}  # as the shipped course is published; a form says which version it asks


def questions(slug: str, choice: str = "") -> str:
    return f"/quizzes/{slug}/questions/" + (f"?for={choice}" if choice else "")


def result(slug: str) -> str:
    return f"/quizzes/{slug}/result/"


def full(slug: str, choice: str = "", answer: str = "") -> dict[str, str]:
    """Every question answered the same way: ``answer``, or the first answer offered; the gate with no."""
    quiz = QUIZZES[slug]
    fields = {f"item-{item.key}": answer or quiz.answers[0] for item in quiz.asked(choice)}
    return FIRST | fields | ({"gate": "no"} if slug in oracle.GATED else {})


def send(client: Client, slug: str, choice: str = "", **changed: str) -> HttpResponse:
    """A whole form with some fields changed: ``item_1="5"``; None-like "" leaves a field out."""
    fields = full(slug, choice) | {name.replace("_", "-"): value for name, value in changed.items()}
    return client.post(questions(slug, choice), {name: value for name, value in fields.items() if value})


def rated(slug: str, *levels: int | None, context: str = "", **changed: str) -> dict[str, str]:
    """A rating quiz's form. Each dimension, in the author's order, gets a level: 0 to 4 score 0, 25, 50, 75 and
    100; None skips. ``item_3="5"`` changes single answers."""
    quiz = QUIZZES[slug]
    asked = quiz.asked(context)
    keys = [each.key for each in quiz.dimensions if any(item.dimension == each.key for item in asked)]
    by_key = dict(zip(keys, levels, strict=True))
    fields = {}
    for item in asked:
        level = by_key[item.dimension]
        place = None if level is None else 4 - level if item.reverse else level
        fields[f"item-{item.key}"] = "skip" if place is None else quiz.answers[place]
    gate = {"gate": "no"} if slug in oracle.GATED else {}
    return FIRST | fields | gate | {name.replace("_", "-"): value for name, value in changed.items()}


def take(client: Client, slug: str, fields: dict[str, str], context: str = "") -> None:
    query = f"?for={context}" if context else ""
    assert client.post(f"/quizzes/{slug}/questions/{query}", fields).status_code == 303


def page(response: HttpResponse, status: int = 200) -> Node:
    assert response.status_code == status
    return parse(response.content)


def title(root: Node) -> str:
    (node,) = [each for head in root.all("head") for each in head.all("title")]
    return node.text


def cookie(response: HttpResponse) -> "Morsel[str]":
    assert set(response.cookies) <= {"answers", "csrftoken"}
    return response.cookies["answers"]


def summary(root: Node) -> list[tuple[str, str]]:
    """The error summary's links, after checking that it stands before the heading."""
    main = root.one("main")
    (problem,) = classed(main, "problem")
    assert problem.one("h2").text == "There is a problem"
    nodes = list(main.walk())
    assert nodes.index(problem) < nodes.index(main.one("h1"))
    assert "autofocus" in problem.attributes
    return [(link["href"], link.text) for link in problem.all("a")]


def checked(root: Node) -> dict[str, str]:
    radios = root.all("input", type="radio")
    return {radio["name"]: radio["value"] for radio in radios if "checked" in radio.attributes}
