"""Against: what parts two participants, and the weights at which their order turns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.criteria import TOTAL, GeometricMean, Mean, Round, Rounding
from emulation.exact import Rational
from emulation.gaps import WorstPeer
from emulation.outcome import Outcome, score
from emulation.participants import Selector
from emulation.peers import MinMax
from emulation.problems import Refused
from emulation.scenarios.against import Against, Tipping, against
from emulation.scenarios.paths import spot_at
from emulation.standings import Indicator_, Key
from small import body, by_total, leaf, outcome, whole

VALUES = {"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}}


def tipping(found: Against) -> dict[str, tuple[Rational | None, Rational | None]]:
    """Give where the order turns, and where both are level, criterion by criterion."""
    return {one.criterion: (one.turns_at, one.level_at) for one in found.tipping}


def lead(came_to: Outcome, path: str, weight: Rational) -> Rational:
    """Give by how much b is before a under another weight."""
    rules = spot_at(came_to.campaign, path).put(weight)
    scores = score(rules, came_to.observations, came_to.as_of).scores[TOTAL]
    return (scores.points_of("b") or 0) - (scores.points_of("a") or 0)


def test_the_maximum_at_which_the_order_turns() -> None:
    """A has 11 and b has 10: with x out of 7, a has 6.3 + 2 and b 2.8 + 6."""
    found = against(outcome(VALUES, leaf("x"), leaf("y")), "a", "b")

    assert found.ahead == "a"
    assert tipping(found) == {"x": (7, 8), "y": (13, Fraction(25, 2))}


def test_the_weight_at_which_the_order_turns() -> None:
    """In a mean the parts weigh against one another."""
    rule = whole("g", Mean((leaf("x", weight=2), leaf("y", weight=1))))

    assert tipping(against(outcome(VALUES, rule), "a", "b")) == {"x": (0, Fraction(4, 5)), "y": (3, Fraction(5, 2))}


def test_no_weight_turns_what_is_better_in_all() -> None:
    """Who has more in each criterion is before under any weights."""
    found = against(outcome({"a": {"x": 9, "y": 7}, "b": {"x": 4, "y": 6}}, leaf("x"), leaf("y")), "A", "B")

    assert tipping(found) == {"x": (None, None), "y": (None, None)}


values = st.integers(0, 10)


@given(values, values, values, values, st.sampled_from([None, 0, 1]), st.booleans())
def test_the_order_turns_exactly_there(one: int, two: int, three: int, four: int, decimals: Any, mean: bool) -> None:
    """At the weight it turns at, and not one step before; at the level weight both are level, before rounding."""
    table = {"a": {"x": one, "y": two}, "b": {"x": three, "y": four}}
    parts = (leaf("x", weight=2), leaf("y", weight=1)) if mean else (leaf("x"), leaf("y"))
    tree = [whole("g", Mean(parts))] if mean else parts
    rounding = Rounding("half_up", "rounded", points=decimals, total=decimals)
    came_to = outcome(table, *tree, rounding=rounding)

    found = against(came_to, "a", "b")

    sign = -1 if found.ahead == "b" else 1
    for point in found.tipping:
        path = f"criteria.{point.criterion}.{point.key}"
        if point.turns_at is not None:
            before = point.turns_at + (point.step if point.turns_at < point.declared else -point.step)
            assert sign * lead(came_to, path, point.turns_at) > 0
            assert sign * lead(came_to, path, before) <= 0
        if point.level_at is not None:
            exact = outcome(table, *tree)
            assert lead(exact, path, point.level_at) == 0


def test_all_are_scored_where_others_have_a_say() -> None:
    """Under a relative rule the third decides what the two get, so the whole field is scored again."""
    relative = leaf("x", MinMax(relative=True, all_equal="full"), weight=1)
    table = {"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}, "c": {"x": 19, "y": 0}}
    found = against(outcome(table, relative, leaf("y")), "b", "a")

    ((x, at), *_) = ((one.turns_at, one.level_at) for one in found.tipping)
    assert at == 12
    assert x == 13


def test_all_are_scored_where_a_gap_looks_at_others() -> None:
    """A gap filled with the worst of the field needs the field."""
    table = {"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}, "c": {"x": 1, "y": 0}, "d": {"y": 8}}
    worst = (leaf("x", missing=WorstPeer()), leaf("y"))

    assert tipping(against(outcome(table, *worst), "a", "d"))["y"][1] == Fraction(40, 3)


def test_those_below_a_body_are_scored_with_it() -> None:
    """What is pooled from its parts needs them; others are left out."""
    bodies = (body("p", "province"), body("a", parent="p"), body("b"), body("q", parent="b"))
    table = {**VALUES, "p": {"x": 1, "y": 1}, "q": {"x": 1, "y": 1}}

    assert tipping(against(outcome(table, leaf("x"), leaf("y"), bodies=bodies), "a", "b"))["x"] == (7, 8)


def test_a_rounded_root_has_no_level_weight() -> None:
    """A geometric mean is rounded itself: the order turns at a weight of the grid, and no exact one is claimed."""
    rule = whole("g", GeometricMean((leaf("x", weight=1), leaf("y", weight=1))), round=Round(4, "half_up", "rounded"))
    found = against(outcome({"a": {"x": 9, "y": 3}, "b": {"x": 4, "y": 6}}, rule), "a", "b")

    assert all(one.level_at is None for one in found.tipping)
    assert [one.turns_at for one in found.tipping] == [0, 2]


@pytest.mark.parametrize(
    ("weight", "step"), [(8, 1), (Fraction(5, 2), Fraction(1, 10)), (Fraction(7, 3), Fraction(1, 3))]
)
def test_the_grid_is_that_of_the_declared_weight(weight: Rational, step: Rational) -> None:
    """Whole numbers, the last decimal, or the fraction's own parts."""
    point: Tipping = against(outcome(VALUES, leaf("x", max=weight), leaf("y", max=1)), "a", "b").tipping[0]

    assert point.step == step


def test_those_with_the_same_total_have_no_order_to_turn() -> None:
    """Nobody is ahead."""
    found = against(outcome({"a": {"x": 1}, "b": {"x": 1}}, leaf("x")), "a", "b")

    assert (found.ahead, found.tipping) == (None, ())


def test_standings_tell_what_parts_the_two_there() -> None:
    """A standing by an indicator is parted by its values, one by points by points; the key that parts them is told."""
    by_y = by_total(id="by_y", by=(Key(Indicator_("x")), Key(Indicator_("y"))))
    table = {"a": {"x": 9, "y": 2}, "b": {"x": 9, "y": 6}, "c": {"y": 1}}
    came_to = outcome(table, leaf("x"), leaf("y"), standings=(by_total(), by_y))

    found = against(came_to, "a", "b")

    assert [(one.standing, one.values) for one in found.standings] == [("by_total", (11, 15)), ("by_y", (2, 6))]
    assert against(came_to, "a", "c").standings[1].values == (9, None)


def test_who_cannot_be_set_against_whom() -> None:
    """Nobody against itself, and nobody where nothing is scored."""
    with pytest.raises(Refused, match="E710 a cannot be set against itself"):
        against(outcome(VALUES, leaf("x"), leaf("y")), "a", "A")
    with pytest.raises(Refused, match="E710 neither a nor b is scored"):
        against(evolve(outcome(VALUES), scores={TOTAL: {}}), "a", "b")


def test_criteria_of_others_and_without_weight_turn_nothing() -> None:
    """What is only for another kind, or weighs as much as all others by default, has no weight to turn."""
    bodies = (body("a"), body("b"), body("p", "province"))
    tree = (
        whole("g", Mean((leaf("x", weight=None), leaf("y", weight=2)))),
        leaf("z", for_=Selector(("province",))),
    )
    found = against(outcome({**VALUES, "p": {"x": 1, "y": 1, "z": 1}}, *tree, bodies=bodies), "a", "b")

    assert [one.criterion for one in found.tipping] == ["y"]


def test_all_are_summed_up_where_a_whole_is_set_against_the_best() -> None:
    """The best of the field is a third, and stays so: weights turn the two as they would without it."""
    table = {**VALUES, "c": {"x": 10, "y": 10}}
    parts = (leaf("x", weight=2), leaf("y", weight=1))

    against_best = against(outcome(table, whole("g", Mean(parts), best_is=100)), "a", "b")

    assert tipping(against_best) == tipping(against(outcome(table, whole("g", Mean(parts))), "a", "b"))
