"""Standings: places inside declared groups; tie chain; unresolved ties and recorded decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from emulation.conditions import Facts
from emulation.exact import Rational, in_whole_numbers
from emulation.grammar import inline
from emulation.indicators import Better
from emulation.names import CriterionId, GroupName, IndicatorId, Label, ParticipantId, StandingId
from emulation.participants import EVERYBODY, Participant, Selector
from emulation.places import places_of, tied


@frozen
class Indicator_:  # noqa: N801
    """An indicator's value.

    Keys:
        id: the indicator.
    """

    id: IndicatorId


@frozen
class Points:
    """A criterion's points, or ``total``.

    Keys:
        criterion: the criterion, or total.
    """

    criterion: CriterionId


@frozen
class Key:
    """What is compared, and which way: ``{points: total}``, ``{indicator: cost, better: lower}``.

    Keys:
        of: an indicator, or the points of a criterion or of the total.
        better: higher or lower, where it differs from the indicator's own.
    """

    spread: ClassVar[bool] = True
    of: Indicator_ | Points = inline()
    better: Better | None = None


@frozen
class CountBack:
    """Among the tied: more first places over the criteria, then more second places, and so on.

    Keys:
        criteria: the criteria whose places are counted.
    """

    criteria: tuple[CriterionId, ...]


@frozen
class HeadToHead:
    """Among the tied: criteria won against the others less criteria lost.

    Keys:
        criteria: the criteria compared.
    """

    criteria: tuple[CriterionId, ...]


Step: TypeAlias = Key | CountBack | HeadToHead


@frozen
class Standing:
    """Who stands where: the order of those ranked with one another.

    Keys:
        title: its name, by language.
        for: whom it ranks.
        within: the group inside which places are counted.
        by: what decides the order, the first key first.
        then: what settles a tie, step by step.
        ties: what a tie that is left comes to: shared (1-2-2-4), dense (1-2-2-3), or decision, a recorded one.
        competes: false for a standing that is shown apart.
        source: where the rule is written.
    """

    id: StandingId
    by: tuple[Key, ...]
    ties: Literal["shared", "dense", "decision"]
    title: Label | None = None
    for_: Selector = EVERYBODY
    within: GroupName | None = None
    then: tuple[Step, ...] = ()
    competes: bool = True
    source: str | None = None


@frozen
class Decision:
    """A recorded human decision on a tie.

    Keys:
        standing: the standing in question.
        order: those tied, the best first.
        by: who decided.
        on: when.
        because: how, in the minutes' words.
    """

    standing: StandingId
    order: tuple[ParticipantId, ...]
    by: str
    on: date
    because: str | None = None


@frozen
class Placed:
    """A participant's place among so many, or why it has none.

    ``keys`` are the exact values compared, first those of ``by``, then those of ``then``. ``settled_by`` is the
    number of the step of ``then`` that parted it from those with equal keys before (from 0), or ``decision``.
    ``open`` means that the tie waits for a decision.
    """

    place: int | None
    of: int
    tied_with: tuple[ParticipantId, ...] = ()
    unranked: str | None = None
    keys: tuple[Rational, ...] = ()
    settled_by: int | Literal["decision"] | None = None
    open: bool = False
    group: str | None = None


Standings: TypeAlias = Mapping[StandingId, Mapping[ParticipantId, Placed]]


_NOBODY: Mapping[ParticipantId, str] = {}


def stand(
    standings: Iterable[Standing],
    decisions: Sequence[Decision],
    facts: Facts,
    day: date,
    without_total: Mapping[ParticipantId, str],
    barred: Mapping[ParticipantId, str] = _NOBODY,
) -> Standings:
    """Give everybody a place in each standing that ranks them.

    ``without_total`` says, for those who have no total, why; ``barred``, for those who cannot be ranked at all.
    """
    return {
        standing.id: _Ranking(standing, decisions, facts, day, without_total, barred).places() for standing in standings
    }


@frozen
class _Ranking:
    standing: Standing
    decisions: Sequence[Decision]
    facts: Facts
    day: date
    without_total: Mapping[ParticipantId, str]
    barred: Mapping[ParticipantId, str]

    def places(self) -> dict[ParticipantId, Placed]:
        groups: dict[str | None, list[Participant]] = {}
        bodies = self.facts.participants.selected(self.standing.for_)
        for body in bodies:
            groups.setdefault(body.group(self.standing.within) if self.standing.within else None, []).append(body)
        placed: dict[ParticipantId, Placed] = {}
        for group, members in groups.items():
            placed.update(self._rank(group, members))
        return {body.id: placed[body.id] for body in bodies}

    def _rank(self, group: str | None, members: Sequence[Participant]) -> dict[ParticipantId, Placed]:
        first: dict[ParticipantId, tuple[Rational, ...]] = {}
        placed: dict[ParticipantId, Placed] = {}
        why: dict[ParticipantId, str] = {}
        for body in members:
            keys = [self._value(key, body.id) for key in self.standing.by]
            reason = self._unranked_because(body, keys)
            if reason is None:
                first[body.id] = tuple(key for key in keys if key is not None)
            else:
                why[body.id] = reason
        placed.update({id: Placed(None, len(first), unranked=reason, group=group) for id, reason in why.items()})
        columns = [
            self._turned(key, in_whole_numbers([keys[number] for keys in first.values()]))
            for number, key in enumerate(self.standing.by)
        ]
        compared = dict(zip(first, zip(*columns, strict=True), strict=True))
        sets = tied(first, compared.__getitem__)
        place = 1
        for equal in sets:
            placed.update(self._settle(equal, place, len(first), first, group))
            place += len(equal)
        return _dense(placed) if self.standing.ties == "dense" else placed

    def _unranked_because(self, body: Participant, keys: Sequence[Rational | None]) -> str | None:
        if not body.lives_on(self.day):
            return "not_alive"
        if body.id in self.barred:
            return self.barred[body.id]
        lacking = next((key.of for key, value in zip(self.standing.by, keys, strict=True) if value is None), None)
        match lacking:
            case Points("total"):
                return self.without_total.get(body.id, "points:total")
            case Points(criterion):
                return f"points:{criterion}"
            case Indicator_(id):
                return f"{self.facts.measurement(id, body.id).state}:{id}"
            case None:
                return None

    def _value(self, key: Key, body: ParticipantId) -> Rational | None:
        match key.of:
            case Indicator_(id):
                return self.facts.measurement(id, body).value
            case Points(criterion):
                return self.facts.points[criterion].get(body)

    def _lower(self, key: Key) -> bool:
        if key.better is not None:
            return key.better == "lower"
        return isinstance(key.of, Indicator_) and self.facts.better.get(key.of.id) == "lower"

    def _settle(
        self,
        equal: list[ParticipantId],
        place: int,
        of: int,
        first: Mapping[ParticipantId, tuple[Rational, ...]],
        group: str | None,
    ) -> dict[ParticipantId, Placed]:
        """Part those with equal keys by the tie chain, then by a recorded decision, as far as they part."""
        if len(equal) == 1:
            return {equal[0]: Placed(place, of, keys=first[equal[0]], group=group)}
        sets = [equal]
        settled: dict[ParticipantId, int | Literal["decision"]] = {}
        chain: dict[ParticipantId, tuple[Rational, ...]] = dict.fromkeys(equal, ())
        for number, step in enumerate(self.standing.then):
            parted: list[list[ParticipantId]] = []
            for members in sets:
                values = self._step(step, members, tuple(first)) if len(members) > 1 else {}
                chain.update({id: (*chain[id], *values[id]) for id in values})
                # Those without a value for a tie-break stand behind those with one.
                last_if_unknown = {id: (bool(value), self._turned(step, value)) for id, value in values.items()}
                subsets = tied(members, last_if_unknown.__getitem__) if values else [members]
                settled.update({id: number for subset in subsets if len(subsets) > 1 for id in subset})
                parted.extend(subsets)
            sets = parted
        ordered = [subset for members in sets for subset in self._decided(members, settled)]
        placed: dict[ParticipantId, Placed] = {}
        for members in ordered:
            for number, id in enumerate(members):
                others = (*members[:number], *members[number + 1 :])
                waits = bool(others) and self.standing.ties == "decision"
                placed[id] = Placed(place, of, others, None, (*first[id], *chain[id]), settled.get(id), waits, group)
            place += len(members)
        return placed

    def _decided(
        self, members: list[ParticipantId], settled: dict[ParticipantId, int | Literal["decision"]]
    ) -> list[list[ParticipantId]]:
        if len(members) == 1 or self.standing.ties != "decision":
            return [members]
        for decision in self.decisions:
            if decision.standing == self.standing.id and set(decision.order) == set(members):
                settled.update(dict.fromkeys(members, "decision"))
                return [[id] for id in decision.order]
        return [members]

    def _turned(self, step: Step, values: Sequence[Rational]) -> Sequence[Rational]:
        """Turn the values of a key so that more is always better."""
        return tuple(-value for value in values) if isinstance(step, Key) and self._lower(step) else values

    def _step(
        self, step: Step, members: Sequence[ParticipantId], ranked: Sequence[ParticipantId]
    ) -> dict[ParticipantId, tuple[Rational, ...]]:
        match step:
            case Key():
                values = {id: self._value(step, id) for id in members}
                return {id: () if value is None else (value,) for id, value in values.items()}
            case CountBack(criteria):
                return self._counted_back(criteria, members, ranked)
            case HeadToHead(criteria):
                return self._head_to_head(criteria, members)

    def _counted_back(
        self, criteria: Sequence[CriterionId], members: Sequence[ParticipantId], ranked: Sequence[ParticipantId]
    ) -> dict[ParticipantId, tuple[Rational, ...]]:
        """Count each one's first places, second places and so on, among those ranked with it."""
        won: dict[ParticipantId, list[int]] = {id: [] for id in members}
        for criterion in criteria:
            points = {id: value for id in ranked if (value := self.facts.points[criterion].get(id)) is not None}
            places = places_of(points)
            for id in members:
                won[id].append(places.get(id, len(ranked) + 1))
        furthest = max(place for places in won.values() for place in places)
        return {id: tuple(places.count(place) for place in range(1, furthest + 1)) for id, places in won.items()}

    def _head_to_head(
        self, criteria: Sequence[CriterionId], members: Sequence[ParticipantId]
    ) -> dict[ParticipantId, tuple[Rational, ...]]:
        balance = dict.fromkeys(members, 0)
        for criterion in criteria:
            points = {id: value for id in members if (value := self.facts.points[criterion].get(id)) is not None}
            for one, mine in points.items():
                balance[one] += sum((mine > other) - (mine < other) for other in points.values())
        return {id: (value,) for id, value in balance.items()}


def _dense(placed: Mapping[ParticipantId, Placed]) -> dict[ParticipantId, Placed]:
    """Count places without leaving any out."""
    taken = sorted({one.place for one in placed.values() if one.place is not None})
    dense = {place: number for number, place in enumerate(taken, start=1)}
    return {
        id: one
        if one.place is None
        else Placed(dense[one.place], one.of, one.tied_with, None, one.keys, one.settled_by, one.open, one.group)
        for id, one in placed.items()
    }
