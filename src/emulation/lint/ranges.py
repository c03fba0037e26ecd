"""Ranges: what values and points can be, and whether a comparison can hold at all, or cannot fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from math import prod
from typing import Literal

from attrs import frozen

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import (
    All,
    Any,
    Children,
    Compare,
    Condition,
    CountOf,
    Every,
    None_,
    Place,
    Points,
    ShareOf,
    ShareOfMax,
    Subject,
)
from emulation.criteria import (
    TOTAL,
    BestOf,
    Criterion,
    GeometricMean,
    Greatest,
    HarmonicMean,
    Least,
    Mean,
    Product,
    Sum,
    WeightedSum,
)
from emulation.exact import Rational, add_up, divide
from emulation.indicators import Better, Count, Indicator, Level, Rank, Ratio, Sample, Share, YesNo
from emulation.limits import Above, AtLeast, AtMost, Below, Between, Equals, Indicator_, Limit
from emulation.names import CriterionId, IndicatorId
from emulation.participants import Participant
from emulation.points import Bands, Binary, Formula, Lateness, Linear, PerUnit, PointsRule, Proportional, Steps


@frozen
class Stretch:
    """Values from the lowest to the highest; an end that is None is open, an ``open`` one does not belong to it."""

    low: Rational | None = None
    high: Rational | None = None
    low_open: bool = False
    high_open: bool = False

    def cut(self, other: Stretch) -> Stretch:
        """Give what two stretches have in common."""
        low, low_open = max(
            ((one.low, one.low_open) for one in (self, other) if one.low is not None), default=(None, False)
        )
        tops = [(one.high, not one.high_open) for one in (self, other) if one.high is not None]
        high, closed = min(tops, default=(None, True))
        return Stretch(low, high, low_open, not closed)

    @property
    def is_empty(self) -> bool:
        """Say whether no value lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def within(self, other: Stretch) -> bool:
        """Say whether all of it lies in another."""
        return self.is_empty or self.cut(other) == self


def numeric(value: object) -> Rational | None:
    """Give a yardstick that is a written number; None for one that is measured."""
    return value if isinstance(value, int | Fraction) else None


def kept_by(limit: Limit) -> Stretch | None:
    """Give the values that keep a limit; None where its bound is measured."""
    if isinstance(limit, Between):
        return Stretch(limit.from_, limit.to)
    bound = numeric(limit.bound)
    if bound is None:
        return None
    match limit:
        case AtLeast():
            return Stretch(bound)
        case Above():
            return Stretch(bound, low_open=True)
        case AtMost():
            return Stretch(None, bound)
        case Below():
            return Stretch(None, bound, high_open=True)
        case Equals():
            return Stretch(bound, bound)


# --- indicators ----------------------------------------------------------------------------------------------


def values_of(indicator: Indicator) -> Stretch:
    """Give what an indicator's values can be by what it is, and by its declared bounds."""
    match indicator.measured_as:
        case Share() | Sample() | YesNo():
            natural = Stretch(0, 1)
        case Level(names):
            natural = Stretch(1, len(names))
        case Rank(of):
            natural = Stretch(1, of)
        case Count() | Ratio():
            natural = Stretch(0)
        case _:
            natural = Stretch()
    bounds = indicator.bounds
    return natural if bounds is None else natural.cut(Stretch(bounds.from_, bounds.to))


@frozen(slots=False, eq=False)
class Survey:
    """What a campaign's rules say of its indicators, looked up once."""

    campaign: Campaign

    @cached_property
    def bodies(self) -> Mapping[CriterionId, tuple[Participant, ...]]:
        """Whom each criterion is for, among those that the whole it is part of is for."""
        found: dict[CriterionId, tuple[Participant, ...]] = {TOTAL: self.campaign.participants.listed}
        for criterion in reversed(tuple(self.campaign.criterion.values())):
            among = found[self.campaign.parent_of.get(criterion.id, TOTAL)]
            found[criterion.id] = tuple(body for body in among if criterion.for_.selects(body))
        return found

    @cached_property
    def judging(self) -> Mapping[IndicatorId, tuple[Criterion, ...]]:
        """The criteria that judge each indicator."""
        leaves = [one for one in self.campaign.criterion.values() if one.is_leaf]
        return {id: tuple(one for one in leaves if one.indicator == id) for id in self.campaign.indicator}

    @cached_property
    def direction(self) -> Mapping[IndicatorId, Better | None]:
        """Which way each indicator is better: as it declares, else as the rules that judge it suppose."""
        return {
            id: indicator.better or next((way for one in self.judging[id] if (way := supposed(one.earns))), None)
            for id, indicator in self.campaign.indicator.items()
        }

    @cached_property
    def mentioned(self) -> Mapping[IndicatorId, list[Rational]]:
        """The numbers that rules hold each indicator against, the lowest first."""
        found: dict[IndicatorId, set[Rational]] = {id: set() for id in self.campaign.indicator}
        for id, leaves in self.judging.items():
            found[id].update(edge for leaf in leaves for edge in _edges(leaf))
        for one in records_in(self.campaign):
            if isinstance(one.record, Compare) and isinstance(one.record.subject, Indicator_):
                found[one.record.subject.id].update(edges(one.record.limit))
        return {id: sorted(numbers) for id, numbers in found.items()}

    @cached_property
    def useful(self) -> Mapping[IndicatorId, tuple[Rational, Rational]]:
        """A low and a high value of each indicator, between which its rules turn."""
        return {
            id: _useful(values_of(indicator), self.mentioned[id]) for id, indicator in self.campaign.indicator.items()
        }


def _useful(natural: Stretch, numbers: list[Rational]) -> tuple[Rational, Rational]:
    low = natural.low if natural.low is not None else min((0, *numbers))
    reach = max((*numbers, low + 1 if numbers else low + 10))
    high = natural.high if natural.high is not None else reach + divide(reach - low, 4)
    return low, high


def supposed(rule: object) -> Better | None:
    """Say which way a points rule supposes to be better."""
    match rule:
        case Proportional() | PerUnit():
            return "higher"
        case Steps(add=add):
            return "higher" if add > 0 else "lower"
        case Binary(AtLeast() | Above()):
            return "higher"
        case Binary(AtMost() | Below()) | Lateness():
            return "lower"
        case Linear(low, high) if (start := numeric(low)) is not None and (end := numeric(high)) is not None:
            return "higher" if end > start else "lower"
        case _:
            return None


def edges(limit: Limit) -> list[Rational]:
    """Give the written bounds of a limit."""
    kept = kept_by(limit)
    return [] if kept is None else sorted({end for end in (kept.low, kept.high) if end is not None})


def _edges(leaf: Criterion) -> Iterator[Rational]:
    """Give the values at which a points rule turns."""
    match leaf.earns:
        case Proportional(full, nothing_below=least):
            yield from (end for end in (numeric(full), least) if end is not None)
        case Binary(limit):
            yield from edges(limit)
        case Bands(of):
            ends = [end for band in of for end in (band.from_, band.above, band.to, band.before)]
            yield from (end for end in ends if end is not None)
        case Linear(low, high):
            yield from (end for one in (low, high) if (end := numeric(one)) is not None)
        case Lateness(early, _, late):
            yield from (*(-days for days, _ in early), 0, *(days for days, _ in late))
        case PerUnit(points) if points > 0:
            yield divide((leaf.max or 0) - leaf.min, points)
        case Steps(base, start, every, add) if add:
            yield start
            yield start + every * divide(((leaf.max or 0) if add > 0 else leaf.min) - base, add)
        case _:
            return


def is_whole(indicator: Indicator) -> bool:
    """Say whether an indicator has whole values only."""
    return isinstance(indicator.measured_as, Count | YesNo | Level | Rank)


# --- points --------------------------------------------------------------------------------------------------


def most_of(campaign: Campaign, criterion: Criterion, body: Participant) -> Rational | None:
    """Give the most points a criterion can give a participant, bonus included; None where there is no end."""
    if criterion.is_leaf:
        return _most_of_leaf(campaign, criterion)
    fixed = criterion.best_is if criterion.best_is is not None else criterion.scale_to
    if fixed is not None:
        return fixed
    parts = [part for part in criterion.parts if part.for_.selects(body)]
    most = [(part, most_of(campaign, part, body)) for part in parts if part.as_ not in ("penalty", "alternative")]
    ends = [end for _, end in most if end is not None]
    whole = None if len(ends) < len(most) else _joined(criterion, [part for part, _ in most], ends)
    cap = numeric(criterion.cap)
    return cap if cap is not None and (whole is None or cap < whole) else whole


def _most_of_leaf(campaign: Campaign, leaf: Criterion) -> Rational | None:
    most = leaf.max or 0
    match leaf.earns:
        case Proportional(full, cap="none"):
            high, at = values_of(campaign.indicator[leaf.indicator or IndicatorId("")]).high, numeric(full)
            return None if high is None or not at else max(most, most * divide(high, at))
        case Linear(clip="none" | "low") | PerUnit(cap="none") | Formula(cap="none"):
            return None
        case _:
            return most


def _joined(criterion: Criterion, parts: Sequence[Criterion], most: Sequence[Rational]) -> Rational:
    weights = [1 if part.weight is None else part.weight for part in parts]
    match criterion.earns:
        case _ if not most:
            return 0
        case Mean() | GeometricMean() | HarmonicMean():
            total = add_up(weights) or 1
            return divide(add_up(weight * end for weight, end in zip(weights, most, strict=True)), total)
        case WeightedSum():
            return add_up(weight * end for weight, end in zip(weights, most, strict=True))
        case Product():
            return prod(most)
        case Least():
            return min(most)
        case Greatest():
            return max(most)
        case BestOf(count):
            return add_up(sorted(most, reverse=True)[:count])
        case _:
            return add_up(most)


def whole_of(campaign: Campaign, body: Participant) -> Criterion:
    """Give the total as a criterion, made of what is for a participant."""
    return Criterion(TOTAL, Sum(tuple(one for one in campaign.criteria if one.for_.selects(body))))


def named(campaign: Campaign, id: CriterionId, body: Participant) -> Criterion:
    """Give a criterion, or the total, by its id."""
    return whole_of(campaign, body) if id == TOTAL else campaign.criterion[id]


def told_apart(campaign: Campaign, bodies: Iterable[Participant]) -> Iterable[Participant]:
    """Give one of all those that no criterion tells apart: they are of one kind and in the same groups."""
    by_id = {id for criterion in campaign.criterion.values() for id in criterion.for_.id}
    return {(body.kind, body.groups, body.id if body.id in by_id else None): body for body in bodies}.values()


def points_of(campaign: Campaign, id: CriterionId, bodies: Iterable[Participant]) -> Stretch:
    """Give what the points of a criterion can be for any of some participants."""
    tops = [most_of(campaign, named(campaign, id, body), body) for body in told_apart(campaign, bodies)]
    ends = [end for end in tops if end is not None]
    return Stretch(_least(campaign), max(ends) if ends and len(ends) == len(tops) else None)


def _least(campaign: Campaign) -> Rational | None:
    """Give 0, unless something somewhere can go below it."""
    below = any(
        one.as_ == "penalty"
        or one.min < 0
        or isinstance(one.earns, Linear | Formula)
        or (isinstance(one.earns, Proportional) and one.earns.floor == "none")
        for one in campaign.criterion.values()
    )
    return None if below else 0


def is_points_rule(leaf: Criterion) -> bool:
    """Say whether a criterion is judged by a rule, and not only tracked."""
    return isinstance(leaf.earns, PointsRule)


# --- conditions ----------------------------------------------------------------------------------------------

Verdict = Literal["never", "always"]


def range_of(campaign: Campaign, subject: Subject, bodies: Sequence[Participant]) -> Stretch:
    """Give what a subject of comparisons can be for any of some participants."""
    match subject:
        case Indicator_(id):
            return values_of(campaign.indicator[id])
        case Points(id):
            return points_of(campaign, id, bodies)
        case ShareOfMax():
            return Stretch()
        case Place():
            return Stretch(1, len(campaign.participants))


def verdict(campaign: Campaign, condition: Condition, bodies: Sequence[Participant]) -> Verdict | None:
    """Say whether a condition can never hold for any of some participants, or always does where all is measured."""
    judge = partial(verdict, campaign, bodies=bodies)
    match condition:
        case Compare(subject, limit):
            return _compared(range_of(campaign, subject, bodies), kept_by(limit))
        case All(of):
            parts = {judge(part) for part in of}
            return "never" if "never" in parts or _at_odds(of) else "always" if parts == {"always"} else None
        case Any(of):
            parts = {judge(part) for part in of}
            return "always" if "always" in parts else "never" if parts == {"never"} else None
        case None_(of):
            parts = {judge(part) for part in of}
            return "never" if "always" in parts else "always" if parts == {"never"} else None
        case Every("criterion", limit):
            leaves = [leaf for leaf in campaign.criterion.values() if leaf.is_leaf and is_points_rule(leaf)]
            return _every(campaign, leaves, limit)
        case Every(ids, limit):
            return _every(campaign, [leaf for id, leaf in campaign.criterion.items() if id in ids], limit)
        case Children(counting=ShareOf(), limit=limit) if limit is not None:
            return _compared(Stretch(0, 1), kept_by(limit))
        case Children(kind, CountOf(), limit) if limit is not None:
            counts = [_below(campaign, body, kind) for body in bodies]
            return _compared(Stretch(0, max(counts, default=0)), kept_by(limit))
        case _:
            return None


def _compared(found: Stretch, kept: Stretch | None) -> Verdict | None:
    if kept is None:
        return None
    return "never" if found.cut(kept).is_empty else "always" if found.within(kept) else None


def _every(campaign: Campaign, leaves: Sequence[Criterion], limit: Limit) -> Verdict | None:
    kept = kept_by(limit)
    ends = [Stretch(leaf.min, _most_of_leaf(campaign, leaf)) for leaf in leaves]
    return "never" if kept is not None and any(end.cut(kept).is_empty for end in ends) else None


def _below(campaign: Campaign, body: Participant, kind: str) -> int:
    return sum(child.kind == kind for child in campaign.participants.children.get(body.id, ()))


def stretches(condition: Condition) -> dict[Subject, Stretch] | None:
    """Give what a condition asks of each subject, where it only asks for comparisons that must all hold."""
    match condition:
        case Compare(subject, limit):
            kept = kept_by(limit)
            return None if kept is None else {subject: kept}
        case All(of):
            found: dict[Subject, Stretch] = {}
            for part in of:
                asked = stretches(part)
                if asked is None:
                    return None
                for subject, kept in asked.items():
                    found[subject] = found.get(subject, Stretch()).cut(kept)
            return found
        case _:
            return None


def asked_of(condition: Condition) -> dict[Subject, Stretch]:
    """Give what a condition asks of subjects among all else that it asks."""
    parts = condition.of if isinstance(condition, All) else (condition,)
    return stretches(All(tuple(part for part in parts if stretches(part) is not None))) or {}


def _at_odds(parts: Sequence[Condition]) -> bool:
    """Say whether comparisons that must all hold exclude each other."""
    return any(kept.is_empty for kept in asked_of(All(tuple(parts))).values())


def implies(narrow: Condition, wide: Condition) -> bool:
    """Say whether whoever meets one condition surely meets another."""
    asked = stretches(wide)
    if asked is None:
        return False
    given = asked_of(narrow)
    return all(subject in given and given[subject].within(kept) for subject, kept in asked.items())
