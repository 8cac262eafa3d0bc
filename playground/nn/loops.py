"""The loops over data: training, evaluation, and the forward pass that pictures are made from.

Each records a network once and then replays that; whatever changes in the network meanwhile (weights,
learning rate, regularization, activations, loss, optimizer) holds from the next call.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from playground.errors import DivergedError, InvalidValueError, ShapeError
from playground.nn.components import plain
from playground.nn.metrics import record_accuracy
from playground.nn.network import Network
from playground.nn.recording import Recording
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


class TrainingLoop:
    """Trains a network on fixed data, minibatch by minibatch.

    A smaller last batch is trained too. Where a parameter is no longer finite, which is looked for at
    the end of each epoch and on `check`, the network goes back to where it was when last found finite.

    Attributes:
        network: What is trained.
        steps: Number of updates made.
        steps_per_epoch: Number of minibatches in an epoch.
    """

    def __init__(self, network: Network, x: ArrayLike, y: ArrayLike, batch_size: int = 32) -> None:
        """
        Args:
            network: What is trained; built and compiled.
            x: Samples (samples, features).
            y: Targets (samples, outputs).
            batch_size: Samples a step; more than there are means all.

        Raises:
            NotBuiltError: If the network is not built or not compiled.
            ShapeError: If a shape does not fit.
            InvalidValueError: If a number is not finite, or does not fit the loss.
        """
        size = int(BATCH_SIZE.check(plain(batch_size), "training"))
        x = network.check_inputs(x)
        self._given = np.array(y)
        y = network.check_targets(y, len(x))
        self.network = network
        self._samples = np.ascontiguousarray(np.hstack([y, x]).T)  # (outputs + features, samples)
        self._shuffled = self._samples.copy()
        self._batch_size = min(size, len(x))
        self.steps = 0
        self.steps_per_epoch = -(-len(x) // self._batch_size)
        self._next = self.steps_per_epoch
        self._record()
        self._kept_parameters = network.parameters.copy()
        self._state = network.state
        self._kept_state = self._state.copy()

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
        if order is None:
            self._shuffled[...] = self._samples
        elif order.shape == (samples,):
            self._samples.take(order, 1, self._shuffled)
        else:
            raise ShapeError(f"The order must have one index for each of the {samples} samples, got {order.shape}.")
        self.check()
        self._next = 0

    def step(self, count: int = 1) -> None:
        """Train on the next `count` minibatches, or on those that the epoch still has.

        Raises:
            InvalidValueError: If the epoch has no minibatches left.
            DivergedError: If the epoch ends here and a parameter is no longer finite.
        """
        if not self.steps_left:
            raise InvalidValueError("The epoch is over; begin another with loop.begin_epoch(order).")
        if self._revision != self.network.revision:
            self._record()
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

    def check(self) -> None:
        """Make sure that all parameters are finite, and keep them to come back to.

        Raises:
            DivergedError: If one is not. The network is back at the parameters, and the optimizer at the state,
                that were last found finite, and the epoch is over.
        """
        parameters = self.network.parameters
        if np.isfinite(parameters).all():
            self._keep()
            return
        parameters[...] = self._kept_parameters
        self._state.assign(self._kept_state)
        self._next = self.steps_per_epoch
        raise DivergedError(
            f"The weights grew without bound and were no longer numbers after {self.steps} steps. "
            "Try a smaller learning rate.",
            self.steps,
        )

    def _keep(self) -> None:
        """Keep parameters and optimizer state to come back to."""
        self._kept_parameters[...] = self.network.parameters
        if self._state is self.network.state:
            self._kept_state.assign(self._state)
        else:
            self._state = self.network.state
            self._kept_state = self._state.copy()

    def _record(self) -> None:
        """Record a step for each size of batch that there is, and give every batch of an epoch its own."""
        network, samples = self.network, self._shuffled.shape[1]
        network.check_loss(network.loss)
        self._samples[: network.outputs] = network.check_targets(self._given, samples).T
        sources = [self._shuffled[:, i : i + self._batch_size] for i in range(0, samples, self._batch_size)]
        recorded = {size: self._record_step(size) for size in {source.shape[1] for source in sources}}
        self._batches = [(source, *recorded[source.shape[1]]) for source in sources]
        self._revision = network.revision

    def _record_step(self, batch: int) -> tuple[Array, list[Call]]:
        """Return where a batch of this size is put, and the calls of a step on it."""
        network = self.network
        gradients = np.zeros((2, network.count_params()))
        gradient, scratch = gradients
        recording = Recording(network, batch, network.parameters, backward=True)
        recording.forward()
        recording.backward(gradient)
        recording.regularize(network.parameters, gradient, scratch)
        network.optimizer.record(
            recording.tape, network.parameters, gradients, network.state, network.variables(gradient)
        )
        return recording.samples, recording.tape.calls


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
    """Measures a network on fixed data, at its present weights."""

    def __init__(self, network: Network, x: ArrayLike, y: ArrayLike) -> None:
        """
        Args:
            network: What is measured; built and compiled.
            x: Samples (samples, features).
            y: Targets (samples, outputs).

        Raises:
            NotBuiltError: If the network is not built or not compiled.
            ShapeError: If a shape does not fit.
            InvalidValueError: If a number is not finite, or does not fit the loss.
        """
        self._network = network
        self._x = network.check_inputs(x)
        self._y = np.array(y)
        self._record()

    def measure(self) -> Evaluation:
        """Return loss and accuracy at the present weights."""
        if self._revision != self._network.revision:
            self._record()
        with np.errstate(all="ignore"):
            self._tape.run()
            data_loss = float(self._terms.sum()) * self._share
            penalty = self._network.penalty()
        return Evaluation(data_loss + penalty, self._accuracy and self._accuracy(), data_loss, penalty)

    def _record(self) -> None:
        network = self._network
        network.check_loss(network.loss)
        targets = network.check_targets(self._y, len(self._x))
        recording = Recording(network, len(self._x), network.parameters)
        recording.inputs[...] = self._x.T
        recording.targets[...] = targets.T
        recording.forward()
        self._terms = recording.loss_terms()
        self._accuracy = record_accuracy(recording.tape, recording.signals[-1].a, recording.targets)
        self._share = network.loss.share(network.outputs, len(self._x))
        self._tape = recording.tape
        self._revision = network.revision


class Probe:
    """The outputs of every neuron on fixed samples, at the network's present weights: what pictures are made from."""

    def __init__(self, network: Network, x: ArrayLike, dtype: DTypeLike = np.float32) -> None:
        """
        Args:
            network: What is looked at; built.
            x: Samples (samples, features).
            dtype: Type to compute in. float32 is precise enough for pictures, and several times cheaper.

        Raises:
            NotBuiltError: If the network is not built.
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
            self._tape.run()
        return self._outputs

    def _record(self) -> None:
        self._parameters = np.zeros(self._network.parameters.shape, self._dtype)
        recording = Recording(self._network, len(self._x), self._parameters, self._dtype)
        recording.inputs[...] = self._x.T
        recording.forward()
        self._tape = recording.tape
        self._outputs = [signal.a for signal in recording.signals[1:]]
        self._revision = self._network.revision
