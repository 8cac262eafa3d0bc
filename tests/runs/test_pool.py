import os
import signal
import socket
import threading

import msgspec
import numpy as np
import pytest

from playground import protocol
from playground.data.tables import Column, Table
from playground.errors import RunNotFoundError
from playground.protocol import NO_SEQ, Answer, Refusal, told
from playground.runs import LocalPool, pipe
from playground.runs.worker import Worker
from playground.training import MEASUREMENTS, ExperimentConfig, links
from playground.training.links import Trained
from tests.server.fake_pool import FakePool
from tests.told import in_english

TIMEOUT_S = 30
EVERYTHING = frozenset(MEASUREMENTS.names)


class Ear:
    """A listener that keeps what it hears, and waits for more."""

    def __init__(self):
        self.heard = []
        self.readings = []
        self.links = []
        self._changed = threading.Condition()

    def _hear(self, *event):
        with self._changed:
            self.heard.append(event)
            self._changed.notify_all()

    def on_answer(self, run, ticket, answer):
        self._hear("answer", ticket, in_english(answer.refusal))
        self.readings.append(answer.reading)
        self.links.append(answer.link)

    def on_snapshot(self, run, ticket, update):
        self._hear("snapshot", ticket, in_english(msgspec.msgpack.decode(update, type=protocol.Update)))

    def on_update(self, run, update):
        self._hear("update", in_english(msgspec.msgpack.decode(update, type=protocol.Update)))

    def on_frame(self, run, number, frame, rows):
        self._hear("frame", number, msgspec.msgpack.decode(frame, type=protocol.Frame))

    def on_saved(self, run, ticket, document):
        self._hear("saved", ticket, document)

    def on_lost(self, run):
        self._hear("lost")

    def wait_for(self, condition):
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.heard), TIMEOUT_S), self.heard[-5:]

    def of(self, kind):
        return [event for event in self.heard if event[0] == kind]


def table(rows):
    """Return a table of two columns of numbers, the second twice the first."""
    columns = [
        Column(name, "number", 0, rows, ["0"], (factor * np.arange(rows, dtype=np.float64)).tobytes(), b"", [])
        for name, factor in (("x", 1), ("y", 2))
    ]
    return Table("numbers.csv", rows, columns, [["0", "0"]], True, ",", "utf-8", [])


@pytest.fixture(scope="module")
def shared_pool():
    pool = LocalPool(workers=2)
    yield pool
    pool.shutdown()


@pytest.fixture
def begun(shared_pool):
    """Return a function that begins a run and gives its number and listener."""
    runs = []

    def begin(**config):
        ear = Ear()
        runs.append(shared_pool.create(ExperimentConfig(samples=60, **config), ear))
        return runs[-1], ear

    yield begin
    for run in runs:
        shared_pool.close(run)


def test_a_run_begins_with_what_its_network_has_learned_already(shared_pool):
    ear, trained = Ear(), Trained((0.1, -0.2, 1 / 3), 7)
    run = shared_pool.create(ExperimentConfig(samples=60, hidden=()), ear, trained)
    shared_pool.command(run, 1, protocol.Share())
    ear.wait_for(lambda heard: ear.links)
    assert links.read(*ear.links).trained == trained
    shared_pool.close(run)


def test_twenty_commands_are_answered_in_order(shared_pool, begun):
    run, ear = begun()
    for ticket in range(20):
        shared_pool.command(run, ticket, protocol.Step() if ticket % 2 else protocol.Change({"noise": ticket / 100}))
    ear.wait_for(lambda heard: sum(event[0] == "answer" for event in heard) == 20)
    assert [ticket for _, ticket, _ in ear.of("answer")] == list(range(20))


def test_a_change_is_told_before_it_is_answered(shared_pool, begun):
    run, ear = begun()
    shared_pool.command(run, 1, protocol.Change({"hidden": [3]}))
    ear.wait_for(lambda heard: heard and heard[-1][0] == "answer")
    assert ear.heard[-2][1].experiment.layers == [2, 3, 1]


def test_a_refusal_names_the_field_and_the_run_goes_on(shared_pool, begun):
    run, ear = begun()
    shared_pool.command(run, 1, protocol.Change({"learning_rate": "fast"}))
    shared_pool.command(run, 2, protocol.Step())
    ear.wait_for(lambda heard: ("answer", 2, None) in heard)
    refusal = ear.of("answer")[0][2]
    assert refusal.field == "learning_rate"
    assert "Learning rate must be a number" in refusal.message


def test_an_ask_is_answered_with_what_the_neurons_answer(shared_pool, begun):
    run, ear = begun(hidden=(3,))
    shared_pool.command(run, 1, protocol.Pause())
    shared_pool.command(run, 2, protocol.Ask(across=0.5, up=0.5))
    ear.wait_for(lambda heard: ("answer", 2, None) in heard)
    assert [[len(layer) for layer in reading] for reading in ear.readings] == [[], [2, 3, 1]]


def test_a_table_is_there_for_the_commands_after_it(shared_pool, begun):
    run, ear = begun()
    use = protocol.UseTable(target=1, inputs=[0], kinds=["number", "number"], missing="drop", scaling="none")
    shared_pool.command(run, 1, use)
    # Of several parts, as what goes over the pipe is cut.
    shared_pool.give_table(run, msgspec.msgpack.encode(table(rows=20_000)))
    shared_pool.command(run, 2, use)
    ear.wait_for(lambda heard: ("answer", 2, None) in heard)
    assert "uploaded" in ear.of("answer")[0][2].message
    experiment = [update.experiment for _, update in ear.of("update") if update.experiment]
    assert experiment[-1].data_label == "numbers.csv"


@pytest.fixture(params=["real", "fake"])
def any_pool(request, shared_pool):
    """Return each kind of pool there is."""
    if request.param == "real":
        return shared_pool
    fake = FakePool()
    fake.document, fake.restored = b'{"format":"none"}', Answer(NO_SEQ, Refusal("", told("No.")))
    return fake


def test_every_pool_says_a_run_as_a_document_and_answers_for_one(any_pool):
    ear = Ear()
    run = any_pool.create(ExperimentConfig(samples=60), ear)
    any_pool.save(run, 7)
    any_pool.restore(run, 8, b"no document at all")
    any_pool.save(run, 9)
    ear.wait_for(lambda heard: sum(event[0] == "saved" for event in heard) == 2)
    assert [(event[0], event[1]) for event in ear.heard] == [("saved", 7), ("answer", 8), ("saved", 9)]
    assert all(isinstance(document, bytes) and document for _, _, document in ear.of("saved"))
    assert ear.of("answer")[0][2].message
    any_pool.close(run)
    for ask in (lambda: any_pool.save(run, 1), lambda: any_pool.restore(run, 2, b"")):
        with pytest.raises(RunNotFoundError):
            ask()


def test_a_run_becomes_another_one_in_its_turn(shared_pool, begun):
    first, its_ear = begun(dropout=(0.3,))
    for ticket in range(3):
        shared_pool.command(first, ticket, protocol.Step())
    its_ear.wait_for(lambda heard: any(event[0] == "update" and event[1].state.epoch == 3 for event in heard))
    shared_pool.save(first, 10)
    its_ear.wait_for(lambda heard: heard and heard[-1][0] == "saved")
    document = its_ear.heard[-1][2]

    second, ear = begun(dataset="iris")
    shared_pool.command(second, 1, protocol.Play())
    shared_pool.restore(second, 2, document)
    shared_pool.command(second, 3, protocol.Change({"learning_rate": 0.05}))
    ear.wait_for(lambda heard: ("answer", 3, None) in heard)
    assert [ticket for _, ticket, refusal in ear.of("answer") if not refusal] == [1, 2, 3]
    told = [update for _, update in ear.of("update") if update.experiment]
    assert told[-1].experiment.config["dataset"] == "moons"
    assert told[-1].experiment.config["learning_rate"] == 0.05
    assert (told[-1].state.epoch, told[-1].state.playing) == (3, False)


def test_documents_for_two_runs_that_come_at_the_same_time_are_told_apart(shared_pool, begun):
    documents = []
    for samples in (80, 100):
        run, ear = begun(hidden=(64, 64, 64))
        shared_pool.command(run, 1, protocol.Change({"samples": samples}))
        shared_pool.save(run, 2)
        ear.wait_for(lambda heard: heard and heard[-1][0] == "saved")
        documents.append(ear.heard[-1][2])
    assert min(map(len, documents)) > 100_000  # of several parts, as what goes over the pipe is cut
    runs = [begun() for _ in range(2)]
    givers = [
        threading.Thread(target=shared_pool.restore, args=(run, 5, document))
        for (run, _), document in zip(runs, documents, strict=True)
    ]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
    for (_, ear), samples in zip(runs, (80, 100), strict=True):
        ear.wait_for(lambda heard: ("answer", 5, None) in heard)
        (update,) = [update for _, update in ear.of("update") if update.data]
        assert len(update.data.train.index + update.data.test.index) == 4 * samples


def test_tables_that_come_at_the_same_time_are_told_apart(shared_pool, begun):
    runs = [begun() for _ in range(4)]
    encoded = [msgspec.msgpack.encode(table(rows=5_000 + index)) for index in range(4)]
    givers = [
        threading.Thread(target=shared_pool.give_table, args=(run, data))
        for (run, _), data in zip(runs, encoded, strict=True)
    ]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join(TIMEOUT_S)
    for index, (run, ear) in enumerate(runs):
        use = protocol.UseTable(target=1, inputs=[0], kinds=["number", "number"], missing="drop", scaling="none")
        shared_pool.command(run, 1, use)
        ear.wait_for(lambda heard: ("answer", 1, None) in heard)
        told = [update for _, update in ear.of("update") if update.experiment]
        assert told[-1].experiment.config["table"]["samples"] == 5_000 + index


def test_a_large_table_is_sent_in_parts_between_which_others_have_their_turn(shared_pool, begun, monkeypatch):
    run, ear = begun()
    sent = []
    worker = shared_pool._home[run]
    send = worker.send

    def send_and_let_another_in(message):
        sent.append(message)
        send(message)
        if len(sent) == 2:
            shared_pool.command(run, 7, protocol.Pause())
            ear.wait_for(lambda heard: ("answer", 7, None) in heard)  # though the table is not yet complete

    monkeypatch.setattr(worker, "send", send_and_let_another_in)
    data = msgspec.msgpack.encode(table(rows=20_000))
    shared_pool.give_table(run, data)
    parts = [message for message in sent if isinstance(message, pipe.Give)]
    assert b"".join(part.part for part in parts) == data
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert len(parts) > 3


def test_what_has_arrived_for_a_run_that_failed_is_forgotten():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = Worker(theirs)
        for message in (
            pipe.Create(1, ExperimentConfig().to_json()),
            pipe.Give(1, 1, b"half of a table", last=False),
            pipe.Create(2, ExperimentConfig().to_json()),
            pipe.Give(2, 2, b"half of a table", last=False),
            pipe.Give(2, 3, b"no table at all", last=True),
        ):
            worker._handle(message)
        worker._scheduler.do_job()
        assert list(pipe.Unpacker(pipe.FromWorker).feed(ours.recv(1000))) == [pipe.Failed(2)]
        assert list(worker._arriving) == [(1, pipe.Give, 1)]


def test_a_table_for_a_closed_run_is_refused(shared_pool, begun):
    run, _ = begun()
    shared_pool.close(run)
    with pytest.raises(RunNotFoundError):
        shared_pool.give_table(run, b"table")


def test_pictures_come_only_while_somebody_watches(shared_pool, begun):
    run, ear = begun()
    shared_pool.command(run, 1, protocol.Play())
    ear.wait_for(lambda heard: any(event[0] == "answer" for event in heard))
    assert not ear.of("frame")
    shared_pool.demand(run, EVERYTHING, 60)
    ear.wait_for(lambda heard: sum(event[0] == "frame" for event in heard) >= 5)
    assert [number for _, number, _ in ear.of("frame")][:5] == [1, 2, 3, 4, 5]
    shared_pool.demand(run, (), 60)
    shared_pool.snapshot(run, 9)  # everything before it has been heard when it comes
    ear.wait_for(lambda heard: any(event[0] == "snapshot" for event in heard))
    frames, epoch = len(ear.of("frame")), ear.of("snapshot")[0][2].state.epoch

    def later(heard):
        shared_pool.snapshot(run, 10)
        return heard[-1][0] == "snapshot" and heard[-1][2].state.epoch > epoch

    ear.wait_for(later)
    assert len(ear.of("frame")) == frames


def test_runs_live_in_different_processes_and_leave_each_other_alone(shared_pool, begun):
    (first, ear), (second, other) = begun(), begun(dataset="iris")
    assert len(set(shared_pool.process_ids)) == 2
    shared_pool.command(first, 1, protocol.Step())
    ear.wait_for(lambda heard: any(event[0] == "answer" for event in heard))
    shared_pool.snapshot(second, 2)
    other.wait_for(lambda heard: any(event[0] == "snapshot" for event in heard))
    assert other.of("snapshot")[0][2].state.epoch == 0
    assert not other.of("update")


def test_a_closed_run_is_gone(shared_pool, begun):
    run, _ = begun()
    shared_pool.close(run)
    shared_pool.close(run)
    with pytest.raises(RunNotFoundError):
        shared_pool.command(run, 1, protocol.Play())


def test_a_run_that_fails_ends_alone(shared_pool, begun, monkeypatch):
    # The config is sound; that it cannot be built in the worker stands for any fault of ours.
    good, ear = begun()
    monkeypatch.setattr(ExperimentConfig, "to_json", lambda self: {"dataset": "nowhere"})
    other = Ear()
    bad = [shared_pool.create(ExperimentConfig(samples=60), other) for _ in shared_pool.process_ids]
    other.wait_for(lambda heard: heard.count(("lost",)) == len(bad))
    monkeypatch.undo()
    for run in bad:
        shared_pool.close(run)
    shared_pool.command(good, 1, protocol.Step())
    ear.wait_for(lambda heard: ("answer", 1, None) in heard)


def test_a_killed_worker_is_replaced_and_its_runs_are_told():
    pool = LocalPool(workers=1)
    try:
        ear, next_ear = Ear(), Ear()
        run = pool.create(ExperimentConfig(samples=20), ear)
        os.kill(pool.process_ids[0], signal.SIGKILL)
        ear.wait_for(lambda heard: ("lost",) in heard)
        with pytest.raises(RunNotFoundError):
            pool.command(run, 1, protocol.Play())
        again = pool.create(ExperimentConfig(samples=20), next_ear)
        pool.command(again, 1, protocol.Step())
        next_ear.wait_for(lambda heard: ("answer", 1, None) in heard)
    finally:
        pool.shutdown()


def test_workers_end_with_the_pool():
    pool = LocalPool(workers=2)
    processes = [worker.process for worker in pool._workers]
    pool.shutdown()
    assert [process.poll() is not None for process in processes] == [True, True]
