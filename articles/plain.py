"""How a text reads: its school grade, its length, and words that are better said otherwise. Advice to authors, pure;
nothing here keeps a text from readers."""

import re
from collections.abc import Iterator

from articles import markdown
from articles.source import LessonSource, words
from publishing.shape import Path, Problem

GRADE = 8  # US school grade; below 5 is no fault
SCENE = range(60, 91)  # words
LONGEST = 600  # words of a section: three minutes

# What the site says instead (its words for people who were hurt, and for those who hurt them).
INSTEAD = {
    r"energy vampires?|toxic (?:person|people)|narcissists?|psychopaths?": "say what the person does, and how often",
    r"masochis(?:t|m|tic)|codependen(?:t|cy|ce)": "people stay for many reasons; say which",
    r"let (?:yourself|themselves|himself|herself) be deceived": "say that somebody lied",
    r"victim role|playing the victim": "say that somebody was harmed, and may want choices back",
    r"pathological liars?": "say: someone who lies often",
    r"must forgive|move on|stay positive": "offer it: you may, if you want, at your pace",
    r"cheaters?|addicts?": "say: a person who had an affair, a person with an addiction",
    r"normal people": "say: many people",
}

_HEADING = re.compile(r"(?:\A|(?<=\n\n))\*\*([^*\n]{1,80})\*\*:?[ ]*(?=\n\n|\Z)")
_MARKS = re.compile(r"\*\*|(?<!_)__(?!_)|~~|\]\(")  # longer lines are there to write on


def grade(text: str) -> float:
    """Flesch and Kincaid's US school grade, with syllables counted by groups of vowels. 0 for a text without words."""
    found = re.findall(r"[a-z]+(?:['\u2019][a-z]+)?", text.lower())
    sentences = max(1, len(re.findall(r"[.!?]+(?=[\s\u201d\u2019\"')]|$)", text)))
    if not found:
        return 0.0
    return round(0.39 * len(found) / sentences + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59, 1)


def _syllables(word: str) -> int:
    """Groups of vowels, without an "e" or "es" or "ed" at the end that is not said."""
    spoken = re.sub(r"(?:[^laeiouy]es|[^dt]ed|[^l]e)$", "", word) if len(word) > 3 else word
    return max(1, len(re.findall("[aeiouy]+", spoken)))


def facts(text: str) -> str:
    """What an outline says of a text."""
    return f"{words(text)} words, grade {max(0.0, grade(markdown.plain(text))):.0f}"


def advice(lesson: LessonSource) -> Iterator[Problem]:
    count = words(lesson.scene)
    if lesson.scene and count not in SCENE:
        yield ("scene",), f"Opening scene has {count} words; {SCENE.start} to {SCENE.stop - 1} read well"
    for place, section in enumerate(lesson.sections):
        if (count := words(section.body)) > LONGEST:
            yield ("sections", place, "body"), f"{count} words are a lot for one section; consider two"
    for at, text in _texts(lesson):
        if (reads := grade(markdown.plain(text))) > GRADE:
            yield at, f"reads like grade {reads:.0f}; shorter sentences and words bring it to {GRADE} or below"
        yield from _typed(at, text)
        for pattern, instead in INSTEAD.items():
            for found in re.findall(rf"(?i)\b(?:{pattern})\b", text):
                yield at, f"“{found}”: {instead}"


def _typed(at: Path, text: str) -> Iterator[Problem]:
    """Marks that are meant otherwise than they are read."""
    for found in _HEADING.finditer(text):
        line = text.count("\n", 0, found.start(1))
        yield (*at, line), f"“{found[1]}” stands alone in bold; make it a heading with ###"
    for marks in dict.fromkeys(_MARKS.findall(markdown.plain(text))):
        yield at, f"readers see the marks “{marks}” as they are typed; close them or take them out"


def _texts(lesson: LessonSource) -> Iterator[tuple[Path, str]]:
    yield ("scene",), lesson.scene
    for place, section in enumerate(lesson.sections):
        yield ("sections", place, "body"), section.body
    yield ("exercise", "body"), lesson.exercise.body
