"""The kinds of problem that a network can be given, and what each asks of its last layer."""

from collections.abc import Mapping
from typing import NamedTuple


class Problem(NamedTuple):
    """What suits a kind of problem.

    Attributes:
        output_activation: Name in ACTIVATIONS.
        loss: Name in LOSSES of the one that is taken where none is chosen.
    """

    output_activation: str
    loss: str


PROBLEMS: Mapping[str, Problem] = {
    "binary": Problem("sigmoid", "binary_crossentropy"),
    "multiclass": Problem("softmax", "categorical_crossentropy"),
    "regression": Problem("linear", "mean_squared_error"),
}
