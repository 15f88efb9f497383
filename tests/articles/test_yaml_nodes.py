from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.source import Problem
from articles.yaml_nodes import Inline, MappingReader, Problems, read_mapping, write_mapping
from tests.factories import one_line, yaml_text


def read(text: str, *, first_line: int = 1) -> tuple[MappingReader, Problems]:
    problems = Problems("file.yaml")
    reader = read_mapping(text, problems, first_line=first_line)
    assert reader, problems
    return reader, problems


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in problems]


def test_scalars_stay_the_text_that_was_written() -> None:
    reader, problems = read("a: no\nb: 012\nc: 2026-11-22\nd: ~\ne: '  x '\n")
    assert [reader.text(key) for key in "abcde"] == ["no", "012", "2026-11-22", "~", "x"]
    reader.finish()
    assert problems == []


@pytest.mark.parametrize(
    "text, ask, problem",
    [
        ("a: 1\n", "text", "1: key 'x' is missing"),
        ("a: 1\nx:\n", "text", "2: 'x' is empty"),
        ("a: 1\nx: ''\n", "text", "2: 'x' is empty"),
        ("a: 1\nx: [b]\n", "text", "2: 'x' must be text"),
        ("a: 1\nx:\n  b: c\n", "text", "3: 'x' must be text"),
        ("a: 1\nx: b\n", "integer", "2: 'x' must be a whole number, not 'b'"),
        ("a: 1\nx: 1.5\n", "integer", "2: 'x' must be a whole number, not '1.5'"),
        ("a: 1\nx: 1234567\n", "integer", "2: 'x' must be a whole number, not '1234567'"),
        ("a: 1\nx: ١\n", "boolean", "2: 'x' is '١'; it must be one of: true, false"),
        ("a: 1\nx: yes\n", "boolean", "2: 'x' is 'yes'; it must be one of: true, false"),
        ("a: 1\nx: 2026-13-01\n", "date", "2: 'x' must be a date such as 2026-11-30, not '2026-13-01'"),
        ("a: 1\nx: tomorrow\n", "date", "2: 'x' must be a date such as 2026-11-30, not 'tomorrow'"),
        ("a: 1\nx: 2026-02-29\n", "date", "2: 'x' must be a date such as 2026-11-30, not '2026-02-29'"),
        ("a: 1\nx: b\n", "texts", "2: 'x' must be a list"),
        ("a: 1\nx:\n- b\n- [c]\n", "texts", "4: each of 'x' must be text"),
        ("a: 1\nx:\n- b\n- ''\n", "texts", "4: each of 'x' must be text"),
        ("a: 1\nx:\n- 1\n- b\n", "integers", "4: each of 'x' must be a whole number, not 'b'"),
        ("a: 1\nx:\n- -1\n", "integers", "3: each of 'x' must be a whole number, not '-1'"),
        ("a: 1\n", "mapping", "1: key 'x' is missing"),
        ("a: 1\nx: [b]\n", "mapping", "2: 'x' must be a mapping"),
        ("a: 1\nx: b\n", "mappings", "2: 'x' must be a list"),
        ("a: 1\nx:\n- b: 1\n- c\n", "mappings", "4: : x 2: must be a mapping of keys to values"),
    ],
)
def test_value_that_is_not_what_was_asked_for(text: str, ask: str, problem: str) -> None:
    reader, problems = read(text)
    getattr(reader, ask)("x")
    assert told(problems) == [problem]


def test_required_list_without_entries() -> None:
    reader, problems = read("a: 1\nx: []\ny: []\n")
    assert (reader.texts("x", required=True), reader.mappings("y", required=True)) == ((), [])
    assert told(problems) == ["2: 'x' is empty", "3: 'y' is empty"]


def test_optional_values_left_out() -> None:
    reader, problems = read("a: 1\n")
    values = (
        reader.text("t", default="none"),
        reader.integer("i", default=7),
        reader.choice("c", ("b",), default="b"),
        reader.boolean("f"),
        reader.texts("l"),
        reader.mapping("m", required=False),
    )
    assert (values, problems) == (("none", 7, "b", False, (), None), [])


def test_choice_outside_its_choices() -> None:
    reader, problems = read("a: 1\nx: green\n")
    reader.choice("x", ("red", "blue"))
    assert told(problems) == ["2: 'x' is 'green'; it must be one of: red, blue"]


def test_key_given_twice_at_the_line_of_the_second() -> None:
    _, problems = read("a: 1\nb: 2\na: 3\n")
    assert told(problems) == ["3: key 'a' is given twice"]


def test_keys_nobody_asked_for() -> None:
    reader, problems = read("a: 1\nb: 2\nc:\n  d: 3\n")
    reader.text("a")
    inner = reader.mapping("c", where="c")
    assert inner
    inner.finish()
    reader.finish()
    assert told(problems) == ["4: c: unknown key 'd'", "2: unknown key 'b'"]


def test_merge_key_is_a_key_like_any_other() -> None:
    reader, problems = read("a: &base {x: y}\nb:\n  <<: *base\n")
    inner = reader.mapping("b", where="b")
    assert inner
    inner.finish()
    assert told(problems) == ["3: b: unknown key '<<'"]


def test_alias_repeats_the_text_of_its_anchor() -> None:
    reader, problems = read("a: &name Amina\nb: *name\n")
    assert (reader.text("a"), reader.text("b"), problems) == ("Amina", "Amina", [])


def test_aliases_that_multiply_cost_nothing() -> None:
    """A "billion laughs" file is never expanded."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    reader, problems = read("\n".join(lines))
    assert reader.texts("a59") == ()
    assert told(problems) == ["59: each of 'a59' must be text"] * 2


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
        ("a: 1\nb: [1\n", "3: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: 1\nb: 'x\n", "3: not valid YAML: found unexpected end of stream"),
        ("a: 1\n\tb: 2\n", "2: not valid YAML: found character '\\t' that cannot start any token"),
        ("a: 1\nb: c: d\n", "2: not valid YAML: mapping values are not allowed here"),
        ("a: 1\nb: *none\n", "2: not valid YAML: found undefined alias 'none'"),
        ("a: 1\n---\nb: 2\n", "2: not valid YAML: but found another document"),
        ("a: 1\0\n", "1: not valid YAML: unacceptable character #x0000: special characters are not allowed"),
    ],
    ids=[
        "object tag",
        "name tag",
        "own tag",
        "tag on a key",
        "open list",
        "open quote",
        "tab",
        "two colons",
        "unknown alias",
        "two documents",
        "NUL",
    ],
)
def test_text_that_is_no_plain_yaml(text: str, problem: str) -> None:
    problems = Problems("file.yaml")
    assert read_mapping(text, problems) is None
    assert told(problems) == [problem]


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "just text\n"], ids=["empty", "comment", "list", "text"])
def test_document_that_is_no_mapping(text: str) -> None:
    _, problems = read(text)
    assert told(problems) == ["1: must be a mapping of keys to values"]


def test_deep_nesting_is_refused_not_crashed_on() -> None:
    problems = Problems("file.yaml")
    assert read_mapping("a: " + "[" * 3_000, problems) is None
    assert [problem.message[:16] for problem in problems] == ["not valid YAML: "]


def test_lines_count_from_where_the_yaml_starts_in_its_file() -> None:
    reader, problems = read("a: 1\nb: 2\n", first_line=10)
    reader.finish()
    assert [problem.line for problem in problems] == [10, 11]


def test_problem_reads_as_file_line_and_message() -> None:
    assert str(Problem("a/b.md", 3, "is wrong")) == "a/b.md:3: is wrong"


def test_writing_leaves_out_what_is_empty_and_keeps_the_order() -> None:
    value = {"z": "a", "b": "", "c": (), "d": None, "e": False, "f": {}, "g": 0, "h": True, "i": date(2026, 1, 2)}
    assert write_mapping(value) == "z: a\ng: 0\nh: true\ni: 2026-01-02\n"


def test_writing_long_and_repeated_values_without_folds_and_aliases() -> None:
    long = "word " * 200 + "end"
    same = [long, long]
    assert write_mapping({"a": same, "b": Inline((1, 2))}) == f"a:\n- {long}\n- {long}\nb: [1, 2]\n"


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.one_of(yaml_text, one_line), min_size=1))
@settings(max_examples=60, deadline=None)
def test_written_mapping_is_read_as_it_was(value: dict[str, Any]) -> None:
    text = write_mapping(value)
    reader, problems = read(text)
    assert {key: reader.text(key) for key in reader.keys()} == value  # noqa: SIM118
    assert problems == []
    assert yaml.safe_load(text) is not None
