import contextlib

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from playground.errors import DivergedError
from playground.training import MEASUREMENTS, PROBLEMS, ExperimentConfig, Trainer
from playground.training.measurements import BINS, quantized, signed_maps

SHAPES = {
    "binary": ExperimentConfig(),
    "signed": ExperimentConfig(output_activation="tanh"),
    "step": ExperimentConfig(output_activation="step", hidden=()),
    "curve": ExperimentConfig(dataset="sine"),
    "scaled": ExperimentConfig(dataset="diabetes", learning_rate=0.01),
    "dropout": ExperimentConfig(hidden=(6, 5), dropout=(0.3, 0.3)),
    "own": ExperimentConfig(samples=40, own_points=((0, 0, 1), (1, 1, 0)), erased=(1, 2, 3)),
    "multiclass": ExperimentConfig(dataset="iris", hidden=(3,)),
    "regression": ExperimentConfig(dataset="bumps", activation="relu"),
    "no hidden layer": ExperimentConfig(hidden=()),
    "deep": ExperimentConfig(hidden=(8,) * 6),
    "wide": ExperimentConfig(hidden=(64, 64)),
}


@pytest.fixture(params=SHAPES.values(), ids=SHAPES.keys())
def trainer(request):
    trainer = Trainer(request.param)
    trainer.train_epoch()
    return trainer


@pytest.mark.parametrize("entry", list(MEASUREMENTS), ids=lambda entry: entry.name)
def test_a_measurement_is_bytes_or_floats_a_browser_can_take(entry, trainer):
    for name, array in entry.value(trainer).items():
        assert array.dtype in (np.uint8, np.float32)
        known = array[:4] if name == "losses" else array  # of classes there is no mean error
        assert np.isfinite(known).all()


@pytest.mark.parametrize("entry", list(MEASUREMENTS), ids=lambda entry: entry.name)
def test_a_measurement_can_be_taken_where_there_are_no_points(entry):
    for array in entry.value(Trainer(ExperimentConfig(dataset="blank"))).values():
        assert array.dtype in (np.uint8, np.float32)


def test_the_output_picture_is_the_networks_own_answer(trainer):
    arrays = MEASUREMENTS["output"].value(trainer)
    row, column = 20, 70
    point = trainer.data.grid[[row * 100 + column]]
    answer = trainer.model.predict(trainer.data.inputs(point)).ravel()
    if trainer.data.curve:
        assert arrays["curve"].shape == (100,)
        assert arrays["curve"][column] == pytest.approx(trainer.data.in_units(answer[0]), abs=1e-4)
    planes = arrays["output"]
    if trainer.config.problem == "multiclass":
        assert planes[0, row, column] == answer.argmax()
        assert planes[1, row, column] == pytest.approx(255 * answer.max(), abs=1)
    else:
        low, high = trainer.value_range
        expected = np.clip(255 * (trainer.data.in_units(answer[0]) - low) / (high - low), 0, 255)
        assert planes[0, row, column] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("output", "ends"), [("sigmoid", (0, 1)), ("step", (0, 1)), ("tanh", (-1, 1)), ("linear", (-1, 1))]
)
def test_the_ends_of_the_scale_are_the_targets_of_two_classes(output, ends):
    assert Trainer(ExperimentConfig(output_activation=output)).value_range == ends


@pytest.mark.parametrize("output", PROBLEMS["binary"].output_activations)
def test_the_accuracy_of_a_part_of_one_class_agrees_with_its_mistakes(output):
    own = ((0, 0, 0), (0, 1, 1), (1, 0, 0), (1, 1, 1))  # trained with the first class, tested with the second
    trainer = Trainer(ExperimentConfig(dataset="blank", own_points=own, output_activation=output))
    trainer.model.parameters[...] = 0
    trainer.edit(3, None, 0, 0.3)  # so the answer is above the middle of tanh, and below that of 0 and 1
    assert MEASUREMENTS["losses"].value(trainer)["losses"][2:4].tolist() == [0, 1]
    assert MEASUREMENTS["mistakes"].value(trainer)["mistakes"].tolist() == [1, 1, 0, 0]


def test_the_scale_of_a_regression_is_of_the_samples_that_are_there():
    config = ExperimentConfig(dataset="plane", samples=40, outliers=0.3)
    y = Trainer(config).data.y
    farthest = np.argsort(np.abs(y))
    rest = Trainer(config.changed({"erased": farthest[-20:].tolist()}))
    assert rest.value_range[1] == np.abs(y[farthest[-21]]) < np.abs(y).max()
    nothing = Trainer(config.changed({"erased": farthest.tolist()}))
    assert nothing.value_range == (-1, 1)


def test_the_scale_of_a_regression_is_even_about_0_unless_all_targets_are_far_from_it():
    plane = Trainer(ExperimentConfig(dataset="plane"))
    greatest = np.abs(plane.data.y).max()
    assert plane.value_range == (-greatest, greatest)
    diabetes = Trainer(ExperimentConfig(dataset="diabetes"))
    assert diabetes.value_range == (25, 346)


def answered(trainer, part):
    """Return true and answered class of a part of the split, from the network's predictions."""
    data = trainer.data
    part = data.split[part]
    answers = trainer.model.predict(data.inputs(data.X[part]))
    if answers.shape[1] > 1:
        return data.y[part], answers.argmax(axis=1)
    low, high = trainer.value_range
    return data.y[part], (answers[:, 0] > (low + high) / 2).astype(int)


def test_mistakes_and_confusion_agree_with_scikit_learn(trainer):
    mistakes, confusion = MEASUREMENTS["mistakes"].value(trainer), MEASUREMENTS["confusion"].value(trainer)["confusion"]
    classes = len(trainer.config.spec.classes)
    if not classes:
        assert mistakes == {}
        assert confusion.size == 0
        return
    parts = [answered(trainer, part) for part in (0, 1)]
    np.testing.assert_array_equal(mistakes["mistakes"], np.concatenate([true != said for true, said in parts]))
    for counts, (true, said) in zip(confusion, parts, strict=True):
        np.testing.assert_array_equal(counts, confusion_matrix(true, said, labels=range(classes)))


def layers_of(arrays):
    return [np.concatenate([kernel.ravel(), bias]) for kernel, bias in zip(arrays[::2], arrays[1::2], strict=True)]


@pytest.mark.parametrize("name", ["weight_histograms", "gradient_histograms"])
def test_histograms_agree_with_numpy(name, trainer):
    arrays = trainer.model.get_weights() if name == "weight_histograms" else trainer.gradients()
    rows = MEASUREMENTS[name].value(trainer)[name]
    assert rows.shape == (len(trainer.config.hidden) + 1, 2 + BINS)
    for row, values in zip(rows, layers_of(arrays), strict=True):
        counts, edges = np.histogram(values, BINS)
        if values.min() < values.max():
            np.testing.assert_allclose(row[:2], edges[[0, -1]], rtol=1e-6)
        np.testing.assert_array_equal(row[2:], counts)
        assert row[2:].sum() == len(values)


@pytest.mark.parametrize("value", [0.0, 3.0, 1e30])
def test_weights_that_are_all_alike_stand_in_one_bar(value):
    trainer = Trainer(ExperimentConfig(hidden=()))
    trainer.model.parameters[...] = value
    trainer.model.parameters[0] = np.nextafter(value, 2 * value)
    ((_, _, *counts),) = MEASUREMENTS["weight_histograms"].value(trainer)["weight_histograms"].tolist()
    assert max(counts) == sum(counts) == 3


def test_the_gradient_is_that_of_the_last_batch():
    trainer = Trainer(ExperimentConfig(samples=40, hidden=(), batch_size=8))
    assert not any(array.any() for array in trainer.gradients())
    trainer.train(2)
    before = trainer.model.get_weights()
    trainer.train(1)
    batch = trainer.last_batch
    x, t = trainer.data.inputs(trainer.data.X[batch]), trainer.data.y[batch][:, np.newaxis]
    errors = 1 / (1 + np.exp(-(x @ before[0] + before[1]))) - t  # of a sigmoid with cross-entropy
    kernel, bias = trainer.gradients()
    np.testing.assert_allclose(kernel, x.T @ errors / len(batch))
    np.testing.assert_allclose(bias, errors.mean(axis=0))


def test_every_hidden_neuron_has_its_map(trainer):
    arrays = MEASUREMENTS["maps"].value(trainer)
    units = sum(trainer.config.hidden)
    assert len(arrays["maps"]) == len(arrays["map_scales"]) == units
    if not units:
        return
    stride = -(-100 // arrays["maps"].shape[1])
    first = trainer.picture()[0][0].reshape(100, 100)[::stride, ::stride]
    shown = (arrays["maps"][0].astype(float) - 128) / 127 * arrays["map_scales"][0]
    np.testing.assert_allclose(shown, first, atol=arrays["map_scales"][0] / 127)


def test_weights_come_layer_by_layer_kernel_then_bias(trainer):
    flat = MEASUREMENTS["weights"].value(trainer)["weights"]
    assert len(flat) == trainer.model.count_params()
    kernel = trainer.model.get_weights()[0]
    np.testing.assert_allclose(flat[: kernel.size].reshape(kernel.shape), kernel, rtol=1e-6)


def test_pictures_of_one_step_share_one_forward_pass(trainer):
    first = trainer.picture()
    for entry in MEASUREMENTS:
        entry.value(trainer)
    assert trainer.picture() is first
    trainer.train(1)
    before = first[-1].copy()
    assert not np.array_equal(trainer.picture()[-1], before)


def test_quantizing_clips_and_hits_both_ends():
    values = np.array([-1, 0, 0.5, 1, 2], np.float32)
    np.testing.assert_array_equal(quantized(values, 0, 1), [0, 0, 128, 255, 255])


def test_maps_of_unbounded_neurons_are_scaled_to_their_greatest_magnitude():
    values = np.zeros((2, 4, 4), np.float32)
    values[0, 1, 1] = -8
    arrays = signed_maps(values, bounded=False)
    assert arrays["map_scales"].tolist() == [8, 1]
    assert arrays["maps"][0, 1, 1] == 1
    assert (arrays["maps"][1] == 128).all()


@pytest.mark.parametrize("dataset", ["blank", "plane", "sine"])
def test_a_point_as_far_as_accepted_can_be_drawn(dataset):
    own = ((1e30, -1e30, 1 if dataset == "blank" else 1e30), (0, -1e30, 0))
    trainer = Trainer(ExperimentConfig(dataset=dataset, own_points=own, features=("x1", "x1_squared")))
    for _ in range(2):
        for entry in MEASUREMENTS:
            for name, array in entry.value(trainer).items():
                assert np.isfinite(array).all() or name == "losses"
        with contextlib.suppress(DivergedError):
            trainer.train_epoch()


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("size", [1e30, 1e200, 1e308])
def test_a_network_out_of_bounds_can_still_be_drawn(activation, size):
    trainer = Trainer(ExperimentConfig(dataset="plane", activation=activation))
    trainer.model.set_weights([array * size for array in trainer.model.get_weights()])
    for entry in MEASUREMENTS:
        for name, array in entry.value(trainer).items():
            known = array[:2] if name == "losses" else array
            assert np.isfinite(known).all()
