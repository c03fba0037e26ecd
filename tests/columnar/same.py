"""Same: an outcome and a verdict held against one another, participant by participant."""

from __future__ import annotations

from collections.abc import Iterator

from emulation.columnar.results import Row, Standing, Verdict, rows
from emulation.names import ParticipantId
from emulation.outcome import Outcome
from emulation.problems import Problem


def differences(outcome: Outcome, verdict: Verdict) -> list[str]:
    """Say everything in which the two differ; nothing where they are the same."""
    found = {row.id: row for row in rows(verdict)}
    bodies = outcome.campaign.participants
    if found.keys() != {body.id for body in bodies}:
        return ["other participants"]
    return [one for body in bodies for one in _differing(outcome, body.id, found[body.id])]


def _differing(outcome: Outcome, id: ParticipantId, row: Row) -> Iterator[str]:
    for what, exact, columns in _pairs(outcome, id, row):
        if exact != columns:
            yield f"{what} of {id}: {exact} exactly, {columns} on columns"


def _pairs(outcome: Outcome, id: ParticipantId, row: Row) -> Iterator[tuple[str, object, object]]:
    for indicator, measured in outcome.measurements.items():
        one = measured.get(id)
        exact = ("not_applicable", None) if one is None else (one.state, one.value)
        yield indicator, exact, row.values[indicator]
    for criterion, column in outcome.scores.items():
        points = (column.points_of(id),) if id in column else None
        yield criterion, points, (row.points[criterion],) if criterion in row.points else None
    for standing, places in outcome.standings.items():
        placed = places.get(id)
        expected = placed and Standing(placed.place, placed.of, len(placed.tied_with), placed.open)
        yield standing, expected, row.standings.get(standing)
    for target, aims in outcome.aims.items():
        yield target, aims[id].state if id in aims else None, row.aims.get(target)
    held = outcome.classes.get(id)
    yield "class", held and held.class_, row.class_
    for award, given in outcome.awards.items():
        yield award, True if id in given.winners else None if id in given.open else False, row.awards[award]
    yield "gaps", {one.path[1] for one in outcome.problems if _blocks(one, id)}, set(row.blocked)


def _blocks(problem: Problem, id: ParticipantId) -> bool:
    return problem.code in ("E161", "E162") and f"({id})" in problem.what
