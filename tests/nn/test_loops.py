import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from playground.errors import DivergedError, InvalidValueError, ShapeError
from playground.nn import (
    L1,
    L2,
    SGD,
    Adam,
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
@pytest.mark.parametrize(("hidden", "output"), [("tanh", "sigmoid"), ("relu", "softmax"), ("sigmoid", "linear")])
def test_a_step_allocates_nothing(optimizer, hidden, output):
    loss = {"sigmoid": "binary_crossentropy", "softmax": "categorical_crossentropy", "linear": "mean_squared_error"}
    model = Sequential([Input((8,)), Dense(64, hidden, kernel_regularizer="l2"), Dense(64, hidden), Dense(5, output)])
    model.build(np.random.default_rng(0))
    model.compile(fresh(optimizer), loss[output])
    x, y = np.random.default_rng(0).normal(size=(3 * 256, 8)), np.tile(np.eye(5)[0], (3 * 256, 1))
    loop = TrainingLoop(model, x, y, 256)
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
