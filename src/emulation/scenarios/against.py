"""Against: why one participant stands before another, and at which weights the other would pass it.

A tipping point is found by summing up again under other weights, by the rules as they are: the first weight of the
grid at which the order turns. Where nothing is rounded, the weight at which both are level is exact too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any, Literal

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.criteria import EXACT, TOTAL, Criterion, GeometricMean, Mean, WeightedSum, walk
from emulation.display import Shown
from emulation.exact import Rational, divide, write_number
from emulation.names import CriterionId, ParticipantId, StandingId
from emulation.outcome import Outcome, score, summed_again
from emulation.participants import Participants
from emulation.problems import Problem, Refused
from emulation.reading.whom import participant_called
from emulation.scenarios.comparison import Difference, difference
from emulation.scenarios.narrowed import who_has_a_say
from emulation.scenarios.paths import spot_at
from emulation.standings import Key, Placed, Points

MOST_TIMES = 10
"""Weights are tried up to so many times what all criteria are worth together."""


@frozen
class Tipping:
    """The weight of a criterion at which the order of two participants turns, all else as it is.

    ``turns_at`` is the first weight of the grid, seen from the declared one, at which the one behind is before the
    other; None where no weight up to ``tried`` turns it. ``level_at`` is the exact weight at which both have the
    same total if nothing is rounded; None where rounding alone turns the order, or where there is no such weight.
    """

    criterion: CriterionId
    key: Literal["max", "weight"]
    declared: Rational
    turns_at: Rational | None
    level_at: Rational | None
    step: Rational
    tried: Rational


@frozen
class Beside:
    """The places of two participants in one standing, and the values of its first key that parts them."""

    standing: StandingId
    placed: tuple[Placed, Placed]
    key: Key
    values: tuple[Rational | None, Rational | None]


@frozen
class Against(Shown):
    """Two participants of an outcome: where both stand, what parts them criterion by criterion, what would turn it.

    ``standings`` are those in which both are placed, which need not be by points. ``ahead`` is the one with the
    higher total; None where both have the same, or one has none.
    """

    outcome: Outcome
    participants: tuple[ParticipantId, ParticipantId]
    standings: tuple[Beside, ...]
    apart: Difference
    ahead: ParticipantId | None
    tipping: tuple[Tipping, ...]


def against(outcome: Outcome, participant: str, other: str) -> Against:
    """Set a participant against another (ids or names): the exact difference of their totals, and its tipping points.

    Raise `Refused` (E710) where the two cannot be compared: one of them twice, or neither has a total.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/resolution-57-2025")
    >>> outcome = score(rules, load_observations("campaigns/resolution-57-2025/observations.csv", rules))
    >>> [(one.criterion, one.turns_at) for one in against(outcome, "19", "01").tipping]
    [('online', 33), ('tasks', 71)]
    """
    rules = outcome.campaign
    one, two = (participant_called(rules, called) for called in (participant, other))
    if one == two:
        raise Refused([Problem("E710", f"{one} cannot be set against itself", "two participants")])
    apart = difference(outcome, one, outcome, two)
    if apart is None:
        raise Refused([Problem("E710", f"neither {one} nor {two} is scored", "participants with criteria")])
    ahead = None if not apart.by else two if apart.by > 0 else one
    behind = two if ahead == one else one
    tipping = () if ahead is None else tuple(_tipping_points(outcome, ahead, behind))
    return Against(outcome, (one, two), tuple(_beside(outcome, one, two)), apart, ahead, tipping)


def _beside(outcome: Outcome, one: ParticipantId, two: ParticipantId) -> Iterator[Beside]:
    """Find the standings in which both are, each with the key that parts them; the first where none does."""
    for standing in outcome.campaign.standings:
        places = outcome.standings[standing.id]
        if one in places and two in places:
            keys = [(key, (_of(outcome, key, one), _of(outcome, key, two))) for key in standing.by]
            key, values = next((pair for pair in keys if pair[1][0] != pair[1][1]), keys[0])
            yield Beside(standing.id, (places[one], places[two]), key, values)


def _of(outcome: Outcome, key: Key, body: ParticipantId) -> Rational | None:
    """Give what a participant has of what a key compares."""
    if isinstance(key.of, Points):
        column = outcome.scores[key.of.criterion]
        return column.points_of(body) if body in column else None
    measured = outcome.measurements[key.of.id].get(body)
    return None if measured is None else measured.value


def _tipping_points(outcome: Outcome, ahead: ParticipantId, behind: ParticipantId) -> Iterator[Tipping]:
    field = _Two(outcome, ahead, behind, who_has_a_say(outcome.campaign, (ahead, behind)))
    for criterion, key in _weighed(outcome.campaign):
        if ahead in outcome.scores[criterion.id] and behind in outcome.scores[criterion.id]:
            yield field.tipping(criterion, key)


def _weighed(rules: Campaign) -> Iterator[tuple[Criterion, Literal["max", "weight"]]]:
    """Give the criteria whose worth is declared: a maximum in a sum, a weight in a mean."""
    for id, criterion in rules.criterion.items():
        whole = rules.parent_of.get(id)
        if whole is not None and isinstance(rules.criterion[whole].earns, Mean | WeightedSum | GeometricMean):
            if criterion.weight is not None:
                yield criterion, "weight"
        elif criterion.is_leaf and criterion.max and criterion.earns is not None:
            yield criterion, "max"


@frozen(slots=False)
class _Two:
    """Scores two participants under other weights."""

    outcome: Outcome
    ahead: ParticipantId
    behind: ParticipantId
    everybody_with_a_say: Participants

    @cached_property
    def exact(self) -> Outcome:
        """The same outcome with nothing rounded."""
        rules = evolve(_unrounded(self.outcome.campaign), standings=(), targets=(), readiness=(), awards=())
        return score(rules, self.outcome.observations, self.outcome.as_of)

    @cached_property
    def pair(self) -> Participants:
        """The two alone, where no whole is set against the best of the field: their points in all else are known."""
        if any(one.best_is is not None for one in self.outcome.campaign.criterion.values()):
            return self.everybody_with_a_say
        bodies = self.outcome.campaign.participants
        return Participants(tuple(evolve(bodies[id], parent=None) for id in (self.ahead, self.behind)))

    def lead(self, criterion: Criterion, key: str, weight: Rational, *, rounded: bool = True) -> Rational | None:
        """Give by how much the one behind is before the other under a weight; None where one has no total.

        Only what the weight moves is reckoned again: a maximum its own criterion, a weight none, and all above.
        """
        outcome = self.outcome if rounded else self.exact
        rules = spot_at(outcome.campaign, f"criteria.{criterion.id}.{key}").put(weight)
        bodies = self.everybody_with_a_say if key == "max" else self.pair
        moved = criterion.id if key == "max" else None
        judged = {one.id: outcome.scores[one.id] for one in walk(rules.criteria) if one.is_leaf and one.id != moved}
        found = summed_again(outcome, evolve(rules, participants=bodies), judged)[TOTAL]
        theirs, ours = found.points_of(self.behind), found.points_of(self.ahead)
        return None if theirs is None or ours is None else theirs - ours

    def tipping(self, criterion: Criterion, key: Literal["max", "weight"]) -> Tipping:
        declared: Rational = getattr(criterion, key)
        step = _step(declared)
        most = self._most(key) // step * step
        level = self._level(criterion, key, declared, step)

        def turned(weight: Rational) -> bool:
            lead = self.lead(criterion, key, weight)
            return lead is not None and lead > 0

        turns = None if level is None or level > most else _turn_past(level, turned, declared, step)
        if turns is None:
            ends = [_turn(turned, declared, step, end) for end in (step * 0, most)]
            turns = next((one for one in ends if one is not None), None)
        return Tipping(criterion.id, key, declared, turns, level, step, most)

    def _most(self, key: str) -> Rational:
        every: list[Rational] = [getattr(one, name) for one, name in _weighed(self.outcome.campaign) if name == key]
        return MOST_TIMES * sum(every)

    def _level(self, criterion: Criterion, key: str, declared: Rational, step: Rational) -> Rational | None:
        """Give the weight at which both are level where nothing is rounded, once scoring has shown that they are."""
        if any(isinstance(one.earns, GeometricMean) for one in self.outcome.campaign.criterion.values()):
            return None  # which is rounded itself
        weights = (declared, declared + step, declared + 2 * step)
        leads = [(at, self.lead(criterion, key, at, rounded=False)) for at in weights]
        at = _root([(at, lead or 0) for at, lead in leads])
        level = at is not None and at >= 0 and self.lead(criterion, key, at, rounded=False) == 0
        return at if level else None


def _turn_past(level: Rational, turned: Callable[[Rational], bool], start: Rational, step: Rational) -> Rational | None:
    """Give the first weight of the grid past the level one, if the order turns just there."""
    steps = divide(level - start, step)
    away = floor(steps) + 1 if steps > 0 else ceil(steps) - 1
    at = start + step * away
    before = at - step if away > 0 else at + step
    return at if at >= 0 and turned(at) and not turned(before) else None


def _turn(turned: Callable[[Rational], bool], start: Rational, step: Rational, end: Rational) -> Rational | None:
    """Find by halving where the order turns between the declared weight and an end at which it has turned."""
    away = -step if end < start else step
    steps = int(divide(max(end - start, start - end), step))
    if steps == 0 or not turned(start + away * steps):
        return None
    not_yet, there = 0, steps
    while there - not_yet > 1:
        middle = (not_yet + there) // 2
        if turned(start + away * middle):
            there = middle
        else:
            not_yet = middle
    return start + away * there


def _step(declared: Rational) -> Rational:
    """Give the grid a weight is declared on: whole numbers, or its last decimal; n/d where decimals never end."""
    written = write_number(declared)
    if "/" in written:
        return Fraction(1, Fraction(declared).denominator)
    return Fraction(1, 10 ** len(written.partition(".")[2])) if "." in written else 1


def _root(points: list[tuple[Rational, Rational]]) -> Rational | None:
    """Find where a line, or a line over a line as a mean's weight makes it, is zero; through three of its points.

    >>> _root([(0, -4), (1, -2), (2, 0)])
    Fraction(2, 1)
    >>> _root([(0, Fraction(-6, 2)), (1, Fraction(-3, 3)), (4, Fraction(6, 6))])
    Fraction(2, 1)
    """
    (w0, d0), (w1, d1), (w2, d2) = ((Fraction(at), Fraction(lead)) for at, lead in points)
    # d (c + w) = a + b w at all three; the two differences leave b and c.
    bend = (w1 - w0) * (d2 - d0) - (w2 - w0) * (d1 - d0)
    if bend == 0:
        return None if d1 == d0 else w0 - d0 * (w1 - w0) / (d1 - d0)
    first, second = d1 * w1 - d0 * w0, d2 * w2 - d0 * w0
    slope = (first * (d2 - d0) - second * (d1 - d0)) / bend
    below = ((w2 - w0) * first - (w1 - w0) * second) / bend
    return None if slope == 0 else w0 - d0 * (below + w0) / slope


def _unrounded(rules: Campaign) -> Campaign:
    """Give rules under which nothing is rounded."""
    return evolve(rules, rounding=EXACT, criteria=tuple(map(_plain, rules.criteria)))


def _plain(criterion: Criterion) -> Criterion:
    if criterion.is_leaf:
        return evolve(criterion, round=None)
    joined: Any = criterion.earns
    return evolve(criterion, round=None, earns=evolve(joined, of=tuple(map(_plain, criterion.parts))))
