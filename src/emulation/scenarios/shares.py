"""Shares: a field of totals as weights times earned shares, in whole numbers, so that any weights can be tried at once.

What a participant has earned of a criterion stays; only what the criterion weighs moves. Totals are exact and are not
rounded again. That holds of totals that are sums, or the one mean, of criteria; whether it holds is seen by summing up:
what comes of the declared weights must be the exact totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm

from attrs import frozen

from emulation.campaign import Campaign
from emulation.criteria import TOTAL, Criterion, Mean, Sum, WeightedSum
from emulation.exact import Rational, add_up
from emulation.names import CriterionId, ParticipantId
from emulation.outcome import Outcome
from emulation.problems import Problem, Refused
from emulation.standings import Indicator_ as Ranked
from emulation.standings import Key, Points, Standing


@frozen
class Shares:
    """Totals of those ranked, as ``fixed + sum(weight x share)``, all in whole multiples of ``1 / scale``.

    ``order`` is what settles ties after the total: a greater number is before a smaller, equal ones share a place.
    """

    standing: Standing
    bodies: tuple[ParticipantId, ...]
    criteria: tuple[CriterionId, ...]
    declared: tuple[Rational, ...]
    fixed: tuple[int, ...]
    shares: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]
    scale: int

    @property
    def orders(self) -> int:
        """How many different numbers there are that settle ties."""
        return max(self.order, default=0) + 1

    def totals(self, weights: Sequence[int]) -> list[int]:
        """Give everybody's total under weights, exactly, in the scale."""
        return [fixed + sum(map(int.__mul__, weights, row)) for fixed, row in zip(self.fixed, self.shares, strict=True)]

    def places(self, weights: Sequence[int]) -> list[int]:
        """Give everybody's place under weights; those with equal totals and equal order share it."""
        return places(list(zip(self.totals(weights), self.order, strict=True)))


def places(keys: Sequence[tuple[int, int]]) -> list[int]:
    """Give places by keys, the greatest first: 1, 2, 2, 4.

    >>> places([(5, 0), (9, 0), (5, 0), (1, 0)])
    [2, 1, 2, 4]
    """
    first: dict[tuple[int, int], int] = {}
    for place, key in enumerate(sorted(keys, reverse=True), 1):
        first.setdefault(key, place)
    return [first[key] for key in keys]


def shares_of(outcome: Outcome, criteria: Sequence[CriterionId], unit: Fraction) -> Shares:
    """Split the totals of those ranked by total into what the weights of some criteria bring, and the rest.

    ``unit`` is what weights will be counted in. Raise `Refused` (E741) where totals are no sum of weighed shares, or
    nobody is ranked by them.
    """
    standing = _by_total(outcome.campaign)
    placed = outcome.standings[standing.id]
    bodies = tuple(id for id, one in placed.items() if one.place is not None)
    if standing.within is not None:
        raise _refused("places are counted within groups", "a standing of all together")
    if not bodies:
        raise _refused(f"nobody has a place in {standing.id}", "somebody who is ranked")
    totals = [_total(outcome, body) for body in bodies]
    columns = [_Column.of(outcome, id) for id in criteria]
    shares, parts = _over_one([column.shares(bodies) for column in columns])
    weights, of_unit = whole_numbers([column.declared for column in columns])
    rest = [
        total - Fraction(sum(map(int.__mul__, weights, row)), of_unit * parts)
        for total, row in zip(totals, shares, strict=True)
    ]
    scale = lcm(parts * unit.denominator, *(one.denominator for one in rest))
    share_of_unit = unit.numerator * (scale // (parts * unit.denominator))
    return Shares(
        standing,
        bodies,
        tuple(criteria),
        tuple(column.declared for column in columns),
        tuple(int(one * scale) for one in rest),
        tuple(tuple(share * share_of_unit for share in row) for row in shares),
        _order(outcome, standing, bodies),
        scale,
    )


def whole_numbers(values: Sequence[Rational]) -> tuple[list[int], int]:
    """Give values as whole numbers of parts, and how many parts are one: as few as can be.

    >>> whole_numbers([Fraction(1, 2), 3, Fraction(2, 3)])
    ([3, 18, 4], 6)
    """
    parts = lcm(*(one.denominator for one in values))
    return [one.numerator * (parts // one.denominator) for one in values], parts


def _over_one(columns: Sequence[tuple[list[int], int]]) -> tuple[list[tuple[int, ...]], int]:
    """Give columns of whole numbers, each of parts of its own, as rows of parts that are the same for all."""
    parts = lcm(*(own for _, own in columns))
    return list(zip(*([one * (parts // own) for one in column] for column, own in columns), strict=True)), parts


def _total(outcome: Outcome, body: ParticipantId) -> Rational:
    """Sum up a total anew; refuse one that is no sum of what criteria bring."""
    total = _summed(outcome, outcome.campaign.criteria, body)
    if total is None:
        raise _refused(f"the total of {body} is not what its criteria bring by their weights", "sums, or one mean")
    return total


def _refused(what: str, expected: str) -> Refused:
    return Refused([Problem("E741", what, expected)])


def _by_total(rules: Campaign) -> Standing:
    """Find the standing that ranks by the total; what settles its ties must be figures that no weight moves."""
    for standing in rules.standings:
        if standing.by == (Key(Points(TOTAL)),):
            if all(isinstance(step, Key) and isinstance(step.of, Ranked) for step in standing.then):
                return standing
            raise _refused(f"{standing.id} settles ties by points", "ties settled by indicators, or shared")
    raise _refused("nobody is ranked by the total alone", "a standing by: [total]")


def _order(outcome: Outcome, standing: Standing, bodies: Sequence[ParticipantId]) -> tuple[int, ...]:
    """Give numbers to what settles ties, the worst first; equal keys have the same."""
    count = len(standing.by)
    keys = [outcome.standings[standing.id][body].keys[count:] for body in bodies]
    ranked = {key: number for number, key in enumerate(sorted(set(keys)))}
    return tuple(ranked[key] for key in keys)


@frozen
class _Column:
    """One criterion whose weight moves: what each has earned of it."""

    outcome: Outcome
    criterion: Criterion
    declared: Rational
    per: Rational

    @classmethod
    def of(cls, outcome: Outcome, id: CriterionId) -> _Column:
        rules = outcome.campaign
        criterion = rules.criterion[id]
        whole = rules.parent_of.get(id)
        parts = rules.criteria if whole is None else rules.criterion[whole].parts
        if whole is not None and isinstance(rules.criterion[whole].earns, Mean | WeightedSum):
            _see_that_it_is_all(rules, whole)
            weights = sum((part.weight or 1 for part in parts), 0 * 1)
            mean = isinstance(rules.criterion[whole].earns, Mean)
            return cls(outcome, criterion, 1 if criterion.weight is None else criterion.weight, weights if mean else 1)
        if not criterion.max or criterion.as_ != "base":
            raise _refused(f"{id} has no maximum that is its weight", "criteria with max, or the weights of a mean")
        return cls(outcome, criterion, criterion.max, criterion.max)

    def shares(self, bodies: Sequence[ParticipantId]) -> tuple[list[int], int]:
        """Give what a unit of weight brings participants, as whole numbers of parts, and how many parts are one."""
        column = self.outcome.scores[self.criterion.id]
        points, parts = whole_numbers([(column.points_of(body) if body in column else 0) or 0 for body in bodies])
        parts *= self.per.numerator
        shares = [one * self.per.denominator for one in points]
        common = gcd(parts, *shares)
        return [one // common for one in shares], parts // common


def _see_that_it_is_all(rules: Campaign, whole: CriterionId) -> None:
    """Refuse a mean that is not the total: only there do its weights move all totals alike."""
    if rules.parent_of.get(whole) is not None or len(rules.criteria) != 1:
        raise _refused(f"{whole} is a mean among others", "a mean that is the whole total")


def _summed(outcome: Outcome, parts: Sequence[Criterion], body: ParticipantId) -> Rational | None:
    """Sum up what is earned, unrounded from here on; None where anything but sums and one mean stands between."""
    found: list[Rational] = []
    for part in parts:
        brought = _brought(outcome, part, body)
        if brought is None:
            return None
        found.append(brought)
    return add_up(found)


def _brought(outcome: Outcome, part: Criterion, body: ParticipantId) -> Rational | None:
    column = outcome.scores[part.id]
    if body not in column or part.earns is None:
        return 0
    scored = column[body]
    if scored.points is None:
        return None  # left out, and the others are scaled up
    if part.is_leaf:
        return -scored.points if part.as_ == "penalty" else scored.points
    if scored.branch in ("floored", "capped", "limited", "gate_closed") or part.scale_to is not None:
        return None
    if part.best_is is not None:
        return None
    match part.earns:
        case Sum():
            return _summed(outcome, part.parts, body)
        case Mean() | WeightedSum():
            terms = dict(scored.terms)
            leaves = all(one.is_leaf or one.id in terms for one in part.parts)
            return add_up(terms.values()) if leaves and len(terms) == len(part.parts) else None
        case _:
            return None


def declared_weights(outcome: Outcome, criteria: Sequence[CriterionId]) -> Mapping[CriterionId, Rational]:
    """Give what some criteria weigh as declared: their maximum in a sum, their weight in a mean."""
    return {id: _Column.of(outcome, id).declared for id in criteria}
