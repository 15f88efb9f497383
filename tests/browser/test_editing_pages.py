"""What every page is held to, the editors' are too: axe finds nothing, nothing scrolls sideways, the focus is seen.
And the editing form does the same with a script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from tests.browser.test_accessibility import OVERFLOW, assert_clean
from tests.browser.test_keyboard import walk
from tests.conftest import Site
from tools.editing_pages import EDITING, LESSON, QUIZ, clash, opened, pressing
from tools.states import State

UNFOLD = "document.querySelectorAll('details.row').forEach((row, index) => row.open = index % 4 == 0)"
TITLE = "For the person who broke trust"
UNTOUCHED = opened("articles/lesson", TITLE)


@pytest.fixture(scope="module")
def page(browser: Browser, logged_in: StorageState) -> Iterator[Page]:
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce", storage_state=logged_in)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=[True, False], ids=["script", "no script"])
def editor(browser: Browser, logged_in: StorageState, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Under the site's own policy, with JavaScript and without."""
    size: ViewportSize = {"width": 1280, "height": 800}
    context = browser.new_context(java_script_enabled=request.param, viewport=size, storage_state=logged_in)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("go", EDITING.values(), ids=EDITING)
def test_axe_finds_nothing(page: Page, site: Site, go: State) -> None:
    """Folded and open: what is closed is not looked at."""
    go(page, site.url)
    page.evaluate(UNFOLD)
    assert_clean(page, "middle-light", "wide-dark")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("go", [LESSON, QUIZ], ids=["lesson", "quiz"])
def test_nothing_scrolls_sideways_with_every_row_open(page: Page, site: Site, go: State, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, site.url)
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    assert page.locator("details[open]").count() > 9
    assert page.evaluate(OVERFLOW) == 0


# One of each kind of page: its controls look the same on the others.
WALKED = ["admin", "admin-lessons", "admin-lesson", "admin-clash", "admin-publish", "admin-versions", "admin-uses"]
WALKED += ["admin-calendar", "admin-pictures-unused", "admin-picture", "admin-file-problems"]


@pytest.mark.parametrize("name", WALKED)
def test_focus_is_seen(page: Page, site: Site, name: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 640})
    EDITING[name](page, site.url)
    stops = walk(page)
    assert len(stops) > 9
    assert [stop for stop in stops if not stop["outlined"]] == []


def test_row_is_a_line_until_it_is_opened(page: Page, site: Site) -> None:
    QUIZ(page, site.url)
    summary, text = page.locator("#id-items-0"), page.locator("#id-items-0-text")
    marks = page.locator("#id-items-0-dimension option:checked").text_content()
    told = f"Question 1 ({page.input_value('#id-items-0-key')}): {text.input_value()} {marks}"
    assert " ".join(summary.inner_text().split()) == told
    assert not text.is_visible()
    summary.click()
    assert text.is_visible()


def revision(page: Page) -> int:
    return int(page.input_value("[name=revision]"))


@pytest.mark.parametrize("go", [UNTOUCHED, QUIZ], ids=["lesson", "largest quiz"])
def test_unchanged_form_changes_nothing(editor: Page, site: Site, go: State) -> None:
    go(editor, site.url)
    before = revision(editor)
    pressing("Save")(editor, site.url)
    assert editor.inner_text(".messagelist") == "Nothing had changed."
    assert revision(editor) == before


def key(page: Page, selector: str) -> None:
    """Press a button by keyboard."""
    page.locator(selector).focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def headings(page: Page) -> list[str]:
    """In the order of the page."""
    return [each.input_value() for each in page.locator("[id^=id-sections-][id$=-heading]").all()]


def test_row_is_added_moved_and_removed_by_keyboard(editor: Page, site: Site) -> None:
    """The same with a script and without; with one, nothing is saved until *Save*."""
    UNTOUCHED(editor, site.url)
    before, count = headings(editor), editor.locator("#id-sections .row").count()
    key(editor, "#add-sections")
    editor.fill(f"#id-sections-{count}-heading", "Typed by keyboard")
    key(editor, f"#up-sections-{count}")
    pressing("Save")(editor, site.url)
    assert headings(editor) == [*before[:-1], "Typed by keyboard", before[-1]]
    key(editor, f"#remove-sections-{count - 1}")
    pressing("Save")(editor, site.url)
    assert headings(editor) == before


def test_words_are_saved_published_and_chosen_between(editor: Page, site: Site) -> None:
    """The same with a script and without."""
    clash(editor, site.url)
    pressing("Take theirs")(editor, site.url)
    assert editor.locator(".clashes").count() == 0
    theirs = editor.input_value("#id-summary")
    assert theirs.startswith("What breaks trust")
    pressing("Save and go on to publish…")(editor, site.url)
    editor.fill("#id_note", "Theirs is better")
    pressing("Publish")(editor, site.url)
    editor.goto(f"{site.url}/loss/")
    assert theirs in editor.inner_text("main")
    with editor.expect_event("load"):
        editor.get_by_role("link", name="Edit this page").click()
    assert editor.input_value("#id-summary") == theirs


def test_added_row_gets_the_focus(page: Page, site: Site) -> None:
    UNTOUCHED(page, site.url)
    rows = page.locator("#id-sections .row").count()
    key(page, "#add-sections")
    assert page.locator("#id-sections .row").count() == rows + 1
    assert page.evaluate("document.activeElement.id") == f"id-sections-{rows}-heading"
    key(page, f"#remove-sections-{rows}")
    assert page.evaluate("document.activeElement.id") == f"id-sections-{rows - 1}"


def test_preview_opens_and_shows_the_typed_words(editor: Page, site: Site) -> None:
    for go, name in ((UNTOUCHED, TITLE), (QUIZ, "Ready to rebuild?")):
        go(editor, site.url)
        editor.fill("#id-title", f"{name} Typed just now")
        with editor.expect_popup() as opened_tab:
            editor.get_by_role("button", name="Preview").click()
        tab = opened_tab.value
        tab.wait_for_load_state()
        assert tab.inner_text("h1") == f"{name} Typed just now"
        tab.close()
        assert editor.input_value("#id-title") == f"{name} Typed just now"
        editor.fill("#id-title", name)
        pressing("Save")(editor, site.url)
        assert editor.input_value("#id-title") == name


def test_preview_of_a_quiz_has_nothing_to_send(page: Page, site: Site) -> None:
    """Neither its buttons nor Enter on an answer lead anywhere."""
    EDITING["admin-preview-quiz"](page, site.url)
    address, asked = page.url, []
    page.on("request", lambda request: request.is_navigation_request() and asked.append(request.url))
    page.locator("main input[type=radio]").first.check()
    page.keyboard.press("Enter")
    for button in page.locator("main button").all():
        button.click()
    assert (page.url, asked) == (address, [])


def test_page_stands_beside_the_words_and_goes_along(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    UNTOUCHED(page, site.url)
    frame = page.frame_locator("[data-page]")
    expect(frame.locator("h1")).to_have_text(TITLE)
    page.locator("#id-sections-2").click()
    body = page.locator("#id-sections-2-body")
    body.fill(f"Typed beside the page, with a [dead end](nowhere#none).\n\n{body.input_value()}")
    expect(frame.locator("main")).to_contain_text("Typed beside the page")
    problem = page.locator(".outline .problem a")
    expect(problem).to_have_text("Leads to the section “nowhere#none”, which readers cannot open")
    page.locator("#id-sections-2").click()
    problem.click()
    assert page.evaluate("document.activeElement.id") == "id-sections-2-body"
    top = page.evaluate("document.querySelector('[data-page]').contentWindow.scrollY")
    assert top > 500
    page.get_by_role("button", name="Phone").click()
    assert page.locator("[data-page]").bounding_box()["width"] <= 390  # type: ignore[index]


def test_drawings_are_drawn_beside_the_words(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    opened("articles/lesson", "Where trust begins: children and caregivers")(page, site.url)
    line = page.frame_locator("[data-page]").locator("figure svg .ink").first
    expect(line).to_have_css("fill", "none")  # not the black blob of a drawing without its style


def test_saving_comes_back_to_the_same_place(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    opened("articles/lesson", "How trust breaks")(page, site.url)
    page.locator("#id-sections-3").click()
    page.locator("#id-sections-3-heading").fill("Kept in its place")
    page.locator("#id-sections-3-body").scroll_into_view_if_needed()
    below = page.locator("#id-sections-3-safety")
    below.scroll_into_view_if_needed()
    before = below.bounding_box()["y"]  # type: ignore[index]
    page.locator(".submit-row button.default").dispatch_event("click")
    expect(page.locator(".messagelist")).to_have_text("Saved.")
    assert below.is_visible()
    assert abs(below.bounding_box()["y"] - before) < 50  # type: ignore[index]


def test_scores_are_moved_and_the_draft_s_result_follows(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    opened("quizzes/quiz", "How much trust is in this relationship?")(page, site.url)
    frame, sent = page.frame_locator("[data-page]"), []
    page.on("request", lambda request: sent.append(request.url) if "/quizzes/trust-" in request.url else None)
    page.get_by_role("button", name="Result", exact=True).click()
    expect(frame.locator("[data-result]")).to_have_attribute("data-flagged", "false")
    page.locator("[name=score-safety]").fill("90")
    page.locator("[name=score-openness]").fill("10")
    expect(frame.locator("[data-dimension=openness]")).to_have_attribute("data-score", "10")
    expect(frame.locator(".say")).to_contain_text("Openness is lowest for you")
    page.locator("[data-trial] [name=context]").select_option("colleague")
    expect(frame.locator("[data-reading='trust-in-couples#accept-the-person-not-the-harm']")).to_have_count(0)
    page.locator("[name=raised-safety]").check()
    expect(frame.locator("[data-result]")).to_have_attribute("data-flagged", "true")
    expect(frame.locator("body")).to_contain_text("This is a preview of what you have typed.")
    assert sent == []
    page.get_by_role("button", name="Questions", exact=True).click()
    expect(frame.locator("body")).to_contain_text("Try the questions as takers will see them.")
