import numpy as np
import pytest

from playground.training import ExperimentConfig, Trainer


def answers(trainer):
    """Return the network's answers on every sample, (samples, outputs)."""
    return trainer.model.predict(trainer.data.inputs(trainer.data.X))


@pytest.fixture
def trained():
    trainer = Trainer(ExperimentConfig(samples=60, hidden=(4, 2)))
    for _ in range(5):
        trainer.train_epoch()
    return trainer


@pytest.mark.parametrize("hidden", [(5, 2), (4, 3), (9, 7)])
def test_an_added_neuron_does_not_change_the_answer(trained, hidden):
    before = answers(trained)
    trained.change(trained.config.changed({"hidden": hidden}))
    np.testing.assert_allclose(answers(trained), before, atol=1e-12)


def test_an_added_feature_feeds_nothing_yet(trained):
    before = answers(trained)
    trained.change(trained.config.changed({"features": ("x1", "x2", "sin_x1")}))
    np.testing.assert_allclose(answers(trained), before, atol=1e-12)


def test_a_feature_keeps_its_weights_wherever_it_stands(trained):
    x2_weights = trained.model.get_weights()[0][1].copy()
    trained.change(trained.config.changed({"features": ("x2", "sin_x1")}))
    np.testing.assert_array_equal(trained.model.get_weights()[0][0], x2_weights)


def test_an_added_layer_of_linear_neurons_does_not_change_the_answer():
    trainer = Trainer(ExperimentConfig(samples=60, hidden=(4, 2), activation="linear"))
    trainer.train_epoch()
    before = answers(trainer)
    trainer.change(trainer.config.changed({"hidden": (4, 2, 2)}))
    np.testing.assert_allclose(answers(trainer), before, atol=1e-12)


def test_an_added_layer_keeps_most_answers(trained):
    before = answers(trained) > 0.5
    trained.change(trained.config.changed({"hidden": (4, 2, 2)}))
    assert (before == (answers(trained) > 0.5)).mean() > 0.8


def test_a_removed_neuron_takes_only_its_own_weights(trained):
    first = trained.model.get_weights()[0].copy()
    trained.change(trained.config.changed({"hidden": (3, 2)}))
    np.testing.assert_array_equal(trained.model.get_weights()[0], first[:, :3])


@pytest.mark.parametrize("hidden", [(), (3,), (4, 2, 5, 1), (64,) * 8])
def test_any_shape_can_follow_any_other(trained, hidden):
    trained.change(trained.config.changed({"hidden": hidden}))
    trained.train_epoch()
    trained.change(trained.config.changed({"hidden": (4, 2)}))
    trained.train_epoch()
    assert np.isfinite(answers(trained)).all()


def test_an_untrained_network_is_just_what_its_config_draws():
    grown = Trainer(ExperimentConfig(samples=60, hidden=(4, 2)))
    grown.change(grown.config.changed({"hidden": (5, 2)}))
    fresh = Trainer(ExperimentConfig(samples=60, hidden=(5, 2)))
    np.testing.assert_array_equal(answers(grown), answers(fresh))
