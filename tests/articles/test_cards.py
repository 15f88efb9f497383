"""The picture that stands for a page: one size, small, legible, and drawn when it is first asked for."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops, ImageColor

from articles import cards
from publishing import steps
from tests import authoring
from tests.conftest import Shipped
from tests.factories import lesson_source

pytestmark = pytest.mark.usefixtures("course")
CARD = "/formation/a-spare-key/card.png"
PAPER = ImageColor.getrgb("#fdfbf7")
LONG = "What to do when somebody you have relied on for twenty years tells you, at breakfast, that it was never so"


def picture(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as opened:
        assert (opened.format, opened.size) == ("PNG", (1200, 630))
        return opened.convert("RGB")


def ink(image: Image.Image, left: int, top: int, right: int, bottom: int) -> int:
    """How many pixels in the box are clearly not paper."""
    apart = ImageChops.difference(
        image.crop((left, top, right, bottom)), Image.new("RGB", (right - left, bottom - top), PAPER)
    )
    return sum(apart.convert("L").histogram()[24:])


def assert_legible(content: bytes) -> None:
    """There is text, and it reaches neither the bowl, nor the golden line, nor an edge."""
    image = picture(content)
    assert ink(image, 90, 92, 740, 132) > 100  # the line above
    assert ink(image, 90, 150, 740, 480) > 1000  # the title
    assert ink(image, 90, 520, 740, 575) > 100  # the site
    assert ink(image, 741, 0, 786, 630) == 0
    assert ink(image, 0, 0, 85, 630) == 0
    assert ink(image, 90, 485, 740, 499) == 0
    assert ink(image, 0, 600, 1200, 630) == 0


def publish(**overrides: Any) -> None:
    authoring.publish_value("lesson", lesson_source(**overrides))


def test_every_lesson_and_part_has_a_card(client: Client, shipped: Shipped) -> None:
    addresses = [f"/{each.part}/{each.slug}/" for each in shipped.lessons] + [
        f"/{part.slug}/" for part in shipped.parts
    ]
    assert len(addresses) == 25
    for address in addresses:
        response = client.get(f"{address}card.png")
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert len(response.content) < 80 * 1024
        assert_legible(response.content)


@pytest.mark.parametrize(
    "title",
    [
        "A",
        "What trust is, and what it is not",
        LONG,
        "Trustworthiness Responsibility Misunderstandings Reconciliations",
    ],
)
def test_title_fits_however_long(title: str) -> None:
    assert len(title) <= 120
    assert ink(picture(cards.draw(title, "How trust forms", "Learning to trust")), 741, 0, 786, 630) == 0


def test_longest_title_is_legible() -> None:
    assert len(LONG) > 100
    assert_legible(cards.draw(LONG, "How trust is rebuilt", "Learning to trust"))


def test_same_words_give_the_same_bytes() -> None:
    assert cards.draw("A key", "Part 1", "Site") == cards.draw("A key", "Part 1", "Site")
    assert (
        len({cards.draw(*words) for words in (("A", "B", "C"), ("B", "B", "C"), ("A", "C", "C"), ("A", "B", "B"))}) == 4
    )


def test_card_may_be_cached_and_shown_elsewhere(client: Client) -> None:
    for address in ("/formation/what-trust-is/card.png", "/formation/card.png"):
        response = client.get(address)
        assert (response["Cache-Control"], response["Cross-Origin-Resource-Policy"]) == (
            "public, max-age=86400",
            "cross-origin",
        )
        assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)
        again = client.get(address, headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_new_title_has_a_new_card(client: Client) -> None:
    publish()
    first = client.get(CARD)
    publish(title="Another key")
    second = client.get(CARD)
    assert first.content != second.content
    assert first["ETag"] != second["ETag"]
    assert client.get(CARD, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_lesson_that_is_not_live_has_no_card(client: Client, state: str) -> None:
    row = authoring.put("lesson", lesson_source())
    if state == "scheduled":
        authoring.publish(row, live_from=timezone.now() + timedelta(minutes=5))
    if state == "withdrawn":
        authoring.publish(row)
        assert client.get(CARD).status_code == 200
        steps.withdraw(row)
    assert client.get(CARD).status_code == 404


@pytest.mark.parametrize(
    "address", ["/loss/what-trust-is/card.png", "/formation/no-such-lesson/card.png", "/no-such-part/card.png"]
)
def test_wrong_address_has_no_card(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_card_of_a_title_to_come_waits(client: Client) -> None:
    publish()
    before = client.get(CARD).content
    row = authoring.put("lesson", lesson_source(title="Tomorrow's title"))
    authoring.publish(row, live_from=timezone.now() + timedelta(days=1))
    assert client.get(CARD).content == before


def test_card_that_was_drawn_is_remembered(client: Client) -> None:
    cards.draw.cache_clear()
    publish()
    assert client.get(CARD).content == client.get(CARD).content
    assert (cards.draw.cache_info().misses, cards.draw.cache_info().hits) == (1, 1)


def test_only_cards_are_drawn(client: Client) -> None:
    cards.draw.cache_clear()
    publish()
    lesson = "/formation/a-spare-key/"
    for address in ("/", "/formation/", lesson, f"{lesson}exercise/", "/course/", "/search/?q=trust"):
        assert client.get(address).status_code == 200
    assert cards.draw.cache_info().misses == 0


@pytest.mark.parametrize(
    "title, above",
    [
        ("Vertrauenswürdigkeitsmissverständnisse", "How trust forms"),
        ("A key", "How trust between people is rebuilt after it was broken by those who were closest to us all"),
    ],
)
def test_words_fit_however_long(title: str, above: str) -> None:
    assert len(title) <= 120
    assert len(above) <= 100
    assert ink(picture(cards.draw(title, above, "Learning to trust")), 741, 0, 786, 630) == 0
