"""Bench: how long each campaign takes from its files to its board, as a user waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

RUNS = 5


def seconds(campaign: Path) -> float:
    """Score a campaign in a fresh process and give the wall time."""
    start = perf_counter()
    command = [sys.executable, "-m", "emulation", "score", str(campaign), "--format", "json"]
    finished = subprocess.run(command, capture_output=True, check=False)
    if finished.returncode > 1:
        sys.exit(finished.stderr.decode())
    return perf_counter() - start


for campaign in sorted(path.parent for path in Path("campaigns").glob("*/campaign.yaml")):
    print(f"{campaign.name:30} {min(seconds(campaign) for _ in range(RUNS)):6.2f} s, the best of {RUNS}")
