"""Counting on columns: the facts counted of a frame are those counted row by row, whatever the register says."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tallied import BODIES, by_columns, by_rows, frame_of

from emulation.cases import Above, Alternative, Moment, Where
from emulation.columnar.counting import facts_counted
from emulation.columnar.engines import ENGINES, rows_of
from emulation.counting import Entry
from emulation.names import FieldId
from emulation.problems import Refused
from emulation.registers import Counted, Register
from emulation.testing.cases import FIELDS, counted_campaign, entries, registers


@given(registers(), entries())
def test_polars_counts_what_is_counted_row_by_row(register: Register, rows: list[Entry]) -> None:
    """Of drawn registers with every test and every way to treat repeated rows."""
    engine = ENGINES["polars"]()

    assert by_columns(register, engine.frame(frame_of(rows)), engine) == by_rows(register, rows)


@settings(max_examples=25)
@given(registers(), entries())
def test_duckdb_counts_what_is_counted_row_by_row(register: Register, rows: list[Entry]) -> None:
    """Of drawn registers."""
    engine = ENGINES["duckdb"]()

    assert by_columns(register, engine.frame(frame_of(rows)), engine) == by_rows(register, rows)


@settings(max_examples=30)
@given(registers(), entries(timed=False), st.booleans())
def test_moments_without_times_are_days(register: Register, rows: list[Entry], timed: bool) -> None:
    """A column of days does where moments are asked for; midnight is a moment of the same day."""
    rows = [evolve(row, values=_at_midnight(row) if timed else row.values) for row in rows]

    engine = ENGINES["polars"]()
    frame = engine.frame(frame_of(rows, timed=timed))

    assert by_columns(register, frame, engine) == by_rows(register, rows)


def _at_midnight(row: Entry) -> dict[FieldId, Any]:
    moments = [field for field, kind in FIELDS.items() if isinstance(kind, Moment)]
    return {
        field: datetime.combine(value, datetime.min.time()) if field in moments and isinstance(value, date) else value
        for field, value in row.values.items()
    }


def test_the_laws_say_something() -> None:
    """Most drawn registers are counted and not refused, and most counts are not zero."""
    seen: Counter[str] = Counter()

    @settings(max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(registers(), entries())
    def tried(register: Register, rows: list[Entry]) -> None:
        found = by_rows(register, rows)
        seen["refused" if found is None else "counted" if any(value for *_, value in found) else "nothing"] += 1

    tried()
    assert seen["counted"] >= 15
    assert seen["refused"] >= 3


# --- what is refused -------------------------------------------------------------------------------------------

ROW = {
    "participant": "a",
    "case": "1",
    "step": 1,
    "channel": "online",
    "note": "a",
    "fee": Decimal("1.0"),
    "limit": Decimal("2.0"),
    "urgent": True,
    "received": date(2025, 1, 1),
    "due": date(2025, 1, 2),
    "returned": datetime.fromisoformat("2025-01-02T08:00"),
    "changed": datetime.fromisoformat("2025-01-02T08:00"),
}


def told(table: pa.Table, **changes: Any) -> list[str]:
    """Give what is said of a frame that cannot be counted."""
    register = evolve(_plain(), **changes)
    engine = ENGINES["polars"]()
    with pytest.raises(Refused) as refused:
        facts_counted(engine.frame(table), register, counted_campaign(register), BODIES, engine)
    return [str(one) for one in refused.value.problems]


def _plain() -> Register:
    test = Where((Alternative(((FieldId("fee"), Above(FieldId("limit"))),)),))
    drawn: list[Register] = []

    @settings(max_examples=1, phases=[Phase.generate])
    @given(registers())
    def first(register: Register) -> None:
        drawn.append(register)

    first()
    return evolve(drawn[0], case="row", repeated=None, counts=(Counted("c0", test),))


def rows_with(**changes: Any) -> pa.Table:
    """Give a frame of one row, some cells of it others."""
    return pa.Table.from_pylist([{**ROW, **changes}])


def test_a_frame_that_can_be_counted() -> None:
    """The row the others are altered from is no problem itself."""
    engine = ENGINES["polars"]()

    assert rows_of(facts_counted(engine.frame(rows_with()), _plain(), counted_campaign(_plain()), BODIES, engine))


def test_a_column_that_is_not_there() -> None:
    """The nearest heading is offered."""
    table = rows_with().rename_columns(["rcvd" if name == "received" else name for name in rows_with().column_names])

    assert told(table)[0].startswith("E781 there is no column 'received'")


def test_floats_are_no_exact_numbers() -> None:
    """A float is not what was written."""
    assert told(rows_with(fee=1.5))[0].startswith("E782 the column 'fee' is of the kind Float64")


def test_decimals_of_unlike_scales_are_not_compared() -> None:
    """Tenths and hundredths would have to be multiplied, which can overflow."""
    assert told(rows_with(limit=Decimal("2.00")))[0].startswith("E782 the columns 'fee' and 'limit' have unlike scales")


def test_blanks_where_there_may_be_none() -> None:
    """How many there are is said."""
    assert told(rows_with(received=None), may_be_blank=())[0].startswith("E78")


def test_words_that_are_not_listed() -> None:
    """What the column can hold is said."""
    assert told(rows_with(channel="fax")) == ["E784 1 rows with another channel (online, desk, post)"]


def test_strangers() -> None:
    """A body that has no cases here is named."""
    assert told(rows_with(participant="p")) == [
        "E784 1 participants that have no cases in dossiers: p (ids of participants)"
    ]
