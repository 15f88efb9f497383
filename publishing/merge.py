"""Two documents that began as one. What only one author changed is taken; where both changed the same place, ``mine``
stands and the clash is told. Pure.

Parts that have a key are told apart by it, so that one moves while another changes, and bands by their place. Every
other list is one thing: both changed it, or not. A part that one removed and the other changed stays.
"""

from dataclasses import dataclass
from typing import Any

from publishing.shape import Document, Field, Part, Parts, Path, fields_of

Keyed = dict[str, Document]


@dataclass(frozen=True)
class Clash:
    """Both changed the same place, which is one of the merged document. Where both moved the parts of a list, ``mine``
    and ``theirs`` are the merged parts in the order of each."""

    path: Path
    base: Any
    mine: Any
    theirs: Any

    def taken(self, document: Document) -> Any:
        """The document with their text in this place, as long as it has the place."""
        return _put(document, self.path, self.theirs)


def _put(held: Any, path: Path, given: Any) -> Any:
    if not path:
        return given
    first, rest = path[0], path[1:]
    if isinstance(held, list):
        return [_put(each, rest, given) if n == first else each for n, each in enumerate(held)]
    return {**held, first: _put(held[first], rest, given)} if isinstance(held, dict) and first in held else held


def merge(cls: type, base: Document, mine: Document, theirs: Document) -> tuple[Document, list[Clash]]:
    merging = _Merging()
    return merging.part(cls, base, mine, theirs, ()), merging.clashes


class _Merging:
    def __init__(self) -> None:
        self.clashes: list[Clash] = []

    def field(self, field: Field, base: Any, mine: Any, theirs: Any, at: Path) -> Any:
        if theirs in (base, mine):
            return mine
        if mine == base:
            return theirs
        if isinstance(field.says, Part) and isinstance(mine, dict) and isinstance(theirs, dict):
            return self.part(field.of, base or {}, mine, theirs, at)
        if lists := by_key(field, base, mine, theirs):
            return self.keyed(field, at, *lists)
        self.clashes.append(Clash(at, base, mine, theirs))
        return mine

    def part(self, cls: type, base: Document, mine: Document, theirs: Document, at: Path) -> Document:
        said = {field.name: field for field in fields_of(cls) if field.name in {*base, *mine, *theirs}}
        return {
            name: self.field(field, base.get(name), mine.get(name), theirs.get(name), (*at, name))
            for name, field in said.items()
        }

    def keyed(self, field: Field, at: Path, base: Keyed, mine: Keyed, theirs: Keyed) -> list[Document]:
        ours, others = _woven(mine, theirs, base), _woven(theirs, mine, base)
        common = base.keys() & mine.keys() & theirs.keys()
        was, my, their = ([key for key in each if key in common] for each in (base, ours, others))
        one = Field("", Part(""), field.of, None)
        merged: Keyed = {}
        for place, key in enumerate(others if my == was != their else ours):
            found = self.field(one, base.get(key), mine.get(key), theirs.get(key), (*at, place))
            merged[key] = theirs[key] if found is None else found
        if was not in (my, their) and my != their:
            my_order, their_order = ([merged[key] for key in each] for each in (ours, others))
            self.clashes.append(Clash(at, list(base.values()), my_order, their_order))
        return list(merged.values())


def _woven(first: Keyed, second: Keyed, base: Keyed) -> list[str]:
    """The keys of the first in their order, those that only the second has after their neighbors there; without those
    that one of them removed and the other left as it was."""
    order, place = list(first), 0
    for key in second:
        if key not in first:
            while order[place:] and order[place] not in second:
                place += 1
            order.insert(place, key)
        place = order.index(key) + 1
    return [
        key for key in order if (key in first and key in second) or (first.get(key) or second[key]) != base.get(key)
    ]


def by_key(field: Field, *lists: Any) -> list[Keyed]:
    """The parts of each list by the keys that they had in the first, or by the names of their rows; nothing if they
    have neither, or a key is empty or stands twice."""
    if isinstance(field.says, Parts) and field.says.rows:
        return [dict(zip(field.says.rows, field.says.held(parts), strict=True)) for parts in lists]
    if not isinstance(field.says, Parts) or not field.keyed:
        return []
    named = [[(part.get(field.keyed), part) for part in parts or () if isinstance(part, dict)] for parts in lists]
    old, *others = [{key: part for key, part in pairs if isinstance(key, str) and key} for pairs in named]
    if [len(parts) for parts in (old, *others)] != [len(parts or ()) for parts in lists]:
        return []
    return [old, *(_joined(field.keyed, old, new) for new in others)]


def _joined(name: str, old: Keyed, new: Keyed) -> Keyed:
    """A part whose former anchors name the old key, or that is equal to the old part but for its key, was renamed."""
    found: Keyed = {}
    for key, part in new.items():
        former = part.get("former_anchors") or ()
        gone = [] if key in old else [was for was in old if was not in new and was not in found]
        found[next((was for was in gone if was in former or {**part, name: was} == old[was]), key)] = part
    return found
