"""Lighthouse's four scores on home, a lesson, the questions and a result. Run with ``make lighthouse``.

A result is noindex on purpose, so Lighthouse's one audit of that, ``is-crawlable``, is left out there, and only there.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.quiz_pages import result
from tools.server import serve, set_up

PAGES = ["/", "/formation/what-trust-is/", "/quizzes/how-i-trust/questions/", "/quizzes/how-i-trust/result/"]
FLAGS = "--headless --no-sandbox --disable-gpu"


def answers(url: str) -> str:
    """The cookie of a browser that has answered the quiz."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        result(page, url)
        cookies = page.context.cookies(f"{url}/quizzes/how-i-trust/result/")
        browser.close()
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)


def scores(url: str, cookie: str) -> dict[str, int]:
    private = ["--skip-audits=is-crawlable"] if url.endswith("/result/") else []
    command = ["npx", "--yes", "lighthouse", url, "--quiet", f"--chrome-flags={FLAGS}", "--output=json"]
    command += [f"--extra-headers={json.dumps({'Cookie': cookie})}", *private]
    chromium = {"CHROME_PATH": str(shutil.which("chromium"))}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **chromium})
    return {name: round(100 * found["score"]) for name, found in json.loads(done.stdout)["categories"].items()}


def main() -> int:
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder))
        with serve(Path(folder)) as url:
            cookie = answers(url)
            for page in PAGES:
                found = scores(url + page, cookie)
                failed = failed or min(found.values()) < 100
                print(f"{page:40}", *(f"{name} {score}" for name, score in found.items()))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
