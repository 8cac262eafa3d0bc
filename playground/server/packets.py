"""Socket.IO packets as msgpack: one packet is one binary WebSocket message."""

from typing import Any

import msgspec
from socketio.packet import CONNECT, DISCONNECT, EVENT
from socketio.packet import Packet as BasePacket

from playground.protocol import MAX_MESSAGE_BYTES
from playground.sentences import say

NAMESPACE = "/"

MALFORMED = "malformed"
"""The event that a packet becomes which is refused: a sentence, and the message if there is one."""

_RESERVED_EVENTS = frozenset({"connect", "disconnect", "*"})


class _Incoming(msgspec.Struct):
    type: int
    nsp: str
    data: Any = None


class Packet(BasePacket):  # type: ignore[misc]  # python-socketio has no types
    """A packet with msgpack inside, as socket.io-msgpack-parser has it in the browser.

    Where a field holds a msgspec.Raw, msgpack that exists already is put in as it is. What comes from a browser and
    is not a packet that we expect, or is too large, turns into the event MALFORMED, so that it is answered and ends
    no connection.
    """

    uses_binary_events = False

    def __init__(
        self,
        packet_type: int = EVENT,
        data: Any = None,
        namespace: str | None = None,
        id: int | None = None,
        binary: bool | None = None,
        encoded_packet: Any = None,
    ) -> None:
        super().__init__(packet_type, data, namespace, id, binary)
        if encoded_packet is not None:  # an empty one, too, is to be refused
            self.decode(encoded_packet)

    def encode(self) -> bytes:
        """Return the packet's bytes."""
        return msgspec.msgpack.encode(self._to_dict())

    def decode(self, encoded_packet: Any) -> None:
        """Take over what `encoded_packet` says."""
        self.namespace, self.id = NAMESPACE, None
        try:
            incoming = msgspec.msgpack.decode(encoded_packet, type=_Incoming)
            self.packet_type, self.data = incoming.type, _checked(incoming)
            if len(encoded_packet) > MAX_MESSAGE_BYTES and self.data is not None:
                sentence = say(
                    "A message may have {most} bytes, got {count}. Nothing was changed; send it in parts.",
                    most=MAX_MESSAGE_BYTES,
                    count=len(encoded_packet),
                )
                self.data = [MALFORMED, sentence, *self.data[1:2]]
        except (msgspec.DecodeError, RecursionError, TypeError, ValueError) as error:
            sentence = say("This is not a message of the playground: {error}.", error=str(error))
            self.packet_type, self.data = EVENT, [MALFORMED, sentence]


def event(name: str, *arguments: Any) -> bytes:
    """Return the bytes of a packet that carries an event."""
    return msgspec.msgpack.encode({"type": EVENT, "data": [name, *arguments], "nsp": NAMESPACE})


def _checked(incoming: _Incoming) -> Any:
    """Return the packet's data as python-socketio may see it.

    Raises:
        ValueError: If this is nothing that a browser sends us.
    """
    if incoming.nsp != NAMESPACE:
        raise ValueError(f"the namespace must be {NAMESPACE}, got {incoming.nsp!r:.40}")
    match incoming.type, incoming.data:
        case ((0 | 1), _):
            return None  # who connects or leaves need not say more
        case 2, [str(name), *_] if name not in _RESERVED_EVENTS:
            return incoming.data
    raise ValueError("a packet must be of type 0, 1 or 2, and an event a list that begins with its name")


assert (CONNECT, DISCONNECT, EVENT) == (0, 1, 2)
