"""At 2,000 lessons and 200 quizzes the admin works as it does with the shipped course: few queries, little time, and
pages that do not grow."""

import copy
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import Draft, Link, Save, Version
from publishing.views import admin_url
from tests import authoring
from tests.publishing.pages import act, form_of
from tests.publishing.test_beside import look

LESSONS, QUIZZES = 2000, 200
PER_LIST, PER_PAGE, SECONDS = 15, 30, 1.0


def multiply(kind: str, slug: str, count: int) -> None:
    """That many more, each published, with a save and with links like those of this one."""
    like = authoring.draft(kind, slug)
    version, links = like.versions.get(), list(like.links.all())
    drafts = [copy.copy(like) for _ in range(count)]
    for number, each in enumerate(drafts, 1):
        each.pk, each.slug, each.title, each.position = (
            None,
            f"{slug}-{number}",
            f"{like.title} {number}",
            1000 + number,
        )
        each.document = {**like.document, "slug": each.slug, "number": each.position}
    drafts = Draft.objects.bulk_create(drafts)
    Save.objects.bulk_create(Save(draft=each, revision=1, document=each.document, how=Save.TYPED) for each in drafts)
    versions = [copy.copy(version) for _ in drafts]
    for each, held in zip(drafts, versions, strict=True):
        held.pk, held.draft, held.slug, held.title, held.position = None, each, each.slug, each.title, each.position
        held.targets = {target.replace(slug, str(each.slug)): url for target, url in version.targets.items()}
    versions = Version.objects.bulk_create(versions)
    Link.objects.bulk_create(
        Link(draft=held.draft, version=held if link.version_id else None, path=link.path, target=link.target)
        for held in versions
        for link in links
    )


@dataclass
class Cost:
    queries: int
    seconds: float
    size: int


def cost(ask: Callable[[], Any]) -> Cost:
    """Of the second time: the first fills what is filled once in the life of a process."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        start = time.process_time()
        response = ask()
        seconds = time.process_time() - start
    assert response.status_code == 200
    return Cost(len(captured), seconds, len(response.content))


def pages() -> Iterator[tuple[str, str]]:
    """Every address behind the drafts of both kinds, and every page around them."""
    lesson, quiz = authoring.draft("lesson", "what-trust-is"), authoring.draft("quiz", "ready-to-rebuild")
    for app in ("articles/lesson", "quizzes/quiz"):
        for query in ("", "?q=trust", "?q=zebra", "?state=differs", "?state=review", "?o=-1"):
            yield "list", f"/admin/{app}/{query}"
    for listing in ("articles/part", "articles/term", "helplines/helpline"):
        yield "list", f"/admin/{listing}/"
    yield "list", "/admin/unsought/"
    for address in ("", "guide/", "calendar/", "pictures/", "pictures/?unused=1", "sections/?q=trust"):
        yield "page", f"/admin/{address}"
    for app in ("articles/lesson", "quizzes/quiz"):
        yield "page", f"/admin/{app}/add/"
        yield "page", f"/admin/{app}/from-file/"
    for draft in (lesson, quiz):
        for step in ("change", "publish", "withdraw", "versions", "review", "file", "delete"):
            if step != "delete":
                yield "page", admin_url(draft, step)
        yield "page", admin_url(draft, "version", 1)
        yield "page", admin_url(draft, "save", 1)
        yield "page", admin_url(draft, "compare") + "?one=version-1&other=draft"
    yield "page", admin_url(lesson, "uses") + "?target=section:what-trust-is%23safety-comes-first"


def test_policy_is_as_strict_as_for_readers(editing: Client, course: None) -> None:
    """No script or style in a page, and nothing from elsewhere."""
    policy = Client().get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    for _, address in pages():
        response = editing.get(address)
        assert response["Content-Security-Policy"] == policy, address
        assert re.findall(r"<style|<script>| style=| on[a-z]+=\"", response.content.decode()) == [], address


@pytest.fixture
def many(editing: Client, course: None) -> dict[str, int]:
    """The course made large, and what each page weighed before."""
    before = {address: len(editing.get(address).content) for _, address in pages()}
    multiply("lesson", "jealousy-and-insecurity", LESSONS)
    multiply("quiz", "how-i-trust", QUIZZES)
    return before


def test_admin_does_not_grow_with_the_course(editing: Client, many: dict[str, int]) -> None:
    for what, address in pages():
        found = cost(lambda address=address: editing.get(address))  # type: ignore[misc]
        assert found.queries <= (PER_LIST if what == "list" else PER_PAGE), (address, found)
        assert found.seconds <= SECONDS, (address, found)
        rows = 100 * 1500 if what == "list" else 12_000  # a list has a hundred rows at most
        assert found.size <= many[address] + rows, (address, found, many[address])
    for kind, slug in (("lesson", "what-trust-is"), ("quiz", "ready-to-rebuild")):
        draft = authoring.draft(kind, slug)
        data = form_of(editing, draft)
        with CaptureQueriesContext(connection) as captured:
            start = time.process_time()
            look(editing, admin_url(draft), data)
            assert (time.process_time() - start <= SECONDS, len(captured) <= PER_PAGE) == (True, True), kind
        start = time.process_time()
        assert act(editing, authoring.change(draft, summary="Another."), "publish").status_code == 302
        assert time.process_time() - start <= SECONDS, kind
