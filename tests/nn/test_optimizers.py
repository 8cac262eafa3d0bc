"""Optimizers against numbers worked out by hand."""

import json
from math import sqrt

import numpy as np
import pytest

from playground.errors import InvalidValueError, UnknownNameError
from playground.nn import (
    OPTIMIZERS,
    SCHEDULES,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Dense,
    Input,
    Nadam,
    RMSprop,
    Sequential,
    TrainingLoop,
    optimizers,
    schedules,
)
from playground.nn.schedules import CosineDecay, ExponentialDecay, InverseTimeDecay, StepDecay
from playground.nn.tape import Tape


class Rig:
    """An optimizer on two parameters, fed with gradients of our choice."""

    def __init__(self, optimizer, parameters):
        self.parameters, self.gradients = np.array(parameters, float), np.zeros((2, len(parameters)))
        self.optimizer, self.state = optimizer, optimizer.new_state(len(parameters))
        self.record()

    def record(self):
        self.tape = Tape()
        self.optimizer.record(self.tape, self.parameters, self.gradients, self.state, [self.gradients[0]])

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


def test_nesterov_looks_ahead():
    rig = Rig(SGD(learning_rate=0.1, momentum=0.5, nesterov=True), [1])
    assert rig.step(10) == pytest.approx([1 - 0.5 - 1])  # velocity −1: half of it, and the step of −1
    assert rig.step(0) == pytest.approx([-0.5 - 0.25])  # velocity −1/2


def test_adagrad_adds_up():
    rig = Rig(AdaGrad(learning_rate=1, initial_accumulator_value=1, epsilon=0), [0])
    assert rig.step(sqrt(3)) == pytest.approx([-sqrt(3) / 2])
    assert rig.step(sqrt(5)) == pytest.approx([-sqrt(3) / 2 - sqrt(5) / 3])
    rig.state.clear()
    assert rig.state.slots.tolist() == [[1]]


def test_rmsprop_forgets():
    rig = Rig(RMSprop(learning_rate=1, rho=0.75, epsilon=0), [0])
    assert rig.step(4) == pytest.approx([-4 / 2])  # v = 16 / 4
    assert rig.step(2) == pytest.approx([-2 - 2 / 2])  # v = 3 + 1


def test_rmsprop_with_momentum_and_centred():
    rig = Rig(RMSprop(learning_rate=1, rho=0.5, momentum=0.5, epsilon=0, centered=True), [0])
    assert rig.step(2) == pytest.approx([-2])  # v = 2, mean = 1: √(2 − 1)
    assert rig.step(2) == pytest.approx([-2 - 1 - 2 / sqrt(3 - 2.25)])  # v = 3, mean = 3/2


def test_adamw_shrinks_the_weights_whatever_the_gradient():
    rig = Rig(AdamW(learning_rate=0.1, weight_decay=0.5), [1, -2])
    assert rig.step(0, 0) == pytest.approx([0.95, -1.9])


def test_nadams_first_step_by_hand():
    # beta_1 = beta_2 = 1/2: u = 0.26, next u = 0.2696, m = 1, v̂ = 4 for a gradient of 2.
    rig = Rig(Nadam(learning_rate=1, beta_1=0.5, beta_2=0.5, epsilon=0), [0])
    expected = 0.2696 * 1 / (1 - 0.26 * 0.2696) + (1 - 0.26) * 2 / (1 - 0.26)
    assert rig.step(2) == pytest.approx([-expected / 2])


def test_a_gradient_is_clipped_in_its_numbers_or_in_its_length():
    assert Rig(SGD(1, clipvalue=2), [0, 0]).step(3, -4) == [-2, 2]
    assert Rig(SGD(1, clipnorm=1), [0, 0]).step(3, -4) == pytest.approx([-0.6, 0.8])
    assert Rig(SGD(1, global_clipnorm=10), [0, 0]).step(3, -4) == [-3, 4]


def test_kernel_and_bias_are_clipped_each_or_all_together():
    def moved(**clipping):
        model = Sequential([Input((1,)), Dense(1, kernel_initializer="zeros")])
        model.build()
        model.compile(SGD(1, **clipping), "half_squared_error")
        TrainingLoop(model, [[3.0]], [4.0], 1).run()  # the gradient is −12 for the kernel, −4 for the bias
        return model.parameters.tolist()

    assert moved() == [12, 4]
    assert moved(clipnorm=1) == [1, 1]
    assert moved(clipnorm=10) == [10, 4]
    assert moved(clipvalue=5) == [5, 4]
    assert moved(global_clipnorm=sqrt(10)) == pytest.approx([3, 1])


def test_two_ways_to_clip_are_refused():
    with pytest.raises(InvalidValueError, match="sgd: gradients are clipped in one way, got clipnorm and clipvalue"):
        SGD(clipnorm=1, clipvalue=1)
    with pytest.raises(InvalidValueError, match="sgd: clipnorm must be a number from"):
        SGD(clipnorm=-1)


def test_a_schedule_sets_the_rate_of_each_update():
    rig = Rig(SGD(StepDecay(8, decay_steps=2, decay_rate=0.5)), [0])
    assert [rig.step(-1)[0] for _ in range(5)] == [8, 16, 20, 24, 26]
    rig.optimizer.learning_rate = 1
    rig.record()
    assert rig.step(-1) == [27]
    assert rig.optimizer.schedule is None


@pytest.mark.parametrize(
    "change",
    [
        lambda optimizer: setattr(optimizer, "learning_rate", SCHEDULES["step"].value(2, 2, 0.5)),
        lambda optimizer: setattr(optimizer.schedule, "initial_learning_rate", 2),
    ],
    ids=["another schedule", "the same one set"],
)
def test_a_schedule_changed_in_a_running_network_goes_on_from_the_updates_made(change):
    model = Sequential([Input((1,)), Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(SGD(SCHEDULES["step"].value(8, decay_steps=2, decay_rate=0.5)), "mean_absolute_error")
    loop = TrainingLoop(model, np.ones(5), np.full(5, 1000.0), 1)  # a slope of −1, so that each step is the rate
    loop.begin_epoch()
    steps = []
    for number in range(5):
        if number == 3:
            change(model.optimizer)
        before = model.parameters.item()
        loop.step()
        steps.append(model.parameters.item() - before)
    assert steps == [8, 8, 4, 1, 0.5]  # 2 · ½ after 3 updates, 2 · ¼ after 4
    assert model.optimizer.learning_rate == 0.5
    assert model.state.iterations == 5


def test_a_rate_and_a_schedule_take_turns_in_a_running_network():
    model = Sequential([Input((1,)), Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(SGD(4), "mean_absolute_error")
    loop = TrainingLoop(model, np.ones(4), np.full(4, 1000.0), 1)
    loop.begin_epoch()
    loop.step()
    model.optimizer.learning_rate = StepDecay(8, 1, 0.5)
    loop.step_sample()  # 8 · ½ after 1 update
    loop.step()
    model.optimizer.learning_rate = 1
    loop.step()
    assert model.parameters.tolist() == [4 + 4 + 2 + 1]
    assert model.state.iterations == 4


SCHEDULED = [  # after 0, 500, 1000 and 2000 of 1000 decay steps, from a rate of 8
    (schedules.Constant(8), [8, 8, 8, 8]),
    (InverseTimeDecay(8, 1000, 1), [8, 8 / 1.5, 4, 8 / 3]),
    (InverseTimeDecay(8, 1000, 1, staircase=True), [8, 8, 4, 8 / 3]),
    (StepDecay(8, 1000, 0.5), [8, 8, 4, 2]),
    (ExponentialDecay(8, 1000, 0.25), [8, 4, 2, 0.5]),
    (ExponentialDecay(8, 1000, 0.25, staircase=True), [8, 8, 2, 0.5]),
    (CosineDecay(8, 1000), [8, 4, 0, 0]),
    (CosineDecay(8, 1000, alpha=0.5), [8, 6, 4, 4]),
]


@pytest.mark.parametrize(("schedule", "rates"), SCHEDULED, ids=repr)
def test_schedules_by_hand(schedule, rates):
    assert [schedule(step) for step in (0, 500, 1000, 2000)] == pytest.approx(rates, abs=1e-12)


def test_every_schedule_is_worked_out_by_hand():
    assert {type(schedule) for schedule, _ in SCHEDULED} == {entry.value for entry in SCHEDULES}


def test_obsolete_spellings_work_and_name_todays():
    with pytest.warns(FutureWarning, match="lr is called learning_rate today"):
        assert SGD(lr=0.25).learning_rate == 0.25
    with pytest.warns(FutureWarning, match="decay is a schedule today"):
        assert SGD(0.25, decay=1).schedule(1) == 0.125


def test_an_unknown_option_is_refused_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="Unknown option of sgd 'momentun'; choose one of: clipnorm, "):
        SGD(momentun=0.9)


def test_schedule_and_clipping_are_part_of_the_config():
    optimizer = optimizers.get(json.loads(json.dumps(Adam(CosineDecay(0.5, 7), clipnorm=2).to_config())))
    assert optimizer.schedule(0) == 0.5
    assert optimizer.schedule(7) == 0
    assert optimizer.clipping == {"clipnorm": 2}


@pytest.mark.parametrize("optimizer", [*[entry.value() for entry in OPTIMIZERS], SGD(momentum=0.9)], ids=repr)
def test_an_optimizer_may_serve_two_networks(optimizer):
    one, other = Rig(optimizer, [1, 2]), Rig(optimizer, [1, 2])
    for _ in range(3):
        one.step(1, 1)
    assert other.step(1, 1) == Rig(optimizer, [1, 2]).step(1, 1)
