"""Way up: what a participant must change to reach a goal, all others as they are; each answer is scored to be true.

For each figure it can move, the least change that alone suffices; and under declared costs the cheapest mix. Both are
found by halving and by branching over whole steps, with the campaign scored anew at every step of the search. That
rests on more of a better figure never being worse. Whether it is so is seen of each answer: it reaches the goal, and
one step less does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from emulation.campaign import Campaign
from emulation.conditions import Judged
from emulation.display import Shown
from emulation.exact import Rational, add_up
from emulation.names import IndicatorId, ParticipantId
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.problems import Problem, Refused
from emulation.reading.whom import participant_called
from emulation.scenarios.efforts import Effort, Lever, levers_of, moved
from emulation.scenarios.goals import Goal, MeetTarget, ReachClass, ReachRank, WinAward, reached, read_goal
from emulation.scenarios.narrowed import facts_of, who_has_a_say
from emulation.scenarios.pace import Pace, pace_of

MOST_STEPS = 10**9
"""How far a figure that nothing bounds is moved before it is said that it does not help."""
MOST_TRIALS = 5_000
"""How often the campaign is scored in search of the cheapest mix before the search ends without a proof."""


@frozen
class Step:
    """A figure moved: what it was, what it is to be, by how much, and what its indicators come to then."""

    lever: Lever
    steps: int
    values: tuple[tuple[IndicatorId, Rational | None, Rational | None], ...] = ()
    pace: Pace | None = None

    @property
    def by(self) -> Rational:
        """By how much the figure moves; below zero where less is better."""
        return self.lever.sign * self.lever.step * self.steps


@frozen
class Alone:
    """What becomes of moving one figure only: the least step that suffices, or why none does."""

    lever: Lever
    step: Step | None
    why: Literal["reached", "not_enough", "cannot_move"]


@frozen
class Mix:
    """The cheapest way under declared costs; ``proven`` says that no cheaper one is left untried.

    ``cost`` is None where none is declared and none is needed: each figure's step is the least there can be beside
    any of the others, so that there is no other way that is not more of the same.
    """

    steps: tuple[Step, ...]
    cost: Rational | None
    proven: bool


@frozen
class Blocked:
    """What stands in the way even with all figures moved as far as they go: conditions that fail, by what they ask."""

    conditions: tuple[Judged, ...]
    total: Rational | None
    rank: int | None


@frozen
class WayUp(Shown):
    """The way of a participant to a goal: there already, by one figure alone, by the cheapest mix, or blocked."""

    outcome: Outcome
    participant: ParticipantId
    goal: Goal
    day: date
    is_there: bool
    alone: tuple[Alone, ...]
    mix: Mix | None
    blocked: Blocked | None

    @property
    def is_possible(self) -> bool:
        """Say whether the goal can be reached by what the participant can move."""
        return self.blocked is None


def way_up(
    outcome: Outcome,
    participant: str,
    goal: Goal | str,
    efforts: Iterable[Effort] = (),
    by: date | str | None = None,
) -> WayUp:
    """Find what a participant (id or name) must change to reach a goal, by a day if one is given.

    A goal can be written as it is typed: ``class:green``, ``award:flag``, ``rank:10``, ``total:80``. Without efforts
    each figure is tried alone; a mix needs their costs. Raise `Refused` for a participant that does not take part
    (E318), a goal that is none (E720, E721), a day that is past (E723).

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> [(one.lever.fact, one.step.by) for one in way_up(outcome, "05443", "total:75").alone if one.step]
    [('online_files', 218), ('tasks_completed', 2)]
    """
    day = date.fromisoformat(by) if isinstance(by, str) else by or outcome.as_of
    if day < outcome.as_of:
        what = f"{day} is before the day of the figures, {outcome.as_of}"
        raise Refused([Problem("E723", what, "a day from then on")])
    id = participant_called(outcome.campaign, participant)
    wanted = read_goal(goal, outcome.campaign, id) if isinstance(goal, str) else goal
    declared = {one.id: one for one in efforts}
    levers = levers_of(outcome.campaign, outcome.observations, id, day, declared)
    trial = _trial(outcome, id, wanted, day, levers)
    if trial.reaches({}):
        return WayUp(outcome, id, wanted, day, is_there=True, alone=(), mix=Mix((), 0, proven=True), blocked=None)
    costed = tuple(lever for lever in trial.levers if lever.cost is not None)
    alone = tuple(trial.alone(lever) for lever in trial.levers)
    mix = trial.cheapest(costed) if costed else trial.only_way()
    able = any(one.step for one in alone) or trial.reaches(trial.all_out(costed or trial.levers))
    return WayUp(
        outcome, id, wanted, day, is_there=False, alone=alone, mix=mix, blocked=None if able else trial.blocked()
    )


def _trial(outcome: Outcome, id: ParticipantId, goal: Goal, day: date, levers: tuple[Lever, ...]) -> _Trial:
    """Try on a campaign of those only who have a say in whether the goal is reached."""
    rules, facts = outcome.campaign, outcome.observations
    if not isinstance(goal, ReachRank | WinAward):
        rules = evolve(rules, participants=who_has_a_say(rules, [id]), awards=(), decisions=(), rulings=())
        rules = evolve(rules, standings=rules.standings if len(rules.participants) > 1 else ())
        facts = facts_of(facts, rules.participants)
    return _Trial(outcome, rules, facts, id, goal, day, levers)


Steps: TypeAlias = Mapping[str, int]
"""How many steps each figure is moved; what is not named stays."""


@frozen
class _Trial:
    """Tries what steps of a participant's figures come to, each only once."""

    outcome: Outcome
    rules: Campaign
    facts: Observations
    participant: ParticipantId
    goal: Goal
    day: date
    levers: tuple[Lever, ...]
    tried: dict[tuple[tuple[str, int], ...], bool] = field(factory=dict)

    def scored(self, steps: Steps) -> Outcome:
        """Score the campaign with figures moved, on the day."""
        changes = [
            change
            for lever in self.levers
            for change in moved(self.facts, self.participant, lever, steps.get(lever.fact, 0), self.day)
        ]
        return score(self.rules, with_reports(self.facts, changes), self.day)

    def reaches(self, steps: Steps) -> bool:
        key = tuple(sorted((fact, count) for fact, count in steps.items() if count))
        if key not in self.tried:
            self.tried[key] = reached(self.goal, self.scored(steps), self.participant)
        return self.tried[key]

    def all_out(self, levers: Sequence[Lever]) -> dict[str, int]:
        """Give the steps with every figure moved as far as it goes."""
        return {lever.fact: MOST_STEPS if lever.most is None else lever.most for lever in levers}

    # --- one figure alone

    def alone(self, lever: Lever) -> Alone:
        most = MOST_STEPS if lever.most is None else lever.most
        least = first_true(lambda count: self.reaches({lever.fact: count}), most)
        if least is not None:
            return Alone(lever, self._step(lever, least), "reached")
        return Alone(lever, None, "not_enough" if lever.most is None or lever.most > 0 else "cannot_move")

    def _step(self, lever: Lever, count: int) -> Step:
        after = self.scored({lever.fact: count})
        values = tuple(
            (kind.id, _value(self.outcome, kind.id, self.participant), _value(after, kind.id, self.participant))
            for kind in lever.indicators
        )
        needed = lever.sign * lever.step * count
        return Step(lever, count, values, pace_of(self.outcome, self.participant, lever, needed, self.day))

    # --- the cheapest mix

    def cheapest(self, levers: Sequence[Lever]) -> Mix | None:
        """Find the cheapest steps that reach the goal: bounds are drawn in and split until none can be cheaper."""
        highest = self.all_out(levers)
        if not self.reaches(highest):
            return None
        search = _Search(self, tuple(sorted(levers, key=lambda one: (one.cost or 0, one.fact))))
        search.branch(dict.fromkeys(highest, 0), highest)
        return Mix(self._steps(search.best), search.cost_of(search.best), proven=search.proven)

    def only_way(self) -> Mix | None:
        """Give the least of each figure beside any of the others, if that suffices: then costs decide nothing."""
        highest = self.all_out(self.levers)
        if not self.reaches(highest):
            return None
        least = self.drawn_in(self.levers, dict.fromkeys(highest, 0), highest)
        return Mix(self._steps(least), None, proven=True) if self.reaches(least) else None

    def drawn_in(self, levers: Sequence[Lever], low: Steps, high: Steps) -> dict[str, int]:
        """Raise each low bound to the least that suffices with all others at their highest."""
        drawn = dict(low)
        for lever in levers:
            drawn[lever.fact] = self._least_from(lever, high, low[lever.fact], high[lever.fact])
        return drawn

    def _least_from(self, lever: Lever, others: Steps, low: int, high: int) -> int:
        """Find the least steps of one figure, from a bound on, beside those of others; else the highest."""
        least = first_true(lambda count: self.reaches({**others, lever.fact: low + count}), high - low)
        return high if least is None else low + least

    def lowered(self, levers: Iterable[Lever], low: Steps, high: Steps) -> dict[str, int]:
        """Go down from the highest, figure by figure, each as far as the goal stays reached."""
        found = dict(high)
        for lever in levers:
            found[lever.fact] = self._least_from(lever, found, low[lever.fact], high[lever.fact])
        return found

    def _steps(self, steps: Steps) -> tuple[Step, ...]:
        return tuple(self._step(lever, steps[lever.fact]) for lever in self.levers if steps.get(lever.fact))

    # --- what stands in the way

    def blocked(self) -> Blocked:
        """Say what fails with every figure moved as far as it goes."""
        best = self.scored(self.all_out(self.levers))
        standing = self.goal.standing if isinstance(self.goal, ReachRank) else None
        placed = best.standings[standing].get(self.participant) if standing else best.placed(self.participant)
        failing = tuple(_failing(best, self.participant, self.goal))
        return Blocked(failing, best[self.participant].total, placed.place if placed else None)


class _Search:
    """Branches over whole steps for the cheapest that reach a goal, keeping the best found so far."""

    def __init__(self, trial: _Trial, levers: tuple[Lever, ...]) -> None:
        self.trial, self.levers = trial, levers
        self.best: dict[str, int] = {}
        self.proven = True
        self._cost: Rational | None = None

    def cost_of(self, steps: Steps) -> Rational:
        return add_up((lever.cost or 0) * steps.get(lever.fact, 0) for lever in self.levers)

    def branch(self, low: dict[str, int], high: dict[str, int]) -> None:
        """Search between bounds: first draw each low bound up to what is needed beside all others at their highest."""
        low = self.trial.drawn_in(self.levers, low, high)
        if self._cost is not None and self.cost_of(low) >= self._cost:
            return
        if self.trial.reaches(low):
            self._keep(low)
            return
        self._keep(self.trial.lowered(reversed(self.levers), low, high))  # so that a good way is known early
        if len(self.trial.tried) > MOST_TRIALS:
            self.proven = False
            return
        wide = max(
            self.levers,
            key=lambda one: ((one.cost or 0) * (high[one.fact] - low[one.fact]), high[one.fact] - low[one.fact]),
        )
        middle = (low[wide.fact] + high[wide.fact]) // 2
        self.branch(low, {**high, wide.fact: middle})
        self.branch({**low, wide.fact: middle + 1}, high)

    def _keep(self, steps: dict[str, int]) -> None:
        """Keep a way if it is cheaper than the best so far."""
        if self._cost is None or self.cost_of(steps) < self._cost:
            self.best, self._cost = steps, self.cost_of(steps)


def first_true(holds: Callable[[int], bool], most: int) -> int | None:
    """Find by doubling and halving the least number up to a bound for which something holds that goes on holding.

    >>> first_true(lambda number: number * number >= 50, 100), first_true(lambda number: number > 100, 100)
    (8, None)
    """
    if holds(0):
        return 0
    not_yet, there = 0, 1
    while there < most and not holds(there):
        not_yet, there = there, there * 2
    there = min(there, most)
    if there <= not_yet or not holds(there):
        return None
    while there - not_yet > 1:
        middle = (not_yet + there) // 2
        if holds(middle):
            there = middle
        else:
            not_yet = middle
    return there


def with_reports(facts: Observations, changes: Iterable[tuple[Observation | None, Observation]]) -> Observations:
    """Give facts with reports in the place of others, and new ones behind them."""
    made = list(changes)
    if not made:
        return facts
    instead = {id(before): after for before, after in made if before is not None}
    new = [after for before, after in made if before is None]
    return evolve(facts, reported=(*(instead.get(id(one), one) for one in facts), *new))


def _value(outcome: Outcome, indicator: IndicatorId, body: ParticipantId) -> Rational | None:
    found = outcome.measurements[indicator].get(body)
    return None if found is None else found.value


def _failing(outcome: Outcome, body: ParticipantId, goal: Goal) -> Iterable[Judged]:
    """Give the comparisons that fail in what the class or target wanted asks for, and what forces another class."""
    match goal:
        case ReachClass(wanted):
            held = outcome.classes[body]
            asked = [judged for name, judged in held.judged if name == wanted]
            changed = held.changed
        case MeetTarget(target):
            asked, changed = [outcome.aims[target][body].judged], ()
        case _:
            return ()
    return (*(leaf for judged in asked for leaf in _leaves(judged) if not leaf.holds), *changed)


def _leaves(judged: Judged) -> Iterable[Judged]:
    if not judged.parts:
        yield judged
    for part in judged.parts:
        yield from _leaves(part)
