"""Models: networks with Keras's fit, evaluate and predict."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, UnknownNameError
from playground.nn import callbacks as callback_kinds
from playground.nn import layers as layer_kinds
from playground.nn.arrays import numbers
from playground.nn.callbacks import Callback, History, ProgbarLogger
from playground.nn.components import plain
from playground.nn.graph import Graph, give_names
from playground.nn.layers import Input, InputLayer, Layer, Shape, Tensor
from playground.nn.loops import BATCH_SIZE, Evaluator, TrainingLoop, check_weights, in_chunks
from playground.nn.network import Network
from playground.nn.saving import read, write
from playground.nn.summary import summary_of
from playground.nn.tape import Array
from playground.nn.utils import generator
from playground.registry import Parameter, shown

__all__ = ["History", "Model", "Sequential", "from_config", "load_model"]

_EPOCHS = Parameter("epochs", "Epochs", default=1, minimum=0, maximum=100_000_000, integer=True)
_INITIAL_EPOCH = Parameter("initial_epoch", "First epoch", default=0, minimum=0, maximum=100_000_000, integer=True)
_SPLIT = Parameter("validation_split", "Validation split", default=0, minimum=0, maximum=0.99)


class Model(Network):
    """A network made from what its inputs and outputs are.

        a, b = Input((3,)), Input((2,))
        joined = Concatenate()([Dense(4, activation="relu")(a), Dense(4, activation="relu")(b)])
        model = Model([a, b], Dense(1, activation="sigmoid")(joined))

    Attributes:
        name: What it is called in its summary.
        stop_training: Set by a callback to end the training after this epoch.
        history: What the last `fit` measured.
    """

    def __init__(
        self,
        inputs: Tensor | Sequence[Tensor] | None = None,
        outputs: Tensor | Sequence[Tensor] | None = None,
        name: str | None = None,
    ) -> None:
        """
        Args:
            inputs: What `Input` gave, or a list of such.
            outputs: What layers called on them gave, or a list of such.
            name: What the model is called.

        Raises:
            InvalidValueError: If the outputs do not follow from the inputs, or a layer is there twice.
        """
        super().__init__(Graph(_tensors(inputs), _tensors(outputs)))
        self.name = name or "functional"
        self.stop_training = False
        self.history: History | None = None

    # ---------------------------------------------------------------- training

    def fit(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Sequence[Callback] | Callback | None = None,
        validation_split: float = 0.0,
        validation_data: Sequence[Any] | None = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: ArrayLike | None = None,
        initial_epoch: int = 0,
        seed: int | None = None,
        **obsolete: Any,
    ) -> History:
        """Train, and return loss and metrics of each epoch. Called again, it goes on from where it stopped.

        As in Keras, those of the training are means over the batches, each before its own update, and those of the
        validation are measured after the epoch.

        Args:
            x: Samples (samples, features); a list of them for several inputs.
            y: Targets (samples, outputs); a list of them for several outputs.
            batch_size: Samples a step; 32 where it is not given.
            epochs: Number of the last epoch.
            verbose: 0 for silence, 1 for a progress bar, 2 for a line each epoch; "auto" is 1.
            callbacks: What else happens.
            validation_split: The share of the samples, the last ones, that is not trained but measured.
            validation_data: Samples and targets to measure, and what each counts if there is a third.
            shuffle: Whether each epoch goes through the samples in a new order.
            class_weight: What the samples of each class count.
            sample_weight: What each sample counts (samples,).
            initial_epoch: Number of the first epoch, from 0.
            seed: What the order follows from, and the initial weights if they are yet to be drawn.
            **obsolete: nb_epoch, as earlier versions called epochs.

        Raises:
            NotBuiltError: If the model is not compiled.
            ShapeError: If a shape does not fit.
            InvalidValueError: If a value is outside what is accepted.
            DivergedError: If a parameter is no longer finite.
        """
        if "nb_epoch" in obsolete:
            warnings.warn("fit: nb_epoch is called epochs today.", FutureWarning, stacklevel=2)
            epochs = obsolete.pop("nb_epoch")
        for name in obsolete:
            raise UnknownNameError("option of fit", name, ["batch_size", "epochs", "verbose", "callbacks", "…"], name)
        size = int(BATCH_SIZE.check(plain(32 if batch_size is None else batch_size), "fit"))
        last, first = int(_EPOCHS.check(plain(epochs), "fit")), int(_INITIAL_EPOCH.check(plain(initial_epoch), "fit"))
        share = _SPLIT.check(plain(validation_split), "fit")
        loud, others = _loudness(verbose), callback_kinds.checked(callbacks)

        inferred = self._infer(x)
        try:
            inputs = self.check_inputs(x)
            targets = self.check_targets(y, len(inputs[0]))
            weights = None if sample_weight is None else check_weights(sample_weight, len(inputs[0]))
            (x, y, weights), validation = self._parted(x, y, weights, share, len(inputs[0]))
            if class_weight is not None:
                trained = len(self.check_inputs(x)[0])  # as in Keras, classes count in the training only
                by_class = _by_class(class_weight, targets[0])[:trained]
                weights = by_class if weights is None else weights * by_class
            if validation_data is not None:
                validation = self._validation(validation_data)
            rng = generator(seed)
            if validation is not None:
                samples = len(self.check_inputs(validation[0])[0])
                self.check_targets(validation[1], samples)
            self.check_losses(self.losses)
        except Exception:
            if inferred:
                self._forget_shape()
            raise
        if not self.built:
            self.build(rng)
        loop = TrainingLoop(self, x, y, size, weights, measured=True)
        evaluator = None if validation is None else Evaluator(self, *validation)
        return self._train(loop, evaluator, range(first, last), rng if shuffle else None, loud, others)

    def _train(
        self,
        loop: TrainingLoop,
        evaluator: Evaluator | None,
        epochs: range,
        rng: Generator | None,
        loud: int,
        others: list[Callback],
    ) -> History:
        history = History()
        progress = ProgbarLogger(loud) if loud else None
        everyone = [*others, *([progress] if progress else []), history]
        for callback in everyone:
            callback.set_model(self)
            callback.set_params({"epochs": epochs.stop, "steps": loop.steps_per_epoch, "verbose": loud})
        watching = [callback for callback in everyone if callback.watches_batches()]
        self.stop_training = False
        samples = loop.samples
        for callback in everyone:
            callback.on_train_begin({})
        logs: dict[str, float] = {}
        try:
            for epoch in epochs:
                for callback in everyone:
                    callback.on_epoch_begin(epoch, {})
                loop.begin_epoch(None if rng is None else rng.permutation(samples))
                self._run_epoch(loop, watching, progress)
                logs = loop.means()
                if evaluator is not None:
                    logs |= {f"val_{name}": value for name, value in evaluator.means().items()}
                for callback in everyone:
                    callback.on_epoch_end(epoch, logs)
                if self.stop_training:
                    break
        finally:
            for callback in everyone:
                callback.on_train_end(logs)
        self.history = history
        return history

    @staticmethod
    def _run_epoch(loop: TrainingLoop, watching: list[Callback], progress: ProgbarLogger | None) -> None:
        total = loop.steps_per_epoch
        # A bar is drawn often enough if the training stops a hundred times an epoch, which costs next to nothing.
        stride = 1 if watching else total if progress is None else max(total // 100, 1)
        while loop.steps_left:
            batch = total - loop.steps_left
            for callback in watching:
                callback.on_train_batch_begin(batch, {})
            loop.step(stride)
            if loop.steps_left or watching:
                means = loop.means() if watching or progress else {}
                for callback in watching:
                    callback.on_train_batch_end(batch, means)
                if progress is not None and loop.steps_left:
                    progress.progress(total - loop.steps_left, means)

    def _infer(self, x: Any) -> bool:
        """Learn the shape of the input from the samples where it is not known yet; return whether it was learned."""
        return False

    def _forget_shape(self) -> None:
        """Forget the shape of the input."""

    def _parted(
        self, x: Any, y: Any, weights: Array | None, share: float, samples: int
    ) -> tuple[tuple[Any, Any, Array | None], tuple[Any, Any, Array | None] | None]:
        """Return what is trained, and what is held back for validation."""
        if not share:
            return (x, y, weights), None
        stop = int(samples * (1 - share))
        if not 0 < stop < samples:
            raise InvalidValueError(
                f"fit: validation_split {share:g} of {samples} samples leaves none on one side.", "validation_split"
            )

        def part(values: Any, rows: slice, count: int) -> Any:
            if isinstance(values, Mapping):
                return {name: np.asarray(value)[rows] for name, value in values.items()}
            return np.asarray(values)[rows] if count == 1 else [np.asarray(value)[rows] for value in values]

        train, held = (
            (
                part(x, rows, len(self.input_shapes)),
                part(y, rows, len(self.widths)),
                None if weights is None else weights[rows],
            )
            for rows in (slice(None, stop), slice(stop, None))
        )
        return train, held

    @staticmethod
    def _validation(data: Sequence[Any]) -> tuple[Any, Any, Any]:
        if not isinstance(data, (tuple, list)) or len(data) not in (2, 3):
            raise InvalidValueError(
                f"validation_data must be (x, y) or (x, y, weights), got {shown(data)}.", "validation_data"
            )
        return data[0], data[1], data[2] if len(data) == 3 else None

    # --------------------------------------------------------------- measuring

    def evaluate(
        self,
        x: Any,
        y: Any,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: ArrayLike | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, regularization included, and after it the metrics if there are any.

        Args:
            x: Samples (samples, features); a list of them for several inputs.
            y: Targets (samples, outputs); a list of them for several outputs.
            batch_size: Of no effect: the result does not depend on it.
            verbose: 0 for silence, else a line.
            sample_weight: What each sample counts (samples,).
            return_dict: Whether to return them by name.
        """
        means = Evaluator(self, x, y, sample_weight).means()
        if _loudness(verbose):
            print(" - ".join(f"{name}: {value:.4f}" for name, value in means.items()))
        if return_dict:
            return means
        values = list(means.values())
        return values if len(values) > 1 else values[0]

    def predict(self, x: Any, batch_size: int | None = None, verbose: int | str = "auto") -> Any:
        """Return the outputs (samples, outputs), in a list if there are several.

        Args:
            x: Samples (samples, features); a list of them for several inputs.
            batch_size: Of no effect: the result does not depend on it.
            verbose: Of no effect: it is done at once.
        """
        parts = list(in_chunks(self, self.check_inputs(x)))
        outputs = [np.concatenate(chunks) for chunks in zip(*parts, strict=True)]
        return outputs if len(outputs) > 1 else outputs[0]

    @property
    def metrics_names(self) -> list[str]:
        """The names of what `evaluate` returns."""
        count = len(self.losses)
        names = ["loss"]
        if count > 1:
            names += [f"{name}_loss" for name in self.output_names]
        for number, measured in enumerate(self.metrics):
            prefix = f"{self.output_names[number]}_" if count > 1 else ""
            names += [prefix + metric.name for metric in measured]
        return names

    # ------------------------------------------------------------- description

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer with this name, or at this index.

        Raises:
            UnknownNameError: If there is none of that name.
            InvalidValueError: If there is none at that index.
        """
        if index is not None:
            if not isinstance(index, int) or not -len(self.layers) <= index < len(self.layers):
                raise InvalidValueError(f"index must be from 0 to {len(self.layers) - 1}, got {shown(index)}.", "index")
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise UnknownNameError("layer", name, [layer.name or "" for layer in self.layers], "name")

    def summary(self, line_length: int | None = None, print_fn: Any = None) -> None:
        """Print the layers with their shapes and numbers of parameters."""
        self.graph  # noqa: B018  (refuses a model without input shape)
        (print_fn or print)(
            summary_of(self.name, self.graph, self.layers, not isinstance(self, Sequential), line_length)
        )

    def to_config(self) -> dict[str, Any]:
        """Return what makes the model, as plain JSON values: kind, name, and layers with what flows into each."""
        nodes = self.graph.nodes
        return {
            "class_name": type(self).__name__,
            "name": self.name,
            "layers": [
                node.layer.to_config() | {"inputs": [nodes[source].layer.name for source in node.sources]}
                for node in nodes
            ],
            "inputs": [node.layer.name for node in nodes[: self.graph.inputs]],
            "outputs": [nodes[index].layer.name for index in self.graph.outputs],
        }

    get_config = to_config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return a model like the one that `to_config` described, with new weights.

        Raises:
            InvalidValueError: If it describes no model.
        """
        tensors: dict[Any, Tensor] = {}
        for item in _items(config, "layers"):
            layer = layer_kinds.from_config(item)
            sources = item.get("inputs", []) if isinstance(item, Mapping) else []
            if isinstance(layer, InputLayer):
                tensors[layer.name] = Tensor(layer, (), layer.shape)
            else:
                tensors[layer.name] = layer([_known(tensors, source) for source in sources])
        inputs, outputs = ([_known(tensors, name) for name in _items(config, key)] for key in ("inputs", "outputs"))
        return cls(inputs, outputs, name=config.get("name"))

    def save(self, path: str | Path) -> None:
        """Write the model into one file: what makes it, its weights, what it is trained with, and how far that is."""
        compiled = None
        if self._optimizer is not None and self._losses is not None:
            compiled = {
                "optimizer": self._optimizer.to_config(),
                "loss": [loss.to_config() for loss in self._losses],
                "loss_weights": self.loss_weights,
                "metrics": [[metric.name for metric in measured] for measured in self.metrics],
                "iterations": self.state.iterations,
                "product": self.state.product,
            }
        arrays = {f"weight_{index}": array for index, array in enumerate(self.get_weights())}
        if compiled:
            arrays["optimizer"] = self.state.slots
        write(Path(path), {"model": self.to_config(), "compiled": compiled}, arrays)

    @staticmethod
    def load(path: str | Path) -> "Model":
        """Return the model that `save` wrote. A file from anywhere may be read: nothing in it is ever run.

        Raises:
            InvalidValueError: If the file holds no model.
        """
        return load_model(path)


class Sequential(Model):
    """Layers in a row.

        model = Sequential([Input((2,)), Dense(4, activation="tanh"), Dense(1, activation="sigmoid")])
        model.compile(SGD(0.03, momentum=0.9), "binary_crossentropy", metrics=["accuracy"])
        model.fit(x, y, batch_size=10, epochs=100)

    The shape of the input may be left out; it then follows from the first samples.
    """

    def __init__(self, layers: Sequence[Tensor | Layer] = (), name: str | None = None) -> None:
        """
        Args:
            layers: An Input, which may be left out, and the layers in order.
            name: What the model is called.

        Raises:
            InvalidValueError: If something else is among them.
        """
        Network.__init__(self, None)
        self.name = name or "sequential"
        self.stop_training = False
        self.history = None
        self._input: Tensor | None = None
        self._row: list[Layer] = []
        for layer in layers or ():
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        """The layers, in order, without the input."""
        return list(self._row)

    @property
    def input_shape(self) -> Shape | None:
        """The shape of one sample, or None if it is not known yet."""
        return self._input.shape if self._input is not None else None

    def add(self, layer: Tensor | Layer) -> None:
        """Add a layer behind the others; weights that there are are kept.

        Raises:
            InvalidValueError: If it is no layer, or one of this model already.
            ShapeError: If what comes in does not fit.
        """
        given, row = self._input, [*self._row]
        if isinstance(layer, Tensor) and isinstance(layer.layer, InputLayer):
            layer = layer.layer
        if isinstance(layer, InputLayer):
            if given is not None or row:
                raise InvalidValueError("An Input is the first of a model's layers, and the only one.", "layers")
            self._input = Tensor(layer, (), layer.shape)
            return
        if not isinstance(layer, Layer):
            raise InvalidValueError(f"A model is made of layers, got {shown(layer)}.", "layers")
        if any(layer is other for other in row):
            raise InvalidValueError("Each layer of a model must be an object of its own; one is there twice.", "layers")
        if given is None and not row and layer.given_shape is not None:
            given = Input(layer.given_shape)
        self._arrange(given, [*row, layer])

    def _arrange(self, given: Tensor | None, row: list[Layer]) -> None:
        """Take over this input and these layers; what has weights keeps them."""
        graph = None
        if given is not None and row:
            tensor = given
            for layer in row:
                tensor = layer(tensor)
            graph = Graph([given], [tensor])
        else:
            give_names(row)
        learned = [(layer, layer.get_weights()) for layer in self._row] if self.built else []
        if graph is not None:
            self._take(graph)
        self._input, self._row = given, row
        if learned:
            self.build()
            for layer, weights in learned:
                layer.set_weights(weights)

    def _infer(self, x: Any) -> bool:
        if self._graph is not None:
            return False
        if not self._row:
            raise InvalidValueError("The model has no layers yet; add some: model.add(Dense(1)).", "layers")
        shape = np.shape(numbers(x, "x"))
        if len(shape) < 2:
            raise InvalidValueError(f"x must have the shape (samples, features), got {shape}.", "x")
        self._arrange(Input(shape[1:]), self._row)
        return True

    def _forget_shape(self) -> None:
        self._graph = self._input = None

    def build(self, rng: Any = None) -> None:
        """Draw initial weights as `Network.build` does; Keras's spelling, an input shape, tells that shape instead."""
        if isinstance(rng, (tuple, list)):
            self._arrange(Input(rng[1:]), self._row)
            rng = None
        super().build(rng)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return a model like the one that `to_config` described, with new weights.

        Raises:
            InvalidValueError: If it describes no model.
        """
        layers = [layer_kinds.from_config(item) for item in _items(config, "layers")]
        return cls(layers, name=config.get("name"))


def from_config(config: object) -> Model:
    """Return a model like the one that its `to_config` described, with new weights.

    Raises:
        InvalidValueError: If it describes no model.
    """
    kinds: dict[str, type[Model]] = {"Sequential": Sequential, "Model": Model}
    if not isinstance(config, Mapping) or config.get("class_name") not in kinds:
        raise InvalidValueError(f"A model must be described by class_name and layers, got {shown(config)}.", "model")
    return kinds[config["class_name"]].from_config(config)


def load_model(path: str | Path) -> Model:
    """Return the model that `Model.save` wrote; see `Model.load`."""
    description, arrays = read(Path(path))
    try:
        model = from_config(description.get("model"))
        compiled = description.get("compiled")
        if model.count_params() > sum(array.size for array in arrays.values()):
            raise InvalidValueError(f"{path}: the model has more weights than the file.", "path")
        weights = [arrays[f"weight_{index}"] for index in range(len(arrays)) if f"weight_{index}" in arrays]
        model.set_weights(weights)
        if compiled is not None:
            model.compile(compiled["optimizer"], compiled["loss"], compiled["metrics"], compiled["loss_weights"])
            if arrays["optimizer"].shape != model.state.slots.shape:
                raise InvalidValueError(f"{path}: what the optimizer remembers does not fit the model.", "path")
            model.state.slots[...] = arrays["optimizer"]
            model.state.iterations, model.state.product = int(compiled["iterations"]), float(compiled["product"])
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidValueError(f"{path} holds no model that `save` wrote.", "path") from error
    return model


def _by_class(class_weight: Mapping[int, float], targets: Array) -> Array:
    """Return what each sample counts (samples,), by its class; a class that is not named counts 1."""
    if not isinstance(class_weight, Mapping):
        raise InvalidValueError(f"class_weight must map classes to numbers, got {shown(class_weight)}.", "class_weight")
    classes = targets.argmax(axis=1) if targets.shape[1] > 1 else targets[:, 0]
    counts = check_weights(list(class_weight.values()), len(class_weight))
    result = np.ones(len(targets))
    for number, count in zip(class_weight, counts, strict=True):
        result[classes == number] = count
    return result


def _tensors(given: Tensor | Sequence[Tensor] | None) -> list[Tensor]:
    return list(given) if isinstance(given, (list, tuple)) else [given]  # type: ignore[list-item]


def _items(config: Mapping[str, Any], key: str) -> list[Any]:
    items = config.get(key)
    if not isinstance(items, list):
        raise InvalidValueError(f"A model's description must have a list of {key}, got {shown(items)}.", key)
    return items


def _known(tensors: Mapping[Any, Tensor], name: object) -> Tensor:
    if not isinstance(name, str) or name not in tensors:
        raise UnknownNameError("layer", name, tensors, "inputs")
    return tensors[name]


def _loudness(verbose: int | str) -> int:
    if verbose not in ("auto", 0, 1, 2, True, False):
        raise InvalidValueError(f"verbose must be 0, 1, 2 or 'auto', got {shown(verbose)}.", "verbose")
    return 1 if verbose == "auto" else int(verbose)
