"""The W3C's HTML checker over every page type and state, as the server sends them. Run with ``make validate``."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from tools.pages import PUBLIC
from tools.server import serve, set_up
from tools.states import State


def sent(browser: Browser, url: str, go: State) -> bytes:
    page = browser.new_page(java_script_enabled=False)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    go(page, url)
    page.wait_for_load_state()
    pages = [each for each in answers if each.request.resource_type == "document" and not 300 <= each.status < 400]
    body = pages[-1].body()
    page.close()
    return body


def collect(url: str, folder: Path) -> None:
    """Each page's HTML as it came over the wire, scripts never having touched it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, go in PUBLIC.items():
            (folder / f"{name}.html").write_bytes(sent(browser, url, go))
        browser.close()


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        for name in ("data", "html", "npm"):
            (work / name).mkdir()
        set_up(work / "data")
        with serve(work / "data") as url:
            collect(url, work / "html")
        subprocess.run(["npm", "install", "--silent", "--prefix", str(work / "npm"), "vnu-jar"], check=True)
        jar = work / "npm" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
        pages = sorted(map(str, (work / "html").glob("*.html")))
        print(f"{len(pages)} pages", flush=True)
        return subprocess.run(["java", "-jar", str(jar), "--errors-only", *pages]).returncode


if __name__ == "__main__":
    sys.exit(main())
