import numpy as np
import pytest

from playground.training import MEASUREMENTS, ExperimentConfig, Trainer
from playground.training.measurements import quantized, signed_maps

SHAPES = {
    "binary": ExperimentConfig(),
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
    for array in entry.value(trainer).values():
        assert array.dtype in (np.uint8, np.float32)
        assert np.isfinite(array).all()


def test_the_output_picture_is_the_networks_own_answer(trainer):
    planes = MEASUREMENTS["output"].value(trainer)["output"]
    row, column = 20, 70
    point = trainer.data.grid[[row * 100 + column]]
    answer = trainer.model.predict(trainer.data.inputs(point)).ravel()
    if trainer.config.problem == "multiclass":
        assert planes[0, row, column] == answer.argmax()
        assert planes[1, row, column] == pytest.approx(255 * answer.max(), abs=1)
    else:
        low, high = trainer.value_range
        expected = np.clip(255 * (answer[0] - low) / (high - low), 0, 255)
        assert planes[0, row, column] == pytest.approx(expected, abs=1)


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


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("size", [1e30, 1e200, 1e308])
def test_a_network_out_of_bounds_can_still_be_drawn(activation, size):
    trainer = Trainer(ExperimentConfig(dataset="plane", activation=activation))
    trainer.model.set_weights([array * size for array in trainer.model.get_weights()])
    for entry in MEASUREMENTS:
        for array in entry.value(trainer).values():
            assert np.isfinite(array).all()
