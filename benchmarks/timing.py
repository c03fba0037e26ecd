"""Timing: how long a work takes, as the median of several runs."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

Result = TypeVar("Result")


def timed(do: Callable[[], Result], runs: int = 3) -> tuple[float, Result]:
    """Give the median of several runs in seconds, and what came out of the last."""
    times: list[float] = []
    for _ in range(runs):
        start = perf_counter()
        found = do()
        times.append(perf_counter() - start)
    return sorted(times)[runs // 2], found


def in_turn(*works: Callable[[], object], runs: int) -> list[float]:
    """Time several works in turn, so that whatever else runs slows all alike; give each one's median in seconds."""
    times = [[timed(work, 1)[0] for work in works] for _ in range(runs)]
    return [sorted(column)[runs // 2] for column in zip(*times, strict=True)]
