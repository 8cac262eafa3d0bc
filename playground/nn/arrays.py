"""What comes in from outside, as arrays of finite numbers."""

import numpy as np
from numpy.typing import ArrayLike

from playground.errors import InvalidValueError, ShapeError
from playground.nn.tape import Array
from playground.registry import shown


def numbers(values: ArrayLike, name: str) -> Array:
    """Return `values` as an array of finite floats.

    Raises:
        ShapeError: If its rows are not equally long.
        InvalidValueError: If something in it is not a finite number.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(f"{name} must be an array, with rows of the same length.") from error
    if array.dtype.kind not in "biuf":
        raise InvalidValueError(f"{name} must contain numbers only, got {shown(values)}.", name)
    array = array.astype(np.float64)
    unfit = array[~np.isfinite(array)]
    if unfit.size:
        raise InvalidValueError(f"{name} must contain finite numbers only, got {unfit[0]:g} among them.", name)
    return array
