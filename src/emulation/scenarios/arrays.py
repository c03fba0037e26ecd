"""Arrays: places over very many draws at once, by numpy: products and sorts of doubles that hold whole numbers only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from emulation.scenarios.dominance import Leads
from emulation.scenarios.shares import Shares
from emulation.scenarios.tallies import Tally

Matrix: TypeAlias = npt.NDArray[Any]

BLOCK = 32
"""Draws ranked at a time, so that a block stays in the processor's cache."""

ROWS = 16
"""Participants compared with all others at a time, likewise."""


SLAB = 2**14
"""Draws whose places are kept at a time, so that memory is asked for these only, however many there are."""


def tallies(shares: Shares, weights: Sequence[tuple[int, ...]]) -> list[Tally]:
    """Tally everybody's places over draws; the caller has shown that every number in it is below 2^53.

    Equal ones are counted first as if their numbers parted them, and then moved to the place they share.
    """
    count = len(shares.bodies)
    upto: Matrix = np.zeros((count + 1, count), dtype=_narrowest(len(weights)))  # a row for each place; there is no 0
    for at in range(0, len(weights), SLAB):
        _add(upto, shares, weights[at : at + SLAB])
    for place in range(1, count + 1):
        upto[place] += upto[place - 1]
    return [Tally(memoryview(column)) for column in upto.T]


def _add(counts: Matrix, shares: Shares, weights: Sequence[tuple[int, ...]]) -> None:
    """Count whose each place is in some draws.

    The key of a draw is the total, then what settles ties, then, in its last bits, whose it is: a product and a sum
    of whole numbers, exact in any order. So one plain sort gives the order and whose each place is.
    """
    count, bits = len(shares.bodies), bits_for(len(shares.bodies))
    whose = np.empty((count, len(weights)), dtype=_narrowest(count))  # a row for each place, the worst first
    for at, keys in _keys(shares, weights, bits):
        keys.sort(axis=1)
        sorted_ = keys.astype(np.int64)
        block = sorted_.astype(whose.dtype) & ((1 << bits) - 1)
        whose[:, at : at + BLOCK] = block.T
        sorted_ >>= bits
        tied = sorted_[:, :-1] == sorted_[:, 1:]
        if tied.any():
            _move_tied(counts, block, tied)
    for place, row in enumerate(whose[::-1], 1):
        counts[place] += np.bincount(row, minlength=count).astype(counts.dtype)


def firsts(shares: Shares, weights: Sequence[tuple[int, ...]], places: int) -> list[int]:
    """Count for everybody the draws that gave one of the first places; ties at the last of them are all in.

    Nobody is sorted: who has at least the key of the place that is asked for, whosever it is, has it or a better one.
    """
    count, bits = len(shares.bodies), bits_for(len(shares.bodies))
    found = np.zeros(count, dtype=np.int64)
    behind = count - min(places, count)
    for _, keys in _keys(shares, weights, bits):
        last = np.partition(keys, behind, axis=1)[:, behind].astype(np.int64) >> bits << bits
        found += (keys >= last[:, None].astype(np.float64)).sum(axis=0)
    return [int(one) for one in found.tolist()]


def first_and_last(leads: Leads) -> list[tuple[int, int]]:
    """Give the places between which everybody stands under all weights; the caller has shown how far leads reach."""
    count = len(leads.middle)
    middle = np.array(leads.middle, dtype=np.float64)
    spread = np.array(leads.spread, dtype=np.float64).reshape(count, -1).T.copy()
    first, last = np.ones(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    for at in range(0, count, ROWS):
        some = slice(at, at + ROWS)
        least = middle[some, None] - middle
        for column in spread:
            apart = column[some, None] - column
            least -= np.abs(apart, out=apart)
        first += (least > 0).sum(axis=0)
        last[some] += (least < 0).sum(axis=1)
    return list(zip(first.tolist(), last.tolist(), strict=True))


def _narrowest(most: int) -> type[np.uint16 | np.uint32]:
    """Give the narrowest kind of whole numbers up to one: less to move is less to wait for."""
    return np.uint16 if most <= np.iinfo(np.uint16).max else np.uint32


def bits_for(count: int) -> int:
    """Give the bits that number so many bodies."""
    return max(1, (count - 1).bit_length())


def _keys(shares: Shares, weights: Sequence[tuple[int, ...]], bits: int) -> Iterator[tuple[int, Matrix]]:
    """Give the keys of some draws at a time, a row for each draw, and the number of the first."""
    count = len(shares.bodies)
    table = np.array(shares.shares, dtype=np.float64).reshape(count, -1).T * float(shares.orders << bits)
    fixed, order = np.array(shares.fixed, dtype=np.float64), np.array(shares.order, dtype=np.float64)
    rest = (fixed * shares.orders + order) * float(1 << bits) + np.arange(count)
    drawn = np.array(weights, dtype=np.float64)
    for at in range(0, len(drawn), BLOCK):
        keys = drawn[at : at + BLOCK] @ table
        keys += rest
        yield at, keys


def _move_tied(counts: Matrix, whose: Matrix, tied: Matrix) -> None:
    """Move those who are equal from the places their numbers gave them to the first of these, which they share.

    Counts may pass below nothing on the way there; whole numbers of a fixed width come back from it unharmed.
    """
    count = whose.shape[1]
    moved = np.flatnonzero(np.pad(tied, ((0, 0), (0, 1))))  # keys go up, so the last of a run stays where it is
    ends = np.flatnonzero(np.append(np.diff(moved) > 1, True))
    last = np.repeat(moved[ends] + 1, np.diff(ends, prepend=-1))
    who, one = whose.reshape(-1)[moved], counts.dtype.type(1)
    np.subtract.at(counts.reshape(-1), (count - moved % count) * count + who, one)
    np.add.at(counts.reshape(-1), (count - last % count) * count + who, one)
