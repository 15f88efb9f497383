import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import SectionText
from publishing.models import Draft, Link, Version


@pytest.fixture
def editing(client: Client, editor: User) -> Client:
    """A browser in which an editor has logged in."""
    client.force_login(editor)
    return client


@pytest.fixture
def nothing(course: None) -> None:
    """A database without any content."""
    for model in (Link, SectionText, Version, Draft):
        model.objects.all().delete()
