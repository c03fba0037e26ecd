"""Results: what stands in the columns of a verdict, as exact values, participant by participant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import field, frozen

from emulation.asking import Gathered
from emulation.columnar.archive import Archive
from emulation.columnar.engines import Engine, Frame, table_of
from emulation.columnar.expressions import truth
from emulation.columnar.long import Facts
from emulation.columnar.plan import AIM_STATES, Plan
from emulation.columnar.quantities import Quantity
from emulation.columnar.ranking import Placing
from emulation.columnar.sheet import ID
from emulation.columnar.terms import NO, ONE, YES, Always, Cell, Term, Test, Truth, Whole, both, columns_of, compared
from emulation.course import DayBoard
from emulation.criteria import TOTAL
from emulation.exact import Rational, divide
from emulation.names import AwardId, ClassName, IndicatorId, ParticipantId, StandingId, TargetId
from emulation.observations import STATES, State
from emulation.participants import Participant
from emulation.targets import AimState


@frozen
class Verdict:
    """A plan, and the frame in which its results stand, a row for each participant; and the facts, if they are long."""

    plan: Plan
    frame: Frame = field(repr=False)
    engine: Engine
    facts: Facts | Archive | None = field(default=None, repr=False)


@frozen
class Standing:
    """A place, among how many, with how many others (both only with details), and whether the tie waits."""

    place: int | None
    of: int | None
    tied: int
    open: bool


@frozen
class Row:
    """What one participant came to.

    ``sides`` are the two sides of each ratio, divided or not, and ``judged`` the maximum and the state of each
    criterion, where a verdict was asked for these parts.
    """

    id: str
    values: Mapping[IndicatorId, tuple[State, Rational | None]]
    points: Mapping[str, Rational | None]
    standings: Mapping[StandingId, Standing]
    aims: Mapping[TargetId, AimState]
    class_: ClassName | None
    awards: Mapping[AwardId, bool | None]
    blocked: tuple[str, ...]
    sides: Mapping[IndicatorId, tuple[Rational, Rational]] = field(factory=dict)
    judged: Mapping[str, tuple[Rational, State]] = field(factory=dict)


AT_ONCE = 10_000
"""So many rows are values of Python at a time; what is not asked for yet stays in columns."""


def rows(verdict: Verdict) -> Iterator[Row]:
    """Give all participants' results, in no order that means anything."""
    table = table_of(verdict.frame)
    return (_row(verdict, found) for batch in table.to_batches(AT_ONCE) for found in batch.to_pylist())


def ordered_rows(verdict: Verdict, ids: Sequence[str]) -> Iterator[Row]:
    """Give the results of some participants, in their order."""
    table = table_of(verdict.frame)
    at = {id: number for number, id in enumerate(table[ID].to_pylist())}
    for start in range(0, len(ids), AT_ONCE):
        some = table.take([at[id] for id in ids[start : start + AT_ONCE]])
        yield from (_row(verdict, found) for found in some.to_pylist())


@frozen
class Outline:
    """A participant's places in all standings, whether the first is shared (with details), and the class."""

    id: str
    places: tuple[int | None, ...]
    tied: bool
    class_: ClassName | None


def outlines(verdict: Verdict) -> Iterator[Outline]:
    """Give all participants' outlines, in no order that means anything."""
    plan = verdict.plan
    placings = list(plan.placings.values())
    shared = set(_tied(verdict, placings[0])) if placings and plan.details else set()
    told = [plan.class_, *(part for one in placings for part in (one.ranked, one.place))]
    for row in met_by(verdict, YES, *told):
        places = tuple(number(one.place, row) if holds(one.ranked, row) else None for one in placings)
        code = number(plan.class_, row)
        yield Outline(row[ID], places, row[ID] in shared, plan.classes[code - 1] if code else None)


@frozen
class Tie:
    """Those who share a place, in the order of the participants; ``open`` waits for a decision."""

    bodies: tuple[str, ...]
    open: bool


Ties: TypeAlias = Mapping[tuple[StandingId, str], Tie]
"""The tie in which somebody is in a standing; who is in none shares no place."""


def ties_of(verdict: Verdict, bodies: Iterable[Participant]) -> Ties:
    """Give who shares a place with whom; nothing of those who share none is fetched for long."""
    within = {one.id: one.within for one in verdict.plan.campaign.standings}
    named = list(bodies)
    ties: dict[tuple[StandingId, str], Tie] = {}
    for standing, placing in verdict.plan.placings.items():
        shared: dict[tuple[str | None, int], list[str]] = {}
        group = within[standing]
        tied = _tied(verdict, placing)
        for body in named:
            if body.id in tied:
                shared.setdefault((body.group(group) if group else None, tied[body.id][0]), []).append(body.id)
        for together in shared.values():
            tie = Tie(tuple(together), tied[together[0]][1])
            ties |= {(standing, id): tie for id in together}
    return ties


def _tied(verdict: Verdict, placing: Placing) -> dict[str, tuple[int, bool]]:
    """Give the places of those who share one, and whether their ties are open."""
    tied = both(placing.ranked, compared(placing.equal, ">", ONE))
    found = met_by(verdict, tied, placing.place, placing.open)
    return {row[ID]: (number(placing.place, row), holds(placing.open, row)) for row in found}


def met_by(verdict: Verdict, test: Test, *told: Term | Test) -> Iterator[Mapping[str, Any]]:
    """Give those for whom a test holds, with the columns of what is to be told of them."""
    if test == NO:
        return
    frame = verdict.frame if test == YES else verdict.frame.filter(truth(test, verdict.engine))
    columns = sorted(frozenset((ID,)).union(*map(columns_of, told)))
    for batch in table_of(frame.select(*columns)).to_batches(AT_ONCE):
        yield from batch.to_pylist()


def board_of(verdict: Verdict) -> DayBoard:
    """Give what a verdict says of its day, participant by participant."""
    found = list(rows(verdict))
    plan = verdict.plan
    return DayBoard(
        plan.day,
        {ParticipantId(row.id): total for row in found if (total := row.points.get(TOTAL)) is not None},
        {
            standing: {
                ParticipantId(row.id): place
                for row in found
                if standing in row.standings and (place := row.standings[standing].place) is not None
            }
            for standing in plan.placings
        },
        {ParticipantId(row.id): row.class_ for row in found if row.class_ is not None},
        {
            target: {ParticipantId(row.id): row.aims[target] for row in found if target in row.aims}
            for target in plan.aims
        },
    )


def _row(verdict: Verdict, found: Mapping[str, Any]) -> Row:
    plan = verdict.plan
    code = number(plan.class_, found)
    return Row(
        found[ID],
        Gathered(lambda: _values(plan, found)),
        Gathered(lambda: _points(plan, found)),
        Gathered(lambda: _standings(plan, found)),
        Gathered(lambda: {id: AIM_STATES[state - 1] for id, one in plan.aims.items() if (state := number(one, found))}),
        plan.classes[code - 1] if code else None,
        Gathered(lambda: {id: (False, True, None)[number(one, found)] for id, one in plan.awards.items()}),
        tuple(id for id, one in plan.blocked.items() if holds(one, found)),
        {
            id: (value(one.of, found), value(one.among, found))
            for id, one in (plan.measured.items() if plan.parts else ())
            if holds(one.parted, found)
        },
        {
            id: (value(one.most, found), STATES[number(one.state, found)])
            for id, one in (plan.scores.items() if plan.parts else ())
            if holds(one.present, found)
        },
    )


def _standings(plan: Plan, found: Mapping[str, Any]) -> dict[StandingId, Standing]:
    return {
        id: Standing(
            number(one.place, found) if holds(one.ranked, found) else None,
            number(one.of, found) if plan.details else None,
            number(one.equal, found) - 1 if plan.details and holds(one.ranked, found) else 0,
            holds(one.open, found),
        )
        for id, one in plan.placings.items()
        if holds(one.meant, found)
    }


def _values(plan: Plan, found: Mapping[str, Any]) -> dict[IndicatorId, tuple[State, Rational | None]]:
    return {
        id: (STATES[number(one.state, found)], value(one.value, found) if holds(one.known, found) else None)
        for id, one in (plan.measured.items() if plan.details else ())
    }


def _points(plan: Plan, found: Mapping[str, Any]) -> dict[str, Rational | None]:
    return {
        id: value(one.points, found) if holds(one.known, found) else None
        for id, one in plan.scores.items()
        if (plan.details or id == TOTAL) and holds(one.present, found)
    }


def number(one: Term, found: Mapping[str, Any]) -> int:
    """Give what stands in a row for a term that is a column, or written."""
    match one:
        case Cell(name):
            return int(found[name])
        case Whole(value):
            return value
        case _:
            raise AssertionError(one)


def value(one: Quantity, found: Mapping[str, Any]) -> Rational:
    """Give the exact number in a row."""
    return divide(number(one.top, found), number(one.bottom, found))


def holds(one: Test, found: Mapping[str, Any]) -> bool:
    """Say whether a test that is a column, or certain, holds in a row."""
    match one:
        case Truth(name):
            return bool(found[name])
        case Always(holds):
            return holds
        case _:
            raise AssertionError(one)
