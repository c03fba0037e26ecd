"""Terms: whole-number reckonings over the columns of a row, each with the least and the most it can come to.

A term is what one line of a rule says of every participant at once. Its range follows from the ranges of the columns
it reads, so that whether a machine can hold all that is met on the way is proved before anything is reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import field, frozen

EXACT_DOUBLE = 2**53
"""Below this every whole number is a double, and the floor of a quotient of two of them is the true one."""
EXACT_INT = 2**63
"""Below this a whole number fits into 64 bits."""


@frozen
class Range:
    """From the least a term can come to, to the most."""

    low: int
    high: int

    @property
    def widest(self) -> int:
        """The greatest magnitude there can be."""
        return max(abs(self.low), abs(self.high))

    def hull(self, other: Range) -> Range:
        """Give the least range that holds both."""
        return Range(min(self.low, other.low), max(self.high, other.high))


@frozen
class Cell:
    """A whole number that stands in a column; it is never null.

    ``mass`` is what its magnitudes come to in all rows; ``among`` are the few numbers there are, where they are few.
    """

    name: str
    range: Range = field(eq=False)
    mass: int | None = field(default=None, eq=False)
    among: frozenset[int] | None = field(default=None, eq=False)


@frozen
class Whole:
    """A written whole number."""

    value: int

    @property
    def range(self) -> Range:
        """Its one value."""
        return Range(self.value, self.value)


@frozen
class Plus:
    """One term and another."""

    left: Term
    right: Term
    range: Range = field(eq=False)


@frozen
class Times:
    """One term by another; a written number stands on the left."""

    left: Term
    right: Term
    range: Range = field(eq=False)


@frozen
class Size:
    """A term without its sign."""

    term: Term
    range: Range = field(eq=False)


@frozen
class Floor:
    """How often a term > 0 goes into one that is not negative."""

    top: Term
    bottom: Term
    range: Range = field(eq=False)


@frozen
class Choice:
    """One term where a test holds, another elsewhere."""

    test: Test
    then: Term
    other: Term
    range: Range = field(eq=False)
    among: frozenset[int] | None = field(default=None, eq=False)


Term: TypeAlias = Cell | Whole | Plus | Times | Size | Floor | Choice


@frozen
class Truth:
    """A yes or no that stands in a column; it is never null."""

    name: str


@frozen
class Always:
    """The same for everybody."""

    holds: bool


@frozen
class Compared:
    """One term held against another."""

    left: Term
    how: Literal[">=", ">", "=="]
    right: Term


@frozen
class OneOf:
    """The text in a column is one of these; a blank is none."""

    name: str
    texts: tuple[str, ...]


@frozen
class Both:
    """Two tests hold."""

    left: Test
    right: Test


@frozen
class Either:
    """At least one of two tests holds."""

    left: Test
    right: Test


@frozen
class Not:
    """A test does not hold."""

    test: Test


Test: TypeAlias = Truth | Always | Compared | OneOf | Both | Either | Not

YES: Test = Always(holds=True)
NO: Test = Always(holds=False)
NOTHING, ONE = Whole(0), Whole(1)


def plus(left: Term, right: Term) -> Term:
    """Add two terms.

    >>> plus(Whole(2), Whole(3)), plus(Cell("n", Range(0, 9)), Whole(2)).range
    (Whole(value=5), Range(low=2, high=11))
    """
    match left, right:
        case Whole(a), Whole(b):
            return Whole(a + b)
        case Whole(0), _:
            return right
        case _, Whole(0):
            return left
        case _:
            one, other = left.range, right.range
            return Plus(left, right, Range(one.low + other.low, one.high + other.high))


def times(left: Term, right: Term) -> Term:
    """Multiply two terms; written factors are gathered in front.

    >>> times(Whole(2), times(Cell("n", Range(0, 9)), Whole(3))).range
    Range(low=0, high=54)
    """
    match left, right:
        case Whole(a), Whole(b):
            return Whole(a * b)
        case (Whole(0), _) | (_, Whole(0)):
            return NOTHING
        case (Whole(1), other) | (other, Whole(1)):
            return other
        case Whole(a), Times(Whole(b), rest):
            return times(Whole(a * b), rest)
        case _, Whole():
            return times(right, left)
        case Times(Whole() as factor, rest), _:
            return times(factor, times(rest, right))
        case _, Times(Whole() as factor, rest):
            return times(factor, times(left, rest))
        case _:
            corners = [a * b for a in _ends(left) for b in _ends(right)]
            return Times(left, right, Range(min(corners), max(corners)))


def minus(left: Term, right: Term) -> Term:
    """Take one term from another."""
    return plus(left, times(Whole(-1), right))


def size(term: Term) -> Term:
    """Give a term without its sign.

    >>> size(Cell("n", Range(-9, 3))).range
    Range(low=0, high=9)
    """
    if term.range.low >= 0:
        return term
    return Whole(abs(term.value)) if isinstance(term, Whole) else Size(term, Range(0, term.range.widest))


def positive(term: Term) -> Term:
    """Give a term where it is > 0, and 1 elsewhere, so that it can divide."""
    if term.range.low > 0:
        return term
    return Choice(compared(term, ">", NOTHING), term, ONE, Range(1, max(1, term.range.high)))


def floor(top: Term, bottom: Term) -> Term:
    """Divide a term that is not negative by one > 0, and leave the rest.

    >>> floor(Cell("n", Range(0, 9)), Whole(4)).range
    Range(low=0, high=2)
    """
    if top.range.low < 0 or bottom.range.low < 1:
        raise AssertionError(top, bottom)
    match top, bottom:
        case Whole(a), Whole(b):
            return Whole(a // b)
        case _, Whole(1):
            return top
        case _:
            return Floor(top, bottom, Range(top.range.low // bottom.range.high, top.range.high // bottom.range.low))


def choice(test: Test, then: Term, other: Term) -> Term:
    """Give one term where a test holds, another elsewhere.

    >>> state = Cell("state", Range(0, 6), among=frozenset((0, 6)))
    >>> sorted(values_of(choice(compared(state, "==", Whole(6)), ONE, state)))
    [0, 1]
    """
    then, other = _where(test, then, holds=True), _where(test, other, holds=False)
    if then == other or test == YES:
        return then
    if test == NO:
        return other
    one, rest = values_of(then), values_of(other)
    match test:
        case Compared(asked, "==", Whole(value)) if asked == other and rest is not None:
            rest -= {value}
        case _:
            pass
    among = None if one is None or rest is None else one | rest
    if among is not None:
        return Choice(test, then, other, Range(min(among), max(among)), among)
    return Choice(test, then, other, then.range.hull(other.range))


def _where(test: Test, term: Term, *, holds: bool) -> Term:
    """Give what a term comes to where a test holds, or where it does not."""
    match term:
        case Choice(asked, then, other) if asked in (test, negated(test)):
            return then if holds == (asked == test) else other
        case _:
            return term


FEW = 16
"""So many numbers are kept one by one; of more only the ends are known."""


def values_of(term: Term) -> frozenset[int] | None:
    """Give the numbers a term can be, where they are known one by one."""
    match term:
        case Whole(value):
            return frozenset((value,))
        case Cell() | Choice():
            return term.among if term.among is not None and len(term.among) <= FEW else None
        case _:
            return None


def _ends(term: Term) -> tuple[int, int]:
    return term.range.low, term.range.high


def coefficient(term: Term) -> tuple[int, Term]:
    """Part a term into its written factor and the rest."""
    match term:
        case Whole(value):
            return value, ONE
        case Times(Whole(value), rest):
            return value, rest
        case _:
            return 1, term


# --- tests


def compared(left: Term, how: Literal[">=", ">", "==", "<=", "<"], right: Term) -> Test:
    """Hold one term against another; what their ranges decide is decided.

    >>> compared(Cell("n", Range(0, 9)), "<", Whole(10))
    Always(holds=True)
    """
    match how:
        case "<=":
            return compared(right, ">=", left)
        case "<":
            return compared(right, ">", left)
        case ">=" | ">" | "==":
            low, high = left.range.low - right.range.high, left.range.high - right.range.low
            verdict = _foreseen(how, low, high)
            one, other = values_of(left), values_of(right)
            if how == "==" and one is not None and other is not None and not one & other:
                verdict = False
            if verdict is not None:
                return Always(verdict)
            return _equal(left, right) if how == "==" else Compared(left, how, right)


def _equal(left: Term, right: Term) -> Test:
    """Ask whether a term is a number; of a choice only the sides that can be."""
    match left, right:
        case Choice(test, then, other), Whole():
            if compared(then, "==", right) == NO:
                return both(negated(test), compared(other, "==", right))
            if compared(other, "==", right) == NO:
                return both(test, compared(then, "==", right))
        case _:
            pass
    return Compared(left, "==", right)


def _foreseen(how: Literal[">=", ">", "=="], low: int, high: int) -> bool | None:
    """Say what a comparison comes to by how far the two sides can lie apart, if that decides it."""
    match how:
        case ">=":
            return True if low >= 0 else False if high < 0 else None
        case ">":
            return True if low > 0 else False if high <= 0 else None
        case "==":
            return True if low == high == 0 else False if low > 0 or high < 0 else None


def both(left: Test, right: Test) -> Test:
    """Say that two tests hold."""
    if NO in (left, right):
        return NO
    if _rules_out(left, right):
        return right
    return right if left == YES else left if right in (YES, left) else Both(left, right)


def _rules_out(left: Test, right: Test) -> bool:
    """Say whether the first test says only that a number is not one, and the second that it is another."""
    match left, right:
        case Not(Compared(one, "==", Whole(a))), Compared(other, "==", Whole(b)):
            return one == other and a != b
        case _:
            return False


def either(left: Test, right: Test) -> Test:
    """Say that at least one of two tests holds."""
    if YES in (left, right):
        return YES
    return right if left == NO else left if right in (NO, left) else Either(left, right)


def negated(test: Test) -> Test:
    """Say that a test does not hold."""
    match test:
        case Always(holds):
            return Always(not holds)
        case Not(inner):
            return inner
        case _:
            return Not(test)


def every(tests: Iterable[Test]) -> Test:
    """Say that all of some tests hold."""
    found: Test = YES
    for test in tests:
        found = both(found, test)
    return found


def some(tests: Iterable[Test]) -> Test:
    """Say that at least one of some tests holds."""
    found: Test = NO
    for test in tests:
        found = either(found, test)
    return found


def as_number(test: Test) -> Term:
    """Count a test: 1 where it holds, 0 elsewhere."""
    return choice(test, ONE, NOTHING)


# --- what a term is made of


def parts_of(one: Term | Test) -> tuple[Term | Test, ...]:
    """Give what a term or a test is directly made of."""
    match one:
        case Plus(left, right) | Times(left, right) | Both(left, right) | Either(left, right):
            return left, right
        case Compared(left, _, right):
            return left, right
        case Floor(top, bottom):
            return top, bottom
        case Choice(test, then, other):
            return test, then, other
        case Not(inner) | Size(inner):
            return (inner,)
        case Cell() | Whole() | Truth() | Always() | OneOf():
            return ()


def walk(one: Term | Test) -> Iterator[Term | Test]:
    """Give a term or a test and all it is made of, each once."""
    seen: set[int] = set()
    waiting = [one]
    while waiting:
        found = waiting.pop()
        if id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting.extend(parts_of(found))


def columns_of(one: Term | Test) -> frozenset[str]:
    """Give the names of the columns a term or a test reads."""
    return frozenset(found.name for found in walk(one) if isinstance(found, Cell | Truth | OneOf))


def widest(one: Term | Test) -> int:
    """Give the greatest magnitude that is met on the way to a term or a test."""
    return max((found.range.widest for found in walk(one) if isinstance(found, Term)), default=0)


def mass_of(term: Term, rows: int) -> int:
    """Give a bound on what the magnitudes of a term can come to in so many rows."""
    match term:
        case Cell(_, range, mass):
            return range.widest * rows if mass is None else mass
        case Times(Whole(factor), rest):
            return abs(factor) * mass_of(rest, rows)
        case Plus(left, right):
            return mass_of(left, rows) + mass_of(right, rows)
        case Choice(_, then, other):
            return mass_of(then, rows) + mass_of(other, rows)
        case Size(inner):
            return mass_of(inner, rows)
        case _:
            return term.range.widest * rows


def widest_division(one: Term | Test) -> int:
    """Give the greatest magnitude that is divided, or divides, on the way."""
    return max(
        (part.range.widest for found in walk(one) if isinstance(found, Floor) for part in (found.top, found.bottom)),
        default=0,
    )
