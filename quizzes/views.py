"""The quiz as its taker meets it: start, questions, result. Nothing is stored; see ``answers``."""

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.models import LessonVersion
from articles.views import lesson_context
from quizzes import answers, presentation
from quizzes.forms import QuestionsForm, initial
from quizzes.models import QuizVersion
from quizzes.personal import personal


@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    return render(request, "quizzes/list.html", {"quizzes": QuizVersion.objects.listed()})


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    version = get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
    return render(request, "quizzes/start.html", {"version": version, "quiz": version.source})


@personal("same-origin", listed=True)
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    version = _asked_version(slug, request.POST.get("version", ""))
    context = request.GET.get("for", "")
    if version.source.contexts and context not in version.source.contexts:
        return redirect("quiz", slug)
    context = context if version.source.contexts else ""
    if request.method != "POST":
        return _ask(request, version, context, _blank(request, version, context))
    form = QuestionsForm(version.source, context, request.POST, taker=_taker(request))
    if not form.is_valid():
        return _ask(request, version, context, form, status=422)
    response = HttpResponse(status=303, headers={"Location": reverse("result", args=[slug])})
    answers.keep(response, request, answers.Answers(version, context, form.gate_answer, form.responses))
    return response


def questions_again(request: HttpRequest, slug: str) -> HttpResponse:
    """The form with everything that was answered and a fresh token, after an old one was refused."""
    version = _asked_version(slug, request.POST.get("version", ""))
    context = request.GET.get("for", "") if version.source.contexts else ""
    if version.source.contexts and context not in version.source.contexts:
        return redirect("quiz", slug)
    form = QuestionsForm(version.source, context, initial=request.POST.dict(), taker=_taker(request))
    response = _ask(request, version, context, form, status=403, expired=True)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@personal("no-referrer")
def result(request: HttpRequest, slug: str) -> HttpResponse:
    given = answers.load(request, slug)
    if not given:
        return _no_answers(request, slug)
    return render(request, "quizzes/result.html", {**presentation.page(given), "given": given})


@require_safe
def method(request: HttpRequest, slug: str) -> HttpResponse:
    version = get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
    return render(request, "quizzes/method.html", {"version": version, **presentation.method(version.source)})


@require_safe
@personal("no-referrer")
def reading(request: HttpRequest, slug: str, part: str, lesson: str) -> HttpResponse:
    """A lesson as a result leads to it: the plain page, with a strip at each section the result named."""
    version = LessonVersion.objects.live().filter(lesson__slug=lesson).first()
    if not version:
        raise Http404
    given = answers.load(request, slug)
    if not given or version.lesson.part.slug != part:
        return redirect(version)
    context = {**lesson_context(version), "strips": presentation.strips(given, lesson), "quiz": given.version.source}
    return render(request, "articles/lesson.html", context)


@csrf_exempt  # from a page without referrer Chromium sends "Origin: null"; all this can do is forget
@require_POST
@personal("same-origin")
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
    response = HttpResponse(status=303, headers={"Location": reverse("quiz", args=[slug])})
    answers.forget(response, slug)
    return response


def _no_answers(request: HttpRequest, slug: str) -> HttpResponse:
    version = get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
    return render(request, "quizzes/no_answers.html", {"version": version}, status=404)


def _asked_version(slug: str, number: str) -> QuizVersion:
    """The version a form was filled in for, so that nobody is scored by questions they did not see."""
    if number.isascii() and number.isdigit() and len(number) < 9:
        version = QuizVersion.objects.asked().filter(quiz__slug=slug, number=int(number)).first()
        if version:
            return version
    return get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)


def _taker(request: HttpRequest) -> str:
    """What stays the same for one taker during the visit: the token that protects their forms."""
    get_token(request)
    return str(request.META["CSRF_COOKIE"])


def _blank(request: HttpRequest, version: QuizVersion, context: str) -> QuestionsForm:
    """The form as it is first shown, with the answers this browser still holds for the same questions."""
    given = answers.load(request, version.quiz.slug)
    before = initial(given.gate, given.responses) if given and given.context == context else {}
    return QuestionsForm(version.source, context, initial=before, taker=_taker(request))


def _ask(
    request: HttpRequest,
    version: QuizVersion,
    context: str,
    form: QuestionsForm,
    status: int = 200,
    expired: bool = False,
) -> HttpResponse:
    choice = version.source.choice(context)
    shown = {
        "version": version,
        "quiz": version.source,
        "choice": choice,
        "context": context,
        "form": form,
        "expired": expired,
    }
    return render(request, "quizzes/questions.html", shown, status=status)
