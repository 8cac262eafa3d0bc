"""The points of an experiment: spoiled, edited by hand, taken from a table, drawn and fed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.impute import SimpleImputer
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from playground.data import load, split
from playground.data.table_reader import read
from playground.data.tables import TableChoice, choose
from playground.errors import InvalidValueError
from playground.training import MEASUREMENTS, ExperimentConfig, Trainer
from playground.training.experiment_data import ExperimentData


def data_of(**fields):
    return ExperimentData(ExperimentConfig(**fields))


def same_places(X, others):
    """Return which samples lie at the place of the sample of the same number."""
    return (others == X).all(axis=1)


# --------------------------------------------------------------------------- faults


def test_without_faults_the_points_are_the_data_sets_own():
    data, points = data_of(samples=80, noise=0.2, data_seed=4), load("moons", 80, 0.2, 4)
    np.testing.assert_array_equal(data.X, points.X)
    np.testing.assert_array_equal(data.y, points.y)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_label_flips_turn_just_that_share_of_the_labels(share):
    clean, spoiled = data_of(samples=200), data_of(samples=200, label_flips=share)
    assert (clean.y != spoiled.y).sum() == 200 * share
    np.testing.assert_array_equal(clean.X, spoiled.X)


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_outliers_move_just_that_share_of_the_points(share):
    clean, spoiled = data_of(samples=200), data_of(samples=200, outliers=share)
    assert (~same_places(clean.X, spoiled.X)).sum() == 200 * share
    np.testing.assert_array_equal(clean.y, spoiled.y)


def test_outliers_of_a_regression_move_its_targets():
    clean, spoiled = (data_of(dataset="plane", samples=200, outliers=share) for share in (0.0, 0.2))
    assert (clean.y != spoiled.y).sum() == 40
    np.testing.assert_array_equal(clean.X, spoiled.X)


def test_balance_leaves_out_points_of_the_last_class():
    data = data_of(samples=200, balance=0.25)
    np.testing.assert_array_equal(np.bincount(data.y), [100, 25])


def test_more_of_a_fault_only_adds_to_it():
    clean = data_of(samples=200)
    few, many = (data_of(samples=200, label_flips=share, outliers=share) for share in (0.1, 0.3))
    flipped = [set(np.flatnonzero(clean.y != data.y)) for data in (few, many)]
    moved = [set(np.flatnonzero(~same_places(clean.X, data.X))) for data in (few, many)]
    assert flipped[0] < flipped[1]
    assert moved[0] < moved[1]
    kept = [{tuple(place) for place in data_of(samples=200, balance=share).X} for share in (0.2, 0.6)]
    assert kept[0] < kept[1]


def test_a_fault_does_not_change_what_another_one_draws():
    clean = data_of(samples=200)
    flipped, both = data_of(samples=200, label_flips=0.2), data_of(samples=200, label_flips=0.2, outliers=0.1)
    np.testing.assert_array_equal(flipped.y, both.y)
    thin = data_of(samples=200, label_flips=0.2, balance=0.5)
    labels = {tuple(place): label for place, label in zip(flipped.X, flipped.y, strict=True)}
    assert [labels[tuple(place)] for place in thin.X] == thin.y.tolist()
    assert len(thin.X) < len(clean.X)


def test_faults_do_not_strike_the_same_points():
    clean, spoiled = data_of(samples=200), data_of(samples=200, label_flips=0.3, outliers=0.3)
    both = (clean.y != spoiled.y) & ~same_places(clean.X, spoiled.X)
    assert 0 < both.sum() < 40


def test_more_noise_moves_the_same_points_and_spoils_the_same_labels():
    calm, noisy = (data_of(samples=200, noise=noise, label_flips=0.2) for noise in (0.1, 0.4))
    np.testing.assert_array_equal(calm.y, noisy.y)
    for part, other in zip(calm.split, noisy.split, strict=True):
        np.testing.assert_array_equal(part, other)


# ----------------------------------------------------------------------- own points

POINTS = st.lists(
    st.tuples(st.floats(-6, 6), st.floats(-6, 6), st.sampled_from([0.0, 1.0])), min_size=1, max_size=12
).map(tuple)


@given(own=POINTS, more=POINTS, share=st.floats(0.1, 0.9))
def test_points_that_are_added_change_neither_number_nor_part_of_the_others(own, more, share):
    few, many = (data_of(samples=20, train_share=share, own_points=points) for points in (own, own + more))
    count = 20 + len(own)
    np.testing.assert_array_equal(many.X[:count], few.X)
    np.testing.assert_array_equal(many.y[:count], few.y)
    for part, other in zip(few.split, many.split, strict=True):
        np.testing.assert_array_equal(part, other[other < count])
    assert sorted(np.concatenate(many.split)) == list(range(count + len(more)))
    assert many.drawn_from == 20


@given(erased=st.lists(st.integers(0, 19), max_size=15).map(tuple), own=POINTS)
def test_points_that_are_erased_change_neither_number_nor_part_of_the_others(erased, own):
    whole, rest = data_of(samples=20, own_points=own), data_of(samples=20, own_points=own, erased=erased)
    np.testing.assert_array_equal(rest.X, whole.X)
    for part, left in zip(whole.split, rest.split, strict=True):
        assert left.tolist() == [number for number in part if number not in erased]


def test_erased_points_are_not_trained_on():
    config = ExperimentConfig(samples=20, batch_size=20)
    train = Trainer(config).data.split.train.tolist()
    trainer = Trainer(config.changed({"erased": train[:3]}))
    trainer.train(1)
    assert set(trainer.last_batch) == set(train[3:])


def test_the_data_sets_own_points_are_parted_by_the_split_seed():
    data = data_of(samples=20, split_seed=3, own_points=((1.0, 2.0, 0.0), (1.0, 3.0, 1.0)))
    parts = split(20, 0.5, 3)
    assert [part.tolist() for part in data.split] == [[*parts.train, 20], [*parts.test, 21]]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 40])
def test_own_points_are_parted_as_the_training_share_says(share, count):
    data = data_of(dataset="blank", train_share=share, own_points=((1.0, 2.0, 0.0),) * count)
    assert abs(len(data.split.train) - share * count) < 1
    assert 0 in data.split.train


def test_of_a_curve_an_own_points_height_is_its_target():
    data = data_of(dataset="sine", samples=10, own_points=((1.5, 0.25, 0.0),))
    assert (data.X[-1].tolist(), data.y[-1]) == ([1.5], 0.25)
    assert data.places[-1].tolist() == [1.5, 0.25]


def test_without_a_point_there_is_nothing_to_learn_from_and_nothing_to_tell():
    trainer = Trainer(ExperimentConfig(dataset="blank"))
    assert np.isnan(trainer.losses()).all()
    assert np.isfinite(trainer.picture()[-1]).all()
    for train in (trainer.train_epoch, trainer.train_sample, trainer.check_trainable):
        with pytest.raises(InvalidValueError, match="place at least two points"):
            train()
    assert (trainer.epoch, trainer.samples_seen, trainer.last_batch) == (0, 0, [])
    trainer.checked_losses()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_two_points_are_enough_to_train(share):
    trainer = Trainer(ExperimentConfig(dataset="blank", train_share=share))
    trainer.change(trainer.config.changed({"own_points": ((1, 1, 0),)}))
    with pytest.raises(InvalidValueError):
        trainer.check_trainable()
    trainer.change(trainer.config.changed({"own_points": ((1, 1, 0), (-2, -1, 1))}))
    first = trainer.losses().training_loss
    for _ in range(20):
        trainer.train_epoch()
    assert trainer.losses().training_loss < first


def test_a_run_whose_points_are_all_erased_keeps_its_weights_for_new_ones():
    trainer = Trainer(ExperimentConfig(dataset="blank", own_points=((1, 1, 0), (-2, -1, 1))))
    trainer.train_epoch()
    weights = trainer.model.get_weights()
    trainer.change(trainer.config.changed({"own_points": ()}))
    assert np.isnan(trainer.losses()).all()
    trainer.change(trainer.config.changed({"own_points": ((0, 1, 0), (2, 2, 1))}))
    for array, kept in zip(trainer.model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(array, kept)
    trainer.train_epoch()
    assert trainer.epoch == 2


# --------------------------------------------------------------------------- tables

ROWS = [
    (
        "" if n % 6 == 1 else f"{100 + 7 * (n % 11) + n}",
        "" if n % 9 == 2 else f"{(n * n) % 13 / 4}",
        ["red", "green", "blue"][n % 3],
        f"{3 * n + (n % 4) - 20}",
        "yes" if n % 5 < 2 else "no",
    )
    for n in range(60)
]
TABLE = read("\n".join(["mass,width,colour,price,ripe", *map(",".join, ROWS)]).encode(), "fruit.csv")
KINDS = ("number", "number", "category", "number", "category")


def of_table(target, missing="impute", scaling="standardize", inputs=(0, 1, 2), **fields):
    source = choose(TABLE, TableChoice(target, inputs, KINDS, missing, scaling))
    return Trainer(ExperimentConfig(table=source, **fields), TABLE)


def columns(*numbers):
    return np.array([[float(row[n]) if row[n] else np.nan for n in numbers] for row in ROWS])


@pytest.mark.parametrize(("scaling", "scaler"), [("standardize", StandardScaler), ("minmax", MinMaxScaler)])
def test_a_table_is_imputed_and_scaled_by_its_training_split_only(scaling, scaler):
    data = of_table(4, scaling=scaling).data
    raw, train = columns(0, 1), data.split.train
    imputer = SimpleImputer(strategy="median").fit(raw[train])
    filled = imputer.transform(raw)
    expected = scaler().fit(filled[train]).transform(filled)
    np.testing.assert_allclose(data.inputs(data.X)[:, :2], expected)


def test_a_category_is_one_hot_and_not_scaled():
    trainer = of_table(4)
    colours = [row[2] for row in ROWS]
    names = [name.removeprefix("colour = ") for name in trainer.config.spec.columns[2:]]
    assert sorted(names) == ["blue", "green", "red"]
    expected = np.array([[float(colour == name) for name in names] for colour in colours])
    np.testing.assert_array_equal(trainer.data.inputs(trainer.data.X)[:, 2:], expected)


def test_without_scaling_a_table_is_fed_as_it_is():
    data = of_table(3, missing="drop", scaling="none").data
    raw = columns(0, 1)
    raw = raw[~np.isnan(raw).any(axis=1)]
    np.testing.assert_array_equal(data.inputs(data.X)[:, :2], raw)
    assert data.target_scale == 1.0


@pytest.mark.parametrize("scaling", ["standardize", "none"])
def test_a_tables_regression_is_told_in_the_tables_own_units(scaling):
    trainer = of_table(3, scaling=scaling, learning_rate=1e-4 if scaling == "none" else 0.05, hidden=(3,))
    for _ in range(30):
        trainer.train_epoch()
    data, prices = trainer.data, columns(3).ravel()
    if scaling == "standardize":
        train = data.split.train
        standard = StandardScaler().fit(prices[train, np.newaxis])
        np.testing.assert_allclose(data.targets, standard.transform(prices[:, np.newaxis]))
    losses = trainer.losses()
    for part, explained, error in zip(data.split, losses[2:4], losses[4:], strict=True):
        answers = trainer.model.predict(data.inputs(data.X[part])).ravel()
        predicted = answers * data.target_scale + (prices[data.split.train].mean() if scaling != "none" else 0)
        assert explained == pytest.approx(r2_score(prices[part], predicted))
        assert error == pytest.approx(mean_absolute_error(prices[part], predicted))


def test_a_table_that_is_not_here_is_asked_for():
    config = of_table(4).config
    with pytest.raises(InvalidValueError, match=r"The table fruit\.csv is not here") as caught:
        Trainer(config)
    assert caught.value.field == "table"


def test_another_choice_of_a_tables_columns_starts_over():
    trainer = of_table(4)
    trainer.train_epoch()
    other = of_table(3).config
    assert trainer.change(trainer.config.changed({"table": other.table})) == (True, True, True)
    assert trainer.losses() == of_table(3).losses()


def test_a_table_of_one_input_and_two_classes_is_drawn_as_a_curve_of_probability():
    for output, low, high in (("sigmoid", 0, 1), ("tanh", -1, 1)):
        trainer = of_table(4, inputs=(1,), output_activation=output)
        trainer.train_epoch()
        curve = MEASUREMENTS["output"].value(trainer)["curve"]
        answers = trainer.model.predict(trainer.data.inputs(trainer.data.grid[:100])).ravel()
        np.testing.assert_allclose(curve, (answers - low) / (high - low), atol=1e-5)
        assert set(trainer.data.places[:, 1]) == {0, 1}


# ------------------------------------------------------------------ slices, formulas


def test_a_slice_has_the_medians_of_what_is_not_drawn():
    data = data_of(dataset="iris")
    medians = np.median(data.X[data.split.train], axis=0)
    np.testing.assert_array_equal(data.grid[:, :2], np.tile(medians[:2], (10_000, 1)))
    assert f"Sepal length (cm) {medians[0]:.4g} and Sepal width (cm) {medians[1]:.4g}" in data.slice_text
    assert "medians" in data.slice_text
    assert data_of().slice_text == ""


def test_a_slice_through_a_sample_holds_that_sample():
    data = data_of(dataset="iris", slice_sample=77, axes=(1, 3))
    np.testing.assert_array_equal(data.grid[:, [0, 2]], np.tile(data.X[77, [0, 2]], (10_000, 1)))
    np.testing.assert_allclose(data.sample_at(data.places[[77]]), data.X[[77]])
    assert "sample 77" in data.slice_text
    assert f"Sepal length (cm) {data.X[77, 0]:.4g}" in data.slice_text


def test_a_sample_that_there_is_not_leaves_the_medians():
    assert data_of(dataset="iris", slice_sample=500).slice_text == data_of(dataset="iris").slice_text


@pytest.mark.parametrize(
    ("dataset", "projection"),
    [("iris", "columns"), ("wine", "principal_components"), ("diabetes", "columns"), ("moons", "columns")],
)
def test_every_point_lies_in_the_picture(dataset, projection):
    data = data_of(dataset=dataset, projection=projection)
    (left, right), (low, high) = data.domain
    assert ((data.places >= (left, low)) & (data.places <= (right, high))).all()


def test_a_formula_is_fed_its_values():
    data = data_of(samples=30, features=("x1",), formulas=("x1^2 - sin(x2)", "abs(x2)"))
    x1, x2 = data.X.T
    np.testing.assert_allclose(data.inputs(data.X), np.column_stack([x1, x1**2 - np.sin(x2), np.abs(x2)]))


def test_formulas_see_measurements_as_the_network_does():
    data = data_of(dataset="iris", columns=(), formulas=("x3 * x4",))
    scaled = StandardScaler().fit(data.X[data.split.train]).transform(data.X)
    np.testing.assert_allclose(data.inputs(data.X)[:, 0], scaled[:, 2] * scaled[:, 3])


@pytest.mark.parametrize("formula", ["log(x1)", "1 / (x1 - x1)", "exp(1000 * x1)"])
def test_a_formula_without_a_value_for_some_sample_is_refused_and_changes_nothing(formula):
    trainer = Trainer(ExperimentConfig(samples=30))
    trainer.train_epoch()
    config, losses = trainer.config, trainer.losses()
    with pytest.raises(InvalidValueError, match=r"is not a number .* of 30 samples, as where x1 = ") as caught:
        trainer.change(config.changed({"formulas": (formula,)}))
    assert caught.value.field == "formulas"
    assert trainer.config is config
    assert trainer.losses() == losses
    trainer.train_epoch()


def test_a_formula_may_be_without_a_value_elsewhere_in_the_picture():
    data = data_of(dataset="blank", own_points=((1, 1, 0), (2, 2, 1)), formulas=("log(x1)",))
    assert np.isfinite(data.inputs(data.grid)).all()
