"""Tables: CSV text to rows of text with their places; nothing is guessed. (stand-in)"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from attrs import frozen

from emulation.problems import Place
from emulation.reading.characters import decode


@frozen
class Form:
    delimiter: str = ","
    decimal: str = "."
    dates: str = "yyyy-mm-dd"
    missing: tuple[str, ...] = ()


@frozen
class Table:
    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        return iter(self.rows)

    def place(self, line: int, column: int) -> Place:
        return Place(self.file, line, 1)


def read_csv(source: bytes, file: str, form: Form) -> Table:
    rows = list(csv.reader(io.StringIO(decode(source, file)), delimiter=form.delimiter, strict=True))
    return Table(file, tuple(rows[0]), tuple((n, r) for n, r in enumerate(rows[1:], 2) if r))


def read_date(text: str, form: Form) -> date:
    if form.dates == "dd/mm/yyyy":
        d, m, y = text.split("/")
        return date(int(y), int(m), int(d))
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(f"not a date: {text!r}")
    return date.fromisoformat(text)
