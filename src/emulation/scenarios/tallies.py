"""Tallies: how many draws gave each place to a participant, summed up from the best place on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from attrs import frozen

OUTSIDE = Fraction(1, 20)
"""The share of the draws that a central interval leaves out at either end: it holds nine of ten."""


@frozen(eq=False, repr=False)
class Tally(Mapping[int, int]):
    """For each place that any draw gave, how many did: a mapping that is equal to a dict of the same places.

    ``upto[n]`` counts the draws with the n-th place or a better one; the last entry is the number of draws.

    >>> tally = Tally.of({1: 2, 3: 8})
    >>> tally.extremes, tally.central, tally.within(2), dict(tally)
    ((1, 3), (1, 3), Fraction(1, 5), {1: 2, 3: 8})
    """

    upto: Sequence[int]

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Tally:
        """Sum up how often each place was given."""
        places = range(max(counts) + 1)
        return cls(tuple(accumulate(counts.get(place, 0) for place in places)))

    @property
    def draws(self) -> int:
        """How many draws gave a place."""
        return self.upto[-1]

    @property
    def extremes(self) -> tuple[int, int]:
        """The best and the worst place of any draw."""
        return bisect_left(self.upto, 1), bisect_left(self.upto, self.draws)

    @property
    def central(self) -> tuple[int, int]:
        """The places between which nine draws of ten lie, as many left out above as below."""
        outside = self.draws * OUTSIDE.numerator // OUTSIDE.denominator  # draws are whole: a part of one is none
        return bisect_right(self.upto, outside), bisect_left(self.upto, self.draws - outside)

    def within(self, place: int) -> Fraction:
        """Give the share of draws with this place or a better one."""
        return Fraction(self.upto[min(place, len(self.upto) - 1)] if place > 0 else 0, self.draws)

    def __getitem__(self, place: int) -> int:
        found = self.upto[place] - self.upto[place - 1] if 0 < place < len(self.upto) else 0
        if not found:
            raise KeyError(place)
        return found

    def __iter__(self) -> Iterator[int]:
        return (place for place, (before, now) in enumerate(pairwise(self.upto), 1) if now > before)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))
