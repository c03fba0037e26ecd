"""Way up: every commune's way to the next class, as a ratio to one scoring of the same field in the same run.

Run it with ``python benchmarks/way_up.py``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from field import CRITERIA, write_campaign

from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.scenarios.ladder import climbs

RUNS = 3
GOAL = 2.0


def write_with_classes(folder: Path) -> Path:
    """Write the field with a class that asks every indicator for 80 %."""
    write_campaign(folder, ratios=True)
    file = folder / "campaign.yaml"
    text = file.read_text(encoding="utf-8").replace("at: latest,", "at: latest, better: higher,")
    asked = ", ".join(f"{{indicator: i{one}, at_least: 80%}}" for one in range(CRITERIA))
    rule = f"{{classes: [green, amber], when: {{green: {{all: [{asked}]}}}}, otherwise: amber}}"
    file.write_text(f"{text}unmeasured: not_met\nreadiness:\n  commune: {rule}\n", encoding="utf-8")
    return folder


def best_of(work: Callable[[], object]) -> float:
    """Give the median of a few runs, in seconds."""
    times: list[float] = []
    for _ in range(RUNS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return sorted(times)[RUNS // 2]


def main() -> None:
    """Time it and print a table."""
    with tempfile.TemporaryDirectory() as place:
        folder = write_with_classes(Path(place))
        rules = load_campaign(folder)
        facts = load_observations(folder / "observations.csv", rules)
        outcome = score(rules, facts)
        floor = best_of(lambda: score(rules, facts))
        found = climbs(outcome)
        taken = best_of(lambda: climbs(outcome))
    reckoned = sum(one.how == "reckoned" for one in found)
    sys.stdout.write(
        f"{len(found)} ways, {reckoned} reckoned at once: {taken:.2f} s (goal {GOAL:g} s), "
        f"{taken / floor:.1f} x one scoring ({floor:.2f} s)\n"
    )


if __name__ == "__main__":
    main()
