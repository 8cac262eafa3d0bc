"""Layers beyond Dense, and networks that are no row."""

import re
import tracemalloc

import numpy as np
import pytest

from playground.errors import InvalidValueError, ShapeError
from playground.nn import (
    LAYERS,
    SGD,
    Add,
    BatchNormalization,
    Concatenate,
    Dense,
    Dropout,
    Evaluator,
    Flatten,
    Input,
    Model,
    Probe,
    Sequential,
    TrainingLoop,
)
from playground.nn.layers import Activation
from playground.nn.recording import Recording

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3))
Y = RNG.uniform(-1, 1, size=(12, 2))


def two_inputs():
    a, b = Input((3,), name="a"), Input((2,), name="b")
    joined = Concatenate()([Dense(4, "tanh")(a), Dense(3, "sin")(b)])
    return Model([a, b], Dense(2, "sigmoid")(Dense(5, "tanh")(joined)))


def two_outputs():
    a = Input((3,))
    shared = Dense(4, "tanh")(a)
    first = Dense(2, "linear", name="first")(shared)
    return Model(a, [first, Dense(1, "sigmoid", name="second")(Concatenate()([shared, first]))])


def skipping():
    a = Input((3,))
    hidden = Dense(3, "tanh")(a)
    added = Add()([hidden, a, Dense(3, "relu")(hidden)])
    return Model(a, Dense(2)(Add()([added, added])))


def normalizing():
    return Sequential([Input((3,)), Dense(5, "tanh"), BatchNormalization(), Activation("gelu"), Dense(2)])


def dropping():
    return Sequential([Input((3,)), Dense(6, "tanh"), Dropout(0.4, seed=3), Dense(2)])


def without_bias():
    return Sequential([Input((3,)), Dense(4, "tanh", use_bias=False), Dense(3, "sin", use_bias=False), Dense(2)])


def of_images():
    return Sequential([Flatten(input_shape=(3, 1)), Dense(4, "tanh"), Flatten(), Dense(2), Activation("softmax")])


NETWORKS = [two_inputs, two_outputs, skipping, normalizing, dropping, without_bias, of_images]


def data_for(model):
    x = [RNG.normal(size=(12, *shape)) for shape in model.input_shapes]
    y = [RNG.uniform(0, 1, size=(12, width)) for width in model.widths]
    return x[0] if len(x) == 1 else x, y[0] if len(y) == 1 else y


def restart(model):
    """Let every Dropout make the same choices again."""
    for layer in model.layers:
        if isinstance(layer, Dropout):
            layer.initialize(np.random.default_rng(0))


def loss_in_training(model, x, y, weights):
    """Return the loss as a training step has it: of a batch's own variance, and with zeros dropped in."""
    restart(model)
    recording = Recording(model, 12, model.parameters, model.statistics, training=True, weighted=True)
    for buffer, values in zip(recording.inputs, model.check_inputs(x), strict=True):
        buffer[...] = values.T
    for buffer, values in zip(recording.targets, model.check_targets(y, 12), strict=True):
        buffer[...] = values.T
    recording.weights[...] = weights
    recording.forward()
    terms = recording.loss_terms()
    recording.tape.run()
    shares = [loss.share(width, 12) for loss, width in zip(model.losses, model.widths, strict=True)]
    parts = zip(model.loss_weights, shares, terms, strict=True)
    return sum(weight * share * term.sum() for weight, share, term in parts)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_gradient_is_that_of_the_loss(network):
    model = network()
    parameters = model.parameters
    parameters[...] = np.random.default_rng(2).uniform(-0.8, 0.8, parameters.shape)
    x, y = data_for(model)
    weights = np.linspace(0.5, 1.5, 12)
    model.compile(SGD(1), "mean_squared_error", loss_weights=[1.5, 0.5][: len(model.widths)])
    before = parameters.copy()
    expected = np.empty_like(before)
    for index, value in enumerate(before):
        parameters[index] = value + 1e-5
        above = loss_in_training(model, x, y, weights)
        parameters[index] = value - 1e-5
        expected[index] = (above - loss_in_training(model, x, y, weights)) / 2e-5
        parameters[index] = value
    restart(model)
    TrainingLoop(model, x, y, 12, sample_weight=weights).run()
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(before - parameters, expected, rtol=2e-6, atol=1e-9)


def test_every_layer_is_in_a_network_whose_gradient_is_checked():
    checked = {type(layer) for network in NETWORKS for layer in network().layers_of_graph}
    assert checked == {entry.value for entry in LAYERS}


def test_batch_normalization_by_hand():
    model = Sequential([Input((1,)), BatchNormalization(momentum=0.5, epsilon=1)])
    model.set_weights([[2.0], [3.0], [0.0], [1.0]])
    model.compile(SGD(0), "mean_squared_error")
    TrainingLoop(model, [[1.0], [5.0]], [0, 0], 2).run()  # mean 3, variance 4
    assert model.get_weights() == [[2], [3], [1.5], [2.5]]
    assert model.predict([[5.0]])[0, 0] == pytest.approx(2 * 3.5 / np.sqrt(3.5) + 3)
    recording = Recording(model, 2, model.parameters, model.statistics, training=True)
    recording.inputs[0][...] = [1, 5]
    recording.forward()
    recording.tape.run()
    assert recording.outputs[0].tolist() == [pytest.approx([3 - 4 / np.sqrt(5), 3 + 4 / np.sqrt(5)])]


def test_dropout_sets_its_share_to_0_in_training_only_and_keeps_the_sum():
    model = Sequential([Input((4,)), Dropout(0.25, seed=1)])
    x = np.ones((5000, 4))
    np.testing.assert_array_equal(model.predict(x), x)
    recording = Recording(model, 5000, model.parameters, model.statistics, training=True)
    recording.inputs[0][...] = 1
    recording.forward()
    recording.tape.run()
    first = recording.outputs[0].copy()
    assert set(np.unique(first)) == {0, 1 / 0.75}
    assert first.mean() == pytest.approx(1, abs=0.02)
    recording.tape.run()
    assert (recording.outputs[0] != first).any()


def test_dropout_follows_from_the_seed_of_the_weights():
    def trained(seed):
        model = Sequential([Input((3,)), Dense(6, "tanh"), Dropout(0.5), Dense(2)])
        model.build(np.random.default_rng(seed))
        model.compile("sgd", "mse")
        model.fit(X, Y, epochs=3, shuffle=False, verbose=0)
        return model.parameters.tolist()

    assert trained(1) == trained(1)


@pytest.mark.parametrize("seed", [None, 5])
def test_drawing_the_same_weights_anew_makes_dropout_choose_the_same_again(seed):
    model = Sequential([Input((3,)), Dropout(0.3, seed), Dense(6, "tanh"), Dropout(0.5, seed), Dense(2)])
    model.compile("sgd", "mse")
    loop = None
    trained = []
    for weights_seed in (1, 1, 2):
        model.build(np.random.default_rng(weights_seed))
        loop = loop or TrainingLoop(model, X, Y, 5)
        gradients = []
        for _ in range(2):
            loop.begin_epoch()
            while loop.steps_left:
                loop.step()
                gradients.append(loop.gradient.tolist())
        trained.append(gradients)
    assert trained[0] == trained[1] != trained[2]


def test_only_a_training_loop_drops_anything_out():
    model = Sequential([Input((3,)), Dense(6, "tanh"), Dropout(0.5, seed=1), Dense(2)])
    model.compile(SGD(1), "mse")
    kernel, bias, kernel_2, bias_2 = model.get_weights()
    hidden = np.tanh(X @ kernel + bias)
    outputs = hidden @ kernel_2 + bias_2
    evaluator, probe = Evaluator(model, X, Y), Probe(model, X, np.float64)
    assert evaluator.measure().loss == pytest.approx(((outputs - Y) ** 2).mean(), rel=1e-13)
    np.testing.assert_allclose(evaluator.outputs, outputs, rtol=1e-13)
    by_layer = {layer.name: shown for layer, shown in zip(model.layers, probe.run(), strict=True)}
    assert list(by_layer) == ["dense", "dropout", "dense_1"]
    np.testing.assert_allclose(by_layer["dense"].T, hidden, rtol=1e-13)
    np.testing.assert_allclose(by_layer["dropout"].T, hidden, rtol=1e-13)
    np.testing.assert_allclose(by_layer["dense_1"].T, outputs, rtol=1e-13)
    loop = TrainingLoop(model, X, Y, 12)
    loop.begin_epoch()
    loop.step_sample()
    gradient_of_kernel = model.variables(loop.gradient)[2]  # (6, 2), a row of zeros for each neuron dropped out
    assert 0 < (gradient_of_kernel == 0).all(axis=1).sum() < 6


def test_a_probe_goes_with_the_layers_behind_the_inputs():
    model = two_inputs()
    shown = Probe(model, [X, Y]).run()
    layers = model.layers[len(model.input_shapes) :]
    assert [len(values) for values in shown] == [4, 3, 7, 5, 2]
    assert [type(layer) for layer in layers] == [Dense, Dense, Concatenate, Dense, Dense]
    assert [layer.units for layer in layers if isinstance(layer, Dense)] == [4, 3, 5, 2]


def test_drawing_the_weights_is_the_same_with_and_without_dropout():
    with_it = Sequential([Input((3,)), Dense(6), Dropout(0.5), Dense(2)])
    without = Sequential([Input((3,)), Dense(6), Dense(2)])
    for model in (with_it, without):
        model.build(np.random.default_rng(4))
    assert with_it.parameters.tolist() == without.parameters.tolist()


def test_a_model_of_two_inputs_and_outputs_is_the_formula_of_the_textbook():
    model = two_inputs()
    a, b = X, Y
    by_name = dict(zip([layer.name for layer in model.layers], model.layers, strict=True))
    first = np.tanh(a @ by_name["dense"].kernel + by_name["dense"].bias)
    second = np.sin(b @ by_name["dense_1"].kernel + by_name["dense_1"].bias)
    joined = np.tanh(np.hstack([first, second]) @ by_name["dense_2"].kernel + by_name["dense_2"].bias)
    expected = 1 / (1 + np.exp(-(joined @ by_name["dense_3"].kernel + by_name["dense_3"].bias)))
    np.testing.assert_allclose(model.predict([a, b]), expected, rtol=1e-13)
    np.testing.assert_allclose(model.predict({"a": a, "b": b}), expected, rtol=1e-13)


def test_several_outputs_are_fitted_and_measured_by_name():
    model = two_outputs()
    model.compile(
        "adam",
        {"first": "mse", "second": "binary_crossentropy"},
        metrics={"second": ["accuracy"]},
        loss_weights={"first": 2, "second": 0.5},
    )
    y = {"first": Y, "second": (X[:, 0] > 0).astype(float)}
    history = model.fit(X, y, epochs=2, validation_split=0.25, verbose=0).history
    names = ["loss", "first_loss", "second_loss", "second_accuracy"]
    assert list(history) == [*names, *(f"val_{name}" for name in names)]
    loss, first, second, _ = model.evaluate(X, [Y, y["second"]], verbose=0)
    assert loss == pytest.approx(2 * first + 0.5 * second, rel=1e-13)
    assert model.metrics_names == names
    assert [array.shape for array in model.predict(X)] == [(12, 2), (12, 1)]


def test_a_probe_shows_every_layer_of_a_graph():
    model = of_images()
    shapes = [array.shape for array in Probe(model, X[:, :, np.newaxis]).run()]
    assert shapes == [(3, 12), (4, 12), (4, 12), (2, 12), (2, 12)]


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: Concatenate()([Input((2,))]), ShapeError, "Concatenate: at least two rows of features"),
        (lambda: Concatenate(axis=0), InvalidValueError, "rows are joined along axis -1, got 0"),
        (lambda: Add()([Input((2,)), Input((3,))]), ShapeError, "Add: at least two inputs of the same shape"),
        (lambda: Dense(1)([Input((2,)), Input((2,))]), ShapeError, "Dense takes one input, got 2; join them"),
        (lambda: Dense(1)(X), InvalidValueError, "Dense must be called on what Input"),
        (lambda: Model(Input((2,)), Dense(1)(Input((2,)))), InvalidValueError, "must follow from its inputs"),
        (lambda: Model(X, X), InvalidValueError, "A model's inputs must be what Input"),
        (lambda: Dropout(1), InvalidValueError, "Dropout: rate must be a number from 0 to 0.99, got 1."),
        (lambda: Dense(1, use_bias="no"), InvalidValueError, "use_bias must be true or false, got 'no'."),
        (lambda: Dense(1, unit=3), InvalidValueError, "Unknown option of Dense 'unit'; choose one of: name, units"),
        (lambda: Activation("rleu"), InvalidValueError, "Unknown activation 'rleu'"),
    ],
)
def test_what_makes_no_network_is_refused(make, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        make()


def test_a_layer_twice_is_refused_and_so_is_one_of_another_model():
    a, layer = Input((2,)), Dense(2)
    with pytest.raises(InvalidValueError, match="one is there twice"):
        Model(a, layer(layer(a)))
    Sequential([Input((2,)), layer]).build()
    with pytest.raises(InvalidValueError, match="belongs to another model already"):
        Sequential([Input((2,)), layer])


def test_data_for_several_inputs_are_checked():
    model = two_inputs()
    model.compile("sgd", "mse")
    with pytest.raises(InvalidValueError, match="x must be a list of 2 arrays"):
        model.fit(X, Y)
    with pytest.raises(InvalidValueError, match="x must have 2 items"):
        model.fit([X], Y)
    with pytest.raises(ShapeError, match=re.escape("x[1] must have the shape (12, 2), at least one sample, got")):
        model.fit([X, Y[:5]], Y)
    with pytest.raises(InvalidValueError, match="x must have an item for each of a, b"):
        model.fit({"a": X}, Y)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_step_allocates_nothing_whatever_the_layers(network):
    model = network()
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(4096, *shape)) for shape in model.input_shapes]
    y = [rng.uniform(0, 1, size=(4096, width)) for width in model.widths]
    model.compile("adam", "mean_squared_error")
    only = len(x) == 1, len(y) == 1
    loop = TrainingLoop(model, x[0] if only[0] else x, y[0] if only[1] else y, 2048, measured=True)
    loop.run()
    loop.begin_epoch()
    tracemalloc.start()
    try:
        loop.step(2)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4096  # bytes; one row of a batch has 16,384
