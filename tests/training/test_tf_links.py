"""TensorFlow Playground's links, read as they stand, are its experiments: its points, first weights and losses.

The three links of playground_links.json were opened in its page, and what it then held was written down.
"""

import json
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.data import TF_DATASETS
from playground.data.seedrandom import SeedRandom
from playground.training import ExperimentConfig, Trainer
from playground.training.links import read, write
from playground.training.tf_links import SEED

LINKS = json.loads((Path(__file__).parent / "playground_links.json").read_text())
EACH_LINK = pytest.mark.parametrize("recorded", LINKS, ids=lambda recorded: "-".join(map(str, recorded["layers"])))


def fragment(recorded):
    return urlsplit(recorded["url"]).fragment


@EACH_LINK
def test_a_link_of_theirs_opens_with_their_points_in_their_order(recorded):
    link = read(fragment(recorded))
    assert (link.notes, link.unclear) == ((), ())
    data = Trainer(link.config).data
    train, test = data.split
    assert (len(train), len(test)) == (recorded["n_train"], recorded["n_test"])
    points = np.column_stack([data.X, data.targets])
    theirs = [*recorded["first_points"], recorded["first_test_point"]]
    np.testing.assert_allclose(points[[*train[:3], test[0]]], theirs, rtol=1e-12)


@EACH_LINK
def test_a_link_of_theirs_opens_with_their_first_weights(recorded):
    weights = Trainer(read(fragment(recorded)).config).model.get_weights()
    for kernel, theirs in zip(weights[::2], recorded["first_weights"], strict=True):
        np.testing.assert_allclose(kernel.T, theirs, rtol=1e-12)
    assert all(set(bias) == {0.1} for bias in weights[1::2])


@EACH_LINK
def test_a_link_of_theirs_trains_to_their_losses(recorded):
    trainer = Trainer(read(fragment(recorded)).config)
    for moment in recorded["losses"]:
        while trainer.epoch < moment["epoch"]:
            trainer.train_epoch()
        np.testing.assert_allclose(trainer.losses()[:2], [moment["train"], moment["test"]], rtol=0, atol=1e-9)


@EACH_LINK
def test_our_link_of_their_experiment_is_the_same_experiment(recorded):
    config = read(fragment(recorded)).config
    again = read("#" + write(config))
    assert (again.config, again.unclear) == (config, ())


# ------------------------------------------------------------------ their keys


def changed_by(link):
    """Return the settings that a link of theirs makes other than one that says nothing but its seed."""
    plain, config = read("seed=0.1").config.to_json(), read(f"seed=0.1&{link}").config.to_json()
    return {name: value for name, value in config.items() if value != plain[name]}


@pytest.mark.parametrize(
    ("link", "changes"),
    [
        ("activation=relu", {"activation": "relu"}),
        ("activation=sigmoid", {"activation": "sigmoid"}),
        ("activation=linear", {"activation": "linear"}),
        ("regularization=L2&regularizationRate=0.3", {"regularization": "l2", "regularization_rate": 0.15}),
        ("regularization=L1&regularizationRate=0.3", {"regularization": "l1", "regularization_rate": 0.3}),
        ("regularization=none&regularizationRate=0.3", {}),
        ("batchSize=25", {"batch_size": 25}),
        ("dataset=xor", {"dataset": "xor"}),
        ("dataset=gauss", {"dataset": "gaussians"}),
        ("dataset=spiral", {"dataset": "spiral"}),
        ("regDataset=reg-gauss", {}),
        ("problem=classification&regDataset=reg-gauss", {}),
        ("problem=regression", {"dataset": "plane", "samples": 1200, "output_activation": None}),
        (
            "problem=regression&regDataset=reg-gauss&dataset=xor",
            {"dataset": "bumps", "samples": 1200, "output_activation": None},
        ),
        ("learningRate=3", {"learning_rate": 3}),
        ("noise=35", {"noise": 0.35}),
        ("noise=80", {"noise": 0.8}),
        ("noise=81", {"noise": 0.5}),
        ("noise=-1", {}),
        ("networkShape=7,5,3", {"hidden": (7, 5, 3)}),
        ("networkShape=", {"hidden": ()}),
        ("networkShape=3%2C3", {"hidden": (3, 3)}),
        ("percTrainData=70", {"train_share": 0.7}),
        ("x=false", {"features": ("x2",)}),
        (
            "xTimesY=true&xSquared=true&ySquared=true&sinX=true&sinY=true",
            {"features": ("x1", "x2", "x1_squared", "x2_squared", "x1_x2", "sin_x1", "sin_x2")},
        ),
        ("initZero=true", {"initializer": "zeros", "bias": 0.0}),
        ("initZero=false&showTestData=false&discretize=false&collectStats=true&hideText=true", {}),
        ("seed=0.77", {"tf_seed": "0.77"}),
        ("seed=0.1=2", {}),
        ("seed=a%20b", {"tf_seed": "a%20b"}),
        ("activation=&dataset=&batchSize=&seed", {"tf_seed": SEED}),
    ],
)
def test_each_key_of_theirs_is_a_setting_of_ours(link, changes):
    assert changed_by(link) == changes
    assert read(f"seed=0.1&{link}").unclear == ()


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("seed=0.1", ""),
        ("showTestData=true", "show_test=true"),
        ("showTestData=true&discretize=true&playButton_hide=true", "show_test=true&discretize=true&hide=play"),
        (
            "stepButton_hide=true&resetButton_hide=true&learningRate_hide=true&activation_hide=true",
            "hide=step,reset,learning_rate,activation",
        ),
        (
            "regularization_hide=true&regularizationRate_hide=true&dataset_hide=true&percTrainData_hide=true",
            "hide=regularization,regularization_rate,dataset,train_share",
        ),
        (
            "noise_hide=true&batchSize_hide=true&numHiddenLayers_hide=true&showTestData_hide=true&discretize_hide=true",
            "hide=noise,batch_size,layers,show_test,discretize",
        ),
        ("x_hide=true&xSquared_hide=true&sinY_hide=true", "hide=input.x1,input.x1_squared,input.sin_x2"),
        ("problem_hide=true&noise_hide=false&activation_hide=1", ""),
    ],
)
def test_what_their_link_says_of_the_page_is_told_in_our_keys(link, page):
    read_link = read(link)
    assert (read_link.page, read_link.notes, read_link.unclear) == (page, (), ())


def test_only_what_their_page_offers_is_hidden():
    (note,) = read("seed=1&nothing_hide=true").unclear
    assert note == ("nothing_hide", "The link hides 'nothing', which is not known.")


@pytest.mark.parametrize(
    ("link", "field", "sentence", "setting"),
    [
        ("learningRate=100", "learning_rate", "Learning rate: 100 cannot be had here; it is 10 instead.", 10),
        ("learningRate=-1", "learning_rate", "Learning rate: -1 cannot be had here; it is 1e-06 instead.", 1e-6),
        (
            "regularization=L2&regularizationRate=-0.5",
            "regularization_rate",
            "Regularization rate: -0.5 cannot be had here; it is 0 instead.",
            0,
        ),
        (
            "regularization=L2&regularizationRate=30",
            "regularization_rate",
            "Regularization rate: 30 cannot be had here; it is 20 instead.",
            10,
        ),
        ("networkShape=100,2", "hidden", "Neurons in a hidden layer: 100 cannot be had here; it is 64", (64, 2)),
        ("networkShape=0", "hidden", "Neurons in a hidden layer: 0 cannot be had here; it is 1", (1,)),
        ("networkShape=1,1,1,1,1,1,1,1,1", "hidden", "A network here has at most 8 hidden layers", (1,) * 8),
        ("percTrainData=100", "train_share", "Training share: 100 cannot be had here; it is 90 instead.", 0.9),
        ("batchSize=30", "batch_size", "A batch of 30 does not divide 250 training points", 30),
        ("batchSize=300", "batch_size", "A batch of 300 does not divide 250 training points", 300),
        ("regularization=L1&regularizationRate=0.1", "regularization", "L1 of TensorFlow Playground silences", "l1"),
        ("cosX=true", "features", "cos x₁ has no effect in TensorFlow Playground", ("x1", "x2")),
    ],
)
def test_what_cannot_be_the_same_is_noted(link, field, sentence, setting):
    read_link = read(f"{link}&seed=0.1")
    ((told_of, message),) = read_link.notes
    assert told_of == field
    assert message.startswith(sentence)
    assert getattr(read_link.config, field) == setting
    assert read_link.unclear == ()


def test_a_tutorial_of_theirs_is_noted():
    ((_, message),) = read("tutorial=<b>first</b>&seed=1").notes
    assert message == "The tutorial '<b>first</b>' is not part of this page."


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("activation=swish", "Unknown value of activation 'swish'; choose one of: relu, tanh, sigmoid, linear."),
        ("dataset=moons", "Unknown value of dataset 'moons'; choose one of: circle, xor, gauss, spiral."),
        ("problem=clustering", "Unknown value of problem 'clustering'; choose one of: classification, regression."),
        ("networkShape=4,x", "networkShape must be a number, or several, got '4,x'."),
        ("learningRate=fast", "learningRate must be a number, or several, got 'fast'."),
        ("learningRate=1e999", "learningRate must be a number, or several, got '1e999'."),
        ("noise=NaN", "noise must be a number, or several, got 'NaN'."),
        ("batchSize=1_0", "batchSize must be a number, or several, got '1_0'."),
        ("flavour=sweet", "The link has an unknown key 'flavour'."),
        ("x=false&y=false", "The network needs at least one input; choose one."),
        (f"seed={'9' * 61}", "TF Playground's seed must be a text of at most 60 characters"),
    ],
)
def test_what_is_not_understood_falls_back_to_what_they_begin_with(link, sentence):
    read_link = read(f"seed=0.1&{link}")
    (note,) = read_link.unclear
    assert note.message.startswith(sentence)
    assert read_link.config.to_json() | {"tf_seed": "0.1"} == read("seed=0.1").config.to_json()


def test_of_a_key_that_comes_twice_the_last_counts_as_in_their_page():
    assert read("networkShape=3&networkShape=5&seed=1").config.hidden == (5,)


@pytest.mark.parametrize("link", ["dataset=circle&noise=0.1", "activation=relu", "hidden=3&seed=1", "discretize=true"])
def test_a_link_that_could_be_ours_is_read_as_ours(link):
    assert read(link).config.tf_seed is None


KEYS = "activation regularization batchSize dataset learningRate noise networkShape seed percTrainData x tutorial"


@given(st.lists(st.tuples(st.sampled_from([*KEYS.split(), "a_hide", "_hide"]), st.text(max_size=10))))
def test_a_link_of_theirs_may_hold_anything(pairs):
    link = read("networkShape=2&" + "&".join("=".join(pair) for pair in pairs))
    assert isinstance(link.config, ExperimentConfig)
    assert all(note.message for note in (*link.notes, *link.unclear))


# ---------------------------------------------------------------- their chance


def test_their_chance_has_the_numbers_of_the_original():
    # seedrandom's README: new Math.seedrandom('hello.') gives these.
    chance = SeedRandom("hello.")
    assert chance.random(2).tolist() == [0.9282578795792454, 0.3752569768646784]


def test_a_copy_of_their_chance_goes_on_by_itself():
    chance = SeedRandom("0.5")
    other = chance.copy()
    assert other.random(3).tolist() == chance.random(3).tolist()
    other.random(1)
    assert chance.random(1) != other.random(1)


@given(st.text(min_size=1, max_size=60), st.integers(1, 50))
def test_their_chance_shuffles_every_place_exactly_once(seed, count):
    chance = SeedRandom(seed)
    assert sorted(chance.shuffled(count)) == list(range(count))
    numbers = chance.random(20)
    assert ((numbers >= 0) & (numbers < 1)).all()


@pytest.mark.parametrize(("dataset", "share"), list(product(TF_DATASETS, [0.29, 0.5])))
def test_a_seed_of_theirs_draws_each_of_their_data_sets(dataset, share):
    config = ExperimentConfig(dataset=dataset, samples=100, train_share=share, tf_seed="0.1")
    data = Trainer(config).data
    assert data.split.train.tolist() == list(range(round(100 * share)))
    assert len(np.unique(data.X, axis=0)) == 100
    other = Trainer(config.changed({"tf_seed": "0.2"})).data
    assert not np.isclose(data.X, other.X).any()


def test_another_seed_of_ours_takes_the_place_of_theirs():
    config = ExperimentConfig(dataset="circle", tf_seed="0.1", initializer="tf_playground", shuffle=False)

    def drawn(config):
        trainer = Trainer(config)
        return trainer.data.X[0].tolist(), trainer.data.split.train.tolist(), trainer.model.get_weights()[0].tolist()

    points, order, weights = drawn(config)
    for name, same in (
        ("data_seed", (False, False, True)),
        ("split_seed", (True, False, True)),
        ("weights_seed", (True, True, False)),
        ("shuffle_seed", (True, True, True)),
    ):
        now = drawn(config.changed({name: 2}))
        assert tuple(a == b for a, b in zip(now, (points, order, weights), strict=True)) == same, name
    assert drawn(config.changed({"initializer": "glorot_uniform"}))[2] != weights


def test_first_weights_of_another_shape_are_those_that_they_would_have():
    link = "networkShape={}&seed=0.3"
    trainer = Trainer(read(link.format("4,2")).config)
    trainer.change(read(link.format("3,3")).config)
    fresh = Trainer(read(link.format("3,3")).config)
    for ours, theirs in zip(trainer.model.get_weights(), fresh.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


# ------------------------------------------------------------ their losses


def test_losses_can_be_shown_without_what_regularization_costs():
    config = ExperimentConfig(samples=60, regularization="l2", regularization_rate=0.1)
    trainer = Trainer(config)
    trainer.train_epoch()
    charged = 0.1 * sum((kernel**2).sum() for kernel in trainer.model.get_weights()[::2])
    with_penalty = trainer.losses()
    trainer.change(config.changed({"penalty_in_loss": False}))
    without = trainer.losses()
    assert without.training_loss == pytest.approx(with_penalty.training_loss - charged)
    assert without.test_loss == pytest.approx(with_penalty.test_loss - charged)
    assert trainer.epoch == 1


def test_training_that_runs_away_stops_also_where_the_losses_shown_do_not_tell():
    config = ExperimentConfig(
        dataset="circle",
        output_activation="tanh",
        loss="half_squared_error",
        learning_rate=3,
        regularization="l2",
        regularization_rate=1,
        penalty_in_loss=False,
    )
    trainer = Trainer(config)

    def train():
        for _ in range(20):
            trainer.train_epoch()
            trainer.checked_losses()

    with pytest.raises(ArithmeticError, match="Try a smaller learning rate"):
        train()
