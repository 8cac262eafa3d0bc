"""What is printed: one clean sheet, light, with pictures, curves and settings, and nothing to press."""

import re

import pytest
from playwright.sync_api import Page, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 2560, "height": 1440}}

# The middle of a canvas's colours on average, red, green and blue.
AVERAGE = """canvas => {
    const copy = new OffscreenCanvas(1, 1).getContext('2d');
    copy.drawImage(canvas, 0, 0, 1, 1);
    return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def step(page: Page) -> None:
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    expect(page.locator(".output-caption")).to_have_text(re.compile("After 1 epoch"))


def sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize(
    ("link", "options"),
    [
        ("", {"color_scheme": "dark"}),
        ("dataset=digits&hidden=16,16", {}),
        ("dataset=diabetes", {}),
        ("dataset=iris&hidden=8,8,8,8,8,8", PHONE),
        ("dataset=breast_cancer", WIDE),
    ],
    ids=["moons", "digits", "regression", "phone", "wide"],
)
def test_it_is_one_sheet(visit, link, options):
    page = visit(link, **options)
    step(page)
    assert sheets(page) == 1


def test_it_has_the_pictures_and_the_settings_in_words_and_nothing_to_press(visit):
    page = visit("optimizer=adam")
    step(page)
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_text("Moons", exact=True)).to_be_visible()
    for label, value in (("Optimizer", "adam"), ("Activation", "tanh"), ("Points", "500")):
        field = page.get_by_label(label, exact=True)
        expect(field).to_be_visible()
        assert value in field.evaluate("field => field.selectedOptions?.[0].textContent ?? field.value").lower()
    expect(page.get_by_role("img", name="Decision boundary")).to_be_visible()
    expect(page.get_by_role("img", name="Loss chart")).to_be_visible()
    expect(page.get_by_label("Test loss", exact=True)).to_be_visible()
    names = [button.get_attribute("aria-label") for button in page.get_by_role("button").all()]
    assert all(re.match("Neuron|Output|x[₁₂]$", name or "?") for name in names), names
    # Nothing stands beyond the sheet, and no picture over another.
    boxes = {}
    for name in ("network", "output", "chart", "settings"):
        box = page.locator(f".{name}").first.bounding_box()
        assert box
        assert box["width"] <= 701
        boxes[name] = box
    assert boxes["network"]["y"] + boxes["network"]["height"] <= boxes["output"]["y"]
    assert boxes["output"]["x"] + boxes["output"]["width"] <= boxes["chart"]["x"] + 1
    assert boxes["output"]["y"] + boxes["output"]["height"] <= boxes["settings"]["y"]


def test_it_is_light_whatever_the_theme_and_the_theme_comes_back(visit):
    surface = ".output-surface"
    light, dark = (visit(color_scheme=scheme) for scheme in ("light", "dark"))
    for page in (light, dark):
        step(page)
    on_screen = dark.locator(surface).evaluate(AVERAGE)
    assert on_screen != light.locator(surface).evaluate(AVERAGE)
    dark.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert dark.locator(surface).evaluate(AVERAGE) == light.locator(surface).evaluate(AVERAGE)
    dark.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert dark.locator(surface).evaluate(AVERAGE) == on_screen
