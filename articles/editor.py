"""What the Markdown editor in the admin asks of the server: a preview, and a place for a picture, which is decoded and
written anew under a name of our own, so nothing but pixels arrives. Editors only."""

import io
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from PIL import Image, ImageOps, UnidentifiedImageError

from articles import markdown, pictures
from articles.kinds import drawing
from articles.models import Lesson, LessonVersion
from publishing import links
from publishing.kind import KINDS
from publishing.models import Version
from publishing.views import field_url

FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}


class BadPicture(Exception):
    """Why a file is not taken, in a sentence for the editor."""


def editors_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who is not logged in any more hears so in a sentence, which stands where the answer would stand."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            said = "You were logged out. Your text is safe: press Save and log in."
            return HttpResponse(said, status=403, content_type="text/plain")
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request)

    return guarded


@require_POST
@editors_only
@permission_required("articles.change_lesson", raise_exception=True)
def preview(request: HttpRequest) -> HttpResponse:
    """The HTML of the Markdown in ``content``, as readers will get it."""
    text = request.POST.get("content", "")
    find = links.finder(((), f"section:{address}") for _, address in markdown.look(text).references)
    return HttpResponse(markdown.render(text, lambda address: find(f"section:{address}"), drawing))


@require_POST
@editors_only
@permission_required("articles.change_lesson", raise_exception=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the picture in ``image`` and give the Markdown that shows it."""
    try:
        data, extension = reencode(request.FILES.get("image"))
    except BadPicture as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"image_code": f"![{markdown.PLACEHOLDER}]({pictures.keep(data, extension)})"})


@require_GET
@editors_only
def sections(request: HttpRequest) -> JsonResponse:
    """What readers can open, for a field that leads to a section, or to one ``of`` another kind: at most 20 that hold
    every word asked for."""
    asked = request.GET.get("q", "").lower().replace("#", " ").split()
    known = _known(request.GET.get("of", "section"))
    found = [each for each in known if all(word in " ".join(each).lower() for word in asked)]
    return JsonResponse({"sections": found[:20]})


def _known(kind: str) -> list[tuple[str, str]]:
    if kind in KINDS:
        return list(Version.objects.listed(kind=kind).values_list("slug", "title"))
    listed = LessonVersion.objects.listed().values_list("slug", "title", "head")
    return [
        (f"{slug}#{section['anchor']}", f"{section['heading']} - {title}")
        for slug, title, head in listed
        for section in head["sections"]
    ]


@require_GET
def unsought(request: HttpRequest) -> HttpResponse:
    """Sections that readers see and no quiz that they see leads to."""
    sought = links.sought_by("quiz")
    listed = LessonVersion.objects.listed().values_list("draft", "slug", "title", "head")
    found = [
        (Lesson(pk=draft, kind="lesson", title=title), ("sections", place), section["heading"])
        for draft, slug, title, head in listed
        for place, section in enumerate(head["sections"])
        if not sought & {f"section:{slug}#{anchor}" for anchor in (section["anchor"], *section["former_anchors"])}
    ]
    shown = [
        {"title": draft.title, "heading": heading, "url": field_url(draft, place)}
        for draft, place, heading in found[:100]
    ]
    title = "Sections that no quiz leads to"
    context = {**admin.site.each_context(request), "title": title, "count": len(found), "sections": shown}
    return render(request, "admin/unsought.html", context)


@require_GET
@editors_only
def drawings(request: HttpRequest) -> JsonResponse:
    """The names of the site's own drawings."""
    found = (Path(name) for finder in finders.get_finders() for name, _ in finder.list(None))
    return JsonResponse({"drawings": sorted(each.stem for each in found if each.match("figures/*.svg"))})


def reencode(file: Any) -> tuple[bytes, str]:
    """The picture's pixels as a new file, with its extension. Its size is judged by the header, before loading."""
    if not isinstance(file, UploadedFile):
        raise BadPicture("Choose a picture to upload.")
    if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise BadPicture(f"The picture is larger than {settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB; make it smaller.")
    try:
        with Image.open(file, formats=list(FORMATS)) as picture:
            if picture.width * picture.height > settings.UPLOAD_MAX_PIXELS:
                limit = settings.UPLOAD_MAX_PIXELS // 1_000_000
                raise BadPicture(f"The picture has more than {limit} million pixels; make it smaller.")
            kind = "JPEG" if picture.format == "MPO" else str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            if upright.mode.startswith("I"):  # 16 bits of gray, which scanners write
                upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
            see_through = "transparency" in upright.info or upright.mode in ("RGBA", "LA", "PA")
            pixels = upright.convert("RGBA" if see_through and kind != "JPEG" else "RGB")
            clean = Image.new(pixels.mode, pixels.size)
            clean.paste(pixels)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture("This is not a PNG, JPEG or WebP picture that can be read.") from error
    out = io.BytesIO()
    clean.save(out, format=kind)
    return out.getvalue(), FORMATS[kind]
