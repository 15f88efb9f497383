"""The quiz as its taker meets it: start, questions, result. Nothing is stored; see ``answers``."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.models import LessonVersion
from quizzes import answers, presentation
from quizzes.forms import QuestionsForm, initial
from quizzes.guidance import guide
from quizzes.models import QuizVersion
from quizzes.scoring import score

View = Callable[..., HttpResponse]


def personal(referrer_policy: str) -> Callable[[View], View]:
    """For pages that show answers: kept in no cache, listed by no search engine.

    A form page needs ``same-origin``: under ``no-referrer`` Chromium sends ``Origin: null`` and the form's
    protection against forgery refuses it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, slug: str) -> HttpResponse:
            response = view(request, slug)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex"
            response["Referrer-Policy"] = referrer_policy
            return response

        return wrapped

    return decorate


@require_safe
def quizzes(request: HttpRequest) -> HttpResponse:
    return render(request, "quizzes/list.html", {"quizzes": QuizVersion.objects.listed()})


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    version = get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
    return render(request, "quizzes/start.html", {"version": version, "quiz": version.source})


@personal("same-origin")
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    version = _asked_version(slug, request.POST.get("version", ""))
    context = request.GET.get("for", "")
    if version.source.contexts and context not in version.source.contexts:
        return redirect("quiz", slug)
    context = context if version.source.contexts else ""
    if request.method != "POST":
        return _ask(request, version, context, _blank(request, version, context))
    form = QuestionsForm(version.source, context, request.POST)
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
    form = QuestionsForm(version.source, context, initial=request.POST.dict())
    response = _ask(request, version, context, form, status=403, expired=True)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@personal("no-referrer")
def result(request: HttpRequest, slug: str) -> HttpResponse:
    given = answers.load(request, slug)
    if not given:
        version = get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
        return render(request, "quizzes/no_answers.html", {"version": version}, status=404)
    source = given.version.source
    scored = score(source, given.responses, given.context, given.gate)
    sections = presentation.sections(LessonVersion.objects.listed(), source)
    guidance = guide(source, scored, {address for address, found in sections.items() if found.repair_advice})
    noted = QuizVersion.objects.listed() if guidance.notes else []
    context = {
        "version": given.version,
        "quiz": source,
        "result": scored,
        "sentence": presentation.sentence(source, guidance),
        "chart": presentation.chart(source, guidance),
        "dimensions": presentation.rows(source, guidance, sections),
        "reading": presentation.readings(guidance.leading, sections),
        "notes": presentation.remarks(guidance.notes, sections, noted),
        "review": presentation.review(source, given.responses, sections),
        "help": presentation.help_by_country(source, scored),
    }
    return render(request, "quizzes/result.html", context)


@csrf_exempt  # from a page without referrer Chromium sends "Origin: null"; all this can do is forget
@require_POST
@personal("same-origin")
def clear(request: HttpRequest, slug: str) -> HttpResponse:
    get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)
    response = HttpResponse(status=303, headers={"Location": reverse("quiz", args=[slug])})
    answers.forget(response, slug)
    return response


def _asked_version(slug: str, number: str) -> QuizVersion:
    """The version a form was filled in for, so that nobody is scored by questions they did not see."""
    if number.isascii() and number.isdigit() and len(number) < 9:
        version = QuizVersion.objects.asked().filter(quiz__slug=slug, number=int(number)).first()
        if version:
            return version
    return get_object_or_404(QuizVersion.objects.live(), quiz__slug=slug)


def _blank(request: HttpRequest, version: QuizVersion, context: str) -> QuestionsForm:
    """The form as it is first shown, with the answers this browser still holds for the same questions."""
    given = answers.load(request, version.quiz.slug)
    before = initial(given.gate, given.responses) if given and given.context == context else {}
    return QuestionsForm(version.source, context, initial=before)


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
