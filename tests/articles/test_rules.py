"""What must hold within a lesson, and what a new version may not take away in silence."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from articles.rules import RESERVED_ANCHORS, broken, keeping_addresses, leads, weakened
from articles.source import LessonSource
from publishing.shape import Path, document, read
from tests.factories import lesson_source, put, section_source, shipped_lessons

LESSONS = shipped_lessons()
REBUILD = LESSONS["should-we-rebuild"]
CHECK, GROUND = REBUILD.sections[:2]


@pytest.mark.parametrize("shipped", LESSONS.values(), ids=LESSONS.keys())
def test_shipped_lesson_breaks_no_rule_and_takes_nothing_from_itself(shipped: LessonSource) -> None:
    assert read(LessonSource, document(shipped)) == (shipped, [])
    assert list(broken(shipped)) == []
    assert list(weakened(shipped, shipped)) == []


def test_every_lesson_is_shipped() -> None:
    assert len(LESSONS) == 21
    assert (CHECK.safety, CHECK.not_in_danger, GROUND.safety, GROUND.not_in_danger) == (True, False, False, True)


DEEP = "headings inside a text start with ###; ## begins a new section"
SECTION = "headings inside a text start with ###; add a section for a new one"
NOWHERE = "link 'x' leads nowhere; use lesson#anchor, /page/ or https://..."


@pytest.mark.parametrize(
    "path, to, at, message",
    [
        (("review_due",), date(2000, 1, 1), ("review_due",), "Next review due lies before the last review"),
        (("sections", 1, "anchor"), CHECK.anchor, ("sections", 1, "anchor"),
         "Anchor “safety-check-first” is used twice in this lesson"),
        (("sections", 1, "former_anchors"), (CHECK.anchor,), ("sections", 1, "former_anchors"),
         "Anchor “safety-check-first” is used twice in this lesson"),
        (("sections", 1, "former_anchors"), (GROUND.anchor,), ("sections", 1, "former_anchors"),
         "Anchor “is-there-ground-to-build-on” is used twice in this lesson"),
        (("sections", 1, "former_anchors"), ("old", "old"), ("sections", 1, "former_anchors"),
         "Anchor “old” is used twice in this lesson"),
        (("scene",), "One.\n\n[two](x)", ("scene", 2), f"Opening scene: {NOWHERE}"),
        (("sections", 1, "body"), "One.\n[two](x)", ("sections", 1, "body", 1), NOWHERE),
        (("exercise", "body"), "[one](x)", ("exercise", "body", 0), NOWHERE),
        (("sections", 1, "body"), "One.\n\n# Two", ("sections", 1, "body", 2), DEEP),
        (("sections", 1, "body"), "One.\n\n## Two", ("sections", 1, "body", 2), DEEP),
        (("sections", 1, "body"), "One.\n\n##Two", ("sections", 1, "body", 2), SECTION),
        (("sections", 1, "body"), "```\n## Two\n```", ("sections", 1, "body", 1), SECTION),
        (("scene",), "##Two", ("scene", 0), f"Opening scene: {SECTION}"),
        (("exercise", "body"), "## Two", ("exercise", "body", 0), DEEP),
        (("sections", 1, "body"), "![](/media/a.png)", ("sections", 1, "body", 0),
         "picture '/media/a.png' has no text alternative; write ![what it shows](...)"),
    ],
)  # fmt: skip
def test_one_slip_is_told_once_at_its_place(path: Path, to: Any, at: Path, message: str) -> None:
    assert list(broken(put(REBUILD, *path, to=to))) == [(at, message)]


@pytest.mark.parametrize("text", ["##Two", "```\n## Two\n```"])
def test_exercise_begins_no_section(text: str) -> None:
    assert list(broken(put(REBUILD, "exercise", "body", to=text))) == []


TOGETHER = "In short and One act stand together; write both, or neither"


@pytest.mark.parametrize(
    "in_short, act, told",
    [
        ("", "", []),
        ("word " * 45, "Rest.", []),
        ("word " * 46, "Rest.", [(("in_short",), "In short has 46 words; say it in at most 45")]),
        ("You may rest.", "", [(("act",), TOGETHER)]),
        ("", "Rest.", [(("in_short",), TOGETHER)]),
    ],
)
def test_in_short_is_short_and_has_its_act(in_short: str, act: str, told: list[Any]) -> None:
    assert list(broken(replace(REBUILD, in_short=in_short, act=act))) == told


def test_review_may_be_due_on_the_day_of_the_last() -> None:
    assert list(broken(replace(REBUILD, review_due=REBUILD.reviewed))) == []


@pytest.mark.parametrize("anchor", sorted(RESERVED_ANCHORS))
@pytest.mark.parametrize("field, held", [("anchor", str), ("former_anchors", lambda anchor: (anchor,))])
def test_anchor_of_the_page_itself_is_refused(anchor: str, field: str, held: Any) -> None:
    now = put(REBUILD, "sections", 2, field, to=held(anchor))
    assert list(broken(now)) == [
        (("sections", 2, field), f"Anchor “{anchor}” is the page’s own; choose another"),
    ]


def test_lesson_leads_to_its_part_and_to_the_sections_its_texts_link_to() -> None:
    lesson = lesson_source(
        scene="See [this](a#b).", sections=(section_source(body="No.\n\nBut [that](c#d) and [us](/privacy/)."),)
    )
    assert list(leads(lesson)) == [
        (("part",), "part:formation"),
        (("scene", 0), "section:a#b"),
        (("sections", 0, "body", 2), "section:c#d"),
    ]


SHOWN = f"“{GROUND.heading}” is shown to readers in danger from now on"
HIDDEN_GONE = f"“{GROUND.heading}”, which is hidden from readers in danger, is gone; keep its words hidden"
BOX_GONE = f"“{CHECK.heading}” is gone, and its safety box with it"


@pytest.mark.parametrize(
    "path, to, at, message",
    [
        (("safety",), "care", ("safety",), "Safety shows fewer safety boxes than before"),
        (("safety",), "none", ("safety",), "Safety shows fewer safety boxes than before"),
        (("sections", 0, "safety"), False, ("sections", 0, "safety"), f"“{CHECK.heading}” loses its safety box"),
        (("sections", 1, "not_in_danger"), False, ("sections", 1, "not_in_danger"), SHOWN),
        (("sections", 1), replace(GROUND, anchor="ground", former_anchors=(GROUND.anchor,), not_in_danger=False),
         ("sections", 1, "not_in_danger"), SHOWN),
        (("sections", 1, "anchor"), "ground", ("sections",), HIDDEN_GONE),
        (("sections", 0, "anchor"), "check", ("sections",), BOX_GONE),
        (("sections",), REBUILD.sections[1:], ("sections",), BOX_GONE),
    ],
)  # fmt: skip
def test_what_is_taken_from_safety_is_told_once(path: Path, to: Any, at: Path, message: str) -> None:
    assert list(weakened(REBUILD, put(REBUILD, *path, to=to))) == [(at, message)]


def test_section_is_found_again_by_a_former_anchor_that_it_kept() -> None:
    before = put(REBUILD, "sections", 1, to=replace(GROUND, anchor="now", former_anchors=("then",)))
    now = put(REBUILD, "sections", 1, to=replace(GROUND, anchor="then", not_in_danger=False))
    assert list(weakened(before, now)) == [(("sections", 1, "not_in_danger"), SHOWN)]


@pytest.mark.parametrize(
    "path, to",
    [
        (("sections",), REBUILD.sections[::-1]),
        (("sections", 1), replace(GROUND, anchor="ground", former_anchors=(GROUND.anchor,), heading="Other words")),
        (("sections", 0, "not_in_danger"), True),
        (("sections", 1, "safety"), True),
        (("sections", 1, "body"), "Other words."),
    ],
)
def test_what_takes_nothing_away_needs_no_confirmation(path: Path, to: Any) -> None:
    assert list(weakened(REBUILD, put(REBUILD, *path, to=to))) == []
    assert list(weakened(put(REBUILD, "safety", to="care"), REBUILD)) == []


# ---- addresses that readers know


KEY, DOOR = "section:a-spare-key#a-key", "section:a-spare-key#a-door"


@pytest.mark.parametrize(
    "now, known, former",
    [
        ({"anchor": "a-door"}, {KEY}, ["a-key"]),
        ({"anchor": "a-door", "body": "Other words."}, {KEY}, ["a-key"]),
        ({"anchor": "a-door", "heading": "A door"}, {KEY}, ["a-key"]),
        ({"anchor": "a-door", "heading": "A door", "body": "Other words."}, {KEY}, []),
        ({"anchor": "a-door"}, {DOOR}, []),
        ({"anchor": "a-door"}, set(), []),
        ({"anchor": "a-key", "body": "Other words."}, {KEY}, []),
        ({"anchor": "a-door", "former_anchors": ["a-key"]}, {KEY}, ["a-key"]),
        ({"anchor": "a-door", "former_anchors": ["a-door"]}, {KEY}, ["a-key"]),
    ],
    ids=["renamed", "text", "heading", "another", "unknown", "unseen", "kept", "by hand", "back again"],
)
def test_address_that_readers_know_is_kept(now: dict[str, Any], known: set[str], former: list[str]) -> None:
    before = document(lesson_source())
    after = {**before, "sections": [{**before["sections"][0], **now}]}
    kept = keeping_addresses(before, after, known)
    assert kept == {**after, "sections": [{**after["sections"][0], "former_anchors": former}]}


def test_two_sections_that_change_anchors_keep_none() -> None:
    two = (section_source(), section_source(anchor="a-door", heading="A door", body="It is open."))
    before = document(lesson_source(sections=two))
    first, second = before["sections"]
    after = {**before, "sections": [{**first, "anchor": "a-door"}, {**second, "anchor": "a-key"}]}
    assert keeping_addresses(before, after, {KEY, DOOR}) == after


def test_text_that_goes_gives_its_address_to_no_section_that_was_there() -> None:
    two = (section_source(), section_source(anchor="a-door"))
    before = document(lesson_source(sections=two))
    after = {**before, "sections": before["sections"][1:]}
    assert keeping_addresses(before, after, {KEY, DOOR}) == after


def test_sections_without_words_are_not_the_same() -> None:
    empty = {"heading": "", "body": "", "former_anchors": []}
    before, after = ({"sections": [{**empty, "anchor": anchor}]} for anchor in ("a-key", "a-door"))
    assert keeping_addresses(before, after, {KEY}) == after


def test_section_that_is_split_keeps_its_address_once() -> None:
    before = document(lesson_source())
    (whole,) = before["sections"]
    head, rest = (
        {**whole, "anchor": "a-door", "body": "It is open."},
        {**whole, "anchor": "a-lock", "heading": "A lock"},
    )
    kept = keeping_addresses(before, {**before, "sections": [head, rest]}, {KEY})
    assert kept["sections"] == [{**head, "former_anchors": ["a-key"]}, rest]


def test_sections_that_become_one_keep_both_addresses() -> None:
    before = document(lesson_source(sections=(section_source(), section_source(anchor="a-door", heading="A door"))))
    one = {**before["sections"][0], "anchor": "a-lock"}
    kept = keeping_addresses(before, {**before, "sections": [one]}, {KEY, DOOR})
    assert kept["sections"] == [{**one, "former_anchors": ["a-key", "a-door"]}]
