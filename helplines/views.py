from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helplines.models import by_country


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "helplines/help.html", {"countries": by_country()})
