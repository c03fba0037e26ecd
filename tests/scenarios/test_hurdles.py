"""Hurdles: what a place asks for is enough when it is reached, and nothing is asked for that cannot be."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from emulation.outcome import Outcome, score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.scenarios.hurdles import hurdles
from emulation.scenarios.way_up import way_up

CAMPAIGNS = Path(__file__).parents[2] / "campaigns"


@cache
def outcome(name: str) -> Outcome:
    """Score a campaign on its own figures."""
    rules = load_campaign(CAMPAIGNS / name)
    return score(rules, load_observations(CAMPAIGNS / name / "observations.csv", rules))


def test_a_hurdle_agrees_with_the_search() -> None:
    """Thái Nguyên is tenth in phase 1 with the three tasks more that the scored search finds too."""
    known = outcome("resolution-57-2025")
    body = known["Thái Nguyên"].participant.id

    asked = {(one.standing.id, one.place): one.more for one in hurdles(known, body)}

    (step,) = (one.step for one in way_up(known, body, "rank:phase_1:10").alone)
    assert step is not None
    assert asked["phase_1", 10] == step.by == 3


def test_the_province_on_the_twentieth_place() -> None:
    """By online share it is 20th, and each place above asks for as many dossiers more."""
    known = outcome("resolution-57-2025")
    body = known["Thái Nguyên"].participant.id

    found = [(one.place, one.more) for one in hurdles(known, body) if one.standing.id == "online"]

    assert known.standings["online"][body].place == 20
    assert found == [(19, 654), (10, 5814), (3, 9414), (1, 10913)]


@pytest.mark.parametrize("name", ["thai-nguyen-2025", "resolution-57-2025"])
def test_nothing_beyond_the_most_is_asked_for(name: str) -> None:
    """No place asks for more points than there are."""
    known = outcome(name)

    totals = [
        one
        for body in list(known.campaign.participants)[:150]
        for one in hurdles(known, body.id)
        if one.key.of == type(one.key.of)("total") and not one.is_enough
    ]

    assert totals
    assert [one for one in totals if one.bar >= 100] == []
