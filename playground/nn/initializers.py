"""Initializers: the weights that a network starts from."""

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
    source="He et al. (2015), Delving deep into rectifiers, eq. 10; truncated at two standard deviations as in Keras",
)
class HeNormal(Initializer):
    """Truncated normal, scaled by inputs."""

    def __call__(self, shape: tuple[int, ...], rng: Generator) -> Array:
        """Truncated normal with variance 2 / fan_in."""
        return _truncated_normal(shape, rng, variance=2 / _fans(shape)[0])


@INITIALIZERS.register(
    "random_uniform",
    label="Uniform",
    help="Evenly spread between two bounds, whatever the size of the layer.",
    source="Keras, keras.initializers.RandomUniform",
    parameters=(
        Parameter("minval", "From", default=-0.05, minimum=-10, maximum=10, step=0.05, help="Lower bound."),
        Parameter("maxval", "To", default=0.05, minimum=-10, maximum=10, step=0.05, help="Upper bound."),
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
    "zeros",
    label="Zeros",
    help="All 0. Right for biases; a kernel of zeros makes all neurons of a layer learn the same.",
    source="Keras, keras.initializers.Zeros",
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
