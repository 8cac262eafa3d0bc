"""A run that is sent as a link: its settings, and what its network has learned."""

import re

import numpy as np
import pytest

from playground import protocol
from playground.errors import InvalidValueError
from playground.runs.run import Run
from playground.training import ExperimentConfig, Trainer, links
from tests.runs.test_run import Clock, Scene

THEIRS = "activation=relu&networkShape=3&seed=0.4"


def trained_scene(**config):
    scene = Scene(**config)
    for _ in range(3):
        scene.do(protocol.Step())
    return scene


def weights_of(run):
    return [array.tolist() for array in run._trainer.model.get_weights()]


def opened(link):
    """Return the scene of somebody who opens a link."""
    scene, read = Scene(), links.read(link)
    assert not read.unclear
    scene.run = Run(read.config, Clock(), scene._note, read.trained)
    return scene


def test_a_shared_link_opens_with_the_same_weights_losses_and_epoch():
    scene = trained_scene(hidden=(3,), regularization="l2", regularization_rate=0.01)
    link = scene.do(protocol.Share()).link
    assert link.startswith("samples=40&hidden=3&regularization=l2&regularization_rate=0.01&weights=")
    other = opened(link)
    assert weights_of(other.run) == weights_of(scene.run)
    assert other.snapshot().state.epoch == 3
    np.testing.assert_array_equal(other.history, scene.history[-1:])
    assert other.snapshot().experiment.link == "samples=40&hidden=3&regularization=l2&regularization_rate=0.01"
    assert not other.snapshot().state.playing


def test_what_was_shared_is_trained_on_from_there():
    scene = trained_scene(shuffle=False)
    other = opened(scene.do(protocol.Share()).link)
    for each in (scene, other):
        each.do(protocol.Step())
    assert weights_of(other.run) == weights_of(scene.run)
    assert other.history[:, 0].tolist() == [3, 4]


def test_reset_leads_a_shared_run_back_to_the_first_weights():
    other = opened(trained_scene().do(protocol.Share()).link)
    other.do(protocol.Reset())
    first = Trainer(ExperimentConfig(samples=40)).model.get_weights()
    assert weights_of(other.run) == [array.tolist() for array in first]
    assert other.history[:, 0].tolist() == [0]


def test_weights_edited_before_training_are_shared_and_stay_when_a_setting_changes():
    scene = Scene()
    scene.do(protocol.Edit(1, 0, 0, 2.5))
    other = opened(scene.do(protocol.Share()).link)
    other.do(protocol.Change({"noise": 0.3}))
    assert weights_of(other.run) == weights_of(scene.run)


def test_a_link_with_weights_is_loaded_into_a_run_that_goes_on_from_there():
    link = trained_scene(hidden=(3,)).do(protocol.Share()).link
    scene = Scene(dataset="iris")
    scene.do(protocol.Play())
    scene.pass_time(1, slices=20)
    answer = scene.do(protocol.Load(link))
    assert (answer.notes, answer.page) == ([], "")
    assert weights_of(scene.run) == weights_of(opened(link).run)
    assert (scene.state.epoch, scene.state.playing) == (3, False)
    assert scene.history[:, 0].tolist() == [3]
    assert scene.marks == []


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_nothing_of_the_run_before_stays_behind_a_link_with_weights(optimizer):
    options = {"optimizer_options": {"momentum": 0.9}} if optimizer == "sgd" else {}
    scene = trained_scene(optimizer=optimizer, dropout=(0.2,), **options)
    link = scene.do(protocol.Share()).link
    scene.do(protocol.Freeze(1, True))
    scene.do(protocol.Play())
    scene.pass_time(1, slices=20)
    scene.do(protocol.Load(link))
    other = opened(link)
    assert scene.snapshot().experiment.frozen == b""
    for each in (scene, other):
        each.do(protocol.Step())
    assert weights_of(scene.run) == weights_of(other.run)


def test_a_link_with_damaged_weights_is_refused_by_a_run():
    scene = trained_scene()
    link = scene.do(protocol.Share()).link
    with pytest.raises(InvalidValueError, match=r"The link was not loaded\. The weights in the link are damaged\."):
        scene.do(protocol.Load(link.replace("weights=", "weights=A")))
    assert scene.epoch == 3


def test_a_network_that_is_too_large_for_a_link_is_refused_with_its_size():
    with pytest.raises(InvalidValueError, match="holds up to 1,500 weights, and this network has 4,417"):
        Scene(hidden=(64, 64)).do(protocol.Share())


@pytest.mark.parametrize(
    ("link", "inputs"),
    [
        ("formulas=log(x1)", ["x1", "x2"]),
        ("formulas=log(x1)&features=", ["x1", "x2"]),
        ("formulas=log(x1)&features=x2", ["x2"]),
        ("formulas=log(x1)&dataset=sine&features=", ["x1"]),
        ("formulas=log(x1)&dataset=iris&columns=", ["0", "1", "2", "3"]),
        (links.write(ExperimentConfig(formulas=("log(x1)",)), links.Trained((0.5,) * 29, 3)), ["x1", "x2"]),
    ],
)
def test_a_formula_without_a_value_is_left_out_and_said_where_a_link_is_opened(link, inputs):
    snapshot = opened(link).snapshot()
    assert [given.name for given in snapshot.experiment.inputs] == inputs
    assert "formulas" not in snapshot.experiment.link
    assert re.fullmatch(
        r".* is not a number from .* So the run has no formulas, and begins with its first weights\.",
        snapshot.state.stopped,
    )
    assert (snapshot.state.epoch, snapshot.state.stopped_by) == (0, "")


def test_a_formula_without_a_value_is_refused_where_a_link_is_loaded():
    scene = trained_scene()
    with pytest.raises(InvalidValueError, match="is not a number from"):
        scene.do(protocol.Load("formulas=log(x1)"))
    assert scene.epoch == 3


def test_a_link_of_tensorflow_playground_is_loaded_with_what_it_says_of_the_page_and_what_differs():
    scene = Scene()
    answer = scene.do(protocol.Load(f"{THEIRS}&showTestData=true&playButton_hide=true&batchSize=30"))
    assert answer.page == "show_test=true&hide=play"
    (note,) = answer.notes
    assert note.field == "batch_size"
    experiment = scene.snapshot().experiment
    assert (experiment.layers, experiment.config["tf_seed"]) == ([2, 3, 1], "0.4")
    assert links.read(experiment.link).config == links.read(f"{THEIRS}&batchSize=30").config


def test_a_link_of_tensorflow_playground_with_an_unknown_key_is_refused_by_a_run():
    scene = trained_scene()
    with pytest.raises(InvalidValueError, match=r"The link was not loaded\. The link has an unknown key 'flavour'"):
        scene.do(protocol.Load(f"{THEIRS}&flavour=sweet"))
    assert scene.epoch == 3


def test_other_losses_shown_are_marked_at_their_epoch():
    scene = trained_scene(regularization="l2", regularization_rate=0.1)
    scene.do(protocol.Change({"penalty_in_loss": False}))
    assert scene.marks == [(3, "Loss with regularization on → off")]
    assert scene.history[-1, 1] < scene.history[-2, 1]
    assert scene.epoch == 3


@pytest.mark.parametrize(("changes", "end"), [({}, 6), ({"penalty_in_loss": False}, 9)])
def test_patience_begins_anew_with_other_losses(changes, end):
    scene = trained_scene(learning_rate=1e-6, stop_patience=5)  # at which no epoch makes anything better
    scene.do(protocol.Change(changes))
    scene.do(protocol.Play())
    scene.pass_time(2, slices=40)
    assert (scene.state.playing, scene.epoch, scene.state.stopped_by) == (False, end, "plateau")
