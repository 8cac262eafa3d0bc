"""What a person at the page notices: how soon it can be used, how smoothly it moves, how fast it answers.

The real server with its workers, and Chromium on the same machine over the loopback.
"""

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

TITLE = "The page"

VISITS = 9
PLAY_S = 8.0
CLICKS = 21
SETTLE_MS = 1500
ROOT = Path(__file__).parents[1]

# From the start of navigation until Play can be pressed and a picture of the run is on the screen.
_USABLE = """
new Promise(resolve => {
  const look = () => {
    const play = [...document.querySelectorAll('button')].find(b => b.ariaLabel === 'Play' || b.textContent === 'Play');
    const picture = document.querySelector('[aria-label="Decision boundary"]');
    const canvas = picture?.matches('canvas') ? picture : picture?.querySelector('canvas');
    const drawn = canvas?.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[3];
    play && !play.disabled && drawn ? resolve(performance.now()) : setTimeout(look, 2);
  };
  look();
})
"""

# From the click until the network on the screen has one map more (or one less).
_CLICK = """
name => new Promise(resolve => {
  const network = document.querySelector('[aria-label="Network"]') ?? document.querySelector('main');
  const button = [...document.querySelectorAll('button')].find(b => (b.ariaLabel ?? b.textContent) === name);
  const before = network.querySelectorAll('canvas').length;
  const start = performance.now();
  button.click();
  const look = () => network.querySelectorAll('canvas').length === before
    ? requestAnimationFrame(look) : resolve(performance.now() - start);
  requestAnimationFrame(look);
})
"""


@contextmanager
def server(command: list[str]) -> Iterator[tuple[str, float]]:
    """Start a server; give its address, and the seconds until it answered with the page."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        address = None
        for line in process.stdout:
            if address := re.search(r"http://\S+?:\d+", line):
                break
        assert address is not None, "the server did not say where it is"
        with urllib.request.urlopen(address[0], timeout=10) as response:
            response.read()
        yield address[0], time.perf_counter() - start
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def opened(browser: Browser, address: str) -> Page:
    """Return the page in a context of its own: nothing is cached."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.wait_for_timeout(SETTLE_MS)  # a new window keeps Chromium busy with its own pages for a while
    page.goto(address, wait_until="commit")
    return page


def usable(browser: Browser, address: str) -> list[float]:
    """Return, for each of VISITS cold visits, milliseconds from navigation to a usable page."""
    times = []
    for _ in range(VISITS + 1):  # the first also warms the server and the browser up, and does not count
        page = opened(browser, address)
        times.append(float(page.evaluate(_USABLE)))
        page.context.close()
    return times[1:]


def play(browser: Browser, address: str) -> dict[str, float]:
    """Play moons with 4-2 as fast as it goes; return pictures and epochs a second, and bytes a picture."""
    page = opened(browser, "about:blank")
    received: list[int] = []
    receipts: list[float] = []

    def follow(socket: object) -> None:
        def on_received(payload: object) -> None:
            if isinstance(payload, bytes) and b"\xa5frame" in payload[:40]:
                received.append(len(payload))

        def on_sent(payload: object) -> None:
            if isinstance(payload, bytes) and b"\xa7receipt" in payload[:40]:
                receipts.append(time.perf_counter())

        socket.on("framereceived", on_received)  # type: ignore[attr-defined]
        socket.on("framesent", on_sent)  # type: ignore[attr-defined]

    page.on("websocket", follow)
    page.goto(address)
    page.evaluate(_USABLE)
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.wait_for_timeout(1000)

    def epoch() -> float:
        return float(re.sub(r"\D", "", page.get_by_label("Epoch", exact=True).inner_text()))

    received.clear()
    receipts.clear()
    first, start = epoch(), time.perf_counter()
    page.wait_for_timeout(1000 * PLAY_S)
    seconds = time.perf_counter() - start
    result = {
        "pictures": len(receipts) / seconds,
        "epochs": (epoch() - first) / seconds,
        "bytes": statistics.mean(received),
        "greatest": max(received),
    }
    page.get_by_role("button", name="Pause", exact=True).click()  # the run would go on beside the next measurement
    page.context.close()
    return result


def clicks(browser: Browser, address: str) -> list[float]:
    """Return milliseconds from a click on Add or Remove neuron to its sight, while training at 60 epochs a second."""
    page = opened(browser, address)
    page.evaluate(_USABLE)
    page.get_by_label("Speed", exact=True).select_option(label="60 epochs/s")
    page.get_by_role("button", name="Play", exact=True).click()
    times = []
    for number in range(CLICKS):
        name = ("Remove neuron from" if number % 2 else "Add neuron to") + " hidden layer 1"
        times.append(float(page.evaluate(_CLICK, name)))
        page.wait_for_timeout(300)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.context.close()
    return times


def spread(values: list[float]) -> str:
    """Return median and range."""
    return f"{statistics.median(values):.0f} ({min(values):.0f}–{max(values):.0f})"


def measure() -> str:
    """Return the section of bench/RESULTS.md."""
    with server(["make", "--no-print-directory", "run", "PORT=0"]) as (_, started_s):
        pass
    with server([sys.executable, "-m", "playground", "--port", "0"]) as (address, _), chromium() as browser:
        visits = usable(browser, address)
        playing = play(browser, address)
        answers = clicks(browser, address)
        version = browser.version
    rows = [
        ("`make run`, environment in place, to the served page", f"{started_s:.1f} s", "3 s or less"),
        (f"navigation to usable, cold cache, median of {VISITS}", f"{spread(visits)} ms", "500 ms or less"),
        ("pictures drawn a second, moons, 4-2, as fast as possible", f"{playing['pictures']:.0f}", "20 or more"),
        ("epochs trained a second meanwhile", f"{playing['epochs']:,.0f}", "1,000 or more"),
        (f"*Add neuron* to its sight, while training, median of {CLICKS}", f"{spread(answers)} ms", "100 ms or less"),
        (
            "a frame on the wire (100 × 100 output, all maps of 4-2), mean and greatest",
            f"{playing['bytes'] / 1000:.1f} kB, {playing['greatest'] / 1000:.1f} kB",
            "under 15 kB",
        ),
    ]
    table = "\n".join(f"| {what} | {value} | {aim} |" for what, value, aim in rows)
    return (
        f"Chromium {version}, 1400 × 900, software rendering, on the server's own {os.cpu_count()} cores. "
        "Usable means that Play can be pressed and a picture of the run is on the screen; "
        f"each visit is in a new window that has stood open for {SETTLE_MS / 1000} s.\n\n"
        f"| | measured | aim |\n|---|---|---|\n{table}\n"
    )
