"""The preview of a quiz: what is on an editor's screen as takers would see it, finished or not, and nothing to send."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from publishing import steps
from publishing.models import Draft, Save
from publishing.shape import Document
from tests.authoring import draft
from tests.quizzes.page import Node
from tests.quizzes.taker import PREFER_NOT, QUIZZES, RATING_LABELS, page, questions


def sent(held: Any, name: str = "") -> dict[str, Any]:
    """A document as the editing form sends it."""
    if isinstance(held, dict):
        fields: dict[str, Any] = {name: "0"} if name else {}
        return fields | {
            key: told for each in held for key, told in sent(held[each], f"{name}-{each}"[not name :]).items()
        }
    if isinstance(held, list) and held and isinstance(held[0], dict):
        rows = {key: told for n, each in enumerate(held) for key, told in sent(each, f"{name}-{n}").items()}
        return {**rows, name: [str(n) for n in range(len(held))]}
    return {} if held in (None, False) else {name: held}


def previewed(client: Client, editor: User, quiz: Draft, shown: Document) -> Node:
    client.force_login(editor)
    address = f"/admin/quizzes/quiz/{quiz.pk}/change/" if quiz.pk else "/admin/quizzes/quiz/add/"
    return page(client.post(address, {**sent(shown), "do": "preview", "end": "1", "revision": quiz.revision}))


def asked(node: Node) -> list[tuple[str, list[str]]]:
    """Each question with its answers."""
    fieldsets = [each for each in node.all("fieldset") if each.has_class("question")]
    return [(each.one("legend").text, [label.text for label in each.all("label")]) for each in fieldsets]


@pytest.mark.parametrize("slug", QUIZZES)
def test_preview_shows_the_questions_of_each_context_as_takers_see_them(
    course: None, client: Client, editor: User, slug: str
) -> None:
    quiz = draft("quiz", slug)
    sections = previewed(client, editor, quiz, quiz.document).one("main").all("section")
    choices = QUIZZES[slug].contexts
    assert len(sections) == len(choices)
    for section, choice in zip(sections, choices, strict=True):
        live = asked(page(client.get(questions(slug, choice))))
        shown = asked(section)
        assert [legend for legend, _ in shown] == [legend for legend, _ in live]
        assert [sorted(answers) for _, answers in shown] == [sorted(answers) for _, answers in live]


def test_preview_shows_what_was_typed_and_saves_nothing(course: None, client: Client, editor: User) -> None:
    quiz = draft("quiz", "trust-in-this-relationship")
    before = (quiz.revision, quiz.document)
    typed = {**quiz.document, "title": "Typed just now"}
    typed["items"] = [{**each, "text": f"Anew: {each['text']}"} for each in typed["items"]]
    main = previewed(client, editor, quiz, typed).one("main")
    assert main.one("h1").text == "Typed just now"
    assert {"Anew:" in legend for legend, _ in asked(main)} == {True}
    after = Draft.objects.get(pk=quiz.pk)
    assert (after.revision, after.document) == before


def test_preview_has_nothing_to_send(course: None, client: Client, editor: User) -> None:
    quiz = draft("quiz", "ready-to-rebuild")
    main = previewed(client, editor, quiz, quiz.document).one("main")
    assert main.all("form") == []
    assert {button["type"] for button in main.all("button")} == {"button"}
    assert "Nothing is sent from here" in main.text


def test_answers_of_one_context_leave_those_of_another_alone(course: None, client: Client, editor: User) -> None:
    """Browsers check one radio of a name, and ids are unique."""
    quiz = draft("quiz", "trust-in-this-relationship")
    sections = previewed(client, editor, quiz, quiz.document).one("main").all("section")
    names = [{radio["name"] for radio in section.all("input", type="radio")} for section in sections]
    ids = [radio["id"] for section in sections for radio in section.all("input", type="radio")]
    assert (len(set.union(*names)), len(set(ids))) == (sum(map(len, names)), len(ids))


def test_quiz_with_only_a_title_is_previewed(course: None, client: Client, editor: User) -> None:
    bare = steps.save(Draft(kind="quiz", document={}), {"title": "A bare quiz"}, how=Save.TYPED).draft
    main = previewed(client, editor, bare, bare.document).one("main")
    assert (main.one("h1").text, asked(main)) == ("A bare quiz", [])


def test_new_quiz_is_previewed_before_its_first_save(course: None, client: Client, editor: User) -> None:
    main = previewed(client, editor, Draft(kind="quiz", document={}), {"title": "Not saved yet"}).one("main")
    assert main.one("h1").text == "Not saved yet"
    assert not Draft.objects.filter(title="Not saved yet").exists()


UNFINISHED: dict[str, tuple[Document, list[tuple[str, list[str]]]]] = {
    "no form": (
        {"items": [{"text": "One?"}, {}]},
        [("Question 1 of 2One?", [PREFER_NOT]), ("Question 2 of 2", [PREFER_NOT])],
    ),
    "no keys": (
        {"format": "scenarios", "items": [
            {"text": "First?", "options": [{"text": "Yes."}, {"text": "No."}]},
            {"text": "Second?", "options": [{"text": "Perhaps."}]},
        ]},
        [
            ("Question 1 of 2First?", ["Yes.", "No.", "Skip this one"]),
            ("Question 2 of 2Second?", ["Perhaps.", "Skip this one"]),
        ],
    ),
    "a context without choices": (
        {"format": "agreement", "context": {"question": "Who?"}, "items": [{"text": "One?"}]},
        [("Question 1 of 1One?", [*RATING_LABELS, PREFER_NOT])],
    ),
    "an empty safety question": (
        {"gates": [{}]},
        [("First of all", ["No", "Yes", "Not sure"])],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shown, expected", UNFINISHED.values(), ids=UNFINISHED)
def test_unfinished_quiz_is_previewed_as_far_as_it_goes(
    course: None, client: Client, editor: User, shown: Document, expected: list[tuple[str, list[str]]]
) -> None:
    assert asked(previewed(client, editor, Draft(kind="quiz", document={}), shown).one("main")) == expected
