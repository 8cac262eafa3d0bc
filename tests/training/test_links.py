import base64
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InvalidValueError
from playground.training import SETTINGS, ExperimentConfig, Trainer
from playground.training.links import LINKED_POINTS, LINKED_WEIGHTS, Link, Trained, lacks, read, write
from tests.training.configs import CONFIGS, OPTIONS, SOURCE


@given(CONFIGS)
def test_a_config_survives_a_link(config):
    assert read(write(config)) == Link(config)


@pytest.mark.parametrize(
    "link", ["hidden=" + "9" * 400, "noise=1e999", "data_seed=" + "9" * 5000, "axes=0," + "9" * 400, "features="]
)
def test_numbers_beyond_all_bounds_are_notes_too(link):
    config, *_, notes = read(link)
    assert config == ExperimentConfig()
    assert len(notes) == 1
    assert len(notes[0].message) < 250


def test_a_flood_of_unknown_keys_is_summed_up():
    notes = read("&".join(f"key{number}=1" for number in range(5000))).unclear
    assert len(notes) == 21
    assert "4,980 further" in notes[-1].message


def test_a_link_of_nonsense_is_read_at_one_go(monkeypatch):
    built = []
    check = ExperimentConfig.__post_init__
    monkeypatch.setattr(ExperimentConfig, "__post_init__", lambda config: (built.append(config), check(config)))
    nonsense = "&".join(f"{of}.nonsense{number}=1" for number in range(600) for of in ("optimizer", "schedule"))
    config, *_, notes = read("hidden=3&optimizer.momentum=0.5&optimizer.nesterov=7&" + nonsense)
    assert (config.hidden, config.optimizer_options) == ((3,), {"momentum": 0.5})
    assert notes[0].message == "sgd: nesterov must be a whole number from 0 to 1, got 7.0."
    assert "1,181 further" in notes[-1].message
    assert len(built) == 1


@given(st.text())
def test_a_link_may_hold_anything(text):
    link = read(text)
    assert isinstance(link.config, ExperimentConfig)
    assert all(note.message.endswith(".") for note in (*link.notes, *link.unclear))


@given(st.dictionaries(st.sampled_from([setting.name for setting in SETTINGS]), st.text(max_size=8)))
def test_broken_values_in_a_link_fall_back_one_by_one(broken):
    link = "&".join(f"{name}={value}" for name, value in broken.items())
    read(link)
    config, *_, notes = read("hidden=3,3&noise=lots&dataset=iris")
    assert (config.hidden, config.noise, config.dataset) == ((3, 3), 0.15, "iris")
    assert [note.field for note in notes] == ["noise"]


def test_an_option_that_the_optimizer_does_not_have_is_ignored():
    config, *_, notes = read(
        "optimizer=adam&optimizer.momentum=0.9&optimizer.beta_1=0.8&optimizer.beta_2=7&momentum=0.5&speed.of=3"
    )
    assert config.optimizer_options == {"beta_1": 0.8}
    assert [note.field for note in notes] == ["momentum", "speed.of", "optimizer.momentum", "optimizer.beta_2"]


@pytest.mark.parametrize("formula", ["x1+x2", "x1 + x2", "x1^2 - 3*x2", "sin(x1)*1e+2", "max(x1, x2)"])
def test_a_formula_survives_a_link(formula):
    config = ExperimentConfig(formulas=(formula,))
    assert read(write(config)) == Link(config)


def test_a_default_config_has_an_empty_link():
    assert write(ExperimentConfig()) == ""


def test_a_link_is_readable():
    config = ExperimentConfig(
        dataset="iris", hidden=(8, 4), learning_rate=0.03, optimizer_options={"momentum": 0.9}, features=("x2", "x1")
    )
    assert write(config) == "dataset=iris&hidden=8,4&learning_rate=0.03&optimizer.momentum=0.9"


def test_places_are_written_as_short_as_they_are():
    link = write(ExperimentConfig(own_points=((2.0, -1.5, 1), (0.123456789, 1.7e9 + 0.5, 0))))
    assert link == "own_points=2,-1.5,1,0.123457,1700000000.5,0"


@pytest.mark.parametrize("points", [LINKED_POINTS, LINKED_POINTS + 1])
def test_a_link_says_what_it_cannot_hold(points):
    config = ExperimentConfig(own_points=((0.125, -1.5, 1.0),) * points)
    held = points <= LINKED_POINTS
    assert read(write(config)).config.own_points == (config.own_points if held else ())
    assert lacks(config) == ("" if held else "A link holds up to 200 points placed by hand; these 201 are left out.")


def test_a_link_of_a_table_says_that_its_file_is_needed():
    config = ExperimentConfig(table=SOURCE, hidden=(3,))
    assert write(config) == "hidden=3"
    assert lacks(config) == "A link cannot hold the table own.csv: whoever opens it brings the file again."
    assert [note.field for note in read("table=own.csv").unclear] == ["table"]


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
    assert write(config) == "hidden=3"


@pytest.mark.parametrize(("setting", "chosen", "parameter"), OPTIONS)
def test_an_option_of_any_component_survives_a_link(setting, chosen, parameter):
    value = parameter.maximum if parameter.default != parameter.maximum else parameter.minimum
    config = ExperimentConfig(**{"loss": None, setting.of: chosen, setting.name: {parameter.name: value}})
    assert f"{setting.of}.{parameter.name}=" in write(config)
    assert read(write(config)) == Link(config)


# ------------------------------------------------------------- what was learned

SMALL = ExperimentConfig(hidden=(1,))  # (2 + 1) · 1 + (1 + 1) · 1 = 5 weights


def coded(*weights):
    return base64.urlsafe_b64encode(struct.pack(f"<{len(weights)}d", *weights)).decode().rstrip("=")


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=5), st.integers(0, 10**8))
def test_weights_survive_a_link_to_the_last_bit(weights, epoch):
    trained = Trained(tuple(weights), epoch)
    assert read(write(SMALL, trained)) == Link(SMALL, trained)


@pytest.mark.parametrize(
    "config",
    [
        SMALL,
        ExperimentConfig(hidden=()),
        ExperimentConfig(dataset="iris", hidden=(4, 3), columns=(0, 2), formulas=("x1 * x2",)),
        ExperimentConfig(dataset="blobs", dataset_options={"classes": 5}, features=("x2",), dropout=(0.5,)),
        ExperimentConfig(dataset="sine", features=("x1", "sin_x1", "x2")),
    ],
)
def test_a_config_knows_how_many_weights_its_network_has(config):
    assert config.parameters == Trainer(config).model.count_params()


@pytest.mark.parametrize(
    ("learned", "field", "sentence"),
    [
        ("weights=" + coded(1, 2, 3), "weights", "The link has 3 weights, where its network has 5."),
        ("weights=" + coded(1, 2, 3, 4, math.nan), "weights", "The weights in the link must be numbers from"),
        ("weights=" + coded(1, 2, 3, 4, math.inf), "weights", "The weights in the link must be numbers from"),
        ("weights=" + coded(1, 2, 3, 4, 1.1e6), "weights", "The weights in the link must be numbers from"),
        ("weights=", "weights", "The link has 0 weights, where its network has 5."),
        ("weights=A", "weights", "The weights in the link are damaged."),
        ("weights=AAAA", "weights", "The weights in the link are damaged."),
        ("weights=%F0%9F%98%80%00<b>", "weights", "The weights in the link are damaged."),
        ("epoch=3", "epoch", "The link tells an epoch, but no weights."),
        ("epoch=-3&weights=" + coded(1, 2, 3, 4, 5), "epoch", "Epoch must be a whole number from 0 to"),
        ("epoch=x&weights=" + coded(1, 2, 3, 4, 5), "epoch", "Epoch must be a whole number from 0 to"),
    ],
)
def test_weights_that_do_not_fit_are_left_out_and_said(learned, field, sentence):
    link = read(f"hidden=1&{learned}")
    assert (link.config, link.trained) == (SMALL, None)
    ((told_of, message),) = link.unclear
    assert told_of == field
    assert message.startswith(sentence)


def test_a_link_refuses_weights_with_which_it_would_not_open():
    most = Trained((0.5,) * LINKED_WEIGHTS, 1)
    assert len(write(SMALL, most)) < 17_000
    with pytest.raises(InvalidValueError, match="holds up to 1,500 weights, and this network has 1,501") as caught:
        write(SMALL, Trained((0.5,) * (LINKED_WEIGHTS + 1), 1))
    assert caught.value.field == "weights"
    with pytest.raises(InvalidValueError, match="must be numbers from -1,000,000 to 1,000,000"):
        write(SMALL, Trained((1, 2, 3, 4, 1.1e6), 1))
    with pytest.raises(InvalidValueError, match=r"A link cannot hold the table own\.csv") as caught:
        write(ExperimentConfig(table=SOURCE), Trained((0.5,), 1))
    assert caught.value.field == "table"


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "&" * 100_000,
        "=" * 100_000,
        "hidden=" + "3," * 50_000,
        "own_points=" + "1,2,3," * 16_000,
        "weights=" + "A" * 100_000,
        "%" * 1000,
        "dataset=%E0%A4%A&noise=%zz",
        "\0=\0&dataset=\0&weights=\0",
        "<img src=x onerror=alert(1)>=<script>&dataset=<b>&tf_seed=<b>",
        "hidden=3&hidden=4&hidden=x",
        "networkShape=" + "9" * 400 + "&learningRate=1e999&seed=%&noise=-1e308&percTrainData=NaN",
        "networkShape=" + "3," * 50_000 + "&x=true",
        "seed=" + "9" * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_nonsense_of_any_size_is_read(text):
    link = read(text)
    Trainer(link.config.changed({"samples": 20}))
    assert sum(len(note.message) for note in (*link.notes, *link.unclear)) < 10_000
