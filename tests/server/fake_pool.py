"""A pool without processes: it writes down what it is told, and says what a test wants."""

import itertools
from collections.abc import Iterable
from typing import Any

import msgspec

from playground.errors import RunNotFoundError
from playground.protocol import NO_SEQ, Answer, AnyCommand, Frame, Refusal, State, Update
from playground.runs import Listener
from playground.training import ExperimentConfig
from playground.training.links import Trained


class FakePool:
    """A pool whose runs do nothing.

    Attributes:
        configs: Of each run that was created, by number.
        trained: What its network was said to have learned already, or None.
        calls: Every other call, as (name, run, further arguments…).
        document: What each run is saved as at once, or None for never.
        restored: What is answered at once when a run is to become another, or None for nothing.
    """

    def __init__(self) -> None:
        self.configs: dict[int, ExperimentConfig] = {}
        self.trained: dict[int, Trained | None] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.document: bytes | None = None
        self.restored: Answer | None = None
        self._listeners: dict[int, Listener] = {}
        self._numbers = itertools.count(1)

    def create(self, config: ExperimentConfig, listener: Listener, trained: Trained | None = None) -> int:
        run = next(self._numbers)
        self.trained[run] = trained
        self.configs[run], self._listeners[run] = config, listener
        return run

    def command(self, run: int, ticket: int, command: AnyCommand) -> None:
        self._called("command", run, ticket, command)

    def give_table(self, run: int, table: bytes) -> None:
        self._called("give_table", run, table)

    def snapshot(self, run: int, ticket: int) -> None:
        self._called("snapshot", run, ticket)

    def save(self, run: int, ticket: int) -> None:
        self._called("save", run, ticket)
        if self.document is not None:
            self._listeners[run].on_saved(run, ticket, self.document)

    def restore(self, run: int, ticket: int, document: bytes) -> None:
        self._called("restore", run, ticket, document)
        if self.restored is not None:
            self._listeners[run].on_answer(run, ticket, self.restored)

    def demand(self, run: int, measurements: Iterable[str], pictures_per_second: float) -> None:
        self._called("demand", run, frozenset(measurements), pictures_per_second)

    def close(self, run: int) -> None:
        self.calls.append(("close", run))
        self._listeners.pop(run, None)

    def shutdown(self, timeout_s: float = 2.0) -> None:
        self.calls.append(("shutdown",))

    def _called(self, name: str, run: int, *arguments: Any) -> None:
        self.calls.append((name, run, *arguments))
        if run not in self._listeners:
            raise RunNotFoundError(f"There is no run {run}.")

    # ------------------------------------------------------ what a worker would say

    def of(self, name: str) -> list[tuple[Any, ...]]:
        """Return the arguments of every call of this name."""
        return [call[1:] for call in self.calls if call[0] == name]

    def answer(self, ticket: int, refusal: Refusal | None = None, reading: list[list[float]] | None = None) -> None:
        """Answer the command of this ticket."""
        (run,) = (run for run, number, _ in self.of("command") if number == ticket)
        self._listeners[run].on_answer(run, ticket, Answer(NO_SEQ, refusal, reading=reading or []))

    def describe(self, ticket: int, epoch: int = 0) -> None:
        """Give the snapshot of this ticket."""
        (run,) = (run for run, number in self.of("snapshot") if number == ticket)
        self._listeners[run].on_snapshot(run, ticket, update(epoch, history=b""))

    def tell(self, run: int, epoch: int, history: bytes | None = None) -> None:
        """Say that something has changed."""
        self._listeners[run].on_update(run, update(epoch, history))

    def draw(self, run: int, number: int, rows: bytes = b"") -> None:
        """Give a picture."""
        frame = Frame(
            number=number,
            revision=1,
            epoch=0,
            step=0,
            samples_seen=0,
            epochs_per_second=0.0,
            learning_rate=0.1,
            parts=[],
            payload=b"",
        )
        self._listeners[run].on_frame(run, number, msgspec.msgpack.encode(frame), rows)

    def lose(self, run: int) -> None:
        """Let the run's worker die."""
        self._listeners.pop(run).on_lost(run)


def update(epoch: int, history: bytes | None = None) -> bytes:
    """Return an update that is known by its epoch."""
    state = State(
        playing=False,
        epoch=epoch,
        step=0,
        samples_seen=0,
        last_batch=[],
        pace=None,
        pace_unit="epoch",
        stopped="",
        stopped_by="",
        undoable=False,
    )
    return msgspec.msgpack.encode(Update(state=state, history=history))
