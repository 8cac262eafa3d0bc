"""The driver against websocket-client and bare sockets, under python-engineio as in the product."""

import base64
import contextlib
import os
import socket
import struct
import threading

import engineio
import gevent
import pytest
import websocket
from engineio.async_drivers.gevent import WebSocketWSGI
from engineio.socket import Socket
from gevent.pywsgi import WSGIServer
from websocket import ABNF

from playground.server import websocket as driver
from playground.server.handler import Handler
from playground.server.websocket import MAX_READ_BYTES, WebSocket

TIMEOUT_S = 20.0
FINAL_TEXT, FINAL_BINARY, FINAL_CLOSE, FINAL_PING = 0x81, 0x82, 0x88, 0x89
BINARY, CONTINUATION, FINAL_CONTINUATION = 0x02, 0x00, 0x80


class Echo:
    """An Engine.IO server in a thread of its own that sends each binary message back.

    Attributes:
        port: Where it listens.
        gone: Is set when a connection has ended.
        errors: What the greenlets of connections have raised.
    """

    def __init__(self):
        self.gone = threading.Event()
        self.errors = []
        self.sockets = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        assert self._ready.wait(TIMEOUT_S)

    def _serve(self):
        echo = self

        class Watched(WebSocket):
            def __call__(self, environ, start_response):
                echo.sockets.append(environ["playground.handler"].socket)
                return super().__call__(environ, start_response)

        server = engineio.Server(async_mode="gevent", transports=["websocket"], async_handlers=False)
        server._async = {**server._async, "websocket": Watched}
        server.on("message", self._message)
        server.on("disconnect", lambda sid, reason: self.gone.set())
        self._server = server
        http = WSGIServer(("127.0.0.1", 0), engineio.WSGIApp(server), handler_class=Handler, log=None, error_log=None)
        gevent.get_hub().handle_error = lambda context, kind, value, trace: self.errors.append(value)
        self._stop = gevent.get_hub().loop.async_()
        stopped = gevent.event.Event()
        self._stop.start(stopped.set)
        http.start()
        self.port = http.server_port
        self._ready.set()
        stopped.wait()
        http.stop(timeout=0)

    def _message(self, sid, message):
        if message == b"flood":
            for _ in range(400):
                self._server.send(sid, bytes(100_000))
        elif message == b"nodelay":
            nodelay = self.sockets[-1].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            self._server.send(sid, str(nodelay).encode())
        elif message == b"close":
            self._server.disconnect(sid)
        else:
            self._server.send(sid, message)

    def stop(self):
        self._stop.send()
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()


@pytest.fixture(scope="module")
def server():
    running = Echo()
    yield running
    running.stop()


@pytest.fixture
def echo(server):
    server.gone.clear()
    yield server
    assert server.errors == []


def connect(echo, **options):
    """Return a connected websocket-client, Engine.IO's greeting read."""
    url = f"ws://127.0.0.1:{echo.port}/engine.io/?EIO=4&transport=websocket"
    client = websocket.create_connection(url, timeout=TIMEOUT_S, **options)
    assert client.recv().startswith("0")
    return client


@pytest.fixture
def client(echo):
    connected = connect(echo)
    yield connected
    connected.shutdown()


def frame(first_byte, payload, length=None):
    """Return a masked frame as raw bytes; `length` is what its header says."""
    length = len(payload) if length is None else length
    mask = b"\x11\x22\x33\x44"
    if length < 126:
        head = struct.pack("!BB", first_byte, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", first_byte, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", first_byte, 0x80 | 127, length)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def close_code(client):
    """Read until the server closes, and return the code that it gave."""
    while True:
        opcode, data = client.recv_data()
        if opcode == ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


# -------------------------------------------------------------------- messages


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 125, 126, 127, 1000, 65_535, MAX_READ_BYTES])
def test_messages_of_every_length_come_whole(client, length):
    message = os.urandom(length)
    client.send_binary(message)
    assert client.recv() == message


def test_a_message_in_fragments_comes_whole_with_a_ping_among_them(client):
    client.sock.sendall(frame(BINARY, b"one ") + frame(CONTINUATION, b"two "))
    client.sock.sendall(frame(FINAL_PING, b"there?"))
    client.sock.sendall(frame(CONTINUATION, b"") + frame(FINAL_CONTINUATION, b"three"))
    assert client.recv_data(control_frame=True) == (ABNF.OPCODE_PONG, b"there?")
    assert client.recv() == b"one two three"


def test_a_message_that_trickles_in_comes_whole(client):
    message = os.urandom(300)
    for byte in frame(FINAL_BINARY, message):
        client.sock.sendall(bytes([byte]))
    assert client.recv() == message


def test_messages_that_come_together_are_told_apart(client):
    client.sock.sendall(b"".join(frame(FINAL_BINARY, bytes([number])) for number in range(1, 101)))
    assert [client.recv() for _ in range(100)] == [bytes([number]) for number in range(1, 101)]


def test_a_message_sent_before_the_server_has_agreed_is_not_lost(echo):
    key = base64.b64encode(bytes(16)).decode()
    with socket.create_connection(("127.0.0.1", echo.port), TIMEOUT_S) as bare:
        bare.sendall(
            f"GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
            + frame(FINAL_BINARY, b"early")
        )
        received = b""
        while b"early" not in received:
            data = bare.recv(4096)
            assert data
            received += data


def test_small_messages_do_not_wait_for_others(client):
    client.send_binary(b"nodelay")
    assert client.recv() == b"1"


# --------------------------------------------------------------------- refusals


def test_a_message_too_long_is_refused_by_its_header_alone(client):
    client.sock.sendall(frame(FINAL_BINARY, b"", length=1 << 40))
    assert close_code(client) == 1009


def test_one_byte_too_many_is_refused(client):
    client.sock.sendall(frame(FINAL_BINARY, b"", length=MAX_READ_BYTES + 1))
    assert close_code(client) == 1009


def test_fragments_are_refused_when_they_are_too_long_together(client):
    client.sock.sendall(frame(BINARY, bytes(MAX_READ_BYTES - 1)) + frame(CONTINUATION, b"x"))
    client.sock.sendall(frame(FINAL_PING, b"still there?"))
    assert client.recv_data(control_frame=True) == (ABNF.OPCODE_PONG, b"still there?")
    client.sock.sendall(frame(FINAL_CONTINUATION, b"", length=1))
    assert close_code(client) == 1009


def test_the_limit_is_for_each_message_anew(client):
    for _ in range(3):
        client.sock.sendall(frame(BINARY, bytes(MAX_READ_BYTES - 1)) + frame(FINAL_CONTINUATION, b"x"))
        assert len(client.recv()) == MAX_READ_BYTES


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(FINAL_TEXT, b"\xff"), 1007),
        (frame(FINAL_TEXT, b"hello"), 1003),
        (frame(FINAL_TEXT, b""), 1003),
        (frame(FINAL_TEXT, b"4" + b"[" * 9000), 1003),
        (frame(FINAL_TEXT, b"b!!!"), 1003),
        (b"\x82\x01x", 1002),  # not masked
        (frame(FINAL_BINARY | 0x40, b"x"), 1002),  # compressed
        (frame(0x83, b"x"), 1002),  # of no kind
        (frame(FINAL_CONTINUATION, b"x"), 1002),  # of nothing
        (frame(FINAL_PING, bytes(126)), 1002),
        (frame(FINAL_CLOSE, b"x"), 1002),
    ],
    ids=[
        "utf-8",
        "text",
        "empty text",
        "nested",
        "base64",
        "unmasked",
        "deflate",
        "opcode",
        "continuation",
        "ping",
        "close",
    ],
)
def test_what_is_not_the_protocol_ends_the_connection_with_its_code(echo, client, data, code):
    client.sock.sendall(data)
    assert close_code(client) == code
    assert echo.gone.wait(TIMEOUT_S)


def test_compression_is_not_agreed_to(echo):
    client = connect(echo, header=["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"])
    assert "sec-websocket-extensions" not in client.headers
    client.shutdown()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-WebSocket-Version": "8"},
        {"Sec-WebSocket-Key": ""},
        {"Sec-WebSocket-Key": "c2hvcnQ="},
        {"Sec-WebSocket-Key": "é"},
    ],
)
def test_a_handshake_that_is_none_is_refused(echo, headers):
    asked = {"Host": "x", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    asked = {**asked, "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
    with socket.create_connection(("127.0.0.1", echo.port), TIMEOUT_S) as bare:
        bare.sendall(f"GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\n{lines}\r\n".encode("latin-1"))
        assert bare.recv(12) == b"HTTP/1.1 400"


# ----------------------------------------------------------------------- endings


def test_a_goodbye_is_answered_with_its_code(echo, client):
    client.sock.sendall(frame(FINAL_CLOSE, struct.pack("!H", 1001)))
    assert close_code(client) == 1001
    assert echo.gone.wait(TIMEOUT_S)


def test_a_client_that_hangs_up_is_noticed(echo, client):
    client.sock.shutdown(socket.SHUT_RDWR)
    assert echo.gone.wait(TIMEOUT_S)


def test_the_server_says_goodbye(client):
    client.send_binary(b"close")
    assert close_code(client) == 1001


def test_a_client_that_does_not_read_is_closed_and_holds_up_nobody(echo, monkeypatch):
    monkeypatch.setattr(driver, "SEND_TIMEOUT_S", 0.2)
    stalled = connect(echo, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    other = connect(echo)
    stalled.send_binary(b"flood")
    while not echo.gone.is_set():
        other.send_binary(b"x")
        assert other.recv() == b"x"
    stalled.shutdown()
    other.shutdown()


def test_a_client_that_asks_and_does_not_read_is_closed(echo, monkeypatch):
    monkeypatch.setattr(driver, "MAX_QUEUED_PACKETS", 20)
    greedy = connect(echo, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    message = frame(FINAL_BINARY, bytes(MAX_READ_BYTES))
    with contextlib.suppress(ConnectionError):
        for _ in range(1000):
            greedy.sock.sendall(message)
        pytest.fail("it was let ask for ever")
    assert echo.gone.wait(TIMEOUT_S)
    greedy.shutdown()


def test_a_client_that_reads_late_gets_whole_messages(echo):
    # More than the kernel takes: sending stops in the middle of a message until the client reads.
    client = connect(echo, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    messages = [bytes([number]) * 60_000 for number in range(200)]
    for message in messages:
        client.send_binary(message)
    assert [client.recv() for _ in messages] == messages
    client.shutdown()


def test_two_greenlets_never_write_at_once(echo):
    # The echo and the answers to pings come from different greenlets; what a slow reader gets must be whole frames.
    client = connect(echo, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    messages = [bytes([number]) * 50_000 for number in range(100)]

    def speak():
        for message in messages:
            client.sock.sendall(frame(FINAL_BINARY, message) + frame(FINAL_PING, b"?"))

    speaker = threading.Thread(target=speak)
    speaker.start()
    received = [client.recv_data(control_frame=True) for _ in range(200)]
    speaker.join(TIMEOUT_S)
    assert [data for opcode, data in received if opcode == ABNF.OPCODE_BINARY] == messages
    assert received.count((ABNF.OPCODE_PONG, b"?")) == 100
    client.shutdown()


# ---------------------------------------------------------------------- the seam


def test_python_engineio_looks_up_its_websocket_class_where_we_put_ours():
    server = engineio.Server(async_mode="gevent")
    assert server._async["websocket"] is WebSocketWSGI
    for name in ("__call__", "wait", "send", "close"):
        assert hasattr(WebSocketWSGI, name), name
        assert hasattr(WebSocket, name), name


def test_the_driver_finds_the_queue_of_the_engine_socket():
    connection = Socket(engineio.Server(async_mode="gevent"), "sid")
    assert WebSocket(connection._websocket_handler, connection.server)._queue is connection.queue
    assert connection.queue.qsize() == 0


def test_python_engineio_sets_no_timeout_of_its_own_on_the_connection():
    # It does so on attributes of these names; a timeout there would end a read in the middle of a frame.
    assert not {"_sock", "socket"} & set(
        vars(WebSocket(Socket(engineio.Server(async_mode="gevent"), "sid")._websocket_handler, None))
    )
