"""Targets: met, missed or still open, judged on the last day that was in time."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.conditions import AllAre, Children, Compare, Judged, ShareOf
from emulation.limits import Above, AtLeast, AtMost, Below, Equals, Indicator_, Limit
from emulation.observations import Observation, Observations
from emulation.outcome import score
from emulation.participants import Selector
from emulation.periods import Before, By, Span
from emulation.readiness import Readiness, When
from emulation.targets import Aim, Target, distance
from emulation.testing.facts import numbers
from small import DAY, at_least, body, campaign, indicator

DUE = date(2025, 6, 20)


def aimed(target: Target, reached_on: date | None = None, *, as_of: date = DAY, **rules: Any) -> Aim:
    """Judge a target of ``a``, whose x rises from 1 to 9 on a day."""
    facts = [Observation("a", "x", Span(date(2025, 1, 1), date(2025, 1, 1)), 1)]
    if reached_on is not None:
        facts.append(Observation("a", "x", Span(reached_on, reached_on), 9))
    frame: dict[str, Any] = {"indicators": (indicator("x"),), "targets": (target,)}
    rulebook = campaign(body("a"), **frame | rules)
    return score(rulebook, Observations(tuple(facts)), as_of).aims[target.id]["a"]


@pytest.mark.parametrize(
    ("deadline", "reached_on", "as_of", "state"),
    [
        (None, DUE, DAY, "met"),
        (None, None, DAY, "not_met"),
        (By(DUE), DUE, DAY, "met"),
        (Before(DUE), DUE, DAY, "missed"),
        (By(DUE), DUE + timedelta(days=1), DAY, "missed"),
        (By(DUE), None, DUE - timedelta(days=1), "open"),
        (By(DUE), None, DUE, "missed"),
        (By(DUE), None, DUE + timedelta(days=1), "missed"),
        (By(DUE), DUE, DUE - timedelta(days=1), "open"),
    ],
)
def test_a_target_is_judged_on_its_last_day(deadline: Any, reached_on: Any, as_of: date, state: str) -> None:
    """What was reached in time is met for good; what was reached too late is missed for good."""
    aim = aimed(Target("t", at_least("x", 5), deadline), reached_on, as_of=as_of)

    assert aim.state == state
    assert aim.day == (min(as_of, deadline.last) if deadline else as_of)


@given(st.dates(date(2025, 1, 2), date(2025, 12, 31)), st.dates(date(2025, 1, 2), date(2025, 12, 31)))
def test_backdate(due: date, reached_on: date) -> None:
    """A fact about a day after the deadline never changes what the deadline found."""
    aim = aimed(Target("t", at_least("x", 5), By(due)), reached_on, as_of=date(2025, 12, 31))

    assert aim.state == ("met" if reached_on <= due else "missed")


def test_silence() -> None:
    """A target over what is not measured is not met, or not decided, as the rulebook says."""
    other = (indicator("x"), indicator("y"))

    assert aimed(Target("t", at_least("y", 5)), indicators=other).state == "not_met"
    assert aimed(Target("t", at_least("y", 5), unmeasured="undecided"), indicators=other).state == "undecided"


@given(numbers(), numbers(), st.sampled_from((AtLeast, Above, AtMost, Below, Equals)))
def test_a_distance_says_whether_it_is_met(value: Fraction, bound: Fraction, how: Any) -> None:
    """A distance of 0 or more is met; of more than 0, where the bound itself will not do."""
    limit: Limit = how(bound)
    verdict = {AtLeast: value >= bound, Above: value > bound, AtMost: value <= bound, Below: value < bound}.get(how)
    found = distance(Judged(Compare(Indicator_("x"), limit), verdict, value, bound))

    if how is Equals:
        assert found is None
        return
    assert found is not None
    assert verdict == (found > 0 if how in (Above, Below) else found >= 0)
    assert abs(found) == abs(value - bound)


def test_no_distance() -> None:
    """There is no distance where there are no two numbers to compare."""
    assert aimed(Target("t", at_least("x", 5)), DUE).distance == 4
    assert distance(Judged(Compare(Indicator_("x"), AtLeast(5)), None)) is None
    assert distance(Judged(Compare(Indicator_("x"), Equals(5)), True, 5, 5)) is None  # noqa: FBT003
    assert distance(Judged(Compare(Indicator_("x"), AtMost(5)), True, 3, 5)) == 2  # noqa: FBT003
    assert distance(Judged(Children("commune", AllAre("green")), True, 1, 2)) is None  # noqa: FBT003
    assert distance(Judged(Children("commune", ShareOf("green"), AtLeast(1)), False, 0, 1)) == -1  # noqa: FBT003


def test_a_target_over_children() -> None:
    """A province's target sees the classes its communes hold, on the day it is judged."""
    classes = Readiness(
        "c", ("green", "red"), When((("green", at_least("x", 5)),)), "red", for_=Selector(kind=("commune",))
    )
    province = Selector(kind=("province",))
    targets = (
        Target("now", Children("commune", AllAre("green")), for_=province),
        Target("then", Children("commune", AllAre("green")), By(DUE), for_=province),
        Target("too", Children("commune", AllAre("green")), By(DUE), for_=province),
        Target("nobody", at_least("x", 5), for_=Selector(id=("z",))),
    )
    rulebook = campaign(
        body("p", "province"),
        body("a", parent="p"),
        indicators=(indicator("x"),),
        targets=targets,
        readiness=(classes,),
    )
    late = Observations((Observation("a", "x", Span(DAY, DAY), 9),))

    aims = score(rulebook, late).aims
    assert {id: {who: aim.state for who, aim in found.items()} for id, found in aims.items()} == {
        "now": {"p": "met"},
        "then": {"p": "missed"},
        "too": {"p": "missed"},
        "nobody": {},
    }
