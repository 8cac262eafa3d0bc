"""The layers that nearly every network has: where samples come in, neurons, activations, rows of features."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.random import Generator

from playground.errors import InvalidValueError, ShapeError
from playground.nn import activations, initializers, regularizers
from playground.nn.components import plain
from playground.nn.layers.layer import LAYERS, UNITS, Layer, Shape, Tensor, checked_shape, only, todays_options
from playground.nn.tape import Array, Signal, Tape
from playground.registry import shown


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
        self.shape = checked_shape(given, "Input")

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
        todays = todays_options(options, "Dense")
        self.units = int(UNITS.check(plain(todays.pop("units", units)), "Dense"))
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
        shape = only(sources, self)
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
        return (prod(only(sources, self)),)
