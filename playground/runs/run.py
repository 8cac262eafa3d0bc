"""An experiment over time: its state, its history, its pace."""

import math
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from playground import protocol
from playground.catalogue import DEFAULT_PACE
from playground.data.tables import Table, TableChoice, choose
from playground.errors import DivergedError, InvalidValueError
from playground.protocol import NO_SEQ, Answer, State, Update, told
from playground.runs import saved
from playground.runs.describing import data_of, experiment_of
from playground.runs.frames import encode_frame
from playground.runs.history import History
from playground.runs.marks import Marks
from playground.sentences import say
from playground.training import MEASUREMENTS, ExperimentConfig, StopRule, Trainer, links
from playground.training.setting_kinds import Effect
from playground.training.settings import RENUMBERING
from playground.training.stopping import Stop
from playground.training.trainer import Change

MIN_PACE, MAX_PACE = 0.01, 1e6
MIN_PICTURES_PER_SECOND, MAX_PICTURES_PER_SECOND = 0.1, 60.0

# A run that falls behind its pace forgets what it owes beyond this, so that it does not race later.
_DEBT_S = 0.25
_PACE_WINDOW_S = 1.0

MAX_UNDO = 100
"""Edits of the points that can be taken back."""

MAX_UNDO_POINTS = 100_000
"""Points that they remember, own and erased ones of all edits together; the oldest edits go first."""

MAX_TOLD_SAMPLES = 100
"""Samples of a single step that are told, for the page to point at."""

_GOING = Stop("", "")
_SLICE_WITHOUT_CLOCK = 32  # steps between two looks at the clock, until their cost is known


class _Edit(NamedTuple):
    """What the points were before they were edited by hand; edits of the same stroke are one."""

    stroke: int
    own_points: tuple[tuple[float, float, float], ...]
    erased: tuple[int, ...]


class Run:
    """One run, driven from outside: `work` trains a little, `take_picture` shows it, `handle` obeys.

    Attributes:
        playing: Whether it trains.
        measurements: What somebody watches; nothing when empty.
        pictures_per_second: At most how many pictures are wanted.
    """

    def __init__(
        self,
        config: ExperimentConfig,
        clock: Callable[[], float],
        on_update: Callable[[bytes], None],
        trained: links.Trained | None = None,
    ) -> None:
        """
        Args:
            config: What to train; without its formulas, if one has no value for a sample.
            clock: Seconds, monotonic.
            on_update: Called with the msgpack of a protocol.Update whenever something but the weights has changed.
            trained: What its network has learned already, or None to begin with the first weights.
        """
        self._clock = clock
        self._on_update = on_update
        self._stopped = _GOING
        try:
            self._trainer = Trainer(config)
        except InvalidValueError as error:  # only the samples tell whether a formula has values
            self._trainer, trained = Trainer(_without_formulas(config)), None
            why = say("{what} So the run has no formulas, and begins with its first weights.", what=error.sentence)
            self._stopped = Stop("", why)
        if trained:
            self._trainer.go_on_from(*trained)
        self._history = History()
        self._revision = 1
        self._marks = Marks()
        self._stop_rule = StopRule()
        self._offered_table: Table | None = None  # that was uploaded last
        self._undo: list[_Edit] = []
        self.playing = False
        self.measurements: frozenset[str] = frozenset()
        self.pictures_per_second = 30.0
        self._pace: float | None = DEFAULT_PACE
        self._pace_unit: Literal["step", "epoch"] = "epoch"
        self._owed_samples = self._owed_steps = 0  # single steps that were asked for, whether it plays or not
        self._step_until = 0  # the epoch that steps lead to
        self._stepped = False  # whether the last update was a single step
        self._paced_from = (0.0, 0)  # when and at which epoch, or update, the present pace began
        self._steps_per_s = 0.0
        self._picture_number = 0
        self._next_picture = 0.0
        self._shown: tuple[int, int] | None = None  # revision and step of the last picture
        self._trail: deque[tuple[float, int]] = deque()  # recent (time, epoch), for the measured pace
        self._record()

    # --------------------------------------------------------------- commands

    def handle(self, command: protocol.AnyCommand) -> Answer:
        """Do what a command says; return what there is to answer.

        Raises:
            InvalidValueError: If it is refused; nothing has changed then.
        """
        match command:
            case protocol.Play():
                self._play()
            case protocol.Pause():
                self._rest()
                self._publish()
            case protocol.Step(unit=unit):
                self._step(unit)
            case protocol.Reset():
                self._rest()
                self._trainer.reset()
                self._begin_again()
                self._publish(experiment=True, history=True)
            case protocol.Change(changes=changes):
                self._change(self._trainer.config.changed(changes))
            case protocol.Load(link=link):
                return self._load(link)
            case protocol.Pace(per_second=pace, unit=unit):
                self._set_pace(pace, unit)
            case protocol.Edit():
                self._edit(command)
            case protocol.Freeze(layer=layer, row=row, unit=unit, frozen=frozen):
                self._trainer.freeze(layer, row, unit, frozen)
                self._publish(experiment=True)
            case protocol.RemoveLayer(layer=layer):
                self._change_by(lambda: self._trainer.remove_layer(layer))
            case protocol.AddPoints() | protocol.MovePoint() | protocol.ErasePoints():
                self._edit_points(command)
            case protocol.UndoPoints():
                self._undo_points()
            case protocol.UseTable():
                self._use_table(command)
            case protocol.Share():
                return Answer(NO_SEQ, link=links.write(self._trainer.config, self._learned()))
            case protocol.Ask(across=across, up=up):
                return Answer(NO_SEQ, reading=self._trainer.reading(across, up))
        return Answer(NO_SEQ)

    def take_table(self, table: Table) -> None:
        """Keep a table that was uploaded, for a UseTable to come."""
        self._offered_table = table

    def save(self, now: datetime) -> bytes:
        """Return the run as a document; see playground.runs.saved."""
        return saved.write(self._trainer, self._history, self._marks.told(), now)

    def restore(self, document: bytes) -> list[protocol.Refusal]:
        """Become the run of a document, at rest; return what is not as it was.

        Args:
            document: Of `save`, or anything.

        Raises:
            InvalidValueError: If it cannot be opened; nothing has changed then.
        """
        found = saved.read(document, [self._trainer.table, self._offered_table])
        self._rest()
        self._trainer, self._history = found.trainer, found.history
        self._marks = Marks(found.marks)
        self._revision += 1
        self._undo.clear()
        self._stop_rule.forget()
        self._restart_pace()
        self._publish(experiment=True, data=True, history=True, marks=True)
        return found.notes

    def _play(self) -> None:
        self._trainer.check_trainable()
        if passed := self._passed_end():
            raise InvalidValueError(passed)
        self._rest()  # single steps that are still owed are part of it now
        self.playing = True
        self._restart_pace()
        self._publish()

    def _rest(self, stop: Stop = _GOING) -> None:
        self.playing = False
        self._owe_nothing(stop)

    def _owe_nothing(self, stop: Stop = _GOING) -> None:
        """Forget single steps, done and asked for, and why it stopped; `stop` is why it stops now."""
        self._stopped, self._stepped = stop, False
        self._owed_samples = self._owed_steps = self._step_until = 0

    def _passed_end(self) -> str:
        """Say that the epoch at which training stops is behind, or return ""."""
        end, epoch = self._trainer.config.stop_epoch, self._trainer.epoch
        if end is None or epoch < end:
            return ""
        return say(
            "This run is at epoch {epoch} already, and is set to stop at epoch {end}. "
            "Let it stop at a later epoch or never, or press Reset.",
            epoch=epoch,
            end=end,
        )

    def _step(self, unit: str) -> None:
        """Owe a step, which `work` trains in slices: an epoch may be long."""
        self._trainer.check_trainable()
        owed = self._owed_samples, self._owed_steps, max(self._trainer.epoch, self._step_until)
        self._rest()
        self._owed_samples, self._owed_steps, self._step_until = owed
        match unit:
            case "sample":
                self._owed_samples += 1
            case "batch":
                self._owed_steps += 1
            case _:
                self._step_until += 1
        self._publish()

    def _load(self, link: str) -> Answer:
        read = links.read(link)
        if read.unclear:  # there is a run to lose: all of the link, or nothing
            first = read.unclear[0]
            raise InvalidValueError(say("The link was not loaded. {why}", why=first.message), first.field)
        self._change(read.config)
        if read.trained:
            self._rest()
            self._trainer.go_on_from(*read.trained)
            self._begin_again()
            self._publish(experiment=True, history=True)
        return Answer(NO_SEQ, notes=protocol.notes_of(read), page=read.page)

    def _learned(self) -> links.Trained:
        """Return what the network has learned so far."""
        weights = np.concatenate([array.ravel() for array in self._trainer.model.get_weights()])
        return links.Trained(tuple(weights.tolist()), self._trainer.epoch)

    def _set_pace(self, pace: float | None, unit: Literal["step", "epoch"]) -> None:
        if pace is not None and not MIN_PACE <= pace <= MAX_PACE:
            text = say(
                "Speed must be from {least} to {most} epochs or updates a second, got {pace}.",
                least=MIN_PACE,
                most=MAX_PACE,
                pace=pace,
            )
            raise InvalidValueError(text, "speed")
        self._pace, self._pace_unit = pace, unit
        self._restart_pace()
        self._publish()

    def _change(self, config: ExperimentConfig, table: Table | None = None, *, by_hand: bool = False) -> None:
        """Go on with another config.

        Args:
            config: The new one.
            table: That of the config, if it is another one now.
            by_hand: Whether points are edited, so that it can be taken back.
        """
        if config.differing(self._trainer.config) or table is not None:
            self._change_by(lambda: self._trainer.change(config, table), by_hand=by_hand)

    def _change_by(self, make: Callable[[], Change], *, by_hand: bool = False) -> None:
        """Let the trainer change, and follow it."""
        old, between_epochs = self._trainer.config, self._trainer.between_epochs
        change = make()
        config = self._trainer.config
        other_losses = config.penalty_in_loss != old.penalty_in_loss
        differing = config.differing(old)
        self._stopped = _GOING
        self._keep_undo({setting.name for setting in differing}, change, by_hand)
        if change.started_over or self._trainer.step == 0:
            self._begin_again()
        else:
            for setting in differing:
                values = getattr(old, setting.name), getattr(config, setting.name)
                self._marks.setting(setting, *values, self._trainer.epoch, self._clock())
            if (
                {setting.effect for setting in differing} - {Effect.PICTURE, Effect.NOTHING}
                or not config.stops
                or other_losses
            ):
                self._stop_rule.forget()
            self._follow_change(between_epochs)
        if not self._is_trainable():
            self._rest()
        elif self.playing and (passed := self._passed_end()):
            self._rest(Stop("epoch", passed))
        self._publish(experiment=True, data=change.data, history=True, marks=True)

    def _keep_undo(self, names: set[str], change: Change, by_hand: bool) -> None:
        """Forget what can no longer be taken back after a change of the settings of these names."""
        renumbered = not names.isdisjoint(RENUMBERING)
        edited_otherwise = not by_hand and ("own_points" in names or ("erased" in names and not renumbered))
        if change.other_data or edited_otherwise:
            self._undo.clear()
        elif renumbered:
            self._undo = [edit._replace(erased=()) for edit in self._undo]

    def _follow_change(self, between_epochs: bool) -> None:
        """Show the losses of the changed network at once, in place of those that the epoch had."""
        self._revision += 1
        if between_epochs:
            self._history.replace_last(self._trainer.epoch, self._trainer.losses())
        self._restart_pace()

    def _is_trainable(self) -> bool:
        try:
            self._trainer.check_trainable()
        except InvalidValueError:
            return False
        return True

    def _edit(self, edit: protocol.Edit) -> None:
        between_epochs = self._trainer.between_epochs
        old = self._trainer.edit(edit.layer, edit.row, edit.unit, edit.value)
        if edit.value != old and self._trainer.step:
            place, values = (edit.layer, edit.row, edit.unit), (old, edit.value)
            self._marks.weight(*place, *values, self._trainer.epoch, self._clock())
        self._stopped = _GOING
        self._stop_rule.forget()
        self._follow_change(between_epochs)
        self._publish(experiment=True, history=True, marks=True)

    def _begin_again(self) -> None:
        """Follow the trainer back to epoch 0."""
        self._revision += 1
        self._owe_nothing()
        self._history.clear()
        self._marks = Marks()
        self._stop_rule.forget()
        self._restart_pace()
        self._record()

    # ------------------------------------------------------------ own data

    def _edit_points(self, command: protocol.AddPoints | protocol.MovePoint | protocol.ErasePoints) -> None:
        """Add, move or erase points by hand, so that it can be taken back."""
        config = self._trainer.config
        if config.many_columns:
            text = say("Points can be edited by hand where data have one or two measurements; these have more.")
            raise InvalidValueError(text, "own_points")
        own, erased = list(config.own_points), set(config.erased)
        match command:
            case protocol.AddPoints(points=points):
                own += points
            case protocol.ErasePoints(indices=indices):
                own, erased = self._without(own, erased, indices)
            case protocol.MovePoint(index=index, x=x, y=y):
                own, erased = self._moved(own, erased, index, x, y)
        edit = _Edit(command.stroke, config.own_points, config.erased)
        self._change(config.changed({"own_points": own, "erased": sorted(erased)}), by_hand=True)
        if self._trainer.config is config:
            return
        if not self._undo or not command.stroke or self._undo[-1].stroke != command.stroke:
            self._undo.append(edit)
            del self._undo[:-MAX_UNDO]
            while sum(len(edit.own_points) + len(edit.erased) for edit in self._undo) > MAX_UNDO_POINTS:
                del self._undo[0]
            self._publish()

    def _without(
        self, own: list[tuple[float, float, float]], erased: set[int], indices: list[int]
    ) -> tuple[list[tuple[float, float, float]], set[int]]:
        """Return own and erased points after these are erased."""
        first = self._trainer.data.drawn_from
        for index in indices:
            self._check_point(index)
        gone = {index - first for index in indices if index >= first}
        kept = [point for number, point in enumerate(own) if number not in gone]
        return kept, erased | {index for index in indices if index < first}

    def _moved(
        self, own: list[tuple[float, float, float]], erased: set[int], index: int, x: float, y: float
    ) -> tuple[list[tuple[float, float, float]], set[int]]:
        """Return own and erased points after one is moved: one of the data set becomes one's own."""
        self._check_point(index)
        data = self._trainer.data
        target = float(data.y[index])
        if index < data.drawn_from:
            return [*own, (x, y, target)], erased | {index}
        own[index - data.drawn_from] = (x, y, target)
        return own, erased

    def _check_point(self, index: int) -> None:
        data = self._trainer.data
        if not 0 <= index < len(data.X) or index in self._trainer.config.erased:
            raise InvalidValueError(say("There is no point number {index} (any more).", index=index), "own_points")

    def _undo_points(self) -> None:
        if not self._undo:
            text = say("Nothing has been done to the points that could be taken back.")
            raise InvalidValueError(text, "own_points")
        edit = self._undo[-1]
        before = {"own_points": edit.own_points, "erased": edit.erased}
        self._change(self._trainer.config.changed(before), by_hand=True)
        self._undo.pop()
        self._publish()

    def _use_table(self, command: protocol.UseTable) -> None:
        table = self._offered_table or self._trainer.table
        if table is None:
            raise InvalidValueError(say("No table has been uploaded yet; choose a file first."), "table")
        choice = TableChoice(
            command.target, tuple(command.inputs), tuple(command.kinds), command.missing, command.scaling
        )
        source = choose(table, choice)
        self._change(self._trainer.config.changed({"table": source}), table)
        self._offered_table = None

    # ---------------------------------------------------------------- training

    def due(self) -> float | None:
        """Return when it wants to train next, as a time of the clock (-inf: at once); None when it does not."""
        if self._steps_owed:
            return -math.inf
        if not self.playing:
            return None
        if self._pace is None:
            return -math.inf
        start, done = self._paced_from
        return start + (self._progress + 1 - done) / self._pace

    @property
    def _steps_owed(self) -> bool:
        """Whether single steps are still to be trained."""
        return bool(self._owed_samples or self._owed_steps) or self._trainer.epoch < self._step_until

    @property
    def _progress(self) -> int:
        """What the pace counts: updates, or epochs."""
        return self._trainer.step if self._pace_unit == "step" else self._trainer.epoch

    def work(self, budget_s: float) -> None:
        """Train for about `budget_s`, or until nothing is owed."""
        start = self._clock()
        end = start + budget_s
        self._forgive_debt(start)
        while (due := self.due()) is not None and due <= self._clock() < end:
            steps = _SLICE_WITHOUT_CLOCK
            if self._owed_samples or self._owed_steps:
                self._single_step()
                continue
            if self._pace is not None and self._pace_unit == "step" and not self._steps_owed:
                start_, done = self._paced_from
                steps = max(1, min(steps, int((self._clock() - start_) * self._pace) + done - self._trainer.step))
            elif self._steps_per_s:
                steps = max(1, int((end - self._clock()) * self._steps_per_s))
            before = self._clock()
            done = self._advance(steps)
            spent = self._clock() - before
            if done and spent > 0:
                self._steps_per_s = done / spent

    def _advance(self, steps: int) -> int:
        """Train up to `steps` steps of an epoch; return how many. A network that diverges pauses."""
        owed = self._steps_owed
        try:
            done = self._trainer.train(steps)
            self._record()
        except DivergedError as error:
            self._go_back(error)
            return 0
        if owed and not self._steps_owed:
            self._publish()
        return done

    def _single_step(self) -> None:
        """Train on one sample or one batch that is owed."""
        try:
            if self._owed_samples:
                self._owed_samples -= 1
                self._trainer.train_sample()
            else:
                self._owed_steps -= 1
                self._trainer.train(1)
            self._record()
        except DivergedError as error:
            self._go_back(error)
            return
        self._stepped = True
        self._publish()

    def _go_back(self, error: DivergedError) -> None:
        """Follow a trainer that went back to sound weights, and say why."""
        self._revision += 1
        self._history.cut(self._trainer.epoch)
        self._stop_rule.forget()
        why = say("{what} Reset returns to the first weights.", what=error.sentence)
        self._rest(Stop("divergence", why))
        self._publish(experiment=True, history=True)

    def _record(self) -> None:
        trainer = self._trainer
        if not trainer.between_epochs:
            return
        if self._history.wants(trainer.epoch):
            thinned = self._history.add(trainer.epoch, trainer.checked_losses())
            if thinned:
                self._publish(history=True)
        if trainer.step and trainer.config.stops:
            stop = self._stop_rule.look(trainer.config, trainer.epoch, trainer.losses().test_loss)
            if stop is not None and self.playing:
                self._rest(stop)
                self._stop_rule.forget()  # pressing Play again, one wants it to go on
                self._publish()

    def _restart_pace(self) -> None:
        now = self._clock()
        # The first epoch is due at once: a press of Play is to be seen.
        lead = 1 / self._pace if self._pace else 0.0
        self._paced_from = (now - lead, self._progress)
        self._trail.clear()
        self._steps_per_s = 0.0

    def _forgive_debt(self, now: float) -> None:
        due = self.due()
        if self._pace and due is not None and math.isfinite(due) and now - due > _DEBT_S:
            self._paced_from = (now - 1 / self._pace, self._progress)

    # ---------------------------------------------------------------- pictures

    def watch(self, measurements: frozenset[str], pictures_per_second: float) -> None:
        """Set what is watched, and how often.

        Args:
            measurements: Names in MEASUREMENTS.
            pictures_per_second: Taken to the nearest from MIN_PICTURES_PER_SECOND to MAX_PICTURES_PER_SECOND.
        """
        for name in measurements:
            MEASUREMENTS.get(name)
        if not measurements <= self.measurements:
            self._shown = None  # somebody wants to see what has not been shown
        self.measurements = measurements
        self.pictures_per_second = min(max(pictures_per_second, MIN_PICTURES_PER_SECOND), MAX_PICTURES_PER_SECOND)
        self._next_picture = min(self._next_picture, self._clock() + 1 / self.pictures_per_second)

    def picture_due(self) -> float | None:
        """Return when the next picture is due, as a time of the clock; None when there is nothing to show."""
        if not self.measurements or self._shown == (self._revision, self._trainer.step):
            return None
        return self._next_picture

    def take_picture(self) -> tuple[int, bytes, bytes]:
        """Return the next picture's number, the msgpack of its protocol.Frame, and the history's new rows."""
        now = self._clock()
        self._shown = (self._revision, self._trainer.step)
        self._picture_number += 1
        frame = encode_frame(
            self._trainer, sorted(self.measurements), self._picture_number, self._revision, self._measured_pace(now)
        )
        # At the wanted rate; but a network so large that a picture takes long spends half of its time training.
        end = self._clock()
        self._next_picture = max(self._next_picture + 1 / self.pictures_per_second, end + (end - now))
        return self._picture_number, frame, self._history.new_rows()

    def _measured_pace(self, now: float) -> float:
        """Return epochs per second over the last second, 0 while it does not train."""
        if not self.playing:
            return 0.0
        self._trail.append((now, self._trainer.epoch))
        while now - self._trail[0][0] > _PACE_WINDOW_S:
            self._trail.popleft()
        start, epoch = self._trail[0]
        return (self._trainer.epoch - epoch) / (now - start) if now > start else 0.0

    # ------------------------------------------------------------ descriptions

    def snapshot(self) -> bytes:
        """Return the msgpack of a protocol.Update that tells everything, and show a picture soon."""
        self._shown, self._next_picture = None, self._clock()
        return self._update(experiment=True, data=True, history=True, marks=True)

    def _publish(
        self, *, experiment: bool = False, data: bool = False, history: bool = False, marks: bool = False
    ) -> None:
        if experiment:
            self._shown = None  # viewers drop the picture that they wait for: it shows what was before
        self._on_update(self._update(experiment=experiment, data=data, history=history, marks=marks or history))

    def _update(self, *, experiment: bool, data: bool, history: bool, marks: bool) -> bytes:
        return msgspec.msgpack.encode(
            Update(
                experiment=experiment_of(self._trainer, self._revision) if experiment else None,
                data=data_of(self._trainer) if data else None,
                state=self._state(),
                history=self._history.all_rows() if history else None,
                marks=self._marks.told() if marks else None,
            )
        )

    def _state(self) -> State:
        trainer = self._trainer
        return State(
            playing=self.playing,
            epoch=trainer.epoch,
            step=trainer.step,
            samples_seen=trainer.samples_seen,
            last_batch=trainer.last_batch[:MAX_TOLD_SAMPLES] if self._stepped else [],
            pace=self._pace,
            pace_unit=self._pace_unit,
            stopped=told(self._stopped.why),
            stopped_by=self._stopped.by,
            undoable=bool(self._undo),
        )


def _without_formulas(config: ExperimentConfig) -> ExperimentConfig:
    """Return a config without formulas, and with other inputs if there were none but these."""
    features, columns = config.features or ExperimentConfig().features, config.columns or None
    return config.changed({"formulas": (), "features": features, "columns": columns})
