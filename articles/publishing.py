"""From draft rows to a value and back, and from a value to what readers see.

``snapshot`` and ``apply`` are each other's inverse. ``publish`` freezes snapshots as versions, all or none,
and refuses whatever would leave a link without its target, in other apps too (``articles.apps.dependents``).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.staticfiles import finders
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone

from articles import cards, files, markdown, search
from articles.apps import dependents
from articles.document import to_document
from articles.models import Citation, Lesson, LessonVersion, Part, Section, SectionText, Term
from articles.source import CitationSource, ExerciseSource, LessonSource, SectionSource, minutes


class Refused(Exception):
    """What was asked for would show readers something broken. ``problems`` says what to mend, a line each."""

    def __init__(self, problems: Sequence[str]):
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def snapshot(lesson: Lesson) -> LessonSource:
    """What the draft says now."""
    return LessonSource(
        part=lesson.part.slug,
        number=lesson.number,
        slug=lesson.slug,
        title=lesson.title,
        summary=lesson.summary,
        objectives=tuple(line.strip() for line in _unix(lesson.objectives).split("\n") if line.strip()),
        safety=lesson.safety,
        reviewed=lesson.reviewed,
        review_due=lesson.review_due,
        scene=_unix(lesson.scene),
        sections=tuple(
            SectionSource(
                anchor=row.anchor,
                heading=row.heading,
                body=_unix(row.body),
                safety=row.safety,
                repair_advice=row.repair_advice,
                former_anchors=tuple(filter(None, row.former_anchors.split(","))),
            )
            for row in lesson.sections.all()
        ),
        exercise=ExerciseSource(
            title=lesson.exercise_title, minutes=lesson.exercise_minutes, body=_unix(lesson.exercise_body)
        ),
        citations=tuple(
            CitationSource(citation=row.citation, doi=row.doi, url=row.url) for row in lesson.citations.all()
        ),
    )


@transaction.atomic
def apply(source: LessonSource, *, keep_orphans: bool = False) -> Lesson:
    """Make the draft say ``source``. A section keeps its row as long as its anchor, or a former one, remains.

    Sections that are gone are deleted, or refused where something refers to them; ``keep_orphans`` leaves
    them for ``drop_orphans``, when what refers to them is about to change too.
    """
    part = Part.objects.filter(slug=source.part).first()
    if not part:
        raise Refused([f"{source.title}: there is no part '{source.part}'"])
    lesson, _ = Lesson.objects.update_or_create(
        slug=source.slug,
        defaults={
            "part": part,
            "number": source.number,
            "title": source.title,
            "summary": source.summary,
            "objectives": "\n".join(source.objectives),
            "safety": source.safety,
            "reviewed": source.reviewed,
            "review_due": source.review_due,
            "scene": source.scene,
            "exercise_title": source.exercise.title,
            "exercise_minutes": source.exercise.minutes,
            "exercise_body": source.exercise.body,
        },
    )
    _apply_sections(lesson, source)
    lesson.citations.all().delete()
    Citation.objects.bulk_create(
        Citation(lesson=lesson, position=position, citation=cited.citation, doi=cited.doi, url=cited.url)
        for position, cited in enumerate(source.citations)
    )
    if not keep_orphans:
        drop_orphans(lesson, source)
    return Lesson.objects.get(pk=lesson.pk)


def drop_orphans(lesson: Lesson, source: LessonSource) -> None:
    """Delete the rows of sections that ``source`` no longer has."""
    gone = lesson.sections.exclude(anchor__in=[section.anchor for section in source.sections])
    try:
        gone.delete()
    except ProtectedError as error:
        raise Refused(
            [f"{row} still links to a section that is to be deleted" for row in error.protected_objects]
        ) from error


def restore(version: LessonVersion) -> Lesson:
    """Make the draft say what ``version`` said. Readers see it once it is published again."""
    return apply(version.source.at(snapshot(version.lesson)))


@transaction.atomic
def publish(
    lessons: Sequence[Lesson],
    *,
    author: AbstractBaseUser | None = None,
    note: str = "",
    live_from: datetime | None = None,
) -> list[LessonVersion]:
    """Freeze the drafts of ``lessons`` as new versions, all or none. Raises ``Refused``."""
    sources = {lesson: snapshot(lesson) for lesson in lessons}
    refuse(publishing_problems(list(sources.values())))
    versions = []
    for lesson, source in sources.items():
        version = freeze(source, lesson)
        version.number = 1 + (lesson.versions.aggregate(last=Max("number"))["last"] or 0)
        version.card = cards.draw(source.title, lesson.part.title, settings.SITE_NAME)
        version.author, version.note = author, note  # type: ignore[assignment]
        version.live_from = live_from or timezone.now()
        version.save(force_insert=True)
        SectionText.objects.bulk_create(
            SectionText(version=version, anchor=section.anchor, heading=section.heading, body=search.plain(section))
            for section in source.sections
        )
        versions.append(version)
    Lesson.objects.filter(pk__in=[lesson.pk for lesson in lessons]).update(withdrawn=False)
    return versions


def withdraw(lesson: Lesson) -> None:
    """Take a lesson away from readers. Refused while something they can follow leads there."""
    refuse([f"{who} links to {lesson.slug}#{anchor}" for anchor, who in _relied_on(lesson.slug)])
    Lesson.objects.filter(pk=lesson.pk).update(withdrawn=True)


def freeze(source: LessonSource, lesson: Lesson) -> LessonVersion:
    """The version that ``source`` would be, not saved: publishing saves it, a preview shows it."""
    href = page_addresses().get

    def render(text: str) -> str:
        return markdown.render(text, href, drawing)

    return LessonVersion(
        lesson=lesson,
        title=source.title,
        summary=source.summary,
        minutes=minutes(*source.bodies),
        document=to_document(source),
        html={
            "scene": render(source.scene),
            "sections": {section.anchor: render(section.body) for section in source.sections},
            "exercise": render(source.exercise.body),
        },
        outline=[
            {
                "anchor": section.anchor,
                "former_anchors": list(section.former_anchors),
                "heading": section.heading,
                "minutes": minutes(section.body),
                "repair_advice": section.repair_advice,
            }
            for section in source.sections
        ],
        references=sorted({address for body in source.bodies for _, address in markdown.references(body)}),
    )


def publishing_problems(sources: Sequence[LessonSource]) -> list[str]:
    """Why readers may not get these lessons: what their files would be refused for, and links without a target."""
    problems: list[str] = []
    arriving = {source.slug: source.anchors for source in sources}
    served = live_addresses(without=arriving) | {
        f"{slug}#{anchor}" for slug, anchors in arriving.items() for anchor in anchors
    }
    for source in sources:
        parsed = files.parse_lesson(files.write_lesson(source), files.lesson_path(source, 1))
        problems += [f"{source.title}: {problem.message}" for problem in parsed.problems]
        problems += [
            f"{source.title}: links to {reference.address}, which readers cannot open"
            for reference in parsed.references
            if reference.address not in served
        ]
        problems += [
            f"{source.title}: there is no drawing '{name}'"
            for body in source.bodies
            for _, name in markdown.drawings(body)
            if not drawing(name)
        ]
        problems += [
            f"{source.title}: section '{anchor}' is missing, but {who} links to it"
            for anchor, who in _relied_on(source.slug, without=arriving)
            if anchor not in source.anchors
        ]
    return problems


def live_addresses(without: Iterable[str] = ()) -> set[str]:
    """The address of every section readers can open, former ones too, leaving out the lessons named.

    A section that a scheduled version drops does not count: a link to it would break when that time comes.
    """
    live = list(LessonVersion.objects.listed().exclude(lesson__slug__in=list(without)))
    shown = {version.lesson_id: _addresses(version) for version in live}
    newest = {version.lesson_id: version.number for version in live}
    for version in LessonVersion.objects.scheduled().filter(lesson__in=shown):
        if version.number > newest[version.lesson_id]:
            shown[version.lesson_id] &= _addresses(version)
    return set().union(*shown.values())


def page_addresses() -> dict[str, str]:
    """Where each drafted section is, or will be, found: section address to page address."""
    rows = Section.objects.values_list("lesson__part__slug", "lesson__slug", "anchor", "former_anchors")
    return {
        f"{slug}#{name}": f"/{part}/{slug}/#{anchor}"
        for part, slug, anchor, former in rows
        for name in (anchor, *filter(None, former.split(",")))
    }


def drawing(name: str) -> str | None:
    """One of the site's own drawings as SVG, from ``static/figures/``."""
    found = finders.find(f"figures/{name}.svg")
    return Path(found).read_text(encoding="utf-8").strip() if found else None


def glossary() -> list[dict[str, str]]:
    """Every term with the page address of the section that teaches it, if readers can open that now."""
    live = live_addresses()
    found = []
    for row in Term.objects.select_related("section__lesson__part"):
        lesson = row.section.lesson
        anchors = (row.section.anchor, *filter(None, row.section.former_anchors.split(",")))
        anchor = next((each for each in anchors if f"{lesson.slug}#{each}" in live), "")
        address = f"{lesson.get_absolute_url()}#{anchor}" if anchor else ""
        found.append({"term": row.term, "meaning": row.meaning, "address": address, "heading": row.section.heading})
    return found


def refuse(problems: Sequence[str]) -> None:
    if problems:
        raise Refused(problems)


def _addresses(version: LessonVersion) -> set[str]:
    return {
        f"{version.lesson.slug}#{anchor}"
        for entry in version.outline
        for anchor in (entry["anchor"], *entry["former_anchors"])
    }


def _relied_on(slug: str, without: Iterable[str] = ()) -> set[tuple[str, str]]:
    """(anchor, who) for each section of lesson ``slug`` that something readers see links to."""
    lessons = LessonVersion.objects.listed().exclude(lesson__slug__in={slug, *without})
    from_lessons = {
        (address.partition("#")[2], f"lesson '{version.title}'")
        for version in lessons
        for address in version.references
        if address.startswith(f"{slug}#")
    }
    return from_lessons.union(*(set(ask(slug)) for ask in dependents))


def _apply_sections(lesson: Lesson, source: LessonSource) -> None:
    rows = {row.anchor: row for row in lesson.sections.all()}
    own = {section.anchor: rows.pop(section.anchor) for section in source.sections if section.anchor in rows}
    renamed = {former: row for row in rows.values() for former in (row.anchor, *row.former_anchors.split(","))}
    for position, section in enumerate(source.sections):
        row = own.get(section.anchor) or _claim(renamed, section.anchors) or Section(lesson=lesson)
        row.position = position
        row.anchor, row.heading, row.body = section.anchor, section.heading, section.body
        row.safety, row.repair_advice = section.safety, section.repair_advice
        row.former_anchors = ",".join(section.former_anchors)
        row.save()


def _claim(rows: dict[str, Section], anchors: Iterable[str]) -> Section | None:
    """The row that had one of these anchors, which nobody else can have any more."""
    row = next((rows[anchor] for anchor in anchors if anchor in rows), None)
    for anchor in [anchor for anchor, other in rows.items() if other is row]:
        del rows[anchor]
    return row


def _unix(text: str) -> str:
    """Browsers send line ends as CRLF; a value has none at its ends and ``\\n`` between."""
    return text.replace("\r\n", "\n").strip("\n").rstrip()
