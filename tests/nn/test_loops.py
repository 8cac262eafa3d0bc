import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import DivergedError, InvalidValueError, ShapeError
from playground.nn import (
    L1,
    L2,
    SGD,
    Adam,
    AdamW,
    Dense,
    Evaluator,
    Input,
    Probe,
    Sequential,
    TrainingLoop,
    optimizers,
    schedules,
)

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(0)
X = RNG.normal(size=(23, 2))
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
OPTIMIZERS = [SGD(0.1, momentum=0.9), *[entry.value(0.01) for entry in optimizers.OPTIMIZERS]]


def built(optimizer="sgd", hidden="tanh", loss="binary_crossentropy", seed=0):
    model = Sequential([Input((2,)), Dense(4, hidden), Dense(3, hidden), Dense(1, "sigmoid")])
    model.build(np.random.default_rng(seed))
    model.compile(optimizer, loss)
    return model


def fresh(optimizer):
    return optimizers.get(optimizer.to_config())


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_a_smaller_last_batch_is_trained_too(optimizer):
    model, by_hand = built(fresh(optimizer)), built(fresh(optimizer))
    loop = TrainingLoop(model, X, Y, 10)
    assert loop.steps_per_epoch == 3
    loop.run()
    for start in (0, 10, 20):  # each batch as the whole data of a loop of its own
        TrainingLoop(by_hand, X[start : start + 10], Y[start : start + 10], 10).run()
    np.testing.assert_allclose(model.parameters, by_hand.parameters, rtol=1e-13)
    assert loop.steps == 3


def test_a_batch_larger_than_the_data_is_all_of_it():
    whole, large = built(), built()
    TrainingLoop(whole, X, Y, 23).run()
    TrainingLoop(large, X, Y, 100).run()
    assert whole.parameters.tolist() == large.parameters.tolist()


def test_an_order_trains_the_samples_in_that_order():
    order = np.random.default_rng(1).permutation(23)
    ordered, shuffled = built(Adam()), built(Adam())
    TrainingLoop(ordered, X, Y, 4).run(order)
    TrainingLoop(shuffled, X[order], Y[order], 4).run()
    assert ordered.parameters.tolist() == shuffled.parameters.tolist()


def test_fit_is_the_loop_with_the_orders_of_its_seed():
    fitted, looped = built(SGD(0.1, momentum=0.9)), built(SGD(0.1, momentum=0.9))
    fitted.fit(X, Y, batch_size=5, epochs=3, seed=11)
    loop, rng = TrainingLoop(looped, X, Y, 5), np.random.default_rng(11)
    for _ in range(3):
        loop.run(rng.permutation(23))
    assert fitted.parameters.tolist() == looped.parameters.tolist()


@pytest.mark.parametrize("counts", [[1] * 6, [4, 2], [5, 9]])
def test_steps_add_up_to_the_epoch(counts):
    ran, stepped = built(Adam()), built(Adam())
    TrainingLoop(ran, X, Y, 4).run()
    loop = TrainingLoop(stepped, X, Y, 4)
    loop.begin_epoch()
    left = 6
    for count in counts:
        loop.step(count)
        left = max(left - count, 0)
        assert loop.steps_left == left
    assert stepped.parameters.tolist() == ran.parameters.tolist()


def test_a_step_without_an_epoch_is_refused():
    loop = TrainingLoop(built(), X, Y, 4)
    with pytest.raises(InvalidValueError, match="The epoch is over"):
        loop.step()
    loop.run()
    with pytest.raises(InvalidValueError, match="The epoch is over"):
        loop.step()


def test_an_order_of_another_length_is_refused():
    with pytest.raises(ShapeError, match="one index for each of the 23 samples"):
        TrainingLoop(built(), X, Y, 4).run(np.arange(22))


def penalized(optimizer, seed=0):
    model = built(optimizer, seed=seed)
    model.layers[0].kernel_regularizer, model.layers[1].kernel_regularizer = L2(0.1), L1(0.05)
    return model


# ------------------------------------------------------------------------------------------------ sample by sample


def test_a_sample_is_a_batch_of_one_and_batches_begin_behind_it():
    order = np.random.default_rng(2).permutation(23)
    model, by_hand = penalized(Adam(0.01)), penalized(Adam(0.01))
    loop = TrainingLoop(model, X, Y, 5)
    loop.begin_epoch(order)
    for action, start, stop, steps_left in [
        (loop.step_sample, 0, 1, 5),
        (loop.step_sample, 1, 2, 5),
        (loop.step, 2, 7, 4),
        (loop.step_sample, 7, 8, 3),
        (loop.step, 8, 13, 2),
        (loop.step, 13, 18, 1),
        (loop.step, 18, 23, 0),
    ]:
        assert loop.next_sample == order[start]
        action()
        part = order[start:stop]
        assert loop.last_batch.tolist() == part.tolist()
        assert (loop.samples_left, loop.steps_left) == (23 - stop, steps_left)
        TrainingLoop(by_hand, X[part], Y[part], 5).run()  # each batch as the whole data of a loop of its own
        np.testing.assert_allclose(model.parameters, by_hand.parameters, rtol=1e-13)
    assert loop.next_sample is None
    assert loop.steps == 7


def test_samples_one_by_one_are_batches_of_one():
    singly, of_one = built(Adam()), built(Adam())
    loop = TrainingLoop(singly, X, Y, 10)
    for _ in range(2):
        loop.begin_epoch()
        while loop.samples_left:
            loop.step_sample()
        TrainingLoop(of_one, X, Y, 1).run()
    assert singly.parameters.tolist() == of_one.parameters.tolist()
    with pytest.raises(InvalidValueError, match="The epoch is over"):
        loop.step_sample()


@given(
    samples=st.integers(1, 12),
    batch_size=st.integers(1, 6),
    epochs=st.lists(st.lists(st.integers(0, 4), min_size=12, max_size=12), min_size=1, max_size=3),
)
def test_an_epoch_sees_every_sample_once_in_its_order_whatever_the_steps(samples, batch_size, epochs):
    model = Sequential([Input((1,)), Dense(1)])
    model.compile(SGD(0), "mean_squared_error")
    loop = TrainingLoop(model, np.arange(samples), np.zeros(samples), batch_size)
    assert loop.last_batch.tolist() == []
    for number, actions in enumerate(epochs):
        order = np.random.default_rng(number).permutation(samples) if number else None
        loop.begin_epoch(order)
        seen = []
        for count in actions:
            if not loop.samples_left:
                break
            expected = loop.next_sample
            if count:
                before, steps = loop.samples_left, loop.steps_left
                loop.step(count)
                assert loop.steps_left == max(steps - count, 0)
                trained = before - loop.samples_left
                assert len(loop.last_batch) == trained - (min(count, steps) - 1) * batch_size
                seen += [None] * (trained - len(loop.last_batch))
            else:
                loop.step_sample()
                assert loop.last_batch.tolist() == [expected]
            seen += loop.last_batch.tolist()
        while loop.steps_left:
            loop.step()
            seen += loop.last_batch.tolist()
        whole = list(range(samples)) if order is None else order.tolist()
        assert [index if known is None else known for known, index in zip(seen, whole, strict=True)] == whole


def test_means_after_single_samples_are_those_of_the_samples_seen():
    model = built(SGD(0))  # no sample's own update comes between
    loop = TrainingLoop(model, X, Y, 10, measured=True)
    loop.begin_epoch()
    for _ in range(3):
        loop.step_sample()
    loop.step()
    assert loop.means()["loss"] == pytest.approx(Evaluator(model, X[:13], Y[:13]).measure().loss, rel=1e-13)


# ------------------------------------------------------------------------------------------------ the last gradient


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, SGD(0.1, momentum=0.9, nesterov=True)], ids=repr)
def test_the_gradient_is_that_of_the_last_steps_loss_and_penalty(optimizer):
    model = penalized(fresh(optimizer))
    loop = TrainingLoop(model, X, Y, 10)
    assert loop.gradient.tolist() == [0] * model.count_params()
    loop.begin_epoch()
    loop.step()
    before = model.parameters.copy()
    loop.step()
    gradient, after = loop.gradient, model.parameters.copy()

    evaluator, expected = Evaluator(model, X[10:20], Y[10:20]), np.empty_like(gradient)
    model.parameters[...] = before
    for index, value in enumerate(before):
        model.parameters[index] = value + 1e-6
        above = evaluator.measure().loss
        model.parameters[index] = value - 1e-6
        expected[index] = (above - evaluator.measure().loss) / 2e-6
        model.parameters[index] = value
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-8)

    model.parameters[...] = after
    kept = gradient.copy()
    loop.step()
    assert gradient.tolist() == kept.tolist() != loop.gradient.tolist()


def test_the_gradient_is_clipped_where_the_optimizer_clips():
    clipped, whole = built(SGD(0.1, global_clipnorm=0.01)), built(SGD(0.1))
    gradients = []
    for model in (clipped, whole):
        loop = TrainingLoop(model, X, Y, 23)
        loop.run()
        gradients.append(loop.gradient)
    assert np.linalg.norm(gradients[0]) == pytest.approx(0.01, rel=1e-12)
    np.testing.assert_allclose(gradients[0], gradients[1] * (0.01 / np.linalg.norm(gradients[1])), rtol=1e-12)


# ------------------------------------------------------------------------------------------------ frozen parameters

FREEZING = [*OPTIMIZERS, SGD(0.1, momentum=0.9, nesterov=True), AdamW(0.01, weight_decay=0.5)]


@pytest.mark.parametrize("optimizer", FREEZING, ids=repr)
def test_frozen_parameters_stay_and_the_others_move_as_if_those_were_put_back_each_time(optimizer):
    model, by_hand = penalized(fresh(optimizer)), penalized(fresh(optimizer))
    mask = np.random.default_rng(3).random(model.count_params()) < 0.5
    loop, other = TrainingLoop(model, X, Y, 10), TrainingLoop(by_hand, X, Y, 10)
    loop.begin_epoch()
    other.begin_epoch()
    loop.step()
    other.step()
    loop.freeze(mask)
    first, slots = model.parameters.copy(), model.state.slots[:, mask].copy()
    for _ in range(4):
        while loop.steps_left:
            loop.step()
            other.step()
            by_hand.parameters[mask] = first[mask]
        loop.begin_epoch()
        other.begin_epoch()
    assert model.parameters[mask].tobytes() == first[mask].tobytes()
    assert (model.parameters[~mask] != first[~mask]).all()
    assert model.parameters.tolist() == by_hand.parameters.tolist()
    assert model.state.slots[:, mask].tobytes() == slots.tobytes()
    assert model.state.iterations == other.network.state.iterations
    assert not loop.gradient[mask].any()
    assert loop.gradient[~mask].all()


def test_thawed_parameters_go_on_in_the_same_epoch_with_what_the_optimizer_remembers():
    model = built(SGD(0.1, momentum=0.5))
    loop = TrainingLoop(model, X, Y, 4)
    loop.begin_epoch()
    loop.step()
    velocity = model.state.slots[0].copy()
    loop.freeze(np.ones(model.count_params(), bool))
    loop.step(2)
    before = model.parameters.copy()
    loop.freeze(None)
    assert (loop.steps_left, loop.steps) == (3, 3)
    loop.step()
    assert loop.last_batch.tolist() == [12, 13, 14, 15]
    expected = before + (0.5 * velocity - 0.1 * loop.gradient)
    np.testing.assert_allclose(model.parameters, expected, rtol=1e-13, atol=1e-15)


def test_nothing_frozen_costs_no_call():
    model = built(Adam())
    loop = TrainingLoop(model, X, Y, 10)
    loop.run()
    before = loop._batches
    for mask in (None, np.zeros(model.count_params(), bool), None):
        loop.freeze(mask)
        loop.run()
        assert loop._batches is before
    loop.freeze(np.ones(model.count_params(), bool))
    loop.run()
    loop.freeze(None)
    loop.run()
    assert [len(calls) for _, _, calls in loop._batches] == [len(calls) for _, _, calls in before]


def test_a_frozen_parameter_stays_as_it_is_edited():
    model = penalized(SGD(0.1, momentum=0.9))
    loop = TrainingLoop(model, X, Y, 10)
    loop.run()
    mask = np.zeros(model.count_params(), bool)
    kernel, *_ = model.variables(mask)
    kernel[1, 2] = True
    assert mask.sum() == 1
    loop.freeze(mask)
    mask[...] = True  # the loop has its own
    loop.begin_epoch()
    loop.step()
    before = model.layers[0].kernel.copy()
    model.layers[0].kernel[1, 2] = 0.123
    loop.step(2)
    assert model.layers[0].kernel[1, 2] == 0.123
    assert (model.layers[0].kernel != before).all()


def test_frozen_parameters_do_not_count_in_a_clipped_norm():
    model = built(SGD(1, global_clipnorm=1e-3))
    mask = np.arange(model.count_params()) < 12
    loop = TrainingLoop(model, X, Y, 23)
    loop.freeze(mask)
    before = model.parameters.copy()
    loop.run()
    assert np.linalg.norm(model.parameters - before) == pytest.approx(1e-3, rel=1e-9)


def test_divergence_goes_back_to_no_earlier_than_the_freezing():
    model = built(SGD(0.1, momentum=0.9))
    loop = TrainingLoop(model, X, Y, 4)
    loop.begin_epoch()
    loop.step()
    kept, velocity = model.parameters.copy(), model.state.slots.copy()
    loop.freeze(np.arange(model.count_params()) % 2 == 0)
    loop.step()
    model.parameters[1] = np.inf
    with pytest.raises(DivergedError):
        loop.check()
    assert model.parameters.tolist() == kept.tolist()
    assert model.state.slots.tolist() == velocity.tolist()


def test_frozen_parameters_stay_through_a_divergence():
    model = Sequential([Input((2,)), Dense(4, "relu"), Dense(1)])
    model.build(np.random.default_rng(0))
    model.compile(SGD(10), "mean_squared_error")
    loop = TrainingLoop(model, X * 10, Y, 10)
    mask = np.arange(model.count_params()) % 2 == 0
    loop.freeze(mask)
    kept = model.parameters.copy()

    def train():
        while True:
            loop.run()

    with pytest.raises(DivergedError, match="Try a smaller learning rate"):
        train()
    assert model.parameters[mask].tobytes() == kept[mask].tobytes()
    assert np.isfinite(model.parameters).all()


def test_freezing_in_mid_epoch_leaves_the_means_those_of_the_whole_epoch():
    model = built(SGD(0))
    loop = TrainingLoop(model, X, Y, 10, measured=True)
    loop.begin_epoch()
    loop.step()
    loop.freeze(np.ones(model.count_params(), bool))
    loop.step(2)
    assert loop.means()["loss"] == pytest.approx(Evaluator(model, X, Y).measure().loss, rel=1e-13)


@pytest.mark.parametrize(
    ("mask", "error", "sentence"),
    [
        ([True], ShapeError, r"The mask must have the shape \(31,\), one for each parameter, got \(1,\)."),
        ([0.5] * 31, InvalidValueError, "The mask must be of true and false, got numbers of type float64."),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(mask, error, sentence):
    with pytest.raises(error, match=sentence):
        TrainingLoop(built(), X, Y).freeze(mask)


# ------------------------------------------------------------------------------------------------ changes


def change_weights(model):
    model.set_weights([array * 0.5 for array in model.get_weights()])


def change_learning_rate(model):
    model.optimizer.learning_rate = 0.7


def change_a_setting_of_the_optimizer(model):
    name = "momentum" if isinstance(model.optimizer, SGD) else "beta_1"
    setattr(model.optimizer, name, 0.5)


def change_regularization(model):
    model.layers[0].kernel_regularizer.rate = 0.3


def change_regularizers(model):
    model.layers[0].kernel_regularizer, model.layers[1].kernel_regularizer = L1(0.1), None


def change_activation(model):
    model.layers[0].activation = "relu"


def change_loss(model):
    model.compile(model.optimizer, "mean_squared_error")


def change_optimizer(model):
    model.compile(Adam(0.1) if isinstance(model.optimizer, SGD) else SGD(0.2, 0.5), "binary_crossentropy")


CHANGES = [value for name, value in list(globals().items()) if name.startswith("change_")]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("optimizer", [SGD(0.1), SGD(0.1, momentum=0.9), Adam(0.01)], ids=repr)
def test_a_change_between_steps_holds_from_the_next_as_if_recorded_anew(optimizer, change):
    going_on, anew = built(fresh(optimizer)), built(fresh(optimizer))
    unchanged = built(fresh(optimizer))
    for model in (going_on, anew, unchanged):
        model.layers[0].kernel_regularizer, model.layers[1].kernel_regularizer = L2(0.1), L2(0.1)

    loop = TrainingLoop(going_on, X, Y, 10)
    loop.begin_epoch()
    loop.step()
    change(going_on)
    loop.step(2)

    TrainingLoop(anew, X[:10], Y[:10], 10).run()
    change(anew)
    TrainingLoop(anew, X[10:], Y[10:], 10).run()
    np.testing.assert_allclose(going_on.parameters, anew.parameters, rtol=1e-13)

    TrainingLoop(unchanged, X, Y, 10).run()
    assert not np.allclose(going_on.parameters, unchanged.parameters, rtol=1e-6)


def test_a_change_that_makes_no_sense_is_refused_at_the_next_step():
    model = built()
    loop = TrainingLoop(model, X, Y, 10)
    model.layers[-1].activation = "tanh"
    with pytest.raises(InvalidValueError, match="binary_crossentropy needs the output activation sigmoid, got tanh"):
        loop.run()


@pytest.mark.parametrize("hidden", ["linear", "relu"])
@pytest.mark.parametrize("optimizer", [SGD(10), SGD(10, momentum=0.9)], ids=repr)
def test_divergence_goes_back_to_the_last_finite_weights_and_optimizer_state(optimizer, hidden):
    model = Sequential([Input((2,)), Dense(4, hidden), Dense(1)])
    model.build(np.random.default_rng(0))
    model.compile(fresh(optimizer), "mean_squared_error")
    loop = TrainingLoop(model, X * 10, Y, 10)
    kept = []

    def train():
        while True:
            kept[:] = model.parameters.copy(), model.state.copy()
            loop.run()

    with pytest.raises(DivergedError, match="Try a smaller learning rate") as caught:
        train()
    parameters, state = kept
    assert caught.value.step == loop.steps
    assert caught.value.step % loop.steps_per_epoch == 0
    assert np.isfinite(parameters).all()
    assert model.parameters.tolist() == parameters.tolist()
    assert model.state.slots.tolist() == state.slots.tolist()
    assert loop.steps_left == 0


def test_a_loop_goes_on_after_a_divergence_as_if_it_had_not_been():
    diverged, other = built(SGD(10), hidden="relu"), built(SGD(0.1), hidden="relu")
    loop = TrainingLoop(diverged, X, Y, 10)
    diverged.parameters[:] = 1e200
    with pytest.raises(DivergedError):
        loop.run()
    diverged.set_weights(other.get_weights())
    diverged.optimizer.learning_rate = 0.1
    loop.run()
    TrainingLoop(other, X, Y, 10).run()
    assert diverged.parameters.tolist() == other.parameters.tolist()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_check_finds_a_parameter_that_is_not_finite_in_mid_epoch(number):
    model = built(Adam())
    loop = TrainingLoop(model, X, Y, 4)
    loop.begin_epoch()
    loop.step(2)
    loop.check()
    kept, state = model.parameters.copy(), model.state.copy()
    loop.step()
    model.parameters[5] = number
    with pytest.raises(DivergedError) as caught:
        loop.check()
    assert caught.value.step == 3
    assert model.parameters.tolist() == kept.tolist()
    assert (model.state.slots == state.slots).all()
    assert model.state.iterations == state.iterations == 2


def test_divergence_right_after_a_new_optimizer_leaves_that_one_fresh():
    model = built(SGD(0.1, momentum=0.9))
    loop = TrainingLoop(model, X, Y, 4)
    loop.run()
    model.compile(Adam(), "binary_crossentropy")
    model.parameters[0] = np.nan
    with pytest.raises(DivergedError):
        loop.run()
    assert np.isfinite(model.parameters).all()
    assert not model.state.slots.any()


def test_divergence_goes_back_to_the_state_of_an_optimizer_put_in_later():
    model = built(SGD(0.1, momentum=0.9))
    loop = TrainingLoop(model, X, Y, 4)
    model.compile(Adam(), "binary_crossentropy")
    loop.run()
    moments = model.state.slots.copy()
    loop.begin_epoch()
    loop.step()
    model.parameters[0] = np.nan
    with pytest.raises(DivergedError):
        loop.check()
    assert model.state.slots.tolist() == moments.tolist()
    assert model.state.iterations == 6


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, SGD(clipnorm=0.1), Adam(schedules.CosineDecay())], ids=repr)
@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(("hidden", "output"), [("tanh", "sigmoid"), ("relu", "softmax"), ("sigmoid", "linear")])
def test_a_step_allocates_nothing(optimizer, hidden, output, frozen):
    loss = {"sigmoid": "binary_crossentropy", "softmax": "categorical_crossentropy", "linear": "mean_squared_error"}
    model = Sequential([Input((8,)), Dense(64, hidden, kernel_regularizer="l2"), Dense(64, hidden), Dense(5, output)])
    model.build(np.random.default_rng(0))
    model.compile(fresh(optimizer), loss[output])
    x, y = np.random.default_rng(0).normal(size=(3 * 256, 8)), np.tile(np.eye(5)[0], (3 * 256, 1))
    loop = TrainingLoop(model, x, y, 256)
    loop.freeze(np.arange(model.count_params()) % 3 == 0 if frozen else None)
    loop.run()
    loop.begin_epoch()
    tracemalloc.start()
    try:
        loop.step(2)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2048  # bytes; one buffer of a hidden layer has 131,072


def test_measuring_and_probing_allocate_nothing_that_grows_with_the_data():
    model = built()
    x = np.random.default_rng(0).normal(size=(10_000, 2))
    evaluator, probe = Evaluator(model, x, np.ones(10_000)), Probe(model, x)
    tracemalloc.start()
    try:
        evaluator.measure()
        probe.run()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5000  # bytes; one number for each sample would be 80,000


@pytest.mark.parametrize(("dtype", "precision"), [(np.float32, 1e-5), (np.float64, 1e-13)])
def test_a_probe_gives_every_neurons_outputs_at_the_present_weights(dtype, precision):
    model = built(SGD(0.5))
    probe = Probe(model, X, dtype)
    for _ in range(2):
        TrainingLoop(model, X, Y, 5).run()
        maps = probe.run()
        kernel, bias, kernel_2, bias_2, kernel_3, bias_3 = model.get_weights()
        first = np.tanh(X @ kernel + bias)
        second = np.tanh(first @ kernel_2 + bias_2)
        third = 1 / (1 + np.exp(-(second @ kernel_3 + bias_3)))
        for ours, textbook in zip(maps, [first, second, third], strict=True):
            assert ours.dtype == dtype
            np.testing.assert_allclose(ours, textbook.T, rtol=precision, atol=precision)


def test_a_probe_reuses_its_arrays():
    probe = Probe(built(), X)
    assert all(first is second for first, second in zip(probe.run(), probe.run(), strict=True))


def test_a_probe_needs_no_loss():
    model = Sequential([Input((2,)), Dense(1)])
    model.build()
    assert Probe(model, X).run()[0].shape == (1, 23)


def test_an_evaluator_reads_the_present_weights_and_activations():
    model = built(loss="mean_squared_error")
    evaluator = Evaluator(model, X, Y)
    for change in (change_weights, change_activation):
        change(model)
        expected = ((model.predict(X) - Y) ** 2).mean()
        assert evaluator.measure().loss == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("samples", [23, 20_000])
def test_an_evaluator_keeps_the_outputs_of_its_last_measurement(samples):
    model = built()
    x = np.random.default_rng(1).normal(size=(samples, 2))
    y = (x[:, 0] > 0.3).astype(float)
    evaluator = Evaluator(model, x, y)
    evaluator.measure()
    view = evaluator.outputs
    for change in (lambda model: None, change_weights):
        change(model)
        accuracy = evaluator.measure().accuracy
        expected = model.predict(x)
        np.testing.assert_allclose(evaluator.outputs, expected, rtol=1e-13)
        assert np.shares_memory(view, evaluator.outputs)
        assert accuracy == np.mean((expected[:, 0] > 0.5) == y)
    assert view.shape == (samples, 1)
    assert view.dtype == np.float64


def test_an_evaluator_has_outputs_in_the_order_of_the_samples():
    model = Sequential([Input((1,)), Dense(2, use_bias=False)])
    model.set_weights([[[1, -2]]])
    model.compile("sgd", "mean_squared_error")
    numbers = np.arange(17_000.0)
    evaluator = Evaluator(model, numbers, np.zeros((17_000, 2)))
    evaluator.means()
    assert evaluator.outputs.tolist() == np.stack([numbers, -2 * numbers], axis=1).tolist()


FITTING = r"""
import re
from pathlib import Path
import numpy as np
from playground.nn import Dense, Input, Sequential

rng = np.random.default_rng(0)
x, y = rng.normal(size=(20_000, 10)), rng.integers(0, 3, 20_000)
model = Sequential([Input((10,)), Dense(96, "relu"), Dense(90, "relu"), Dense(3, "softmax")])
assert model.count_params() > 10_000
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, batch_size=20_000, epochs=2, validation_data=(x, y), verbose=0)
model.predict(x)
print(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1])  # of this process alone
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the greatest memory in kB")
def test_10_000_parameters_and_20_000_samples_fit_in_200_mb():
    done = subprocess.run([sys.executable, "-c", FITTING], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 200_000  # kB, all of Python and NumPy included, with all samples as one batch


@pytest.mark.parametrize("samples", [0, 1, 2])
@pytest.mark.parametrize("batches", [0, 1, 3])
def test_a_loop_resumed_elsewhere_goes_on_to_the_last_bit(batches, samples):
    model, other = built(SGD(0.1)), built(SGD(0.1), seed=1)
    loop, resumed = TrainingLoop(model, X, Y, 5), TrainingLoop(other, X, Y, 5)
    order = np.random.default_rng(7).permutation(23)
    loop.run(order[::-1])
    if batches + samples:
        loop.begin_epoch(order)
    for _ in range(samples):
        loop.step_sample()
    if batches:
        loop.step(batches)
    other.parameters[...] = model.parameters
    resumed.resume(loop.place)
    for each in (loop, resumed):
        assert each.samples_left == (23 - samples - 5 * batches if batches + samples else 0)
        if each.samples_left:
            each.step(2)
    np.testing.assert_array_equal(model.parameters, other.parameters)
    np.testing.assert_array_equal(loop.gradient, resumed.gradient)
    np.testing.assert_array_equal(loop.last_batch, resumed.last_batch)
    assert (loop.next_sample, loop.steps_left) == (resumed.next_sample, resumed.steps_left)


def test_a_loop_before_its_first_step_is_nowhere_special():
    loop = TrainingLoop(built(), X, Y, 5)
    loop.resume(TrainingLoop(built(), X, Y, 5).place)
    assert (loop.samples_left, len(loop.last_batch)) == (0, 0)
    loop.run(np.arange(23))
    loop.begin_epoch(np.arange(23))
    loop.resume(loop.place)
    assert loop.samples_left == 23


def test_a_divergence_after_resuming_goes_back_to_where_it_was_resumed():
    model = built()
    loop = TrainingLoop(model, X, Y, 5)
    model.parameters[...] = 0.25
    loop.resume(loop.place)
    loop.begin_epoch()
    model.parameters[0] = np.nan
    with pytest.raises(DivergedError):
        loop.check()
    assert (model.parameters == 0.25).all()


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ({"order": np.arange(5)}, ShapeError),
        ({"gradient": np.zeros(3)}, ShapeError),
        ({"seen": 24}, InvalidValueError),
        ({"start": 24}, InvalidValueError),
        ({"start": -1}, InvalidValueError),
    ],
)
def test_a_place_on_other_data_is_refused(part, error):
    loop = TrainingLoop(built(), X, Y, 5)
    with pytest.raises(error):
        loop.resume(loop.place._replace(**part))
