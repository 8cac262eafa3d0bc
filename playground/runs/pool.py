"""The runs of a server: begun, commanded and watched through one narrow interface, wherever they live."""

import itertools
import os
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import playground
from playground.errors import RunNotFoundError
from playground.protocol import Answer, AnyCommand
from playground.runs import pipe
from playground.sentences import say
from playground.training import ExperimentConfig
from playground.training.links import Trained

_RECEIVE_BYTES = 1 << 18
_PART_BYTES = 1 << 16
_SHORT_LIFE_S = 1.0
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Listener(Protocol):
    """Hears of one run. Called in a reader thread; what one worker says comes in its order."""

    def on_answer(self, run: int, ticket: int, answer: Answer) -> None:
        """A command was obeyed, or refused; the answer's `seq` is yet to be given."""

    def on_snapshot(self, run: int, ticket: int, update: bytes) -> None:
        """Everything of the run, as the msgpack of a protocol.Update."""

    def on_update(self, run: int, update: bytes) -> None:
        """Something of the run has changed; msgpack of a protocol.Update."""

    def on_frame(self, run: int, number: int, frame: bytes, rows: bytes) -> None:
        """A picture: msgpack of a protocol.Frame, and the history's new rows."""

    def on_saved(self, run: int, ticket: int, document: bytes) -> None:
        """The run as a document."""

    def on_lost(self, run: int) -> None:
        """The run has ended by a fault: its own, or that of its worker, which has died."""


class Pool(Protocol):
    """Where runs live.

    Raises:
        RunNotFoundError: By what is about one run, but `close`, if there is no such run (any more).
    """

    def create(self, config: ExperimentConfig, listener: Listener, trained: Trained | None = None) -> int:
        """Begin a run, with what its network has learned already, and return its number."""

    def command(self, run: int, ticket: int, command: AnyCommand) -> None:
        """Do something to a run; its listener's `on_answer` gets the ticket, in the order of the calls."""

    def give_table(self, run: int, table: bytes) -> None:
        """Let a run keep a table, the msgpack of a playground.data.tables.Table, for the commands after this call."""

    def snapshot(self, run: int, ticket: int) -> None:
        """Ask for everything of a run; its listener's `on_snapshot` gets the ticket."""

    def save(self, run: int, ticket: int) -> None:
        """Ask for a run as a document; its listener's `on_saved` gets the ticket."""

    def restore(self, run: int, ticket: int, document: bytes) -> None:
        """Let a run become the one of a document, or of anything; its listener's `on_answer` gets the ticket."""

    def demand(self, run: int, measurements: Iterable[str], pictures_per_second: float) -> None:
        """Say what is watched; nothing means train on, draw nothing."""

    def close(self, run: int) -> None:
        """End a run; an unknown number is nothing to do."""

    def shutdown(self, timeout_s: float = 2.0) -> None:
        """End every worker, the stubborn by force after `timeout_s`."""


def child_environ() -> dict[str, str]:
    """Return the environment of a child process: it finds this package, and computes on one thread."""
    root = str(Path(playground.__file__).parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return {**os.environ, **_ONE_THREAD, "PYTHONPATH": path}


class _Worker:
    """A worker process and the web process's end of the connection to it."""

    def __init__(self) -> None:
        self.runs: dict[int, Listener] = {}
        self.started = time.monotonic()
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "playground.runs.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=child_environ(),
            )
        self._connection = ours
        self._lock = threading.Lock()

    def send(self, message: pipe.ToWorker) -> None:
        """Send a message; to a dead worker it is lost, which its reader notices and tells."""
        try:
            with self._lock:
                self._connection.sendall(pipe.pack(message))
        except OSError:
            return

    def send_parts(self, data: bytes, message: Callable[[bytes, bool], pipe.ToWorker]) -> None:
        """Send much in parts, so that others are not kept waiting.

        Args:
            data: What to send.
            message: Makes the message of a part; is told whether it is the last.
        """
        for start in range(0, max(1, len(data)), _PART_BYTES):
            end = start + _PART_BYTES
            self.send(message(data[start:end], end >= len(data)))
            time.sleep(0)  # gevent's locks are not fair: without this, who waits to send would wait for the last part

    def read(self) -> None:
        """Tell listeners what the worker says, until it is gone."""
        incoming = pipe.Unpacker(pipe.FromWorker)
        while data := self._receive():
            for message in incoming.feed(data):
                try:
                    self._tell(message)
                except Exception:  # a listener's fault must not silence the worker's other runs
                    traceback.print_exc()

    def _receive(self) -> bytes:
        try:
            return self._connection.recv(_RECEIVE_BYTES)
        except OSError:
            return b""

    def _tell(self, message: pipe.FromWorker) -> None:
        listener = self.runs.get(message.run)
        if listener is None:
            return
        match message:
            case pipe.Answered(run, ticket, answer):
                listener.on_answer(run, ticket, answer)
            case pipe.Described(run, ticket, update):
                listener.on_snapshot(run, ticket, update)
            case pipe.Updated(run, update):
                listener.on_update(run, update)
            case pipe.Framed(run, number, frame, rows):
                listener.on_frame(run, number, frame, rows)
            case pipe.Saved(run, ticket, document):
                listener.on_saved(run, ticket, document)
            case pipe.Failed(run):
                self.runs.pop(run)
                listener.on_lost(run)

    def hang_up(self) -> None:
        """Close the connection, which ends the worker."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is gone already

    def end(self, timeout_s: float) -> None:
        """Wait for the process, and kill it if it takes longer than `timeout_s`."""
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._connection.close()


class LocalPool:
    """Worker processes on this machine; a run lives in the one that has the fewest.

    A worker that dies is replaced at once; its runs are lost, and their listeners told.
    """

    def __init__(self, workers: int | None = None) -> None:
        """
        Args:
            workers: How many processes, or None for one a core.
        """
        self._numbers = itertools.count(1)
        self._tables = itertools.count(1)
        self._closing = threading.Event()
        self._home: dict[int, _Worker] = {}
        self._workers = [_Worker() for _ in range(workers or os.cpu_count() or 1)]
        self._readers = [
            threading.Thread(target=self._follow, args=(place,), daemon=True) for place in range(len(self._workers))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def process_ids(self) -> list[int]:
        """Process id of each worker."""
        return [worker.process.pid for worker in self._workers]

    def create(self, config: ExperimentConfig, listener: Listener, trained: Trained | None = None) -> int:
        """Begin a run, with what its network has learned already, and return its number."""
        run = next(self._numbers)
        worker = min(self._workers, key=lambda worker: len(worker.runs))
        worker.runs[run] = listener
        self._home[run] = worker
        worker.send(pipe.Create(run, config.to_json(), trained))
        return run

    def command(self, run: int, ticket: int, command: AnyCommand) -> None:
        """Do something to a run; its listener's `on_answer` gets the ticket, in the order of the calls."""
        self._worker(run).send(pipe.Do(run, ticket, command))

    def give_table(self, run: int, table: bytes) -> None:
        """Let a run keep a table, the msgpack of a playground.data.tables.Table, for the commands after this call."""
        worker, number = self._worker(run), next(self._tables)
        worker.send_parts(table, lambda part, last: pipe.Give(run, number, part, last))

    def snapshot(self, run: int, ticket: int) -> None:
        """Ask for everything of a run; its listener's `on_snapshot` gets the ticket."""
        self._worker(run).send(pipe.Describe(run, ticket))

    def save(self, run: int, ticket: int) -> None:
        """Ask for a run as a document; its listener's `on_saved` gets the ticket."""
        self._worker(run).send(pipe.Save(run, ticket))

    def restore(self, run: int, ticket: int, document: bytes) -> None:
        """Let a run become the one of a document, or of anything; its listener's `on_answer` gets the ticket."""
        self._worker(run).send_parts(document, lambda part, last: pipe.Restore(run, ticket, part, last))

    def demand(self, run: int, measurements: Iterable[str], pictures_per_second: float) -> None:
        """Say what is watched; nothing means train on, draw nothing."""
        self._worker(run).send(pipe.Demand(run, sorted(measurements), pictures_per_second))

    def _worker(self, run: int) -> _Worker:
        try:
            return self._home[run]
        except KeyError:
            raise RunNotFoundError(say("This run is no longer there; its worker process has ended.")) from None

    def close(self, run: int) -> None:
        """End a run; an unknown number is nothing to do."""
        worker = self._home.pop(run, None)
        if worker is not None:
            worker.runs.pop(run, None)
            worker.send(pipe.Close(run))

    def shutdown(self, timeout_s: float = 2.0) -> None:
        """End every worker, the stubborn by force after `timeout_s`."""
        self._closing.set()
        for worker in self._workers:
            worker.hang_up()
        for worker in self._workers:
            worker.end(timeout_s)
        for reader in self._readers:
            reader.join(timeout_s)

    def _follow(self, place: int) -> None:
        """Read what the worker of this place says; when it dies, put another in its place."""
        while True:
            worker = self._workers[place]
            worker.read()
            if time.monotonic() - worker.started < _SHORT_LIFE_S:
                self._closing.wait(_SHORT_LIFE_S)  # what ended it may well end the next one too
            if self._closing.is_set():
                return
            self._workers[place] = _Worker()
            worker.end(timeout_s=0)
            for run, listener in list(worker.runs.items()):
                self._home.pop(run, None)
                listener.on_lost(run)
