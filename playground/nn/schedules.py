"""Schedules: learning rates that follow from the number of updates made so far."""

from math import cos, floor, pi

from playground.nn.components import Component, Setting, resolve
from playground.registry import Parameter, Registry

SCHEDULES: Registry[type["Schedule"]] = Registry("schedule")

_INITIAL = Parameter(
    "initial_learning_rate",
    "Initial learning rate",
    0.01,
    0,
    10,
    step=0.001,
    symbol="η₀",
    help="The rate of the first update.",
)
_STEPS = Parameter(
    "decay_steps", "Decay steps", 1000, 1, 1_000_000_000, integer=True, symbol="T", help="Updates for one decay."
)
_STAIRCASE = Parameter(
    "staircase",
    "Staircase",
    0,
    0,
    1,
    integer=True,
    switch=True,
    help="Whether the rate falls in steps.",
    formula="⌊t / T⌋",
)


class Schedule(Component):
    """A learning rate for each update."""

    registry = SCHEDULES
    initial_learning_rate = Setting()

    def __call__(self, step: int) -> float:
        """Return the learning rate after `step` updates."""
        raise NotImplementedError


@SCHEDULES.register(
    "constant",
    label="Constant",
    help="The same rate for every update.",
    formula="η = η₀",
    source="Robbins and Monro (1951), A stochastic approximation method, with a fixed step",
    parameters=(_INITIAL,),
)
class Constant(Schedule):
    """A rate that stays."""

    def __init__(self, initial_learning_rate: float = 0.01) -> None:
        super().__init__(initial_learning_rate=initial_learning_rate)

    def __call__(self, step: int) -> float:
        """The initial rate."""
        return self.initial_learning_rate


@SCHEDULES.register(
    "time_based",
    label="Time-based",
    help="Falls fast at first and ever more slowly.",
    formula="η = η₀ / (1 + q · t / T)",
    source="Keras, keras.optimizers.schedules.InverseTimeDecay",
    parameters=(
        _INITIAL,
        _STEPS,
        Parameter("decay_rate", "Decay rate", 0.5, 0, 1000, step=0.1, symbol="q", help="How fast the rate falls."),
        _STAIRCASE,
    ),
)
class InverseTimeDecay(Schedule):
    """A rate that falls as 1 / time."""

    decay_steps = Setting()
    decay_rate = Setting()
    staircase = Setting()

    def __init__(
        self,
        initial_learning_rate: float = 0.01,
        decay_steps: float = 1000,
        decay_rate: float = 0.5,
        staircase: float = False,
    ) -> None:
        super().__init__(
            initial_learning_rate=initial_learning_rate,
            decay_steps=decay_steps,
            decay_rate=decay_rate,
            staircase=staircase,
        )

    def __call__(self, step: int) -> float:
        """The initial rate / (1 + decay_rate · step / decay_steps)."""
        decays = step / self.decay_steps
        return self.initial_learning_rate / (1 + self.decay_rate * (floor(decays) if self.staircase else decays))


@SCHEDULES.register(
    "step",
    label="Step by step",
    help="Drops by a factor after every so many updates.",
    formula="η = η₀ · q^⌊t / T⌋",
    source="Keras, keras.optimizers.schedules.ExponentialDecay with staircase; PyTorch, StepLR",
    parameters=(
        _INITIAL,
        _STEPS,
        Parameter(
            "decay_rate", "Decay rate", 0.5, 0, 1, step=0.05, symbol="q", help="What is left of the rate after a drop."
        ),
    ),
)
class StepDecay(Schedule):
    """A rate that drops now and then."""

    decay_steps = Setting()
    decay_rate = Setting()

    def __init__(self, initial_learning_rate: float = 0.01, decay_steps: float = 1000, decay_rate: float = 0.5) -> None:
        super().__init__(initial_learning_rate=initial_learning_rate, decay_steps=decay_steps, decay_rate=decay_rate)

    def __call__(self, step: int) -> float:
        """The initial rate · decay_rate ^ ⌊step / decay_steps⌋."""
        return self.initial_learning_rate * self.decay_rate ** floor(step / self.decay_steps)


@SCHEDULES.register(
    "exponential",
    label="Exponential",
    help="Falls by the same share with every update.",
    formula="η = η₀ · q^(t / T)",
    source="Keras, keras.optimizers.schedules.ExponentialDecay",
    parameters=(
        _INITIAL,
        _STEPS,
        Parameter(
            "decay_rate",
            "Decay rate",
            0.96,
            0,
            1,
            step=0.01,
            symbol="q",
            help="What is left of it after the decay steps.",
        ),
        _STAIRCASE,
    ),
)
class ExponentialDecay(Schedule):
    """A rate that falls exponentially."""

    decay_steps = Setting()
    decay_rate = Setting()
    staircase = Setting()

    def __init__(
        self,
        initial_learning_rate: float = 0.01,
        decay_steps: float = 1000,
        decay_rate: float = 0.96,
        staircase: float = False,
    ) -> None:
        super().__init__(
            initial_learning_rate=initial_learning_rate,
            decay_steps=decay_steps,
            decay_rate=decay_rate,
            staircase=staircase,
        )

    def __call__(self, step: int) -> float:
        """The initial rate · decay_rate ^ (step / decay_steps)."""
        decays = step / self.decay_steps
        rate: float = self.initial_learning_rate * self.decay_rate ** (floor(decays) if self.staircase else decays)
        return rate


@SCHEDULES.register(
    "cosine",
    label="Cosine",
    help="Falls slowly, then faster, then slowly again, and is at its end after the decay steps.",
    formula="t ≤ T: η = η₀ · (α + (1 − α) · (1 + cos(π · t / T)) / 2)\nt > T: η = η₀ · α",
    source="Loshchilov and Hutter (2017), SGDR; Keras, keras.optimizers.schedules.CosineDecay",
    parameters=(
        _INITIAL,
        _STEPS,
        Parameter(
            "alpha",
            "Alpha",
            0,
            0,
            1,
            step=0.01,
            symbol="α",
            help="The share of the initial rate that is left at the end.",
        ),
    ),
)
class CosineDecay(Schedule):
    """A rate that falls along half a cosine."""

    decay_steps = Setting()
    alpha = Setting()

    def __init__(self, initial_learning_rate: float = 0.01, decay_steps: float = 1000, alpha: float = 0.0) -> None:
        super().__init__(initial_learning_rate=initial_learning_rate, decay_steps=decay_steps, alpha=alpha)

    def __call__(self, step: int) -> float:
        """The initial rate · (alpha + (1 − alpha) (1 + cos(π · step / decay_steps)) / 2), until the decay steps."""
        done = min(step / self.decay_steps, 1)
        return self.initial_learning_rate * (self.alpha + (1 - self.alpha) * (1 + cos(pi * done)) / 2)


def get(identifier: object, field: str = "learning_rate") -> Schedule:
    """Return the schedule with this name, or `identifier` itself if it is a schedule."""
    return resolve(Schedule, identifier, field)
