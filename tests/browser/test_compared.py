"""What people know from TensorFlow Playground, where docs/compared.md names no other test of it."""

import re

import pytest
from playwright.sync_api import Page, expect

from playground.training import Trainer, links
from tests.browser.reading import number, pixels, wait_until

THEIR_ALGORITHM = (
    "dataset=circle&noise=0&output_activation=tanh&initializer=tf_playground&bias=0.1&loss=half_squared_error"
    "&learning_rate=0.03&shuffle=false"
)


def unfold(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def offered(page: Page, label: str) -> list[str]:
    return page.get_by_role("combobox", name=label, exact=True).get_by_role("option").all_inner_texts()


def middle_of_edge(page: Page, index: int) -> tuple[float, float]:
    x, y = (
        page.locator("path.edge")
        .nth(index)
        .evaluate(
            "path => { const middle = path.getPointAtLength(path.getTotalLength() / 2);"
            " const p = middle.matrixTransform(path.getScreenCTM()); return [p.x, p.y]; }"
        )
    )
    return x, y


def look_of_edge(page: Page, index: int) -> tuple[float, list[int]]:
    """Return width and colour (red, green, blue) of an edge."""
    width, colour = (
        page.locator("path.edge")
        .nth(index)
        .evaluate(
            "path => { const style = getComputedStyle(path); return [parseFloat(style.strokeWidth), style.stroke]; }"
        )
    )
    return width, [int(part) for part in re.findall(r"\d+", colour)[:3]]


@pytest.mark.parametrize(
    ("label", "theirs"),
    [
        ("Learning rate", "0.00001 0.0001 0.001 0.003 0.01 0.03 0.1 0.3 1 3 10"),
        ("Activation", "ReLU Tanh Sigmoid Linear"),
        ("Regularization", "None L1 L2"),
        ("Regularization rate", "0 0.001 0.003 0.01 0.03 0.1 0.3 1 3 10"),
    ],
)
def test_every_choice_of_tensorflow_playground_is_offered(page, label, theirs):
    assert set(theirs.split()) <= set(offered(page, label))


@pytest.mark.parametrize(
    ("label", "lowest", "highest", "step"), [("Noise", 0, 0.8, 0.05), ("Training share", 0.1, 0.9, 0.1)]
)
def test_a_slider_reaches_every_place_of_tensorflow_playgrounds(page, label, lowest, highest, step):
    slider = page.get_by_role("slider", name=label, exact=True)
    ours = [float(slider.get_attribute(name)) for name in ("min", "max", "step")]
    assert ours[:2] == [lowest, highest]
    assert step / ours[2] == pytest.approx(round(step / ours[2]))


@pytest.mark.parametrize("size", [1, 7, 30])
def test_a_batch_may_have_any_size_of_tensorflow_playgrounds(visit, size):
    page = visit(f"batch_size={size}")
    field = page.get_by_role("combobox", name="Batch size", exact=True)
    assert field.evaluate("select => select.options[select.selectedIndex].text") == str(size)


def test_their_largest_network_with_all_their_features_is_built_with_buttons(page):
    for feature in ("x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"):
        page.get_by_role("button", name=feature, exact=True).click()
    for _ in range(4):
        page.get_by_role("button", name="Add hidden layer", exact=True).click()
    page.wait_for_url(re.compile(r"hidden=4,2(,\d){4}$"))
    for layer in range(1, 7):
        units = page.get_by_label(f"Neurons in hidden layer {layer}", exact=True)
        while int(units.input_value()) < 8:
            before = units.input_value()
            page.get_by_role("button", name=f"Add neuron to hidden layer {layer}", exact=True).click()
            expect(units).not_to_have_value(before)
    page.wait_for_url("**hidden=8,8,8,8,8,8")
    expect(page.get_by_label("Network", exact=True)).to_contain_text("433 parameters")  # 7·8 + 5·64 + 8 + 49 biases
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


@pytest.mark.parametrize("epochs", [1, 10])
def test_a_link_with_their_algorithm_trains_as_the_same_config_in_a_script(visit, epochs):
    page = visit(THEIR_ALGORITHM)
    unfold(page, "Initial weights and seeds")
    for label, choice in (("Output activation", "Tanh"), ("Initial weights", "TensorFlow Playground's")):
        field = page.get_by_role("combobox", name=label, exact=True)
        assert field.evaluate("select => select.options[select.selectedIndex].text") == choice
    for _ in range(epochs):
        page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(str(epochs))
    link = links.read(THEIR_ALGORITHM)
    assert not link.unclear
    trainer = Trainer(link.config)
    for _ in range(epochs):
        trainer.train_epoch()
    losses = trainer.losses()
    wait_until(
        page,
        lambda: number(page, "Training loss") == pytest.approx(losses.training_loss, abs=0.0006),
        f"the training loss {losses.training_loss}",
    )
    assert number(page, "Test loss") == pytest.approx(losses.test_loss, abs=0.0006)


def test_a_neuron_at_the_pointer_is_shown_large_until_the_pointer_leaves(page):
    surface = page.locator(".output-surface")
    output = pixels(surface)
    for name, title in (("Neuron 1 of hidden layer 1", "Layer 1, neuron 1"), ("x₁", "Input x₁")):
        page.get_by_role("button", name=name, exact=True).hover()
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        wait_until(page, lambda: pixels(surface) != output, f"the map of {title}")
        page.mouse.move(5, 5)
        expect(page.get_by_role("heading", name="Output", exact=True)).to_be_visible()
        wait_until(page, lambda: pixels(surface) == output, "the output again")


def test_an_edges_width_is_the_size_of_its_weight_and_its_colour_the_sign(page):
    looks = {}
    for index, weight in ((0, "5"), (1, "-5"), (3, "0.01")):
        page.mouse.click(*middle_of_edge(page, index))
        field = page.get_by_role("dialog").get_by_label("Weight", exact=True)
        field.fill(weight)
        field.press("Enter")
        expect(field).to_have_value(weight)
        page.keyboard.press("Escape")
        wait_until(page, lambda i=index, w=weight: (look_of_edge(page, i)[0] > 4) == (abs(float(w)) > 1), "its width")
        looks[weight] = look_of_edge(page, index)
    assert looks["5"][0] == looks["-5"][0] > 3 * looks["0.01"][0]
    red, _, blue = looks["5"][1]
    assert blue > red + 60
    red, _, blue = looks["-5"][1]
    assert red > blue + 60


def between_layers(page: Page) -> list[int]:
    """Return how opaque the network's canvas is in a strip between inputs and first hidden layer, pixel by pixel."""
    x, _ = middle_of_edge(page, 0)
    return page.locator(".network-stage > canvas").first.evaluate(
        "(canvas, x) => { const left = Math.round((x - canvas.getBoundingClientRect().left) * devicePixelRatio);"
        " const copy = new OffscreenCanvas(40, canvas.height).getContext('2d');"
        " copy.drawImage(canvas, 20 - left, 0);"
        " return [...copy.getImageData(0, 0, 40, canvas.height).data].filter((_, at) => at % 4 === 3); }",
        x,
    )


def test_edges_flow_while_it_trains_and_rest_while_it_does_not(page):
    assert not any(between_layers(page))
    page.get_by_role("button", name="Play", exact=True).click()
    for _ in range(2):
        before = between_layers(page)
        wait_until(page, lambda before=before: any(between_layers(page)) and between_layers(page) != before, "dashes")
    page.get_by_role("button", name="Pause", exact=True).click()
    wait_until(page, lambda: not any(between_layers(page)), "edges at rest")


def test_new_points_keep_the_network_and_show_what_it_is_worth_on_them_at_once(page):
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Test accuracy") > 0.9, "a trained network")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    epoch, loss = page.get_by_label("Epoch", exact=True).inner_text(), number(page, "Test loss")
    page.get_by_role("button", name="New points", exact=True).click()
    wait_until(page, lambda: number(page, "Test loss") != loss, "the loss on other points")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(epoch)
    assert number(page, "Test accuracy") > 0.9


def test_other_points_neither_pause_the_training_nor_start_it_over(page):
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") > 5, "a few epochs")
    for label, value, link in (("Noise", "0.3", "noise=0.3"), ("Training share", "0.7", "train_share=0.7")):
        before = number(page, "Epoch")
        page.get_by_role("slider", name=label, exact=True).fill(value)
        page.wait_for_url(f"**{link}*")
        wait_until(page, lambda before=before: number(page, "Epoch") > before, "training goes on")
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_every_setting_explains_itself(page):
    helps = {
        "Learning rate": "how far each update",
        "Activation": "each hidden neuron",
        "Regularization": "large weights",
        "Regularization rate": "large weights",
        "Batch size": "each update looks at",
        "Noise": "at random",
        "Training share": "the network learns from",
    }
    for label, words in helps.items():
        field = page.get_by_label(label, exact=True).and_(page.locator("select, input"))
        expect(field).to_have_accessible_description(re.compile(words, re.IGNORECASE))


def test_the_colours_of_values_and_of_classes_are_explained(page):
    expect(page.get_by_title("The colours of weights, biases and of what neurons answer")).to_be_visible()
    legend = page.locator(".output-legend")
    expect(legend.get_by_text("Class A")).to_be_visible()
    expect(legend.get_by_text("Class B")).to_be_visible()
