"""Django's admin, in which the end of a session loses nothing."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters

from publishing.given_back import given_back, typed


class EditingSite(admin.AdminSite):
    site_header = site_title = "Learning to trust: editing"
    index_title = "Lessons, quizzes and help lines"
    enable_nav_sidebar = False  # the menu at the top leads to every list

    def get_urls(self) -> list[Any]:
        return [path("guide/", self.admin_view(self.guide), name="guide"), *super().get_urls()]

    def guide(self, request: HttpRequest) -> HttpResponse:
        context = {**self.each_context(request), "title": "How to write here, in ten minutes"}
        return render(request, "admin/guide.html", context)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """A form that comes after the session has ended is given back on a log-in page, and goes on from there."""
        inner = super().admin_view(view, cacheable)

        @sensitive_post_parameters("password")
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if self.has_permission(request) or not (data := typed(request)):
                return inner(request, *args, **kwargs)  # type: ignore[no-any-return]
            if request.headers.get("Accept") == "application/json":
                return JsonResponse({"why": "You were logged out."}, status=403)
            form = AdminAuthenticationForm(request, data=data if "password" in data else None)
            if not form.is_valid():
                return given_back(request, data, 403, login=form)
            login(request, form.get_user())
            return inner(request, *args, **kwargs)  # type: ignore[no-any-return]

        return update_wrapper(kept, view)
