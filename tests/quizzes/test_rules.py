"""What must hold within a quiz, and what a new version may not take away in silence."""

from dataclasses import replace
from typing import Any

import pytest

from publishing.shape import Path, document, read, where
from quizzes.rules import broken, weakened
from quizzes.source import ConditionSource, ContextSource, LinkSource, OptionSource, QuizSource
from tests.factories import put, shipped_quizzes
from tests.quizzes.build import dimension, item, items, link, quiz, safety

QUIZZES = shipped_quizzes()
BOND, READY = QUIZZES["trust-in-this-relationship"], QUIZZES["ready-to-rebuild"]
SCENARIOS, FACTS = QUIZZES["spot-the-manipulation"], QUIZZES["trust-facts"]
NOTED, SIGNS = QUIZZES["how-i-trust"], QUIZZES["is-this-person-safe-to-trust"]
MISTRUST = QUIZZES["where-mistrust-came-from"]


@pytest.mark.parametrize("shipped", QUIZZES.values(), ids=QUIZZES.keys())
def test_shipped_quiz_breaks_no_rule_and_takes_nothing_from_itself(shipped: QuizSource) -> None:
    assert read(QuizSource, document(shipped)) == (shipped, [])
    assert list(broken(shipped)) == []
    assert list(weakened(shipped, shipped)) == []


def test_seven_quizzes_are_shipped() -> None:
    assert len(QUIZZES) == 7


FOR_SOME = "Only for: only links of a band can be for some; remove these"
ONE_BEST = "only questions with one best answer have it; remove it"
OPTION = SCENARIOS.items[0].options[0]


@pytest.mark.parametrize(
    "shipped, path, to, at, message",
    [
        (BOND, ("dimensions", 2, "key"), "predict", ("dimensions", 2, "key"), "Key “predict” is used twice"),
        (BOND, ("items", 19, "key"), "1", ("items", 19, "key"), "Key “1” is used twice"),
        (BOND, ("context", "choices", 3, "key"), "friend",
         ("context", "choices", 3, "key"), "Key “friend” is used twice"),
        (SCENARIOS, ("items", 1, "options", 2, "key"), "a", ("items", 1, "options", 2, "key"), "Key “a” is used twice"),
        (BOND, ("bands", 0, "start"), 10, ("bands",),
         "Bands begin at 10, 40, 70; the first must begin at 0 and each later than the one before"),
        (BOND, ("bands", 1, "start"), 70, ("bands",),
         "Bands begin at 0, 70, 70; the first must begin at 0 and each later than the one before"),
        (BOND, ("dimensions", 4, "bands", 2, "start"), 40, ("dimensions", 4, "bands"),
         "Bands begin at 0, 50, 40; the first must begin at 0 and each later than the one before"),
        (BOND, ("dimensions", 0, "bands", 1, "start"), 90, ("dimensions", 0, "bands"),
         "Bands begin at 0, 90, 70; the first must begin at 0 and each later than the one before"),
        (BOND, ("items",), BOND.items[4:], ("dimensions", 0, "key"), "Key “predict” is no question’s dimension"),
        (BOND, ("items", 0, "options"), (OPTION,), ("items", 0, "options"), f"Answers: {ONE_BEST}"),
        (BOND, ("items", 0, "answer"), "5", ("items", 0, "answer"), f"Best answer: {ONE_BEST}"),
        (BOND, ("items", 0, "explanation"), "So.", ("items", 0, "explanation"), f"Explanation: {ONE_BEST}"),
        (SCENARIOS, ("items", 3, "reverse"), True, ("items", 3, "reverse"), "Reverse-keyed: only ratings can be"),
        (SCENARIOS, ("items", 3, "options"), (OPTION,), ("items", 3, "options"), "Answers: at least two are needed"),
        (SCENARIOS, ("items", 3, "answer"), "", ("items", 3, "answer"), "Best answer is missing"),
        (FACTS, ("items", 3, "options"), (OPTION,), ("items", 3, "options"),
         "Answers are true and false here; remove these"),
        (BOND, ("items", 0, "guess"), "So.", ("items", 0, "guess"),
         f"What is said to who answered otherwise: {ONE_BEST}"),
        (SCENARIOS, ("items", 3, "guess"), "So.", ("items", 3, "guess"),
         "Every answer has its own words here; remove these"),
        (FACTS, ("items", 3, "guess"), "", ("items", 3, "guess"),
         "What is said to who answered otherwise is missing"),
        (FACTS, ("items", 3, "explanation"), "", ("items", 3, "explanation"), "Explanation is missing"),
        (NOTED, ("notes", 0, "conditions", 0), ConditionSource(dimension="x", at_least=70, at_most=69),
         ("notes", 0, "conditions", 0, "at_least"), "From is above To, so the condition can never hold"),
        (BOND, ("safety", "fallback", "contexts"), ("friend",), ("safety", "fallback", "contexts"), FOR_SOME),
        (BOND, ("safety", "links", 1, "contexts"), ("friend",), ("safety", "links", 1, "contexts"), FOR_SOME),
        (MISTRUST, ("notes", 1, "link", "contexts"), ("friend",), ("notes", 1, "link", "contexts"), FOR_SOME),
        (READY, ("gates", 0, "links", 1, "contexts"), ("hurt",), ("gates", 0, "links", 1, "contexts"), FOR_SOME),
        (BOND, ("safety",), None, ("safety",),
         "Something flags danger, but Safety does not say yet what to show then"),
        (READY, ("gates", 0, "contexts"), (), ("gates", 1, "contexts"),
         "Asked only for: an earlier safety question always comes instead"),
        (READY, ("gates", 1, "contexts"), ("hurt",), ("gates", 1, "contexts"),
         "Asked only for: an earlier safety question always comes instead"),
        (READY, ("safety",), None, ("safety",),
         "Something flags danger, but Safety does not say yet what to show then"),
        (NOTED, ("safety",), BOND.safety, ("safety",),
         "Safety says what a flagged result shows, but nothing in this quiz flags danger"),
    ],
)  # fmt: skip
def test_one_slip_is_told_once_at_its_place(shipped: QuizSource, path: Path, to: Any, at: Path, message: str) -> None:
    assert list(broken(put(shipped, *path, to=to))) == [(at, message)]


def test_key_that_stands_three_times_is_told_at_the_second_and_the_third() -> None:
    assert [at for at, _ in broken(quiz(items=(item("1"), item("1"), item("1"))))] == [
        ("items", 1, "key"),
        ("items", 2, "key"),
    ]


@pytest.mark.parametrize(
    "shipped, path, to, at, message",
    [
        (BOND, ("dimensions", 0, "bands", 1, "act"), "", ("dimensions", 0, "bands", 1, "act"),
         "One act for this week is missing"),
        (BOND, ("dimensions", 0, "bands", 1, "text"), "", ("dimensions", 0, "bands", 1, "text"),
         "Its own words are missing"),
        (BOND, ("dimensions", 4, "danger"), None, ("dimensions", 4, "danger"),
         "It can flag danger; write the words that stand there then"),
        (SIGNS, ("dimensions", 0, "danger"), None, ("dimensions", 0, "danger"),
         "It can flag danger; write the words that stand there then"),
        (BOND, ("safety", "act"), "", ("safety", "act"), "One act for this week is missing"),
        (SCENARIOS, ("items", 3, "options", 1, "feedback"), "", ("items", 3, "options", 1, "feedback"),
         "What is said to who chose it is missing"),
    ],
)  # fmt: skip
def test_words_that_a_result_would_lack_are_told(
    shipped: QuizSource, path: Path, to: Any, at: Path, message: str
) -> None:
    assert list(broken(put(shipped, *path, to=to))) == [(at, message)]


@pytest.mark.parametrize(
    "general, own, told", [("", "Own.", []), ("General.", "", []), ("General.", "Own.", []), ("", "", [0])]
)
def test_band_has_its_own_words_or_the_quiz_s(general: str, own: str, told: list[int]) -> None:
    source = put(put(quiz(), "bands", 0, "text", to=general), "dimensions", 0, "bands", 0, "text", to=own)
    assert [at[3] for at, _ in broken(source)] == told


TO_ALL, TO_PARTNERS = link("a#1"), link("a#1", "partner")
TO_OTHERS = link("a#1", "friend", "relative", "colleague")


@pytest.mark.parametrize(
    "cell, gone",
    [
        ((TO_ALL,), ""),
        ((TO_PARTNERS, TO_ALL), ""),
        ((TO_PARTNERS, TO_OTHERS), ""),
        ((TO_PARTNERS,), "A colleague, A friend, A relative"),
        ((TO_OTHERS,), "A partner"),
        ((TO_PARTNERS, link("b#1", "friend"), link("c#1", "friend", "relative")), "A colleague"),
    ],
)
@pytest.mark.parametrize("band", [0, 1, 2])
def test_cell_without_a_link_in_a_context_is_refused(cell: tuple[LinkSource, ...], gone: str, band: int) -> None:
    at = ("dimensions", 0, "bands", band, "links")
    expected = [(at, f"No link for: {gone}; add one, or make one for all")] if gone else []
    assert list(broken(put(BOND, *at, to=cell))) == expected


def test_cell_needs_links_only_in_the_contexts_in_which_its_dimension_is_asked() -> None:
    """Form A's dimensions are nothing to those who broke trust."""
    at = ("dimensions", 0, "bands", 0, "links")
    assert list(broken(put(READY, *at, to=(link("a#1", "hurt", "hurt-other"),)))) == []
    assert list(broken(put(READY, *at, to=(link("a#1", "hurt", "broke", "broke-other"),)))) == [
        (at, "No link for: I was hurt, by a relative, friend or colleague; add one, or make one for all")
    ]


@pytest.mark.parametrize(
    "flagging",
    [
        quiz(items=items(4, flag_at=(5,))),
        quiz(dimensions=(dimension(flag_up_to=0),)),
        quiz(gates=READY.gates),
    ],
    ids=["answer", "score from 0 to 0", "gate"],
)
def test_whatever_flags_needs_words(flagging: QuizSource) -> None:
    assert [at for at, _ in broken(flagging)] == [("safety",)]
    assert list(broken(replace(flagging, safety=safety()))) == []


# --- what is taken away

CONTROL = "“They watch me or decide things for me against my wish.”"
AFRAID = "“Are you afraid of them, or do they threaten, control or hurt you?”"
FORM_A, FORM_B = "“hurt”, “hurt-other”", "“broke”, “broke-other”"
HURT, BROKE = READY.gates
assert BOND.safety
assert BOND.context
assert READY.context


@pytest.mark.parametrize(
    "before, path, to, at, message",
    [
        (BOND, ("items", 17, "flag_at"), (5,), ("items", 17, "flag_at"),
         f"Question {CONTROL} no longer flags danger at: Partly, Mostly"),
        (BOND, ("items", 17, "flag_at"), (), ("items", 17, "flag_at"),
         f"Question {CONTROL} no longer flags danger at: Partly, Mostly, Very true"),
        (BOND, ("items",), BOND.items[:17] + BOND.items[18:], ("items",),
         f"Question {CONTROL} flagged danger at Partly, Mostly, Very true and is gone"),
        (BOND, ("items", 17, "key"), "other", ("items",),
         f"Question {CONTROL} flagged danger at Partly, Mostly, Very true and is gone"),
        (BOND, ("items", 17, "contexts"), ("partner", "friend"), ("items", 17, "contexts"),
         f"Question {CONTROL}, which flags danger, is no longer asked for: colleague, relative"),
        (BOND, ("dimensions", 4, "flag_up_to"), 48, ("dimensions", 4, "flag_up_to"),
         "“Safety” flagged danger up to 49 and now does up to 48 only"),
        (BOND, ("dimensions", 4, "flag_up_to"), None, ("dimensions", 4, "flag_up_to"),
         "“Safety” flagged danger up to 49 and never does now"),
        (BOND, ("dimensions", 4, "hides_up_to"), 83, ("dimensions", 4, "hides_up_to"),
         "“Safety” hid repair advice up to 84, now less"),
        (BOND, ("dimensions", 4, "hides_up_to"), None, ("dimensions", 4, "hides_up_to"),
         "“Safety” hid repair advice up to 84, now less"),
        (BOND, ("dimensions", 4, "safety"), False, ("dimensions", 4, "safety"),
         "“Safety” was about safety and led; it does not any more"),
        (BOND, ("dimensions", 4, "danger"), None, ("dimensions", 4, "danger"),
         "The words of danger of “Safety” are gone or less than half as long"),
        (BOND, ("dimensions", 4, "danger", "text"), "It counts.", ("dimensions", 4, "danger"),
         "The words of danger of “Safety” are gone or less than half as long"),
        (BOND, ("dimensions",), BOND.dimensions[:4], ("dimensions",), "“Safety” flagged danger up to 49 and is gone"),
        (BOND, ("dimensions", 4, "key"), "calm", ("dimensions",), "“Safety” flagged danger up to 49 and is gone"),
        (BOND, ("higher_is_worse",), True, ("higher_is_worse",),
         "A higher score is worse from now on, and the other way round before"),
        (BOND, ("format",), "frequency", ("format",),
         "Form has changed, and with it what the answers say that flag danger"),
        (BOND, ("safety",), None, ("safety",), "Safety is gone: a flagged result has no words and no help any more"),
        (BOND, ("safety", "help_topics"), ("emergency", "crisis"), ("safety", "help_topics"),
         "Help lines of a flagged result no longer hold: Violence, threats or control"),
        (BOND, ("safety", "links"), BOND.safety.links[:1], ("safety", "links"),
         "Sections that lead a flagged result are gone: manipulation-and-control#deciding-safely"),
        (BOND, ("safety", "text"), BOND.safety.text[: len(BOND.safety.text) // 2 - 1], ("safety", "text"),
         "The words of a flagged result are less than half as long as before"),
        (BOND, ("safety", "skipped"), "Skipped.", ("safety", "skipped"),
         "The words of a flagged result are less than half as long as before"),
        (READY, ("gates",), (BROKE,), ("gates",), f"Safety question {AFRAID} is gone for {FORM_A}"),
        (READY, ("gates", 0, "stops_at"), ("yes",), ("gates", 0, "stops_at"), "Stops at: no longer Not sure"),
        (READY, ("gates", 0, "help_topics"), ("emergency",), ("gates", 0, "help_topics"),
         "Help lines no longer hold: Violence, threats or control"),
        (READY, ("gates", 1, "last_topics"), (), ("gates", 1, "last_topics"),
         "Help lines at the end no longer hold: Violence, threats or control"),
        (READY, ("gates", 0, "links"), HURT.links[1:], ("gates", 0, "links"),
         "Sections that lead are gone: manipulation-and-control#signs-of-emotional-abuse"),
        (READY, ("gates", 0, "contexts"), ("hurt",), ("gates",),
         f"Safety question {AFRAID} is gone for “hurt-other”"),
        (put(READY, "gates", to=(replace(HURT, contexts=()),)), ("gates", 0, "contexts"), ("hurt", "hurt-other"),
         ("gates",), f"Safety question {AFRAID} is gone for {FORM_B}"),
        (put(READY, "gates", to=(replace(HURT, contexts=()),)), ("gates", 0, "stops_at"), ("yes",),
         ("gates", 0, "stops_at"), "Stops at: no longer Not sure"),
        (replace(READY, context=None, gates=(replace(HURT, contexts=()),)), ("gates",), (), ("gates",),
         f"Safety question {AFRAID} is gone"),
    ],
)  # fmt: skip
def test_what_is_taken_from_safety_is_told_once(
    before: QuizSource, path: Path, to: Any, at: Path, message: str
) -> None:
    assert list(weakened(before, put(before, *path, to=to))) == [(at, message)]


def test_item_loses_an_answer_and_a_context_and_a_gate_an_answer_and_a_topic() -> None:
    now = put(put(BOND, "items", 17, "flag_at", to=(5,)), "items", 17, "contexts", to=("friend",))
    assert [at[-1] for at, _ in weakened(BOND, now)] == ["flag_at", "contexts"]
    now = put(READY, "gates", 0, to=replace(HURT, stops_at=("yes",), help_topics=("abuse",)))
    assert [at[-1] for at, _ in weakened(READY, now)] == ["stops_at", "help_topics"]


def test_gate_that_comes_instead_of_another_has_to_be_as_strong() -> None:
    assert list(weakened(READY, put(READY, "gates", 0, "contexts", to=("broke", "broke-other")))) == [
        (("gates",), f"Safety question {AFRAID} is gone for {FORM_A}"),
        (("gates", 0, "help_topics"), "Help lines no longer hold: Worried about your own behavior"),
    ]


def test_context_question_that_goes_takes_its_gates_with_it() -> None:
    now = replace(READY, context=None, gates=())
    assert list(weakened(READY, now)) == [
        (("gates",), f"Safety question {AFRAID} is gone for {FORM_A}"),
        (("gates",), f"Safety question “{BROKE.question}” is gone for {FORM_B}"),
    ]


def test_gate_of_a_context_with_another_name_is_found_by_its_words() -> None:
    named = put(READY, "context", "choices", 0, "key", to="harmed")
    renamed = put(named, "gates", 0, "contexts", to=("harmed", "hurt-other"))
    assert list(weakened(READY, renamed)) == []
    assert list(weakened(READY, put(renamed, "gates", 0, "stops_at", to=("yes",)))) == [
        (("gates", 0, "stops_at"), "Stops at: no longer Not sure")
    ]
    assert [at for at, _ in weakened(READY, put(renamed, "gates", 0, "question", to="Afraid?"))] == [("gates",)]


def test_new_context_is_asked_what_everybody_was_asked() -> None:
    before = replace(READY, gates=(replace(HURT, contexts=()),))
    more = replace(READY.context, choices=(*READY.context.choices, replace(READY.context.choices[0], key="third")))
    now = replace(before, context=more, gates=(replace(HURT, contexts=READY.contexts),))
    assert list(weakened(before, now)) == [(("gates",), f"Safety question {AFRAID} is gone for “third”")]


@pytest.mark.parametrize("format, flag_at", [("scenarios", ()), ("frequency", (1, 2))])
def test_form_without_the_answers_that_flagged(format: str, flag_at: tuple[int, ...]) -> None:
    now = replace(BOND, format=format, items=tuple(replace(each, flag_at=()) for each in BOND.items))
    assert [at for at, _ in weakened(BOND, now)] == [("items", place, "flag_at") for place in (16, 17, 18, 19)]


@pytest.mark.parametrize(
    "path, to",
    [
        (("items", 17, "flag_at"), (3, 4, 5)),
        (("items", 17, "text"), "Other words."),
        (("items", 17, "contexts"), ("partner", "friend", "relative", "colleague")),
        (("items", 0, "contexts"), ("partner",)),
        (("items",), BOND.items[1:]),
        (("items",), BOND.items[::-1]),
        (("dimensions", 4, "flag_up_to"), 50),
        (("dimensions", 0, "flag_up_to"), 10),
        (("dimensions", 4, "hides_up_to"), 85),
        (("dimensions", 0, "hides_up_to"), 10),
        (("dimensions", 0, "safety"), True),
        (("dimensions", 4, "danger", "label"), "Fear"),
        (("dimensions", 4, "name"), "Calm"),
        (("safety", "text"), BOND.safety.text[: len(BOND.safety.text) // 2 + 1]),
        (("safety", "links"), BOND.safety.links[::-1]),
        (("safety", "help_topics"), ("crisis", "abuse", "emergency")),
        (("gates",), READY.gates),
        (("context",), ContextSource(question="Who?", choices=BOND.context.choices[:2])),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_takes_nothing_away_needs_no_confirmation(path: Path, to: Any) -> None:
    assert list(weakened(BOND, put(BOND, *path, to=to))) == []


@pytest.mark.parametrize("words", ["Do you fear them?", HURT.question + " Take your time."])
def test_gate_may_change_its_words(words: str) -> None:
    assert list(weakened(READY, put(READY, "gates", 0, "question", to=words))) == []
    assert list(weakened(READY, put(READY, "gates", 0, "text", to=words))) == []


@pytest.mark.parametrize("direction", [True, False])
def test_quiz_that_flags_nothing_may_be_turned_round(direction: bool) -> None:
    before = quiz(higher_is_worse=direction, items=(item("1", options=(OptionSource(key="a", text="A"),)),))
    assert list(weakened(before, replace(before, higher_is_worse=not direction, format="frequency"))) == []


def test_every_place_that_is_told_can_be_said_in_words() -> None:
    bare = replace(BOND, safety=None, items=BOND.items[:17], dimensions=BOND.dimensions[:4], gates=())
    told = [*weakened(BOND, bare), *broken(replace(bare, safety=BOND.safety))]
    assert {where(QuizSource, at) for at, _ in told} == {"Safety", ""}
