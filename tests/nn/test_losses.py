from math import log

import numpy as np
import pytest
from sklearn.metrics import hinge_loss, log_loss, mean_squared_error

from playground.errors import InvalidValueError, ShapeError
from playground.nn import (
    ACTIVATIONS,
    L1,
    L2,
    LOSSES,
    SGD,
    Dense,
    Evaluator,
    Input,
    Sequential,
    TrainingLoop,
    accuracy,
)
from playground.nn.losses import Huber
from playground.nn.network import fit


def model_with(loss, activation, outputs=1):
    model = Sequential([Input((2,)), Dense(4, "tanh"), Dense(outputs, activation)])
    model.build(np.random.default_rng(1))
    model.compile("sgd", loss)
    return model


def measured(activation, loss, z, y):
    """Return what is measured of outputs whose weighted sums are `z` (samples, outputs)."""
    model = Sequential([Input((z.shape[1],)), Dense(z.shape[1], activation)])
    model.build()
    model.set_weights([np.eye(z.shape[1]), np.zeros(z.shape[1])])
    model.compile("sgd", loss)
    return Evaluator(model, z, y).measure()


def test_mean_squared_error_is_the_mean_over_samples_and_outputs():
    z, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [0.0, 4.0]])
    assert measured("linear", "mean_squared_error", z, y).loss == (0 + 4 + 9 + 0) / 4
    assert measured("linear", "mean_squared_error", z, y).loss == mean_squared_error(y, z)


def test_binary_crossentropy_is_scikit_learns_log_loss():
    z = np.random.default_rng(0).normal(size=(50, 1))
    y = (z + 0.3 > 0).astype(float)
    evaluation = measured("sigmoid", "binary_crossentropy", z, y)
    assert evaluation.loss == pytest.approx(log_loss(y[:, 0], 1 / (1 + np.exp(-z[:, 0]))), rel=1e-12)
    assert evaluation.accuracy == np.mean((z > 0) == (y == 1))


def test_binary_crossentropy_of_several_outputs_is_the_mean_over_them():
    z, y = np.array([[0.5, -1.0]]), np.array([[1.0, 1.0]])
    alone = [measured("sigmoid", "binary_crossentropy", z[:, [i]], y[:, [i]]).loss for i in range(2)]
    assert measured("sigmoid", "binary_crossentropy", z, y).loss == pytest.approx(sum(alone) / 2, rel=1e-14)


def test_categorical_crossentropy_is_scikit_learns_log_loss():
    rng = np.random.default_rng(0)
    z, classes = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    evaluation = measured("softmax", "categorical_crossentropy", z, np.eye(3)[classes])
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert evaluation.loss == pytest.approx(log_loss(classes, p), rel=1e-12)
    assert evaluation.accuracy == np.mean(z.argmax(axis=1) == classes)


@pytest.mark.parametrize(
    ("output", "loss"), [("sigmoid", "binary_crossentropy"), ("softmax", "categorical_crossentropy")]
)
def test_a_sure_and_wrong_answer_costs_what_it_costs_in_keras(output, loss):
    z = np.array([[800.0, -800.0]])
    assert measured(output, loss, z, 1 - (z > 0)).loss == pytest.approx(-log(1e-7), rel=1e-8)


def test_the_loss_includes_the_penalty_and_both_are_told_apart():
    model = model_with("binary_crossentropy", "sigmoid")
    x, y = np.random.default_rng(0).normal(size=(9, 2)), np.ones(9)
    evaluator = Evaluator(model, x, y)
    plain = evaluator.measure()
    assert plain.penalty == 0
    model.layers[0].kernel_regularizer, model.layers[1].kernel_regularizer = L2(0.5), L1(2)
    with_penalty = evaluator.measure()
    expected = 0.5 * (model.layers[0].kernel ** 2).sum() + 2 * abs(model.layers[1].kernel).sum()
    assert with_penalty.penalty == pytest.approx(expected)
    assert with_penalty.data_loss == plain.loss
    assert with_penalty.loss == plain.loss + with_penalty.penalty
    model.layers[0].kernel_regularizer.rate = model.layers[1].kernel_regularizer.rate = 0
    assert evaluator.measure().penalty == 0


@pytest.mark.parametrize(
    ("y", "outputs", "expected"),
    [
        ([[0], [1], [1]], [[0.5], [0.6], [0.4]], 2 / 3),
        ([[-1], [1], [1]], [[-0.1], [0.1], [-0.2]], 2 / 3),
        ([[0, 1, 0], [1, 0, 0]], [[0.1, 0.2, 0.7], [0.4, 0.3, 0.3]], 1 / 2),
        ([[1, 1], [0, 1]], [[0.9, 0.9], [0.9, 0.9]], 3 / 4),
        ([[0.5], [0.25]], [[0.5], [0.25]], None),
    ],
)
def test_accuracy_is_the_share_of_right_classes(y, outputs, expected):
    assert accuracy(np.array(y), np.array(outputs)) == expected


@pytest.mark.parametrize("loss", list(LOSSES), ids=lambda entry: entry.name)
@pytest.mark.parametrize("output", list(ACTIVATIONS), ids=lambda entry: entry.name)
def test_compile_takes_pairs_that_make_sense_and_refuses_others_with_the_pair_that_would(loss, output):
    if fit(loss, output):
        assert model_with(loss.name, output.name, outputs=2).loss.entry is loss
        return
    with pytest.raises(InvalidValueError) as caught:
        model_with(loss.name, output.name, outputs=2)
    sentence = str(caught.value)
    assert sentence.startswith(f"{loss.name} needs the output activation ")
    fitting = sentence.partition("needs the output activation ")[2].partition(", got ")[0].split(" or ")
    offered = sentence.partition("choose the loss ")[2].rstrip(".").split(" or ")
    for activation in fitting:
        assert model_with(loss.name, activation, outputs=2).loss.entry is loss
    for name in offered:
        assert model_with(name, output.name, outputs=2).loss.entry.name == name


def test_the_table_of_pairs():
    table = {loss.name: {output.name for output in ACTIVATIONS if fit(loss, output)} for loss in LOSSES}
    with_slope = set(ACTIVATIONS.names) - {"step"}
    regression = ("mean_squared_error", "half_squared_error", "mean_absolute_error", "huber")
    assert table == {
        **dict.fromkeys(regression, with_slope),
        "binary_crossentropy": {"sigmoid"},
        "categorical_crossentropy": {"softmax"},
        "sparse_categorical_crossentropy": {"softmax"},
        "hinge": {"linear", "tanh"},
        "perceptron": {"step"},
    }


def test_a_step_in_a_hidden_layer_is_refused():
    model = Sequential([Input((2,)), Dense(4, "step"), Dense(1)])
    with pytest.raises(InvalidValueError, match="step has no slope to learn by"):
        model.compile("sgd", "mean_squared_error")


Z, Y = np.array([[0.5, -2.0], [3.0, 0.0]]), np.array([[1.0, 1.0], [0.0, 0.5]])  # differences −½, −3, 3, −½


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("half_squared_error", (0.125 + 4.5 + 4.5 + 0.125) / 4),
        ("mean_absolute_error", (0.5 + 3 + 3 + 0.5) / 4),
        ("huber", (0.125 + 2.5 + 2.5 + 0.125) / 4),
        (Huber(delta=2), (0.125 + 4 + 4 + 0.125) / 4),
    ],
)
def test_losses_of_regression_by_hand(loss, expected):
    assert measured("linear", loss, Z, Y).loss == pytest.approx(expected, rel=1e-14)


def test_a_parameter_of_a_loss_holds_in_training_and_changes_between_steps():
    model = Sequential([Input((1,)), Dense(1, use_bias=False, kernel_initializer="zeros")])
    loss = LOSSES["huber"].value(delta=2)
    model.compile(SGD(1), loss)
    loop = TrainingLoop(model, [[1.0]], [10.0], 1)
    loop.run()  # the slope is −delta as long as the output is farther away
    assert model.get_weights()[0].tolist() == [[2]]
    loss.delta = 0.5
    loop.run()
    assert model.get_weights()[0].tolist() == [[2.5]]
    assert Evaluator(model, [[1.0]], [10.0]).measure().loss == 0.5 * (7.5 - 0.25)


@pytest.mark.parametrize("y", [[[1], [0], [1]], [[1], [-1], [1]]])
def test_hinge_is_scikit_learns_and_takes_both_labellings(y):
    z = np.array([[0.3], [0.4], [2.0]])
    evaluation = measured("linear", "hinge", z, np.array(y, float))
    assert evaluation.loss == pytest.approx(hinge_loss(np.ravel(y) > 0, z[:, 0]), rel=1e-14)
    assert evaluation.accuracy == 2 / 3


def test_sparse_crossentropy_is_the_categorical_one_of_class_numbers():
    rng = np.random.default_rng(0)
    z, classes = rng.normal(size=(60, 3)), rng.integers(0, 3, 60)
    expected = measured("softmax", "categorical_crossentropy", z, np.eye(3)[classes])
    for numbers in (classes, classes[:, np.newaxis]):
        assert measured("softmax", "sparse_categorical_crossentropy", z, numbers) == expected


@pytest.mark.parametrize(
    ("y", "error", "sentence"),
    [
        ([0, 3], InvalidValueError, "targets must be class numbers from 0 to 2, as there are 3 outputs, got 3."),
        ([0, 0.5], InvalidValueError, "targets must be class numbers from 0 to 2, as there are 3 outputs, got 0.5."),
        ([[1, 0, 0], [0, 1, 0]], ShapeError, "for one-hot rows choose the loss categorical_crossentropy."),
    ],
)
def test_class_numbers_that_do_not_fit_are_refused(y, error, sentence):
    with pytest.raises(error, match=sentence):
        measured("softmax", "sparse_categorical_crossentropy", np.zeros((2, 3)), y)


def test_the_perceptron_rule_moves_the_weights_by_the_inputs_of_wrong_answers():
    model = Sequential([Input((2,)), Dense(1, "step", kernel_initializer="zeros")])
    model.build()
    model.compile(SGD(1), "perceptron")
    x, y = np.array([[2.0, 1.0], [1.0, -1.0], [-1.0, 3.0]]), np.array([1.0, 0.0, 0.0])
    TrainingLoop(model, x, y, 1).run()  # all three are wrong: 0 ≤ 0, 2 − 1 + 1 > 0, −1 + 6 + 0 > 0
    assert model.get_weights()[0].tolist() == [[2 - 1 + 1], [1 + 1 - 3]]
    assert model.get_weights()[1].tolist() == [1 - 1 - 1]
    assert Evaluator(model, x, y).measure().loss == 1 / 3  # of the three only the first has 2 − 1 − 1 ≤ 0


def test_a_refused_loss_changes_nothing():
    model = model_with("binary_crossentropy", "sigmoid")
    optimizer, state = model.optimizer, model.state
    with pytest.raises(InvalidValueError):
        model.compile("adam", "categorical_crossentropy")
    assert model.optimizer is optimizer
    assert model.state is state
    assert model.loss.entry.name == "binary_crossentropy"


def test_categorical_crossentropy_of_one_output_is_refused():
    with pytest.raises(InvalidValueError, match="needs an output for each class, at least 2, got 1"):
        model_with("categorical_crossentropy", "softmax", outputs=1)


@pytest.mark.parametrize(
    ("loss", "activation", "y", "sentence"),
    [
        (
            "binary_crossentropy",
            "sigmoid",
            [[-1, 1]],
            "binary_crossentropy: targets must be numbers from 0 to 1, got -1.",
        ),
        ("hinge", "linear", [[0, 2]], "hinge: targets must be −1 and 1 or 0 and 1, got 0."),
        ("perceptron", "step", [[-1, 1]], "perceptron: targets must be 0 and 1, got -1."),
        ("categorical_crossentropy", "softmax", [[0, 2]], "targets must be numbers from 0 to 1, got 2."),
        ("categorical_crossentropy", "softmax", [[1, 1]], "each sample's targets must add up to 1, got 2."),
    ],
)
@pytest.mark.parametrize("user", [Evaluator, TrainingLoop])
def test_labels_that_do_not_fit_the_loss_are_refused(user, loss, activation, y, sentence):
    model = model_with(loss, activation, outputs=2)
    with pytest.raises(InvalidValueError, match=sentence):
        user(model, [[0.0, 0.0]], y)
