"""Cast: invented bodies judged by a campaign's own rules, from the worst on every dial to the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.conditions import Condition, Facts, Judge
from emulation.criteria import TOTAL, Aggregation, Criterion
from emulation.exact import Rational, rounded
from emulation.indicators import Formula, Level
from emulation.lint.ranges import Survey, is_whole
from emulation.measures import Measurement, calculated
from emulation.names import ClassName, CriterionId, IndicatorId, Kind, ParticipantId, TargetId
from emulation.observations import State
from emulation.participants import EVERYBODY, Participant, Participants
from emulation.points import Formula as PointsFormula
from emulation.totals import score_criteria

Pin = Rational | State
"""What an indicator is held at: a value, or a state in the place of one."""


@frozen
class Player:
    """An invented body: how far up its dials are, what is pinned, and how many children it has in each class."""

    dial: Rational
    pins: tuple[tuple[IndicatorId, Pin], ...] = ()
    children: tuple[int, ...] = ()


@frozen(slots=False, eq=False)
class Stage:
    """Where invented bodies like one of the campaign's are judged.

    ``classes`` are those of their children; ``only`` are the criteria they are judged by, where not by all.
    """

    survey: Survey
    like: Participant
    child: Kind | None = None
    classes: tuple[ClassName, ...] = ()
    only: tuple[Criterion, ...] | None = None

    @property
    def campaign(self) -> Campaign:
        """The rules."""
        return self.survey.campaign

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that are for the body, made to be for everybody here."""
        return tuple(_for_everybody(self.campaign.criteria if self.only is None else self.only, self.like))

    @cached_property
    def judged(self) -> tuple[IndicatorId, ...]:
        """The indicators that earn the body points, and those that formulas among them are made of."""
        found = dict.fromkeys(id for one in self.criteria for id in _looked_at(one))
        for id in self.campaign.indicator:
            if id in found and isinstance(self.campaign.indicator[id].measured_as, Formula):
                found |= dict.fromkeys(IndicatorId(name) for name in self.campaign.indicator[id].inputs)
        return tuple(found)

    @cached_property
    def dials(self) -> Mapping[IndicatorId, tuple[Rational, Rational]]:
        """The worst and the best useful value of each indicator; the lowest twice where no way is better."""
        found: dict[IndicatorId, tuple[Rational, Rational]] = {}
        for id in self.campaign.indicator:
            low, high = self.survey.useful[id]
            way = self.survey.direction[id]
            found[id] = (low, low) if way is None else (low, high) if way == "higher" else (high, low)
        return found

    def at(self, id: IndicatorId, dial: Rational) -> Rational:
        """Give an indicator's value where its dial is so far up."""
        worst, best = self.dials[id]
        value = worst + dial * (best - worst)
        return rounded(value, 0, "half_up") if is_whole(self.campaign.indicator[id]) else value

    def measured(self, player: Player) -> Mapping[IndicatorId, Measurement]:
        """Give the measurements of a player; formulas are made of the others."""
        pins = dict(player.pins)
        found = {id: _pinned(pins[id] if id in pins else self.at(id, player.dial)) for id in self.dials}
        for indicator in self.campaign.indicators:
            if isinstance(indicator.measured_as, Formula) and indicator.id not in pins:
                known = {name: found[IndicatorId(name)] for name in indicator.inputs}
                found[indicator.id] = calculated(indicator.measured_as.expression, known)
        return found

    def play(self, players: Sequence[Player]) -> Played:
        """Judge players by the campaign's own rules, in one field."""
        rules = self.campaign
        bodies = [evolve(self.like, id=ParticipantId(f"#{number}")) for number in range(len(players))]
        values = {body.id: self.measured(player) for body, player in zip(bodies, players, strict=True)}
        facts = Facts(
            Participants(tuple(bodies)),
            {id: {body: found[id] for body, found in values.items()} for id in rules.indicator},
            {id: way for id, way in self.survey.direction.items() if way is not None},
            {id: one.measured_as.names for id, one in rules.indicator.items() if isinstance(one.measured_as, Level)},
        )
        scores = score_criteria(
            self.criteria, rules.gaps, rules.rounding, rules.unmeasured or "undecided", facts
        ).scores
        held = {
            evolve(body, id=ParticipantId(f"{body.id}.{number}"), kind=self.child or body.kind, parent=body.id): class_
            for body, player in zip(bodies, players, strict=True)
            for number, class_ in enumerate(_dealt(self.classes, player.children))
        }
        known = evolve(
            facts,
            participants=Participants((*bodies, *held)),
            points={id: {body: one.points for body, one in found.items()} for id, found in scores.items()},
            maxima={id: {body: one.most for body, one in found.items()} for id, found in scores.items()},
            leaves=tuple(leaf.id for one in self.criteria for leaf in _leaves(one) if not leaf.is_tracked),
            classes={child.id: class_ for child, class_ in held.items()},
            places={standing.id: {} for standing in rules.standings},
            targets={target.id: {} for target in rules.targets},
        )
        return Played(self, tuple(players), tuple(bodies), _with_targets(rules, known, bodies))


@frozen
class Played:
    """What invented bodies came to; players are counted from 0."""

    stage: Stage
    players: tuple[Player, ...]
    bodies: tuple[Participant, ...]
    facts: Facts

    def points(self, number: int, criterion: CriterionId = TOTAL) -> Rational | None:
        """Give a player's points for a criterion, or its total; None where it has none."""
        return self.facts.points.get(criterion, {}).get(self.bodies[number].id)

    def value(self, number: int, indicator: IndicatorId) -> Rational | None:
        """Give a player's value of an indicator."""
        return self.facts.measurement(indicator, self.bodies[number].id).value

    def holds(self, number: int, condition: Condition) -> bool | None:
        """Say whether a condition holds for a player."""
        judge = Judge(self.facts, self.stage.campaign.unmeasured or "undecided", self.bodies)
        return judge.judge(condition, self.bodies[number]).holds


def _with_targets(campaign: Campaign, facts: Facts, bodies: Sequence[Participant]) -> Facts:
    """Judge the targets too, as if they were due."""
    judge = Judge(facts, campaign.unmeasured or "undecided", tuple(bodies))
    met: dict[TargetId, dict[ParticipantId, bool | None]] = {
        target.id: {body.id: judge.judge(target.condition, body).holds for body in bodies}
        for target in campaign.targets
    }
    return evolve(facts, targets=met)


def _pinned(pin: Pin) -> Measurement:
    return Measurement(pin) if isinstance(pin, str) else Measurement("measured", pin)


def _for_everybody(criteria: Iterable[Criterion], body: Participant) -> Iterator[Criterion]:
    for criterion in criteria:
        if criterion.for_.selects(body):
            earns = criterion.earns
            if isinstance(earns, Aggregation):
                earns = evolve(earns, of=tuple(_for_everybody(criterion.parts, body)))
            yield evolve(criterion, for_=EVERYBODY, earns=earns)


def _leaves(criterion: Criterion) -> Iterator[Criterion]:
    if criterion.is_leaf:
        yield criterion
    for part in criterion.parts:
        yield from _leaves(part)


def _looked_at(criterion: Criterion) -> Iterator[IndicatorId]:
    """Give the indicators a criterion and its parts judge."""
    for leaf in _leaves(criterion):
        if isinstance(leaf.earns, PointsFormula):
            yield from (IndicatorId(name) for name in leaf.earns.points.names)
        elif leaf.indicator is not None and not leaf.is_tracked:
            yield leaf.indicator


def _dealt(classes: Sequence[ClassName], counts: Sequence[int]) -> list[ClassName]:
    """Spell out how many children are in each class: ``(2, 1)`` of green and red is green, green, red."""
    return [class_ for class_, count in zip(classes, counts, strict=False) for _ in range(count)]
