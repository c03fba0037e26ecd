"""JSON table: a list of maps, or one map a line, to rows of text; every number keeps its digits."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from emulation.problems import Place, Problem, Refused
from emulation.reading.cells import Unwritten, read_rows
from emulation.reading.characters import decode
from emulation.reading.tables import MAX_PROBLEMS, Form, Table

_SHAPE = 'a list of maps from headings to values, as [{"participant": "a"}]'


def read_json(source: bytes, file: str, form: Form) -> Table:
    """Read a list of maps; a row's number is its place in the list, counted from 1.

    >>> list(read_json(b'[{"id": "a", "value": 0.10}]', "t.json", Form()).lines())
    [(1, ['a', '0.10'])]
    """
    text, rows = decode(source, file), _Rows(file, form)
    try:
        for row in _items(text, rows.decoder):
            rows.add(row)
            if rows.enough:
                break
    except Unwritten as slip:
        raise Refused([Problem(slip.code, slip.what, slip.remedy, place=Place(file, 1))]) from None
    except RecursionError:
        raise Refused([_deep(Place(file, 1))]) from None
    except json.JSONDecodeError as error:
        raise Refused([_not_json(error, Place(file, error.lineno, error.colno))]) from None
    return rows.table()


def read_json_lines(source: bytes, file: str, form: Form) -> Table:
    r"""Read one map a line; blank lines are left out.

    >>> list(read_json_lines(b'{"id": "a"}\n{"id": "b"}\n', "t.jsonl", Form()).lines())
    [(1, ['a']), (2, ['b'])]
    """
    rows = _Rows(file, form)
    for number, line in enumerate(_lines(decode(source, file)), start=1):
        place = Place(file, number)
        try:
            rows.add(rows.decoder.decode(line) if line.strip() else {})
        except Unwritten as slip:
            rows.problems.append(Problem(slip.code, slip.what, slip.remedy, place=place))
        except RecursionError:
            rows.problems.append(_deep(place))
        except json.JSONDecodeError as error:
            rows.problems.append(_not_json(error, Place(file, number, error.colno)))
        if rows.enough:
            break
    return rows.table()


class _Rows:
    """The rows of a list as they are found; those with nothing in them are only counted."""

    def __init__(self, file: str, form: Form) -> None:
        self.problems: list[Problem] = []
        self.decoder = _decoder(form)
        self._file, self._form = file, form
        self._rows: list[dict[str, Any]] = []
        self._numbers: list[int] = []
        self._found = 0

    @property
    def enough(self) -> bool:
        """Say whether more would tell nothing new."""
        return len(self.problems) >= MAX_PROBLEMS

    def add(self, row: Any) -> None:
        """Take the next row."""
        self._found += 1
        if not isinstance(row, dict):
            what = f"row {self._found} is no map"
            self.problems.append(Problem("E154", what, _SHAPE, place=Place(self._file, self._found)))
        elif row:
            self._rows.append(row)
            self._numbers.append(self._found)

    def table(self) -> Table:
        """Make a table of them."""
        if self.problems:
            raise Refused(self.problems)
        return read_rows(self._rows, Place(self._file, 1), self._form, self._numbers)


def _decoder(form: Form) -> json.JSONDecoder:
    """Read JSON strictly: nothing twice, and nothing that is no number."""

    def number(written: str) -> str:
        return form.number(written)

    return json.JSONDecoder(
        object_pairs_hook=_each_once, parse_constant=_no_number, parse_int=number, parse_float=number
    )


_BLANK = re.compile(r"[ \t\n\r]*+")


def _items(text: str, decoder: json.JSONDecoder) -> Iterator[Any]:
    """Give the items of a list one by one, so that the whole is never held beside its rows."""

    def past_blank(at: int) -> int:
        found = _BLANK.match(text, at)
        return found.end() if found else at

    at = past_blank(0)
    if not text.startswith("[", at):
        decoder.decode(text)
        raise Unwritten("E154", "this is no list", _SHAPE)
    at = past_blank(at + 1)
    more = not text.startswith("]", at)
    while more:
        item, at = decoder.raw_decode(text, at)
        yield item
        at = past_blank(at)
        more = text.startswith(",", at)
        if more:
            at = past_blank(at + 1)
        elif not text.startswith("]", at):
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    if past_blank(at + 1) < len(text):
        raise json.JSONDecodeError("Extra data", text, past_blank(at + 1))


def _lines(text: str) -> Iterator[str]:
    """Give lines one by one."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _deep(place: Place) -> Problem:
    return Problem("E103", "nested deeper than any table is", _SHAPE, place=place)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise Unwritten("E105", f"{twice!r} is written twice in one map", "each name once")
    return members


def _no_number(word: str) -> NoReturn:
    raise Unwritten("E316", f"{word} is no number", "a number, or null where there is none")


def _not_json(error: json.JSONDecodeError, place: Place) -> Problem:
    return Problem("E506", f"not JSON: {error.msg.lower()}", _SHAPE, place=place)
