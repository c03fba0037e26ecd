"""Points: what a value is worth by each rule, and the properties that all of them keep."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.exact import Rational
from emulation.formulas import read_formula
from emulation.limits import AtLeast, Below, Between, Indicator_, Peers
from emulation.peers import ByRank, ClusterLeader, ExponentialRank, MinMax, PlaceBand, ShareOfBest, ZScore
from emulation.points import (
    Band,
    Bands,
    Binary,
    Formula,
    Lateness,
    Levels,
    Linear,
    PerUnit,
    PointsRule,
    Proportional,
    Steps,
    is_relative,
)
from emulation.scales import Earned, Field, Scale
from emulation.testing.facts import numbers
from emulation.testing.worth import absolute_rules, relative_rules

TEN = Scale(0, 10)
VALUES = numbers(-6, 6)
ABSOLUTE = absolute_rules(("x",), 10, figures=False)
RELATIVE = relative_rules(("x",), 10)
BAD, GOOD = Peers("mean", relative=True), 5


def alone(rule: PointsRule, value: Rational, scale: Scale = TEN, **others: Rational) -> Earned:
    """Judge a value in a field of its own, or among others; a yardstick is its own number, or not known."""
    field = Field({"a": value, **others}, lambda asked, _: asked if isinstance(asked, int | Fraction) else None)
    return rule.earned(value, "a", scale, field)


def worth(rule: PointsRule, value: Rational, scale: Scale = TEN) -> Rational | None:
    """Give the points of a value judged alone."""
    return alone(rule, value, scale).points


def is_bounded(rule: PointsRule) -> bool:
    """Say whether a rule says itself that its points stay on the scale."""
    match rule:
        case Proportional(cap="full", floor="zero") | Linear(clip="both") | Formula(cap="full") | PerUnit(cap="full"):
            return True
        case Proportional() | Linear() | Formula() | PerUnit():
            return False
        case _:
            return True


@given(ABSOLUTE, VALUES)
def test_points_stay_on_the_scale(rule: PointsRule, value: Fraction) -> None:
    """A rule with a cap never gives more than the maximum, nor less than the minimum."""
    points = worth(rule, max(value, Fraction(0)) if isinstance(rule, PerUnit) else value)

    if is_bounded(rule):
        assert points is None or 0 <= points <= 10


def rises(rule: PointsRule) -> bool:
    """Say whether more of the value is meant to be better."""
    match rule:
        case Steps(add=add):
            return add >= 0
        case Linear(from_=low, to=high):
            return low < high  # type: ignore[operator]
        case Bands() | Binary():
            return False
        case _:
            return True


@given(ABSOLUTE, VALUES, VALUES)
def test_more_is_never_worth_less(rule: PointsRule, one: Fraction, other: Fraction) -> None:
    """Where more is better, improving one's own value never lowers one's own points."""
    low, high = sorted((one, other))

    if rises(rule) and not (isinstance(rule, Steps) and low <= rule.start < high):
        assert (worth(rule, low) or 0) <= (worth(rule, high) or 0)


@given(ABSOLUTE, VALUES, st.dictionaries(st.sampled_from("bcd"), VALUES))
def test_no_cross_effect(rule: PointsRule, value: Fraction, others: dict[str, Fraction]) -> None:
    """An absolute rule gives a body the same points whoever else takes part."""
    assert alone(rule, value, **others) == alone(rule, value)
    assert not is_relative(rule)


@given(st.one_of(ABSOLUTE, RELATIVE), VALUES)
def test_points_are_exact(rule: PointsRule, value: Fraction) -> None:
    """Points are whole numbers or fractions, never floats."""
    assert isinstance(worth(rule, value), int | Fraction | None)


@given(numbers(1, 6), VALUES, numbers(1, 9), st.sampled_from(("full", "none")))
def test_units(full_at: Fraction, value: Fraction, unit: Fraction, cap: Any) -> None:
    """95 per cent held against 80 per cent is 0.95 held against 0.8: the unit of both is free."""
    here, there = Proportional(full_at, cap, floor="none"), Proportional(full_at * unit, cap, floor="none")

    assert worth(here, value) == worth(there, value * unit)
    assert worth(Linear(-full_at, full_at, "both"), value) == (
        worth(Linear(-full_at * unit, full_at * unit, "both"), value * unit)
    )


@given(VALUES, VALUES)
def test_shift(value: Fraction, by: Fraction) -> None:
    """Between two goalposts, moving the zero point moves nothing."""
    assert worth(Linear(-6, 6, "none"), value) == worth(Linear(-6 + by, 6 + by, "none"), value + by)


@pytest.mark.parametrize(
    ("rule", "value", "points", "branch"),
    [
        (Proportional(8, "full"), 4, 5, "partial"),
        (Proportional(8, "full"), 8, 10, "reached"),
        (Proportional(8, "full"), 9, 10, "capped"),
        (Proportional(8, "none"), 12, 15, "partial"),
        (Proportional(8, "full", nothing_below=4), Fraction(399, 100), 0, "below_least"),
        (Proportional(8, "full", nothing_below=4), 4, 5, "partial"),
        (Proportional(8, "full", floor="zero"), -4, 0, "floor"),
        (Proportional(8, "full", floor="none"), -4, -5, "partial"),
        (Proportional(0, "full"), 4, None, "no_yardstick"),
        (Proportional(Indicator_("y"), "full"), 4, None, "no_yardstick"),
        (Binary(AtLeast(5)), 5, 10, "met"),
        (Binary(AtLeast(5)), Fraction(499, 100), 0, "not_met"),
        (Binary(Between(1, 2)), 2, 10, "met"),
        (Binary(Below(Indicator_("y"))), 2, None, "no_yardstick"),
        (PerUnit(2, "full"), 3, 6, "units"),
        (PerUnit(2, "full"), 5, 10, "reached"),
        (PerUnit(2, "full"), 6, 10, "capped"),
        (PerUnit(2, "none"), 6, 12, "units"),
        (Steps(4, 5, 10, 2, "pro_rata"), 5, 4, "base"),
        (Steps(4, 5, 10, 2, "pro_rata"), 20, 7, "steps"),
        (Steps(4, 5, 10, 2, "whole"), 20, 6, "steps"),
        (Steps(4, 5, 10, 2, "whole"), 200, 10, "capped"),
        (Steps(4, 5, 10, -2, "whole"), 200, 0, "capped"),
        (Linear(10, 0, "both"), 4, 6, "linear"),
        (Linear(10, 0, "both"), 11, 0, "clipped_low"),
        (Linear(10, 0, "both"), -1, 10, "clipped_high"),
        (Linear(0, 10, "both"), 10, 10, "linear"),
        (Linear(0, 10, "both"), 0, 0, "linear"),
        (Linear(0, 10, "none"), 11, 11, "linear"),
        (Linear(0, 10, "low"), -1, 0, "clipped_low"),
        (Linear(0, 10, "low"), 11, 11, "linear"),
        (Linear(0, 10, "high"), -1, -1, "linear"),
        (Linear(0, Indicator_("y"), "both"), 1, None, "no_yardstick"),
        (Linear(Indicator_("y"), 1, "both"), 1, None, "no_yardstick"),
        (Linear(3, 3, "both"), 1, None, "no_yardstick"),
        (Formula(read_formula("x"), "full"), 11, 10, "capped"),
        (Formula(read_formula("x"), "none"), 11, 11, "calculated"),
        (Formula(read_formula("x"), "full"), 10, 10, "calculated"),
        (Formula(read_formula("x"), "full"), 0, 0, "calculated"),
        (Formula(read_formula("x"), "full"), -1, 0, "floor"),
        (Bands((Band(3, to=5), Band(7, above=5))), 5, 3, "band"),
        (Bands((Band(3, before=5), Band(7, from_=5))), 5, 7, "band"),
        (Bands((Band(3, to=5), Band(7, from_=5)), shared_edge="higher"), 5, 7, "band"),
        (Bands((Band(3, to=5), Band(7, from_=5)), shared_edge="lower"), 5, 3, "band"),
        (Bands((Band(3, from_=1, to=5),), otherwise=1), 6, 1, "no_band"),
        (Bands((Band(3, from_=1, to=5),)), 0, None, "no_band"),
    ],
)
def test_the_branch_taken(rule: PointsRule, value: Rational, points: Rational | None, branch: str) -> None:
    """Each rule gives its points and says which way it took, at the border and on both sides of it."""
    earned = alone(rule, value)

    assert (earned.points, earned.branch) == (points, branch)


@given(st.integers(1, 5), st.integers(6, 10), VALUES)
def test_a_scale_has_two_ends(least: int, most: int, value: Fraction) -> None:
    """A rule between the least and the most points gives the share of the way between them."""
    share = (worth(Linear(-6, 6, "both"), value, Scale(0, 1))) or 0

    assert worth(Linear(-6, 6, "both"), value, Scale(least, most)) == least + share * (most - least)
    assert worth(Proportional(6, "full", floor="zero"), value, Scale(least, most)) == (
        least + (most - least) * min(max(Fraction(value), Fraction(0)) / 6, Fraction(1))
    )


EARLY = ((1, Fraction(11, 10)), (10, Fraction(12, 10)))
LATE = ((1, Fraction(8, 10)), (5, Fraction(1, 2)), (30, Fraction(0)))


@pytest.mark.parametrize(
    ("days", "points", "branch"),
    [
        (-10, 12, "early"),
        (-9, 11, "early"),
        (0, 10, "on_time"),
        (1, 8, "late"),
        (4, 8, "late"),
        (5, 5, "late"),
        (31, 0, "late"),
    ],
)
def test_lateness_by_the_table(days: int, points: int, branch: str) -> None:
    """The row with the most days that were reached counts, in whatever order the rows are written."""
    for rule in (Lateness(EARLY, 1, LATE, 0), Lateness(EARLY[::-1], 1, LATE[::-1], 0)):
        assert (alone(rule, days).points, alone(rule, days).branch) == (points, branch)


def test_late_by_too_little_for_the_table() -> None:
    """Days fewer than any row asks for are on time."""
    rule = Lateness(((5, Fraction(2)),), 1, ((5, Fraction(0)),), Fraction(1, 10))

    assert [worth(rule, days) for days in (-5, -4, 4, 5)] == [20, 10, 10, 0]
    assert (rule.never(TEN).points, rule.never(TEN).branch) == (1, "undone")


def test_levels_are_positions_on_their_scale() -> None:
    """A level is worth what its name is worth; a value that is no level of the scale is worth nothing known."""
    rule = Levels((("low", 1), ("high", 9)))
    field = Field({"a": 1}, lambda *_: None, levels=("low", "high"))

    found = [rule.earned(value, "a", TEN, field).points for value in (1, 2, 0, 3, Fraction(3, 2), -1)]
    assert found == [1, 9, None, None, None, None]


@pytest.mark.parametrize(
    ("rule", "relative"),
    [
        (Proportional(BAD, "full"), True),
        (Proportional(GOOD, "full"), False),
        (Linear(BAD, GOOD, "both"), True),
        (Linear(GOOD, BAD, "both"), True),
        (Linear(0, GOOD, "both"), False),
        (Binary(AtLeast(BAD)), True),
        (Binary(AtLeast(GOOD)), False),
        (Binary(Between(1, 2)), False),
        (MinMax(relative=True, all_equal="full"), True),
        (ZScore(True, 5, 1, "sample", 2), True),  # noqa: FBT003
        (ShareOfBest(relative=True), True),
        (ClusterLeader(True, 5, "ratio", 1), True),  # noqa: FBT003
        (ByRank(True, (PlaceBand(1, 10),), 0, "shared"), True),  # noqa: FBT003
        (ExponentialRank(True, 23, 2), True),  # noqa: FBT003
        (PerUnit(1, "full"), False),
    ],
)
def test_which_rules_are_relative(rule: PointsRule, relative: bool) -> None:
    """A rule is relative if it compares bodies with one another, itself or by its yardstick."""
    assert is_relative(rule) is relative
