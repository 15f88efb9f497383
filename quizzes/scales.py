"""What can be answered, and what an author can choose from. A choice that follows from the quiz at hand reads its
document, which may be unfinished. Pure."""

from collections.abc import Mapping
from typing import Any

SKIP = "skip"
GATE_ANSWERS = {"no": "No", "yes": "Yes", "unsure": "Not sure"}
BANDS = {"low": "Low band", "middle": "Middle band", "high": "High band"}
BAND_KEYS = tuple(BANDS)  # in order of their cut-points, whatever their labels say

RATINGS = {  # by form, from the lowest to the highest
    "agreement": {"1": "Not at all true", "2": "A little", "3": "Partly", "4": "Mostly", "5": "Very true"},
    "frequency": {"0": "Never", "1": "Once or twice", "2": "Sometimes", "3": "Often", "4": "Very often"},
}
STATEMENT = {"true": "True", "false": "False"}

FORMATS = {
    "agreement": "Statements, rated from not at all true (1) to very true (5)",
    "frequency": "Events, rated from never (0) to very often (4)",
    "scenarios": "Scenarios with one best answer",
    "statements": "True or false, with the reason",
}


def dimension_choices(quiz: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, str]:
    """The dimensions that an unfinished quiz has so far, key to name."""
    return _labels(quiz.get("dimensions"), "name")


def context_choices(quiz: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, str]:
    return _labels((quiz.get("context") or {}).get("choices"), "label")


def rating_choices(quiz: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, str]:
    return RATINGS.get(quiz.get("format") or "", {})


def answer_choices(quiz: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, str]:
    if quiz.get("format") == "scenarios":
        return _labels(item.get("options"), "text")
    return STATEMENT if quiz.get("format") == "statements" else {}


def _labels(parts: Any, label: str) -> dict[str, str]:
    return {each.get("key") or "": each.get(label) or "" for each in parts or []}
