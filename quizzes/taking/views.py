"""The quiz as its taker meets it: start, questions, result. Nothing is stored; see ``answers``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.models import LessonVersion
from articles.views import lesson_context
from quizzes.change import WOBBLE
from quizzes.models import QuizVersion
from quizzes.personal import personal, see_other
from quizzes.scales import RATINGS
from quizzes.source import DimensionSource, QuizSource
from quizzes.taking import answers
from quizzes.taking.forms import QuestionsForm, initial
from quizzes.taking.result import edges, guided, shown, strips


@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    return render(request, "quizzes/taking/list.html", {"quizzes": QuizVersion.objects.listed()})


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    version = get_object_or_404(QuizVersion.objects.live(slug=slug))
    return render(request, "quizzes/taking/start.html", {"version": version, "quiz": version.source})


@require_safe
def how_made(request: HttpRequest, slug: str) -> HttpResponse:
    """How the quiz is made and scored."""
    version = get_object_or_404(QuizVersion.objects.live(slug=slug))
    context = {
        "version": version,
        "quiz": version.source,
        "dimensions": [_facts(version.source, dimension) for dimension in version.source.dimensions],
        "scale": RATINGS.get(version.source.format, {}).values(),
        "wobble": WOBBLE,
    }
    return render(request, "quizzes/taking/method.html", context)


@personal("same-origin", listed=True)
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    asked = answers.asked(slug, request.POST.get("version", ""))
    version = asked or get_object_or_404(QuizVersion.objects.live(slug=slug))
    context = _chosen(request, version.source)
    if request.method != "POST":
        return see_other("quiz", slug) if context is None else _ask(request, version, _blank(request, version, context))
    if context is None:
        return _ask_context(request, version, asked)
    form = QuestionsForm(version.source, context, data=request.POST, taker=_taker(request))
    if not asked or not form.is_valid():
        return _ask(request, version, form, status=422, renewed=not asked)
    response = see_other("result", slug)
    answers.keep(response, request, answers.Answers(version, context, form.gate_answer, form.responses))
    return response


@personal("same-origin", listed=True)
def questions_again(request: HttpRequest, slug: str) -> HttpResponse:
    """The form with everything that was answered and a fresh token, after an old one was refused."""
    asked = answers.asked(slug, request.POST.get("version", ""))
    version = asked or get_object_or_404(QuizVersion.objects.live(slug=slug))
    context = _chosen(request, version.source)
    if context is None:
        return _ask_context(request, version, asked)
    form = QuestionsForm(version.source, context, initial=request.POST.dict(), taker=_taker(request))
    return _ask(request, version, form, status=403, renewed=not asked)


@require_safe
@personal("no-referrer")
def result(request: HttpRequest, slug: str) -> HttpResponse:
    given = answers.load(request, slug)
    if not given:
        version = get_object_or_404(QuizVersion.objects.live(slug=slug))
        return render(request, "quizzes/taking/no_answers.html", {"version": version}, status=404)
    context = shown(given, *guided(given), request.headers.get("Accept-Language", ""))
    return render(request, "quizzes/taking/result.html", context)


@require_safe
@personal("no-referrer")
def reading(request: HttpRequest, slug: str, part: str, lesson: str) -> HttpResponse:
    """A lesson as a result leads to it: the plain page, with a strip at each section the result named."""
    version = get_object_or_404(LessonVersion.objects.live(slug=lesson))
    given = answers.load(request, slug)
    if not given or version.part_slug != part:
        return redirect(version)
    context = lesson_context(version) | {"strips": strips(*guided(given), lesson), "quiz": given.version.source}
    return render(request, "quizzes/taking/reading.html", context)


@csrf_exempt  # from a page without referrer Chromium sends "Origin: null"; all this can do is forget
@require_POST
@personal("same-origin")
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    get_object_or_404(QuizVersion.objects.live(slug=slug))
    response = see_other("quiz", slug)
    answers.forget(response, slug)
    return response


def _facts(source: QuizSource, dimension: DimensionSource) -> dict[str, Any]:
    """How many of a dimension's items there are, have to be answered for a score, are reverse-keyed and can flag."""
    items = [item for item in source.items if item.dimension == dimension.key]
    return {
        "dimension": dimension,
        "edges": edges(source.bands_of(dimension)),
        "count": len(items),
        "least": -(-2 * len(items) // 3),  # two thirds, rounded up
        "reversed": sum(item.reverse for item in items),
        "flags": sum(bool(item.flag_at) for item in items),
    }


def _chosen(request: HttpRequest, source: QuizSource) -> str | None:
    """The answer to the context question: empty where the quiz asks none, None where it is not one of its own."""
    if not source.contexts:
        return ""
    choice = request.GET.get("for", "")
    return choice if choice in source.contexts else None


def _taker(request: HttpRequest) -> str:
    """What stays the same for one taker during the visit: the token that protects their forms."""
    get_token(request)
    return str(request.META["CSRF_COOKIE"])


def _blank(request: HttpRequest, version: QuizVersion, context: str) -> QuestionsForm:
    """The form as it is first shown, with the answers this browser still holds for the same questions."""
    given = answers.load(request, version.slug)
    before = initial(given.gate, given.responses) if given and given.context == context else {}
    return QuestionsForm(version.source, context, initial=before, taker=_taker(request))


def _ask_context(request: HttpRequest, version: QuizVersion, asked: QuizVersion | None) -> HttpResponse:
    """Who the answers are about has to be asked, and is never guessed; the answers are kept meanwhile, and so is which
    version they answer, if that is known."""
    given = [(name, value) for name, value in request.POST.items() if name.startswith("item-") or name == "gate"]
    context = {"version": version, "quiz": version.source, "asked": asked, "given": given[:200]}
    return render(request, "quizzes/taking/context.html", context, status=422)


def _ask(
    request: HttpRequest, version: QuizVersion, form: QuestionsForm, *, status: int = 200, renewed: bool = False
) -> HttpResponse:
    context = {"version": version, "quiz": version.source, "form": form, "expired": status == 403, "renewed": renewed}
    return render(request, "quizzes/taking/questions.html", context, status=status)
