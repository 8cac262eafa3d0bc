"""A person's table on its way in: received, read in a process of its own, given to the run, and shown as a preview."""

import signal
import subprocess
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import IO, Any

import msgspec
from flask import Request, Response, abort, request
from werkzeug.exceptions import HTTPException

from playground.data.tables import MAX_BYTES, Reading, TableRefusal, preview, reading_command
from playground.errors import CapacityError, RunNotFoundError
from playground.protocol import Refusal, UploadAnswer
from playground.runs import child_environ
from playground.sentences import say
from playground.server.handler import end_hearing, noticing_departure
from playground.server.receiving import Receiver, in_json
from playground.server.relay import Relay

MAX_READERS = 2
"""Files that are read at a time."""

MAX_UPLOADS = 50
"""Files that are received, wait to be read, or are read at a time."""

READING_S = 20.0
"""How long the reading of a file may take."""

WAITING_S = 20.0
"""How long a file waits for others to be read."""

_TABLES = Receiver("table", MAX_BYTES, say("Keep fewer rows or columns."))
_HEADERS = {"yes": True, "no": False, None: None}


class Uploads:
    """Takes files for the runs of a relay, a few at a time, one for each run."""

    def __init__(self, relay: Relay) -> None:
        """
        Args:
            relay: Knows the runs.
        """
        self._relay = relay
        self._under_way: dict[str, dict[str, Any]] = {}  # the WSGI environment of each run's upload
        self._uploads = BoundedSemaphore(MAX_UPLOADS)
        self._readers = BoundedSemaphore(MAX_READERS)

    def take(self) -> Response:
        """Answer the present request with a preview of the table that its body holds, or with a refusal.

        The run whose token is the header X-Run keeps the table. The query says the file's `name`, and, unless they
        are to be recognized, `header` (yes or no), `delimiter` and `encoding`. The body is the file.
        """
        token = request.headers.get("X-Run", "")
        try:
            self._relay.check_token(token)
            command = _command(request)
            length = _TABLES.length(request)
            with self._only_upload(token):
                reading = self._received_and_read(request, length, command)
            table = msgspec.msgpack.decode(reading, type=Reading)
            if isinstance(table, TableRefusal):
                return in_json(422, UploadAnswer(refusal=Refusal("table", table.message)))
            shown = preview(table)
            self._relay.give_table(token, reading)
        except RunNotFoundError as error:
            return _TABLES.refusal(404, error.sentence)
        except CapacityError as error:
            return _TABLES.refusal(503, error.sentence)
        except HTTPException:
            raise
        except Exception:
            traceback.print_exc()
            return _TABLES.failed()
        return in_json(200, UploadAnswer(preview=shown))

    @contextmanager
    def _only_upload(self, token: str) -> Iterator[None]:
        """End the earlier upload for the same run, if one is under way, and be the one that is."""
        environ = request.environ
        if token in self._under_way:
            end_hearing(self._under_way[token])
        self._under_way[token] = environ
        try:
            yield
        finally:
            if self._under_way.get(token) is environ:
                del self._under_way[token]

    def _received_and_read(self, request: Request, length: int, command: list[str]) -> bytes:
        """Return the msgpack of the Reading of the request's body."""
        if not self._uploads.acquire(blocking=False):
            abort(_TABLES.refusal(503, say("The server is busy with many files. Try again in a minute.")))
        try:
            # In a file, not in memory: fifty may be waiting.
            with tempfile.TemporaryFile() as file:
                _TABLES.receive(request, length, file)
                return self._read(request, file, command)
        finally:
            self._uploads.release()

    def _read(self, request: Request, file: IO[bytes], command: list[str]) -> bytes:
        """Return what the command prints of a file, when its turn has come."""
        reader = _Reader(command)
        with noticing_departure(request.environ, reader.give_up):
            if not self._readers.acquire(timeout=WAITING_S):
                text = say("The server is busy with other files. Nothing was changed; try again.")
                abort(_TABLES.refusal(503, text))
            try:
                return reader.read(file)
            finally:
                self._readers.release()


class _Reader:
    """A process that reads one file."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._given_up = False

    def give_up(self) -> None:
        """End the process, or let it not begin: nobody waits for what it reads."""
        self._given_up = True
        if self._process is not None:
            self._process.kill()

    def read(self, file: IO[bytes]) -> bytes:
        """Return what the process prints of a file; a refusal aborts the request."""
        if self._given_up:
            abort(_TABLES.left())
        file.seek(0)
        with subprocess.Popen(self._command, stdin=file, stdout=subprocess.PIPE, env=child_environ()) as process:
            self._process = process
            try:
                if self._given_up:  # while it was beginning
                    process.kill()
                output, _ = process.communicate(timeout=READING_S)
            except subprocess.TimeoutExpired:
                abort(_too_slow())
            finally:
                process.kill()
        if self._given_up:
            abort(_TABLES.left())
        if process.returncode == -signal.SIGXCPU:
            abort(_too_slow())
        if process.returncode:
            abort(_TABLES.failed())
        return output


def _command(request: Request) -> list[str]:
    """Return the command that reads the file as the query says."""
    said = request.args
    header = said.get("header")
    if header not in _HEADERS:
        text = say("The header may be said to be there by yes or no, got {value}.", value=f"{header!r:.40}")
        abort(_TABLES.refusal(400, text))
    return reading_command(said.get("name", ""), _HEADERS[header], said.get("delimiter", ""), said.get("encoding", ""))


def _too_slow() -> Response:
    text = say("Reading the file took longer than {seconds} s. Keep fewer rows or columns.", seconds=round(READING_S))
    return _TABLES.refusal(422, text)
