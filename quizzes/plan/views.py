"""The reading plan: add a result, tick off, clear. See ``plan``."""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from quizzes.guidance import guide, merge
from quizzes.models import QuizVersion
from quizzes.personal import personal, see_other
from quizzes.plan import plan
from quizzes.source import LinkSource
from quizzes.taking import answers
from quizzes.taking.result import SectionLink, not_in_danger, sections


class Step(NamedTuple):
    """One section of the plan, with the quiz that first led there."""

    link: LinkSource
    section: SectionLink
    quiz: QuizVersion
    mark: str
    ticked: bool


@require_safe
@personal("same-origin")
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """What this result would put on the plan, with the button that does it. Never a flagged result."""
    given = answers.load(request, slug)
    if not given or given.result.flagged:
        return see_other("result", slug)
    entry = plan.entry(given)
    context = {"quiz": given.version.source, "steps": _steps(plan.Plan([entry], [])), "sealed": plan.seal(entry)}
    return render(request, "quizzes/plan/offer.html", context)


@require_safe
@personal("same-origin")
def show(request: HttpRequest) -> HttpResponse:
    steps = _steps(plan.load(request))
    left = sum(step.section.head.minutes for step in steps if not step.ticked)
    return render(request, "quizzes/plan/plan.html", {"steps": steps, "left": left})


@require_POST
@personal("same-origin")
def add(request: HttpRequest) -> HttpResponse:
    entry = plan.unseal(request.POST.get("entry", ""))
    response = see_other("plan")
    if entry:
        plan.keep(response, request, plan.load(request).with_entry(entry))
    return response


@require_POST
@personal("same-origin")
def tick(request: HttpRequest) -> HttpResponse:
    held = plan.load(request)
    ticked = {step.mark for step in _steps(held)}.intersection(request.POST.getlist("ticked"))
    response = see_other("plan")
    plan.keep(response, request, plan.Plan(held.entries, sorted(ticked)))
    return response


@require_POST
@personal("same-origin")
def clear(request: HttpRequest) -> HttpResponse:
    response = see_other("plan")
    plan.forget(response)
    return response


def _steps(held: plan.Plan) -> list[Step]:
    """The plan's sections in order. A quiz that was withdrawn, or a section that is gone, drops out; where one result
    hides what is not for readers in danger, all of them do."""
    asked = [(version, entry) for entry in held.entries if (version := answers.asked(entry.quiz, str(entry.version)))]
    asked.sort(key=lambda pair: pair[0].source.number)
    found = sections(link for version, _ in asked for link in version.source.links)
    hidden = not_in_danger(found)
    guided = [
        (version, guide(version.source, entry.scores_for(version.source), hidden=hidden)) for version, entry in asked
    ]
    withheld = hidden if any(guidance.hides for _, guidance in guided) else set()
    return [
        Step(link, found[link.to], version, mark := plan.mark(link.to), mark in held.ticked)
        for link, version in merge(guided)
        if link.to in found and link.to not in withheld
    ]
