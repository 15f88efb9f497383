from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.admin_forms import EditingForm, Rows
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


class DimensionField(forms.ModelChoiceField):
    def label_from_instance(self, dimension: Model) -> str:
        return dimension.name  # type: ignore[attr-defined, no-any-return]


class OfOneQuiz(BaseModelAdmin):
    """A choice among the dimensions of the quiz at hand; ``quiz_of`` leads from a dimension to the row of the page."""

    quiz_of = "quiz"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Dimension:
            row = request.resolver_match and request.resolver_match.kwargs.get("object_id")
            kwargs.update(form_class=DimensionField, queryset=Dimension.objects.filter(**{self.quiz_of: row}))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class BandInline(Rows):
    model = Band
    line = "{0.label}, from {0.start}"
    max_num = 3
    fields = [("index", "label", "start"), "text"]


class DimensionInline(Rows):
    model = Dimension
    line = "{0.name}"
    show_change_link = True
    more = "Its bands and where they lead"
    fields = [("name", "key", "position"), "about", "flag_up_to"]


class ItemInline(OfOneQuiz, Rows):
    model = Item
    line = "{0.key}. {0.text}"
    show_change_link = True
    more = "Its answers, explanation and link"
    fields = [("key", "position"), "text", ("dimension", "reverse"), ("flag_at", "contexts")]


class ChoiceInline(Rows):
    model = Choice
    line = "{0.label}"
    fields = [("label", "key", "position"), "person"]


class GateInline(Rows):
    model = Gate
    line = "{0.question}"
    fields = ["question", "text", ("stops_at", "contexts"), ("help_topics", "position")]


class SafetyLinkInline(Rows):
    model = SafetyLink
    line = "{0.section}: {0.why}"
    fields = ["section", ("why", "position")]


class SwapInline(Rows):
    model = Swap
    line = "{0.contexts}: {0.section}"
    fields = ["section", ("contexts", "lessons", "position")]


class NoteInline(Rows):
    model = Note
    line = "{0.text}"
    fk_name = "quiz"
    show_change_link = True
    more = "When it is shown"
    fields = ["text", "section", ("why", "leads_to", "position")]


@admin.register(Quiz)
class QuizAdmin(PublishingAdmin):
    publishing = publishing
    text_of = staticmethod(files.write_quiz)
    list_display = ["title", "number", "status", "reviewed"]
    search_fields = ["title"]
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
        (None, {"fields": ["title", ("slug", "number"), "summary", "purpose", "audience", "intro"]}),
        (
            "Form",
            {
                "fields": [
                    ("format", "minutes", "reviewed"),
                    "higher_is_worse",
                    "sensitive",
                    "context_question",
                ]
            },
        ),
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


class BandLinkInline(Rows):
    model = BandLink
    line = "{0.section}: {0.why}"
    fields = ["section", ("why", "position")]


class DimensionBandInline(Rows):
    model = DimensionBand
    line = "{0}"
    fields = [("index", "label", "start"), "text"]
    more = "Where it leads"
    max_num = 3
    show_change_link = True


class PartOfQuizAdmin(EditingForm, admin.ModelAdmin):
    """Reached from the quiz it belongs to, so the index does not list it and the way back leads there."""

    heading: str  # a format of the row

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def above(self, row: Any) -> list[Model]:
        return [row.quiz]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        row = context["original"]
        context["subtitle"] = self.heading.format(row)
        context["above"] = [
            ("Quizzes", reverse("admin:quizzes_quiz_changelist")),
            *(
                (each, reverse(f"admin:quizzes_{each._meta.model_name}_change", args=[each.pk]))
                for each in self.above(row)
            ),
        ]
        return super().render_change_form(request, context, *args, **options)


@admin.register(Dimension)
class DimensionAdmin(PartOfQuizAdmin):
    heading = "{0.name}"
    inlines = [DimensionBandInline]
    fields = DimensionInline.fields


@admin.register(DimensionBand)
class DimensionBandAdmin(PartOfQuizAdmin):
    heading = "{0}"
    inlines = [BandLinkInline]
    fields = ["index", ("label", "start"), "text"]
    readonly_fields = ["index"]

    def above(self, row: DimensionBand) -> list[Model]:
        return [row.dimension.quiz, row.dimension]


class OptionInline(Rows):
    model = Option
    line = "{0.key}. {0.text}"
    fields = [("key", "position"), "text"]


@admin.register(Item)
class ItemAdmin(OfOneQuiz, PartOfQuizAdmin):
    quiz_of = "quiz__items"
    heading = "Question {0.key}"
    inlines = [OptionInline]
    fields = [*ItemInline.fields, "answer", "explanation", "section"]


class ConditionInline(OfOneQuiz, Rows):
    model = Condition
    quiz_of = "quiz__notes"
    line = "{0.dimension.name}: {0.at_least} to {0.at_most}"
    fields = [("dimension", "at_least", "at_most", "position")]


@admin.register(Note)
class NoteAdmin(PartOfQuizAdmin):
    heading = "Note"
    inlines = [ConditionInline]
    fields = NoteInline.fields
