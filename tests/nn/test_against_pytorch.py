"""Whole trainings against PyTorch's, recorded by tests/nn/references/record.py."""

import json
from pathlib import Path

import numpy as np
import pytest

from playground.nn import OPTIMIZERS, SCHEDULES, Dense, Input, Sequential, TrainingLoop, optimizers

RECORDED = json.loads((Path(__file__).parent / "references" / "pytorch.json").read_text())


def label(run):
    rate = run["optimizer"]["learning_rate"]
    return "-".join([run["optimizer"]["name"], rate["name"] if isinstance(rate, dict) else "", *run["optimizer"]])


@pytest.mark.parametrize("run", RECORDED["runs"], ids=label)
def test_200_steps_are_pytorchs(run):
    model = Sequential([Input((3,)), Dense(5, "tanh"), Dense(4, "tanh"), Dense(2)])
    model.set_weights(RECORDED["weights"])
    model.compile(optimizers.get(run["optimizer"]), "mean_squared_error")
    loop = TrainingLoop(model, RECORDED["x"], RECORDED["y"], RECORDED["batch_size"], measured=True)
    losses = []
    for _ in range(200):
        if not loop.steps_left:
            loop.begin_epoch()
            before = 0.0
        loop.step()
        done = loop.steps_per_epoch - loop.steps_left
        total = loop.means()["loss"] * done
        losses.append(total - before)
        before = total
    np.testing.assert_allclose(losses[::20], run["losses"], rtol=1e-9, atol=1e-12)
    for ours, theirs in zip(model.get_weights(), run["weights"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_every_optimizer_and_schedule_is_compared():
    compared = [optimizers.get(run["optimizer"]) for run in RECORDED["runs"]]
    assert {optimizer.entry.name for optimizer in compared} == set(OPTIMIZERS.names)
    assert {optimizer.schedule.entry.name for optimizer in compared if optimizer.schedule} == set(SCHEDULES.names)
