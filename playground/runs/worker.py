"""A worker process: many runs, one thread, one socket to the web process.

`python -m playground.runs.worker FD` serves on the socket of that file descriptor until its other end is closed.
"""

import select
import signal
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import sklearn.datasets  # noqa: F401  # the second that this takes is not for the first visitor to wait

from playground.data.tables import Table
from playground.errors import PlaygroundError
from playground.protocol import NO_SEQ, Answer, refusal_of
from playground.runs import pipe
from playground.runs.run import Run
from playground.runs.scheduler import Scheduler
from playground.training import ExperimentConfig

_RECEIVE_BYTES = 1 << 18


class Worker:
    """Serves the runs of one process.

    Answers and updates always go out. Pictures are made only when everything before them has gone: a web process
    that is busy gets fewer pictures, never older ones.
    """

    def __init__(self, connection: socket.socket) -> None:
        """
        Args:
            connection: To the web process; made non-blocking.
        """
        connection.setblocking(False)
        self._connection = connection
        self._incoming = pipe.Unpacker(pipe.ToWorker)
        self._outgoing = bytearray()
        self._arriving: dict[tuple[int, type, int], bytearray] = {}  # what comes in parts, by run, kind and number
        self._scheduler = Scheduler(on_failure=self._fail)

    def serve(self) -> None:
        """Work until the web process closes the connection."""
        while self._exchange(self._scheduler.wait_s(pictures=not self._outgoing)):
            self._scheduler.do_job()
            if not self._outgoing:
                self._scheduler.take_pictures(lambda run, picture: self._send(pipe.Framed(run, *picture)))
            self._scheduler.train()

    def _exchange(self, wait_s: float | None) -> bool:
        """Wait up to `wait_s` for messages, handle them, and send what is waiting; False when the other end is gone."""
        writing = [self._connection] if self._outgoing else []
        readable, writable, _ = select.select([self._connection], writing, [], wait_s)
        if writable:
            self._flush()
        if readable:
            try:
                data = self._connection.recv(_RECEIVE_BYTES)
            except ConnectionError:  # it left something of ours unread
                return False
            if not data:
                return False
            for message in self._incoming.feed(data):
                self._handle(message)
        return True

    def _send(self, message: pipe.FromWorker) -> None:
        self._outgoing += pipe.pack(message)
        self._flush()

    def _flush(self) -> None:
        try:
            sent = self._connection.send(self._outgoing)
        except BlockingIOError:
            return
        except ConnectionError:  # the other end is gone, which the next reading notices
            sent = len(self._outgoing)
        del self._outgoing[:sent]

    def _handle(self, message: pipe.ToWorker) -> None:
        number = message.run
        match message:
            case pipe.Create():
                self._scheduler.add(number, lambda: self._begin(message))
            case pipe.Do():
                self._scheduler.enqueue(number, lambda run: self._send(_obey(run, message)))
            case pipe.Describe(ticket=ticket):
                self._scheduler.enqueue(number, lambda run: self._send(pipe.Described(number, ticket, run.snapshot())))
            case pipe.Demand(measurements=measurements, pictures_per_second=rate):
                self._scheduler.enqueue(number, lambda run: run.watch(frozenset(measurements), rate))
            case pipe.Give(number=table):
                self._join(message, table, lambda run, data: run.take_table(msgspec.msgpack.decode(data, type=Table)))
            case pipe.Save(ticket=ticket):
                self._scheduler.enqueue(number, lambda run: self._send(pipe.Saved(number, ticket, _saved(run))))
            case pipe.Restore(ticket=ticket):
                self._join(message, ticket, lambda run, data: self._send(_restore(run, number, ticket, bytes(data))))
            case pipe.Close():
                self._scheduler.remove(number)
                self._forget_parts(number)

    def _fail(self, run: int) -> None:
        """Say that a run has failed, and is removed."""
        self._forget_parts(run)
        self._send(pipe.Failed(run))

    def _forget_parts(self, run: int) -> None:
        """Forget what has arrived in parts for a run that is no longer there."""
        self._arriving = {key: parts for key, parts in self._arriving.items() if key[0] != run}

    def _join(self, message: pipe.Give | pipe.Restore, number: int, use: Callable[[Run, bytearray], None]) -> None:
        """Put together what comes in parts, and let its run use it when it is complete."""
        if message.run not in self._scheduler:
            return
        key = message.run, type(message), number
        data = self._arriving.setdefault(key, bytearray())
        data += message.part
        if message.last:
            del self._arriving[key]
            # Decoded in the run's turn, so that it is the run that is charged for the time.
            self._scheduler.enqueue(message.run, lambda run: use(run, data))

    def _begin(self, message: pipe.Create) -> Run:
        return Run(
            ExperimentConfig.from_json(message.config),
            self._scheduler.clock,
            on_update=lambda update: self._send(pipe.Updated(message.run, update)),
            trained=message.trained,
        )


def _saved(run: Run) -> bytes:
    return run.save(datetime.now(UTC))


def _restore(run: Run, number: int, ticket: int, document: bytes) -> pipe.Answered:
    """Let a run become that of a document, and return the answer."""
    try:
        answer = Answer(NO_SEQ, notes=run.restore(document))
    except PlaygroundError as error:
        answer = Answer(NO_SEQ, refusal_of(error))
    return pipe.Answered(number, ticket, answer)


def _obey(run: Run, message: pipe.Do) -> pipe.Answered:
    """Do what a command says, and return the answer."""
    try:
        answer = run.handle(message.command)
    except PlaygroundError as error:
        answer = Answer(NO_SEQ, refusal_of(error))
    return pipe.Answered(message.run, message.ticket, answer)


def main() -> None:
    """Serve on the socket whose file descriptor is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web process, which then closes the connection
    with socket.socket(fileno=int(sys.argv[1])) as connection:
        Worker(connection).serve()


if __name__ == "__main__":
    main()
