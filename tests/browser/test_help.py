"""Help where it is needed: each word, field and choice is explained on demand, always in the same way."""

import re

import pytest
from playwright.sync_api import expect


def field(page, label):
    return page.locator(".field", has=page.get_by_label(label, exact=True))


def ask_of_field(page, label):
    field(page, label).hover()
    field(page, label).get_by_role("button", name="Help").click()


@pytest.mark.parametrize(
    ("word", "sentence", "formula"),
    [
        ("Epoch", "One pass over the training data", "u = ⌈n / B⌉"),
        ("Test loss", "points that it has not learned from", None),
        ("Test accuracy", "The share of points whose class", "A = r / n"),
        ("Network", "Neurons in layers", None),
        ("2 hidden layers", "Neurons side by side", None),
        ("25 parameters", "All weights and biases together", "k = Σ (nᵢₙ + 1) · nₒᵤₜ"),
        ("Output", "The line at which the network goes over", None),
    ],
)
def test_a_word_explains_itself_when_it_is_pressed(page, word, sentence, formula):
    page.get_by_role("button", name=f"Help: {word}", exact=True).click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text(sentence)
    if formula:
        expect(card).to_contain_text(formula)


def test_a_word_keeps_its_own_label(page):
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    expect(page.get_by_label("Learning rate", exact=True)).to_have_count(1)
    expect(page.get_by_role("heading", name="Network", exact=True)).to_be_visible()


def test_a_fields_help_has_the_formula_of_what_is_chosen(page):
    page.get_by_label("Optimizer", exact=True).select_option(label="Adam")
    ask_of_field(page, "Optimizer")
    card = page.get_by_role("dialog", name="Help: Optimizer")
    expect(card).to_contain_text("Gives every parameter a step size of its own")
    expect(card).to_contain_text("m ← β₁ · m + (1 − β₁) · g")
    expect(card).to_contain_text("Kingma and Ba (2015)")


def test_the_other_choices_are_explained_without_being_chosen(page):
    ask_of_field(page, "Activation")
    page.get_by_role("dialog").get_by_role("button", name="ReLU", exact=True).click()
    card = page.get_by_role("dialog", name="Help: ReLU")
    expect(card).to_contain_text("f(z) = max(0, z)")
    card.get_by_role("button", name="Back").click()
    expect(page.get_by_role("dialog", name="Help: Activation")).to_be_visible()
    expect(page.get_by_label("Activation", exact=True).locator("option:checked")).to_have_text("Tanh")


def test_any_term_can_be_found_from_any_card(page):
    page.get_by_role("button", name="Help: Speed").click()
    page.get_by_role("dialog").get_by_role("button", name="All terms").click()
    card = page.get_by_role("dialog", name="Help: All terms")
    labels = card.get_by_role("button").all_inner_texts()
    assert len(labels) > 60
    assert labels[1:] == sorted(labels[1:], key=lambda label: label.casefold().replace("²", ""))
    card.get_by_role("button", name="Overfitting").click()
    expect(page.get_by_role("dialog", name="Help: Overfitting")).to_contain_text("by heart")


def test_help_by_keyboard_alone(page):
    page.get_by_role("button", name="Help: Epoch").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Help: Epoch")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog").get_by_role("button", name="Update", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Help: Update")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Help: Epoch")).to_be_focused()


def test_one_thing_is_explained_at_a_time(page):
    page.get_by_role("button", name="Help: Epoch").click()
    expect(page.get_by_role("dialog", name="Help: Epoch")).to_be_visible()
    page.get_by_role("button", name="Help: Test loss").click()
    expect(page.get_by_role("dialog", name="Help: Test loss")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.get_by_role("button", name="Help: Test loss").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Help: Test loss").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.mouse.click(700, 600)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_check_box_is_explained_without_being_checked(page):
    box = page.get_by_label("Discretize output")
    box.hover()
    page.locator(".term", has=box).get_by_role("button", name="Help").click()
    expect(page.get_by_role("dialog")).to_contain_text("Shows which class is answered")
    expect(box).not_to_be_checked()


def test_the_chosen_tab_is_explained(page):
    mark = page.get_by_role("button", name="Help: Charts", exact=True)
    mark.click()
    expect(page.get_by_role("dialog", name="Help: Loss chart")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Weights and gradients").click()
    mark.click()
    expect(page.get_by_role("dialog")).to_contain_text("Weight histogram")
    expect(page.get_by_role("dialog")).to_contain_text("Gradient histogram")


def test_the_chosen_data_set_is_explained(page):
    page.get_by_role("radio", name="XOR").check()
    page.get_by_role("button", name="Help: Data", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Four squares, opposite ones alike")


def test_words_that_change_with_the_data_are_explained_as_they_stand(visit):
    page = visit("dataset=plane")
    page.get_by_role("button", name="Help: Test R²", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("R² = 1 − Σ (ŷ − y)² / Σ (y − ȳ)²")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help: Output", exact=True).click()
    expect(page.get_by_role("dialog", name="Help: Prediction")).to_be_visible()


def test_help_inside_a_card_closes_without_it(page):
    page.get_by_role("button", name="Hidden layer 1 settings").click()
    settings = page.get_by_role("dialog", name="Hidden layer 1 settings")
    ask_of_field(page, "Dropout")
    expect(page.get_by_role("dialog", name="Help: Dropout")).to_contain_text("a ← a · r / (1 − p)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Help: Dropout")).to_have_count(0)
    expect(field(page, "Dropout").get_by_role("button", name="Help")).to_be_focused()
    expect(settings).to_be_visible()


def test_help_inside_a_neurons_card_closes_without_it(page):
    page.get_by_role("button", name="Output neuron", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Help: Output neuron", exact=True).click()
    expect(page.get_by_role("dialog", name="Help: Neuron")).to_contain_text("a = f(z)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Help: Neuron")).to_have_count(0)
    expect(page.get_by_role("dialog", name="Output neuron", exact=True)).to_be_visible()


def test_the_texts_of_help_are_fetched_only_when_somebody_asks(visit):
    fetched = []
    page = visit(prepare=lambda page: page.on("request", lambda request: fetched.append(request.url)))
    assert not [url for url in fetched if "help.json" in url or "help/card.js" in url]
    for word in ("Epoch", "Speed"):
        page.get_by_role("button", name=f"Help: {word}").click()
        expect(page.get_by_role("dialog", name=f"Help: {word}")).to_be_visible()
    assert len([url for url in fetched if "help.json" in url]) == 1


def test_help_that_cannot_be_fetched_says_so_and_is_tried_again(visit):
    def broken(route):
        route.fulfill(status=200, content_type="application/json", body="{")

    page = visit(prepare=lambda page: page.route("**/help.json*", broken))
    button = page.get_by_role("button", name="Help: Epoch")
    button.click()
    expect(button).to_have_attribute(
        "title", "Help could not be fetched: the server did not answer. Try again in a moment."
    )
    page.unroute("**/help.json*")
    button.click()
    expect(page.get_by_role("dialog", name="Help: Epoch")).to_be_visible()


def test_every_help_button_of_the_page_explains_something(page):
    buttons = page.get_by_role("button", name=re.compile("^Help"))
    assert buttons.count() > 25
    for button in buttons.all():
        if not button.is_visible():
            continue
        button.focus()
        page.keyboard.press("Enter")
        card = page.get_by_role("dialog")
        assert len(card.locator("p").first.inner_text()) > 20
        assert card.locator("strong").first.inner_text()
        box = card.bounding_box()
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= 1400
        assert box["y"] + box["height"] <= 900
        page.keyboard.press("Escape")
        expect(button).to_be_focused()


def test_help_fits_a_phone(visit):
    page = visit(viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="Help: Test accuracy").click()
    box = page.get_by_role("dialog").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
