"""Tables: CSV text to rows of text with their places; nothing is guessed.

Every cell stays text: a commune called ``NA`` keeps its name, and ``00123`` its zeros. Rows are the reader's own
lists beside a sequence of line numbers, since a record for each of 66,000 rows takes longer than reading them.
What is wrong is looked for in the table as a whole; it is gone through cell by cell only when something is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Literal, get_args
from unicodedata import is_normalized

from attrs import field, frozen
from attrs.validators import in_

from emulation.problems import Place, Problem, Refused
from emulation.reading.characters import UNSEEN, compose, decode, spell

MAX_CELL = 100_000  # characters of a cell, and bytes of a line
MAX_PROBLEMS = 1_000  # after so many the search ends
MAX_SHOWN = 40  # characters of a cell in a problem

Dates = Literal["yyyy-mm-dd", "dd/mm/yyyy", "dd-mm-yyyy", "dd.mm.yyyy"]

_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@frozen
class Form:
    """How a table is written; ``missing`` are the texts that stand for a value nobody has."""

    delimiter: str = field(default=",", validator=in_(_DELIMITERS))
    decimal: str = field(default=".", validator=in_((".", ",")))
    dates: Dates = field(default="yyyy-mm-dd", validator=in_(get_args(Dates)))
    missing: tuple[str, ...] = ()


@frozen
class Table:
    """A table's rows below its header, each as wide as it; ``numbers`` are the lines in the file they begin on.

    ``blank`` counts the rows with nothing in them, which are left out.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[Sequence[str], ...]
    numbers: Sequence[int]
    blank: int = 0

    def column(self, name: str) -> int | None:
        """Give the index of a column's cells in each row."""
        return self.header.index(name) if name in self.header else None

    def lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Give each row with the number of the line it begins on."""
        return zip(self.numbers, self.rows, strict=True)

    def place(self, line: int, column: int) -> Place:
        """Give the place of a cell: its line in the file and its number in the row, both counted from 1."""
        return Place(self.file, line, column + 1)


def read_csv(source: bytes, file: str, form: Form) -> Table:
    r"""Read a table; ``file`` is its name in places.

    Raise `Refused` with every problem of the file (the first thousand, if there are more).

    >>> table = read_csv(b"id,name\n00123,NA\n", "communes.csv", Form())
    >>> table.header, list(table.lines())
    (('id', 'name'), [(2, ['00123', 'NA'])])
    """
    if long := _line_too_long(source):
        what = f"a line of more than {MAX_CELL // 1000} kB"
        raise Refused([Problem("E308", what, "a table has short lines", place=Place(file, long))])
    text = decode(source, file)
    problems: list[Problem] = []
    ...
