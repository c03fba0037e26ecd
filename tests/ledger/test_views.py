"""Views: what is known at a moment, as laws that hold for whatever was said in whatever order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation.ledger.chain import lines_of
from emulation.ledger.entries import (
    EMPTY,
    Amended,
    Appealed,
    Content,
    Decided,
    Disputed,
    Entry,
    Head,
    Ingested,
    Key,
    Reported,
    Ruled,
    Sealed,
    Settled,
    Verified,
    Withdrawn,
)
from emulation.ledger.intake import caught_up, take_in
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import entries_of
from emulation.ledger.view import View, history, view_of
from emulation.names import ParticipantId, StandingId
from emulation.observations import STATES, Observation, Observations, Tally
from emulation.periods import Span
from emulation.problems import Refused
from emulation.standings import Decision
from emulation.testing.facts import numbers

from drive import START, ingest, small, told

DAYS = st.dates(date(2025, 7, 1), date(2025, 7, 3))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Draw some days."""
    return Span(*sorted((draw(DAYS), draw(DAYS))))


observations = st.builds(
    Observation,
    participant=st.builds(ParticipantId, texts),
    fact=texts,
    span=spans(),
    value=st.none() | numbers(),
    state=st.sampled_from(STATES),
    bound=st.sampled_from([None, "above", "below"]),
    source=st.none() | texts,
    illustrative=st.booleans(),
    file=texts,
    line=st.integers(0, 10**7),
    stage=st.none() | texts,
    received=st.none() | DAYS,
    disputed=st.booleans(),
)
reports = st.builds(Reported, observations, given=st.none() | texts, apart=st.booleans())

few = st.builds(told, st.sampled_from("ab"), st.integers(0, 3), st.sampled_from(["files", "visits"]))
keys = few.map(lambda one: Reported(one).key)
sayings: st.SearchStrategy[Content] = (
    few.map(Reported)
    | keys.map(Withdrawn)
    | st.builds(Disputed, keys, st.just("b"), st.just("no"))
    | st.builds(Settled, keys, st.just("upheld"), st.just("chair"))
    | st.builds(Verified, keys, st.just("confirmed"), st.just("chair"))
)
drives = st.lists(st.lists(sayings, min_size=1, max_size=3), max_size=6)


def entries(batches: Sequence[Sequence[Content]]) -> list[Entry]:
    """Give the entries of a drive, a batch a day."""
    head, found = EMPTY, list[Entry]()
    for day, batch in enumerate(batches):
        lines = list(lines_of(batch, head, START + timedelta(days=day), "Lan"))
        found += entries_of(lines, after=head)
        head = Head(found[-1].seq, found[-1].batch, found[-1].known_at, found[-1].hash)
    return found


@given(st.lists(reports, min_size=1, max_size=3), texts, st.none() | texts)
def test_a_report_comes_back_whole(said: list[Reported], author: str, reason: str | None) -> None:
    """Whatever a fact holds is written and read back equal, and its text is JSON with sorted keys and no blanks."""
    lines = list(lines_of(said, EMPTY, START, author, reason))

    back = list(entries_of(lines))

    assert [entry.content for entry in back] == said
    assert {(entry.author, entry.reason) for entry in back} == {(author, reason)}
    for line in lines:
        told_ = json.loads(line.text)
        assert json.dumps(told_, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() == line.text


@given(drives, st.integers(0, 6))
def test_the_past_is_frozen(batches: list[list[Content]], day: int) -> None:
    """L1: what was known at a moment that has passed is the same, whatever was said after."""
    moment = START + timedelta(days=day)
    known = view_of(entries(batches), moment)

    assert known == view_of(entries(batches[: day + 1]))


@given(drives, st.integers(0, 6))
def test_a_view_goes_on_from_an_earlier_one(batches: list[list[Content]], day: int) -> None:
    """L3: folding all at once, or going on from where one was, gives the same."""
    every = entries(batches)
    moment = START + timedelta(days=day)
    earlier = view_of(every, moment)

    assert view_of((entry for entry in every if entry.known_at > moment), since=earlier) == view_of(every)


@given(drives, few, st.integers(0, 3))
def test_a_correction_is_as_if_given_at_first(batches: list[list[Content]], one: Observation, value: int) -> None:
    """L4: after a correction the facts are those of a ledger that was told the right value at first."""
    other = [batch for batch in batches if all(getattr(said, "key", None) != Reported(one).key for said in batch)]
    right = evolve(one, value=value)

    corrected = view_of(entries([[Reported(one)], *other, [Reported(right)]]))

    assert corrected.observations() == view_of(entries([[Reported(right)], *other])).observations()


@given(drives, few)
def test_a_withdrawal_is_as_if_never_given(batches: list[list[Content]], one: Observation) -> None:
    """L5: after a withdrawal the facts are those of a ledger that was never told; history has both entries."""
    key = Reported(one).key
    other = [batch for batch in batches if all(getattr(said, "key", None) != key for said in batch)]

    every = entries([[Reported(one)], *other, [Withdrawn(key)]])

    assert view_of(every).observations() == view_of(entries([[Withdrawn(key)], *other])).observations()
    assert [type(entry.content) for entry in history(every, key)] == [Reported, Withdrawn]


@given(drives, st.integers(0, 6), DAYS)
def test_the_two_times_commute(batches: list[list[Content]], day: int, as_of: date) -> None:
    """L6: facts of later days do not count, whichever of the two questions is asked first."""
    moment = START + timedelta(days=day)
    view = view_of(entries(batches), moment)

    facts = view.observations(as_of=as_of)

    assert all(one.span.last <= as_of for one in facts)
    assert facts.reported == tuple(one for one in view.observations() if one.span.last <= as_of)


def test_a_late_entry_leaves_the_deadline_alone() -> None:
    """L7: what came after the deadline is in the final view, with the day it came, and not in the deadline's."""
    deadline = START + timedelta(hours=12)
    every = entries([[Reported(told("a", 1))], [Reported(told("a", 2)), Reported(told("b", 3))]])

    assert [(one.participant, one.value) for one in view_of(every, deadline).observations()] == [("a", 1)]
    assert [(one.participant, one.value, one.received) for one in view_of(every).observations()] == [
        ("a", 2, date(2025, 8, 1)),
        ("b", 3, date(2025, 8, 2)),
    ]


def test_the_day_of_receipt_is_that_of_the_declared_zone() -> None:
    """Half past six in the evening in UTC is the next day in Hanoi."""
    evening = START + timedelta(hours=18, minutes=30)
    (line,) = lines_of([Reported(told("a", 1))], EMPTY, evening, "Lan")
    view = view_of(entries_of([line]))

    received = [view.observations(zone).reported[0].received for zone in (UTC, timezone(timedelta(hours=7)))]

    assert received == [date(2025, 8, 1), date(2025, 8, 2)]


def test_a_dispute_lasts_until_it_is_settled() -> None:
    """A disputed fact is marked until then, through a correction; a fact that is disputed in its file stays so."""
    one = Reported(told("a", 1))
    disputed = [[one], [Disputed(one.key, "b", "too high")], [Reported(told("a", 2))]]

    assert [known.observation().disputed for known in view_of(entries(disputed)).facts.values()] == [True]
    settled = view_of(entries([*disputed, [Settled(one.key, "corrected", "chair")]]))
    assert [known.observation().disputed for known in settled.facts.values()] == [False]
    marked = view_of(entries([[Reported(evolve(told("a", 1), disputed=True))]]))
    assert [known.observation().disputed for known in marked.facts.values()] == [True]


def test_a_verification_is_of_one_report() -> None:
    """A correction has not been looked at yet."""
    one, verified = Reported(told("a", 1)), Verified(Reported(told("a", 1)).key, "confirmed", "Hà")

    assert view_of(entries([[one], [verified]])).facts[one.key].verified == verified
    assert view_of(entries([[one], [verified], [Reported(told("a", 2))]])).facts[one.key].verified is None


def test_what_is_said_of_no_fact_changes_nothing() -> None:
    """A dispute, its end, or a verification of what is not known leaves no trace in the facts."""
    key = Reported(told("a", 1)).key
    said = [Withdrawn(key), Disputed(key, "b", "no"), Settled(key, "upheld", "b"), Verified(key, "refuted", "b")]

    assert view_of(entries([said])).facts == {}


def test_a_view_holds_all_that_was_said() -> None:
    """Decisions, appeals, rulings, amendments, seals and files are there in order; the last amendment holds."""
    decision = Decision(StandingId("all"), (ParticipantId("a"), ParticipantId("b")), "chair", date(2025, 8, 1))
    later = evolve(decision, order=(ParticipantId("b"), ParticipantId("a")))
    appeal = Appealed("1", ParticipantId("a"), "all", "x", date(2025, 8, 1))
    ruled = Ruled("1", "dismissed", "chair", date(2025, 8, 2))
    seal = Sealed(date(2025, 8, 1), START, "h", "f", "d", "o")
    amended = Amended("drive", "f00d"), Amended("drive", "beef", "f00d")
    files = Ingested("a", "0", Tally(4, 1, 1, 1, 1)), Ingested("b", "1", Tally(1, 0, 0, 1))

    told = entries([[Decided(decision), appeal], [ruled, *amended, seal], [*files, Decided(later)]])
    sealed_at = told[5].known_at

    view = view_of(told)

    assert view == View(
        view.head, {}, (Decided(decision), Decided(later)), (appeal,), (ruled,), amended, ((6, seal),), files, sealed_at
    )
    assert view.decisions == (later, decision)
    assert (view.fingerprint, view_of([]).fingerprint) == ("beef", None)
    assert view.tally == view.observations().tally == Tally(5, 1, 1, 2, 1)


def test_sources_stand_beside_each_other_where_they_are_kept_apart() -> None:
    """The figures of two sources are two facts where the campaign compares them, and one fact else."""
    two = [evolve(told("a", 1), source=source) for source in ("province", "ministry")]

    apart = view_of(entries([[Reported(one, apart=True) for one in two]]))
    together = view_of(entries([[Reported(one) for one in two]]))

    assert [one.source for one in apart.observations()] == ["province", "ministry"]
    assert [one.source for one in together.observations()] == ["ministry"]
    assert [str(key) for key in apart.facts] == [
        "files of a on 2025-07-31, province", "files of a on 2025-07-31, ministry"
    ]  # fmt: skip


def test_a_key_says_what_it_is_of() -> None:
    """A key is shown with its days, and with its stage where it has one."""
    key = Key(ParticipantId("a"), "files", Span(date(2025, 7, 1), date(2025, 7, 31)), "verified")

    assert str(key) == "files of a on 2025-07-01 to 2025-07-31, verified"


# --- taking in


def test_rows_are_counted_over_the_reader_and_the_ledger(tmp_path: Path) -> None:
    """L12: what the reader set aside and found twice, and what the ledger found unchanged, add up to the rows."""
    with small(tmp_path / "drive.ledger") as ledger:
        table = Observations((told("a", 10), told("d", 4)), (), Tally(7, 2, 0, 2, 3))
        receipt = take_in(ledger, table, file="f", sha256="0", author="Lan")

    assert str(receipt.tally) == "7 rows read = 1 new + 0 corrected + 3 unchanged + 3 rejected"


def test_sums_are_exact_and_of_what_has_a_value(tmp_path: Path) -> None:
    """The receipt adds up the values of each fact, and passes over states."""
    with SQLiteLedger(tmp_path / "drive.ledger", create=True) as ledger:
        missing = evolve(told("c", 0), value=None, state="missing")
        receipt = ingest(ledger, told("a", Fraction(1, 3)), told("b", Fraction(1, 2)), missing, told("a", 7, "visits"))

    assert receipt.sums == (("files", "5/6"), ("visits", "7"))


def test_what_is_made_of_other_facts_is_not_reported(tmp_path: Path) -> None:
    """A figure that a merged body takes over is computed, and does not go into the ledger as if it were told."""
    with (
        SQLiteLedger(tmp_path / "drive.ledger", create=True) as ledger,
        pytest.raises(AssertionError, match="made of others"),
    ):
        ingest(ledger, evolve(told("a", 1), parts=(told("b", 1),)))


def test_a_row_said_twice_alike_is_unchanged(tmp_path: Path) -> None:
    """The same fact twice in one table, with one value, is one fact and one unchanged row."""
    with small(tmp_path / "drive.ledger") as ledger:
        receipt = ingest(ledger, told("d", 4), told("d", 4, line=9), told("a", 10), told("a", 10, line=8))

    assert receipt.tally == Tally(4, 1, 0, 3)


@settings(deadline=None, max_examples=30)
@given(st.lists(few, max_size=4), st.lists(few, max_size=4))
def test_parts_of_a_table_come_to_the_whole(first: list[Observation], second: list[Observation]) -> None:
    """L10: two tables with different facts, one after the other, come to the same facts as both in one."""
    one, other = ({Reported(fact).key: fact for fact in facts} for facts in (first, second))
    apart = {key: fact for key, fact in other.items() if key not in one}

    both = facts_after([*one.values()], [*apart.values()])

    assert both == facts_after([*one.values(), *apart.values()])


def facts_after(*tables: list[Observation]) -> set[tuple[str, str, object]]:
    """Take tables into a new ledger, and give the facts."""
    with TemporaryDirectory() as folder, SQLiteLedger(f"{folder}/drive.ledger", create=True) as ledger:
        for table in tables:
            ingest(ledger, *table)
        view = caught_up(ledger)
    return {(one.participant, one.fact, one.value) for one in view.observations()}


@pytest.mark.parametrize(
    "change",
    [
        {"value": 11},
        {"value": None, "state": "missing"},
        {"bound": "above"},
        {"source": "the ministry"},
        {"illustrative": True},
        {"disputed": True},
        {"received": date(2025, 8, 3)},
    ],
    ids="-".join,
)
def test_whatever_a_fact_says_can_be_corrected(tmp_path: Path, change: dict[str, Any]) -> None:
    """No difference between two reports of a fact is passed over; where they stand in which file is none."""
    with small(tmp_path / "drive.ledger") as ledger:
        moved = ingest(ledger, evolve(told("a", 10), file="again.csv", line=77))
        corrected = ingest(ledger, evolve(told("a", 10), **change), reason="a slip")

    assert (moved.tally, corrected.tally) == (Tally(1, 0, 0, 1), Tally(1, 0, 1, 0))
    assert corrected.corrections[0].after.observation == evolve(told("a", 10), **change)


def test_the_words_of_a_correction(tmp_path: Path) -> None:
    """A correction without a reason says what was known and what is told now, states and bounds as tables have them."""
    with small(tmp_path / "drive.ledger") as ledger:
        ingest(ledger, evolve(told("d", 4), bound="above"), evolve(told("e", 4), bound="below"))
        missing = evolve(told("d", 4), value=None, state="missing", file="")
        with pytest.raises(Refused) as refused:
            ingest(ledger, missing, told("e", Fraction(9, 2)))

    assert [str(problem) for problem in refused.value.problems] == [
        "E613 files of d on 2025-07-31 was >4 and is now missing (a reason for the correction)",
        "july.csv:2:1 E613 files of e on 2025-07-31 was <4 and is now 4.5 (a reason for the correction)",
    ]
