"""How times are taken, and how they are told."""

import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import numpy as np


@dataclass(frozen=True)
class Timing:
    """Times of one thing, in µs.

    Attributes:
        median: The median.
        low: First quartile.
        high: Third quartile.
    """

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        digits = 1 if self.median < 100 else 0
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f}–{self.high:,.{digits}f})"


def interleaved(
    candidates: Mapping[str, Callable[[], object]], rounds: int, units: int | Mapping[str, int] = 1
) -> dict[str, Timing]:
    """Time all candidates in turn, again and again, so that whatever else the machine does meets all alike.

    Args:
        candidates: What is timed, by name.
        rounds: How often each is called; the first tenth does not count.
        units: How many units of work a call does, each of which the time is for; of all calls, or by name.

    Returns:
        Median and quartiles for a unit of work.
    """
    done = {name: units if isinstance(units, int) else units[name] for name in candidates}
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, call in candidates.items():
            start = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - start) / done[name] * 1e6)
    return {name: timing(taken[rounds // 10 :]) for name, taken in times.items()}


def timing(taken: list[float]) -> Timing:
    """Return median and quartiles."""
    low, _, high = quantiles(taken, n=4)
    return Timing(median(taken), low, high)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are numbers."""
    rule = ["---"] + ["--:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def machine() -> str:
    """Return a sentence that says what was measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = f"{len(names)} × {names[0]}" if names else model
    return f"Machine: {model}, {platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}."
