"""Projections: how samples of many measurements become points of a picture, and its pixels samples.

A projection is made as `make(X, drawn, rest, columns, center, scale)`:

    X: The training samples, (samples, columns), without gaps.
    drawn: The columns to draw across and up.
    rest: A value for each column, (columns,), for what is not drawn.
    columns: Name of each column.
    center, scale: What each column is scaled by, (columns,).
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from playground.registry import Registry
from playground.sentences import Sentence, say

Floats = NDArray[np.float64]


class Projection(Protocol):
    """A plane through the space of the measurements.

    Attributes:
        axes: What is drawn across and up.
    """

    axes: tuple[str, str]

    def place(self, X: Floats) -> Floats:
        """Return where samples (samples, columns) are drawn: (samples, 2)."""
        ...

    def lift(self, places: Floats) -> Floats:
        """Return the sample (columns) at each place of the plane: (places, columns)."""
        ...

    def about(self, rest_of: Sentence) -> str:
        """Say what the plane is, if that is not plain; `rest_of` says whose values the other columns have."""
        ...


PROJECTIONS: Registry[Callable[..., Projection]] = Registry("projection")


@PROJECTIONS.register(
    "columns",
    label="Two measurements",
    help="Two measurements are drawn; each of the others has one value all over the picture.",
)
class TwoColumns:
    """Two of the measurements, in their own units."""

    def __init__(
        self, X: Floats, drawn: Sequence[int], rest: Floats, columns: Sequence[str], center: Floats, scale: Floats
    ) -> None:
        self._drawn, self._rest, self._columns = list(drawn), rest, columns
        self.axes = (columns[drawn[0]], columns[drawn[-1]])

    def place(self, X: Floats) -> Floats:
        """Return the two columns."""
        return X[:, self._drawn]

    def lift(self, places: Floats) -> Floats:
        """Return samples with these two columns, and the others at rest."""
        X = np.tile(self._rest, (len(places), 1))
        X[:, self._drawn] = places
        return X

    def about(self, rest_of: Sentence) -> str:
        """Name the values of the other columns, or how many they are."""
        others = [column for column in range(len(self._columns)) if column not in self._drawn]
        if not others:
            return ""
        if len(others) > 4:
            return say("A slice: the other {count} measurements are at {rest_of}.", count=len(others), rest_of=rest_of)
        values = [
            say("{name} {value}", name=self._columns[column], value=float(f"{self._rest[column]:.4g}"))
            for column in others
        ]
        all_values = reduce(lambda before, value: say("{before} and {value}", before=before, value=value), values)
        return say("A slice at {values}, {rest_of}.", values=all_values, rest_of=rest_of)


@PROJECTIONS.register(
    "principal_components",
    label="Principal components",
    help="The two directions in which the scaled training samples vary most; what is off their plane is not seen.",
    source="Pearson (1901), On lines and planes of closest fit to systems of points in space",
)
class PrincipalComponents:
    """The plane of the first two principal components of the scaled training samples."""

    axes: tuple[str, str] = (say("First principal component"), say("Second principal component"))

    def __init__(
        self, X: Floats, drawn: Sequence[int], rest: Floats, columns: Sequence[str], center: Floats, scale: Floats
    ) -> None:
        self._scale = scale
        self._mean = X.mean(axis=0)
        _, sizes, directions = np.linalg.svd((X - self._mean) / scale, full_matrices=False)
        self._directions = np.zeros((2, X.shape[1]))
        self._directions[: len(directions)] = directions[:2]  # (2, columns)
        # A direction is as good as its opposite; the one that points along its greatest entry is taken.
        greatest = np.abs(self._directions).argmax(axis=1)
        signs = np.sign(self._directions[[0, 1], greatest])
        self._directions *= np.where(signs == 0, 1.0, signs)[:, np.newaxis]
        variances = sizes**2
        self._explained = float(variances[:2].sum() / variances.sum()) if variances.sum() else 1.0

    def place(self, X: Floats) -> Floats:
        """Return the scores of the two components."""
        scores: Floats = ((X - self._mean) / self._scale) @ self._directions.T  # (samples, 2)
        return scores

    def lift(self, places: Floats) -> Floats:
        """Return the samples in the plane with these scores."""
        samples: Floats = self._mean + (places @ self._directions) * self._scale  # (places, columns)
        return samples

    def about(self, rest_of: Sentence) -> str:
        """Say how much of the data the plane holds."""
        held = round(100 * self._explained)
        return say("The plane of the first two principal components holds {held}% of the variance.", held=held)
