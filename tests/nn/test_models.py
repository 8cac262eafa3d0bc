import re

import numpy as np
import pytest

from playground.errors import InvalidValueError, NotBuiltError, PlaygroundError, ShapeError, UnknownNameError
from playground.nn import SGD, Adam, Dense, Evaluator, Input, Probe, Sequential, TrainingLoop

X = np.random.default_rng(0).normal(size=(40, 2))
Y = (X[:, 0] > X[:, 1]).astype(float)


@pytest.fixture
def model():
    model = Sequential([Input((2,)), Dense(3, "tanh"), Dense(1, "sigmoid")])
    model.build(np.random.default_rng(0))
    model.compile(SGD(0.5), "binary_crossentropy")
    return model


def test_predict_is_the_formula_of_the_textbook(model):
    kernel, bias, kernel_2, bias_2 = model.get_weights()
    expected = 1 / (1 + np.exp(-(np.tanh(X @ kernel + bias) @ kernel_2 + bias_2)))
    np.testing.assert_allclose(model.predict(X), expected, rtol=1e-14)


def test_weights_have_keras_order_and_shapes(model):
    assert [array.shape for array in model.get_weights()] == [(2, 3), (3,), (3, 1), (1,)]
    assert model.count_params() == len(model.parameters) == 13


def test_weights_come_back_as_they_were_set(model):
    weights = [np.full(array.shape, index + 0.5) for index, array in enumerate(model.get_weights())]
    model.set_weights(weights)
    for present, given in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(present, given)


def test_get_weights_gives_copies_and_kernel_and_bias_are_views(model):
    model.get_weights()[0][...] = 99
    assert 99 not in model.parameters
    model.layers[0].kernel[1, 2] = 5
    model.layers[1].bias[0] = 6
    assert model.get_weights()[0][1, 2] == 5
    assert model.get_weights()[3][0] == 6
    assert {5, 6} <= set(model.parameters)


def test_fit_learns_and_reports_each_epoch(model):
    history = model.fit(X, Y, batch_size=8, epochs=60, seed=0).history
    assert len(history["loss"]) == len(history["accuracy"]) == 60
    assert history["loss"][-1] < history["loss"][0] / 2
    assert {"loss": history["loss"][-1], "accuracy": history["accuracy"][-1]} == model.evaluate(X, Y)
    assert model.evaluate(X, Y)["accuracy"] > 0.9


def test_fit_with_the_same_seeds_gives_the_same_weights():
    def trained(seed):
        model = Sequential([Input((2,)), Dense(3, "relu"), Dense(1, "sigmoid")])
        model.compile(Adam(0.01), "binary_crossentropy")
        model.fit(X, Y, batch_size=7, epochs=5, seed=seed)
        return model.parameters.tolist()

    assert trained(1) == trained(1)
    assert trained(1) != trained(2)


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9), Adam(0.05)])
def test_fitting_twice_is_fitting_on(model, optimizer):
    start = model.get_weights()
    model.compile(optimizer, "binary_crossentropy")
    model.fit(X, Y, batch_size=8, epochs=6, shuffle=False)
    in_one_go = model.parameters.copy()
    model.set_weights(start)
    model.compile(type(optimizer)(**optimizer.settings), "binary_crossentropy")
    model.fit(X, Y, batch_size=8, epochs=2, shuffle=False)
    model.fit(X, Y, batch_size=8, epochs=4, shuffle=False)
    assert model.parameters.tolist() == in_one_go.tolist()


def test_compiling_again_keeps_the_weights_and_what_the_same_optimizer_remembers(model):
    optimizer = Adam(0.01)
    model.compile(optimizer, "binary_crossentropy")
    model.fit(X, Y, epochs=2)
    weights, moments = model.parameters.copy(), model.state.slots.copy()
    model.compile(optimizer, "mean_squared_error")
    assert model.parameters.tolist() == weights.tolist()
    assert model.state.slots.tolist() == moments.tolist()
    model.compile("adam", "mean_squared_error")
    assert model.parameters.tolist() == weights.tolist()
    assert not model.state.slots.any()


def test_building_again_draws_new_weights_for_whoever_reads_them(model):
    probe = Probe(model, X, np.float64)
    before = probe.run()[-1].copy()
    model.build(np.random.default_rng(1))
    assert (probe.run()[-1] != before).all()
    model.build(np.random.default_rng(0))
    np.testing.assert_array_equal(probe.run()[-1], before)


def test_building_again_makes_the_optimizer_forget(model):
    model.compile("adam", "binary_crossentropy")
    model.fit(X, Y)
    model.build(np.random.default_rng(0))
    assert not model.state.slots.any()
    assert model.state.iterations == 0


@pytest.mark.parametrize("user", [Evaluator, TrainingLoop])
def test_what_is_not_built_or_compiled_is_refused_with_what_to_call(user):
    model = Sequential([Input((2,)), Dense(1)])
    with pytest.raises(NotBuiltError, match=re.escape("model.compile(optimizer, loss)")):
        user(model, X, Y)
    model.compile("sgd", "mean_squared_error")
    with pytest.raises(NotBuiltError, match=re.escape("model.build(rng)")):
        user(model, X, Y)
    for use in (model.get_weights, lambda: model.predict(X), lambda: model.layers[0].kernel):
        with pytest.raises(NotBuiltError, match=re.escape("model.build(rng)")):
            use()


@pytest.mark.parametrize(
    ("x", "y", "error", "sentence"),
    [
        (X[:, :1], Y, ShapeError, "x must have the shape (samples, 2), at least one sample, got (40, 1)."),
        (X[:0], Y[:0], ShapeError, "x must have the shape (samples, 2), at least one sample, got (0, 2)."),
        (X[0], Y, ShapeError, "x must have the shape (samples, 2), at least one sample, got (2,)."),
        ([[1, 2], [3]], Y[:2], ShapeError, "x must be an array, with rows of the same length."),
        (X, Y[:5], ShapeError, "y must have the shape (40, 1), as x and the outputs have, got (5,)."),
        (X, np.eye(40), ShapeError, "y must have the shape (40, 1), as x and the outputs have, got (40, 40)."),
        (X * np.nan, Y, InvalidValueError, "x must contain finite numbers only, got nan among them."),
        (X, Y - np.inf, InvalidValueError, "y must contain finite numbers only, got -inf among them."),
        ([["a", "b"]], [1], InvalidValueError, "x must contain numbers only, got [['a', 'b']]."),
        ([[None, 1.0]], [1], InvalidValueError, "x must contain numbers only, got [[None, 1.0]]."),
        (X, Y + 1, InvalidValueError, "binary_crossentropy: targets must be numbers from 0 to 1, got 2."),
    ],
)
def test_data_that_do_not_fit_are_refused_before_anything_changes(x, y, error, sentence):
    model = Sequential([Input((2,)), Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    with pytest.raises(error, match="^" + re.escape(sentence)):
        model.fit(x, y)
    assert not model.built


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batch_size": 0}, "fit: batch_size must be a whole number from 1 to "),
        ({"batch_size": 2.5}, "fit: batch_size must be a whole number from 1 to "),
        ({"epochs": -1}, "fit: epochs must be a whole number from 0 to "),
    ],
)
def test_options_out_of_range_are_refused_before_anything_changes(model, options, sentence):
    weights = model.parameters.copy()
    with pytest.raises(InvalidValueError, match=sentence):
        model.fit(X, Y, **options)
    assert model.parameters.tolist() == weights.tolist()


@pytest.mark.parametrize(
    "weights",
    [
        [np.zeros((3, 2)), np.zeros(3), np.zeros((3, 1)), np.zeros(1)],
        [np.zeros((2, 3)), np.zeros(3), np.zeros((3, 1))],
        [np.zeros((2, 3)), np.zeros(3), np.zeros((3, 1)), np.full(1, np.inf)],
    ],
)
def test_weights_that_do_not_fit_are_refused_before_anything_changes(model, weights):
    before = model.parameters.copy()
    with pytest.raises(PlaygroundError):
        model.set_weights(weights)
    assert model.parameters.tolist() == before.tolist()


@pytest.mark.parametrize(
    "layers", [[], [Input((2,))], [Dense(2), Dense(1)], [Input((2,)), "dense"], [Dense(1), Input((2,))]]
)
def test_a_model_without_input_or_layers_is_refused(layers):
    with pytest.raises(InvalidValueError, match=r"^A model must be an Input and at least one Dense, got "):
        Sequential(layers)


def test_one_layer_twice_is_refused():
    layer = Dense(2)
    with pytest.raises(InvalidValueError, match="one is there twice"):
        Sequential([Input((2,)), layer, layer])


@pytest.mark.parametrize("units", [0, -1, 1.5, "4", True, None])
def test_a_layer_without_whole_units_is_refused(units):
    with pytest.raises(InvalidValueError, match=r"^Dense: units must be a whole number from 1 to "):
        Dense(units)


@pytest.mark.parametrize("shape", [(), (2, 3), 2, (0,), "a", ("a",)])
def test_an_input_that_is_no_row_of_features_is_refused(shape):
    with pytest.raises(InvalidValueError, match=r"^Input: "):
        Input(shape)


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "rleu"},
        {"kernel_initializer": "glorot"},
        {"bias_initializer": "onez"},
        {"kernel_regularizer": "l3"},
    ],
)
def test_an_unknown_name_is_refused_at_its_field(options):
    with pytest.raises(UnknownNameError) as caught:
        Dense(1, **options)
    assert [caught.value.field] == list(options)


def test_compile_refuses_unknown_names(model):
    with pytest.raises(UnknownNameError, match="Unknown optimizer 'adamm'; choose one of: sgd, adagrad, "):
        model.compile("adamm", "mean_squared_error")
    with pytest.raises(UnknownNameError, match="Unknown loss 'msee'; choose one of: mean_squared_error, "):
        model.compile("sgd", "msee")
