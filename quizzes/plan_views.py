"""The reading plan: add a result, tick off, clear. See ``plan``."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles.models import LessonVersion
from quizzes import answers, plan, presentation
from quizzes.models import QuizVersion
from quizzes.personal import personal
from quizzes.scoring import score


@require_safe
@personal("same-origin")
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """What this result would put on the plan, with the button that does it."""
    given = answers.load(request, slug)
    if not given:
        return redirect("result", slug)
    result = score(given.version.source, given.responses, given.context, given.gate)
    one = plan.entry(given.version, result)
    steps = _steps(plan.Plan((one,)))
    context = {"quiz": given.version.source, "steps": steps, "sealed": plan.seal(one)}
    return render(request, "quizzes/plan_offer.html", context)


@require_safe
@personal("same-origin")
def show(request: HttpRequest) -> HttpResponse:
    held = plan.load(request)
    steps = _steps(held)
    left = sum(step["reading"].section.minutes for step in steps if not step["ticked"])
    return render(request, "quizzes/plan.html", {"steps": steps, "left": left})


@require_POST
@personal("same-origin")
def add(request: HttpRequest) -> HttpResponse:
    one = plan.unseal(request.POST.get("entry", ""))
    response = _back()
    if one:
        plan.keep(response, request, plan.load(request).with_entry(one))
    return response


@require_POST
@personal("same-origin")
def tick(request: HttpRequest) -> HttpResponse:
    held = plan.load(request)
    marks = {plan.mark(step["reading"].address) for step in _steps(held)}
    response = _back()
    plan.keep(response, request, plan.Plan(held.entries, frozenset(request.POST.getlist("ticked")) & marks))
    return response


@require_POST
@personal("same-origin")
def clear(request: HttpRequest) -> HttpResponse:
    response = _back()
    plan.forget(response)
    return response


def _back() -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse("plan")})


def _steps(held: plan.Plan) -> list[dict[str, Any]]:
    """The plan's sections in order, each with the quiz it came from and whether it was ticked off."""
    if not held.entries:
        return []
    wanted = reduce(or_, (Q(quiz__slug=one.quiz, number=one.version) for one in held.entries))
    versions = list(QuizVersion.objects.asked().filter(wanted))
    live = list(LessonVersion.objects.listed())
    sections = {
        address: link
        for version in versions
        for address, link in presentation.sections(live, version.source, LessonVersion.get_absolute_url).items()
    }
    return [
        {
            "reading": reading,
            "quiz": version.title,
            "mark": plan.mark(reading.address),
            "ticked": plan.mark(reading.address) in held.ticked,
        }
        for link, version in plan.readings(held, versions, presentation.repair_advice(sections))
        for reading in presentation.readings([link], sections)
    ]
