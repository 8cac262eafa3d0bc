"""TensorFlow Playground's links, put behind our address, show its experiments; a link holds trained weights, too."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from playground.training import ExperimentConfig, Trainer, links
from tests.browser.reading import number, wait_until

LINKS = json.loads((Path(__file__).parents[1] / "training" / "playground_links.json").read_text())


def step_to(page, epoch):
    """Press Step until so many epochs are trained."""
    for _ in range(epoch - int(number(page, "Epoch"))):
        page.get_by_role("button", name="Step", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text(str(epoch))


def expect_losses(page, training, test):
    """Wait until the page shows these losses, to the third decimal."""

    def shown():
        losses = number(page, "Training loss"), number(page, "Test loss")
        return losses == pytest.approx((training, test), rel=0, abs=0.0005 + 1e-9)

    wait_until(page, shown, f"losses {training} and {test}", timeout_s=20)


@pytest.mark.parametrize("recorded", LINKS, ids=lambda recorded: "-".join(map(str, recorded["layers"])))
def test_a_link_of_theirs_shows_their_losses(visit, recorded):
    page = visit(urlsplit(recorded["url"]).fragment)
    for moment in recorded["losses"]:
        step_to(page, moment["epoch"])
        expect_losses(page, moment["train"], moment["test"])
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)


def test_what_a_link_of_theirs_says_of_the_page_is_done_and_what_differs_is_told(visit):
    page = visit(
        "activation=relu&batchSize=30&dataset=gauss&networkShape=3&seed=0.5&showTestData=true&discretize=true"
        "&resetButton_hide=true&learningRate_hide=true&xSquared_hide=true&tutorial=%3Cb%3E&flavour=sweet"
    )
    expect(page.get_by_role("radio", name="Gaussians")).to_be_checked()
    expect(page.get_by_label("Show test data")).to_be_checked()
    expect(page.get_by_label("Discretize output")).to_be_checked()
    expect(page.get_by_role("button", name="Step", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Reset", exact=True)).to_be_hidden()
    expect(page.get_by_role("combobox", name="Learning rate", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="x₁²", exact=True)).to_be_hidden()
    expect(page.get_by_text("A batch of 30 does not divide 250 training points")).to_be_visible()
    expect(page.get_by_text("The tutorial '<b>' is not part of this page.")).to_be_visible()
    expect(page.get_by_text("The link has an unknown key 'flavour'. That part of the link is ignored.")).to_be_visible()
    page.wait_for_url(re.compile(r"#dataset=gaussians&.*&tf_seed=0\.5&.*hide="))


def test_their_seed_is_typed_and_draws_their_points_anew(visit):
    page = visit(
        "dataset=circle&noise=0&initializer=tf_playground&output_activation=tanh&loss=half_squared_error&bias=0.1"
    )
    page.get_by_role("button", name="Initial weights and seeds", exact=True).click()
    field = page.get_by_label("TF Playground's seed", exact=True)
    field.fill("0.66230")
    field.press("Enter")
    start = LINKS[0]["losses"][0]
    expect_losses(page, start["train"], start["test"])
    field.fill("")
    field.press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*tf_seed)"))


def test_a_shared_link_opens_trained_and_reset_leads_to_the_first_weights(visit):
    config = ExperimentConfig(hidden=(3,))
    trainer = Trainer(config)
    first = trainer.losses()
    for _ in range(20):
        trainer.train_epoch()
    weights = tuple(number for array in trainer.model.get_weights() for number in array.ravel().tolist())
    page = visit(links.write(config, links.Trained(weights, 20)))
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("20")
    expect_losses(page, *trainer.losses()[:2])
    page.wait_for_url("**#hidden=3")
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_label("Epoch", exact=True)).to_have_text("0")
    expect_losses(page, *first[:2])
