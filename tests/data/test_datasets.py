import math

import numpy as np
import pytest
import sklearn.datasets

from playground.data import DATASETS, describe, load
from playground.data.datasets import framed
from playground.errors import InvalidValueError, UnknownNameError
from playground.registry import Registry

NAMES = [pytest.param(entry.name, id=entry.name) for entry in DATASETS]
FILLED = [pytest.param(name, id=name) for name in DATASETS.names if name != "blank"]
GENERATED = [pytest.param(entry.name, id=entry.name) for entry in DATASETS if not entry.traits["fixed"]]
MEASURED = [
    pytest.param("iris", sklearn.datasets.load_iris(), id="iris"),
    pytest.param("wine", sklearn.datasets.load_wine(), id="wine"),
    pytest.param("breast_cancer", sklearn.datasets.load_breast_cancer(), id="breast_cancer"),
    pytest.param("digits", sklearn.datasets.load_digits(), id="digits"),
    pytest.param("diabetes", sklearn.datasets.load_diabetes(scaled=False), id="diabetes"),
]


# ------------------------------------------------------------------ every data set


@pytest.mark.parametrize("name", FILLED)
def test_points_are_finite_and_labelled(name):
    data = load(name, 200, 0.1, seed=3)
    assert data.X.shape == (len(data.y), len(data.spec.columns))
    assert data.X.dtype == np.float64
    assert np.isfinite(data.X).all()
    assert np.isfinite(data.y).all()
    if data.spec.regression:
        assert data.y.dtype == np.float64
    else:
        assert data.y.dtype == np.int64
        assert set(data.y) == set(range(len(data.spec.classes)))


@pytest.mark.parametrize("name", NAMES)
def test_a_description_is_whole(name):
    spec = describe(name)
    assert spec.label == DATASETS[name].label
    assert len(set(spec.columns)) == len(spec.columns)
    assert len(set(spec.classes)) == len(spec.classes)
    assert spec.problem == {0: "regression", 2: "binary"}.get(len(spec.classes), "multiclass")
    assert len(set(spec.axes)) == min(len(spec.columns), 2)
    assert max(spec.axes) < len(spec.columns)
    assert spec.scaling in ("none", "standardize", "minmax")
    assert spec.target


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_points(name):
    first, second = load(name, 100, 0.2, seed=5), load(name, 100, 0.2, seed=5)
    np.testing.assert_array_equal(first.X, second.X)
    np.testing.assert_array_equal(first.y, second.y)


@pytest.mark.parametrize("name", FILLED)
def test_points_that_somebody_changed_do_not_come_back(name):
    first = load(name, 100, 0.2, seed=5)
    before = first.X.copy()
    first.X[:] = first.y[:] = 7
    np.testing.assert_array_equal(load(name, 100, 0.2, seed=5).X, before)


@pytest.mark.parametrize("name", GENERATED)
def test_another_seed_gives_other_points(name):
    assert not np.array_equal(load(name, 100, 0.2, seed=5).X, load(name, 100, 0.2, seed=6).X)


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [10, 101, 5000])
def test_there_are_as_many_points_as_asked_for(name, samples):
    data = load(name, samples, 0.1, seed=0)
    assert len(data.X) == len(data.y) == samples


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [10, 101])
def test_classes_are_of_one_size_where_noise_does_not_turn_labels(name, samples):
    data = load(name, samples, 0, seed=0)
    if not data.spec.regression and name != "xor":  # whose quadrants are hit by chance
        sizes = np.bincount(data.y)
        assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize("name", GENERATED)
def test_more_noise_moves_the_same_points_further_or_turns_more_of_their_targets(name):
    calm, little, some, more = (load(name, 400, noise, seed=1) for noise in (0, 0.1, 0.2, 0.4))
    if np.array_equal(calm.X, more.X):
        np.testing.assert_array_equal(calm.X, little.X)
        changes = [np.abs(data.y - calm.y).mean() for data in (little, some, more)]
        assert 0 < changes[0] < changes[1] < changes[2]
        return
    for data in (little, some, more):
        np.testing.assert_array_equal(data.y, calm.y)
    near, far = some.X - little.X, more.X - little.X
    same_direction = (near * far).sum(axis=1) / (np.linalg.norm(near, axis=1) * np.linalg.norm(far, axis=1))
    np.testing.assert_allclose(same_direction, 1.0)
    assert (np.linalg.norm(far, axis=1) > np.linalg.norm(near, axis=1)).all()


@pytest.mark.parametrize("name", ["plane", "sine", "step"])
def test_noise_moves_each_target_in_proportion(name):
    calm, some, more = (load(name, 100, noise, seed=1).y for noise in (0, 0.1, 0.3))
    np.testing.assert_allclose(more - calm, 3 * (some - calm), atol=1e-12)


@pytest.mark.parametrize("name", ["circle", "xor"])
def test_most_labels_that_noise_turns_stay_turned_under_more_noise(name):
    calm, little, more = (load(name, 4000, noise, seed=1).y for noise in (0, 0.1, 0.2))
    turned = little != calm
    assert (more != calm)[turned].mean() > 0.8  # a place far beyond the other class has left it again


@pytest.mark.parametrize("name", [case for case in FILLED if describe(case.values[0]).domain])
def test_the_picture_holds_the_points_at_the_default_noise(name):
    data = load(name, 500, 0.15, seed=1)
    (left, right), (low, high) = data.spec.domain
    x, y = data.X[:, 0], data.X[:, 1] if len(data.spec.columns) == 2 else data.y
    inside = (left <= x) & (x <= right) & (low <= y) & (y <= high)
    assert inside.mean() >= 0.95


@pytest.mark.parametrize("name", NAMES)
def test_the_help_says_what_noise_does(name):
    assert "oise" in DATASETS[name].help


# --------------------------------------------------------------- sets of scikit-learn


def test_moons_are_the_very_points_a_script_gets_from_scikit_learn():
    X, y = sklearn.datasets.make_moons(200, noise=0.2, random_state=7)
    data = load("moons", 200, 0.2, seed=7)
    np.testing.assert_array_equal(data.X, X)
    np.testing.assert_array_equal(data.y, y)


def test_circles_are_the_very_points_a_script_gets_from_scikit_learn():
    X, y = sklearn.datasets.make_circles(200, noise=0.2, random_state=7, factor=0.5)
    data = load("circles", 200, 0.2, seed=7)
    np.testing.assert_array_equal(data.X, X)
    np.testing.assert_array_equal(data.y, y)


@pytest.mark.parametrize(("name", "table"), MEASURED)
def test_real_data_are_left_alone_by_noise_size_and_seed(name, table):
    data = load(name, 10, 0.5, seed=9)
    np.testing.assert_array_equal(data.X, table.data)
    np.testing.assert_array_equal(data.y, table.target)
    assert data.spec.fixed


def _plain(text):
    return text.lower().replace("_", " ").replace("colour", "color").split(" (")[0]


@pytest.mark.parametrize(("name", "table"), MEASURED[:3])
def test_measurements_have_scikit_learns_names(name, table):
    assert [_plain(column) for column in describe(name).columns] == [_plain(column) for column in table.feature_names]


@pytest.mark.parametrize(("name", "table"), [MEASURED[0], MEASURED[2], MEASURED[3]])
def test_classes_have_scikit_learns_names(name, table):
    assert [_plain(each) for each in describe(name).classes] == [str(each) for each in table.target_names]


def test_pixels_of_digits_are_named_by_row_and_column():
    image = sklearn.datasets.load_digits().images[12]
    X = load("digits", 0, 0, seed=0).X[12]
    columns = describe("digits").columns
    for row in range(8):
        for column in range(8):
            assert X[columns.index(f"Row {row + 1}, column {column + 1}")] == image[row, column]


def test_the_picture_of_real_data_is_framed_with_an_eighth_around_them():
    data = load("iris", 150, 0, seed=0)
    (left, right), (low, high) = (framed(data.X[:, column]) for column in data.spec.axes)
    assert (left, right) == pytest.approx((1.0 - 5.9 / 8, 6.9 + 5.9 / 8))  # petal length
    assert (low, high) == pytest.approx((0.1 - 2.4 / 8, 2.5 + 2.4 / 8))  # petal width


# -------------------------------------------------------------------------- blobs


@pytest.mark.parametrize("classes", range(2, 9))
def test_blobs_have_as_many_classes_as_asked_for(classes):
    data = load("blobs", 400, 0.1, seed=3, options={"classes": classes})
    assert data.spec.classes == tuple(f"Class {letter}" for letter in "ABCDEFGH"[:classes])
    assert set(data.y) == set(range(classes))
    assert describe("blobs", {"classes": classes}) == data.spec


@pytest.mark.parametrize("classes", range(2, 9))
def test_blobs_are_apart_and_in_the_picture(classes):
    data = load("blobs", 800, 0.15, seed=3, options={"classes": classes})
    means = np.array([data.X[data.y == number].mean(axis=0) for number in range(classes)])
    distances = np.linalg.norm(means[:, np.newaxis] - means, axis=2)
    assert distances[~np.eye(classes, dtype=bool)].min() > 3.3  # standard deviation: 1.05
    assert (np.abs(data.X) <= 6).all(axis=1).mean() >= 0.95


def test_blobs_spread_as_their_help_says():
    X, y = sklearn.datasets.make_blobs(
        900, centers=[[-2.6, -1.5011107], [2.6, -1.5011107], [0, 3.0022214]], cluster_std=1.2, random_state=4
    )
    data = load("blobs", 900, 0.2, seed=4)
    np.testing.assert_allclose(data.X, X, atol=1e-6)
    np.testing.assert_array_equal(data.y, y)


@pytest.mark.parametrize("classes", [1, 9, 2.5, "3", None])
def test_blobs_of_another_number_are_refused(classes):
    with pytest.raises(InvalidValueError, match=r"blobs: classes must be a whole number from 2 to 8, got"):
        describe("blobs", {"classes": classes})


# -------------------------------------------------------------------------- blank


@pytest.mark.parametrize("classes", [2, 3, 8])
def test_a_blank_plane_has_classes_but_no_points(classes):
    data = load("blank", 500, 0.3, seed=1, options={"classes": classes})
    assert data.X.shape == (0, 2)
    assert data.y.shape == (0,)
    assert data.y.dtype == np.int64
    assert len(data.spec.classes) == classes
    assert data.spec.domain == ((-6.0, 6.0), (-6.0, 6.0))


# --------------------------------------------------------- TensorFlow Playground's sets


class Browser:
    """Draws numbers one at a time, as its dataset.ts does with Math.random(), and keeps the points it makes.

    Labels are +1 and -1 for classes, as there.
    """

    def __init__(self, seed):
        self.random = np.random.default_rng(seed).random
        self.points = []

    def between(self, low, high):
        return self.random() * (high - low) + low

    def normal(self, variance):
        while True:
            first, second = 2 * self.random() - 1, 2 * self.random() - 1
            size = first * first + second * second
            if size <= 1:
                return math.sqrt(variance) * math.sqrt(-2 * math.log(size) / size) * first

    def jitter(self, radius, noise):
        return self.between(-radius, radius) * noise, self.between(-radius, radius) * noise


BROWSER: Registry = Registry("set of TensorFlow Playground")


def _theirs(name):
    return BROWSER.register(name, label=name, help="")


@_theirs("circle")
def _circle(browser, samples, noise):
    for least, most in ((0, 2.5), (3.5, 5)):
        for _ in range(samples // 2):
            radius, angle = browser.between(least, most), browser.between(0, 2 * math.pi)
            x, y = radius * math.sin(angle), radius * math.cos(angle)
            dx, dy = browser.jitter(5, noise)
            browser.points.append((x, y, 1 if math.hypot(x + dx, y + dy) < 2.5 else -1))


@_theirs("xor")
def _xor(browser, samples, noise):
    for _ in range(samples):
        x = browser.between(-5, 5)
        x += 0.3 if x > 0 else -0.3
        y = browser.between(-5, 5)
        y += 0.3 if y > 0 else -0.3
        dx, dy = browser.jitter(5, noise)
        browser.points.append((x, y, 1 if (x + dx) * (y + dy) >= 0 else -1))


@_theirs("gaussians")
def _gaussians(browser, samples, noise):
    for center, label in ((2, 1), (-2, -1)):
        for _ in range(samples // 2):
            x = center + browser.normal(0.5 + noise * 7)
            y = center + browser.normal(0.5 + noise * 7)
            browser.points.append((x, y, label))


@_theirs("spiral")
def _spiral(browser, samples, noise):
    arm = samples // 2
    for turn, label in ((0, 1), (math.pi, -1)):
        for number in range(arm):
            radius = number / arm * 5
            angle = 1.75 * number / arm * 2 * math.pi + turn
            dx, dy = browser.jitter(1, noise)
            browser.points.append((radius * math.sin(angle) + dx, radius * math.cos(angle) + dy, label))


@_theirs("plane")
def _plane(browser, samples, noise):
    for _ in range(samples):
        x, y = browser.between(-6, 6), browser.between(-6, 6)
        dx, dy = browser.jitter(6, noise)
        browser.points.append((x, y, (x + dx + y + dy) / 10))


@_theirs("bumps")
def _bumps(browser, samples, noise):
    bumps = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    for _ in range(samples):
        x, y = browser.between(-6, 6), browser.between(-6, 6)
        dx, dy = browser.jitter(6, noise)
        heights = [max(0, 1 - math.hypot(x + dx - cx, y + dy - cy) / 2) * sign for cx, cy, sign in bumps]
        browser.points.append((x, y, max(heights, key=abs)))


@pytest.mark.parametrize("entry", list(BROWSER), ids=lambda entry: entry.name)
@pytest.mark.parametrize("noise", [0, 0.15, 0.5])
def test_points_are_drawn_in_tensorflow_playgrounds_order_by_its_formula(entry, noise):
    browser = Browser(11)
    entry.value(browser, 300, noise)
    *places, labels = map(np.array, zip(*browser.points, strict=True))
    data = load(entry.name, 300, noise, seed=11)
    np.testing.assert_allclose(data.X, np.column_stack(places), atol=1e-12)
    np.testing.assert_allclose(data.y, labels if data.spec.regression else labels > 0, atol=1e-12)


def test_the_inner_class_of_a_circle_is_the_second_which_is_blue():
    data = load("circle", 400, 0, seed=2)
    radius = np.linalg.norm(data.X, axis=1)
    assert radius[data.y == 1].max() < 2.5
    assert radius[data.y == 0].min() >= 3.5


def test_xor_labels_opposite_quadrants_alike():
    data = load("xor", 400, 0, seed=2)
    assert np.array_equal(data.y == 1, data.X[:, 0] * data.X[:, 1] > 0)
    assert np.abs(data.X).min() > 0.29  # the gap along the axes


def test_gaussians_have_the_variance_that_their_help_says():
    data = load("gaussians", 5000, 0.3, seed=2)
    variances = [data.X[data.y == number].var(axis=0) for number in (0, 1)]
    np.testing.assert_allclose(variances, 0.5 + 7 * 0.3, rtol=0.1)


# -------------------------------------------------------------------- one input


def test_a_sine_curve_is_the_sine_of_its_input():
    data = load("sine", 200, 0, seed=4)
    assert data.X.shape == (200, 1)
    for x, y in zip(data.X[:, 0], data.y, strict=True):
        assert y == pytest.approx(math.sin(x))


def test_a_step_curve_jumps_at_zero():
    data = load("step", 200, 0, seed=4)
    assert set(data.y) == {-1.0, 1.0}
    assert data.X[data.y < 0].max() < 0 < data.X[data.y > 0].min()


@pytest.mark.parametrize("name", ["sine", "step"])
def test_noise_is_the_standard_deviation_around_a_curve(name):
    calm, noisy = load(name, 5000, 0, seed=4), load(name, 5000, 0.2, seed=4)
    assert (noisy.y - calm.y).std() == pytest.approx(0.2, rel=0.05)


# ------------------------------------------------------------------------ errors


def test_an_unknown_data_set_is_answered_with_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"Unknown data set 'mons'; choose one of: moons, circle, "):
        load("mons", 10, 0, seed=0)


def test_an_option_that_a_data_set_does_not_have_is_refused():
    with pytest.raises(UnknownNameError, match=r"Unknown option of moons 'classes'"):
        load("moons", 10, 0, seed=0, options={"classes": 3})
