"""Changes: what a scenario would have otherwise, each at a path; from a file or from Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import evolve, frozen

from emulation.exact import NotExact, Rational, read_number, write_number
from emulation.names import Label
from emulation.problems import Place, Problem, Refused
from emulation.reading.document import Listing, Node, Text, read_document
from emulation.reading.document import Mapping as Map

FACTS = "observations."
"""What the paths of facts begin with: ``observations.05443.online_files``."""


@frozen
class Set:
    """Something else in the place of what stands at a path."""

    path: str
    to: Node
    place: Place


@frozen
class More:
    """So much more of a number that stands at a path; less, where it is below zero."""

    path: str
    by: Rational
    place: Place


@frozen
class Drop:
    """What stands at a path is left out."""

    path: str
    place: Place


@frozen
class New:
    """Something that was not there, under an id of its own."""

    path: str
    what: Node
    place: Place


Change: TypeAlias = Set | More | Drop | New


@frozen
class Scenario:
    """Named changes to a campaign or its facts.

    Keys:
        title: what it is called, by language.
        because: why it is looked at.
        after: the scenarios it goes on from, in this order.
        set: for paths, what stands there instead.
        more: for paths to numbers, by how much they grow.
        drop: the paths of what is left out.
        new: for paths that are not there, what is to stand there.

    >>> half = scenario("half", set={"criteria.online.max": 30})
    >>> [change.path for change in half.changes]
    ['criteria.online.max']
    """

    id: str
    title: Label | None = None
    because: str | None = None
    after: tuple[str, ...] = ()
    set: tuple[Set, ...] = ()
    more: tuple[More, ...] = ()
    drop: tuple[Drop, ...] = ()
    new: tuple[New, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, in the order in which they are made."""
        return (*self.new, *self.set, *self.more, *self.drop)


def scenario(
    id: str = "scenario",
    *,
    set: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
    drop: Sequence[str] = (),
    new: Mapping[str, Any] | None = None,
) -> Scenario:
    """Make a scenario from Python; numbers are whole, exact or written as text, and never floats (E705).

    >>> [change.path for change in scenario("less", set={"criteria.online.max": 50}, drop=["awards.flag"]).changes]
    ['criteria.online.max', 'awards.flag']
    """
    here = Place(f"scenario {id}", 1)

    def each(paths: Mapping[str, Any] | None) -> Iterator[tuple[str, Any, Place]]:
        return ((path, value, evolve(here, line=line)) for line, (path, value) in enumerate((paths or {}).items(), 1))

    return Scenario(
        id,
        set=tuple(Set(path, _node(value, place), place) for path, value, place in each(set)),
        more=tuple(More(path, _number(value, place), place) for path, value, place in each(more)),
        drop=tuple(Drop(path, evolve(here, line=line)) for line, path in enumerate(drop, 1)),
        new=tuple(New(path, _node(value, place), place) for path, value, place in each(new)),
    )


TYPED = "typed"
"""The id of the scenario that is typed and has no name of its own."""


def typed(sets: Sequence[str] = (), mores: Sequence[str] = (), drops: Sequence[str] = ()) -> Scenario:
    """Read changes as they are typed, each path with its value behind a sign of equality: ``criteria.online.max=50``.

    Raise `Refused` (E711) for one that has none.
    """
    return Scenario(
        TYPED,
        set=tuple(Set(path, _typed_node(path, value, place), place) for path, value, place in _pairs("--set", sets)),
        more=tuple(More(path, _number(value, place), place) for path, value, place in _pairs("--more", mores)),
        drop=tuple(Drop(path, Place("--drop", number)) for number, path in enumerate(drops, 1)),
    )


def _pairs(option: str, given: Sequence[str]) -> Iterator[tuple[str, str, Place]]:
    for number, one in enumerate(given, 1):
        path, equals, value = one.partition("=")
        place = Place(option, number)
        if not equals:
            raise Refused([Problem("E711", f"{one!r} has no value", f"{option} PATH=VALUE", place=place)])
        yield path.strip(), value.strip(), place


def _typed_node(path: str, value: str, place: Place) -> Node:
    """Read a value as it would stand in a file behind its key; a fact's as in a table, where [missing] is a state."""
    if path.startswith(FACTS):
        return Text(value, place, quoted=False)
    node = read_document(f"to: {value}".encode(), place.file).get("to")
    return Text(value, place, quoted=False) if node is None else node


def _number(value: Any, place: Place) -> Rational:
    try:
        return read_number(_text(value, place))
    except NotExact as slip:
        raise Refused([Problem(slip.code, slip.what, slip.remedy, place=place)]) from None


def _node(value: Any, place: Place) -> Node:
    """Give a value of Python as if it had been written in a file."""
    match value:
        case {}:
            entries = ((Text(str(key), place, quoted=False), _node(one, place)) for key, one in value.items())
            return Map(tuple(entries), place)
        case list() | tuple():
            return Listing(tuple(_node(one, place) for one in value), place)
        case _:
            return Text(_text(value, place), place, quoted=False)


def _text(value: Any, place: Place) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return write_number(value)
        case date():
            return value.isoformat()
        case str():
            return value
        case _:
            what = f"{value!r} is a {type(value).__name__}"
            raise Refused([Problem("E705", what, 'a whole number, a Fraction, or a text such as "0.1"', place=place)])
