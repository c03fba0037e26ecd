"""Supposed: a scenario changes what its paths name and nothing else, and never the campaign it is applied to."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.admission import Admission
from emulation.campaign import Campaign
from emulation.exact import write_number
from emulation.indicators import Over
from emulation.observations import Observation, Observations
from emulation.outcome import score
from emulation.periods import Span
from emulation.problems import Refused
from emulation.report.records import outcome_json
from emulation.scenarios.changes import Scenario, scenario, typed
from emulation.scenarios.paths import spot_at
from emulation.scenarios.reported import FactChanged
from emulation.scenarios.supposed import RuleChanged, Supposed, suppose, what_if
from emulation.testing.contests import contests
from small import DAY, FEW, TODAY, by_total, contest, facts, indicator, leaf, points, share

Contest: TypeAlias = tuple[Campaign, Observations]

RULES, FACTS = contest(
    {"a": {"x": 4, "y": 2}, "b": {"x": 6, "y": 1}},
    leaf("x"),
    leaf("y"),
    standings=(by_total(),),
)


def refused(*scenarios: Scenario, rules: Campaign = RULES, reported: Observations = FACTS) -> list[str]:
    """Give the codes of what is wrong with scenarios."""
    with pytest.raises(Refused) as told:
        suppose(rules, reported, *scenarios)
    return [problem.code for problem in told.value.problems]


def total(supposed: Supposed) -> dict[str, Any]:
    """Give the totals that come of what is supposed."""
    return points(supposed.score())


# --- laws


@FEW
@given(contests())
def test_an_empty_scenario_gives_the_baseline_byte_for_byte(drawn: Contest) -> None:
    """W1: with nothing changed, the board is the same to the byte."""
    rules, reported = drawn
    before = score(rules, reported)

    assert outcome_json(what_if(before)) == outcome_json(before)
    assert outcome_json(what_if(before, scenario("nothing"))) == outcome_json(before)


@FEW
@given(contests(), st.data())
def test_a_change_and_the_change_back_give_the_baseline(drawn: Contest, data: st.DataObject) -> None:
    """W2: setting a rule otherwise and back again leaves rules and facts as they were."""
    rules, reported = drawn
    criteria = [one for one in rules.criteria if one.max]
    if not criteria:
        return
    one = data.draw(st.sampled_from(criteria))
    path = f"criteria.{one.id}.max"
    there, back = scenario("there", set={path: (one.max or 0) + 7}), scenario("back", set={path: one.max})
    try:
        found = suppose(rules, reported, there, back)
    except Refused:
        return  # weights that no longer add up are a rulebook's own affair

    assert (found.campaign, found.observations) == (evolve(rules, examples=()), reported)


@FEW
@given(contests(), st.data())
def test_changes_apart_from_one_another_can_be_made_in_any_order(drawn: Contest, data: st.DataObject) -> None:
    """W3: two scenarios that touch nothing in common commute."""
    rules, reported = drawn
    numbers = [one for one in reported if isinstance(one.value, int) and one.bound is None and not one.parts]
    criteria = [one for one in rules.criteria if one.max]
    if not numbers or not criteria:
        return
    told, one = data.draw(st.sampled_from(numbers)), data.draw(st.sampled_from(criteria))
    fact = f"observations.{told.participant}.{told.fact}.{told.span.last}"
    first, second = scenario("x", set={fact: told.value}), scenario("y", set={f"criteria.{one.id}.max": 3})
    try:
        there = suppose(rules, reported, first, second)
    except Refused:
        return
    back = suppose(rules, reported, second, first)

    assert (there.campaign, there.observations.reported) == (back.campaign, back.observations.reported)


# --- rules


def test_the_campaign_itself_is_not_touched() -> None:
    """What is supposed are other records; the real ones stay as they are."""
    before = score(RULES, FACTS)

    suppose(RULES, FACTS, scenario(set={"criteria.x.max": 20, "observations.a.x": 9}))

    assert outcome_json(score(RULES, FACTS)) == outcome_json(before)


def test_a_rule_reads_otherwise() -> None:
    """A value set stands where the path leads; what changed is told."""
    found = suppose(RULES, FACTS, scenario(set={"criteria.x.max": 20}))

    assert total(found) == {"a": 10, "b": 13}
    assert found.changed == (RuleChanged(("criteria", "x", "max"), 10, 20),)


def test_a_number_grows() -> None:
    """So much more of what stands there."""
    assert total(suppose(RULES, FACTS, scenario(more={"criteria.x.max": "2.5"}))) == {"a": 7, "b": Fraction(17, 2)}


def test_a_rule_is_left_out() -> None:
    """A criterion that is dropped has no points."""
    assert total(suppose(RULES, FACTS, scenario(drop=["criteria.y"]))) == {"a": 4, "b": 6}


def test_a_rule_is_new() -> None:
    """A criterion under an id of its own comes behind the others."""
    again = {
        "indicator": "y",
        "max": 5,
        "proportional": {"full_at": 10, "cap": "none", "floor": "none"},
        "missing": "zero",
    }

    found = suppose(RULES, FACTS, scenario(new={"criteria.again": again}))

    assert [one.id for one in found.campaign.criteria] == ["x", "y", "again"]
    assert total(found) == {"a": 7, "b": Fraction(15, 2)}


def test_a_whole_block_is_written_anew() -> None:
    """What is written under an id is read as in the campaign's file."""
    block = {"indicator": "x", "max": 1, "binary": {"at_least": 5}, "missing": "zero"}

    assert total(suppose(RULES, FACTS, scenario(set={"criteria.x": block}))) == {"a": 2, "b": 2}


def test_another_rule_in_the_place_of_one() -> None:
    """Setting another member of a union puts it there; the one that stood there is told."""
    found = suppose(RULES, FACTS, scenario(set={"criteria.x.binary": {"at_least": 5}}))

    (changed,) = found.changed
    assert isinstance(changed, RuleChanged)
    assert changed.before == RULES.criterion["x"].earns
    assert total(found) == {"a": 2, "b": 11}


def test_a_participant_that_is_left_out_takes_its_facts_along() -> None:
    """Who does not take part has reported nothing."""
    found = suppose(RULES, FACTS, scenario(drop=["participants.b"]))

    assert total(found) == {"a": 6}
    assert {one.participant for one in found.observations} == {"a"}


def test_the_day_can_be_set() -> None:
    """A scenario that sets as_of is scored for that day, whatever day was asked for."""
    found = suppose(RULES, FACTS, scenario(set={"as_of": "2025-02-01"}), as_of=DAY)

    assert found.score().as_of == date(2025, 2, 1)


def test_scenarios_go_on_from_one_another() -> None:
    """The second finds what the first has left."""
    twice = suppose(RULES, FACTS, scenario("a", more={"criteria.x.max": 1}), scenario("b", more={"criteria.x.max": 1}))

    assert spot_at(twice.campaign, "criteria.x.max").value == 12


def test_every_edition_of_the_rules_is_changed() -> None:
    """Rules with dated values have editions: the change is in all of them that have what it names."""
    later = evolve(RULES, criteria=(leaf("x"),))
    dated = evolve(RULES, editions=((date(2025, 1, 1), RULES), (date(2025, 6, 1), later)))

    found = suppose(dated, FACTS, scenario(set={"criteria.x.max": 20}, drop=["criteria.y"]))

    assert [len(edition.criteria) for _, edition in found.campaign.editions] == [1, 1]
    assert all(edition.criterion["x"].max == 20 for _, edition in found.campaign.editions)
    assert refused(scenario(set={"criteria.z.max": 20}), rules=dated) == ["E700"]


def test_rules_that_no_longer_agree_are_refused_at_their_change() -> None:
    """A campaign that would be ill-formed is not scored; the problem stands at the change that makes it."""
    assert refused(scenario(drop=["indicators.x"]), rules=RULES) == ["E135"]
    assert refused(scenario(new={"participants.c": {"name": "C", "kind": "commune", "parent": "z"}})) == ["E146"]


def test_floats_are_refused() -> None:
    """A float is not what was written: 0.1 is not a tenth."""
    with pytest.raises(Refused, match=r"E705 0\.1 is a float"):
        scenario(set={"criteria.x.max": 0.1})
    with pytest.raises(Refused, match="E316 not a number"):
        scenario(more={"criteria.x.max": "some"})


def test_values_of_python_are_read_as_if_written() -> None:
    """Texts, whole numbers, fractions, days, truths, lists and maps stand for what a file would have."""
    rule = {"indicator": "x", "max": Fraction(1, 2), "linear": {"zero_at": 0, "full_at": 10, "clip": True}}
    found = suppose(RULES, FACTS, scenario(set={"as_of": date(2025, 3, 1), "period.from": date(2025, 2, 1)}))

    assert found.campaign.as_of == date(2025, 3, 1)
    assert refused(scenario(set={"criteria.x": rule})) != []
    assert refused(scenario(set={"criteria.x.title": [1, 2]})) == ["E154"]


def test_typed_changes_are_read_as_a_file_would_be() -> None:
    """PATH=VALUE, the value as it would stand behind its key."""
    changes = typed(["criteria.x.binary={at_least: 5}"], ["criteria.y.max=1"], ["standings.by_total"])

    assert total(suppose(RULES, FACTS, changes)) == {"a": Fraction(11, 5), "b": Fraction(111, 10)}


# --- facts


FLOWS = contest({"a": {"x": 4}}, leaf("x"), indicators=(indicator("x", time=Over("period")),))[0]
JUNE, MAY = Span(date(2025, 6, 1), DAY), Span(date(2025, 5, 1), date(2025, 5, 31))
REPORTED = Observations((Observation("a", "x", MAY, 3), Observation("a", "x", JUNE, 4)))


def test_a_stock_is_set_on_the_day_of_the_board() -> None:
    """The figure of the day is another; without one there is a new one."""
    found = suppose(RULES, facts({"a": {"x": 4, "y": 2}}), scenario(set={"observations.a.x": 9, "observations.b.y": 1}))

    assert total(found) == {"a": 11, "b": 1}
    assert found.changed[1] == FactChanged(None, evolve(found.observations.reported[-1]))


def test_a_fact_can_be_set_to_a_state() -> None:
    """A state is written in brackets, as in a worked example."""
    found = suppose(RULES, FACTS, scenario(set={"observations.a.x": "[missing]"}))

    assert found.score().measurements["x"]["a"].state == "missing"


def test_a_fact_can_be_left_out() -> None:
    """What is dropped was never reported."""
    assert len(suppose(RULES, FACTS, scenario(drop=["observations.a.x"])).observations) == len(FACTS) - 1


def test_a_flow_of_several_reports_is_set_by_its_day() -> None:
    """Which of them is meant is not guessed."""
    assert refused(scenario(set={"observations.a.x": 5}), rules=FLOWS, reported=REPORTED) == ["E706"]
    found = suppose(FLOWS, REPORTED, scenario(set={"observations.a.x.2025-05-31": 5}))
    assert total(found) == {"a": 9}
    assert refused(scenario(set={"observations.a.x.2025-05-30": 5}), rules=FLOWS, reported=REPORTED) == ["E706"]


def test_a_flow_grows_in_its_latest_report() -> None:
    """More of a sum is more of any of its parts."""
    found = suppose(FLOWS, REPORTED, scenario(more={"observations.a.x": 2}))

    assert [one.value for one in found.observations] == [3, 6]


def test_a_flow_that_was_not_reported_is_set_for_its_whole_window() -> None:
    """Up to the day of the board."""
    (one,) = suppose(FLOWS, Observations(), scenario(set={"observations.a.x": 2})).observations

    assert one.span == Span(date(2025, 1, 1), DAY)


def test_a_fact_is_set_at_a_stage() -> None:
    """Without a stage it is the same at all; a stage named is the only one that changes."""
    staged = evolve(RULES, admission=Admission(stages=("self", "verified"), counts="verified"))
    told = Observations(tuple(Observation("a", "x", TODAY, 4, stage=stage) for stage in ("self", "verified")))

    one = suppose(staged, told, scenario(set={"observations.a.x@self": 9})).observations
    both = suppose(staged, told, scenario(set={"observations.a.x": 9})).observations
    new = suppose(staged, Observations(), scenario(set={"observations.a.x": 9})).observations

    assert [fact.value for fact in one] == [9, 4]
    assert [fact.value for fact in both] == [9, 9]
    assert [fact.stage for fact in new] == ["self", "verified"]


def test_what_a_table_could_not_hold_is_refused() -> None:
    """A supposed figure is read as a cell is: its slips are told in the same words."""
    assert refused(scenario(set={"observations.a.x": "many"})) == ["E317"]
    assert refused(scenario(set={"observations.a.z": 1, "observations.c.x": 1})) == ["E135", "E318"]
    assert refused(scenario(more={"observations.b.x.2025-06-29": 1})) == ["E706"]


def test_a_supposed_figure_says_which_scenario_it_comes_from() -> None:
    """In the place of a file stands the scenario."""
    found = suppose(RULES, FACTS, scenario("better", set={"observations.a.x": 9}))

    assert [one.file for one in found.observations if one.value == 9] == ["scenario better"]


def test_a_number_is_written_as_it_is_meant() -> None:
    """What grows by a fraction is exact."""
    found = suppose(RULES, FACTS, scenario(more={"observations.a.x": Fraction(1, 4)}))

    assert write_number(found.observations.reported[0].value or 0) == "4.25"


def test_new_facts_are_set_and_not_made_new() -> None:
    """What was not reported is set like what was."""
    assert refused(scenario(new={"observations.a.x": 9})) == ["E704"]


def test_a_path_may_end_in_what_is_no_day() -> None:
    """Ten signs that are no date are no day of the calendar."""
    assert refused(scenario(set={"observations.a.x.2025-13-01": 9})) == ["E318"]


def test_a_typed_change_needs_a_value() -> None:
    """What stands before the sign of equality is the path."""
    with pytest.raises(Refused, match=r"--set:1:1 E711 'criteria\.x\.max' has no value"):
        typed(["criteria.x.max"])


def test_a_part_stays_within_its_whole() -> None:
    """What a scenario makes more than its whole is refused; what was so before is no doing of the scenario's."""
    table = {"a": {"s_of": 5, "s_among": 4, "t_of": 1, "t_among": 4}}
    rules, reported = contest(table, indicators=(share("s"), share("t")))

    assert suppose(rules, reported, scenario(more={"observations.a.t_of": 3})).changed
    assert refused(scenario(more={"observations.a.t_of": 4}), rules=rules, reported=reported) == ["E327"]
    assert refused(scenario(set={"observations.a.t_among": 0}), rules=rules, reported=reported) == ["E327"]
