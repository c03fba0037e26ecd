"""Frames: a table that somebody else keeps, checked and turned into whole numbers where it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import narwhals as nw
from attrs import frozen

from emulation.campaign import Campaign
from emulation.columnar.engines import Frame, rows_of
from emulation.columnar.reduction import FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE
from emulation.columnar.sheet import ID
from emulation.exact import divide
from emulation.names import ParticipantId, near
from emulation.observations import STATES, Observation
from emulation.periods import Span
from emulation.problems import Problem, Refused

_MARCH_FIRST = 306  # so many days after the first of March of the year 0 the first day of the year 1 begins
_NEEDED = ("participant", "fact", "to", "value")
_COLUMNS = (*_NEEDED, "from", "state", "recorded", "seq")


@frozen
class Facts:
    """A long table of facts in whole numbers, and the grid on which each fact's figures lie."""

    frame: Frame
    grids: Mapping[str, int]


def facts_in(source: Any, campaign: Campaign, bodies: Frame, known_at: datetime | None) -> Facts:
    """Take a long table as facts.

    Its columns are ``participant``, ``fact``, ``to`` (a day) and ``value``; and if there, ``from``, ``state``,
    ``recorded`` (when it was handed in) and ``seq``, which tells a correction from what it corrects.

    Raise `Refused` for a column that is not there (E781), is of a kind that is not exact (E782), has blanks (E783)
    or names what the campaign does not know (E784), and for facts that are there twice (E785).
    """
    frame = nw.from_native(source).lazy() if not isinstance(source, nw.LazyFrame) else source
    kinds = dict(frame.collect_schema())
    problems = list(_ill_formed(kinds))
    if known_at is not None and not {"recorded", "seq"} <= set(kinds):
        what = "what was known then asks for the columns recorded and seq"
        problems.append(Problem("E781", what, "columns recorded (a moment) and seq (a whole number)"))
    if problems:
        raise Refused(problems)
    if known_at is not None:
        frame = frame.filter(nw.col("recorded") <= known_at)
    long = _in_whole_numbers(frame, kinds)
    if "seq" in kinds:
        long = _corrected(long)
    problems = list(_unusable(long, campaign, bodies))
    if problems:
        raise Refused(problems)
    return Facts(
        long.select(PARTICIPANT, FACT, FIRST, LAST, VALUE, STATE),
        dict.fromkeys(campaign.facts, grid_of(kinds["value"])),
    )


def fetched(facts: Facts, participants: Collection[str]) -> Iterator[Observation]:
    """Give the facts of some participants as records."""
    few = facts.frame.filter(nw.col(PARTICIPANT).is_in(sorted(participants)))
    for row in rows_of(few):
        state = STATES[row[STATE]]
        yield Observation(
            ParticipantId(row[PARTICIPANT]),
            row[FACT],
            Span(date.fromordinal(row[FIRST]), date.fromordinal(row[LAST])),
            divide(row[VALUE], facts.grids.get(row[FACT], 1)) if state == "measured" else None,
            state,
        )


def _ill_formed(kinds: Mapping[str, Any]) -> Iterator[Problem]:
    """Find columns that are not there, or whose kind holds no exact figures."""
    for name in _NEEDED:
        if name not in kinds:
            yield Problem("E781", f"there is no column {name!r}", ", ".join(_NEEDED), near(name, kinds))
    for name, kind in kinds.items():
        if name not in _COLUMNS:
            continue
        if not _fits(name, kind):
            yield Problem("E782", f"the column {name!r} is of the kind {kind}", _WANTED[name])


_WANTED = {
    "participant": "texts",
    "fact": "texts",
    "from": "days (a date)",
    "to": "days (a date)",
    "value": "whole numbers, or decimals of a declared scale: a float is not what was written",
    "state": f"texts: {', '.join(STATES)}",
    "recorded": "moments (a datetime)",
    "seq": "whole numbers",
}


def _fits(name: str, kind: Any) -> bool:
    match name:
        case "participant" | "fact" | "state":
            return isinstance(kind, nw.String | nw.Categorical | nw.Enum)
        case "from" | "to":
            return isinstance(kind, nw.Date) or (isinstance(kind, nw.Datetime) and kind.time_zone is None)
        case "recorded":
            return isinstance(kind, nw.Datetime)
        case "seq":
            return bool(kind.is_integer())
        case _:
            return bool(kind.is_integer()) or isinstance(kind, nw.Decimal)


def grid_of(kind: Any) -> int:
    """Give the grid on which the figures of a column lie: whole numbers, or tenths, hundredths and so on."""
    return 10 ** int(kind.scale) if isinstance(kind, nw.Decimal) else 1


def day_number(name: str) -> nw.Expr:
    """Count the days of a date as `date.toordinal` does; the year begins in March, so that leap days come last."""
    year, month, day = (getattr(nw.col(name).dt, part)().cast(nw.Int64) for part in ("year", "month", "day"))
    early = nw.when(month <= 2).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))  # noqa: PLR2004
    years, months = year - early, month + early * 12 - 3
    leap_days: nw.Expr = _whole(years, 4) - _whole(years, 100) + _whole(years, 400)
    days: nw.Expr = years * 365 + leap_days + _whole(months * 153 + 2, 5) + day - _MARCH_FIRST
    return days


def _whole(dividend: nw.Expr, divisor: int) -> nw.Expr:
    return (dividend.cast(nw.Float64) / float(divisor)).floor().cast(nw.Int64)


def _in_whole_numbers(frame: Frame, kinds: Mapping[str, Any]) -> Frame:
    value = nw.col("value") * grid_of(kinds["value"]) if isinstance(kinds["value"], nw.Decimal) else nw.col("value")
    state = nw.lit(0, dtype=nw.Int64)
    if "state" in kinds:
        state = nw.lit(len(STATES), dtype=nw.Int64)
        for code, name in enumerate(STATES):
            is_it = nw.col("state") == name
            state = nw.when(is_it).then(nw.lit(code, dtype=nw.Int64)).otherwise(state)
    begins = "from" if "from" in kinds else "to"
    texts = [nw.col(name).cast(nw.String).alias(name) for name in (PARTICIPANT, FACT)]
    beside = ["seq"] if "seq" in kinds else []
    return frame.select(
        *texts,
        day_number(begins).alias(FIRST),
        day_number("to").alias(LAST),
        value.cast(nw.Int64).alias(VALUE),
        state.alias(STATE),
        *beside,
    )


def _corrected(long: Frame) -> Frame:
    """Keep of each fact about the same days what was handed in last."""
    key = (PARTICIPANT, FACT, FIRST, LAST)
    newest = long.group_by(*key).agg(nw.col("seq").max())
    return long.join(newest, on=[*key, "seq"], how="semi")


def _unusable(long: Frame, campaign: Campaign, bodies: Frame) -> Iterator[Problem]:
    """Find blanks, what the campaign does not know, and facts that are there twice."""
    blank = {name: nw.col(name).is_null() for name in (PARTICIPANT, FACT, FIRST, LAST)}
    blank[VALUE] = nw.col(VALUE).is_null() & (nw.col(STATE) == 0)
    counted = long.select(*(test.cast(nw.Int64).sum().alias(name) for name, test in blank.items()))
    for name, count in rows_of(counted)[0].items():
        if count:
            said = {FIRST: "from", LAST: "to"}.get(name, name)
            yield Problem("E783", f"{count} blanks in the column {said!r}", "a figure in each row, or a state")
    unknown_states = rows_of(long.filter(nw.col(STATE) == len(STATES)).select(nw.len().alias("n")))[0]["n"]
    if unknown_states:
        yield Problem("E784", f"{unknown_states} rows in a state that does not exist", ", ".join(STATES))
    facts = [row[FACT] for row in rows_of(long.select(FACT).unique().filter(~nw.col(FACT).is_in(campaign.facts)))]
    for fact in sorted(one for one in facts if one is not None):
        yield Problem("E784", f"unknown fact {fact!r}", "a fact of the campaign", near(fact, campaign.facts))
    strangers = long.select(PARTICIPANT).unique().join(bodies.select(ID), left_on=PARTICIPANT, right_on=ID, how="anti")
    ids = sorted(row[PARTICIPANT] for row in rows_of(strangers) if row[PARTICIPANT] is not None)
    if ids:
        shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")  # noqa: PLR2004
        yield Problem(
            "E784", f"{len(ids)} participants that the campaign does not know: {shown}", "ids of participants"
        )
    twice = long.group_by(PARTICIPANT, FACT, FIRST, LAST).agg(nw.len().alias("n")).filter(nw.col("n") > 1)
    repeated = rows_of(twice.select(nw.len().alias("n")))[0]["n"]
    if repeated:
        what = f"{repeated} facts are there more than once"
        yield Problem("E785", what, "one row for each participant, fact and days; or a column seq")
