"""Every choice of every menu trains, whatever the registries offer."""

import numpy as np
import pytest

from playground.data import DATASETS
from playground.nn import ACTIVATIONS, LOSSES
from playground.training import PROBLEMS, ExperimentConfig, Trainer
from playground.training.setting_kinds import Choice
from playground.training.settings import BY_NAME

MENUS = [setting for setting in BY_NAME.values() if isinstance(setting, Choice) and setting.name != "dataset"]
ONE_OF_EACH_PROBLEM = {
    "binary": ExperimentConfig(samples=60, learning_rate=0.01),
    "multiclass": ExperimentConfig(dataset="blobs", samples=60, learning_rate=0.01),
    "regression": ExperimentConfig(dataset="plane", samples=60, learning_rate=0.01),
}
OF_THE_DATA = {"output_activation", "loss"}  # the menus that depend on them
CHOICES = [(menu.name, name) for menu in MENUS if menu.name not in OF_THE_DATA for name in menu.registry.names]
COMBINATIONS = [
    (problem, output, loss)
    for problem, config in ONE_OF_EACH_PROBLEM.items()
    for output in PROBLEMS[problem].output_activations
    for loss in config.changed({"output_activation": output}).fitting_losses
]


def check_that_it_trains(config):
    trainer = Trainer(config)
    first = trainer.losses().training_loss
    for _ in range(3):
        trainer.train_epoch()
    assert np.isfinite(trainer.losses()[:4]).all()
    assert trainer.losses().training_loss != first
    assert all(np.isfinite(layer).all() for layer in trainer.picture())


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(("setting", "name"), CHOICES)
def test_a_choice_trains_and_is_drawn(setting, name, problem):
    changes = {"regularization_rate": 0.01} if setting == "regularization" else {}
    check_that_it_trains(ONE_OF_EACH_PROBLEM[problem].changed({setting: name, **changes}))


@pytest.mark.parametrize(("problem", "output", "loss"), COMBINATIONS)
def test_every_loss_that_is_offered_for_an_output_trains(problem, output, loss):
    check_that_it_trains(ONE_OF_EACH_PROBLEM[problem].changed({"output_activation": output, "loss": loss}))


def test_every_loss_and_output_of_the_menus_is_offered_for_some_data():
    offered = {menu.name: set(menu.registry.names) for menu in MENUS}
    assert {output for _, output, _ in COMBINATIONS} == offered["output_activation"]
    assert {loss for _, _, loss in COMBINATIONS} == offered["loss"]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_an_output_always_has_a_loss_that_suits_it(problem):
    for output in PROBLEMS[problem].output_activations:
        config = ONE_OF_EACH_PROBLEM[problem].changed({"output_activation": output})
        assert config.loss_entry.name in config.fitting_losses
    assert ONE_OF_EACH_PROBLEM[problem].loss_entry.name == PROBLEMS[problem].loss


def test_what_only_scripts_can_use_is_not_on_a_menu():
    offered = {menu.name: set(menu.registry.names) for menu in MENUS}
    assert not offered["activation"] & {"step", "softmax"}
    assert "sparse_categorical_crossentropy" not in offered["loss"]
    assert {entry.name for entry in LOSSES if entry.traits["problems"]} == offered["loss"]
    assert offered["output_activation"] < {entry.name for entry in ACTIVATIONS}
    assert all(ExperimentConfig(dataset=name).problem in PROBLEMS for name in DATASETS.names)
