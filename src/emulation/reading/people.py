"""People: rows of a table to participants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path as FilePath

from emulation.names import GroupName, Kind, ParticipantId, is_id
from emulation.participants import Participant, Participants, problems_of
from emulation.problems import Place, Problem, Refused
from emulation.reading.records import ID_FORM
from emulation.reading.tables import Form, Table, header_problems, read_csv, read_date

COLUMNS = ("id", "name", "kind", "parent", "from", "until", "predecessors", "aliases")
_NEEDED = ("id", "name", "kind")


def read_participants(path: FilePath, groups: Sequence[GroupName], form: Form) -> Participants:
    """Read the table of participants; raise `Refused` with every problem of the table and of the tree it makes."""
    table = read_csv(path.read_bytes(), str(path), form)
    remedy = "declare it in groups, or take it out"
    problems = list(header_problems(table, (*_NEEDED, *groups), (*COLUMNS, *groups), remedy))
    if problems:
        raise Refused(problems)
    listed = [
        _Row(table, line, dict(zip(table.header, cells, strict=True)), form, problems) for line, cells in table.lines()
    ]
    participants = Participants(tuple(row.participant(groups) for row in listed))
    problems.extend(one if one.place else one.at(Place(table.file, 1)) for one in problems_of(participants))
    if problems:
        raise Refused(problems)
    return participants


class _Row:
    """One row, whose cells are read as the columns ask."""

    def __init__(self, table: Table, line: int, cells: dict[str, str], form: Form, problems: list[Problem]) -> None:
        self._table, self._line, self._cells, self._form, self._problems = table, line, cells, form, problems

    def participant(self, groups: Sequence[GroupName]) -> Participant:
        return Participant(
            ParticipantId(self._id("id")),
            self._needed("name"),
            Kind(self._id("kind")),
            ParticipantId(self._cells.get("parent") or "") or None,
            tuple((group, value) for group in groups if (value := self._cells.get(group, ""))),
            self._day("from"),
            self._day("until"),
            tuple(ParticipantId(one) for one in self._cells.get("predecessors", "").split() if one),
            Place(self._table.file, self._line),
            tuple(alias.strip() for alias in self._cells.get("aliases", "").split(";") if alias.strip()),
        )

    def _note(self, code: str, what: str, column: str, expected: str | None = None) -> None:
        place = self._table.place(self._line, self._table.header.index(column))
        self._problems.append(Problem(code, what, expected, place=place))

    def _needed(self, column: str) -> str:
        if not self._cells[column]:
            self._note("E304", f"no {column}", column, "every participant has one")
        return self._cells[column]

    def _id(self, column: str) -> str:
        text = self._needed(column)
        if text and not is_id(text):
            self._note("E134", f"{text!r} cannot be an id", column, ID_FORM)
        return text

    def _day(self, column: str) -> date | None:
        text = self._cells.get(column, "")
        try:
            return read_date(text, self._form) if text else None
        except ValueError as slip:
            self._note("E319", str(slip), column)
            return None
