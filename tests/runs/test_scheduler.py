import pytest

from playground import protocol
from playground.runs.run import Run
from playground.runs.scheduler import SLICE_S, Scheduler
from playground.training import ExperimentConfig


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
def scheduler(clock):
    return Scheduler(clock)


def run_for(scheduler, clock, seconds):
    end = clock.now + seconds
    while clock.now < end:
        scheduler.train()


def test_equal_runs_get_equal_shares(scheduler, clock):
    runs = [Work(clock) for _ in range(5)]
    for number, run in enumerate(runs):
        scheduler.add(number, run)
    run_for(scheduler, clock, 2)
    assert max(run.slices for run in runs) - min(run.slices for run in runs) <= 1


def test_a_run_of_long_slices_does_not_starve_the_others(scheduler, clock):
    slow, quick = Work(clock, cost_s=0.3), Work(clock, cost_s=0.003)
    scheduler.add(1, slow)
    scheduler.add(2, quick)
    run_for(scheduler, clock, 6)
    assert quick.slices * 0.003 == pytest.approx(slow.slices * 0.3, rel=0.15)


def test_a_new_run_does_not_make_the_others_wait_for_it_to_catch_up(scheduler, clock):
    old, new = Work(clock), Work(clock)
    scheduler.add(1, old)
    run_for(scheduler, clock, 10)
    scheduler.add(2, new)
    before = old.slices
    run_for(scheduler, clock, 1)
    assert old.slices - before == pytest.approx(new.slices, abs=2)


def test_a_rested_run_does_not_make_up_for_its_rest(scheduler, clock):
    busy, rested = Work(clock), Work(clock, due=None)
    scheduler.add(1, busy)
    scheduler.add(2, rested)
    run_for(scheduler, clock, 10)
    rested.when = 0.0
    before = busy.slices
    run_for(scheduler, clock, 1)
    assert busy.slices - before == pytest.approx(rested.slices, abs=2)


def test_it_waits_until_the_first_thing_is_due(scheduler, clock):
    assert scheduler.wait_s() is None
    scheduler.add(1, Work(clock, due=7.0))
    scheduler.add(2, Work(clock, due=None, picture_due=3.0))
    assert scheduler.wait_s() == 3.0
    clock.now = 10.0
    assert scheduler.wait_s() == 0.0


def test_only_due_pictures_are_taken(scheduler, clock):
    scheduler.add(1, Work(clock, due=None, picture_due=1.0))
    scheduler.add(2, Work(clock, due=None, picture_due=5.0))
    clock.now = 2.0
    assert [number for number, _ in scheduler.pictures()] == [1]
    assert list(scheduler.pictures()) == []


def test_a_removed_run_is_forgotten(scheduler, clock):
    scheduler.add(1, Work(clock))
    scheduler.remove(1)
    scheduler.remove(1)
    assert 1 not in scheduler
    assert scheduler.wait_s() is None


def test_a_huge_network_leaves_a_small_ones_steps_alone():
    """Shares of real runs, counted in steps: what the small one loses to a huge neighbour is at most its half."""

    def steps_beside(*neighbours):
        scheduler = Scheduler()
        for number, config in enumerate([ExperimentConfig(), *neighbours]):
            run = Run(config, scheduler.clock, lambda update: None)
            run.handle(protocol.Pace(None))
            run.handle(protocol.Play())
            scheduler.add(number, run)
        steps = dict.fromkeys(range(len(neighbours) + 1), 0)
        for _ in range(60):
            scheduler.train()
        for number in steps:
            update = protocol.msgspec.msgpack.decode(scheduler[number].snapshot(), type=protocol.Update)
            steps[number] = update.state.step
        return steps

    shares = steps_beside(ExperimentConfig(hidden=(64,) * 8, batch_size=500, samples=5000))
    assert shares[0] > shares[1] > 0
