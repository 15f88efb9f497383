"""A kind of content: what an app says of it once, so that it has files, drafts, history, publishing and admin."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from publishing import shape
from publishing.files import Filing
from publishing.shape import Document, Path, Problem

Find = Callable[[str], str | None]  # a target to its page address, None if there is none


class Ruler(NamedTuple):
    """A scale from 0 to 100: the ``scores`` that can be reached, and each band's name with its lowest score."""

    scores: tuple[int, ...]
    bands: tuple[tuple[str, int], ...]


class Entry(NamedTuple):
    """A part of a value as an outline shows it, with the ``targets`` that others may lead to."""

    path: Path
    name: str
    facts: str
    targets: tuple[str, ...] = ()
    ruler: Ruler | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``name`` is its word in the database and for authors.

    ``slug`` and ``title`` name a document, finished or not; ``position`` is its place among its kind, which two live
    ones share only where they are not ``apart``; ``due`` is the day somebody should look at it again. ``offers`` are
    the kinds of targets that others may lead to (which hold its slug if it is ``slugged``), ``targets`` those of a
    value with their page addresses, ``leads`` where a value leads to, ``uses`` what it shows that nobody publishes,
    such as ``picture:/media/pictures/a.png``. ``broken`` says what keeps a value from readers, ``weakened`` what a new
    one takes away from their safety. ``freeze`` gives what lists and links show of a version, and its HTML;
    ``published`` is told of each new version and its value. ``tidied`` is what an author typed over an earlier document
    while readers know some targets, as it is saved. ``advice`` is what its author may look at again, and ``outline``
    its parts, each of which one of the kind ``sought_by`` should lead to. ``model`` and ``version`` are its proxies of
    a draft and of a version, ``preview`` the template and its context that show such a version to its author, ``trial``
    those of what it leads to, by what an author sets with its ``controls``.
    """

    name: str
    value: type
    filing: Filing
    model: Any = None
    version: Any = None
    slug: Callable[[Document], str] = lambda document: document.get("slug") or ""
    title: Callable[[Document], str] = lambda document: document.get("title") or ""
    position: Callable[[Document], Any] = lambda document: document.get("position")
    due: Callable[[Any], date | None] = lambda value: None
    apart: bool = True
    slugged: bool = True
    sought_by: str = ""
    offers: tuple[str, ...] = ()
    targets: Callable[[Any], Mapping[str, str]] = lambda value: {}
    leads: Callable[[Any], Iterable[tuple[Path, str]]] = lambda value: shape.links(type(value), shape.document(value))
    uses: Callable[[Any], Iterable[tuple[Path, str]]] = lambda value: ()
    broken: Callable[[Any], Iterable[Problem]] = lambda value: ()
    weakened: Callable[[Any, Any], Iterable[Problem]] = lambda before, value: ()
    freeze: Callable[[Any, Find], tuple[Document, Document]] = lambda value, find: ({}, {})
    tidied: Callable[[Document, Document, Collection[str]], Document] = lambda before, now, known: now
    advice: Callable[[Any], Iterable[Problem]] = lambda value: ()
    outline: Callable[[Any], Iterable[Entry]] = lambda value: ()
    published: Callable[[Any, Any], None] = lambda version, value: None
    preview: tuple[str, Callable[[Any], dict[str, Any]]] = ("admin/publishing/plain.html", lambda it: {"version": it})
    controls: Callable[[Any], dict[str, Any]] = lambda value: {}
    trial: Callable[[Any, Mapping[str, str]], tuple[str, dict[str, Any]]] | None = None

    def judge(self, document: Document) -> tuple[Any, list[Problem]]:
        """The value of a document, with everything that keeps it from readers as far as it alone can tell."""
        value: Any
        value, problems = shape.read(self.value, document)
        return value, problems or list(self.broken(value))

    def value_of(self, document: Document) -> Any:
        return shape.value_of(self.value, document)

    def right(self, to: str) -> str:
        """The name of a right to its drafts, as accounts hold it: ``articles.change_lesson``."""
        return f"{self.model._meta.app_label}.{to}_{self.model._meta.model_name}"

    def spot(self, document: Document, path: Path) -> str:
        """The name of a part by its key, which stays when parts are moved: ``sections:three-parts``."""
        ((_, field),) = shape.along(self.value, path)[-1:]
        part = shape.at(document, path) or {}
        return f"{path[0]}:{part.get(field.keyed) or path[-1]}"[:200]


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called by each app once it is ready."""
    KINDS[kind.name] = kind
