"""Search over the sections that readers can open. One function; SQLite's FTS5 or PostgreSQL's full text behind it.

Rows are written when a version is published. What a reader types is cut into words, each quoted, so that no
sign in it can mean anything to the index.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.models import LessonVersion, SectionText
from articles.source import SectionSource

MOST_WORDS, MOST_HITS = 12, 20
_OPEN, _CLOSE = "\x02", "\x03"  # around a found word until the text is escaped

_FTS = f"""
    SELECT articles_sectiontext.id, snippet(articles_sectiontext_fts, 1, '{_OPEN}', '{_CLOSE}', ' … ', 24)
    FROM articles_sectiontext_fts JOIN articles_sectiontext ON articles_sectiontext.id = articles_sectiontext_fts.rowid
    WHERE articles_sectiontext_fts MATCH %s
    AND articles_sectiontext.version_id IN (SELECT value FROM json_each(%s))
    ORDER BY bm25(articles_sectiontext_fts, 6.0, 1.0) LIMIT {MOST_HITS}
"""  # noqa: S608 - nothing of a reader's is in it


@dataclass(frozen=True)
class Hit:
    """A section that was found: where it is, and the words around the match, the match in ``<mark>``."""

    heading: str
    lesson: str
    url: str
    snippet: SafeString


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())[:MOST_WORDS]


def search(text: str) -> list[Hit]:
    """The best sections first: those with all the words, or failing that with any."""
    asked = words(text)
    if not asked:
        return []
    find = _postgresql if connection.vendor == "postgresql" else _sqlite
    live = list(LessonVersion.objects.live().values_list("pk", flat=True))
    found = dict(find(asked, " ", live) or find(asked, " OR ", live))
    rows = SectionText.objects.select_related("version__lesson__part").in_bulk(found)
    return [
        Hit(row.heading, row.version.title, f"{row.version.get_absolute_url()}#{row.anchor}", _marked(found[pk]))
        for pk in found
        if (row := rows.get(pk))
    ]


def plain(section: SectionSource) -> str:
    """The section's words without Markdown's signs, for the index and its snippets."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", section.body)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_#>|`\\]+|^[-\d]+[.]? |-{3,}", " ", text, flags=re.MULTILINE).split())


def _sqlite(asked: list[str], joint: str, live: list[int]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_FTS, [joint.join(f'"{word}"' for word in asked), json.dumps(live)])
        return list(cursor.fetchall())


def _postgresql(asked: list[str], joint: str, live: list[int]) -> Iterable[tuple[int, str]]:
    query = SearchQuery(asked[0], config="english")
    for word in asked[1:]:
        other = SearchQuery(word, config="english")
        query = query | other if joint == " OR " else query & other
    vector = SearchVector("heading", weight="A", config="english") + SearchVector("body", config="english")
    headline = SearchHeadline("body", query, start_sel=_OPEN, stop_sel=_CLOSE, max_words=24, config="english")
    rows = SectionText.objects.annotate(vector=vector, rank=SearchRank(vector, query), headline=headline)
    return list(rows.filter(vector=query, version__in=live).order_by("-rank").values_list("pk", "headline")[:MOST_HITS])


def _marked(snippet: str) -> SafeString:
    marked = escape(snippet).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return mark_safe(marked)  # noqa: S308 - escaped above
