"""Parting samples into those to train on and those to test with."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


class Split(NamedTuple):
    """Which samples are for training and which for testing.

    Attributes:
        train: Indices of the training samples.
        test: Indices of the test samples.
    """

    train: Indices
    test: Indices


def split(samples: int, train_share: float, seed: int) -> Split:
    """Return a random split that holds every sample exactly once.

    Args:
        samples: How many there are; at least 2.
        train_share: Share for training, above 0 and below 1; each part keeps at least one sample.
        seed: Same seed, same split.
    """
    order = np.random.default_rng(seed).permutation(samples)
    train = min(max(round(samples * train_share), 1), samples - 1)
    return Split(order[:train], order[train:])
