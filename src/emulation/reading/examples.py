"""Examples: cases worked by hand, recomputed exactly; what differs is a problem with both numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from attrs import evolve

from emulation.campaign import Campaign, Example, Expected
from emulation.exact import Rational, write_number
from emulation.indicators import At, Indicator, Over
from emulation.names import ParticipantId
from emulation.outcome import Outcome, score
from emulation.participants import Participant, Participants
from emulation.problems import Path, Problem
from emulation.reading.facts import form_of, kinds_of_facts, read_table
from emulation.reading.tables import read_csv

COLUMNS = ("participant", "indicator", "from", "to", "value", "state")


def failing_examples(campaign: Campaign) -> tuple[Problem, ...]:
    """Recompute every example; give a problem for each value that comes out otherwise (E181)."""
    return tuple(
        problem
        for number, example in enumerate(campaign.examples)
        for problem in _differences(campaign, example, ("examples", str(number)))
    )


def example_outcome(campaign: Campaign, example: Example) -> Outcome:
    """Score the bodies of an example, as if they were all that take part."""
    day = example.as_of or campaign.timetable.period.last
    rules = evolve(campaign.on(day), participants=_cast(campaign, example), decisions=(), editions=())
    return score(
        rules, read_table(read_csv(_written(rules, example, day), "example", form_of(None)), _plain(rules)), day
    )


def _plain(rules: Campaign) -> Campaign:
    """Give the rules as they read a table that is written in the plain form."""
    return evolve(rules, observations=None)


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


def _written(rules: Campaign, example: Example, day: date) -> bytes:
    """Write what is given as a table, which is then read as any other."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    kinds = kinds_of_facts(rules)
    for body, facts in example.given:
        for fact, value in facts:
            state = value[1:-1] if value.startswith("[") and value.endswith("]") else ""
            first, last = _days(rules, kinds.get(fact), day)
            writer.writerow([body, fact, first, last, "" if state else value, state])
    return text.getvalue().encode()


def _days(rules: Campaign, kind: Indicator | None, day: date) -> tuple[str, str]:
    """Give the days a fact is about: the whole window of a flow, the day of a stock."""
    match kind.time if kind else None:
        case Over(window):
            span = rules.timetable.span(window)
            return span.first.isoformat(), min(span.last, day).isoformat()
        case At(date() as on):
            return "", on.isoformat()
        case _:
            return "", min(day, rules.timetable.period.last).isoformat()


def _differences(campaign: Campaign, example: Example, path: Path) -> Iterator[Problem]:
    outcome = example_outcome(campaign, example)
    for problem in outcome.observations.set_aside:
        yield Problem(
            "E182", f"a fact of the example cannot be used: {problem.what}", problem.expected, path=(*path, "given")
        )
    for body, expected in example.expect:
        there = (*path, "expect", body)
        if body not in outcome.campaign.participants:
            yield Problem("E135", f"nothing is given for {body!r}", path=there)
            continue
        for what, wanted, found in _compared(outcome, ParticipantId(body), expected):
            if wanted != found:
                yield Problem(
                    "E181",
                    f"{what} of {body} comes out as {_shown(found)}",
                    f"{_shown(wanted)} is expected",
                    path=there,
                )


def _compared(outcome: Outcome, body: ParticipantId, expected: Expected) -> Iterator[tuple[str, object, object]]:
    """Give, for all that is expected, what it is, what is expected and what came out."""
    result = outcome[body]
    for criterion, points in expected.points:
        scored = outcome.scores[criterion].get(body)
        yield f"points.{criterion}", points, scored.points if scored else None
    for indicator, value in expected.values:
        measurement = outcome.measurements[indicator].get(body)
        yield f"values.{indicator}", value, measurement.value if measurement else None
    for target, state in expected.targets:
        aim = outcome.aims[target].get(body)
        yield f"targets.{target}", state, aim.state if aim else None
    if expected.total is not None:
        yield "total", expected.total, result.total
    if expected.rank is not None:
        yield "rank", expected.rank, result.rank
    if expected.readiness is not None:
        yield "readiness", expected.readiness, result.readiness
    if expected.awards is not None:
        yield "awards", tuple(sorted(expected.awards)), tuple(sorted(result.awards))


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return value
        case tuple():
            return ", ".join(value) or "none"
        case _:
            return _number(value)


def _number(value: object) -> str:
    return write_number(value) if isinstance(value, Rational) else str(value)
