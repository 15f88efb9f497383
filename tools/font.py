"""Makes ``static/fonts/literata.woff2`` from the whole font: our characters, our weights, the kerning our words need.

Run with ``make font`` (needs npm). A first visit waits for this file, and kerning would be a third of it: it is kept
for the pairs of characters that it moves most in the course and on the pages, their number times their distance.
"""

import io
import string
import subprocess
import tempfile
from collections import Counter
from itertools import pairwise, product
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tools.server import ROOT

PACKAGE = "@fontsource-variable/literata"
FONT = ROOT / "static" / "fonts" / "literata.woff2"
CHARACTERS = string.ascii_letters + string.digits + " !\"#$%&'()*+,-./:;=?@[]_\xa0§·×–—‘’“”…àáâäçèéêëíïñóôöøúü"
WEIGHTS = (400, 650)
PAIRS = 250


def whole() -> TTFont:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, f"{PACKAGE}@5.3.0"], check=True)
        file = Path(folder) / "node_modules" / PACKAGE / "files" / "literata-latin-wght-normal.woff2"
        return TTFont(io.BytesIO(file.read_bytes()), recalcTimestamp=False)


def subset(font: TTFont) -> None:
    options = Options(layout_features=["liga", "kern"], hinting=False)
    options.drop_tables += ["vhea", "vmtx"]  # nothing here is set from top to bottom
    subsetter = Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)


def distances(font: TTFont) -> dict[tuple[str, str], int]:
    """How far kerning moves each pair of glyphs. A pair that is named comes before the classes of its glyphs."""
    named, classes = font["GPOS"].table.LookupList.Lookup[0].SubTable
    left, right = classes.ClassDef1.classDefs, classes.ClassDef2.classDefs
    moved = {
        (one, other): classes.Class1Record[left.get(one, 0)].Class2Record[right.get(other, 0)].Value1.XAdvance
        for one, other in product(classes.Coverage.glyphs, font.getGlyphOrder())
    }
    for one, pairs in zip(named.Coverage.glyphs, named.PairSet, strict=True):
        moved |= {(one, pair.SecondGlyph): pair.Value1.XAdvance for pair in pairs.PairValueRecord}
    return moved


def counts(font: TTFont) -> Counter[tuple[str | None, str | None]]:
    """How often each pair of glyphs stands in the course and the templates."""
    glyphs, files = font.getBestCmap(), [*ROOT.glob("content/**/*.*"), *ROOT.glob("templates/**/*.*")]
    text = "\n".join(file.read_text() for file in files)
    return Counter(pairwise(glyphs.get(ord(character)) for character in text))


def kern(font: TTFont) -> None:
    moved, count = distances(font), counts(font)
    pairs = sorted(moved, key=lambda pair: (-count[pair] * abs(moved[pair]), pair))[:PAIRS]
    rules = "".join(f"pos {one} {other} {moved[one, other]};" for one, other in pairs)
    addOpenTypeFeaturesFromString(font, f"feature kern {{ {rules} }} kern;", tables=["GPOS"])


def main() -> None:
    font, before = whole(), FONT.read_bytes()
    subset(font)
    kern(font)
    font.flavor = "woff2"
    font.save(FONT)
    same = "as before" if FONT.read_bytes() == before else f"other than the {len(before)} before"
    print(f"{FONT.name}: {FONT.stat().st_size} bytes, {same}")


if __name__ == "__main__":
    main()
