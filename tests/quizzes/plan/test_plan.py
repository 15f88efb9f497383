"""The reading plan: sections from results, put together in the reader's browser and nowhere else."""

from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from publishing import steps
from quizzes.plan import plan
from tests import authoring
from tests.quizzes import oracle
from tests.quizzes.page import Node, classed
from tests.quizzes.taker import FIRST, page, rated, take
from tests.test_shipped_content import ADDRESSES

PLAN, ADD, TICKS, CLEAR = "/quizzes/plan/", "/quizzes/plan/add/", "/quizzes/plan/ticks/", "/quizzes/plan/clear/"
TRUST, MISTRUST, RELATION = "how-i-trust", "where-mistrust-came-from", "trust-in-this-relationship"
DAY = 24 * 60 * 60

# Worked out by hand from the tables. Needs: how-i-trust 100, 50, 0, 75; where-mistrust-came-from (higher is worse)
# 75, 50, 0, 25, 100.
ONE = rated(TRUST, 0, 2, 4, 1)
OTHER = rated(MISTRUST, 3, 2, 0, 1, 4)
ONE_ALONE = [
    "where-mistrust-comes-from#you-are-not-the-only-one",
    "trusting-yourself#small-promises-to-yourself",
    "reading-trustworthiness#match-trust-to-the-stakes",
    "friends-and-work#friendship-takes-hours",
    "healing-and-forgiveness#trusting-again-in-steps",
    "reading-trustworthiness#why-lies-are-hard-to-see",
]
OTHER_ALONE = [
    "where-mistrust-comes-from#once-bitten",  # first links: wider life, 100
    "where-trust-begins#childhood-is-not-destiny",  # early lessons, 75; past betrayal, 50, has the first again
    "where-mistrust-comes-from#past-or-present",  # present behavior, 25
    "trusting-yourself#what-self-trust-is",  # own worth, 0
    "scams-and-con-artists#if-it-happened-to-you",  # second links
    "repair-family-friends-work#when-a-parent-broke-your-trust",
    "how-trust-breaks#affairs-and-secret-lives",
    "where-mistrust-comes-from#when-an-institution-fails-you",  # third links
    "repair-family-friends-work#understanding-is-not-excusing",
]


def offer(client: Client, slug: str, fields: dict[str, str], context: str = "") -> Node:
    """Take the quiz and look at what it would put on the plan."""
    take(client, slug, fields, context)
    return page(client.get(f"/quizzes/{slug}/plan/")).one("main")


def sent(main: Node) -> dict[str, list[str]]:
    """What the offer's form sends."""
    fields: dict[str, list[str]] = {}
    for field in main.one("form", action=ADD).all("input"):
        fields.setdefault(field["name"], []).append(field["value"])
    return fields


def add(client: Client, slug: str, fields: dict[str, str], context: str = "") -> HttpResponse:
    return done(client.post(ADD, sent(offer(client, slug, fields, context))))


def done(response: HttpResponse) -> HttpResponse:
    assert (response.status_code, response["Location"]) == (303, PLAN)
    return response


def shown(client: Client) -> Node:
    return page(client.get(PLAN)).one("main")


def listed(main: Node) -> list[str]:
    return [link["data-reading"] for link in main.all("a", data_reading="")]


def ticked(main: Node) -> list[str]:
    boxes = zip(listed(main), main.all("input", name="ticked"), strict=True)
    return [address for address, box in boxes if "checked" in box.attributes]


def minutes(main: Node) -> list[int]:
    return [int(each.text.removesuffix("min").rpartition("·")[2]) for each in classed(main, "where")]


def held(client: Client) -> "Morsel[str]":
    return client.cookies["plan"]


# Offered, added


def test_plan_is_empty_at_first(course: None, client: Client) -> None:
    response = client.get(PLAN)
    main = page(response).one("main")
    assert (listed(main), main.all("form"), dict(response.cookies)) == ([], [], {})
    assert classed(main, "lead")[0].text == "There is nothing on it yet."
    assert main.one("a")["href"] == "/quizzes/"


def test_result_leads_to_the_offer(course: None, client: Client) -> None:
    take(client, TRUST, ONE)
    link = page(client.get(f"/quizzes/{TRUST}/result/")).one("main").one("a", href=f"/quizzes/{TRUST}/plan/")
    assert link.text == "Put these on my reading plan"


def test_offer_shows_what_would_be_added(course: None, client: Client) -> None:
    main = offer(client, TRUST, ONE)
    headings = [each.text for each in main.one("ol").all("li")]
    assert len(headings) == 6
    assert headings[0].startswith("You are not the only one")
    form = main.one("form", action=ADD)
    assert form.one("button").text == "Add to my plan"
    assert sent(main)["section"] == ONE_ALONE
    assert "plan" not in client.cookies
    add(client, TRUST, ONE)
    assert listed(shown(client)) == ONE_ALONE


def test_offer_says_how_long_it_stays_and_who_could_see_it(course: None, client: Client) -> None:
    said = offer(client, TRUST, ONE).text
    assert "It stays in this browser for 30 days after you last changed it" in said
    assert "Whoever opens this browser can open the plan." in said


def test_offer_without_answers_leads_to_the_result(course: None, client: Client) -> None:
    response = client.get(f"/quizzes/{TRUST}/plan/")
    assert (response.status_code, response["Location"]) == (303, f"/quizzes/{TRUST}/result/")


@pytest.mark.parametrize("order", [(TRUST, MISTRUST), (MISTRUST, TRUST)])
def test_newest_result_stands_first(course: None, client: Client, order: tuple[str, str]) -> None:
    alone = {TRUST: ONE_ALONE, MISTRUST: OTHER_ALONE}
    for slug in order:
        add(client, slug, {TRUST: ONE, MISTRUST: OTHER}[slug])
    older, newer = order
    assert listed(shown(client)) == [*alone[newer], *alone[older]]


def test_section_of_two_results_stands_once_where_the_newest_has_it(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    add(client, TRUST, rated(TRUST, 4, 2, 4, 4))
    newer = [
        "reading-trustworthiness#match-trust-to-the-stakes",
        "trusting-yourself#balanced-trust",
        "friends-and-work#friendship-takes-hours",
        "trusting-yourself#what-self-trust-is",
        "what-trust-is#the-building-blocks",
    ]
    assert listed(shown(client)) == [*newer, *(each for each in ONE_ALONE if each not in newer)]


def test_added_twice_it_stands_once(course: None, client: Client) -> None:
    for _ in range(3):
        add(client, TRUST, ONE)
    assert listed(shown(client)) == ONE_ALONE


def test_links_lead_to_the_plain_lesson(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    for link in shown(client).all("a", data_reading=""):
        path, _, anchor = link["href"].partition("#")
        assert path.split("/")[2] == link["data-reading"].partition("#")[0]
        assert len(page(client.get(path)).all("section", id=anchor)) == 1


def test_plan_outlives_the_quiz_it_grew_from(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    authoring.publish(authoring.change(authoring.draft("quiz", TRUST), summary="Said anew."))
    assert listed(shown(client)) == ONE_ALONE
    steps.withdraw(authoring.draft("quiz", TRUST))
    assert listed(shown(client)) == ONE_ALONE


def test_section_that_is_gone_drops_out(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    client.cookies["plan"] = signing.dumps(
        [("no-such-lesson#a", False), ("trusting-yourself#no-such-section", True), (ONE_ALONE[0], True)],
        salt="quizzes.reading-plan",
    )
    main = shown(client)
    assert (listed(main), ticked(main)) == ([ONE_ALONE[0]], [ONE_ALONE[0]])


# Ticks


def test_ticks_are_kept_and_the_minutes_left_counted(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    main = shown(client)
    total = sum(minutes(main))
    assert (ticked(main), classed(main, "lead")[0].text) == ([], f"{total} minutes left to read.")
    chosen = [ONE_ALONE[1], ONE_ALONE[4]]
    done(client.post(TICKS, {"ticked": chosen}))
    main = shown(client)
    left = total - minutes(main)[1] - minutes(main)[4]
    assert 0 < left < total
    assert (ticked(main), classed(main, "lead")[0].text) == (chosen, f"{left} minutes left to read.")
    add(client, MISTRUST, OTHER)
    assert ticked(shown(client)) == chosen
    add(client, TRUST, ONE)
    assert ticked(shown(client)) == chosen


def test_ticks_can_be_taken_back(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    done(client.post(TICKS, {"ticked": listed(shown(client))}))
    main = shown(client)
    assert (ticked(main), classed(main, "lead")[0].text) == (ONE_ALONE, "All read. Come back to what helped.")
    done(client.post(TICKS))
    assert ticked(shown(client)) == []


@pytest.mark.parametrize("unknown", ["", "000000", "x" * 5000, "\0", "<b>", "дом", "what-trust-is#trust-has-limits"])
def test_ticks_of_what_is_not_on_the_plan_are_ignored(course: None, client: Client, unknown: str) -> None:
    add(client, TRUST, ONE)
    done(client.post(TICKS, {"ticked": [unknown, ONE_ALONE[2], ONE_ALONE[2], unknown]}))
    assert ticked(shown(client)) == [ONE_ALONE[2]]
    assert [address for address, _ in signing.loads(held(client).value, salt="quizzes.reading-plan")] == ONE_ALONE


def test_ticks_without_a_plan_are_ignored(course: None, client: Client) -> None:
    response = done(client.post(TICKS, {"ticked": [ONE_ALONE[0]]}))
    assert dict(response.cookies) == {}
    add(client, TRUST, ONE)
    assert ticked(shown(client)) == []


# Clearing, tampering


def test_clearing_forgets_plan_and_ticks(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    done(client.post(TICKS, {"ticked": ONE_ALONE}))
    response = done(client.post(CLEAR))
    gone = response.cookies["plan"]
    assert (gone.value, gone["max-age"], gone["path"]) == ("", 0, PLAN)
    assert listed(shown(client)) == []
    add(client, TRUST, ONE)
    assert ticked(shown(client)) == []


UNKNOWN = [
    "",
    "nothing",
    "#",
    "\0",
    "x" * 5000,
    "no-such-lesson#a",
    "trusting-yourself#none",
    "a\0#b",
    "дом#дом",
    "<b>",
]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_section_that_does_not_exist_is_not_added(course: None, client: Client, unknown: str) -> None:
    response = done(client.post(ADD, {"section": [unknown] * 300}))
    assert dict(response.cookies) == {}
    done(client.post(ADD, {"section": [unknown, ONE_ALONE[0], unknown]}))
    assert listed(shown(client)) == [ONE_ALONE[0]]


@pytest.mark.parametrize("cookie", ["", "nothing", "x" * 4000, "{plan}x", "x{plan}", "{answers}"])
def test_plan_that_we_did_not_sign_counts_as_none(course: None, client: Client, cookie: str) -> None:
    add(client, TRUST, ONE)
    client.cookies["plan"] = cookie.format(plan=held(client).value, answers=client.cookies["answers"].value)
    assert listed(shown(client)) == []
    add(client, TRUST, ONE)
    assert listed(shown(client)) == ONE_ALONE


@pytest.mark.parametrize("said", [None, 7, "plan", ["what-trust-is#trust-has-limits"], [[["a"], True]], [["a"]]])
def test_plan_of_another_release_counts_as_none(course: None, client: Client, said: object) -> None:
    client.cookies["plan"] = signing.dumps(said, salt="quizzes.reading-plan")
    assert listed(shown(client)) == []


@pytest.mark.parametrize("address", [ADD, TICKS, CLEAR])
def test_following_a_link_changes_nothing(course: None, client: Client, address: str) -> None:
    add(client, TRUST, ONE)
    assert client.get(address).status_code == 405
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert listed(shown(client)) == ONE_ALONE


# Safety


FLAGGED = {
    "a gate": ("ready-to-rebuild", "hurt", FIRST | {"gate": "yes"}),
    "the other form's gate": ("ready-to-rebuild", "broke-other", FIRST | {"gate": "unsure"}),
    "an answer": (RELATION, "partner", rated(RELATION, 4, 4, 4, 4, 4, context="partner", item_18="5")),
    "a score": (RELATION, "partner", rated(RELATION, 4, 4, 4, 4, 0, context="partner")),
}


@pytest.mark.parametrize("slug, choice, fields", FLAGGED.values(), ids=FLAGGED)
def test_flagged_result_is_never_offered(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str]
) -> None:
    """Whoever opens the plan could read there what the result was about."""
    add(client, TRUST, ONE)
    take(client, slug, fields, choice)
    response = client.get(f"/quizzes/{slug}/plan/")
    assert (response.status_code, response["Location"]) == (303, f"/quizzes/{slug}/result/")
    assert response["Cache-Control"] == "no-store"
    assert listed(shown(client)) == ONE_ALONE


def test_result_is_offered_again_when_the_flag_is_gone(course: None, client: Client) -> None:
    take(client, RELATION, rated(RELATION, 4, 4, 4, 4, 4, context="partner", item_18="5"), "partner")
    add(client, RELATION, rated(RELATION, 4, 4, 4, 4, 4, context="partner"), "partner")
    found = listed(shown(client))
    assert [address for address in found if oracle.is_repair_advice(address)] != []
    assert "manipulation-and-control#deciding-safely" not in found


UNEASY = rated(RELATION, 4, 4, 4, 4, 3, context="partner")  # not free of fear, though nothing flags


def test_result_that_hides_repair_advice_takes_it_off_the_plan(course: None, client: Client) -> None:
    add(client, TRUST, ONE)
    repair = ["friends-and-work#friendship-takes-hours", "healing-and-forgiveness#trusting-again-in-steps"]
    assert [address for address in listed(shown(client)) if oracle.is_repair_advice(address)] == repair
    add(client, RELATION, UNEASY, "partner")
    found = listed(shown(client))
    assert found[0] == "what-trust-is#safety-comes-first"
    assert [address for address in found if oracle.is_repair_advice(address)] == []
    assert {*ONE_ALONE} - {*found} == {*repair}


@pytest.mark.parametrize("level", range(5))
@pytest.mark.parametrize("choice", ["friend", "relative", "colleague"])
def test_plan_leads_to_no_page_of_another_bond(course: None, client: Client, choice: str, level: int) -> None:
    add(client, RELATION, rated(RELATION, level, level, level, level, 4, context=choice), choice)
    found = listed(shown(client))
    assert found != []
    assert [address for address in found if address.startswith(("trust-in-couples#", "repair-as-a-couple#"))] == []


def test_cookie_holds_sections_and_ticks_and_nothing_else(course: None, client: Client) -> None:
    add(client, RELATION, UNEASY, "partner")
    done(client.post(TICKS, {"ticked": [oracle.FALLBACK]}))
    assert signing.loads(held(client).value, salt="quizzes.reading-plan") == [
        ["what-trust-is#safety-comes-first", True],
        ["manipulation-and-control#not-energy-vampires", False],
        ["patterns-to-take-seriously#big-feelings-or-frightening-acts", False],
    ]


def test_plan_page_says_nothing_of_a_result(course: None, client: Client) -> None:
    add(client, RELATION, UNEASY, "partner")
    main = shown(client)
    assert main.all(data_why="") == []
    assert [word for word in ("relationship", "partner", "lowest", "75", "came out") if word in main.text] == []


# Where it lives


def test_cookie_is_the_plan_s_own_and_lasts_a_month(course: None, client: Client) -> None:
    cookie = add(client, TRUST, ONE).cookies["plan"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (PLAN, True, "Lax")
    assert (cookie["max-age"], cookie["domain"]) == (30 * DAY, "")


@pytest.mark.parametrize("age, there", [(30 * DAY - 60, True), (30 * DAY + 60, False)])
def test_plan_that_is_older_counts_as_none(
    course: None, client: Client, monkeypatch: pytest.MonkeyPatch, age: int, there: bool
) -> None:
    """Whatever a browser that reopens its last windows brings back."""
    add(client, TRUST, ONE)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + age)
    assert (listed(shown(client)) == ONE_ALONE) is there


def test_cookie_is_secure_behind_https(course: None, client: Client) -> None:
    assert client.post(ADD, {"section": ONE_ALONE}, secure=True).cookies["plan"]["secure"] is True


def test_whole_course_fits_into_the_cookie(course: None, client: Client) -> None:
    done(client.post(ADD, {"section": ADDRESSES}))
    done(client.post(TICKS, {"ticked": ADDRESSES}))
    main = shown(client)
    assert listed(main) == ticked(main) == ADDRESSES
    assert len(held(client).value) < 3000


@given(st.lists(st.text(st.sampled_from("abcdefghij-"), min_size=40, max_size=120), max_size=300, unique=True))
def test_plan_never_outgrows_a_cookie(addresses: list[str]) -> None:
    """What does not fit falls off at the end."""
    response = HttpResponse()
    request = plan.HttpRequest()
    plan.keep(response, request, dict.fromkeys(addresses, True))
    value = response.cookies["plan"].value
    assert len(value) <= plan.ROOM
    kept = [address for address, _ in signing.loads(value, salt="quizzes.reading-plan")]
    assert kept == addresses[: len(kept)]
    assert kept == addresses or len(value) > plan.ROOM - 400


def test_nothing_is_written_to_the_database(course: None, client: Client) -> None:
    with connection.execute_wrapper(only_reads):
        add(client, TRUST, ONE)
        add(client, MISTRUST, OTHER)
        done(client.post(TICKS, {"ticked": ONE_ALONE}))
        done(client.post(CLEAR))


def only_reads(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    assert sql.startswith("SELECT "), sql
    return execute(sql, params, many, context)


@pytest.mark.parametrize(
    "method, address",
    [("get", PLAN), ("get", f"/quizzes/{TRUST}/plan/"), ("post", ADD), ("post", TICKS), ("post", CLEAR)],
)
def test_pages_are_stored_and_listed_nowhere(course: None, client: Client, method: str, address: str) -> None:
    add(client, TRUST, ONE)
    response = getattr(client, method)(address)
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex",
        "same-origin",
    )
    if method == "get":
        root = page(response)
        assert root.one("meta", name="robots")["content"] == "noindex"
        assert "data-personal" in root.one("main").attributes
