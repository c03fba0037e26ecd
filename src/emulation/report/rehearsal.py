"""Rehearsal: what came out of invented figures, as text and records, and whether to go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from emulation.exact import Rational, write_number
from emulation.lint.catalogue import EVIDENCE
from emulation.report.layout import page, table_lines, wrapped
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.scenarios.rehearsal import Doubt, Rehearsal, Spread

FORMAT = 1


def rehearsal_text(found: Rehearsal, words: Words) -> str:
    """Say what would come out, and whether anything speaks against launching."""
    speech = Speech(found.campaign, words)
    title = f"{words.label(found.campaign.title, found.campaign.id)} ({found.campaign.id})"
    given = {"times": words.number(found.times), "seed": found.seed, "day": words.date(found.day)}
    lines = [title, *wrapped(words.say("rehearse.title", **given), "", page(words)), ""]
    columns = [words.say(f"rehearse.column.{name}") for name in ("what", "least", "middle", "most")]
    lines += table_lines(columns, [False, True, True, True], list(_rows(found, speech)), words.wide)
    if found.findings:
        lines += ["", words.say("rehearse.findings")]
        lines += [
            line
            for (code, at), count in found.findings.items()
            for line in wrapped(
                words.say("rehearse.finding", code=code, at=at, count=count, title=EVIDENCE[code].title),
                "  ",
                page(words),
            )
        ]
    lines += ["", words.say("rehearse.go" if found.is_go else "rehearse.no_go")]
    lines += [line for doubt in found.doubts for line in wrapped(_doubt(doubt, found, speech), "  ", page(words))]
    return "\n".join(lines) + "\n"


def _rows(found: Rehearsal, speech: Speech) -> Iterator[list[str]]:
    words = speech.words
    for key, spread in (
        ("totals", found.totals),
        ("first", found.first),
        ("tied", found.tied),
        ("unsettled", found.unsettled),
    ):
        if spread is not None:
            yield [words.say(f"rehearse.row.{key}"), *_cells(spread, words)]
    for held in found.classes.values():
        yield from ([speech.class_(class_), *_cells(count, words)] for class_, count in held.items())
    for target, met in found.targets.items():
        yield [words.say("rehearse.row.target", target=speech.target(target)), *_cells(met, words)]
    for criterion, share in found.decides.items():
        name = words.say("rehearse.row.decides", criterion=speech.criterion(criterion))
        yield [name, *(words.percent(one, 1) for one in (share.least, share.middle, share.most))]


def _cells(spread: Spread, words: Words) -> list[str]:
    return [
        words.number(one, None if isinstance(one, int) else 2) for one in (spread.least, spread.middle, spread.most)
    ]


def _doubt(doubt: Doubt, found: Rehearsal, speech: Speech) -> str:
    words = speech.words
    about = doubt.about
    match doubt.reason:
        case "class_of_all" | "class_of_nobody":
            about = speech.class_(about.rpartition(".")[2])
        case "decides":
            about = speech.criterion(about)
        case _:
            pass
    return words.say(f"rehearse.doubt.{doubt.reason}", about=about, count=doubt.times, times=found.times)


def rehearsal_json(found: Rehearsal) -> str:
    """Give the same as JSON."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "campaign": found.campaign.id,
        "campaign_hash": found.campaign.fingerprint,
        "as_of": found.day.isoformat(),
        "times": found.times,
        "seed": found.seed,
        "missing": write_number(found.missing),
        "totals": _spread(found.totals),
        "first": _spread(found.first),
        "tied": _spread(found.tied),
        "unsettled": _spread(found.unsettled),
        "readiness": {
            rule: {class_: _spread(one) for class_, one in held.items()} for rule, held in found.classes.items()
        },
        "targets": {id: _spread(one) for id, one in found.targets.items()},
        "decides": {id: _spread(one) for id, one in found.decides.items()},
        "findings": [{"code": code, "at": at, "times": count} for (code, at), count in found.findings.items()],
        "go": found.is_go,
        "doubts": [{"reason": one.reason, "about": one.about, "times": one.times} for one in found.doubts],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _spread(one: Spread | None) -> list[str] | None:
    return None if one is None else [_number(value) for value in (one.least, one.middle, one.most)]


def _number(value: Rational) -> str:
    return write_number(value)
