"""What an editor types is kept by the browser and the server together: whatever way the page is left, it is there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, StorageState, expect

from tests.conftest import Site
from tools.editing_pages import opened, pressing

LESSON = "Trust in a couple"
SCENE = "#id-scene"
DIRTY = "Typed a second ago."


@pytest.fixture
def page(browser: Browser, site: Site, logged_in: StorageState) -> Iterator[Page]:
    """An editor in a browser of their own."""
    context = browser.new_context(storage_state=logged_in)
    page = context.new_page()
    open_lesson(page, site)
    yield page
    context.close()


def open_lesson(page: Page, site: Site) -> None:
    page.unroute_all()
    opened("articles/lesson", LESSON)(page, site.url)


def test_text_saves_itself_a_moment_after_a_pause(page: Page, site: Site) -> None:
    page.fill(SCENE, f"{DIRTY} By itself.")
    expect(page.locator("[data-kept]")).to_contain_text("Saved at ")
    assert copies(page) == 0
    assert read_again(page, site) == f"{DIRTY} By itself."


def copies(page: Page) -> int:
    count: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft ')).length")
    return count


def read_again(page: Page, site: Site) -> str:
    """What the server has, in another page of the same editor."""
    other = page.context.new_page()
    opened("articles/lesson", LESSON)(other, site.url)
    text = other.input_value(SCENE)
    other.close()
    return text


@pytest.mark.parametrize("link", ["Quizzes", "Versions and saves", "Publish…"])
def test_leaving_by_a_link_saves_first(page: Page, site: Site, link: str) -> None:
    page.fill(SCENE, f"{DIRTY} {link}")
    page.get_by_role("link", name=link, exact=True).first.click()
    page.wait_for_url(lambda url: "/change/" not in url)
    open_lesson(page, site)
    assert page.input_value(SCENE) == f"{DIRTY} {link}"


def test_preview_leaves_the_text_where_it_is(page: Page, site: Site) -> None:
    page.fill(SCENE, f"{DIRTY} Preview")
    with page.expect_popup() as tab:
        page.get_by_role("button", name="Preview").click()
    expect(tab.value.locator("body")).to_contain_text(f"{DIRTY} Preview")
    assert page.input_value(SCENE) == f"{DIRTY} Preview"


def test_going_on_to_publish_shows_what_was_typed(page: Page) -> None:
    page.fill(SCENE, f"{DIRTY} To publish")
    page.get_by_role("button", name="Save and go on to publish…").click()
    page.wait_for_url("**/publish/")
    assert "To publish" in page.inner_text("#content")


def test_closed_tab_gives_the_text_back(page: Page, site: Site) -> None:
    again = crashed(page, f"{DIRTY} Closed")
    open_lesson(again, site)
    offer = again.locator("[data-offer]")
    expect(offer).to_contain_text("in this browser that was not saved")
    assert again.input_value(SCENE) != f"{DIRTY} Closed"
    offer.get_by_role("button", name="Bring it back").click()
    expect(again.locator(SCENE)).to_have_value(f"{DIRTY} Closed")
    expect(again.locator("[data-offer]")).to_be_hidden()
    assert copies(again) == 0


def crashed(page: Page, text: str) -> Page:
    """The tab is gone before anything else is saved. Gives another one."""
    cut_off(page)
    page.fill(SCENE, text)
    page.wait_for_timeout(500)
    assert copies(page) == 1
    again = page.context.new_page()
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")
    return again


def cut_off(page: Page) -> None:
    """The server hears of no form any more."""
    page.route("**/change/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def test_copy_that_is_left_out_is_gone(page: Page, site: Site) -> None:
    before = page.input_value(SCENE)
    again = crashed(page, f"{DIRTY} Unwanted")
    open_lesson(again, site)
    again.locator("[data-offer]").get_by_role("button", name="Leave it out").click()
    open_lesson(again, site)
    expect(again.locator("[data-offer]")).to_be_hidden()
    assert again.input_value(SCENE) == before


def test_what_the_server_does_not_get_is_told_and_tried_again(page: Page, site: Site) -> None:
    cut_off(page)
    page.fill(SCENE, f"{DIRTY} Offline")
    expect(page.locator("[data-kept]")).to_contain_text("Kept in this browser only.")
    assert copies(page) == 1
    page.unroute_all()
    page.fill(SCENE, f"{DIRTY} Online again")
    expect(page.locator("[data-kept]")).to_contain_text("Saved at ")
    assert (copies(page), read_again(page, site)) == (0, f"{DIRTY} Online again")


def test_session_that_ended_while_writing(page: Page, site: Site) -> None:
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.fill(SCENE, f"{DIRTY} Logged out")
    expect(page.locator("[data-kept]")).to_contain_text("You were logged out")
    pressing("Save")(page, site.url)
    expect(page.locator("h1")).to_have_text("You were logged out")
    page.fill("#username", "owner")
    page.fill("#password", "correct horse battery")
    page.get_by_role("button", name="Log in and save").click()
    expect(page.locator(SCENE)).to_have_value(f"{DIRTY} Logged out")


@pytest.mark.parametrize("full", [True, False])
def test_warning_only_where_something_would_be_lost(page: Page, site: Site, full: bool) -> None:
    """The browser keeps a copy; where it cannot, leaving asks first."""
    cut_off(page)
    if full:
        page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator(SCENE).press_sequentially(" ")
    page.fill(SCENE, f"{DIRTY} Asked")
    page.wait_for_timeout(400)
    page.goto(site.url)
    assert asked == (["beforeunload"] if full else [])


def test_two_browsers_edit_one_lesson_and_lose_nothing(page: Page, site: Site, logged_in: StorageState) -> None:
    other = page.context.browser.new_context(storage_state=logged_in).new_page()  # type: ignore[union-attr]
    open_lesson(other, site)
    page.fill(SCENE, f"{DIRTY} Mine")
    other.fill("#id-exercise-title", "Theirs")
    for each in (page, other):
        expect(each.locator("[data-kept]")).to_contain_text("Saved at ")
    page.fill(SCENE, f"{DIRTY} Mine, further")
    expect(page.locator("[data-kept]")).to_contain_text("Saved at ")
    pressing("Save")(page, site.url)
    expect(page.locator(SCENE)).to_have_value(f"{DIRTY} Mine, further")
    expect(page.locator("#id-exercise-title")).to_have_value("Theirs")
    other.fill(SCENE, "Theirs too")
    expect(other.locator("[data-kept]")).to_contain_text("Both texts are kept.")
    other.get_by_role("link", name="See both texts").click()
    expect(other.locator(".clashes")).to_contain_text(f"{DIRTY} Mine, further")
    expect(other.locator(SCENE)).to_have_value("Theirs too")
    other.fill("#id-summary", "Typed while choosing")
    with other.expect_navigation():
        other.get_by_role("button", name="Take theirs").click()
    expect(other.locator(SCENE)).to_have_value(f"{DIRTY} Mine, further")
    expect(other.locator("#id-summary")).to_have_value("Typed while choosing")
    expect(other.locator(".clashes")).to_have_count(0)
    other.context.close()
