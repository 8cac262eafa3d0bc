"""Losses: how far the outputs `a` are from the targets `t`, as a mean over the samples.

Values agree with Keras, whose conventions hold: the mean is also over the outputs, except for categorical
cross-entropy, and probabilities are kept 1e-7 away from 0 and 1.

Traits of an entry:
    problems: Kinds of problem that menus offer it for: "binary", "multiclass", "regression".
    outputs: Names of the output activations that it makes sense with, or () for any.
"""

from typing import ClassVar

import numpy as np

from playground.errors import InvalidValueError
from playground.nn.components import Component, resolve
from playground.nn.tape import Array, Tape
from playground.registry import Registry

LOSSES: Registry[type["Loss"]] = Registry("loss")

EPSILON = 1e-7


class Loss(Component):
    """A sum of one term for each output of each sample, times a share that makes it a mean.

    Attributes:
        over_outputs: Whether the mean is over the outputs too, not over the samples alone.
        fused_with: Name of the output activation together with which the gradient with respect to z
            is (a − t) · share, or "".
    """

    registry = LOSSES
    over_outputs: ClassVar[bool] = True
    fused_with: ClassVar[str] = ""

    def share(self, outputs: int, samples: int) -> float:
        """Return what each term counts: 1 / samples, or 1 / (samples · outputs)."""
        return 1 / (samples * outputs if self.over_outputs else samples)

    def check_outputs(self, outputs: int) -> None:
        """Raise InvalidValueError if a network with this number of outputs cannot have this loss."""

    def check_targets(self, targets: Array) -> None:
        """Raise InvalidValueError if the targets (samples, outputs) do not fit."""

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """Record the term of each output of each sample (outputs, batch)."""
        raise NotImplementedError

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """Record the gradient of the mean loss with respect to `a` (outputs, batch)."""
        raise NotImplementedError

    def fused_gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """Record the gradient with respect to z, together with the activation `fused_with` (outputs, batch)."""
        tape(np.subtract, a, t, out)
        tape(np.multiply, out, tape.constant(share), out)


@LOSSES.register(
    "mean_squared_error",
    label="Mean squared error",
    help="The square of the difference. The usual choice for regression.",
    source="Keras, keras.losses.MeanSquaredError",
    problems=("regression", "binary", "multiclass"),
    outputs=(),
)
class MeanSquaredError(Loss):
    """The square of the difference."""

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = (a − t)²."""
        tape(np.subtract, a, t, out)
        tape(np.multiply, out, out, out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = 2 (a − t)."""
        tape(np.subtract, a, t, out)
        tape(np.multiply, out, tape.constant(2 * share), out)


@LOSSES.register(
    "binary_crossentropy",
    label="Binary cross-entropy",
    help="How surprised the output, read as a probability, is by the answer yes or no. For two classes.",
    source="Keras, keras.losses.BinaryCrossentropy",
    problems=("binary",),
    outputs=("sigmoid",),
)
class BinaryCrossentropy(Loss):
    """The cross-entropy of yes and no."""

    fused_with = "sigmoid"

    def check_targets(self, targets: Array) -> None:
        """Refuse targets that are not probabilities."""
        _check_probabilities(targets, self.entry.name)

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = −t log a − (1 − t) log(1 − a)."""
        p, rest = _clipped(tape, a), tape.buffer(*a.shape)
        one = tape.constant(1)
        tape(np.log, p, out)
        tape(np.multiply, out, t, out)
        tape(np.subtract, one, p, p)
        tape(np.log, p, p)
        tape(np.subtract, one, t, rest)
        tape(np.multiply, rest, p, p)
        tape(np.add, out, p, out)
        tape(np.negative, out, out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = (a − t) / (a (1 − a))."""
        p, rest = _clipped(tape, a), tape.buffer(*a.shape)
        tape(np.subtract, p, t, out)
        tape(np.subtract, tape.constant(1), p, rest)
        tape(np.multiply, rest, p, rest)
        tape(np.divide, out, rest, out)
        tape(np.multiply, out, tape.constant(share), out)


@LOSSES.register(
    "categorical_crossentropy",
    label="Categorical cross-entropy",
    help="How surprised the outputs, read as probabilities, are by the right class. For two classes or more.",
    source="Keras, keras.losses.CategoricalCrossentropy",
    problems=("multiclass",),
    outputs=("softmax",),
)
class CategoricalCrossentropy(Loss):
    """The cross-entropy of several classes; targets are 1 for a sample's class and 0 for the others."""

    over_outputs = False
    fused_with = "softmax"

    def check_outputs(self, outputs: int) -> None:
        """Refuse a single output: its softmax is always 1."""
        if outputs < 2:
            raise InvalidValueError(
                f"{self.entry.name} needs an output for each class, at least 2, got {outputs}.", "loss"
            )

    def check_targets(self, targets: Array) -> None:
        """Refuse targets that are not the probabilities of classes."""
        _check_probabilities(targets, self.entry.name)
        sums = targets.sum(axis=1)
        if not np.allclose(sums, 1):
            wrong = sums[~np.isclose(sums, 1)][0]
            raise InvalidValueError(f"{self.entry.name}: each sample's targets must add up to 1, got {wrong:g}.", "y")

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = −t log a, to be summed over the outputs."""
        tape(np.log, _clipped(tape, a), out)
        tape(np.multiply, out, t, out)
        tape(np.negative, out, out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = −t / a."""
        tape(np.divide, t, _clipped(tape, a), out)
        tape(np.multiply, out, tape.constant(-share), out)


def get(identifier: object, field: str = "loss") -> Loss:
    """Return the loss with this name, or `identifier` itself if it is a loss."""
    return resolve(Loss, identifier, field)


def _clipped(tape: Tape, a: Array) -> Array:
    """Record `a` kept EPSILON away from 0 and 1, and return where it will stand. NaN stays NaN."""
    p = tape.buffer(*a.shape)
    tape(np.maximum, a, tape.constant(EPSILON), out=p)
    tape(np.minimum, p, tape.constant(1 - EPSILON), out=p)
    return p


def _check_probabilities(targets: Array, owner: str) -> None:
    outside = targets[(targets < 0) | (targets > 1)]
    if outside.size:
        raise InvalidValueError(f"{owner}: targets must be numbers from 0 to 1, got {outside[0]:g}.", "y")
