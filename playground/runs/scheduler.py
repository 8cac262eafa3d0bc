"""Many runs in one thread: every active one gets its share, none waits for another."""

import sys
import time
import traceback
from collections import deque
from collections.abc import Callable

from playground.runs.run import Run

SLICE_S = 0.004
"""How long one run trains before the others, and the commands, have their turn."""

MAX_WAIT_S = 60.0
"""Longest time to wait for; whatever is due later is looked at again then."""

Job = Callable[[Run], None]


class Scheduler:
    """Runs by number, each with its queue of jobs and the time it has used.

    A turn is one job, the pictures that are due (a slice's worth of them at most) and one slice of training, each of
    the run that wants one and has used the least time. A run that has been idle comes back with the least time of
    the others, so that it does not make up for its rest at their expense. A run that fails is removed, and the
    others go on.
    """

    def __init__(self, on_failure: Callable[[int], None], clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            on_failure: Told the number of a run that failed by a fault of ours and is removed.
            clock: Seconds, monotonic.
        """
        self.clock = clock
        self._on_failure = on_failure
        self._runs: dict[int, Run] = {}
        self._jobs: dict[int, deque[Job]] = {}
        self._used: dict[int, float] = {}
        self._floor = 0.0  # the time used by the run that was served last

    def add(self, number: int, make: Callable[[], Run]) -> None:
        """Take care of a run from now on."""
        try:
            self._runs[number] = make()
        except Exception:
            self._give_up(number)
            return
        self._jobs[number] = deque()
        self._used[number] = self._floor

    def remove(self, number: int) -> None:
        """Forget a run."""
        for by_number in (self._runs, self._jobs, self._used):
            by_number.pop(number, None)

    def enqueue(self, number: int, job: Job) -> None:
        """Let a job of a run be done in its turn, after those before it; for an unknown run it is nothing to do."""
        if number in self._runs:
            self._jobs[number].append(job)

    def __getitem__(self, number: int) -> Run:
        return self._runs[number]

    def __contains__(self, number: int) -> bool:
        return number in self._runs

    def wait_s(self, pictures: bool = True) -> float | None:
        """Return how long nothing is due: 0 when something is, None when nothing will be.

        Args:
            pictures: Whether pictures can be taken now.
        """
        if any(self._jobs.values()):
            return 0.0
        times = [when for run in self._runs.values() if (when := run.due()) is not None]
        if pictures:
            times += [when for run in self._runs.values() if (when := run.picture_due()) is not None]
        return min(max(0.0, min(times) - self.clock()), MAX_WAIT_S) if times else None

    def do_job(self) -> None:
        """Do the first job of a run that has some."""
        waiting = [number for number, jobs in self._jobs.items() if jobs]
        self._serve(waiting, lambda number, run: self._jobs[number].popleft()(run))

    def train(self) -> None:
        """Let a run that is due train for one slice."""
        now = self.clock()
        due = [number for number, run in self._runs.items() if (when := run.due()) is not None and when <= now]
        self._serve(due, lambda number, run: run.work(SLICE_S))

    def take_pictures(self, send: Callable[[int, tuple[int, bytes, bytes]], None]) -> None:
        """Take the pictures that are due, for one slice at most, and send each with its run's number."""
        now = self.clock()
        due = {number for number, run in self._runs.items() if (when := run.picture_due()) is not None and when <= now}
        while due and self.clock() < now + SLICE_S:
            number = min(due, key=lambda number: self._used[number])
            due.remove(number)
            self._serve([number], lambda number, run: send(number, run.take_picture()))

    def _serve(self, waiting: list[int], serve: Callable[[int, Run], None]) -> None:
        """Serve the waiting run that has used the least time, and charge it for what that takes."""
        if not waiting:
            return
        number = min(waiting, key=lambda number: self._used[number])
        self._floor = max(self._floor, self._used[number])
        start = self.clock()
        try:
            serve(number, self._runs[number])
        except Exception:
            self._give_up(number)
        else:
            self._used[number] = max(self._used[number], self._floor) + self.clock() - start

    def _give_up(self, number: int) -> None:
        """Remove a run that failed, and say so: one run's fault must not end its neighbours."""
        print(f"Run {number} failed and is ended:\n{traceback.format_exc()}", file=sys.stderr, flush=True)
        self.remove(number)
        self._on_failure(number)
