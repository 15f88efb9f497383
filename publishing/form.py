"""What an editing page sends back: read as a document, and changed by the buttons of its lists.

Names are paths (``dimensions-2-bands-0-links-1-to``). Every row of a list sends its number in a hidden field under the
list's name, and **the order of these fields is the order of the rows**. So to move a row is to move its field, to
remove it is to leave the field out, and to add one is to name it: nothing is counted and nothing is renamed, with or
without scripts. An optional part is there when its own name is sent.

Posting judges nothing. What was typed becomes the document as it is, and ``shape.read`` says what is wrong with it.
"""

import re
from collections.abc import Collection
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict

from publishing.leaves import UNSEEN, Each, Line, Mark, Some, Unfit
from publishing.shape import Document, Field, Part, Parts, Path, along, document, fields_of

DO = "do"  # the name of every button of a list; its value says what it does: "up dimensions-2-bands-0-links 1"


class NoSuchButton(BadRequest):
    """This form does not have the button that was pressed: the request is forged, or its page is out of date."""


def name_of(path: Path) -> str:
    return "-".join(map(str, path))


def id_of(path: Path) -> str:
    """The id of the element of a field or a row, or of the whole form."""
    return f"id-{name_of(path)}" if path else "shape"


def posted(cls: type, data: QueryDict, locked: Collection[str] = (), at: Path = ()) -> Document:
    """What was posted, as far as the form may change it: fields of the value that are ``locked`` are left out."""
    return {field.name: _held(field, data, (*at, field.name)) for field in fields_of(cls) if field.name not in locked}


def _held(field: Field, data: QueryDict, at: Path) -> Any:
    name = name_of(at)
    match field.says:
        case Parts():
            return [posted(field.of, data, at=(*at, row)) for row in rows(field, data, name)]
        case Part():
            return posted(field.of, data, at=at) if not field.optional or rows(field, data, name) else None
        case Each():
            return _entries(field, data.getlist(name))
        case Mark(words=()):
            return name in data
    return _leaf(field, data.get(name, ""))


def _entries(field: Field, typed: list[str]) -> list[Any]:
    """Entries are typed one a line, or chosen one by one."""
    entries = [_leaf(field, line) for text in typed for line in _seen(text).split("\n") if line.strip()]
    return list(dict.fromkeys(entries)) if isinstance(field.says, Some) and field.says.choices else entries


def number(text: str | None) -> int:
    """A whole number that an address or a form holds; 0 for whatever is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _leaf(field: Field, typed: str) -> Any:
    """What the field makes of what was typed; what it cannot be stays as it is."""
    text = _seen(typed)
    if isinstance(field.says, Line) and not field.says.several:
        text = " ".join(line.strip() for line in text.split("\n") if line.strip())
    if not text.strip():
        return "" if field.of is str else None
    try:
        return document(field.says.cast(text, field.of))
    except Unfit:
        return text.strip()


def _seen(typed: str) -> str:
    """Without what browsers and word processors put into a text unseen."""
    return UNSEEN.sub("", typed.replace("\r\n", "\n").replace("\r", "\n"))


def rows(field: Field, data: QueryDict, name: str) -> list[str]:
    """The rows of a list in their order. An optional part counts as a list of at most one, row 0."""
    if isinstance(field.says, Part):
        return ["0"] if data.getlist(name) else []
    if field.says.rows:
        return [str(place) for place in range(len(field.says.rows))]
    return [row for row in dict.fromkeys(data.getlist(name)) if re.fullmatch("[0-9]{1,6}", row)]


def press(cls: type, data: QueryDict) -> str:
    """Does to the rows in ``data`` what the pressed button says. Returns the id of the element that gets the focus,
    as it is on the next page, where rows are numbered from 0."""
    match data.get(DO, "").split(" "):
        case ["add", name]:
            return _add(*reach(cls, data, name), data, name)
        case ["remove", name, row]:
            return _remove(*reach(cls, data, name), data, name, row)
        case ["up" | "down" as way, name, row]:
            return _move(*reach(cls, data, name), data, name, row, way)
    raise NoSuchButton(data.get(DO))


def _add(field: Field, path: Path, data: QueryDict, name: str) -> str:
    held = rows(field, data, name)
    if isinstance(field.says, Parts):
        path = (*path, len(held))
    elif held:
        raise NoSuchButton(data.get(DO))
    data.setlist(name, [*held, str(max(map(int, held), default=-1) + 1)])
    return id_of((*path, fields_of(field.of)[0].name))


def _remove(field: Field, path: Path, data: QueryDict, name: str, row: str) -> str:
    held = rows(field, data, name)
    place = _place(held, row)
    del held[place]
    data.setlist(name, held)
    return id_of((*path, min(place, len(held) - 1)) if held else path)


def _move(field: Field, path: Path, data: QueryDict, name: str, row: str, way: str) -> str:
    held = rows(field, data, name) if isinstance(field.says, Parts) else []
    place = _place(held, row)
    del held[place]
    held.insert(max(place - 1, 0) if way == "up" else place + 1, row)
    data.setlist(name, held)
    return f"{way}-{name_of((*path, held.index(row)))}"  # the same button, for who moves the row further


def _place(held: list[str], row: str | int) -> int:
    if row not in held:
        raise NoSuchButton(row)
    return held.index(str(row))


def reach(cls: type, data: QueryDict, name: str) -> tuple[Field, Path]:
    """The list or optional part of this name that authors change, and where it is on the next page."""
    path: Path = ()
    for at, field in along(cls, tuple(name.split("-"))):
        path = (*path, field.name)
        if name_of(at) == name and at[-1] == field.name and field.changes:
            return field, path
        if isinstance(field.says, Parts):
            path = (*path, _place(rows(field, data, name_of(at[:-1])), at[-1]))
        elif isinstance(field.says, Part) and field.optional and not rows(field, data, name_of(at)):
            break
    raise NoSuchButton(name)
