"""Plausibility: what looks wrong, and what does not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.periods import Span
from emulation.plausibility import Alike, Jump, Plausibility, Range, Repeated, doubts, problem_of, problems_of

HALF = Plausibility(Jump("files", Fraction(1, 2)))
THRICE = Plausibility(Repeated("files", 3))
ALIKE = Plausibility(Alike("files"), "refused")


def told(value: int | None, day: int = 1, id: str = "a", **more: Any) -> Observation:
    """Give a report of files on a day of July."""
    at = date(2025, 7, day)
    state = "missing" if value is None else "measured"
    return Observation(ParticipantId(id), "files", Span(at, at), value, state, **more)


def series(*values: int | None) -> Observations:
    """Give reports of one body on the days of July."""
    return Observations(tuple(told(value, day) for day, value in enumerate(values, start=1)))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ((100, 150), []),
        ((100, 151), [(100, 151)]),
        ((100, 49), [(100, 49)]),
        ((0, 0), []),
        ((0, 1), [(0, 1)]),
        ((-100, -151), [(-100, -151)]),
        ((100, None, 200), [(100, 200)]),
        ((100, 200, 400), [(100, 200), (200, 400)]),
        ((100,), []),
    ],
)
def test_jumps(values: tuple[int, ...], found: list[tuple[int, int]]) -> None:
    """A figure is held against the body's last figure, whatever lies between; from nothing anything is a jump."""
    assert [
        (one.before and one.before.value, one.observation.value) for one in doubts([HALF], series(*values))
    ] == found


@pytest.mark.parametrize(("ends", "found"), [((2, 4), [1, 5]), ((2, None), [1]), ((None, 4), [5]), ((1, 5), [])])
def test_ranges(ends: tuple[int | None, int | None], found: list[int]) -> None:
    """Both ends are plausible themselves."""
    check = Plausibility(Range("files", *ends))

    assert [one.observation.value for one in doubts([check], series(1, 2, 3, None, 4, 5))] == found


@pytest.mark.parametrize(
    ("values", "days"),
    [((5, 5), []), ((5, 5, 5), [3]), ((5, 5, 5, 5), [4]), ((5, 5, 6, 5), []), ((1, 5, 5, 5, 2, 7, 7, 7), [4, 8])],
)
def test_repetitions(values: tuple[int, ...], days: list[int]) -> None:
    """A run of the same figure is told once, at its end."""
    assert [one.observation.span.last.day for one in doubts([THRICE], series(*values))] == days


@pytest.mark.parametrize(
    ("values", "found"), [((5, 5, 5), 1), ((5, 5, 6), 0), ((5, 5), 0), ((5, 5, None), 0), ((5, 5, 5, None), 1)]
)
def test_all_alike(values: tuple[int | None, ...], found: int) -> None:
    """A column filled down shows once for its days; two that agree are no column."""
    facts = Observations(tuple(told(value, id=id) for id, value in zip("abcd", values, strict=False)))

    assert len(doubts([ALIKE], facts)) == found


@pytest.mark.parametrize(
    ("check", "facts", "said"),
    [
        (HALF, (told(1), told(9, 2, file="f.csv", line=7)), "f.csv:7:1 E341 files of a jumps from 1 to 9"),
        (Plausibility(Range("files", 2, 9)), (told(1),), "E344 files of a is 1 (at least 2 and at most 9)"),
        (Plausibility(Range("files", to=0)), (told(1),), "E344 files of a is 1 (at most 0)"),
        (Plausibility(Range("files", 2)), (told(1),), "E344 files of a is 1 (at least 2)"),
        (THRICE, (told(1), told(1, 2), told(1, 3)), "E342 files of a is 1 in 3 reports in a row or more"),
        (ALIKE, (told(1), told(1, id="b"), told(1, id="c")), "E343 files is 1 for all bodies"),
    ],
)
def test_what_is_said(check: Plausibility, facts: tuple[Observation, ...], said: str) -> None:
    """The problem names the body, the figures and the row."""
    (doubt,) = doubts([check], Observations(facts))

    assert str(problem_of(doubt)).startswith(said)


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (HALF, []),
        (Plausibility(Range("files", 1, 1)), []),
        (Plausibility(Range("files")), ["E153 range"]),
        (Plausibility(Range("files", 2, 1)), ["E118 range"]),
        (Plausibility(Range("fils", 1)), ["E135 range.fact"]),
        (Plausibility(Jump("files", 0)), ["E118 jump.more_than"]),
        (Plausibility(Repeated("files", 1)), ["E118 repeated.times"]),
        (Plausibility(Alike("fils")), ["E135 alike.fact"]),
    ],
)
def test_checks_that_make_no_sense(check: Plausibility, told: list[str]) -> None:
    """A check looks at what is reported, and asks for something; its own words lead to what is wrong."""
    found = list(problems_of([check], ["files"]))

    assert [f"{one.code} {'.'.join(one.path[2:])}" for one in found] == told
    assert {one.path[:2] for one in found} <= {("plausibility", "0")}


@given(st.lists(st.integers(0, 9), max_size=8), st.permutations(range(8)))
def test_the_order_of_rows_is_nothing(values: list[int], order: list[int]) -> None:
    """Whatever order rows come in, the same figures look wrong."""
    rows = list(series(*values))
    shuffled = [rows[place] for place in order if place < len(rows)]

    assert doubts([HALF, THRICE], Observations(tuple(shuffled))) == doubts([HALF, THRICE], Observations(tuple(rows)))
