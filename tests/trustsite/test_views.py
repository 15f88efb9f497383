import re
from datetime import date
from html import unescape
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from publishing.models import Version
from publishing.views import admin_url
from tests import authoring
from tests.conftest import Shipped
from tests.factories import help_line_source
from trustsite import views

pytestmark = pytest.mark.usefixtures("course")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_home_leads_to_every_part_lesson_and_quiz_in_order(client: Client, shipped: Shipped) -> None:
    html = page(client, "/")
    parts = re.findall(r'<h3 id="([\w-]+)"><a href="([^"]+)">([^<]+)</a></h3>', html)
    assert parts == [(part.slug, f"/{part.slug}/", part.title) for part in shipped.parts]
    assert len(parts) == 4
    lessons = re.findall(r'<li><a href="(/[\w-]+/[\w-]+/)">([^<]+)</a>\s<span class="meta">', html)
    ordered = sorted(shipped.lessons, key=lambda source: source.number)
    assert lessons == [(f"/{source.part}/{source.slug}/", source.title) for source in ordered]
    assert len(lessons) == 21
    quizzes = re.findall(r'<li>\s*<h3><a href="(/quizzes/[\w-]+/)">([^<]+)</a>', html)
    by_number = sorted(shipped.quizzes, key=lambda quiz: quiz.number)
    assert quizzes == [(f"/quizzes/{quiz.slug}/", quiz.title) for quiz in by_number]
    assert len(quizzes) == 7
    assert "21 lessons in four parts" in html
    assert ">7 quizzes that end in" in html


def test_home_without_anything_published(client: Client) -> None:
    Version.objects.all().delete()
    html = page(client, "/")
    assert "0 lessons in four parts" in html


@pytest.mark.parametrize(
    "minutes, words",
    [
        (0, "half an hour"),
        (29, "half an hour"),
        (45, "1 hour"),
        (46, "1 hour"),
        (60, "1 hour"),
        (80, "1½ hours"),
        (165, "3 hours"),
        (200, "3½ hours"),
    ],
)
def test_length_in_words(minutes: int, words: str) -> None:
    assert views._hours(minutes) == words


def test_help_page_lists_every_line_with_the_day_it_was_checked(client: Client, shipped: Shipped) -> None:
    html = page(client, "/help/")
    entries = re.findall(r"<li>\s*<h3>(.*?)</h3>(.*?)</li>", html, re.DOTALL)
    assert [name for name, _ in entries] == [line.name for line in shipped.help_lines]
    for (_, entry), line in zip(entries, shipped.help_lines, strict=True):
        dialed = "".join(sign for sign in line.phone if sign.isdigit() or sign == "+")
        assert re.findall('href="tel:([^"]*)">([^<]*)<', entry) == ([(dialed, line.phone)] if line.phone else [])
        assert re.findall('href="(https[^"]*)"', entry) == ([line.website] if line.website else [])
        assert (f"text {line.text_message}" in entry) == bool(line.text_message)
        on = f"Last checked {line.checked.day} {line.checked:%B %Y}" if line.checked else "Not yet checked by"
        assert on in entry
        assert ("no published source" in entry) == line.unconfirmed
    countries = list(dict.fromkeys(line.country for line in shipped.help_lines))
    assert re.findall(r"<h2>(.*?)</h2>", html) == countries
    anchors = re.findall(r'<li><a href="#([^"]+)">', html)
    assert anchors == re.findall(r'<section id="([^"]+)">', html)
    assert len(anchors) == len(countries)


def test_help_line_is_there_as_soon_as_it_is_published(client: Client) -> None:
    line = help_line_source(
        country="Nowhere",
        topic="crisis",
        name="A <new> line",
        phone="+1 (2) 3",
        checked=date(2026, 11, 1),
        position=999,
    )
    draft = authoring.put("help line", line)
    assert "A <new> line" not in page(client, "/help/")
    authoring.publish(draft)
    html = client.get("/help/").content.decode()
    shown = re.findall(r'<h3>A &lt;new&gt; line</h3>\s*<p class="contact">(.*?)</p>', html, re.DOTALL)
    assert [contact.strip() for contact in shown] == ['<a href="tel:+123">+1 (2) 3</a>']
    assert "Last checked 1 November 2026" in html
    authoring.change(draft, phone="+9")
    assert client.get("/help/").content.decode() == html


def test_privacy_page_says_what_the_settings_decide(client: Client, settings: Any) -> None:
    assert "<td>8 hours at most</td>" in page(client, "/privacy/")
    settings.SESSION_COOKIE_AGE = 3 * 3600
    assert "<td>3 hours at most</td>" in page(client, "/privacy/")
    assert 'id="history"' in page(client, "/privacy/")


def test_exit_leaves_at_once_and_forgets(client: Client, settings: Any) -> None:
    settings.EXIT_URL = "https://weather.example/"
    response = client.get("/exit/")
    assert (response.status_code, response.content) == (303, b"")
    names = ("Location", "Clear-Site-Data", "Cache-Control", "Referrer-Policy")
    assert [response[name] for name in names] == [
        "https://weather.example/",
        '"cache", "cookies"',
        "no-store",
        "no-referrer",
    ]
    assert client.post("/exit/").status_code == 405


def test_health_with_a_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert response["Cache-Control"] == "no-store"


def test_health_without_a_database(client: Client) -> None:
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"process ok, database unavailable\n")


def test_robots(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /exit/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def boom(*arguments: object, **named: object) -> None:
    raise RuntimeError("a secret detail")


def error_page(status: int) -> Any:
    """A real request that ends in this error."""
    client = Client(raise_request_exception=False)
    if status == 400:
        return client.get("/", headers={"host": "evil.example"})
    if status == 403:
        client.force_login(User.objects.create_user("staff", is_staff=True))
        return client.get("/admin/articles/lesson/")
    return client.get("/no-such-page/")


TITLES = {
    400: "That request was not understood",
    403: "This page is not open to you",
    404: "There is no page at this address",
}


@pytest.mark.parametrize("status", TITLES)
def test_error_page_is_our_own_and_has_a_way_out(status: int) -> None:
    response = error_page(status)
    assert response.status_code == status
    html = response.content.decode()
    assert re.findall("<h1>(.*?)</h1>", html) == [TITLES[status]]
    assert re.findall('<a class="leave" href="([^"]*)"', html) == ["/exit/"]
    assert "evil.example" not in html
    assert not response.cookies


def test_page_for_a_fault_of_ours_tells_nothing_and_has_a_way_out() -> None:
    client = Client(raise_request_exception=False)
    with mock.patch("helplines.views.by_country", side_effect=boom):
        response = client.get("/help/")
    html = response.content.decode()
    assert (response.status_code, re.findall("<h1>(.*?)</h1>", html)) == (500, ["Something went wrong on our side"])
    assert re.findall('<a class="leave" href="([^"]*)"', html) == ["/exit/"]
    assert "secret detail" not in html
    assert 'href="tel:112"' in html


def test_page_for_a_fault_of_ours_needs_no_database(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        assert views.server_error(request).status_code == 500


def test_expired_form_outside_a_quiz_says_so(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/admin/login/", {"username": "maria", "password": "correct horse"})
    assert response.status_code == 403
    assert "<h1>This form had been open too long</h1>" in response.content.decode()


# Edit this page

EDITED = {
    "/formation/": ("part", "formation"),
    "/formation/what-trust-is/": ("lesson", "what-trust-is"),
    "/formation/what-trust-is/exercise/": ("lesson", "what-trust-is"),
    "/quizzes/how-i-trust/": ("quiz", "how-i-trust"),
    "/quizzes/how-i-trust/method/": ("quiz", "how-i-trust"),
}
LISTED = {"/glossary/": "/admin/articles/term/", "/help/": "/admin/helplines/helpline/"}
OTHERS = ["/", "/quizzes/", "/search/", "/privacy/", "/course/", "/quizzes/how-i-trust/questions/", "/nowhere/"]


def edit_links(html: str) -> list[str]:
    return re.findall(r'<li><a href="([^"]+)">Edit this page</a></li>', html)


@pytest.mark.parametrize("path", [*EDITED, *LISTED, *OTHERS])
def test_editor_goes_from_a_page_to_where_it_is_edited(client: Client, editor: User, path: str) -> None:
    client.force_login(editor)
    where = LISTED.get(path) or (admin_url(authoring.draft(*EDITED[path])) if path in EDITED else "")
    response = client.get(path)
    assert edit_links(response.content.decode()) == ([where] if where else [])
    assert response["Cache-Control"] in ("private, no-cache", "no-store")
    plain = Client().get(path).content.decode()
    assert (
        not where or response.content.decode().replace(f'\n<li><a href="{where}">Edit this page</a></li>', "") == plain
    )


@pytest.mark.parametrize("path", [*EDITED, *LISTED, "/"])
def test_reader_pays_nothing_for_it(path: str) -> None:
    plain = Client().get(path)
    assert (edit_links(plain.content.decode()), "Cache-Control" in plain.headers) == ([], False)
    assert "Cookie" not in plain.get("Vary", "")
    forged = Client()
    forged.cookies["sessionid"] = "x" * 32
    again = forged.get(path)
    assert (again.content, len(again.cookies), "Cookie" in again.get("Vary", "")) == (plain.content, 0, False)


def test_who_may_not_edit_gets_no_link(client: Client, editor: User) -> None:
    for user in (User.objects.create_user("member"), User.objects.create_user("staff", is_staff=True)):
        client.force_login(user)
        assert edit_links(client.get("/formation/what-trust-is/").content.decode()) == []
    User.objects.filter(pk=editor.pk).update(is_staff=False)
    client.force_login(editor)
    assert edit_links(client.get("/formation/what-trust-is/").content.decode()) == []
