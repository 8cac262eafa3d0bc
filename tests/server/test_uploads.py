"""Tables on their way in: by the real server on real sockets, and, where it is about time limits, in this process."""

import contextlib
import csv
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest
from gevent.event import Event
from werkzeug.exceptions import HTTPException

from playground.data.tables import MAX_BYTES, Table
from playground.protocol import UploadAnswer
from playground.server import receiving, relay, uploads
from playground.server.app import create_app
from playground.server.relay import Viewer
from tests.server.fake_pool import FakePool
from tests.server_process import ROOT, ServerProcess
from tests.socket_client import SocketClient
from tests.told import in_english

TIMEOUT_S = 60.0
TABLES = sorted((ROOT / "tests/data/tables").glob("*.csv"))
TABLE = b"length,width,kind\n" + b"".join(b"%d,%d,%s\n" % (n, n % 7, b"ab"[n % 2 : n % 2 + 1]) for n in range(40))


@pytest.fixture(scope="module")
def server():
    with ServerProcess("--workers", "1") as running:
        yield running


@pytest.fixture
def client(server):
    with SocketClient(server.port) as connected:
        connected.open()
        yield connected


def begin(server, token, body=b"", query="name=x.csv", **headers):
    """Send an upload, and return the connection on which its answer will come."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
    connection.request("POST", f"/table?{query}", body, {"X-Run": token, **headers})
    return connection


def end(connection):
    """Return the status and the JSON that an upload is answered with."""
    response = connection.getresponse()
    answer = json.loads(response.read())
    msgspec.convert(answer, UploadAnswer)
    connection.close()
    return response.status, in_english(answer)


def upload(server, token, body=b"", query="name=x.csv", **headers):
    return end(begin(server, token, body, query, **headers))


def sentence(answer):
    """Return the sentence of a refusal."""
    assert set(answer) == {"refusal"}
    assert answer["refusal"]["field"] == "table"
    assert answer["refusal"]["message"].endswith((".", "?"))
    return answer["refusal"]["message"]


# ------------------------------------------------------------------- what becomes of it


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_is_shown_and_then_trained_on(server, client, path):
    status, answer = upload(server, client.token, path.read_bytes(), f"name={path.name}")
    assert status == 200
    seen = answer["preview"]
    rows = [row for row in csv.reader(path.read_text().splitlines(), skipinitialspace=True) if row]
    assert (seen["name"], seen["rows"]) == (path.name, len(rows) - seen["header"])
    assert len(seen["columns"]) == len(rows[0])

    assert not client.command("use_table", **seen["guess"]).get("refusal")
    told = [sent[0]["experiment"] for name, sent in client.events if name == "update" and "experiment" in sent[0]]
    assert path.name in told[-1]["data_label"]
    client.command("step")
    client.wait_for("update", lambda update: update["state"]["epoch"] == 1)


def test_what_is_said_of_a_file_is_not_guessed(server, client):
    body = b"a;b,c\n" * 20
    query = "name=x.csv&header=no&delimiter=,&encoding=latin-1"
    status, said = upload(server, client.token, body, query)
    assert status == 200
    assert [said["preview"][name] for name in ("header", "delimiter", "encoding")] == [False, ",", "latin-1"]
    assert (said["preview"]["rows"], said["preview"]["head"][0]) == (20, ["a;b", "c"])


def test_the_table_that_was_uploaded_last_is_used(server, client):
    for name in ("first.csv", "second.csv"):
        status, answer = upload(server, client.token, TABLE, f"name={name}")
        assert status == 200
    client.command("use_table", **answer["preview"]["guess"])
    told = [sent[0]["experiment"] for name, sent in client.events if name == "update" and "experiment" in sent[0]]
    assert "second.csv" in told[-1]["data_label"]


def test_a_table_is_for_its_run_alone(server, client):
    with SocketClient(server.port) as other:
        other.open()
        _, answer = upload(server, client.token, TABLE)
        assert "uploaded" in other.command("use_table", **answer["preview"]["guess"])["refusal"]["message"]
        assert not client.command("use_table", **answer["preview"]["guess"]).get("refusal")


def test_one_connection_serves_upload_after_upload(server, client):
    connection = begin(server, client.token, TABLE)
    for turn in range(2):
        response = connection.getresponse()
        assert (response.status, response.will_close) == (200, False)
        assert response.headers["Cache-Control"] == "no-store"
        response.read()
        if turn == 0:
            connection.request("POST", "/table?name=y.csv", TABLE, {"X-Run": client.token})
    connection.close()


# ------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture"),
        (b"PK\x03\x04" + bytes(1000), "Excel"),
        (b"", "empty"),
        (b"word", "one column"),
    ],
    ids=["png", "xlsx", "empty", "word"],
)
def test_what_is_no_table_is_refused_with_the_reader_s_sentence(server, client, body, said):
    status, answer = upload(server, client.token, body)
    assert status == 422
    assert said in sentence(answer)
    assert not client.command("pause").get("refusal")


@pytest.mark.parametrize("token", ["", "of-yesterday"])
def test_a_file_for_no_run_is_refused(server, token):
    status, answer = upload(server, token, TABLE)
    assert status == 404
    assert "Reload" in sentence(answer)


@pytest.mark.parametrize(
    ("query", "said"), [("header=perhaps", "yes or no"), ("delimiter=x", "comma"), ("encoding=klingon", "utf-8")]
)
def test_what_cannot_be_said_of_a_file_is_refused_with_what_can(server, client, query, said):
    status, answer = upload(server, client.token, TABLE, query)
    assert status in (400, 422)
    assert said in sentence(answer)


def head(token, *lines):
    return "\r\n".join(
        ["POST /table?name=x.csv HTTP/1.1", "Host: localhost", f"X-Run: {token}", *lines, "", ""]
    ).encode()


def everything(server, sent):
    """Send some bytes, and return all that the server says until it hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S) as bare:
        bare.sendall(sent)
        received = b""
        while data := bare.recv(1 << 16):
            received += data
    return received.decode()


def test_a_file_too_large_is_refused_by_its_header_and_the_connection_ends(server, client):
    said = everything(server, head(client.token, f"Content-Length: {MAX_BYTES + 1}", "Expect: 100-continue") + b"a,b")
    assert said.startswith("HTTP/1.1 413 ")
    assert "Connection: close" in said
    assert f'"largest":{MAX_BYTES},' in said


def test_who_sends_a_file_too_large_to_its_end_finds_the_answer(server, client):
    status, answer = upload(server, client.token, bytes(MAX_BYTES + 1_000_000))
    assert status == 413
    assert f"{MAX_BYTES:,}" in sentence(answer)


def test_an_endless_file_is_not_read_to_its_end(server, client):
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S) as bare:
        bare.sendall(head(client.token, f"Content-Length: {1 << 50}"))
        assert bare.recv(13) == b"HTTP/1.1 413 "
        with contextlib.suppress(ConnectionError):
            for _ in range(10_000):
                bare.sendall(bytes(1 << 16))
            pytest.fail("it was let send for ever")


def test_a_file_whose_length_is_not_said_is_refused(server, client):
    said = everything(server, head(client.token, "Transfer-Encoding: chunked") + b"3\r\na,b\r\n")
    assert said.startswith("HTTP/1.1 411 ")
    assert "Content-Length" in said.split("\r\n\r\n")[1]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
def test_a_page_of_another_site_sends_no_file(server, client, origin):
    connection = begin(server, client.token, TABLE, Origin=origin)
    assert connection.getresponse().status == 403
    connection.close()


def test_our_own_page_sends_files(server, client):
    status, _ = upload(server, client.token, TABLE, Origin=f"http://127.0.0.1:{server.port}")
    assert status == 200


def test_a_file_is_only_posted(server, client):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
    connection.request("GET", "/table", headers={"X-Run": client.token})
    assert connection.getresponse().status == 405
    connection.close()


# ---------------------------------------------------------------------- while it is read


class Gate:
    """Holds each reader before it begins, until it is opened for as many."""

    def __init__(self, folder):
        self.path = folder / "gate"
        os.mkfifo(self.path)
        self._end = os.open(self.path, os.O_RDWR)
        hold = "if 'playground.data.table_reader' in sys.orig_argv: os.read(os.open(os.environ['GATE'], os.O_RDWR), 1)"
        (folder / "sitecustomize.py").write_text(f"import os, sys\n{hold}\n")
        self.environ = {"GATE": str(self.path), "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}

    def open(self, count):
        os.write(self._end, bytes(count))

    def close(self):
        os.close(self._end)


@pytest.fixture
def gate(tmp_path):
    made = Gate(tmp_path)
    yield made
    made.close()


@pytest.fixture
def gated(gate):
    with ServerProcess("--workers", "1", environ=gate.environ) as running:
        yield running


@contextlib.contextmanager
def clients(server, count):
    """Connect so many clients, each with a run of its own."""
    with contextlib.ExitStack() as stack:
        connected = [stack.enter_context(SocketClient(server.port)) for _ in range(count)]
        for client in connected:
            client.open()
        yield connected


def readers(server):
    """Return the process ids of the readers that are there."""
    found = []
    for pid in server.workers:
        with contextlib.suppress(OSError):
            if b"playground.data.table_reader" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def until_readers(server, client, count):
    """Let the client ask, and be answered, until there are so many readers; return them."""
    while len(found := readers(server)) != count:
        assert not client.command("pause").get("refusal")
    return found


def test_two_files_are_read_at_a_time_while_everyone_else_is_answered(gate, gated):
    with clients(gated, 3) as senders:
        client = senders[0]
        waiting = [begin(gated, sender.token, TABLE) for sender in senders]
        until_readers(gated, client, 2)
        for _ in range(20):
            assert not client.command("step").get("refusal")
        assert len(readers(gated)) == 2
        gate.open(2)
        until_readers(gated, client, 1)  # the third
        gate.open(1)
        assert [end(connection)[0] for connection in waiting] == [200] * 3


def test_a_reader_ends_with_the_client_who_waits_for_it(gate, gated):
    with clients(gated, 3) as (client, other, third):
        leaving = [begin(gated, sender.token, TABLE) for sender in (client, other)]
        first = until_readers(gated, client, 2)
        staying = begin(gated, third.token, TABLE)
        for connection in leaving:
            connection.close()
        while set(readers(gated)) & set(first) or not readers(gated):
            client.command("pause")
        gate.open(1)
        assert end(staying)[0] == 200


def test_a_client_that_leaves_while_it_waits_is_not_read_for(gate, gated):
    with clients(gated, 3) as (client, other, third):
        held = [begin(gated, sender.token, TABLE) for sender in (client, other)]
        until_readers(gated, client, 2)
        begin(gated, third.token, TABLE).close()
        gate.open(2)
        assert [end(connection)[0] for connection in held] == [200] * 2
        until_readers(gated, client, 0)


def test_another_file_for_the_same_run_ends_the_reader_of_the_first(gate, gated):
    with clients(gated, 1) as (client,):
        first = begin(gated, client.token, TABLE)
        (reader,) = until_readers(gated, client, 1)
        second = begin(gated, client.token, TABLE, "name=second.csv")
        status, answer = end(first)
        assert status == 400
        assert "another file" in sentence(answer)
        while readers(gated) in ([], [reader]):
            client.command("pause")
        gate.open(1)
        status, answer = end(second)
        assert (status, answer["preview"]["name"]) == (200, "second.csv")


def test_another_file_for_the_same_run_ends_a_slow_sender(server, client):
    with socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S) as slow:
        slow.sendall(head(client.token, "Content-Length: 1000", "Expect: 100-continue"))
        assert slow.recv(1 << 16).startswith(b"HTTP/1.1 100 ")  # its body is awaited
        assert upload(server, client.token, TABLE)[0] == 200
        assert slow.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


def test_readers_end_with_the_server(gate):
    with ServerProcess("--workers", "1", environ=gate.environ) as server, SocketClient(server.port) as client:
        client.open()
        connection = begin(server, client.token, TABLE)
        (reader,) = until_readers(server, client, 1)
        server.stop(signal.SIGTERM)
        connection.close()
        assert not Path(f"/proc/{reader}").exists()


# ---------------------------------------------------------------------------- its limits


class World:
    """An application in this process with one run, and readers that do what a test wants."""

    def __init__(self, monkeypatch, reader=""):
        self.pool = FakePool()
        if reader:
            monkeypatch.setattr(uploads, "reading_command", lambda *said: [sys.executable, "-c", reader])
        self.app = create_app(self.pool)
        self.viewer_was_sent = []
        its_relay = self.app.view_functions["table"].__self__._relay
        its_relay.handle(Viewer(self.viewer_was_sent.append, lambda: None), "open", {"seq": 1, "link": ""})
        self.pool.describe(1)
        self.token = msgspec.msgpack.decode(self.viewer_was_sent[0])["data"][1]["token"]

    def upload(self, body=TABLE, **options):
        options = {"data": body, **options}
        response = self.app.test_client().post("/table?name=x.csv", headers={"X-Run": self.token}, **options)
        return response.status_code, in_english(response.get_json())


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(uploads, "READING_S", 0.2)
    status, answer = World(monkeypatch, "import signal; signal.pause()").upload()
    assert status == 422
    assert "longer than 0 s" in sentence(answer)


def test_a_reader_that_uses_too_much_of_the_processor_has_taken_too_long(monkeypatch):
    status, answer = World(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGXCPU)").upload()
    assert status == 422
    assert "longer than 20 s" in sentence(answer)


@pytest.mark.parametrize("reader", ["raise SystemExit(3)", "print('this is no table')", "pass"])
def test_a_reader_that_fails_is_our_fault(monkeypatch, capsys, reader):
    status, answer = World(monkeypatch, reader).upload()
    assert status == 500
    assert "fault of its own" in sentence(answer)


@pytest.mark.parametrize("limit", ["MAX_READERS", "MAX_UPLOADS"])
def test_who_comes_when_all_are_busy_is_told_to_try_again(monkeypatch, limit):
    monkeypatch.setattr(uploads, limit, 0)
    monkeypatch.setattr(uploads, "WAITING_S", 0.1)
    status, answer = World(monkeypatch).upload()
    assert status == 503
    assert "ry again" in sentence(answer)


def test_after_any_refusal_the_next_file_finds_room(monkeypatch, capsys):
    monkeypatch.setattr(uploads, "MAX_READERS", 1)
    monkeypatch.setattr(uploads, "MAX_UPLOADS", 1)
    world = World(monkeypatch, "raise SystemExit(3)")
    assert [world.upload()[0] for _ in range(3)] == [500] * 3


def test_a_file_that_arrives_too_slowly_is_refused(monkeypatch):
    def trickle(request, left):
        Event().wait()

    monkeypatch.setattr(receiving, "RECEIVING_S", 0.1)
    monkeypatch.setattr(receiving, "_part", trickle)
    status, answer = World(monkeypatch).upload()
    assert status == 408
    assert "arrive" in sentence(answer)


def test_half_a_file_is_not_read(monkeypatch):
    world = World(monkeypatch)
    status, _ = world.upload(environ_overrides={"CONTENT_LENGTH": str(len(TABLE) + 1)})
    assert status == 400
    assert world.pool.of("give_table") == []


def test_the_run_is_given_what_the_reader_has_read(monkeypatch):
    world = World(monkeypatch)
    assert world.upload()[0] == 200
    ((run, encoded),) = world.pool.of("give_table")
    table = msgspec.msgpack.decode(encoded, type=Table)
    assert run == 1
    assert [column.name for column in table.columns] == ["length", "width", "kind"]
    assert table.rows == 40


def test_a_table_for_which_there_is_no_room_is_refused(monkeypatch):
    world = World(monkeypatch)
    monkeypatch.setattr(relay, "MAX_TABLE_BYTES", 100)
    status, answer = world.upload()
    assert status == 503
    assert "as many tables as it has room for" in sentence(answer)
    assert world.pool.of("give_table") == []


def test_a_table_whose_run_ends_while_it_is_read_is_refused(monkeypatch):
    world = World(monkeypatch)
    world.pool._listeners.clear()
    status, answer = world.upload()
    assert status == 404
    assert "run" in sentence(answer).lower()


@pytest.mark.parametrize("when", ["before", "while it begins", "after"])
def test_whoever_leaves_whenever_no_reader_is_left_behind(monkeypatch, when):
    monkeypatch.setattr(uploads, "READING_S", 10.0)
    begun = []

    class Process(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            begun.append(self)
            if when == "while it begins":
                reader.give_up()

        def communicate(self, *arguments, **options):
            if when == "after":
                reader.give_up()
            return super().communicate(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", Process)
    reader = uploads._Reader([sys.executable, "-c", "import signal; signal.pause()"])
    if when == "before":
        reader.give_up()
    with tempfile.TemporaryFile() as file, pytest.raises(HTTPException) as refused:
        reader.read(file)
    assert refused.value.response.status_code == 400
    assert [process.returncode for process in begun] == ([] if when == "before" else [-signal.SIGKILL])
