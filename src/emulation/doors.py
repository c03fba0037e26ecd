"""Doors: rooms that are opened when they are asked for, since most who come need neither them nor their libraries."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from emulation.problems import Problem, Refused


def open_room(room: str) -> Any:
    """Fetch a room that would cost time at the start of those who never enter it.

    >>> open_room("exact").read_number("80%")
    Fraction(4, 5)
    """
    return import_module(f"emulation.{room}")


def open_extra(room: str, extra: str, who: str = "this") -> Any:
    """Fetch a room that needs the library of an extra; raise `Refused` (E641) where that is not installed."""
    try:
        return open_room(room)
    except ImportError as missing:
        what = f"{who} needs a library that is not installed ({missing})"
        raise Refused([Problem("E641", what, f"pip install 'emulation-campaigns[{extra}]'")]) from None
