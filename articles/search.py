"""Search over the sections that readers can open, with SQLite's FTS5 or PostgreSQL's full text behind it. What a reader
types is cut into words, each quoted, so that no character in it can mean anything to the index; both databases read
"one" "two" as all and "one" OR "two" as any."""

import json
import re
from typing import NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.models import LessonVersion, SectionText

MOST_WORDS, MOST_HITS = 12, 20
_OPEN, _CLOSE = "\x02", "\x03"  # around a found word until the text is escaped

_FTS = f"""
    SELECT articles_sectiontext.id, snippet(articles_sectiontext_fts, 1, '{_OPEN}', '{_CLOSE}', ' … ', 24)
    FROM articles_sectiontext_fts JOIN articles_sectiontext ON articles_sectiontext.id = articles_sectiontext_fts.rowid
    WHERE articles_sectiontext_fts MATCH %s
    AND articles_sectiontext.version_id IN (SELECT value FROM json_each(%s))
    ORDER BY bm25(articles_sectiontext_fts, 6.0, 1.0) LIMIT {MOST_HITS}
"""  # noqa: S608 - nothing of a reader's is in it


class Hit(NamedTuple):
    """A section that was found: where it is, and the words around the match, the match in ``<mark>``."""

    heading: str
    lesson: str
    url: str
    snippet: SafeString


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())[:MOST_WORDS]


def search(text: str) -> list[Hit]:
    """The best sections first: those with all the words, or failing that with any."""
    asked = [f'"{word}"' for word in words(text)]
    if not asked:
        return []
    find = _postgresql if connection.vendor == "postgresql" else _sqlite
    live = list(LessonVersion.objects.live().values_list("pk", flat=True))
    found = dict(find(" ".join(asked), live) or find(" OR ".join(asked), live))
    rows = SectionText.objects.select_related("version").defer("version__document", "version__html").in_bulk(found)
    return [
        Hit(row.heading, row.version.title, f"{row.version.get_absolute_url()}#{row.anchor}", _marked(found[pk]))
        for pk in found
        if (row := rows.get(pk))
    ]


def _sqlite(asked: str, live: list[int]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_FTS, [asked, json.dumps(live)])
        return list(cursor.fetchall())


def _postgresql(asked: str, live: list[int]) -> list[tuple[int, str]]:
    query = SearchQuery(asked, search_type="websearch", config="english")
    vector = SearchVector("heading", weight="A", config="english") + SearchVector("body", config="english")
    headline = SearchHeadline("body", query, start_sel=_OPEN, stop_sel=_CLOSE, max_words=24, config="english")
    rows = SectionText.objects.annotate(vector=vector, rank=SearchRank(vector, query), headline=headline)
    return list(rows.filter(vector=query, version__in=live).order_by("-rank").values_list("pk", "headline")[:MOST_HITS])


def _marked(snippet: str) -> SafeString:
    return mark_safe(escape(snippet).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))  # noqa: S308 - escaped here
