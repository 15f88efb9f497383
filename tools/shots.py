"""Pictures of every page type and state, 360, 768 and 1280 px wide, light and dark, in var/shots.

Run with ``make shots``. ``make shots README=1`` makes the four pictures that the README shows instead, and ``make shots
GUIDE=1`` those of the editors' guide.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tools.editing_pages import EDITING, LESSON, clash, opened, publish, reviewed
from tools.pages import PUBLIC
from tools.quiz_pages import result
from tools.server import ROOT, serve, set_up
from tools.states import State, at, log_in, make_owner

Scheme = Literal["light", "dark"]

WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
README: dict[str, tuple[int, int, Scheme, State]] = {
    "home": (1280, 800, "light", at("/")),
    "lesson": (900, 1100, "light", at("/rebuilding/healing-and-forgiveness/")),
    "result": (900, 1100, "light", result),
    "night": (414, 850, "dark", at("/formation/how-trust-grows/#small-risks-in-turn")),
}


def beside(page: Page, url: str) -> None:
    """With a sentence that the outline has something to say about."""
    LESSON(page, url)
    page.locator("#id-sections-1").click()
    body = page.locator("#id-sections-1-body")
    body.fill(f"You must forgive them. {body.input_value()}")
    expect(page.locator(".outline .advice")).not_to_have_count(0)
    page.locator("#id-sections-1").scroll_into_view_if_needed()
    body.focus()


def panel(page: Page, url: str) -> None:
    opened("articles/lesson", "Trust in a couple")(page, url)
    page.fill("#id-scene", "Sam puts the phone face down again. Ask what it would take to feel safe.")
    page.locator("#id-scene").evaluate("(field) => field.setSelectionRange(58, 71)")
    page.locator(".bar", has_text="Bold").first.get_by_role("button", name="Link…").click()
    page.fill("[name=panel-to]", "what-trust-is#safety-comes-first")


def tried(page: Page, url: str) -> None:
    opened("quizzes/quiz", "How I trust")(page, url)
    page.get_by_role("button", name="Result", exact=True).click()
    page.locator("[type=range]").first.fill("25")
    page.frame_locator("[data-page]").locator("[data-dimension]").first.wait_for()
    page.locator("#id-dimensions-0").click()
    page.locator("#id-dimensions-0").scroll_into_view_if_needed()


GUIDE: dict[str, tuple[int, int, State, str]] = {
    "beside": (1440, 860, beside, "body"),
    "link": (1000, 800, panel, ".field:has(> .markdownx #id-scene)"),
    "quiz": (1440, 860, tried, "body"),
    "publish": (900, 640, publish, "body"),
    "both": (1000, 800, clash, ".clashes"),
    "review": (1280, 720, reviewed, "body"),
}


def shoot(browser: Browser, url: str, folder: Path) -> None:
    for name, go in PUBLIC.items():
        page = browser.new_page(reduced_motion="reduce")
        go(page, url)
        picture(page, folder, name)
        page.close()
    page = browser.new_page(reduced_motion="reduce")
    log_in(page, url)
    for name, go in EDITING.items():
        go(page, url)
        picture(page, folder, name)


def picture(page: Page, folder: Path, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)


def for_readme(browser: Browser, url: str, folder: Path) -> None:
    for name, (width, height, scheme, go) in README.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        go(page, url)
        page.screenshot(path=folder / f"{name}.png")
        context.close()


def for_guide(browser: Browser, url: str, folder: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    log_in(page, url)
    for name, (width, height, go, what) in GUIDE.items():
        page.set_viewport_size({"width": width, "height": height})
        go(page, url)
        page.wait_for_timeout(1500)  # the page beside follows a moment later
        found = page.screenshot() if what == "body" else page.locator(what).first.screenshot()
        Image.open(io.BytesIO(found)).convert("RGB").save(folder / f"{name}.webp", quality=70, method=6)
    context.close()


def main() -> None:
    for_the_readme, for_the_guide = "--readme" in sys.argv, "--guide" in sys.argv
    folder = ROOT / ".ci" / "shots" if for_the_readme else ROOT / "var" / "shots"
    folder = ROOT / "static" / "img" / "guide" if for_the_guide else folder
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        set_up(Path(temporary))
        make_owner(Path(temporary))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with serve(Path(temporary)) as url:
            (for_guide if for_the_guide else for_readme if for_the_readme else shoot)(browser, url, folder)
        browser.close()
    print(f"{len(list(folder.iterdir()))} pictures in {folder}")


if __name__ == "__main__":
    main()
