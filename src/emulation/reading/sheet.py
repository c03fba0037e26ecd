"""Sheet: the cells of a workbook's sheet to rows of text as people see them, and the texts that sheets share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from attrs import frozen

from emulation.exact import NotExact, spelled_out
from emulation.problems import Place, Problem, Refused
from emulation.reading.cells import LONE, Unwritten
from emulation.reading.tables import MAX_CELL, MAX_COLUMNS, MAX_PROBLEMS, MAX_SHOWN, SPARE, Form, too_sparse

MAX_CELLS = 20_000_000
MAX_TEXTS = 2_000_000  # that the sheets of a workbook share
MAX_LETTERS = 50_000_000  # of all of them
MAX_ROWS = 1_048_576  # of a sheet
DIGITS = 15  # that Excel keeps of a number, and shows
RESAVE = "open it in Excel or LibreOffice and save it as .xlsx"

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WHOLE = re.compile(r"-?[0-9]+")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_TRUTH = {"1": "yes", "true": "yes", "0": "no", "false": "no", "": ""}
_REMEMBERED = 50_000  # texts of a sheet that are kept once only

Look = Literal["number", "day", "percent"] | int
"""How the cells of a style show their numbers; a whole number is how many digits there are, zeros in front."""


@frozen
class Shared:
    """What the sheets of a workbook share: its texts, how cells of each style look, and the day it counts from."""

    file: str
    texts: Sequence[str]
    looks: Sequence[Look]
    first_day: date


def unescaped(text: str) -> str:
    r"""Give the characters that a workbook cannot write as they are and spells out.

    >>> unescaped("one_x000A_two"), unescaped("_x005F_x000A_")
    ('one\ntwo', '_x000A_')
    """
    if "_x" not in text:
        return text
    found = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


class _Collected:
    """A text that comes in pieces; what is too long for a cell is not kept to its end."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0

    def add(self, text: str) -> None:
        if self.length <= MAX_CELL:
            self.pieces.append(text[: MAX_CELL + 1])
        self.length += len(text)

    def text(self) -> str:
        """Give what was collected."""
        return "".join(self.pieces)

    def clear(self) -> None:
        """Begin the next text."""
        self.pieces.clear()
        self.length = 0


class Texts:
    """Reads the texts that sheets share; how a word is pronounced, which is written small above it, is none of it."""

    def __init__(self, place: Place) -> None:
        self.found: list[str] = []
        self._place, self._text = place, _Collected()
        self._letters = 0
        self._open = self._aside = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """Begin an element."""
        self._aside = self._aside or tag == "rPh"
        self._open = tag == "t" and not self._aside

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._open:
            self._text.add(text)

    def end(self, tag: str) -> None:
        """End an element; with the last of a text it is whole."""
        self._open = False
        if tag == "rPh":
            self._aside = False
        elif tag == "si":
            self.found.append(unescaped(self._text.text()))
            self._text.clear()
            self._letters += len(self.found[-1])
            if len(self.found) > MAX_TEXTS or self._letters > MAX_LETTERS:
                what = f"texts of more than {MAX_LETTERS:,} letters, or more than {MAX_TEXTS:,} of them"
                raise Refused([Problem("E402", what, "a file with fewer rows", place=self._place)])


class Cells:
    """Reads the cells of a sheet; what is wrong with one is kept beside its row."""

    def __init__(self, shared: Shared, name: str, form: Form) -> None:
        self.shared, self.name, self.form = shared, name, form
        self.rows: dict[int, list[str]] = {}
        self.slips: list[Problem] = []
        self.warnings: list[Problem] = []
        self.hidden_rows = self.filters = self.filled = 0
        self._hidden_columns = self._cells = self._row = self._column = self._padding = 0
        self._before: set[int] = set()
        self._cell: dict[str, str] = {}
        self._parts = {"v": _Collected(), "t": _Collected()}
        self._into: _Collected | None = None
        self._formula = self._aside = False
        self._known: dict[str, str] = {}

    @property
    def hidden_columns(self) -> int:
        """How many columns are hidden."""
        return self._hidden_columns.bit_count()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell, or a part of one."""
        match tag:
            case "row":
                self._begin_row(attributes)
            case "c":
                self._begin_cell(attributes)
            case "f":
                self._formula = True
            case "v" | "t" if not self._aside:
                self._into = self._parts[tag]
            case "rPh":
                self._aside = True
            case "col" if attributes.get("hidden") in {"1", "true"}:
                self._hide(_numbered(attributes.get("min", "")), _numbered(attributes.get("max", "")))
            case "filterColumn":
                self.filters += 1
            case _:
                pass

    def data(self, text: str) -> None:
        """Take a piece of a value or a text."""
        if self._into is not None:
            self._into.add(text)

    def end(self, tag: str) -> None:
        """End a part of a cell, or the cell."""
        self._into = None
        if tag == "rPh":
            self._aside = False
        elif tag == "c":
            self._end_cell()

    def spread(self, cells: int) -> Problem | None:
        """Tell of a sheet with so many cells, if they are so thinly filled that no table is."""
        return too_sparse(cells, self.filled, Place(self.shared.file, 1, sheet=self.name))

    # --- rows and columns

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = _numbered(attributes.get("r", "")) or self._row + 1
        self._column = 0
        self._before = {index for index, cell in enumerate(self.rows.get(self._row, ()), start=1) if cell}
        self.hidden_rows += attributes.get("hidden") in {"1", "true"}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._formula = attributes, False
        for part in self._parts.values():
            part.clear()

    def _hide(self, first: int, last: int) -> None:
        first, last = max(first, 1), min(last, MAX_COLUMNS)
        self._hidden_columns |= ((1 << max(last - first + 1, 0)) - 1) << first

    def _end_cell(self) -> None:
        """Put a cell into its row; what is wrong with it is noted."""
        reference = _REFERENCE.fullmatch(self._cell.get("r", ""))
        self._column = _column(reference[1]) if reference else self._column + 1
        row = int(reference[2]) if reference else self._row
        place = Place(self.shared.file, row, self._column, sheet=self.name)
        self._cells += 1
        if self._cells > MAX_CELLS:
            begun = Place(self.shared.file, 1, sheet=self.name)
            raise Refused([Problem("E402", f"a sheet of more than {MAX_CELLS:,} cells", place=begun)])
        if self._column > MAX_COLUMNS or row > MAX_ROWS:
            raise Refused([Problem("E402", "a cell beyond the last row or column of a sheet", RESAVE, place=place)])
        if self._column in self._before or row != self._row:
            raise Refused([Problem("E416", "a cell that is there twice, or in another's row", RESAVE, place=place)])
        self._before.add(self._column)
        if text := self._seen(place):
            self._put(self._known.get(text) or self._remembered(text))
        if self._padding + self._cells > SPARE and (sparse := self.spread(self._padding + self._cells)):
            raise Refused([sparse])

    def _seen(self, place: Place) -> str:
        """Give a cell's text, and note what is wrong with it."""
        above = self.form.header is not None and place.line < self.form.header
        try:
            return self._as_seen(place)
        except Unwritten as slip:
            if not above:
                self.slips.append(Problem(slip.code, slip.what, slip.remedy, place=place))
            if len(self.slips) >= MAX_PROBLEMS:
                raise Refused(self.slips) from None
            return self._parts["v"].text()[:MAX_SHOWN] or "?"

    def _remembered(self, text: str) -> str:
        if len(self._known) < _REMEMBERED:
            self._known[text] = text
        return text

    def _put(self, text: str) -> None:
        cells = self.rows.setdefault(self._row, [])
        missing = self._column - len(cells) - 1
        self.filled += 1
        if missing < 0:
            cells[self._column - 1] = text
            return
        self._padding += missing
        cells.extend([""] * missing)
        cells.append(text)

    # --- cells

    def _as_seen(self, place: Place) -> str:
        """Give a cell's text as people see it."""
        kind, value = self._cell.get("t", "n"), self._parts["v"].text()
        if kind == "e":
            raise Unwritten("E408", f"the error {value[:MAX_SHOWN]}", "mend the formula, or clear the cell")
        if self._formula and not value and kind != "str":
            remedy = "open the workbook in Excel and save it"
            raise Unwritten("E409", "a formula whose value was never computed", remedy)
        match kind:
            case "inlineStr":
                return _short(unescaped(self._parts["t"].text()))
            case "s":
                texts = self.shared.texts
                if not value.isdecimal() or len(value) > 9 or int(value) >= len(texts):  # noqa: PLR2004
                    raise Unwritten("E418", f"text number {value[:MAX_SHOWN]}, of {len(texts)} there are", RESAVE)
                return _short(texts[int(value)])
            case "b" if value in _TRUTH:
                return _TRUTH[value]
            case "str":
                return _short(unescaped(value))
            case "d":
                return _short(value)
            case _:
                return self._number(value, place) if value else ""

    def _number(self, value: str, place: Place) -> str:
        """Write a number with the digits Excel shows; a day as a day, a percentage with its sign."""
        style, looks = self._cell.get("s", "0"), self.shared.looks
        look = looks[int(style)] if style.isdecimal() and len(style) < 8 and int(style) < len(looks) else "number"  # noqa: PLR2004
        try:
            digits = spelled_out(value, DIGITS)
        except NotExact as slip:
            raise Unwritten(slip.code, slip.what, slip.remedy) from None
        if look == "day":
            return self._day(digits)
        if _WHOLE.fullmatch(digits) and len(digits.lstrip("-")) > DIGITS and len(self.warnings) < MAX_PROBLEMS:
            what = f"a number of more than {DIGITS} digits, of which Excel keeps {DIGITS}"
            self.warnings.append(Problem("W415", what, "write it as text", place=place))
        if look == "percent":
            return self.form.number(f"{spelled_out(value, DIGITS, 2)}%")
        if isinstance(look, int) and digits.isdecimal():
            return digits.zfill(look)
        return self.form.number(digits)

    def _day(self, digits: str) -> str:
        """Give the day a number stands for; a moment, which has a part of a day, is no day."""
        if not digits.isdecimal() or len(digits) > 7 or int(digits) > 2_958_465:  # noqa: PLR2004
            raise Unwritten("E319", f"a moment, or no day at all: {digits} days", "a day without a time of day")
        return self.form.day(self.shared.first_day + timedelta(int(digits)))


def _numbered(said: str) -> int:
    """Read the number of a row or column; 0 where it is none."""
    return int(said) if said.isdecimal() and len(said) < 8 else 0  # noqa: PLR2004


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _short(text: str) -> str:
    if len(text) > MAX_CELL:
        raise Unwritten("E308", f"a cell of more than {MAX_CELL:,} characters", "shorten it")
    if LONE.search(text):
        raise Unwritten("E332", "half a character (a lone surrogate)", "write the whole character")
    return text
