"""The whole way of an editor through the real site: from a first word to what readers see, and back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.conftest import Site
from tools.editing_pages import opened, pressing
from tools.states import log_in


@pytest.fixture
def page(browser: Browser, logged_in: StorageState) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, storage_state=logged_in)
    yield context.new_page()
    context.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_lesson_from_two_changed_sections_to_its_withdrawal(page: Page, reader: Page, site: Site) -> None:
    address = f"{site.url}/loss/jealousy-and-insecurity/"
    page.context.clear_cookies()
    log_in(page, site.url)
    opened("articles/lesson", "Jealousy and insecurity")(page, site.url)
    frame = page.frame_locator("[data-page]")
    for place, words in ((0, "Walked through the first."), (2, "Walked through the third.")):
        page.locator(f"#id-sections-{place}").click()
        body = page.locator(f"#id-sections-{place}-body")
        body.fill(f"{words}\n\n{body.input_value()}")
        expect(frame.locator("main")).to_contain_text(words)
    page.get_by_role("link", name="Quizzes", exact=True).click()  # without saving
    page.wait_for_url("**/quizzes/quiz/")
    opened("articles/lesson", "Jealousy and insecurity")(page, site.url)
    assert page.input_value("#id-sections-2-body").startswith("Walked through the third.")
    reader.goto(address)
    assert "Walked through" not in reader.inner_text("main")

    pressing("Save and go on to publish…")(page, site.url)
    assert page.locator("ins", has_text="Walked through").count() == 2
    page.fill("#id_note", "Two walks")
    pressing("Publish")(page, site.url)
    reader.goto(address)
    assert reader.inner_text("main").count("Walked through") == 2

    pressing("Versions and saves")(page, site.url)
    page.locator("[name=one]").select_option("version-1")
    page.locator("[name=other]").select_option("version-2")
    pressing("Compare")(page, site.url)
    assert page.locator("ins", has_text="Walked through").count() == 2
    page.go_back()
    pressing("Version 1")(page, site.url)
    pressing("Make the draft say this again")(page, site.url)
    assert not page.input_value("#id-sections-2-body").startswith("Walked")

    pressing("Publish…")(page, site.url)
    page.fill("#id_live_from", "2099-01-02T03:04")
    pressing("Publish")(page, site.url)
    assert "next from 02 Jan 2099, 03:04" in page.inner_text(".status")
    page.goto(f"{site.url}/admin/")
    page.locator(".desk li", has_text="Jealousy").get_by_role("link", name="Move or cancel").first.click()
    pressing("Move or cancel")(page, site.url)
    page.check("#id_never")
    pressing("Save")(page, site.url)
    assert "next from" not in page.inner_text("#content")
    reader.goto(address)
    assert reader.inner_text("main").count("Walked through") == 2

    opened("articles/term", "truth-default")(page, site.url)
    pressing("Withdraw…")(page, site.url)
    pressing("Withdraw")(page, site.url)
    assert page.inner_text(".status") == "Readers see: withdrawn"


def test_lesson_from_nothing(page: Page, reader: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/articles/lesson/add/")
    page.fill("#id-title", "A lesson from nothing")
    page.locator("#id-title").press("Tab")
    expect(page.locator("#id-slug")).to_have_value("a-lesson-from-nothing")
    for field, words in {
        "part": "formation",
        "number": "77",
        "summary": "What can come from nothing.",
        "objectives": "Begin.\nGo on.\nEnd.",
        "reviewed": "2026-01-01",
        "review_due": "2027-01-01",
        "scene": "Word " * 70 + "end.",
        "exercise-title": "Write one line",
        "exercise-minutes": "3",
        "exercise-body": "Write one line.",
    }.items():
        page.fill(f"#id-{field}", words)
    page.select_option("#id-safety", "none")
    for place in range(4):
        page.locator("#add-sections").click()
        page.fill(f"#id-sections-{place}-heading", f"Section number {place + 1}")
        page.locator(f"#id-sections-{place}-heading").press("Tab")
        page.fill(f"#id-sections-{place}-body", "A short text.")
    expect(page.locator("#id-sections-3-anchor")).to_have_value("section-number-4")
    for place in range(3):
        page.locator("#add-citations").click()
        page.fill(f"#id-citations-{place}-citation", f"Author, A. (200{place}). A work.")
        page.fill(f"#id-citations-{place}-url", "https://example.org/")
    expect(page.locator(".outline .problem")).to_have_count(0)
    pressing("Save and go on to publish…")(page, site.url)
    pressing("Publish")(page, site.url)
    reader.goto(f"{site.url}/formation/a-lesson-from-nothing/#section-number-4")
    assert reader.inner_text("h1") == "A lesson from nothing"
    assert reader.locator("#section-number-4").is_visible()


def test_quiz_of_two_dimensions_from_nothing(page: Page, reader: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/quizzes/quiz/add/")
    page.fill("#id-title", "A quiz from nothing")
    page.locator("#id-title").press("Tab")
    for field, words in {
        "number": "77",
        "summary": "What can come from nothing.",
        "purpose": "To see what comes.",
        "audience": "Anyone.",
        "intro": "Take your time.",
        "minutes": "2",
        "reviewed": "2026-01-01",
    }.items():
        page.fill(f"#id-{field}", words)
    page.select_option("#id-format", "agreement")
    page.select_option("#id-higher_is_worse", "better")
    for place, (label, start) in enumerate((("Low", "0"), ("Middle", "40"), ("High", "70"))):
        page.locator(f"#id-bands-{place}").click()
        page.fill(f"#id-bands-{place}-label", label)
        page.fill(f"#id-bands-{place}-start", start)
    for place, name in enumerate(("First", "Second")):
        page.locator("#add-dimensions").click()
        page.fill(f"#id-dimensions-{place}-name", name)
        page.locator(f"#id-dimensions-{place}-name").press("Tab")
        expect(page.locator(f"#id-dimensions-{place}-key")).to_have_value(name.lower())
        page.fill(f"#id-dimensions-{place}-about", f"What the {name.lower()} is.")
        for band, words in enumerate(("Little", "Some", "Much")):
            at = f"dimensions-{place}-bands-{band}"
            page.locator(f"#id-{at}").click()
            page.fill(f"#id-{at}-text", f"{words} of the {name.lower()}.")
            page.fill(f"#id-{at}-act", f"Think of {words.lower()} of the {name.lower()}.")
            page.locator(f"#add-{at}-links").click()
            page.fill(f"#id-{at}-links-0-to", "what-trust-is#trust-has-limits")
            page.fill(f"#id-{at}-links-0-why", f"shows what {words.lower()} of it can mean.")
    for place in range(6):
        page.locator("#add-items").click()
        page.fill(f"#id-items-{place}-text", f"Statement {place + 1}.")
        page.select_option(f"#id-items-{place}-dimension", "first" if place < 3 else "second")
        if place % 3 == 0:
            page.check(f"#id-items-{place}-reverse")
    expect(page.locator(".outline .problem")).to_have_count(0)
    frame = page.frame_locator("[data-page]")
    page.get_by_role("button", name="Result", exact=True).click()
    page.locator("[name=score-first]").fill("5")
    page.locator("[name=score-second]").fill("95")
    expect(frame.locator("[data-dimension=first] [data-words]")).to_have_text("Little of the first.")
    expect(frame.locator("[data-dimension=second] [data-words]")).to_have_text("Much of the second.")
    pressing("Save and go on to publish…")(page, site.url)
    pressing("Publish")(page, site.url)

    reader.goto(f"{site.url}/quizzes/a-quiz-from-nothing/questions/")
    for fieldset in reader.locator("fieldset").all():
        fieldset.locator("input").nth(4).check()
    reader.get_by_role("button", name="See my result").click()
    expect(reader.locator("[data-dimension=first]")).to_have_attribute("data-score", "67")
    expect(reader.locator("[data-dimension=first] [data-words]")).to_have_text("Some of the first.")


@dataclass
class Counted:
    """Clicks of an editor, and pages that were loaded for them, from the admin's first page on."""

    page: Page
    clicks: int = 0
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("load", lambda _: setattr(self, "loads", self.loads + 1))

    def click(self, name: str, role: str = "link", within: str = "body") -> None:
        self.clicks += 1
        self.page.locator(within).get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]


def test_a_word_is_mended_and_published_in_few_steps(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/")
    counted = Counted(page)
    counted.click("Lessons")
    counted.click("Trusting yourself")
    page.locator("#id-title").wait_for()
    counted.clicks += 1
    page.locator("#id-summary").click()
    page.keyboard.type("A mended word. ")
    counted.click("Save and go on to publish…", "button")
    page.wait_for_url("**/publish/")
    counted.clicks += 1
    page.locator("#id_note").click()
    page.keyboard.type("A mended word")
    counted.click("Publish", "button")
    expect(page.locator(".messagelist")).to_contain_text("readers see it now")
    assert (counted.clicks <= 6, counted.loads - 1 <= 3) == (True, True), counted  # the last load shows that it is done


def test_a_reason_is_changed_and_published_in_few_steps(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/admin/")
    counted = Counted(page)
    counted.click("Quizzes")
    counted.click("Trust: what does research say?")
    why = page.locator("#id-dimensions-0-bands-0-links-0-why")
    page.locator("#id-dimensions-0").click()
    page.locator("#id-dimensions-0-bands-0").click()
    counted.clicks += 2
    why.focus()
    why.fill("starts you off with what trust means, said in another way.")
    counted.click("Save and go on to publish…", "button")
    page.wait_for_url("**/publish/")
    counted.click("Publish", "button")
    expect(page.locator(".messagelist")).to_contain_text("readers see it now")
    assert (counted.clicks <= 6, counted.loads - 1 <= 3) == (True, True), counted
