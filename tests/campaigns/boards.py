"""Boards: what every committed campaign shows, to be compared whole; run as a script, it writes them anew."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from emulation.commands.options import observations_of
from emulation.outcome import Outcome, score
from emulation.reading.campaign_file import load_campaign
from emulation.report.records import outcome_json
from emulation.report.text import board_text
from emulation.report.words import words

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).parent / "snapshots"
NAMES = sorted(path.parent.name for path in (ROOT / "campaigns").glob("*/campaign.yaml"))


@cache
def outcome(name: str) -> Outcome:
    """Score a committed campaign on its own observations."""
    folder = ROOT / "campaigns" / name
    campaign = load_campaign(folder)
    return score(campaign, observations_of(campaign, folder, ()))


def shown(name: str) -> dict[str, str]:
    """Give the boards of a campaign in both languages, and the hash of its JSON, which is long."""
    digest = hashlib.sha256(outcome_json(outcome(name)).encode()).hexdigest()
    return {
        "en.txt": board_text(outcome(name), words("en"), top=100),
        "vi.txt": board_text(outcome(name), words("vi"), top=100),
        "json.sha256": digest + "\n",
    }


def record(name: str) -> dict[str, dict[str, object]]:
    """Give the JSON of a campaign's outcome, its participants by id."""
    found = json.loads(outcome_json(outcome(name)))
    return {one["id"]: one for one in found["participants"]}


if __name__ == "__main__":
    SNAPSHOTS.mkdir(exist_ok=True)
    for one in NAMES:
        for ending, text in shown(one).items():
            (SNAPSHOTS / f"{one}.{ending}").write_text(text, encoding="utf-8", newline="")
