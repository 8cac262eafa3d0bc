"""Models: networks with Keras's fit, evaluate and predict."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from playground.nn.components import plain
from playground.nn.loops import BATCH_SIZE, Evaluation, Evaluator, Probe, TrainingLoop
from playground.nn.network import Network
from playground.nn.tape import Array
from playground.registry import Parameter

_EPOCHS = Parameter("epochs", "Epochs", default=1, minimum=0, maximum=100_000_000, integer=True)


@dataclass
class History:
    """What `fit` measured.

    Attributes:
        history: For each metric its value after each epoch, over all samples.
    """

    history: dict[str, list[float]] = field(default_factory=dict)


class Sequential(Network):
    """Layers in a row.

    model = Sequential([Input((2,)), Dense(4, activation="tanh"), Dense(1, activation="sigmoid")])
    model.build(np.random.default_rng(0))
    model.compile(SGD(0.03, momentum=0.9), "binary_crossentropy")
    model.fit(x, y, batch_size=10, epochs=100)
    """

    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int = 32,
        epochs: int = 1,
        shuffle: bool = True,
        seed: int | None = None,
    ) -> History:
        """Train, and return loss and accuracy after each epoch. Called again, it goes on from where it stopped.

        Keras instead reports the mean over the batches of the epoch, each before its own update.

        Args:
            x: Samples (samples, features).
            y: Targets (samples, outputs).
            batch_size: Samples a step.
            epochs: Passes over the samples.
            shuffle: Whether each epoch goes through the samples in a new order.
            seed: What the order follows from, and the initial weights if they are yet to be drawn.

        Raises:
            NotBuiltError: If the model is not compiled.
            ShapeError: If a shape does not fit.
            InvalidValueError: If a value is outside what is accepted.
            DivergedError: If a parameter is no longer finite.
        """
        inputs = self.check_inputs(x)
        targets = self.check_targets(y, len(inputs))
        size, passes = BATCH_SIZE.check(plain(batch_size), "fit"), int(_EPOCHS.check(plain(epochs), "fit"))

        rng = np.random.default_rng(seed)
        if not self.built:
            self.build(rng)
        loop, evaluator = TrainingLoop(self, inputs, targets, int(size)), Evaluator(self, inputs, targets)
        history = History()
        for _ in range(passes):
            loop.run(rng.permutation(len(inputs)) if shuffle else None)
            for name, value in _shown(evaluator.measure()).items():
                history.history.setdefault(name, []).append(value)
        return history

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> dict[str, float]:
        """Return the loss, regularization included, and the accuracy where the targets are classes."""
        return _shown(Evaluator(self, x, y).measure())

    def predict(self, x: ArrayLike) -> Array:
        """Return the outputs (samples, outputs)."""
        return Probe(self, x, np.float64).run()[-1].T.copy()


def _shown(evaluation: Evaluation) -> dict[str, float]:
    """Return the metrics that there are, by name."""
    shown = {"loss": evaluation.loss}
    if evaluation.accuracy is not None:
        shown["accuracy"] = evaluation.accuracy
    return shown
