"""Whose numbers come first: those of the country that the browser's languages speak of. Pure."""

from collections.abc import Sequence
from typing import TypeVar

EVERYWHERE, ELSEWHERE = "Immediate danger", "Elsewhere"
REGIONS = {
    "US": "United States",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "AU": "Australia",
    "NZ": "New Zealand",
    "CA": "Canada",
    "IN": "India",
}
EUROPE = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IT LV LT LU MT NL PL PT RO SK SI ES SE"

T = TypeVar("T")


def country(accept_language: str) -> str:
    """The country of the first language that names one we know, such as ``en-GB``; empty without one."""
    for language in accept_language[:200].split(","):
        region = language.partition(";")[0].strip().upper().partition("-")[2]
        if region in REGIONS:
            return REGIONS[region]
        if region in EUROPE.split():
            return "European Union"
    return ""


def nearest(countries: Sequence[tuple[str, T]], accept_language: str) -> list[tuple[str, T]]:
    """What holds everywhere first, then the reader's own country, or the directory of others where it has no line,
    then the rest as they stand."""
    here = country(accept_language)
    own = here if here in dict(countries) or not here else ELSEWHERE
    return sorted(countries, key=lambda each: (each[0] != EVERYWHERE, each[0] != own))
