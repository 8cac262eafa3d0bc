"""Faults that a person puts into a data set: classes of unequal size, wrong labels, outliers.

Each is drawn alike whatever its strength, so raising it only adds: who is left out, mislabelled or moved stays so.
The caller gives each fault a stream of its own, `np.random.default_rng([data_seed, k])`, so that one does not change
what another draws, and applies all of them to the whole set, thinning it last by the classes before the flips.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Indices = NDArray[np.intp]


def class_balance(y: Floats | Ints, classes: int, balance: float, rng: np.random.Generator) -> Indices:
    """Return which samples are kept, in their order, so that later classes are smaller.

    Class k of K keeps the share balance^(k / (K - 1)) of its samples, at least one of those that it has.

    Args:
        y: Class number of each sample, (samples,).
        classes: How many classes there are; 0 for regression, where all samples are kept.
        balance: Size of the last class over that of the first, from 0 to 1; 1 keeps all samples.
        rng: Source of chance.
    """
    if classes < 2:
        return np.arange(len(y))
    order = rng.permutation(len(y))
    kept = []
    for number in range(classes):
        members = order[y[order] == number]
        share = balance ** (number / (classes - 1))
        kept.append(members[: max(1, round(len(members) * share))])
    return np.sort(np.concatenate(kept))


def flip_labels(y: Floats | Ints, classes: int, share: float, rng: np.random.Generator) -> Floats | Ints:
    """Return labels of which a share is wrong, each with any of the other classes alike.

    Args:
        y: Class number of each sample, (samples,).
        classes: How many classes there are; 0 for regression, where no target is changed.
        share: From 0 to 1.
        rng: Source of chance.
    """
    if classes < 2:
        return y
    flipped = _chosen(len(y), share, rng)
    others = (y + rng.integers(1, classes, len(y))) % classes
    labels = y.copy()
    labels[flipped] = others[flipped]
    return labels


def scatter_outliers(
    X: Floats, y: Floats | Ints, share: float, rng: np.random.Generator, low: Floats, high: Floats
) -> tuple[Floats, Floats | Ints]:
    """Return points and targets of which a share lies anywhere.

    Of a class, the sample itself is moved to anywhere between `low` and `high`, and keeps its label. Of a regression
    (float targets), the sample stays, and its target is moved to anywhere in an interval around the middle of
    the targets, 1.5 times as wide as they range.

    Args:
        X: Measurements, (samples, columns).
        y: Class numbers or values, (samples,).
        share: From 0 to 1.
        rng: Source of chance.
        low: Least value of each column, (columns,).
        high: Greatest value of each column, (columns,).
    """
    moved = _chosen(len(y), share, rng)
    if not len(moved):
        return X, y
    if np.issubdtype(y.dtype, np.floating):
        middle, width = (y.max() + y.min()) / 2, 1.5 * (y.max() - y.min())
        y = y.copy()
        y[moved] = middle + (rng.random(len(moved)) - 0.5) * width
    else:
        X = X.copy()
        X[moved] = low + rng.random((len(moved), X.shape[1])) * (high - low)  # (moved, columns)
    return X, y


def _chosen(samples: int, share: float, rng: np.random.Generator) -> Indices:
    """Return a share of the samples; a smaller share is the beginning of a larger one."""
    return rng.permutation(samples)[: round(samples * share)]
