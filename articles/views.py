"""The pages of the course. Every read begins at what is live."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from articles import cards
from articles.models import LessonVersion, PartVersion, TermVersion
from articles.search import search


@require_safe
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "articles/part.html", part_context(get_object_or_404(PartVersion.objects.live(slug=slug))))


@require_safe
def lesson(request: HttpRequest, part: str, slug: str) -> HttpResponse:
    version = get_object_or_404(LessonVersion.objects.live(slug=slug).with_neighbors())
    if version.part_slug != part:
        return redirect(version, permanent=True)
    return render(request, "articles/lesson.html", lesson_context(version))


@require_safe
def card(request: HttpRequest, part: str, slug: str = "") -> HttpResponse:
    """The picture of a part, or of one of its lessons."""
    found = get_object_or_404(PartVersion.objects.live(slug=part))
    title, above = found.title, f"Part {found.position}"
    if slug:
        title, above = get_object_or_404(LessonVersion.objects.live(slug=slug), head__part=part).title, found.title
    headers = {"Cache-Control": "public, max-age=86400", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(cards.draw(title, above, settings.SITE_NAME), content_type="image/png", headers=headers)


@require_safe
def exercise(request: HttpRequest, part: str, slug: str) -> HttpResponse:
    """The lesson's exercise as a sheet of its own, with room to write."""
    version = get_object_or_404(LessonVersion.objects.live(slug=slug), head__part=part)
    context = {"version": version, "exercise": version.source.exercise, "part_slug": part, "lines": range(14)}
    return render(request, "articles/exercise.html", context)


@require_safe
def booklet(request: HttpRequest) -> HttpResponse:
    """The whole course on one page, for printing."""
    parts = {part.slug: part for part in PartVersion.objects.live()}
    versions = LessonVersion.objects.live().order_by("position")
    lessons = [{"version": version, "part": parts.get(version.part_slug)} for version in versions]
    return render(request, "articles/booklet.html", {"lessons": lessons})


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:200]
    return render(request, "articles/search.html", {"asked": asked, "hits": search(asked)})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/glossary.html", glossary_context(TermVersion.objects.live().order_by("title")))


class LessonFeed(Feed):  # type: ignore[type-arg]  # Django's class takes no type argument when it runs
    """The newest published lessons, for readers who follow the course."""

    feed_type = Atom1Feed
    title = author_name = settings.SITE_NAME
    subtitle = "New and corrected lessons"
    link = "/"
    feed_url = "/feed.atom"

    def items(self) -> Iterable[LessonVersion]:
        return LessonVersion.objects.listed().order_by("-live_from", "position")[:20]

    def item_title(self, item: LessonVersion) -> str:
        return item.title

    def item_description(self, item: LessonVersion) -> str:
        return item.outline.summary

    def item_updateddate(self, item: LessonVersion) -> datetime:
        return item.live_from


def part_context(part: PartVersion) -> dict[str, Any]:
    return {"part": part, "lessons": LessonVersion.objects.listed().filter(head__part=part.slug)}


def glossary_context(terms: Iterable[TermVersion]) -> dict[str, Any]:
    """Every term with the page address and the heading of the section that teaches it, if readers can open that now."""
    places = {
        f"{version.slug}#{anchor}": (f"{version.get_absolute_url()}#{section.anchor}", section.heading)
        for version in LessonVersion.objects.listed()
        for section in version.outline.sections
        for anchor in section.anchors
    }
    return {"terms": [(each.source, *places.get(each.source.section, ("", ""))) for each in terms]}


def lesson_context(version: LessonVersion) -> dict[str, Any]:
    """What the lesson page shows. The lessons around it are those of ``with_neighbors``; a preview has none."""
    around = LessonVersion.objects.light().in_bulk({version.previous_id, version.next_id} - {None})
    return {
        "version": version,
        "lesson": version.source,
        "part": PartVersion.objects.live(slug=version.part_slug).first(),
        "previous": around.get(version.previous_id),
        "next": around.get(version.next_id),
    }
