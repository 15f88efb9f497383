"""The look of every page is served as one file."""

import re
import urllib.request

import pytest

from tests.conftest import Site
from tests.server import ROOT

STYLES = ROOT / "static" / "css"


@pytest.fixture(scope="module")
def served(site: Site) -> str:
    with urllib.request.urlopen(site.url + "/") as page:
        [sheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.read().decode())
    with urllib.request.urlopen(site.url + sheet) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        return str(answer.read().decode())


def test_sheet_holds_every_stylesheet_but_the_editors(served: str) -> None:
    names = {path.name for path in STYLES.glob("*.css")} - {"site.css", "admin.css"}
    assert names == set(re.findall(r'@import url\("([^"]+)"\)', (STYLES / "site.css").read_text()))
    assert len(names) >= 9
    for name in names:
        for rule in re.sub(r"@font-face \{.*?\}", "", (STYLES / name).read_text(), flags=re.DOTALL).split("\n\n"):
            assert rule.strip() in served
    assert "@import" not in served


def test_sheet_names_the_font_by_its_fingerprint(served: str) -> None:
    [font] = re.findall(r"url\(([^)]*)\)", served)
    assert re.fullmatch(r'"../fonts/literata\.[0-9a-f]{12}\.woff2"', font)


def test_layers_are_named_before_anything_uses_one(served: str) -> None:
    assert re.findall(r"@layer [^;{]*[;{]", served)[0] == "@layer tokens, base, frame, page;"
