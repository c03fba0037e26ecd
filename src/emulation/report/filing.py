"""Filing: the cells of a recount, column by column, and the numbers of the rules that their formulas refer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

from emulation.exact import Rational
from emulation.outcome import Result
from emulation.report.live import Live, at, cell, down

FIRST_ROW = 3
"""The rows above hold the title, what a column is about, and its heading."""

How: TypeAlias = Literal["input", "live", "given", "text"]
"""Where a cell's content comes from: it was reported, a formula, it was scored and stands as it is, or it is a word."""


@frozen
class Slot:
    """What stands in a cell: a number or a text, its formula if it has one, and where it comes from."""

    content: Rational | str
    how: How
    formula: str | None = None


EMPTY = Slot("", "text")


@frozen
class Filed:
    """A column of the recount: its key as in the CSV, what it is about, its heading, and a slot a row."""

    key: str
    about: str
    heading: str
    slots: tuple[Slot, ...]
    in_percent: bool = False


@frozen
class Parameter:
    """A number of the rules that formulas refer to: whose it is, what it is, and its value."""

    of: str
    name: str
    value: Rational
    in_percent: bool


@frozen
class Parameters:
    """The numbers of the rules, one a row of a sheet of their own; changing one there changes what rests on it."""

    sheet: str
    first_row: int
    column: int
    listed: list[Parameter] = field(factory=list)
    _at: dict[tuple[str, str], int] = field(factory=dict)

    def live(self, id: str, of: str, name: str, value: Rational, *, in_percent: bool = False) -> Live:
        """Give the cell of a parameter, listing it when it is first asked for."""
        if (id, name) not in self._at:
            self._at[id, name] = len(self.listed)
            self.listed.append(Parameter(of, name, value, in_percent))
        row = self.first_row + self._at[id, name]
        return at(cell(row, self.column, sheet=self.sheet, fixed=True), value)


@frozen
class Filing:
    """The columns that are filled so far, each from those before it; a row for each participant."""

    results: tuple[Result, ...]
    columns: list[Filed] = field(factory=list)
    at: dict[str, int] = field(factory=dict)

    def add(self, key: str, about: str, heading: str, slots: Sequence[Slot], *, in_percent: bool = False) -> None:
        """Put a column behind the others."""
        self.at[key] = len(self.columns)
        self.columns.append(Filed(key, about, heading, tuple(slots), in_percent))

    def content(self, key: str, row: int) -> Rational | str:
        """Give what stands in a column of a row."""
        return self.columns[self.at[key]].slots[row].content

    def reference(self, key: str, row: int) -> str:
        """Name the cell of a column in a row."""
        return cell(FIRST_ROW + row, self.at[key])

    def whole(self, key: str) -> str:
        """Name all cells of a column."""
        return down(self.at[key], FIRST_ROW, FIRST_ROW + len(self.results) - 1)

    def numbers(self, key: str) -> list[Rational]:
        """Give all numbers of a column."""
        return [slot.content for slot in self.columns[self.at[key]].slots if not isinstance(slot.content, str)]

    def number(self, key: str, row: int) -> Live | None:
        """Give the number that stands in a column of a row; None for a text, and where there is no such column."""
        if key not in self.at:
            return None
        content = self.content(key, row)
        return None if isinstance(content, str) else at(self.reference(key, row), content)
