"""What is scheduled, in the site's time zone, for who may see it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from publishing import steps
from publishing.forms import MoveForm, PublishForm
from tests import authoring
from tests.publishing.pages import act, edit

pytestmark = pytest.mark.usefixtures("course")


def at(day: int, hour: int) -> datetime:
    return datetime(2099, 1, day, hour, tzinfo=UTC)


def calendar(client: Client) -> list[str]:
    """Each day, and each line below it."""
    html = client.get("/admin/calendar/").content.decode()
    block = re.search(r'<ol class="calendar">.*?</ol>', html, re.DOTALL)
    found = re.findall(r"<h2>.*?</h2>|<li>\s*<time.*?</li>", block[0], re.DOTALL) if block else []
    return [unescape(" ".join(re.sub("<.*?>", " ", each).split())) for each in found]


@pytest.fixture
def three() -> None:
    term, lesson = authoring.draft("term", "trust"), authoring.draft("lesson", "jealousy-and-insecurity")
    authoring.publish(authoring.change(lesson, title="Second"), live_from=at(3, 9), note="Checked by Jo")
    authoring.publish(authoring.change(term, meaning="First."), live_from=at(2, 23))
    steps.withdraw(authoring.draft("term", "truth-default"), live_from=at(3, 8))


def test_nothing_is_scheduled(editing: Client) -> None:
    assert "Nothing is scheduled." in editing.get("/admin/calendar/").content.decode()
    assert calendar(editing) == []


def test_what_is_scheduled_stands_in_order(editing: Client, three: None) -> None:
    assert calendar(editing) == [
        "Friday, 2 January 2099",
        "23:00 trust term, version 2 Move or cancel",
        "Saturday, 3 January 2099",
        "08:00 truth-default term, is withdrawn Move or cancel",
        "09:00 Second lesson, version 2, Checked by Jo Move or cancel",
    ]


def test_days_are_those_of_the_site(editing: Client, three: None, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    assert calendar(editing)[:2] == ["Saturday, 3 January 2099", "00:00 trust term, version 2 Move or cancel"]
    assert "Times are in Europe/Berlin." in editing.get("/admin/calendar/").content.decode()


def test_line_leads_to_moving_it(editing: Client, three: None) -> None:
    [found] = re.findall(
        r'href="(/admin/articles/lesson/\d+/versions/2/move/)"', editing.get("/admin/calendar/").content.decode()
    )
    assert editing.post(found, {"live_from": "2099-02-01T10:00"}).status_code == 302
    assert calendar(editing)[-2:] == [
        "Sunday, 1 February 2099",
        "10:00 Second lesson, version 2, Checked by Jo Move or cancel",
    ]
    assert editing.post(found, {"never": "on"}).status_code == 302
    assert len(calendar(editing)) == 4


@pytest.mark.parametrize(
    "rights, lines, moves", [("", 0, 0), ("view_term", 4, 0), ("publish_term", 4, 2), ("view_lesson", 2, 0)]
)
def test_who_sees_and_who_moves(three: None, rights: str, lines: int, moves: int) -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights.split()))
    client = Client()
    client.force_login(user)
    assert len(calendar(client)) == lines
    assert client.get("/admin/calendar/").content.decode().count("Move or cancel: ") == moves


def test_nobody_else_sees_it(three: None) -> None:
    for address in ("/admin/calendar/", "/admin/unsought/"):
        assert Client().get(address)["Location"].startswith("/admin/login/")


# ---- the hour in which the clocks change

GAPS = ["2099-03-29T02:30", "2099-10-25T02:30"]  # missing in Berlin, and there twice


@pytest.mark.parametrize("form", [MoveForm, PublishForm])
@pytest.mark.parametrize("moment", GAPS)
def test_hour_of_changing_clocks_is_told(rf: Any, form: type, moment: str) -> None:
    with timezone.override("Europe/Berlin"):
        found = form(rf.post("/", {"live_from": moment, "note": ""}))
        assert [str(each) for each in found.errors["live_from"]] == [
            "The clocks change in that hour: it is missing, or comes twice. Choose an hour before or after it."
        ]


def test_hour_of_changing_clocks_changes_nothing(editing: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    draft = authoring.change(authoring.draft("term", "trust"), meaning="First.")
    for moment in GAPS:
        response = act(editing, draft, "publish", live_from=moment)
        assert (response.status_code, draft.versions.count()) == (422, 1)
        assert "The clocks change in that hour" in response.content.decode()
    assert act(editing, draft, "publish", live_from="2099-03-29T03:30").status_code == 302
    assert draft.versions.first().live_from == at(1, 0).replace(month=3, day=29, hour=1, minute=30)  # type: ignore[union-attr]


# ---- who did what


def test_history_says_who_did_what(editing: Client) -> None:
    """Saves have a list of their own."""
    draft = authoring.draft("term", "trust")
    edit(editing, draft, meaning="First.")
    soon = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    act(editing, draft, "publish", live_from=soon)
    editing.post(f"/admin/articles/term/{draft.pk}/versions/2/move/", {"never": "on"})
    act(editing, draft, "publish")
    act(editing, draft, "withdraw")
    editing.post(f"/admin/articles/term/{draft.pk}/versions/1/")
    editing.post(f"/admin/articles/term/{draft.pk}/review/")
    html = editing.get(f"/admin/articles/term/{draft.pk}/versions/").content.decode().partition("What was done")[2]
    rows = [re.findall("<td>(.*?)</td>", row) for row in re.findall("<tr>(<td>.*?)</tr>", html)]
    assert [row[1:] for row in rows] == [
        ["maria", "Made it ready for review"],
        ["maria", "Restored version 1"],
        ["maria", "Withdrew it"],
        ["maria", "Published version 2"],
        ["maria", "Canceled version 2"],
        ["maria", f"Published version 2 from {timezone.localtime() + timedelta(days=2):%d %B %Y, %H:%M}"],
    ]
