"""Arrays: places over very many draws at once, by numpy: products and sorts of doubles that hold whole numbers only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from emulation.scenarios.shares import Shares

Matrix: TypeAlias = npt.NDArray[Any]

BLOCK = 64
"""Draws ranked at a time, so that a block stays in the processor's cache."""


def tallies(shares: Shares, weights: Sequence[tuple[int, ...]]) -> list[Mapping[int, int]]:
    """Tally everybody's places over draws; the caller has shown that every number in it is below 2^53.

    The key of a draw is the total, then what settles ties, then, in its last bits, whose it is: a product and a sum
    of whole numbers, exact in any order. So one plain sort gives the order and whose each place is.
    """
    count, bits = len(shares.bodies), bits_for(len(shares.bodies))
    table = np.array(shares.shares, dtype=np.float64).reshape(count, -1).T * float(shares.orders << bits)
    fixed, order = np.array(shares.fixed, dtype=np.float64), np.array(shares.order, dtype=np.float64)
    rest = (fixed * shares.orders + order) * float(1 << bits) + np.arange(count)
    drawn = np.array(weights, dtype=np.float64)
    ranks = np.empty((len(drawn), count), dtype=np.uint16 if count < np.iinfo(np.uint16).max else np.uint32)
    for at in range(0, len(drawn), BLOCK):
        keys = drawn[at : at + BLOCK] @ table + rest
        keys.sort(axis=1)
        _rank(keys.astype(np.int64), bits, ranks[at : at + BLOCK])
    return [_tally(column) for slab in _slabs(ranks) for column in slab]


def bits_for(count: int) -> int:
    """Give the bits that number so many bodies."""
    return max(1, (count - 1).bit_length())


def _rank(keys: Matrix, bits: int, ranks: Matrix) -> None:
    """Write the places of a block of draws by sorted keys; equal ones share the first of their places."""
    count = keys.shape[1]
    whose = keys & ((1 << bits) - 1)
    values = keys >> bits
    at = np.arange(count)
    places = np.broadcast_to((count - at).astype(ranks.dtype), keys.shape)
    tied = values[:, :-1] == values[:, 1:]
    rows = np.flatnonzero(tied.any(axis=1))
    if len(rows):
        # Keys go up: the place of a run of equal ones is that of its last.
        places = places.copy()
        last = np.where(np.pad(tied[rows], ((0, 0), (0, 1))), count, at)
        places[rows] = count - np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    flat = whose + (np.arange(len(keys)) * count)[:, None]
    ranks.reshape(-1)[flat.reshape(-1)] = places.reshape(-1)


def _slabs(ranks: Matrix) -> Iterator[Matrix]:
    """Give the columns of a table as rows, some at a time, so that each lies in one piece."""
    for at in range(0, ranks.shape[1], BLOCK):
        yield np.ascontiguousarray(ranks[:, at : at + BLOCK].T)


def _tally(places: Matrix) -> Mapping[int, int]:
    counts = np.bincount(places)
    found = np.flatnonzero(counts)
    return dict(zip(found.tolist(), counts[found].tolist(), strict=True))
