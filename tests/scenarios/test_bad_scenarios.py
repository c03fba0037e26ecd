"""Bad scenarios: each is told what is wrong with it, where it stands, with its whole report; nothing is scored."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.scenarios.study_file import load_study
from emulation.scenarios.supposed import suppose

HOME = Path(__file__).parents[2]
FOLDERS = sorted((HOME / "tests" / "bad" / "scenarios").iterdir())
THAI_NGUYEN = HOME / "campaigns" / "thai-nguyen-2025"


def told() -> str:
    """Give the report on the scenarios of the folder one is in: of their file, else of the last one applied."""
    rules = load_campaign(THAI_NGUYEN)
    facts = load_observations(THAI_NGUYEN / "observations.csv", rules)
    try:
        study = load_study(Path("scenarios.yaml"), rules)
        suppose(rules, facts, *study.chain(study.scenarios[-1].id))
    except Refused as refused:
        return str(refused)
    raise AssertionError(study)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_a_bad_scenario(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole report is the one expected, and it names the folder's code."""
    monkeypatch.chdir(folder)

    report = told()

    assert f"{report}\n" == Path("expected.txt").read_text(encoding="utf-8")
    assert re.search(rf"^\S+ {folder.name[:4]} ", report, re.MULTILINE)
