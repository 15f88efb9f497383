from datetime import datetime

from django.contrib.sitemaps import Sitemap

from quizzes.models import QuizVersion


class QuizSitemap(Sitemap):
    def items(self) -> list[QuizVersion]:
        return list(QuizVersion.objects.listed())

    def lastmod(self, item: QuizVersion) -> datetime:
        return item.live_from
