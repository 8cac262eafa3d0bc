import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, r2_score

from playground.data import DATASETS
from playground.errors import DivergedError
from playground.training import SETTINGS, START_OVER, ExperimentConfig, Trainer


def train(trainer, epochs, look=lambda trainer: None):
    for _ in range(epochs):
        trainer.train_epoch()
        look(trainer)
    return trainer


@pytest.mark.parametrize("entry", list(DATASETS), ids=lambda entry: entry.name)
def test_every_data_set_is_learned(entry):
    trainer = Trainer(ExperimentConfig(dataset=entry.name, samples=200))
    before = trainer.losses().training_loss
    train(trainer, 30)
    assert trainer.losses().training_loss < 0.99 * before
    assert trainer.epoch == 30
    assert trainer.step == 30 * trainer.steps_per_epoch


def test_two_moons_are_parted():
    assert train(Trainer(ExperimentConfig()), 100).losses().test_accuracy > 0.97


def test_three_irises_are_parted():
    assert train(Trainer(ExperimentConfig(dataset="iris")), 200).losses().test_accuracy > 0.93


def test_the_same_config_gives_the_same_numbers_to_the_last_bit():
    config = ExperimentConfig(hidden=(8, 8), optimizer="adam", regularization="l2", regularization_rate=0.001)
    assert train(Trainer(config), 20).losses() == train(Trainer(config), 20).losses()


def test_an_epoch_in_pieces_is_the_same_epoch():
    whole, pieces = Trainer(ExperimentConfig()), Trainer(ExperimentConfig())
    train(whole, 3)
    while pieces.epoch < 3:
        pieces.train(7)
    assert whole.losses() == pieces.losses()
    assert whole.step == pieces.step


@pytest.mark.parametrize("seed", ["data_seed", "split_seed", "weights_seed", "shuffle_seed"])
def test_each_seed_matters_after_training(seed):
    first = train(Trainer(ExperimentConfig(samples=50)), 2).losses()
    assert first != train(Trainer(ExperimentConfig(samples=50, **{seed: 77})), 2).losses()


def test_losses_agree_with_scikit_learn():
    trainer = train(Trainer(ExperimentConfig()), 5)
    inputs, y = trainer.data.inputs(trainer.data.points.X), trainer.data.points.y
    for part, loss, accuracy in zip(trainer.data.split, trainer.losses()[:2], trainer.losses()[2:], strict=True):
        probabilities = trainer.model.predict(inputs[part]).ravel()
        assert loss == pytest.approx(log_loss(y[part], probabilities), rel=1e-6)
        assert accuracy == accuracy_score(y[part], probabilities > 0.5)


def test_accuracy_of_a_regression_is_r_squared():
    trainer = train(Trainer(ExperimentConfig(dataset="plane")), 5)
    test = trainer.data.split.test
    predicted = trainer.model.predict(trainer.data.inputs(trainer.data.points.X[test]))
    assert trainer.losses().test_accuracy == pytest.approx(r2_score(trainer.data.points.y[test], predicted))


def test_a_network_without_hidden_layers_is_logistic_regression():
    config = ExperimentConfig(dataset="gaussians", noise=0.4, hidden=(), learning_rate=0.1, batch_size=250)
    trainer = train(Trainer(config), 3000)
    part = trainer.data.split.train
    inputs = trainer.data.inputs(trainer.data.points.X[part])
    expected = LogisticRegression(C=np.inf).fit(inputs, trainer.data.points.y[part])
    kernel, bias = trainer.model.get_weights()
    np.testing.assert_allclose(kernel.ravel(), expected.coef_.ravel(), rtol=1e-3)
    np.testing.assert_allclose(bias, expected.intercept_, rtol=1e-2, atol=1e-3)


def test_inputs_are_scaled_by_the_training_split_only():
    trainer = Trainer(ExperimentConfig(dataset="iris"))
    inputs = trainer.data.inputs(trainer.data.points.X)
    train_part, test_part = trainer.data.split
    np.testing.assert_allclose(inputs[train_part].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(inputs[train_part].std(axis=0), 1)
    assert np.abs(inputs[test_part].mean(axis=0)).max() > 0.01


def test_iris_is_fed_two_or_four_measurements():
    assert Trainer(ExperimentConfig(dataset="iris")).input_labels == [
        "x₁",
        "x₂",
        "Sepal length (cm)",
        "Sepal width (cm)",
    ]
    assert len(Trainer(ExperimentConfig(dataset="iris", all_measurements=False)).input_labels) == 2


def test_the_slice_names_the_values_of_what_is_not_drawn():
    trainer = Trainer(ExperimentConfig(dataset="iris"))
    medians = np.median(trainer.data.points.X[trainer.data.split.train], axis=0)
    assert f"Sepal length (cm) {medians[0]:g} and Sepal width (cm) {medians[1]:g}" in trainer.slice_text
    np.testing.assert_array_equal(trainer.data.grid[:, :2], np.tile(medians[:2], (10_000, 1)))
    assert Trainer(ExperimentConfig()).slice_text == ""


def test_the_pictures_first_row_is_its_top():
    grid = Trainer(ExperimentConfig()).data.grid
    assert grid[0, 1] > grid[-1, 1]
    assert grid[0, 0] < grid[99, 0]
    np.testing.assert_allclose(grid[0], [-1.5 + 0.02, 2.25 - 0.02])  # the centre of the corner pixel


# A change of every setting; those of iris alone begin from iris.
CHANGES = {
    "samples": 100,
    "noise": 0.3,
    "train_share": 0.8,
    "all_measurements": False,
    "features": ("x1", "sin_x2"),
    "hidden": (3, 3),
    "activation": "relu",
    "loss": "mean_squared_error",
    "optimizer": "adam",
    "learning_rate": 0.3,
    "optimizer_options": {"momentum": 0.9},
    "batch_size": 30,
    "regularization": "l1",
    "regularization_rate": 0.05,
    "data_seed": 9,
    "split_seed": 9,
    "shuffle_seed": 9,
}


def test_every_setting_either_starts_over_or_is_tried_here():
    assert set(CHANGES) | START_OVER == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_takes_effect_in_the_running_network(name):
    config = ExperimentConfig(
        dataset="iris" if name == "all_measurements" else "moons",
        regularization="l2" if name == "regularization_rate" else None,
        regularization_rate=0.01,
    )
    running, unchanged = (train(Trainer(config), 3) for _ in range(2))
    change = running.change(config.changed({name: CHANGES[name]}))
    assert not change.started_over
    assert running.epoch == 3

    # From here on it is the very network that was begun with the new config and had these weights.
    begun = Trainer(running.config)
    begun.model.set_weights(running.model.get_weights())
    if name != "shuffle_seed":
        begun._shuffle.bit_generator.state = running._shuffle.bit_generator.state
    train(running, 2)
    train(begun, 2)
    assert running.losses() == begun.losses()
    assert running.losses() != train(unchanged, 2).losses()


@pytest.mark.parametrize(
    "changes",
    [{"learning_rate": 0.3}, {"batch_size": 30}, {"optimizer": "adam"}, {"noise": 0.3}, {"loss": "mean_squared_error"}],
    ids=str,
)
def test_a_change_that_is_not_of_the_network_keeps_its_weights(changes):
    trainer = train(Trainer(ExperimentConfig()), 3)
    before = [array.copy() for array in trainer.model.get_weights()]
    trainer.change(trainer.config.changed(changes))
    for array, kept in zip(trainer.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_momentum_is_not_forgotten_when_the_learning_rate_changes():
    trainer = train(Trainer(ExperimentConfig(optimizer="adam")), 3)
    state = trainer.model.state.copy()
    trainer.change(trainer.config.changed({"learning_rate": 0.3}))
    np.testing.assert_array_equal(trainer.model.state.slots, state.slots)


@pytest.mark.parametrize("changes", [{"dataset": "iris"}, {"weights_seed": 4}, {"initializer": "he_normal"}], ids=str)
def test_a_change_that_starts_over_is_a_fresh_run(changes):
    trainer = train(Trainer(ExperimentConfig()), 3)
    config = trainer.config.changed(changes)
    assert trainer.change(config).started_over
    assert (trainer.epoch, trainer.step) == (0, 0)
    assert trainer.losses() == Trainer(config).losses()
    assert train(trainer, 2).losses() == train(Trainer(config), 2).losses()


def test_reset_goes_back_to_the_same_first_weights():
    trainer = Trainer(ExperimentConfig())
    first = trainer.losses()
    train(trainer, 3).reset()
    assert trainer.losses() == first
    assert trainer.epoch == 0
    assert train(trainer, 3).losses() == train(Trainer(ExperimentConfig()), 3).losses()


def test_divergence_keeps_the_last_finite_weights():
    trainer = Trainer(
        ExperimentConfig(dataset="plane", hidden=(), learning_rate=10.0, batch_size=1, features=("x1_squared",))
    )
    with pytest.raises(DivergedError, match="learning rate"):
        train(trainer, 100)
    assert np.isfinite(trainer.model.parameters).all()
    trainer.change(trainer.config.changed({"learning_rate": 1e-6}))
    train(trainer, 2)  # it can go on


@pytest.mark.parametrize(
    "changes",
    [{"dataset": "plane", "learning_rate": 3.0}, {"regularization": "l2", "regularization_rate": 10.0}],
    ids=str,
)
def test_divergence_is_seen_early_and_goes_back_to_where_the_loss_was_sound(changes):
    trainer = Trainer(ExperimentConfig(**changes))
    first = trainer.losses().training_loss
    with pytest.raises(DivergedError, match="weights are back"):
        train(trainer, 1000, look=Trainer.checked_losses)
    assert trainer.losses().training_loss <= 20 * max(1, first)
    trainer.change(trainer.config.changed({"learning_rate": 0.001}))
    epoch = trainer.epoch
    train(trainer, 5)
    trainer.checked_losses()
    assert trainer.epoch == epoch + 5


def test_regularization_keeps_weights_small():
    def size(**changes):
        return np.abs(train(Trainer(ExperimentConfig(**changes)), 50).model.get_weights()[0]).sum()

    assert size(regularization="l2", regularization_rate=0.03) < 0.7 * size()
    assert size(regularization="l1", regularization_rate=0.03) < 0.7 * size()
