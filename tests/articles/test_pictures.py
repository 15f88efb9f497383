"""The library of pictures: each with the places that use it, and what nobody uses, which alone can be deleted."""

import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.pictures import keep
from publishing import steps
from publishing.models import Draft, Link
from publishing.views import admin_url
from tests import authoring
from tests.articles.test_editor import picture
from tests.factories import lesson_source, section_source

LIBRARY, UNUSED = "/admin/pictures/", "/admin/pictures/?unused=1"
DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, course: None) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def sent(number: int = 0, *, age: float = 2 * DAY) -> str:
    """The address of a picture that no other number has, sent a while ago."""
    address = keep(picture(size=(10 + number, 6)), "png")
    moment = time.time() - age
    os.utime(default_storage.path(address.removeprefix("/media/")), (moment, moment))
    return address


def name(address: str) -> str:
    return address.removeprefix("/media/pictures/")


def page(address: str) -> str:
    return f"{LIBRARY}{name(address)}/"


def lesson(*addresses: str, slug: str = "a-spare-key", number: int = 99) -> Draft:
    """A draft with a text that shows the pictures, one a line after some words."""
    body = "\n\n".join(["She gives him the key.", *(f"![A key]({address})" for address in addresses)])
    sections = (section_source(), section_source(anchor="more", heading="More", body=body))
    return authoring.put("lesson", lesson_source(slug=slug, number=number, sections=sections))


def content(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().partition('<div id="content"')[2]


def listed(client: Client, address: str = LIBRARY) -> list[str]:
    return [
        f"/media/pictures/{each}" for each in re.findall(r'src="/media/pictures/([^"]+)"', content(client, address))
    ]


def there(address: str) -> bool:
    return default_storage.exists(address.removeprefix("/media/"))


# What uses a picture


def nothing(address: str) -> None:
    pass


def draft(address: str) -> None:
    lesson(address)


def live(address: str) -> None:
    """And no draft any more."""
    authoring.publish(lesson(address))
    lesson()


def waiting(address: str) -> None:
    authoring.publish(lesson(address), live_from=timezone.now() + timedelta(days=1))
    lesson()


def old(address: str) -> None:
    live(address)
    authoring.publish(lesson())


def withdrawn(address: str) -> None:
    live(address)
    steps.withdraw(Draft.objects.get(slug="a-spare-key"))


def save(address: str) -> None:
    lesson(address)
    lesson()


def too_long(address: str) -> None:
    """A text that is not even looked at, with a picture in it."""
    lesson(address, "x" * 200_001)


def deleted(address: str) -> None:
    steps.delete(lesson(address))


USES = [
    # how it is used, what is said of it, whether a tick lets it go (None: nothing does)
    (nothing, "Nobody uses it.", False),
    (deleted, "Nobody uses it.", False),
    (draft, "Section 2</span>", None),
    (live, "Section 2, what readers see, no longer the draft</span>", None),
    (waiting, "Section 2, what readers see, no longer the draft</span>", None),
    (old, "Section 2, an earlier version</span>", None),
    (withdrawn, "Section 2, an earlier version</span>", None),
    (save, "Nobody uses it, but an earlier save shows it.", True),
    (too_long, "Nobody uses it, but an earlier save shows it.", True),
]


@pytest.mark.parametrize("use, says, tick", USES, ids=[use.__name__ for use, *_ in USES])
def test_what_uses_a_picture_keeps_it(client: Client, use: Any, says: str, tick: bool | None) -> None:
    address = sent()
    use(address)
    assert says in content(client, LIBRARY)
    assert listed(client, UNUSED) == ([] if tick is None else [address])
    client.post(LIBRARY, {"sure": "1"})
    assert there(address) is (tick is not False)
    if tick is not False:
        assert client.post(page(address)).status_code == 422
        assert there(address)
        answer = client.post(page(address), {"sure": "1"})
        assert (answer.status_code, there(address)) == ((302, False) if tick else (422, True))


@pytest.mark.parametrize(
    "use, why",
    [
        (draft, "The picture is used. Take it out of the places below first."),
        (live, "The picture is used. Take it out of the places below first."),
        (old, "An earlier version shows the picture, and can be restored. It stays."),
        (save, "An earlier save shows the picture. Tick the box if it may go all the same."),
    ],
)
def test_refusal_says_why(client: Client, use: Any, why: str) -> None:
    address = sent()
    use(address)
    answer = client.post(page(address)).content.decode()
    assert "Nothing was deleted" in answer
    assert why in answer


def test_use_leads_to_its_field(client: Client) -> None:
    address = sent()
    of = lesson(address, address)
    link = f'<a href="{admin_url(of)}#id-sections-1-body">{of.title}</a>'
    assert content(client, LIBRARY).count(link) == 2
    assert content(client, page(address)).count(link) == 2
    assert "Used in 2 places" in content(client, page(address))
    assert sorted(Link.objects.filter(target=f"picture:{address}").values_list("path", flat=True)) == [
        "sections[1].body[2]",
        "sections[1].body[4]",
    ]


def test_what_the_draft_shows_counts_once_however_often_it_was_published(client: Client) -> None:
    address = sent()
    for number in (98, 99):
        authoring.publish(lesson(address, number=number))
    assert "Used in 1 place<" in content(client, page(address))
    assert content(client, page(address)).count("<li>") == 1


def test_draft_and_readers_may_show_it_in_different_places(client: Client) -> None:
    """The place in the draft is the one that an editor can go to."""
    address = sent()
    authoring.publish(lesson(address))
    lesson(sent(1), address)
    assert "Used in 1 place<" in content(client, page(address))
    assert sorted(Link.objects.filter(target=f"picture:{address}").values_list("path", flat=True)) == [
        "sections[1].body[2]",
        "sections[1].body[4]",
    ]


@pytest.mark.parametrize(
    "path, place",
    [
        ("scene[0]", "Opening scene"),
        ("sections[1].body[2]", "Section 2"),
        ("exercise.body[0]", "Exercise"),
        ("", ""),
        ("gone[7].body[0]", ""),
    ],
)
def test_place_in_an_editor_s_words(client: Client, path: str, place: str) -> None:
    address = sent()
    of = lesson(address)
    of.links.filter(target=f"picture:{address}").update(path=path)
    assert f"<span>{place}</span>" in content(client, LIBRARY)


def test_many_places_are_on_a_page_of_their_own(client: Client) -> None:
    address = sent()
    lesson(*[address] * 5)
    assert content(client, LIBRARY).count("#id-sections-1-body") == 3
    assert f'<a href="{page(address)}">All 5 places</a>' in content(client, LIBRARY)
    assert content(client, page(address)).count("#id-sections-1-body") == 5


def test_use_of_an_earlier_version_leads_to_the_versions(client: Client) -> None:
    address = sent()
    old(address)
    assert f'<a href="{admin_url(Draft.objects.get(slug="a-spare-key"), "versions")}">' in content(client, LIBRARY)


def test_picture_is_no_target_that_is_judged() -> None:
    address = sent()
    of = lesson(address)
    version = authoring.publish(of)
    assert Link.objects.filter(draft=of, version=version, target=f"picture:{address}").count() == 1
    assert steps.withdraw(of).withdraws


# The list


def test_newest_come_first_a_page_of_24(client: Client) -> None:
    addresses = [sent(each, age=each * DAY) for each in range(1, 31)]
    assert listed(client) == addresses[:24]
    assert listed(client, f"{LIBRARY}?page=2") == addresses[24:]
    assert 'href="?page=2" rel="next"' in content(client, LIBRARY)
    assert 'href="?unused=1&amp;page=1" rel="prev"' in content(client, f"{UNUSED}&page=2")
    assert [len(listed(client, f"{LIBRARY}?page={odd}")) for odd in ("0", "x", "99")] == [6, 24, 6]


def test_picture_says_its_size_and_day(client: Client) -> None:
    sent(30, age=0)
    assert f"40 × 6 px, 1 KB, {timezone.localtime():%-d %b %Y}" in content(client, LIBRARY)


def test_other_files_are_no_pictures(client: Client, media: Path) -> None:
    (media / "pictures").mkdir()
    for each in ("note.txt", "..png", "drawing.svg", "a b.png"):
        (media / "pictures" / each).write_bytes(b"x")
    (media / "pictures" / "broken.png").write_bytes(b"x")
    assert listed(client) == ["/media/pictures/broken.png"]
    assert "It cannot be read" in content(client, LIBRARY)


def test_library_without_pictures(client: Client) -> None:
    assert "There are no pictures yet." in content(client, LIBRARY)
    assert "Every picture is used." in content(client, UNUSED)


def test_newest_are_offered_to_who_writes(client: Client) -> None:
    addresses = [sent(each, age=each * DAY) for each in range(1, 14)]
    of = lesson(addresses[0])
    offered = client.get(LIBRARY, headers={"accept": "application/json"}).json()["pictures"]
    assert [each["address"] for each in offered] == addresses[:12]
    assert [each["says"] for each in offered[:2]] == [f"used in {of.title}", "not used now"]


def cost(client: Client, address: str) -> tuple[int, int]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        html = client.get(address).content
    return len(asked), len(html)


def test_page_costs_the_same_with_many_lessons(client: Client) -> None:
    addresses = [sent(each) for each in range(1, 25)]
    for number in range(100, 104):
        authoring.publish(lesson(*addresses, slug=f"lesson-{number}", number=number))
    before = cost(client, LIBRARY)
    for number in range(104, 112):
        lesson(*addresses, slug=f"lesson-{number}", number=number)
    after = cost(client, LIBRARY)
    assert before[0] == after[0] <= 15
    assert after[1] - before[1] < 24 * 20  # All 12 places, and longer numbers


# Deleting


def test_deleting_is_told_and_logged(client: Client, editor: User) -> None:
    address = sent()
    assert "The picture is deleted." in client.post(page(address), follow=True).content.decode()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.is_deletion()) == (editor, f"picture {name(address)}", True)
    assert client.post(page(address)).status_code == 404


def test_all_that_nobody_uses_goes_unless_it_is_young(client: Client) -> None:
    unused, young, used = [sent(1), sent(2)], sent(3, age=DAY - 600), sent(4)
    lesson(used)
    assert "Delete all 2 that nobody uses" in content(client, UNUSED)
    answer = client.post(LIBRARY, {"sure": "1"}, follow=True).content.decode()
    assert "Deleted 2 pictures that nobody used." in answer
    assert [there(each) for each in (*unused, young, used)] == [False, False, True, True]
    assert client.post(page(young)).status_code == 302


def test_deleting_all_needs_a_tick(client: Client) -> None:
    address = sent()
    answer = client.post(LIBRARY, follow=True)
    assert answer.redirect_chain == [(UNUSED, 302)]
    assert "Nothing was deleted. Tick the box" in answer.content.decode()
    assert there(address)


@pytest.mark.parametrize(
    "odd", ["..", "%2e%2e", "..%2f..%2fsecret.png", "../secret.png", ".png", "a.svg", "a%00.png", "a" * 400]
)
def test_bad_name_is_no_picture(client: Client, media: Path, odd: str) -> None:
    (media / "secret.png").write_bytes(picture())
    sent()
    for answer in (client.get(f"{LIBRARY}{odd}/"), client.post(f"{LIBRARY}{odd}/", {"sure": "1"})):
        assert answer.status_code in (400, 404) or answer.headers["Location"] == LIBRARY.removesuffix("pictures/")
    assert (media / "secret.png").exists()


def test_deleting_needs_a_token(editor: User) -> None:
    address = sent()
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    for where in (LIBRARY, page(address)):
        assert client.post(where, {"sure": "1"}).status_code == 403
    assert there(address)


def account(who: str) -> Client:
    client = Client()
    if who != "nobody":
        user = User.objects.create_user(who, is_staff=who != "reader")
        user.groups.set(Group.objects.filter(name=who))
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    "who, sees, deletes",
    [
        ("nobody", 302, 302),
        ("reader", 302, 302),
        ("stranger", 403, 403),
        ("Writers", 200, 403),
        ("Publishers", 200, 302),
    ],
)
def test_who_may_what(who: str, sees: int, deletes: int) -> None:
    client, address, other = account(who), sent(1), sent(2)
    for where in (LIBRARY, UNUSED, page(address)):
        answer = client.get(where)
        assert answer.status_code == sees
        assert sees != 302 or answer["Location"].startswith("/admin/login/?next=")
    assert [client.post(where, {"sure": "1"}).status_code for where in (page(address), LIBRARY)] == [deletes] * 2
    assert [there(address), there(other)] == [who != "Publishers"] * 2
    if sees == 200:
        sent(3)
        assert ("Delete" in content(client, UNUSED)) is (who == "Publishers")
        assert '<a href="/admin/pictures/">Pictures</a>' in client.get("/admin/").content.decode()
    if who == "stranger":
        assert "/admin/pictures/" not in client.get("/admin/").content.decode()


def test_page_is_in_the_menu_once(client: Client) -> None:
    html = client.get(LIBRARY).content.decode()
    assert html.count('<a href="/admin/pictures/" aria-current="true">Pictures</a>') == 1
