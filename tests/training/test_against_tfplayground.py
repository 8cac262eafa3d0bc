"""An experiment with TensorFlow Playground's settings is TensorFlow Playground's: the same updates, the same losses.

Two recordings: trainings by its engine alone (../nn/nn_ts.json), and three of its links with points, first weights
and losses (playground_links.json). Its L2 penalty is half of ours, and not part of its loss.
"""

import json
import math
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from playground.data import DATASETS, Split, describe
from playground.data.datasets import DataSet
from playground.errors import DivergedError
from playground.training import ExperimentConfig, Trainer, experiment_data

HERE = Path(__file__).parent
TRAININGS = json.loads((HERE.parent / "nn" / "nn_ts.json").read_text())
OF_TWO_INPUTS = [recorded for recorded in TRAININGS if recorded["layers"][0] == 2]
LINKS = json.loads((HERE / "playground_links.json").read_text())

THEIRS = {
    "loss": "half_squared_error",
    "initializer": "tf_playground",
    "bias": 0.1,
    "optimizer": "sgd",
    "shuffle": False,
}
"""What makes the algorithm theirs, beside tanh at the output of two classes."""

FEATURES = {"x": "x1", "y": "x2", "xSquared": "x1_squared", "sinX": "sin_x1"}
DATA_SETS = {"circle": "circle", "spiral": "spiral", "reg-gauss": "bumps"}


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
        losses.append(losses_without_penalty(trainer))
    result = recorded["result"]
    np.testing.assert_allclose(losses, np.column_stack([result["losses"]] * 2), rtol=1e-10)
    for ours, theirs in zip(trainer.model.get_weights(), keras_order(result["weights"], result["biases"]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("recorded", LINKS, ids=lambda recorded: "-".join(map(str, recorded["layers"])))
def test_from_their_points_and_weights_an_experiment_has_the_losses_of_a_tensorflow_playground_link(
    recorded, given_points
):
    link = {key: values[0] for key, values in parse_qs(urlsplit(recorded["url"]).fragment).items()}
    regression = link["problem"] == "regression"
    dataset = DATA_SETS[link["regDataset" if regression else "dataset"]]
    X, y = their_points(link["seed"], dataset, recorded["n_train"] + recorded["n_test"], int(link["noise"]) / 100)
    signs = y if regression else 2 * y - 1
    told = np.array([*recorded["first_points"], recorded["first_test_point"]])
    np.testing.assert_allclose(np.column_stack([X, signs])[[0, 1, 2, recorded["n_train"]]], told, rtol=1e-12)

    given_points(X, y, train=recorded["n_train"])
    config = ExperimentConfig(
        dataset=dataset,
        features=[FEATURES[name] for name in recorded["features"]],
        hidden=recorded["layers"][1:-1],
        activation=link["activation"],
        output_activation=None if regression else "tanh",
        learning_rate=float(link["learningRate"]),
        batch_size=int(link["batchSize"]),
        regularization=link["regularization"].lower() if "regularization" in link else None,
        regularization_rate=float(link["regularizationRate"]) / 2,
        **THEIRS,
    )
    trainer = Trainer(config)
    kernels = recorded["first_weights"]
    give_weights(trainer, kernels, [[0.1] * len(kernel) for kernel in kernels])
    for moment in recorded["losses"]:
        while trainer.epoch < moment["epoch"]:
            trainer.train_epoch()
        np.testing.assert_allclose(losses_without_penalty(trainer), [moment["train"], moment["test"]], rtol=1e-9)


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


def losses_without_penalty(trainer):
    """Return training and test loss without what regularization costs."""
    losses = trainer.losses()
    penalty = 0.0
    if trainer.config.regularization:
        squares = sum((kernel**2).sum() for kernel in trainer.model.get_weights()[::2])
        penalty = trainer.config.regularization_rate * squares
    return losses.training_loss - penalty, losses.test_loss - penalty


def their_points(seed, dataset, samples, noise):
    """Return the points of a data set in the order in which their page has them, drawn from their stream."""
    chance = Arc4(seed)
    X, y = DATASETS[dataset].value.__wrapped__(
        samples, noise, lambda count: np.array([chance.number() for _ in range(count)])
    )
    order = list(range(samples))
    for left in range(samples, 0, -1):
        at = math.floor(chance.number() * left)
        order[left - 1], order[at] = order[at], order[left - 1]
    return X[order], y[order]


class Arc4:
    """The stream of numbers of JavaScript's seedrandom.

    Reference: seedrandom 2.4, which takes RC4's bytes after the first 256, six for a number and more while it has
    fewer than 53 bits.
    """

    def __init__(self, seed):
        key, smear = [0] * min(len(seed), 256), 0
        for number, letter in enumerate(seed):
            smear ^= key[number % 256] * 19
            key[number % 256] = (smear + ord(letter)) % 256
        self.state, self.i, self.j = list(range(256)), 0, 0
        j = 0
        for i in range(256):
            j = (j + key[i % len(key)] + self.state[i]) % 256
            self.state[i], self.state[j] = self.state[j], self.state[i]
        self.whole(256)

    def whole(self, count):
        """Return the next bytes as one whole number."""
        value = 0
        for _ in range(count):
            self.i = (self.i + 1) % 256
            old = self.state[self.i]
            self.j = (self.j + old) % 256
            self.state[self.i], self.state[self.j] = self.state[self.j], old
            value = value * 256 + self.state[(self.state[self.i] + old) % 256]
        return value

    def number(self):
        """Return the next number from 0 to below 1."""
        numerator, denominator, last = float(self.whole(6)), 256.0**6, 0
        while numerator < 2.0**52:
            numerator, denominator = (numerator + last) * 256, denominator * 256
            last = self.whole(1)
        while numerator >= 2.0**53:
            numerator, denominator, last = numerator / 2, denominator / 2, last >> 1
        return (numerator + last) / denominator
