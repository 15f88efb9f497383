from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from trustsite.groups import make_groups

pytestmark = pytest.mark.django_db
GOOD = "a spare key in the drawer"
Say = Callable[..., None]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    def answers(*passwords: str) -> None:
        given = iter(passwords)
        monkeypatch.setattr("getpass.getpass", lambda prompt: next(given))

    return answers


def test_editor_is_created_and_can_log_in(say: Say) -> None:
    say(GOOD, GOOD)
    out = StringIO()
    call_command("create_editor", "amina", stdout=out)
    assert out.getvalue() == "amina can log in at /admin/.\n"
    user = User.objects.get(username="amina")
    assert (user.is_staff, user.is_superuser, user.is_active) == (True, False, True)
    assert [group.name for group in user.groups.all()] == ["Publishers"]
    client = Client()
    response = client.post("/admin/login/?next=/admin/", {"username": "amina", "password": GOOD, "next": "/admin/"})
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get("/admin/articles/lesson/").status_code == 200


@pytest.mark.parametrize(
    "name, passwords, message",
    [
        ("amina", (GOOD, GOOD + "x"), "The passwords differ; nothing was created."),
        ("amina", ("short", "short"), "This password is too short. It must contain at least 12 characters."),
        ("amina", ("987412365470", "987412365470"), "This password is entirely numeric."),
        ("amina-walter", ("amina-walter1", "amina-walter1"), "The password is too similar to the username."),
        ("maria", (GOOD, GOOD), "There is already an account called maria."),
        (
            "a b",
            (GOOD, GOOD),
            "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
        ),
    ],
    ids=["differ", "short", "numeric", "similar", "taken", "bad name"],
)
def test_editor_is_refused(editor: User, say: Say, name: str, passwords: tuple[str, ...], message: str) -> None:
    say(*passwords)
    with pytest.raises(CommandError) as refused:
        call_command("create_editor", name)
    assert str(refused.value) == message
    assert User.objects.count() == 1


def test_writer_is_created(say: Say) -> None:
    say(GOOD, GOOD)
    call_command("create_editor", "amina", "--writer", stdout=StringIO())
    assert [group.name for group in User.objects.get(username="amina").groups.all()] == ["Writers"]


def test_editors_of_an_earlier_release_are_publishers_now() -> None:
    Group.objects.all().delete()
    user = User.objects.create_user("early")
    user.groups.add(Group.objects.create(name="Editors"))
    make_groups()
    assert [group.name for group in user.groups.all()] == ["Publishers"]


def test_rights_of_the_group_are_put_right(editor: User) -> None:
    group = Group.objects.get(name="Publishers")
    before = set(group.permissions.values_list("codename", flat=True))
    group.permissions.clear()
    make_groups()
    assert set(group.permissions.values_list("codename", flat=True)) == before
    kinds = ("part", "lesson", "term", "helpline", "quiz")
    assert before == {f"{may}_{kind}" for may in ("add", "change", "delete", "view", "publish") for kind in kinds}
