"""Frames: a table that somebody else keeps, checked and turned into whole numbers where it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import narwhals as nw

from emulation.campaign import Campaign
from emulation.columnar.archive import Archive
from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.columnar.long import FACT, FIRST, LAST, PARTICIPANT, SEQ, STATE, VALUE, Facts
from emulation.columnar.sheet import ID
from emulation.exact import divide
from emulation.names import ParticipantId, near
from emulation.observations import STATES, Observation
from emulation.periods import Span
from emulation.problems import Problem, Refused

_NEEDED = ("participant", "fact", "to", "value")
_ROWS = "rows"
LONG = (*_NEEDED, "from", "state", "recorded", "seq")


def facts_in(source: Any, campaign: Campaign, bodies: Frame, known_at: datetime | None, engine: Engine) -> Facts:
    """Take a long table as facts.

    Its columns are ``participant``, ``fact``, ``to`` (a day) and ``value``; and if there, ``from``, ``state``,
    ``recorded`` (when it was handed in) and ``seq``, which tells a correction from what it corrects.

    Raise `Refused` for a column that is not there (E781), is of a kind that is not exact (E782), has blanks (E783)
    or names what the campaign does not know (E784); for facts that are there twice once it is known which count (E785).
    """
    frame = nw.from_native(source).lazy() if not isinstance(source, nw.LazyFrame) else source
    kinds = dict(frame.collect_schema())
    problems = list(ill_formed(kinds))
    if known_at is not None and not {"recorded", "seq"} <= set(kinds):
        what = "what was known then asks for the columns recorded and seq"
        problems.append(Problem("E781", what, "columns recorded (a moment) and seq (a whole number)"))
    if problems:
        raise Refused(problems)
    if known_at is not None:
        frame = frame.filter(nw.col("recorded") <= known_at)
    long = _in_whole_numbers(frame, kinds)
    problems = list(_unusable(long, campaign, bodies, engine, stated="state" in kinds))
    if problems:
        raise Refused(problems)
    grids = dict.fromkeys(campaign.facts, grid_of(kinds["value"]))
    return Facts(long, grids, dated=True, corrected="seq" in kinds, spans="from" in kinds)


def fetched(facts: Facts | Archive, participants: Collection[str], engine: Engine) -> Iterator[Observation]:
    """Give the facts of some participants as records."""
    for row in rows_of(facts.of_bodies(sorted(participants)).settled(engine)):
        state = STATES[row[STATE]]
        yield Observation(
            ParticipantId(row[PARTICIPANT]),
            row[FACT],
            Span(date.fromordinal(row[FIRST]), date.fromordinal(row[LAST])),
            divide(row[VALUE], facts.grids.get(row[FACT], 1)) if state == "measured" else None,
            state,
        )


def ill_formed(kinds: Mapping[str, Any]) -> Iterator[Problem]:
    """Find columns that are not there, or whose kind holds no exact figures."""
    for name in _NEEDED:
        if name not in kinds:
            yield Problem("E781", f"there is no column {name!r}", ", ".join(_NEEDED), near(name, kinds))
    for name, kind in kinds.items():
        if name not in LONG:
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
    days = [_as_date(source, kinds).alias(name) for source, name in ((begins, FIRST), ("to", LAST))]
    beside = [SEQ] if "seq" in kinds else []
    return frame.select(*texts, *days, value.cast(nw.Int64).alias(VALUE), state.alias(STATE), *beside)


def _as_date(name: str, kinds: Mapping[str, Any]) -> nw.Expr:
    return nw.col(name) if isinstance(kinds[name], nw.Date) else nw.col(name).cast(nw.Date)


def _unusable(long: Frame, campaign: Campaign, bodies: Frame, engine: Engine, *, stated: bool) -> Iterator[Problem]:
    """Find blanks, and what the campaign does not know, in one pass over the table."""
    measured, known = nw.col(STATE) == 0, nw.col(STATE) < len(STATES)
    value = nw.when(measured).then(nw.col(VALUE)).otherwise(nw.lit(0, dtype=nw.Int64)) if stated else nw.col(VALUE)
    told = {VALUE: value, STATE: nw.when(known).then(nw.col(STATE))} if stated else {VALUE: value}
    # Counting what is there is quicker than adding up what is not.
    series = engine.keep(
        long.with_columns(**told)
        .group_by(PARTICIPANT, FACT)
        .agg(nw.len().alias(_ROWS), *(nw.col(name).count().alias(f"{name}?") for name in (FIRST, LAST, *told)))
    )
    rows = nw.col(_ROWS)
    blank = {name: nw.when(nw.col(name).is_null()).then(rows).otherwise(rows - rows) for name in (PARTICIPANT, FACT)}
    blank |= {name: rows - nw.col(f"{name}?") for name in (FIRST, LAST, *told)}
    counted = rows_of(series.select(*(one.cast(nw.Int64).sum().alias(name) for name, one in blank.items())))[0]
    for name in (PARTICIPANT, FACT, FIRST, LAST, VALUE):
        if count := counted[name]:
            said = {FIRST: "from", LAST: "to"}.get(name, name)
            yield Problem("E783", f"{count} blanks in the column {said!r}", "a figure in each row, or a state")
    if count := counted.get(STATE):
        yield Problem("E784", f"{count} rows in a state that does not exist", ", ".join(STATES))
    facts = [row[FACT] for row in rows_of(series.select(FACT).unique().filter(~nw.col(FACT).is_in(campaign.facts)))]
    for fact in sorted(one for one in facts if one is not None):
        yield Problem("E784", f"unknown fact {fact!r}", "a fact of the campaign", near(fact, campaign.facts))
    named = series.select(PARTICIPANT).unique()
    strangers = named.join(bodies.select(ID), left_on=PARTICIPANT, right_on=ID, how="anti")
    ids = sorted(row[PARTICIPANT] for row in rows_of(strangers) if row[PARTICIPANT] is not None)
    if ids:
        yield Problem("E784", _strangers(ids), "ids of participants")


def known_to(archive: Archive, campaign: Campaign) -> Archive:
    """Give an archive of which the campaign knows all participants and facts; raise `Refused` (E784) for another."""
    problems = [
        Problem(
            "E784", f"unknown fact {fact!r} in {archive.folder}", "a fact of the campaign", near(fact, campaign.facts)
        )
        for fact in archive.facts
        if fact not in campaign.facts
    ]
    strangers = [id for id in archive.bodies if id not in campaign.participants]
    if strangers:
        problems.append(Problem("E784", _strangers(strangers), "ids of participants"))
    if problems:
        raise Refused(problems)
    return archive


def _strangers(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")  # noqa: PLR2004
    return f"{len(ids)} participants that the campaign does not know: {shown}"
