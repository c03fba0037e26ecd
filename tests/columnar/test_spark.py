"""Spark: the same digits on one machine's two cores, and on a cluster of two workers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from attrs import evolve
from hypothesis import given, settings
from pyarrow import parquet
from tallied import by_columns, by_rows, frame_of

from dossiers import PLAIN
from emulation.campaign import Campaign
from emulation.cases import ALL_CASES, After, Alternative, Known, Where
from emulation.columnar.engines import Spark, rows_of, session_of
from emulation.columnar.sources import taken
from emulation.columnar.verdict import score_columns
from emulation.counting import Entry
from emulation.names import FieldId, ParticipantId
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import Place, Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.registers import Counted

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


def test_spark_looks_for_files_itself(session: Any, tmp_path: Path) -> None:
    """A folder, as it knows folders; and what it does not find is told as by others."""
    parquet.write_table(pa.table({"number": [1]}), tmp_path / "a.parquet")
    parquet.write_table(pa.table({"number": [2]}), tmp_path / "b.parquet")

    assert sorted(row["number"] for row in rows_of(taken(tmp_path, Spark(session)))) == [1, 2]
    with pytest.raises(Refused, match=r"E139 there is no file file:.*gone\.parquet"):
        taken([tmp_path / "a.parquet", tmp_path / "gone.parquet"], Spark(session))


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


def test_cases_are_counted_alike(session: Any, tmp_path: Path) -> None:
    """With moments that have no time zone, as Parquet keeps them, a day after, a blank, and words."""
    late = Where((Alternative(((RETURNED, After(FieldId("due"))),)), Alternative(((RETURNED, Known(known=False)),))))
    online = Where((Alternative(((FieldId("channel"), ("online", "post")),)),))
    counts = (Counted("late", late, day_after=FieldId("due")), Counted("online", online), Counted("all", ALL_CASES))
    register = evolve(PLAIN, case="row", repeated=None, counts=counts, may_be_blank=(RETURNED,))
    rows = [
        Entry(ParticipantId(body), _row(number, channel, returned), Place("d.csv", number))
        for number, (body, channel, returned) in enumerate(
            [("a", "online", "2025-01-03T08:00"), ("a", "desk", None), ("b", "post", "2025-01-09T17:30")], start=1
        )
    ]
    file = tmp_path / "dossiers.parquet"
    parquet.write_table(frame_of(rows), file)
    engine = Spark(session)

    found = by_columns(register, engine.parquet([str(file)]), engine)

    assert found == by_rows(register, rows)
    assert found is not None
    assert max(value for *_, value in found) == 1


RETURNED = FieldId("returned")


def _row(number: int, channel: str, returned: str | None) -> dict[FieldId, Any]:
    changed = datetime.fromisoformat("2025-01-02T08:00")
    days = {"received": date(2025, 1, number), "due": date(2025, 1, number + 2), "changed": changed}
    texts = {"case": str(number), "step": number, "channel": channel, "note": "a", "fee": 1, "limit": 2, "urgent": 1}
    moment = {"returned": returned and datetime.fromisoformat(returned)}
    return {FieldId(field): value for field, value in {**texts, **days, **moment}.items()}


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
