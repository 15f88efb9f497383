"""What is made of the lessons besides their pages: exercise sheets, the booklet, the glossary, and what search
engines and messengers are told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import LessonVersion
from publishing import steps
from publishing.models import Version
from tests import authoring
from tests.conftest import Shipped
from tests.factories import citation_source, exercise_source, lesson_source, section_source, term_source
from tests.publishing.controls import unchanged
from tests.quizzes.page import Node, classed, parse

pytestmark = pytest.mark.usefixtures("course")
PAGE = "/formation/a-spare-key/"
HOST = "http://testserver"


def publish(**overrides: Any) -> Any:
    return authoring.publish_value("lesson", lesson_source(**overrides))


def page(client: Client, path: str = PAGE) -> Node:
    response = client.get(path)
    assert response.status_code == 200
    return parse(response.content)


def ids(root: Node) -> list[str]:
    return [node["id"] for node in root.all(id="")]


def doubled(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


# The exercise as a sheet


def test_every_lesson_has_its_sheet(client: Client, shipped: Shipped) -> None:
    for source in shipped.lessons:
        address = f"/{source.part}/{source.slug}/"
        root = page(client, f"{address}exercise/")
        main = root.one("main")
        assert main.one("h1").text == source.exercise.title
        assert classed(main, "meta")[0].text == f"{source.exercise.minutes} minutes · alone · you can skip it"
        assert root.one("link", rel="canonical")["href"] == f"{HOST}{address}"
        (back,) = classed(main, "eyebrow")
        assert [(link["href"], link.text) for link in back.all("a")] == [(f"{address}#exercise", source.title)]


def test_sheet_has_room_to_write(client: Client) -> None:
    publish(exercise=exercise_source(title="Your map", body="Draw a *map*."))
    (sheet,) = classed(page(client, f"{PAGE}exercise/"), "sheet")
    (writing,) = classed(sheet, "writing")
    assert (len(writing.all("hr")), writing.text, writing["aria-hidden"]) == (14, "", "true")
    assert sheet.text == "Draw a map."


def test_lesson_leads_to_its_sheet(client: Client) -> None:
    publish()
    assert page(client).one("main").one("a", href=f"{PAGE}exercise/").text == (
        "This exercise as a sheet to print, with room to write"
    )


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_lesson_that_is_not_live_has_no_sheet_and_is_in_no_booklet(client: Client, state: str) -> None:
    row = authoring.put("lesson", lesson_source())
    if state == "scheduled":
        authoring.publish(row, live_from=timezone.now() + timedelta(minutes=5))
    if state == "withdrawn":
        authoring.publish(row)
        steps.withdraw(row)
    assert client.get(f"{PAGE}exercise/").status_code == 404
    assert b"spare-key" not in client.get("/course/").content


def test_sheet_in_another_part_is_not_found(client: Client) -> None:
    assert client.get("/loss/what-trust-is/exercise/").status_code == 404


@pytest.mark.parametrize("address", ["/formation/what-trust-is/exercise/", "/course/", "/glossary/"])
def test_page_is_the_same_for_every_reader(client: Client, address: str) -> None:
    response = client.get(address)
    assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)
    assert client.post(address).status_code == 405


# The booklet


def test_booklet_holds_every_lesson_in_order(client: Client, shipped: Shipped) -> None:
    root = page(client, "/course/")
    sources = sorted(shipped.lessons, key=lambda source: source.number)
    articles = root.all("article")
    assert [(each["id"], each.all("h2")[0].text) for each in articles] == [(each.slug, each.title) for each in sources]
    for article, source in zip(articles, sources, strict=True):
        anchors = [section["id"] for section in article.all("section", id="")]
        assert anchors == [f"{source.slug}-{section.anchor}" for section in source.sections]
        assert article.all("h3")[-1].text == source.exercise.title
        assert len(classed(article, "sources")[0].all("li")) == len(source.citations)
    assert [each.text for each in classed(root, "part-title")] == [part.title for part in shipped.parts]


def test_contents_of_the_booklet_lead_into_it(client: Client) -> None:
    root = page(client, "/course/")
    links = [link["href"] for link in classed(root, "contents")[0].all("a")]
    assert len(links) == 21
    assert set(links) <= {f"#{name}" for name in ids(root)}


def test_booklet_is_not_listed(client: Client) -> None:
    assert page(client, "/course/").one("meta", name="robots")["content"] == "noindex"


def test_booklet_asks_the_database_as_often_for_more_lessons(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/course/")
    with django_assert_num_queries(2):
        client.get("/course/")
    publish()
    with django_assert_num_queries(2):
        client.get("/course/")


@pytest.mark.parametrize("level, boxes", [("none", 1), ("care", 1), ("high", 2)])
def test_booklet_keeps_the_safety_boxes(client: Client, level: str, boxes: int) -> None:
    publish(safety=level, sections=(section_source(safety=True), section_source(anchor="b", heading="Another")))
    assert len(classed(page(client, "/course/").one("article", id="a-spare-key"), "safety")) == boxes


# The glossary

ABACUS = term_source(term="abacus", meaning="For sums.", section="a-spare-key#a-key")


def test_glossary_leads_from_every_term_to_its_section(client: Client, shipped: Shipped) -> None:
    terms = page(client, "/glossary/").one("main").one("dl").all("div")
    told = [(each.one("dt").text, each.one("dd").text.removesuffix(each.one("a").text).strip()) for each in terms]
    expected = sorted((each.term[0].upper() + each.term[1:], each.meaning) for each in shipped.terms)
    assert sorted(told) == expected
    assert [term.casefold() for term, _ in told] == sorted(term.casefold() for term, _ in told)
    for each in terms:
        path, _, anchor = each.one("a")["href"].partition("#")
        section = page(client, path).one("section", id=anchor)
        assert section.all("h2")[0].text == f"{each.one('a').text} #"


def test_term_without_a_live_section_leads_nowhere(client: Client) -> None:
    lesson = authoring.put("lesson", lesson_source())
    authoring.publish(lesson, authoring.put("term", ABACUS))
    assert page(client, "/glossary/").one("div", id="abacus").one("a")["href"] == f"{PAGE}#a-key"
    Version.objects.create(draft=lesson, number=2, live_from=timezone.now(), withdraws=True)
    entry = page(client, "/glossary/").one("div", id="abacus")
    assert (entry.text, entry.all("a")) == ("Abacus For sums.", [])


def test_term_leads_to_the_anchor_that_is_live(client: Client) -> None:
    """A draft that renames the section must not break the link before it is published."""
    publish()
    authoring.publish_value("term", ABACUS)
    renamed = section_source(anchor="a-new-key", former_anchors=("a-key",))
    lesson = authoring.put("lesson", lesson_source(sections=(renamed,)))
    assert page(client, "/glossary/").one("div", id="abacus").one("a")["href"] == f"{PAGE}#a-key"
    authoring.publish(lesson)
    assert page(client, "/glossary/").one("div", id="abacus").one("a")["href"] == f"{PAGE}#a-new-key"


def test_term_is_seen_once_it_is_published(client: Client) -> None:
    publish()
    term = authoring.put("term", ABACUS)
    assert page(client, "/glossary/").all("div", id="abacus") == []
    authoring.publish(term)
    authoring.change(term, meaning="For counting.")
    assert page(client, "/glossary/").one("div", id="abacus").one("dd").text.startswith("For sums.")


# What search engines are told


def data(root: Node) -> dict[str, Any]:
    (script,) = root.all("script", type="application/ld+json")
    found: dict[str, Any] = json.loads("".join(child for child in script.children if isinstance(child, str)))
    return found


def test_lesson_tells_what_it_teaches(client: Client) -> None:
    version = publish(
        citations=(citation_source(citation="Simpson, J. A. (2007)."), citation_source(citation="Rempel (1985).")),
    )
    assert data(page(client)) == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "LearningResource",
                "name": "A spare key",
                "description": "What a key says.",
                "url": f"{HOST}{PAGE}",
                "inLanguage": "en",
                "isAccessibleForFree": True,
                "license": "https://creativecommons.org/licenses/by/4.0/",
                "timeRequired": f"PT{version.minutes}M",
                "teaches": ["Say what a key says.", "Say what it does not."],
                "dateModified": version.live_from.isoformat(),
                "citation": ["Simpson, J. A. (2007).", "Rempel (1985)."],
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {"@type": "ListItem", "position": 1, "name": "How trust forms", "item": f"{HOST}/formation/"},
                    {"@type": "ListItem", "position": 2, "name": "A spare key", "item": f"{HOST}{PAGE}"},
                ],
            },
        ],
    }


def test_every_lesson_has_data(client: Client, shipped: Shipped) -> None:
    for source in shipped.lessons:
        lesson, trail = data(page(client, f"/{source.part}/{source.slug}/"))["@graph"]
        assert (lesson["name"], lesson["teaches"]) == (source.title, list(source.objectives))
        assert lesson["citation"] == [cited.citation for cited in source.citations]
        assert trail["itemListElement"][-1]["item"] == lesson["url"] == f"{HOST}/{source.part}/{source.slug}/"


def test_data_cannot_end_its_element(client: Client) -> None:
    title = "</script><script>alert(1)</script> & <!-- “key” \\"
    publish(title=title)
    root = page(client)
    assert len(root.all("script")) == 2
    assert data(root)["@graph"][0]["name"] == title
    html = client.get(PAGE).content
    assert (html.count(b"<script"), html.count(b"</script>"), html.count(b"<!--")) == (2, 2, 0)


def test_addresses_are_those_of_the_host_and_scheme(client: Client) -> None:
    publish()
    root = parse(client.get(PAGE, secure=True, headers={"host": "localhost"}).content)
    assert data(root)["@graph"][0]["url"] == f"https://localhost{PAGE}"
    assert shared(root)["og:image"] == f"https://localhost{PAGE}card.png"
    assert root.one("link", rel="canonical")["href"] == f"https://localhost{PAGE}"


# What messengers are told


def shared(root: Node) -> dict[str, str]:
    found = {meta["property"]: meta["content"] for meta in root.all("meta", property="")}
    return found | {meta["name"]: meta["content"] for meta in root.all("meta", name="twitter:card")}


def test_lesson_says_how_it_is_shown_when_shared(client: Client) -> None:
    publish(title="A “spare” key & <lock>")
    assert shared(page(client)) == {
        "og:type": "article",
        "og:title": "A “spare” key & <lock>",
        "og:description": "What a key says.",
        "og:image": f"{HOST}{PAGE}card.png",
        "twitter:card": "summary_large_image",
    }


def test_every_picture_for_sharing_is_there(client: Client, shipped: Shipped) -> None:
    pages = [f"/{part.slug}/" for part in shipped.parts] + [f"/{each.part}/{each.slug}/" for each in shipped.lessons]
    for address in pages:
        image = shared(page(client, address))["og:image"]
        assert image == f"{HOST}{address}card.png"
        assert client.get(image.removeprefix(HOST))["Content-Type"] == "image/png"


def test_part_says_how_it_is_shown_when_shared(client: Client, shipped: Shipped) -> None:
    part = shipped.parts[0]
    assert shared(page(client, f"/{part.slug}/")) == {
        "og:title": part.title,
        "og:description": part.summary,
        "og:image": f"{HOST}/{part.slug}/card.png",
        "twitter:card": "summary_large_image",
    }


@pytest.mark.parametrize(
    "address",
    [
        "/quizzes/",
        "/quizzes/how-i-trust/",
        "/quizzes/how-i-trust/questions/",
        "/quizzes/how-i-trust/method/",
        "/quizzes/plan/",
        "/quizzes/kept/",
        "/help/",
        "/privacy/",
        "/search/?q=lies",
    ],
)
def test_other_pages_are_not_for_sharing(client: Client, address: str) -> None:
    assert shared(page(client, address)) == {}


def test_preview_of_a_draft_tells_nobody_anything(client: Client, editor: Any) -> None:
    client.force_login(editor)
    address = f"/admin/articles/lesson/{authoring.put('lesson', lesson_source()).pk}/change/"
    response = client.post(address, {**unchanged(client.get(address).content.decode()).dict(), "do": "preview"})
    root = parse(response.content)
    assert response.status_code == 200
    assert root.one("h1").text == "A spare key"
    assert (shared(root), root.all("script", type="application/ld+json")) == ({}, [])
    assert root.one("meta", name="robots")["content"] == "noindex"


def test_ids_are_unique_on_every_sheet(client: Client) -> None:
    lesson = LessonVersion.objects.listed()[0].get_absolute_url()
    for address in ("/course/", "/glossary/", f"{lesson}exercise/", lesson):
        assert doubled(ids(page(client, address))) == set(), address
