"""Where values lie in a folder, and one way to write each."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helplines.source import HelpLineSource
from publishing.files import ListIn, OneEach, decode, plain, write
from publishing.shape import document, read
from tests.factories import CONTENT, help_line_source, one_line, yaml_text
from tests.publishing.test_shape import VALUE, Inner, Outer, Row

LINES = ListIn("help.yaml", "lines")
EACH = OneEach("outers")


def listed(text: str) -> tuple[list[Any], list[str]]:
    found = LINES.read(HelpLineSource, text, "help.yaml")
    values = [each.value(HelpLineSource) for each in found if each.document]
    return values, [f"{problem.line}: {problem.message}" for each in found for problem in each.problems]


# --- writing


def test_value_is_written_in_the_order_and_the_words_of_its_file() -> None:
    assert write(plain(VALUE)) == (
        "title: A title\nday: 2026-11-22\nhigher_is: worse\none: a\nlines:\n- x\n- y\nsome: [2, 1]\n"
        "part:\n  key: p\n  to: a#b\nrows:\n  low:\n    label: Low\n  high:\n    label: High\n    from: 0\n"
        "parts:\n- key: a\n- key: b\n  name: B\n  to: c#d\n"
    )


@pytest.mark.parametrize(
    "name, held, said",
    [
        ("title", "", None),
        ("calm", False, None),
        ("calm", True, True),
        ("worse", False, "better"),
        ("worse", True, "worse"),
        ("one", "", None),
        ("lines", (), None),
        ("extra", None, None),
        ("extra", Inner(key="k"), {"key": "k"}),
        ("rows", (Row(label="a"), Row(label="b", start=0)), {"low": {"label": "a"}, "high": {"label": "b", "from": 0}}),
    ],
)
def test_what_goes_without_saying_is_not_written(name: str, held: Any, said: Any) -> None:
    field = {"worse": "higher_is"}.get(name, name)
    assert plain(replace(VALUE, **{name: held})).get(field) == said


def test_long_and_repeated_texts_are_written_without_folds_and_aliases() -> None:
    long = "word " * 200 + "end"
    assert write({"a": [long, long]}) == f"a:\n- {long}\n- {long}\n"


@pytest.mark.parametrize(
    "text, written",
    [
        ("one", "a: one\n"),
        ("no", "a: 'no'\n"),
        ("112", "a: '112'\n"),
        ("2026-11-22", "a: '2026-11-22'\n"),
        ("one: two", "a: 'one: two'\n"),
        ("one\ntwo", "a: |-\n  one\n  two\n"),
        ("one \ntwo", 'a: "one \\ntwo"\n'),
        ("  one\ntwo", "a: |2-\n    one\n  two\n"),
        ("one\u2028two", 'a: "one\\Ltwo"\n'),
        ("---", "a: '---'\n"),
        ("---\none\n...\n---", "a: |-\n  ---\n  one\n  ...\n  ---\n"),
        ("é 🔑", "a: é 🔑\n"),
    ],
)
def test_one_way_to_write_a_text(text: str, written: str) -> None:
    assert write({"a": text}) == written
    assert yaml.safe_load(written) == {"a": text}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.one_of(yaml_text, one_line), min_size=1))
@settings(max_examples=60, deadline=None)
def test_written_texts_are_read_as_they_were(texts: dict[str, str]) -> None:
    text = write(texts)
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert {key.value: held.value for key, held in node.value} == texts


# --- a file for each value


@given(yaml_text, st.lists(one_line.filter(lambda line: len(line) <= 5), min_size=1, max_size=2), st.booleans())
@settings(max_examples=60, deadline=None)
def test_value_in_a_file_of_its_own_is_a_fixed_point(text: str, lines: list[str], worse: bool) -> None:
    first = text.split("\n")[0].strip()[:10].strip() or "a"
    value = replace(VALUE, title=first, lines=tuple(lines), worse=worse)
    written = write(plain(value))
    [filed] = EACH.read(Outer, written, "outers/a.yaml")
    again = filed.value(Outer)
    assert (filed.problems, again) == ([], value)
    assert read(Outer, document(again)) == (value, [])
    assert write(plain(again)) == written


@pytest.mark.parametrize(
    "path, held", [("outers/a.yaml", True), ("outers/a.yml", False), ("a.yaml", False), ("more/outers/a.yaml", False)]
)
def test_folder_holds_its_files(path: str, held: bool) -> None:
    assert EACH.holds(path) is held


def test_slug_is_the_name_of_the_file() -> None:
    [filed] = EACH.read(Outer, write(plain(VALUE)), "outers/a-slug.yaml")
    assert filed.document["slug"] == "a-slug"


def test_file_that_cannot_be_read_is_no_document() -> None:
    [filed] = EACH.read(Outer, "a: [", "outers/a.yaml")
    assert (filed.document, [problem.line for problem in filed.problems]) == ({}, [1])


# --- values that share a file


def test_help_lines_round_trip() -> None:
    lines = [
        help_line_source(),
        help_line_source(
            position=2, phone="", text_message="HELLO to 50808", website="https://example.org/", audience="Anyone: all",
            hours="24/7",
        ),
        help_line_source(position=3, phone="0800 1111", checked=date(2026, 1, 1)),
    ]  # fmt: skip
    assert listed(LINES.write(lines, {})["help.yaml"]) == (lines, [])


def help_text(**overrides: str) -> str:
    keys = {"country": "Ireland", "topic": "abuse", "name": "A line", "phone": "'112'", "checked": "2026-11-22"}
    pairs = [f"{key}: {value}" for key, value in {**keys, **overrides}.items() if value]
    return "lines:\n- " + "\n  ".join(pairs) + "\n"


@pytest.mark.parametrize(
    "overrides, problems",
    [
        ({}, []),
        ({"topic": "love"}, ["3: Topic is “love”; choose from: emergency, abuse, crisis, children, harm, fraud"]),
        ({"phone": "", "text": "a"}, []),
        ({"checked": "lately"}, ["6: Last checked must be a date such as 2026-11-30, not “lately”"]),
        ({"country": ""}, ["2: Country is missing"]),
        ({"fax": "1"}, ["7: unknown key 'fax'"]),
        ({"position": "1"}, ["7: unknown key 'position'"]),
        ({"phone": "1" * 41}, ["5: Phone has 41 characters; 40 is the most"]),
    ],
    ids=["none", "topic", "text only", "date", "country", "unknown key", "place", "long"],
)
def test_help_line_with_a_slip(overrides: dict[str, str], problems: list[str]) -> None:
    assert listed(help_text(**overrides))[1] == problems


def test_problem_of_a_later_value_has_its_line() -> None:
    assert listed(help_text() + help_text(topic="love").removeprefix("lines:\n"))[1][0].startswith("8: Topic")


@pytest.mark.parametrize(
    "text, problems",
    [
        ("lines: []\n", ["1: key 'lines' with a list of at least one entry is missing"]),
        ("lines: a\n", ["1: key 'lines' with a list of at least one entry is missing"]),
        ("a: 1\n", ["1: unknown key 'a'", "1: key 'lines' with a list of at least one entry is missing"]),
        ("- a\n", ["1: must be a mapping of keys to values"]),
        ("", ["1: must be a mapping of keys to values"]),
        ("lines: [\n", ["2: not valid YAML: expected the node content, but found '<stream end>'"]),
        (help_text() + "more: 1\n", ["7: unknown key 'more'"]),
        (help_text() + help_text(), ["7: key 'lines' is given twice"]),
        ("lines:\n- a\n", ["2: must be a mapping of keys to values"]),
    ],
)
def test_file_without_its_list(text: str, problems: list[str]) -> None:
    assert listed(text)[1] == problems


def test_list_holds_its_one_file_and_writes_it() -> None:
    assert (LINES.holds("help.yaml"), LINES.holds("a/help.yaml")) == (True, False)
    assert LINES.path_of(help_line_source(), {}) == "help.yaml"


def test_list_knows_the_places_of_its_values_only_if_it_is_numbered() -> None:
    found = ListIn("help.yaml", "lines", numbered=False).read(HelpLineSource, help_text(), "help.yaml")
    assert "position" not in found[0].document
    assert listed(help_text())[0][0].position == 1


def test_shipped_help_lines_are_written_as_they_were_read() -> None:
    text = (CONTENT / "help.yaml").read_text()
    values, problems = listed(text)
    assert problems == []
    assert [value.position for value in values] == list(range(1, len(values) + 1))
    assert LINES.write(values, {}) == {"help.yaml": text}


# --- decoding


def test_decoding_drops_a_byte_order_mark_and_foreign_line_ends() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\n", "a.md") == ("a\nb\n", [])
    assert decode(b"a\rb\r\n", "a.md") == ("a\nb\n", [])


def test_decoding_what_is_not_utf8_tells_the_line() -> None:
    text, problems = decode("one\ntwo\nthr\xe9e\n".encode("latin-1"), "a.md")
    assert (text, [str(problem) for problem in problems]) == ("", ["a.md:3: not UTF-8; save the file as UTF-8"])
