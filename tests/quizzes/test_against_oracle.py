"""The site against an independent computation from the authors' tables, over thousands of answer sets."""

import os
import random
from collections import Counter

import pytest
from django.test import Client

from quizzes.guidance import guide
from quizzes.scoring import score
from quizzes.source import QuizSource
from tests.conftest import Shipped
from tests.quizzes import oracle
from tests.quizzes.page import Node, classed, parse

QUIZZES = oracle.quizzes()
FORMS = [(slug, context) for slug, quiz in QUIZZES.items() for context in quiz.contexts]
BANDS = ("low", "middle", "high")
SETS = int(os.environ.get("SETS", "50"))  # of answers over HTTP, for each quiz and context


def post_answers(
    client: Client, quiz: oracle.Quiz, context: str, responses: dict[str, str], gate: str
) -> tuple[int, str]:
    """Send the answers as the form does. Gives the status and where it leads."""
    fields = {f"item-{key}": answer for key, answer in responses.items()} | ({"gate": gate} if gate else {})
    fields["version"] = "1"
    query = f"?for={context}" if context else ""
    response = client.post(f"/quizzes/{quiz.slug}/questions/{query}", fields)
    return response.status_code, response.headers.get("Location", "")


def shown(page: Node, quiz: oracle.Quiz, flag_words: dict[str, str]) -> oracle.Outcome:
    """What a result page says, in the oracle's terms. ``flag_words``: those of each dimension that can raise a flag."""
    root = page.one(data_result="")
    dimensions = root.all(data_dimension="")
    notes = classed(root, "pause")
    texts = [safety.text for safety in classed(root, "safety")]
    return oracle.Outcome(
        flagged={"true": True, "false": False}[root["data-flagged"]],
        stopped=not dimensions,
        dimensions=tuple(
            (each["data-dimension"], each["data-score"], each["data-band"], addresses(each)) for each in dimensions
        ),
        leading=tuple(address for listed in root.all("ol", data_reading_list="") for address in addresses(listed)),
        notes=tuple(_note(quiz, note) for note in notes),
        skipped_safety=any(text.startswith("You skipped a safety question.") for text in texts),
        raised=tuple(
            key
            for key, each in ((each["data-dimension"], each) for each in dimensions)
            if [words.text for words in each.all(data_words="")] == [flag_words.get(key)]
        ),
    )


def addresses(node: Node) -> tuple[str, ...]:
    """The sections that the reading links in a part of the page lead to, by where they really lead."""
    return tuple(section_of(link["href"]) for link in node.all("a", data_reading=""))


def section_of(href: str) -> str:
    path, _, anchor = href.partition("#")
    return f"{path.strip('/').rpartition('/')[2]}#{anchor}"


def _note(quiz: oracle.Quiz, node: Node) -> tuple[str, str]:
    hrefs = [link["href"] for link in node.all("a")]
    assert len(hrefs) <= 1
    if hrefs and "#" not in hrefs[0]:
        return phrase_of(quiz, node.text), hrefs[0].split("/")[2]
    return phrase_of(quiz, node.text), section_of(hrefs[0]) if hrefs else ""


def phrase_of(quiz: oracle.Quiz, text: str) -> str:
    """By which of its phrases the tables know a note."""
    return next(note.phrase for note in quiz.notes if note.phrase.lower() in text.lower())


@pytest.mark.parametrize("slug, choice", FORMS, ids=["-".join(filter(None, form)) for form in FORMS])
def test_result_page_equals_the_tables(course: None, shipped: Shipped, client: Client, slug: str, choice: str) -> None:
    quiz = QUIZZES[slug]
    source = next(source for source in shipped.quizzes if source.slug == slug)
    flag_words = {each.key: each.danger.text for each in source.dimensions if each.danger}
    chance = random.Random(f"{slug} {choice}")
    links: set[str] = set()
    seen: Counter[str] = Counter()
    for _ in range(SETS):
        responses, gate = oracle.random_answers(quiz, choice, chance)
        expected = oracle.outcome(quiz, responses, choice, gate)
        assert post_answers(client, quiz, choice, responses, gate) == (303, f"/quizzes/{slug}/result/")
        response = client.get(f"/quizzes/{slug}/result/")
        assert response.status_code == 200
        page = parse(response.content)
        root = page.one(data_result="")
        assert (root["data-quiz"], root["data-version"]) == (slug, "1")
        assert shown(page, quiz, flag_words) == expected, (responses, gate)
        hrefs = {link["href"] for link in page.all("a")}
        assert {name: f"/quizzes/{slug}/{name}/" in hrefs for name in ("keep", "compare", "plan")} == dict.fromkeys(
            ("keep", "compare", "plan"), expected.offered
        )
        assert bool(root.all("table")) == (expected.offered and any(value for _, value, *_ in expected.dimensions))
        if expected.hides:
            assert {href for href in hrefs if oracle.is_repair_advice(section_of(href))} == set()
        readings = {link["data-reading"]: link["href"] for link in page.all("a", data_reading="")}
        assert {address: section_of(href) for address, href in readings.items()} == {key: key for key in readings}
        links |= set(readings.values())
        seen.update([f"flagged {expected.flagged}", *(band for _, _, band, _ in expected.dimensions)])
    assert_all_seen(quiz, seen)
    for href in sorted(links):
        assert_lands_on_section(client, href)


def assert_all_seen(quiz: oracle.Quiz, seen: Counter[str]) -> None:
    """The random answers were varied enough to mean something."""
    can_flag = quiz.slug in oracle.GATED or quiz.flag_up_to or any(item.flag_at for item in quiz.items)
    wanted = {"flagged False", "low", "middle", "high", ""} | ({"flagged True"} if can_flag else set())
    assert {kind: seen[kind] > 0 for kind in wanted} == dict.fromkeys(wanted, True)


def assert_lands_on_section(client: Client, href: str) -> None:
    path, _, anchor = href.partition("#")
    response = client.get(path)
    assert (response.status_code, href) == (200, href)
    assert [section.tag for section in parse(response.content).all(id=anchor)] == ["section"], href


@pytest.mark.parametrize("slug", QUIZZES)
def test_scores_and_guidance_equal_the_tables(shipped: Shipped, slug: str) -> None:
    quiz = QUIZZES[slug]
    source = next(source for source in shipped.quizzes if source.slug == slug)
    hidden = {
        f"{lesson.slug}#{section.anchor}"
        for lesson in shipped.lessons
        for section in lesson.sections
        if section.not_in_danger
    }
    chance = random.Random(slug)
    for _ in range(1000):
        context = chance.choice(quiz.contexts)
        responses, gate = oracle.random_answers(quiz, context, chance)
        expected = oracle.outcome(quiz, responses, context, gate)
        assert computed(source, responses, context, gate, hidden) == (expected, expected.hides), (
            responses,
            context,
            gate,
        )


def computed(
    source: QuizSource, responses: dict[str, str], context: str, gate: str, hidden: set[str]
) -> tuple[oracle.Outcome, bool]:
    """What scoring and guidance say, in the oracle's terms, and whether anything is hidden."""
    result = score(source, responses, context, gate)
    guidance = guide(source, result, hidden=hidden, stopped_by=result.stopped_by)
    quiz = QUIZZES[source.slug]
    outcome = oracle.Outcome(
        flagged=result.flagged,
        stopped=result.stopped_by is not None,
        dimensions=tuple(
            (
                each.dimension.key,
                "" if each.score is None else str(each.score),
                "" if each.band_index is None else BANDS[each.band_index],
                tuple(link.to for link in each.links),
            )
            for each in guidance.dimensions
        ),
        leading=tuple(link.to for link in guidance.leading),
        notes=tuple(
            (phrase_of(quiz, note.text), note.quiz or (note.link.to if note.link else "")) for note in guidance.notes
        ),
        skipped_safety=result.skipped_flag_item,
        raised=tuple(each.dimension.key for each in guidance.dimensions if each.danger),
    )
    return outcome, guidance.hides


def test_tables_hold_the_brief_s_items_and_dimensions() -> None:
    counts = {slug: (len(quiz.items), len(quiz.dimensions)) for slug, quiz in QUIZZES.items()}
    assert counts == {
        "how-i-trust": (16, 4),
        "trust-in-this-relationship": (20, 5),
        "is-this-person-safe-to-trust": (19, 4),
        "where-mistrust-came-from": (15, 5),
        "ready-to-rebuild": (24, 8),
        "spot-the-manipulation": (15, 5),
        "trust-facts": (12, 4),
    }


@pytest.mark.parametrize("slug", QUIZZES)
def test_bands_begin_where_the_tables_say(shipped: Shipped, slug: str) -> None:
    """Also at scores that no set of answers reaches now."""
    source = next(source for source in shipped.quizzes if source.slug == slug)
    assert {
        dimension.key: tuple(band.start for band in source.bands_of(dimension)) for dimension in source.dimensions
    } == {dimension.key: dimension.starts for dimension in QUIZZES[slug].dimensions}
