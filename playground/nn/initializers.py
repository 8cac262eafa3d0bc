"""Initializers: the weights that a network starts from.

Trait of an entry:
    aliases: Other names that `get` takes.
"""

from math import sqrt

import numpy as np
from numpy.random import Generator

from playground.errors import InvalidValueError
from playground.nn.components import Component, Setting, resolve
from playground.nn.tape import Array
from playground.registry import Parameter, Registry

INITIALIZERS: Registry[type["Initializer"]] = Registry("initializer")

# Standard deviation of a standard normal that is cut off at two standard deviations.
_TRUNCATED_STDDEV = 0.87962566103423978


class Initializer(Component):
    """Draws the initial values of a kernel or a bias."""

    registry = INITIALIZERS

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Return an array of this shape; a kernel's is (fan_in, units)."""
        raise NotImplementedError


@INITIALIZERS.register(
    "glorot_uniform",
    label="Glorot uniform",
    help="Evenly spread, as wide as keeps signals the same size forwards and backwards. Goes with tanh and sigmoid.",
    formula="w ~ U(−r, r), r² = 6 / (nᵢₙ + nₒᵤₜ)",
    source="Glorot and Bengio (2010), eq. 16",
)
class GlorotUniform(Initializer):
    """Uniform, scaled by inputs and units."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Uniform with variance 2 / (fan_in + units)."""
        return _uniform(shape, rng, variance=2 / sum(_fans(shape)))


@INITIALIZERS.register(
    "glorot_normal",
    label="Glorot normal",
    help="Like Glorot uniform, with a bell-shaped distribution.",
    formula="w ~ N(0, σ²), σ² = 2 / (nᵢₙ + nₒᵤₜ), |w| ≤ 2.27 · σ",
    source="Glorot and Bengio (2010), eq. 12; truncated at two standard deviations as in Keras",
)
class GlorotNormal(Initializer):
    """Truncated normal, scaled by inputs and units."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Truncated normal with variance 2 / (fan_in + units)."""
        return _truncated_normal(shape, rng, variance=2 / sum(_fans(shape)))


@INITIALIZERS.register(
    "he_uniform",
    label="He uniform",
    help="Evenly spread, and wider than Glorot, because ReLU passes only half of its inputs on.",
    formula="w ~ U(−r, r), r² = 6 / nᵢₙ",
    source="He et al. (2015), Delving deep into rectifiers, eq. 10",
)
class HeUniform(Initializer):
    """Uniform, scaled by inputs."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Uniform with variance 2 / fan_in."""
        return _uniform(shape, rng, variance=2 / _fans(shape)[0])


@INITIALIZERS.register(
    "he_normal",
    label="He normal",
    help="Like He uniform, with a bell-shaped distribution.",
    formula="w ~ N(0, σ²), σ² = 2 / nᵢₙ, |w| ≤ 2.27 · σ",
    source="He et al. (2015), Delving deep into rectifiers, eq. 10; truncated at two standard deviations as in Keras",
)
class HeNormal(Initializer):
    """Truncated normal, scaled by inputs."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Truncated normal with variance 2 / fan_in."""
        return _truncated_normal(shape, rng, variance=2 / _fans(shape)[0])


@INITIALIZERS.register(
    "lecun_uniform",
    label="LeCun uniform",
    help="Evenly spread, as wide as keeps signals the same size forwards. Narrower than He.",
    formula="w ~ U(−r, r), r² = 3 / nᵢₙ",
    source="LeCun et al. (1998), Efficient BackProp, section 4.6",
)
class LecunUniform(Initializer):
    """Uniform, scaled by inputs."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Uniform with variance 1 / fan_in."""
        return _uniform(shape, rng, variance=1 / _fans(shape)[0])


@INITIALIZERS.register(
    "lecun_normal",
    label="LeCun normal",
    help="Like LeCun uniform, with a bell-shaped distribution. Goes with SELU.",
    formula="w ~ N(0, σ²), σ² = 1 / nᵢₙ, |w| ≤ 2.27 · σ",
    source="LeCun et al. (1998), Efficient BackProp, section 4.6; truncated at two standard deviations as in Keras",
)
class LecunNormal(Initializer):
    """Truncated normal, scaled by inputs."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Truncated normal with variance 1 / fan_in."""
        return _truncated_normal(shape, rng, variance=1 / _fans(shape)[0])


@INITIALIZERS.register(
    "random_uniform",
    label="Uniform",
    help="Evenly spread between two bounds, whatever the size of the layer.",
    formula="w ~ U(c, d)",
    source="Keras, keras.initializers.RandomUniform",
    aliases=("uniform",),
    parameters=(
        Parameter("minval", "From", default=-0.05, minimum=-10, maximum=10, step=0.05, symbol="c", help="Lower bound."),
        Parameter("maxval", "To", default=0.05, minimum=-10, maximum=10, step=0.05, symbol="d", help="Upper bound."),
    ),
)
class RandomUniform(Initializer):
    """Uniform between two bounds."""

    minval = Setting()
    maxval = Setting()

    def __init__(self, minval: float = -0.05, maxval: float = 0.05) -> None:
        super().__init__(minval=minval, maxval=maxval)
        if self.minval > self.maxval:
            raise InvalidValueError(
                f"random_uniform: minval must not exceed maxval, got {minval:g} and {maxval:g}.", "minval"
            )

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Uniform from minval to maxval."""
        return rng.uniform(self.minval, self.maxval, shape)


@INITIALIZERS.register(
    "random_normal",
    label="Normal",
    help="Bell-shaped about a mean, whatever the size of the layer.",
    formula="w ~ N(c, σ²)",
    source="Keras, keras.initializers.RandomNormal",
    aliases=("normal",),
    parameters=(
        Parameter("mean", "Mean", default=0, minimum=-10, maximum=10, step=0.05, symbol="c", help="Where the bell is."),
        Parameter(
            "stddev", "Spread", default=0.05, minimum=0, maximum=10, step=0.05, symbol="σ", help="Standard deviation."
        ),
    ),
)
class RandomNormal(Initializer):
    """Normal about a mean."""

    mean = Setting()
    stddev = Setting()

    def __init__(self, mean: float = 0.0, stddev: float = 0.05) -> None:
        super().__init__(mean=mean, stddev=stddev)

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Normal with this mean and standard deviation."""
        return rng.normal(self.mean, self.stddev, shape)


@INITIALIZERS.register(
    "orthogonal",
    label="Orthogonal",
    help="A random rotation: signals keep their lengths on the way through a layer.",
    formula="nᵢₙ ≥ nₒᵤₜ: Wᵀ · W = c² · I\nnᵢₙ < nₒᵤₜ: W · Wᵀ = c² · I",
    source="Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear dynamics of learning",
    parameters=(
        Parameter("gain", "Gain", default=1, minimum=0, maximum=10, step=0.1, symbol="c", help="Times the rotation."),
    ),
)
class Orthogonal(Initializer):
    """A random matrix whose shorter side's vectors are orthonormal."""

    gain = Setting()

    def __init__(self, gain: float = 1.0) -> None:
        super().__init__(gain=gain)

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """The Q of a normal matrix's QR decomposition, with signs that make every rotation equally likely."""
        if len(shape) != 2:
            raise InvalidValueError("orthogonal: only a kernel can be orthogonal, not a bias.", "bias_initializer")
        normal = rng.standard_normal((max(shape), min(shape)))
        q, r = np.linalg.qr(normal)
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        return self.gain * (q if shape[0] >= shape[1] else q.T)


@INITIALIZERS.register(
    "tf_playground",
    label="TensorFlow Playground's",
    help="Evenly spread from −0.5 to 0.5, whatever the size of the layer; 0.1 where it draws biases.",
    formula="w ~ U(−0.5, 0.5), b = 0.1",
    source="TensorFlow Playground, nn.ts, Link and Node",
)
class TFPlayground(Initializer):
    """What TensorFlow Playground starts from."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Uniform from −0.5 to 0.5 for a kernel, 0.1 for a bias."""
        return rng.uniform(-0.5, 0.5, shape) if len(shape) == 2 else np.full(shape, 0.1)


@INITIALIZERS.register(
    "constant",
    label="Constant",
    help="The same number everywhere. All neurons of a layer then learn the same.",
    formula="w = c",
    source="Keras, keras.initializers.Constant",
    parameters=(
        Parameter("value", "Value", default=0, minimum=-10, maximum=10, step=0.05, symbol="c", help="The number."),
    ),
)
class Constant(Initializer):
    """One number."""

    value = Setting()

    def __init__(self, value: float = 0.0) -> None:
        super().__init__(value=value)

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """The value for every weight."""
        return np.full(shape, self.value)


@INITIALIZERS.register(
    "ones",
    label="Ones",
    help="All 1. All neurons of a layer then learn the same.",
    formula="w = 1",
    source="Keras, keras.initializers.Ones",
    aliases=("one",),
)
class Ones(Initializer):
    """Nothing but 1."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """One for every weight."""
        return np.ones(shape)


@INITIALIZERS.register(
    "zeros",
    label="Zeros",
    help="All 0. Right for biases; a kernel of zeros makes all neurons of a layer learn the same.",
    formula="w = 0",
    source="Keras, keras.initializers.Zeros",
    aliases=("zero",),
)
class Zeros(Initializer):
    """Nothing but 0."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Zero for every weight."""
        return np.zeros(shape)


def get(identifier: object, field: str = "initializer") -> Initializer:
    """Return the initializer with this name, or `identifier` itself if it is an initializer."""
    return resolve(Initializer, identifier, field)


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return the number of inputs and outputs of a layer with a kernel, or a bias, of this shape."""
    return shape[0], shape[-1]


def _uniform(shape: tuple[int, ...], rng: Generator, variance: float) -> Array:
    limit = sqrt(3 * variance)
    return rng.uniform(-limit, limit, shape)


def _truncated_normal(shape: tuple[int, ...], rng: Generator, variance: float) -> Array:
    """Return normal numbers of this variance, none more than two standard deviations (before truncation) from 0."""
    numbers = rng.standard_normal(shape)
    while (far := np.abs(numbers) > 2).any():
        numbers[far] = rng.standard_normal(np.count_nonzero(far))
    return numbers * (sqrt(variance) / _TRUNCATED_STDDEV)
