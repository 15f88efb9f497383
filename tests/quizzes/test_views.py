"""The quiz as its taker meets it: start, questions, errors, result, and what the browser keeps."""

import re
from http.cookies import Morsel

import pytest
from django.apps import apps
from django.core.signing import Signer
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from quizzes.models import QuizVersion
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
    "is-this-person-safe-to-trust": 16,
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


def questions(slug: str, choice: str = "") -> str:
    return f"/quizzes/{slug}/questions/" + (f"?for={choice}" if choice else "")


def result(slug: str) -> str:
    return f"/quizzes/{slug}/result/"


def full(slug: str, choice: str = "", answer: str = "") -> dict[str, str]:
    """Every question answered the same way: ``answer``, or the first answer offered; the gate with no."""
    quiz = QUIZZES[slug]
    fields = {f"item-{item.key}": answer or quiz.answers[0] for item in quiz.asked(choice)}
    return fields | ({"gate": "no"} if slug in oracle.GATED else {})


def send(client: Client, slug: str, choice: str = "", **changed: str) -> HttpResponse:
    """A whole form with some fields changed: ``item_1="5"``; None-like "" leaves a field out."""
    fields = full(slug, choice) | {name.replace("_", "-"): value for name, value in changed.items()}
    return client.post(questions(slug, choice), {name: value for name, value in fields.items() if value})


def page(response: HttpResponse, status: int = 200) -> Node:
    assert response.status_code == status
    return parse(response.content)


def title(root: Node) -> str:
    (node,) = [each for head in root.all("head") for each in head.all("title")]
    return node.text


def cookie(response: HttpResponse) -> "Morsel[str]":
    assert set(response.cookies) <= {"answers", "csrftoken"}
    return response.cookies["answers"]


# The start page


@pytest.mark.parametrize("slug", TITLES)
def test_start_page_says_what_to_expect(course: None, client: Client, slug: str) -> None:
    root = page(client.get(f"/quizzes/{slug}/"))
    version = QuizVersion.objects.live().get(quiz__slug=slug)
    assert (title(root), root.one("h1").text) == (f"{TITLES[slug]} - {SITE}", TITLES[slug])
    facts = {
        term.text: told.text for term, told in zip(root.one("main").all("dt"), root.one("main").all("dd"), strict=True)
    }
    assert facts["How long"] == f"{COUNTS[slug]} questions, about {version.minutes} minutes"
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
        ("ready-to-rebuild", "Which of these is you?", {"hurt": "I was hurt", "broke": "I broke someone’s trust"}),
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
    sensitive = QuizVersion.objects.live().get(quiz__slug=slug).source.sensitive
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


# The questions


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_questions_stand_one_to_a_fieldset(course: None, client: Client, slug: str, choice: str) -> None:
    root = page(client.get(questions(slug, choice)))
    assert title(root) == f"{TITLES[slug]} - {SITE}"
    form = root.one("main").one("form", method="post")
    assert "novalidate" in form.attributes
    quiz, expected = QUIZZES[slug], QUIZZES[slug].asked(choice)
    fieldsets = form.all("fieldset")
    if slug in oracle.GATED:
        gate = fieldsets.pop(0)
        assert gate.one("legend").text.startswith("First of all")
        assert [(each["id"], each["name"], each["value"]) for each in gate.all("input", type="radio")] == [
            ("gate-1", "gate", "no"),
            ("gate-2", "gate", "yes"),
            ("gate-3", "gate", "unsure"),
        ]
    assert len(fieldsets) == len(expected)
    for number, (item, fieldset) in enumerate(zip(expected, fieldsets, strict=True), 1):
        legend = fieldset.one("legend")
        (count,) = classed(legend, "count")
        assert count.text == f"Question {number} of {len(expected)}"
        assert len(legend.text) > len(count.text) + 10
        values = [radio["value"] for radio in fieldset.all("input")]
        assert (values if slug != "spot-the-manipulation" else [*sorted(values[:-1]), values[-1]]) == [
            *quiz.answers,
            "skip",
        ]
        assert [(each["id"], each["name"], each["value"]) for each in fieldset.all("input", type="radio")] == [
            (f"item-{item.key}-{place}", f"item-{item.key}", value) for place, value in enumerate(values, 1)
        ]
        assert [len(label.all("input")) for label in fieldset.all("label")] == [1] * len(values)


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_nothing_is_chosen_or_required_beforehand(course: None, client: Client, slug: str, choice: str) -> None:
    inputs = page(client.get(questions(slug, choice))).all("input")
    assert [each for each in inputs if {"checked", "required"} & set(each.attributes)] == []
    assert {each["type"] for each in inputs} == {"hidden", "radio"}


def offered(root: Node) -> dict[str, list[str]]:
    """The order of the answers to each question."""
    return {
        radios[0]["name"]: [radio["value"] for radio in radios]
        for radios in (fieldset.all("input", type="radio") for fieldset in root.all("fieldset"))
    }


def test_options_of_scenarios_stand_in_an_order_of_the_taker_s_own(course: None) -> None:
    orders = [offered(page(Client().get(questions("spot-the-manipulation")))) for _ in range(10)]
    assert len({str(order) for order in orders}) == 10
    assert {values[-1] for order in orders for values in order.values()} == {"skip"}


def test_options_keep_their_order_for_one_taker(course: None, client: Client) -> None:
    asked = offered(page(client.get(questions("spot-the-manipulation"))))
    assert offered(page(client.get(questions("spot-the-manipulation")))) == asked
    assert offered(page(client.post(questions("spot-the-manipulation"), {}), 422)) == asked


def test_every_rating_item_has_the_same_answers_in_the_same_order(course: None, client: Client) -> None:
    fieldsets = page(client.get(questions("how-i-trust"))).all("fieldset")
    assert [[label.text for label in each.all("label")] for each in fieldsets] == [[*RATING_LABELS, PREFER_NOT]] * 16


def test_frequency_items_count_from_never(course: None, client: Client) -> None:
    (first, *_) = page(client.get(questions("is-this-person-safe-to-trust"))).all("fieldset")
    assert [label.text for label in first.all("label")] == [
        "Never",
        "Once or twice",
        "Sometimes",
        "Often",
        "Very often",
        PREFER_NOT,
    ]


def test_keyed_items_can_be_skipped(course: None, client: Client) -> None:
    fieldsets = page(client.get(questions("trust-facts"))).all("fieldset")
    assert [[label.text for label in each.all("label")] for each in fieldsets] == [
        ["True", "False", "Skip this one"]
    ] * 12


@pytest.mark.parametrize(
    "choice, wording",
    [
        ("partner", "I have a fair idea how my partner will act in everyday matters."),
        ("friend", "I have a fair idea how my friend will act in everyday matters."),
        ("relative", "I have a fair idea how my relative will act in everyday matters."),
        ("colleague", "I have a fair idea how my colleague will act in everyday matters."),
    ],
)
def test_wording_names_the_person_chosen(course: None, client: Client, choice: str, wording: str) -> None:
    first = page(client.get(questions("trust-in-this-relationship", choice))).all("legend")[0]
    assert first.text == f"Question 1 of 20{wording}"


@pytest.mark.parametrize("query", ["", "?for=", "?for=enemy", "?for=PARTNER", "?for=%00", "?for=" + "x" * 5000])
@pytest.mark.parametrize("slug", oracle.CONTEXTS)
def test_form_without_a_known_choice_leads_back_to_the_start(
    course: None, client: Client, slug: str, query: str
) -> None:
    for response in (client.get(questions(slug) + query), client.post(questions(slug) + query, full(slug))):
        assert (response.status_code, response["Location"]) == (302, f"/quizzes/{slug}/")


def test_choice_is_ignored_where_the_quiz_asks_for_none(course: None, client: Client) -> None:
    assert len(page(client.get(questions("how-i-trust", "partner"))).all("fieldset")) == 16


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_form_page_is_private_yet_can_be_sent(course: None, client: Client, slug: str, choice: str) -> None:
    response = client.get(questions(slug, choice))
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("same-origin", "no-store")


# Errors


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


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_empty_form_names_every_question(course: None, client: Client, slug: str, choice: str) -> None:
    root = page(client.post(questions(slug, choice), {}), 422)
    assert title(root) == f"Error: {TITLES[slug]} - {SITE}"
    skip = "Skip this one" if QUIZZES[slug].keyed else PREFER_NOT
    gate = [("#gate-1", "Answer the question that comes first")] if slug in oracle.GATED else []
    assert summary(root) == gate + [
        (f"#item-{item.key}-1", f"Answer question {number}, or choose “{skip}”")
        for number, item in enumerate(QUIZZES[slug].asked(choice), 1)
    ]
    assert checked(root) == {}


def test_missing_answers_are_named_and_the_others_kept(course: None, client: Client) -> None:
    root = page(send(client, "how-i-trust", item_3="", item_7="", item_1="4", item_2="skip"), 422)
    assert summary(root) == [
        ("#item-3-1", f"Answer question 3, or choose “{PREFER_NOT}”"),
        ("#item-7-1", f"Answer question 7, or choose “{PREFER_NOT}”"),
    ]
    kept = full("how-i-trust") | {"item-1": "4", "item-2": "skip"}
    assert checked(root) == {name: value for name, value in kept.items() if name not in ("item-3", "item-7")}


def test_error_stands_beside_its_question_in_the_same_words(course: None, client: Client) -> None:
    root = page(send(client, "how-i-trust", item_3=""), 422)
    (wrong,) = classed(root, "wrong")
    (message,) = classed(wrong, "message")
    assert (wrong["aria-describedby"], message["id"]) == ("item-3-error", "item-3-error")
    assert message.text == summary(root)[0][1]
    targets = root.all("input", id="item-3-1")
    assert [target["type"] for target in targets] == ["radio"]


def test_gate_without_an_answer_is_an_error(course: None, client: Client) -> None:
    root = page(send(client, "ready-to-rebuild", "hurt", gate=""), 422)
    assert summary(root) == [("#gate-1", "Answer the question that comes first")]


@pytest.mark.parametrize("gate", ["yes", "unsure"])
@pytest.mark.parametrize("choice", ["hurt", "broke"])
def test_gate_that_stops_needs_no_other_answer(course: None, client: Client, choice: str, gate: str) -> None:
    response = client.post(questions("ready-to-rebuild", choice), {"gate": gate})
    assert (response.status_code, response["Location"]) == (303, result("ready-to-rebuild"))
    root = page(client.get(result("ready-to-rebuild"))).one(data_result="")
    assert (root["data-flagged"], root.all(data_dimension=""), root.all("table")) == ("true", [], [])


@pytest.mark.parametrize(
    "value",
    ["0", "6", "-1", "3.0", " 3 x", "three", "true", "\0", "3\0", "x" * 5000, "٣", "<script>", "' OR 1=1 --"],
    ids=lambda value: value[:8].encode("unicode_escape").decode(),
)
def test_value_that_was_not_offered_is_an_error(course: None, client: Client, value: str) -> None:
    root = page(send(client, "how-i-trust", item_3=value), 422)
    assert [href for href, _ in summary(root)] == ["#item-3-1"]
    assert "item-3" not in checked(root)


@pytest.mark.parametrize("slug, value", [("trust-facts", "1"), ("spot-the-manipulation", "d"), ("how-i-trust", "a")])
def test_value_of_another_format_is_an_error(course: None, client: Client, slug: str, value: str) -> None:
    first = QUIZZES[slug].items[0].key
    root = page(client.post(questions(slug), full(slug) | {f"item-{first}": value}), 422)
    assert [href for href, _ in summary(root)] == [f"#item-{first}-1"]


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"item-3": ["1", "1"]}, id="a field twice"),
        pytest.param({"item-3": ["1", "5"]}, id="a field with two answers"),
        pytest.param({"item-99": "1"}, id="an unknown question"),
        pytest.param({"item-": "1"}, id="a question without a key"),
        pytest.param({"item-a1": "x" * 5000}, id="another quiz's question"),
    ],
)
def test_answers_that_are_not_this_form_s_are_refused(
    course: None, client: Client, extra: dict[str, str | list[str]]
) -> None:
    response = client.post(questions("how-i-trust"), {**full("how-i-trust"), **extra})
    root = page(response, 422)
    assert summary(root) == []
    (problem,) = classed(root, "problem")
    assert [each.text for each in problem.all("li")] == [
        "Some answers do not belong to these questions. Check yours and send again."
    ]
    assert "answers" not in response.cookies


@pytest.mark.parametrize("slug, choice", [("ready-to-rebuild", "hurt"), ("ready-to-rebuild", "broke")])
def test_form_of_the_other_choice_is_refused(course: None, client: Client, slug: str, choice: str) -> None:
    other = {"hurt": "broke", "broke": "hurt"}[choice]
    assert client.post(questions(slug, choice), full(slug, other)).status_code == 422


@pytest.mark.parametrize("extra", [{"csrfmiddlewaretoken": "x"}, {"utm": "y"}, {"x" * 300: "z" * 5000}, {"a\0": "\0"}])
def test_fields_that_are_no_answers_are_ignored(course: None, client: Client, extra: dict[str, str]) -> None:
    assert client.post(questions("how-i-trust"), full("how-i-trust") | extra).status_code == 303


def test_error_page_is_as_private_as_the_form(course: None, client: Client) -> None:
    response = client.post(questions("how-i-trust"), {})
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("same-origin", "no-store")


def test_error_keeps_the_version_that_was_asked(course: None, client: Client) -> None:
    root = page(client.post(questions("how-i-trust"), {"version": "1"}), 422)
    assert root.one("input", name="version")["value"] == "1"


# What the browser keeps


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_answers_go_into_one_small_cookie_for_this_quiz(course: None, client: Client, slug: str, choice: str) -> None:
    response = send(client, slug, choice)
    assert (response.status_code, response["Location"]) == (303, result(slug))
    kept = cookie(response)
    assert (kept["path"], kept["httponly"], kept["samesite"]) == (f"/quizzes/{slug}/", True, "Lax")
    assert (kept["max-age"], kept["expires"], kept["domain"]) == ("", "", "")
    assert len(kept.OutputString()) < 300
    assert response["Cache-Control"] == "no-store"


def test_cookie_is_for_https_alone_where_the_site_is(course: None, client: Client) -> None:
    plain = client.post(questions("how-i-trust"), full("how-i-trust"))
    secure = client.post(questions("how-i-trust"), full("how-i-trust"), secure=True)
    assert (cookie(plain)["secure"], cookie(secure)["secure"]) == ("", True)


def test_address_of_the_result_says_nothing_about_the_answers(course: None, client: Client) -> None:
    assert send(client, "trust-in-this-relationship", "partner")["Location"] == result("trust-in-this-relationship")


def _changed(value: str) -> str:
    payload, _, signature = value.rpartition(":")
    return f"{payload[:-1]}5:{signature}"


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda value: "", id="empty"),
        pytest.param(lambda value: "nonsense", id="nonsense"),
        pytest.param(lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"), id="signature changed"),
        pytest.param(_changed, id="answer changed"),
        pytest.param(lambda value: value.rpartition(":")[0], id="signature cut off"),
        pytest.param(lambda value: "2" + value[1:], id="version changed"),
        pytest.param(lambda value: Signer(salt="another").sign("1...1111111111111111"), id="signed for another use"),
        pytest.param(lambda value: "x" * 4000, id="long"),
        pytest.param(lambda value: "%00%ff", id="bytes"),
    ],
)
def test_tampered_cookie_counts_as_no_answers(course: None, client: Client, tamper: "object") -> None:
    value = cookie(send(client, "how-i-trust")).value
    client.cookies["answers"] = tamper(value)  # type: ignore[operator]
    assert_no_answers(client.get(result("how-i-trust")), "how-i-trust")
    assert checked(page(client.get(questions("how-i-trust")))) == {}


def assert_no_answers(response: HttpResponse, slug: str) -> None:
    root = page(response, 404)
    assert root.one("h1").text == "There are no answers here"
    assert [link.text for link in root.one("main").all("a", href=f"/quizzes/{slug}/")] == [f"Take “{TITLES[slug]}”"]


def test_result_without_answers_shows_a_way_on(course: None, client: Client) -> None:
    response = client.get(result("how-i-trust"))
    assert_no_answers(response, "how-i-trust")
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")


def test_second_quiz_keeps_the_first_one_s_answers(course: None, client: Client) -> None:
    """A browser sends each cookie to its own quiz's pages only."""
    first, second = cookie(send(client, "how-i-trust", item_1="5")), cookie(send(Client(), "trust-facts"))
    kept = {"how-i-trust": first.value, "trust-facts": second.value}
    assert not first["path"].startswith(second["path"])
    assert not second["path"].startswith(first["path"])
    assert (first["path"], second["path"]) == ("/quizzes/how-i-trust/", "/quizzes/trust-facts/")
    for slug, value in kept.items():
        client.cookies["answers"] = value
        assert page(client.get(result(slug))).one(data_result="")["data-quiz"] == slug


def test_change_my_answers_shows_them_chosen(course: None, client: Client) -> None:
    send(client, "trust-in-this-relationship", "friend", item_1="4", item_2="skip")
    root = page(client.get(result("trust-in-this-relationship")))
    (change,) = [link for link in root.all("a") if link.text == "Change my answers"]
    assert change["href"] == questions("trust-in-this-relationship", "friend")
    again = page(client.get(change["href"]))
    assert checked(again) == full("trust-in-this-relationship", "friend") | {"item-1": "4", "item-2": "skip"}


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
@pytest.mark.parametrize("last", [False, True], ids=["first answers", "skips"])
def test_every_form_comes_back_as_it_was_sent(course: None, client: Client, slug: str, choice: str, last: bool) -> None:
    sent = full(slug, choice, "skip" if last else "")
    client.post(questions(slug, choice), sent)
    assert checked(page(client.get(questions(slug, choice)))) == sent


def test_answers_about_one_person_do_not_show_for_another(course: None, client: Client) -> None:
    send(client, "trust-in-this-relationship", "friend")
    assert checked(page(client.get(questions("trust-in-this-relationship", "partner")))) == {}


def test_clear_forgets(course: None, client: Client) -> None:
    send(client, "how-i-trust")
    (form,) = [
        form
        for form in page(client.get(result("how-i-trust"))).all("form", method="post")
        if form["action"] == "/quizzes/how-i-trust/clear/"
    ]
    assert form.one("button").text == "Clear my answers"
    response = client.post(form["action"])
    assert (response.status_code, response["Location"]) == (303, "/quizzes/how-i-trust/")
    gone = cookie(response)
    assert (gone.value, gone["max-age"], gone["path"], gone["samesite"]) == ("", 0, "/quizzes/how-i-trust/", "Lax")
    assert_no_answers(client.get(result("how-i-trust")), "how-i-trust")


def test_clear_needs_a_button_and_no_token(course: None) -> None:
    """The result page sends no referrer, so Chromium says "Origin: null" and no token check would pass."""
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/quizzes/how-i-trust/clear/").status_code == 405
    assert strict.post("/quizzes/how-i-trust/clear/", headers={"Origin": "null"}).status_code == 303


def test_expired_token_gives_the_answers_back_with_a_fresh_one(course: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    sent = full("trust-in-this-relationship", "friend") | {"item-1": "4", "item-2": "skip", "version": "1"}
    address = questions("trust-in-this-relationship", "friend")
    response = strict.post(address, sent | {"csrfmiddlewaretoken": "expired"})
    root = page(response, 403)
    (problem,) = classed(root, "problem")
    assert problem.one("h2").text == "Please send your answers again"
    fields = {each["name"]: each["value"] for each in root.all("input", type="hidden")}
    assert checked(root) | {"version": fields["version"]} == sent
    assert (response["Cache-Control"], "answers" in response.cookies) == ("no-store", False)
    form = root.one("main").one("form", method="post")
    assert form["action"] == address
    again = strict.post(form["action"], checked(root) | fields)
    assert (again.status_code, again["Location"]) == (303, result("trust-in-this-relationship"))


def test_form_with_its_token_is_accepted(course: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    root = page(strict.get(questions("how-i-trust")))
    fields = {each["name"]: each["value"] for each in root.all("input", type="hidden")}
    assert strict.post(questions("how-i-trust"), full("how-i-trust") | fields).status_code == 303


def test_nothing_is_written_to_the_database(course: None, client: Client) -> None:
    before = row_counts()
    for slug, choice in FORMS * 3:
        assert send(client, slug, choice).status_code == 303
        assert client.get(result(slug)).status_code == 200
    assert len(FORMS) * 3 >= 30
    assert row_counts() == before
    assert {"django_session", "quizzes_quizversion"} <= set(before)


def row_counts() -> dict[str, int]:
    """Rows of every table there is, whether a model knows it or not."""
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    assert {model._meta.db_table for model in apps.get_models()} <= set(counts)
    return counts


# The result


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_result_is_private_and_neutral(course: None, client: Client, slug: str, choice: str) -> None:
    send(client, slug, choice)
    response = client.get(result(slug))
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex",
        "no-referrer",
    )
    root = page(response)
    assert title(root) == f"Your answers - {SITE}"
    assert root.one("meta", name="robots")["content"] == "noindex"


def test_refresh_and_double_submit_give_the_same_page(course: None, client: Client) -> None:
    def main() -> str:
        return page(client.get(result("how-i-trust"))).one("main").text

    send(client, "how-i-trust", item_1="5")
    first = main()
    assert main() == first
    send(client, "how-i-trust", item_1="5")
    assert main() == first
    send(client, "how-i-trust", item_1="1")
    assert main() != first


def low(*keys: int) -> dict[str, str]:
    """Answers to ``how-i-trust`` that give its dimensions these scores, by the author's order."""
    fields = {}
    quiz = QUIZZES["how-i-trust"]
    for dimension, value in zip(quiz.dimensions, keys, strict=True):
        for item in (item for item in quiz.items if item.dimension == dimension.key):
            answer = 1 + value // 25
            fields[f"item-{item.key}"] = str(6 - answer if item.reverse else answer)
    return fields


def result_of(client: Client, *scores: int) -> Node:
    assert client.post(questions("how-i-trust"), low(*scores)).status_code == 303
    return page(client.get(result("how-i-trust"))).one(data_result="")


def test_result_stands_in_the_order_of_need(course: None, client: Client) -> None:
    send(client, "is-this-person-safe-to-trust", item_13="4", item_1="4", item_2="4")
    root = page(client.get(result("is-this-person-safe-to-trust"))).one(data_result="")
    assert root["data-flagged"] == "true"
    nodes = list(root.walk())
    (help_block,), (scores,) = classed(root, "help-block"), classed(root, "scores")
    (sentence,) = [node for node in root.all("p") if node.text.startswith("What stands highest is")]
    (method,) = [node for node in root.all("h2") if node.text == "How far this goes"]
    landmarks = [
        root.one("h1"),
        help_block,
        sentence,
        root.one("svg"),
        scores,
        root.one("ol", data_reading_list=""),
        *root.all(data_dimension=""),
        method,
    ]
    places = [nodes.index(landmark) for landmark in landmarks]
    assert places == sorted(places)
    assert [(each["data-dimension"], each["data-score"]) for each in root.all(data_dimension="")] == [
        ("honesty", "50"),
        ("control", "25"),
        ("responsibility", "0"),
        ("respect", "0"),
    ]


def test_unflagged_result_has_no_safety_block_and_no_helpline_first(course: None, client: Client) -> None:
    root = result_of(client, 100, 100, 50, 0)
    assert (root["data-flagged"], classed(root, "safety"), classed(root, "help-block")) == ("false", [], [])
    assert root.one("h1").text == "What your answers say"


def test_sentence_names_the_lowest_and_the_strongest(course: None, client: Client) -> None:
    root = result_of(client, 75, 100, 50, 0)
    assert "What stands lowest is Self-trust; what stands strongest is Discernment." in [p.text for p in root.all("p")]


def test_chart_table_and_dimensions_say_the_same(course: None, client: Client) -> None:
    root = result_of(client, 75, 100, 50, 0)
    by_name = {"Self-trust": "0", "Comfort with closeness": "50", "Openness to others": "75", "Discernment": "100"}
    svg = root.one("svg", role="img")
    labels = [each.text for each in svg.all("text")]
    assert dict(zip(labels[::2], labels[1::2], strict=True)) == by_name
    assert svg.one("desc").text == "; ".join(f"{name}: {score}" for name, score in by_name.items()) + "."
    widths = [each["width"] for each in svg.all("rect") if each.has_class("fill")]
    assert widths == [f"{score}%" for score in by_name.values()]
    (table,) = root.all("table")
    cells = {row.one("th").text: [cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")}
    assert [(name, score) for name, (_, score) in cells.items()] == list(by_name.items())
    sections = {each.one("h3").text: each for each in root.all(data_dimension="")}
    assert {name: each["data-score"] for name, each in sections.items()} == by_name
    assert {name: each["data-band"] for name, each in sections.items()} == {
        "Openness to others": "high",
        "Discernment": "high",
        "Comfort with closeness": "middle",
        "Self-trust": "low",
    }
    assert {name: words for name, (words, _) in cells.items()} == {
        "Openness to others": "Comes easily",
        "Discernment": "Comes easily",
        "Comfort with closeness": "It depends",
        "Self-trust": "Hard at present",
    }


def test_nothing_is_marked_where_nothing_stands_out(course: None, client: Client) -> None:
    marked = [len(classed(result_of(Client(), *scores), "first")) for scores in ((50, 50, 50, 50), (50, 50, 50, 25))]
    assert marked == [0, 2]  # a bar and a dimension in words


def test_chart_is_named_for_those_who_cannot_see_it(course: None, client: Client) -> None:
    svg = result_of(client, 75, 100, 50, 0).one("svg")
    assert [svg.one(id=each).tag for each in svg["aria-labelledby"].split()] == ["title", "desc"]
    assert svg.one("title").text == "Your scores from 0 to 100"


def test_no_grand_total_is_shown(course: None, client: Client) -> None:
    """The scores 100, 100, 50 and 0 have the mean 62.5 and the sum 250; neither they nor a rank is on the page."""
    text = result_of(client, 100, 100, 50, 0).text
    assert {"62", "63", "62.5", "250"}.isdisjoint(re.findall(r"\d+(?:\.\d+)?", text))
    assert "%" not in text
    assert re.findall(r"(?i)percentile|you are a |you failed|passed", text) == []


def test_dimension_with_too_few_answers_says_so(course: None, client: Client) -> None:
    client.post(questions("how-i-trust"), low(100, 100, 50, 0) | {"item-1": "skip", "item-2": "skip"})
    root = page(client.get(result("how-i-trust"))).one(data_result="")
    dimension = root.one(data_dimension="open")
    assert (dimension["data-score"], dimension["data-band"]) == ("", "")
    assert "Not enough answers here" in [each.text for each in dimension.all("p")]
    assert root.all(data_dimension="")[-1] is dimension
    assert [each["data-reading"] for each in dimension.all("a", data_reading="")] == [
        "how-trust-grows#small-risks-in-turn"
    ]
    assert "Openness to others" not in root.one("svg").text


def test_result_of_skips_alone_has_no_chart_and_still_reads_on(course: None, client: Client) -> None:
    client.post(questions("how-i-trust"), full("how-i-trust", answer="skip"))
    root = page(client.get(result("how-i-trust"))).one(data_result="")
    assert (root.all("svg"), root.all("table")) == ([], [])
    assert len(root.one("ol", data_reading_list="").all("li")) == 4
    assert {each["data-score"] for each in root.all(data_dimension="")} == {""}


def test_each_reading_says_why_and_how_long(course: None, client: Client) -> None:
    entries = result_of(client, 0, 0, 0, 0).one("ol", data_reading_list="").all("li")
    assert len(entries) == 5
    for entry in entries:
        (why,), (where,) = classed(entry, "why"), classed(entry, "where")
        assert re.fullmatch(r"Because: .{4,80}[.?]", why.text)
        assert re.fullmatch(r".{5,60} · \d min", where.text)


def test_skipped_safety_question_offers_help_without_a_flag(course: None, client: Client) -> None:
    client.post(
        questions("trust-in-this-relationship", "partner"),
        {f"item-{key}": "3" for key in range(1, 20)}
        | {"item-17": "5", "item-18": "1", "item-19": "5", "item-20": "skip"},
    )
    root = page(client.get(result("trust-in-this-relationship"))).one(data_result="")
    (safety,) = classed(root, "safety")
    assert root["data-flagged"] == "false"
    assert safety.text.startswith("You skipped a safety question. Help is there if you want it.")
    assert [link["href"] for link in safety.all("a")] == ["/help/"]


@pytest.mark.parametrize("choice", ["hurt", "broke"])
def test_stopped_result_gives_help_and_no_score(course: None, client: Client, choice: str) -> None:
    client.post(questions("ready-to-rebuild", choice), {"gate": "yes"})
    root = page(client.get(result("ready-to-rebuild"))).one(data_result="")
    (help_block,) = classed(root, "help-block")
    assert len([link for link in help_block.all("a") if link["href"].startswith("tel:")]) >= 5
    accountable = "Do not use this site to get them to stay." in root.text
    assert accountable == (choice == "broke")
    assert ("Respect Phoneline" in help_block.text) == (choice == "broke")


def test_keyed_result_goes_through_each_question(course: None, client: Client) -> None:
    send(client, "spot-the-manipulation", item_u1="b", item_u2="a", item_u3="skip")
    (review,) = classed(page(client.get(result("spot-the-manipulation"))), "review")
    entries = [each for each in review.children if isinstance(each, Node)]
    items = QuizVersion.objects.live().get(quiz__slug="spot-the-manipulation").source.items
    assert len(entries) == 15
    told = [
        dict(zip([term.text for term in each.all("dt")], [word.text for word in each.all("dd")], strict=True))
        for each in entries[:3]
    ]
    texts = [{option.key: option.text for option in item.options} for item in items]
    assert told == [
        {"Your answer": texts[0]["b"]},
        {"Your answer": texts[1]["a"], "Best answer": texts[1]["c"]},
        {"Your answer": "Skipped", "Best answer": texts[2]["b"]},
    ]
    for entry, item in zip(entries, items, strict=True):
        assert entry.all("p")[0].text == item.text
        assert entry.all("p")[1].text.startswith(item.explanation)


def test_rating_result_has_no_review(course: None, client: Client) -> None:
    assert classed(result_of(client, 0, 25, 50, 75), "review") == []


# Answers that are not this form's


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"item-99": "1"}, id="an unknown question"),
        pytest.param({"gate": ["yes", "yes"]}, id="the gate twice"),
        pytest.param({"item-a1": ["1", "1"]}, id="a question twice"),
    ],
)
def test_gate_that_stops_refuses_what_is_not_this_form_s(
    course: None, client: Client, extra: dict[str, str | list[str]]
) -> None:
    response = client.post(questions("ready-to-rebuild", "hurt"), {"gate": "yes", **extra})
    (problem,) = classed(page(response, 422), "problem")
    assert [each.text for each in problem.all("li")] == [
        "Some answers do not belong to these questions. Check yours and send again."
    ]


@pytest.mark.parametrize("slug", ["trust-facts", "is-this-person-safe-to-trust", "spot-the-manipulation"])
def test_cookie_of_another_quiz_counts_as_no_answers(course: None, client: Client, slug: str) -> None:
    client.cookies["answers"] = cookie(send(client, "where-mistrust-came-from")).value
    assert_no_answers(client.get(result(slug)), slug)
    assert checked(page(client.get(questions(slug)))) == {}


def test_gate_where_there_is_none_is_refused(course: None, client: Client) -> None:
    assert client.post(questions("how-i-trust"), full("how-i-trust") | {"gate": "yes"}).status_code == 422


@pytest.mark.parametrize(
    "context, comforted, phoneline", [("hurt", True, False), ("broke", False, True)], ids=["hurt", "broke"]
)
def test_gate_speaks_to_the_one_who_answers(
    course: None, client: Client, context: str, comforted: bool, phoneline: bool
) -> None:
    """Whoever has frightened someone is not told that it is not their fault, and gets the line that helps to stop."""
    client.post(questions("ready-to-rebuild", context), {"gate": "yes"})
    text = client.get(result("ready-to-rebuild")).content.decode()
    assert ("It is not your fault." in text) is comforted
    assert ("Do not use this site to get them to stay." in text) is not comforted
    assert ("Respect Phoneline" in text) is phoneline
