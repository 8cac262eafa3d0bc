from math import sqrt

import numpy as np
import pytest

from playground.errors import InvalidValueError
from playground.nn import INITIALIZERS, Dense, Input, Sequential
from playground.nn.initializers import RandomUniform

# Standard deviation and greatest size for a kernel (300, 100): He has 2/300, Glorot 2/400 as its variance.
SPREADS = {
    "glorot_uniform": (sqrt(1 / 200), sqrt(3 / 200)),
    "glorot_normal": (sqrt(1 / 200), 2 * sqrt(1 / 200) / 0.8796),
    "he_uniform": (sqrt(1 / 150), sqrt(3 / 150)),
    "he_normal": (sqrt(1 / 150), 2 * sqrt(1 / 150) / 0.8796),
    "random_uniform": (0.05 / sqrt(3), 0.05),
    "zeros": (0, 0),
}


@pytest.mark.parametrize("entry", list(INITIALIZERS), ids=lambda entry: entry.name)
def test_an_initializer_has_its_spread_and_bound(entry):
    kernel = entry.value()((300, 100), np.random.default_rng(0))
    spread, bound = SPREADS[entry.name]
    assert kernel.shape == (300, 100)
    assert kernel.std() == pytest.approx(spread, rel=0.01)
    assert kernel.mean() == pytest.approx(0, abs=spread / 50)
    assert abs(kernel).max() == pytest.approx(bound, rel=0.01)


@pytest.mark.parametrize("name", INITIALIZERS.names)
def test_the_same_seed_gives_the_same_weights(name):
    def weights(seed):
        model = Sequential([Input((3,)), Dense(5, kernel_initializer=name), Dense(2, kernel_initializer=name)])
        model.build(np.random.default_rng(seed))
        return model.parameters

    assert weights(4).tolist() == weights(4).tolist()
    assert name == "zeros" or weights(4).tolist() != weights(5).tolist()


def test_layers_draw_in_order_kernel_then_bias():
    rng = np.random.default_rng(2)
    model = Sequential([Input((3,)), Dense(2, bias_initializer="random_uniform"), Dense(1)])
    model.build(np.random.default_rng(2))
    drawn = [(layer.kernel_initializer, shape) for layer, shape in zip(model.layers, [(3, 2), (2, 1)], strict=True)]
    np.testing.assert_array_equal(model.layers[0].kernel, drawn[0][0](drawn[0][1], rng))
    np.testing.assert_array_equal(model.layers[0].bias, RandomUniform()((2,), rng))
    np.testing.assert_array_equal(model.layers[1].kernel, drawn[1][0](drawn[1][1], rng))


def test_the_range_of_random_uniform_can_be_chosen():
    numbers = RandomUniform(2, 3)((1000,), np.random.default_rng(0))
    assert 2 <= numbers.min() < 2.01
    assert 2.99 < numbers.max() <= 3


def test_bounds_in_the_wrong_order_are_refused():
    with pytest.raises(InvalidValueError, match="random_uniform: minval must not exceed maxval, got 3 and 2"):
        RandomUniform(3, 2)
