"""Points placed by hand, as a person does it: clicked, painted, moved, erased, taken back, and learned from."""

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import number, wait_until


def spot(page: Page, across: float, up: float) -> tuple[float, float]:
    box = page.get_by_role("img", name="Decision boundary").bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


def take(page: Page, tool: str) -> None:
    page.get_by_role("radio", name=tool, exact=True).check()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*spot(page, *start))
    page.mouse.down()
    page.mouse.move(*spot(page, *end), steps=12)
    page.mouse.up()


def click(page: Page, across: float, up: float) -> None:
    page.mouse.click(*spot(page, across, up))


def own(page: Page) -> list[tuple[float, float, float]]:
    """Return the points in the link: x, y and target of each."""
    found = re.search(r"own_points=([^&]*)", unquote(page.url))
    numbers = [float(text) for text in found[1].split(",")] if found and found[1] else []
    return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))


def wait_for_own(page: Page, count: int) -> list[tuple[float, float, float]]:
    wait_until(page, lambda: len(own(page)) == count, f"{count} points of one's own")
    return own(page)


def test_points_are_added_moved_erased_and_taken_back_on_top_of_a_data_set(page):
    take(page, "Add")
    page.get_by_role("radio", name="Class B").check()
    click(page, 0.1, 0.9)
    ((x, y, target),) = wait_for_own(page, 1)
    assert target == 1
    assert x < 0 < y
    page.get_by_role("radio", name="Class A").check()
    click(page, 0.9, 0.9)
    _, (other_x, _, other_target) = wait_for_own(page, 2)
    assert other_target == 0
    assert other_x > 1

    take(page, "Move")
    drag(page, (0.1, 0.9), (0.1, 0.1))
    wait_until(page, lambda: own(page)[0][1] < -1, "the point further down")
    assert own(page)[0][0] == pytest.approx(x, abs=0.1)
    assert own(page)[0][2] == 1

    take(page, "Erase")
    click(page, 0.1, 0.1)
    assert wait_for_own(page, 1)[0][2] == 0

    undo = page.get_by_role("button", name="Undo", exact=True)
    undo.click()
    wait_until(page, lambda: len(own(page)) == 2 and own(page)[0][1] < -1, "the erased point back")
    page.keyboard.press("Control+z")
    wait_until(page, lambda: own(page)[0][1] == y, "the moved point back in its place")
    undo.click()
    wait_for_own(page, 1)
    undo.click()
    wait_for_own(page, 0)
    expect(undo).to_be_disabled()


def test_a_stroke_paints_evenly_and_is_taken_back_whole(page):
    take(page, "Add")
    drag(page, (0.1, 0.9), (0.6, 0.9))
    wait_until(page, lambda: len(own(page)) >= 14, "a row of points")
    steps = [b[0] - a[0] for a, b in zip(own(page), own(page)[1:], strict=False)]
    assert max(steps) < 1.5 * min(steps)
    page.keyboard.press("Control+z")
    wait_for_own(page, 0)


def test_points_of_the_data_set_itself_are_erased_and_moved(page):
    take(page, "Erase")
    drag(page, (0.3, 1.0), (0.3, 0.0))
    page.wait_for_url("**erased=*")
    page.keyboard.press("Control+z")
    wait_until(page, lambda: "erased" not in page.url, "all points back")
    take(page, "Move")
    drag(page, (0.25, 0.6), (0.05, 0.95))
    page.wait_for_url("**own_points=*")
    assert len(own(page)) == 1
    assert "erased" in page.url


def test_an_empty_picture_is_filled_and_learned_from(visit):
    page = visit("dataset=blank&hidden=4")
    expect(page.get_by_text("Click to add points")).to_be_visible()
    expect(page.get_by_role("radio", name="Add", exact=True)).to_be_checked()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_text(re.compile("at least (2|two)")).first).to_be_visible()
    for kind, across in (("Class A", 0.2), ("Class B", 0.8)):
        page.get_by_role("radio", name=kind).check()
        for shift in (0.0, 0.05, 0.1):
            drag(page, (across + shift, 0.2), (across + shift, 0.8))
    wait_until(page, lambda: len(own(page)) > 60, "painted points")
    expect(page.get_by_text("Click to add points")).to_be_hidden()
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Training accuracy") == 1 == number(page, "Test accuracy"), "all learned")


def test_points_are_placed_and_taken_away_by_keyboard(visit):
    page = visit("dataset=blank")
    page.get_by_role("img", name="Decision boundary").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    ((x, y, _),) = wait_for_own(page, 1)
    assert (x, y) == pytest.approx((0, 0), abs=0.01)
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    (_, (x, y, _)) = wait_for_own(page, 2)
    assert x == pytest.approx(0.3 * 12, rel=0.2)
    assert y == pytest.approx(0, abs=0.01)

    take(page, "Move")
    page.get_by_role("img", name="Decision boundary").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    wait_until(page, lambda: own(page)[0][1] > 1, "the point in the middle further up")

    take(page, "Erase")
    page.get_by_role("img", name="Decision boundary").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    wait_for_own(page, 1)


def test_a_point_of_a_regression_has_the_value_of_the_slider(visit):
    page = visit("dataset=plane")
    take(page, "Add")
    slider = page.get_by_role("slider", name="Target of new points")
    slider.focus()
    page.keyboard.press("End")
    click(page, 0.1, 0.1)
    ((_, _, highest),) = wait_for_own(page, 1)
    slider.focus()
    page.keyboard.press("Home")
    click(page, 0.9, 0.9)
    _, (_, _, lowest) = wait_for_own(page, 2)
    assert lowest < 0 < highest


def test_with_one_input_the_height_of_a_point_is_its_target(visit):
    page = visit("dataset=sine")
    take(page, "Add")
    click(page, 0.5, 0.95)
    ((x, y, _),) = wait_for_own(page, 1)
    assert x == pytest.approx(0, abs=0.1)
    assert y == pytest.approx(0.45 * 3.5, abs=0.1)


def test_measured_data_of_many_columns_have_no_tools(visit):
    page = visit("dataset=iris")
    expect(page.get_by_role("radio", name="Add", exact=True)).to_have_count(0)


def test_a_finger_paints_without_scrolling(visit):
    page = visit("dataset=blank", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    x, y = spot(page, 0.5, 0.5)
    page.touchscreen.tap(x, y)
    ((x, y, _),) = wait_for_own(page, 1)
    assert (x, y) == pytest.approx((0, 0), abs=0.2)
    assert page.evaluate("getComputedStyle(document.querySelector('.output-plot')).touchAction") == "none"


def test_what_own_points_do_not_allow_is_said_beside_them(visit):
    page = visit("dataset=blobs&own_points=1,1,2")
    classes = page.get_by_role("slider", name="Classes")
    classes.fill("2")
    expect(page.get_by_role("region", name="Output").get_by_role("alert")).to_contain_text("2")
    expect(classes).to_have_value("3")
