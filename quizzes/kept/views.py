"""Keep a result, see it again, compare a later one with it, delete it. See ``kept``."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from helplines.near import country
from quizzes.change import WOBBLE
from quizzes.guidance import Guidance, guide
from quizzes.kept import kept
from quizzes.kept.forms import CodeForm, KeepForm
from quizzes.models import KeptResult
from quizzes.personal import personal, see_other
from quizzes.scoring import Scores
from quizzes.source import QuizSource
from quizzes.taking import answers
from quizzes.taking.result import Sections, near, not_in_danger, readings, score_rows, sections
from quizzes.taking.words import because, sentence


@require_http_methods(["GET", "HEAD", "POST"])
@personal("same-origin")
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Never a flagged result: whoever finds the code could read it."""
    given = answers.load(request, slug)
    if not given or given.result.flagged:
        return see_other("result", slug)
    form = KeepForm(slug, _posted(request))
    if not form.is_valid() or not form.code:
        asked = {"quiz": given.version.source, "form": form, "sealed": kept.sealed(kept.new_code(), slug)}
        return render(request, "quizzes/kept/keep.html", asked, status=422 if form.is_bound else 200)
    row = kept.keep(form.code, given, form.cleaned_data["days"])
    return render(request, "quizzes/kept/code.html", {"quiz": given.version.source, "kept": row, "code": form.code})


@require_http_methods(["GET", "HEAD", "POST"])
@personal("same-origin")
def show(request: HttpRequest) -> HttpResponse:
    """A kept result for its code. The code comes in a form, so it is in no address, history or log."""
    form = CodeForm(_posted(request))
    if not form.is_valid() or not form.found:
        return _ask(request, form)
    source, language = form.found.version.source, request.headers.get("Accept-Language", "")
    found = sections(source.addresses)
    guidance = _guided(form.found, found)
    topics = source.safety.help_topics if guidance.quiet and source.safety else ()
    context = {
        "quiz": source,
        "kept": form.found,
        "code": form.cleaned_data["code"],
        "guidance": guidance,
        "sentence": sentence(source, guidance, skipped=False),
        "rows": score_rows(guidance, found, before={}),
        "reading": [
            (link, section, None if guidance.quiet else because(source, guidance, link, {}))
            for link, section in readings(guidance.leading, found)
        ],
        "help": near(topics, language),
        "here": country(language),
    }
    return render(request, "quizzes/kept/kept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@personal("same-origin")
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """This visit's result beside a kept one of the same quiz; never a flagged one."""
    given = answers.load(request, slug)
    if not given or given.result.flagged:
        return see_other("result", slug)
    source = given.version.source
    form = CodeForm(_posted(request), beside=given)
    if not form.is_valid() or not form.found:
        return _ask(request, form, source)
    guidance = guide(source, given.result, hidden=())
    context = {
        "quiz": source,
        "kept": form.found,
        "code": form.cleaned_data["code"],
        "rows": score_rows(guidance, sections={}, before=form.found.scores),
        "quiet": guidance.quiet or _guided(form.found, {}).quiet,
        "wobble": WOBBLE,
        "same_version": form.found.version == given.version,
    }
    return render(request, "quizzes/kept/compare.html", context)


@require_POST
@personal("same-origin")
def delete(request: HttpRequest) -> HttpResponse:
    """Delete at once. The answer is the same whether there was something or not."""
    kept.delete(request.POST.get("code", "")[:60])
    return render(request, "quizzes/kept/deleted.html")


def _guided(row: KeptResult, found: Sections) -> Guidance:
    """What a kept result leads to. It opens like a flagged one if a dimension about safety is not in its best band."""
    source, hidden = row.version.source, not_in_danger(found)
    scores = Scores(row.context, flagged=False, by_dimension=row.scores)
    guidance = guide(source, scores, hidden=hidden)
    return guide(source, replace(scores, flagged=True), hidden=hidden) if guidance.quiet else guidance


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _ask(request: HttpRequest, form: CodeForm, quiz: QuizSource | None = None) -> HttpResponse:
    return render(request, "quizzes/kept/ask.html", {"form": form, "quiz": quiz}, status=422 if form.is_bound else 200)
