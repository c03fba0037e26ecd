"""Same digits: whatever can be judged on columns comes to what the exact engine says, on every engine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings

from emulation.campaign import Campaign
from emulation.columnar.verdict import score_columns
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from plain import sound_plain_contests
from same import differences

CAMPAIGNS = ("ha-noi-2025", "hau-giang-2024", "resolution-57-2025", "thai-nguyen-2025")
FEW = settings(max_examples=12)


def agree(campaign: Campaign, observations: Observations, engine: str) -> bool:
    """See that both engines say the same, where columns say anything."""
    outcome = score(campaign, observations)
    try:
        verdict = score_columns(campaign, observations, outcome.as_of, engine=engine)
    except Refused as refused:
        if any(one.code != "E780" for one in refused.problems):
            raise
        return False
    assert differences(outcome, verdict) == []
    return True


@given(sound_plain_contests())
def test_polars_and_the_exact_engine_agree(contest: tuple[Campaign, Observations]) -> None:
    """On drawn contests, with their ties, bounds and gaps."""
    agree(*contest, "polars")


@FEW
@given(sound_plain_contests())
def test_duckdb_and_the_exact_engine_agree(contest: tuple[Campaign, Observations]) -> None:
    """On drawn contests."""
    agree(*contest, "duckdb")


def test_many_drawn_contests_are_judged_on_columns() -> None:
    """The law above says something: it does not hold because everything is refused.

    How many are drawn that are refused changes with every line of the code, whose constants are drawn too.
    """
    judged: Counter[bool] = Counter()

    @settings(max_examples=40, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(sound_plain_contests())
    def tried(contest: tuple[Campaign, Observations]) -> None:
        judged[agree(*contest, "polars")] += 1

    tried()

    assert judged[True] >= 10


@pytest.mark.parametrize("name", CAMPAIGNS)
@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_real_campaigns_agree(name: str, engine: str) -> None:
    """The founding campaigns come to the same on columns."""
    campaign, observations = loaded(name)

    assert agree(campaign, observations, engine)


def test_the_order_of_rows_changes_nothing() -> None:
    """Facts in another order give the same rows."""
    campaign, observations = loaded("thai-nguyen-2025")
    shuffled = list(observations.reported)
    Random(7).shuffle(shuffled)

    assert (
        differences(
            score(campaign, observations),
            score_columns(campaign, evolve(observations, reported=tuple(shuffled)), engine="polars"),
        )
        == []
    )


def test_a_difference_would_be_seen() -> None:
    """What is held against one another is looked at: other facts differ."""
    campaign, observations = loaded("thai-nguyen-2025")
    fewer = evolve(observations, reported=observations.reported[4:])

    assert differences(score(campaign, observations), score_columns(campaign, fewer, engine="polars")) != []


def loaded(name: str) -> tuple[Campaign, Observations]:
    """Read a campaign and its facts."""
    folder = Path("campaigns") / name
    campaign = load_campaign(folder)
    return campaign, load_observations(folder / "observations.csv", campaign)
