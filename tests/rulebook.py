"""Rulebook: a small sound campaign as text, so that a test of the readers can write it with one thing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from emulation.campaign import Campaign
from emulation.problems import Problem, Refused
from emulation.reading.campaign_file import load_campaign

PEOPLE = """\
id,name,kind,parent,cluster
p,Province,province,,
a,An Bình,commune,p,east
b,Bình Minh,commune,p,west
"""

PARTS = {
    "campaign": "quarter",
    "title": "First quarter",
    "period": "{from: 2025-01-01, to: 2025-03-31}",
    "participants": "{file: participants.csv, groups: [cluster]}",
    "set_aside": "report",
    "unmeasured": "not_met",
    "indicators": "{online: {share: {of: done, among: due}, over: period, better: higher}}",
    "criteria": "{online: {for: commune, indicator: online, max: 100, proportional: {full_at: 80%, cap: full}}}",
    "gaps": "{missing: zero, not_applicable: drop, zero_denominator: missing}",
}


def text_of(**parts: str | None) -> str:
    """Write the campaign with some parts changed, added, or (None) left out."""
    every = {**PARTS, **parts}
    return "".join(f"{key}: {value}\n" for key, value in every.items() if value is not None)


def load(folder: Path, people: str = PEOPLE, **parts: Any) -> Campaign:
    """Write the campaign with some parts changed, and read it."""
    (folder / "participants.csv").write_text(people, encoding="utf-8")
    (folder / "campaign.yaml").write_text(text_of(**parts), encoding="utf-8")
    return load_campaign(folder)


def problems(folder: Path, people: str = PEOPLE, **parts: Any) -> tuple[Problem, ...]:
    """Give the problems of the campaign with some parts changed; none if it is read."""
    try:
        load(folder, people, **parts)
    except Refused as refused:
        return refused.problems
    return ()


def told(folder: Path, people: str = PEOPLE, **parts: Any) -> list[str]:
    """Give what is wrong with the campaign with some parts changed, without places."""
    return [f"{one.code} {one.what}" for one in problems(folder, people, **parts)]
