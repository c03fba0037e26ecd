"""Numbers: rounding, roots and means, each by its plainest definition."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

ZERO = Fraction(0)


def named(record: object) -> str:
    """Give the name of a record's class."""
    return type(record).__name__.rstrip("_")


def rounded(value: Fraction, decimals: int, mode: str) -> Fraction:
    """Round by looking at the two neighbours on the grid and which of them is nearer."""
    grid = 10**decimals
    low = Fraction(floor(value * grid), grid)
    high = low if low == value else low + Fraction(1, grid)
    nearer_zero, farther = (low, high) if value >= 0 else (high, low)
    if mode in ("down", "up", "floor", "ceiling"):
        return {"down": nearer_zero, "up": farther, "floor": low, "ceiling": high}[mode]
    if high - value != value - low:
        return high if high - value < value - low else low
    even = low if (low * grid) % 2 == 0 else high
    return {"half_up": farther, "half_down": nearer_zero, "half_even": even}[mode]


def root(value: Fraction, degree: int, decimals: int) -> Fraction:
    """Give the root on the grid that a half rounds up to, found by trying the neighbours of an estimate."""
    grid = 10**decimals
    with localcontext() as context:
        context.prec = 80
        estimate = Decimal(0)
        if value:
            estimate = ((Decimal(value.numerator) / Decimal(value.denominator)).ln() / degree).exp()
        near = floor(estimate * grid)
    fitting = [m for m in range(near - 2, near + 4) if m <= 0 or Fraction(2 * m - 1, 2 * grid) ** degree <= value]
    return Fraction(max(fitting), grid)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Give the arithmetic mean."""
    return sum(values, ZERO) / len(values)
