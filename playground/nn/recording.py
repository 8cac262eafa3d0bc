"""Recording a network: the buffers of one batch's way through it, and the calls that fill them."""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import DTypeLike

from playground.nn.activations import Activation
from playground.nn.network import Network
from playground.nn.regularizers import Regularizer
from playground.nn.tape import Array, Signal, Tape


class Recording:
    """A tape for one batch of a fixed size, and the buffers that it works on.

    The outputs of all layers stand in one block, one below the other, each with a row of ones
    (the next layer's bias input); so do the slopes and the gradients. Thus each layer's input is contiguous, and
    neighbouring layers with the same activation share the calls for its slope.

    Attributes:
        tape: What has been recorded.
        targets: The batch's targets (outputs, batch), to be filled before the tape runs.
        inputs: The batch's samples (features, batch), to be filled before the tape runs.
        samples: Both in one block (outputs + features, batch), to be filled in one go.
        signals: What flows between the layers: the input, then the outputs of each layer.
    """

    def __init__(
        self, network: Network, batch: int, parameters: Array, dtype: DTypeLike = np.float64, backward: bool = False
    ) -> None:
        """
        Args:
            network: What is recorded.
            batch: Number of samples.
            parameters: The flat vector to read the weights from, of this dtype.
            dtype: Type of all buffers.
            backward: Whether gradients are going to be recorded, and need buffers.
        """
        self.tape = Tape(dtype)
        self._network = network
        self._batch = batch
        self._packed = network.split(parameters)

        outputs = network.outputs
        widths = [network.features, *(layer.units for layer in network.layers)]
        self._stops = outputs + np.cumsum([width + 1 for width in widths])
        rows = int(self._stops[-1])
        a = self.tape.buffer(rows, batch)
        z = self.tape.buffer(rows, batch) if any(layer.activation.keeps_z for layer in network.layers) else a
        slope, gradient = (self.tape.buffer(rows, batch) if backward else a for _ in range(2))
        self._blocks = z, a, slope

        self.samples, self.targets = a[..., : outputs + network.features, :], a[..., :outputs, :]
        self.signals: list[Signal] = []
        for width, stop in zip(widths, self._stops, strict=True):
            plain, with_ones = np.s_[..., stop - width - 1 : stop - 1, :], np.s_[..., stop - width - 1 : stop, :]
            keeps_z = bool(self.signals) and network.layers[len(self.signals) - 1].activation.keeps_z
            a[..., stop - 1, :] = 1
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
        self.inputs = self.signals[0].a

    def forward(self) -> None:
        """Record the way from the samples to the outputs."""
        sources = self.signals[:-1]
        for layer, packed, source, output in zip(
            self._network.layers, self._packed, sources, self.signals[1:], strict=True
        ):
            layer.forward(self.tape, packed, source, output)

    def loss_terms(self) -> Array:
        """Record the loss of each output of each sample, and return where it will stand (outputs, batch)."""
        output = self.signals[-1]
        terms = self.tape.buffer(*output.a.shape)
        self._network.loss.terms(self.tape, output.a, self.targets, terms)
        return terms

    def backward(self, gradient: Array) -> None:
        """Record the way back: the gradient of the mean loss with respect to all parameters, a flat vector."""
        layers, loss, output = self._network.layers, self._network.loss, self.signals[-1]
        share = loss.share(self._network.outputs, self._batch)
        fused = loss.fused_with == layers[-1].activation.entry.name
        record = loss.fused_gradient if fused else loss.gradient
        record(self.tape, output.a, self.targets, share, output.dz)

        unfused = len(layers) - fused
        self._slopes(unfused)
        gradients = self._network.split(gradient)
        for index in reversed(range(len(layers))):
            layer, packed, source, output = layers[index], self._packed[index], *self.signals[index : index + 2]
            if index < unfused:
                layer.activation.backward(self.tape, output)
            layer.backward(self.tape, packed, gradients[index], source, output)
            if index > 0:
                layer.backward_to_source(self.tape, packed, source, output)

    def regularize(self, parameters: Array, gradient: Array, scratch: Array) -> None:
        """Record the addition of the penalties' gradient, for all layers with the same kind of regularizer at once."""
        for kind, rates in self._penalties():
            kind.gradient(self.tape, parameters, rates, scratch)
            self.tape(np.add, gradient, scratch, gradient)

    def _penalties(self) -> Iterator[tuple[type[Regularizer], dict[str, Array]]]:
        """Yield each kind of regularizer that there is with, for each of its rates, a vector like the parameters'."""
        regularizers = [layer.kernel_regularizer for layer in self._network.layers]
        for kind in {type(regularizer): None for regularizer in regularizers if regularizer}:
            rates = {parameter.name: np.zeros(self._network.count_params()) for parameter in kind.declared().parameters}
            for name, vector in rates.items():
                for regularizer, packed in zip(regularizers, self._network.split(vector), strict=True):
                    if regularizer and type(regularizer) is kind:
                        packed[..., :-1] = regularizer.settings[name]
            if any(vector.any() for vector in rates.values()):
                yield kind, rates

    def _slopes(self, count: int) -> None:
        """Record the slopes of the first `count` layers, neighbours with the same activation together."""
        layers = self._network.layers
        for _, run in groupby(range(count), key=lambda index: _likeness(layers[index].activation)):
            indices = list(run)
            activation = layers[indices[0]].activation
            if activation.elementwise:
                # The outputs of layer i stand below those of signal i, its input.
                rows = np.s_[..., self._stops[indices[0]] : self._stops[indices[-1] + 1], :]
                activation.slope(self.tape, *(block[rows] for block in self._blocks))


def _likeness(activation: Activation) -> tuple[object, ...]:
    """Return what is equal for activations that compute the same."""
    return type(activation), *activation.settings.items()
