import pytest

from playground import protocol
from playground.runs.run import Run
from playground.runs.scheduler import MAX_WAIT_S, SLICE_S, Scheduler
from playground.training import ExperimentConfig
from tests.told import in_english


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Work:
    """A run whose every slice costs `cost_s`."""

    def __init__(self, clock, cost_s=SLICE_S, due=0.0, picture_due=None):
        self.clock, self.cost_s, self.when, self.picture_when = clock, cost_s, due, picture_due
        self.slices = 0

    def due(self):
        return self.when

    def picture_due(self):
        return self.picture_when

    def work(self, budget_s):
        self.clock.now += self.cost_s
        self.slices += 1

    def take_picture(self):
        self.picture_when = None
        return 1, b"", b""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def failed():
    return []


@pytest.fixture
def scheduler(clock, failed):
    return Scheduler(failed.append, clock)


def as_made(run):
    return lambda: run


def run_for(scheduler, clock, seconds):
    end = clock.now + seconds
    while clock.now < end:
        scheduler.train()


def test_equal_runs_get_equal_shares(scheduler, clock):
    runs = [Work(clock) for _ in range(5)]
    for number, run in enumerate(runs):
        scheduler.add(number, as_made(run))
    run_for(scheduler, clock, 2)
    assert max(run.slices for run in runs) - min(run.slices for run in runs) <= 1


def test_a_run_of_long_slices_does_not_starve_the_others(scheduler, clock):
    slow, quick = Work(clock, cost_s=0.3), Work(clock, cost_s=0.003)
    scheduler.add(1, as_made(slow))
    scheduler.add(2, as_made(quick))
    run_for(scheduler, clock, 6)
    assert quick.slices * 0.003 == pytest.approx(slow.slices * 0.3, rel=0.15)


def test_a_new_run_does_not_make_the_others_wait_for_it_to_catch_up(scheduler, clock):
    old, new = Work(clock), Work(clock)
    scheduler.add(1, as_made(old))
    run_for(scheduler, clock, 10)
    scheduler.add(2, as_made(new))
    before = old.slices
    run_for(scheduler, clock, 1)
    assert old.slices - before == pytest.approx(new.slices, abs=2)


def test_a_rested_run_does_not_make_up_for_its_rest(scheduler, clock):
    busy, rested = Work(clock), Work(clock, due=None)
    scheduler.add(1, as_made(busy))
    scheduler.add(2, as_made(rested))
    run_for(scheduler, clock, 10)
    rested.when = 0.0
    before = busy.slices
    run_for(scheduler, clock, 1)
    assert busy.slices - before == pytest.approx(rested.slices, abs=2)


def test_it_waits_until_the_first_thing_is_due(scheduler, clock):
    assert scheduler.wait_s() is None
    scheduler.add(1, as_made(Work(clock, due=7.0)))
    scheduler.add(2, as_made(Work(clock, due=None, picture_due=3.0)))
    assert scheduler.wait_s() == 3.0
    clock.now = 10.0
    assert scheduler.wait_s() == 0.0


def test_only_due_pictures_are_taken(scheduler, clock):
    scheduler.add(1, as_made(Work(clock, due=None, picture_due=1.0)))
    scheduler.add(2, as_made(Work(clock, due=None, picture_due=5.0)))
    clock.now = 2.0
    taken = []
    scheduler.take_pictures(lambda number, picture: taken.append(number))
    scheduler.take_pictures(lambda number, picture: taken.append(number))
    assert taken == [1]


def test_pictures_are_charged_to_their_run(scheduler, clock):
    def draw(number, picture):
        clock.now += 1.0
        painter.picture_when = 0.0

    painter, plain = Work(clock, picture_due=0.0), Work(clock)
    scheduler.add(1, as_made(painter))
    scheduler.add(2, as_made(plain))
    for _ in range(20):
        scheduler.take_pictures(draw)
        scheduler.train()
    assert plain.slices == 20
    assert painter.slices == 0


def test_the_jobs_of_many_take_turns_and_each_runs_own_keep_their_order(scheduler, clock):
    done = []

    def job(name, cost_s=0.0):
        def do(run):
            clock.now += cost_s
            done.append(name)

        return do

    for number in (1, 2):
        scheduler.add(number, as_made(Work(clock, due=None)))
    for index in range(3):
        scheduler.enqueue(1, job(f"long {index}", cost_s=1.0))
    scheduler.enqueue(2, job("short 0"))
    scheduler.enqueue(2, job("short 1"))
    scheduler.enqueue(7, job("of nobody"))
    while scheduler.wait_s() == 0.0:
        scheduler.do_job()
    assert [name for name in done if "long" in name] == ["long 0", "long 1", "long 2"]
    assert done.index("short 1") < done.index("long 1")
    assert "of nobody" not in done


def test_a_run_that_fails_is_removed_and_the_others_go_on(scheduler, clock, failed, capsys):
    def fail(*_):
        raise RuntimeError("a fault")

    bad, good = Work(clock), Work(clock)
    bad.work = fail
    scheduler.add(1, as_made(bad))
    scheduler.add(2, as_made(good))
    scheduler.add(3, fail)
    run_for(scheduler, clock, 0.1)
    assert sorted(failed) == [1, 3]
    assert good.slices > 10
    assert "a fault" in capsys.readouterr().err
    assert 1 not in scheduler


def test_nothing_is_waited_for_longer_than_a_clock_can_say(scheduler, clock):
    scheduler.add(1, as_made(Work(clock, due=1e300)))
    assert scheduler.wait_s() == MAX_WAIT_S


def test_a_picture_that_cannot_be_sent_is_not_waited_for(scheduler, clock):
    scheduler.add(1, as_made(Work(clock, due=None, picture_due=0.0)))
    assert scheduler.wait_s(pictures=False) is None


def test_a_removed_run_is_forgotten(scheduler, clock):
    scheduler.add(1, as_made(Work(clock)))
    scheduler.remove(1)
    scheduler.remove(1)
    assert 1 not in scheduler
    assert scheduler.wait_s() is None


def test_a_huge_network_leaves_a_small_ones_steps_alone(failed):
    """Shares of real runs, counted in steps: what the small one loses to a huge neighbour is at most its half."""

    def steps_beside(*neighbours):
        scheduler = Scheduler(failed.append)
        for number, config in enumerate([ExperimentConfig(), *neighbours]):
            run = Run(config, scheduler.clock, lambda update: None)
            run.handle(protocol.Pace(None))
            run.handle(protocol.Play())
            scheduler.add(number, as_made(run))
        steps = dict.fromkeys(range(len(neighbours) + 1), 0)
        for _ in range(60):
            scheduler.train()
        for number in steps:
            update = in_english(protocol.msgspec.msgpack.decode(scheduler[number].snapshot(), type=protocol.Update))
            steps[number] = update.state.step
        return steps

    shares = steps_beside(ExperimentConfig(hidden=(64,) * 8, batch_size=500, samples=5000))
    assert shares[0] > shares[1] > 0
