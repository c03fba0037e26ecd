"""Way up: what is said to be enough is enough, one step less is not, and no cheaper way is left."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from emulation.awards import Award, Places
from emulation.conditions import All, Compare, Points, StateIs
from emulation.exact import Rational
from emulation.indicators import Count, Level, Milestone, Number, Over, Pool, Rank, Ratio, YesNo
from emulation.limits import Above, AtLeast, AtMost, Below, Indicator_
from emulation.names import label
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.periods import By, Span
from emulation.problems import Problem, Refused
from emulation.readiness import Readiness, Veto, When
from emulation.scenarios import way_up as way_up_room
from emulation.scenarios.efforts import Effort, levers_of, moved, problems_of
from emulation.scenarios.goals import FORMS, MeetTarget, ReachClass, ReachRank, ReachTotal, WinAward, reached, read_goal
from emulation.scenarios.ladder import climbs
from emulation.scenarios.way_up import WayUp, first_true, way_up, with_reports
from emulation.standings import Indicator_ as Standing_
from emulation.standings import Key
from emulation.targets import Target
from small import DAY, FEW, TODAY, at_least, body, by_total, contest, facts, indicator, leaf, outcome, share

GREEN, RED = "green", "red"
FOUR_FIFTHS = Fraction(4, 5)
AT_LATEST = indicator("x").time


def green_when(condition: Any, **fields: Any) -> Readiness:
    """Give two classes, the better under a condition."""
    return Readiness("r", (GREEN, RED), When(((GREEN, condition),)), RED, **fields)


def counts(values: dict[str, dict[str, Any]], *criteria: Any, **rules: Any) -> Outcome:
    """Score counts."""
    ids = dict.fromkeys(id for row in values.values() for id in row)
    frame = {"indicators": tuple(indicator(id, Count(label("files"))) for id in ids), "standings": (by_total(),)}
    return outcome(values, *criteria, **frame | rules)


def steps_of(way: WayUp) -> dict[str, Rational]:
    """Give by how much each figure of the mix moves."""
    return {} if way.mix is None else {step.lever.fact: step.by for step in way.mix.steps}


def alone(way: WayUp) -> dict[str, Rational | str]:
    """Give by how much each figure must move alone, or why it is not enough."""
    return {one.lever.fact: one.step.by if one.step else one.why for one in way.alone}


def after(came_to: Outcome, who: str, steps: dict[str, int], efforts: tuple[Effort, ...] = ()) -> Outcome:
    """Score with figures moved by so many steps."""
    declared = {one.id: one for one in efforts}
    levers = levers_of(came_to.campaign, came_to.observations, who, DAY, declared)
    changes = [
        change for lever in levers for change in moved(came_to.observations, who, lever, steps.get(lever.fact, 0), DAY)
    ]
    return score(came_to.campaign, with_reports(came_to.observations, changes), DAY)


# --- laws

small_counts = st.fixed_dictionaries({"x": st.integers(0, 8), "y": st.integers(0, 8)})
costs = st.tuples(st.integers(0, 4), st.integers(1, 4))


def brute(came_to: Outcome, goal: Any, efforts: tuple[Effort, ...]) -> Rational | None:
    """Give the least cost that reaches a goal, by trying every mix."""
    ranges = [range(int(one.at_most or 0) + 1) for one in efforts]
    found = [
        sum(effort.cost * count for effort, count in zip(efforts, mix, strict=True))
        for mix in product(*ranges)
        if reached(goal, after(came_to, "a", dict(zip([one.id for one in efforts], mix, strict=True))), "a")
    ]
    return min(found, default=None)


@FEW
@given(small_counts, small_counts, costs, st.sampled_from(["total", "class", "rank"]), st.integers(6, 18))
def test_no_cheaper_way_is_left(one: Any, other: Any, cost: Any, kind: str, total: int) -> None:
    """The cheapest mix costs what the cheapest of all mixes costs; what none reaches is blocked."""
    both = green_when(All((at_least("x", total // 2), at_least("y", total // 3))))
    came_to = counts({"a": one, "b": other}, leaf("x"), leaf("y"), readiness=(both,))
    efforts = (Effort("x", cost[0], at_most=5), Effort("y", cost[1], at_most=4))
    goal = {"total": ReachTotal(total), "class": ReachClass(GREEN), "rank": ReachRank(1)}[kind]

    way = way_up(came_to, "a", goal, efforts)

    least = brute(came_to, goal, efforts)
    assert (way.mix.cost if way.mix else None) == least
    assert way.is_possible == (least is not None)


@FEW
@given(small_counts, small_counts, st.integers(1, 20))
def test_a_step_alone_is_enough_and_one_less_is_not(one: Any, other: Any, total: int) -> None:
    """X4: sufficient and minimal on the grid."""
    came_to = counts({"a": one, "b": other}, leaf("x"), leaf("y"))
    way = way_up(came_to, "a", ReachTotal(total))
    assume(not way.is_there)

    for told in way.alone:
        assert told.step is not None
        fact, count = told.lever.fact, told.step.steps
        assert reached(way.goal, after(came_to, "a", {fact: count}), way.participant)
        assert not any(reached(way.goal, after(came_to, "a", {fact: less}), way.participant) for less in range(count))


@FEW
@given(small_counts, costs, st.integers(1, 16))
def test_more_ambition_never_costs_less(values: Any, cost: Any, total: int) -> None:
    """The way to a point more costs as much or more."""
    came_to = counts({"a": values}, leaf("x"), leaf("y"))
    efforts = (Effort("x", cost[0], at_most=9), Effort("y", cost[1], at_most=9))
    first, second = (way_up(came_to, "a", ReachTotal(goal), efforts).mix for goal in (total, total + 1))
    assume(second is not None)

    assert first is not None
    assert second is not None
    assert (first.cost or 0) <= (second.cost or 0)


@FEW
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=1, max_size=4), st.sampled_from([0, 7]))
def test_everybody_s_ways_are_those_searched_for_alone(rows: list[tuple[int, int]], pending: int) -> None:
    """What is reckoned at once is what the search finds."""
    values = {f"b{n}": {"x_of": min(of, among), "x_among": among, "y": n} for n, (of, among) in enumerate(rows)}
    rule = green_when(All((at_least("x", FOUR_FIFTHS), at_least("y", 2))))
    came_to = outcome(values, indicators=(share("x"), indicator("y", Count(label("files")))), readiness=(rule,))
    efforts = (Effort("x_of", 1, pending=pending), Effort("y", 1)) if pending else ()

    found = climbs(came_to, efforts)

    for one in found:
        way = way_up(came_to, one.participant, ReachClass(one.to), efforts)
        if one.steps is None:
            assert not way.is_possible
        else:
            assert {lever.fact: lever.sign * count for lever, count in one.steps} == steps_of(way)


# --- examples


def test_what_is_there_needs_nothing() -> None:
    """An empty plan."""
    way = way_up(counts({"a": {"x": 9}}, leaf("x")), "A", ReachTotal(9))

    assert (way.is_there, way.alone, steps_of(way)) == (True, (), {})


def test_conditions_that_all_ask_something_have_one_way() -> None:
    """Neither figure alone is enough; what is needed of each is told without costs."""
    rule = green_when(All((at_least("x", 5), at_least("y", 4))))
    way = way_up(counts({"a": {"x": 2, "y": 3}}, readiness=(rule,)), "a", ReachClass(GREEN))

    assert alone(way) == {"x": "not_enough", "y": "not_enough"}
    assert steps_of(way) == {"x": 3, "y": 1}
    assert way.mix is not None
    assert way.mix.cost is None


def test_a_trade_off_needs_costs() -> None:
    """Points of one criterion or of the other: without costs no mix is the cheapest, and none is guessed."""
    came_to = counts({"a": {"x": 2, "y": 3}}, leaf("x"), leaf("y"))

    without, costly = way_up(came_to, "a", ReachTotal(8)), (Effort("x", 3), Effort("y", 2, at_most=2))

    assert (alone(without), without.mix, without.is_possible) == ({"x": 3, "y": 3}, None, True)
    assert steps_of(way_up(came_to, "a", ReachTotal(8), costly)) == {"x": 1, "y": 2}


def test_of_the_next_so_many() -> None:
    """8 of 10 is 80 %; with ten more to come it takes eight of these."""
    came_to = outcome(
        {"a": {"x_of": 7, "x_among": 10}}, indicators=(share("x"),), readiness=(green_when(at_least("x", FOUR_FIFTHS)),)
    )

    assert alone(way_up(came_to, "a", ReachClass(GREEN))) == {"x_of": 1}
    way = way_up(came_to, "a", ReachClass(GREEN), [Effort("x_of", 1, pending=10)])
    assert steps_of(way) == {"x_of": 9}
    assert way.alone[0].lever.most == 10


def test_what_blocks_is_told() -> None:
    """With all figures as good as they can be, the conditions that fail are told with what they come to."""
    rule = green_when(All((at_least("x", 5), at_least("z", 4))))
    kinds = (indicator("x", Count(label("files"))), indicator("z", better=None))
    came_to = outcome({"a": {"x": 2, "z": 3}}, indicators=kinds, readiness=(rule,))

    way = way_up(came_to, "a", ReachClass(GREEN))

    assert way.blocked is not None
    assert [(judged.value, judged.bound) for judged in way.blocked.conditions] == [(3, 4)]


def test_a_veto_blocks() -> None:
    """A class forced whatever else holds is told as what fails."""
    rule = green_when(at_least("x", 5), vetoes=(Veto(at_least("z", 1), RED),))
    kinds = (indicator("x", Count(label("files"))), indicator("z", better=None))
    came_to = outcome({"a": {"x": 2, "z": 3}}, indicators=kinds, readiness=(rule,))

    way = way_up(came_to, "a", ReachClass(GREEN))

    assert way.blocked is not None
    assert len(way.blocked.conditions) == 1


def test_a_place_is_won_against_the_others() -> None:
    """All others stay as they are; a tie is a place shared."""
    came_to = counts({"a": {"x": 2}, "b": {"x": 6}, "c": {"x": 4}}, leaf("x"))

    assert alone(way_up(came_to, "a", ReachRank(1))) == {"x": 4}
    assert alone(way_up(came_to, "a", ReachRank(2))) == {"x": 2}


def test_a_place_in_another_standing() -> None:
    """By a figure, where points rank otherwise."""
    by_y = by_total(id="by_y", by=(Key(Standing_("y")),))
    came_to = counts({"a": {"x": 9, "y": 2}, "b": {"x": 6, "y": 7}}, leaf("x"), standings=(by_total(), by_y))

    assert alone(way_up(came_to, "a", "rank:by_y:1")) == {"x": "not_enough", "y": 5}
    assert way_up(came_to, "a", "rank:1").is_there
    with pytest.raises(Refused, match="E721 unknown standing 'by_z'"):
        way_up(came_to, "a", "rank:by_z:1")


def test_an_award_is_won_against_the_others() -> None:
    """The first place gets it, alone."""
    flag = Award("flag", standing="by_total", quota=Places(1), border="none")
    came_to = counts({"a": {"x": 2}, "b": {"x": 6}}, leaf("x"), awards=(flag,))

    assert alone(way_up(came_to, "a", WinAward("flag"))) == {"x": 5}


def test_a_target_by_its_day() -> None:
    """On a day before the deadline what is reported then counts."""
    rule = Target("t", at_least("x", 5), By(date(2025, 12, 1)))
    came_to = counts({"a": {"x": 2}}, targets=(rule,))

    assert alone(way_up(came_to, "a", MeetTarget("t"))) == {"x": 3}


KINDS = {
    "less": (Number(label("days")), "lower", 9, Compare(Indicator_("less"), AtMost(7)), -2),
    "yes": (YesNo(), "higher", 0, at_least("yes", 1), 1),
    "level": (Level(("low", "middle", "high")), "higher", 1, at_least("level", 3), 2),
    "place": (Rank(63), "lower", 20, Compare(Indicator_("place"), AtMost(1)), -19),
}


@pytest.mark.parametrize("id", KINDS)
def test_each_kind_of_figure_moves_on_its_own_grid(id: str) -> None:
    """Down where less is better, to done, up the levels, up somebody else's ranking."""
    kind, better, value, condition, by = KINDS[id]
    came_to = outcome(
        {"a": {id: value}}, indicators=(indicator(id, kind, better=better),), readiness=(green_when(condition),)
    )

    assert alone(way_up(came_to, "a", ReachClass(GREEN))) == {id: by}


def test_a_task_is_done_on_the_day() -> None:
    """One step from not done to done; what is done cannot be done earlier."""
    kind = indicator("m", Milestone(date(2025, 6, 20), "days"), better="lower")
    rule = green_when(Compare(Indicator_("m"), AtMost(12)))
    came_to = outcome({"a": {}}, indicators=(kind,), readiness=(rule,), as_of=date(2025, 6, 10))
    there = evolve(came_to, observations=Observations((Observation("a", "m", TODAY, date(2025, 6, 25).toordinal()),)))

    assert levers_of(came_to.campaign, there.observations, "a", DAY, {}) == ()
    (lever,) = levers_of(came_to.campaign, came_to.observations, "a", DAY, {})
    ((before, done),) = moved(came_to.observations, "a", lever, 1, DAY)
    assert (before, done.value) == (None, DAY.toordinal())


def test_a_figure_moves_on_the_decimals_it_is_reported_with() -> None:
    """Tenths where it is told in tenths, and any step that is declared."""
    came_to = outcome({"a": {"x": Fraction(25, 10)}}, leaf("x"))

    assert alone(way_up(came_to, "a", ReachTotal(3))) == {"x": Fraction(1, 2)}
    assert alone(way_up(came_to, "a", ReachTotal(3), [Effort("x", 1, step=2)])) == {"x": 2}


def test_what_is_pooled_is_not_moved_by_the_whole() -> None:
    """A body that gets its figure from its parts has none of its own to move."""
    kind = indicator("x", Count(label("files")), time=AT_LATEST, pooled=Pool("province", "commune", "known"))
    bodies = (body("p", "province"), body("a", parent="p"))
    came_to = outcome({"a": {"x": 2}}, indicators=(kind,), bodies=bodies, readiness=(green_when(at_least("x", 5)),))

    assert way_up(came_to, "p", ReachClass(GREEN)).alone == ()
    assert [one.how for one in climbs(came_to)] == ["searched", "reckoned"]


def test_each_stage_and_source_grows() -> None:
    """A figure reported twice is moved in both reports; the earlier ones of a flow stay."""
    rules, _ = contest(
        {"a": {"x": 2}}, leaf("x"), indicators=(indicator("x", Count(label("files")), time=Over("period")),)
    )
    may = Span(date(2025, 5, 1), date(2025, 5, 31))
    told = Observations(
        (Observation("a", "x", may, 3), Observation("a", "x", TODAY, 1), Observation("a", "x", TODAY, 1, source="s"))
    )
    (lever,) = levers_of(rules, told, "a", DAY, {})

    assert [(before and before.value, one.value) for before, one in moved(told, "a", lever, 2, DAY)] == [(1, 3), (1, 3)]


# --- against the clock

FLOW = indicator("x", Count(label("files")), time=Over("period"))


def paced(*told: tuple[int, int, int], by: date = date(2025, 7, 30), goal: int = 40, kind: Any = FLOW) -> Any:
    """Give the pace that a goal asks for, where so much was reported from a day of June to another."""
    rules, _ = contest({"a": {"x": 1}}, leaf("x", max=10), indicators=(kind,))
    reports = tuple(
        Observation("a", "x", Span(date(2025, 6, first), date(2025, 6, last)), of) for first, last, of in told
    )
    (one,) = way_up(score(rules, Observations(reports)), "a", ReachTotal(goal), by=by).alone
    assert one.step is not None
    return one.step.pace


def test_a_flow_s_pace_is_its_sum_over_its_days() -> None:
    """20 in 30 days; 20 more in the next 30 are on track."""
    pace = paced((1, 15, 12), (16, 30, 8))

    assert (pace.so_far, pace.state, pace.reached_on) == (Fraction(2, 3), "on_track", date(2025, 7, 30))
    assert paced((1, 30, 20), by=date(2025, 7, 29)).state == "behind"


def test_a_stock_s_pace_is_how_far_it_moved() -> None:
    """From 10 to 20 in 29 days; a stock of one report says nothing."""
    stock = evolve(FLOW, time=AT_LATEST)

    assert paced((1, 1, 10), (30, 30, 20), kind=stock).so_far == Fraction(10, 29)
    assert paced((30, 30, 20), kind=stock).state == "unknown"


def test_a_figure_that_goes_the_wrong_way_never_gets_there() -> None:
    """No day is promised."""
    stock = evolve(FLOW, time=AT_LATEST)
    pace = paced((1, 1, 30), (30, 30, 20), kind=stock)

    assert (pace.state, pace.reached_on) == ("behind", None)


def test_what_was_never_reported_has_no_pace() -> None:
    """What is needed a day is told, and no more."""
    assert paced().state == "unknown"


# --- slips


def told(kind: str) -> list[str]:
    """Give the codes of what is wrong with a goal."""
    came_to = counts({"a": {"x": 2}, "p": {"x": 1}}, leaf("x"), bodies=(body("a"), body("p", "province")))
    with pytest.raises(Refused) as refused:
        read_goal(kind, came_to.campaign, "a")
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (
            "clas:green",
            f"E720 'clas:green' is no goal ({FORMS}); did you mean class?",
        ),
        ("class:green", "E721 unknown class 'green' (there is no class for this participant)"),
        ("award:flag", "E721 unknown award 'flag' (there is no award for this participant)"),
        ("target:t", "E721 unknown target 't' (there is no target for this participant)"),
        ("rank:0", "E721 there is no place 0 (a place from 1 to 2)"),
        ("rank:3", "E721 there is no place 3 (a place from 1 to 2)"),
        ("rank:1.5", "E721 there is no place 1.5 (a place from 1 to 2)"),
        ("total:many", "E316 not a number: 'many' (write digits, as 12, 0.5, 80% or 17/20)"),
    ],
)
def test_goals_that_are_none(goal: str, said: str) -> None:
    """Each is told with what it could be."""
    assert told(goal) == [said]


def test_goals_that_are_some() -> None:
    """A known class, award, target, place, total."""
    flag = Award("flag", standing="by_total", quota=Places(1), border="none")
    target = Target("t", at_least("x", 5))
    rules = counts(
        {"a": {"x": 2}}, leaf("x"), readiness=(green_when(at_least("x", 5)),), awards=(flag,), targets=(target,)
    ).campaign
    goals = ["class:green", "award:flag", "target:t", "rank:1", "total:5/2"]

    assert [type(read_goal(one, rules, "a")).__name__ for one in goals] == [
        "ReachClass",
        "WinAward",
        "MeetTarget",
        "ReachRank",
        "ReachTotal",
    ]
    with pytest.raises(Refused, match="E721 there is no place 1"):
        read_goal("rank:1", evolve(rules, standings=()), "a")


def test_a_day_that_is_past() -> None:
    """The figures are of a later one."""
    with pytest.raises(Refused, match="E723 2025-06-01 is before the day of the figures, 2025-06-30"):
        way_up(counts({"a": {"x": 2}}, leaf("x")), "a", ReachTotal(9), by=date(2025, 6, 1))


@pytest.mark.parametrize(
    ("effort", "codes"),
    [
        (Effort("x", 1), []),
        (Effort("z", 1), ["E135"]),
        (Effort("x", -1, at_most=-1, step=0), ["E722", "E722", "E722"]),
        (Effort("x", 1, pending=3), ["E722"]),
        (Effort("s_of", 1, pending=-3), ["E722"]),
        (Effort("s_among", 1, pending=3), ["E722"]),
    ],
)
def test_efforts_that_cannot_be(effort: Effort, codes: list[str]) -> None:
    """Unknown facts, what is below zero, what is pending in no whole."""
    rules = outcome({"a": {"x": 1}}, indicators=(indicator("x"), share("s"))).campaign

    found: list[Problem] = list(problems_of(effort, rules))

    assert [one.code for one in found] == codes
    assert all(one.path[:2] == ("efforts", effort.id) for one in found)


def test_halving_finds_the_least() -> None:
    """The least of all for which it holds, by doubling first; none where none does."""
    assert [first_true(lambda n, least=least: n >= least, 9) for least in range(11)] == [*range(10), None]
    assert first_true(lambda n: n == 9, 5) is None


def test_nothing_moved_is_the_same_facts() -> None:
    """The very same record."""
    reported = facts({"a": {"x": 1}})

    assert with_reports(reported, []) is reported


RATIO = indicator("x", Ratio("x_of", "x_among"))


@pytest.mark.parametrize(
    ("limit", "better", "values", "steps"),
    [
        (AtLeast(FOUR_FIFTHS), "higher", (7, 10), {"x_of": 1}),
        (Above(FOUR_FIFTHS), "higher", (7, 10), {"x_of": 2}),
        (AtMost(FOUR_FIFTHS), "lower", (10, 10), {"x_of": -2}),
        (Below(FOUR_FIFTHS), "lower", (10, 10), {"x_of": -3}),
        (AtLeast(2), "higher", (7, 10), {"x_of": 13}),
    ],
)
def test_each_limit_is_reckoned_to_the_step(limit: Any, better: str, values: Any, steps: dict[str, int]) -> None:
    """At least and more than, at most and less than; a ratio that is no share may pass its whole."""
    rule = green_when(Compare(Indicator_("x"), limit))
    table = {"a": {"x_of": values[0], "x_among": values[1]}}
    (one,) = climbs(outcome(table, indicators=(evolve(RATIO, better=better),), readiness=(rule,)))

    assert one.how == "reckoned"
    assert {lever.fact: lever.sign * count for lever, count in one.steps or ()} == steps


@pytest.mark.parametrize(
    ("condition", "better"),
    [
        (Compare(Indicator_("x"), AtLeast(Indicator_("y"))), "higher"),
        (Compare(Points("x"), AtLeast(5)), "higher"),
        (at_least("x", 5), "lower"),
        (at_least("z", 5), "higher"),
        (All((at_least("x", 5), StateIs("y", ("measured",)))), "higher"),
    ],
)
def test_what_is_no_plain_bound_is_searched_for(condition: Any, better: str) -> None:
    """A bound that is a figure itself, points, a figure that moves the other way, one that is not counted."""
    kinds = (
        indicator("x", Count(label("files")), better=better),
        indicator("y", Count(label("files"))),
        indicator("z"),
    )
    table = {"a": {"x": 2, "y": 3, "z": 1}}
    (one,) = climbs(outcome(table, leaf("x"), indicators=kinds, readiness=(green_when(condition),)))

    assert one.how == "searched"


def test_a_figure_that_is_not_measured_is_searched_for() -> None:
    """There is no number to reckon from; the same for one whose whole is nothing."""
    kinds = (indicator("x", Count(label("files"))), share("s"))
    rule = green_when(All((at_least("x", 1), at_least("s", FOUR_FIFTHS))))
    table = {"a": {"x": "missing", "s_of": 1, "s_among": 1}, "b": {"x": 0, "s_of": 0, "s_among": 0}}

    assert [one.how for one in climbs(outcome(table, indicators=kinds, readiness=(rule,)))] == ["searched", "searched"]


def test_a_bound_beyond_the_ceiling_is_blocked() -> None:
    """What cannot be reckoned within what is declared is searched for, and what fails is told."""
    rule = green_when(at_least("x", 9))
    (one,) = climbs(counts({"a": {"x": 2}}, readiness=(rule,)), [Effort("x", 1, at_most=3)])

    assert (one.steps, one.blocked is None) == (None, False)


def test_the_best_class_and_places_have_no_next() -> None:
    """Who holds the best class climbs no further; a class by places is searched for against the others."""
    rule = green_when(at_least("x", 2))

    assert climbs(counts({"a": {"x": 2}}, readiness=(rule,))) == ()


def test_a_target_that_fails_is_told() -> None:
    """What its condition comes to at best."""
    rule = Target("t", at_least("z", 5))
    came_to = outcome({"a": {"z": 2}}, indicators=(indicator("z", better=None),), targets=(rule,))

    way = way_up(came_to, "a", MeetTarget("t"))

    assert way.blocked is not None
    assert [judged.value for judged in way.blocked.conditions] == [2]


def test_a_search_that_ends_early_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A way is found all the same, and it is enough; that none is cheaper is not claimed."""
    monkeypatch.setattr(way_up_room, "MOST_TRIALS", 0)
    came_to = counts({"a": {"x": 2, "y": 3}}, leaf("x"), leaf("y"))

    found = way_up(came_to, "a", "total:9", [Effort("x", 3, at_most=5), Effort("y", 2, at_most=5)]).mix

    assert found is not None
    assert not found.proven
    assert reached(ReachTotal(9), after(came_to, "a", {step.lever.fact: step.steps for step in found.steps}), "a")


def test_nobody_holds_a_class_where_there_is_none() -> None:
    """A goal is not reached by who is not classed."""
    assert not reached(ReachClass(GREEN), counts({"a": {"x": 2}}), "a")


def test_a_figure_without_an_end_has_no_ceiling() -> None:
    """A place in a ranking of which a greater number is better has nothing to stop it."""
    kind = indicator("place", Rank(63), better="higher")
    came_to = outcome({"a": {"place": 5}}, indicators=(kind,), readiness=(green_when(at_least("place", 9)),))

    assert alone(way_up(came_to, "a", "class:green")) == {"place": 4}
