"""Lines: points rules compiled to one integer floor division, and whole fields of points in scaled whole numbers.

A points rule that is a straight line between two ends, rounded to declared decimals, is for the numerator n and the
denominator d of a value the whole number ``(a n + b d + c) // (e d)``, cut at both ends. One pass over a field gives
the points of all who are plainly measured. The record that says why is made by the rule itself when it is asked for;
whoever is not plainly measured goes that way at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from attrs import field, frozen

from emulation.asking import Gathered, OnAsking
from emulation.criteria import Criterion, Round, Sum
from emulation.exact import Mode, Rational, divide, on_grid, round_quotient
from emulation.joins import Scored
from emulation.measures import Parts
from emulation.names import CriterionId, ParticipantId
from emulation.points import Linear, PerUnit, Proportional, Steps


@frozen
class Counts:
    """Points of a field as whole multiples of ``1 / grid``, and the maximum in force for all of them."""

    points: Mapping[ParticipantId, int]
    grid: int
    most: Rational


NO_COUNTS = Counts({}, 1, 0)


@frozen(eq=False, repr=False)
class Column(OnAsking[ParticipantId, Scored]):
    """The scores of one criterion: the points of those plainly measured are counted, their records are made on asking.

    For all others the records are there.
    """

    counts: Counts = field(kw_only=True)

    def points_of(self, body: ParticipantId) -> Rational | None:
        """Give the points of a participant, without making a record."""
        counted = self.counts.points.get(body)
        return self[body].points if counted is None else on_grid(counted, self.counts.grid)

    def most_of(self, body: ParticipantId) -> Rational | None:
        """Give the maximum in force for a participant, without making a record."""
        return self.counts.most if body in self.counts.points else self[body].most

    @property
    def points(self) -> Mapping[ParticipantId, Rational | None]:
        """Everybody's points."""
        return Gathered(lambda: {body: self.points_of(body) for body in self})

    @property
    def maxima(self) -> Mapping[ParticipantId, Rational | None]:
        """Everybody's maximum in force."""
        return Gathered(lambda: {body: self.most_of(body) for body in self})


Scores: TypeAlias = Mapping[CriterionId, Column]


@frozen
class Line:
    """A straight line, rounded: ``(a n + b d + c) // (e d)``, not below ``low`` nor above ``high`` where these are."""

    a: int
    b: int
    c: int
    e: int
    low: int | None
    high: int | None

    def over(self, parts: Parts, bodies: Sequence[ParticipantId]) -> dict[ParticipantId, int]:
        """Give the scaled points of all who are plainly measured and have something to divide by.

        >>> half = Line(1, 0, 0, 2, None, 40)
        >>> half.over(Parts({"a": 90, "b": 50, "c": 1}, {"a": 1, "b": 1, "c": 0}), ["a", "b", "c", "d"])
        {'a': 40, 'b': 25}
        """
        among = parts.among
        try:
            of = _taken(parts.of, bodies)
            wholes = [1] * len(of) if among is None else _taken(among, bodies)
        except KeyError:
            of, wholes = [], [0]
        if 0 in wholes:
            able = [body for body in bodies if body in parts.of and (among is None or among.get(body))]
            return self.over(parts, able)
        return dict(zip(bodies, self._cut(of, wholes), strict=True))

    def _cut(self, of: Iterable[int], wholes: Iterable[int]) -> Iterable[int]:
        a, b, c, e, low, high = self.a, self.b, self.c, self.e, self.low, self.high
        points = [(a * part + b * whole + c) // (e * whole) for part, whole in zip(of, wholes, strict=True)]
        # Calling max and min would cost as much as all the rest of a cell.
        if low is not None:
            points = [low if one < low else one for one in points]  # noqa: FURB136
        if high is not None:
            points = [high if one > high else one for one in points]  # noqa: FURB136
        return points


def _taken(values: Mapping[str, int], bodies: Sequence[ParticipantId]) -> list[int]:
    """Give the values of bodies; most tables come in their order, and then nobody need be looked up."""
    return list(values.values()) if list(values) == list(bodies) else [values[body] for body in bodies]


def line_of(criterion: Criterion, round_: Round | None) -> Line | None:
    """Compile a criterion's rule, where it is a straight line on values >= 0 whose points are rounded and >= 0."""
    if round_ is None or round_.pass_on == "exact" or round_.mode == "half_even":  # noqa: S105
        return None
    if criterion.full_if is not None or criterion.only_if is not None or criterion.caps:
        return None
    drawn = _drawn(criterion.earns, criterion.min, criterion.max or 0)
    if drawn is None:
        return None
    slope, start, low, high = drawn
    if not ((low is not None and low >= 0) or (slope >= 0 and start >= 0)):
        return None  # below zero, halves are rounded the other way
    grid: int = 10**round_.decimals
    e = lcm(slope.denominator, start.denominator)
    a, b = (grid * one.numerator * (e // one.denominator) for one in (slope, start))
    return Line(*_rounding(a, b, e, round_.mode), _end(low, grid, round_.mode), _end(high, grid, round_.mode))


Drawn: TypeAlias = tuple[Rational, Rational, Rational | None, Rational | None]
"""A line: its slope, its value at 0, and its lower and upper ends."""


def _drawn(rule: object, least: Rational, most: Rational) -> Drawn | None:
    """Draw the line of a rule whose numbers are all written, where it is one."""
    if most < least:
        return None
    match rule:
        case Proportional(int() | Fraction() as full, cap, None) if full > 0:
            return divide(most - least, full), least, None, most if cap == "full" else None
        case Linear(int() | Fraction() as low, int() | Fraction() as high, clip) if low != high:
            slope = divide(most - least, high - low)
            return (
                slope,
                least - slope * low,
                least if clip in ("both", "low") else None,
                most if clip in ("both", "high") else None,
            )
        case PerUnit(points, cap):
            return points, least, None, most if cap == "full" else None
        case Steps(base, start, every, add, "pro_rata") if every > 0 and least <= base <= most:
            slope = divide(add, every)
            return slope, base - slope * start, base if add >= 0 else least, most if add >= 0 else base
        case _:
            return None


def _rounding(a: int, b: int, e: int, mode: Mode) -> tuple[int, int, int, int]:
    """Turn the quotient of a line into one that is rounded by a floor division, for results >= 0."""
    match mode:
        case "half_up":
            return 2 * a, 2 * b + e, 0, 2 * e
        case "half_down":
            return 2 * a, 2 * b + e, -1, 2 * e
        case "up" | "ceiling":
            return a, b + e, -1, e
        case _:
            return a, b, 0, e


def _end(value: Rational | None, grid: int, mode: Mode) -> int | None:
    return None if value is None else round_quotient(value.numerator * grid, value.denominator, mode)


def summed(criterion: Criterion, round_: Round | None, columns: Mapping[CriterionId, Column]) -> Counts:
    """Count a plain sum for all whose parts are all counted: no gate, no cap, no rounding that moves it."""
    parts = [part for part in criterion.parts if not part.is_tracked]
    if not _is_plain_sum(criterion, parts):
        return NO_COUNTS
    counts = [columns[part.id].counts for part in parts]
    grid = lcm(*(one.grid for one in counts))
    if round_ is not None and round_.pass_on == "rounded" and 10**round_.decimals % grid:  # noqa: S105
        return NO_COUNTS
    bodies = list(min(counts, key=lambda one: len(one.points)).points)
    scaled = [
        _scaled(list(map(one.points.get, bodies)), -1 if part.as_ == "penalty" else 1, grid // one.grid)
        for part, one in zip(parts, counts, strict=True)
    ]
    sums = {body: sum(row) for body, row in zip(bodies, zip(*scaled, strict=True), strict=True) if None not in row}
    most = sum(one.most for part, one in zip(parts, counts, strict=True) if part.as_ == "base")
    return Counts(sums, grid, most)


def _is_plain_sum(criterion: Criterion, parts: Sequence[Criterion]) -> bool:
    return (
        isinstance(criterion.earns, Sum)
        and any(part.as_ == "base" for part in parts)
        and all(part.as_ != "alternative" and part.weight != 0 for part in parts)
        and not isinstance(criterion.cap, int | Fraction)
        and not isinstance(criterion.floor, int | Fraction)
        and not criterion.caps
        and (criterion.only_if, criterion.coverage, criterion.scale_to, criterion.best_is) == (None, None, None, None)
    )


def _scaled(points: Sequence[int | None], sign: int, by: int) -> Sequence[int | None]:
    factor = sign * by
    return points if factor == 1 else [None if one is None else factor * one for one in points]
