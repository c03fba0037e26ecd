"""Rechecking: a sample of what columns came to, judged once more by the exact engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.columnar.results import Outline, Row
from emulation.criteria import TOTAL
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.participants import Participants
from emulation.problems import Disagreement

AT_MOST = 200
"""So many participants are judged once more: those at the head, at ties and at the edges of classes, and others."""

AT_LEAST = 12
"""So many of these are judged once more where each has many facts."""

MOST_FACTS = 60_000
"""So many facts of them are fetched and read as records."""


@frozen
class Rechecked:
    """Who was judged once more, and that nothing differed."""

    bodies: tuple[ParticipantId, ...]


def rechecked(campaign: Campaign, facts: Iterable[Observation], day: date, rows: Sequence[Row]) -> Rechecked:
    """Judge those in some rows once more; raise `Disagreement` where anything differs.

    Those with parts below are left out, since what they come to rests on all of those; places are compared by the
    order of those in the sample.
    """
    found = {row.id: row for row in rows}
    kept = Participants(tuple(evolve(body, parent=None) for body in campaign.participants if body.id in found))
    some = evolve(campaign, participants=kept, editions=())
    reported = Observations(tuple(one for one in facts if one.participant in found))
    outcome = score(some, reported, day)
    for body in kept:
        for what, exact, columns in _compared(outcome, body.id, found[body.id]):
            if exact != columns:
                raise Disagreement(f"{what} of {body.name} ({body.id}): {exact} exactly, {columns} on columns")
    _ordered(outcome, found)
    return Rechecked(tuple(sorted(body.id for body in kept)))


def chosen(rows: Sequence[Outline], campaign: Campaign, facts: int) -> frozenset[str]:
    """Give who is judged once more, of those who have no parts below: fewer, where there are many facts of each."""
    below = {body.parent for body in campaign.participants}
    most = min(AT_MOST, max(AT_LEAST, MOST_FACTS * len(rows) // max(facts, 1)))
    return frozenset(sample([row for row in rows if row.id not in below], campaign, most))


def sample(rows: Sequence[Outline], campaign: Campaign, most: int = AT_MOST) -> Iterator[str]:
    """Choose who is judged once more, the same whatever order the rows are in."""
    ordered = sorted(rows, key=lambda row: row.id)
    share = most // 4
    if campaign.standings:
        placed = [row for row in ordered if row.places[0] is not None]
        placed.sort(key=lambda row: row.places[0] or 0)
        yield from (row.id for row in placed[:share])
        yield from [row.id for row in placed if row.tied][:share]
        edges = (pair for pair in pairwise(placed) if pair[0].class_ != pair[1].class_)
        yield from [row.id for pair in edges for row in pair][:share]
    yield from (row.id for row in ordered[:: max(1, len(ordered) // share)][:share])


def _compared(outcome: Outcome, body: ParticipantId, row: Row) -> Iterator[tuple[str, object, object]]:
    for id, measured in outcome.measurements.items():
        if body in measured:
            yield id, (measured[body].state, measured[body].value), row.values[id]
    for criterion, column in outcome.scores.items():
        if body in column:
            name = "total" if criterion == TOTAL else criterion
            yield name, column.points_of(body), row.points.get(criterion)


def _ordered(outcome: Outcome, found: Mapping[str, Row]) -> None:
    """See that those in the sample follow one another as they do exactly."""
    for standing, places in outcome.standings.items():
        by_group: dict[str | None, list[str]] = {}
        for id, placed in places.items():
            if placed.place is not None:
                by_group.setdefault(placed.group, []).append(id)
        for ids in by_group.values():
            exact = sorted(ids, key=lambda id: (places[ParticipantId(id)].place or 0, id))
            columns = sorted(ids, key=lambda id: (found[id].standings[standing].place or 0, id))
            if exact != columns:
                raise Disagreement(f"the order in {standing}")
