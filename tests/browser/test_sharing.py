"""What a person sends: a link, with or without trained weights, with controls hidden, or a frame."""

import html
import re

import pytest
from playwright.sync_api import expect

from tests.browser.reading import number, wait_until


def open_card(page):
    page.get_by_role("button", name="Share", exact=True).click()
    card = page.get_by_role("dialog", name="Share")
    expect(card).to_be_visible()
    return card


def shared(card):
    return card.get_by_label("Link", exact=True).input_value()


def train(page, epochs):
    for epoch in range(1, epochs + 1):
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.get_by_label("Epoch", exact=True)).to_have_text(str(epoch))


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_the_link_is_copied_at_one_click(visit):
    page = visit("dataset=xor", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert clipboard(page) == page.url


def test_the_card_has_the_address_and_copies_it(visit, address):
    page = visit("dataset=xor", permissions=["clipboard-read", "clipboard-write"])
    card = open_card(page)
    assert shared(card) == page.url == f"{address}/#dataset=xor"
    card.get_by_role("button", name="Copy link").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    assert clipboard(page) == f"{address}/#dataset=xor"


def test_where_copying_is_not_allowed_the_link_is_selected(visit):
    forbid = "navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    page = visit("dataset=xor", prepare=lambda new: new.add_init_script(forbid))
    card = open_card(page)
    card.get_by_role("button", name="Copy link").click()
    expect(card.get_by_role("button", name="Copy it from the field")).to_be_visible()
    assert page.evaluate("document.getSelection().toString()") == page.url


def test_two_presses_before_the_card_is_there_open_one(page):
    page.get_by_role("button", name="Share", exact=True).evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_role("dialog", name="Share")).to_be_visible()
    expect(page.get_by_role("dialog", name="Share", include_hidden=True)).to_have_count(1)


def test_the_link_of_a_card_that_stays_open_follows_the_page(page):
    card = open_card(page)
    page.evaluate("location.hash = 'dataset=iris'")
    wait_until(page, lambda: shared(card).endswith("#dataset=iris"), "the present link in the card")


def test_a_link_with_weights_opens_the_trained_network(visit):
    page = visit("hidden=3")
    train(page, 3)
    card = open_card(page)
    card.get_by_label("With the trained weights").check()
    expect(card.get_by_text(re.compile(r"The link has [\d,]+ characters"))).to_be_visible()
    link = shared(card)
    assert "weights=" in link
    other = visit(link.partition("#")[2])
    expect(other.get_by_label("Epoch", exact=True)).to_have_text("3")
    for name in ("Training loss", "Test loss", "Training accuracy", "Test accuracy"):
        assert number(other, name) == number(page, name)
    wait_until(other, lambda: other.url.endswith("#hidden=3"), "an address without the weights")


def test_a_network_that_is_too_large_for_a_link_says_so(visit):
    page = visit("hidden=64,64,64")
    card = open_card(page)
    weights = card.get_by_label("With the trained weights")
    weights.click()
    expect(card.get_by_text("A link holds up to 1,500 weights")).to_be_visible()
    expect(weights).not_to_be_checked()
    assert "weights=" not in shared(card)


def test_controls_are_hidden_in_the_link_and_not_on_the_page(visit):
    page = visit("hide=step")
    card = open_card(page)
    card.get_by_text("Hide controls").click()
    expect(card.get_by_text("1 hidden")).to_be_visible()
    expect(card.get_by_role("checkbox", name="Step", exact=True)).to_be_checked()
    card.get_by_role("checkbox", name="Reset", exact=True).check()
    card.get_by_role("checkbox", name="Learning rate", exact=True).check()
    expect(card.get_by_text("3 hidden")).to_be_visible()
    assert shared(card).endswith("#hide=step,reset,learning_rate")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.get_by_role("button", name="Reset", exact=True)).to_be_visible()
    other = visit("hide=step,reset,learning_rate")
    expect(other.get_by_role("button", name="Reset", exact=True)).to_be_hidden()
    expect(other.get_by_label("Learning rate", exact=True)).to_be_hidden()


def test_every_control_that_can_be_hidden_is_known_to_links(page):
    card = open_card(page)
    card.get_by_text("Hide controls").click()
    for box in card.get_by_role("checkbox").all()[1:]:
        box.check()
    link = shared(card)
    names = link.partition("hide=")[2].split(",")
    assert len(names) > 50
    for name in names:
        if not name.startswith("input."):
            assert page.locator(f'[data-control="{name}"], [data-holds~="{name}"]').count() > 0, name
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("img", name="Decision boundary")).to_be_visible()
    expect(page.get_by_role("region", name="Network")).to_be_visible()
    for name in ("Data", "Training settings", "Charts"):
        expect(page.get_by_role("region", name=name, exact=True)).to_be_hidden()
    left = [button.get_attribute("aria-label") or button.inner_text() for button in page.get_by_role("button").all()]
    assert not {"Play", "Pause", "Step", "Reset", "Add hidden layer", "Save picture"} & set(left)
    expect(page.get_by_role("status").filter(has_text="no such controls")).to_have_count(0)


def test_the_frame_shows_what_the_link_does(visit, address):
    page = visit("dataset=xor&show_test=true")
    card = open_card(page)
    card.get_by_text("Embed in a page").click()
    code = card.get_by_label("HTML of the frame").input_value()
    source = re.search(r'src="([^"]*)"', code)
    assert source
    assert html.unescape(source[1]) == f"{address}/#dataset=xor&show_test=true&embed=true"
    assert re.fullmatch(r'<iframe src="[^"<>]*" width="700" height="450" title="Neural Playground"></iframe>', code)


def test_the_card_is_opened_and_left_by_keyboard(page):
    share = page.get_by_role("button", name="Share", exact=True)
    share.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Share")
    expect(card.get_by_role("button", name="Copy link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(share).to_be_focused()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    share.click()
    expect(card).to_be_hidden()


def test_the_card_says_what_a_link_cannot_hold(visit):
    page = visit(f"dataset=blank&own_points={','.join(f'{number / 100},0,0' for number in range(200))}")
    expect(page.get_by_role("status").filter(has_text="ignored")).to_have_count(0)
    page.get_by_role("radio", name="Add").check()
    page.get_by_role("img", name="Decision boundary").click(position={"x": 30, "y": 30})
    card = open_card(page)
    expect(card.get_by_text("A link holds up to 200 points placed by hand")).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (700, 450)])
def test_the_card_fits_a_small_screen(visit, size):
    width, height = size
    page = visit(viewport={"width": width, "height": height})
    card = open_card(page)
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    card.get_by_text("Hide controls").click()
    card.get_by_role("button", name="Show all").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_language_keeps_the_run_and_what_is_shown(visit):
    page = visit("hidden=3&show_test=true")
    train(page, 2)
    card = open_card(page)
    card.get_by_label("Language").select_option("de")
    page.wait_for_url(re.compile(r"\?lang=de#hidden=3&show_test=true$"))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#epoch")).to_have_text("2")


def test_a_link_can_ask_for_a_language(page):
    page.goto(f"{page.url.partition('#')[0]}#hidden=3&lang=de")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.wait_for_url(re.compile(r"\?lang=de#hidden=3$"))


def test_a_language_that_there_is_not_is_english(visit):
    page = visit("lang=%3Cb%3E")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
