"""Firmness: tallies that add up, the same on any engine; dominance that no draw breaks; bounds that hold every case."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulation.conditions import Compare, Points
from emulation.criteria import Criterion, Greatest, Mean, Rounding, Sum, WeightedSum
from emulation.gaps import Drop, Zero
from emulation.indicators import Sample
from emulation.limits import AtLeast
from emulation.outcome import Outcome
from emulation.participants import Selector
from emulation.peers import MinMax
from emulation.points import Binary, Proportional
from emulation.problems import Refused
from emulation.readiness import Readiness, When
from emulation.scenarios import arrays, doors
from emulation.scenarios.arrays import tallies
from emulation.scenarios.bounds import waiting
from emulation.scenarios.changes import scenario
from emulation.scenarios.dominance import Leads, first_and_last, leads_of
from emulation.scenarios.doors import counted, firsts_of, is_exact_in_doubles, places_under_all, tallies_of
from emulation.scenarios.firmness import Firmness, among_first, firmness
from emulation.scenarios.ranges import (
    WHOLE,
    Dirichlet,
    Range,
    Ranges,
    Uniform,
    criteria_of,
    drawn,
    problems_of,
    unit_of,
)
from emulation.scenarios.redrawn import Redrawn
from emulation.scenarios.shares import Shares, declared_weights, shares_of
from emulation.scenarios.supposed import what_if
from emulation.scenarios.tallies import Tally
from emulation.standings import CountBack, Indicator_, Key
from small import FEW, at_least, body, by_total, indicator, leaf, outcome, whole

points = st.integers(0, 4)
tables = st.dictionaries(st.sampled_from("abcdef"), st.fixed_dictionaries({"x": points, "y": points}), min_size=1)
widths = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)


def uniform(**bounds: Any) -> Ranges:
    """Give weights within bounds."""
    return Ranges(Uniform(tuple((id, Range(*ends)) for id, ends in bounds.items())))


def ranked(table: Any, *criteria: Criterion, **rules: Any) -> Outcome:
    """Score and rank."""
    tree = criteria or (leaf("x"), leaf("y"))
    return outcome(table, *tree, **{"standings": (by_total(),)} | rules)


def field(came_to: Outcome, ranges: Ranges, draws: int = 40) -> tuple[Shares, list[tuple[int, ...]]]:
    """Give what is drawn of an outcome."""
    declared = declared_weights(came_to, criteria_of(ranges))
    shares = shares_of(came_to, criteria_of(ranges), unit_of(ranges, declared))
    return shares, list(drawn(ranges, declared, draws, 1))


# --- laws


@FEW
@given(tables, widths, widths)
def test_both_engines_tally_the_same(table: Any, x: Any, y: Any) -> None:
    """Numpy's doubles and Python's whole numbers give the same digits, with ties as they are."""
    shares, weights = field(ranked(table), uniform(x=x, y=y))

    assert is_exact_in_doubles(shares, weights)
    assert tallies(shares, weights) == counted(shares, weights)


def shares_with(rows: list[tuple[int, int]], fixed: list[int], order: list[int]) -> Shares:
    """Give shares of two criteria as they are, whatever campaign they may be of."""
    names = tuple(f"b{number}" for number in range(len(rows)))
    return Shares(by_total(), names, ("x", "y"), (1, 1), tuple(fixed), tuple(rows), tuple(order), 1)


few = st.integers(-2, 2)
equals = st.lists(st.tuples(st.tuples(few, few), st.integers(-9, 9), st.integers(0, 1)), min_size=1, max_size=20)


@FEW
@given(equals, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=80))
def test_runs_of_equals_share_their_first_place(those: Any, weights: list[tuple[int, int]]) -> None:
    """Long ones, several in a draw, below nothing, settled by another figure or not, in one block of draws or more."""
    shares = shares_with(*map(list, zip(*those, strict=True)))

    assert is_exact_in_doubles(shares, weights)
    assert tallies(shares, weights) == counted(shares, weights)


def test_more_draws_than_sixteen_bits_count() -> None:
    """70,000 draws in which two are equal, and a third is behind them or before them."""
    shares = shares_with([(1, 0), (1, 0), (0, 1)], [0, 0, 0], [0, 0, 0])
    weights = [(2, 1)] * 69_000 + [(1, 2)] * 1_000

    assert tallies(shares, weights) == [{1: 69_000, 2: 1_000}, {1: 69_000, 2: 1_000}, {1: 1_000, 3: 69_000}]


@FEW
@given(tables, widths, widths, st.integers(1, 9))
def test_the_first_places_are_counted_without_the_others(table: Any, x: Any, y: Any, places: int) -> None:
    """By either engine, with ties at the last of them, as the whole tally has them."""
    shares, weights = field(ranked(table), uniform(x=x, y=y))
    drawn_so = [tally.within(places) * len(weights) for tally in counted(shares, weights)]

    assert firsts_of(shares, weights, places) == ("numpy", drawn_so)
    with patch.object(doors, "find_spec", lambda _: None):
        assert firsts_of(shares, weights, places) == ("integers", drawn_so)


@FEW
@given(st.dictionaries(st.integers(1, 12), st.integers(1, 40), min_size=1))
@example({1: 19, 2: 1})
@example({1: 1, 2: 19})
def test_a_tally_is_a_mapping_of_places(counts: dict[int, int]) -> None:
    """And says of them what going through all draws would."""
    tally, every = Tally.of(counts), sorted(place for place, count in counts.items() for _ in range(count))

    assert (tally, repr(tally), len(tally)) == (counts, repr(dict(sorted(counts.items()))), len(counts))
    assert (tally.draws, tally.extremes) == (len(every), (every[0], every[-1]))
    assert tally.central == (every[len(every) // 20], every[-1 - len(every) // 20])
    assert [tally.within(place) for place in range(15)] == [
        Fraction(sum(one <= place for one in every), len(every)) for place in range(15)
    ]
    for place in (0, -1, 13):
        assert tally.get(place) is None


@FEW
@given(tables, widths, widths)
def test_everybody_s_tallies_add_up_to_the_draws(table: Any, x: Any, y: Any) -> None:
    """Exactly; and the interval of any draw lies between the places under any weights."""
    found = firmness(ranked(table), uniform(x=x, y=y), draws=30)

    for row in found.rows:
        assert sum(row.tally.values()) == 30
        assert row.surely is not None
        assert row.surely[0] <= row.extremes[0] <= row.central[0] <= row.central[1] <= row.extremes[1] <= row.surely[1]


@FEW
@given(tables)
def test_weights_that_do_not_move_give_the_official_places(table: Any) -> None:
    """Ranges of no width are the rulebook's own weights."""
    found = firmness(ranked(table), uniform(x=(10, 10), y=(10, 10)), draws=3)

    assert [row.tally for row in found.rows] == [{row.place: 3} for row in found.rows]
    assert all(row.surely == (row.place, row.place) for row in found.rows)


@FEW
@given(tables, widths, widths)
def test_who_dominates_is_before_in_every_draw(table: Any, x: Any, y: Any) -> None:
    """A lead that no weights within the ranges take away is there in each draw."""
    ranges = uniform(x=x, y=y)
    shares, weights = field(ranked(table), ranges)
    unit = unit_of(ranges, {})
    bounds = [(int(low / unit), int(high / unit)) for low, high in (x, y)]
    every, leads = range(len(shares.bodies)), leads_of(shares, bounds)

    for one, other in product(every, every):
        if leads.least(one, other) > 0:
            assert all(places[one] < places[other] for places in map(shares.places, weights))


@FEW
@given(equals, widths, widths)
def test_who_may_be_before_whom_is_seen_at_the_corners(those: Any, x: Any, y: Any) -> None:
    """The places under all weights are those left by whoever is before, or behind, where all weights are at an end."""
    shares = shares_with(*map(list, zip(*those, strict=True)))
    corners = [list(zip(shares.totals(weights), shares.order, strict=True)) for weights in product(x, y)]
    every = range(len(shares.bodies))
    by_corners = [
        (
            1 + sum(all(keys[other] > keys[one] for keys in corners) for other in every),
            1 + sum(any(keys[other] > keys[one] for keys in corners) for other in every),
        )
        for one in every
    ]
    leads = leads_of(shares, [tuple(x), tuple(y)])

    assert by_corners == first_and_last(leads) == arrays.first_and_last(leads) == places_under_all(leads)


def test_leads_past_what_doubles_hold_are_reckoned_whole() -> None:
    """Two that are one apart where doubles are two apart: whole numbers see who is before whom."""
    far = 2**60
    leads = Leads((far + 1, far), ((0,), (0,)))

    assert places_under_all(leads) == [(1, 1), (2, 2)]
    assert arrays.first_and_last(leads) == [(1, 1), (1, 1)]


@FEW
@given(tables, widths, widths)
def test_scoring_anew_gives_the_same_where_nothing_is_rounded(table: Any, x: Any, y: Any) -> None:
    """What is earned of a criterion is in proportion to what it weighs: both ways of reckoning agree."""
    came_to, ranges = ranked(table), uniform(x=[x[0] + 1, x[1] + 1], y=[y[0] + 1, y[1] + 1])

    shares, rescored = firmness(came_to, ranges, 12), firmness(came_to, ranges, 12, rescore=True)

    assert [(row.participant, dict(row.tally)) for row in shares.rows] == [
        (row.participant, dict(sorted(row.tally.items()))) for row in rescored.rows
    ]


@given(st.integers(0, 50), st.integers(2, 40))
def test_dirichlet_weights_share_one_whole(seed: int, concentration: int) -> None:
    """Each draw's weights add up to it."""
    ranges = Ranges(Dirichlet(("x", "y"), concentration))

    assert all(sum(weights) == WHOLE for weights in drawn(ranges, {"x": 6, "y": 4}, 5, seed))


reports = st.one_of(points, st.just("missing"))
gappy = st.dictionaries(
    st.sampled_from("abc"), st.fixed_dictionaries({"x": reports, "y": reports}), min_size=1, max_size=3
)


@FEW
@given(gappy)
def test_the_bounds_hold_every_completion_and_are_reached(table: Any) -> None:
    """Whatever arrives, everybody stands between them; and both ends are reached by something."""
    full = Proportional(4, "full")
    tree = (leaf("x", full), leaf("y", Binary(AtLeast(2))))
    came_to = ranked(table, *tree)
    gaps = [(body, id) for body, row in table.items() for id, value in row.items() if value == "missing"]
    seen: dict[str, set[int]] = {body: set() for body in table}
    for values in product(range(5), repeat=len(gaps)):
        changes = {f"observations.{body}.{id}": value for (body, id), value in zip(gaps, values, strict=True)}
        for one in what_if(came_to, scenario(set=changes)):
            seen[one.participant.id].add(one.rank or 0)

    assert {one.participant: (one.best, one.worst) for one in waiting(came_to)} == {
        body: (min(places), max(places)) for body, places in seen.items()
    }


# --- draws


def test_the_draws_are_the_same_on_any_machine() -> None:
    """Published numbers: seed, number of the draw, and nothing else."""
    found = firmness(ranked({"a": {"x": 4, "y": 1}, "b": {"x": 1, "y": 3}}), uniform(x=(0, 10), y=(0, 10)), 1000)

    assert found["A"].tally == {1: 670, 2: 330}
    assert found["b"].within(1) == Fraction(330, 1000)


def test_samples_are_asked_again() -> None:
    """40 of 50 said yes; the order of two close samples turns in some draws."""
    kind = indicator("s", Sample("s_of", "s_asked", 10))
    table = {"a": {"s_of": 40, "s_asked": 50}, "b": {"s_of": 37, "s_asked": 50}, "c": {"s_of": 0, "s_asked": 0}}
    rule = (leaf("s", Proportional(1, "full"), zero_denominator=Zero(), withheld=Zero()),)
    came_to = ranked(table, *rule, indicators=(kind,))

    found = firmness(came_to, Ranges(samples="redrawn"), 50)

    assert found.engine == "rescored"
    assert 0 < found["b"].within(1) < Fraction(1, 2)
    assert found["c"].tally == {3: 50}


def test_classes_and_awards_are_tallied_where_the_campaign_is_scored_anew() -> None:
    """A class by points turns with the weights."""
    rule = Readiness("r", ("green", "red"), When((("green", Compare(Points("total"), AtLeast(30))),)), "red")
    table = {"a": {"x": 10, "y": 0}, "b": {"x": 0, "y": 10}}
    found = firmness(ranked(table, readiness=(rule,)), uniform(x=(20, 40)), 60, rescore=True)

    assert found["b"].classes == {"red": 60}
    assert 0 < found["a"].classes["green"] < 60


def test_without_numpy_the_same_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference engine takes its place, and says so."""
    came_to, ranges = ranked({"a": {"x": 4, "y": 1}, "b": {"x": 1, "y": 3}}), uniform(x=(0, 10))
    fast = firmness(came_to, ranges, 50)
    monkeypatch.setattr(doors, "find_spec", lambda _: None)
    slow = firmness(came_to, ranges, 50)

    assert (fast.engine, slow.engine) == ("numpy", "integers")
    assert fast.rows == slow.rows


def test_numbers_past_what_doubles_hold_are_reckoned_whole() -> None:
    """2^53 is where doubles end."""
    came_to = ranked({"a": {"x": Fraction(1, 10**15 + 37)}, "b": {"x": 1}}, leaf("x"))
    shares, weights = field(came_to, uniform(x=(0, 10)))

    assert not is_exact_in_doubles(shares, weights)
    assert tallies_of(shares, weights)[0] == "integers"


def test_who_may_be_among_the_first() -> None:
    """The shares that the whole firmness has, for everybody ranked; not where a campaign must be scored anew."""
    came_to = ranked({"a": {"x": 4, "y": 1}, "b": {"x": 1, "y": 4}, "c": {"x": 2, "y": 2}}, leaf("x"), leaf("y"))
    ranges = {"x": (0, 10), "y": (0, 10)}

    found = among_first(came_to, ranges, 2, 90)

    assert found == {row.participant: row.within(2) for row in firmness(came_to, ranges, 90).rows}
    with pytest.raises(Refused, match="E741"):
        among_first(came_to, Ranges(uniform(x=(0, 1)).weights, samples="redrawn"), 2)


# --- criterion by criterion


maxima = st.sampled_from([10, Fraction(35, 2), Fraction(1, 3)])


@FEW
@given(tables, maxima, maxima)
def test_criterion_by_criterion_is_what_the_board_says(table: Any, x: Any, y: Any) -> None:
    """Totals come of weights as declared, and so do influence and places without, whatever draws are counted in."""
    tree = (leaf("x", Proportional(3, "full"), max=x), leaf("y", Proportional(4, "full"), max=y))
    came_to, ranges = ranked(table, *tree), uniform(x=(1, 5))
    shares = shares_of(came_to, criteria_of(ranges), unit_of(ranges, {}))
    totals = [Fraction(came_to[body].total or 0) for body in shares.bodies]
    points = [Fraction(came_to.scores["x"].points_of(body) or 0) for body in shares.bodies]
    rests = [total - one for total, one in zip(totals, points, strict=True)]
    spread = covariance(totals, totals)

    found = firmness(came_to, ranges, 3)

    of_unit = Fraction(x) / unit_of(ranges, {})
    assert [
        (fixed + of_unit * row[0]) / shares.scale for fixed, row in zip(shares.fixed, shares.shares, strict=True)
    ] == totals
    assert [one.effective for one in found.influence] == [covariance(points, totals) / spread if spread else 0]
    assert [found[body].without["x"] for body in shares.bodies] == [
        1 + sum(other > rest for other in rests) for rest in rests
    ]


def covariance(one: list[Fraction], other: list[Fraction]) -> Fraction:
    """Give the mean of products less the product of means."""
    products = [a * b for a, b in zip(one, other, strict=True)]
    return sum(products, Fraction(0)) / len(one) - sum(one) * sum(other) / len(one) ** 2


def test_what_criteria_weigh_in_effect_adds_up() -> None:
    """All of them share the variance of the totals; one that is the same for all has none of it."""
    found = firmness(
        ranked({"a": {"x": 1, "y": 5}, "b": {"x": 3, "y": 5}, "c": {"x": 8, "y": 5}}), uniform(x=(1, 2), y=(1, 2)), 5
    )

    assert [(one.declared, one.effective) for one in found.influence] == [(Fraction(1, 2), 1), (Fraction(1, 2), 0)]
    assert found["c"].without == {"x": 1, "y": 1}
    assert found["a"].without == {"x": 1, "y": 3}


def test_nothing_spreads_where_all_are_the_same() -> None:
    """No variance, no share of it."""
    found = firmness(ranked({"a": {"x": 1, "y": 5}}), uniform(x=(1, 2)), 5)

    assert [one.effective for one in found.influence] == [0]


# --- trees


def test_the_weights_of_a_mean_move() -> None:
    """A mean that is the whole total."""
    rule = whole("g", Mean((leaf("x", weight=2), leaf("y", weight=1))))
    found = firmness(ranked({"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}}, rule), uniform(x=(0, 1), y=(1, 1)), 200)

    assert found["a"].place == 1
    assert found["a"].surely == (1, 2)
    assert 0 < found["b"].within(1) < 1


def test_groups_of_sums_are_summed() -> None:
    """Criteria within groups move like those at the top."""
    rule = whole("g", Sum((leaf("x"), whole("h", Sum((leaf("y"),))))))
    flat = firmness(ranked({"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}}), uniform(x=(1, 9), y=(1, 9)), 50)

    deep = firmness(ranked({"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}}, rule), uniform(x=(1, 9), y=(1, 9)), 50)

    assert deep.rows == flat.rows


def test_ties_are_settled_as_the_standing_says() -> None:
    """By another figure after the total, in every draw."""
    then = by_total(then=(Key(Indicator_("z")),))
    table = {"a": {"x": 1, "z": 1}, "b": {"x": 1, "z": 2}}
    found = firmness(ranked(table, leaf("x"), standings=(then,)), uniform(x=(0, 5)), 9)

    assert (found["b"].tally, found["a"].tally) == ({1: 9}, {2: 9})


def refused(came_to: Outcome, ranges: Ranges, **how: Any) -> str:
    """Give what is wrong with what is asked."""
    with pytest.raises(Refused) as told:
        firmness(came_to, ranges, **how)
    return str(told.value)


TWO = {"a": {"x": 9, "y": 2}, "b": {"x": 4, "y": 6}}


@pytest.mark.parametrize(
    ("tree", "rules", "said"),
    [
        ((leaf("x"),), {"standings": ()}, "E741 nobody is ranked by the total alone"),
        ((leaf("x"),), {"standings": (by_total(then=(CountBack(("x",)),)),)}, "E741 by_total settles ties by points"),
        ((leaf("x"),), {"standings": (by_total(for_=Selector(("province",))),)}, "E741 nobody has a place in by_total"),
        ((leaf("x"), leaf("y", missing=Drop())), {}, ""),
        ((whole("g", Mean((leaf("x", weight=1),))), leaf("y")), {}, "E741 g is a mean among others"),
        ((whole("g", WeightedSum((leaf("x", weight=1),))),), {}, ""),
        ((whole("g", Sum((leaf("x"), leaf("y"))), cap=3),), {}, "E741 the total of a is not what its criteria bring"),
        ((whole("g", Sum((leaf("x"), leaf("y"))), scale_to=3),), {}, "E741 the total of a is not"),
        ((whole("g", Sum((leaf("x"),)), best_is=3),), {}, "E741 the total of a is not"),
        ((leaf("x", as_="bonus"), leaf("y")), {}, "E741 x has no maximum that is its weight"),
    ],
)
def test_trees_that_are_no_weighed_sums(tree: Any, rules: Any, said: str) -> None:
    """They are told, and not reckoned wrongly."""
    came_to = ranked(TWO, *tree, **rules)
    if said:
        assert refused(came_to, uniform(x=(1, 2))).split("E741")[1].strip().startswith(said.removeprefix("E741 "))
    else:
        assert isinstance(firmness(came_to, uniform(x=(1, 2)), 3), Firmness)


def test_what_is_left_out_is_told() -> None:
    """Where a criterion is dropped for one, the others weigh more for it: no one sum holds for all."""
    table = {"a": {"x": 9, "y": "missing"}, "b": {"x": 4, "y": 6}}

    assert refused(ranked(table, leaf("x"), leaf("y", missing=Drop())), uniform(x=(1, 2))).startswith(
        "E741 the total of a"
    )


def test_slips_in_what_is_asked() -> None:
    """No draws, ranges that invert, unknown criteria, too little concentration, nothing that moves."""
    came_to = ranked(TWO)

    assert refused(came_to, uniform(x=(1, 2)), draws=0) == "E742 0 draws (at least one)"
    assert "E740 a range from 3 to 2" in refused(came_to, uniform(x=(3, 2)))
    assert "E740 a range from -1 to 2" in refused(came_to, uniform(x=(-1, 2)))
    assert "E135 unknown criterion 'z'" in refused(came_to, uniform(z=(1, 2)))
    assert "E740 a concentration of 1 over 2 criteria" in refused(came_to, Ranges(Dirichlet(("x", "y"), 1)))
    assert "E740 nothing moves" in refused(came_to, Ranges())
    assert "E740 nothing moves" in refused(came_to, uniform())
    assert [one.code for one in problems_of(Ranges(Dirichlet(("z",), 9)), came_to.campaign)] == ["E135", "E740"]


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ((leaf("x", Proportional(10, "none", floor="none")),), "can bring more than its maximum"),
        ((leaf("x", MinMax(relative=True, all_equal="full")),), "hangs on others"),
        ((leaf("x", Binary(AtLeast(2)), min=1),), "begins above nothing"),
        ((leaf("x", Binary(AtLeast(2)), only_if=at_least("x", 1)),), "hangs on a condition"),
    ],
)
def test_bounds_that_are_not_known(tree: Any, said: str) -> None:
    """They are told, and not guessed."""
    with pytest.raises(Refused, match="E743") as told:
        waiting(ranked(TWO, *tree))
    assert said in str(told.value)


def test_nobody_is_ranked_by_points() -> None:
    """There is no place to bound."""
    with pytest.raises(Refused, match="E743 nobody is ranked by the total"):
        waiting(ranked(TWO, standings=()))


def test_a_missing_penalty_may_yet_cost_all() -> None:
    """The least a penalty can bring is its whole."""
    table = {"a": {"x": 2, "y": "missing"}, "b": {"x": 1, "y": 0}}
    tree = (leaf("x", Proportional(10, "full")), leaf("y", Proportional(10, "full"), as_="penalty"))

    first, second = waiting(ranked(table, *tree))

    assert (first.participant, first.totals, first.best, first.worst, first.missing) == ("a", (-8, 2), 1, 2, ("y",))
    assert (second.best, second.worst, second.missing) == (1, 2, ())


def test_bounds_where_nothing_is_missing() -> None:
    """Everybody stands where it stands, those tied in the order of their ids."""
    came_to = ranked({"a": {"x": 2}, "b": {"x": 1}}, leaf("x", Binary(AtLeast(2))))

    assert [one.participant for one in waiting(came_to)] == ["a", "b"]


def test_rounding_stays_as_it_is_earned() -> None:
    """Points that were rounded are earned as rounded; totals are not rounded again."""
    came_to = ranked(
        {"a": {"x": Fraction(1, 3)}, "b": {"x": 0}},
        leaf("x"),
        rounding=Rounding("half_up", "rounded", points=1, total=0),
    )
    shares, _ = field(came_to, uniform(x=(10, 10)))

    assert Fraction(shares.totals([10 * 1])[0], shares.scale) == Fraction(3, 10)


def test_weights_that_share_one_whole() -> None:
    """Drawn around those declared; under any weights is not claimed for them."""
    found = firmness(ranked(TWO), Ranges(Dirichlet(("x", "y"), 20)), 40)

    assert sum(found["a"].tally.values()) == 40
    assert found["a"].surely is None


def test_who_has_no_place_in_a_draw_is_not_counted() -> None:
    """No place, class or award counts as nothing."""
    tally = Redrawn()

    tally.count(ranked({"a": {"x": 1}}, leaf("x"), standings=()), "a")

    assert (tally.ranks, tally.classes, tally.awards) == ({}, {}, {})


def test_bounds_look_into_groups() -> None:
    """A criterion within a group is filled like any other."""
    rule = whole("g", Sum((leaf("x", Binary(AtLeast(2))), leaf("y", Binary(AtLeast(2))))))

    (one,) = waiting(ranked({"a": {"x": "missing", "y": 3}}, rule))

    assert (one.totals, one.missing) == ((10, 20), ("x",))


def test_a_standing_of_groups_is_not_drawn() -> None:
    """Places are counted within groups; the first standing by total is looked for among others."""
    bodies = (body("a", size="s"), body("b", size="t"))
    by_x = by_total(id="by_x", by=(Key(Indicator_("x")),))

    grouped = ranked(TWO, bodies=bodies, standings=(by_x, by_total(within="size")))

    assert "places are counted within groups" in refused(grouped, uniform(x=(1, 2)))


def test_what_is_tracked_or_for_others_brings_nothing() -> None:
    """And a whole that is no sum is told."""
    kinds = (body("a"), body("b", "province"))
    tree = (leaf("x"), leaf("y", earns=None, max=0), leaf("z", for_=Selector(("province",))))
    table = {"a": {"x": 5, "y": 1, "z": 1}, "b": {"x": 4, "y": 1, "z": 3}}
    best = whole("g", Greatest((leaf("x"), leaf("y"))))

    assert firmness(ranked(table, *tree, bodies=kinds), uniform(x=(1, 2)), 3)["a"].place == 2
    assert "E741 the total of a" in refused(ranked(TWO, best, leaf("x2", indicator="x")), uniform(x2=(1, 2)))
