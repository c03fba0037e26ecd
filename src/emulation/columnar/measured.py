"""Measured: each indicator as terms over what was read of its facts: its value, or the state in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from emulation.columnar.quantities import ZERO, Quantity, chosen, divided, held, take, total, written
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import Read, Reading, Sheet
from emulation.columnar.terms import (
    NO,
    NOTHING,
    Term,
    Test,
    Whole,
    both,
    choice,
    compared,
    every,
    negated,
    some,
)
from emulation.indicators import (
    At,
    Change,
    Count,
    Exclusion,
    Indicator,
    Level,
    Milestone,
    Number,
    Pool,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.names import IndicatorId
from emulation.observations import STATES, State
from emulation.periods import Timetable, Window

CODES: Mapping[State, int] = {state: code for code, state in enumerate(STATES)}
MEASURED, MISSING, NOT_APPLICABLE, ZERO_DENOMINATOR, NOT_YET_DUE, WITHHELD = map(Whole, range(len(STATES)))
UNREPORTED = Whole(len(STATES))
"""A state of what was read alone: nothing at all was reported."""


@frozen
class Measured:
    """An indicator's value where it is ``known``, else the code of its state; ``of`` and ``among`` are its parts.

    ``parted`` holds where there are parts, divided or not; ``undone`` where a task is overdue and not done.
    """

    known: Test
    value: Quantity
    state: Term
    of: Quantity = ZERO
    among: Quantity = ZERO
    parted: Test = NO
    undone: Test = NO


@frozen
class Measurer:
    """Says of each indicator how it is measured as things stood on a day, each once."""

    indicators: Mapping[IndicatorId, Indicator]
    timetable: Timetable
    day: date
    read: Callable[[Reading], Read]
    sheet: Sheet
    made: dict[str, Measured] = field(factory=dict)

    def of(self, id: str) -> Measured:
        """Give an indicator's measurements, in columns of their own."""
        if id not in self.made:
            self.made[id] = self._kept(id, self._of(self.indicators[IndicatorId(id)]))
        return self.made[id]

    def _kept(self, id: str, one: Measured) -> Measured:
        sheet = self.sheet
        return Measured(
            sheet.truth(f"{id}:known", one.known),
            sheet.quantity(f"{id}:value", one.value),
            sheet.let(f"{id}:state", one.state),
            sheet.quantity(f"{id}:of", one.of),
            sheet.quantity(f"{id}:among", one.among),
            sheet.truth(f"{id}:parted", one.parted),
            sheet.truth(f"{id}:undone", one.undone),
        )

    def _of(self, indicator: Indicator) -> Measured:
        own = self._own(indicator)
        if indicator.pooled is not None:
            own = _either(self.sheet.kind(indicator.pooled.for_), self._pooled(indicator, indicator.pooled, own), own)
        return _either(self.sheet.selected(indicator.for_), own, _state(NOT_APPLICABLE))

    def _own(self, indicator: Indicator) -> Measured:
        match indicator.measured_as:
            case Share(of, among, excluding) | Ratio(of, among, excluding):
                cut = [exclusion for _, exclusion in excluding]
                return _quotient(
                    [self._part(name, indicator) for name in (of, *_named(cut, "of"))],
                    [self._part(name, indicator) for name in (among, *_named(cut, "among"))],
                )
            case Sample(of, asked, at_least):
                share = _quotient([self._part(of, indicator)], [self._part(asked, indicator)])
                return _if_enough(share, at_least)
            case Count() | Number() | YesNo() | Level() | Rank():
                return self._reported(indicator, indicator.id)
            case Milestone() as milestone:
                return self._late(indicator, milestone)
            case Change() as change:
                return self._changed(change)
            case other:
                raise ExactOnly(("indicators", indicator.id), f"measured by {type(other).__name__.lower()}")

    def _part(self, name: IndicatorId, indicator: Indicator) -> Measured:
        return self.of(name) if name in self.indicators else self._reported(indicator, name)

    def _reported(self, indicator: Indicator, fact: str) -> Measured:
        if indicator.time is None:
            return _state(MISSING)
        read = self._asked(indicator, fact)
        state = choice(compared(read.state, "==", UNREPORTED), MISSING, read.state)
        if indicator.stale_after is not None and isinstance(indicator.time, At) and read.last is not None:
            until = self.day if indicator.time.day == "latest" else min(indicator.time.day, self.day)
            stale = compared(read.last, "<", Whole(until.toordinal() - indicator.stale_after))
            reported = compared(read.state, "<", UNREPORTED)
            state = choice(both(reported, stale), MISSING, state)
        return Measured(compared(state, "==", MEASURED), read.value, state)

    def _asked(self, indicator: Indicator, fact: str) -> Read:
        if indicator.time is None:
            raise AssertionError(indicator)
        return self.read(Reading(fact, indicator.time))

    def _late(self, indicator: Indicator, milestone: Milestone) -> Measured:
        if milestone.counted_in != "days":
            raise ExactOnly(("indicators", indicator.id), "lateness in working days")
        due = milestone.due.span(self.timetable.calendar).last if isinstance(milestone.due, Window) else milestone.due
        reported = self._reported(indicator, indicator.id)
        days = take(reported.value, written(due.toordinal()))
        if indicator.time is None:
            silent: Test = NO
        else:
            silent = compared(self._asked(indicator, indicator.id).state, "==", UNREPORTED)
        if self.day <= due:
            state = choice(silent, NOT_YET_DUE, reported.state)
            return Measured(compared(state, "==", MEASURED), days, state)
        state = choice(silent, MEASURED, reported.state)
        value = chosen(silent, written((self.day - due).days), days)
        return Measured(compared(state, "==", MEASURED), value, state, undone=silent)

    def _changed(self, change: Change) -> Measured:
        now, then = self.of(change.of), self.of(change.since)
        gained = take(now.value, then.value)
        stopped = _first_unmeasured([now, then])
        known = both(now.known, then.known)
        match change.counted_as:
            case "difference":
                return Measured(known, gained, stopped)
            case "relative":
                base = then.value
            case "gap_closed":
                base = take(written(change.goal or 0), then.value)
        return _divided(known, gained, base, stopped)

    def _pooled(self, indicator: Indicator, pool: Pool, own: Measured) -> Measured:
        """Sum the parts of those below before anything is divided."""
        own = self._kept(
            f"{indicator.id}:own", _either(self.sheet.selected(indicator.for_), own, _state(NOT_APPLICABLE))
        )
        parts = negated(compared(own.state, "==", NOT_APPLICABLE))
        usable = some((own.known, own.parted))
        divides = isinstance(indicator.measured_as, Share | Ratio | Sample)
        sums = (own.of, own.among) if divides else (own.value,)
        counts, found = self.sheet.below(
            f"{indicator.id}:below", pool.from_, [parts, usable], [chosen(usable, one, ZERO) for one in sums]
        )
        all_below, parts_below, usable_below = counts
        meant_for_none = both(compared(all_below, ">", NOTHING), compared(parts_below, "==", NOTHING))
        lacking = compared(usable_below, "==", NOTHING)
        if pool.incomplete == "missing":
            lacking = some((lacking, compared(usable_below, "<", parts_below)))
        stopped = choice(meant_for_none, NOT_APPLICABLE, choice(lacking, MISSING, MEASURED))
        known = compared(stopped, "==", MEASURED)
        if not divides:
            return Measured(known, found[0], stopped)
        whole = _divided(known, found[0], found[1], stopped)
        sample = indicator.measured_as
        return _if_enough(whole, sample.at_least) if isinstance(sample, Sample) else whole


def _named(exclusions: Sequence[Exclusion], side: str) -> list[IndicatorId]:
    sides = [exclusion.of if side == "of" else exclusion.among for exclusion in exclusions]
    return [name for name in sides if name is not None]


def _state(code: Whole) -> Measured:
    return Measured(NO, ZERO, code)


def _quotient(numerators: Sequence[Measured], denominators: Sequence[Measured]) -> Measured:
    """Divide the first of each side less the others of that side, which are exclusions."""
    parts = [*numerators, *denominators]
    of = take(numerators[0].value, total(one.value for one in numerators[1:]))
    among = take(denominators[0].value, total(one.value for one in denominators[1:]))
    return _divided(every(one.known for one in parts), of, among, _first_unmeasured(parts))


def _divided(known: Test, of: Quantity, among: Quantity, stopped: Term) -> Measured:
    nothing = held(among, "==", ZERO)
    state = choice(known, choice(nothing, ZERO_DENOMINATOR, MEASURED), stopped)
    return Measured(both(known, negated(nothing)), divided(of, among), state, of, among, known)


def _first_unmeasured(parts: Sequence[Measured]) -> Term:
    """Give the state of the first part without a value; *measured* where all have one."""
    state: Term = MEASURED
    for part in reversed(parts):
        state = choice(part.known, state, part.state)
    return state


def _if_enough(share: Measured, at_least: int) -> Measured:
    """Withhold a share of which too few were asked."""
    few = both(share.parted, held(share.among, "<", written(at_least)))
    return Measured(
        both(share.known, negated(few)),
        share.value,
        choice(few, WITHHELD, share.state),
        share.of,
        share.among,
        share.parted,
    )


def _either(test: Test, then: Measured, other: Measured) -> Measured:
    return Measured(
        _picked(test, then.known, other.known),
        chosen(test, then.value, other.value),
        choice(test, then.state, other.state),
        chosen(test, then.of, other.of),
        chosen(test, then.among, other.among),
        _picked(test, then.parted, other.parted),
        _picked(test, then.undone, other.undone),
    )


def _picked(test: Test, then: Test, other: Test) -> Test:
    return some((both(test, then), both(negated(test), other)))
