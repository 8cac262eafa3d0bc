import numpy as np
import pytest
from sklearn.datasets import load_iris, make_moons

from playground.data import DATASETS, load
from playground.errors import UnknownNameError

NAMES = [pytest.param(entry.name, id=entry.name) for entry in DATASETS]
GENERATED = [pytest.param(entry.name, id=entry.name) for entry in DATASETS if not entry.traits["fixed"]]


@pytest.mark.parametrize("name", NAMES)
def test_points_are_finite_and_labelled(name):
    data = load(name, 200, 0.1, seed=3)
    assert data.X.shape == (len(data.y), len(data.columns))
    assert np.isfinite(data.X).all()
    assert np.isfinite(data.y).all()
    if not data.regression:
        assert set(data.y) == set(range(len(data.classes)))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_points(name):
    first, second = load(name, 100, 0.2, seed=5), load(name, 100, 0.2, seed=5)
    np.testing.assert_array_equal(first.X, second.X)
    np.testing.assert_array_equal(first.y, second.y)


@pytest.mark.parametrize("name", GENERATED)
def test_another_seed_gives_other_points(name):
    assert not np.array_equal(load(name, 100, 0.2, seed=5).X, load(name, 100, 0.2, seed=6).X)


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [10, 101, 5000])
def test_there_are_as_many_points_as_asked_for(name, samples):
    assert len(load(name, samples, 0.1, seed=0).X) == samples


@pytest.mark.parametrize("name", GENERATED)
def test_more_noise_moves_the_same_points_further_in_the_same_direction(name):
    little, some, more = (load(name, 300, noise, seed=1) for noise in (0.05, 0.1, 0.3))
    np.testing.assert_array_equal(little.y, more.y)
    near, far = some.X - little.X, more.X - little.X
    same_direction = (near * far).sum(axis=1) / (np.linalg.norm(near, axis=1) * np.linalg.norm(far, axis=1))
    np.testing.assert_allclose(same_direction, 1.0)
    assert (np.linalg.norm(far, axis=1) > np.linalg.norm(near, axis=1)).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_holds_the_points_at_the_default_noise(name):
    data = load(name, 500, 0.15, seed=1)
    (left, right), (low, high) = data.domain
    x, y = data.X[:, data.axes[0]], data.X[:, data.axes[1]]
    inside = (left <= x) & (x <= right) & (low <= y) & (y <= high)
    assert inside.mean() >= 0.95


def test_moons_are_the_very_points_a_script_gets_from_scikit_learn():
    X, y = make_moons(200, noise=0.2, random_state=7)
    data = load("moons", 200, 0.2, seed=7)
    np.testing.assert_array_equal(data.X, X)
    np.testing.assert_array_equal(data.y, y)


def test_iris_is_real_data_that_noise_and_size_leave_alone():
    data = load("iris", 10, 0.5, seed=9)
    np.testing.assert_array_equal(data.X, load_iris().data)
    assert [name.lower() for name in data.classes] == list(load_iris().target_names)


def test_iris_can_be_drawn_along_any_two_measurements():
    data = load("iris", 150, 0, seed=0, axes=(0, 1))
    (left, right), _ = data.domain
    assert left < 4.3 < 7.9 < right  # sepal length


def test_xor_labels_opposite_quadrants_alike():
    data = load("xor", 400, 0, seed=2)
    assert np.array_equal(data.y == 1, data.X[:, 0] * data.X[:, 1] > 0)
    assert np.abs(data.X).min() > 0.29  # the gap along the axes


@pytest.mark.parametrize("name", ["plane", "bumps"])
def test_regression_targets_fill_minus_one_to_one(name):
    y = load(name, 5000, 0, seed=0).y
    assert -1.01 < y.min() < -0.9
    assert 0.9 < y.max() < 1.01


def test_an_unknown_data_set_is_answered_with_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"Unknown data set 'mons'; choose one of: moons, "):
        load("mons", 10, 0, seed=0)
