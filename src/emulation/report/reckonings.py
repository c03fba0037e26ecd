"""Reckonings: points rules, and the ways parts become a whole, as formulas over a value and the rule's numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from attrs import frozen

from emulation.criteria import Criterion, Greatest, HarmonicMean, Least, Mean, Product, WeightedSum
from emulation.exact import Rational
from emulation.joins import Scored
from emulation.limits import Above, AtLeast, AtMost, Below, Between, Equals, Limit, Yardstick
from emulation.peers import MinMax
from emulation.points import Bands, Binary, Lateness, Levels, Linear, PerUnit, Proportional, Steps
from emulation.report.live import (
    Comparison,
    Live,
    both,
    compared,
    greatest,
    least,
    minus,
    over,
    plus,
    times,
    when,
    whole_part,
    written,
)

Parameter: TypeAlias = Callable[[str, Rational], Live]
"""Gives the cell of one of a rule's numbers, by what it is: ``full_at``, ``band_points:2``."""

LIMITS: Mapping[type, Comparison] = {AtLeast: ">=", Above: ">", AtMost: "<=", Below: "<", Equals: "="}
"""How a spreadsheet compares with a limit."""

ON_VALUES = frozenset({"full_at", "nothing_below", "bound", "from", "to", "start", "every", "band_from", "band_to"})
"""Numbers on the scale of what is measured, and not of points."""


def summed(criterion: Criterion, cells: Mapping[Criterion, Live], factor: Rational, parameter: Parameter) -> Live:
    """Sum base points, scaled up for what was dropped; then bonus, penalty, floor and cap, in this order."""
    base = [one for part, one in cells.items() if part.as_ in ("base", "alternative")]
    whole = plus(*base) if base else written(0)
    if factor != 1:
        whole = times(whole, written(factor))
    whole = plus(whole, *(one for part, one in cells.items() if part.as_ == "bonus"))
    for part, one in cells.items():
        whole = minus(whole, one) if part.as_ == "penalty" else whole
    if isinstance(criterion.floor, int | Fraction):
        whole = greatest(whole, parameter("floor", criterion.floor))
    return least(whole, parameter("cap", criterion.cap)) if isinstance(criterion.cap, int | Fraction) else whole


def joined(how: object, cells: Mapping[Criterion, Live]) -> Live | None:
    """Join the points of parts other than by their sum; None for ways that a formula cannot follow."""
    points = list(cells.values())
    weights = [written(1 if part.weight is None else part.weight) for part in cells]
    match how:
        case Mean():
            return over(plus(*map(times, weights, points)), plus(*weights))
        case WeightedSum():
            return plus(*map(times, weights, points))
        case HarmonicMean() if all(one.value > 0 for one in points):
            return over(plus(*weights), plus(*map(over, weights, points)))
        case Product():
            return times(*points)
        case Least():
            return least(*points)
        case Greatest():
            return greatest(*points)
        case _:
            return None


@frozen
class Reckoning:
    """A points rule as a formula on one measured value; ``field`` gives the worst and the best of all values."""

    criterion: Criterion
    scored: Scored
    value: Live
    levels: tuple[str, ...]
    field: Callable[[], tuple[Live, Live]]
    parameter: Parameter

    @property
    def most(self) -> Live:
        """The most points there are."""
        return self.parameter("max", self.criterion.max or 0)

    @property
    def least(self) -> Live:
        """The least points there are."""
        return self.parameter("min", self.criterion.min) if self.criterion.min else written(0)

    def yardstick(self, key: str, asked: Yardstick) -> Live | None:
        """Give what the value is held against: a parameter, or what was looked up for this participant."""
        if isinstance(asked, int | Fraction):
            return self.parameter(key, asked)
        used = dict(self.scored.used).get(key)
        return None if used is None else written(used)

    def along(self, share: Live) -> Live:
        """Give the points at a share of the way from the least to the most."""
        if not self.criterion.min:
            return times(self.most, share)
        return plus(self.least, times(minus(self.most, self.least), share))

    def points(self) -> Live | None:
        """Give the points before rounding."""
        match self.criterion.earns:
            case Proportional():
                return self._proportional(self.criterion.earns)
            case Binary(limit):
                return self._binary(limit)
            case Bands():
                return self._bands(self.criterion.earns)
            case PerUnit(points, cap):
                earned = plus(self.least, times(self.value, self.parameter("each", points)))
                return least(earned, self.most) if cap == "full" else earned
            case Steps():
                return self._steps(self.criterion.earns)
            case Linear():
                return self._linear(self.criterion.earns)
            case MinMax():
                worst, best = self.field()
                if worst.value == best.value:
                    return None
                share = over(minus(self.value, worst), minus(best, worst))
                return greatest(self.least, least(self.most, self.along(share)))
            case Lateness():
                return self._lateness(self.criterion.earns)
            case Levels(points):
                return self._level(points)
            case _:
                return None

    def _proportional(self, rule: Proportional) -> Live | None:
        full = self.yardstick("full_at", rule.full_at)
        if full is None:
            return None
        earned = self.along(over(self.value, full))
        if rule.cap == "full":
            earned = least(earned, self.most)
        if rule.floor == "zero":
            earned = greatest(earned, self.least)
        if rule.nothing_below is None:
            return earned
        low = self.parameter("nothing_below", rule.nothing_below)
        return when(compared(self.value, "<", low), self.least, earned)

    def _binary(self, limit: Limit) -> Live | None:
        if isinstance(limit, Between):
            low, high = self.parameter("from", limit.from_), self.parameter("to", limit.to)
            test = both([compared(self.value, ">=", low), compared(self.value, "<=", high)])
            return when(test, self.most, self.least)
        bound = self.yardstick("bound", limit.bound)
        return None if bound is None else when(compared(self.value, LIMITS[type(limit)], bound), self.most, self.least)

    def _bands(self, rule: Bands) -> Live | None:
        """Ask band by band, the one that counts where two share a value first."""
        otherwise = rule.otherwise
        earned = written(0) if otherwise is None else self.parameter("otherwise", otherwise)
        numbered = list(enumerate(rule.of, start=1))
        numbered.sort(key=lambda one: (one[1].points, one[0]), reverse=rule.shared_edge == "lower")
        for number, band in numbered:
            ends: list[tuple[Comparison, str, Rational | None]] = [
                (">=", "band_from", band.from_),
                (">", "band_from", band.above),
                ("<=", "band_to", band.to),
                ("<", "band_to", band.before),
            ]
            tests = [
                compared(self.value, how, self.parameter(f"{key}:{number}", end))
                for how, key, end in ends
                if end is not None
            ]
            earned = when(both(tests), self.parameter(f"band_points:{number}", band.points), earned)
        return earned

    def _steps(self, rule: Steps) -> Live:
        base, start = self.parameter("base", rule.base), self.parameter("start", rule.start)
        steps = over(minus(self.value, start), self.parameter("every", rule.every))
        if rule.part == "whole":
            steps = whole_part(steps)
        more = plus(base, times(steps, self.parameter("add", rule.add)))
        return when(compared(self.value, "<=", start), base, greatest(self.least, least(self.most, more)))

    def _linear(self, rule: Linear) -> Live | None:
        low, high = self.yardstick("from", rule.from_), self.yardstick("to", rule.to)
        if low is None or high is None:
            return None
        share = over(minus(self.value, low), minus(high, low))
        if rule.clip in ("both", "low"):
            share = greatest(share, written(0))
        return self.along(least(share, written(1)) if rule.clip in ("both", "high") else share)

    def _lateness(self, rule: Lateness) -> Live | None:
        if self.scored.branch == "undone":
            return None
        earned = self.parameter("on_time", rule.on_time)
        for days, share in sorted(rule.late):
            test = both([compared(self.value, ">", written(0)), compared(self.value, ">=", written(days))])
            earned = when(test, self.parameter(f"late:{days}", share), earned)
        for days, share in sorted(rule.early):
            test = both([compared(self.value, "<", written(0)), compared(self.value, "<=", written(-days))])
            earned = when(test, self.parameter(f"early:{days}", share), earned)
        return self.along(earned)

    def _level(self, points: tuple[tuple[str, Rational], ...]) -> Live | None:
        worth = dict(points)
        earned = written(0)
        for position, name in enumerate(self.levels, start=1):
            if name in worth:
                test = compared(self.value, "=", written(position))
                earned = when(test, self.parameter(f"level:{name}", worth[name]), earned)
        return earned
