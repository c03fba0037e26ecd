"""Expressions: terms and tests in the words of narwhals, in the small part of it that every engine means alike."""

from __future__ import annotations

import narwhals as nw

from emulation.columnar.engines import Engine
from emulation.columnar.quantities import Quantity
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.terms import (
    EXACT_DOUBLE,
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
)


def number(term: Term, engine: Engine) -> nw.Expr:
    """Write a term."""
    match term:
        case Cell(name):
            return nw.col(name)
        case Whole(value):
            return nw.lit(value, dtype=nw.Int64)
        case Plus(left, right):
            return number(left, engine) + number(right, engine)
        case Times(left, right):
            return number(left, engine) * number(right, engine)
        case Size(inner):
            return number(inner, engine).abs()
        case Floor(top, bottom):
            return _floor(top, bottom, engine)
        case Choice(test, then, other):
            return nw.when(truth(test, engine)).then(number(then, engine)).otherwise(number(other, engine))


def _floor(top: Term, bottom: Term, engine: Engine) -> nw.Expr:
    """Divide and leave the rest; doubles do it exactly below 2^53, and only some engines above."""
    dividend, divisor = number(top, engine), number(bottom, engine)
    if max(top.range.widest, bottom.range.widest) < EXACT_DOUBLE:
        return (dividend.cast(nw.Float64) / divisor.cast(nw.Float64)).floor().cast(nw.Int64)
    if not engine.floors_exactly:
        what = f"a division of numbers beyond 2^53 on {engine.name}"
        raise ExactOnly((), what, "declare coarser rounding, or score it with --engine exact or columns")
    return dividend // divisor


def truth(test: Test, engine: Engine) -> nw.Expr:
    """Write a test."""
    match test:
        case Truth(name):
            return nw.col(name)
        case Always(holds):
            return nw.lit(holds, dtype=nw.Boolean)
        case Compared(left, how, right):
            one, other = number(left, engine), number(right, engine)
            return one >= other if how == ">=" else one > other if how == ">" else one == other
        case OneOf(name, texts):
            return nw.col(name).is_in(list(texts)).fill_null(value=False)
        case Both(left, right):
            return truth(left, engine) & truth(right, engine)
        case Either(left, right):
            return truth(left, engine) | truth(right, engine)
        case Not(inner):
            return ~truth(inner, engine)


def key(one: Term | Quantity, engine: Engine) -> nw.Expr:
    """Write what is ranked: a whole number, or the double nearest to a quotient, where no two quotients share one.

    Two quotients n/d and m/e that differ do so by at least 1/(d e). Where every |n| times every d stays below 2^52,
    that is more than the distance of two doubles, so they round apart, and rounding never turns an order round.
    """
    if not isinstance(one, Quantity):
        return number(one, engine)
    if one.top.range.widest * one.bottom.range.widest >= EXACT_DOUBLE // 2:
        what = "an order of quotients whose parts are too large for doubles"
        raise ExactOnly((), what, "rank by points, which are rounded, or score it with --engine exact")
    return number(one.top, engine).cast(nw.Float64) / number(one.bottom, engine).cast(nw.Float64)
