"""Source: a file, rows or a frame to tables, each as it was written; what kind of file it is, is never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any

from attrs import frozen

from emulation.doors import open_extra
from emulation.names import near
from emulation.observations import Written
from emulation.periods import Window
from emulation.problems import Place, Problem, Refused
from emulation.reading.cells import read_rows
from emulation.reading.json_table import read_json, read_json_lines
from emulation.reading.tables import Form, Table, read_csv

_ROWS = "rows"
_REMEDY = "a table as .csv, .xlsx, .json, .jsonl or .parquet"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


@frozen
class Read:
    """What was read: a file by name and hash, and its tables, each with the days it is declared to be about."""

    file: str
    sha256: str
    tables: tuple[tuple[Table, Window | None], ...]


def form_of(written: Written | None, sought: Sequence[str] = ()) -> Form:
    """Give the form of a table as the campaign declares it; ``sought`` are the columns it can have."""
    if written is None:
        return Form(sought=tuple(sought))
    return Form(
        "\t" if written.delimiter == "tab" else written.delimiter,
        written.decimal,
        written.dates,
        written.missing,
        written.percent,
        written.header,
        {heading: column for column, heading in written.columns},
        written.ignore,
        tuple(sought),
    )


def read_source(source: Any, written: Written, form: Form) -> Read:
    """Read a path, a list of rows as maps, or a frame; raise `Refused` for what cannot be read as declared."""
    if isinstance(source, str | FilePath):
        return _read_file(FilePath(source), written, form)
    days = written.days
    if isinstance(source, Sequence) and all(isinstance(row, Mapping) for row in source):
        table = read_rows(source, Place(_ROWS, 1), form)
    else:
        table = open_extra("reading.frames", "columns").read_frame(source, Place("frame", 1), form)
    return Read(table.file, "", ((table, days),))


def _read_file(path: FilePath, written: Written, form: Form) -> Read:
    if path.is_dir():
        remedy = f"{_REMEDY}; folders are read on columns: score --engine columns, --format text or csv"
        raise Refused([Problem("E139", f"{path} is a folder", remedy)])
    if not path.is_file():
        beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        raise Refused([Problem("E139", f"there is no file {path}", near=near(path.name, beside))])
    content, file = path.read_bytes(), str(path)
    days = written.days
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            tables = _sheets(content, file, written, form)
        case ".csv" | ".tsv" | ".txt":
            _refuse_a_workbook(content, file)
            tables = ((read_csv(content, file, form), days),)
        case ".json":
            tables = ((read_json(content, file, form), days),)
        case ".jsonl" | ".ndjson":
            tables = ((read_json_lines(content, file, form), days),)
        case ".parquet":
            tables = ((open_extra("reading.parquet", "columns").read_parquet(content, file, form), days),)
        case ".xls" | ".ods" | ".xlsb":
            what = f"workbooks as {path.suffix.lower()} are not read"
            raise Refused([Problem("E405", what, "save it as .xlsx", place=Place(file, 1))])
        case other:
            what = f"a table of an unknown kind: {other!r}" if other else "a file without an ending says no kind"
            raise Refused([Problem("E504", what, _REMEDY, place=Place(file, 1))])
    return Read(file, sha256(content).hexdigest(), tables)


def _refuse_a_workbook(content: bytes, file: str) -> None:
    """Tell of a workbook that is called .csv, which would else be told as text that is none."""
    if content.startswith((_ZIP, _OLE)):
        what = "this is a workbook, not CSV"
        raise Refused(
            [Problem("E404", what, "call it by its own ending, or save it as CSV UTF-8", place=Place(file, 1))]
        )


def _sheets(content: bytes, file: str, written: Written, form: Form) -> tuple[tuple[Table, Window | None], ...]:
    """Read the sheets of a workbook that are declared, or its only one."""
    sheets: tuple[tuple[str | None, Window | None], ...] = written.sheets or ((written.sheet, written.days),)
    room = open_extra("reading.workbook", "excel")
    tables = room.read_workbook(content, file, [name for name, _ in sheets], form)
    return tuple((table, days) for table, (_, days) in zip(tables, sheets, strict=True))
