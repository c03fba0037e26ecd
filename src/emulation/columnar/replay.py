"""Replay: the board of every day of a drive in one go, each from the day before and what was added since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, TypeAlias, TypeVar

import numpy as np
from attrs import field, frozen

from emulation.asking import Gathered
from emulation.campaign import Campaign
from emulation.columnar.archive import archive_at
from emulation.columnar.arrays import Array, Columns, Table, carried_out
from emulation.columnar.figures import Coming, Figures, archived, long, reported
from emulation.columnar.following import Following, When
from emulation.columnar.frames import facts_in, known_to
from emulation.columnar.handed_in import bodies_of
from emulation.columnar.plan import AIM_STATES, Field, Plan, given_verdict, past_deadlines, plan_of, readings_of
from emulation.columnar.ranking import Placing
from emulation.columnar.sheet import ALIVE, DEPTH, PARENT, Read, Reading
from emulation.columnar.sources import holder, long_taken
from emulation.columnar.summing import Score
from emulation.columnar.terms import Cell, Term, Test, Truth, Whole
from emulation.course import DayBoard, days_between
from emulation.criteria import TOTAL
from emulation.exact import Rational, divide
from emulation.indicators import At, Milestone, Over
from emulation.names import ParticipantId, TargetId
from emulation.observations import Observations
from emulation.problems import Problem, Refused


def boards(
    campaign: Campaign,
    facts: Source,
    days: Sequence[date] | None = None,
    *,
    as_known: bool = False,
    engine: Any = None,
) -> Iterator[DayBoard]:
    """Give the board of each day, in the order of days; if not said, from the first fact of the period to the last.

    ``facts`` are observations, a long frame, paths of Parquet files, or the folder of an archive; a month of these is
    in memory at a time. ``engine`` looks through frames and files (see `score_columns`).

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
    replay = Replay.of(campaign, facts, as_known=as_known, engine=engine)
    coming = replay.coming
    yield from followed(
        replay, days_between(campaign, coming.first, coming.last) if days is None else sorted(set(days))
    )


def followed(replay: Replay, days: Sequence[date]) -> Iterator[DayBoard]:
    """Give the boards of some days, in their order.

    What a passed deadline came to is judged on its last day, whether or not that day's board was asked for.
    """
    rules = replay.campaign
    later = {day for last in days[-1:] for day in past_deadlines(rules.on(last), last).values()}
    for day in sorted({*days, *later}):
        board = replay.until(day)
        if day in days:
            yield board


Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")

Source: TypeAlias = Any
"""Observations, a long frame, paths of Parquet files, or an archive's folder."""


@frozen(eq=False)
class _Living:
    """Who lives, how deep in the tree each is, and what is known of all beforehand."""

    alive: Array
    depth: Array
    known: Field


@frozen(eq=False)
class Replay:
    """Holds what stood on a day, and goes on to a later one."""

    campaign: Campaign
    ids: tuple[ParticipantId, ...]
    table: Table
    coming: Coming
    stretches: Iterator[Figures]
    followed: Mapping[When, Following]
    verdicts: dict[TargetId, tuple[Array, Array]] = field(factory=dict)
    plans: dict[tuple[object, ...], Plan] = field(factory=dict)
    ahead: list[Figures] = field(factory=list)
    eras: dict[tuple[int, int], _Living] = field(factory=dict)

    @classmethod
    def of(cls, campaign: Campaign, facts: Source, *, as_known: bool = False, engine: Any = None) -> Replay:
        """Begin before the first day."""
        bodies = campaign.participants
        rows: dict[str, int] = {body.id: number for number, body in enumerate(bodies)}
        table, _ = bodies_of(bodies, campaign.timetable.period.first)
        texts = {name: table[name].to_pylist() for name in table.column_names if name not in (ALIVE, DEPTH)}
        parents = np.array([rows.get(parent, -1) if parent else -1 for parent in texts[PARENT]], dtype=np.int64)
        coming = _coming(campaign, facts, rows, as_known=as_known, engine=engine)
        asked: dict[When, dict[str, None]] = {}
        editions = (campaign, *(edition for _, edition in campaign.editions))
        for rules in editions:
            for reading in readings_of(rules):
                asked.setdefault(_when(reading, rules), {})[reading.fact] = None
        aging = any(one.stale_after is not None for rules in editions for one in rules.indicators)
        followed = {
            when: Following.of(when, [fact for fact in names if fact in coming.grids], coming, len(rows), aging=aging)
            for when, names in asked.items()
        }
        return cls(
            campaign, tuple(body.id for body in bodies), Table(texts, parents), coming, coming.stretches(), followed
        )

    def until(self, day: date) -> DayBoard:
        """Go on to a day, which is not before the last one, and give its board."""
        rules = self.campaign.on(day)
        self._go_on(day)
        columns: Columns = {}
        reads = {
            reading: self.followed[_when(reading, rules)].read(reading.fact, f"r{number}", columns)
            for number, reading in enumerate(readings_of(rules))
        }
        living = self._living(rules, day)
        columns |= {ALIVE: living.alive, DEPTH: living.depth}
        for target in past_deadlines(rules, day):
            names = given_verdict(target)
            for name, then in zip((names.yes, names.no), self.verdicts[target], strict=True):
                if isinstance(name, Truth):
                    columns[name.name] = then
        plan = self._plan(rules, day, living.known, reads)
        found = carried_out(plan, self.table, columns)
        for target, verdict in plan.asked.items():
            self.verdicts[target] = self._truth(verdict.yes, found), self._truth(verdict.no, found)
        return self._board(plan, day, found)

    def _living(self, rules: Campaign, day: date) -> _Living:
        """Say who lives on a day; that is looked for once for all days between two on which it changes."""
        era = id(rules), rules.participants.era_of(day)
        if era not in self.eras:
            bodies, known = bodies_of(rules.participants, day)
            alive, depth = (np.array(bodies[name].to_pylist()) for name in (ALIVE, DEPTH))
            self.eras[era] = _Living(alive.astype(bool), depth.astype(np.int64), known)
        return self.eras[era]

    def _go_on(self, day: date) -> None:
        """Take in what counts from days up to this one on, one stretch after the other."""
        while (figures := self._begun(day)) is not None:
            for one in self.followed.values():
                one.go_on(day)
                one.expect(figures)
        for one in self.followed.values():
            one.go_on(day)

    def _begun(self, day: date) -> Figures | None:
        """Give the next stretch if any of it counts by this day."""
        if not self.ahead:
            self.ahead.extend(islice(self.stretches, 1))
        if self.ahead and (not len(self.ahead[0].counts) or self.ahead[0].counts[0] <= day.toordinal()):
            return self.ahead.pop()
        return None

    def _plan(self, rules: Campaign, day: date, known: Field, reads: Mapping[Reading, Read]) -> Plan:
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
            tuple((_taken_for_granted(read.value.top), _taken_for_granted(read.state)) for read in reads.values()),
        )
        if key not in self.plans:
            self.plans[key] = plan_of(rules, day, known, reads, due, details=False)
        return self.plans[key]

    def _number(self, term: Term, found: Columns) -> Array:
        return found[term.name] if isinstance(term, Cell) else np.full(self.table.rows, _written(term), dtype=np.int64)

    def _truth(self, test: Test, found: Columns) -> Array:
        return found[test.name] if isinstance(test, Truth) else np.full(self.table.rows, _holds(test), dtype=bool)

    def _board(self, plan: Plan, day: date, found: Columns) -> DayBoard:
        return DayBoard(
            day,
            self._totals(plan.scores[TOTAL], found),
            {standing: self._places(one, found) for standing, one in plan.placings.items()},
            self._coded(plan.class_, plan.classes, found),
            {id: self._coded(term, AIM_STATES, found) for id, term in plan.aims.items()},
        )

    def _totals(self, total: Score, found: Columns) -> Mapping[ParticipantId, Rational]:
        known = np.flatnonzero(self._truth(total.known, found))
        top, bottom = (self._number(one, found)[known] for one in (total.points.top, total.points.bottom))
        return self._told(known, lambda: map(divide, top.tolist(), bottom.tolist()))

    def _places(self, placing: Placing, found: Columns) -> Mapping[ParticipantId, int]:
        ranked = np.flatnonzero(self._truth(placing.ranked, found))
        return self._told(ranked, self._number(placing.place, found)[ranked].tolist)

    def _coded(self, term: Term, names: Sequence[Name], found: Columns) -> Mapping[ParticipantId, Name]:
        """Give the class, or the state of a target, of those who have one; codes count from 1."""
        codes = self._number(term, found)
        meant = np.flatnonzero(codes)
        held = codes[meant]
        return self._told(meant, lambda: [names[code - 1] for code in held.tolist()])

    def _told(self, rows: Array, values: Callable[[], Iterable[Value]]) -> Mapping[ParticipantId, Value]:
        """Give values to those in some rows, once anybody asks."""
        return Gathered(lambda: {self.ids[row]: one for row, one in zip(rows.tolist(), values(), strict=True)})


def _written(term: Term) -> int:
    if not isinstance(term, Whole):
        raise AssertionError(term)
    return term.value


def _holds(test: Test) -> bool:
    return bool(getattr(test, "holds", False))


def _when(reading: Reading, rules: Campaign) -> When:
    """Give the time at which a fact is looked at, and the days of it under these rules."""
    span = rules.timetable.span(reading.time.window) if isinstance(reading.time, Over) else None
    return reading.time, span


def _taken_for_granted(term: Term) -> object:
    """Give what a plan rests on of a figure: between what it lies, what all come to, which there are."""
    return (term.range, term.mass, term.among) if isinstance(term, Cell) else term


def _coming(campaign: Campaign, facts: Source, rows: Mapping[str, int], *, as_known: bool, engine: Any) -> Coming:
    if isinstance(facts, Observations):
        return reported(facts, rows, as_known=as_known)
    if as_known:
        what = "a table or an archive does not keep when each fact was handed in"
        raise Refused([Problem("E795", what, "a ledger, or boards as things are known now")])
    if (archive := archive_at(facts)) is not None:
        return archived(known_to(archive, campaign), rows)
    held = holder(facts, engine)
    bodies, _ = bodies_of(campaign.participants, campaign.timetable.period.first)
    return long(facts_in(long_taken(facts, held), campaign, held.frame(bodies), None, held), rows, held)
