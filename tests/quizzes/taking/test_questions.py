"""The questions as they are asked, and what happens to a form that is not right."""

import pytest
from django.test import Client

from quizzes.models import QuizVersion
from quizzes.taking.forms import QuestionsForm
from tests.quizzes import oracle
from tests.quizzes.page import Node, classed
from tests.quizzes.taker import (
    FIRST,
    FORM_IDS,
    FORMS,
    PREFER_NOT,
    QUIZZES,
    RATING_LABELS,
    SITE,
    TITLES,
    checked,
    full,
    page,
    questions,
    result,
    send,
    summary,
    title,
)


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
def test_legend_is_the_wording_of_its_gate_or_item(course: None, client: Client, slug: str, choice: str) -> None:
    source = QuizVersion.objects.live(slug=slug).get().source
    person = next((each.person for each in source.context.choices if each.key == choice), "") if source.context else ""
    gates = [each.question for each in source.gates if choice in each.contexts or not each.contexts]
    items = [each.text for each in source.items if choice in each.contexts or not each.contexts]
    legends = page(client.get(questions(slug, choice))).one("form", method="post").all("legend")
    assert [legend.text.removeprefix(legend.one("span").text).strip() for legend in legends] == [
        *gates,
        *(text.replace("this person", person or "this person") for text in items),
    ]


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_no_field_hides_an_attribute_of_the_form(course: None, slug: str, choice: str) -> None:
    """In a template ``form.gate`` is the field, whatever attribute there is of this name."""
    form = QuestionsForm(QuizVersion.objects.live(slug=slug).get().source, choice)
    assert [name for name in form.fields if hasattr(form, name)] == []


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
    assert offered(page(client.post(questions("spot-the-manipulation"), FIRST), 422)) == asked


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


UNKNOWN = ["", "?for=", "?for=enemy", "?for=PARTNER", "?for=%00", "?for=" + "x" * 5000]


@pytest.mark.parametrize("query", UNKNOWN, ids=lambda query: query[:12])
@pytest.mark.parametrize("slug", oracle.CONTEXTS)
def test_form_without_a_known_choice_leads_back_to_the_start(
    course: None, client: Client, slug: str, query: str
) -> None:
    response = client.get(questions(slug) + query)
    assert (response.status_code, response["Location"]) == (303, f"/quizzes/{slug}/")


def test_choice_is_ignored_where_the_quiz_asks_for_none(course: None, client: Client) -> None:
    assert len(page(client.get(questions("how-i-trust", "partner"))).all("fieldset")) == 16


# Answers about nobody known


@pytest.mark.parametrize("query", UNKNOWN, ids=lambda query: query[:12])
@pytest.mark.parametrize("slug", oracle.CONTEXTS)
def test_answers_without_a_known_choice_are_kept_and_it_is_asked(
    course: None, client: Client, slug: str, query: str
) -> None:
    sent = full(slug, oracle.CONTEXTS[slug][0], "3")
    response = client.post(questions(slug) + query, sent)
    main = page(response, 422).one("main")
    assert "answers" not in response.cookies
    form = main.one("form")
    assert hidden(form) == sent
    choices = {questions(slug, choice): label for choice, label in labels(slug).items()}
    assert {button["formaction"]: button.text for button in form.all("button")} == choices
    assert main.all("h2")[-1].text == asked_of(slug)
    assert main.all("fieldset") == []


@pytest.mark.parametrize("slug, choice", [form for form in FORMS if form[1]])
def test_choice_made_at_last_leads_to_the_result(course: None, client: Client, slug: str, choice: str) -> None:
    sent = full(slug, choice, "skip") | {f"item-{QUIZZES[slug].asked(choice)[0].key}": "5"}
    form = page(client.post(questions(slug), sent), 422).one("main").one("form")
    (button,) = [each for each in form.all("button") if each["formaction"] == questions(slug, choice)]
    response = client.post(button["formaction"], hidden(form))
    assert (response.status_code, response["Location"]) == (303, result(slug))
    again = page(client.get(questions(slug, choice)))
    assert checked(again) | FIRST == sent


@pytest.mark.parametrize("version", ["", "99"])
def test_choice_made_at_last_vouches_for_no_version(course: None, client: Client, version: str) -> None:
    sent = full("trust-in-this-relationship", "friend") | {"version": version}
    form = page(client.post(questions("trust-in-this-relationship"), sent), 422).one("main").one("form")
    response = client.post(questions("trust-in-this-relationship", "friend"), hidden(form))
    (problem,) = classed(page(response, 422), "problem")
    assert problem.one("h2").text == "Please look through your answers again"
    assert "answers" not in response.cookies


def test_choice_that_asks_another_form_names_what_is_missing(course: None, client: Client) -> None:
    """Answers to one form are no answers to the other; they are never scored as if they were."""
    sent = full("ready-to-rebuild", "hurt")
    form = page(client.post(questions("ready-to-rebuild"), sent), 422).one("main").one("form")
    response = client.post(questions("ready-to-rebuild", "broke"), hidden(form))
    assert (response.status_code, "answers" in response.cookies) == (422, False)


def test_page_that_asks_for_the_choice_is_as_private_as_the_form(course: None, client: Client) -> None:
    response = client.post(questions("ready-to-rebuild"), {"gate": "yes"})
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("same-origin", "no-store")
    root = page(response, 422)
    assert title(root) == f"Error: Ready to rebuild? - {SITE}"
    (problem,) = classed(root, "problem")
    assert problem.one("p").text == "Please choose first. Your answers are still here; nothing was lost."


def test_choice_can_be_sent_with_its_token(course: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(questions("how-i-trust"))
    token = strict.cookies["csrftoken"].value
    sent = full("trust-in-this-relationship", "friend") | {"csrfmiddlewaretoken": token}
    form = page(strict.post(questions("trust-in-this-relationship"), sent), 422).one("main").one("form")
    fields = {each["name"]: each["value"] for each in form.all("input", type="hidden")}
    assert strict.post(questions("trust-in-this-relationship", "friend"), fields).status_code == 303


def test_expired_answers_without_a_choice_are_kept_too(course: None) -> None:
    sent = full("trust-in-this-relationship", "friend")
    response = Client(enforce_csrf_checks=True).post(questions("trust-in-this-relationship"), sent)
    form = page(response, 422).one("main").one("form")
    assert hidden(form) == sent


def hidden(form: Node) -> dict[str, str]:
    """What a form sends along, its token apart."""
    fields = {each["name"]: each["value"] for each in form.all("input", type="hidden")}
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def labels(slug: str) -> dict[str, str]:
    source = QuizVersion.objects.live(slug=slug).get().source
    assert source.context
    return {choice.key: choice.label for choice in source.context.choices}


def asked_of(slug: str) -> str:
    source = QuizVersion.objects.live(slug=slug).get().source
    assert source.context
    return source.context.question


# Answers to a version that is not known


@pytest.mark.parametrize("version", ["", "0", "2", "99", "-1", "1.0", "one", "1\0", "\u0661", "9" * 5000])
@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_answers_to_no_known_version_are_kept_and_never_scored(
    course: None, client: Client, slug: str, choice: str, version: str
) -> None:
    sent = full(slug, choice, "skip") | {"version": version}
    response = client.post(questions(slug, choice), sent)
    assert "answers" not in response.cookies
    root = page(response, 422)
    assert checked(root) == {name: value for name, value in sent.items() if name != "version"}
    assert root.one("input", name="version")["value"] == "1"
    (problem,) = classed(root, "problem")
    assert root.one("title").text.startswith("Error: ")
    assert problem.one("h2").text == "Please look through your answers again"
    assert problem.one("p").text == (
        "These questions have changed, or it could not be told which ones you answered. Your answers are still here."
    )
    assert client.get(result(slug)).status_code == 404


def test_answers_without_a_version_are_scored_once_they_were_looked_through(course: None, client: Client) -> None:
    sent = {name: value for name, value in full("how-i-trust").items() if name != "version"} | {"item-1": "5"}
    root = page(client.post(questions("how-i-trust"), sent), 422)
    again = client.post(questions("how-i-trust"), checked(root) | hidden(root.one("main").one("form")))
    assert (again.status_code, again["Location"]) == (303, result("how-i-trust"))
    assert checked(page(client.get(questions("how-i-trust")))) == sent


def test_expired_answers_to_no_known_version_are_to_be_looked_through(course: None) -> None:
    sent = full("how-i-trust") | {"version": "99"}
    response = Client(enforce_csrf_checks=True).post(questions("how-i-trust"), sent)
    root = page(response, 403)
    assert checked(root) | {"version": "99"} == sent
    (problem,) = classed(root, "problem")
    assert problem.one("h2").text == "Please look through your answers again"


def test_earlier_answers_stay_when_later_ones_name_no_version(course: None, client: Client) -> None:
    send(client, "how-i-trust", item_1="5")
    before = client.get(result("how-i-trust")).content
    send(client, "how-i-trust", item_1="1", version="")
    assert client.get(result("how-i-trust")).content == before


# The page and its errors


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_form_page_is_private_yet_can_be_sent(course: None, client: Client, slug: str, choice: str) -> None:
    response = client.get(questions(slug, choice))
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("same-origin", "no-store")


# Errors


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_empty_form_names_every_question(course: None, client: Client, slug: str, choice: str) -> None:
    root = page(client.post(questions(slug, choice), FIRST), 422)
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
    assert checked(root) | FIRST == {name: value for name, value in kept.items() if name not in ("item-3", "item-7")}


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
@pytest.mark.parametrize("choice", oracle.CONTEXTS["ready-to-rebuild"])
def test_gate_that_stops_needs_no_other_answer(course: None, client: Client, choice: str, gate: str) -> None:
    response = client.post(questions("ready-to-rebuild", choice), {**FIRST, "gate": gate})
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


@pytest.mark.parametrize("choice, other", [("hurt", "broke"), ("broke-other", "hurt-other"), ("hurt-other", "broke")])
def test_form_of_the_other_choice_is_refused(course: None, client: Client, choice: str, other: str) -> None:
    slug = "ready-to-rebuild"
    assert client.post(questions(slug, choice), full(slug, other)).status_code == 422


@pytest.mark.parametrize("extra", [{"csrfmiddlewaretoken": "x"}, {"utm": "y"}, {"x" * 300: "z" * 5000}, {"a\0": "\0"}])
def test_fields_that_are_no_answers_are_ignored(course: None, client: Client, extra: dict[str, str]) -> None:
    assert client.post(questions("how-i-trust"), full("how-i-trust") | extra).status_code == 303


def test_error_page_is_as_private_as_the_form(course: None, client: Client) -> None:
    response = client.post(questions("how-i-trust"), FIRST)
    assert (response["Referrer-Policy"], response["Cache-Control"]) == ("same-origin", "no-store")


def test_error_keeps_the_version_that_was_asked(course: None, client: Client) -> None:
    root = page(client.post(questions("how-i-trust"), {"version": "1"}), 422)
    assert root.one("input", name="version")["value"] == "1"


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
    response = client.post(questions("ready-to-rebuild", "hurt"), {**FIRST, "gate": "yes", **extra})
    (problem,) = classed(page(response, 422), "problem")
    assert [each.text for each in problem.all("li")] == [
        "Some answers do not belong to these questions. Check yours and send again."
    ]


def test_gate_where_there_is_none_is_refused(course: None, client: Client) -> None:
    assert client.post(questions("how-i-trust"), full("how-i-trust") | {"gate": "yes"}).status_code == 422
