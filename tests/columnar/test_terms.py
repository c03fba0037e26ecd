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
from emulation.columnar.sheet import Sheet
from emulation.columnar.terms import EXACT_INT, Cell, Range, Term, Test, Whole, compared, times, values_of, widest
from emulation.exact import Mode, Rational
from emulation.exact import rounded as exactly_rounded
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
