import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data import DATASETS, FEATURES
from playground.errors import DivergedError, InvalidValueError
from playground.nn import LOSSES, OPTIMIZERS
from playground.training import MAX_HIDDEN_LAYERS, MAX_SAMPLES, MAX_UNITS, SETTINGS, ExperimentConfig, Trainer
from playground.training.settings import Choice, Names, Number, Numbers, Options, Switch


def values_of(setting):
    """Return a strategy for the values that a setting accepts."""
    match setting:
        case Number(parameter=p) if p.integer:
            return st.integers(int(p.minimum), int(p.maximum))
        case Number(parameter=p):
            return st.floats(p.minimum, p.maximum)
        case Choice(registry=registry, automatic=automatic):
            return st.sampled_from([*registry.names, *([None] if automatic else [])])
        case Switch():
            return st.booleans()
        case Names(registry=registry):
            return st.lists(st.sampled_from(registry.names), unique=True)
        case Numbers(name="hidden"):
            return st.lists(st.integers(1, MAX_UNITS), max_size=MAX_HIDDEN_LAYERS)
        case Numbers(name="axes"):
            return st.sampled_from([None, [0, 1], [3, 1]])
        case Options():
            return st.just({})


def is_valid(fields):
    try:
        ExperimentConfig(**fields)
    except InvalidValueError:
        return False
    return True


CONFIGS = (
    st.fixed_dictionaries({}, optional={setting.name: values_of(setting) for setting in SETTINGS})
    .filter(is_valid)
    .map(lambda fields: ExperimentConfig(**fields))
)


@given(CONFIGS)
def test_a_config_survives_json_and_link(config):
    assert ExperimentConfig.from_json(config.to_json()) == config
    assert ExperimentConfig.from_link(config.to_link()) == (config, [])


def small(config):
    return config.changed({"samples": min(config.samples, 100), "hidden": [min(units, 8) for units in config.hidden]})


@settings(max_examples=50)
@given(CONFIGS.map(small))
def test_every_valid_config_can_be_trained(config):
    trainer = Trainer(config)
    with contextlib.suppress(DivergedError):  # with a learning rate of 10, no wonder
        trainer.train(1)
    assert len(trainer.losses()) == 4


@pytest.mark.parametrize(
    "link", ["hidden=" + "9" * 400, "noise=1e999", "data_seed=" + "9" * 5000, "axes=0," + "9" * 400, "features="]
)
def test_numbers_beyond_all_bounds_are_notes_too(link):
    config, notes = ExperimentConfig.from_link(link)
    assert config == ExperimentConfig()
    assert len(notes) == 1
    assert len(notes[0].message) < 250


def test_a_flood_of_unknown_keys_is_summed_up():
    _, notes = ExperimentConfig.from_link("&".join(f"key{number}=1" for number in range(5000)))
    assert len(notes) == 21
    assert "4980 further" in notes[-1].message


def test_a_number_that_no_float_can_hold_is_refused_in_json_too():
    with pytest.raises(InvalidValueError, match="Noise must be"):
        ExperimentConfig.from_json({"noise": 10**400})


@given(st.text())
def test_a_link_may_hold_anything(text):
    config, notes = ExperimentConfig.from_link(text)
    assert isinstance(config, ExperimentConfig)
    assert all(note.message.endswith(".") for note in notes)


@given(st.dictionaries(st.sampled_from([setting.name for setting in SETTINGS]), st.text(max_size=8)))
def test_broken_values_in_a_link_fall_back_one_by_one(broken):
    link = "&".join(f"{name}={value}" for name, value in broken.items())
    ExperimentConfig.from_link(link)
    config, notes = ExperimentConfig.from_link("hidden=3,3&noise=lots&dataset=iris")
    assert (config.hidden, config.noise, config.dataset) == ((3, 3), 0.15, "iris")
    assert [note.field for note in notes] == ["noise"]


def test_an_option_that_the_optimizer_does_not_have_is_ignored():
    config, notes = ExperimentConfig.from_link("optimizer=adam&momentum=0.9&beta_1=0.8&beta_2=7")
    assert config.optimizer_options == {"beta_1": 0.8}
    assert [note.field for note in notes] == ["momentum", "beta_2"]


def test_a_default_config_has_an_empty_link():
    assert ExperimentConfig().to_link() == ""


def test_a_link_is_readable():
    config = ExperimentConfig(
        dataset="iris", hidden=(8, 4), learning_rate=0.03, optimizer_options={"momentum": 0.9}, features=("x2", "x1")
    )
    assert config.to_link() == "dataset=iris&hidden=8,4&learning_rate=0.03&momentum=0.9"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"noise": 0.9}, "Noise must be a number from 0 to 0.5, got 0.9."),
        ({"noise": math.nan}, "Noise must be a number from 0 to 0.5, got nan."),
        ({"samples": MAX_SAMPLES + 1}, "Points must be a whole number from 10 to 5000, got 5001."),
        ({"hidden": [MAX_UNITS + 1]}, "Neurons in a hidden layer must be a whole number from 1 to 64, got 65."),
        ({"hidden": [2] * 9}, "A network here has at most 8 hidden layers."),
        ({"hidden": "4,2"}, "Hidden layers must be a list of whole numbers, got '4,2'."),
        ({"activation": "rleu"}, "Unknown activation 'rleu'; choose one of: "),
        ({"activation": "softmax"}, "Unknown activation 'softmax'; choose one of: "),
        ({"features": []}, "The network needs at least one input feature; choose one."),
        ({"features": ["x9"]}, "Unknown input feature 'x9'; choose one of: x1, x2, "),
        ({"axes": [0, 1, 2]}, "Drawn measurements must be two: "),
        ({"axes": [1, 1]}, "Drawn measurements must be two different columns from 0 to 1, got 1 and 1."),
        ({"axes": [0, 2]}, "Drawn measurements must be two different columns from 0 to 1, got 0 and 2."),
        ({"optimizer_options": {"momentum": 2}}, "sgd: momentum must be a number from 0 to 1, got 2."),
        ({"optimizer_options": {"speed": 2}}, "Unknown option of sgd 'speed'; choose one of: momentum, nesterov."),
        ({"all_measurements": "yes"}, "Feed all measurements must be true or false, got 'yes'."),
        ({"loss": "categorical_crossentropy"}, "does not suit Moons; choose one of: "),
        ({"colour": "red"}, "There is no setting called 'colour'."),
        ({"data_seed": -1}, "Data seed must be a whole number from 0 to 2147483647, got -1."),
    ],
)
def test_a_refusal_says_what_is_accepted_and_what_came(changes, sentence):
    with pytest.raises(InvalidValueError) as caught:
        ExperimentConfig().changed(changes)
    assert sentence in str(caught.value)
    assert caught.value.field == next(iter(changes.get("optimizer_options", changes)))


@pytest.mark.parametrize("entry", list(DATASETS), ids=lambda entry: entry.name)
def test_every_data_set_has_a_loss_that_suits_it(entry):
    config = ExperimentConfig(dataset=entry.name)
    assert config.problem in config.loss_entry.traits["problems"]
    assert config.loss_entry in list(LOSSES)


def test_a_new_data_set_drops_what_only_suited_the_old_one():
    config = ExperimentConfig(loss="binary_crossentropy").changed({"dataset": "iris"})
    assert config.loss is None
    config = ExperimentConfig(dataset="iris", axes=(0, 1)).changed({"dataset": "moons"})
    assert config.axes is None


def test_a_new_optimizer_drops_the_old_ones_options():
    config = ExperimentConfig(optimizer_options={"momentum": 0.9}).changed({"optimizer": "adam"})
    assert config.optimizer_options == {}
    assert {"sgd", "adam"} <= set(OPTIMIZERS.names)


def test_the_data_sets_own_axes_are_no_choice():
    assert ExperimentConfig(dataset="iris", axes=(2, 3)) == ExperimentConfig(dataset="iris")


def test_features_are_kept_in_the_registrys_order():
    assert ExperimentConfig(features=tuple(reversed(FEATURES.names))).features == FEATURES.names
