"""What must hold within one help line. Pure: a value in, problems out."""

from collections.abc import Iterator

from helplines.source import HelpLineSource
from publishing.shape import Problem


def broken(line: HelpLineSource) -> Iterator[Problem]:
    if not (line.phone or line.text_message or line.website):
        yield ("phone",), "Phone, text message and website are all empty; one is needed"
    if line.website and not line.website.startswith("https://"):
        yield ("website",), "Website must start with https://"
    if line.phone and len(line.dialable) < 2:
        yield ("phone",), f"Phone is “{line.phone}”, which nobody can dial"
