"""Gradients against central differences, over the registries."""

import numpy as np
import pytest

from playground.nn import ACTIVATIONS, L1, L1L2, L2, LOSSES, REGULARIZERS, Dense, Input, Sequential
from playground.nn.network import fit
from tests.nn.gradients import check_gradient, gradient_of, targets_for

WITH_SLOPE = [entry for entry in ACTIVATIONS if "losses" not in entry.traits]
PAIRS = [(loss.name, entry.name) for loss in LOSSES for entry in WITH_SLOPE if fit(loss, entry)]
FUSED = [pair for pair in PAIRS if LOSSES[pair[0]].value.fused_with == pair[1]]


@pytest.mark.parametrize("hidden", [entry.name for entry in WITH_SLOPE])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_gradient_is_that_of_the_loss(loss, output, hidden):
    check_gradient([3, 4, 3, 3], [hidden, hidden, output], loss)


@pytest.mark.parametrize(("loss", "output"), FUSED)
def test_gradient_is_that_of_the_loss_without_the_fused_step(monkeypatch, loss, output):
    monkeypatch.setattr(LOSSES[loss].value, "fused_with", "")
    check_gradient([3, 4, 3], ["tanh", output], loss)


@pytest.mark.parametrize("regularizer", [entry.name for entry in REGULARIZERS])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_regularized_gradient_is_that_of_the_loss_with_its_penalty(loss, output, regularizer):
    check_gradient([3, 4, 3], ["tanh", output], loss, [regularizer, regularizer])


def test_each_layer_has_its_own_regularizer():
    check_gradient(
        [2, 4, 3, 3, 2], ["tanh", "relu", "sigmoid", "linear"], "mean_squared_error", [L1(0.3), None, L2(0.1), L1(2)]
    )


def test_l1_and_l2_together_have_each_its_rate():
    check_gradient([2, 4, 3, 1], ["tanh"] * 3, "mean_squared_error", [L1L2(0.3, 0.1), L2(0.2), L1L2(l2=1)])


@pytest.mark.parametrize("activations", [["tanh", "relu", "tanh", "tanh"], ["relu", "relu", "linear", "sigmoid"]])
def test_layers_may_have_different_activations(activations):
    check_gradient([2, 3, 5, 2, 1], activations, "mean_squared_error")


@pytest.mark.parametrize("sizes", [[1, 1], [2, 1, 1], [1, 3, 1, 2]])
def test_layers_may_have_a_single_neuron(sizes):
    check_gradient(sizes, ["tanh"] * (len(sizes) - 1), "mean_squared_error")


@pytest.mark.parametrize(("loss", "output"), FUSED)
def test_the_fused_step_equals_the_general_one(monkeypatch, loss, output):
    rng = np.random.default_rng(3)
    model = Sequential([Input((2,)), Dense(5, "tanh"), Dense(3, output)])
    model.build(rng)
    model.compile("sgd", loss)
    x, y = rng.normal(size=(20, 2)), targets_for(loss, (20, 3), rng)
    fused = gradient_of(model, x, y)
    monkeypatch.setattr(LOSSES[loss].value, "fused_with", "")
    np.testing.assert_allclose(gradient_of(model, x, y), fused, rtol=1e-12, atol=1e-15)
    assert np.abs(fused).max() > 1e-3
