"""Optimizers: how a gradient moves the parameters.

An optimizer works on the flat vector of all parameters of a network, so its cost does not grow with the number
of layers. It keeps its settings; what it remembers of a network between steps belongs to the network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import ClassVar

import numpy as np

from playground.nn.components import Component, Setting, resolve
from playground.nn.tape import Array, Tape
from playground.registry import Parameter, Registry

OPTIMIZERS: Registry[type["Optimizer"]] = Registry("optimizer")


def _learning_rate(default: float) -> Parameter:
    return Parameter(
        "learning_rate",
        "Learning rate",
        default=default,
        minimum=0,
        maximum=10,
        step=0.001,
        choices=(0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
        help="How far each step goes. Too small learns slowly; too large overshoots.",
    )


def _decay(name: str, label: str, default: float, help: str) -> Parameter:
    return Parameter(name, label, default=default, minimum=0, maximum=0.9999, step=0.001, help=help)


@dataclass
class OptimizerState:
    """What an optimizer remembers of one network between steps.

    Attributes:
        slots: Numbers for each parameter (slots, parameters).
        iterations: Number of updates, counted by the optimizers that need it.
    """

    slots: Array
    iterations: int = 0

    def assign(self, other: "OptimizerState") -> None:
        """Take over the values of `other`, in place."""
        self.slots[...] = other.slots
        self.iterations = other.iterations

    def copy(self) -> "OptimizerState":
        """Return an independent copy."""
        return OptimizerState(self.slots.copy(), self.iterations)

    def clear(self) -> None:
        """Forget everything, in place."""
        self.slots[...] = 0
        self.iterations = 0


class Optimizer(Component):
    """An update rule.

    Attributes:
        slots: How many numbers it remembers for each parameter.
        learning_rate: How far each step goes; holds from the next step when it is set.
    """

    registry = OPTIMIZERS
    slots: ClassVar[int] = 0
    learning_rate = Setting(live=True)

    def new_state(self, parameters: int) -> OptimizerState:
        """Return what is remembered before the first step of a network with this number of parameters."""
        return OptimizerState(np.zeros((self.slots, parameters)))

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record one update.

        Args:
            tape: Where to record.
            parameters: The flat vector of all parameters, to be changed in place.
            gradients: (2, parameters): the gradient, and below it room for the optimizer's own use.
            state: What this optimizer remembers of this network.
        """
        raise NotImplementedError


@OPTIMIZERS.register(
    "sgd",
    label="SGD",
    help="Gradient descent: each step goes straight downhill; with momentum it rolls.",
    parameters=(
        _learning_rate(0.01),
        Parameter(
            "momentum",
            "Momentum",
            default=0,
            minimum=0,
            maximum=1,
            step=0.05,
            help="How much of the last step goes on into the next.",
        ),
    ),
    source="Sutskever et al. (2013), eq. 1-2; Keras, keras.optimizers.SGD",
)
class SGD(Optimizer):
    """Gradient descent with momentum.

        velocity = momentum * velocity - learning_rate * gradient
        parameter = parameter + velocity

    Reference: Sutskever et al. (2013), eq. 1-2. PyTorch instead scales the velocity by the learning rate,
    so the two differ when the rate changes during a run.
    """

    slots = 1
    momentum = Setting()

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0) -> None:
        super().__init__(learning_rate=learning_rate, momentum=momentum)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update; without momentum there is no velocity, and half the calls."""
        step, learning_rate = gradients[0], self.cell("learning_rate")
        tape(np.multiply, step, learning_rate, step)
        if not self.momentum:
            state.clear()
            tape(np.subtract, parameters, step, parameters)
            return
        velocity = state.slots[0]
        tape(np.multiply, velocity, self.cell("momentum"), velocity)
        tape(np.subtract, velocity, step, velocity)
        tape(np.add, parameters, velocity, parameters)


@OPTIMIZERS.register(
    "adam",
    label="Adam",
    help="Gives every parameter a step size of its own, from the gradients it has seen. Works well without tuning.",
    parameters=(
        _learning_rate(0.001),
        _decay("beta_1", "Beta 1", 0.9, "How long the mean of the gradients remembers."),
        _decay("beta_2", "Beta 2", 0.999, "How long the mean of their squares remembers."),
        Parameter(
            "epsilon",
            "Epsilon",
            default=1e-7,
            minimum=1e-16,
            maximum=1,
            step=1e-7,
            help="Keeps steps finite where gradients vanish.",
        ),
    ),
    source="Kingma and Ba (2015), algorithm 1 in the form that ends section 2; Keras, keras.optimizers.Adam",
)
class Adam(Optimizer):
    """Adaptive moments.

        m = m + (1 - beta_1) * (gradient - m)
        v = v + (1 - beta_2) * (gradient² - v)
        rate = learning_rate * sqrt(1 - beta_2 ** iterations) / (1 - beta_1 ** iterations)
        parameter = parameter - rate * m / (sqrt(v) + epsilon)

    Reference: Kingma and Ba (2015), the form at the end of section 2, as in Keras. PyTorch has the form of algorithm 1,
    in which epsilon is not scaled by the correction of v.
    """

    slots = 2
    beta_1 = Setting()
    beta_2 = Setting()
    epsilon = Setting()

    def __init__(
        self, learning_rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
    ) -> None:
        super().__init__(learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update; both moments are one array, so that a call serves both."""
        rate = tape.constant(0)
        tape(self._corrected_rate(rate, state))

        moments, (m, v) = state.slots, state.slots
        change, shares = np.empty_like(gradients), np.empty_like(gradients)
        shares[0], shares[1] = 1 - self.beta_1, 1 - self.beta_2
        tape(np.multiply, gradients[0], gradients[0], gradients[1])
        tape(np.subtract, gradients, moments, change)
        tape(np.multiply, change, shares, change)
        tape(np.add, moments, change, moments)

        step = change[0]
        tape(np.sqrt, v, step)
        tape(np.add, step, tape.constant(self.epsilon), step)
        tape(np.divide, m, step, step)
        tape(np.multiply, step, rate, step)
        tape(np.subtract, parameters, step, parameters)

    def _corrected_rate(self, rate: Array, state: OptimizerState) -> Callable[[], None]:
        """Return a function that counts an update and puts its rate into the 0-d array `rate`."""
        learning_rate, beta_1, beta_2 = self.cell("learning_rate"), self.beta_1, self.beta_2

        def correct() -> None:
            state.iterations += 1
            bias_1, bias_2 = 1 - beta_1**state.iterations, 1 - beta_2**state.iterations
            rate[()] = learning_rate.item() * sqrt(bias_2) / bias_1

        return correct


def get(identifier: object, field: str = "optimizer") -> Optimizer:
    """Return the optimizer with this name, or `identifier` itself if it is an optimizer."""
    return resolve(Optimizer, identifier, field)
