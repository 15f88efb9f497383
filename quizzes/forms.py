"""The questions of one quiz version as a form whose cleaned data are answers ready to score."""

import hashlib
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from quizzes.source import GATE_ANSWERS, SKIP, ItemSource, QuizSource

GATE = "gate"


class QuestionsForm(forms.Form):
    """One field ``item-<key>`` per question asked in ``context``, and ``gate`` where the quiz has one.

    Every question needs an answer, and a skip is one; but a gate that stops needs no more answers. Fields that
    the quiz does not have, or that come twice, are refused: then the answers are not this form's. The options of
    scenarios stand in an order that looks random and is always the same for one ``taker``.
    """

    def __init__(
        self, source: QuizSource, context: str, data: QueryDict | None = None, *, taker: str = "", **kwargs: Any
    ):
        super().__init__(data, use_required_attribute=False, **kwargs)
        self.source, self.context = source, context
        self.gate = source.gate_for(context)
        self.items = source.items_for(context)
        if self.gate:
            self.fields[GATE] = _choice(GATE_ANSWERS, "Answer the question that comes first")
        for number, item in enumerate(self.items, 1):
            answers = {**_offered(source, item, taker), SKIP: source.skip_label}
            message = f"Answer question {number}, or choose \u201c{source.skip_label}\u201d"
            self.fields[f"item-{item.key}"] = _choice(answers, message)

    @property
    def stopped(self) -> bool:
        """The gate's answer ends the quiz."""
        return bool(self.gate) and self.data.get(GATE) in self.gate.stops_at  # type: ignore[union-attr]

    @property
    def gate_field(self) -> BoundField | None:
        return self[GATE] if self.gate else None

    @property
    def questions(self) -> list[tuple[ItemSource, str, BoundField]]:
        """Each item with its wording for this context and its field."""
        return [(item, wording(self.source, self.context, item), self[f"item-{item.key}"]) for item in self.items]

    def full_clean(self) -> None:
        if self.is_bound and self.stopped:
            for item in self.items:
                self.fields[f"item-{item.key}"].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        if isinstance(self.data, QueryDict):
            known = set(self.fields)
            sent = {name for name in self.data if name == GATE or name.startswith("item-")}
            if sent - known or any(len(self.data.getlist(name)) > 1 for name in sent):
                raise forms.ValidationError(
                    "Some answers do not belong to these questions. Check yours and send again."
                )
        return self.cleaned_data

    @property
    def gate_answer(self) -> str:
        return str(self.cleaned_data.get(GATE, ""))

    @property
    def responses(self) -> dict[str, str]:
        """Item key to answer; empty when the gate stopped the quiz."""
        return {} if self.stopped else {item.key: self.cleaned_data[f"item-{item.key}"] for item in self.items}


def initial(gate: str, responses: dict[str, str]) -> dict[str, str]:
    """Field values for answers given before."""
    return {GATE: gate, **{f"item-{key}": value for key, value in responses.items()}}


def wording(source: QuizSource, context: str, item: ItemSource) -> str:
    """The item's text, with the person the taker has in mind where it says "this person"."""
    choice = source.choice(context)
    return item.text.replace("this person", choice.person) if choice and choice.person else item.text


def _offered(source: QuizSource, item: ItemSource, taker: str) -> dict[str, str]:
    answers = source.answers_to(item)
    if source.format != "scenarios" or not taker:
        return answers
    order = sorted(answers, key=lambda key: hashlib.sha256(f"{taker} {item.key} {key}".encode()).digest())
    return {key: answers[key] for key in order}


def _choice(answers: dict[str, str], message: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=list(answers.items()),
        widget=forms.RadioSelect,
        error_messages={"required": message, "invalid_choice": message},
    )
