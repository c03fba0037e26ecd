"""Following: what stands of each fact of each participant on a day, carried on from the days before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
from attrs import field, frozen

from emulation.columnar.arrays import Array
from emulation.columnar.figures import Coming, Figures
from emulation.columnar.long import DAY_BITS
from emulation.columnar.measured import CODES, UNREPORTED
from emulation.columnar.quantities import over
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import Read
from emulation.columnar.terms import EXACT_INT, Cell, Range, Whole
from emulation.indicators import At, Over
from emulation.periods import Span

When: TypeAlias = tuple[Over | At, Span | None]
"""The time that is looked at, and the days it spans if it is a window."""

_NEVER = 2**62
_STATES = 3
_NOT_APPLICABLE = CODES["not_applicable"]


@frozen(eq=False)
class _Expected:
    """Figures that count from days to come: where each stands, its days as one number, its value and state.

    ``daily`` ones are each about the day from which they count, so that of one cell the next is always later.
    """

    counts: Array
    cell: Array
    days: Array
    value: Array
    state: Array
    daily: bool

    def parted(self, day: date) -> tuple[_Expected | None, _Expected | None]:
        """Part those that count by a day from those still to come."""
        count = int(np.searchsorted(self.counts, self.counts.dtype.type(day.toordinal()), side="right"))
        return self._only(slice(count)), self._only(slice(count, None))

    def _only(self, which: slice) -> _Expected | None:
        counts = self.counts[which]
        if not len(counts):
            return None
        return _Expected(counts, self.cell[which], self.days[which], self.value[which], self.state[which], self.daily)


@frozen(eq=False)
class Following:
    """Follows some facts over one time: the latest of each, or the sums inside a window.

    The cells of the first fact come first, one a participant. What may come is bounded by all that was expected so far.
    """

    when: When
    facts: tuple[str, ...]
    grids: Mapping[str, int]
    rows: int
    slots: Array
    value: Array
    state: Array
    last: Array
    stop: Array
    applying: Array
    least: Array
    most: Array
    weight: list[int]
    codes: list[set[int]]
    ends: list[Range]
    aging: bool
    reads: dict[tuple[str, str], Read] = field(factory=dict)
    expected: list[_Expected] = field(factory=list)

    @classmethod
    def of(cls, when: When, facts: Sequence[str], coming: Coming, rows: int, *, aging: bool) -> Following:
        """Begin before anything is reported; ``aging`` says that figures can be too old to stand."""
        slots = np.array([facts.index(fact) if fact in facts else -1 for fact in coming.facts], dtype=np.int64)
        cells = len(facts) * rows
        bounded = cells if isinstance(when[0], Over) else len(facts)
        nothing = [np.zeros(size, dtype=np.int64) for size in (cells, cells, cells, bounded, bounded)]
        return cls(
            when,
            tuple(facts),
            coming.grids,
            rows,
            slots,
            nothing[0],
            np.full(cells, UNREPORTED.value, dtype=np.int64),
            nothing[1],
            np.full(cells, _NEVER, dtype=np.int64),
            nothing[2],
            nothing[3],
            nothing[4],
            [0] * len(facts),
            [{UNREPORTED.value, 0} for _ in facts],
            [Range(0, 0) for _ in facts],
            aging,
        )

    def expect(self, figures: Figures) -> None:
        """Take in what is to count from days not yet gone on to; what was expected before has been gone through."""
        meant = self._meant(figures)
        if meant is not None and not meant.all():
            figures = figures.only(np.flatnonzero(meant))
        slot = self.slots[figures.what]
        cell = slot * self.rows + figures.row
        self._bound(slot, cell, figures)
        self.expected[:] = [_Expected(figures.counts, cell, figures.days, figures.value, figures.state, figures.daily)]

    def _meant(self, figures: Figures) -> Array | None:
        """Say which figures are looked at; None for all."""
        of_facts = None if self.slots.min(initial=0) >= 0 else self.slots[figures.what] >= 0
        match self.when:
            case At(day=date() as day), _:
                in_time = figures.days >> DAY_BITS <= day.toordinal()
            case Over(), Span() as span:
                first, last = figures.days & (2**DAY_BITS - 1), figures.days >> DAY_BITS
                in_time = (first >= span.first.toordinal()) & (last <= span.last.toordinal())
            case _:
                return of_facts
        return in_time if of_facts is None else of_facts & in_time

    def _bound(self, slot: Array, cell: Array, figures: Figures) -> None:
        """Widen the bounds by what is to come."""
        gaps = figures.state > 0
        for one, code in {*zip(slot[gaps].tolist(), figures.state[gaps].tolist(), strict=True)}:
            self.codes[one].add(code)
        if self._sums:
            self._weigh(slot, figures)
            np.add.at(self.most, cell, np.maximum(figures.value, 0))
            np.add.at(self.least, cell, np.minimum(figures.value, 0))
        else:
            np.maximum.at(self.most, slot, figures.value)
            np.minimum.at(self.least, slot, figures.value)
        shape = (len(self.facts), -1)
        lows = self.least.reshape(shape).min(axis=1, initial=0).tolist()
        highs = self.most.reshape(shape).max(axis=1, initial=0).tolist()
        self.ends[:] = [Range(-_whole_bits(-low), _whole_bits(high)) for low, high in zip(lows, highs, strict=True)]
        self.reads.clear()

    def _weigh(self, slot: Array, figures: Figures) -> None:
        """Add up what all magnitudes come to, in two halves of 32 bits: no sum of them may outgrow 63."""
        size = np.abs(figures.value)
        halves = [np.zeros(len(self.facts), dtype=np.int64) for _ in range(2)]
        for half, part in zip(halves, (size >> 32, size & (2**32 - 1)), strict=True):
            np.add.at(half, slot, part)
        for place, (high, low) in enumerate(zip(*(half.tolist() for half in halves), strict=True)):
            self.weight[place] += (high << 32) + low
            if self.weight[place] >= EXACT_INT:
                raise ExactOnly(("observations", self.facts[place]), "sums of more than 63 bits")

    @property
    def _sums(self) -> bool:
        return isinstance(self.when[0], Over)

    def go_on(self, day: date) -> None:
        """Take in what counts from days up to this one on."""
        parted = [one.parted(day) for one in self.expected]
        self.expected[:] = [later for _, later in parted if later is not None]
        for now, _ in parted:
            if now is not None:
                (self._add if self._sums else self._replace)(now)

    def _replace(self, now: _Expected) -> None:
        """Let the latest figure of each stand, in whatever order they come: no two have the same days."""
        stands = slice(None)
        if now.daily:
            self.last[now.cell] = now.days
        else:
            np.maximum.at(self.last, now.cell, now.days)
            stands = now.days == self.last[now.cell]
        self.value[now.cell[stands]] = now.value[stands]
        self.state[now.cell[stands]] = now.state[stands]

    def _add(self, now: _Expected) -> None:
        """Add figures up, unless one that is not measured stands in the way: the first of them."""
        cell, state = now.cell, now.state.astype(np.int64)
        np.add.at(self.value, cell, now.value)
        np.add.at(self.applying, cell, (state != _NOT_APPLICABLE).astype(np.int64))
        stops = (state != 0) & (state != _NOT_APPLICABLE)
        np.minimum.at(self.stop, cell[stops], (now.days[stops] << _STATES) + state[stops])
        stop = self.stop[cell]
        stopped = np.where(stop == _NEVER, 0, stop & (2**_STATES - 1))
        self.state[cell] = np.where(self.applying[cell] > 0, stopped, _NOT_APPLICABLE)

    # --- what is read of a fact

    def read(self, fact: str, name: str, columns: dict[str, Array]) -> Read:
        """Show what stands of a fact in columns, and say between what its figures lie until more is expected."""
        if (fact, name) not in self.reads:
            self.reads[fact, name] = self._read(fact, name)
        if fact not in self.facts:
            nothing = np.zeros(self.rows, dtype=np.int64)
            columns |= {f"{name}:value": nothing, f"{name}:state": nothing + UNREPORTED.value, f"{name}:last": nothing}
            return self.reads[fact, name]
        first = self.facts.index(fact) * self.rows
        cells = slice(first, first + self.rows)
        columns[f"{name}:value"], columns[f"{name}:state"] = self.value[cells], self.state[cells]
        if self.aging:
            columns[f"{name}:last"] = self.last[cells] >> DAY_BITS
        return self.reads[fact, name]

    def _read(self, fact: str, name: str) -> Read:
        if fact not in self.facts:
            return _bounded(name, Range(0, 0), 0, frozenset((UNREPORTED.value,)), 1)
        slot = self.facts.index(fact)
        weight = _whole_bits(self.weight[slot]) if self._sums else None
        return _bounded(name, self.ends[slot], weight, frozenset(self.codes[slot]), self.grids[fact])


def _bounded(name: str, ends: Range, weight: int | None, codes: frozenset[int], grid: int) -> Read:
    return Read(
        over(Cell(f"{name}:value", ends, weight), Whole(grid)),
        Cell(f"{name}:state", Range(0, UNREPORTED.value), among=codes),
        Cell(f"{name}:last", Range(0, date.max.toordinal())),
    )


def _whole_bits(bound: int) -> int:
    """Widen a bound to all the bits it takes, so that the same plan serves until a figure outgrows them."""
    return (1 << bound.bit_length()) - 1
