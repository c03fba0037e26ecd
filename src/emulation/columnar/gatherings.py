"""Gatherings: who takes part, and what was counted of each, in frames too large for records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw

from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.columnar.frames import grid_of
from emulation.columnar.measured import UNREPORTED
from emulation.columnar.plan import Field
from emulation.columnar.reduction import Scan, asked
from emulation.columnar.sheet import ALIVE, DEPTH, GROUP, ID, KIND, PARENT, Reading
from emulation.columnar.terms import Range
from emulation.names import Kind, near
from emulation.problems import Problem, Refused

DEEPEST = 8
"""So many levels of units there can be."""


def gathered(source: Any, kinds: Sequence[Kind], engine: Engine) -> tuple[Frame, Field]:
    """Take a frame of participants: ``id``, ``kind``, and if there, ``parent`` and a column ``group:NAME`` a grouping.

    Raise `Refused` for a column that is not there (E781), blanks (E783), an unknown kind (E784) and an id that is
    there twice (E785).
    """
    frame = nw.from_native(source).lazy()
    columns = frame.collect_schema().names()
    lacking = [
        Problem("E781", f"there is no column {name!r}", "id, kind") for name in (ID, KIND) if name not in columns
    ]
    if lacking:
        raise Refused(lacking)
    by_kind = rows_of(frame.group_by(KIND).agg(nw.len().alias("rows"), nw.col(ID).count().alias("filled")))
    rows, filled = (sum(row[one] for row in by_kind) for one in ("rows", "filled"))
    found = {row[KIND] or "" for row in by_kind}
    problems = list(_unusable(frame, rows, filled, engine))
    problems += [
        Problem("E784", f"unknown kind {name!r}", ", ".join(kinds), near(name, kinds))
        for name in sorted(found - set(kinds))
    ]
    if problems:
        raise Refused(problems)
    known = tuple(kind for kind in kinds if kind in found)
    if PARENT not in columns:
        frame = frame.with_columns(nw.lit(None, dtype=nw.String).alias(PARENT), nw.lit(0, dtype=nw.Int64).alias(DEPTH))
        depth = 0
    else:
        frame, depth = _with_depth(frame)
    return frame.with_columns(nw.lit(value=True, dtype=nw.Boolean).alias(ALIVE)), Field(
        rows, known, depth, all_live=True
    )


def _unusable(frame: Frame, rows: int, filled: int, engine: Engine) -> Iterator[Problem]:
    """Find ids that are not there, and those that are there twice: they are counted only where hashes are alike."""
    if filled < rows:
        yield Problem("E783", f"{rows - filled} blanks in the column 'id'", "an id in each row")
    ids = frame.filter(~nw.col(ID).is_null()) if filled < rows else frame
    if not engine.all_differ(ids.select(ID), ID, filled):
        twice = filled - rows_of(ids.select(nw.col(ID).n_unique().alias("ids")))[0]["ids"]
        if twice:
            yield Problem("E785", f"{twice} rows have an id that is there already", "one row for each participant")


def _with_depth(frame: Frame) -> tuple[Frame, int]:
    """Count for each body how many stand above it."""
    frame = frame.with_columns(nw.lit(0, dtype=nw.Int64).alias(DEPTH), nw.col(PARENT).alias("above"))
    parents = frame.select(nw.col(ID).alias("above"), nw.col(PARENT).alias("over"))
    for depth in range(DEEPEST):
        left = rows_of(frame.select((~nw.col("above").is_null()).cast(nw.Int64).sum().alias("left")))[0]["left"]
        if not left:
            return frame.drop("above"), depth
        deeper = nw.when(nw.col("above").is_null()).then(nw.col(DEPTH)).otherwise(nw.col(DEPTH) + 1)
        frame = frame.with_columns(deeper.alias(DEPTH)).join(parents, on="above", how="left")
        frame = frame.drop("above").rename({"over": "above"})
    raise Refused([Problem("E784", f"bodies are parts of one another, or more than {DEEPEST} levels deep", "a tree")])


def narrowed(source: Frame, facts: Collection[str]) -> Frame:
    """Leave of a wide frame what is looked at."""
    looked_at = {ID, KIND, PARENT, *facts}
    return source.select(
        *(name for name in source.collect_schema().names() if name in looked_at or name.startswith(GROUP))
    )


def counted(
    source: Frame, readings: Sequence[Reading], bodies: Frame, engine: Engine, *, itself: bool
) -> tuple[Scan, dict[str, int]]:
    """Take a wide frame, a row a participant and a column a fact; a blank is a fact that was not reported.

    Raise `Refused` for a column that is not there (E781) or not exact (E782), and a fact that two indicators look at
    over different times, which one column cannot hold (E781).
    """
    kinds = dict(source.collect_schema())
    facts = [reading.fact for reading in readings]
    problems = list(_ill_formed(kinds, facts))
    if problems:
        raise Refused(problems)
    wide = bodies if itself else engine.keep(bodies.join(source.select(ID, *facts), on=ID, how="left"))
    names = {reading: f"r{number}" for number, reading in enumerate(readings)}
    grids = {fact: grid_of(kinds[fact]) for fact in facts}
    ends, states = _looked_at(wide, names, grids)
    cells = [one for reading, name in names.items() for one in _cells(reading.fact, name, grids[reading.fact])]
    return Scan(wide.with_columns(*cells), names, ends, states), grids


def _looked_at(
    wide: Frame, names: Mapping[Reading, str], grids: Mapping[str, int]
) -> tuple[dict[str, Range], dict[str, frozenset[int] | None]]:
    """Look between what the figures lie, and whether any is blank, in one pass."""
    asking = [
        question.alias(f"{name}:{what}")
        for reading, name in names.items()
        for what, question in (
            ("low", _figure(reading.fact, grids[reading.fact]).min()),
            ("high", _figure(reading.fact, grids[reading.fact]).max()),
            ("filled", nw.col(reading.fact).count()),
        )
    ]
    found = asked(wide, [nw.len().alias("rows"), *asking])
    ends: dict[str, Range] = {}
    states: dict[str, frozenset[int] | None] = {}
    for name in names.values():
        low, high, filled = (found[f"{name}:{what}"] for what in ("low", "high", "filled"))
        blanks = filled < found["rows"]
        ends[f"{name}:value"] = Range(min(low, 0), max(high, 0)) if blanks else Range(low, high)
        states[f"{name}:state"] = frozenset((UNREPORTED.value,) * blanks + (0,) * bool(filled)) or None
        ends[f"{name}:state"] = Range(0 if filled else UNREPORTED.value, UNREPORTED.value if blanks else 0)
        ends[f"{name}:last"] = Range(0, 0)
    return ends, states


def _figure(fact: str, grid: int) -> nw.Expr:
    """Give a figure as a whole number on its grid."""
    return (nw.col(fact) if grid == 1 else nw.col(fact) * grid).cast(nw.Int64)


def _ill_formed(kinds: Mapping[str, Any], facts: Sequence[str]) -> Iterator[Problem]:
    for name in (ID, *dict.fromkeys(facts)):
        if name not in kinds:
            yield Problem("E781", f"there is no column {name!r}", "id, and a column for each fact", near(name, kinds))
    for fact in dict.fromkeys(facts):
        if facts.count(fact) > 1:
            what = f"{fact} is looked at over several times, and a wide frame holds one figure of it"
            yield Problem("E781", what, "a long frame: participant, fact, from, to, value")
        kind = kinds.get(fact)
        if kind is not None and not (kind.is_integer() or isinstance(kind, nw.Decimal)):
            what = f"the column {fact!r} is of the kind {kind}"
            yield Problem("E782", what, "whole numbers, or decimals of a declared scale")


def _cells(fact: str, name: str, grid: int) -> list[nw.Expr]:
    reported = nw.when(nw.col(fact).is_null()).then(nw.lit(UNREPORTED.value, dtype=nw.Int64))
    return [
        _figure(fact, grid).fill_null(0).alias(f"{name}:value"),
        reported.otherwise(nw.lit(0, dtype=nw.Int64)).alias(f"{name}:state"),
        nw.lit(0, dtype=nw.Int64).alias(f"{name}:last"),
    ]
