"""A network: layers in a row, and all their parameters as one flat vector."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, NotBuiltError, ShapeError
from playground.nn import losses, optimizers
from playground.nn.activations import ACTIVATIONS
from playground.nn.layers import Dense, Input
from playground.nn.losses import LOSSES, Loss
from playground.nn.optimizers import Optimizer, OptimizerState
from playground.nn.tape import Array
from playground.registry import Entry, shown

T = TypeVar("T")


class Network:
    """Layers in a row, their parameters, and what they are trained with.

    Attributes:
        layers: The layers, without the input.
    """

    def __init__(self, layers: Sequence[Input | Dense]) -> None:
        """
        Args:
            layers: An Input, and the layers in order.

        Raises:
            InvalidValueError: If the first is no Input, or there is no other.
        """
        inputs, rest = next(iter(layers), None), layers[1:]
        if not isinstance(inputs, Input) or not rest or not all(isinstance(layer, Dense) for layer in rest):
            raise InvalidValueError(
                f"A model must be an Input and at least one Dense, got {shown(list(layers))}.", "layers"
            )
        if len(set(map(id, rest))) < len(rest):
            raise InvalidValueError("Each layer of a model must be an object of its own; one is there twice.", "layers")
        self.features = inputs.shape[0]
        self.layers: list[Dense] = [layer for layer in rest if isinstance(layer, Dense)]
        self._parameters: Array | None = None
        self._optimizer: Optimizer | None = None
        self._loss: Loss | None = None
        self._state: OptimizerState | None = None

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.layers[-1].units

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """The shape of each layer's kernel and bias as one block: (units, fan_in + 1)."""
        widths = [self.features, *(layer.units for layer in self.layers)]
        return [(units, fan_in + 1) for fan_in, units in pairwise(widths)]

    def count_params(self) -> int:
        """Return the number of weights and biases."""
        return sum(rows * columns for rows, columns in self.shapes)

    @property
    def built(self) -> bool:
        """Whether the weights have been drawn."""
        return self._parameters is not None

    @property
    def parameters(self) -> Array:
        """All weights and biases, one flat vector: writing into it changes the model.

        Raises:
            NotBuiltError: If the weights have not been drawn.
        """
        if self._parameters is None:
            raise NotBuiltError("The model has no weights yet; build it first: model.build(rng).")
        return self._parameters

    @property
    def optimizer(self) -> Optimizer:
        """What moves the parameters."""
        return _compiled(self._optimizer)

    @property
    def loss(self) -> Loss:
        """What is made small."""
        return _compiled(self._loss)

    @property
    def state(self) -> OptimizerState:
        """What the optimizer remembers of this network."""
        return _compiled(self._state)

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this network holds."""
        optimizer = self._optimizer
        return self._loss, optimizer, optimizer and optimizer.revision, *[layer.revision for layer in self.layers]

    def build(self, rng: Generator | None = None) -> None:
        """Draw initial weights, layer by layer. What the optimizer remembered is forgotten.

        Called again, it draws new weights in place, so that whatever reads this network goes on with them.
        """
        rng = np.random.default_rng() if rng is None else rng
        if self._parameters is None:
            self._parameters = np.zeros(self.count_params())
            for layer, packed in zip(self.layers, self.split(self._parameters), strict=True):
                layer.packed = packed
        for layer in self.layers:
            layer.kernel[...] = layer.kernel_initializer(layer.kernel.shape, rng)
            layer.bias[...] = layer.bias_initializer(layer.bias.shape, rng)
        if self._state is not None:
            self._state.clear()

    def compile(self, optimizer: str | Optimizer = "sgd", loss: str | Loss = "mean_squared_error") -> None:
        """Choose what the network is trained with. Weights are kept, and what this very optimizer remembers.

        Raises:
            InvalidValueError: If a name is unknown, or the loss does not fit the output layer.
        """
        new_optimizer, new_loss = optimizers.get(optimizer), losses.get(loss)
        self.check_loss(new_loss)
        if new_optimizer is not self._optimizer:
            self._state = new_optimizer.new_state(self.count_params())
        self._optimizer, self._loss = new_optimizer, new_loss

    def get_weights(self) -> list[Array]:
        """Return copies of all weights: kernel (fan_in, units) and bias (units,) of each layer in turn."""
        self.parameters  # noqa: B018  (refuses a model without weights)
        return [array.copy() for layer in self.layers for array in (layer.kernel, layer.bias)]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Replace all weights: kernel (fan_in, units) and bias (units,) of each layer in turn.

        Raises:
            ShapeError: If their number or a shape does not fit.
            InvalidValueError: If one is not a finite number.
        """
        present = [array for layer in self.layers for array in (layer.kernel, layer.bias)]
        arrays = [numbers(array, "weights") for array in weights]
        expected = [array.shape for array in present]
        if [array.shape for array in arrays] != expected:
            raise ShapeError(f"The weights must have the shapes {expected}, got {[array.shape for array in arrays]}.")
        for view, array in zip(present, arrays, strict=True):
            view[...] = array

    def split(self, vector: Array) -> list[Array]:
        """Return each layer's block (units, fan_in + 1) of a flat vector like `parameters`, as views."""
        stops = np.cumsum([rows * columns for rows, columns in self.shapes])[:-1]
        parts = np.split(vector, stops, axis=-1)
        return [part.reshape(*part.shape[:-1], *shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def variables(self, vector: Array) -> list[Array]:
        """Return the parts of a flat vector like `parameters` that are a kernel or a bias, as views."""
        return [part for packed in self.split(vector) for part in (packed[..., :-1], packed[..., -1])]

    def penalty(self) -> float:
        """Return what the present weights cost by regularization."""
        return sum(layer.penalty() for layer in self.layers)

    def check_inputs(self, x: ArrayLike) -> Array:
        """Return `x` as an array of floats (samples, features).

        Raises:
            ShapeError: If it has another shape, or no samples.
            InvalidValueError: If something in it is not a finite number.
        """
        array = numbers(x, "x")
        if array.ndim != 2 or array.shape[1] != self.features or not len(array):
            raise ShapeError(
                f"x must have the shape (samples, {self.features}), at least one sample, got {array.shape}."
            )
        return array

    def check_targets(self, y: ArrayLike, samples: int) -> Array:
        """Return `y` as an array of floats (samples, outputs), in the form that the loss has it.

        Raises:
            ShapeError: If it has another shape.
            InvalidValueError: If something in it is not a finite number, or does not fit the loss.
        """
        array = numbers(y, "y")
        if array.shape[:1] != (samples,):
            raise ShapeError(
                f"y must have the shape ({samples}, {self.outputs}), as x and the outputs have, got {array.shape}."
            )
        return self.loss.encode(array, self.outputs)

    def check_loss(self, loss: Loss) -> None:
        """Refuse a loss that makes no sense with the output layer."""
        *hidden, activation = [layer.activation.entry for layer in self.layers]
        for entry in hidden:
            if "losses" in entry.traits:
                raise InvalidValueError(
                    f"{entry.name} has no slope to learn by, so that it cannot be a hidden layer's activation; "
                    "choose another one, such as sigmoid.",
                    "activation",
                )
        if not fit(loss.entry, activation):
            outputs = [e.name for e in ACTIVATIONS if fit(loss.entry, e)]
            others = [e.name for e in LOSSES if fit(e, activation)]
            raise InvalidValueError(
                f"{loss.entry.name} needs the output activation {' or '.join(outputs)}, got {activation.name}; "
                f"for {activation.name} choose the loss {' or '.join(others)}.",
                "loss",
            )
        loss.check_outputs(self.outputs)


def fit(loss: Entry[Any], activation: Entry[Any]) -> bool:
    """Return whether a loss and an output activation make sense together."""
    outputs, losses = loss.traits.get("outputs", ()), activation.traits.get("losses", ())
    return (not outputs or activation.name in outputs) and (not losses or loss.name in losses)


def numbers(values: ArrayLike, name: str) -> Array:
    """Return `values` as an array of finite floats.

    Raises:
        ShapeError: If its rows are not equally long.
        InvalidValueError: If something in it is not a finite number.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(f"{name} must be an array, with rows of the same length.") from error
    if array.dtype.kind not in "biuf":
        raise InvalidValueError(f"{name} must contain numbers only, got {shown(values)}.", name)
    array = array.astype(np.float64)
    unfit = array[~np.isfinite(array)]
    if unfit.size:
        raise InvalidValueError(f"{name} must contain finite numbers only, got {unfit[0]:g} among them.", name)
    return array


def _compiled(value: T | None) -> T:
    if value is None:
        raise NotBuiltError("The model has no optimizer and loss yet; call model.compile(optimizer, loss).")
    return value
