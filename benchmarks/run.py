"""Run: every figure as a ratio to a floor or a peer, measured in turn in one run; no time is ever tested.

Peers (pandas, scikit-criteria) are measured where they are installed: ``pip install pandas scikit-criteria``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from field import CRITERIA, cells, write_campaign
from timing import in_turn

from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

ROUNDS = 5


def bare_loop(rows: list[list[tuple[int, int]]]) -> list[int]:
    """Score, sum and rank on scaled integers, with no record and no reason: the floor for pure Python."""
    totals = []
    for row in rows:
        total = 0
        for part, whole in row:
            total += 500 if 5 * part >= 4 * whole else (2 * 2500 * part + 4 * whole) // (8 * whole)
        totals.append(total)
    order = sorted(totals, reverse=True)
    places = {total: place for place, total in reversed(list(enumerate(order, start=1)))}
    return [places[total] for total in totals]


def command(*words: str) -> Callable[[], object]:
    """Give a work that runs a command in a fresh process."""
    return lambda: subprocess.run(words, check=True, capture_output=True)


def python(code: str) -> Callable[[], object]:
    """Give a work that runs Python code in a fresh process."""
    return command(sys.executable, "-c", textwrap.dedent(code))


def scoring(folder: Path) -> None:
    """Score 3,321 x 20, against the bare loop over the same cells; each reason can be asked for afterwards.

    A record that says why is made when it is asked for, by the rule itself; making all of them is measured too.
    """
    campaign = load_campaign(write_campaign(folder / "ratios", ratios=True))
    facts = load_observations(folder / "ratios" / "observations.csv", campaign)
    rows = cells()

    def told() -> Observations:
        return Observations(facts.reported)  # the same facts, not yet sorted by what they are about

    works = (
        lambda: score(campaign, facts, "2025-06-30"),
        lambda: score(campaign, told(), "2025-06-30"),
        lambda: every_record(score(campaign, facts, "2025-06-30")),
        lambda: bare_loop(rows),
        *([weighted_sum(rows)] if find_spec("skcriteria") else []),
    )
    ours, sorting, every, floor, *theirs = in_turn(*works, runs=ROUNDS)
    places = [result.rank for result in score(campaign, facts, "2025-06-30")]
    assert places == bare_loop(rows), "the two do not agree"
    say("scoring, reasons made on asking / bare integer loop", ours, floor)
    say("the same, with sorting the facts", sorting, floor)
    say("the same, with every reason made", every, floor)
    say("scoring / scikit-criteria's weighted sum, no reasons", ours, *theirs)


def every_record(outcome: Outcome) -> list[object]:
    """Ask for every record of every cell."""
    return [record for column in outcome.scores.values() for record in column.values()]


def weighted_sum(rows: list[list[tuple[int, int]]]) -> Callable[[], object]:
    """Give scikit-criteria's weighted sum over the same cells, as floats and without reasons."""
    skcriteria, simple = import_module("skcriteria"), import_module("skcriteria.agg.simple")
    shares = [[min(part / whole, 0.8) / 0.8 * 5 for part, whole in row] for row in rows]
    matrix = skcriteria.mkdm(shares, [max] * CRITERIA, weights=[1] * CRITERIA)
    return lambda: simple.WeightedSumModel().evaluate(matrix)


def cold(folder: Path) -> None:
    """Go from a CSV of 66,000 observations to a ranked board in a fresh process, against pandas."""
    campaign = write_campaign(folder / "numbers", ratios=False)
    works = [command(sys.executable, "-m", "emulation", "score", str(campaign), "--as-of", "2025-06-30", "--top", "20")]
    if find_spec("pandas"):
        works.append(
            python(f"""
                import pandas
                table = pandas.read_csv({str(campaign / "observations.csv")!r}, dtype={{"participant": str}})
                wide = table.pivot(index="participant", columns="indicator", values="value")
                total = (wide.clip(upper=320) / 320 * 5).sum(axis=1)
                print(total.rank(method="min", ascending=False).sort_values().head(20))
            """)
        )
    ours, *theirs = in_turn(*works, runs=ROUNDS)
    say("cold command line to a board / pandas", ours, *theirs)
    reads = python(f"import csv; list(csv.reader(open({str(campaign / 'observations.csv')!r}, newline='')))")
    say("the same / starting Python and splitting the file", ours, *in_turn(reads, runs=ROUNDS))
    if find_spec("resource") and Path("/usr/bin/time").exists():
        words = ["/usr/bin/time", "-f", "%M", sys.executable, "-m", "emulation", "score", str(campaign), "--top", "20"]
        peak = subprocess.run(words, check=True, capture_output=True, text=True).stderr.splitlines()[-1]
        print(f"{'peak memory of it':52} {int(peak) / 1024:7.0f} MB")


def starting() -> None:
    """Import, and ask for help, against a bare click program."""
    imports, nothing = in_turn(python("import emulation"), python(""), runs=ROUNDS)
    say("import emulation / starting Python", imports, nothing)
    bare = "import click\n@click.group()\ndef cli(): pass\n@cli.command()\ndef score(): pass\ncli(['--help'])"
    ours, floor = in_turn(command(sys.executable, "-m", "emulation", "--help"), python(bare), runs=ROUNDS)
    say("emulation --help / a bare click program", ours, floor)


def say(what: str, ours: float, *theirs: float) -> None:
    """Print both times and their ratio."""
    beside = "".join(f" / {one * 1000:7.0f} ms = {ours / one:6.2f}" for one in theirs) or "   (peer not installed)"
    print(f"{what:52} {ours * 1000:7.0f} ms{beside}", flush=True)


if __name__ == "__main__":
    print(f"median of {ROUNDS} in turn, {os.cpu_count()} cores, {CRITERIA} criteria")
    with tempfile.TemporaryDirectory() as made:
        scoring(Path(made))
        cold(Path(made))
    starting()
