"""Search over the sections that readers can open. One function; SQLite's FTS5 or PostgreSQL's full text behind it.

Rows are written when a version is published. What a reader types is cut into words, each quoted, so that no
sign in it can mean anything to the index.
"""

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
    SELECT rowid, snippet(articles_sectiontext_fts, 1, '{_OPEN}', '{_CLOSE}', ' … ', 24)
    FROM articles_sectiontext_fts WHERE articles_sectiontext_fts MATCH %s
    ORDER BY bm25(articles_sectiontext_fts, 6.0, 1.0) LIMIT 200
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
    found = dict(find(asked, " ") or find(asked, " OR "))
    rows = SectionText.objects.filter(pk__in=found, version__in=LessonVersion.objects.live().values("pk"))
    by_pk = rows.select_related("version__lesson__part").in_bulk()
    return [
        Hit(row.heading, row.version.title, f"{row.version.get_absolute_url()}#{row.anchor}", _marked(found[pk]))
        for pk in found
        if (row := by_pk.get(pk))
    ][:MOST_HITS]


def plain(section: SectionSource) -> str:
    """The section's words without Markdown's signs, for the index and its snippets."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", section.body)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_#>|`\\]+|^[-\d]+[.]? |-{3,}", " ", text, flags=re.MULTILINE).split())


def _sqlite(asked: list[str], joint: str) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_FTS, [joint.join(f'"{word}"' for word in asked)])
        return list(cursor.fetchall())


def _postgresql(asked: list[str], joint: str) -> Iterable[tuple[int, str]]:
    query = SearchQuery(asked[0], config="english")
    for word in asked[1:]:
        other = SearchQuery(word, config="english")
        query = query | other if joint == " OR " else query & other
    vector = SearchVector("heading", weight="A", config="english") + SearchVector("body", config="english")
    headline = SearchHeadline("body", query, start_sel=_OPEN, stop_sel=_CLOSE, max_words=24, config="english")
    rows = SectionText.objects.annotate(vector=vector, rank=SearchRank(vector, query), headline=headline)
    return list(rows.filter(vector=query).order_by("-rank").values_list("pk", "headline")[:200])


def _marked(snippet: str) -> SafeString:
    marked = escape(snippet).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return mark_safe(marked)  # noqa: S308 - escaped above
