"""The output picture: its classes, its answers at a place, its marks, its slices, and itself as a file."""

import re
import struct
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.reading import number, pixels, wait_until

SVG = "{http://www.w3.org/2000/svg}"


def boundary(page: Page) -> Locator:
    return page.get_by_role("img", name="Decision boundary")


def point_at(page: Page, across: float, up: float) -> None:
    box = boundary(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"])


def train(page: Page, epochs: int) -> None:
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") >= epochs, f"{epochs} epochs")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def shares(page: Page) -> dict[str, int]:
    """Return the probability of each class at the pointer, in per cent, in the order shown."""
    lines = page.get_by_role("tooltip").inner_text().splitlines()
    found = re.findall(r"([^\n]+)\n(\d+)%", "\n".join(lines))
    return {name.strip(): int(percent) for name, percent in found}


def saved(page: Page, kind: str) -> tuple[str, bytes]:
    """Return name and content of the picture's file."""
    page.get_by_role("button", name="Save picture", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Picture ({kind})").last.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def drawing(page: Page) -> ElementTree.Element:
    return ElementTree.fromstring(saved(page, "SVG")[1])


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [node for node in root.iter() if node.get("class") == name]


# ------------------------------------------------------------------- classes


@pytest.mark.parametrize(("link", "classes"), [("dataset=iris", 3), ("dataset=digits&hidden=8", 10)])
def test_every_class_has_a_colour_and_a_shape_of_its_own_in_the_legend(visit, link, classes):
    page = visit(link)
    marks = page.locator(".output-legend .legend-item path")
    expect(marks).to_have_count(classes)
    looks = marks.evaluate_all("paths => paths.map(path => [path.getAttribute('d'), path.getAttribute('fill')])")
    assert len({shape for shape, _ in looks}) == classes
    assert len({colour for _, colour in looks}) == classes


@pytest.mark.parametrize(("link", "classes"), [("", 2), ("dataset=iris", 3), ("dataset=digits&hidden=8", 10)])
def test_the_pointer_is_told_the_probability_of_every_class(visit, link, classes):
    page = visit(link)
    point_at(page, 0.4, 0.6)
    wait_until(page, lambda: len(shares(page)) == classes, "the answer of every class")
    told = list(shares(page).values())
    assert told == sorted(told, reverse=True)
    assert 100 - classes <= sum(told) <= 100 + classes


def test_the_answer_at_the_pointer_follows_the_training(page):
    point_at(page, 0.2, 0.9)
    wait_until(page, lambda: len(shares(page)) == 2, "the answer")
    before = shares(page)
    page.get_by_role("button", name="Play", exact=True).press("Enter")
    wait_until(page, lambda: shares(page) != before, "another answer at the same place")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear"])
def test_the_answer_of_two_classes_is_a_probability_whatever_the_output_activation(visit, activation):
    page = visit(f"output_activation={activation}")
    train(page, 200)
    point_at(page, 0.4, 0.75)  # on the upper moon
    wait_until(page, lambda: len(shares(page)) == 2, "the answer")
    assert next(iter(shares(page))) == "Class A"
    assert shares(page)["Class A"] >= 70


# ------------------------------------------------------------------ keyboard


def test_the_answers_are_read_by_keyboard(visit):
    page = visit("dataset=iris&projection=columns")
    picture = boundary(page)
    picture.focus()
    page.keyboard.press("ArrowRight")
    heard = page.locator(".output-reading")
    expect(heard).to_have_text(re.compile(r"^Petal length.* [−\d.]+, Petal width.* [−\d.]+: \w+ \d+%"))

    def across() -> float:
        found = re.search(r"\) ([−\d.]+), ", heard.inner_text())
        assert found
        return float(found[1].replace("−", "-"))

    places = [across()]
    for key in ("ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
        wait_until(page, lambda: across() != places[-1], f"the answer after {key}")
        places.append(across())
    assert places[2] - places[1] == pytest.approx(5 * (places[1] - places[0]), rel=0.1)
    expect(page.get_by_role("tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()


# --------------------------------------------------------------------- marks


def test_as_many_points_are_marked_as_are_wrong(page):
    train(page, 5)
    page.get_by_label("Mark wrong points").check()
    before = pixels(boundary(page))
    wrong = round((1 - number(page, "Training accuracy")) * 250)
    assert len(with_class(drawing(page), "wrong")) == wrong > 0
    page.get_by_label("Show test data").check()
    wait_until(page, lambda: pixels(boundary(page)) != before, "test points, and marks on them")
    wrong += round((1 - number(page, "Test accuracy")) * 250)
    assert len(with_class(drawing(page), "wrong")) == wrong


def test_regression_has_no_wrong_points_to_mark(visit):
    page = visit("dataset=plane")
    expect(page.get_by_label("Mark wrong points")).to_be_hidden()
    expect(page.get_by_label("Discretize output")).to_be_visible()


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_a_neuron_shown_large_in_two_colours_has_both_where_it_turns_on(visit, activation):
    page = visit(f"activation={activation}&hidden=4")
    page.get_by_label("Discretize output").check()
    colours = set()
    for unit in range(1, 5):
        page.get_by_label(f"Neuron {unit} of hidden layer 1", exact=True).hover()
        expect(page.get_by_role("heading", name=f"Layer 1, neuron {unit}")).to_be_visible()
        colours.add(
            page.locator(".output-surface").evaluate(
                "canvas => { const copy = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });"
                " const context = copy.getContext('2d'); context.imageSmoothingEnabled = false;"
                " context.drawImage(canvas, 0, 0, 40, 40);"
                " return new Set(new Uint32Array(context.getImageData(0, 0, 40, 40).data.buffer)).size; }"
            )
        )
    assert max(colours) == 2


# --------------------------------------------------- one measurement, and many


def test_one_input_is_drawn_as_the_fitted_curve_over_its_points(visit):
    page = visit("dataset=sine&hidden=8&optimizer=adam&learning_rate=0.03&noise=0")
    train(page, 300)
    assert number(page, "Test R²") > 0.9
    root = drawing(page)
    (curve,) = with_class(root, "curve")
    spots = [tuple(map(float, pair.split())) for pair in re.findall(r"[-\d.]+ [-\d.]+", curve.get("points", ""))]
    assert len(spots) == 100
    assert spots == sorted(spots)
    point_at(page, 0.5 + 1.5708 / 13, 0.5)  # x = π / 2
    expect(page.get_by_role("tooltip")).to_contain_text(re.compile(r"x 1\.[56]"))
    told = re.search(r"y ([−\d.]+)", page.get_by_role("tooltip").inner_text())
    assert told
    assert float(told[1].replace("−", "-")) == pytest.approx(1, abs=0.25)


def test_the_picture_of_many_measurements_is_chosen_without_starting_over(visit):
    page = visit("dataset=iris&hidden=4&projection=columns")
    train(page, 20)
    epoch = number(page, "Epoch")
    sentence = page.locator(".output-slice")
    expect(sentence).to_contain_text("medians")
    page.get_by_label("Picture", exact=True).select_option(label="Principal components")
    expect(sentence).to_contain_text(re.compile(r"principal components holds \d+% of the variance"))
    expect(page.get_by_label("Drawn across", exact=True)).to_be_hidden()
    expect(boundary(page)).to_have_accessible_description(re.compile("principal components"))
    page.get_by_label("Picture", exact=True).select_option(label="Two measurements")
    across, up = (page.get_by_label(label, exact=True) for label in ("Drawn across", "Drawn upwards"))
    expect(across.locator("option")).to_have_count(4)
    names = across.locator("option").all_inner_texts()
    upwards = up.evaluate("select => select.options[select.selectedIndex].text")
    across.select_option(label=upwards)  # the two change places
    expect(page.locator(".output-axes .axis-name").first).to_have_text(upwards)
    across.select_option(label=names[0])
    expect(page.locator(".output-axes .axis-name").first).to_have_text(names[0])
    expect(sentence).not_to_contain_text(names[0])
    assert number(page, "Epoch") == epoch


def test_the_crosshair_reads_at_once_after_an_input_was_looked_at(page):
    number(page, "Test loss")
    page.evaluate("""async () => {
        document.querySelector('.network-nodes [aria-pressed="false"]').focus();  // shown large
        for (let drawn = 0; drawn < 2; drawn++) await new Promise(requestAnimationFrame);
        const plot = document.querySelector('.output-plot');
        plot.focus();  // and the key comes before the page has drawn what that changes
        plot.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    }""")
    expect(page.locator(".output-reading")).to_have_text(re.compile(r"x₁ .*: Class [AB] \d+%"))


def test_the_slice_goes_through_the_point_that_is_clicked(visit):
    page = visit("dataset=iris&hidden=4&projection=columns")
    before = pixels(boundary(page))
    page.get_by_label("Slice through", exact=True).select_option(label="Pick a point…")
    expect(page.get_by_text("Click the point that the slice is to go through.")).to_be_visible()
    spot = drawing_spot(page)
    point_at(page, *spot)
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".output-slice")).to_contain_text(re.compile(r"sample \d+"))
    page.wait_for_url("**slice_sample=*")
    wait_until(page, lambda: pixels(boundary(page)) != before, "another slice")
    page.get_by_label("Slice through", exact=True).select_option(label="Medians")
    expect(page.locator(".output-slice")).to_contain_text("medians")


def drawing_spot(page: Page) -> tuple[float, float]:
    """Return where one of the points is, as shares of the picture."""
    (group,) = with_class(drawing(page), "points")
    found = re.search(r"translate\(([\d.]+) ([\d.]+)\)", group[0].get("transform", ""))
    assert found
    return float(found[1]) / 400, 1 - float(found[2]) / 400


# --------------------------------------------------------------------- files


def test_the_picture_is_saved_as_a_drawing_with_every_point(page):
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    name, content = saved(page, "SVG")
    assert name == "moons-output-epoch-1.svg"
    root = ElementTree.fromstring(content)
    assert root.findtext(f"{SVG}title") == "Moons after 1 epoch"
    (points,) = with_class(root, "points")
    assert len(points) == 250
    assert len({point.get("fill") for point in points}) == 2
    assert len({point.get("d") for point in points}) == 2
    texts = {node.text for node in root.iter(f"{SVG}text")}
    assert {"Class A", "Class B", "x₁", "x₂"} <= texts
    (image,) = root.iter(f"{SVG}image")
    assert image.get("href", "").startswith("data:image/png;base64,")
    page.get_by_label("Show test data").check()
    (points,) = with_class(drawing(page), "points")
    assert len(points) == 500


def test_the_picture_is_saved_in_pixels_at_twice_its_size(page):
    root = drawing(page)
    name, content = saved(page, "PNG")
    assert name == "moons-output-epoch-0.png"
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    size = struct.unpack(">II", content[16:24])
    assert size == tuple(2 * int(root.get(side, "0")) for side in ("width", "height"))
