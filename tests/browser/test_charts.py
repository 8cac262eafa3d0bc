"""The numbers and pictures of a run: curves, marks, confusion matrix, histograms, and what is saved of them."""

import csv
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.browser.reading import number, pixels, wait_until


def train(page, epochs):
    for _ in range(epochs):
        page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(str(epochs))


def saved(page, choice):
    page.get_by_role("button", name="Save history", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=choice, exact=True).click()
    return Path(download.value.path()), download.value.suggested_filename


def saved_history(page):
    path, name = saved(page, "History as a table (CSV)")
    assert name.endswith(".csv")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("link", "tabs"),
    [
        ("", ["Loss", "Accuracy", "Confusion matrix", "Weights and gradients"]),
        ("dataset=plane", ["Loss", "R²", "MAE", "Weights and gradients"]),
    ],
    ids=["classes", "regression"],
)
def test_every_tab_is_reached_by_mouse_and_by_arrow_keys_and_fits_in_the_window(visit, link, tabs):
    page = visit(link)
    offered = page.get_by_role("tablist", name="Charts").get_by_role("tab")
    expect(offered).to_have_text(tabs)
    offered.first.focus()
    for name in [*tabs[1:], tabs[0]]:
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=name, exact=True)).to_be_focused()
        panel = page.get_by_role("tabpanel", name=name, exact=True)
        expect(panel).to_be_in_viewport(ratio=1)
    page.get_by_role("tab", name=tabs[1], exact=True).click()
    expect(page.get_by_role("img", name=f"{tabs[1].replace('MAE', 'Mean absolute error')} chart")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_first_losses_are_on_the_chart_before_anything_is_trained(visit):
    for _ in range(4):  # what comes first, the library or the losses, differs from visit to visit
        expect(visit().get_by_role("img", name="Loss chart").locator("canvas")).to_be_visible()


def test_a_tab_that_another_problem_has_not_gives_way_to_the_loss(page):
    page.get_by_role("tab", name="Confusion matrix").click()
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_role("radio", name="Plane", exact=True).check()
    expect(page.get_by_role("img", name="Loss chart")).to_be_visible()
    expect(page.get_by_role("tab", name="Confusion matrix")).to_be_hidden()


def test_regression_has_r_squared_and_mean_absolute_error(visit):
    page = visit("dataset=plane")
    train(page, 5)
    for name in ("Training R²", "Test R²", "Training MAE", "Test MAE", "Training loss", "Test loss"):
        assert number(page, name) is not None
    page.get_by_role("radio", name="Moons", exact=True).check()
    expect(page.get_by_label("Test accuracy", exact=True)).to_have_text(re.compile("%"))
    expect(page.get_by_label("Test MAE", exact=True)).to_be_hidden()


def test_the_values_at_an_epoch_are_read_by_keyboard_and_by_pointer(page):
    train(page, 6)
    chart = page.get_by_role("img", name="Loss chart")
    expect(chart).to_have_accessible_description(re.compile("^At epoch 6, training loss"))
    chart.focus()
    page.keyboard.press("End")
    panel = page.get_by_role("tabpanel", name="Loss")
    expect(panel.get_by_text("epoch 6", exact=True)).to_be_visible()
    shown = page.get_by_label("Training loss", exact=True).inner_text()
    expect(panel.get_by_text(f"training {shown}", exact=True)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(panel.get_by_text("epoch 5", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel.get_by_text("epoch 5", exact=True)).to_be_hidden()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2)
    expect(panel.get_by_text("epoch 0", exact=True)).to_be_visible()


def test_a_logarithmic_scale_is_another_picture(page):
    train(page, 3)
    chart = page.get_by_role("img", name="Loss chart")
    wait_until(page, lambda: pixels(chart) != "", "a chart")
    linear = pixels(chart)
    page.get_by_label("log scale").check()
    wait_until(page, lambda: pixels(chart) != linear, "a logarithmic scale")
    page.get_by_role("tab", name="Accuracy").click()
    expect(page.get_by_label("log scale")).to_be_hidden()


def test_changes_are_marked_at_their_epoch_and_told(page):
    train(page, 4)
    page.get_by_role("combobox", name="Learning rate", exact=True).select_option(label="0.3")
    page.wait_for_url("**#learning_rate=0.3")
    chart = page.get_by_role("img", name="Loss chart")
    expect(chart).to_have_accessible_description(re.compile(r"Changed at epoch 4: Learning rate 0\.1 → 0\.3"))
    chart.focus()
    page.keyboard.press("PageUp")
    expect(page.get_by_role("tooltip")).to_have_text("Changed at epoch 4Learning rate 0.1 → 0.3")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()


def confusion(page, part):
    """Return the counts of the table that is open: true class by answered class."""
    page.get_by_role("radio", name=part, exact=True).check()
    table = page.get_by_role("table")
    expect(table.get_by_role("caption")).to_have_text(re.compile(f"^{part} points"))
    rows = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].slice(1, -1).map(cell => cell.firstChild.nodeValue))"
    )
    return [[int(cell.replace(",", "")) for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("link", "classes", "points"), [("", 2, 500), ("dataset=iris", 3, 150), ("dataset=digits&hidden=8", 10, 1797)]
)
def test_the_confusion_matrix_counts_every_point_once(visit, link, classes, points):
    page = visit(link)
    train(page, 3)
    page.get_by_role("tab", name="Confusion matrix").click()
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_count(classes)
    counted = 0
    for part in ("Training", "Test"):
        matrix = confusion(page, part)
        total = sum(map(sum, matrix))
        right = sum(row[at] for at, row in enumerate(matrix))
        assert right / total == pytest.approx(number(page, f"{part} accuracy"), abs=0.0006)
        counted += total
    assert counted == points


def test_rows_of_the_confusion_matrix_are_the_true_classes(visit):
    page = visit("balance=0.1")
    train(page, 3)
    page.get_by_role("tab", name="Confusion matrix").click()
    sizes = [sum(map(sum, rows)) for rows in zip(confusion(page, "Training"), confusion(page, "Test"), strict=True)]
    assert sizes == [250, 25]


def test_weights_and_gradients_of_every_layer_are_shown_and_follow_the_network(page):
    page.get_by_role("tab", name="Weights and gradients").click()
    for layer in ("hidden 1", "hidden 2", "output"):
        for kind in ("Weights", "Gradients"):
            expect(
                page.get_by_role("img", name=re.compile(rf"^{kind} of {layer}: from .* to .*, most between"))
            ).to_be_visible()
    weights = page.get_by_role("img", name=re.compile("^Weights of hidden 1:"))
    before = weights.inner_html()
    page.get_by_role("button", name="Step", exact=True).click()
    wait_until(page, lambda: weights.inner_html() != before, "other weights after an epoch")
    page.get_by_role("button", name="Remove hidden layer").click()
    expect(page.get_by_role("img", name=re.compile("of hidden 2"))).to_have_count(0)
    expect(page.get_by_role("img", name=re.compile("^Gradients of output: from"))).to_be_visible()


def test_the_saved_history_has_a_row_for_each_epoch_and_the_numbers_of_the_page(page):
    train(page, 7)
    wait_until(page, lambda: len(saved_history(page)) == 8, "all rows")
    rows = saved_history(page)
    assert [float(row["epoch"]) for row in rows] == list(range(8))
    for label, column in {
        "Training loss": "training_loss",
        "Test loss": "test_loss",
        "Training accuracy": "training_accuracy",
        "Test accuracy": "test_accuracy",
    }.items():
        assert float(rows[-1][column]) == pytest.approx(number(page, label), abs=0.0006)
    assert rows[-1]["test_mean_absolute_error"] == ""


def test_another_loss_shows_at_once_and_adds_no_point_to_the_curve(page):
    train(page, 3)
    before = number(page, "Training loss")
    page.get_by_role("combobox", name="Loss", exact=True).select_option(label="Mean squared error")
    wait_until(page, lambda: number(page, "Training loss") != before, "the other loss")
    page.get_by_label("Discretize output").check()
    rows = saved_history(page)
    assert [float(row["epoch"]) for row in rows] == [0, 1, 2, 3]
    assert float(rows[-1]["training_loss"]) == pytest.approx(number(page, "Training loss"), abs=0.0006)


def test_the_curves_are_saved_as_a_drawing_and_as_pixels(page):
    train(page, 5)
    wait_until(page, lambda: len(saved_history(page)) == 6, "all rows")
    path, name = saved(page, "Picture (SVG)")
    assert name.endswith(".svg")
    drawing = ElementTree.fromstring(path.read_text())
    curves = [path for path in drawing.findall(".//{*}path") if path.get("clip-path")]
    assert [len(re.findall("[ML]", curve.get("d"))) for curve in curves] == [6, 6]
    assert {"training", "test", "epoch", "loss"} <= {text.text for text in drawing.findall(".//{*}text")}
    path, name = saved(page, "Picture (PNG)")
    assert name.endswith(".png")
    assert struct.unpack(">8sIIII", path.read_bytes()[:24])[3:] == (1280, 720)
