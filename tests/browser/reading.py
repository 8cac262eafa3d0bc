"""Reading numbers and pictures off the page, as a person does."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect


def number(page: Page, label: str) -> float:
    """Return the number in the output with this label, once there is one; per cent as a share."""
    output = page.get_by_label(label, exact=True)
    expect(output).to_have_text(re.compile(r"\d"))
    text = output.inner_text()
    found = re.search(r"[-−]?[\d, ]*\.?\d+(e-?\d+)?", text.replace(",", ""))
    assert found, f"{label}: {text!r}"
    value = float(found[0].replace("−", "-").replace(" ", ""))
    return value / 100 if "%" in text else value


def expect_epoch(page: Page, epoch: int) -> None:
    """Wait until the run rests at this epoch and its picture is shown, with the numbers that belong to it."""
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(f"{epoch:,}")
    expect(page.locator(".output-caption")).to_have_text(re.compile(rf"^After {epoch:,} epochs?: "))


def wait_until(page: Page, condition: Callable[[], bool], what: str, timeout_s: float = 60) -> None:
    """Wait for a condition, looking each time the page has drawn."""
    for _ in range(int(timeout_s * 20)):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"In {timeout_s} s not seen: {what}")


def pixels(picture: Locator) -> str:
    """Return what a canvas shows, or the canvases inside an element."""
    return picture.evaluate(
        "root => [...(root.matches('canvas') ? [root] : root.querySelectorAll('canvas'))]"
        ".map(canvas => canvas.toDataURL()).join()"
    )


def neuron_map(neuron: Locator) -> list[int]:
    """Return the pixels of a neuron's map but for its border; all maps are on one canvas beneath the neurons."""
    pixels: list[int] = neuron.evaluate(
        """neuron => {
            const canvas = document.querySelector('.network-maps');
            const [box, whole] = [neuron.getBoundingClientRect(), canvas.getBoundingClientRect()];
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
            copy.drawImage(canvas, 0, 0);
            const scale = canvas.width / whole.width;
            const [x, y] = [box.x + 0.1 * box.width - whole.x, box.y + 0.1 * box.height - whole.y];
            const area = [x, y, 0.8 * box.width, 0.8 * box.height].map(length => Math.round(scale * length));
            return [...new Uint32Array(copy.getImageData(...area).data.buffer)];
        }"""
    )
    return pixels
