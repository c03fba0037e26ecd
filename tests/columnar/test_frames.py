"""Frames: tables of others, long and wide, by every library; and what of them is not exact, by name of its column."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from emulation.campaign import Campaign
from emulation.columnar.verdict import score_columns
from emulation.outcome import Outcome, score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from same import differences


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    """Give Thai Nguyen's campaign."""
    return load_campaign("campaigns/thai-nguyen-2025")


@pytest.fixture(scope="module")
def outcome(campaign: Campaign) -> Outcome:
    """Give what it came to exactly."""
    return score(campaign, load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign))


@pytest.fixture(scope="module")
def long(outcome: Outcome) -> pl.DataFrame:
    """Give its facts as a frame."""
    facts = outcome.observations.reported
    return pl.DataFrame(
        {
            "participant": [one.participant for one in facts],
            "fact": [one.fact for one in facts],
            "from": [one.span.first for one in facts],
            "to": [one.span.last for one in facts],
            "value": [None if one.value is None else int(one.value) for one in facts],
            "state": [one.state for one in facts],
        }
    )


NOON = datetime(2025, 8, 10, 12)  # noqa: DTZ001  (the moments of the frame have no zone either)


def written(frame: pl.DataFrame, file: Path) -> Path:
    """Write a Parquet file."""
    frame.write_parquet(file)
    return file


@pytest.mark.parametrize(
    "as_held",
    [
        lambda frame, _: frame,
        lambda frame, _: frame.lazy(),
        lambda frame, _: frame.to_arrow(),
        lambda frame, _: frame.to_pandas(),
        lambda frame, _: frame.with_columns(pl.col("value").cast(pl.Decimal(12, 2))),
        lambda frame, _: duckdb.from_arrow(frame.to_arrow()),
        written,
        lambda frame, file: [written(frame, file)],
    ],
    ids=["polars", "lazy", "pyarrow", "pandas", "decimals", "duckdb", "file", "files"],
)
def test_a_long_frame_of_any_library_gives_the_same(
    campaign: Campaign, outcome: Outcome, long: pl.DataFrame, as_held: Any, tmp_path: Path
) -> None:
    """Whoever holds the facts, the digits are the same."""
    verdict = score_columns(campaign, as_held(long, tmp_path / "facts.parquet"), outcome.as_of)

    assert differences(outcome, verdict) == []


def test_a_correction_counts_and_what_was_known_before_it_too(
    campaign: Campaign, outcome: Outcome, long: pl.DataFrame
) -> None:
    """Of two rows about the same days the one of the greater seq counts; at an earlier moment, the other."""
    first = pl.lit("2025-08-10T08:00").str.to_datetime()
    numbered = long.with_columns(seq=pl.int_range(pl.len()), recorded=first)
    corrected = numbered.with_columns(
        seq=pl.col("seq") + len(long), recorded=first + pl.duration(days=1), value=pl.lit(1)
    )
    both = pl.concat([numbered, corrected.cast(numbered.schema)])

    then = score_columns(campaign, both, outcome.as_of, known_at=NOON)
    now = score_columns(campaign, both, outcome.as_of)

    assert differences(outcome, then) == []
    assert differences(outcome, now) != []


def slip(frame: pl.DataFrame, campaign: Campaign, **more: Any) -> list[str]:
    """Give what is said of a frame."""
    with pytest.raises(Refused) as refused:
        score_columns(campaign, frame, "2025-08-06", **more)
    return [str(one) for one in refused.value.problems]


def first_two(name: str, value: str | None) -> pl.Expr:
    """Put something else into the first two rows of a column."""
    return pl.when(pl.int_range(pl.len()) < 2).then(pl.lit(value)).otherwise(name).alias(name)


def test_floats_are_refused(campaign: Campaign, long: pl.DataFrame) -> None:
    """What a float holds is not what was written."""
    assert slip(long.with_columns(pl.col("value").cast(pl.Float64)), campaign) == [
        (
            "E782 the column 'value' is of the kind Float64 (whole numbers, or decimals of a declared scale: "
            "a float is not what was written)"
        )
    ]


def test_a_lacking_column_is_named(campaign: Campaign, long: pl.DataFrame) -> None:
    """With what is needed."""
    assert slip(long.drop("value"), campaign) == ["E781 there is no column 'value' (participant, fact, to, value)"]


def test_texts_are_no_days(campaign: Campaign, long: pl.DataFrame) -> None:
    """Nothing is guessed of how dates are written."""
    assert slip(long.with_columns(pl.col("to").cast(pl.String)), campaign) == [
        "E782 the column 'to' is of the kind String (days (a date))"
    ]


def test_rows_that_are_there_twice_are_counted(campaign: Campaign, long: pl.DataFrame) -> None:
    """A double report is never summed."""
    assert slip(pl.concat([long, long.head(3)]), campaign) == [
        "E785 3 facts are there more than once (one row for each participant, fact and days; or a column seq)"
    ]


def test_strangers_are_named(campaign: Campaign, long: pl.DataFrame) -> None:
    """Participants, facts and states that nobody declared."""
    assert slip(long.with_columns(first_two("participant", "zz")), campaign) == [
        "E784 1 participants that the campaign does not know: zz (ids of participants)"
    ]
    assert slip(long.with_columns(first_two("fact", "online_file")), campaign)[0] == (
        "E784 unknown fact 'online_file' (a fact of the campaign); did you mean online_files?"
    )
    assert slip(long.with_columns(first_two("state", "unknown")), campaign)[0].startswith(
        "E784 2 rows in a state that does not exist (measured, missing"
    )


def test_blanks_are_counted(campaign: Campaign, long: pl.DataFrame) -> None:
    """A null key is nobody's."""
    assert slip(long.with_columns(first_two("participant", None)), campaign) == [
        "E783 2 blanks in the column 'participant' (a figure in each row, or a state)"
    ]


def test_what_is_no_frame_is_refused(campaign: Campaign) -> None:
    """With what is one."""
    assert slip({"a": 1}, campaign) == [  # type: ignore[arg-type]
        "E504 a table of an unknown kind: dict (a frame of DuckDB, polars, pyarrow, pandas or PySpark)"
    ]


def test_another_engine_than_the_one_that_holds_it_is_refused(campaign: Campaign, long: pl.DataFrame) -> None:
    """A frame is reckoned where it lies."""
    assert slip(long, campaign, engine="duckdb") == [
        "E787 the frame is held by polars, not by duckdb (leave the engine out, or hand in paths)"
    ]


def test_what_was_known_asks_for_when_it_was_recorded(campaign: Campaign, long: pl.DataFrame) -> None:
    """A frame without moments cannot say."""
    assert slip(long, campaign, known_at="2025-08-06")[0].startswith("E781 what was known then asks for the columns")


# --- a row a participant


def wide(frame: pl.DataFrame) -> pl.DataFrame:
    """Put the facts of each participant beside one another: the last of each."""
    summed = frame.group_by("participant", "fact").agg(pl.col("value").sort_by("to").last())
    return summed.pivot("fact", index="participant", values="value").rename({"participant": "id"})


def test_a_wide_frame_gives_the_same(campaign: Campaign, outcome: Outcome, long: pl.DataFrame) -> None:
    """A row a participant and a column a fact, reduced by somebody else."""
    flows = {"online_files", "received_files"}
    sums = long.filter(pl.col("fact").is_in(flows)).group_by("participant", "fact").agg(pl.col("value").sum())
    stocks = (
        long.filter(~pl.col("fact").is_in(flows))
        .group_by("participant", "fact")
        .agg(pl.col("value").sort_by("to").last())
    )
    figures = pl.concat([sums, stocks]).pivot("fact", index="participant", values="value").rename({"participant": "id"})

    assert differences(outcome, score_columns(campaign, figures, outcome.as_of, wide=True)) == []


def test_who_takes_part_can_be_a_frame(campaign: Campaign, outcome: Outcome, long: pl.DataFrame) -> None:
    """With kinds, parents and groups."""
    people = pl.DataFrame(
        {
            "id": [body.id for body in campaign.participants],
            "kind": [body.kind for body in campaign.participants],
            "parent": [body.parent for body in campaign.participants],
            "group:type": [dict(body.groups).get("type") for body in campaign.participants],
        }
    )

    assert differences(outcome, score_columns(campaign, long, outcome.as_of, participants=people)) == []


def test_a_frame_of_participants_is_checked(campaign: Campaign, long: pl.DataFrame) -> None:
    """Blanks, doubles, kinds that nobody declared, circles."""
    people = pl.DataFrame({"id": ["a", "a", None], "kind": ["commune", "comune", "commune"]})

    assert slip(long, campaign, participants=people) == [
        "E783 1 blanks in the column 'id' (an id in each row)",
        "E784 unknown kind 'comune' (province, commune); did you mean commune?",
        "E785 1 rows have an id that is there already (one row for each participant)",
    ]
    assert slip(long.to_arrow(), campaign, participants=people) == slip(long, campaign, participants=people)
    round_ = pl.DataFrame({"id": ["a", "b"], "kind": ["commune"] * 2, "parent": ["b", "a"]})
    assert slip(long, campaign, participants=round_) == [
        "E784 bodies are parts of one another, or more than 8 levels deep (a tree)"
    ]


def test_a_wide_frame_is_checked(campaign: Campaign, long: pl.DataFrame) -> None:
    """Columns that are not there or hold floats."""
    figures = wide(long).with_columns(pl.col("online_files").cast(pl.Float64)).drop("received_files")

    said = slip(figures, campaign, wide=True)

    assert (
        said[0]
        == "E781 there is no column 'received_files' (id, and a column for each fact); did you mean online_files?"
    )
    assert said[1] == (
        "E782 the column 'online_files' is of the kind Float64 (whole numbers, or decimals of a declared scale)"
    )
