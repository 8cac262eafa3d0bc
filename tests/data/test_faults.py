import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data import class_balance, flip_labels, scatter_outliers

SHARES = st.floats(0, 1)
SEEDS = st.integers(0, 99)
LABELS = st.integers(2, 8).flatmap(
    lambda classes: st.tuples(
        st.just(classes), st.lists(st.integers(0, classes - 1), min_size=1, max_size=80).map(np.array)
    )
)


def _rng(seed=1):
    return np.random.default_rng([seed, 3])


# -------------------------------------------------------------------- class balance


@given(labels=LABELS, seed=SEEDS)
def test_a_balance_of_1_keeps_every_sample_in_its_order(labels, seed):
    classes, y = labels
    np.testing.assert_array_equal(class_balance(y, classes, 1.0, _rng(seed)), np.arange(len(y)))


@pytest.mark.parametrize(
    ("classes", "balance", "sizes"),
    [(2, 0.25, [100, 25]), (3, 0.25, [100, 50, 25]), (5, 0.0625, [100, 50, 25, 12, 6]), (3, 0.0, [100, 1, 1])],
)
def test_later_classes_keep_an_ever_smaller_share(classes, balance, sizes):
    y = np.repeat(np.arange(classes), 100)
    kept = class_balance(y, classes, balance, _rng())
    np.testing.assert_array_equal(np.bincount(y[kept]), sizes)


@given(labels=LABELS, low=SHARES, high=SHARES, seed=SEEDS)
def test_a_smaller_balance_only_leaves_out_more_samples(labels, low, high, seed):
    classes, y = labels
    low, high = sorted((low, high))
    few, many = (class_balance(y, classes, balance, _rng(seed)) for balance in (low, high))
    assert set(few) <= set(many)
    assert set(y[few]) == set(y)
    assert (np.diff(few) > 0).all()


def test_who_is_left_out_is_a_matter_of_chance():
    y = np.repeat([0, 1], 100)
    first, second = (class_balance(y, 2, 0.5, _rng(seed)) for seed in (1, 2))
    assert set(first) != set(second)
    assert not np.array_equal(first[100:], np.arange(100, 150))


def test_a_regression_has_no_classes_to_balance():
    np.testing.assert_array_equal(class_balance(np.array([0.5, 2.0, 3.0]), 0, 0.1, _rng()), [0, 1, 2])


# ---------------------------------------------------------------------- label flips


@given(labels=LABELS, share=SHARES, seed=SEEDS)
def test_exactly_the_share_of_labels_is_wrong(labels, share, seed):
    classes, y = labels
    before = y.copy()
    flipped = flip_labels(y, classes, share, _rng(seed))
    assert (flipped != y).sum() == round(share * len(y))
    assert ((flipped >= 0) & (flipped < classes)).all()
    np.testing.assert_array_equal(y, before)


@given(labels=LABELS, low=SHARES, high=SHARES, seed=SEEDS)
def test_labels_that_are_wrong_stay_so_when_the_share_is_raised(labels, low, high, seed):
    classes, y = labels
    low, high = sorted((low, high))
    few, many = (flip_labels(y, classes, share, _rng(seed)) for share in (low, high))
    np.testing.assert_array_equal(many[few != y], few[few != y])


def test_a_wrong_label_is_any_of_the_other_classes_alike():
    wrong = flip_labels(np.full(3000, 2), 4, 1.0, _rng())
    np.testing.assert_allclose(np.bincount(wrong, minlength=4) / 3000, [1 / 3, 1 / 3, 0, 1 / 3], atol=0.03)


def test_a_regression_has_no_labels_to_flip():
    y = np.array([0.5, 2.0])
    np.testing.assert_array_equal(flip_labels(y, 0, 1.0, _rng()), y)


# -------------------------------------------------------------------------- outliers

POINTS = np.column_stack([np.linspace(0, 1, 60), np.linspace(10, 20, 60)])
LOW, HIGH = np.array([-5.0, 100.0]), np.array([-4.0, 200.0])
CLASSES = np.arange(60) % 2
VALUES = np.linspace(-1.0, 3.0, 60)


@given(share=SHARES, seed=SEEDS)
def test_exactly_the_share_of_samples_is_moved_to_somewhere_between_the_limits(share, seed):
    X, y = scatter_outliers(POINTS, CLASSES, share, _rng(seed), LOW, HIGH)
    moved = (X != POINTS).all(axis=1)
    assert moved.sum() == (X != POINTS).any(axis=1).sum() == round(share * 60)
    assert ((X >= LOW) & (X <= HIGH)).all(axis=1)[moved].all()
    np.testing.assert_array_equal(y, CLASSES)


@given(share=SHARES, seed=SEEDS)
def test_of_a_regression_targets_are_moved_instead(share, seed):
    X, y = scatter_outliers(POINTS, VALUES, share, _rng(seed), LOW, HIGH)
    np.testing.assert_array_equal(X, POINTS)
    assert (y != VALUES).sum() == round(share * 60)
    assert y.min() >= -2.0  # the targets range over 4: 1 more on both sides
    assert y.max() <= 4.0


@given(low=SHARES, high=SHARES, seed=SEEDS, y=st.sampled_from([CLASSES, VALUES]))
def test_outliers_stay_where_they_are_when_the_share_is_raised(low, high, seed, y):
    low, high = sorted((low, high))
    few, many = (np.column_stack(scatter_outliers(POINTS, y, share, _rng(seed), LOW, HIGH)) for share in (low, high))
    moved = (few != np.column_stack([POINTS, y])).any(axis=1)
    np.testing.assert_array_equal(many[moved], few[moved])


def test_outliers_lie_anywhere_alike():
    X, _ = scatter_outliers(np.zeros((4000, 2)), np.zeros(4000, dtype=np.int64), 1.0, _rng(), LOW, HIGH)
    np.testing.assert_allclose(X.mean(axis=0), [-4.5, 150], rtol=0.02)
    np.testing.assert_allclose(X.std(axis=0), np.array([1.0, 100.0]) / np.sqrt(12), rtol=0.05)
    _, y = scatter_outliers(np.zeros((4000, 1)), np.linspace(0, 2, 4000), 1.0, _rng(), LOW, HIGH)
    assert y.mean() == pytest.approx(1, abs=0.05)
    assert y.std() == pytest.approx(3 / np.sqrt(12), rel=0.05)


@pytest.mark.parametrize("y", [CLASSES, VALUES], ids=["classes", "values"])
def test_what_came_is_left_as_it_was(y):
    X, before = POINTS.copy(), y.copy()
    scatter_outliers(X, y, 1.0, _rng(), LOW, HIGH)
    np.testing.assert_array_equal(X, POINTS)
    np.testing.assert_array_equal(y, before)


def test_no_points_have_no_faults():
    X, y = np.empty((0, 2)), np.empty(0, dtype=np.int64)
    assert len(class_balance(y, 3, 0.5, _rng())) == 0
    assert len(flip_labels(y, 3, 0.5, _rng())) == 0
    assert len(scatter_outliers(X, y, 0.5, _rng(), LOW, HIGH)[0]) == 0
