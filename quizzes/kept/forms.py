"""How long to keep a result, and the code that opens one."""

from django import forms
from django.http import QueryDict

from quizzes.kept import kept
from quizzes.models import KeptResult
from quizzes.taking.answers import Answers


class KeepForm(forms.Form):
    """The time to keep a result of the quiz ``slug``. ``code`` is the one its page was made with, if it is ours."""

    days = forms.TypedChoiceField(
        choices=[(days, f"{days} days") for days in kept.EXPIRIES],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long to keep it", "invalid_choice": "Choose one of the times offered"},
    )

    def __init__(self, slug: str, data: QueryDict | None = None):
        super().__init__(data)
        self.code = kept.unsealed(data.get("code", ""), slug) if data is not None else None

    def clean_days(self) -> int:
        if not self.code:
            raise forms.ValidationError("This page could not be read. Choose again and send it once more")
        return int(self.cleaned_data["days"])


class CodeForm(forms.Form):
    """A code as it was typed; ``found`` is the result kept under it. With answers, a result ``beside`` which they can
    stand: of the same quiz, and about the same person."""

    code = forms.CharField(max_length=60, strip=True, error_messages={"required": "Enter your code"})
    found: KeptResult | None = None

    def __init__(self, data: QueryDict | None = None, *, beside: Answers | None = None):
        super().__init__(data)
        self.beside = beside

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        row = kept.find(code)
        if not row:
            raise forms.ValidationError("Nothing is kept under this code. It may be mistyped, run out or deleted")
        if self.beside and row.version.slug != self.beside.version.slug:
            raise forms.ValidationError(f"This code belongs to another quiz, {row.version.title}")
        if self.beside and (choice := row.version.source.choice(row.context)) and row.context != self.beside.context:
            raise forms.ValidationError(f"The result under this code began with another answer: {choice.label}")
        self.found = row
        return code
