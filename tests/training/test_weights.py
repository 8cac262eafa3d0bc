"""Weights that a person edits, freezes, or keeps while the network's shape changes."""

import numpy as np
import pytest

from playground.errors import DivergedError, InvalidValueError
from playground.nn import OPTIMIZERS
from playground.training import ExperimentConfig, Trainer


def trained(epochs=3, **fields):
    trainer = Trainer(ExperimentConfig(**{"samples": 60, "hidden": (4, 2), **fields}))
    for _ in range(epochs):
        trainer.train_epoch()
    return trainer


def train_checked(trainer, epochs):
    for _ in range(epochs):
        trainer.train_epoch()
        trainer.checked_losses()


# --------------------------------------------------------------------------- editing


def test_an_edit_shows_in_the_losses_at_once():
    trainer = trained()
    before = trainer.losses()
    old = trainer.model.get_weights()[2][3, 1]
    assert trainer.edit(2, 3, 1, 5.0) == old
    assert trainer.losses() != before
    assert trainer.model.get_weights()[2][3, 1] == 5.0
    trainer.edit(2, 3, 1, old)
    assert trainer.losses() == before


def test_a_bias_is_edited_too():
    trainer = trained()
    trainer.edit(3, None, 0, -1.5)
    assert trainer.model.get_weights()[-1].tolist() == [-1.5]


def test_an_edited_network_is_trained_on_from_there():
    trainer = trained()
    trainer.edit(1, 0, 0, 2.0)
    other = trained()
    weights = other.model.get_weights()
    weights[0][0, 0] = 2.0
    other.model.set_weights(weights)
    trainer.train_epoch()
    other.train_epoch()
    assert trainer.losses() == other.losses()


def test_an_edit_in_mid_epoch_lets_the_epoch_go_on():
    trainer = trained()
    trainer.train(1)
    trainer.edit(1, 0, 0, 2.0)
    assert trainer.samples_seen == 10
    trainer.train_epoch()
    assert trainer.epoch == 4


def test_an_edit_before_training_is_not_lost_by_a_later_change():
    trainer = trained(epochs=0)
    trainer.edit(1, 0, 0, 2.5)
    trainer.change(trainer.config.changed({"hidden": (5, 2)}))
    assert trainer.model.get_weights()[0][0, 0] == 2.5
    trainer.reset()
    assert trainer.model.get_weights()[0][0, 0] != 2.5


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ((0, 0, 0), "There is no layer 0; the layers are 1 to 3."),
        ((4, 0, 0), "There is no layer 4; the layers are 1 to 3."),
        ((1, 2, 0), "Layer 1 has no such weight: there are 2 and 4, counted from 0."),
        ((1, 0, 4), "Layer 1 has no such weight"),
        ((2, -1, 0), "Layer 2 has no such weight"),
        ((2, None, 2), "Layer 2 has no such weight: there are 2, counted from 0."),
    ],
)
def test_a_weight_that_there_is_not_is_refused(place, sentence):
    trainer = trained(epochs=0)
    for do in (lambda: trainer.edit(*place, 1.0), lambda: trainer.freeze(*place, True)):
        with pytest.raises(InvalidValueError, match=sentence) as caught:
            do()
        assert caught.value.field == "weight"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e7])
def test_a_weight_out_of_range_is_refused(value):
    trainer = trained(epochs=0)
    with pytest.raises(InvalidValueError, match="A weight must be a number from -1,000,000 to 1,000,000"):
        trainer.edit(1, 0, 0, value)


def test_a_great_weight_is_no_divergence_and_is_kept():
    trainer = trained(dataset="plane", activation="linear", learning_rate=0.001)
    trainer.edit(3, 0, 0, 1e5)
    assert trainer.checked_losses().training_loss > 1e6
    assert trainer.model.get_weights()[4][0, 0] == 1e5


def test_a_divergence_after_an_edit_goes_back_to_the_edited_weights():
    trainer = trained(dataset="plane", activation="linear", learning_rate=1.0, epochs=0)
    trainer.edit(3, 0, 0, 50.0)
    edited = trainer.model.parameters.copy()
    with pytest.raises(DivergedError, match="weights are back"):
        train_checked(trainer, epochs=50)
    np.testing.assert_array_equal(trainer.model.parameters, edited)


# -------------------------------------------------------------------------- freezing


def frozen_and_others(trainer):
    weights = np.concatenate([array.ravel() for array in trainer.model.get_weights()])
    mask = np.concatenate([array.ravel() for array in trainer.frozen])
    return weights[mask], weights[~mask]


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names)
def test_a_frozen_weight_stays_bit_for_bit_whatever_trains(optimizer):
    trainer = trained(optimizer=optimizer, learning_rate=0.01, regularization="l2", regularization_rate=0.01)
    trainer.freeze(1, 1, 2, True)
    trainer.freeze(2, None, 0, True)
    trainer.freeze(3, None, None, True)
    frozen, others = frozen_and_others(trainer)
    assert len(frozen) == 1 + 1 + 3
    for train in (trainer.train_sample, lambda: trainer.train(2), trainer.train_epoch, trainer.train_epoch):
        train()
    after, others_after = frozen_and_others(trainer)
    np.testing.assert_array_equal(after, frozen)
    assert (others != others_after).mean() > 0.9


def test_a_weight_that_is_freed_is_trained_again():
    trainer = trained()
    trainer.freeze(2, None, None, True)
    trainer.freeze(2, 0, 0, False)
    before = trainer.model.get_weights()[2]
    trainer.train_epoch()
    changed = trainer.model.get_weights()[2] != before
    assert np.argwhere(changed).tolist() == [[0, 0]]


def test_a_frozen_weight_can_be_edited_and_stays_there():
    trainer = trained()
    trainer.freeze(1, 0, 0, True)
    trainer.edit(1, 0, 0, 0.75)
    trainer.train_epoch()
    assert trainer.model.get_weights()[0][0, 0] == 0.75


def test_what_is_frozen_stays_frozen_after_a_reset_at_its_first_value():
    trainer = trained(epochs=0)
    first = trainer.model.get_weights()[0][1, 1]
    trainer.train_epoch()
    trainer.freeze(1, 1, 1, True)
    assert trainer.model.get_weights()[0][1, 1] != first
    trainer.reset()
    trainer.train_epoch()
    assert trainer.model.get_weights()[0][1, 1] == first


@pytest.mark.parametrize(
    "changes",
    [{"learning_rate": 0.5}, {"batch_size": 5}, {"optimizer": "adam"}, {"noise": 0.3}, {"activation": "relu"}],
    ids=str,
)
def test_a_frozen_weight_stays_so_through_other_changes(changes):
    trainer = trained()
    trainer.freeze(1, None, None, True)
    before = trainer.model.get_weights()[:2]
    trainer.change(trainer.config.changed(changes))
    trainer.train_epoch()
    for array, kept in zip(trainer.model.get_weights()[:2], before, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("epochs", [0, 3])
def test_another_shape_keeps_frozen_what_fits(epochs):
    trainer = trained(epochs)
    trainer.freeze(1, 0, 1, True)
    trainer.freeze(2, None, None, True)
    trainer.freeze(3, None, 0, True)
    trainer.change(trainer.config.changed({"hidden": (6, 1, 2)}))
    first, first_bias, second, second_bias, added, added_bias, output, output_bias = trainer.frozen
    assert np.argwhere(first).tolist() == [[0, 1]]
    assert np.argwhere(second).tolist() == [[0, 0], [1, 0], [2, 0], [3, 0]]
    assert second_bias.tolist() == [True]
    assert output_bias.tolist() == [True]
    assert not any(mask.any() for mask in (first_bias, added, added_bias, output))
    before = trainer.model.get_weights()
    trainer.train_epoch()
    for mask, array, old in zip(trainer.frozen, trainer.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array[mask], old[mask])


@pytest.mark.parametrize("epochs", [0, 3])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_layer_is_removed_and_the_others_keep_weights_and_freezing(layer, epochs):
    trainer = trained(epochs, hidden=(4, 3, 5), layer_activations=("relu", "", "sigmoid"), dropout=(0, 0.1, 0.2))
    trainer.edit(1, None, 0, 0.5)
    for other in {1, 2, 3} - {layer}:
        trainer.freeze(other, None, None, True)
    trainer.freeze(4, 0, 0, True)
    trainer.freeze(4, 4, 0, True)
    before, frozen, epoch = trainer.model.get_weights(), trainer.frozen, trainer.epoch
    assert trainer.remove_layer(layer) == (False, False, False)

    first = 2 * layer - 2
    for arrays, old in ((trainer.model.get_weights(), before), (trainer.frozen, frozen)):
        left = [*old[:first], *old[first + 2 :]]
        behind, rows = arrays[first], min(len(arrays[first]), len(left[first]))
        np.testing.assert_array_equal(behind[:rows], left[first][:rows])
        assert not behind[rows:].any()
        for number in set(range(len(left))) - {first}:
            np.testing.assert_array_equal(arrays[number], left[number])
    config = trainer.config
    kept = [number for number in (0, 1, 2) if number != layer - 1]
    assert config.hidden == tuple((4, 3, 5)[number] for number in kept)
    assert config.activations == tuple(("relu", "tanh", "sigmoid")[number] for number in kept)
    assert config.dropouts == tuple((0, 0.1, 0.2)[number] for number in kept)
    assert trainer.epoch == epoch
    trainer.train_epoch()
    assert np.isfinite(trainer.losses()[:4]).all()


def test_the_only_layer_can_be_removed_too():
    trainer = trained(hidden=(4,))
    kernel, bias = trainer.model.get_weights()[2:]
    trainer.remove_layer(1)
    assert trainer.config.hidden == ()
    np.testing.assert_array_equal(trainer.model.get_weights()[0], kernel[:2])
    np.testing.assert_array_equal(trainer.model.get_weights()[1], bias)


def test_a_layer_removed_before_training_leaves_what_the_config_draws():
    trainer = trained(epochs=0, hidden=(4, 3))
    trainer.freeze(2, 1, 2, True)
    trainer.remove_layer(1)
    assert trainer.losses() == trained(epochs=0, hidden=(3,)).losses()
    assert np.argwhere(trainer.frozen[0]).tolist() == [[1, 2]]


@pytest.mark.parametrize("layer", [-1, 0, 3])
def test_a_layer_that_there_is_not_cannot_be_removed(layer):
    trainer = trained()
    with pytest.raises(InvalidValueError, match=f"There is no hidden layer {layer}, of 2, that") as caught:
        trainer.remove_layer(layer)
    assert caught.value.field == "hidden"
    assert trainer.config.hidden == (4, 2)


def test_frozen_weights_follow_their_input():
    trainer = trained(features=("x1", "x2"))
    trainer.freeze(1, 1, 0, True)
    trainer.change(trainer.config.changed({"features": ("x2", "sin_x1")}))
    assert np.argwhere(trainer.frozen[0]).tolist() == [[0, 0]]


def test_other_data_begin_with_nothing_frozen():
    trainer = trained()
    trainer.freeze(1, None, None, True)
    trainer.change(trainer.config.changed({"dataset": "xor"}))
    assert not any(mask.any() for mask in trainer.frozen)


def test_a_network_that_diverges_keeps_what_is_frozen():
    trainer = trained(dataset="plane", activation="linear", learning_rate=3.0, epochs=0)
    trainer.freeze(1, 0, 0, True)
    kept = trainer.model.get_weights()[0][0, 0]
    with pytest.raises(DivergedError):
        train_checked(trainer, epochs=100)
    trainer.change(trainer.config.changed({"learning_rate": 0.001}))
    trainer.train_epoch()
    assert trainer.model.get_weights()[0][0, 0] == kept
