"""Column records: the JSON of a board that was scored on columns, under the keys of the exact one, piece by piece.

What only the exact engine says is left out: a key that is not there was not asked, and null says that there is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any

from attrs import field, frozen

from emulation.columnar.results import Row, Standing, Ties, Verdict, ordered_rows, ties_of
from emulation.criteria import TOTAL, Criterion
from emulation.exact import Rational, write_number
from emulation.names import AwardId, ClassName, CriterionId, StandingId
from emulation.observations import Observations
from emulation.outcome import data_hash
from emulation.participants import Participant
from emulation.problems import Problem
from emulation.report.records import FORMAT, class_counts, tally_of, who
from emulation.report.tables import in_group


def columns_json(
    verdict: Verdict, problems: Sequence[Problem], group: str | None = None, facts: Observations | None = None
) -> Iterator[str]:
    """Give a verdict as JSON text, in pieces: what has been written need not be held.

    The verdict is one with ``parts``; ``problems`` are what is left open. ``facts`` are the records it was scored on,
    if there were any: a table that is read where it lies is not hashed.
    """
    campaign = verdict.plan.campaign
    bodies = [body for body in campaign.participants if in_group(body, group)]
    told = _Told(verdict, ties_of(verdict, campaign.participants))
    yield _text(_head(verdict, facts)).removesuffix("\n}") + ',\n "participants": ['
    between = "\n"
    for record in told.records(bodies):
        yield between + indent(_text(record), "  ")
        between = ",\n"
    yield "\n ]" if bodies else "]"
    yield "," + _text(told.tail(bodies, problems, facts)).removeprefix("{") + "\n"


def _text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=1)


def _head(verdict: Verdict, facts: Observations | None) -> dict[str, Any]:
    campaign = verdict.plan.campaign
    head: dict[str, Any] = {
        "format": FORMAT,
        "engine": verdict.engine.name,
        "campaign": campaign.id,
        "as_of": verdict.plan.day.isoformat(),
        "campaign_hash": campaign.fingerprint,
    }
    if facts is not None:
        head |= {"data_hash": data_hash(campaign, facts), "illustrative": facts.any_made_up}
    return head


@frozen
class _Told:
    """Writes participants one by one, and keeps of each what the end of the document says of all."""

    verdict: Verdict
    ties: Ties
    given: dict[AwardId, tuple[list[str], list[str]]] = field(factory=dict)
    classes: list[ClassName | None] = field(factory=list)

    def records(self, bodies: Sequence[Participant]) -> Iterator[dict[str, Any]]:
        """Give the record of each."""
        shown = {body.id for body in bodies}
        everybody = self.verdict.plan.campaign.participants
        self.given.update({id: ([], []) for id in self.verdict.plan.awards})
        for body, row in zip(everybody, ordered_rows(self.verdict, [one.id for one in everybody]), strict=True):
            for award, won in row.awards.items():
                if won is not False:
                    self.given[award][won is None].append(body.id)
            if body.id in shown:
                self.classes.append(row.class_)
                yield self._participant(body, row)

    def tail(
        self, bodies: Sequence[Participant], problems: Iterable[Problem], facts: Observations | None
    ) -> dict[str, Any]:
        """Give what is said of all, once each was written."""
        plan = self.verdict.plan
        held = zip(bodies, self.classes, strict=True)
        summary: dict[str, Any] = {"readiness": class_counts(plan.campaign, plan.day, held)}
        if facts is not None:
            summary["rows"] = tally_of(facts)
        summary["problems"] = [str(problem) for problem in problems]
        if facts is not None:
            summary["set_aside"] = [str(problem) for problem in facts.set_aside]
        awards = {id: {"winners": winners, "open": waiting} for id, (winners, waiting) in self.given.items()}
        return {"awards": awards, "summary": summary}

    def _participant(self, body: Participant, row: Row) -> dict[str, Any]:
        campaign = self.verdict.plan.campaign
        standings = {one.id: row.standings[one.id] for one in campaign.standings if one.id in row.standings}
        first = next(iter(standings), None)
        return {
            **who(body),
            "total": _written(row.points.get(TOTAL)),
            **(_UNPLACED if first is None else self._placed(body, first, standings[first])),
            "standings": {id: self._placed(body, id, one) for id, one in standings.items()},
            "readiness": row.class_,
            "awards": [id for id, won in row.awards.items() if won],
            "targets": {one.id: {"state": row.aims[one.id]} for one in campaign.targets if one.id in row.aims},
            "indicators": {
                id: {
                    "state": row.values[id][0],
                    "value": _written(row.values[id][1]),
                    **_sides(*row.sides.get(id, (None, None))),
                }
                for id, one in campaign.indicator.items()
                if one.for_.selects(body)
            },
            "criteria": {
                id: self._criterion(campaign.criterion[CriterionId(id)], row) for id in row.points if id != TOTAL
            },
        }

    def _criterion(self, one: Criterion, row: Row) -> dict[str, Any]:
        points = row.points[one.id]
        most, state = row.judged[one.id]
        record = {"parent": self.verdict.plan.campaign.parent_of.get(one.id), "points": _written(points)}
        # What a whole could have come to of which a part stops it, is told by the exact engine.
        record |= {} if points is None else {"max": _written(most)}
        tracked = one.indicator if one.earns is None else None
        return {**record, "state": state if tracked is None else row.values[tracked][0]}

    def _placed(self, body: Participant, standing: StandingId, one: Standing) -> dict[str, Any]:
        tie = self.ties.get((standing, body.id))
        others = [] if tie is None else [id for id in tie.bodies if id != body.id]
        placed = {"rank": one.place, "of": one.of, "tied_with": others}
        # Why somebody has no place is told by the exact engine.
        return placed if one.place is None else {**placed, "unranked": None}


_UNPLACED: Mapping[str, Any] = {"rank": None, "of": None, "tied_with": [], "unranked": None}


def _sides(of: Rational | None, among: Rational | None) -> dict[str, Any]:
    return {"of": _written(of), "among": _written(among)}


def _written(value: Rational | None) -> str | None:
    return None if value is None else write_number(value)
