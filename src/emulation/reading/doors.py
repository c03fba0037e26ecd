"""Doors: rooms that need a library most installations lack, opened when a file asks for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from emulation.problems import Problem, Refused

_EXTRAS = {"workbook": "excel", "frames": "columns", "parquet": "columns"}


def open_room(room: str) -> Any:
    """Fetch a room of this shelf; raise `Refused` (E641) where its library is not installed."""
    try:
        return import_module(f"emulation.reading.{room}")
    except ImportError as missing:
        what = f"this needs a library that is not installed ({missing})"
        remedy = f"pip install 'emulation-campaigns[{_EXTRAS[room]}]'"
        raise Refused([Problem("E641", what, remedy)]) from None
