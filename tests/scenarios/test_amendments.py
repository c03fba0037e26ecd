"""Amendments: every rule that reads otherwise is found, and put to those it moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from emulation.campaign import Campaign
from emulation.names import label
from emulation.outcome import Outcome, score
from emulation.readiness import Readiness, When
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.scenarios.amendments import Impact, amended, impact, with_rule
from emulation.scenarios.changes import Scenario, scenario
from emulation.scenarios.supposed import what_if
from small import at_least, by_total, leaf, outcome

GREEN = Readiness("r", ("green", "red"), When((("green", at_least("x", 5)),)), "red")
OLD = outcome(
    {"a": {"x": 5, "y": 0}, "b": {"x": 4, "y": 2}, "c": {"x": 3, "y": 4}},
    leaf("x"),
    leaf("y", max=1),
    standings=(by_total(),),
    readiness=(GREEN,),
)


def of(changes: Scenario, old: Outcome = OLD) -> Impact:
    """Give what an amendment does."""
    return impact(old, what_if(old, changes))


def paths(found: Impact) -> list[str]:
    """Give the paths of what was amended."""
    return [".".join(one.path) for one in found.amended]


def test_each_rule_that_reads_otherwise_is_found_where_it_stands() -> None:
    """A value, a rule of another kind, what is new and what is gone; once each."""
    found = of(
        scenario(
            set={"criteria.x.binary": {"at_least": 4}, "readiness.r.when.green.at_least": 4},
            new={"criteria.z": {"indicator": "y", "max": 1, "binary": {"at_least": 1}, "missing": "zero"}},
            drop=["criteria.y"],
        )
    )

    assert paths(found) == ["criteria.x.binary", "criteria.y", "criteria.z", "readiness.r.when.green.at_least"]
    assert [(one.before is None, one.after is None) for one in found.amended] == [
        (False, False),
        (False, True),
        (True, False),
        (False, False),
    ]


def test_words_change_no_result() -> None:
    """Titles and sources are not what an amendment is about."""
    assert amended(OLD.campaign, evolve(OLD.campaign, title=label("Other"), basis="another")) == ()


def test_a_rule_is_blamed_for_those_it_moves_alone() -> None:
    """Who goes up by it as by all, who enters a class by it."""
    found = of(scenario(set={"criteria.y.max": 10, "readiness.r.when.green.at_least": 4}))

    assert [(".".join(one.rule.path), [move.participant for move in one.moves]) for one in found.blamed] == [
        ("criteria.y.max", ["a", "c"]),
        ("readiness.r.when.green.at_least", ["b"]),
    ]
    assert [".".join(rule.path) for rule in found.rules_that_moved("c")] == ["criteria.y.max"]
    assert found.together == ()


def test_rules_that_move_someone_only_together() -> None:
    """Neither of two halves brings c past a; both do."""
    old = outcome({"a": {"x": 5, "y": 0}, "c": {"x": 3, "y": 4}}, leaf("x"), leaf("y", max=1), standings=(by_total(),))

    found = of(scenario(set={"criteria.x.max": 8, "criteria.y.max": "4.5"}), old)

    assert found.blamed == ()
    assert set(found.together) == {"a", "c"}


def test_a_rule_that_cannot_stand_alone_is_told() -> None:
    """A criterion of an indicator that the old rulebook has not."""
    new = {"number": {"en": "points"}, "at": "latest", "better": "higher"}
    rule = {"indicator": "z", "max": 1, "binary": {"at_least": 1}, "missing": "zero"}

    found = of(scenario(new={"indicators.z": new, "criteria.z": rule}))

    assert [".".join(one.path) for one in found.unsound] == ["criteria.z"]


def test_an_award_that_is_lost_is_put_to_its_rule() -> None:
    """Of a real campaign: with the flag dropped, all who held it lose it."""
    folder = Path(__file__).parents[2] / "campaigns" / "thai-nguyen-2025"
    rules = load_campaign(folder)
    old = score(rules, load_observations(folder / "observations.csv", rules))
    found = of(scenario(drop=["awards.flag"]), old)

    assert [len(one.moves) for one in found.blamed] == [9]


@pytest.mark.parametrize("name", ["pci-2006", "decision-766", "hau-giang-2024"])
def test_a_rulebook_beside_itself(name: str) -> None:
    """Nothing reads otherwise."""
    rules: Campaign = load_campaign(Path(__file__).parents[2] / "campaigns" / name)

    assert amended(rules, rules) == ()


def test_one_rule_put_into_the_old_rulebook() -> None:
    """The others stay as they were."""
    new = what_if(OLD, scenario(set={"criteria.y.max": 10, "criteria.x.max": 3})).campaign
    first = amended(OLD.campaign, new)[0]
    alone = with_rule(OLD.campaign, new, first)

    assert alone is not None
    assert (alone.criterion["x"].max, alone.criterion["y"].max) == (3, 1)


def test_conditions_of_another_number_are_one_change() -> None:
    """A list that grows is told whole: its items have no names."""
    two = scenario(
        set={"readiness.r.when.green": {"all": [{"indicator": "x", "at_least": 5}, {"indicator": "y", "at_least": 1}]}}
    )
    three = scenario(
        set={
            "readiness.r.when.green": {
                "all": [
                    {"indicator": "x", "at_least": 5},
                    {"indicator": "y", "at_least": 1},
                    {"indicator": "y", "at_least": 2},
                ]
            }
        }
    )
    old = what_if(OLD, two)

    assert paths(impact(old, what_if(OLD, three))) == ["readiness.r.when.green.all"]
