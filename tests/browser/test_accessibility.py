"""Every page type, in every state: axe finds nothing and nothing scrolls sideways, in every look."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Site
from tools.pages import PUBLIC

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(v => [v.id, v.nodes[0].html])"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
COLORS = ["color-contrast"]  # all that changes with the colors, and most of the time that axe takes
LOOKS = {
    "narrow-light": (320, "light", "none", RULES),
    "narrow-dark": (320, "dark", "none", COLORS),
    "wide-light": (1280, "light", "none", COLORS),
    "wide-dark": (1280, "dark", "none", RULES),
    "forced": (1280, "dark", "active", COLORS),
}
EDITING_LOOKS = {"middle-light": (768, "light", "none", RULES)}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    yield page
    context.close()


def assert_clean(page: Page, *looks: str) -> None:
    page.evaluate(AXE)
    found = {}
    for look in looks:
        width, scheme, forced, rules = (LOOKS | EDITING_LOOKS)[look]
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, forced_colors=forced, reduced_motion="reduce")  # type: ignore[arg-type]
        found[look] = (page.evaluate(RUN, rules), page.evaluate(OVERFLOW))
    assert found == dict.fromkeys(looks, ([], 0)), page.url


@pytest.mark.parametrize("name", PUBLIC)
def test_axe_finds_nothing(page: Page, site: Site, name: str) -> None:
    PUBLIC[name](page, site.url)
    assert_clean(page, *(["narrow-light"] if name == "course" else LOOKS))  # twenty lessons at once take their time
