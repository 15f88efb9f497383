"""A draft's result while its author moves the scores."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from publishing.models import Draft
from publishing.views import admin_url
from quizzes.models import KeptResult
from tests import authoring
from tests.publishing.pages import form_of
from tests.quizzes.page import Node, parse
from tests.quizzes.taker import FORM_IDS, FORMS, page, rated, take

pytestmark = pytest.mark.usefixtures("course")
BOND, REBUILD = "trust-in-this-relationship", "ready-to-rebuild"


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def look(client: Client, draft: Draft, typed: dict[str, str], **tried: str) -> Any:
    data = form_of(client, draft)
    for name, text in typed.items():
        data[name] = text
    data["try"] = "1"
    for name, value in tried.items():
        data[f"try-{name.replace('__', '-')}"] = value
    response = client.post(
        admin_url(draft),
        data.urlencode(),
        content_type="application/x-www-form-urlencoded",
        headers={"accept": "text/x-beside"},
    )
    assert response.status_code == 200
    return response.json()


def root_of(shown: Any) -> Node:
    return parse(shown["page"].encode()).one(data_result="")


def scores(root: Node) -> dict[str, str]:
    return {each["data-dimension"]: each["data-score"] for each in root.all(data_dimension="")}


def test_result_is_that_of_the_draft_and_of_the_scores_set(client: Client) -> None:
    quiz = authoring.draft("quiz", "how-i-trust")
    tried = {"score-open": "10", "score-discern": "90", "score-close": "", "score-self": "45"}
    typed = {"dimensions-0-bands-0-text": "Words that no taker has read."}
    shown = look(client, quiz, typed, **{name.replace("-", "__"): value for name, value in tried.items()})
    root = root_of(shown)
    assert scores(root) == {"open": "10", "self": "45", "discern": "90", "close": ""}
    assert "Words that no taker has read." in root.text
    assert "This is a preview of what you have typed." in shown["page"]
    assert "Your answers look careful by design." in root.text  # a note of these scores


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_result_is_the_one_a_taker_would_get(client: Client, slug: str, choice: str) -> None:
    """The same scores give the same list, words and act."""
    quiz = authoring.draft("quiz", slug)
    source = authoring.value(quiz)
    keys = [dimension.key for dimension in source.dimensions_for(choice)]
    if source.is_keyed:
        return
    levels = [(place * 3 + 1) % 5 if not source.higher_is_worse else 0 for place, _ in enumerate(keys)]
    levels[-1] = 0 if source.higher_is_worse else 4
    take(client, slug, rated(slug, *levels, context=choice), choice)
    taken = page(client.get(f"/quizzes/{slug}/result/")).one(data_result="")
    tried = {f"score-{key}": str(25 * level) for key, level in zip(keys, levels, strict=True)} | {"context": choice}
    shown = look(client, quiz, {}, **{name.replace("-", "__", 1): value for name, value in tried.items()})
    root = root_of(shown)
    for mark in ("data_act", "data_words", "data_why"):
        assert [each.text for each in root.all(**{mark: ""})] == [each.text for each in taken.all(**{mark: ""})]
    assert scores(root) == scores(taken)


def test_flag_is_tried_for_each_dimension_that_can_raise_it(client: Client) -> None:
    quiz = authoring.draft("quiz", BOND)
    shown = look(client, quiz, {}, raised__safety="1", score__safety="100")
    root = root_of(shown)
    assert (root["data-flagged"], root.all("table")) == ("true", [])
    assert "This is not free of fear" in root.text
    assert root.all(data_help="") != []


@pytest.mark.parametrize("context, words", [("hurt", "It is not your fault."), ("broke", "Calling is a good step")])
def test_gate_is_tried(client: Client, context: str, words: str) -> None:
    root = root_of(look(client, authoring.draft("quiz", REBUILD), {}, context=context, stopped="1"))
    assert (root["data-flagged"], root.all(data_dimension="")) == ("true", [])
    assert words in root.text


def test_what_can_be_set_follows_the_context(client: Client) -> None:
    shown = look(client, authoring.draft("quiz", REBUILD), {})["trial"]
    found = {each["key"]: ([one["key"] for one in each["dimensions"]], each["gate"]) for each in shown["contexts"]}
    assert found["hurt"][0] == ["a-steady", "a-clear", "a-seen", "a-will"]
    assert found["broke"][0] == ["b-own", "b-open", "b-patient", "b-change"]
    assert found["broke"][1] == "Have you frightened, threatened, controlled or hurt them?"
    [bond] = look(client, authoring.draft("quiz", BOND), {})["trial"]["contexts"][:1]
    assert [one["key"] for one in bond["dimensions"] if one["flags"]] == ["safety"]


@pytest.mark.parametrize("name, value", [("score__open", "x"), ("score__open", "-1"), ("score__open", "9" * 99)])
def test_scores_that_are_none_do_no_harm(client: Client, name: str, value: str) -> None:
    root = root_of(look(client, authoring.draft("quiz", "how-i-trust"), {}, **{name: value}))
    assert scores(root)["open"] == "0"


def test_unfinished_quiz_shows_its_questions(client: Client) -> None:
    quiz = authoring.draft("quiz", "how-i-trust")
    shown = look(client, quiz, {"bands-1-start": "99"})
    assert (shown["trial"], "data-result" in shown["page"]) == (None, False)
    assert "When I meet someone new" in shown["page"]


def test_trying_keeps_nothing(client: Client) -> None:
    quiz = authoring.draft("quiz", "how-i-trust")
    before = (quiz.saves.count(), quiz.versions.count())
    look(client, quiz, {"title": "Tried only"}, score__open="3")
    assert (quiz.saves.count(), quiz.versions.count(), KeptResult.objects.count()) == (*before, 0)
    assert "answers" not in client.cookies
