"""The questions of one quiz version as a form whose cleaned data are answers ready to score."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from quizzes.scales import GATE_ANSWERS, SKIP
from quizzes.source import ItemSource, QuizSource

GATE = "gate"


class QuestionsForm(forms.Form):
    """One field ``item-<key>`` per question asked in ``context``, and ``gate`` where the quiz has one.

    Every question needs an answer, and a skip is one; but a gate that stops needs no more. Fields that the quiz does
    not have, or that come twice, are refused. The options of scenarios stand in an order that looks random and is
    always the same for one ``taker``. A template looks for a field before an attribute: none may be called ``gate``.
    """

    def __init__(self, source: QuizSource, context: str, *, taker: str = "", **options: Any):
        super().__init__(use_required_attribute=False, **options)
        self.context, self.choice = context, source.choice(context)
        self.asked_gate, self.items = source.gate_for(context), source.items_for(context)
        if self.asked_gate:
            missing, question = "Answer the question that comes first", self.asked_gate.question
            self.fields[GATE] = _choice(GATE_ANSWERS, missing, label=question, help_text="First of all")
        for number, item in enumerate(self.items, 1):
            self.fields[f"item-{item.key}"] = _choice(
                {**_offered(source, item, taker), SKIP: source.skip_label},
                f"Answer question {number}, or choose \u201c{source.skip_label}\u201d",
                label=self._wording(item),
                help_text=f"Question {number} of {len(self.items)}",
                required=not self.stopped,
            )

    @property
    def stopped(self) -> bool:
        """The gate's answer ends the quiz."""
        return self.asked_gate is not None and self.data.get(GATE) in self.asked_gate.stops_at

    def clean(self) -> dict[str, Any]:
        if isinstance(self.data, QueryDict):
            sent = {name for name in self.data if name == GATE or name.startswith("item-")}
            if sent - set(self.fields) or any(len(self.data.getlist(name)) > 1 for name in sent):
                message = "Some answers do not belong to these questions. Check yours and send again."
                raise forms.ValidationError(message)
        return self.cleaned_data

    @property
    def gate_answer(self) -> str:
        return str(self.cleaned_data.get(GATE, ""))

    @property
    def responses(self) -> dict[str, str]:
        """Item key to answer; empty when the gate stopped the quiz."""
        return {} if self.stopped else {item.key: self.cleaned_data[f"item-{item.key}"] for item in self.items}

    def _wording(self, item: ItemSource) -> str:
        """The item's text, with the person the taker has in mind where it says "this person"."""
        return item.text.replace("this person", (self.choice and self.choice.person) or "this person")


def initial(gate: str, responses: Mapping[str, str]) -> dict[str, str]:
    """Field values for answers given before."""
    return {GATE: gate, **{f"item-{key}": value for key, value in responses.items()}}


def _offered(source: QuizSource, item: ItemSource, taker: str) -> dict[str, str]:
    answers = source.answers_to(item)
    if source.format != "scenarios" or not taker:
        return answers
    order = sorted(answers, key=lambda key: hashlib.sha256(f"{taker} {item.key} {key}".encode()).digest())
    return {key: answers[key] for key in order}


def _choice(answers: Mapping[str, str], missing: str, **field: Any) -> forms.ChoiceField:
    messages = {"required": missing, "invalid_choice": missing}
    return forms.ChoiceField(choices=answers, widget=forms.RadioSelect, error_messages=messages, **field)
