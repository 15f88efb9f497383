"""Nothing is kept: the database, the files and the output of the real server hold no trace of a taker."""

import http.client
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from quizzes.kept.kept import EXPIRIES
from tests.conftest import Site
from tests.quizzes.page import parse
from tests.quizzes.taker import rated
from tools import server
from trustsite import gunicorn, views
from trustsite.settings import DATABASES

FROM = "127.66.77.88"  # any address of this network reaches the server, and nothing else comes from this one
AGENT, REFERRER, QUERY = "Marker-Agent-7c1f", "/marker-referrer-7c1f/", "marker-query-7c1f"
SLUG = "how-i-trust"
QUESTIONS = f"/quizzes/{SLUG}/questions/"


class Taker:
    """A taker who can be told from everyone else: by address, browser, page before, query, cookies and answers."""

    def __init__(self, url: str):
        self.host = url.removeprefix("http://")
        self.cookies: dict[str, str] = {}
        self.seen: set[str] = {FROM, AGENT, REFERRER, QUERY}

    def ask(self, method: str, address: str, fields: dict[str, str] | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=10, source_address=(FROM, 0))
        headers = {
            "User-Agent": AGENT,
            "Referer": f"http://{self.host}{REFERRER}",
            "X-Forwarded-For": FROM,
            "Origin": f"http://{self.host}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urllib.parse.urlencode(fields) if fields else None
        connection.request(method, f"{address}?utm={QUERY}", body, headers)
        response = connection.getresponse()
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                self.seen |= {morsel.value, morsel.value.rpartition(":")[2]} - {""}
        content = response.read()
        connection.close()
        return response.status, content


@contextmanager
def logged(data_dir: Path, log: Path) -> Iterator[str]:
    """A server whose every line of output goes to ``log``."""
    with socket_port() as port, log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:trustsite.gunicorn", "trustsite.wsgi"],
            cwd=server.ROOT,
            env=server.environment(data_dir, PORT=str(port)),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            server._wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=15)


@contextmanager
def socket_port() -> Iterator[int]:
    with server.socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    yield port


def test_nothing_of_a_taker_is_kept_anywhere(site: Site, tmp_path: Path) -> None:
    log = tmp_path / "output"
    with logged(site.data_dir, log) as url:
        taker = Taker(url)
        answers = []
        for number in range(10):
            assert taker.ask("GET", QUESTIONS)[0] == 200
            fields = rated(SLUG, number % 5, (number + 1) % 5, 3, 1) | {
                "csrfmiddlewaretoken": taker.cookies["csrftoken"]
            }
            marker = f"marker-answer-{number}-7c1f"
            taker.seen.add(marker)
            answers += [
                taker.ask("POST", QUESTIONS, fields)[0],
                taker.ask("POST", QUESTIONS, {**fields, "item-1": marker})[0],
                taker.ask("POST", QUESTIONS, {**fields, f"item-{marker}": "1"})[0],
                taker.ask("POST", QUESTIONS, {**fields, "csrfmiddlewaretoken": marker})[0],
            ]
            status, page = taker.ask("GET", f"/quizzes/{SLUG}/result/")
            assert (status, b"data-result" in page) == (200, True)
            taker.ask("GET", "/no-such-page/")
        assert answers == [303, 422, 422, 403] * 10
    output = log.read_bytes()
    assert b"Listening at" in output
    files = {path.name: path.read_bytes() for path in site.data_dir.rglob("*") if path.is_file()} | {"output": output}
    assert {"site.sqlite3", "output"} <= set(files)
    assert {"answers", "csrftoken"} == set(taker.cookies)
    assert len(taker.seen) > 20
    traces = {name: found for name in files if (found := [mark for mark in taker.seen if mark.encode() in files[name]])}
    assert traces == {}


def test_server_writes_no_access_log() -> None:
    assert [name for name in vars(gunicorn) if "log" in name] == []


def told(client: Client) -> dict[str, list[str]]:
    rows = parse(client.get("/privacy/").content).one("main").one("tbody").all("tr")
    cells = [[cell.text for cell in row.all("td")] for row in rows]
    return {what: rest for what, *rest in cells}


def test_privacy_page_tells_every_thing_that_is_stored(client: Client) -> None:
    rows = told(client)
    assert list(rows) == [
        "Reading a lesson",
        "Your answers to a quiz",
        "A reading plan, if you make one",
        "A result, if you choose “Keep this result”",
        "Light or dark, if you choose one",
        "A token that protects forms from forgery",
        "An editor’s log-in",
    ]
    assert rows["A result, if you choose “Keep this result”"][1] == (
        "30, 90 or 365 days, as you choose, or until you delete it"
    )
    assert rows["A reading plan, if you make one"][1].startswith("30 days after you last changed it, ")
    assert "whom the answers were about" in rows["A result, if you choose “Keep this result”"][0]
    assert rows["An editor’s log-in"][1] == "8 hours at most"
    assert rows["A token that protects forms from forgery"][1] == "Until you close the browser"
    assert EXPIRIES == (30, 90, 365)


def test_privacy_page_follows_what_decides_it(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SESSION_COOKIE_AGE = 3 * 60 * 60
    monkeypatch.setattr(views, "EXPIRIES", (7, 14, 21, 28))
    monkeypatch.setattr(views.plan, "LASTS", timedelta(days=7))
    rows = told(client)
    assert rows["A result, if you choose “Keep this result”"][1].startswith("7, 14, 21 or 28 days, ")
    assert rows["A reading plan, if you make one"][1].startswith("7 days after ")
    assert rows["An editor’s log-in"][1] == "3 hours at most"


@pytest.mark.parametrize("address", [QUESTIONS, "/quizzes/kept/", "/quizzes/plan/", "/", "/formation/what-trust-is/"])
def test_no_cookie_outlives_the_browser(site: Site, address: str) -> None:
    with urllib.request.urlopen(site.url + address, timeout=10) as response:
        cookies = [SimpleCookie(header) for header in response.headers.get_all("Set-Cookie") or []]
    found = [morsel for cookie in cookies for morsel in cookie.values()]
    assert {each.key for each in found} <= {"csrftoken"}
    assert [(each["expires"], each["max-age"], each["samesite"], each["httponly"]) for each in found] == [
        ("", "", "Lax", True) for _ in found
    ]


def test_database_overwrites_what_is_deleted() -> None:
    """Some builds of SQLite do so by default, so that only the setting itself can be tested everywhere."""
    assert "PRAGMA secure_delete=ON;" in DATABASES["default"]["OPTIONS"]["init_command"]
