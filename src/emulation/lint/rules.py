"""Rules: lint of what points are given for: no upper end, units, points handed on, claims, double counting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import isqrt

from emulation.campaign import Campaign
from emulation.checks import criterion_paths
from emulation.conditions import Compare
from emulation.criteria import Criterion, Greatest
from emulation.exact import Rational, divide
from emulation.formulas import Call, Name, Term
from emulation.gaps import Gap, Redistribute
from emulation.grammar import word_for
from emulation.indicators import Count, Formula, Indicator, Number, Ratio, Sample, Share
from emulation.limits import Above, AtLeast, Indicator_
from emulation.lint.findings import Finding, figure, listed, percent, spelt
from emulation.lint.ranges import Survey, is_points_rule, numeric, values_of
from emulation.names import CriterionId, IndicatorId
from emulation.observations import STATES, State
from emulation.points import Formula as PointsFormula
from emulation.points import Linear, PerUnit, Proportional
from emulation.problems import Path
from emulation.targets import Target

_SAMPLE = 100


def findings_of_rules(survey: Survey) -> Iterator[Finding]:
    """Find what is odd in what points are given for."""
    campaign, paths = survey.campaign, criterion_paths(survey.campaign)
    for criterion in campaign.criterion.values():
        path = (*paths[criterion.id], word_for(type(criterion.earns)))
        yield from _uncapped(campaign, criterion, path)
        yield from _greatest(criterion, path)
        yield from _handed_on(campaign, criterion, paths[criterion.id])
    for indicator in campaign.indicators:
        yield from _units(survey, indicator)
        yield from _greatest_value(indicator)
        yield from _small_sample(survey, indicator)
    yield from _judged_twice(survey, paths)
    for target in campaign.targets:
        yield from _saturated(survey, target, paths)


# --- no upper end ------------------------------------------------------------------------------------------------


def _uncapped(campaign: Campaign, criterion: Criterion, path: Path) -> Iterator[Finding]:
    because = _beyond(campaign, criterion, criterion.max or 0)
    if because is not None:
        yield Finding(
            "L105",
            f"{criterion.id} has no upper end",
            path,
            because,
            "stop at the maximum (cap: full, clip: both), or count a part among its whole (share)",
        )


def _beyond(campaign: Campaign, criterion: Criterion, most: Rational) -> str | None:
    """Say what is earned beyond the maximum, where a rule goes on."""
    match criterion.earns:
        case Proportional(full, "none") if criterion.indicator is not None:
            at, high = numeric(full), values_of(campaign.indicator[criterion.indicator]).high
            if high is not None and at is not None and high <= at:
                return None
            value = "twice its yardstick" if at is None else spelt(campaign, criterion.indicator, 2 * at)
            return f"{value} would earn {figure(2 * most)} of {figure(most)} points"
        case Linear(clip="none" | "low"):
            return f"twice the way from the lower end to the upper earns {figure(2 * most)} of {figure(most)} points"
        case PerUnit(each, "none"):
            return f"{figure(each)} points each, however many there are, beside a maximum of {figure(most)}"
        case PointsFormula(cap="none"):
            return f"whatever the formula gives beyond {figure(most)} points is counted"
        case _:
            return None


# --- units -------------------------------------------------------------------------------------------------------


def _units(survey: Survey, indicator: Indicator) -> Iterator[Finding]:
    for one, other in _joined(survey, indicator):
        units = _unit(survey.campaign, one), _unit(survey.campaign, other)
        if None not in units and units[0] != units[1]:
            yield Finding(
                "L106",
                f"{indicator.id} joins {one} ({units[0]}) with {other} ({units[1]})",
                ("indicators", indicator.id),
                "the result counts neither the one nor the other",
                "count both in the same unit",
            )
            return


def _joined(survey: Survey, indicator: Indicator) -> list[tuple[str, str]]:
    """Give the pairs of inputs that ought to have one unit."""
    match indicator.measured_as:
        case Share(of, among):
            return [(of, among)]
        case Ratio(of, among) if any(0 < number <= 1 for number in survey.mentioned[indicator.id]):
            return [(of, among)]
        case Formula(expression):
            return list(_added(expression.term))
        case _:
            return []


def _added(term: Term) -> Iterator[tuple[str, str]]:
    """Give the pairs of names that a formula adds to or takes from each other."""
    if isinstance(term, Call):
        match term.arguments:
            case (Name(one), Name(other)) if term.function in ("+", "-"):
                yield one, other
            case arguments:
                for argument in arguments:
                    yield from _added(argument)


def _unit(campaign: Campaign, id: str) -> str | None:
    indicator = campaign.indicator.get(IndicatorId(id))
    match indicator and indicator.measured_as:
        case Count(unit) | Number(unit):
            return unit.in_language("en")
        case _:
            return None


# --- the greatest of several claims --------------------------------------------------------------------------------


def _greatest(criterion: Criterion, path: Path) -> Iterator[Finding]:
    if isinstance(criterion.earns, Greatest) and len(criterion.parts) > 1:
        yield _claim(criterion.id, [part.id for part in criterion.parts], path)
    if isinstance(criterion.earns, PointsFormula):
        yield from (_claim(criterion.id, names, path) for names in _greatest_of(criterion.earns.points.term))


def _greatest_value(indicator: Indicator) -> Iterator[Finding]:
    if isinstance(indicator.measured_as, Formula):
        path = ("indicators", indicator.id, "formula")
        yield from (_claim(indicator.id, names, path) for names in _greatest_of(indicator.measured_as.expression.term))


def _greatest_of(term: Term) -> Iterator[list[str]]:
    """Give the names of which a formula takes the greatest."""
    if isinstance(term, Call):
        names = [one.id for one in term.arguments if isinstance(one, Name)]
        if term.function in ("max", "largest_known") and len(names) > 1:
            yield names
        for argument in term.arguments:
            yield from _greatest_of(argument)


def _claim(id: str, names: list[str], path: Path) -> Finding:
    return Finding(
        "L110",
        f"{id} takes the greatest of {listed(names)}",
        path,
        "where two of them report the same thing, claiming more is never worse",
        "take the last one that was verified, in a stated order (first_known), unless they are different things",
    )


# --- points handed on ----------------------------------------------------------------------------------------------


def _handed_on(campaign: Campaign, criterion: Criterion, path: Path) -> Iterator[Finding]:
    """Find points handed to a criterion that has nothing to measure in the very same case."""
    for state in STATES:
        gap = _gap(campaign, criterion, state)
        empty = [id for id in _receivers(gap) if _empty_too(campaign, criterion, campaign.criterion[id], state)]
        if isinstance(gap, Redistribute) and empty:
            left = [id for id in gap.to if id not in empty]
            yield Finding(
                "L107",
                f"when {state.replace('_', ' ')}, {criterion.id} hands its {figure(criterion.max or 0)} points to"
                f" {listed(gap.to)}, but {listed(empty)} cannot take them then",
                (*path, state),
                f"only {listed(left)} can" if left else f"nobody can, and otherwise: {gap.otherwise} decides",
                "hand them to a criterion that is measured from other facts",
            )


def _gap(campaign: Campaign, criterion: Criterion, state: State) -> Gap | None:
    return criterion.gap(state) or campaign.gaps.of(state)


def _receivers(gap: Gap | None) -> list[CriterionId]:
    return list(gap.to) if isinstance(gap, Redistribute) else []


def _empty_too(campaign: Campaign, giver: Criterion, receiver: Criterion, state: State) -> bool:
    """Say whether a receiver has no value whenever the giver has none, or hands its own points back."""
    if giver.id in _receivers(_gap(campaign, receiver, state)):
        return True
    if state == "zero_denominator":
        return bool(_among(campaign, giver) & _among(campaign, receiver))
    facts = _facts(campaign, giver)
    return bool(facts) and facts <= _facts(campaign, receiver)


def _among(campaign: Campaign, criterion: Criterion) -> set[str]:
    """Give what a criterion's ratio is divided by."""
    indicator = campaign.indicator.get(criterion.indicator or IndicatorId(""))
    match indicator and indicator.measured_as:
        case Share(among=among) | Ratio(among=among):
            return {among}
        case _:
            return set()


def _facts(campaign: Campaign, criterion: Criterion) -> set[str]:
    """Give the facts a criterion's indicator is made of."""
    indicator = campaign.indicator.get(criterion.indicator or IndicatorId(""))
    return set() if indicator is None else set(indicator.inputs) or {indicator.id}


# --- the same thing twice --------------------------------------------------------------------------------------------


def _judged_twice(survey: Survey, paths: Mapping[CriterionId, Path]) -> Iterator[Finding]:
    leaves = [one for one in survey.campaign.criterion.values() if is_points_rule(one) and one.indicator is not None]
    for one, other in combinations(leaves, 2):
        if one.indicator != other.indicator or "alternative" in (one.as_, other.as_):
            continue
        if set(survey.bodies[one.id]) & set(survey.bodies[other.id]):
            most = figure((one.max or 0) + (other.max or 0))
            yield Finding(
                "L156",
                f"{one.id} and {other.id} both judge {one.indicator}",
                paths[other.id],
                f"one fact decides up to {most} points: {figure(one.max or 0)} and {figure(other.max or 0)}",
                "judge it once, or acknowledge that it is meant to count twice",
            )


# --- samples and targets ---------------------------------------------------------------------------------------------


def _small_sample(survey: Survey, indicator: Indicator) -> Iterator[Finding]:
    if not isinstance(indicator.measured_as, Sample) or indicator.measured_as.at_least >= _SAMPLE:
        return
    least = indicator.measured_as.at_least
    margin = divide(isqrt(9604 * 100 // least), 1000)  # 1.96 x sqrt(0.5 x 0.5 / n), in whole tenths of a percent
    worth = max((leaf.max or 0 for leaf in survey.judging[indicator.id]), default=0)
    points = f", up to {figure(divide(int(margin * worth * 10), 10))} of {figure(worth)} points" if worth else ""
    yield Finding(
        "L165",
        f"{indicator.id} counts from a sample of {least} on",
        ("indicators", indicator.id),
        f"half of {least} people asked is known to about ± {percent(margin)} (95 %){points}",
        f"ask more people (at_least: {_SAMPLE} is ± 9.8 %), or let less hang on it",
    )


def _saturated(survey: Survey, target: Target, paths: Mapping[CriterionId, Path]) -> Iterator[Finding]:
    """Find a target that earns less than full marks, or comes after them."""
    campaign = survey.campaign
    match target.condition:
        case Compare(Indicator_(id), AtLeast(bound) | Above(bound)) if (aimed := numeric(bound)) is not None:
            leaves = [one for one in survey.judging[id] if isinstance(one.earns, Proportional)]
        case _:
            return
    for leaf in leaves:
        full = numeric(leaf.earns.full_at) if isinstance(leaf.earns, Proportional) else None
        if full is None or full == aimed or target.horizon or not _meet(survey, target, leaf):
            continue
        earned = leaf.min + divide(((leaf.max or 0) - leaf.min) * aimed, full)
        because = (
            f"points stop rising at {spelt(campaign, id, full)}, before the target is met"
            if full < aimed
            else f"who meets it has {figure(earned)} of {figure(leaf.max or 0)} points"
        )
        yield Finding(
            "L134",
            f"{leaf.id} gives full marks at {spelt(campaign, id, full)},"
            f" and the target {target.id} is {spelt(campaign, id, aimed)}",
            (*paths[leaf.id], "proportional"),
            because,
            "set full_at to the target, or acknowledge that the two differ",
        )


def _meet(survey: Survey, target: Target, leaf: Criterion) -> bool:
    return any(target.for_.selects(body) for body in survey.bodies[leaf.id])
