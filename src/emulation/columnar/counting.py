"""Counting: the cases in a frame to the facts that are counted of them, day by day, where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

import narwhals as nw
from attrs import frozen

from emulation.campaign import Campaign
from emulation.cases import OneOf
from emulation.columnar.cases import Cases, cases_in
from emulation.columnar.engines import Engine, Frame, rows_of, stacked
from emulation.columnar.handed_in import DAY, ids_of, nothing_counted
from emulation.columnar.long import FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE, day_number
from emulation.columnar.sheet import ID
from emulation.counting import spans_of
from emulation.names import FieldId
from emulation.problems import Problem, Refused
from emulation.registers import Counted, Latest, Register


@frozen
class Daily:
    """What was counted, each body, fact and day once; and the bodies that have a case at all, with how many."""

    counts: Frame
    present: Frame


def facts_counted(
    source: Frame, register: Register, campaign: Campaign, bodies: Sequence[str], engine: Engine
) -> Frame:
    """Count the cases in a frame: a long table of facts, the same as of cases read row by row.

    ``bodies`` are the ids of those who can have cases. Raise `Refused` as `cases_in` and `daily_counts` do.
    """
    daily = daily_counts(cases_in(source, register), register, bodies, engine)
    return as_facts(daily, register, campaign, bodies, engine)


def daily_counts(cases: Cases, register: Register, bodies: Sequence[str], engine: Engine) -> Daily:
    """Count cases by body and day, going through them once for each field that a day is read from.

    Raise `Refused` for blanks where there may be none (E783), for words and participants that are not known (E784),
    and for cases whose rows contradict each other (E785).
    """
    problems = list(_unusable(cases.frame, register))
    if register.key:
        problems += _strangers(cases.frame, register, bodies, engine)
        if problems:
            raise Refused(problems)
        cases = Cases(_settled(cases.frame, register), cases.asking)
    flags = (_flag(cases.asking.holds(one.where)).alias(_met(one)) for one in register.counts)
    flagged = cases.frame.with_columns(*flags)
    if register.repeated == "together":
        flagged = _together(flagged, register)
    found: list[Frame] = []
    for number, (later, field) in enumerate(_dated(register)):
        counts = [one for one in register.counts if (one.day_after, register.dated_by(one)) == (later, field)]
        sums = engine.keep(_sums(flagged, counts, cases.asking.day(field)))
        if not number:
            if not register.key:
                problems += _strangers(sums, register, bodies, engine)
            if problems:
                raise Refused(problems)
            present = sums.group_by(PARTICIPANT).agg(nw.col("cases").sum().cast(nw.Int64).alias(VALUE))
        found += _by_fact(sums, counts, later)
    return Daily(stacked(found), present)


def _dated(register: Register) -> list[tuple[FieldId | None, FieldId]]:
    """Give the fields that days are read from, and whether it is the day after; each once."""
    return list(dict.fromkeys((one.day_after, register.dated_by(one)) for one in register.counts))


def _sums(flagged: Frame, counts: Sequence[Counted], day: nw.Expr) -> Frame:
    """Sum flags by body and day; those without a day are on none. Few days are left to be numbered then."""
    sums = (
        flagged.with_columns(day.alias(DAY))
        .group_by(PARTICIPANT, DAY)
        .agg(nw.len().alias("cases"), *(_count(nw.col(_met(one))).alias(_met(one)) for one in counts))
    )
    numbered = nw.when(~nw.col(DAY).is_null()).then(day_number(DAY))
    return sums.with_columns(nw.col(PARTICIPANT).cast(nw.String), numbered.alias(DAY))


def _by_fact(sums: Frame, counts: Sequence[Counted], later: FieldId | None) -> Iterator[Frame]:
    """Put the sums of each fact into rows of their own; a case without a day counts on none yet."""
    dated = sums.filter(~nw.col(DAY).is_null())
    for one in counts:
        yield dated.select(
            PARTICIPANT,
            nw.lit(one.id, dtype=nw.String).alias(FACT),
            (nw.col(DAY) + (1 if later else 0)).alias(DAY),
            nw.col(_met(one)).alias(VALUE),
        )


def as_facts(daily: Daily, register: Register, campaign: Campaign, bodies: Sequence[str], engine: Engine) -> Frame:
    """Give what was counted as a long table of facts: on days that matter, each body having none to begin with."""
    spans = [(fact, span) for fact in register.facts for span in spans_of(campaign, fact)]
    inside = [
        (nw.col(FACT) == fact) & (nw.col(DAY) >= span.first.toordinal()) & (nw.col(DAY) <= span.last.toordinal())
        for fact, span in spans
    ]
    firsts = [(fact, span.first.toordinal()) for fact, span in spans]
    begun = engine.frame(nothing_counted(bodies, firsts))
    if register.absent == "missing":
        begun = begun.join(daily.present, on=PARTICIPANT, how="semi")
    counted = daily.counts.filter(reduce(or_, inside)).select(PARTICIPANT, FACT, DAY, VALUE)
    silent = begun.join(counted, on=[PARTICIPANT, FACT, DAY], how="anti")
    return stacked([counted, silent]).select(
        PARTICIPANT,
        FACT,
        nw.col(DAY).alias(FIRST),
        nw.col(DAY).alias(LAST),
        VALUE,
        nw.lit(0, dtype=nw.Int64).alias(STATE),
    )


# --- what cannot be counted ------------------------------------------------------------------------------------


def _unusable(cases: Frame, register: Register) -> Iterator[Problem]:
    """Find blanks where there may be none, and words that are none of those listed: there are few words to look at."""
    listed = {field: kind.names for field, kind in register.kinds.items() if isinstance(kind, OneOf)}
    filled = [field for field in register.kinds if field not in register.may_be_blank]
    asked = [nw.len().alias("cases"), *(nw.col(field).count().alias(f"filled:{field}") for field in filled)]
    met = rows_of(cases.group_by(*listed).agg(*asked) if listed else cases.select(*asked))
    cases_of = sum(row["cases"] for row in met)
    for field in filled:
        if count := cases_of - sum(row[f"filled:{field}"] for row in met):
            what = f"{count} blanks in the column {field!r}"
            yield Problem("E783", what, "a value in each row, or may_be_blank")
    for field, names in listed.items():
        if count := sum(row["cases"] for row in met if row[field] not in (None, *names)):
            yield Problem("E784", f"{count} rows with another {field}", ", ".join(names))


def _strangers(cases: Frame, register: Register, bodies: Sequence[str], engine: Engine) -> Iterator[Problem]:
    """Find the cases of those who can have none."""
    found = cases.select(nw.col(PARTICIPANT).cast(nw.String)).unique()
    known = engine.frame(ids_of(bodies))
    strangers = rows_of(found.join(known, left_on=PARTICIPANT, right_on=ID, how="anti"))
    ids = sorted(row[PARTICIPANT] or "a blank" for row in strangers)
    if ids:
        shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")  # noqa: PLR2004
        what = f"{len(ids)} participants that have no cases in {register.id}: {shown}"
        yield Problem("E784", what, "ids of participants")


def _settled(frame: Frame, register: Register) -> Frame:
    """Leave of several rows about one case those that count; what says the same again counts once."""
    key, columns = list(register.key), [PARTICIPANT, *register.kinds]
    frame = frame.group_by(*columns).agg(nw.len().alias("again")).drop("again")
    if isinstance(register.repeated, Latest):
        by = register.repeated.by
        newest = frame.group_by(*key).agg(nw.col(by).max())
        frame = frame.join(newest, on=[*key, by], how="inner")
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


def _together(flagged: Frame, register: Register) -> Frame:
    """Make of several rows one case: it is meant where any of them is, or every one."""
    days = [
        nw.col(day).max() for day in dict.fromkeys(map(register.dated_by, register.counts)) if day not in register.key
    ]
    several = [_count(nw.col(_met(one))).alias(_met(one)) for one in register.counts]
    cases = flagged.group_by(*register.key).agg(nw.col(PARTICIPANT).max(), *days, *several, nw.len().alias("rows"))
    return cases.with_columns(*(_flag(_is_meant(one)).alias(_met(one)) for one in register.counts))


def _is_meant(one: Counted) -> nw.Expr:
    """Say of a case whether any of its rows is meant, or every one."""
    meant = nw.col(_met(one))
    return meant == nw.col("rows") if one.if_ == "every" else meant > 0


def _met(one: Counted) -> str:
    return f"met:{one.id}"


def _flag(test: nw.Expr | None) -> nw.Expr:
    """Mark a row that is meant with 1, others with nothing: to count what is there is quicker than to add it up."""
    one = nw.lit(1, dtype=nw.Int8)
    return one if test is None else nw.when(test).then(one)


def _count(column: nw.Expr) -> nw.Expr:
    return column.count().cast(nw.Int64)
