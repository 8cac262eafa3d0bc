import msgspec
import numpy as np
import pytest

from playground import protocol
from playground.data import FEATURES
from playground.errors import InvalidValueError
from playground.runs.run import Run
from playground.training import MEASUREMENTS, ExperimentConfig, Trainer

EVERYTHING = frozenset(MEASUREMENTS.names)


class Clock:
    """A clock that moves when told to, and a little with each look, as real ones do."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        self.now += 1e-5
        return self.now


class Scene:
    def __init__(self, **config):
        self.clock = Clock()
        self.updates = []
        self.run = Run(ExperimentConfig(samples=40, **config), self.clock, self._note)

    def _note(self, update):
        self.updates.append(msgspec.msgpack.decode(update, type=protocol.Update))

    @property
    def state(self):
        return self.updates[-1].state

    def do(self, command):
        self.run.handle(command)
        if isinstance(command, protocol.Step):
            while self.run.due() is not None:
                self.run.work(0.004)

    def picture(self):
        _, frame, rows = self.run.take_picture()
        return msgspec.msgpack.decode(frame, type=protocol.Frame), np.frombuffer(rows, np.float32).reshape(-1, 5)

    def snapshot(self):
        return msgspec.msgpack.decode(self.run.snapshot(), type=protocol.Update)

    def pass_time(self, seconds, slices=1):
        for _ in range(slices):
            self.clock.now += seconds / slices
            self.run.work(0.004)

    @property
    def epoch(self):
        return self.snapshot().state.epoch


@pytest.fixture
def scene():
    return Scene()


def test_a_run_begins_paused_with_nothing_due(scene):
    assert scene.run.due() is None
    assert scene.snapshot().state == protocol.State(False, 0, 0, 30.0, "")


def test_the_first_epoch_is_due_the_moment_play_is_pressed(scene):
    scene.do(protocol.Play())
    assert scene.run.due() <= scene.clock()


@pytest.mark.parametrize("pace", [1.0, 10.0, 60.0])
def test_the_pace_is_kept_whatever_the_picture_rate(scene, pace):
    scene.do(protocol.Pace(pace))
    scene.do(protocol.Play())
    start = scene.clock.now
    scene.pass_time(10, slices=1000)
    assert scene.epoch == pytest.approx((scene.clock.now - start) * pace, abs=2)


def test_a_run_that_was_held_up_does_not_race_to_catch_up(scene):
    scene.do(protocol.Pace(100.0))
    scene.do(protocol.Play())
    scene.pass_time(60)
    assert scene.epoch < 60


def test_as_fast_as_possible_is_always_due(scene):
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.pass_time(0)
    before = scene.epoch
    scene.pass_time(0)
    assert scene.epoch > before


def test_step_pauses_and_trains_exactly_one_epoch(scene):
    scene.do(protocol.Play())
    scene.do(protocol.Step())
    assert (scene.epoch, scene.state.playing) == (1, False)
    scene.do(protocol.Step())
    assert scene.epoch == 2


def test_reset_pauses_and_returns_to_the_first_picture(scene):
    scene.run.watch(EVERYTHING, 30)
    first, _ = scene.picture()
    scene.do(protocol.Step())
    scene.do(protocol.Reset())
    again, _ = scene.picture()
    assert again.payload == first.payload
    assert (again.epoch, again.step) == (0, 0)
    assert len(scene.snapshot().history) == 20  # one row


def test_a_run_computes_what_a_script_computes(scene):
    for _ in range(5):
        scene.do(protocol.Step())
    trainer = Trainer(ExperimentConfig(samples=40))
    for _ in range(5):
        trainer.train_epoch()
    last = np.frombuffer(scene.snapshot().history, np.float32).reshape(-1, 5)[-1]
    np.testing.assert_array_equal(last, np.array([5, *trainer.losses()], np.float32))


def test_nothing_is_measured_while_nobody_watches(scene, monkeypatch):
    monkeypatch.setattr(Trainer, "picture", lambda self: pytest.fail("a picture was computed"))
    scene.do(protocol.Play())
    scene.pass_time(1, slices=50)
    assert scene.run.picture_due() is None
    scene.run.watch(frozenset({"losses"}), 30)
    frame, _ = scene.picture()
    assert [part.name for part in frame.parts] == ["losses"]


def test_pictures_that_take_long_leave_half_of_the_time_for_training(scene, monkeypatch):
    def slow(self):
        scene.clock.now += 0.2
        return picture(self)

    picture = Trainer.picture
    monkeypatch.setattr(Trainer, "picture", slow)
    scene.run.watch(frozenset({"output"}), 60)
    scene.do(protocol.Play())
    scene.picture()
    scene.pass_time(0)
    assert scene.run.picture_due() - scene.clock.now == pytest.approx(0.2, abs=0.01)


def test_a_paused_run_shows_one_picture_and_rests(scene):
    scene.run.watch(EVERYTHING, 30)
    assert scene.run.picture_due() is not None
    scene.picture()
    assert scene.run.picture_due() is None
    scene.do(protocol.Change({"noise": 0.3}))
    assert scene.run.picture_due() is not None


def test_a_change_of_what_is_watched_shows_it_at_once(scene):
    scene.run.watch(frozenset({"losses"}), 30)
    scene.picture()
    scene.run.watch(EVERYTHING, 30)
    assert scene.run.picture_due() is not None


def test_every_epoch_is_in_the_rows_whatever_pictures_are_skipped(scene):
    scene.run.watch(EVERYTHING, 30)
    seen = []
    for steps in (1, 3, 2, 5):
        for _ in range(steps):
            scene.do(protocol.Step())
        seen += scene.picture()[1][:, 0].tolist()
    assert seen == list(range(12))


def test_a_snapshot_tells_everything_the_page_draws(scene):
    update = scene.snapshot()
    assert update.experiment.layers == [2, 4, 2, 1]
    assert update.experiment.parameters == 2 * 4 + 4 + 4 * 2 + 2 + 2 + 1
    assert len(update.data.train.x) == len(update.data.test.target) == 20 * 4
    assert len(update.data.input_maps) == len(FEATURES) * 50 * 50
    assert update.data.classes == ["Class A", "Class B"]
    assert update.experiment.link == "samples=40"


def test_a_frame_says_which_state_of_the_network_it_shows(scene):
    scene.run.watch(EVERYTHING, 30)
    before = scene.picture()[0].revision
    scene.do(protocol.Change({"hidden": [5, 2]}))
    after = scene.picture()[0]
    assert after.revision > before
    assert after.revision == scene.snapshot().experiment.revision
    assert next(part for part in after.parts if part.name == "maps").shape[0] == 7


def test_a_refused_change_changes_nothing(scene):
    before = scene.snapshot()
    with pytest.raises(InvalidValueError, match="64"):
        scene.do(protocol.Change({"hidden": [4, 65], "noise": 0.3}))
    assert scene.snapshot() == before


@pytest.mark.parametrize("pace", [0.0, -1.0, 1e-10, 5e-324, float("nan"), float("inf"), 1e9])
def test_a_pace_that_cannot_be_is_refused(scene, pace):
    with pytest.raises(InvalidValueError, match="epochs a second"):
        scene.do(protocol.Pace(pace))


def test_a_link_is_loaded_whole_or_not_at_all(scene):
    before = scene.snapshot()
    with pytest.raises(InvalidValueError, match="The link was not loaded") as caught:
        scene.do(protocol.Load("dataset=iris&noise=lots"))
    assert caught.value.field == "noise"
    assert scene.snapshot() == before
    scene.do(protocol.Load("dataset=iris"))
    assert scene.snapshot().experiment.problem == "multiclass"


def test_two_quick_steps_are_two_epochs_trained_in_slices(scene):
    scene.run.handle(protocol.Step())
    scene.run.handle(protocol.Step())
    assert scene.epoch == 0
    while scene.run.due() is not None:
        scene.run.work(0.004)
    assert (scene.epoch, scene.state.epoch, scene.state.playing) == (2, 2, False)


def test_pause_ends_a_step(scene):
    scene.run.handle(protocol.Step())
    scene.run.handle(protocol.Pause())
    assert scene.run.due() is None


def test_an_edit_between_epochs_replaces_the_newest_row_and_one_in_mid_epoch_none(scene):
    def newest():
        return np.frombuffer(scene.snapshot().history, np.float32).reshape(-1, 5)[-1].tolist()

    scene.do(protocol.Step())
    before = newest()
    scene.do(protocol.Change({"noise": 0.5}))
    edited = newest()
    assert edited[0] == before[0] == 1
    assert edited[1:] != before[1:]
    scene.run._trainer.train(1)
    scene.do(protocol.Change({"learning_rate": 0.01}))
    assert newest() == edited


def test_pictures_come_at_the_wanted_rate_and_no_faster(scene):
    scene.run.watch(EVERYTHING, 10)
    for _ in range(2):
        scene.picture()
        scene.do(protocol.Step())
    assert scene.run.picture_due() - scene.clock.now == pytest.approx(0.1, abs=0.01)
    scene.run.watch(EVERYTHING, 60)
    assert scene.run.picture_due() - scene.clock.now < 0.02
    scene.run.watch(EVERYTHING, 1e-300)
    scene.picture()
    scene.do(protocol.Step())
    assert scene.run.picture_due() - scene.clock.now < 11


def test_pictures_come_at_most_sixty_times_a_second(scene):
    scene.run.watch(EVERYTHING, 1e9)
    scene.picture()
    scene.do(protocol.Step())
    scene.picture()
    scene.do(protocol.Step())
    assert scene.run.picture_due() - scene.clock.now > 0.01


def test_a_run_goes_on_playing_through_changes(scene):
    scene.do(protocol.Play())
    scene.pass_time(1, slices=10)
    scene.do(protocol.Change({"hidden": [4, 2, 2]}))
    before = scene.epoch
    scene.pass_time(1, slices=10)
    assert scene.epoch > before > 0
    scene.do(protocol.Change({"dataset": "iris"}))
    assert scene.state.playing
    scene.pass_time(1, slices=10)
    assert scene.epoch > 0


def test_divergence_pauses_and_says_what_to_try():
    scene = Scene(dataset="plane", hidden=(), features=("x1_squared",), learning_rate=10.0, batch_size=1)
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.pass_time(1, slices=100)
    assert not scene.state.playing
    assert "smaller learning rate" in scene.state.stopped
    rows = np.frombuffer(scene.snapshot().history, np.float32).reshape(-1, 5)
    assert rows[-1, 0] == scene.epoch
    assert np.isfinite(rows).all()
    scene.run.watch(EVERYTHING, 30)
    frame, _ = scene.picture()
    assert frame.payload
    scene.do(protocol.Change({"learning_rate": 1e-5}))
    scene.do(protocol.Play())
    assert scene.state.stopped == ""
