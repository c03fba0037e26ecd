"""Sizes: what a reader can hold; a room past its size splits by family on the same step."""

from __future__ import annotations

from statistics import median, quantiles

from house import ROOMS, functions

LINES = {room.name: len(room.text.splitlines()) for room in ROOMS}
LENGTHS = {
    f"{room.name}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
    for room in ROOMS
    for function in functions(room.tree)
}


def longer_than(limit: int, sizes: dict[str, int]) -> dict[str, int]:
    """Give what is longer than the limit, with its size."""
    return {name: size for name, size in sizes.items() if size > limit}


def test_no_room_is_too_large() -> None:
    """A room has at most 500 lines."""
    assert longer_than(500, LINES) == {}


def test_most_rooms_are_small() -> None:
    """Half of the rooms have at most 250 lines."""
    assert median(LINES.values()) <= 250


def test_no_function_is_too_long() -> None:
    """A function has at most 80 lines, counted from its ``def`` to its end."""
    assert longer_than(80, LENGTHS) == {}


def test_most_functions_are_short() -> None:
    """Half of the functions have at most 10 lines, and 95 in 100 at most 40."""
    assert median(LENGTHS.values()) <= 10
    assert quantiles(LENGTHS.values(), n=20)[-1] <= 40, longer_than(40, LENGTHS)


def test_the_checks_can_fail() -> None:
    """What is longer than its limit is named with its size."""
    assert longer_than(2, {"short": 2, "long": 3}) == {"long": 3}
