"""Exact: written numbers are what they say, and rounding is what its name says."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.exact import (
    MAX_BITS,
    MAX_DIGITS,
    NotExact,
    add_up,
    common_measure,
    divide,
    exponential,
    in_whole_numbers,
    logarithm,
    power,
    proportion,
    raise_to,
    read_number,
    round_quotient,
    rounded,
    show,
    within_budget,
    within_root_budget,
    write_number,
)
from emulation.testing.facts import MODES, numbers

from oracle import root
from oracle import rounded as nearest

DIGITS = st.text("0123456789", min_size=1, max_size=MAX_DIGITS)
PLAIN = DIGITS.filter(lambda digits: digits == "0" or digits[0] != "0")
FRACTIONS = st.fractions(-1000, 1000)
TENTHS = st.integers(-400, 400).map(lambda cents: Fraction(cents, 40))  # many halves of a hundredth among them


# --- written numbers ---------------------------------------------------------------------------------------------


@given(PLAIN, st.none() | DIGITS, st.sampled_from(("", "+", "-")), st.booleans())
def test_a_written_number_is_its_digits(whole: str, decimals: str | None, sign: str, percent: bool) -> None:
    """A number means what its digits mean in the tenth-system, and a hundredth of it with a percent sign."""
    written = sign + whole + ("" if decimals is None else f".{decimals}")

    expected = Fraction(Decimal(written)) / (100 if percent else 1)

    assert read_number(written + "%" * percent) == expected
    assert read_number(written.replace(".", ",") + "%" * percent, decimal=",") == expected


@given(numbers())
def test_what_is_written_is_read_again(value: Fraction) -> None:
    """A value written down and read again is the same value, finite decimal or not."""
    assert read_number(write_number(value)) == value


@given(FRACTIONS)
def test_a_finite_decimal_is_written_as_one(value: Fraction) -> None:
    """A value is written as n/d only where no decimal can say it."""
    finite = (value * 10**60).denominator == 1

    assert ("/" in write_number(value)) is not finite


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # division
        ("1/0", "E206"),
        # too long
        ("1" * (MAX_DIGITS + 1), "E122"),
        ("0." + "1" * (MAX_DIGITS + 1), "E122"),
        # leading zeros and other bases
        ("010", "E116"),
        ("-007.5", "E116"),
        ("0x1F", "E116"),
        ("12:30", "E116"),
        ("1_0", "E116"),
        # exponents
        ("1e3", "E121"),
        ("1e999999999", "E121"),
        # group marks
        ("1,000", "E313"),
        ("1 000 000", "E313"),
        ("1\u00a0000", "E313"),
        # the other decimal mark
        ("0,5", "E312"),
        # no numbers
        ("nan", "E117"),
        ("-Infinity", "E117"),
        ("", "E316"),
        ("-", "E316"),
        ("abc", "E316"),
        ("1" * 50 + "x", "E316"),
        (" 1", "E316"),
        ("1\n", "E316"),
        ("1.", "E316"),
        (".5", "E316"),
        ("1.2.3", "E316"),
        ("--1", "E316"),
        # other alphabets
        ("١٢", "E209"),
        ("１２", "E209"),
    ],
)
def test_a_slip_is_named(text: str, code: str) -> None:
    """A text that is no number is refused with the slip's own code and what to write instead."""
    with pytest.raises(NotExact) as slip:
        read_number(text)

    assert slip.value.code == code
    assert slip.value.remedy in str(slip.value)


@pytest.mark.parametrize(("text", "code"), [("1.5", "E312"), ("1.000,5", "E312"), ("1,5,5", "E316")])
def test_a_slip_under_the_other_decimal_mark(text: str, code: str) -> None:
    """Where the decimal mark is a comma, a point is none."""
    with pytest.raises(NotExact) as slip:
        read_number(text, decimal=",")

    assert slip.value.code == code


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("10", 10), ("-0", 0), ("+1.50", Fraction(3, 2)), ("-1/3", Fraction(-1, 3))]
)
def test_plain_numbers(text: str, value: Fraction) -> None:
    """Whole numbers, signs, trailing zeros and fractions are read as what they are."""
    assert read_number(text) == value


def test_the_longest_number() -> None:
    """As many digits as are allowed, on either side of the mark, are read."""
    digits = "1" * MAX_DIGITS

    assert read_number(f"{digits}.{digits}") == Fraction(int(digits * 2), 10**MAX_DIGITS)
    assert read_number(digits) == read_number(f"+{digits}") == int(digits)


# --- arithmetic --------------------------------------------------------------------------------------------------


@given(st.lists(numbers(), max_size=6))
def test_tie_by_float(values: list[Fraction]) -> None:
    """A sum is exact, and the same in whatever order it is added."""
    assert add_up(values) == sum(values, Fraction(0)) == add_up(sorted(values))


@given(FRACTIONS, FRACTIONS.filter(bool))
def test_division_is_exact(dividend: Fraction, divisor: Fraction) -> None:
    """A quotient times its divisor is the dividend, and a whole quotient is an int."""
    quotient = divide(dividend, divisor)

    assert quotient * divisor == dividend
    assert isinstance(quotient, int) == (Fraction(quotient).denominator == 1)


@given(FRACTIONS, FRACTIONS.filter(bool), FRACTIONS)
def test_a_proportion_is_a_quotient_and_a_product(part: Fraction, whole: Fraction, of: Fraction) -> None:
    """The quick way to ``of x part / whole`` leads to the same value."""
    assert proportion(part, whole, of) == of * part / whole
    assert proportion(whole, whole, of) == of


@given(st.lists(numbers(), min_size=1, max_size=4))
def test_a_common_measure_measures_all(values: list[Fraction]) -> None:
    """Every value is a whole multiple of the common measure, and of nothing greater."""
    step = common_measure(values)

    if not any(values):
        assert step == 0
        return
    multiples = [Fraction(value) / step for value in values]
    assert all(multiple.denominator == 1 for multiple in multiples)
    assert common_measure(multiples) == 1


def test_a_result_within_its_budget() -> None:
    """A value of too many bits is refused, and so is a power that would have them."""
    assert within_budget(2**MAX_BITS - 1) == 2**MAX_BITS - 1
    assert raise_to(Fraction(2, 3), 3) == Fraction(8, 27)
    assert within_root_budget(2, Fraction(1, 3), 12) == Fraction(1, 3)
    for refused in (
        lambda: within_budget(2**MAX_BITS),
        lambda: within_budget(Fraction(1, 2**MAX_BITS)),
        lambda: raise_to(2**300, 16),
        lambda: within_root_budget(2, 10**20, 2),
        lambda: within_root_budget(2, Fraction(1, 10**9), 2),
    ):
        with pytest.raises(NotExact) as slip:
            refused()
        assert slip.value.code == "E212"


# --- rounding ----------------------------------------------------------------------------------------------------


@given(FRACTIONS | TENTHS, st.integers(0, 4), st.sampled_from(MODES))
def test_rounding_goes_to_a_neighbour(value: Fraction, decimals: int, mode: str) -> None:
    """A value is rounded to the neighbour on the grid that the mode names."""
    assert rounded(value, decimals, mode) == nearest(Fraction(value), decimals, mode)


@given(FRACTIONS | TENTHS, st.integers(0, 4), st.sampled_from(MODES))
def test_rounding_stays_near(value: Fraction, decimals: int, mode: str) -> None:
    """A half at most is lost to the nearest, less than a whole step otherwise."""
    lost = abs(rounded(value, decimals, mode) - value) * 10**decimals

    assert lost <= Fraction(1, 2) if mode.startswith("half") else lost < 1


@given(TENTHS, TENTHS, st.integers(0, 3), st.sampled_from(MODES))
def test_rounding_never_turns_an_order_round(low: Fraction, high: Fraction, decimals: int, mode: str) -> None:
    """Of two values the smaller is never rounded above the greater."""
    low, high = min(low, high), max(low, high)

    assert rounded(low, decimals, mode) <= rounded(high, decimals, mode)


@given(TENTHS, st.integers(0, 3), st.sampled_from(MODES))
def test_rounding_once_is_enough(value: Fraction, decimals: int, mode: str) -> None:
    """What is rounded already is not moved again."""
    once = rounded(value, decimals, mode)

    assert rounded(once, decimals, mode) == once


@given(st.integers(-10_000, 10_000), st.integers(1, 50))
def test_rounding_a_quotient(dividend: int, divisor: int) -> None:
    """A quotient is rounded down by the floor and up by the ceiling."""
    assert round_quotient(dividend, divisor, "floor") == floor(Fraction(dividend, divisor))
    assert round_quotient(dividend, divisor, "ceiling") == ceil(Fraction(dividend, divisor))


@pytest.mark.parametrize(
    ("mode", "rounded_to"),
    [
        ("half_up", [-3, -2, -1, 1, 2, 3]),
        ("half_even", [-2, -2, 0, 0, 2, 2]),
        ("half_down", [-2, -1, 0, 0, 1, 2]),
        ("up", [-3, -2, -1, 1, 2, 3]),
        ("down", [-2, -1, 0, 0, 1, 2]),
        ("floor", [-3, -2, -1, 0, 1, 2]),
        ("ceiling", [-2, -1, 0, 1, 2, 3]),
    ],
)
def test_halves(mode: Any, rounded_to: list[int]) -> None:
    """A half goes where the mode's name says, below zero too."""
    assert [rounded(Fraction(half, 2), 0, mode) for half in (-5, -3, -1, 1, 3, 5)] == rounded_to


def test_double_round() -> None:
    """2.449 to one decimal is 2.4: rounding by way of two decimals would give 2.5."""
    value = Fraction(2449, 1000)

    assert rounded(value, 1, "half_up") == Fraction(24, 10)
    assert rounded(rounded(value, 2, "half_up"), 1, "half_up") == Fraction(25, 10)


@given(FRACTIONS, st.integers(0, 4))
def test_a_shown_value_is_rounded_half_up(value: Fraction, decimals: int) -> None:
    """What is shown has so many decimals and is the value rounded half up."""
    shown = show(value, decimals)

    assert Fraction(Decimal(shown)) == rounded(value, decimals, "half_up")
    assert len(shown.partition(".")[2]) == decimals


# --- irrational functions ------------------------------------------------------------------------------------------


@given(st.fractions(0, 100, max_denominator=1000), st.integers(1, 7), st.integers(0, 6))
def test_a_root_is_correctly_rounded(value: Fraction, degree: int, decimals: int) -> None:
    """A root is the grid's point nearest to the true one, a half upwards."""
    assert power(value, Fraction(1, degree), decimals) == root(value, degree, decimals)


@given(st.fractions(0, 9, max_denominator=50), st.integers(2, 5), st.sampled_from(MODES))
def test_a_root_that_is_rational_is_exact(value: Fraction, degree: int, mode: str) -> None:
    """The root of a power is rounded as the number it is."""
    assert power(value**degree, Fraction(1, degree), 3, mode) == rounded(value, 3, mode)


@pytest.mark.parametrize(("mode", "expected"), [("half_up", 63), ("half_even", 62), ("half_down", 62), ("up", 63)])
def test_a_root_that_is_a_half(mode: Any, expected: int) -> None:
    """The root of 1/256 is 0.0625, a half of a thousandth, and is rounded as one."""
    assert power(Fraction(1, 256), Fraction(1, 2), 3, mode) == Fraction(expected, 1000)


@given(st.fractions(Fraction(1, 10), 9, max_denominator=50), st.integers(-3, 3), st.integers(1, 3))
def test_a_power_is_the_root_of_a_power(value: Fraction, numerator: int, degree: int) -> None:
    """A rational power is the root of a whole power, negative ones too."""
    assert power(value, Fraction(numerator, degree), 4) == root(value**numerator, degree, 4)


def test_a_root_of_a_high_degree() -> None:
    """A geometric mean by weights of a hundredth of a percent is a root of degree 10,000."""
    assert power(Fraction(3) ** 10_000, Fraction(1, 10_000), 6) == 3


@given(st.fractions(Fraction(1, 100), 1000, max_denominator=1000), st.integers(0, 8))
def test_logarithms_and_exponentials(value: Fraction, decimals: int) -> None:
    """Both are the values that far more digits give."""
    with localcontext() as context:
        context.prec = 700
        grid = Decimal(1).scaleb(-decimals)
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        expected = [found.quantize(grid, ROUND_HALF_UP) for found in (exact.ln(), exact.exp())]

    assert [logarithm(value, decimals), exponential(value, decimals)] == [Fraction(one) for one in expected]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_rational_after_all(mode: str) -> None:
    """The logarithm of 1 is 0 and e to the power 0 is 1 in every mode."""
    assert (logarithm(1, 4, mode), exponential(0, 4, mode)) == (0, 1)


def test_a_logarithm_next_to_a_whole_number() -> None:
    """A logarithm a hair below 2 is rounded down below 2, whatever a few dozen digits look like."""
    with localcontext() as context:
        context.prec = 90
        value = Fraction(Decimal(2).exp()) - Fraction(1, 10**70)

    assert logarithm(value, 4, "floor") == Fraction(19999, 10000)
    assert logarithm(value, 4, "ceiling") == 2


def test_an_exponential_has_a_limit() -> None:
    """Powers of e beyond 1000 are refused; 1000 itself is not."""
    assert exponential(-1000, 12) == 0
    assert len(str(exponential(1000, 0))) == 435
    with pytest.raises(NotExact):
        exponential(1001, 2)


def test_values_without_a_common_denominator_of_a_sane_size_stay_as_they_are() -> None:
    """Past the budget of bits nothing is gained by whole numbers; the order is the same either way."""
    many = [Fraction(1, 2**number + 1) for number in range(2, 200)]
    few = [Fraction(1, 2), Fraction(2, 3), Fraction(1, 6)]

    assert in_whole_numbers(many) is many
    assert list(in_whole_numbers(few)) == [3, 4, 1]
