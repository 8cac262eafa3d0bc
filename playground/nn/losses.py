"""Losses: how far the outputs `a` are from the targets `t`, as a mean over the samples.

Values agree with Keras, whose conventions hold: the mean is also over the outputs, except for categorical
cross-entropy, and probabilities are kept 1e-7 away from 0 and 1.

Traits of an entry:
    problems: Kinds of problem that menus offer it for: "binary", "multiclass", "regression".
    outputs: Names of the output activations that it makes sense with, or () for any that has a slope.
    aliases: Other names that `get` takes.

A loss without problems is for scripts: menus do not offer it.
"""

from typing import ClassVar

import numpy as np

from playground.errors import InvalidValueError, ShapeError
from playground.nn.components import Component, Setting, resolve
from playground.nn.tape import Array, Tape
from playground.registry import Parameter, Registry

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

    def encode(self, targets: Array, outputs: int) -> Array:
        """Return targets as (samples, outputs), in the form that the formulas have them.

        Args:
            targets: As they were given; (samples,) stands for one column.
            outputs: Number of outputs.

        Raises:
            ShapeError: If the shape does not fit.
            InvalidValueError: If a value does not fit.
        """
        rows = targets[:, np.newaxis] if targets.ndim == 1 else targets
        if rows.ndim != 2 or rows.shape[1] != outputs:
            raise ShapeError(
                f"y must have the shape ({len(targets)}, {outputs}), as x and the outputs have, got {targets.shape}."
            )
        self.check_targets(rows)
        return rows

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
    formula="L = (1/n) · Σ (ŷ − y)²",
    source="Keras, keras.losses.MeanSquaredError",
    problems=("regression", "binary", "multiclass"),
    outputs=(),
    aliases=("mse", "MSE"),
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
    "half_squared_error",
    label="Half squared error",
    help="Half the square of the difference, as in TensorFlow Playground: its gradient is the difference itself.",
    formula="L = (1/n) · Σ (ŷ − y)² / 2",
    source="TensorFlow Playground, nn.ts, Errors.SQUARE",
    problems=("regression", "binary", "multiclass"),
    outputs=(),
)
class HalfSquaredError(Loss):
    """Half the square of the difference."""

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = (a − t)² / 2."""
        tape(np.subtract, a, t, out)
        tape(np.multiply, out, out, out)
        tape(np.multiply, out, tape.constant(0.5), out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = a − t."""
        tape(np.subtract, a, t, out)
        tape(np.multiply, out, tape.constant(share), out)


@LOSSES.register(
    "mean_absolute_error",
    label="Mean absolute error",
    help="The size of the difference. Takes no more notice of an outlier than of any other point.",
    formula="L = (1/n) · Σ |ŷ − y|",
    source="Keras, keras.losses.MeanAbsoluteError",
    problems=("regression", "binary", "multiclass"),
    outputs=(),
    aliases=("mae", "MAE"),
)
class MeanAbsoluteError(Loss):
    """The size of the difference."""

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = |a − t|."""
        tape(np.subtract, a, t, out)
        tape(np.absolute, out, out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = sign(a − t)."""
        tape(np.subtract, a, t, out)
        tape(np.sign, out, out)
        tape(np.multiply, out, tape.constant(share), out)


@LOSSES.register(
    "huber",
    label="Huber",
    help="Squared for small differences and straight for large ones: smooth, and little moved by outliers.",
    formula="L = (1/n) · Σ h(d), d = ŷ − y\n|d| ≤ δ: h(d) = d² / 2\n|d| > δ: h(d) = δ · (|d| − δ / 2)",
    source="Huber (1964), Robust estimation of a location parameter; Keras, keras.losses.Huber",
    problems=("regression", "binary", "multiclass"),
    outputs=(),
    parameters=(
        Parameter(
            "delta", "Delta", 1, 0.001, 1000, symbol="δ", help="The difference beyond which the loss is straight."
        ),
    ),
)
class Huber(Loss):
    """Squared up to delta, and straight beyond."""

    delta = Setting()

    def __init__(self, delta: float = 1.0) -> None:
        super().__init__(delta=delta)

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = q (|e| − q / 2), where e = a − t and q = min(|e|, delta)."""
        capped = tape.buffer(*a.shape)
        tape(np.subtract, a, t, out)
        tape(np.absolute, out, out)
        tape(np.minimum, out, tape.constant(self.delta), out=capped)
        tape(np.subtract, out, capped, out)
        tape(np.multiply, out, tape.constant(2), out)
        tape(np.add, out, capped, out)  # 2 |e| − q
        tape(np.multiply, out, capped, out)
        tape(np.multiply, out, tape.constant(0.5), out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = e, kept within −delta and delta."""
        tape(np.subtract, a, t, out)
        tape(np.maximum, out, tape.constant(-self.delta), out=out)
        tape(np.minimum, out, tape.constant(self.delta), out=out)
        tape(np.multiply, out, tape.constant(share), out)


@LOSSES.register(
    "binary_crossentropy",
    label="Binary cross-entropy",
    help="How surprised the output, read as a probability, is by the answer yes or no. For two classes.",
    formula="L = −(1/n) · Σ [y · ln(ŷ) + (1 − y) · ln(1 − ŷ)]",
    source="Keras, keras.losses.BinaryCrossentropy",
    problems=("binary",),
    outputs=("sigmoid",),
    aliases=("bce", "BCE"),
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
    formula="L = −(1/n) · Σ Σᵢ yᵢ · ln(ŷᵢ)",
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


@LOSSES.register(
    "sparse_categorical_crossentropy",
    label="Sparse categorical cross-entropy",
    help="Categorical cross-entropy for targets that are the numbers of the classes, from 0.",
    formula="L = −(1/n) · Σ ln(ŷₖ), k = y",
    source="Keras, keras.losses.SparseCategoricalCrossentropy",
    problems=(),
    outputs=("softmax",),
)
class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """Categorical cross-entropy whose targets are class numbers."""

    def encode(self, targets: Array, outputs: int) -> Array:
        """Return one-hot rows for class numbers (samples,) or (samples, 1)."""
        if targets.shape not in ((len(targets),), (len(targets), 1)):
            raise ShapeError(
                f"{self.entry.name}: y must have the shape ({len(targets)},), a class number for each sample, "
                f"got {targets.shape}; for one-hot rows choose the loss categorical_crossentropy."
            )
        numbers = targets.reshape(-1)
        unfit = numbers[(numbers < 0) | (numbers >= outputs) | (numbers != np.floor(numbers))]
        if unfit.size:
            raise InvalidValueError(
                f"{self.entry.name}: targets must be class numbers from 0 to {outputs - 1}, as there are {outputs} "
                f"outputs, got {unfit[0]:g}.",
                "y",
            )
        return np.eye(outputs)[numbers.astype(np.intp)]


@LOSSES.register(
    "hinge",
    label="Hinge",
    help="Asks for an output of at least 1 on the right side of 0, as a support vector machine does.",
    formula="L = (1/n) · Σ max(0, 1 − y · ŷ), y = ±1",
    source="Keras, keras.losses.Hinge",
    problems=("binary",),
    outputs=("linear", "tanh"),
)
class Hinge(Loss):
    """The distance to a margin of 1 on the right side; targets are −1 and 1, or 0 and 1, which are taken for them."""

    def encode(self, targets: Array, outputs: int) -> Array:
        """Return targets of −1 and 1."""
        rows = super().encode(targets, outputs)
        return 2 * rows - 1 if np.isin(rows, (0, 1)).all() else rows

    def check_targets(self, targets: Array) -> None:
        """Refuse targets that are no two classes."""
        if not np.isin(targets, (0, 1)).all() and not np.isin(targets, (-1, 1)).all():
            wrong = next(value for value in targets.flat if value not in (-1, 1))
            raise InvalidValueError(f"{self.entry.name}: targets must be −1 and 1 or 0 and 1, got {wrong:g}.", "y")

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = max(0, 1 − t a)."""
        tape(np.multiply, a, t, out)
        tape(np.subtract, tape.constant(1), out, out)
        tape(np.maximum, out, tape.constant(0), out=out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """dL/da = −t where t a < 1, and 0 elsewhere."""
        tape(np.multiply, a, t, out)
        tape(np.subtract, tape.constant(1), out, out)
        tape(np.heaviside, out, tape.constant(0), out)
        tape(np.multiply, out, t, out)
        tape(np.multiply, out, tape.constant(-share), out)


@LOSSES.register(
    "perceptron",
    label="Perceptron",
    help="Moves the weights by the inputs of each sample that is answered wrongly, and only then. Goes with step.",
    formula="L = (1/n) · Σ |ŷ − y|\nw ← w − η · (ŷ − y) · x",
    source="Rosenblatt (1958), The perceptron; with batches of 1 as in scikit-learn's Perceptron",
    problems=("binary",),
    outputs=("step",),
)
class Perceptron(Loss):
    """The perceptron rule: a step has no slope, so the difference itself stands for the gradient."""

    fused_with = "step"

    def check_targets(self, targets: Array) -> None:
        """Refuse targets that are not 0 and 1."""
        wrong = targets[(targets != 0) & (targets != 1)]
        if wrong.size:
            raise InvalidValueError(f"{self.entry.name}: targets must be 0 and 1, got {wrong[0]:g}.", "y")

    def terms(self, tape: Tape, a: Array, t: Array, out: Array) -> None:
        """L = |a − t|: the mean is the share of wrong answers."""
        tape(np.subtract, a, t, out)
        tape(np.absolute, out, out)

    def gradient(self, tape: Tape, a: Array, t: Array, share: float, out: Array) -> None:
        """The rule's a − t."""
        self.fused_gradient(tape, a, t, share, out)


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
