"""How a page is reached and brought into a state: as a reader reaches it, by going through the real site."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tools.server import run_manage

State = Callable[[Page, str], None]
OWNER, PASSWORD = "owner", "correct horse battery"


def make_owner(data_dir: Path) -> None:
    made = run_manage(
        "createsuperuser",
        "--noinput",
        f"--username={OWNER}",
        "--email=owner@example.org",
        data_dir=data_dir,
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    if made.returncode:
        raise RuntimeError(made.stderr)


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/login/?next=/admin/")
    page.fill("#id_username", OWNER)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{url}/admin/")


def at(address: str) -> State:
    def go(page: Page, url: str) -> None:
        page.goto(url + address)

    return go


def press(page: Page, words: str) -> None:
    page.click(f"text={words}")
    page.wait_for_load_state()
