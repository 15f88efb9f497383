"""The result page: its order, its words, its figures, and that there are none where there is danger."""

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from helplines.models import by_country
from quizzes.models import QuizVersion
from quizzes.source import QuizSource
from tests.quizzes.page import Node, classed
from tests.quizzes.taker import (
    FIRST,
    FORM_IDS,
    FORMS,
    QUIZZES,
    SITE,
    full,
    page,
    questions,
    rated,
    result,
    send,
    take,
    title,
)

RELATION, SIGNS, REBUILD = "trust-in-this-relationship", "is-this-person-safe-to-trust", "ready-to-rebuild"
ABUSE = [
    "manipulation-and-control#signs-of-emotional-abuse",
    "manipulation-and-control#deciding-safely",
]
FIGURED = (
    r"\(\d+\)|(?:lowest|highest|most) for you|among your|came out as|stands (?:well|highest)|weighs?\b|"
    r"You (?:reported|missed)|not enough"
)


def root_of(client: Client, slug: str) -> Node:
    return page(client.get(result(slug))).one(data_result="")


def taken(client: Client, slug: str, fields: dict[str, str], context: str = "") -> Node:
    """The result of these answers."""
    take(client, slug, fields, context)
    return root_of(client, slug)


def source_of(slug: str) -> QuizSource:
    return QuizVersion.objects.live(slug=slug).get().source


def assert_in_order(root: Node, *landmarks: Node) -> None:
    nodes = list(root.walk())
    places = [nodes.index(landmark) for landmark in landmarks]
    assert places == sorted(places)


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


# A result with figures


def result_of(client: Client, *levels: int | None) -> Node:
    """The result of ``how-i-trust`` with a level for each dimension: 0 to 4 score 0, 25, 50, 75 and 100."""
    return taken(client, "how-i-trust", rated("how-i-trust", *levels))


def said(root: Node) -> str:
    (sentence,) = classed(root, "say")
    return sentence.text


def test_result_stands_in_its_order(course: None, client: Client) -> None:
    root = result_of(client, 3, 4, 2, 0)
    (sentence,), (chart,) = classed(root, "say"), classed(root, "chart")
    assert_in_order(
        root,
        root.one("h1"),
        sentence,
        root.one("ol", data_reading_list=""),
        root.one("a", href="/quizzes/how-i-trust/plan/"),
        chart,
        root.one("table"),
        *root.all(data_dimension=""),
        root.one(data_act=""),
        root.one("a", href="/quizzes/how-i-trust/method/"),
        root.one("a", href=questions("how-i-trust")),
        root.one("form"),
    )
    assert [
        (each["data-dimension"], each["data-score"], each["data-band"]) for each in root.all(data_dimension="")
    ] == [
        ("self", "0", "low"),
        ("close", "50", "middle"),
        ("open", "75", "high"),
        ("discern", "100", "high"),
    ]


def test_unflagged_result_has_no_help_first(course: None, client: Client) -> None:
    root = result_of(client, 4, 4, 2, 0)
    assert (root["data-flagged"], classed(root, "safety"), root.all(data_help="")) == ("false", [], [])
    assert root.one("h1").text == "What your answers say"


@pytest.mark.parametrize(
    "levels, words",
    [
        ((3, 4, 2, 0), "Self-trust is lowest for you; Discernment stands highest."),
        (
            (1, 1, 4, 1),
            "Openness to others, Discernment and Self-trust share the lowest place; "
            "Comfort with closeness stands highest.",
        ),
        ((2, 2, 2, 2), "All parts stand at the same place. Each came out as “It depends.”"),
        ((None, None, 2, None), "Comfort with closeness came out as “It depends.”"),
        (
            (None, None, None, None),
            "You skipped too many for a result, and that is your right. Here is where you could start.",
        ),
    ],
)
def test_sentence_tells_ties_and_absence(
    course: None, client: Client, levels: tuple[int | None, ...], words: str
) -> None:
    assert said(result_of(client, *levels)) == words


@pytest.mark.parametrize(
    "levels, changed, words",
    [
        ((0, 0, 0, 0), {}, "You reported none of these signs."),
        ((0, 0, 0, 0), {"item_2": "skip"}, "You reported none of the signs you answered."),
        ((0, 0, 0, None), {}, "You reported none of the signs you answered."),
        ((None, 0, 0, 0), {"item_1": "4"}, "All parts stand at the same place."),  # a lie, reported beside skips
        (
            (2, 0, 0, 0),
            {},
            "You reported most under Honesty signs; least under Responsibility signs, Respect and limits signs and "
            "Control and fear signs, alike.",
        ),
    ],
)
def test_sentence_about_signs(
    course: None, client: Client, levels: tuple[int | None, ...], changed: dict[str, str], words: str
) -> None:
    assert said(taken(client, SIGNS, rated(SIGNS, *levels, **changed))) == words


@pytest.mark.parametrize(
    "skipped, words", [(0, " You had 15 of 15."), (7, " You had 8 of 8."), (8, ""), (13, ""), (15, "")]
)
def test_keyed_result_says_how_many_were_right(course: None, client: Client, skipped: int, words: str) -> None:
    """Left out when fewer than half of the questions were answered."""
    items = source_of("spot-the-manipulation").items
    given = {f"item-{item.key}": "skip" if n < skipped else item.answer for n, item in enumerate(items)}
    text = said(taken(client, "spot-the-manipulation", FIRST | given))
    assert re.findall(r" You had .*", text) == ([words] if words else [])


def test_chart_table_and_dimensions_say_the_same(course: None, client: Client) -> None:
    root = result_of(client, 3, 4, 2, 0)
    told = [
        ("Self-trust", "Hard at present", "0"),
        ("Comfort with closeness", "It depends", "50"),
        ("Openness to others", "Comes easily", "75"),
        ("Discernment", "Comes easily", "100"),
    ]
    rows = [[each.text for each in row.all() if each.tag in ("th", "td")] for row in root.one("tbody").all("tr")]
    assert [tuple(row) for row in rows] == told
    (chart,) = classed(root, "chart")
    assert {name: name in chart.text and score in chart.text for name, _, score in told} == {
        name: True for name, _, _ in told
    }
    assert [(each.one("h3").text, each["data-score"]) for each in root.all(data_dimension="")] == [
        (name, score) for name, _, score in told
    ]


def test_chart_is_met_once_by_those_who_cannot_see_it(course: None, client: Client) -> None:
    root = result_of(client, 3, 4, 2, 0)
    (chart,) = root.all("svg", role="img")
    named = [root.one(id=each) for each in chart["aria-labelledby"].split()]
    assert [(each.tag, each.text) for each in named] == [
        ("title", "Your scores from 0 to 100"),
        ("desc", "Self-trust: 0; Comfort with closeness: 50; Openness to others: 75; Discernment: 100."),
    ]


def test_no_grand_total_is_shown(course: None, client: Client) -> None:
    """The scores 100, 100, 50 and 0 have the mean 62.5 and the sum 250; neither they nor a rank is on the page."""
    text = result_of(client, 4, 4, 2, 0).text
    assert {"62", "63", "62.5", "250"}.isdisjoint(re.findall(r"\d+(?:\.\d+)?", text))
    assert "%" not in text
    assert re.findall(r"(?i)percentile|you are a |you failed|passed", text) == []


def test_dimension_with_too_few_answers_says_so(course: None, client: Client) -> None:
    root = taken(client, "how-i-trust", rated("how-i-trust", 4, 4, 2, 0, item_1="skip", item_2="skip"))
    dimension = root.one(data_dimension="open")
    assert (dimension["data-score"], dimension["data-band"]) == ("", "")
    assert "Not enough answers here" in [each.text for each in dimension.all("p")]
    assert dimension.all(data_words="") == []
    assert root.all(data_dimension="")[-1] is dimension
    assert [each["data-reading"] for each in dimension.all("a", data_reading="")] == [
        "how-trust-grows#small-risks-in-turn"
    ]
    whys = {link: why for link, why, _ in reasons(root)}
    assert whys["how-trust-grows#small-risks-in-turn"] == "There were not enough answers on Openness to others."


def test_result_of_skips_alone_has_no_chart_and_still_reads_on(course: None, client: Client) -> None:
    root = taken(client, "how-i-trust", full("how-i-trust", answer="skip"))
    assert (classed(root, "chart"), root.all("table"), root.all(data_act="")) == ([], [], [])
    assert len(root.one("ol", data_reading_list="").all("li")) == 4
    assert {each["data-score"] for each in root.all(data_dimension="")} == {""}


# Words, reasons, the act


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_dimension_has_its_own_words(course: None, client: Client, slug: str, choice: str, place: int) -> None:
    answers = QUIZZES[slug].answers
    root = taken(client, slug, full(slug, choice, answers[place % len(answers)]), choice)
    source = source_of(slug)
    for dimension in source.dimensions_for(choice):
        shown = root.one(data_dimension=dimension.key)
        band = source.bands_of(dimension)[("low", "middle", "high").index(shown["data-band"])]
        flagged = shown.one("h3").text != dimension.name
        assert shown.one(data_words="").text == (dimension.danger.text if flagged and dimension.danger else band.text)
        assert (band.label in shown.text) is (root["data-flagged"] == "false")


def reasons(root: Node) -> list[tuple[str, str, str]]:
    """Each entry of the reading list with the computed and the written half of its reason."""
    told = []
    for entry in root.one("ol", data_reading_list="").all("li"):
        (why,), written = classed(entry, "why"), entry.one(data_why="").text
        assert why.text.endswith(written)
        told.append((entry.one("a")["data-reading"], why.text.removesuffix(written).strip(), written))
    return told


def test_each_reading_says_why_and_how_long(course: None, client: Client) -> None:
    root = result_of(client, 3, 4, 2, 0)
    assert [(to, computed) for to, computed, _ in reasons(root)] == [
        ("trusting-yourself#small-promises-to-yourself", "Because Self-trust is lowest for you (0)."),
        ("how-trust-grows#listening-that-lands", "Comfort with closeness came out as “It depends” (50)."),
        ("trusting-yourself#balanced-trust", "Openness to others stands well (75)."),
        ("reading-trustworthiness#wise-trust-is-not-suspicion", "Discernment stands well (100)."),
        ("reading-trustworthiness#why-lies-are-hard-to-see", "Because Self-trust is lowest for you (0)."),
    ]
    for entry in root.one("ol", data_reading_list="").all("li"):
        (where,) = classed(entry, "where")
        assert re.fullmatch(r".{5,60} · \d min", where.text)


@pytest.mark.parametrize("slug, choice", FORMS, ids=FORM_IDS)
def test_every_reason_is_a_sentence_beside_its_link(course: None, client: Client, slug: str, choice: str) -> None:
    for answer in QUIZZES[slug].answers:
        root = taken(client, slug, full(slug, choice, answer), choice)
        readings = root.all("a", data_reading="")
        whys = [each.one(data_why="").text for each in root.all("li") if each.all("a", data_reading="")]
        assert len(whys) == len(readings) > 0
        assert [why for why in whys if not re.fullmatch(r"This section [a-z].{20,}[.?!]", why)] == []


@pytest.mark.parametrize(
    "right, computed",
    [
        ({"u1": "b"}, "Because you missed 2 of 3 on Pressure and money."),
        ({"u1": "skip"}, "Because you missed 2 of 2 on Pressure and money."),
        ({"u1": "b", "u2": "c", "u3": "b"}, "Because you had all 3 on Pressure and money."),
    ],
)
def test_reason_of_a_keyed_quiz_counts(course: None, client: Client, right: dict[str, str], computed: str) -> None:
    send(client, "spot-the-manipulation", **{f"item_{key}": answer for key, answer in right.items()})
    assert computed in [each for _, each, _ in reasons(root_of(client, "spot-the-manipulation"))]


def test_result_that_hides_without_a_flag_still_says_why(course: None, client: Client) -> None:
    """Safety in its middle band leads and hides what is not for readers in danger; figures are shown."""
    root = taken(client, RELATION, rated(RELATION, 4, 4, 4, 4, 3, context="partner"), "partner")
    assert root["data-flagged"] == "false"
    assert [(to, computed) for to, computed, _ in reasons(root)][:2] == [
        ("what-trust-is#safety-comes-first", "Because Safety is lowest for you (75)."),
        ("manipulation-and-control#not-energy-vampires", "Because Safety is lowest for you (75)."),
    ]


@pytest.mark.parametrize(
    "slug, levels, context, leading, band",
    [
        ("how-i-trust", (3, 4, 2, 0), "", "self", 0),
        ("how-i-trust", (4, 4, 4, 4), "", "open", 2),
        ("how-i-trust", (None, 2, 4, 4), "", "discern", 1),
        (RELATION, (0, 4, 4, 4, 3), "friend", "safety", 1),  # safety leads
        (RELATION, (0, 4, 4, 4, None), "friend", "predict", 0),  # it leads without a score, and has no act then
        (SIGNS, (2, 0, 0, 0), "", "honesty", 2),
        ("where-mistrust-came-from", (0, 4, 0, 0, 0), "", "hurt", 2),
        (REBUILD, (4, 4, 0, 4), "broke-other", "b-patient", 0),
    ],
)
def test_act_is_that_of_what_leads(
    course: None, client: Client, slug: str, levels: tuple[int | None, ...], context: str, leading: str, band: int
) -> None:
    root = taken(client, slug, rated(slug, *levels, context=context), context)
    assert root["data-flagged"] == "false"
    (dimension,) = [each for each in source_of(slug).dimensions if each.key == leading]
    assert root.one(data_act="").text == dimension.bands[band].act


def test_skipped_safety_question_offers_help_without_a_flag(course: None, client: Client) -> None:
    fields = rated(RELATION, 2, 2, 2, 2, 4, context="partner", item_20="skip")
    root = taken(client, RELATION, fields, "partner")
    (safety,) = classed(root, "safety")
    assert root["data-flagged"] == "false"
    assert safety.text.startswith("You skipped a safety question. Help is there if you want it.")
    assert [link["href"] for link in safety.all("a")] == ["/help/"]


# In danger: words and numbers, no figures

FLAGGED: dict[str, tuple[str, str, dict[str, str], list[str]]] = {  # with the dimensions that raised the flag
    "afraid": (RELATION, "partner", rated(RELATION, 4, 4, 4, 4, 4, context="partner", item_17="1"), ["safety"]),
    "partly afraid": (RELATION, "friend", rated(RELATION, 4, 4, 4, 4, 4, context="friend", item_17="3"), ["safety"]),
    "all partly": (RELATION, "relative", rated(RELATION, 2, 2, 2, 2, 2, context="relative"), ["safety"]),
    "watched": (RELATION, "colleague", rated(RELATION, 0, 0, 0, 0, 4, context="colleague", item_18="3"), ["safety"]),
    "one blow": (SIGNS, "", rated(SIGNS, 0, 0, 0, 0, item_17="1"), ["control"]),
    "one blow, the rest skipped": (SIGNS, "", rated(SIGNS, None, None, None, None, item_17="1"), ["control"]),
    "memory denied": (SIGNS, "", rated(SIGNS, 0, 0, 0, 0, item_4="3"), ["honesty"]),
    "no is not heard": (SIGNS, "", rated(SIGNS, 0, 4, 0, 0, item_9="3"), ["respect"]),
    "shamed": (SIGNS, "", rated(SIGNS, 0, 0, 0, None, item_10="4"), ["respect"]),
    "all of it": (SIGNS, "", rated(SIGNS, 4, 4, 4, 4), ["control", "honesty", "respect"]),
}  # fmt: skip
flagged = pytest.mark.parametrize("slug, choice, fields, raised", FLAGGED.values(), ids=FLAGGED)


@flagged
def test_flagged_result_stands_in_its_order(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], raised: list[str]
) -> None:
    root = taken(client, slug, fields, choice)
    assert (root["data-flagged"], root.one("h1").text) == ("true", "First of all: safety")
    assert_in_order(
        root,
        root.one("h1"),
        root.one(data_help=""),
        root.one("ol", data_reading_list=""),
        *root.all(data_dimension=""),
        root.one(data_act=""),
        root.one("a", href=f"/quizzes/{slug}/method/"),
        root.one("form"),
    )
    assert [each["data-dimension"] for each in root.all(data_dimension="")][: len(raised)] == raised


@flagged
def test_what_raised_the_flag_says_its_flag_words(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], raised: list[str]
) -> None:
    root = taken(client, slug, fields, choice)
    source = source_of(slug)
    for dimension in source.dimensions:
        shown = root.one(data_dimension=dimension.key)
        words = [each.text for each in shown.all(data_words="")]
        if dimension.key in raised:
            assert dimension.danger
            assert (shown.one("h3").text, words) == (dimension.danger.label, [dimension.danger.text])
            worst = dimension.bands[-1 if source.higher_is_worse else 0]
            assert [each["data-reading"] for each in shown.all("a", data_reading="")] == [
                link.to for link in worst.links if not link.contexts or choice in link.contexts
            ]
        else:
            bands = dict(zip(("low", "middle", "high"), source.bands_of(dimension), strict=True))
            own = [bands[shown["data-band"]].text] if shown["data-band"] else []
            assert (shown.one("h3").text, words) == (dimension.name, own)


@flagged
def test_flagged_result_has_no_figure(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], raised: list[str]
) -> None:
    root = taken(client, slug, fields, choice)
    assert (classed(root, "chart"), root.all("svg"), root.all("table")) == ([], [], [])
    source = source_of(slug)
    labels = {band.label for dimension in source.dimensions for band in source.bands_of(dimension)}
    assert {each.text for each in root.walk()} & labels == set()
    dimensions = root.all(data_dimension="")
    assert [each.text for each in dimensions if "Bands:" in each.text or "·" in without_lengths(each)] == []
    assert [re.findall(r"\d+", without_lengths(each)) for each in dimensions] == [[]] * len(dimensions)
    assert [computed for _, computed, _ in reasons(root)] == [""] * len(reasons(root))
    outside = root.text
    for each in [*root.all(data_words=""), *root.all(data_why=""), *root.all(data_help="")]:
        outside = outside.replace(each.text, "")
    assert re.findall(FIGURED, outside) == []


def without_lengths(node: Node) -> str:
    """Its text without where its links lead and how long that takes to read."""
    text = node.text
    for each in classed(node, "where"):
        text = text.replace(each.text, "")
    return text


@flagged
def test_flagged_result_reads_the_two_sections_first_and_has_one_act(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], raised: list[str]
) -> None:
    root = taken(client, slug, fields, choice)
    readings = [link["data-reading"] for link in root.one("ol", data_reading_list="").all("a")]
    assert (readings[:2], len(readings) <= 5) == (ABUSE, True)
    act = "Choose one person outside, and think of one sentence you could say to them."
    assert root.one(data_act="").text == act


def offered(root: Node) -> set[str]:
    """What can be done with the result, by the last step of its address."""
    slug = root["data-quiz"]
    steps = {link["href"].partition("?")[0].removeprefix(f"/quizzes/{slug}/") for link in root.all("a")}
    return steps & {"plan/", "keep/", "compare/", "questions/"}


@flagged
def test_flagged_result_offers_no_keeping_and_says_why(
    course: None, client: Client, slug: str, choice: str, fields: dict[str, str], raised: list[str]
) -> None:
    root = taken(client, slug, fields, choice)
    assert offered(root) == {"questions/"}
    assert_says_why_it_is_not_kept(root)


def assert_says_why_it_is_not_kept(root: Node) -> None:
    words = (
        "This result cannot be kept, compared or put on a reading plan, so that nothing about danger lies on a server"
    )
    assert [each.text.startswith(words) for each in root.all("p")].count(True) == 1


def test_other_results_offer_it_all(course: None, client: Client) -> None:
    root = taken(client, RELATION, rated(RELATION, 0, 4, 4, 4, 4, context="partner"), "partner")
    assert offered(root) == {"plan/", "keep/", "compare/", "questions/"}
    assert "cannot be kept" not in root.text


def calls(node: Node, topic: Mapping[str, str]) -> list[str]:
    """The numbers to call that stand open, in their order, each as its topic and country."""
    closed = {id(each) for details in node.all("details") for each in details.walk()}
    links = [each for each in node.all("a") if each["href"].startswith("tel:") and id(each) not in closed]
    return [topic[link["href"].removeprefix("tel:")] for link in links]


def of_topics(*topics: str) -> dict[str, str]:
    """Which country a number to call is for, of these topics."""
    return {line.dialable: country for country, lines in by_country(topics) for line in lines if line.phone}


@pytest.mark.parametrize(
    "languages, country",
    [
        ("en-GB,en;q=0.9", "United Kingdom"),
        ("en-US", "United States"),
        ("fr-FR", "European Union"),
        ("", "United States"),
    ],
)
@pytest.mark.parametrize("name", ["afraid", "one blow", "memory denied"])
def test_numbers_stand_open_before_anything_else(
    course: None, client: Client, name: str, languages: str, country: str
) -> None:
    """An emergency number comes first. All of them and those of the reader's own country stand open; who names no
    country gets the first of the list. What is closed is for other countries."""
    slug, choice, fields, _ = FLAGGED[name]
    take(client, slug, fields, choice)
    root = page(client.get(result(slug), headers={"Accept-Language": languages})).one(data_result="")
    emergency, abuse = of_topics("emergency"), of_topics("abuse")
    open_numbers = calls(root.one(data_help=""), emergency | abuse)
    own = [each for each in abuse.values() if each == country]
    assert (open_numbers[0], sorted(open_numbers)) == ("Immediate danger", sorted([*emergency.values(), *own]))
    every = [link["href"].removeprefix("tel:") for link in root.one(data_help="").all("a") if "tel:" in link["href"]]
    assert sorted(every) == sorted(emergency | abuse)


# A gate that stops

stops = pytest.mark.parametrize("gate", ["yes", "unsure"])


def stopped(client: Client, choice: str, gate: str) -> Node:
    return taken(client, REBUILD, {**FIRST, "gate": gate}, choice)


@stops
@pytest.mark.parametrize("choice", ["hurt", "hurt-other", "broke", "broke-other"])
def test_stopped_result_has_no_dimension_no_figure_and_is_not_kept(
    course: None, client: Client, choice: str, gate: str
) -> None:
    root = stopped(client, choice, gate)
    assert (root["data-flagged"], root.all(data_dimension="")) == ("true", [])
    assert (root.all("svg"), root.all("table"), classed(root, "chart")) == ([], [], [])
    assert offered(root) == {"questions/"}
    assert_says_why_it_is_not_kept(root)
    assert re.findall(FIGURED, root.text) == []


@stops
@pytest.mark.parametrize("choice", ["hurt", "hurt-other"])
def test_who_is_afraid_gets_help_and_two_sections(course: None, client: Client, choice: str, gate: str) -> None:
    root = stopped(client, choice, gate)
    assert "It is not your fault. You do not have to decide anything today." in root.text
    assert [link["data-reading"] for link in root.all("a", data_reading="")] == ABUSE
    assert "Do not use this site to get them to stay" not in root.text
    emergency, abuse = of_topics("emergency"), of_topics("abuse")
    assert calls(root.one(data_help=""), emergency | abuse)[: len(emergency)] == list(emergency.values())
    assert_in_order(root, root.one(data_help=""), containing(root, "wrong tool"), root.one("ol", data_reading_list=""))


@stops
@pytest.mark.parametrize("choice", ["broke", "broke-other"])
def test_who_frightened_someone_is_helped_to_stop(course: None, client: Client, choice: str, gate: str) -> None:
    """Numbers first, then that this site is not for getting them to stay; last, for who was made to believe it."""
    root = stopped(client, choice, gate)
    source = source_of(REBUILD).gate_for(choice)
    assert source
    helps = root.all(data_help="")
    assert_in_order(
        root,
        containing(root, "There is help for people who want to stop"),
        helps[0],
        containing(root, "Do not use this site to get them to stay."),
        containing(root, "If you are the one who is afraid, or you have been told that everything is your fault"),
        helps[1],
    )
    assert (len(helps), source.help_topics, source.last_topics) == (2, ("emergency", "harm"), ("abuse",))
    assert "Respect Phoneline" in helps[0].text
    assert set(calls(helps[0], of_topics("emergency", "harm"))) == {"Immediate danger", "United States"}
    assert len(calls(helps[1], of_topics("abuse"))) >= 1
    assert "not your fault" not in root.text


@stops
@pytest.mark.parametrize("choice", ["broke", "broke-other"])
def test_who_frightened_someone_is_led_to_no_section(course: None, client: Client, choice: str, gate: str) -> None:
    root = stopped(client, choice, gate)
    assert (root.all("a", data_reading=""), root.all("ol", data_reading_list="")) == ([], [])
    assert [link["href"] for link in root.all("a") if "#" in link["href"]] == []


def containing(root: Node, words: str) -> Node:
    """The paragraph with these words."""
    (found,) = [each for each in root.all("p") if words in each.text]
    return found


# Question by question


def entries(root: Node) -> list[Node]:
    (review,) = classed(root, "review")
    return [each for each in review.children if isinstance(each, Node)]


def told(entry: Node) -> dict[str, str]:
    return dict(zip([term.text for term in entry.all("dt")], [word.text for word in entry.all("dd")], strict=True))


def test_keyed_result_goes_through_each_question(course: None, client: Client) -> None:
    send(client, "spot-the-manipulation", item_u1="b", item_u2="a", item_u3="skip")
    found = entries(root_of(client, "spot-the-manipulation"))
    items = source_of("spot-the-manipulation").items
    options = [{option.key: option for option in item.options} for item in items]
    assert len(found) == len(items) == 15
    assert [told(entry) for entry in found[:3]] == [
        {"Your answer": options[0]["b"].text},
        {"Your answer": options[1]["a"].text, "Best answer": options[1]["c"].text},
        {"Your answer": "Skipped", "Best answer": options[2]["b"].text},
    ]
    for entry, item in zip(found, items, strict=True):
        assert (item.text in entry.text, item.explanation in entry.text) == (True, True)
        right = told(entry)["Your answer"] == next(each.text for each in item.options if each.key == item.answer)
        assert ("You had it" in entry.text) is right


@pytest.mark.parametrize("letter", "abc")
def test_each_option_has_its_own_feedback(course: None, client: Client, letter: str) -> None:
    root = taken(client, "spot-the-manipulation", full("spot-the-manipulation", answer=letter))
    for entry, item in zip(entries(root), source_of("spot-the-manipulation").items, strict=True):
        feedback = {option.key: option.feedback for option in item.options}
        assert {key: words != "" and words in entry.text for key, words in feedback.items()} == {
            key: key == letter for key in feedback
        }


def test_skipped_question_has_no_feedback(course: None, client: Client) -> None:
    root = taken(client, "spot-the-manipulation", full("spot-the-manipulation", answer="skip"))
    for entry, item in zip(entries(root), source_of("spot-the-manipulation").items, strict=True):
        assert [option.feedback for option in item.options if option.feedback in entry.text] == []
        assert ("You had it" in entry.text, item.explanation in entry.text) == (False, True)


@pytest.mark.parametrize("answer", ["true", "false", "skip"])
def test_statements_are_explained_whatever_was_answered(course: None, client: Client, answer: str) -> None:
    root = taken(client, "trust-facts", full("trust-facts", answer=answer))
    for entry, item in zip(entries(root), source_of("trust-facts").items, strict=True):
        right = item.answer == answer
        best = {} if right else {"Best answer": item.answer.title()}
        assert told(entry) == {"Your answer": answer.title() if answer != "skip" else "Skipped", **best}
        assert entry.text.count(item.explanation) == 1
        assert entry.text.count(item.guess) == (not right and answer != "skip")
        assert ("You had it" in entry.text) is right


def test_rating_result_has_no_review(course: None, client: Client) -> None:
    assert classed(result_of(client, 0, 1, 2, 3), "review") == []
