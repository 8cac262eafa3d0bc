import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from playground.data.projections import PROJECTIONS

IRIS = load_iris().data
NAMES = ("Sepal length", "Sepal width", "Petal length", "Petal width")
PLACES = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=5).map(np.array)


def made(name, X=IRIS, drawn=(2, 3), rest=None, columns=NAMES):
    scaler = StandardScaler().fit(X)
    rest = np.median(X, axis=0) if rest is None else rest
    return PROJECTIONS[name].value(X, drawn, rest, columns, scaler.mean_, scaler.scale_)


@pytest.mark.parametrize("name", PROJECTIONS.names)
@given(places=PLACES)
def test_what_is_lifted_from_the_plane_is_drawn_where_it_was(name, places):
    projection = made(name)
    lifted = projection.lift(places)
    assert lifted.shape == (len(places), IRIS.shape[1])
    np.testing.assert_allclose(projection.place(lifted), places, atol=1e-9)


@pytest.mark.parametrize("name", PROJECTIONS.names)
def test_a_sample_of_the_plane_is_its_own_lift(name):
    projection = made(name)
    sample = projection.lift(np.array([[1.25, -0.5]]))
    np.testing.assert_allclose(projection.lift(projection.place(sample)), sample)


@pytest.mark.parametrize("X", [IRIS, load_wine().data, IRIS[:3], IRIS[:, :3]], ids=["iris", "wine", "few", "three"])
def test_principal_components_are_those_of_scikit_learn(X):
    projection = made("principal_components", X, columns=tuple(map(str, range(X.shape[1]))))
    scaled = StandardScaler().fit_transform(X)
    pca = PCA(2).fit(scaled)
    scores, expected = projection.place(X), pca.transform(scaled)
    signs = np.sign((scores * expected).sum(axis=0))
    np.testing.assert_allclose(scores, expected * signs, atol=1e-9)
    held = pca.explained_variance_ratio_.sum()
    assert f"holds {held:.0%} of the variance" in projection.about("")


def test_a_principal_component_points_along_its_greatest_entry():
    for X in (IRIS, -IRIS, IRIS[::-1]):
        projection = made("principal_components", X)
        origin = projection.lift(np.zeros((1, 2)))
        for place in np.eye(2):
            direction = (projection.lift(place[np.newaxis]) - origin)[0] / X.std(axis=0)
            assert direction[np.abs(direction).argmax()] > 0


@pytest.mark.parametrize(
    "X", [np.ones((5, 3)), np.array([[1.0, 2.0, 3.0]]), np.eye(3)[[0, 0, 1, 1]]], ids=["constant", "one", "a line"]
)
def test_samples_that_span_no_plane_have_a_picture_too(X):
    projection = PROJECTIONS["principal_components"].value(X, (0, 1), X[0], ("a", "b", "c"), X.mean(axis=0), np.ones(3))
    assert np.isfinite(projection.place(X)).all()
    assert np.isfinite(projection.lift(np.array([[1.0, 2.0]]))).all()
    assert "holds 100% of the variance" in projection.about("")


def test_two_columns_are_drawn_in_their_own_units_and_the_others_rest():
    projection = made("columns", drawn=(3, 0), rest=np.array([5.0, 3.0, 4.0, 1.0]))
    np.testing.assert_array_equal(projection.place(IRIS), IRIS[:, [3, 0]])
    np.testing.assert_array_equal(projection.lift(np.array([[0.5, 6.5]])), [[6.5, 3.0, 4.0, 0.5]])
    assert projection.axes == ("Petal width", "Sepal length")
    text = projection.about("their medians")
    assert text == "A slice at Sepal width 3 and Petal length 4, their medians."


def test_many_resting_columns_are_counted():
    X = load_wine().data
    text = made("columns", X, drawn=(0, 12), columns=tuple("abcdefghijklm")).about("those of sample 7")
    assert text == "A slice: the other 11 measurements are at those of sample 7."


def test_without_resting_columns_there_is_nothing_to_say():
    assert made("columns", IRIS[:, :2], drawn=(0, 1), columns=NAMES[:2]).about("their medians") == ""
    curve = made("columns", IRIS[:, :1], drawn=(0,), columns=NAMES[:1])
    assert curve.about("their medians") == ""
    assert curve.axes == ("Sepal length", "Sepal length")
