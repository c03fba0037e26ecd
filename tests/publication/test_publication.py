"""Publication: what a ledger and the rules come to, what is in the way of a final result, and what moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.campaign import Campaign
from emulation.ledger.copies import import_ledger
from emulation.ledger.entries import Amended, Decided, Ruled, Sealed
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import read
from emulation.ledger.view import View, view_of
from emulation.names import ParticipantId
from emulation.observations import NONE_REPORTED
from emulation.outcome import Outcome, score
from emulation.problems import Refused
from emulation.publication import (
    Move,
    blockers,
    in_force,
    known,
    known_each_day,
    last_day_of_appeals,
    moves,
    ruling_of,
    scored,
    seal_of,
    with_records,
    zone_of,
)
from emulation.reading.campaign_file import load_campaign
from emulation.standings import Decision
from rulebook import load
from small import body, by_total, leaf, outcome

FRIDAY = date(2025, 8, 1)
FINGERPRINT = "f" * 64


def ranked(values: dict[str, int], **rules: Any) -> Outcome:
    """Rank bodies by one figure each."""
    rows = {id: {"x": value} for id, value in values.items()}
    return outcome(rows, leaf("x", missing=None), standings=(by_total(),), **rules)


def told(about: str, ruling: str, participant: str | None = "a") -> Ruled:
    """Give a ruling as a ledger has it."""
    body = None if participant is None else ParticipantId(participant)
    return Ruled(about, ruling, "us", FRIDAY, body, None)


def test_the_zone_of_a_campaign(tmp_path: Path) -> None:
    """The declared offset; UTC where no day depends on it; a refusal where one does."""
    assert zone_of(load(tmp_path, time_zone="+07:00")) == timezone(timedelta(hours=7))
    assert zone_of(load(tmp_path)) is UTC
    for asks in ({"appeals": "{days: 3}"}, {"admission": "{closes: 2025-04-01, late: left_out}"}):
        with pytest.raises(Refused, match="E650"):
            zone_of(load(tmp_path, **asks))


def test_a_zone_is_an_offset(tmp_path: Path) -> None:
    """The name of a place is none."""
    with pytest.raises(Refused, match="E123 'Hanoi' is no offset"):
        load(tmp_path, time_zone="Hanoi")


def test_rules_in_force(tmp_path: Path) -> None:
    """The rules a ledger is kept under, or any where it names none."""
    rules = load(tmp_path)
    in_force(rules, View())
    in_force(rules, View(amendments=(Amended("q", rules.fingerprint),)))

    with pytest.raises(Refused, match="E651 the ledger's rules are ffffffffffff"):
        in_force(rules, View(amendments=(Amended("q", FINGERPRINT),)))


@pytest.mark.parametrize(
    ("ruled", "found"),
    [
        (told("awards.flag", "held"), ("flag", "a", "held")),
        (told("awards.flag", "revoked"), ("flag", "a", "revoked")),
        (told("awards.flag", "granted"), None),
        (told("awards.flag", "held", None), None),
        (told("A1", "dismissed"), None),
    ],
)
def test_rulings_on_awards(ruled: Ruled, found: tuple[str, ...] | None) -> None:
    """What a ledger holds on an award is a ruling; what it holds on an appeal is none."""
    ruling = ruling_of(ruled)

    assert (None if ruling is None else (ruling.award, ruling.participant, ruling.ruling)) == found


def test_the_ledgers_decisions_come_first(tmp_path: Path) -> None:
    """A decision recorded later holds before one written in the rules."""
    written = "[{standing: all, order: [a, b], by: us, on: 2025-04-01}]"
    rules = load(tmp_path, standings="{all: {for: commune, by: [online], ties: decision}}", decisions=written)
    later = Decision("all", ("b", "a"), "us", FRIDAY)  # type: ignore[arg-type]

    merged = with_records(rules, View(decided=(Decided(later),)))

    assert [one.order for one in merged.decisions] == [("b", "a"), ("a", "b")]
    assert merged.fingerprint == rules.fingerprint


def test_the_last_day_of_appeals(tmp_path: Path) -> None:
    """So many working days after the publication; the day itself where nobody can appeal."""
    rules = load(tmp_path, appeals="{workdays: 2}", time_zone="+07:00")

    assert last_day_of_appeals(rules, FRIDAY) == date(2025, 8, 5)
    assert last_day_of_appeals(load(tmp_path), FRIDAY) == FRIDAY


def sealed(rules: Campaign, view: datetime) -> Sealed:
    """Give a seal of that moment."""
    return Sealed(FRIDAY, view, "0" * 64, rules.fingerprint, "d", "o")


def test_the_window_of_appeals_is_in_the_campaigns_own_days(tmp_path: Path) -> None:
    """Published at 23 o'clock in London is published the next day in Hanoi."""
    rules = load(tmp_path, appeals="{days: 1}", time_zone="+07:00")
    view = View(published=datetime(2025, 8, 1, 23, tzinfo=UTC))
    found = score(rules, NONE_REPORTED)

    assert [one.code for one in blockers(found, view, date(2025, 8, 3))] == ["E655"]
    assert blockers(found, view, date(2025, 8, 4)) == ()


def test_a_seal_names_what_it_replaces(tmp_path: Path) -> None:
    """The last publication is superseded by the next; the first replaces none, even of an empty ledger."""
    rules = load(tmp_path)
    found = score(rules, NONE_REPORTED)
    before = sealed(rules, datetime(2025, 8, 1, tzinfo=UTC))

    assert seal_of(found, View(), "o").supersedes is None
    assert seal_of(found, View(seals=((7, before),)), "o", "week 2").supersedes == 7


def test_a_ledger_is_scored_as_its_rows_are(tmp_path: Path) -> None:
    """An empty ledger comes to what no report comes to."""
    rules = load(tmp_path)

    assert scored(rules, View(), None).scores == score(rules, NONE_REPORTED).scores


def test_records_hold_in_every_edition_of_the_rules() -> None:
    """Rules that change on a day keep the decisions of the ledger on each."""
    rules = ranked({"a": 1, "b": 1}).campaign
    dated = evolve(rules, editions=((date(2025, 1, 1), rules), (date(2025, 6, 1), rules)))
    decision = Decision("by_total", (ParticipantId("b"), ParticipantId("a")), "us", FRIDAY)

    merged = with_records(dated, View(decided=(Decided(decision),)))

    assert [edition.decisions for _, edition in merged.editions] == [(decision,), (decision,)]
    assert with_records(dated, View()) is dated


def test_what_moved() -> None:
    """Up, down, the same, new and gone; a body without a place on one side cannot be compared.

    How others move is seen among those who have a place on both sides: c is last of them before and after.
    """
    before = ranked({"a": 3, "b": 2, "c": 1, "e": 9, "f": 8})
    after = ranked({"a": 2, "b": 3, "c": 1, "d": 0, "e": 9})
    lost = evolve(after, standings={"by_total": {**after.standings["by_total"]}})
    lost.standings["by_total"]["e"] = evolve(lost.standings["by_total"]["e"], place=None)  # type: ignore[index]

    found = {move.participant: (move.movement, move.ranks) for move in moves(before, lost)}

    assert found == {
        "a": ("down", (3, 3)),
        "b": ("up", (4, 2)),
        "c": ("same", (5, 4)),
        "d": ("new", (None, 5)),
        "e": ("not_comparable", (1, None)),
        "f": ("gone", (2, None)),
    }


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), min_size=2),
    st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3)),
)
def test_who_comes_moves_nobody(values: dict[str, int], others: dict[str, int]) -> None:
    """However many enter before them, those who were there stay as they were among themselves."""
    found = moves(ranked(values), ranked({**values, **others}))

    assert {one.movement for one in found if one.participant in values} == {"same"}


def test_places_of_another_field_cannot_be_compared() -> None:
    """Who changes its group is ranked with others."""
    rows = {"a": {"x": 3}, "b": {"x": 2}}
    standing = by_total(within="size")

    def in_groups(*groups: str) -> Outcome:
        bodies = tuple(body(id, size=group) for id, group in zip(rows, groups, strict=True))
        return outcome(rows, leaf("x"), standings=(standing,), bodies=bodies)

    assert [one.movement for one in moves(in_groups("s", "s"), in_groups("s", "t"))] == ["same", "not_comparable"]


def test_two_without_a_place_are_the_same() -> None:
    """Who had none and has none has not moved."""
    nobody = ranked({"a": 1})
    nobody = evolve(nobody, standings={})

    assert [one.moved for one in moves(nobody, nobody)] == [False]


@pytest.mark.parametrize(
    ("move", "moved"),
    [
        (Move(ParticipantId("a"), "same", (1, 1), (None, None), (), ()), False),
        (Move(ParticipantId("a"), "same", (1, 1), ("red", "green"), (), ()), True),  # type: ignore[arg-type]
        (Move(ParticipantId("a"), "same", (1, 1), (None, None), ("flag",), ()), True),
        (Move(ParticipantId("a"), "same", (1, 1), (None, None), (), ("flag",)), True),
        (Move(ParticipantId("a"), "down", (1, 2), (None, None), (), ()), True),
    ],
)
def test_what_counts_as_moved(move: Move, *, moved: bool) -> None:
    """Another place, another class, an award more or less."""
    assert move.moved is moved


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), min_size=1))
def test_a_result_has_not_moved_against_itself(values: dict[str, int]) -> None:
    """Nothing moves where nothing changed."""
    found = ranked(values)

    assert not any(one.moved for one in moves(found, found))


@given(*[st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), min_size=1)] * 2)
def test_moves_back_are_moves_turned_round(one: dict[str, int], other: dict[str, int]) -> None:
    """Seen from the other side, up is down and new is gone."""
    turned = {
        "up": "down",
        "down": "up",
        "new": "gone",
        "gone": "new",
        "same": "same",
        "not_comparable": "not_comparable",
    }
    before, after = ranked(one), ranked(other)

    there = {move.participant: move.movement for move in moves(before, after)}
    back = {move.participant: move.movement for move in moves(after, before)}

    assert back == {id: turned[movement] for id, movement in there.items()}


def test_nobody_waits_where_nobody_can_appeal(tmp_path: Path) -> None:
    """A campaign without appeals is final as soon as nothing else is open."""
    assert blockers(score(load(tmp_path), NONE_REPORTED), View(), FRIDAY) == ()


def test_each_day_knows_what_the_ledger_knew_at_its_end(tmp_path: Path) -> None:
    """By the clocks of the campaign: what came in after midnight there is of the next day."""
    rules = load_campaign(Path("campaigns/thai-nguyen-drive"))
    with open_ledger(str(tmp_path / "drive.ledger"), create=True) as store:
        import_ledger("campaigns/thai-nguyen-drive/drive.jsonl", store)
        days = [date(2025, 7, 22), date(2025, 7, 23), date(2025, 8, 12), date(2025, 9, 12)]
        found = list(known_each_day(rules, store, days))
        ends = [datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone_of(rules)) for day in days]
        views = [view_of(read(store, end)) for end in ends]
    assert [len(facts) for _, facts in found] == [0, 20, 58, 116]
    assert [facts for _, facts in found] == [view.observations(zone_of(rules)) for view in views]
    assert found[-1] == known(rules, views[-1])
