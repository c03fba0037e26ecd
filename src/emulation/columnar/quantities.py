"""Quantities: exact numbers that differ from row to row, one term over another; and their named rounding."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import gcd, lcm
from typing import Literal, TypeGuard

from attrs import frozen

from emulation.columnar.terms import (
    NOTHING,
    ONE,
    Choice,
    Term,
    Test,
    Whole,
    both,
    choice,
    coefficient,
    compared,
    either,
    floor,
    minus,
    plus,
    positive,
    size,
    times,
)
from emulation.exact import Mode, Rational


@frozen
class Quantity:
    """``top / bottom``; the bottom is a term > 0."""

    top: Term
    bottom: Term

    @property
    def grid(self) -> int | None:
        """The bottom where it is the same in every row."""
        return self.bottom.value if isinstance(self.bottom, Whole) else None


def written(value: Rational) -> Quantity:
    """Give a written number."""
    return Quantity(Whole(value.numerator), Whole(value.denominator))


ZERO, UNIT = written(0), written(1)


def over(top: Term, bottom: Term) -> Quantity:
    """Give one term over another, their written factors reduced."""
    (a, left), (b, right) = coefficient(top), coefficient(bottom)
    common = gcd(a, b)
    if common == 0:
        return ZERO
    return Quantity(times(Whole(a // common), left), times(Whole(b // common), right))


def add(one: Quantity, other: Quantity) -> Quantity:
    """Add two quantities."""
    left, right, bottom = _alike(one, other)
    return over(plus(left, right), bottom)


def negative(one: Quantity) -> Quantity:
    """Give a quantity with its sign turned."""
    return Quantity(times(Whole(-1), one.top), one.bottom)


def take(one: Quantity, other: Quantity) -> Quantity:
    """Take one quantity from another."""
    return add(one, negative(other))


def total(parts: Iterable[Quantity]) -> Quantity:
    """Add quantities up."""
    return reduce(add, parts, ZERO)


def multiply(one: Quantity, other: Quantity) -> Quantity:
    """Multiply two quantities."""
    crossed, straight = over(one.top, other.bottom), over(other.top, one.bottom)
    return over(times(crossed.top, straight.top), times(crossed.bottom, straight.bottom))


def divided(one: Quantity, other: Quantity) -> Quantity:
    """Divide by a quantity that is not zero where it matters; where it is zero, what comes out is not used."""
    turned = choice(compared(other.top, "<", NOTHING), times(Whole(-1), other.bottom), other.bottom)
    return multiply(one, Quantity(turned, positive(size(other.top))))


def chosen(test: Test, then: Quantity, other: Quantity) -> Quantity:
    """Give one quantity where a test holds, another elsewhere."""
    if then.grid is not None and other.grid is not None:
        left, right, bottom = _alike(then, other)
        return Quantity(choice(test, left, right), bottom)
    return Quantity(choice(test, then.top, other.top), choice(test, then.bottom, other.bottom))


def held(one: Quantity, how: Literal[">=", ">", "==", "<=", "<"], other: Quantity) -> Test:
    """Hold one quantity against another."""
    left, right, _ = _alike(one, other)
    return compared(left, how, right)


def _alike(one: Quantity, other: Quantity) -> tuple[Term, Term, Term]:
    """Bring two quantities over one bottom."""
    if one.bottom == other.bottom:
        return one.top, other.top, one.bottom
    if one.grid is not None and other.grid is not None:
        common = lcm(one.grid, other.grid)
        return times(Whole(common // one.grid), one.top), times(Whole(common // other.grid), other.top), Whole(common)
    (a, left), (b, right) = coefficient(one.bottom), coefficient(other.bottom)
    common = gcd(a, b)
    return (
        times(times(Whole(b // common), right), one.top),
        times(times(Whole(a // common), left), other.top),
        times(Whole(a * b // common), times(left, right)),
    )


def rounded(one: Quantity, decimals: int, mode: Mode) -> Quantity:
    """Round to so many decimals in the named mode, as `emulation.exact.round_quotient` does.

    >>> from fractions import Fraction
    >>> rounded(written(Fraction("2.625")), 2, "half_even").top
    Whole(value=262)
    """
    grid: int = 10**decimals
    if one.grid is not None and grid % one.grid == 0:
        return Quantity(times(Whole(grid // one.grid), one.top), Whole(grid))
    match one.bottom:
        case Choice(test, then, other) if (
            min(then.range.low, other.range.low) > 0
        ):  # each side is divided by its own bottom, and a written one not at all
            tops = (one.top.then, one.top.other) if _by(one.top, test) else (one.top, one.top)
            sides = [
                rounded(Quantity(top, bottom), decimals, mode) for top, bottom in zip(tops, (then, other), strict=True)
            ]
            return chosen(test, *sides)
        case _:
            pass
    scaled = over(times(Whole(grid), one.top), one.bottom)
    below = compared(scaled.top, "<", NOTHING)
    up = _size_rounded(size(scaled.top), scaled.bottom, _outward(mode, negative=False))
    if scaled.top.range.low >= 0:
        return Quantity(up, Whole(grid))
    down = _size_rounded(size(scaled.top), scaled.bottom, _outward(mode, negative=True))
    return Quantity(choice(below, times(Whole(-1), down), up), Whole(grid))


def _by(term: Term, test: Test) -> TypeGuard[Choice]:
    return isinstance(term, Choice) and term.test == test


Outward = Literal["half_up", "half_down", "half_even", "up", "down"]
"""How a magnitude is rounded, once its sign is put aside."""


def _outward(mode: Mode, *, negative: bool) -> Outward:
    match mode:
        case "floor":
            return "up" if negative else "down"
        case "ceiling":
            return "down" if negative else "up"
        case _:
            return mode


def _size_rounded(top: Term, bottom: Term, mode: Outward) -> Term:
    """Round a quotient that is not negative to a whole number, by one floor division where one will do."""
    match mode:
        case "down":
            return floor(top, bottom)
        case "up":
            return floor(plus(top, minus(bottom, ONE)), bottom)
        case "half_up":
            return floor(plus(times(Whole(2), top), bottom), times(Whole(2), bottom))
        case "half_down":
            return floor(plus(times(Whole(2), top), minus(bottom, ONE)), times(Whole(2), bottom))
        case "half_even":
            whole = floor(top, bottom)
            rest = times(Whole(2), minus(top, times(whole, bottom)))
            odd = compared(minus(whole, times(Whole(2), floor(whole, Whole(2)))), "==", ONE)
            goes_up = either(compared(rest, ">", bottom), both(compared(rest, "==", bottom), odd))
            return plus(whole, choice(goes_up, ONE, NOTHING))
