import pytest
from playwright.sync_api import expect

from tests.browser.reading import number, wait_until

STATES = {
    "first visit": "",
    "three classes": "dataset=iris&hidden=6,4",
    "regression": "dataset=bumps&hidden=8,8",
    "no hidden layer": "hidden=",
    "large": "hidden=8,8,8,8,8,8",
    "every feature": "features=x1,x2,x1_squared,x2_squared,x1_x2,sin_x1,sin_x2",
}


def overflow(page):
    return page.evaluate(
        "() => { const e = document.documentElement;"
        " return [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]; }"
    )


@pytest.mark.parametrize("link", STATES.values(), ids=STATES.keys())
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everything_is_in_sight_at_1400_by_900(visit, link, colours):
    page = visit(link, color_scheme=colours)
    assert overflow(page) == [0, 0]
    for name in ("Play", "Reset", "Step", "Add hidden layer"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="Decision boundary")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="Loss chart")).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Regularization rate", exact=True)).to_be_in_viewport(ratio=1)


def test_a_message_pushes_nothing_out_of_sight(visit):
    page = visit("dataset=digits&stop_epoch=10")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_text("Stopped at epoch 10")).to_be_visible()
    assert overflow(page) == [0, 0]
    page = visit("dataset=iris&flavour=sweet&noise=lots")
    expect(page.get_by_text("flavour")).to_be_visible()
    assert overflow(page) == [0, 0]
    expect(page.get_by_role("img", name="Loss chart")).to_be_in_viewport(ratio=1)


def test_the_last_of_all_features_stands_clear_of_the_edge(page):
    network = page.get_by_role("region", name="Network").bounding_box()
    last = page.get_by_role("button", name="cos x₂", exact=True).bounding_box()
    assert network
    assert last
    assert last["y"] + last["height"] + 8 < network["y"] + network["height"]


@pytest.mark.parametrize("link", STATES.values(), ids=STATES.keys())
def test_a_phone_scrolls_down_only(visit, link):
    page = visit(link, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert overflow(page)[0] == 0
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") > 3, "it trains")


def test_a_phone_shows_numbers_and_chart_whole(visit):
    page = visit("dataset=diabetes", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    numbers = page.locator(".metrics output:visible")
    expect(numbers).to_have_count(6)
    for each in numbers.all():
        box = each.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390 - 8
    chart = page.get_by_role("img", name="Loss chart").bounding_box()
    assert chart
    assert chart["height"] >= 150


def test_a_large_screen_is_used(visit):
    page = visit(viewport={"width": 2560, "height": 1440})
    assert overflow(page) == [0, 0]
    picture = page.get_by_role("img", name="Decision boundary").bounding_box()
    assert picture
    assert picture["width"] == pytest.approx(picture["height"], rel=0.02)
    assert picture["width"] > 450


def test_the_output_is_the_largest_picture_and_square(page):
    picture = page.get_by_role("img", name="Decision boundary").bounding_box()
    chart = page.get_by_role("img", name="Loss chart").bounding_box()
    assert picture
    assert chart
    assert picture["width"] == pytest.approx(picture["height"], rel=0.02)
    assert picture["width"] * picture["height"] > chart["width"] * chart["height"]


def test_at_twice_the_size_everything_is_there_and_scrolls_down_only(visit):
    # 1400 × 900 at 200 %, as on a projector, is laid out as 700 × 450.
    page = visit(viewport={"width": 700, "height": 450}, device_scale_factor=2)
    assert overflow(page)[0] == 0
    for name in ("Play", "Add hidden layer", "New weights", "Your own table…"):
        button = page.get_by_role("button", name=name, exact=True)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") > 3, "it trains")


def test_a_wide_network_scrolls_in_its_own_box_on_a_phone(visit):
    page = visit(
        "dataset=digits&hidden=8,8,8,8", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    assert overflow(page)[0] == 0
    scroller = page.locator(".network-scroller")
    assert scroller.evaluate("box => box.scrollWidth - box.clientWidth") > 0
    last = page.get_by_role("button", name="Output 9", exact=True)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=1)
    assert overflow(page)[0] == 0
