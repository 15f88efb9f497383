from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests import authoring
from tests.publishing.controls import unchanged

pytestmark = pytest.mark.usefixtures("course")

POLICY = {
    "base-uri": ["'none'"],
    "connect-src": ["'self'"],
    "default-src": ["'none'"],
    "font-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "img-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
PUBLIC = [
    "/",
    "/formation/",
    "/formation/what-trust-is/",
    "/help/",
    "/privacy/",
    "/quizzes/",
    "/quizzes/how-i-trust/",
    "/quizzes/how-i-trust/questions/",
    "/quizzes/how-i-trust/result/",
    "/exit/",
    "/healthz",
    "/robots.txt",
    "/sitemap.xml",
    "/feed.atom",
    "/no-such-page/",
    "/loss/what-trust-is/",
    "/admin/login/",
    "/admin/",
    "/media/none.png",
]
REFERRER = {"/exit/": "no-referrer", "/quizzes/how-i-trust/result/": "no-referrer"}


def policy(response: Any) -> dict[str, list[str]]:
    directives = [directive.split() for directive in response["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in directives}


def headers(response: Any) -> dict[str, str]:
    return {name: response.get(name, "") for name in HEADERS}


@pytest.mark.parametrize("path", PUBLIC)
def test_headers_of_a_public_page(client: Client, path: str) -> None:
    response = client.get(path)
    assert policy(response) == POLICY
    assert headers(response) == HEADERS
    assert response["Referrer-Policy"] == REFERRER.get(path, "same-origin")


@pytest.mark.parametrize("step", ["", "change", "publish", "versions", "versions/1", "saves/1", "withdraw", "preview"])
def test_headers_of_an_admin_page(client: Client, editor: User, step: str) -> None:
    client.force_login(editor)
    lesson = f"/admin/articles/lesson/{authoring.draft('lesson', 'what-trust-is').pk}"
    response = client.get(f"{lesson}/{step}/" if step else "/admin/")
    if step == "preview":
        form = unchanged(client.get(f"{lesson}/change/").content.decode())
        response = client.post(f"{lesson}/change/", {**dict(form.lists()), "do": "preview"})
    assert response.status_code == 200
    assert (policy(response), headers(response)) == (POLICY, HEADERS)
    assert "unsafe" not in response["Content-Security-Policy"]
    html = response.content.decode()
    assert (html.count(" style="), html.count(" onclick="), html.count("<style")) == (0, 0, 0)


@pytest.mark.parametrize("path", [*PUBLIC[:9], "/no-such-page/"])
def test_page_has_nothing_inline_and_nothing_from_elsewhere(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert (html.count(" style="), html.count("<style"), html.count("<script>"), html.count("javascript:")) == (
        0,
        0,
        0,
        0,
    )
    assert (html.count(' src="http'), html.count('src="//'), html.count("@import")) == (0, 0, 0)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "testserver:80@evil.example"])
def test_headers_of_a_request_for_another_host(client: Client, host: str) -> None:
    response = client.get("/", headers={"host": host})
    assert (response.status_code, policy(response), headers(response)) == (400, POLICY, HEADERS)


def test_headers_of_an_address_without_its_last_slash(client: Client) -> None:
    response = client.get("/formation")
    assert (response.status_code, policy(response), headers(response)) == (301, POLICY, HEADERS)


def test_headers_of_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def boom(*arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("helplines.views.by_country", boom)
    response = Client(raise_request_exception=False).get("/help/")
    assert response.status_code == 500
    assert (policy(response), headers(response)) == (POLICY, HEADERS)
