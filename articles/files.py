"""Lesson files: Markdown with YAML front matter at ``lessons/<n>-<part>/<nn>-<slug>.md``.

The path holds the lesson's place in the course, or of one file its name alone some of it; the front matter what is said
about the lesson; then comes the opening scene and one ``## Heading {#anchor}`` per section. After the anchor may stand
``.safety``, ``.repair`` (not for readers in danger) and ``was=<former anchor>,...``.
"""

import re
from typing import Any, ClassVar

from articles.source import LessonSource, SectionSource
from publishing.files import Everything, Values, plain, write
from publishing.leaves import SLUG
from publishing.shape import Document
from publishing.yaml_nodes import Filed, compose

LESSON_PATH = re.compile(rf"lessons/[0-9]+-(?P<part>{SLUG.pattern})/(?P<number>[0-9]+)-(?P<slug>{SLUG.pattern})\.md")
_NAME = re.compile(rf"((?P<number>[0-9]+)-)?(?P<slug>{SLUG.pattern})\.md")
_HEADING = re.compile(r"## +(?P<heading>.*?) *\{(?P<marks>[^{}]*)\} *")
_MARK = re.compile(r"#(?P<anchor>.*)|was=(?P<former_anchors>.*)|(?P<safety>\.safety)|(?P<not_in_danger>\.repair)")


class LessonFiles:
    """A Markdown file for each lesson, in the folder of its part."""

    suffix: ClassVar[str] = ".md"

    def holds(self, path: str) -> bool:
        return path.startswith("lessons/") and path.endswith(self.suffix)

    def read(self, cls: type, text: str, path: str) -> list[Filed]:
        filed = Filed(path)
        place = (LESSON_PATH if "/" in path else _NAME).fullmatch(path)
        lines = text.split("\n")
        end = next((number for number, line in enumerate(lines[1:], 1) if line == "---"), None)
        if not place and "/" in path:
            filed.say(
                1, "lessons live at lessons/<n>-<part>/<nn>-<slug>.md; use lower-case letters, digits and hyphens"
            )
        elif lines[0] != "---" or end is None:
            filed.say(1, "the file must start with front matter between two lines of ---")
        else:
            node = compose("\n".join(lines[1:end]) + "\n", filed, first_line=2)
            filed.lines[()] = 2
            front = filed.mapping(cls, node, first_line=2) if node else {}
            filed.unread |= set() if node else {()}  # its sections are known all the same
            said = place.groupdict() if place else {}
            filed.document = {**front, **_body(lines, end + 1, filed), **said}
        return [filed]

    def path_of(self, value: LessonSource, everything: Everything) -> str:
        positions = {part.slug: part.position for part in everything["part"]}
        return f"lessons/{positions.get(value.part, 0)}-{value.part}/{value.number:02d}-{value.slug}.md"

    def write(self, values: Values, everything: Everything) -> dict[str, str]:
        return {self.path_of(value, everything): write_lesson(value) for value in values}


def write_lesson(lesson: LessonSource) -> str:
    blocks = [lesson.scene, *(f"{_heading(section)}\n\n{section.body}" for section in lesson.sections)]
    return f"---\n{write(plain(lesson))}---\n\n" + "\n\n".join(blocks) + "\n"


def _heading(section: SectionSource) -> str:
    marks = [f"#{section.anchor}"]
    marks += [".safety"] if section.safety else []
    marks += [".repair"] if section.not_in_danger else []
    marks += ["was=" + ",".join(section.former_anchors)] if section.former_anchors else []
    return f"## {section.heading} {{{' '.join(marks)}}}"


def _body(lines: list[str], start: int, filed: Filed) -> Document:
    """The Markdown after the front matter, split into the scene and the sections."""
    headings = [number for number in range(start, len(lines)) if re.match(r"##(?!#)", lines[number])]
    stops = [*headings, len(lines)]
    scene = _text(lines, start, stops[0], filed, ("scene",))
    sections = []
    for place, (line, stop) in enumerate(zip(headings, stops[1:], strict=True)):
        filed.lines[("sections", place)] = line + 1
        section = _marked(lines[line], line + 1, filed)
        sections.append({**section, "body": _text(lines, line + 1, stop, filed, ("sections", place, "body"))})
    if not headings:
        filed.lines[("sections",)] = len(lines)
    return {"scene": scene, "sections": sections}


def _text(lines: list[str], start: int, stop: int, filed: Filed, at: tuple[str | int, ...]) -> str:
    first = next((line for line in range(start, stop) if lines[line].strip()), None)
    if first is None:
        filed.lines[at] = start if len(at) > 1 else start + 1  # a section without text is told at its heading
        return ""
    filed.lines[at] = filed.texts[at] = first + 1
    return "\n".join(lines[first:stop]).rstrip()


def _marked(text: str, line: int, filed: Filed) -> dict[str, Any]:
    """The section that a heading announces. What cannot be understood is told."""
    match = _HEADING.fullmatch(text)
    if not match or not match["heading"]:
        filed.say(line, f"'{text}' must read ## Heading {{#anchor}}")
        return {"heading": "?", "anchor": f"line-{line}"}
    section: dict[str, Any] = {"heading": match["heading"]}
    for mark in match["marks"].split():
        known = _MARK.fullmatch(mark)
        name = str(known.lastgroup) if known else ""
        if not known:
            filed.say(line, f"unknown mark '{mark}'; known are #anchor, .safety, .repair, was=old-anchor")
        elif name in section:
            filed.say(line, f"mark '{mark}' is one too many")
        else:
            section[name] = {"anchor": known["anchor"], "former_anchors": mark[4:].split(",")}.get(name, True)
    return section
