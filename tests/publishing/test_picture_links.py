"""What drafts and versions of an earlier release show of the pictures is recorded as it is today."""

from importlib import import_module

import pytest
from django.apps import apps

from publishing.models import Link
from tests import authoring
from tests.factories import lesson_source

migration = import_module("publishing.migrations.0004_picture_links")
ONE, TWO = "/media/pictures/0123456789abcdef.png", "/media/pictures/fedcba.webp"


def recorded() -> list[tuple[str, bool, str]]:
    links = Link.objects.filter(target__startswith="picture:")
    return sorted((link.path, link.version_id is None, link.target) for link in links)


@pytest.mark.parametrize(
    "held, expected",
    [
        ({"scene": f"Words.\n\n![A]({ONE})"}, [("scene[2]", ONE)]),
        (
            {"sections": [{"body": "x"}, {"body": f'![A]({ONE} "It")\n![B]({TWO})'}]},
            [
                ("sections[1].body[0]", ONE),
                ("sections[1].body[1]", TWO),
            ],
        ),
        ({"sections": [{"body": f"![A]({ONE}?x) {ONE}."}]}, [("sections[0].body[0]", ONE)] * 2),
        ({"scene": "/media/pictures/ /media/pictures/../a.png /static/figures/a.svg", "number": 3, "act": None}, []),
    ],
)
def test_every_address_is_found_with_its_place(held: object, expected: list[tuple[str, str]]) -> None:
    assert list(migration.shown(held)) == expected


def test_what_is_found_is_what_is_recorded_today(course: None) -> None:
    draft = authoring.put("lesson", lesson_source())
    body = f"Some words.\n\n![A key]({ONE})"
    sections = [{**each, "body": body} for each in draft.document["sections"]]
    draft = authoring.change(draft, scene=f"![A key]({TWO})", sections=sections)
    draft.versions.create(number=1, live_from="2026-01-01T00:00Z", document=draft.document)
    draft.versions.create(number=2, live_from="2026-01-02T00:00Z", withdraws=True)
    today = recorded()
    assert len(today) == 1 + len(sections)
    for _ in range(2):
        migration.record(apps, None)
        assert recorded() == sorted([*today, *((path, False, target) for path, _, target in today)])
    assert Link.objects.exclude(target__startswith="picture:").exists()
