"""What a screen reader is told: little, and only when something is new."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import number, wait_until

# Every change of what is read out: live regions, alerts and their contents.
LISTEN = """() => {
    window.heard = [];
    const live = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], [role=log]';
    new MutationObserver((changes) => {
        const regions = changes.map(({ target }) => (target.closest ?? (() => null)).call(target, live)
            ?? target.parentElement?.closest(live));
        for (const region of new Set(regions)) if (region) heard.push(region.textContent);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


def heard(page: Page) -> list[str]:
    return [str(text) for text in page.evaluate("() => heard")]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("link", ["", "dataset=iris&optimizer=adam", "dataset=diabetes"])
def test_three_seconds_of_training_are_at_most_two_announcements(visit, link):
    page = visit(link)
    for tab in ("Loss", "Confusion matrix", "Weights and gradients"):
        if page.get_by_role("tab", name=tab).is_visible():
            page.get_by_role("tab", name=tab).click()
    page.evaluate(LISTEN)
    press(page, "Play")
    wait_until(page, lambda: number(page, "Epoch") > 0, "it trains")
    page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 3000))")
    assert 1 <= len(heard(page)) <= 2
    assert heard(page)[0].startswith("Training goes on from epoch")
    before = len(heard(page))
    press(page, "Pause")
    wait_until(page, lambda: len(heard(page)) > before, "it says that it rests")
    assert re.match(r"Paused\. Epoch [\d,]+\. Test loss [\d.]+\. .* test points", heard(page)[-1])


def test_steps_a_reset_and_a_divergence_are_told(visit):
    page = visit()
    said = page.locator(".announcements")
    press(page, "Step")
    expect(said).to_have_text(re.compile(r"^Epoch 1\."))
    press(page, "Reset")
    expect(said).to_have_text(re.compile(r"^Epoch 0\. Test loss"))
    page = visit("dataset=plane&hidden=&features=x1_squared,x2_squared&learning_rate=10&batch_size=1")
    page.evaluate(LISTEN)
    press(page, "Play")
    wait_until(page, lambda: any("smaller learning rate" in text for text in heard(page)), "the divergence")


def test_pictures_and_charts_say_what_they_show(page):
    press(page, "Step")
    picture = page.get_by_role("img", name="Decision boundary")
    expect(picture).to_have_accessible_description(re.compile(r"After 1 epoch: \d+ of \d+ test points wrong"))
    chart = page.get_by_role("img", name="Loss chart")
    expect(chart).to_have_accessible_description(re.compile(r"\d"))
    page.get_by_role("button", name="Skip to the network").press("Enter")
    page.keyboard.press("ArrowRight")
    neuron = page.get_by_role("button", name="Neuron 1 of hidden layer 1", exact=True)
    expect(neuron).to_be_focused()
    expect(neuron).to_have_accessible_description(re.compile(r"tanh\(.*x₁"))
