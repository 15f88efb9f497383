from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class PageSitemap(Sitemap):
    def items(self) -> list[str]:
        return ["home", "booklet", "glossary", "quizzes", "help", "privacy"]

    def location(self, item: str) -> str:
        return reverse(item)
