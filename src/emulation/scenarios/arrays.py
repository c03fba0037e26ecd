"""Arrays: places over very many draws at once, by numpy: products and sorts of doubles that hold whole numbers only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from emulation.scenarios.shares import Shares
from emulation.scenarios.tallies import Tally

Matrix: TypeAlias = npt.NDArray[Any]

BLOCK = 64
"""Draws ranked at a time, so that a block stays in the processor's cache."""

SLAB = 256
"""Places counted at a time, so that each lies in one piece."""


def tallies(shares: Shares, weights: Sequence[tuple[int, ...]]) -> list[Tally]:
    """Tally everybody's places over draws; the caller has shown that every number in it is below 2^53.

    The key of a draw is the total, then what settles ties, then, in its last bits, whose it is: a product and a sum
    of whole numbers, exact in any order. So one plain sort gives the order and whose each place is.
    """
    count, bits = len(shares.bodies), bits_for(len(shares.bodies))
    whose = np.empty((len(weights), count), dtype=_narrowest(count))
    counts = np.zeros((count + 1, count), dtype=_narrowest(len(weights)))  # a row for each place; there is no place 0
    parted = np.ones(len(weights), dtype=bool)
    for at, keys in _keys(shares, weights, bits):
        keys.sort(axis=1)
        sorted_ = keys.astype(np.int64)
        values = sorted_ >> bits
        whose[at : at + BLOCK] = sorted_ & ((1 << bits) - 1)
        tied = values[:, :-1] == values[:, 1:]
        rows = np.flatnonzero(tied.any(axis=1))
        if len(rows):
            parted[at + rows] = False
            _add_tied(counts, whose[at + rows], tied[rows])
    _add_parted(counts, whose if parted.all() else whose[parted])
    upto = np.ascontiguousarray(counts.cumsum(axis=0, dtype=counts.dtype).T)
    return [Tally(memoryview(row)) for row in upto]


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


def _add_parted(counts: Matrix, whose: Matrix) -> None:
    """Count whose each place is over draws that part all, place by place; the best stands last in a draw."""
    count = whose.shape[1]
    for at in range(0, count, SLAB):
        for number, column in enumerate(np.ascontiguousarray(whose[:, at : at + SLAB].T), at):
            counts[count - number] += np.bincount(column, minlength=count).astype(counts.dtype)


def _add_tied(counts: Matrix, whose: Matrix, tied: Matrix) -> None:
    """Count the places of draws in which some are equal: they share the first of their places."""
    count = whose.shape[1]
    # Keys go up: the place of a run of equal ones is that of its last.
    last = np.where(np.pad(tied, ((0, 0), (0, 1))), count, np.arange(count))
    places = count - np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    np.add.at(counts.reshape(-1), (places * count + whose).reshape(-1), 1)
