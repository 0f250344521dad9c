"""A browser for the tests that drive the page: found on this machine, started once, and a clean page per test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = (
    "NO BROWSER FOUND: the page was NOT tested. Install chromium (or chrome, edge) on PATH, "
    "or name one in FILINGDESK_CHROMIUM, and run these tests again."
)


def chromium() -> str | None:
    """The browser to drive: $FILINGDESK_CHROMIUM first, then what PATH offers."""
    named = os.environ.get("FILINGDESK_CHROMIUM")
    if named and not Path(named).is_file():
        raise pytest.UsageError(f"FILINGDESK_CHROMIUM names {named}, which is no file.")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One running browser for all tests."""
    path = chromium()
    if path is None and os.environ.get("FILINGDESK_BROWSER_REQUIRED"):  # CI may not pass without the page
        pytest.fail(NO_BROWSER)
    if path is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def laptop(browser: Browser) -> Iterator[Page]:
    """A page as a laptop shows it."""
    yield from _page(browser.new_context(viewport={"width": 1366, "height": 800}, reduced_motion="reduce"))


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as a phone shows it."""
    yield from _page(browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce"))


def _page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(10_000)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda message: broken.append(message.text) if _serious(message.type, message.text) else None)
    yield page
    context.close()
    assert not broken, f"the page itself failed: {broken}"


def _serious(kind: str, words: str) -> bool:
    return kind == "error" and not words.startswith("Failed to load resource")  # a refusal under test is no fault of the page
