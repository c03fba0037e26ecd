"""Cases: the rows of a register's tables to entries, and those to the facts that are counted of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from attrs import evolve

from emulation.campaign import Campaign
from emulation.cases import Day, FieldKind, Moment, Number, OneOf, Text, Value, YesNo
from emulation.counting import Entry, count_entries, joined
from emulation.exact import NotExact, Rational, read_number
from emulation.names import FieldId, ParticipantId, near
from emulation.observations import NONE_REPORTED, Observations, Rejected, Source
from emulation.outcome import no_search_for_garbage
from emulation.problems import Place, Problem, Refused, in_order
from emulation.reading.entrance import at_a_limit
from emulation.reading.source import form_of, read_source
from emulation.reading.tables import Form, Table, header_problems
from emulation.reading.values import Unusable, read_day, yes_or_no
from emulation.reading.whom import Whom
from emulation.registers import Register

_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
_WHOSE = ("participant", "parent")


def count_cases(sources: Mapping[str, Any], campaign: Campaign, *, accept_valid: bool = False) -> Observations:
    """Count the cases of registers: ``sources`` has for a register's id a file, several, rows as maps, or a frame.

    Raise `Refused` for an unknown register (E135), a table that cannot be read as declared, and rows that contradict
    each other; with ``accept_valid`` such rows are set aside.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> campaign = load_campaign("campaigns/one-stop-2025")
    >>> counted = count_cases({"dossiers": "campaigns/one-stop-2025/dossiers.csv"}, campaign)
    >>> counted.tally.rejected
    0
    """
    registers = {register.id: register for register in campaign.registers}
    unknown = [Problem("E135", f"unknown register {id!r}", None, near(id, registers)) for id in sources]
    if problems := [one for one, id in zip(unknown, sources, strict=True) if id not in registers]:
        raise Refused(problems)
    counted = NONE_REPORTED
    for id, source in sources.items():
        counted = joined(counted, _of_register(registers[id], source, campaign, accept_valid=accept_valid))
    return counted


def _of_register(register: Register, source: Any, campaign: Campaign, *, accept_valid: bool) -> Observations:
    form = form_of(register.table, (*_WHOSE, *register.kinds))
    several = isinstance(source, list | tuple) and bool(source) and all(isinstance(one, str | Path) for one in source)
    with no_search_for_garbage():
        reads = [read_source(one, register.table, form) for one in (source if several else [source])]
        tables = [table for read in reads for table, _ in read.tables]
        if problems := [problem for table in tables for problem in _unfit(table, register)]:
            raise Refused(problems)
        rows = _Rows(register, campaign, form)
        entries = [entry for table in tables for entry in rows.of(table)]
        if rows.unreadable and not accept_valid:
            raise Refused(in_order([*rows.unreadable, *rows.set_aside]))
        found = count_entries(register, entries, campaign)
    set_aside = in_order([*rows.unreadable, *rows.set_aside, *found.set_aside])
    left_out = len(rows.unreadable) + len(rows.set_aside)
    tally = evolve(found.tally, read=found.tally.read + left_out, rejected=found.tally.rejected + left_out)
    files = tuple(Source(read.file, read.sha256, tuple(table.name for table, _ in read.tables)) for read in reads)
    told = [warning for table in tables for warning in (*table.warnings, *at_a_limit(table))]
    rejected = tuple(_rejected(tables, set_aside))
    warnings = (*told, *found.warnings)
    return evolve(found, set_aside=set_aside, tally=tally, warnings=warnings, sources=files, rejected=rejected)


def _unfit(table: Table, register: Register) -> Iterator[Problem]:
    """Find what is wrong with a table's columns."""
    needed = ["participant", *register.kinds]
    known = [*_WHOSE, *register.kinds, *register.table.ignore]
    yield from header_problems(table, needed, known, f"its columns are {', '.join([*_WHOSE, *register.kinds])}")


def _rejected(tables: list[Table], problems: tuple[Problem, ...]) -> Iterator[Rejected]:
    """Give each row that was set aside, with its cells and its reasons."""
    by_name = {(table.file, table.sheet): table for table in tables}
    rows: dict[tuple[str, str | None, int], list[Problem]] = {}
    for problem in problems:
        place = problem.place or Place("", 0)
        rows.setdefault((place.file, place.sheet, place.line), []).append(problem)
    for (file, sheet, line), why in rows.items():
        table = by_name[file, sheet]
        cells = table.rows[bisect_left(table.numbers, line)]
        yield Rejected(table.place(line, 0), tuple(zip(table.headings, cells, strict=True)), tuple(why))


class _Rows:
    """Reads row by row; what rows have in common is looked up once."""

    def __init__(self, register: Register, campaign: Campaign, form: Form) -> None:
        self.register, self.campaign, self.form = register, campaign, form
        self.unreadable: list[Problem] = []
        self.set_aside: list[Problem] = []
        self._whom = Whom(campaign.participants)
        self._values: dict[tuple[FieldId, str], Value] = {}

    def of(self, table: Table) -> Iterator[Entry]:
        """Give the entries of a table; what cannot be read or used is noted."""
        columns = {field: table.header.index(field) for field in self.register.kinds}
        whose, parent = table.header.index("participant"), table.column("parent")
        for line, row in table.lines():
            if line in table.slips and (spoilt := table.slip(line, (*_WHOSE, *columns))):
                self.unreadable.append(spoilt)
                continue
            try:
                body = self._body(row[whose], "" if parent is None else row[parent])
                values = {field: self._value(field, row[column]) for field, column in columns.items()}
            except Unusable as slip:
                place = table.place(line, table.column(slip.column) or 0)
                problem = Problem(slip.code, slip.what, slip.expected, slip.near, place=place)
                (self.unreadable if slip.unreadable else self.set_aside).append(problem)
            else:
                yield Entry(body, values, table.place(line, 0))

    def _body(self, called: str, parent: str) -> ParticipantId:
        """Give whose case it is, of those who have cases."""
        body = self._whom.called(called, parent)
        if not self.register.for_.selects(self.campaign.participants[body]):
            what = f"{body} has no cases in {self.register.id}"
            raise Unusable("participant", "E353", what, "a body the register is for")
        return body

    def _value(self, field: FieldId, text: str) -> Value:
        if (field, text) not in self._values:
            self._values[field, text] = self._read(field, text)
        return self._values[field, text]

    def _read(self, field: FieldId, text: str) -> Value:
        """Read a cell as its field says it is written."""
        if not text or text in self.form.missing:
            if field in self.register.may_be_blank:
                return None
            what = f"{field} is blank"
            raise Unusable(field, "E317", what, "a value, or declare it: may_be_blank", unreadable=True)
        return _read(field, self.register.kinds[field], text, self.form)


def _read(field: FieldId, kind: FieldKind, text: str, form: Form) -> Value:
    match kind:
        case OneOf(names):
            if text not in names:
                what = f"{field} cannot be {text!r}"
                raise Unusable(field, "E317", what, ", ".join(names), near(text, names), unreadable=True)
            return text
        case Text():
            return text
        case YesNo():
            return yes_or_no(text, field)
        case Day():
            return read_day(text, field, form)
        case Moment():
            return _moment(field, text, form)
        case Number():
            return _number(field, text, form)


def _moment(field: FieldId, text: str, form: Form) -> date:
    """Read a day with a time of day, or a day alone."""
    day, sign, clock = text.partition("T" if "T" in text else " ")
    if not sign:
        return read_day(text, field, form)
    if not _CLOCK.fullmatch(clock):
        what = f"no time of day: {clock!r}"
        raise Unusable(field, "E319", what, "hours and minutes after the day, as 14:30 or 14:30:05", unreadable=True)
    whole = clock if clock[1] != ":" else f"0{clock}"
    return datetime.combine(read_day(day, field, form), time.fromisoformat(whole))


def _number(field: FieldId, text: str, form: Form) -> Rational:
    try:
        return read_number(text, form.decimal)
    except NotExact as slip:
        raise Unusable(field, slip.code, slip.what, slip.remedy, unreadable=True) from None
