"""Whole trainings against TensorFlow Playground's own engine, recorded.

Its L2 penalty is half of ours.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from playground.nn import L2, SGD, Dense, Evaluator, Input, Sequential, TrainingLoop

RECORDED = json.loads(Path(__file__).with_name("nn_ts.json").read_text())


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: "-".join(map(str, recorded["layers"])))
def test_training_follows_tensorflow_playground(recorded):
    features, *hidden, outputs = recorded["layers"]
    regularizer = L2(recorded["regularizationRate"] / 2) if recorded["regularization"] == "L2" else None
    activations = [*[recorded["activation"]] * len(hidden), recorded["outputActivation"]]
    model = Sequential(
        [
            Input((features,)),
            *[
                Dense(units, activation, kernel_regularizer=regularizer)
                for units, activation in zip([*hidden, outputs], activations, strict=True)
            ],
        ]
    )
    model.build()
    model.set_weights(weights_of(recorded["weights"], recorded["biases"]))
    model.compile(SGD(recorded["learningRate"]), "half_squared_error")
    loop = TrainingLoop(model, recorded["X"], recorded["y"], recorded["batchSize"])
    evaluator = Evaluator(model, recorded["X"], recorded["y"])
    losses = []
    for _ in range(recorded["epochs"]):
        loop.run()
        losses.append(evaluator.measure().data_loss)
    result = recorded["result"]
    np.testing.assert_allclose(losses, result["losses"], rtol=1e-10)
    for ours, theirs in zip(model.get_weights(), weights_of(result["weights"], result["biases"]), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def weights_of(kernels, biases):
    """Return Keras's list of weights from kernels (units, fan_in) and biases."""
    return [
        np.array(array) for kernel, bias in zip(kernels, biases, strict=True) for array in (np.transpose(kernel), bias)
    ]
