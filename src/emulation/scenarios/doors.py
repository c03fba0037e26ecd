"""Doors: which engine tallies draws; the fast one is another room's, and is only entered where it can be exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from emulation.scenarios.shares import Shares

LARGEST = 2**53
"""Doubles hold every whole number up to here."""


def tallies_of(
    shares: Shares, weights: Sequence[tuple[int, ...]]
) -> tuple[Literal["numpy", "integers"], list[Mapping[int, int]]]:
    """Tally everybody's places over draws of weights, and say which engine did."""
    if find_spec("numpy") is not None and is_exact_in_doubles(shares, weights):
        tallies: list[Mapping[int, int]] = import_module("emulation.scenarios.arrays").tallies(shares, weights)
        return "numpy", tallies
    return "integers", counted(shares, weights)


def counted(shares: Shares, weights: Sequence[tuple[int, ...]]) -> list[Mapping[int, int]]:
    """Tally places in Python's own whole numbers, draw by draw."""
    tallies: list[Counter[int]] = [Counter() for _ in shares.bodies]
    for drawn in weights:
        for tally, place in zip(tallies, shares.places(drawn), strict=True):
            tally[place] += 1
    return [dict(sorted(tally.items())) for tally in tallies]


def is_exact_in_doubles(shares: Shares, weights: Sequence[tuple[int, ...]]) -> bool:
    """Say whether no sum of any draw, nor its sort key, can pass what a double holds exactly."""
    heaviest = [max(column) for column in zip(*weights, strict=True)]
    most = max(
        (abs(fixed) + sum(weight * abs(share) for weight, share in zip(heaviest, row, strict=True)))
        for fixed, row in zip(shares.fixed, shares.shares, strict=True)
    )
    return bool((most + 1) * shares.orders * 2 * len(shares.bodies) < LARGEST)
