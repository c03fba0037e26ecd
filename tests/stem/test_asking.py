"""Asking: a mapping whose records are made when they are asked for is like any other."""

from __future__ import annotations

import pytest

from emulation.asking import Gathered, OnAsking


def test_each_is_made_once() -> None:
    """Whatever is asked, in whatever order and how often, a record is made one time."""
    made: list[int] = []
    squares = OnAsking((1, 2, 3), lambda number: made.append(number) or number * number)

    assert [squares[3], squares[1], squares[3]] == [9, 1, 9]
    assert made == [3, 1]


def test_it_is_equal_to_a_dict_and_shows_itself_as_one() -> None:
    """Keys, values, length, equality and text are those of a dict."""
    squares = OnAsking((1, 2), lambda number: number * number)

    assert (squares, list(squares), len(squares), repr(squares)) == ({1: 1, 2: 4}, [1, 2], 2, "{1: 1, 2: 4}")


def test_what_is_not_known_is_not_made() -> None:
    """A key that is none is refused as by a dict."""
    squares = OnAsking((1, 2), lambda number: number * number)

    assert 3 not in squares
    with pytest.raises(KeyError):
        squares[3]


def test_a_gathered_mapping_is_gathered_once() -> None:
    """It is asked for as a whole when anything of it is, and shows itself as a dict."""
    times: list[None] = []
    gathered = Gathered(lambda: times.append(None) or {"a": 1})

    assert (gathered["a"], list(gathered), len(gathered), repr(gathered)) == (1, ["a"], 1, "{'a': 1}")
    assert len(times) == 1
