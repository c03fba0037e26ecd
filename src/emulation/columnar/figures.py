"""Figures: facts as arrays, in stretches of days one after the other, for boards that go from day to day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from attrs import frozen
from pyarrow import compute, parquet

from emulation.columnar.archive import BODY, WHAT, Archive, months_of
from emulation.columnar.arrays import Array
from emulation.columnar.engines import Engine, table_of
from emulation.columnar.handed_in import grids_of, on_grid
from emulation.columnar.long import DAY_BITS, FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE, Facts
from emulation.columnar.measured import CODES
from emulation.course import counts_from
from emulation.observations import Observations


@frozen(eq=False)
class Figures:
    """Facts in the order of the days from which they ``count``, column by column; days are numbers of days.

    ``what`` are places among the facts there are, ``row`` among the participants; ``days`` is the last day of each and
    its first in one number, so that later ones are greater; ``value`` is a whole number on the grid of the fact, and 0
    where ``state`` is not that of a measured one. ``daily`` ones are each about the day from which they count.
    """

    counts: Array
    what: Array
    row: Array
    days: Array
    value: Array
    state: Array
    daily: bool

    @classmethod
    def of(
        cls, counts: Array, what: Array, row: Array, first: Array, last: Array, value: Array, state: Array
    ) -> Figures:
        """Put facts, each of a first and a last day, into the order of the days from which they count."""
        days = (last.astype(np.int64) << DAY_BITS) + first
        found = cls(counts, what, row, days, value, state, bool((first == counts).all()))
        return found if (counts[:-1] <= counts[1:]).all() else found.only(np.argsort(counts, kind="stable"))

    def only(self, which: Array) -> Figures:
        """Keep some."""
        return Figures(
            self.counts[which],
            self.what[which],
            self.row[which],
            self.days[which],
            self.value[which],
            self.state[which],
            self.daily,
        )


@frozen(eq=False)
class Coming:
    """What is to come: the facts there are, on which grids, from the ``first`` day to the ``last`` on which any counts.

    Where nothing is to come, the days are None. ``stretches`` can be gone through again; each is of later days.
    """

    facts: tuple[str, ...]
    grids: Mapping[str, int]
    first: date | None
    last: date | None
    stretches: Callable[[], Iterator[Figures]]


def reported(observations: Observations, rows: Mapping[str, int], *, as_known: bool) -> Coming:
    """Take records, in one stretch; with ``as_known`` a fact counts from the day on which it was handed in."""
    found = list(observations)
    measured = grids_of(observations.reported)
    grids = {one.fact: measured.get(one.fact, 1) for one in found}
    codes = {fact: code for code, fact in enumerate(grids)}
    days = [counts_from(one, as_known=as_known).toordinal() for one in found]
    columns = (
        days,
        [codes[one.fact] for one in found],
        [rows[one.participant] for one in found],
        [one.span.first.toordinal() for one in found],
        [one.span.last.toordinal() for one in found],
        [on_grid(one, grids) for one in found],
        [CODES[one.state] for one in found],
    )
    figures = Figures.of(*(np.array(column, dtype=np.int64) for column in columns))
    first, last = (date.fromordinal(find(days)) if days else None for find in (min, max))
    return Coming(tuple(grids), grids, first, last, lambda: iter((figures,)))


def archived(archive: Archive, rows: Mapping[str, int]) -> Coming:
    """Take an archive, a month at a time."""
    of = np.array([rows[id] for id in archive.bodies], dtype=np.int64)

    def stretches() -> Iterator[Figures]:
        for month in archive.months:
            table = parquet.read_table(archive.month_file(month))
            yield _figures(table, _array(table[WHAT]), of[_array(table[BODY])])

    first, last = None, None
    if archive.months:
        first = _end(archive.month_file(archive.months[0]), compute.min)
        last = _end(archive.month_file(archive.months[-1]), compute.max)
    return Coming(archive.facts, archive.grids, first, last, lambda: _read_ahead(stretches()))


def _end(file: Path, which: Callable[[Any], Any]) -> date:
    """Give the first or the last day of a month that is kept."""
    return date.fromordinal(which(parquet.read_table(file, columns=[LAST])[LAST]).as_py())


def long(facts: Facts, rows: Mapping[str, int], engine: Engine) -> Coming:
    """Take a long table, a month at a time; it is looked for by its engine."""
    first, last = facts.ends()
    names = facts.names(FACT)
    codes, ids = pa.array(names, pa.string()), pa.array(list(rows), pa.string())

    def stretches() -> Iterator[Figures]:
        for begun, ended in months_of(first, last):
            table = table_of(facts.ending(begun, ended).settled(engine))
            what = compute.index_in(table[FACT].cast(pa.string()), codes)
            row = compute.index_in(table[PARTICIPANT].cast(pa.string()), ids)
            yield _figures(table, _array(what), _array(row))

    grids = {name: facts.grids.get(name, 1) for name in names}
    ends = (first, last) if names else (None, None)
    return Coming(tuple(names), grids, ends[0], ends[1], lambda: _read_ahead(stretches()))


def _read_ahead(stretches: Iterator[Figures]) -> Iterator[Figures]:
    """Give stretches, each read while the one before is gone through."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, stretches, None)
        while (figures := coming.result()) is not None:
            coming = reader.submit(next, stretches, None)
            yield figures


def _figures(table: pa.Table, what: Array, row: Array) -> Figures:
    first, last, value, state = (_array(table[name]) for name in (FIRST, LAST, VALUE, STATE))
    return Figures.of(last, what, row, first, last, value, state)


def _array(column: Any) -> Array:
    found: Array = column.to_numpy()
    return found
