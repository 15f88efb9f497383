"""What each quiz must answer, computed from ``tables.md`` alone. Shares nothing with the site's own code.

The tables hold items, keys, bands and links as their authors wrote them. The rules that stand in prose in the
content brief (section 4) are constants here, each with the sentence it comes from.
"""

import math
import random
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

TABLES = Path(__file__).with_name("tables.md")
SKIP = "skip"
BANDS = ("low", "middle", "high")
STANDARD = (0, 40, 70)  # "Standard bands: low 0-39, middle 40-69, high 70-100, unless a quiz says otherwise."
LEAD = 5
HIGHER_IS_WORSE = ("is-this-person-safe-to-trust", "where-mistrust-came-from")
FREQUENCY = ("is-this-person-safe-to-trust",)  # answers 0-4; the other rating quizzes 1-5

# "Gate (before items) ... Yes or Not sure -> S-flag, no score."
GATED = ("ready-to-rebuild",)
GATE_STOPS = ("yes", "unsure")
CONTEXTS = {
    "trust-in-this-relationship": ("partner", "friend", "relative", "colleague"),
    "ready-to-rebuild": ("hurt", "broke"),
}
FORMS = {"hurt": "a", "broke": "b"}

# "When triggered: show the safety panel first, link ..."
SAFETY = ("manipulation-and-control#signs-of-emotional-abuse", "manipulation-and-control#deciding-safely")
FALLBACK = "what-trust-is#safety-comes-first"
REBUILDING = (
    "should-we-rebuild",
    "making-amends",
    "healing-and-forgiveness",
    "repair-as-a-couple",
    "repair-family-friends-work",
)
# "... and hide every /rebuilding/ link except ..."
KEPT = (
    "should-we-rebuild#safety-check-first",
    "healing-and-forgiveness#grieve-and-find-supports",
    "healing-and-forgiveness#from-harmed-to-having-choices",
)
# "Hide also ..."
HIDDEN_TOO = (
    "trust-in-couples#talk-before-you-conclude",
    "trust-in-couples#solving-differences-fairly",
    "the-first-days#what-to-say-and-what-can-wait",
)

# "When the chosen bond is not a partner, replace links to `trust-in-couples` or `repair-as-a-couple` with ..."
SWAPPED_LESSONS = ("trust-in-couples", "repair-as-a-couple")
SWAPS = {
    "friend": "repair-family-friends-work#friends-and-colleagues",
    "colleague": "repair-family-friends-work#friends-and-colleagues",
    "relative": "repair-family-friends-work#when-a-parent-broke-your-trust",
}

# "If all five are low but you still feel wary, link `where-mistrust-comes-from#temperament-and-habit`."
ALL_LOW = ("where-mistrust-came-from", "where-mistrust-comes-from#temperament-and-habit")


@dataclass(frozen=True)
class Item:
    key: str
    dimension: str
    reverse: bool = False
    flag_at: frozenset[str] = frozenset()
    best: str = ""


@dataclass(frozen=True)
class Dimension:
    """``starts``: the lowest score of each band. ``links``: the sections of each band."""

    key: str
    name: str
    starts: tuple[int, int, int]
    links: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Note:
    """Shown when each dimension named lies in its range. ``phrase`` begins its text, ``to`` is where it leads."""

    ranges: tuple[tuple[str, int, int], ...]
    phrase: str
    to: str = ""


@dataclass(frozen=True)
class Quiz:
    slug: str
    keyed: bool
    items: tuple[Item, ...]
    dimensions: tuple[Dimension, ...]
    flag_up_to: dict[str, int]
    notes: tuple[Note, ...]

    @property
    def contexts(self) -> tuple[str, ...]:
        return CONTEXTS.get(self.slug, ("",))

    @property
    def answers(self) -> tuple[str, ...]:
        if not self.keyed:
            return ("0", "1", "2", "3", "4") if self.slug in FREQUENCY else ("1", "2", "3", "4", "5")
        return ("true", "false") if self.slug == "trust-facts" else ("a", "b", "c")

    def asked(self, context: str) -> list[Item]:
        form = FORMS.get(context, "")
        return [item for item in self.items if item.key.startswith(form)]


@dataclass(frozen=True)
class Outcome:
    """``dimensions``: key, score and band (both empty without a score) and links, in the order of need."""

    flagged: bool
    stopped: bool
    dimensions: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    leading: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    skipped_safety: bool


def quizzes() -> dict[str, Quiz]:
    chapters = re.split(r"^### Q\d+ ", TABLES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    slugs = {number: re.match(r"`([a-z-]+)`", chapter)[1] for number, chapter in enumerate(chapters, 1)}  # type: ignore[index]
    return {slug: _quiz(slug, chapters[number - 1], slugs) for number, slug in slugs.items()}


def outcome(quiz: Quiz, responses: dict[str, str], context: str = "", gate: str = "") -> Outcome:
    if quiz.slug in GATED and gate in GATE_STOPS:
        return Outcome(True, True, (), SAFETY, (), False)
    items = quiz.asked(context)
    scores = {
        dimension.key: score(quiz, [item for item in items if item.dimension == dimension.key], responses)
        for dimension in quiz.dimensions
        if any(item.dimension == dimension.key for item in items)
    }
    flagged = any(responses[item.key] in item.flag_at for item in items) or any(
        value is not None and value <= quiz.flag_up_to.get(key, -1) for key, value in scores.items()
    )
    dimensions = []
    for dimension in by_need(quiz, scores):
        value = scores[dimension.key]
        band = None if value is None else max(n for n in range(3) if dimension.starts[n] <= value)
        links = _shown(dimension.links[1 if band is None else band], context, flagged)
        dimensions.append(
            (dimension.key, "" if value is None else str(value), "" if band is None else BANDS[band], links)
        )
    return Outcome(
        flagged=flagged,
        stopped=False,
        dimensions=tuple(dimensions),
        leading=_leading([links for *_, links in dimensions], flagged),
        notes=tuple((note.phrase, note.to) for note in quiz.notes if _holds(note, scores)),
        skipped_safety=any(item.flag_at and responses[item.key] == SKIP for item in items),
    )


def score(quiz: Quiz, items: list[Item], responses: dict[str, str]) -> int | None:
    """Percent of the possible, rounded half up; None under two thirds of the answers."""
    answered = [item for item in items if responses[item.key] != SKIP]
    if Fraction(len(answered), len(items)) < Fraction(2, 3):
        return None
    if quiz.keyed:
        share = Fraction(sum(responses[item.key] == item.best for item in answered), len(answered))
    else:
        lowest = int(quiz.answers[0])
        values = [int(responses[item.key]) - lowest for item in answered]
        mean = Fraction(
            sum(4 - v if item.reverse else v for v, item in zip(values, answered, strict=True)), len(values)
        )
        share = mean / 4
    return math.floor(share * 100 + Fraction(1, 2))


def by_need(quiz: Quiz, scores: dict[str, int | None]) -> list[Dimension]:
    """Greatest need first, ties as the author put them, dimensions without a score last."""
    asked = [dimension for dimension in quiz.dimensions if dimension.key in scores]
    needs = {
        key: (value if quiz.slug in HIGHER_IS_WORSE else 100 - value)
        for key, value in scores.items()
        if value is not None
    }
    return sorted(asked, key=lambda dimension: -needs.get(dimension.key, -1))


def is_repair_advice(address: str) -> bool:
    if address in HIDDEN_TOO:
        return True
    return address.partition("#")[0] in REBUILDING and address not in KEPT


def random_answers(quiz: Quiz, context: str, chance: random.Random) -> tuple[dict[str, str], str]:
    """Answers and the gate's answer. Each dimension leans to a level of its own, so that every band, ties, skips
    and results without a flag all turn up often."""
    skips = chance.choice((0.0, 0.0, 0.1, 0.35))
    calm = chance.random() < 0.4
    levels = {dimension.key: chance.randrange(5) for dimension in quiz.dimensions}
    given = {}
    for item in quiz.asked(context):
        given[item.key] = SKIP if chance.random() < skips else _answer(quiz, item, levels[item.dimension], calm, chance)
    return given, chance.choice(("no", "no", "no", "no", "yes", "unsure")) if quiz.slug in GATED else ""


def _answer(quiz: Quiz, item: Item, level: int, calm: bool, chance: random.Random) -> str:
    if quiz.keyed:
        wrong = [answer for answer in quiz.answers if answer != item.best]
        return item.best if chance.randrange(5) <= level else chance.choice(wrong)
    leaning = min(4, max(0, level + chance.choice((-1, 0, 0, 0, 1))))
    answer = quiz.answers[4 - leaning if item.reverse else leaning]
    if calm and answer in item.flag_at:
        return next(each for each in quiz.answers if each not in item.flag_at)
    return answer


def _shown(links: tuple[str, ...], context: str, flagged: bool) -> tuple[str, ...]:
    swapped = [
        SWAPS[context] if context in SWAPS and link.partition("#")[0] in SWAPPED_LESSONS else link for link in links
    ]
    kept = [link for link in dict.fromkeys(swapped) if not (flagged and is_repair_advice(link))]
    return tuple(kept) or (FALLBACK,)


def _leading(columns: list[tuple[str, ...]], flagged: bool) -> tuple[str, ...]:
    in_turn = list(SAFETY) if flagged else []
    for turn in range(max(map(len, columns), default=0)):
        in_turn += [column[turn] for column in columns if turn < len(column)]
    return tuple(dict.fromkeys(in_turn))[:LEAD]


def _holds(note: Note, scores: dict[str, int | None]) -> bool:
    return all(scores.get(key) is not None and low <= scores[key] <= high for key, low, high in note.ranges)  # type: ignore[operator]


def _quiz(slug: str, chapter: str, slugs: dict[int, str]) -> Quiz:
    dimensions = _dimensions(chapter)
    flags, flag_up_to = _flags(chapter)
    items = []
    keyed = False
    for row in _rows(chapter, "Item"):
        keyed = "Key" in row
        key, dimension = row["Item"].lower(), row["Dim"].lower()
        items.append(
            Item(
                key=key,
                dimension=dimension,
                reverse=row.get("Rev") == "R",
                flag_at=flags.get(key, frozenset()) | flags.get(dimension, frozenset()),
                best=row.get("Key", "").lower(),
            )
        )
    marked = {row["Item"].lower() for row in _rows(chapter, "Item") if "⚑" in "".join(row.values())}
    assert marked <= {item.key for item in items if item.flag_at}
    return Quiz(slug, keyed, tuple(items), dimensions, flag_up_to, _notes(slug, chapter, dimensions, slugs))


def _rows(chapter: str, first: str) -> list[dict[str, str]]:
    """The rows of the table whose first heading is ``first``, by heading."""
    lines = chapter.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    table = [line for line in lines[start:] if line.startswith("|")]
    heads = _cells(table[0])
    rows = []
    for line in table[2:]:
        if lines.index(line) - start != len(rows) + 2:
            break
        rows.append(dict(zip(heads, _cells(line), strict=True)))
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _dimensions(chapter: str) -> tuple[Dimension, ...]:
    own = _own_bands(chapter)
    dimensions = []
    for row in _rows(chapter, "Dimension"):
        title, *bands = row.items()
        key, name = title[1].split(" — ")
        heads = [re.search(r"(\d+)–\d+", head) for head, _ in bands]
        general = tuple(int(found[1]) for found in heads if found) or STANDARD
        dimensions.append(
            Dimension(
                key=key.lower(),
                name=name,
                starts=own.get(key.lower(), general),  # type: ignore[arg-type]
                links=tuple(tuple(re.findall(r"`([a-z-]+#[a-z-]+)`", cell)) for _, cell in bands),
            )
        )
    return tuple(dimensions)


def _own_bands(chapter: str) -> dict[str, tuple[int, ...]]:
    """Dimensions with bands of their own, such as "Control: none reported 0, some 1-24, many 25-100"."""
    own = {}
    span = r"[a-z ]+ (\d+)(?:–(\d+))?"
    for found in re.finditer(rf"([A-Za-z, ]+?)(?: bands)?:(?:\*\*)? {span}, {span}, {span}", chapter):
        names, *ends = found.groups()
        starts = tuple(int(ends[n]) for n in (0, 2, 4))
        assert [int(ends[n + 1] or ends[n]) + 1 for n in (0, 2, 4)] == [*starts[1:], 101], found[0]
        own.update({name.strip().lower(): starts for name in names.split(",")})
    return own


def _flags(chapter: str) -> tuple[dict[str, frozenset[str]], dict[str, int]]:
    """The answers that flag, by item key or dimension key, and the highest score that flags, by dimension."""
    found = re.search(r"\*\*S-flag:\*\* (.*?)\.(?: |$)", chapter)
    rule = found[1] if found else ""
    flags: dict[str, frozenset[str]] = {}
    for keys, low, high in re.findall(r"item ([\d, or]+?) answered (\d)–(\d)", rule):
        answers = frozenset(map(str, range(int(low), int(high) + 1)))
        flags.update(dict.fromkeys(re.findall(r"\d+", keys), answers))
    for dimension in re.findall(r"any (\w+) answer above Never", rule):
        flags[dimension] = frozenset("1234")
    return flags, {key: int(last) for key, last in re.findall(r"(\w+) score 0–(\d+)", rule)}


def _notes(slug: str, chapter: str, dimensions: tuple[Dimension, ...], slugs: dict[int, str]) -> tuple[Note, ...]:
    notes = []
    for one, is_one, at_one, two, is_two, at_two, phrase in re.findall(
        r'(\w+) (≥|<)(\d+) with (\w+) (≥|<)(\d+) → "(.*?)" note', chapter
    ):
        notes.append(Note((_range(one, is_one, int(at_one)), _range(two, is_two, int(at_two))), phrase))
    for key, sign, edge, phrase, to in re.findall(
        r'Pattern note: ([\w-]+) (≥|<)(\d+) → "(.*?)" note with `([a-z-]+#[a-z-]+)`', chapter
    ):
        notes.append(Note((_range(key.lower(), sign, int(edge)),), phrase, to))
    for key, low, high, phrase, other in re.findall(
        r'when `(\w+)` is (\d+)–(\d+) show "(.*?)" and a link to Q(\d)', chapter
    ):
        notes.append(Note(((key, int(low), int(high)),), phrase, slugs[int(other)]))
    if slug == ALL_LOW[0]:
        ranges = tuple((dimension.key, 0, dimension.starts[1] - 1) for dimension in dimensions)
        notes.append(Note(ranges, "All five", ALL_LOW[1]))
    return tuple(notes)


def _range(key: str, sign: str, edge: int) -> tuple[str, int, int]:
    return (key, edge, 100) if sign == "≥" else (key, 0, edge - 1)
