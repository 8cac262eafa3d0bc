import msgspec
import numpy as np
import pytest

from playground import protocol
from playground.data import FEATURES
from playground.data.table_reader import read
from playground.data.tables import choose, guess
from playground.errors import InvalidValueError
from playground.runs import marks, run
from playground.runs.run import MAX_TOLD_SAMPLES, Run
from playground.training import MEASUREMENTS, ExperimentConfig, Trainer
from tests.told import in_english

EVERYTHING = frozenset(MEASUREMENTS.names)
COLUMNS = len(protocol.HISTORY_COLUMNS)
TABLE = read("\n".join(["a,b,kind", *(f"{n % 7},{n % 5},{n % 2}" for n in range(40))]).encode(), "own.csv")


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
        self.run = Run(ExperimentConfig(**{"samples": 40, **config}), self.clock, self._note)

    def _note(self, update):
        self.updates.append(in_english(msgspec.msgpack.decode(update, type=protocol.Update)))

    @property
    def state(self):
        return self.updates[-1].state

    def do(self, command):
        answer = self.run.handle(command)
        if isinstance(command, protocol.Step):
            self.finish()
        return answer

    def finish(self):
        """Train whatever is owed."""
        while self.run.due() is not None:
            self.run.work(0.004)

    def picture(self):
        _, frame, rows = self.run.take_picture()
        return msgspec.msgpack.decode(frame, type=protocol.Frame), np.frombuffer(rows, np.float32).reshape(-1, COLUMNS)

    def snapshot(self):
        return in_english(msgspec.msgpack.decode(self.run.snapshot(), type=protocol.Update))

    def pass_time(self, seconds, slices=1):
        for _ in range(slices):
            self.clock.now += seconds / slices
            self.run.work(0.004)

    @property
    def epoch(self):
        return self.snapshot().state.epoch

    @property
    def history(self):
        return np.frombuffer(self.snapshot().history, np.float32).reshape(-1, COLUMNS)

    @property
    def marks(self):
        return [(mark.epoch, mark.text) for mark in self.snapshot().marks]

    @property
    def points(self):
        """Every point by its number: x, y, target, in the data's units."""
        data = self.snapshot().data
        points = {}
        for part in (data.train, data.test):
            index = np.frombuffer(part.index, np.uint32).tolist()
            shares = [np.frombuffer(column, np.float32) for column in (part.x, part.y)]
            places = [
                (low + share.astype(float) * (high - low)).round(5).tolist()
                for share, (low, high) in zip(shares, data.domain, strict=True)
            ]
            targets = np.frombuffer(part.target, np.float32).tolist()
            points |= {number: [*rest] for number, *rest in zip(index, *places, targets, strict=True)}
        return points


@pytest.fixture
def scene():
    return Scene()


def test_a_run_begins_paused_with_nothing_due(scene):
    assert scene.run.due() is None
    assert scene.snapshot().state == protocol.State(
        playing=False,
        epoch=0,
        step=0,
        samples_seen=0,
        last_batch=[],
        pace=30.0,
        pace_unit="epoch",
        stopped="",
        stopped_by="",
        undoable=False,
    )


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
    assert len(scene.history) == 1


def test_a_run_computes_what_a_script_computes(scene):
    for _ in range(5):
        scene.do(protocol.Step())
    trainer = Trainer(ExperimentConfig(samples=40))
    for _ in range(5):
        trainer.train_epoch()
    np.testing.assert_array_equal(scene.history[-1], np.array([5, *trainer.losses()], np.float32))


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
    with pytest.raises(InvalidValueError, match="epochs or updates a second") as caught:
        scene.do(protocol.Pace(pace))
    assert caught.value.field == "speed"


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
        return scene.history[-1, :5].tolist()

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
    assert scene.state.stopped_by == "divergence"
    assert scene.history[-1, 0] == scene.epoch
    assert np.isfinite(scene.history).all()
    scene.run.watch(EVERYTHING, 30)
    frame, _ = scene.picture()
    assert frame.payload
    scene.do(protocol.Change({"learning_rate": 1e-5}))
    scene.do(protocol.Play())
    assert (scene.state.stopped, scene.state.stopped_by) == ("", "")


# ------------------------------------------------------------------------- steps, pace


@pytest.mark.parametrize("pace", [1.0, 5.0, 20.0])
def test_the_pace_can_be_of_updates(scene, pace):
    scene.do(protocol.Pace(pace, "step"))
    scene.do(protocol.Play())
    start = scene.clock.now
    scene.pass_time(10, slices=1000)
    assert scene.snapshot().state.step == pytest.approx((scene.clock.now - start) * pace, abs=2)
    assert (scene.state.pace, scene.state.pace_unit) == (pace, "step")


def test_a_step_of_a_sample_or_a_batch_says_what_it_looked_at(scene):
    scene.do(protocol.Step("sample"))
    state = scene.state
    assert (state.step, state.samples_seen, len(state.last_batch), state.playing) == (1, 1, 1, False)
    scene.do(protocol.Step("batch"))
    assert (scene.state.step, scene.state.samples_seen) == (2, 11)
    assert len(set(scene.state.last_batch) | set(state.last_batch)) == 11
    train = set(np.frombuffer(scene.snapshot().data.train.index, np.uint32).tolist())
    assert set(scene.state.last_batch) <= train


def test_steps_to_the_end_of_an_epoch_make_an_epoch(scene):
    scene.do(protocol.Step("sample"))
    scene.do(protocol.Step("batch"))
    scene.do(protocol.Step("epoch"))
    assert (scene.state.epoch, scene.state.samples_seen, scene.state.last_batch) == (1, 0, [])
    assert scene.history[:, 0].tolist() == [0, 1]


def test_steps_that_are_asked_for_quickly_are_all_done(scene):
    for unit in ("sample", "sample", "batch", "batch"):
        scene.run.handle(protocol.Step(unit))
    scene.finish()
    assert (scene.state.step, scene.state.epoch) == (4, 1)  # 1 + 1 + 10, and the 8 samples that are left


def test_single_steps_end_an_epoch_with_its_row(scene):
    for _ in range(2):
        scene.do(protocol.Step("batch"))
    assert scene.epoch == 1
    trainer = Trainer(ExperimentConfig(samples=40))
    trainer.train_epoch()
    np.testing.assert_array_equal(scene.history[-1], np.array([1, *trainer.losses()], np.float32))


def test_a_step_while_it_plays_pauses(scene):
    scene.do(protocol.Play())
    scene.run.handle(protocol.Step("batch"))
    assert not scene.state.playing
    scene.finish()
    assert scene.state.step == 1


def test_play_takes_the_steps_in_that_are_still_owed(scene):
    scene.run.handle(protocol.Step("batch"))
    scene.run.handle(protocol.Step("sample"))
    scene.do(protocol.Play())
    scene.pass_time(0.05)
    assert scene.snapshot().state.step > 0
    assert scene.snapshot().state.last_batch == []


def test_play_forgets_which_samples_a_step_looked_at(scene):
    scene.do(protocol.Step("sample"))
    scene.do(protocol.Play())
    assert scene.state.last_batch == []


def test_a_great_batch_is_not_told_whole():
    scene = Scene(samples=1000, batch_size=500)
    scene.do(protocol.Step("batch"))
    assert len(scene.state.last_batch) == MAX_TOLD_SAMPLES


def test_slices_of_an_epoch_tell_nothing_while_it_plays():
    scene = Scene(samples=4000, batch_size=1)
    scene.do(protocol.Step())
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    told = len(scene.updates)
    for _ in range(3):
        scene.run.work(5e-5)
    assert len(scene.updates) == told
    state = scene.snapshot().state
    assert state.epoch == 1
    assert state.samples_seen > 0


# --------------------------------------------------------------------------- stopping


@pytest.mark.parametrize(
    ("conditions", "by", "sentence"),
    [
        ({"stop_epoch": 6}, "epoch", "Stopped at epoch 6, as set."),
        ({"stop_loss": 10.0}, "loss", "Stopped at epoch 1: the test loss, "),
        ({"stop_patience": 3, "learning_rate": 1e-6}, "plateau", "Stopped at epoch 4: the test loss has not fallen"),
    ],
    ids=["epoch", "loss", "plateau"],
)
def test_a_run_that_stops_by_itself_says_why(conditions, by, sentence):
    scene = Scene(**conditions)
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.finish()
    assert (scene.state.playing, scene.state.stopped_by) == (False, by)
    assert scene.state.stopped.startswith(sentence)
    assert scene.state.stopped.startswith(f"Stopped at epoch {scene.epoch}")
    scene.do(protocol.Change({"stop_epoch": None}))
    scene.do(protocol.Play())
    assert (scene.state.stopped, scene.state.playing) == ("", True)


@pytest.mark.parametrize("end", [2, 3])
def test_who_plays_past_the_end_is_told_what_to_do(end):
    scene = Scene(stop_epoch=end)
    for _ in range(3):
        scene.do(protocol.Step())
    with pytest.raises(InvalidValueError, match=f"at epoch 3 already, and is set to stop at epoch {end}. Let it stop"):
        scene.do(protocol.Play())
    assert not scene.snapshot().state.playing
    scene.do(protocol.Reset())
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.finish()
    assert scene.epoch == end


def test_an_end_that_is_set_behind_the_present_epoch_stops_at_once(scene):
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    while scene.epoch < 5:
        scene.pass_time(0)
    scene.do(protocol.Change({"stop_epoch": 4}))
    assert (scene.state.playing, scene.state.stopped_by) == (False, "epoch")
    assert "is set to stop at epoch 4" in scene.state.stopped


def epoch_of_a_plateau(disturb=None):
    """Return the epoch at which training stops, disturbed at epoch 10."""
    scene = Scene(dataset="iris", stop_patience=15, learning_rate=1e-6)
    if disturb:
        for _ in range(10):
            scene.do(protocol.Step())
        disturb(scene)
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.finish()
    assert scene.state.stopped_by == "plateau"
    return scene.epoch


def look_aside(scene):
    scene.do(protocol.Change({"axes": [0, 1]}))


def pause(scene):
    scene.do(protocol.Play())
    scene.do(protocol.Pause())


def set_another_condition(scene):
    scene.do(protocol.Change({"stop_epoch": 1000}))


@pytest.mark.parametrize("disturb", [look_aside, pause, set_another_condition])
def test_what_changes_no_loss_does_not_delay_the_end_on_a_plateau(disturb):
    assert epoch_of_a_plateau(disturb) == epoch_of_a_plateau() == 16


@pytest.mark.parametrize("command", [protocol.Change({"noise": 0.3}), protocol.Edit(1, 0, 0, 0.5)])
def test_a_change_of_the_loss_begins_a_new_plateau(command):
    assert epoch_of_a_plateau(lambda scene: scene.do(command)) == 10 + 16


def test_a_run_that_goes_on_after_a_stop_counts_anew():
    scene = Scene(stop_patience=3, learning_rate=1e-6)
    scene.do(protocol.Pace(None))
    for epochs in (4, 8):
        scene.do(protocol.Play())
        scene.finish()
        assert scene.epoch == epochs


def test_steps_pass_the_conditions_by():
    scene = Scene(stop_epoch=2)
    for _ in range(3):
        scene.run.handle(protocol.Step())
    scene.finish()
    assert (scene.epoch, scene.state.stopped) == (3, "")


def test_a_condition_that_is_set_while_it_plays_holds(scene):
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.pass_time(0)
    scene.do(protocol.Change({"stop_epoch": scene.epoch + 5}))
    before = scene.epoch
    scene.finish()
    assert scene.epoch == before + 5
    assert scene.marks == []


# ------------------------------------------------------------------------------ marks


def test_changes_are_marked_at_their_epoch(scene):
    scene.do(protocol.Change({"noise": 0.2}))
    assert scene.marks == []  # nothing had been trained yet
    for _ in range(2):
        scene.do(protocol.Step())
    scene.do(protocol.Change({"learning_rate": 0.03, "batch_size": 5}))
    scene.do(protocol.Step())
    scene.do(protocol.Change({"optimizer": "adam"}))
    scene.do(protocol.Change({"hidden": [3]}))
    scene.do(protocol.Change({"regularization": "l2"}))
    scene.do(protocol.Change({"shuffle": False}))
    scene.do(protocol.Change({"formulas": ["x1^2"]}))
    assert scene.marks == [
        (2, "Learning rate 0.1 → 0.03"),
        (2, "Batch size 10 → 5"),
        (3, "Optimizer SGD → Adam"),
        (3, "Hidden layers 4-2 → 3"),
        (3, "Regularization None → L2"),
        (3, "Shuffle each epoch on → off"),
        (3, "Input formulas"),
    ]
    scene.do(protocol.Reset())
    assert scene.marks == []


def test_another_picture_is_no_mark_and_no_other_loss():
    scene = Scene(dataset="iris")
    scene.do(protocol.Step())
    before = scene.history
    scene.do(protocol.Change({"axes": [0, 1]}))
    scene.do(protocol.Change({"projection": "principal_components"}))
    scene.do(protocol.Change({"projection": "columns", "slice_sample": 3}))
    assert scene.marks == []
    np.testing.assert_array_equal(scene.history, before)
    assert "sample 3" in scene.snapshot().data.slice
    assert scene.epoch == 1


def test_no_more_marks_are_kept_than_a_chart_can_show(scene, monkeypatch):
    monkeypatch.setattr(marks, "MAX_MARKS", 3)
    scene.do(protocol.Step())
    for noise in (0.2, 0.1, 0.3, 0.4, 0.5):
        scene.do(protocol.Change({"noise": noise}))
        scene.do(protocol.Step())
        scene.clock.now += 5
    assert scene.marks == [(3, "Noise 0.1 → 0.3"), (4, "Noise 0.3 → 0.4"), (5, "Noise 0.4 → 0.5")]


def test_a_stroke_of_points_is_one_mark(scene):
    scene.do(protocol.Step())
    scene.do(protocol.Change({"batch_size": 5}))
    scene.do(protocol.Play())
    for number in range(30):
        scene.do(protocol.AddPoints([(number / 30, 0.0, 1.0)], stroke=1))
        scene.pass_time(0.05)
    assert scene.epoch > 2
    assert scene.marks == [(1, "Batch size 10 → 5"), (1, "Own points")]


def test_what_a_slider_is_dragged_through_is_one_mark_from_first_to_last(scene):
    scene.do(protocol.Step())
    for noise in (0.2, 0.3, 0.4):
        scene.do(protocol.Change({"noise": noise}))
    assert scene.marks == [(1, "Noise 0.15 → 0.4")]
    scene.do(protocol.Change({"noise": 0.15}))
    assert scene.marks == []


def test_the_weights_of_a_layer_have_marks_of_their_own(scene):
    scene.do(protocol.Step())
    for value in (1.0, 2.0):
        for unit in (0, 1):
            scene.do(protocol.Edit(1, None, unit, value))
    assert [text.split(" → ")[1] for _, text in scene.marks] == ["2", "2"]


# ---------------------------------------------------------------------------- weights


def test_an_edit_changes_the_newest_losses_at_once_and_is_marked(scene):
    scene.do(protocol.Step())
    before = scene.history
    old = scene.run._trainer.model.get_weights()[0][1, 2]
    scene.do(protocol.Edit(1, 1, 2, 4.0))
    assert scene.history[-1, 1] != before[-1, 1]
    np.testing.assert_array_equal(scene.history[:-1], before[:-1])
    scene.do(protocol.Edit(3, None, 0, 0.25))
    (_, first), (_, second) = scene.marks
    assert first == f"a weight of layer 1 {old:.3g} → 4"
    assert second.startswith("a bias of layer 3 ")
    assert scene.updates[-1].history == scene.snapshot().history


def test_a_run_goes_on_playing_through_an_edit(scene):
    scene.do(protocol.Play())
    scene.pass_time(1, slices=10)
    scene.do(protocol.Edit(1, 0, 0, 3.0))
    assert scene.state.playing
    before = scene.epoch
    scene.pass_time(1, slices=10)
    assert scene.epoch > before


def test_frozen_weights_are_told_in_the_order_of_the_weights(scene):
    assert scene.snapshot().experiment.frozen == b""
    scene.do(protocol.Freeze(2, frozen=True, row=3, unit=1))
    flags = np.frombuffer(scene.updates[-1].experiment.frozen, np.uint8)
    assert np.flatnonzero(flags).tolist() == [2 * 4 + 4 + 3 * 2 + 1]
    scene.do(protocol.Freeze(3, frozen=True))
    flags = np.frombuffer(scene.updates[-1].experiment.frozen, np.uint8)
    assert flags.tolist()[-3:] == [1, 1, 1]
    assert flags.sum() == 4
    scene.run.watch(frozenset({"weights"}), 30)
    frozen = [weights_of(scene)[flags == 1]]
    scene.do(protocol.Step())
    frozen.append(weights_of(scene)[flags == 1])
    np.testing.assert_array_equal(*frozen)


def test_the_picture_that_a_freezing_takes_away_comes_again(scene):
    scene.run.watch(EVERYTHING, 30)
    scene.picture()
    assert scene.run.picture_due() is None
    scene.do(protocol.Freeze(1, frozen=True))
    assert scene.updates[-1].experiment is not None, "for which viewers drop the picture that waits"
    assert scene.run.picture_due() is not None


def test_a_layer_between_others_is_taken_out_with_its_own_weights():
    scene = Scene(hidden=(4, 3, 3))
    for _ in range(2):
        scene.do(protocol.Step())
    scene.do(protocol.Freeze(3, frozen=True))
    before = scene.run._trainer.model.get_weights()
    scene.do(protocol.RemoveLayer(2))
    assert scene.updates[-1].experiment.layers == [2, 4, 3, 1]
    after = scene.run._trainer.model.get_weights()
    for kept, old in ((0, 0), (1, 1), (3, 5), (4, 6), (5, 7)):
        np.testing.assert_array_equal(after[kept], before[old])
    flags = np.frombuffer(scene.updates[-1].experiment.frozen, np.uint8)
    assert not flags[:12].any()
    assert flags[12:].any()
    assert (2, "Hidden layers 4-3-3 → 4-3") in scene.marks
    assert scene.epoch == 2


def weights_of(scene):
    return np.concatenate([array.ravel() for array in scene.run._trainer.model.get_weights()])


def test_weights_that_run_away_go_back_to_the_edit():
    scene = Scene(dataset="plane", activation="linear", learning_rate=1.0)
    scene.do(protocol.Edit(3, 0, 0, 50.0))
    edited = weights_of(scene)
    scene.do(protocol.Pace(None))
    scene.do(protocol.Play())
    scene.pass_time(1, slices=100)
    assert scene.state.stopped_by == "divergence"
    assert scene.state.stopped.endswith("Reset returns to the first weights.")
    np.testing.assert_array_equal(weights_of(scene), edited)


# ------------------------------------------------------------------------- own points


def test_points_are_added_moved_and_erased_by_their_numbers(scene):
    before = scene.points
    scene.do(protocol.AddPoints([(0.5, 1.0, 1.0), (-0.5, 0.25, 0.0)]))
    assert scene.points == before | {40: [0.5, 1.0, 1.0], 41: [-0.5, 0.25, 0.0]}
    assert scene.snapshot().data.drawn_from == 40
    scene.do(protocol.MovePoint(41, 2.0, -1.0))
    assert scene.points == before | {40: [0.5, 1.0, 1.0], 41: [2.0, -1.0, 0.0]}
    scene.do(protocol.ErasePoints([3, 41]))
    assert scene.points == {number: place for number, place in before.items() if number != 3} | {40: [0.5, 1.0, 1.0]}


def test_a_point_of_the_data_set_that_is_moved_becomes_ones_own(scene):
    before = scene.points
    scene.do(protocol.MovePoint(7, 1.0, -0.5))
    assert scene.points == {n: place for n, place in before.items() if n != 7} | {40: [1.0, -0.5, before[7][2]]}


@pytest.mark.parametrize("index", [-1, 40, 10**9, 3])
def test_a_point_that_there_is_not_is_refused(scene, index):
    scene.do(protocol.ErasePoints([3]))
    for command in (protocol.MovePoint(index, 0, 0), protocol.ErasePoints([index])):
        with pytest.raises(InvalidValueError, match=f"There is no point number {index:,} "):
            scene.do(command)


def test_what_is_done_to_points_is_taken_back_stroke_by_stroke(scene):
    states = [scene.points]
    scene.do(protocol.AddPoints([(0.0, 0.0, 0.0)], stroke=1))
    scene.do(protocol.AddPoints([(0.1, 0.0, 0.0)], stroke=1))
    scene.do(protocol.AddPoints([(0.2, 0.0, 0.0)], stroke=1))
    states.append(scene.points)
    scene.do(protocol.ErasePoints([4, 41], stroke=2))
    scene.do(protocol.ErasePoints([5], stroke=2))
    states.append(scene.points)
    scene.do(protocol.MovePoint(6, 1.0, 1.0, stroke=3))
    scene.do(protocol.MovePoint(42, 1.5, 1.0, stroke=3))
    states.append(scene.points)
    scene.do(protocol.AddPoints([(0.5, 0.5, 1.0)]))
    scene.do(protocol.AddPoints([(0.6, 0.5, 1.0)]))  # without a stroke each is undone by itself
    scene.do(protocol.UndoPoints())
    scene.do(protocol.UndoPoints())
    while states:
        assert scene.points == states.pop()
        assert scene.state.undoable == bool(states)
        if states:
            scene.do(protocol.UndoPoints())
    with pytest.raises(InvalidValueError, match="Nothing has been done"):
        scene.do(protocol.UndoPoints())


def test_no_more_is_taken_back_than_is_remembered(scene, monkeypatch):
    monkeypatch.setattr(run, "MAX_UNDO", 6)
    for number in range(6 + 5):
        scene.do(protocol.AddPoints([(number / 100, 0.0, 0.0)]))
    for _ in range(6):
        assert scene.state.undoable
        scene.do(protocol.UndoPoints())
    assert not scene.state.undoable
    assert len(scene.points) == 45


def test_the_points_that_edits_remember_are_few_enough(scene, monkeypatch):
    monkeypatch.setattr(run, "MAX_UNDO_POINTS", 30)
    for number in range(20):
        scene.do(protocol.AddPoints([(number / 100, 0.0, 0.0)]))
    edits = scene.run._undo
    assert [len(edit.own_points) for edit in edits] == [19]
    scene.do(protocol.UndoPoints())
    assert len(scene.points) == 40 + 19


def test_an_edit_remembers_the_very_points_that_stay(scene):
    scene.do(protocol.AddPoints([(0.1, 0.2, 0.0), (0.3, 0.4, 1.0)]))
    scene.do(protocol.AddPoints([(0.5, 0.6, 1.0)]))
    (*_, edit), now = scene.run._undo, scene.run._trainer.config.own_points
    assert [old is new for old, new in zip(edit.own_points, now, strict=False)] == [True, True]


def test_an_undo_takes_back_no_more_than_the_last_edit(scene):
    scene.do(protocol.AddPoints([(0.5, 0.5, 1.0)]))
    scene.do(protocol.Change({"own_points": [(0, 0, 0), (1, 1, 1), (2, 0, 1)]}))
    assert not scene.state.undoable
    assert len(scene.points) == 43
    scene.do(protocol.AddPoints([(0.5, 0.5, 1.0)]))
    scene.do(protocol.UndoPoints())
    assert len(scene.points) == 43


def test_an_edit_that_changes_nothing_needs_no_undo(scene):
    scene.do(protocol.ErasePoints([]))
    scene.do(protocol.AddPoints([]))
    assert not scene.snapshot().state.undoable


def test_points_that_were_numbered_anew_are_not_erased_by_an_undo(scene):
    scene.do(protocol.ErasePoints([5]))
    scene.do(protocol.AddPoints([(0.5, 0.5, 1.0)]))
    scene.do(protocol.Change({"samples": 30}))
    assert len(scene.points) == 31
    scene.do(protocol.UndoPoints())
    assert set(scene.points) == set(range(30))


def test_other_data_have_nothing_to_take_back(scene):
    scene.do(protocol.AddPoints([(0.5, 0.5, 1.0)]))
    scene.do(protocol.Change({"dataset": "xor"}))
    assert not scene.state.undoable
    assert len(scene.points) == 40


def test_training_goes_on_from_the_same_weights_after_points_are_added(scene):
    scene.do(protocol.Step())
    before = weights_of(scene)
    scene.do(protocol.AddPoints([(0.5, 0.5, 1.0)]))
    np.testing.assert_array_equal(weights_of(scene), before)
    assert scene.epoch == 1
    assert scene.marks == [(1, "Own points")]


def test_points_among_more_than_two_measurements_cannot_be_edited():
    scene = Scene(dataset="iris")
    assert not scene.snapshot().data.editable
    for command in (protocol.AddPoints([(0, 0, 0)]), protocol.ErasePoints([1]), protocol.MovePoint(1, 0, 0)):
        with pytest.raises(InvalidValueError, match="one or two measurements"):
            scene.do(command)


def test_a_point_of_a_class_that_there_is_not_is_refused_whole(scene):
    before = scene.snapshot()
    with pytest.raises(InvalidValueError, match="from 0 to 1, got 2") as caught:
        scene.do(protocol.AddPoints([(0, 0, 1), (0, 0, 2)]))
    assert caught.value.field == "own_points"
    assert scene.snapshot() == before


def test_an_empty_plane_is_filled_by_hand_before_it_can_be_learned():
    scene = Scene(dataset="blank")
    for command in (protocol.Play(), protocol.Step(), protocol.Step("sample")):
        with pytest.raises(InvalidValueError, match="place at least two points"):
            scene.do(command)
    assert not scene.snapshot().state.playing
    assert np.isnan(scene.history[0, 1:]).all()
    scene.run.watch(EVERYTHING, 30)
    assert scene.picture()[0].payload
    scene.do(protocol.AddPoints([(1, 1, 0), (-1, -1, 1)]))
    scene.do(protocol.Play())
    scene.pass_time(1, slices=10)
    assert scene.epoch > 0
    scene.do(protocol.ErasePoints([0, 1]))
    assert not scene.state.playing
    assert scene.run.due() is None


@pytest.mark.parametrize("command", [protocol.ErasePoints([0, 1]), protocol.Change({"own_points": []})])
def test_single_steps_end_where_there_is_nothing_left_to_learn_from(command):
    scene = Scene(dataset="blank")
    scene.do(protocol.AddPoints([(1, 1, 0), (-1, -1, 1)]))
    scene.do(protocol.Step("batch"))
    for _ in range(2):
        scene.run.handle(protocol.Step("epoch"))
    scene.do(command)
    scene.finish()
    assert not scene.snapshot().state.playing
    scene.do(protocol.AddPoints([(1, 1, 0), (-1, -1, 1)]))
    scene.do(protocol.Step())


def test_points_far_from_zero_are_told_apart():
    lines = [f"{1_700_000_000 + 20 * n},{n % 9},{n % 2}" for n in range(50)]
    table = read("\n".join(["time,b,kind", *lines]).encode(), "times.csv")
    scene = Scene()
    scene.run.take_table(table)
    scene.do(use(guess(table)))
    data = scene.snapshot().data
    low, high = data.domain[0]
    across = [np.frombuffer(part.x, np.float32).astype(float) for part in (data.train, data.test)]
    times = low + np.sort(np.concatenate(across)) * (high - low)
    np.testing.assert_allclose(times, 1_700_000_000 + 20 * np.arange(50), rtol=0, atol=0.01)


def test_of_a_curve_a_points_height_is_what_is_to_be_learned():
    scene = Scene(dataset="sine", noise=0.0)
    assert scene.snapshot().data.curve
    scene.do(protocol.AddPoints([(1.0, 0.5, 9.0)]))
    assert scene.points[40] == [1.0, 0.5, 0.5]
    scene.do(protocol.MovePoint(0, 2.0, -0.25))
    assert scene.points[41] == [2.0, -0.25, -0.25]
    assert 0 not in scene.points


# ------------------------------------------------------------------------ ask, tables


def test_an_answer_to_an_ask_is_what_the_network_predicts():
    scene = Scene(dataset="iris")
    scene.do(protocol.Step())
    trainer = scene.run._trainer
    (left, right), (low, high) = scene.snapshot().data.domain
    reading = scene.do(protocol.Ask(0.25, 0.75)).reading
    assert [len(layer) for layer in reading] == scene.snapshot().experiment.layers
    X = np.median(trainer.data.X[trainer.data.split.train], axis=0, keepdims=True)
    X[0, [2, 3]] = left + 0.25 * (right - left), low + 0.75 * (high - low)
    inputs = trainer.data.inputs(X)
    np.testing.assert_allclose(reading[0], inputs[0])
    np.testing.assert_allclose(reading[-1], trainer.model.predict(inputs)[0])
    assert sum(reading[-1]) == pytest.approx(1)
    assert scene.do(protocol.Play()).reading == []


def use(choice):
    return protocol.UseTable(choice.target, list(choice.inputs), list(choice.kinds), choice.missing, choice.scaling)


def test_a_table_is_used_as_it_was_chosen(scene):
    scene.do(protocol.Step())
    scene.run.take_table(TABLE)
    assert scene.snapshot().experiment.data_label == "Moons"
    scene.do(use(guess(TABLE)))
    experiment, data = scene.updates[-1].experiment, scene.updates[-1].data
    assert (experiment.data_label, experiment.problem) == ("own.csv", "binary")
    assert (data.columns, data.classes, data.target) == (["a", "b"], ["0", "1"], "kind")
    assert experiment.link_lacks.startswith("A link cannot hold the table own.csv")
    assert scene.epoch == 0
    scene.do(protocol.Step())
    trainer = Trainer(ExperimentConfig(samples=40, table=choose(TABLE, guess(TABLE))), TABLE)
    trainer.train_epoch()
    np.testing.assert_array_equal(scene.history[-1], np.array([1, *trainer.losses()], np.float32))


def test_tables_that_are_no_longer_in_use_are_let_go(scene):
    scene.run.take_table(TABLE)
    scene.do(use(guess(TABLE)))
    scene.do(use(guess(TABLE)))  # the table in use, in another way
    assert scene.run._offered_table is None
    scene.do(protocol.Change({"dataset": "moons"}))
    assert scene.run._trainer.table is None
    with pytest.raises(InvalidValueError, match="No table has been uploaded yet"):
        scene.do(use(guess(TABLE)))


def test_a_table_stays_through_other_changes_and_goes_with_another_data_set(scene):
    scene.run.take_table(TABLE)
    scene.do(use(guess(TABLE)))
    scene.do(protocol.Step())
    scene.do(protocol.Change({"hidden": [3], "train_share": 0.7}))
    scene.do(protocol.Reset())
    assert scene.snapshot().experiment.data_label == "own.csv"
    assert len(scene.points) == 40
    scene.do(protocol.Change({"dataset": "moons"}))
    assert scene.snapshot().experiment.data_label == "Moons"


def test_the_same_columns_of_another_file_are_other_data(scene):
    scene.run.take_table(TABLE)
    scene.do(use(guess(TABLE)))
    scene.do(protocol.Step())
    other = read("\n".join(["a,b,kind", *(f"{n % 3},{n % 4},{n % 2}" for n in range(40))]).encode(), "own.csv")
    scene.run.take_table(other)
    before = scene.points
    scene.do(use(guess(other)))
    assert scene.points != before
    assert scene.epoch == 0


def test_a_table_that_cannot_be_used_so_changes_nothing(scene):
    with pytest.raises(InvalidValueError, match="No table has been uploaded yet") as caught:
        scene.do(use(guess(TABLE)))
    assert caught.value.field == "table"
    scene.run.take_table(TABLE)
    before = scene.snapshot()
    with pytest.raises(InvalidValueError) as caught:
        scene.do(protocol.UseTable(9, [0], ["number"] * 3, "impute", "standardize"))
    assert caught.value.field == "table.target"
    assert scene.snapshot() == before


def test_what_a_row_of_the_history_holds_is_what_the_protocol_says(scene):
    assert 1 + len(scene.run._trainer.losses()) == COLUMNS
    assert protocol.HISTORY_COLUMNS[1:] == scene.run._trainer.losses()._fields
