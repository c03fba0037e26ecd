"""Points: what a measurement is worth, and which branch of its rule said so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from emulation.exact import Rational, add_up, divide, exponential, logarithm, power, rounded
from emulation.formulas import Expression
from emulation.grammar import inline
from emulation.limits import Between, Limit, Peers, Yardstick, mean, meets
from emulation.names import ParticipantId
from emulation.places import Counting, places_of

Branch = Literal[
    "reached", "capped", "partial", "floor", "below_least", "met", "not_met", "band", "no_band", "units", "steps",
    "base", "linear", "clipped_low", "clipped_high", "scaled", "all_equal", "leader", "over_target", "under_target",
    "without_target", "place", "early", "on_time", "late", "undone", "level", "calculated", "no_yardstick", "no_value",
]
"""Which way a rule took; the wording reads it."""


@frozen
class Earned:
    """Points on the criterion's scale, the branch taken, and the numbers the branch used, by name."""

    points: Rational | None
    branch: Branch
    used: tuple[tuple[str, Rational], ...] = ()


@frozen
class Scale:
    """The least and the most points a criterion gives."""

    least: Rational
    most: Rational

    def at(self, share: Rational) -> Rational:
        """Give the points at a share of the way from the least to the most."""
        return self.least + share * (self.most - self.least)


@frozen(slots=False)
class Field:
    """The participants compared with one another in a criterion, with their measured values.

    ``yardstick`` gives what a participant is held against, None where that is not measured. ``levels`` are the
    names of an ordinal scale, the lowest first.
    """

    values: Mapping[ParticipantId, Rational]
    yardstick: Callable[[Yardstick, ParticipantId], Rational | None]
    better: Literal["higher", "lower"] = "higher"
    levels: tuple[str, ...] = ()

    @cached_property
    def lowest(self) -> Rational:
        """The lowest value of the field."""
        return min(self.values.values())

    @cached_property
    def highest(self) -> Rational:
        """The highest value of the field."""
        return max(self.values.values())

    @property
    def best(self) -> Rational:
        """The best value of the field."""
        return self.lowest if self.better == "lower" else self.highest

    @property
    def worst(self) -> Rational:
        """The worst value of the field."""
        return self.highest if self.better == "lower" else self.lowest

    @cached_property
    def mean(self) -> Rational:
        """The arithmetic mean of the field."""
        return mean(list(self.values.values()))

    @cached_property
    def squares(self) -> Rational:
        """The sum of squared deviations from the mean."""
        return add_up((value - self.mean) ** 2 for value in self.values.values())

    @cached_property
    def ranks(self) -> Mapping[Counting, Mapping[ParticipantId, int]]:
        """The place of each participant, the best first, in both ways of counting."""
        sign = -1 if self.better == "lower" else 1
        keys = {body: sign * value for body, value in self.values.items()}
        return {"shared": places_of(keys, "shared"), "dense": places_of(keys, "dense")}


Cap = Literal["full", "none"]
"""What happens beyond the maximum: cut to full marks, or counted on."""


@frozen
class Proportional:
    """In proportion to the value: ``max x value / full_at``.

    Keys:
        full_at: the value that earns all points.
        cap: full, to stop at the maximum; none, to count on beyond it.
        nothing_below: the value below which there are no points at all.
        floor: for values that can be negative: zero, to stop at the least; none, to go below it.
    """

    full_at: Yardstick
    cap: Cap
    nothing_below: Rational | None = None
    floor: Literal["zero", "none"] | None = None

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch."""
        full = field.yardstick(self.full_at, body)
        if full is None or full <= 0:
            return Earned(None, "no_yardstick")
        if self.nothing_below is not None and value < self.nothing_below:
            return Earned(scale.least, "below_least", (("full_at", full), ("nothing_below", self.nothing_below)))
        if value < 0 and self.floor == "zero":
            return Earned(scale.least, "floor", (("full_at", full),))
        if value >= full and self.cap == "full":
            return Earned(scale.most, "reached" if value == full else "capped", (("full_at", full),))
        return Earned(scale.at(divide(value, full)), "partial", (("full_at", full),))


@frozen
class Binary:
    """All points or none.

    Keys:
        limit: what the value must keep: at_least, above, at_most, below, equals or between.
    """

    limit: Limit = inline()

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch."""
        bound = None if isinstance(self.limit, Between) else field.yardstick(self.limit.bound, body)
        verdict = meets(self.limit, value, bound)
        if verdict is None:
            return Earned(None, "no_yardstick")
        used = () if bound is None else (("bound", bound),)
        return Earned(scale.most, "met", used) if verdict else Earned(scale.least, "not_met", used)


@frozen
class Band:
    """A stretch of values and what it is worth; an end that is not written is open.

    Keys:
        points: what it is worth.
        from: where it begins, itself included.
        above: where it begins, itself not included.
        to: where it ends, itself included.
        before: where it ends, itself not included.
    """

    points: Rational
    from_: Rational | None = None
    above: Rational | None = None
    to: Rational | None = None
    before: Rational | None = None

    def holds(self, value: Rational) -> bool:
        """Say whether a value lies in the band."""
        return (
            (self.from_ is None or value >= self.from_)
            and (self.above is None or value > self.above)
            and (self.to is None or value <= self.to)
            and (self.before is None or value < self.before)
        )


@frozen
class Bands:
    """A table of bands.

    Keys:
        of: the bands.
        otherwise: the points of a value in no band.
        shared_edge: where two bands share a value, which of them it belongs to: the one with higher or lower points.
    """

    of: tuple[Band, ...]
    otherwise: Rational | None = None
    shared_edge: Literal["higher", "lower"] | None = None

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the band's number, counted from 1."""
        holding = [(band.points, number) for number, band in enumerate(self.of, start=1) if band.holds(value)]
        if holding:
            points, number = min(holding) if self.shared_edge == "lower" else max(holding)
            return Earned(points, "band", (("band", number),))
        return Earned(self.otherwise, "no_band")


@frozen
class PerUnit:
    """So many points for each one.

    Keys:
        points: the points of one.
        cap: full, to stop at the maximum; none, to count on beyond it.
    """

    points: Rational
    cap: Cap

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch."""
        points = scale.least + value * self.points
        if self.cap == "full" and points >= scale.most:
            return Earned(scale.most, "reached" if points == scale.most else "capped", (("each", self.points),))
        return Earned(points, "units", (("each", self.points),))


@frozen
class Steps:
    """A base, and more for each step beyond it, up to the maximum.

    Keys:
        base: the points up to the start.
        start: the value at which the steps begin.
        every: how wide a step is.
        add: the points of a step; negative points take away, down to the least.
        part: what a part of a step is worth: pro_rata, or whole when only whole steps count.
    """

    base: Rational
    start: Rational
    every: Rational
    add: Rational
    part: Literal["pro_rata", "whole"]

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch with the number of steps."""
        if value <= self.start:
            return Earned(self.base, "base")
        steps = divide(value - self.start, self.every)
        if self.part == "whole":
            steps = rounded(steps, 0, "floor")
        points = self.base + steps * self.add
        if not scale.least <= points <= scale.most:
            return Earned(max(scale.least, min(scale.most, points)), "capped", (("steps", steps),))
        return Earned(points, "steps", (("steps", steps),))


@frozen
class Linear:
    """Along a straight line between two goalposts; they may run downwards, where less is better.

    Keys:
        from: the value that earns the least.
        to: the value that earns the most.
        clip: where to stop: both ends, low or high only, or none.
    """

    from_: Yardstick
    to: Yardstick
    clip: Literal["both", "low", "high", "none"]

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch."""
        low, high = field.yardstick(self.from_, body), field.yardstick(self.to, body)
        if low is None or high is None or low == high:
            return Earned(None, "no_yardstick")
        used = (("from", low), ("to", high))
        share = divide(value - low, high - low)
        if share < 0 and self.clip in ("both", "low"):
            return Earned(scale.least, "clipped_low", used)
        if share > 1 and self.clip in ("both", "high"):
            return Earned(scale.most, "clipped_high", used)
        return Earned(scale.at(share), "linear", used)


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
        if divisor == 0:
            return Earned(None, "no_yardstick")
        return Earned(scale.at(divide(dividend, divisor)), "scaled", (("best", field.best),))


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
        target = field.yardstick(self.target, body)
        if not target:
            return self._without_target(value, scale, field)
        ratio, lead = divide(value, target), self._lead(field)
        used = (("target", target), ("lead", lead))
        if ratio < 1:
            return Earned(scale.at(self.base * ratio), "under_target", used)
        if ratio == lead and lead > 1:
            return Earned(scale.most, "leader", used)
        beyond = divide(ratio - 1, lead - 1) if lead > 1 else 0
        share = min(self.base + (1 - self.base) * beyond, Fraction(1))
        return Earned(scale.at(share), "over_target", used)

    def _ratios(self, field: Field) -> list[tuple[Rational, Rational]]:
        """Give the actual value and its ratio to the target of all that have a target."""
        held = [(value, field.yardstick(self.target, body)) for body, value in field.values.items()]
        return [(value, divide(value, target)) for value, target in held if target]

    def _lead(self, field: Field) -> Rational:
        """Give the leader's ratio; of several with the highest actual value, the highest ratio."""
        ratios = self._ratios(field)
        return max(ratio for _, ratio in ratios) if self.leader_by == "ratio" else max(ratios)[1]

    def _without_target(self, value: Rational, scale: Scale, field: Field) -> Earned:
        others = [held for body, held in field.values.items() if not field.yardstick(self.target, body)]
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
        score = 100 if place == 1 else rounded(-self.strength * logarithm(1 - rank * tail, self.decimals + 12), self.decimals, "half_up")
        return Earned(scale.at(divide(score, 100)), "place", (("place", place),))


@frozen
class Lateness:
    """By days early or late against a milestone, as shares of the maximum.

    Keys:
        early: for at least so many days early, the share.
        on_time: the share on the due day, and earlier than that by too little for the table.
        late: for at least so many days late, the share.
        undone: the share of a task that is overdue and not done.
    """

    early: tuple[tuple[int, Rational], ...]
    on_time: Rational
    late: tuple[tuple[int, Rational], ...]
    undone: Rational

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a number of days late, and the branch."""
        branch: Branch = "late" if value > 0 else "early"
        rows = sorted(self.late if value > 0 else self.early, reverse=True)
        share = next((share for days, share in rows if abs(value) >= days and value != 0), None)
        if share is None:
            return Earned(scale.at(self.on_time), "on_time", (("share", self.on_time),))
        return Earned(scale.at(share), branch, (("share", share),))

    def never(self, scale: Scale) -> Earned:
        """Give the points of a task that is overdue and not done."""
        return Earned(scale.at(self.undone), "undone", (("share", self.undone),))


@frozen
class Levels:
    """By level of an ordinal scale.

    Keys:
        points: for each level's name, its points.
    """

    points: tuple[tuple[str, Rational], ...]

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a level, and the branch."""
        return Earned(dict(self.points)[field.levels[int(value) - 1]], "level")


@frozen
class Formula:
    """Points by a formula over indicators.

    Keys:
        points: the formula; its names are indicators.
        cap: full, to stop at the maximum; none, to count on beyond it.
    """

    points: Expression
    cap: Cap

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of the formula's value, and the branch."""
        if self.cap == "full" and value > scale.most:
            return Earned(scale.most, "capped")
        if value < scale.least:
            return Earned(scale.least, "floor")
        return Earned(value, "calculated")


PointsRule: TypeAlias = (
    Proportional | Binary | Bands | PerUnit | Steps | Linear | MinMax | ZScore | ShareOfBest | ClusterLeader
    | ByRank | ExponentialRank | Lateness | Levels | Formula
)


def is_relative(rule: PointsRule) -> bool:
    """Say whether a rule makes a participant's points depend on the others."""
    match rule:
        case MinMax() | ZScore() | ShareOfBest() | ClusterLeader() | ByRank() | ExponentialRank():
            return True
        case Proportional(full_at=Peers()) | Linear(from_=Peers()) | Linear(to=Peers()):
            return True
        case Binary(limit):
            return not isinstance(limit, Between) and isinstance(limit.bound, Peers)
        case _:
            return False
