"""The loops over data: training, evaluation, and the forward pass that pictures are made from.

Each records a network once and then replays that; whatever changes in the network meanwhile (weights,
learning rate, regularization, activations, loss, optimizer) holds from the next call.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from playground.errors import DivergedError, InvalidValueError, ShapeError
from playground.nn.arrays import numbers
from playground.nn.components import plain
from playground.nn.metrics import record_accuracy
from playground.nn.network import Network
from playground.nn.recording import Layout, Recording
from playground.nn.tape import Array, Call
from playground.registry import Parameter

BATCH_SIZE = Parameter(
    "batch_size",
    "Batch size",
    default=32,
    minimum=1,
    maximum=1_000_000,
    integer=True,
    help="How many samples each step looks at.",
)

_CHUNK = 8192


class TrainingLoop:
    """Trains a network on fixed data, minibatch by minibatch.

    A smaller last batch is trained too. Where a parameter is no longer finite, which is looked for at
    the end of each epoch and on `check`, the network goes back to where it was when last found finite.

    Attributes:
        network: What is trained.
        steps: Number of updates made.
        steps_per_epoch: Number of minibatches in an epoch.
    """

    def __init__(
        self,
        network: Network,
        x: Any,
        y: Any,
        batch_size: int = 32,
        sample_weight: ArrayLike | None = None,
        measured: bool = False,
    ) -> None:
        """
        Args:
            network: What is trained; compiled.
            x: Samples (samples, features); a list of them for several inputs.
            y: Targets (samples, outputs); a list of them for several outputs.
            batch_size: Samples a step; more than there are means all.
            sample_weight: What each sample counts (samples,), or None for 1.
            measured: Whether to measure each batch before its update, for `means`.

        Raises:
            NotBuiltError: If the network is not compiled, or its input shape not known.
            ShapeError: If a shape does not fit.
            InvalidValueError: If a number is not finite, or does not fit the loss.
        """
        size = int(BATCH_SIZE.check(plain(batch_size), "training"))
        inputs = network.check_inputs(x)
        samples = len(inputs[0])
        network.check_losses(network.losses)
        targets = network.check_targets(y, samples)
        self._weights = None if sample_weight is None else check_weights(sample_weight, samples)
        self.network = network
        self._given = y
        self._layout = Layout(network, self._weights is not None)
        self._samples = self._layout.stack(inputs, targets, self._weights)
        self._shuffled = self._samples.copy()
        self._order: NDArray[np.integer] | None = None
        self._batch_size = min(size, samples)
        self._measured = measured
        self.steps = 0
        self.steps_per_epoch = -(-samples // self._batch_size)
        self._next = self.steps_per_epoch
        self._record(targets)
        self._state = network.state
        self._watched = [values for values in (network.parameters, network.statistics) if values.size]
        self._kept = [values.copy() for values in self._watched]
        self._kept_state = self._state.copy()

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self._samples.T)

    @property
    def steps_left(self) -> int:
        """Number of minibatches that the epoch still has."""
        return self.steps_per_epoch - self._next

    def begin_epoch(self, order: NDArray[np.integer] | None = None) -> None:
        """Begin an epoch; what is left of the last one is not trained.

        Args:
            order: A permutation of the samples' indices, or None for the order in which they were given.

        Raises:
            ShapeError: If `order` does not have an index for each sample.
            DivergedError: If a parameter is no longer finite.
        """
        samples = self._samples.shape[1]
        if order is not None and order.shape != (samples,):
            raise ShapeError(f"The order must have one index for each of the {samples} samples, got {order.shape}.")
        self._order = order
        self._shuffle()
        self.check()
        self._next = 0
        if self._measured:
            self._totals[...] = 0

    def _shuffle(self) -> None:
        if self._order is None:
            self._shuffled[...] = self._samples
        else:
            self._samples.take(self._order, 1, self._shuffled)

    def step(self, count: int = 1) -> None:
        """Train on the next `count` minibatches, or on those that the epoch still has.

        Raises:
            InvalidValueError: If the epoch has no minibatches left.
            DivergedError: If the epoch ends here and a parameter is no longer finite.
        """
        if not self.steps_left:
            raise InvalidValueError("The epoch is over; begin another with loop.begin_epoch(order).")
        if self._revision != self.network.revision:
            self._record_anew()
        batches = self._batches[self._next : self._next + count]
        with np.errstate(all="ignore"):
            for source, destination, calls in batches:
                destination[...] = source
                for call, args in calls:
                    call(*args)
        self._next += len(batches)
        self.steps += len(batches)
        if not self.network.optimizer.counts_itself:
            self.network.state.iterations += len(batches)
        if not self.steps_left:
            self.check()

    def run(self, order: NDArray[np.integer] | None = None) -> None:
        """Train a whole epoch.

        Args:
            order: A permutation of the samples' indices, or None for the order in which they were given.

        Raises:
            DivergedError: If a parameter is no longer finite.
        """
        self.begin_epoch(order)
        self.step(self.steps_per_epoch)

    def means(self) -> dict[str, float]:
        """Return loss and metrics as means over the epoch so far, each batch before its own update, as in Keras."""
        seen = min(self._next * self._batch_size, self._samples.shape[1])
        return named(self.network, self._totals / seen if seen else self._totals)

    def check(self) -> None:
        """Make sure that all parameters are finite, and keep them to come back to.

        Raises:
            DivergedError: If one is not. The network is back at the parameters, and the optimizer at the state,
                that were last found finite, and the epoch is over.
        """
        if all(np.isfinite(values).all() for values in self._watched):
            self._keep()
            return
        for values, kept in zip(self._watched, self._kept, strict=True):
            values[...] = kept
        self._state.assign(self._kept_state)
        self._next = self.steps_per_epoch
        raise DivergedError(
            f"The weights grew without bound and were no longer numbers after {self.steps} steps. "
            "Try a smaller learning rate.",
            self.steps,
        )

    def _keep(self) -> None:
        """Keep parameters and optimizer state to come back to."""
        for values, kept in zip(self._watched, self._kept, strict=True):
            kept[...] = values
        if self._state is self.network.state:
            self._kept_state.assign(self._state)
        else:
            self._state = self.network.state
            self._kept_state = self._state.copy()

    def _record_anew(self) -> None:
        """Record again after a change of the network; another loss may have its targets in another form."""
        network = self.network
        network.check_losses(network.losses)
        targets = network.check_targets(self._given, self._samples.shape[1])
        for rows, values in zip(self._layout.targets, targets, strict=True):
            self._samples[rows] = values.T
        self._shuffle()
        self._record(targets)

    def _record(self, targets: list[Array]) -> None:
        """Record a step for each size of batch that there is, and give every batch of an epoch its own."""
        network, samples = self.network, self._shuffled.shape[1]
        self._totals = np.zeros(count_measured(network))
        sources = [self._shuffled[:, i : i + self._batch_size] for i in range(0, samples, self._batch_size)]
        recorded = {size: self._record_step(size, targets) for size in {source.shape[1] for source in sources}}
        self._batches = [(source, *recorded[source.shape[1]]) for source in sources]
        self._revision = network.revision

    def _record_step(self, batch: int, targets: list[Array]) -> tuple[Array, list[Call]]:
        """Return where a batch of this size is put, and the calls of a step on it."""
        network = self.network
        gradients = np.zeros((2, network.count_params()))
        gradient, scratch = gradients
        recording = Recording(
            network,
            batch,
            network.parameters,
            network.statistics,
            backward=True,
            training=True,
            weighted=self._weights is not None,
        )
        recording.forward()
        if self._measured:
            record_sums(recording, network, targets, self._totals, network.parameters)
        recording.backward(gradient)
        recording.regularize(network.parameters, gradient, scratch)
        network.optimizer.record(
            recording.tape, network.parameters, gradients, network.state, network.variables(gradient)
        )
        return recording.samples, recording.tape.calls


def check_weights(weights: ArrayLike, samples: int) -> Array:
    """Return what each sample counts as an array of floats (samples,).

    Raises:
        ShapeError: If there is not one weight for each sample.
        InvalidValueError: If one is negative or not finite.
    """
    array = numbers(weights, "sample_weight")
    if array.shape != (samples,):
        raise ShapeError(f"sample_weight must have the shape ({samples},), one for each sample, got {array.shape}.")
    if (array < 0).any():
        raise InvalidValueError(f"sample_weight must not be negative, got {array.min():g}.", "sample_weight")
    return array


def count_measured(network: Network) -> int:
    """Return how many numbers `record_sums` adds up: each output's loss, the penalty, and each output's metrics."""
    return len(network.losses) + 1 + sum(map(len, network.metrics))


def record_sums(
    recording: Recording, network: Network, targets: list[Array], totals: Array, parameters: Array | None = None
) -> None:
    """Record the addition of a batch's losses, penalty and metrics, each a sum over its samples, to `totals`.

    Args:
        recording: Where to record.
        network: What is measured.
        targets: All targets that there are (samples, outputs), for each output.
        totals: `count_measured` numbers.
        parameters: What the penalty is for, or None to leave it at 0.

    Raises:
        InvalidValueError: If a metric makes no sense with the targets.
    """
    tape = recording.tape
    sums, shares = np.zeros(totals.shape), np.ones(totals.shape)
    cells = [sums[index : index + 1].reshape(()) for index in range(len(sums))]
    place = iter(range(len(sums)))
    for loss, width, terms in zip(network.losses, network.widths, recording.loss_terms(), strict=True):
        index = next(place)
        tape(np.add.reduce, terms, None, None, cells[index])
        shares[index] = loss.share(width, 1)
    index = next(place)
    if parameters is not None and any(layer.kernel_regularizer for layer in network.layers_of_graph):
        tape(np.copyto, cells[index], recording.penalty(parameters, np.zeros(parameters.shape)))
        shares[index] = recording.samples.shape[-1]
    for number, measured in enumerate(network.metrics):
        for metric in measured:
            index = next(place)
            metric.check_targets(targets[number])
            values, divisor = metric.record(tape, recording.outputs[number], recording.targets[number], targets[number])
            tape(np.add.reduce, values, None, np.float64, cells[index])
            shares[index] = 1 / divisor
    tape(np.multiply, sums, shares, sums)
    tape(np.add, totals, sums, totals)


def named(network: Network, means: Array) -> dict[str, float]:
    """Return the means of what `record_sums` adds up by the names that Keras gives them, the whole loss first."""
    count = len(network.losses)
    losses, penalty, rest = means[:count], float(means[count]), iter(means[count + 1 :].tolist())
    result = {"loss": float(losses @ network.loss_weights) + penalty}
    if count > 1:
        for name, loss in zip(network.output_names, losses.tolist(), strict=True):
            result[f"{name}_loss"] = loss
    for number, measured in enumerate(network.metrics):
        for metric in measured:
            name = f"{network.output_names[number]}_{metric.name}" if count > 1 else metric.name
            result[name] = next(rest)
    return result


class Evaluation(NamedTuple):
    """What a network is worth on some data.

    Attributes:
        loss: Mean loss a sample, with what regularization costs.
        accuracy: Share of right answers, or None where the targets are not classes.
        data_loss: Mean loss a sample, without regularization.
        penalty: What regularization costs.
    """

    loss: float
    accuracy: float | None
    data_loss: float
    penalty: float


class Evaluator:
    """Measures a network on fixed data, at its present weights; large data in chunks."""

    def __init__(self, network: Network, x: Any, y: Any, sample_weight: ArrayLike | None = None) -> None:
        """
        Args:
            network: What is measured; compiled.
            x: Samples (samples, features); a list of them for several inputs.
            y: Targets (samples, outputs); a list of them for several outputs.
            sample_weight: What each sample counts (samples,), or None for 1.

        Raises:
            NotBuiltError: If the network is not compiled, or its input shape not known.
            ShapeError: If a shape does not fit.
            InvalidValueError: If a number is not finite, or does not fit the loss.
        """
        self._network = network
        self._x = network.check_inputs(x)
        self._y = y
        self._samples = len(self._x[0])
        self._weights = None if sample_weight is None else check_weights(sample_weight, self._samples)
        network.losses  # noqa: B018  (refuses a network that is not compiled)
        self._record()

    def measure(self) -> Evaluation:
        """Return loss and accuracy at the present weights."""
        means = self._run()
        count = len(self._network.losses)
        data_loss, penalty = float(means[:count] @ self._network.loss_weights), float(means[count])
        return Evaluation(data_loss + penalty, self._accuracy and self._accuracy(), data_loss, penalty)

    def means(self) -> dict[str, float]:
        """Return loss and metrics at the present weights, by the names that Keras gives them."""
        return named(self._network, self._run())

    def _run(self) -> Array:
        if self._revision != self._network.revision:
            self._record()
        self._totals[...] = 0
        with np.errstate(all="ignore"):
            for recording, block in self._parts:
                if block is not None:
                    recording.samples[...] = block
                recording.tape.run()
            means: Array = self._totals / self._samples
            means[len(self._network.losses)] = self._network.penalty()
        return means

    def _record(self) -> None:
        network = self._network
        network.check_losses(network.losses)
        targets = network.check_targets(self._y, self._samples)
        self._totals = np.zeros(count_measured(network))
        block = Layout(network, self._weights is not None).stack(self._x, targets, self._weights)
        whole = self._samples <= _CHUNK
        recordings: dict[int, Recording] = {}
        self._parts: list[tuple[Recording, Array | None]] = []
        for start in range(0, self._samples, _CHUNK):
            part = block[:, start : start + _CHUNK]
            size = part.shape[1]
            if size not in recordings:
                recordings[size] = self._recorded(size, targets)
            self._parts.append((recordings[size], None if whole else part))
        self._accuracy = None
        if whole:
            recording = self._parts[0][0]
            recording.samples[...] = block
            if len(targets) == 1:
                self._accuracy = record_accuracy(recording.tape, recording.outputs[0], recording.targets[0])
        self._revision = network.revision

    def _recorded(self, batch: int, targets: list[Array]) -> Recording:
        network = self._network
        weighted = self._weights is not None
        recording = Recording(network, batch, network.parameters, network.statistics, weighted=weighted)
        recording.forward()
        record_sums(recording, network, targets, self._totals)
        return recording


class Probe:
    """The outputs of every neuron on fixed samples, at the network's present weights: what pictures are made from."""

    def __init__(self, network: Network, x: Any, dtype: DTypeLike = np.float32) -> None:
        """
        Args:
            network: What is looked at.
            x: Samples (samples, features); a list of them for several inputs.
            dtype: Type to compute in. float32 is precise enough for pictures, and several times cheaper.

        Raises:
            NotBuiltError: If the network's input shape is not known.
            ShapeError: If the shape does not fit.
            InvalidValueError: If a number is not finite.
        """
        self._network = network
        self._x = network.check_inputs(x)
        self._dtype = np.dtype(dtype)
        self._record()

    def run(self) -> list[Array]:
        """Return the outputs of each layer (units, samples). The next run writes into the same arrays."""
        if self._revision != self._network.revision:
            self._record()
        with np.errstate(all="ignore"):
            self._parameters[...] = self._network.parameters
            self._statistics[...] = self._network.statistics
            self._recording.tape.run()
        return self._outputs

    @property
    def outputs(self) -> list[Array]:
        """The network's outputs (units, samples) of the last run, for each output."""
        return self._recording.outputs

    def _record(self) -> None:
        network = self._network
        self._parameters = np.zeros(network.parameters.shape, self._dtype)
        self._statistics = np.zeros(network.statistics.shape, self._dtype)
        self._recording = Recording(network, len(self._x[0]), self._parameters, self._statistics, self._dtype)
        for buffer, values in zip(self._recording.inputs, self._x, strict=True):
            buffer[...] = values.T
        self._recording.forward()
        self._outputs = [signal.a for signal in self._recording.signals[network.graph.inputs :]]
        self._revision = network.revision


def in_chunks(network: Network, x: list[Array]) -> Iterator[list[Array]]:
    """Yield the network's outputs (samples, units) in a list, for one part of the samples after another."""
    for start in range(0, len(x[0]), _CHUNK):
        part = [values[start : start + _CHUNK] for values in x]
        shaped = [values.reshape(len(values), *shape) for values, shape in zip(part, network.input_shapes, strict=True)]
        probe = Probe(network, shaped[0] if len(shaped) == 1 else shaped, np.float64)
        probe.run()
        yield [output.T.copy() for output in probe.outputs]
