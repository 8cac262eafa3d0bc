"""Layers: what a network is made of.

A layer may be called on what flows out of other layers, which gives a symbolic `Tensor`; networks are made from
these. Shapes are those of one sample, without the batch axis.
"""

from playground.nn.layers.core import Activation, Dense, Flatten, Input, InputLayer
from playground.nn.layers.dropout import Dropout
from playground.nn.layers.layer import LAYERS, Layer, Shape, Tensor, assign, from_config
from playground.nn.layers.merging import Add, Concatenate, add, concatenate
from playground.nn.layers.normalization import BatchNormalization

__all__ = [
    "LAYERS",
    "Activation",
    "Add",
    "BatchNormalization",
    "Concatenate",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Layer",
    "Shape",
    "Tensor",
    "add",
    "assign",
    "concatenate",
    "from_config",
]
