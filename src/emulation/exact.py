"""Exact: written numbers to exact rationals and back, and named rounding; the only room that sees digits.

An exact value is an ``int`` or a ``Fraction`` (`Rational`). The two mix freely under ``+ - *`` and compare
exactly; the operator ``/`` turns two ints into a float, so division goes through `divide`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt, lcm
from typing import Literal, TypeAlias

Rational: TypeAlias = int | Fraction
Mode = Literal["half_up", "half_even", "half_down", "down", "up", "floor", "ceiling"]

MAX_DIGITS = 30  # on each side of the decimal mark; more is a slip or an attack, never a count of files
MAX_BITS = 4096  # of any intermediate result of a formula
MAX_DECIMALS = 12  # of a declared rounding
MAX_ROOT_BITS = 2**16  # of the whole number whose root a formula takes

_NUMBER = re.compile(r"[+-]?(\d+)(?:\.(\d+))?(%?)", re.ASCII)
_SHARE = re.compile(r"([+-]?\d{1,30})/(\d{1,30})", re.ASCII)


class NotExact(ValueError):
    """A text that is no exact number: what is wrong with it, and how to write it instead."""

    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(f"{what} ({remedy})")
        self.code, self.what, self.remedy = code, what, remedy


def read_number(text: str, decimal: str = ".") -> Rational:
    """Read a written number exactly: ``0.1``, ``-3``, ``80%`` (a share), ``17/17``.

    Raise `NotExact` for anything else: exponents, group marks, leading zeros, blanks, other alphabets' digits.

    >>> read_number("68.91%")
    Fraction(6891, 10000)
    >>> read_number("68,91%", decimal=",") == read_number("0.6891")
    True
    >>> read_number("17/17")
    1
    """
    plain = text if decimal == "." else _with_point(text, decimal)
    if plain.isdecimal() and plain.isascii() and len(plain) <= MAX_DIGITS and (plain[0] != "0" or plain == "0"):
        return int(plain)
    if match := _NUMBER.fullmatch(plain):
        return _from_digits(text, plain, match)
    if match := _SHARE.fullmatch(plain):
        if int(match[2]) == 0:
            raise NotExact("E206", f"division by zero: {text!r}", "write a number")
        return whole_or_fraction(Fraction(int(match[1]), int(match[2])))
    raise _diagnosed(text, decimal)


def _with_point(text: str, decimal: str) -> str:
    """Put a point where the declared decimal mark stands; a point that is already there is no decimal mark."""
    if "." in text:
        raise NotExact("E312", f"not a number: {text!r}", f'the decimal mark is "{decimal}" here')
    return text.replace(decimal, ".", 1)


def _from_digits(text: str, plain: str, match: re.Match[str]) -> Rational:
    whole, decimals, percent = match[1], match[2] or "", match[3]
    if len(whole) > MAX_DIGITS or len(decimals) > MAX_DIGITS:
        raise NotExact("E122", f"a number of {len(whole) + len(decimals)} digits", f"at most {MAX_DIGITS} on each side")
    if len(whole) > 1 and whole[0] == "0":
        raise NotExact(
            "E116",
            f"a number with a leading zero: {text!r}",
            f"write {plain.replace(whole, str(int(whole)), 1)}",
        )
    value = Fraction(int(whole + decimals), 10 ** len(decimals) * (100 if percent else 1))
    return whole_or_fraction(-value if plain[0] == "-" else value)


def _diagnosed(text: str, decimal: str) -> NotExact:
    """Say which of the usual slips a text is, so that its writer knows what to change."""
    shown = text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004
    what = f"not a number: {shown!r}"
    other = "," if decimal == "." else "."
    if re.search(r"[eE]", text) and re.fullmatch(r"[+-]?[\d.]+[eE][+-]?\d+", text, re.ASCII):
        return NotExact("E121", f"a number with an exponent: {shown!r}", "write it out in digits")
    if re.fullmatch(r"[+-]?\d{1,3}([ \u00a0\u2007\u2009\u202f.,'_]\d{3})+", text, re.ASCII):
        return NotExact("E313", f"a group mark in a number: {shown!r}", "write it without, as 1000000")
    if re.fullmatch(rf"[+-]?\d+{re.escape(other)}\d+%?", text, re.ASCII):
        return NotExact("E312", what, f'the decimal mark is "{decimal}" here')
    if text.lower().lstrip("+-.") in {"nan", "inf", "infinity"}:
        return NotExact("E117", what, "write a number")
    if not text.isascii() and any(character.isdigit() for character in text):
        return NotExact("E209", f"digits of another alphabet: {shown!r}", "write 0 to 9")
    if re.match(r"0[xob]|\d+[_:]\d", text, re.ASCII):
        return NotExact("E116", what, "write it in plain decimal digits")
    return NotExact("E316", what, "write digits, as 12, 0.5, 80% or 17/20")


def write_number(value: Rational) -> str:
    """Write an exact value: as a decimal where it is finite, as ``n/d`` otherwise.

    >>> write_number(divide(17, 20)), write_number(divide(2, 3))
    ('0.85', '2/3')
    """
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    places = _decimals_of(value.denominator)
    if places is None:
        return f"{value.numerator}/{value.denominator}"
    return _point(value.numerator * 10**places // value.denominator, places)


_FLOATING = re.compile(r"(-?)(\d{1,400})(?:\.(\d{1,400}))?(?:[eE]([+-]?\d{1,3}))?", re.ASCII)


def spelled_out(text: str, digits: int, shift: int = 0) -> str:
    """Write out a number that a program wrote, rounded to so many digits, without an exponent; ``shift`` tens up.

    >>> spelled_out("0.30000000000000004", 15), spelled_out("1.5E-3", 15), spelled_out("0.6891", 15, 2)
    ('0.3', '0.0015', '68.91')
    """
    written = _FLOATING.fullmatch(text)
    if written is None:
        raise NotExact("E316", f"not a number: {text[:40]!r}", "write digits, as 12 or 0.5")
    sign, whole, decimals, exponent = written[1], written[2], written[3] or "", int(written[4] or 0) + shift
    mantissa, exponent = int(whole + decimals), exponent - len(decimals)
    spare = len(str(mantissa)) - digits
    if spare > 0:
        mantissa, exponent = round_quotient(mantissa, 10**spare, "half_even"), exponent + spare
    return write_number(int(f"{sign}{mantissa}") * (Fraction(10) ** exponent))


def _decimals_of(denominator: int) -> int | None:
    """Count the decimals a fraction with this denominator needs; none if they never end."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _point(scaled: int, places: int) -> str:
    digits = str(abs(scaled)).rjust(places + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def divide(dividend: Rational, divisor: Rational) -> Rational:
    """Divide exactly. The caller has made sure that the divisor is not zero."""
    if isinstance(dividend, int) and isinstance(divisor, int) and dividend % divisor == 0:
        return dividend // divisor
    return whole_or_fraction(Fraction(dividend, divisor))


def relative_gap(base: Rational, other: Rational) -> Rational | None:
    """Give by what share of a figure another differs from it; none from nothing to anything, which is no share of it.

    >>> relative_gap(100, 80), relative_gap(0, 0), relative_gap(0, 1)
    (Fraction(1, 5), 0, None)
    """
    if base == other:
        return 0
    if base == 0:
        return None
    share = divide(other - base, base)
    return max(share, -share)


def proportion(part: Rational, whole: Rational, of: Rational) -> Rational:
    """Give ``of x part / whole`` in one step, which is the quicker way to the same fraction.

    >>> proportion(1, 3, 60)
    20
    """
    dividend = part.numerator * whole.denominator * of.numerator
    divisor = part.denominator * whole.numerator * of.denominator
    return dividend // divisor if dividend % divisor == 0 else Fraction(dividend, divisor)


def whole_or_fraction(value: Rational) -> Rational:
    """Give a whole number as an int, which is the quicker of the two spellings."""
    return value.numerator if value.denominator == 1 else value


def add_up(values: Iterable[Rational]) -> Rational:
    """Add exactly, over one common denominator: far quicker than fraction by fraction.

    >>> add_up([1, Fraction(1, 2), Fraction(1, 3)])
    Fraction(11, 6)
    """
    whole = 0
    broken: dict[int, int] = {}
    for value in values:
        if isinstance(value, int):
            whole += value
        else:
            broken[value.denominator] = broken.get(value.denominator, 0) + value.numerator
    if not broken:
        return whole
    common = lcm(*broken)
    total = sum(numerator * (common // denominator) for denominator, numerator in broken.items())
    return whole_or_fraction(Fraction(total + whole * common, common))


def rounded(value: Rational, decimals: int, mode: Mode) -> Rational:
    """Round to so many decimals in the named mode; half_up sends a half away from zero.

    >>> write_number(rounded(Fraction(2625, 1000), 2, "half_up"))
    '2.63'
    >>> write_number(rounded(Fraction(2625, 1000), 2, "half_even"))
    '2.62'
    """
    if isinstance(value, int):
        return value
    grid: int = 10**decimals
    return on_grid(round_quotient(value.numerator * grid, value.denominator, mode), grid)


@lru_cache(maxsize=65536)
def on_grid(scaled: int, grid: int) -> Rational:
    """Give a point of a grid, ``scaled / grid``; most scores lie on few points, and making a fraction is slow."""
    return whole_or_fraction(Fraction(scaled, grid))


def round_quotient(dividend: int, divisor: int, mode: Mode) -> int:
    """Round ``dividend / divisor`` (divisor > 0) to a whole number in the named mode."""
    whole, rest = divmod(abs(dividend), divisor)
    negative = dividend < 0
    if rest and _goes_up(whole, 2 * rest - divisor, mode, negative=negative):
        whole += 1
    return -whole if negative else whole


def _goes_up(whole: int, over_half: int, mode: Mode, *, negative: bool) -> bool:
    """Say whether a magnitude with something left over is rounded up to the next one."""
    match mode:
        case "half_up":
            return over_half >= 0
        case "half_even":
            return over_half > 0 or (over_half == 0 and whole % 2 == 1)
        case "half_down":
            return over_half > 0
        case "up":
            return True
        case "down":
            return False
        case "floor":
            return negative
        case "ceiling":
            return not negative


def show(value: Rational, decimals: int) -> str:
    """Show a value with so many decimals, half up, for the eye only: nothing is decided on it.

    >>> show(Fraction(2, 3), 2)
    '0.67'
    """
    return _point(round_quotient(value.numerator * 10**decimals, value.denominator, "half_up"), decimals)


def raise_to(value: Rational, exponent: int) -> Rational:
    """Raise to a whole power exactly; refuse a result of more than `MAX_BITS` bits."""
    if _bits(value) * exponent > MAX_BITS:
        raise NotExact("E212", f"a result of more than {MAX_BITS} bits", "use smaller numbers or a smaller exponent")
    raised: Fraction = Fraction(value) ** exponent
    return whole_or_fraction(raised)


def within_budget(value: Rational) -> Rational:
    """Give the value back, or refuse it when it has grown past `MAX_BITS` bits."""
    if _bits(value) > MAX_BITS:
        raise NotExact("E212", f"a result of more than {MAX_BITS} bits", "use smaller numbers")
    return value


def _bits(value: Rational) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def within_root_budget(value: Rational, exponent: Rational, decimals: int) -> Rational:
    """Give an exponent back, or refuse it when `power` would need a number of more than `MAX_ROOT_BITS` bits."""
    grid = (10**decimals).bit_length()
    if _bits(value) * abs(exponent.numerator) + grid * exponent.denominator > MAX_ROOT_BITS:
        raise NotExact("E212", "a power too large to compute", "an exponent with fewer digits")
    return exponent


def power(value: Rational, exponent: Rational, decimals: int, mode: Mode = "half_up") -> Rational:
    """Raise a value >= 0 to a rational power, correctly rounded to so many decimals.

    The root is found in whole numbers, so the rounding is that of the true value.

    >>> write_number(power(2, Fraction(1, 2), 6))
    '1.414214'
    """
    degree, grid = exponent.denominator, 10**decimals
    base: Fraction = Fraction(value) ** exponent.numerator
    if degree == 1 or base == 0:
        return rounded(base, decimals, mode)
    scaled = Fraction(base) * grid**degree
    down = _whole_root(scaled.numerator // scaled.denominator, degree)
    if down**degree == scaled:
        return divide(down, grid)
    # The true root lies strictly between two grid points; where it lies against their middle decides.
    middle: Fraction = Fraction(2 * down + 1, 2) ** degree
    over_half = (middle < scaled) - (middle > scaled)
    return divide(down + _goes_up(down, over_half, mode, negative=False), grid)


def _whole_root(value: int, degree: int) -> int:
    """Find the greatest whole number whose power is not above the value, bit by bit from the highest."""
    if degree == 2:  # noqa: PLR2004
        return isqrt(value)
    root = 0
    for bit in reversed(range(value.bit_length() // degree + 1)):
        larger = root | 1 << bit
        if larger**degree <= value:
            root = larger
    return root


def logarithm(value: Rational, decimals: int, mode: Mode = "half_up") -> Rational:
    """Natural logarithm of a value > 0, correctly rounded to so many decimals.

    >>> write_number(logarithm(10, 6))
    '2.302585'
    """
    if value == 1:
        return 0
    return _rounded_from_above_and_below(lambda context: _ln(value, context), decimals, mode)


def exponential(value: Rational, decimals: int, mode: Mode = "half_up") -> Rational:
    """Raise e to a value (at most 1,000), correctly rounded to so many decimals.

    >>> write_number(exponential(1, 6))
    '2.718282'
    """
    if not -1000 <= value <= 1000:  # noqa: PLR2004
        raise NotExact("E212", "e to a power beyond 1000", "use smaller numbers")
    if value == 0:
        return 1
    return _rounded_from_above_and_below(lambda context: _exp(value, context), decimals, mode)


def _ln(value: Rational, context: Context) -> Decimal:
    return context.subtract(context.ln(Decimal(value.numerator)), context.ln(Decimal(value.denominator)))


def _exp(value: Rational, context: Context) -> Decimal:
    return context.exp(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _rounded_from_above_and_below(compute: Callable[[Context], Decimal], decimals: int, mode: Mode) -> Rational:
    """Compute with ever more digits until the error can no longer change the rounded digit.

    The results are transcendental (``ln(1)`` and ``exp(0)`` do not come here), so this ends.
    """
    digits = decimals + 40
    while True:
        near = Fraction(compute(Context(prec=digits, Emax=10**6, Emin=-(10**6))))
        error = Fraction(1, 10 ** (digits - 20)) * (1 + abs(near))
        low, high = rounded(near - error, decimals, mode), rounded(near + error, decimals, mode)
        if low == high:
            return low
        digits *= 2


def in_whole_numbers(values: Sequence[Rational]) -> Sequence[Rational]:
    """Give values on their common denominator, which are in the same order and quick to compare.

    Where that denominator grows past `MAX_BITS` bits, the values are given as they are.

    >>> in_whole_numbers([Fraction(1, 2), Fraction(1, 3)])
    [3, 2]
    """
    common = 1
    for denominator in {value.denominator for value in values}:
        common = lcm(common, denominator)
        if common.bit_length() > MAX_BITS:
            return values
    return [value.numerator * (common // value.denominator) for value in values]


def common_measure(values: Iterable[Rational]) -> Rational:
    """Give the greatest step of which all values are whole multiples: the grid they lie on; 0 for none.

    >>> common_measure([Fraction(1, 2), Fraction(3, 4)])
    Fraction(1, 4)
    """
    step = Fraction(0)
    for value in values:
        step = Fraction(
            gcd(step.numerator * value.denominator, value.numerator * step.denominator),
            step.denominator * value.denominator,
        )
    return whole_or_fraction(step)
