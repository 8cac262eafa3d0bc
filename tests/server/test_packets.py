import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio.packet import CONNECT, DISCONNECT, EVENT

from playground.protocol import MAX_MESSAGE_BYTES, Answer, Refusal
from playground.server.packets import MALFORMED, Packet, event

pack = msgspec.msgpack.encode


def test_a_packet_comes_back_as_it_was():
    packet = Packet(encoded_packet=Packet(EVENT, ["frame", {"number": 3}, b"rows"], namespace="/").encode())
    assert packet.packet_type == EVENT
    assert packet.namespace == "/"
    assert packet.data == ["frame", {"number": 3}, b"rows"]


def test_a_raw_field_is_put_in_as_it_is():
    frame = pack({"number": 3, "payload": b"\x00\xff"})
    packet = msgspec.msgpack.decode(event("frame", msgspec.Raw(frame), b"rows"))
    assert packet == {"type": 2, "nsp": "/", "data": ["frame", {"number": 3, "payload": b"\x00\xff"}, b"rows"]}


def test_structs_are_encoded_by_their_fields():
    packet = msgspec.msgpack.decode(event("answer", Answer(4, Refusal("noise", "Too much."))))
    assert packet["data"][1] == {"seq": 4, "refusal": {"field": "noise", "message": "Too much."}}


def test_what_the_browser_s_parser_adds_is_no_harm():
    packet = Packet(encoded_packet=pack({"type": 2, "nsp": "/", "data": ["watch", {}], "options": {"compress": True}}))
    assert packet.data == ["watch", {}]


@pytest.mark.parametrize("kind", [CONNECT, DISCONNECT])
def test_connecting_and_leaving_are_understood(kind):
    packet = Packet(encoded_packet=pack({"type": kind, "nsp": "/", "data": {"token": "x"}}))
    assert (packet.packet_type, packet.data) == (kind, None)


def test_an_acknowledgement_is_not_asked_for():
    # It would be sent besides the answer, and unbounded.
    assert Packet(encoded_packet=pack({"type": 2, "nsp": "/", "data": ["open"], "id": 7})).id is None


MALFORMED_PACKETS = {
    "nothing": b"",
    "half a packet": pack({"type": 2, "nsp": "/", "data": ["open"]})[:-2],
    "more than a packet": pack({"type": 2, "nsp": "/", "data": ["open"]}) + b"\x00",
    "no map": pack([2, "/"]),
    "no type": pack({"nsp": "/", "data": ["open"]}),
    "type of no kind": pack({"type": 9, "nsp": "/", "data": ["open"]}),
    "binary event": pack({"type": 5, "nsp": "/", "data": ["open"]}),
    "acknowledgement": pack({"type": 3, "nsp": "/", "data": [], "id": 1}),
    "error": pack({"type": 4, "nsp": "/", "data": "x"}),
    "text as type": pack({"type": "2", "nsp": "/", "data": ["open"]}),
    "other namespace": pack({"type": 0, "nsp": "/admin"}),
    "no event": pack({"type": 2, "nsp": "/"}),
    "empty event": pack({"type": 2, "nsp": "/", "data": []}),
    "event without name": pack({"type": 2, "nsp": "/", "data": [3]}),
    "list as name": pack({"type": 2, "nsp": "/", "data": [["open"]]}),
    "reserved name": pack({"type": 2, "nsp": "/", "data": ["disconnect", "x"]}),
    "nested without end": pack({"type": 2, "nsp": "/", "data": []})[:-1] + b"\x91" * 50_000 + b"\x01",
    "a list that claims to be long": b"\xdd\xff\xff\xff\xff",
    "text": "2[1]",
}


@pytest.mark.parametrize("packet", MALFORMED_PACKETS.values(), ids=MALFORMED_PACKETS)
def test_malformed_packets_become_an_event_that_says_so(packet):
    assert_malformed(Packet(encoded_packet=packet))


def test_a_packet_too_large_is_refused_with_its_message_so_that_its_number_is_known():
    message = {"seq": 7, "command": {"points": [0] * MAX_MESSAGE_BYTES}}
    packet = Packet(encoded_packet=pack({"type": 2, "nsp": "/", "data": ["command", message]}))
    assert packet.packet_type == EVENT
    name, sentence, kept = packet.data
    assert (name, kept) == (MALFORMED, message)
    assert f"{MAX_MESSAGE_BYTES:,} bytes" in sentence


def test_a_packet_as_large_as_may_be_is_understood():
    packet = pack({"type": 2, "nsp": "/", "data": ["watch", b""]})
    packet = pack({"type": 2, "nsp": "/", "data": ["watch", bytes(MAX_MESSAGE_BYTES - len(packet) - 1)]})
    assert len(packet) == MAX_MESSAGE_BYTES
    assert Packet(encoded_packet=packet).data[0] == "watch"


@given(st.binary(max_size=60))
def test_no_bytes_raise(data):
    packet = Packet(encoded_packet=data)
    assert packet.packet_type in (CONNECT, DISCONNECT, EVENT)


def assert_malformed(packet):
    assert packet.packet_type == EVENT
    name, sentence = packet.data
    assert name == MALFORMED
    assert sentence.startswith("This is not a message of the playground: ")
