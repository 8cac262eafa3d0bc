"""A layer, whatever it does, and the symbols that networks are made from."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from numpy.random import Generator
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, NotBuiltError, ShapeError, UnknownNameError
from playground.nn.arrays import numbers
from playground.nn.components import plain
from playground.nn.tape import Array, Signal, Tape
from playground.registry import Parameter, Registry, shown

LAYERS: Registry[type["Layer"]] = Registry("layer")

Shape: TypeAlias = tuple[int, ...]

UNITS = Parameter("units", "Units", default=1, minimum=1, maximum=65_536, integer=True, help="Neurons of the layer.")

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
            self.given_shape = checked_shape(shape, type(self).__name__)
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
        return only(sources, self)

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


def only(sources: Sequence[Shape], layer: Layer) -> Shape:
    """Return the shape of what flows in, if it is from one source.

    Raises:
        ShapeError: If it is from several.
    """
    if len(sources) != 1:
        raise ShapeError(f"{type(layer).__name__} takes one input, got {len(sources)}; join them with a Concatenate.")
    return sources[0]


def checked_shape(shape: object, owner: str) -> Shape:
    """Return a shape as a tuple of whole numbers."""
    if isinstance(shape, (tuple, list)) and shape and shape[0] is None:
        shape = shape[1:]
    if not isinstance(shape, (tuple, list)) or not shape:
        raise InvalidValueError(
            f"{owner}: the shape must be (features,), or that of an image, got {shown(shape)}.", "shape"
        )
    return tuple(int(UNITS.check(plain(size), owner)) for size in shape)


def todays_options(options: dict[str, Any], owner: str) -> dict[str, Any]:
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
