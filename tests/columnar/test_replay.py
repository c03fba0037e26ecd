"""Replay: the boards of all days at once are the boards of each day by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings

from emulation.campaign import Campaign
from emulation.columnar.replay import Replay, boards
from emulation.course import DayBoard, board_of
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from plain import sound_plain_contests


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
