"""Strict reading and stable writing of YAML.

``yaml.safe_load`` forgets line numbers, keeps the last of two equal keys, and turns ``no`` into ``False``.
Here a mapping is read by asking for each key: what is missing, of the wrong kind, said twice or not asked
for at all becomes a ``Problem`` with its line. Scalars stay the text that was written.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from articles.source import Problem

_KINDS = {yaml.ScalarNode: "text", yaml.SequenceNode: "a list", yaml.MappingNode: "a mapping"}


class Problems(list[Problem]):
    """The problems of one file, collected so that an author sees all of them at once."""

    def __init__(self, path: str):
        super().__init__()
        self.path = path

    def add(self, line: int, message: str) -> None:
        self.append(Problem(self.path, line, message))


class MappingReader:
    """One YAML mapping being read. Call ``finish`` after the last key: keys nobody asked for are unknown."""

    def __init__(self, node: yaml.Node | None, problems: Problems, where: str, first_line: int = 1):
        self.problems, self.where, self.first_line = problems, where, first_line
        self.line = self._line(node) if node else first_line
        self._keys: dict[str, yaml.Node] = {}
        self._values: dict[str, yaml.Node] = {}
        self._asked: set[str] = set()
        if not isinstance(node, yaml.MappingNode):
            self._say(self.line, "must be a mapping of keys to values")
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._keys:
                self._say(self._line(key), f"key '{name}' is given twice")
            self._keys[name], self._values[name] = key, value

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def line_of(self, key: str) -> int:
        return self._line(self._keys[key]) if key in self._keys else self.line

    def text(self, key: str, *, default: str | None = None, longest: int = 0) -> str:
        """The text of ``key``; ``longest`` is the most signs its row can hold, 0 for any number."""
        node = self._get(key, yaml.ScalarNode, required=default is None)
        if node is None:
            return default or ""
        value = str(node.value).strip()
        if not value and default is None:
            self._say(self._line(node), f"'{key}' is empty")
        if longest and len(value) > longest:
            self._say(self._line(node), f"'{key}' has {len(value)} signs; {longest} is the most")
        return value

    def choice(self, key: str, choices: Sequence[str], *, default: str | None = None) -> str:
        value = self.text(key, default=default)
        if key in self._values and value not in choices:
            self._say(self.line_of(key), f"'{key}' is '{value}'; it must be one of: {', '.join(choices)}")
        return value

    def integer(self, key: str, *, default: int | None = None, least: int = 0, most: int = 9999) -> int:
        node = self._get(key, yaml.ScalarNode, required=default is None)
        if node is None:
            return default or 0
        if not re.fullmatch(r"-?\d{1,6}", node.value):
            self._say(self._line(node), f"'{key}' must be a whole number, not '{node.value}'")
            return 0
        if not least <= int(node.value) <= most:
            self._say(self._line(node), f"'{key}' is {node.value}; it must lie from {least} to {most}")
        return int(node.value)

    def boolean(self, key: str) -> bool:
        return self.choice(key, ("true", "false"), default="false") == "true"

    def date(self, key: str) -> date:
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError:
            if value:
                self._say(self.line_of(key), f"'{key}' must be a date such as 2026-11-30, not '{value}'")
            return date.min

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        return tuple(text for text, _ in self.texts_with_lines(key, required=required))

    def texts_with_lines(self, key: str, *, required: bool = False) -> list[tuple[str, int]]:
        found = []
        for node in self._sequence(key, required):
            if isinstance(node, yaml.ScalarNode) and "\n" in node.value.strip():
                self._say(self._line(node), f"each of '{key}' must be one line")
            elif isinstance(node, yaml.ScalarNode) and node.value.strip():
                found.append((node.value.strip(), self._line(node)))
            else:
                self._say(self._line(node), f"each of '{key}' must be text")
        return found

    def integers(self, key: str) -> tuple[int, ...]:
        texts = self.texts_with_lines(key)
        for text, line in texts:
            if not re.fullmatch(r"\d{1,3}", text):
                self._say(line, f"each of '{key}' must be a whole number, not '{text}'")
        return tuple(int(text) for text, _ in texts if re.fullmatch(r"\d{1,3}", text))

    def mapping(self, key: str, *, required: bool = True, where: str = "") -> "MappingReader | None":
        node = self._get(key, yaml.MappingNode, required=required)
        return self._child(node, where or f"{self.where}: {key}") if node else None

    def mappings(self, key: str, *, required: bool = False, where: str = "") -> list["MappingReader"]:
        nodes = self._sequence(key, required)
        name = where or f"{self.where}: {key}"
        return [self._child(node, f"{name} {number}") for number, node in enumerate(nodes, 1)]

    def keys(self) -> list[str]:
        """Every key, for a mapping whose keys are the author's to choose."""
        return list(self._values)

    def finish(self) -> None:
        for key, node in self._keys.items():
            if key not in self._asked:
                self._say(self._line(node), f"unknown key '{key}'")

    def say(self, key: str, message: str) -> None:
        """A problem with the value of ``key``, at its line."""
        self._say(self.line_of(key), message)

    def _child(self, node: yaml.Node, where: str) -> "MappingReader":
        return MappingReader(node, self.problems, where, self.first_line)

    def _sequence(self, key: str, required: bool) -> list[yaml.Node]:
        node = self._get(key, yaml.SequenceNode, required=required)
        if node is not None and required and not node.value:
            self._say(self._line(node), f"'{key}' is empty")
        return node.value if node else []

    def _get(self, key: str, kind: type[yaml.Node], *, required: bool) -> Any:
        self._asked.add(key)
        node = self._values.get(key)
        if node is None:
            if required:
                self._say(self.line, f"key '{key}' is missing")
            return None
        if not isinstance(node, kind):
            self._say(self._line(node), f"'{key}' must be {_KINDS[kind]}")
            return None
        return node

    def _line(self, node: yaml.Node) -> int:
        return node.start_mark.line + self.first_line

    def _say(self, line: int, message: str) -> None:
        self.problems.add(line, f"{self.where}: {message}" if self.where else message)


def read_mapping(text: str, problems: Problems, where: str = "", first_line: int = 1) -> MappingReader | None:
    """The mapping that ``text`` holds, or None with the problem told. ``first_line`` is where it starts in its file."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        tagged = _foreign_tag(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + first_line if mark else first_line, f"not valid YAML: {error.problem}")
        return None
    except (yaml.YAMLError, RecursionError) as error:
        problems.add(first_line, f"not valid YAML: {str(error).splitlines()[0]}")
        return None
    if tagged is not None:
        problems.add(tagged.start_mark.line + first_line, f"YAML tag '{tagged.tag}' is not allowed; write plain text")
        return None
    return MappingReader(node, problems, where, first_line)


def _foreign_tag(node: yaml.Node) -> yaml.Node | None:
    """The first node with a tag that plain YAML does not give by itself. Visits each node once, aliases too."""
    plain = yaml.SafeLoader.yaml_constructors
    todo, seen = [node], set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.tag not in plain and not node.tag.startswith("tag:yaml.org,2002:"):
            return node
        if node.tag.startswith("tag:yaml.org,2002:python"):
            return node
        if isinstance(node, yaml.MappingNode):
            todo += [child for pair in node.value for child in pair]
        elif isinstance(node, yaml.SequenceNode):
            todo += node.value
    return None


class _Writer(yaml.SafeDumper):
    """One way to write each value, so that a file that was written once is written the same again."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Inline(tuple[Any, ...]):
    """A short list or pair that is written on one line: ``[1, 2]``."""


def _text(writer: _Writer, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    if re.search("[\x85\u2028\u2029]", value):  # line ends to YAML, but not to us
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _text)
_Writer.add_representer(
    Inline, lambda writer, value: writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


def write_mapping(value: dict[str, Any]) -> str:
    """YAML in the order of the keys given; empty values (``""``, ``()``, ``{}``, ``None``, ``False``) are left out."""
    return yaml.dump(_full(value), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10**6)


def _full(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _full(item) for key, item in value.items() if not _empty(item)}
    if isinstance(value, tuple | list) and not isinstance(value, Inline):
        return [_full(item) for item in value]
    return value


def _empty(value: Any) -> bool:
    return value is None or value is False or (not value and isinstance(value, str | tuple | list | dict))
