"""Comparison: differences that add up exactly, and who moved first."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from hypothesis import given

from emulation.campaign import Campaign
from emulation.criteria import TOTAL, Greatest, Mean, Rounding
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.readiness import Readiness, When
from emulation.scenarios.changes import scenario
from emulation.scenarios.comparison import Difference, compare, difference
from emulation.scenarios.supposed import what_if
from emulation.testing.contests import contests
from small import FEW, at_least, by_total, leaf, outcome, whole

Contest: TypeAlias = tuple[Campaign, Observations]


def adds_up(one: Difference) -> bool:
    """Say whether a difference is what its parts bring and the rest, all the way down."""
    here = one.rest is None or one.by == one.rest + sum(part.brings or 0 for part in one.parts)
    return here and all(adds_up(part) for part in one.parts)


@FEW
@given(contests())
def test_a_difference_is_what_its_parts_bring_and_the_rest(drawn: Contest) -> None:
    """Exactly, between any two participants, at every level of the tree."""
    came_to = score(*drawn)
    bodies = list(came_to.scores[TOTAL])

    for one in bodies:
        for two in bodies:
            apart = difference(came_to, one, came_to, two)
            assert apart is not None
            assert adds_up(apart)


@FEW
@given(contests())
def test_a_difference_the_other_way_round_is_its_opposite(drawn: Contest) -> None:
    """What the one has more, the other has less."""
    came_to = score(*drawn)
    bodies = list(came_to.scores[TOTAL])[:2]
    if len(bodies) == 2:
        there, back = (
            difference(came_to, bodies[0], came_to, bodies[1]),
            difference(came_to, bodies[1], came_to, bodies[0]),
        )
        assert there is not None
        assert back is not None
        assert (there.by is None) == (back.by is None)
        assert there.by is None or there.by == -(back.by or 0)


def apart(came_to: Outcome) -> Difference:
    """Give what parts a from b."""
    found = difference(came_to, "a", came_to, "b")
    assert found is not None
    return found


def test_what_rounding_makes_of_a_sum_is_told_apart() -> None:
    """The rest is what the parts do not bring."""
    thirds = {"a": {"x": Fraction(1, 3), "y": Fraction(1, 3)}, "b": {"x": 0, "y": 0}}
    found = apart(outcome(thirds, leaf("x"), leaf("y"), rounding=Rounding("half_up", "rounded", total=0)))

    assert found.by == -1
    assert [part.brings for part in found.parts] == [Fraction(-1, 3)] * 2
    assert found.rest == Fraction(-1, 3)


def test_a_mean_s_parts_bring_their_share() -> None:
    """A part of a mean brings its weight's share of its own difference."""
    rule = whole("g", Mean((leaf("x", weight=1), leaf("y", weight=3))))
    (group,) = apart(outcome({"a": {"x": 0, "y": 0}, "b": {"x": 8, "y": 4}}, rule)).parts

    assert [part.brings for part in group.parts] == [2, 3]


def test_the_parts_of_a_whole_that_is_no_sum_bring_nothing() -> None:
    """The best of two is not what both add up to: their points stand side by side, and no share is made up."""
    rule = whole("g", Greatest((leaf("x"), leaf("y"))))
    (group,) = apart(outcome({"a": {"x": 0, "y": 3}, "b": {"x": 8, "y": 4}}, rule)).parts

    assert group.by == 5
    assert group.rest is None
    assert [(part.by, part.brings) for part in group.parts] == [(8, None), (1, None)]


def test_a_criterion_of_one_side_only_brings_all_it_has() -> None:
    """Where one rulebook has a criterion more, its points are what it brings."""
    before = outcome({"a": {"x": 4, "y": 2}}, leaf("x"))
    after = outcome({"a": {"x": 4, "y": 2}}, leaf("x"), leaf("y"))
    found = difference(before, "a", after, "a")

    assert found is not None
    assert [(part.criterion, part.points, part.brings) for part in found.parts] == [
        ("x", (4, 4), 0),
        ("y", (None, 2), 2),
    ]


def test_nothing_parts_those_without_points() -> None:
    """Who is scored on neither side has no difference."""
    assert difference(outcome({"a": {"x": 4}}), "z", outcome({"a": {"x": 4}}), "z") is None


def test_those_who_moved_farthest_come_first() -> None:
    """By places, then by class and awards, then by points; who stays as it was comes last."""
    before = outcome({"a": {"x": 5}, "b": {"x": 4}, "c": {"x": 3}, "d": {"x": 1}}, leaf("x"), standings=(by_total(),))
    after = what_if(before, scenario(set={"observations.c.x": 6, "observations.d.x": 2}))

    found = compare(before, after)

    assert [(row.move.participant, row.move.ranks) for row in found.rows] == [
        ("c", (3, 1)),
        ("a", (1, 2)),
        ("b", (2, 3)),
        ("d", (4, 4)),
    ]
    assert [row.move.participant for row in found.moved] == ["c", "a", "b", "d"]
    assert found.rows[-1].totals == (1, 2)


def test_why_someone_moved() -> None:
    """Its own figures and points; or the others, where nothing of its own is otherwise."""
    before = outcome({"a": {"x": 5}, "b": {"x": 4}}, leaf("x"), standings=(by_total(),))
    found = compare(before, what_if(before, scenario(set={"observations.b.x": 6})))

    assert found.why("a").is_of_others
    assert [(one.indicator, one.values) for one in found.why("B").values] == [("x", (4, 6))]
    assert not found.why("b").is_of_others


GREEN = Readiness("r", ("green", "red"), When((("green", at_least("x", 5)),)), "red")


def test_why_a_class_is_another() -> None:
    """What decided it on either side, condition by condition."""
    before = outcome({"a": {"x": 4}}, readiness=(GREEN,))
    easier = scenario(set={"readiness.r.when.green.at_least": 4})

    found = compare(before, what_if(before, easier)).why("a")

    assert found.class_ is not None
    assert found.class_.by == ("otherwise", "condition")
    assert [[judged.bound for _, judged in side] for side in found.class_.judged] == [[5], [4]]


def test_an_outcome_beside_itself() -> None:
    """Nobody moved."""
    came_to = outcome({"a": {"x": 5}, "b": {"x": 4}}, leaf("x"), standings=(by_total(),))

    assert compare(came_to, came_to).moved == ()
