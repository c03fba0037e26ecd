"""Plain: drawn contests with what only the exact engine judges replaced by what columns judge too."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

import emulation.conditions as condition
import emulation.gaps as gap
import emulation.standings as order
from emulation.campaign import Campaign
from emulation.criteria import TOTAL, BestOf, Criterion, GeometricMean, Greatest, HarmonicMean, Least, Mean
from emulation.indicators import Change, Formula, Milestone
from emulation.limits import AtLeast, Equals, Indicator_, Peers
from emulation.names import IndicatorId
from emulation.observations import Observations
from emulation.peers import ByRank, ClusterLeader, ExponentialRank, MinMax, ShareOfBest, ZScore
from emulation.points import Formula as PointsFormula
from emulation.points import Linear, Proportional, Steps
from emulation.testing.contests import contests, is_sound


@st.composite
def plain_contests(draw: DrawFn) -> tuple[Campaign, Observations]:
    """Contests that columns can judge."""
    campaign, observations = draw(contests())
    plain = made_plain(campaign)
    if draw(st.integers(0, 9)):  # what is never rounded soon outgrows a machine's whole numbers
        found = plain.rounding
        stages = {stage: draw(st.integers(0, 2)) for stage in ("points", "groups", "total")}
        plain = attrs.evolve(plain, rounding=attrs.evolve(found, decide_on="rounded", **stages))
    facts = tuple(attrs.evolve(one, bound=None) for one in observations.reported)
    return plain, attrs.evolve(observations, reported=facts)


def sound_plain_contests() -> Any:
    """Those of them whose rules still agree with one another."""
    return plain_contests().filter(lambda drawn: is_sound(drawn[0]))


def made_plain(one: Any) -> Any:
    """Replace, anywhere in a record, what columns refuse."""
    match one:
        case tuple():
            return tuple(made_plain(part) for part in one)
        case Formula(expression):
            first, *_, last = (*expression.names, *expression.names)
            return Change(IndicatorId(first), IndicatorId(last), "difference")
        case Milestone():
            return attrs.evolve(one, counted_in="days")
        case Criterion():
            return _criterion(one)
        case GeometricMean(of) | HarmonicMean(of):
            return Mean(made_plain(of))
        case BestOf(count, of):
            return Greatest(made_plain(of)) if count == 1 else Least(made_plain(of))
        case MinMax() | ShareOfBest():
            return Linear(Fraction(1, 3), 7, "both")
        case ZScore() | ClusterLeader():
            return Proportional(Fraction(7, 2), "full", floor="zero")
        case ByRank() | ExponentialRank():
            return Steps(1, 1, Fraction(1, 2), Fraction(1, 3), "whole")
        case PointsFormula():
            return Linear(0, 3, "none")
        case Peers():
            return Fraction(1, 2)
        case Equals(Indicator_() as bound):
            return AtLeast(bound)
        case gap.Redistribute() | gap.Alternative():
            return gap.Drop()
        case gap.WorstPeer() | gap.PeerMean():
            return gap.Value(Fraction(4, 3))
        case order.CountBack(criteria) | order.HeadToHead(criteria):
            return order.Key(order.Points(criteria[0] if criteria else TOTAL))
        case _ if attrs.has(type(one)) and not isinstance(one, condition.Member):
            return attrs.evolve(
                one,
                **{
                    field.alias or field.name: made_plain(getattr(one, field.name))
                    for field in attrs.fields(type(one))
                    if field.init and field.name not in ("participants", "period", "as_of")
                },
            )
        case _:
            return one


def _criterion(one: Criterion) -> Criterion:
    indicator = one.indicator
    if isinstance(one.earns, PointsFormula):
        indicator = IndicatorId(one.earns.points.names[0])
    changed = {
        field.name.rstrip("_"): made_plain(getattr(one, field.name))
        for field in attrs.fields(Criterion)
        if field.name not in ("indicator", "best_is", "as_", "for_")
    }
    as_ = "base" if one.as_ == "alternative" else one.as_
    return Criterion(**changed, for_=one.for_, indicator=indicator, best_is=None, as_=as_)
