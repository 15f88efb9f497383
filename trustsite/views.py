"""The pages around the course: home, help, privacy, exit, errors."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

from articles.models import LessonVersion, PartVersion
from publishing.given_back import given_back, typed
from publishing.kind import KINDS
from publishing.models import Draft
from publishing.views import admin_url, list_url
from quizzes.kept.kept import EXPIRIES
from quizzes.models import QuizVersion
from quizzes.plan import plan
from quizzes.taking.views import questions_again

# The kind of content that a page shows, by the name of its address.
PAGES = {
    "lesson": "lesson",
    "exercise": "lesson",
    "part": "part",
    "quiz": "quiz",
    "method": "quiz",
    "glossary": "term",
    "help": "help line",
}
PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}


def site(request: HttpRequest) -> dict[str, str]:
    """What every template knows."""
    return {"site_name": settings.SITE_NAME, "edit_url": edit_url(request)}


def edit_url(request: HttpRequest) -> str:
    """Where the page is edited, for an editor who is logged in and may. Who has no session costs nothing here, and gets
    not one byte more. The session is read apart from the request's own, which would add a header for caches and delete
    the cookie of a session that has ended."""
    match = request.resolver_match
    kind = KINDS.get(PAGES.get(match.url_name or "", "") if match else "")
    if not (match and kind and settings.SESSION_COOKIE_NAME in request.COOKIES):
        return ""
    apart = HttpRequest()
    apart.session = SessionStore(request.COOKIES[settings.SESSION_COOKIE_NAME])
    user = get_user(apart)
    if not (user.is_staff and user.has_perm(kind.right("change"))):
        return ""
    if "slug" not in match.kwargs:
        return list_url(kind.model)
    draft = Draft.objects.filter(kind=kind.name, slug=match.kwargs["slug"]).only("kind").first()
    return admin_url(draft) if draft else ""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    lessons = list(LessonVersion.objects.listed())
    parts = [
        {"part": part, "lessons": [version for version in lessons if version.part_slug == part.slug]}
        for part in PartVersion.objects.live().order_by("position")
    ]
    hours = _hours(sum(version.minutes for version in lessons))
    context = {"parts": parts, "lesson_count": len(lessons), "hours": hours, "quizzes": QuizVersion.objects.listed()}
    return render(request, "home.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    expiries = ", ".join(map(str, EXPIRIES[:-1])) + f" or {EXPIRIES[-1]}"
    hours = settings.SESSION_COOKIE_AGE // 3600
    context = {"session_hours": hours, "expiries": expiries, "plan_days": plan.LASTS.days}
    return render(request, "privacy.html", context)


@require_safe
def exit_site(request: HttpRequest) -> HttpResponse:
    """Leave for a neutral site, and have the browser drop what it keeps of this one."""
    response = HttpResponse(status=303, headers={"Location": settings.EXIT_URL})
    response["Clear-Site-Data"] = '"cache", "cookies"'
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the site can read its database, 503 when only the process is up."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("process ok, database unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain")


@require_safe
def media(request: HttpRequest, name: str) -> FileResponse:
    """An uploaded picture, with its exact type and in a sandbox: whatever it holds, it cannot act."""
    try:
        content_type = PICTURES[Path(name).suffix]
        picture = Path(safe_join(settings.MEDIA_ROOT, name)).open("rb")  # noqa: SIM115 - the response closes it
    except (KeyError, OSError, ValueError) as error:
        raise Http404 from error
    response = FileResponse(picture, content_type=content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _hours(minutes: int) -> str:
    """A rounded length such as "2½ hours", "half an hour" at least."""
    hours, half = divmod(max(1, round(minutes / 30)), 2)
    if not hours:
        return "half an hour"
    return f"{hours}{'½' if half else ''} hour{'' if hours == 1 and not half else 's'}"


def error(request: HttpRequest, exception: Exception | None = None, *, status: int) -> HttpResponse:
    if data := typed(request):
        return given_back(request, data, status, denied=status == 403)
    editing = request.path.startswith(reverse("admin:index"))
    return render(request, f"errors/{status}.html", {"editing": editing}, status=status)


bad_request, forbidden, not_found, server_error = (partial(error, status=status) for status in (400, 403, 404, 500))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer good. Answers to a quiz come back, ready to be sent again."""
    match = request.resolver_match
    if match and match.url_name == "questions":
        return questions_again(request, match.kwargs["slug"])
    if data := typed(request):
        return given_back(request, data, 403)
    return render(request, "errors/403.html", {"expired": True}, status=403)
