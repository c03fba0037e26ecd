"""Soundness: every way in which a scoring tree cannot be computed is found, and a sound one is left alone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.conditions import Compare
from emulation.criteria import (
    BestOf,
    Coverage,
    Criterion,
    GeometricMean,
    Mean,
    Product,
    Round,
    Rounding,
    Sum,
    WeightedSum,
)
from emulation.formulas import read_formula
from emulation.gaps import Alternative, Drop, Full, Gaps, Missing, NotApplicable, Redistribute, WorstPeer, Zero
from emulation.indicators import Bounds, Change, Formula, Level, Milestone, Number, Ratio, Sample
from emulation.limits import Above, Indicator_, Peers
from emulation.names import label
from emulation.participants import Selector
from emulation.peers import ByRank, ClusterLeader, MinMax, PlaceBand
from emulation.points import Band, Bands, Lateness, Levels, Linear, Proportional, Steps
from emulation.points import Formula as ByFormula
from small import body, campaign, indicator, leaf, share, whole

INDICATORS = (
    indicator("x", better=None),
    indicator("y"),
    share("s"),
    indicator("level", Level(("low", "high"))),
    indicator("task", Milestone(date(2025, 6, 1), "days")),
    indicator("sample", Sample("yes", "asked", 5)),
    indicator("ratio", Ratio("of", "among")),
    indicator("made", Formula(read_formula("s + 1")), time=None),
    indicator("grown", Change("x", "y", "difference"), time=None),
    indicator("counted", Number(label("things")), bounds=Bounds(from_=0)),
)
SETTLED = Gaps(Zero(), Drop(), Missing(), Zero(), Zero())


def sound(*criteria: Criterion, **rules: Any) -> Campaign:
    """Give a campaign with criteria, all of whose gaps are settled."""
    frame: dict[str, Any] = {"indicators": INDICATORS, "gaps": SETTLED, "criteria": criteria}
    return campaign(body("a", cluster="e"), body("b", "ward"), **frame | rules)


def found(*criteria: Criterion, **rules: Any) -> list[str]:
    """Give what is wrong, as code and path."""
    return [f"{problem.code} {'.'.join(problem.path)}" for problem in problems_of(sound(*criteria, **rules))]


X = leaf("x")


def part(id: str, **fields: Any) -> Criterion:
    """Give a criterion that judges y."""
    return leaf(id, **{"indicator": "y"} | fields)


def test_a_sound_tree() -> None:
    """A tree whose numbers fit is left alone, in every aggregation."""
    tree = [
        whole("sum", Sum((part("a", max=6), part("b", max=4), part("c", as_="bonus"))), max=10, cap=12),
        whole("mean", Mean((part("d", weight=1), part("e", weight=2))), weights_total=3),
        whole("geometric", GeometricMean((part("f"), part("g"))), round=Round(2, "half_up", "rounded")),
        whole("best", BestOf(1, (part("h"), part("i"))), scale_to=5, max=99),
        whole("stretched", Sum((part("j"), part("k", max=30, as_="bonus"))), cap="none", max=100, scale_to=100),
        whole("nested", Sum((whole("inner", Sum((part("l"),)), cap=7),)), max=7),
        whole("of_scaled", Sum((whole("scaled", Mean((part("m"),)), scale_to=5),)), max=5),
        whole("of_best", Sum((whole("led", Mean((part("n"),)), best_is=100),)), max=100),
        whole("of_sums", Sum((whole("inner_sum", Sum((part("o"), part("p")))),)), max=20),
        whole("of_means", Sum((whole("inner_mean", Mean((part("q"), part("r")))),)), max=10),
    ]

    assert found(*tree) == []


# --- the tree ------------------------------------------------------------------------------------------------------

TREES: list[tuple[str, Criterion, str]] = [
    ("the total's id", part("total"), "E132 criteria.total"),
    ("a bonus of nothing", part("a", as_="bonus"), "E159 criteria.a"),
    ("made of nothing", whole("w", Sum(())), "E153 criteria.w"),
    ("a whole with an indicator", whole("w", Sum((part("a"),)), indicator="y"), "E114 criteria.w.indicator"),
    ("a whole within groups", whole("w", Sum((part("a"),)), within="cluster"), "E114 criteria.w.within"),
    ("weights in a sum", whole("w", Sum((part("a", weight=1),))), "E114 criteria.w"),
    ("some weights", whole("w", Mean((part("a", weight=1), part("b")))), "E158 criteria.w"),
    ("a negative weight", whole("w", Mean((part("a", weight=-1), part("b", weight=2)))), "E118 criteria.w"),
    ("no weight at all", whole("w", Mean((part("a", weight=0),))), "E119 criteria.w"),
    (
        "weights that do not add up",
        whole("w", Mean((part("a", weight=Fraction(1, 2)), part("b", weight=Fraction(2, 5)))), weights_total=1),
        "E120 criteria.w.weights_total",
    ),
    (
        "weights too fine for a root",
        whole(
            "w",
            GeometricMean((part("a", weight=1), part("b", weight=Fraction(1, 10**5)))),
            round=Round(2, "half_up", "rounded"),
        ),
        "E212 criteria.w",
    ),
    ("a root that is not rounded", whole("w", GeometricMean((part("a"),))), "E211 criteria.w"),
    ("the best none", whole("w", BestOf(0, (part("a"),))), "E131 criteria.w"),
    ("a bonus without a cap", whole("w", Sum((part("a"), part("b", as_="bonus")))), "E143 criteria.w"),
    ("a penalty without a floor", whole("w", Sum((part("a"), part("b", as_="penalty")))), "E143 criteria.w"),
    ("a bonus in a mean", whole("w", Mean((part("a"), part("b", as_="bonus"))), cap="none"), "E159 criteria.w"),
    ("parts that do not add up", whole("w", Sum((part("a"), part("b"))), max=19), "E120 criteria.w.max"),
    (
        "coverage without a rule",
        whole("w", Sum((part("a"),)), coverage=Coverage(count=1), missing=NotApplicable(), not_applicable=Missing()),
        "E143 criteria.w",
    ),
    (
        "handing on outside",
        whole("w", Sum((part("a", missing=Redistribute(("w",), "zero")), part("b")))),
        "E167 criteria.w.sum.a",
    ),
    (
        "handing on to oneself",
        whole("w", Sum((part("a", missing=Redistribute(("a",), "zero")), part("b")))),
        "E167 criteria.w.sum.a",
    ),
    (
        "handing on in a mean",
        whole("w", Mean((part("a", missing=Redistribute(("b",), "zero")), part("b")))),
        "E167 criteria.w.mean.a",
    ),
    (
        "an alternative that is none",
        whole("w", Sum((part("a", missing=Alternative("b")), part("b")))),
        "E167 criteria.w.sum.a",
    ),
    (
        "dropping out of a product",
        whole("w", Product((part("a", missing=Drop()), part("b")))),
        "E168 criteria.w.product.a",
    ),
    (
        "dropping out of the best few",
        whole("w", BestOf(1, (whole("v", WeightedSum((part("a", missing=Drop()),))), part("b")))),
        "E168 criteria.w.best_of.of.v.weighted_sum.a",
    ),
]


@pytest.mark.parametrize(("tree", "problem"), [tree[1:] for tree in TREES], ids=[tree[0] for tree in TREES])
def test_a_tree_that_cannot_be_computed(tree: Criterion, problem: str) -> None:
    """Each inconsistency is found with its code, at its path."""
    frame = {"gaps": Gaps() if tree.coverage else Gaps(*[Zero()] * 5)}
    assert any(one.startswith(problem) for one in found(tree, **frame))


def test_only_what_is_wrong() -> None:
    """A tree with one thing wrong has one problem."""
    assert found(whole("w", Mean((part("a", weight=0), part("b", weight=0))))) == ["E119 criteria.w"]
    assert found(whole("w", Sum((part("a"), part("b"))), max=19)) == ["E120 criteria.w.max"]


def test_two_criteria_of_one_id() -> None:
    """An id is unique in the whole tree."""
    assert found(part("a"), whole("w", Sum((part("a"),)))) == ["E132 criteria.w.sum.a"]


def test_a_maximum_for_each_kind() -> None:
    """A maximum must be what the parts add up to for every participant they are for."""
    for_wards = Selector(kind=("ward",))
    tree = whole("w", Sum((part("a"), part("b", for_=for_wards))), max=10)

    assert [problem.what for problem in problems_of(sound(tree))] == ["the parts of w add up to 20 for B"]
    assert found(evolve(tree, for_=Selector(kind=("commune",)))) == []
    assert found(whole("w", Sum((part("b", for_=for_wards),)), max=10)) == []


@pytest.mark.parametrize("stage", ["points", "groups", "total"])
@pytest.mark.parametrize("decimals", [-1, 13])
def test_decimals_have_a_limit(stage: str, decimals: int) -> None:
    """Rounding goes from whole numbers to twelve decimals."""
    rounding: dict[str, Any] = {stage: decimals}

    assert found(X, rounding=Rounding("half_up", "rounded", **rounding)) == ["E118 rounding"]
    assert found(X, rounding=Rounding("half_up", "rounded", **{stage: 12})) == []


# --- criteria that are judged ----------------------------------------------------------------------------------------

LEAVES: list[tuple[str, Criterion, str]] = [
    ("no rule", Criterion("k", indicator="y", max=5), "E153 criteria.k"),
    ("no indicator", leaf("k", indicator=None), "E153 criteria.k"),
    ("no maximum", part("k", max=None), "E153 criteria.k"),
    ("a maximum below the minimum", part("k", min=10), "E153 criteria.k"),
    ("not said to be relative", part("k", earns=MinMax(relative=False, all_equal="full")), "E147 criteria.k"),
    ("no direction", leaf("x", MinMax(relative=True, all_equal="full")), "E160 indicators.x"),
    ("a formula with an indicator", part("k", earns=ByFormula(read_formula("y"), "full")), "E114 criteria.k.indicator"),
    (
        "a formula over what is not",
        leaf("k", ByFormula(read_formula("nothing"), "full"), indicator=None),
        "E135 criteria.k.formula",
    ),
    ("levels of another scale", leaf("k", Levels((("low", 1), ("top", 2))), indicator="level"), "E165 criteria.k"),
    ("levels of no scale", part("k", earns=Levels((("low", 1),))), "E165 criteria.k"),
    ("lateness of no task", part("k", earns=Lateness((), 1, (), 0)), "E165 criteria.k"),
    ("80 for 80%", leaf("k", Proportional(80, "full"), indicator="s"), "E164 criteria.k"),
    ("what if it is negative", leaf("k", Proportional(5, "full"), indicator="x"), "E143 criteria.k"),
    ("full at nothing", part("k", earns=Proportional(0, "full", floor="zero")), "E131 criteria.k.proportional"),
    ("one goalpost", part("k", earns=Linear(3, 3, "both")), "E131 criteria.k.linear"),
    ("steps without width", part("k", earns=Steps(0, 0, 0, 1, "whole")), "E131 criteria.k.steps"),
    (
        "places that fall",
        part("k", earns=ByRank(True, (PlaceBand(3, 5), PlaceBand(3, 4)), 0, "shared")),  # noqa: FBT003
        "E130 criteria.k.by_rank",
    ),
    (
        "a place beyond the maximum",
        part("k", earns=ByRank(True, (PlaceBand(1, 11),), 0, "shared")),  # noqa: FBT003
        "E163 criteria.k.by_rank",
    ),
    (
        "a level beyond the maximum",
        leaf("k", Levels((("low", -1), ("high", 2))), indicator="level"),
        "E163 criteria.k.levels",
    ),
    ("a base that is no share", part("k", earns=ClusterLeader(True, 5, "ratio", 2)), "E131 criteria.k.cluster_leader"),  # noqa: FBT003
]


@pytest.mark.parametrize(("criterion", "problem"), [one[1:] for one in LEAVES], ids=[one[0] for one in LEAVES])
def test_a_criterion_that_cannot_be_judged(criterion: Criterion, problem: str) -> None:
    """Each rule that does not fit is found with its code, at its path, and nothing else is."""
    assert {one.startswith(problem) for one in found(criterion)} == {True}


@pytest.mark.parametrize(
    "criterion",
    [
        Criterion("k", indicator="y", max=0),
        leaf("k", Proportional(5, "full"), indicator="counted"),
        leaf("k", Proportional(Fraction(4, 5), "full"), indicator="s"),
        leaf("k", Proportional(Peers("best", relative=True), "full", floor="zero"), indicator="y"),
        leaf("k", Proportional(Indicator_("x"), "full", floor="zero"), indicator="y"),
        leaf("k", ByFormula(read_formula("x + y"), "full"), indicator=None),
        leaf("k", Lateness((), 1, (), 0), indicator="task"),
        leaf("k", Levels((("low", 1), ("high", 2))), indicator="level"),
        leaf("k", Steps(0, 0, 1, 1, "whole"), indicator="y"),
        leaf("k", Linear(0, Indicator_("x"), "both"), indicator="y"),
    ],
)
def test_a_criterion_that_fits(criterion: Criterion) -> None:
    """A rule that fits its indicator is left alone."""
    assert found(criterion) == []


# --- bands -----------------------------------------------------------------------------------------------------------

BANDS: list[tuple[str, Bands, list[str]]] = [
    ("touching", Bands((Band(1, before=3), Band(2, from_=3, to=5), Band(3, above=5))), []),
    ("touching, in any order", Bands((Band(3, above=5), Band(1, before=3), Band(2, from_=3, to=5))), []),
    ("none", Bands(()), ["E128"]),
    ("closed with another worth", Bands((Band(1, from_=0, to=5),), otherwise=0), []),
    ("open below", Bands((Band(1, from_=0),)), ["E128"]),
    ("open above", Bands((Band(1, to=0),)), ["E128"]),
    ("one value alone", Bands((Band(2, above=3), Band(5, from_=3, to=3), Band(1, before=3))), []),
    ("the least and the most", Bands((Band(0, before=3), Band(10, from_=3))), []),
    ("beyond the maximum", Bands((Band(11),)), ["E163"]),
    ("below the minimum", Bands((Band(-1),)), ["E163"]),
    ("begun twice", Bands((Band(1, from_=1, above=1),), otherwise=0), ["E156"]),
    ("ended twice", Bands((Band(1, to=1, before=1),), otherwise=0), ["E156"]),
    ("overlapping", Bands((Band(1, to=5), Band(2, from_=4))), ["E129"]),
    ("overlapping without end", Bands((Band(1), Band(2, from_=4))), ["E129"]),
    ("two without a beginning", Bands((Band(1, to=3), Band(2, to=4)), otherwise=0), ["E129"]),
    ("a gap", Bands((Band(1, to=3), Band(2, from_=4))), ["E128"]),
    ("a gap with another worth", Bands((Band(1, to=3), Band(2, from_=4)), otherwise=0), []),
    ("a shared edge", Bands((Band(1, to=3), Band(2, from_=3))), ["E129"]),
    ("a shared edge that is settled", Bands((Band(1, to=3), Band(2, from_=3)), shared_edge="higher"), []),
    ("an edge that is nobody's", Bands((Band(1, before=3), Band(2, above=3))), ["E128"]),
    ("an edge of another worth", Bands((Band(1, before=3), Band(2, above=3)), otherwise=0), []),
]


@pytest.mark.parametrize(("table", "problems"), [one[1:] for one in BANDS], ids=[one[0] for one in BANDS])
def test_bands_cover_the_line_once(table: Bands, problems: list[str]) -> None:
    """Every value lies in one band, or in none where that has a worth; the codes say which it is."""
    said = found(part("k", earns=table))

    assert [one.partition(" ")[0] for one in said] == problems
    assert all(one.partition(" ")[2].startswith("criteria.k.bands") for one in said)


# --- gaps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "states"),
    [
        ("y", ["missing"]),
        ("s", ["missing", "zero_denominator"]),
        ("ratio", ["missing", "zero_denominator"]),
        ("made", ["missing", "zero_denominator"]),
        ("grown", ["missing"]),
        ("task", ["missing", "not_yet_due"]),
        ("sample", ["missing", "withheld"]),
    ],
)
def test_every_state_that_can_occur_is_settled(id: str, states: list[str]) -> None:
    """What a criterion is worth in each state that its indicator can be in is declared, here or in the campaign."""
    rule = Linear(0, 5, "both")
    unsettled = leaf("k", rule, indicator=id, missing=None)
    settled: dict[str, Any] = dict.fromkeys(states, Zero())
    said = found(unsettled, gaps=Gaps())

    assert [one.startswith("E143 criteria.k") for one in said] == [True] * len(states)
    for state in states:
        other: dict[str, Any] = {one: Zero() for one in states if one != state}
        assert len(found(unsettled, gaps=Gaps(**other))) == 1
    assert found(evolve(unsettled, **settled), gaps=Gaps()) == []
    assert found(unsettled, gaps=Gaps(**settled)) == []


def test_a_formula_s_states() -> None:
    """A formula meets the states of its indicators, and a zero denominator where it divides."""
    dividing = leaf("k", ByFormula(read_formula("y/x"), "full"), indicator=None)
    over_a_share = leaf("k", ByFormula(read_formula("y + made"), "full"), indicator=None)

    for criterion in (dividing, over_a_share):
        assert found(criterion, gaps=Gaps()) == ["E143 criteria.k"]
    assert found(leaf("k", ByFormula(read_formula("y + x"), "full"), indicator=None), gaps=Gaps()) == []


def test_states_treated_as_each_other() -> None:
    """States that are only treated as each other are not settled."""
    ring = leaf("y", Linear(0, 5, "both"), missing=NotApplicable(), not_applicable=Missing())

    assert found(ring, gaps=Gaps()) == ["E143 criteria.y"]


def test_what_is_tracked_has_no_gaps() -> None:
    """A criterion that is only tracked needs no rule for its gaps."""
    assert found(Criterion("k", indicator="y", max=0), gaps=Gaps()) == []


def test_gaps_that_others_fill() -> None:
    """Handing on to those beside, and an alternative beside, are sound; among the top criteria too."""
    handed = whole("w", Sum((part("a", missing=Redistribute(("b",), "zero")), part("b"))))
    replaced = whole("w", Sum((part("a", missing=Alternative("b")), part("b", as_="alternative"))))

    assert found(handed) == found(replaced) == []
    assert found(part("a", missing=Redistribute(("b",), "full")), part("b")) == []
    assert found(part("a", missing=WorstPeer()), part("b", missing=Full())) == []


def test_a_gate_on_a_share() -> None:
    """80 where 80% is meant is found in conditions too."""
    gated = part("k", only_if=Compare(Indicator_("s"), Above(80)))

    assert [one.startswith("E164 criteria.k.only_if") for one in found(gated)] == [True]
