"""What each quiz must answer, computed from ``tables.md`` alone. Shares nothing with the site's own code.

The tables hold items, keys, flags, bands and links as their authors wrote them. The rules that stand in prose in
the content brief (section 4, second edition) are constants here, each with the sentence it comes from. Texts are
not compared, so they are not here.
"""

import math
import random
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

TABLES = Path(__file__).with_name("tables.md")
SKIP = "skip"
BANDS = ("low", "middle", "high")
LOW, MIDDLE, HIGH = range(3)
STANDARD = (0, 40, 70)  # "Standard bands: low 0-39, middle 40-69, high 70-100, unless a quiz says otherwise."
LEAD = 5
HIGHER_IS_WORSE = ("is-this-person-safe-to-trust", "where-mistrust-came-from")
FREQUENCY = ("is-this-person-safe-to-trust",)  # answers 0-4; the other rating quizzes 1-5

# "score a dimension only if at least two thirds of its items are answered (3 of 4, 2 of 3, 5 of 7)"
ENOUGH = Fraction(2, 3)

# "Gate (before items) ... Yes or Not sure -> S-flag, no score."
GATED = ("ready-to-rebuild",)
GATE_STOPS = ("yes", "unsure")
# "adults; partner, friend, relative or colleague (chosen at start ...)"; "Who are you in this, and with whom?"
CONTEXTS = {
    "trust-in-this-relationship": ("partner", "friend", "relative", "colleague"),
    "ready-to-rebuild": ("hurt", "hurt-other", "broke", "broke-other"),
}
# "`hurt` and `hurt-other` ask form A, `broke` and `broke-other` form B."
FORMS = {"hurt": "a", "hurt-other": "a", "broke": "b", "broke-other": "b"}

# "A safety dimension leads. Q2 `safety` and Q3 `control` stand first unless they are in their best band (Q2 high,
# Q3 low) and did not raise the flag; without a score they lead too, with their middle links"
LEADS = {"trust-in-this-relationship": "safety", "is-this-person-safe-to-trust": "control"}

# "Who raised the flag: Q2 `safety`; Q3 `control` by items 13-19, `honesty` by 4, `respect` by 9 or 10. Each of these
# ... stands first (Q3 in the order control, honesty, respect) and takes the links of its worst band (Q2 low, Q3 many)."
RAISERS = {
    "trust-in-this-relationship": ("safety",),
    "is-this-person-safe-to-trust": ("control", "honesty", "respect"),
}

# "Q2 safety in its middle band (50-84) without a flag hides the *not in danger* sections too"
MIDDLE_HIDES = {"trust-in-this-relationship": "safety"}

# "When triggered: show the safety panel first ..., then ..." and "Reading list: the two sections named above, then
# links in turn as always, no section twice, five at most."
SAFETY = ("manipulation-and-control#signs-of-emotional-abuse", "manipulation-and-control#deciding-safely")
# "A gate that stops shows no dimension, no plan, no figure. Form A: help, the two sections, the text of 5.2. Form B:
# as Q5 says", which is "no victim's page in list or plan".
STOPPED = {"a": SAFETY, "b": ()}

# "If hiding leaves a dimension with no link, show `what-trust-is#safety-comes-first`"
FALLBACK = "what-trust-is#safety-comes-first"
# "Not in danger is every section that ...: every `/rebuilding/` section except ..."
REBUILDING = (
    "should-we-rebuild",
    "making-amends",
    "healing-and-forgiveness",
    "repair-as-a-couple",
    "repair-family-friends-work",
)
KEPT = (
    "should-we-rebuild#safety-check-first",
    "healing-and-forgiveness#grieve-and-find-supports",
    "healing-and-forgiveness#from-harmed-to-having-choices",
)
# "... and ..."
HIDDEN_TOO = (
    "trust-in-couples#talk-before-you-conclude",
    "trust-in-couples#solving-differences-fairly",
    "trust-in-couples#what-couples-need",
    "reading-trustworthiness#wise-trust-is-not-suspicion",
    "jealousy-and-insecurity#gossip-and-evidence",
    "jealousy-and-insecurity#jealousy-is-a-signal",
    "living-without-trust#doubts-are-not-a-verdict",
    "how-trust-grows#keeping-your-word",
    "how-trust-grows#small-risks-in-turn",
    "how-trust-grows#listening-that-lands",
    "what-trust-is#it-takes-time-and-it-moves",
    "friends-and-work#friendship-takes-hours",
    "friends-and-work#owning-mistakes-and-listening",
    "patterns-to-take-seriously#patterns-not-labels",
    "how-trust-breaks#hope-or-promise",
    "the-first-days#what-to-say-and-what-can-wait",
)


@dataclass(frozen=True)
class Link:
    """``contexts``: the choices it is limited to. "A link without a mark is for every context"."""

    to: str
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    key: str
    dimension: str
    reverse: bool = False
    flag_at: frozenset[str] = frozenset()
    best: str = ""


@dataclass(frozen=True)
class Dimension:
    """``starts``: the lowest score of each band. ``links``: what each band leads to."""

    key: str
    name: str
    starts: tuple[int, int, int]
    links: tuple[tuple[Link, ...], ...]


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
    """``dimensions``: key, score and band (both empty without a score) and links, in the order they stand, which is
    the order of reading. ``raised``: the dimensions that raised the flag; they show their flag words instead of
    their band's. ``hides``: the page leads to no section that is not for somebody in danger."""

    flagged: bool
    stopped: bool
    dimensions: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    leading: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    skipped_safety: bool
    raised: tuple[str, ...] = ()
    hides: bool = field(default=False, compare=False)

    @property
    def offered(self) -> bool:
        """Whether the page offers Keep, Compare and the plan, and has figures, chart and table.

        "A flagged result has words and no figures: no chart, no table, ... no Keep, no Compare"; the plan "is never
        offered from a flagged result".
        """
        return not self.flagged


def quizzes() -> dict[str, Quiz]:
    chapters = re.split(r"^### Q\d+ ", TABLES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    slugs = {number: re.match(r"`([a-z-]+)`", chapter)[1] for number, chapter in enumerate(chapters, 1)}  # type: ignore[index]
    return {slug: _quiz(slug, chapters[number - 1], slugs) for number, slug in slugs.items()}


def outcome(quiz: Quiz, responses: dict[str, str], context: str = "", gate: str = "") -> Outcome:
    if quiz.slug in GATED and gate in GATE_STOPS:
        return Outcome(True, True, (), STOPPED[FORMS[context]], (), False, hides=True)
    items = quiz.asked(context)
    scores = {
        dimension.key: score(quiz, [item for item in items if item.dimension == dimension.key], responses)
        for dimension in quiz.dimensions
        if any(item.dimension == dimension.key for item in items)
    }
    raised = raisers(quiz, items, responses, scores)
    ordered = in_order(quiz, scores, raised)
    bands = {dimension.key: _band(dimension, scores[dimension.key]) for dimension in ordered}
    hides = bool(raised) or bands.get(MIDDLE_HIDES.get(quiz.slug, "")) == MIDDLE
    dimensions = []
    for dimension in ordered:
        value, band = scores[dimension.key], bands[dimension.key]
        shown = _worst(quiz) if dimension.key in raised else MIDDLE if band is None else band
        dimensions.append(
            (
                dimension.key,
                "" if value is None else str(value),
                "" if band is None else BANDS[band],
                _shown(dimension.links[shown], context, hides),
            )
        )
    return Outcome(
        flagged=bool(raised),
        stopped=False,
        dimensions=tuple(dimensions),
        leading=_leading([links for *_, links in dimensions], bool(raised)),
        notes=tuple((note.phrase, note.to) for note in quiz.notes if _holds(note, scores)),
        skipped_safety=any(item.flag_at and responses[item.key] == SKIP for item in items),
        raised=raised,
        hides=hides,
    )


def score(quiz: Quiz, items: list[Item], responses: dict[str, str]) -> int | None:
    """Percent of the possible, rounded half up; None under two thirds of the answers."""
    answered = [item for item in items if responses[item.key] != SKIP]
    if Fraction(len(answered), len(items)) < ENOUGH:
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


def raisers(quiz: Quiz, items: list[Item], responses: dict[str, str], scores: dict[str, int | None]) -> tuple[str, ...]:
    """The dimensions of flagging answers and those whose score flags, as they stand. A skipped item flags nothing."""
    found = {item.dimension for item in items if responses[item.key] in item.flag_at}
    found |= {key for key, value in scores.items() if value is not None and value <= quiz.flag_up_to.get(key, -1)}
    assert found <= set(RAISERS.get(quiz.slug, ()))
    return tuple(key for key in RAISERS.get(quiz.slug, ()) if key in found)


def in_order(quiz: Quiz, scores: dict[str, int | None], raised: tuple[str, ...]) -> list[Dimension]:
    """What raised the flag, then the safety dimension unless in its best band, then greatest need first, ties as the
    author put them. "Other dimensions without a score stand last".

    Two can claim the first place: what raised the flag, and control where too many of its answers were skipped.
    Then the one that raised the flag has it.
    """
    asked = [dimension for dimension in quiz.dimensions if dimension.key in scores]
    needs = {
        key: (value if quiz.slug in HIGHER_IS_WORSE else 100 - value)
        for key, value in scores.items()
        if value is not None
    }

    def place(dimension: Dimension) -> tuple[int, int]:
        if dimension.key in raised:
            return 0, raised.index(dimension.key)
        best = LOW if quiz.slug in HIGHER_IS_WORSE else HIGH
        if dimension.key == LEADS.get(quiz.slug) and _band(dimension, scores[dimension.key]) != best:
            return 1, 0
        return 2, -needs.get(dimension.key, -1)

    return sorted(asked, key=place)


def _worst(quiz: Quiz) -> int:
    return HIGH if quiz.slug in HIGHER_IS_WORSE else LOW


def _band(dimension: Dimension, value: int | None) -> int | None:
    """Which of the three: "Ties at an edge fall in the band that contains the number"."""
    return None if value is None else max(n for n in range(3) if dimension.starts[n] <= value)


def is_repair_advice(address: str) -> bool:
    """Whether the brief calls a section *not in danger*."""
    if address in HIDDEN_TOO:
        return True
    return address.partition("#")[0] in REBUILDING and address not in KEPT


def random_answers(quiz: Quiz, context: str, chance: random.Random) -> tuple[dict[str, str], str]:
    """Answers and the gate's answer. Each dimension leans to a level of its own, or all to the same one, so that
    every band, ties, skips and results without a flag all turn up often.

    ``calm`` answers flag nothing, though they may come close. Of the ``partly`` ones a single answer flags, as
    mildly as an answer can.
    """
    skips = chance.choice((0.0, 0.0, 0.1, 0.35))
    mood = chance.choice(("any", "any", "calm", "calm", "partly"))
    alike = chance.randrange(5) if chance.random() < 0.25 else None
    levels = {dimension.key: chance.randrange(5) if alike is None else alike for dimension in quiz.dimensions}
    given = {}
    asked = quiz.asked(context)
    for item in asked:
        answer = _answer(quiz, item, levels[item.dimension], chance)
        if mood != "any" and answer in item.flag_at:
            answer = chance.choice([each for each in quiz.answers if each not in item.flag_at])
        given[item.key] = SKIP if chance.random() < skips else answer
    flagging = [item for item in asked if item.flag_at]
    if mood == "partly" and flagging:
        # One dimension after another, so that the many items of control do not crowd out the rest.
        dimension = chance.choice(sorted({item.dimension for item in flagging}))
        item = chance.choice([item for item in flagging if item.dimension == dimension])
        given[item.key] = _mildest(quiz, item)
    return given, chance.choice(("no", "no", "no", "no", "yes", "unsure")) if quiz.slug in GATED else ""


def _answer(quiz: Quiz, item: Item, level: int, chance: random.Random) -> str:
    if quiz.keyed:
        wrong = [answer for answer in quiz.answers if answer != item.best]
        return item.best if chance.randrange(5) <= level else chance.choice(wrong)
    leaning = min(4, max(0, level + chance.choice((-1, 0, 0, 0, 1))))
    return quiz.answers[4 - leaning if item.reverse else leaning]


def _mildest(quiz: Quiz, item: Item) -> str:
    """The flagging answer that stands next to one that does not flag: "partly afraid" is afraid."""
    places = {answer: place for place, answer in enumerate(quiz.answers)}
    safe = [places[answer] for answer in quiz.answers if answer not in item.flag_at]
    return min(sorted(item.flag_at), key=lambda answer: min(abs(places[answer] - place) for place in safe))


def _shown(links: tuple[Link, ...], context: str, hides: bool) -> tuple[str, ...]:
    """As its author wrote it: "a link is never sent elsewhere with its old reason"."""
    meant = [link.to for link in links if not link.contexts or context in link.contexts]
    return tuple(to for to in meant if not (hides and is_repair_advice(to))) or (FALLBACK,)


def _leading(columns: list[tuple[str, ...]], flagged: bool) -> tuple[str, ...]:
    in_turn = list(SAFETY) if flagged else []
    for turn in range(max(map(len, columns), default=0)):
        in_turn += [column[turn] for column in columns if turn < len(column)]
    return tuple(dict.fromkeys(in_turn))[:LEAD]


def _holds(note: Note, scores: dict[str, int | None]) -> bool:
    return all(scores.get(key) is not None and low <= scores[key] <= high for key, low, high in note.ranges)  # type: ignore[operator]


def _quiz(slug: str, chapter: str, slugs: dict[int, str]) -> Quiz:
    dimensions = _dimensions(chapter, CONTEXTS.get(slug, ()))
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
    assert marked == {item.key for item in items if item.flag_at}  # "⚑ marks items that can trigger it"
    quiz = Quiz(slug, keyed, tuple(items), dimensions, flag_up_to, _notes(chapter, dimensions, slugs))
    for context in quiz.contexts:
        _assert_leads_somewhere(quiz, context)
    return quiz


def _assert_leads_somewhere(quiz: Quiz, context: str) -> None:
    """By the brief, "a cell that leaves a context without a link is refused at publishing"."""
    asked = {item.dimension for item in quiz.asked(context)}
    for dimension in quiz.dimensions:
        for links in dimension.links if dimension.key in asked else ():
            assert any(not link.contexts or context in link.contexts for link in links), (dimension.key, context)


def _rows(chapter: str, first: str) -> list[dict[str, str]]:
    """The rows of the table whose first heading is ``first``, by heading."""
    lines = chapter.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first} |"))
    table = [line for line in lines[start:] if line.startswith("|")]
    heads = _cells(table[0])
    rows: list[dict[str, str]] = []
    for line in table[2:]:
        if lines.index(line) - start != len(rows) + 2:
            break
        rows.append(dict(zip(heads, _cells(line), strict=True)))
    return rows


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _dimensions(chapter: str, contexts: tuple[str, ...]) -> tuple[Dimension, ...]:
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
                links=tuple(_links(cell, contexts) for _, cell in bands),
            )
        )
    return tuple(dimensions)


def _links(cell: str, contexts: tuple[str, ...]) -> tuple[Link, ...]:
    """A mark such as ``[friend, colleague]`` after a link "limits it to those choices of the context question"."""
    links = []
    for part in re.split(r"; (?=`)", cell):
        found = re.fullmatch(r"`([a-z-]+#[a-z-]+)`(?: \[([a-z, -]+)\])? \(.+\)", part)
        assert found, part
        limits = tuple(found[2].split(", ")) if found[2] else ()
        assert set(limits) <= set(contexts), part
        links.append(Link(found[1], limits))
    return tuple(links)


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


def _notes(chapter: str, dimensions: tuple[Dimension, ...], slugs: dict[int, str]) -> tuple[Note, ...]:
    notes = []
    for one, is_one, at_one, two, is_two, at_two, phrase in re.findall(
        r'(\w+) (≥|<)(\d+) with (\w+) (≥|<)(\d+) → "(.*?)" note', chapter
    ):
        notes.append(Note((_range(one, is_one, int(at_one)), _range(two, is_two, int(at_two))), phrase))
    for key, low, high, phrase, other in re.findall(
        r'when `(\w+)` is (\d+)–(\d+) show "(.*?)" and a link to Q(\d)', chapter
    ):
        notes.append(Note(((key, int(low), int(high)),), phrase, slugs[int(other)]))
    for phrase, to in re.findall(r'If all five are low: "(.*?)\. .*?", with `([a-z-]+#[a-z-]+)`', chapter):
        notes.append(Note(tuple((dimension.key, 0, dimension.starts[1] - 1) for dimension in dimensions), phrase, to))
    return tuple(notes)


def _range(key: str, sign: str, edge: int) -> tuple[str, int, int]:
    return (key, edge, 100) if sign == "≥" else (key, 0, edge - 1)
