"""Workbook: the sheets of an .xlsx file to rows of text, as people see them; the only room that sees openpyxl."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from xml.etree.ElementTree import ParseError

from attrs import evolve, frozen
from defusedxml.common import DefusedXmlException
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import ARC_STYLE, SHARED_STRINGS

from emulation.names import near
from emulation.problems import Place, Problem, Refused, in_order
from emulation.reading.markup import Reader, walk
from emulation.reading.package import Package, open_package
from emulation.reading.sheet import RESAVE, Cells, Look, Shared, Texts
from emulation.reading.tables import Form, Table, tabulated

_ZEROS = re.compile(r"0{2,30}")


@frozen
class _Book:
    """A workbook that is open: what its sheets share, where each of them is, and which are hidden."""

    archive: Package
    shared: Shared
    parts: dict[str, str]
    hidden: tuple[str, ...]
    warnings: tuple[Problem, ...]


def read_workbook(content: bytes, file: str, sheets: Sequence[str | None], form: Form) -> tuple[Table, ...]:
    """Read sheets of a workbook by name; none is its only one that is to be seen.

    Raise `Refused` with all that is wrong: the file (E401 to E407), its sheets (E412), its cells (E408 to E418).
    """
    place = Place(file, 1)
    with open_package(content, file) as package:
        try:
            book = _opened(content, file, package)
            tables = [_table(book, _chosen(book, name), form) for name in sheets]
        except DefusedXmlException:
            what = "a workbook that declares entities, which Excel never does"
            raise Refused([Problem("E403", what, RESAVE, place=place)]) from None
        except (ParseError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as broken:
            raise Refused([Problem("E407", f"a damaged workbook: {broken}", RESAVE, place=place)]) from None
    return tuple(tables)


def _opened(content: bytes, file: str, package: Package) -> _Book:
    """Read what the sheets share; anything openpyxl cannot read is a damaged workbook."""
    place = Place(file, 1)
    reader: Any
    kept: Any
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # with which openpyxl leaves out sheets that it cannot find
            reader = ExcelReader(io.BytesIO(content), read_only=True, keep_vba=False, data_only=True, keep_links=False)
            reader.archive = package
            reader.read_manifest()
            reader.read_workbook()
            found = [(sheet.name, sheet.state, related.target) for sheet, related in reader.parser.find_sheets()]
            kept = reader.package.find(SHARED_STRINGS)
    except DefusedXmlException:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, UserWarning) as broken:
        raise Refused([Problem("E407", f"a damaged workbook: {broken}", RESAVE, place=place)]) from None
    names = package.namelist()
    if lost := [name for name, _, target in found if target.removeprefix("/") not in names]:
        what = f"a workbook without the cells of {', '.join(lost)}"
        raise Refused([Problem("E407", what, RESAVE, place=place)])
    texts, looks = Texts(place), _Looks()
    _walk_part(package, kept.PartName.removeprefix("/") if kept else "", texts, place)
    _walk_part(package, ARC_STYLE, looks, place)
    first = date(1904, 1, 1) if reader.wb.epoch == CALENDAR_MAC_1904 else date(1899, 12, 30)
    parts = {name: target.removeprefix("/") for name, _, target in found}
    hidden = tuple(name for name, state, _ in found if state != "visible")
    return _Book(package, Shared(file, texts.found, looks.found(), first), parts, hidden, tuple(_foreign(names, file)))


def _walk_part(package: Package, name: str, reader: Reader, place: Place) -> None:
    """Go through a part that a workbook can do without."""
    if name in package.namelist():
        with package.open(name) as source:
            walk(source, reader, place)


class _Looks:
    """Reads in which form cells of each style show their numbers."""

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}
        self._styles: list[str] = []
        self._of_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if tag == "numFmt":
            self._forms[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        self._of_cells = tag == "cellXfs" or (self._of_cells and tag != "dxfs")
        if self._of_cells and tag == "xf":
            self._styles.append(attributes.get("numFmtId", "0"))

    def end(self, tag: str) -> None:
        """End an element."""
        self._of_cells = self._of_cells and tag != "cellXfs"

    def data(self, text: str) -> None:
        """Take a text, of which styles have none."""

    def found(self) -> list[Look]:
        """Give how the cells of each style look."""
        builtin = {str(number): form for number, form in BUILTIN_FORMATS.items()}
        looks = {id: _look({**builtin, **self._forms}.get(id, "General")) for id in {*self._styles}}
        return [looks[id] for id in self._styles]


def _look(form: str) -> Look:
    """Give how a number looks in that form."""
    if is_date_format(form):
        return "day"
    if "%" in re.sub(r'"[^"]*"|\\.', "", form):
        return "percent"
    return len(form) if _ZEROS.fullmatch(form) else "number"


def _foreign(names: Sequence[str], file: str) -> Iterator[Problem]:
    """Tell of what a workbook brings along and nobody runs or follows."""
    place = Place(file, 1)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield Problem("W417", "a workbook with macros", "they are not run", place=place)
    if any(name.startswith("xl/externalLinks/") for name in names):
        yield Problem("W417", "cells that take values from other workbooks", "see that they are current", place=place)


def _chosen(book: _Book, name: str | None) -> str:
    """Give the sheet meant; with none named, the only one there is to see."""
    seen = [one for one in book.parts if one not in book.hidden]
    listed = ", ".join(book.parts)
    place = Place(book.shared.file, 1)
    if name is not None:
        if name not in book.parts:
            hint = near(name, book.parts)
            what = f"there is no sheet {name!r}"
            raise Refused([Problem("E412", what, None if hint else f"its sheets are {listed}", hint, place=place)])
        return name
    if len(seen) != 1:
        raise Refused([Problem("E412", f"{len(seen)} sheets to be seen: {listed}", "say which: sheet", place=place)])
    return seen[0]


def _table(book: _Book, name: str, form: Form) -> Table:
    """Make a table of a sheet, with the slips in its cells beside it; one in its headings is one of the table."""
    cells, begun = Cells(book.shared, name, form), Place(book.shared.file, 1, sheet=name)
    with book.archive.open(book.parts[name]) as source:
        walk(source, cells, begun)
    numbers = sorted(cells.rows)
    below = [number for number in numbers if form.header is None or number >= form.header]
    width = max((len(cells.rows[number]) for number in below), default=0)
    if sparse := cells.spread(width * len(numbers)):
        raise Refused([sparse])
    rows = [cells.rows.pop(number)[:width] for number in numbers]
    for row in rows:
        row.extend([""] * (width - len(row)))
    try:
        table = tabulated(rows, numbers, "\n".join({cell for row in rows for cell in row}), begun, form)
    except Refused as refused:
        raise Refused(in_order([*refused.problems, *cells.slips])) from None
    if above := [slip for slip in cells.slips if slip.place and slip.place.line <= table.top]:
        raise Refused(above)
    return evolve(table, warnings=(*book.warnings, *_told(book, cells, begun)), slips=_by_line(cells.slips))


def _by_line(slips: Sequence[Problem]) -> dict[int, list[Problem]]:
    found: dict[int, list[Problem]] = {}
    for slip in slips:
        found.setdefault(slip.place.line if slip.place else 0, []).append(slip)
    return found


def _told(book: _Book, cells: Cells, begun: Place) -> Iterator[Problem]:
    """Tell of what is read and not seen."""
    unseen = {
        "hidden rows": cells.hidden_rows,
        "hidden columns": cells.hidden_columns,
        "filters": cells.filters,
        "hidden sheets, not read": len(book.hidden) if cells.name not in book.hidden else 0,
        "hidden sheet, read": int(cells.name in book.hidden),
    }
    if any(unseen.values()):
        counted = ", ".join(f"{count} {what}" for what, count in unseen.items() if count)
        yield Problem("W411", counted, "hidden rows and columns are read like all others", place=begun)
    yield from cells.warnings
