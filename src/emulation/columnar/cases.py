"""Cases: the columns of a register, checked, and what is asked of its cases as tests of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import reduce
from math import ceil, floor
from operator import and_, or_
from typing import Any

import narwhals as nw
from attrs import frozen

from emulation.cases import (
    COMPARES,
    AtLeast,
    Below,
    Day,
    EdgeTest,
    FieldKind,
    IsNot,
    Known,
    Moment,
    Number,
    OneOf,
    Test,
    Text,
    Where,
    YesNo,
)
from emulation.columnar.engines import Frame
from emulation.columnar.frames import grid_of
from emulation.columnar.long import PARTICIPANT
from emulation.names import FieldId, near
from emulation.problems import Problem, Refused
from emulation.registers import Register


@frozen
class Cases:
    """The rows of a register in a frame, its columns under the ids of their fields, and how to ask of them."""

    frame: Frame
    asking: Asking


def cases_in(source: Frame, register: Register) -> Cases:
    """Take a frame as the rows of a register.

    Raise `Refused` for columns that are not there (E781), and of kinds that are not exact or cannot be compared (E782).
    """
    named = dict(register.table.columns)
    kinds = dict(source.collect_schema())
    columns = {field: named[field] if named.get(field) in kinds else field for field in (PARTICIPANT, *register.kinds)}
    problems = list(_ill_formed(kinds, columns, register))
    if problems:
        raise Refused(problems)
    grids = {field: grid_of(kinds[column]) for field, column in columns.items()}
    unlike = list(_of_unlike_scales(register, grids))
    if unlike:
        raise Refused(unlike)
    frame = source.select(*(_whole(column, grids[field]).alias(field) for field, column in columns.items()))
    timed = frozenset(field for field, column in columns.items() if isinstance(kinds[column], nw.Datetime))
    return Cases(frame, Asking(register, timed, grids))


def _whole(column: str, grid: int) -> nw.Expr:
    """Give a column as it is; one of decimals as whole numbers on its grid."""
    return nw.col(column) if grid == 1 else (nw.col(column) * grid).cast(nw.Int64)


def _of_unlike_scales(register: Register, grids: Mapping[str, int]) -> Iterator[Problem]:
    """Find fields that are compared and whose columns have other scales."""
    for counted in register.counts:
        for field, test in counted.where.tests:
            edge = getattr(test, "edge", None)
            if isinstance(edge, str) and grids[field] != grids[edge]:
                yield Problem("E782", f"the columns {field!r} and {edge!r} have unlike scales", "decimals of one scale")


def _ill_formed(kinds: Mapping[str, Any], columns: Mapping[str, str], register: Register) -> Iterator[Problem]:
    for field, column in columns.items():
        if column not in kinds:
            yield Problem("E781", f"there is no column {field!r}", ", ".join(columns), near(field, kinds))
        elif field != PARTICIPANT and not _fits(register.kinds[FieldId(field)], kinds[column]):
            wanted = _WANTED[type(register.kinds[FieldId(field)])]
            yield Problem("E782", f"the column {column!r} is of the kind {kinds[column]}", wanted)


_WANTED: Mapping[type, str] = {
    OneOf: "texts",
    Text: "texts",
    YesNo: "truths (true or false)",
    Number: "whole numbers, or decimals of a declared scale: a float is not what was written",
    Day: "days (a date)",
    Moment: "moments without a time zone, or days",
}


def _fits(field: FieldKind, kind: Any) -> bool:
    match field:
        case OneOf() | Text():
            return isinstance(kind, nw.String | nw.Categorical | nw.Enum)
        case YesNo():
            return isinstance(kind, nw.Boolean)
        case Number():
            return bool(kind.is_integer()) or isinstance(kind, nw.Decimal)
        case Day():
            return isinstance(kind, nw.Date)
        case Moment():
            return isinstance(kind, nw.Date) or (isinstance(kind, nw.Datetime) and kind.time_zone is None)


@frozen
class Asking:
    """Turns what is asked of fields into tests of columns; ``timed`` are the fields whose column has times of day.

    Numbers are whole ones on the grid of their column.
    """

    register: Register
    timed: frozenset[str]
    grids: Mapping[str, int]

    def holds(self, where: Where) -> nw.Expr | None:
        """Say which cases are meant, and of which it is not known; None for all."""
        found = [
            reduce(and_, [self._test(field, test) for field, test in one.tests])
            for one in where.alternatives
            if one.tests
        ]
        return reduce(or_, found) if found else None

    def _test(self, field: FieldId, test: Test) -> nw.Expr:
        """Say whether a field meets a test; of a blank one it is not known, which counts as no (`_flag`)."""
        column = nw.col(field)
        filled = ~column.is_null()
        match test:
            case Known(known):
                return filled if known else ~filled
            case str():
                return column == self._word(field, test)
            case tuple():
                return filled & column.is_in([self._word(field, name) for name in test])
            case IsNot(names):
                return filled & ~column.is_in([self._word(field, name) for name in names])
            case _:
                return self._compared(field, test)

    def day(self, field: str) -> nw.Expr:
        """Give the day in a field, without the time of day where its column has any."""
        return nw.col(field).cast(nw.Date) if field in self.timed else nw.col(field)

    def _word(self, field: FieldId, name: str) -> str | bool:
        return name == "yes" if isinstance(self.register.kinds[field], YesNo) else name

    def _compared(self, field: FieldId, test: EdgeTest) -> nw.Expr:
        """Compare a field with an edge: by their days, where one of the two has no time of day."""
        compare: Callable[[Any, Any], nw.Expr] = COMPARES[type(test)]
        match test.edge:
            case str() as other:
                both_moments = {field, other} <= self.timed
                as_they_are = isinstance(self.register.kinds[field], Number) or both_moments
                pair = (nw.col(field), nw.col(other)) if as_they_are else (self.day(field), self.day(other))
                return compare(*pair)
            case date() as day:
                return compare(self.day(field), nw.lit(day, dtype=nw.Date))
            case number:
                up = isinstance(test, AtLeast | Below)  # no whole number lies between a bound and the next one up
                return compare(nw.col(field), (ceil if up else floor)(number * self.grids[field]))
