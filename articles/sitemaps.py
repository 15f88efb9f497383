from datetime import datetime

from django.contrib.sitemaps import Sitemap

from articles.models import LessonVersion, Part


class PartSitemap(Sitemap):
    def items(self) -> list[Part]:
        return list(Part.objects.defer("card"))


class LessonSitemap(Sitemap):
    def items(self) -> list[LessonVersion]:
        return list(LessonVersion.objects.listed())

    def lastmod(self, item: LessonVersion) -> datetime:
        return item.live_from
