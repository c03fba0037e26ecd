"""Firmness: how firm ranks are, as text and records; beside the official rank, never in its stead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from emulation.exact import divide, write_number
from emulation.outcome import Outcome
from emulation.report.layout import heading, page, table_lines, wrapped
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.scenarios.bounds import Waiting
from emulation.scenarios.firmness import Firm, Firmness, Influence
from emulation.scenarios.multiverse import Multiverse
from emulation.scenarios.ranges import Dirichlet, Ranges, Uniform

FORMAT = 1
MANY = 40
"""Rows that are shown without being asked for."""


def firmness_text(found: Firmness, words: Words, top: int | None = None, first: int | None = None) -> str:
    """Say how firm ranks are: the official place, and the places over the draws; how often among the ``first``."""
    speech = Speech(found.outcome.campaign, words)
    lines = [*heading(found.outcome, words), "", *wrapped(_title(found, speech), "", page(words))]
    lines += [f"  {line}" for line in _ranges(found.ranges, speech)]
    lines += ["", *_table(found, speech, top, first)]
    if found.influence:
        lines += ["", words.say("firmness.influence"), *_influence(found.influence, speech)]
    return "\n".join(lines) + "\n"


def _title(found: Firmness, speech: Speech) -> str:
    words = speech.words
    standing = "" if found.standing is None else f"{speech.standing(found.standing)}: "
    given = {
        "draws": words.number(found.draws),
        "seed": found.seed,
        "how": words.say(f"firmness.engine.{found.engine}"),
    }
    return standing + words.say("firmness.title", **given)


def _ranges(ranges: Ranges, speech: Speech) -> Iterator[str]:
    words = speech.words
    match ranges.weights:
        case Uniform(within):
            for id, one in within:
                given = {"low": words.number(one.from_), "high": words.number(one.to)}
                yield words.say("firmness.uniform", criterion=speech.criterion(id), **given)
        case Dirichlet(of, concentration):
            names = words.joined([speech.criterion(id) for id in of])
            yield words.say("firmness.dirichlet", criteria=names, concentration=words.number(concentration))
        case None:
            pass
    if ranges.samples == "redrawn":
        yield words.say("firmness.samples")


def _table(found: Firmness, speech: Speech, top: int | None, first: int | None) -> Iterator[str]:
    words = speech.words
    shown = found.rows[: MANY if top is None else top or None]
    surely = any(row.surely for row in shown)
    without = [one.criterion for one in found.influence] if len(found.influence) > 1 else []
    names = ["who", "place", "central", "extremes", *(["surely"] if surely else [])]
    headings = [words.say(f"firmness.column.{name}") for name in names]
    headings += [] if first is None else [words.say("firmness.column.first", first=words.number(first))]
    headings += [words.say("firmness.column.without", criterion=speech.criterion(id)) for id in without]
    classes = list(dict.fromkeys(name for row in shown for name in row.classes))
    awards = list(dict.fromkeys(name for row in shown for name in row.awards))
    headings += [speech.class_(name) for name in classes]
    headings += [_award(name, speech) for name in awards]
    rows = [
        [
            speech.body(row.participant),
            words.number(row.place),
            _interval(row.central),
            _interval(row.extremes),
            *([_interval(row.surely)] if surely and row.surely else []),
            *([] if first is None else [words.percent(row.within(first), 1)]),
            *(words.number(row.without[id]) for id in without),
            *(_share(row.classes, name, found.draws, words) for name in classes),
            *(_share(row.awards, name, found.draws, words) for name in awards),
        ]
        for row in shown
    ]
    yield from table_lines(headings, [False, *([True] * (len(headings) - 1))], rows, words.wide)
    if len(found.rows) > len(shown):
        yield words.say("board.more", count=words.number(len(found.rows) - len(shown)))


def _interval(places: tuple[int, int]) -> str:
    return f"{places[0]}" if places[0] == places[1] else f"{places[0]}–{places[1]}"


def _share(tally: Mapping[str, int], name: str, draws: int, words: Words) -> str:
    return words.percent(divide(tally.get(name, 0), draws), 1)


def _award(name: str, speech: Speech) -> str:
    known = next(one.title for one in speech.campaign.awards if one.id == name)
    return speech.words.label(known, name)


def _influence(influence: Sequence[Influence], speech: Speech) -> Iterator[str]:
    words = speech.words
    headings = [words.say(f"firmness.column.{name}") for name in ("criterion", "declared", "effective")]
    rows = [
        [speech.criterion(one.criterion), words.percent(one.declared, 1), words.percent(one.effective, 1)]
        for one in influence
    ]
    yield from table_lines(headings, [False, True, True], rows, words.wide)


def waiting_text(outcome: Outcome, found: Sequence[Waiting], words: Words, top: int | None = None) -> str:
    """Say between which places everybody will stand once what is missing arrives."""
    speech = Speech(outcome.campaign, words)
    late = [one for one in found if one.missing]
    lines = [*heading(outcome, words), ""]
    if not late:
        return "\n".join([*lines, words.say("firmness.nothing_missing")]) + "\n"
    moving = [one for one in found if one.best != one.worst]
    shown = moving[: MANY if top is None else top or None]
    lines += [words.say("firmness.waiting", count=words.number(len(late)), moving=words.number(len(moving))), ""]
    headings = [words.say(f"firmness.column.{name}") for name in ("who", "place", "between", "missing")]
    rows = [
        [
            speech.body(one.participant),
            "–" if one.place is None else words.number(one.place),
            _interval((one.best, one.worst)),
            ", ".join(speech.criterion(id) for id in one.missing),
        ]
        for one in shown
    ]
    lines += table_lines(headings, [False, True, True, False], rows, words.wide)
    if len(moving) > len(shown):
        lines.append(words.say("board.more", count=words.number(len(moving) - len(shown))))
    return "\n".join(lines) + "\n"


def multiverse_text(found: Multiverse, words: Words, top: int | None = None) -> str:
    """Set everybody's place in each universe side by side."""
    speech = Speech(found.outcome.campaign, words)
    known = {one.id: one for one in found.study.scenarios}
    names = [words.label(known[id].title, id) for id in found.universes]
    headings = [words.say(f"firmness.column.{name}") for name in ("who", "place", "between")] + names
    shown = found.fates[: MANY if top is None else top or None]
    rows = [
        [
            speech.body(one.participant),
            _place(one.place),
            "" if one.span is None else _interval(one.span),
            *map(_place, one.places),
        ]
        for one in shown
    ]
    lines = [*heading(found.outcome, words), "", words.say("firmness.multiverse", count=len(found.universes)), ""]
    lines += table_lines(headings, [False, *([True] * (len(headings) - 1))], rows, words.wide)
    if len(found.fates) > len(shown):
        lines.append(words.say("board.more", count=words.number(len(found.fates) - len(shown))))
    return "\n".join(lines) + "\n"


def _place(place: int | None) -> str:
    return "–" if place is None else f"{place}"


# --- records


def firmness_json(found: Firmness) -> str:
    """Give all tallies as JSON; shares are counts out of ``draws``."""
    record = {
        **_head(found.outcome),
        "standing": found.standing,
        "draws": found.draws,
        "seed": found.seed,
        "engine": found.engine,
        "participants": [_row(row) for row in found.rows],
        "criteria": {
            one.criterion: {"declared": write_number(one.declared), "effective": write_number(one.effective)}
            for one in found.influence
        },
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _head(outcome: Outcome) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "campaign": outcome.campaign.id,
        "as_of": outcome.as_of.isoformat(),
        "campaign_hash": outcome.campaign.fingerprint,
        "data_hash": outcome.data_hash,
    }


def _row(row: Firm) -> dict[str, Any]:
    return {
        "id": row.participant,
        "rank": row.place,
        "central": list(row.central),
        "extremes": list(row.extremes),
        "surely": row.surely and list(row.surely),
        "ranks": {str(place): count for place, count in sorted(row.tally.items())},
        "without": dict(row.without),
        "readiness": dict(sorted(row.classes.items())),
        "awards": dict(sorted(row.awards.items())),
    }


def multiverse_json(found: Multiverse) -> str:
    """Give everybody's place in each universe as JSON."""
    participants = [
        {"id": one.participant, "rank": one.place, "ranks": dict(zip(found.universes, one.places, strict=True))}
        for one in found.fates
    ]
    return json.dumps({**_head(found.outcome), "participants": participants}, ensure_ascii=False, indent=1) + "\n"


def waiting_json(outcome: Outcome, found: Sequence[Waiting]) -> str:
    """Give the bounds as JSON."""
    participants = [
        {
            "id": one.participant,
            "rank": one.place,
            "best": one.best,
            "worst": one.worst,
            "total": [write_number(end) for end in one.totals],
            "missing": list(one.missing),
        }
        for one in found
    ]
    return json.dumps({**_head(outcome), "participants": participants}, ensure_ascii=False, indent=1) + "\n"
