"""Efforts: what a participant can do about its figures, what it costs, and how far it can go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.exact import Rational, add_up, divide, write_number
from emulation.indicators import (
    Bounds,
    Count,
    Indicator,
    Level,
    Milestone,
    Number,
    Over,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.names import ParticipantId, near
from emulation.observations import Observation, Observations
from emulation.periods import Span
from emulation.problems import Problem
from emulation.reading.values import kinds_of_facts


@frozen
class Effort:
    """What it takes to change a figure.

    Keys:
        cost: what one more (or one less, where less is better) costs, in a currency of the study's own.
        at_most: by how much it can be changed at most.
        pending: how many are still to come; the effort is about these, and the whole they are counted among grows by
            all of them.
        step: the least change, where the figure is not counted in whole things.
    """

    id: str
    cost: Rational
    at_most: Rational | None = None
    pending: int | None = None
    step: Rational | None = None


def problems_of(effort: Effort, rules: Campaign) -> Iterator[Problem]:
    """Find what is wrong with an effort: an unknown fact, what is below zero, what is pending in no whole."""
    path = ("efforts", effort.id)
    kinds = kinds_of_facts(rules)
    if effort.id not in kinds:
        yield Problem("E135", f"unknown indicator {effort.id!r}", near=near(effort.id, kinds), path=path)
        return
    if effort.cost < 0:
        yield Problem("E722", f"a cost of {write_number(effort.cost)}", "0 or more", path=(*path, "cost"))
    for key, least in (("at_most", 0), ("pending", 0)):
        value: Rational | None = getattr(effort, key)
        if value is not None and value < least:
            yield Problem("E722", f"{key} is {write_number(value)}", "0 or more", path=(*path, key))
    if effort.step is not None and effort.step <= 0:
        yield Problem("E722", f"a step of {write_number(effort.step)}", "more than 0", path=(*path, "step"))
    if effort.pending is not None and not any(whole_of(kind, effort.id) for kind in kinds[effort.id]):
        expected = "an effort about a part that is counted among a whole"
        yield Problem("E722", f"{effort.id} is part of no whole", expected, path=(*path, "pending"))


def whole_of(indicator: Indicator, fact: str) -> str | None:
    """Give what a fact is counted among in an indicator; None where it is no such part."""
    match indicator.measured_as:
        case Share(of=of, among=whole) | Ratio(of=of, among=whole) | Sample(of=of, asked=whole):
            return whole if of == fact else None
        case _:
            return None


@frozen
class Lever:
    """A figure of a participant that can be moved for the better, and how far.

    It is moved in whole ``step``s, up where ``sign`` is 1 and down where it is -1, at most ``most`` of them; None
    where nothing bounds it. ``whole`` grows by ``pending`` whenever there are any, whatever is done.
    """

    fact: str
    indicators: tuple[Indicator, ...]
    now: Rational
    sign: Literal[1, -1]
    step: Rational
    most: int | None
    cost: Rational | None = None
    pending: int = 0
    whole: str | None = None

    def moved(self, steps: int) -> Rational:
        """Give the figure after so many steps."""
        return self.now + self.sign * self.step * steps


def levers_of(
    rules: Campaign, facts: Observations, participant: ParticipantId, day: date, efforts: Mapping[str, Effort]
) -> tuple[Lever, ...]:
    """Find the figures a participant can move: those it reports, of which more or less is declared to be better."""
    return tuple(_levers(rules, facts, participant, day, efforts))


def _levers(
    rules: Campaign, facts: Observations, participant: ParticipantId, day: date, efforts: Mapping[str, Effort]
) -> Iterator[Lever]:
    body = rules.participants[participant]
    for fact, kinds in kinds_of_facts(rules).items():
        meant = tuple(kind for kind in kinds if kind.for_.selects(body) and not _is_pooled(kind, body.kind))
        better = {_better(kind, fact) for kind in meant}
        if len(better) != 1 or None in better:
            continue  # nobody's figure, or one that is no better for being more or less
        sign: Literal[1, -1] = 1 if "higher" in better else -1
        effort = efforts.get(fact)
        if isinstance(meant[0].measured_as, Milestone):
            if not _reports(facts, participant, fact, day):
                yield _doing(fact, meant, day, effort)
            continue
        now = figure(facts, participant, fact, day, summed=_is_summed(meant))
        whole = next((whole for kind in meant if (whole := whole_of(kind, fact)) is not None), None)
        among = None if whole is None else figure(facts, participant, whole, day, summed=_is_summed(meant))
        yield lever_on(fact, meant, sign, now, among, effort)


def lever_on(
    fact: str,
    kinds: tuple[Indicator, ...],
    sign: Literal[1, -1],
    now: Rational | None,
    among: Rational | None,
    effort: Effort | None,
) -> Lever:
    """Give the lever on a figure that stands at so much, among so much where it is part of a whole."""
    kind = kinds[0]
    pending = effort.pending or 0 if effort else 0
    step = _step(kind, fact, now, effort)
    whole = next((whole for one in kinds if (whole := whole_of(one, fact)) is not None), None)
    stands = now or 0
    bounds = [*_bounds(kind, fact, sign, stands)]
    if whole is not None and sign == 1 and not isinstance(kind.measured_as, Ratio):
        bounds.append((among or 0) + pending - stands)
    if effort is not None:
        bounds += [one for one in (effort.pending, effort.at_most) if one is not None]
    most = max(0, int(divide(min(bounds), step))) if bounds else None
    return Lever(fact, kinds, stands, sign, step, most, None if effort is None else effort.cost, pending, whole)


def _doing(fact: str, meant: tuple[Indicator, ...], day: date, effort: Effort | None) -> Lever:
    """Give the one step from a task that is not done to one done on the day; what is done cannot be done earlier."""
    return Lever(fact, meant, 0, 1, day.toordinal(), 1, None if effort is None else effort.cost)


def _is_pooled(kind: Indicator, of: str) -> bool:
    return kind.pooled is not None and kind.pooled.for_ == of


def _better(kind: Indicator, fact: str) -> str | None:
    """Say which way a fact is better in an indicator: a part as its indicator; a whole neither way."""
    if kind.id == fact or whole_of(kind, fact) is not None:
        return kind.better
    return None


def _is_summed(kinds: tuple[Indicator, ...]) -> bool:
    return any(isinstance(kind.time, Over) for kind in kinds)


def _step(kind: Indicator, fact: str, now: Rational | None, effort: Effort | None) -> Rational:
    """Give the grid of a figure: whole things, or the decimals it is reported with."""
    if effort is not None and effort.step is not None:
        return effort.step
    if kind.id == fact and isinstance(kind.measured_as, Number) and now is not None:
        written = write_number(now)
        decimals = len(written.partition(".")[2])
        return Fraction(1, 10**decimals) if decimals and "/" not in written else 1
    return 1


def _bounds(kind: Indicator, fact: str, sign: int, now: Rational) -> Iterator[Rational]:
    """Give how far a figure can move by what it is."""
    if sign == -1:
        bounds = kind.bounds or Bounds()
        yield now - (1 if isinstance(kind.measured_as, Rank) else bounds.from_ or 0)
    elif (highest := _highest(kind, fact)) is not None:
        yield highest - now


def _highest(kind: Indicator, fact: str) -> Rational | None:
    """Give the highest a figure can be by what it is."""
    if kind.id != fact:
        return None
    match kind.measured_as:
        case YesNo():
            return 1
        case Level(names=names):
            return len(names)
        case Count() | Number():
            return kind.bounds.to if kind.bounds else None
        case _:
            return None


# --- figures as they are reported, and moved


def figure(facts: Observations, participant: ParticipantId, fact: str, day: date, *, summed: bool) -> Rational | None:
    """Give what was reported of a fact up to a day: the sum of a flow, the last of a stock; None where nothing was."""
    told = [one for one in _reports(facts, participant, fact, day) if one.value is not None]
    if not told:
        return None
    last = told[-1]
    same = [one for one in told if (one.stage, one.source) == (last.stage, last.source)]
    return add_up(one.value or 0 for one in same) if summed else last.value


def _reports(facts: Observations, participant: ParticipantId, fact: str, day: date) -> list[Observation]:
    return [one for one in facts.about.get(fact, {}).get(participant, ()) if one.span.last <= day]


def moved(
    facts: Observations, participant: ParticipantId, lever: Lever, steps: int, day: date
) -> Iterator[tuple[Observation | None, Observation]]:
    """Give the reports that are otherwise when a lever is moved, each with the one in whose place it comes.

    The last report grows, at each stage and of each source. What was never reported is reported for the day.
    """
    by = lever.sign * lever.step * steps
    if by:
        yield from _grown(facts, participant, lever.fact, by, day)
    if lever.pending and lever.whole is not None:
        yield from _grown(facts, participant, lever.whole, lever.pending, day)


def _grown(
    facts: Observations, participant: ParticipantId, fact: str, by: Rational, day: date
) -> Iterator[tuple[Observation | None, Observation]]:
    latest: dict[tuple[str | None, str | None], Observation] = {}
    for one in _reports(facts, participant, fact, day):
        latest[one.stage, one.source] = one
    if not latest:
        yield None, Observation(participant, fact, Span(day, day), by)
    for one in latest.values():
        yield one, evolve(one, value=(one.value or 0) + by, state="measured", bound=None, disputed=False)
