"""What changed between two documents of one class, told in the order of the page for an editor to read. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from publishing.leaves import Day, Lines, Mark, day_of, entries
from publishing.merge import by_key
from publishing.shape import Document, Field, Part, Parts, Path, at, fields_of, place, walk, where

AROUND = 6  # words that are shown on either side of a change

Pieces = tuple[tuple[str, str], ...]  # each "same", "added" or "removed", and its words


@dataclass(frozen=True)
class Change:
    """A field that was ``changed``, or a part that was ``added``, ``removed`` or ``moved``. The path leads into the
    document as it is now, or for what was removed into the one before."""

    path: Path
    place: str
    what: str
    pieces: Pieces = ()


def difference(cls: type, before: Document | None, now: Document) -> tuple[Change, ...]:
    """Nothing is told of documents that say the same. Without a document before, everything is new: one change."""
    if before is None:
        return (Change((), "Everything", "added"),)
    return tuple(_Comparing(cls, before, now).part(cls, before, now, ()))


class _Comparing:
    def __init__(self, cls: type, before: Document, now: Document):
        self.cls, self.before, self.now = cls, before, now

    def part(self, cls: type, before: Document, now: Document, here: Path) -> Iterator[Change]:
        for field in fields_of(cls):
            old, new, path = before.get(field.name), now.get(field.name), (*here, field.name)
            if isinstance(field.says, Parts):
                yield from self.parts(field, field.says.held(old), field.says.held(new), path)
            elif isinstance(field.says, Part):
                yield from self.whole(field.of, old, new, path)
            elif old != new:
                words = _words(field, old, self.before, before), _words(field, new, self.now, now)
                if words[0] == words[1]:  # two choices of one name, or the same said otherwise
                    words = ", ".join(entries(old)), ", ".join(entries(new))
                if words[0] != words[1]:
                    yield Change(path, place(self.cls, path), "changed", compared(*words))

    def whole(self, cls: type, before: Any, now: Any, path: Path) -> Iterator[Change]:
        if before is not None and now is not None:
            yield from self.part(cls, before, now, path)
        elif before is not now:
            what, part, root = ("removed", before, self.before) if now is None else ("added", now, self.now)
            yield Change(path, where(self.cls, path), what, ((what, _said(cls, part, root)),))

    def parts(self, field: Field, before: list[Any], now: list[Any], path: Path) -> Iterator[Change]:
        for old, new, moved in _paired(field, before, now):
            place = (*path, old if new is None else new)
            if moved:
                told = (("removed", field.says.called(old)), ("added", field.says.called(new)))
                yield Change(place, where(self.cls, place), "moved", told)
            pair = (None if old is None else before[old], None if new is None else now[new])
            yield from self.whole(field.of, *pair, place)


def _paired(field: Field, before: list[Any], now: list[Any]) -> Iterator[tuple[Any, Any, bool]]:
    """The places of each part before and now, None where there is none, and whether it was moved."""
    keyed = by_key(field, before, now)
    told = ([json.dumps(part, sort_keys=True) for part in parts] for parts in (before, now))
    left, right = map(list, keyed or told)
    for what, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what == "equal" or not keyed:
            yield from ((*pair, False) for pair in zip_longest(range(i, j), range(k, m)))
            continue
        yield from ((n, None, False) for n in range(i, j) if left[n] not in right)
        for n in range(k, m):
            was = left.index(right[n]) if right[n] in left else None
            yield was, n, was is not None


def _said(cls: type, part: Document, root: Document) -> str:
    """All that a part says, a line for each field."""
    return "\n".join(
        f"{field.says.label}: {_words(field, held, root, at(part, path[:-1]))}"
        for path, field, held in walk(cls, part)
        if not isinstance(field.says, Part | Parts) and entries(held) and held is not False
    )


def _words(field: Field, held: Any, root: Document, own: Document) -> str:
    """What is held, as an author reads it: marks, days and choices in words."""
    if isinstance(field.says, Mark) and isinstance(held, bool):
        return (field.says.words or ("no", "yes"))[held]
    if isinstance(field.says, Day) and (day := day_of(held)):
        return f"{day.day} {day:%B %Y}"
    labels = field.says.offered(root, own)
    return ("\n" if isinstance(field.says, Lines) else ", ").join(labels.get(each) or each for each in entries(held))


def compared(before: str, now: str) -> Pieces:
    """Two texts word by word, with a few words around each change. Line breaks count as words."""
    old, new = (re.findall(r"\n+|\S+", text) for text in (before, now))
    if old == new:  # other spaces
        return (("removed", before), ("added", now))
    pieces: list[tuple[str, list[str]]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            head, tail = AROUND if pieces else 0, AROUND if (j, m) != (len(old), len(new)) else 0
            long = j - i > head + tail + 1
            pieces.append(("same", [*old[i : i + head], "…", *old[j - tail : j]] if long else old[i:j]))
        else:
            pieces += [("removed", old[i:j]), ("added", new[k:m])]
    return tuple((what, " ".join(words)) for what, words in pieces if words)
