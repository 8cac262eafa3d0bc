"""Layers: what a network is made of."""

from playground.errors import InvalidValueError, NotBuiltError
from playground.nn import activations, initializers, regularizers
from playground.nn.components import plain
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Parameter, shown

_UNITS = Parameter("units", "Units", default=1, minimum=1, maximum=65_536, integer=True, help="Neurons of the layer.")


class Input:
    """The shape of one sample: `Input((2,))` has two features.

    Attributes:
        shape: Shape of a sample, without the batch axis.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        """
        Raises:
            InvalidValueError: If the shape is not that of a row of features.
        """
        if not isinstance(shape, (tuple, list)) or len(shape) != 1:
            raise InvalidValueError(f"Input: the shape must be (features,), got {shown(shape)}.", "shape")
        self.shape = (int(_UNITS.check(plain(shape[0]), "Input")),)


class Dense:
    """A layer in which every neuron is connected to every input: a = f(x · kernel + bias).

    Inside, kernel and bias are one block `packed` (units, fan_in + 1): the kernel transposed, and the bias
    as its last column. It is a view into the flat vector of the model's parameters.

    Attributes:
        units: Number of neurons.
        kernel_initializer: What draws the kernel.
        bias_initializer: What draws the bias.
    """

    def __init__(
        self,
        units: int,
        activation: str | activations.Activation | None = None,
        kernel_initializer: str | initializers.Initializer = "glorot_uniform",
        bias_initializer: str | initializers.Initializer = "zeros",
        kernel_regularizer: str | regularizers.Regularizer | None = None,
    ) -> None:
        """
        Args:
            units: Number of neurons.
            activation: What is applied to the weighted sums; None is linear.
            kernel_initializer: What draws the kernel.
            bias_initializer: What draws the bias.
            kernel_regularizer: What large weights cost; None is nothing. The bias is free.

        Raises:
            InvalidValueError: If there are no units, or a name is unknown.
        """
        self.units = int(_UNITS.check(plain(units), "Dense"))
        self.activation = activation
        self.kernel_initializer = initializers.get(kernel_initializer, "kernel_initializer")
        self.bias_initializer = initializers.get(bias_initializer, "bias_initializer")
        self.kernel_regularizer = kernel_regularizer
        self._packed: Array | None = None

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
        return self.packed[:, :-1].T

    @property
    def bias(self) -> Array:
        """The biases (units,), as a view: writing into it changes the model."""
        return self.packed[:, -1]

    @property
    def packed(self) -> Array:
        """Kernel and bias as one block (units, fan_in + 1).

        Raises:
            NotBuiltError: If the layer is in no model that has been built.
        """
        if self._packed is None:
            raise NotBuiltError("The layer has no weights yet; build the model first: model.build(rng).")
        return self._packed

    @packed.setter
    def packed(self, view: Array) -> None:
        self._packed = view

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this layer holds."""
        regularizer = self._kernel_regularizer
        return self._activation, self._activation.revision, regularizer, regularizer and regularizer.revision

    def penalty(self) -> float:
        """Return what the present kernel costs."""
        return self._kernel_regularizer.penalty(self.kernel) if self._kernel_regularizer else 0.0

    def forward(self, tape: Tape, packed: Array, source: Signal, output: Signal) -> None:
        """Record z = packed · [x; 1] and a = f(z)."""
        tape.dot(packed, source.a1, output.z)  # (units, batch)
        self._activation.forward(tape, output.z, output.a)

    def backward(self, tape: Tape, packed: Array, gradient: Array, source: Signal, output: Signal) -> None:
        """Record the gradient of the loss with respect to `packed`, from that with respect to z."""
        tape.dot(output.dz, source.a1.mT, gradient)  # (units, fan_in + 1)

    def backward_to_source(self, tape: Tape, packed: Array, source: Signal, output: Signal) -> None:
        """Record the gradient with respect to the inputs, from that with respect to z.

        The bias row is carried along: without it the transposed kernel would not be a block, and be copied.
        """
        tape.dot(packed.mT, output.dz, source.da1)  # (fan_in + 1, batch)
