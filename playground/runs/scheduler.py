"""Many runs in one thread: every active one gets its share, none waits for another."""

import time
from collections.abc import Callable, Iterator

from playground.runs.run import Run

SLICE_S = 0.004
"""How long one run trains before the others, and the commands, have their turn."""


class Scheduler:
    """Runs by number, each with the time it has used.

    The due run that has used the least time goes first. One that has been idle comes back with the least
    time of the others, so that it does not make up for its rest at their expense.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """
        Args:
            clock: Seconds, monotonic.
        """
        self.clock = clock
        self._runs: dict[int, Run] = {}
        self._used: dict[int, float] = {}
        self._floor = 0.0  # the time used by the run that was served last

    def add(self, number: int, run: Run) -> None:
        """Take care of a run from now on."""
        self._runs[number] = run
        self._used[number] = self._floor

    def remove(self, number: int) -> None:
        """Forget a run."""
        self._runs.pop(number, None)
        self._used.pop(number, None)

    def __getitem__(self, number: int) -> Run:
        return self._runs[number]

    def __contains__(self, number: int) -> bool:
        return number in self._runs

    def wait_s(self) -> float | None:
        """Return how long nothing is due: 0 when something is, None when nothing will be."""
        times = [due for run in self._runs.values() for due in (run.due(), run.picture_due()) if due is not None]
        return max(0.0, min(times) - self.clock()) if times else None

    def train(self) -> None:
        """Let the due run that has used the least time train for one slice."""
        now = self.clock()
        due = [number for number, run in self._runs.items() if (when := run.due()) is not None and when <= now]
        if not due:
            return
        number = min(due, key=lambda number: self._used[number])
        self._floor = max(self._floor, self._used[number])
        self._runs[number].work(SLICE_S)
        self._charge(number, now)

    def pictures(self) -> Iterator[tuple[int, tuple[int, bytes, bytes]]]:
        """Yield (run, picture) for each run whose picture is due."""
        for number, run in list(self._runs.items()):
            start = self.clock()
            due = run.picture_due()
            if due is not None and due <= start:
                yield number, run.take_picture()
                self._charge(number, start)

    def _charge(self, number: int, start: float) -> None:
        self._used[number] = max(self._used[number], self._floor) + self.clock() - start
