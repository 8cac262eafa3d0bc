"""Optimizers: how a gradient moves the parameters.

An optimizer works on the flat vector of all parameters of a network, so its cost does not grow with the number
of layers. It keeps its settings; what it remembers of a network between steps belongs to the network.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, ClassVar

import numpy as np

from playground.errors import InvalidValueError, UnknownNameError
from playground.nn import schedules
from playground.nn.components import Component, Setting, plain, resolve
from playground.nn.schedules import InverseTimeDecay, Schedule
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
        symbol="η",
        help="How far each step goes. Too small learns slowly; too large overshoots.",
    )


def _decay(name: str, label: str, symbol: str, default: float, help: str) -> Parameter:
    return Parameter(name, label, default=default, minimum=0, maximum=0.9999, step=0.001, symbol=symbol, help=help)


_EPSILON = Parameter(
    "epsilon",
    "Epsilon",
    default=1e-7,
    minimum=0,
    maximum=1,
    step=1e-7,
    symbol="ε",
    help="Keeps steps finite where gradients vanish.",
)
_MOMENTUM = Parameter(
    "momentum",
    "Momentum",
    default=0,
    minimum=0,
    maximum=1,
    step=0.05,
    symbol="μ",
    help="How much of the last step goes on into the next.",
)
_BETAS = (
    _decay("beta_1", "Beta 1", "β₁", 0.9, "How long the mean of the gradients remembers."),
    _decay("beta_2", "Beta 2", "β₂", 0.999, "How long the mean of their squares remembers."),
)
_CLIPPINGS = {
    name: Parameter(name, name, default=1, minimum=1e-9, maximum=1e9)
    for name in ("clipnorm", "clipvalue", "global_clipnorm")
}


@dataclass
class OptimizerState:
    """What an optimizer remembers of one network between steps.

    Attributes:
        slots: Numbers for each parameter (slots, parameters).
        iterations: Number of updates.
        product: Product of all momentums so far, for Nadam.
        first: What the slots hold before the first update.
        begun: Number of updates, by another optimizer, before the first that the slots remember.
    """

    slots: Array
    iterations: int = 0
    product: float = 1.0
    first: float = 0.0
    begun: int = 0

    @property
    def remembered(self) -> int:
        """Number of updates that the slots remember."""
        return self.iterations - self.begun

    def assign(self, other: "OptimizerState") -> None:
        """Take over the values of `other`, in place."""
        self.slots[...] = other.slots
        self.iterations, self.product, self.begun = other.iterations, other.product, other.begun

    def copy(self) -> "OptimizerState":
        """Return an independent copy."""
        return OptimizerState(self.slots.copy(), self.iterations, self.product, self.first, self.begun)

    def clear(self) -> None:
        """Forget everything, in place."""
        self.slots[...] = self.first
        self.iterations, self.product, self.begun = 0, 1.0, 0


class _LearningRate(Setting):
    """The learning rate: a number, or a schedule for it."""

    def __set__(self, component: "Component", value: "float | Schedule") -> None:
        assert isinstance(component, Optimizer)
        component.follow(value if isinstance(value, Schedule) else None)
        super().__set__(component, value(0) if isinstance(value, Schedule) else value)


class Optimizer(Component):
    """An update rule.

    Attributes:
        slots: How many numbers it remembers for each parameter.
        counts: Whether its update depends on the number of updates made.
        learning_rate: How far each step goes; holds from the next step when it is set, to a number or a schedule.
        schedule: What the learning rate follows, or None.
    """

    registry = OPTIMIZERS
    slots: ClassVar[int] = 0
    counts: ClassVar[bool] = False
    learning_rate = _LearningRate(live=True)

    def __init__(self, learning_rate: "float | Schedule" = 0.01, **options: Any) -> None:
        """
        Args:
            learning_rate: How far each step goes, or a schedule for it.
            **options: A value for each declared parameter, and at most one way to clip gradients:
                clipnorm: Greatest norm of the gradient of a kernel or bias.
                clipvalue: Greatest size of each of its numbers.
                global_clipnorm: Greatest norm of the gradient with respect to all parameters.

        Raises:
            InvalidValueError: If a name is unknown or a value is out of range.
        """
        options.pop("name", None)
        if (lr := options.pop("lr", None)) is not None:
            warnings.warn("lr is called learning_rate today.", FutureWarning, stacklevel=3)
            learning_rate = lr
        if (decay := options.pop("decay", None)) is not None:
            warnings.warn(
                "decay is a schedule today: learning_rate=InverseTimeDecay(rate, 1, decay).",
                FutureWarning,
                stacklevel=3,
            )
            learning_rate = InverseTimeDecay(plain(learning_rate), 1, decay)
        if isinstance(learning_rate, Mapping):
            learning_rate = schedules.get(learning_rate)
        self.schedule = learning_rate if isinstance(learning_rate, Schedule) else None
        self.clipping = {
            name: parameter.check(plain(value), self.declared().name)
            for name, parameter in _CLIPPINGS.items()
            if (value := options.pop(name, None)) is not None
        }
        if len(self.clipping) > 1:
            raise InvalidValueError(
                f"{self.declared().name}: gradients are clipped in one way, got {' and '.join(self.clipping)}.",
                next(iter(self.clipping)),
            )
        known = {parameter.name for parameter in self.declared().parameters}
        for name in options:
            if name not in known:
                raise UnknownNameError(f"option of {self.declared().name}", name, sorted(known | set(_CLIPPINGS)), name)
        rate = learning_rate(0) if isinstance(learning_rate, Schedule) else learning_rate
        super().__init__(learning_rate=rate, **options)

    def follow(self, schedule: Schedule | None) -> None:
        """Let the learning rate follow a schedule from now on, or none."""
        if schedule is not self.schedule:
            self.schedule = schedule
            self.revision += 1

    def to_config(self) -> dict[str, Any]:
        """Return name, settings, schedule and clipping as plain JSON values."""
        rate = {"learning_rate": self.schedule.to_config()} if self.schedule else {}
        return super().to_config() | rate | self.clipping

    def new_state(self, parameters: int) -> OptimizerState:
        """Return what is remembered before the first step of a network with this number of parameters."""
        return OptimizerState(np.zeros((self.slots, parameters)))

    def record(
        self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState, variables: Sequence[Array]
    ) -> None:
        """Record one update: the count and the schedule, clipping, and the rule itself.

        Args:
            tape: Where to record.
            parameters: The flat vector of all parameters, to be changed in place.
            gradients: (2, parameters): the gradient, which only clipping changes, and below it room for the
                optimizer's own use.
            state: What this optimizer remembers of this network.
            variables: The gradient of each kernel and bias, as views into the first row of `gradients`.
        """
        if self.counts_itself:
            tape(self._begin(state))
        for name, limit in self.clipping.items():
            if name == "clipvalue":
                tape(np.maximum, gradients[0], tape.constant(-limit), out=gradients[0])
                tape(np.minimum, gradients[0], tape.constant(limit), out=gradients[0])
            else:
                for gradient in variables if name == "clipnorm" else [gradients[0]]:
                    _clip_norm(tape, gradient, limit)
        self.update(tape, parameters, gradients, state)

    @property
    def counts_itself(self) -> bool:
        """Whether a recorded update counts itself; if not, whoever replays it does."""
        return self.counts or self.schedule is not None

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record the rule; arguments as for `record`."""
        raise NotImplementedError

    def _begin(self, state: OptimizerState) -> Callable[[], None]:
        """Return a function that counts an update, and sets the learning rate if it follows a schedule."""
        schedule, rate = self.schedule, self.cell("learning_rate")

        def count() -> None:
            state.iterations += 1

        def count_and_follow() -> None:
            assert schedule is not None
            rate[()] = schedule(state.iterations)
            state.iterations += 1

        return count_and_follow if schedule else count


def _clip_norm(tape: Tape, gradient: Array, limit: float) -> None:
    """Record the scaling of a gradient whose norm is above the limit to that norm."""
    block, norm, greatest = tape.buffer(*gradient.shape), tape.constant(0), tape.constant(limit)
    tape(np.copyto, block, gradient)
    tape.dot(block.reshape(-1), block.reshape(-1), norm)
    tape(np.sqrt, norm, norm)
    tape(np.fmax, norm, greatest, norm)
    tape(np.divide, greatest, norm, norm)
    tape(np.multiply, block, norm, block)
    tape(np.copyto, gradient, block)


@OPTIMIZERS.register(
    "sgd",
    label="SGD",
    help="Gradient descent: each step goes straight downhill; with momentum it rolls.",
    formula="v ← μ · v − η · g\nw ← w + v",
    parameters=(
        _learning_rate(0.01),
        _MOMENTUM,
        Parameter(
            "nesterov",
            "Nesterov",
            default=0,
            minimum=0,
            maximum=1,
            integer=True,
            switch=True,
            choices=(0, 1),
            help="Whether the gradient counts where momentum is about to lead: 1 is yes.",
            formula="w ← w + μ · v − η · g",
        ),
    ),
    source="Sutskever et al. (2013), eq. 1-4; Keras, keras.optimizers.SGD",
)
class SGD(Optimizer):
    """Gradient descent with momentum.

        velocity = momentum * velocity - learning_rate * gradient
        parameter = parameter + velocity

    and with Nesterov's momentum

        parameter = parameter + momentum * velocity - learning_rate * gradient

    Reference: Sutskever et al. (2013), eq. 1-4. PyTorch instead scales the velocity by the learning rate,
    so the two differ when the rate changes during a run.
    """

    slots = 1
    momentum = Setting()
    nesterov = Setting()

    def __init__(
        self,
        learning_rate: float | Schedule = 0.01,
        momentum: float = 0.0,
        nesterov: float = False,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, momentum=momentum, nesterov=nesterov, **options)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update; without momentum there is no velocity, and half the calls."""
        gradient, step = gradients
        tape(np.multiply, gradient, self.cell("learning_rate"), step)
        if not self.momentum:
            state.slots[...] = 0
            tape(np.subtract, parameters, step, parameters)
            return
        velocity, momentum = state.slots[0], self.cell("momentum")
        tape(np.multiply, velocity, momentum, velocity)
        tape(np.subtract, velocity, step, velocity)
        if self.nesterov:
            ahead = np.empty_like(step)
            tape(np.multiply, velocity, momentum, ahead)
            tape(np.subtract, ahead, step, ahead)
            tape(np.add, parameters, ahead, parameters)
        else:
            tape(np.add, parameters, velocity, parameters)


@OPTIMIZERS.register(
    "adagrad",
    label="AdaGrad",
    help="Shortens the steps of each parameter the more its gradients have added up to. Slows down for good.",
    formula="s ← s + g²\nw ← w − η · g / √(s + ε)",
    parameters=(
        _learning_rate(0.001),
        Parameter(
            "initial_accumulator_value",
            "Initial accumulator",
            default=0.1,
            minimum=0,
            maximum=10,
            step=0.1,
            help="What the sum of squared gradients starts from.",
        ),
        _EPSILON,
    ),
    source="Duchi, Hazan and Singer (2011); Keras, keras.optimizers.Adagrad",
)
class AdaGrad(Optimizer):
    """Adaptive gradients.

        total = total + gradient²
        parameter = parameter - learning_rate * gradient / sqrt(total + epsilon)

    Reference: Duchi, Hazan and Singer (2011), as in Keras. PyTorch adds epsilon to the root.
    """

    slots = 1
    initial_accumulator_value = Setting()
    epsilon = Setting()

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, initial_accumulator_value=initial_accumulator_value, epsilon=epsilon, **options)

    def new_state(self, parameters: int) -> OptimizerState:
        """Return totals that start from the initial accumulator value."""
        first = self.initial_accumulator_value
        return OptimizerState(np.full((1, parameters), first), first=first)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update."""
        (gradient, scratch), total, step = gradients, state.slots[0], np.empty_like(gradients[0])
        tape(np.multiply, gradient, gradient, scratch)
        tape(np.add, total, scratch, total)
        tape(np.add, total, tape.constant(self.epsilon), scratch)
        tape(np.sqrt, scratch, scratch)
        tape(np.multiply, gradient, self.cell("learning_rate"), step)
        tape(np.divide, step, scratch, step)
        tape(np.subtract, parameters, step, parameters)


# Keras spells it so.
Adagrad = AdaGrad


@OPTIMIZERS.register(
    "rmsprop",
    label="RMSProp",
    help="Divides each step by the recent size of the parameter's gradients, so that flat stretches are crossed fast.",
    formula="s ← ρ · s + (1 − ρ) · g²\nv ← μ · v + η · g / √(s + ε)\nw ← w − v",
    parameters=(
        _learning_rate(0.001),
        _decay("rho", "Rho", "ρ", 0.9, "How long the mean of squared gradients remembers."),
        _MOMENTUM,
        _EPSILON,
        Parameter(
            "centered",
            "Centred",
            default=0,
            minimum=0,
            maximum=1,
            integer=True,
            switch=True,
            choices=(0, 1),
            help="Whether the gradients' variance counts instead of their squares: 1 is yes.",
            formula="c ← ρ · c + (1 − ρ) · g\nv ← μ · v + η · g / √(s − c² + ε)",
        ),
    ),
    source="Tieleman and Hinton (2012), lecture 6.5; Keras, keras.optimizers.RMSprop",
    aliases=("RMSProp",),
)
class RMSprop(Optimizer):
    """Root mean square propagation.

        v = rho * v + (1 - rho) * gradient²
        step = learning_rate * gradient / sqrt(v + epsilon)
        velocity = momentum * velocity + step
        parameter = parameter - velocity

    Centred, the square of the gradients' mean is taken from v under the root.

    Reference: Tieleman and Hinton (2012), as in Keras. PyTorch adds epsilon to the root, and multiplies the
    velocity by the learning rate.
    """

    slots = 3
    rho = Setting()
    momentum = Setting()
    epsilon = Setting()
    centered = Setting()

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: float = False,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, rho=rho, momentum=momentum, epsilon=epsilon, centered=centered, **options)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update; what is not asked for is not computed."""
        (gradient, scratch), (v, velocity, mean), step = gradients, state.slots, np.empty_like(gradients[0])
        rho, rest = tape.constant(self.rho), tape.constant(1 - self.rho)
        tape(np.multiply, gradient, gradient, scratch)
        tape(np.multiply, scratch, rest, scratch)
        tape(np.multiply, v, rho, v)
        tape(np.add, v, scratch, v)
        if self.centered:
            tape(np.multiply, gradient, rest, scratch)
            tape(np.multiply, mean, rho, mean)
            tape(np.add, mean, scratch, mean)
            tape(np.multiply, mean, mean, scratch)
            tape(np.subtract, v, scratch, scratch)
            tape(np.add, scratch, tape.constant(self.epsilon), scratch)
        else:
            tape(np.add, v, tape.constant(self.epsilon), scratch)
        tape(np.sqrt, scratch, scratch)
        tape(np.multiply, gradient, self.cell("learning_rate"), step)
        tape(np.divide, step, scratch, step)
        if self.momentum:
            tape(np.multiply, velocity, self.cell("momentum"), velocity)
            tape(np.add, velocity, step, velocity)
            tape(np.subtract, parameters, velocity, parameters)
        else:
            velocity[...] = 0
            tape(np.subtract, parameters, step, parameters)


@OPTIMIZERS.register(
    "adam",
    label="Adam",
    help="Gives every parameter a step size of its own, from the gradients it has seen. Works well without tuning.",
    formula="m ← β₁ · m + (1 − β₁) · g\ns ← β₂ · s + (1 − β₂) · g²\nw ← w − η · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√s + ε)",
    parameters=(
        _learning_rate(0.001),
        *_BETAS,
        _EPSILON,
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
    counts = True
    beta_1 = Setting()
    beta_2 = Setting()
    epsilon = Setting()

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, **options)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update; both moments are one array, so that a call serves both."""
        rate = tape.constant(0)
        tape(self._corrected_rate(rate, state))

        (m, v), step = state.slots, np.empty_like(gradients[0])
        _remember(tape, gradients, state.slots, self.beta_1, self.beta_2)
        tape(np.sqrt, v, step)
        tape(np.add, step, tape.constant(self.epsilon), step)
        tape(np.divide, m, step, step)
        tape(np.multiply, step, rate, step)
        tape(np.subtract, parameters, step, parameters)

    def _corrected_rate(self, rate: Array, state: OptimizerState) -> Callable[[], None]:
        """Return a function that puts the rate of the present update into the 0-d array `rate`."""
        learning_rate, beta_1, beta_2 = self.cell("learning_rate"), self.beta_1, self.beta_2

        def correct() -> None:
            bias_1, bias_2 = 1 - beta_1**state.remembered, 1 - beta_2**state.remembered
            rate[()] = learning_rate.item() * sqrt(bias_2) / bias_1

        return correct


@OPTIMIZERS.register(
    "adamw",
    label="AdamW",
    help="Adam, with weights that shrink a little at each step, which keeps them small more evenly than L2 does.",
    formula="w ← w − η · λ · w\n"
    "m ← β₁ · m + (1 − β₁) · g\n"
    "s ← β₂ · s + (1 − β₂) · g²\n"
    "w ← w − η · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√s + ε)",
    parameters=(
        _learning_rate(0.001),
        Parameter(
            "weight_decay",
            "Weight decay",
            default=0.004,
            minimum=0,
            maximum=10,
            step=0.001,
            symbol="λ",
            help="The share of each weight, times the learning rate, that a step takes away.",
        ),
        *_BETAS,
        _EPSILON,
    ),
    source="Loshchilov and Hutter (2019), Decoupled weight decay regularization; Keras, keras.optimizers.AdamW",
)
class AdamW(Adam):
    """Adam with decoupled weight decay.

        parameter = parameter - learning_rate * weight_decay * parameter

    and then Adam's update. As in Keras and PyTorch, biases decay too.
    """

    weight_decay = Setting()

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1, beta_2, epsilon, weight_decay=weight_decay, **options)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record the decay, and Adam's update."""
        lost = gradients[1]
        tape(np.multiply, parameters, self.cell("learning_rate"), lost)
        tape(np.multiply, lost, tape.constant(self.weight_decay), lost)
        tape(np.subtract, parameters, lost, parameters)
        super().update(tape, parameters, gradients, state)


@OPTIMIZERS.register(
    "nadam",
    label="Nadam",
    help="Adam with Nesterov's momentum: it looks where momentum is about to lead.",
    formula="m ← β₁ · m + (1 − β₁) · g\n"
    "s ← β₂ · s + (1 − β₂) · g²\n"
    "uₜ = β₁ · (1 − 0.96ᵗ / 2), qₜ = u₁ · u₂ · … · uₜ\n"
    "d = uₜ₊₁ · m / (1 − qₜ₊₁) + (1 − uₜ) · g / (1 − qₜ)\n"
    "w ← w − η · d / (√(s / (1 − β₂ᵗ)) + ε)",
    parameters=(_learning_rate(0.001), *_BETAS, _EPSILON),
    source="Dozat (2016), Incorporating Nesterov momentum into Adam; Keras, keras.optimizers.Nadam",
)
class Nadam(Optimizer):
    """Adam with Nesterov's momentum.

        u, next_u = (beta_1 * (1 - 0.96 ** t / 2) for t in (iterations, iterations + 1))
        product = product * u
        m, v = as in Adam
        m_hat = next_u * m / (1 - product * next_u) + (1 - u) * gradient / (1 - product)
        v_hat = v / (1 - beta_2 ** iterations)
        parameter = parameter - learning_rate * m_hat / (sqrt(v_hat) + epsilon)

    Reference: Dozat (2016), as in Keras. PyTorch's NAdam is the same with momentum_decay=1.
    """

    slots = 2
    counts = True
    beta_1 = Setting()
    beta_2 = Setting()
    epsilon = Setting()

    def __init__(
        self,
        learning_rate: float | Schedule = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options: Any,
    ) -> None:
        super().__init__(learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, **options)

    def update(self, tape: Tape, parameters: Array, gradients: Array, state: OptimizerState) -> None:
        """Record an update."""
        of_m, of_gradient, of_v = (tape.constant(0) for _ in range(3))
        tape(self._shares(of_m, of_gradient, of_v, state))
        (m, v), now, step = state.slots, np.empty_like(gradients[0]), np.empty_like(gradients[0])
        tape(np.multiply, gradients[0], of_gradient, now)
        _remember(tape, gradients, state.slots, self.beta_1, self.beta_2)
        tape(np.multiply, m, of_m, step)
        tape(np.add, step, now, step)
        tape(np.multiply, v, of_v, now)
        tape(np.sqrt, now, now)
        tape(np.add, now, tape.constant(self.epsilon), now)
        tape(np.divide, step, now, step)
        tape(np.subtract, parameters, step, parameters)

    def _shares(self, of_m: Array, of_gradient: Array, of_v: Array, state: OptimizerState) -> Callable[[], None]:
        """Return a function that puts into 0-d arrays what m, the gradient and v count in the present update."""
        learning_rate, beta_1, beta_2 = self.cell("learning_rate"), self.beta_1, self.beta_2

        def share() -> None:
            u, next_u = (beta_1 * (1 - 0.96**t / 2) for t in (state.remembered, state.remembered + 1))
            state.product *= u
            of_m[()] = learning_rate.item() * next_u / (1 - state.product * next_u)
            of_gradient[()] = learning_rate.item() * (1 - u) / (1 - state.product)
            of_v[()] = 1 / (1 - beta_2**state.remembered)

        return share


def _remember(tape: Tape, gradients: Array, moments: Array, beta_1: float, beta_2: float) -> None:
    """Record the moving means of the gradient and of its square: one array, so that a call serves both."""
    change, shares = np.empty_like(gradients), np.empty_like(gradients)
    shares[0], shares[1] = 1 - beta_1, 1 - beta_2
    tape(np.multiply, gradients[0], gradients[0], gradients[1])
    tape(np.subtract, gradients, moments, change)
    tape(np.multiply, change, shares, change)
    tape(np.add, moments, change, moments)


def get(identifier: object, field: str = "optimizer") -> Optimizer:
    """Return the optimizer with this name, or `identifier` itself if it is an optimizer."""
    return resolve(Optimizer, identifier, field)
