"""Contests: strategies for whole sound campaigns, and for what is reported in them.

>>> from hypothesis import given
>>> from emulation.outcome import score
>>> @given(contests())
... def test_a_board_names_everybody(contest):
...     campaign, observations = contest
...     assert len(tuple(score(campaign, observations))) == len(campaign.participants)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import cast

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import emulation.awards as award
import emulation.conditions as condition
import emulation.gaps as gap
import emulation.limits as limit
import emulation.readiness as ready
import emulation.standings as order
from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.criteria import (
    TOTAL,
    Criterion,
    Rounding,
)
from emulation.indicators import (
    Indicator,
)
from emulation.names import (
    AwardId,
    ClassName,
    StandingId,
    TargetId,
    label,
)
from emulation.observations import Observations
from emulation.participants import Selector
from emulation.periods import Before, By
from emulation.targets import Target
from emulation.testing.facts import (
    AS_OF,
    CLUSTER,
    COMMUNE,
    COMMUNES,
    MODES,
    PROVINCE,
    YEAR,
    Strategy,
    indicators,
    observations,
    people,
    pick,
    seldom,
    shares,
)
from emulation.testing.worth import conditions_of, criteria


@cache
def roundings() -> SearchStrategy[Rounding]:
    """Where points are rounded, how, and which value decides."""
    decimals = st.none() | st.integers(0, 3)
    return st.builds(
        Rounding, st.sampled_from(MODES), st.sampled_from(("rounded", "exact")), decimals, decimals, decimals
    )


@st.composite
def campaigns(draw: DrawFn, *, most: int = 5) -> Campaign:
    """Sound campaigns: indicators, a scoring tree, targets, classes, standings and awards of every kind."""
    bodies, measured = draw(people(most)), draw(indicators())
    tree = draw(criteria(measured))
    return Campaign(
        "drawn",
        label("Drawn"),
        YEAR,
        bodies,
        "report",
        as_of=AS_OF,
        unmeasured=pick(draw, ("not_met", "undecided")),
        indicators=measured,
        criteria=tree,
        rounding=draw(roundings()),
        gaps=gap.Gaps(gap.Zero(), gap.Drop(), gap.Missing(), gap.Zero(), gap.Zero()),
        targets=draw(_targets(measured)),
        standings=draw(_standings(measured, tree)),
        readiness=draw(_classes(measured)),
        awards=draw(_awards(measured)),
    )


def is_sound(campaign: Campaign) -> bool:
    """Say whether a campaign's rules agree with one another."""
    return not problems_of(campaign)


def _children() -> list[condition.Condition]:
    wanted = ClassName("green")
    counted: list[condition.Counting] = [
        condition.AllAre(wanted),
        condition.NoneAre(wanted),
        condition.SomeAre(wanted),
    ]
    shown: list[condition.Condition] = [condition.Children(COMMUNE, counting) for counting in counted]
    shown.append(condition.Children(COMMUNE, condition.ShareOf(wanted), limit.AtLeast(Fraction(1, 2))))
    shown.append(condition.Children(COMMUNE, condition.CountOf(wanted), limit.Equals(1)))
    return shown


@st.composite
def _targets(draw: DrawFn, measured: Sequence[Indicator]) -> tuple[Target, ...]:
    ids = tuple(one.id for one in measured)
    days = st.sampled_from((None, By(date(2025, 6, 30)), Before(date(2025, 12, 1))))
    own = Target(TargetId("own"), draw(conditions_of(ids)), draw(days), for_=COMMUNES)
    children = st.sampled_from(_children())
    return (own, Target(TargetId("below"), draw(children), draw(days), for_=Selector(kind=(PROVINCE,))))


@st.composite
def _standings(draw: DrawFn, measured: Sequence[Indicator], tree: Sequence[Criterion]) -> tuple[order.Standing, ...]:
    ids = tuple(one.id for one in measured)
    keys = st.one_of(
        st.sampled_from([TOTAL, *(one.id for one in tree)]).map(lambda id: order.Key(order.Points(id))),
        st.builds(
            order.Key,
            st.sampled_from(ids).map(order.Indicator_),
            st.sampled_from((None, "higher", "lower")),
        ),
    )
    leaves = tuple(one.id for one in tree)
    steps = st.one_of(keys, st.just(order.CountBack(leaves)), st.just(order.HeadToHead(leaves)))
    ties = ("shared", "dense", "decision")
    within = st.sampled_from((None, CLUSTER))
    first = order.Standing(
        StandingId("total"),
        (order.Key(order.Points(TOTAL)),),
        pick(draw, ties),
        for_=COMMUNES,
        within=draw(within),
        then=tuple(draw(st.lists(steps, max_size=2))),
    )
    return (first, order.Standing(StandingId("other"), (draw(keys),), pick(draw, ties), for_=COMMUNES))


@st.composite
def _classes(draw: DrawFn, measured: Sequence[Indicator]) -> tuple[ready.Readiness, ...]:
    green, amber, red = ClassName("green"), ClassName("amber"), ClassName("red")
    when = conditions_of(
        tuple(one.id for one in measured),
        (
            condition.Compare(condition.Points(TOTAL), limit.AtLeast(5)),
            condition.Compare(condition.ShareOfMax(TOTAL), limit.AtLeast(Fraction(1, 2))),
            condition.Compare(condition.Place(StandingId("total")), limit.AtMost(1)),
            condition.Every("criterion", limit.Above(0)),
            condition.TargetMet(TargetId("own")),
        ),
    )
    ties, total = st.sampled_from(("up", "down")), StandingId("total")
    classing = st.one_of(
        st.tuples(when, when).map(lambda two: ready.When(((green, two[0]), (red, two[1])))),
        st.builds(
            ready.ByPlace,
            st.just(total),
            st.tuples(shares(), shares()).map(lambda two: ((red, two[0]), (green, two[1]))),
            st.sampled_from(MODES),
            ties,
        ),
        st.builds(ready.Quantiles, st.just(total), st.sampled_from(("best", "worst", "middle")), ties),
    )
    return (
        ready.Readiness(
            "communes",
            (green, amber, red),
            draw(classing),
            amber,
            for_=COMMUNES,
            caps=(ready.ClassCap(draw(when), amber),) if draw(seldom) else (),
            vetoes=(ready.Veto(draw(when), red),) if draw(seldom) else (),
        ),
    )


@st.composite
def _awards(draw: DrawFn, measured: Sequence[Indicator]) -> tuple[award.Award, ...]:
    needs = conditions_of(tuple(one.id for one in measured), (condition.Readiness_((ClassName("green"),)),))
    quota = st.one_of(
        st.integers(1, 3).map(award.Places),
        st.builds(
            award.UpTo,
            st.fractions(Fraction(1, 10), 1, max_denominator=10),
            st.sampled_from(("participants", "ranked", "eligible")),
            st.sampled_from(MODES),
        ),
        st.none(),
    )
    border = ("decision", "share", "none", award.ShareWithin(Fraction(1, 2)))
    flag = award.Award(
        AwardId("flag"),
        for_=COMMUNES,
        standing=StandingId("total"),
        quota=draw(quota),
        needs=draw(st.none() | needs),
        border=pick(draw, border),
    )
    return (flag, award.Award(AwardId("praise"), for_=COMMUNES, needs=draw(needs)))


@cache
def _sound(most: int) -> Strategy:
    return campaigns(most=most).filter(is_sound)


@st.composite
def contests(draw: DrawFn, *, most: int = 5) -> tuple[Campaign, Observations]:
    """Sound campaigns, each with observations."""
    campaign = cast("Campaign", draw(_sound(most)))
    return campaign, draw(observations(campaign))
