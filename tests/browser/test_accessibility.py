"""axe finds nothing, on any page type or state, light and dark, narrow and wide; nothing scrolls sideways."""

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Site

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "async (rules) => (await axe.run(document, {runOnly: rules})).violations.map(v => [v.id, v.nodes[0].html])"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

PAGES = [
    "/",
    "/formation/",
    "/formation/what-trust-is/",
    "/formation/what-trust-is/exercise/",
    "/who-not-to-trust/manipulation-and-control/",
    "/rebuilding/making-amends/",
    "/course/",
    "/glossary/",
    "/search/?q=lies",
    "/search/?q=zzzz",
    "/help/",
    "/privacy/",
    "/quizzes/",
    "/quizzes/trust-in-this-relationship/",
    "/quizzes/how-i-trust/questions/",
    "/quizzes/ready-to-rebuild/questions/?for=hurt",
    "/quizzes/spot-the-manipulation/questions/",
    "/quizzes/how-i-trust/method/",
    "/quizzes/how-i-trust/result/",
    "/quizzes/plan/",
    "/quizzes/kept/",
    "/admin/login/",
    "/no-such-page/",
]
LOOKS = {
    "narrow-light": (320, "light"),
    "wide-dark": (1280, "dark"),
}


@pytest.fixture(params=LOOKS.values(), ids=LOOKS)
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    yield context.new_page()
    context.close()


def assert_clean(page: Page) -> None:
    page.evaluate(AXE)
    assert page.evaluate(RUN, RULES) == [], page.url
    assert page.evaluate(OVERFLOW) <= 0, page.url


def rate(page: Page, answers: dict[int, int], count: int) -> None:
    for number in range(1, count + 1):
        page.check(f"#item-{number}-{answers.get(number, 2)}")
    page.click("text=See my result")


def test_pages_are_clean(look: Page, site: Site) -> None:
    for address in PAGES:
        look.goto(site.url + address)
        assert_clean(look)


def test_errors_are_clean(look: Page, site: Site) -> None:
    look.goto(f"{site.url}/quizzes/how-i-trust/questions/")
    look.click("text=See my result")
    assert look.title().startswith("Error: ")
    assert_clean(look)


def test_flagged_result_and_reading_are_clean(look: Page, site: Site) -> None:
    look.goto(f"{site.url}/quizzes/trust-in-this-relationship/questions/?for=partner")
    rate(look, {18: 5, 20: 5}, 20)
    assert look.get_attribute("[data-result]", "data-flagged") == "true"
    assert_clean(look)
    look.locator("a[data-reading]").first.click()
    look.wait_for_url("**/reading/**")
    assert_clean(look)


def test_keeping_comparing_and_planning_are_clean(look: Page, site: Site) -> None:
    look.goto(f"{site.url}/quizzes/how-i-trust/questions/")
    rate(look, {1: 5, 7: 4}, 16)
    assert_clean(look)
    look.goto(f"{site.url}/quizzes/how-i-trust/keep/")
    look.click("text=Keep it and show me the code")
    assert_clean(look)
    look.check("#days-1")
    look.click("text=Keep it and show me the code")
    assert_clean(look)
    code = look.inner_text(".code")
    for address in ("/quizzes/how-i-trust/compare/", "/quizzes/kept/"):
        look.goto(site.url + address)
        look.fill("#code", "wrong")
        look.click("text=Show it")
        assert_clean(look)
        look.fill("#code", code)
        look.click("text=Show it")
        assert_clean(look)
    look.goto(f"{site.url}/quizzes/how-i-trust/plan/")
    assert_clean(look)
    look.click("text=Add to my plan")
    assert_clean(look)


def test_forced_colors_are_clean(browser: Browser, site: Site) -> None:
    context = browser.new_context(forced_colors="active", bypass_csp=True)
    page = context.new_page()
    for address in ("/", "/formation/what-trust-is/", "/quizzes/how-i-trust/questions/"):
        page.goto(site.url + address)
        assert_clean(page)
    rate(page, {}, 16)
    assert_clean(page)
    context.close()
