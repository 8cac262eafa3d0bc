"""Metrics: what is measured beside the loss."""

from collections.abc import Callable

import numpy as np

from playground.nn.tape import Array, Tape


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
