"""Entrance: what is looked at in a table as a whole when it comes in: its totals, and whether it was cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from emulation.exact import Rational, add_up, write_number
from emulation.names import near
from emulation.observations import Observation, Written
from emulation.problems import Problem
from emulation.reading.tables import Table

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
