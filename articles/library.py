"""The library of pictures: every picture with the places that use it, and what nobody uses, which can be deleted."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from articles import pictures

A_PAGE, OFFERED = 24, 12


def library(request: HttpRequest) -> HttpResponse:
    """Every picture, newest first, or those that nobody uses. POST deletes all that nobody uses; as JSON, the newest
    pictures for whoever writes."""
    _may(request, "change")
    stored = pictures.stored()
    if request.headers.get("Accept") == "application/json":
        newest = pictures.looked_up(stored[:OFFERED])
        return JsonResponse({"pictures": [{"address": each.address, "says": each.says} for each in newest]})
    if request.method == "POST":
        return _delete_all(request, stored)
    unused, alone = pictures.unused(stored), "unused" in request.GET
    page = Paginator(unused if alone else stored, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    held = pictures.held(unused if alone else [each for each in shown if each in unused])
    context = {
        "title": "Pictures",
        "page": page,
        "pictures": pictures.looked_up(shown, held),
        "total": len(stored),
        "unused": len(unused),
        "alone": alone,
        "free": sum(name not in held for name, _ in pictures.grown(unused)),
        "held": len(held),
    }
    return _page(request, "admin/pictures.html", context)


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """One picture with every place that uses it. POST deletes it."""
    _may(request, "change")
    if not (at := pictures.moment(name)):
        raise Http404
    found, deletes = [(name, at)], request.method == "POST"
    if deletes:
        _may(request, "publish")
        if pictures.delete(found, request.user, held_too="sure" in request.POST):
            messages.success(request, "The picture is deleted.")
            return redirect("pictures")
    one = pictures.looked_up(found, pictures.held(found))[0]
    context = {"title": "Picture", "picture": one, "refused": deletes}
    return _page(request, "admin/picture.html", context, 422 if deletes else 200)


def _delete_all(request: HttpRequest, stored: pictures.Stored) -> HttpResponse:
    _may(request, "publish")
    if "sure" not in request.POST:
        messages.error(request, "Nothing was deleted. Tick the box if all of them may go.")
        return redirect(f"{request.path}?unused=1")
    gone = len(pictures.delete(pictures.grown(stored), request.user))
    messages.success(request, f"Deleted {gone} picture{'' if gone == 1 else 's'} that nobody used.")
    return redirect("pictures")


def _may(request: HttpRequest, do: str) -> None:
    if not request.user.has_perm(f"articles.{do}_lesson"):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    may_delete = request.user.has_perm("articles.publish_lesson")
    shared = {**admin.site.each_context(request), "menu": "pictures", "may_delete": may_delete}
    return render(request, template, {**shared, **context}, status=status)
