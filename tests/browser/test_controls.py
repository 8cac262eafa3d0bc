import re

import pytest
from playwright.sync_api import Locator, expect

from playground.data import DATASETS
from tests.browser.reading import number, pixels, wait_until


def test_step_trains_one_epoch_and_reset_goes_back(page):
    boundary = page.get_by_role("img", name="Decision boundary")
    first = pixels(boundary)
    for epoch in (1, 2, 3):
        page.get_by_role("button", name="Step").click()
        expect(page.get_by_label("Epoch", exact=True)).to_have_text(str(epoch))
    assert pixels(boundary) != first
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    wait_until(page, lambda: pixels(boundary) == first, "the very first picture")


def test_pause_stops_where_it_is(page):
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") > 3, "a few epochs")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stopped = number(page, "Epoch")
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(re.compile(f"^{stopped + 1:.0f}$"))


@pytest.mark.parametrize("entry", [e for e in DATASETS if e.name != "blank"], ids=lambda entry: entry.name)
def test_every_data_set_is_a_picture_that_can_be_chosen_and_trained(visit, entry):
    page = visit()
    boundary = page.get_by_role("img", name="Decision boundary")
    page.get_by_role("radio", name=entry.label, exact=True).check()
    expect(page.get_by_role("radio", name=entry.label, exact=True)).to_be_checked()
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    before = pixels(boundary)
    page.get_by_role("button", name="Step").click()
    wait_until(page, lambda: pixels(boundary) != before, "the picture moves")


@pytest.mark.parametrize(
    ("label", "choice", "link"),
    [
        ("Learning rate", "0.3", "learning_rate=0.3"),
        ("Activation", "ReLU", "activation=relu"),
        ("Optimizer", "Adam", "optimizer=adam"),
        ("Batch size", "30", "batch_size=30"),
        ("Regularization", "L2", "regularization=l2"),
        ("Regularization rate", "0.01", "regularization_rate=0.01"),
        ("Loss", "Mean squared error", "loss=mean_squared_error"),
    ],
)
def test_a_setting_takes_effect_while_it_trains_and_is_in_the_link(page, label, choice, link):
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("combobox", name=label, exact=True).select_option(label=choice)
    page.wait_for_url(f"**#{link}")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    before = number(page, "Epoch")
    wait_until(page, lambda: number(page, "Epoch") > before, "training goes on")


def test_neurons_and_layers_are_removed_down_to_none(page):
    page.get_by_role("button", name="Remove neuron from hidden layer 1").click()
    page.wait_for_url("**#hidden=3,2")
    page.get_by_role("button", name="Remove hidden layer").click()
    page.wait_for_url("**#hidden=3")
    page.get_by_role("button", name="Remove hidden layer").click()
    page.wait_for_url("**#hidden=")
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def test_the_limits_are_stated_when_met(visit):
    page = visit("hidden=" + ",".join(["2"] * 8))
    add = page.get_by_role("button", name="Add hidden layer")
    if add.is_enabled():
        add.click()
    expect(page.get_by_text("at most 8 hidden layers").first).to_be_visible()


def covered(canvas: Locator) -> int:
    """Return how many pixels of a canvas something is drawn on."""
    count: int = canvas.evaluate(
        """canvas => {
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
            copy.drawImage(canvas, 0, 0);
            const pixels = copy.getImageData(0, 0, canvas.width, canvas.height).data;
            return pixels.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0);
        }"""
    )
    return count


def test_test_points_and_discrete_colours_are_shown_on_request(page):
    points, surface = page.locator(".output-points"), page.locator(".output-surface")
    expect(page.get_by_text("Not trained yet").first).to_be_visible()  # so there is a picture
    before, answers = covered(points), pixels(surface)
    page.get_by_label("Show test data").check()
    # Half of the points test; they may lie over each other.
    wait_until(page, lambda: covered(points) > 1.3 * before, "test points")
    page.get_by_label("Show test data").uncheck()
    wait_until(page, lambda: covered(points) == before, "the points to learn from alone")
    assert pixels(surface) == answers
    page.get_by_label("Discretize output").check()
    wait_until(page, lambda: pixels(surface) != answers, "one colour for each class")


def test_features_are_switched_on_and_off(page):
    page.get_by_role("button", name="x₁²", exact=True).click()
    page.wait_for_url("**#features=x1,x2,x1_squared")
    expect(page.get_by_role("button", name="x₁²", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="x₁", exact=True).click()
    page.wait_for_url("**#features=x2,x1_squared")


def test_a_weight_is_told_at_the_pointer_and_follows_the_training(page):
    tooltip = page.get_by_role("tooltip")

    def point_at_an_edge():
        page.mouse.move(
            *page.locator("path.edge").first.evaluate(
                "path => { const middle = path.getPointAtLength(path.getTotalLength() / 2);"
                " const p = middle.matrixTransform(path.getScreenCTM()); return [p.x, p.y]; }"
            )
        )
        return tooltip.is_visible()

    wait_until(page, point_at_an_edge, "what the edge is")
    expect(tooltip).to_contain_text(re.compile(r"weight [−-]?\d"))
    before = tooltip.inner_text()
    page.get_by_role("button", name="Play", exact=True).press("Enter")
    wait_until(page, lambda: tooltip.inner_text() != before, "the weight changes while it is looked at")


def test_a_refused_value_says_why_at_its_field_and_the_run_goes_on(visit):
    page = visit()
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Initial weights and seeds").click()
    field = page.get_by_label("Weights seed", exact=True)
    field.fill("-3")
    field.press("Enter")
    expect(page.get_by_text("Weights seed must be a whole number from 0 to 2,147,483,647, got -3.")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    before = number(page, "Epoch")
    wait_until(page, lambda: number(page, "Epoch") > before, "training goes on")


def test_a_link_opens_what_it_says_and_names_what_it_does_not_know(visit):
    page = visit("dataset=iris&hidden=6,3&noise=lots&flavour=sweet")
    expect(page.get_by_role("radio", name="Iris")).to_be_checked()
    expect(page.get_by_role("button", name="Add neuron to hidden layer 2")).to_be_visible()
    expect(page.get_by_text("Noise must be a number from 0 to 0.8")).to_be_visible()
    expect(page.get_by_text("flavour")).to_be_visible()
    page.wait_for_url("**#dataset=iris&hidden=6,3")


def test_divergence_pauses_and_says_what_to_try(visit):
    page = visit("dataset=plane&hidden=&features=x1_squared,x2_squared&learning_rate=10&batch_size=1")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_text("Try a smaller learning rate").first).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_picture_says_in_words_what_it_shows(page):
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_role("img", name="Decision boundary")).to_have_accessible_description(
        re.compile(r"After 1 epoch.*\d+ of 250 test points wrong")
    )


def test_clicks_faster_than_answers_all_count(page):
    add = page.get_by_role("button", name="Add neuron to hidden layer 1")
    add.evaluate("button => { for (let click = 0; click < 5; click++) button.click(); }")
    page.wait_for_url("**#hidden=9,2")


def test_pictures_go_on_however_fast_data_sets_are_switched(page):
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    page.get_by_role("button", name="Play", exact=True).click()
    page.evaluate(
        "names => new Promise(done => { let index = 0; const timer = setInterval(() => {"
        "  const name = names[index++ % names.length];"
        "  [...document.querySelectorAll('input[type=radio]')]"
        "    .find(radio => radio.labels[0]?.textContent.trim() === name || radio.ariaLabel === name).click();"
        "  if (index === 60) { clearInterval(timer); done(); } }, 40); })",
        ["Iris", "Plane", "Moons", "Blobs", "Gaussian bumps"],
    )
    boundary = page.get_by_role("img", name="Decision boundary")
    page.get_by_role("radio", name="Moons", exact=True).check()
    page.get_by_label("Speed", exact=True).select_option(label="30 epochs/s")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    page.get_by_role("button", name="Play", exact=True).click()
    for _ in range(3):
        before = pixels(boundary)
        wait_until(page, lambda before=before: pixels(boundary) != before, "the picture moves on")


def test_a_large_network_shows_its_edges_before_it_is_trained(visit):
    page = visit("hidden=" + ",".join(["64"] * 8))
    expect(page.get_by_text(re.compile(r"^29,377 parameters, [1-9]\d* drawn"))).to_be_visible()


def test_a_link_that_is_not_understood_leaves_the_run_alone(page):
    page.get_by_role("button", name="Add hidden layer").click()
    page.wait_for_url("**#hidden=4,2,2")
    page.get_by_role("button", name="Step").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    for nonsense in ("dataset=nope", "dataset=worse"):
        page.evaluate("hash => { location.hash = hash; }", nonsense)
        expect(page.get_by_text("The link was not loaded.").first).to_be_visible()
        page.wait_for_url("**#hidden=4,2,2")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    page.evaluate("location.hash = 'dataset=xor'")
    expect(page.get_by_role("radio", name="XOR")).to_be_checked()
    expect(page.get_by_text("The link was not loaded.")).to_have_count(0)
