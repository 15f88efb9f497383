"""The quiz as its taker meets it: start, questions, result. Nothing is stored; see ``answers``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.models import LessonVersion
from articles.views import lesson_context
from helplines.models import by_country
from quizzes.change import WOBBLE
from quizzes.models import QuizVersion
from quizzes.personal import personal, see_other
from quizzes.scales import RATINGS
from quizzes.source import DimensionSource, QuizSource
from quizzes.taking import answers
from quizzes.taking.forms import QuestionsForm, initial
from quizzes.taking.result import edges, guided, help_topics, readings, remarks, review, score_rows, sentence, strips


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
    version = _asked_version(request, slug)
    context = _chosen(request, version.source)
    if context is None:
        return redirect("quiz", slug)
    if request.method != "POST":
        return _ask(request, version, _blank(request, version, context))
    form = QuestionsForm(version.source, context, data=request.POST, taker=_taker(request))
    if not form.is_valid():
        return _ask(request, version, form, status=422)
    response = see_other("result", slug)
    answers.keep(response, request, answers.Answers(version, context, form.gate_answer, form.responses))
    return response


@personal("same-origin", listed=True)
def questions_again(request: HttpRequest, slug: str) -> HttpResponse:
    """The form with everything that was answered and a fresh token, after an old one was refused."""
    version = _asked_version(request, slug)
    context = _chosen(request, version.source)
    if context is None:
        return redirect("quiz", slug)
    form = QuestionsForm(version.source, context, initial=request.POST.dict(), taker=_taker(request))
    return _ask(request, version, form, status=403)


@require_safe
@personal("no-referrer")
def result(request: HttpRequest, slug: str) -> HttpResponse:
    given = answers.load(request, slug)
    if not given:
        version = get_object_or_404(QuizVersion.objects.live(slug=slug))
        return render(request, "quizzes/taking/no_answers.html", {"version": version}, status=404)
    source = given.version.source
    guidance, sections = guided(given)
    context = {
        "version": given.version,
        "quiz": source,
        "result": given.result,
        "help": by_country(help_topics(source, given.result)),
        "sentence": sentence(source, guidance),
        "rows": score_rows(guidance, sections, before={}),
        "scored": guidance.scored,
        "notes": remarks(guidance, sections),
        "reading": readings(guidance.leading, sections),
        "review": review(source, given.responses, sections),
    }
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


def _asked_version(request: HttpRequest, slug: str) -> QuizVersion:
    """The version a form was filled in for, so that nobody is scored by questions they did not see."""
    return answers.asked(slug, request.POST.get("version", "")) or get_object_or_404(
        QuizVersion.objects.live(slug=slug)
    )


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


def _ask(request: HttpRequest, version: QuizVersion, form: QuestionsForm, status: int = 200) -> HttpResponse:
    context = {"version": version, "quiz": version.source, "form": form, "expired": status == 403}
    return render(request, "quizzes/taking/questions.html", context, status=status)
