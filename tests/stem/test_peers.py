"""Peers: rules that compare bodies with one another treat equals equally and keep to the scale."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import e, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.exact import Rational
from emulation.limits import Indicator_
from emulation.peers import ByRank, ClusterLeader, ExponentialRank, MinMax, PlaceBand, ShareOfBest, ZScore
from emulation.scales import Earned, Field, Scale
from emulation.testing.facts import numbers
from emulation.testing.worth import relative_rules

TEN = Scale(0, 10)
FIELDS = st.dictionaries(st.sampled_from("abcde"), numbers(-6, 6), min_size=1)
BETTER = st.sampled_from(("higher", "lower"))
RULES = relative_rules(("x",), 10)
PLACES = ByRank(True, (PlaceBand(1, 10), PlaceBand(3, 5)), 1, "shared")  # noqa: FBT003


def judged(rule: Any, values: dict[str, Rational], better: Any = "higher", **targets: Rational) -> dict[str, Earned]:
    """Judge a whole field; a yardstick is its own number, or the body's own target."""

    def yardstick(asked: Any, body: str) -> Rational | None:
        return asked if isinstance(asked, int | Fraction) else targets.get(body)

    field = Field(values, yardstick, better)
    return {body: rule.earned(value, body, TEN, field) for body, value in values.items()}


def points(rule: Any, values: dict[str, Rational], better: Any = "higher", **targets: Rational) -> dict[str, Any]:
    """Give the points of a whole field."""
    return {body: earned.points for body, earned in judged(rule, values, better, **targets).items()}


@given(RULES, FIELDS, BETTER)
def test_equal_values_earn_equal_points(rule: Any, values: dict[str, Fraction], better: str) -> None:
    """Bodies with the same value have the same points and the same branch, whatever they are called."""
    names = dict(zip(values, reversed(values), strict=True))
    found = judged(rule, values, better)
    renamed = judged(rule, {names[body]: value for body, value in values.items()}, better)

    assert {names[body]: earned for body, earned in found.items()} == renamed
    for one, other in product(values, repeat=2):
        assert values[one] != values[other] or found[one] == found[other]


@given(RULES, FIELDS, BETTER)
def test_points_stay_on_the_scale(rule: Any, values: dict[str, Fraction], better: str) -> None:
    """No relative rule gives more than the maximum, nor less than nothing for what is not less than nothing."""
    floorless = isinstance(rule, ClusterLeader) and min(values.values()) < 0

    for worth in points(rule, values, better).values():
        assert worth is None or (worth <= 10 and (worth >= 0 or floorless))


@given(st.one_of(st.just(MinMax(relative=True, all_equal="full")), st.just(PLACES)), FIELDS, BETTER)
def test_a_better_value_never_earns_less(rule: Any, values: dict[str, Fraction], better: str) -> None:
    """Of two bodies the better one never has fewer points."""
    found = points(rule, values, better)
    sign = -1 if better == "lower" else 1

    for one, other in product(values, repeat=2):
        assert sign * values[one] < sign * values[other] or found[one] >= found[other]


@given(FIELDS, numbers(1, 6), numbers(-6, 6))
def test_shift_and_units(values: dict[str, Fraction], unit: Fraction, by: Fraction) -> None:
    """Between worst and best, and by place, neither the unit nor the zero point counts."""
    moved = {body: value * unit + by for body, value in values.items()}

    for rule in (MinMax(relative=True, all_equal="full"), PLACES, ZScore(True, 5, 1, "population", 3)):  # noqa: FBT003
        assert points(rule, values) == points(rule, moved)


@given(FIELDS)
def test_reversal(values: dict[str, Fraction]) -> None:
    """Between worst and best, turning the direction round turns the points round."""
    rule = MinMax(relative=True, all_equal="full")
    if len(set(values.values())) > 1:
        up, down = points(rule, values, "higher"), points(rule, values, "lower")

        assert {body: 10 - worth for body, worth in up.items()} == down


def test_everybody_at_the_top() -> None:
    """Where all are equal, the worst is the best, and the rulebook says what that is worth."""
    full, zero = MinMax(relative=True, all_equal="full"), MinMax(relative=True, all_equal="zero")

    assert points(full, {"a": 1, "b": 1}) == {"a": 10, "b": 10}
    assert points(zero, {"a": 1, "b": 1}) == {"a": 0, "b": 0}
    assert judged(zero, {"a": 1})["a"].branch == "all_equal"


def test_a_newcomer_can_turn_two_others_round() -> None:
    """Between worst and best a third body changes others' points: that is why the rule must say ``relative``."""
    rule = MinMax(relative=True, all_equal="full")

    assert points(rule, {"a": 4, "b": 2, "c": 0})["b"] == 5
    assert points(rule, {"a": 4, "b": 2, "c": -6})["b"] == 8


def test_z_scores() -> None:
    """A z-score is counted from the centre, in deviations of the population or of a sample, within the scale."""
    values: dict[str, Rational] = {"a": 1, "b": 3}
    population, sample = (ZScore(True, 5, 2, spread, 4) for spread in ("population", "sample"))  # noqa: FBT003

    assert points(population, values) == {"a": 3, "b": 7}
    assert points(population, values, "lower") == {"a": 7, "b": 3}
    assert points(sample, values)["b"] == 5 + 2 * Fraction(7071, 10000)
    assert points(sample, {"a": 1}) == {"a": 5}
    assert points(population, {"a": 1, "b": 1}) == {"a": 5, "b": 5}
    assert points(ZScore(True, 5, 9, "population", 4), values) == {"a": 0, "b": 10}  # noqa: FBT003


@pytest.mark.parametrize(
    ("better", "values", "expected"),
    [
        ("higher", {"a": 4, "b": 1, "c": -1}, {"a": 10, "b": Fraction(5, 2), "c": 0}),
        ("lower", {"a": 4, "b": 1}, {"a": Fraction(5, 2), "b": 10}),
        ("lower", {"a": 4, "b": 0}, {"a": 0, "b": 10}),
        ("higher", {"a": 0, "b": 0}, {"a": 10, "b": 10}),
        ("higher", {"a": 0, "b": -3}, {"a": 10, "b": None}),
        ("higher", {"a": -1, "b": -10}, {"a": 10, "b": None}),
        ("lower", {"a": -1, "b": -2}, {"a": None, "b": 10}),
    ],
)
def test_a_share_of_the_best(better: str, values: dict[str, Rational], expected: dict[str, Any]) -> None:
    """The best has all points, the others their share of it; there is no share of nothing, or of less than nothing."""
    assert points(ShareOfBest(relative=True), values, better) == expected


def leader(by: Any = "ratio") -> ClusterLeader:
    """Give half of the points for the target, the other half up to the leader's lead."""
    return ClusterLeader(True, Indicator_("target"), by, Fraction(1, 2))  # noqa: FBT003


def test_the_leader_of_a_cluster() -> None:
    """The target earns the base, the leader all, and those between a share of the leader's lead over its target."""
    values: dict[str, Rational] = {"a": 30, "b": 15, "c": 10, "d": 5}
    found = judged(leader(), values, a=10, b=10, c=10, d=10)

    assert [one.points for one in found.values()] == [10, 5 + 5 * Fraction(1, 4), 5, Fraction(5, 2)]
    assert [one.branch for one in found.values()] == ["leader", "over_target", "over_target", "under_target"]


def test_who_leads() -> None:
    """The leader has the highest ratio to its target, or the highest actual value, as the rulebook says."""
    values: dict[str, Rational] = {"a": 30, "b": 20}

    assert points(leader("ratio"), values, a=15, b=5) == {"a": 5 + 5 * Fraction(1, 3), "b": 10}
    assert points(leader("actual"), values, a=15, b=5) == {"a": 10, "b": 10}
    assert judged(leader("actual"), values, a=15, b=5)["b"].branch == "over_target"


def test_nobody_beyond_the_target() -> None:
    """Where nobody is beyond its target, meeting it earns the base."""
    assert points(leader(), {"a": 10, "b": 5}, a=10, b=10) == {"a": 5, "b": Fraction(5, 2)}


def test_without_a_target() -> None:
    """Those without a target are held against the best of those without."""
    found = judged(leader(), {"a": 30, "b": 20, "c": 10}, a=10, b=0)

    assert [one.branch for one in found.values()] == ["leader", "without_target", "without_target"]
    assert [one.points for one in found.values()] == [10, 10, 5]
    assert points(leader(), {"a": 0}) == {"a": 0}


def test_points_by_place() -> None:
    """A place is worth its band; after a tie places are counted as the rulebook says."""
    values: dict[str, Rational] = {"a": 9, "b": 9, "c": 5, "d": 4, "e": 3}
    dense = ByRank(True, PLACES.places, 1, "dense")  # noqa: FBT003

    assert points(PLACES, values) == {"a": 10, "b": 10, "c": 5, "d": 1, "e": 1}
    assert points(dense, values) == {"a": 10, "b": 10, "c": 5, "d": 5, "e": 1}
    assert points(PLACES, values, "lower")["e"] == 10


@given(st.lists(numbers(-6, 6), min_size=2, max_size=5, unique=True))
def test_ranks_on_an_exponential_scale(values: list[Fraction]) -> None:
    """The first has all points; the others those of England's Indices of Deprivation, to the digit declared."""
    ordered = sorted(values, reverse=True)
    found = points(ExponentialRank(True, 23, 6), {f"b{n}": value for n, value in enumerate(ordered)})  # noqa: FBT003

    assert found["b0"] == 10
    for place, worth in enumerate(found.values()):
        share = (len(values) - place) / len(values)
        exact = -23 * log(1 - share * (1 - e ** (-100 / 23)))
        assert abs(float(worth) * 10 - exact) < 1e-5
    assert sorted(found.values(), reverse=True) == list(found.values())
