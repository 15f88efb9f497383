"""The kinds of fields that a value is made of: what each may hold, and how an author reads it. Pure.

``cast`` turns what a file, a form or a document holds into the field's type, or raises ``Unfit``. ``faults`` says what
is wrong with it; the sentence goes on from the field's label. Nothing here knows a value class.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, ClassVar

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ADDRESS = re.compile(rf"(?P<lesson>{SLUG.pattern})#(?P<anchor>{SLUG.pattern})")
# Control characters, halves of pairs and what is no character: nobody can see them, and not every database holds them.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# Choices are fixed, or follow from the document at hand and the part of it that holds the field, which both may be
# unfinished: such a function reads them with care.
Choices = Mapping[str, str] | Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, str]]


class Unfit(Exception):
    """What is given cannot be a value of this field; says why."""


@dataclass(frozen=True)
class Says:
    """What every field says. ``key`` is its name in a file, where that is another; ``placed`` fields are not in the
    file's mapping, since its place or its body tells them. ``leads`` is the kind of thing the field leads to; a folded
    row of an editing page still tells what ``folded`` fields hold."""

    label: str
    _: KW_ONLY
    help: str = ""
    key: str = ""
    placed: bool = False
    leads: str = ""
    folded: bool = False
    choices: Choices | None = None

    blank: ClassVar[Any] = ""

    def offered(self, root: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, str]:
        """What can be chosen, value to label."""
        return self.choices(root, own) if callable(self.choices) else self.choices or {}

    def beyond(self, value: Any, root: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
        """Whether something was chosen that is not offered."""
        offered = self.offered(root, own)
        if self.choices is None or str(value) in offered:
            return []
        return [f"is “{value}”; {'choose from: ' + ', '.join(offered) if offered else 'there is nothing to choose'}"]

    def cast(self, given: Any, of: type) -> Any:
        return given

    def faults(self, value: Any) -> list[str]:
        return []


@dataclass(frozen=True)
class Line(Says):
    """A text of one line."""

    several: ClassVar[bool] = False

    longest: int = 200
    pattern: re.Pattern[str] | None = None
    unless: str = ""  # what to do if it does not have this pattern

    def cast(self, given: Any, of: type) -> str:
        if not isinstance(given, str):
            raise Unfit("must be text")
        return self.trimmed(given)

    def trimmed(self, text: str) -> str:
        return text.strip()

    def faults(self, value: str) -> list[str]:
        unseen = UNSEEN.search(value)
        found = [f"holds a character that cannot be seen (U+{ord(unseen[0]):04X}); remove it"] if unseen else []
        if "\n" in value and not self.several:
            found.append("must be one line")
        if len(value) > self.longest:
            found.append(f"has {len(value)} characters; {self.longest} is the most")
        if self.pattern and not found and not self.pattern.fullmatch(value):
            found.append(f"is “{value}”; {self.unless}")
        return found


@dataclass(frozen=True)
class Paragraph(Line):
    """A text that may have several lines."""

    several: ClassVar[bool] = True

    longest: int = 2000


@dataclass(frozen=True)
class Markdown(Paragraph):
    """A text that is rendered. How long and how deep it may be is the renderer's to say."""

    longest: int = 200_000

    def trimmed(self, text: str) -> str:
        """Without blank lines around it. The first line keeps its indentation, which has a meaning."""
        white = text[: len(text) - len(text.lstrip())]
        return text[white.rfind("\n") + 1 :].rstrip()


@dataclass(frozen=True)
class Key(Line):
    """A word for addresses and for telling parts apart."""

    longest: int = 50
    pattern: re.Pattern[str] | None = SLUG
    unless: str = "use lower-case letters, digits and hyphens"


@dataclass(frozen=True)
class Section(Line):
    """The address of a lesson's section."""

    longest: int = 131
    pattern: re.Pattern[str] | None = ADDRESS
    unless: str = "choose a section; its address is lesson#anchor"
    leads: str = field(default="section", kw_only=True)


@dataclass(frozen=True)
class One(Says):
    """One of several."""

    def cast(self, given: Any, of: type) -> str:
        return str(given).strip()


@dataclass(frozen=True)
class Whole(Says):
    least: int = 0
    most: int = 9999

    blank: ClassVar[Any] = 0

    def cast(self, given: Any, of: type) -> int:
        if isinstance(given, bool) or not re.fullmatch(r"-?[0-9]{1,6}", str(given).strip()):
            raise Unfit(f"must be a whole number, not “{given}”")
        return int(given)

    def faults(self, value: int) -> list[str]:
        return [] if self.least <= value <= self.most else [f"is {value}; it must lie from {self.least} to {self.most}"]


@dataclass(frozen=True)
class Day(Says):
    blank: ClassVar[Any] = date.min

    def cast(self, given: Any, of: type) -> date:
        if day := day_of(given):
            return day
        raise Unfit(f"must be a date such as 2026-11-30, not “{given}”")


@dataclass(frozen=True)
class Mark(Says):
    """Set or not. With ``words`` (for not set, for set) it must be said, and a file says it in these words."""

    words: tuple[str, ...] = ()

    blank: ClassVar[Any] = False

    def cast(self, given: Any, of: type) -> bool:
        if isinstance(given, bool):
            return given
        words = self.words or ("false", "true")
        if given not in words:
            raise Unfit(f"is “{given}”; choose from: {', '.join(reversed(words))}")
        return bool(words.index(given))


@dataclass(frozen=True)
class Each(Says):
    """Several entries, each a text or a number."""

    most: int = 30

    entry: Line = Line("")

    def cast(self, given: Any, of: type) -> Any:
        return Whole("").cast(given, of) if of is int else self.entry.cast(given, of)

    def faults(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return []
        return self.entry.faults(value) if value else ["has an empty entry"]


@dataclass(frozen=True)
class Some(Each):
    """Several of those that are offered; a file says them on one line. ``ordered``: their order has a meaning."""

    ordered: bool = False


@dataclass(frozen=True)
class Lines(Each):
    """Several texts of one line each."""


def entries(held: Any) -> list[str]:
    """The entries of a list in a document, or the one thing that is held, as text."""
    return [str(each) for each in (held if isinstance(held, list) else [held]) if each not in (None, "")]


def day_of(given: Any) -> date | None:
    """None for what is no date. 20261130 and 2026-W48-1 are dates to Python alone."""
    try:
        day = date.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return day if day.isoformat() == given else None
