"""On paper: a result on two sheets at most, an exercise on one or two, and nothing of the site's frame."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Site

FRAME = [".leave", ".skip", ".wordmark", ".menu", ".foot ul", ".actions", ".no-print", ".read-line"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def pages(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


def take(page: Page, url: str, quiz: str, *values: str) -> None:
    page.goto(f"{url}/quizzes/{quiz}")
    for number, value in enumerate(values, 1):
        page.locator(f"input[name='item-{number}'][value='{value}']").check()
    page.get_by_role("button", name="See my result").click()
    page.wait_for_url("**/result/")


def assert_frame_is_hidden(page: Page) -> None:
    page.emulate_media(media="print")
    for selector in FRAME:
        for node in page.locator(selector).all():
            expect(node).to_be_hidden()


def assert_no_frame(page: Page) -> None:
    assert_frame_is_hidden(page)
    text = page.inner_text("body")
    assert [
        word for word in ("Leave this site", "Skip to the text", "Atom feed", "Clear my answers") if word in text
    ] == []


def test_result_is_at_most_two_sheets(page: Page, site: Site) -> None:
    take(page, site.url, "how-i-trust/questions/", *"1542512424133352")
    assert 1 <= pages(page) <= 2
    assert_no_frame(page)
    for selector in (
        "h1",
        ".say",
        ".chart svg >> nth=0",
        "table.scores",
        "[data-reading-list]",
        "[data-dimension] >> nth=3",
        "[data-act]",
    ):
        expect(page.locator(selector)).to_be_visible()
    fills = page.locator(".chart .fill").evaluate_all("bars => bars.map(bar => getComputedStyle(bar).fill)")
    assert (len(fills), len(set(fills))) == (4, 2)
    assert "rgb(255, 255, 255)" not in fills


@pytest.mark.parametrize(
    "quiz, values",
    [
        ("how-i-trust/questions/", "1542512424133352"),
        ("trust-in-this-relationship/questions/?for=partner", "1" * 20),
    ],
    ids=["figures", "flagged"],
)
def test_sheet_has_a_date(page: Page, site: Site, quiz: str, values: str) -> None:
    take(page, site.url, quiz, *values)
    page.emulate_media(media="print")
    today = timezone.localdate()
    expect(page.get_by_text(f"{today.day} {today:%B %Y}", exact=True)).to_be_visible()


def test_flagged_result_prints_its_numbers(page: Page, site: Site) -> None:
    take(page, site.url, "trust-in-this-relationship/questions/?for=partner", *"1" * 20)
    assert 1 <= pages(page) <= 3
    assert_frame_is_hidden(page)
    calls = page.locator("[data-help] a[href^='tel:']")
    printed = calls.evaluate_all("all => all.filter((each) => each.checkVisibility()).map((each) => each.href)")
    assert len(printed) >= 6
    for selector in ("[data-words] >> nth=0", "[data-reading-list]", "[data-act]"):
        expect(page.locator(selector)).to_be_visible()


@pytest.mark.parametrize(
    "address", ["/formation/what-trust-is/", "/loss/where-mistrust-comes-from/", "/rebuilding/making-amends/"]
)
def test_exercise_is_one_or_two_sheets(page: Page, site: Site, address: str) -> None:
    page.goto(f"{site.url}{address}exercise/")
    assert 1 <= pages(page) <= 2
    assert_no_frame(page)
    expect(page.locator(".writing > *").first).to_be_visible()


@pytest.mark.parametrize("address", ["/formation/what-trust-is/", "/quizzes/plan/", "/course/", "/help/"])
def test_other_pages_print_without_the_frame(page: Page, site: Site, address: str) -> None:
    page.goto(site.url + address)
    assert_no_frame(page)


def test_dark_pages_print_on_white(browser: Browser, site: Site) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site.url}/formation/what-trust-is/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    context.close()


@pytest.mark.parametrize("theme", ["", "dark"])
def test_paper_is_light_whatever_the_screen_is(browser: Browser, site: Site, theme: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{site.url}/formation/what-trust-is/")
    page.evaluate("theme => { if (theme) document.documentElement.dataset.theme = theme; }", theme)
    page.emulate_media(media="print", color_scheme="dark")
    colors = page.evaluate(
        "[document.body, document.querySelector('.exercise')].map((it) => getComputedStyle(it).backgroundColor)"
    )
    assert colors == ["rgb(255, 255, 255)", "rgb(223, 234, 227)"]
    context.close()
