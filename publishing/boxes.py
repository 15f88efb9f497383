"""What an editing page shows: a document as boxes, one for each field, with every problem at its field.

The ids of elements follow from the path, like the names of fields: ``id-items-3-text`` is a field or the summary of a
row, ``help-`` and ``error-`` what is said about a field, ``add-``, ``up-``, ``down-`` and ``remove-`` the buttons.

Limits are told by ``shape.read`` and never enforced while typing: no maxlength, which cuts a pasted text in silence,
and no type=number, which sends nothing for "ten".
"""

import re
import textwrap
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.http import QueryDict

from publishing.form import DO, NoSuchButton, id_of, name_of, posted, reach, rows
from publishing.leaves import Day, Each, Key, Line, Mark, Paragraph, Section, Some, day_of, entries
from publishing.shape import Document, Field, Part, Parts, Path, Problem, along, fields_of, place, walk


class Told(NamedTuple):
    """A problem, for the list of them: the place in an author's words, and the id of the element to go to."""

    id: str
    place: str
    message: str


class Page:
    """The boxes of a document. Fields of the value that are ``locked`` are shown and cannot be changed."""

    def __init__(self, cls: type, doc: Document, problems: Iterable[Problem] = (), locked: Collection[str] = ()):
        self.cls, self.doc, self.locked = cls, doc, locked
        self.told: list[Told] = []
        self.found: dict[Path, list[str]] = {}
        for path, message in problems:
            at, line = _split(cls, path)
            said = f"line {line}: {message}" if line else message
            self.found.setdefault(at, []).append(said)
            self.told.append(Told(id_of(at), place(cls, path, message), said))

    def ids(self, path: Path) -> str:
        """The id of the element of a place: of the form itself, of a row, or of the field that holds it."""
        return id_of(_split(self.cls, path)[0])

    @property
    def boxes(self) -> list["Box"]:
        return self.boxes_of(self.cls, self.doc, ())

    def boxes_of(self, cls: type, own: Mapping[str, Any], at: Path) -> list["Box"]:
        return [Box(self, field, own, (*at, field.name)) for field in fields_of(cls)]


class Box:
    """One field on the page, with the ``boxes`` of its part or the ``rows`` of its list."""

    def __init__(self, page: Page, field: Field, own: Mapping[str, Any], at: Path):
        self.page, self.field, self.own, self.name = page, field, own, name_of(at)
        self.held, self.problems = own.get(field.name), page.found.get(at, [])
        self.boxes: list[Box] = []
        self.rows: list[Row] = []
        if isinstance(field.says, Parts):
            self.rows = [Row(self, n, doc or {}, (*at, n)) for n, doc in enumerate(field.says.held(self.held))]
        elif isinstance(field.says, Part) and not (self.held is None and field.optional):
            self.boxes = page.boxes_of(field.of, self.held or {}, at)

    @property
    def template(self) -> str:
        """Each kind of field has its own, and so has what is chosen or locked."""
        says, name = self.field.says, type(self.field.says).__name__.lower()
        if self.name in self.page.locked:
            name = "locked"
        elif isinstance(says, Day) and self.held and not day_of(self.held):
            name = "line"  # a date field shows dates and nothing else
        elif isinstance(says, Mark) and says.words:
            name = "one"
        elif isinstance(says, Some) and says.choices is not None:
            name = "order" if says.ordered else "choices"
        return f"admin/shape/{name}.html"

    @property
    def within(self) -> str:
        """The id of the row that holds the field, if there is one."""
        row = re.match(".*-[0-9]+(?=-)", self.name)
        return f"id-{row[0]}" if row else ""

    @property
    def chosen(self) -> list[str]:
        words = getattr(self.field.says, "words", ())
        return [words[self.held]] if words and isinstance(self.held, bool) else entries(self.held)

    @property
    def text(self) -> str:
        """What was typed: entries one a line."""
        return "\n".join(entries(self.held))

    @property
    def labels(self) -> dict[str, str]:
        """What can be chosen, in the order in which it is sent: that of the choices, unless the author had another.
        What is held though it cannot be chosen any more is shown, and never corrected in silence."""
        says, chosen = self.field.says, self.chosen
        words = getattr(says, "words", ())
        offered = dict(zip(words, words, strict=True)) or says.offered(self.page.doc, self.own)
        labels = {value: label or value for value, label in offered.items() if value}
        labels |= {each: f"{each} (gone)" for each in chosen if each not in labels}
        as_offered = getattr(says, "ordered", False) or [each for each in labels if each in chosen] == chosen
        return labels if as_offered else {each: labels[each] for each in (*chosen, *labels)}

    @property
    def tells(self) -> str:
        """What a folded row says of the field."""
        says, chosen = self.field.says, [label for value, label in self.labels.items() if value in self.chosen]
        if isinstance(says, Mark):
            return says.label if self.held else ""
        named = f"{says.label} " if isinstance(says, Each) and chosen else ""
        return named + ", ".join(chosen)

    @property
    def places(self) -> list[str]:
        """What stands first, second and so on, where the order has a meaning."""
        return [*self.chosen, *[""] * (len(self.labels) - len(self.chosen))]


class Row:
    """One part of a list. Folded it shows what it is ``called``, its key, how it ``begins`` and what fields tell."""

    def __init__(self, holder: Box, number: int, doc: Document, at: Path):
        field, page = holder.field, holder.page
        self.holder, self.name, self.row = holder, name_of(at), str(at[-1])
        self.called, self.key, self.begins = field.says.called(number), doc.get(field.keyed) or "", _begins(field, doc)
        self.problems, self.boxes = page.found.get(at, []), page.boxes_of(field.of, doc, at)
        self.tells = [box for box in self.boxes if box.field.says.folded]
        # A row within a row is behind a fold already: one more is only worth it where it hides a lot.
        small = holder.within and not any(isinstance(box.field.says, Parts) or box.boxes for box in self.boxes)
        self.open = bool(small) or any(found[: len(at)] == at for found in page.found)


def new_row(cls: type, data: QueryDict) -> Row:
    """The row that was just added by ``press``, under the names of the page at hand, where nothing is numbered anew."""
    name = data.get(DO, "").removeprefix("add ")
    field, _ = reach(cls, data, name)
    if not isinstance(field.says, Parts):
        raise NoSuchButton(name)
    held, at = rows(field, data, name), tuple(name.split("-"))
    row = Row(Box(Page(cls, posted(cls, data)), field, {}, at), len(held) - 1, {}, (*at, held[-1]))
    row.open = True
    return row


def _split(cls: type, path: Path) -> tuple[Path, int]:
    """The path as far as it leads to a row or a field, and the line of a text where it goes on, from 1; 0 for none."""
    at, field = next(reversed(along(cls, path)), ((), None))
    says = field.says if field else None
    typed = isinstance(says, Paragraph) or (isinstance(says, Each) and says.choices is None)
    return at, int(path[len(at)]) + 1 if typed and len(path) > len(at) else 0


def _begins(field: Field, doc: Document) -> str:
    """The first text of a part or within it; if there is none, another word, such as a section or a choice."""
    said = [(inner, held) for _, inner, held in walk(field.of, doc) if held and isinstance(held, str)]
    texts = [held for each, held in said if isinstance(each.says, Line) and not isinstance(each.says, Key | Section)]
    text = [*texts, *(held for each, held in said if each.name != field.keyed), ""][0]
    return textwrap.shorten(text, 120, placeholder=" …")
