"""Entrance: what is looked at when facts come in, as the campaign declares it: ranges, jumps, stale figures, totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from emulation.exact import Rational, add_up, write_number
from emulation.names import near
from emulation.observations import Door, Observation, Written
from emulation.problems import Problem
from emulation.reading.tables import Table

Slip = tuple[Observation, Problem]


def looked_at(facts: Iterable[Observation], written: Written) -> Iterator[tuple[Slip, bool]]:
    """Find what the campaign's door stops or tells of: each fact with its problem, and whether it is set aside."""
    doors = dict(written.door)
    if not doors:
        return
    series: dict[tuple[str, str, str | None], list[Observation]] = {}
    for one in facts:
        if one.fact in doors and one.value is not None:
            series.setdefault((one.participant, one.fact, one.stage), []).append(one)
    for (_, fact, _), reports in series.items():
        door = doors[fact]
        for slip in _at(door, sorted(reports, key=lambda one: one.span)):
            yield slip, door.else_ == "reject"


def _at(door: Door, reports: Sequence[Observation]) -> Iterator[Slip]:
    for one in reports:
        yield from _out_of_range(door, one)
    if door.times is not None:
        for before, one in pairwise(reports):
            yield from _jump(door.times, before, one)
    if door.stale is not None:
        yield from _stale(door.stale, reports)


def _out_of_range(door: Door, one: Observation) -> Iterator[Slip]:
    value = one.value or 0
    if (door.from_ is not None and value < door.from_) or (door.to is not None and value > door.to):
        least = None if door.from_ is None else f"at least {write_number(door.from_)}"
        most = None if door.to is None else f"at most {write_number(door.to)}"
        expected = " and ".join(word for word in (least, most) if word)
        yield one, Problem("E334", f"{_named(one)} is {write_number(value)}", expected)


def _jump(times: Rational, before: Observation, one: Observation) -> Iterator[Slip]:
    was, now = before.value or 0, one.value or 0
    if now > was * times or was > now * times:
        what = f"{_named(one)} is {write_number(now)}, and was {write_number(was)} ({before.written})"
        yield one, Problem("E335", what, f"at most {write_number(times)} times as much or as little")


def _stale(most: int, reports: Sequence[Observation]) -> Iterator[Slip]:
    run = 1
    for before, one in pairwise(reports):
        run = run + 1 if before.value == one.value else 1
        if run > most:
            what = f"{_named(one)} is {write_number(one.value or 0)} in {run} reports in a row"
            yield one, Problem("E336", what, f"a new figure after at most {most} reports")


def _named(one: Observation) -> str:
    return f"{one.fact} of {one.participant}"


_LAST_ROWS = {65_536, 1_048_576}


def at_a_limit(table: Table) -> Iterator[Problem]:
    """Tell of a table that ends where an old or a new workbook can hold no more rows: the rest may be cut off."""
    last = table.numbers[-1] if len(table.rows) else 0
    if last in _LAST_ROWS:
        what = f"the table ends on line {last:,}, where workbooks end"
        yield Problem("W331", what, "see that nothing was cut off below", place=table.place(last, 0))


def unbalanced(facts: Iterable[Observation], written: Written, known: Iterable[str]) -> Iterator[Problem]:
    """Find facts that do not add up to what the campaign says they do."""
    totals: Mapping[str, Rational] = dict(written.totals)
    values: dict[str, list[Rational]] = {fact: [] for fact in totals}
    for one in facts if totals else ():
        if one.fact in values and one.value is not None:
            values[one.fact].append(one.value)
    for fact, given in totals.items():
        if fact not in known:
            yield Problem("E135", f"a total of an unknown fact {fact!r}", near=near(fact, known))
        elif (found := add_up(values[fact])) != given:
            sums = f"{write_number(given)} declared, {write_number(found)} found, {write_number(found - given)} apart"
            yield Problem("E330", f"{fact} does not add up: {sums}", "find what is missing or counted twice")
