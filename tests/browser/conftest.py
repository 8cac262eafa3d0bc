"""The real server with real workers, and real browsers on it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TIMEOUT_MS = 30_000

expect.set_options(timeout=TIMEOUT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server that serves."""
    command = [sys.executable, "-m", "playground", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://\S+?:\d+", line)
        assert found, line
        yield found[0]
        server.terminate()
        assert server.wait(timeout=30) == 0


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "Chromium is missing; `make test` installs it or says how."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """A function that opens the page in a browser of its own; at the end each console must have been silent."""
    pages: list[Page] = []
    complaints: list[str] = []

    def note_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a reload interrupts is no fault
            complaints.append(f"failed: {request.url} {request.failure}")

    def note_complaint(message: ConsoleMessage) -> None:
        # A file that is refused is no fault either, but each answer from 400 on is noted by the browser.
        refused = re.search(r"/table\?|/run$", message.location["url"]) and "status of 4" in message.text
        if message.type in ("error", "warning") and not refused:
            complaints.append(message.text)

    def open_page(link: str = "", prepare: Callable[[Page], object] | None = None, **options: object) -> Page:
        context = chromium.new_context(viewport=options.pop("viewport", {"width": 1400, "height": 900}), **options)
        context.set_default_timeout(TIMEOUT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
        page.on("console", note_complaint)
        page.on("requestfailed", note_failure)
        if prepare:
            prepare(page)
        page.goto(f"{address}/#{link}" if link else address)
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert complaints == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """The page as at a first visit."""
    return visit()
