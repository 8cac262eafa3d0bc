"""Activations: what a layer applies to its weighted sums z.

Traits of an entry:
    range: Least and greatest output, None where there is no bound; pictures take their scale from it.
    hidden: Whether it is offered for hidden layers.
    losses: Names of the losses that it makes sense with, or absent for any that takes it.
    aliases: Other names that `get` takes.
"""

from collections.abc import Sequence
from math import pi, sqrt
from typing import ClassVar

import numpy as np

from playground.nn.components import Component, Setting, resolve
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Parameter, Registry

ACTIVATIONS: Registry[type["Activation"]] = Registry("activation")

# Klambauer et al. (2017), the fixed point for zero mean and unit variance.
_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


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
    formula="f(z) = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)",
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
    formula="f(z) = max(0, z)",
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
    formula="f(z) = 1 / (1 + e⁻ᶻ)",
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
    formula="f(z) = z",
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
    "leaky_relu",
    label="Leaky ReLU",
    help="Like ReLU, but lets a little of negative numbers through, so that no neuron stops learning for good.",
    formula="f(z) = max(z, α · z)",
    source="Maas et al. (2013), Rectifier nonlinearities improve neural network acoustic models",
    parameters=(
        Parameter(
            "negative_slope",
            "Negative slope",
            0.2,
            0,
            1,
            step=0.01,
            symbol="α",
            help="What is left of negative numbers.",
        ),
    ),
    range=(None, None),
    hidden=True,
)
class LeakyRelu(Activation):
    """The leaky rectified linear unit."""

    negative_slope = Setting()

    def __init__(self, negative_slope: float = 0.2) -> None:
        super().__init__(negative_slope=negative_slope)

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = max(z, negative_slope · z)."""
        leak = tape.buffer(*z.shape)
        tape(np.multiply, z, tape.constant(self.negative_slope), leak)
        tape(np.fmax, z, leak, a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = 1 where a > 0, and negative_slope elsewhere."""
        tape(np.heaviside, a, tape.constant(0), out)
        tape(np.multiply, out, tape.constant(1 - self.negative_slope), out)
        tape(np.add, out, tape.constant(self.negative_slope), out)


@ACTIVATIONS.register(
    "elu",
    label="ELU",
    help="Like ReLU, but rounds off towards −1 below 0, so that outputs centre about 0.",
    formula="z > 0: f(z) = z\nz ≤ 0: f(z) = eᶻ − 1",
    source="Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep network learning by ELUs",
    range=(-1.0, None),
    hidden=True,
)
class Elu(Activation):
    """The exponential linear unit with α = 1."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = z where z > 0, and exp(z) − 1 elsewhere."""
        _exponential_below_zero(tape, z, a, alpha=1)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = 1 + min(a, 0)."""
        tape(np.fmin, a, tape.constant(0), out)
        tape(np.add, out, tape.constant(1), out)


@ACTIVATIONS.register(
    "selu",
    label="SELU",
    help="ELU, scaled so that deep stacks keep outputs near mean 0 and variance 1. Goes with LeCun normal.",
    formula="z > 0: f(z) = 1.0507 · z\nz ≤ 0: f(z) = 1.0507 · 1.6733 · (eᶻ − 1)",
    source="Klambauer et al. (2017), Self-normalizing neural networks",
    range=(-_SELU_SCALE * _SELU_ALPHA, None),
    hidden=True,
)
class Selu(Activation):
    """The scaled exponential linear unit."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = scale · z where z > 0, and scale · α (exp(z) − 1) elsewhere."""
        _exponential_below_zero(tape, z, a, alpha=_SELU_ALPHA)
        tape(np.multiply, a, tape.constant(_SELU_SCALE), a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = scale where a > 0, and a + scale · α elsewhere."""
        positive = tape.buffer(*a.shape)
        tape(np.heaviside, a, tape.constant(0), positive)
        tape(np.multiply, positive, tape.constant(_SELU_SCALE * (1 - _SELU_ALPHA)), positive)
        tape(np.fmin, a, tape.constant(0), out)
        tape(np.add, out, tape.constant(_SELU_SCALE * _SELU_ALPHA), out)
        tape(np.add, out, positive, out)


@ACTIVATIONS.register(
    "gelu",
    label="GELU",
    help="A smooth ReLU that dips below 0 before it rises. Common in language models; slower than the others.",
    formula="f(z) = z · Φ(z)",
    source="Hendrycks and Gimpel (2016), Gaussian error linear units, the exact form",
    range=(-0.17, None),
    hidden=True,
)
class Gelu(Activation):
    """z times the share of a standard normal that is below z."""

    keeps_z = True

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = z Φ(z)."""
        share = tape.buffer(*z.shape)
        _normal_share(tape, z, share)
        tape(np.multiply, z, share, a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = Φ(z) + z φ(z)."""
        share, density = tape.buffer(*z.shape), tape.buffer(*z.shape)
        _normal_share(tape, z, share)
        tape(np.multiply, z, z, density)
        tape(np.multiply, density, tape.constant(-0.5), density)
        tape(np.exp, density, density)
        tape(np.multiply, density, z, density)
        tape(np.multiply, density, tape.constant(1 / sqrt(2 * pi)), density)
        tape(np.add, share, density, out)


@ACTIVATIONS.register(
    "silu",
    label="SiLU",
    help="A smooth ReLU that dips below 0 before it rises; also called swish.",
    formula="f(z) = z / (1 + e⁻ᶻ)",
    source="Elfwing, Uchibe and Doya (2018), Sigmoid-weighted linear units",
    range=(-0.2785, None),
    hidden=True,
    aliases=("swish",),
)
class Silu(Activation):
    """z times its sigmoid."""

    keeps_z = True

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = z / (1 + exp(−z))."""
        tape(np.negative, z, a)
        tape(np.exp, a, a)
        tape(np.add, a, tape.constant(1), a)
        tape(np.divide, z, a, a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = s + a (1 − s), where s is the sigmoid of z."""
        rest, one = tape.buffer(*a.shape), tape.constant(1)
        tape(np.negative, z, out)
        tape(np.exp, out, out)
        tape(np.add, out, one, out)
        tape(np.reciprocal, out, out)
        tape(np.subtract, one, out, rest)
        tape(np.multiply, rest, a, rest)
        tape(np.add, out, rest, out)


@ACTIVATIONS.register(
    "softplus",
    label="Softplus",
    help="A smooth ReLU that is always above 0. Right for an output that must be positive.",
    formula="f(z) = ln(1 + eᶻ)",
    source="Dugas et al. (2001), Incorporating second-order functional knowledge for better option pricing",
    range=(0.0, None),
    hidden=True,
)
class Softplus(Activation):
    """The logarithm of 1 + exp(z)."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = log(1 + exp(z))."""
        tape(np.logaddexp, z, tape.constant(0), a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = 1 − exp(−a)."""
        tape(np.negative, a, out)
        tape(np.expm1, out, out)
        tape(np.negative, out, out)


@ACTIVATIONS.register(
    "sin",
    label="Sine",
    help="Waves: a few neurons draw stripes and rings. Sensitive to how large the first weights are.",
    formula="f(z) = sin(z)",
    source="Sitzmann et al. (2020), Implicit neural representations with periodic activation functions",
    range=(-1.0, 1.0),
    hidden=True,
    aliases=("sine",),
)
class Sin(Activation):
    """The sine, whose slope cannot be told from its outputs."""

    keeps_z = True

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = sin(z)."""
        tape(np.sin, z, a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = cos(z)."""
        tape(np.cos, z, out)


@ACTIVATIONS.register(
    "step",
    label="Step function",
    help="1 above 0 and 0 otherwise, as in the first perceptrons. It has no slope: only the perceptron rule trains it.",
    formula="z > 0: f(z) = 1\nz ≤ 0: f(z) = 0",
    source="Rosenblatt (1958), The perceptron",
    range=(0.0, 1.0),
    hidden=False,
    losses=("perceptron",),
)
class Step(Activation):
    """The threshold of Rosenblatt's perceptron."""

    def forward(self, tape: Tape, z: Array, a: Array) -> None:
        """f(z) = 1 where z > 0, and 0 elsewhere."""
        tape(np.heaviside, z, tape.constant(0), a)

    def slope(self, tape: Tape, z: Array, a: Array, out: Array) -> None:
        """f'(z) = 0."""
        tape(out.fill, 0.0)


@ACTIVATIONS.register(
    "softmax",
    label="Softmax",
    help="Turns the outputs into probabilities that add up to 1: one output for each class.",
    formula="fᵢ(z) = exp(zᵢ) / Σⱼ exp(zⱼ)",
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


def _exponential_below_zero(tape: Tape, z: Array, a: Array, alpha: float) -> None:
    """Record a = z where z > 0, and alpha · (exp(z) − 1) elsewhere. NaN stays NaN."""
    below = tape.buffer(*z.shape)
    tape(np.fmin, z, tape.constant(0), below)
    tape(np.subtract, z, below, a)
    tape(np.expm1, below, below)
    if alpha != 1:
        tape(np.multiply, below, tape.constant(alpha), below)
    tape(np.add, a, below, a)


# Numerator and denominator, the highest power first.
_NORMAL_NUMERATOR = (
    3.52624965998911e-2,
    0.700383064443688,
    6.37396220353165,
    33.912866078383,
    112.079291497871,
    221.213596169931,
    220.206867912376,
)
_NORMAL_DENOMINATOR = (
    8.83883476483184e-2,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752,
)


def _normal_share(tape: Tape, z: Array, out: Array) -> None:
    """Record out = Φ(z), the share of a standard normal distribution that is below z; to 1e-14.

    NumPy has no error function. Reference: Hart (1968), algorithm 5666, as in West (2005), Better approximations to
    cumulative normal functions.
    """
    size, tail, denominator = tape.buffer(*z.shape), tape.buffer(*z.shape), tape.buffer(*z.shape)
    tape(np.absolute, z, size)
    tape(np.fmin, size, tape.constant(38), size)  # beyond, nothing is left of the tail, and float32 would overflow
    _polynomial(tape, size, _NORMAL_NUMERATOR, tail)
    _polynomial(tape, size, _NORMAL_DENOMINATOR, denominator)
    tape(np.divide, tail, denominator, tail)
    tape(np.multiply, size, size, size)
    tape(np.multiply, size, tape.constant(-0.5), size)
    tape(np.exp, size, size)
    tape(np.multiply, tail, size, tail)  # Φ(−|z|)
    # Φ(z) is the tail below 0, and 1 less the tail above: heaviside + tail − 2 · heaviside · tail.
    tape(np.heaviside, z, tape.constant(0.5), denominator)
    tape(np.multiply, denominator, tail, size)
    tape(np.subtract, tail, size, tail)
    tape(np.subtract, tail, size, tail)
    tape(np.add, denominator, tail, out)


def _polynomial(tape: Tape, x: Array, coefficients: Sequence[float], out: Array) -> None:
    """Record out = the polynomial with these coefficients, the highest power first, by Horner's rule."""
    first, second, *rest = map(tape.constant, coefficients)
    tape(np.multiply, x, first, out)
    tape(np.add, out, second, out)
    for coefficient in rest:
        tape(np.multiply, out, x, out)
        tape(np.add, out, coefficient, out)
