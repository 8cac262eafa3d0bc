"""Runs on their way to a person's files and back. What is in them is for the run itself to look at."""

import tempfile
import traceback
from concurrent.futures import Future
from threading import BoundedSemaphore
from typing import TypeVar

from flask import Response, abort, request
from werkzeug.exceptions import HTTPException

from playground.errors import CapacityError, PlaygroundError, RunNotFoundError
from playground.protocol import Answer, RunAnswer
from playground.runs.saved import MAX_BYTES
from playground.sentences import say
from playground.server.receiving import Receiver, in_json, of_json
from playground.server.relay import Relay

MAX_FILES = 20
"""Documents that are received, or wait for their runs, at a time."""

WAITING_S = 30.0
"""How long a run may take to answer."""

T = TypeVar("T")

_RUNS = Receiver("", MAX_BYTES, say("No run that was saved here has as many."))


class SavedRuns:
    """Gives the runs of a relay away as documents, and takes documents for them."""

    def __init__(self, relay: Relay) -> None:
        """
        Args:
            relay: Knows the runs.
        """
        self._relay = relay
        self._files = BoundedSemaphore(MAX_FILES)

    def give(self) -> Response:
        """Answer the present request with the run whose token is the header X-Run, as a document."""
        try:
            return of_json(200, self._awaited(self._relay.save(_token())))
        except HTTPException:
            raise
        except Exception as error:
            return _refused(error)

    def take(self) -> Response:
        """Let the run whose token is the header X-Run become that of the document in the present request's body."""
        try:
            self._relay.check_token(_token())
            answer = self._passed_on(_RUNS.length(request))
        except HTTPException:
            raise
        except Exception as error:
            return _refused(error)
        return in_json(422 if answer.refusal else 200, RunAnswer(answer.notes, answer.refusal))

    def _passed_on(self, length: int) -> Answer:
        """Return what the run answers to the document in the present request's body."""
        if not self._files.acquire(blocking=False):
            abort(_RUNS.refusal(503, say("The server is busy with many files. Try again in a minute.")))
        try:
            # In a file, not in memory, as long as it is not complete: it may come slowly.
            with tempfile.TemporaryFile() as file:
                _RUNS.receive(request, length, file)
                file.seek(0)
                document = file.read()
            return self._awaited(self._relay.restore(_token(), document))
        finally:
            self._files.release()

    def _awaited(self, waiting: Future[T]) -> T:
        """Return what a run answers."""
        try:
            return waiting.result(WAITING_S)
        except TimeoutError:
            abort(_RUNS.refusal(503, say("The server is busy, and did not get to this run in time. Try again.")))


def _token() -> str:
    return request.headers.get("X-Run", "")


def _refused(error: Exception) -> Response:
    """Return what is answered after an error."""
    if isinstance(error, PlaygroundError):
        statuses = {RunNotFoundError: 404, CapacityError: 503}
        return _RUNS.refusal(statuses.get(type(error), 422), error.sentence)
    traceback.print_exception(error)
    return _RUNS.failed()
