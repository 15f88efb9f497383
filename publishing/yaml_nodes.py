"""Strict reading of YAML by the shape of a value.

``yaml.safe_load`` forgets line numbers, keeps the last of two equal keys, and turns ``no`` into ``False``. Here a
mapping is read by the fields of a value class into a document: scalars stay the text that was written, every place
has its line, and what is unknown, said twice or of the wrong kind becomes a ``Problem``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from publishing.leaves import Each
from publishing.shape import Document, Field, Part, Parts, Path, T, fields_of, read, where

Pairs = dict[str, tuple[yaml.Node, yaml.Node]]  # keys, each with its node and with what it holds

_KINDS = {yaml.ScalarNode: "text", yaml.SequenceNode: "a list", yaml.MappingNode: "a mapping of keys to values"}


class Problem(NamedTuple):
    """One thing an author has to fix: which file, which line (1-based), what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass
class Filed:
    """A document as a file says it, with the line of every place in it, and what is wrong in the file itself."""

    path: str
    document: Document = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=lambda: {(): 1})
    problems: list[Problem] = field(default_factory=list)
    texts: dict[Path, int] = field(default_factory=dict)  # the line where each text of several lines begins
    unread: set[Path] = field(default_factory=set)

    def say(self, line: int, message: str, place: str = "") -> None:
        self.problems.append(Problem(self.path, line, f"{place}: {message}" if place else message))

    def line_of(self, at: Path) -> int:
        """Where the place stands, or what holds it. The last step into a text is one of its lines, from 0."""
        if at and at[:-1] in self.texts:
            return self.texts[at[:-1]] + int(at[-1])
        while at not in self.lines:
            at = at[:-1]
        return self.lines[at]

    def tell(self, cls: type, problems: Iterable[tuple[Path, str]]) -> None:
        """Problems of the value at their lines, apart from those that follow from what could not be read."""
        for at, message in problems:
            if not any(at[: len(unread)] == unread for unread in self.unread):
                self.say(self.line_of(at), message, where(cls, at))

    def value(self, cls: type[T]) -> T:
        """The value of the document, with its problems told."""
        value, problems = read(cls, self.document)
        self.tell(cls, problems)
        return value

    def entries(self, cls: type, node: yaml.Node, key: str) -> list[yaml.Node]:
        """The nodes of the list of ``cls`` that the file holds under its one key."""
        _, held = _Nodes(self, cls, 1).pairs(node, (key,), ()).get(key, (None, None))
        entries = held.value if isinstance(held, yaml.SequenceNode) else []
        if not entries:
            self.say(1, f"key '{key}' with a list of at least one entry is missing")
        return entries

    def mapping(self, cls: type, node: yaml.Node, first_line: int = 1) -> Document:
        """The document of the fields of ``cls`` that stand in a file."""
        return _Nodes(self, cls, first_line).mapping(cls, node, ())


class _Nodes:
    def __init__(self, filed: Filed, root: type, first_line: int):
        self.filed, self.root, self.first_line = filed, root, first_line

    def say(self, node: yaml.Node, message: str, at: Path) -> None:
        self.filed.say(self.line(node), message, where(self.root, at))

    def line(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def mapping(self, cls: type, node: yaml.Node, at: Path) -> Document:
        known = {field.filed: field for field in fields_of(cls) if not field.says.placed}
        self.filed.lines.setdefault(at, self.line(node))
        doc: Document = {}
        for name, (key, held) in self.pairs(node, known, at).items():
            place = (*at, known[name].name)
            self.filed.lines[place] = self.line(key)
            doc[known[name].name] = self.field(known[name], held, place)
        return doc

    def pairs(self, node: yaml.Node, known: Collection[str], at: Path, called: str = "") -> Pairs:
        found: Pairs = {}
        for key, held in node.value if self.fits(node, yaml.MappingNode, at, called) else ():
            if not self.fits(key, yaml.ScalarNode, at, "a key"):
                continue
            if key.value not in known:
                self.say(key, f"{called}: unknown key '{key.value}'".removeprefix(": "), at)
                continue
            if key.value in found:
                self.say(key, f"key '{key.value}' is given twice", at)
            found[key.value] = key, held
        return found

    def field(self, field: Field, node: yaml.Node, at: Path) -> Any:
        says, label = field.says, field.says.label
        if isinstance(says, Part):
            return self.mapping(field.of, node, at)
        if isinstance(says, Parts) and says.rows:
            return self.rows(field, says.rows, node, at)
        if not isinstance(says, Parts | Each):
            return self.text(node, at, label)
        held = node.value if self.fits(node, yaml.SequenceNode, at, label) else []
        if isinstance(says, Parts):
            return [self.mapping(field.of, each, (*at, place)) for place, each in enumerate(held)]
        return [self.text(each, (*at, place), f"each of {label}") or "" for place, each in enumerate(held)]

    def text(self, node: yaml.Node, at: Path, called: str) -> str | None:
        if not self.fits(node, yaml.ScalarNode, at, called):
            return None
        self.filed.lines.setdefault(at, self.line(node))
        text = str(node.value)
        if getattr(node, "style", "") == "|":  # its lines are those of the file
            self.filed.texts[at] = self.line(node) + 1 + text[: len(text) - len(text.lstrip())].count("\n")
        return text

    def rows(self, field: Field, names: Collection[str], node: yaml.Node, at: Path) -> list[Document]:
        """Parts whose number is fixed stand in a file under their names."""
        found = self.pairs(node, names, at, field.says.label)
        rows: list[Document] = [{} for _ in names]
        for row, name in enumerate(names if at not in self.filed.unread else ()):
            place = (*at, row)
            if name in found:
                self.filed.lines[place] = self.line(found[name][0])
                rows[row] = self.mapping(field.of, found[name][1], place)
            else:
                self.say(node, f"{field.says.label}: key '{name}' is missing", at)
                self.filed.unread.add(place)
        return rows

    def fits(self, node: yaml.Node, kind: type[yaml.Node], at: Path, called: str) -> bool:
        if not isinstance(node, kind):
            self.say(node, f"{called} must be {_KINDS[kind]}".strip(), at)
            self.filed.unread.add(at)
        return isinstance(node, kind)


class _Unwanted(yaml.MarkedYAMLError):
    """Plain YAML to PyYAML, but not to us."""


class _Plain(yaml.SafeLoader):
    """Neither tags, which nobody who writes text needs, nor anchors, whose aliases can multiply without end."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None):
            raise _Unwanted(None, None, f"YAML tag '{event.tag}' is not allowed; write plain text", event.start_mark)
        if getattr(event, "anchor", None) and not isinstance(event, yaml.AliasEvent):
            said = "YAML anchors and aliases (& and *) are not allowed; write the text out"
            raise _Unwanted(None, None, said, event.start_mark)
        return super().compose_node(parent, index)


def compose(text: str, filed: Filed, first_line: int = 1) -> yaml.Node | None:
    """The mapping that ``text`` holds, or None with the problem told. ``first_line`` is where it starts in its file."""
    line = 0
    try:
        node = yaml.compose(text, Loader=_Plain)
        if isinstance(node, yaml.MappingNode):
            return node
        said = "must be a mapping of keys to values"
    except (ValueError, OverflowError):
        said = "not valid YAML: a number in it is too large"
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line if mark else text[: getattr(error, "position", 0)].count("\n")
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        said = problem if isinstance(error, _Unwanted) else f"not valid YAML: {problem}"
    filed.say(line + first_line, said)
    return None
