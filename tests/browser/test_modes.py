"""Less motion, more contrast, colours of the system, other sizes: the page follows what a person has asked for."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import number, wait_until

# Red, green, blue and their relative luminance as WCAG defines them, and the contrast of two colours.
CONTRAST = """(pairs) => {
    const probe = document.body.appendChild(document.createElement('i'));
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const luminance = (name) => {
        probe.style.color = `var(--${name})`;
        canvas.fillStyle = getComputedStyle(probe).color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
            const share = byte / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = pairs.map(([front, back]) => {
        const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    });
    probe.remove();
    return found;
}"""

TEXT = [(front, back) for front in ("ink", "muted", "danger", "accent") for back in ("page", "paper")]
TEXT += [("muted", "control"), ("ink", "control"), ("on-accent", "accent"), ("danger", "danger-surface")]
GRAPHICS = [("accent", "paper"), ("accent", "page")]


@pytest.mark.parametrize("contrast", ["no-preference", "more"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_signs_stand_out(visit, scheme, contrast):
    page = visit(color_scheme=scheme, contrast=contrast)
    least = 7 if contrast == "more" else 4.5
    for pair, ratio in zip(TEXT, page.evaluate(CONTRAST, TEXT), strict=True):
        assert ratio >= (least if pair[0] in ("ink", "muted") else 4.5), pair
    for pair, ratio in zip(GRAPHICS, page.evaluate(CONTRAST, GRAPHICS), strict=True):
        assert ratio >= 3, pair


def play(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") > 3, "it trains")


def test_with_reduced_motion_nothing_flows_glides_or_pulses(visit):
    page = visit("hidden=8,8", reduced_motion="reduce")
    moving = "() => document.getAnimations().filter(({ playState }) => playState === 'running').length"
    assert page.evaluate(moving) == 0
    page.evaluate("""() => {
        window.places = new Set();
        const node = document.querySelector('[data-key="hidden 0 0"]');
        new MutationObserver(() => places.add(node.style.transform)).observe(node, { attributeFilter: ['style'] });
    }""")
    page.get_by_role("button", name="Add neuron to hidden layer 1").click()
    page.wait_for_url("**#hidden=9,8")
    expect(page.get_by_role("button", name="Neuron 9 of hidden layer 1", exact=True)).to_be_visible()
    assert page.evaluate("() => places.size") <= 2  # as it was, and where it belongs
    play(page)
    assert page.evaluate(moving) == 0
    between = """() => {
        const canvas = document.querySelector('.network-maps');
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        copy.drawImage(canvas, 0, 0);
        const [a, b] = ['hidden 0 0', 'hidden 1 0'].map((key) =>
            document.querySelector(`[data-key="${key}"]`).getBoundingClientRect());
        const left = canvas.getBoundingClientRect().left;
        const scale = canvas.width / canvas.getBoundingClientRect().width;
        const [from, to] = [a.right + 6 - left, b.left - 6 - left].map((x) => Math.round(x * scale));
        return copy.getImageData(from, 0, to - from, canvas.height).data.some((byte) => byte > 0);
    }"""
    assert not page.evaluate(between)
    page.emulate_media(reduced_motion="no-preference")
    wait_until(page, lambda: bool(page.evaluate(between)), "without it, something flows")


def test_in_the_systems_own_colours_what_is_chosen_is_seen(visit):
    page = visit(forced_colors="active", color_scheme="dark")
    chosen = page.get_by_role("radio", name="Moons", exact=True)
    outline = "radio => getComputedStyle(radio.nextElementSibling).outlineStyle"
    assert chosen.evaluate(outline) == "solid"
    assert page.get_by_role("radio", name="Spiral", exact=True).evaluate(outline) == "none"
    frames = page.evaluate("""() => ['.play-button', '.node', '.text-button', '.field-select']
        .map((name) => getComputedStyle(document.querySelector(name)).borderStyle)""")
    assert frames == ["solid"] * 4
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def test_in_the_systems_own_colours_pictures_keep_theirs(visit):
    page = visit(forced_colors="active")
    colours = """canvas => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
    }"""
    for name in (".output-surface", ".network-maps"):
        wait_until(page, lambda name=name: page.locator(name).evaluate(colours) > 20, f"many colours in {name}")
