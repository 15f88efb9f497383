"""The result page: its order, its words, its figures."""

import re

import pytest
from django.test import Client

from quizzes.models import QuizVersion
from tests.quizzes.page import Node, classed
from tests.quizzes.taker import FORM_IDS, FORMS, QUIZZES, SITE, full, page, questions, result, send, title


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
        classed(root, "chart")[0],
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
    (chart,) = classed(root, "chart")
    printed = [[label.text for label in bar.all("span")] for bar in chart.all("li")]
    assert printed == [[name, score] for name, score in by_name.items()]
    widths = [each["width"] for each in chart.all("rect") if each.has_class("fill")]
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
    bars = result_of(client, 75, 100, 50, 0).all("svg", role="img")
    named = [[bar.one(id=each) for each in bar["aria-labelledby"].split()] for bar in bars]
    assert [[(each.tag, each.text) for each in names] for names in named] == [
        [("title", "Self-trust from 0 to 100"), ("desc", "0")],
        [("title", "Comfort with closeness from 0 to 100"), ("desc", "50")],
        [("title", "Openness to others from 0 to 100"), ("desc", "75")],
        [("title", "Discernment from 0 to 100"), ("desc", "100")],
    ]


def test_chart_marks_where_the_bands_begin(course: None, client: Client) -> None:
    bars = result_of(client, 75, 100, 50, 0).all("svg", role="img")
    assert [[(line["x1"], line["x2"]) for line in bar.all("line")] for bar in bars] == [
        [("40%", "40%"), ("70%", "70%")]
    ] * 4


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
    (chart,) = classed(root, "chart")
    assert [each.text for each in chart.all("title")] == [
        "Self-trust from 0 to 100",
        "Comfort with closeness from 0 to 100",
        "Discernment from 0 to 100",
    ]


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


NOT_KEPT = "This result cannot be kept or put on a reading plan: someone else could find the code or open the plan"


@pytest.mark.parametrize(
    "slug, choice, changed, flagged",
    [
        pytest.param("how-i-trust", "", {}, False, id="no danger asked about"),
        pytest.param("trust-in-this-relationship", "partner", {"item_17": "5", "item_19": "5"}, False, id="no danger"),
        pytest.param("trust-in-this-relationship", "partner", {"item_18": "5"}, True, id="an answer"),
        pytest.param("trust-in-this-relationship", "partner", {"item_17": "1", "item_19": "1"}, True, id="a score"),
        pytest.param("ready-to-rebuild", "hurt", {"gate": "yes"}, True, id="a gate"),
    ],
)
def test_flagged_result_offers_no_keeping_and_says_why(
    course: None, client: Client, slug: str, choice: str, changed: dict[str, str], flagged: bool
) -> None:
    send(client, slug, choice, **changed)
    root = page(client.get(result(slug))).one(data_result="")
    assert root["data-flagged"] == ("true" if flagged else "false")
    offered = [link["href"].split("/")[3] for link in classed(root, "actions")[0].all("a")]
    assert offered == (["questions"] if flagged else ["plan", "keep", "compare", "questions"])
    assert [each.text.startswith(NOT_KEPT) for each in root.all("p")].count(True) == int(flagged)


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
    items = QuizVersion.objects.live(slug="spot-the-manipulation").get().source.items
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
