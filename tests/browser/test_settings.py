"""How training goes on and how it is set: steps, speeds, conditions to stop, options, seeds."""

import re

import pytest
from playwright.sync_api import expect

from playground.training.settings import SETTINGS
from tests.browser.reading import number, pixels, wait_until


def unfold(page, name):
    button = page.get_by_role("button", name=name, exact=True)
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    return page.get_by_role("group", name=name, exact=True)


def enter(field, text):
    field.fill(text)
    field.press("Enter")


def step_by(page, unit):
    page.get_by_role("combobox", name="Step by", exact=True).select_option(label=unit)


def test_a_step_is_an_epoch_a_batch_or_a_sample(page):
    step, epoch = page.get_by_role("button", name="Step", exact=True), page.get_by_label("Epoch", exact=True)
    boundary = page.get_by_role("img", name="Decision boundary")
    step.click()
    expect(epoch).to_have_text("1")

    step_by(page, "sample")
    for seen in (1, 2, 3):
        before = pixels(boundary)
        step.click()
        expect(page.get_by_text(f"sample {seen} of 250", exact=True)).to_be_visible()
        wait_until(page, lambda before=before: pixels(boundary) != before, "the picture after one sample")
    expect(epoch).to_have_text("1")

    step_by(page, "batch")
    step.click()
    expect(page.get_by_text("sample 13 of 250", exact=True)).to_be_visible()

    step_by(page, "epoch")
    step.click()
    expect(epoch).to_have_text("2")
    expect(page.get_by_text(re.compile(r"sample \d+ of 250"))).to_be_hidden()


def test_twenty_five_batches_of_ten_are_an_epoch_of_250_samples(page):
    step_by(page, "batch")
    for _ in range(25):
        page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def test_at_one_step_a_second_each_update_is_seen(page):
    page.get_by_label("Speed", exact=True).select_option(label="1 update/s")
    page.get_by_role("button", name="Play", exact=True).click()
    for seen in (10, 20):
        expect(page.get_by_text(f"sample {seen} of 250", exact=True)).to_be_visible()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        ("Stop at epoch", "12", "Stopped at epoch 12, as set."),
        ("Stop at loss", "0.3", "the test loss"),
        ("Patience", "3", "has not fallen for 3 epochs"),
    ],
)
def test_training_stops_where_it_was_told_to_and_says_why(visit, setting, value, why):
    page = visit("learning_rate=0.000001" if "plateau" in setting else "")
    page.get_by_label("Speed", exact=True).select_option(label="As fast as possible")
    enter(unfold(page, "When to stop").get_by_label(setting, exact=True), value)
    page.wait_for_url("**#*stop_*")
    page.get_by_role("button", name="Play", exact=True).click()
    told = page.get_by_role("status").get_by_text(why)
    expect(told).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    if setting == "Stop at loss":
        assert number(page, "Test loss") <= 0.3
    page.get_by_role("button", name="Dismiss").click()
    expect(told).to_have_count(0)


def test_an_emptied_condition_to_stop_never_stops(visit):
    page = visit("stop_epoch=3")
    field = unfold(page, "When to stop").get_by_label("Stop at epoch", exact=True)
    expect(field).to_have_value("3")
    expect(field).to_have_attribute("placeholder", "Never")
    enter(field, "")
    wait_until(page, lambda: "stop_epoch" not in page.url, "a link without a stop")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: number(page, "Epoch") > 5, "more than three epochs")


def test_divergence_is_told_as_something_to_act_on_until_something_is_changed(visit):
    page = visit("dataset=plane&hidden=&features=x1_squared,x2_squared&learning_rate=10&batch_size=1")
    page.get_by_role("button", name="Play", exact=True).click()
    told = page.get_by_role("status").get_by_text("Try a smaller learning rate")
    expect(told).to_be_visible()
    page.get_by_role("combobox", name="Learning rate", exact=True).select_option(label="0.001")
    expect(told).to_have_count(0)


def test_a_component_brings_its_options_and_a_wrong_one_is_refused_at_its_field(page):
    fold = unfold(page, "Options and schedule")
    fold.get_by_role("combobox", name="Schedule", exact=True).select_option(label="Exponential")
    steps = fold.get_by_label("Decay steps", exact=True)
    enter(steps, "200")
    page.wait_for_url("**#*schedule.decay_steps=200*")
    enter(steps, "0")
    expect(steps).to_have_attribute("aria-invalid", "true")
    expect(fold.get_by_role("alert").filter(has_text="decay_steps must be a whole number")).to_be_visible()
    fold.get_by_role("combobox", name="Schedule", exact=True).select_option(label="Constant rate")
    expect(steps).to_have_count(0)


def test_the_present_rate_of_a_schedule_is_shown_and_falls(visit):
    page = visit("schedule=exponential&schedule.decay_steps=100&schedule.decay_rate=0.5")
    shown = page.get_by_text(re.compile(r"^now 0\.\d+"))
    page.get_by_role("button", name="Step", exact=True).click()
    expect(shown).not_to_have_text("now 0.1")
    rate = float(shown.inner_text().removeprefix("now "))
    assert rate < 0.1
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, lambda: float(shown.inner_text().removeprefix("now ")) < rate / 2, "half the rate")


def test_what_starts_over_says_so_before_it_does(page):
    fold = unfold(page, "Initial weights and seeds")
    starts_over = re.compile("A change begins training anew")
    expect(fold.get_by_role("combobox", name="Initial weights")).to_have_accessible_description(starts_over)
    expect(fold.get_by_label("Weights seed", exact=True)).to_have_accessible_description(starts_over)
    expect(page.get_by_role("combobox", name="Learning rate", exact=True)).not_to_have_accessible_description(
        starts_over
    )


def test_reset_returns_to_the_same_weights_and_new_weights_draws_others(page):
    boundary = page.get_by_role("img", name="Decision boundary")
    first = pixels(boundary)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    wait_until(page, lambda: pixels(boundary) != first, "a trained picture")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    wait_until(page, lambda: pixels(boundary) == first, "the very first picture")
    page.get_by_role("button", name="New weights", exact=True).click()
    page.wait_for_url("**#weights_seed=2")
    wait_until(page, lambda: pixels(boundary) != first, "other first weights")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")


def test_the_order_of_the_samples_has_a_seed_of_its_own_and_goes_on(page):
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    fold = unfold(page, "Initial weights and seeds")
    fold.get_by_role("button", name="New shuffle seed", exact=True).click()
    expect(fold.get_by_label("Shuffle seed", exact=True)).to_have_value("2")
    fold.get_by_label("Shuffle each epoch", exact=True).uncheck()
    page.wait_for_url("**#*shuffle=false*")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def test_only_losses_that_suit_the_data_are_offered(page):
    losses = page.get_by_role("combobox", name="Loss", exact=True)
    expect(losses.get_by_role("option", name="Categorical cross-entropy")).to_have_count(0)
    expect(losses.get_by_role("option", name="Binary cross-entropy")).to_have_count(1)
    page.get_by_role("radio", name="Iris", exact=True).check()
    expect(losses.get_by_role("option", name="Categorical cross-entropy")).to_have_count(1)
    expect(losses.get_by_role("option", name="Binary cross-entropy")).to_have_count(0)


def test_only_what_suits_the_data_is_offered_for_the_output(page):
    fold = unfold(page, "Initial weights and seeds")
    outputs = fold.get_by_role("combobox", name="Output activation", exact=True)
    expect(outputs.get_by_role("option", name="Softmax")).to_have_count(0)
    page.get_by_role("radio", name="Iris", exact=True).check()
    expect(outputs.get_by_role("option", name="Softmax")).to_have_count(1)
    outputs.select_option(label="Tanh")
    page.wait_for_url("**#*output_activation=tanh*")
    losses = page.get_by_role("combobox", name="Loss", exact=True)
    expect(losses.get_by_role("option", name="Categorical cross-entropy")).to_have_count(0)


def test_one_fold_at_a_time_is_open_and_nothing_goes_below_the_window(page):
    for name in ("Options and schedule", "When to stop", "Initial weights and seeds"):
        expect(unfold(page, name)).to_be_in_viewport(ratio=1)
        assert page.get_by_role("button", expanded=True).count() == 1
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_refusal_of_any_setting_is_seen(visit):
    pages = {"dataset=iris": visit("dataset=iris"), "": visit()}
    for page in pages.values():
        page.evaluate(
            "import('/static/js/early.js').then(({ connection }) => { window.refuse = (field) => {"
            " connection.command = async () => ({ refusal: { field, message: `No ${field} like this.` } }); }; })"
        )
    for setting in SETTINGS:
        if setting.kind == "options":  # refused by the name of one of them
            continue
        page = pages["dataset=iris" if setting.group == "picture" else ""]
        page.evaluate("name => window.refuse(name)", setting.name)
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.get_by_text(f"No {setting.name} like this.")).to_be_visible()
