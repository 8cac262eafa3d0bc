"""Optimizers against numbers worked out by hand."""

import numpy as np
import pytest

from playground.nn import SGD, Adam
from playground.nn.tape import Tape


class Rig:
    """An optimizer on two parameters, fed with gradients of our choice."""

    def __init__(self, optimizer, parameters):
        self.parameters, self.gradients = np.array(parameters, float), np.zeros((2, len(parameters)))
        self.optimizer, self.state = optimizer, optimizer.new_state(len(parameters))
        self.record()

    def record(self):
        self.tape = Tape()
        self.optimizer.update(self.tape, self.parameters, self.gradients, self.state)

    def step(self, *gradient):
        self.gradients[0] = gradient
        self.tape.run()
        return self.parameters.tolist()


def test_sgd_goes_against_the_gradient():
    rig = Rig(SGD(learning_rate=0.1), [1, 2])
    assert rig.step(10, -5) == pytest.approx([0, 2.5])
    assert rig.step(1, 0) == pytest.approx([-0.1, 2.5])


def test_momentum_carries_the_last_step_on():
    rig = Rig(SGD(learning_rate=0.1, momentum=0.5), [1, 2])
    assert rig.step(10, 0) == pytest.approx([0, 2])  # velocity −1
    assert rig.step(0, 0) == pytest.approx([-0.5, 2])  # velocity −1/2
    assert rig.step(-1, 10) == pytest.approx([-0.65, 1])  # velocity −1/4 + 1/10, −1


def test_a_learning_rate_holds_from_the_next_step_without_a_new_recording():
    rig = Rig(SGD(learning_rate=0.1, momentum=0.5), [1, 2])
    rig.step(10, 0)
    rig.optimizer.learning_rate = 1
    assert rig.step(10, 0) == pytest.approx([-10.5, 2])  # the velocity of −1 was not rescaled: −1/2 − 10


@pytest.mark.parametrize("optimizer", [SGD(momentum=0.5), Adam()])
def test_a_new_learning_rate_costs_no_new_recording(optimizer):
    revision = optimizer.revision
    optimizer.learning_rate = 0.5
    assert optimizer.revision == revision


def test_momentum_taken_away_is_forgotten():
    rig = Rig(SGD(learning_rate=0.1, momentum=0.5), [1, 2])
    rig.step(10, 0)
    for momentum in (0, 0.5):
        rig.optimizer.momentum = momentum
        rig.record()
    assert rig.step(0, 0) == pytest.approx([0, 2])


def test_adams_first_step_is_the_learning_rate_whatever_the_gradient():
    rig = Rig(Adam(learning_rate=0.01), [1, 2])
    assert rig.step(1e4, -1e-1) == pytest.approx([0.99, 2.01], abs=1e-6)


def test_adams_steps_by_hand():
    # beta_1 = beta_2 = 1/2 and gradients 2, then 0: m = 1, 1/2; v = 2, 1; the corrections are √½ / ½ and √¾ / ¾.
    rig = Rig(Adam(learning_rate=0.1, beta_1=0.5, beta_2=0.5, epsilon=1e-16), [1])
    assert rig.step(2) == pytest.approx([1 - 0.1 * 1.4142135624 / 1.4142135624], abs=1e-9)
    assert rig.step(0) == pytest.approx([0.9 - 0.1 * 1.1547005384 * 0.5], abs=1e-9)


def test_adams_epsilon_is_added_as_in_keras():
    # With beta_1 = beta_2 = 1/2 the first step is rate · √½ / ½ · m / (√v + ε), here 1.41421356 · 1 / (1.41421356 + 1).
    rig = Rig(Adam(learning_rate=1, beta_1=0.5, beta_2=0.5, epsilon=1), [0])
    assert rig.step(2) == pytest.approx([-0.5857864376], abs=1e-9)


def test_adam_takes_new_settings_and_keeps_its_moments():
    rig = Rig(Adam(learning_rate=0.1, beta_1=0.5, beta_2=0.5, epsilon=1e-16), [1])
    rig.step(2)
    rig.optimizer.learning_rate = 0.2
    assert rig.step(0) == pytest.approx([0.9 - 0.2 * 1.1547005384 * 0.5], abs=1e-9)
    before = rig.optimizer.revision
    rig.optimizer.beta_1 = 0.75
    assert rig.optimizer.revision > before
    rig.record()
    assert rig.state.iterations == 2
    rig.step(0)
    assert rig.state.slots[0].tolist() == pytest.approx([0.375])  # ¾ of ½


@pytest.mark.parametrize("optimizer", [SGD(), SGD(momentum=0.9), Adam()])
def test_an_optimizer_may_serve_two_networks(optimizer):
    one, other = Rig(optimizer, [1, 2]), Rig(optimizer, [1, 2])
    for _ in range(3):
        one.step(1, 1)
    assert other.step(1, 1) == Rig(optimizer, [1, 2]).step(1, 1)
