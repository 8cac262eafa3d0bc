"""Other libraries training the networks of bench/engine.py, each the way its own documentation shows.

A rival is made for a case and its data, and gives two functions: one trains an epoch in a given order, and one trains
some epochs by the library's own loop, or is None. Numbers are of the type that the library takes by default.
A library that is missing raises ImportError.
"""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from bench._cases import Case

Run = Callable[[np.ndarray], None]
Fit = Callable[[int], None]


def scikit_learn(case: Case, x: np.ndarray, y: np.ndarray) -> tuple[Run, Fit]:
    """scikit-learn's MLPClassifier: partial_fit for each batch, and fit."""
    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore", module="sklearn")  # it has not converged, which nobody asked for
    classes = y.argmax(axis=1) if y.shape[1] > 1 else y[:, 0].astype(int)
    options: dict[str, Any] = {
        "hidden_layer_sizes": case.sizes[1:-1],
        "activation": case.hidden,
        "solver": case.optimizer,
        "learning_rate_init": case.learning_rate,
        "momentum": 0,
        "alpha": 0,
        "batch_size": case.batch_size,
        "random_state": 0,
    }
    stepping, names = MLPClassifier(**options), np.unique(classes)
    stepping.partial_fit(x[: case.batch_size], classes[: case.batch_size], classes=names)

    def run(order: np.ndarray) -> None:
        for start in range(0, len(order), case.batch_size):
            batch = order[start : start + case.batch_size]
            stepping.partial_fit(x[batch], classes[batch])

    def fit(epochs: int) -> None:
        MLPClassifier(**options, max_iter=epochs, tol=0, n_iter_no_change=epochs + 1).fit(x, classes)

    return run, fit


def pytorch(case: Case, x: np.ndarray, y: np.ndarray) -> tuple[Run, None]:
    """PyTorch, eager: zero_grad, forward, backward, step."""
    import torch

    torch.set_num_threads(1)
    activation = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[case.hidden]
    layers: list[Any] = []
    for fan_in, units in zip(case.sizes[:-1], case.sizes[1:], strict=True):
        layers += [torch.nn.Linear(fan_in, units), activation()]
    model = torch.nn.Sequential(*layers[:-1])
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.optimizer]
    optimizer = kind(model.parameters(), lr=case.learning_rate)
    inputs = torch.tensor(x, dtype=torch.float32)
    if case.sizes[-1] == 1:
        loss_of, targets = torch.nn.BCEWithLogitsLoss(), torch.tensor(y, dtype=torch.float32)
    else:
        loss_of, targets = torch.nn.CrossEntropyLoss(), torch.tensor(y.argmax(axis=1))

    def run(order: np.ndarray) -> None:
        indices = torch.from_numpy(order)
        for start in range(0, len(order), case.batch_size):
            batch = indices[start : start + case.batch_size]
            optimizer.zero_grad()
            loss_of(model(inputs[batch]), targets[batch]).backward()
            optimizer.step()

    return run, None


def keras(case: Case, x: np.ndarray, y: np.ndarray) -> Fit:
    """Keras's fit, on the backend that KERAS_BACKEND names."""
    import keras

    if os.environ["KERAS_BACKEND"] == "torch":
        import torch

        torch.set_num_threads(1)
    *hidden, outputs = case.sizes[1:]
    model = keras.Sequential(
        [
            keras.Input((case.sizes[0],)),
            *[keras.layers.Dense(units, activation=case.hidden) for units in hidden],
            keras.layers.Dense(outputs, activation=case.output),
        ]
    )
    kind = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}[case.optimizer]
    loss = "binary_crossentropy" if outputs == 1 else "categorical_crossentropy"
    model.compile(kind(case.learning_rate), loss)
    inputs, targets = x.astype(np.float32), y.astype(np.float32)

    def fit(epochs: int) -> None:
        model.fit(inputs, targets, batch_size=case.batch_size, epochs=epochs, verbose=0)

    return fit


def beside_keras(backend: str, number: int) -> dict[str, list[float]] | None:
    """Return times of an epoch in µs of our fit and Keras's, taken in turns in a process of their own.

    A process has one backend, and it is told before Keras is imported. None where Keras or the backend is missing.
    """
    environment = {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-m", "bench._beside_keras", str(number)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        if "ModuleNotFoundError" in done.stderr:
            return None
        raise RuntimeError(done.stderr)
    times: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return times
