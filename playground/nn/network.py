"""A network: a graph of layers, and all their parameters as one flat vector."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, NotBuiltError, ShapeError
from playground.nn import losses, metrics, optimizers
from playground.nn.activations import ACTIVATIONS
from playground.nn.arrays import numbers
from playground.nn.graph import Graph
from playground.nn.layers import Layer, Shape, assign
from playground.nn.losses import LOSSES, Loss
from playground.nn.metrics import Measured
from playground.nn.optimizers import Optimizer, OptimizerState
from playground.nn.tape import Array
from playground.nn.utils import generator
from playground.registry import Entry, shown

T = TypeVar("T")


class Network:
    """A graph of layers, their parameters, and what they are trained with.

    Attributes:
        loss_weights: What each output's loss counts.
        metrics: What is measured of each output beside the loss.
    """

    def __init__(self, graph: Graph | None) -> None:
        """
        Args:
            graph: The layers, or None as long as the shape of the input is not known.
        """
        self._graph: Graph | None = None
        self._parameters: Array | None = None
        self._statistics: Array | None = None
        self._optimizer: Optimizer | None = None
        self._losses: list[Loss] | None = None
        self._state: OptimizerState | None = None
        self.loss_weights: list[float] = []
        self.metrics: list[list[Measured]] = []
        if graph is not None:
            self._take(graph)

    def _take(self, graph: Graph) -> None:
        """Take over a graph whose layers are in no other network."""
        for layer in graph.layers:
            if layer.built and layer not in (self._graph.layers if self._graph else []):
                raise InvalidValueError(f"The layer {layer.name} belongs to another model already.", "layers")
        self._graph = graph
        self._parameters = self._statistics = self._state = None
        for layer in graph.layers:
            layer.join(self._draw)
        self._parameter_blocks = _Blocks([node.block for node in graph.nodes])
        self._statistics_blocks = _Blocks([node.statistics for node in graph.nodes])

    # ----------------------------------------------------------------- shapes

    @property
    def graph(self) -> Graph:
        """The layers.

        Raises:
            NotBuiltError: If the shape of the input is not known.
        """
        if self._graph is None:
            raise NotBuiltError(
                "The shape of the model's input is not known yet: begin with an Input((features,)), or fit the model."
            )
        return self._graph

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order."""
        return self.graph.layers

    @property
    def input_shapes(self) -> list[Shape]:
        """The shape of one sample for each input."""
        return [node.shape for node in self.graph.nodes[: self.graph.inputs]]

    @property
    def widths(self) -> list[int]:
        """Number of numbers of each output."""
        return [self.graph.nodes[index].width for index in self.graph.outputs]

    @property
    def output_layers(self) -> list[Layer]:
        """The layer of each output."""
        return [self.graph.nodes[index].layer for index in self.graph.outputs]

    def count_params(self) -> int:
        """Return the number of trainable weights."""
        self.graph  # noqa: B018  (refuses a model without input shape)
        return self._parameter_blocks.size

    # ------------------------------------------------------------- parameters

    @property
    def built(self) -> bool:
        """Whether the weights have been drawn."""
        return self._parameters is not None

    @property
    def parameters(self) -> Array:
        """All trainable weights, one flat vector: writing into it changes the model. They are drawn if need be.

        Raises:
            NotBuiltError: If the shape of the input is not known.
        """
        if self._parameters is None:
            self.build()
        assert self._parameters is not None
        return self._parameters

    @property
    def statistics(self) -> Array:
        """All numbers that follow from the data, one flat vector."""
        self.parameters  # noqa: B018  (draws them if need be)
        assert self._statistics is not None
        return self._statistics

    def _draw(self) -> Array:
        return self.parameters

    def build(self, rng: Generator | None = None) -> None:
        """Draw initial weights, layer by layer. What the optimizer remembered is forgotten.

        Called again, it draws new weights in place, so that whatever reads this network goes on with them.

        Args:
            rng: Where chance comes from; None is NumPy's own, so that `numpy.random.seed` fixes it.

        Raises:
            NotBuiltError: If the shape of the input is not known.
        """
        graph, rng = self.graph, generator(None) if rng is None else rng
        if self._parameters is None:
            parameters, statistics = np.zeros(self._parameter_blocks.size), np.zeros(self._statistics_blocks.size)
            for layer, packed, moving in zip(
                graph.layers,
                self._parameter_blocks.split(parameters),
                self._statistics_blocks.split(statistics),
                strict=True,
            ):
                layer.place(packed if packed.size else None, moving if moving.size else None)
            self._parameters, self._statistics = parameters, statistics
        for layer in graph.layers:
            layer.initialize(rng)
        if self._state is not None:
            self._state.clear()

    def get_weights(self) -> list[Array]:
        """Return copies of all weights, layer by layer: a Dense has kernel (fan_in, units) and bias (units,)."""
        self.parameters  # noqa: B018  (draws them if need be)
        return [array.copy() for layer in self.layers for array in layer.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Replace all weights, layer by layer: a Dense has kernel (fan_in, units) and bias (units,).

        Raises:
            ShapeError: If their number or a shape does not fit.
            InvalidValueError: If one is not a finite number.
        """
        self.parameters  # noqa: B018  (draws them if need be)
        assign([array for layer in self.layers for array in layer.weights], weights)

    def split(self, vector: Array) -> list[Array]:
        """Return each layer's block of a flat vector like `parameters`, as views; empty where a layer has none."""
        return self._parameter_blocks.split(vector)

    def split_statistics(self, vector: Array) -> list[Array]:
        """Return each layer's block of a flat vector like `statistics`, as views; empty where a layer has none."""
        return self._statistics_blocks.split(vector)

    def variables(self, vector: Array) -> list[Array]:
        """Return the parts of a flat vector like `parameters` that are a kernel, a bias, …, as views."""
        return [
            part
            for layer, packed in zip(self.layers_of_graph, self.split(vector), strict=True)
            if packed.size
            for part in layer.variables(packed)
        ]

    @property
    def layers_of_graph(self) -> list[Layer]:
        """All layers in the graph's order, inputs included."""
        return self.graph.layers

    def penalty(self) -> float:
        """Return what the present weights cost by regularization."""
        return sum(layer.penalty() for layer in self.layers)

    # -------------------------------------------------------------- compiling

    @property
    def optimizer(self) -> Optimizer:
        """What moves the parameters."""
        return _compiled(self._optimizer)

    @property
    def losses(self) -> list[Loss]:
        """What is made small, for each output."""
        return _compiled(self._losses)

    @property
    def loss(self) -> Loss:
        """What is made small, for the first output."""
        return self.losses[0]

    @property
    def state(self) -> OptimizerState:
        """What the optimizer remembers of this network."""
        optimizer = self.optimizer
        if self._state is None:
            self._state = optimizer.new_state(self.count_params())
        return self._state

    @property
    def revision(self) -> tuple[object, ...]:
        """Compares equal for as long as what was recorded of this network holds."""
        optimizer, losses = self._optimizer, self._losses or ()
        return (
            *[(loss, loss.revision) for loss in losses],
            optimizer,
            optimizer and optimizer.revision,
            *[layer.revision for layer in self.layers],
        )

    def compile(
        self,
        optimizer: str | Optimizer = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Sequence[float] | Mapping[str, float] | None = None,
    ) -> None:
        """Choose what the network is trained with. Weights are kept, and what this very optimizer remembers.

        Args:
            optimizer: What moves the parameters.
            loss: What is made small; with several outputs one for all, a list, or a mapping by the outputs' names.
            metrics: What is measured beside the loss: names or objects, likewise for several outputs.
            loss_weights: What each output's loss counts; 1 where it is not given.

        Raises:
            InvalidValueError: If a name is unknown, or a loss does not fit its output layer.
        """
        new_optimizer = optimizers.get(optimizer)
        names, count = self._output_names()
        if loss is None:
            raise InvalidValueError(f"compile needs a loss; choose one of: {', '.join(LOSSES.names)}.", "loss")
        new_losses = [losses.get(item) for item in _for_each(loss, names, count, "loss")]
        if not isinstance(metrics, (list, tuple, Mapping, type(None))):
            metrics = [metrics]
        new_metrics = [_measured(item) for item in _for_each_metrics(metrics, names, count)]
        weights = [1.0] * count
        if loss_weights is not None:
            given = _for_each(loss_weights, names, count, "loss_weights")
            weights = [float(numbers([item], "loss_weights")[0]) for item in given]
        if self._graph is not None:
            self.check_losses(new_losses)
        if new_optimizer is not self._optimizer:
            self._state = None
        self._optimizer, self._losses = new_optimizer, new_losses
        self.metrics, self.loss_weights = new_metrics, weights

    def _output_names(self) -> tuple[list[str], int]:
        """Return the name of each output's layer, and how many there are."""
        if self._graph is None:
            return [], 1
        names = [layer.name or "" for layer in self.output_layers]
        return names, len(names)

    @property
    def output_names(self) -> list[str]:
        """The name of each output's layer."""
        return self._output_names()[0]

    # --------------------------------------------------------------- checking

    def check_inputs(self, x: Any) -> list[Array]:
        """Return `x` as an array of floats (samples, features) for each input.

        Raises:
            ShapeError: If one has another shape, or no samples.
            InvalidValueError: If something in it is not a finite number.
        """
        shapes = self.input_shapes
        layers = self.graph.nodes[: self.graph.inputs]
        given = _for_each(x, [node.layer.name or "" for node in layers], len(shapes), "x", single=len(shapes) == 1)
        result: list[Array] = []
        for number, (values, shape) in enumerate(zip(given, shapes, strict=True)):
            array = numbers(values, "x")
            name = "x" if len(shapes) == 1 else f"x[{number}]"
            samples = len(result[0]) if result else len(array) if array.ndim else 0
            if array.ndim == 1 and shape == (1,):
                array = array[:, np.newaxis]
            if array.shape[1:] != shape or not len(array) or len(array) != samples:
                count = samples if result else "samples"
                raise ShapeError(
                    f"{name} must have the shape ({count}, {', '.join(map(str, shape))}), at least one sample, "
                    f"got {array.shape}."
                )
            result.append(array.reshape(len(array), prod(shape)))
        return result

    def check_targets(self, y: Any, samples: int) -> list[Array]:
        """Return `y` as an array of floats (samples, outputs) for each output, in the form that its loss has it.

        Raises:
            ShapeError: If one has another shape.
            InvalidValueError: If something in it is not a finite number, or does not fit the loss.
        """
        given = _for_each(y, self.output_names, len(self.widths), "y", single=len(self.widths) == 1)
        result = []
        for values, width, loss in zip(given, self.widths, self.losses, strict=True):
            array = numbers(values, "y")
            if array.shape[:1] != (samples,):
                raise ShapeError(
                    f"y must have the shape ({samples}, {width}), as x and the outputs have, got {array.shape}."
                )
            result.append(loss.encode(array, width))
        return result

    def check_losses(self, losses: Sequence[Loss]) -> None:
        """Refuse losses that make no sense with their output layers."""
        outputs = self.output_layers
        for layer in self.layers:
            if layer.activation is not None and layer not in outputs and "losses" in layer.activation.entry.traits:
                raise InvalidValueError(
                    f"{layer.activation.entry.name} has no slope to learn by, so that it cannot be a hidden layer's "
                    "activation; choose another one, such as sigmoid.",
                    "activation",
                )
        for layer, width, loss in zip(outputs, self.widths, losses, strict=True):
            activation = layer.activation.entry if layer.activation is not None else ACTIVATIONS["linear"]
            if not fit(loss.entry, activation):
                fitting = [e.name for e in ACTIVATIONS if fit(loss.entry, e)]
                others = [e.name for e in LOSSES if fit(e, activation)]
                raise InvalidValueError(
                    f"{loss.entry.name} needs the output activation {' or '.join(fitting)}, got {activation.name}; "
                    f"for {activation.name} choose the loss {' or '.join(others)}.",
                    "loss",
                )
            loss.check_outputs(width)


class _Blocks:
    """Blocks of different shapes, one behind another in a flat vector."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._shapes = [shape or (0,) for shape in shapes]
        self._stops = [int(stop) for stop in np.cumsum([prod(shape) for shape in self._shapes])]
        self.size = self._stops[-1]

    def split(self, vector: Array) -> list[Array]:
        """Return the blocks, as views."""
        parts = np.split(vector, self._stops[:-1], axis=-1)
        return [part.reshape(*part.shape[:-1], *shape) for part, shape in zip(parts, self._shapes, strict=True)]


def fit(loss: Entry[Any], activation: Entry[Any]) -> bool:
    """Return whether a loss and an output activation make sense together."""
    outputs, losses = loss.traits.get("outputs", ()), activation.traits.get("losses", ())
    return (not outputs or activation.name in outputs) and (not losses or loss.name in losses)


def _for_each(given: Any, names: Sequence[str], count: int, what: str, single: bool = False) -> list[Any]:
    """Return one item for each input or output: from a list, a mapping by name, or the same for all.

    Raises:
        InvalidValueError: If their number or a name does not fit.
    """
    if isinstance(given, Mapping) and not (what == "loss" and "name" in given):
        if set(given) != set(names):
            raise InvalidValueError(
                f"{what} must have an item for each of {', '.join(names)}, got {shown(list(given))}.", what
            )
        return [given[name] for name in names]
    if single:
        return [given]
    if isinstance(given, (list, tuple)):
        if len(given) != count:
            raise InvalidValueError(f"{what} must have {count} items, one for each, got {len(given)}.", what)
        return list(given)
    if what in ("x", "y") and count > 1:
        raise InvalidValueError(f"{what} must be a list of {count} arrays, one for each, got {shown(given)}.", what)
    return [given] * count


def _for_each_metrics(metrics: Any, names: Sequence[str], count: int) -> list[Any]:
    """Return a list of metrics for each output."""
    if metrics is None:
        return [[]] * count
    if isinstance(metrics, Mapping):
        unknown = [name for name in metrics if name not in names]
        if unknown:
            raise InvalidValueError(
                f"metrics: there is no output {unknown[0]!r}; there are {', '.join(names)}.", "metrics"
            )
        return [metrics.get(name, []) for name in names]
    if metrics and len(metrics) == count and all(isinstance(item, (list, tuple)) for item in metrics):
        return list(metrics)
    return [metrics] * count


def _measured(given: Any) -> list[Measured]:
    return [metrics.get(item) for item in (given if isinstance(given, (list, tuple)) else [given])]


def _compiled(value: T | None) -> T:
    if value is None:
        raise NotBuiltError("The model has no optimizer and loss yet; call model.compile(optimizer, loss).")
    return value
