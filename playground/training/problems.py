"""The kinds of problem that a network can be given, and what each asks of its last layer."""

from collections.abc import Mapping
from typing import NamedTuple


class Problem(NamedTuple):
    """What suits a kind of problem.

    Attributes:
        output_activations: Names in ACTIVATIONS that make sense at the output; the first is taken where none is chosen.
        loss: Name in LOSSES of the one that is taken where none is chosen.
    """

    output_activations: tuple[str, ...]
    loss: str


PROBLEMS: Mapping[str, Problem] = {
    "binary": Problem(("sigmoid", "tanh", "linear", "step"), "binary_crossentropy"),
    "multiclass": Problem(("softmax", "sigmoid", "tanh", "linear"), "categorical_crossentropy"),
    "regression": Problem(("linear", "tanh", "sigmoid"), "mean_squared_error"),
}

SIGNED_OUTPUTS = frozenset({"tanh", "linear"})
"""Output activations for which two classes are −1 and 1; for the others they are 0 and 1."""
