"""Supposed: a scenario applied to the rules and facts of a campaign; nothing of either is touched.

Each path is checked, and what is to stand there is read as the campaign's own file would be. What comes out has to
be a sound campaign, and its facts such as a table could hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from types import GenericAlias
from typing import Any, TypeAlias

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.exact import Rational
from emulation.grammar import is_by_id
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.participants import problems_of as problems_of_participants
from emulation.problems import Path, Place, Problem, Refused
from emulation.reading.campaign_file import rules_reader, with_keys_settled
from emulation.reading.document import Mapping, Node, Text
from emulation.reading.records import Failed
from emulation.scenarios.changes import FACTS, Change, Drop, More, New, Scenario, Set
from emulation.scenarios.paths import Spot, spot_at
from emulation.scenarios.reported import FactChanged, reported_otherwise


@frozen
class RuleChanged:
    """A rule that reads otherwise: what stood at its path, and what stands there now; None where nothing does."""

    path: Path
    before: Any
    after: Any


Changed: TypeAlias = RuleChanged | FactChanged


@frozen
class Supposed:
    """A campaign and its facts as a scenario supposes them, and all that is otherwise than in the real ones."""

    campaign: Campaign
    observations: Observations
    as_of: date | None
    changed: tuple[Changed, ...]

    def score(self) -> Outcome:
        """Score what is supposed."""
        return score(self.campaign, self.observations, self.as_of)


def suppose(
    campaign: Campaign, observations: Observations, *scenarios: Scenario, as_of: date | None = None
) -> Supposed:
    """Apply scenarios one after another; with none, or empty ones, all is as it was.

    The day is the one given, unless a scenario sets ``as_of``. Raise `Refused` with every problem of the first
    scenario that has any, each at the place of the change that makes it: a path that leads nowhere (E700), changes
    that get in each other's way (E701), what cannot be left out (E702), rules that no longer agree.
    """
    found = Supposed(campaign, observations, as_of, ())
    for one in scenarios:
        found = _applied(found, one)
    return found


def what_if(outcome: Outcome, *scenarios: Scenario) -> Outcome:
    """Score an outcome's campaign again as scenarios suppose it.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", rules)
    >>> from emulation.scenarios.changes import scenario
    >>> less = scenario("70 is enough", set={"readiness.commune.when.green.all.0.at_least": "70%"})
    >>> before = score(rules, facts)
    >>> before["05551"].readiness, what_if(before, less)["05551"].readiness
    ('amber', 'green')
    """
    return suppose(outcome.campaign, outcome.observations, *scenarios, as_of=outcome.as_of).score()


def _applied(to: Supposed, one: Scenario) -> Supposed:
    problems = list(_in_the_way(one.changes))
    rules, changed = to.campaign, list[Changed](to.changed)
    if any(not change.path.startswith(FACTS) for change in one.changes):
        rules = _without_examples(rules)
    for change in one.changes:
        if change.path.startswith(FACTS):
            continue
        try:
            rules, made = _everywhere(rules, change)
        except Refused as refused:
            problems.extend(problem if problem.place else problem.at(change.place) for problem in refused.problems)
        else:
            changed.append(made)
    if problems:
        raise Refused(problems)
    if rules is not to.campaign:
        _see_that_it_is_sound(rules, one)
    as_of = rules.as_of if any(change.path == "as_of" for change in one.changes) else to.as_of
    facts, otherwise = reported_otherwise(rules, to.observations, as_of, one)
    return evolve(to, campaign=rules, observations=facts, as_of=as_of, changed=(*changed, *otherwise))


def _without_examples(rules: Campaign) -> Campaign:
    """Leave out what was worked by hand under the real rules: it says nothing about supposed ones."""
    editions = tuple((day, evolve(edition, examples=())) for day, edition in rules.editions)
    return evolve(rules, examples=(), editions=editions)


def _in_the_way(changes: Sequence[Change]) -> Iterator[Problem]:
    """Find changes of which one is within another: what comes out would hang on their order."""
    for number, one in enumerate(changes):
        for other in changes[:number]:
            if f"{one.path}.".startswith(f"{other.path}.") or f"{other.path}.".startswith(f"{one.path}."):
                what = f"{one.path!r} and {other.path!r} change the same"
                yield Problem("E701", what, "one change, or a scenario after another", place=one.place)


def _see_that_it_is_sound(rules: Campaign, one: Scenario) -> None:
    """Refuse rules that no longer agree, each problem at the change it comes from."""
    editions = [edition for _, edition in rules.editions] or [rules]
    found = [problem for edition in editions for problem in problems_of(edition)]
    found += problems_of_participants(rules.participants)
    if found:
        raise Refused(_at_its_change(problem, one) for problem in found)


def _at_its_change(problem: Problem, one: Scenario) -> Problem:
    """Give a problem of the rules at the change it comes from, with what it is a problem of."""
    about = f"{'.'.join(problem.path)}: " if problem.path else ""
    return evolve(problem, what=f"{about}{problem.what}", place=_blamed(problem, one))


def _blamed(problem: Problem, one: Scenario) -> Place:
    """Give the place of the change that a problem comes from: the nearest to it, else the first."""
    path = ".".join(problem.path)
    near = [change for change in one.changes if path.startswith(change.path) or change.path.startswith(path)]
    return (near or one.changes)[0].place


def _everywhere(rules: Campaign, change: Change) -> tuple[Campaign, RuleChanged]:
    """Change each edition of rules with dated values in which there is what the path names."""
    if not rules.editions:
        return _changed(rules, change)
    editions: list[tuple[date, Campaign]] = []
    made: list[RuleChanged] = []
    refused: list[Refused] = []
    for day, edition in rules.editions:
        try:
            other, one = _changed(edition, change)
        except Refused as found:
            refused.append(found)
            other = edition
        else:
            made.append(one)
        editions.append((day, other))
    if not made:
        raise refused[0]
    return evolve(editions[0][1], editions=tuple(editions)), made[0]


def _changed(rules: Campaign, change: Change) -> tuple[Campaign, RuleChanged]:
    if isinstance(change, New):
        return _with_new(rules, change)
    spot = spot_at(rules, change.path)
    if isinstance(change, Drop):
        if spot.left_out is None:
            raise Refused([Problem("E702", f"{change.path!r} cannot be left out", "set it to something else")])
        return spot.left_out(), RuleChanged(spot.path, spot.value, None)
    value = _read(rules, spot, change.to) if isinstance(change, Set) else _grown(spot, change)
    return with_keys_settled(spot.put(value)), RuleChanged(
        spot.path, spot.stands if spot.value is None else spot.value, value
    )


def _grown(spot: Spot, change: More) -> Rational:
    if not isinstance(spot.value, int | Fraction):
        raise Refused([Problem("E703", f"{change.path!r} is not a number", "set: what it is to be")])
    return spot.value + change.by


def _read(rules: Campaign, spot: Spot, to: Node) -> Any:
    """Read what is to stand at a spot as the campaign's file would be read."""
    if is_by_id(spot.kind):
        return _read_by_id(
            rules, evolve(spot, kind=GenericAlias(tuple, (spot.kind, ...)), path=spot.path[:-1]), spot.path[-1], to
        )
    reader = rules_reader(rules.participants)
    try:
        return reader.read(to, spot.kind, spot.path)
    except Failed:
        raise Refused(reader.problems) from None


def _read_by_id(rules: Campaign, among: Spot, id: str, to: Node) -> Any:
    """Read what is written under an id, as an entry of those it is among."""
    entry = Mapping(((Text(id, to.place, quoted=False), to),), to.place)
    return _read(rules, among, entry)[0]


def _with_new(rules: Campaign, change: New) -> tuple[Campaign, RuleChanged]:
    """Add something under an id of its own, after those that are there."""
    among, _, id = change.path.rpartition(".")
    spot = spot_at(rules, among)
    taken = {one.id for one in spot.value if hasattr(one, "id")} if isinstance(spot.value, tuple) else None
    if taken is None or id in taken:
        what = f"{change.path!r} is there already" if taken else f"nothing can be added to {among!r}"
        raise Refused([Problem("E704", what, "a path such as criteria.another")])
    added = _read_by_id(rules, spot, id, change.what)
    return with_keys_settled(spot.put((*spot.value, added))), RuleChanged((*spot.path, id), None, added)
