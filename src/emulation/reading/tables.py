"""Tables: CSV text to rows of text with their places; nothing is guessed.

Every cell stays text: a commune called ``NA`` keeps its name, and ``00123`` its zeros. Rows are the reader's own
lists beside a sequence of line numbers, since a record for each of 66,000 rows takes longer than reading them.
What is wrong is looked for in the table as a whole; it is gone through cell by cell only when something is.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import Literal, get_args
from unicodedata import is_normalized, normalize

from attrs import field, frozen
from attrs.validators import in_

from emulation.names import near
from emulation.problems import Place, Problem, Refused
from emulation.reading.characters import UNSEEN, compose, decode, disguised, is_heaped, spell

MAX_CELL = 100_000  # characters of a cell, and bytes of a line
MAX_PROBLEMS = 1_000  # after so many the search ends
MAX_SHOWN = 40  # characters of a cell in a problem
MAX_COLUMNS = 16_384  # as many as a sheet of a workbook has
SPARE = 2_000_000  # blank cells that are no matter, in a table with next to nothing in it
SPARSE = 8  # blank cells to one that is filled

Dates = Literal["yyyy-mm-dd", "dd/mm/yyyy", "dd-mm-yyyy", "dd.mm.yyyy"]

_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


Percent = Literal["sign", "points", "share"]


_MAYBE_GROUPED = {mark: re.compile(rf"[1-9][0-9]{{0,2}}{re.escape(mark)}[0-9]{{3}}") for mark in ".,"}


def may_part_thousands(text: str, mark: str) -> bool:
    """Say whether the decimal mark of a text may be one that parts thousands, as in 1.000 and 12.375."""
    return _MAYBE_GROUPED[mark].fullmatch(text) is not None


@frozen
class Form:
    """How a table is written; ``missing`` are the texts that stand for a value nobody has.

    ``header`` is the row of the headings, the first that is not blank if none; ``names`` gives for headings what is
    meant by them, ``ignored`` are those of columns that mean nothing. ``sought`` are the headings, one of which a
    header has; they tell it from the titles above it.
    """

    delimiter: str = field(default=",", validator=in_(_DELIMITERS))
    decimal: str = field(default=".", validator=in_((".", ",")))
    dates: Dates = field(default="yyyy-mm-dd", validator=in_(get_args(Dates)))
    missing: tuple[str, ...] = ()
    percent: Percent = "sign"
    header: int | None = None
    names: Mapping[str, str] = field(factory=dict)
    ignored: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()

    def number(self, text: str) -> str:
        """Write a number that is no text, with a point, as this form would have it written.

        A typed 12.375 becomes 12.3750: as a text it might be twelve thousand whose thousands are parted.
        """
        written = f"{text}0" if may_part_thousands(text, ".") else text
        return written if self.decimal == "." else written.replace(".", self.decimal, 1)

    def day(self, day: date) -> str:
        """Write a day that is no text as this form would have it written."""
        written = self.dates.replace("yyyy", f"{day.year:04}")
        return written.replace("mm", f"{day.month:02}").replace("dd", f"{day.day:02}")


@frozen
class Table:
    """A table's rows below its header, each as wide as it; ``numbers`` are the lines in the file they begin on.

    ``blank`` counts the rows with nothing in them, which are left out; ``top`` is the line of the header.
    ``warnings`` are about the table and stop nothing. The table may be the ``sheet`` of a workbook, of whose cells
    some cannot be read at all: ``slips`` has them by their line.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[Sequence[str], ...]
    numbers: Sequence[int]
    blank: int
    top: int = 1
    sheet: str | None = None
    warnings: tuple[Problem, ...] = ()
    written: tuple[str, ...] = ()
    slips: Mapping[int, Sequence[Problem]] = field(factory=dict)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings as they are written, which may be other names than the header's."""
        return self.written or self.header

    @property
    def name(self) -> str:
        """What the table is called where its rows are: its file, and its sheet."""
        return self.file if self.sheet is None else f"{self.file}:{self.sheet}"

    def column(self, name: str) -> int | None:
        """Give the index of a column's cells in each row."""
        return self.header.index(name) if name in self.header else None

    def lines(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Give each row with the number of the line it begins on."""
        return zip(self.numbers, self.rows, strict=True)

    def slip(self, line: int, columns: Iterable[str]) -> Problem | None:
        """Give what is wrong with the first cell of a row that cannot be read, in the columns that are asked for."""
        meant = {self.header.index(column) + 1 for column in columns if column in self.header}
        return next((one for one in self.slips.get(line, ()) if one.place and one.place.column in meant), None)

    def place(self, line: int, column: int) -> Place:
        """Give the place of a cell: its line in the file and its number in the row, both counted from 1."""
        return Place(self.file, line, column + 1, sheet=self.sheet)


def read_csv(source: bytes, file: str, form: Form) -> Table:
    r"""Read a table; ``file`` is its name in places.

    Raise `Refused` with every problem of the file (the first thousand, if there are more).

    >>> table = read_csv(b"id,name\n00123,NA\n", "communes.csv", Form())
    >>> table.header, list(table.lines())
    (('id', 'name'), [(2, ['00123', 'NA'])])
    """
    if number := _line_too_long(source):
        what, place = f"a line of more than {MAX_CELL:,} bytes", Place(file, number)
        raise Refused([Problem("E308", what, "the rows of a table stand on lines of their own", place=place)])
    text = decode(source, file)
    found = _Rows(form.delimiter)
    if '"' in text:
        _read_quoted(text, file, form, found)
    else:
        _split(text, form, found)
    return tabulated(found.rows, found.numbers, text, Place(file, 1), form, found.problems, found.blank)


def tabulated(
    rows: list[list[str]],
    numbers: Sequence[int],
    text: str,
    begun: Place,
    form: Form,
    problems: Sequence[Problem] = (),
    left_out: int = 0,
) -> Table:
    """Make a table of rows of cells, the header among them; raise `Refused` with all that is wrong with any.

    ``text`` holds all the cells, ``begun`` says of which file and sheet they are; ``problems`` were found before, and
    so many blank rows were left out.
    """
    rows, numbers, blank = _filled(rows, numbers)
    blank += left_out
    likely = _likely_header(rows, numbers, form)
    if form.header is not None:
        start = bisect_left(numbers, form.header)  # what stands above the header is not read
        rows, numbers = rows[start:], numbers[start:]
    if not rows:
        remedy = "a table begins with the names of its columns"
        raise Refused(problems or [Problem("E309", _nothing(form), remedy, place=begun)])
    if likely not in (None, numbers[0]) and not _has_heading(rows[0], form):
        title = _shown(next(filter(None, rows[0]), ""))
        what = f"no heading on line {numbers[0]}: {title}; there are some on line {likely}"
        raise Refused([Problem("E310", what, f"header: {likely}", place=_at(begun, numbers[0]))])
    problems = [*problems, *islice(_faults(rows, numbers, text, begun, form), MAX_PROBLEMS)]
    if problems:
        raise Refused(problems)
    if not is_normalized("NFC", text):
        rows = _composed(rows)
    header = tuple(form.names.get(heading, heading) for heading in rows[0])
    written = tuple(rows[0]) if form.names else ()
    return Table(begun.file, header, tuple(rows[1:]), numbers[1:], blank, max(numbers[0], 1), begun.sheet, (), written)


def too_sparse(cells: int, filled: int, begun: Place) -> Problem | None:
    """Tell of a table with so many cells, if they are so thinly filled that it is none."""
    if cells - filled <= SPARE + SPARSE * filled:
        return None
    what = f"a table of {cells:,} cells, with something in {filled:,} of them"
    return Problem("E402", what, "clear what stands far from the rest", place=begun)


def _nothing(form: Form) -> str:
    return "an empty file" if form.header is None else f"there is nothing on line {form.header} or below"


_TITLES = 20  # rows that are looked through for the headings, to suggest a header


def _likely_header(rows: list[list[str]], numbers: Sequence[int], form: Form) -> int | None:
    """Find the first row that has several headings the table can have."""
    likely = (number for number, row in islice(zip(numbers, rows, strict=True), _TITLES) if _has_heading(row, form, 2))
    return next(likely, None)


def _has_heading(row: Sequence[str], form: Form, least: int = 1) -> bool:
    renamed = {*form.names.values()}
    known = {*form.names, *(heading for heading in form.sought if heading not in renamed)}
    return sum(compose(cell.strip()) in known for cell in row) >= least


def _at(begun: Place, line: int, column: int = 1) -> Place:
    return Place(begun.file, max(line, 1), column, sheet=begun.sheet)


def header_problems(table: Table, needed: Sequence[str], known: Sequence[str], remedy: str) -> Iterator[Problem]:
    """Find columns that are needed and not there (E311), and those that are there and mean nothing (E315)."""
    absent = [column for column in known if column not in table.header]
    meant = {column: near(column, absent) or near(column, known) for column in table.header if column not in known}
    for column, hint in meant.items():
        place = table.place(table.top, table.header.index(column))
        yield Problem("E315", f"unknown column {column!r}", None if hint else remedy, hint, place=place)
    for column in needed:
        if column in absent and column not in meant.values():
            what, every = f"there is no column {column!r}", ", ".join(needed)
            yield Problem("E311", what, f"the table needs {every}", place=table.place(table.top, 0))


def _line_too_long(source: bytes) -> int | None:
    """Find the first line beyond the limit, going through the file in leaps and copying nothing."""
    start = 0
    while len(source) - start > MAX_CELL:
        beyond = start + MAX_CELL + 1
        end = max(source.rfind(b"\n", start, beyond), source.rfind(b"\r", start, beyond))
        if end < 0:
            return len(re.findall(rb"\r\n?|\n", source[:start])) + 1
        start = end + 1
    return None


class _Rows:
    """The rows of a file as they are found; blank ones are only counted.

    After a thousand rows that are not as wide as the first the rest is not read: the table is refused as it is.
    """

    def __init__(self, delimiter: str) -> None:
        self.rows: list[list[str]] = []
        self.numbers: list[int] = []
        self.problems: list[Problem] = []
        self.blank = self._ragged = 0
        self._delimiter = delimiter

    @property
    def enough(self) -> bool:
        """Say whether more would tell nothing new."""
        return len(self.problems) >= MAX_PROBLEMS or self._ragged > MAX_PROBLEMS

    def add(self, rows: list[list[str]], numbers: Sequence[int]) -> None:
        """Take rows with something in them, but for a line before them all that is for Excel alone."""
        if not self.rows and rows and self._delimiter.join(rows[0]) == f"sep={self._delimiter}":
            rows, numbers = rows[1:], numbers[1:]
        self.rows += rows
        self.numbers += numbers
        widths = [*map(len, rows)]
        self._ragged += len(widths) - widths.count(len(self.rows[0])) if rows else 0


_BLOCK = 2**18  # characters that are split at a time, so that blank lines take no room


def _split(text: str, form: Form, found: _Rows) -> None:
    """Split a text that has no quotes: as csv would, in a third of the time."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    has_blank = re.compile(rf"^{re.escape(form.delimiter)}*$", re.MULTILINE).search
    start = number = 0
    while start <= len(text) and not found.enough:
        end = text.find("\n", start + _BLOCK)
        end = len(text) if end < 0 else end
        block = text[start:end]
        lines = block.split("\n")
        numbers: Sequence[int] = range(number + 1, number + 1 + len(lines))
        start, number = end + 1, number + len(lines)
        if has_blank(block):
            numbers = [one for one, line in zip(numbers, lines, strict=True) if line.strip(form.delimiter)]
            found.blank += len(lines) - len(numbers)
            lines = [line for line in lines if line.strip(form.delimiter)]
        found.add([line.split(form.delimiter) for line in lines], numbers)


_LINE = re.compile(r"[^\r\n]*+(?:\r\n?|\n)|[^\r\n]++")
_AT_A_TIME = 5_000  # rows after which it is asked whether more are worth reading


def _read_quoted(text: str, file: str, form: Form, found: _Rows) -> None:
    """Read a text that has quotes; a misplaced quote costs its row, one that is never closed ends the reading."""
    record: list[str] = []
    start, open_ = 1, True

    def lines() -> Iterator[str]:
        for line in _LINE.finditer(text):
            record.append(line[0])
            yield line[0]

    reader = csv.reader(lines(), delimiter=form.delimiter, strict=True)
    while open_ and not found.enough:
        rows, numbers, open_ = [], [], False
        try:
            for row in reader:
                if len(record) > 1 and len(max(row, key=len)) > MAX_CELL:
                    what = f"a cell of more than {MAX_CELL:,} characters"
                    found.problems.append(Problem("E308", what, place=Place(file, start)))
                if any(row):
                    rows.append(row)
                    numbers.append(start)
                else:
                    found.blank += 1
                start = reader.line_num + 1
                record.clear()
                if len(rows) == _AT_A_TIME:
                    open_ = True
                    break
        except csv.Error as error:
            found.problems.append(_misquoted(str(error), "".join(record), Place(file, start), form))
            open_ = reader.line_num <= start
            start += 1
            record.clear()
        found.add(rows, numbers)


_LARGE = f"a cell of more than {MAX_CELL:,} characters, or a quote that is never closed"
_QUOTE_REMEDY = 'a quote inside a quoted cell is written twice: "say ""yes"""'
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


def _misquoted(said: str, record: str, begun: Place, form: Form) -> Problem:
    """Tell of the quote that spoils a record: where it was opened, which may be lines before it shows."""
    but = f"{form.delimiter}\r\n"
    cell = re.compile(rf'(?:{_QUOTED.pattern}|[^"{but}][^{but}]*|)(?:\r?\n|[{but}])')
    end = cells = 0
    while found := cell.match(record, end):
        end, cells = found.end(), cells + 1
    place = Place(begun.file, begun.line + _line_ends(record[:end]), cells + 1)
    if "limit" in said:
        return Problem("E308", _LARGE, _QUOTE_REMEDY, place=place if end < len(record) else begun)
    if closed := _QUOTED.match(record, end):
        line = begun.line + _line_ends(record[: closed.end()])
        where = f"on line {line}" if line > place.line else f"in {_shown(_first_line(record[end:]))}"
        return Problem("E306", f"text after a closing quote {where}", _QUOTE_REMEDY, place=place)
    return Problem("E306", "a quote that is never closed", _QUOTE_REMEDY, place=place)


def _line_ends(text: str) -> int:
    return len(re.findall(r"\r\n?|\n", text))


def _first_line(text: str) -> str:
    return re.split(r"[\r\n]", text, maxsplit=1)[0]


def _filled(rows: list[list[str]], numbers: Sequence[int]) -> tuple[list[list[str]], Sequence[int], int]:
    """Leave out the rows with nothing in them, and count them."""
    if all(rows) and "" not in map(itemgetter(0), rows):
        return rows, numbers, 0
    blank = {index for index, row in enumerate(rows) if not any(row)}
    filled = [index for index in range(len(rows)) if index not in blank]
    return [rows[index] for index in filled], [numbers[index] for index in filled], len(blank)


def _faults(rows: list[list[str]], numbers: Sequence[int], text: str, begun: Place, form: Form) -> Iterator[Problem]:
    """Find what is wrong with the header, with the width of rows, and with cells that are not what they seem."""
    header, width = rows[0], len(rows[0])
    if width == 1 and begun.sheet is None and (other := next((one for one in _DELIMITERS if one in header[0]), None)):
        what = f"one column only, as if {_DELIMITERS[other]} stood between the cells: {_shown(header[0])}"
        remedy = f"the delimiter is {_DELIMITERS[form.delimiter]} here"
        yield Problem("E305", what, remedy, place=_at(begun, numbers[0]))
        return
    yield from _header_faults(header, _at(begun, numbers[0]))
    if _looks_clean(text, rows):
        return
    for number, row in zip(numbers, rows, strict=True):
        if len(row) != width:
            yield _width_fault(len(row), width, _at(begun, number, min(len(row), width) + 1), form)
        for index, cell in enumerate(row):
            yield from _cell_faults(cell, _at(begun, number, index + 1))


def _header_faults(header: Sequence[str], place: Place) -> Iterator[Problem]:
    names = [compose(name) for name in header]
    for index, name in enumerate(names):
        here = _at(place, place.line, index + 1)
        if not name:
            yield Problem("E304", f"column {index + 1} has no name", "name it, or take it out", place=here)
        elif (first := names.index(name)) < index:
            what = f"{_shown(name)} is the name of columns {first + 1} and {index + 1}"
            yield Problem("E303", what, "each column has a name of its own", place=here)


_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\r\n"


def _looks_clean(text: str, rows: list[list[str]]) -> bool:
    """Say whether no cell needs a closer look: nothing hidden, no outer blanks, no heaps, every row as wide."""
    width = len(rows[0])
    rare = text.encode().translate(None, _PLAIN).decode()
    return (
        not UNSEEN.search(rare)
        and not disguised(text if rare else "")
        and (is_normalized("NFC", text) or not is_heaped(text))
        and {*map(len, rows)} == {width}
        and all(cell.strip() == cell for cell in {*chain.from_iterable(rows)})
    )


def _width_fault(cells: int, width: int, place: Place, form: Form) -> Problem:
    what = f"cells in this row: {cells}, in the header: {width}"
    if cells < width:
        return Problem("E302", what, "a row has a cell, be it empty, for each column", place=place)
    return Problem("E301", what, f"a cell with {_DELIMITERS[form.delimiter]} in it goes in quotes", place=place)


def _cell_faults(cell: str, place: Place) -> Iterator[Problem]:
    if hidden := UNSEEN.findall(cell):
        code = "E307" if "\0" in hidden else "E322"
        yield Problem(code, f"invisible in {_shown(cell)}: {spell(hidden)}", "delete it", place=place)
    if strange := disguised(cell):
        what = f"letters of another script in {_shown(cell)}: {spell(strange)}"
        yield Problem("E321", what, "one script in a word", place=place)
    if cell.strip() != cell:
        yield Problem("E323", f"blanks around {_shown(cell)}", "delete them", place=place)
    if compose(cell) is None:
        yield Problem("E322", "a heap of accents on one letter", "delete them", place=place)


def _composed(rows: list[list[str]]) -> list[list[str]]:
    """Compose every cell: each different one once, since columns repeat themselves."""
    composed = {cell: normalize("NFC", cell) for cell in {*chain.from_iterable(rows)}}
    return [[composed[cell] for cell in row] for row in rows]


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= MAX_SHOWN else f"{cell[: MAX_SHOWN - 3]}...")


_DAY, _MONTH, _YEAR = r"(?P<day>\d\d?)", r"(?P<month>\d\d?)", r"(?P<year>\d{4})"
_WRITTEN: dict[Dates, re.Pattern[str]] = {
    "yyyy-mm-dd": re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),
    "dd/mm/yyyy": re.compile(f"{_DAY}/{_MONTH}/{_YEAR}", re.ASCII),
    "dd-mm-yyyy": re.compile(f"{_DAY}-{_MONTH}-{_YEAR}", re.ASCII),
    "dd.mm.yyyy": re.compile(rf"{_DAY}\.{_MONTH}\.{_YEAR}", re.ASCII),
}


def read_date(text: str, form: Form) -> date:
    """Read a day as the form writes days, and no other way; raise `ValueError` saying what is wrong (E319).

    >>> read_date("1/7/2025", Form(dates="dd/mm/yyyy"))
    datetime.date(2025, 7, 1)
    """
    written = _WRITTEN[form.dates].fullmatch(text)
    if written is None:
        example = form.dates.replace("dd", "31").replace("mm", "12").replace("yyyy", "2025")
        raise ValueError(f"not a date: {_shown(text)} (write {form.dates}, as {example})")
    try:
        return date(int(written["year"]), int(written["month"]), int(written["day"]))
    except ValueError:
        raise ValueError(f"no such day: {_shown(text)}") from None
