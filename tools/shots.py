"""Take the screenshots of docs/images from the real server: `python -m tools.shots`."""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from bench.page import chromium, server

IMAGES = Path(__file__).parents[1] / "docs" / "images"

# File name, link, epochs, size, colour scheme.
SHOTS = [
    ("moons", "", 90, (1400, 900), "light"),
    ("iris", "dataset=iris&hidden=6,4", 120, (1400, 900), "light"),
    ("regression-dark", "dataset=bumps&hidden=8,8&optimizer=adam&learning_rate=0.01", 300, (1400, 900), "dark"),
    (
        "spiral-dark",
        "dataset=spiral&features=x1,x2,sin_x1,sin_x2&hidden=8,8,8,8",
        140,
        (1400, 900),
        "dark",
    ),
    ("phone", "", 60, (390, 844), "light"),
]


def shoot(
    browser: Browser, address: str, name: str, link: str, epochs: int, size: tuple[int, int], colors: str
) -> None:
    """Train as a person would, pause, and take the picture."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=colors)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/#{link}")
    page.get_by_label("Speed", exact=True).select_option(label="30 epochs/s")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    epoch = page.get_by_label("Epoch", exact=True)
    while int(re.sub(r"\D", "", epoch.inner_text())) < epochs:
        page.wait_for_timeout(20)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)  # the last picture is drawn
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    """Take every screenshot."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with server([sys.executable, "-m", "playground", "--port", "0"]) as (address, _), chromium() as browser:
        for shot in SHOTS:
            shoot(browser, address, *shot)


if __name__ == "__main__":
    main()
