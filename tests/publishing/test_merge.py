"""Two authors changed one document at the same time."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.source import LessonSource
from publishing.merge import Clash, merge
from publishing.shape import Document, at, document
from quizzes.source import QuizSource
from tests.factories import lesson_source, section_source
from tests.quizzes.build import dimension, item, keyed_items, link, quiz

LESSON = document(
    lesson_source(
        sections=tuple(section_source(anchor=each, heading=each.title(), body=f"On {each}.") for each in "abcd")
    )
)
QUIZ = document(
    quiz(
        items=(item("1", "one"), item("2", "one", flag_at=(4, 5)), item("3", "two"), item("4", "two")),
        dimensions=(dimension("one"), dimension("two", low=("two#low", "two#more"))),
    )
)


def changed(doc: Document, *path: Any, to: Any) -> Document:
    """The document with something else at a place."""
    copy = deepcopy(doc)
    at(copy, path[:-1])[path[-1]] = to
    return copy


def with_list(doc: Document, name: str, parts: list[Document]) -> Document:
    return {**deepcopy(doc), name: deepcopy(parts)}


def sections(doc: Document) -> list[str]:
    return [each["anchor"] for each in doc["sections"]]


def keys(doc: Document) -> list[str]:
    return [each["key"] for each in doc["items"]]


A, B, C, D = LESSON["sections"]
NEW = {**A, "anchor": "new", "heading": "New"}
OTHER = {**A, "anchor": "other", "heading": "Other"}


def test_changes_of_different_sections_and_fields_are_all_taken() -> None:
    mine = changed(changed(LESSON, "sections", 0, "body", to="Mine."), "title", to="My title")
    theirs = changed(changed(LESSON, "sections", 1, "body", to="Theirs."), "sections", 0, "heading", to="Their heading")
    merged, clashes = merge(LessonSource, LESSON, mine, theirs)
    assert clashes == []
    assert merged == changed(
        changed(mine, "sections", 1, "body", to="Theirs."), "sections", 0, "heading", to="Their heading"
    )


def test_change_of_one_field_by_both_is_told_and_mine_stands() -> None:
    mine = changed(LESSON, "sections", 2, "body", to="Mine.")
    theirs = changed(changed(LESSON, "sections", 2, "body", to="Theirs."), "title", to="Their title")
    merged, clashes = merge(LessonSource, LESSON, mine, theirs)
    assert merged == changed(mine, "title", to="Their title")
    assert clashes == [Clash(("sections", 2, "body"), "On c.", "Mine.", "Theirs.")]


def test_same_change_by_both_is_no_clash() -> None:
    both = changed(LESSON, "sections", 2, "body", to="Better.")
    assert merge(LessonSource, LESSON, both, both) == (both, [])


def test_optional_part_that_both_added_is_merged_field_by_field() -> None:
    base = changed(QUIZ, "context", to=None)
    mine = changed(base, "context", to={"question": "Who?", "choices": []})
    theirs = changed(base, "context", to={"question": "Whom?", "choices": []})
    merged, clashes = merge(QuizSource, base, mine, theirs)
    assert (merged, clashes) == (mine, [Clash(("context", "question"), None, "Who?", "Whom?")])


def test_optional_part_that_one_removed_and_the_other_changed() -> None:
    base = changed(QUIZ, "context", to={"question": "Who?", "choices": []})
    mine = changed(base, "context", to=None)
    theirs = changed(base, "context", "question", to="Whom?")
    merged, clashes = merge(QuizSource, base, mine, theirs)
    assert merged == mine
    assert clashes == [Clash(("context",), base["context"], None, theirs["context"])]


@pytest.mark.parametrize("swapped", [False, True], ids=["I move", "they move"])
def test_one_moves_what_the_other_changes(swapped: bool) -> None:
    moves = with_list(LESSON, "sections", [C, A, B, D])
    changes = changed(LESSON, "sections", 0, "body", to="Other words.")
    two = (changes, moves) if swapped else (moves, changes)
    assert merge(LessonSource, LESSON, *two) == (changed(moves, "sections", 1, "body", to="Other words."), [])


@pytest.mark.parametrize(
    "mine, theirs, merged",
    [
        ([A, NEW, B, C, D], [A, B, C, D, OTHER], [A, NEW, B, C, D, OTHER]),
        ([A, B, C, D, NEW], [A, B, C, D, OTHER], [A, B, C, D, NEW, OTHER]),
        ([NEW, A, B, C, D], [OTHER, A, B, C, D], [NEW, OTHER, A, B, C, D]),
        ([A, NEW, B, C, D], [D, C, B, A], [D, C, B, A, NEW]),
        ([D, C, B, A], [A, NEW, B, C, D], [D, C, B, A, NEW]),
        ([A, B, D], [A, B, C, NEW, D], [A, B, NEW, D]),
        ([A, C, D], [A, B, C], [A, C]),
        ([], [A, B, C, D, NEW], [NEW]),
        ([B, A, C, D], [B, A, D], [B, A, D]),
    ],
    ids=[
        "both add",
        "both add at the end",
        "both add at the start",
        "they move, I add",
        "I move, they add",
        "I remove, they add",
        "both remove",
        "I remove all, they add",
        "both move alike",
    ],
)
def test_sections_added_removed_and_moved(mine: list[Any], theirs: list[Any], merged: list[Any]) -> None:
    two = (with_list(LESSON, "sections", mine), with_list(LESSON, "sections", theirs))
    assert merge(LessonSource, LESSON, *two) == (with_list(LESSON, "sections", merged), [])


def test_part_that_one_removed_and_the_other_changed_stays_and_is_told() -> None:
    removed = with_list(LESSON, "sections", [A, C, D])
    changes = changed(LESSON, "sections", 1, "body", to="More on b.")
    b = changes["sections"][1]
    assert merge(LessonSource, LESSON, removed, changes) == (changes, [Clash(("sections", 1), B, None, b)])
    assert merge(LessonSource, LESSON, changes, removed) == (changes, [Clash(("sections", 1), B, b, None)])


def test_sections_moved_differently_stand_as_mine_with_the_changes_of_both() -> None:
    mine = changed(with_list(LESSON, "sections", [B, A, C, D]), "sections", 3, "body", to="Mine.")
    theirs = changed(with_list(LESSON, "sections", [A, B, D, C]), "sections", 0, "body", to="Theirs.")
    merged, clashes = merge(LessonSource, LESSON, mine, theirs)
    a, d = {**A, "body": "Theirs."}, {**D, "body": "Mine."}
    assert merged["sections"] == [B, a, C, d]
    assert clashes == [Clash(("sections",), LESSON["sections"], [B, a, C, d], [a, B, d, C])]


def test_section_that_both_added_with_one_anchor_is_merged_field_by_field() -> None:
    mine = with_list(LESSON, "sections", [A, B, C, D, NEW])
    theirs = with_list(LESSON, "sections", [A, B, C, D, {**NEW, "body": "Theirs."}])
    assert merge(LessonSource, LESSON, mine, theirs) == (
        mine,
        [Clash(("sections", 4, "body"), None, NEW["body"], "Theirs.")],
    )


def test_links_of_two_bands_are_merged_and_those_of_one_band_are_one_thing() -> None:
    low, high = ("dimensions", 1, "bands", 0, "links"), ("dimensions", 1, "bands", 2, "links")
    mine = changed(QUIZ, *low, to=[document(link("a#mine"))])
    theirs = changed(QUIZ, *high, to=[document(link("a#theirs"))])
    assert merge(QuizSource, QUIZ, mine, theirs) == (changed(mine, *high, to=at(theirs, high)), [])
    also = changed(theirs, *low, 0, "why", to="other words")
    merged, clashes = merge(QuizSource, QUIZ, mine, also)
    assert at(merged, low) == at(mine, low)
    assert clashes == [Clash(low, at(QUIZ, low), at(mine, low), at(also, low))]


@pytest.mark.parametrize("key", ["", "1", None], ids=["empty", "doubled", "not said"])
def test_list_with_a_key_that_tells_nothing_apart_is_one_thing(key: Any) -> None:
    mine = changed(QUIZ, "items", 1, "key", to=key)
    theirs = changed(QUIZ, "items", 0, "text", to="Theirs.")
    merged, clashes = merge(QuizSource, QUIZ, mine, theirs)
    assert (merged, [clash.path for clash in clashes]) == (mine, [("items",)])


def test_renamed_section_is_joined_by_its_former_anchor() -> None:
    renamed = {**B, "anchor": "bee", "former_anchors": ["b"], "heading": "A bee"}
    mine = with_list(LESSON, "sections", [A, renamed, C, D])
    theirs = changed(LESSON, "sections", 1, "body", to="Theirs.")
    both = changed(mine, "sections", 1, "body", to="Theirs.")
    assert merge(LessonSource, LESSON, mine, theirs) == (both, [])
    assert merge(LessonSource, LESSON, theirs, mine) == (both, [])


def test_part_with_nothing_but_another_key_is_joined() -> None:
    mine = changed(QUIZ, "items", 1, "key", to="two")
    theirs = changed(QUIZ, "items", 1, "flag_at", to=[3, 4, 5])
    assert merge(QuizSource, QUIZ, mine, theirs) == (changed(theirs, "items", 1, "key", to="two"), [])
    renamed = changed(QUIZ, "items", 1, "key", to="zwei")
    assert merge(QuizSource, QUIZ, mine, renamed) == (mine, [Clash(("items", 1, "key"), "2", "two", "zwei")])


def test_another_part_in_the_place_of_a_removed_one_is_not_joined() -> None:
    """Their flags must not be given to a question they never saw."""
    mine = changed(QUIZ, "items", 1, to=document(item("new", "one")))
    theirs = changed(QUIZ, "items", 1, "flag_at", to=[3, 4, 5])
    merged, clashes = merge(QuizSource, QUIZ, mine, theirs)
    assert [(each["key"], each["flag_at"]) for each in merged["items"]] == [
        ("1", []),
        ("new", []),
        ("2", [3, 4, 5]),
        ("3", []),
        ("4", []),
    ]
    assert [clash.path for clash in clashes] == [("items", 2)]


UNFINISHED: list[Any] = [
    {},
    {"items": None},
    {"items": [{}]},
    {"items": [{"key": None}]},
    {"bands": None},
    {"bands": [{}]},
]
UNFINISHED += [{"dimensions": [{"key": "one", "bands": None}]}, {"context": {}}, {"context": {"choices": None}}]


@pytest.mark.parametrize("mine", [*UNFINISHED, QUIZ], ids=repr)
@pytest.mark.parametrize("theirs", UNFINISHED, ids=repr)
@pytest.mark.parametrize("base", [{}, QUIZ], ids=["nothing", "a quiz"])
def test_unfinished_documents_merge(base: Document, mine: Document, theirs: Document) -> None:
    merged, clashes = merge(QuizSource, base, mine, theirs)
    assert isinstance(merged, dict)
    assert all(clash.mine != clash.theirs for clash in clashes)


# --- properties

KEYED = document(quiz(items=keyed_items(5), format="scenarios"))
orders = st.permutations(range(5)).flatmap(lambda order: st.integers(0, 5).map(lambda count: order[:count]))


@st.composite
def edited(draw: st.DrawFn, letter: str) -> Document:
    """A quiz whose questions were moved, removed, added, renamed and changed."""
    parts = [deepcopy(KEYED["items"][place]) for place in draw(orders)]
    for place, part in enumerate(parts):
        part["text"] += draw(st.sampled_from(["", "", f" {letter}{place}"]))
        part["key"] = draw(st.sampled_from([part["key"], part["key"], f"{letter}{place}"]))
    for place in draw(st.lists(st.integers(0, 9), max_size=2)):
        parts.insert(place, {**KEYED["items"][0], "key": f"{letter}-new-{place}-{len(parts)}", "text": f"By {letter}."})
    return {**KEYED, "items": parts}


@given(edited("m"))
@settings(deadline=None)
def test_merge_with_an_unchanged_copy_is_the_other(doc: Document) -> None:
    assert merge(QuizSource, KEYED, doc, KEYED) == (doc, [])
    assert merge(QuizSource, KEYED, KEYED, doc) == (doc, [])
    assert merge(QuizSource, KEYED, doc, doc) == (doc, [])


@given(edited("m"), edited("t"))
@settings(deadline=None)
def test_no_part_is_lost_or_doubled(mine: Document, theirs: Document) -> None:
    merged, clashes = merge(QuizSource, KEYED, mine, theirs)
    found, old = keys(merged), keys(KEYED)
    assert len(set(found)) == len(found)
    assert {key for key in old if key in keys(mine) and key in keys(theirs)} <= set(found)
    new = {key for doc in (mine, theirs) for key in keys(doc) if key not in old}
    overruled = {clash.theirs for clash in clashes if clash.path[-1] == "key"}
    assert new - overruled <= set(found) <= {*new, *old}


@given(st.data())
@settings(deadline=None)
def test_disjoint_changes_merge_the_same_from_either_side(data: st.DataObject) -> None:
    leaves = [("title",), ("number",), ("intro",), ("bands", 1, "label"), ("dimensions", 1, "bands", 2, "links")]
    leaves += [("items", 0, "text"), ("items", 0, "flag_at"), ("items", 3, "options"), ("dimensions", 0, "name")]
    places = data.draw(st.permutations(leaves))
    split = data.draw(st.integers(0, len(places)))
    mine, theirs, both = QUIZ, QUIZ, QUIZ
    for number, place in enumerate(places):
        mine = changed(mine, *place, to="Mine") if number < split else mine
        theirs = changed(theirs, *place, to="Theirs") if number >= split else theirs
        both = changed(both, *place, to="Mine" if number < split else "Theirs")
    assert merge(QuizSource, QUIZ, mine, theirs) == (both, [])
    assert merge(QuizSource, QUIZ, theirs, mine) == (both, [])
