"""Conditions: what must be met, over measurements, points, places, targets, classes and children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, TypeAlias

from attrs import field, frozen

from emulation.exact import Rational, divide
from emulation.grammar import inline
from emulation.indicators import Better
from emulation.limits import AtLeast, Between, Indicator_, Limit, Peers, Yardstick, figure_of, meets
from emulation.measures import NOT_MEANT, Measurement, Measurements
from emulation.names import ClassName, CriterionId, IndicatorId, Kind, ParticipantId, StandingId, TargetId
from emulation.observations import State
from emulation.participants import Participant, Participants, Selector

Unmeasured = Literal["not_met", "undecided"]
"""What a comparison over something that is not measured comes to."""

# --- what is compared -------------------------------------------------------------------------------------


@frozen
class Points:
    """The points of a criterion; ``total`` is the sum of all.

    Keys:
        criterion: the criterion, or total.
    """

    criterion: CriterionId


@frozen
class ShareOfMax:
    """The points of a criterion as a share of its maximum.

    Keys:
        criterion: the criterion, or total.
    """

    criterion: CriterionId


@frozen
class Place:
    """The place in a standing.

    Keys:
        standing: the standing.
    """

    standing: StandingId


Subject: TypeAlias = Indicator_ | Points | ShareOfMax | Place


@frozen
class Compare:
    """A value held against a limit: ``{indicator: online_share, at_least: 80%}``.

    Keys:
        subject: what is compared: an indicator, points, share_of_max or place.
        limit: what it is held against: at_least, above, at_most, below, equals or between.
    """

    spread: ClassVar[bool] = True
    subject: Subject = inline()
    limit: Limit = inline()


@frozen
class Every:
    """Each of the criteria meets a limit: ``{every: criterion, above: 0}``.

    Keys:
        every: the criteria meant, or the word criterion for all that are judged.
        limit: what their points are held against.
    """

    spread: ClassVar[bool] = True
    every: Literal["criterion"] | tuple[CriterionId, ...]
    limit: Limit = inline()


@frozen
class AllAre:
    """All children are in the class; a body without children does not meet it.

    Keys:
        condition: a class, or a condition on the child.
    """

    condition: ClassName | Condition


@frozen
class NoneAre:
    """No child is in the class.

    Keys:
        condition: a class, or a condition on the child.
    """

    condition: ClassName | Condition


@frozen
class SomeAre:
    """At least one child is in the class.

    Keys:
        condition: a class, or a condition on the child.
    """

    condition: ClassName | Condition


@frozen
class ShareOf:
    """The share of children in the class, held against the limit beside it.

    Keys:
        condition: a class, or a condition on the child.
    """

    condition: ClassName | Condition


@frozen
class CountOf:
    """The number of children in the class, held against the limit beside it.

    Keys:
        condition: a class, or a condition on the child.
    """

    condition: ClassName | Condition


Counting: TypeAlias = AllAre | NoneAre | SomeAre | ShareOf | CountOf


@frozen
class Children:
    """What the bodies below come to: ``{children: commune, share_of: green, at_least: 60%}``.

    Keys:
        children: the kind of bodies meant.
        counting: all_are, none_are, some_are, share_of or count_of a class (or a condition on the child).
        limit: what share_of and count_of are held against.
    """

    spread: ClassVar[bool] = True
    children: Kind
    counting: Counting = inline()
    limit: Limit | None = inline(default=None)


@frozen
class StateIs:
    """An indicator is in one of the states: ``{state_is: {indicator: x, among: [missing]}}``.

    Keys:
        indicator: the indicator.
        among: the states meant.
    """

    indicator: IndicatorId
    among: tuple[State, ...]


@frozen
class TargetMet:
    """A target of the participant is met.

    Keys:
        target: the target.
    """

    target: TargetId


@frozen
class Readiness_:  # noqa: N801
    """The participant holds one of the classes.

    Keys:
        among: the classes meant.
    """

    among: tuple[ClassName, ...]


@frozen
class Member:
    """The participant is of a kind, in a group, or named.

    Keys:
        of: whom it is about.
    """

    of: Selector


@frozen
class All:
    """All of the conditions hold.

    Keys:
        of: the conditions.
    """

    of: tuple[Condition, ...]


@frozen
class Any:
    """At least one of the conditions holds.

    Keys:
        of: the conditions.
    """

    of: tuple[Condition, ...]


@frozen
class None_:  # noqa: N801
    """None of the conditions holds.

    Keys:
        of: the conditions.
    """

    of: tuple[Condition, ...]


Condition: TypeAlias = All | Any | None_ | Compare | Every | Children | StateIs | TargetMet | Readiness_ | Member

# --- judging ----------------------------------------------------------------------------------------------


@frozen
class Facts:
    """All that is known so far about everybody, as plain values, so that no later room need be known here.

    ``points`` and ``maxima`` hold criteria and ``total``; ``leaves`` names the criteria that are judged.
    """

    participants: Participants
    measurements: Measurements
    better: Mapping[IndicatorId, Better] = field(factory=dict)
    levels: Mapping[IndicatorId, tuple[str, ...]] = field(factory=dict)
    points: Mapping[str, Mapping[ParticipantId, Rational | None]] = field(factory=dict)
    maxima: Mapping[str, Mapping[ParticipantId, Rational | None]] = field(factory=dict)
    leaves: tuple[CriterionId, ...] = ()
    places: Mapping[StandingId, Mapping[ParticipantId, int | None]] = field(factory=dict)
    targets: Mapping[TargetId, Mapping[ParticipantId, bool | None]] = field(factory=dict)
    classes: Mapping[ParticipantId, ClassName | None] = field(factory=dict)

    def measurement(self, indicator: IndicatorId, body: ParticipantId) -> Measurement:
        """Give a measurement; whom an indicator is not for, to him it does not apply."""
        return self.measurements[indicator].get(body, NOT_MEANT)


@frozen
class Judged:
    """What came of a condition for one participant, with what came of its parts.

    ``holds`` is None where it cannot be decided. ``value`` and ``bound`` are the two sides of a comparison;
    ``state`` says why there is no value.
    """

    condition: Condition
    holds: bool | None
    value: Rational | None = None
    bound: Rational | None = None
    state: State | None = None
    parts: tuple[Judged, ...] = ()
    bodies: tuple[ParticipantId, ...] = ()


@frozen
class Judge:
    """Judges conditions on what is known, for a field of participants compared with one another."""

    facts: Facts
    unmeasured: Unmeasured
    peers: tuple[Participant, ...] = ()

    def judge(self, condition: Condition, body: Participant) -> Judged:
        """Say whether a condition holds for a participant, and through what."""
        match condition:
            case All(of):
                parts = tuple(self.judge(part, body) for part in of)
                return Judged(condition, _every(part.holds for part in parts), parts=parts)
            case Any(of):
                parts = tuple(self.judge(part, body) for part in of)
                return Judged(condition, _some(part.holds for part in parts), parts=parts)
            case None_(of):
                parts = tuple(self.judge(part, body) for part in of)
                return Judged(condition, _not(_some(part.holds for part in parts)), parts=parts)
            case Compare(subject, limit):
                return self._compared(condition, subject, limit, body)
            case Every():
                return self._every(condition, body)
            case Children():
                return self._children(condition, body)
            case StateIs(indicator, among):
                state = self.facts.measurement(indicator, body.id).state
                return Judged(condition, state in among, state=state)
            case TargetMet(target):
                return Judged(condition, self._decided(self.facts.targets[target].get(body.id)))
            case Readiness_(among):
                held = self.facts.classes.get(body.id)
                return Judged(condition, self._decided(None) if held is None else held in among)
            case Member(of):
                return Judged(condition, of.selects(body))

    def _decided(self, holds: bool | None) -> bool | None:
        return False if holds is None and self.unmeasured == "not_met" else holds

    def _compared(self, condition: Condition, subject: Subject, limit: Limit, body: Participant) -> Judged:
        measurement = self._value(subject, body)
        bound = self._bound(limit, subject, body)
        holds = self._decided(meets(limit, measurement.value, bound, measurement.bound))
        state = None if measurement.value is not None else measurement.state
        return Judged(condition, holds, measurement.value, bound, state)

    def _bound(self, limit: Limit, subject: Subject | None, body: Participant) -> Rational | None:
        return None if isinstance(limit, Between) else self.yardstick(limit.bound, subject, body)

    def _value(self, subject: Subject, body: Participant) -> Measurement:
        match subject:
            case Indicator_(id):
                return self.facts.measurement(id, body.id)
            case Points(criterion):
                return _standing_for(self.facts.points[criterion].get(body.id))
            case ShareOfMax(criterion):
                points, most = (
                    self.facts.points[criterion].get(body.id),
                    self.facts.maxima[criterion].get(body.id),
                )
                return _standing_for(None if points is None or not most else divide(points, most))
            case Place(standing):
                return _standing_for(self.facts.places[standing].get(body.id))

    def yardstick(self, yardstick: Yardstick, subject: Subject | None, body: Participant) -> Rational | None:
        """Give the number something is held against; None where it is not measured."""
        match yardstick:
            case Indicator_(id):
                return self.facts.measurement(id, body.id).value
            case Peers(of=of):
                ids = of or ((subject.id,) if isinstance(subject, Indicator_) else ())
                found = [self.facts.measurement(id, peer.id).value for id in ids for peer in self.peers]
                better = next((self.facts.better.get(id) for id in ids), None)
                return figure_of(yardstick, [value for value in found if value is not None], better)
            case number:
                return number

    def _every(self, condition: Every, body: Participant) -> Judged:
        criteria = self.facts.leaves if condition.every == "criterion" else condition.every
        asked = [id for id in criteria if body.id in self.facts.points[id]]
        parts = tuple(
            self._compared(Compare(Points(id), condition.limit), Points(id), condition.limit, body) for id in asked
        )
        return Judged(condition, _every(part.holds for part in parts), parts=parts)

    def _children(self, condition: Children, body: Participant) -> Judged:
        below = [
            child for child in self.facts.participants.children.get(body.id, ()) if child.kind == condition.children
        ]
        wanted = condition.counting.condition
        are = {child.id: self._child_is(wanted, child) for child in below}
        yes = [id for id, holds in are.items() if holds]
        open_ = [id for id, holds in are.items() if holds is None]
        match condition.counting:
            case AllAre():
                return Judged(
                    condition,
                    _every(are.values()) if below else False,
                    len(yes),
                    len(below),
                    bodies=tuple(id for id, holds in are.items() if not holds),
                )
            case NoneAre():
                return Judged(condition, _not(_some(are.values())), len(yes), 0, bodies=tuple(yes))
            case SomeAre():
                return Judged(condition, _some(are.values()), len(yes), len(below), bodies=tuple(yes))
            case ShareOf() | CountOf():
                return self._counted(condition, body, len(yes), len(open_), len(below))

    def _child_is(self, wanted: ClassName | Condition, child: Participant) -> bool | None:
        if isinstance(wanted, str):
            held = self.facts.classes.get(child.id)
            return self._decided(None) if held is None else held == wanted
        return self.judge(wanted, child).holds

    def _counted(self, condition: Children, body: Participant, yes: int, undecided: int, below: int) -> Judged:
        """Hold a count or a share of children against a limit; what is undecided leaves it open where it matters."""
        limit = condition.limit or AtLeast(1)
        bound = self._bound(limit, None, body)
        per = below if isinstance(condition.counting, ShareOf) else 1
        if per == 0:
            return Judged(condition, self._decided(None), None, bound, "zero_denominator")
        verdicts = {meets(limit, divide(count, per), bound) for count in range(yes, yes + undecided + 1)}
        holds = verdicts.pop() if len(verdicts) == 1 else self._decided(None)
        return Judged(condition, holds, divide(yes, per), bound)


def _standing_for(value: Rational | None) -> Measurement:
    return Measurement("missing") if value is None else Measurement("measured", value)


def _every(verdicts: Iterable[bool | None]) -> bool | None:
    """Join verdicts by *and*, where None is *not known*."""
    found = set(verdicts)
    return False if False in found else None if None in found else True


def _some(verdicts: Iterable[bool | None]) -> bool | None:
    """Join verdicts by *or*, where None is *not known*."""
    found = set(verdicts)
    return True if True in found else None if None in found else False


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict
