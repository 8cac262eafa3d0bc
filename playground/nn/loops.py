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
from playground.nn.tape import Array, Call, Tape
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
_OVER = "The epoch is over; begin another with loop.begin_epoch(order)."


class Place(NamedTuple):
    """Where a training loop is in its epoch, and what its last step was.

    Attributes:
        order: The order of the samples' indices in this epoch (samples,); None is that in which they were given.
        start: How many samples of the epoch had been trained before the last step.
        seen: How many have been trained now: all of them between two epochs.
        gradient: The gradient of the last step (params,), zeros before the first.
    """

    order: NDArray[np.integer] | None
    start: int
    seen: int
    gradient: NDArray[np.float64]


class TrainingLoop:
    """Trains a network on fixed data, minibatch by minibatch, or sample by sample.

    A smaller last batch is trained too. Where a parameter is no longer finite, which is looked for at
    the end of each epoch and on `check`, the network goes back to where it was when last found finite.
    An epoch sees every sample once: batches begin behind the samples that were trained one by one.

    Attributes:
        network: What is trained.
        samples: Number of samples.
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
        self.samples = samples
        self._order: NDArray[np.integer] | None = None
        self._batch_size = min(size, samples)
        self._measured = measured
        self._frozen = np.zeros(network.count_params(), bool)
        self._gradients = np.zeros((2, network.count_params()))
        self._totals = np.zeros(count_measured(network))
        self.steps = 0
        self.steps_per_epoch = -(-samples // self._batch_size)
        self._seen = samples
        self._revision: tuple[object, ...] = ()
        self._last: tuple[NDArray[np.integer] | None, int, int] = None, 0, 0
        self._record(targets)
        self._state = network.state
        present = network.parameters, network.statistics
        self._kept = [(values, values.copy()) for values in present if values.size]
        self._kept_state = self._state.copy()

    @property
    def samples_left(self) -> int:
        """Number of samples that the epoch has not seen yet."""
        return self.samples - self._seen

    @property
    def steps_left(self) -> int:
        """Number of minibatches that the epoch still has."""
        return -((self._seen - self.samples) // self._batch_size)

    @property
    def next_sample(self) -> int | None:
        """Index, in the data as given, of the sample that comes next; None where the epoch is over."""
        if not self.samples_left:
            return None
        return self._seen if self._order is None else int(self._order[self._seen])

    @property
    def last_batch(self) -> NDArray[np.intp]:
        """Indices, in the data as given, of the samples that the last step saw; none before the first."""
        order, start, stop = self._last
        return np.arange(start, stop) if order is None else order[start:stop].astype(np.intp)

    @property
    def gradient(self) -> NDArray[np.float64]:
        """The gradient (params,) by which the last step moved the parameters; zeros before the first.

        It is that of the mean loss of the step's batch with regularization, clipped where the optimizer clips, and
        0 for frozen parameters.
        """
        gradient: NDArray[np.float64] = self._gradients[0].copy()
        return gradient

    @property
    def place(self) -> Place:
        """Where the loop is: with the network, what another loop needs to go on just as this one would."""
        _, start, stop = self._last
        return Place(self._order, min(start, self._seen) if stop else self._seen, self._seen, self.gradient)

    def resume(self, place: Place) -> None:
        """Go on from where another loop on the same data, with the same batch size, was.

        Means over the epoch, where they are measured, begin anew.

        Raises:
            ShapeError: If the order does not have an index for each sample, or the gradient a number for each weight.
            InvalidValueError: If more samples are said to be trained than there are.
        """
        if place.order is not None:
            self._check_order(place.order)
        if place.gradient.shape != self._gradients[0].shape:
            raise ShapeError(
                f"The gradient must have the shape {self._gradients[0].shape}, got {place.gradient.shape}."
            )
        if not 0 <= place.start <= place.seen <= self.samples:
            raise InvalidValueError(
                f"Of {self.samples} samples, {place.seen} cannot have been trained, and {place.start} before."
            )
        self._order = place.order
        self._shuffle()
        self._seen = place.seen
        self._last = place.order, place.start, place.seen
        self._gradients[0] = place.gradient
        self.check()

    def freeze(self, mask: ArrayLike | None) -> None:
        """Keep parameters bit for bit as they are, whatever optimizer and regularizer, from the next step on.

        Writing to them still changes them. What the optimizer remembers of them stays as it is, too, for the time
        after, and they do not count where gradients are clipped by their norm.

        Args:
            mask: True for each parameter that is to stay (params,), laid out as `network.parameters` is, so that
                `network.variables(mask)` are the masks of each kernel and bias; None for none.

        Raises:
            ShapeError: If there is not one for each parameter.
            InvalidValueError: If it is not of true and false.
        """
        frozen = np.zeros(self.network.parameters.shape, bool) if mask is None else np.array(mask)
        if frozen.shape != self._frozen.shape:
            raise ShapeError(
                f"The mask must have the shape {self._frozen.shape}, one for each parameter, got {frozen.shape}."
            )
        if frozen.dtype != bool:
            raise InvalidValueError(f"The mask must be of true and false, got numbers of type {frozen.dtype}.")
        if np.array_equal(frozen, self._frozen):
            return
        self._frozen = frozen
        self._revision = ()  # that of no network
        if self._finite():
            # A divergence later in this epoch is not to take back the steps before the freezing.
            self._keep()

    def begin_epoch(self, order: NDArray[np.integer] | None = None) -> None:
        """Begin an epoch; what is left of the last one is not trained.

        Args:
            order: A permutation of the samples' indices, or None for the order in which they were given.

        Raises:
            ShapeError: If `order` does not have an index for each sample.
            DivergedError: If a parameter is no longer finite.
        """
        if order is not None:
            self._check_order(order)
        self._order = order
        self._shuffle()
        self.check()
        self._seen = 0
        if self._measured:
            self._totals[...] = 0

    def _check_order(self, order: NDArray[np.integer]) -> None:
        if order.shape != (self.samples,):
            raise ShapeError(
                f"The order must have one index for each of the {self.samples} samples, got {order.shape}."
            )

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
        seen, size, samples = self._seen, self._batch_size, self.samples
        if seen == samples:
            raise InvalidValueError(_OVER)
        if self._revision != self.network.revision:
            self._record_anew()
        if seen % size != self._phase:
            self._lay_out(seen % size)
        index = seen // size
        batches = self._batches[index : index + count]
        if batches:
            stop = seen + len(batches) * size
            self._replay(batches, stop - size, stop if stop < samples else samples)

    def step_sample(self) -> None:
        """Train on the next sample alone; the minibatches of the rest of the epoch begin behind it.

        Raises:
            InvalidValueError: If the epoch has no samples left.
            DivergedError: If the epoch ends here and a parameter is no longer finite.
        """
        start, stop = self._seen, self._seen + 1
        if start == self.samples:
            raise InvalidValueError(_OVER)
        if self._revision != self.network.revision:
            self._record_anew()
        self._replay([(self._shuffled[:, start:stop], *self._recorded_step(1))], start, stop)

    def _replay(self, batches: list[tuple[Array, Array, list[Call]]], start: int, stop: int) -> None:
        """Train on some minibatches, the last of which is from `start` to `stop` of the epoch's samples."""
        with np.errstate(all="ignore"):
            for source, destination, calls in batches:
                destination[...] = source
                for call, args in calls:
                    call(*args)
        self._seen = stop
        self._last = self._order, start, stop
        self.steps += len(batches)
        if self._counted is not None:
            self._counted.iterations += len(batches)
        if stop == self.samples:
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
        return named(self.network, self._totals / self._seen if self._seen else self._totals)

    def check(self) -> None:
        """Make sure that all parameters are finite, and keep them to come back to.

        Raises:
            DivergedError: If one is not. The network is back at the parameters, and the optimizer at the state,
                that were last found finite, and the epoch is over.
        """
        if self._finite():
            self._keep()
            return
        for values, kept in self._kept:
            values[...] = kept
        self._state.assign(self._kept_state)
        self._seen = self.samples
        raise DivergedError(
            f"The weights grew without bound and were no longer numbers after {self.steps} steps. "
            "Try a smaller learning rate.",
            self.steps,
        )

    def _finite(self) -> bool:
        return all(np.isfinite(values).all() for values, _ in self._kept)

    def _keep(self) -> None:
        """Keep parameters and optimizer state to come back to."""
        for values, kept in self._kept:
            kept[...] = values
        state = self.network.state
        if self._state is state:
            self._kept_state.assign(state)
        else:
            self._state, self._kept_state = state, state.copy()

    def _record_anew(self) -> None:
        """Record again after a change of the network; another loss may have its targets in another form."""
        network = self.network
        network.check_losses(network.losses)
        targets = network.check_targets(self._given, self.samples)
        for rows, values in zip(self._layout.targets, targets, strict=True):
            self._samples[rows] = values.T
        self._shuffle()
        self._record(targets)

    def _record(self, targets: list[Array]) -> None:
        """Record a step for each size of batch that an epoch has."""
        self._targets = targets
        if len(self._totals) != count_measured(self.network):
            self._totals = np.zeros(count_measured(self.network))
        self._recorded: dict[int, tuple[Array, list[Call]]] = {}
        self._lay_out(0)
        self._counted = None if self.network.optimizer.counts_itself else self.network.state
        self._revision = self.network.revision

    def _lay_out(self, phase: int) -> None:
        """Give every batch of an epoch its step, where the first one begins at sample number `phase`."""
        size = self._batch_size
        sources = [self._shuffled[:, start : start + size] for start in range(phase, self.samples, size)]
        needed = {1, size, self.samples % size, *(source.shape[1] for source in sources)}
        self._recorded = {batch: step for batch, step in self._recorded.items() if batch in needed}
        self._batches = [(source, *self._recorded_step(source.shape[1])) for source in sources]
        self._phase = phase

    def _recorded_step(self, batch: int) -> tuple[Array, list[Call]]:
        """Return where a batch of this size is put, and the calls of a step on it."""
        if batch not in self._recorded:
            self._recorded[batch] = self._record_step(batch)
        return self._recorded[batch]

    def _record_step(self, batch: int) -> tuple[Array, list[Call]]:
        """Record a step on a batch of this size; returns as `_recorded_step`."""
        network, gradients = self.network, self._gradients
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
            record_sums(recording, network, self._targets, self._totals, network.parameters)
        recording.backward(gradient)
        recording.regularize(network.parameters, gradient, scratch)
        held = self._record_holding(recording.tape)
        network.optimizer.record(
            recording.tape, network.parameters, gradients, network.state, network.variables(gradient)
        )
        for values, where, kept in held:
            recording.tape(values.put, where, kept)
        return recording.samples, recording.tape.calls

    def _record_holding(self, tape: Tape) -> list[tuple[Array, NDArray[np.intp], Array]]:
        """Record that frozen parameters have no gradient, and a copy of what an update is not to change.

        Returns:
            What is to be put back after the update, if anything is frozen: a flat array, where in it, and the copy.
        """
        if not self._frozen.any():
            return []
        tape(self._gradients[0].put, np.flatnonzero(self._frozen), 0.0)
        held = []
        for values in (self.network.parameters, self.network.state.slots):
            flat, where = values.reshape(-1), np.flatnonzero(np.broadcast_to(self._frozen, values.shape))
            kept = np.zeros(len(where))
            # Few are frozen as a rule: to pick them takes a tenth of a pass over all. "clip" takes without a buffer.
            tape(flat.take, where, None, kept, "clip")
            held.append((flat, where, kept))
        return held


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
        self._after.run()
        count = len(self._network.losses)
        data_loss, penalty = float(means[:count] @ self._network.loss_weights), float(means[count])
        return Evaluation(data_loss + penalty, self._accuracy and self._accuracy(), data_loss, penalty)

    @property
    def outputs(self) -> NDArray[np.float64]:
        """The network's outputs (samples, units) as last measured; of the first output, if there are several.

        A view: the next measurement writes into it.
        """
        return self._outputs.T

    def means(self) -> dict[str, float]:
        """Return loss and metrics at the present weights, by the names that Keras gives them."""
        return named(self._network, self._run())

    def _run(self) -> Array:
        if self._revision != self._network.revision:
            self._record()
        self._totals[...] = 0
        with np.errstate(all="ignore"):
            for recording, part in self._parts:
                if part is None:
                    recording.tape.run()
                    continue
                block, outputs = part
                recording.samples[...] = block
                recording.tape.run()
                outputs[...] = recording.outputs[0]
            means: Array = self._totals / self._samples
            means[len(self._network.losses)] = self._network.penalty()
        return means

    def _record(self) -> None:
        network = self._network
        network.check_losses(network.losses)
        targets = network.check_targets(self._y, self._samples)
        self._totals = np.zeros(count_measured(network))
        block = Layout(network, self._weights is not None).stack(self._x, targets, self._weights)
        recordings: dict[int, Recording] = {}
        self._parts: list[tuple[Recording, tuple[Array, Array] | None]] = []
        if self._samples <= _CHUNK:
            recording = self._recorded(self._samples, targets)
            recording.samples[...] = block
            self._parts.append((recording, None))
            self._outputs = recording.outputs[0]
        else:
            self._outputs = np.zeros((network.widths[0], self._samples))
            for start in range(0, self._samples, _CHUNK):
                part = np.s_[:, start : start + _CHUNK]
                size = block[part].shape[1]
                if size not in recordings:
                    recordings[size] = self._recorded(size, targets)
                self._parts.append((recordings[size], (block[part], self._outputs[part])))
        self._after = Tape()
        self._accuracy = record_accuracy(self._after, self._outputs, targets[0].T) if len(targets) == 1 else None
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
        """Return the outputs (units, samples) of each layer but the inputs, in the model's order.

        Layers of a Sequential and outputs go together as `zip(model.layers, probe.run())`; those of another model
        as `zip(model.layers[len(model.input_shapes):], probe.run())`. Nothing is dropped out: a Dropout's outputs
        are its inputs. The next run writes into the same arrays.
        """
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
