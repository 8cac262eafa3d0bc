"""A graph: which layer's outputs flow into which, from the inputs to the outputs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

from playground.errors import InvalidValueError
from playground.nn.layers import Flatten, InputLayer, Layer, Shape, Tensor


@dataclass(frozen=True)
class Node:
    """A layer at its place.

    Attributes:
        layer: The layer.
        sources: Positions in the graph of what flows in.
        shape: Shape of one sample of what flows out.
        source_shapes: Shapes of one sample of what flows in.
    """

    layer: Layer
    sources: tuple[int, ...]
    shape: Shape
    source_shapes: tuple[Shape, ...]

    @property
    def width(self) -> int:
        """How many numbers flow out for one sample."""
        return prod(self.shape)

    @property
    def block(self) -> Shape:
        """Shape of its trainable numbers, or ()."""
        return self.layer.block_shape(self.source_shapes)

    @property
    def statistics(self) -> Shape:
        """Shape of its numbers that follow from the data, or ()."""
        return self.layer.statistics_shape(self.source_shapes)


class Graph:
    """Layers in an order in which each comes after what flows into it; the inputs come first.

    Attributes:
        nodes: The layers.
        inputs: How many of them are inputs.
        outputs: Positions of those whose outputs are the network's.
        roots: For each position that of the layer that computes what flows out there: a Flatten computes nothing.
    """

    def __init__(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
        """
        Raises:
            InvalidValueError: If the outputs follow from other inputs, or a layer is there twice.
        """
        for name, tensors in (("inputs", inputs), ("outputs", outputs)):
            if not tensors or not all(isinstance(tensor, Tensor) for tensor in tensors):
                raise InvalidValueError(
                    f"A model's {name} must be what Input(…) or a layer called on it gave, got {list(tensors)!r:.60}.",
                    name,
                )
        if len(set(outputs)) < len(outputs):
            raise InvalidValueError("Each output of a model must be another one; one is there twice.", "outputs")
        order = _sorted(inputs, outputs)
        layers = [tensor.layer for tensor in order]
        if len(set(map(id, layers))) < len(layers):
            raise InvalidValueError("Each layer of a model must be an object of its own; one is there twice.", "layers")
        position = {tensor: index for index, tensor in enumerate(order)}
        self.nodes = [
            Node(
                tensor.layer,
                tuple(position[source] for source in tensor.sources),
                tensor.shape,
                tuple(source.shape for source in tensor.sources),
            )
            for tensor in order
        ]
        self.inputs = len(inputs)
        self.outputs = [position[tensor] for tensor in outputs]
        self.roots: list[int] = []
        for index, node in enumerate(self.nodes):
            self.roots.append(self.roots[node.sources[0]] if isinstance(node.layer, Flatten) else index)
        give_names(layers)

    @property
    def layers(self) -> list[Layer]:
        """All layers, inputs included."""
        return [node.layer for node in self.nodes]


def give_names(layers: Iterable[Layer]) -> None:
    """Name the layers that were given no name as Keras does: dense, dense_1, and so on.

    Raises:
        InvalidValueError: If two have been given the same name.
    """
    layers = list(layers)
    given = [layer.name for layer in layers if layer.named]
    if len(set(given)) < len(given):
        twice = next(name for name in given if given.count(name) > 1)
        raise InvalidValueError(f"Each layer of a model must have a name of its own; {twice!r} is there twice.", "name")
    taken = set(given)
    for layer in layers:
        if not layer.named and (layer.name is None or layer.name in taken):
            kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(layer).__name__).lower()
            number = 0
            while (name := f"{kind}_{number}" if number else kind) in taken:
                number += 1
            layer.name = name
        taken.add(layer.name)


def _sorted(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> list[Tensor]:
    """Return all tensors in order: the inputs, and the others from the farthest to the outputs, as Keras has them."""
    found: list[Tensor] = []
    seen: set[Tensor] = set()
    stack: list[tuple[Tensor, bool]] = [(tensor, False) for tensor in reversed(outputs)]
    while stack:
        tensor, done = stack.pop()
        if done:
            found.append(tensor)
        elif tensor not in seen:
            seen.add(tensor)
            stack.append((tensor, True))
            stack.extend((source, False) for source in reversed(tensor.sources))
    depth = dict.fromkeys(found, 0)
    for tensor in reversed(found):
        for source in tensor.sources:
            depth[source] = max(depth[source], depth[tensor] + 1)
    entries = [tensor for tensor in found if isinstance(tensor.layer, InputLayer)]
    if set(entries) != set(inputs) or len(set(inputs)) < len(inputs):
        raise InvalidValueError(
            "The outputs of a model must follow from its inputs and from nothing else; "
            f"they follow from {len(entries)} inputs, got {len(inputs)}.",
            "inputs",
        )
    others = [tensor for tensor in found if not isinstance(tensor.layer, InputLayer)]
    return [*inputs, *sorted(others, key=lambda tensor: -depth[tensor])]
