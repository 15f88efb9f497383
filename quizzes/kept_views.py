"""Keep a result, see it again, compare a later one with it, delete it. See ``kept``."""

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from quizzes import answers, change, kept, presentation
from quizzes.guidance import guide
from quizzes.models import KeptResult
from quizzes.personal import personal
from quizzes.scoring import score


class KeepForm(forms.Form):
    days = forms.TypedChoiceField(
        choices=[(days, f"{days} days") for days in kept.EXPIRIES],
        coerce=int,
        error_messages={"required": "Choose how long to keep it", "invalid_choice": "Choose one of the times offered"},
    )
    code = forms.CharField(max_length=120)

    def __init__(self, slug: str, data: QueryDict):
        super().__init__(data)
        self.slug = slug

    def clean_code(self) -> str:
        code = kept.unsealed(self.cleaned_data["code"], self.slug)
        if not code:
            raise forms.ValidationError("This page could not be read. Choose again and send it once more")
        return code


class CodeForm(forms.Form):
    code = forms.CharField(max_length=60, strip=True, error_messages={"required": "Enter your code"})

    def found(self) -> KeptResult | None:
        """The kept result, or None with the error told."""
        row = kept.find(self.cleaned_data["code"]) if self.is_valid() else None
        if self.is_valid() and not row:
            self.add_error("code", "Nothing is kept under this code. It may be mistyped, run out or deleted")
        return row


@require_http_methods(["GET", "HEAD", "POST"])
@personal("same-origin")
@sensitive_post_parameters()
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    given = answers.load(request, slug)
    if not given or not given.responses:
        return redirect("result", slug)
    form = KeepForm(slug, request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        result = score(given.version.source, given.responses, given.context, given.gate)
        row = kept.keep(form.cleaned_data["code"], given.version, result, form.cleaned_data["days"])
        shown = {"quiz": given.version.source, "row": row, "code": form.cleaned_data["code"]}
        return render(request, "quizzes/kept_code.html", shown)
    sealed = kept.sealed(kept.new_code(), slug)
    context = {"quiz": given.version.source, "form": form, "sealed": sealed, "expiries": kept.EXPIRIES}
    return render(request, "quizzes/keep.html", context, status=422 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@personal("same-origin")
@sensitive_post_parameters()
def show(request: HttpRequest) -> HttpResponse:
    """A kept result for its code. The code comes in a form, so it is in no address, history or log."""
    form = CodeForm(request.POST) if request.method == "POST" else None
    row = form.found() if form else None
    if not form or not row:
        return render(request, "quizzes/kept_ask.html", {"form": form}, status=422 if form else 200)
    source = row.version.source
    guidance = guide(source, kept.as_result(row))
    context = {
        "row": row,
        "quiz": source,
        "code": form.cleaned_data["code"],
        "chart": presentation.chart(source, guidance),
        "dimensions": presentation.rows(source, guidance, {}),
        "sentence": presentation.sentence(source, guidance),
    }
    return render(request, "quizzes/kept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@personal("same-origin")
@sensitive_post_parameters()
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """This visit's result beside a kept one of the same quiz."""
    given = answers.load(request, slug)
    if not given or not given.responses:
        return redirect("result", slug)
    form = CodeForm(request.POST) if request.method == "POST" else None
    row = form.found() if form else None
    if form and row and row.version.quiz.slug != slug:
        form.add_error("code", f"This code belongs to another quiz, {row.version.title}")
        row = None
    if not form or not row:
        asked = {"form": form, "quiz": given.version.source}
        return render(request, "quizzes/kept_ask.html", asked, status=422 if form else 200)
    source = given.version.source
    guidance = guide(source, score(source, given.responses, given.context, given.gate))
    context = {
        "row": row,
        "quiz": source,
        "code": form.cleaned_data["code"],
        "changes": presentation.changes(guidance, row.scores),
        "chart": presentation.chart(source, guidance, row.scores),
        "wobble": change.WOBBLE,
        "same_version": row.version == given.version,
    }
    return render(request, "quizzes/compare.html", context)


@require_POST
@personal("same-origin")
@sensitive_post_parameters()
def delete(request: HttpRequest) -> HttpResponse:
    """Delete at once. The answer is the same whether there was something or not."""
    kept.delete(request.POST.get("code", "")[:60])
    return render(request, "quizzes/kept_deleted.html")
