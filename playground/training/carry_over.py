"""Keeping what a network has learned when its shape changes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def carry_over(
    old: Sequence[Floats], new: Sequence[Floats], old_inputs: Sequence[str], new_inputs: Sequence[str]
) -> list[Floats]:
    """Return first weights for a network of a new shape that go on where one of another shape is.

    A neuron that both networks have keeps its weights and bias. A neuron that is added gets the new network's
    first weights but feeds nothing yet (outgoing weights 0), so that the network's answer does not jump while
    somebody looks at it. A layer that is added passes on what it gets: as it is where the activation is linear or
    ReLU, nearly so with tanh, and squeezed with a sigmoid, which changes the answer.

    Args:
        old: Kernel (fan_in, units) and bias (units,) of each layer, as `Model.get_weights` gives them.
        new: The same of the network of the new shape, freshly drawn.
        old_inputs: Name of each input of the old network.
        new_inputs: Name of each input of the new network.
    """
    result = [array.copy() for array in new]
    old_last, new_last = len(old) // 2 - 1, len(new) // 2 - 1
    for layer in range(new_last + 1):
        kernel, bias = result[2 * layer], result[2 * layer + 1]
        if old_last <= layer < new_last:  # a layer that is added
            passed = min(kernel.shape)
            kernel[:, :passed] = np.eye(*kernel.shape)[:, :passed]
            continue
        source = old_last if layer == new_last else layer
        if layer == 0 and source > 0:
            continue  # the output hangs on the inputs now: nothing of the old one fits
        old_kernel, old_bias = old[2 * source], old[2 * source + 1]
        if layer == 0:
            rows = {new_inputs.index(name): i for i, name in enumerate(old_inputs) if name in new_inputs}
        else:
            rows = {row: row for row in range(min(len(kernel), len(old_kernel)))}
        units = min(bias.size, old_bias.size)
        kernel[:, :units] = 0.0
        for row, old_row in rows.items():
            kernel[row, :units] = old_kernel[old_row, :units]
        bias[:units] = old_bias[:units]
    return result
