"""Small helpers with Keras's names."""

import random

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, ShapeError
from playground.nn.arrays import numbers
from playground.nn.tape import Array


def generator(seed: int | None) -> Generator:
    """Return where chance comes from: a seed's own, or NumPy's global one.

    A tutorial says `numpy.random.seed(7)` and expects the same numbers again, so without a seed they follow from that.
    """
    return np.random.default_rng(np.random.randint(0, 2**31, 4) if seed is None else seed)  # noqa: NPY002


def set_random_seed(seed: int) -> None:
    """Make everything that is given no seed of its own come out the same again."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> Array:
    """Return one-hot rows (samples, classes) for class numbers (samples,) or (samples, 1).

    Raises:
        ShapeError: If the shape is another.
        InvalidValueError: If something is not the number of a class.
    """
    array = numbers(x, "x")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or not array.size:
        raise ShapeError(f"to_categorical: class numbers must have the shape (samples,), got {array.shape}.")
    classes = int(array.max()) + 1 if num_classes is None else num_classes
    unfit = array[(array < 0) | (array >= classes) | (array != np.floor(array))]
    if unfit.size:
        raise InvalidValueError(
            f"to_categorical: class numbers must be whole numbers from 0 to {classes - 1}, got {unfit[0]:g}.", "x"
        )
    return np.eye(classes)[array.astype(np.intp)]
