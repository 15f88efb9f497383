"""Screenshots of every page type and state, 360, 768 and 1280 px wide, light and dark, in var/shots.

Run with ``make shots``. ``make shots README=1`` also makes the four pictures that the README shows.
"""

import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.server import ROOT, serve, set_up

WIDTHS = (360, 768, 1280)
PAGES = {
    "home": "/",
    "part": "/formation/",
    "lesson": "/formation/what-trust-is/",
    "lesson-safety": "/who-not-to-trust/manipulation-and-control/",
    "exercise": "/formation/what-trust-is/exercise/",
    "course": "/course/",
    "glossary": "/glossary/",
    "search": "/search/?q=lies",
    "search-empty": "/search/?q=zzzz",
    "quizzes": "/quizzes/",
    "start": "/quizzes/trust-in-this-relationship/",
    "questions": "/quizzes/how-i-trust/questions/",
    "scenarios": "/quizzes/spot-the-manipulation/questions/",
    "method": "/quizzes/how-i-trust/method/",
    "help": "/help/",
    "privacy": "/privacy/",
    "not-found": "/no-such-page/",
    "log-in": "/admin/login/",
}


def answer(page: Page, url: str, quiz: str, choose: Callable[[int], int]) -> None:
    page.goto(f"{url}/quizzes/{quiz}")
    for number, group in enumerate(page.locator("fieldset").all(), 1):
        group.locator("input").nth(choose(number)).check()
    page.click("text=See my result")


def errors(page: Page, url: str) -> None:
    page.goto(f"{url}/quizzes/where-mistrust-came-from/questions/")
    page.check("#item-1-2")
    page.click("text=See my result")


def result(page: Page, url: str) -> None:
    some = random.Random(5)
    answer(page, url, "how-i-trust/questions/", lambda number: some.randrange(5))


def flagged(page: Page, url: str) -> None:
    answer(page, url, "trust-in-this-relationship/questions/?for=partner", lambda number: 4 if number > 17 else 1)


def facts(page: Page, url: str) -> None:
    answer(page, url, "trust-facts/questions/", lambda number: number % 3)


def gate(page: Page, url: str) -> None:
    page.goto(f"{url}/quizzes/ready-to-rebuild/questions/?for=broke")
    page.check("#gate-2")
    page.click("text=See my result")


def reading(page: Page, url: str) -> None:
    result(page, url)
    page.locator("a[data-reading]").first.click()
    page.wait_for_url("**/reading/**")


def keep(page: Page, url: str) -> None:
    result(page, url)
    page.click("text=Keep this result")


def compare(page: Page, url: str) -> None:
    keep(page, url)
    page.check("#days-1")
    page.click("text=Keep it and show me the code")
    code = page.inner_text(".code")
    page.goto(f"{url}/quizzes/how-i-trust/compare/")
    page.fill("#code", code)
    page.click("text=Show it")


def plan(page: Page, url: str) -> None:
    result(page, url)
    page.click("text=Put these on my reading plan")
    page.click("text=Add to my plan")


STATES = [errors, result, flagged, facts, gate, reading, keep, compare, plan]


def shoot(browser: Browser, url: str, folder: Path) -> None:
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            for name, address in PAGES.items():
                page.goto(url + address)
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            for state in STATES:
                state(page, url)
                page.screenshot(path=folder / f"{state.__name__}-{width}-{scheme}.png", full_page=True)
            context.close()


def for_readme(browser: Browser, url: str, folder: Path) -> None:
    looks = {
        "home": (1280, 800, "light", lambda page, url: page.goto(url)),
        "lesson": (900, 1100, "light", lambda page, url: page.goto(f"{url}/rebuilding/healing-and-forgiveness/")),
        "result": (900, 1100, "light", result),
        "night": (
            414,
            850,
            "dark",
            lambda page, url: page.goto(f"{url}/formation/how-trust-grows/#small-risks-in-turn"),
        ),
    }
    for name, (width, height, scheme, go) in looks.items():
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        go(page, url)
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def main() -> None:
    folder = ROOT / "var" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        set_up(Path(temporary))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with serve(Path(temporary)) as url:
            if "--readme" in sys.argv:
                for_readme(browser, url, ROOT / ".ci" / "shots")
            else:
                shoot(browser, url, folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
