"""Where samples come from: data sets, their faults, input features, formulas, splits and scaling."""

from playground.data.datasets import DATASETS, DataSet, DataSpec, describe, load
from playground.data.faults import class_balance, flip_labels, scatter_outliers
from playground.data.features import FEATURES
from playground.data.formulas import FUNCTIONS, MAX_FORMULAS, Formula
from playground.data.splits import Split, split

__all__ = [
    "DATASETS",
    "FEATURES",
    "FUNCTIONS",
    "MAX_FORMULAS",
    "DataSet",
    "DataSpec",
    "Formula",
    "Split",
    "class_balance",
    "describe",
    "flip_labels",
    "load",
    "scatter_outliers",
    "split",
]
