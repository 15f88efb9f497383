"""Small quizzes to try the rules on. Everything has a default; a test names what it is about."""

from datetime import date
from typing import Any

from quizzes.source import (
    BandSource,
    DangerSource,
    DimensionBandSource,
    DimensionSource,
    ItemSource,
    LinkSource,
    OptionSource,
    QuizSource,
    SafetySource,
)

Bands = tuple[BandSource, BandSource, BandSource]
BANDS = ("low", "middle", "high")


def link(to: str, *contexts: str, why: str = "it helps") -> LinkSource:
    return LinkSource(to=to, why=why, contexts=contexts)


def links(*addresses: str | LinkSource) -> tuple[LinkSource, ...]:
    return tuple(link(each) if isinstance(each, str) else each for each in addresses)


def bands(*, starts: tuple[int, int, int] = (0, 40, 70)) -> Bands:
    words = ("Low", "Middle", "High")
    low, middle, high = (
        BandSource(label=word, start=start, text=f"{word} text.") for word, start in zip(words, starts, strict=True)
    )
    return (low, middle, high)


DANGER = DangerSource(label="It should not be so", text="It counts.")


def dimension(
    key: str = "one",
    *,
    low: tuple[str | LinkSource, ...] | None = None,
    middle: tuple[str | LinkSource, ...] | None = None,
    high: tuple[str | LinkSource, ...] | None = None,
    starts: tuple[int | None, int | None, int | None] = (None, None, None),
    **fields: Any,
) -> DimensionSource:
    """A dimension that leads to ``<key>#low``, ``<key>#middle`` or ``<key>#high`` unless told otherwise, with an act
    for each band and words for danger."""
    given = {
        name: (f"{key}#{name}",) if to is None else to for name, to in zip(BANDS, (low, middle, high), strict=True)
    }
    first, second, third = (
        DimensionBandSource(links=links(*to), start=start, act=f"{key}, {name}: think.")
        for (name, to), start in zip(given.items(), starts, strict=True)
    )
    own = {"danger": DANGER, **fields}
    return DimensionSource(key=key, name=key.title(), about=f"About {key}.", bands=(first, second, third), **own)


def item(key: str, dimension: str = "one", **fields: Any) -> ItemSource:
    return ItemSource(key=key, text=f"Statement {key}.", dimension=dimension, **fields)


def items(count: int, dimension: str = "one", *, prefix: str = "", **fields: Any) -> tuple[ItemSource, ...]:
    return tuple(item(f"{prefix}{number}", dimension, **fields) for number in range(1, count + 1))


def keyed_items(count: int, dimension: str = "one", *, answer: str = "b") -> tuple[ItemSource, ...]:
    options = tuple(OptionSource(key=key, text=f"Option {key}", feedback=f"About {key}.") for key in "abc")
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
        act="Think of one person.",
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
