"""Counting: the cases of a register to the facts counted of them, day by day; every row is accounted for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import add
from typing import Any

from attrs import astuple, evolve, frozen

from emulation.campaign import Campaign
from emulation.cases import Value, day_of
from emulation.indicators import Over
from emulation.names import FieldId, ParticipantId
from emulation.observations import Observation, Observations, Tally
from emulation.participants import Participant
from emulation.periods import Span
from emulation.problems import Place, Problem
from emulation.registers import Counted, Latest, Register


@frozen
class Entry:
    """A row of a register: whose case it is, what stands in its fields, and where it stands."""

    participant: ParticipantId
    values: Mapping[FieldId, Value]
    place: Place


def count_entries(register: Register, entries: Sequence[Entry], campaign: Campaign) -> Observations:
    """Count the cases of a register: an observation for each body, fact and day on which it has a case.

    Of each fact a body has, nothing is reported as zero on the first day it can be about, so that who has cases and
    none that is meant has none, which is not the same as missing. Rows read = new (those that are counted) +
    corrected (a later row took their place) + unchanged (they say the same again) + rejected.
    """
    cases = _Cases(register)
    for entry in entries:
        cases.add(entry)
    kept = list(cases.settled())
    spans = {counted.id: spans_of(campaign, counted.id) for counted in register.counts}
    facts = tuple(_facts(register, kept, campaign, spans))
    outside = sum(not _is_ever_counted(register, case, spans) for case in kept)
    rows = sum(len(case) for case in kept)
    rejected = len(entries) - rows - cases.corrected - cases.unchanged
    tally = Tally(len(entries), rows, cases.corrected, cases.unchanged, rejected)
    warnings = [] if not outside else [_told(register, outside, len(kept))]
    return Observations(facts, tuple(cases.problems), tally, tuple(warnings))


def _told(register: Register, outside: int, of: int) -> Problem:
    what = f"{outside} of {of} cases are about other days, and not counted"
    return Problem("W350", what, path=("registers", register.id))


class _Cases:
    """Gathers rows into cases, and settles what several rows about one case are."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.corrected = self.unchanged = 0
        self.problems: list[Problem] = []
        self._rows: dict[tuple[Value, ...] | int, list[Entry]] = {}

    def add(self, entry: Entry) -> None:
        """Put a row to its case; where each row is a case, to one of its own."""
        key = tuple(entry.values[field] for field in self.register.key) or len(self._rows)
        self._rows.setdefault(key, []).append(entry)

    def settled(self) -> Iterator[tuple[Entry, ...]]:
        """Give the rows that count of each case; none of a case whose rows contradict each other."""
        for rows in self._rows.values():
            if len(rows) == 1:
                yield tuple(rows)
            else:
                yield from self._of(self._unlike(rows))

    def _unlike(self, rows: Sequence[Entry]) -> list[Entry]:
        """Leave out rows that say the same as an earlier one."""
        unlike: list[Entry] = []
        for row in rows:
            if any((row.participant, row.values) == (one.participant, one.values) for one in unlike):
                self.unchanged += 1
            else:
                unlike.append(row)
        return unlike

    def _of(self, rows: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
        if len(rows) == 1:
            yield tuple(rows)
            return
        match self.register.repeated:
            case Latest(by):
                yield from self._latest(rows, by)
            case "together":
                yield from self._together(rows)
            case _:
                self._refuse(rows, "has several rows", "one row a case, or repeated: {latest: FIELD} or together")

    def _latest(self, rows: Sequence[Entry], by: FieldId) -> Iterator[tuple[Entry, ...]]:
        when = _comparable([row.values[by] for row in rows])
        newest = max(when)
        last = [row for row, at in zip(rows, when, strict=True) if at == newest]
        if len(last) > 1:
            self._refuse(rows, f"has several rows of the same {by}", "one of them the latest")
            return
        self.corrected += len(rows) - 1
        yield tuple(last)

    def _together(self, rows: Sequence[Entry]) -> Iterator[tuple[Entry, ...]]:
        first = rows[0]
        if any(row.participant != first.participant for row in rows):
            self._refuse(rows, "is of several bodies", "one body a case")
            return
        days = {self.register.dated_by(counted) for counted in self.register.counts}
        unlike = sorted(day for day in days if any(row.values[day] != first.values[day] for row in rows))
        if unlike:
            self._refuse(rows, f"has rows with unlike {', '.join(unlike)}", "one day on which a case counts")
            return
        yield tuple(rows)

    def _refuse(self, rows: Sequence[Entry], what: str, remedy: str) -> None:
        """Set aside every row of a case, each with where the first stands."""
        key = ", ".join(str(rows[0].values[field]) for field in self.register.key)
        for row in rows:
            where = "" if row is rows[0] else f", first on line {rows[0].place.line}"
            self.problems.append(Problem("E352", f"the case {key} {what}{where}", remedy, place=row.place))


def _comparable(values: Sequence[Any]) -> Sequence[Any]:
    """Give numbers or moments as they can be compared: by their days, where any has no time of day."""
    if isinstance(values[0], date) and not all(isinstance(value, datetime) for value in values):
        return [day_of(value) for value in values]
    return values


def _facts(
    register: Register, cases: Iterable[Sequence[Entry]], campaign: Campaign, spans: Mapping[str, Sequence[Span]]
) -> Iterator[Observation]:
    """Give the facts, body by body in their order, fact by fact, day by day."""
    of_each: defaultdict[ParticipantId, list[Sequence[Entry]]] = defaultdict(list)
    for case in cases:
        of_each[case[0].participant].append(case)
    for body in campaign.participants:
        own = of_each.get(body.id)
        if own is not None or (register.absent == "zero" and register.for_.selects(body)):
            for counted in register.counts:
                yield from _of_body(register, counted, body, own or (), spans[counted.id])


def _of_body(
    register: Register, counted: Counted, body: Participant, cases: Sequence[Sequence[Entry]], spans: Sequence[Span]
) -> Iterator[Observation]:
    """Give one fact of one body: how many cases are meant on each day on which it has any, and zero to begin with."""
    days: dict[date, int] = {span.first: 0 for span in spans}
    first_row: dict[date, Place] = {}
    for case in cases:
        day = register.day(counted, case[0].values)
        if day is None or not any(span.first <= day <= span.last for span in spans):
            continue
        days[day] = days.get(day, 0) + _is_meant(counted, case)
        first_row.setdefault(day, case[0].place)
    for day in sorted(days):
        place = first_row.get(day, Place("", 0))
        name = place.file if place.sheet is None else f"{place.file}:{place.sheet}"
        yield Observation(
            body.id,
            counted.id,
            Span(day, day),
            days[day],
            source=register.id,
            illustrative=register.illustrative,
            file=name,
            line=place.line,
        )


def _is_meant(counted: Counted, case: Sequence[Entry]) -> bool:
    meant = (counted.where.holds(row.values) for row in case)
    return all(meant) if counted.if_ == "every" else any(meant)


def _is_ever_counted(register: Register, case: Sequence[Entry], spans: Mapping[str, Sequence[Span]]) -> bool:
    """Say whether a case is about any day that anything is counted on, or has no day yet."""
    for counted in register.counts:
        day = register.day(counted, case[0].values)
        if day is None or any(span.first <= day <= span.last for span in spans[counted.id]):
            return True
    return False


def spans_of(campaign: Campaign, fact: str) -> tuple[Span, ...]:
    """Give the days a fact is summed over, by the indicators that look at it."""
    looking = [one for one in campaign.indicators if fact in (one.inputs or (one.id,))]
    found = [campaign.timetable.span(one.time.window) for one in looking if isinstance(one.time, Over)]
    return tuple(sorted(set(found)))


def in_place_of(counted: Observations, known: Iterable[Observation], register: Register) -> Observations:
    """Let a register that was counted anew take the place of what is known of it: days without cases now have none.

    The tally is of the facts then: a ledger keeps what was counted, not the cases.
    """
    said = {(one.participant, one.fact, one.span) for one in counted}
    gone = [
        evolve(one, value=0, source=register.id, file="", line=0)
        for one in known
        if one.fact in register.facts and one.value and (one.participant, one.fact, one.span) not in said
    ]
    facts = (*counted.reported, *gone)
    return evolve(counted, reported=facts, tally=Tally(len(facts), len(facts)))


def joined(one: Observations, other: Observations) -> Observations:
    """Put what was reported and what was counted together."""
    tally = Tally(*map(add, astuple(one.tally), astuple(other.tally)))
    return evolve(
        one,
        reported=(*one.reported, *other.reported),
        set_aside=(*one.set_aside, *other.set_aside),
        tally=tally,
        warnings=(*one.warnings, *other.warnings),
        sources=(*one.sources, *other.sources),
        rejected=(*one.rejected, *other.rejected),
    )
