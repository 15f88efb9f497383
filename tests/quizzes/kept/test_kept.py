"""Keeping a result: only on request, only scores, only with the code, gone when it is to be gone."""

import hashlib
import http.cookiejar
import json
import math
import re
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from quizzes.kept import kept
from quizzes.models import KeptResult, QuizVersion
from tests import authoring
from tests.conftest import Site
from tests.quizzes import oracle
from tests.quizzes.page import Node, classed, parse
from tests.quizzes.taker import FIRST, page, rated, take
from tools.server import run_manage

SLUG = "how-i-trust"
KEEP, COMPARE = f"/quizzes/{SLUG}/keep/", f"/quizzes/{SLUG}/compare/"
KEPT, DELETE = "/quizzes/kept/", "/quizzes/kept/delete/"
CODE = "abcde-fghjk-mnpqr-stvwx"
UNKNOWN = "Nothing is kept under this code. It may be mistyped, run out or deleted"


def sealed(client: Client, address: str = KEEP) -> str:
    return page(client.get(address)).one("main").one("input", name="code")["value"]


def keep(client: Client, *levels: int | None, slug: str = SLUG, context: str = "", days: str = "30") -> str:
    """Take a quiz and keep the result. Gives the code."""
    take(client, slug, rated(slug, *levels, context=context), context)
    address = f"/quizzes/{slug}/keep/"
    response = client.post(address, {"code": sealed(client, address), "days": days})
    return page(response).one("main").one("code").text


def problems(response: HttpResponse) -> list[tuple[str, str]]:
    (problem,) = classed(page(response, 422).one("main"), "problem")
    assert problem.one("h2").text == "There is a problem"
    assert "autofocus" in problem.attributes
    return [(link["href"], link.text) for link in problem.all("a")]


def table(root: Node) -> list[list[str]]:
    rows = root.one("main").one("tbody").all("tr")
    return [[each.text for each in row.children if isinstance(each, Node)] for row in rows]


def described(root: Node) -> dict[str, str]:
    """What the chart says, once, to those who cannot see it: what it says of each part."""
    told = root.one("svg", role="img").one("desc").text.removesuffix(".").split("; ")
    return dict(each.split(": ") for each in told)  # type: ignore[misc]


def bare(response: HttpResponse, typed: str = CODE) -> bytes:
    """The page without what differs from request to request: the token, and the code as it was typed."""
    html = re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", response.content)
    return html.replace(typed.encode(), b"CODE")


# The code


def test_code_is_long_and_easy_to_copy() -> None:
    codes = {kept.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {bool(re.fullmatch(r"[2-9a-hj-km-np-tv-z]{5}(-[2-9a-hj-km-np-tv-z]{5}){3}", code)) for code in codes} == {
        True
    }
    assert len(set(kept.ALPHABET)) == len(kept.ALPHABET) == 30
    assert 20 * math.log2(30) > 98


@pytest.mark.parametrize(
    "text", ["", CODE, f"{CODE}:", f"{CODE}:wrong", f"x{kept.sealed(CODE, SLUG)}", kept.sealed("", SLUG) + "x"]
)
def test_code_that_was_tampered_with_is_not_unsealed(text: str) -> None:
    assert kept.unsealed(text, SLUG) is None


def test_sealed_code_comes_back() -> None:
    assert kept.unsealed(kept.sealed(CODE, SLUG), SLUG) == CODE


# Asking to keep


@pytest.mark.parametrize("address", [KEEP, COMPARE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_answers_there_is_nothing_to_keep(course: None, client: Client, address: str, method: str) -> None:
    response = getattr(client, method)(address, {"days": "30", "code": kept.sealed(CODE, SLUG)})
    assert (response.status_code, response["Location"]) == (303, f"/quizzes/{SLUG}/result/")
    assert KeptResult.objects.count() == 0


RELATION, CONTROLLED = "trust-in-this-relationship", "is-this-person-safe-to-trust"
FLAGGED = {
    "a gate": ("ready-to-rebuild", "hurt", FIRST | {"gate": "yes"}),
    "the other form's gate": ("ready-to-rebuild", "broke-other", FIRST | {"gate": "unsure"}),
    "an answer": (RELATION, "partner", rated(RELATION, 4, 4, 4, 4, 4, context="partner", item_18="5")),
    "a score": (RELATION, "partner", rated(RELATION, 2, 2, 2, 2, 0, context="partner")),
}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page_name", ["keep", "compare"])
@pytest.mark.parametrize("slug, choice, fields", FLAGGED.values(), ids=FLAGGED)
def test_flagged_result_can_be_neither_kept_nor_compared(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], page_name: str, method: str
) -> None:
    take(client, slug, fields, choice)
    sent = {"days": "30", "code": kept.sealed(CODE, slug) if page_name == "keep" else CODE}
    response = getattr(client, method)(f"/quizzes/{slug}/{page_name}/", sent)
    assert (response.status_code, response["Location"]) == (303, f"/quizzes/{slug}/result/")
    assert response["Cache-Control"] == "no-store"
    assert KeptResult.objects.count() == 0


def test_result_is_kept_again_once_nothing_flags(course: None, client: Client) -> None:
    take(client, RELATION, rated(RELATION, 4, 4, 4, 4, 4, context="partner", item_18="5"), "partner")
    keep(client, 4, 4, 4, 4, 4, slug=RELATION, context="partner")
    assert set(KeptResult.objects.get().scores.values()) == {100}


def test_result_leads_to_keeping_and_comparing(course: None, client: Client) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    main = page(client.get(f"/quizzes/{SLUG}/result/")).one("main")
    assert (main.one("a", href=KEEP).text, main.one("a", href=COMPARE).text) == (
        "Keep this result",
        "Compare with a kept result",
    )


def test_keep_page_says_what_is_kept_and_who_could_see_it(course: None, client: Client) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    main = page(client.get(KEEP)).one("main")
    said = dict(zip([each.text for each in main.all("h2")], [each.text for each in main.all("p")[-2:]], strict=True))
    assert said["What is kept"] == (
        "Your score for each part, the version of this quiz, today’s date and the day it runs out. "
        "Not your other answers, not your name, nothing about your device."
    )
    assert said["Who could see it"].startswith("Whoever has the code.")
    assert said["Who could see it"].endswith("If that could put you in danger, do not keep it.")


def test_keep_page_says_that_the_context_is_kept(course: None, client: Client) -> None:
    take(client, RELATION, rated(RELATION, 4, 4, 4, 4, 4, context="friend"), "friend")
    said = [each.text for each in page(client.get(f"/quizzes/{RELATION}/keep/")).one("main").all("p")]
    assert said[-2].startswith("Your score for each part, your answer to “Who do you have in mind?”, the version")


def test_keep_page_offers_three_times_and_prefers_none(course: None, client: Client) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    form = page(client.get(KEEP)).one("main").one("form", action=KEEP)
    radios = form.all("input", type="radio")
    assert [(each["name"], each["value"], "checked" in each.attributes) for each in radios] == [
        ("days", "30", False),
        ("days", "90", False),
        ("days", "365", False),
    ]
    assert [each.text for each in form.all("label")] == ["30 days", "90 days", "365 days"]
    assert form.one("a").text == "No, go back"
    assert KeptResult.objects.count() == 0


@pytest.mark.parametrize(
    "days, message",
    [
        ("", "Choose how long to keep it"),
        ("31", "Choose one of the times offered"),
        ("0", "Choose one of the times offered"),
        ("-30", "Choose one of the times offered"),
        ("36500", "Choose one of the times offered"),
        ("30 days", "Choose one of the times offered"),
    ],
)
def test_keeping_needs_one_of_the_times(course: None, client: Client, days: str, message: str) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    response = client.post(KEEP, {"code": sealed(client), **({"days": days} if days else {})})
    assert problems(response) == [("#days-1", message)]
    assert page(response, 422).one("input", id="days-1")["value"] == "30"
    assert KeptResult.objects.count() == 0


@pytest.mark.parametrize("code", ["", "weak", f"weak:{kept.sealed(CODE, SLUG).partition(':')[2]}", "x" * 121, "\0"])
def test_code_that_we_did_not_make_is_refused(course: None, client: Client, code: str) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    assert len(problems(client.post(KEEP, {"code": code, "days": "30"}))) == 1
    assert KeptResult.objects.count() == 0


# What is stored


def test_row_holds_the_hash_the_scores_the_context_and_two_dates(course: None, client: Client) -> None:
    code = keep(client, 1, 2, None, 4, days="90")
    names = {"id", "code_hash", "version", "context", "scores", "kept_on", "expires_on"}
    assert {field.name for field in KeptResult._meta.get_fields()} == names
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, KeptResult._meta.db_table)
    assert {column.name for column in description} == names - {"version"} | {"version_id"}
    row = KeptResult.objects.get()
    today = timezone.localdate()
    assert row.code_hash == hashlib.sha256(code.replace("-", "").encode()).hexdigest()
    assert row.version == QuizVersion.objects.live(slug=SLUG).get()
    assert row.context == ""
    assert row.scores == {"open": 25, "discern": 50, "close": None, "self": 100}
    assert (row.kept_on, row.expires_on) == (today, today + timedelta(days=90))
    assert {type(row.kept_on), type(row.expires_on)} == {date}


@pytest.mark.parametrize("days", ["30", "90", "365"])
def test_day_of_deletion_is_told(course: None, client: Client, days: str) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    root = page(client.post(KEEP, {"code": sealed(client), "days": days}))
    last = timezone.localdate() + timedelta(days=int(days))
    assert f"It is deleted on {last.day} {last:%B %Y}." in root.one("main").text
    assert KeptResult.objects.get().expires_on == last


def test_code_is_shown_once(course: None, client: Client) -> None:
    code = keep(client, 1, 2, 3, 4)
    assert re.fullmatch(r"\w{5}-\w{5}-\w{5}-\w{5}", code)
    for address in (KEEP, COMPARE, KEPT, f"/quizzes/{SLUG}/result/", f"/quizzes/{SLUG}/questions/"):
        html = client.get(address).content.decode()
        assert (code in html, code.replace("-", "") in html) == (False, False)


def test_every_keep_page_has_a_code_of_its_own(course: None, client: Client) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    assert len({sealed(client) for _ in range(5)}) == 5


def test_sent_twice_it_is_stored_once(course: None, client: Client) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    fields = {"code": sealed(client), "days": "30"}
    first = client.post(KEEP, fields)
    second = client.post(KEEP, {**fields, "days": "365"})
    assert (first.status_code, second.status_code) == (200, 200)
    assert bare(first) == bare(second)
    assert KeptResult.objects.get().expires_on == timezone.localdate() + timedelta(days=30)


# Seeing it again


@pytest.mark.parametrize(
    "typed",
    [
        "{code}",
        "{upper}",
        "  {code}  ",
        "{bare}",
        "{spaced}",
        "{apart}",
        "{code}.",
        "\t{bare}\n",
        "{halves}",
        "{dashes}",
    ],
)
def test_code_is_found_however_it_is_typed(course: None, client: Client, typed: str) -> None:
    code = keep(client, 1, 2, 3, 4)
    plain = code.replace("-", "")
    written = typed.format(
        code=code,
        upper=code.upper(),
        bare=plain,
        spaced=code.replace("-", " "),
        apart=" ".join(plain),
        halves=plain[:10].upper() + "\u00a0" + plain[10:],
        dashes=code.replace("-", "–"),
    )
    today = timezone.localdate()
    assert page(client.post(KEPT, {"code": written})).one("h1").text == f"Kept on {today.day} {today:%B %Y}"


def test_another_code_finds_nothing(course: None, client: Client) -> None:
    code = keep(client, 1, 2, 3, 4)
    wrong = code[:-1] + ("a" if code[-1] != "a" else "b")
    for typed in (wrong, code[:-1], code + "a", code[::-1], KeptResult.objects.get().code_hash[:60]):
        assert problems(client.post(KEPT, {"code": typed})) == [("#code", UNKNOWN)]


def test_unknown_expired_and_deleted_are_alike(course: None, client: Client) -> None:
    """Nobody can learn from the answer whether there ever was something under a code."""
    codes = {name: keep(client, 1, 2, 3, 4) for name in ("expired", "due today", "deleted", "another quiz deleted")}
    today = timezone.localdate()
    for name, day in (("expired", today - timedelta(days=1)), ("due today", today)):
        KeptResult.objects.filter(code_hash=_hash(codes[name])).update(expires_on=day)
    client.post(DELETE, {"code": codes["deleted"]})
    client.post(DELETE, {"code": codes["another quiz deleted"]})
    for address in (KEPT, COMPARE):
        unknown = client.post(address, {"code": CODE})
        assert problems(unknown) == [("#code", UNKNOWN)]
        for code in codes.values():
            response = client.post(address, {"code": code})
            assert (response.status_code, bare(response, code)) == (422, bare(unknown))
            assert dict(response.headers) == dict(unknown.headers) | {"Content-Length": response["Content-Length"]}


def _hash(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()


@pytest.mark.parametrize("code", ["", "   ", "x" * 61, "\0", "x" * 5000])
def test_code_that_cannot_be_one_is_an_error(course: None, client: Client, code: str) -> None:
    assert len(problems(client.post(KEPT, {"code": code}))) == 1


def test_kept_result_shows_the_scores_in_words(course: None, client: Client) -> None:
    code = keep(client, 3, 4, None, 0)
    root = page(Client().post(KEPT, {"code": code}))
    main = root.one("main")
    assert table(root) == [
        ["Self-trust", "Hard at present", "0"],
        ["Openness to others", "Comes easily", "75"],
        ["Discernment", "Comes easily", "100"],
        ["Comfort with closeness", "Not enough answers", "–"],
    ]
    assert "Self-trust is lowest for you; Discernment stands highest." in [p.text for p in main.all("p")]
    assert described(main) == {
        "Self-trust": "0",
        "Openness to others": "75",
        "Discernment": "100",
        "Comfort with closeness": "not enough answers",
    }
    assert [node for node in main.all("line") if node.has_class("before")] == []
    form = main.one("form", action=DELETE)
    assert form.one("input", name="code")["value"] == code


def opened(client: Client, code: str) -> Node:
    """What whoever has the code sees, in a browser that holds no answers."""
    return page(Client().post(KEPT, {"code": code})).one("main")


def listed(main: Node) -> list[str]:
    return [link["data-reading"] for link in main.one("ol", data_reading_list="").all("a", data_reading="")]


@pytest.mark.parametrize(
    "slug, choice, levels",
    [
        (SLUG, "", (3, 4, None, 0)),
        (RELATION, "partner", (1, 2, 0, 3, 4)),
        (RELATION, "friend", (1, 2, 0, 3, 4)),
        ("ready-to-rebuild", "hurt-other", (1, 2, 3, 4)),
        ("ready-to-rebuild", "broke", (4, 1, 0, 4)),
        ("where-mistrust-came-from", "", (0, 0, 0, 0, 0)),
    ],
)
def test_kept_result_opens_with_the_list_and_the_act_of_its_day(
    course: None, client: Client, slug: str, choice: str, levels: tuple[int | None, ...]
) -> None:
    code = keep(client, *levels, slug=slug, context=choice)
    before = page(client.get(f"/quizzes/{slug}/result/")).one("main")
    main = opened(client, code)
    assert KeptResult.objects.get().context == choice
    assert listed(main) == listed(before) != []
    assert main.one(data_act="").text == before.one(data_act="").text
    assert [each.text for each in main.one("ol", data_reading_list="").all(data_why="")] == [
        each.text for each in before.one("ol", data_reading_list="").all(data_why="")
    ]
    assert "/help/" in [link["href"] for link in main.all("a")]


@pytest.mark.parametrize(
    "slug, levels, quiet",
    [
        (RELATION, (4, 4, 4, 4, 3), True),
        (RELATION, (4, 4, 4, 4, None), True),
        (RELATION, (0, 0, 0, 0, 4), False),
        (CONTROLLED, (0, 0, 0, None), True),
        (CONTROLLED, (0, 0, 0, 0), False),
        (SLUG, (0, 0, 0, 0), False),
    ],
)
def test_kept_result_has_no_figure_unless_safety_is_at_its_best(
    course: None, client: Client, slug: str, levels: tuple[int | None, ...], quiet: bool
) -> None:
    """Whoever finds the code could read there what somebody is afraid of."""
    code = keep(client, *levels, slug=slug, context="partner" if slug == RELATION else "")
    main = opened(client, code)
    assert [bool(found) for found in (main.all("table"), main.all("svg", role="img"), classed(main, "say"))] == [
        not quiet
    ] * 3
    labels = {band.label for band in KeptResult.objects.get().version.source.bands}
    labels |= {
        band.label for each in KeptResult.objects.get().version.source.dimensions for band in each.bands if band.label
    }
    assert bool([label for label in labels if label in main.text]) == (not quiet)
    if quiet:
        assert re.findall(r"\(\d+\)|· \d+(?! min)", main.text) == []


@pytest.mark.parametrize(
    "slug, choice, levels, leading",
    [
        (
            *(RELATION, "relative", (0, 4, 4, 4, 3)),
            [*oracle.SAFETY, oracle.FALLBACK, "living-without-trust#on-guard-all-the-time"],
        ),
        (RELATION, "colleague", (0, 4, 4, 4, None), [*oracle.SAFETY, oracle.FALLBACK]),
        (CONTROLLED, "", (0, 0, 0, None), [*oracle.SAFETY, oracle.FALLBACK, "what-trust-is#trust-has-limits"]),
    ],
)
def test_kept_result_opens_like_a_flagged_one_unless_safety_is_at_its_best(
    course: None, client: Client, slug: str, choice: str, levels: tuple[int | None, ...], leading: list[str]
) -> None:
    main = opened(client, keep(client, *levels, slug=slug, context=choice))
    found = listed(main)
    assert found[: len(leading)] == leading
    assert [address for address in found if oracle.is_repair_advice(address)] == []
    assert main.one(data_act="").text == "Choose one person outside, and think of one sentence you could say to them."
    assert [link["href"] for link in main.one(data_help="").all("a") if link["href"] == "tel:911"] == ["tel:911"]


def test_kept_result_keeps_the_words_it_was_given_in(course: None, client: Client) -> None:
    code = keep(client, 0, 2, 3, 4)
    before = bare(client.post(KEPT, {"code": code}))
    source = authoring.value(authoring.draft("quiz", SLUG))
    changed = replace(
        source,
        title="How you trust",
        bands=tuple(
            replace(band, label=f"New {band.label}", text="New words.", start=band.start // 2) for band in source.bands
        ),
        dimensions=tuple(replace(each, name=f"New {each.name}") for each in source.dimensions),
    )
    version = authoring.publish_value("quiz", changed)
    assert (version.number, page(client.get(f"/quizzes/{SLUG}/")).one("h1").text) == (2, "How you trust")
    after = client.post(KEPT, {"code": code})
    assert bare(after) == before
    main = page(after).one("main")
    assert classed(main, "eyebrow")[0].text == "How I trust"
    assert table(page(after))[0] == ["Openness to others", "Hard at present", "0"]
    assert "Scored by version 1 of this quiz." in main.text


# Deleting


def test_deleting_is_immediate(course: None, client: Client) -> None:
    code, other = keep(client, 1, 2, 3, 4), keep(client, 4, 3, 2, 1)
    response = client.post(DELETE, {"code": code.upper()})
    assert page(response).one("h1").text == "Nothing is kept under that code"
    assert [row.code_hash for row in KeptResult.objects.all()] == [_hash(other)]
    assert problems(client.post(KEPT, {"code": code})) == [("#code", UNKNOWN)]


@pytest.mark.parametrize("code", ["", CODE, "x" * 5000, "\0", "ключ"])
def test_deleting_answers_the_same_for_every_code(course: None, client: Client, code: str) -> None:
    known = client.post(DELETE, {"code": keep(client, 1, 2, 3, 4)})
    unknown = client.post(DELETE, {"code": code})
    assert (unknown.status_code, unknown.content, dict(unknown.headers)) == (200, known.content, dict(known.headers))


def test_deleting_without_a_code_answers_the_same(course: None, client: Client) -> None:
    keep(client, 1, 2, 3, 4)
    assert page(client.post(DELETE)).one("h1").text == "Nothing is kept under that code"
    assert KeptResult.objects.count() == 1


def test_following_a_link_deletes_nothing(course: None, client: Client) -> None:
    code = keep(client, 1, 2, 3, 4)
    assert client.get(DELETE, {"code": code}).status_code == 405
    assert KeptResult.objects.count() == 1


def test_prune_deletes_exactly_what_is_due(course: None, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    version = QuizVersion.objects.live(slug=SLUG).get()
    today = timezone.localdate()
    for days in (-400, -1, 0, 1, 30):
        day = today + timedelta(days=days)
        KeptResult.objects.create(code_hash=str(days), version=version, scores={}, kept_on=today, expires_on=day)
    call_command("prune")
    assert capsys.readouterr().out == "3 kept result(s) were due and are deleted.\n"
    assert set(KeptResult.objects.values_list("code_hash", flat=True)) == {"1", "30"}
    call_command("prune")
    assert capsys.readouterr().out == "0 kept result(s) were due and are deleted.\n"
    assert kept.prune(today + timedelta(days=29)) == 1
    assert kept.prune(today + timedelta(days=30)) == 1


# Then and now


def compared(client: Client, code: str) -> Node:
    return page(client.post(COMPARE, {"code": code}))


def test_comparison_shows_then_and_now(course: None, client: Client) -> None:
    code = keep(client, 0, 4, 2, 1)
    take(client, SLUG, rated(SLUG, 2, 4, 1, None))
    root = compared(client, code)
    main = root.one("main")
    assert table(root) == [
        ["Comfort with closeness", "50", "25"],
        ["Openness to others", "0", "50"],
        ["Discernment", "100", "100"],
        ["Self-trust", "25", "–"],
    ]
    assert [each.text for each in classed(main, "changes")[0].all("li")] == [
        "Comfort with closeness: may have moved; a third time would tell",
        "Openness to others: clearly moved",
        "Discernment: about the same",
        "Self-trust: no score to compare",
    ]
    today = timezone.localdate()
    lead = f"The line is filled as far as today. The upright mark is {today.day} {today:%B %Y}."
    assert classed(main, "lead")[0].text == lead
    assert "may mean nothing" not in main.text


def test_comparison_draws_both_marks(course: None, client: Client) -> None:
    code = keep(client, 0, 4, 2, None)
    take(client, SLUG, rated(SLUG, 2, 4, 1, 3))
    main = compared(client, code).one("main")
    chart = main.one("svg", role="img")
    assert [each["width"] for each in chart.all("svg") if each.has_class("fill")] == ["25%", "50%", "75%", "100%"]
    assert [(each["x1"], each["x2"]) for each in chart.all("line") if each.has_class("before")] == [
        ("50%", "50%"),
        ("0%", "0%"),
        ("100%", "100%"),
    ]
    assert described(main) == {
        "Comfort with closeness": "25, before 50",
        "Openness to others": "50, before 0",
        "Self-trust": "75",
        "Discernment": "100, before 100",
    }


def test_comparison_with_another_quiz_is_refused_by_name(course: None, client: Client) -> None:
    code = keep(client, 1, 1, 1, 1, 1, slug="where-mistrust-came-from")
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    response = client.post(COMPARE, {"code": code})
    assert problems(response) == [
        ("#code", "This code belongs to another quiz, Where did the mistrust come from?"),
    ]


def test_comparison_with_a_result_about_somebody_else_is_refused(course: None, client: Client) -> None:
    code = keep(client, 3, 3, 3, 3, 4, slug=RELATION, context="friend")
    take(client, RELATION, rated(RELATION, 3, 3, 3, 3, 4, context="partner"), "partner")
    response = client.post(f"/quizzes/{RELATION}/compare/", {"code": code})
    assert problems(response) == [("#code", "The result under this code began with another answer: A friend")]
    KeptResult.objects.update(context="")  # kept before the context was
    assert client.post(f"/quizzes/{RELATION}/compare/", {"code": code}).status_code == 200


@pytest.mark.parametrize("then, now", [(3, 4), (4, 3), (3, 3), (4, 4)])
def test_comparison_has_words_alone_unless_safety_is_at_its_best(
    course: None, client: Client, then: int, now: int
) -> None:
    code = keep(client, 1, 2, 3, 4, then, slug=RELATION, context="partner")
    take(client, RELATION, rated(RELATION, 4, 2, 3, 4, now, context="partner"), "partner")
    main = page(client.post(f"/quizzes/{RELATION}/compare/", {"code": code})).one("main")
    best = then == now == 4
    assert [bool(found) for found in (main.all("table"), main.all("svg", role="img"))] == [best, best]
    assert ("/help/" in [link["href"] for link in main.all("a")]) is not best
    changes = [each.text for each in classed(main, "changes")[0].all("li")]
    assert "Predictability: clearly moved" in changes
    assert len(changes) == 5


def test_comparison_with_another_version_says_so(course: None, client: Client) -> None:
    said = "The quiz has been changed since then, so read the comparison with more caution."
    code = keep(client, 1, 2, 3, 4)
    assert said not in compared(client, code).one("main").text
    authoring.publish(authoring.change(authoring.draft("quiz", SLUG), summary="Said anew."))
    assert said not in compared(client, code).one("main").text
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4, version="2"))
    assert said in compared(client, code).one("main").text


# Nothing leaks


@pytest.mark.parametrize("address", [KEEP, COMPARE, KEPT, DELETE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_are_stored_and_listed_nowhere(course: None, client: Client, address: str, method: str) -> None:
    code = keep(client, 1, 2, 3, 4)
    fields = {"code": sealed(client) if address == KEEP else code, "days": "30"}
    response = client.post(address, fields) if method == "post" else client.get(address)
    if (address, method) == (DELETE, "get"):
        assert response.status_code == 405
        return
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex",
        "same-origin",
    )
    root = page(response)
    assert root.one("meta", name="robots")["content"] == "noindex"
    assert root.all("meta", property="") == []
    assert "Location" not in response


def test_code_is_in_no_address(course: None, client: Client) -> None:
    code = keep(client, 1, 2, 3, 4)
    pages = [client.post(KEPT, {"code": code}), client.post(COMPARE, {"code": code})]
    links = [link["href"] for each in pages for link in page(each).all("a")]
    assert [link for link in links if code in link or "?" in link] == []
    forms = [form for each in pages for form in page(each).one("main").all("form")]
    assert {(form["method"], form["action"]) for form in forms} == {("post", DELETE)}
    assert client.get(KEPT, {"code": code}).content.count(code.encode()) == 0
    assert page(client.get(KEPT, {"code": code})).one("h1").text == "See a kept result"


@pytest.mark.parametrize("address", [KEEP, COMPARE, KEPT, DELETE])
def test_form_from_elsewhere_is_refused(course: None, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"code": CODE, "days": "30"}).status_code == 403
    assert KeptResult.objects.count() == 0


# The bytes on disk, of the real server


class Visitor:
    """A browser without a screen: it keeps cookies and carries the form's token."""

    def __init__(self, url: str):
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, address: str) -> Node:
        with self.opener.open(self.url + address, timeout=10) as response:
            return parse(response.read())

    def post(self, address: str, **fields: Any) -> Node:
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
        with self.opener.open(self.url + address, body, timeout=10) as response:
            return parse(response.read())

    def keep(self, *levels: int) -> str:
        """Take the quiz and keep its result. Gives the code."""
        self.get(f"/quizzes/{SLUG}/questions/")
        self.post(f"/quizzes/{SLUG}/questions/", **rated(SLUG, *levels))
        sealed_code = self.get(KEEP).one("main").one("input", name="code")["value"]
        return self.post(KEEP, code=sealed_code, days="90").one("main").one("code").text


def holding(folder: Path, *texts: str) -> list[list[str]]:
    """For each text the files that hold its bytes anywhere, in use or not."""
    files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [sorted(name for name, content in files.items() if text.encode() in content) for text in texts]


def in_database(names: list[str]) -> bool:
    return bool(names) and set(names) <= {"site.sqlite3", "site.sqlite3-wal"}


def test_deleted_result_leaves_no_byte_behind(site: Site) -> None:
    visitor = Visitor(site.url)
    code = visitor.keep(4, 0, 4, 0)
    traces = (code, _hash(code), json.dumps({"open": 100, "discern": 0, "close": 100, "self": 0}))
    in_clear, hashed, scores = holding(site.data_dir, *traces)
    assert (in_clear, in_database(hashed), in_database(scores)) == ([], True, True)
    assert visitor.post(DELETE, code=code).one("h1").text == "Nothing is kept under that code"
    assert holding(site.data_dir, *traces) == [[], [], []]


def test_pruned_result_leaves_no_byte_behind(site: Site) -> None:
    code = Visitor(site.url).keep(0, 4, 0, 4)
    traces = (_hash(code), json.dumps({"open": 0, "discern": 100, "close": 0, "self": 100}))
    database = sqlite3.connect(site.data_dir / "site.sqlite3")
    with database:
        database.execute(
            "UPDATE quizzes_keptresult SET expires_on = ? WHERE code_hash = ?", (str(date.today()), traces[0])
        )
    database.close()
    assert [in_database(found) for found in holding(site.data_dir, *traces)] == [True, True]
    done = run_manage("prune", data_dir=site.data_dir)
    assert (done.stdout, done.stderr) == ("1 kept result(s) were due and are deleted.\n", "")
    assert holding(site.data_dir, *traces) == [[], []]
    again = Visitor(site.url)
    again.get(KEPT)
    with pytest.raises(urllib.error.HTTPError) as refused:
        again.post(KEPT, code=code)
    assert refused.value.code == 422
    refused.value.close()


@pytest.mark.parametrize("address", [KEEP, COMPARE, KEPT])
def test_title_of_a_form_with_an_error_says_so(course: None, client: Client, address: str) -> None:
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    (title,) = [each for head in page(client.post(address, {}), 422).all("head") for each in head.all("title")]
    assert title.text.startswith("Error: ")


def test_kept_result_does_not_depend_on_the_order_of_stored_keys(course: None, client: Client) -> None:
    """PostgreSQL's jsonb stores keys shortest first: self, open, close, discern."""
    code = keep(client, 2, 2, 2, 2)
    before = [each.text for each in page(client.post(KEPT, {"code": code})).one("main").one("tbody").all("th")]
    KeptResult.objects.update(scores={"open": 50, "self": 50, "close": 50, "discern": 50})
    assert [each.text for each in page(client.post(KEPT, {"code": code})).one("main").one("tbody").all("th")] == before


def test_sealed_code_of_one_quiz_keeps_no_other(course: None, client: Client) -> None:
    """Told that it is kept, with a code, while the row is of the other quiz."""
    take(client, SLUG, rated(SLUG, 1, 2, 3, 4))
    one = sealed(client)
    assert client.post(KEEP, {"code": one, "days": "30"}).status_code == 200
    slug = "where-mistrust-came-from"
    take(client, slug, rated(slug, 1, 1, 1, 1, 1))
    assert client.post(f"/quizzes/{slug}/keep/", {"code": one, "days": "30"}).status_code == 422
