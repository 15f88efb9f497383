"""What makes reading easier, and what it costs: theme, contents list, reading line, weight, stillness."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.conftest import Site
from tools.server import ROOT

LESSON = "/rebuilding/healing-and-forgiveness/"
LIGHT, DARK = "rgb(253, 251, 247)", "rgb(25, 22, 19)"
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
WATCH_SHIFTS = """
  window.moved = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => moved.push(entry.value)))
    .observe({type: "layout-shift", buffered: true});
"""

PAINTED = """new Promise((done) =>
  new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").forEach(done))
    .observe({type: "paint", buffered: true}))"""
WIDTHS = """["var(--serif)", "Literata", "serif"].map((family) => {
  const line = document.querySelector("main").appendChild(document.createElement("span"));
  line.textContent = "Trust can be learned";
  line.style.fontFamily = family;
  return line.getBoundingClientRect().width;
})"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


# Light and dark


def test_theme_is_chosen_and_remembered_without_a_cookie(page: Page, site: Site) -> None:
    page.goto(site.url + LESSON)
    buttons = page.locator(".theme button")
    assert (page.evaluate(BACKGROUND), pressed(page)) == (LIGHT, ["As my device"])
    buttons.filter(has_text="Dark").click()
    assert (page.evaluate(BACKGROUND), pressed(page)) == (DARK, ["Dark"])
    page.reload()
    assert (page.evaluate(BACKGROUND), pressed(page)) == (DARK, ["Dark"])
    page.goto(site.url + "/help/")
    assert (page.evaluate(BACKGROUND), pressed(page)) == (DARK, ["Dark"])
    page.emulate_media(color_scheme="dark")
    buttons.filter(has_text="Light").click()
    assert (page.evaluate(BACKGROUND), pressed(page)) == (LIGHT, ["Light"])
    buttons.filter(has_text="As my device").click()
    assert (page.evaluate(BACKGROUND), pressed(page)) == (DARK, ["As my device"])
    assert page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert page.context.cookies() == []


def test_what_the_admin_calls_auto_is_as_the_device(page: Page, site: Site) -> None:
    page.goto(site.url + LESSON)
    page.evaluate("localStorage.setItem('theme', 'auto')")
    page.reload()
    assert (page.evaluate(BACKGROUND), pressed(page)) == (LIGHT, ["As my device"])


def pressed(page: Page) -> list[str]:
    return page.locator(".theme button[aria-pressed=true]").all_inner_texts()


def test_theme_switch_is_not_offered_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(site.url + LESSON)
    expect(page.locator(".theme")).to_be_hidden()
    assert page.evaluate(BACKGROUND) == DARK
    context.close()


# Reading


def test_contents_list_follows_the_scroll(page: Page, site: Site) -> None:
    page.goto(site.url + LESSON)
    current = page.locator(".contents a[aria-current]")
    expect(current).to_have_count(0)
    anchors = page.locator(".contents a").evaluate_all("links => links.map(link => link.hash)")
    assert len(anchors) > 5
    for anchor in [*anchors[:-2], *reversed(anchors[:-2])]:
        page.evaluate("id => document.querySelector(id).scrollIntoView()", anchor)
        expect(current).to_have_count(1)
        expect(current).to_have_attribute("href", anchor)


def test_reading_line_grows_with_the_scroll(page: Page, site: Site) -> None:
    page.goto(site.url + LESSON)
    line = page.locator(".read-line")
    assert line.get_attribute("aria-hidden") == "true"
    widths = [line.bounding_box()]
    for anchor in page.locator(".contents a").evaluate_all("links => links.map(link => link.hash)")[1:-1:2]:
        page.evaluate("id => document.querySelector(id).scrollIntoView()", anchor)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        widths.append(line.bounding_box())
    grown = [box["width"] for box in widths if box]
    assert grown == sorted(grown)
    assert len(set(grown)) == len(grown) == len(widths)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(line).to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")


def test_heading_anchor_copies_its_address(browser: Browser, site: Site) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site.url + LESSON)
    anchor = page.locator("section .anchor").first
    anchor.click()
    expect(anchor).to_have_attribute("data-copied", "copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.url == anchor.evaluate("link => link.href")
    context.close()


# The next page


def pressed_requests(page: Page, link: str) -> list[str]:
    """What the browser asks for while the link is pressed, before it is let go."""
    asked: list[str] = []
    page.locator(link).first.hover()
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.mouse.down()
    page.wait_for_timeout(200)
    return asked


def test_lesson_begins_to_load_while_its_link_is_pressed(page: Page, site: Site) -> None:
    page.goto(site.url + "/loss/", wait_until="networkidle")
    lesson = str(page.locator(".listing a").first.get_attribute("href"))
    assert pressed_requests(page, ".listing a") == [lesson]
    page.mouse.up()
    page.wait_for_url("**" + lesson)
    assert page.evaluate("performance.getEntriesByType('navigation')[0].deliveryType") == "cache"


@pytest.mark.parametrize(
    ("address", "link"),
    [("/quizzes/", ".listing a"), (LESSON, ".check-yourself a"), (LESSON, ".contents a"), (LESSON, ".leave")],
)
def test_nothing_else_loads_before_it_is_wanted(page: Page, site: Site, address: str, link: str) -> None:
    page.goto(site.url + address, wait_until="networkidle")
    assert pressed_requests(page, link) == []


# Weight


@dataclass
class Load:
    """What a first visit brought over the wire."""

    bytes: int = 0
    hosts: set[str] = field(default_factory=set)
    shifts: list[float] = field(default_factory=list)


def first_visit(browser: Browser, address: str, width: int) -> Load:
    load = Load()
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    page.on("request", lambda request: note(load, request))
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: add(load, event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    load.shifts = page.evaluate("moved")
    context.close()
    return load


def note(load: Load, request: Request) -> None:
    load.hosts.add(urlsplit(request.url).netloc)


def add(load: Load, size: int) -> None:
    load.bytes += size


def test_scripts_are_small() -> None:
    """What readers get, and what editors get as well."""
    scripts = {path.stem: len(gzip.compress(path.read_bytes())) for path in (ROOT / "static" / "js").glob("*.js")}
    assert scripts.pop("site") <= 2.5 * 1024
    assert set(scripts) == {"editing", "find", "keeping", "beside", "comfort"}
    assert sum(scripts.values()) <= 15 * 1024


@pytest.mark.parametrize("address", [LESSON, "/formation/what-trust-is/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_first_visit_to_a_lesson_is_light_and_still(browser: Browser, site: Site, address: str, width: int) -> None:
    load = first_visit(browser, site.url + address, width)
    assert 20 * 1024 < load.bytes <= 60 * 1024
    assert load.hosts == {urlsplit(site.url).netloc}
    assert load.shifts == []


@pytest.mark.parametrize("address", ["/", "/quizzes/how-i-trust/questions/", "/search/?q=lies"])
def test_no_page_moves_or_asks_another_host(browser: Browser, site: Site, address: str) -> None:
    load = first_visit(browser, site.url + address, 360)
    assert (load.hosts, load.shifts) == ({urlsplit(site.url).netloc}, [])


@pytest.mark.parametrize("address", ["/", LESSON, "/quizzes/how-i-trust/questions/"])
def test_first_paint_needs_three_answers(page: Page, site: Site, address: str) -> None:
    """Page, stylesheet and font: with every other request left waiting, the page is there all the same."""
    waiting: list[Route] = []
    page.route(re.compile(r"/static/(?!css/|fonts/)"), lambda route: waiting.append(route))
    answered = []
    page.on("requestfinished", lambda request: answered.append(urlsplit(request.url).path))
    page.goto(site.url + address, wait_until="commit")
    page.evaluate(PAINTED)
    assert sorted(re.sub(r"\.[0-9a-f]{12}\.", ".", path) for path in answered) == sorted(
        [address, "/static/css/site.css", "/static/fonts/literata.woff2"]
    )
    assert [urlsplit(route.request.url).path.rpartition(".")[2] for route in waiting] == ["js"]
    waiting.pop().abort()


FONTS = "[...document.fonts].filter((font) => font.status != 'unloaded').map((font) => font.family)"


def test_first_page_is_set_in_its_own_letters(browser: Browser, site: Site) -> None:
    """The font is asked for early enough for the first paint. A busy machine may be late once, so each try is a
    first visit."""
    seen = []
    for _ in range(5):
        page = browser.new_page()
        page.goto(site.url + LESSON, wait_until="networkidle")
        seen.append((page.evaluate(FONTS), page.evaluate(WIDTHS)))
        page.close()
        if seen[-1][0] == ["Literata"]:
            break
    fonts, (chosen, own, fallback) = seen[-1]
    assert (fonts, chosen) == (["Literata"], own)
    assert own != fallback


def test_page_without_the_font_is_as_long(page: Page, site: Site) -> None:
    heights = []
    for font in ("**/none", "**/*.woff2"):
        page.route(font, lambda route: route.abort())
        page.goto(site.url + LESSON, wait_until="networkidle")
        heights.append(page.evaluate("document.querySelector('.prose').getBoundingClientRect().height"))
    assert page.evaluate("[...document.fonts].find((font) => font.family == 'Literata').status") == "error"
    assert heights[1] == pytest.approx(heights[0], rel=0.03)


def test_every_lesson_is_light(browser: Browser, site: Site, page: Page) -> None:
    page.goto(site.url + "/")
    lessons = page.locator(".parts li a").evaluate_all("links => links.map(link => link.href)")
    assert len(lessons) == 21
    sizes = {}
    for address in lessons:
        response = page.request.get(address, headers={"accept-encoding": "gzip"})
        sizes[address] = int(response.headers["content-length"])
    assert {address: size for address, size in sizes.items() if size > 16 * 1024} == {}
