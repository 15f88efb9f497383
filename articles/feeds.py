from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from articles.models import LessonVersion


class LessonFeed(Feed):
    """The newest published lessons, for readers who follow the course."""

    feed_type = Atom1Feed
    title = settings.SITE_NAME
    subtitle = "New and corrected lessons"
    author_name = settings.SITE_NAME
    link = "/"
    feed_url = "/feed.atom"

    def items(self) -> Iterable[LessonVersion]:
        return LessonVersion.objects.listed().order_by("-live_from", "lesson__number")[:20]

    def item_title(self, item: LessonVersion) -> str:
        return item.title

    def item_description(self, item: LessonVersion) -> str:
        return item.summary

    def item_updateddate(self, item: LessonVersion) -> datetime:
        return item.live_from
