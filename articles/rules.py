"""What must hold within one lesson before readers get it. Pure: a value in, problems out. A problem is a place in the
value and a sentence for its author. The last step of a place in a text is a line, from 0."""

import re
from collections.abc import Collection, Iterator

from articles import markdown
from articles.source import IN_SHORT_WORDS, SAFETY_LEVELS, LessonSource, SectionSource, words
from publishing.leaves import Markdown
from publishing.shape import Document, Path, Problem, document, links, walk

# Words that the page uses for its own places.
RESERVED_ANCHORS = {"main", "contents", "exercise", "sources", "check-yourself", "about-safety", "in-short"}


def broken(lesson: LessonSource) -> Iterator[Problem]:
    if lesson.review_due < lesson.reviewed:
        yield ("review_due",), "Next review due lies before the last review"
    if (count := words(lesson.in_short)) > IN_SHORT_WORDS:
        yield ("in_short",), f"In short has {count} words; say it in at most {IN_SHORT_WORDS}"
    if bool(lesson.in_short) != bool(lesson.act):
        yield ("act" if lesson.in_short else "in_short",), "In short and One act stand together; write both, or neither"
    yield from _anchors(lesson)
    for at, text in bodies(lesson):
        found = markdown.look(text).problems
        if at[0] != "exercise":
            found += tuple(_new_sections(text, told={line for line, _ in found}))
        name = "Opening scene: " if at == ("scene",) else ""
        yield from (((*at, line), f"{name}{message}") for line, message in found)


def _anchors(lesson: LessonSource) -> Iterator[Problem]:
    taken: set[str] = set()
    for place, section in enumerate(lesson.sections):
        named = [("anchor", section.anchor), *(("former_anchors", each) for each in section.former_anchors)]
        for field, anchor in named:
            if anchor in RESERVED_ANCHORS:
                yield ("sections", place, field), f"Anchor “{anchor}” is the page’s own; choose another"
            elif anchor in taken:
                yield ("sections", place, field), f"Anchor “{anchor}” is used twice in this lesson"
            taken.add(anchor)


def _new_sections(text: str, told: set[int]) -> Iterator[tuple[int, str]]:
    """Lines that begin a section in the lesson's file, although they are no heading of a text."""
    for line, written in enumerate(text.split("\n")):
        if re.match("##(?!#)", written) and line not in told:
            yield line, "headings inside a text start with ###; add a section for a new one"


def bodies(lesson: LessonSource) -> Iterator[tuple[Path, str]]:
    """Every Markdown text of the lesson with its place, in the order of the page."""
    fields = walk(LessonSource, document(lesson))
    yield from ((at, text) for at, field, text in fields if isinstance(field.says, Markdown))


def leads(lesson: LessonSource) -> Iterator[tuple[Path, str]]:
    """Where the lesson leads: to its part, and to the sections that its texts link to."""
    yield from links(LessonSource, document(lesson))
    for at, text in bodies(lesson):
        yield from (((*at, line), f"section:{address}") for line, address in markdown.look(text).references)


def uses(lesson: LessonSource) -> Iterator[tuple[Path, str]]:
    """The uploaded pictures that the texts show."""
    for at, text in bodies(lesson):
        yield from (((*at, line), f"picture:{address}") for line, address in markdown.look(text).uploads)


def keeping_addresses(before: Document, now: Document, known: Collection[str]) -> Document:
    """The document with the old anchor of each renamed section among its former ones, if readers know it as a target:
    its address keeps working. A renamed section has an anchor that no section had and still its heading or its text."""
    old, sections = before.get("sections") or [], [{**each} for each in now.get("sections") or []]
    named = {name for each in sections for name in (each["anchor"], *each["former_anchors"])}
    shown = {target.partition("#")[2] for target in known}
    new = [each for each in sections if each["anchor"] not in {was["anchor"] for was in old}]
    for was in (was for was in old if was["anchor"] not in named and was["anchor"] in shown):
        same = (each for each in new if any(was[key] == each[key] != "" for key in ("heading", "body")))
        if renamed := next(same, None):
            former = [name for name in renamed["former_anchors"] if name != renamed["anchor"]]
            renamed["former_anchors"] = [*former, was["anchor"]]
    return {**now, "sections": sections}


def weakened(before: LessonSource, now: LessonSource) -> Iterator[Problem]:
    """What the new version takes away from the safety of readers; its author has to confirm it."""
    levels = list(SAFETY_LEVELS)
    if levels.index(now.safety) < levels.index(before.safety):
        yield ("safety",), "Safety shows fewer safety boxes than before"
    places = {anchor: place for place, section in enumerate(now.sections) for anchor in section.anchors}
    for old in before.sections:
        place = next((places[anchor] for anchor in old.anchors if anchor in places), None)
        yield from _gone(old) if place is None else _less_safe(old, now.sections[place], place)


def _gone(old: SectionSource) -> Iterator[Problem]:
    """A section under another anchor counts as gone, unless that one names the former anchor."""
    if old.not_in_danger:
        yield ("sections",), f"“{old.heading}”, which is hidden from readers in danger, is gone; keep its words hidden"
    if old.safety:
        yield ("sections",), f"“{old.heading}” is gone, and its safety box with it"


def _less_safe(old: SectionSource, section: SectionSource, place: int) -> Iterator[Problem]:
    if old.not_in_danger and not section.not_in_danger:
        yield ("sections", place, "not_in_danger"), f"“{section.heading}” is shown to readers in danger from now on"
    if old.safety and not section.safety:
        yield ("sections", place, "safety"), f"“{section.heading}” loses its safety box"
