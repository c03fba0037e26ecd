"""Counting: cases become figures by day, nothing is a figure too, and every row is accounted for."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from dossiers import PLAIN
from emulation.cases import ALL_CASES, After, Alternative, Known, Where
from emulation.counting import Entry, count_entries, in_place_of, joined
from emulation.indicators import Over
from emulation.names import FieldId, ParticipantId, RoundId, label
from emulation.observations import NONE_REPORTED, Observation, Observations, Tally
from emulation.periods import Span
from emulation.problems import Place
from emulation.registers import Counted, Latest, Register
from emulation.testing.cases import FIELDS, counted_campaign, entries, registers

LATE = Where((Alternative(((FieldId("returned"), After(FieldId("due"))),)),))
OPEN = Where((Alternative(((FieldId("returned"), Known(known=False)),)),))


def row(case: str = "1", body: str = "a", line: int = 2, received: int = 5, **values: Any) -> Entry:
    """Give a row of a register, received on a day of January 2025, all else blank."""
    blank: dict[FieldId, Any] = dict.fromkeys(FIELDS)
    changed = datetime.fromisoformat("2025-01-01T08:00")
    filled = {"case": case, "step": 1, "received": date(2025, 1, received), "changed": changed, **values}
    return Entry(
        ParticipantId(body),
        blank | {FieldId(name): value for name, value in filled.items()},
        Place("d.csv", line),
    )


def counted(register: Register, *rows: Entry) -> Observations:
    """Count the rows of a register."""
    return count_entries(register, rows, counted_campaign(register))


def figures(register: Register, *rows: Entry) -> dict[tuple[str, str, int], int]:
    """Count rows, and give the figures that are not zero, by body, fact and day of January."""
    found = {(one.participant, one.fact, one.span.last.day): int(one.value or 0) for one in counted(register, *rows)}
    return {key: value for key, value in found.items() if value}


def test_cases_are_counted_on_their_days() -> None:
    """Two on one day are two; a body's are its own; the first row of a day is where its figure stands."""
    found = counted(PLAIN, row("1"), row("2", line=3), row("3", "b", 4), row("4", received=6, line=5))

    assert [(one.participant, one.span.last, one.value, one.written) for one in found if one.value] == [
        ("a", date(2025, 1, 5), 2, "d.csv:2"),
        ("a", date(2025, 1, 6), 1, "d.csv:5"),
        ("b", date(2025, 1, 5), 1, "d.csv:4"),
    ]


def test_nothing_is_a_figure() -> None:
    """Who has no case has none of everything from the first day; the province, which can have none, has no figure."""
    found = counted(PLAIN)

    assert [(one.participant, one.span.last, one.value, one.source) for one in found] == [
        (body, date(2024, 12, 31), 0, "dossiers") for body in "abc"
    ]


def test_who_has_no_cases_can_be_missing() -> None:
    """Where the register says so; who has cases and none that is meant still has none."""
    register = evolve(PLAIN, absent="missing", counts=(Counted("files", LATE),))

    assert [(one.participant, one.value) for one in counted(register, row())] == [("a", 0), ("a", 0)]


def test_the_day_after_is_the_first_on_which_a_case_is_late() -> None:
    """A case without a day yet is counted on none."""
    register = evolve(PLAIN, counts=(Counted("files", ALL_CASES, day_after=FieldId("due")),))

    assert figures(register, row(due=date(2025, 1, 9)), row("2")) == {("a", "files", 10): 1}


def test_a_moment_counts_on_its_day() -> None:
    """Whatever the hour."""
    register = evolve(PLAIN, counts=(Counted("files", ALL_CASES, on=FieldId("returned")),))

    assert figures(register, row(returned=datetime.fromisoformat("2025-01-07T23:59"))) == {("a", "files", 7): 1}


def test_of_several_rows_the_latest_counts() -> None:
    """The others are corrected, those that say the same unchanged."""
    later = datetime.fromisoformat("2025-01-03T08:00")
    rows = (row(), row(line=3), row(line=4, received=9, changed=later))
    found = counted(PLAIN, *rows)

    assert figures(PLAIN, *rows) == {("a", "files", 9): 1}
    assert found.tally == Tally(3, new=1, corrected=1, unchanged=1)


def test_two_latest_rows_that_differ_are_refused() -> None:
    """Neither is guessed; both are set aside, and the case is counted nowhere."""
    found = counted(PLAIN, row(), row(line=3, received=9))

    assert [str(one) for one in found.set_aside] == [
        "d.csv:2:1 E352 the case 1 has several rows of the same changed (one of them the latest)",
        "d.csv:3:1 E352 the case 1 has several rows of the same changed, first on line 2 (one of them the latest)",
    ]
    assert found.tally == Tally(2, rejected=2)


def test_repeated_rows_can_be_refused() -> None:
    """Where a register says that a case has one row."""
    found = counted(evolve(PLAIN, repeated="refused"), row(), row(line=3, received=9))

    assert {one.code for one in found.set_aside} == {"E352"}


def test_late_once_is_late() -> None:
    """Where rows make a case together, it is late if any of them is, and in time only if every one is."""
    counts = (Counted("late", LATE, if_="any"), Counted("in_time", LATE, if_="every"), Counted("open", OPEN, if_="any"))
    register = evolve(PLAIN, repeated="together", counts=counts)
    late, early = date(2025, 1, 9), date(2025, 1, 7)
    rows = (row(due=date(2025, 1, 8), returned=late), row(line=3, step=2, due=date(2025, 1, 8), returned=early))

    assert figures(register, *rows) == {("a", "late", 5): 1}
    assert counted(register, *rows).tally == Tally(2, new=2)


def test_rows_of_one_case_agree_on_whose_it_is_and_when() -> None:
    """Else it would be counted twice, or on a day that somebody chose."""
    register = evolve(PLAIN, repeated="together")
    two_bodies = counted(register, row(), row(body="b", line=3))
    two_days = counted(register, row(), row(line=3, received=9))

    assert two_bodies.set_aside[0].what == "the case 1 is of several bodies"
    assert two_days.set_aside[0].what == "the case 1 has rows with unlike received"


def test_cases_about_other_days_are_told() -> None:
    """They are counted nowhere, and how many they are is said."""
    early = evolve(row("2"), values={**row("2").values, FieldId("received"): date(2024, 1, 1)})
    found = counted(PLAIN, row(), early)

    assert [str(one) for one in found.warnings] == [
        "registers.dossiers W350 1 of 2 cases are about other days, and not counted"
    ]


def test_rounds_have_nothing_to_begin_with_each() -> None:
    """A sum over a round finds a zero on its first day."""
    campaign = counted_campaign(PLAIN)
    indicators = tuple(evolve(one, time=Over(RoundId("one"))) for one in campaign.indicators)
    found = count_entries(PLAIN, (row(),), evolve(campaign, indicators=indicators))

    assert {one.span.last for one in found} == {date(2024, 12, 30)}


def test_a_register_takes_the_place_of_what_is_known_of_it() -> None:
    """A day on which no case is left has none now; what is of other registers, or none already, stays as it is."""
    day = Span(date(2025, 1, 6), date(2025, 1, 6))
    known = [
        Observation(ParticipantId("a"), "files", day, 3, source="dossiers", file="old.csv", line=7),
        Observation(ParticipantId("b"), "files", day, 0),
        Observation(ParticipantId("a"), "staff", day, 3),
    ]
    now = in_place_of(counted(PLAIN, row()), known, PLAIN)

    assert [(one.participant, one.value, one.written) for one in now if one.span == day] == [("a", 0, "")]
    assert now.tally == Tally(5, 5)


def test_what_was_reported_and_counted_is_one() -> None:
    """Rows and facts add up."""
    found = counted(PLAIN, row())
    both = joined(found, found)

    assert joined(NONE_REPORTED, found) == found
    assert len(both) == 2 * len(found)
    assert both.tally == Tally(2, new=2)


@given(registers(), entries(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_figure(register: Register, rows: list[Entry], random: Any) -> None:
    """Nor does it change which rows are set aside."""
    mixed = random.sample(rows, len(rows))
    here, there = counted(register, *rows), counted(register, *mixed)

    assert [_figure(one) for one in here] == [_figure(one) for one in there]
    assert here.tally == there.tally


def _figure(one: Observation) -> Any:
    return one.participant, one.fact, one.span, one.value


@given(registers(), entries())
def test_every_row_is_accounted_for(register: Register, rows: list[Entry]) -> None:
    """Rows read = new + corrected + unchanged + rejected; those rejected are told one by one."""
    found = counted(register, *rows)
    tally = found.tally

    assert tally.read == len(rows) == tally.new + tally.corrected + tally.unchanged + tally.rejected
    assert tally.rejected == len({one.place for one in found.set_aside})


@given(registers(), entries())
def test_a_part_is_never_more_than_all(register: Register, rows: list[Entry]) -> None:
    """On no day are more cases meant than there are: a share counted so is a share."""
    every = evolve(register.counts[0], id="all", where=ALL_CASES)
    found = counted(evolve(register, counts=(register.counts[0], every)), *rows)
    by_day: Counter[tuple[str, date]] = Counter()
    for one in found:
        by_day[one.participant, one.span.last] += int(one.value or 0) * (1 if one.fact == "all" else -1)

    assert min(by_day.values(), default=0) >= 0


def test_moments_without_a_time_are_latest_by_their_days() -> None:
    """A row of a later day is later, though one of the two has no time; two of one day contradict each other."""
    noon = datetime.fromisoformat("2025-01-03T12:00")
    rows = (row(changed=noon), row(line=3, received=9, changed=date(2025, 1, 4)))

    assert figures(PLAIN, *rows) == {("a", "files", 9): 1}
    assert counted(PLAIN, rows[0], row(line=3, received=9, changed=date(2025, 1, 3))).tally.rejected == 2


def test_latest_by_a_number() -> None:
    """The step with the greatest number is the last."""
    register = evolve(PLAIN, repeated=Latest(FieldId("step")), title=label("steps"))

    assert figures(register, row(), row(line=3, step=2, received=9)) == {("a", "files", 9): 1}
