"""Gatherings: who takes part, and what was counted of each, in frames too large for records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw

from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.columnar.frames import grid_of
from emulation.columnar.measured import UNREPORTED
from emulation.columnar.plan import Field
from emulation.columnar.reduction import Scan
from emulation.columnar.sheet import ALIVE, DEPTH, ID, KIND, PARENT, Reading
from emulation.names import Kind, near
from emulation.problems import Problem, Refused

DEEPEST = 8
"""So many levels of units there can be."""


def gathered(source: Any, kinds: Sequence[Kind]) -> tuple[Frame, Field]:
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
    counted = rows_of(
        frame.select(
            nw.len().alias("rows"),
            nw.col(ID).is_null().cast(nw.Int64).sum().alias("blank"),
            nw.col(ID).n_unique().alias("ids"),
        )
    )[0]
    found = [row[KIND] for row in rows_of(frame.select(KIND).unique())]
    problems = list(_unusable(counted, found, kinds))
    if problems:
        raise Refused(problems)
    known = tuple(kind for kind in kinds if kind in found)
    if PARENT not in columns:
        frame = frame.with_columns(nw.lit(None, dtype=nw.String).alias(PARENT), nw.lit(0, dtype=nw.Int64).alias(DEPTH))
        depth = 0
    else:
        frame, depth = _with_depth(frame)
    return frame.with_columns(nw.lit(value=True, dtype=nw.Boolean).alias(ALIVE)), Field(
        counted["rows"], known, depth, all_live=True
    )


def _unusable(counted: Mapping[str, Any], found: Sequence[str | None], kinds: Sequence[Kind]) -> Iterator[Problem]:
    blank = counted["blank"] or 0
    if blank:
        yield Problem("E783", f"{blank} blanks in the column 'id'", "an id in each row")
    twice = counted["rows"] - blank - (counted["ids"] - (1 if blank else 0))
    if twice:
        yield Problem("E785", f"{twice} rows have an id that is there already", "one row for each participant")
    for kind in sorted({one or "" for one in found} - set(kinds)):
        yield Problem("E784", f"unknown kind {kind!r}", ", ".join(kinds), near(kind, kinds))


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
    names = {reading: f"r{number}" for number, reading in enumerate(readings)}
    grids = {fact: grid_of(kinds[fact]) for fact in facts}
    cells = [one for reading, name in names.items() for one in _cells(reading.fact, name, grids[reading.fact])]
    if itself:
        wide = bodies.with_columns(*cells).drop(*{*facts} - {ID})
    else:
        wide = bodies.join(source.select(ID, *cells), on=ID, how="left")
    filled = [
        nw.col(f"{name}:{part}").fill_null(default)
        for name in names.values()
        for part, default in (("value", 0), ("state", UNREPORTED.value), ("last", 0))
    ]
    return Scan(engine.keep(wide.with_columns(*filled)), names, (0, UNREPORTED.value)), grids


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
    value = nw.col(fact) if grid == 1 else nw.col(fact) * grid
    silent = nw.col(fact).is_null()
    return [
        value.cast(nw.Int64).alias(f"{name}:value"),
        nw.when(silent)
        .then(nw.lit(UNREPORTED.value, dtype=nw.Int64))
        .otherwise(nw.lit(0, dtype=nw.Int64))
        .alias(f"{name}:state"),
        nw.lit(0, dtype=nw.Int64).alias(f"{name}:last"),
    ]
