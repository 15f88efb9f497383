"""Lessons as a result leads to them: at each section it named, why, what is next, and the way back."""

from dataclasses import replace

import pytest
from django.test import Client

from publishing import steps
from quizzes.models import QuizVersion
from tests import authoring
from tests.factories import lesson_source
from tests.quizzes import oracle
from tests.quizzes.page import Node, classed
from tests.quizzes.taker import page, rated, take

SLUG = "how-i-trust"
ONE = rated(SLUG, 0, 2, 4, 1)  # the same profile as in test_plan, where its list is worked out
READING = f"/quizzes/{SLUG}/reading"
BACK = f"/quizzes/{SLUG}/result/"
STEPS = [  # the section, the dimension and band that lead to it, and where it is found
    ("where-mistrust-comes-from#you-are-not-the-only-one", ("open", 0), "loss"),
    ("trusting-yourself#small-promises-to-yourself", ("self", 0), "formation"),
    ("reading-trustworthiness#match-trust-to-the-stakes", ("discern", 1), "who-not-to-trust"),
    ("friends-and-work#friendship-takes-hours", ("close", 2), "formation"),
    ("healing-and-forgiveness#trusting-again-in-steps", ("open", 0), "rebuilding"),
    ("reading-trustworthiness#why-lies-are-hard-to-see", ("self", 0), "who-not-to-trust"),
]
ADDRESSES = [f"{READING}/{part}/{to.replace('#', '/#')}" for to, _, part in STEPS]


def reason(to: str, dimension: str, band: int) -> str:
    """What the quiz's author wrote beside this link."""
    (found,) = [each for each in QuizVersion.objects.live(slug=SLUG).get().source.dimensions if each.key == dimension]
    return next(link.why for link in found.bands[band].links if link.to == to)


def strips(root: Node) -> dict[str, Node]:
    """Anchor to strip, after checking that each stands right below its section's heading."""
    found = {}
    for section in root.one("main").all("section", id=""):
        for strip in classed(section, "strip"):
            (heading, *_) = section.all("h2")
            nodes = [child for child in section.children if isinstance(child, Node) and not child.has_class("former")]
            assert nodes[:2] == [heading, strip]
            found[section["id"]] = strip
    assert len(found) == len(classed(root, "strip"))
    return found


def test_result_leads_to_lessons_in_its_context(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    main = page(client.get(BACK)).one("main")
    links = {link["data-reading"]: link["href"] for link in main.all("a", data_reading="")}
    assert links == {to: address for (to, _, _), address in zip(STEPS, ADDRESSES, strict=True)}
    ordered = main.one("ol", data_reading_list="").all("a")
    assert [link["href"] for link in ordered] == ADDRESSES[:5]


def test_every_step_says_why_what_is_next_and_how_to_go_back(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    found = {}
    for address in dict.fromkeys(address.partition("#")[0] for address in ADDRESSES):
        found |= {f"{address}#{anchor}": strip for anchor, strip in strips(page(client.get(address))).items()}
    assert set(found) == set(ADDRESSES)
    for number, (address, (to, place, _)) in enumerate(zip(ADDRESSES, STEPS, strict=True)):
        links = [link["href"] for link in found[address].all("a")]
        assert found[address].text.startswith(f"From your results. This section {reason(to, *place)} ")
        assert found[address].text.endswith(" Back to results")
        assert links == [*ADDRESSES[number + 1 : number + 2], BACK]


def test_last_step_has_no_next(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    found = strips(page(client.get(ADDRESSES[-1].partition("#")[0])))
    whys = {to.partition("#")[2]: reason(to, *place) for to, place, _ in STEPS}
    assert {anchor: strip.text for anchor, strip in found.items()} == {
        "match-trust-to-the-stakes": (
            f"From your results. This section {whys['match-trust-to-the-stakes']} "
            "Next: Friendship takes hours. Back to results"
        ),
        "why-lies-are-hard-to-see": (
            f"From your results. This section {whys['why-lies-are-hard-to-see']} Back to results"
        ),
    }


def test_flagged_result_walks_past_repair_advice(course: None, client: Client) -> None:
    slug = "trust-in-this-relationship"
    take(client, slug, rated(slug, 0, 0, 4, 0, 4, context="partner", item_18="5"), "partner")
    address = page(client.get(f"/quizzes/{slug}/result/")).one("ol", data_reading_list="").all("a")[0]["href"]
    walked = []
    while address:
        path, _, anchor = address.partition("#")
        walked.append(f"{path.split('/')[5]}#{anchor}")
        links = [link["href"] for link in strips(page(client.get(path)))[anchor].all("a")]
        address = links[0] if len(links) == 2 else ""
    assert walked == [
        "manipulation-and-control#signs-of-emotional-abuse",
        "manipulation-and-control#deciding-safely",
        "living-without-trust#on-guard-all-the-time",
        "patterns-to-take-seriously#broken-promises",
        "trust-in-couples#accept-the-person-not-the-harm",  # and not how-trust-grows#listening-that-lands
        "what-trust-is#safety-comes-first",  # instead of trust-in-couples#what-couples-need
    ]
    hidden = ["how-trust-grows#listening-that-lands", "trust-in-couples#what-couples-need"]
    assert [oracle.is_repair_advice(each) for each in hidden] == [True, True]


def test_step_follows_a_section_that_was_renamed(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    source = authoring.value(authoring.draft("lesson", "friends-and-work"))
    renamed = [
        replace(each, anchor="hours-make-friends", former_anchors=(each.anchor,))
        if each.anchor == "friendship-takes-hours"
        else each
        for each in source.sections
    ]
    authoring.publish_value("lesson", replace(source, sections=tuple(renamed)))
    root = page(client.get(f"{READING}/formation/friends-and-work/"))
    assert list(strips(root)) == ["hours-make-friends"]
    assert len(root.all("span", id="friendship-takes-hours")) == 1
    earlier = strips(page(client.get(ADDRESSES[2].partition("#")[0])))["match-trust-to-the-stakes"]
    assert earlier.all("a")[0]["href"] == f"{READING}/formation/friends-and-work/#hours-make-friends"


@pytest.mark.parametrize(
    "address, status, location",
    [
        ("/loss/where-mistrust-comes-from/", 302, "/loss/where-mistrust-comes-from/"),
        ("/formation/where-mistrust-comes-from/", 302, "/loss/where-mistrust-comes-from/"),
        ("/loss/no-such-lesson/", 404, None),
    ],
)
def test_without_answers_it_is_the_plain_page(
    course: None, client: Client, address: str, status: int, location: str | None
) -> None:
    response = client.get(READING + address)
    assert (response.status_code, response.get("Location")) == (status, location)


def test_answers_to_another_quiz_do_not_count(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    response = client.get("/quizzes/trust-facts/reading/loss/where-mistrust-comes-from/")
    assert (response.status_code, response["Location"]) == (302, "/loss/where-mistrust-comes-from/")


def test_wrong_part_is_sent_to_the_plain_page(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    response = client.get(f"{READING}/formation/where-mistrust-comes-from/")
    assert (response.status_code, response["Location"]) == (302, "/loss/where-mistrust-comes-from/")


def test_withdrawn_lesson_is_not_found(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    version = authoring.publish_value("lesson", lesson_source())
    address = f"{READING}/formation/a-spare-key/"
    assert client.get(address).status_code == 200
    steps.withdraw(version.draft)
    assert client.get(address).status_code == 404


def test_lesson_the_result_does_not_name_has_no_strip(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    assert strips(page(client.get(f"{READING}/rebuilding/making-amends/"))) == {}


def test_plain_lesson_is_the_same_for_everyone(course: None, client: Client) -> None:
    """Byte for byte, even for a browser that sends its answers along."""
    address = "/loss/where-mistrust-comes-from/"
    before = client.get(address)
    take(client, SLUG, ONE)
    assert set(client.cookies) >= {"answers"}
    client.get(ADDRESSES[0].partition("#")[0])
    after = client.get(address)
    assert after.content == before.content
    assert dict(after.headers) == dict(before.headers)
    assert "Cookie" not in after.get("Vary", "")
    assert dict(after.cookies) == {}


def test_text_is_that_of_the_plain_lesson(course: None, client: Client) -> None:
    take(client, SLUG, ONE)
    address = ADDRESSES[0].partition("#")[0]
    there, plain = page(client.get(address)), page(client.get("/loss/where-mistrust-comes-from/"))
    (prose,), (plain_prose,) = classed(there, "prose"), classed(plain, "prose")
    (strip,) = classed(prose, "strip")
    assert prose.text.replace(strip.text, "", 1).split() == plain_prose.text.split()


@pytest.mark.parametrize(
    "path", ["/loss/where-mistrust-comes-from/", "/rebuilding/making-amends/"], ids=["with a strip", "without one"]
)
def test_page_is_stored_and_listed_nowhere(course: None, client: Client, path: str) -> None:
    take(client, SLUG, ONE)
    response = client.get(READING + path)
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex",
        "no-referrer",
    )
    root = page(response)
    assert root.one("meta", name="robots")["content"] == "noindex"
    assert (root.all("meta", property=""), root.all("script", type="application/ld+json")) == ([], [])
    assert root.one("link", rel="canonical")["href"] == f"http://testserver{path}"
    assert "data-personal" in root.one("main").attributes
    assert classed(root, "check-yourself") == []
    assert dict(response.cookies) == {}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_is_only_for_reading(course: None, client: Client, method: str) -> None:
    assert getattr(client, method)(ADDRESSES[0].partition("#")[0]).status_code == 405
