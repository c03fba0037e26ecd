"""Frames: tables of pandas, polars, pyarrow and DuckDB to rows of text, through narwhals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
from attrs import evolve

from emulation.problems import Place, Problem, Refused
from emulation.reading.cells import table_of
from emulation.reading.tables import Form, Table

_AT_A_TIME = 100  # rows that are held as Python has them; each cell can be long
_REMEDY = "a frame of pandas, polars, pyarrow or DuckDB, a list of rows as maps, or a path"
_READ = (
    *(nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.Int128, nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64, nw.UInt128),
    *(nw.String, nw.Boolean, nw.Decimal, nw.Float32, nw.Float64, nw.Date, nw.Object, nw.Categorical, nw.Enum),
    nw.Datetime,
)


def read_frame(source: Any, begun: Place, form: Form) -> Table:
    """Read a frame; raise `Refused` for what is none (E504), columns of one name (E303) and other kinds (E505).

    Floats are written by the fewest digits that give them again, which is told (W501).
    """
    problems = list(_headings(source, begun))
    if problems:
        raise Refused(problems)
    try:
        frame = nw.from_native(source)
    except (TypeError, ValueError) as slip:
        what = f"a table of an unknown kind: {type(source).__name__}"
        raise Refused([Problem("E504", what, _REMEDY, place=begun)]) from slip
    frame = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    kinds = dict(frame.schema)
    problems = [_strange(name, index, kind, begun) for index, (name, kind) in enumerate(kinds.items()) if _odd(kind)]
    if problems:
        raise Refused(problems)
    table = table_of(list(kinds), frame.iter_rows(buffer_size=_AT_A_TIME), begun, form)
    floats = [name for name, kind in kinds.items() if kind.is_float()]
    return evolve(table, warnings=(_told(floats, begun),)) if floats else table


def _headings(source: Any, begun: Place) -> list[Problem]:
    """Find headings that are no texts, and those that are there twice."""
    if hasattr(source, "collect_schema"):  # of polars, which has checked them itself
        return []
    headings = list(getattr(source, "column_names", getattr(source, "columns", ())))
    wrong = [one for one in dict.fromkeys(headings) if not isinstance(one, str) or headings.count(one) > 1]
    return [
        Problem("E303", f"{one!r} names {headings.count(one)} columns", "one text a column", place=begun)
        if isinstance(one, str)
        else Problem("E303", f"a heading that is no text: {one!r}", "one text a column", place=begun)
        for one in wrong
    ]


def _odd(kind: Any) -> bool:
    return not isinstance(kind, _READ)


def _strange(name: str, index: int, kind: Any, begun: Place) -> Problem:
    what = f"the column {name!r} is of the kind {kind}"
    return Problem("E505", what, "texts, numbers, days, yes or no", place=Place(begun.file, begun.line, index + 1))


def _told(floats: Sequence[str], begun: Place) -> Problem:
    what = f"floats in {', '.join(floats)}: read by their fewest digits"
    return Problem("W501", what, "whole numbers, decimals or texts keep what was written", place=begun)
