"""Shared fixtures: the shipped course in the database, and the real server on a port of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User

from articles.source import LessonSource, PartSource, TermSource
from helplines.source import HelpLineSource
from publishing import content
from quizzes.source import QuizSource
from tools.server import serve, set_up
from tools.states import make_owner
from trustsite.groups import PUBLISHERS


@dataclass(frozen=True)
class Shipped:
    """The content folder as it is shipped."""

    content: content.Content

    @property
    def parts(self) -> list[PartSource]:
        return self.content.values("part")

    @property
    def lessons(self) -> list[LessonSource]:
        return self.content.values("lesson")

    @property
    def terms(self) -> list[TermSource]:
        return self.content.values("term")

    @property
    def help_lines(self) -> list[HelpLineSource]:
        return self.content.values("help line")

    @property
    def quizzes(self) -> list[QuizSource]:
        return self.content.values("quiz")


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    """The content folder, read once."""
    return Shipped(content.read(settings.CONTENT_DIR))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, shipped: Shipped) -> None:
    """Loaded once and published: every test with a database starts from the shipped course."""
    with django_db_blocker.unblock():
        content.load(shipped.content)


@pytest.fixture
def course(db: None) -> None:
    """The shipped course in the database, for a test to read and to change."""


@pytest.fixture
def editor(db: None) -> User:
    user = User.objects.create_user("maria", password="correct horse", is_staff=True)
    user.groups.add(Group.objects.get(name=PUBLISHERS))
    return user


@dataclass(frozen=True)
class Site:
    """The real site: gunicorn, whitenoise, DEBUG off, a fresh database with the shipped course."""

    url: str
    data_dir: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data_dir = tmp_path_factory.mktemp("site")
    set_up(data_dir)
    make_owner(data_dir)
    with serve(data_dir) as url:
        yield Site(url, data_dir)
