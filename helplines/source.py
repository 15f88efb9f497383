"""What a help line is: one plain value."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from publishing.leaves import Day, Line, Mark, One, Whole

HELP_TOPICS = {
    "emergency": "Emergency",
    "abuse": "Violence, threats or control",
    "crisis": "Crisis and thoughts of suicide",
    "children": "Children and teenagers",
    "harm": "Worried about your own behavior",
    "fraud": "Scams and fraud",
}


@dataclass(frozen=True, kw_only=True)
class HelpLineSource:
    """A service a reader can turn to. ``checked`` is the day somebody last dialed or opened it, ``position`` its place;
    ``unconfirmed``: no published source was found for it yet."""

    position: Annotated[int, Whole("Place in the list", 1, placed=True)]
    country: Annotated[str, Line("Country", 60)]
    topic: Annotated[str, One("Topic", choices=HELP_TOPICS)]
    name: Annotated[str, Line("Name", 120)]
    audience: Annotated[str, Line("Who it is for", 160)] = ""
    phone: Annotated[str, Line("Phone", 40)] = ""
    text_message: Annotated[str, Line("Text message", 80, key="text", help="How to reach it by text message.")] = ""
    website: Annotated[str, Line("Website", 200)] = ""
    hours: Annotated[str, Line("Hours", 80)] = ""
    unconfirmed: Annotated[bool, Mark("Not confirmed", help="No published source was found yet.")] = False
    checked: Annotated[date | None, Day("Last checked", help="The day somebody last dialed or opened it.")] = None

    @property
    def topic_words(self) -> str:
        return HELP_TOPICS.get(self.topic, self.topic)

    @property
    def dialable(self) -> str:
        """The phone number as a ``tel:`` link wants it."""
        return "".join(character for character in self.phone if character.isdigit() or character == "+")
