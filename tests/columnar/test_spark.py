"""Spark: the same digits on one machine's two cores, and on a cluster of two workers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from emulation.campaign import Campaign
from emulation.columnar.engines import session_of
from emulation.columnar.verdict import score_columns
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

import spark
from plain import sound_plain_contests
from same import differences

pytestmark = [
    pytest.mark.skipif(spark.java() is None, reason="Java, without which Spark does not run"),
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Start Spark on two cores."""
    started = session_of(())
    yield started
    started.stop()


def loaded(name: str) -> tuple[Campaign, Observations]:
    """Read a campaign and its facts."""
    campaign = load_campaign(Path("campaigns") / name)
    return campaign, load_observations(Path("campaigns") / name / "observations.csv", campaign)


def test_a_real_campaign_agrees(session: Any) -> None:
    """Thai Nguyen's on two cores of one machine."""
    campaign, facts = loaded("thai-nguyen-2025")

    assert differences(score(campaign, facts), score_columns(campaign, facts, engine=session)) == []


@settings(max_examples=2)
@given(contest=sound_plain_contests())
def test_drawn_contests_agree(session: Any, contest: tuple[Campaign, Observations]) -> None:
    """Where columns say anything, Spark says it too."""
    campaign, facts = contest
    outcome = score(campaign, facts)
    try:
        verdict = score_columns(campaign, facts, outcome.as_of, engine=session)
    except Refused:
        return

    assert differences(outcome, verdict) == []


def test_a_frame_of_spark_is_reckoned_there(session: Any) -> None:
    """Facts that lie in Spark are not fetched."""
    campaign, facts = loaded("thai-nguyen-2025")
    rows = [
        (
            one.participant,
            one.fact,
            one.span.first,
            one.span.last,
            None if one.value is None else int(one.value),
            one.state,
        )
        for one in facts
    ]
    schema = "participant string, fact string, `from` date, `to` date, value bigint, state string"

    verdict = score_columns(campaign, session.createDataFrame(rows, schema), "2025-08-06")

    assert verdict.engine.name == "spark"
    assert differences(score(campaign, facts), verdict) == []


ON_A_CLUSTER = """
import sys
from emulation.columnar.engines import session_of
from emulation.columnar.verdict import score_columns
from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from same import differences

settings = {
    "spark.driver.host": "127.0.0.1",
    "spark.executor.memory": "512m",
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
}
session = session_of(tuple(settings.items()), sys.argv[1])
campaign = load_campaign("campaigns/hau-giang-2024")
facts = load_observations("campaigns/hau-giang-2024/observations.csv", campaign)
differing = differences(score(campaign, facts), score_columns(campaign, facts, engine=session))
print("executors", session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1)
print("differences", differing)
session.stop()
"""


def test_a_cluster_of_two_workers_agrees(tmp_path: Path) -> None:
    """A master and two workers, each a program of its own."""
    home = str(spark.JARS.parent)
    with spark.cluster(tmp_path) as address:
        here = str(Path(__file__).parent)
        ran = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {here!r})\n{ON_A_CLUSTER}", address],
            capture_output=True,
            text=True,
            env={**os.environ, "SPARK_HOME": home},
            timeout=300,
            check=False,
        )

    assert ran.stdout.splitlines() == ["executors 2", "differences []"], ran.stderr[-3000:]
