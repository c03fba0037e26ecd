"""Live: reckonings as a spreadsheet has them, each with the exact value it comes to.

A `Live` is a formula's text and its value side by side, made by the same steps: so a formula is only written where
its value is known to be the one that was scored. A spreadsheet reckons in doubles; before it rounds down or up, what
it reckoned is rounded to `CLEAN` decimals, so that 2.2999999999999998 is taken for the 2.3 it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import Literal

from attrs import frozen

from emulation.criteria import Round, passed_on
from emulation.exact import Mode, Rational, divide, rounded, write_number
from emulation.problems import letters

CLEAN = 9

Comparison = Literal[">=", ">", "<=", "<", "="]
_COMPARES = {">=": ge, ">": gt, "<=": le, "<": lt, "=": eq}


@frozen
class Live:
    """A formula over cells, and what it comes to exactly; ``atom`` says that it needs no brackets."""

    text: str
    value: Rational
    atom: bool = False

    @property
    def bracketed(self) -> str:
        """The text as a part of a larger formula."""
        return self.text if self.atom else f"({self.text})"


@frozen
class Holds:
    """A test over cells, and whether it holds."""

    text: str
    value: bool


def cell(row: int, column: int, *, sheet: str | None = None, fixed: bool = False) -> str:
    """Name a cell, its row and column counted from 0; a fixed one stays the same where the formula is copied.

    >>> cell(4, 2), cell(0, 0, sheet="Bảng 1", fixed=True)
    ('C5', "'Bảng 1'!$A$1")
    """
    mark = "$" if fixed else ""
    named = f"{mark}{letters(column + 1)}{mark}{row + 1}"
    return named if sheet is None else f"'{sheet.replace(chr(39), 2 * chr(39))}'!{named}"


def down(column: int, first: int, last: int, *, sheet: str | None = None) -> str:
    """Name the cells of a column from one row to another.

    >>> down(2, 3, 94), down(0, 0, 1, sheet="Bảng 1")
    ('$C$4:$C$95', "'Bảng 1'!$A$1:$A$2")
    """
    return f"{cell(first, column, sheet=sheet, fixed=True)}:{cell(last, column, fixed=True)}"


def at(reference: str, value: Rational) -> Live:
    """Give what stands in a cell."""
    return Live(reference, value, atom=True)


def written(value: Rational) -> Live:
    """Write a number; one whose decimals never end as a division.

    >>> written(Fraction(2, 3)).text, written(Fraction(-1, 2)).text
    ('(2/3)', '(-0.5)')
    """
    text = write_number(value)
    return Live(f"({text})" if "/" in text or text.startswith("-") else text, value, atom=True)


def plus(*terms: Live) -> Live:
    """Add."""
    if len(terms) == 1:
        return terms[0]
    return Live("+".join(one.bracketed for one in terms), sum((one.value for one in terms), start=0))


def minus(one: Live, other: Live) -> Live:
    """Take away."""
    return Live(f"{one.bracketed}-{other.bracketed}", one.value - other.value)


def times(*factors: Live) -> Live:
    """Multiply."""
    if len(factors) == 1:
        return factors[0]
    value: Rational = 1
    for one in factors:
        value *= one.value
    return Live("*".join(one.bracketed for one in factors), value)


def over(one: Live, other: Live) -> Live:
    """Divide by what is not zero."""
    return Live(f"{one.bracketed}/{other.bracketed}", divide(one.value, other.value))


def least(*several: Live) -> Live:
    """Give the least of several."""
    return Live(f"MIN({','.join(one.text for one in several)})", min(one.value for one in several), atom=True)


def greatest(*several: Live) -> Live:
    """Give the greatest of several."""
    return Live(f"MAX({','.join(one.text for one in several)})", max(one.value for one in several), atom=True)


def whole_part(one: Live) -> Live:
    """Give the greatest whole number that is not above."""
    return Live(f"INT(ROUND({one.text},{CLEAN}))", rounded(Fraction(one.value), 0, "floor"), atom=True)


def when(test: Holds, then: Live, otherwise: Live) -> Live:
    """Give one or the other."""
    value = then.value if test.value else otherwise.value
    return Live(f"IF({test.text},{then.text},{otherwise.text})", value, atom=True)


def compared(one: Live, how: Comparison, other: Live) -> Holds:
    """Compare; no two numbers that are compared here share a double."""
    return Holds(f"{one.bracketed}{how}{other.bracketed}", bool(_COMPARES[how](one.value, other.value)))


def both(tests: Sequence[Holds]) -> Holds:
    """Say whether all hold; of none they do."""
    return _all_of("AND", tests, value=all(one.value for one in tests))


def either(tests: Sequence[Holds]) -> Holds:
    """Say whether any holds; of none, none does."""
    return _all_of("OR", tests, value=any(one.value for one in tests))


def negated(test: Holds) -> Holds:
    """Say whether a test does not hold."""
    return Holds(f"NOT({test.text})", not test.value)


def _all_of(word: str, tests: Sequence[Holds], *, value: bool) -> Holds:
    if not tests:
        return Holds("TRUE" if value else "FALSE", value)
    return tests[0] if len(tests) == 1 else Holds(f"{word}({','.join(one.text for one in tests)})", value)


def on_grid(one: Live, round_: Round | None) -> Live:
    """Round as a campaign declares; as it is where it passes on the exact value."""
    if round_ is None or round_.pass_on == "exact":  # noqa: S105
        return one
    return Live(_rounded(one.text, round_.decimals, round_.mode), passed_on(one.value, round_), atom=True)


def _rounded(x: str, decimals: int, mode: Mode) -> str:
    """Write how a spreadsheet rounds in a mode; what it reckoned loses the noise of doubles first."""
    clean = f"ROUND({x},{CLEAN})"
    steps = f"{clean}*10^{decimals}"
    match mode:
        case "half_up":
            return f"ROUND({x},{decimals})"
        case "down":
            return f"ROUNDDOWN({clean},{decimals})"
        case "up":
            return f"ROUNDUP({clean},{decimals})"
        case "floor":
            return f"(INT({steps})/10^{decimals})"
        case "ceiling":
            return f"(-INT(-({steps}))/10^{decimals})"
        case "half_down":
            return f"(SIGN({x})*-INT(0.5-ABS({steps}))/10^{decimals})"
        case "half_even":
            half = f"ABS({steps}-INT({steps})-0.5)<0.0000001"
            return f"(IF({half},2*ROUND({steps}/2,0),ROUND({steps},0))/10^{decimals})"


def quoted(text: str) -> str:
    """Write a text within a formula.

    >>> quoted('the "best" one')
    '"the ""best"" one"'
    """
    return '"' + text.replace('"', '""') + '"'
