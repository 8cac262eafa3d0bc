"""Between browsers and runs: who takes part in which run, who is sent what, and when.

The relay belongs to no transport: a viewer is given as a function that sends a packet's bytes to it. It is called by
the greenlets of the connections and of the pool's readers. Only calls of the pool may let another greenlet go on, so
each method brings its own books in order before it calls the pool.
"""

import math
import secrets
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from playground import protocol
from playground.errors import CapacityError, InvalidValueError, PlaygroundError, ProtocolError, RunNotFoundError
from playground.protocol import FRAMES_UNDER_WAY, HISTORY_COLUMNS, NO_SEQ, Answer, Refusal, told
from playground.runs import Pool
from playground.sentences import say
from playground.server.packets import event
from playground.training import MEASUREMENTS, links

MAX_RUNS = 200
"""Runs that a server holds at most."""

UNWATCHED_TRAINING_S = 300.0
"""How long a run trains on that nobody watches; then it waits."""

IDLE_S = 3600.0
"""How long a run is kept that nobody watches."""

MAX_WAITING_REQUESTS = 1000
"""Requests of one browser that may wait for their answers; one that asks for more is dropped."""

MAX_RECENT_ROWS = 5_000
"""Rows of the history kept for viewers that have not had them; who needs older ones gets the whole history."""

MAX_TABLE_BYTES = 500_000_000
"""People's tables, as read, that all runs together may hold."""

TOKEN_BYTES = 16
_LOST = say("This run has ended unexpectedly, by a fault of the server; a new one begins from its settings.")
_ROW_BYTES = 4 * len(HISTORY_COLUMNS)


@dataclass(eq=False)
class _Request:
    """An open or a command that is not yet answered.

    Attributes:
        answer: What will be answered; for a command None until the worker has spoken.
        opens: The run that is to be shown with the answer, or None.
        asked: Whether that run's snapshot is on its way.
    """

    seq: int
    answer: Answer | None = None
    opens: "_Run | None" = None
    asked: bool = False

    def refuse(self, why: str) -> None:
        """Let the answer be a refusal."""
        self.answer, self.opens = Answer(self.seq, Refusal("", told(why))), None


@dataclass(eq=False)
class Viewer:
    """One browser's connection.

    Attributes:
        send: Sends a packet's bytes; does not wait.
        drop: Ends the connection, later; the browser then connects anew.
        run: The run that commands go to.
        attached: Whether it has been sent the run's snapshot, so that updates and pictures make sense to it.
        measurements: What it wants to see.
        pictures_per_second: And how often.
        requests: What it waits to be answered, in order.
        under_way: Numbers of the pictures that it has not acknowledged.
        newest: Number of the last picture that it was sent.
        cursor: How many rows (in bytes) of the run's history it has been sent.
        behind: Whether it gets a fresh snapshot because it lacks rows that are no longer at hand.
        gone: Whether its connection is over.
    """

    send: Callable[[bytes], None]
    drop: Callable[[], None]
    run: "_Run | None" = None
    attached: bool = False
    measurements: frozenset[str] = frozenset()
    pictures_per_second: float = 0.0
    requests: deque[_Request] = field(default_factory=deque)
    under_way: deque[int] = field(default_factory=deque)
    newest: int = -1
    cursor: int = 0
    behind: bool = False
    gone: bool = False


@dataclass(eq=False)
class _Run:
    """What the relay knows of a run.

    Attributes:
        number: The pool's.
        token: The browsers'.
        tickets: What is at the worker: the viewer and, unless it is only behind, its request.
        waiting: What else is at the worker: what will be known then, by ticket.
        demand: What the worker was last told to draw.
        frame: The newest picture and its number, or None.
        rows: The history's recent rows, which some viewer may lack.
        rows_start: Rows (in bytes) that came before these.
        unwatched_since: When the last viewer left, or None.
        waits: Whether it was paused because nobody watches it.
        table_bytes: Sizes of the two largest tables that it was given: it may hold one in use and one to come,
            whichever they are.
    """

    number: int
    token: str
    viewers: set[Viewer] = field(default_factory=set)
    tickets: dict[int, tuple[Viewer, _Request | None]] = field(default_factory=dict)
    waiting: dict[int, Future[Any]] = field(default_factory=dict)
    demand: tuple[frozenset[str], float] = (frozenset(), 0.0)
    frame: tuple[int, bytes] | None = None
    rows: bytearray = field(default_factory=bytearray)
    rows_start: int = 0
    unwatched_since: float | None = None
    waits: bool = False
    table_bytes: list[int] = field(default_factory=list)

    @property
    def rows_end(self) -> int:
        """Rows (in bytes) so far."""
        return self.rows_start + len(self.rows)

    def with_table(self, size: int) -> list[int]:
        """Return what `table_bytes` will be when it has been given another one."""
        return sorted([*self.table_bytes, size])[-2:]

    def attached(self) -> list[Viewer]:
        """Return the viewers that get updates and pictures."""
        return [viewer for viewer in self.viewers if viewer.attached]


class _Replaced(msgspec.Struct):
    """The parts of an Update after which older pictures or rows are of no use; left encoded."""

    experiment: msgspec.Raw = msgspec.Raw()
    history: msgspec.Raw = msgspec.Raw()


class Relay:
    """Passes on what viewers say to their runs, and what runs say to their viewers; the listener of every run."""

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            pool: Where runs live.
            clock: Seconds, monotonic.
        """
        self._pool = pool
        self._clock = clock
        self._tickets = count(1)
        self._runs: dict[int, _Run] = {}
        self._by_token: dict[str, _Run] = {}

    # ------------------------------------------------------------ from browsers

    def handle(self, viewer: Viewer, name: str, message: Any) -> None:
        """Do what a browser's event says, or refuse it by an answer."""
        if len(viewer.requests) >= MAX_WAITING_REQUESTS:
            viewer.drop()
            return
        try:
            match protocol.understand(name, message):
                case protocol.Open() as opening:
                    self._open(viewer, opening)
                case protocol.Command() as command:
                    self._command(viewer, command)
                case protocol.Watch() as wish:
                    self._watch(viewer, wish)
                case protocol.Receipt(number=number):
                    self._receive_receipt(viewer, number)
        except PlaygroundError as error:
            self.refuse(viewer, seq_of(message), error.sentence, getattr(error, "field", ""))
        except Exception:
            traceback.print_exc()
            text = say("The server failed at this by a fault of its own; nothing was changed.")
            self.refuse(viewer, seq_of(message), text)

    def refuse(self, viewer: Viewer, seq: int, sentence: str, setting: str = "") -> None:
        """Answer with a refusal, after everything that came before is answered."""
        viewer.requests.append(_Request(seq, Answer(seq, Refusal(setting, told(sentence)))))
        self._answer(viewer)

    def check_token(self, token: str) -> None:
        """Check that there is a run of this token.

        Raises:
            RunNotFoundError: If there is none.
        """
        if token not in self._by_token:
            raise RunNotFoundError(say("The run that this is meant for is not there (any more). Reload the page."))

    def give_table(self, token: str, table: bytes) -> None:
        """Let the run of a token keep a table, the msgpack of a playground.data.tables.Table.

        Raises:
            RunNotFoundError: If there is no such run.
            CapacityError: If all runs together hold as many tables as they may.
        """
        self.check_token(token)
        run = self._by_token[token]
        self._check_room(run, len(table))
        run.table_bytes = run.with_table(len(table))
        try:
            self._pool.give_table(run.number, table)
        except RunNotFoundError:
            self.on_lost(run.number)
            raise

    def save(self, token: str) -> Future[bytes]:
        """Return what will be the run of a token as a document, see playground.runs.saved, or a RunNotFoundError.

        Raises:
            RunNotFoundError: If there is no such run.
        """
        self.check_token(token)
        run, ticket, document = self._by_token[token], next(self._tickets), Future[bytes]()
        run.waiting[ticket] = document
        try:
            self._pool.save(run.number, ticket)
        except RunNotFoundError:
            self.on_lost(run.number)
        return document

    def restore(self, token: str, document: bytes) -> Future[Answer]:
        """Let the run of a token become that of a document; return what will be the answer, or a RunNotFoundError.

        Raises:
            RunNotFoundError: If there is no such run.
            CapacityError: If the document may hold a table, and all runs together hold as many as they may.
        """
        self.check_token(token)
        run, ticket, answer = self._by_token[token], next(self._tickets), Future[Answer]()
        self._check_room(run, len(document))
        run.waiting[ticket] = answer

        def count_table(done: Future[Answer]) -> None:
            if done.exception() is None and done.result().refusal is None:
                run.table_bytes = run.with_table(len(document))

        answer.add_done_callback(count_table)
        try:
            self._pool.restore(run.number, ticket, document)
        except RunNotFoundError:
            self.on_lost(run.number)
        return answer

    def _check_room(self, run: _Run, table_bytes: int) -> None:
        """Make sure that a run may be given another table of this size."""
        held = sum(sum(other.table_bytes) for other in self._runs.values() if other is not run)
        if held + sum(run.with_table(table_bytes)) > MAX_TABLE_BYTES:
            raise CapacityError(
                say(
                    "This server holds as many tables as it has room for. Nothing was changed; "
                    "try a smaller table, or again when somebody has left."
                )
            )

    def leave(self, viewer: Viewer) -> None:
        """Take leave of a viewer whose connection is over."""
        viewer.gone = True
        viewer.requests.clear()
        self._part(viewer)

    def tidy(self) -> None:
        """Let the runs wait that nobody has watched for `UNWATCHED_TRAINING_S`, and close them after `IDLE_S`."""
        for run in list(self._runs.values()):
            if run.unwatched_since is None:
                continue
            unwatched_s = self._clock() - run.unwatched_since
            if unwatched_s >= IDLE_S:
                self._close(run)
            elif unwatched_s >= UNWATCHED_TRAINING_S and not run.waits:
                run.waits = True
                self._let_wait(run)

    def _let_wait(self, run: _Run) -> None:
        try:
            self._pool.command(run.number, next(self._tickets), protocol.Pause())
        except RunNotFoundError:
            self.on_lost(run.number)

    def _open(self, viewer: Viewer, message: protocol.Open) -> None:
        self._part(viewer)
        notes: list[Refusal] = []
        page = ""
        run = self._by_token.get(message.token or "")
        if run is None:
            read = links.read(message.link)
            run, notes, page = self._create(read), protocol.notes_of(read), read.page
            if message.token is not None:
                notes.append(
                    Refusal("", told(say("The earlier run has ended; this is a new one with the same settings.")))
                )
        if viewer.gone:
            return
        run.viewers.add(viewer)
        run.unwatched_since, run.waits = None, False
        viewer.run = run
        answer = Answer(message.seq, notes=notes, token=run.token, page=page)
        viewer.requests.append(_Request(message.seq, answer, opens=run))
        self._answer(viewer)

    def _create(self, link: links.Link) -> _Run:
        self._make_room()
        number = self._pool.create(link.config, self, link.trained)
        run = _Run(number, secrets.token_urlsafe(TOKEN_BYTES), unwatched_since=self._clock())
        self._runs[run.number] = self._by_token[run.token] = run
        return run

    def _make_room(self) -> None:
        """Close the run that has been unwatched longest, if there are as many as may be."""
        if len(self._runs) < MAX_RUNS:
            return
        unwatched = [run for run in self._runs.values() if run.unwatched_since is not None]
        if not unwatched:
            text = say(
                "This server holds {count} runs, as many as it may, and somebody watches each. "
                "Try again when somebody has left.",
                count=MAX_RUNS,
            )
            raise CapacityError(text)
        self._close(min(unwatched, key=lambda run: (run.unwatched_since, run.number)))

    def _close(self, run: _Run) -> None:
        self._forget(run, say("This run was closed, because nobody watched it."))
        self._pool.close(run.number)

    def _forget(self, run: _Run, why: str) -> None:
        """Know nothing of a run any more, and refuse what is still to be answered."""
        del self._runs[run.number], self._by_token[run.token]
        for viewer, request in run.tickets.values():
            if request is not None:
                request.refuse(why)
                self._answer(viewer)
        for waiting in run.waiting.values():
            waiting.set_exception(RunNotFoundError(why))

    def _command(self, viewer: Viewer, message: protocol.Command) -> None:
        run = viewer.run
        if run is None:
            raise ProtocolError(say("A command needs a run: send an open first."))
        request, ticket = _Request(message.seq), next(self._tickets)
        viewer.requests.append(request)
        run.tickets[ticket] = (viewer, request)
        try:
            self._pool.command(run.number, ticket, message.command)
        except RunNotFoundError:
            self.on_lost(run.number)

    def _watch(self, viewer: Viewer, message: protocol.Watch) -> None:
        for name in message.measurements:
            MEASUREMENTS.get(name)
        if not 0 <= message.pictures_per_second < math.inf:
            text = say(
                "{setting} must be a finite number from 0, got {value}.",
                setting="pictures_per_second",
                value=str(message.pictures_per_second),
            )
            raise InvalidValueError(text)
        viewer.pictures_per_second = message.pictures_per_second
        viewer.measurements = frozenset(message.measurements if message.pictures_per_second else ())
        if viewer.run is not None:
            self._tell_demand(viewer.run)

    def _receive_receipt(self, viewer: Viewer, number: int) -> None:
        while viewer.under_way and viewer.under_way[0] <= number:
            viewer.under_way.popleft()
        if viewer.run is not None and viewer.attached:
            self._show(viewer.run, [viewer])

    def _part(self, viewer: Viewer) -> None:
        """End a viewer's part in its run, which goes on."""
        run, viewer.run, viewer.attached, viewer.behind = viewer.run, None, False, False
        viewer.under_way.clear()
        viewer.newest = -1
        if run is not None:
            run.viewers.discard(viewer)
            if not run.viewers:
                run.unwatched_since = self._clock()
            self._tell_demand(run)

    # ---------------------------------------------------------------- from runs

    def on_answer(self, run: int, ticket: int, answer: Answer) -> None:
        """Answer the command of this ticket."""
        known = self._runs.get(run)
        if known is not None and ticket in known.waiting:
            known.waiting.pop(ticket).set_result(answer)
            return
        viewer, request = known.tickets.pop(ticket, (None, None)) if known else (None, None)
        if viewer is not None and request is not None:
            request.answer = msgspec.structs.replace(answer, seq=request.seq)
            self._answer(viewer)

    def on_saved(self, run: int, ticket: int, document: bytes) -> None:
        """Give the document to who asked for it."""
        known = self._runs.get(run)
        if known is not None and ticket in known.waiting:
            known.waiting.pop(ticket).set_result(document)

    def on_snapshot(self, run: int, ticket: int, update: bytes) -> None:
        """Show the viewer who asked for it everything; from now on it gets what is new."""
        known = self._runs.get(run)
        if known is None or ticket not in known.tickets:
            return
        viewer, request = known.tickets.pop(ticket)
        if request is not None and viewer.requests and viewer.requests[0] is request:
            viewer.requests.popleft()
            viewer.send(event("answer", request.answer))
        if viewer.run is known:  # else it has gone on meanwhile
            viewer.send(event("update", msgspec.Raw(update)))
            viewer.attached, viewer.behind, viewer.cursor = True, False, known.rows_end
            self._tell_demand(known)
        self._answer(viewer)

    def on_update(self, run: int, update: bytes) -> None:
        """Pass on what has changed."""
        known = self._runs.get(run)
        if known is None:
            return
        replaced = msgspec.msgpack.decode(update, type=_Replaced)
        if bytes(replaced.experiment):
            known.frame = None  # it shows what was before; a new one follows
        if bytes(replaced.history):
            known.rows_start = known.rows_end
            known.rows.clear()
        packet = event("update", msgspec.Raw(update))
        for viewer in known.attached():
            if bytes(replaced.history):
                viewer.cursor = known.rows_end
            viewer.send(packet)

    def on_frame(self, run: int, number: int, frame: bytes, rows: bytes) -> None:
        """Show a picture to those who have drawn the earlier ones; keep the rows for the others."""
        known = self._runs.get(run)
        if known is None:
            return
        known.frame = (number, frame)
        known.rows += rows
        _shorten(known, keep=MAX_RECENT_ROWS * _ROW_BYTES)
        viewers = known.attached()
        self._show(known, viewers)
        _shorten(known, keep=known.rows_end - min((viewer.cursor for viewer in viewers), default=known.rows_end))

    def on_lost(self, run: int) -> None:
        """Refuse what is still to be answered, and let the viewers connect anew: each begins again from its link."""
        known = self._runs.get(run)
        if known is None:
            return
        self._forget(known, _LOST)
        self._pool.close(run)
        for viewer in list(known.viewers):
            viewer.run, viewer.attached = None, False
            viewer.drop()

    # --------------------------------------------------------------- to viewers

    def _answer(self, viewer: Viewer) -> None:
        """Send the answers whose turn it is."""
        while viewer.requests:
            request = viewer.requests[0]
            if request.opens is not None and request.opens.number not in self._runs:
                request.refuse(_LOST)
            if request.opens is not None:
                # Only now, when all before it is answered: the snapshot must be the last thing before the updates.
                if not request.asked:
                    request.asked = True
                    self._ask_snapshot(request.opens, viewer, request)
                return
            if request.answer is None:
                return
            viewer.requests.popleft()
            viewer.send(event("answer", request.answer))

    def _ask_snapshot(self, run: _Run, viewer: Viewer, request: _Request | None) -> None:
        ticket = next(self._tickets)
        run.tickets[ticket] = (viewer, request)
        try:
            self._pool.snapshot(run.number, ticket)
        except RunNotFoundError:
            self.on_lost(run.number)

    def _show(self, run: _Run, viewers: Iterable[Viewer]) -> None:
        """Send the newest picture, and the rows since their last one, to those who have room for it."""
        if run.frame is None:
            return
        number, frame = run.frame
        packets: dict[int, bytes] = {}  # by cursor: most viewers lack the same rows
        behind: list[Viewer] = []
        for viewer in viewers:
            if viewer.behind or viewer.newest >= number or len(viewer.under_way) >= FRAMES_UNDER_WAY:
                continue
            if viewer.cursor < run.rows_start:
                viewer.behind = True
                behind.append(viewer)
                continue
            if viewer.cursor not in packets:
                rows = bytes(memoryview(run.rows)[viewer.cursor - run.rows_start :])
                packets[viewer.cursor] = event("frame", msgspec.Raw(frame), rows)
            packet = packets[viewer.cursor]
            viewer.under_way.append(number)
            viewer.newest, viewer.cursor = number, run.rows_end
            viewer.send(packet)
        for viewer in behind:
            self._ask_snapshot(run, viewer, None)

    def _tell_demand(self, run: _Run) -> None:
        """Tell the worker what is watched now, if that has changed."""
        watching = [viewer for viewer in run.attached() if viewer.measurements]
        demand = (
            frozenset[str]().union(*(viewer.measurements for viewer in watching)),
            max((viewer.pictures_per_second for viewer in watching), default=0.0),
        )
        if demand == run.demand or run.number not in self._runs:
            return
        run.demand = demand
        try:
            self._pool.demand(run.number, *demand)
        except RunNotFoundError:
            self.on_lost(run.number)


def _shorten(run: _Run, keep: int) -> None:
    """Drop the oldest rows until at most `keep` bytes are left."""
    excess = len(run.rows) - keep
    if excess > 0:
        del run.rows[:excess]
        run.rows_start += excess


def seq_of(message: Any) -> int:
    """Return the number of a message that was not understood, or NO_SEQ."""
    seq = message.get("seq") if isinstance(message, dict) else None
    return seq if isinstance(seq, int) and not isinstance(seq, bool) else NO_SEQ
