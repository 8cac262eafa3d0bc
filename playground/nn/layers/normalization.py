"""Inputs brought to a common mean and spread."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.random import Generator

from playground.nn.components import plain
from playground.nn.layers.layer import LAYERS, Layer, Shape, only, todays_options
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Parameter

_MOMENTUM = Parameter("momentum", "Momentum", default=0.99, minimum=0, maximum=1, help="How long means remember.")
_EPSILON = Parameter("epsilon", "Epsilon", default=1e-3, minimum=1e-12, maximum=1, help="Added to variances.")


@LAYERS.register(
    "BatchNormalization",
    label="Batch normalization",
    help="Gives each input mean 0 and variance 1 over the batch, then a mean and a spread that are learned.",
    source="Ioffe and Szegedy (2015), Batch normalization; Keras, keras.layers.BatchNormalization",
)
class BatchNormalization(Layer):
    """Inputs normalized over the batch in training, and by moving means afterwards.

        mean, variance = over the batch
        a = gamma * (x - mean) / sqrt(variance + epsilon) + beta
        moving = momentum * moving + (1 - momentum) * present     (mean, and variance)

    Its block (2, features) is gamma and beta; its statistics (2, features) are the moving mean and variance.

    Reference: Ioffe and Szegedy (2015), as in Keras. PyTorch's moving variance is the unbiased one.
    """

    def __init__(self, momentum: float = 0.99, epsilon: float = 1e-3, name: str | None = None, **options: Any) -> None:
        """
        Raises:
            InvalidValueError: If a value is out of range.
        """
        todays = todays_options(options, "BatchNormalization")
        self.momentum = _MOMENTUM.check(plain(momentum), "BatchNormalization")
        self.epsilon = _EPSILON.check(plain(epsilon), "BatchNormalization")
        super().__init__(name, **todays)

    def block_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (2, features)."""
        return 2, prod(only(sources, self))

    def statistics_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (2, features)."""
        return self.block_shape(sources)

    def initialize(self, rng: Generator) -> None:
        """Start from mean 0 and variance 1, learned and moving."""
        self.packed[0], self.packed[1] = 1, 0
        self.statistics[0], self.statistics[1] = 0, 1

    def variables(self, packed: Array) -> list[Array]:
        """Return gamma and beta."""
        return [packed[..., 0, :], packed[..., 1, :]]

    @property
    def weights(self) -> list[Array]:
        """Gamma, beta, moving mean and moving variance, as views."""
        return [*self.variables(self.packed), *self.variables(self.statistics)]

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> tuple[Array, Array, Array]:
        """Record the normalized inputs, and a; columns are repeated for every sample by products with ones."""
        features, batch = output.a.shape
        gamma, beta = (row[:, np.newaxis] for row in packed)
        moving_mean, moving_variance = (row[:, np.newaxis] for row in statistics)
        mean, root, normal = tape.buffer(features, 1), tape.buffer(features, 1), tape.buffer(features, batch)
        ones, share, spread = tape.buffer(1, batch) + 1, tape.buffer(batch, 1) + 1 / batch, tape.buffer(features, batch)
        if training:
            kept, new, change = (tape.constant(n) for n in (self.momentum, 1 - self.momentum, 0))
            change = tape.buffer(features, 1)
            tape.dot(sources[0].a, share, mean)
            tape.dot(mean, ones, spread)
            tape(np.subtract, sources[0].a, spread, normal)
            tape(np.multiply, normal, normal, spread)
            tape.dot(spread, share, root)
            for moving, present in ((moving_mean, mean), (moving_variance, root)):
                tape(np.multiply, present, new, change)
                tape(np.multiply, moving, kept, moving)
                tape(np.add, moving, change, moving)
        else:
            tape(np.copyto, root, moving_variance)
            tape.dot(moving_mean, ones, spread)
            tape(np.subtract, sources[0].a, spread, normal)
        tape(np.add, root, tape.constant(self.epsilon), root)
        tape(np.sqrt, root, root)
        tape.dot(root, ones, spread)
        tape(np.divide, normal, spread, normal)
        tape.dot(gamma, ones, spread)
        tape(np.multiply, normal, spread, output.a)
        tape.dot(beta, ones, spread)
        tape(np.add, output.a, spread, output.a)
        return normal, root, ones

    def backward(
        self, tape: Tape, packed: Array, gradient: Array, sources: Sequence[Signal], output: Signal, kept: Any
    ) -> None:
        """dL/dgamma = Σ dL/da · normal, dL/dbeta = Σ dL/da, over the batch."""
        normal, _, ones = kept
        product = tape.buffer(*output.dz.shape)
        tape(np.multiply, output.dz, normal, product)
        tape.dot(product, ones[0], gradient[0])
        tape.dot(output.dz, ones[0], gradient[1])

    def backward_to_source(
        self,
        tape: Tape,
        packed: Array,
        sources: Sequence[Signal],
        index: int,
        output: Signal,
        kept: Any,
        out: Signal,
    ) -> None:
        """dL/dx = gamma / root · (dL/da − mean dL/da − normal · mean (dL/da · normal)), means over the batch."""
        normal, root, ones = kept
        features, batch = output.dz.shape
        share, column = ones.T / batch, tape.buffer(features, 1)
        spread, product = tape.buffer(features, batch), tape.buffer(features, batch)
        tape(np.multiply, output.dz, normal, product)
        tape.dot(product, share, column)
        tape.dot(column, ones, spread)
        tape(np.multiply, spread, normal, product)
        tape.dot(output.dz, share, column)
        tape.dot(column, ones, spread)
        tape(np.subtract, output.dz, spread, out.dz)
        tape(np.subtract, out.dz, product, out.dz)
        tape(np.divide, packed[0][:, np.newaxis], root, column)
        tape.dot(column, ones, spread)
        tape(np.multiply, out.dz, spread, out.dz)

    def get_config(self) -> dict[str, Any]:
        """Return its arguments as plain JSON values."""
        return super().get_config() | {"momentum": self.momentum, "epsilon": self.epsilon}
