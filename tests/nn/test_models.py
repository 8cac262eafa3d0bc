import re

import numpy as np
import pytest

from playground.errors import InvalidValueError, NotBuiltError, PlaygroundError, ShapeError, UnknownNameError
from playground.nn import (
    SGD,
    Adam,
    BatchNormalization,
    Dense,
    Evaluator,
    Flatten,
    Input,
    Probe,
    Sequential,
    TrainingLoop,
    utils,
)
from playground.nn.utils import to_categorical

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
    model.compile(SGD(0.5), "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(X, Y, batch_size=8, epochs=60, seed=0, validation_data=(X, Y)).history
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(values) == 60 for values in history.values())
    assert history["loss"][-1] < history["loss"][0] / 2
    assert [history["val_loss"][-1], history["val_accuracy"][-1]] == model.evaluate(X, Y)
    assert model.evaluate(X, Y, return_dict=True)["accuracy"] > 0.9


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
    with pytest.raises(NotBuiltError, match="put it into a model whose input shape is known"):
        Dense(1).get_weights()
    assert model.layers[0].get_weights()[0].shape == (2, 1)
    model = Sequential([Dense(1)])
    model.compile("sgd", "mean_squared_error")
    with pytest.raises(NotBuiltError, match=re.escape("begin with an Input((features,)), or fit the model")):
        user(model, X, Y)
    for use in (model.get_weights, model.summary, lambda: model.predict(X), model.build):
        with pytest.raises(NotBuiltError, match=re.escape("begin with an Input((features,)), or fit the model")):
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
    ("layers", "sentence"),
    [
        ([Input((2,)), "dense"], "A model is made of layers, got 'dense'."),
        ([Dense(1), Input((2,))], "An Input is the first of a model's layers, and the only one."),
        ([Input((2,)), Input((2,))], "An Input is the first of a model's layers, and the only one."),
        ([Dense(1, name="a"), Dense(1, name="a")], "must have a name of its own; 'a' is there twice."),
    ],
)
def test_layers_that_make_no_model_are_refused(layers, sentence):
    with pytest.raises(InvalidValueError, match=re.escape(sentence)):
        Sequential(layers)


def test_a_model_without_layers_cannot_be_fitted():
    model = Sequential()
    model.compile("sgd", "mse")
    with pytest.raises(InvalidValueError, match="The model has no layers yet"):
        model.fit(X, Y)


def test_one_layer_twice_is_refused():
    layer = Dense(2)
    with pytest.raises(InvalidValueError, match="one is there twice"):
        Sequential([Input((2,)), layer, layer])


@pytest.mark.parametrize("units", [0, -1, 1.5, "4", True, None])
def test_a_layer_without_whole_units_is_refused(units):
    with pytest.raises(InvalidValueError, match=r"^Dense: units must be a whole number from 1 to "):
        Dense(units)


@pytest.mark.parametrize("shape", [(), (2, 0), 2, (0,), "a", ("a",)])
def test_an_input_that_is_no_row_of_features_is_refused(shape):
    with pytest.raises(InvalidValueError, match=r"^Input: "):
        Input(shape)


def test_an_image_needs_a_flatten():
    with pytest.raises(ShapeError, match=re.escape("got the shape (2, 3); put a Flatten in front of it")):
        Sequential([Input((2, 3)), Dense(1)])


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


# ------------------------------------------------------------------------------------------- as in Keras


def compiled(**options):
    model = Sequential([Input((2,)), Dense(3, "tanh"), Dense(1, "sigmoid")])
    model.build(np.random.default_rng(0))
    model.compile(SGD(0.5), "binary_crossentropy", metrics=["accuracy"], **options)
    return model


def test_fit_reports_means_over_the_batches_each_before_its_own_update():
    model, by_hand = compiled(), compiled()
    model.layers[0].kernel_regularizer = by_hand.layers[0].kernel_regularizer = "l2"
    history = model.fit(X, Y, batch_size=16, shuffle=False, verbose=0).history
    parts, measured = [slice(0, 16), slice(16, 32), slice(32, 40)], []
    for part in parts:
        measured.append([len(X[part]) * value for value in by_hand.evaluate(X[part], Y[part], verbose=0)])
        by_hand.fit(X[part], Y[part], verbose=0)
    assert [history["loss"][0], history["accuracy"][0]] == pytest.approx(np.sum(measured, axis=0) / 40, rel=1e-12)


def test_the_last_share_of_the_samples_is_held_back_before_the_shuffle():
    split, given = compiled(), compiled()
    one = split.fit(X, Y, epochs=3, validation_split=0.25, seed=1, verbose=0)
    other = given.fit(X[:30], Y[:30], epochs=3, validation_data=(X[30:], Y[30:]), seed=1, verbose=0)
    assert one.history == other.history
    assert split.parameters.tolist() == given.parameters.tolist()


def test_a_weight_of_two_counts_like_two_samples():
    weighted, doubled = compiled(), compiled()
    weights = np.where(np.arange(40) < 10, 2.0, 1.0)
    weighted.fit(X, Y, batch_size=40, sample_weight=weights * 40 / 50, shuffle=False, verbose=0)
    doubled.fit(np.vstack([X, X[:10]]), np.append(Y, Y[:10]), batch_size=50, shuffle=False, verbose=0)
    np.testing.assert_allclose(weighted.parameters, doubled.parameters, rtol=1e-12)


def test_class_weights_are_the_weights_of_their_samples():
    by_class, by_sample = compiled(), compiled()
    one = by_class.fit(X, Y, class_weight={0: 1, 1: 3}, validation_split=0.25, seed=0, verbose=0)
    options = {"validation_data": (X[30:], Y[30:]), "seed": 0, "verbose": 0}  # where classes count alike
    other = by_sample.fit(X[:30], Y[:30], sample_weight=1 + 2 * Y[:30], **options)
    assert by_class.parameters.tolist() == by_sample.parameters.tolist()
    assert one.history == other.history


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"validation_split": 1}, "fit: validation_split must be a number from 0 to 0.99, got 1."),
        ({"validation_split": 0.99}, "leaves none on one side"),
        ({"validation_data": X}, "validation_data must be (x, y) or (x, y, weights)"),
        ({"validation_data": (X[:, :1], Y)}, "x must have the shape (samples, 2)"),
        ({"sample_weight": [1, 2]}, "sample_weight must have the shape (40,)"),
        ({"sample_weight": -np.ones(40)}, "sample_weight must not be negative, got -1."),
        ({"class_weight": [1, 2]}, "class_weight must map classes to numbers"),
        ({"callbacks": ["stop"]}, "callbacks must be "),
        ({"verbose": 3}, "verbose must be 0, 1, 2 or 'auto', got 3."),
        ({"initial_epoch": -1}, "fit: initial_epoch must be a whole number"),
        ({"steps": 3}, "Unknown option of fit 'steps'"),
    ],
)
def test_what_fit_cannot_use_is_refused_before_anything_changes(options, sentence):
    model = compiled()
    weights = model.parameters.copy()
    with pytest.raises(PlaygroundError, match=re.escape(sentence)):
        model.fit(X, Y, **options)
    assert model.parameters.tolist() == weights.tolist()


def test_an_epoch_counts_from_the_initial_one():
    history = compiled().fit(X, Y, epochs=5, initial_epoch=3, verbose=0)
    assert history.epoch == [3, 4]


def test_the_shape_of_the_input_follows_from_the_first_samples():
    model = Sequential([Dense(3, "tanh"), Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    with pytest.raises(ShapeError):
        model.fit(X.T, Y)
    model.fit(X, Y, verbose=0)
    assert [array.shape for array in model.get_weights()] == [(2, 3), (3,), (3, 1), (1,)]


def test_layers_may_be_added_one_by_one_and_weights_are_kept():
    model = Sequential()
    model.add(Dense(3, activation="tanh", input_dim=2))
    kernel = model.get_weights()[0]
    model.add(Dense(1, input_shape=(3,)))
    assert model.count_params() == 13
    np.testing.assert_array_equal(model.get_weights()[0], kernel)


def test_numpys_global_seed_fixes_what_has_no_seed_of_its_own():
    def trained():
        np.random.seed(7)  # noqa: NPY002  (as the tutorials do)
        model = Sequential([Dense(3, "relu", input_dim=2), Dense(1, "sigmoid")])
        model.compile("adam", "binary_crossentropy")
        model.fit(X, Y, epochs=3, verbose=0)
        return model.parameters.tolist()

    assert trained() == trained()
    utils.set_random_seed(8)
    assert np.random.randint(1000) == np.random.RandomState(8).randint(1000)  # noqa: NPY002


def test_layers_have_names_and_are_found_by_them():
    model = Sequential([Flatten(input_shape=[2]), Dense(3), Dense(3, name="mine"), Dense(1)])
    assert [layer.name for layer in model.layers] == ["flatten", "dense", "mine", "dense_1"]
    assert model.get_layer("dense_1") is model.layers[3]
    assert model.get_layer(index=0) is model.layers[0]
    with pytest.raises(UnknownNameError, match="Unknown layer 'dense_17'; choose one of: flatten, dense, mine, "):
        model.get_layer("dense_17")


def test_a_layer_gives_and_takes_its_own_weights(model):
    kernel, bias = model.layers[0].get_weights()
    model.layers[0].set_weights([kernel * 2, bias + 1])
    np.testing.assert_array_equal(model.get_weights()[0], kernel * 2)
    with pytest.raises(ShapeError):
        model.layers[0].set_weights([kernel])


def test_the_summary_is_keras_table(capsys):
    model = Sequential(name="small")
    model.add(Dense(32, input_dim=784, activation="sigmoid"))
    model.add(Dense(10, activation="sigmoid"))
    model.add(BatchNormalization())
    model.summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'Model: "small"'
    assert lines[2].split("  ")[0] == "Layer (type)"
    assert lines[4].split() == ["dense", "(Dense)", "(None,", "32)", "25120"]
    assert lines[5].split() == ["dense_1", "(Dense)", "(None,", "10)", "330"]
    assert lines[6].split() == ["batch_normalization", "(BatchNor", "(None,", "10)", "40"] or "40" in lines[6]
    assert lines[8:11] == ["Total params: 25,490", "Trainable params: 25,470", "Non-trainable params: 20"]


@pytest.mark.parametrize("metric", ["accuracy", "acc", "binary_accuracy", "mse", "mean_absolute_error"])
def test_a_metric_has_the_name_it_was_asked_for_by(metric):
    model = compiled()
    model.compile("sgd", "binary_crossentropy", metrics=[metric])
    assert model.metrics_names == ["loss", metric]
    history = model.fit(X, Y, validation_split=0.5, verbose=0).history
    assert list(history) == ["loss", metric, "val_loss", f"val_{metric}"]


def test_metrics_are_those_of_scikit_learn(model):
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy", "mse", "mae"])
    _, right, squared, absolute = model.evaluate(X, Y)
    outputs = model.predict(X)[:, 0]
    assert right == np.mean((outputs > 0.5) == Y)
    assert squared == pytest.approx(np.mean((outputs - Y) ** 2), rel=1e-12)
    assert absolute == pytest.approx(np.mean(abs(outputs - Y)), rel=1e-12)


def test_accuracy_of_targets_that_are_no_classes_is_refused():
    model = Sequential([Input((2,)), Dense(1)])
    model.compile("sgd", "mse", metrics=["accuracy"])
    with pytest.raises(InvalidValueError, match="accuracy needs targets that are classes"):
        model.fit(X, X[:, 0])
    with pytest.raises(UnknownNameError, match="Unknown metric 'acuracy'; choose one of: accuracy, "):
        model.compile("sgd", "mse", metrics=["acuracy"])


def test_large_data_are_measured_and_predicted_in_chunks():
    model = compiled()
    x = np.random.default_rng(1).normal(size=(20_000, 2))
    y = (x[:, 0] > 0).astype(float)
    parts = [model.evaluate(x[i : i + 2000], y[i : i + 2000], verbose=0) for i in range(0, 20_000, 2000)]
    assert model.evaluate(x, y, verbose=0) == pytest.approx(np.mean(parts, axis=0), rel=1e-12)
    np.testing.assert_allclose(model.predict(x)[9000:9010], model.predict(x[9000:9010]), rtol=1e-13)


def test_obsolete_spellings_of_layers_and_fit_work_and_name_todays():
    with pytest.warns(FutureWarning, match="Dense: init is called kernel_initializer today"):
        layer = Dense(3, init="uniform", input_dim=2)
    assert layer.kernel_initializer.entry.name == "random_uniform"
    model = compiled()
    with pytest.warns(FutureWarning, match="nb_epoch is called epochs today"):
        assert model.fit(X, Y, nb_epoch=2, verbose=0).epoch == [0, 1]


def test_compile_needs_a_loss():
    with pytest.raises(InvalidValueError, match="compile needs a loss; choose one of: mean_squared_error"):
        Sequential([Input((2,)), Dense(1)]).compile("adam")


def test_to_categorical_gives_one_hot_rows():
    assert to_categorical([0, 2, 1]).tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert to_categorical([[1], [0]], num_classes=3).tolist() == [[0, 1, 0], [1, 0, 0]]
    with pytest.raises(InvalidValueError, match="whole numbers from 0 to 1, got 2"):
        to_categorical([2], 2)
    with pytest.raises(ShapeError):
        to_categorical([[1, 2]])
