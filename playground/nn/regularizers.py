"""Regularizers: what large weights of a layer's kernel cost. Biases are free.

Trait of an entry:
    aliases: Other names that `get` takes.
"""

from collections.abc import Mapping
from typing import Self

import numpy as np

from playground.nn.components import Component, Setting, resolve
from playground.nn.tape import Array, Tape
from playground.registry import Parameter, Registry

REGULARIZERS: Registry[type["Regularizer"]] = Registry("regularizer")


def _rate(name: str, default: float, what: str, symbol: str = "λ") -> Parameter:
    return Parameter(
        name,
        "Regularization rate",
        default=default,
        minimum=0,
        maximum=10,
        step=0.001,
        choices=(0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
        symbol=symbol,
        help=f"How much {what} weights cost.",
    )


class Regularizer(Component):
    """A penalty on a kernel, added to the loss. Its settings are rates."""

    registry = REGULARIZERS

    @classmethod
    def at(cls, rate: float) -> Self:
        """Return one with all rates at `rate`."""
        return cls(**{parameter.name: rate for parameter in cls.declared().parameters})

    @property
    def rate(self) -> float:
        """How much it counts; setting it sets all rates."""
        return max(self.settings.values())

    @rate.setter
    def rate(self, value: float) -> None:
        for name in self.settings:
            setattr(self, name, value)

    def penalty(self, kernel: Array) -> float:
        """Return what this kernel costs."""
        raise NotImplementedError

    @staticmethod
    def cost(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """Record what each parameter of a network costs.

        Args:
            tape: Where to record.
            parameters: The flat vector of all parameters.
            rates: For each setting a vector of the same shape: its value where this kind of regularizer holds,
                0 elsewhere.
            out: Same shape: where the result is written.
        """
        raise NotImplementedError

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """Record the gradient of the penalty for all parameters of a network at once; arguments as for `cost`."""
        raise NotImplementedError


@REGULARIZERS.register(
    "l1",
    label="L1",
    help="Pulls every weight towards 0 by the same amount, so that some vanish and the network gets sparse.",
    formula="Ω = λ · Σ |w|",
    source="Keras, keras.regularizers.L1",
    parameters=(_rate("l1", 0.01, "large"),),
)
class L1(Regularizer):
    """The sum of the absolute weights."""

    l1 = Setting()

    def __init__(self, l1: float = 0.01) -> None:
        super().__init__(l1=l1)

    def penalty(self, kernel: Array) -> float:
        """R = l1 · Σ |w|."""
        return self.l1 * float(np.abs(kernel).sum())

    @staticmethod
    def cost(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """R = l1 · |w|."""
        tape(np.absolute, parameters, out)
        tape(np.multiply, out, rates["l1"], out)

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """dR/dw = l1 · sign(w)."""
        tape(np.sign, parameters, out)
        tape(np.multiply, out, rates["l1"], out)


@REGULARIZERS.register(
    "l2",
    label="L2",
    help="Pulls every weight towards 0 in proportion to its size, so that no weight gets large.",
    formula="Ω = λ · Σ w²",
    source="Keras, keras.regularizers.L2",
    parameters=(_rate("l2", 0.01, "large"),),
)
class L2(Regularizer):
    """The sum of the squared weights."""

    l2 = Setting()

    def __init__(self, l2: float = 0.01) -> None:
        super().__init__(l2=l2)

    def penalty(self, kernel: Array) -> float:
        """R = l2 · Σ w²."""
        return self.l2 * float(np.square(kernel).sum())

    @staticmethod
    def cost(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """R = l2 · w²."""
        tape(np.multiply, parameters, parameters, out)
        tape(np.multiply, out, rates["l2"], out)

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """dR/dw = 2 · l2 · w."""
        tape(np.multiply, parameters, 2 * rates["l2"], out)


@REGULARIZERS.register(
    "l1_l2",
    label="L1 and L2",
    help="Both at once: weights that matter little vanish, and the others stay small.",
    formula="Ω = λ₁ · Σ |w| + λ₂ · Σ w²",
    source="Zou and Hastie (2005), the elastic net; Keras, keras.regularizers.L1L2",
    parameters=(_rate("l1", 0.0, "large", "λ₁"), _rate("l2", 0.0, "large", "λ₂")),
)
class L1L2(Regularizer):
    """The sum of the absolute weights and that of the squared weights, each with its rate."""

    l1 = Setting()
    l2 = Setting()

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        super().__init__(l1=l1, l2=l2)

    def penalty(self, kernel: Array) -> float:
        """R = l1 · Σ |w| + l2 · Σ w²."""
        return self.l1 * float(np.abs(kernel).sum()) + self.l2 * float(np.square(kernel).sum())

    @staticmethod
    def cost(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """R = l1 · |w| + l2 · w²."""
        squares = tape.buffer(*parameters.shape)
        L2.cost(tape, parameters, rates, squares)
        L1.cost(tape, parameters, rates, out)
        tape(np.add, out, squares, out)

    @staticmethod
    def gradient(tape: Tape, parameters: Array, rates: Mapping[str, Array], out: Array) -> None:
        """dR/dw = l1 · sign(w) + 2 · l2 · w."""
        towards_0 = tape.buffer(*parameters.shape)
        L2.gradient(tape, parameters, rates, towards_0)
        L1.gradient(tape, parameters, rates, out)
        tape(np.add, out, towards_0, out)


def get(identifier: object, field: str = "regularizer") -> Regularizer | None:
    """Return the regularizer with this name, or `identifier` itself if it is a regularizer or None."""
    return None if identifier is None else resolve(Regularizer, identifier, field)


# Keras also has functions of these names.
l1, l2, l1_l2 = L1, L2, L1L2
