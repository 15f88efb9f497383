"""What each kind of field takes, and what it says of what it does not take."""

import re
from datetime import date
from typing import Any

import pytest

from publishing.leaves import (
    Day,
    Key,
    Line,
    Lines,
    Mark,
    Markdown,
    One,
    Paragraph,
    Says,
    Section,
    Some,
    Unfit,
    Whole,
)

SLUG = "use lower-case letters, digits and hyphens"


@pytest.mark.parametrize(
    "leaf, of, given, value",
    [
        (Line(""), str, "  a b \n", "a b"),
        (Line(""), str, "\u00a0a\u2028", "a"),
        (Paragraph(""), str, "\n\n  a\n b \n", "a\n b"),
        (Markdown(""), str, "\n \n    a\n b \n", "    a\n b"),
        (Markdown(""), str, " \n\t", ""),
        (One(""), str, " a ", "a"),
        (Whole(""), int, " 12 ", 12),
        (Whole(""), int, 12, 12),
        (Whole(""), int, "-3", -3),
        (Whole(""), int, "007", 7),
        (Day(""), date, "2026-11-22", date(2026, 11, 22)),
        (Mark(""), bool, True, True),
        (Mark(""), bool, "true", True),
        (Mark(""), bool, "false", False),
        (Mark("", words=("better", "worse")), bool, "worse", True),
        (Mark("", words=("better", "worse")), bool, "better", False),
        (Mark("", words=("better", "worse")), bool, False, False),
        (Some(""), int, "4", 4),
        (Some(""), str, " a ", "a"),
        (Lines(""), str, " a ", "a"),
    ],
)
def test_what_is_given_becomes_the_fields_type(leaf: Says, of: type, given: Any, value: Any) -> None:
    found = leaf.cast(given, of)
    assert (found, type(found)) == (value, of)


@pytest.mark.parametrize(
    "leaf, of, given, message",
    [
        (Line(""), str, 3, "must be text"),
        (Line(""), str, ["a"], "must be text"),
        (Lines(""), str, {"a": 1}, "must be text"),
        (Whole(""), int, "ten", "must be a whole number, not “ten”"),
        (Whole(""), int, "1.5", "must be a whole number, not “1.5”"),
        (Whole(""), int, "1234567", "must be a whole number, not “1234567”"),
        (Whole(""), int, "١", "must be a whole number, not “١”"),
        (Whole(""), int, True, "must be a whole number, not “True”"),
        (Some(""), int, "b", "must be a whole number, not “b”"),
        (Day(""), date, "soon", "must be a date such as 2026-11-30, not “soon”"),
        (Day(""), date, "2026-02-29", "must be a date such as 2026-11-30, not “2026-02-29”"),
        (Day(""), date, "20261122", "must be a date such as 2026-11-30, not “20261122”"),
        (Day(""), date, "2026-W48-1", "must be a date such as 2026-11-30, not “2026-W48-1”"),
        (Day(""), date, 2026, "must be a date such as 2026-11-30, not “2026”"),
        (Mark(""), bool, "yes", "is “yes”; choose from: true, false"),
        (Mark("", words=("better", "worse")), bool, "true", "is “true”; choose from: worse, better"),
    ],
)
def test_what_cannot_be_a_value_says_why(leaf: Says, of: type, given: Any, message: str) -> None:
    with pytest.raises(Unfit, match=f"^{re.escape(message)}$"):
        leaf.cast(given, of)


@pytest.mark.parametrize(
    "leaf, value, faults",
    [
        (Line("", 3), "abc", []),
        (Line("", 3), "abcd", ["has 4 characters; 3 is the most"]),
        (Line(""), "a\nb", ["must be one line"]),
        (Line("", 3), "ab\ncd", ["must be one line", "has 5 characters; 3 is the most"]),
        (Line("", 3, re.compile("a+"), "use a"), "b", ["is “b”; use a"]),
        (Line("", 3, re.compile("a+"), "use a"), "bbbb", ["has 4 characters; 3 is the most"]),
        (Paragraph("", 5), "a\n\nbc", []),
        (Paragraph("", 5), "a\n\nbcd", ["has 6 characters; 5 is the most"]),
        (Markdown("", 5), "a\tb\n", []),
        (Key(""), "a-1", []),
        (Key(""), "A_1", [f"is “A_1”; {SLUG}"]),
        (Key(""), "a--b", [f"is “a--b”; {SLUG}"]),
        (Key(""), "a\nb", ["must be one line"]),
        (Key(""), "a" * 50, []),
        (Key(""), "a" * 51, ["has 51 characters; 50 is the most"]),
        (Key(""), "a" * 62, ["has 62 characters; 50 is the most"]),
        (Section(""), "a#b", []),
        (Section(""), f"{50 * 'a'}#{80 * 'b'}", []),
        (Section(""), f"{51 * 'a'}#{80 * 'b'}", ["has 132 characters; 131 is the most"]),
        (Section(""), "/a/", ["is “/a/”; choose a section; its address is lesson#anchor"]),
        (Whole("", 1, 5), 0, ["is 0; it must lie from 1 to 5"]),
        (Whole("", 1, 5), 1, []),
        (Whole("", 1, 5), 5, []),
        (Whole("", 1, 5), 6, ["is 6; it must lie from 1 to 5"]),
        (Lines("", entry=Key("", 3)), "", ["has an empty entry"]),
        (Lines("", entry=Key("", 3)), "abcd", ["has 4 characters; 3 is the most"]),
        (Some("", entry=Key("")), "A", [f"is “A”; {SLUG}"]),
        (Some("", entry=Key("")), "", ["has an empty entry"]),
        (Some(""), 3, []),
        (One(""), "", []),
        (Day(""), date.min, []),
    ],
)  # fmt: skip
def test_faults_of_a_value(leaf: Says, value: Any, faults: list[str]) -> None:
    assert list(leaf.faults(value)) == faults


@pytest.mark.parametrize("code", [0, 8, 11, 12, 13, 0x1F, 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0xFFFF])
@pytest.mark.parametrize("leaf", [Line(""), Paragraph(""), Markdown(""), Key("")], ids=lambda leaf: type(leaf).__name__)
def test_character_that_cannot_be_seen(leaf: Line, code: int) -> None:
    assert list(leaf.faults(f"a{chr(code)}b")) == [f"holds a character that cannot be seen (U+{code:04X}); remove it"]


@pytest.mark.parametrize("text", ["é", "日本", "🔑", "ё\u200d", "a\u00a0b", "\ufeffa", "a\u2028b", "\ue000", "\ufffd"])
def test_character_of_any_script_is_taken(text: str) -> None:
    assert list(Paragraph("").faults(text)) == []


@pytest.mark.parametrize(
    "choices, value, said",
    [
        (None, "x", []),
        ({"a": "A", "b": "B"}, "a", []),
        ({"a": "A", "b": "B"}, "x", ["is “x”; choose from: a, b"]),
        ({"1": "One"}, 1, []),
        ({}, "x", ["is “x”; there is nothing to choose"]),
        (lambda root, own: {root["r"]: "", own["o"]: ""}, "s", []),
        (lambda root, own: {root["r"]: "", own["o"]: ""}, "t", ["is “t”; choose from: r, s"]),
    ],
)
def test_what_is_not_offered_cannot_be_chosen(choices: Any, value: Any, said: list[str]) -> None:
    assert list(Says("", choices=choices).beyond(value, {"r": "r"}, {"o": "s"})) == said


@pytest.mark.parametrize(
    "leaf, blank", [(Line(""), ""), (One(""), ""), (Whole(""), 0), (Day(""), date.min), (Mark(""), False)]
)
def test_blank_of_a_kind(leaf: Says, blank: Any) -> None:
    assert (leaf.blank, type(leaf.blank)) == (blank, type(blank))
