"""Worth: strategies for points rules, gaps, conditions and scoring trees of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

import emulation.conditions as condition
import emulation.gaps as gap
import emulation.limits as limit
import emulation.peers as peer
import emulation.points as rule
from emulation.criteria import (
    BestOf,
    CapIf,
    Coverage,
    Criterion,
    GeometricMean,
    Greatest,
    HarmonicMean,
    Least,
    Mean,
    Product,
    Round,
    Sum,
    WeightedSum,
)
from emulation.formulas import read_formula
from emulation.indicators import (
    Indicator,
    Level,
    Milestone,
)
from emulation.names import (
    CriterionId,
    IndicatorId,
)
from emulation.observations import STATES
from emulation.participants import Selector
from emulation.testing.facts import (
    CLUSTER,
    COMMUNES,
    WEIGHED,
    Strategy,
    formulas,
    numbers,
    pick,
    seldom,
    shares,
)


@cache
def yardsticks(ids: tuple[IndicatorId, ...]) -> Strategy:
    """Give what something is held against: a number above 0, an indicator, or the field."""
    figures: Strategy = st.sampled_from(("mean", "median", "best", "worst"))
    return st.one_of(
        numbers(1, 6),
        st.sampled_from(ids).map(limit.Indicator_),
        figures.map(lambda figure: limit.Peers(figure, relative=True)),
        st.just(limit.Peers("mean_of_best", relative=True, count=2)),
    )


@cache
def limits_of(bounds: Strategy) -> Strategy:
    """Limits of every kind, with the bounds given."""
    one_sided = (limit.AtLeast, limit.Above, limit.AtMost, limit.Below, limit.Equals)
    between = st.tuples(numbers(-6, 6), numbers(-6, 6)).map(lambda ends: limit.Between(min(ends), max(ends)))
    return st.one_of(st.sampled_from(one_sided).flatmap(bounds.map), between)


@st.composite
def bands(draw: DrawFn, most: int) -> rule.Bands:
    """Bands that touch: open at both ends, each edge belonging to one side or settled by ``shared_edge``."""
    edges = sorted(draw(st.sets(numbers(-6, 6), max_size=3)))
    upper = draw(st.booleans())
    starts, ends = [None, *edges], [*edges, None]
    worth = [draw(numbers(0, most)) for _ in starts]
    rows = [
        rule.Band(p, from_=low, before=high) if upper else rule.Band(p, above=low, to=high)
        for p, low, high in zip(worth, starts, ends, strict=True)
    ]
    shared = pick(draw, (None, "higher", "lower"))
    if shared is not None:
        rows = [rule.Band(p, from_=low, to=high) for p, low, high in zip(worth, starts, ends, strict=True)]
    return rule.Bands(tuple(draw(st.permutations(rows))), shared_edge=shared)


@st.composite
def rules(draw: DrawFn, indicator: Indicator, ids: tuple[IndicatorId, ...], most: int) -> Any:
    """Points rules of every kind that fits an indicator."""
    match indicator.measured_as:
        case Level(names) if draw(st.booleans()):
            return rule.Levels(tuple((name, draw(numbers(0, most))) for name in names))
        case Milestone() if draw(st.booleans()):
            early, late = (draw(st.lists(st.tuples(st.integers(1, 60), shares()), max_size=2)) for _ in range(2))
            return rule.Lateness(tuple(early), draw(shares()), tuple(late), draw(shares()))
    return draw(st.one_of(absolute_rules(ids, most), relative_rules(ids, most)))


@cache
def absolute_rules(ids: tuple[IndicatorId, ...], most: int, *, figures: bool = True) -> Strategy:
    """Rules by which nobody's points depend on the others, but for yardsticks that are figures of the field."""
    caps, held_to = st.sampled_from(("full", "none")), yardsticks(ids) if figures else numbers(1, 6)
    goals: Strategy = st.tuples(numbers(-6, 0), numbers(1, 6)).flatmap(st.permutations)
    return st.one_of(
        st.builds(
            rule.Proportional,
            held_to,
            caps,
            st.none() | numbers(-1, 2),
            st.sampled_from(("zero", "none")),
        ),
        st.builds(rule.Binary, limits_of(held_to)),
        bands(most),
        st.builds(rule.PerUnit, numbers(1, 3), caps),
        st.builds(
            rule.Steps,
            numbers(0, most),
            numbers(-3, 3),
            numbers(1, 3),
            numbers(-2, 2),
            st.sampled_from(("pro_rata", "whole")),
        ),
        st.tuples(goals, st.sampled_from(("both", "low", "high", "none"))).map(_along),
        st.builds(rule.Linear, numbers(-6, 0), held_to, st.just("both")),
        st.builds(rule.Formula, formulas((ids[0], ids[-1])).map(read_formula), caps),
    )


def _along(drawn: Any) -> rule.Linear:
    (low, high), clip = drawn
    return rule.Linear(low, high, clip)


@cache
def relative_rules(ids: tuple[IndicatorId, ...], most: int) -> Strategy:
    """Rules by which the points of one depend on the others."""
    relative, targets = st.sampled_from((True,)), st.one_of(numbers(1, 6), st.sampled_from(ids).map(limit.Indicator_))
    places = st.lists(numbers(0, most), min_size=1, max_size=3).map(
        lambda worth: tuple(peer.PlaceBand(top, p) for top, p in enumerate(worth, start=1))
    )
    return st.one_of(
        st.builds(peer.MinMax, relative, st.sampled_from(("full", "zero"))),
        st.builds(
            peer.ZScore, relative, numbers(0, 5), numbers(1, 2), st.sampled_from(("population", "sample")), st.just(4)
        ),
        st.builds(peer.ShareOfBest, relative),
        st.builds(peer.ClusterLeader, relative, targets, st.sampled_from(("ratio", "actual")), shares()),
        st.builds(peer.ByRank, relative, places, numbers(0, most), st.sampled_from(("shared", "dense"))),
        st.builds(peer.ExponentialRank, relative, st.just(23), st.just(4)),
    )


@cache
def gap_rules() -> SearchStrategy[gap.Gap]:
    """Say what a gap is worth, in every way that needs no other criterion."""
    worths = (
        gap.Zero(),
        gap.Full(),
        gap.Drop(),
        gap.Unrank(),
        gap.Block(),
        gap.Missing(),
        gap.NotApplicable(),
        gap.WorstPeer(),
        gap.PeerMean(),
    )
    return st.one_of(st.sampled_from(worths), numbers(1, 3).map(gap.Value), numbers(0, 5).map(gap.Points))


@st.composite
def criteria(draw: DrawFn, measured: Sequence[Indicator]) -> tuple[Criterion, ...]:
    """Draw a scoring tree: two to three criteria, judged themselves or made of others in every way."""
    ids = iter([CriterionId(f"k{number}") for number in range(100)])
    parts = [draw(_part(ids, measured, depth=2)) for _ in range(draw(st.integers(2, 3)))]
    return _with_gaps(draw, parts, Sum)


@st.composite
def _part(draw: DrawFn, ids: Iterator[CriterionId], measured: Sequence[Indicator], depth: int) -> Criterion:
    if depth == 0 or draw(st.booleans()):
        return draw(_leaf(next(ids), measured))
    how = pick(draw, (Sum, Mean, WeightedSum, GeometricMean, HarmonicMean, Product, Least, Greatest, BestOf))
    parts = [draw(_part(ids, measured, depth - 1)) for _ in range(draw(st.integers(2, 3)))]
    if how in WEIGHED and draw(st.booleans()):
        parts = [evolve(part, weight=draw(numbers(0, 3))) for part in parts[1:]] + [evolve(parts[0], weight=1)]
    if how is Sum:
        kinds = ("base", "base", "bonus", "penalty", "alternative")
        parts = [parts[0], *(evolve(part, as_=pick(draw, kinds)) for part in parts[1:])]
    filled = _with_gaps(draw, parts, how)
    return Criterion(
        next(ids),
        BestOf(draw(st.integers(1, 2)), filled) if how is BestOf else how(filled),
        for_=COMMUNES,
        cap=draw(st.one_of(numbers(1, 30), st.just("none"))) if how is Sum else None,
        floor=pick(draw, (0, "none")) if how is Sum else None,
        scale_to=draw(st.none() | numbers(1, 20)),
        best_is=pick(draw, (None, None, 10)),
        coverage=pick(draw, (None, None, Coverage(Fraction(1, 2)), Coverage(count=1))),
        round=Round(2, "half_up", "rounded") if how is GeometricMean else None,
        missing=pick(draw, (gap.Zero(), gap.Full(), gap.Unrank())),
    )


@st.composite
def _leaf(draw: DrawFn, id: CriterionId, measured: Sequence[Indicator]) -> Criterion:
    indicator = draw(st.sampled_from(measured))
    ids = tuple(one.id for one in measured)
    most = draw(st.integers(5, 10))
    if draw(st.integers(0, 9)) == 0:
        return Criterion(id, None, for_=COMMUNES, indicator=indicator.id, max=0)
    earns = draw(rules(indicator, ids, most))
    when = conditions_of(ids)
    return Criterion(
        id,
        earns,
        for_=COMMUNES,
        indicator=None if isinstance(earns, rule.Formula) else indicator.id,
        max=most,
        within=pick(draw, (None, CLUSTER)),
        only_if=draw(when) if draw(seldom) else None,
        full_if=draw(when) if draw(seldom) else None,
        caps=(CapIf(draw(when), draw(numbers(0, 5))),) if draw(seldom) else (),
    )


def _with_gaps(draw: DrawFn, parts: Sequence[Criterion], how: type) -> tuple[Criterion, ...]:
    """Say what the gaps of each criterion are worth, with those beside it in view."""
    base = [part.id for part in parts if part.as_ == "base"]
    instead = [part.id for part in parts if part.as_ == "alternative"]
    filled: list[Criterion] = []
    for part in parts:
        to = tuple(id for id in base if id != part.id) if how is Sum else ()
        other = next((id for id in instead if id != part.id), None)
        drawn: dict[Any, Any] = {state: _gap(draw, to, other, how) for state in STATES[1:]}
        if gap.settled("missing", drawn.get)[0] is None:
            drawn["missing"] = gap.Zero()
        judged = part.is_leaf and not part.is_tracked
        filled.append(evolve(part, **drawn) if judged else evolve(part, not_applicable=gap.Zero()))
    return tuple(filled)


def _gap(draw: DrawFn, to: tuple[CriterionId, ...], other: CriterionId | None, how: type) -> gap.Gap:
    if to and draw(st.integers(0, 6)) == 0:
        return gap.Redistribute(to, pick(draw, ("zero", "full", "drop")))
    if other is not None and draw(st.booleans()):
        return gap.Alternative(other)
    drawn = draw(gap_rules())
    return gap.Full() if isinstance(drawn, gap.Drop) and how in (WeightedSum, Product) else drawn


@cache
def conditions_of(ids: tuple[IndicatorId, ...], more: tuple[condition.Condition, ...] = ()) -> Strategy:
    """Conditions over indicators, and over what else is given: simple ones, and all, any or none of several."""
    compare = st.builds(
        condition.Compare,
        st.sampled_from(ids).map(limit.Indicator_),
        limits_of(yardsticks(ids)),
    )
    simple = st.one_of(
        compare,
        st.builds(condition.StateIs, st.sampled_from(ids), st.sampled_from(STATES).map(lambda state: (state,))),
        st.sampled_from(("east", "west")).map(lambda name: condition.Member(Selector(group=((CLUSTER, (name,)),)))),
        *([st.sampled_from(more)] if more else []),
    )
    joined = st.sampled_from((condition.All, condition.Any, condition.None_))
    several = st.lists(simple, min_size=1, max_size=2).map(tuple)
    return st.one_of(simple, joined.flatmap(several.map))
