"""One experiment, deterministic: its config, its trainer, and what can be watched of it."""

from playground.training.config import ExperimentConfig
from playground.training.experiment_data import GRID
from playground.training.measurements import MEASUREMENTS
from playground.training.problems import PROBLEMS
from playground.training.settings import MAX_HIDDEN_LAYERS, MAX_OWN_POINTS, MAX_SAMPLES, MAX_UNITS, SETTINGS
from playground.training.stopping import StopRule
from playground.training.trainer import Trainer

__all__ = [
    "GRID",
    "MAX_HIDDEN_LAYERS",
    "MAX_OWN_POINTS",
    "MAX_SAMPLES",
    "MAX_UNITS",
    "MEASUREMENTS",
    "PROBLEMS",
    "SETTINGS",
    "ExperimentConfig",
    "StopRule",
    "Trainer",
]
