"""Replay: the board of every day of a drive in one go, each from the day before and what was added since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from attrs import field, frozen

from emulation.campaign import Campaign
from emulation.columnar.arrays import Array, Columns, Table, carried_out
from emulation.columnar.handed_in import bodies_of, grids_of
from emulation.columnar.measured import CODES, UNREPORTED
from emulation.columnar.plan import AIM_STATES, Field, Plan, given_verdict, past_deadlines, plan_of, readings_of
from emulation.columnar.quantities import over
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import ALIVE, DEPTH, ID, PARENT, Read, Reading
from emulation.columnar.terms import EXACT_INT, Cell, Range, Term, Test, Truth, Whole
from emulation.course import DayBoard, counts_from, days_of
from emulation.criteria import TOTAL
from emulation.exact import divide
from emulation.indicators import At, Milestone, Over
from emulation.names import ParticipantId, TargetId
from emulation.observations import Observation, Observations
from emulation.periods import Span
from emulation.problems import Refused
from emulation.targets import AimState


def boards(
    campaign: Campaign, observations: Observations, days: Sequence[date] | None = None, *, as_known: bool = False
) -> Iterator[DayBoard]:
    """Give the board of each day, in the order of days; if not said, from the first fact of the period to the last.

    With ``as_known`` a fact counts from the day on which it was handed in (E791 where that is not known), else from
    the last of its days on. Raise `Refused` (E780) for what columns do not judge. Only what stood on one day is held
    in memory, however many days there are.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> last = list(boards(campaign, facts, [date(2025, 7, 20), date(2025, 8, 6)]))[-1]
    >>> last.day, last.places["total"]["05503"], last.classes["05503"]
    (datetime.date(2025, 8, 6), 15, 'green')
    """
    try:
        replay = Replay.of(campaign, observations, as_known=as_known)
        asked = days_of(campaign, observations, as_known=as_known) if days is None else sorted(set(days))
        # What a passed deadline came to is judged on its last day, whether or not that day's board was asked for.
        later = {day for last in asked[-1:] for day in past_deadlines(campaign.on(last), last).values()}
        for day in sorted({*asked, *later}):
            board = replay.until(day)
            if day in asked:
                yield board
    except ExactOnly as slip:
        raise Refused([slip.problem]) from None


@frozen
class _Figure:
    """A fact as it enters a state: from which day on it counts, whose it is, and what it says."""

    day: date
    row: int
    span: Span
    value: int
    state: int


@frozen(eq=False)
class Replay:
    """Holds what stood on a day, and goes on to a later one."""

    campaign: Campaign
    table: Table
    grids: Mapping[str, int]
    figures: Mapping[str, Sequence[_Figure]]
    states: dict[Reading, _State] = field(factory=dict)
    verdicts: dict[TargetId, tuple[Array, Array]] = field(factory=dict)
    plans: dict[tuple[object, ...], Plan] = field(factory=dict)

    @classmethod
    def of(cls, campaign: Campaign, observations: Observations, *, as_known: bool = False) -> Replay:
        """Begin before the first day."""
        bodies = campaign.participants
        rows = {body.id: number for number, body in enumerate(bodies)}
        table, _ = bodies_of(bodies, campaign.timetable.period.first)
        texts = {name: table[name].to_pylist() for name in table.column_names if name not in (ALIVE, DEPTH)}
        parents = np.array([rows.get(parent, -1) if parent else -1 for parent in texts[PARENT]], dtype=np.int64)
        grids = grids_of(observations.reported)
        figures: dict[str, list[_Figure]] = {}
        for one in observations:
            figures.setdefault(one.fact, []).append(_figure(one, rows[one.participant], grids, as_known=as_known))
        for found in figures.values():
            found.sort(key=lambda figure: figure.day)
        return cls(campaign, Table(texts, parents), grids, figures)

    def until(self, day: date) -> DayBoard:
        """Go on to a day, which is not before the last one, and give its board."""
        rules = self.campaign.on(day)
        readings = readings_of(rules)
        columns: Columns = {}
        for number, reading in enumerate(readings):
            state = self._state(reading, rules)
            state.go_on(day)
            columns[f"r{number}:value"], columns[f"r{number}:state"], columns[f"r{number}:last"] = state.cells()
        bodies, known = bodies_of(rules.participants, day)
        columns[ALIVE] = np.array(bodies[ALIVE].to_pylist(), dtype=bool)
        columns[DEPTH] = np.array(bodies[DEPTH].to_pylist(), dtype=np.int64)
        for target in past_deadlines(rules, day):
            names = given_verdict(target)
            for name, then in zip((names.yes, names.no), self.verdicts[target], strict=True):
                if isinstance(name, Truth):
                    columns[name.name] = then
        plan = self._plan(rules, day, known, readings)
        found = carried_out(plan, self.table, columns)
        for target, verdict in plan.asked.items():
            self.verdicts[target] = self._truth(verdict.yes, found), self._truth(verdict.no, found)
        return self._board(plan, day, found)

    def _state(self, reading: Reading, rules: Campaign) -> _State:
        if reading not in self.states:
            figures = self.figures.get(reading.fact, ())
            span = rules.timetable.span(reading.time.window) if isinstance(reading.time, Over) else None
            self.states[reading] = _State.of(reading, span, figures, self.table.rows)
        return self.states[reading]

    def _plan(self, rules: Campaign, day: date, known: Field, readings: Sequence[Reading]) -> Plan:
        """Compile the rules once for all days on which they come to the same."""
        due = tuple(target.id for target in rules.targets if target.deadline and target.deadline.last == day)
        moves = any(isinstance(one.measured_as, Milestone) or one.stale_after for one in rules.indicators)
        until = [one.time.day for one in rules.indicators if isinstance(one.time, At) and one.time.day != "latest"]
        key = (
            id(rules),
            known,
            tuple(past_deadlines(rules, day)),
            due,
            day if moves or any(day <= last for last in until) else None,
        )
        if key not in self.plans:
            reads = {
                reading: self.states[reading].read(f"r{number}", self.grids) for number, reading in enumerate(readings)
            }
            self.plans[key] = plan_of(rules, day, known, reads, due, details=False)
        return self.plans[key]

    def _number(self, term: Term, found: Columns) -> Array:
        return found[term.name] if isinstance(term, Cell) else np.full(self.table.rows, _written(term), dtype=np.int64)

    def _truth(self, test: Test, found: Columns) -> Array:
        return found[test.name] if isinstance(test, Truth) else np.full(self.table.rows, _holds(test), dtype=bool)

    def _board(self, plan: Plan, day: date, found: Columns) -> DayBoard:
        ids = self.table.texts[ID]
        total = plan.scores[TOTAL]
        known = np.flatnonzero(self._truth(total.known, found))
        tops, bottoms = (self._number(one, found)[known].tolist() for one in (total.points.top, total.points.bottom))
        totals = {
            ParticipantId(str(ids[row])): divide(top, bottom)
            for row, top, bottom in zip(known.tolist(), tops, bottoms, strict=True)
        }
        places = {}
        for standing, one in plan.placings.items():
            ranked = np.flatnonzero(self._truth(one.ranked, found))
            stood = self._number(one.place, found)[ranked].tolist()
            places[standing] = {
                ParticipantId(str(ids[row])): place for row, place in zip(ranked.tolist(), stood, strict=True)
            }
        codes = self._number(plan.class_, found)
        held = np.flatnonzero(codes)
        classes = {
            ParticipantId(str(ids[row])): plan.classes[code - 1]
            for row, code in zip(held.tolist(), codes[held].tolist(), strict=True)
        }
        return DayBoard(day, totals, places, classes, {id: self._aims(term, found) for id, term in plan.aims.items()})

    def _aims(self, term: Term, found: Columns) -> dict[ParticipantId, AimState]:
        """Give how a target stands for those it is for."""
        ids, codes = self.table.texts[ID], self._number(term, found)
        meant = np.flatnonzero(codes)
        stood = zip(meant.tolist(), codes[meant].tolist(), strict=True)
        return {ParticipantId(str(ids[row])): AIM_STATES[code - 1] for row, code in stood}


def _written(term: Term) -> int:
    if not isinstance(term, Whole):
        raise AssertionError(term)
    return term.value


def _holds(test: Test) -> bool:
    return bool(getattr(test, "holds", False))


def _figure(one: Observation, row: int, grids: Mapping[str, int], *, as_known: bool) -> _Figure:
    day = counts_from(one, as_known=as_known)
    if one.bound is not None:
        raise ExactOnly(("observations", one.fact), "a figure reported as a bound")
    value = 0 if one.value is None else one.value
    scaled = value.numerator * (grids[one.fact] // value.denominator) if one.value is not None else 0
    if abs(scaled) >= EXACT_INT:
        raise ExactOnly(("observations", one.fact), f"a figure of {scaled.bit_length()} bits on its grid")
    return _Figure(day, row, one.span, scaled, CODES[one.state])


@frozen(eq=False)
class _State:
    """What was read of one fact of each participant up to a day, and the figures still to come."""

    reading: Reading
    span: Span | None
    coming: list[_Figure]
    range: Range
    mass: int
    codes: frozenset[int]
    value: Array
    state: Array
    last: Array
    key: Array
    stop: Array
    applying: Array

    @classmethod
    def of(cls, reading: Reading, span: Span | None, figures: Iterable[_Figure], rows: int) -> _State:
        meant = [one for one in figures if span is None or span.holds(one.span)]
        values = [one.value for one in meant if one.state == 0]
        low = min(0, sum(value for value in values if value < 0) if span else min(values, default=0))
        high = max(0, _greatest_sum(meant) if span else max(values, default=0))
        empty = [np.zeros(rows, dtype=np.int64) for _ in range(4)]
        none_yet = np.full(rows, UNREPORTED.value, dtype=np.int64)
        codes = frozenset((UNREPORTED.value, 0, *(one.state for one in meant)))
        return cls(
            reading,
            span,
            list(reversed(meant)),
            Range(low, high),
            sum(map(abs, values)),
            codes,
            empty[0],
            none_yet,
            empty[1],
            empty[2],
            np.full(rows, _NEVER, dtype=np.int64),
            empty[3],
        )

    def go_on(self, day: date) -> None:
        """Take in what counts from days up to this one on."""
        until = day
        if isinstance(self.reading.time, At) and self.reading.time.day != "latest":
            until = min(day, self.reading.time.day)
        while self.coming and self.coming[-1].day <= day:
            one = self.coming.pop()
            if one.span.last <= until or self.span is not None:
                self._take(one)

    def _take(self, one: _Figure) -> None:
        row = one.row
        packed = (one.span.last.toordinal() << 22) + one.span.first.toordinal()
        if self.span is None:
            if packed >= self.key[row]:
                self.key[row], self.state[row], self.last[row] = packed, one.state, one.span.last.toordinal()
                self.value[row] = one.value if one.state == 0 else 0
            return
        if one.state == 0:
            self.value[row] += one.value
        if one.state != CODES["not_applicable"]:
            self.applying[row] += 1
        if one.state not in (0, CODES["not_applicable"]) and packed < self.stop[row]:
            self.stop[row], self.key[row] = packed, one.state
        stopped = self.key[row] if self.stop[row] != _NEVER else 0
        self.state[row] = stopped if self.applying[row] else CODES["not_applicable"]

    def cells(self) -> tuple[Array, Array, Array]:
        return self.value, self.state, self.last

    def read(self, name: str, grids: Mapping[str, int]) -> Read:
        """Say between what the figures lie on any day."""
        return Read(
            over(Cell(f"{name}:value", self.range, self.mass), Whole(grids.get(self.reading.fact, 1))),
            Cell(f"{name}:state", Range(0, UNREPORTED.value), among=self.codes),
            Cell(f"{name}:last", Range(0, date.max.toordinal())),
        )


_NEVER = 2**62


def _greatest_sum(figures: Iterable[_Figure]) -> int:
    """Give the most any participant's figures can come to on any day."""
    sums: dict[int, int] = {}
    for one in figures:
        if one.state == 0 and one.value > 0:
            sums[one.row] = sums.get(one.row, 0) + one.value
    return max(sums.values(), default=0)
