"""Records: an outcome as JSON and CSV for other programs; the JSON is a stable, versioned contract."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from emulation.campaign import Campaign
from emulation.criteria import TOTAL
from emulation.exact import Rational, write_number
from emulation.measures import Measurement
from emulation.names import ClassName, Kind, ParticipantId
from emulation.observations import Observations
from emulation.outcome import Outcome, Result
from emulation.participants import Participant
from emulation.report.tables import in_group
from emulation.standings import Placed

FORMAT = 1


def outcome_record(outcome: Outcome, group: str | None = None) -> dict[str, Any]:
    """Give an outcome as plain values; exact numbers are texts, decimals where finite and ``n/d`` otherwise."""
    results = [one for one in outcome if in_group(one.participant, group)]
    return {
        "format": FORMAT,
        "campaign": outcome.campaign.id,
        "as_of": outcome.as_of.isoformat(),
        "campaign_hash": outcome.campaign.fingerprint,
        "data_hash": outcome.data_hash,
        "illustrative": outcome.observations.any_made_up,
        "participants": [_participant(outcome, result) for result in results],
        "awards": {
            id: {"winners": list(given.winners), "open": list(given.open)} for id, given in outcome.awards.items()
        },
        "summary": {
            "readiness": class_counts(
                outcome.campaign, outcome.as_of, ((one.participant, one.readiness) for one in results)
            ),
            "rows": tally_of(outcome.observations),
            "problems": [str(problem) for problem in outcome.problems],
            "set_aside": [str(problem) for problem in outcome.observations.set_aside],
        },
    }


def outcome_json(outcome: Outcome, group: str | None = None) -> str:
    """Give an outcome as JSON text."""
    return json.dumps(outcome_record(outcome, group), ensure_ascii=False, indent=1) + "\n"


def outcome_csv(outcome: Outcome, group: str | None = None) -> str:
    """Give an outcome as CSV, a row for each participant, safe to open in a spreadsheet.

    Cells that a spreadsheet would take for a formula begin with an apostrophe; numbers are exact texts.
    """
    campaign = outcome.campaign
    return csv_text(
        campaign,
        (
            [
                *(one[key] for key in ("id", "name", "kind", "parent", "total", "readiness")),
                " ".join(one["awards"]),
                *(_inner(one["standings"], standing.id, "rank") for standing in campaign.standings),
                *(_inner(one["targets"], target.id, "state") for target in campaign.targets),
                *(_inner(one["criteria"], id, "points") for id in campaign.criterion),
                *(_inner(one["indicators"], id, "value") for id in campaign.indicator),
            ]
            for one in outcome_record(outcome, group)["participants"]
        ),
    )


_TEXTS = 7
"""So many cells of a row are texts; the others are numbers, places and states."""


def csv_text(campaign: Campaign, rows: Iterable[Sequence[object]]) -> str:
    """Write rows under the headings of a campaign, in the encoding that spreadsheets know."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        [
            *("id", "name", "kind", "parent", "total", "readiness", "awards"),
            *(f"rank:{standing.id}" for standing in campaign.standings),
            *(f"target:{target.id}" for target in campaign.targets),
            *(f"points:{id}" for id in campaign.criterion),
            *(f"value:{id}" for id in campaign.indicator),
        ]
    )
    writer.writerows([*map(safe_cell, row[:_TEXTS]), *row[_TEXTS:]] for row in rows)
    return "\ufeff" + text.getvalue()


def safe_cell(value: object) -> str:
    """Write a text so that a spreadsheet shows it and does not run it.

    >>> safe_cell("=1+1"), safe_cell("＝1+1"), safe_cell("An-Bình"), safe_cell(None)
    ("'=1+1", "'＝1+1", 'An-Bình', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _RUNS else text


_RUNS = frozenset("=+-@\t\r\n＝＋－＠")
"""Signs at whose sight a spreadsheet reckons; the wide ones are those of keyboards for Chinese and Japanese."""


def _inner(records: dict[str, Any], id: str, key: str) -> str:
    found = records.get(id, {}).get(key)
    return "" if found is None else str(found)


def who(body: Participant) -> dict[str, Any]:
    """Give who a participant is."""
    return {
        "id": body.id,
        "name": body.name,
        "kind": body.kind,
        "parent": body.parent,
        "groups": dict(body.groups),
    }


def _participant(outcome: Outcome, result: Result) -> dict[str, Any]:
    body = result.participant
    return {
        **who(body),
        "total": _written(result.total),
        **_placed(result.placed),
        "standings": {id: _placed(places[body.id]) for id, places in outcome.standings.items() if body.id in places},
        "readiness": result.readiness,
        "awards": list(result.awards),
        "targets": _targets(outcome, body.id),
        "indicators": {id: _measured(found[body.id]) for id, found in outcome.measurements.items() if body.id in found},
        "criteria": _criteria(outcome, body.id),
    }


def _placed(placed: Placed | None) -> dict[str, Any]:
    if placed is None:
        return {"rank": None, "of": None, "tied_with": [], "unranked": None}
    return {
        "rank": placed.place,
        "of": placed.of,
        "tied_with": list(placed.tied_with),
        "unranked": placed.unranked,
    }


def _targets(outcome: Outcome, body: ParticipantId) -> dict[str, Any]:
    return {
        id: {
            "state": aims[body].state,
            "value": _written(aims[body].judged.value),
            "distance": _written(aims[body].distance),
        }
        for id, aims in outcome.aims.items()
        if body in aims
    }


def _measured(one: Measurement) -> dict[str, Any]:
    record: dict[str, Any] = {
        "state": one.state,
        "value": _written(one.value),
        "of": _written(one.of),
        "among": _written(one.among),
    }
    if one.bound is not None:
        record["bound"] = one.bound
    if one.flags:
        record["flags"] = list(one.flags)
    if one.because is not None:
        record["because"] = one.because
    return record


def _criteria(outcome: Outcome, body: ParticipantId) -> dict[str, Any]:
    return {
        id: {
            "parent": outcome.campaign.parent_of.get(id),
            "points": _written(scores[body].points),
            "max": _written(scores[body].most),
            "state": scores[body].state,
            "branch": scores[body].branch,
        }
        for id, scores in outcome.scores.items()
        if body in scores and id != TOTAL
    }


def class_counts(
    campaign: Campaign, day: date, held: Iterable[tuple[Participant, ClassName | None]]
) -> dict[str, dict[str, int]]:
    """Count for each kind how many of those living on a day hold each class of the rule that is for them."""
    found: Counter[tuple[str, Kind, ClassName | None]] = Counter()
    for body, class_ in held:
        if body.lives_on(day):
            found.update((rule.id, body.kind, class_) for rule in campaign.readiness if rule.for_.selects(body))
    summary: dict[str, dict[str, int]] = {}
    for rule in campaign.readiness:
        for kind in campaign.participants.kinds:
            if any((rule.id, kind, class_) in found for class_ in (*rule.classes, None)):
                summary[kind] = {class_: found[rule.id, kind, class_] for class_ in rule.classes}
                if undecided := found[rule.id, kind, None]:
                    summary[kind]["undecided"] = undecided
    return summary


def tally_of(observations: Observations) -> dict[str, int]:
    """Give what became of the rows that were read."""
    tally = observations.tally
    return {name: getattr(tally, name) for name in ("read", "new", "corrected", "unchanged", "rejected")}


def _written(value: Rational | None) -> str | None:
    return None if value is None else write_number(value)
