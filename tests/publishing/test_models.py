"""What readers see of a draft's versions: the one rule, as a table."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from articles.models import Lesson, LessonVersion, TermVersion
from publishing.models import Draft, Version
from tests.authoring import put
from tests.factories import lesson_source

pytestmark = pytest.mark.usefixtures("course")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def says(hours: int) -> dict[str, Any]:
    """A version that readers get so many hours from now."""
    return {"live_from": NOW + timedelta(hours=hours), "document": {}}


def withdraws(hours: int) -> dict[str, Any]:
    return {"live_from": NOW + timedelta(hours=hours), "withdraws": True}


def with_versions(*versions: dict[str, Any]) -> Draft:
    """A draft with these versions, numbered from 1."""
    draft = put("lesson", lesson_source())
    for number, version in enumerate(versions, 1):
        Version.objects.create(draft=draft, slug="a-spare-key", title="A spare key", number=number, **version)
    return draft


HISTORIES = {
    "no version": ([], [], [], []),
    "one": ([says(-1)], [1], [1], [1]),
    "its moment is now": ([says(0)], [1], [1], [1]),
    "pending": ([says(1)], [], [], [1]),
    "two": ([says(-2), says(-1)], [2], [1, 2], [2]),
    "two at one moment": ([says(-1), says(-1)], [2], [1, 2], [2]),
    "live and pending": ([says(-1), says(1)], [1], [1], [1, 2]),
    "two pending, the later number first": ([says(-1), says(2), says(1)], [1], [1], [1, 3, 2]),
    "withdrawn": ([says(-2), withdraws(-1)], [], [], [2]),
    "withdrawn at the moment of publishing": ([says(-1), withdraws(-1)], [], [], [2]),
    "to be withdrawn": ([says(-1), withdraws(1)], [1], [1], [1, 2]),
    "withdrawn, and a correction waits": ([says(-2), withdraws(-1), says(1)], [], [], [2, 3]),
    "withdrawn and published again": ([says(-3), withdraws(-2), says(-1)], [3], [1, 3], [3]),
    "published later than a pending one, before its time": ([says(-3), says(1), says(-1)], [3], [1, 3], [3, 2]),
    "the time of the pending one has come": ([says(-3), says(-1), says(-2)], [2], [1, 2, 3], [2]),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_what_readers_see(name: str) -> None:
    versions, live, asked, standing = HISTORIES[name]
    draft = with_versions(*versions)

    def numbers(found: Any) -> list[int]:
        return list(found.values_list("number", flat=True))

    which = {"pk": draft.pk, "now": NOW}
    assert numbers(LessonVersion.objects.live(**which)) == live
    assert numbers(LessonVersion.objects.asked(**which).order_by("number")) == asked
    assert numbers(LessonVersion.objects.standing(**which)) == standing
    seen = Draft.objects.with_state(NOW).get(pk=draft.pk)
    assert ([] if seen.seen_withdrawn in (None, True) else [seen.seen_number]) == live
    later = [version["live_from"] for version in versions if version["live_from"] > NOW]
    assert seen.waits_until == min(later, default=None)


def test_a_kind_sees_its_own_versions_alone() -> None:
    everything = Version.objects.live().count()
    kinds = ["part", "lesson", "term", "help line", "quiz"]
    counts = [Version.objects.live(kind=kind).count() for kind in kinds]
    assert (LessonVersion.objects.live().count(), TermVersion.objects.live().count()) == (counts[1], counts[2])
    assert sum(counts) == everything
    assert not TermVersion.objects.live(slug="what-trust-is").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its plan")
def test_reading_live_versions_asks_the_covering_index() -> None:
    plan = LessonVersion.objects.live(slug="what-trust-is").order_by().explain().splitlines()
    assert [re.sub(r"[\d ]+", "", line, count=1) for line in plan if "SUBQUERY" not in line] == [
        "SEARCH publishing_version USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH V0 USING COVERING INDEX sqlite_autoindex_publishing_draft_1 (kind=? AND slug=?)",
        "SEARCH U0 USING COVERING INDEX last_version (draft_id=? AND live_from<?)",
    ]


def test_lists_leave_the_texts_in_the_database() -> None:
    assert LessonVersion.objects.listed()[0].get_deferred_fields() == {"document", "html"}
    assert Lesson.objects.of_kind().light()[0].get_deferred_fields() == {"document", "words"}


def test_list_of_drafts_with_their_state_is_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        seen = [(str(draft), draft.seen_number) for draft in Lesson.objects.of_kind().with_state().light()]
    assert {number for _, number in seen} == {1}


def test_two_drafts_without_a_slug_are_two() -> None:
    assert [put("lesson", lesson_source(slug="")).slug for _ in range(2)] == [None, None]
