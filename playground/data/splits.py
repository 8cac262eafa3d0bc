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


def first_part(samples: int, train_share: float) -> Split:
    """Return the split whose training samples are the first ones, as TensorFlow Playground's are.

    Args:
        samples: How many there are; at least 2.
        train_share: Share for training, rounded down; each part keeps at least one sample.
    """
    order = np.arange(samples)
    train = min(max(int(samples * train_share + 1e-9), 1), samples - 1)  # 100 · 0.29 is a little less than 29
    return Split(order[:train], order[train:])
