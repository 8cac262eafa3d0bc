from math import erf, sqrt

import numpy as np
import pytest

from playground.nn import ACTIVATIONS, Activation, Dense, Input, Probe, Sequential, activations
from playground.nn.activations import Tanh
from playground.nn.tape import Tape
from tests.nn.gradients import check_gradient

# Worked out with a pocket calculator.
VALUES = {
    "tanh": ([-2, 0, 0.5], [-0.9640275801, 0, 0.4621171573]),
    "relu": ([-2, 0, 0.5], [0, 0, 0.5]),
    "sigmoid": ([-2, 0, 0.5], [0.1192029220, 0.5, 0.6224593312]),
    "linear": ([-2, 0, 0.5], [-2, 0, 0.5]),
    "leaky_relu": ([-2, 0, 0.5], [-0.4, 0, 0.5]),
    "elu": ([-2, 0, 0.5], [-0.8646647168, 0, 0.5]),
    "selu": ([-2, 0, 0.5], [-1.5201664686, 0, 0.5253504937]),
    "gelu": ([-2, 0, 0.5], [-0.0455002639, 0, 0.3457312306]),
    "silu": ([-2, 0, 0.5], [-0.2384058440, 0, 0.3112296656]),
    "softplus": ([-2, 0, 0.5], [0.1269280110, 0.6931471806, 0.9740769842]),
    "sin": ([-2, 0, 0.5], [-0.9092974268, 0, 0.4794255386]),
    "step": ([-2, 0, 0.5], [0, 0, 1]),
    "softmax": ([-2, 0, 0.5], [0.0486108240, 0.3591881058, 0.5922010702]),
}


def outputs(name, z, dtype=np.float64):
    """Return the outputs of one layer whose weighted sums are the numbers in `z`."""
    units = len(z)
    model = Sequential([Input((units,)), Dense(units, name)])
    model.build()
    model.set_weights([np.eye(units), np.zeros(units)])
    return Probe(model, [z], dtype).run()[0][:, 0]


@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_an_activation_has_the_values_of_a_pocket_calculator(name):
    z, expected = VALUES[name]
    assert outputs(name, z) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_huge_weighted_sums_give_finite_outputs(name, dtype):
    assert np.isfinite(outputs(name, [-3e4, 3e4, 1e4], dtype)).all()


def test_softmax_picks_the_greatest_however_large_the_numbers():
    assert outputs("softmax", [2000, 1500, -9000]) == pytest.approx([1, 0, 0], abs=1e-200)


@pytest.mark.parametrize("name", ACTIVATIONS.names)
def test_an_overflow_is_not_hidden_behind_a_plausible_output(name):
    tape, z = Tape(), np.full((2, 1), np.nan)
    ACTIVATIONS[name].value().forward(tape, z, z)
    with np.errstate(invalid="ignore"):
        tape.run()
    assert np.isnan(z).all() or name == "relu"  # documented at relu: fmax takes a number before NaN


def test_gelu_is_exact():
    z = np.linspace(-9, 9, 181)
    expected = [value * (1 + erf(value / sqrt(2))) / 2 for value in z]
    np.testing.assert_allclose(outputs("gelu", z), expected, rtol=1e-13, atol=1e-14)


def test_an_activation_is_found_by_its_class_and_by_other_names():
    assert activations.get("swish").entry.name == "silu"
    assert activations.get("ReLU".capitalize()).entry.name == "relu"
    assert activations.get(Tanh).entry.name == "tanh"


class Sine(Activation):
    """An activation whose slope cannot be told from its outputs."""

    keeps_z = True

    def forward(self, tape, z, a):
        tape(np.sin, z, a)

    def slope(self, tape, z, a, out):
        tape(np.cos, z, out)


@pytest.mark.parametrize("hidden", [[Sine(), Sine(), "tanh"], ["tanh", Sine(), "tanh"], ["relu", "tanh", Sine()]])
def test_an_activation_that_needs_z_afterwards_gets_it(hidden):
    check_gradient([2, 4, 3, 3, 1], [*hidden, "linear"], "mean_squared_error")
