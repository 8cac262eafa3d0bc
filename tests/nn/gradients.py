"""The gradient of the engine, found from outside, and compared with central differences."""

from collections.abc import Sequence

import numpy as np

from playground.nn import SGD, Dense, Evaluator, Input, Sequential, TrainingLoop


def targets_for(loss: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return targets (samples, outputs) that fit the loss."""
    samples, outputs = shape
    if loss == "binary_crossentropy":
        return rng.integers(0, 2, shape).astype(float)
    if loss == "categorical_crossentropy":
        return np.eye(outputs)[rng.integers(0, outputs, samples)]
    if loss == "sparse_categorical_crossentropy":
        return rng.integers(0, outputs, samples).astype(float)
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], shape)
    return rng.uniform(-1, 1, shape)


def gradient_of(model: Sequential, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the gradient by which one step of plain descent with learning rate 1 moves the parameters."""
    before = model.parameters.copy()
    model.compile(SGD(learning_rate=1), model.loss)
    TrainingLoop(model, x, y, len(x)).run()
    gradient = before - model.parameters
    model.parameters[...] = before
    return gradient


def central_differences(model: Sequential, x: np.ndarray, y: np.ndarray, width: float = 1e-5) -> np.ndarray:
    """Return the gradient of the loss, regularization included, from losses alone."""
    evaluator, parameters = Evaluator(model, x, y), model.parameters
    gradient = np.empty_like(parameters)
    for index, value in enumerate(parameters.copy()):
        parameters[index] = value + width
        above = evaluator.measure().loss
        parameters[index] = value - width
        below = evaluator.measure().loss
        parameters[index] = value
        gradient[index] = (above - below) / (2 * width)
    return gradient


def check_gradient(sizes: Sequence[int], activations: Sequence, loss: str, regularizers: Sequence = ()) -> None:
    """Check that the gradient of a network with random weights is that of its loss."""
    rng = np.random.default_rng(7)
    layers = [Dense(units, activation) for units, activation in zip(sizes[1:], activations, strict=True)]
    for layer, regularizer in zip(layers, regularizers, strict=False):
        layer.kernel_regularizer = regularizer
    model = Sequential([Input((sizes[0],)), *layers])
    model.build(rng)
    model.parameters[...] = rng.uniform(-0.8, 0.8, model.count_params())
    model.compile("sgd", loss)
    x = rng.normal(size=(6, sizes[0]))
    y = targets_for(loss, (6, sizes[-1]), rng)
    expected = central_differences(model, x, y)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(gradient_of(model, x, y), expected, rtol=1e-6, atol=1e-9)
