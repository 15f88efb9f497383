"""Every quiz and form can be finished by keyboard alone, without JavaScript, on a screen 320 px wide."""

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import Site

FORMS = [
    "how-i-trust/questions/",
    "trust-in-this-relationship/questions/?for=relative",
    "is-this-person-safe-to-trust/questions/",
    "where-mistrust-came-from/questions/",
    "ready-to-rebuild/questions/?for=hurt",
    "ready-to-rebuild/questions/?for=hurt-other",
    "ready-to-rebuild/questions/?for=broke",
    "ready-to-rebuild/questions/?for=broke-other",
    "spot-the-manipulation/questions/",
    "trust-facts/questions/",
]
FOCUSED = "[document.activeElement.tagName, document.activeElement.name || '', document.activeElement.value || '']"


def answer_by_keyboard(page: Page) -> None:
    """Tab from control to control, Space on the first answer of each question (the gate: no), Enter on the button."""
    for _ in range(80):
        page.keyboard.press("Tab")
        tag, name, _ = page.evaluate(FOCUSED)
        if tag == "INPUT" and (name == "gate" or name.startswith("item-")):
            page.keyboard.press("Space")
        elif tag == "BUTTON":
            page.keyboard.press("Enter")
            page.wait_for_url("**/result/")
            return
    raise AssertionError("the button was never reached")


@pytest.mark.parametrize("form", FORMS)
def test_quiz_is_finished_by_keyboard_without_javascript(browser: Browser, site: Site, form: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{site.url}/quizzes/{form}")
    answer_by_keyboard(page)
    assert page.get_attribute("[data-result]", "data-quiz") == form.partition("/")[0]
    assert all(each.get_attribute("data-score") for each in page.locator("[data-dimension]").all())
    assert page.locator("ol[data-reading-list] a[data-reading]").count() >= 2
    context.close()
