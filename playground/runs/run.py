"""An experiment over time: its state, its history, its pace."""

import math
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from playground import protocol
from playground.catalogue import DEFAULT_PACE
from playground.data import FEATURES
from playground.errors import DivergedError, InvalidValueError
from playground.nn import ACTIVATIONS
from playground.protocol import Data, Experiment, Input, Points, State, Update
from playground.runs.frames import encode_frame
from playground.runs.history import History
from playground.training import GRID, MEASUREMENTS, PROBLEMS, ExperimentConfig, Trainer
from playground.training.measurements import signed_maps

MIN_EPOCHS_PER_SECOND, MAX_EPOCHS_PER_SECOND = 0.01, 1e6
MIN_PICTURES_PER_SECOND, MAX_PICTURES_PER_SECOND = 0.1, 60.0

# A run that falls behind its pace forgets what it owes beyond this, so that it does not race later.
_DEBT_S = 0.25
_PACE_WINDOW_S = 1.0
_INPUT_MAP_STRIDE = 2
_SLICE_WITHOUT_CLOCK = 32  # steps between two looks at the clock, until their cost is known


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
    ) -> None:
        """
        Args:
            config: What to train.
            clock: Seconds, monotonic.
            on_update: Called with the msgpack of a protocol.Update whenever something but the weights has changed.
        """
        self._clock = clock
        self._on_update = on_update
        self._trainer = Trainer(config)
        self._history = History()
        self._revision = 1
        self._stopped = ""
        self.playing = False
        self.measurements: frozenset[str] = frozenset()
        self.pictures_per_second = 30.0
        self._pace: float | None = DEFAULT_PACE
        self._step_until = 0  # the epoch that steps lead to, whether it plays or not
        self._paced_from = (0.0, 0)  # when and at which epoch the present pace began
        self._steps_per_s = 0.0
        self._picture_number = 0
        self._next_picture = 0.0
        self._shown: tuple[int, int] | None = None  # revision and step of the last picture
        self._trail: deque[tuple[float, int]] = deque()  # recent (time, epoch), for the measured pace
        self._record()

    # --------------------------------------------------------------- commands

    def handle(self, command: protocol.AnyCommand) -> None:
        """Do what a command says.

        Raises:
            InvalidValueError: If it is refused; nothing has changed then.
        """
        match command:
            case protocol.Play():
                self._play()
            case protocol.Pause():
                self._rest()
                self._publish()
            case protocol.Step():
                until = max(self._trainer.epoch, self._step_until) + 1
                self._rest()
                self._step_until = until  # trained by `work`, in slices: an epoch may be long
                self._publish()
            case protocol.Reset():
                self._rest()
                self._trainer.reset()
                self._begin_again()
                self._publish(experiment=True, history=True)
            case protocol.Change(changes=changes):
                self._change(self._trainer.config.changed(changes))
            case protocol.Load(link=link):
                self._load(link)
            case protocol.Pace(epochs_per_second=pace):
                self._set_pace(pace)

    def _play(self) -> None:
        self.playing, self._stopped = True, ""
        self._restart_pace()
        self._publish()

    def _rest(self, why: str = "") -> None:
        self.playing, self._stopped, self._step_until = False, why, 0

    def _load(self, link: str) -> None:
        config, notes = ExperimentConfig.from_link(link)
        if notes:  # there is a run to lose: all of the link, or nothing
            raise InvalidValueError(f"The link was not loaded. {notes[0].message}", notes[0].field)
        self._change(config)

    def _set_pace(self, pace: float | None) -> None:
        if pace is not None and not MIN_EPOCHS_PER_SECOND <= pace <= MAX_EPOCHS_PER_SECOND:
            raise InvalidValueError(
                f"Speed must be from {MIN_EPOCHS_PER_SECOND} to {MAX_EPOCHS_PER_SECOND:.0f} epochs a second, "
                f"got {pace:g}.",
                "speed",
            )
        self._pace = pace
        self._restart_pace()
        self._publish()

    def _change(self, config: ExperimentConfig) -> None:
        if config == self._trainer.config:
            return
        between_epochs = self._trainer.between_epochs
        change = self._trainer.change(config)
        self._stopped = ""
        if change.started_over or self._trainer.step == 0:
            self._begin_again()
        else:
            self._revision += 1
            if between_epochs:
                self._history.replace_last(self._trainer.epoch, self._trainer.losses())
            self._restart_pace()
        self._publish(experiment=True, data=change.data, history=True)

    def _begin_again(self) -> None:
        """Follow the trainer back to epoch 0."""
        self._revision += 1
        self._stopped, self._step_until = "", 0
        self._history.clear()
        self._restart_pace()
        self._record()

    # ---------------------------------------------------------------- training

    def due(self) -> float | None:
        """Return when it wants to train next, as a time of the clock (-inf: at once); None when it does not."""
        if self._trainer.epoch < self._step_until:
            return -math.inf
        if not self.playing:
            return None
        if self._pace is None:
            return -math.inf
        start, epoch = self._paced_from
        return start + (self._trainer.epoch + 1 - epoch) / self._pace

    def work(self, budget_s: float) -> None:
        """Train for about `budget_s`, or until nothing is owed."""
        start = self._clock()
        end = start + budget_s
        self._forgive_debt(start)
        while (due := self.due()) is not None and due <= self._clock() < end:
            steps = _SLICE_WITHOUT_CLOCK
            if self._steps_per_s:
                steps = max(1, int((end - self._clock()) * self._steps_per_s))
            before = self._clock()
            done = self._advance(steps)
            spent = self._clock() - before
            if done and spent > 0:
                self._steps_per_s = done / spent

    def _advance(self, steps: int) -> int:
        """Train up to `steps` steps of an epoch; return how many. A network that diverges pauses."""
        try:
            done = self._trainer.train(steps)
            self._record()
        except DivergedError as error:
            self._revision += 1  # the epoch has gone back
            self._history.cut(self._trainer.epoch)
            self._rest(f"{error} Reset returns to the first weights.")
            self._publish(experiment=True, history=True)
            return 0
        if self._trainer.epoch == self._step_until:
            self._publish()
        return done

    def _record(self) -> None:
        if self._history.wants(self._trainer.epoch) and self._trainer.between_epochs:
            thinned = self._history.add(self._trainer.epoch, self._trainer.checked_losses())
            if thinned:
                self._publish(history=True)

    def _restart_pace(self) -> None:
        now = self._clock()
        # The first epoch is due at once: a press of Play is to be seen.
        lead = 1 / self._pace if self._pace else 0.0
        self._paced_from = (now - lead, self._trainer.epoch)
        self._trail.clear()
        self._steps_per_s = 0.0

    def _forgive_debt(self, now: float) -> None:
        due = self.due()
        if self._pace and due is not None and math.isfinite(due) and now - due > _DEBT_S:
            self._paced_from = (now - 1 / self._pace, self._trainer.epoch)

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
        return self._update(experiment=True, data=True, history=True)

    def _publish(self, *, experiment: bool = False, data: bool = False, history: bool = False) -> None:
        self._on_update(self._update(experiment=experiment, data=data, history=history))

    def _update(self, *, experiment: bool, data: bool, history: bool) -> bytes:
        return msgspec.msgpack.encode(
            Update(
                experiment=self._experiment() if experiment else None,
                data=self._data() if data else None,
                state=self._state(),
                history=self._history.all_rows() if history else None,
            )
        )

    def _state(self) -> State:
        return State(self.playing, self._trainer.epoch, self._trainer.step, self._pace, self._stopped)

    def _experiment(self) -> Experiment:
        trainer, config = self._trainer, self._trainer.config
        names = [name if name in config.features else "" for name in trainer.input_names]
        outputs = trainer.data.targets.shape[1]
        return Experiment(
            revision=self._revision,
            config=config.to_json(),
            link=config.to_link(),
            problem=config.problem,
            inputs=[Input(name, label) for name, label in zip(names, trainer.input_labels, strict=True)],
            layers=[len(names), *config.hidden, outputs],
            loss=config.loss_entry.label,
            output_activation=ACTIVATIONS[PROBLEMS[config.problem].output_activation].label,
            parameters=trainer.model.count_params(),
        )

    def _data(self) -> Data:
        trainer, data = self._trainer, self._trainer.data
        points = data.points
        fields = data.inputs(data.grid, FEATURES.names).astype(np.float32).T.reshape(-1, GRID, GRID)
        maps = signed_maps(fields[:, ::_INPUT_MAP_STRIDE, ::_INPUT_MAP_STRIDE], bounded=False)
        return Data(
            classes=list(points.classes),
            axes=[points.columns[axis] for axis in points.axes],
            domain=[list(interval) for interval in points.domain],
            value_range=list(trainer.value_range),
            slice=trainer.slice_text,
            train=self._points(data.split.train),
            test=self._points(data.split.test),
            input_maps=maps["maps"].tobytes(),
            input_scales=maps["map_scales"].tobytes(),
        )

    def _points(self, indices: Any) -> Points:
        points = self._trainer.data.points
        across, up = points.axes
        columns = (points.X[indices, across], points.X[indices, up], points.y[indices])
        return Points(*(column.astype(np.float32).tobytes() for column in columns))
