"""Peers: points rules that compare participants with one another; each says so: ``relative: true``."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import frozen

from emulation.exact import Rational, divide, exponential, logarithm, power, rounded
from emulation.limits import Yardstick
from emulation.names import ParticipantId
from emulation.places import Counting
from emulation.scales import Earned, Field, Scale


@frozen
class MinMax:
    """Between the worst and the best of the field: the worst earns the least, the best the most.

    Keys:
        relative: true, to say that the points depend on the others.
        all_equal: what everybody earns when all are equal: full or zero.
    """

    relative: bool
    all_equal: Literal["full", "zero"]

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the field's ends."""
        used = (("worst", field.worst), ("best", field.best))
        if field.best == field.worst:
            return Earned(scale.most if self.all_equal == "full" else scale.least, "all_equal", used)
        share = divide(value - field.worst, field.best - field.worst)
        return Earned(max(scale.least, min(scale.most, scale.at(share))), "scaled", used)


@frozen
class ZScore:
    """By standard deviations from the mean of the field, within the least and the most.

    Keys:
        relative: true, to say that the points depend on the others.
        centre: the points of the mean.
        per_deviation: the points of one standard deviation.
        spread: whose deviation: of the population (divided by n) or of a sample (by n - 1).
        decimals: to how many decimals a z-score is computed, as it is irrational.
    """

    relative: bool
    centre: Rational
    per_deviation: Rational
    spread: Literal["population", "sample"]
    decimals: int

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the z-score."""
        away = (value - field.mean) * (-1 if field.better == "lower" else 1)
        count = len(field.values) - (self.spread == "sample")
        if field.squares == 0 or count == 0:
            return Earned(self.centre, "all_equal", (("mean", field.mean),))
        size = power(divide(away * away * count, field.squares), Fraction(1, 2), self.decimals)
        z = size if away >= 0 else -size
        points = self.centre + z * self.per_deviation
        return Earned(max(scale.least, min(scale.most, points)), "scaled", (("mean", field.mean), ("z", z)))


@frozen
class ShareOfBest:
    """As a share of the best value of the field.

    Keys:
        relative: true, to say that the points depend on the others.
    """

    relative: bool

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the best value."""
        dividend, divisor = (field.best, value) if field.better == "lower" else (value, field.best)
        if value == field.best:
            return Earned(scale.most, "leader", (("best", field.best),))
        if divisor <= 0:
            return Earned(None, "no_yardstick")
        return Earned(scale.at(max(divide(dividend, divisor), 0)), "scaled", (("best", field.best),))


@frozen
class ClusterLeader:
    """A part for the target, the rest in proportion to the leader's lead over its own target.

    Keys:
        relative: true, to say that the points depend on the others.
        target: what each is held against.
        leader_by: who leads: the one with the highest ratio to its target, or with the highest actual value.
        base: the share of the points for meeting the target.
    """

    relative: bool
    target: Yardstick
    leader_by: Literal["ratio", "actual"]
    base: Rational

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the leader's ratio."""
        target = field.against(self.target, body)
        if not target:
            return self._without_target(value, scale, field)
        ratio, lead = divide(value, target), self._lead(field)
        used = (("target", target), ("lead", lead))
        if ratio < 1:
            return Earned(scale.at(self.base * ratio), "under_target", used)
        if ratio == lead and lead > 1:
            return Earned(scale.most, "leader", used)
        beyond = divide(ratio - 1, lead - 1) if lead > 1 else 0
        return Earned(scale.at(min(self.base + (1 - self.base) * beyond, 1)), "over_target", used)

    def _ratios(self, field: Field) -> list[tuple[Rational, Rational]]:
        """Give the actual value and its ratio to the target of all that have a target."""
        held = [(value, field.against(self.target, body)) for body, value in field.values.items()]
        return [(value, divide(value, target)) for value, target in held if target]

    def _lead(self, field: Field) -> Rational:
        """Give the leader's ratio; of several with the highest actual value, the highest ratio."""
        ratios = self._ratios(field)
        return max(ratio for _, ratio in ratios) if self.leader_by == "ratio" else max(ratios)[1]

    def _without_target(self, value: Rational, scale: Scale, field: Field) -> Earned:
        others = [held for body, held in field.values.items() if not field.against(self.target, body)]
        most = max(others)
        if most <= 0:
            return Earned(scale.least, "without_target")
        return Earned(scale.at(divide(value, most)), "without_target", (("best", most),))


@frozen
class PlaceBand:
    """The points of the first so many places.

    Keys:
        top: down to which place.
        points: what these places are worth.
    """

    top: int
    points: Rational


@frozen
class ByRank:
    """By place in the field, the best first.

    Keys:
        relative: true, to say that the points depend on the others.
        places: the points of the first places.
        otherwise: the points of all other places.
        ties: how places are counted after a tie: shared (1-2-2-4) or dense (1-2-2-3).
    """

    relative: bool
    places: tuple[PlaceBand, ...]
    otherwise: Rational
    ties: Counting

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the place."""
        place = field.ranks[self.ties][body]
        points = next((band.points for band in self.places if place <= band.top), self.otherwise)
        return Earned(points, "place", (("place", place),))


@frozen
class ExponentialRank:
    """By rank on an exponential scale, which spreads the best apart: ``-s ln(1 - r (1 - e^(-100/s)))`` of 100.

    ``r`` is the share of the field that is not better. With s = 23 it is the transform of England's
    Indices of Deprivation.

    Keys:
        relative: true, to say that the points depend on the others.
        strength: the constant s.
        decimals: to how many decimals it is computed, as it is irrational.
    """

    relative: bool
    strength: Rational
    decimals: int

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the place."""
        place, size = field.ranks["shared"][body], len(field.values)
        rank = divide(size - place + 1, size)
        tail = 1 - exponential(divide(-100, self.strength), self.decimals + 12)
        score = (
            100
            if place == 1
            else rounded(-self.strength * logarithm(1 - rank * tail, self.decimals + 12), self.decimals, "half_up")
        )
        return Earned(scale.at(divide(score, 100)), "place", (("place", place),))
