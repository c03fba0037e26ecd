"""Workbook: the sheets of an .xlsx file to rows of text, as people see them; the only room that sees openpyxl."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from attrs import evolve, field, frozen
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from emulation.exact import NotExact, spelled_out
from emulation.names import near
from emulation.problems import Place, Problem, Refused
from emulation.reading.cells import Unwritten
from emulation.reading.package import open_package
from emulation.reading.tables import MAX_CELL, MAX_PROBLEMS, Form, Table, tabulated

MAX_CELLS = 20_000_000
DIGITS = 15  # that Excel keeps of a number, and shows

_MAIN = re.compile(r"\{[^}]*\}")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ZEROS = re.compile(r"0{2,30}")
_WHOLE = re.compile(r"-?[0-9]+")
_RESAVE = "open it in Excel or LibreOffice and save it as .xlsx"


@frozen
class _Book:
    """What the sheets of a workbook share: its texts, how cells of each style look, and the day it counts from."""

    file: str
    archive: zipfile.ZipFile
    parts: dict[str, str]
    hidden: tuple[str, ...]
    texts: Sequence[str]
    looks: Sequence[str]
    first_day: date
    warnings: tuple[Problem, ...]


@frozen
class _Sheet:
    """The cells of a sheet by row and column, and what is hidden or wrong in it."""

    name: str
    rows: dict[int, dict[int, str]] = field(factory=dict)
    hidden_rows: list[int] = field(factory=list)
    hidden_columns: list[int] = field(factory=list)
    filtered: list[str] = field(factory=list)
    problems: list[Problem] = field(factory=list)
    warnings: list[Problem] = field(factory=list)


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
            raise Refused([Problem("E403", what, _RESAVE, place=place)]) from None
        except (ParseError, zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as broken:
            raise Refused([Problem("E407", f"a damaged workbook: {broken}", _RESAVE, place=place)]) from None
    return tuple(tables)


def _opened(content: bytes, file: str, package: zipfile.ZipFile) -> _Book:
    """Read what the sheets share; anything openpyxl cannot read is a damaged workbook."""
    reader: Any
    try:
        reader = ExcelReader(io.BytesIO(content), read_only=True, keep_vba=False, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        found = [(sheet.name, sheet.state, related.target) for sheet, related in reader.parser.find_sheets()]
        lost = [name for name, _, target in found if target.removeprefix("/") not in package.namelist()]
    except DefusedXmlException:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as broken:
        raise Refused([Problem("E407", f"a damaged workbook: {broken}", _RESAVE, place=Place(file, 1))]) from None
    if lost:
        what = f"a workbook without the cells of {', '.join(lost)}"
        raise Refused([Problem("E407", what, _RESAVE, place=Place(file, 1))])
    names = package.namelist()
    warnings = tuple(_foreign(names, file))
    parts = {name: target.removeprefix("/") for name, _, target in found}
    hidden = tuple(name for name, state, _ in found if state != "visible")
    first = date(1904, 1, 1) if reader.wb.epoch == CALENDAR_MAC_1904 else date(1899, 12, 30)
    looks = [_look(reader.wb, style) for style in reader.wb._cell_styles]  # noqa: SLF001
    return _Book(file, package, parts, hidden, list(reader.shared_strings), looks, first, warnings)


def _look(book: Any, style: Any) -> str:
    """Give the form in which cells of a style show their numbers."""
    number = style.numFmtId
    return str(BUILTIN_FORMATS.get(number) or dict(enumerate(book._number_formats, 164)).get(number, "General"))  # noqa: SLF001


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
    place = Place(book.file, 1)
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
    """Make a table of a sheet."""
    sheet = _Sheet(name)
    with book.archive.open(book.parts[name]) as source:
        _walk(source, book, sheet, form)
    if sheet.problems:
        raise Refused(sheet.problems)
    begun = Place(book.file, 1, sheet=name)
    numbers = sorted(number for number, cells in sheet.rows.items() if any(cells.values()))
    below = [number for number in numbers if form.header is None or number >= form.header]
    width = max((column for number in below for column, cell in sheet.rows[number].items() if cell), default=0)
    rows = [[sheet.rows[number].get(column, "") for column in range(1, width + 1)] for number in numbers]
    text = "\n".join({cell for row in rows for cell in row})
    warnings = (*book.warnings, *_told(book, sheet, begun))
    return evolve(tabulated(rows, numbers, text, begun, form), warnings=warnings)


def _told(book: _Book, sheet: _Sheet, begun: Place) -> Iterator[Problem]:
    """Tell of what is read and not seen."""
    unseen = {
        "hidden rows": len(sheet.hidden_rows),
        "hidden columns": len(sheet.hidden_columns),
        "filters": len(sheet.filtered),
        "hidden sheets, not read": len(book.hidden) if sheet.name not in book.hidden else 0,
        "hidden sheet, read": int(sheet.name in book.hidden),
    }
    if any(unseen.values()):
        counted = ", ".join(f"{count} {what}" for what, count in unseen.items() if count)
        yield Problem("W411", counted, "hidden rows and columns are read like all others", place=begun)
    yield from sheet.warnings


# --- the cells of a sheet


def _walk(source: Any, book: _Book, sheet: _Sheet, form: Form) -> None:
    """Go through a sheet's XML once, keeping only the cells that hold something."""
    cells = row = 0
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        tag = _MAIN.sub("", element.tag)
        if event == "start":
            if tag == "row":
                row = _row_number(element, row)
            continue
        if tag == "c":
            cells += 1
            if cells > MAX_CELLS:
                what = f"a sheet of more than {MAX_CELLS:,} cells"
                raise Refused([Problem("E402", what, place=Place(book.file, 1, sheet=sheet.name))])
            if len(sheet.problems) < MAX_PROBLEMS:
                _cell(element, row, book, sheet, form)
        elif tag == "row":
            if element.get("hidden") in {"1", "true"}:
                sheet.hidden_rows.append(row)
        elif tag == "col" and element.get("hidden") in {"1", "true"}:
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            sheet.hidden_columns.extend(range(first, min(last, 16_384) + 1))
        elif tag == "filterColumn":
            sheet.filtered.append(tag)
        if tag in {"row", "sheetData", "cols"}:
            element.clear()


def _row_number(row: Element, before: int) -> int:
    said = row.get("r", "")
    return int(said) if said.isdecimal() and len(said) < 8 else before + 1  # noqa: PLR2004


def _cell(cell: Element, row: int, book: _Book, sheet: _Sheet, form: Form) -> None:
    """Read a cell into its row; what is wrong with it is noted."""
    before = sheet.rows.setdefault(row, {})
    reference = _REFERENCE.fullmatch(cell.get("r", ""))
    column = _column(reference[1]) if reference else max(before, default=0) + 1
    place = Place(book.file, int(reference[2]) if reference else row, column, sheet=sheet.name)
    if column in before or place.line != row:
        sheet.problems.append(Problem("E416", "a cell that is there twice, or in another's row", _RESAVE, place=place))
        return
    try:
        before[column] = _text(cell, book, sheet, form, place)
    except Unwritten as slip:
        before[column] = ""
        if form.header is None or row >= form.header:
            sheet.problems.append(Problem(slip.code, slip.what, slip.remedy, place=place))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text(cell: Element, book: _Book, sheet: _Sheet, form: Form, place: Place) -> str:
    """Give a cell's text as people see it."""
    held = {_MAIN.sub("", part.tag): part for part in cell}
    value = held["v"].text or "" if "v" in held else ""
    kind = cell.get("t", "n")
    if kind == "inlineStr" and "is" in held:
        return _short("".join(part.text or "" for part in held["is"].iter() if part.tag.endswith("}t")))
    if kind == "e":
        raise Unwritten("E408", f"the error {value}", "mend the formula, or clear the cell")
    if "f" in held and not value and kind != "str":
        remedy = "open the workbook in Excel and save it"
        raise Unwritten("E409", "a formula whose value was never computed", remedy)
    match kind:
        case "s":
            if not value.isdecimal() or len(value) > 9 or int(value) >= len(book.texts):  # noqa: PLR2004
                raise Unwritten("E418", f"text number {value}, of {len(book.texts)} there are", _RESAVE)
            return _short(book.texts[int(value)])
        case "b":
            return "yes" if value == "1" else "no"
        case "str" | "d":
            return _short(value)
        case _:
            return _number(value, cell.get("s", "0"), book, sheet, form, place) if value else ""


def _short(text: str) -> str:
    if len(text) > MAX_CELL:
        raise Unwritten("E308", f"a cell of more than {MAX_CELL:,} characters", "shorten it")
    return text


def _number(value: str, style: str, book: _Book, sheet: _Sheet, form: Form, place: Place) -> str:
    """Write a number with the digits Excel shows; a day as a day, a percentage with its sign."""
    look = book.looks[int(style)] if style.isdecimal() and int(style) < len(book.looks) else "General"
    try:
        digits = spelled_out(value, DIGITS)
    except NotExact as slip:
        raise Unwritten(slip.code, slip.what, slip.remedy) from None
    if is_date_format(look):
        return _day(digits, book, form)
    if _WHOLE.fullmatch(digits) and len(digits.lstrip("-")) > DIGITS:
        what = f"a number of more than {DIGITS} digits, of which Excel keeps {DIGITS}"
        sheet.warnings.append(Problem("W415", what, "write it as text", place=place))
    if "%" in re.sub(r'"[^"]*"|\\.', "", look):
        return form.number(f"{spelled_out(value, DIGITS, 2)}%")
    if _ZEROS.fullmatch(look) and digits.isdecimal():
        return digits.zfill(len(look))
    return form.number(digits)


def _day(digits: str, book: _Book, form: Form) -> str:
    """Give the day a number stands for; a moment, which has a part of a day, is no day."""
    if not digits.isdecimal() or len(digits) > 7 or int(digits) > 2_958_465:  # noqa: PLR2004
        raise Unwritten("E319", f"a moment, or no day at all: {digits} days", "a day without a time of day")
    return form.day(book.first_day + timedelta(int(digits)))
