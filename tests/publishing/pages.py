"""What an editor does with the pages of a draft, through HTTP."""

import re
from html import unescape
from typing import Any

from django.http import QueryDict
from django.test import Client

from publishing.models import Draft
from publishing.views import admin_url
from tests.publishing.controls import unchanged


def form_of(client: Client, draft: Draft) -> QueryDict:
    """The editing form as a browser sends it when nobody touched it."""
    return unchanged(client.get(admin_url(draft)).content.decode())


def send(client: Client, draft: Draft, data: QueryDict, **changes: Any) -> Any:
    """Post the editing form with some fields changed; a list stands for several controls of one name."""
    for name, held in changes.items():
        data.setlist(name, held if isinstance(held, list) else [held])
    return client.post(admin_url(draft), data.urlencode(), content_type="application/x-www-form-urlencoded")


def edit(client: Client, draft: Draft, **changes: Any) -> Any:
    """Open the editing page, change some fields, save."""
    return send(client, draft, form_of(client, draft), **changes)


def act(client: Client, draft: Draft, step: str, **fields: str) -> Any:
    return client.post(admin_url(draft, step), {"note": "", "live_from": "", **fields})


def problems(response: Any) -> list[str]:
    """What the page asks an editor to fix."""
    block = re.search(r'<div class="errornote".*?</div>|<section class="to-fix".*?</section>', *_page(response))
    return [unescape(each) for each in re.findall("<li><a[^>]*>(.*?)</a>", block[0])] if block else []


def changes(response: Any) -> list[tuple[str, str, str]]:
    """What the page says would change: the place, what was removed and what was added."""
    rows = re.findall(r"<li>\s*<b>(.*?)</b>(.*?)</li>", *_page(response))
    return [(unescape(place), _words("del", row), _words("ins", row)) for place, row in rows]


def _words(tag: str, html: str) -> str:
    return unescape(" ".join(re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)))


def _page(response: Any) -> tuple[str, re.RegexFlag]:
    return response.content.decode(), re.DOTALL


def reader() -> Client:
    """Somebody who has not logged in."""
    return Client()
