"""A thin WebSocket driver for gevent on wsproto, put in where python-engineio looks up its WebSocket class.

Stock drivers won't do (design.md, "Serving", has the measurements): a message is refused for its size before it is
read, nothing is compressed, small messages don't wait for others, and a client that stops reading is closed.
"""

import base64
import binascii
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.extensions import Extension
from wsproto.frame_protocol import CloseReason, FrameDecoder, FrameProtocol, Opcode, RsvBits
from wsproto.utilities import LocalProtocolError, generate_accept_token

from playground.protocol import MAX_MESSAGE_BYTES
from playground.server.handler import HANDLER

MAX_READ_BYTES = 4 * MAX_MESSAGE_BYTES
"""Largest message that is read. One that is larger than MAX_MESSAGE_BYTES is refused by an answer, which needs its
number; one larger than this ends the connection before it is read."""

SEND_TIMEOUT_S = 10.0
"""How long a client may take to make room for one message before it is closed."""

MAX_QUEUED_PACKETS = 512
"""Packets that may wait for a client; one for which more are waiting is closed."""

_RECEIVE_BYTES = 1 << 16
_KEY_BYTES = 16

# What a browser's Engine.IO sends as text once it is connected: "goodbye" and "pong". All else is binary.
_TEXT_PACKETS = frozenset({"1", "3"})


class _MessageLimit(Extension):
    """Refuses a message at the frame header that makes it too long.

    A header that arrives in two parts is parsed, and told to us, twice.
    """

    name = "message-limit"  # never offered to the client, so never negotiated

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._read_bytes = 0  # of the message so far
        self._is_control = False

    def enabled(self) -> bool:
        """Return True: always on."""
        return True

    def offer(self) -> bool | str:
        """Return False: nothing for the other side."""
        return False

    def frame_inbound_header(
        self, proto: FrameDecoder | FrameProtocol, opcode: Opcode, rsv: RsvBits, payload_length: int
    ) -> CloseReason | RsvBits:
        """Refuse the frame if its message would be too long with it."""
        self._is_control = opcode.iscontrol()
        if not self._is_control:
            if opcode is not Opcode.CONTINUATION:
                self._read_bytes = 0
            if self._read_bytes + payload_length > self._limit_bytes:
                return CloseReason.MESSAGE_TOO_BIG
        return RsvBits(False, False, False)

    def frame_inbound_payload_data(self, proto: FrameDecoder | FrameProtocol, data: bytes) -> bytes | CloseReason:
        """Count what has been read."""
        if not self._is_control:
            self._read_bytes += len(data)
        return data


class WebSocket:
    """One connection, as python-engineio wants it: `WebSocket(handler, server)(environ, start_response)`.

    python-engineio then calls `wait` in one greenlet, and `send` and at last `close` in another.
    """

    def __init__(self, handler: Callable[["WebSocket"], Any], server: Any) -> None:
        """
        Args:
            handler: The method of an engineio.Socket that serves the connection; returns when it is over.
            server: The engineio.Server.
        """
        self._handler = handler
        self._queue = handler.__self__.queue  # type: ignore[attr-defined]  # a bound method
        self._protocol = Connection(ConnectionType.SERVER, [_MessageLimit(MAX_READ_BYTES)])
        self._writing = BoundedSemaphore(1)
        self._messages: Iterator[str | bytes] = iter(())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Accept the connection and serve it to its end."""
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not _is_key(key):
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Sec-WebSocket-Version", "13")])
            return [b"This address takes WebSocket connections of version 13, with a key of 16 bytes."]
        http = environ[HANDLER]
        http.close_connection = True  # no further HTTP request comes here
        self._socket, self._reader = http.socket, http.rfile
        accepted = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", generate_accept_token(key.encode()).decode()),
        ]
        start_response("101 Switching Protocols", accepted)(b"")
        self._messages = self._read()
        return self._handler(self)

    def wait(self) -> str | bytes | None:
        """Return the next message, or None when the connection is over."""
        if self._queue.qsize() > MAX_QUEUED_PACKETS:  # it asks and asks, and does not read what it gets
            self._close(CloseReason.POLICY_VIOLATION, "Too many messages are waiting to be read.")
        return next(self._messages, None)

    def send(self, message: str | bytes) -> None:
        """Send a message whole.

        Raises:
            OSError: If the connection is over, or the client makes no room in time, which ends it.
        """
        self._write(TextMessage(message) if isinstance(message, str) else BytesMessage(message))

    def close(self) -> None:
        """Say goodbye and end the connection; `wait` returns None then."""
        self._close(CloseReason.GOING_AWAY, "")

    def _read(self) -> Iterator[str | bytes]:
        """Yield each message until the connection is over."""
        parts: list[Any] = []  # all str or all bytes
        while data := self._receive():
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                match event:
                    case TextMessage() | BytesMessage():
                        if event.data:  # else a flood of empty fragments would fill the memory
                            parts.append(event.data)
                        if event.message_finished:
                            message = "".join(parts) if isinstance(event, TextMessage) else b"".join(parts)
                            parts = []
                            if isinstance(message, str) and message not in _TEXT_PACKETS:
                                self._close(CloseReason.UNSUPPORTED_DATA, "Messages here are binary.")
                                return
                            yield message
                    case Ping():
                        with suppress(OSError):
                            self._write(event.response())
                    case CloseConnection(code=code, reason=reason):  # the client's wish, or wsproto's verdict
                        if code == CloseReason.MESSAGE_TOO_BIG:
                            reason = f"A message may have {MAX_MESSAGE_BYTES:,} bytes."
                        self._close(code, reason or "")
                        return

    def _receive(self) -> bytes:
        try:
            return bytes(self._reader.read1(_RECEIVE_BYTES))
        except OSError:
            return b""

    def _write(self, event: Event) -> None:
        # A frame must go out whole before the next begins, and both the reader and the writer send.
        with self._writing:
            try:
                data = self._protocol.send(event)
            except LocalProtocolError as error:
                raise ConnectionError("The connection is closed.") from error
            try:
                with gevent.Timeout(SEND_TIMEOUT_S, TimeoutError("The client does not read.")):
                    self._socket.sendall(data)
            except OSError:
                self._hang_up()
                raise

    def _close(self, code: int, reason: str) -> None:
        if self._protocol.state in (ConnectionState.OPEN, ConnectionState.REMOTE_CLOSING):
            with suppress(OSError):
                self._write(CloseConnection(code, reason))
        self._hang_up()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the greenlet in _receive


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False
