"""Content files to values and back.

A lesson is Markdown with YAML front matter at ``lessons/<n>-<part>/<nn>-<slug>.md``: the path holds its place in
the course, the front matter what is said about it, then comes the opening scene and one ``## Heading {#anchor}``
per section. After the anchor may stand ``.safety``, ``.repair`` and ``was=<former anchor>,...``.

Parsing collects every problem with file and line and refuses what it does not know. Writing is byte-stable:
``write(parse(text)) == text`` for every text that ``write`` made.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from articles import markdown
from articles.source import (
    ADDRESS,
    DOI,
    HELP_TOPICS,
    SAFETY_LEVELS,
    SLUG,
    CitationSource,
    ExerciseSource,
    HelpLineSource,
    LessonSource,
    PartSource,
    Problem,
    SectionSource,
    TermSource,
)
from articles.yaml_nodes import MappingReader, Problems, read_mapping, write_mapping

LESSON_PATH = re.compile(
    rf"(?:.*/)?lessons/(?P<position>\d+)-(?P<part>{SLUG.pattern})/(?P<number>\d+)-(?P<slug>{SLUG.pattern})\.md"
)
RESERVED_ANCHORS = {"main", "contents", "exercise", "sources", "check-yourself", "about-safety"}
_HEADING = re.compile(r"## +(?P<heading>.*?) *\{(?P<marks>[^{}]*)\} *")
_SLUG_RULE = "use lower-case letters, digits and hyphens"


@dataclass(frozen=True)
class Reference:
    """A link from a text to a section, with the place it was written."""

    path: str
    line: int
    address: str


@dataclass(frozen=True)
class Parsed:
    """``source`` is None when there are problems. ``references`` are the sections that its texts link to."""

    source: LessonSource | None
    problems: list[Problem]
    references: list[Reference]


def decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """The text of a content file: UTF-8, a byte order mark dropped, line ends as ``\\n``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", [Problem(path, line, "not UTF-8; save the file as UTF-8")]
    return text.replace("\r\n", "\n").replace("\r", "\n"), []


def lesson_path(source: LessonSource, part_position: int) -> str:
    return f"lessons/{part_position}-{source.part}/{source.number:02d}-{source.slug}.md"


def parse_lesson(text: str, path: str) -> Parsed:
    problems = Problems(path)
    place = LESSON_PATH.fullmatch(path)
    if not place:
        problems.add(1, "lessons live at lessons/<n>-<part>/<nn>-<slug>.md; " + _SLUG_RULE)
        return Parsed(None, problems, [])
    for name in ("part", "slug"):
        if len(place[name]) > 50:
            problems.add(1, f"'{place[name][:20]}...' in the path has {len(place[name])} signs; 50 is the most")
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if line == "---"), None)
    if lines[0] != "---" or end is None:
        problems.add(1, "the file must start with front matter between two lines of ---")
        return Parsed(None, problems, [])
    front = read_mapping("\n".join(lines[1:end]) + "\n", problems, "", first_line=2)
    body = _Body(lines, end + 1, problems)
    fields = _front_matter(front, body) if front else {}
    source = None
    if not problems:
        source = LessonSource(
            part=place["part"],
            number=int(place["number"]),
            slug=place["slug"],
            scene=body.scene,
            sections=tuple(body.sections),
            **fields,
        )
    return Parsed(source, sorted(problems), body.references)


def addresses(text: str, path: str) -> set[str]:
    """The section addresses that a lesson file gives, even if other things in it are wrong."""
    place = LESSON_PATH.fullmatch(path)
    marks = [match["marks"] for line in text.split("\n") if (match := _HEADING.fullmatch(line))]
    anchors = [anchor for each in marks for anchor in re.findall(rf"(?:#|was=|,)({SLUG.pattern})", each)]
    return {f"{place['slug']}#{anchor[0]}" for anchor in anchors} if place else set()


def write_lesson(source: LessonSource) -> str:
    front = write_mapping(
        {
            "title": source.title,
            "summary": source.summary,
            "objectives": source.objectives,
            "safety": source.safety,
            "reviewed": source.reviewed,
            "review_due": source.review_due,
            "exercise": {
                "title": source.exercise.title,
                "minutes": source.exercise.minutes,
                "text": source.exercise.body,
            },
            "sources": [{"cite": cited.citation, "doi": cited.doi, "url": cited.url} for cited in source.citations],
        }
    )
    blocks = [source.scene, *(f"{_heading(section)}\n\n{section.body}" for section in source.sections)]
    return f"---\n{front}---\n\n" + "\n\n".join(blocks) + "\n"


def parse_parts(text: str, path: str) -> tuple[list[PartSource], list[Problem]]:
    problems = Problems(path)
    reader = read_mapping(text, problems)
    parts = []
    if reader:
        for part in reader.mappings("parts", required=True, where="part"):
            parts.append(
                PartSource(
                    slug=part.text("slug"),
                    title=part.text("title", longest=100),
                    summary=part.text("summary", longest=300),
                )
            )
            if not SLUG.fullmatch(parts[-1].slug):
                part.say("slug", f"'{parts[-1].slug}' cannot be an address; {_SLUG_RULE}")
            if parts[-1].slug in [other.slug for other in parts[:-1]]:
                part.say("slug", f"slug '{parts[-1].slug}' is used twice")
            part.finish()
        reader.finish()
    return parts, problems


def write_parts(parts: list[PartSource]) -> str:
    return write_mapping({"parts": [{"slug": p.slug, "title": p.title, "summary": p.summary} for p in parts]})


def parse_help_lines(text: str, path: str) -> tuple[list[HelpLineSource], list[Problem]]:
    problems = Problems(path)
    reader = read_mapping(text, problems)
    lines = []
    for each in reader.mappings("lines", required=True, where="line") if reader else ():
        line = HelpLineSource(
            country=each.text("country", longest=60),
            topic=each.choice("topic", tuple(HELP_TOPICS)),
            name=each.text("name", longest=120),
            audience=each.text("audience", default="", longest=160),
            phone=each.text("phone", default="", longest=40),
            text_message=each.text("text", default="", longest=80),
            website=each.text("website", default="", longest=200),
            hours=each.text("hours", default="", longest=80),
            checked=each.date("checked"),
        )
        if not (line.phone or line.text_message or line.website):
            each.say("name", f"'{line.name}' has no phone, text or website")
        if line.website and not line.website.startswith("https://"):
            each.say("website", f"'{line.website}' must start with https://")
        each.finish()
        lines.append(line)
    if reader:
        reader.finish()
    return lines, problems


def write_help_lines(lines: list[HelpLineSource]) -> str:
    return write_mapping(
        {
            "lines": [
                {
                    "country": line.country,
                    "topic": line.topic,
                    "name": line.name,
                    "audience": line.audience,
                    "phone": line.phone,
                    "text": line.text_message,
                    "website": line.website,
                    "hours": line.hours,
                    "checked": line.checked,
                }
                for line in lines
            ]
        }
    )


def parse_terms(text: str, path: str) -> tuple[list[TermSource], list[Problem], list[Reference]]:
    problems = Problems(path)
    reader = read_mapping(text, problems)
    terms: list[TermSource] = []
    references = []
    for each in reader.mappings("terms", required=True, where="term") if reader else ():
        term = TermSource(
            term=each.text("term", longest=60), meaning=each.text("meaning", longest=250), section=each.text("section")
        )
        if term.term in [other.term for other in terms]:
            each.say("term", f"'{term.term}' is explained twice")
        if ADDRESS.fullmatch(term.section):
            references.append(Reference(path, each.line_of("section"), term.section))
        else:
            each.say("section", f"'{term.section}' is not the address of a section; write lesson#anchor")
        each.finish()
        terms.append(term)
    if reader:
        reader.finish()
    return terms, problems, references


def write_terms(terms: list[TermSource]) -> str:
    return write_mapping({"terms": [vars(term) for term in terms]})


def _heading(section: SectionSource) -> str:
    marks = [f"#{section.anchor}"]
    marks += [".safety"] if section.safety else []
    marks += [".repair"] if section.repair_advice else []
    marks += ["was=" + ",".join(section.former_anchors)] if section.former_anchors else []
    return f"## {section.heading} {{{' '.join(marks)}}}"


def _front_matter(front: MappingReader, body: "_Body") -> dict[str, Any]:
    fields: dict[str, Any] = {
        "title": front.text("title", longest=120),
        "summary": front.text("summary", longest=200),
        "objectives": front.texts("objectives", required=True),
        "safety": front.choice("safety", tuple(SAFETY_LEVELS), default="none"),
        "reviewed": front.date("reviewed"),
        "review_due": front.date("review_due"),
        "citations": tuple(_citation(cited) for cited in front.mappings("sources", required=True, where="source")),
    }
    if date.min < fields["review_due"] < fields["reviewed"]:
        front.say("review_due", "'review_due' lies before 'reviewed'")
    exercise = front.mapping("exercise", where="exercise")
    if exercise:
        fields["exercise"] = ExerciseSource(
            title=exercise.text("title", longest=100),
            minutes=exercise.integer("minutes", least=1, most=240),
            body=exercise.text("text"),
        )
        body.take(fields["exercise"].body, exercise.line_of("text") + 1, "exercise")
        exercise.finish()
    front.finish()
    return fields


def _citation(reader: MappingReader) -> CitationSource:
    cited = CitationSource(
        citation=reader.text("cite"),
        doi=reader.text("doi", default="", longest=100),
        url=reader.text("url", default="", longest=200),
    )
    if cited.doi and not DOI.fullmatch(cited.doi):
        reader.say("doi", f"'{cited.doi}' is not a DOI; it starts with 10. and has no https://doi.org/ before it")
    if cited.url and not cited.url.startswith("https://"):
        reader.say("url", f"'{cited.url}' must start with https://")
    reader.finish()
    return cited


class _Body:
    """The Markdown after the front matter, split into the scene and the sections."""

    def __init__(self, lines: list[str], start: int, problems: Problems):
        self.problems = problems
        self.references: list[Reference] = []
        self.sections: list[SectionSource] = []
        headings = [number for number in range(start, len(lines)) if re.match(r"##(?!#)", lines[number])]
        stops = [*headings, len(lines)]
        self.scene = self._text(lines, start, stops[0], "opening scene")
        if not self.scene:
            problems.add(start + 1, "the lesson has no opening scene before its first section")
        if not headings:
            problems.add(len(lines), "the lesson has no section; write ## Heading {#anchor}")
        for line, stop in zip(headings, stops[1:], strict=True):
            self._section(lines, line, stop)

    def take(self, text: str, first_line: int, where: str) -> None:
        """Check one Markdown text and note the sections it links to."""
        for line, message in markdown.check(text):
            self.problems.add(first_line + line - 1, f"{where}: {message}")
        for line, address in markdown.references(text):
            self.references.append(Reference(self.problems.path, first_line + line - 1, address))

    def _text(self, lines: list[str], start: int, stop: int, where: str) -> str:
        while start < stop and not lines[start].strip():
            start += 1
        text = "\n".join(lines[start:stop]).rstrip()
        self.take(text, start + 1, where)
        return text

    def _section(self, lines: list[str], line: int, stop: int) -> None:
        match = _HEADING.fullmatch(lines[line])
        if not match or not match["heading"]:
            self.problems.add(line + 1, f"'{lines[line]}' must read ## Heading {{#anchor}}")
            return
        section = self._marked(match, line + 1)
        body = self._text(lines, line + 1, stop, f"section '{section['anchor']}'")
        if not body:
            self.problems.add(line + 1, f"section '{section['anchor']}' has no text")
        self.sections.append(SectionSource(body=body, **section))

    def _marked(self, match: re.Match[str], line: int) -> dict[str, Any]:
        section: dict[str, Any] = {"heading": match["heading"], "anchor": ""}
        if len(match["heading"]) > 120:
            self.problems.add(line, f"the heading has {len(match['heading'])} signs; 120 is the most")
        for mark in match["marks"].split():
            if mark.startswith("#"):
                section["anchor"] = mark[1:]
            elif mark == ".safety":
                section["safety"] = True
            elif mark == ".repair":
                section["repair_advice"] = True
            elif mark.startswith("was="):
                section["former_anchors"] = tuple(mark.removeprefix("was=").split(","))
            else:
                self.problems.add(line, f"unknown mark '{mark}'; known are #anchor, .safety, .repair, was=old-anchor")
        taken = {anchor for other in self.sections for anchor in other.anchors}
        for anchor in (section["anchor"], *section.get("former_anchors", ())):
            if not SLUG.fullmatch(anchor):
                self.problems.add(line, f"'{anchor}' cannot be an anchor; {_SLUG_RULE}")
            elif len(anchor) > 80:
                self.problems.add(line, f"anchor '{anchor[:20]}...' has {len(anchor)} signs; 80 is the most")
            elif anchor in RESERVED_ANCHORS:
                self.problems.add(line, f"anchor '{anchor}' is the page's own; choose another")
            elif anchor in taken:
                self.problems.add(line, f"anchor '{anchor}' is used twice in this lesson")
            taken.add(anchor)
        return section
