"""Tallied: cases of a drawn register counted row by row, and on columns, to be compared."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from emulation.cases import Day, FieldKind, Moment, Number, YesNo
from emulation.columnar.counting import facts_counted
from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.counting import Entry, count_entries
from emulation.names import FieldId
from emulation.problems import Refused
from emulation.registers import Register
from emulation.testing.cases import FIELDS, counted_campaign

BODIES = ("a", "b", "c")
Counts = Counter[tuple[str, str, int, int]]


def frame_of(rows: list[Entry], *, timed: bool = True) -> pa.Table:
    """Give rows of a register as columns; numbers are tenths."""
    columns = {
        field: pa.array([_cell(FIELDS[field], row.values[field]) for row in rows], _kind(field, timed))
        for field in FIELDS
    }
    return pa.table({"participant": pa.array([row.participant for row in rows], pa.string()), **columns})


def _cell(kind: FieldKind, value: Any) -> Any:
    if isinstance(kind, YesNo):
        return None if value is None else bool(value)
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _kind(field: FieldId, timed: bool) -> Any:
    match FIELDS[field]:
        case Day():
            return pa.date32()
        case Moment():
            return pa.timestamp("us") if timed else pa.date32()
        case YesNo():
            return pa.bool_()
        case Number():
            return pa.int64() if field == "step" else pa.decimal128(9, 1)
        case _:
            return pa.string()


def by_rows(register: Register, rows: list[Entry]) -> Counts | None:
    """Count row by row; none where rows contradict each other."""
    found = count_entries(register, rows, counted_campaign(register))
    if found.set_aside:
        return None
    return Counter((one.participant, one.fact, one.span.last.toordinal(), int(one.value or 0)) for one in found)


def by_columns(register: Register, frame: Frame, engine: Engine) -> Counts | None:
    """Count on columns; none where cases contradict each other."""
    try:
        long = facts_counted(frame, register, counted_campaign(register), BODIES, engine)
    except Refused as refused:
        if {one.code for one in refused.problems} != {"E785"}:
            raise
        return None
    rows = rows_of(long)
    assert all(row["first"] == row["last"] and row["state"] == 0 for row in rows)
    return Counter((row["participant"], row["fact"], row["last"], row["value"]) for row in rows)
