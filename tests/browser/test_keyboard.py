"""The keyboard's way through every page, in every state, and pages with letters twice as large."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_accessibility import OVERFLOW
from tests.conftest import Site
from tools.pages import LOG_IN, PUBLIC, READING

# What has the focus: its name, whether an outline shows it, and which of its points something else covers.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const style = getComputedStyle(it);
  const within = it.tagName === "IFRAME"; // its focus is inside, where :focus does not reach
  const there = within || it.matches(":focus-visible");
  const outlined = there && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
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
  const again = Boolean(it.walked);
  it.walked = true;
  return {name, again, outlined, covered: points.filter((point) => !seen(point)).length};
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    yield page
    context.close()


def walk(page: Page) -> list[dict[str, object]]:
    """Every stop of the Tab key, from the top of the page to its end."""
    stops: list[dict[str, object]] = []
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); scrollTo(0, 0)")
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if not stop or stop["again"]:
            return stops
        stops.append(stop)


@pytest.mark.parametrize(
    ("name", "width"),
    [(name, 360) for name in PUBLIC if name != "course"] + [("home", 1280), ("lesson", 1280), ("result", 1280)],
)
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
