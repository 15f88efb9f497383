"""Small quizzes to try the rules on. Everything has a default; a test names what it is about."""

from datetime import date
from typing import Any

from quizzes.source import (
    BandSource,
    DimensionBandSource,
    DimensionSource,
    ItemSource,
    LinkSource,
    OptionSource,
    QuizSource,
    SafetySource,
)

Bands = tuple[BandSource, BandSource, BandSource]


def link(to: str, *, why: str = "it helps") -> LinkSource:
    return LinkSource(to=to, why=why)


def links(*addresses: str) -> tuple[LinkSource, ...]:
    return tuple(link(address) for address in addresses)


def bands(*, starts: tuple[int, int, int] = (0, 40, 70)) -> Bands:
    words = ("Low", "Middle", "High")
    low, middle, high = (
        BandSource(label=word, start=start, text=f"{word} text.") for word, start in zip(words, starts, strict=True)
    )
    return (low, middle, high)


def dimension(
    key: str = "one",
    *,
    low: tuple[str, ...] | None = None,
    middle: tuple[str, ...] | None = None,
    high: tuple[str, ...] | None = None,
    starts: tuple[int | None, int | None, int | None] = (None, None, None),
    flag_up_to: int | None = None,
) -> DimensionSource:
    """A dimension that leads to ``<key>#low``, ``<key>#middle`` or ``<key>#high`` unless told otherwise."""
    given = [
        (f"{key}#{name}",) if to is None else to
        for name, to in zip(("low", "middle", "high"), (low, middle, high), strict=True)
    ]
    first, second, third = (
        DimensionBandSource(links=links(*to), start=start) for to, start in zip(given, starts, strict=True)
    )
    return DimensionSource(
        key=key, name=key.title(), about=f"About {key}.", bands=(first, second, third), flag_up_to=flag_up_to
    )


def item(key: str, dimension: str = "one", **fields: Any) -> ItemSource:
    return ItemSource(key=key, text=f"Statement {key}.", dimension=dimension, **fields)


def items(count: int, dimension: str = "one", *, prefix: str = "", **fields: Any) -> tuple[ItemSource, ...]:
    return tuple(item(f"{prefix}{number}", dimension, **fields) for number in range(1, count + 1))


def keyed_items(count: int, dimension: str = "one", *, answer: str = "b") -> tuple[ItemSource, ...]:
    options = tuple(OptionSource(key=key, text=f"Option {key}") for key in "abc")
    return items(count, dimension, answer=answer, explanation="Because.", options=options)


def safety(
    *, leading: tuple[str, ...] = ("safe#first", "safe#second"), fallback: str = "safe#fallback"
) -> SafetySource:
    return SafetySource(
        text="It is not your fault.",
        links=links(*leading),
        fallback=link(fallback),
        skipped="Skipped.",
        help_topics=("abuse",),
    )


STANDARD = bands()


def quiz(
    *,
    items: tuple[ItemSource, ...] = items(4),
    dimensions: tuple[DimensionSource, ...] = (dimension(),),
    format: str = "agreement",
    bands: Bands = STANDARD,
    higher_is_worse: bool = False,
    **fields: Any,
) -> QuizSource:
    return QuizSource(
        slug="small-quiz",
        number=99,
        title="A small quiz",
        summary="For tests.",
        purpose="To test.",
        audience="Tests.",
        intro=("Take your time.",),
        format=format,
        minutes=1,
        reviewed=date(2026, 11, 1),
        higher_is_worse=higher_is_worse,
        bands=bands,
        dimensions=dimensions,
        items=items,
        **fields,
    )


def answers(*values: str, prefix: str = "") -> dict[str, str]:
    """Answers to the items 1, 2, ... in order."""
    return {f"{prefix}{number}": value for number, value in enumerate(values, 1)}
