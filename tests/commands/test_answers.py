"""Answers: what people read who ask what if, how far, how firm, what would it do; whole texts, in both languages.

``python tests/commands/test_answers.py`` writes them anew; look at every line that changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from emulation.commands import options
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.scenarios.inventing import invent

HOME = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "answers"
CAMPAIGNS = sorted((HOME / "campaigns").iterdir())

CASES = {
    "whatif-all": "whatif campaigns/thai-nguyen-2025",
    "whatif-all-vi": "whatif campaigns/thai-nguyen-2025 --lang vi",
    "whatif-both": "whatif campaigns/thai-nguyen-2025 --scenario both --top 5",
    "whatif-rule": "whatif campaigns/thai-nguyen-2025 --set criteria.online.binary={at_least:50%} --top 3 --lang vi",
    "whatif-facts": "whatif campaigns/thai-nguyen-2025 --more observations.05443.online_files=400 --top 3",
    "whatif-state": "whatif campaigns/thai-nguyen-2025 --set observations.05443.tasks_due=[missing] --top 2",
    "whatif-gone": "whatif campaigns/thai-nguyen-2025 --drop participants.05443 --top 4",
    "whatif-award": "whatif campaigns/thai-nguyen-2025 --drop awards.flag --top 2",
    "whatif-nothing": "whatif campaigns/thai-nguyen-2025 --set criteria.online.max=60",
    "whatif-json": "whatif campaigns/thai-nguyen-2025 --scenario seventy --format json",
    "whatif-unknown": "whatif campaigns/thai-nguyen-2025 --set criteria.onlin.max=5 --drop period",
    "whatif-none": "whatif campaigns/pci-2006",
    "diff-days": "diff campaigns/thai-nguyen-2025 --as-of 2025-07-20 --until 2025-08-06 --top 4",
    "diff-days-vi": "diff campaigns/thai-nguyen-2025 --as-of 2025-07-20 --until 2025-08-06 --top 4 --lang vi",
    "diff-nothing": "diff campaigns/thai-nguyen-2025",
    "against": "explain campaigns/resolution-57-2025 19 --against 01",
    "against-vi": "explain campaigns/thai-nguyen-2025 05443 --against 05467 --lang vi",
    "against-tree": "explain campaigns/decision-766 11311 --against 31",
    "against-json": "explain campaigns/thai-nguyen-2025 05443 --against 05467 --format json",
    "against-itself": "explain campaigns/thai-nguyen-2025 05443 --against 05443",
    "wayup-all": "wayup campaigns/thai-nguyen-2025 --top 6",
    "wayup-all-vi": "wayup campaigns/thai-nguyen-2025 --top 2 --lang vi",
    "wayup-class": "wayup campaigns/thai-nguyen-2025 05443 --to class:green --by 2025-08-24",
    "wayup-class-vi": "wayup campaigns/thai-nguyen-2025 05443 --to class:green --by 2025-08-24 --lang vi",
    "wayup-rank": "wayup campaigns/thai-nguyen-2025 05467 --to rank:40",
    "wayup-total": "wayup campaigns/resolution-57-2025 19 --to total:90",
    "wayup-award": "wayup campaigns/thai-nguyen-2025 05443 --to award:flag",
    "wayup-blocked": "wayup campaigns/thai-nguyen-2025 19 --to target:all_green",
    "wayup-there": "wayup campaigns/thai-nguyen-2025 19 --to class:ready",
    "wayup-json": "wayup campaigns/thai-nguyen-2025 05443 --to class:green --by 2025-08-24 --format json",
    "wayup-no-goal": "wayup campaigns/thai-nguyen-2025 05443",
    "firmness": "firmness campaigns/thai-nguyen-2025 --draws 500 --top 6",
    "firmness-first": "firmness campaigns/thai-nguyen-2025 --draws 500 --first 80 --top 84",
    "firmness-vi": "firmness campaigns/thai-nguyen-2025 --draws 500 --top 3 --lang vi",
    "firmness-rescore": "firmness campaigns/thai-nguyen-2025 --draws 10 --top 3 --rescore",
    "firmness-missing": "firmness campaigns/thai-nguyen-2025 --missing",
    "firmness-multiverse": "firmness campaigns/thai-nguyen-2025 --multiverse --top 80",
    "firmness-multiverse-vi": "firmness campaigns/thai-nguyen-2025 --multiverse --top 2 --lang vi",
    "firmness-none": "firmness campaigns/pci-2006",
    "replay": "replay campaigns/thai-nguyen-2025 --top 5",
    "replay-vi": "replay campaigns/resolution-57-2025 --from 2025-07-31 --group 19 --top 3 --lang vi",
    "replay-classes": "replay campaigns/hau-giang-2024 --top 2",
    "replay-exact": "replay campaigns/pci-2006 --top 2 --standing by_total",
    "replay-json": "replay campaigns/thai-nguyen-2025 --from 2025-08-05 --format json",
    "replay-no-days": "replay campaigns/thai-nguyen-2025 --from 2025-08-05 --to 2025-08-04",
    "replay-unknown": "replay campaigns/thai-nguyen-2025 --standing onlin",
    "replay-undated": "replay campaigns/thai-nguyen-2025 --as-known",
    "rehearse": "rehearse campaigns/decision-766 --times 3",
    "rehearse-no-go-vi": "rehearse campaigns/papi-2019 --times 3 --lang vi",
    "rehearse-json": "rehearse campaigns/thai-nguyen-2025 --times 2 --format json",
    "figures": "check campaigns/thai-nguyen-2025 --figures",
    "finding": "check --finding L207",
}


def answer(run: Any, words: str) -> str:
    """Give the exit code and all that was said, as a person sees it."""
    code, out, err = run(*words.split(" "))
    return f"$ emulation {words}\n{out}{err}[exit code {code}]\n"


@pytest.mark.parametrize("name", CASES)
def test_an_answer(name: str, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole answer is the one that is kept."""
    monkeypatch.chdir(HOME)

    assert answer(run, CASES[name]) == (KEPT / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        "whatif campaigns/thai-nguyen-2025 --format json",
        "diff campaigns/thai-nguyen-2025 --until 2025-08-01 --format json",
        "wayup campaigns/thai-nguyen-2025 --format json",
        "firmness campaigns/thai-nguyen-2025 --draws 9 --format json",
        "firmness campaigns/thai-nguyen-2025 --missing --format json",
        "firmness campaigns/thai-nguyen-2025 --multiverse --format json",
    ],
)
def test_records_say_what_they_are_of(words: str, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON that is whole, of a format with a number."""
    monkeypatch.chdir(HOME)

    _, out, _ = run(*words.split(" "))

    assert json.loads(out)["format"] == 1


def test_two_rulebooks(run: Any, campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An amended copy beside the original: each rule with whom it moves by itself."""
    monkeypatch.chdir(HOME)
    file = campaign / "campaign.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "{indicator: online_share, at_least: 80%}", "{indicator: online_share, at_least: 70%}"
    )
    file.write_text(text.replace("    max: 60", "    max: 50").replace("    max: 40", "    max: 50"), encoding="utf-8")

    code, out, err = run("diff", "campaigns/thai-nguyen-2025", campaign, "--top", 3)

    assert (code, err) == (0, "")
    assert "criteria.online.max: 60 → 50 (moves" in out
    assert "readiness.commune.when.green.all.0.at_least: 0.8 → 0.7 (moves 1 by itself)" in out


def test_figures_that_are_invented_can_be_scored(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of a rehearsal is one that the campaign takes."""
    monkeypatch.chdir(HOME)
    table = tmp_path / "invented.csv"
    run("rehearse", "campaigns/thai-nguyen-2025", "--times", 1, "--missing", "10%", "--figures", table)

    code, out, _ = run("score", "campaigns/thai-nguyen-2025", table, "--as-of", "2025-08-24", "--top", 1)

    assert code == 0
    assert "0 rejected" in out


@pytest.mark.parametrize("folder", CAMPAIGNS, ids=lambda folder: str(folder.name))
def test_a_real_campaign_takes_invented_figures(folder: Path, run: Any, tmp_path: Path) -> None:
    """Written as a table they are read back, none set aside, and the very same."""
    rules = load_campaign(folder)
    invented = tmp_path / "invented.csv"
    code, _, err = run("rehearse", folder, "--times", 1, "--figures", invented)

    plain = evolve(rules, observations=None, registers=())  # figures stand in for what is counted
    read = load_observations(invented, plain)
    figures = invent(rules, 1, 0, rules.timetable.period.last)

    assert (code in (0, 1), err) == (True, "")
    assert read.set_aside == ()
    assert {(one.participant, one.fact, one.span, one.value, one.stage) for one in read} == {
        (one.participant, one.fact, one.span, one.value, one.stage) for one in figures
    }


@pytest.mark.parametrize(
    ("words", "steps"),
    [("rehearse c --times 2", "2"), ("firmness c --draws 2 --rescore", "2"), ("whatif c", "5")],
)
def test_long_work_says_how_far_it_is(
    words: str, steps: str, run: Any, campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal, on one line that is blank at the end; results stay as they are."""
    monkeypatch.chdir(campaign.parent)
    quiet = run(*words.replace(" c", f" {campaign}", 1).split(" "))
    monkeypatch.setattr(options.sys.stderr, "isatty", lambda: True)

    code, out, err = run(*words.replace(" c", f" {campaign}", 1).split(" "))

    assert (code, out) == quiet[:2]
    assert err.startswith(f"\r1/{steps}")
    assert err.endswith(" \r")


def test_a_share_that_is_none(run: Any) -> None:
    """It is told like any other number."""
    assert run("rehearse", HOME / "campaigns" / "thai-nguyen-2025", "--missing", "some")[0] == 2


def typed(*words: str) -> tuple[int, str, str]:
    """Type a command for the sake of its answer."""
    done = subprocess.run(
        [sys.executable, "-m", "emulation", *words], capture_output=True, text=True, check=False, cwd=HOME
    )
    return done.returncode, done.stdout, done.stderr


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for name, words in CASES.items():
        (KEPT / f"{name}.txt").write_text(answer(typed, words), encoding="utf-8")
