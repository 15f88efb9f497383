from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import files, publishing
from articles.admin_forms import EditingForm, Rows
from articles.models import HELP_CHECK_EVERY, Citation, HelpLine, Lesson, Part, Section, Term
from articles.publishing_admin import PublishingAdmin
from articles.views import lesson_context

admin.site.site_header = admin.site.site_title = "Learning to trust: editing"
admin.site.index_title = "Lessons, quizzes and help lines"
admin.site.enable_nav_sidebar = False  # the menu at the top leads to every list


@admin.register(Part)
class PartAdmin(admin.ModelAdmin):
    list_display = ["title", "position"]
    readonly_fields = ["slug", "position"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SectionInline(Rows):
    model = Section
    line = "{0.heading}"
    fieldsets = [
        (None, {"fields": [("heading", "anchor", "position"), "body"]}),
        (
            "Marks and old addresses",
            {"fields": [("safety", "repair_advice"), "former_anchors"], "classes": ["collapse"]},
        ),
    ]


class CitationInline(Rows):
    model = Citation
    line = "{0.citation}"
    fields = ["citation", ("doi", "url"), "position"]


@admin.register(Lesson)
class LessonAdmin(PublishingAdmin):
    publishing = publishing
    text_of = staticmethod(files.write_lesson)
    list_display = ["__str__", "part", "status", "review_due"]
    list_filter = ["part", "safety"]
    search_fields = ["title", "summary", "sections__heading", "sections__body"]
    inlines = [SectionInline, CitationInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", ("part", "number"), "summary", "objectives", "safety"]}),
        ("Review", {"fields": [("reviewed", "review_due")]}),
        ("Opening scene", {"fields": ["scene"]}),
        ("Exercise", {"fields": [("exercise_title", "exercise_minutes"), "exercise_body"]}),
    ]

    class Media:
        js = ["js/editor.js"]

    def preview_response(self, request: HttpRequest, draft: Lesson) -> HttpResponse:
        version = publishing.freeze(publishing.snapshot(draft), draft)
        return render(request, "articles/lesson.html", {**lesson_context(version), "preview": True})


@admin.register(HelpLine)
class HelpLineAdmin(EditingForm, admin.ModelAdmin):
    list_display = ["name", "country", "topic", "phone", "checked", "is_up_to_date"]
    list_filter = ["country", "topic"]
    search_fields = ["name", "country"]
    ordering = ["checked", "position"]

    @admin.display(boolean=True, description="Checked in time")
    def is_up_to_date(self, line: HelpLine) -> bool:
        return not line.is_overdue

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        overdue = HelpLine.objects.overdue().count()
        if overdue:
            text = f"{overdue} line(s) were last checked more than {HELP_CHECK_EVERY.days} days ago. They stand first."
            messages.warning(request, text)
        return super().changelist_view(request, extra_context)


@admin.register(Term)
class TermAdmin(EditingForm, admin.ModelAdmin):
    list_display = ["term", "meaning"]
    search_fields = ["term", "meaning"]
