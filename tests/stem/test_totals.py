"""Totals: what each state is worth is declared, gates and caps follow the rule, rounding happens where it is named."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.criteria import CapIf, Coverage, Criterion, Greatest, Mean, Round, Rounding, Sum, passed_on
from emulation.exact import Rational
from emulation.formulas import read_formula
from emulation.gaps import (
    Alternative,
    Block,
    Drop,
    Full,
    Gap,
    Gaps,
    Missing,
    NotApplicable,
    PeerMean,
    Points,
    Redistribute,
    Unrank,
    Value,
    WorstPeer,
    Zero,
)
from emulation.indicators import Level, Milestone
from emulation.limits import Indicator_
from emulation.observations import STATES
from emulation.participants import Selector
from emulation.peers import MinMax
from emulation.points import Formula, Lateness, Levels, Proportional
from emulation.testing.facts import MODES, numbers
from small import DAY, at_least, body, branches, indicator, leaf, outcome, points, whole

from oracle import rounded as nearest

LEVELS_OF_Y = {"a": {"x": 9, "y": 0}, "b": {"x": 9, "y": 1}, "c": {"x": 9, "y": 2}}
VALUES = st.dictionaries(st.sampled_from("abc"), numbers(0, 10), min_size=1)
GAP = {"a": {"x": 8}, "b": {"x": 2}, "c": {"x": "missing"}}


# --- what a gap is worth -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "worth", "branch"),
    [
        (Zero(), 0, "zero"),
        (Full(), 10, "full"),
        (Points(3), 3, "given"),
        (Value(7), 7, "partial"),
        (WorstPeer(), 2, "partial"),
        (PeerMean(), 5, "partial"),
        (Drop(), None, "dropped"),
        (Unrank(), None, "unranked"),
        (Block(), None, "unranked"),
        (Redistribute(("y",), "zero"), None, "redistributed"),
    ],
)
def test_what_a_gap_is_worth(gap: Gap, worth: int | None, branch: str) -> None:
    """Each rule for a gap gives its points, or leaves the criterion out in its own way."""
    came_to = outcome(
        GAP, leaf("x", missing=gap), leaf("y", missing=Zero()), indicators=(indicator("x"), indicator("y"))
    )

    assert (points(came_to, "x")["c"], branches(came_to, "x")["c"]) == (worth, branch)
    assert came_to.scores["x"]["c"].gap == gap
    assert ("imputed" in came_to.scores["x"]["c"].flags) == isinstance(gap, Points | Value | WorstPeer | PeerMean)
    assert [problem.code for problem in came_to.problems] == (["E162"] if gap == Block() else [])


@pytest.mark.parametrize("state", ["missing", "not_applicable", "zero_denominator", "not_yet_due", "withheld"])
def test_650_each_state_has_its_own_worth(state: str) -> None:
    """Each state is worth what is declared for it, by the criterion, else by the campaign; one that is not stops."""
    values = {"a": {"x": state}}
    own: dict[str, Any] = {state: Points(3)}
    undeclared = outcome(values, Criterion("x", Proportional(10, "none"), indicator="x", max=10))

    assert points(outcome(values, leaf("x", **own)), "x") == {"a": 3}
    assert points(outcome(values, leaf("x", missing=None), gaps=Gaps(**own)), "x") == {"a": 3}
    assert [problem.code for problem in undeclared.problems] == ["E161"]
    assert branches(undeclared) == {"a": "unranked"}


def test_what_a_criterion_declares() -> None:
    """A criterion gives what it declares for a state, and nothing for what is measured."""
    declared = {state: Points(number) for number, state in enumerate(STATES[1:])}
    criterion = Criterion("x", **declared)  # type: ignore[arg-type]

    assert [criterion.gap(state) for state in STATES] == [None, *declared.values()]


def test_treated_as_another_state() -> None:
    """A state can be worth what another is worth, and is then of that state."""
    treated = leaf("x", zero_denominator=NotApplicable(), not_applicable=Missing(), missing=Points(3))
    came_to = outcome({"a": {"x": "zero_denominator"}}, treated)

    assert (came_to.scores["x"]["a"].points, came_to.scores["x"]["a"].state) == (3, "missing")
    assert [one.code for one in outcome({"a": {"x": "missing"}}, leaf("x", missing=Missing())).problems] == ["E161"]


def test_nobody_to_take_a_value_from() -> None:
    """Where nobody is measured, there is no worst peer and no mean, and the participant is not ranked."""
    for gap in (WorstPeer(), PeerMean()):
        assert branches(outcome({"a": {"x": "missing"}}, leaf("x", missing=gap))) == {"a": "unranked"}


def test_no_yardstick_is_a_gap() -> None:
    """A value that there is nothing to hold against is treated as missing, also one that was imputed."""
    rule = Proportional(Indicator_("y"), "none")
    values = {"a": {"x": 5, "y": "missing"}}

    assert points(outcome(values, leaf("x", rule)), "x") == {"a": 0}
    assert branches(outcome(values, leaf("x", rule, missing=Value(5))), "x") == {"a": "unranked"}


@given(VALUES, st.sampled_from((Zero(), WorstPeer())))
def test_silence_never_pays(values: dict[str, Fraction], gap: Gap) -> None:
    """Under zero and under the worst peer, hiding one's own value never raises the total."""
    rows: dict[str, dict[str, Any]] = {id: {"x": value} for id, value in values.items()} | {"z": {"x": 0}}
    shown = points(outcome(rows, leaf("x", missing=gap)))
    for id in values:
        hidden = points(outcome(rows | {id: {"x": "missing"}}, leaf("x", missing=gap)))

        assert (hidden[id] or 0) <= (shown[id] or 0)


@given(numbers(0, 10))
def test_a_gap_filled_with_what_was_assumed(value: Fraction) -> None:
    """Reporting the value that a gap was judged with gives the same points."""
    rule = leaf("x", missing=Value(value))

    assert points(outcome({"a": {"x": "missing"}}, rule)) == points(outcome({"a": {"x": value}}, rule))


@given(VALUES)
def test_missing_for_all(values: dict[str, Fraction]) -> None:
    """What is missing for everybody and drops out changes nobody's share of the maximum."""
    rows: dict[str, dict[str, Any]] = {id: {"x": value} for id, value in values.items()}
    without = points(outcome(rows, leaf("x", max=20)))
    with_gap = points(outcome(rows, leaf("x"), leaf("y", missing=Drop()), indicators=(indicator("x"), indicator("y"))))

    assert with_gap == without


# --- criteria made of others ---------------------------------------------------------------------------------------


@given(st.lists(numbers(0, 10), min_size=4, max_size=4))
def test_sections(values: list[Fraction]) -> None:
    """The total is the sum of its sections and each the mean of its parts, exactly, at every level."""
    rows = {"a": dict(zip("wxyz", values, strict=True))}
    tree = [whole("left", Mean((leaf("w"), leaf("x")))), whole("right", Sum((leaf("y"), leaf("z"))))]
    came_to = outcome(rows, *tree)

    assert points(came_to, "left")["a"] == Fraction(values[0] + values[1]) / 2
    assert points(came_to)["a"] == Fraction(values[0] + values[1]) / 2 + values[2] + values[3]
    assert [dict(came_to.scores[id]["a"].terms).keys() for id in ("left", "total")] == [{"w", "x"}, {"left", "right"}]


def test_a_part_for_some() -> None:
    """A criterion counts for those it is for, and a whole without a part for somebody is not for them."""
    only_a = Selector(id=("a",))
    part = whole("s", Sum((leaf("x", for_=only_a),)))
    came_to = outcome({"a": {"x": 4, "y": 3}, "b": {"x": 4, "y": 3}}, part, leaf("y"))

    assert points(came_to, "s") == {"a": 4}
    assert points(came_to) == {"a": 7, "b": 3}


NOTHING = {"a": {"x": "missing", "y": 5}}


@pytest.mark.parametrize(
    ("own", "campaign", "branch", "total"),
    [
        ({}, {}, "dropped", 15),
        ({"missing": Zero()}, {}, "zero", 5),
        ({"missing": Full()}, {}, "full", 25),
        ({}, {"missing": Points(2)}, "given", 7),
        ({"missing": Unrank()}, {}, "unranked", None),
        ({"missing": Block()}, {}, "unranked", None),
        ({"missing": WorstPeer()}, {}, "unranked", None),
        ({}, {"missing": Value(1)}, "unranked", None),
    ],
)
def test_a_whole_of_which_nothing_is_left(own: Any, campaign: Any, branch: str, total: Rational | None) -> None:
    """A whole whose parts all drop out is worth what is declared for it, and drops out itself if nothing is."""
    section = whole("s", Sum((leaf("x", missing=Drop(), max=20),)), **own)
    came_to = outcome(NOTHING, section, leaf("y"), gaps=Gaps(**campaign))

    assert (branches(came_to, "s")["a"], points(came_to)["a"]) == (branch, total)


def test_too_little_is_measured() -> None:
    """A whole of which too little is measured needs a rule for that; without one nothing is published."""
    section = whole("s", Sum((leaf("x"), leaf("y"))), coverage=Coverage(count=2))
    came_to = outcome(NOTHING, section)

    assert ([one.code for one in came_to.problems], points(came_to)) == (["E161"], {"a": None})
    assert came_to.scores["s"]["a"].because == "coverage"
    scaled = whole("s", Sum((leaf("x"), leaf("y"))), coverage=Coverage(count=2), missing=Full(), scale_to=100)
    assert points(outcome(NOTHING, scaled)) == {"a": 100}


def test_nothing_at_all() -> None:
    """Who has nothing that counts has no total, and it says why."""
    came_to = outcome({"a": {"x": "not_applicable"}}, leaf("x", not_applicable=Drop()))

    assert (points(came_to), came_to.scores["total"]["a"].because) == ({"a": None}, "nothing_left")
    assert came_to.scores["total"]["a"].state == "not_applicable"


def test_632_tracked_is_shown_and_not_scored() -> None:
    """A criterion that is only tracked keeps its measurement, and neither gives points nor a maximum."""
    came_to = outcome({"a": {"x": 4, "y": 3}}, leaf("x"), Criterion("y", None, indicator="y", max=0))
    alone = outcome({"a": {"y": 3}}, Criterion("y", None, indicator="y", max=0), Criterion("note", None, max=0))

    assert (came_to.scores["total"]["a"].points, came_to.scores["total"]["a"].most) == (4, 10)
    assert came_to.scores["y"]["a"].measurement.value == 3  # type: ignore[union-attr]
    assert (branches(alone), branches(alone, "note")) == ({"a": "tracked"}, {"a": "tracked"})


# --- gates, caps, the best -----------------------------------------------------------------------------------------


def test_a_gate() -> None:
    """Without its condition a criterion gives no points, whether the condition failed or is not known."""
    rule = leaf("x", only_if=at_least("y", 5))
    came_to = outcome({"a": {"x": 4, "y": 5}, "b": {"x": 4, "y": 4}, "c": {"x": 4}}, rule, unmeasured="undecided")

    assert points(came_to, "x") == {"a": 4, "b": 0, "c": 0}
    assert branches(came_to, "x") == {"a": "partial", "b": "gate_closed", "c": "gate_closed"}
    assert [scored.gates[0].holds for scored in came_to.scores["x"].values()] == [True, False, None]


def test_full_points_by_condition() -> None:
    """A condition that gives all points gives them whatever was measured, and nothing to whom it does not hold for."""
    rule = leaf("x", full_if=at_least("y", 5))
    came_to = outcome({"a": {"x": "missing", "y": 5}, "b": {"x": 4, "y": 4}}, rule)

    assert (points(came_to, "x"), branches(came_to, "x")) == ({"a": 10, "b": 4}, {"a": "granted", "b": "partial"})
    assert len(came_to.scores["x"]["b"].gates) == 1


def test_caps_under_conditions() -> None:
    """The lowest cap whose condition holds limits the points; cutting twice cuts no deeper."""
    caps = (CapIf(at_least("y", 1), 6), CapIf(at_least("y", 2), 3), CapIf(at_least("y", 2), 3))
    came_to = outcome(LEVELS_OF_Y, leaf("x", caps=caps))

    assert points(came_to, "x") == {"a": 9, "b": 6, "c": 3}
    assert dict(came_to.scores["x"]["b"].used) == {"full_at": 10, "at_most": 6}


def test_a_gap_passes_through_gates() -> None:
    """A gap that has no points has none through any gate, and points given for a gap are limited like others."""
    rule = {"only_if": at_least("y", 5), "caps": (CapIf(at_least("y", 0), 2),)}
    values = {"a": {"x": "missing", "y": 9}, "b": {"x": "missing", "y": 0}}

    assert points(outcome(values, leaf("x", missing=Full(), **rule)), "x") == {"a": 2, "b": 0}
    assert branches(outcome(values, leaf("x", missing=Drop(), **rule)), "x") == {"a": "dropped", "b": "dropped"}


def test_gates_of_a_whole() -> None:
    """A criterion made of others has gates and caps too."""
    section = whole("s", Sum((leaf("x"),)), only_if=at_least("y", 1), caps=(CapIf(at_least("y", 2), 3),))
    came_to = outcome(LEVELS_OF_Y, section)

    assert points(came_to, "s") == {"a": 0, "b": 9, "c": 3}


@given(VALUES)
def test_the_best_is_set_to_a_figure(values: dict[str, Fraction]) -> None:
    """The best of the field comes to the declared figure, the others in proportion; nothing stays nothing."""
    rows = {id: {"x": value} for id, value in values.items()}
    found = points(outcome(rows, whole("s", Sum((leaf("x"),)), best_is=100)), "s")
    best = max(values.values())

    assert found == {id: Fraction(value) * 100 / best if best else 0 for id, value in values.items()}


def test_the_best_within_a_group() -> None:
    """Each group has a best of its own, and those without points stay without."""
    section = whole("s", Sum((leaf("x", missing=Unrank()),)), best_is=100, within="cluster")
    bodies = (body("a", cluster="e"), body("b", cluster="e"), body("c", cluster="w"), body("d", cluster="w"))
    rows = {"a": {"x": 8}, "b": {"x": 4}, "c": {"x": 2}, "d": {"x": "missing"}}

    assert points(outcome(rows, section, bodies=bodies), "s") == {"a": 100, "b": 50, "c": 100, "d": None}


def test_the_best_among_those_it_is_for() -> None:
    """A whole that has no part for somebody leaves them out of the field."""
    section = whole("s", Greatest((leaf("x", for_=Selector(id=("a",))),)), best_is=100)

    assert points(outcome({"a": {"x": 8}, "b": {"x": 9}}, section, leaf("x2", indicator="x")), "s") == {"a": 100}


# --- rules that need more than a value -------------------------------------------------------------------------------


def test_compared_within_groups() -> None:
    """A relative rule compares those in the same group, and nobody where it is for nobody."""
    rule = leaf("x", MinMax(relative=True, all_equal="full"), within="cluster")
    bodies = (body("a", cluster="e"), body("b", cluster="e"), body("c", cluster="w"), body("d"))
    rows = {"a": {"x": 8}, "b": {"x": 4}, "c": {"x": 2}, "d": {"x": 1}}

    assert points(outcome(rows, rule, bodies=bodies), "x") == {"a": 10, "b": 0, "c": 10, "d": 10}
    nobody = leaf("x", MinMax(relative=True, all_equal="full"), for_=Selector(id=("z",)))
    assert points(outcome(rows, nobody), "x") == {}


def test_a_formula_over_indicators() -> None:
    """A formula's points come from its indicators; what is not measured of them is the criterion's gap."""
    rule = leaf("k", Formula(read_formula("2*x + y"), "full"), indicator=None, missing=Points(1))

    assert points(outcome({"a": {"x": 2, "y": 3}, "b": {"x": 2}}, rule), "k") == {"a": 7, "b": 1}


def test_an_undone_task() -> None:
    """A task that is overdue and not done has the share of those, however few days late it is."""
    rule = Lateness((), 1, ((1, Fraction(1, 2)),), 0)
    milestone = indicator("x", Milestone(DAY.replace(day=29), "days"))
    rows = {"a": {"x": DAY.toordinal()}, "b": {}, "c": {"x": DAY.replace(day=29).toordinal()}}
    came_to = outcome(rows, leaf("x", rule), indicators=(milestone,))

    assert (points(came_to, "x"), branches(came_to, "x")["b"]) == ({"a": 5, "b": 0, "c": 10}, "undone")


def test_levels() -> None:
    """A level is worth its points."""
    level = indicator("x", Level(("low", "high")))
    rule = Levels((("low", 2), ("high", 9)))

    assert points(outcome({"a": {"x": 2}, "b": {"x": 1}}, leaf("x", rule), indicators=(level,)), "x") == {
        "a": 9,
        "b": 2,
    }


# --- rounding ----------------------------------------------------------------------------------------------------


@given(numbers(0, 10), numbers(0, 10), st.sampled_from(MODES), st.integers(0, 2))
def test_rounded_where_it_is_named(x: Fraction, y: Fraction, mode: Any, decimals: int) -> None:
    """What is rounded is passed on rounded, with the exact value beside it; what is not named stays exact."""
    rows = {"a": {"x": x, "y": y}}
    at_points = outcome(rows, leaf("x"), leaf("y"), rounding=Rounding(mode, "rounded", points=decimals))
    at_total = outcome(rows, leaf("x"), leaf("y"), rounding=Rounding(mode, "rounded", total=decimals))
    exact = outcome(rows, leaf("x"), leaf("y"), rounding=Rounding(mode, "exact", 1, 1, 1))
    once = [nearest(Fraction(value), decimals, mode) for value in (x, y)]

    assert points(at_points)["a"] == sum(once)
    assert at_points.scores["x"]["a"].exact == x
    assert points(at_total)["a"] == nearest(Fraction(x + y), decimals, mode)
    assert at_total.scores["total"]["a"].exact == x + y
    assert points(exact)["a"] == x + y


def test_a_criterion_rounded_its_own_way() -> None:
    """A criterion's own rounding goes before the campaign's."""
    half = Fraction(5, 2)
    own = leaf("x", round=Round(0, "half_even", "rounded"))
    seen = leaf("x", round=Round(0, "half_even", "exact"))
    groups = Rounding("half_up", "rounded", points=0, groups=0)

    assert points(outcome({"a": {"x": half}}, own, rounding=groups))["a"] == 2
    assert points(outcome({"a": {"x": half}}, seen, rounding=groups))["a"] == half
    assert points(outcome({"a": {"x": half}}, whole("s", Mean((seen,))), rounding=groups), "s")["a"] == 3
    assert passed_on(half, None) == half


def test_an_alternative_is_called_upon() -> None:
    """Another criterion takes the place of one that does not apply, with a maximum of its own."""
    main = leaf("x", not_applicable=Alternative("y"))
    other = leaf("y", as_="alternative", max=5)
    came_to = outcome({"a": {"x": "not_applicable", "y": 10}, "b": {"x": 8, "y": 10}}, whole("s", Sum((main, other))))

    assert {id: (one.points, one.most) for id, one in came_to.scores["s"].items()} == {"a": (5, 5), "b": (8, 10)}
    assert branches(came_to, "x") == {"a": "replaced", "b": "partial"}
