"""JSON table: a list of maps, or one map a line, to rows of text; every number keeps its digits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from emulation.problems import Place, Problem, Refused
from emulation.reading.cells import Unwritten, read_rows
from emulation.reading.characters import decode
from emulation.reading.tables import MAX_CELL, MAX_PROBLEMS, Form, Table

_SHAPE = 'a list of maps from headings to values, as [{"participant": "a"}]'
_DEEP = 20


def read_json(source: bytes, file: str, form: Form) -> Table:
    """Read a list of maps; a row's number is its place in the list, counted from 1.

    >>> list(read_json(b'[{"id": "a", "value": 0.10}]', "t.json", Form()).lines())
    [(1, ['a', '0.10'])]
    """
    text = decode(source, file)
    try:
        rows = _parsed(text, form)
    except Unwritten as slip:
        raise Refused([Problem(slip.code, slip.what, slip.remedy, place=Place(file, 1))]) from None
    except json.JSONDecodeError as error:
        raise Refused([_not_json(error, Place(file, error.lineno, error.colno))]) from None
    if not isinstance(rows, list):
        raise Refused([Problem("E154", "this is no list", _SHAPE, place=Place(file, 1))])
    return _table(rows, file, form)


def read_json_lines(source: bytes, file: str, form: Form) -> Table:
    r"""Read one map a line; blank lines are left out.

    >>> list(read_json_lines(b'{"id": "a"}\n{"id": "b"}\n', "t.jsonl", Form()).lines())
    [(1, ['a']), (2, ['b'])]
    """
    rows, problems = [], []
    for number, line in enumerate(decode(source, file).split("\n"), start=1):
        try:
            rows.append(_parsed(line, form) if line.strip() else {})
        except Unwritten as slip:
            problems.append(Problem(slip.code, slip.what, slip.remedy, place=Place(file, number)))
        except json.JSONDecodeError as error:
            problems.append(_not_json(error, Place(file, number, error.colno)))
        if len(problems) >= MAX_PROBLEMS:
            break
    if problems:
        raise Refused(problems)
    return _table(rows, file, form)


def _table(rows: list[Any], file: str, form: Form) -> Table:
    problems = list(_shapeless(rows, file))
    if problems:
        raise Refused(problems)
    return read_rows(rows, Place(file, 1), form)


def _shapeless(rows: list[Any], file: str) -> Iterator[Problem]:
    """Find rows that are no maps, and cells that hold lists and maps."""
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            yield Problem("E154", f"row {number} is no map", _SHAPE, place=Place(file, number))
            continue
        for index, (heading, cell) in enumerate(row.items(), start=1):
            if len(heading) > MAX_CELL or (isinstance(cell, str) and len(cell) > MAX_CELL):
                what = f"a cell of more than {MAX_CELL:,} characters"
                yield Problem("E308", what, place=Place(file, number, index))


def _parsed(text: str, form: Form) -> Any:
    """Read JSON strictly: nothing twice, nothing that is no number, nothing deep."""

    def number(written: str) -> str:
        return form.number(written)

    _see_that_it_is_flat(text)
    return json.loads(
        text, object_pairs_hook=_each_once, parse_constant=_no_number, parse_int=number, parse_float=number
    )


_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')


def _see_that_it_is_flat(text: str) -> None:
    """Refuse what is nested deeper than a table is, before anything walks down into it."""
    depth = 0
    for sign in re.findall(r"[\[{\]}]", _STRING.sub("", text)):
        depth += 1 if sign in "[{" else -1
        if depth > _DEEP:
            raise Unwritten("E103", f"nested more than {_DEEP} deep", _SHAPE)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unwritten("E105", f"{twice!r} is written twice in one map", "each name once")
    return members


def _no_number(word: str) -> NoReturn:
    raise Unwritten("E316", f"{word} is no number", "a number, or null where there is none")


def _not_json(error: json.JSONDecodeError, place: Place) -> Problem:
    return Problem("E506", f"not JSON: {error.msg.lower()}", _SHAPE, place=place)
