"""Every page type, in every state: axe finds nothing, nothing scrolls sideways, and the keyboard's way is visible.

Light and dark, narrow and wide, in forced colors, and with letters twice as large.
"""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Site
from tests.pages import LOG_IN, PUBLIC, READING, State

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(v => [v.id, v.nodes[0].html])"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOKS = {
    "narrow-light": (320, "light", "none"),
    "narrow-dark": (320, "dark", "none"),
    "wide-light": (1280, "light", "none"),
    "wide-dark": (1280, "dark", "none"),
    "forced": (1280, "dark", "active"),
}
# What has the focus: its name, whether an outline shows it, and which of its points something else covers.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const style = getComputedStyle(it);
  const outlined = it.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = it.getClientRects()[0];
  const inset = Math.min(4, box.width / 4, box.height / 4);
  const points = [
    [box.left + inset, box.top + inset], [box.right - inset, box.top + inset],
    [box.left + inset, box.bottom - inset], [box.right - inset, box.bottom - inset],
    [(box.left + box.right) / 2, (box.top + box.bottom) / 2],
  ];
  const seen = ([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (it.contains(top) || top.contains(it));
  };
  const name = `${it.tagName} ${it.id || it.getAttribute("href") || it.textContent.trim()}`;
  const place = [...document.querySelectorAll("*")].indexOf(it);
  return {name, place, outlined, covered: points.filter((point) => !seen(point)).length};
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(5000)
    yield page
    context.close()


def assert_clean(page: Page) -> None:
    page.evaluate(AXE)
    found = {}
    for look, (width, scheme, forced) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")  # type: ignore[arg-type]
        found[look] = (page.evaluate(RUN, RULES), page.evaluate(OVERFLOW))
    assert found == dict.fromkeys(LOOKS, ([], 0)), page.url


@pytest.mark.parametrize("go", PUBLIC.values(), ids=PUBLIC)
def test_axe_finds_nothing(page: Page, site: Site, go: State) -> None:
    go(page, site.url)
    assert_clean(page)


def walk(page: Page) -> list[dict[str, object]]:
    """Every stop of the Tab key, from the top of the page to its end."""
    stops: list[dict[str, object]] = []
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); scrollTo(0, 0)")
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if not stop or any(stop["place"] == earlier["place"] for earlier in stops):
            return stops
        stops.append(stop)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "course"])
def test_focus_is_seen_and_never_covered(page: Page, site: Site, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    PUBLIC[name](page, site.url)
    stops = walk(page)
    assert len(stops) > (3 if name in LOG_IN else 12)
    assert [stop for stop in stops if stop["covered"] or not stop["outlined"]] == []


@pytest.mark.parametrize("name", READING)
def test_letters_twice_as_large_need_no_scrolling_sideways(page: Page, site: Site, name: str) -> None:
    """200 % on a wide screen is half as many pixels; and the reader's own letter size counts too."""
    READING[name](page, site.url)
    for width, letters in ((640, "100%"), (1280, "200%"), (640, "200%")):
        page.set_viewport_size({"width": width, "height": 512})
        page.evaluate("size => document.documentElement.style.fontSize = size", letters)
        assert page.evaluate(OVERFLOW) == 0
        leave = page.locator(".leave").bounding_box()
        assert leave
        assert (leave["x"] >= 0, leave["x"] + leave["width"] <= width) == (True, True)
