"""What the browser keeps of a taker, and how it is changed, cleared and lost."""

import pytest
from django.apps import apps
from django.core.signing import Signer
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.quizzes.page import classed
from tests.quizzes.taker import FIRST, FORM_IDS, FORMS, TITLES, checked, cookie, full, page, questions, result, send


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
    kept = full("trust-in-this-relationship", "friend") | {"item-1": "4", "item-2": "skip"}
    assert checked(again) | FIRST == kept


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
@pytest.mark.parametrize("last", [False, True], ids=["first answers", "skips"])
def test_every_form_comes_back_as_it_was_sent(course: None, client: Client, slug: str, choice: str, last: bool) -> None:
    sent = full(slug, choice, "skip" if last else "")
    client.post(questions(slug, choice), sent)
    assert checked(page(client.get(questions(slug, choice)))) | FIRST == sent


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
    sent = full("trust-in-this-relationship", "friend") | {"item-1": "4", "item-2": "skip"}
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
    assert {"django_session", "publishing_version"} <= set(before)


def row_counts() -> dict[str, int]:
    """Rows of every table there is, whether a model knows it or not."""
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    assert {model._meta.db_table for model in apps.get_models()} <= set(counts)
    return counts


@pytest.mark.parametrize("slug", ["trust-facts", "is-this-person-safe-to-trust", "spot-the-manipulation"])
def test_cookie_of_another_quiz_counts_as_no_answers(course: None, client: Client, slug: str) -> None:
    client.cookies["answers"] = cookie(send(client, "where-mistrust-came-from")).value
    assert_no_answers(client.get(result(slug)), slug)
    assert checked(page(client.get(questions(slug)))) == {}
