"""Content files: where values lie in the folder, how a file becomes documents, and one way to write each value.

Writing is byte-stable: what was written once is read and written the same again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import yaml

from publishing.leaves import Each, Lines, Mark
from publishing.shape import Field, Part, Parts, fields_of
from publishing.yaml_nodes import Filed, Problem, compose

Values = Sequence[Any]
Everything = Mapping[str, Values]  # the values of a folder, by the name of their kind


class Filing(Protocol):
    """Where the values of one kind lie in a content folder. ``read`` takes a file's name alone for its path, too."""

    suffix: ClassVar[str]

    def holds(self, path: str) -> bool: ...
    def read(self, cls: type, text: str, path: str) -> list[Filed]: ...
    def path_of(self, value: Any, everything: Everything) -> str: ...
    def write(self, values: Values, everything: Everything) -> dict[str, str]: ...


@dataclass(frozen=True)
class OneEach:
    """A YAML file for each value, named after its slug."""

    suffix: ClassVar[str] = ".yaml"

    folder: str

    def holds(self, path: str) -> bool:
        return path.startswith(f"{self.folder}/") and path.endswith(self.suffix)

    def read(self, cls: type, text: str, path: str) -> list[Filed]:
        filed = Filed(path)
        if node := compose(text, filed):
            slug = path.removeprefix(f"{self.folder}/").removesuffix(self.suffix)
            filed.document = {**filed.mapping(cls, node), "slug": slug}
        return [filed]

    def path_of(self, value: Any, everything: Everything) -> str:
        return f"{self.folder}/{value.slug}{self.suffix}"

    def write(self, values: Values, everything: Everything) -> dict[str, str]:
        return {self.path_of(value, everything): write(plain(value)) for value in values}


@dataclass(frozen=True)
class ListIn:
    """All values in one YAML file, as the list of its one key. ``numbered``: each value knows its place in it."""

    suffix: ClassVar[str] = ".yaml"

    path: str
    key: str
    numbered: bool = True

    def holds(self, path: str) -> bool:
        return path == self.path

    def read(self, cls: type, text: str, path: str) -> list[Filed]:
        whole = Filed(path)
        node = compose(text, whole)
        entries = whole.entries(cls, node, self.key) if node else []
        filed = [Filed(path, lines={}) for _ in entries]
        for place, (each, entry) in enumerate(zip(filed, entries, strict=True), 1):
            each.document = each.mapping(cls, entry) | ({"position": place} if self.numbered else {})
        return [whole] if whole.problems else filed

    def path_of(self, value: Any, everything: Everything) -> str:
        return self.path

    def write(self, values: Values, everything: Everything) -> dict[str, str]:
        return {self.path: write({self.key: [plain(value) for value in values]})}


def decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """The text of a content file: UTF-8, a byte order mark dropped, line ends as ``\\n``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", [Problem(path, line, "not UTF-8; save the file as UTF-8")]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def plain(value: Any) -> dict[str, Any]:
    """A value as a mapping in the words of its file: in the order of its fields, without what goes without saying."""
    cls: Any = type(value)
    said = {field.filed: _plain(field, getattr(value, field.name)) for field in fields_of(cls) if not field.says.placed}
    return {key: held for key, held in said.items() if held is not None}


def _plain(field: Field, held: Any) -> Any:
    """What a file says of a field; None where it says nothing."""
    if isinstance(field.says, Mark) and field.says.words:
        return field.says.words[held]
    if held is False or held in (None, "", ()) or held == field.default:
        return None
    if isinstance(field.says, Parts) and field.says.rows:
        return {name: plain(part) for name, part in zip(field.says.rows, held, strict=True)}
    if isinstance(field.says, Parts):
        return [plain(part) for part in held]
    if isinstance(field.says, Part):
        return plain(held)
    if isinstance(field.says, Each):
        return list(held) if isinstance(field.says, Lines) else _Inline(held)
    return held


class _Writer(yaml.SafeDumper):
    """One way to write each value."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Inline(list[Any]):
    """A short list that is written on one line: ``[1, 2]``."""


def _text(writer: _Writer, value: str) -> yaml.Node:
    foreign = re.search("[\x85\u2028\u2029]", value)  # line ends to YAML, but not to us
    style = '"' if foreign else "|" if "\n" in value else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Writer.add_representer(str, _text)
_Writer.add_representer(_Inline, lambda writer, it: writer.represent_sequence("tag:yaml.org,2002:seq", it, True))


def write(mapping: Mapping[str, Any]) -> str:
    return str(yaml.dump(mapping, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10**6))
