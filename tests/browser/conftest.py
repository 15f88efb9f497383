"""Playwright drives Debian's Chromium. Where it is missing the tests fail; they are never skipped."""

import shutil
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.conftest import Site
from tools.states import log_in

expect.set_options(timeout=30_000)  # as long as Playwright waits elsewhere: a busy machine must fail no test


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing; .ci/packages chromium installs it"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
    return {**browser_type_launch_args, "executable_path": chromium, "args": flags}


@pytest.fixture(scope="session")
def logged_in(browser: Browser, site: Site) -> StorageState:
    """The cookies of an editor who has logged in: checking a password takes long, and once is enough."""
    context = browser.new_context()
    log_in(context.new_page(), site.url)
    state = context.storage_state()
    context.close()
    return state
