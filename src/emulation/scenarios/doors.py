"""Doors: which engine tallies draws; the fast one is another room's, and is only entered where it can be exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from operator import mul
from typing import Any, Literal, TypeAlias

from emulation.scenarios.dominance import Leads, first_and_last
from emulation.scenarios.shares import Shares
from emulation.scenarios.tallies import Tally

LARGEST = 2**53
"""Doubles hold every whole number up to here."""


Engine: TypeAlias = Literal["numpy", "integers"]


def tallies_of(shares: Shares, weights: Sequence[tuple[int, ...]]) -> tuple[Engine, list[Tally]]:
    """Tally everybody's places over draws of weights, and say which engine did."""
    if _by_numpy(shares, weights):
        tallies: list[Tally] = _arrays().tallies(shares, weights)
        return "numpy", tallies
    return "integers", counted(shares, weights)


def firsts_of(shares: Shares, weights: Sequence[tuple[int, ...]], places: int) -> tuple[Engine, list[int]]:
    """Count for everybody the draws that gave one of the first places, and say which engine did."""
    if places > 0 and _by_numpy(shares, weights):
        firsts: list[int] = _arrays().firsts(shares, weights, places)
        return "numpy", firsts
    found = [0] * len(shares.bodies)
    for drawn in weights:
        found = [so_far + (place <= places) for so_far, place in zip(found, shares.places(drawn), strict=True)]
    return "integers", found


def places_under_all(leads: Leads) -> list[tuple[int, int]]:
    """Give the places between which everybody stands under all weights, by whichever engine: both say the same."""
    if find_spec("numpy") is not None and leads.reach < LARGEST:
        found: list[tuple[int, int]] = _arrays().first_and_last(leads)
        return found
    return first_and_last(leads)


def counted(shares: Shares, weights: Sequence[tuple[int, ...]]) -> list[Tally]:
    """Tally places in Python's own whole numbers, draw by draw."""
    tallies: list[Counter[int]] = [Counter() for _ in shares.bodies]
    for drawn in weights:
        for tally, place in zip(tallies, shares.places(drawn), strict=True):
            tally[place] += 1
    return [Tally.of(tally) for tally in tallies]


def _arrays() -> Any:
    return import_module("emulation.scenarios.arrays")


def _by_numpy(shares: Shares, weights: Sequence[tuple[int, ...]]) -> bool:
    return find_spec("numpy") is not None and is_exact_in_doubles(shares, weights)


def is_exact_in_doubles(shares: Shares, weights: Sequence[tuple[int, ...]]) -> bool:
    """Say whether no sum of any draw, nor its sort key, can pass what a double holds exactly."""
    heaviest = [max(column) for column in zip(*weights, strict=True)]
    most = max(
        abs(fixed) + sum(map(mul, heaviest, map(abs, row)))
        for fixed, row in zip(shares.fixed, shares.shares, strict=True)
    )
    return bool((most + 1) * shares.orders * 2 * len(shares.bodies) < LARGEST)
