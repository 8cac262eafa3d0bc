"""Callbacks: what happens while a model is fitted, beside training."""

import csv
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from playground.errors import InvalidValueError, UnknownNameError
from playground.nn.tape import Array
from playground.registry import shown

Logs = Mapping[str, float]

_HOOKS = (
    "on_train_begin",
    "on_train_end",
    "on_epoch_begin",
    "on_epoch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
)


class Callback:
    """Base of callbacks: override what is of interest.

    Attributes:
        model: The model that is fitted. Setting `model.stop_training` ends the training after this epoch.
        params: Number of epochs and of steps an epoch, and how much is printed.
    """

    model: Any = None
    params: Mapping[str, Any] = {}

    def set_model(self, model: Any) -> None:
        """Take note of the model."""
        self.model = model

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Take note of the numbers of the training."""
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Before the first epoch."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """After the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Before an epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """After an epoch; `logs` has loss and metrics, those of the validation too."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Before an update."""

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """After an update; `logs` has the means of the epoch so far."""

    def watches_batches(self) -> bool:
        """Whether it looks at every update, so that the training must stop at each."""
        return any(
            getattr(type(self), hook) is not getattr(Callback, hook)
            for hook in ("on_train_batch_begin", "on_train_batch_end")
        )


class History(Callback):
    """What `fit` measured.

    Attributes:
        history: For each metric its value in each epoch.
        epoch: The epochs' numbers.
    """

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Add what was measured."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """A callback made of functions: `LambdaCallback(on_epoch_end=lambda epoch, logs: …)`."""

    def __init__(self, **hooks: Callable[..., None]) -> None:
        """
        Raises:
            UnknownNameError: If there is no such hook.
        """
        for name, hook in hooks.items():
            if name not in _HOOKS:
                raise UnknownNameError("hook", name, _HOOKS, name)
            setattr(self, name, hook)
        self._batches = any("batch" in name for name in hooks)

    def watches_batches(self) -> bool:
        """Whether one of the functions is for batches."""
        return self._batches


class _Monitor(Callback):
    """A callback that looks whether a metric gets better."""

    def __init__(self, monitor: str, mode: str, min_delta: float) -> None:
        if mode not in ("auto", "min", "max"):
            raise InvalidValueError(f"mode must be auto, min or max, got {shown(mode)}.", "mode")
        self.monitor = monitor
        self.min_delta = abs(_number(min_delta, "min_delta"))
        self._grows = mode == "max" or (mode == "auto" and ("acc" in monitor or "auc" in monitor))
        self._best = -math.inf

    def begin(self) -> None:
        """Forget what was best."""
        self._best = -math.inf

    def value(self, logs: Logs | None) -> float:
        """Return the monitored value, such that greater is better.

        Raises:
            UnknownNameError: If it is not measured.
        """
        if self.monitor not in (logs or {}):
            raise UnknownNameError("metric to monitor", self.monitor, logs or {}, "monitor")
        value = (logs or {})[self.monitor]
        return value if self._grows else -value

    def improves(self, value: float) -> bool:
        """Whether a value is better than the best."""
        return value > self._best + (self.min_delta if math.isfinite(self._best) else 0)


class EarlyStopping(_Monitor):
    """Stops training when a metric has got no better for some epochs."""

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        """
        Args:
            monitor: What is watched.
            min_delta: What counts as better, at least.
            patience: Epochs without getting better after which it stops.
            verbose: Whether to print why it stopped.
            mode: "min" or "max": which is better; "auto" tells by the name.
            baseline: What must be beaten at all.
            restore_best_weights: Whether to go back to the weights of the best epoch at the end.
            start_from_epoch: Epochs before which nothing is watched.
        """
        super().__init__(monitor, mode, min_delta)
        self.patience, self.verbose = int(_number(patience, "patience")), verbose
        self.baseline, self.restore_best_weights = baseline, restore_best_weights
        self.start_from_epoch = start_from_epoch
        self.stopped_epoch = self.best_epoch = 0
        self._weights: list[Array] | None = None
        self._waited = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin to watch."""
        self.begin()
        if self.baseline is not None:
            self._best = self.baseline if self._grows else -self.baseline
        self._waited = self.stopped_epoch = self.best_epoch = 0
        self._weights = None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Stop if it has not got better for long enough."""
        value = self.value(logs)
        if epoch < self.start_from_epoch:
            return
        self._waited += 1
        if self.restore_best_weights and self._weights is None:
            self._weights, self.best_epoch = self.model.get_weights(), epoch
        if self.improves(value):
            self._best, self.best_epoch, self._waited = value, epoch, 0
            if self.restore_best_weights:
                self._weights = self.model.get_weights()
        elif self._waited >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Go back to the best weights if that was asked for."""
        if self.stopped_epoch and self.verbose:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")
        if self._weights is not None:
            if self.verbose:
                print(f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.")
            self.model.set_weights(self._weights)


class ReduceLROnPlateau(_Monitor):
    """Lowers the learning rate when a metric has got no better for some epochs."""

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        """
        Args:
            monitor: What is watched.
            factor: What the learning rate is multiplied by.
            patience: Epochs without getting better after which it is lowered.
            verbose: Whether to print when it is.
            mode: "min" or "max": which is better; "auto" tells by the name.
            min_delta: What counts as better, at least.
            cooldown: Epochs after that in which nothing is watched.
            min_lr: The least learning rate.
        """
        super().__init__(monitor, mode, min_delta)
        if not 0 <= _number(factor, "factor") < 1:
            raise InvalidValueError(f"factor must be a number from 0 to below 1, got {shown(factor)}.", "factor")
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.min_lr = cooldown, min_lr
        self._waited = self._cooling = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin to watch."""
        self.begin()
        self._waited = self._cooling = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Lower the rate if it has not got better for long enough."""
        value = self.value(logs)
        if self._cooling:
            self._cooling -= 1
            self._waited = 0
        if self.improves(value):
            self._best, self._waited = value, 0
        elif not self._cooling:
            self._waited += 1
            rate = self.model.optimizer.learning_rate
            if self._waited >= self.patience and rate > self.min_lr:
                self.model.optimizer.learning_rate = max(rate * self.factor, self.min_lr)
                self._cooling, self._waited = self.cooldown, 0
                if self.verbose:
                    print(
                        f"Epoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to "
                        f"{self.model.optimizer.learning_rate:g}."
                    )


class LearningRateScheduler(Callback):
    """Sets the learning rate at the start of each epoch: `schedule(epoch, learning_rate)`, or `schedule(epoch)`."""

    def __init__(self, schedule: Callable[..., float], verbose: int = 0) -> None:
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Ask for the rate, and set it."""
        try:
            rate = self.schedule(epoch, self.model.optimizer.learning_rate)
        except TypeError:
            rate = self.schedule(epoch)
        self.model.optimizer.learning_rate = rate
        if self.verbose:
            print(f"Epoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate:g}.")


class CSVLogger(Callback):
    """Writes what each epoch measured as a line of a table."""

    def __init__(self, filename: str | Path, separator: str = ",", append: bool = False) -> None:
        self.filename, self.separator, self.append = Path(filename), separator, append
        self._names: list[str] = []
        self._file: TextIO | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Open the file."""
        self._file = self.filename.open("a" if self.append else "w", newline="", encoding="utf-8")
        self._names = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write a line; the first one has the names above it."""
        assert self._file is not None
        writer = csv.writer(self._file, delimiter=self.separator)
        if not self._names:
            self._names = list(logs or {})
            if not self._file.tell():
                writer.writerow(["epoch", *self._names])
        writer.writerow([epoch, *(repr((logs or {}).get(name, math.nan)) for name in self._names)])
        self._file.flush()

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


class ProgbarLogger(Callback):
    """Prints how far the training is: a bar with the time remaining for each epoch, or a line for each."""

    def __init__(
        self, verbose: int = 1, clock: Callable[[], float] = time.perf_counter, stream: TextIO | None = None
    ) -> None:
        """
        Args:
            verbose: 1 for a bar, 2 for a line.
            clock: What tells the time, in seconds.
            stream: Where to print; None is the standard output.
        """
        self.verbose, self._clock, self._stream = verbose, clock, stream
        self._began = self._shown_at = 0.0

    @property
    def _out(self) -> TextIO:
        return self._stream or sys.stdout

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Print which epoch it is."""
        self._began = self._shown_at = self._clock()
        print(f"Epoch {epoch + 1}/{self.params['epochs']}", file=self._out)

    def progress(self, steps: int, logs: Logs) -> None:
        """Draw the bar anew, ten times a second at most, and only where it can be drawn over."""
        now = self._clock()
        if self.verbose != 1 or now - self._shown_at < 0.1 or not self._out.isatty():
            return
        self._shown_at = now
        total = self.params["steps"]
        left = (now - self._began) / steps * (total - steps)
        print(f"\r{bar(steps, total)} {left:.0f}s left - {_told(logs)}", end="", file=self._out, flush=True)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Print what was measured."""
        taken, steps = self._clock() - self._began, self.params["steps"]
        if self.verbose == 1:
            start = "\r" if self._out.isatty() else ""
            per_step = f"{taken / steps * 1e6:.0f}us/step"
            print(f"{start}{bar(steps, steps)} {taken:.0f}s {per_step} - {_told(logs or {})}", file=self._out)
        else:
            print(f"{steps}/{steps} - {taken:.0f}s - {_told(logs or {})}", file=self._out)


def bar(done: int, total: int, width: int = 20) -> str:
    """Return a bar such as "30/40 ━━━━━━━━━━━━━━━     "."""
    filled = width * done // max(total, 1)
    return f"{done}/{total} {'━' * filled}{' ' * (width - filled)}"


def _told(logs: Logs) -> str:
    return " - ".join(
        f"{name}: {value:.4f}" if abs(value) >= 1e-3 else f"{name}: {value:.4e}" for name, value in logs.items()
    )


def _number(value: object, name: str) -> float:
    if not isinstance(value, (int, float, np.number)) or isinstance(value, bool) or not math.isfinite(value):
        raise InvalidValueError(f"{name} must be a number, got {shown(value)}.", name)
    return float(value)


def checked(callbacks: Sequence[Callback] | Callback | None) -> list[Callback]:
    """Return callbacks as a list.

    Raises:
        InvalidValueError: If something else is among them.
    """
    given: list[Any] = [callbacks]
    if callbacks is None or isinstance(callbacks, (list, tuple)):
        given = list(callbacks or ())
    for callback in given:
        if not isinstance(callback, Callback):
            raise InvalidValueError(
                f"callbacks must be objects of the class Callback, got {shown(callback)}.", "callbacks"
            )
    return given
