import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, r2_score

from playground.data import DATASETS, DataSet, Split, describe
from playground.data.table_reader import read
from playground.data.tables import choose, guess
from playground.errors import DivergedError
from playground.nn import OPTIMIZERS, SCHEDULES, Dropout
from playground.training import SETTINGS, ExperimentConfig, Trainer, experiment_data
from playground.training.setting_kinds import Effect

RECORDED = json.loads((Path(__file__).parents[1] / "nn" / "nn_ts.json").read_text())
OF_TWO_CLASSES = [recorded for recorded in RECORDED if recorded["outputActivation"] == "tanh"]
TABLE = read("\n".join(["a,b,kind", *(f"{n % 7},{n % 5},{n % 2}" for n in range(40))]).encode(), "own.csv")


def train(trainer, epochs, look=lambda trainer: None):
    for _ in range(epochs):
        trainer.train_epoch()
        look(trainer)
    return trainer


@pytest.mark.parametrize("name", [name for name in DATASETS.names if name != "blank"])
def test_every_data_set_is_learned(name):
    trainer = Trainer(ExperimentConfig(dataset=name, samples=200))
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
    inputs, y = trainer.data.inputs(trainer.data.X), trainer.data.y
    losses = trainer.losses()
    for part, loss, accuracy in zip(trainer.data.split, losses[:2], losses[2:4], strict=True):
        probabilities = trainer.model.predict(inputs[part]).ravel()
        assert loss == pytest.approx(log_loss(y[part], probabilities), rel=1e-6)
        assert accuracy == accuracy_score(y[part], probabilities > 0.5)
    assert np.isnan(losses[4:]).all()


@pytest.mark.parametrize("dataset", ["plane", "diabetes", "sine"])
def test_a_regression_is_told_by_r_squared_and_the_mean_error_in_the_targets_units(dataset):
    trainer = train(Trainer(ExperimentConfig(dataset=dataset, learning_rate=0.03)), 5)
    losses, data = trainer.losses(), trainer.data
    for part, accuracy, error in zip(data.split, losses[2:4], losses[4:], strict=True):
        predicted = data.in_units(trainer.model.predict(data.inputs(data.X[part])).ravel())
        assert accuracy == pytest.approx(r2_score(data.y[part], predicted))
        assert error == pytest.approx(mean_absolute_error(data.y[part], predicted))


def test_a_network_without_hidden_layers_is_logistic_regression():
    config = ExperimentConfig(dataset="gaussians", noise=0.4, hidden=(), learning_rate=0.1, batch_size=250)
    trainer = train(Trainer(config), 3000)
    part = trainer.data.split.train
    inputs = trainer.data.inputs(trainer.data.X[part])
    expected = LogisticRegression(C=np.inf).fit(inputs, trainer.data.y[part])
    kernel, bias = trainer.model.get_weights()
    np.testing.assert_allclose(kernel.ravel(), expected.coef_.ravel(), rtol=1e-3)
    np.testing.assert_allclose(bias, expected.intercept_, rtol=1e-2, atol=1e-3)


def test_inputs_are_scaled_by_the_training_split_only():
    trainer = Trainer(ExperimentConfig(dataset="iris"))
    inputs = trainer.data.inputs(trainer.data.X)
    train_part, test_part = trainer.data.split
    np.testing.assert_allclose(inputs[train_part].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(inputs[train_part].std(axis=0), 1)
    assert np.abs(inputs[test_part].mean(axis=0)).max() > 0.01


def test_iris_is_fed_all_measurements_or_those_that_are_chosen():
    assert Trainer(ExperimentConfig(dataset="iris")).input_names == ["column 0", "column 1", "column 2", "column 3"]
    assert Trainer(ExperimentConfig(dataset="iris", columns=(1, 3))).input_names == ["column 1", "column 3"]


def test_the_pictures_first_row_is_its_top():
    grid = Trainer(ExperimentConfig()).data.grid
    assert grid[0, 1] > grid[-1, 1]
    assert grid[0, 0] < grid[99, 0]
    np.testing.assert_allclose(grid[0], [-1.5 + 0.02, 2.25 - 0.02])  # the centre of the corner pixel


# A change of every setting, and what it is a change of.
CHANGES = {
    "dataset": ("xor", {}),
    "dataset_options": ({"classes": 4}, {"dataset": "blobs"}),
    "table": (choose(TABLE, guess(TABLE)), {}),
    "samples": (100, {}),
    "noise": (0.3, {}),
    "train_share": (0.8, {}),
    "balance": (0.5, {}),
    "label_flips": (0.2, {}),
    "outliers": (0.2, {}),
    "own_points": (((0.0, 1.0, 1.0),), {}),
    "erased": (tuple(range(30)), {}),
    "projection": ("principal_components", {"dataset": "iris"}),
    "axes": ((0, 1), {"dataset": "iris"}),
    "slice_sample": (7, {"dataset": "iris"}),
    "features": (("x1", "sin_x2"), {}),
    "columns": ((0, 3), {"dataset": "iris"}),
    "formulas": (("x1 * x2",), {}),
    "hidden": ((3, 3), {}),
    "activation": ("relu", {}),
    "layer_activations": (("", "relu"), {}),
    "dropout": ((0.3,), {}),
    "output_activation": ("tanh", {"loss": "mean_squared_error"}),
    "initializer": ("he_normal", {}),
    "initializer_options": ({"stddev": 0.5}, {"initializer": "random_normal"}),
    "bias": (0.5, {}),
    "loss": ("mean_squared_error", {}),
    "loss_options": ({"delta": 0.1}, {"loss": "huber"}),
    "optimizer": ("adam", {}),
    "learning_rate": (0.3, {}),
    "optimizer_options": ({"momentum": 0.9}, {}),
    "schedule": ("exponential", {}),
    "schedule_options": ({"decay_rate": 0.1}, {"schedule": "exponential"}),
    "batch_size": (30, {}),
    "shuffle": (False, {}),
    "regularization": ("l1", {"regularization_rate": 0.01}),
    "regularization_rate": (0.05, {"regularization": "l2"}),
    "penalty_in_loss": (False, {}),
    "stop_epoch": (5, {}),
    "stop_loss": (0.5, {}),
    "stop_patience": (3, {}),
    "tf_seed": ("0.1", {"dataset": "circle"}),
    "data_seed": (9, {}),
    "split_seed": (9, {}),
    "weights_seed": (9, {}),
    "shuffle_seed": (9, {}),
}
CASES = [pytest.param(setting, id=setting.name) for setting in SETTINGS]
GOING_ON = [pytest.param(setting, id=setting.name) for setting in SETTINGS if not setting.effect.starts_over]
SILENT = (Effect.PICTURE, Effect.NOTHING)
SEEN = (Effect.PICTURE, Effect.NETWORK)


def before_the_change(setting, trainers=2):
    """Return trainers before a setting is changed, the config after it, and the table that it needs."""
    value, others = CHANGES[setting.name]
    config = ExperimentConfig(samples=80).changed(others)
    table = TABLE if setting.name == "table" else None
    return [Trainer(config) for _ in range(trainers)], config.changed({setting.name: value}), table


def test_a_change_of_every_setting_is_tried():
    assert list(CHANGES) == [setting.name for setting in SETTINGS]


@pytest.mark.parametrize("setting", CASES)
def test_a_change_has_the_effect_that_its_setting_declares(setting):
    (changed, unchanged), config, table = before_the_change(setting)
    for trainer in (changed, unchanged):
        train(trainer, 3)
        trainer.train(2)  # in the middle of an epoch
    before = [array.copy() for array in changed.model.get_weights()]
    change = changed.change(config, table)

    assert change.started_over == setting.effect.starts_over
    assert change.other_data == (setting.effect is Effect.OTHER_DATA)
    assert (changed.epoch, changed.step == 0) == ((0, True) if change.started_over else (3, False))
    if change.started_over:
        assert changed.losses() == Trainer(config, table).losses()
    elif setting.effect is not Effect.NETWORK:
        for array, kept in zip(changed.model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(array, kept)
    same_now = same(changed.losses(), unchanged.losses())
    same_later = same(train(changed, 2).losses(), train(unchanged, 2).losses())
    assert (same_now and same_later) == (setting.effect in SILENT)
    assert setting.effect not in SILENT or same_now


def same(losses, others):
    return np.array_equal(losses, others, equal_nan=True)


@pytest.mark.parametrize("setting", GOING_ON)
def test_after_a_change_it_is_the_network_that_was_begun_so_and_had_these_weights(setting):
    (running,), config, _ = before_the_change(setting, trainers=1)
    train(running, 3)
    running.change(config)
    begun = Trainer(config)
    begun.model.set_weights(running.model.get_weights())
    begun.model.state.assign(running.model.state.copy())
    if setting.name != "shuffle_seed":
        begun._shuffle.bit_generator.state = running._shuffle.bit_generator.state
    assert same(train(running, 2).losses(), train(begun, 2).losses())


@pytest.mark.parametrize("setting", CASES)
def test_what_is_changed_before_training_is_as_if_it_had_been_so_from_the_first(setting):
    (trainer,), config, table = before_the_change(setting, trainers=1)
    trainer.change(config, table)
    fresh = Trainer(config, table)
    assert same(train(trainer, 2).losses(), train(fresh, 2).losses())
    assert trainer.input_names == fresh.input_names


@pytest.mark.parametrize("changes", [{"axes": (0, 1)}, {"slice_sample": 5}, {"projection": "principal_components"}])
def test_another_picture_is_drawn_at_once(changes):
    trainer = train(Trainer(ExperimentConfig(dataset="iris")), 1)
    before = trainer.picture()[-1].copy()
    trainer.change(trainer.config.changed(changes))
    assert not np.array_equal(trainer.picture()[-1], before)


@pytest.mark.parametrize(
    ("fields", "changes", "told"),
    [
        ({}, {"hidden": (5, 2)}, False),
        ({}, {"learning_rate": 0.3}, False),
        ({}, {"features": ("x1", "sin_x2")}, False),
        ({}, {"output_activation": "step", "hidden": ()}, False),
        ({}, {"output_activation": "tanh"}, True),  # whose colours go from −1 to 1
        ({}, {"formulas": ("x1 * x2",)}, True),
        ({}, {"noise": 0.3}, True),
        ({"dataset": "iris"}, {"columns": (0, 2)}, False),
        ({"dataset": "iris"}, {"axes": (0, 1)}, True),
        ({"dataset": "iris"}, {"slice_sample": 3}, True),
    ],
    ids=str,
)
def test_a_change_says_whether_points_inputs_or_plane_are_others(fields, changes, told):
    trainer = train(Trainer(ExperimentConfig(samples=60, **fields)), 1)
    assert trainer.change(trainer.config.changed(changes)).data == told


@pytest.mark.parametrize(
    "setting", [case for case in CASES if case.values[0].effect in (Effect.NETWORK, Effect.PICTURE)]
)
def test_samples_are_kept_and_seen_as_from_the_first_when_network_or_picture_change(setting, monkeypatch):
    (trainer,), config, table = before_the_change(setting, trainers=1)
    trainer.picture(), trainer.data.places, trainer.data.targets, trainer.value_range
    fresh = Trainer(config, table)
    monkeypatch.setattr(experiment_data, "load", None)
    X, projection = trainer.data.X, trainer.data.projection
    trainer.change(config, table)
    assert trainer.data.X is X
    assert (trainer.data.projection is projection) == (setting.effect is Effect.NETWORK)
    for data in (trainer.data, fresh.data):
        data.seen = data.inputs(data.X), data.offered_inputs(data.grid), data.targets, data.places, data.domain
    for array, other in zip(trainer.data.seen, fresh.data.seen, strict=True):
        np.testing.assert_array_equal(array, other)
    assert (trainer.data.axes, trainer.data.slice_text) == (fresh.data.axes, fresh.data.slice_text)
    assert (trainer.data.fed, trainer.value_range) == (fresh.data.fed, fresh.value_range)


def test_a_table_that_is_no_longer_used_is_let_go():
    trainer = Trainer(ExperimentConfig(table=choose(TABLE, guess(TABLE))), TABLE)
    trainer.change(trainer.config.changed({"hidden": (3,)}))
    assert trainer.table is TABLE
    trainer.change(trainer.config.changed({"dataset": "moons"}))
    assert trainer.table is None


def test_momentum_is_not_forgotten_when_the_learning_rate_changes():
    trainer = train(Trainer(ExperimentConfig(optimizer="adam")), 3)
    state = trainer.model.state.copy()
    trainer.change(trainer.config.changed({"learning_rate": 0.3}))
    np.testing.assert_array_equal(trainer.model.state.slots, state.slots)


REMEMBERING = [
    {"regularization": "l2", "regularization_rate": 0.01},
    {"dropout": (0.2,)},
    {"loss": "mean_squared_error"},
    {"optimizer_options": {"beta_1": 0.8}},
    {"activation": "relu"},
    {"noise": 0.3},
]
FORGETTING = [{"optimizer": "nadam"}, {"optimizer": "sgd"}, {"hidden": (5, 2)}, {"features": ("x2", "sin_x1")}]


@pytest.mark.parametrize("changes", REMEMBERING, ids=str)
def test_adam_remembers_through_changes_of_something_else(changes):
    trainer = train(Trainer(ExperimentConfig(samples=60, optimizer="adam")), 3)
    state = trainer.model.state.copy()
    trainer.change(trainer.config.changed(changes))
    np.testing.assert_array_equal(trainer.model.state.slots, state.slots)
    assert trainer.model.state.remembered == state.iterations == trainer.step


@pytest.mark.parametrize("changes", FORGETTING, ids=str)
def test_what_an_optimizer_remembers_goes_where_it_does_not_fit(changes):
    trainer = train(Trainer(ExperimentConfig(samples=60, optimizer="adam")), 3)
    trainer.change(trainer.config.changed(changes))
    assert not trainer.model.state.slots.any()
    assert trainer.model.state.remembered == 0


@pytest.mark.parametrize("changes", REMEMBERING + FORGETTING, ids=str)
def test_a_schedule_goes_on_through_changes_of_something_else(changes):
    trainer = train(Trainer(ExperimentConfig(samples=60, optimizer="adam", schedule="exponential")), 20)
    rate = trainer.learning_rate
    trainer.change(trainer.config.changed(changes))
    assert trainer.learning_rate == rate < 0.1
    trainer.train(1)
    assert trainer.learning_rate < rate


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS.names if name != "sgd"])
def test_an_optimizer_chosen_in_mid_run_begins_as_it_would_have_at_first(optimizer):
    running = train(Trainer(ExperimentConfig(samples=60)), 20)
    running.change(running.config.changed({"optimizer": optimizer}))
    fresh = Trainer(running.config)
    fresh.model.set_weights(running.model.get_weights())
    fresh._shuffle.bit_generator.state = running._shuffle.bit_generator.state
    assert same(train(running, 2).losses(), train(fresh, 2).losses())


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


FAR = {"own_points": ((0, 0, 1e6), (1, 1, 1e6))}


@pytest.mark.parametrize(
    ("fields", "changes"),
    [({}, FAR), ({**FAR, "loss": "mean_absolute_error"}, {"loss": "mean_squared_error"})],
    ids=["data", "loss"],
)
def test_a_loss_of_another_size_is_no_divergence(fields, changes):
    trainer = train(Trainer(ExperimentConfig(dataset="plane", learning_rate=1e-6, **fields)), 1)
    before = trainer.checked_losses().training_loss
    trainer.change(trainer.config.changed(changes))
    assert trainer.checked_losses().training_loss > 1e5 * before
    train(trainer, 2, look=Trainer.checked_losses)
    assert trainer.epoch == 3


def test_regularization_keeps_weights_small():
    def size(**changes):
        return np.abs(train(Trainer(ExperimentConfig(**changes)), 50).model.get_weights()[0]).sum()

    assert size(regularization="l2", regularization_rate=0.03) < 0.7 * size()
    assert size(regularization="l1", regularization_rate=0.03) < 0.7 * size()


# ------------------------------------------------------------------ parts of an epoch


def test_samples_batches_and_epochs_mix_into_whole_epochs_where_batches_are_of_one():
    config = ExperimentConfig(samples=40, batch_size=1, learning_rate=0.01)
    whole, mixed = train(Trainer(config), 3), Trainer(config)
    for _ in range(3):
        mixed.train_sample()
        mixed.train(4)
        mixed.train_sample()
        mixed.train_epoch()
    assert same(mixed.losses(), whole.losses())
    assert (mixed.epoch, mixed.step) == (whole.epoch, whole.step) == (3, 60)


def test_an_epoch_in_parts_of_any_kind_sees_every_training_sample_once():
    trainer = Trainer(ExperimentConfig(samples=47, batch_size=5))
    seen = []
    parts = [trainer.train_sample, lambda: trainer.train(1), trainer.train_sample, trainer.train_sample]
    while trainer.epoch == 0:
        assert trainer.samples_seen == len(seen)
        parts[trainer.step % len(parts)]()
        seen += trainer.last_batch
    assert trainer.samples_seen == 0
    assert sorted(seen) == sorted(trainer.data.split.train.tolist())


def test_the_last_batch_names_the_samples_of_the_last_update():
    trainer = Trainer(ExperimentConfig(samples=40, batch_size=6, shuffle=False))
    assert trainer.last_batch == []
    order = trainer.data.split.train.tolist()
    trainer.train(1)
    assert trainer.last_batch == order[:6]
    trainer.train_sample()
    assert trainer.last_batch == order[6:7]
    trainer.train(2)
    assert trainer.last_batch == order[13:19]


def test_without_shuffling_samples_are_taken_in_the_order_of_the_split():
    trainer = Trainer(ExperimentConfig(samples=40, batch_size=7, shuffle=False))
    seen = []
    while trainer.epoch < 2:
        trainer.train(1)
        seen += trainer.last_batch
    assert seen == 2 * trainer.data.split.train.tolist()


@pytest.mark.parametrize("recorded", OF_TWO_CLASSES, ids=lambda recorded: "-".join(map(str, recorded["layers"])))
def test_a_config_trains_as_tensorflow_playground_does(recorded, monkeypatch):
    X, y = np.array(recorded["X"]), (np.ravel(recorded["y"]) > 0).astype(int)
    monkeypatch.setattr(experiment_data, "load", lambda *_: DataSet(X, y, describe("xor")))
    monkeypatch.setattr(experiment_data, "split", lambda *_: Split(np.arange(len(X)), np.arange(0)))
    _, *hidden, _ = recorded["layers"]
    config = ExperimentConfig(
        hidden=tuple(hidden),
        activation=recorded["activation"],
        output_activation="tanh",
        loss="half_squared_error",
        initializer="tf_playground",
        bias=0.1,
        learning_rate=recorded["learningRate"],
        batch_size=recorded["batchSize"],
        regularization="l2" if recorded["regularization"] else None,
        regularization_rate=recorded["regularizationRate"] / 2,
        shuffle=False,
    )
    trainer = Trainer(config)
    assert (trainer.model.get_weights()[1] == 0.1).all()
    assert np.abs(trainer.model.get_weights()[0]).max() <= 0.5
    trainer.model.set_weights(weights_of(recorded["weights"], recorded["biases"]))
    train(trainer, recorded["epochs"])
    expected = weights_of(recorded["result"]["weights"], recorded["result"]["biases"])
    for ours, theirs in zip(trainer.model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    if not recorded["regularization"]:
        assert trainer.losses().training_loss == pytest.approx(recorded["result"]["losses"][-1])


def weights_of(kernels, biases):
    """Return Keras's list of weights from kernels (units, fan_in) and biases."""
    return [
        np.array(array) for kernel, bias in zip(kernels, biases, strict=True) for array in (np.transpose(kernel), bias)
    ]


# -------------------------------------------------------------------------- chance


def test_dropout_repeats_after_a_reset_and_in_another_trainer():
    config = ExperimentConfig(samples=60, hidden=(8, 4), dropout=(0.5, 0.2))
    trainer = train(Trainer(config), 5)
    first = trainer.losses()
    trainer.reset()
    assert same(train(trainer, 5).losses(), first)
    assert same(train(Trainer(config), 5).losses(), first)
    assert not same(train(Trainer(config.changed({"shuffle_seed": 2})), 5).losses(), first)


def test_another_shuffle_seed_is_another_dropout_at_once():
    config = ExperimentConfig(samples=60, hidden=(8, 4), dropout=(0.5, 0.2), shuffle=False)
    changed, unchanged = train(Trainer(config), 3), train(Trainer(config), 3)
    changed.change(config.changed({"shuffle_seed": 2}))
    assert not same(train(changed, 2).losses(), train(unchanged, 2).losses())


def test_layers_and_neighbouring_seeds_drop_out_otherwise():
    chosen = [
        layer._rng.random()
        for seed in (1, 2, 3)
        for layer in Trainer(ExperimentConfig(hidden=(4,) * 4, dropout=(0.5,) * 4, shuffle_seed=seed)).model.layers
        if isinstance(layer, Dropout)
    ]
    assert len(set(chosen)) == 12


def test_dropout_drops_nothing_where_the_network_is_measured():
    trainer = train(Trainer(ExperimentConfig(samples=60, dropout=(0.9, 0.9))), 2)
    plain = Trainer(ExperimentConfig(samples=60))
    plain.model.set_weights(trainer.model.get_weights())
    samples = plain.data.inputs(plain.data.X[plain.data.split.train])
    np.testing.assert_allclose(trainer.answers(0), plain.model.predict(samples), atol=1e-12)
    np.testing.assert_array_equal(trainer.picture()[-1], plain.picture()[-1])
    assert len(trainer.picture()) == len(plain.picture()) == 3


# ------------------------------------------------------------------- network, rates


def test_each_layer_has_its_own_activation():
    config = ExperimentConfig(samples=40, hidden=(3, 3, 3), activation="relu", layer_activations=("", "sigmoid"))
    trainer = train(Trainer(config), 2)
    x = trainer.data.inputs(trainer.data.X)
    weights = trainer.model.get_weights()
    activations = [
        lambda z: np.maximum(z, 0),
        lambda z: 1 / (1 + np.exp(-z)),
        lambda z: np.maximum(z, 0),
        lambda z: 1 / (1 + np.exp(-z)),
    ]
    for kernel, bias, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        x = activation(x @ kernel + bias)
    np.testing.assert_allclose(trainer.model.predict(trainer.data.inputs(trainer.data.X)), x, atol=1e-12)
    assert trainer.config.activations == ("relu", "sigmoid", "relu")


@pytest.mark.parametrize("bias", [0.0, 0.1, -3.0])
def test_every_bias_begins_as_the_config_says(bias):
    trainer = Trainer(ExperimentConfig(dataset="iris", bias=bias, hidden=(3, 4)))
    assert all((array == bias).all() for array in trainer.model.get_weights()[1::2])


@pytest.mark.parametrize("name", [name for name in SCHEDULES.names if name != "constant"])
def test_an_update_moves_the_weights_by_the_rate_of_the_schedule(name):
    config = ExperimentConfig(
        samples=40, hidden=(), batch_size=20, learning_rate=0.4, schedule=name, schedule_options={"decay_steps": 3}
    )
    schedule = SCHEDULES[name].value(initial_learning_rate=0.4, decay_steps=3)
    trainer = Trainer(config)
    for step in range(8):
        before = trainer.model.get_weights()
        assert trainer.learning_rate == pytest.approx(schedule(step))
        trainer.train(1)
        for array, old, gradient in zip(trainer.model.get_weights(), before, trainer.gradients(), strict=True):
            np.testing.assert_allclose(array - old, -schedule(step) * gradient, atol=1e-15)
    assert trainer.learning_rate < 0.4


def test_a_schedule_that_is_changed_goes_on_from_the_updates_made_so_far():
    trainer = train(Trainer(ExperimentConfig(samples=40, batch_size=20)), 6)
    trainer.change(
        trainer.config.changed({"schedule": "exponential", "schedule_options": {"decay_steps": 6, "decay_rate": 0.5}})
    )
    assert trainer.learning_rate == pytest.approx(0.1 * 0.5)
    trainer.change(trainer.config.changed({"learning_rate": 0.4}))
    assert trainer.learning_rate == pytest.approx(0.4 * 0.5)
    before = trainer.model.get_weights()
    trainer.train(1)
    for array, old, gradient in zip(trainer.model.get_weights(), before, trainer.gradients(), strict=True):
        np.testing.assert_allclose(array - old, -0.2 * gradient, atol=1e-15)


@pytest.mark.parametrize(
    ("output", "no", "yes"), [("sigmoid", 0, 1), ("step", 0, 1), ("tanh", -1, 1), ("linear", -1, 1)]
)
def test_two_classes_have_the_targets_that_suit_the_output(output, no, yes):
    trainer = train(Trainer(ExperimentConfig(samples=60, output_activation=output)), 3)
    data = trainer.data
    np.testing.assert_array_equal(data.targets[:, 0], np.where(data.y == 1, yes, no))
    for part, accuracy in zip(data.split, trainer.losses()[2:4], strict=True):
        answers = trainer.model.predict(data.inputs(data.X[part])).ravel()
        assert accuracy == accuracy_score(data.y[part], answers > (no + yes) / 2)


def test_the_targets_of_several_classes_are_one_hot():
    data = Trainer(ExperimentConfig(dataset="wine")).data
    np.testing.assert_array_equal(data.targets.argmax(axis=1), data.y)
    np.testing.assert_array_equal(np.sort(data.targets, axis=1), np.tile([0, 0, 1], (len(data.y), 1)))


# --------------------------------------------------------------------------- picture


@pytest.mark.parametrize("dataset", ["moons", "iris", "diabetes", "sine", "wine"])
def test_a_reading_is_what_the_network_answers_there(dataset):
    trainer = train(Trainer(ExperimentConfig(dataset=dataset, hidden=(3, 2), learning_rate=0.01)), 2)
    data = trainer.data
    row, column = 10, 75
    inputs, first, second, output = trainer.reading((column + 0.5) / 100, 1 - (row + 0.5) / 100)
    sample = data.grid[[100 * row + column]]
    np.testing.assert_allclose(inputs, data.inputs(sample)[0])
    np.testing.assert_allclose(output, data.in_units(trainer.model.predict(data.inputs(sample))[0]))
    hidden = [layer[:, 100 * row + column] for layer in trainer.picture()[:-1]]
    np.testing.assert_allclose([*first, *second], np.concatenate(hidden), atol=1e-5)
