"""The engine's tape against the textbook, and the pass that pictures are made from."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from bench import textbook
from bench._measuring import interleaved, machine, table
from playground.nn import SGD, Adam, Dense, Input, Probe, Sequential, TrainingLoop

TITLE = "Engine: training steps and boundaries"

SAMPLES = 500
ROUNDS = 400
GRID = 100


@dataclass(frozen=True)
class Case:
    """A network and how it is trained.

    Attributes:
        name: What the table calls it.
        sizes: Features, units of each layer.
        hidden: Activation of the hidden layers.
        output: Activation of the output layer.
        optimizer: "sgd" or "adam".
        batch_size: Samples a step.
    """

    name: str
    sizes: tuple[int, ...]
    hidden: str
    output: str
    optimizer: str
    batch_size: int


CASES = [
    Case("2-4-2-1, tanh, sigmoid, SGD, batch 10", (2, 4, 2, 1), "tanh", "sigmoid", "sgd", 10),
    Case("2-8×6-1, tanh, sigmoid, SGD, batch 10", (2, 8, 8, 8, 8, 8, 8, 1), "tanh", "sigmoid", "sgd", 10),
    Case("2-32-32-3, ReLU, softmax, Adam, batch 32", (2, 32, 32, 3), "relu", "softmax", "adam", 32),
]


def measure() -> str:
    counted = ROUNDS * 9 // 10
    return f"""A minibatch step in µs: median of {counted} epochs of {SAMPLES} samples in a shuffled order, each divided
by its steps (quartiles in brackets), with everything that an epoch takes. Textbook and tape take turns in one process
on one thread, and train the same weights to the same weights. The textbook, `bench/textbook.py`, is clear, idiomatic
NumPy.

{steps_table()}

The outputs of all neurons on a grid of {GRID} × {GRID} points in µs, one forward pass at the present weights: median
of {counted} (quartiles in brackets).

{boundary_table()}

{machine()}
"""


def steps_table() -> str:
    rows = []
    for case in CASES:
        tape, book = opponents(case)
        order = np.random.default_rng(2).permutation(SAMPLES)
        epochs = {"tape": partial(tape.run, order), "textbook": partial(book.run, order)}
        times = interleaved(epochs, ROUNDS, tape.steps_per_epoch)
        ratio = times["textbook"].median / times["tape"].median
        rows.append([case.name, str(times["tape"]), str(times["textbook"]), f"{ratio:.1f} ×"])
    return table(["network", "tape", "textbook", "ratio"], rows)


def opponents(case: Case) -> tuple[TrainingLoop, textbook.TrainingLoop]:
    """Return what trains by tape and by the book, from the same weights."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(SAMPLES, case.sizes[0])), targets(case.sizes[-1], rng)
    model = built(case)
    loss = "binary_crossentropy" if case.output == "sigmoid" else "categorical_crossentropy"
    model.compile(SGD(0.03) if case.optimizer == "sgd" else Adam(0.001), loss)
    loop = TrainingLoop(model, x, y, case.batch_size)
    update = textbook.SGD(0.03) if case.optimizer == "sgd" else textbook.Adam(0.001)
    network = textbook.Network(model.get_weights(), case.hidden, case.output, update)
    return loop, textbook.TrainingLoop(network, x, y, case.batch_size)


def targets(outputs: int, rng: np.random.Generator) -> np.ndarray:
    if outputs == 1:
        return rng.integers(0, 2, (SAMPLES, 1)).astype(float)
    return np.eye(outputs)[rng.integers(0, outputs, SAMPLES)]


def built(case: Case) -> Sequential:
    features, *hidden, outputs = case.sizes
    layers = [Dense(units, case.hidden) for units in hidden]
    model = Sequential([Input((features,)), *layers, Dense(outputs, case.output)])
    model.build(np.random.default_rng(1))
    return model


def boundary_table() -> str:
    axis = np.linspace(-6, 6, GRID)
    points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    rows = []
    for case in CASES:
        probes = {dtype.__name__: Probe(built(case), points, dtype).run for dtype in (np.float32, np.float64)}
        times = interleaved(probes, ROUNDS)
        ratio = times["float64"].median / times["float32"].median
        rows.append([case.name.split(",")[0], str(times["float32"]), str(times["float64"]), f"{ratio:.1f} ×"])
    return table(["network", "float32", "float64", "ratio"], rows)
