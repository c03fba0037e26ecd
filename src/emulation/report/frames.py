"""Frames: columns to a frame of pandas, polars or pyarrow, through narwhals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import narwhals as nw

from emulation.names import near
from emulation.problems import Problem, Refused
from emulation.report.rows import MOST_DIGITS, Column

LIBRARIES = ("pandas", "polars", "pyarrow")
"""Those a frame can be of; without a wish it is of the first that is installed."""


def frame_of(columns: Sequence[Column], backend: str | None) -> Any:
    """Give the frame; raise `Refused` for a library that is not known (E778) or not installed (E641)."""
    known: Any = _library(backend)
    library: Any = nw.Implementation.from_backend(known)
    if library.is_pandas():
        module: Any = library.to_native_namespace()
        given = {one.name: _of_pandas(module, one) for one in columns}
        return nw.from_dict(given, backend=library).to_native()
    data = {one.name: list(one.values) for one in columns}
    return nw.from_dict(data, {one.name: _KINDS[one.kind](one) for one in columns}, backend=library).to_native()


def _library(wanted: str | None) -> str:
    installed = [one for one in LIBRARIES if find_spec(one) is not None]
    if wanted is None and installed:
        return installed[0]
    if wanted in installed:
        return wanted
    if wanted is None or wanted in LIBRARIES:
        listed = " or ".join(LIBRARIES) if wanted is None else wanted
        raise Refused(
            [
                Problem(
                    "E641", f"a frame needs {listed}, which is not installed", f"pip install {wanted or LIBRARIES[0]}"
                )
            ]
        )
    raise Refused([Problem("E778", f"unknown frame library {wanted!r}", ", ".join(LIBRARIES), near(wanted, LIBRARIES))])


def _of_pandas(module: Any, column: Column) -> Any:
    """Give a column as pandas has it: whole numbers stay whole beside a gap, decimals are objects."""
    match column.kind:
        case "whole":
            return module.array(list(column.values), dtype="Int64")
        case "decimal":
            return module.array(list(column.values), dtype=object)
        case "float":
            return module.array(list(column.values), dtype="float64")
        case "text":
            return module.array(list(column.values), dtype="str")


_KINDS: Mapping[str, Any] = {
    "text": lambda _: nw.String(),
    "whole": lambda _: nw.Int64(),
    "float": lambda _: nw.Float64(),
    "decimal": lambda column: nw.Decimal(MOST_DIGITS, column.scale),
}
