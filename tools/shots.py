"""Take the screenshots of docs/images from the real server: `python -m tools.shots [name …]`."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from bench.page import chromium, server

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
BANKNOTES = ROOT / "tests" / "data" / "tables" / "banknote_authentication.csv"


def use_own_table(page: Page) -> None:
    """Learn from a file, as a person who drops it."""
    page.locator("input[type=file]").set_input_files(BANKNOTES)
    page.get_by_role("button", name="Use this table").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def preview_own_table(page: Page) -> None:
    """Open the dialog in which a file is looked at."""
    page.locator("input[type=file]").set_input_files(BANKNOTES)
    expect(page.get_by_role("button", name="Use this table")).to_be_enabled()


def train_until_it_stops(page: Page) -> None:
    """Press Play, and put the sentence away that says why it stopped."""
    page.locator(".play-button").click()
    stopped = page.locator(".message")
    expect(stopped.first).to_be_visible(timeout=60_000)
    stopped.get_by_role("button").first.click()
    expect(stopped).to_have_count(0)


def compare_activations(page: Page) -> None:
    """Train with three activations, keep each run, and lay the curves of two over the third's."""
    activation = page.get_by_role("combobox", name="Activation", exact=True)
    page.get_by_role("button", name="Runs", exact=True).click()
    runs = page.get_by_role("dialog", name="Saved runs")
    for label in ("Sigmoid", "ReLU"):
        activation.select_option(label=label)
        page.get_by_role("button", name="Reset", exact=True).click()
        train_until_it_stops(page)
        runs.get_by_label("Keep the present run as").fill(label)
        runs.get_by_role("button", name="Save", exact=True).click()
        runs.get_by_role("button", name=f"Compare {label}", exact=True).click()
    activation.select_option(label="Tanh")
    page.get_by_role("button", name="Reset", exact=True).click()
    train_until_it_stops(page)


@dataclass(frozen=True)
class Shot:
    """A state of the page worth a picture.

    Attributes:
        name: The image's, without .png.
        link: What the page is opened with; it is trained until it stops there by itself.
        scheme: "light" or "dark".
        size: Width and height, CSS pixels.
        before: What a person does before training, or None.
        trained: Whether it is trained at all.
        after: What a person does before the picture is taken, or None.
    """

    name: str
    link: str
    scheme: str = "light"
    size: tuple[int, int] = (1400, 900)
    before: Callable[[Page], object] | None = None
    trained: bool = True
    after: Callable[[Page], object] | None = None


SHOTS = [
    Shot("moons", "stop_epoch=90"),
    Shot("iris", "dataset=iris&hidden=6,4&stop_epoch=120"),
    Shot(
        "digits",
        "dataset=digits&hidden=16,12&activation=relu&optimizer=adam&learning_rate=0.003&stop_epoch=40",
        after=lambda page: page.get_by_role("tab", name="Confusion matrix").click(),
    ),
    Shot(
        "regression-dark",
        "dataset=bumps&samples=1200&noise=0&hidden=8,8&optimizer=adam&learning_rate=0.01&stop_epoch=200",
        "dark",
    ),
    Shot("curve", "dataset=sine&hidden=8,8&optimizer=adam&learning_rate=0.01&stop_epoch=150"),
    Shot("spiral-dark", "dataset=spiral&features=x1,x2,sin_x1,sin_x2&hidden=8,8,8,8&noise=0.05&stop_epoch=140", "dark"),
    Shot("own-table", "stop_epoch=30", before=use_own_table),
    Shot("own-table-preview", "", trained=False, before=preview_own_table),
    Shot("compare", "dataset=circle&hidden=6,4&stop_epoch=60", trained=False, after=compare_activations),
    Shot("german", "lang=de&dataset=xor&stop_epoch=120", "dark"),
    Shot("phone", "stop_epoch=60", size=(390, 844)),
]


def shoot(browser: Browser, address: str, shot: Shot) -> None:
    """Train as a person would until it stops, and take the picture."""
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=shot.scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/#{shot.link}")
    expect(page.locator(".metric-value").first).not_to_have_text("–")
    if shot.before:
        shot.before(page)
    if shot.trained:
        train_until_it_stops(page)
    if shot.after:
        shot.after(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # the last picture is drawn
    page.screenshot(path=IMAGES / f"{shot.name}.png")
    context.close()


def main(names: list[str]) -> None:
    """Take the screenshots of these names, or every one."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with server([sys.executable, "-m", "playground", "--port", "0"]) as (address, _), chromium() as browser:
        for shot in SHOTS:
            if not names or shot.name in names:
                shoot(browser, address, shot)


if __name__ == "__main__":
    main(sys.argv[1:])
