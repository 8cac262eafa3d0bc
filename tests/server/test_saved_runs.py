"""Runs saved and opened: by the real server on real sockets, and, where it is about failures, in this process."""

import http.client
import json
import os
import signal

import msgspec
import pytest
from gevent.event import Event

from playground.protocol import NO_SEQ, Answer, Refusal, RunAnswer, told
from playground.runs.saved import MAX_BYTES
from playground.server import receiving, relay, saved_runs
from playground.server.app import create_app
from playground.server.relay import Viewer
from tests.server.fake_pool import FakePool
from tests.server_process import ServerProcess
from tests.socket_client import SocketClient
from tests.told import in_english

TIMEOUT_S = 60.0


@pytest.fixture(scope="module")
def server():
    with ServerProcess("--workers", "2") as running:
        yield running


@pytest.fixture
def client(server):
    with SocketClient(server.port) as connected:
        connected.open("samples=60&dropout=0.2&optimizer=adam&learning_rate=0.01")
        yield connected


def ask(server, method, token, body=None, **headers):
    """Return status, headers and body that a request for a run is answered with."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
    connection.request(method, "/run", body, {"X-Run": token, **headers})
    response = connection.getresponse()
    answer = response.status, response.headers, response.read()
    connection.close()
    return answer


def save(server, client):
    status, headers, document = ask(server, "GET", client.token)
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "application/json", "no-store")
    return document


def open_run(server, client, document, **headers):
    """Return the status and the sentence of a refusal, or the notes."""
    status, _, body = ask(server, "POST", client.token, document, **headers)
    answer = in_english(msgspec.json.decode(body, type=RunAnswer))
    return status, answer.refusal.message if answer.refusal else answer.notes


def train(client, epochs):
    """Train, and return the losses of every epoch there is."""
    for _ in range(epochs):
        client.command("step")
    client.wait_for("update", lambda update: not update["state"]["playing"] and update["state"]["epoch"] >= epochs)


def everything(server, client):
    """Return what another page is told of the run of a client."""
    with SocketClient(server.port) as other:
        update = other.open(token=client.token)
    return {**update["experiment"], "revision": 0}, update["history"], update["marks"], update["state"]


# ------------------------------------------------------------------------------ there and back


def test_a_run_saved_here_and_opened_there_trains_on_to_the_same_losses(server, client):
    train(client, 3)
    document = save(server, client)
    with SocketClient(server.port) as other:
        other.open("dataset=iris")
        assert open_run(server, other, document) == (200, [])
        update = other.wait_for("update", lambda update: update.get("experiment", {}).get("config"))[0]
        assert (update["state"]["epoch"], update["state"]["playing"]) == (3, False)
        assert everything(server, other) == everything(server, client)
        for each in (client, other):
            for _ in range(4):
                each.command("step")
            each.wait_for("update", lambda update: update["state"]["epoch"] == 7)
        saved = [json.loads(save(server, each)) for each in (client, other)]
    assert len(saved[0]["history"]["rows"]) == 8
    assert saved[0]["history"] == saved[1]["history"]
    assert saved[0]["checkpoint"] == saved[1]["checkpoint"]


def test_all_who_watch_the_run_see_the_one_that_is_opened(server, client):
    document = save(server, client)
    with SocketClient(server.port) as one, SocketClient(server.port) as two:
        one.open("dataset=iris")
        two.open(token=one.token)
        one.command("play")
        assert open_run(server, one, document) == (200, [])
        for each in (one, two):
            told = each.wait_for("update", lambda update: "data" in update)[0]
            assert told["experiment"]["data_label"] == "Moons"
            assert not told["state"]["playing"]


# ------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "not a run"),
        (b"a,b\n1,2\n", "not a run"),
        (b'{"format":"neural-playground/run"}', "damaged"),
        (b'{"format":"neural-playground/run","version":2}', "newer version"),
        (b"[" * 90_000, "not a run"),
        (b"[[]" + b",[]" * 2_000_000 + b"]", "not a run"),
        (b'{"a":' * 90_000, "not a run"),
    ],
    ids=["nothing", "a table", "no content", "newer", "deep", "large", "deep names"],
)
def test_what_cannot_be_opened_is_refused_and_the_run_goes_on(server, client, document, said):
    before = save(server, client)
    status, sentence = open_run(server, client, document)
    assert status == 422
    assert said in sentence
    after = save(server, client)
    assert json.loads(after)["checkpoint"] == json.loads(before)["checkpoint"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("token", ["", "of-yesterday"])
def test_who_has_no_run_is_told_so(server, method, token):
    status, _, body = ask(server, method, token, b"{}" if method == "POST" else None)
    assert status == 404
    assert "Reload" in in_english(json.loads(body))["refusal"]["message"]


def test_a_document_too_large_is_refused_before_it_is_read(server, client):
    status, sentence = open_run(server, client, bytes(MAX_BYTES + 1))
    assert status == 413
    assert f"{MAX_BYTES:,}" in sentence


def test_a_document_whose_length_is_not_said_is_refused(server, client):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
    connection.request("POST", "/run", iter([b"{}"]), {"X-Run": client.token}, encode_chunked=True)
    response = connection.getresponse()
    assert response.status == 411
    assert "Content-Length" in in_english(json.loads(response.read()))["refusal"]["message"]
    connection.close()


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_a_page_of_another_site_neither_opens_a_run_nor_may_ask_to_read_one(server, client, method, origin):
    status, headers, _ = ask(server, method, client.token, b"{}", Origin=origin)
    assert status == 403
    assert "Access-Control-Allow-Origin" not in headers


def test_others_are_answered_while_a_large_document_comes_in(server, client):
    with SocketClient(server.port) as other:
        other.open()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT_S)
        connection.putrequest("POST", "/run")
        connection.putheader("X-Run", client.token)
        connection.putheader("Content-Length", str(MAX_BYTES))
        connection.endheaders()
        for _ in range(8):
            connection.send(b"[" * (MAX_BYTES // 8))
            assert not other.command("pause").get("refusal")
        assert connection.getresponse().status == 422
        connection.close()
    assert not client.command("pause").get("refusal")


# -------------------------------------------------------------------------- what goes wrong


def test_whose_worker_dies_meanwhile_is_told_so():
    with ServerProcess("--workers", "1") as running, SocketClient(running.port) as client:
        client.open()
        (worker,) = running.workers
        os.kill(worker, signal.SIGSTOP)
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=TIMEOUT_S)
        connection.request("GET", "/run", headers={"X-Run": client.token})
        os.kill(worker, signal.SIGKILL)
        response = connection.getresponse()
        assert response.status == 404
        assert "fault of the server" in in_english(json.loads(response.read()))["refusal"]["message"]
        connection.close()


class World:
    """An application in this process with one run that somebody watches."""

    def __init__(self):
        self.pool = FakePool()
        app = create_app(self.pool)
        sent = []
        self.relay = app.view_functions["table"].__self__._relay
        self.relay.handle(Viewer(sent.append, lambda: None), "open", {"seq": 1, "link": ""})
        self.pool.describe(1)
        self.token = msgspec.msgpack.decode(sent[0])["data"][1]["token"]
        self._client = app.test_client()

    def save(self):
        response = self._client.get("/run", headers={"X-Run": self.token})
        return response.status_code, response.data

    def open(self, document=b"{}", **options):
        response = self._client.post("/run", headers={"X-Run": self.token}, data=document, **options)
        return response.status_code, in_english(response.get_json())


def test_the_document_is_passed_on_as_the_run_says_it():
    world = World()
    world.pool.document = b"whatever it is"
    assert world.save() == (200, b"whatever it is")


def test_the_run_is_given_the_document_as_it_came():
    world = World()
    world.pool.restored = Answer(NO_SEQ, notes=[Refusal("", told("Something else."))])
    assert world.open(b"\0whatever\xff") == (200, {"notes": [{"field": "", "message": "Something else."}]})
    ((run, _, document),) = world.pool.of("restore")
    assert (run, document) == (1, b"\0whatever\xff")


def test_what_the_run_refuses_is_told():
    world = World()
    world.pool.restored = Answer(NO_SEQ, Refusal("hidden", told("No.")))
    assert world.open() == (422, {"refusal": {"field": "hidden", "message": "No."}})


def test_a_run_that_does_not_answer_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(saved_runs, "WAITING_S", 0.05)
    world = World()
    status, answer = world.open()
    assert status == 503
    assert "in time" in answer["refusal"]["message"]
    assert world.save()[0] == 503


@pytest.mark.parametrize("lost", ["before", "meanwhile"])
def test_a_run_that_is_lost_is_told_as_such(lost):
    world = World()
    if lost == "before":
        world.pool._listeners.clear()
    else:
        world.pool.save = lambda run, ticket: world.pool.lose(run)
        world.pool.restore = lambda run, ticket, document: world.pool.lose(run)
    assert world.save()[0] == 404
    world = World()
    if lost == "before":
        world.pool._listeners.clear()
    else:
        world.pool.restore = lambda run, ticket, document: world.pool.lose(run)
    status, answer = world.open()
    assert status == 404
    assert "fault of the server" in answer["refusal"]["message"]


def test_an_answer_that_comes_too_late_is_for_nobody(monkeypatch):
    monkeypatch.setattr(saved_runs, "WAITING_S", 0.05)
    world = World()
    world.open()
    ((run, ticket, _),) = world.pool.of("restore")
    for _ in range(2):
        world.pool._listeners[run].on_answer(run, ticket, Answer(NO_SEQ))
        world.pool._listeners[run].on_saved(run, ticket, b"")


def test_documents_count_as_the_tables_that_they_may_hold(monkeypatch):
    monkeypatch.setattr(relay, "MAX_TABLE_BYTES", 1000)
    world = World()
    world.pool.restored = Answer(NO_SEQ)
    assert world.open(bytes(600))[0] == 200
    status, answer = world.open(bytes(600))
    assert status == 503
    assert "tables" in answer["refusal"]["message"]
    assert len(world.pool.of("restore")) == 1


def test_a_document_that_was_refused_takes_no_room(monkeypatch):
    monkeypatch.setattr(relay, "MAX_TABLE_BYTES", 1000)
    world = World()
    world.pool.restored = Answer(NO_SEQ, Refusal("", told("No.")))
    assert [world.open(bytes(600))[0] for _ in range(3)] == [422] * 3


def test_only_so_many_documents_come_in_at_a_time(monkeypatch):
    monkeypatch.setattr(saved_runs, "MAX_FILES", 0)
    status, answer = World().open()
    assert status == 503
    assert "busy" in answer["refusal"]["message"]


def test_a_document_takes_its_place_until_the_run_has_answered(monkeypatch):
    monkeypatch.setattr(saved_runs, "MAX_FILES", 1)
    world = World()
    answered = world.pool.restore

    def restore_while_another_comes(*arguments):
        assert world.open()[0] == 503
        answered(*arguments)

    world.pool.restored = Answer(NO_SEQ)
    world.pool.restore = restore_while_another_comes
    assert world.open()[0] == 200
    assert len(world.pool.of("restore")) == 1


def test_after_half_a_document_the_next_finds_room(monkeypatch):
    monkeypatch.setattr(saved_runs, "MAX_FILES", 1)
    world = World()
    world.pool.restored = Answer(NO_SEQ)
    assert world.open(environ_overrides={"CONTENT_LENGTH": "10"})[0] == 400
    assert world.pool.of("restore") == []
    assert world.open() == (200, {})


def test_a_document_that_arrives_too_slowly_is_refused(monkeypatch):
    monkeypatch.setattr(receiving, "RECEIVING_S", 0.1)
    monkeypatch.setattr(receiving, "_part", lambda request, left: Event().wait())
    status, answer = World().open()
    assert status == 408
    assert "arrive" in answer["refusal"]["message"]


def test_a_fault_of_ours_is_told_as_one(capsys):
    world = World()

    def fail(run, ticket, document):
        raise ZeroDivisionError

    world.pool.restore = fail
    status, answer = world.open()
    assert status == 500
    assert "fault of its own" in answer["refusal"]["message"]
    assert "ZeroDivisionError" in capsys.readouterr().err
