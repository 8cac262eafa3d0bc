"""A run in a file: one JSON document, from which this server or another makes the same run again.

Whoever keeps the file may add a `name` and a `picture` to the document; they are left alone here. A document may come
from anybody, so nothing in it is believed before it was checked.
"""

import hashlib
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

import playground
from playground.data.table_check import check
from playground.data.tables import Table
from playground.errors import InvalidValueError
from playground.protocol import HISTORY_COLUMNS, MAX_MARKS, Mark, Refusal, Told, told
from playground.registry import shown
from playground.runs.history import MAX_ROWS, History
from playground.sentences import say
from playground.training import Trainer, links
from playground.training.checkpoint import Checkpoint
from playground.training.measurements import as_float32
from playground.training.settings import BY_NAME

FORMAT = "neural-playground/run"
VERSION = 1

MAX_BYTES = 8_000_000
"""Most bytes of a document."""

MAX_TABLE_BYTES = 2_000_000
"""Most bytes of a table that goes along."""

_MAX_PARTS = 100_000  # brackets, braces and commas: three times what ours can have, an eightieth of what would fit in
_MAX_DEPTH = 20
_ENDLESS_NUMBER = re.compile(rb"[0-9]{300}")  # so many digits take long to read, and more are no float any more
_MAX_NOTES = 20
_MAX_TEXT, _MAX_VALUES, _MAX_NESTING = 500, 20, 5  # of what a mark tells

Floats = NDArray[np.float32]


class SavedHistory(msgspec.Struct):
    """The curves of a run.

    Attributes:
        columns: What each number of a row is; ours are HISTORY_COLUMNS.
        stride: Epochs between two rows.
        rows: At the multiples of the stride, and at the last epoch; null where there is no such number.
    """

    columns: list[str]
    stride: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    rows: list[list[float | None]]


class SavedRun(msgspec.Struct):
    """The document.

    Attributes:
        format: FORMAT.
        version: VERSION.
        saved: When, ISO 8601.
        playground: Version of the playground that wrote it.
        link: To its settings.
        data_label: Name of the data set, or of the table.
        problem: "binary", "multiclass" or "regression".
        parameters: Number of weights and biases.
        checkpoint: The network, and all that decides how it goes on.
        history: Its curves.
        marks: What was changed on the way.
        table: The person's own table that it learns from, as msgpack in base64; None if there is none, or too large.
        lacks: What the document cannot hold, in a sentence, or "".
        checksum: SHA-256 of all the others, in hexadecimal digits.
    """

    format: str
    version: int
    saved: str
    playground: str
    link: str
    data_label: Told
    problem: str
    parameters: int
    checkpoint: Checkpoint
    history: SavedHistory
    marks: list[Mark]
    table: bytes | None
    lacks: Told
    checksum: str


_CHECKED = sorted(set(SavedRun.__struct_fields__) - {"checksum"})


class Restored(NamedTuple):
    """What a document holds.

    Attributes:
        trainer: The network, where it was.
        history: Its curves.
        marks: What was changed on the way.
        notes: What is not as it was.
    """

    trainer: Trainer
    history: History
    marks: list[Mark]
    notes: list[Refusal]


def write(trainer: Trainer, history: History, marks: Sequence[Mark], now: datetime) -> bytes:
    """Return the document of a run.

    Args:
        trainer: The network.
        history: Its curves.
        marks: What was changed on the way.
        now: The present time.
    """
    config = trainer.config
    table = msgspec.msgpack.encode(trainer.table) if trainer.table else None
    lacks = ""
    if table is not None and len(table) > MAX_TABLE_BYTES:
        table = None
        lacks = say(
            "The table {name} is too large to be saved with the run: to open the run, choose its file again first.",
            name=config.spec.label,
        )
    run = SavedRun(
        format=FORMAT,
        version=VERSION,
        saved=now.isoformat(timespec="seconds"),
        playground=playground.__version__,
        link=links.write(config),
        data_label=told(config.spec.label),
        problem=config.problem,
        parameters=trainer.model.count_params(),
        checkpoint=trainer.checkpoint(),
        history=SavedHistory(list(HISTORY_COLUMNS), history.stride, _as_lists(_with_last(history, trainer))),
        marks=list(marks),
        table=table,
        lacks=told(lacks),
        checksum="",
    )
    run.checksum = _checksum(_parts(msgspec.json.encode(run)))
    return msgspec.json.encode(run)


def _with_last(history: History, trainer: Trainer) -> Floats:
    """Return the history's rows, and one of the last epoch if that is between two of them."""
    rows = history.rows
    if len(rows) and rows[-1, 0] >= as_float32(trainer.epoch):
        return rows
    return np.concatenate([rows, as_float32((trainer.epoch, *trainer.losses()))[np.newaxis]])


def _as_lists(rows: Floats) -> list[list[float | None]]:
    """Return rows with the fewest digits that tell float32 numbers apart, and None for what is not finite."""
    # NumPy's text of a float32 is the shortest; as Python's float it would have twice the digits.
    return [[float(str(value)) if math.isfinite(value) else None for value in row] for row in rows]


def read(document: bytes, tables: Iterable[Table | None] = ()) -> Restored:
    """Return what a document holds; whatever it is, this takes little time and memory.

    Args:
        document: Of `write`, or anything; of `MAX_BYTES` at most.
        tables: Those at hand, if the run is about a table that the document does not hold.

    Raises:
        InvalidValueError: If it is not a document that can be opened; says why.
    """
    if FORMAT.encode() not in document:
        raise _no_run()
    if sum(map(document.count, (b"[", b"{", b","))) > _MAX_PARTS or _ENDLESS_NUMBER.search(document):
        raise _damaged()
    try:
        parts = _parts(document)
        _check_kind(parts)
        run = msgspec.json.decode(document, type=SavedRun)
        checksum = _checksum(parts)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _damaged() from None
    if checksum != run.checksum:
        raise _damaged()
    checkpoint, notes = _known_settings(run.checkpoint)
    history = _history(run.history, checkpoint.now.epoch)
    if len(run.marks) > MAX_MARKS or not all(_is_tellable(mark.text) for mark in run.marks):
        raise _damaged()
    return Restored(_trainer(checkpoint, run.table, tables), history, run.marks, notes)


def _parts(document: bytes) -> dict[str, msgspec.Raw]:
    return msgspec.json.decode(document, type=dict[str, msgspec.Raw])


def _check_kind(parts: dict[str, msgspec.Raw]) -> None:
    """Make sure that this version can read the document."""
    if "format" not in parts or msgspec.json.decode(parts["format"]) != FORMAT:
        raise _no_run()
    version = msgspec.json.decode(parts.get("version", msgspec.Raw(b"null")))
    if isinstance(version, int) and version > VERSION:
        raise InvalidValueError(
            say("This run was saved by a newer version of the playground than this one, which cannot open it.")
        )
    if version != VERSION:
        raise _damaged()


def _checksum(parts: dict[str, msgspec.Raw]) -> str:
    """Return the checksum of a document, whichever way its numbers and texts are written."""
    plain = {name: _plain(msgspec.json.decode(parts[name])) for name in _CHECKED}
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a JSON value in which what means the same is the same: 1 and 1.0, 0 and -0."""
    if depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        return {name: _plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) + 0.0
    return value


def _known_settings(checkpoint: Checkpoint) -> tuple[Checkpoint, list[Refusal]]:
    """Return the checkpoint without settings that are unknown here, and what there is to say of them."""
    unknown = [name for name in checkpoint.config if name not in BY_NAME]
    known = {name: value for name, value in checkpoint.config.items() if name in BY_NAME}
    notes = [
        Refusal("", told(say("This version has no setting {name}; the run goes on without it.", name=shown(name))))
        for name in unknown[:_MAX_NOTES]
    ]
    return msgspec.structs.replace(checkpoint, config=known), notes


def _history(saved: SavedHistory, epoch: int) -> History:
    """Return the curves, checked.

    Args:
        saved: As they stand in the document.
        epoch: The run's.
    """
    columns, width = saved.columns, len(saved.columns)
    if "epoch" not in columns or any(len(row) != width for row in saved.rows):
        raise _damaged()
    # What another version does not know, or this one no longer, is left empty or out.
    places = [columns.index(name) if name in columns else None for name in HISTORY_COLUMNS]
    numbers = [[_number(None if place is None else row[place]) for place in places] for row in saved.rows]
    epochs = [row[0] for row in numbers]
    if not all(0 <= at <= float(as_float32(epoch)) and at == int(at) for at in epochs):
        raise _damaged()
    if any(later <= earlier for earlier, later in itertools.pairwise(epochs)):
        raise _damaged()
    if len(epochs) > 1 and epochs[-1] % saved.stride:
        del numbers[-1]  # the row of the last epoch that `write` has added
    if len(numbers) > MAX_ROWS:
        raise _damaged()
    history = History()
    history.restore(as_float32(np.array(numbers).reshape(-1, len(HISTORY_COLUMNS))), saved.stride)
    return history


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _is_tellable(text: Any, nesting: int = 0) -> bool:
    """Whether something is a Told, and no longer than ours are."""
    match text:
        case [str(english), dict(values)] if nesting < _MAX_NESTING:
            return (
                len(english) <= _MAX_TEXT
                and len(values) <= _MAX_VALUES
                and all(_is_value(value, nesting + 1) for value in values.values())
            )
    return False


def _is_value(value: Any, nesting: int) -> bool:
    """Whether something may stand in a Told."""
    if isinstance(value, str):
        return len(value) <= _MAX_TEXT
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) or _is_tellable(value, nesting)


def _trainer(checkpoint: Checkpoint, saved_table: bytes | None, tables: Iterable[Table | None]) -> Trainer:
    """Return the trainer, with its table if it has one: the document's, or the first at hand that is the same."""
    if checkpoint.config.get("table") is None:
        return Trainer.restored(checkpoint)
    if saved_table is not None:
        return Trainer.restored(checkpoint, _table(saved_table))
    refused: InvalidValueError | None = None
    for table in [*filter(None, tables), None]:
        try:
            return Trainer.restored(checkpoint, table)
        except InvalidValueError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _table(saved: bytes) -> Table:
    try:
        table = msgspec.msgpack.decode(saved, type=Table)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _damaged() from None
    check(table)
    return table


def _no_run() -> InvalidValueError:
    return InvalidValueError(say("This file is not a run that was saved in a neural network playground."))


def _damaged() -> InvalidValueError:
    return InvalidValueError(say("This saved run is damaged, or was changed since it was saved; it cannot be opened."))
