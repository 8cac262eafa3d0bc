"""Files on their way in: the bodies of requests, taken with care, and how such a request is answered."""

from dataclasses import dataclass
from typing import IO

import msgspec
from flask import Request, Response, abort
from gevent import Timeout
from werkzeug.exceptions import ClientDisconnected

from playground.protocol import Refusal, told
from playground.sentences import say

RECEIVING_S = 120.0
"""How long a file may take to arrive."""

_RECEIVE_BYTES = 1 << 16


class _Refused(msgspec.Struct):
    """A body that says only why nothing was done."""

    refusal: Refusal


@dataclass(frozen=True)
class Receiver:
    """Takes files of one kind.

    Attributes:
        field: What refusals are about.
        largest: Most bytes that a file may have.
        advice: What to do with a larger one, in a sentence.
    """

    field: str
    largest: int
    advice: str

    def length(self, request: Request) -> int:
        """Return how many bytes the body has; abort the request unless it says so and they are few enough."""
        length = request.content_length
        if length is None:
            abort(self.refusal(411, say("How long the file is must be said in advance, by the header Content-Length.")))
        if length > self.largest:
            message = say(
                "The file has {length} bytes; at most {largest} are accepted. {advice}",
                length=length,
                largest=self.largest,
                advice=self.advice,
            )
            abort(self.refusal(413, message))
        return length

    def receive(self, request: Request, length: int, file: IO[bytes]) -> None:
        """Write the body into a file; abort the request if it does not come whole, or in time."""
        left = length
        try:
            with Timeout(RECEIVING_S):
                while left and (data := _part(request, left)):
                    file.write(data)
                    left -= len(data)
        except Timeout:
            message = say(
                "The file took longer than {seconds} s to arrive. Nothing was changed.", seconds=round(RECEIVING_S)
            )
            abort(self.refusal(408, message))
        if left:
            abort(self.left())

    def left(self) -> Response:
        """Return what nobody reads any more."""
        message = say("The connection ended, or another file came for the same run, before the file was read.")
        return self.refusal(400, message)

    def failed(self) -> Response:
        """Return what is answered after a fault of ours."""
        return self.refusal(500, say("The server failed at this file by a fault of its own; nothing was changed."))

    def refusal(self, status: int, message: str) -> Response:
        """Return an answer that says why nothing was done."""
        return in_json(status, _Refused(Refusal(self.field, told(message))))


def in_json(status: int, answer: msgspec.Struct) -> Response:
    """Return an answer that no cache keeps."""
    return of_json(status, msgspec.json.encode(answer))


def of_json(status: int, body: bytes) -> Response:
    """Return an answer of bytes that are JSON, which no cache keeps."""
    response = Response(body, status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _part(request: Request, left: int) -> bytes:
    """Return some more of the body, nothing if the client has left."""
    try:
        return request.stream.read(min(left, _RECEIVE_BYTES))
    except (ClientDisconnected, OSError):
        return b""
