"""Where samples come from: data sets, their faults, input features, formulas, splits and scaling."""

from playground.data.datasets import DATASETS, TF_DATASETS, DataSet, DataSpec, describe, load, load_streamed
from playground.data.faults import class_balance, flip_labels, scatter_outliers
from playground.data.features import FEATURES
from playground.data.formulas import FUNCTIONS, MAX_FORMULAS, Formula
from playground.data.seedrandom import SeedRandom
from playground.data.splits import Split, first_part, split

__all__ = [
    "DATASETS",
    "FEATURES",
    "FUNCTIONS",
    "MAX_FORMULAS",
    "TF_DATASETS",
    "DataSet",
    "DataSpec",
    "Formula",
    "SeedRandom",
    "Split",
    "class_balance",
    "describe",
    "first_part",
    "flip_labels",
    "load",
    "load_streamed",
    "scatter_outliers",
    "split",
]
