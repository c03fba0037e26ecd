"""Points: what a measurement is worth, and which branch of its rule said so."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from emulation.exact import Rational, divide, rounded
from emulation.formulas import Expression
from emulation.grammar import inline
from emulation.limits import Between, Limit, Peers, Yardstick, meets
from emulation.names import ParticipantId
from emulation.peers import ByRank, ClusterLeader, ExponentialRank, MinMax, ShareOfBest, ZScore
from emulation.scales import Branch, Cap, Earned, Field, Scale


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
        full = field.against(self.full_at, body)
        if full is None or full.numerator <= 0:
            return Earned(None, "no_yardstick")
        if self.nothing_below is not None and value < self.nothing_below:
            return Earned(scale.least, "below_least", (("full_at", full), ("nothing_below", self.nothing_below)))
        if value.numerator < 0 and self.floor == "zero":
            return Earned(scale.least, "floor", (("full_at", full),))
        beyond = value.numerator * full.denominator - full.numerator * value.denominator
        if beyond >= 0 and self.cap == "full":
            return Earned(scale.most, "capped" if beyond else "reached", (("full_at", full),))
        return Earned(scale.along(value, full), "partial", (("full_at", full),))


@frozen
class Binary:
    """All points or none.

    Keys:
        limit: what the value must keep: at_least, above, at_most, below, equals or between.
    """

    limit: Limit = inline()

    def earned(self, value: Rational, body: ParticipantId, scale: Scale, field: Field) -> Earned:
        """Give the points of a value, and the branch."""
        bound = None if isinstance(self.limit, Between) else field.against(self.limit.bound, body)
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
        low, high = field.against(self.from_, body), field.against(self.to, body)
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
class Lateness:
    """By days early or late against a milestone, as shares of the maximum.

    Keys:
        early: for at least so many days early, the share.
        on_time: the share on the due day, and earlier or later than that by too little for the tables.
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
        share = next((share for days, share in rows if max(value, -value) >= days and value != 0), None)
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
        level = next((name for position, name in enumerate(field.levels, start=1) if position == value), None)
        return Earned(None, "no_value") if level is None else Earned(dict(self.points)[level], "level")


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
    Proportional
    | Binary
    | Bands
    | PerUnit
    | Steps
    | Linear
    | MinMax
    | ZScore
    | ShareOfBest
    | ClusterLeader
    | ByRank
    | ExponentialRank
    | Lateness
    | Levels
    | Formula
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
