"""What changed, as an editor reads it."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings

from articles.source import LessonSource
from publishing.difference import Change, compared, difference
from publishing.shape import Document, document
from quizzes.source import ChoiceSource, ContextSource, QuizSource
from tests.factories import citation_source, lesson_source, lesson_sources, section_source
from tests.publishing.test_merge import changed, edited, with_list
from tests.quizzes.build import dimension, item, quiz, safety

LESSON = document(
    lesson_source(
        sections=tuple(section_source(anchor=each, heading=each.title(), body=f"On {each}.") for each in "abcd"),
        citations=(citation_source(), citation_source(citation="Other (2010).", doi="")),
    )
)
QUIZ = document(
    quiz(
        items=(item("1", "one"), item("2", "one", flag_at=(4, 5)), item("3", "two")),
        dimensions=(dimension("one"), dimension("two")),
        safety=safety(),
        context=ContextSource(question="Who?", choices=(ChoiceSource(key="f", label="A friend"),)),
    )
)
A, B, C, D = LESSON["sections"]


@pytest.mark.parametrize(
    "cls, doc, path, to, change",
    [
        (LessonSource, LESSON, ("title",), "A spare, old key", ("Title", "A [spare] {spare, old} key")),
        (LessonSource, LESSON, ("number",), 902, ("Number", "[901] {902}")),
        (LessonSource, LESSON, ("number",), "ten", ("Number", "[901] {ten}")),
        (LessonSource, LESSON, ("reviewed",), "2026-12-01", ("Last reviewed", "[22 November] {1 December} 2026")),
        (LessonSource, LESSON, ("reviewed",), "soon", ("Last reviewed", "[22 November 2026] {soon}")),
        (LessonSource, LESSON, ("reviewed",), None, ("Last reviewed", "[22 November 2026]")),
        (LessonSource, LESSON, ("safety",), "care", ("Safety", "[No safety] {Safety} box {at the end}")),
        (LessonSource, LESSON, ("objectives", 1), "No.",
         ("Objectives", "Say what a key says. \n [Say what it does not.] {No.}")),
        (LessonSource, LESSON, ("sections", 1, "safety"), True, ("Section 2, Safety box at its top", "[no] {yes}")),
        (LessonSource, LESSON, ("sections", 1, "anchor"), "bee", ("Section 2, Anchor", "[b] {bee}")),
        (LessonSource, LESSON, ("exercise", "minutes"), 12, ("Exercise, Minutes", "[10] {12}")),
        (LessonSource, LESSON, ("citations", 1, "doi"), "10.1000/1", ("Source 2, DOI", "{10.1000/1}")),
        (QuizSource, QUIZ, ("higher_is_worse",), True, ("What a higher score means", "[better] {worse}")),
        (QuizSource, QUIZ, ("higher_is_worse",), None, ("What a higher score means", "[better]")),
        (QuizSource, QUIZ, ("items", 1, "flag_at"), [4],
         ("Question 2, Flags danger at", "[Mostly, Very true] {Mostly}")),
        (QuizSource, QUIZ, ("items", 1, "dimension"), "two", ("Question 2, Dimension", "[One] {Two}")),
        (QuizSource, QUIZ, ("items", 1, "dimension"), "gone", ("Question 2, Dimension", "[One] {gone}")),
        (QuizSource, QUIZ, ("items", 1, "contexts"), ["f"], ("Question 2, Asked only for", "{A friend}")),
        (QuizSource, QUIZ, ("bands", 1, "start"), 45, ("Middle band, From", "[40] {45}")),
        (
            QuizSource,
            QUIZ,
            ("dimensions", 0, "bands", 2, "links", 0, "why"),
            "it is so",
            ("Dimension 1, High band, Link 1, Why this reader gets it", "it [helps] {is so}"),
        ),
    ],
)  # fmt: skip
def test_field_that_changed(cls: type, doc: Document, path: Any, to: Any, change: tuple[str, str]) -> None:
    [found] = difference(cls, doc, changed(doc, *path, to=to))
    marks = {"same": "%s", "removed": "[%s]", "added": "{%s}"}
    assert found.path == (("objectives",) if path[0] == "objectives" else path)
    assert (found.what, found.place) == ("changed", change[0])
    assert " ".join(marks[kind] % words for kind, words in found.pieces) == change[1]


LONG = " ".join(f"w{n}" for n in range(40))


@pytest.mark.parametrize(
    "before, now, pieces",
    [
        ("one two", "one two three", [("same", "one two"), ("added", "three")]),
        (LONG, f"{LONG} end", [("same", "… w34 w35 w36 w37 w38 w39"), ("added", "end")]),
        (LONG, f"start {LONG}", [("added", "start"), ("same", "w0 w1 w2 w3 w4 w5 …")]),
        (
            f"old {LONG} old",
            f"new {LONG} new",
            [
                ("removed", "old"),
                ("added", "new"),
                ("same", "w0 w1 w2 w3 w4 w5 … w34 w35 w36 w37 w38 w39"),
                ("removed", "old"),
                ("added", "new"),
            ],
        ),
        ("a b", "a\n\nb", [("same", "a"), ("added", "\n\n"), ("same", "b")]),
        ("a  b", "a b", [("removed", "a  b"), ("added", "a b")]),
        ("", "a", [("added", "a")]),
    ],
    ids=["end", "long before", "long after", "long between", "a paragraph", "spaces", "new"],
)
def test_words_that_changed_with_a_few_around_them(before: str, now: str, pieces: Any) -> None:
    assert list(compared(before, now)) == pieces


def test_part_that_is_added_is_one_change_with_all_it_says() -> None:
    now = with_list(LESSON, "sections", [A, {**B, "anchor": "new", "body": "One.\n\nTwo.", "safety": True}, B, C, D])
    said = "Heading: B\nAnchor: new\nText: One.\n\nTwo.\nSafety box at its top: yes"
    assert difference(LessonSource, LESSON, now) == (Change(("sections", 1), "Section 2", "added", (("added", said),)),)


def test_part_that_is_removed_is_one_change_in_the_words_it_had() -> None:
    now = with_list(QUIZ, "items", [QUIZ["items"][0], QUIZ["items"][2]])
    said = "Key: 2\nQuestion: Statement 2.\nDimension: One\nFlags danger at: Mostly, Very true"
    assert difference(QuizSource, QUIZ, now) == (Change(("items", 1), "Question 2", "removed", (("removed", said),)),)


def test_part_that_is_moved_is_one_change_beside_those_within_it() -> None:
    now = with_list(LESSON, "sections", [A, C, {**D, "body": "Dogs."}, B])
    assert difference(LessonSource, LESSON, now) == (
        Change(("sections", 2, "body"), "Section 3, Text", "changed", (("removed", "On d."), ("added", "Dogs."))),
        Change(("sections", 3), "Section 4", "moved", (("removed", "Section 2"), ("added", "Section 4"))),
    )  # fmt: skip


def test_renamed_section_is_no_other_section() -> None:
    now = with_list(LESSON, "sections", [A, {**B, "anchor": "bee", "former_anchors": ["b"]}, C, D])
    assert [(change.place, change.what) for change in difference(LessonSource, LESSON, now)] == [
        ("Section 2, Anchor", "changed"),
        ("Section 2, Former anchors", "changed"),
    ]


def test_parts_without_keys_are_paired_by_what_they_say() -> None:
    first, second = LESSON["citations"]
    now = with_list(LESSON, "citations", [{**first, "citation": "New."}, first, second])
    assert [(change.place, change.what) for change in difference(LessonSource, LESSON, now)] == [("Source 1", "added")]
    assert [(change.place, change.what) for change in difference(LessonSource, now, LESSON)] == [
        ("Source 1", "removed")
    ]


def test_optional_part_added_and_removed() -> None:
    without = changed(QUIZ, "safety", to=None)
    for before, now, what in ((without, QUIZ, "added"), (QUIZ, without, "removed")):
        [change] = difference(QuizSource, before, now)
        assert (change.path, change.place, change.what) == (("safety",), "Safety", what)
        assert change.pieces[0][1].startswith(
            "What a flagged result says: It is not your fault.\nSection: safe#first\n"
        )


def test_two_choices_of_one_name_are_told_by_their_keys() -> None:
    before = changed(QUIZ, "dimensions", 1, "name", to="One")
    [change] = difference(QuizSource, before, changed(before, "items", 0, "dimension", to="two"))
    assert change.pieces == (("removed", "one"), ("added", "two"))


def test_without_a_document_before_everything_is_one_change() -> None:
    assert difference(QuizSource, None, QUIZ) == (Change((), "Everything", "added"),)


def test_changes_come_in_the_order_of_the_page() -> None:
    now = deepcopy(LESSON)
    now["sections"][3]["body"] = now["title"] = now["exercise"]["body"] = now["sections"][0]["heading"] = "New"
    assert [change.place for change in difference(LessonSource, LESSON, now)] == [
        "Title",
        "Section 1, Heading",
        "Section 4, Text",
        "Exercise, Text",
    ]


@pytest.mark.parametrize(
    "before", [{}, {"items": None, "context": {}}, {"bands": [{}], "items": [{}, {"key": ""}]}, QUIZ]
)
@pytest.mark.parametrize("now", [{}, {"items": [{"key": None}]}, {"bands": None, "minutes": "ten"}, QUIZ])
def test_unfinished_documents_are_compared(before: Document, now: Document) -> None:
    assert bool(difference(QuizSource, before, now)) == (before != now)


@given(lesson_sources(), lesson_sources())
@settings(deadline=None)
def test_no_change_is_told_of_equal_lessons_alone(before: LessonSource, now: LessonSource) -> None:
    two = document(before), document(now)
    assert difference(LessonSource, two[0], deepcopy(two[0])) == ()
    assert (difference(LessonSource, *two) == ()) == (before == now)


@given(edited("m"), edited("t"))
@settings(deadline=None)
def test_no_change_is_told_of_equal_quizzes_alone(before: Document, now: Document) -> None:
    assert (difference(QuizSource, before, now) == ()) == (before == now)
