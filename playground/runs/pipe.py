"""What the web process and a worker say to each other: length-prefixed msgpack over a socket pair."""

import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from playground.protocol import Answer, AnyCommand
from playground.training.links import Trained

_LENGTH = struct.Struct("<I")


class Create(msgspec.Struct, tag=0, array_like=True):
    """Begin a run; `config` is ExperimentConfig.to_json(), `trained` what its network has learned already."""

    run: int
    config: dict[str, Any]
    trained: Trained | None = None


class Do(msgspec.Struct, tag=1, array_like=True):
    """Obey a command; answered by Answered with the same ticket."""

    run: int
    ticket: int
    command: AnyCommand


class Describe(msgspec.Struct, tag=2, array_like=True):
    """Tell everything of a run; answered by Described with the same ticket."""

    run: int
    ticket: int


class Demand(msgspec.Struct, tag=3, array_like=True):
    """From now on these measurements are watched, so often."""

    run: int
    measurements: list[str]
    pictures_per_second: float


class Close(msgspec.Struct, tag=4, array_like=True):
    """End a run."""

    run: int


class Give(msgspec.Struct, tag=5, array_like=True):
    """Keep a person's table for a command to come.

    It comes in parts, so that what is said to other runs need not wait until a large table has passed.

    Attributes:
        number: Of the table; its parts come in order, those of others may come between them.
        part: Some of the msgpack of a playground.data.tables.Table.
        last: Whether the table is complete with it.
    """

    run: int
    number: int
    part: bytes
    last: bool


class Save(msgspec.Struct, tag=6, array_like=True):
    """Write a run down as a document; answered by Saved with the same ticket."""

    run: int
    ticket: int


class Restore(msgspec.Struct, tag=7, array_like=True):
    """Let a run become the one of a document; answered by Answered with the same ticket.

    Attributes:
        ticket: Its parts come in order, as those of a Give do.
        part: Some of the document.
        last: Whether the document is complete with it.
    """

    run: int
    ticket: int
    part: bytes
    last: bool


class Answered(msgspec.Struct, tag=0, array_like=True):
    """A command was obeyed, or refused; the answer's `seq` is not known here."""

    run: int
    ticket: int
    answer: Answer


class Described(msgspec.Struct, tag=1, array_like=True):
    """Everything of a run, as the msgpack of a protocol.Update."""

    run: int
    ticket: int
    update: bytes


class Updated(msgspec.Struct, tag=2, array_like=True):
    """Something of a run has changed; msgpack of a protocol.Update."""

    run: int
    update: bytes


class Framed(msgspec.Struct, tag=3, array_like=True):
    """A picture: msgpack of a protocol.Frame, and the history's new rows."""

    run: int
    number: int
    frame: bytes
    rows: bytes


class Failed(msgspec.Struct, tag=4, array_like=True):
    """A run has ended by a fault of ours."""

    run: int


class Saved(msgspec.Struct, tag=5, array_like=True):
    """A run as a document; see playground.runs.saved."""

    run: int
    ticket: int
    document: bytes


ToWorker = Create | Do | Describe | Demand | Close | Give | Save | Restore
FromWorker = Answered | Described | Updated | Framed | Failed | Saved


def pack(message: ToWorker | FromWorker) -> bytes:
    """Return the bytes of a message, its length in front."""
    body = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(body)) + body


class Unpacker:
    """Takes bytes as they arrive and gives the messages that are complete."""

    def __init__(self, message_type: Any) -> None:
        """
        Args:
            message_type: ToWorker or FromWorker.
        """
        self._decoder = msgspec.msgpack.Decoder(message_type)
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """Yield each message that `data` completes."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._buffer)[0]
            if len(self._buffer) < end:
                return
            body = bytes(memoryview(self._buffer)[_LENGTH.size : end])
            del self._buffer[:end]
            yield self._decoder.decode(body)
