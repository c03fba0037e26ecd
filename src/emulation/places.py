"""Places: ordering exact keys into competition or dense places, ties kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal, TypeVar

Item = TypeVar("Item", bound=Hashable)
Counting = Literal["shared", "dense"]


def tied(items: Iterable[Item], key: Callable[[Item], Any]) -> list[list[Item]]:
    """Put items into sets of equal keys, greatest key first; inside a set the given order stays.

    >>> tied(["a", "b", "c"], key={"a": 1, "b": 2, "c": 1}.get)
    [['b'], ['a', 'c']]
    """
    return [list(group) for _, group in groupby(sorted(items, key=key, reverse=True), key=key)]


def numbered(sets: Sequence[Sequence[Item]], counting: Counting) -> dict[Item, int]:
    """Give each item its place: 1-2-2-4 when a shared place takes up as many, 1-2-2-3 when dense.

    >>> numbered([["b"], ["a", "c"], ["d"]], "shared")
    {'b': 1, 'a': 2, 'c': 2, 'd': 4}
    """
    places: dict[Item, int] = {}
    place = 1
    for members in sets:
        places.update(dict.fromkeys(members, place))
        place += len(members) if counting == "shared" else 1
    return places


def places_of(keys: Mapping[Item, Any], counting: Counting = "shared") -> dict[Item, int]:
    """Rank items by their keys, the greatest first.

    >>> places_of({"a": 1, "b": 2, "c": 1})
    {'b': 1, 'a': 2, 'c': 2}
    """
    return numbered(tied(keys, keys.__getitem__), counting)
