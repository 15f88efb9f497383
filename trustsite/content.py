"""Content files and the database: load a folder, dump a folder.

``content/`` holds ``parts.yaml``, ``help.yaml``, ``glossary.yaml``, ``lessons/<n>-<part>/<nn>-<slug>.md`` and
``quizzes/<slug>.yaml``.

Loading is all or nothing. What a file and a draft say is compared by digest with what was last loaded: a draft
an editor changed is kept, a file that was changed since is loaded and published, what is equal is left alone.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from articles import files as lesson_files
from articles import publishing as course
from articles.files import Reference
from articles.models import HelpLine, Lesson, Part, Section, Term
from articles.source import HelpLineSource, LessonSource, PartSource, Problem, TermSource
from quizzes import files as quiz_files
from quizzes import publishing as quizzing
from quizzes.models import Quiz
from quizzes.source import QuizSource

PARTS, HELP, GLOSSARY = "parts.yaml", "help.yaml", "glossary.yaml"


@dataclass(frozen=True)
class _Kind:
    """What lessons and quizzes have in common here."""

    model: Any
    write: Callable[[Any], str]
    path: Callable[[Any], str]
    snapshot: Callable[[Any], Any]

    def digest(self, source: Any) -> str:
        """Of what the file says and of where it lies: a lesson's place is in its path."""
        return hashlib.sha256(f"{self.path(source)}\n{self.write(source)}".encode()).hexdigest()


_LESSON = _Kind(Lesson, lesson_files.write_lesson, lambda source: lesson_files.lesson_path(source, 0), course.snapshot)
_QUIZ = _Kind(Quiz, quiz_files.write_quiz, quiz_files.quiz_path, quizzing.snapshot)


@dataclass
class Content:
    """A folder's content as values, with the problems that keep it from being loaded."""

    parts: list[PartSource] = field(default_factory=list)
    help_lines: list[HelpLineSource] = field(default_factory=list)
    terms: list[TermSource] = field(default_factory=list)
    lessons: list[LessonSource] = field(default_factory=list)
    quizzes: list[QuizSource] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(folder: Path) -> Content:
    """Everything in ``folder``. Problems are complete: one bad file hides no other."""
    content = Content()
    files = dict(_texts(folder, content.problems))
    references: list[Reference] = []
    addresses: set[str] = set()
    quiz_references: list[Reference] = []
    for path, text in files.items():
        if path == PARTS:
            content.parts, problems = lesson_files.parse_parts(text, path)
        elif path == HELP:
            content.help_lines, problems = lesson_files.parse_help_lines(text, path)
        elif path == GLOSSARY:
            content.terms, problems, linked = lesson_files.parse_terms(text, path)
            references += linked
        elif path.startswith("lessons/") and path.endswith(".md"):
            lesson = lesson_files.parse_lesson(text, path)
            problems, references = lesson.problems, references + lesson.references
            content.lessons += [lesson.source] if lesson.source else []
            addresses |= lesson_files.addresses(text, path)
        elif path.startswith("quizzes/") and path.endswith(".yaml"):
            quiz = quiz_files.parse_quiz(text, path)
            problems, references = quiz.problems, references + quiz.references
            content.quizzes += [quiz.source] if quiz.source else []
            quiz_references += quiz.quizzes
        else:
            problems = [Problem(path, 1, "unknown file; remove it or see the README for what belongs here")]
        content.problems += problems
    content.problems += [Problem(name, 1, "file is missing") for name in (PARTS, HELP, GLOSSARY) if name not in files]
    content.problems += _misplaced(files, content.parts)
    content.problems += [
        Problem(reference.path, reference.line, f"there is no section '{reference.address}'")
        for reference in references
        if reference.address not in addresses
    ]
    content.problems += [
        Problem(reference.path, reference.line, f"there is no quiz '{reference.address}'")
        for reference in quiz_references
        if f"quizzes/{reference.address}.yaml" not in files
    ]
    content.problems += _numbered_twice(content.quizzes)
    content.problems.sort()
    return content


@transaction.atomic
def load(content: Content, *, overwrite: bool = False) -> list[str]:
    """Bring the database up to ``content`` and publish what changed. Gives a line per change, none if equal."""
    report = _load_parts(content.parts, overwrite) + _load_help(content.help_lines, overwrite)
    lessons = [source for source in content.lessons if _wanted(_LESSON, source, overwrite, report)]
    _make_room(_LESSON, lessons)
    lesson_rows = [course.apply(source, keep_orphans=True) for source in lessons]
    quizzes = [source for source in content.quizzes if _wanted(_QUIZ, source, overwrite, report)]
    _make_room(_QUIZ, quizzes)
    quizzing.reserve(quizzes)
    quiz_rows = [quizzing.apply(source) for source in quizzes]
    report += _load_terms(content.terms, overwrite)
    for row, source in zip(lesson_rows, lessons, strict=True):
        course.drop_orphans(row, source)
    _remember(_LESSON, lessons)
    _remember(_QUIZ, quizzes)
    report += [f"lesson {version}" for version in course.publish(lesson_rows, note="Loaded from the content files")]
    report += [f"quiz {version}" for version in quizzing.publish(quiz_rows, note="Loaded from the content files")]
    return report


def dump(folder: Path) -> list[Path]:
    """Write every draft as a file below ``folder``, which must be empty. Gives the files."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    parts = list(Part.objects.all())
    texts = {
        PARTS: lesson_files.write_parts([_part_source(part) for part in parts]),
        HELP: lesson_files.write_help_lines([_help_source(line) for line in HelpLine.objects.all()]),
        GLOSSARY: lesson_files.write_terms(
            [_term_source(term) for term in Term.objects.select_related("section__lesson")]
        ),
    }
    positions = {part.slug: part.position for part in parts}
    for lesson in Lesson.objects.select_related("part"):
        source = course.snapshot(lesson)
        texts[lesson_files.lesson_path(source, positions[source.part])] = lesson_files.write_lesson(source)
    for quiz in Quiz.objects.all():
        quiz_source = quizzing.snapshot(quiz)
        texts[quiz_files.quiz_path(quiz_source)] = quiz_files.write_quiz(quiz_source)
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return [folder / path for path in texts]


def _texts(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "there is no such folder"))
        return
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink():
            problems.append(Problem(path, 1, "is a link; put the file itself here"))
        elif file.is_file():
            text, unreadable = lesson_files.decode(file.read_bytes(), path)
            problems += unreadable
            if not unreadable:
                yield path, text


def _misplaced(files: dict[str, str], parts: list[PartSource]) -> Iterator[Problem]:
    """Lessons in a folder that is no part's, and slugs or numbers that two lessons share."""
    order = {part.slug: position for position, part in enumerate(parts, 1)}
    taken: dict[tuple[str, str], str] = {}
    for path in files:
        place = lesson_files.LESSON_PATH.fullmatch(path)
        if not place:
            continue
        if order and order.get(place["part"]) != int(place["position"]):
            yield Problem(path, 1, f"{PARTS} has no part number {place['position']} called '{place['part']}'")
        for name, key in (("slug", place["slug"]), ("number", str(int(place["number"])))):
            other = taken.setdefault((name, key), path)
            if other != path:
                yield Problem(path, 1, f"{name} '{key}' is already used by {other}")


def _numbered_twice(quizzes: list[QuizSource]) -> Iterator[Problem]:
    taken: dict[int, str] = {}
    for source in quizzes:
        other = taken.setdefault(source.number, source.slug)
        if other != source.slug:
            yield Problem(
                quiz_files.quiz_path(source), 1, f"number {source.number} is already used by quizzes/{other}.yaml"
            )


def _load_parts(parts: list[PartSource], overwrite: bool) -> list[str]:
    if Part.objects.exists() and not overwrite:
        known = set(Part.objects.values_list("slug", flat=True))
        return [f"part '{part.slug}' is new; load it with --overwrite" for part in parts if part.slug not in known]
    report = []
    for position, part in enumerate(parts, 1):
        row = Part.objects.filter(slug=part.slug).first()
        if row and _part_source(row) == part and row.position == position:
            continue
        Part.objects.filter(position=position).exclude(slug=part.slug).update(position=1000 + position)
        Part.objects.update_or_create(
            slug=part.slug, defaults={"title": part.title, "summary": part.summary, "position": position}
        )
        report.append(f"part '{part.title}'")
    return report


def _load_help(lines: list[HelpLineSource], overwrite: bool) -> list[str]:
    rows = list(HelpLine.objects.all())
    if [_help_source(row) for row in rows] == lines or (rows and not overwrite):
        return []
    HelpLine.objects.all().delete()
    HelpLine.objects.bulk_create(HelpLine(position=n, **vars(line)) for n, line in enumerate(lines))
    return [f"{len(lines)} help lines"]


def _load_terms(terms: list[TermSource], overwrite: bool) -> list[str]:
    sections = {
        f"{row.lesson.slug}#{anchor}": row
        for row in Section.objects.select_related("lesson")
        for anchor in (row.anchor, *filter(None, row.former_anchors.split(",")))
    }
    rows = [(row.term, row.meaning, row.section_id) for row in Term.objects.all()]
    filed = [(term.term, term.meaning, sections[term.section].pk) for term in terms]
    if rows == filed or (rows and not overwrite):
        return []
    Term.objects.all().delete()
    Term.objects.bulk_create(
        Term(term=term.term, meaning=term.meaning, section=sections[term.section]) for term in terms
    )
    return [f"{len(terms)} glossary terms"]


def _wanted(kind: _Kind, source: Any, overwrite: bool, report: list[str]) -> bool:
    """Whether the file is to be loaded. Says in ``report`` where an editor's change keeps it out."""
    row = kind.model.objects.filter(slug=source.slug).first()
    filed = kind.digest(source)
    drafted = kind.digest(kind.snapshot(row)) if row else ""
    if drafted == filed:
        return False
    if not row or overwrite:
        return True
    if row.loaded_digest == filed:
        return False
    if row.withdrawn or drafted != row.loaded_digest:
        report.append(f"kept '{row}': it was changed here, and its file too; --overwrite takes the file")
        return False
    return True


def _make_room(kind: _Kind, sources: list[Any]) -> None:
    """Move what is about to be numbered anew out of the way, so that two may change places."""
    kind.model.objects.filter(slug__in=[source.slug for source in sources]).update(number=F("number") + 10_000)


def _remember(kind: _Kind, sources: list[Any]) -> None:
    for source in sources:
        kind.model.objects.filter(slug=source.slug).update(loaded_digest=kind.digest(source))


def _part_source(row: Part) -> PartSource:
    return PartSource(slug=row.slug, title=row.title, summary=row.summary)


def _term_source(row: Term) -> TermSource:
    return TermSource(term=row.term, meaning=row.meaning, section=row.section.address)


def _help_source(row: HelpLine) -> HelpLineSource:
    return HelpLineSource(**{name: getattr(row, name) for name in HelpLineSource.__dataclass_fields__})
