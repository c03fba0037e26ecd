"""Checks: names, times and conditions that do not agree are found, each with the path to where it stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from emulation.awards import Award, Places, Ruling, UpTo
from emulation.campaign import Campaign
from emulation.checks import criterion_paths, problems_of, records_in
from emulation.conditions import (
    All,
    AllAre,
    Children,
    Compare,
    CountOf,
    Every,
    None_,
    NoneAre,
    Place,
    Points,
    Readiness_,
    ShareOf,
    ShareOfMax,
    TargetMet,
)
from emulation.conditions import (
    Any as AnyOf,
)
from emulation.criteria import BestOf, Mean, Sum
from emulation.formulas import read_formula
from emulation.gaps import Gaps, Zero
from emulation.indicators import At, Change, Exclusion, Formula, Level, Milestone, Over, Pool, Ratio, Sample, Share
from emulation.limits import Above, AtLeast, Between, Equals, Indicator_, Peers
from emulation.outcome import score
from emulation.participants import Selector
from emulation.periods import Calendar, Window
from emulation.readiness import ByPlace, ClassCap, ClassQuota, Override, Quantiles, Readiness, Veto, When
from emulation.standings import CountBack, Key
from emulation.standings import Indicator_ as Ranked
from emulation.targets import Target
from emulation.testing.contests import campaigns, contests
from small import FEW, at_least, body, by_total, campaign, facts, indicator, leaf, share, whole

GREEN = When((("green", at_least("x", 5)),))
RED = {"classes": ("green", "red"), "classing": GREEN, "otherwise": "red"}
SOUND: dict[str, Any] = {
    "indicators": (indicator("x"), indicator("y"), share("s")),
    "criteria": (leaf("x"), leaf("y")),
    "standings": (by_total(),),
    "readiness": (Readiness("r", **RED),),
    "targets": (Target("t", at_least("x", 5)),),
    "gaps": Gaps(*[Zero()] * 5),
}


def rules(**changes: Any) -> Campaign:
    """Give a sound campaign, but for the changes."""
    return campaign(*changes.pop("bodies", (body("a", cluster="e"),)), **SOUND | changes)


def found(**changes: Any) -> list[str]:
    """Give what is wrong with a campaign that is sound but for the changes, as code and path."""
    return [f"{problem.code} {'.'.join(problem.path)}".strip() for problem in problems_of(rules(**changes))]


def condition(when: Any, **changes: Any) -> list[str]:
    """Give what is wrong with a condition that an award needs."""
    return found(awards=(Award("w", needs=when),), **changes)


def and_one(source: Any = None, **fields: Any) -> dict[str, Any]:
    """Give a change: one indicator more."""
    return {"indicators": (*SOUND["indicators"], indicator("m", source, **fields))}


def test_a_sound_campaign() -> None:
    """A campaign whose rules agree has no problem."""
    assert found() == []


@FEW
@given(campaigns(most=2))
def test_a_sound_campaign_runs(drawn: Campaign) -> None:
    """A campaign without problems can be scored, whatever was or was not reported."""
    if not problems_of(drawn):
        assert len(list(score(drawn, facts({})))) == len(drawn.participants)


@FEW
@given(contests(most=2))
def test_every_record_has_a_path(drawn: tuple[Campaign, object]) -> None:
    """Walking a campaign's records meets every criterion, each at a path that ends in its id."""
    campaign_, _ = drawn
    paths = criterion_paths(campaign_)

    assert paths.keys() == campaign_.criterion.keys()
    assert all(path[0] == "criteria" and path[-1] == id for id, path in paths.items())


def test_paths_are_those_of_the_yaml() -> None:
    """A path has the keys that the YAML has: words for unions, ids for maps, none for what is written bare."""
    tree = whole("w", BestOf(1, (whole("v", Mean((leaf("x", only_if=All((at_least("s", 80),))),))), leaf("y"))))
    paths = {".".join(one.path) for one in records_in(rules(criteria=(tree,)))}

    assert found(criteria=(tree,))[0].startswith("E164 criteria.w.best_of.of.v.mean.x.only_if")
    assert {"criteria.w.best_of.of.v.mean.x.proportional", "readiness.r.when.green", "targets.t", "period"} <= paths


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"criteria": (leaf("k", indicator="xx"),)}, "E135 criteria.k.indicator"),
        ({"criteria": (leaf("x", for_=Selector(kind=("town",))),)}, "E135 criteria.x.for.kind"),
        ({"criteria": (leaf("x", for_=Selector(group=(("region", ("r",)),))),)}, "E135 criteria.x.for.group"),
        ({"criteria": (leaf("x", for_=Selector(id=("z",))),)}, "E135 criteria.x.for.id"),
        ({"criteria": (leaf("x", within="region"),)}, "E135 criteria.x.within"),
        ({"criteria": (leaf("x", only_if=at_least("z", 1)),)}, "E135 criteria.x.only_if.indicator"),
        ({"standings": (by_total(then=(CountBack(("x", "k")),)),)}, "E135 standings.by_total.then.0"),
        (and_one(Change("x", "z", "difference"), time=None), "E135 indicators.m.change.since"),
        (and_one(Formula(read_formula("x + z")), time=None), "E135 indicators.m.formula"),
        (and_one(time=Over("spring")), "E135 indicators.m.over"),
        ({"awards": (Award("w", standing="s2", border="share"),)}, "E135 awards.w.standing"),
        ({"awards": (Award("w", needs=TargetMet("t2")),)}, "E135 awards.w.needs"),
        ({"awards": (Award("w", needs=Readiness_(("gren",))),)}, "E135 awards.w.needs"),
        ({"awards": (Award("w", needs=Children("town", AllAre("green"))),)}, "E135 awards.w.needs.children"),
    ],
)
def test_a_name_of_nothing(changes: dict[str, Any], problem: str) -> None:
    """A name of what is not declared is found where it is written."""
    assert any(one.startswith(problem) for one in found(**changes))


def test_a_rulebook_without_participants() -> None:
    """Where nobody is listed yet, kinds, groups and ids are not asked for."""
    assert found(bodies=(), criteria=(leaf("x", for_=Selector(kind=("town",), id=("z",))),)) == []


def test_a_near_name_is_suggested() -> None:
    """A misspelt name comes with the nearest that is declared."""
    (problem,) = problems_of(rules(criteria=(leaf("k", indicator="xs"),)))

    assert str(problem) == "criteria.k.indicator E135 unknown indicator 'xs'; did you mean x?"


def test_parts_of_ratios_name_themselves() -> None:
    """A part of a ratio that is no indicator is a fact of that name; exclusions too."""
    law = (("posted", Exclusion("Article 3", of="posted", among="posted")),)
    ratio = indicator("m", Share("on_time", "all", law))

    assert found(indicators=(*SOUND["indicators"], ratio)) == []


# --- the frame and the indicators ------------------------------------------------------------------------------------

DAY_ONE = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"period": Window(DAY_ONE)}, "E123 period"),
        ({"rounds": (("r", Window(DAY_ONE, workdays=0)),)}, "E123 rounds.r"),
        ({"calendar": Calendar(workweek=())}, "E123 calendar.workweek"),
    ],
)
def test_days_that_are_none(changes: dict[str, Any], problem: str) -> None:
    """A period, a round and a working week have days."""
    assert [one.startswith(problem) for one in found(**changes)] == [True]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"source": Change("x", "y", "gap_closed"), "time": None}, "E153 indicators.m.change"),
        ({"source": Formula(read_formula("x")), "time": At("latest")}, "E114 indicators.m"),
        ({"source": Ratio("x", "y"), "time": At("latest")}, "E114 indicators.m"),
        ({"time": None}, "E153 indicators.m"),
        ({"source": Ratio("x", "fact"), "time": None}, "E153 indicators.m"),
        ({"time": Over("period"), "stale_after": 5}, "E114 indicators.m.stale_after"),
        ({"stale_after": -1}, "E118 indicators.m.stale_after"),
        ({"source": Sample("yes", "asked", 0)}, "E118 indicators.m.sample.at_least"),
        ({"source": Level(("low", "high")), "time": Over("period")}, "E114 indicators.m"),
        ({"source": Milestone(DAY_ONE, "days"), "time": Over("period")}, "E114 indicators.m"),
        ({"source": Level(("low", "high")), "pooled": Pool("commune", "commune", "known")}, "E114 indicators.m.pooled"),
        (
            {"source": Formula(read_formula("x")), "time": None, "pooled": Pool("commune", "commune", "known")},
            "E114 indicators.m.pooled",
        ),
    ],
)
def test_an_indicator_that_cannot_be_measured(fields: dict[str, Any], problem: str) -> None:
    """An indicator's time, roll-up and sample must fit what it is."""
    assert [one.startswith(problem) for one in found(**and_one(**fields))] == [True]


def test_indicators_made_of_themselves() -> None:
    """A circle of indicators is shown once, all the way round."""
    ring = [indicator(one, Formula(read_formula(f"{other} + 1")), time=None) for one, other in ("mn", "no", "om")]
    problems = problems_of(rules(indicators=(*SOUND["indicators"], *ring)))

    assert [problem.what for problem in problems] == ["made of itself: m -> n -> o -> m"]


def test_indicators_made_of_others_too_deep() -> None:
    """A long chain of indicators is refused once, at the first that is too deep."""
    chain = [indicator("m0")]
    chain += [indicator(f"m{n}", Formula(read_formula(f"m{n - 1} + 1")), time=None) for n in range(1, 400)]

    assert [one.partition(" ")[0] for one in found(indicators=(*SOUND["indicators"], *chain))] == ["E103"]
    assert found(indicators=(*SOUND["indicators"], *chain[:5])) == []


# --- conditions ------------------------------------------------------------------------------------------------------


def test_what_is_not_measured_must_come_to_something() -> None:
    """A campaign that compares says what a comparison over something not measured comes to."""
    assert found(unmeasured=None) == ["E143"]
    assert found(unmeasured=None, readiness=(), targets=()) == []


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (Children("commune", ShareOf("green")), "E153"),
        (Children("commune", AllAre("green"), AtLeast(1)), "E114"),
        (at_least("s", 80), "E164"),
        (at_least("x", Peers("mean", relative=False)), "E147"),
        (at_least("x", Peers("mean_of_best", relative=True)), "E153"),
        (at_least("x", Peers("mean_of_best", relative=True, count=0)), "E153"),
        (Compare(Points("total"), AtLeast(Peers("mean", relative=True))), "E153"),
    ],
)
def test_a_condition_that_says_too_little_or_too_much(when: Any, code: str) -> None:
    """A condition's limit and yardstick must fit what they limit."""
    assert [one.partition(" ")[0] for one in condition(when)] == [code]


@pytest.mark.parametrize(
    "when",
    [
        Children("commune", CountOf("green"), AtLeast(1)),
        Children("commune", AllAre("green")),
        at_least("s", Fraction(4, 5)),
        Compare(Indicator_("s"), Between(0, 80)),
        at_least("x", Peers("mean_of_best", relative=True, count=3)),
        Compare(Points("total"), AtLeast(Peers("mean", relative=True, of=("x",)))),
        Compare(Points("total"), Between(1, 2)),
        TargetMet("t"),
        Readiness_(("green",)),
    ],
)
def test_a_condition_that_fits(when: Any) -> None:
    """A condition that fits is left alone."""
    assert condition(when) == []


@pytest.mark.parametrize(
    "when",
    [
        Compare(Points("y"), Above(1)),
        Compare(ShareOfMax("y"), Above(0)),
        Compare(Place("by_total"), Equals(1)),
        Every("criterion", Above(0)),
        TargetMet("t"),
        Readiness_(("green",)),
        Children("commune", NoneAre("red")),
        All((at_least("x", 1), TargetMet("t"))),
        Children("commune", NoneAre(Readiness_(("red",)))),
    ],
)
def test_points_cannot_look_ahead(when: Any) -> None:
    """A criterion's gate sees what is measured; places, targets and classes come after points."""
    assert {one.partition(" ")[0] for one in found(criteria=(leaf("x", only_if=when), leaf("y")))} == {"E169"}
    assert found(criteria=(leaf("x", only_if=Children("commune", NoneAre(at_least("x", 9)))), leaf("y"))) == []


def test_a_target_cannot_look_at_itself() -> None:
    """A target sees the classes and targets of children, not those of its own participant."""
    for when in (Readiness_(("green",)), AnyOf((at_least("x", 1), None_((TargetMet("t"),))))):
        assert found(targets=(Target("t", when),)) == ["E169 targets.t"]
    below = Children("commune", AllAre(All((Readiness_(("green",)), TargetMet("t")))))
    assert found(targets=(Target("t", at_least("x", 5)), Target("u", below))) == []


def test_a_class_cannot_look_at_itself() -> None:
    """A class sees targets, points and places, and the classes of children, not the one it is about to give."""
    own = Readiness_(("green",))
    changes: list[dict[str, Any]] = [
        {"classing": When((("green", own),))},
        {"caps": (ClassCap(own, "red"),)},
        {"vetoes": (Veto(All((own,)), "red"),)},
    ]
    for change in changes:
        assert found(readiness=(Readiness("r", **RED | change),)) == ["E169 readiness.r"]
    seen = When((("green", All((TargetMet("t"), Compare(Place("by_total"), Equals(1))))),))
    assert found(readiness=(Readiness("r", **RED | {"classing": seen}),)) == []


# --- standings, classes, awards --------------------------------------------------------------------------------------


def test_a_standing_needs_a_key_and_a_direction() -> None:
    """A standing says by what it ranks, and which way an indicator is ranked by."""
    either_way = (*SOUND["indicators"], indicator("m", better=None))

    assert found(standings=(by_total(by=()),)) == ["E153 standings.by_total.by"]
    assert found(standings=(by_total(then=(Key(Ranked("m")),)),), indicators=either_way) == ["E160 indicators.m"]
    assert found(standings=(by_total(then=(Key(Ranked("m"), "lower"),)),), indicators=either_way) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"classing": When((("gren", at_least("x", 5)),))}, "E135 readiness.r"),
        ({"classing": ByPlace("by_total", (("gren", 1),), "down", "up")}, "E135 readiness.r"),
        ({"caps": (ClassCap(at_least("x", 5), "amber"),)}, "E135 readiness.r"),
        ({"vetoes": (Veto(at_least("x", 5), "amber"),)}, "E135 readiness.r"),
        ({"overrides": (Override(Selector(), "amber", "law"),)}, "E135 readiness.r"),
        ({"otherwise": "amber"}, "E135 readiness.r"),
        ({"otherwise": None}, "E143 readiness.r"),
        ({"classes": ("green", "red", "red")}, "E132 readiness.r.classes"),
    ],
)
def test_classes_that_do_not_agree(change: dict[str, Any], problem: str) -> None:
    """A class that is given is one of the classes, each of which is listed once."""
    assert any(one.startswith(problem) for one in found(readiness=(Readiness("r", **RED | change),)))


def test_quantiles_need_no_rest() -> None:
    """Quantiles class everybody who is ranked."""
    quartiles = Quantiles("by_total", "best", "up")

    assert found(readiness=(Readiness("r", ("green", "red"), quartiles),)) == []


def test_nobody_is_classed_twice() -> None:
    """Two rules that class the same participant are found; two that class different ones are not."""
    wards = Selector(kind=("ward",))
    two = (Readiness("r", **RED), Readiness("q", **RED))
    apart = (two[0], evolve(two[1], for_=wards))
    both = (body("a"), body("w", "ward"))

    assert found(readiness=two) == ["E166 readiness.q"]
    assert found(readiness=(evolve(two[0], for_=Selector(kind=("commune",))), apart[1]), bodies=both) == []


@pytest.mark.parametrize(
    ("award", "problem"),
    [
        (Award("w", quota=Places(1)), "E153 awards.w"),
        (Award("w", standing="by_total", quota=Places(1)), "E142 awards.w"),
        (Award("w", standing="by_total", quota=Places(0), border="share"), "E141 awards.w"),
        (Award("w", standing="by_total", quota=UpTo(0, "ranked", "down"), border="share"), "E141 awards.w"),
        (Award("w", standing="by_total", quota=UpTo(2, "ranked", "down"), border="share"), "E141 awards.w"),
    ],
)
def test_an_award_that_cannot_be_given(award: Award, problem: str) -> None:
    """A quota needs an order, a border rule and a number that makes sense."""
    assert [one.startswith(problem) for one in found(awards=(award,))] == [True]


def test_awards_exclude_only_earlier_ones() -> None:
    """An award that is given later, or is none, cannot exclude."""
    first, second = Award("a", needs=at_least("x", 1)), Award("b", needs=at_least("x", 1))

    assert found(awards=(first, evolve(second, not_with=("a",)))) == []
    assert found(awards=(evolve(first, not_with=("b",)), second)) == ["E114 awards.a"]
    assert found(awards=(evolve(first, not_with=("z",)), second)) == ["E135 awards.a.not_with.0"]


def test_a_revoked_award_says_what_becomes_of_the_place() -> None:
    """A ruling that takes an award away asks for ``vacated``; one that holds it does not."""
    award, revoked = Award("a", needs=at_least("x", 1)), Ruling("a", "a", "revoked", "us", date(2025, 1, 1), "why")

    assert found(awards=(award,), rulings=(revoked,)) == ["E153 awards.a"]
    assert found(awards=(evolve(award, vacated="passes_on"),), rulings=(revoked,)) == []
    assert found(awards=(award,), rulings=(evolve(revoked, ruling="held"),)) == []


def test_an_award_that_can_be_given() -> None:
    """A quota with its order and border is left alone, and so is an award for all who are fit."""
    flag = Award("w", standing="by_total", quota=UpTo(Fraction(1, 10), "ranked", "down"), border="share")

    assert found(awards=(flag, Award("v"))) == []
    assert found(criteria=(whole("s", Sum((leaf("x"), leaf("y")))),)) == []


@pytest.mark.parametrize(
    ("quota", "problems"),
    [
        (ClassQuota("green", Fraction(1, 5), ("green",), "down", "by_total", "up"), []),
        (ClassQuota("green", 0, ("green",), "down", "by_total", "up"), ["E141 readiness.r.quotas.0.share"]),
        (ClassQuota("green", 2, ("green",), "down", "by_total", "up"), ["E141 readiness.r.quotas.0.share"]),
        (ClassQuota("green", 1, (), "down", "by_total", "up"), ["E153 readiness.r.quotas.0.of"]),
        (ClassQuota("red", 1, ("green",), "down", "by_total", "up"), ["E114 readiness.r.quotas.0.class"]),
    ],
)
def test_a_quota_of_a_class(quota: ClassQuota, problems: list[str]) -> None:
    """A quota is a share of somebody, and leaves a class to move down to."""
    assert found(readiness=(Readiness("r", **RED, quotas=(quota,)),)) == problems


def test_a_quota_of_another_rules_class() -> None:
    """A quota limits a class of its own rule."""
    quota = ClassQuota("good", 1, ("green",), "down", "by_total", "up")
    other = Readiness("o", ("good", "bad"), When((("good", at_least("x", 5)),)), "bad", for_=Selector(id=("z",)))

    assert "E135 readiness.r.quotas.0.class" in found(readiness=(Readiness("r", **RED, quotas=(quota,)), other))
