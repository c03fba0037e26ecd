"""Registers: which cases a count means, as it is written, to the tests it stands for."""

from __future__ import annotations

from functools import partial
from typing import Any

from emulation.cases import ALL_CASES, Alternative, Edge, Test, Where
from emulation.exact import NotExact, read_number
from emulation.names import FieldId
from emulation.problems import Path
from emulation.reading.document import Listing, Mapping, Node, Text
from emulation.reading.records import NotScalar, RecordReader, read_day

ALL = "all"
_FORMS = "all, a map of fields and what is asked of them, or a list of such maps"


def read_where(reader: RecordReader, node: Node, path: Path) -> Where:
    """Read which cases are meant: all, those that meet a map of tests, or those that meet one of several."""
    match node:
        case Text(value) if value == ALL:
            return ALL_CASES
        case Mapping():
            return Where((_alternative(reader, node, path),))
        case Listing(items) if items:
            return Where(
                reader.gather(
                    partial(_alternative, reader, reader.mapping(item, (*path, str(number))), (*path, str(number)))
                    for number, item in enumerate(items)
                )
            )
        case _:
            raise reader.fail("E155", "it does not say which cases are meant", node, path, _FORMS)


def _alternative(reader: RecordReader, node: Mapping, path: Path) -> Alternative:
    if not node.entries:
        raise reader.fail("E153", "a map that asks nothing", node, path, _FORMS)
    return Alternative(reader.gather(partial(_test, reader, key, value, path) for key, value in node.entries))


def _test(reader: RecordReader, key: Text, value: Node, path: Path) -> tuple[FieldId, Test]:
    test: Any = reader.read(value, Test, (*path, key.value))
    return FieldId(key.value), test


def read_edge(reader: RecordReader, node: Node, path: Path) -> Edge:
    """Read what a field is held against: a day, a number, or else the name of another field."""
    text = reader.text(node, path)
    try:
        return read_day(text.value)
    except NotScalar:
        pass
    try:
        return read_number(text.value)
    except NotExact as slip:
        if text.value[:1].isdigit() or text.value[:1] in "+-":
            raise reader.fail(slip.code, slip.what, text, path, slip.remedy) from None
    return FieldId(text.value)
