import contextlib
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.data import DATASETS, FEATURES
from playground.data.table_reader import read
from playground.data.tables import choose, guess
from playground.errors import DivergedError, InvalidValueError
from playground.nn import LOSSES, OPTIMIZERS
from playground.training import (
    MAX_HIDDEN_LAYERS,
    MAX_OWN_POINTS,
    MAX_SAMPLES,
    MAX_UNITS,
    SETTINGS,
    ExperimentConfig,
    Trainer,
)
from playground.training.config import LINKED_POINTS, RENUMBERING
from playground.training.settings import (
    Choice,
    Given,
    NameList,
    Names,
    Number,
    Numbers,
    Options,
    OwnPoints,
    Switch,
    Texts,
)

TABLE = read("\n".join(["a,b,kind", *(f"{n % 7},{n % 5},{n % 2}" for n in range(40))]).encode(), "own.csv")
SOURCE = choose(TABLE, guess(TABLE))


def values_of(setting):
    """Return a strategy for the values that a setting accepts."""
    none = [st.none()] if setting.automatic else []
    match setting:
        case Number(parameter=p) if p.integer:
            return st.one_of(*none, st.integers(int(p.minimum), int(p.maximum)))
        case Number(parameter=p):
            return st.one_of(*none, st.floats(p.minimum, p.maximum))
        case Choice(registry=registry):
            return st.one_of(*none, st.sampled_from(registry.names))
        case Switch():
            return st.booleans()
        case Names(registry=registry):
            return st.lists(st.sampled_from(registry.names), unique=True)
        case NameList(registry=registry, longest=longest):
            return st.lists(st.sampled_from(["", *registry.names]), max_size=longest)
        case Numbers(name="hidden"):
            return st.lists(st.integers(1, MAX_UNITS), max_size=MAX_HIDDEN_LAYERS)
        case Numbers(name="axes"):
            return st.sampled_from([None, [0, 1], [3, 1]])
        case Numbers(name="columns"):
            return st.sampled_from([None, [0], [2, 1]])
        case Numbers(name="erased"):
            return st.lists(st.integers(0, 20), max_size=5)
        case Numbers(name="dropout"):
            return st.lists(st.floats(0, 0.9), max_size=MAX_HIDDEN_LAYERS)
        case OwnPoints():
            places = st.floats(-10, 10)
            return st.lists(st.tuples(places, places, st.sampled_from([0.0, 1.0])), max_size=5)
        case Texts():
            return st.lists(st.sampled_from(["x1^2", "sin(3 * x1)", "-x1 + 0.5", "max(x1, 1e-3)"]), max_size=3)
        case Options() | Given():
            return st.just({} if isinstance(setting, Options) else None)


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
    try:
        trainer.check_trainable()
    except InvalidValueError:
        assert config.dataset == "blank"
        return
    with contextlib.suppress(DivergedError):  # with a learning rate of 10, no wonder
        trainer.train(1)
    assert len(trainer.losses()) == 6


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


def test_a_link_of_nonsense_is_read_at_one_go(monkeypatch):
    built = []
    check = ExperimentConfig.__post_init__
    monkeypatch.setattr(ExperimentConfig, "__post_init__", lambda config: (built.append(config), check(config)))
    nonsense = "&".join(f"{of}.nonsense{number}=1" for number in range(600) for of in ("optimizer", "schedule"))
    config, notes = ExperimentConfig.from_link("hidden=3&optimizer.momentum=0.5&optimizer.nesterov=7&" + nonsense)
    assert (config.hidden, config.optimizer_options) == ((3,), {"momentum": 0.5})
    assert notes[0].message == "sgd: nesterov must be a whole number from 0 to 1, got 7.0."
    assert "1181 further" in notes[-1].message
    assert len(built) == 1


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
    config, notes = ExperimentConfig.from_link(
        "optimizer=adam&optimizer.momentum=0.9&optimizer.beta_1=0.8&optimizer.beta_2=7&momentum=0.5&speed.of=3"
    )
    assert config.optimizer_options == {"beta_1": 0.8}
    assert [note.field for note in notes] == ["momentum", "speed.of", "optimizer.momentum", "optimizer.beta_2"]


OPTIONS = [
    (setting, entry.name, parameter)
    for setting in SETTINGS
    if isinstance(setting, Options)
    for entry in setting.registry
    if entry.name in next(other for other in SETTINGS if other.name == setting.of).registry
    for parameter in setting.parameters(entry.name).values()
]


@pytest.mark.parametrize(("setting", "chosen", "parameter"), OPTIONS)
def test_an_option_of_any_component_survives_json_and_link(setting, chosen, parameter):
    value = parameter.maximum if parameter.default != parameter.maximum else parameter.minimum
    config = ExperimentConfig(**{"loss": None, setting.of: chosen, setting.name: {parameter.name: value}})
    assert getattr(config, setting.name) == {parameter.name: value}
    assert f"{setting.of}.{parameter.name}=" in config.to_link()
    assert ExperimentConfig.from_json(config.to_json()) == config
    assert ExperimentConfig.from_link(config.to_link()) == (config, [])


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


@pytest.mark.parametrize("formula", ["x1+x2", "x1 + x2", "x1^2 - 3*x2", "sin(x1)*1e+2", "max(x1, x2)"])
def test_a_formula_survives_a_link(formula):
    config = ExperimentConfig(formulas=(formula,))
    assert ExperimentConfig.from_link(config.to_link()) == (config, [])


def test_a_default_config_has_an_empty_link():
    assert ExperimentConfig().to_link() == ""


def test_a_link_is_readable():
    config = ExperimentConfig(
        dataset="iris", hidden=(8, 4), learning_rate=0.03, optimizer_options={"momentum": 0.9}, features=("x2", "x1")
    )
    assert config.to_link() == "dataset=iris&hidden=8,4&learning_rate=0.03&optimizer.momentum=0.9"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"noise": 0.9}, "Noise must be a number from 0 to 0.5, got 0.9."),
        ({"noise": math.nan}, "Noise must be a number from 0 to 0.5, got nan."),
        ({"samples": MAX_SAMPLES + 1}, "Points must be a whole number from 10 to 5000, got 5001."),
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
        ({"erased": [-1]}, "Erased point must be a whole number from 0 to 100000, got -1."),
        ({"table": {"name": "own.csv"}}, "A table of one's own must be uploaded"),
        ({"stop_epoch": 0}, "Stop at epoch must be a whole number from 1 to 100000000, got 0."),
        ({"schedule": "constant"}, "Unknown schedule 'constant'; choose one of: "),
        ({"balance": 0}, "Class balance must be a number from 0.02 to 1, got 0."),
        ({"loss": "categorical_crossentropy"}, "does not suit Moons with Sigmoid at the output; choose one of: "),
        ({"colour": "red"}, "There is no setting called 'colour'."),
        ({"data_seed": -1}, "Data seed must be a whole number from 0 to 2147483647, got -1."),
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
    value = {"samples": 60, "data_seed": 4, "balance": 0.5, "dataset_options": {"classes": 4}}[name]
    own = ((0.0, 0.0, 1.0),)
    config = ExperimentConfig(dataset="blobs", erased=(1, 2), slice_sample=5, own_points=own).changed({name: value})
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


def test_places_are_written_as_short_as_they_are():
    link = ExperimentConfig(own_points=((2.0, -1.5, 1), (0.123456789, 1.7e9 + 0.5, 0))).to_link()
    assert link == "own_points=2,-1.5,1,0.123457,1700000000.5,0"


def test_points_cannot_be_placed_among_more_than_two_measurements():
    with pytest.raises(InvalidValueError, match="at most two measurements; Iris has more") as caught:
        ExperimentConfig(dataset="iris", own_points=((0, 0, 1),))
    assert caught.value.field == "own_points"


@pytest.mark.parametrize("points", [LINKED_POINTS, LINKED_POINTS + 1])
def test_a_link_says_what_it_cannot_hold(points):
    config = ExperimentConfig(own_points=((0.125, -1.5, 1.0),) * points)
    held = points <= LINKED_POINTS
    assert ExperimentConfig.from_link(config.to_link())[0].own_points == (config.own_points if held else ())
    assert config.link_lacks == (
        "" if held else "A link holds up to 200 points placed by hand; these 201 are left out."
    )


def test_a_link_of_a_table_says_that_its_file_is_needed():
    config = ExperimentConfig(table=SOURCE, hidden=(3,))
    assert config.to_link() == "hidden=3"
    assert config.link_lacks == "A link cannot hold the table own.csv: whoever opens it brings the file again."
    assert [note.field for note in ExperimentConfig.from_link("table=own.csv")[1]] == ["table"]


def test_a_link_says_nothing_of_the_columns_of_a_table():
    config = ExperimentConfig(
        table=SOURCE,
        hidden=(3,),
        own_points=((1, 2, 1),),
        erased=(4,),
        formulas=("x1 * x2",),
        output_activation="tanh",
        loss="huber",
        loss_options={"delta": 0.1},
    )
    assert config.to_link() == "hidden=3"


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
