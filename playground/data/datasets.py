"""The data sets: where each one's points come from, and how it wants to be drawn.

A generator is called as `generate(samples, noise, seed)` and returns `X (samples, columns)` and `y (samples,)`:
class numbers from 0 for classification, values for regression. It takes a seed rather than a NumPy
Generator because scikit-learn's functions do, so that `make_moons(500, noise=0.15, random_state=0)` in a script
gives the very points on the screen. Points are drawn before their noise and the noise is scaled last, so more
noise moves the *same* points further.

Traits of an entry:
    problem: "classification" or "regression".
    classes: Name of each class, or () for regression.
    columns: Name of each measurement, with its unit.
    domain: Half-open picture ((x_low, x_high), (y_low, y_high)) in the data's units, or None to frame the data.
    axes: The two columns drawn at first.
    fixed: Whether the table is measured data: its size is given and no noise is added.
    standardize: Whether inputs are scaled to mean 0 and standard deviation 1, as measured on the training split.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_iris, make_blobs, make_circles, make_moons

from playground.registry import Registry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Generate = Callable[[int, float, int], tuple[Floats, Floats | Ints]]

DATASETS: Registry[Generate] = Registry("data set")

_TWO_CLASSES = ("Class A", "Class B")
_PLANE: dict[str, Any] = {"columns": ("x₁", "x₂"), "axes": (0, 1), "fixed": False, "standardize": False}
_WIDE = ((-6.0, 6.0), (-6.0, 6.0))


@dataclass(frozen=True)
class DataSet:
    """The points of one data set as loaded.

    Attributes:
        X: Measurements, (samples, columns).
        y: Class numbers (int64) or values (float64), (samples,).
        columns: Name of each column.
        classes: Name of each class, or () for regression.
        axes: The columns drawn across and up.
        domain: ((x_low, x_high), (y_low, y_high)), the part of the plane in the picture, in the data's units.
        standardize: Whether inputs want scaling.
    """

    X: Floats
    y: Floats | Ints
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    axes: tuple[int, int]
    domain: tuple[tuple[float, float], tuple[float, float]]
    standardize: bool

    @property
    def regression(self) -> bool:
        """Whether the targets are values rather than classes."""
        return not self.classes


def load(name: str, samples: int, noise: float, seed: int, axes: tuple[int, int] | None = None) -> DataSet:
    """Return the points of a data set.

    Args:
        name: A name in DATASETS.
        samples: How many points; measured tables have their own number and ignore it.
        noise: 0 for none; standard deviation of the displacement, in the unit that the data set's help states.
        seed: Same seed, same points.
        axes: The two columns to draw, or None for the data set's own choice.
    """
    entry = DATASETS[name]
    X, y = entry.value(samples, noise, seed)
    axes = axes or entry.traits["axes"]
    domain = entry.traits["domain"] or (_framed(X[:, axes[0]]), _framed(X[:, axes[1]]))
    return DataSet(X, y, entry.traits["columns"], entry.traits["classes"], axes, domain, entry.traits["standardize"])


def _framed(values: Floats) -> tuple[float, float]:
    """Return the interval that holds `values` with a margin of an eighth on both sides."""
    low, high = float(values.min()), float(values.max())
    margin = (high - low) / 8 or 0.5
    return low - margin, high + margin


@DATASETS.register(
    "moons",
    label="Moons",
    help="Two half circles that no straight line parts, but a few neurons do. Noise is in units of their radius.",
    source="sklearn.datasets.make_moons",
    problem="classification",
    classes=_TWO_CLASSES,
    domain=((-1.5, 2.5), (-1.75, 2.25)),
    **_PLANE,
)
def moons(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    X, y = make_moons(samples, noise=noise, random_state=seed)
    return X, y


@DATASETS.register(
    "circles",
    label="Circles",
    help="A small circle inside a larger one of radius 1. Noise is in units of that radius.",
    source="sklearn.datasets.make_circles",
    problem="classification",
    classes=_TWO_CLASSES,
    domain=((-1.75, 1.75), (-1.75, 1.75)),
    **_PLANE,
)
def circles(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    X, y = make_circles(samples, noise=noise, factor=0.5, random_state=seed)
    return X, y


@DATASETS.register(
    "xor",
    label="XOR",
    help="Four squares, opposite ones alike: no single neuron can learn it. Noise 0.1 moves a point by 0.3.",
    source="After TensorFlow Playground's exclusive or",
    problem="classification",
    classes=_TWO_CLASSES,
    domain=_WIDE,
    **_PLANE,
)
def xor(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-5.0, 5.0, (samples, 2))
    X += 0.3 * np.sign(X)  # a gap along the axes
    y = (X[:, 0] * X[:, 1] >= 0).astype(np.int64)
    return X + 3.0 * noise * rng.standard_normal(X.shape), y


@DATASETS.register(
    "spiral",
    label="Spiral",
    help="Two arms wound around each other, hard for a small network. Noise 0.1 moves a point by 0.1.",
    source="After TensorFlow Playground's spiral",
    problem="classification",
    classes=_TWO_CLASSES,
    domain=_WIDE,
    **_PLANE,
)
def spiral(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    rng = np.random.default_rng(seed)
    y = np.arange(samples) % 2
    along = (np.arange(samples) // 2) / max(samples // 2, 1)  # 0 at the centre, towards 1 at the tip
    angle = 1.75 * 2.0 * np.pi * along + np.pi * y
    X = 5.0 * along[:, np.newaxis] * np.column_stack([np.sin(angle), np.cos(angle)])
    return X + noise * rng.standard_normal(X.shape), y


@DATASETS.register(
    "gaussians",
    label="Gaussians",
    help="Two round clouds that a single straight line parts. Their variance is 0.5 + 7 × noise.",
    source="After TensorFlow Playground's Gaussian",
    problem="classification",
    classes=_TWO_CLASSES,
    domain=_WIDE,
    **_PLANE,
)
def gaussians(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    std = float(np.sqrt(0.5 + 7.0 * noise))
    return _blobs(samples, [(-2.0, -2.0), (2.0, 2.0)], std, seed)


@DATASETS.register(
    "blobs",
    label="Three blobs",
    help="Three round clouds, one for each class. Their standard deviation is 0.6 + 3 × noise.",
    source="sklearn.datasets.make_blobs",
    problem="classification",
    classes=("Class A", "Class B", "Class C"),
    domain=_WIDE,
    **_PLANE,
)
def blobs(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    return _blobs(samples, [(-2.6, -1.5), (2.6, -1.5), (0.0, 3.0)], 0.6 + 3.0 * noise, seed)


def _blobs(samples: int, centers: list[tuple[float, float]], std: float, seed: int) -> tuple[Floats, Ints]:
    X, y = make_blobs(samples, centers=np.array(centers), cluster_std=std, random_state=seed)
    return X, y


@DATASETS.register(
    "iris",
    label="Iris",
    help="150 iris flowers of three species, measured by Edgar Anderson in 1935; real data, so no noise is added.",
    source="sklearn.datasets.load_iris; Fisher, R. A. (1936)",
    problem="classification",
    classes=("Setosa", "Versicolor", "Virginica"),
    columns=("Sepal length (cm)", "Sepal width (cm)", "Petal length (cm)", "Petal width (cm)"),
    axes=(2, 3),
    domain=None,
    fixed=True,
    standardize=True,
)
def iris(samples: int, noise: float, seed: int) -> tuple[Floats, Ints]:
    X, y = load_iris(return_X_y=True)
    return X, y


@DATASETS.register(
    "plane",
    label="Plane",
    help="Regression: the target rises evenly along the diagonal. Noise 0.1 moves a point by 0.2.",
    source="After TensorFlow Playground's plane",
    problem="regression",
    classes=(),
    domain=_WIDE,
    **_PLANE,
)
def plane(samples: int, noise: float, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-5.5, 5.5, (samples, 2))
    y = X.sum(axis=1) / 11.0  # -1 to 1
    return X + 2.0 * noise * rng.standard_normal(X.shape), y


@DATASETS.register(
    "bumps",
    label="Gaussian bumps",
    help="Regression: three hills and three hollows. Noise 0.1 moves a point by 0.2.",
    source="After TensorFlow Playground's multi gaussian",
    problem="regression",
    classes=(),
    domain=_WIDE,
    **_PLANE,
)
def bumps(samples: int, noise: float, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    X = rng.uniform(-5.5, 5.5, (samples, 2))
    centers = np.array([(-4.0, 2.5), (0.0, 2.5), (4.0, 2.5), (-4.0, -2.5), (0.0, -2.5), (4.0, -2.5)])
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    distances = np.linalg.norm(X[:, np.newaxis] - centers, axis=2)  # (samples, centers)
    y = np.exp(-((distances / 1.5) ** 2)) @ signs  # -1 to 1
    return X + 2.0 * noise * rng.standard_normal(X.shape), y
