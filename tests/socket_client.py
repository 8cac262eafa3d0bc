"""A small Socket.IO client with msgpack: what the page says, without a browser.

    with SocketClient(port) as client:
        client.open("dataset=iris")
        client.watch("output", "losses")
        client.command("play")
        frame, rows = client.wait_for("frame", lambda frame, rows: frame["epoch"] > 10)

It reads only when it is asked for something, so a client that is not asked is a slow one.
"""

import itertools
import time
from collections.abc import Callable
from typing import Any, Self

import msgspec
import websocket

from tests.told import in_english

TIMEOUT_S = 60.0


class SocketClient:
    """One connection to a server at 127.0.0.1.

    Attributes:
        websocket: The WebSocket below it.
        token: Of the run that was opened last.
        events: Every event that was read so far, as (name, arguments).
    """

    def __init__(self, port: int, **options: Any) -> None:
        """
        Args:
            port: The server's.
            options: For websocket.create_connection, such as `header`, `host`, `origin` or `sockopt`.
        """
        url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self.websocket = websocket.create_connection(url, timeout=TIMEOUT_S, **options)
        self.token = ""
        self.events: list[tuple[str, list[Any]]] = []
        self._unseen = 0
        self._numbers = itertools.count(1)
        hello = self.websocket.recv()
        assert isinstance(hello, str), hello
        assert hello.startswith("0"), hello
        self.send_packet({"type": 0, "nsp": "/"})
        welcome = self._receive_packet(time.monotonic() + TIMEOUT_S)
        assert welcome["type"] == 0, welcome

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.websocket.shutdown()

    # ------------------------------------------------------------------ to send

    def send_packet(self, packet: Any) -> None:
        """Send anything as one Socket.IO packet."""
        self.websocket.send_binary(msgspec.msgpack.encode(packet))

    def emit(self, event: str, *arguments: Any) -> None:
        """Send an event."""
        self.send_packet({"type": 2, "nsp": "/", "data": [event, *arguments], "options": {"compress": True}})

    def send_command(self, kind: str, **fields: Any) -> int:
        """Send a command and return its number."""
        seq = next(self._numbers)
        self.emit("command", {"seq": seq, "command": {"type": kind, **fields}})
        return seq

    def receipt(self, number: int) -> None:
        """Say that the pictures up to this number have been drawn."""
        self.emit("receipt", {"number": number})

    def watch(self, *measurements: str, pictures_per_second: float = 30.0) -> None:
        """Say what to send from now on."""
        self.emit("watch", {"measurements": list(measurements), "pictures_per_second": pictures_per_second})

    # ----------------------------------------------------------- to ask and wait

    def open(self, link: str = "", token: str | None = None) -> dict[str, Any]:
        """Take part in a run; return everything of it, the update that follows the answer."""
        seq = next(self._numbers)
        self.emit("open", {"seq": seq, "link": link, "token": token})
        answer = self.answer(seq)
        assert not answer.get("refusal"), answer
        self.token = answer["token"]
        return self.wait_for("update")[0]

    def command(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        return self.answer(self.send_command(kind, **fields))

    def answer(self, seq: int) -> dict[str, Any]:
        """Return the answer of this number; events before it count as seen."""
        return self.wait_for("answer", lambda answer: answer["seq"] == seq)[0]

    def wait_for(
        self,
        event: str,
        fits: Callable[..., bool] = lambda *arguments: True,
        timeout_s: float = TIMEOUT_S,
        receipts: bool = True,
    ) -> list[Any]:
        """Return the arguments of the next event of this name that fits.

        Args:
            event: Its name.
            fits: Is given the event's arguments.
            timeout_s: After which it is an AssertionError.
            receipts: Whether pictures that come meanwhile are acknowledged.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            name, arguments = self._next(deadline, f"{event!r} did not come")
            if receipts and name == "frame":
                self.receipt(arguments[0]["number"])
            if name == event and fits(*arguments):
                return arguments

    def closed(self) -> int | None:
        """Wait until the server ends the connection, and return the code it gave, if any."""
        while True:
            try:
                opcode, data = self.websocket.recv_data()
            except (websocket.WebSocketConnectionClosedException, ConnectionError):
                return None
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big")

    def _next(self, deadline: float, complaint: str) -> tuple[str, list[Any]]:
        if self._unseen == len(self.events):
            packet = self._receive_packet(deadline, complaint)
            assert packet["type"] == 2, packet
            self.events.append((packet["data"][0], in_english(packet["data"][1:])))
        self._unseen += 1
        return self.events[self._unseen - 1]

    def _receive_packet(self, deadline: float, complaint: str = "nothing came") -> Any:
        while True:
            self.websocket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                message = self.websocket.recv()
            except websocket.WebSocketTimeoutException:
                raise AssertionError(f"{complaint}; the last events were {self._last()}") from None
            if isinstance(message, bytes) and message:
                return msgspec.msgpack.decode(message)
            assert message, f"the server closed the connection; the last events were {self._last()}"
            if message == "2":
                self.websocket.send("3")

    def _last(self) -> list[str]:
        return [f"{name} {str(arguments)[:60]}" for name, arguments in self.events[-5:]]
