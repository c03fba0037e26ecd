"""Mergers: whose figures a body takes over that was made of others, until it has its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from emulation.exact import Rational, add_up
from emulation.indicators import At, Better, Count, Indicator
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.participants import Participant, Participants
from emulation.periods import Span
from emulation.problems import Problem

Reports: TypeAlias = Sequence[Observation]
Policy = Literal["pool", "best", "worst", "latest"]


@frozen
class Mergers:
    """What a body takes over from those it was made of, where the table of participants names predecessors.

    Keys:
        counts: counts, parts of ratios and flows; pool, those of all predecessors are added up; own, nothing.
        others: what does not add up (levels, yes or no); of all predecessors the best, worst or latest; own, nothing.
        splits: what a body takes over of one that others were made of too: same, all of it; own, nothing.
        standing: whether a body made of others in the period is ranked, or unranked.
    """

    counts: Literal["pool", "own"]
    others: Literal["best", "worst", "latest", "own"]
    standing: Literal["ranked", "unranked"]
    splits: Literal["same", "own"] | None = None


def inherited(
    rules: Mergers | None,
    participants: Participants,
    indicators: Iterable[Indicator],
    observations: Observations,
    day: date,
) -> Observations:
    """Hand over to the bodies that live on a day what those that are gone had reported, as the rules say.

    What is handed over is no longer the old body's, so that a whole made of both counts it once. A stock is taken
    over up to the day before the body's own first report; a flow, for the days it has not reported on itself.
    """
    gone = {body.id for body in participants if not body.lives_on(day)}
    heirs = {body: [id for id in body.predecessors if id in gone] for body in participants if body.lives_on(day)}
    if rules is None or not any(heirs.values()):
        return observations
    shared = _shared(participants)
    kinds = dict(_kinds_of(indicators))
    added: list[Observation] = []
    moved: set[tuple[ParticipantId, str]] = set()
    for heir, before in heirs.items():
        if before and (shared.isdisjoint(before) or rules.splits == "same"):
            for name, kind in kinds.items():
                policy = rules.counts if kind.adds_up else rules.others
                if policy != "own":
                    added.extend(_taken_over(policy, heir, before, name, kind, observations))
                    moved.update((id, name) for id in before)
    kept = (one for one in observations.reported if (one.participant, one.fact) not in moved)
    return evolve(observations, reported=(*kept, *added))


def _shared(participants: Participants) -> set[ParticipantId]:
    """Give the bodies of which several others were made."""
    heirs = Counter(id for body in participants for id in body.predecessors)
    return {id for id, count in heirs.items() if count > 1}


def problems_of(
    rules: Mergers | None, participants: Participants, indicators: Iterable[Indicator], first_day: date
) -> Iterator[Problem]:
    """Find what the rules must say and do not about bodies that are made of others while the campaign runs."""
    new = newly_made(participants, first_day)
    path = ("mergers",)
    if rules is None:
        if new:
            what = f"{participants[new[0]].name} is made of others while the campaign runs"
            yield Problem("E153", what, "mergers: what such bodies take over", path=path)
        return
    shared = sorted(_shared(participants))
    if shared and rules.splits is None:
        what = f"{len(shared)} bodies were split, {shared[0]} among them"
        yield Problem("E153", what, "splits: what each part takes over, same or own", path=path)
    pooled = next((one.id for one in indicators if one.pooled is not None), None)
    if shared and rules.splits == "same" and pooled is not None:
        what = f"each part of a split body would add all it had to {pooled} of the whole"
        yield Problem("E114", what, "splits: own", path=(*path, "splits"))
    if rules.others in ("best", "worst"):
        for one in indicators:
            joined = isinstance(one.time, At) and not one.inputs and not isinstance(one.measured_as, Count)
            if joined and one.better is None:
                what = f"{rules.others} of {one.id} goes with its direction"
                yield Problem("E153", what, "better: higher or lower", path=("indicators", one.id))


def newly_made(participants: Participants, first_day: date) -> tuple[ParticipantId, ...]:
    """Give the bodies that were made of others on or after a day."""
    return tuple(one.id for one in participants if one.predecessors and one.from_ is not None and one.from_ > first_day)


@frozen
class _Fact:
    """What the reports under one name are: whether they add up, are about single days, and are better when higher."""

    adds_up: bool
    is_stock: bool
    better: Better | None


def _kinds_of(indicators: Iterable[Indicator]) -> Iterator[tuple[str, _Fact]]:
    for one in indicators:
        stock = isinstance(one.time, At)
        if one.inputs and one.time is not None:
            yield from ((name, _Fact(adds_up=True, is_stock=stock, better=None)) for name in one.inputs)
        elif one.time is not None:
            yield one.id, _Fact(not stock or isinstance(one.measured_as, Count), stock, one.better)


def _taken_over(
    policy: Policy, heir: Participant, before: Sequence[ParticipantId], name: str, kind: _Fact, facts: Observations
) -> Iterator[Observation]:
    reports = facts.about.get(name, {})
    own = reports.get(heir.id, ())
    series = [reports.get(id, ()) for id in before]
    if kind.is_stock:
        return _stocks(heir, series, own, policy, kind.better)
    return _flows(heir, series, own)


def _flows(heir: Participant, before: Sequence[Reports], own: Reports) -> Iterator[Observation]:
    """Take over what was reported for days that the body has not reported on itself."""
    for one in chain.from_iterable(before):
        if not any(one.span.meets(mine.span) for mine in own):
            yield evolve(one, participant=heir.id, parts=(one,))


def _stocks(
    heir: Participant, before: Sequence[Reports], own: Reports, policy: Policy, better: Better | None
) -> Iterator[Observation]:
    """For each day before the body's own first report on which a predecessor reported, take over what all had."""
    until = min((one.span.first for one in own), default=date.max)
    days = sorted({one.span.last for one in chain.from_iterable(before) if one.span.last < until})
    for day in days:
        latest = [_latest(reports, day) for reports in before]
        known = [one for one in latest if one is not None]
        if len(known) == len(before):
            yield evolve(_joined(policy, known, better), participant=heir.id, span=Span(day, day), parts=tuple(known))


def _latest(reports: Reports, day: date) -> Observation | None:
    return next((one for one in reversed(reports) if one.span.last <= day), None)


def _joined(policy: Policy, known: Reports, better: Better | None) -> Observation:
    """Make one report of what each predecessor reported last."""
    measured = [one for one in known if one.value is not None]
    match policy:
        case "pool":
            return _pooled(known)
        case "latest":
            return _most_recent(known)
        case "best":
            return max(measured, key=lambda one: _signed(one, better), default=known[0])
        case "worst":
            return min(measured, key=lambda one: _signed(one, better), default=known[0])


def _signed(one: Observation, better: Better | None) -> Rational:
    value = one.value or 0
    return -value if better == "lower" else value


def _pooled(known: Reports) -> Observation:
    """Add up; where one is not measured, none is, for its reason."""
    stopped = next((one for one in known if one.state != "measured"), None)
    if stopped is not None:
        return stopped
    whole = evolve(known[0], file="", line=0, source=None, illustrative=any(one.illustrative for one in known))
    bounds = {one.bound for one in known if one.bound is not None}
    if len(bounds) > 1:
        return evolve(whole, value=None, state="missing", bound=None)
    return evolve(whole, value=add_up(one.value or 0 for one in known), bound=next(iter(bounds), None))


def _most_recent(known: Reports) -> Observation:
    """Give the last report; where several are of that day and differ, nothing is known."""
    day = max(one.span.last for one in known)
    last = [one for one in known if one.span.last == day]
    if any((one.value, one.state, one.bound) != (last[0].value, last[0].state, last[0].bound) for one in last):
        return evolve(last[0], value=None, state="missing", bound=None)
    return last[0]
