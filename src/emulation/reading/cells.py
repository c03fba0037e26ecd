"""Cells: values that are no texts (of JSON, of frames, of rows from Python) to the texts a table of that form has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

from emulation.exact import write_number
from emulation.problems import Place, Problem, Refused
from emulation.reading.tables import MAX_CELL, MAX_COLUMNS, MAX_PROBLEMS, MAX_SHOWN, Form, Table, tabulated, too_sparse

LONE = re.compile("[\ud800-\udfff]")
_TOLD_AT_MOST = 5


class Unwritten(ValueError):
    """A value that stands for no cell of a table: its code, what it is, and what to do."""

    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.code, self.what, self.remedy = code, what, remedy


def text_of(value: Any, form: Form) -> str:
    """Give a value as a table of that form has it; a number keeps every digit it is shown with.

    >>> text_of(Decimal("12.50"), Form(decimal=",")), text_of(True, Form()), text_of(0.1, Form())
    ('12,50', 'yes', '0.1')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            if len(value) > MAX_CELL:
                raise Unwritten("E308", f"a cell of more than {MAX_CELL:,} characters", "shorten it")
            if LONE.search(value):
                raise Unwritten("E332", "half a character (a lone surrogate)", "write the whole character")
            return value
        case int():
            return str(value)
        case Fraction():
            return form.number(write_number(value))
        case datetime():
            remedy = "days without a time of day, as dates"
            raise Unwritten("E127", f"a moment and no day: {value.isoformat()}", remedy)
        case date():
            return form.day(value)
        case Decimal() if value.is_nan():
            return ""
        case Decimal() if not value.is_finite() or abs(value.adjusted()) > MAX_PROBLEMS:
            raise Unwritten("E316", f"no number: {value}", "a finite number")
        case Decimal():  # a whole one without a point, which in a text may part thousands
            return form.number(f"{value.to_integral_value() if value == value.to_integral_value() else value:f}")
        case _ if type(value).__name__ in {"float", "float64", "float32"}:
            return _of_float(value, form)
        case _:
            kind = type(value).__name__
            raise Unwritten("E505", f"a cell of the kind {kind}", "a text, a number, a day, yes or no")


def _of_float(value: Any, form: Form) -> str:
    """Write a float by the fewest digits that give it again; what is not a number stands for no value."""
    if value != value:  # noqa: PLR0124
        return ""
    return text_of(Decimal(repr(value)).normalize() if value == int_of(value) else Decimal(repr(value)), form)


def int_of(value: Any) -> int | None:
    """Give a float as a whole number; none where it is none."""
    return int(value) if abs(value) < 10**30 and value.is_integer() else None


def read_rows(
    rows: Sequence[Mapping[str, Any]], begun: Place, form: Form, numbers: Sequence[int] | None = None
) -> Table:
    """Read rows that are maps from headings to values; a heading that a row lacks is an empty cell.

    ``numbers`` are the rows' own, where they do not follow on one another.

    >>> read_rows([{"id": "00123", "value": 5}], Place("rows", 1), Form()).rows
    (['00123', '5'],)
    """
    header = list(dict.fromkeys(heading for row in rows for heading in row))
    if sparse := too_sparse(len(rows) * len(header), sum(map(len, rows)), begun):
        raise Refused([sparse])
    cells = ([row.get(heading) for heading in header] for row in rows)
    return table_of(header, cells, begun, form, numbers)


def table_of(
    header: Sequence[Any], rows: Iterable[Sequence[Any]], begun: Place, form: Form, numbers: Sequence[int] | None = None
) -> Table:
    """Make a table of a header and rows of values; the first row is number 1, the header stands above it."""
    if len(header) > MAX_COLUMNS:
        raise Refused([Problem("E402", f"a table of {len(header):,} columns", f"at most {MAX_COLUMNS:,}", place=begun)])
    problems: list[Problem] = []
    written: list[list[str]] = [[_heading(one, begun, index, problems) for index, one in enumerate(header)]]
    memory: dict[Any, str] = {}
    for number, row in zip(count(1) if numbers is None else numbers, rows, strict=False):
        written.append([_cell(one, form, begun, number, index, memory, problems) for index, one in enumerate(row)])
        if len(problems) > MAX_PROBLEMS:
            break
    if problems:
        raise Refused(problems)
    text = "\n".join(dict.fromkeys(cell for row in written for cell in row))
    return tabulated(written, range(len(written)) if numbers is None else [0, *numbers], text, begun, form)


def _heading(heading: Any, begun: Place, index: int, problems: list[Problem]) -> str:
    if isinstance(heading, str) and len(heading) <= MAX_CELL and not LONE.search(heading):
        return heading
    place = Place(begun.file, 0, index + 1)
    problems.append(
        Problem("E303", f"a heading that is no text: {heading!r:.{MAX_SHOWN}}", "one text a column", place=place)
    )
    return "?"


def _cell(
    value: Any, form: Form, begun: Place, number: int, index: int, memory: dict[Any, str], problems: list[Problem]
) -> str:
    kind = type(value)
    if kind is str and value in memory:
        return memory[value]
    try:
        text = text_of(value, form)
    except Unwritten as slip:
        problems.append(Problem(slip.code, slip.what, slip.remedy, place=Place(begun.file, number, index + 1)))
        return ""
    if kind is str:
        memory[value] = text
    return text
