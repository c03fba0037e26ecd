"""Conditions: what is met, what is not, and what cannot be said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.conditions import (
    All,
    AllAre,
    Children,
    Compare,
    Condition,
    CountOf,
    Every,
    Facts,
    Judge,
    Judged,
    Member,
    None_,
    NoneAre,
    Place,
    Points,
    Readiness_,
    ShareOf,
    ShareOfMax,
    SomeAre,
    StateIs,
    TargetMet,
)
from emulation.conditions import (
    Any as AnyOf,
)
from emulation.limits import Above, AtLeast, AtMost, Between, Equals, Indicator_, Limit, Peers
from emulation.measures import Measurement
from emulation.participants import Participants, Selector
from small import at_least, body

MEASURED = {
    "x": {"a": Measurement("measured", 5), "b": Measurement("missing"), "c": Measurement("measured", 9)},
    "y": {"a": Measurement("measured", 5), "b": Measurement("measured", 1)},
    "over": {"a": Measurement("measured", 5, bound="above")},
}
EVERYBODY = Participants(
    (body("p", "province"), *(body(id, parent="p", cluster="east") for id in "abc"), body("d", "district", parent="p"))
)
FACTS = Facts(
    EVERYBODY,
    MEASURED,  # type: ignore[arg-type]
    better={"x": "higher"},  # type: ignore[dict-item]
    points={"k": {"a": 5, "b": None}, "m": {"a": 0}, "total": {"a": 5, "b": None}},  # type: ignore[dict-item]
    maxima={"k": {"a": 10, "b": 10}, "total": {"a": 0, "b": 10}},  # type: ignore[dict-item]
    leaves=("k", "m"),  # type: ignore[arg-type]
    places={"s": {"a": 1, "b": None}},  # type: ignore[dict-item]
    targets={"t": {"a": True, "b": None}},  # type: ignore[dict-item]
    classes={"a": "green", "b": None, "c": "red"},  # type: ignore[dict-item]
)
YES, NO, OPEN = at_least("x", 5), at_least("x", 6), at_least("over", 6)


def judged(condition: Condition, of: str = "a", unmeasured: Any = "undecided", facts: Facts = FACTS) -> Judged:
    """Judge a condition, ``a`` being compared with ``a``, ``b`` and ``c``."""
    peers = tuple(one for one in EVERYBODY if one.kind == "commune")
    return Judge(facts, unmeasured, peers).judge(condition, EVERYBODY[of])


def holds(condition: Condition, of: str = "a", unmeasured: Any = "undecided") -> bool | None:
    """Say whether a condition holds."""
    return judged(condition, of, unmeasured).holds


VERDICTS = {True: YES, False: NO, None: OPEN}


@given(st.lists(st.sampled_from((True, False, None)), min_size=1, max_size=4))
def test_what_is_not_known_counts_only_where_it_matters(verdicts: list[bool | None]) -> None:
    """All, any and none hold or fail if they do so whatever the unknown ones turn out to be."""
    conditions = tuple(VERDICTS[verdict] for verdict in verdicts)
    worlds = [[]]
    for verdict in verdicts:
        worlds = [[*world, found] for world in worlds for found in ((True, False) if verdict is None else (verdict,))]

    for join, meaning in ((All, all), (AnyOf, any), (None_, lambda world: not any(world))):
        outcomes = {meaning(world) for world in worlds}
        assert holds(join(conditions)) == (outcomes.pop() if len(outcomes) == 1 else None)
    assert len(judged(All(conditions)).parts) == len(verdicts)


@pytest.mark.parametrize(
    ("condition", "of_a", "of_b"),
    [
        (Compare(Indicator_("x"), AtLeast(5)), True, None),
        (Compare(Indicator_("x"), Above(5)), False, None),
        (Compare(Indicator_("x"), Between(1, 5)), True, None),
        (Compare(Indicator_("x"), AtLeast(Indicator_("y"))), True, None),
        (Compare(Indicator_("y"), AtLeast(Indicator_("x"))), True, None),
        (Compare(Indicator_("x"), AtLeast(Peers("mean", relative=True))), False, None),
        (Compare(Indicator_("y"), AtLeast(Peers("best", relative=True, of=("x",)))), False, False),
        (Compare(Points("k"), AtLeast(5)), True, None),
        (Compare(Points("m"), AtLeast(1)), False, None),
        (Compare(Points("k"), AtLeast(Peers("mean", relative=True))), None, None),
        (Compare(ShareOfMax("k"), Equals(Fraction(1, 2))), True, None),
        (Compare(ShareOfMax("total"), AtLeast(0)), None, None),
        (Compare(Place("s"), AtMost(1)), True, None),
        (StateIs("x", ("missing", "withheld")), False, True),
        (StateIs("over", ("not_applicable",)), False, True),
        (TargetMet("t"), True, None),
        (Readiness_(("green", "amber")), True, None),
        (Readiness_(("red",)), False, None),
        (Member(Selector(id=("a",))), True, False),
        (Every("criterion", AtLeast(0)), True, None),
        (Every("criterion", Above(0)), False, None),
        (Every(("k",), Above(0)), True, None),
    ],
)
def test_what_a_condition_looks_at(condition: Condition, of_a: bool | None, of_b: bool | None) -> None:
    """A condition sees measurements, points, places, targets, classes and groups; what is unmeasured is as declared."""
    assert (holds(condition), holds(condition, "b")) == (of_a, of_b)
    assert holds(condition, "b", "not_met") is (of_b or False)


def test_silence() -> None:
    """Who has reported nothing has not met a target, and has not missed it where the rulebook leaves it open."""
    assert (holds(YES, "b", "not_met"), holds(YES, "b", "undecided")) == (False, None)
    assert judged(YES, "b").state == "missing"
    assert (judged(YES).value, judged(YES).bound, judged(YES).state) == (5, 5, None)


def test_over_is_not_at() -> None:
    """A figure known only as "over 5" is above 5, and not known to be at least 6."""
    assert [holds(Compare(Indicator_("over"), limit)) for limit in (Above(5), AtLeast(6), AtMost(5))] == [
        True,
        None,
        False,
    ]


CLASSES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(("green", "red", None)))
LIMITS: list[Limit] = [
    AtLeast(Fraction(1, 2)),
    Above(1),
    Equals(1),
    Equals(2),
    AtMost(Fraction(1, 3)),
    Between(Fraction(1, 3), Fraction(1, 2)),
]
COUNTINGS: list[tuple[Any, Limit | None]] = [
    *((counting("green"), None) for counting in (AllAre, NoneAre, SomeAre)),
    *((counting("green"), limit) for counting in (ShareOf, CountOf) for limit in LIMITS),
]


@given(CLASSES, st.sampled_from(COUNTINGS), st.sampled_from(("undecided", "not_met")))
def test_children_that_are_not_known(
    classes: dict[str, Any], counting: tuple[Any, Limit | None], unmeasured: str
) -> None:
    """What holds of children holds if it does so however those without a class turn out."""
    below = "abc"
    facts = Facts(EVERYBODY, {}, classes=classes)
    how, limit = counting
    found = judged(Children("commune", how, limit), "p", unmeasured, facts)
    worlds: list[list[bool]] = [[]]
    for child in below:
        held = classes.get(child)
        open_ = held is None and unmeasured == "undecided"
        worlds = [[*world, is_] for world in worlds for is_ in ((True, False) if open_ else (held == "green",))]

    outcomes = {_in_world(how, limit, world) for world in worlds}
    assert found.holds == (outcomes.pop() if len(outcomes) == 1 else None)


def _in_world(how: Any, limit: Limit | None, green: Sequence[bool]) -> bool:
    match how:
        case AllAre():
            return all(green)
        case NoneAre():
            return not any(green)
        case SomeAre():
            return any(green)
    value = Fraction(sum(green), len(green) if isinstance(how, ShareOf) else 1)
    match limit:
        case AtLeast(bound):
            return value >= bound  # type: ignore[operator]
        case Above(bound):
            return value > bound  # type: ignore[operator]
        case AtMost(bound):
            return value <= bound  # type: ignore[operator]
        case Equals(bound):
            return value == bound
        case Between(low, high):
            return low <= value <= high
    raise AssertionError(limit)


def test_children_by_a_condition() -> None:
    """Children are counted by a class, or by a condition on each; those that decide are named."""
    found = judged(Children("commune", AllAre(at_least("x", 6))), "p", "not_met")

    assert (found.holds, found.value, found.bound, found.bodies) == (False, 1, 3, ("a", "b"))
    assert judged(Children("commune", NoneAre("red")), "p", "not_met").bodies == ("c",)
    assert judged(Children("commune", SomeAre("green")), "p", "not_met").holds


def test_nobody_below() -> None:
    """A body without children has none that are red, and not all that are green."""
    below_a = [Children("commune", counting("green"), None) for counting in (AllAre, NoneAre, SomeAre)]

    assert [holds(condition) for condition in below_a] == [False, True, False]
    assert holds(Children("commune", CountOf("green"), AtMost(0))) is True
    assert judged(Children("commune", ShareOf("green"), AtLeast(0))).state == "zero_denominator"
    assert holds(Children("commune", ShareOf("green"), AtLeast(0)), unmeasured="not_met") is False
