"""Other people's bugs: what went wrong elsewhere, each as a test that it does not go wrong here.

The numbers are those of issues in public trackers, named with the project.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, permutations
from typing import Any

import pytest

from emulation.awards import Award, Places, UpTo
from emulation.conditions import Every
from emulation.criteria import Criterion, Mean, Rounding, Sum
from emulation.gaps import Drop, Unrank, Zero
from emulation.indicators import Pool, Share
from emulation.limits import Above, AtLeast
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.peers import MinMax
from emulation.places import places_of
from emulation.points import Band, Bands, Binary, Proportional
from emulation.readiness import Readiness, When
from emulation.standings import Indicator_, Key
from small import (
    TODAY,
    at_least,
    body,
    branches,
    by_total,
    campaign,
    codes,
    contest,
    indicator,
    leaf,
    outcome,
    places,
    points,
    share,
    whole,
)

EVERYBODY = 3321  # communes and wards, after the mergers of 2025
PASSED = Binary(AtLeast(1))


def by_points(values: dict[str, Any], *criteria: Criterion, **rules: Any) -> Outcome:
    """Rank bodies by their total."""
    return outcome(values, *criteria, standings=(by_total(),), **rules)


# --- ties ------------------------------------------------------------------------------------------------------------


def test_scikit_criteria_untied_ranks() -> None:
    """A joint winner never falls behind the last: [2, 1, 1] stays so, whatever settles nothing."""
    values = {"a": {"x": 1}, "b": {"x": 9}, "c": {"x": 9}}

    assert places(by_points(values, leaf("x"))) == {"a": 3, "b": 1, "c": 1}
    same = Key(Indicator_("x"))
    assert places(outcome(values, leaf("x"), standings=(by_total(then=(same,)),))) == {"a": 3, "b": 1, "c": 1}


def test_permuted_rows_are_all_tied() -> None:
    """500 bodies with one row's values in another order and equal weights are 500 joint winners."""
    row = [Fraction(number * 37 % 101, 7) for number in range(20)]
    orders = islice(permutations(range(20)), 0, 500 * 4919, 4919)
    values = {f"b{n}": {f"x{c}": row[place] for c, place in enumerate(order)} for n, order in enumerate(orders)}
    parts = tuple(leaf(f"x{c}", weight=Fraction(1, 10)) for c in range(20))
    came_to = by_points(values, whole("mean", Mean(parts)))

    assert len(set(points(came_to).values())) == 1
    assert set(places(came_to).values()) == {1}


def test_identical_rows_have_one_rank() -> None:
    """Every commune of a nation with the same values has the same score and the same place."""
    values = {f"b{number}": {"x": Fraction(1, 3), "y": Fraction(1, 7)} for number in range(EVERYBODY)}
    came_to = by_points(values, leaf("x"), leaf("y"))

    assert set(points(came_to).values()) == {Fraction(1, 3) + Fraction(1, 7)}
    assert set(places(came_to).values()) == {1}


def test_tie_by_float() -> None:
    """A tenth and a fifth are three tenths, in a score and in a rank."""
    values = {"a": {"x": Fraction(1, 10), "y": Fraction(2, 10)}, "b": {"x": Fraction(3, 10), "y": 0}}
    came_to = by_points(values, leaf("x"), leaf("y"))

    assert places(came_to) == {"a": 1, "b": 1}
    assert 0.1 + 0.2 != 0.3


def test_ctfd_2550_why_is_the_later_one_higher() -> None:
    """Equals are told to be tied, with one another's names, instead of being put in the order of a table."""
    placed = by_points({"late": {"x": 5}, "early": {"x": 5}}, leaf("x")).standings["by_total"]

    assert (placed["late"].tied_with, placed["early"].tied_with) == (("early",), ("late",))


def test_opal_27_ties_by_label() -> None:
    """A body called "z" is not behind one called "a"."""
    assert places_of({"z": 1, "a": 1}) == {"z": 1, "a": 1}


def test_apportionment_a_tie_at_the_last_seat() -> None:
    """A tie across the last place of an award is open, and does not go to whoever is listed first."""
    award = Award("flag", standing="by_total", quota=Places(1), border="decision")
    for order in ("ab", "ba"):
        came_to = by_points({id: {"x": 5} for id in order}, leaf("x"), awards=(award,))
        assert came_to.awards["flag"].winners == ()
        assert [problem.code for problem in came_to.problems] == ["E172"]


# --- rounding --------------------------------------------------------------------------------------------------------


def test_uk_scorecards_round_as_you_go() -> None:
    """Sections rounded on the way change who is first; exact ones do not, unless the rulebook says so."""
    third = Fraction(1, 3)
    values = {
        "a": {f"x{n}": third for n in range(7)},
        "b": {f"x{n}": third + Fraction(15, 10**4) if n else third - Fraction(85, 10**4) for n in range(7)},
    }
    sections = [leaf(f"x{n}") for n in range(7)]
    exact = by_points(values, *sections)
    on_the_way = by_points(values, *sections, rounding=Rounding("half_up", "rounded", points=2))

    assert places(exact) == {"a": 2, "b": 1}
    assert places(on_the_way) == {"a": 1, "b": 2}


def test_coinr_1_1_9_never_round_before_ranking() -> None:
    """A value that prints as 80.00 and is less than 80 is not at the threshold."""
    almost = Fraction(7_999_999, 100_000)
    classes = Readiness("r", ("green", "red"), When((("green", at_least("x", 80)),)), "red")
    found = outcome({"a": {"x": almost}, "b": {"x": 80}}, readiness=(classes,)).classes

    assert [found[id].class_ for id in "ab"] == ["red", "green"]


def test_openfisca_1e_8_is_a_difference() -> None:
    """A difference of a hundred-millionth is a difference."""
    values = {"a": {"x": 1}, "b": {"x": 1 + Fraction(1, 10**8)}}

    assert places(by_points(values, leaf("x"))) == {"a": 2, "b": 1}


# --- what was not answered -------------------------------------------------------------------------------------------


def test_caps_632_no_answer_is_not_a_no() -> None:
    """A task that is not reported is missing, one that was not done is measured as 0, and both are told apart."""
    came_to = outcome({"no": {"x": 0}, "silent": {"x": "missing"}}, leaf("x", PASSED))

    assert points(came_to, "x") == {"no": 0, "silent": 0}
    assert branches(came_to, "x") == {"no": "not_met", "silent": "zero"}
    assert [one.state for one in came_to.scores["x"].values()] == ["measured", "missing"]


def test_caps_650_unmarked_bodies_are_not_counted() -> None:
    """Who has not been marked is not among those ranked, and is no part of "X of Y"."""
    came_to = by_points({"a": {"x": 1}, "b": {"x": 0}, "unmarked": {}}, leaf("x", PASSED, missing=Unrank()))

    assert {id: (one.place, one.of) for id, one in came_to.standings["by_total"].items()} == {
        "a": (1, 2),
        "b": (2, 2),
        "unmarked": (None, 2),
    }


def test_pyrepo_one_missing_value_does_not_rank_everybody_0() -> None:
    """One missing value leaves one body out, says so, and moves nobody else."""
    values: dict[str, Any] = {"a": {"x": 3}, "b": {"x": 2}, "c": {"x": "missing"}}
    came_to = by_points(values, leaf("x", missing=Unrank()))

    assert places(came_to) == {"a": 1, "b": 2, "c": None}
    assert came_to.standings["by_total"]["c"].unranked == "unranked:x"


def test_mcda_nan_is_not_the_best() -> None:
    """What is not measured never gets full marks by a rule for values."""
    came_to = outcome(
        {"a": {"x": "missing"}}, leaf("x", Bands((Band(0, before=1), Band(10, from_=1))), missing=Unrank())
    )

    assert points(came_to) == {"a": None}


def test_insight_2391_an_empty_section_has_two_meanings() -> None:
    """Work that was not observed and work that was not done come out as different states."""
    section = whole("s", Sum((leaf("x", missing=Drop()),)), missing=Zero())
    came_to = outcome({"unseen": {"x": "missing"}, "undone": {"x": 0}}, section)

    assert branches(came_to, "s") == {"unseen": "zero", "undone": "sum"}


def test_spo_2023_control_totals() -> None:
    """Everybody who takes part is accounted for: ranked, or unranked with a reason."""
    came_to = by_points({"a": {"x": 3}, "b": {"x": "missing"}, "c": {}}, leaf("x", missing=Unrank()))
    placed = came_to.standings["by_total"].values()

    assert all((one.place is None) == (one.unranked is not None) for one in placed)
    assert len(placed) == len(came_to.campaign.participants)


# --- points, weights, penalties --------------------------------------------------------------------------------------


def test_ctfd_577_a_zero_point_item_moves_nobody() -> None:
    """An item of no points, tracked or worth nothing, changes no score and no place."""
    values = {"a": {"x": 3, "y": 0}, "b": {"x": 2, "y": 9}}
    before = by_points(values, leaf("x"))
    for item in (Criterion("y", None, indicator="y", max=0), leaf("y", Bands((Band(0),)), max=1)):
        after = by_points(values, leaf("x"), item)
        assert (points(after), places(after)) == (points(before), places(before))


def test_caps_597_a_penalty_is_taken_off_the_right_base() -> None:
    """A penalty takes off its own points, whatever share of the rest was scored or dropped."""
    penalty = leaf("y", as_="penalty")
    tree = whole("s", Sum((leaf("x"), leaf("z", missing=Drop()), penalty)), floor=0)
    came_to = outcome({"a": {"x": 8, "y": 3, "z": 8}, "b": {"x": 8, "y": 3, "z": "missing"}}, tree)

    assert points(came_to, "s") == {"a": 13, "b": 13}


def test_caps_217_a_share_is_taken_of_the_same_maximum() -> None:
    """A weighted score is held against the weighted maximum."""
    tree = whole("s", Mean((leaf("x", weight=3), leaf("y", weight=1, max=10))), scale_to=100)
    came_to = outcome({"a": {"x": 10, "y": 10}}, tree)

    assert (came_to.scores["s"]["a"].points, came_to.scores["s"]["a"].most) == (100, 100)


def test_weights_that_add_up_to_nine_tenths() -> None:
    """Weights that should add up to 1 and do not are refused, and so is a negative one."""
    tree = whole("s", Mean((leaf("x", weight=Fraction(1, 2)), leaf("y", weight=Fraction(2, 5)))), weights_total=1)
    negative = whole("s", Mean((leaf("x", weight=-1), leaf("y", weight=2))))
    indicators = (indicator("x"), indicator("y"))

    assert codes(campaign(body("a"), criteria=(tree,), indicators=indicators)) == ["E120"]
    assert "E118" in codes(campaign(body("a"), criteria=(negative,), indicators=indicators))


def test_mcda_a_forgotten_weight() -> None:
    """A criterion whose weight was forgotten is refused, not dropped."""
    tree = whole("s", Mean((leaf("x", weight=1), leaf("y"))))

    assert codes(campaign(body("a"), criteria=(tree,), indicators=(indicator("x"), indicator("y")))) == ["E158"]


def test_caps_586_everybody_at_80_gets_the_star() -> None:
    """An award for a threshold goes to all who reach it, not to the first."""
    star = Award("star", needs=at_least("x", 80))
    came_to = outcome({"a": {"x": 80}, "b": {"x": 99}, "c": {"x": 79}}, awards=(star,))

    assert came_to.awards["star"].winners == ("a", "b")


# --- the field -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("all_equal", "worth"), [("full", 10), ("zero", 0)])
def test_everybody_at_100_percent(all_equal: Any, worth: int) -> None:
    """Between worst and best, a field without differences is worth what the rulebook says, and it must say it."""
    values = {id: {"x": 1} for id in "abc"}
    came_to = outcome(values, leaf("x", MinMax(relative=True, all_equal=all_equal)))

    assert set(points(came_to, "x").values()) == {worth}
    assert set(branches(came_to, "x").values()) == {"all_equal"}


def test_one_extreme_newcomer() -> None:
    """By absolute goalposts a newcomer changes nobody's points; by those of the sample it does, and it is said so."""
    values = {"a": {"x": 4}, "b": {"x": 2}, "c": {"x": 0}}
    wild = values | {"new": {"x": 1000}}
    relative = leaf("x", MinMax(relative=True, all_equal="full"))
    undeclared = leaf("x", MinMax(relative=False, all_equal="full"))

    before, after = points(outcome(values, leaf("x"))), points(outcome(wild, leaf("x")))
    assert after == before | {"new": 1000}
    assert points(outcome(wild, relative))["b"] != points(outcome(values, relative))["b"]
    assert codes(campaign(body("a"), criteria=(undeclared,), indicators=(indicator("x"),))) == ["E147"]


def test_local_intelligence_hub_531_compare_like_with_like() -> None:
    """A relative rule compares a body with those of its own group."""
    bodies = (body("a", type="ward"), body("b", type="ward"), body("c", type="commune"))
    rule = leaf("x", MinMax(relative=True, all_equal="full"), within="type")
    came_to = outcome({"a": {"x": 9}, "b": {"x": 1}, "c": {"x": 2}}, rule, bodies=bodies)

    assert points(came_to, "x") == {"a": 10, "b": 0, "c": 10}


def test_domjudge_2615_honours_of_everybody() -> None:
    """A condition on every criterion sees each of them, not their sum."""
    award = Award("all_round", needs=Every("criterion", Above(0)))
    came_to = outcome({"a": {"x": 10, "y": 0}, "b": {"x": 1, "y": 1}}, leaf("x"), leaf("y"), awards=(award,))

    assert came_to.awards["all_round"].winners == ("b",)


def test_domjudge_1102_a_share_of_the_field() -> None:
    """At most a tenth of 34 is three, and of nine it is nobody."""
    for count, winners in ((34, 3), (9, 0)):
        flag = Award("flag", standing="by_total", quota=UpTo(Fraction(1, 10), "ranked", "down"), border="none")
        came_to = by_points({f"b{n}": {"x": n} for n in range(count)}, leaf("x"), awards=(flag,))
        assert len(came_to.awards["flag"].winners) == winners


def test_dhis2_a_region_is_not_the_mean_of_its_districts() -> None:
    """The rate of a region is its cases over its people, not the mean of its districts' rates."""
    rate = indicator("rate", Share("cases", "people"), pooled=Pool("region", "district", "missing"))
    bodies = (body("r", "region"), body("big", "district", "r"), body("small", "district", "r"))
    rows = {"big": {"cases": 10, "people": 1000}, "small": {"cases": 1, "people": 2}}

    came_to = outcome(rows, bodies=bodies, indicators=(rate,))
    assert came_to.measurements["rate"]["r"].value == Fraction(11, 1002)


def test_duckdb_least_skips_what_is_missing() -> None:
    """A part that is missing does not give full marks to the least of the parts."""
    share_of = share("s")
    rule = Proportional(Fraction(8, 10), "full")
    rows = {"a": {"s_of": "missing", "s_among": 9}, "b": {"s_of": 9, "s_among": 9}}
    came_to = outcome(rows, leaf("s", rule), indicators=(share_of,))

    assert points(came_to) == {"a": 0, "b": 10}


def test_world_bank_nothing_changes_after_the_fact() -> None:
    """Scoring changes neither the rules nor the facts, so scoring again says the same."""
    rules, facts = contest({"a": {"x": 1}, "b": {"x": 2}}, leaf("x"), standings=(by_total(),))
    before = (rules.fingerprint, repr(facts))
    first = score(rules, facts)

    assert score(rules, facts) == first
    assert (rules.fingerprint, repr(facts)) == before


def test_new_york_2021_test_ballots() -> None:
    """Facts of bodies that do not take part count for nobody."""
    rules, facts = contest({"a": {"x": 1}}, leaf("x"), standings=(by_total(),))
    planted = Observations((*facts, Observation("test", "x", TODAY, 99)))

    assert points(score(rules, planted)) == points(score(rules, facts))
    assert score(rules, planted).standings == score(rules, facts).standings
