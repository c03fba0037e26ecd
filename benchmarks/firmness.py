"""Firmness: ten thousand draws of twenty weights over 3,321 communes, as a ratio to the product and sort they need.

Run it with ``python benchmarks/firmness.py``; it needs numpy.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from attrs import evolve
from field import write_campaign
from timing import in_turn

from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.scenarios.arrays import BLOCK, Matrix, firsts, tallies
from emulation.scenarios.dominance import leads_of
from emulation.scenarios.doors import counted, is_exact_in_doubles, places_under_all
from emulation.scenarios.firmness import among_first, firmness
from emulation.scenarios.shares import Shares
from emulation.standings import Standing

DRAWS, CRITERIA, FIRST, RUNS = 10_000, 20, 10, 3


def made_up(count: int) -> tuple[Shares, list[tuple[int, ...]]]:
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


def floor_of_whose(shares: Shares, weights: list[tuple[int, ...]]) -> None:
    """Only multiply and sort so that it is known whose each place is, as is done where keys do not tell."""
    table, drawn = np.array(shares.shares, dtype=np.float64), np.array(weights, dtype=np.float64)
    for at in range(0, len(drawn), BLOCK):
        (drawn[at : at + BLOCK] @ table.T).argsort(axis=1)


def alike(shares: Shares) -> Shares:
    """Give every tenth of them the shares of the first, so that they are equal in all draws."""
    rows = shares.shares
    return evolve(shares, shares=tuple(rows[0] if number % 10 == 0 else row for number, row in enumerate(rows)))


def floor_of_first(shares: Shares, weights: list[tuple[int, ...]]) -> None:
    """Only multiply and part the first ten from the rest."""
    table, drawn = np.array(shares.shares, dtype=np.float64), np.array(weights, dtype=np.float64)
    for at in range(0, len(drawn), BLOCK):
        keys = drawn[at : at + BLOCK] @ table.T
        keys.partition(keys.shape[1] - FIRST, axis=1)


def intervals(shares: Shares, weights: list[tuple[int, ...]]) -> list[object]:
    """Everybody's best, worst and central places, and the share of draws among the first."""
    return [(one.extremes, one.central, one.within(FIRST)) for one in tallies(shares, weights)]


def lines(count: int) -> str:
    """Time a field of so many bodies."""
    shares, weights = made_up(count)
    assert is_exact_in_doubles(shares, weights)
    least, whose, every, equal, few, first = in_turn(
        lambda: floor(shares, weights),
        lambda: floor_of_whose(shares, weights),
        lambda: intervals(shares, weights),
        lambda: intervals(alike(shares), weights),
        lambda: floor_of_first(shares, weights),
        lambda: firsts(shares, weights, FIRST),
        runs=RUNS,
    )
    some = weights[:100]
    (slow,) = in_turn(lambda: counted(shares, some), runs=RUNS)
    rows = (
        ("numpy's product and argsort", whose, least, "product and sort"),
        (f"all places, intervals, first {FIRST}", every, least, "product and sort"),
        ("the same, a tenth of them alike", equal, least, "product and sort"),
        (f"first {FIRST} alone", first, few, "product and parting"),
    )
    told = [f"  {what:32} {ours:7.3f} s = {ours / base:5.2f} x {by} ({base:.3f} s)" for what, ours, base, by in rows]
    (pairs,) = in_turn(lambda: places_under_all(leads_of(shares, [(0, 10**5)] * CRITERIA)), runs=RUNS)
    slowly = f"  {'in whole numbers of Python':32} {slow * DRAWS / len(some):7.0f} s, reckoned from {len(some)} draws"
    under_all = f"  {'under all weights, pair by pair':32} {pairs:7.3f} s"
    return "\n".join([f"{count} bodies, {DRAWS:,} draws of {CRITERIA} weights", *told, under_all, slowly]) + "\n"


def from_a_board(count: int) -> str:
    """Time the whole of firmness from a scored board on: shares, draws, places, under all weights, influence."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_campaign(Path(folder) / "f", ratios=True, communes=count)
        rules = load_campaign(path)
        outcome = score(rules, load_observations(path / "observations.csv", rules))
    bounds = {f"c{number}": (4, 6) for number in range(CRITERIA)}
    assert firmness(outcome, bounds).engine == "numpy"
    every, few = in_turn(lambda: firmness(outcome, bounds), lambda: among_first(outcome, bounds, FIRST), runs=RUNS)
    return f"  {f'{count} bodies, from a board on':32} {every:7.3f} s, first {FIRST} alone {few:.3f} s\n"


def peers() -> str:
    """Time what others do with the same draws, where they are installed: some draws, reckoned up."""
    shares, weights = made_up(3321)
    table = np.array(shares.shares, dtype=np.float64)
    told = []
    for name, rank in PEERS.items():
        try:
            work = rank(table)
        except ImportError:
            told.append(f"  {name:24} not installed\n")
            continue
        (taken,) = in_turn(lambda work=work: [work(np.array(one, dtype=np.float64)) for one in weights[:20]], runs=RUNS)
        told.append(f"  {name:24} {taken * DRAWS / 20:7.0f} s, reckoned from 20 draws\n")
    return "".join(told)


def _skcriteria(table: Matrix) -> Callable[[Matrix], object]:
    import skcriteria  # noqa: PLC0415
    from skcriteria.agg.simple import WeightedSumModel  # noqa: PLC0415

    aims = [max] * CRITERIA
    return lambda drawn: WeightedSumModel().evaluate(skcriteria.mkdm(table, aims, weights=drawn)).rank_


def _pymcdm(table: Matrix) -> Callable[[Matrix], object]:
    from pymcdm.helpers import rrankdata  # noqa: PLC0415
    from pymcdm.methods import WSM  # noqa: PLC0415
    from pymcdm.normalizations import max_normalization  # noqa: PLC0415

    aims, method = np.ones(CRITERIA), WSM(normalization_function=max_normalization)
    return lambda drawn: rrankdata(method(table, drawn / drawn.sum(), aims))


def _pyrepo_mcda(table: Matrix) -> Callable[[Matrix], object]:
    from pyrepo_mcda.additions import rank_preferences  # noqa: PLC0415
    from pyrepo_mcda.mcda_methods import SAW  # noqa: PLC0415

    aims = np.ones(CRITERIA)
    return lambda drawn: rank_preferences(SAW()(table, drawn / drawn.sum(), aims))


PEERS = {"scikit-criteria": _skcriteria, "pymcdm": _pymcdm, "pyrepo-mcda": _pyrepo_mcda}
"""The weighted sum and the ranks of each, in doubles; what they rank alike they need not find equal."""


def main() -> None:
    """Time it and print a table."""
    for count in (34, 3321):
        sys.stdout.write(lines(count) + from_a_board(count))
    sys.stdout.write(peers())


if __name__ == "__main__":
    main()
