"""Editing forms as a browser sees and posts them: their controls in the order of the page."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.template.loader import render_to_string

from publishing.boxes import Page
from publishing.shape import Document, Problem, document

Attrs = list[tuple[str, str | None]]


class Controls(HTMLParser):
    """``sent`` are names with values, ``buttons`` the values of the buttons called ``do``, ``ids`` all ids."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self.ids: list[str] = []
        self.typed: tuple[str, list[str]] | None = None
        self.select, self.chosen = "", [""]

    def handle_starttag(self, tag: str, attrs: Attrs) -> None:
        has = {name: value or "" for name, value in attrs}
        self.ids += [value for name, value in has.items() if name == "id"]
        match tag:
            case "button" if has.get("name") == "do":
                self.buttons.append(has["value"])
            case "input" if has.get("type") != "checkbox":
                self.sent.append((has["name"], has.get("value", "")))
            case "input" if "checked" in has:
                self.sent.append((has["name"], has.get("value", "on")))
            case "textarea":
                self.typed = has["name"], []
            case "select":
                self.select, self.chosen = has["name"], []
            case "option" if self.select and ("selected" in has or not self.chosen):
                self.chosen = [has["value"]]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.sent.append((self.select, self.chosen[0]))
            self.select = ""
        elif tag == "textarea" and self.typed:
            name, texts = self.typed
            text = "".join(texts).replace("\r\n", "\n").removeprefix("\n")
            self.sent.append((name, text.replace("\n", "\r\n")))
            self.typed = None

    def handle_data(self, data: str) -> None:
        if self.typed:
            self.typed[1].append(data)


def controls(html: str) -> Controls:
    found = Controls()
    found.feed(html)
    found.close()
    return found


def unchanged(html: str) -> QueryDict:
    """The form as it is posted when nobody touched it."""
    return QueryDict(urlencode(controls(html).sent), mutable=True)


def html_of(
    cls: type, doc: Document, problems: list[Problem] | None = None, locked: frozenset[str] = frozenset()
) -> str:
    boxes = Page(cls, doc, problems or [], locked).boxes
    return render_to_string("admin/shape/boxes.html", {"boxes": boxes}) + render_to_string("admin/shape/end.html")


def form_of(value: Any) -> QueryDict:
    """The form of a value as it is posted when nobody touched it."""
    return unchanged(html_of(type(value), document(value)))
