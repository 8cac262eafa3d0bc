"""Metrics: what is measured beside the loss.

Trait of an entry:
    aliases: Other names that `get` takes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.errors import InvalidValueError, UnknownNameError
from playground.nn import losses
from playground.nn.components import Component, Setting, resolve
from playground.nn.losses import LOSSES, Loss
from playground.nn.tape import Array, Tape
from playground.registry import Parameter, Registry, shown

METRICS: Registry[type["Metric"]] = Registry("metric")


class Metric(Component):
    """A mean over samples of something that outputs and targets say together."""

    registry = METRICS

    def check_targets(self, targets: Array) -> None:
        """Raise InvalidValueError if it makes no sense with these targets (samples, outputs)."""

    def record(self, tape: Tape, a: Array, t: Array, targets: Array) -> Array:
        """Record the values (…, batch) whose mean is the metric, and return where they will stand.

        Args:
            tape: Where to record.
            a: Outputs (outputs, batch).
            t: Targets (outputs, batch).
            targets: All targets there are (samples, outputs), which tell what kind of classes they are.
        """
        raise NotImplementedError


_THRESHOLD = Parameter("threshold", "Threshold", 0.5, -1e6, 1e6, help="What is above it counts as yes.")


@METRICS.register(
    "accuracy",
    label="Accuracy",
    help="The share of right answers.",
    source="Keras, keras.metrics.Accuracy, which picks the kind that fits",
    aliases=("acc",),
)
class Accuracy(Metric):
    """The share of right answers: of one-hot rows by the greatest output, of other labels one by one."""

    def check_targets(self, targets: Array) -> None:
        """Refuse targets that are not classes."""
        if not _is_one_hot(targets.T) and _threshold(targets) is None:
            raise InvalidValueError(
                "accuracy needs targets that are classes: 0 and 1, −1 and 1, or one-hot rows; "
                "for other numbers choose mean_absolute_error.",
                "metrics",
            )

    def record(self, tape: Tape, a: Array, t: Array, targets: Array) -> Array:
        """Record what is right."""
        if _is_one_hot(targets.T):
            return CategoricalAccuracy().record(tape, a, t, targets)
        return BinaryAccuracy(_threshold(targets) or 0).record(tape, a, t, targets)


@METRICS.register(
    "binary_accuracy",
    label="Binary accuracy",
    help="The share of right answers yes or no.",
    source="Keras, keras.metrics.BinaryAccuracy",
    parameters=(_THRESHOLD,),
)
class BinaryAccuracy(Metric):
    """How often output and target are on the same side of a threshold."""

    threshold = Setting()

    def __init__(self, threshold: float = 0.5) -> None:
        super().__init__(threshold=threshold)

    def record(self, tape: Tape, a: Array, t: Array, targets: Array) -> Array:
        """Record what is right, output by output."""
        said, meant = np.empty(a.shape, bool), np.empty(a.shape, bool)
        tape(np.greater, a, tape.constant(self.threshold), said)
        tape(np.greater, t, tape.constant(self.threshold), meant)
        tape(np.equal, said, meant, said)
        return said


@METRICS.register(
    "categorical_accuracy",
    label="Categorical accuracy",
    help="The share of samples whose greatest output is that of the right class.",
    source="Keras, keras.metrics.CategoricalAccuracy",
    aliases=("sparse_categorical_accuracy",),
)
class CategoricalAccuracy(Metric):
    """How often the greatest output is the right one."""

    def record(self, tape: Tape, a: Array, t: Array, targets: Array) -> Array:
        """Record what is right, sample by sample."""
        batch = a.shape[-1]
        said, meant, right = np.empty(batch, np.intp), np.empty(batch, np.intp), np.empty(batch, bool)
        tape(a.argmax, -2, said)
        tape(t.argmax, -2, meant)
        tape(np.equal, said, meant, right)
        return right


@dataclass(frozen=True)
class Measured:
    """A metric or loss under the name by which it was asked for.

    Attributes:
        name: Its name in a history.
        metric: What is measured.
    """

    name: str
    metric: Metric | Loss

    def check_targets(self, targets: Array) -> None:
        """Raise InvalidValueError if it makes no sense with these targets."""
        self.metric.check_targets(targets)

    def record(self, tape: Tape, a: Array, t: Array, targets: Array) -> tuple[Array, float]:
        """Record values, and return where they will stand and what their sum is to be divided by for each sample."""
        if isinstance(self.metric, Metric):
            values = self.metric.record(tape, a, t, targets)
            return values, values.size / a.shape[-1]
        terms = tape.buffer(*a.shape)
        self.metric.terms(tape, a, t, terms)
        return terms, 1 / self.metric.share(a.shape[-2], 1)


def get(identifier: object, field: str = "metrics") -> Measured:
    """Return the metric or loss that `identifier` means: a name, or an object.

    Raises:
        UnknownNameError: If no metric or loss has this name.
        InvalidValueError: If it is something else.
    """
    if isinstance(identifier, (Metric, Loss)):
        return Measured(identifier.entry.name, identifier)
    if not isinstance(identifier, str):
        raise InvalidValueError(f"A metric must be a name or an object of that kind, got {shown(identifier)}.", field)
    try:
        return Measured(identifier, resolve(Metric, identifier, field))
    except UnknownNameError:
        try:
            return Measured(identifier, losses.get(identifier, field))
        except UnknownNameError as error:
            raise UnknownNameError("metric", identifier, [*METRICS.names, *LOSSES.names], field) from error


def accuracy(targets: Array, outputs: Array) -> float | None:
    """Return the share of right answers, or None where the targets are not classes.

    One-hot targets (samples, classes) are compared by the greatest output; targets of 0 and 1 by whether
    the output is above 0.5, and of −1 and 1 by whether it is above 0.
    """
    tape = Tape()
    read = record_accuracy(tape, np.ascontiguousarray(outputs.T), targets.T)
    tape.run()
    return read and read()


def record_accuracy(tape: Tape, a: Array, t: Array) -> Callable[[], float] | None:
    """Record the accuracy of `a` against the fixed targets `t`, both (outputs, samples).

    Returns:
        A function that reads the accuracy once the tape has run, or None where the targets are not classes.
    """
    said: Array
    if _is_one_hot(t):
        said, right = np.empty(t.shape[-1], np.intp), np.empty(t.shape[-1], bool)
        tape(a.argmax, -2, said)
        tape(np.equal, said, t.argmax(axis=-2), right)
    elif (threshold := _threshold(t)) is not None:
        said = right = np.empty(t.shape, bool)
        tape(np.greater, a, tape.constant(threshold), said)
        tape(np.equal, said, t > threshold, right)
    else:
        return None
    return lambda: int(np.count_nonzero(right)) / right.size


def _is_one_hot(t: Array) -> bool:
    return len(t) > 1 and bool(np.isin(t, (0, 1)).all() and (t.sum(axis=0) == 1).all())


def _threshold(t: Array) -> float | None:
    """Return the number between the two labels, or None if the targets are no labels."""
    if np.isin(t, (0, 1)).all():
        return 0.5
    return 0.0 if np.isin(t, (-1, 1)).all() else None
