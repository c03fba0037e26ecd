"""Examples: cases worked by hand, recomputed exactly; what differs is a problem with both numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from attrs import evolve

from emulation.admission import Admission
from emulation.campaign import Campaign, Example, Expected
from emulation.exact import Rational, write_number
from emulation.indicators import At, Indicator, Over
from emulation.measures import NOT_MEANT
from emulation.names import ParticipantId
from emulation.observations import Observation
from emulation.outcome import Outcome, score
from emulation.participants import Participant, Participants
from emulation.problems import Path, Problem, Refused
from emulation.reading.facts import read_table
from emulation.reading.tables import Table
from emulation.reading.values import kinds_of_facts

COLUMNS = ("participant", "indicator", "from", "to", "value", "state", "stage")


def failing_examples(campaign: Campaign) -> tuple[Problem, ...]:
    """Recompute every example; give a problem for each value that comes out otherwise (E181)."""
    return tuple(
        problem
        for number, example in enumerate(campaign.examples)
        for problem in _differences(campaign, example, ("examples", str(number)))
    )


def example_outcome(campaign: Campaign, example: Example) -> Outcome:
    """Score the bodies of an example, as if they were all that take part; raise `Refused` for facts not as declared."""
    day = example.as_of or campaign.timetable.period.last
    rules = evolve(campaign.on(day), participants=_cast(campaign, example), decisions=(), rulings=(), editions=())
    facts = read_table(_table(rules, example, day), evolve(rules, observations=None))
    return score(rules, evolve(facts, reported=tuple(handed_in(rules.admission, facts))), day)


def handed_in(rules: Admission, facts: Iterable[Observation]) -> Iterator[Observation]:
    """Hand facts in on their own day, by the source believed first, at every stage or at the one that is named."""
    for one in facts:
        source = rules.sources[0] if rules.sources else one.source
        for stage in [one.stage] if one.stage else rules.stages or [None]:
            yield evolve(one, source=source, stage=stage, received=one.span.last)


def _cast(campaign: Campaign, example: Example) -> Participants:
    """Make the bodies an example speaks of: participants of the campaign by their ids, or invented ones."""
    described = dict(example.bodies)
    bodies: list[Participant] = []
    for id in dict.fromkeys([*described, *(id for id, _ in example.given)]):
        if id in described:
            body = described[id]
            parent = None if body.parent is None else ParticipantId(body.parent)
            bodies.append(Participant(ParticipantId(id), id, body.kind, parent, body.groups))
        elif id in campaign.participants:
            bodies.append(campaign.participants[id])
        else:
            bodies.append(Participant(ParticipantId(id), id, example.for_ or campaign.participants.kinds[0]))
    known = {body.id for body in bodies}
    return Participants(tuple(body if body.parent in known else evolve(body, parent=None) for body in bodies))


def _table(rules: Campaign, example: Example, day: date) -> Table:
    """Set what is given as a table in the plain form; its lines are counted from 0."""
    kinds = kinds_of_facts(rules)
    rows: list[list[str]] = []
    for body, written, value in _given(example):
        fact, _, stage = written.partition("@")
        state = value[1:-1] if value.startswith("[") and value.endswith("]") else ""
        rows.append([body, fact, *days_of(rules, kinds.get(fact, ()), day), "" if state else value, state, stage])
    return Table("example", COLUMNS, tuple(rows), range(len(rows)), 0)


def _given(example: Example) -> Iterator[tuple[str, str, str]]:
    return ((body, fact, value) for body, facts in example.given for fact, value in facts)


def days_of(rules: Campaign, kinds: Sequence[Indicator], day: date) -> tuple[str, str]:
    """Give the days a fact is about: the whole window of a flow, the day of a stock."""
    match kinds[0].time if kinds else None:
        case Over(window):
            span = rules.timetable.span(window)
            return span.first.isoformat(), min(span.last, day).isoformat()
        case At(date() as on):
            return "", on.isoformat()
        case _:
            return "", min(day, rules.timetable.period.last).isoformat()


def _differences(campaign: Campaign, example: Example, path: Path) -> Iterator[Problem]:
    try:
        outcome = example_outcome(campaign, example)
    except Refused as refused:
        yield from (_unusable(problem, example, path) for problem in refused.problems)
        return
    yield from (_unusable(problem, example, path) for problem in outcome.observations.set_aside)
    for body, expected in example.expect:
        there = (*path, "expect", body)
        if body not in outcome.campaign.participants:
            yield Problem("E135", f"nothing is given for {body!r}", path=there)
            continue
        for what, wanted, found in _compared(outcome, ParticipantId(body), expected):
            if wanted != found:
                said = f"{'.'.join(what)} of {body} comes out as {_shown(found)}"
                yield Problem("E181", said, f"{_shown(wanted)} is expected", path=(*there, *what))


def _unusable(problem: Problem, example: Example, path: Path) -> Problem:
    """Tell of a fact that is given and cannot be read or used, where it is given."""
    body, fact, _ = next(islice(_given(example), problem.place.line if problem.place else 0, None))
    what, there = f"a fact of the example cannot be used: {problem.what}", (*path, "given", body, fact)
    return Problem("E182", what, problem.expected, problem.near, there)


Value: TypeAlias = Rational | str | tuple[str, ...] | None


def _compared(
    outcome: Outcome, body: ParticipantId, expected: Expected
) -> Iterator[tuple[tuple[str, ...], Value, Value]]:
    """Give, for all that is expected, what it is, what is expected and what came out."""
    result = outcome[body]
    for criterion, points in expected.points:
        scored = outcome.scores[criterion].get(body)
        yield ("points", criterion), points, scored.points if scored else None
    for indicator, value in expected.values:
        measurement = outcome.measurements[indicator].get(body, NOT_MEANT)
        unmeasured = f"nothing ({measurement.because})"
        yield ("values", indicator), value, unmeasured if measurement.value is None else measurement.value
    for target, state in expected.targets:
        aim = outcome.aims[target].get(body)
        yield ("targets", target), state, aim.state if aim else None
    if expected.total is not None:
        yield ("total",), expected.total, result.total
    if expected.rank is not None:
        yield ("rank",), expected.rank, result.rank
    if expected.readiness is not None:
        yield ("readiness",), expected.readiness, result.readiness
    if expected.awards is not None:
        yield ("awards",), tuple(sorted(expected.awards)), tuple(sorted(result.awards))


def _shown(value: Value) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return value
        case int() | Fraction():
            return write_number(value)
        case several:
            return ", ".join(several) or "none"
