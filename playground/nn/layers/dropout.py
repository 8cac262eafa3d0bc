"""Random zeros."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from playground.errors import NotBuiltError
from playground.nn.components import plain
from playground.nn.layers.layer import LAYERS, Layer, todays_options
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Parameter

_RATE = Parameter("rate", "Rate", default=0.5, minimum=0, maximum=0.99, step=0.05, help="The share set to 0.")
_SEED = Parameter("seed", "Seed", default=0, minimum=0, maximum=2**63, integer=True)


@LAYERS.register(
    "Dropout",
    label="Dropout",
    help="Sets a share of its inputs to 0, others at each step of the training, so that none becomes indispensable.",
    source="Srivastava et al. (2014), Dropout; Keras, keras.layers.Dropout",
)
class Dropout(Layer):
    """Random zeros in training; the other numbers grow so that the sum stays the same. Afterwards it does nothing.

    Attributes:
        rate: The share of the inputs that is set to 0.
        seed: What the choice follows from; None is the generator that `build` draws the weights from. Drawing weights
            begins the choice anew, the same one if the seed is the same. Layers with equal seeds choose alike.
    """

    def __init__(self, rate: float = 0.5, seed: int | None = None, name: str | None = None, **options: Any) -> None:
        """
        Raises:
            InvalidValueError: If the rate is not from 0 to 0.99.
        """
        todays = todays_options(options, "Dropout")
        self._rate = _RATE.check(plain(todays.pop("rate", rate)), "Dropout")
        self.seed = None if seed is None else int(_SEED.check(plain(seed), "Dropout"))
        self._rng: Generator | None = None
        super().__init__(name, **todays)

    @property
    def rate(self) -> float:
        """The share of the inputs that is set to 0."""
        return self._rate

    @rate.setter
    def rate(self, value: float) -> None:
        self._rate = _RATE.check(plain(value), "Dropout")

    @property
    def rng(self) -> Generator | None:
        """Where the random choices come from: its state is what goes on from; None before the weights are drawn."""
        return self._rng

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this layer holds."""
        return self._rate, self._rng

    def initialize(self, rng: Generator) -> None:
        """Begin the random choices anew, without drawing from `rng`."""
        self._rng = rng.spawn(1)[0] if self.seed is None else np.random.default_rng(self.seed)

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> Array | None:
        """Record a = x · mask / (1 − rate) with a new mask of zeros and ones, or a = x."""
        if not training or not self._rate:
            tape(np.copyto, output.a, sources[0].a)
            return None
        if self._rng is None:
            raise NotBuiltError("The layer has no random numbers yet; build the model first: model.build(rng).")
        mask, kept = tape.buffer(*output.a.shape), 1 - self._rate
        tape(self._rng.random, None, np.float64, mask)
        tape(np.add, mask, tape.constant(kept), mask)
        tape(np.floor, mask, mask)
        tape(np.multiply, mask, tape.constant(1 / kept), mask)
        tape(np.multiply, sources[0].a, mask, output.a)
        return mask

    def backward_to_source(
        self,
        tape: Tape,
        packed: Array,
        sources: Sequence[Signal],
        index: int,
        output: Signal,
        kept: Array | None,
        out: Signal,
    ) -> None:
        """dL/dx = dL/da · mask / (1 − rate)."""
        if kept is None:
            tape(np.copyto, out.dz, output.dz)
        else:
            tape(np.multiply, output.dz, kept, out.dz)

    def get_config(self) -> dict[str, Any]:
        """Return its arguments as plain JSON values."""
        return super().get_config() | {"rate": self._rate, "seed": self.seed}
