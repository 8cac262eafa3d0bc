"""An experiment without a browser: trained to the end, told in lines, kept in a file."""

import csv
import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import msgspec

from playground.data.tables import Table, TableChoice, TableSource, choose
from playground.errors import DivergedError, InvalidValueError
from playground.nn.callbacks import bar
from playground.training.config import ExperimentConfig
from playground.training.stopping import Stop, StopRule
from playground.training.trainer import Losses, Trainer

_SERIES = (1, 2, 5)


class Epoch(NamedTuple):
    """What was measured after an epoch, and why training stops there, if it does."""

    epoch: int
    losses: Losses
    stop: Stop | None = None


def epochs(config: ExperimentConfig, count: int, table: Table | None = None) -> Iterator[Epoch]:
    """Train, and yield what each epoch measured; the same as the page shows for this config.

    Args:
        config: What is trained.
        count: How many epochs, unless a condition of the config stops it before.
        table: The table of `config.table`, if it has one.

    Raises:
        InvalidValueError: If there is nothing to learn from.
        DivergedError: If a weight is no longer finite.
    """
    trainer, rule = Trainer(config, table), StopRule()
    for _ in range(count):
        trainer.train_epoch()
        losses = trainer.checked_losses()
        stop = rule.look(config, trainer.epoch, losses.test_loss)
        yield Epoch(trainer.epoch, losses, stop)
        if stop:
            return


def train(
    config: ExperimentConfig,
    count: int,
    out: TextIO,
    clock: Callable[[], float] = time.perf_counter,
    table: Table | None = None,
) -> tuple[list[Epoch], Stop | None]:
    """Train, and tell how it goes: a bar with the time remaining on a terminal, and lines ever farther apart.

    Args:
        config: What is trained.
        count: How many epochs at most.
        out: Where to tell it.
        clock: What tells the time, in seconds.
        table: The table of `config.table`, if it has one.

    Returns:
        What each epoch measured, and why it ended early: by a condition of the config, "divergence" or "interrupt".

    Raises:
        InvalidValueError: If there is nothing to learn from.
    """
    history: list[Epoch] = []
    began = shown = clock()
    heading = "training R²   test R²" if config.problem == "regression" else " training    test"
    print(f"{'epoch':>8} {'training loss':>14} {'test loss':>10} {heading}", file=out)
    stop: Stop | None = None
    try:
        for epoch in epochs(config, count, table):
            history.append(epoch)
            stop = epoch.stop
            now = clock()
            if _is_told(epoch.epoch) or epoch.epoch == count or stop:
                _erase(out)
                _tell(config, epoch, out)
            if out.isatty() and now - shown > 0.1:
                shown = now
                left = (now - began) / len(history) * (count - len(history))
                print(f"\r{bar(len(history), count)} {left:.0f} s left ", end="", file=out, flush=True)
    except DivergedError as error:
        stop = Stop("divergence", str(error))
    except KeyboardInterrupt:
        stop = Stop("interrupt", "Stopped.")
    _erase(out)
    if stop and history and not history[-1].stop and not _is_told(history[-1].epoch):
        _tell(config, history[-1], out)
    return history, stop


def save(path: Path, config: ExperimentConfig, history: list[Epoch]) -> None:
    """Write what was measured: a table if the name ends in .csv, else JSON with the config; null where not finite.

    Raises:
        InvalidValueError: If the file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            if path.suffix == ".csv":
                writer = csv.writer(file)
                writer.writerow(["epoch", *Losses._fields])
                writer.writerows([epoch.epoch, *map(repr, epoch.losses)] for epoch in history)
            else:
                columns = {name: [_known(getattr(e.losses, name)) for e in history] for name in Losses._fields}
                values = {"config": config.to_json(), "history": {"epoch": [e.epoch for e in history], **columns}}
                json.dump(values, file, indent=1)
                file.write("\n")
    except OSError as error:
        raise InvalidValueError(f"{path} cannot be written: {error.strerror}.", "history") from error


def read_config(path: Path, table: TableSource | None = None) -> ExperimentConfig:
    """Return the config in a JSON file, or the one in a history that `save` wrote.

    Args:
        path: The file.
        table: What its experiment learns from instead of what the file says.

    Raises:
        InvalidValueError: If there is none, or it is not valid.
    """
    values = _read(path)
    if table:
        values = {**values, "table": table}
    elif values.get("table") is not None:
        raise InvalidValueError(f"The experiment in {path} is about a table; give its file with --table.", "table")
    return ExperimentConfig.from_json(values)


def read_choice(path: Path, table: Table) -> TableChoice | None:
    """Return how the experiment in a file uses its table; None if it is about none.

    Args:
        path: A file as for `read_config`.
        table: The table.

    Raises:
        InvalidValueError: If the experiment is about another table than this.
    """
    values = _read(path).get("table")
    if values is None:
        return None
    try:
        saved = msgspec.convert(values, TableSource)
    except msgspec.ValidationError as error:
        raise InvalidValueError(f"{path} does not say how its table is used: {error}.", "table") from error
    if len(saved.kinds) == len(table.columns):
        source = choose(table, saved)
        if (source.target_name, source.columns, source.classes) == (saved.target_name, saved.columns, saved.classes):
            return saved
    raise InvalidValueError(
        f"The experiment in {path} predicts {saved.target_name!r} of the table {saved.name}; the columns of "
        f"{table.name} are others. Give the table that it was trained on.",
        "table",
    )


def _read(path: Path) -> dict[str, Any]:
    """Return the settings in a JSON file."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidValueError(f"{path} cannot be read: {error.strerror}.", "config") from error
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{path} is no JSON: {error}.", "config") from error
    if isinstance(values, dict) and isinstance(values.get("config"), dict):
        values = values["config"]
    if not isinstance(values, dict):
        raise InvalidValueError(f'{path} must hold the settings of an experiment: {{"dataset": "moons", …}}.', "config")
    return values


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _is_told(epoch: int) -> bool:
    """Whether an epoch is one of 1, 2, 5, 10, 20, 50, and so on."""
    while epoch % 10 == 0 and epoch:
        epoch //= 10
    return epoch in _SERIES


def _tell(config: ExperimentConfig, epoch: Epoch, out: TextIO) -> None:
    training, test, training_quality, test_quality, *_ = epoch.losses
    if config.problem == "regression":
        quality = f"{training_quality:11.3f} {test_quality:9.3f}"
    else:
        quality = f"{training_quality:9.1%} {test_quality:7.1%}"
    print(f"{epoch.epoch:8} {training:14.6f} {test:10.6f} {quality}", file=out, flush=True)


def _erase(out: TextIO) -> None:
    if out.isatty():
        print("\r\x1b[K", end="", file=out)
