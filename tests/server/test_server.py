"""The whole server, with real workers, as a Socket.IO client sees it."""

import math
import os
import signal
import struct
import zlib

import pytest
import websocket

from playground.protocol import FRAMES_UNDER_WAY, HISTORY_COLUMNS, MAX_MESSAGE_BYTES
from playground.training.settings import MAX_OWN_POINTS
from tests.server_process import ServerProcess
from tests.socket_client import SocketClient


@pytest.fixture(scope="module")
def server():
    with ServerProcess("--workers", "2") as running:
        yield running


@pytest.fixture
def client(server):
    with SocketClient(server.port) as connected:
        yield connected


def epochs(events):
    """The epochs of the history as the page knows them after these events."""
    known = []
    for name, arguments in events:
        rows = b""
        if name == "update" and "history" in arguments[0]:
            known, rows = [], arguments[0]["history"]
        if name == "frame":
            rows = arguments[1]
        for row in struct.iter_unpack(f"<{len(HISTORY_COLUMNS)}f", rows):
            if not known or row[0] > known[-1]:
                known.append(row[0])
    return known


def pictures(client):
    return [arguments[0]["number"] for name, arguments in client.events if name == "frame"]


def play(client, **watched):
    client.watch("output", "losses", **watched)
    client.command("pace", per_second=None)
    client.command("play")


def test_an_open_is_answered_with_everything_and_then_a_picture(client):
    update = client.open("dataset=iris&hidden=5")
    assert set(update) == {"experiment", "data", "state", "history", "marks"}
    assert update["experiment"]["layers"] == [4, 5, 3]
    client.watch("output", "losses")
    frame, _rows = client.wait_for("frame")
    sizes = {"float32": 4, "uint8": 1}
    expected = sum(sizes[dtype] * math.prod(shape) for _name, dtype, shape in frame["parts"])
    assert len(zlib.decompress(frame["payload"])) == expected


def test_20_commands_get_20_answers_in_order(client):
    client.open()
    sent = []
    for turn in range(20):
        if turn % 5 == 4:
            sent.append((client.send_command("change", changes={"learning_rate": "quick"}), True))
        elif turn % 5 == 3:
            sent.append((client.send_command("fly"), True))  # refused before it reaches the worker
        elif turn % 5 == 2:
            sent.append((client.send_command("change", changes={"samples": 5000 - turn, "dataset": "moons"}), True))
        else:
            sent.append((client.send_command(("play", "pause")[turn % 2]), False))
    answers = [client.wait_for("answer")[0] for _ in sent]
    assert [answer["seq"] for answer in answers] == [seq for seq, _ in sent]
    refused = [bool(answer.get("refusal")) for answer in answers]
    assert refused[0::5] == refused[1::5] == [False] * 4
    assert refused[3::5] == refused[4::5] == [True] * 4


def test_a_change_is_seen_before_its_answer(client):
    client.open()
    client.command("change", changes={"hidden": [3]})
    names = [name for name, _ in client.events]
    layers = [arguments[0]["experiment"]["layers"] for name, arguments in client.events if name == "update"]
    assert layers[-1] == [2, 3, 1]
    assert names[-1] == "answer"


def test_a_browser_that_comes_back_finds_its_run(server, client):
    client.open("dataset=circles")
    play(client)
    frame, _ = client.wait_for("frame", lambda frame, rows: frame["epoch"] > 20)
    client.websocket.shutdown()
    with SocketClient(server.port) as again:
        update = again.open("dataset=iris", token=client.token)
        assert again.token == client.token
        assert update["experiment"]["config"]["dataset"] == "circles"
        assert update["state"]["playing"]
        assert update["state"]["epoch"] >= frame["epoch"]


def test_a_run_goes_on_while_nobody_watches(server, client):
    client.open()
    client.command("pace", per_second=None)
    client.command("play")
    client.websocket.shutdown()
    with SocketClient(server.port) as again:
        first = again.open(token=client.token)["state"]["epoch"]
        while again.open(token=client.token)["state"]["epoch"] <= first:
            pass


def test_runs_of_two_browsers_never_touch(server, client):
    with SocketClient(server.port) as other:
        client.open("dataset=moons"), other.open("dataset=iris")
        play(client), other.watch("output")
        other.wait_for("frame")
        client.wait_for("frame", lambda frame, rows: frame["epoch"] > 50)
        client.command("change", changes={"hidden": [7]})
        other.command("pause")
        for name, arguments in other.events:
            if name == "update":
                assert arguments[0]["state"]["epoch"] == 0
                assert arguments[0].get("experiment", {"layers": [4, 4, 2, 3]})["layers"] == [4, 4, 2, 3]
            if name == "frame":
                assert arguments[0]["epoch"] == 0
        assert client.token != other.token


def test_a_slow_client_loses_pictures_and_no_row_and_nobody_else_does(server):
    with SocketClient(server.port) as quick, SocketClient(server.port) as slow:
        quick.open()
        slow.open(token=quick.token)
        slow.watch("output", "losses")
        quick.watch("output", "losses")
        quick.command("pace", per_second=200)
        quick.command("play")
        quick.wait_for("frame", lambda frame, rows: len(pictures(quick)) > 40)
        quick.command("pause")
        (state,) = [arguments[0]["state"] for name, arguments in quick.events[-2:] if name == "update"]
        for client in (quick, slow):
            while not any(name == "frame" and sent[0]["step"] == state["step"] for name, sent in client.events):
                client.wait_for("frame")
            assert epochs(client.events) == list(range(state["epoch"] + 1))
        numbers = pictures(quick)
        assert numbers == list(range(numbers[0], numbers[-1] + 1))
        assert len(pictures(slow)) <= FRAMES_UNDER_WAY + 3


def test_a_page_of_another_site_gets_no_socket(server):
    for options in ({"origin": "http://evil.example"}, {"host": "evil.example"}, {"origin": "null"}):
        with pytest.raises(websocket.WebSocketBadStatusException, match="403") as refused:
            SocketClient(server.port, **options)
        assert refused.value.status_code == 403


def test_garbage_is_answered_and_the_run_goes_on(client):
    client.open()
    for data in (b"", b"\xc1", b"\x80", b"\x91" * 1000, os.urandom(50)):
        client.websocket.send_binary(data)
        assert client.answer(0)["refusal"]["message"]
    for event in ("connect", "disconnect", "*", "malformed", "", "message"):
        client.emit(event, {"seq": 9})
        answer = client.wait_for("answer")[0]
        assert answer["refusal"]["message"]
    client.emit("open")
    client.emit("command", 1, 2, 3)
    client.emit("receipt")
    assert [client.answer(0)["refusal"]["field"] for _ in range(3)] == [""] * 3
    client.send_packet({"type": 0, "nsp": "/admin"})
    client.send_packet({"type": 6, "nsp": "/", "data": []})
    assert not client.command("play").get("refusal")


def test_a_message_too_large_is_refused_under_its_number_and_the_run_goes_on(client):
    client.open("dataset=blank")
    answer = client.command("add_points", points=[[0.1, 0.2, 0]] * 4000)
    assert f"{MAX_MESSAGE_BYTES:,} bytes" in answer["refusal"]["message"]
    assert not client.command("pause").get("refusal")


def test_as_many_points_as_may_be_fit_into_one_message(client):
    client.open("dataset=blank")
    points = [[math.cos(index), math.sin(index), float(index % 2)] for index in range(MAX_OWN_POINTS)]
    assert not client.command("add_points", points=points).get("refusal")


def test_an_ask_is_answered_with_what_the_neurons_answer(client):
    client.open("hidden=3,2")
    answer = client.command("ask", across=0.25, up=0.75)
    assert [len(layer) for layer in answer["reading"]] == [2, 3, 2, 1]
    assert "reading" not in client.command("pause")


def test_a_message_too_long_ends_the_connection_alone(server, client):
    with SocketClient(server.port) as greedy:
        greedy.websocket.sock.sendall(struct.pack("!BBQ", 0x82, 0xFF, 1 << 30) + bytes(4))
        assert greedy.closed() == 1009
    client.open()


def test_when_its_worker_dies_a_browser_begins_again_from_its_link():
    with ServerProcess("--workers", "1") as server, SocketClient(server.port) as client:
        client.open("dataset=iris")
        (worker,) = server.workers
        os.kill(worker, signal.SIGKILL)
        assert client.closed() == 1001
        with SocketClient(server.port) as again:
            update = again.open("dataset=iris", token=client.token)
            assert again.token != client.token
            assert update["experiment"]["config"]["dataset"] == "iris"
            assert "ended" in again.events[0][1][0]["notes"][0]["message"]
