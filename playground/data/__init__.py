"""Where samples come from: data sets, input features, splits and scaling."""

from playground.data.datasets import DATASETS, DataSet, load
from playground.data.features import FEATURES
from playground.data.splits import Split, split

__all__ = ["DATASETS", "FEATURES", "DataSet", "Split", "load", "split"]
