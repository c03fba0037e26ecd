"""Bands: lint of where points jump: shared edges, gaps, open and closed ends, wrong turns, cliffs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from attrs import frozen

from emulation.campaign import Campaign
from emulation.checks import criterion_paths, records_in
from emulation.conditions import Compare
from emulation.criteria import Criterion
from emulation.exact import Rational, divide
from emulation.grammar import word_for
from emulation.indicators import Indicator, YesNo
from emulation.limits import Between, Indicator_, Limit
from emulation.lint.findings import Finding, figure, listed, spelt
from emulation.lint.ranges import Survey, is_whole, most_of, numeric, whole_of
from emulation.names import IndicatorId, ParticipantId
from emulation.points import Band, Bands, Binary, PointsRule, Proportional, is_relative
from emulation.problems import Path
from emulation.scales import Field, Scale

_CLIFF = 10
_FEW = 20


def findings_of_bands(survey: Survey) -> Iterator[Finding]:
    """Find what is odd where points jump."""
    campaign, paths = survey.campaign, criterion_paths(survey.campaign)
    for criterion in campaign.criterion.values():
        if criterion.indicator is not None and isinstance(criterion.earns, PointsRule):
            path = (*paths[criterion.id], word_for(type(criterion.earns)))
            rule = _Judged(survey, criterion, criterion.indicator, criterion.earns, path)
            yield from rule.shared_edges()
            yield from rule.gaps()
            yield from rule.wrong_turn()
            yield from rule.cliff()
            yield from rule.out_of_reach()
    yield from _edges(campaign)


@frozen
class _Judged:
    """A criterion that judges one indicator by one rule."""

    survey: Survey
    criterion: Criterion
    indicator: IndicatorId
    rule: PointsRule
    path: Path

    @property
    def campaign(self) -> Campaign:
        return self.survey.campaign

    def spelt(self, value: Rational | None) -> str:
        return spelt(self.campaign, self.indicator, value)

    def neighbours(self) -> list[tuple[Band, Band]]:
        """Give each band with the next one up."""
        if not isinstance(self.rule, Bands):
            return []
        return list(pairwise(sorted(self.rule.of, key=lambda band: (_start(band) is not None, _start(band) or 0))))

    def shared_edges(self) -> Iterator[Finding]:
        pairs = [(low, high) for low, high in self.neighbours() if high.from_ is not None and low.to == high.from_]
        if not pairs:
            return
        edges = listed([self.spelt(high.from_) for _, high in pairs])
        low, high = pairs[0]
        points = listed([figure(band.points) for band in (low, high)])
        yield Finding(
            "L101",
            f"{edges} {'belongs' if len(pairs) == 1 else 'belong'} to two bands",
            self.path,
            f"only shared_edge says which of {points} points {self.spelt(high.from_)} earns",
            "end the lower band with before, or have the reading confirmed",
        )

    def gaps(self) -> Iterator[Finding]:
        for low, high in self.neighbours():
            between = _between(self.campaign.indicator[self.indicator], low, high)
            if between is not None and isinstance(self.rule, Bands):
                yield Finding(
                    "L102",
                    f"no band holds what lies between {self.spelt(_end(low))} and {self.spelt(_start(high))}"
                    if _end(low) != _start(high)
                    else f"no band holds {self.spelt(between)}",
                    self.path,
                    f"{self.spelt(between)} earns {figure(self.rule.otherwise or 0)} points,"
                    f" beside {figure(low.points)} below and {figure(high.points)} above",
                    "let each band begin where the one before it ends",
                )

    def earned(self) -> list[tuple[Rational, Rational]]:
        """Give points at the values where the rule turns and between them, worst value first; no value in a gap."""
        if is_relative(self.rule):
            return []
        low, high = self.survey.useful[self.indicator]
        turns = sorted({low, high, *(one for one in self.survey.mentioned[self.indicator] if low <= one <= high)})
        middles = [divide(one + other, 2) for one, other in pairwise(turns)]
        if is_whole(self.campaign.indicator[self.indicator]):
            tried = sorted({*map(int, (*turns, *middles)), *range(int(low), int(min(high, low + _FEW)) + 1)})
        else:
            tried = sorted({*turns, *middles})
        found = [(value, self.points_at(value)) for value in tried]
        if self.survey.direction[self.indicator] == "lower":
            found.reverse()
        return [(value, points) for value, points in found if points is not None]

    def points_at(self, value: Rational) -> Rational | None:
        """Give the points of a lone body with a value; None for one in no band or without a written yardstick."""
        body = ParticipantId("")
        names = getattr(self.campaign.indicator[self.indicator].measured_as, "names", ())
        field = Field({body: value}, lambda yardstick, _: numeric(yardstick), "higher", names)
        earned = self.rule.earned(value, body, Scale(self.criterion.min, self.criterion.max or 0), field)
        return None if earned.branch == "no_band" else earned.points

    def wrong_turn(self) -> Iterator[Finding]:
        better = self.campaign.indicator[self.indicator].better
        for (worse, more), (good, fewer) in pairwise(self.earned()):
            if better is not None and fewer < more:
                yield Finding(
                    "L112",
                    f"{self.criterion.id} gives fewer points to a better result",
                    self.path,
                    f"of {self.indicator} {better} is better, and {self.spelt(worse)} earns {figure(more)} points,"
                    f" {self.spelt(good)} only {figure(fewer)}",
                    "turn the rule round, or correct better on the indicator",
                )
                return

    def cliff(self) -> Iterator[Finding]:
        edge = self.edge()
        body = next(iter(self.survey.bodies[self.criterion.id]), None)
        if edge is None or body is None:
            return
        jump, whole = self.jump(), most_of(self.campaign, whole_of(self.campaign, body), body)
        if whole and jump * _CLIFF >= whole:
            yield Finding(
                "L132",
                f"{figure(jump)} points hang on {self.spelt(edge)} of {self.indicator}",
                self.path,
                f"a hair on the wrong side loses {figure(jump)} of the {figure(whole)} points there are in all,"
                " and what lies further off earns nothing more",
                "give points in proportion (proportional, linear), or in smaller steps (bands)",
            )

    def out_of_reach(self) -> Iterator[Finding]:
        """Find points that no value of the indicator earns."""
        earned = self.earned()
        if not earned:
            return
        value, best = max(earned, key=lambda one: one[1])
        most = self.criterion.max or 0
        if best <= self.criterion.min:
            yield Finding(
                "L154",
                f"nobody can score on {self.criterion.id}",
                self.path,
                f"no value that {self.indicator} can have earns more than {figure(best)} of {figure(most)} points",
                "check the numbers of the rule against what the indicator can be",
            )
        elif best < most:
            yield Finding(
                "L155",
                f"nobody can have all points of {self.criterion.id}",
                self.path,
                f"the most is {figure(best)} of {figure(most)}, at {self.spelt(value)}",
                "lower the maximum to what can be earned, or correct the rule",
            )

    def edge(self) -> Rational | None:
        """Give the value at which a rule jumps, if it jumps."""
        if isinstance(self.campaign.indicator[self.indicator].measured_as, YesNo):
            return None
        match self.rule:
            case Binary(limit) if not isinstance(limit, Between):
                return numeric(limit.bound)
            case Proportional(nothing_below=least):
                return least
            case Bands() if pairs := self.neighbours():
                return _start(max(pairs, key=_jump)[1])
            case _:
                return None

    def jump(self) -> Rational:
        """Give how many points the jump is worth."""
        match self.rule:
            case Proportional(nothing_below=least) if least is not None:
                return self.points_at(least) or 0
            case Bands():
                return max(_jump(pair) for pair in self.neighbours())
            case _:
                return (self.criterion.max or 0) - self.criterion.min


def _jump(pair: tuple[Band, Band]) -> Rational:
    return max(pair[1].points - pair[0].points, pair[0].points - pair[1].points)


def _start(band: Band) -> Rational | None:
    return band.from_ if band.from_ is not None else band.above


def _end(band: Band) -> Rational:
    """Give where a band ends that has another above it."""
    return band.to if band.to is not None else band.before or 0


def _between(indicator: Indicator, low: Band, high: Band) -> Rational | None:
    """Give a value that an indicator can have and that lies between two neighbouring bands."""
    end, start = _end(low), _start(high) or 0
    tried = range(int(end), int(start) + 2) if is_whole(indicator) else (divide(end + start, 2),)
    return next((one for one in tried if end <= one <= start and not low.holds(one) and not high.holds(one)), None)


# --- open and closed ends ----------------------------------------------------------------------------------------


@frozen
class _Edge:
    """A written number that something is held against, how, and where."""

    path: Path
    bound: Rational
    word: str

    def agrees(self, other: _Edge) -> bool:
        """Say whether two leave no value out between them, and share none."""
        return {self.word, other.word} <= {"at_least", "below"} or {self.word, other.word} <= {"above", "at_most"}

    def beside(self, other: _Edge) -> str:
        """Say on which side the number itself is."""
        match {self.word, other.word} & {"at_least", "at_most"}:
            case inside if len(inside) == 2:  # noqa: PLR2004
                return "inside in both"
            case inside if inside:
                return "inside in one and outside in the other"
            case _:
                return "outside in both"


def _edges(campaign: Campaign) -> Iterator[Finding]:
    """Find one bound that is inside in one place and outside in another."""
    found: dict[tuple[object, Rational], list[_Edge]] = {}
    for one in records_in(campaign):
        subject: object
        match one.record:
            case Compare(subject, limit):
                edge = _edge(one.path, limit)
            case Criterion(indicator=id, earns=Binary(limit)) if id is not None:
                subject, edge = Indicator_(id), _edge(one.path, limit)
            case _:
                continue
        if edge is not None:
            found.setdefault((subject, edge.bound), []).append(edge)
    for (subject, bound), edges in found.items():
        other = next((edge for edge in edges if not edge.agrees(edges[0])), None)
        if other is not None:
            shown = spelt(campaign, subject.id, bound) if isinstance(subject, Indicator_) else figure(bound)
            first = edges[0]
            yield Finding(
                "L104",
                f"{shown} is compared by {first.word} here, and by {other.word} at {'.'.join(other.path)}",
                first.path,
                f"exactly {shown} is {first.beside(other)}",
                "write the same edge in both places, unless the difference is meant",
            )


def _edge(path: Path, limit: Limit) -> _Edge | None:
    bound = None if isinstance(limit, Between) else numeric(limit.bound)
    word = word_for(type(limit))
    return None if bound is None or word == "equals" else _Edge(path, bound, word)
