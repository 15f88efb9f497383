"""Forms for editors that work by keyboard, by ear and without scripts: dates, sections by lesson, rows that fold."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest
from markdownx.models import MarkdownxField
from markdownx.widgets import AdminMarkdownxWidget

from articles.models import Section, address_word


class _ByLesson(forms.models.ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for lesson, sections in groupby(self.queryset, lambda section: section.lesson):
            yield str(lesson), [self.choice(section) for section in sections]


class SectionField(forms.ModelChoiceField):
    """Every section of the course, under the name of its lesson."""

    iterator = _ByLesson

    def label_from_instance(self, section: models.Model) -> str:
        return section.heading  # type: ignore[attr-defined, no-any-return]


class PlainLabels(forms.ModelForm):
    """Labels without a colon, as everywhere on the site."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})


class LineField(forms.CharField):
    """One line however long it is: all of it is seen while it is edited, and it is saved without line breaks."""

    widget = forms.Textarea({"rows": 1, "class": "line"})

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").splitlines())


class EditingForm(BaseModelAdmin):
    """For a ModelAdmin or an inline: which field each kind of value is edited in."""

    form: Any = PlainLabels
    formfield_overrides: ClassVar[Any] = {
        MarkdownxField: {"widget": AdminMarkdownxWidget},
        models.DateField: {"widget": forms.DateInput({"type": "date"})},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Section:
            kwargs["form_class"] = SectionField
            kwargs["queryset"] = Section.objects.select_related("lesson").order_by("lesson__number", "position")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A chosen row is edited on its own page: without Django's links to a pop-up for it."""
        if isinstance(db_field, models.CharField) and (db_field.max_length or 0) > 100 and not db_field.choices:
            kwargs.update(form_class=LineField, widget=LineField.widget)
        if isinstance(db_field, models.SlugField):
            kwargs["error_messages"] = {"invalid": address_word.message}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class Rows(EditingForm, admin.StackedInline):
    """Rows that fold. A closed row is one ``line``, a format of the row; an open one has a label for each field.

    ``more`` names the link to a row's own page.
    """

    template = "admin/edit_inline/rows.html"
    extra = 0
    line = "{0}"
    more = ""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.line = property(lambda form: self.line.format(form.instance))  # type: ignore[attr-defined]
        return formset

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The choices are read once, not once for each row."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field
