"""Study: scenarios by their ids, each after those it goes on from."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.scenarios.changes import Scenario
from emulation.scenarios.study import Study
from emulation.scenarios.study_file import load_study

THAI_NGUYEN = Path(__file__).parents[2] / "campaigns" / "thai-nguyen-2025"
STUDY = Study((Scenario("a"), Scenario("b", after=("a",)), Scenario("c", after=("a", "b"))))


def test_each_scenario_comes_once_after_those_it_goes_on_from() -> None:
    """However many ways lead back to it."""
    assert [one.id for one in STUDY.chain("c", "a")] == ["a", "b", "c"]


def test_an_unknown_scenario() -> None:
    """It is told with those there are."""
    with pytest.raises(Refused, match=r"E707 unknown scenario 'd' \(there are a, b, c\)"):
        STUDY.chain("d")
    with pytest.raises(Refused, match=r"E707 unknown scenario 'd' \(there are none\)"):
        Study().chain("d")


def test_the_study_beside_a_campaign() -> None:
    """A folder stands for its scenarios.yaml; the places of the changes are theirs."""
    study = load_study(THAI_NGUYEN, load_campaign(THAI_NGUYEN))

    assert [one.id for one in study.scenarios] == ["tasks_half", "seventy", "both", "phan_dinh_phung_up", "geometric"]
    assert study.scenarios[0].set[0].place.line == 8


def test_a_study_that_is_not_there() -> None:
    """Where it was looked for is told."""
    with pytest.raises(Refused, match="E112 there is no file"):
        load_study("nowhere.yaml", load_campaign(THAI_NGUYEN))
