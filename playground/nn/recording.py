"""Recording a network: the buffers of one batch's way through it, and the calls that fill them."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from playground.nn.activations import Activation
from playground.nn.network import Network
from playground.nn.regularizers import Regularizer
from playground.nn.tape import Array, Signal, Tape


class Layout:
    """What stands where in a block whose columns are samples.

    From above: sample weights, if there are any; the targets of each output; and then for each layer, the inputs
    first, its outputs and below them a row of ones, the next layer's bias input.

    Attributes:
        weights: Rows of the sample weights.
        targets: Rows of each output's targets.
        stops: For each layer the row after its ones, and None for one that computes nothing.
        rows: Number of rows.
        samples: Rows that come from outside: all up to the last input.
    """

    def __init__(self, network: Network, weighted: bool) -> None:
        """
        Args:
            network: What is laid out.
            weighted: Whether samples have weights.
        """
        graph = network.graph
        self.weights = slice(0, int(weighted))
        row = int(weighted)
        self.targets: list[slice] = []
        for width in network.widths:
            self.targets.append(slice(row, row + width))
            row += width
        self.stops: list[int | None] = []
        for index, node in enumerate(graph.nodes):
            if graph.roots[index] == index:
                row += node.width + 1
                self.stops.append(row)
            else:
                self.stops.append(None)
            if index == graph.inputs - 1:
                self.samples = slice(0, row - 1)
        self.rows = row
        self._widths = [node.width for node in graph.nodes]

    def plain(self, index: int) -> slice:
        """Return the rows of a layer's outputs."""
        stop = self.stop(index)
        return slice(stop - 1 - self._widths[index], stop - 1)

    def with_ones(self, index: int) -> slice:
        """Return the rows of a layer's outputs and the row of ones below them."""
        stop = self.stop(index)
        return slice(stop - 1 - self._widths[index], stop)

    def stop(self, index: int) -> int:
        """Return the row after a layer's ones."""
        stop = self.stops[index]
        assert stop is not None
        return stop

    def stack(self, inputs: Sequence[Array], targets: Sequence[Array], weights: Array | None) -> Array:
        """Return all that comes from outside as one block (rows, samples).

        Args:
            inputs: (samples, features) for each input.
            targets: (samples, outputs) for each output.
            weights: (samples,), or None.
        """
        block = np.ones((self.samples.stop, len(inputs[0])))
        if weights is not None:
            block[self.weights] = weights
        for rows, values in zip(self.targets, targets, strict=True):
            block[rows] = values.T
        for index, values in enumerate(inputs):
            block[self.plain(index)] = values.T
        return block


class Recording:
    """A tape for one batch of a fixed size, and the buffers that it works on.

    The outputs of all layers stand in one block, one below the other (see `Layout`); so do the slopes and the
    gradients. Thus each layer's input is contiguous, and neighbouring layers with the same activation share the calls
    for its slope.

    Attributes:
        tape: What has been recorded.
        targets: The batch's targets (outputs, batch) for each output, to be filled before the tape runs.
        inputs: The batch's samples (features, batch) for each input, to be filled before the tape runs.
        weights: The samples' weights (1, batch), to be filled before the tape runs, or None.
        samples: All that comes from outside in one block (rows, batch), to be filled in one go.
        signals: What flows out of each layer, inputs first.
    """

    def __init__(
        self,
        network: Network,
        batch: int,
        parameters: Array,
        statistics: Array,
        dtype: DTypeLike = np.float64,
        backward: bool = False,
        training: bool = False,
        weighted: bool = False,
    ) -> None:
        """
        Args:
            network: What is recorded.
            batch: Number of samples.
            parameters: The flat vector to read the weights from, of this dtype.
            statistics: Likewise the numbers that follow from the data.
            dtype: Type of all buffers.
            backward: Whether gradients are going to be recorded, and need buffers.
            training: Whether layers do what they do in training.
            weighted: Whether samples have weights.
        """
        self.tape = Tape(dtype)
        self._network = network
        self._nodes = network.graph.nodes
        self._roots = network.graph.roots
        self._batch = batch
        self._training = training
        self._packed = network.split(parameters)
        self._statistics = network.split_statistics(statistics)
        self._kept: dict[int, Any] = {}

        layout = self._layout = Layout(network, weighted)
        self._activations: list[Activation | None] = [node.layer.activation for node in self._nodes]
        a = self.tape.buffer(layout.rows, batch)
        keeping = any(activation is not None and activation.keeps_z for activation in self._activations)
        z = self.tape.buffer(layout.rows, batch) if keeping else a
        slope, gradient = (self.tape.buffer(layout.rows, batch) if backward else a for _ in range(2))
        self._blocks = z, a, slope

        self.samples = a[..., layout.samples, :]
        self.weights = a[..., layout.weights, :] if weighted else None
        self.targets = [a[..., rows, :] for rows in layout.targets]
        self.signals: list[Signal] = []
        for index, activation in enumerate(self._activations):
            if self._roots[index] != index:
                self.signals.append(self.signals[self._roots[index]])
                continue
            plain, with_ones = np.s_[..., layout.plain(index), :], np.s_[..., layout.with_ones(index), :]
            keeps_z = activation is not None and activation.keeps_z
            a[..., layout.stop(index) - 1, :] = 1
            self.signals.append(
                Signal(
                    a=a[plain],
                    z=(z if keeps_z else a)[plain],
                    a1=a[with_ones],
                    slope=slope[plain],
                    dz=gradient[plain],
                    da1=gradient[with_ones],
                )
            )
        self.inputs = [signal.a for signal in self.signals[: network.graph.inputs]]
        self.outputs = [self.signals[index].a for index in network.graph.outputs]

    def forward(self) -> None:
        """Record the way from the samples to the outputs."""
        for index, output in self._computing():
            self._kept[index] = self._nodes[index].layer.forward(
                self.tape,
                self._packed[index],
                self._sources(index),
                output,
                self._training,
                self._statistics[index],
            )

    def loss_terms(self) -> list[Array]:
        """Record each output's loss for each number of each sample, and return where it will stand (outputs, batch)."""
        result = []
        for loss, output, targets in zip(self._network.losses, self.outputs, self.targets, strict=True):
            terms = self.tape.buffer(*output.shape)
            loss.terms(self.tape, output, targets, terms)
            if self.weights is not None:
                self.tape(np.multiply, terms, self.weights, terms)
            result.append(terms)
        return result

    def backward(self, gradient: Array) -> None:
        """Record the way back: the gradient of the mean loss with respect to all parameters, a flat vector."""
        fused, written = self._loss_gradients()
        needing = self._needing()
        self._slopes([index for index, _ in self._computing() if index in needing and index not in fused])
        gradients = self._network.split(gradient)
        for index, output in reversed(list(self._computing())):
            if index not in needing:
                continue
            layer, packed, kept = self._nodes[index].layer, self._packed[index], self._kept[index]
            activation = self._activations[index]
            if activation is not None and index not in fused:
                activation.backward(self.tape, output)
            sources = self._sources(index)
            layer.backward(self.tape, packed, gradients[index], sources, output, kept)
            for number, source in enumerate(self._nodes[index].sources):
                root, signal = self._roots[source], sources[number]
                if root not in needing:
                    continue
                out = self._scratch(signal) if root in written else signal
                layer.backward_to_source(self.tape, packed, sources, number, output, kept, out)
                if root in written:
                    self.tape(np.add, signal.dz, out.dz, signal.dz)
                written.add(root)

    def regularize(self, parameters: Array, gradient: Array, scratch: Array) -> None:
        """Record the addition of the penalties' gradient, for all layers with the same kind of regularizer at once."""
        for kind, rates in self._penalties():
            kind.gradient(self.tape, parameters, rates, scratch)
            self.tape(np.add, gradient, scratch, gradient)

    def penalty(self, parameters: Array, scratch: Array) -> Array:
        """Record what the weights cost, and return where it will stand, a 0-d array."""
        total, part = self.tape.constant(0), self.tape.constant(0)
        for number, (kind, rates) in enumerate(self._penalties()):
            kind.cost(self.tape, parameters, rates, scratch)
            self.tape(np.add.reduce, scratch, None, None, part if number else total)
            if number:
                self.tape(np.add, total, part, total)
        return total

    def _computing(self) -> Iterator[tuple[int, Signal]]:
        """Yield position and signal of each layer that computes something."""
        for index in range(self._network.graph.inputs, len(self._nodes)):
            if self._roots[index] == index:
                yield index, self.signals[index]

    def _sources(self, index: int) -> list[Signal]:
        return [self.signals[source] for source in self._nodes[index].sources]

    def _loss_gradients(self) -> tuple[set[int], set[int]]:
        """Record the losses' gradients; return where it is one with respect to z already, and all places written."""
        network = self._network
        consumed = {self._roots[source] for node in self._nodes for source in node.sources}
        fused, written = set(), set()
        for number, (loss, weight) in enumerate(zip(network.losses, network.loss_weights, strict=True)):
            root = self._roots[network.graph.outputs[number]]
            signal, targets, activation = self.signals[root], self.targets[number], self._activations[root]
            share = weight * loss.share(network.widths[number], self._batch)
            fuses = activation is not None and loss.fused_with == activation.entry.name
            if fuses and root not in consumed:
                loss.fused_gradient(self.tape, signal.a, targets, share, signal.dz)
                fused.add(root)
            else:
                loss.gradient(self.tape, signal.a, targets, share, signal.dz)
            if self.weights is not None:
                self.tape(np.multiply, signal.dz, self.weights, signal.dz)
            written.add(root)
        return fused, written

    def _needing(self) -> set[int]:
        """Return the layers whose gradient is needed: those with weights at them or before them."""
        needing: set[int] = set()
        for index, _ in self._computing():
            if self._packed[index].size or any(self._roots[s] in needing for s in self._nodes[index].sources):
                needing.add(index)
        return needing

    def _scratch(self, signal: Signal) -> Signal:
        """Return a signal of the same shape whose gradient has memory of its own."""
        da1 = self.tape.buffer(*signal.da1.shape)
        return Signal(signal.a, signal.z, signal.a1, signal.slope, da1[..., :-1, :], da1)

    def _penalties(self) -> Iterator[tuple[type[Regularizer], dict[str, Array]]]:
        """Yield each kind of regularizer that there is with, for each of its rates, a vector like the parameters'."""
        regularizers = [node.layer.kernel_regularizer for node in self._nodes]
        for kind in {type(regularizer): None for regularizer in regularizers if regularizer}:
            rates = {parameter.name: np.zeros(self._network.count_params()) for parameter in kind.declared().parameters}
            for name, vector in rates.items():
                for node, packed in zip(self._nodes, self._network.split(vector), strict=True):
                    if type(node.layer.kernel_regularizer) is kind:
                        node.layer.variables(packed)[0][...] = node.layer.kernel_regularizer.settings[name]
            if any(vector.any() for vector in rates.values()):
                yield kind, rates

    def _slopes(self, indices: Sequence[int]) -> None:
        """Record the slopes of these layers, neighbours with the same activation together."""
        for _, run in groupby(indices, key=lambda index: _likeness(self._activations[index])):
            for stretch in _stretches(list(run), self._roots):
                activation = self._activations[stretch[0]]
                if activation is not None and activation.elementwise:
                    rows = slice(self._layout.plain(stretch[0]).start, self._layout.stop(stretch[-1]))
                    activation.slope(self.tape, *(block[..., rows, :] for block in self._blocks))


def _stretches(indices: list[int], roots: Sequence[int]) -> Iterator[list[int]]:
    """Yield parts of a rising list in each of which the layers' rows follow upon one another."""
    stretch: list[int] = []
    for index in indices:
        if stretch and any(roots[between] == between for between in range(stretch[-1] + 1, index)):
            yield stretch
            stretch = []
        stretch.append(index)
    if stretch:
        yield stretch


def _likeness(activation: Activation | None) -> tuple[object, ...]:
    """Return what is equal for activations that compute the same."""
    return (None,) if activation is None else (type(activation), *activation.settings.items())
