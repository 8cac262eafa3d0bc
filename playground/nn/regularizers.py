"""Regularizers: what large weights of a layer's kernel cost. Biases are free."""

import numpy as np

from playground.nn.components import Component, Setting, resolve
from playground.nn.tape import Array, Tape
from playground.registry import Parameter, Registry

REGULARIZERS: Registry[type["Regularizer"]] = Registry("regularizer")

_RATE = Parameter(
    "rate",
    "Regularization rate",
    default=0.01,
    minimum=0,
    maximum=10,
    step=0.001,
    choices=(0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
    help="How much large weights cost.",
)


class Regularizer(Component):
    """A penalty on a kernel, added to the loss.

    Attributes:
        rate: How much it counts.
    """

    registry = REGULARIZERS
    rate = Setting()

    def __init__(self, rate: float = 0.01) -> None:
        super().__init__(rate=rate)

    def penalty(self, kernel: Array) -> float:
        """Return what this kernel costs."""
        raise NotImplementedError

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Array, out: Array) -> None:
        """Record the gradient of the penalty for all parameters of a network at once.

        Args:
            tape: Where to record.
            parameters: The flat vector of all parameters.
            rates: Same shape: the rate where this kind of regularizer holds, 0 elsewhere.
            out: Same shape: where the gradient is written.
        """
        raise NotImplementedError


@REGULARIZERS.register(
    "l1",
    label="L1",
    help="Pulls every weight towards 0 by the same amount, so that some vanish and the network gets sparse.",
    source="Keras, keras.regularizers.L1",
    parameters=(_RATE,),
)
class L1(Regularizer):
    """The sum of the absolute weights."""

    def penalty(self, kernel: Array) -> float:
        """R = rate · Σ |w|."""
        return self.rate * float(np.abs(kernel).sum())

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Array, out: Array) -> None:
        """dR/dw = rate · sign(w)."""
        tape(np.sign, parameters, out)
        tape(np.multiply, out, rates, out)


@REGULARIZERS.register(
    "l2",
    label="L2",
    help="Pulls every weight towards 0 in proportion to its size, so that no weight gets large.",
    source="Keras, keras.regularizers.L2",
    parameters=(_RATE,),
)
class L2(Regularizer):
    """The sum of the squared weights."""

    def penalty(self, kernel: Array) -> float:
        """R = rate · Σ w²."""
        return self.rate * float(np.square(kernel).sum())

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Array, out: Array) -> None:
        """dR/dw = 2 · rate · w."""
        tape(np.multiply, parameters, 2 * rates, out)


def get(identifier: object, field: str = "regularizer") -> Regularizer | None:
    """Return the regularizer with this name, or `identifier` itself if it is a regularizer or None."""
    return None if identifier is None else resolve(Regularizer, identifier, field)
