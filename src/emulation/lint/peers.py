"""Peers: lint of rules that compare participants with one another, each with a worked counterexample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.checks import criterion_paths
from emulation.criteria import Criterion
from emulation.exact import Rational, divide, rounded
from emulation.grammar import word_for
from emulation.limits import Indicator_
from emulation.lint.cast import Player, Stage
from emulation.lint.findings import Finding, figure, named_few, spelt
from emulation.lint.ranges import Survey, is_whole
from emulation.names import GroupName, IndicatorId, ParticipantId
from emulation.participants import Participant
from emulation.peers import ClusterLeader, MinMax, ZScore
from emulation.points import PointsRule, is_relative
from emulation.problems import Path
from emulation.scales import Field, Scale

_GRID = tuple(Fraction(step, 4) for step in range(5))
_HALF = Fraction(1, 2)
_HALVINGS = 10
_TRIED = 6


def findings_of_peers(survey: Survey) -> Iterator[Finding]:
    """Find what is odd in comparing participants with one another; rules that are the same are told once."""
    campaign, paths = survey.campaign, criterion_paths(survey.campaign)
    alike: dict[tuple[object, ...], list[Criterion]] = {}
    for criterion in campaign.criterion.values():
        relative = isinstance(criterion.earns, PointsRule) and is_relative(criterion.earns)
        if relative and survey.bodies[criterion.id]:
            alike.setdefault((criterion.earns, criterion.min, criterion.max), []).append(criterion)
        if relative or criterion.best_is is not None:
            yield from _groups(survey.bodies[criterion.id], criterion.within, paths[criterion.id])
    for criteria in alike.values():
        first = criteria[0]
        path = (*paths[first.id], word_for(type(first.earns)))
        name = first.id if len(criteria) == 1 else f"{first.id} (and {len(criteria) - 1} more like it)"
        like = survey.bodies[first.id][0]
        yield from _Compared(name, first, first.indicator or IndicatorId(""), Stage(survey, like), path).findings()
        if isinstance(first.earns, ClusterLeader):
            yield from _leaders(first, first.earns, path)
    for standing in campaign.standings:
        if standing.within is not None:
            yield from _groups(
                campaign.participants.selected(standing.for_), standing.within, ("standings", standing.id)
            )


@frozen
class _Compared:
    """A criterion whose points depend on the others, tried out on three bodies: A, B and C."""

    name: str
    criterion: Criterion
    indicator: IndicatorId
    stage: Stage
    path: Path

    @property
    def campaign(self) -> Campaign:
        return self.stage.campaign

    def findings(self) -> Iterator[Finding]:
        moved = self.moved()
        if moved:
            because = next((said for three in moved if (said := self.reversal(three))), None) or self.change(moved[0])
            yield Finding(
                "L171",
                f"{self.name} makes the points of one depend on the results of others",
                self.path,
                because,
                "compare with a written yardstick instead (full_at, from and to), or keep the rule knowingly",
            )
        if isinstance(self.criterion.earns, MinMax | ZScore):
            yield self.hair()

    def value(self, dial: Rational) -> Rational:
        return self.stage.at(self.indicator, dial)

    def spelt(self, value: Rational) -> str:
        return spelt(self.campaign, self.indicator, value)

    def player(self, value: Rational, dial: Rational = _HALF) -> Player:
        """Give a body with a value, and with its own yardsticks half-way up."""
        own = [
            (one.id, self.value(_HALF))
            for one in (getattr(self.criterion.earns, key, None) for key in ("target", "full_at"))
            if isinstance(one, Indicator_)
        ]
        return Player(dial, ((self.indicator, value), *own))

    def points(self, *values: Rational) -> list[Rational]:
        """Give the points of bodies with these values in this criterion."""
        alone = Stage(self.stage.survey, self.stage.like, only=(self.criterion,))
        played = alone.play([self.player(value) for value in values])
        return [played.points(number, self.criterion.id) or 0 for number in range(len(values))]

    def moved(self) -> list[tuple[Rational, ...]]:
        """Give values of A, B, C and of C afterwards that move A against B, those that move it most first."""
        values = sorted({self.value(dial) for dial in _GRID}, reverse=True)
        moves: dict[tuple[Rational, ...], Rational]
        lead = {(a, b, c): _lead(self.points(a, b, c)) for a, b in permutations(values, 2) for c in values}
        moves = {
            (a, b, c, then): (lead[a, b, c] - lead[a, b, then]) ** 2
            for a, b in permutations(values, 2)
            if a > b
            for c, then in permutations(values, 2)
        }
        return sorted((move for move, by in moves.items() if by), key=lambda move: -moves[move])[:_TRIED]

    def reversal(self, three: tuple[Rational, ...]) -> str | None:
        """Find how well A and B do elsewhere so that C alone turns their order round, and tell it."""
        a, b, *others = three
        for mine in (_HALF, Fraction(0)):
            first, second = (self.even(self.player(a, mine), b, c) for c in others)
            told = self.turned(self.player(a, mine), three, divide(first + second, 2)) if first != second else None
            if told is not None:
                return told
        return None

    def turned(self, mine: Player, three: tuple[Rational, ...], between: Rational) -> str | None:
        a, b, *others = three
        for dial in (*(rounded(between, decimals, "half_up") for decimals in (1, 2, 3)), between):
            totals = [self.totals(mine, self.player(b, dial), self.player(c)) for c in others]
            if _lead(totals[0]) * _lead(totals[1]) < 0:
                (first, second), (third, fourth) = (map(figure, one[:2]) for one in totals)
                return (
                    f"with A at {self.spelt(a)}, B at {self.spelt(b)} and C at {self.spelt(others[0])},"
                    f" A has {first} points in all and B {second}; when C alone goes to {self.spelt(others[1])},"
                    f" A has {third} and B {fourth}: their order turns round, and neither has changed"
                )
        return None

    def even(self, mine: Player, b: Rational, c: Rational) -> Rational:
        """Give how well B does elsewhere where it draws level with A; 0 where it is ahead anyway, 1 where it cannot."""
        low, high = Fraction(0), Fraction(1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            behind = _lead(self.totals(mine, self.player(b, middle), self.player(c))) > 0
            low, high = (middle, high) if behind else (low, middle)
        return rounded(low, 3, "half_up")

    def totals(self, *players: Player) -> list[Rational]:
        played = self.stage.play(players)
        return [played.points(number) or 0 for number in range(len(players))]

    def change(self, three: tuple[Rational, ...]) -> str:
        a, b, *others = three
        before, after = (self.points(a, b, c) for c in others)
        return (
            f"with A at {self.spelt(a)}, B at {self.spelt(b)} and C at {self.spelt(others[0])}, A has"
            f" {figure(before[0])} points here and B {figure(before[1])}; when C alone goes to"
            f" {self.spelt(others[1])}, A has {figure(after[0])} and B {figure(after[1])}"
        )

    def hair(self) -> Finding:
        """Tell what a hair's breadth is worth where all others are equal."""
        best = self.value(1)
        step = 1 if is_whole(self.campaign.indicator[self.indicator]) else Fraction(1, 1000)
        less = best - step if self.value(0) < best else best + step
        top, bottom = self.points(best, less)
        [equal] = self.points(best)
        return Finding(
            "L172",
            f"{self.name} spreads the field however close it lies together",
            self.path,
            f"{self.spelt(best)} earns {figure(top)} points and {self.spelt(less)} {figure(bottom)} where nobody is"
            f" lower; where all have {self.spelt(best)}, each earns {figure(equal)}",
            "judge between written ends (linear: from, to) where results can come close together",
        )


def _lead(points: list[Rational]) -> Rational:
    return points[0] - points[1]


def _leaders(criterion: Criterion, rule: ClusterLeader, path: Path) -> Iterator[Finding]:
    """Show that the leader by ratio and the leader by result differ where each has its own target."""
    if not isinstance(rule.target, Indicator_):
        return
    held = {ParticipantId("A"): (200, 200), ParticipantId("B"): (150, 100), ParticipantId("C"): (120, 100)}
    field = Field({id: value for id, (value, _) in held.items()}, lambda _, id: held[id][1])
    scale = Scale(criterion.min, criterion.max or 0)

    def points(by: PointsRule) -> str:
        return " / ".join(figure(by.earned(value, id, scale, field).points or 0) for id, (value, _) in held.items())

    yield Finding(
        "L109",
        f"{criterion.id} has two possible leaders, and takes the one by {rule.leader_by}",
        path,
        "with results of 200 / 150 / 120 against targets of 200 / 100 / 100, the points are"
        f" {points(evolve(rule, leader_by='ratio'))} by ratio and {points(evolve(rule, leader_by='actual'))} by actual",
        "check leader_by against the written rule, and put a case with different targets among the examples",
    )


def _groups(bodies: Sequence[Participant], within: GroupName | None, path: Path) -> Iterator[Finding]:
    """Find groups of one, and those who are in no group."""
    groups: dict[str | None, list[Participant]] = {}
    for body in bodies:
        groups.setdefault(None if within is None else body.group(within), []).append(body)
    outside = groups.pop(None, []) if within is not None else []
    alone = [members[0] for members in groups.values() if len(members) == 1]
    if alone:
        yield Finding(
            "L173",
            f"{named_few(alone)} {'is' if len(alone) == 1 else 'are'} compared with nobody",
            path,
            "alone in its group, a body is best and worst at once, whatever it does",
            "put it into a larger group, or judge it by a written yardstick",
        )
    if outside:
        yield Finding(
            "L174",
            f"{named_few(outside)} {'is' if len(outside) == 1 else 'are'} in no {within}",
            path,
            "those in no group are compared with one another, as if they were one",
            "fill in the column, or leave them out with for",
        )
