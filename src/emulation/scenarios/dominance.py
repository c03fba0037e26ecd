"""Dominance: who is before whom under all weights, and so between which places everybody stands whatever they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from operator import sub

from attrs import frozen

from emulation.scenarios.shares import Shares


@frozen
class Leads:
    """What the lead of any participant before any other comes to, in whole numbers that also tell what settles ties.

    Two shares of a criterion part them the more, the more it weighs. So where all weights suit one least, its lead is
    its lead at the middle of all bounds, less what half the width of each can take of it. ``middle`` and ``spread`` are
    twice that, so that they stay whole.
    """

    middle: tuple[int, ...]
    spread: tuple[tuple[int, ...], ...]

    @property
    def reach(self) -> int:
        """A number that nothing reckoned of them passes, in any order and on the way to any pair's lead."""
        farthest = max(sum(map(abs, row)) for row in self.spread)
        return 2 * (max(map(abs, self.middle)) + farthest)

    def least(self, one: int, other: int) -> int:
        """Give the lead of one before another where weights suit it least; above nothing: it leads under all."""
        return self.middle[one] - self.middle[other] - _apart(self.spread[one], self.spread[other])


def leads_of(shares: Shares, bounds: Sequence[tuple[int, int]]) -> Leads:
    """Give the leads under weights between bounds, in the unit that the shares are given for.

    >>> from emulation.standings import Standing
    >>> two = Shares(Standing("s", (), "shared"), ("a", "b"), ("x",), (1,), (1, 0), ((0,), (1,)), (0, 0), 1)
    >>> leads = leads_of(two, [(0, 3)])
    >>> leads.least(0, 1), leads.least(1, 0)  # twice two behind with the most weight, twice one with none
    (-4, -2)
    """
    middles = [low + high for low, high in bounds]
    widths = [(high - low) * shares.orders for low, high in bounds]
    middle = [
        (2 * fixed + sum(map(int.__mul__, middles, row))) * shares.orders + order
        for fixed, row, order in zip(shares.fixed, shares.shares, shares.order, strict=True)
    ]
    return Leads(tuple(middle), tuple(tuple(map(int.__mul__, widths, row)) for row in shares.shares))


def first_and_last(leads: Leads) -> list[tuple[int, int]]:
    """Give everybody the first place that those surely before it leave, and the last that those surely behind do."""
    first, last = [1] * len(leads.middle), [1] * len(leads.middle)
    for one, other in combinations(range(len(leads.middle)), 2):
        lead = leads.middle[one] - leads.middle[other]
        apart = _apart(leads.spread[one], leads.spread[other])
        first[one] += lead < -apart
        last[one] += lead < apart
        first[other] += lead > apart
        last[other] += lead > -apart
    return list(zip(first, last, strict=True))


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(map(abs, map(sub, one, other)))
