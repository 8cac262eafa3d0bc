"""Runs that are kept in the browser: saved, listed, opened, compared, exported, imported, deleted."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from playground.runs.saved import MAX_BYTES
from tests.browser.reading import expect_epoch, number, pixels, wait_until

LOSSES = ("Training loss", "Test loss")


def train(page, epochs):
    before = int(number(page, "Epoch"))
    for _ in range(epochs):
        page.get_by_role("button", name="Step", exact=True).click()
    expect_epoch(page, before + epochs)


def shown_losses(page):
    return [number(page, label) for label in LOSSES]


def change(page, label, choice):
    page.get_by_role("combobox", name=label, exact=True).select_option(label=choice)
    expect(page).to_have_url(re.compile("#"))


def open_panel(page):
    page.get_by_role("button", name="Runs", exact=True).click()
    panel = page.get_by_role("dialog", name="Saved runs")
    expect(panel).to_be_visible()
    return panel


def save(panel, name=None):
    if name is not None:
        panel.get_by_label("Keep the present run as").fill(name)
    name = panel.get_by_label("Keep the present run as").input_value()
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text(f"“{name}” is saved.")
    return panel.get_by_role("listitem").filter(has=panel.page.get_by_role("heading", name=name, exact=True))


def names(panel):
    return panel.get_by_role("list", name="Saved runs").get_by_role("heading").all_inner_texts()


def exported(panel, name):
    with panel.page.expect_download() as download:
        panel.get_by_role("button", name=f"Export {name}", exact=True).click()
    return Path(download.value.path()), download.value.suggested_filename


def bring(panel, *files):
    with panel.page.expect_file_chooser() as chooser:
        panel.get_by_role("button", name="Import…").click()
    chooser.value.set_files(list(files))


def legend(page):
    return page.get_by_role("list", name="Compared runs").get_by_role("listitem")


def test_an_empty_list_says_what_saving_is_good_for(page):
    panel = open_panel(page)
    expect(panel.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(panel.get_by_label("Keep the present run as")).to_have_value("Moons 4-2")
    expect(panel.get_by_label("Keep the present run as")).to_be_focused()


def test_a_saved_run_tells_its_numbers_and_what_differs_from_the_present_one(page):
    train(page, 3)
    panel = open_panel(page)
    entry = save(panel, "Slow start")
    expect(entry.get_by_text("The same settings as the present run")).to_be_visible()
    expect(entry.get_by_text(re.compile(r"^Moons · 3 epochs · "))).to_be_visible()
    expect(entry.locator("img")).to_have_js_property("complete", True)
    assert entry.locator("img").evaluate("image => image.naturalWidth") > 0
    rows = entry.get_by_role("row")
    losses = [page.get_by_label(label, exact=True).inner_text() for label in LOSSES]
    expect(rows.filter(has_text="Loss").get_by_role("cell")).to_have_text(losses)
    change(page, "Learning rate", "0.03")
    expect(entry.get_by_text("Learning rate 0.1, not 0.03")).to_be_visible()


def test_a_name_is_given_once_only(page):
    panel = open_panel(page)
    save(panel, "First")
    expect(panel.get_by_label("Keep the present run as")).to_have_value("Moons 4-2")
    panel.get_by_label("Keep the present run as").fill("First")
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("alert").filter(has_text="There is a run named “First” already")).to_be_visible()
    panel.get_by_label("Keep the present run as").fill("  ")
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("alert").filter(has_text="Give the run a name.")).to_be_visible()
    assert names(panel) == ["First"]


def test_an_opened_run_is_where_it_was_and_goes_on_as_it_would_have(page):
    train(page, 4)
    panel = open_panel(page)
    save(panel, "Four")
    before = shown_losses(page)
    train(page, 3)
    later = shown_losses(page)
    save(panel, "Seven")
    panel.get_by_role("button", name="Open Four", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text("“Four” is open.")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("4")
    wait_until(page, lambda: shown_losses(page) == before, "the losses as they were")
    train(page, 3)
    wait_until(page, lambda: shown_losses(page) == later, "the losses as without a break")
    assert names(panel) == ["Seven", "Four"]


def test_a_trained_run_that_is_not_saved_is_kept_before_another_is_opened(page):
    panel = open_panel(page)
    save(panel, "Start")
    change(page, "Activation", "ReLU")
    train(page, 2)
    losses = shown_losses(page)
    panel.get_by_role("button", name="Open Start", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text(
        "“Start” is open. What was here before is kept as “Before opening Start”."
    )
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    assert names(panel) == ["Before opening Start", "Start"]
    panel.get_by_role("button", name="Open Before opening Start", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("2")
    expect(page.get_by_role("combobox", name="Activation", exact=True)).to_have_value("ReLU")
    wait_until(page, lambda: shown_losses(page) == losses, "the losses that were kept")
    assert names(panel) == ["Before opening Start", "Start"]


def test_runs_are_there_after_a_reload_and_what_is_compared_too(page):
    train(page, 3)
    panel = open_panel(page)
    save(panel, "Kept")
    panel.get_by_role("button", name="Compare Kept", exact=True).click()
    expect(legend(page)).to_have_text([re.compile("^Kept")])
    page.reload()
    expect(legend(page)).to_have_text([re.compile("^Kept")])
    panel = open_panel(page)
    assert names(panel) == ["Kept"]
    expect(panel.get_by_role("button", name="Compare Kept", exact=True)).to_have_attribute("aria-pressed", "true")


def test_compared_curves_are_drawn_and_read_by_pointer_and_by_keyboard(page):
    train(page, 6)
    test_loss = page.get_by_label("Test loss", exact=True).inner_text()
    panel = open_panel(page)
    save(panel, "Six")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    chart = page.get_by_role("img", name="Loss chart")
    alone = pixels(chart)
    panel.get_by_role("button", name="Compare Six", exact=True).click()
    wait_until(page, lambda: pixels(chart) != alone, "another curve")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    chart.focus()
    page.keyboard.press("End")
    charts = page.get_by_role("tabpanel", name="Loss")
    expect(charts.get_by_text("epoch 6", exact=True)).to_be_visible()
    expect(legend(page)).to_have_text([re.compile(rf"^Six\s*{re.escape(test_loss)}")])
    expect(charts.get_by_text(f"Epoch 6: training –, test –. Six: {test_loss}")).to_be_attached()
    page.keyboard.press("ArrowLeft")
    expect(charts.get_by_text("epoch 5", exact=True)).to_be_visible()
    page.get_by_role("button", name="No longer compare Six").click()
    expect(page.get_by_role("list", name="Compared runs")).to_be_hidden()
    wait_until(page, lambda: pixels(chart) != "", "a chart")


def test_a_saved_picture_of_the_chart_has_the_compared_curves_and_their_names(page):
    train(page, 3)
    panel = open_panel(page)
    save(panel, "A <b>bold</b> name")
    panel.get_by_role("button", name="Compare A <b>bold</b> name", exact=True).click()
    expect(legend(page)).to_have_count(1)
    train(page, 2)
    page.get_by_role("button", name="Save history", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture (SVG)", exact=True).click()
    drawing = ElementTree.parse(download.value.path())
    curves = [path for path in drawing.iterfind(".//{*}path") if path.get("clip-path")]
    assert [len(re.findall("[ML]", curve.get("d"))) for curve in curves] == [4, 4, 6, 6]
    assert "A <b>bold</b> name" in [text.text for text in drawing.iterfind(".//{*}text")]


def test_a_regression_is_compared_by_its_loss_but_not_by_its_r_squared(visit):
    page = visit("dataset=plane")
    train(page, 2)
    panel = open_panel(page)
    save(panel, "Plane")
    panel.get_by_role("button", name="Compare Plane", exact=True).click()
    page.get_by_role("tab", name="R²").click()
    expect(legend(page)).to_have_text([re.compile("^Plane")])
    page.keyboard.press("Escape")
    panel.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("radio", name="Moons", exact=True).check()
    page.get_by_role("tab", name="Accuracy").click()
    expect(legend(page)).to_have_count(0)
    page.get_by_role("tab", name="Loss").click()
    expect(legend(page)).to_have_text([re.compile("^Plane")])


def test_eight_runs_are_compared_and_a_ninth_is_refused(page):
    panel = open_panel(page)
    for run in range(9):
        save(panel, f"Run {run}")
    for run in range(8):
        button = panel.get_by_role("button", name=f"Compare Run {run}", exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    ninth = panel.get_by_role("button", name="Compare Run 8", exact=True)
    ninth.click()
    expect(panel.get_by_role("alert").filter(has_text="8 runs are compared already")).to_be_visible()
    expect(ninth).to_have_attribute("aria-pressed", "false")
    expect(legend(page)).to_have_count(8)
    panel.get_by_role("button", name="Compare Run 3", exact=True).click()
    expect(legend(page)).to_have_count(7)
    ninth.click()
    expect(legend(page)).to_have_count(8)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_run_is_renamed_in_its_place_by_keyboard(page):
    panel = open_panel(page)
    save(panel, "Old")
    save(panel, "Other")
    panel.get_by_role("button", name="Compare Old", exact=True).click()
    panel.get_by_role("button", name="Rename Old", exact=True).click()
    field = panel.get_by_label("New name of Old")
    expect(field).to_be_focused()
    page.keyboard.type("Other")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("alert").filter(has_text="There is a run named “Other” already")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel.get_by_role("button", name="Rename Old", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("<b>New</b>")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Rename <b>New</b>", exact=True)).to_be_focused()
    assert names(panel) == ["Other", "<b>New</b>"]
    expect(legend(page)).to_have_text([re.compile("^<b>New</b>")])


def test_a_deleted_run_comes_back_with_undo(page):
    train(page, 2)
    panel = open_panel(page)
    save(panel, "Precious")
    panel.get_by_role("button", name="Compare Precious", exact=True).click()
    panel.get_by_role("button", name="Delete Precious", exact=True).click()
    expect(panel.get_by_role("status")).to_have_text("“Precious” is deleted.")
    expect(panel.get_by_text("Nothing is saved yet.")).to_be_visible()
    expect(legend(page)).to_have_count(0)
    expect(panel.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Open Precious", exact=True)).to_be_focused()
    expect(legend(page)).to_have_count(1)
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    panel.get_by_role("button", name="Open Precious", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("2")


def test_a_run_goes_from_one_browser_to_another_as_a_file(visit):
    page = visit("dataset=iris&hidden=5")
    train(page, 3)
    losses = shown_losses(page)
    panel = open_panel(page)
    save(panel, "For Bob")
    path, name = exported(panel, "For Bob")
    assert name == "run-for-bob.json"
    other = visit()
    panel = open_panel(other)
    bring(panel, {"name": name, "mimeType": "application/json", "buffer": path.read_bytes()})
    expect(panel.get_by_role("status")).to_have_text("“run-for-bob” is open.")
    expect(other.get_by_role("radio", name="Iris", exact=True)).to_be_checked()
    expect(other.get_by_label("Epoch", exact=True)).to_have_text("3")
    wait_until(other, lambda: shown_losses(other) == losses, "the same losses")
    assert names(panel) == ["For Bob"]
    again, _ = exported(panel, "For Bob")
    assert json.loads(again.read_bytes()) == json.loads(path.read_bytes())


def damaged(text):
    document = json.loads(text)
    document["checkpoint"]["now"]["epoch"] += 1
    return json.dumps(document)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (damaged, "damaged, or was changed"),
        (lambda text: text[:-50], "damaged|not a run"),
        (lambda text: '{"cells": []}', "not a run"),
        (lambda text: "x1,x2\n1,2\n", "not a run|damaged"),
        (lambda text: "", "not a run|damaged"),
        (lambda text: text.replace('"version":1', '"version":2'), "newer version"),
        (lambda text: " " * 8_000_001, "at most 8 MB"),
    ],
    ids=["changed", "cut", "foreign", "table", "empty", "newer", "large"],
)
def test_a_file_that_is_no_sound_run_is_refused_with_a_sentence_and_nothing_is_lost(page, spoil, sentence):
    train(page, 2)
    losses = shown_losses(page)
    panel = open_panel(page)
    save(panel, "Good")
    path, _ = exported(panel, "Good")
    train(page, 1)
    losses = shown_losses(page)
    file = {"name": "theirs.json", "mimeType": "application/json", "buffer": spoil(path.read_text()).encode()}
    bring(panel, file)
    expect(panel.get_by_role("alert").filter(has_text=re.compile(f"^theirs.json: .*({sentence})"))).to_be_visible()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("3")
    assert shown_losses(page) == losses
    assert names(panel) == ["Good"]


def test_the_page_refuses_as_large_a_file_as_the_server():
    panel = Path(__file__).parents[2] / "static/js/views/runs/panel.js"
    assert f"MAX_BYTES = {MAX_BYTES:_};" in panel.read_text(encoding="utf-8")


def test_a_file_is_dropped_on_the_panel_and_not_taken_for_a_table(page):
    train(page, 1)
    panel = open_panel(page)
    save(panel, "Dropped")
    path, name = exported(panel, "Dropped")
    panel.get_by_role("button", name="Delete Dropped", exact=True).click()
    expect(panel.get_by_text("Nothing is saved yet.")).to_be_visible()
    dropped = page.evaluate_handle(
        "([text, name]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; }",
        [path.read_text(), name],
    )
    for kind in ("dragenter", "dragover", "drop"):
        panel.dispatch_event(kind, {"dataTransfer": dropped})
    expect(panel.get_by_role("heading", name="Dropped", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_where_the_browser_keeps_nothing_runs_last_for_the_visit(visit):
    blocked = "delete window.indexedDB; Object.defineProperty(window, 'indexedDB', {get() { throw new Error('no'); }});"
    page = visit(prepare=lambda page: page.add_init_script(blocked))
    train(page, 2)
    panel = open_panel(page)
    expect(panel.get_by_text("This browser keeps nothing for this page")).to_be_visible()
    save(panel, "Passing")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    panel.get_by_role("button", name="Open Passing", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("2")
    path, _ = exported(panel, "Passing")
    assert json.loads(path.read_bytes())["name"] == "Passing"


def test_a_full_browser_says_so_and_the_list_stays(visit):
    full = """
        const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (value, key) {
            if (typeof value === 'string') {
                this.transaction.abort();
                throw new DOMException('', 'QuotaExceededError');
            }
            return put.call(this, value, key);
        };
    """
    page = visit(prepare=lambda page: page.add_init_script(full))
    panel = open_panel(page)
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_role("alert").filter(has_text="There is no room left")).to_be_visible()
    expect(panel.get_by_text("Nothing is saved yet.")).to_be_visible()


def test_the_panel_is_opened_and_left_by_keyboard_and_fits_a_phone(visit):
    page = visit(viewport={"width": 390, "height": 844})
    button = page.get_by_role("button", name="Runs", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Saved runs")
    expect(panel).to_be_in_viewport(ratio=1)
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")  # in the name's field
    expect(panel.get_by_role("heading", name="Moons 4-2", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(button).to_be_focused()
