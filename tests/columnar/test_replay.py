"""Replay: the boards of all days at once are the boards of each day by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings

from emulation.campaign import Campaign
from emulation.columnar.replay import Replay, boards
from emulation.columnar.verdict import archive
from emulation.course import DayBoard, board_of
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.outcome import score
from emulation.periods import Span
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from plain import sound_plain_contests

FEW = settings(max_examples=12)


def loaded(name: str) -> tuple[Campaign, Observations]:
    """Read a campaign and its facts."""
    campaign = load_campaign(Path("campaigns") / name)
    return campaign, load_observations(Path("campaigns") / name / "observations.csv", campaign)


def scored(campaign: Campaign, facts: Observations, day: date) -> dict[str, object]:
    """Give what a board holds of a day that is scored by itself."""
    return as_dict(board_of(score(campaign, facts, day)))


def as_dict(board: DayBoard) -> dict[str, object]:
    """Give what a board holds."""
    places = {standing: dict(found) for standing, found in board.places.items()}
    return {
        "totals": dict(board.totals),
        "places": places,
        "classes": dict(board.classes),
        "aims": {id: dict(aims) for id, aims in board.aims.items()},
    }


@pytest.mark.parametrize("name", ["thai-nguyen-2025", "hau-giang-2024", "ha-noi-2025"])
def test_real_campaigns_are_replayed(name: str) -> None:
    """Every ninth day of a founding campaign."""
    campaign, facts = loaded(name)
    period = campaign.timetable.period
    days = [period.first + timedelta(days=count) for count in range(0, (period.last - period.first).days, 9)]

    assert [as_dict(board) for board in boards(campaign, facts, days)] == [scored(campaign, facts, day) for day in days]


@settings(max_examples=25)
@given(sound_plain_contests())
def test_a_replay_is_each_day_by_itself(contest: tuple[Campaign, Observations]) -> None:
    """On drawn contests, on days before, between and after what was reported."""
    campaign, facts = contest
    days = [date(2025, 2, 1), date(2025, 3, 31), date(2025, 5, 2), date(2025, 7, 1), date(2025, 12, 1)]
    try:
        found = [as_dict(board) for board in boards(campaign, facts, days)]
    except Refused:
        return

    assert found == [scored(campaign, facts, day) for day in days]


@pytest.mark.parametrize("held", ["archive", "parquet", "frame"])
@pytest.mark.parametrize("name", ["thai-nguyen-2025", "hau-giang-2024"])
def test_what_lies_in_columns_is_replayed_as_its_records_are(name: str, held: str, tmp_path: Path) -> None:
    """On every day of a founding campaign, whatever the facts lie in."""
    campaign, facts = loaded(name)
    source = {"archive": in_archive, "parquet": in_parquet, "frame": in_frame}[held](campaign, facts, tmp_path)

    found = [(board.day, as_dict(board)) for board in boards(campaign, source)]

    assert found == [(board.day, as_dict(board)) for board in boards(campaign, facts)]


def in_archive(campaign: Campaign, facts: Observations, folder: Path) -> str:
    """Keep facts in an archive."""
    archive(campaign, facts, folder, engine="polars")
    return str(folder)


def in_frame(_: Campaign, facts: Observations, __: Path) -> pl.DataFrame:
    """Put facts into a long frame, in an order that means nothing."""
    rows = [
        {
            "participant": one.participant,
            "fact": one.fact,
            "from": one.span.first,
            "to": one.span.last,
            "value": None if one.value is None else Decimal(one.value.numerator) / one.value.denominator,
            "state": one.state,
        }
        for one in facts
    ]
    kinds = {"from": pl.Date, "to": pl.Date, "value": pl.Decimal(20, 4)}
    return pl.DataFrame(rows, schema_overrides=kinds).sample(fraction=1, shuffle=True, seed=7)


def in_parquet(campaign: Campaign, facts: Observations, folder: Path) -> str:
    """Write facts into a Parquet file."""
    file = folder / "facts.parquet"
    in_frame(campaign, facts, folder).write_parquet(file)
    return str(file)


@FEW
@given(sound_plain_contests())
def test_an_archive_is_replayed_as_its_records_are(contest: tuple[Campaign, Observations]) -> None:
    """On drawn contests."""
    campaign, facts = contest
    days = [date(2025, 2, 1), date(2025, 3, 31), date(2025, 5, 2), date(2025, 12, 1)]
    with TemporaryDirectory() as folder:
        try:
            archive(campaign, facts, folder, engine="polars")
            found = [as_dict(board) for board in boards(campaign, folder, days)]
        except Refused:
            return

    assert found == [scored(campaign, facts, day) for day in days]


def test_a_board_stays_what_it_was() -> None:
    """Also if it is asked only after later days were gone on to."""
    campaign, facts = loaded("thai-nguyen-2025")
    days = [date(2025, 7, 20), date(2025, 8, 6)]

    early, late = boards(campaign, facts, days)

    assert as_dict(early) == scored(campaign, facts, days[0])
    assert as_dict(late) == scored(campaign, facts, days[1])


def test_an_archive_does_not_say_what_was_known(tmp_path: Path) -> None:
    """It holds what was known when it was made."""
    campaign, facts = loaded("thai-nguyen-2025")
    source = in_archive(campaign, facts, tmp_path)

    assert codes(boards(campaign, source, as_known=True)) == ["E795"]


def test_sums_beyond_whole_numbers_are_refused() -> None:
    """Since what a machine adds up may not outgrow it."""
    campaign, facts = loaded("thai-nguyen-2025")
    huge = tuple(evolve(one, value=2**61) if one.fact == "received_files" else one for one in facts)

    assert codes(boards(campaign, evolve(facts, reported=huge))) == ["E780"]


RULES = """\
campaign: one
title: One figure
period: {from: 2025-01-01, to: 2025-12-31}
participants: {file: participants.csv}
set_aside: report
indicators: {n: {title: N, number: {en: files}, at: latest, better: higher}}
criteria: {c: {indicator: n, max: 10, proportional: {full_at: 100, cap: full, floor: zero}}}
gaps: {missing: zero}
rounding: {points: 2, total: 2, mode: half_up, decide_on: rounded}
standings: {total: {by: [total], ties: shared}}
"""


def of_one_figure(folder: Path, *facts: tuple[date, date, date, int | None]) -> tuple[Campaign, Observations]:
    """Give a campaign of one participant, of whom a number is reported: over which days, handed in when, and what."""
    (folder / "campaign.yaml").write_text(RULES, encoding="utf-8")
    (folder / "participants.csv").write_text("id,name,kind\na,A,commune\n", encoding="utf-8")
    reported = tuple(
        Observation(
            ParticipantId("a"),
            "n",
            Span(first, last),
            value,
            "missing" if value is None else "measured",
            received=received,
        )
        for first, last, received, value in facts
    )
    return load_campaign(folder), Observations(reported)


def totals(found: Iterable[DayBoard]) -> list[object]:
    """Give the total of the one participant on each board."""
    return [board.totals["a"] for board in found]


def test_a_board_before_anything_is_reported_decides_nothing_of_later_ones(tmp_path: Path) -> None:
    """Since what a plan takes for granted is what was expected by then."""
    day = date(2025, 3, 1)
    campaign, facts = of_one_figure(tmp_path, (day, day, day, 150))

    assert totals(boards(campaign, facts, [date(2025, 2, 1), day])) == [0, 10]


def test_what_is_handed_in_late_about_an_earlier_day_replaces_nothing(tmp_path: Path) -> None:
    """The latest figure is that of the latest day, whenever it came in."""
    early, late, after = date(2025, 3, 1), date(2025, 4, 1), date(2025, 5, 1)
    campaign, facts = of_one_figure(tmp_path, (late, late, late, 80), (early, early, after, 20))

    assert totals(boards(campaign, facts, [late, after], as_known=True)) == [8, 8]


@pytest.mark.parametrize("turned", [False, True])
def test_of_figures_of_one_last_day_that_of_the_latest_first_day_stands(tmp_path: Path, turned: bool) -> None:
    """In whatever order they are reported."""
    last = date(2025, 4, 30)
    pair = (date(2025, 1, 1), last, last, 20), (date(2025, 4, 1), last, last, 80)
    campaign, facts = of_one_figure(tmp_path, *(pair[::-1] if turned else pair))

    assert totals(boards(campaign, facts, [last])) == [8]


def test_a_fact_that_is_never_measured_is_followed_too(tmp_path: Path) -> None:
    """It was reported as missing, and that is all there is."""
    day = date(2025, 3, 1)
    campaign, facts = of_one_figure(tmp_path, (day, day, day, None))

    assert totals(boards(campaign, facts, [day])) == [0]


def test_a_day_is_added_to_what_stood() -> None:
    """Going on from a day gives what a replay from the beginning gives."""
    campaign, facts = loaded("thai-nguyen-2025")
    replay = Replay.of(campaign, facts)

    replay.until(date(2025, 7, 20))

    assert as_dict(replay.until(date(2025, 8, 6))) == as_dict(next(boards(campaign, facts, [date(2025, 8, 6)])))


def test_every_day_of_the_drive_is_given() -> None:
    """From the first day to the last on which anything was reported, in order."""
    campaign, facts = loaded("thai-nguyen-2025")

    days = [board.day for board in boards(campaign, facts)]

    assert days[0] == min(one.span.last for one in facts)
    assert days[-1] == max(one.span.last for one in facts)
    assert days == sorted(days)


def test_what_was_handed_in_late_counts_from_then_on() -> None:
    """The board as it was known is that of the facts that were there."""
    campaign, facts = loaded("thai-nguyen-2025")
    late = frozenset(one.participant for one in facts.reported[::3])
    received = tuple(
        evolve(one, received=one.span.last + timedelta(days=9 if one.participant in late else 0)) for one in facts
    )
    day = date(2025, 8, 6)
    there = tuple(one for one in received if one.received is not None and one.received <= day)

    known = next(iter(boards(campaign, evolve(facts, reported=received), [day], as_known=True)))

    assert as_dict(known) == scored(campaign, evolve(facts, reported=there), day)


def test_without_days_of_receipt_nothing_is_known_then() -> None:
    """The days on which facts came in are not guessed."""
    campaign, facts = loaded("thai-nguyen-2025")

    assert codes(boards(campaign, facts, [date(2025, 8, 6)], as_known=True)) == ["E791"]


def codes(found: Iterable[DayBoard]) -> list[str]:
    """Give the codes of what is refused."""
    with pytest.raises(Refused) as refused:
        list(found)
    return [one.code for one in refused.value.problems]
