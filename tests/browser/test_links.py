"""The address says what is on the page, leads back to it, and may hold anything."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.reading import number, wait_until


def hash_of(page):
    """Return what stands behind "#" in the address."""
    return page.url.partition("#")[2]


def wait_for_hash(page, text):
    wait_until(page, lambda: hash_of(page) == text, f"#{text}", timeout_s=20)


def let_the_gesture_end(page):
    """Changes within a second are one step of the history."""
    page.evaluate("() => new Promise(resolve => setTimeout(resolve, 1050))")


def steps(page):
    """Return how many steps the history of this tab has."""
    return page.evaluate("history.length")


def messages(page):
    return page.get_by_role("status").filter(has=page.get_by_role("button", name="Dismiss"))


def test_back_and_forward_go_from_change_to_change(page):
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    page.get_by_role("button", name="Add hidden layer").click()
    wait_for_hash(page, "hidden=4,2,2")
    let_the_gesture_end(page)
    page.get_by_label("Show test data").check()
    wait_for_hash(page, "hidden=4,2,2&show_test=true")
    let_the_gesture_end(page)
    page.get_by_role("radio", name="XOR").check()
    wait_for_hash(page, "dataset=xor&hidden=4,2,2&show_test=true")

    page.go_back()
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()
    wait_for_hash(page, "hidden=4,2,2&show_test=true")
    page.go_back()
    expect(page.get_by_label("Show test data")).not_to_be_checked()
    wait_for_hash(page, "hidden=4,2,2")
    page.go_back()
    expect(page.get_by_role("button", name="Add neuron to hidden layer 3")).to_be_hidden()
    wait_for_hash(page, "")

    page.go_forward()
    expect(page.get_by_role("button", name="Add neuron to hidden layer 3")).to_be_visible()
    page.go_forward()
    expect(page.get_by_label("Show test data")).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="XOR")).to_be_checked()
    wait_for_hash(page, "dataset=xor&hidden=4,2,2&show_test=true")


def test_what_is_trained_stays_trained_where_back_changes_no_more_than_a_rate(visit):
    page = visit("hidden=3")
    page.get_by_label("Learning rate", exact=True).select_option(index=2)
    wait_until(page, lambda: "learning_rate" in page.url, "the rate in the address")
    for epoch in ("1", "2", "3"):
        page.get_by_role("button", name="Step", exact=True).click()
        expect(page.get_by_label("Epoch", exact=True)).to_have_text(epoch)
    loss = number(page, "Training loss")
    page.go_back()
    wait_for_hash(page, "hidden=3")
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("3")
    assert number(page, "Training loss") == loss


def test_one_gesture_is_one_step(page):
    before = steps(page)
    noise = page.get_by_label("Noise", exact=True)
    box = noise.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.5, 0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=3)
        let_the_gesture_end(page)
    page.mouse.up()
    wait_until(page, lambda: "noise" in page.url, "noise in the address")
    assert steps(page) == before + 1
    page.go_back()
    wait_for_hash(page, "")
    expect(noise).to_have_value("0.15")


def test_several_clicks_within_a_second_are_one_step(page):
    before = steps(page)
    page.get_by_role("button", name="Add neuron to hidden layer 1").click(click_count=4)
    wait_for_hash(page, "hidden=8,2")
    assert steps(page) == before + 1


def test_what_the_server_writes_otherwise_is_no_step(visit):
    page = visit("hidden=4,2&dataset=iris&learning_rate=0.030")
    wait_until(page, lambda: hash_of(page).startswith("dataset=iris"), "the address in our words")
    assert steps(page) == 1 or steps(page) == 2  # about:blank, and the page
    page.evaluate("location.hash = 'hidden=3&dataset=moons'")
    wait_for_hash(page, "hidden=3")
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name="Iris")).to_be_checked()


def test_back_from_the_first_step_leaves_the_page(visit):
    page = visit(prepare=lambda new: new.goto("about:blank"))
    page.get_by_role("radio", name="XOR").check()
    wait_for_hash(page, "dataset=xor")
    page.go_back()
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()
    page.go_back()
    assert page.url == "about:blank"
    page.go_forward()
    expect(page.get_by_role("radio", name="Moons")).to_be_checked()


def test_a_reload_after_back_keeps_the_run(page):
    page.get_by_role("button", name="Add hidden layer").click()
    wait_for_hash(page, "hidden=4,2,2")
    page.go_back()
    wait_for_hash(page, "")
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    page.reload()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


def test_a_link_that_is_refused_leaves_everything_as_it_was(visit):
    page = visit("hidden=3&show_test=true")
    page.evaluate("location.hash = 'hidden=3&activation=banana&show_test=false'")
    expect(messages(page)).to_contain_text("banana")
    wait_for_hash(page, "hidden=3&show_test=true")
    expect(page.get_by_label("Show test data")).to_be_checked()


def test_all_that_is_shown_by_choice_is_in_the_address(visit):
    page = visit()
    for name, key in (
        ("Show test data", "show_test"),
        ("Discretize output", "discretize"),
        ("Mark wrong points", "mark_wrong"),
        ("log scale", "log_scale"),
    ):
        page.get_by_label(name).check()
        wait_until(page, lambda key=key: f"{key}=true" in page.url, f"{key} in the address")
    link = hash_of(page)
    other = visit(link)
    for name in ("Show test data", "Discretize output", "Mark wrong points", "log scale"):
        expect(other.get_by_label(name)).to_be_checked()
        other.get_by_label(name).uncheck()
    wait_for_hash(other, "")


def test_a_link_hides_controls(visit):
    page = visit("hide=step,learning_rate,input.x1_squared,show_test,charts,speed,neurons")
    expect(page.get_by_role("button", name="Step", exact=True)).to_be_hidden()
    expect(page.get_by_label("Learning rate", exact=True)).to_be_hidden()
    expect(page.get_by_label("Show test data")).to_be_hidden()
    expect(page.get_by_role("button", name="x₁²", exact=True)).to_be_hidden()
    expect(page.get_by_role("region", name="Charts")).to_be_hidden()
    expect(page.get_by_label("Speed", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Add neuron to hidden layer 1")).to_be_hidden()
    expect(page.get_by_label("Discretize output")).to_be_visible()
    expect(page.get_by_label("Batch size", exact=True)).to_be_visible()
    page.evaluate("location.hash = 'hide=play'")
    expect(page.get_by_role("button", name="Step", exact=True)).to_be_visible()
    expect(page.get_by_label("Learning rate", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="x₁²", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Charts")).to_be_visible()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()


def test_hidden_controls_are_not_reached_by_tab(visit):
    page = visit("hide=reset,step")
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.ariaLabel"))
    assert "Play" in reached
    assert not reached & {"Reset", "Step", "Step by"}


def test_what_holds_only_hidden_controls_is_hidden_too(visit):
    page = visit("hide=stop_epoch,stop_loss,stop_patience,dataset,own_table")
    expect(page.get_by_role("button", name="When to stop", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Options and schedule", exact=True)).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Data set")).to_be_hidden()
    expect(page.get_by_role("region", name="Data")).to_be_visible()


def test_a_control_that_is_not_known_is_named_and_nothing_else_is_hidden(visit):
    page = visit("hide=step,bananas,%3Cb%3E")
    expect(messages(page)).to_contain_text("There are no such controls to hide: bananas, <b>.")
    expect(page.get_by_role("button", name="Step", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Reset", exact=True)).to_be_visible()
    wait_for_hash(page, "hide=step")


def test_what_another_playground_says_of_its_page_is_done_here_too(visit):
    theirs = (
        "activation=tanh&batchSize=10&dataset=circle&learningRate=0.03&noise=0&networkShape=4,2&seed=0.5"
        "&showTestData=true&discretize=false&percTrainData=50&x=true&y=true&problem=classification&stepButton_hide=true"
    )
    opened, typed = visit(theirs), visit("discretize=true")
    typed.evaluate("hash => { location.hash = hash; }", theirs)
    for page in (opened, typed):
        wait_until(page, lambda page=page: hash_of(page).endswith("&show_test=true&hide=step"), "the link in our words")
        expect(page.get_by_label("Show test data")).to_be_checked()
        expect(page.get_by_label("Discretize output")).not_to_be_checked()
        expect(page.get_by_role("button", name="Step", exact=True)).to_be_hidden()
        expect(page.get_by_role("radio", name="Circle", exact=True)).to_be_checked()


HOSTILE = {
    "unknown keys": "banana=1&constructor=2&__proto__=3&hidden=3",
    "huge numbers": "hidden=99999999999999999999&learning_rate=1e999&noise=-1e308&samples=NaN&hide=" + "9" * 400,
    "markup": "<img src=x onerror=alert(1)>=<script>alert(2)</script>&activation=<img src=x onerror=alert(3)>"
    "&hide=<img src=x onerror=alert(4)>&show_test=<img src=x onerror=alert(5)>&formulas=<img src=x onerror=alert(6)>",
    "encoded markup": quote("activation=<img src=x onerror=alert(1)>") + "&formulas=" + quote("<img src=x>"),
    "a broken percent sign": "dataset=%&hide=%E0%A4%A&activation=%zz&hidden=3%",
    "nulls and directions": "dataset=%00&activation=%E2%80%AE%F0%9F%92%A9&loss=%0A%0D",
    "100 kB in one": "activation=" + "x" * 100_000,
    "100 kB in many": "&".join(f"key{index}=value" for index in range(7_000)),
    "100 kB of percent": "hide=" + "%" * 100_000,
}


@pytest.mark.parametrize("link", HOSTILE.values(), ids=HOSTILE)
def test_a_page_opens_whatever_the_link_holds(visit, link):
    alerts = []
    page = visit(link, prepare=lambda new: new.on("dialog", lambda dialog: alerts.append(dialog)))
    expect(messages(page)).not_to_be_empty()
    told = messages(page).inner_text()
    assert re.search(r"ignored|no such controls", told), told
    assert page.locator("img, .messages script, .messages :not(div, p, button)").count() == 0
    assert alerts == []
    assert len(told) < 4000
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")


@pytest.mark.parametrize("link", ["100 kB in one", "markup", "a broken percent sign"])
def test_a_run_survives_whatever_is_typed_over_its_address(page, link):
    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
    page.evaluate("hash => { location.hash = hash; }", HOSTILE[link])
    expect(messages(page)).not_to_be_empty()
    assert page.locator("img").count() == 0
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("1")
