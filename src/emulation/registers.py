"""Registers: tables with a row for each case, and what of the cases is counted as a fact, by day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from attrs import fields, frozen

from emulation.cases import (
    ALL_CASES,
    Above,
    After,
    AtLeast,
    AtMost,
    Before,
    Below,
    Day,
    Edge,
    FieldKind,
    From_,
    IsNot,
    Known,
    Moment,
    Number,
    OneOf,
    Test,
    Until,
    Value,
    Where,
    YesNo,
    day_of,
)
from emulation.exact import write_number
from emulation.grammar import word_for
from emulation.indicators import Indicator, Over
from emulation.names import FieldId, Label, near
from emulation.observations import Written
from emulation.participants import Selector
from emulation.problems import Path, Problem

# --- registers ------------------------------------------------------------------------------------------------


@frozen
class Latest:
    """Of several rows about one case the latest counts.

    Keys:
        by: the field, a day or a number, by which a row is later than another.
    """

    by: FieldId


@frozen
class Counted:
    """A fact that is counted: how many cases are meant, each on its day.

    Keys:
        title: what is counted, by language.
        where: which cases are meant: all, a map of fields and what is asked of them, or a list of such maps.
        on: the field with the day it counts on; the register's if not said.
        day_after: the field after whose day it counts, the first on which it can be late.
        if: where a case has several rows, whether any of them must be meant or every one.
    """

    id: str
    where: Where
    title: Label | None = None
    on: FieldId | None = None
    day_after: FieldId | None = None
    if_: Literal["any", "every"] | None = None


@frozen(slots=False)
class Register:
    """A table with a row for each case, such as a dossier; facts are counted of it and not reported.

    Keys:
        title: what the cases are called, in the plural.
        table: how the table is written.
        for: whose cases they are.
        case: the fields that tell one case from another; row where each row is a case.
        repeated: what several rows about one case are: refused, the latest, or together one case.
        fields: what stands in each column.
        may_be_blank: the fields that can be blank.
        on: the field with the day a case counts on.
        absent: what a body without cases has: zero of everything, or nothing reported (missing).
        illustrative: whether the cases are made up; boards say so.
        counts: the facts that are counted.
    """

    id: str
    title: Label
    table: Written
    for_: Selector
    case: Literal["row"] | FieldId | tuple[FieldId, ...]
    fields: tuple[tuple[FieldId, FieldKind], ...]
    on: FieldId
    absent: Literal["zero", "missing"]
    counts: tuple[Counted, ...]
    repeated: Literal["refused", "together"] | Latest | None = None
    may_be_blank: tuple[FieldId, ...] = ()
    illustrative: bool = False

    @cached_property
    def kinds(self) -> Mapping[FieldId, FieldKind]:
        """What stands in each field."""
        return dict(self.fields)

    @property
    def key(self) -> tuple[FieldId, ...]:
        """The fields that tell one case from another; none where each row is a case."""
        if isinstance(self.case, tuple):
            return self.case
        return () if self.case == "row" else (FieldId(self.case),)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that are counted of it."""
        return tuple(counted.id for counted in self.counts)

    def dated_by(self, counted: Counted) -> FieldId:
        """Give the field with the day a case counts on."""
        return counted.day_after or counted.on or self.on

    def day(self, counted: Counted, case: Mapping[FieldId, Value]) -> date | None:
        """Give the day a case counts on; None for one that has no such day yet."""
        value = case[self.dated_by(counted)]
        if not isinstance(value, date):
            return None
        day = day_of(value)
        return day + timedelta(days=1) if counted.day_after else day


def counting(registers: Collection[Register], fact: str) -> Register | None:
    """Give the register a fact is counted of."""
    return next((one for one in registers if fact in one.facts), None)


# --- what cannot be meant --------------------------------------------------------------------------------------


def problems_of(
    registers: Collection[Register], indicators: Collection[Indicator], facts: Collection[str]
) -> Iterator[Problem]:
    """Find what does not agree in registers: with themselves, and with the indicators that look at their facts."""
    counted: dict[str, str] = {}
    for register in registers:
        yield from _problems_of_one(register)
        for one in register.counts:
            path = ("registers", register.id, "counts", one.id)
            if one.id in counted:
                yield Problem("E350", f"{one.id} is counted twice", f"once: in {counted[one.id]}", path=path)
            counted[one.id] = register.id
            if one.id not in facts:
                what = f"no indicator looks at {one.id!r}"
                yield Problem("E135", what, "a fact of an indicator", near(one.id, facts), path)
    for indicator in indicators:
        parts = {*indicator.inputs} or {indicator.id}
        for fact in sorted(parts & {*counted}):
            if not isinstance(indicator.time, Over):
                what = f"{fact} is counted by day, and {indicator.id} does not sum it over days"
                yield Problem("E350", what, "over: period, a round or days", path=("indicators", indicator.id))


def _problems_of_one(register: Register) -> Iterator[Problem]:
    path = ("registers", register.id)
    for key in ("sheets", "days", "totals", "percent"):
        if getattr(register.table, key) != getattr(fields(Written), key).default:
            yield Problem("E114", f"{key!r} says nothing of a register", path=(*path, "table", key))
    if register.key and register.repeated is None:
        what = f"{register.id} does not say what several rows about one case are"
        yield Problem("E143", what, "repeated: refused, {latest: FIELD} or together", path=path)
    if not register.key and register.repeated is not None:
        what = "where each row is a case, none is repeated"
        yield Problem("E114", what, "case: the fields that tell one from another", path=(*path, "repeated"))
    for field, there in _fields_named(register, path):
        if field not in register.kinds:
            yield Problem("E135", f"unknown field {field!r}", None, near(field, register.kinds), there)
    for field, there in _days_named(register, path):
        if field in register.kinds and not isinstance(register.kinds[field], Day | Moment):
            yield Problem("E351", f"{field} is no day", "a field that is a day", path=there)
    blank = [*register.key, register.on, *([register.repeated.by] if isinstance(register.repeated, Latest) else [])]
    for field in dict.fromkeys(blank):
        if field in register.may_be_blank:
            what = f"{field} may not be blank: it tells cases, or their days, apart"
            yield Problem("E351", what, path=(*path, "may_be_blank"))
    if isinstance(register.repeated, Latest):
        if register.repeated.by in register.key:
            what = f"{register.repeated.by} is the same in all rows about one case"
            yield Problem("E351", what, "a field by which one is later", path=(*path, "repeated", "latest"))
        kind = register.kinds.get(register.repeated.by)
        if kind is not None and not isinstance(kind, Day | Moment | Number):
            what = f"no row is later than another by {register.repeated.by}"
            yield Problem("E351", what, "a day or a number", path=(*path, "repeated", "latest"))
    for counted in register.counts:
        yield from _problems_of_count(register, counted, (*path, "counts", counted.id))


def _problems_of_count(register: Register, counted: Counted, path: Path) -> Iterator[Problem]:
    if counted.on and counted.day_after:
        yield Problem("E156", "'on' and 'day_after' exclude each other", "one of them", path=path)
    together = register.repeated == "together"
    if together and counted.if_ is None and counted.where != ALL_CASES:
        what = f"a case has several rows, and {counted.id} does not say how many of them must be meant"
        yield Problem("E143", what, "if: any or every", path=path)
    if not together and counted.if_ is not None:
        yield Problem("E114", "'if' says nothing where a case is one row", "repeated: together", path=(*path, "if"))
    for field, test, there in _tests(counted, path):
        kind = register.kinds.get(field)
        if kind is not None and (slip := _unfit(register, kind, test)):
            yield Problem("E351", f"{field} {slip[0]}", slip[1], slip[2], there)


def _tests(counted: Counted, path: Path) -> Iterator[tuple[FieldId, Test, Path]]:
    """Give each test of a count, with the path to it: one map stands alone, several are a list."""
    several = len(counted.where.alternatives) > 1
    for number, one in enumerate(counted.where.alternatives):
        inner = (str(number),) if several else ()
        yield from ((field, test, (*path, "where", *inner, field)) for field, test in one.tests)


_Slip: TypeAlias = tuple[str, str | None, str | None]


def _unfit(register: Register, kind: FieldKind, test: Test) -> _Slip | None:
    """Say what of a test does not fit the kind of field it is about."""
    match test:
        case Known():
            return None
        case str() | tuple() | IsNot():
            return _unknown_word(kind, _names_in(test))
        case Before() | Until() | From_() | After() if not isinstance(kind, Day | Moment):
            return f"is no day, and {word_for(type(test))!r} compares days", None, None
        case AtLeast() | AtMost() | Above() | Below() if not isinstance(kind, Number):
            return f"is no number, and {word_for(type(test))!r} compares numbers", None, None
        case _:
            return _unlike(register, kind, test.edge)


def _names_in(test: str | tuple[str, ...] | IsNot) -> tuple[str, ...]:
    """Give the words a test names."""
    return (test,) if isinstance(test, str) else test if isinstance(test, tuple) else test.names


def _unknown_word(kind: FieldKind, names: tuple[str, ...]) -> _Slip | None:
    if isinstance(kind, Day | Moment | Number):
        return "is compared with a word", "from, until, before, after; at_least, at_most, above, below", None
    words = kind.names if isinstance(kind, OneOf) else ("yes", "no") if isinstance(kind, YesNo) else names
    unknown = next((name for name in names if name not in words), None)
    if unknown is None:
        return None
    hint = near(unknown, words)
    return f"is never {unknown!r}", None if hint else ", ".join(words), hint


def _unlike(register: Register, kind: FieldKind, edge: Edge) -> _Slip | None:
    """Say what is wrong with comparing a field of a kind with an edge."""
    if isinstance(edge, str):
        other = register.kinds.get(edge)
        if other is None:
            return f"is compared with the unknown field {edge!r}", None, near(edge, register.kinds)
        if not isinstance(other, Number | Day | Moment):
            return f"is compared with {edge}, which is no day and no number", None, None
        return (
            None
            if isinstance(other, Number) == isinstance(kind, Number)
            else (f"is compared with {edge}, which is of another kind", None, None)
        )
    if isinstance(edge, date) != isinstance(kind, Number):
        return None
    written = edge.isoformat() if isinstance(edge, date) else write_number(edge)
    return f"is compared with {written}", "a number" if isinstance(kind, Number) else "a day", None


def _fields_named(register: Register, path: Path) -> Iterator[tuple[FieldId, Path]]:
    """Give each field that is named, and where."""
    yield from ((field, (*path, "case")) for field in register.key)
    yield from _days_named(register, path)
    yield from ((field, (*path, "may_be_blank")) for field in register.may_be_blank)
    if isinstance(register.repeated, Latest):
        yield register.repeated.by, (*path, "repeated", "latest")
    for counted in register.counts:
        yield from ((field, at) for field, _, at in _tests(counted, (*path, "counts", counted.id)))


def _days_named(register: Register, path: Path) -> Iterator[tuple[FieldId, Path]]:
    """Give each field a day is read from, and where it is named."""
    yield register.on, (*path, "on")
    for counted in register.counts:
        there = (*path, "counts", counted.id)
        yield from ((field, (*there, "on")) for field in (counted.on,) if field)
        yield from ((field, (*there, "day_after")) for field in (counted.day_after,) if field)
