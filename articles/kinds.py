"""The kinds of content of the course, as the rest of the house knows them."""

import pathlib
from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve, reverse
from django.utils.text import slugify

from articles import markdown, plain, rules
from articles.files import LessonFiles
from articles.models import Lesson, LessonVersion, Part, PartVersion, SectionText, Term, TermVersion
from articles.source import LessonSource, PartSource, TermSource, lesson_head
from articles.views import glossary_context, lesson_context, part_context
from publishing.files import ListIn
from publishing.kind import Entry, Find, Kind, register
from publishing.leaves import SLUG
from publishing.shape import Document, Path, Problem


def drawing(name: str) -> str | None:
    """One of the site's own drawings as SVG, from ``static/figures/``."""
    found = finders.find(f"figures/{name}.svg")
    return pathlib.Path(found).read_text(encoding="utf-8").strip() if found else None


def broken(lesson: LessonSource) -> Iterator[Problem]:
    """What the rules say, and drawings and pictures that do not exist."""
    yield from rules.broken(lesson)
    for at, text in rules.bodies(lesson):
        for line, name in markdown.look(text).drawings:
            if not drawing(name):
                yield (*at, line), f"there is no drawing “{name}”"
        for line, address in markdown.look(text).uploads:
            if not default_storage.exists(address.removeprefix(settings.MEDIA_URL)):
                yield (*at, line), f"there is no picture “{address}”; upload it again"


def freeze(lesson: LessonSource, find: Find) -> tuple[Document, Document]:
    def html(text: str) -> str:
        return markdown.render(text, lambda address: find(f"section:{address}"), drawing)

    rendered = {
        "scene": html(lesson.scene),
        "sections": [html(section.body) for section in lesson.sections],
        "exercise": html(lesson.exercise.body),
    }
    return lesson_head(lesson), rendered


def targets(lesson: LessonSource) -> dict[str, str]:
    """Every section, under its former anchors too, and the lesson itself."""
    if not (SLUG.fullmatch(lesson.part) and SLUG.fullmatch(lesson.slug)):
        return {}
    page = reverse("lesson", args=[lesson.part, lesson.slug])
    sections = {
        f"section:{lesson.slug}#{anchor}": f"{page}#{section.anchor}"
        for section in lesson.sections
        for anchor in section.anchors
    }
    return {f"lesson:{lesson.slug}": page, **sections}


# What the addresses of pages lead to, by their names. Other pages are always there, unless somebody's name is in them.
PAGES = {
    **dict.fromkeys(("lesson", "exercise"), "lesson"),
    **dict.fromkeys(("quiz", "questions", "method"), "quiz"),
    "part": "part",
}


def leads(lesson: LessonSource) -> Iterator[tuple[Path, str]]:
    """Where the lesson leads, by addresses of sections and of pages."""
    yield from rules.leads(lesson)
    for at, text in rules.bodies(lesson):
        found = ((line, page_target(address)) for line, address in markdown.look(text).pages)
        yield from (((*at, line), target) for line, target in found if target)


def page_target(address: str) -> str:
    """What a page of this site needs to be there; empty if it always is."""
    path, _, anchor = address.partition("#")
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return f"page:{path}"
    name = match.url_name or ""
    if name == "lesson" and anchor and anchor not in rules.RESERVED_ANCHORS:
        return f"section:{match.kwargs['slug']}#{anchor}"
    if name == "glossary" and anchor:
        return f"term:{anchor}"
    if what := PAGES.get(name):
        return f"{what}:{match.kwargs['slug']}"
    return f"page:{path}" if match.kwargs else ""


def outline(lesson: LessonSource) -> Iterator[Entry]:
    for place, section in enumerate(lesson.sections):
        known = tuple(f"section:{lesson.slug}#{anchor}" for anchor in section.anchors if SLUG.fullmatch(anchor))
        yield Entry(("sections", place), section.heading, plain.facts(section.body), known)


def part_targets(part: PartSource) -> dict[str, str]:
    return {f"part:{part.slug}": reverse("part", args=[part.slug])} if SLUG.fullmatch(part.slug) else {}


def term_targets(term: TermSource) -> dict[str, str]:
    return {f"term:{anchor}": f"{reverse('glossary')}#{anchor}"} if (anchor := slugify(term.term)) else {}


def index(version: LessonVersion, lesson: LessonSource) -> None:
    """The words of a new version, for search."""
    SectionText.objects.bulk_create(
        SectionText(version_id=version.pk, anchor=each.anchor, heading=each.heading, body=markdown.plain(each.body))
        for each in lesson.sections
    )


PART = Kind(
    name="part",
    value=PartSource,
    model=Part,
    version=PartVersion,
    filing=ListIn("parts.yaml", "parts"),
    offers=("part",),
    targets=part_targets,
    preview=("articles/part_preview.html", part_context),
)
LESSON = Kind(
    name="lesson",
    value=LessonSource,
    model=Lesson,
    version=LessonVersion,
    filing=LessonFiles(),
    position=lambda lesson: lesson.get("number"),
    due=lambda lesson: lesson.review_due,
    offers=("section", "lesson"),
    targets=targets,
    leads=leads,
    uses=rules.uses,
    broken=broken,
    weakened=rules.weakened,
    freeze=freeze,
    published=index,
    tidied=rules.keeping_addresses,
    advice=plain.advice,
    outline=outline,
    sought_by="quiz",
    preview=("articles/preview.html", lesson_context),
)
TERM = Kind(
    name="term",
    value=TermSource,
    model=Term,
    version=TermVersion,
    filing=ListIn("glossary.yaml", "terms", numbered=False),
    slug=lambda term: slugify(term.get("term") or "", allow_unicode=True),
    title=lambda term: term.get("term") or "",
    slugged=False,
    apart=False,
    offers=("term",),
    targets=term_targets,
    preview=("articles/glossary_preview.html", lambda version: glossary_context([version])),
)

for kind in (PART, LESSON, TERM):
    register(kind)
