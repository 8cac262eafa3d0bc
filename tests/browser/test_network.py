"""The network is changed, looked into and kept by hand."""

import csv
import io
import re
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.reading import neuron_map, number, pixels, wait_until


def play(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()


def step(page: Page, epoch: int) -> None:
    """Train one epoch, which is to be number `epoch`."""
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(str(epoch))


def click_edge(page: Page, index: int) -> None:
    """Click an edge where no other is near: in its middle."""
    page.mouse.click(
        *page.locator("path.edge")
        .nth(index)
        .evaluate(
            "path => { const middle = path.getPointAtLength(path.getTotalLength() / 2);"
            " const p = middle.matrixTransform(path.getScreenCTM()); return [p.x, p.y]; }"
        )
    )


def neuron(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def weights_of(page: Page, name: str) -> list[str]:
    """Return what the card of a neuron says: its bias and its weights."""
    neuron(page, name).focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name=name)
    expect(card).to_be_visible()
    values = [field.input_value() for field in card.get_by_role("spinbutton").all()]
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    return values


def saved(page: Page, button: str, choice: str) -> tuple[Download, bytes]:
    """Save a file by a choice of a button's menu; return it and its content."""
    page.get_by_role("button", name=button, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=choice, exact=True).click()
    return download.value, Path(download.value.path()).read_bytes()


def test_an_edited_weight_changes_losses_and_picture_at_once_and_adds_no_row(page):
    step(page, 1)
    loss, boundary = number(page, "Training loss"), page.get_by_role("img", name="Decision boundary")
    before = pixels(boundary)
    click_edge(page, 0)
    card = page.get_by_role("dialog")
    field = card.get_by_label("Weight", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("-4")  # the value was selected, so this takes its place
    page.keyboard.press("Enter")
    wait_until(page, lambda: number(page, "Training loss") != loss, "the loss of the edited network")
    wait_until(page, lambda: pixels(boundary) != before, "the picture of the edited network")
    expect(field).to_have_value("-4")
    expect(card).to_be_visible()
    assert number(page, "Epoch") == 1
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    _, table = saved(page, "Save history", "History as a table (CSV)")
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert float(rows[-1]["training_loss"]) == pytest.approx(number(page, "Training loss"), abs=0.001)


def test_the_bias_of_the_output_is_edited_by_keyboard_alone(page):
    loss = number(page, "Training loss")
    page.get_by_role("button", name="x₁", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(neuron(page, "Output neuron")).to_be_focused()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="Output neuron")
    expect(card.get_by_label("Bias", exact=True)).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    wait_until(page, lambda: number(page, "Training loss") > loss + 0.5, "answers shifted by the bias")
    expect(card.get_by_text(re.compile(r"sigmoid\(.* \+ 3\)"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(neuron(page, "Output neuron")).to_be_focused()


def test_the_mark_of_a_bias_opens_its_field(page):
    box = neuron(page, "Neuron 1 of hidden layer 2").bounding_box()
    assert box
    page.mouse.click(box["x"] + 1, box["y"] + box["height"] - 1)
    card = page.get_by_role("dialog", name="Bias of neuron 1 of hidden layer 2")
    expect(card.get_by_label("Bias", exact=True)).to_have_value("0")


def test_the_field_stays_and_follows_the_training_until_somebody_types(page):
    click_edge(page, 1)
    field = page.get_by_role("dialog").get_by_label("Weight", exact=True)
    seen = field.input_value()
    play(page)  # far from the edge, where the reference's card vanishes
    wait_until(page, lambda: field.input_value() != seen, "the value follows")
    field.press_sequentially("7.")
    epoch = number(page, "Epoch")
    wait_until(page, lambda: number(page, "Epoch") > epoch + 3, "training goes on")
    assert field.evaluate("input => input.validity.badInput || input.value.startsWith('7')")


def test_a_typed_weight_is_taken_while_it_trains(visit):
    page = visit("learning_rate=1e-06")
    play(page)
    click_edge(page, 1)
    field = page.get_by_role("dialog").get_by_label("Weight", exact=True)
    field.fill("2.5")
    field.press("Enter")
    epoch = number(page, "Epoch")
    wait_until(page, lambda: number(page, "Epoch") > epoch + 3, "training goes on")
    assert float(field.input_value()) == pytest.approx(2.5, abs=0.01)


def test_a_weight_beyond_its_range_is_refused_in_its_card_and_stays(page):
    click_edge(page, 0)
    field = page.get_by_role("dialog").get_by_label("Weight", exact=True)
    before = field.input_value()
    field.fill("10000000")
    field.press("Enter")
    sentence = page.get_by_text("must be a number from −1,000,000 to 1,000,000, got 10000000")
    expect(sentence).to_be_visible()
    expect(sentence).to_have_count(1)
    expect(field).to_have_value(before)


def test_a_frozen_weight_is_kept_while_the_others_learn(page):
    neuron(page, "Neuron 2 of hidden layer 1").click()
    card = page.get_by_role("dialog", name="Neuron 2 of hidden layer 1")
    card.get_by_label("Freeze weight of x₁", exact=True).check()
    kept, other = (card.get_by_label(f"Weight of {name}", exact=True) for name in ("x₁", "x₂"))
    kept_before, other_before = kept.input_value(), other.input_value()
    page.keyboard.press("Escape")
    expect(page.get_by_text("partly frozen")).to_be_visible()
    for epoch in range(1, 6):
        step(page, epoch)
    neuron(page, "Neuron 2 of hidden layer 1").click()
    expect(kept).to_have_value(kept_before)
    assert other.input_value() != other_before


def test_a_frozen_layer_is_kept_and_says_so(page):
    page.get_by_role("button", name="Hidden layer 1 settings").click()
    page.get_by_label("Freeze this layer").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Hidden layer 1")).to_contain_text("frozen")
    neurons = page.locator(".node-hidden")
    first, last = neurons.nth(0), neurons.nth(5)
    before = neuron_map(first), neuron_map(last)
    for epoch in range(1, 6):
        step(page, epoch)
    wait_until(page, lambda: neuron_map(last) != before[1], "the other layer learns")
    assert neuron_map(first) == before[0]


def test_a_layer_has_an_activation_and_a_dropout_of_its_own(page):
    page.get_by_role("button", name="Hidden layer 2 settings").click()
    card = page.get_by_role("dialog", name="Hidden layer 2 settings")
    card.get_by_label("Activation of this layer").select_option(label="ReLU")
    page.wait_for_url("**#layer_activations=,relu")
    card.get_by_role("slider", name="Dropout").fill("0.5")
    page.wait_for_url("**#layer_activations=,relu&dropout=0.0,0.5")
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Hidden layer 2")).to_contain_text("ReLU · dropout 50%")
    neuron(page, "Neuron 1 of hidden layer 2").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("ReLU(")
    neuron(page, "Neuron 1 of hidden layer 1").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("tanh(")
    step(page, 1)


def test_any_layer_can_be_removed_and_the_others_keep_what_is_theirs(visit):
    page = visit("hidden=5,4,3,2&layer_activations=,relu,sigmoid&dropout=0.1,0.2,0.3")
    step(page, 1)
    page.get_by_role("button", name="Hidden layer 4 settings").click()
    page.get_by_label("Freeze this layer").check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Hidden layer 4")).to_contain_text("frozen")
    first, last = weights_of(page, "Neuron 2 of hidden layer 1"), weights_of(page, "Neuron 2 of hidden layer 4")
    page.get_by_role("button", name="Hidden layer 2 settings").click()
    page.get_by_role("button", name="Remove this layer").click()
    page.wait_for_url("**#hidden=5,3,2&layer_activations=,sigmoid&dropout=0.1,0.3")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("group", name="Hidden layer 3")).to_contain_text("frozen")
    for layer in (1, 2):
        expect(page.get_by_role("group", name=f"Hidden layer {layer}")).not_to_contain_text("frozen")
    assert weights_of(page, "Neuron 2 of hidden layer 1") == first
    assert weights_of(page, "Neuron 2 of hidden layer 3") == last


def test_the_number_of_neurons_is_typed_and_its_limit_is_told(page):
    field = page.get_by_label("Neurons in hidden layer 1", exact=True)
    field.fill("12")
    field.press("Enter")
    page.wait_for_url("**#hidden=12,2")
    field.fill("65")
    field.press("Enter")
    expect(page.get_by_text(re.compile(r"1 to 64, got 65"))).to_be_visible()
    expect(field).to_have_value("12")


def test_a_typed_formula_is_an_input_that_is_trained_changed_and_removed(visit):
    page = visit("dataset=xor&hidden=&features=x1")
    page.get_by_role("button", name="+ Formula").click()
    page.get_by_label("Input formula", exact=True).fill("x1 * x2 / 5")
    page.keyboard.press("Enter")
    page.wait_for_url("**formulas=x1*x2/5*")
    tile = page.get_by_role("button", name=re.compile("^Formula "))
    expect(tile).to_be_visible()
    play(page)
    wait_until(page, lambda: number(page, "Test accuracy") > 0.9, "XOR is solved by the product alone")
    tile.click()
    page.get_by_label("Input formula", exact=True).fill("sin(x2)")
    page.get_by_role("button", name="Change", exact=True).click()
    page.wait_for_url("**formulas=sin(x2)*")
    page.get_by_role("button", name="Formula sin(x₂)", exact=True).click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.wait_for_url(re.compile(r"^((?!formulas).)*$"))


def test_a_wrong_formula_is_explained_at_its_field_and_changes_nothing(page):
    page.get_by_role("button", name="+ Formula").click()
    field = page.get_by_label("Input formula", exact=True)
    field.fill("sin(x1 * x7)")
    field.press("Enter")
    sentence = page.get_by_text("Unknown name 'x7' at position 10 of a formula")
    expect(sentence).to_be_visible()
    expect(sentence).to_have_count(1)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("sin(x1 * x7)")
    field.fill("")
    page.get_by_role("group", name="Functions").get_by_role("button", name="tanh").click()
    page.keyboard.type("x1")
    expect(field).to_have_value("tanh(x1)")
    page.keyboard.press("Enter")
    page.wait_for_url("**formulas=tanh(x1)*")


def test_all_64_inputs_of_the_digits_can_be_reached_and_switched(visit):
    page = visit("dataset=digits&hidden=16")
    tile = page.get_by_role("button", name="Row 4, column 5", exact=True)
    box = tile.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 18
    tile.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Row 4, column 5")
    tile.click()
    expect(tile).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Row 4, column 6", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Row 5, column 6", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Row 5, column 6", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_label("Network", exact=True)).to_contain_text("1,178 parameters")  # 62·16 + 16 + 16·10 + 10
    page.get_by_role("button", name="One", exact=True).click()
    page.wait_for_url("**columns=0*")
    page.get_by_role("button", name="All", exact=True).click()
    expect(tile).to_have_attribute("aria-pressed", "true")
    step(page, 1)


def test_a_weight_of_the_largest_network_can_be_edited(visit):
    page = visit("hidden=" + ",".join(["64"] * 8))
    page.get_by_role("button", name="Neuron 64 of hidden layer 8", exact=True).focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("dialog").get_by_label("Weight of a₆₄", exact=True)
    field.fill("0.75")
    field.press("Enter")
    expect(field).to_have_value("0.75")


def test_discrete_maps_of_relu_neurons_show_where_they_are_on(visit):
    page = visit("hidden=4&activation=relu")
    first = page.locator(".node-hidden").first
    assert len(set(neuron_map(first))) > 10
    page.get_by_label("Discretize output").check()
    wait_until(page, lambda: len(set(neuron_map(first))) == 2, "on and off")


def test_the_notes_of_the_first_visit_go_once_they_are_followed(page):
    note = page.get_by_text("This is what one neuron answers")
    expect(note).to_be_visible()
    neuron(page, "Neuron 1 of hidden layer 1").hover()
    expect(note).to_have_count(0)
    expect(page.get_by_text("Lines are weights")).to_be_visible()
    click_edge(page, 0)
    expect(page.get_by_text("Lines are weights")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()
    expect(page.get_by_text("This is what one neuron answers")).to_have_count(0)


def test_the_tooltip_does_not_cover_the_notes_of_the_first_visit(page):
    note = page.get_by_text("Lines are weights")
    for name in ("Neuron 1 of hidden layer 1", "Neuron 1 of hidden layer 2", "Output neuron"):
        neuron(page, name).hover()
        tooltip = page.get_by_role("tooltip")
        expect(tooltip).to_contain_text(name)
        covered, box = note.bounding_box(), tooltip.bounding_box()
        assert covered
        assert box
        apart_across = box["x"] + box["width"] <= covered["x"] or covered["x"] + covered["width"] <= box["x"]
        apart_up = box["y"] + box["height"] <= covered["y"] or covered["y"] + covered["height"] <= box["y"]
        assert apart_across or apart_up, name


def test_an_input_that_is_not_fed_is_shown_large_at_the_pointer(page):
    boundary = page.get_by_role("img", name="Decision boundary")
    expect(page.get_by_text("Not trained yet").first).to_be_visible()
    before = pixels(boundary)
    neuron(page, "x₁x₂").hover()
    expect(page.get_by_role("heading", name="Input x₁x₂")).to_be_visible()
    wait_until(page, lambda: pixels(boundary) != before, "the input's map")
    expect(neuron(page, "x₁x₂")).to_have_attribute("aria-pressed", "false")
    page.mouse.move(5, 5)
    expect(page.get_by_role("heading", name="Output")).to_be_visible()
    wait_until(page, lambda: pixels(boundary) == before, "the output again")


def test_a_formula_can_take_the_place_of_the_only_measurement(visit):
    page = visit("dataset=sine&formulas=x1*x1")
    neuron(page, "x₁").click()
    expect(neuron(page, "x₁")).to_have_attribute("aria-pressed", "false")
    step(page, 1)


def test_the_last_input_stays_and_says_why(visit):
    page = visit("dataset=sine")
    neuron(page, "x₁").click()
    expect(page.get_by_role("region", name="Network").get_by_text("at least one input")).to_be_visible()
    expect(neuron(page, "x₁")).to_have_attribute("aria-pressed", "true")


def test_the_network_is_saved_as_an_svg_with_each_edge_and_map(page):
    download, content = saved(page, "Save network picture", "Picture (SVG)")
    assert download.suggested_filename == "moons-network-epoch-0.svg"
    root = ElementTree.parse(io.BytesIO(content)).getroot()
    svg = "{http://www.w3.org/2000/svg}"
    strokes = [path for path in root.iter(f"{svg}path") if path.get("stroke", "none") != "none"]
    assert len(strokes) >= 4 * 2 + 4 * 2 + 2
    assert len(list(root.iter(f"{svg}image"))) == 9 + 4 + 2 + 1
    assert "4 neurons" in "".join(root.itertext())


def test_the_network_is_saved_as_a_png_at_twice_its_size(page):
    _, content = saved(page, "Save network picture", "Picture (PNG)")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, _ = struct.unpack(">II", content[16:24])
    assert width >= 2 * page.locator(".network-stage").evaluate("stage => stage.clientWidth")


def test_a_phone_can_edit_a_weight_too(visit):
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    neuron(page, "Neuron 1 of hidden layer 1").tap()
    card = page.get_by_role("dialog")
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    card.get_by_label("Bias", exact=True).fill("1")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("+ 1)")
