"""Cases: what a test asks of a field, and what it never holds of."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from emulation.cases import (
    ALL_CASES,
    Above,
    After,
    AtLeast,
    AtMost,
    Before,
    Below,
    From_,
    IsNot,
    Known,
    Until,
    Where,
)
from emulation.cases import Alternative as Asked
from emulation.names import FieldId

FIFTH, SIXTH = date(2025, 9, 5), date(2025, 9, 6)
MORNING, EVENING = datetime.fromisoformat("2025-09-05T08:00"), datetime.fromisoformat("2025-09-05T17:00")


def holds(test: Any, **case: Any) -> bool:
    """Say whether a test holds of the field ``of`` of a case."""
    return Where((Asked(((FieldId("of"), test),)),)).holds({FieldId(field): value for field, value in case.items()})


@pytest.mark.parametrize(
    ("test", "value", "held"),
    [
        ("online", "online", True),
        ("online", "desk", False),
        (("online", "post"), "post", True),
        (("online", "post"), "desk", False),
        (IsNot(("desk",)), "online", True),
        (IsNot(("desk",)), "desk", False),
        ("yes", 1, True),
        ("yes", 0, False),
        ("no", 0, True),
        (IsNot(("no",)), 1, True),
        (Known(known=True), "x", True),
        (Known(known=False), "x", False),
        (Before(SIXTH), FIFTH, True),
        (Before(FIFTH), FIFTH, False),
        (Until(FIFTH), FIFTH, True),
        (From_(FIFTH), FIFTH, True),
        (From_(SIXTH), FIFTH, False),
        (After(FIFTH), SIXTH, True),
        (After(FIFTH), FIFTH, False),
        (AtLeast(2), 2, True),
        (AtMost(Fraction(1, 3)), Fraction(1, 2), False),
        (Above(2), 2, False),
        (Below(3), Fraction(5, 2), True),
    ],
)
def test_what_a_test_asks(test: Any, value: Any, held: bool) -> None:
    """Bounds belong to the tests that say so."""
    assert holds(test, of=value) is held


@pytest.mark.parametrize("test", ["online", ("online",), IsNot(("online",)), "no", Before(SIXTH), AtMost(9)])
def test_nothing_holds_of_a_blank(test: Any) -> None:
    """A blank is not even other than a word: only that it is blank can be asked of it."""
    assert not holds(test, of=None)
    assert holds(Known(known=False), of=None)


@pytest.mark.parametrize(
    ("value", "edge", "after"),
    [
        (EVENING, MORNING, True),
        (MORNING, EVENING, False),
        (EVENING, FIFTH, False),
        (SIXTH, EVENING, True),
        (FIFTH, MORNING, False),
        (FIFTH, None, False),
    ],
)
def test_moments_and_days(value: Any, edge: Any, after: bool) -> None:
    """Two moments are compared to the minute; where one has no time of day, their days are. A blank edge is none."""
    assert holds(After(FieldId("edge")), of=value, edge=edge) is after


def test_all_cases_and_alternatives() -> None:
    """All are meant where nothing is asked; of several maps one will do, of a map every test must hold."""
    either = Where(
        (
            Asked(((FieldId("of"), "a"), (FieldId("fee"), AtLeast(2)))),
            Asked(((FieldId("of"), "b"),)),
        )
    )
    cases = [{FieldId("of"): of, FieldId("fee"): fee} for of, fee in (("a", 1), ("a", 2), ("b", 0), ("c", 9))]

    assert [either.holds(case) for case in cases] == [False, True, True, False]
    assert all(ALL_CASES.holds(case) for case in cases)
    assert len(list(either.tests)) == 3
