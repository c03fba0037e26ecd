"""Sheet: the columns a campaign comes to, step by step, in the order in which they can be reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import field, frozen

from emulation.columnar.quantities import Quantity
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.terms import (
    EXACT_INT,
    NO,
    Always,
    Cell,
    OneOf,
    Range,
    Term,
    Test,
    Truth,
    Whole,
    as_number,
    both,
    every,
    mass_of,
    values_of,
    widest,
)
from emulation.indicators import At, Over
from emulation.names import GroupName, Kind
from emulation.participants import EVERYBODY, Selector
from emulation.problems import Path

ID, KIND, PARENT, NAME, ALIVE, DEPTH = "id", "kind", "parent", "name", "alive", "depth"


GROUP = "group:"
"""How the name of a column of groups begins."""


def group_column(name: GroupName) -> str:
    """Name the column in which participants' groups of a name stand."""
    return f"{GROUP}{name}"


@frozen
class Reading:
    """What is read of the observations: a fact, over a window or at a day."""

    fact: str
    time: Over | At


@frozen
class Read:
    """What was read: a value where the state is 0, else the code of a state; ``last`` is the day a stock is about."""

    value: Quantity
    state: Term
    last: Term | None = None


# --- steps


@frozen
class Let:
    """A column of whole numbers."""

    name: str
    term: Term


@frozen
class Say:
    """A column of yes and no."""

    name: str
    test: Test


@frozen
class Below:
    """Columns of sums over the parts of each body that are of a kind; 0 for a body without such parts."""

    kind: Kind
    sums: tuple[tuple[str, Term], ...]


@frozen
class Within:
    """A column with the sum of a term over all in the same group."""

    name: str
    term: Term
    groups: tuple[str, ...]


@frozen
class Place:
    """Columns that rank those who are meant among those of their group, the greatest key first; 0 for others.

    ``first`` is 1 and how many stand before, ``dense`` leaves no place out, ``equal`` is how many share it; what nobody
    asks for has no name. A key is a whole number, or a quotient whose order is that of its nearest doubles.
    """

    who: Test
    key: Term | Quantity
    groups: tuple[str, ...]
    first: str | None
    dense: str | None
    equal: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns there are to be."""
        return tuple(name for name in (self.first, self.dense, self.equal) if name is not None)


@frozen
class Ranks:
    """What a ranking comes to: the place with those skipped who are equal, the one without, and how many share it."""

    first: Term
    dense: Term
    equal: Term


Step: TypeAlias = Let | Say | Below | Within | Place


@frozen
class Sheet:
    """Gathers the steps; what is known of a column without reckoning it is never made a column."""

    rows: int
    kinds: tuple[Kind, ...]
    alive: Test = Truth(ALIVE)
    steps: list[Step] = field(factory=list)
    named: dict[str, int] = field(factory=dict)

    def let(self, name: str, term: Term) -> Term:
        """Make a term a column, and give the column."""
        if isinstance(term, Cell | Whole):
            return term
        if widest(term) >= EXACT_INT:
            raise too_wide(name, widest(term))
        name = self._free(name)
        self.steps.append(Let(name, term))
        return Cell(name, term.range, mass_of(term, self.rows), values_of(term))

    def truth(self, name: str, test: Test) -> Test:
        """Make a test a column, and give the column."""
        if isinstance(test, Truth | Always):
            return test
        if widest(test) >= EXACT_INT:
            raise too_wide(name, widest(test))
        name = self._free(name)
        self.steps.append(Say(name, test))
        return Truth(name)

    def quantity(self, name: str, one: Quantity) -> Quantity:
        """Make the two sides of a quantity columns."""
        return Quantity(self.let(name, one.top), self.let(f"{name}:per", one.bottom))

    def below(
        self, name: str, kind: Kind, counted: Sequence[Test], summed: Sequence[Quantity] = ()
    ) -> tuple[tuple[Term, ...], tuple[Quantity, ...]]:
        """Count the parts of a kind, those of them for whom each test holds, and sum up quantities of one grid."""
        if kind not in self.kinds:
            return (Whole(0),) * (len(counted) + 1), tuple(Quantity(Whole(0), one.bottom) for one in summed)
        terms: list[Term] = [Whole(1), *map(as_number, counted), *(one.top for one in summed)]
        if any(one.grid is None for one in summed):
            raise ExactOnly(("indicators", name), "a sum of quotients")
        names = [self._free(f"{name}:{number}") for number in range(len(terms))]
        self.steps.append(Below(kind, tuple(zip(names, terms, strict=True))))
        cells = [self._summed(name, term) for name, term in zip(names, terms, strict=True)]
        counts = tuple(cells[: len(counted) + 1])
        return counts, tuple(Quantity(cell, one.bottom) for cell, one in zip(cells[len(counts) :], summed, strict=True))

    def within(self, name: str, term: Term, groups: Sequence[str]) -> Term:
        """Sum a term over all in the same group."""
        name = self._free(name)
        self.steps.append(Within(name, term, tuple(groups)))
        return self._summed(name, term)

    def ranks(self, name: str, who: Test, key: Term | Quantity, groups: Sequence[str]) -> Ranks:
        """Rank those who are meant, group by group."""
        names = [self._free(one) for one in (name, f"{name}:dense", f"{name}:equal")]
        self.steps.append(Place(who, key, tuple(groups), *names))
        return Ranks(*(Cell(one, Range(0, self.rows)) for one in names))

    def _summed(self, name: str, term: Term) -> Cell:
        most = mass_of(term, self.rows)
        if most >= EXACT_INT:
            raise too_wide(name, most)
        return Cell(name, Range(0 if term.range.low >= 0 else -most, most), most)

    def _free(self, name: str) -> str:
        """Give a name that no column has yet."""
        number = self.named[name] = self.named.get(name, 0) + 1
        return name if number == 1 else f"{name}'{number}"

    # --- whom a rule is for

    def kind(self, kind: Kind) -> Test:
        """Say who is of a kind."""
        return self.selected(Selector(kind=(kind,)))

    def selected(self, selector: Selector) -> Test:
        """Say whom a rule is for."""
        if selector == EVERYBODY:
            return Always(holds=True)
        tests: list[Test] = []
        if selector.kind:
            meant = tuple(kind for kind in self.kinds if kind in selector.kind)
            tests.append(Always(holds=True) if meant == self.kinds else OneOf(KIND, meant) if meant else NO)
        if selector.id:
            tests.append(OneOf(ID, selector.id))
        tests += [OneOf(group_column(name), among) for name, among in selector.group]
        return every(tests)


def too_wide(name: str, most: int) -> ExactOnly:
    """Say that a machine's whole numbers do not hold what is met on the way."""
    path: Path = (name,)
    what = f"a whole number of up to {most.bit_length()} bits"
    return ExactOnly(path, what, "declare coarser rounding, or score it with --engine exact")


Readings: TypeAlias = Mapping[Reading, Read]

__all__ = [
    "ALIVE",
    "DEPTH",
    "GROUP",
    "ID",
    "KIND",
    "NAME",
    "PARENT",
    "Below",
    "Let",
    "Place",
    "Ranks",
    "Read",
    "Reading",
    "Readings",
    "Say",
    "Sheet",
    "Step",
    "Within",
    "both",
    "group_column",
    "too_wide",
]
