"""The look of every page is served as one file."""

import re
import urllib.request

import pytest

from tests.conftest import Site
from tools.server import ROOT

STYLES = ROOT / "static" / "css"


def last_sheet(site: Site, page: str) -> str:
    with urllib.request.urlopen(site.url + page) as answer:
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.read().decode())
    with urllib.request.urlopen(site.url + sheets[-1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        return str(answer.read().decode())


@pytest.fixture(scope="module")
def served(site: Site) -> str:
    return last_sheet(site, "/")


def test_sheet_holds_every_stylesheet_but_the_editors(served: str) -> None:
    names = {path.name for path in STYLES.glob("*.css")} - {"site.css", "admin.css", "editing.css", "review.css"}
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


def test_sheet_of_the_editors_comes_last_and_holds_the_tokens(site: Site, served: str) -> None:
    sheet = last_sheet(site, "/admin/login/")
    assert "@import" not in sheet
    tokens = re.findall(r"@layer tokens \{.*?\n\}\n", served, re.DOTALL)
    assert len(tokens) == 1
    assert sheet.count(tokens[0]) == 1
    palette = set(re.findall(r"#[0-9a-f]{6}", tokens[0]))
    assert set(re.findall(r"#[0-9a-f]{6}", sheet)) == palette
