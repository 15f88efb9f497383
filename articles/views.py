from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles import publishing
from articles.models import LessonVersion, Part
from articles.search import search


@require_safe
def part(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Part.objects.defer("card"), slug=slug)
    lessons = LessonVersion.objects.listed().filter(lesson__part=found)
    return render(request, "articles/part.html", {"part": found, "lessons": lessons})


@require_safe
def lesson(request: HttpRequest, part: str, slug: str) -> HttpResponse:
    version = LessonVersion.objects.live().with_neighbors().filter(lesson__slug=slug).first()
    if not version:
        raise Http404
    if version.lesson.part.slug != part:
        return redirect(version, permanent=True)
    return render(request, "articles/lesson.html", lesson_context(version, version.previous_id, version.next_id))


@require_safe
def part_card(request: HttpRequest, slug: str) -> HttpResponse:
    return _card(get_object_or_404(Part, slug=slug).card)


@require_safe
def lesson_card(request: HttpRequest, part: str, slug: str) -> HttpResponse:
    live = LessonVersion.objects.live().filter(lesson__part__slug=part, lesson__slug=slug)
    return _card(get_object_or_404(live.defer(None)).card)


@require_safe
def exercise(request: HttpRequest, part: str, slug: str) -> HttpResponse:
    """The lesson's exercise as a sheet of its own, with room to write."""
    version = get_object_or_404(LessonVersion.objects.live(), lesson__slug=slug, lesson__part__slug=part)
    context = {"version": version, "exercise": version.source.exercise, "part": version.lesson.part, "lines": range(14)}
    return render(request, "articles/exercise.html", context)


@require_safe
def booklet(request: HttpRequest) -> HttpResponse:
    """The whole course on one page, for printing."""
    versions = LessonVersion.objects.live().order_by("lesson__number")
    return render(request, "articles/booklet.html", {"versions": versions})


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:200]
    return render(request, "articles/search.html", {"asked": asked, "hits": search(asked)})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/glossary.html", {"terms": publishing.glossary()})


def _card(picture: bytes | memoryview) -> HttpResponse:
    response = HttpResponse(bytes(picture), content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def lesson_context(
    version: LessonVersion, previous_id: int | None = None, next_id: int | None = None
) -> dict[str, object]:
    """What the lesson page shows; a preview has no neighbors."""
    ids = [pk for pk in (previous_id, next_id) if pk]
    neighbors = {found.pk: found for found in LessonVersion.objects.listed().filter(pk__in=ids)} if ids else {}
    return {
        "version": version,
        "lesson": version.source,
        "part": version.lesson.part,
        "previous": neighbors.get(previous_id or 0),
        "next": neighbors.get(next_id or 0),
    }
