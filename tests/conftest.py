"""Shared fixtures: the shipped course in the database, and the real server on a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from trustsite import content
from trustsite.management.commands.create_editor import editors

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shipped() -> content.Content:
    """The content folder as it is shipped, read once."""
    return content.read(settings.CONTENT_DIR)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, shipped: content.Content) -> None:
    """Loaded once and published: every test with a database starts from the shipped course."""
    with django_db_blocker.unblock():
        content.load(shipped)


@pytest.fixture
def course(db: None) -> None:
    """The shipped course in the database, for a test to read and to change."""


@pytest.fixture
def editor(db: None) -> User:
    user = User.objects.create_user("maria", password="correct horse", is_staff=True)
    user.groups.add(editors())
    return user


@dataclass(frozen=True)
class Site:
    """The real site: gunicorn, whitenoise, DEBUG off, a fresh database with the shipped course."""

    url: str
    data_dir: Path


def run_manage(*arguments: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=server_environment(data_dir, **environment),
        capture_output=True,
        text=True,
        timeout=120,
    )


def server_environment(data_dir: Path, **environment: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return {**kept, "DATA_DIR": str(data_dir), **environment}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data_dir = tmp_path_factory.mktemp("site")
    for command in (["migrate", "-v0"], ["load_content"], ["collectstatic", "--noinput", "-v0"]):
        done = run_manage(*command, data_dir=data_dir)
        assert done.returncode == 0, done.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:trustsite.gunicorn", "trustsite.wsgi"],
        cwd=ROOT,
        env=server_environment(data_dir, PORT=str(port)),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/healthz")
        yield Site(url, data_dir)
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer")
