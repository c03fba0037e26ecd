"""Archive: what is kept month by month comes to what the facts come to, on any day and however they came in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation.campaign import Campaign
from emulation.columnar.archive import archive_at
from emulation.columnar.verdict import archive, rejudged, score_columns
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from plain import sound_plain_contests
from same import differences

FEW = settings(max_examples=8)
NAMES = ("hau-giang-2024", "thai-nguyen-2025")


def loaded(name: str) -> tuple[Campaign, Observations]:
    """Read a campaign and its facts."""
    campaign = load_campaign(Path("campaigns") / name)
    return campaign, load_observations(Path("campaigns") / name / "observations.csv", campaign)


THAI_NGUYEN, FACTS = loaded("thai-nguyen-2025")


def codes(do: Callable[[], object]) -> list[str]:
    """Give the codes of what is refused."""
    with pytest.raises(Refused) as refused:
        do()
    return [one.code for one in refused.value.problems]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
@pytest.mark.parametrize("name", NAMES)
def test_real_campaigns_are_scored_from_their_archive(name: str, engine: str, tmp_path: Path) -> None:
    """On days inside months, at their ends, before and after all facts; a sample is judged once more."""
    campaign, facts = loaded(name)
    period = campaign.timetable.period
    archive(campaign, facts, tmp_path, engine=engine)

    for day in (
        period.first,
        period.first + timedelta(days=21),
        date(2025, 7, 31),
        period.last,
        period.last.replace(year=2026),
    ):
        verdict = score_columns(campaign, str(tmp_path), day, engine=engine)
        assert differences(score(campaign, facts, day), verdict) == []
        rejudged(verdict)


@FEW
@given(sound_plain_contests(), st.integers(0, 20))
def test_an_archive_made_in_parts_is_that_of_the_whole(contest: tuple[Campaign, Observations], cut: int) -> None:
    """On drawn contests; what is handed in again replaces what was there."""
    campaign, facts = contest
    outcome = score(campaign, facts)
    wrong = tuple(evolve(one, value=None, state="missing") for one in facts.reported[cut : cut + 3])
    with TemporaryDirectory() as folder:
        try:
            archive(campaign, evolve(facts, reported=(*facts.reported[:cut], *wrong)), folder, engine="polars")
            archive(campaign, evolve(facts, reported=facts.reported[cut:]), folder, engine="polars")
            verdict = score_columns(campaign, folder, outcome.as_of, engine="polars")
        except Refused as refused:
            if {one.code for one in refused.problems} <= {"E780", "E795"}:  # other decimals in the second part
                return
            raise
        assert differences(outcome, verdict) == []


def test_months_without_new_facts_are_left_alone(tmp_path: Path) -> None:
    """And so is what stood at the end of those before."""
    last = max(one.span.last for one in FACTS)
    archive(THAI_NGUYEN, FACTS, tmp_path)
    july = [tmp_path / kind / "2025-07.parquet" for kind in ("months", "snapshots")]
    before = [file.stat().st_mtime_ns for file in july]

    archive(THAI_NGUYEN, evolve(FACTS, reported=[one for one in FACTS if one.span.last == last]), tmp_path)

    assert [file.stat().st_mtime_ns for file in july] == before
    assert sorted(file.name for file in tmp_path.rglob("*")) == [
        *["2025-07.parquet", "2025-07.parquet", "2025-08.parquet", "2025-08.parquet"],
        *["archive.json", "archive.lock", "months", "snapshots"],
    ]


def test_nothing_makes_an_empty_archive(tmp_path: Path) -> None:
    """In which nobody has reported anything."""
    made = archive(THAI_NGUYEN, Observations(), tmp_path, engine="polars")
    day = date(2025, 8, 6)

    verdict = score_columns(THAI_NGUYEN, tmp_path, day, engine="polars")

    assert made.months == ()
    assert differences(score(THAI_NGUYEN, Observations(), day), verdict) == []


def test_what_an_archive_cannot_say_is_refused(tmp_path: Path) -> None:
    """What was known earlier, other participants, and figures with other decimals than before."""
    archive(THAI_NGUYEN, FACTS, tmp_path)
    halves = evolve(FACTS, reported=[evolve(one, value=Fraction(7, 2)) for one in FACTS if one.value == 7])

    assert codes(lambda: score_columns(THAI_NGUYEN, tmp_path, known_at=datetime(2025, 8, 1))) == ["E795"]  # noqa: DTZ001
    assert codes(lambda: score_columns(THAI_NGUYEN, tmp_path, wide=True)) == ["E795"]
    assert codes(lambda: archive(THAI_NGUYEN, halves, tmp_path)) == ["E795"]


def test_a_refused_table_leaves_an_archive_as_it_was(tmp_path: Path) -> None:
    """A month that could be used before the one that cannot is not taken either."""
    archive(THAI_NGUYEN, FACTS, tmp_path)
    kept = {file: file.read_bytes() for file in tmp_path.rglob("*.*")}
    rows = [(one.participant, one.fact, one.span.first, one.span.last, 1) for one in FACTS]
    twice = pl.DataFrame([*rows, rows[-1]], ["participant", "fact", "from", "to", "value"], orient="row")

    assert codes(lambda: archive(THAI_NGUYEN, twice, tmp_path)) == ["E785"]

    assert {file: file.read_bytes() for file in tmp_path.rglob("*.*")} == kept
    day = date(2025, 8, 6)
    assert differences(score(THAI_NGUYEN, FACTS, day), score_columns(THAI_NGUYEN, tmp_path, day)) == []


def test_an_archive_of_another_campaign_is_refused(tmp_path: Path) -> None:
    """By the participants and facts that the campaign does not know."""
    archive(*loaded("hau-giang-2024"), tmp_path)

    assert set(codes(lambda: score_columns(THAI_NGUYEN, tmp_path))) == {"E784"}


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    """One from which a file was taken, one of another format, one that says nothing, one that was never finished."""
    archive(THAI_NGUYEN, FACTS, tmp_path)
    (tmp_path / "snapshots" / "2025-07.parquet").unlink()
    assert codes(lambda: score_columns(THAI_NGUYEN, tmp_path, "2025-08-06")) == ["E794"]

    told = json.loads((tmp_path / "archive.json").read_text(encoding="utf-8"))
    for manifest in (
        json.dumps({**told, "format": 2}),
        "[]",
        "{",
        json.dumps({"format": 1}),
        json.dumps({**told, "finished": False}),
    ):
        (tmp_path / "archive.json").write_text(manifest, encoding="utf-8")
        assert codes(lambda: archive_at(tmp_path)) == ["E794"]


def test_no_archive_is_none(tmp_path: Path) -> None:
    """A folder of other files, a frame, nothing."""
    assert [archive_at(one) for one in (tmp_path, tmp_path / "nowhere", None, object())] == [None] * 4
