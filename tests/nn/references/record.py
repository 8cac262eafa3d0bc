"""Records trainings by PyTorch for tests/nn/test_against_pytorch.py: `python tests/nn/references/record.py`.

Needs the dependency group `reference`. Everything is float64, 200 steps from the same weights on the same batches.
Where PyTorch's formula differs from Keras's, the script says how it makes the two the same.
"""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

STEPS, BATCH, SAMPLES = 200, 8, 24
SIZES = (3, 5, 4, 2)

# Ours, as `to_config` has it; PyTorch's class; its arguments.
OPTIMIZERS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"name": "sgd", "learning_rate": 0.1}, "SGD", {"lr": 0.1}),
    ({"name": "sgd", "learning_rate": 0.05, "momentum": 0.9}, "SGD", {"lr": 0.05, "momentum": 0.9}),
    (
        {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "nesterov": 1},
        "SGD",
        {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    ),
    # Keras adds epsilon under the root and PyTorch to the root, so it is 0 here.
    (
        {"name": "adagrad", "learning_rate": 0.1, "initial_accumulator_value": 0.1, "epsilon": 0},
        "Adagrad",
        {"lr": 0.1, "initial_accumulator_value": 0.1, "eps": 0},
    ),
    (
        {"name": "rmsprop", "learning_rate": 0.01, "rho": 0.9, "epsilon": 0},
        "RMSprop",
        {"lr": 0.01, "alpha": 0.9, "eps": 0},
    ),
    (
        {"name": "rmsprop", "learning_rate": 0.005, "rho": 0.9, "momentum": 0.5, "epsilon": 0},
        "RMSprop",
        {"lr": 0.005, "alpha": 0.9, "momentum": 0.5, "eps": 0},
    ),
    ({"name": "adam", "learning_rate": 0.01}, "Adam", {"lr": 0.01, "eps": 1e-7}),
    (
        {"name": "adam", "learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3},
        "Adam",
        {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-3},
    ),
    (
        {"name": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
        "AdamW",
        {"lr": 0.01, "weight_decay": 0.1, "eps": 1e-7},
    ),
    # With momentum_decay=1 PyTorch's momentum is 0.96 ** t, as Keras has it.
    ({"name": "nadam", "learning_rate": 0.01}, "NAdam", {"lr": 0.01, "eps": 1e-7, "momentum_decay": 1}),
    ({"name": "sgd", "learning_rate": 0.1, "clipvalue": 0.02}, "SGD", {"lr": 0.1}),
    ({"name": "sgd", "learning_rate": 0.1, "global_clipnorm": 0.1}, "SGD", {"lr": 0.1}),
]

SCHEDULES: list[tuple[dict[str, Any], Callable[[Any], Any]]] = [
    ({"name": "constant"}, lambda optimizer: torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1)),
    (
        {"name": "time_based", "decay_steps": 50, "decay_rate": 2},
        lambda optimizer: torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + 2 * step / 50)),
    ),
    (
        {"name": "step", "decay_steps": 30, "decay_rate": 0.7},
        lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 30, 0.7),
    ),
    (
        {"name": "exponential", "decay_steps": 40, "decay_rate": 0.5},
        lambda optimizer: torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5 ** (1 / 40)),
    ),
    (
        {"name": "cosine", "decay_steps": STEPS, "alpha": 0.1},
        lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS, eta_min=0.1 * 0.2),
    ),
]


def main() -> None:
    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(SAMPLES, SIZES[0])).round(3)
    y = rng.uniform(-1, 1, size=(SAMPLES, SIZES[-1])).round(3)
    weights = []
    for fan_in, units in pairwise(SIZES):
        weights += [rng.normal(size=(fan_in, units)).round(3).tolist(), rng.normal(size=units).round(3).tolist()]
    runs = [run(ours, kind, options, None, x, y, weights) for ours, kind, options in OPTIMIZERS]
    for schedule, make in SCHEDULES:
        ours = {"name": "sgd", "learning_rate": {**schedule, "initial_learning_rate": 0.2}}
        runs.append(run(ours, "SGD", {"lr": 0.2}, make, x, y, weights))
        # Adam puts the rate of each step to use as it is, so schedules can be compared there too.
        ours = {"name": "adam", "learning_rate": {**schedule, "initial_learning_rate": 0.2}}
        runs.append(run(ours, "Adam", {"lr": 0.2, "eps": 1e-7}, make, x, y, weights))
    recorded = {
        "made_by": f"PyTorch {torch.__version__.partition('+')[0]}",
        "x": x.tolist(),
        "y": y.tolist(),
        "batch_size": BATCH,
        "weights": weights,
        "runs": runs,
    }
    path = Path(__file__).with_name("pytorch.json")
    path.write_text(json.dumps(recorded) + "\n")


def run(
    ours: dict[str, Any],
    kind: str,
    options: dict[str, Any],
    schedule: Callable[[Any], Any] | None,
    x: np.ndarray,
    y: np.ndarray,
    weights: list[Any],
) -> dict[str, Any]:
    parameters = [torch.tensor(array, requires_grad=True) for array in weights]
    optimizer = getattr(torch.optim, kind)(parameters, **options)
    scheduler = schedule(optimizer) if schedule else None
    inputs, targets = torch.tensor(x), torch.tensor(y)
    losses = []
    for step in range(STEPS):
        start = step * BATCH % SAMPLES
        a = inputs[start : start + BATCH]
        for kernel, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            a = torch.tanh(a @ kernel + bias)
        outputs = a @ parameters[-2] + parameters[-1]
        loss = ((outputs - targets[start : start + BATCH]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        if "clipvalue" in ours:
            torch.nn.utils.clip_grad_value_(parameters, ours["clipvalue"])
        if "global_clipnorm" in ours:
            clip_global(parameters, ours["global_clipnorm"])
        if kind in ("Adam", "AdamW"):
            # Keras leaves epsilon out of the correction of v, so PyTorch's has to undo it.
            beta_2 = optimizer.param_groups[0]["betas"][1]
            optimizer.param_groups[0]["eps"] = options["eps"] / (1 - beta_2 ** (step + 1)) ** 0.5
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    return {"optimizer": ours, "losses": losses[::20], "weights": [parameter.tolist() for parameter in parameters]}


def clip_global(parameters: list[Any], limit: float) -> None:
    """PyTorch's own adds 1e-6 to the norm."""
    norm = torch.sqrt(sum((parameter.grad**2).sum() for parameter in parameters))
    if norm > limit:
        for parameter in parameters:
            parameter.grad *= limit / norm


if __name__ == "__main__":
    main()
