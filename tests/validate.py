"""The W3C's HTML checker over every page type and state, as the server sends them. Run with ``make validate``."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.server import serve, set_up
from tests.shots import PAGES, STATES


def collect(url: str, folder: Path) -> None:
    """Each page's HTML as it came over the wire, scripts never having touched it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(java_script_enabled=False)
        for name, address in PAGES.items():
            answer = page.goto(url + address)
            assert answer
            (folder / f"{name}.html").write_bytes(answer.body())
        for state in STATES:
            with page.expect_event("response", lambda found: found.request.resource_type == "document"):
                state(page, url)
            (folder / f"{state.__name__}.html").write_text(page.content())
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
