"""The whole way through the real site in a real browser: with and without scripts, by keyboard, on a small screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.conftest import Site

NEUTRAL = "https://www.bbc.com/weather"
PAGES = [
    "/",
    "/formation/",
    "/formation/what-trust-is/",
    "/who-not-to-trust/manipulation-and-control/",
    "/quizzes/",
    "/quizzes/trust-in-this-relationship/",
    "/quizzes/trust-in-this-relationship/questions/?for=partner",
    "/quizzes/spot-the-manipulation/questions/",
    "/quizzes/trust-facts/result/",
    "/quizzes/trust-facts/method/",
    "/help/",
    "/privacy/",
    "/no/such/page/",
]


@dataclass
class Watched:
    """A page, and everything that must not happen on it."""

    page: Page
    url: str
    left: int = 0
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        self.page.goto(self.url + address)


def watch(context: BrowserContext, site: Site) -> Watched:
    """A new page of which every request to another host, console error and broken policy is noted."""
    watched = Watched(context.new_page(), site.url)
    context.route(NEUTRAL, lambda route: neutral(watched, route))
    watched.page.on("request", lambda request: note_foreign(watched, request.url))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on(
        "console",
        lambda message: watched.complaints.append(message.text) if message.type == "error" else None,
    )
    return watched


def neutral(watched: Watched, route: Route) -> None:
    """The neutral site, played by ourselves: the tests reach nothing outside."""
    watched.left += 1
    route.fulfill(body="<title>Weather</title><h1>Weather</h1>", content_type="text/html")


def note_foreign(watched: Watched, url: str) -> None:
    if urlsplit(url).netloc != urlsplit(watched.url).netloc and url != NEUTRAL:
        watched.foreign.append(url)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Watched]:
    """A visit that may ask no other host and complain of nothing, checked at its end."""
    context = browser.new_context(java_script_enabled=request.param)
    watched = watch(context, site)
    yield watched
    context.close()
    assert (watched.foreign, watched.complaints) == ([], [])


@pytest.fixture
def scripted(browser: Browser, site: Site) -> Iterator[Watched]:
    context = browser.new_context()
    watched = watch(context, site)
    yield watched
    context.close()
    assert (watched.foreign, watched.complaints) == ([], [])


def answer(page: Page, *values: str) -> None:
    """Choose the answers to the questions from the first on."""
    for number, value in enumerate(values, 1):
        page.locator(f"input[name=item-{number}][value='{value}']").check()


def fill_in(page: Page, *values: str) -> None:
    """The same at one go, where choosing is not what a test is about."""
    chosen = [f"input[name=item-{number}][value='{value}']" for number, value in enumerate(values, 1)]
    page.evaluate("all => all.forEach(each => document.querySelector(each).click())", chosen)


def test_reader_goes_from_home_to_the_section_that_matters(visit: Watched) -> None:
    page = visit.page
    visit.go("/")
    page.get_by_role("main").get_by_role("link", name="What trust is, and what it is not").first.click()
    expect(page).to_have_url(visit.url + "/formation/what-trust-is/")
    page.locator(".check-yourself").get_by_role("link", name="How I trust").click()
    page.get_by_role("main").get_by_role("link", name="Start", exact=True).click()
    expect(page).to_have_url(visit.url + "/quizzes/how-i-trust/questions/")
    answer(page, *"55155", "5")
    with failing(visit, 422):
        page.get_by_role("button", name="See my result").click()
        expect(page).to_have_title("Error: How I trust - Learning to trust")
    assert page.locator(".problem a").evaluate_all("links => links.map(link => link.hash)") == [
        f"#item-{number}-1" for number in range(7, 17)
    ]
    expect(page.locator("input:checked")).to_have_count(6)
    answer(page, *"5515", *"1151", *"3333", *"5511")
    page.get_by_role("button", name="See my result").click()
    expect(page).to_have_url(visit.url + "/quizzes/how-i-trust/result/")
    assert page.locator("[data-dimension]").evaluate_all("all => all.map(one => one.dataset.dimension)") == [
        "discern",
        "close",
        "self",
        "open",
    ]
    first = page.locator("ol[data-reading-list] a[data-reading]").first
    assert first.get_attribute("data-reading") == "reading-trustworthiness#three-questions"
    first.click()
    page.wait_for_url("**#three-questions")
    heading = page.locator("section#three-questions h2")
    expect(heading).to_contain_text("Three questions")
    expect(heading).to_be_in_viewport()


def test_leaving_ends_the_visit(visit: Watched) -> None:
    page = visit.page
    visit.go("/quizzes/trust-facts/questions/")
    fill_in(page, *["true"] * 12)
    page.get_by_role("button", name="See my result").click()
    page.wait_for_url("**/result/")
    assert "answers" in kept(page)
    page.locator("a.leave").click()
    page.wait_for_url(NEUTRAL)
    expect(page).to_have_title("Weather")
    assert (visit.left, kept(page)) == (1, set())
    with failing(visit, 404):
        page.go_back()
        expect(page.locator("[data-result]")).to_have_count(0)
        expect(page.locator("input:checked")).to_have_count(0)


def kept(page: Page) -> set[str]:
    return {cookie["name"] for cookie in page.context.cookies()}


def test_summary_takes_the_focus_and_leads_to_the_questions(scripted: Watched) -> None:
    page = scripted.page
    scripted.go("/quizzes/how-i-trust/questions/")
    answer(page, "1", "2")
    with failing(scripted, 422):
        page.get_by_role("button", name="See my result").click()
        expect(page.locator(".problem")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#item-3-1")).to_be_focused()
    expect(page.locator("#item-3-1")).to_be_in_viewport()
    page.keyboard.press("Space")
    expect(page.locator("#item-3-1")).to_be_checked()


@contextmanager
def failing(watched: Watched, status: int) -> Iterator[None]:
    """Chromium logs an answer that is no success as a console error; in here one with this status is wanted."""
    before = list(watched.complaints)
    yield
    new = watched.complaints[len(before) :]
    assert [complaint for complaint in new if f"status of {status}" not in complaint] == []
    watched.complaints[:] = before


def test_quiz_is_finished_by_keyboard_alone(scripted: Watched) -> None:
    """Tab goes from question to question, arrows choose, Space takes what is in focus, Enter sends."""
    page = scripted.page
    scripted.go("/quizzes/how-i-trust/")
    press_until(page, "Tab", "a.button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/")
    press_until(page, "Tab", "#item-1-1")
    page.keyboard.press("Space")
    for number in range(2, 17):
        page.keyboard.press("Tab")
        expect(page.locator(f"#item-{number}-1")).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.locator(f"#item-{number}-2")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="See my result")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/result/")
    assert page.locator("[data-dimension=open]").get_attribute("data-score") == "31"


def press_until(page: Page, key: str, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{key} does not reach {selector}")


def test_exit_comes_first_by_keyboard(scripted: Watched) -> None:
    scripted.go("/quizzes/how-i-trust/questions/")
    focused = []
    for _ in range(2):
        scripted.page.keyboard.press("Tab")
        focused.append(scripted.page.evaluate("document.activeElement.className"))
    assert focused == ["skip", "leave"]


def test_two_quizzes_keep_their_answers_apart(visit: Watched) -> None:
    page = visit.page
    for slug, values in (("how-i-trust", ["5"] * 16), ("trust-facts", ["skip"] * 12)):
        visit.go(f"/quizzes/{slug}/questions/")
        fill_in(page, *values)
        page.get_by_role("button", name="See my result").click()
        page.wait_for_url("**/result/")
    visit.go("/quizzes/how-i-trust/result/")
    assert page.locator("[data-dimension=open]").get_attribute("data-score") == "75"
    page.get_by_role("button", name="Clear my answers").click()
    expect(page).to_have_url(visit.url + "/quizzes/how-i-trust/")
    visit.go("/quizzes/trust-facts/result/")
    assert page.locator("[data-result]").get_attribute("data-quiz") == "trust-facts"


def test_change_my_answers_brings_them_back(visit: Watched) -> None:
    page = visit.page
    visit.go("/quizzes/trust-facts/questions/")
    fill_in(page, *["true", "false", "skip"] * 4)
    page.get_by_role("button", name="See my result").click()
    page.get_by_role("link", name="Change my answers").click()
    chosen = page.locator("input:checked")
    expect(chosen).to_have_count(12)
    assert [each.get_attribute("value") for each in chosen.all()] == ["true", "false", "skip"] * 4


def test_danger_shows_help_before_anything_else(visit: Watched) -> None:
    page = visit.page
    visit.go("/quizzes/ready-to-rebuild/")
    page.get_by_label("I was hurt, by a partner").check()
    page.get_by_role("button", name="Start").click()
    page.locator("input[name=gate][value=yes]").check()
    page.get_by_role("button", name="See my result").click()
    assert page.locator("[data-result]").get_attribute("data-flagged") == "true"
    calls = page.locator("[data-help] a[href^='tel:']")
    expect(calls.first).to_be_in_viewport()
    assert calls.first.get_attribute("href") in ("tel:112", "tel:911")
    assert calls.evaluate_all("all => all.filter(each => each.checkVisibility()).length") >= 6
    assert page.locator("[data-dimension]").count() == 0


def test_answers_wait_until_it_is_said_whom_they_are_about(visit: Watched) -> None:
    page = visit.page
    visit.go("/quizzes/trust-in-this-relationship/questions/?for=friend")
    fill_in(page, *"12345" * 4)
    page.evaluate("form => document.querySelector(form).action = location.pathname", "main form")
    with failing(visit, 422):
        page.get_by_role("button", name="See my result").click()
        expect(page.get_by_role("heading", name="Who do you have in mind?")).to_be_visible()
    page.get_by_role("button", name="A friend").click()
    page.wait_for_url("**/result/")
    page.get_by_role("link", name="Change my answers").click()
    expect(page).to_have_url(visit.url + "/quizzes/trust-in-this-relationship/questions/?for=friend")
    chosen = page.locator("input:checked")
    expect(chosen).to_have_count(20)
    assert [each.get_attribute("value") for each in chosen.all()] == list("12345" * 4)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_no_page_scrolls_sideways_at_320_pixels(browser: Browser, site: Site, scripts: bool) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=scripts)
    watched = watch(context, site)
    watched.go("/quizzes/trust-in-this-relationship/questions/?for=partner")
    fill_in(watched.page, *["1"] * 20)
    watched.page.get_by_role("button", name="See my result").click()
    watched.page.wait_for_url("**/result/")
    widths = {"the result": width(watched.page)}
    watched.page.locator("ol[data-reading-list] a").first.click()
    watched.page.wait_for_url("**#signs-of-emotional-abuse")
    widths["the first reading"] = width(watched.page)
    for address in PAGES:
        watched.go(address)
        widths[address] = width(watched.page)
    context.close()
    assert widths == dict.fromkeys(widths, 320)
    assert watched.foreign == []


def width(page: Page) -> int:
    """How wide the page is, whatever the window; asked by the test, so it works without the page's scripts too."""
    return int(page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"))
