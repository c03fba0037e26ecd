"""Notation: a plan as lines that can be read: each column, and how it is reckoned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emulation.columnar.plan import Plan
from emulation.columnar.quantities import Quantity
from emulation.columnar.sheet import Below, Let, Place, Say, Step, Within
from emulation.columnar.terms import (
    Always,
    Both,
    Cell,
    Choice,
    Compared,
    Either,
    Floor,
    Not,
    OneOf,
    Plus,
    Size,
    Term,
    Test,
    Times,
    Truth,
    Whole,
    widest,
    widest_division,
)

LONGEST = 400


def lines_of(plan: Plan) -> Iterator[str]:
    """Give a plan's steps, one a line, and how wide the widest numbers are."""
    for step in plan.steps:
        yield from (_short(line) for line in _lines(step))
    terms = [one for step in plan.steps for one in _terms(step)]
    yield f"# widest number: {_bits(max(map(widest, terms), default=0))} of 63 bits"
    yield f"# widest division: {_bits(max(map(widest_division, terms), default=0))} of 53 bits"


def _bits(number: int) -> int:
    return number.bit_length()


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2]} …"


def _terms(step: Step) -> Sequence[Term | Test]:
    match step:
        case Let(_, one) | Say(_, one) | Within(_, one):
            return (one,)
        case Below(_, sums):
            return tuple(term for _, term in sums)
        case Place(who, key):
            return (who, *((key.top, key.bottom) if isinstance(key, Quantity) else (key,)))


def _lines(step: Step) -> Iterator[str]:
    match step:
        case Let(name, term):
            yield f"{name} = {_term(term)}"
        case Say(name, test):
            yield f"{name} = {_test(test)}"
        case Within(name, term, groups):
            yield f"{name} = sum of {_term(term)}{_within(groups)}"
        case Below(kind, sums):
            yield from (f"{name} = sum of {_term(term)} over the {kind} below" for name, term in sums)
        case Place(who, key, groups, first, dense, equal):
            shown = f"{_term(key.top)} / {_term(key.bottom)}" if isinstance(key, Quantity) else _term(key)
            by = f"by {shown}{_within(groups)} where {_test(who)}"
            told = ((first, "place"), (dense, "dense place"), (equal, "how many are equal"))
            yield from (f"{name} = {what} {by}" for name, what in told if name is not None)


def _within(groups: Sequence[str]) -> str:
    return f" within {', '.join(groups)}" if groups else ""


def _term(term: Term) -> str:
    match term:
        case Cell(name):
            return name
        case Whole(value):
            return str(value)
        case Plus(left, right):
            return f"({_term(left)} + {_term(right)})"
        case Times(left, right):
            return f"{_term(left)}·{_term(right)}"
        case Size(inner):
            return f"|{_term(inner)}|"
        case Floor(top, bottom):
            return f"⌊{_term(top)} / {_term(bottom)}⌋"
        case Choice(test, then, other):
            return f"({_term(then)} if {_test(test)} else {_term(other)})"


def _test(test: Test) -> str:
    match test:
        case Truth(name):
            return name
        case Always(holds):
            return "yes" if holds else "no"
        case Compared(left, how, right):
            return f"{_term(left)} {how} {_term(right)}"
        case OneOf(name, texts):
            shown = ", ".join(texts[:5]) + (" …" if len(texts) > 5 else "")  # noqa: PLR2004
            return f"{name} in ({shown})"
        case Both(left, right):
            return f"({_test(left)} and {_test(right)})"
        case Either(left, right):
            return f"({_test(left)} or {_test(right)})"
        case Not(inner):
            return f"not {_test(inner)}"
