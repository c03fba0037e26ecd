"""Rules: what a value is worth by each points rule, and whether it keeps a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor
from typing import Any

from oracle.arithmetic import ZERO, mean, named, root, rounded


@dataclass(frozen=True)
class Judge:
    """One value held against one rule."""

    value: Fraction
    body: str
    field: dict[str, Fraction]
    least: Fraction
    most: Fraction
    better: str
    yardstick: Callable[[Any, str], Fraction | None]

    def along(self, share: Fraction) -> Fraction:
        """Give the points at a share of the way from least to most."""
        return self.least * (1 - share) + self.most * share

    def within(self, points: Fraction) -> Fraction:
        """Keep points between the least and the most."""
        return min(max(points, self.least), self.most)

    def points(self, rule: Any) -> Fraction | None:
        """Give the points by a rule's own sentence."""
        return getattr(self, named(rule).lower())(rule)

    def proportional(self, rule: Any) -> Fraction | None:
        """``max x value / full_at``."""
        full = self.yardstick(rule.full_at, self.body)
        if full is None or full <= 0:
            return None
        if rule.nothing_below is not None and self.value < rule.nothing_below:
            return self.least
        if self.value < 0 and rule.floor == "zero":
            return self.least
        points = self.along(self.value / full)
        return min(points, self.most) if rule.cap == "full" else points

    def binary(self, rule: Any) -> Fraction | None:
        """All points or none."""
        bound = None if named(rule.limit) == "Between" else self.yardstick(rule.limit.bound, self.body)
        verdict = meets(rule.limit, self.value, bound)
        return None if verdict is None else self.most if verdict else self.least

    def bands(self, rule: Any) -> Fraction | None:
        """Take the band the value lies in."""
        worth = [
            band.points
            for band in rule.of
            if (band.from_ is None or self.value >= band.from_)
            and (band.above is None or self.value > band.above)
            and (band.to is None or self.value <= band.to)
            and (band.before is None or self.value < band.before)
        ]
        if not worth:
            return rule.otherwise
        return min(worth) if rule.shared_edge == "lower" else max(worth)

    def perunit(self, rule: Any) -> Fraction:
        """So many points for each one."""
        points = self.least + rule.points * self.value
        return min(points, self.most) if rule.cap == "full" else points

    def steps(self, rule: Any) -> Fraction:
        """Give a base, and more for each step beyond it."""
        if self.value <= rule.start:
            return Fraction(rule.base)
        taken = Fraction(self.value - rule.start) / rule.every
        return self.within(rule.base + (floor(taken) if rule.part == "whole" else taken) * rule.add)

    def linear(self, rule: Any) -> Fraction | None:
        """Along a straight line between two goalposts."""
        low, high = self.yardstick(rule.from_, self.body), self.yardstick(rule.to, self.body)
        if low is None or high is None or low == high:
            return None
        share = (self.value - low) / (high - low)
        if rule.clip in ("both", "low"):
            share = max(share, ZERO)
        if rule.clip in ("both", "high"):
            share = min(share, Fraction(1))
        return self.along(share)

    def levels(self, rule: Any) -> Fraction | None:
        """By level: the value is the position on the scale, from 1."""
        names = ("low", "middle", "high")
        if self.value not in (1, 2, 3):
            return None
        return Fraction(dict(rule.points)[names[int(self.value) - 1]])

    def lateness(self, rule: Any) -> Fraction:
        """By days early or late, as shares of the maximum."""
        table = [] if self.value == 0 else rule.late if self.value > 0 else rule.early
        fitting = [(days, share) for days, share in table if abs(self.value) >= days]
        return self.along(Fraction(max(fitting)[1] if fitting else rule.on_time))

    def formula(self, rule: Any) -> Fraction:
        """Give the formula's value, from the least to the most."""
        return min(max(self.value, self.least), self.most) if rule.cap == "full" else max(self.value, self.least)

    @property
    def sign(self) -> int:
        """Minus one where less is better."""
        return -1 if self.better == "lower" else 1

    def place(self) -> int:
        """One plus how many are better."""
        return 1 + sum(self.sign * other > self.sign * self.value for other in self.field.values())

    def minmax(self, rule: Any) -> Fraction:
        """Between the worst and the best of the field."""
        low, high = min(self.field.values()), max(self.field.values())
        if low == high:
            return self.most if rule.all_equal == "full" else self.least
        share = (self.value - low) / (high - low)
        return self.along(1 - share if self.better == "lower" else share)

    def zscore(self, rule: Any) -> Fraction:
        """By standard deviations from the mean."""
        middle = mean(list(self.field.values()))
        squares = sum(((other - middle) ** 2 for other in self.field.values()), ZERO)
        count = len(self.field) - (1 if rule.spread == "sample" else 0)
        if squares == 0 or count == 0:
            return Fraction(rule.centre)
        away = (self.value - middle) * self.sign
        z = root(away**2 * count / squares, 2, rule.decimals) * (1 if away >= 0 else -1)
        return self.within(rule.centre + z * rule.per_deviation)

    def shareofbest(self, rule: Any) -> Fraction | None:
        """As a share of the best value."""
        best = min(self.field.values()) if self.better == "lower" else max(self.field.values())
        if self.value == best:
            return self.most
        of, whole = (best, self.value) if self.better == "lower" else (self.value, best)
        return None if whole <= 0 else self.along(max(ZERO, of / whole))

    def clusterleader(self, rule: Any) -> Fraction:
        """Give a part for the target, the rest in proportion to the leader's lead over its own target."""
        target = self.yardstick(rule.target, self.body)
        if not target:
            alone = [v for id, v in self.field.items() if not self.yardstick(rule.target, id)]
            return self.along(self.value / max(alone)) if max(alone) > 0 else self.least
        ratio = self.value / target
        if ratio < 1:
            return self.along(rule.base * ratio)
        held = [(v, v / t) for id, v in self.field.items() if (t := self.yardstick(rule.target, id))]
        lead = max(r for _, r in held) if rule.leader_by == "ratio" else max(held)[1]
        if lead <= 1:
            return self.along(Fraction(rule.base))
        return self.along(min(Fraction(1), rule.base + (1 - rule.base) * (ratio - 1) / (lead - 1)))

    def byrank(self, rule: Any) -> Fraction:
        """By place in the field."""
        place = self.place()
        if rule.ties == "dense":
            place = 1 + len({other for other in self.field.values() if self.sign * other > self.sign * self.value})
        return Fraction(next((band.points for band in rule.places if place <= band.top), rule.otherwise))

    def exponentialrank(self, rule: Any) -> Fraction:
        """``-s ln(1 - r (1 - e^(-100/s)))`` of 100."""
        place, size = self.place(), len(self.field)
        if place == 1:
            return self.most
        with localcontext() as context:
            context.prec = 60
            strength = Decimal(rule.strength)
            share = Decimal(size - place + 1) / size
            exact = -strength * (1 - share * (1 - (-100 / strength).exp())).ln()
        return self.along(rounded(Fraction(exact), rule.decimals, "half_up") / 100)


def meets(limit: Any, value: Fraction | None, bound: Any, known_as: str | None = None) -> bool | None:
    """Say whether a value keeps a limit; a bound decides only if all beyond it agree."""
    kind = named(limit)
    if value is None or (bound is None and kind != "Between"):
        return None
    tests: dict[str, Callable[[Any], bool]] = {
        "AtLeast": lambda v: v >= bound,
        "Above": lambda v: v > bound,
        "AtMost": lambda v: v <= bound,
        "Below": lambda v: v < bound,
        "Equals": lambda v: v == bound,
        "Between": lambda v: limit.from_ <= v <= limit.to,
    }
    if known_as is None:
        return tests[kind](value)
    # Everything strictly beyond the figure: try just beyond it, at and around each edge, and far away.
    edges = [limit.from_, limit.to] if kind == "Between" else [bound]
    tiny, far = Fraction(1, 10**40), 10**9
    tried = [value + tiny, value - tiny, value + far, value - far]
    tried += [edge + shift for edge in edges for shift in (-tiny, 0, tiny)]
    beyond = [v for v in tried if (v > value if known_as == "above" else v < value)]
    verdicts = {tests[kind](v) for v in beyond}
    return verdicts.pop() if len(verdicts) == 1 else None
