"""Evidence: what the figures of an outcome say of its rules, which no reading of the rules alone could tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import TypeAlias

from attrs import frozen

from emulation.checks import records_in
from emulation.conditions import Compare
from emulation.exact import Rational, divide
from emulation.indicators import Ratio, Share
from emulation.limits import Above, AtLeast, Indicator_
from emulation.lint.findings import Finding, named_few, percent, spelt
from emulation.names import CriterionId, GroupName, IndicatorId, Kind, ParticipantId
from emulation.outcome import Outcome
from emulation.problems import Path

LEAST = 5
"""How many participants there must be before their figures say anything of a rule."""
NEARLY_ALL = Fraction(95, 100)
"""The share of participants from which on they count as nearly all."""
ALIKE = Fraction(95, 100)
"""The correlation from which on two criteria count as measuring the same."""
BAND = Fraction(2, 100)
"""How wide a band on either side of a bound is looked at, as a share of the bound."""
CHANCE = Fraction(1, 1000)
"""How unlikely a crowd above a bound must be by chance to be told."""


def findings_in(outcome: Outcome) -> tuple[Finding, ...]:
    """Give what the figures of an outcome say of its rules, in the order of the codes.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> [finding.code for finding in findings_in(outcome)]
    ['L206', 'L206']
    """
    return tuple(finding for family in _FAMILIES for finding in family(outcome))


_Points: TypeAlias = Mapping[ParticipantId, Rational]


def _points(outcome: Outcome) -> Iterator[tuple[CriterionId, _Points]]:
    """Give the points of those measured in each criterion that is judged, where they are enough."""
    for id, criterion in outcome.campaign.criterion.items():
        if not criterion.is_leaf or criterion.is_tracked:
            continue
        column = outcome.scores[id]
        points = {
            body: one.points for body, one in column.items() if one.state == "measured" and one.points is not None
        }
        if len(points) >= LEAST:
            yield id, points


# --- criteria that part nobody


def _constant(outcome: Outcome) -> Iterator[Finding]:
    """Find criteria in which nearly all have the same points."""
    for id, points in _points(outcome):
        (common, count), *_ = Counter(points.values()).most_common(1)
        most = outcome.campaign.criterion[id].max or 0
        if divide(count, len(points)) < NEARLY_ALL:
            continue
        shared = f"{count} of {len(points)} have the same points in {id}"
        if most and common == most:
            why = "whoever is measured has all there is to have"
            yield Finding(
                "L202", f"{shared}: all of them", ("criteria", id), why, "ask for more, or give it less weight"
            )
        else:
            why = "it parts hardly anybody from anybody"
            yield Finding("L201", shared, ("criteria", id), why, "judge it on a finer scale, or leave it out")


# --- criteria that measure the same


def _alike(outcome: Outcome) -> Iterator[Finding]:
    """Find pairs of criteria whose points go together nearly as closely as can be."""
    for (one, points), (other, others) in combinations(_points(outcome), 2):
        both = [body for body in points if body in others]
        if len(both) < LEAST:
            continue
        xs, ys = [points[body] for body in both], [others[body] for body in both]
        together, alone = _covariance(xs, ys), _covariance(xs, xs) * _covariance(ys, ys)
        if together > 0 and alone and together * together >= ALIKE * ALIKE * alone:
            what = f"{one} and {other} rank {len(both)} participants nearly alike"
            why = f"their points correlate by {percent(ALIKE)} or more, so that the same is counted twice"
            yield Finding("L203", what, ("criteria", one), why, "keep one of them, or let them share one weight")


def _covariance(xs: Sequence[Rational], ys: Sequence[Rational]) -> Rational:
    """Give the covariance of two columns times the square of their length, which cancels out of a correlation."""
    return len(xs) * sum(x * y for x, y in zip(xs, ys, strict=True)) - sum(xs) * sum(ys)


# --- classes and awards


def _unheld(outcome: Outcome) -> Iterator[Finding]:
    """Find classes that nobody holds though many are classed; that nobody holds the worst is as it should be."""
    for rule in outcome.campaign.readiness:
        meant = outcome.campaign.participants.selected(rule.for_)
        held = [outcome.classes[body.id].class_ for body in meant if body.id in outcome.classes]
        if len(held) < LEAST:
            continue
        for class_ in (one for one in rule.classes[:-1] if one not in held):
            what = f"nobody of {len(held)} is {class_}"
            why = "a class that nobody holds parts nobody, and may be out of reach"
            yield Finding("L204", what, ("readiness", rule.id), why, "ask what one would need: emulation wayup")


def _cut_in_a_tie(outcome: Outcome) -> Iterator[Finding]:
    """Find awards whose last place falls inside a tie."""
    bodies = outcome.campaign.participants
    for id, given in outcome.awards.items():
        tied = [bodies[body] for body, one in given.considered.items() if one.result in ("shared", "cut", "open")]
        if tied:
            what = f"the last place of {id} falls inside a tie of {len(tied)}: {named_few(tied)}"
            why = "who receives it hangs on how ties are settled and not on what was achieved"
            yield Finding("L205", what, ("awards", id), why, "settle ties by a further figure: then")


# --- crowds just above a bound


@frozen
class _Bound:
    """A bound that an indicator is held against, and on which side of it one would rather be."""

    path: Path
    indicator: IndicatorId
    bound: Rational
    above: bool


def _crowded(outcome: Outcome) -> Iterator[Finding]:
    """Find bounds just beyond which there are far more participants than just before them."""
    for one in dict.fromkeys(_bounds(outcome)):
        width = one.bound * BAND
        values = [found.value for found in outcome.measurements[one.indicator].values() if found.value is not None]
        over = sum(one.bound <= value < one.bound + width for value in values)
        under = sum(one.bound - width <= value < one.bound for value in values)
        there, short = (over, under) if one.above else (under, over)
        if width > 0 and there + short >= LEAST and _by_chance(there, there + short) < CHANCE:
            edge = spelt(outcome.campaign, one.indicator, one.bound)
            what = f"{there} just reach {edge} of {one.indicator}, and {short} just miss it"
            why = f"within {percent(BAND)} of it, chance would bring that less than once in a thousand times"
            yield Finding("L206", what, one.path, why, "look at how these figures were counted")


def _bounds(outcome: Outcome) -> Iterator[_Bound]:
    """Give the bounds of classes and targets; a share's highest is none, since nobody can be just above it."""
    rules = outcome.campaign
    for shelf in ("readiness", "targets"):
        for written in records_in(getattr(rules, shelf), (shelf,)):
            asked = written.record
            if not isinstance(asked, Compare) or not isinstance(asked.subject, Indicator_):
                continue
            indicator, limit = rules.indicator[asked.subject.id], asked.limit
            bound = getattr(limit, "bound", None)
            if not isinstance(bound, int | Fraction) or (bound == 1 and isinstance(indicator.measured_as, Share)):
                continue
            above = isinstance(limit, AtLeast | Above)
            if indicator.better == ("higher" if above else "lower"):
                yield _Bound(written.path[:2], indicator.id, bound, above)


def _by_chance(there: int, both: int) -> Fraction:
    """Give how likely so many or more of all are on one side, where either is as likely for each.

    >>> _by_chance(9, 10)
    Fraction(11, 1024)
    """
    return Fraction(sum(comb(both, count) for count in range(there, both + 1)), 2**both)


# --- roll-ups opposite to their parts


def _opposite(outcome: Outcome) -> Iterator[Finding]:
    """Find two bodies of which one is before the other as a whole, and behind it in each group of its parts."""
    rules = outcome.campaign
    for indicator in rules.indicators:
        if indicator.pooled is None or not isinstance(indicator.measured_as, Share | Ratio):
            continue
        for name in rules.participants.group_names:
            groups = _by_group(outcome, indicator.id, indicator.pooled.for_, name)
            pairs = [(one, other) for one in groups for other in groups if _is_opposite(groups[one], groups[other])]
            if pairs:
                one, other = (rules.participants[id].name for id in pairs[0])
                more = f"; {len(pairs) - 1} more pairs" if len(pairs) > 1 else ""
                what = f"{one} is before {other} in {indicator.id}, and behind it in each {name}{more}"
                why = "the whole weighs its parts by their size, and turns their order"
                yield Finding(
                    "L207", what, ("indicators", indicator.id), why, f"show it by {name} too, or compare like with like"
                )


_Ratios: TypeAlias = Mapping[str, tuple[Rational, Rational]]


def _by_group(outcome: Outcome, indicator: IndicatorId, of: Kind, name: GroupName) -> dict[ParticipantId, _Ratios]:
    """Sum up the parts of each whole, group by group; bodies with one group only cannot be opposite to it."""
    bodies = outcome.campaign.participants
    found: dict[ParticipantId, _Ratios] = {}
    for whole in (body for body in bodies if body.kind == of):
        sums: dict[str, tuple[Rational, Rational]] = {}
        for child in bodies.children.get(whole.id, ()):
            one, group = outcome.measurements[indicator].get(child.id), child.group(name)
            if one is not None and group is not None and one.of is not None and one.among:
                before = sums.get(group, (0, 0))
                sums[group] = (before[0] + one.of, before[1] + one.among)
        if len(sums) > 1:
            found[whole.id] = sums
    return found


def _is_opposite(one: _Ratios, other: _Ratios) -> bool:
    """Say whether one is before the other as a whole, and behind it in each group that both have."""
    if one.keys() != other.keys():
        return False
    behind = all(divide(*one[name]) < divide(*other[name]) for name in one)
    return behind and _whole(one) > _whole(other)


def _whole(parts: _Ratios) -> Rational:
    return divide(sum(of for of, _ in parts.values()), sum(among for _, among in parts.values()))


_FAMILIES = (_constant, _alike, _unheld, _cut_in_a_tie, _crowded, _opposite)
