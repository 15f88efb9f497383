"""Strict reading of YAML: scalars stay what was written, every place has its line, every slip is told once."""

from typing import Any

import pytest

from publishing.shape import Document
from publishing.yaml_nodes import Filed, Problem, compose
from tests.publishing.test_shape import Outer

TEXT = """\
title: A title
day: 2026-11-22
higher_is: worse
one: a
lines:
- x
- y
some: [2, 1]
part:
  key: p
  to: a#b
rows:
  low:
    label: Low
  high:
    label: High
    from: 0
parts:
- key: a
- key: b
  name: B
  to: c#d
"""


def filed(text: str, first_line: int = 1) -> Filed:
    found = Filed("a/b.yaml")
    if node := compose(text, found, first_line):
        found.document = found.mapping(Outer, node, first_line=first_line)
        found.value(Outer)
    return found


def told(text: str) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in filed(text).problems]


def test_scalars_stay_the_text_that_was_written() -> None:
    doc: Document = filed("title: no\nday: 2026-11-22\none: ~\nlines: [012, 'yes', null]\nsome: [1]\n").document
    assert doc == {"title": "no", "day": "2026-11-22", "one": "~", "lines": ["012", "yes", "null"], "some": ["1"]}


def test_text_without_a_slip_has_no_problem() -> None:
    assert told(TEXT) == []
    assert filed(TEXT).document == {
        "title": "A title",
        "day": "2026-11-22",
        "worse": "worse",
        "one": "a",
        "lines": ["x", "y"],
        "some": ["2", "1"],
        "part": {"key": "p", "to": "a#b"},
        "rows": [{"label": "Low"}, {"label": "High", "start": "0"}],
        "parts": [{"key": "a"}, {"key": "b", "name": "B", "to": "c#d"}],
    }


@pytest.mark.parametrize(
    "at, line",
    [
        ((), 1),
        (("title",), 1),
        (("worse",), 3),
        (("lines", 1), 7),
        (("some", 1), 8),
        (("part",), 9),
        (("part", "to"), 11),
        (("rows", 1), 15),
        (("rows", 1, "start"), 17),
        (("rows", 0, "start"), 13),
        (("parts", 1), 20),
        (("parts", 1, "to"), 22),
        (("parts", 0, "name"), 19),
        (("others", 3, "key"), 1),
    ],
)
def test_every_place_has_its_line_or_that_of_what_holds_it(at: Any, line: int) -> None:
    assert filed(TEXT).line_of(at) == line


@pytest.mark.parametrize(
    "written, line",
    [("|-\n  a\n  b\n  c", 4), ("|\n\n  a\n  b\n  c", 5), ('"a\\nb\\nc"', 1), (">\n  a\n\n  b\n\n  c", 1)],
    ids=["block", "block after a blank line", "quoted", "folded"],
)
def test_line_within_a_text(written: str, line: int) -> None:
    assert filed(f"title: {written}\n").line_of(("title", 2)) == line


@pytest.mark.parametrize(
    "old, new, problem",
    [
        ("title: A title", "title:", "1: Title is missing"),
        ("title: A title", "title: ''", "1: Title is missing"),
        ("title: A title", "title: [b]", "1: Title must be text"),
        ("title: A title", "title:\n  b: c", "2: Title must be text"),
        ("one: a", "one: a\ncolor: red", "5: unknown key 'color'"),
        ("one: a", "one: a\none: b", "5: key 'one' is given twice"),
        ("one: a", "one: a\n? [a]\n: b", "5: a key must be text"),
        ("one: a", "one: a\n<<: {}", "5: unknown key '<<'"),
        ("one: a", "one: c", "4: One is “c”; choose from: a, b"),
        ("one: a", "one: a\nworse: better", "5: unknown key 'worse'"),
        ("one: a", "one: a\ncalm: yes", "5: Calm is “yes”; choose from: true, false"),
        ("one: a", "one: a\nextra: b", "5: Extra: must be a mapping of keys to values"),
        ("one: a", "one: a\nextra: {}", "5: Extra: Key is missing"),
        ("one: a", "one: a\nothers: []", None),
        ("lines:\n- x\n- y", "lines: x", "5: Lines must be a list"),
        ("lines:\n- x\n- y", "lines: []", "5: Lines: at least one is needed"),
        ("lines:\n- x\n- y\n", "", "1: Lines: at least one is needed"),
        ("- y", "- ''", "7: Lines has an empty entry"),
        ("- y", "- [y]", "7: each of Lines must be text"),
        ("some: [2, 1]", "some: [2, 3]", "8: Some is “3”; choose from: 1, 2"),
        ("some: [2, 1]", "some:\n- 2\n- -1", "10: Some is “-1”; choose from: 1, 2"),
        ("  to: a#b", "  too: a#b", "11: Part: unknown key 'too'"),
        ("  to: a#b", "  key: q", "11: Part: key 'key' is given twice"),
        ("part:\n  key: p\n  to: a#b\n", "", "1: Part: it is missing"),
        ("part:\n  key: p\n  to: a#b\n", "part: [a]\n", "9: Part: must be a mapping of keys to values"),
        ("  high:\n    label: High\n    from: 0\n", "", "13: Rows: key 'high' is missing"),
        ("  high:\n", "  top:\n    label: T\n  high:\n", "15: Rows: unknown key 'top'"),
        ("  high:\n", "  low:\n    label: T\n  high:\n", "15: key 'low' is given twice"),
        ("    from: 0", "    from: low", "17: High row: From must be a whole number, not “low”"),
        ("    from: 0", "    until: 0", "17: High row: unknown key 'until'"),
        ("- key: b\n", "- name: A\n", None),
        ("  to: c#d", "  to: [c]", "22: Inner 2: Section must be text"),
        ("  to: c#d", "  too: c", "22: Inner 2: unknown key 'too'"),
        ("  to: c#d", "  name: c", "22: Inner 2: key 'name' is given twice"),
        ("  to: c#d", "- words", "22: Inner 3: must be a mapping of keys to values"),
        ("- key: a\n- key: b\n  name: B\n  to: c#d\n", "- key: a\n" * 4, "18: Parts: 4 are too many; 3 is the most"),
    ],
)  # fmt: skip
def test_one_slip_is_told_once_with_its_line(old: str, new: str, problem: str | None) -> None:
    assert TEXT.count(old) == 1
    if problem:
        assert told(TEXT.replace(old, new)) == [problem]


def test_rows_that_are_not_there_are_told_once() -> None:
    start, end = TEXT.index("rows:"), TEXT.index("parts:")
    assert told(TEXT[:start] + TEXT[end:]) == ["1: Rows: at least one is needed"]
    assert told(TEXT[:start] + "rows: {}\n" + TEXT[end:]) == [
        "12: Rows: key 'low' is missing",
        "12: Rows: key 'high' is missing",
    ]
    assert told(TEXT[:start] + "rows: [a]\n" + TEXT[end:]) == ["12: Rows must be a mapping of keys to values"]


@pytest.mark.parametrize(
    "text, problem",
    [
        (
            "a: 1\nb: !!python/object/apply:os.system ['id']\n",
            "2: YAML tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed; write plain text",
        ),
        (
            "a: 1\nb:\n- !!python/name:os.system\n",
            "3: YAML tag 'tag:yaml.org,2002:python/name:os.system' is not allowed; write plain text",
        ),
        ("a: !mine x\n", "1: YAML tag '!mine' is not allowed; write plain text"),
        ("? !mine x\n: y\n", "1: YAML tag '!mine' is not allowed; write plain text"),
        ("a: !!str x\n", "1: YAML tag 'tag:yaml.org,2002:str' is not allowed; write plain text"),
        ("a: 1\nb: &b x\n", "2: YAML anchors and aliases (& and *) are not allowed; write the text out"),
        ("a: 1\nb: [1\n", "3: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\nb: 'x\n", "3: not valid YAML: found unexpected end of stream"),
        ("a: 1\n\tb: 2\n", "2: not valid YAML: found character '\\t' that cannot start any token"),
        ("a: 1\nb: c: d\n", "2: not valid YAML: mapping values are not allowed here"),
        ("a: 1\nb: *none\n", "2: not valid YAML: found undefined alias 'none'"),
        ("a: 1\n---\nb: 2\n", "2: not valid YAML: but found another document"),
        ("a: 1\0\n", "1: not valid YAML: unacceptable character #x0000: special characters are not allowed"),
        ("a: 1\nb: \x1b\n", "2: not valid YAML: unacceptable character #x001b: special characters are not allowed"),
        (
            "a: &name Amina\nb: *name\n",
            "1: YAML anchors and aliases (& and *) are not allowed; write the text out",
        ),
        (
            "a: &base {x: y}\nb:\n  <<: *base\n",
            "1: YAML anchors and aliases (& and *) are not allowed; write the text out",
        ),
    ],
    ids=[
        "object tag",
        "name tag",
        "own tag",
        "tag on a key",
        "plain tag",
        "anchor alone",
        "open list",
        "open quote",
        "tab",
        "two colons",
        "unknown alias",
        "two documents",
        "NUL",
        "escape",
        "alias",
        "merge key",
    ],
)
def test_text_that_is_no_plain_yaml(text: str, problem: str) -> None:
    found = Filed("file.yaml")
    assert compose(text, found) is None
    assert [f"{each.line}: {each.message}" for each in found.problems] == [problem]


def test_aliases_that_multiply_cost_nothing() -> None:
    """A "billion laughs" file is never expanded."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    found = Filed("file.yaml")
    assert compose("\n".join(lines), found) is None
    assert len(found.problems) == 1


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "just text\n"], ids=["empty", "comment", "list", "text"])
def test_document_that_is_no_mapping(text: str) -> None:
    assert told(text) == ["1: must be a mapping of keys to values"]


@pytest.mark.parametrize("text", ['a: "\\UFFFFFFFF"\n', f"%YAML 1.{'9' * 5_000}\n---\na: b\n"], ids=["sign", "version"])
def test_number_that_is_too_large_is_refused_not_crashed_on(text: str) -> None:
    assert told(text) == ["1: not valid YAML: a number in it is too large"]


def test_deep_nesting_is_refused_not_crashed_on() -> None:
    assert [problem[:19] for problem in told("a: " + "[" * 3_000)] == ["1: not valid YAML: "]


def test_equals_sign_is_a_text_like_any_other() -> None:
    assert filed("title: =\n").document == {"title": "="}


def test_lines_count_from_where_the_yaml_starts_in_its_file() -> None:
    assert filed(TEXT, first_line=10).line_of(("parts", 1, "to")) == 31
    found = filed("a: 1\nb: 2\n", first_line=10)
    assert [(each.line, each.message) for each in found.problems[:2]] == [
        (10, "unknown key 'a'"),
        (11, "unknown key 'b'"),
    ]
    broken = Filed("file.yaml")
    compose("a: 1\nb: \x1b\n", broken, first_line=10)
    assert broken.problems[0].line == 11


def test_problem_reads_as_file_line_and_message() -> None:
    assert str(Problem("a/b.md", 3, "is wrong")) == "a/b.md:3: is wrong"
    assert sorted([Problem("b", 1, ""), Problem("a", 2, ""), Problem("a", 1, "")])[0] == Problem("a", 1, "")
