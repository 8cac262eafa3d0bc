import struct

import msgspec
import pytest

from playground import protocol
from playground.errors import CapacityError, RunNotFoundError
from playground.protocol import FRAMES_UNDER_WAY, HISTORY_COLUMNS, Refusal
from playground.server import relay as relay_module
from playground.server.relay import IDLE_S, MAX_WAITING_REQUESTS, UNWATCHED_TRAINING_S, Relay, Viewer
from playground.training import ExperimentConfig, links
from playground.training.links import Trained
from tests.server.fake_pool import FakePool, update
from tests.told import in_english


class World:
    """A relay, its pool, and a clock that the test moves."""

    def __init__(self):
        self.time_s = 0.0
        self.pool = FakePool()
        self.relay = Relay(self.pool, clock=lambda: self.time_s)

    def browser(self):
        return Browser(self)

    def visitor(self, link="", token=None, measurements=("output",), rate=20.0):
        """Return a browser that has been shown its run and watches it."""
        browser = self.browser()
        browser.open(link, token)
        self.pool.describe(self.pool.of("snapshot")[-1][1])
        browser.watch(measurements, rate)
        return browser


class Browser:
    """A viewer, and what it has been sent."""

    def __init__(self, world):
        self.world = world
        self.inbox = []
        self.dropped = 0
        self.seq = 0
        self.viewer = Viewer(
            send=lambda packet: self.inbox.append([*map(in_english, msgspec.msgpack.decode(packet)["data"])]),
            drop=self.drop,
        )

    def drop(self):
        self.dropped += 1

    def say(self, event, message):
        self.world.relay.handle(self.viewer, event, message)

    def open(self, link="", token=None):
        self.seq += 1
        self.say("open", {"seq": self.seq, "link": link, "token": token})

    def command(self, kind="play", **fields):
        """Send a command and return the pool's ticket for it."""
        self.seq += 1
        self.say("command", {"seq": self.seq, "command": {"type": kind, **fields}})
        return self.world.pool.of("command")[-1][1] if self.world.pool.of("command") else None

    def watch(self, measurements, rate=20.0):
        self.say("watch", {"measurements": list(measurements), "pictures_per_second": rate})

    def receipt(self, number):
        self.say("receipt", {"number": number})

    def leave(self):
        self.world.relay.leave(self.viewer)

    @property
    def names(self):
        return [name for name, *_ in self.inbox]

    @property
    def answers(self):
        return [arguments[0] for name, *arguments in self.inbox if name == "answer"]

    @property
    def pictures(self):
        return [frame["number"] for name, frame, *_ in self.inbox if name == "frame"]

    @property
    def epochs(self):
        """The epochs of the history as the page would know them."""
        known = []
        for name, first, *rest in self.inbox:
            if name == "update" and "history" in first:
                known = unpacked(first["history"])
            if name == "frame":
                known += unpacked(rest[0])
        return known

    @property
    def token(self):
        return self.answers[0]["token"]


def rows(*epochs):
    others = [0.0] * (len(HISTORY_COLUMNS) - 1)
    return b"".join(struct.pack(f"<{len(HISTORY_COLUMNS)}f", epoch, *others) for epoch in epochs)


def unpacked(history):
    return [int(row[0]) for row in struct.iter_unpack(f"<{len(HISTORY_COLUMNS)}f", history)]


@pytest.fixture
def world():
    return World()


# ------------------------------------------------------------------- taking part


def test_open_begins_the_run_of_the_link_and_says_what_was_not_understood(world):
    browser = world.browser()
    browser.open("dataset=iris&colour=red")
    world.pool.describe(1)
    assert world.pool.configs[1].dataset == "iris"
    assert browser.names == ["answer", "update"]
    assert browser.answers[0]["notes"][0]["field"] == "colour"


def test_open_tells_what_another_pages_link_says_of_the_page_and_what_differs(world):
    browser = world.browser()
    browser.open("dataset=spiral&batchSize=30&showTestData=true&noise_hide=true")
    world.pool.describe(1)
    assert world.pool.configs[1].dataset == "spiral"
    assert browser.answers[0]["page"] == "show_test=true&hide=noise"
    (note,) = browser.answers[0]["notes"]
    assert note["field"] == "batch_size"
    assert "does not divide 250 training points" in note["message"]
    assert "ignored" not in note["message"]


def test_open_gives_the_run_what_the_link_says_that_its_network_has_learned(world):
    trained = Trained((0.5, -1.0, 2.0), 7)
    world.browser().open(links.write(ExperimentConfig(hidden=()), trained))
    world.browser().open("hidden=")
    assert world.pool.trained == {1: trained, 2: None}


def test_nothing_of_a_run_is_sent_before_its_snapshot(world):
    browser = world.browser()
    browser.open()
    world.pool.tell(1, epoch=7)
    world.pool.draw(1, 1)
    assert browser.inbox == []
    world.pool.describe(1)
    world.pool.tell(1, epoch=8)
    assert browser.names == ["answer", "update", "update"]


def test_a_token_leads_back_to_the_same_run(world):
    first = world.visitor()
    first.leave()
    second = world.visitor(token=first.token)
    assert len(world.pool.configs) == 1
    assert second.token == first.token
    assert not second.answers[0].get("notes")


def test_an_unknown_token_gets_a_new_run_and_is_told_so(world):
    browser = world.visitor("dataset=iris", token="of-yesterday")
    assert world.pool.configs[1].dataset == "iris"
    assert "ended" in browser.answers[0]["notes"][0]["message"]


def test_tokens_cannot_be_guessed(world):
    tokens = {world.visitor().token for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 20 for token in tokens)


def test_a_second_open_leaves_the_first_run(world):
    browser = world.visitor()
    browser.open("dataset=iris")
    world.pool.describe(2)
    world.pool.tell(1, epoch=111)
    world.pool.tell(2, epoch=222)
    assert [first["state"]["epoch"] for name, first in browser.inbox if name == "update"][-1] == 222
    browser.command("play")
    assert world.pool.of("command")[-1][0] == 2


def test_a_snapshot_that_comes_after_another_open_is_not_shown(world):
    browser = world.browser()
    browser.open()
    browser.open("dataset=iris")
    world.pool.describe(1, epoch=1)
    assert browser.names == ["answer"]
    world.pool.describe(2, epoch=2)
    assert browser.names == ["answer", "answer", "update"]
    assert browser.inbox[-1][1]["state"]["epoch"] == 2


def test_runs_of_two_browsers_never_touch(world):
    one, other = world.visitor(), world.visitor()
    one.inbox.clear(), other.inbox.clear()
    ticket = one.command("play")
    assert world.pool.of("command")[-1][0] == 1
    world.pool.tell(1, epoch=5)
    world.pool.draw(1, 1)
    world.pool.answer(ticket)
    assert one.names == ["update", "frame", "answer"]
    assert other.inbox == []


def test_a_browser_that_leaves_while_its_run_begins_does_not_hold_it(world):
    browser = world.browser()
    browser.leave()
    browser.open()
    world.time_s = IDLE_S
    world.relay.tidy()
    assert world.pool.of("close") == [(1,)]


# ----------------------------------------------------------------------- answers


def test_answers_come_in_order_with_refusals_among_them(world):
    browser = world.visitor()
    first = browser.command("play")
    browser.command("fly")
    second = browser.command("pause")
    browser.say("nonsense", {"seq": 77})
    world.pool.answer(second)
    assert [answer["seq"] for answer in browser.answers] == [1]
    world.pool.answer(first, Refusal("hidden", "No."))
    assert [answer["seq"] for answer in browser.answers] == [1, 2, 3, 4, 77]
    assert [bool(answer.get("refusal")) for answer in browser.answers] == [False, True, True, False, True]


def test_what_the_neurons_answer_comes_with_the_answer_to_the_ask_alone(world):
    browser = world.visitor()
    other = browser.command("play")
    ask = browser.command("ask", across=0.5, up=0.25)
    world.pool.answer(ask, reading=[[0.5, -1.0], [0.75]])
    world.pool.answer(other)
    assert [answer.get("reading", []) for answer in browser.answers[1:]] == [[], [[0.5, -1.0], [0.75]]]


def test_an_open_waits_for_the_answers_before_it(world):
    browser = world.visitor()
    ticket = browser.command("play")
    browser.open("dataset=iris")
    after = browser.command("pause")
    assert len(world.pool.of("snapshot")) == 1
    world.pool.answer(after)
    world.pool.answer(ticket)
    world.pool.describe(world.pool.of("snapshot")[-1][1])
    assert [answer["seq"] for answer in browser.answers] == [1, 2, 3, 4]
    assert browser.names[-2:] == ["update", "answer"]


def test_a_command_before_open_is_refused(world):
    browser = world.browser()
    browser.command("play")
    assert "open" in browser.answers[0]["refusal"]["message"]


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("open", {"seq": 5}),
        ("open", {"seq": 5, "link": 3}),
        ("command", {"seq": 5, "command": {"type": "pace", "per_second": "fast"}}),
        ("command", {"seq": 5, "command": {}}),
        ("watch", {"seq": 5, "measurements": ["output"], "pictures_per_second": 1.0}),
        ("somersault", {"seq": 5}),
        ("connect_error", {"seq": 5}),
    ],
)
def test_what_is_not_understood_is_refused_under_its_number(world, event, message):
    browser = world.visitor()
    browser.say(event, message)
    assert browser.answers[-1]["seq"] == 5
    assert browser.answers[-1]["refusal"]["message"].endswith(".")


@pytest.mark.parametrize("message", [None, 3, "seq", [5], {"seq": True}, {"seq": "5"}])
@pytest.mark.parametrize("event", ["open", "command", "watch", "receipt", "somersault"])
def test_what_has_no_number_is_refused_under_0(world, event, message):
    browser = world.visitor()
    browser.say(event, message)
    assert browser.answers[-1]["seq"] == 0


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -1.0])
def test_impossible_picture_rates_are_refused(world, rate):
    browser = world.visitor()
    browser.watch(["output"], rate)
    assert "pictures_per_second" in browser.answers[-1]["refusal"]["message"]


def test_unknown_measurements_are_refused_with_the_known_ones(world):
    browser = world.visitor()
    browser.watch(["output", "aura"])
    assert "output" in browser.answers[-1]["refusal"]["message"]
    assert world.pool.of("demand")[-1][1] == {"output"}


def test_a_browser_that_asks_without_end_is_dropped(world):
    browser = world.visitor()
    for _ in range(MAX_WAITING_REQUESTS + 5):
        browser.command("play")
    assert browser.dropped
    assert len(world.pool.of("command")) == MAX_WAITING_REQUESTS


# ------------------------------------------------------------------------ demand


def test_demand_is_what_all_viewers_together_watch(world):
    one = world.visitor(measurements=["output"], rate=10.0)
    other = world.visitor(token=one.token, measurements=["losses"], rate=20.0)
    assert world.pool.of("demand")[-1] == (1, {"output", "losses"}, 20.0)
    other.leave()
    assert world.pool.of("demand")[-1] == (1, {"output"}, 10.0)
    one.watch([])
    assert world.pool.of("demand")[-1] == (1, frozenset(), 0.0)


def test_demand_is_told_only_when_it_changes(world):
    one = world.visitor()
    before = len(world.pool.of("demand"))
    other = world.visitor(token=one.token)
    one.watch(["output"])
    other.leave()
    assert len(world.pool.of("demand")) == before


def test_nobody_watches_before_the_snapshot_is_sent(world):
    browser = world.browser()
    browser.watch(["output"])
    browser.open()
    assert world.pool.of("demand") == []
    world.pool.describe(1)
    assert world.pool.of("demand") == [(1, {"output"}, 20.0)]


# ---------------------------------------------------------------------- pictures


def test_a_viewer_has_few_pictures_under_way_and_then_gets_the_newest(world):
    browser = world.visitor()
    for number in range(1, 11):
        world.pool.draw(1, number)
    assert browser.pictures == list(range(1, FRAMES_UNDER_WAY + 1))
    browser.receipt(1)
    assert browser.pictures[-1] == 10
    browser.receipt(2)
    assert len(browser.pictures) == FRAMES_UNDER_WAY + 1


def test_a_receipt_covers_all_pictures_up_to_it(world):
    browser = world.visitor()
    for number in range(1, 3):
        world.pool.draw(1, number)
    browser.receipt(2)
    for number in range(3, 9):
        world.pool.draw(1, number)
    assert browser.pictures == [1, 2, 3, 4]


def test_receipts_of_pictures_never_sent_open_no_window(world):
    browser = world.visitor()
    browser.receipt(10**9)
    for number in range(1, 9):
        world.pool.draw(1, number)
    assert browser.pictures == [1, 2]


def test_a_slow_viewer_loses_pictures_and_nobody_else_does(world):
    slow = world.visitor()
    quick = world.visitor(token=slow.token)
    for number in range(1, 101):
        world.pool.draw(1, number, rows(number))
        quick.receipt(number)
        if number % 25 == 0:
            slow.receipt(number)
    assert quick.pictures == list(range(1, 101))
    assert len(slow.pictures) < 10
    assert quick.epochs == list(range(1, 101))
    assert slow.epochs == list(range(1, 101))


def test_viewers_with_the_same_rows_share_one_packet(world):
    one = world.visitor()
    packets = []
    for _ in range(3):
        viewer = Viewer(send=packets.append, drop=lambda: None)
        world.relay.handle(viewer, "open", {"seq": 1, "link": "", "token": one.token})
        world.pool.describe(world.pool.of("snapshot")[-1][1])
    packets.clear()
    world.pool.draw(1, 1, rows(1))
    assert len(packets) == 3
    assert packets[0] is packets[1] is packets[2]


def test_rows_are_kept_no_longer_than_somebody_lacks_them(world):
    browser = world.visitor()
    (run,) = world.relay._runs.values()
    for number in range(1, 6):
        world.pool.draw(1, number, rows(number))
    assert len(run.rows) == len(rows(3, 4, 5))
    browser.receipt(5)
    world.pool.draw(1, 6, rows(6))
    assert len(run.rows) == 0
    browser.leave()
    world.pool.draw(1, 7, rows(7))
    assert len(run.rows) == 0


def test_a_viewer_too_far_behind_gets_the_whole_history_anew(world, monkeypatch):
    monkeypatch.setattr(relay_module, "MAX_RECENT_ROWS", 10)
    slow = world.visitor()
    for number in range(1, 31):
        world.pool.draw(1, number, rows(number))
    slow.receipt(2)
    assert slow.pictures == [1, 2]
    run, ticket = world.pool.of("snapshot")[-1]
    slow.receipt(2)
    world.pool.draw(1, 31, rows(31))
    assert len(world.pool.of("snapshot")) == 2  # one is enough
    world.relay.on_snapshot(run, ticket, update(31, history=rows(*range(1, 32))))
    world.pool.draw(1, 32, rows(32))
    assert slow.pictures == [1, 2, 32]
    assert slow.epochs == list(range(1, 33))


def test_a_history_that_passes_by_makes_older_rows_void(world):
    slow = world.visitor()
    for number in range(1, 6):
        world.pool.draw(1, number, rows(number))
    world.pool.tell(1, epoch=0, history=rows(0))
    slow.receipt(5)
    world.pool.draw(1, 6, rows(1))
    assert slow.epochs == [0, 1]


def test_updates_reach_slow_viewers_at_once(world):
    slow = world.visitor()
    for number in range(1, 6):
        world.pool.draw(1, number)
    world.pool.tell(1, epoch=9)
    assert slow.inbox[-1][1]["state"]["epoch"] == 9


# ------------------------------------------------------------------ coming and going


def test_a_run_outlives_its_browser_for_an_hour(world):
    browser = world.visitor()
    browser.leave()
    world.time_s = IDLE_S - 1
    world.relay.tidy()
    assert world.pool.of("close") == []
    world.time_s = IDLE_S
    world.relay.tidy()
    assert world.pool.of("close") == [(1,)]
    back = world.browser()
    back.open(token=browser.token)
    assert len(world.pool.configs) == 2


def test_a_run_that_nobody_watches_trains_on_for_a_while_and_then_waits(world):
    def paused():
        return [run for run, _, command in world.pool.of("command") if isinstance(command, protocol.Pause)]

    browser = world.visitor()
    browser.leave()
    world.time_s = UNWATCHED_TRAINING_S - 1
    world.relay.tidy()
    assert paused() == []
    for world.time_s in (UNWATCHED_TRAINING_S, UNWATCHED_TRAINING_S + 60):
        world.relay.tidy()
    assert paused() == [1]
    world.visitor(token=browser.token).leave()
    world.time_s += UNWATCHED_TRAINING_S
    world.relay.tidy()
    assert paused() == [1, 1]


def test_a_watched_run_is_never_idle(world):
    browser = world.visitor()
    browser.leave()
    again = world.visitor(token=browser.token)
    world.time_s = 10 * IDLE_S
    world.relay.tidy()
    assert world.pool.of("close") == []
    again.leave()
    world.time_s += IDLE_S - 1
    world.relay.tidy()
    assert world.pool.of("close") == []


def test_the_run_unwatched_longest_makes_room(world, monkeypatch):
    monkeypatch.setattr(relay_module, "MAX_RUNS", 3)
    first, second, _third = world.visitor(), world.visitor(), world.visitor()
    world.time_s = 1
    second.leave()
    world.time_s = 2
    first.leave()
    world.visitor()
    assert world.pool.of("close") == [(2,)]


def test_a_full_server_refuses_with_a_sentence(world, monkeypatch):
    monkeypatch.setattr(relay_module, "MAX_RUNS", 2)
    world.visitor(), world.visitor()
    late = world.browser()
    late.open()
    assert "2 runs" in late.answers[0]["refusal"]["message"]
    assert len(world.pool.configs) == 2


def test_when_a_worker_dies_commands_are_refused_and_viewers_connect_anew(world):
    browser, bystander = world.visitor(), world.visitor()
    browser.command("play")
    browser.command("pause")
    world.pool.lose(1)
    assert [bool(answer.get("refusal")) for answer in browser.answers] == [False, True, True]
    assert (browser.dropped, bystander.dropped) == (1, 0)
    back = world.visitor("dataset=iris", token=browser.token)
    assert back.answers[0]["notes"]


def test_an_open_whose_worker_died_is_refused(world):
    browser = world.visitor()
    ticket = browser.command("play")
    browser.open("dataset=iris")
    browser.open("dataset=circles")
    world.pool.lose(2)
    world.pool.answer(ticket)
    world.pool.describe(world.pool.of("snapshot")[-1][1])
    assert [bool(answer.get("refusal")) for answer in browser.answers] == [False, False, True, False]
    assert browser.names[-1] == "update"


# ------------------------------------------------------------------------ tables


def test_a_table_goes_to_the_run_of_its_token(world):
    world.visitor()
    browser = world.visitor()
    world.relay.give_table(browser.token, b"table")
    assert world.pool.of("give_table") == [(2, b"table")]


def test_all_runs_together_hold_so_many_tables(world, monkeypatch):
    monkeypatch.setattr(relay_module, "MAX_TABLE_BYTES", 100)
    first, second = world.visitor(), world.visitor()
    for _ in range(5):
        world.relay.give_table(first.token, bytes(40))  # it may hold two: one in use, one to come
    with pytest.raises(CapacityError, match="Nothing was changed; try a smaller table"):
        world.relay.give_table(second.token, bytes(21))
    world.relay.give_table(second.token, bytes(20))
    assert len(world.pool.of("give_table")) == 6
    world.relay.leave(first.viewer)
    world.time_s += IDLE_S
    world.relay.tidy()
    world.relay.give_table(second.token, bytes(80))


def test_a_large_table_counts_on_when_small_ones_came_after_it_as_it_may_be_in_use(world, monkeypatch):
    monkeypatch.setattr(relay_module, "MAX_TABLE_BYTES", 100)
    first, second = world.visitor(), world.visitor()
    for size in (80, 1, 1):
        world.relay.give_table(first.token, bytes(size))
    with pytest.raises(CapacityError):
        world.relay.give_table(second.token, bytes(20))
    world.relay.give_table(second.token, bytes(19))


def test_a_table_for_no_run_is_refused(world):
    world.visitor()
    with pytest.raises(RunNotFoundError, match="Reload"):
        world.relay.give_table("of-yesterday", b"table")
    assert world.pool.of("give_table") == []


def test_a_table_for_a_run_that_the_pool_has_lost_is_refused_and_its_viewers_connect_anew(world):
    browser = world.visitor()
    world.pool._listeners.clear()
    with pytest.raises(RunNotFoundError):
        world.relay.give_table(browser.token, b"table")
    assert browser.dropped == 1


def test_a_run_that_the_pool_has_lost_refuses_its_commands(world):
    browser = world.visitor()
    world.pool._listeners.clear()
    browser.command("play")
    assert browser.answers[-1]["refusal"]
    assert browser.dropped == 1
