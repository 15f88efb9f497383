from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from articles.models import LessonVersion, PartVersion
from publishing.models import Version
from quizzes.models import QuizVersion


class PageSitemap(Sitemap):  # type: ignore[type-arg]  # Django's class takes no type argument when it runs
    def items(self) -> list[str]:
        return ["home", "booklet", "glossary", "quizzes", "help", "privacy"]

    def location(self, item: str) -> str:
        return reverse(item)


class VersionSitemap(Sitemap):  # type: ignore[type-arg]  # Django's class takes no type argument when it runs
    """What readers see of every kind whose versions have pages of their own."""

    def items(self) -> list[Version]:
        return [version for kind in (PartVersion, LessonVersion, QuizVersion) for version in kind.objects.listed()]

    def lastmod(self, item: Version) -> datetime:
        return item.live_from
