import traceback
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from trustsite import environment
from trustsite.settings import _database

NAME = "TRUSTSITE_TEST"


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (NAME, "SECRET_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    "value, default, expected",
    [
        ("1", False, True),
        ("true", False, True),
        (" YES ", False, True),
        ("on", False, True),
        ("0", True, False),
        ("false", True, False),
        ("No", True, False),
        ("off", True, False),
        ("", True, True),
        ("", False, False),
        ("  ", True, True),
        (None, True, True),
        (None, False, False),
    ],
)
def test_boolean(say: pytest.MonkeyPatch, value: str | None, default: bool, expected: bool) -> None:
    if value is not None:
        say.setenv(NAME, value)
    assert environment.boolean(NAME, default) is expected


@pytest.mark.parametrize("value", ["maybe", "2", "truee", "none"])
def test_boolean_that_is_neither(say: pytest.MonkeyPatch, value: str) -> None:
    say.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is '{value}'; set it to true or false.$"):
        environment.boolean(NAME)


def test_text_and_names(say: pytest.MonkeyPatch) -> None:
    assert (environment.text(NAME, "x"), environment.names(NAME)) == ("x", [])
    say.setenv(NAME, " a.example , ,b.example, ")
    assert environment.text(NAME) == "a.example , ,b.example,"
    assert environment.names(NAME) == ["a.example", "b.example"]


def test_folder_is_made(say: pytest.MonkeyPatch, tmp_path: Path) -> None:
    say.setenv(NAME, str(tmp_path / "a" / "b"))
    assert environment.folder(NAME, tmp_path / "default") == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()
    say.setenv(NAME, "")
    assert environment.folder(NAME, tmp_path / "default") == tmp_path / "default"
    assert (tmp_path / "default").is_dir()


def test_folder_that_cannot_be_made(say: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    say.setenv(NAME, str(file / "below"))
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.folder(NAME, tmp_path)
    assert str(refused.value) == f"{NAME} is '{file / 'below'}', which cannot be used: Not a directory."


@pytest.mark.parametrize(
    "value", ["http://example.org/", "javascript:alert(1)", "example.org", "https://", "//example.org"]
)
def test_address_that_is_not_https(say: pytest.MonkeyPatch, value: str) -> None:
    say.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.https_url(NAME, "https://example.org/")
    assert str(refused.value) == f"{NAME} is '{value}'; set it to a full address that starts with https://."


def test_https_address(say: pytest.MonkeyPatch) -> None:
    assert environment.https_url(NAME, "https://example.org/") == "https://example.org/"
    say.setenv(NAME, "https://weather.example/today")
    assert environment.https_url(NAME, "https://example.org/") == "https://weather.example/today"


def test_secret_key_of_the_demo_is_made_once_and_readable_by_its_owner_alone(
    say: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = environment.secret_key([], tmp_path)
    assert len(key) >= 50
    assert environment.secret_key([], tmp_path) == key
    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == [("demo-secret-key", 0o600)]
    other = tmp_path / "other"
    other.mkdir()
    assert environment.secret_key([], other) != key


def test_secret_key_from_the_environment(say: pytest.MonkeyPatch, tmp_path: Path) -> None:
    say.setenv("SECRET_KEY", "k" * 50)
    assert environment.secret_key(["example.org"], tmp_path) == "k" * 50
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "key, message",
    [
        ("", "ALLOWED_HOSTS is set, so this is no demo: set SECRET_KEY too."),
        ("k" * 49, "SECRET_KEY is too short; set it to at least 50 random characters."),
    ],
)
def test_secret_key_of_a_public_site_has_no_default(
    say: pytest.MonkeyPatch, tmp_path: Path, key: str, message: str
) -> None:
    say.setenv("SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.secret_key(["example.org"], tmp_path)
    assert str(refused.value) == message


def test_database_is_sqlite_unless_an_address_is_given(say: pytest.MonkeyPatch) -> None:
    assert _database()["ENGINE"] == "django.db.backends.sqlite3"
    say.setenv("DATABASE_URL", "postgresql://me:word@db.example:5433/course?sslmode=require")
    assert _database() == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "course",
        "USER": "me",
        "PASSWORD": "word",
        "HOST": "db.example",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


@pytest.mark.parametrize(
    "address, expected",
    [
        ("postgresql://me:word@db.example:5433/course", ("course", "me", "word", "db.example", 5433, {})),
        ("postgres://me:word@db.example/course", ("course", "me", "word", "db.example", "", {})),
        (" postgresql:///course ", ("course", "", "", "", "", {})),
        ("postgresql://me@/course", ("course", "me", "", "", "", {})),
        ("postgresql://m%40x:%2F%3F%23%40%3A%5B%25%20+@h/a%2Fb", ("a/b", "m@x", "/?#@:[% +", "h", "", {})),
        ("postgresql://me:w@rd:%C3%A9@h/course", ("course", "me", "w@rd:é", "h", "", {})),
        ("postgresql://me:word@[::1]:5433/course", ("course", "me", "word", "::1", 5433, {})),
        ("postgresql:///course?host=%2Frun%2FPG", ("course", "", "", "", "", {"host": "/run/PG"})),
        ("postgresql://h/course?sslmode=", ("course", "", "", "h", "", {"sslmode": ""})),
        (
            "postgresql://h/course?sslmode=require&options=-c%20role%3Dx",
            ("course", "", "", "h", "", {"sslmode": "require", "options": "-c role=x"}),
        ),
    ],
)
def test_postgresql_address(say: pytest.MonkeyPatch, address: str, expected: tuple[object, ...]) -> None:
    say.setenv(NAME, address)
    engine, *parts = environment.postgresql(NAME).values()
    assert (engine, tuple(parts)) == ("django.db.backends.postgresql", expected)


@pytest.mark.parametrize("value", ["mysql://db.example/course", "sqlite:///x.sqlite3", "course", "postgresql:course"])
def test_database_that_is_not_supported(say: pytest.MonkeyPatch, value: str) -> None:
    say.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        _database()
    assert str(refused.value) == "DATABASE_URL must start with postgresql://; leave it empty for SQLite."


@pytest.mark.parametrize(
    "rest",
    [
        "me:secret@h",
        "me:secret@h/",
        "me:secret@h/a/b",
        "me:secret@h:port/course",
        "me:secret@h:70000/course",
        "me:secret@[::1/course",
        "me:secret@h/course#more",
        "me:secret@h/course?sslmode",
        "me:secret%FF@h/course",
        "me:secret/@h/course",
        "me:12/secret@h",
        "me:secret#@h/course",
        "me:secret?@h/course",
        "me:secret[@h/course",
        "me:secret/course",
        "me:secret\N{ACCOUNT OF}@h/course",
    ],
)
def test_postgresql_address_that_cannot_be_read_is_refused_without_its_password(
    say: pytest.MonkeyPatch, rest: str
) -> None:
    say.setenv(NAME, f"postgresql://{rest}")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.postgresql(NAME)
    assert "".join(traceback.format_exception(refused.value)).splitlines()[-1] == (
        f"django.core.exceptions.ImproperlyConfigured: {NAME} cannot be read; "
        "write postgresql://user:password@host/database, reserved characters percent-encoded."
    )
    assert "secret" not in "".join(traceback.format_exception(refused.value))
