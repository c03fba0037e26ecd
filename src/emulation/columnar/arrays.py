"""Arrays: a plan's steps carried out in numpy's whole numbers, for boards that fit into memory many times over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

from emulation.columnar.plan import Plan
from emulation.columnar.quantities import Quantity
from emulation.columnar.sheet import KIND, Below, Let, Place, Say, Step, Within
from emulation.columnar.terms import (
    Always,
    Both,
    Cell,
    Choice,
    Compared,
    Either,
    Floor,
    Not,
    OneOf,
    Plus,
    Size,
    Term,
    Test,
    Times,
    Truth,
    Whole,
)

Array: TypeAlias = np.ndarray[Any, Any]
Columns: TypeAlias = dict[str, Array]


@frozen
class Table:
    """Who takes part, as arrays: texts, and for each the number of the body it is a part of, or -1."""

    texts: Mapping[str, Sequence[str | None]]
    parents: Array
    codes: dict[str, Array] = field(factory=dict)
    masks: dict[OneOf, Array] = field(factory=dict)

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.parents)

    def code(self, name: str) -> Array:
        """Give each text of a column a number."""
        if name not in self.codes:
            _, self.codes[name] = np.unique([text or "" for text in self.texts[name]], return_inverse=True)
        return self.codes[name]

    def among(self, test: OneOf) -> Array:
        """Say whose text is one of those."""
        if test not in self.masks:
            wanted = frozenset(test.texts)
            self.masks[test] = np.array([text in wanted for text in self.texts[test.name]], dtype=bool)
        return self.masks[test]


def carried_out(plan: Plan, table: Table, columns: Columns) -> Columns:
    """Carry out a plan on what was read: arrays of whole numbers by the names of their columns."""
    sheet = _Arrays(table, dict(columns))
    for step in plan.steps:
        sheet.take(step)
    return sheet.columns


@frozen
class _Arrays:
    table: Table
    columns: Columns

    def take(self, step: Step) -> None:
        """Carry out one step."""
        match step:
            case Let(name, term):
                self.columns[name] = self._full(self.number(term))
            case Say(name, test):
                self.columns[name] = self._full(self.truth(test))
            case Within(name, term, groups):
                codes = self._groups(groups)
                self.columns[name] = _sums(self._full(self.number(term)), codes)[codes]
            case Place(who, key, groups):
                self._rank(step, self._full(self.truth(who)), self._key(key), self._groups(groups))
            case Below(kind, sums):
                below = self.table.among(OneOf(KIND, (kind,))) & (self.table.parents >= 0)
                parents = self.table.parents[below]
                for name, term in sums:
                    found = np.zeros(self.table.rows, dtype=np.int64)
                    np.add.at(found, parents, self._full(self.number(term))[below])
                    self.columns[name] = found

    def number(self, term: Term) -> Any:
        """Reckon a term."""
        match term:
            case Cell(name):
                return self.columns[name]
            case Whole(value):
                return np.int64(value)
            case Plus(left, right):
                return self.number(left) + self.number(right)
            case Times(left, right):
                return self.number(left) * self.number(right)
            case Size(inner):
                return np.abs(self.number(inner))
            case Floor(top, bottom):
                return self.number(top) // self.number(bottom)
            case Choice(Compared(left, ">=" | ">", Whole() as cap), Whole() as then, other) if (
                cap == then and left == other
            ):
                return np.minimum(self.number(left), np.int64(cap.value))
            case Choice(test, then, other):
                return np.where(self.truth(test), self.number(then), self.number(other))

    def truth(self, test: Test) -> Any:
        """Reckon a test."""
        match test:
            case Truth(name):
                return self.columns[name]
            case Always(holds):
                return np.bool_(holds)
            case Compared(left, how, right):
                one, other = self.number(left), self.number(right)
                return one >= other if how == ">=" else one > other if how == ">" else one == other
            case OneOf():
                return self.table.among(test)
            case Both(left, right):
                return self.truth(left) & self.truth(right)
            case Either(left, right):
                return self.truth(left) | self.truth(right)
            case Not(inner):
                return ~self.truth(inner)

    def _full(self, found: Any) -> Array:
        return found if np.ndim(found) else np.broadcast_to(found, (self.table.rows,))

    def _key(self, key: Term | Quantity) -> Array:
        """Give what is ranked; of quotients the nearest doubles, which a plan allows only where none two share one."""
        if isinstance(key, Quantity):
            return self._full(self.number(key.top) / self.number(key.bottom))
        return self._full(self.number(key))

    def _groups(self, names: Sequence[str]) -> Array:
        codes = np.zeros(self.table.rows, dtype=np.int64)
        for name in names:
            found = self.columns[name] if name in self.columns else self.table.code(name)
            _, inner = np.unique(found, return_inverse=True)
            _, codes = np.unique(codes * (inner.max(initial=0) + 1) + inner, return_inverse=True)
        return codes

    def _rank(self, step: Place, who: Array, key: Array, groups: Array) -> None:
        """Rank those who are meant group by group, the greatest key first."""
        meant = np.flatnonzero(who)
        by_key = -key[meant]
        order = meant[np.lexsort((by_key, groups[meant])) if step.groups else np.argsort(by_key, kind="stable")]
        ordered, grouped = key[order], groups[order]
        begins, differs = _changes(grouped), _changes(grouped) | _changes(ordered)
        level = np.cumsum(differs) - 1
        head = np.flatnonzero(differs)
        group = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
        found = (
            (step.first, lambda: head[level] - group + 1),
            (step.dense, lambda: level - level[group] + 1),
            (step.equal, lambda: np.bincount(level)[level]),
        )
        for name, made in found:
            if name is not None:
                self.columns[name] = np.zeros(self.table.rows, dtype=np.int64)
                self.columns[name][order] = made()


def _changes(ordered: Array) -> Array:
    """Say where something else begins."""
    return np.concatenate((np.ones(min(1, len(ordered)), dtype=bool), ordered[1:] != ordered[:-1]))


def _sums(values: Array, codes: Array) -> Array:
    found = np.zeros(codes.max(initial=0) + 1, dtype=np.int64)
    np.add.at(found, codes, values)
    return found
