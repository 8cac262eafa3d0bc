"""The networks that are measured, and what they are trained on."""

from dataclasses import dataclass

import numpy as np

from playground.nn import SGD, Adam, Dense, Input, Sequential

SAMPLES = 500


@dataclass(frozen=True)
class Case:
    """A network and how it is trained.

    Attributes:
        name: What the table calls it.
        sizes: Features, units of each layer.
        hidden: Activation of the hidden layers.
        output: Activation of the output layer.
        optimizer: "sgd" or "adam".
        batch_size: Samples a step.
        samples: Samples an epoch.
    """

    name: str
    sizes: tuple[int, ...]
    hidden: str
    output: str
    optimizer: str
    batch_size: int
    samples: int = SAMPLES

    @property
    def learning_rate(self) -> float:
        """What suits the optimizer."""
        return 0.03 if self.optimizer == "sgd" else 0.001


CASES = [
    Case("2-4-2-1, tanh, sigmoid, SGD, batch 10", (2, 4, 2, 1), "tanh", "sigmoid", "sgd", 10),
    Case("2-8×6-1, tanh, sigmoid, SGD, batch 10", (2, 8, 8, 8, 8, 8, 8, 1), "tanh", "sigmoid", "sgd", 10),
    Case("2-32-32-3, ReLU, softmax, Adam, batch 32", (2, 32, 32, 3), "relu", "softmax", "adam", 32),
    Case("4-128-128-3, ReLU, softmax, Adam, batch 64", (4, 128, 128, 3), "relu", "softmax", "adam", 64),
    Case("2-3-2, tanh, softmax, SGD, full batch 200", (2, 3, 2), "tanh", "softmax", "sgd", 200, samples=200),
]


def data(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return samples and targets of chance."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(case.samples, case.sizes[0]))
    outputs = case.sizes[-1]
    if outputs == 1:
        return x, rng.integers(0, 2, (case.samples, 1)).astype(float)
    return x, np.eye(outputs)[rng.integers(0, outputs, case.samples)]


def built(case: Case) -> Sequential:
    """Return the network with first weights."""
    features, *hidden, outputs = case.sizes
    layers = [Dense(units, case.hidden) for units in hidden]
    model = Sequential([Input((features,)), *layers, Dense(outputs, case.output)])
    model.build(np.random.default_rng(1))
    return model


def compiled(case: Case) -> Sequential:
    """Return the network with first weights, ready to be trained."""
    model = built(case)
    loss = "binary_crossentropy" if case.output == "sigmoid" else "categorical_crossentropy"
    model.compile(SGD(case.learning_rate) if case.optimizer == "sgd" else Adam(case.learning_rate), loss)
    return model
