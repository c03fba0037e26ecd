"""Counting: cases in a frame to the facts that are counted of them, day by day, where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from math import ceil, floor
from operator import and_, or_
from typing import Any

import narwhals as nw
from attrs import frozen

from emulation.campaign import Campaign
from emulation.cases import (
    COMPARES,
    AtLeast,
    Below,
    EdgeTest,
    FieldKind,
    IsNot,
    Known,
    Moment,
    Number,
    OneOf,
    Test,
    Text,
    Where,
    YesNo,
)
from emulation.cases import Day as DayKind
from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.columnar.frames import day_number, grid_of
from emulation.columnar.handed_in import DAY, ids_of, nothing_counted
from emulation.columnar.reduction import FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE
from emulation.columnar.sheet import ID
from emulation.counting import spans_of
from emulation.names import FieldId, near
from emulation.problems import Problem, Refused
from emulation.registers import Counted, Latest, Register


@frozen
class Cases:
    """The cases of a register in a frame, one row each or several that make one together, and how to ask of them."""

    frame: Frame
    asking: Asking


def facts_counted(
    source: Frame, register: Register, campaign: Campaign, bodies: Sequence[str], engine: Engine
) -> Frame:
    """Count the cases in a frame: a long table of facts, the same as of cases read row by row.

    ``bodies`` are the ids of those who can have cases. Raise `Refused` for columns that are not there (E781), not
    exact (E782), blank where they may not be (E783), for words and participants that are not known (E784), and for
    cases whose rows contradict each other (E785).
    """
    cases = cases_in(source, register, bodies, engine)
    daily = daily_counts(cases, register, campaign)
    present = cases.frame.select(nw.col(PARTICIPANT).cast(nw.String)).unique()
    return with_nothing(daily, present, register, campaign, bodies, engine)


def cases_in(source: Frame, register: Register, bodies: Sequence[str], engine: Engine) -> Cases:
    """Take a frame as the cases of a register."""
    named = dict(register.table.columns)
    kinds = dict(source.collect_schema())
    columns = {field: named[field] if named.get(field) in kinds else field for field in (PARTICIPANT, *register.kinds)}
    problems = list(_ill_formed(kinds, columns, register))
    if problems:
        raise Refused(problems)
    grids = {field: grid_of(kinds[column]) for field, column in columns.items()}
    unlike = list(_of_unlike_scales(register, grids))
    if unlike:
        raise Refused(unlike)
    frame = source.select(*(_whole(column, grids[field]).alias(field) for field, column in columns.items()))
    problems = list(_unusable(frame, register, bodies, engine))
    if problems:
        raise Refused(problems)
    timed = frozenset(field for field, column in columns.items() if isinstance(kinds[column], nw.Datetime))
    return Cases(_settled(frame, register) if register.key else frame, Asking(register, timed, grids))


def _whole(column: str, grid: int) -> nw.Expr:
    """Give a column as it is; one of decimals as whole numbers on its grid."""
    return nw.col(column) if grid == 1 else (nw.col(column) * grid).cast(nw.Int64)


def _of_unlike_scales(register: Register, grids: Mapping[str, int]) -> Iterator[Problem]:
    """Find fields that are compared and whose columns have other scales."""
    for counted in register.counts:
        for field, test in counted.where.tests:
            edge = getattr(test, "edge", None)
            if isinstance(edge, str) and grids[field] != grids[edge]:
                yield Problem("E782", f"the columns {field!r} and {edge!r} have unlike scales", "decimals of one scale")


def _ill_formed(kinds: Mapping[str, Any], columns: Mapping[str, str], register: Register) -> Iterator[Problem]:
    for field, column in columns.items():
        if column not in kinds:
            yield Problem("E781", f"there is no column {field!r}", ", ".join(columns), near(field, kinds))
        elif field != PARTICIPANT and not _fits(register.kinds[FieldId(field)], kinds[column]):
            wanted = _WANTED[type(register.kinds[FieldId(field)])]
            yield Problem("E782", f"the column {column!r} is of the kind {kinds[column]}", wanted)


_WANTED: Mapping[type, str] = {
    OneOf: "texts",
    Text: "texts",
    YesNo: "truths (true or false)",
    Number: "whole numbers, or decimals of a declared scale: a float is not what was written",
    DayKind: "days (a date)",
    Moment: "moments without a time zone, or days",
}


def _fits(field: FieldKind, kind: Any) -> bool:
    match field:
        case OneOf() | Text():
            return isinstance(kind, nw.String | nw.Categorical | nw.Enum)
        case YesNo():
            return isinstance(kind, nw.Boolean)
        case Number():
            return bool(kind.is_integer()) or isinstance(kind, nw.Decimal)
        case DayKind():
            return isinstance(kind, nw.Date)
        case Moment():
            return isinstance(kind, nw.Date) or (isinstance(kind, nw.Datetime) and kind.time_zone is None)


def _unusable(frame: Frame, register: Register, bodies: Sequence[str], engine: Engine) -> Iterator[Problem]:
    """Find blanks where there may be none, words that are none of those listed, and strangers."""
    filled = [PARTICIPANT, *(field for field in register.kinds if field not in register.may_be_blank)]
    listed = {field: kind.names for field, kind in register.kinds.items() if isinstance(kind, OneOf)}
    strange = {field: ~nw.col(field).is_in(names) for field, names in listed.items()}
    counted = rows_of(
        frame.select(
            *(_sum(nw.col(field).is_null()).alias(f"blank:{field}") for field in filled),
            *(_sum(~nw.col(field).is_null() & test).alias(f"strange:{field}") for field, test in strange.items()),
        )
    )[0]
    for field in filled:
        if count := counted[f"blank:{field}"]:
            yield Problem("E783", f"{count} blanks in the column {field!r}", "a value in each row, or may_be_blank")
    for field, names in listed.items():
        if count := counted[f"strange:{field}"]:
            yield Problem("E784", f"{count} rows with another {field}", ", ".join(names))
    known = engine.frame(ids_of(bodies))
    found = frame.select(nw.col(PARTICIPANT).cast(nw.String)).unique()
    strangers = rows_of(found.join(known, left_on=PARTICIPANT, right_on=ID, how="anti"))
    ids = sorted(row[PARTICIPANT] for row in strangers if row[PARTICIPANT] is not None)
    if ids:
        shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")  # noqa: PLR2004
        yield Problem("E784", f"{len(ids)} participants that have no cases in {register.id}: {shown}", "ids")


def _settled(frame: Frame, register: Register) -> Frame:
    """Leave of several rows about one case those that count; what says the same again counts once."""
    key, columns = list(register.key), [PARTICIPANT, *register.kinds]
    frame = frame.group_by(*columns).agg(nw.len().alias("again")).drop("again")
    if isinstance(register.repeated, Latest):
        by = register.repeated.by
        newest = frame.group_by(*key).agg(nw.col(by).max())
        frame = frame.join(newest, on=[*key, by], how="semi")
    if register.repeated == "together":
        days = list(dict.fromkeys(register.dated_by(one) for one in register.counts))
        unlike = [nw.col(name).n_unique().alias(name) for name in (PARTICIPANT, *days)]
        several = frame.group_by(*key).agg(*unlike)
        wrong = several.filter(reduce(or_, (nw.col(name) > 1 for name in (PARTICIPANT, *days))))
        what = "cases are of several bodies, or have several days"
    else:
        wrong = frame.group_by(*key).agg(nw.len().alias("rows")).filter(nw.col("rows") > 1)
        what = "cases have several rows"
    count = rows_of(wrong.select(nw.len().alias("n")))[0]["n"]
    if count:
        raise Refused([Problem("E785", f"{count} {what}", "one row that counts for each case")])
    return frame


def daily_counts(cases: Cases, register: Register, campaign: Campaign) -> Frame:
    """Count cases by body and day: the columns participant, fact, day and value."""
    flags = (_flag(cases.asking.holds(one.where)).alias(f"met:{one.id}") for one in register.counts)
    flagged = cases.frame.with_columns(*flags)
    if register.repeated == "together":
        flagged = _together(flagged, register)
    found: list[Frame] = []
    for dated in dict.fromkeys((one.day_after, register.dated_by(one)) for one in register.counts):
        counts = [one for one in register.counts if (one.day_after, register.dated_by(one)) == dated]
        found += _by_day(flagged, counts, *dated)
    return nw.concat([_within(frame, campaign) for frame in found], how="vertical")


def _together(flagged: Frame, register: Register) -> Frame:
    """Make of several rows one case: it is meant where any of them is, or every one."""
    flags = [
        (nw.col(f"met:{one.id}").min() if one.if_ == "every" else nw.col(f"met:{one.id}").max()).alias(f"met:{one.id}")
        for one in register.counts
    ]
    days = [
        nw.col(day).max() for day in dict.fromkeys(map(register.dated_by, register.counts)) if day not in register.key
    ]
    return flagged.group_by(*register.key).agg(nw.col(PARTICIPANT).max(), *days, *flags)


def _by_day(flagged: Frame, counts: Sequence[Counted], later: FieldId | None, field: FieldId) -> Iterator[Frame]:
    """Sum the flags of counts that have one day in common; a case without it counts on none yet."""
    dated = flagged.filter(~nw.col(field).is_null())
    day = day_number(field) + (1 if later else 0)
    sums = (
        dated.with_columns(day.alias(DAY))
        .group_by(PARTICIPANT, DAY)
        .agg(*(nw.col(f"met:{one.id}").sum().cast(nw.Int64).alias(f"met:{one.id}") for one in counts))
    )
    for one in counts:
        yield sums.select(
            nw.col(PARTICIPANT).cast(nw.String),
            nw.lit(one.id, dtype=nw.String).alias(FACT),
            nw.col(DAY),
            nw.col(f"met:{one.id}").alias(VALUE),
        )


def _within(daily: Frame, campaign: Campaign) -> Frame:
    """Leave out days on which nothing is summed."""
    inside = [
        (nw.col(FACT) == fact) & (nw.col(DAY) >= span.first.toordinal()) & (nw.col(DAY) <= span.last.toordinal())
        for register in campaign.registers
        for fact in register.facts
        for span in spans_of(campaign, fact)
    ]
    return daily.filter(reduce(or_, inside))


def with_nothing(
    daily: Frame, present: Frame, register: Register, campaign: Campaign, bodies: Sequence[str], engine: Engine
) -> Frame:
    """Add that each body has none of each fact to begin with, and give the long table of facts."""
    firsts = [(fact, span.first.toordinal()) for fact in register.facts for span in spans_of(campaign, fact)]
    whole = engine.frame(nothing_counted(bodies, firsts))
    if register.absent == "missing":
        whole = whole.join(present, on=PARTICIPANT, how="semi")
    summed = nw.concat([daily, whole], how="vertical").group_by(PARTICIPANT, FACT, DAY).agg(nw.col(VALUE).sum())
    return summed.select(
        PARTICIPANT,
        FACT,
        nw.col(DAY).alias(FIRST),
        nw.col(DAY).alias(LAST),
        nw.col(VALUE).cast(nw.Int64),
        nw.lit(0, dtype=nw.Int64).alias(STATE),
    )


# --- tests ----------------------------------------------------------------------------------------------------


@frozen
class Asking:
    """Turns what is asked of fields into tests of columns; ``timed`` are the fields whose column has times of day.

    Numbers are whole ones on the grid of their column.
    """

    register: Register
    timed: frozenset[str]
    grids: Mapping[str, int]

    def holds(self, where: Where) -> nw.Expr | None:
        """Say which cases are meant; None for all."""
        found = [
            reduce(and_, [self._test(field, test) for field, test in one.tests])
            for one in where.alternatives
            if one.tests
        ]
        return reduce(or_, found) if found else None

    def _test(self, field: FieldId, test: Test) -> nw.Expr:
        """Say whether a field meets a test; a blank one meets none but that it is blank."""
        column = nw.col(field)
        filled = ~column.is_null()
        match test:
            case Known(known):
                return filled if known else ~filled
            case str():
                return filled & (column == self._word(field, test))
            case tuple():
                return filled & column.is_in([self._word(field, name) for name in test])
            case IsNot(names):
                return filled & ~column.is_in([self._word(field, name) for name in names])
            case _:
                return filled & self._compared(field, test)

    def _word(self, field: FieldId, name: str) -> str | bool:
        return name == "yes" if isinstance(self.register.kinds[field], YesNo) else name

    def _compared(self, field: FieldId, test: EdgeTest) -> nw.Expr:
        """Compare a field with an edge: by their days, where one of the two has no time of day."""
        compare: Callable[[Any, Any], nw.Expr] = COMPARES[type(test)]
        match test.edge:
            case str() as other:
                as_they_are = isinstance(self.register.kinds[field], Number) or {field, other} <= self.timed
                pair = (nw.col(field), nw.col(other)) if as_they_are else (day_number(field), day_number(other))
                return ~nw.col(other).is_null() & compare(*pair)
            case date() as day:
                return compare(day_number(field), day.toordinal())
            case number:
                up = isinstance(test, AtLeast | Below)  # no whole number lies between a bound and the next one up
                return compare(nw.col(field), (ceil if up else floor)(number * self.grids[field]))


def _flag(test: nw.Expr | None) -> nw.Expr:
    one, none = nw.lit(1, dtype=nw.Int64), nw.lit(0, dtype=nw.Int64)
    return one if test is None else nw.when(test).then(one).otherwise(none)


def _sum(test: nw.Expr) -> nw.Expr:
    return test.cast(nw.Int64).sum()
