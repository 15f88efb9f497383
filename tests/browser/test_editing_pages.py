"""What every page is held to, the editors' are too: axe finds nothing, nothing scrolls sideways, the focus is seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_accessibility import OVERFLOW, assert_clean
from tests.browser.test_keyboard import walk
from tests.conftest import Site
from tests.pages import EDITING, State, log_in

UNFOLD = "document.querySelectorAll('.inline-related > details').forEach((row, index) => row.open = index % 4 == 0)"


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """One log-in for all pages, which is what an editor has."""
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(5000)
    log_in(page, site.url)
    yield page
    context.close()


@pytest.mark.parametrize("go", EDITING.values(), ids=EDITING)
def test_axe_finds_nothing(page: Page, site: Site, go: State) -> None:
    """Folded and open: what is closed is not looked at."""
    go(page, site.url)
    page.evaluate(UNFOLD)
    assert_clean(page, "narrow-light", "wide-dark", "forced")


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_scrolls_sideways_with_every_row_open(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("admin-lesson", "admin-quiz"):
        EDITING[name](page, site.url)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        assert page.locator("details[open]").count() > 9
        assert page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("go", EDITING.values(), ids=EDITING)
def test_focus_is_seen(page: Page, site: Site, go: State) -> None:
    page.set_viewport_size({"width": 1280, "height": 640})
    go(page, site.url)
    stops = walk(page)
    assert len(stops) > 9
    assert [stop for stop in stops if not stop["outlined"]] == []


def test_row_is_a_line_until_it_is_opened(page: Page, site: Site) -> None:
    EDITING["admin-quiz"](page, site.url)
    row = page.locator("#items-0")
    text = page.locator("#id_items-0-text")
    assert row.locator("summary").inner_text() == f"1. {text.input_value()}"
    assert not text.is_visible()
    row.locator("summary").click()
    assert text.is_visible()


def test_row_is_added_and_taken_away_again(page: Page, site: Site) -> None:
    EDITING["admin-lesson"](page, site.url)
    rows = page.locator("#sections-group .dynamic-sections")
    before = rows.count()
    page.get_by_role("button", name="Add another Section").click()
    assert rows.count() == before + 1
    assert rows.last.get_by_label("Heading").is_visible()
    page.get_by_role("button", name="Remove").click()
    assert rows.count() == before
