"""Cast: invented bodies judged by a campaign's own rules, from the worst on every dial to the best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from attrs import evolve, field, frozen

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import Children, Compare, Condition, Facts, Judge, Points, TargetMet
from emulation.criteria import TOTAL, Aggregation, Criterion
from emulation.exact import Rational, divide, rounded
from emulation.indicators import Formula, Level
from emulation.limits import Indicator_
from emulation.measures import Measurement, calculated
from emulation.names import CriterionId, IndicatorId, ParticipantId
from emulation.observations import State
from emulation.participants import EVERYBODY, Participant, Participants
from emulation.points import Formula as PointsFormula
from emulation.reading.lint_ranges import direction, edges, is_whole, useful
from emulation.totals import score_criteria

Pin = Rational | State
"""What an indicator is held at: a value, or a state in its place."""

CHILDREN = 10
_MOST_DIALS = 1500


@frozen
class Player:
    """An invented body: how far all its dials are turned up, what is pinned, and its children's classes, best first."""

    dial: Rational
    pins: tuple[tuple[IndicatorId, Pin], ...] = ()
    children: tuple[int, ...] = ()


@frozen(slots=False)
class Stage:
    """Where invented bodies like one of the campaign's are judged."""

    campaign: Campaign
    like: Participant
    kept: Mapping[str, object] = field(factory=dict, eq=False)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that are for the body, made to be for everybody here."""
        return tuple(_for_all(self.campaign.criteria, self.like))

    @cached_property
    def judged(self) -> tuple[IndicatorId, ...]:
        """The indicators that earn the body points."""
        return tuple(dict.fromkeys(id for leaf in _leaves(self.criteria) for id in _looked_at(leaf)))

    @cached_property
    def dials(self) -> Mapping[IndicatorId, tuple[Rational, Rational]]:
        """The worst and the best useful value of each indicator; of those that are neither, the same twice."""
        found: dict[IndicatorId, tuple[Rational, Rational]] = {}
        for id, indicator in self.campaign.indicator.items():
            if not isinstance(indicator.measured_as, Formula):
                low, high = useful(self.campaign, id)
                way = direction(self.campaign, id)
                found[id] = (low, low) if way is None else (low, high) if way == "higher" else (high, low)
        return found

    def at(self, id: IndicatorId, dial: Rational) -> Rational:
        """Give an indicator's value where its dial is turned up so far."""
        worst, best = self.dials[id]
        value = worst + dial * (best - worst)
        return rounded(value, 0, "half_up") if is_whole(self.campaign.indicator[id]) else value

    def measured(self, player: Player) -> dict[IndicatorId, Measurement]:
        """Give the measurements of a player; formulas are made of the others."""
        pins = dict(player.pins)
        found = {id: _measurement(pins.get(id, self.at(id, player.dial))) for id in self.dials}
        for id, indicator in self.campaign.indicator.items():
            if isinstance(indicator.measured_as, Formula) and set(indicator.inputs) <= set(found):
                inputs = {name: found[IndicatorId(name)] for name in indicator.inputs}
                found[id] = calculated(indicator.measured_as.expression, inputs)
        return {id: found.get(id, Measurement("missing")) for id in self.campaign.indicator}

    def play(self, players: Sequence[Player], classes: Sequence[str] = ()) -> Played:
        """Judge players by the campaign's own rules, in one field; ``classes`` are those of their children."""
        bodies = [evolve(self.like, id=ParticipantId(f"#{number}")) for number in range(len(players))]
        everybody = [*bodies]
        held: dict[ParticipantId, str | None] = {}
        for body, player in zip(bodies, players, strict=True):
            for number, class_ in enumerate(_spread(player.children, classes)):
                child = evolve(
                    self.like, id=ParticipantId(f"{body.id}.{number}"), kind=_child_kind(self.campaign), parent=body.id
                )
                everybody.append(child)
                held[child.id] = class_
        measured = {body.id: self.measured(player) for body, player in zip(bodies, players, strict=True)}
        facts = Facts(
            Participants(tuple(everybody)),
            {id: {body: values[id] for body, values in measured.items()} for id in self.campaign.indicator},
            {id: one.better for id, one in self.campaign.indicator.items() if one.better is not None},
            {
                id: one.measured_as.names
                for id, one in self.campaign.indicator.items()
                if isinstance(one.measured_as, Level)
            },
        )
        return Played(self, tuple(players), tuple(bodies), self._scored(facts, bodies, held))
