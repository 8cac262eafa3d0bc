"""Input features: what a network is shown of a point (x₁, x₂).

A feature is called as `feature(x1, x2)` with two arrays of one shape and returns an array of that shape.
Feature x1 is the measurement drawn across the picture, x2 the one drawn upwards.

Traits of an entry:
    columns: Which of "x1" and "x2" it needs: data with one measurement offer only those that need no x2.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from playground.registry import Registry

Floats = NDArray[np.float64]
Feature = Callable[[Floats, Floats], Floats]

FEATURES: Registry[Feature] = Registry("input feature")


@FEATURES.register("x1", label="x₁", help="The coordinate drawn across.", formula="x₁", columns=("x1",))
def _x1(x1: Floats, x2: Floats) -> Floats:
    return x1


@FEATURES.register("x2", label="x₂", help="The coordinate drawn upwards.", formula="x₂", columns=("x2",))
def _x2(x1: Floats, x2: Floats) -> Floats:
    return x2


@FEATURES.register(
    "x1_squared",
    label="x₁²",
    help="x₁ times itself: with x₂², it tells near from far.",
    formula="x₁² = x₁ · x₁",
    columns=("x1",),
)
def _x1_squared(x1: Floats, x2: Floats) -> Floats:
    return x1 * x1


@FEATURES.register(
    "x2_squared",
    label="x₂²",
    help="x₂ times itself: with x₁², it tells near from far.",
    formula="x₂² = x₂ · x₂",
    columns=("x2",),
)
def _x2_squared(x1: Floats, x2: Floats) -> Floats:
    return x2 * x2


@FEATURES.register(
    "x1_x2",
    label="x₁x₂",
    help="The product: positive where both signs agree, which is XOR.",
    formula="x₁ · x₂",
    columns=("x1", "x2"),
)
def _x1_x2(x1: Floats, x2: Floats) -> Floats:
    return x1 * x2


@FEATURES.register("sin_x1", label="sin x₁", help="A wave across the picture.", formula="sin(x₁)", columns=("x1",))
def _sin_x1(x1: Floats, x2: Floats) -> Floats:
    return np.sin(x1)


@FEATURES.register("sin_x2", label="sin x₂", help="A wave up the picture.", formula="sin(x₂)", columns=("x2",))
def _sin_x2(x1: Floats, x2: Floats) -> Floats:
    return np.sin(x2)


@FEATURES.register(
    "cos_x1",
    label="cos x₁",
    help="A wave across the picture, highest in the middle.",
    formula="cos(x₁)",
    columns=("x1",),
)
def _cos_x1(x1: Floats, x2: Floats) -> Floats:
    return np.cos(x1)


@FEATURES.register(
    "cos_x2", label="cos x₂", help="A wave up the picture, highest in the middle.", formula="cos(x₂)", columns=("x2",)
)
def _cos_x2(x1: Floats, x2: Floats) -> Floats:
    return np.cos(x2)
