"""What one can watch of an experiment while it trains.

A measurement is called as `measure(trainer)` and returns named arrays, uint8 or float32, that a frame carries to
the browser. It is computed only while somebody watches it. Pictures are rows from top to bottom, so that a canvas
takes them as they come; all pictures of one step come from one forward pass (`Trainer.picture`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from playground.registry import Registry
from playground.training.experiment_data import GRID

if TYPE_CHECKING:
    from playground.training.trainer import Trainer

Arrays = Mapping[str, NDArray[np.uint8] | NDArray[np.float32]]
Measure = Callable[["Trainer"], Arrays]

MEASUREMENTS: Registry[Measure] = Registry("measurement")

_GREAT = 1e30
_TINY = 1e-30

BINS = 24
"""Bars of a histogram."""


def finite(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `values` with NaN as 0 and infinities as great numbers: a diverging network has them, a picture can't."""
    with np.errstate(all="ignore"):
        if np.isfinite(values.sum()):  # a tenth of the cost of looking at each, and nearly always so
            return values
    return np.nan_to_num(values, nan=0.0, posinf=_GREAT, neginf=-_GREAT).clip(-_GREAT, _GREAT)


def quantized(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint8]:
    """Return `values` with `low` as 0, `high` as 255, and what lies outside clipped."""
    scaled = (finite(values) - np.float32(low)) * np.float32(255.0 / (high - low))
    pixels: NDArray[np.uint8] = np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)
    return pixels


def as_float32(values: ArrayLike) -> NDArray[np.float32]:
    """Return `values` as float32, those beyond its range as its greatest: a diverging loss may be 1e90."""
    limit = np.finfo(np.float32).max
    return np.clip(np.asarray(values, np.float64), -limit, limit).astype(np.float32)


@MEASUREMENTS.register(
    "output",
    label="Output",
    help="What the network answers over the plane: a probability, the likeliest class, or a value.",
)
def output(trainer: "Trainer") -> Arrays:
    """Return "output" (planes, 100, 100), and "curve" (100,) where the data have one measurement.

    Two classes: one plane, the probability of class 1, 0 to 255 for 0 to 1 (or for −1 to 1). More classes: the
    likeliest class's number, and its probability. Regression: one plane, 0 to 255 for the data's value range. The
    curve is in the target's units, from left to right; of two classes the probability of class 1, of more the
    likeliest.
    """
    values = trainer.picture()[-1]  # (outputs, pixels)
    if trainer.config.problem == "multiclass":
        likeliest = values.argmax(axis=0)
        probability = values[likeliest, np.arange(values.shape[1])]
        planes = np.stack([likeliest.astype(np.uint8), quantized(probability, 0.0, 1.0)])
    elif trainer.config.problem == "regression":
        planes = quantized(trainer.data.in_units(values), *trainer.value_range)
    else:
        planes = quantized(values, *trainer.value_range)
    arrays: dict[str, NDArray[np.uint8] | NDArray[np.float32]] = {"output": planes.reshape(-1, GRID, GRID)}
    if trainer.data.curve:
        arrays["curve"] = as_float32(_curve(trainer, finite(values[:, :GRID])))
    return arrays


def _curve(trainer: "Trainer", values: NDArray[np.float32]) -> NDArray[Any]:
    """Return what is drawn over the only measurement for outputs (outputs, places)."""
    if trainer.config.problem == "regression":
        return trainer.data.in_units(values[0])
    if trainer.config.problem == "multiclass":
        likeliest: NDArray[np.intp] = values.argmax(axis=0)
        return likeliest
    low, high = trainer.value_range
    return np.asarray((values[0] - low) / (high - low))


@MEASUREMENTS.register(
    "maps",
    label="Neuron maps",
    help="What each hidden neuron answers over the plane.",
)
def maps(trainer: "Trainer") -> Arrays:
    """Return "maps" (hidden units, side, side) and "map_scales" (hidden units,).

    A pixel of 128 is 0; 1 and 255 are minus and plus the neuron's scale: 1 where its activation is
    bounded, its greatest magnitude in the picture where it is not.
    """
    hidden = trainer.picture()[:-1]
    units = sum(trainer.config.hidden)
    stride = 2 if units <= 16 else 3 if units <= 64 else 4  # 50, 34 or 25 pixels a side: frames stay small
    if not units:
        return {"maps": np.empty((0, GRID // 2, GRID // 2), np.uint8), "map_scales": np.empty(0, np.float32)}
    parts = [
        signed_maps(layer.reshape(-1, GRID, GRID)[:, ::stride, ::stride], bounded=trainer.hidden_bounded(number))
        for number, layer in enumerate(hidden)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def signed_maps(values: NDArray[np.float32], bounded: bool) -> Arrays:
    """Return "maps", `values` (maps, side, side) quantized around 0, and "map_scales" (maps,)."""
    values = finite(values)
    scales = np.ones(len(values), np.float32) if bounded else np.abs(values).max(axis=(1, 2)).astype(np.float32)
    scales[scales < _TINY] = 1.0  # all but 0: its quotients would be infinite
    steps = values * (np.float32(127.0) / scales)[:, np.newaxis, np.newaxis]
    return {"maps": (np.rint(np.clip(steps, -127.0, 127.0)) + 128.0).astype(np.uint8), "map_scales": scales}


@MEASUREMENTS.register("weights", label="Weights", help="Every weight and bias.")
def weights(trainer: "Trainer") -> Arrays:
    """Return "weights": layer by layer the kernel (fan_in, units) row by row, then the biases."""
    return {"weights": as_float32(np.concatenate([array.ravel() for array in trainer.model.get_weights()]))}


@MEASUREMENTS.register("losses", label="Losses", help="Loss, accuracy and error on training and test data.")
def losses(trainer: "Trainer") -> Arrays:
    """Return "losses": training and test loss, training and test accuracy, training and test error.

    Accuracy is a share from 0 to 1; for regression it is R², 1 at best. The error is the mean absolute error of a
    regression, in the target's units; NaN for classes. All of a part without samples are NaN.
    """
    return {"losses": as_float32(trainer.losses())}


@MEASUREMENTS.register("mistakes", label="Wrong points", help="Which points the network answers wrongly.")
def mistakes(trainer: "Trainer") -> Arrays:
    """Return "mistakes" (training + test samples,): 1 where the wrong class is answered; none in a regression."""
    if trainer.config.spec.regression:
        return {}
    data = trainer.data
    wrong = [trainer.answered_classes(part) != data.y[data.split[part]] for part in (0, 1)]
    return {"mistakes": np.concatenate(wrong).astype(np.uint8)}


@MEASUREMENTS.register("confusion", label="Confusion matrix", help="How often each class is answered for each.")
def confusion(trainer: "Trainer") -> Arrays:
    """Return "confusion" (2, classes, classes): counts on training and test data; row true class, column answered."""
    data, classes = trainer.data, len(trainer.config.spec.classes)
    counts = np.zeros((2, classes, classes), np.float32)
    for part in (0, 1) if classes else ():
        np.add.at(counts[part], (data.y[data.split[part]].astype(np.intp), trainer.answered_classes(part)), 1)
    return {"confusion": counts}


@MEASUREMENTS.register("weight_histograms", label="Weights", help="How each layer's weights are spread.")
def weight_histograms(trainer: "Trainer") -> Arrays:
    """Return "weight_histograms" (layers, 2 + 24): lowest and highest weight, and counts in even bins between them."""
    return {"weight_histograms": _histograms(trainer.model.get_weights())}


@MEASUREMENTS.register("gradient_histograms", label="Gradients", help="How each layer's last gradient is spread.")
def gradient_histograms(trainer: "Trainer") -> Arrays:
    """Return "gradient_histograms" (layers, 2 + 24), as `weight_histograms`, of the last update's gradient."""
    return {"gradient_histograms": _histograms(trainer.gradients())}


def _histograms(arrays: Sequence[NDArray[np.float64]]) -> NDArray[np.float32]:
    """Return a histogram of each layer's numbers: its kernel's and biases' together."""
    rows = np.zeros((len(arrays) // 2, 2 + BINS))
    for row, kernel, bias in zip(rows, arrays[::2], arrays[1::2], strict=True):
        values = np.clip(np.nan_to_num(np.concatenate([kernel.ravel(), bias])), -_GREAT, _GREAT)
        row[0], row[1] = values.min(), values.max()
        low, high = row[:2]
        if high - low <= 1e-9 * np.abs(row[:2]).max():  # all alike: too narrow to be divided
            margin = max(0.5, 1e-6 * abs(low))
            low, high = low - margin, high + margin
        row[2:] = np.histogram(values, BINS, (low, high))[0]
    return as_float32(rows)
