"""Whole fits against Keras's, recorded by tests/nn/references/record_keras.py, to the float32 that Keras reports in."""

import json
from pathlib import Path

import numpy as np
import pytest

from playground import nn as keras

RECORDED = json.loads((Path(__file__).parent / "references" / "keras.json").read_text())


@pytest.mark.parametrize("run", RECORDED["runs"], ids=lambda run: f"{run['optimizer']}-{'-'.join(run['options'])}")
def test_the_same_script_gives_the_same_history_and_weights(run):
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(5, activation="gelu", kernel_regularizer=keras.regularizers.L1L2(0.001, 0.002)),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(4, activation="selu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.set_weights(run["first"])
    optimizer = getattr(keras.optimizers, run["optimizer"])(**run["options"])
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(
        RECORDED["x"],
        RECORDED["y"],
        batch_size=16,
        epochs=4,
        shuffle=False,
        verbose=0,
        validation_split=0.2,
        class_weight={0: 1.0, 1: 2.0},
    ).history
    assert set(history) == set(run["history"])
    for name, values in history.items():
        np.testing.assert_allclose(values, run["history"][name], rtol=2e-6, atol=1e-6)
    for ours, theirs in zip(model.get_weights(), run["last"], strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-6)
