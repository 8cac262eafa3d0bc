"""The data sets: where each one's points come from, and how it wants to be drawn.

A generator is called as `generate(samples, noise, seed, **options)`, the options being the parameters that its entry
declares, and returns `X (samples, columns)` and `y (samples,)`: class numbers from 0 for classification, values for
regression. It takes a seed rather than a NumPy Generator because scikit-learn's functions do, so that
`make_moons(500, noise=0.15, random_state=0)` in a script gives the very points on the screen. Chance is drawn alike
whatever the noise, which only scales it: more noise moves the *same* points further.

Traits of an entry:
    problem: "classification" or "regression".
    classes: Name of each class at the default options, or () for regression.
    columns: Name of each measurement, with its unit.
    axes: The two columns drawn at first, or the only one.
    domain: The picture ((x_low, x_high), (y_low, y_high)) in the data's units, or None to frame the data.
    fixed: Whether number and places of the points are given: neither samples nor noise have a say.
    scaling: What is done to inputs, as measured on the training split: "none", "standardize" (to mean 0 and
        standard deviation 1) or "minmax" (to 0 to 1).
    target: Name of what is predicted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from playground.data.seedrandom import SeedRandom
from playground.registry import Parameter, Registry
from playground.sentences import as_sentence, say

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Points = tuple[Floats, Floats | Ints]
Interval = tuple[float, float]
Scaling = Literal["none", "standardize", "minmax"]
Generate = Callable[..., Points]

Uniforms = Callable[[int], Floats]
"""A stream of chance: each call gives its next so many numbers, from 0 to below 1."""

DATASETS: Registry[Generate] = Registry("data set")

_LETTERS = ("Class A", "Class B", "Class C", "Class D", "Class E", "Class F", "Class G", "Class H")
_WIDE = ((-6.0, 6.0), (-6.0, 6.0))
_PLANE: dict[str, Any] = {"columns": ("x₁", "x₂"), "axes": (0, 1), "fixed": False, "scaling": "none"}
_CLASSES: dict[str, Any] = {"problem": "classification", "classes": _LETTERS[:2], "target": "Class", **_PLANE}
_SURFACE: dict[str, Any] = {"problem": "regression", "classes": (), "target": "Target", "domain": _WIDE, **_PLANE}
_CURVE: dict[str, Any] = {
    "problem": "regression",
    "classes": (),
    "target": "y",
    "columns": ("x",),
    "axes": (0,),
    "domain": ((-6.5, 6.5), (-1.75, 1.75)),
    "fixed": False,
    "scaling": "none",
}
_MEASURED: dict[str, Any] = {"domain": None, "fixed": True}


def _number_of_classes(default: int, help: str) -> Parameter:
    return Parameter("classes", "Classes", default, 2, len(_LETTERS), integer=True, help=help)


def _sklearn() -> Any:
    """Return scikit-learn's data sets; importing them takes a second, which a process that needs none is spared."""
    from sklearn import datasets

    return datasets


@dataclass(frozen=True)
class DataSpec:
    """What a data set is, without its points.

    Attributes:
        label: Name shown to people; this and the other names are Sentences, unless a person's own table has them.
        columns: Name of each measurement.
        classes: Name of each class, or () for regression.
        axes: The two columns drawn across and up, or the only one, against which the target is drawn.
        domain: ((x_low, x_high), (y_low, y_high)), the part of the plane in the picture, in the data's units; None
            to frame the points.
        fixed: Whether number and places of the points are given: neither samples nor noise have a say.
        scaling: What is done to inputs: "none", "standardize" or "minmax".
        target: Name of what is predicted.
    """

    label: str
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    axes: tuple[int, ...]
    domain: tuple[Interval, Interval] | None
    fixed: bool
    scaling: Scaling
    target: str

    @property
    def regression(self) -> bool:
        """Whether the targets are values rather than classes."""
        return not self.classes

    @property
    def problem(self) -> str:
        """What kind of target is learned: "binary", "multiclass" or "regression"."""
        if self.regression:
            return "regression"
        return "binary" if len(self.classes) == 2 else "multiclass"


@dataclass(frozen=True)
class DataSet:
    """The points of one data set as loaded.

    Attributes:
        X: Measurements, (samples, columns).
        y: Class numbers (int64) or values (float64), (samples,).
        spec: What the data set is.
    """

    X: Floats
    y: Floats | Ints
    spec: DataSpec


def framed(values: Floats) -> Interval:
    """Return the interval that holds `values` with a margin of an eighth on both sides; −1 to 1 for none."""
    if not len(values):
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = (high - low) / 8 or max(0.5, abs(high) / 8)  # of a great number, 0.5 is nothing to a float
    return low - margin, high + margin


def describe(name: str, options: Mapping[str, object] | None = None) -> DataSpec:
    """Return what a data set is.

    Args:
        name: A name in DATASETS.
        options: Values of its entry's parameters; those that are missing have their defaults.

    Raises:
        InvalidValueError: If there is no such data set or option, or a value is out of range.
    """
    entry = DATASETS[name]
    chosen, traits = entry.options(options or {}), entry.traits
    classes = _LETTERS[: int(chosen["classes"])] if "classes" in chosen else traits["classes"]
    return DataSpec(
        label=entry.label,
        columns=tuple(map(as_sentence, traits["columns"])),
        classes=tuple(map(as_sentence, classes)),
        axes=traits["axes"],
        domain=traits["domain"],
        fixed=traits["fixed"],
        scaling=traits["scaling"],
        target=as_sentence(traits["target"]),
    )


def load(name: str, samples: int, noise: float, seed: int, options: Mapping[str, object] | None = None) -> DataSet:
    """Return the points of a data set.

    Args:
        name: A name in DATASETS.
        samples: How many points; a fixed set has its own number and ignores it.
        noise: 0 for none; what more does is in the data set's help.
        seed: Same seed, same points.
        options: Values of its entry's parameters; those that are missing have their defaults.

    Raises:
        InvalidValueError: If there is no such data set or option, or a value is out of range.
    """
    entry = DATASETS[name]
    X, y = entry.value(samples, noise, seed, **entry.options(options or {}))
    return DataSet(X, y, describe(name, options))


TF_DATASETS = ("circle", "xor", "gaussians", "spiral", "plane", "bumps")
"""Names of TensorFlow Playground's data sets."""


def load_streamed(name: str, samples: int, noise: float, chance: SeedRandom) -> DataSet:
    """Return the points of one of TensorFlow Playground's data sets as its page has them, in its order.

    Args:
        name: A name in TF_DATASETS.
        samples: How many points.
        noise: A hundredth of what its slider says.
        chance: Its stream, seeded; it is left where the page then begins to draw weights.
    """
    generate = DATASETS[name].value
    assert isinstance(generate, Streamed)
    X, y = generate.draw(samples, noise, chance.random)
    order = chance.shuffled(samples)
    return DataSet(X[order], y[order], describe(name))


# ------------------------------------------------------------- classes in the plane


@DATASETS.register(
    "moons",
    label="Moons",
    help="Two half circles that no straight line parts, but a few neurons do. Noise is in units of their radius.",
    source="sklearn.datasets.make_moons",
    domain=((-1.5, 2.5), (-1.75, 2.25)),
    **_CLASSES,
)
def moons(samples: int, noise: float, seed: int) -> Points:
    X, y = _sklearn().make_moons(samples, noise=noise, random_state=seed)
    return X, y


@dataclass(frozen=True)
class Streamed:
    """A generator that can be fed the stream of chance itself, in place of a seed.

    TensorFlow Playground's sets are defined by the order in which they draw from one stream, so the same formula
    gives their very points when it is fed their stream.

    Attributes:
        draw: Returns the points for a number of samples, noise, and a stream of chance.
    """

    draw: Callable[[int, float, Uniforms], Points]

    def __call__(self, samples: int, noise: float, seed: int) -> Points:
        """Return the points that NumPy draws from a seed."""
        return self.draw(samples, noise, np.random.default_rng(seed).random)


def _between(low: float, high: float, uniforms: Floats) -> Floats:
    """Return numbers from 0 to 1 spread over an interval."""
    return uniforms * (high - low) + low


def _normals(count: int, random: Uniforms) -> Floats:
    """Return standard normal numbers, (count,).

    Reference: Marsaglia & Bray (1964), the polar method; of each pair only the first number is used, as TensorFlow
    Playground does. Pairs outside the unit circle are replaced without drawing one pair more than is needed.
    """
    chosen: Floats = np.empty((0, 2))
    while len(chosen) < count:
        pairs = 2.0 * random(2 * (count - len(chosen))).reshape(-1, 2) - 1.0
        chosen = np.concatenate([chosen, pairs[(pairs**2).sum(axis=1) <= 1.0]])
    squares: Floats = (chosen**2).sum(axis=1)
    normals: Floats = np.sqrt(-2.0 * np.log(squares) / squares) * chosen[:, 0]
    return normals


def _first_half(samples: int) -> NDArray[np.bool_]:
    """Return which samples belong to the half that is drawn first; it has the odd one."""
    return np.arange(samples) < (samples + 1) // 2


@DATASETS.register(
    "circle",
    label="Circle",
    help="A disc inside a ring: x₁² and x₂² part them at once. Noise moves no point; it turns labels near the edge.",
    source="TensorFlow Playground's circle",
    domain=_WIDE,
    **_CLASSES,
)
@Streamed
def circle(samples: int, noise: float, random: Uniforms) -> Points:
    draws = random(4 * samples).reshape(samples, 4)
    radius = np.where(_first_half(samples), _between(0.0, 2.5, draws[:, 0]), _between(3.5, 5.0, draws[:, 0]))
    angle = _between(0.0, 2.0 * np.pi, draws[:, 1])
    X = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    seen = X + _between(-5.0, 5.0, draws[:, 2:]) * noise
    return X, (np.sqrt((seen**2).sum(axis=1)) < 2.5).astype(np.int64)


@DATASETS.register(
    "xor",
    label="XOR",
    help="Four squares, opposite ones alike: no single neuron can learn it. Noise moves no point; it turns labels "
    "near the axes.",
    source="TensorFlow Playground's exclusive or",
    domain=_WIDE,
    **_CLASSES,
)
@Streamed
def xor(samples: int, noise: float, random: Uniforms) -> Points:
    places = _between(-5.0, 5.0, random(4 * samples)).reshape(samples, 4)
    X = places[:, :2] + np.where(places[:, :2] > 0, 0.3, -0.3)  # a gap along the axes
    seen = X + places[:, 2:] * noise
    return X, (seen[:, 0] * seen[:, 1] >= 0).astype(np.int64)


@DATASETS.register(
    "gaussians",
    label="Gaussians",
    help="Two round clouds that a single straight line parts. Their variance is 0.5 + 7 × noise.",
    source="TensorFlow Playground's Gaussian",
    domain=_WIDE,
    **_CLASSES,
)
@Streamed
def gaussians(samples: int, noise: float, random: Uniforms) -> Points:
    y = _first_half(samples).astype(np.int64)
    centers = np.where(y == 1, 2.0, -2.0)[:, np.newaxis]
    return centers + np.sqrt(0.5 + 7.0 * noise) * _normals(2 * samples, random).reshape(samples, 2), y


@DATASETS.register(
    "spiral",
    label="Spiral",
    help="Two arms wound around each other, hard for a small network. Noise 0.1 moves a point by up to 0.1 each way.",
    source="TensorFlow Playground's spiral",
    domain=_WIDE,
    **_CLASSES,
)
@Streamed
def spiral(samples: int, noise: float, random: Uniforms) -> Points:
    first = _first_half(samples)
    along = np.where(first, np.arange(samples), np.arange(samples) - first.sum()) / (samples / 2)  # 0 at the centre
    angle = 1.75 * along * 2.0 * np.pi + np.where(first, 0.0, np.pi)
    X = 5.0 * along[:, np.newaxis] * np.column_stack([np.sin(angle), np.cos(angle)])
    return X + _between(-1.0, 1.0, random(2 * samples)).reshape(samples, 2) * noise, first.astype(np.int64)


@DATASETS.register(
    "circles",
    label="Circles",
    help="A small circle inside a larger one of radius 1. Noise is in units of that radius.",
    source="sklearn.datasets.make_circles",
    domain=((-1.75, 1.75), (-1.75, 1.75)),
    **_CLASSES,
)
def circles(samples: int, noise: float, seed: int) -> Points:
    X, y = _sklearn().make_circles(samples, noise=noise, factor=0.5, random_state=seed)
    return X, y


@DATASETS.register(
    "blobs",
    label="Blobs",
    help="Two to eight round clouds, one for each class. Their standard deviation is 0.6 + 3 × noise.",
    parameters=(_number_of_classes(3, "How many clouds there are, each a class of its own."),),
    source="sklearn.datasets.make_blobs",
    domain=_WIDE,
    **(_CLASSES | {"classes": _LETTERS[:3]}),
)
def blobs(samples: int, noise: float, seed: int, classes: int) -> Points:
    X, y = _sklearn().make_blobs(samples, centers=_centers(classes), cluster_std=0.6 + 3.0 * noise, random_state=seed)
    return X, y


def _centers(classes: int) -> Floats:
    """Return a centre for each cloud, (classes, 2), as far apart as the picture allows: a ring with a level base.

    From seven on one cloud is in the middle, because a ring would hold its neighbours less than 3.5 apart.
    """
    ring = classes if classes < 7 else classes - 1
    angles = -np.pi / 2 - np.pi / ring + 2.0 * np.pi * np.arange(ring) / ring
    radius = min(4.0, 2.6 / np.sin(np.pi / ring))  # neighbours 5.2 apart, where there is room
    centers = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return np.concatenate([centers, np.zeros((classes - ring, 2))])


# ------------------------------------------------------------- classes, as measured


@cache
def _table(name: str, **how: bool) -> Points:
    """Return one of scikit-learn's tables, which cost up to 40 ms to read."""
    points: Points = getattr(_sklearn(), f"load_{name}")(return_X_y=True, **how)
    return points


def _measured(name: str, **how: bool) -> Points:
    """Return a copy of one of scikit-learn's tables."""
    X, y = _table(name, **how)
    return X.copy(), y.copy()


@DATASETS.register(
    "iris",
    label="Iris",
    help="150 iris flowers of three species, measured by Edgar Anderson in 1935; real data, so no noise is added.",
    source="sklearn.datasets.load_iris; Fisher, R. A. (1936)",
    problem="classification",
    classes=("Setosa", "Versicolor", "Virginica"),
    target="Species",
    columns=("Sepal length (cm)", "Sepal width (cm)", "Petal length (cm)", "Petal width (cm)"),
    axes=(2, 3),
    scaling="standardize",
    **_MEASURED,
)
def iris(samples: int, noise: float, seed: int) -> Points:
    return _measured("iris")


@DATASETS.register(
    "wine",
    label="Wine",
    help="178 Italian wines from three kinds of grape, each with 13 chemical measurements; real data, so no noise is "
    "added.",
    source="sklearn.datasets.load_wine; Forina, M. et al. (1988)",
    problem="classification",
    classes=("Cultivar 1", "Cultivar 2", "Cultivar 3"),
    target="Cultivar",
    columns=(
        "Alcohol",
        "Malic acid",
        "Ash",
        "Alcalinity of ash",
        "Magnesium",
        "Total phenols",
        "Flavanoids",
        "Nonflavanoid phenols",
        "Proanthocyanins",
        "Colour intensity",
        "Hue",
        "OD280/OD315 of diluted wines",
        "Proline",
    ),
    axes=(0, 6),
    scaling="standardize",
    **_MEASURED,
)
def wine(samples: int, noise: float, seed: int) -> Points:
    return _measured("wine")


_NUCLEUS = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


@DATASETS.register(
    "breast_cancer",
    label="Breast cancer",
    help="569 tumours, each with 30 measurements of the shapes of its cell nuclei; real data, so no noise is added.",
    source="sklearn.datasets.load_breast_cancer; Street, W. N. et al. (1993)",
    problem="classification",
    classes=("Malignant", "Benign"),
    target="Diagnosis",
    columns=(
        *(say("Mean {measure}", measure=as_sentence(measure)) for measure in _NUCLEUS),
        *(say("{measure} error", measure=as_sentence(measure.capitalize())) for measure in _NUCLEUS),
        *(say("Worst {measure}", measure=as_sentence(measure)) for measure in _NUCLEUS),
    ),
    axes=(20, 27),
    scaling="standardize",
    **_MEASURED,
)
def breast_cancer(samples: int, noise: float, seed: int) -> Points:
    return _measured("breast_cancer")


@DATASETS.register(
    "digits",
    label="Digits",
    help="1,797 handwritten digits as pictures of 8 × 8 pixels, each from 0 to 16; real data, so no noise is added.",
    source="sklearn.datasets.load_digits; Alpaydin, E. & Kaynak, C. (1998)",
    problem="classification",
    classes=tuple("0123456789"),
    target="Digit",
    columns=tuple(
        say("Row {row}, column {column}", row=row, column=column) for row in range(1, 9) for column in range(1, 9)
    ),
    axes=(21, 42),
    scaling="minmax",
    **_MEASURED,
)
def digits(samples: int, noise: float, seed: int) -> Points:
    return _measured("digits")


@DATASETS.register(
    "blank",
    label="Your own points",
    help="An empty plane, to fill with points of your own. There is no noise but what you draw.",
    parameters=(_number_of_classes(2, "How many classes your points have."),),
    domain=_WIDE,
    **(_CLASSES | {"fixed": True}),
)
def blank(samples: int, noise: float, seed: int, classes: int) -> Points:
    return np.empty((0, 2)), np.empty(0, dtype=np.int64)


# ------------------------------------------------------------- regression


@DATASETS.register(
    "plane",
    label="Plane",
    help="Regression: the target rises evenly along the diagonal. Noise moves no point; noise 0.1 moves its target by "
    "up to 0.12.",
    formula="y = (x₁ + x₂) / 10",
    source="TensorFlow Playground's plane",
    **_SURFACE,
)
@Streamed
def plane(samples: int, noise: float, random: Uniforms) -> Points:
    places = _between(-6.0, 6.0, random(4 * samples)).reshape(samples, 4)
    X = places[:, :2]
    return X, (X + places[:, 2:] * noise).sum(axis=1) / 10.0


@DATASETS.register(
    "bumps",
    label="Gaussian bumps",
    help="Regression: three hills and three hollows. Noise moves no point; its target is that of a place up to "
    "6 × noise away each way.",
    source="TensorFlow Playground's multi gaussian",
    **_SURFACE,
)
@Streamed
def bumps(samples: int, noise: float, random: Uniforms) -> Points:
    places = _between(-6.0, 6.0, random(4 * samples)).reshape(samples, 4)
    X = places[:, :2]
    centers = np.array([(-4.0, 2.5), (0.0, 2.5), (4.0, 2.5), (-4.0, -2.5), (0.0, -2.5), (4.0, -2.5)])
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])
    distances = np.linalg.norm((X + places[:, 2:] * noise)[:, np.newaxis] - centers, axis=2)  # (samples, centers)
    # Each has a radius of 2, so no two overlap: the sum is the one that is not 0.
    return X, np.clip(1.0 - distances / 2.0, 0.0, 1.0) @ signs


@DATASETS.register(
    "diabetes",
    label="Diabetes",
    help="Regression: how far the disease of 442 patients went in a year, from ten measurements before it; real data, "
    "so no noise is added.",
    source="sklearn.datasets.load_diabetes; Efron, B. et al. (2004)",
    problem="regression",
    classes=(),
    target="Disease progression",
    columns=(
        "Age (years)",
        "Sex (1 or 2)",
        "Body mass index (kg/m²)",
        "Blood pressure",
        "Total cholesterol",
        "LDL cholesterol",
        "HDL cholesterol",
        "Total cholesterol / HDL",
        "Log of triglycerides",
        "Blood sugar",
    ),
    axes=(2, 8),
    scaling="standardize",
    **_MEASURED,
)
def diabetes(samples: int, noise: float, seed: int) -> Points:
    return _measured("diabetes", scaled=False)


def _curve(samples: int, noise: float, seed: int, function: Callable[[Floats], Floats]) -> Points:
    """Return points along a function of one input, each moved up or down."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(-6.0, 6.0, (samples, 1))
    return X, function(X[:, 0]) + noise * rng.standard_normal(samples)


@DATASETS.register(
    "sine",
    label="Sine",
    help="Regression with one input: y is the sine of x. Noise is the standard deviation of y around the curve.",
    formula="y = sin(x)",
    **_CURVE,
)
def sine(samples: int, noise: float, seed: int) -> Points:
    return _curve(samples, noise, seed, np.sin)


@DATASETS.register(
    "step",
    label="Jump",
    help="Regression with one input: y jumps from -1 to 1 where x is 0. Noise is the standard deviation of y around "
    "the curve.",
    formula="x > 0: y = 1\nx < 0: y = −1",
    **_CURVE,
)
def step(samples: int, noise: float, seed: int) -> Points:
    return _curve(samples, noise, seed, np.sign)
