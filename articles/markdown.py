"""The one Markdown renderer, of two walls: markdown-it with raw HTML off, then a strict allowlist.

``render`` runs when a version is frozen, never when a page is read. ``look`` says beforehand what the renderer would
drop, so that no author loses a picture or a link without being told.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from publishing.leaves import ADDRESS

MAX_BYTES = 200_000  # of one text
MAX_MARKS = 15_000  # of one text: what Markdown reads costs up to 20 microseconds a mark, whatever the words between
MAX_DEPTH = 12  # of blocks: five lists within lists; deeper text is dropped, and brackets cost time for every level

Href = Callable[[str], str | None]  # a section address ("lesson#anchor") to its page address, None if unknown
Drawing = Callable[[str], str | None]  # the name of a figure to its SVG, None if there is none

_MARK = re.compile(r"[][*_|~>\n]")
_PICTURE = re.compile(r"/media(/[\w-][\w.-]*)+", re.ASCII)
_DRAWING = re.compile(r"/static/figures/([a-z0-9-]+)\.svg")
_ALONE = re.compile(r"<p>(<img [^>]*>)</p>")
_TABLE = '<div class="table" role="group" aria-label="Table" tabindex="0"><table>'  # scrolls on a narrow screen
_WEB = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?([/?#]\S*)?", re.IGNORECASE | re.ASCII)
_PAGE = re.compile(r"/(?!/)[^\\]*")
_CONTACT = re.compile(r"(mailto|tel):.*")
_ALLOWED = {
    "a": {"href", "title", "rel"},
    "img": {"src", "alt", "title", "loading"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
}
_BLOCKS = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr"}
_WORDS = {"em", "strong", "s", "code", "br", "a", "img"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_DEPTH}).enable(["table", "strikethrough"])
_parser.render("[a](b) <https://c.example>")  # fills tables that threads would otherwise read half filled


def render(text: str, href: Href = lambda address: None, drawing: Drawing = lambda name: None) -> str:
    """Safe HTML of ``text``.

    Links written as ``lesson#anchor`` become page addresses through ``href``. A picture that stands alone becomes
    a figure, its title the caption; one of the site's own drawings (``/static/figures/<name>.svg``) is put into
    the page itself, where it takes the page's colors.
    """
    tokens = _parse(text)
    _empty_headers_to_cells(tokens)
    for token in _walk(tokens):
        if token.type == "link_open":
            _finish_link(token, href)
        elif token.type == "image":
            token.attrs["loading"] = "lazy"
        elif token.type in ("th_open", "td_open"):
            _finish_cell(token)
    clean = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=_BLOCKS | _WORDS | _TABLES,
        attributes=_ALLOWED,
        attribute_filter=_own_pictures_only,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    ).strip()
    clean = clean.replace("<table>", _TABLE).replace("</table>", "</table></div>")
    return _ALONE.sub(lambda match: _figure(match[1], drawing), clean)


PLACEHOLDER = "Say what the picture shows"
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--|\[\^[^\]\s]+\]")


class Look(NamedTuple):
    """What a text is found to be, each with its line from 0: what an author has to fix, the section addresses it
    links to, the names of the site's own drawings it shows, the uploaded pictures, and the site's pages it links to."""

    problems: tuple[tuple[int, str], ...]
    references: tuple[tuple[int, str], ...] = ()
    drawings: tuple[tuple[int, str], ...] = ()
    uploads: tuple[tuple[int, str], ...] = ()
    pages: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=400)
def look(text: str) -> Look:
    """Read a text once, for its rules and for its links. The texts of a course are looked at again and again."""
    if len(text.encode()) > MAX_BYTES:
        return Look(((0, f"the text is longer than {MAX_BYTES // 1000} KB; split it"),))
    if _end_of_marks(text) is not None:
        return Look(((0, f"the text has more than {MAX_MARKS:,} line ends and marks ([ ] * _ | ~ >); split it"),))
    tokens = _parse(text)
    targets = list(_targets(tokens))
    links, pictures = [each for each in targets if each.is_link], [each for each in targets if not each.is_link]
    return Look(
        problems=(*_block_problems(tokens), *_target_problems(targets)),
        references=tuple((each.line, each.address) for each in links if ADDRESS.fullmatch(each.address)),
        drawings=tuple((each.line, match[1]) for each in pictures if (match := _DRAWING.fullmatch(each.address))),
        uploads=tuple((each.line, each.address) for each in pictures if _PICTURE.fullmatch(each.address)),
        pages=tuple((each.line, each.address) for each in links if _PAGE.fullmatch(each.address)),
    )


def plain(text: str) -> str:
    """The words of a text without Markdown's marks, for search."""
    return " ".join("".join(map(_piece, _walk(_parse(text)))).split())


def _piece(token: Token) -> str:
    """What a token adds to the words: its own, a space where lines or blocks end, nothing for a mark within a line."""
    if token.type in ("text", "code_inline", "code_block", "fence"):
        return token.content
    return " " if token.block or token.type in ("softbreak", "hardbreak") else ""


def _block_problems(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    depth = 2
    for token in tokens:
        if token.type == "inline":
            yield from ((line, "is shown to readers as it is typed; use Markdown") for line in _literal(token))
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            yield _line(token), "headings inside a text start with ###; ## begins a new section"
        elif token.type == "heading_open":
            if int(token.tag[1]) > depth + 1:
                yield _line(token), f"headings go one step at a time; begin this one with {'#' * (depth + 1)}"
            depth = int(token.tag[1])
        elif token.type in ("list_item_open", "blockquote_open") and token.level == MAX_DEPTH - 1:
            yield _line(token), "lists and quotations are too deep within each other; bring this one out"


def _literal(inline: Token) -> Iterator[int]:
    """The lines of marks that are none here, such as HTML and footnotes: readers would see them letter by letter."""
    line = _line(inline)
    for token in inline.children or ():
        line += token.type in ("softbreak", "hardbreak")
        if token.type == "text" and _MARKUP.search(token.content):
            yield line


def _target_problems(targets: "list[_Target]") -> Iterator[tuple[int, str]]:
    for each in targets:
        if not each.is_link:
            yield from ((each.line, f"picture '{each.address}' {message}") for message in _picture_problems(each))
        elif not any(pattern.fullmatch(each.address) for pattern in (ADDRESS, _PAGE, _WEB, _CONTACT)):
            yield each.line, f"link '{each.address}' leads nowhere; use lesson#anchor, /page/ or https://..."


def _picture_problems(picture: "_Target") -> Iterator[str]:
    if picture.words.strip() in ("", PLACEHOLDER):
        yield "has no text alternative; write ![what it shows](...)"
    is_drawing = _DRAWING.fullmatch(picture.address)
    if is_drawing and not picture.stands_alone:
        yield "is a drawing, which stands in a paragraph of its own"
    if not is_drawing and not _PICTURE.fullmatch(picture.address):
        yield "is not on this site; upload it first, then use its /media/ address"


class _Target(NamedTuple):
    """A link or a picture: its line from 0, its address, a picture's text alternative, whether nothing is beside it."""

    line: int
    is_link: bool
    address: str
    words: str
    stands_alone: bool


def _parse(text: str) -> list[Token]:
    """What the text says, as far as its limits go: previews may be sent anything."""
    return _parser.parse(text[: _end_of_marks(text[:MAX_BYTES]) or MAX_BYTES].replace("\0", ""))


def _targets(tokens: list[Token]) -> Iterator[_Target]:
    for before, block in pairwise(tokens):
        line = _line(block)
        own_paragraph = before.type == "paragraph_open" and not before.hidden
        for token in block.children or ():
            if token.type in ("softbreak", "hardbreak"):
                line += 1
            elif token.type in ("link_open", "image"):
                address = str(token.attrGet("href") or token.attrGet("src") or "")
                alone = own_paragraph and len(block.children or ()) == 1
                yield _Target(line, token.type == "link_open", address, token.content, alone)


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _walk(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _finish_link(token: Token, href: Href) -> None:
    target = str(token.attrGet("href") or "")
    if ADDRESS.fullmatch(target):
        token.attrs["href"] = href(target) or "#"
    elif urlsplit(target).netloc:
        token.attrs["rel"] = "external noopener noreferrer"


def _finish_cell(token: Token) -> None:
    """Alignment arrives as an inline style, which the page's policy forbids."""
    if style := str(token.attrs.pop("style", "")):
        token.attrs["class"] = style.replace("text-align:", "align-")
    if token.tag == "th":
        token.attrs["scope"] = "col"


def _empty_headers_to_cells(tokens: list[Token]) -> None:
    """A header without words heads nothing."""
    for opening, content, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and not content.content.strip():
            opening.tag = closing.tag = "td"


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not (_PICTURE.fullmatch(value) or _DRAWING.fullmatch(value)):
        return None
    if attribute == "class" and not re.fullmatch(r"align-(left|center|right)", value):
        return None
    return value


def _figure(img: str, drawing: Drawing) -> str:
    """A figure around a cleaned ``<img>``, whose attribute values are escaped already."""
    attributes = dict(re.findall(r'([a-z]+)="([^"]*)"', img))
    match = _DRAWING.fullmatch(attributes.get("src", ""))
    svg = drawing(match[1]) if match else None
    picture = f'<div role="img" aria-label="{attributes.get("alt", "")}">{svg}</div>' if svg else img
    caption = attributes.get("title", "")
    return f'<figure class="figure">{picture}{f"<figcaption>{caption}</figcaption>" if caption else ""}</figure>'


def _end_of_marks(text: str) -> int | None:
    """Where the first mark stands that is one too many."""
    beyond = next(islice(_MARK.finditer(text), MAX_MARKS, None), None)
    return beyond.start() if beyond else None
