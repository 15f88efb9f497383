"""Search: finds the section that readers can open, whatever they type."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import markdown
from articles.models import LessonVersion, SectionText
from articles.search import MOST_HITS, MOST_WORDS, search, words
from publishing import steps
from publishing.models import Version
from tests import authoring
from tests.factories import lesson_source, section_source
from tests.quizzes.page import Node, parse

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"

# Words that no shipped lesson has, so that every answer is exact.
SECTIONS = (
    section_source(anchor="one", heading="One animal", body="Every quokka was promised a lantern by Wednesday."),
    section_source(anchor="two", heading="Two animals", body="Both quokkas were sleeping, and *nobody* woke them."),
    section_source(anchor="three", heading="Lanterns at night", body="Light 5 < 6 & **gold**: a lantern's glow."),
)


def publish(**overrides: Any) -> Version:
    return authoring.publish_value("lesson", lesson_source(**{"sections": SECTIONS, **overrides}))


def found(text: str) -> list[str]:
    return [hit.url for hit in search(text)]


def page(client: Client, text: str) -> Node:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return parse(response.content)


def test_shipped_lessons_do_not_have_the_words() -> None:
    assert [found(word) for word in ("quokka", "lantern", "xylophone")] == [[], [], []]


# What is found


@pytest.mark.parametrize(
    "text, anchors",
    [
        ("quokka", {"one", "two"}),
        ("Quokkas", {"one", "two"}),
        ("QUOKKA", {"one", "two"}),
        ("quokka sleeps", {"two"}),
        ("slept", set()),
        ("promising quokka", {"one"}),
        ("lanterns", {"one", "three"}),
        ("animals quokka", {"one", "two"}),
        ("quokka lantern", {"one"}),
        ("quokka xylophone", {"one", "two"}),
        ("xylophone lantern", {"one", "three"}),
        ("xylophone", set()),
        ("quokka promised lantern wednesday every", {"one"}),
    ],
)
def test_all_the_words_or_failing_that_any(text: str, anchors: set[str]) -> None:
    publish()
    assert set(found(text)) & {f"{PAGE}#one", f"{PAGE}#two", f"{PAGE}#three"} == {f"{PAGE}#{each}" for each in anchors}


def test_heading_weighs_more_than_text() -> None:
    publish()
    assert found("lantern") == [f"{PAGE}#three", f"{PAGE}#one"]


def test_accents_make_no_difference() -> None:
    publish(sections=(section_source(anchor="cafe", body="At the Quokkacafé."),))
    assert found("quokkacafe") == found("QUOKKACAFÉ") == [f"{PAGE}#cafe"]


def test_hit_shows_the_words_in_their_place() -> None:
    publish()
    (hit,) = search("quokka lantern")
    assert (hit.heading, hit.lesson, hit.url) == ("One animal", "A spare key", f"{PAGE}#one")
    assert hit.snippet == "Every <mark>quokka</mark> was promised a <mark>lantern</mark> by Wednesday."


def test_snippet_is_escaped() -> None:
    publish()
    assert search("glow")[0].snippet == "Light 5 &lt; 6 &amp; gold: a lantern&#x27;s <mark>glow</mark>."


def test_hits_are_at_most_twenty() -> None:
    assert len(search("trust")) == MOST_HITS == 20


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", []),
        ("  ,;- ", []),
        ("Don't stop", ["don", "t", "stop"]),
        ('"a b" -c* NEAR(d)', ["a", "b", "c", "near", "d"]),
        ("col:umn", ["col", "umn"]),
        (" ".join(map(str, range(50))), [str(number) for number in range(MOST_WORDS)]),
    ],
)
def test_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "body, expected",
    [
        ("Some *plain* and **strong** words.", "Some plain and strong words."),
        ("See [the key](#a-key) here.", "See the key here."),
        ("![A bowl](/static/x.png) Text.", "Text."),
        ("- one\n- two\n\n1. three", "one two three"),
        ("> “Quoted.”", "“Quoted.”"),
        ("| A | B |\n|---|---|\n| c | d |", "A B c d"),
        ("2026 was a year of it.", "2026 was a year of it."),
        ("In\n1993 Gottman saw", "In 1993 Gottman saw"),
        ("[a](b(c)) d", "a d"),
    ],
)
def test_plain_text_of_markdown(body: str, expected: str) -> None:
    assert markdown.plain(body) == expected


def test_index_of_the_shipped_course_holds_words_without_signs() -> None:
    texts = SectionText.objects.filter(version__in=LessonVersion.objects.live().values("pk"))
    assert texts.count() == sum(len(version.outline.sections) for version in LessonVersion.objects.live())
    assert [row.body for row in texts if re.search(r"\]\(|\*\*|!\[|^#|\|", row.body)] == []


# What must not be found


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_lesson_that_is_not_live_is_not_found(state: str) -> None:
    row = authoring.put("lesson", lesson_source(sections=SECTIONS))
    if state == "scheduled":
        authoring.publish(row, live_from=timezone.now() + timedelta(minutes=5))
    if state == "withdrawn":
        authoring.publish(row)
        assert len(found("quokka")) == 2
        steps.withdraw(row)
    assert found("quokka") == []
    if state != "scheduled":
        authoring.publish(row)
        assert len(found("quokka")) == 2


def test_old_words_are_not_found() -> None:
    publish()
    publish(sections=(replace(SECTIONS[0], body="Every wombat was promised a trombone."), *SECTIONS[1:]))
    assert (found("quokka"), found("wombat")) == ([f"{PAGE}#two"], [f"{PAGE}#one"])


def test_section_stands_once_however_often_it_was_published() -> None:
    for n in range(4):
        publish(title=f"Key {n}")
    assert sorted(found("quokka")) == [f"{PAGE}#one", f"{PAGE}#two"]


def test_words_of_a_version_to_come_wait() -> None:
    publish()
    row = authoring.put(
        "lesson", lesson_source(sections=(section_source(anchor="one", body="A wombat."), *SECTIONS[1:]))
    )
    authoring.publish(row, live_from=timezone.now() + timedelta(days=1))
    assert (len(found("quokka")), found("wombat")) == (2, [])


def test_deleted_version_leaves_the_index() -> None:
    version = publish()
    version.delete()
    assert found("quokka") == []


# The page


@pytest.mark.parametrize("text", ["lies", "broken promises", "jealous", "forgive", "money", "apology"])
def test_hits_lead_to_sections_that_are_there(client: Client, text: str) -> None:
    main = page(client, text).one("main")
    links = [heading.one("a") for heading in main.all("h2")]
    assert main.one("p", role="status").text == f"{len(links)} sections for “{text}”"
    assert len(links) > 1
    for link in links:
        path, _, anchor = link["href"].partition("#")
        section = parse(client.get(path).content).one("section", id=anchor)
        assert section.all("h2")[0].text == f"{link.text} #"
    assert len(main.all("mark")) >= len(links)


def test_one_hit_is_one_section(client: Client) -> None:
    publish()
    assert page(client, "wednesday quokka").one("p", role="status").text == "1 section for “wednesday quokka”"


def test_without_a_hit_there_is_a_way_on(client: Client) -> None:
    main = page(client, "xylophone").one("main")
    assert main.one("p", role="status").text == "Nothing was found for “xylophone”."
    assert [link["href"] for link in main.all("a")] == ["/#parts", "/glossary/", "/help/"]
    assert main.one("input", name="q")["value"] == "xylophone"


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?other=1"])
def test_without_a_question_there_is_only_the_form(client: Client, query: str) -> None:
    main = parse(client.get(f"/search/{query}").content).one("main")
    assert (main.all("p", role="status"), main.all("ol")) == ([], [])
    form = main.one("form", role="search")
    assert (form["method"], form["action"], form.one("label")["for"]) == ("get", "/search/", "q")
    assert [link["href"] for link in main.all("a")] == ["/help/"]


HOSTILE = {
    "a quote": '"',
    "quotes that do not end": '"quokka',
    "quoted quotes": '""quokka""',
    "single quotes": "quokka'; DROP TABLE articles_sectiontext; --",
    "near": "NEAR(quokka lantern, 5)",
    "near alone": "NEAR",
    "operators": "quokka AND OR NOT lantern",
    "not": "NOT quokka",
    "a star": "quo*",
    "stars alone": "***",
    "a minus": "-quokka",
    "a column": "heading:quokka",
    "a column set": "{heading body}: quokka",
    "brackets": "((((quokka",
    "a caret": "^quokka + lantern",
    "nul": "quo\0kka",
    "controls": "\x02quokka\x03\x1b\x7f",
    "five kilobytes": "quokka " * 750,
    "one long word": "q" * 5000,
    "unicode": "кво́кка 袋鼠 🦘 \u202equokka\u200b ﷽",
    "markup": "<script>alert(1)</script><mark>quokka</mark>",
    "a lone surrogate": "\udc80quokka".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "percent and underscore": "100% _quokka_ \\",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_is_typed_is_an_error(client: Client, text: str) -> None:
    publish()
    root = page(client, text)
    assert root.all("script", src="") == root.all("script")
    assert {each["src"].rpartition("/")[2] for each in root.all("script")} == {"site.js"}
    asked = text.replace("\0", "").strip()[:200]
    assert root.one("input", name="q")["value"] == asked
    wanted = {f"{PAGE}#one", f"{PAGE}#two"}
    if "quokka" in words(asked):
        assert wanted & set(found(asked)) != set()


@pytest.mark.parametrize("query", ["q=%80%ff", "q=%00", "q=a&q=b", "q[]=a", "q=%", "q=" + "%F0%9F" * 50])
def test_broken_address_is_no_error(client: Client, query: str) -> None:
    assert client.get(f"/search/?{query}").status_code == 200


def test_page_is_the_same_for_everyone(client: Client, editor: Any) -> None:
    response = client.get("/search/", {"q": "lies"})
    assert dict(response.cookies) == {}
    assert "Cookie" not in response.get("Vary", "")
    client.force_login(editor)
    assert client.get("/search/", {"q": "lies"}).content == response.content


def test_page_is_not_listed(client: Client) -> None:
    assert page(client, "lies").one("meta", name="robots")["content"] == "noindex"
    assert client.post("/search/", {"q": "lies"}).status_code == 405


def test_any_word_is_tried_when_only_old_words_have_all(course: None) -> None:
    publish()
    publish(sections=(replace(SECTIONS[0], body="Every quokka sleeps."), *SECTIONS[1:]))
    assert sorted(hit.url.partition("#")[2] for hit in search("quokka lantern")) == ["one", "three", "two"]


def test_old_versions_do_not_crowd_out_the_live_one(course: None) -> None:
    one = section_source(anchor="one", heading="Quokka", body="A quokka.")
    for n in range(MOST_HITS + 1):
        publish(title=f"Key {n}", sections=(one,))
    publish(sections=(replace(one, body="A quokka in a longer sentence of its own."),))
    assert [hit.url.partition("#")[2] for hit in search("quokka")] == ["one"]
