"""Pictures of every page type and state, 360, 768 and 1280 px wide, light and dark, in var/shots.

Run with ``make shots``. ``make shots README=1`` makes the four pictures that the README shows instead.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tools.editing_pages import EDITING
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


def main() -> None:
    for_the_readme = "--readme" in sys.argv
    folder = ROOT / ".ci" / "shots" if for_the_readme else ROOT / "var" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        set_up(Path(temporary))
        make_owner(Path(temporary))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with serve(Path(temporary)) as url:
            (for_readme if for_the_readme else shoot)(browser, url, folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
