"""The engine's tape against the textbook and against other libraries, and the pass that pictures are made from."""

import math
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from bench import _rivals, textbook
from bench._cases import CASES, SAMPLES, Case, built, compiled, data
from bench._measuring import Timing, interleaved, machine, table, timing
from playground.nn import Probe, TrainingLoop

TITLE = "Engine: training steps, epochs and boundaries"

ROUNDS = 40
EPOCH_ROUNDS = 6
FITTED = 100
GRID = 100
TURN_S = 0.01

__all__ = ["CASES", "SAMPLES", "measure", "opponents"]


def measure() -> str:
    counted = ROUNDS * 9 // 10
    return f"""A minibatch step in µs: median of {counted} turns of at least {1000 * TURN_S:.0f} ms, in
epochs of {SAMPLES} samples (the last network: 200) in a shuffled order (quartiles in brackets), with everything that an
epoch takes. All take turns
in one process on one thread; behind each rival is how many times as long as the tape it takes. Textbook and tape train
the same weights to the same weights. The textbook, `bench/textbook.py`, is clear, idiomatic NumPy; the libraries train
by their own means (`bench/_rivals.py`): scikit-learn by `partial_fit`, PyTorch eagerly. scikit-learn, the textbook and
the tape compute in float64, PyTorch and Keras in float32.

{steps_table()}

An epoch with its shuffle and its losses in µs: the tape by `fit`, and likewise scikit-learn and Keras, {FITTED} epochs
a call, whose time is divided by them (quartiles in brackets). Keras takes turns with the tape in a process for each
backend, and is compared with that.

{epochs_table()}

The outputs of all neurons on a grid of {GRID} × {GRID} points in µs, one forward pass at the present weights: median
of {counted} (quartiles in brackets). The textbook is float64.

{boundary_table()}

{machine()}
"""


def steps_table() -> str:
    rows = []
    for case in CASES:
        tape, book = opponents(case)
        order = np.random.default_rng(2).permutation(case.samples)
        runs: dict[str, Callable[[Any], object]] = {"tape": tape.run, "textbook": book.run}
        for name, make in (("scikit-learn", _rivals.scikit_learn), ("PyTorch", _rivals.pytorch)):
            if (rival := _made(make, case)) is not None:
                runs[name] = rival[0]
        repeats = {name: _fill_a_turn(partial(run, order)) for name, run in runs.items()}
        turns = {name: partial(_repeated, run, order, repeats[name]) for name, run in runs.items()}
        rounds = ROUNDS if case.sizes[1] < 100 else ROUNDS // 2
        times = interleaved(turns, rounds, {name: tape.steps_per_epoch * count for name, count in repeats.items()})
        rivals = [_beside(times, name) for name in ("textbook", "scikit-learn", "PyTorch")]
        rows.append([case.name, str(times["tape"]), *rivals])
    return table(["network", "tape", "textbook", "scikit-learn", "PyTorch eager"], rows)


def epochs_table() -> str:
    rows = []
    for number, case in enumerate(CASES):
        x, y = data(case)
        model = compiled(case)
        calls: dict[str, Callable[[], object]] = {
            "tape": partial(model.fit, x, y, case.batch_size, FITTED, 0),
        }
        if (rival := _made(_rivals.scikit_learn, case)) is not None:
            calls["scikit-learn"] = partial(rival[1], FITTED)
        times = interleaved(calls, EPOCH_ROUNDS, FITTED)
        row = [case.name, str(times["tape"]), _beside(times, "scikit-learn")]
        for backend in ("jax", "torch"):
            taken = _rivals.beside_keras(backend, number)
            if taken is None:
                row.append("not installed")
            else:
                ratio = median(taken["keras"]) / median(taken["ours"])
                row.append(f"{timing(taken['keras'])}: {ratio:.0f} ×")
        rows.append(row)
    return table(["network", "tape", "scikit-learn `fit`", "Keras on JAX", "Keras on PyTorch"], rows)


def _fill_a_turn(epoch: Callable[[], object]) -> int:
    """Return how many epochs fill a turn."""
    epoch()
    start = time.perf_counter()
    epoch()
    return max(1, math.ceil(TURN_S / (time.perf_counter() - start)))


def _repeated(run: Callable[[np.ndarray], object], order: np.ndarray, repeats: int) -> None:
    """Train some epochs, so that a turn is long enough not to be about what the last one left in the caches."""
    for _ in range(repeats):
        run(order)


def _made(make: Callable[..., Any], case: Case) -> Any:
    """Return a rival, or None where its library is missing."""
    try:
        return make(case, *data(case))
    except ImportError:
        return None


def _beside(times: dict[str, Timing], name: str) -> str:
    if name not in times:
        return "not installed"
    return f"{times[name]}: {times[name].median / times['tape'].median:.1f} ×"


def opponents(case: Case) -> tuple[TrainingLoop, textbook.TrainingLoop]:
    """Return what trains by tape and by the book, from the same weights."""
    x, y = data(case)
    model = compiled(case)
    loop = TrainingLoop(model, x, y, case.batch_size)
    update = (textbook.SGD if case.optimizer == "sgd" else textbook.Adam)(case.learning_rate)
    network = textbook.Network(model.get_weights(), case.hidden, case.output, update)
    return loop, textbook.TrainingLoop(network, x, y, case.batch_size)


def boundary_table() -> str:
    axis = np.linspace(-6, 6, GRID)
    plane = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    rows = []
    for case in CASES:
        points = np.hstack([plane, np.zeros((len(plane), case.sizes[0] - 2))])
        model = built(case)
        book = textbook.Network(model.get_weights(), case.hidden, case.output, textbook.SGD(0.1))
        passes: dict[str, Callable[[], object]] = {
            "float32": Probe(model, points, np.float32).run,
            "tape": Probe(model, points, np.float64).run,
            "textbook": partial(book.forward, points),
        }
        times = interleaved(passes, ROUNDS if case.sizes[1] < 100 else ROUNDS // 2)
        ratio = times["textbook"].median / times["float32"].median
        rows.append(
            [case.name.split(",")[0], str(times["float32"]), str(times["tape"]), f"{times['textbook']}: {ratio:.1f} ×"]
        )
    return table(["network", "tape, float32", "tape, float64", "textbook, beside float32"], rows)
