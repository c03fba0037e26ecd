"""Ranges: how far weights may move, and the draws from them: exact, and the same on every machine.

A draw's numbers come of SHAKE-256 over the seed and the number of the draw, and of nothing else. Uniform weights lie on
a grid of a thousand steps between their bounds. Dirichlet weights are gaps between sorted uniform numbers, which is
what that distribution is where its parameters are whole; so no float and no other library has a say in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from hashlib import shake_256
from math import lcm
from struct import unpack
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.campaign import Campaign
from emulation.exact import Rational, divide, rounded, write_number
from emulation.grammar import inline
from emulation.names import CriterionId, near
from emulation.problems import Problem

STEPS = 1000
"""The steps of the grid between the bounds of a uniform weight."""
WHOLE = 10**6
"""The parts of the whole that Dirichlet weights share."""
_WORD = 8  # bytes of a drawn number


@frozen
class Range:
    """How far a weight may move.

    Keys:
        from: the least it may be.
        to: the most it may be.
    """

    from_: Rational
    to: Rational


@frozen
class Uniform:
    """Each weight between bounds of its own, any of them as likely as any other.

    Keys:
        within: for each criterion that moves, its bounds.
    """

    within: tuple[tuple[CriterionId, Range], ...]


@frozen
class Dirichlet:
    """Weights that share the same whole, around those declared.

    Keys:
        of: the criteria that share it.
        concentration: how close to the declared weights: the more, the closer; at least one for each criterion.
    """

    of: tuple[CriterionId, ...]
    concentration: int


@frozen
class Ranges:
    """What moves, to see how firm a rank is.

    Keys:
        weights: uniform, each within bounds of its own, or dirichlet, sharing one whole.
        samples: redrawn, to ask so many again as were asked; kept as they are if not said.
    """

    weights: Uniform | Dirichlet | None = inline(default=None)
    samples: Literal["kept", "redrawn"] = "kept"


Weights: TypeAlias = Mapping[CriterionId, Rational]


def problems_of(ranges: Ranges, rules: Campaign) -> Iterator[Problem]:
    """Find ranges of unknown criteria, ranges that invert or go below zero, a concentration that is too small."""
    match ranges.weights:
        case None | Uniform(()):
            if ranges.samples == "kept":
                yield Problem("E740", "nothing moves", "uniform, dirichlet or samples: redrawn", path=("firmness",))
        case Uniform(within):
            for id, range_ in within:
                there = ("firmness", "uniform", id)
                yield from _unknown([id], rules, there)
                if not 0 <= range_.from_ <= range_.to:
                    what = f"a range from {write_number(range_.from_)} to {write_number(range_.to)}"
                    yield Problem("E740", what, "from 0 or more to as much or more", path=there)
        case Dirichlet(of, concentration):
            path = ("firmness", "dirichlet")
            yield from _unknown(of, rules, (*path, "of"))
            if len(of) < 2 or concentration < len(of):  # noqa: PLR2004
                what = f"a concentration of {concentration} over {len(of)} criteria"
                yield Problem("E740", what, "two criteria or more, and at least one for each", path=path)


def _unknown(ids: Sequence[CriterionId], rules: Campaign, path: tuple[str, ...]) -> Iterator[Problem]:
    for id in ids:
        if id not in rules.criterion:
            yield Problem("E135", f"unknown criterion {id!r}", near=near(id, rules.criterion), path=path)


def criteria_of(ranges: Ranges) -> tuple[CriterionId, ...]:
    """Give the criteria whose weights move, in the order they are declared."""
    match ranges.weights:
        case Uniform(within):
            return tuple(id for id, _ in within)
        case Dirichlet(of):
            return of
        case None:
            return ()


def drawn(ranges: Ranges, declared: Weights, draws: int, seed: int) -> Iterator[tuple[int, ...]]:
    """Give for each draw the weights in the order of `criteria_of`, in units of `unit_of`.

    >>> half = Ranges(Uniform(((CriterionId("x"), Range(10, 20)),)))
    >>> [weight * unit_of(half, {}) for (weight,) in drawn(half, {}, 3, seed=1)]
    [Fraction(1059, 100), Fraction(1509, 100), Fraction(291, 25)]
    """
    match ranges.weights:
        case Uniform(within):
            unit = unit_of(ranges, declared)
            bounds = [
                (int(range_.from_ / unit), int((range_.to - range_.from_) / unit / STEPS)) for _, range_ in within
            ]
            for number in range(draws):
                numbers = _numbers(seed, number, len(bounds), STEPS + 1)
                yield tuple([low + width * step for (low, width), step in zip(bounds, numbers, strict=True)])
        case Dirichlet(of, concentration):
            shares = _whole_shares([declared[id] for id in of], concentration)
            for number in range(draws):
                yield _gaps(sorted(_numbers(seed, number, sum(shares) - 1, WHOLE)), shares)
        case None:
            yield from [()] * draws


def unit_of(ranges: Ranges, declared: Weights) -> Fraction:
    """Give what a drawn number is counted in: weights are whole multiples of it."""
    match ranges.weights:
        case Uniform(within):
            bounds = [part for _, one in within for part in (one.from_, Fraction(one.to - one.from_) / STEPS)]
            return Fraction(1, lcm(*(Fraction(bound).denominator for bound in bounds)))
        case Dirichlet(of):
            return Fraction(sum(Fraction(declared[id]) for id in of), WHOLE)
        case None:
            return Fraction(1)


def asked_again(seed: int, draw: int, whose: str, yes: int, asked: int) -> int:
    """Give how many say yes when so many are asked again, each as likely to as those who were.

    >>> [asked_again(1, draw, "a/satisfied", 40, 50) for draw in range(5)]
    [41, 41, 37, 39, 38]
    """
    words = shake_256(f"{seed}/{draw}/{whose}".encode()).digest(_WORD * asked)
    return sum(int.from_bytes(words[at : at + _WORD], "big") % asked < yes for at in range(0, len(words), _WORD))


def _numbers(seed: int, draw: int, count: int, below: int) -> list[int]:
    """Give numbers from 0 up to a bound, which is so far below 2^64 that its remainders are as good as equal."""
    words = unpack(f">{count}Q", shake_256(f"{seed}/{draw}".encode()).digest(_WORD * count))
    return [word % below for word in words]


def _whole_shares(weights: Sequence[Rational], concentration: int) -> list[int]:
    """Give whole parameters in proportion to weights, each at least one."""
    whole = sum(weights)
    return [max(1, int(rounded(divide(weight * concentration, whole), 0, "half_up"))) for weight in weights]


def _gaps(cuts: Sequence[int], shares: Sequence[int]) -> tuple[int, ...]:
    """Give the gaps between sorted cuts of a whole, so many together for each."""
    edges = [0, *cuts, WHOLE]
    found: list[int] = []
    at = 0
    for share in shares:
        found.append(edges[at + share] - edges[at])
        at += share
    return tuple(found)
