"""Reduction: from a long table of observations to one row a participant: what was read of each fact, as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import narwhals as nw
from attrs import frozen

from emulation.columnar.archive import Archive
from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.columnar.long import DAY_BITS, FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE, Facts
from emulation.columnar.measured import UNREPORTED
from emulation.columnar.quantities import over
from emulation.columnar.sheet import ID, Read, Reading
from emulation.columnar.terms import EXACT_INT, Cell, Range, Whole
from emulation.indicators import At, Over
from emulation.observations import STATES
from emulation.periods import Timetable

_NOT_APPLICABLE = STATES.index("not_applicable")


@frozen
class Scan:
    """What was read: a frame with a row for each participant, and of each reading the columns that hold it.

    ``ends`` says between what the numbers of a column lie, ``states`` which codes there are in a column of states.
    """

    frame: Frame
    names: Mapping[Reading, str]
    ends: Mapping[str, Range]
    states: Mapping[str, frozenset[int] | None]


def reduced(
    facts: Facts | Archive, readings: Sequence[Reading], timetable: Timetable, day: date, engine: Engine, bodies: Frame
) -> Scan:
    """Reduce a long table to what each reading is of each participant, and join it to the participants."""
    names = {reading: f"r{number}" for number, reading in enumerate(readings)}
    by_time: dict[Over | At, list[Reading]] = {}
    for reading in readings:
        by_time.setdefault(reading.time, []).append(reading)
    frame = bodies
    for time, asked in by_time.items():
        counting = facts.of([one.fact for one in asked])
        if isinstance(time, Over):
            long = _summed(counting, timetable, time, day, engine)
        else:
            until = day if time.day == "latest" or time.day > day else time.day
            long = counting.latest(until, engine)
        wide = long.group_by(PARTICIPANT).agg(*(one for reading in asked for one in _cells(reading, names[reading])))
        frame = frame.join(wide, left_on=ID, right_on=PARTICIPANT, how="left")
    filled = [
        nw.col(f"{name}:{part}").fill_null(default).cast(nw.Int64)
        for name in names.values()
        for part, default in (("value", 0), ("state", UNREPORTED.value), ("last", 0))
    ]
    return _scan(engine.keep(frame.with_columns(*filled) if filled else frame), names)


def _cells(reading: Reading, name: str) -> list[nw.Expr]:
    """Put what was read of one fact into columns of its own; there is one row of it at most."""
    here = nw.col(FACT) == reading.fact
    return [nw.when(here).then(nw.col(part)).max().alias(f"{name}:{part}") for part in (VALUE, STATE, LAST)]


def _summed(facts: Facts | Archive, timetable: Timetable, time: Over, day: date, engine: Engine) -> Frame:
    """Sum what lies inside a window, unless a fact that is not measured stands in the way: the first of them."""
    span = timetable.span(time.window)
    inside = facts.between(span.first, min(span.last, day)).settled(engine)
    measured, applies = nw.col(STATE) == 0, nw.col(STATE) != _NOT_APPLICABLE
    packed = (nw.col(LAST) * 2**DAY_BITS + nw.col(FIRST)) * len(STATES) + nw.col(STATE)
    prepared = inside.with_columns(
        nw.when(measured).then(nw.col(VALUE)).otherwise(nw.lit(0, dtype=nw.Int64)).alias(VALUE),
        nw.when(applies & ~measured).then(packed).alias("stop"),
        nw.when(applies).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64)).alias("applying"),
    )
    sums = prepared.group_by(PARTICIPANT, FACT).agg(
        nw.col(VALUE).sum(), nw.col("stop").min(), nw.col("applying").sum(), nw.col(LAST).max()
    )
    # The state rides in the lowest digits of the packed key: what is left when the rest is taken away.
    quotient = (nw.col("stop").cast(nw.Float64) / nw.lit(float(len(STATES)))).floor().cast(nw.Int64)
    stopped = (nw.col("stop") - quotient * len(STATES)).fill_null(0)
    state = nw.when(nw.col("applying") == 0).then(nw.lit(_NOT_APPLICABLE, dtype=nw.Int64)).otherwise(stopped)
    return sums.with_columns(state.alias(STATE)).select(PARTICIPANT, FACT, VALUE, STATE, LAST)


def _scan(frame: Frame, names: Mapping[Reading, str]) -> Scan:
    """Look between what the figures lie, and which states there are."""
    columns = [f"{name}:{part}" for name in names.values() for part in ("value", "state", "last")]
    states = [f"{name}:state" for name in names.values()]
    codes = range(UNREPORTED.value + 1)
    found = asked(frame, [*(one for name in columns for one in _ends(name)), *_states(states, codes)])
    ends = {name: Range(found[f"{name}:low"], found[f"{name}:high"]) for name in columns}
    met = {name: frozenset(code for code in codes if found[f"{name}:{code}"]) or None for name in states}
    return Scan(frame, names, ends, met)


def read_of(scan: Scan, grids: Mapping[str, int], rows: int, *, weighed: bool) -> dict[Reading, Read]:
    """Say of each reading what is known of its figures, so that what becomes of them can be bounded.

    ``weighed`` asks what they come to in all rows, which bounds their sums.
    """
    values = [f"{name}:value" for name in scan.names.values() if weighed]
    summable = [name for name in values if scan.ends[name].widest * rows < EXACT_INT]
    masses = asked(scan.frame, [nw.col(name).abs().sum().cast(nw.Int64).alias(name) for name in summable])
    cells = {name: Cell(name, ends, masses.get(name), scan.states.get(name)) for name, ends in scan.ends.items()}
    return {
        reading: Read(
            over(cells[f"{name}:value"], Whole(grids.get(reading.fact, 1))),
            cells[f"{name}:state"],
            cells[f"{name}:last"],
        )
        for reading, name in scan.names.items()
    }


def _states(names: Sequence[str], codes: Sequence[int]) -> list[nw.Expr]:
    """Ask of each column of states which of them there are."""
    return [(nw.col(name) == code).cast(nw.Int64).max().alias(f"{name}:{code}") for name in names for code in codes]


def _ends(name: str) -> list[nw.Expr]:
    return [nw.col(name).min().alias(f"{name}:low"), nw.col(name).max().alias(f"{name}:high")]


def asked(frame: Frame, questions: Sequence[nw.Expr]) -> dict[str, int]:
    """Ask for whole numbers of a whole frame; of no rows there are none, which is 0."""
    found = rows_of(frame.select(*questions))[0] if questions else {}
    return {name: int(value or 0) for name, value in found.items()}
