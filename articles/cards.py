"""The picture that stands for a page where its address is shared: its title, and the bowl mended with gold. 1200 x 630
pixels, as Open Graph has it; drawn when it is first asked for, and remembered for a while."""

import io
from collections.abc import Sequence
from functools import cache, lru_cache

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
_PAPER, _INK, _MUTED, _GOLD, _CLAY = "#fdfbf7", "#29241f", "#63584c", "#b07d1c", "#f6ead0"
_WIDE, _TALL = 640, 330  # the room for the title, left of the bowl
_FINE = 2  # drawn twice as large and scaled down, for smooth lines
_SEAM = [(160, 32), (151, 44), (124, 65), (115, 81), (128, 92), (120, 107), (126, 122)]
_CRACKS = [[(115, 81), (94, 88), (85, 103), (66, 106)], [(128, 92), (152, 88), (163, 96)]]


@lru_cache(maxsize=128)
def draw(title: str, above: str, site: str) -> bytes:
    """A PNG with ``above`` as a small line, ``title`` large and the name of the site below."""
    picture = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _PAPER)
    pen = ImageDraw.Draw(picture)
    _bowl(pen, 760 * _FINE, 170 * _FINE, 1.9 * _FINE)
    pen.text((90 * _FINE, 92 * _FINE), _short(above, 30), _MUTED, _font(30))
    lines, size = _fit(title)
    for number, line in enumerate(lines):
        pen.text((90 * _FINE, (150 + number * size * 1.2) * _FINE), line, _INK, _font(size))
    pen.rectangle((90 * _FINE, 500 * _FINE, 190 * _FINE, 505 * _FINE), _GOLD)
    pen.text((90 * _FINE, 524 * _FINE), site, _INK, _font(32))
    out = io.BytesIO()
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    small.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fit(title: str) -> tuple[list[str], int]:
    """The title in lines, as large as they fit; what does not fit even when small ends in an ellipsis."""
    for size in (76, 66, 56, 46):
        lines, most = _wrapped(title, size), int(_TALL / (size * 1.2))
        if len(lines) <= most and all(_short(line, size) == line for line in lines):
            return lines, size
    kept = lines[:most]
    kept[-1] += " …" if len(lines) > most else ""
    return [_short(line, size) for line in kept], size


def _wrapped(text: str, size: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font(size).getlength(longer) > _WIDE * _FINE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _short(text: str, size: int) -> str:
    """As much of the text as one line holds."""
    font, kept = _font(size), text
    while font.getlength(kept) > _WIDE * _FINE:
        kept = kept.rstrip(" …")[:-1] + " …"
    return kept


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(finders.find("fonts/literata.woff2")), size * _FINE)


def _bowl(pen: ImageDraw.ImageDraw, left: float, top: float, scale: float) -> None:
    def place(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(left + x * scale, top + y * scale) for x, y in points]

    thin, thick = round(2.2 * scale), round(4 * scale)
    pen.chord(place([(16, -34), (184, 126)]), 0, 180, _CLAY, _INK, thin)
    pen.ellipse(place([(16, 26), (184, 66)]), _PAPER, _INK, thin)
    pen.line(place([(76, 125), (72, 138), (128, 138), (124, 125)]), _INK, thin, "curve")
    for line in (_SEAM, *_CRACKS):
        pen.line(place(line), _GOLD, thick, "curve")
