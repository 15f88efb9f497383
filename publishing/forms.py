"""The small forms of the steps: when, with which note, and what becomes of a version that waits."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.http import HttpRequest

from publishing.judging import DROP, KEEP, Refused, Trouble

# What lies beyond it in some time zone has no date that a database could hold.
_LATEST = [MaxValueValidator(datetime(9999, 1, 1, tzinfo=UTC), "Enter a moment before the year 9999.")]
LARGEST = 500 * 1024  # the largest file of the course has 28 KB, and reading this much takes seconds
_WHEN = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")


class Words(forms.CharField):
    """A text whose length is told afterwards: a browser that knows it cuts what is pasted in silence."""

    def __init__(self, most: int, **kwargs: Any):
        super().__init__(**kwargs)
        said = "This has %(show_value)d characters; %(limit_value)d is the most"
        self.validators.append(MaxLengthValidator(most, said))


class Moment(forms.DateTimeField):
    """A moment in the site's time zone, in which an hour may be missing or come twice when the clocks change."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code == "ambiguous_timezone":
                said = (
                    "The clocks change in that hour: it is missing, or comes twice. Choose an hour before or after it."
                )
                raise ValidationError(said) from error
            raise


class StepForm(forms.Form):
    """A form whose step can be ``refused``, which is told beside what the form itself finds."""

    def __init__(self, request: HttpRequest, *, without: tuple[str, ...] = (), **kwargs: Any):
        data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        super().__init__(data, files, label_suffix="", use_required_attribute=False, **kwargs)
        self.refused: list[Trouble] = []
        for name in without:
            del self.fields[name]

    def take(self, step: Callable[..., Any]) -> Any:
        """What the step comes to when the form is whole and nothing refuses it, otherwise None."""
        try:
            return step(**self.cleaned_data) if self.is_valid() else None
        except Refused as refused:
            self.refused = [*refused.problems, *refused.to_confirm]
            return None


class WithdrawForm(StepForm):
    note = Words(200, label="What, and why?", required=False, help_text="For colleagues, in the list of versions.")
    live_from = Moment(
        label="From when?", required=False, help_text="Empty: at once.", widget=_WHEN, validators=_LATEST
    )
    waiting = forms.ChoiceField(
        label="A version waits for its time. What becomes of it?",
        choices=[(KEEP, "Keep it: it takes over when its time comes"), (DROP, "Drop it: it never comes")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether to keep or to drop the version that waits"},
    )


class ReviewForm(StepForm):
    note = Words(200, label="What should they look at?", required=False)


class PublishForm(WithdrawForm):
    confirmed = forms.BooleanField(
        label="I mean this: readers are less protected than before",
        error_messages={"required": "This takes something from the safety of readers: confirm it, or change it back"},
    )


class MoveForm(StepForm):
    live_from = Moment(label="Readers see it from", required=False, widget=_WHEN, validators=_LATEST)
    never = forms.BooleanField(label="Never: cancel this version", required=False)

    def clean(self) -> None:
        told = self.cleaned_data.get("never") or self.cleaned_data.get("live_from") or "live_from" in self.errors
        if not told:
            self.add_error("live_from", "Enter a date and a time, or choose never")


class FileForm(StepForm):
    """``suffix`` ends the name of every file of the kind."""

    file = forms.FileField(
        label="File", error_messages={"required": "Choose a file", "empty": "This file is empty; choose another"}
    )

    def __init__(self, request: HttpRequest, suffix: str):
        super().__init__(request)
        self.suffix = suffix
        self.fields["file"].help_text = f"Its name ends in {suffix}, and it has at most {LARGEST // 1024} KB."

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"This file has more than {LARGEST // 1024} KB; choose a smaller one")
        if not file.name.lower().endswith(self.suffix):
            raise forms.ValidationError(f"“{file.name}” is another kind of file; choose one that ends in {self.suffix}")
        return file
