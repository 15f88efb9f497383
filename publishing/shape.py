"""What a value is made of. A field of a frozen dataclass is declared once, with its limits and its words:

    title: Annotated[str, Line("Title", 120)]

and from that follow the document (plain JSON), the reader that judges it, the text file and the form. A *document*
holds what an author has so far, finished or not. A *value* is a document in which ``read`` finds no problem:
``read(type(value), document(value)) == (value, [])`` for every value.

A place in either is a path: ``("dimensions", 2, "bands", 0, "links", 1, "why")``. Standard library only.
"""

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from publishing.leaves import Day, Each, Lines, Mark, Paragraph, Says, Unfit, Whole

Path = tuple[str | int, ...]
Problem = tuple[Path, str]
Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Part(Says):
    """A value within a value. Where the field may be None, authors add and remove it."""


@dataclass(frozen=True)
class Parts(Says):
    """A list of values. ``one`` is what an author calls one of them. ``rows`` fixes their number: the name of each
    in a file, and in words."""

    one: str = ""
    most: int = 100
    rows: Mapping[str, str] | None = None

    def called(self, place: int) -> str:
        return list(self.rows.values())[place] if self.rows else f"{self.one} {place + 1}"

    def held(self, parts: Any) -> list[Any]:
        """The parts in a document; where their number is fixed, as many as there have to be."""
        return [*(parts or []), *[{}] * len(self.rows)][: len(self.rows)] if self.rows else parts or []


@dataclass(frozen=True)
class Field:
    """A field of a value class. ``of`` is the type of the field, or of one entry of a tuple."""

    name: str
    says: Any
    of: Any
    default: Any

    @property
    def needed(self) -> bool:
        """Nothing may stand in for it. A mark without words is always said: it is set, or it is not."""
        return self.default is MISSING and (not isinstance(self.says, Mark) or bool(self.says.words))

    @property
    def optional(self) -> bool:
        return self.default is None

    @property
    def changes(self) -> bool:
        """Whether authors add and remove what it holds."""
        return not self.says.rows if isinstance(self.says, Parts) else isinstance(self.says, Part) and self.optional

    @property
    def filed(self) -> str:
        """Its name in a file."""
        return self.says.key or self.name

    @property
    def keyed(self) -> str:
        """The field by which the parts of a list are told apart, if they have one."""
        return next((field.name for field in fields_of(self.of) if field.name in ("key", "anchor")), "")

    @property
    def blank(self) -> Any:
        """What stands where nothing was said yet."""
        if self.default is not MISSING:
            return self.default
        if isinstance(self.says, Part):
            return value_of(self.of, {})
        if isinstance(self.says, Parts):
            return tuple(value_of(self.of, each) for each in self.says.held([]))
        return () if isinstance(self.says, Each) else self.says.blank


@cache
def fields_of(cls: Any) -> tuple[Field, ...]:
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_field(each.name, each.default, hints[each.name]) for each in fields(cls))


def _field(name: str, default: Any, hint: Any) -> Field:
    hint, says = get_args(hint) if get_origin(hint) is Annotated else (hint, None)
    if isinstance(hint, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not types.NoneType)
    many = get_origin(hint) is tuple
    of = get_args(hint)[0] if many else hint
    return Field(name, says or _undeclared(name, of, many), of, default)


def _undeclared(name: str, of: type, many: bool) -> Says:
    """What a field says that no author sees, such as those of a head."""
    if is_dataclass(of):
        return Parts(name) if many else Part(name)
    return Lines(name) if many else {int: Whole, bool: Mark, date: Day}.get(of, Paragraph)(name)


def document(value: Any) -> Any:
    """The value as plain JSON."""
    if is_dataclass(value):
        return {field.name: document(getattr(value, field.name)) for field in fields_of(type(value))}  # type: ignore[arg-type]
    if isinstance(value, tuple):
        return [document(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def read(cls: type[T], doc: Document) -> tuple[T, list[Problem]]:
    """The value of a document, and everything an author has to fix in it, in the order of the fields. With problems it
    is no value yet, only what a preview shows: blanks stand where something is missing."""
    reader = _Reader(doc, judging=True)
    return reader.part(cls, doc, ()), reader.problems


def value_of(cls: type[T], doc: Any) -> T:
    """The value of a document that was judged before. What it does not hold yet takes the field's default, so an
    old version stays readable after a field was added."""
    value: T = _Reader(doc, judging=False).part(cls, doc, ())
    return value


class _Reader:
    def __init__(self, root: Document, judging: bool):
        self.root, self.judging = root, judging
        self.problems: list[Problem] = []

    def part(self, cls: Any, given: Any, at: Path) -> Any:
        own = given if isinstance(given, Mapping) else {}
        return cls(**{field.name: self.field(field, own, (*at, field.name)) for field in fields_of(cls)})

    def field(self, field: Field, own: Mapping[str, Any], at: Path) -> Any:
        given = own.get(field.name)
        if given in (None, []) or (isinstance(given, str) and not given.strip()):
            self.missing(field, at)
            return field.blank
        if isinstance(field.says, Part):
            return self.part(field.of, given, at)
        several = isinstance(field.says, Each | Parts)
        return self.several(field, given, own, at) if several else self.leaf(field, given, own, at)

    def missing(self, field: Field, at: Path) -> None:
        """What is needed is told once, however many fields it has."""
        if field.needed:
            label = "it" if isinstance(field.says, Part) else field.says.label  # the label of a part is its place
            several = isinstance(field.says, Each | Parts)
            self.problems.append((at, label + (": at least one is needed" if several else " is missing")))

    def several(self, field: Field, given: Any, own: Mapping[str, Any], at: Path) -> tuple[Any, ...]:
        says, held = field.says, given if isinstance(given, list) else [given]
        if len(held) > says.most:
            self.problems.append((at, f"{says.label}: {len(held)} are too many; {says.most} is the most"))
        if isinstance(says, Parts):
            return tuple(self.part(field.of, each, (*at, place)) for place, each in enumerate(says.held(held)))
        return tuple(self.leaf(field, each, own, (*at, place)) for place, each in enumerate(held))

    def leaf(self, field: Field, given: Any, own: Mapping[str, Any], at: Path) -> Any:
        says = field.says
        try:
            value = says.cast(given, field.of)
        except Unfit as unfit:
            self.problems.append((at, f"{says.label} {unfit}"))
            return says.blank if isinstance(says, Each) else field.blank
        found = says.faults(value) or says.beyond(value, self.root, own) if self.judging else []
        self.problems += [(at, f"{says.label} {fault}") for fault in found]
        return value


def walk(cls: type, doc: Document, at: Path = ()) -> Iterator[tuple[Path, Field, Any]]:
    """Every field of a document with its place and what it holds, from the top of the page to its end."""
    for field in fields_of(cls):
        held, place = doc.get(field.name), (*at, field.name)
        yield place, field, held
        if isinstance(field.says, Part) and held is not None:
            yield from walk(field.of, held, place)
        for n, each in enumerate(held or []) if isinstance(field.says, Parts) else ():
            yield from walk(field.of, each, (*place, n))


def links(cls: type, doc: Document) -> Iterator[tuple[Path, str]]:
    """Where the document leads: each place with its target, such as ``section:what-trust-is#three-parts``."""
    for place, field, held in walk(cls, doc):
        several = isinstance(field.says, Each)
        for n, target in enumerate(held if several else [held]) if held and field.says.leads else ():
            yield (*place, n) if several else place, f"{field.says.leads}:{target}"


def at(doc: Any, path: Path) -> Any:
    """What the document holds at a place, or None if there is no such place."""
    for step in path:
        try:
            doc = doc[step]
        except (KeyError, IndexError, TypeError):
            return None
    return doc


def along(cls: type, path: Path) -> list[tuple[Path, Field]]:
    """The fields that a place lies in, from the outside to the inside, each with its own place or that of its row."""
    field = next((field for field in fields_of(cls) if path[:1] == (field.name,)), None)
    if not field:
        return []
    here = path[: 2 if isinstance(field.says, Parts) else 1]
    inner = along(field.of, path[len(here) :]) if isinstance(field.says, Part | Parts) else []
    return [(here, field), *((here + at, each) for at, each in inner)]


def where(cls: type, path: Path) -> str:
    """The place as an author finds it, ``Dimension 3, Low band, Link 2``. Every message names the field itself."""
    return ", ".join(
        field.says.label if isinstance(field.says, Part) else field.says.called(at[-1])
        for at, field in along(cls, path)
        if isinstance(field.says, Part) or isinstance(at[-1], int)
    )


def place(cls: type, path: Path, message: str = "") -> str:
    """Where a message belongs: the place, and the field as well unless the message begins with its label."""
    leaf = [field.says.label for _, field in along(cls, path)[-1:] if not isinstance(field.says, Part | Parts)]
    return ", ".join(filter(None, [where(cls, path), *(label for label in leaf if not message.startswith(label))]))


def steps_of(spelled: str) -> Path:
    """The path that was spelled so."""
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", spelled))


def spelled(path: Path) -> str:
    """A path as one word: ``dimensions[2].bands[0].links[1].why``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
