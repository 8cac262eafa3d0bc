"""One experiment, deterministic: its config, its trainer, and what can be watched of it."""

from playground.training.config import (
    MAX_HIDDEN_LAYERS,
    MAX_SAMPLES,
    MAX_UNITS,
    SETTINGS,
    START_OVER,
    ExperimentConfig,
    LinkNote,
)
from playground.training.measurements import GRID, MEASUREMENTS
from playground.training.problems import PROBLEMS
from playground.training.trainer import Trainer

__all__ = [
    "GRID",
    "MAX_HIDDEN_LAYERS",
    "MAX_SAMPLES",
    "MAX_UNITS",
    "MEASUREMENTS",
    "PROBLEMS",
    "SETTINGS",
    "START_OVER",
    "ExperimentConfig",
    "LinkNote",
    "Trainer",
]
