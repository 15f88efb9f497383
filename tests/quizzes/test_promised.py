"""Twelve results that must be right on the page and in the plan, worked out by hand from the tables, and what must hold
for everybody in danger or asked about another bond."""

from itertools import combinations, product
from typing import NamedTuple

import pytest
from django.test import Client

from quizzes.guidance import DimensionGuidance, Guidance, guide
from quizzes.scoring import score
from quizzes.source import LinkSource, QuizSource
from tests.factories import shipped_lessons, shipped_quizzes
from tests.quizzes import oracle
from tests.quizzes.page import Node
from tests.quizzes.taker import FIRST, QUIZZES, full, page, rated, take

TRUST, BOND, SIGNS = "how-i-trust", "trust-in-this-relationship", "is-this-person-safe-to-trust"
SOURCES, READY, FACTS = "where-mistrust-came-from", "ready-to-rebuild", "trust-facts"
ABUSE = "manipulation-and-control#signs-of-emotional-abuse"
DECIDING = "manipulation-and-control#deciding-safely"
SAFE = "what-trust-is#safety-comes-first"
LIMITS = "what-trust-is#trust-has-limits"
LIARS = "patterns-to-take-seriously#people-who-lie-a-lot"


class Told(NamedTuple):
    """Dimensions in their order, those that raised the flag in capitals; the sections of the list that leads; and
    those that come after them in the plan, None where no plan is offered."""

    dimensions: str
    leading: list[str]
    then: list[str] | None
    sentence: str = ""
    skipped_safety: bool = False


CALM = rated(SIGNS, 0, 0, 0, 0)
LYING = CALM | {f"item-{number}": "4" for number in (1, 2, 3)}
UNSAID = {f"item-{number}": "skip" for number in range(13, 20)}

TWELVE = {
    "fear of a friend, partly, and all else at its best": (
        BOND, "friend", rated(BOND, 4, 4, 4, 4, 4, context="friend", item_17="3"),
        Told("SAFETY predict depend faith openness", [ABUSE, DECIDING, SAFE], None),
    ),
    "a relative, and everything partly": (
        BOND, "relative", full(BOND, "relative", "3"),
        Told("SAFETY predict depend faith openness",
             [ABUSE, DECIDING, "what-trust-is#the-building-blocks", SAFE], None),
    ),
    "two questions about safety skipped, and all else at its best": (
        BOND, "partner", rated(BOND, 4, 4, 4, 4, 4, context="partner", item_17="skip", item_18="skip"),
        Told("safety predict depend faith openness",
             [SAFE, "what-trust-is#it-takes-time-and-it-moves", "how-trust-grows#keeping-your-word",
              "trust-in-couples#what-couples-need", "trust-in-couples#solving-differences-fairly"],
             ["manipulation-and-control#not-energy-vampires",
              "patterns-to-take-seriously#big-feelings-or-frightening-acts"],
             "All parts stand at the same place.", skipped_safety=True),
    ),
    "told that they imagine things, often, and no other sign": (
        SIGNS, "", CALM | {"item-4": "3"},
        Told("HONESTY responsibility respect control", [ABUSE, DECIDING, LIARS, SAFE, LIMITS], None),
    ),
    "mocked very often, and no other sign": (
        SIGNS, "", CALM | {"item-10": "4"},
        Told("RESPECT honesty responsibility control",
             [ABUSE, DECIDING, SAFE, "scams-and-con-artists#how-the-script-runs"], None),
    ),
    "one blow, once": (
        SIGNS, "", CALM | {"item-17": "1"},
        Told("CONTROL honesty responsibility respect", [ABUSE, DECIDING, SAFE, LIMITS], None),
    ),
    "control skipped, and honesty high": (
        SIGNS, "", LYING | UNSAID | {"item-4": "2"},
        Told("control honesty responsibility respect",
             [ABUSE, LIARS, "how-trust-grows#keeping-your-word", LIMITS,
              "manipulation-and-control#gaslighting-and-blame-reversal"], [],
             "You reported most under Honesty signs; least under Responsibility signs and Respect and limits signs,"
             " alike.", skipped_safety=True),
    ),
    "control skipped, and honesty so high that it flags": (
        SIGNS, "", LYING | UNSAID | {"item-4": "4"},
        Told("HONESTY control responsibility respect", [ABUSE, DECIDING, LIARS, SAFE, LIMITS], None,
             skipped_safety=True),
    ),
    "somebody gives real reasons to doubt them, and the other two are calm": (
        SOURCES, "", rated(SOURCES, 0, 0, 0, 0, 0, item_10="5"),
        Told("now early hurt worth world",
             ["where-mistrust-comes-from#past-or-present", "where-trust-begins#safe-loved-heard",
              "how-trust-breaks#what-counts-as-betrayal", "trusting-yourself#what-self-trust-is",
              "where-mistrust-comes-from#you-are-not-the-only-one"],
             ["how-trust-breaks#what-it-does-to-us"]),
    ),
    "the knowledge check, all skipped": (
        FACTS, "", full(FACTS, answer="skip"),
        Told("formation loss caution rebuild",
             ["where-trust-begins#careful-little-learners", "living-without-trust#how-low-trust-colours-the-day", LIARS,
              "making-amends#an-apology-that-works", "where-trust-begins#habits-that-help-a-child-trust"],
             ["friends-and-work#owning-mistakes-and-listening", "friends-and-work#colleagues-a-different-mix"],
             "You skipped too many for a result, and that is your right. Here is where you could start."),
    ),
    "three parts tied lowest": (
        TRUST, "", rated(TRUST, 1, 1, 1, 4),
        Told("open discern close self",
             ["where-mistrust-comes-from#you-are-not-the-only-one", "reading-trustworthiness#three-questions",
              "where-trust-begins#childhood-is-not-destiny", "trusting-yourself#what-self-trust-is",
              "healing-and-forgiveness#trusting-again-in-steps"],
             ["reading-trustworthiness#charm-proves-little", "scams-and-con-artists#slow-down-and-verify"],
             "Openness to others, Discernment and Comfort with closeness share the lowest place;"
             " Self-trust stands highest."),
    ),
    "whoever broke trust with a partner is not sure whether they frightened them": (
        READY, "broke", FIRST | {"gate": "unsure"}, Told("", [], None),
    ),
    "whoever broke trust with somebody else is not sure whether they frightened them": (
        READY, "broke-other", FIRST | {"gate": "unsure"}, Told("", [], None),
    ),
    "safe with a relative, and nothing else": (
        BOND, "relative", rated(BOND, 0, 0, 0, 0, 4, context="relative"),
        Told("predict depend faith openness safety",
             ["living-without-trust#on-guard-all-the-time", "patterns-to-take-seriously#broken-promises",
              "repair-family-friends-work#understanding-is-not-excusing", "how-trust-grows#listening-that-lands",
              LIMITS], []),
    ),
}  # fmt: skip
by_case = pytest.mark.parametrize("slug, choice, fields, told", TWELVE.values(), ids=TWELVE)


def result_of(client: Client, slug: str, choice: str, fields: dict[str, str]) -> Node:
    take(client, slug, fields, choice)
    return page(client.get(f"/quizzes/{slug}/result/")).one(data_result="")


def listed(main: Node) -> list[str]:
    return [link["data-reading"] for link in main.all("a", data_reading="")]


def labels(source: QuizSource) -> set[str]:
    return {band.label for dimension in source.dimensions for band in source.bands_of(dimension)}


@by_case
def test_page_is_right(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], told: Told
) -> None:
    source = shipped_quizzes()[slug]
    words = {each.key: each.danger.text for each in source.dimensions if each.danger}
    root = result_of(client, slug, choice, fields)
    raised = [
        each["data-dimension"]
        for each in root.all(data_dimension="")
        if [text.text for text in each.all(data_words="")] == [words.get(each["data-dimension"])]
    ]
    order = [each["data-dimension"] for each in root.all(data_dimension="")]
    assert " ".join(key.upper() if key in raised else key for key in order) == told.dimensions
    assert root["data-flagged"] == ("true" if told.then is None else "false")
    assert [address for each in root.all("ol", data_reading_list="") for address in listed(each)] == told.leading
    assert told.sentence in root.text
    assert ("You skipped a safety question." in root.text) == told.skipped_safety


@by_case
def test_plan_is_right(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], told: Told
) -> None:
    take(client, slug, fields, choice)
    offer = client.get(f"/quizzes/{slug}/plan/")
    if told.then is None:
        assert (offer.status_code, offer["Location"]) == (303, f"/quizzes/{slug}/result/")
        return
    sections = [each["value"] for each in page(offer).one("main").all("input", name="section")]
    client.post("/quizzes/plan/add/", {"section": sections})
    assert listed(page(client.get("/quizzes/plan/")).one("main")) == [*told.leading, *told.then]


@pytest.mark.parametrize(
    "slug, choice, fields", [case[:3] for case in TWELVE.values() if case[3].then is None],
    ids=[name for name, case in TWELVE.items() if case[3].then is None],
)  # fmt: skip
def test_result_of_danger_has_words_and_numbers_to_call_and_no_figures(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str]
) -> None:
    root = result_of(client, slug, choice, fields)
    assert [root.all(tag) for tag in ("table", "meter", "progress")] == [[], [], []]
    assert root.all("svg", role="img") == []
    assert [label for label in labels(shipped_quizzes()[slug]) if label in root.text] == []
    folded = {id(link) for fold in root.all("details") for link in fold.all("a")}
    open_numbers = [
        link["href"] for block in root.all(data_help="") for link in block.all("a") if id(link) not in folded
    ]
    assert [number for number in open_numbers if number.startswith("tel:")] != []
    hrefs = [link["href"] for link in root.all("a")]
    assert [f"/quizzes/{slug}/{page_name}/" in hrefs for page_name in ("keep", "compare", "plan")] == [False] * 3
    assert [href for href in hrefs if oracle.is_repair_advice(address_of(href))] == []


def address_of(href: str) -> str:
    path, _, anchor = href.partition("#")
    return f"{path.strip('/').rpartition('/')[2]}#{anchor}"


def test_one_who_may_have_frightened_somebody_meets_no_page_for_those_who_are_afraid(
    course: None, client: Client
) -> None:
    root = result_of(client, READY, "broke", FIRST | {"gate": "unsure"})
    assert (root.all("a", data_reading=""), root.all(data_act="")) == ([], [])
    source = shipped_quizzes()[READY]
    gate = source.gate_for("broke")
    assert gate
    places = [root.text.find(each) for each in (gate.text, gate.after, gate.last)]
    assert places == sorted(places)
    assert places[0] >= 0
    assert source.safety
    assert source.safety.text not in root.text


def test_a_doubt_for_real_reasons_is_not_called_small(course: None, client: Client) -> None:
    root = result_of(client, SOURCES, "", rated(SOURCES, 0, 0, 0, 0, 0, item_10="5"))
    now = root.one(data_dimension="now")
    assert (now["data-score"], now["data-band"]) == ("33", "low")
    assert "If one person keeps giving you reasons, start with what they do." in root.text
    [first, *_] = root.one("ol", data_reading_list="").all("li")
    assert "little" not in first.text


# In danger, whatever the flags


HIDDEN = {
    f"{lesson.slug}#{section.anchor}"
    for lesson in shipped_lessons().values()
    for section in lesson.sections
    if section.not_in_danger
}


@pytest.mark.parametrize("others", ["best", "worst", "skipped"])
@pytest.mark.parametrize("slug, choice", [(BOND, choice) for choice in QUIZZES[BOND].contexts] + [(SIGNS, "")])
def test_no_combination_of_flags_leads_to_repair_advice(slug: str, choice: str, others: str) -> None:
    source = shipped_quizzes()[slug]
    best, worst = (0, 4) if source.higher_is_worse else (4, 0)
    flagging = [item for item in source.items_for(choice) if item.flag_at]
    calm = at_level(slug, choice, best)
    given = at_level(slug, choice, {"best": best, "worst": worst, "skipped": None}[others])
    given |= {item.key: calm[item.key] for item in flagging}
    sets = [flags for count in range(1, len(flagging) + 1) for flags in combinations(flagging, count)]
    assert len(sets) == 2 ** len(flagging) - 1
    for flags, pick in product(sets, (min, max)):
        answers = {item.key: str(pick(item.flag_at)) for item in flags}
        result = score(source, given | answers, choice)
        guidance = guide(source, result, hidden=HIDDEN)
        shown = [link.to for each in (guidance, *guidance.dimensions) for link in links_of(each)]
        raised = {each.dimension.key for each in guidance.dimensions if each.danger}
        assert raised == result.raised == {item.dimension for item in flags}, answers
        assert [to for to in shown if to in HIDDEN] == [], answers
        assert [link.to for link in guidance.leading[:2]] == [ABUSE, DECIDING], answers


def at_level(slug: str, choice: str, level: int | None) -> dict[str, str]:
    dimensions = shipped_quizzes()[slug].dimensions_for(choice)
    fields = rated(slug, *[level for _ in dimensions], context=choice)
    return {name.removeprefix("item-"): value for name, value in fields.items() if name.startswith("item-")}


def links_of(each: Guidance | DimensionGuidance) -> tuple[LinkSource, ...]:
    return each.reading if isinstance(each, Guidance) else each.links


# Another bond than a partner's


@pytest.mark.parametrize(
    "slug, choice",
    [(BOND, "friend"), (BOND, "relative"), (BOND, "colleague"), (READY, "hurt-other"), (READY, "broke-other")],
)
def test_who_is_asked_about_another_bond_never_meets_a_partner_s_page(slug: str, choice: str) -> None:
    source = shipped_quizzes()[slug]
    for levels in product((0, 2, 4, None), repeat=len(source.dimensions_for(choice))):
        fields = rated(slug, *levels, context=choice)
        responses = {name.removeprefix("item-"): value for name, value in fields.items()}
        guidance = guide(source, score(source, responses, choice, "no"), hidden=HIDDEN)
        shown = [link.to for each in (guidance, *guidance.dimensions) for link in links_of(each)]
        assert [to for to in shown if to.startswith(PARTNERS)] == [], levels


PARTNERS = ("trust-in-couples#", "repair-as-a-couple#", "the-first-days#if-it-was-an-affair")
