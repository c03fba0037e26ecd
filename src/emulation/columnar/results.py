"""Results: what stands in the columns of a verdict, as exact values, participant by participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from emulation.columnar.archive import Archive
from emulation.columnar.engines import Engine, Frame, table_of
from emulation.columnar.long import Facts
from emulation.columnar.plan import AIM_STATES, Plan
from emulation.columnar.quantities import Quantity
from emulation.columnar.terms import Always, Cell, Term, Test, Truth, Whole
from emulation.course import DayBoard
from emulation.criteria import TOTAL
from emulation.exact import Rational, divide
from emulation.names import AwardId, ClassName, IndicatorId, ParticipantId, StandingId, TargetId
from emulation.observations import STATES, State
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
    """What one participant came to."""

    id: str
    values: Mapping[IndicatorId, tuple[State, Rational | None]]
    points: Mapping[str, Rational | None]
    standings: Mapping[StandingId, Standing]
    aims: Mapping[TargetId, AimState]
    class_: ClassName | None
    awards: Mapping[AwardId, bool | None]
    blocked: tuple[str, ...]


def rows(verdict: Verdict) -> Iterator[Row]:
    """Give all participants' results, in no order that means anything."""
    return (_row(verdict, found) for found in table_of(verdict.frame).to_pylist())


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
        found["id"],
        {
            id: (STATES[number(one.state, found)], value(one.value, found) if holds(one.known, found) else None)
            for id, one in (plan.measured.items() if plan.details else ())
        },
        {
            id: value(one.points, found) if holds(one.known, found) else None
            for id, one in plan.scores.items()
            if (plan.details or id == TOTAL) and holds(one.present, found)
        },
        {
            id: Standing(
                number(one.place, found) if holds(one.ranked, found) else None,
                number(one.of, found) if plan.details else None,
                number(one.equal, found) - 1 if plan.details and holds(one.ranked, found) else 0,
                holds(one.open, found),
            )
            for id, one in plan.placings.items()
            if holds(one.meant, found)
        },
        {id: AIM_STATES[state - 1] for id, one in plan.aims.items() if (state := number(one, found))},
        plan.classes[code - 1] if code else None,
        {id: (False, True, None)[number(one, found)] for id, one in plan.awards.items()},
        tuple(id for id, one in plan.blocked.items() if holds(one, found)),
    )


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
