"""A neural-network engine on NumPy, small, exact and fast, with Keras's names."""

from playground.nn import (
    activations,
    callbacks,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    schedules,
    utils,
)
from playground.nn.activations import ACTIVATIONS, Activation
from playground.nn.callbacks import Callback, History
from playground.nn.initializers import INITIALIZERS, Initializer
from playground.nn.layers import (
    LAYERS,
    Add,
    BatchNormalization,
    Concatenate,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
)
from playground.nn.loops import BATCH_SIZE, Evaluation, Evaluator, Probe, TrainingLoop
from playground.nn.losses import LOSSES, Loss
from playground.nn.metrics import METRICS, Metric, accuracy
from playground.nn.models import Model, Sequential, load_model
from playground.nn.optimizers import OPTIMIZERS, SGD, AdaGrad, Adam, AdamW, Nadam, Optimizer, RMSprop
from playground.nn.regularizers import L1, L1L2, L2, REGULARIZERS, Regularizer
from playground.nn.schedules import SCHEDULES, Schedule

__all__ = [
    "ACTIVATIONS",
    "BATCH_SIZE",
    "INITIALIZERS",
    "L1",
    "L1L2",
    "L2",
    "LAYERS",
    "LOSSES",
    "METRICS",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SCHEDULES",
    "SGD",
    "Activation",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Add",
    "BatchNormalization",
    "Callback",
    "Concatenate",
    "Dense",
    "Dropout",
    "Evaluation",
    "Evaluator",
    "Flatten",
    "History",
    "Initializer",
    "Input",
    "Layer",
    "Loss",
    "Metric",
    "Model",
    "Nadam",
    "Optimizer",
    "Probe",
    "RMSprop",
    "Regularizer",
    "Schedule",
    "Sequential",
    "TrainingLoop",
    "accuracy",
    "activations",
    "callbacks",
    "initializers",
    "layers",
    "load_model",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "schedules",
    "utils",
]
