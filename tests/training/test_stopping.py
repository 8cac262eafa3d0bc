"""When training stops by itself, worked by hand."""

import math

import pytest

from playground.training import ExperimentConfig, StopRule


def stops(config, losses, first=1):
    """Return the epoch after which a rule stops and what it says, or None, for the test losses from epoch `first`."""
    rule = StopRule()
    for epoch, loss in enumerate(losses, first):
        if stop := rule.look(config, epoch, loss):
            return epoch, *stop
    return None


def test_without_conditions_training_never_stops():
    assert stops(ExperimentConfig(), [1.0] * 1000) is None


def test_training_stops_at_its_epoch():
    config = ExperimentConfig(stop_epoch=1200)
    assert stops(config, [1.0] * 2000) == (1200, "epoch", "Stopped at epoch 1,200, as set.")
    assert stops(config, [1.0] * 50, first=1201) is None


def test_training_stops_once_the_test_loss_is_as_small_as_set():
    config = ExperimentConfig(stop_loss=0.25)
    assert stops(config, [0.9, 0.3, 0.2500001, 0.25, 0.1]) == (
        4,
        "loss",
        "Stopped at epoch 4: the test loss, 0.25, is at most 0.25, as set.",
    )
    assert stops(config, [0.9, 0.26, 0.3]) is None


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [
        ([1.0] * 9, 4),  # the first is the best; three after it are not better
        ([1.0, 0.9, 0.8, 0.8, 0.9, 0.8, 0.7], 6),
        ([1.0, 0.9, 0.95, 0.95, 0.8, 0.9, 0.9, 0.9], 8),
        ([1.0, 0.9995, 0.9991, 0.9990], 4),  # each less than a thousandth better than the first
        ([1.0, 0.9989, 0.9978, 0.9967, 0.9956], None),  # each more than a thousandth better than the one before
        ([1.0, 1.0, 0.9, 1.0, 1.0], None),
    ],
)
def test_a_plateau_is_so_many_epochs_without_a_loss_that_is_a_thousandth_better(losses, epoch):
    stopped = stops(ExperimentConfig(stop_patience=3), losses)
    if epoch is None:
        assert stopped is None
    else:
        assert stopped == (
            epoch,
            "plateau",
            f"Stopped at epoch {epoch}: the test loss has not fallen for 3 epochs.",
        )


def test_without_test_samples_only_the_epoch_stops():
    config = ExperimentConfig(stop_epoch=40, stop_loss=10, stop_patience=2)
    assert stops(config, [math.nan] * 100)[:2] == (40, "epoch")


def test_what_was_reached_before_does_not_count_once_it_is_forgotten():
    config, rule = ExperimentConfig(stop_patience=2), StopRule()
    assert rule.look(config, 1, 0.1) is None
    assert rule.look(config, 2, 0.5) is None
    rule.forget()
    assert rule.look(config, 3, 0.5) is None
    assert rule.look(config, 4, 0.5) is None
    assert rule.look(config, 5, 0.5).by == "plateau"
