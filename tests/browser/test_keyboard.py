"""The whole flow without a mouse."""

import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from tests.browser.reading import number, wait_until

MOST_STOPS = 120

# What has the keyboard is framed: itself, or what stands for it where the control itself is not seen.
FRAMED = """() => {
    const element = document.activeElement;
    const near = [element, element.parentElement, element.nextElementSibling].filter(Boolean);
    return near.some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
    });
}"""

NAME = """() => {
    const { activeElement: element, body } = document;
    const label = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent;
    return element === body ? '' : `${element.tagName} ${element.className} ${label.trim()}`;
}"""


def stops(page: Page, key: str = "Tab") -> Iterator[str]:
    """Yield what has the keyboard after each press, once round the page."""
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        name = page.evaluate(NAME)
        if not name:
            return
        yield name
    raise AssertionError(f"{key} never leaves the page.")


def tab_to(page: Page, wanted: Locator) -> None:
    """Go on by Tab until this has the keyboard, and see that it is framed."""
    element = wanted.element_handle()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            assert page.evaluate(FRAMED)
            return
    raise AssertionError(f"Tab never reaches {wanted}.")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_tab_goes_round_the_page_forwards_and_backwards_and_every_stop_is_framed(page):
    unframed = [name for name in stops(page) if not page.evaluate(FRAMED)]
    assert unframed == []
    there = list(stops(page))
    back = list(stops(page, "Shift+Tab"))
    assert back == there[::-1]
    for name in ("Play", "Step", "Add hidden layer", "Moons", "Learning rate", "Decision boundary", "Loss chart"):
        assert any(name in stop for stop in there), name


def test_the_main_flow_needs_no_mouse(page):
    tab_to(page, button(page, "Add hidden layer"))
    press(page, "Enter")
    page.wait_for_url("**#hidden=4,2,2")
    tab_to(page, button(page, "Add neuron to hidden layer 1"))
    press(page, "Space")
    page.wait_for_url("**#hidden=5,2,2")
    tab_to(page, page.get_by_role("combobox", name="Learning rate", exact=True))
    press(page, "ArrowDown")
    page.wait_for_url("**&learning_rate=*")

    press(page, "Control+Enter")
    wait_until(page, lambda: number(page, "Epoch") > 3, "it trains")
    press(page, "Control+Enter")
    expect(button(page, "Play")).to_be_visible()
    tab_to(page, button(page, "Play"))
    press(page, "Space")
    expect(button(page, "Pause")).to_be_focused()
    press(page, "Space")
    expect(button(page, "Play")).to_be_focused()
    epoch = number(page, "Epoch")
    tab_to(page, button(page, "Step"))
    press(page, "Enter")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(f"{epoch + 1:,.0f}")
    press(page, "Control+Shift+Enter")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(f"{epoch + 2:,.0f}")

    tab_to(page, page.get_by_role("radio", name="Moons", exact=True))
    press(page, "ArrowRight")
    page.wait_for_url("**dataset=*")
    expect(page.get_by_role("radio", name="Moons", exact=True)).not_to_be_checked()


def test_a_weight_is_opened_edited_and_left_by_keys(page):
    button(page, "Skip to the network").focus()
    press(page, "Enter")
    expect(page.locator(".network-nodes :focus")).to_have_count(1)
    press(page, "ArrowRight")
    neuron = page.locator(".network-nodes :focus").get_attribute("aria-label")
    assert neuron
    press(page, "Enter")
    card = page.get_by_role("dialog", name=neuron)
    expect(card.get_by_label("Bias", exact=True)).to_be_focused()
    press(page, "Tab", "Tab")
    page.keyboard.type("1.25")
    press(page, "Enter")
    wait_until(page, lambda: "1.25" in card.locator(".card-formula").inner_text(), "the new weight")
    press(page, "Escape")
    expect(card).to_have_count(0)
    expect(page.get_by_role("button", name=neuron, exact=True)).to_be_focused()


def test_the_answer_is_read_and_a_point_placed_at_the_crosshair(page):
    plot = page.get_by_role("img", name="Decision boundary")
    expect(page.get_by_text("Not trained yet").first).to_be_visible()
    tab_to(page, plot)
    press(page, "ArrowRight", "ArrowUp")
    expect(page.locator(".output-reading")).to_have_text(re.compile(r"x₁ .*: Class [AB] \d+%"))
    press(page, "Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    tab_to(page, page.get_by_role("radio", name="Look", exact=True))
    press(page, "ArrowRight")
    expect(page.get_by_role("radio", name="Add", exact=True)).to_be_checked()
    tab_to(page, plot)
    press(page, "ArrowRight", "Shift+ArrowRight", "Enter")
    page.wait_for_url("**own_points=*")


def test_a_picture_is_saved_and_help_opened_and_left_by_keys(page):
    save = button(page, "Save picture")
    tab_to(page, save)
    press(page, "Enter")
    expect(button(page, "Picture (PNG)")).to_be_focused()
    press(page, "Escape")
    expect(save).to_be_focused()
    press(page, "Enter")
    expect(button(page, "Picture (PNG)")).to_be_focused()
    with page.expect_download() as download:
        press(page, "Enter")
    assert download.value.suggested_filename.endswith(".png")

    tab_to(page, page.get_by_label("Learning rate", exact=True))
    press(page, "Shift+Tab")
    expect(page.locator(":focus")).to_have_accessible_name(re.compile("^Help"))
    press(page, "Enter")
    expect(page.locator(":popover-open")).to_contain_text("Learning rate")
    press(page, "Escape")
    expect(page.locator(":popover-open")).to_have_count(0)
    expect(page.locator(":focus")).to_have_accessible_name(re.compile("^Help"))


def test_the_first_two_stops_skip_to_the_network_and_explain_the_keys(page):
    press(page, "Tab")
    skip = button(page, "Skip to the network")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    press(page, "Tab", "Enter")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog.get_by_text("Ctrl+Enter", exact=True)).to_be_visible()
    press(page, "Control+Enter")  # under the dialog nothing happens
    press(page, "Escape")
    expect(dialog).to_have_count(0)
    expect(button(page, "Keyboard help")).to_be_focused()
    expect(button(page, "Play")).to_be_visible()


def test_keys_that_play_do_not_get_in_the_way_of_typing(page):
    field = page.get_by_label("Neurons in hidden layer 1")
    field.fill("6")
    field.press("Control+Enter")
    page.wait_for_url("**#hidden=6,2")
    expect(button(page, "Pause")).to_be_visible()
    field.press("Enter")
    page.get_by_role("radio", name="Moons", exact=True).press("Space")
    expect(button(page, "Pause")).to_be_visible()
