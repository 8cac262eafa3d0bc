"""Layers: what a network is made of.

A layer may be called on what flows out of other layers, which gives a symbolic `Tensor`; networks are made from
these. Shapes are those of one sample, without the batch axis.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, NotBuiltError, ShapeError, UnknownNameError
from playground.nn import activations, initializers, regularizers
from playground.nn.arrays import numbers
from playground.nn.components import plain
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Parameter, Registry, shown

LAYERS: Registry[type["Layer"]] = Registry("layer")

Shape: TypeAlias = tuple[int, ...]

_UNITS = Parameter("units", "Units", default=1, minimum=1, maximum=65_536, integer=True, help="Neurons of the layer.")
_DROPPED = Parameter("rate", "Rate", default=0.5, minimum=0, maximum=0.99, step=0.05, help="The share set to 0.")
_MOMENTUM = Parameter("momentum", "Momentum", default=0.99, minimum=0, maximum=1, help="How long means remember.")
_EPSILON = Parameter("epsilon", "Epsilon", default=1e-3, minimum=1e-12, maximum=1, help="Added to variances.")
_SEED = Parameter("seed", "Seed", default=0, minimum=0, maximum=2**63, integer=True)

# Spellings of earlier versions of Keras, and today's.
_OBSOLETE = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "bias": "use_bias",
    "output_dim": "units",
    "p": "rate",
    "mode": None,
}


@dataclass(frozen=True, eq=False)
class Tensor:
    """What flows out of a layer, as a symbol.

    Attributes:
        layer: Where it comes from.
        sources: What flows into that layer.
        shape: Shape of one sample.
    """

    layer: "Layer"
    sources: tuple["Tensor", ...]
    shape: Shape


class Layer:
    """A step on the way from inputs to outputs.

    Inside, all its trainable numbers are one block `packed`, a view into the flat vector of the network's parameters;
    numbers that follow from the data are one block `statistics`.

    Attributes:
        name: What it is called in its network, which names it if it was given none.
        named: Whether it was given its name.
        activation: What is applied to its outputs, or None.
        kernel_regularizer: What large weights cost, or None.
    """

    activation: Any = None
    kernel_regularizer: Any = None
    given_shape: Shape | None = None

    def __init__(self, name: str | None = None, **options: Any) -> None:
        """
        Args:
            name: What it is called.
            **options: input_shape or input_dim, where the layer is the first of a Sequential.

        Raises:
            UnknownNameError: If there is another option.
        """
        self.name = name
        self.named = name is not None
        if "input_dim" in options:
            options["input_shape"] = (options.pop("input_dim"),)
        if (shape := options.pop("input_shape", None)) is not None:
            self.given_shape = _checked_shape(shape, type(self).__name__)
        for option in ("dtype", "trainable"):  # what Keras takes everywhere, at its only value here
            options.pop(option, None)
        for option in options:
            raise UnknownNameError(f"option of {type(self).__name__}", option, self.get_config(), option)
        self._packed: Array | None = None
        self._statistics: Array | None = None
        self._draw: Callable[[], object] | None = None

    # -------------------------------------------------------------- its shape

    def output_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return the shape of what flows out.

        Raises:
            ShapeError: If what flows in does not fit.
        """
        return _only(sources, self)

    def block_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return the shape of the block of trainable numbers, or () if there are none."""
        return ()

    def statistics_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return the shape of the block of numbers that follow from the data, or () if there are none."""
        return ()

    def __call__(self, sources: "Tensor | Sequence[Tensor]") -> Tensor:
        """Return what flows out of this layer if `sources` flow into it."""
        tensors = tuple(sources) if isinstance(sources, (list, tuple)) else (sources,)
        if not tensors or not all(isinstance(tensor, Tensor) for tensor in tensors):
            raise InvalidValueError(
                f"{type(self).__name__} must be called on what Input(…) or another layer gave, got {shown(sources)}."
            )
        return Tensor(self, tensors, self.output_shape([tensor.shape for tensor in tensors]))

    # -------------------------------------------------------------- its numbers

    @property
    def packed(self) -> Array:
        """The block of trainable numbers.

        Raises:
            NotBuiltError: If the layer is in no network that has weights.
        """
        if self._packed is None and self._draw is not None:
            self._draw()
        if self._packed is None:
            raise NotBuiltError("The layer has no weights yet; put it into a model whose input shape is known.")
        return self._packed

    @property
    def statistics(self) -> Array:
        """The block of numbers that follow from the data."""
        self.packed  # noqa: B018  (draws them if need be)
        assert self._statistics is not None
        return self._statistics

    @property
    def built(self) -> bool:
        """Whether the layer is in a network that has weights."""
        return self._packed is not None

    def join(self, draw: Callable[[], object]) -> None:
        """Take note of how to have the network's first weights drawn, should they be asked for here."""
        self._packed = self._statistics = None
        self._draw = draw

    def place(self, packed: Array | None, statistics: Array | None) -> None:
        """Put its blocks where the network keeps them."""
        self._packed, self._statistics = packed, statistics

    def initialize(self, rng: Generator) -> None:
        """Draw its first numbers."""

    def variables(self, packed: Array) -> list[Array]:
        """Return the parts of a block like `packed`, in Keras's order, as views."""
        return []

    @property
    def weights(self) -> list[Array]:
        """Its numbers in Keras's order and shapes, as views: writing into them changes the model."""
        return []

    def get_weights(self) -> list[Array]:
        """Return copies of its numbers in Keras's order and shapes."""
        return [array.copy() for array in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Replace its numbers; raises as `Model.set_weights` does."""
        assign(self.weights, weights)

    def count_params(self) -> int:
        """Return the number of its weights."""
        return sum(array.size for array in self.weights)

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this layer holds."""
        return ()

    def penalty(self) -> float:
        """Return what its present weights cost."""
        return 0.0

    # ------------------------------------------------------------ its recording

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> Any:
        """Record the way forward.

        Args:
            tape: Where to record.
            packed: A block like this layer's.
            sources: What flows in.
            output: What flows out.
            training: Whether this is a training step; some layers then do something else.
            statistics: A block like this layer's.

        Returns:
            Anything that the way back needs; it is handed to `backward` and `backward_to_source`.
        """
        raise NotImplementedError

    def backward(
        self, tape: Tape, packed: Array, gradient: Array, sources: Sequence[Signal], output: Signal, kept: Any
    ) -> None:
        """Record the gradient of the loss with respect to `packed`, from that with respect to z."""

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
        """Record the gradient with respect to source number `index`, from that with respect to z, into `out.dz`."""
        raise NotImplementedError

    # ------------------------------------------------------------ its description

    def get_config(self) -> dict[str, Any]:
        """Return its arguments as plain JSON values."""
        shape = {"input_shape": list(self.given_shape)} if self.given_shape else {}
        return {"name": self.name, **shape}

    def to_config(self) -> dict[str, Any]:
        """Return its kind and arguments as plain JSON values."""
        return {"class_name": type(self).__name__, "config": self.get_config()}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return the layer with these arguments, as `get_config` gave them."""
        return cls(**config)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items() if value is not None)
        return f"{type(self).__name__}({given})"


@LAYERS.register("InputLayer", label="Input", help="Where samples come in.", source="Keras, keras.layers.InputLayer")
class InputLayer(Layer):
    """Where samples come in.

    Attributes:
        shape: Shape of one sample.
    """

    def __init__(self, shape: Sequence[int] | None = None, name: str | None = None, **options: Any) -> None:
        """
        Raises:
            InvalidValueError: If the shape is no tuple of whole numbers.
        """
        super().__init__(name, **options)
        given = shape if shape is not None else self.given_shape
        self.given_shape = None
        self.shape = _checked_shape(given, "Input")

    def output_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return the shape of one sample."""
        return self.shape

    def get_config(self) -> dict[str, Any]:
        """Return its arguments as plain JSON values."""
        return super().get_config() | {"shape": list(self.shape)}


def Input(shape: Sequence[int] | None = None, name: str | None = None, **options: Any) -> Tensor:
    """Return where samples of this shape come in: `Input((2,))` has two features.

    Raises:
        InvalidValueError: If the shape is no tuple of whole numbers.
    """
    layer = InputLayer(shape, name, **options)
    return Tensor(layer, (), layer.shape)


@LAYERS.register(
    "Dense",
    label="Dense",
    help="Every neuron is connected to every input.",
    source="Rosenblatt (1958), The perceptron; Keras, keras.layers.Dense",
)
class Dense(Layer):
    """A layer in which every neuron is connected to every input: a = f(x · kernel + bias).

    Its block (units, fan_in + 1) is the kernel transposed, and the bias as its last column, if there is one.

    Attributes:
        units: Number of neurons.
        use_bias: Whether there is a bias.
        kernel_initializer: What draws the kernel.
        bias_initializer: What draws the bias.
    """

    def __init__(
        self,
        units: int | None = None,
        activation: str | activations.Activation | None = None,
        use_bias: bool = True,
        kernel_initializer: str | initializers.Initializer = "glorot_uniform",
        bias_initializer: str | initializers.Initializer = "zeros",
        kernel_regularizer: str | regularizers.Regularizer | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        """
        Args:
            units: Number of neurons.
            activation: What is applied to the weighted sums; None is linear.
            use_bias: Whether there is a bias.
            kernel_initializer: What draws the kernel.
            bias_initializer: What draws the bias.
            kernel_regularizer: What large weights cost; None is nothing. The bias is free.
            name: What it is called.
            **options: input_shape or input_dim, where the layer is the first of a Sequential.

        Raises:
            InvalidValueError: If there are no units, or a name is unknown.
        """
        todays = _todays(options, "Dense")
        self.units = int(_UNITS.check(plain(todays.pop("units", units)), "Dense"))
        use_bias = todays.pop("use_bias", use_bias)
        if not isinstance(use_bias, bool):
            raise InvalidValueError(f"Dense: use_bias must be true or false, got {shown(use_bias)}.", "use_bias")
        self.use_bias = use_bias
        self.activation = activation
        self.kernel_initializer = initializers.get(
            todays.pop("kernel_initializer", kernel_initializer), "kernel_initializer"
        )
        self.bias_initializer = initializers.get(bias_initializer, "bias_initializer")
        self.kernel_regularizer = todays.pop("kernel_regularizer", kernel_regularizer)
        super().__init__(name, **todays)

    def __repr__(self) -> str:
        return f"Dense({self.units}, activation={self.activation.entry.name!r})"

    @property
    def activation(self) -> activations.Activation:
        """What is applied to the weighted sums. It may be set, by name too, while the network trains."""
        return self._activation

    @activation.setter
    def activation(self, identifier: str | activations.Activation | None) -> None:
        self._activation = activations.get("linear" if identifier is None else identifier)

    @property
    def kernel_regularizer(self) -> regularizers.Regularizer | None:
        """What large weights cost. It may be set, by name too, while the network trains."""
        return self._kernel_regularizer

    @kernel_regularizer.setter
    def kernel_regularizer(self, identifier: str | regularizers.Regularizer | None) -> None:
        self._kernel_regularizer = regularizers.get(identifier, "kernel_regularizer")

    @property
    def kernel(self) -> Array:
        """The weights (fan_in, units), as a view: writing into it changes the model."""
        return self.variables(self.packed)[0]

    @property
    def bias(self) -> Array | None:
        """The biases (units,), as a view, or None: writing into it changes the model."""
        return self.variables(self.packed)[1] if self.use_bias else None

    def output_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (units,) for a row of features."""
        shape = _only(sources, self)
        if len(shape) != 1:
            raise ShapeError(
                f"Dense: what comes in must be a row of features, got the shape {shape}; put a Flatten in front of it."
            )
        return (self.units,)

    def block_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (units, fan_in + 1), or (units, fan_in) without bias."""
        return self.units, sources[0][0] + self.use_bias

    def initialize(self, rng: Generator) -> None:
        """Draw the kernel, then the bias."""
        self.kernel[...] = self.kernel_initializer(self.kernel.shape, rng)
        if self.bias is not None:
            self.bias[...] = self.bias_initializer(self.bias.shape, rng)

    def variables(self, packed: Array) -> list[Array]:
        """Return kernel (fan_in, units) and bias (units,)."""
        return [packed[..., :-1].mT, packed[..., -1]] if self.use_bias else [packed.mT]

    @property
    def weights(self) -> list[Array]:
        """Kernel and bias, as views: writing into them changes the model."""
        return self.variables(self.packed)

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this layer holds."""
        regularizer = self._kernel_regularizer
        return self._activation, self._activation.revision, regularizer, regularizer and regularizer.revision

    def penalty(self) -> float:
        """Return what the present kernel costs."""
        return self._kernel_regularizer.penalty(self.kernel) if self._kernel_regularizer else 0.0

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> None:
        """Record z = packed · [x; 1] and a = f(z)."""
        tape.dot(packed, sources[0].a1 if self.use_bias else sources[0].a, output.z)  # (units, batch)
        self._activation.forward(tape, output.z, output.a)

    def backward(
        self, tape: Tape, packed: Array, gradient: Array, sources: Sequence[Signal], output: Signal, kept: Any
    ) -> None:
        """Record the gradient with respect to `packed`."""
        source = sources[0].a1 if self.use_bias else sources[0].a
        tape.dot(output.dz, source.mT, gradient)  # (units, fan_in + 1)

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
        """Record the gradient with respect to the inputs.

        The bias row is carried along: without it the transposed kernel would not be a block, and be copied.
        """
        tape.dot(packed.mT, output.dz, out.da1 if self.use_bias else out.dz)  # (fan_in + 1, batch)

    def get_config(self) -> dict[str, Any]:
        """Return its arguments as plain JSON values."""
        regularizer = self.kernel_regularizer
        return super().get_config() | {
            "units": self.units,
            "activation": self.activation.to_config(),
            "use_bias": self.use_bias,
            "kernel_initializer": self.kernel_initializer.to_config(),
            "bias_initializer": self.bias_initializer.to_config(),
            "kernel_regularizer": regularizer and regularizer.to_config(),
        }


@LAYERS.register(
    "Activation",
    label="Activation",
    help="Applies an activation to what comes in.",
    source="Keras, keras.layers.Activation",
)
class Activation(Layer):
    """An activation as a layer of its own."""

    def __init__(
        self, activation: str | activations.Activation = "linear", name: str | None = None, **options: Any
    ) -> None:
        """
        Raises:
            UnknownNameError: If the activation's name is unknown.
        """
        self.activation = activation
        super().__init__(name, **options)

    @property
    def activation(self) -> activations.Activation:
        """What is applied. It may be set, by name too, while the network trains."""
        return self._activation

    @activation.setter
    def activation(self, identifier: str | activations.Activation) -> None:
        self._activation = activations.get(identifier)

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this layer holds."""
        return self._activation, self._activation.revision

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> None:
        """Record a = f(x)."""
        tape(np.copyto, output.z, sources[0].a)
        self._activation.forward(tape, output.z, output.a)

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
        """dL/dx = dL/dz."""
        tape(np.copyto, out.dz, output.dz)

    def get_config(self) -> dict[str, Any]:
        """Return its arguments as plain JSON values."""
        return super().get_config() | {"activation": self.activation.to_config()}


@LAYERS.register(
    "Flatten",
    label="Flatten",
    help="Turns an image, or any other table of numbers, into a row of features.",
    source="Keras, keras.layers.Flatten",
)
class Flatten(Layer):
    """A row of features from a sample of any shape. Inside a tape all samples are rows, so nothing is recorded."""

    def output_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (features,)."""
        return (prod(_only(sources, self)),)


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
        seed: What the choice follows from; None is the network's own random numbers.
    """

    def __init__(self, rate: float = 0.5, seed: int | None = None, name: str | None = None, **options: Any) -> None:
        """
        Raises:
            InvalidValueError: If the rate is not from 0 to 0.99.
        """
        todays = _todays(options, "Dropout")
        self._rate = _DROPPED.check(plain(todays.pop("rate", rate)), "Dropout")
        self.seed = None if seed is None else int(_SEED.check(plain(seed), "Dropout"))
        self._rng: Generator | None = None
        super().__init__(name, **todays)

    @property
    def rate(self) -> float:
        """The share of the inputs that is set to 0."""
        return self._rate

    @rate.setter
    def rate(self, value: float) -> None:
        self._rate = _DROPPED.check(plain(value), "Dropout")

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
        todays = _todays(options, "BatchNormalization")
        self.momentum = _MOMENTUM.check(plain(momentum), "BatchNormalization")
        self.epsilon = _EPSILON.check(plain(epsilon), "BatchNormalization")
        super().__init__(name, **todays)

    def block_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (2, features)."""
        return 2, prod(_only(sources, self))

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


@LAYERS.register(
    "Concatenate",
    label="Concatenate",
    help="Puts several rows of features behind one another.",
    source="Keras, keras.layers.Concatenate",
)
class Concatenate(Layer):
    """Several rows of features as one."""

    def __init__(self, axis: int = -1, name: str | None = None, **options: Any) -> None:
        """
        Raises:
            InvalidValueError: If the axis is another one than the last.
        """
        if axis not in (-1, 1):
            raise InvalidValueError(f"Concatenate: rows are joined along axis -1, got {shown(axis)}.", "axis")
        super().__init__(name, **options)

    def output_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return (features,), all together."""
        if len(sources) < 2 or any(len(shape) != 1 for shape in sources):
            raise ShapeError(f"Concatenate: at least two rows of features must come in, got the shapes {[*sources]}.")
        return (sum(shape[0] for shape in sources),)

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> None:
        """Record a = [x; y; …]."""
        for index, source in enumerate(sources):
            tape(np.copyto, output.a[self._rows(sources, index)], source.a)

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
        """The gradient's rows of that source."""
        tape(np.copyto, out.dz, output.dz[self._rows(sources, index)])

    def _rows(self, sources: Sequence[Signal], index: int) -> Any:
        widths = [source.a.shape[-2] for source in sources]
        start = sum(widths[:index])
        return np.s_[..., start : start + widths[index], :]


@LAYERS.register("Add", label="Add", help="Adds up several inputs of the same shape.", source="Keras, keras.layers.Add")
class Add(Layer):
    """The sum of several inputs of the same shape."""

    def output_shape(self, sources: Sequence[Shape]) -> Shape:
        """Return the shape that they share."""
        if len(sources) < 2 or len(set(sources)) > 1:
            raise ShapeError(f"Add: at least two inputs of the same shape must come in, got the shapes {[*sources]}.")
        return sources[0]

    def forward(
        self, tape: Tape, packed: Array, sources: Sequence[Signal], output: Signal, training: bool, statistics: Array
    ) -> None:
        """Record a = x + y + …."""
        tape(np.add, sources[0].a, sources[1].a, output.a)
        for source in sources[2:]:
            tape(np.add, output.a, source.a, output.a)

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
        """dL/dx = dL/da, for each of them."""
        tape(np.copyto, out.dz, output.dz)


def concatenate(tensors: Sequence[Tensor], axis: int = -1, name: str | None = None) -> Tensor:
    """Return several rows of features as one."""
    return Concatenate(axis, name)(tensors)


def add(tensors: Sequence[Tensor], name: str | None = None) -> Tensor:
    """Return the sum of several inputs of the same shape."""
    return Add(name)(tensors)


def from_config(config: object) -> Layer:
    """Return the layer that `Layer.to_config` described.

    Raises:
        InvalidValueError: If it is no such description.
    """
    if not isinstance(config, Mapping) or not isinstance(config.get("config"), Mapping):
        raise InvalidValueError(f"A layer must be described by class_name and config, got {shown(config)}.", "layers")
    return LAYERS.get(config.get("class_name"), "layers").value.from_config(config["config"])


def assign(present: Sequence[Array], weights: Sequence[ArrayLike]) -> None:
    """Write weights into views of the same shapes, all of them or none.

    Raises:
        ShapeError: If their number or a shape does not fit.
        InvalidValueError: If one is not a finite number.
    """
    arrays = [numbers(array, "weights") for array in weights]
    expected = [array.shape for array in present]
    if [array.shape for array in arrays] != expected:
        raise ShapeError(f"The weights must have the shapes {expected}, got {[array.shape for array in arrays]}.")
    for view, array in zip(present, arrays, strict=True):
        view[...] = array


def _only(sources: Sequence[Shape], layer: Layer) -> Shape:
    if len(sources) != 1:
        raise ShapeError(f"{type(layer).__name__} takes one input, got {len(sources)}; join them with a Concatenate.")
    return sources[0]


def _checked_shape(shape: object, owner: str) -> Shape:
    """Return a shape as a tuple of whole numbers."""
    if isinstance(shape, (tuple, list)) and shape and shape[0] is None:
        shape = shape[1:]
    if not isinstance(shape, (tuple, list)) or not shape:
        raise InvalidValueError(
            f"{owner}: the shape must be (features,), or that of an image, got {shown(shape)}.", "shape"
        )
    return tuple(int(_UNITS.check(plain(size), owner)) for size in shape)


def _todays(options: dict[str, Any], owner: str) -> dict[str, Any]:
    """Return options with obsolete spellings replaced by today's, and a warning for each."""
    result = {}
    for name, value in options.items():
        todays = _OBSOLETE.get(name, name)
        if todays != name:
            said = f"is called {todays} today" if todays else "has no meaning any more"
            warnings.warn(f"{owner}: {name} {said}.", FutureWarning, stacklevel=3)
        if todays:
            result[todays] = value
    return result
