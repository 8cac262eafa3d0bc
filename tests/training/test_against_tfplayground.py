"""An experiment with TensorFlow Playground's settings is TensorFlow Playground's: the same updates, the same losses.

What is recorded are trainings by its engine alone (../nn/nn_ts.json); its links are in test_tf_links.py. Its L2
penalty is half of ours, and not part of its loss.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from playground.data import Split, describe
from playground.data.datasets import DataSet
from playground.errors import DivergedError
from playground.training import ExperimentConfig, Trainer, experiment_data

HERE = Path(__file__).parent
TRAININGS = json.loads((HERE.parent / "nn" / "nn_ts.json").read_text())
OF_TWO_INPUTS = [recorded for recorded in TRAININGS if recorded["layers"][0] == 2]

THEIRS = {
    "loss": "half_squared_error",
    "initializer": "tf_playground",
    "bias": 0.1,
    "optimizer": "sgd",
    "shuffle": False,
    "penalty_in_loss": False,
}
"""What makes the algorithm theirs, beside tanh at the output of two classes."""


@pytest.fixture
def given_points(monkeypatch):
    """A function that has experiments get these points, of which the first are for training."""

    def give(X, y, train):
        order = np.arange(len(X))
        points = np.array(X, float), np.array(y)
        monkeypatch.setattr(experiment_data, "load", lambda name, *_: DataSet(*points, describe(name)))
        monkeypatch.setattr(experiment_data, "split", lambda *_: Split(order[:train], order[train:]))

    return give


@pytest.mark.parametrize("recorded", OF_TWO_INPUTS, ids=lambda recorded: "-".join(map(str, recorded["layers"])))
def test_settings_make_an_experiment_train_as_tensorflow_playground_does(recorded, given_points):
    X, y = np.array(recorded["X"]), np.array(recorded["y"])
    classes = recorded["outputActivation"] == "tanh"
    labels = (y > 0).astype(int) if classes else y
    given_points(np.tile(X, (2, 1)), np.tile(labels, 2), train=len(X))
    config = ExperimentConfig(
        dataset="circle" if classes else "plane",
        hidden=recorded["layers"][1:-1],
        activation=recorded["activation"],
        output_activation="tanh" if classes else None,
        learning_rate=recorded["learningRate"],
        batch_size=recorded["batchSize"],
        regularization="l2" if recorded["regularization"] else None,
        regularization_rate=recorded["regularizationRate"] / 2,
        **THEIRS,
    )
    trainer = Trainer(config)
    give_weights(trainer, recorded["weights"], recorded["biases"])
    losses = []
    for _ in range(recorded["epochs"]):
        trainer.train_epoch()
        losses.append(trainer.losses()[:2])
    result = recorded["result"]
    np.testing.assert_allclose(losses, np.column_stack([result["losses"]] * 2), rtol=1e-10)
    for ours, theirs in zip(trainer.model.get_weights(), keras_order(result["weights"], result["biases"]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def test_first_weights_can_be_drawn_as_tensorflow_playground_draws_them():
    trainer = Trainer(ExperimentConfig(dataset="circle", hidden=(64, 64), output_activation="tanh", **THEIRS))
    for kernel, bias in zip(*[iter(trainer.model.get_weights())] * 2, strict=True):
        assert set(bias) == {0.1}
        assert np.abs(kernel).max() <= 0.5
        assert kernel.std() == pytest.approx(1 / math.sqrt(12), rel=0.3)


def test_a_weight_that_l1_has_silenced_learns_again_without_it():
    config = ExperimentConfig(
        dataset="circle",
        noise=0,
        features=("x1_squared", "x2_squared"),
        hidden=(),
        output_activation="tanh",
        learning_rate=0.01,
        regularization="l1",
        regularization_rate=3,
        **THEIRS,
    )
    trainer = Trainer(config)
    signs = [np.sign(trainer.model.get_weights()[0])]
    for _ in range(20 * trainer.steps_per_epoch):
        trainer.train(1)
        signs.append(np.sign(trainer.model.get_weights()[0]))
    assert (np.ptp(signs, axis=0) == 2).all()  # each has crossed 0, at which theirs would have stayed
    assert np.abs(trainer.model.get_weights()[0]).max() < 0.1
    trainer.change(config.changed({"regularization": None}))
    for _ in range(100):
        trainer.train_epoch()
    assert trainer.losses().test_accuracy > 0.95


def test_l2_at_a_rate_that_lets_weights_explode_stops_with_a_sentence():
    config = ExperimentConfig(dataset="circle", learning_rate=3, regularization="l2", regularization_rate=1, **THEIRS)
    trainer = Trainer(config)

    def train():
        for _ in range(20):
            trainer.train_epoch()
            trainer.checked_losses()

    with pytest.raises(DivergedError, match="Try a smaller learning rate"):
        train()
    assert all(np.isfinite(array).all() for array in trainer.model.get_weights())


def give_weights(trainer, kernels, biases):
    """Set each weight and bias as a person would; kernels are (units, fan_in)."""
    for layer, (kernel, bias) in enumerate(zip(kernels, biases, strict=True), start=1):
        for unit, weights in enumerate(kernel):
            trainer.edit(layer, None, unit, bias[unit])
            for row, weight in enumerate(weights):
                trainer.edit(layer, row, unit, weight)


def keras_order(kernels, biases):
    """Return Keras's list of weights from kernels (units, fan_in) and biases."""
    return [
        np.array(array) for kernel, bias in zip(kernels, biases, strict=True) for array in (np.transpose(kernel), bias)
    ]
