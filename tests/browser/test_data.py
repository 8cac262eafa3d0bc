"""The data panel: which points the network learns from."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import ndimage

from playground.data import DATASETS
from tests.browser.reading import number, pixels, wait_until

DRAWN = [entry for entry in DATASETS if entry.name != "blank"]


def boundary(page: Page):
    return page.get_by_role("img", name="Decision boundary")


def open_fold(page: Page) -> None:
    page.get_by_text("More about the data").click()


# A copy, because browsers complain when a canvas that is drawn on is read often.
COPY = (
    "const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });"
    "copy.drawImage(canvas, 0, 0);"
    "const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);"
)


def points_canvas(page: Page):
    return boundary(page).locator("canvas").nth(1)


def places_of_points(page: Page) -> np.ndarray:
    """Return where points are drawn, in pixels of the picture, (points, 2)."""
    size, opaque = points_canvas(page).evaluate(
        "canvas => {" + COPY + "const found = [];"
        " for (let at = 3; at < data.length; at += 4) if (data[at] > 200) found.push(at >> 2);"
        " return [[height, width], found]; }"
    )
    mask = np.zeros(size, dtype=bool)
    mask.flat[opaque] = True
    labels, count = ndimage.label(mask)
    return np.array(ndimage.center_of_mass(mask, labels, range(1, count + 1)))


@pytest.mark.parametrize("entry", DRAWN, ids=lambda entry: entry.name)
def test_every_data_set_is_chosen_by_its_picture_and_trained(visit, entry):
    page = visit("dataset=circles" if entry.name == "moons" else "")
    radio = page.get_by_role("radiogroup", name="Data set").get_by_role("radio", name=entry.label, exact=True)
    radio.check()
    expect(radio).to_be_checked()
    expect(page.get_by_role("radiogroup", name="Data set").get_by_role("radio", checked=True)).to_have_count(1)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    assert np.isfinite(number(page, "Training loss"))


def test_ones_own_points_are_a_data_set_without_points(page):
    page.get_by_role("radio", name="Your own points", exact=True).check()
    page.wait_for_url("**#dataset=blank")
    expect(page.get_by_role("radio", name="Your own points", exact=True)).to_be_checked()
    points = page.get_by_role("spinbutton", name="Points", exact=True)
    expect(points).to_be_disabled()
    expect(points).to_have_value("0")


def test_all_data_sets_are_in_sight(page):
    for radio in page.get_by_role("radiogroup", name="Data set").get_by_role("radio").all():
        if radio.is_visible():
            expect(radio).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Your own table…")).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("More about the data")).to_be_in_viewport(ratio=1)


def test_a_tile_is_the_same_way_up_as_the_picture(page):
    page.get_by_role("radio", name="Gaussians", exact=True).check()
    page.wait_for_url("**#dataset=gaussians")
    center_of_blue = (
        "canvas => {" + COPY + "let [x, y, count] = [0, 0, 0];"
        " for (let at = 0; at < data.length; at += 4) {"
        "   if (data[at + 3] < 200 || data[at + 2] < data[at] + 60) continue;"
        "   x += (at / 4) % width; y += Math.floor(at / 4 / width); count++; }"
        " return [x / count / width, y / count / height]; }"
    )
    tile = page.locator("label", has_text="Gaussians").locator("canvas")
    wait_until(page, lambda: len(places_of_points(page)) > 20, "points")
    plotted = points_canvas(page).evaluate(center_of_blue)
    assert tile.evaluate(center_of_blue) == pytest.approx(plotted, abs=0.06)
    assert plotted[0] > 0.6
    assert plotted[1] < 0.4


def test_more_noise_moves_the_same_points_further(visit):
    places = {}
    for noise in (0, 0.1, 0.2):
        page = visit(f"samples=10&train_share=0.9&noise={noise}")
        wait_until(page, lambda page=page: len(places_of_points(page)) == 9, "nine points")
        places[noise] = places_of_points(page)
    # Each point goes on in its direction: from where it is without noise, as far again.
    lines = 2 * places[0.1][:, np.newaxis] - places[0]  # (at 0.1, at 0, 2)
    ends = np.linalg.norm(lines[:, :, np.newaxis] - places[0.2], axis=3)  # (at 0.1, at 0, at 0.2)
    assert (ends.min(axis=(1, 2)) < 3).all()
    assert not np.allclose(places[0], places[0.1], atol=3)


@pytest.mark.parametrize(
    ("label", "value", "link"),
    [
        ("Class balance", "0.2", "balance=0.2"),
        ("Label flips", "0.3", "label_flips=0.3"),
        ("Outliers", "0.2", "outliers=0.2"),
    ],
)
def test_faults_change_the_points_and_are_in_the_link(page, label, value, link):
    open_fold(page)
    before = pixels(boundary(page))
    page.get_by_label(label, exact=True).fill(value)
    page.wait_for_url(f"**#{link}")
    wait_until(page, lambda: pixels(boundary(page)) != before, "other points")
    faulty = pixels(boundary(page))
    page.get_by_label(label, exact=True).fill("1" if label == "Class balance" else "0")
    wait_until(page, lambda: pixels(boundary(page)) == before, "the points as they were")
    assert faulty != before


@pytest.mark.parametrize(
    ("dataset", "labels", "reason"),
    [
        ("iris", ["Noise", "Points"], "Iris is measured data"),
        ("plane", ["Class balance", "Label flips"], "there are no classes"),
    ],
)
def test_what_makes_no_sense_is_disabled_and_says_why(visit, dataset, labels, reason):
    page = visit(f"dataset={dataset}")
    open_fold(page)
    for label in labels:
        field = page.locator("input").and_(page.get_by_label(label, exact=True))
        expect(field).to_be_disabled()
        expect(field).to_have_accessible_description(re.compile(reason))
    expect(page.get_by_label("Outliers", exact=True)).to_be_enabled()


def test_the_number_of_blobs_is_chosen_beside_them(page):
    expect(page.get_by_label("Classes", exact=True)).to_have_count(0)
    page.get_by_role("radio", name="Blobs", exact=True).check()
    page.get_by_label("Classes", exact=True).fill("6")
    page.wait_for_url("**#dataset=blobs&dataset.classes=6")
    expect(page.get_by_text("Class F").first).to_be_visible()


def test_each_seed_is_seen_and_has_a_button_for_a_new_one(page):
    open_fold(page)
    before = pixels(boundary(page))
    for label, link in (("Data seed", "data_seed=2"), ("Split seed", "data_seed=2&split_seed=2")):
        expect(page.get_by_label(label, exact=True)).to_have_value("1")
        page.get_by_role("button", name=f"New {label.lower()}", exact=True).click()
        page.wait_for_url(f"**#{link}")
        expect(page.get_by_label(label, exact=True)).to_have_value("2")
        wait_until(page, lambda before=before: pixels(boundary(page)) != before, "other points")
        before = pixels(boundary(page))
    page.get_by_role("button", name="New points", exact=True).click()
    expect(page.get_by_label("Data seed", exact=True)).to_have_value("3")


def test_a_refused_seed_says_why_at_its_field(page):
    open_fold(page)
    field = page.get_by_label("Data seed", exact=True)
    field.fill("-3")
    field.press("Enter")
    expect(page.get_by_text("Data seed must be a whole number from 0 to 2,147,483,647, got -3.")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")


def test_the_data_sets_scroll_where_the_fields_take_their_room(visit):
    page = visit("dataset=step", viewport={"width": 1400, "height": 760})
    open_fold(page)
    expect(page.get_by_role("button", name="New split seed")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("radio", name="Jump")).to_be_in_viewport(ratio=0.5)
    page.get_by_role("radio", name="Moons").check()
    page.wait_for_url(lambda url: "dataset" not in url)
