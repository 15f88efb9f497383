"""What a result says in sentences of its own: where its dimensions stand, and why a section is on its list. Pure.

Ties are told as ties: the sentence names every dimension that shares the highest or lowest place, up to three. What is
absent is told as absent. A flagged result has no such sentence and no figure.
"""

from collections.abc import Sequence

from quizzes.guidance import DimensionGuidance, Guidance
from quizzes.source import LinkSource, QuizSource

MOST_NAMES = 3
_NAME = "\0"  # stands before and behind a name; no text that was saved holds it

# By what a quiz asks: who needs most alone, who needs most together, who needs least alone, and together.
_ASPECTS = (
    "{} is lowest for you",
    "{} share the lowest place",
    "{} stands highest",
    "{} share the highest",
)
_SOURCES = ("{} weighs most for you", "{} weigh most, side by side", "{} weighs least", "{} weigh least")
_SIGNS = (
    "You reported most under {}",
    "You reported most under {}, alike",
    "least under {}",
    "least under {}, alike",
)
_KEYED = (
    "You missed most in {}",
    "You missed most in {}, alike",
    "you caught most in {}",
    "you caught most in {}, alike",
)


def sentence(source: QuizSource, guidance: Guidance, skipped: bool, *, reported: bool = False) -> list[str]:
    """The result in one plain sentence, in pieces of which every second one is a name. ``skipped``: whether some
    question was skipped. ``reported``: whether some answer reports a sign; its part may have too few answers for a
    score. Safety that is not in its best band is never left standing as a strength."""
    uneasy = [each for each in guidance.dimensions if each.dimension.safety and each.score is not None and each.leads]
    first = [f" {named([each.dimension.name])} comes first, because it came out as {_label(each)}" for each in uneasy]
    return "".join([_sentence(source, guidance, skipped, reported), *first]).split(_NAME)


def _sentence(source: QuizSource, guidance: Guidance, skipped: bool, reported: bool) -> str:
    scored = guidance.scored
    if not scored:
        return "You skipped too many for a result, and that is your right. Here is where you could start."
    if source.format == "frequency" and not reported and not any(each.score for each in scored):
        return f"You reported none of {'the signs you answered' if skipped else 'these signs'}."
    if len(scored) == 1:
        return f"{named([scored[0].dimension.name])} came out as {_label(scored[0])}"
    needs = {each.dimension.name: _need(source, each) for each in scored}
    if len(set(needs.values())) == 1:
        labels = {_label(each) for each in scored}
        each_one = f" Each came out as {labels.pop()}" if len(labels) == 1 and not source.is_keyed else ""
        return f"All parts stand at the same place.{each_one}"
    needy, strong = (
        [name for name, need in needs.items() if need == extreme(needs.values())] for extreme in (max, min)
    )
    alone, together, least_alone, least_together = _forms(source)
    first = (alone if len(needy) == 1 else together).format(named(needy))
    return (
        f"{first[0].upper()}{first[1:]}; {(least_alone if len(strong) == 1 else least_together).format(named(strong))}."
    )


def named(names: Sequence[str]) -> str:
    if len(names) > MOST_NAMES:
        return "several parts"
    *others, last = [f"{_NAME}{name}{_NAME}" for name in names]
    return f"{', '.join(others)} and {last}" if others else last


def _label(guided: DimensionGuidance) -> str:
    return f"“{guided.band.label}.”" if guided.band else ""


def because(
    source: QuizSource, guidance: Guidance, link: LinkSource, missed: dict[str, tuple[int, int]]
) -> tuple[str, str, str]:
    """The computed half of a reason, before, around and behind the name of the dimension that leads to the section;
    empty where none does. ``missed``: of a keyed dimension, how many answers were wrong, and of how many."""
    leading = next((each for each in guidance.dimensions if link in each.links), None)
    if not leading:
        return "", "", ""
    name = leading.dimension.name
    if leading.score is None or leading.band_index is None:
        return "There were not enough answers on ", name, "."
    if name_missed := missed.get(leading.dimension.key):
        wrong, answered = name_missed
        return f"Because you {f'missed {wrong} of' if wrong else 'had all'} {answered} on ", name, "."
    needs = [_need(source, each) for each in guidance.scored]
    best = leading.band_index == (0 if source.higher_is_worse else 2)
    own = source.higher_is_worse and leading.dimension.bands[leading.band_index].label  # what may not be called little
    if best and source.format != "frequency" and not own:
        return "", name, f" {'weighs little' if source.higher_is_worse else 'stands well'} ({leading.score})."
    if not best and len(needs) > 1 and _need(source, leading) == max(needs):
        place = "highest" if source.higher_is_worse else "lowest"
        stands = f"{place} for you" if needs.count(max(needs)) == 1 else f"among your {place}"
        return "Because ", name, f" is {stands} ({leading.score})."
    return "", name, f" came out as “{leading.bands[leading.band_index].label}” ({leading.score})."


def _forms(source: QuizSource) -> tuple[str, str, str, str]:
    if source.is_keyed:
        return _KEYED
    if source.format == "frequency":
        return _SIGNS
    return _SOURCES if source.higher_is_worse else _ASPECTS


def _need(source: QuizSource, guided: DimensionGuidance) -> int:
    score = guided.score or 0
    return score if source.higher_is_worse else 100 - score
