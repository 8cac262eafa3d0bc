"""A neural-network engine on NumPy, small, exact and fast, with Keras's names."""

from playground.nn.activations import ACTIVATIONS, Activation
from playground.nn.initializers import INITIALIZERS, Initializer
from playground.nn.layers import Dense, Input
from playground.nn.loops import BATCH_SIZE, Evaluation, Evaluator, Probe, TrainingLoop
from playground.nn.losses import LOSSES, Loss
from playground.nn.metrics import accuracy
from playground.nn.models import History, Sequential
from playground.nn.optimizers import OPTIMIZERS, SGD, Adam, Optimizer
from playground.nn.regularizers import L1, L2, REGULARIZERS, Regularizer

__all__ = [
    "ACTIVATIONS",
    "BATCH_SIZE",
    "INITIALIZERS",
    "L1",
    "L2",
    "LOSSES",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SGD",
    "Activation",
    "Adam",
    "Dense",
    "Evaluation",
    "Evaluator",
    "History",
    "Initializer",
    "Input",
    "Loss",
    "Optimizer",
    "Probe",
    "Regularizer",
    "Sequential",
    "TrainingLoop",
    "accuracy",
]
