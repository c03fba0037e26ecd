"""Determinism: nothing outside the rules and the facts changes a byte of what comes out."""

from __future__ import annotations

import gc
import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from emulation.outcome import score
from emulation.reading.facts import load_observations
from emulation.report.records import outcome_json

from boards import ROOT, outcome

CAMPAIGN = ROOT / "campaigns" / "thai-nguyen-2025"

WORLDS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "random", "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8"},
]


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world["TZ"])
def test_seed_zone_and_locale_change_no_byte(world: dict[str, str]) -> None:
    """Hash seed, time zone and locale are not data."""
    command = [sys.executable, "-m", "emulation", "score", str(CAMPAIGN), "--format", "json"]
    found = subprocess.run(command, env=os.environ | world, check=True, capture_output=True).stdout

    assert found.decode() == outcome_json(outcome("thai-nguyen-2025"))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_no_byte(seed: int, tmp_path: Path) -> None:
    """Rows may come in any order."""
    header, *rows = (CAMPAIGN / "observations.csv").read_text(encoding="utf-8").splitlines()
    random.Random(seed).shuffle(rows)
    shuffled = tmp_path / "observations.csv"
    shuffled.write_text("\n".join([header, *rows]), encoding="utf-8")
    expected = outcome("thai-nguyen-2025")

    found = score(expected.campaign, load_observations(shuffled, expected.campaign))

    assert _digest(outcome_json(found)) == _digest(outcome_json(expected))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_collector_that_rests_is_left_at_rest() -> None:
    """Scoring holds the garbage collector still, and leaves it as it found it."""
    known = outcome("thai-nguyen-2025")
    gc.disable()
    try:
        score(known.campaign, known.observations)
        assert not gc.isenabled()
    finally:
        gc.enable()

    score(known.campaign, known.observations)
    assert gc.isenabled()
