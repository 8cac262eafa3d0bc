import numpy as np
import pytest

from playground.data import FEATURES

X1 = np.array([0.5, -2.0, np.pi / 2])
X2 = np.array([3.0, 0.25, -1.0])


@pytest.mark.parametrize("entry", list(FEATURES), ids=lambda entry: entry.name)
def test_a_feature_gives_one_finite_number_a_point(entry):
    values = entry.value(X1, X2)
    assert values.shape == X1.shape
    assert np.isfinite(values).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x1", [0.5, -2.0, np.pi / 2]),
        ("x2", [3.0, 0.25, -1.0]),
        ("x1_squared", [0.25, 4.0, 2.4674011]),
        ("x2_squared", [9.0, 0.0625, 1.0]),
        ("x1_x2", [1.5, -0.5, -1.5707963]),
        ("sin_x1", [0.4794255, -0.9092974, 1.0]),
        ("sin_x2", [0.1411200, 0.2474040, -0.8414710]),
        ("cos_x1", [0.8775826, -0.4161468, 0.0]),
        ("cos_x2", [-0.9899925, 0.9689124, 0.5403023]),
    ],
)
def test_features_are_what_a_pocket_calculator_says(name, expected):
    np.testing.assert_allclose(FEATURES[name].value(X1, X2), expected, atol=1e-7)


@pytest.mark.parametrize("entry", list(FEATURES), ids=lambda entry: entry.name)
def test_a_feature_says_which_measurements_it_needs(entry):
    needed = set(entry.traits["columns"])
    assert needed
    for name, others in {"x1": (X1 + 1, X2), "x2": (X1, X2 + 1)}.items():
        assert (name in needed) == (not np.array_equal(entry.value(*others), entry.value(X1, X2)))
