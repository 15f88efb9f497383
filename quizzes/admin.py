from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.publishing_admin import PublishingAdmin
from quizzes import files, publishing
from quizzes.forms import QuestionsForm
from quizzes.models import (
    Band,
    BandLink,
    Choice,
    Condition,
    Dimension,
    DimensionBand,
    Gate,
    Item,
    Note,
    Option,
    Quiz,
    SafetyLink,
    Swap,
)


class Inline(admin.TabularInline):
    extra = 0


class BandInline(Inline):
    model = Band
    max_num = 3


class DimensionInline(Inline):
    model = Dimension
    show_change_link = True


class ItemInline(Inline):
    model = Item
    fields = ["position", "key", "text", "dimension", "reverse", "flag_at", "contexts"]
    show_change_link = True


class ChoiceInline(Inline):
    model = Choice


class GateInline(admin.StackedInline):
    model = Gate
    extra = 0


class SafetyLinkInline(Inline):
    model = SafetyLink
    autocomplete_fields = ["section"]


class SwapInline(Inline):
    model = Swap
    autocomplete_fields = ["section"]


class NoteInline(Inline):
    model = Note
    fk_name = "quiz"
    autocomplete_fields = ["section"]
    show_change_link = True


@admin.register(Quiz)
class QuizAdmin(PublishingAdmin):
    publishing = publishing
    text_of = staticmethod(files.write_quiz)
    list_display = ["title", "number", "status", "reviewed"]
    search_fields = ["title"]
    autocomplete_fields = ["fallback"]
    inlines = [
        BandInline,
        DimensionInline,
        ItemInline,
        ChoiceInline,
        GateInline,
        NoteInline,
        SwapInline,
        SafetyLinkInline,
    ]
    fieldsets = [
        (None, {"fields": ["title", "slug", "number", "summary", "purpose", "audience", "intro"]}),
        ("Form", {"fields": ["format", "minutes", "reviewed", "higher_is_worse", "sensitive", "context_question"]}),
        ("Safety", {"fields": ["safety_text", "safety_skipped", "safety_topics", "fallback", "fallback_why"]}),
    ]

    def preview_response(self, request: HttpRequest, draft: Quiz) -> HttpResponse:
        """The questions page of the draft; its answers go nowhere."""
        source = publishing.snapshot(draft)
        context = request.GET.get("for", source.contexts[0] if source.contexts else "")
        shown = {
            "version": publishing.freeze(source, draft),
            "quiz": source,
            "choice": source.choice(context),
            "context": context,
            "form": QuestionsForm(source, context),
            "preview": True,
        }
        return render(request, "quizzes/questions.html", shown)


class BandLinkInline(Inline):
    model = BandLink
    autocomplete_fields = ["section"]


class DimensionBandInline(Inline):
    model = DimensionBand
    max_num = 3
    show_change_link = True


class PartOfQuizAdmin(admin.ModelAdmin):
    """Reached from the quiz it belongs to, so the index does not list it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Dimension)
class DimensionAdmin(PartOfQuizAdmin):
    inlines = [DimensionBandInline]
    readonly_fields = ["quiz"]


@admin.register(DimensionBand)
class DimensionBandAdmin(PartOfQuizAdmin):
    inlines = [BandLinkInline]
    readonly_fields = ["dimension", "index"]


class OptionInline(Inline):
    model = Option


@admin.register(Item)
class ItemAdmin(PartOfQuizAdmin):
    inlines = [OptionInline]
    readonly_fields = ["quiz"]
    autocomplete_fields = ["section"]


class ConditionInline(Inline):
    model = Condition


@admin.register(Note)
class NoteAdmin(PartOfQuizAdmin):
    inlines = [ConditionInline]
    readonly_fields = ["quiz"]
    autocomplete_fields = ["section"]
