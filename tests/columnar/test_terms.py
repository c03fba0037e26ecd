"""Terms: ranges that hold, and arithmetic that is that of exact numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.columnar.arrays import Table, _Arrays
from emulation.columnar.quantities import Quantity, add, chosen, divided, held, multiply, over, rounded, take, written
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.running import staged
from emulation.columnar.sheet import Place, Sheet
from emulation.columnar.terms import (
    EXACT_INT,
    YES,
    Cell,
    Range,
    Term,
    Test,
    Truth,
    Whole,
    choice,
    compared,
    negated,
    plus,
    times,
    values_of,
    widest,
)
from emulation.exact import Mode, Rational
from emulation.exact import rounded as exactly_rounded
from emulation.names import Kind
from emulation.testing.facts import MODES

WIDE = Range(-1000, 1000)
TOP, BOTTOM = Cell("top", WIDE), Cell("bottom", Range(1, 1000))
whole = st.integers(-1000, 1000)
above_zero = st.integers(1, 1000)
numbers = st.fractions(-50, 50, max_denominator=30)


def reckoned(one: Quantity, **cells: int) -> Rational:
    """Reckon a quantity in one row."""
    return Fraction(number(one.top, **cells), number(one.bottom, **cells))


def number(term: Term, **cells: int) -> int:
    """Reckon a term in one row."""
    return int(np.asarray(machine(**cells).number(term)).reshape(-1)[0])


def holds(test: Test, **cells: int) -> bool:
    """Reckon a test in one row."""
    return bool(np.asarray(machine(**cells).truth(test)).reshape(-1)[0])


def machine(**cells: int) -> _Arrays:
    """Give numpy with one row."""
    return _Arrays(Table({}, np.array([-1])), {name: np.array([value]) for name, value in cells.items()})


@given(whole, above_zero, st.sampled_from(MODES), st.integers(0, 3))
def test_rounding_on_columns_is_rounding(top: int, bottom: int, mode: Mode, decimals: int) -> None:
    """One floor division, or two, come to what rounding an exact number says, in each mode, for either sign."""
    found = rounded(over(TOP, BOTTOM), decimals, mode)

    assert reckoned(found, top=top, bottom=bottom) == exactly_rounded(Fraction(top, bottom), decimals, mode)


@given(whole, above_zero, numbers)
def test_arithmetic_on_columns_is_exact(top: int, bottom: int, other: Fraction) -> None:
    """Sums, differences, products and quotients of a row's number and a written one."""
    row, exact = over(TOP, BOTTOM), Fraction(top, bottom)

    assert reckoned(add(row, written(other)), top=top, bottom=bottom) == exact + other
    assert reckoned(take(written(other), row), top=top, bottom=bottom) == other - exact
    assert reckoned(multiply(row, written(other)), top=top, bottom=bottom) == exact * other
    if top:
        assert reckoned(divided(written(other), row), top=top, bottom=bottom) == other / exact


@given(whole, above_zero, numbers, st.sampled_from([">=", ">", "==", "<=", "<"]))
def test_comparisons_on_columns_are_exact(top: int, bottom: int, other: Fraction, how: str) -> None:
    """A row's number against a written one, on and beside the edge."""
    exact = {
        ">=": Fraction.__ge__,
        ">": Fraction.__gt__,
        "==": Fraction.__eq__,
        "<=": Fraction.__le__,
        "<": Fraction.__lt__,
    }

    test = held(over(TOP, BOTTOM), how, written(other))  # type: ignore[arg-type]

    assert holds(test, top=top, bottom=bottom) == exact[how](Fraction(top, bottom), other)


@given(whole, above_zero, numbers, st.sampled_from(MODES))
def test_what_comes_out_lies_in_its_range(top: int, bottom: int, other: Fraction, mode: Mode) -> None:
    """A proof that numbers fit rests on ranges that hold."""
    row = over(TOP, BOTTOM)
    bigger = held(row, ">=", written(other))
    for one in (rounded(row, 2, mode), chosen(bigger, row, written(other)), divided(row, take(row, written(other)))):
        for term in (one.top, one.bottom):
            assert term.range.low <= number(term, top=top, bottom=bottom) <= term.range.high


def test_what_is_certain_is_not_reckoned() -> None:
    """A comparison that ranges decide is no column."""
    assert compared(TOP, "<=", Whole(1000)).holds  # type: ignore[union-attr]
    assert values_of(times(Whole(2), TOP)) is None


def test_what_outgrows_a_machine_is_refused() -> None:
    """A term that can pass 64 bits is never made a column."""
    square: Term = TOP
    for _ in range(3):
        square = times(square, times(square, square))

    assert widest(square) > EXACT_INT
    with pytest.raises(ExactOnly, match=r"a whole number of up to \d+ bits"):
        Sheet(10, ()).let("square", square)


def test_a_choice_asks_nothing_twice() -> None:
    """What a test has settled is settled in both of its sides."""
    test = compared(TOP, ">=", Whole(5))

    assert choice(test, Whole(1), choice(test, Whole(2), Whole(3))) == choice(test, Whole(1), Whole(3))
    assert choice(test, Whole(1), choice(negated(test), Whole(2), Whole(3))) == choice(test, Whole(1), Whole(2))


@given(whole, st.integers(-3, 9), st.integers(0, 3))
def test_a_choice_held_against_a_number_is_its_sides_held_against_it(top: int, bound: int, asked: int) -> None:
    """Also where one side cannot be the number and is left out."""
    test = compared(TOP, ">=", Whole(bound))
    found = choice(test, Whole(0), choice(compared(TOP, "==", Whole(2)), Whole(1), Whole(3)))

    assert holds(compared(found, "==", Whole(asked)), top=top, bottom=1) == (number(found, top=top, bottom=1) == asked)


def test_what_rows_come_to_together_waits_for_as_little_as_can_be() -> None:
    """Two standings are ranked in one stage, and what rests on their places stands in the next."""
    sheet = Sheet(10, (Kind("commune"),))
    for name in ("one", "other"):
        key = sheet.let(f"{name}:key", plus(TOP, Whole(len(name))))
        place = sheet.ranks(name, YES, key, ()).first
        sheet.let(f"{name}:class", choice(compared(place, "<=", Whole(3)), Whole(1), Whole(2)))

    stages = staged(sheet.steps)

    assert [[step.name for step in stage.rowwise] for stage in stages] == [
        ["one:key", "other:key"],
        ["one:class", "other:class"],
    ]
    assert [len(stage.gathering) for stage in stages] == [2, 0]


@given(st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 1)), max_size=12))
def test_ranks_are_those_of_counting(rows: list[tuple[bool, int, int]]) -> None:
    """A place is one more than those before; dense, one more than the keys before; and how many are equal."""
    who, key, group = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0),) * 3
    table = Table({"group:g": [str(one) for one in group]}, np.full(len(rows), -1))
    sheet = _Arrays(table, {"who": who.astype(bool), "key": key.astype(np.int64)})

    sheet.take(Place(Truth("who"), Cell("key", WIDE), ("group:g",), "first", "dense", "equal"))

    for at, (meant, own, where) in enumerate(rows):
        others = [one for ranked, one, there in rows if ranked and there == where]
        counted = (
            1 + sum(one > own for one in others),
            1 + len({one for one in others if one > own}),
            others.count(own),
        )
        found = tuple(int(sheet.columns[name][at]) for name in ("first", "dense", "equal"))
        assert found == (counted if meant else (0, 0, 0))
