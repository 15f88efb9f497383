"""The reading plan: add a result's sections, tick off, clear. See ``plan``."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from quizzes.personal import personal, see_other
from quizzes.plan import plan
from quizzes.taking import answers
from quizzes.taking.result import guided, not_in_danger, readings, sections


@require_safe
@personal("same-origin")
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """What this result would put on the plan, with the button that does it. Never a flagged result."""
    given = answers.load(request, slug)
    if not given or given.result.flagged:
        return see_other("result", slug)
    guidance, found = guided(given)
    steps = readings(guidance.reading, found)
    context = {"quiz": given.version.source, "steps": steps, "hides": guidance.hides, "days": plan.LASTS.days}
    return render(request, "quizzes/plan/offer.html", context)


@require_safe
@personal("same-origin")
def show(request: HttpRequest) -> HttpResponse:
    held = plan.load(request)
    found = sections(held)
    steps = [(address, found[address], ticked) for address, ticked in held.items() if address in found]
    left = sum(section.head.minutes for _, section, ticked in steps if not ticked)
    return render(request, "quizzes/plan/plan.html", {"steps": steps, "left": left, "days": plan.LASTS.days})


@require_POST
@personal("same-origin")
def add(request: HttpRequest) -> HttpResponse:
    """Put a result's sections on the plan. Where it hides what is not for readers in danger, the plan drops that."""
    held = plan.load(request)
    asked = [address for address in request.POST.getlist("section") if address.isprintable()]
    found = sections({*held, *asked})
    hidden = not_in_danger(found) if request.POST.get("hides") else ()
    response = see_other("plan")
    if new := [address for address in asked if address in found]:
        plan.keep(response, request, plan.added(held, new, without=hidden))
    return response


@require_POST
@personal("same-origin")
def tick(request: HttpRequest) -> HttpResponse:
    ticked, response = request.POST.getlist("ticked"), see_other("plan")
    if held := plan.load(request):
        plan.keep(response, request, {address: address in ticked for address in held})
    return response


@require_POST
@personal("same-origin")
def clear(request: HttpRequest) -> HttpResponse:
    response = see_other("plan")
    plan.forget(response)
    return response
