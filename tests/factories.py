"""Values for tests: every argument is by keyword and has a sensible default."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from articles import markdown
from articles.files import LessonFiles, write_lesson
from articles.rules import RESERVED_ANCHORS
from articles.source import (
    SAFETY_LEVELS,
    CitationSource,
    ExerciseSource,
    LessonSource,
    PartSource,
    SectionSource,
    TermSource,
)
from helplines.source import HelpLineSource
from publishing.files import ListIn, OneEach
from quizzes.source import QuizSource

CONTENT = Path(__file__).parent.parent / "content"


def put(value: Any, *path: Any, to: Any) -> Any:
    """The value with something else at a place."""
    if not path:
        return to
    step, rest = path[0], path[1:]
    if isinstance(value, tuple):
        return tuple(put(each, *rest, to=to) if place == step else each for place, each in enumerate(value))
    return replace(value, **{step: put(getattr(value, step), *rest, to=to)})


@cache
def shipped_quizzes() -> dict[str, QuizSource]:
    """The quizzes as they are shipped, by slug."""
    paths = [path.relative_to(CONTENT).as_posix() for path in sorted(CONTENT.glob("quizzes/*.yaml"))]
    read = [OneEach("quizzes").read(QuizSource, (CONTENT / path).read_text(), path)[0] for path in paths]
    return {filed.document["slug"]: filed.value(QuizSource) for filed in read}


@cache
def shipped_lessons() -> dict[str, LessonSource]:
    """The lessons as they are shipped, by slug."""
    paths = [path.relative_to(CONTENT).as_posix() for path in sorted(CONTENT.glob("lessons/*/*.md"))]
    read = [LessonFiles().read(LessonSource, (CONTENT / path).read_text(), path)[0] for path in paths]
    return {filed.document["slug"]: filed.value(LessonSource) for filed in read}


def section_source(**overrides: Any) -> SectionSource:
    defaults = {"anchor": "a-key", "heading": "A key changes hands", "body": "She gives him the key."}
    return SectionSource(**{**defaults, **overrides})


def exercise_source(**overrides: Any) -> ExerciseSource:
    return ExerciseSource(**{"title": "Your map", "minutes": 10, "body": "Draw a map.", **overrides})


def citation_source(**overrides: Any) -> CitationSource:
    return CitationSource(**{"citation": "Simpson, J. A. (2007).", "doi": "10.1111/j.1467", **overrides})


def lesson_source(**overrides: Any) -> LessonSource:
    defaults = {
        "part": "formation",
        "number": 901,
        "slug": "a-spare-key",
        "title": "A spare key",
        "summary": "What a key says.",
        "objectives": ("Say what a key says.", "Say what it does not."),
        "safety": "none",
        "reviewed": date(2026, 11, 22),
        "review_due": date(2027, 11, 22),
        "scene": "On Tuesday Amina knocks next door.",
        "sections": (section_source(),),
        "exercise": exercise_source(),
        "citations": (citation_source(),),
    }
    return LessonSource(**{**defaults, **overrides})


def part_source(**overrides: Any) -> PartSource:
    defaults = {"position": 1, "slug": "formation", "title": "How trust forms", "summary": "Where it begins."}
    return PartSource(**{**defaults, **overrides})


def term_source(**overrides: Any) -> TermSource:
    defaults = {"term": "key", "meaning": "What opens a door.", "section": "a-spare-key#a-drawer"}
    return TermSource(**{**defaults, **overrides})


def help_line_source(**overrides: Any) -> HelpLineSource:
    defaults = {
        "position": 1,
        "country": "Ireland",
        "topic": "abuse",
        "name": "A line",
        "phone": "1800 000 000",
        "checked": date(2026, 11, 22),
    }
    return HelpLineSource(**{**defaults, **overrides})


def quiz_text(*, to: str = "a-spare-key#a-key") -> str:
    """The file of a small quiz about one thing, every link of which leads to one section."""
    band = f"      act: Think of a key.\n      links:\n      - to: {to}\n        why: a reason\n"
    return (
        "title: A small quiz\nnumber: 1\nsummary: About keys.\npurpose: To see.\naudience: Anyone.\n"
        "intro:\n- There is no best score.\nformat: agreement\nminutes: 1\nreviewed: 2026-11-22\nhigher_is: better\n"
        "bands:\n"
        "  low:\n    label: Low\n    from: 0\n    text: This is low.\n"
        "  middle:\n    label: Middle\n    from: 40\n    text: This is between.\n"
        "  high:\n    label: High\n    from: 70\n    text: This is high.\n"
        "dimensions:\n- key: keys\n  name: Keys\n  about: Who holds yours.\n  bands:\n"
        f"    low:\n{band}    middle:\n{band}    high:\n{band}"
        "items:\n- key: '1'\n  text: Someone has my key.\n  dimension: keys\n"
    )


LESSON_FILE = "lessons/1-formation/01-a-spare-key.md"
QUIZ_FILE = "quizzes/a-small-quiz.yaml"


def small_lesson(**overrides: Any) -> LessonSource:
    """The one lesson of the small course. Its last section is where the glossary leads."""
    sections = overrides.pop("sections", (section_source(),))
    drawer = section_source(anchor="a-drawer", heading="A drawer", body="It stays shut.")
    return lesson_source(number=1, sections=(*sections, drawer), **overrides)


def content_files() -> dict[str, str | bytes]:
    """A whole small course as path to text."""
    return {
        **ListIn("parts.yaml", "parts").write([part_source()], {}),
        **ListIn("help.yaml", "lines").write([help_line_source()], {}),
        **ListIn("glossary.yaml", "terms", numbered=False).write([term_source()], {}),
        LESSON_FILE: write_lesson(small_lesson()),
        QUIZ_FILE: quiz_text(),
    }


def write_folder(folder: Path, texts: dict[str, str | bytes]) -> Path:
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


# --- for hypothesis

# Signs that YAML, Markdown or the file format could trip over, some scripts, and letters in between.
_SIGNS = "ab Z09'\"“”’:;,.#-–—*_`~|>&%@?!\\/(){}=+$^é日本ё🔑\u00a0\u200b\ufeff"
_LINE = st.text(alphabet=_SIGNS, min_size=1, max_size=30)
one_line = _LINE.map(str.strip).filter(bool)
yaml_text = st.lists(st.one_of(_LINE, st.just("")), min_size=1, max_size=6).map("\n".join).map(str.strip).filter(bool)
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True).filter(
    lambda slug: slug not in RESERVED_ANCHORS
)
dates = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def _is_a_body(text: str) -> bool:
    begins_section = any(line.startswith("##") and not line.startswith("###") for line in text.split("\n"))
    return bool(text) and not begins_section and not markdown.look(text).problems


bodies = yaml_text.filter(_is_a_body)
headings = one_line.filter(lambda text: "{" not in text and "}" not in text)


@st.composite
def section_sources(draw: st.DrawFn) -> tuple[SectionSource, ...]:
    """One to four sections whose anchors, former ones too, are all different."""
    anchors = draw(st.lists(slugs, min_size=1, max_size=8, unique=True))
    sections: list[SectionSource] = []
    while anchors and len(sections) < 4:
        former = draw(st.integers(min_value=0, max_value=min(2, len(anchors) - 1)))
        sections.append(
            section_source(
                anchor=anchors.pop(),
                heading=draw(headings),
                body=draw(bodies),
                safety=draw(st.booleans()),
                not_in_danger=draw(st.booleans()),
                former_anchors=tuple(anchors.pop() for _ in range(former)),
            )
        )
    return tuple(sections)


@st.composite
def lesson_sources(draw: st.DrawFn) -> LessonSource:
    reviewed, review_due = sorted(draw(st.tuples(dates, dates)))
    return lesson_source(
        title=draw(one_line),
        summary=draw(one_line),
        objectives=tuple(draw(st.lists(one_line, min_size=1, max_size=3))),
        safety=draw(st.sampled_from(list(SAFETY_LEVELS))),
        reviewed=reviewed,
        review_due=review_due,
        scene=draw(bodies),
        sections=draw(section_sources()),
        exercise=exercise_source(
            title=draw(one_line), minutes=draw(st.integers(min_value=1, max_value=60)), body=draw(bodies)
        ),
        citations=tuple(
            citation_source(citation=cite, doi=doi, url=url)
            for cite, (doi, url) in draw(
                st.lists(
                    st.tuples(
                        one_line, st.sampled_from([("", ""), ("10.1037/a:b(c)", ""), ("", "https://example.org/a?b=c")])
                    ),
                    min_size=1,
                    max_size=3,
                )
            )
        ),
    )
