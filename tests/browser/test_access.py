"""Nobody is kept out: axe finds nothing, in whatever state the page is, light and dark."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import number, wait_until

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FLOWERS = "width,height,colour\n" + "".join(f"{n},{n * n % 7},{'red' if n % 3 else 'blue'}\n" for n in range(40))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def train(page: Page) -> None:
    press(page, "Play")
    wait_until(page, lambda: number(page, "Epoch") > 3, "it trains")


def step(page: Page) -> None:
    press(page, "Step")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def refuse(page: Page) -> None:
    press(page, "When to stop")
    field = page.get_by_label("Stop at epoch", exact=True)
    field.fill("-3")
    field.press("Enter")
    expect(page.locator(".field-error:visible")).not_to_have_count(0)


def unfold(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(".fold-heading", has_text=name).click()

    return act


def open_card(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        press(page, name)
        expect(page.locator(".card")).to_be_visible()

    return act


def open_menu(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        press(page, name)
        expect(page.locator(".menu:popover-open")).to_be_visible()

    return act


def open_tab(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        step(page)
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel", name=name)).not_to_be_empty()

    return act


def preview(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        press(page, "Your own table…")
    chooser.value.set_files({"name": "flowers.csv", "mimeType": "text/csv", "buffer": FLOWERS.encode()})
    expect(page.get_by_role("dialog")).to_contain_text("Predicts")


def place_points(page: Page) -> None:
    page.get_by_role("radio", name="Add", exact=True).check()
    page.get_by_role("img", name="Decision boundary").click(position={"x": 60, "y": 60})
    page.wait_for_url("**own_points=*")


def open_help(page: Page) -> None:
    page.get_by_role("button", name="Help").filter(visible=True).nth(4).click(force=True)
    expect(page.locator(":popover-open")).to_be_visible()


def open_keyboard_help(page: Page) -> None:
    page.get_by_role("button", name="Keyboard help").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()


def share(page: Page) -> None:
    press(page, "Share")
    expect(page.locator(":popover-open, dialog[open]").first).to_be_visible()


def save_run(page: Page) -> None:
    press(page, "Runs")
    press(page, "Save")
    expect(page.get_by_role("dialog").get_by_role("button", name=re.compile("^Delete")).first).to_be_visible()


class State(NamedTuple):
    """How the page comes to be as it is."""

    link: str = ""
    act: Callable[[Page], None] = step
    options: dict[str, object] | None = None


STATES = {
    "first visit": State(act=lambda page: expect(page.get_by_text("Not trained yet").first).to_be_visible()),
    "training": State(act=train),
    "iris": State("dataset=iris"),
    "regression": State("dataset=bumps"),
    "curve": State("dataset=sine"),
    "digits": State("dataset=digits&hidden=16"),
    "no points yet": State("dataset=blank", lambda page: expect(page.locator(".output-empty")).to_be_visible()),
    "own points": State(act=place_points),
    "refused field": State(act=refuse),
    "message": State("flavour=sweet", lambda page: expect(page.get_by_text("flavour")).to_be_visible()),
    "data unfolded": State("dataset=iris", unfold("More about the data")),
    "options unfolded": State("optimizer=adam", unfold("Options and schedule")),
    "stopping unfolded": State(act=unfold("When to stop")),
    "weights unfolded": State(act=unfold("Initial weights and seeds")),
    "weights of a neuron": State(act=open_card("Neuron 1 of hidden layer 1")),
    "layer": State(act=open_card("Hidden layer 1 settings")),
    "formula": State(act=open_card("+ Formula")),
    "table": State(act=preview),
    "accuracy": State(act=open_tab("Accuracy")),
    "confusion matrix": State("dataset=iris", open_tab("Confusion matrix")),
    "histograms": State(act=open_tab("Weights and gradients")),
    "errors": State("dataset=bumps", open_tab("MAE")),
    "picture menu": State(act=open_menu("Save picture")),
    "help": State(act=open_help),
    "keyboard help": State(act=open_keyboard_help),
    "share": State(act=share),
    "runs": State("dataset=iris", save_run),
    "embedded": State("embed=true", options={"viewport": {"width": 700, "height": 450}}),
    "phone": State(options=PHONE),
    "phone, share": State(act=share, options=PHONE),
    "phone, iris": State("dataset=iris&hidden=8,8,8", options=PHONE),
}


def violations(page: Page) -> list[str]:
    """Return what axe finds, with where it is and why."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate("""async () => {
        const rules = { 'target-size': { enabled: true } };  // of WCAG 2.2, which axe asks only on request
        const { violations } = await axe.run(document, { resultTypes: ['violations'], rules });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
    }""")
    return found


def lasting_violations(page: Page) -> list[str]:
    """Return what axe finds once the page has come to rest, which after a change of colours takes a drawing or two."""
    for _ in range(20):
        found = violations(page)
        if not found:
            break
        page.wait_for_timeout(100)
    return found


@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_axe_finds_nothing(visit, state):
    page = visit(state.link, reduced_motion="reduce", color_scheme="light", **(state.options or {}))
    state.act(page)
    light = lasting_violations(page)
    page.emulate_media(color_scheme="dark")
    assert [*light, *(f"dark: {each}" for each in lasting_violations(page))] == []


def test_axe_is_heard(page):
    page.locator(".brand-name").evaluate("name => { name.style.color = '#ececec'; }")
    assert any("color-contrast" in each for each in violations(page))
