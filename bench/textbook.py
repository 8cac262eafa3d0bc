"""The textbook way to train a dense network in NumPy: what the engine is measured against.

Clear and idiomatic, as a good tutorial writes it: batch first, one line for each formula, no buffers.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Update: TypeAlias = Callable[[list[Array], list[Array]], None]


def relu(z: Array) -> Array:
    return np.maximum(z, 0)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def tanh_slope(a: Array) -> Array:
    return 1 - a**2


def relu_slope(a: Array) -> Array:
    return a > 0


ACTIVATIONS = {"tanh": (np.tanh, tanh_slope), "relu": (relu, relu_slope)}
OUTPUTS = {"sigmoid": sigmoid, "softmax": softmax}


class Network:
    """A dense network whose output and loss are sigmoid or softmax and their cross-entropy."""

    def __init__(self, weights: Sequence[Array], activation: str, output: str, update: Update) -> None:
        self.kernels, self.biases = list(weights[::2]), list(weights[1::2])
        self.activation, self.slope = ACTIVATIONS[activation]
        self.output = OUTPUTS[output]
        self.update = update

    def forward(self, x: Array) -> list[Array]:
        outputs = [x]
        for kernel, bias in zip(self.kernels[:-1], self.biases[:-1], strict=True):
            outputs.append(self.activation(outputs[-1] @ kernel + bias))
        outputs.append(self.output(outputs[-1] @ self.kernels[-1] + self.biases[-1]))
        return outputs

    def step(self, x: Array, y: Array) -> None:
        outputs = self.forward(x)
        dz = (outputs[-1] - y) / len(x)  # (batch, units)
        gradients = []
        for index in reversed(range(len(self.kernels))):
            a = outputs[index]
            gradients += [dz.sum(axis=0), a.T @ dz]  # (units,), (fan_in, units)
            if index > 0:
                dz = dz @ self.kernels[index].T * self.slope(a)  # (batch, fan_in)
        parameters = [array for pair in zip(self.kernels, self.biases, strict=True) for array in pair]
        self.update(parameters, gradients[::-1])


class TrainingLoop:
    """Trains a network on fixed data, minibatch by minibatch."""

    def __init__(self, network: Network, x: Array, y: Array, batch_size: int) -> None:
        self.network, self.x, self.y, self.batch_size = network, x, y, batch_size

    def run(self, order: Array) -> None:
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            self.network.step(self.x[batch], self.y[batch])


class SGD:
    """Gradient descent."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate

    def __call__(self, parameters: list[Array], gradients: list[Array]) -> None:
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter -= self.learning_rate * gradient


class Adam:
    """Adaptive moments, in the form that Keras has."""

    def __init__(self, learning_rate: float, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7) -> None:
        self.learning_rate, self.beta_1, self.beta_2, self.epsilon = learning_rate, beta_1, beta_2, epsilon
        self.moments: list[tuple[Array, Array]] = []
        self.iterations = 0

    def __call__(self, parameters: list[Array], gradients: list[Array]) -> None:
        self.moments = self.moments or [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
        self.iterations += 1
        bias_1, bias_2 = 1 - self.beta_1**self.iterations, 1 - self.beta_2**self.iterations
        rate = self.learning_rate * np.sqrt(bias_2) / bias_1
        for parameter, gradient, (m, v) in zip(parameters, gradients, self.moments, strict=True):
            m += (1 - self.beta_1) * (gradient - m)
            v += (1 - self.beta_2) * (gradient**2 - v)
            parameter -= rate * m / (np.sqrt(v) + self.epsilon)
