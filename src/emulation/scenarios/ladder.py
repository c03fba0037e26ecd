"""Ladder: the way of everybody to the next better class, all at once.

Where a class asks for plain indicators to reach fixed bounds, the steps are reckoned at once, and then everybody is
scored with all steps made. Whoever that does not bear out, and whoever is classed by anything else, is searched for
alone.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import frozen

from emulation.conditions import All, Compare, Condition
from emulation.exact import Rational
from emulation.indicators import Count, Indicator, Ratio, Share
from emulation.limits import Above, AtLeast, AtMost, Below, Indicator_
from emulation.measures import Measurement, Parts, Taken
from emulation.names import ClassName, IndicatorId, Kind, ParticipantId
from emulation.observations import Observation
from emulation.outcome import Outcome, no_search_for_garbage, score
from emulation.readiness import Readiness, When
from emulation.reading.values import kinds_of_facts
from emulation.scenarios.efforts import Effort, Lever, lever_on, moved
from emulation.scenarios.goals import ReachClass, class_rule, reached
from emulation.scenarios.way_up import Blocked, way_up, with_reports


@frozen
class Climb:
    """The way of one participant to the next better class: the figures to be moved, each by how many steps.

    ``steps`` is None where there is no one way: it hangs on costs, or there is none; then ``blocked`` says what fails.
    ``how`` says whether it was reckoned at once or searched for.
    """

    participant: ParticipantId
    from_: ClassName
    to: ClassName
    steps: tuple[tuple[Lever, int], ...] | None
    how: Literal["reckoned", "searched"]
    blocked: Blocked | None = None


def climbs(
    outcome: Outcome, efforts: Iterable[Effort] = (), among: Container[ParticipantId] | None = None
) -> tuple[Climb, ...]:
    """Find everybody's way to the next better class, in the order of the participants; or only of those ``among``.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> found = climbs(outcome)
    >>> len(found), [(lever.fact, steps) for lever, steps in found[0].steps]
    (29, [('online_files', 450)])
    """
    declared = {one.id: one for one in efforts}
    with no_search_for_garbage():
        wanted = {id: next_ for id, next_ in _next_classes(outcome) if among is None or id in among}
        reckoned = _reckoned(outcome, wanted, declared)
        there = _scored(outcome, reckoned)
    return tuple(
        Climb(id, _held(outcome, id), class_, reckoned[id], "reckoned")
        if id in reckoned and reached(ReachClass(class_), there, id)
        else _searched(outcome, id, class_, declared)
        for id, (_, class_) in wanted.items()
    )


def _held(outcome: Outcome, id: ParticipantId) -> ClassName:
    return outcome.classes[id].class_ or ClassName("")


def _next_classes(outcome: Outcome) -> Iterator[tuple[ParticipantId, tuple[Readiness, ClassName]]]:
    """Give for each who holds a class that is not the best the class above it."""
    for body in outcome.campaign.participants:
        rule, held = class_rule(outcome.campaign, body), outcome.classes.get(body.id)
        if rule is not None and held is not None and held.class_ is not None and held.class_ != rule.classes[0]:
            yield body.id, (rule, rule.classes[rule.classes.index(held.class_) - 1])


# --- reckoned at once

_Steps = tuple[tuple[Lever, int], ...]


def _reckoned(
    outcome: Outcome, wanted: Mapping[ParticipantId, tuple[Readiness, ClassName]], efforts: Mapping[str, Effort]
) -> dict[ParticipantId, _Steps]:
    """Reckon the steps of all whose next class asks for nothing but fixed bounds of plain figures.

    Each bound is asked for, so that one step less of any of them does not do.
    """
    classes: dict[tuple[str, ClassName], list[ParticipantId]] = {}
    rules = {rule.id: rule for rule, _ in wanted.values()}
    for id, (rule, class_) in wanted.items():
        classes.setdefault((rule.id, class_), []).append(id)
    found: dict[ParticipantId, _Steps] = {}
    for (rule_id, class_), bodies in classes.items():
        classing = rules[rule_id].classing
        condition = dict(classing.classes).get(class_) if isinstance(classing, When) else None
        asked = None if condition is None else _asked(condition)
        plain = None if asked is None else [_plain(outcome, one, efforts) for one in asked]
        if plain is not None and None not in plain:
            figures = [one for one in plain if one is not None]
            own = [id for id in bodies if not _is_pooled(figures, outcome.campaign.participants[id].kind)]
            steps = {id: _short_of(figures, id) for id in own}
            found |= {id: moves for id, moves in steps.items() if moves}
    return found


@frozen
class _Asked:
    """A bound that an indicator must reach: from above or below, and whether the bound itself will do."""

    indicator: IndicatorId
    bound: Rational
    sign: Literal[1, -1]
    is_enough: bool


def _asked(condition: Condition) -> list[_Asked] | None:
    """Give the bounds of a condition that asks one, or all of several; None where it asks anything else."""
    match condition:
        case Compare(Indicator_(id), AtLeast(int() | Fraction() as bound)):
            return [_Asked(id, bound, 1, is_enough=True)]
        case Compare(Indicator_(id), Above(int() | Fraction() as bound)):
            return [_Asked(id, bound, 1, is_enough=False)]
        case Compare(Indicator_(id), AtMost(int() | Fraction() as bound)):
            return [_Asked(id, bound, -1, is_enough=True)]
        case Compare(Indicator_(id), Below(int() | Fraction() as bound)):
            return [_Asked(id, bound, -1, is_enough=False)]
        case All(of):
            found = [_asked(part) for part in of]
            return None if None in found else [one for part in found for one in part or ()]
        case _:
            return None


@frozen(slots=False)
class _Figure:
    """A plain figure that must reach a bound, everybody's at once."""

    asked: _Asked
    fact: str
    kinds: tuple[Indicator, ...]
    measured: Mapping[ParticipantId, Measurement]
    effort: Effort | None

    @cached_property
    def parts(self) -> Parts:
        """The plain ones, without making their records."""
        parts = self.measured.parts() if isinstance(self.measured, Taken) else None
        return parts or Parts({})

    def _stands(self, id: ParticipantId) -> tuple[int, int | None] | None:
        """Give a participant's numerator and denominator; None where they are no whole numbers."""
        if id in self.parts.of:
            return self.parts.of[id], None if self.parts.among is None else self.parts.among[id]
        one = self.measured.get(id)
        if one is None or one.state != "measured" or one.bound is not None:
            return None
        now, among = (one.value, None) if one.of is None else (one.of, one.among)
        return (now, among) if isinstance(now, int) and isinstance(among, int | None) else None

    def short_of(self, id: ParticipantId) -> tuple[Lever | None, int] | None:
        """Give by how many steps a participant falls short, 0 for none; None where that cannot be reckoned."""
        stands = self._stands(id)
        if stands is None:
            return None
        now, among = stands
        pending = self.effort.pending or 0 if self.effort else 0
        whole = 1 if among is None else among + pending
        bound, sign = self.asked.bound, self.asked.sign
        room = sign * (bound.numerator * whole - bound.denominator * now)
        count = max(0, -(-room // bound.denominator) if self.asked.is_enough else room // bound.denominator + 1)
        if not count:
            return None, 0
        lever = lever_on(self.fact, self.kinds, sign, now, among, self.effort)
        return (lever, count) if lever.step == 1 and (lever.most is None or count <= lever.most) else None


def _plain(outcome: Outcome, asked: _Asked, efforts: Mapping[str, Effort]) -> _Figure | None:
    """Give the plain figure behind an indicator, which moves as the bound asks; None where it is no such figure."""
    indicator = outcome.campaign.indicator[asked.indicator]
    match indicator.measured_as:
        case Share(of=fact, excluding=()) | Ratio(of=fact, excluding=()):
            pass
        case Count():
            fact = indicator.id
        case _:
            return None
    better = {1: "higher", -1: "lower"}[asked.sign]
    kinds = kinds_of_facts(outcome.campaign).get(fact, ())
    if kinds != (indicator,) or indicator.better != better:
        return None
    return _Figure(asked, fact, kinds, outcome.measurements[indicator.id], efforts.get(fact))


def _is_pooled(figures: Iterable[_Figure], kind: Kind) -> bool:
    """Say whether a kind of body gets any of the figures from its parts, and cannot move them itself."""
    return any(one.pooled is not None and one.pooled.for_ == kind for figure in figures for one in figure.kinds)


def _short_of(figures: Iterable[_Figure], id: ParticipantId) -> _Steps | None:
    """Give the steps of all figures that fall short of their bounds, the farthest of each; None where one cannot."""
    steps: dict[str, tuple[Lever, int]] = {}
    for figure in figures:
        found = figure.short_of(id)
        if found is None:
            return None
        lever, count = found
        if lever is not None and count > steps.get(figure.fact, (None, 0))[1]:
            steps[figure.fact] = lever, count
    return tuple(steps.values())


def _scored(outcome: Outcome, steps: Mapping[ParticipantId, _Steps]) -> Outcome:
    facts, day = outcome.observations, outcome.as_of
    changes: list[tuple[Observation | None, Observation]] = [
        change
        for id, moves in steps.items()
        for lever, count in moves
        for change in moved(facts, id, lever, count, day)
    ]
    return score(outcome.campaign, with_reports(facts, changes), day)


# --- searched for


def _searched(outcome: Outcome, id: ParticipantId, wanted: ClassName, efforts: Mapping[str, Effort]) -> Climb:
    found = way_up(outcome, id, ReachClass(wanted), efforts.values())
    steps = None if found.mix is None else tuple((step.lever, step.steps) for step in found.mix.steps)
    return Climb(id, _held(outcome, id), wanted, steps, "searched", found.blocked)
