from math import sqrt

import numpy as np
import pytest

from playground.errors import InvalidValueError
from playground.nn import INITIALIZERS, Dense, Input, Sequential
from playground.nn.initializers import Constant, Orthogonal, RandomNormal, RandomUniform, TFPlayground

# Standard deviation and greatest size for a kernel (300, 100): He has 2/300, Glorot 2/400 as its variance.
SPREADS = {
    "glorot_uniform": (sqrt(1 / 200), sqrt(3 / 200)),
    "glorot_normal": (sqrt(1 / 200), 2 * sqrt(1 / 200) / 0.8796),
    "he_uniform": (sqrt(1 / 150), sqrt(3 / 150)),
    "he_normal": (sqrt(1 / 150), 2 * sqrt(1 / 150) / 0.8796),
    "random_uniform": (0.05 / sqrt(3), 0.05),
    "lecun_uniform": (sqrt(1 / 300), sqrt(3 / 300)),
    "lecun_normal": (sqrt(1 / 300), 2 * sqrt(1 / 300) / 0.8796),
    "random_normal": (0.05, 0.05 * 4.2),  # the greatest of 30,000 normal numbers
    "orthogonal": (sqrt(1 / 300), 0.27),
    "tf_playground": (1 / sqrt(12), 0.5),
    "constant": (0, 0),
    "ones": (0, 1),
    "zeros": (0, 0),
}
SAME = {name for name, (spread, _) in SPREADS.items() if spread == 0}


@pytest.mark.parametrize("entry", list(INITIALIZERS), ids=lambda entry: entry.name)
def test_an_initializer_has_its_spread_and_bound(entry):
    kernel = entry.value()((300, 100), np.random.default_rng(0))
    spread, bound = SPREADS[entry.name]
    assert kernel.shape == (300, 100)
    assert kernel.std() == pytest.approx(spread, rel=0.01)
    assert kernel.mean() == pytest.approx(1 if entry.name == "ones" else 0, abs=spread / 50)
    assert abs(kernel).max() == pytest.approx(bound, rel=0.1 if entry.name in ("random_normal", "orthogonal") else 0.01)


@pytest.mark.parametrize("name", INITIALIZERS.names)
def test_the_same_seed_gives_the_same_weights(name):
    def weights(seed):
        model = Sequential([Input((3,)), Dense(5, kernel_initializer=name), Dense(2, kernel_initializer=name)])
        model.build(np.random.default_rng(seed))
        return model.parameters

    assert weights(4).tolist() == weights(4).tolist()
    assert name in SAME or weights(4).tolist() != weights(5).tolist()


def test_layers_draw_in_order_kernel_then_bias():
    rng = np.random.default_rng(2)
    model = Sequential([Input((3,)), Dense(2, bias_initializer="random_uniform"), Dense(1)])
    model.build(np.random.default_rng(2))
    drawn = [(layer.kernel_initializer, shape) for layer, shape in zip(model.layers, [(3, 2), (2, 1)], strict=True)]
    np.testing.assert_array_equal(model.layers[0].kernel, drawn[0][0](drawn[0][1], rng))
    np.testing.assert_array_equal(model.layers[0].bias, RandomUniform()((2,), rng))
    np.testing.assert_array_equal(model.layers[1].kernel, drawn[1][0](drawn[1][1], rng))


def test_biases_may_start_from_a_constant():
    model = Sequential([Input((3,)), Dense(2, bias_initializer=Constant(0.1)), Dense(1, bias_initializer="zeros")])
    for seed in (0, 1):
        model.build(np.random.default_rng(seed))
        assert model.layers[0].bias.tolist() == [0.1, 0.1]
        assert model.layers[1].bias.tolist() == [0]
    assert model.layers[0].get_config()["bias_initializer"] == {"name": "constant", "value": 0.1}


def test_the_range_of_random_uniform_can_be_chosen():
    numbers = RandomUniform(2, 3)((1000,), np.random.default_rng(0))
    assert 2 <= numbers.min() < 2.01
    assert 2.99 < numbers.max() <= 3


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4)])
def test_an_orthogonal_kernel_keeps_lengths(shape):
    kernel = Orthogonal(gain=2)(shape, np.random.default_rng(0))
    product = kernel.T @ kernel if shape[0] >= shape[1] else kernel @ kernel.T
    np.testing.assert_allclose(product, 4 * np.eye(min(shape)), atol=1e-14)


def test_a_bias_cannot_be_orthogonal():
    with pytest.raises(InvalidValueError, match="only a kernel can be orthogonal"):
        Orthogonal()((3,), np.random.default_rng(0))


def test_tf_playgrounds_biases_are_a_tenth():
    assert TFPlayground()((3,), np.random.default_rng(0)).tolist() == [0.1] * 3


def test_the_range_of_normal_and_constant_can_be_chosen():
    numbers = RandomNormal(5, 0.1)((1000,), np.random.default_rng(0))
    assert numbers.mean() == pytest.approx(5, abs=0.02)
    assert numbers.std() == pytest.approx(0.1, rel=0.1)
    assert Constant(0.3)((2,), np.random.default_rng(0)).tolist() == [0.3, 0.3]


@pytest.mark.parametrize(("name", "meant"), [("uniform", "random_uniform"), ("normal", "random_normal")])
def test_keras_old_names_are_known(name, meant):
    assert Dense(1, kernel_initializer=name).kernel_initializer.entry.name == meant


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(InvalidValueError, match="random_uniform: minval must not exceed maxval, got 3 and 2"):
        RandomUniform(3, 2)
