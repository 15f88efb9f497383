"""What must hold within one quiz before takers get it. Pure: a value in, problems out. What a field can hold by itself
stands where it is declared; here is what holds between fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from helplines.source import HELP_TOPICS
from publishing.shape import Path, Problem
from quizzes.scales import GATE_ANSWERS
from quizzes.source import DimensionSource, GateSource, ItemSource, LinkSource, QuizSource, SafetySource

_KEYED = {
    "options": "Answers",
    "answer": "Best answer",
    "guess": "What is said to who answered otherwise",
    "explanation": "Explanation",
}


def broken(quiz: QuizSource) -> Iterator[Problem]:
    yield from _alike(quiz)
    yield from _bands(quiz)
    for place, item in enumerate(quiz.items):
        yield from _item(quiz, item, ("items", place))
    for place, note in enumerate(quiz.notes):
        for number, when in enumerate(note.conditions):
            if when.at_least > when.at_most:
                at = ("notes", place, "conditions", number, "at_least")
                yield at, "From is above To, so the condition can never hold"
    for place, gate in enumerate(quiz.gates):
        if all(quiz.gate_for(context) is not gate for context in gate.contexts or quiz.contexts or ("",)):
            yield ("gates", place, "contexts"), "Asked only for: an earlier safety question always comes instead"
    for path, link in _for_all(quiz):
        if link.contexts:
            yield (*path, "contexts"), "Only for: only links of a band can be for some; remove these"
    yield from _words(quiz)
    if _flags(quiz) and not quiz.safety:
        yield ("safety",), "Something flags danger, but Safety does not say yet what to show then"
    if not _flags(quiz) and quiz.safety:
        yield ("safety",), "Safety says what a flagged result shows, but nothing in this quiz flags danger"


def _for_all(quiz: QuizSource) -> Iterator[tuple[Path, LinkSource]]:
    """The links outside the bands, each with its place."""
    yield from ((("notes", place, "link"), note.link) for place, note in enumerate(quiz.notes) if note.link)
    for place, gate in enumerate(quiz.gates):
        yield from ((("gates", place, "links", number), link) for number, link in enumerate(gate.links))
    if quiz.safety:
        yield from ((("safety", "links", number), link) for number, link in enumerate(quiz.safety.links))
        yield ("safety", "fallback"), quiz.safety.fallback


def _words(quiz: QuizSource) -> Iterator[Problem]:
    """What every result needs: words, an act and a link for each band, in each context in which it is asked."""
    if quiz.safety and not quiz.safety.act:
        yield ("safety", "act"), "One act for this week is missing"
    for place, dimension in enumerate(quiz.dimensions):
        items = [item for item in quiz.items if item.dimension == dimension.key]
        if not dimension.danger and (dimension.flag_up_to is not None or any(item.flag_at for item in items)):
            yield ("dimensions", place, "danger"), "It can flag danger; write the words that stand there then"
        contexts = {each for item in items for each in item.contexts or quiz.contexts}
        for number, (general, band) in enumerate(zip(quiz.bands, dimension.bands, strict=True)):
            at = ("dimensions", place, "bands", number)
            if not band.text and not general.text:
                yield (*at, "text"), "Its own words are missing"
            if not band.act:
                yield (*at, "act"), "One act for this week is missing"
            led = {each for link in band.links for each in link.contexts or quiz.contexts}
            if gone := _missing(sorted(contexts), led, _labels(quiz)):
                yield (*at, "links"), f"No link for: {gone}; add one, or make one for all"


def _labels(quiz: QuizSource) -> dict[str, str]:
    return {choice.key: choice.label for choice in quiz.context.choices} if quiz.context else {}


def _alike(quiz: QuizSource) -> Iterator[Problem]:
    """Two parts of one list that have the same key."""
    yield from _twice(("dimensions",), [each.key for each in quiz.dimensions])
    yield from _twice(("items",), [each.key for each in quiz.items])
    yield from _twice(("context", "choices"), list(quiz.contexts))
    for place, item in enumerate(quiz.items):
        yield from _twice(("items", place, "options"), [each.key for each in item.options])


def _twice(at: Path, keys: Sequence[str]) -> Iterator[Problem]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield (*at, place, "key"), f"Key “{key}” is used twice"


def _bands(quiz: QuizSource) -> Iterator[Problem]:
    yield from _rising(("bands",), [band.start for band in quiz.bands])
    asked = {item.dimension for item in quiz.items}
    for place, dimension in enumerate(quiz.dimensions):
        if any(band.start is not None for band in dimension.bands):
            yield from _rising(("dimensions", place, "bands"), [band.start for band in quiz.bands_of(dimension)])
        if dimension.key and dimension.key not in asked:
            yield ("dimensions", place, "key"), f"Key “{dimension.key}” is no question’s dimension"


def _rising(at: Path, starts: Sequence[int]) -> Iterator[Problem]:
    if starts[0] != 0 or sorted(set(starts)) != list(starts):
        cut_points = ", ".join(map(str, starts))
        yield at, f"Bands begin at {cut_points}; the first must begin at 0 and each later than the one before"


def _item(quiz: QuizSource, item: ItemSource, at: Path) -> Iterator[Problem]:
    if not quiz.is_keyed:
        for name, label in _KEYED.items():
            if getattr(item, name):
                yield (*at, name), f"{label}: only questions with one best answer have it; remove it"
        return
    if item.reverse:
        yield (*at, "reverse"), "Reverse-keyed: only ratings can be"
    if quiz.format == "scenarios" and len(item.options) < 2:
        yield (*at, "options"), "Answers: at least two are needed"
    if quiz.format == "scenarios" and item.guess:
        yield (*at, "guess"), "Every answer has its own words here; remove these"
    if quiz.format != "scenarios" and item.options:
        yield (*at, "options"), "Answers are true and false here; remove these"
    if quiz.format != "scenarios" and not item.guess:
        yield (*at, "guess"), "What is said to who answered otherwise is missing"
    if not item.answer:
        yield (*at, "answer"), "Best answer is missing"
    if not item.explanation:
        yield (*at, "explanation"), "Explanation is missing"
    for place, option in enumerate(item.options):
        if not option.feedback:
            yield (*at, "options", place, "feedback"), "What is said to who chose it is missing"


def _flags(quiz: QuizSource) -> bool:
    """Whether any answer, score or gate can flag danger."""
    items = any(item.flag_at for item in quiz.items)
    return items or bool(quiz.gates) or any(dimension.flag_up_to is not None for dimension in quiz.dimensions)


# ---- what a new version takes away from the safety of takers; its author has to confirm it


def weakened(before: QuizSource, now: QuizSource) -> Iterator[Problem]:
    if before.safety:
        yield from _turned(before, now)
        yield from _safety(before.safety, now.safety)
    for old in before.gates:
        yield from _gate(before, now, old)
    places = {dimension.key: place for place, dimension in enumerate(now.dimensions)}
    for dimension in before.dimensions:
        yield from _threshold(dimension, now, places.get(dimension.key))
        if (place := places.get(dimension.key)) is not None:
            yield from _less_safe(dimension, now.dimensions[place], place)
    places = {item.key: place for place, item in enumerate(now.items)}
    for item in before.items:
        yield from _fewer_flags(before, now, item, places.get(item.key))


def _turned(before: QuizSource, now: QuizSource) -> Iterator[Problem]:
    """What gives the same answers and scores another meaning."""
    if before.format != now.format and any(item.flag_at for item in now.items):
        yield ("format",), "Form has changed, and with it what the answers say that flag danger"
    if before.higher_is_worse != now.higher_is_worse:
        turned = "worse" if now.higher_is_worse else "better"
        yield ("higher_is_worse",), f"A higher score is {turned} from now on, and the other way round before"


def _safety(old: SafetySource, safety: SafetySource | None) -> Iterator[Problem]:
    if not safety:
        yield ("safety",), "Safety is gone: a flagged result has no words and no help any more"
        return
    if gone := _missing(old.help_topics, safety.help_topics, HELP_TOPICS):
        yield ("safety", "help_topics"), f"Help lines of a flagged result no longer hold: {gone}"
    if gone := _missing([link.to for link in old.links], [link.to for link in safety.links]):
        yield ("safety", "links"), f"Sections that lead a flagged result are gone: {gone}"
    for name in ("text", "skipped"):
        if len(getattr(safety, name)) < len(getattr(old, name)) / 2:
            yield ("safety", name), "The words of a flagged result are less than half as long as before"


def _gate(before: QuizSource, now: QuizSource, old: GateSource) -> Iterator[Problem]:
    """A gate is looked for in each context in which it was asked, whatever its words are now."""
    contexts = dict.fromkeys((*before.contexts, *now.contexts)) or ("",)
    found = {each: _successor(now, old, each) for each in contexts if before.gate_for(each) == old}
    gone = [context for context, gate in found.items() if not gate]
    if gone:
        who = " for " + ", ".join(f"“{context}”" for context in gone) if any(gone) else ""
        yield ("gates",), f"Safety question “{old.question}” is gone{who}"
    for place, gate in enumerate(now.gates):
        if gate not in found.values():
            continue
        if missing := _missing(old.stops_at, gate.stops_at, GATE_ANSWERS):
            yield ("gates", place, "stops_at"), f"Stops at: no longer {missing}"
        if missing := _missing(old.help_topics, gate.help_topics, HELP_TOPICS):
            yield ("gates", place, "help_topics"), f"Help lines no longer hold: {missing}"
        if missing := _missing(old.last_topics, (*gate.help_topics, *gate.last_topics), HELP_TOPICS):
            yield ("gates", place, "last_topics"), f"Help lines at the end no longer hold: {missing}"
        if missing := _missing([link.to for link in old.links], [link.to for link in gate.links]):
            yield ("gates", place, "links"), f"Sections that lead are gone: {missing}"


def _successor(now: QuizSource, old: GateSource, context: str) -> GateSource | None:
    """The gate of a context. One that takers cannot choose any more may have another name now."""
    gate = now.gate_for(context)
    if not gate and context not in now.contexts:
        gate = next((each for each in now.gates if each.question == old.question), None)
    return gate


def _threshold(old: DimensionSource, now: QuizSource, place: int | None) -> Iterator[Problem]:
    if old.flag_up_to is None:
        return
    flagged = f"“{old.name}” flagged danger up to {old.flag_up_to}"
    if place is None:
        yield ("dimensions",), f"{flagged} and is gone"
        return
    threshold = now.dimensions[place].flag_up_to
    if threshold is None or threshold < old.flag_up_to:
        instead = "never does now" if threshold is None else f"now does up to {threshold} only"
        yield ("dimensions", place, "flag_up_to"), f"{flagged} and {instead}"


def _less_safe(old: DimensionSource, now: DimensionSource, place: int) -> Iterator[Problem]:
    hides = -1 if now.hides_up_to is None else now.hides_up_to
    if old.hides_up_to is not None and hides < old.hides_up_to:
        yield ("dimensions", place, "hides_up_to"), f"“{old.name}” hid repair advice up to {old.hides_up_to}, now less"
    if old.safety and not now.safety:
        yield ("dimensions", place, "safety"), f"“{old.name}” was about safety and led; it does not any more"
    if old.danger and (not now.danger or 2 * len(now.danger.text) < len(old.danger.text)):
        yield ("dimensions", place, "danger"), f"The words of danger of “{old.name}” are gone or less than half as long"


def _fewer_flags(before: QuizSource, now: QuizSource, old: ItemSource, place: int | None) -> Iterator[Problem]:
    if not old.flag_at:
        return
    labels, flags = before.answers_to(old), [str(answer) for answer in old.flag_at]
    if place is None:
        yield ("items",), f"Question “{old.text}” flagged danger at {_missing(flags, (), labels)} and is gone"
        return
    item = now.items[place]
    if gone := _missing(flags, [str(answer) for answer in item.flag_at], labels):
        yield ("items", place, "flag_at"), f"Question “{old.text}” no longer flags danger at: {gone}"
    asked = set(old.contexts or now.contexts).intersection(now.contexts)
    if gone := _missing(sorted(asked), item.contexts or now.contexts):
        yield ("items", place, "contexts"), f"Question “{old.text}”, which flags danger, is no longer asked for: {gone}"


def _missing(before: Iterable[str], now: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """What is there no longer, in words."""
    return ", ".join((labels or {}).get(each, each) for each in before if each not in set(now))
