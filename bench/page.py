"""What a person at the page notices: how soon it can be used, how smoothly it moves, how fast it answers.

The real server with its workers, and Chromium on the same machine over the loopback.
"""

import itertools
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
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect, sync_playwright

TITLE = "The page"

VISITS = 9
PLAY_S = 8.0
CLICKS = 21
SETTLE_MS = 1500
LATE_EPOCH = 100_000
LATE_S = 120.0  # within which that epoch has to come
ROOT = Path(__file__).parents[1]


class Size(NamedTuple):
    """A network to watch, and what is aimed at while it trains as fast as it goes."""

    name: str
    link: str
    pictures: int
    epochs: int


SIZES = (
    Size("4-2", "hidden=4,2", 60, 3000),
    Size("6 × 8", "hidden=8,8,8,8,8,8", 60, 300),
    Size("64-64", "hidden=64,64", 30, 100),
)
SAMPLES = "samples=500&train_share=0.5&batch_size=10"


class Playing(NamedTuple):
    """What was seen of a network in training.

    Attributes:
        pictures: Drawn a second.
        interval_ms: From one picture to the next; 95 of 100 are no longer.
        epochs: Trained a second.
        bytes: A frame on the wire, mean.
        greatest: A frame on the wire, greatest.
    """

    pictures: float
    interval_ms: float
    epochs: float
    bytes: float
    greatest: int


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

# Keeps when each picture was drawn, which is when its receipt goes, and how long each frame was. The page does so
# itself: playwright's own ear on the socket has every frame sent to it, which costs as much as drawing it.
_LISTEN = r"""
(() => {
  const seen = (window.seen = { drawn: [], bytes: [] });
  const heard = new WeakSet();
  const head = data => {
    const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
    return String.fromCharCode(...bytes.subarray(0, 40));
  };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (sent) {
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string' && head(data).includes('\xa5frame')) seen.bytes.push(data.byteLength);
      });
    }
    if (typeof sent !== 'string' && head(sent).includes('\xa7receipt')) seen.drawn.push(performance.now());
    send.call(this, sent);
  };
})()
"""

# When it is, and how many epochs the page then shows.
_LOOK = r"output => [performance.now(), Number(output.textContent.replace(/\D/g, ''))]"

_TRANSFER = """
[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
"""

# From the click until the network on the screen has one neuron more (or one less).
_CLICK = """
name => new Promise(resolve => {
  const network = document.querySelector('[aria-label="Network"]') ?? document.querySelector('main');
  const button = [...document.querySelectorAll('button')].find(b => (b.ariaLabel ?? b.textContent) === name);
  const before = network.querySelectorAll('[aria-label^="Neuron "]').length;
  const start = performance.now();
  button.click();
  const look = () => network.querySelectorAll('[aria-label^="Neuron "]').length === before
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


def transfer(browser: Browser, address: str) -> float:
    """Return the bytes of the page and its files, compressed, as a first visit loads them."""
    page = opened(browser, address)
    page.evaluate(_USABLE)
    page.wait_for_load_state("networkidle")
    result = float(page.evaluate(_TRANSFER))
    page.context.close()
    return result


def playing(browser: Browser, address: str, link: str) -> Page:
    """Return a page on which the network of a link trains as fast as it goes."""
    page = opened(browser, "about:blank")
    page.add_init_script(_LISTEN)
    page.goto(f"{address}#{SAMPLES}&{link}")
    page.evaluate(_USABLE)
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.wait_for_timeout(1000)
    return page


def watched(page: Page) -> Playing:
    """Return what is seen within PLAY_S of a network in training."""
    epoch = page.get_by_label("Epoch", exact=True)
    page.evaluate("() => { seen.drawn.length = seen.bytes.length = 0; }")
    start, first = epoch.evaluate(_LOOK)
    page.wait_for_timeout(1000 * PLAY_S)
    end, last = epoch.evaluate(_LOOK)
    drawn, lengths = page.evaluate("() => [seen.drawn, seen.bytes]")
    seconds = (end - start) / 1000
    intervals = [after - before for before, after in itertools.pairwise(drawn)]
    return Playing(
        pictures=len(drawn) / seconds,
        interval_ms=statistics.quantiles(intervals, n=20)[-1],
        epochs=(last - first) / seconds,
        bytes=statistics.mean(lengths),
        greatest=max(lengths),
    )


def rest(page: Page) -> None:
    """Pause, or the run would go on beside the next measurement; and leave."""
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.context.close()


def play(browser: Browser, address: str) -> dict[str, Playing]:
    """Return what is seen of each of SIZES in training, and of the first again after LATE_EPOCH epochs."""
    result = {}
    for size in SIZES:
        page = playing(browser, address, size.link)
        result[size.name] = watched(page)
        rest(page)
    page = playing(browser, address, SIZES[0].link)
    epoch = page.get_by_label("Epoch", exact=True)
    deadline = time.monotonic() + LATE_S
    while epoch.evaluate(_LOOK)[1] < LATE_EPOCH:
        assert time.monotonic() < deadline, f"{LATE_EPOCH:,} epochs were not trained within {LATE_S:.0f} s"
        page.wait_for_timeout(1000)
    result["late"] = watched(page)
    rest(page)
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
        loaded = transfer(browser, address)
        seen = play(browser, address)
        answers = clicks(browser, address)
        version = browser.version
    first, late = seen[SIZES[0].name], seen["late"]
    rows = [
        ("`make run`, environment in place, to the served page", f"{started_s:.1f} s", "3 s or less"),
        (f"navigation to usable, cold cache, median of {VISITS}", f"{spread(visits)} ms", "470 ms or less"),
        ("the page and its files, compressed", f"{loaded / 1000:.0f} kB", "under 150 kB"),
        (f"*Add neuron* to its sight, while training, median of {CLICKS}", f"{spread(answers)} ms", "50 ms or less"),
        (
            "a frame on the wire (100 × 100 output, all maps of 4-2), mean and greatest",
            f"{first.bytes / 1000:.1f} kB, {first.greatest / 1000:.1f} kB",
            "under 15 kB",
        ),
    ]
    table = "\n".join(f"| {what} | {value} | {aim} |" for what, value, aim in rows)
    while_training = "\n".join(
        f"| {name} | {now.pictures:.0f} | {size.pictures} | {now.interval_ms:.0f} ms "
        f"| {now.epochs:,.0f} | {size.epochs:,} |"
        for name, size, now in [
            *((size.name, size, seen[size.name]) for size in SIZES),
            (f"{SIZES[0].name}, after {LATE_EPOCH:,} epochs", SIZES[0], late),
        ]
    )
    return (
        f"Chromium {version}, 1400 × 900, software rendering, on the server's own {os.cpu_count()} cores. "
        "Usable means that Play can be pressed and a picture of the run is on the screen; "
        f"each visit is in a new window that has stood open for {SETTLE_MS / 1000} s.\n\n"
        f"| | measured | aim |\n|---|---|---|\n{table}\n\n"
        "While it trains as fast as it goes (moons, 250 points to learn from, batches of 10), seen for "
        f"{PLAY_S:.0f} s. A picture is drawn when the page has drawn boundary and maps and sends its receipt; of more "
        "than 60 edges, colour and width follow within 66 ms, and digits within 80 ms.\n\n"
        "| hidden layers | pictures a second | aim | 95 of 100 come within | epochs a second | aim |\n"
        f"|---|--:|--:|--:|--:|--:|\n{while_training}\n"
    )
