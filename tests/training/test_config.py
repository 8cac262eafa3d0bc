import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data import DATASETS, FEATURES
from playground.errors import DivergedError, InvalidValueError
from playground.nn import LOSSES, OPTIMIZERS
from playground.training import (
    MAX_OWN_POINTS,
    MAX_SAMPLES,
    MAX_UNITS,
    ExperimentConfig,
    Trainer,
)
from playground.training.settings import RENUMBERING
from tests.training.configs import CONFIGS, OPTIONS, SOURCE


@given(CONFIGS)
def test_a_config_survives_json(config):
    assert ExperimentConfig.from_json(config.to_json()) == config


def small(config):
    return config.changed({"samples": min(config.samples, 100), "hidden": [min(units, 8) for units in config.hidden]})


@settings(max_examples=50)
@given(CONFIGS.map(small))
def test_every_valid_config_can_be_trained(config):
    trainer = Trainer(config)
    try:
        trainer.check_trainable()
    except InvalidValueError:
        assert config.dataset == "blank"
        return
    with contextlib.suppress(DivergedError):  # with a learning rate of 10, no wonder
        trainer.train(1)
    assert len(trainer.losses()) == 6


def test_a_number_that_no_float_can_hold_is_refused_in_json_too():
    with pytest.raises(InvalidValueError, match="Noise must be"):
        ExperimentConfig.from_json({"noise": 10**400})


@pytest.mark.parametrize(("setting", "chosen", "parameter"), OPTIONS)
def test_an_option_of_any_component_survives_json(setting, chosen, parameter):
    value = parameter.maximum if parameter.default != parameter.maximum else parameter.minimum
    config = ExperimentConfig(**{"loss": None, setting.of: chosen, setting.name: {parameter.name: value}})
    assert getattr(config, setting.name) == {parameter.name: value}
    assert ExperimentConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize(("setting", "chosen", "parameter"), OPTIONS)
def test_an_option_at_its_default_is_left_out_and_one_out_of_range_is_refused(setting, chosen, parameter):
    assert (
        getattr(
            ExperimentConfig(**{setting.of: chosen, setting.name: {parameter.name: parameter.default}}), setting.name
        )
        == {}
    )
    with pytest.raises(InvalidValueError, match=f"{chosen}: {parameter.name} must be") as caught:
        ExperimentConfig(**{setting.of: chosen, setting.name: {parameter.name: parameter.maximum + 1}})
    assert caught.value.field == f"{setting.of}.{parameter.name}"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"noise": 0.9}, "Noise must be a number from 0 to 0.8, got 0.9."),
        ({"noise": math.nan}, "Noise must be a number from 0 to 0.8, got nan."),
        ({"samples": MAX_SAMPLES + 1}, "Points must be a whole number from 10 to 5,000, got 5001."),
        ({"hidden": [MAX_UNITS + 1]}, "Neurons in a hidden layer must be a whole number from 1 to 64, got 65."),
        ({"hidden": [2] * 9}, "A network here has at most 8 hidden layers."),
        ({"hidden": "4,2"}, "Hidden layers must be a list of numbers, got '4,2'."),
        ({"activation": "rleu"}, "Unknown activation 'rleu'; choose one of: "),
        ({"activation": "softmax"}, "Unknown activation 'softmax'; choose one of: "),
        ({"features": []}, "The network needs at least one input; choose one."),
        ({"features": ["x9"]}, "Unknown input feature 'x9'; choose one of: x1, x2, "),
        ({"axes": [0, 1, 2]}, "Drawn measurements must be two: "),
        ({"optimizer_options": {"momentum": 2}}, "sgd: momentum must be a number from 0 to 1, got 2."),
        ({"optimizer_options": {"speed": 2}}, "Unknown option of sgd 'speed'; choose one of: momentum, nesterov."),
        ({"shuffle": "yes"}, "Shuffle each epoch must be true or false, got 'yes'."),
        ({"columns": [2]}, "Input measurements must be columns from 0 to 1, got 2."),
        ({"formulas": ["x3"]}, "x3"),
        ({"formulas": ["x1"] * 200}, "Input formulas: at most "),
        ({"layer_activations": ["tanh"] * 9}, "Activation of a layer must be a list of at most 8 names, got "),
        ({"layer_activations": ["softmax"]}, "Unknown activation 'softmax'; choose one of: "),
        ({"dropout": [0.95]}, "Dropout must be a number from 0 to 0.9, got 0.95."),
        ({"output_activation": "softmax"}, "Softmax at the output does not suit Moons; choose one of: sigmoid, "),
        (
            {"own_points": [[0, 1]]},
            "Own points must be points of three numbers from -1e+30 to 1e+30: x, y and class or value, got [0, 1].",
        ),
        ({"own_points": [[0, math.inf, 1]]}, "Own points must be points of three numbers from -1e+30 to 1e+30"),
        ({"own_points": [[0, 0, 2]]}, "Own points: the class must be a whole number from 0 to 1, got 2."),
        ({"own_points": [[0, 0, 0]] * (MAX_OWN_POINTS + 1)}, "Own points: at most 2,000, got 2,001."),
        ({"erased": [-1]}, "Erased point must be a whole number from 0 to 100,000, got -1."),
        ({"table": {"name": "own.csv"}}, "A table of one's own must be uploaded"),
        ({"stop_epoch": 0}, "Stop at epoch must be a whole number from 1 to 100,000,000, got 0."),
        ({"schedule": "constant"}, "Unknown schedule 'constant'; choose one of: "),
        ({"balance": 0}, "Class balance must be a number from 0.02 to 1, got 0."),
        ({"loss": "categorical_crossentropy"}, "does not suit Moons with Sigmoid at the output; choose one of: "),
        ({"colour": "red"}, "There is no setting called 'colour'."),
        ({"tf_seed": "0" * 61}, "TF Playground's seed must be a text of at most 60 characters, got '000"),
        ({"tf_seed": 0.5}, "TF Playground's seed must be a text of at most 60 characters, got 0.5."),
        ({"tf_seed": "0.5"}, "A seed of TensorFlow Playground's draws its own data sets only, not Moons; choose one"),
        ({"data_seed": -1}, "Data seed must be a whole number from 0 to 2,147,483,647, got -1."),
    ],
)
def test_a_refusal_says_what_is_accepted_and_what_came(changes, sentence):
    with pytest.raises(InvalidValueError) as caught:
        ExperimentConfig().changed(changes)
    assert sentence in str(caught.value)
    (field,) = changes
    option = "optimizer." + next(iter(changes[field])) if field == "optimizer_options" else ""
    assert caught.value.field == option or field


@pytest.mark.parametrize("entry", list(DATASETS), ids=lambda entry: entry.name)
def test_every_data_set_has_a_loss_that_suits_it(entry):
    config = ExperimentConfig(dataset=entry.name)
    assert config.problem in config.loss_entry.traits["problems"]
    assert config.loss_entry in list(LOSSES)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"loss": "binary_crossentropy"}, {"loss": None}),
        ({"output_activation": "tanh"}, {"output_activation": None}),
        ({"own_points": ((0, 0, 1),), "erased": (3,)}, {"own_points": (), "erased": ()}),
        ({"formulas": ("x1 * x2",)}, {"formulas": ()}),
        (
            {"dataset": "wine", "axes": (3, 4), "columns": (1, 2), "slice_sample": 7},
            {"axes": None, "columns": None, "slice_sample": None},
        ),
        ({"dataset": "blobs", "dataset_options": {"classes": 5}}, {"dataset_options": {}}),
        ({"table": SOURCE}, {"table": None}),
        ({"dataset": "circle", "tf_seed": "0.5"}, {"tf_seed": None}),
        (
            {"hidden": (3, 3), "noise": 0.3, "features": ("x1", "sin_x1")},
            {"hidden": (3, 3), "noise": 0.3, "features": ("x1", "sin_x1")},
        ),
    ],
    ids=str,
)
def test_a_new_data_set_drops_what_only_suited_the_old_one(fields, left):
    config = ExperimentConfig(**fields).changed({"dataset": "iris"})
    assert {name: getattr(config, name) for name in left} == left


def test_the_data_sets_own_name_puts_it_in_place_of_a_table():
    config = ExperimentConfig().changed({"table": SOURCE})
    assert config.spec.label == "own.csv"
    assert config.changed({"dataset": "moons"}).table is None


@pytest.mark.parametrize("name", RENUMBERING)
def test_numbers_of_points_are_dropped_where_the_points_are_numbered_anew(name):
    value = {"samples": 60, "data_seed": 4, "tf_seed": "0.5", "balance": 0.5, "dataset_options": {"classes": 4}}[name]
    dataset = "circle" if name == "tf_seed" else "blobs"
    own = ((0.0, 0.0, 1.0),)
    config = ExperimentConfig(dataset=dataset, erased=(1, 2), slice_sample=5, own_points=own).changed({name: value})
    assert (config.erased, config.slice_sample, config.own_points) == ((), None, own)
    assert ExperimentConfig(erased=(1, 2)).changed({"noise": 0.3, "label_flips": 0.1}).erased == (1, 2)


@pytest.mark.parametrize("dataset", DATASETS.names)
def test_any_choice_of_features_can_be_taken_to_any_data_set(dataset):
    config = ExperimentConfig(features=("x2", "sin_x2")).changed({"dataset": dataset})
    assert Trainer(config.changed({"samples": 20})).input_names


def test_measurements_are_fed_only_where_there_are_more_than_two():
    config = ExperimentConfig(dataset="iris", columns=(3, 1, 3))
    assert (config.fed_columns, config.fed_features) == ((1, 3), ())
    assert ExperimentConfig(dataset="iris").fed_columns == (0, 1, 2, 3)
    assert ExperimentConfig(dataset="iris", columns=(0, 1, 2, 3)).columns is None
    assert (ExperimentConfig().fed_columns, ExperimentConfig().fed_features) == ((), ("x1", "x2"))
    with pytest.raises(InvalidValueError, match="at least one input") as caught:
        ExperimentConfig(dataset="iris", columns=())
    assert caught.value.field == "columns"
    assert ExperimentConfig(dataset="iris", columns=(), formulas=("x1 + x4",)).formulas


def test_a_typed_input_can_take_the_place_of_the_only_measurement():
    config = ExperimentConfig(dataset="sine", features=("x2",), formulas=("x1*x1",))
    assert config.fed_features == ()
    assert Trainer(config).input_names == ["formula x1*x1"]
    assert config.changed({"formulas": ()}).fed_features == ("x1",)
    with pytest.raises(InvalidValueError, match="at least one input"):
        config.changed({"features": (), "formulas": ()})


@given(st.floats(-1e30, 1e30) | st.floats(-1e4, 1e4))
def test_a_point_placed_by_hand_is_kept_to_six_digits_or_a_thousandth(number):
    ((x, y, _),) = config_points = ExperimentConfig(dataset="blank", own_points=((number, -number, 1),)).own_points
    assert x == -y == pytest.approx(number, rel=5e-6, abs=1e-30)
    assert x == pytest.approx(number, abs=0.0005, rel=1e-15)
    assert ExperimentConfig(dataset="blank", own_points=config_points).own_points == config_points


def test_points_cannot_be_placed_among_more_than_two_measurements():
    with pytest.raises(InvalidValueError, match="at most two measurements; Iris has more") as caught:
        ExperimentConfig(dataset="iris", own_points=((0, 0, 1),))
    assert caught.value.field == "own_points"


def test_settings_of_layers_that_there_are_not_are_left_out():
    config = ExperimentConfig(
        hidden=(4, 4), layer_activations=("relu", "", "tanh"), dropout=(0.0, 0.2, 0.3), activation="sigmoid"
    )
    assert (config.activations, config.dropouts) == (("relu", "sigmoid"), (0.0, 0.2))
    assert (config.layer_activations, config.dropout) == (("relu",), (0.0, 0.2))
    short = config.changed({"hidden": (4,)})
    assert (short.layer_activations, short.dropout, short.dropouts) == (("relu",), (), (0.0,))


@pytest.mark.parametrize("field", ["stop_epoch", "stop_loss", "stop_patience"])
def test_an_experiment_stops_by_itself_where_it_is_told_to(field):
    assert not ExperimentConfig().stops
    assert ExperimentConfig(**{field: 1}).stops


def test_a_new_optimizer_drops_the_old_ones_options():
    config = ExperimentConfig(optimizer_options={"momentum": 0.9}).changed({"optimizer": "adam"})
    assert config.optimizer_options == {}
    assert {"sgd", "adam"} <= set(OPTIMIZERS.names)


@pytest.mark.parametrize("axes", [(1, 1), (0, 4)])
def test_axes_must_be_two_columns_of_the_data(axes):
    with pytest.raises(InvalidValueError, match="must be two different columns from 0 to 3, got ") as caught:
        ExperimentConfig(dataset="iris", axes=axes)
    assert caught.value.field == "axes"
    assert ExperimentConfig(axes=axes).axes is None


def test_the_data_sets_own_axes_are_no_choice():
    assert ExperimentConfig(dataset="iris", axes=(2, 3)) == ExperimentConfig(dataset="iris")


def test_features_are_kept_in_the_registrys_order():
    assert ExperimentConfig(features=tuple(reversed(FEATURES.names))).features == FEATURES.names
