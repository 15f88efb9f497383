"""Help lines: what one must say, how its number is dialed, and what readers and editors see of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from helplines.kinds import CHECK_EVERY
from helplines.models import by_country
from publishing import steps
from publishing.kind import KINDS
from publishing.models import Draft
from publishing.shape import document, spelled
from tests import authoring
from tests.conftest import Shipped
from tests.factories import help_line_source
from tests.publishing.controls import unchanged

pytestmark = pytest.mark.usefixtures("course")
LIST = "/admin/helplines/helpline/"


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def of_abuse() -> Draft:
    return authoring.put("help line", help_line_source(country="Nowhere", name="A new line", position=99))


@pytest.mark.parametrize(
    "overrides, place, message",
    [
        ({"phone": ""}, "phone", "Phone, text message and website are all empty; one is needed"),
        ({"phone": "call us"}, "phone", "Phone is “call us”, which nobody can dial"),
        ({"website": "http://example.org"}, "website", "Website must start with https://"),
        (
            {"topic": "abusee"},
            "topic",
            "Topic is “abusee”; choose from: emergency, abuse, crisis, children, harm, fraud",
        ),
        ({"name": ""}, "name", "Name is missing"),
        ({"country": "x" * 61}, "country", "Country has 61 characters; 60 is the most"),
    ],
)
def test_line_with_a_problem_is_told_at_its_field(overrides: dict[str, Any], place: str, message: str) -> None:
    _, problems = KINDS["help line"].judge(document(help_line_source(**overrides)))
    assert [(spelled(path), said) for path, said in problems] == [(place, message)]


@pytest.mark.parametrize(
    "phone, dialed", [("112", "112"), ("+1 (2) 3-4", "+1234"), ("1800 341 900", "1800341900"), ("", "")]
)
def test_number_is_dialed_without_its_spaces(phone: str, dialed: str) -> None:
    assert help_line_source(phone=phone).dialable == dialed


def test_lines_stand_under_their_country_in_the_order_of_the_list(shipped: Shipped) -> None:
    countries = dict.fromkeys(line.country for line in shipped.help_lines)
    expected = [(country, [line for line in shipped.help_lines if line.country == country]) for country in countries]
    assert by_country() == expected
    abuse = {line.name for _, lines in by_country({"abuse"}) for line in lines}
    assert abuse == {line.name for line in shipped.help_lines if line.topic == "abuse"}


def test_line_changes_for_readers_when_it_is_published(client: Client) -> None:
    draft = of_abuse()
    authoring.publish(draft)
    before = client.get("/help/").content
    authoring.change(draft, phone="116 123")
    assert client.get("/help/").content == before
    authoring.publish(draft)
    assert b'href="tel:116123"' in client.get("/help/").content
    steps.withdraw(draft)
    assert b"A new line" not in client.get("/help/").content


def test_line_is_written_and_published_in_the_admin(editing: Client) -> None:
    typed = {
        name: str(held)
        for name, held in document(help_line_source(country="Nowhere", name="A new line", position=99)).items()
    }
    form = unchanged(editing.get(f"{LIST}add/").content.decode())
    editing.post(f"{LIST}add/", {**dict(form.lists()), **typed})
    line = Draft.objects.get(kind="help line", title="A new line")
    assert line.slug == "nowhere-a-new-line"
    assert b"A new line" not in Client().get("/help/").content
    editing.post(f"{LIST}{line.pk}/publish/", {"note": "", "live_from": ""})
    assert b"A new line" in Client().get("/help/").content


def test_line_is_due_half_a_year_after_it_was_checked(editing: Client) -> None:
    today = timezone.localdate()
    line = of_abuse()
    authoring.publish(authoring.change(line, checked=(today - CHECK_EVERY - timedelta(days=1)).isoformat()))
    assert Draft.objects.get(pk=line.pk).due == today - timedelta(days=1)
    desk = re.search('<section class="desk".*?</section>', editing.get("/admin/").content.decode(), re.DOTALL)
    assert desk
    assert re.findall(r"A new line</a>\s*<span>(.*? due for review)", desk[0]) == ["help line, was due for review"]
