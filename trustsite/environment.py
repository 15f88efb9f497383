"""Settings from the environment. What cannot be understood stops the start with a sentence, never a guess."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def boolean(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    known = {"": default, **dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
    if value not in known:
        raise ImproperlyConfigured(f"{name} is '{value}'; set it to true or false.")
    return known[value]


def names(name: str) -> list[str]:
    return [each.strip() for each in text(name).split(",") if each.strip()]


def folder(name: str, default: Path) -> Path:
    """A folder of that name, made if need be."""
    path = Path(text(name) or default).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is '{path}', which cannot be used: {error.strerror}.") from error
    return path


def https_url(name: str, default: str) -> str:
    value = text(name, default)
    if urlsplit(value).scheme != "https" or not urlsplit(value).hostname:
        raise ImproperlyConfigured(f"{name} is '{value}'; set it to a full address that starts with https://.")
    return value


def postgresql(name: str) -> dict[str, object]:
    """Django's settings for the database at ``postgresql://user:password@host:port/database?option=value``. All but the
    database may be missing; options are libpq's, and reserved characters percent-encoded. The address holds a password,
    so no message repeats any of it."""
    if not text(name).startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"{name} must start with postgresql://; leave it empty for SQLite.")
    try:
        url = urlsplit(text(name))
        if url.fragment or not re.fullmatch("/[^/@]+", url.path):
            raise ValueError("a reserved character ends a part too early")
        options = parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query), errors="strict")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path[1:], errors="strict"),
            "USER": unquote(url.username or "", errors="strict"),
            "PASSWORD": unquote(url.password or "", errors="strict"),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            "OPTIONS": dict(options),
        }
    except ValueError:
        message = "cannot be read; write postgresql://user:password@host/database, reserved characters percent-encoded."
        raise ImproperlyConfigured(f"{name} {message}") from None


def secret_key(hosts: list[str], data: Path) -> str:
    """``SECRET_KEY``. A demo, which serves this machine alone, makes one and keeps it beside its data."""
    key = text("SECRET_KEY")
    if key and len(key) < 50:
        raise ImproperlyConfigured("SECRET_KEY is too short; set it to at least 50 random characters.")
    if key:
        return key
    if hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is set, so this is no demo: set SECRET_KEY too.")
    file = data / "demo-secret-key"
    if not file.exists():
        made = file.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        made.rename(file)
    return file.read_text().strip()
