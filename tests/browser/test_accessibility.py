"""Every page type, in every state: axe finds nothing and nothing scrolls sideways, in every look."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Site
from tests.pages import PUBLIC, State

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
