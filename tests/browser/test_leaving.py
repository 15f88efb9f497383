"""Leaving in a hurry: with the back-forward cache on, as people have it, nothing personal comes back.

Playwright turns that cache off; a test that leaves it so passes falsely. The first test shows that it is on here.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, Page, expect

from tests.conftest import Site

NEUTRAL = "https://www.bbc.com/weather"
QUESTIONS = "/quizzes/how-i-trust/questions/"
LESSON = "/formation/what-trust-is/"
PAGES = [
    "/",
    "/formation/",
    LESSON,
    f"{LESSON}exercise/",
    "/who-not-to-trust/manipulation-and-control/",
    "/course/",
    "/glossary/",
    "/search/",
    "/search/?q=lies",
    "/help/",
    "/privacy/",
    "/quizzes/",
    "/quizzes/trust-in-this-relationship/",
    QUESTIONS,
    "/quizzes/ready-to-rebuild/questions/?for=hurt",
    "/quizzes/how-i-trust/method/",
    "/quizzes/how-i-trust/result/",
    "/quizzes/plan/",
    "/quizzes/kept/",
    "/no/such/page/",
]
PERSONAL = [f"/quizzes/how-i-trust/{step}/" for step in ("result", "questions", "keep", "compare", "plan")] + [
    "/quizzes/how-i-trust/reading/formation/trusting-yourself/"
]
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])"


@pytest.fixture(scope="session")
def people_s_browser(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """Chromium with the back-forward cache that Playwright would turn off."""
    off = ["--disable-back-forward-cache"]
    browser = browser_type.launch(**{**browser_type_launch_args, "ignore_default_args": off})
    yield browser
    browser.close()


@contextmanager
def visiting(browser: Browser, **options: Any) -> Iterator[Page]:
    """A page from which the neutral site is a page of our own: the tests reach nothing outside."""
    context = browser.new_context(**options)
    play_neutral(context)
    page = context.new_page()
    yield page
    context.close()


def play_neutral(context: BrowserContext) -> None:
    body = "<!doctype html><title>Weather</title><h1>Weather</h1>"
    context.route(NEUTRAL, lambda route: route.fulfill(body=body, content_type="text/html"))


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(request: pytest.FixtureRequest, people_s_browser: Browser) -> Iterator[Page]:
    with visiting(people_s_browser, java_script_enabled=request.param) as page:
        yield page


@pytest.fixture
def scripted(people_s_browser: Browser) -> Iterator[Page]:
    with visiting(people_s_browser) as page:
        yield page


def take(page: Page, url: str) -> None:
    """Answer the quiz up to the result. Its choices are clicked at one go, by the test and not by the site."""
    page.goto(url + QUESTIONS)
    chosen = [f"input[name='item-{n}'][value='{value}']" for n, value in enumerate("5515551511513333", 1)]
    page.evaluate("all => all.forEach(each => document.querySelector(each).click())", chosen)
    assert page.locator("input:checked").count() == 16
    page.get_by_role("button", name="See my result").click()
    page.wait_for_url("**/result/")
    assert page.locator("[data-dimension=open]").get_attribute("data-score") == "100"


def step_back(page: Page) -> None:
    """Back, and wait until whatever comes has settled: a page, or being sent away again, even before it is there."""
    with suppress(Error):  # of a page that never came
        page.go_back(wait_until="commit")
    page.wait_for_load_state()
    page.wait_for_load_state("networkidle")


def personal(page: Page) -> dict[str, int]:
    """What there is of the taker on the page."""
    return {
        name: page.locator(selector).count()
        for name, selector in {
            "results": "[data-result]",
            "scores": "[data-score]",
            "chosen answers": "input:checked",
            "reasons": ".strip",
            "readings": "[data-reading]",
            "codes": ".code",
        }.items()
    }


NOTHING = {"results": 0, "scores": 0, "chosen answers": 0, "reasons": 0, "readings": 0, "codes": 0}


def test_back_forward_cache_is_on(scripted: Page, site: Site) -> None:
    scripted.add_init_script("addEventListener('pageshow', (event) => { window.persisted = event.persisted; })")
    scripted.goto(site.url + LESSON)
    scripted.evaluate("window.here = 'still'")
    scripted.goto(site.url + "/help/")
    scripted.go_back(wait_until="commit")
    scripted.wait_for_function("window.persisted")
    assert scripted.evaluate("[window.here, location.pathname]") == ["still", LESSON]


def test_back_once_to_five_times_after_leaving_shows_nothing_personal(visit: Page, site: Site) -> None:
    visit.goto(site.url + "/")
    visit.goto(site.url + "/quizzes/how-i-trust/")
    take(visit, site.url)
    visit.locator("ol[data-reading-list] a").first.click()
    visit.wait_for_url("**/reading/**")
    visit.locator("a.leave").click()
    visit.wait_for_url(NEUTRAL)
    expect(visit).to_have_title("Weather")
    assert visit.context.cookies() == []
    for _ in range(5):
        step_back(visit)
        assert personal(visit) == NOTHING, visit.url
        assert "From your results" not in visit.content()
        assert "What your answers say" not in visit.content()


def test_leaving_from_the_questions_forgets_the_choices(visit: Page, site: Site) -> None:
    visit.goto(site.url + "/")
    visit.goto(site.url + QUESTIONS)
    visit.check("#item-1-5")
    visit.check("#item-2-1")
    visit.locator("a.leave").click()
    visit.wait_for_url(NEUTRAL)
    for _ in range(2):
        step_back(visit)
        assert personal(visit) == NOTHING, visit.url


def test_leaving_blanks_the_page_before_anything_is_asked(scripted: Page, site: Site) -> None:
    """Even where the exit leads nowhere, what was on the screen is gone at once."""
    take(scripted, site.url)
    scripted.route("**/exit/", lambda route: route.fulfill(status=204))
    scripted.locator("a.leave").click()
    assert scripted.evaluate("[document.title, document.body.innerText, sessionStorage.left]") == ["", "", "1"]


def test_back_is_guarded_even_where_nothing_was_cleared(scripted: Page, site: Site) -> None:
    """A browser that knows no Clear-Site-Data still has its cookie and its pages; the script alone sends it away."""
    body = "<!doctype html><title>Weather</title>"
    scripted.route("**/exit/", lambda route: route.fulfill(body=body, content_type="text/html"))
    take(scripted, site.url)
    scripted.locator("a.leave").click()
    scripted.wait_for_url("**/exit/")
    assert "answers" in {cookie["name"] for cookie in scripted.context.cookies()}
    step_back(scripted)
    assert (scripted.url, personal(scripted)) == (f"{site.url}/exit/", NOTHING)


def test_coming_back_later_is_a_visit_like_any_other(scripted: Page, site: Site) -> None:
    scripted.goto(site.url + LESSON)
    scripted.locator("a.leave").click()
    scripted.wait_for_url(NEUTRAL)
    take(scripted, site.url)
    scripted.goto(site.url + "/help/")
    scripted.go_back(wait_until="commit")
    expect(scripted.locator("[data-result]")).to_have_count(1)


# The Shift key


def test_shift_three_times_leaves(scripted: Page, site: Site) -> None:
    take(scripted, site.url)
    with scripted.expect_request(NEUTRAL):
        for _ in range(3):
            scripted.keyboard.press("Shift")
    expect(scripted.locator("[data-result]")).to_have_count(0)
    assert scripted.context.cookies() == []


@pytest.mark.parametrize(
    "keys", [["Shift"] * 2, ["Shift", "Shift", "a", "Shift"], ["Shift", "A", "Shift", "B", "Shift", "C", "Shift"]]
)
def test_shift_while_typing_does_not_leave(scripted: Page, site: Site, keys: list[str]) -> None:
    scripted.goto(site.url + "/search/")
    scripted.focus("#q")
    for key in keys:
        scripted.keyboard.press(key)
    scripted.evaluate("new Promise(requestAnimationFrame)")
    assert scripted.evaluate("[location.pathname, sessionStorage.length]") == ["/search/", 0]
    assert scripted.input_value("#q") == "".join(key for key in keys if key != "Shift")


def test_shift_held_down_does_not_leave(scripted: Page, site: Site) -> None:
    scripted.goto(site.url + "/search/")
    for _ in range(6):
        scripted.keyboard.down("Shift")
    scripted.keyboard.up("Shift")
    assert scripted.evaluate("[location.pathname, sessionStorage.length]") == ["/search/", 0]


# Where it stands


def test_exit_comes_right_after_the_skip_link_everywhere(people_s_browser: Browser, site: Site) -> None:
    with visiting(people_s_browser, java_script_enabled=False) as page:
        for address in PAGES:
            page.goto(site.url + address, wait_until="domcontentloaded")
            assert order(page) == ["skip", "leave"], address
        take(page, site.url)
        for address in PERSONAL:
            page.goto(site.url + address, wait_until="domcontentloaded")
            assert order(page) == ["skip", "leave"], address


def order(page: Page) -> list[str]:
    """The first two that take the focus, and that the exit is the real one and says so."""
    leave = page.locator("a.leave")
    assert (leave.get_attribute("href"), leave.inner_text()) == ("/exit/", "Leave this site")
    found: list[str] = page.evaluate(
        "focusable => [...document.querySelectorAll(focusable)].slice(0, 2).map(each => each.className)", FOCUSABLE
    )
    return found


BOXES = """() => {
  const box = (node) => [...node.getClientRects()].map(({left, top, right, bottom}) => [left, top, right, bottom]);
  const focused = document.activeElement;
  const [{left, top, width, height}] = focused.getClientRects();
  return {
    frame: [0, 0, innerWidth, innerHeight], leave: box(document.querySelector(".leave"))[0],
    bar: box(document.querySelector(".bar"))[0], focused: box(focused),
    kind: focused === document.body ? "none" : focused.closest(".bar, .skip") ? "top" : "text",
    seen: focused.contains(document.elementFromPoint(left + width / 2, top + height / 2)),
  };
}"""


@pytest.mark.parametrize("size", [(1280, 800), (360, 640)], ids=["wide", "narrow"])
@pytest.mark.parametrize("address", [LESSON, QUESTIONS])
def test_exit_stays_in_sight_and_covers_no_focus(
    people_s_browser: Browser, site: Site, address: str, size: tuple[int, int]
) -> None:
    stops = {"none": 0, "top": 0, "text": 0}
    with visiting(people_s_browser, viewport={"width": size[0], "height": size[1]}) as page:
        page.goto(site.url + address)
        for number in range(40):
            page.keyboard.press("Tab")
            there = page.evaluate(BOXES)
            stops[there["kind"]] += 1
            assert inside(there["leave"], there["frame"]), f"stop {number}: the exit is out of sight"
            if there["kind"] == "text":
                assert any(overlap(box, there["frame"]) for box in there["focused"]), f"stop {number} is out of sight"
                assert [box for box in there["focused"] if overlap(box, there["bar"])] == [], (
                    f"stop {number} is covered"
                )
            assert there["kind"] == "none" or there["seen"] or len(there["focused"]) > 1, f"stop {number} is covered"
    assert stops["none"] <= 1, "only once round the page"
    assert stops["text"] >= 30


def test_exit_is_visible_at_the_end_of_a_long_page(visit: Page, site: Site) -> None:
    visit.set_viewport_size({"width": 360, "height": 640})
    for address in ("/course/", LESSON, QUESTIONS, "/help/"):
        visit.goto(site.url + address)
        visit.keyboard.press("End")
        visit.locator(".foot p").last.scroll_into_view_if_needed()
        expect(visit.locator("a.leave")).to_be_in_viewport(ratio=1)


def inside(box: list[float], frame: list[float]) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_nothing_is_left_in_the_browser_s_stores(scripted: Page, site: Site) -> None:
    take(scripted, site.url)
    scripted.locator("a.leave").click()
    scripted.wait_for_url(NEUTRAL)
    assert scripted.context.cookies() == []
    state = scripted.context.storage_state()
    assert [each for each in state["origins"] if urlsplit(each["origin"]).netloc != "www.bbc.com"] == []
