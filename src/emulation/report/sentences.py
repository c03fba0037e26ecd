"""Sentences: why a participant stands where it stands, as text, Markdown and JSON, down to each datum."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from emulation.exact import write_number
from emulation.grammar import word_for
from emulation.outcome import Outcome
from emulation.reasoning import Reason, reasons
from emulation.report.explanations import Said, explanation
from emulation.report.layout import fitted, heading, markdown, page, wrapped
from emulation.report.words import Words

FORMAT = 1
_TOLD_BELOW = {"participant", "measurement", "facts", "gates", "judged", "changed", "placed", "parts", "rule"}
"""Fields of records that the parts of a reason tell, or that say nothing of why."""


def explain_text(outcome: Outcome, participant: str, words: Words, *, every_fact: bool = False) -> str:
    """Say why a participant (id or name) stands where it stands, as indented sentences."""
    told = explanation(outcome, participant, words, every_fact=every_fact)
    lines = [line for said in (*heading(outcome, words), "", told.text, "") for line in fitted(said, words)]
    for part in told.parts:
        block = list(_indented(part, 0, page(words)))
        lines += ["", *block] if part.parts and lines[-1] else block
        lines += [""] if part.parts else []
    return "\n".join(lines).rstrip("\n") + "\n"


def explain_markdown(outcome: Outcome, participant: str, words: Words, *, every_fact: bool = False) -> str:
    """Say the same as Markdown: a heading, and nested lists."""
    told = explanation(outcome, participant, words, every_fact=every_fact)
    title, *lines = heading(outcome, words)
    blocks = [f"# {markdown(told.text)}", "  \n".join(markdown(line) for line in (title, *lines))]
    blocks += ["\n".join(_listed(part, 0)) for part in told.parts]
    return "\n\n".join(blocks) + "\n"


def explain_json(outcome: Outcome, participant: str) -> str:
    """Give the tree of reasons as JSON: numbers are exact texts, decimals where finite and ``n/d`` otherwise."""
    told = reasons(outcome, participant)
    record = {
        "format": FORMAT,
        "campaign": outcome.campaign.id,
        "as_of": outcome.as_of.isoformat(),
        "campaign_hash": outcome.campaign.fingerprint,
        "data_hash": outcome.data_hash,
        "reasons": record_of(told),
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _indented(said: Said, depth: int, wide: int) -> Iterator[str]:
    yield from wrapped(said.text, "  " * depth, wide)
    for part in said.parts:
        yield from _indented(part, depth + 1, wide)


def _listed(said: Said, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {markdown(said.text)}"
    for part in said.parts:
        yield from _listed(part, depth + 1)


def record_of(reason: Reason) -> dict[str, Any]:
    """Give a reason and all it rests on as plain values; exact numbers are texts."""
    return {
        "about": reason.about,
        "id": reason.id,
        **_fields(reason.record),
        **({"rule": _plain(reason.record.condition)} if reason.about == "condition" else {}),
        "parts": [record_of(part) for part in reason.parts],
    }


def _fields(record: Any) -> dict[str, Any]:
    names = [attribute.name for attribute in attrs.fields(type(record))]
    return {
        name.rstrip("_"): _plain(getattr(record, name))
        for name in names
        if name not in _TOLD_BELOW and name != "condition"
    }


def _plain(value: Any) -> Any:
    """Give a record's value as JSON knows it."""
    match value:
        case bool() | str() | None:
            return value
        case int() | Fraction():
            return write_number(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_plain(one) for one in value]
        case _ if attrs.has(type(value)):
            return {"is": word_for(type(value)), **{name: _plain(one) for name, one in _all_fields(value)}}
        case _:
            return str(value)


def _all_fields(record: Any) -> Iterator[tuple[str, Any]]:
    for attribute in attrs.fields(type(record)):
        value = getattr(record, attribute.name)
        if value not in (None, (), attribute.default):
            yield attribute.name.rstrip("_"), value
