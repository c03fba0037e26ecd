"""Joins: how the parts of a criterion become one whole: sums, means, bests; bonus, penalty, drops, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm, prod
from typing import TypeAlias, cast

from attrs import evolve, frozen

from emulation.conditions import Judged
from emulation.criteria import (
    Aggregation,
    BestOf,
    Criterion,
    GeometricMean,
    Greatest,
    HarmonicMean,
    Least,
    Mean,
    Product,
    Round,
    Sum,
    WeightedSum,
)
from emulation.exact import Rational, add_up, divide, power
from emulation.gaps import Alternative, Gap, Redistribute
from emulation.grammar import word_for
from emulation.measures import Measurement
from emulation.names import CriterionId
from emulation.observations import State


@frozen
class Scored:
    """What one criterion came to for one participant, and how.

    ``points`` count upwards; ``exact`` is their value before rounding; ``most`` is the maximum in force, after
    what was dropped or received. ``branch`` is the way taken: a points rule's, a gap's (``zero``, ``full``,
    ``dropped`` ...), a gate's, or an aggregation's. ``terms`` are what each part adds to the whole.
    """

    state: State
    points: Rational | None
    exact: Rational | None
    most: Rational | None
    branch: str
    used: tuple[tuple[str, Rational], ...] = ()
    measurement: Measurement | None = None
    gap: Gap | None = None
    gates: tuple[Judged, ...] = ()
    terms: tuple[tuple[CriterionId, Rational], ...] = ()
    flags: tuple[str, ...] = ()
    because: str | None = None


Part: TypeAlias = tuple[Criterion, Scored]


@frozen
class Joiner:
    """Joins the parts of one criterion for one participant."""

    criterion: Criterion
    round: Round | None
    parts: Sequence[Part]

    def join(self) -> Scored:
        """Give the whole before gates and caps: points None where the gaps leave nothing, or unrank."""
        counting = [(part, scored) for part, scored in self.parts if _counts(part, scored)]
        if not counting:
            return Scored("measured", 0, 0, 0, "tracked")
        parts = _called_upon(counting)
        stopped = next((part for part, scored in parts if scored.branch == "unranked"), None)
        if stopped is not None:
            return self._without(f"unranked:{stopped.id}", "missing", "unranked")
        parts = _redistributed(parts)
        if not self._covered(parts):
            return self._without("coverage", "missing", "coverage")
        present = [(part, scored) for part, scored in parts if scored.points is not None]
        if not any(_is_base(part) for part, _ in present):
            states = {scored.state for part, scored in parts if _is_base(part)}
            state: State = "not_applicable" if states == {"not_applicable"} else "missing"
            return self._without("nothing_left", state, "nothing_left")
        return self._scaled(self._joined(parts, present))

    def natural_most(self) -> Rational:
        """Give the maximum the criterion has when all its parts count."""
        if self.criterion.scale_to is not None:
            return self.criterion.scale_to
        base = [(part, scored) for part, scored in self.parts if part.as_ == "base" and _counts(part, scored)]
        return self._most(base) if base else 0

    @property
    def _how(self) -> Aggregation:
        return cast("Aggregation", self.criterion.earns)  # a criterion with parts is made of them

    def _without(self, because: str, state: State, branch: str) -> Scored:
        return Scored(state, None, None, self.natural_most(), branch, because=because)

    def _covered(self, parts: Sequence[Part]) -> bool:
        coverage = self.criterion.coverage
        if coverage is None:
            return True
        base = [(part, scored) for part, scored in parts if _is_base(part)]
        measured = [(part, scored) for part, scored in base if scored.state == "measured"]
        if coverage.count is not None and len(measured) < coverage.count:
            return False
        by_max = isinstance(self.criterion.earns, Sum)
        whole = add_up(_size(part, scored, by_max=by_max) for part, scored in base)
        return (
            coverage.share is None or add_up(_size(*one, by_max=by_max) for one in measured) >= coverage.share * whole
        )

    def _joined(self, parts: Sequence[Part], present: Sequence[Part]) -> Scored:
        if isinstance(self.criterion.earns, Sum):
            return self._summed(parts, present)
        weighed = [(part.id, _weight(part), scored.points or 0) for part, scored in present]
        points, terms = _terms(self._how, weighed, self.round)
        branch = word_for(type(self._how))
        return Scored("measured", points, points, self._most(present), branch, terms=terms, flags=_flags(present))

    def _most(self, parts: Sequence[Part]) -> Rational:
        """Give what full points in all parts would come to."""
        full = [(part.id, _weight(part), scored.most or 0) for part, scored in parts]
        return _terms(self._how, full, self.round)[0]

    def _summed(self, parts: Sequence[Part], present: Sequence[Part]) -> Scored:
        """Add base points, scaled up for what was dropped; then bonus, penalty, floor and cap, in this order."""
        declared = add_up(scored.most or 0 for part, scored in parts if _is_base(part))
        applicable = add_up(scored.most or 0 for part, scored in present if _is_base(part))
        factor = divide(declared, applicable) if applicable else 1
        terms = tuple((part.id, _signed(part, factor, scored.points or 0)) for part, scored in present)
        points, branch = add_up(term for _, term in terms), "sum"
        used = () if factor == 1 else (("scaled_by", factor),)
        criterion = self.criterion
        if isinstance(criterion.floor, int | Fraction) and points < criterion.floor:
            points, branch = criterion.floor, "floored"
        if isinstance(criterion.cap, int | Fraction) and points > criterion.cap:
            points, branch = criterion.cap, "capped"
        most = criterion.cap if isinstance(criterion.cap, int | Fraction) else declared
        return Scored("measured", points, points, most, branch, used, terms=terms, flags=_flags(present))

    def _scaled(self, whole: Scored) -> Scored:
        target, most = self.criterion.scale_to, whole.most
        if target is None or not most:
            return whole
        return stretched(whole, divide(target, most), target, (("out_of", most),))


def _called_upon(parts: Sequence[Part]) -> list[Part]:
    """Leave out alternatives that nobody called upon, and what an alternative replaces."""
    called = {
        scored.gap.criterion
        for _, scored in parts
        if isinstance(scored.gap, Alternative) and scored.branch == "replaced"
    }
    return [
        (part, scored)
        for part, scored in parts
        if (part.as_ != "alternative" or part.id in called) and scored.branch != "replaced"
    ]


def _counts(part: Criterion, scored: Scored) -> bool:
    """Say whether a part can move the whole: not one that is only tracked, nor one of no weight."""
    return scored.branch != "tracked" and part.weight != 0


def _is_base(part: Criterion) -> bool:
    return part.as_ in ("base", "alternative")


def _signed(part: Criterion, factor: Rational, points: Rational) -> Rational:
    """Give what a part adds to a sum: base points scaled, bonus as it is, penalty taken off."""
    if part.as_ == "penalty":
        return -points
    return points if factor == 1 or part.as_ == "bonus" else points * factor


def _weight(part: Criterion) -> Rational:
    return 1 if part.weight is None else part.weight


def _size(part: Criterion, scored: Scored, *, by_max: bool) -> Rational:
    return (scored.most or 0) if by_max else _weight(part)


def _flags(present: Sequence[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flag for _, scored in present for flag in scored.flags))


def _redistributed(parts: Sequence[Part]) -> list[Part]:
    """Hand the maximum of criteria that give it away to those that receive it and are measured."""
    measured = {part.id: scored for part, scored in parts if scored.points is not None and scored.state == "measured"}
    received: dict[CriterionId, Rational] = {}
    settled: dict[CriterionId, Scored] = {}
    for part, scored in parts:
        if scored.branch != "redistributed" or not isinstance(scored.gap, Redistribute):
            continue
        receivers = [id for id in scored.gap.to if id in measured and measured[id].most]
        for id in receivers:
            received[id] = received.get(id, 0) + divide(scored.most or 0, len(receivers))
        settled[part.id] = evolve(scored, most=0, points=0) if receivers else _unreceived(scored, scored.gap)
    return [(part, _enlarged(settled.get(part.id, scored), received.get(part.id, 0))) for part, scored in parts]


def _unreceived(scored: Scored, gap: Redistribute) -> Scored:
    match gap.otherwise:
        case "zero":
            return evolve(scored, points=0, branch="zero")
        case "full":
            return evolve(scored, points=scored.most, branch="full")
        case "drop":
            return evolve(scored, branch="dropped")


def _enlarged(scored: Scored, extra: Rational) -> Scored:
    if not extra or not scored.most or scored.points is None:
        return scored
    larger = scored.most + extra
    return evolve(scored, points=scored.points * divide(larger, scored.most), most=larger)


def stretched(
    scored: Scored, factor: Rational, most: Rational | None, used: tuple[tuple[str, Rational], ...]
) -> Scored:
    """Give a score in proportion on another scale."""
    points = None if scored.points is None else scored.points * factor
    terms = tuple((id, term * factor) for id, term in scored.terms)
    return evolve(scored, points=points, exact=points, most=most, used=(*scored.used, *used), terms=terms)


Weighed: TypeAlias = tuple[CriterionId, Rational, Rational]
Terms: TypeAlias = tuple[Rational, tuple[tuple[CriterionId, Rational], ...]]


def _terms(how: Aggregation, parts: Sequence[Weighed], round_: Round | None) -> Terms:
    """Join weighed points, and say what each part adds; a part of a whole that is no sum adds its own points."""
    own = tuple((id, points) for id, _, points in parts)
    match how:
        case Mean():
            weights = add_up(weight for _, weight, _ in parts)
            terms = tuple((id, divide(weight * points, weights)) for id, weight, points in parts)
            return add_up(term for _, term in terms), terms
        case WeightedSum():
            terms = tuple((id, weight * points) for id, weight, points in parts)
            return add_up(term for _, term in terms), terms
        case Sum():
            return add_up(points for _, points in own), own
        case GeometricMean():
            return _geometric(parts, round_), own
        case HarmonicMean():
            return _harmonic(parts), own
        case Product():
            return prod(points for _, _, points in parts), own
        case Least():
            return min(points for _, points in own), own
        case Greatest():
            return max(points for _, points in own), own
        case BestOf(count, _):
            best = tuple(sorted(own, key=lambda one: one[1], reverse=True)[:count])
            return add_up(points for _, points in best), best


def _geometric(parts: Sequence[Weighed], round_: Round | None) -> Rational:
    """Take one root of one product of whole powers, so that only the last step is rounded."""
    if round_ is None:
        raise AssertionError(parts)
    if any(points <= 0 for _, _, points in parts):
        return 0
    weights = add_up(weight for _, weight, _ in parts)
    shares = [Fraction(weight, weights) for _, weight, _ in parts]
    degree = lcm(*(share.denominator for share in shares))
    product = prod(Fraction(points) ** int(share * degree) for (_, _, points), share in zip(parts, shares, strict=True))
    return power(product, Fraction(1, degree), round_.decimals, round_.mode)


def _harmonic(parts: Sequence[Weighed]) -> Rational:
    if any(points <= 0 for _, _, points in parts):
        return 0
    weights = add_up(weight for _, weight, _ in parts)
    return divide(weights, add_up(divide(weight, points) for _, weight, points in parts))
