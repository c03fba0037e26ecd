"""Firmness: ten thousand draws of twenty weights over 3,321 communes, as a ratio to the product and sort they need.

Run it with ``python benchmarks/firmness.py``; it needs numpy.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

from emulation.scenarios.arrays import BLOCK, tallies
from emulation.scenarios.doors import counted, is_exact_in_doubles
from emulation.scenarios.shares import Shares
from emulation.standings import Standing

DRAWS, CRITERIA, RUNS = 10_000, 20, 3


def field(count: int) -> tuple[Shares, list[tuple[int, ...]]]:
    """Give made-up shares of points in hundredths, and weights that sum to a million."""
    dice = random.Random(57)
    rows = tuple(tuple(dice.randint(0, 1_000) for _ in range(CRITERIA)) for _ in range(count))
    weights = []
    for _ in range(DRAWS):
        cuts = sorted(dice.randint(0, 10**6) for _ in range(CRITERIA - 1))
        weights.append(tuple(b - a for a, b in zip([0, *cuts], [*cuts, 10**6], strict=True)))
    names = tuple(f"b{number}" for number in range(count))
    ids = tuple(f"c{number}" for number in range(CRITERIA))
    zeros = (0,) * count
    return Shares(Standing("s", (), "shared"), names, ids, (1,) * CRITERIA, zeros, rows, zeros, 1), weights


def floor(shares: Shares, weights: list[tuple[int, ...]]) -> None:
    """Only multiply and sort."""
    table, drawn = np.array(shares.shares, dtype=np.float64), np.array(weights, dtype=np.float64)
    for at in range(0, len(drawn), BLOCK):
        keys = drawn[at : at + BLOCK] @ table.T
        keys.sort(axis=1)


def best_of(work: Callable[[], object], runs: int = RUNS) -> float:
    """Give the median of a few runs, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return sorted(times)[runs // 2]


def line(count: int) -> str:
    """Time a field of so many bodies."""
    shares, weights = field(count)
    assert is_exact_in_doubles(shares, weights)
    least, taken = best_of(lambda: floor(shares, weights)), best_of(lambda: tallies(shares, weights))
    few = weights[:100]
    slow = best_of(lambda: counted(shares, few), 1) * DRAWS / len(few)
    return (
        f"{count} bodies: {taken:.3f} s = {taken / least:.2f} x product and sort ({least:.3f} s); "
        f"in whole numbers of Python about {slow:.0f} s\n"
    )


def main() -> None:
    """Time it and print a table."""
    for count in (34, 3321):
        sys.stdout.write(line(count))


if __name__ == "__main__":
    main()
