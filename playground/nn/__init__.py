"""A neural-network engine on NumPy, small, exact and fast, with Keras's names."""

from playground.nn import (
    activations,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    schedules,
)
from playground.nn.activations import ACTIVATIONS, Activation
from playground.nn.initializers import INITIALIZERS, Initializer
from playground.nn.layers import Dense, Input
from playground.nn.loops import BATCH_SIZE, Evaluation, Evaluator, Probe, TrainingLoop
from playground.nn.losses import LOSSES, Loss
from playground.nn.metrics import accuracy
from playground.nn.models import History, Sequential
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
    "LOSSES",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SCHEDULES",
    "SGD",
    "Activation",
    "AdaGrad",
    "Adam",
    "AdamW",
    "Dense",
    "Evaluation",
    "Evaluator",
    "History",
    "Initializer",
    "Input",
    "Loss",
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
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "schedules",
]
