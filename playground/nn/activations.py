"""Activations: what a layer applies to its weighted sums z.

Traits of an entry:
    range: Least and greatest output, None where there is no bound; pictures take their scale from it.
    hidden: Whether it is offered for hidden layers.
"""

from typing import ClassVar

import numpy as np

from playground.nn.components import Component, resolve
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Registry

ACTIVATIONS: Registry[type["Activation"]] = Registry("activation")


class Activation(Component):
    """A function of z, applied to each number by itself unless `elementwise` says otherwise.

    Attributes:
        elementwise: Whether each output depends on one z alone. Then `slope` is all that the way back
            needs, and neighbouring layers with the same activation share one call for it.
        keeps_z: Whether the slope needs z; if not, the outputs are written over it.
    """

    registry = ACTIVATIONS
    elementwise: ClassVar[bool] = True
    keeps_z: ClassVar[bool] = False

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """Record a = f(z). Both are (units, batch) and the same memory unless `keeps_z`."""
        raise NotImplementedError

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """Record out = f'(z), expressed in a (or in z if `keeps_z`)."""
        raise NotImplementedError

    def backward(self, tape: Tape, signal: Signal) -> None:
        """Record the step from dL/da to dL/dz, in place in `signal.dz`."""
        tape(np.multiply, signal.dz, signal.slope, signal.dz)


@ACTIVATIONS.register(
    "tanh",
    label="Tanh",
    help="Squeezes any number into −1 to 1, evenly about 0. A good first choice for small networks.",
    source="LeCun et al. (1998), Efficient BackProp, section 4.4",
    range=(-1.0, 1.0),
    hidden=True,
)
class Tanh(Activation):
    """The hyperbolic tangent."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = tanh(z)."""
        tape(np.tanh, z, a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = 1 − a²."""
        tape(np.multiply, a, a, out)
        tape(np.subtract, tape.constant(1), out, out)


@ACTIVATIONS.register(
    "relu",
    label="ReLU",
    help="Passes positive numbers on and turns the others into 0. Learns fast and draws straight edges.",
    source="Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines",
    range=(0.0, None),
    hidden=True,
)
class Relu(Activation):
    """The rectified linear unit, with slope 0 at z = 0."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = max(z, 0)."""
        # Unlike fmax, maximum keeps NaN, but takes its output by keyword only, which costs half a call more. NaN can
        # come only from weights that have all but overflowed, and divergence is looked for in the weights.
        tape(np.fmax, z, tape.constant(0), a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = sign(a), for a is never negative."""
        tape(np.sign, a, out)


@ACTIVATIONS.register(
    "sigmoid",
    label="Sigmoid",
    help="Squeezes any number into 0 to 1, so that an output can be read as a probability. Slow in hidden layers.",
    source="Rumelhart, Hinton and Williams (1986), Learning representations by back-propagating errors",
    range=(0.0, 1.0),
    hidden=True,
)
class Sigmoid(Activation):
    """The logistic function."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = 1 / (1 + exp(−z))."""
        tape(np.negative, z, a)
        tape(np.exp, a, a)
        tape(np.add, a, tape.constant(1), a)
        tape(np.reciprocal, a, a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = a − a²."""
        tape(np.multiply, a, a, out)
        tape(np.subtract, a, out, out)


@ACTIVATIONS.register(
    "linear",
    label="Linear",
    help="Changes nothing. Right for the output of a regression; hidden layers of it add nothing to one layer alone.",
    source="Keras, keras.activations.linear",
    range=(None, None),
    hidden=True,
)
class Linear(Activation):
    """The identity."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = z, and a is z already."""

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = 1, which `backward` does not need."""

    def backward(self, tape: Tape, signal: Signal) -> None:
        """dL/dz = dL/da."""


@ACTIVATIONS.register(
    "softmax",
    label="Softmax",
    help="Turns the outputs into probabilities that add up to 1: one output for each class.",
    source="Bridle (1990), Probabilistic interpretation of feedforward classification network outputs",
    range=(0.0, 1.0),
    hidden=False,
)
class Softmax(Activation):
    """The softmax of all units of a layer."""

    elementwise = False

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = exp(z − max z) / Σ exp(z − max z), both over the units."""
        units, batch = z.shape[-2:]
        largest, spread = tape.buffer(1, batch), tape.buffer(units, batch)
        # Products with ones repeat the largest and the sum for every unit; broadcasting is slower on small arrays.
        tape(np.maximum.reduce, z, -2, None, largest, True)
        tape.dot(tape.buffer(units, 1) + 1, largest, spread)
        tape(np.subtract, z, spread, a)
        tape(np.exp, a, a)
        tape.dot(tape.buffer(units, units) + 1, a, spread)
        tape(np.divide, a, spread, a)

    def backward(self, tape: Tape, signal: Signal) -> None:
        """dL/dz = (dL/da − Σ dL/da · a) · a, the sum over the units."""
        units, batch = signal.a.shape[-2:]
        product, total = tape.buffer(units, batch), tape.buffer(units, batch)
        tape(np.multiply, signal.dz, signal.a, product)
        tape.dot(tape.buffer(units, units) + 1, product, total)
        tape(np.subtract, signal.dz, total, signal.dz)
        tape(np.multiply, signal.dz, signal.a, signal.dz)


def get(identifier: object, field: str = "activation") -> Activation:
    """Return the activation with this name, or `identifier` itself if it is an activation."""
    return resolve(Activation, identifier, field)
