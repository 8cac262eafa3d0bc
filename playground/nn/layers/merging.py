"""Several inputs made one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.errors import InvalidValueError, ShapeError
from playground.nn.layers.layer import LAYERS, Layer, Shape, Tensor
from playground.nn.tape import Array, Signal, Tape
from playground.registry import shown


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
