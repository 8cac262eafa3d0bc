"""A tape: the NumPy calls of one training step, bound once to the buffers that they work on.

On a small network a step costs what calling NumPy costs, not what the arithmetic costs. So nothing is decided and
nothing is allocated while a network trains: everything is recorded beforehand, and a step is

    for call, args in tape.calls: call(*args)

Inside a tape arrays are features × batch, so that the outputs of a layer together with a row of ones (the bias's
input) are one contiguous block, and a product writes straight into the next one:

    z = [kernelᵀ | bias] · [x; 1]            # (units, fan_in + 1) · (fan_in + 1, batch)

What is recorded looks only at the last two axes of an array, so the same recording serves a stack of networks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array: TypeAlias = NDArray[Any]
Call: TypeAlias = tuple[Callable[..., object], tuple[object, ...]]


class Tape:
    """A recorder of calls.

    Attributes:
        calls: What was recorded, in order: functions and the arguments to call them with.
    """

    def __init__(self, dtype: DTypeLike = np.float64) -> None:
        """
        Args:
            dtype: Type of the buffers and constants that the tape hands out.
        """
        self.calls: list[Call] = []
        self._dtype = np.dtype(dtype)

    def __call__(self, call: Callable[..., object], *args: object, **options: object) -> None:
        """Record `call(*args, **options)`. Pass an output by position where the function takes it so: it is cheaper."""
        self.calls.append((partial(call, **options) if options else call, args))

    def dot(self, a: Array, b: Array, out: Array) -> None:
        """Record the matrix product of `a` and `b` into `out`, which must be contiguous."""
        self.calls.append((a.dot, (b, out)))

    def constant(self, value: float) -> Array:
        """Return `value` as a 0-d array: a ufunc takes it twice as fast as a Python number."""
        return np.array(value, self._dtype)

    def buffer(self, *shape: int) -> Array:
        """Return a new array of zeros to compute in."""
        return np.zeros(shape, self._dtype)

    def run(self) -> None:
        """Make every recorded call."""
        for call, args in self.calls:
            call(*args)


@dataclass(frozen=True)
class Signal:
    """What flows between two layers: one layer's outputs for a batch, and the loss's gradient there.

    Attributes:
        a: Outputs (units, batch).
        z: What the activation is applied to (units, batch); the same memory as `a`
            unless the activation's slope needs z afterwards.
        a1: `a` and below it a row of ones (units + 1, batch): the next layer's input.
        slope: da/dz (units, batch), where the activation works on each number by itself.
        dz: Gradient (units, batch): with respect to `a` until the activation's turn, then with respect to `z`.
        da1: Gradient with respect to `a1` (units + 1, batch), the memory of `dz` and one row of no meaning.
    """

    a: Array
    z: Array
    a1: Array
    slope: Array
    dz: Array
    da1: Array
