"""The points of an experiment as its network sees them: drawn, spoiled, edited, split, scaled."""

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.data import (
    FEATURES,
    DataSet,
    DataSpec,
    Formula,
    SeedRandom,
    Split,
    class_balance,
    first_part,
    flip_labels,
    load,
    load_streamed,
    scatter_outliers,
    split,
)
from playground.data.datasets import framed
from playground.data.projections import PROJECTIONS, Projection
from playground.data.tables import Table, samples
from playground.errors import InvalidValueError
from playground.sentences import say
from playground.training.config import ExperimentConfig
from playground.training.problems import SIGNED_OUTPUTS

Floats = NDArray[np.float64]

GRID = 100
"""Pixels along each side of the output picture."""

_FARTHEST = 1e6  # inputs beyond it, as a typed formula can give, are no use to a picture


def _picture_of(config: ExperimentConfig) -> tuple[object, ...]:
    """Return what a config says of the plane in the picture."""
    return config.shown_projection, config.drawn, config.slice_sample


class ExperimentData:
    """The samples of an experiment, and what is drawn of them.

    Samples are numbered: first those of the data set, then those that were placed by hand. Numbers of erased ones
    stay free, so that erasing one point changes neither another's number nor its part of the split.

    Attributes:
        spec: What is known of the data without their samples.
        X: Measurements in their own units, gaps filled in, (samples, columns).
        y: Class numbers or values, (samples,).
        drawn_from: How many of the samples come from the data set; the others were placed by hand.
        split: Numbers of the training and of the test samples; either may be empty where points are placed by hand.
        target_scale: For regression on scaled data, the training targets' standard deviation: the network's unit.
    """

    def __init__(self, config: ExperimentConfig, table: Table | None = None) -> None:
        """
        Args:
            config: The experiment.
            table: The table of `config.table`; None if there is none.

        Raises:
            InvalidValueError: If the table is missing, or a formula has no value for a sample.
        """
        self._config = config
        self.spec: DataSpec = config.spec
        X, y = self._given(table)
        self.drawn_from = len(X)
        X, y = self._with_own_points(X, y)
        self.y = y
        self.split = self._parted()
        self.X = self._filled_in(X)
        self._center, self._scale = self._scaling()
        self._target_center, self.target_scale = self._target_scaling()
        if len(X):
            self._check_formulas()

    def seen_otherwise(self, config: ExperimentConfig) -> "ExperimentData":
        """Return the same samples, split and scaled alike, as another config's network and picture show them.

        Args:
            config: It differs in nothing that determines the samples.

        Raises:
            InvalidValueError: If a formula has no value for a sample.
        """
        other = copy(self)
        other._config = config
        old = self._config
        other._forget("_formulas", "targets")
        if _picture_of(config) != _picture_of(old):
            other._forget("projection", "places", "domain", "grid")
        if len(self.X) and config.formulas != old.formulas:
            other._check_formulas()
        return other

    def _forget(self, *properties: str) -> None:
        """Have cached properties computed anew."""
        for name in properties:
            self.__dict__.pop(name, None)

    # ----------------------------------------------------------------- points

    def _given(self, table: Table | None) -> tuple[Floats, NDArray[Any]]:
        """Return the data set's samples, with what was done to spoil them."""
        config, spec = self._config, self.spec
        if config.tf_points:
            points, _ = self._streamed
            X, y = points.X, points.y
        elif config.table is None:
            points = load(config.dataset, config.samples, config.noise, config.data_seed, config.dataset_options)
            X, y = points.X, points.y
        elif table is None:
            text = say("The table {name} is not here; choose its file again.", name=config.table.name)
            raise InvalidValueError(text, "table")
        else:
            X, y = samples(table, config.table)
        if not len(X):
            return X, y

        def chance(purpose: int) -> np.random.Generator:
            return np.random.default_rng([config.data_seed, purpose])

        classes = len(spec.classes)
        kept = class_balance(y, classes, config.balance, chance(1))
        y = flip_labels(y, classes, config.label_flips, chance(2))
        low, high = np.nanmin(X, axis=0), np.nanmax(X, axis=0)
        X, y = scatter_outliers(X, y, config.outliers, chance(3), low, high)
        return X[kept], y[kept]

    @cached_property
    def _streamed(self) -> tuple[DataSet, SeedRandom]:
        """The points that TensorFlow Playground has for its seed, and the chance that is left behind them."""
        config = self._config
        assert config.tf_seed is not None
        chance = SeedRandom(config.tf_seed)
        return load_streamed(config.dataset, config.samples, config.noise, chance), chance

    def weights_chance(self) -> SeedRandom:
        """Return the chance from which TensorFlow Playground then draws its first weights; for a `tf_seed` only."""
        return self._streamed[1].copy()

    def _with_own_points(self, X: Floats, y: NDArray[Any]) -> tuple[Floats, NDArray[Any]]:
        """Return the samples with those placed by hand behind them."""
        if not self._config.own_points:
            return X, y
        own = np.array(self._config.own_points)  # (points, 3)
        targets = own[:, 1] if self.curve and self.spec.regression else own[:, 2]
        return np.concatenate([X, own[:, : X.shape[1]]]), np.concatenate([y, targets.astype(y.dtype)])

    def _parted(self) -> Split:
        """Return the split: the data set's samples at random, those placed by hand in turns."""
        config, count = self._config, self.drawn_from
        erased = np.array(config.erased, np.intp)
        if count < 2:
            parts = Split(*[np.arange(0)] * 2)
        elif config.tf_split:
            parts = first_part(count, config.train_share)
        else:
            parts = split(count, config.train_share, config.split_seed)
        # The first is always learned from, so that two are enough to begin.
        turns = np.ceil(np.arange(len(config.own_points) + 1) * config.train_share - 1e-9)
        learned_from = np.diff(turns) > 0
        own = np.arange(count, count + len(config.own_points))
        train, test = (part[~np.isin(part, erased)] for part in parts)
        return Split(np.concatenate([train, own[learned_from]]), np.concatenate([test, own[~learned_from]]))

    def _filled_in(self, X: Floats) -> Floats:
        """Return the samples with the training samples' medians for what is missing."""
        if not np.isnan(X).any():
            return X
        train = X[self.split.train]
        medians = np.zeros(X.shape[1])
        known = ~np.isnan(train).all(axis=0)
        medians[known] = np.nanmedian(train[:, known], axis=0)
        return np.where(np.isnan(X), medians, X)

    def _scaling(self) -> tuple[Floats, Floats]:
        """Return what is taken from each column, and what it is divided by, as measured on the training samples."""
        train = self.X[self.split.train]
        center, scale = np.zeros(self.X.shape[1]), np.ones(self.X.shape[1])
        if self.spec.scaling == "none" or not len(train):
            return center, scale
        if self.spec.scaling == "standardize":
            center, scale = train.mean(axis=0), train.std(axis=0)
        else:
            center, scale = train.min(axis=0), np.ptp(train, axis=0)
        unscaled = ~np.array(self._config.table.scaled) if self._config.table else np.zeros(len(scale), bool)
        center[unscaled], scale[unscaled | (scale == 0)] = 0.0, 1.0
        return center, scale

    def _target_scaling(self) -> tuple[float, float]:
        """Return mean and standard deviation of the training targets where the data are scaled; else 0 and 1."""
        targets = self.y[self.split.train]
        if not self.spec.regression or self.spec.scaling == "none" or not len(targets):
            return 0.0, 1.0
        return float(targets.mean()), float(targets.std()) or 1.0

    def in_units(self, outputs: NDArray[Any]) -> NDArray[Any]:
        """Return the network's outputs in the target's own units."""
        return outputs * self.target_scale + self._target_center

    @cached_property
    def value_range(self) -> tuple[float, float]:
        """The values at the two ends of the colour scale of a regression: about 0, unless all are far from it."""
        shown = self.y[np.concatenate(self.split)]
        low, high = (float(shown.min()), float(shown.max())) if len(shown) else (-1.0, 1.0)
        if low < high and (low > 0 or high < 0):
            return low, high
        greatest = max(abs(low), abs(high)) or 1.0
        return -greatest, greatest

    @property
    def curve(self) -> bool:
        """Whether there is one measurement, so that the answer is a curve over it."""
        return len(self.spec.columns) == 1

    # ----------------------------------------------------------------- inputs

    @cached_property
    def _formulas(self) -> tuple[Formula, ...]:
        return tuple(Formula(text, columns=len(self.spec.columns)) for text in self._config.formulas)

    def _check_formulas(self) -> None:
        scaled = (self.X - self._center) / self._scale
        for formula in self._formulas:
            values = formula.evaluate(scaled)
            odd = np.flatnonzero(~(np.abs(values) <= _FARTHEST))
            if odd.size:
                at = ", ".join(f"x{n + 1} = {value:.3g}" for n, value in enumerate(scaled[odd[0]][:4]))
                text = say(
                    "{formula} is not a number from −1,000,000 to 1,000,000 for {odd} of {all} samples, as where {at}.",
                    formula=formula.text,
                    odd=odd.size,
                    all=len(values),
                    at=at,
                )
                raise InvalidValueError(text, "formulas")

    def inputs(self, X: Floats) -> Floats:
        """Return what the network is fed for samples (samples, columns): (samples, inputs)."""
        config = self._config
        return self._fed(X, config.fed_features, config.fed_columns, self._formulas)

    def offered_inputs(self, X: Floats) -> Floats:
        """Return all that could be fed, in the order of `offered`: (samples, offered)."""
        return self._fed(X, self._config.offered_features, self._config.offered_columns, self._formulas)

    def _fed(self, X: Floats, features: Sequence[str], columns: Sequence[int], formulas: Sequence[Formula]) -> Floats:
        scaled = (X - self._center) / self._scale
        x1, x2 = scaled[:, 0], scaled[:, -1]
        parts = [FEATURES[name].value(x1, x2) for name in features]
        parts += [scaled[:, column] for column in columns]
        parts += [formula.evaluate(scaled) for formula in formulas]
        fed = np.stack(parts, axis=1)  # (samples, inputs)
        return np.nan_to_num(fed, nan=0.0, posinf=_FARTHEST, neginf=-_FARTHEST).clip(-_FARTHEST, _FARTHEST)

    def named(self, features: Sequence[str], columns: Sequence[int]) -> list[tuple[str, str, str]]:
        """Return kind, name and label of inputs: features, then columns, then all formulas."""
        return [
            *(("feature", name, FEATURES[name].label) for name in features),
            *(("column", str(column), self.spec.columns[column]) for column in columns),
            *(("formula", formula.text, formula.label) for formula in self._formulas),
        ]

    @property
    def fed(self) -> list[tuple[str, str, str]]:
        """Kind, name and label of each input of the network."""
        return self.named(self._config.fed_features, self._config.fed_columns)

    @property
    def offered(self) -> list[tuple[str, str, str]]:
        """Kind, name and label of all that could be fed."""
        return self.named(self._config.offered_features, self._config.offered_columns)

    @cached_property
    def targets(self) -> Floats:
        """What the network's outputs are to be, (samples, outputs): 0 or 1, −1 or 1, one-hot rows, or values."""
        config = self._config
        if config.problem == "multiclass":
            return np.eye(len(self.spec.classes))[self.y.astype(np.intp)]
        values = self.y.astype(np.float64)[:, np.newaxis]
        if config.problem == "binary":
            return 2.0 * values - 1.0 if self.signed else values
        return (values - self._target_center) / self.target_scale

    @property
    def signed(self) -> bool:
        """Whether two classes are −1 and 1 at the output, rather than 0 and 1."""
        return self._config.output_entry.name in SIGNED_OUTPUTS

    # ---------------------------------------------------------------- picture

    @cached_property
    def projection(self) -> Projection:
        """How samples become points of the picture."""
        config, train = self._config, self.X[self.split.train]
        make = PROJECTIONS[config.shown_projection].value
        if not len(train):
            train = np.zeros((1, len(self.spec.columns)))
        rest = np.median(train, axis=0)
        if config.slice_sample is not None and config.slice_sample < len(self.X):
            rest = self.X[config.slice_sample]
        return make(train, config.drawn, rest, self.spec.columns, self._center, self._scale)

    @property
    def slice_text(self) -> str:
        """What part of the space of the measurements the picture shows, or ""."""
        sample = self._config.slice_sample
        known = sample is not None and sample < len(self.X)
        return self.projection.about(say("those of sample {number}", number=sample) if known else say("their medians"))

    @cached_property
    def places(self) -> Floats:
        """Where each sample is drawn, (samples, 2); with one measurement its target is drawn upwards."""
        if self.curve:
            return np.column_stack([self.X[:, 0], self.y])
        return self.projection.place(self.X)

    @property
    def axes(self) -> tuple[str, str]:
        """What is drawn across and up."""
        return (self.spec.columns[0], self.spec.target) if self.curve else self.projection.axes

    @cached_property
    def domain(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The part of the plane in the picture: ((left, right), (low, high))."""
        if self.spec.domain is not None and not self._config.many_columns:
            return self.spec.domain
        shown = self.places[np.concatenate(self.split)]
        return framed(shown[:, 0]), framed(shown[:, 1])

    @cached_property
    def grid(self) -> Floats:
        """The samples under the picture's pixels, (pixels, columns), row by row from the top."""
        (left, right), (low, high) = self.domain
        middle = (np.arange(GRID) + 0.5) / GRID  # the centre of each pixel
        across, up = np.meshgrid(left + middle * (right - left), high - middle * (high - low))
        return self.sample_at(np.column_stack([across.ravel(), up.ravel()]))

    def sample_at(self, places: Floats) -> Floats:
        """Return the sample at each place of the picture, in the data's units: (places, columns)."""
        return places[:, :1] if self.curve else self.projection.lift(places)
