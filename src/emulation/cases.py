"""Cases: what stands in the fields of a case, and what is asked of them, so that some cases are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from attrs import frozen

from emulation.exact import Rational
from emulation.names import FieldId

# --- what a case is made of -----------------------------------------------------------------------------------


@frozen
class OneOf:
    """One of the words that are listed; any other is a slip.

    Keys:
        names: the words, as the table has them.
    """

    names: tuple[str, ...]


@frozen
class Text:
    """Any text, compared as it is written."""


@frozen
class Number:
    """An exact number."""


@frozen
class Day:
    """A day."""


@frozen
class Moment:
    """A day with a time of day, or a day alone; where only one of two has a time, they are compared by their days."""


@frozen
class YesNo:
    """yes or no (có, không)."""


FieldKind: TypeAlias = OneOf | Text | Number | Day | Moment | YesNo

Value: TypeAlias = str | Rational | date | None
"""What stands in a field of a case; a moment is a datetime, a truth is 1 or 0, a blank is None."""


# --- which cases are meant ------------------------------------------------------------------------------------

Edge: TypeAlias = date | Rational | FieldId
"""What a field is held against: a written day or number, or another field of the same case."""


@frozen
class IsNot:
    """None of these words; a blank is none of anything and does not count.

    Keys:
        names: the words.
    """

    names: tuple[str, ...]


@frozen
class Known:
    """Whether anything stands in the field.

    Keys:
        known: true for a field that is filled, false for a blank one.
    """

    known: bool


@frozen
class Before:
    """A day before another.

    Keys:
        edge: a day, or the field it stands in.
    """

    edge: Edge


@frozen
class Until:
    """A day not after another.

    Keys:
        edge: a day, or the field it stands in.
    """

    edge: Edge


@frozen
class From_:  # noqa: N801
    """A day not before another.

    Keys:
        edge: a day, or the field it stands in.
    """

    edge: Edge


@frozen
class After:
    """A day after another.

    Keys:
        edge: a day, or the field it stands in.
    """

    edge: Edge


@frozen
class AtLeast:
    """A number not less than another.

    Keys:
        edge: a number, or the field it stands in.
    """

    edge: Edge


@frozen
class AtMost:
    """A number not more than another.

    Keys:
        edge: a number, or the field it stands in.
    """

    edge: Edge


@frozen
class Above:
    """A number greater than another.

    Keys:
        edge: a number, or the field it stands in.
    """

    edge: Edge


@frozen
class Below:
    """A number less than another.

    Keys:
        edge: a number, or the field it stands in.
    """

    edge: Edge


DayTest: TypeAlias = Before | Until | From_ | After
NumberTest: TypeAlias = AtLeast | AtMost | Above | Below
EdgeTest: TypeAlias = DayTest | NumberTest
Test: TypeAlias = str | tuple[str, ...] | IsNot | Known | DayTest | NumberTest
"""What is asked of a field: a word, one of several, or how it compares."""

COMPARES = {Before: lt, Until: le, From_: ge, After: gt, AtLeast: ge, AtMost: le, Above: gt, Below: lt}
"""How each comparison compares a field with its edge."""


@frozen
class Alternative:
    """What is asked of a case, field by field: all of it must hold.

    Keys:
        tests: for each field, what is asked of it.
    """

    tests: tuple[tuple[FieldId, Test], ...]


@frozen
class Where:
    """Which cases are meant: all of them, or those that meet every test of one of the maps.

    Keys:
        alternatives: the word all, a map from fields to what is asked of them, or a list of such maps.
    """

    alternatives: tuple[Alternative, ...]

    @property
    def tests(self) -> Iterator[tuple[FieldId, Test]]:
        """Every test there is, with the field it is about."""
        return (test for one in self.alternatives for test in one.tests)

    def holds(self, case: Mapping[FieldId, Value]) -> bool:
        """Say whether a case is meant.

        >>> late = Where((Alternative(((FieldId("returned"), After(FieldId("due"))),)),))
        >>> late.holds({"due": date(2025, 7, 1), "returned": date(2025, 7, 2)})
        True
        >>> late.holds({"due": date(2025, 7, 1), "returned": None})
        False
        """
        return any(all(_meets(case, field, test) for field, test in one.tests) for one in self.alternatives)


ALL_CASES = Where((Alternative(()),))


def _meets(case: Mapping[FieldId, Value], field: FieldId, test: Test) -> bool:
    """Say whether a field of a case meets a test; a blank one meets none but that it is blank."""
    value: Any = case[field]
    if isinstance(test, Known):
        return (value is not None) == test.known
    if value is None:
        return False
    match test:
        case str():
            return bool(value == _meant_by(value, test))
        case tuple():
            return any(value == _meant_by(value, name) for name in test)
        case IsNot(names):
            return all(value != _meant_by(value, name) for name in names)
        case _:
            edge: Any = case[test.edge] if isinstance(test.edge, str) else test.edge
            return edge is not None and bool(COMPARES[type(test)](*_alike(value, edge)))


def _alike(value: Any, edge: Any) -> tuple[Any, Any]:
    """Give two days as they can be compared: where one has no time of day, without the other's."""
    if isinstance(value, datetime) == isinstance(edge, datetime):
        return value, edge
    return day_of(value), day_of(edge)


def day_of(value: date) -> date:
    """Give the day of a moment, or the day itself."""
    return value.date() if isinstance(value, datetime) else value


def _meant_by(value: Value, name: str) -> Value:
    """Give what a word of a test means for a field: 1 or 0 where it holds a truth, else the word."""
    return name if isinstance(value, str) else {"yes": 1, "no": 0}.get(name)
