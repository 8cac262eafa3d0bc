"""Every choice of every menu trains, whatever the registries offer."""

import numpy as np
import pytest

from playground.data import DATASETS
from playground.nn import LOSSES
from playground.training import ExperimentConfig, Trainer
from playground.training.config import BY_NAME
from playground.training.settings import Choice

MENUS = [setting for setting in BY_NAME.values() if isinstance(setting, Choice) and setting.name != "dataset"]
ONE_OF_EACH_PROBLEM = {ExperimentConfig(dataset=name).problem: name for name in DATASETS.names}.values()
CHOICES = [(menu.name, name) for menu in MENUS for name in menu.registry.names]


@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_a_choice_trains_and_is_drawn(setting, name):
    trained = 0
    for dataset in ONE_OF_EACH_PROBLEM:
        changes = {setting: name, "dataset": dataset, "samples": 60, "learning_rate": 0.01}
        if setting == "regularization":
            changes["regularization_rate"] = 0.01
        if setting == "loss" and ExperimentConfig(dataset=dataset).problem not in LOSSES[name].traits["problems"]:
            continue  # the only menu that depends on the data
        trainer = Trainer(ExperimentConfig().changed(changes))
        first = trainer.losses().training_loss
        for _ in range(2):
            trainer.train_epoch()
        assert np.isfinite(trainer.losses()).all()
        assert trainer.losses().training_loss != first
        assert all(np.isfinite(layer).all() for layer in trainer.picture())
        trained += 1
    assert trained


def test_what_only_scripts_can_use_is_not_on_a_menu():
    offered = {menu.name: set(menu.registry.names) for menu in MENUS}
    assert not offered["activation"] & {"step", "softmax"}
    assert not offered["loss"] & {"hinge", "perceptron", "sparse_categorical_crossentropy"}
