"""Admission: which reports count, which do not and why; and no report is ever lost."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.admission import ALL_COUNT, Admission, Days, Workdays, admit, problems_of
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.periods import Calendar, Span

THURSDAY = date(2025, 7, 31)
BOTH = ("self", "verified")


def told(value: int | None = 1, **more: Any) -> Observation:
    """Give a report of ``files`` of ``a`` on the last day of July."""
    return Observation(ParticipantId("a"), "files", Span(THURSDAY, THURSDAY), value, **more)


def admitted(rules: Admission, *facts: Observation) -> tuple[list[int | None], list[tuple[Any, str]]]:
    """Give the values that count, and those left out with the reason."""
    found = admit(rules, Observations(facts), Calendar())
    return [one.value for one in found.observations], [(one.observation.value, one.because) for one in found.left_out]


def test_without_rules_every_report_counts() -> None:
    """The observations come back as they were, not copied."""
    facts = Observations((told(),))

    assert admit(ALL_COUNT, facts, Calendar()).observations is facts


@pytest.mark.parametrize(
    ("rules", "last"),
    [
        (Admission(within=Days(0)), date(2025, 7, 31)),
        (Admission(within=Days(10)), date(2025, 8, 10)),
        (Admission(within=Workdays(1)), date(2025, 8, 1)),
        (Admission(within=Workdays(2)), date(2025, 8, 4)),
        (Admission(closes=date(2025, 8, 2)), date(2025, 8, 2)),
        (Admission(within=Days(10), closes=date(2025, 8, 2)), date(2025, 8, 2)),
        (Admission(), None),
    ],
)
def test_the_last_day_in_time(rules: Admission, last: date | None) -> None:
    """Days are counted from the day after the last day a fact is about, and never go past the closing day."""
    assert rules.last_day(Span(THURSDAY, THURSDAY), Calendar()) == last


def test_a_late_report_is_left_out() -> None:
    """The last day is still in time, the next is late; a report without a day is left out too, for its own reason."""
    rules = Admission(within=Days(5), late="left_out")
    in_time, late = date(2025, 8, 5), date(2025, 8, 6)

    found = admitted(rules, told(1, received=in_time), told(2, received=late), told(3))

    assert found == ([1], [(2, "late"), (3, "undated")])


def test_a_late_report_that_counts_is_told() -> None:
    """Where late reports count, they are listed."""
    rules = Admission(within=Days(5), late="counted")
    late = told(2, received=date(2025, 8, 6))

    found = admit(rules, Observations((told(1, received=THURSDAY), late, told(3))), Calendar())

    assert (len(found.observations), found.late, found.left_out) == (3, (late,), ())


def test_the_declared_stage_counts() -> None:
    """Figures of other stages are left out, those of a stage nobody declared for a reason of their own."""
    rules = Admission(stages=BOTH, counts="verified")

    found = admitted(rules, told(1, stage="self"), told(2, stage="verified"), told(3, stage="x"), told(4))

    assert found == ([2], [(3, "unknown_stage"), (4, "unknown_stage"), (1, "not_this_stage")])


def test_the_last_stage_counts() -> None:
    """Of each fact the last stage there is counts, whatever order they came in."""
    rules = Admission(stages=BOTH, counts="last")
    other = Observation(ParticipantId("b"), "files", Span(THURSDAY, THURSDAY), 9, stage="self")

    found = admitted(rules, told(2, stage="verified"), told(1, stage="self"), other)

    assert found == ([2, 9], [(1, "earlier_stage")])


def test_the_figures_of_each_stage_can_be_asked_for() -> None:
    """An indicator may look at a stage that does not count."""
    rules = Admission(stages=BOTH, counts="verified")

    found = admit(rules, Observations((told(1, stage="self"), told(2, stage="verified"))), Calendar())

    assert [one.value for one in found.stages["self"]] == [1]
    assert [one.value for one in found.observations] == [2]


def test_the_last_day_of_the_same_days_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Working days are counted once for all the reports on the same days, however many there are."""
    asked: list[date] = []
    workday = Calendar.workday

    def counted(calendar: Calendar, start: date, count: int) -> date:
        asked.append(start)
        return workday(calendar, start, count)

    monkeypatch.setattr(Calendar, "workday", counted)
    rules = Admission(within=Workdays(5), late="left_out")
    admit(rules, Observations(tuple(told(value, received=THURSDAY) for value in range(9))), Calendar())

    assert asked == [date(2025, 8, 1)]


def test_the_first_source_counts() -> None:
    """The source that stands first is believed; where it is silent, the next."""
    rules = Admission(sources=("portal", "province"))
    alone = Observation(ParticipantId("b"), "files", Span(THURSDAY, THURSDAY), 9, source="province")

    found = admitted(rules, told(1, source="province"), told(2, source="portal"), alone, told(3, source="x"))

    assert found == ([2, 9], [(3, "unknown_source"), (1, "other_source")])


@pytest.mark.parametrize(
    ("counted", "other", "differ"),
    [
        (100, 101, False),
        (100, 102, True),
        (100, 98, True),
        (0, 0, False),
        (0, 1, True),
        (None, 1, True),
        (-100, -102, True),
    ],
)
def test_sources_that_differ_are_told(counted: int | None, other: int, *, differ: bool) -> None:
    """A difference of more than the tolerance is a conflict; of nothing, any difference is."""
    rules = Admission(sources=("portal", "province"), tolerance=Fraction(1, 100))
    state = "missing" if counted is None else "measured"
    facts = told(counted, source="portal", state=state), told(other, source="province")

    found = admit(rules, Observations(facts), Calendar()).conflicts

    assert [(one.counted.value, one.other.value) for one in found] == ([(counted, other)] if differ else [])


@pytest.mark.parametrize(
    ("disputed", "found"),
    [
        (None, ([1], [])),
        ("counted", ([1], [])),
        ("left_out", ([], [(1, "disputed")])),
        ("withheld", ([None], [])),
    ],
)
def test_a_disputed_figure(disputed: Any, found: object) -> None:
    """A disputed figure counts, is left out, or is withheld."""
    assert admitted(Admission(closes=date(2025, 9, 1), late="counted", disputed=disputed), told(disputed=True)) == found


@given(
    st.builds(
        Admission,
        within=st.none() | st.builds(Days, st.integers(0, 3)),
        late=st.sampled_from(["left_out", "counted"]),
        stages=st.sampled_from([(), BOTH]),
        counts=st.sampled_from(["self", "last"]),
        sources=st.sampled_from([(), ("portal", "province")]),
        tolerance=st.none() | st.just(Fraction(1, 10)),
        disputed=st.sampled_from([None, "left_out"]),
    ),
    st.lists(
        st.builds(
            told,
            st.integers(0, 20),
            stage=st.sampled_from(["self", "verified", None]),
            source=st.sampled_from(["portal", "province", None]),
            received=st.none() | st.integers(0, 5).map(lambda days: THURSDAY + timedelta(days=days)),
            disputed=st.booleans(),
        ),
        max_size=6,
    ),
)
def test_no_report_is_lost_or_doubled(rules: Admission, facts: list[Observation]) -> None:
    """What was reported is what counts and what is left out."""
    found = admit(rules, Observations(tuple(facts)), Calendar())

    counted_and_not = [*found.observations, *(one.observation for one in found.left_out)]
    assert sorted(map(repr, counted_and_not)) == sorted(map(repr, facts))


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        (Admission(), []),
        (Admission(within=Days(5), late="left_out", stages=BOTH, counts="last", sources=("p",), tolerance=0), []),
        (Admission(within=Days(-1), late="counted"), ["E118"]),
        (Admission(within=Workdays(0), late="counted"), ["E118"]),
        (Admission(closes=THURSDAY), ["E153"]),
        (Admission(late="counted"), ["E114"]),
        (Admission(stages=BOTH), ["E153"]),
        (Admission(stages=BOTH, counts="verifed"), ["E135"]),
        (Admission(tolerance=0), ["E114"]),
        (Admission(sources=("p",), tolerance=-1), ["E118"]),
        (Admission(stages=("self", "self"), counts="last", sources=("p", "p")), ["E114", "E114"]),
    ],
)
def test_rules_that_do_not_agree(rules: Admission, codes: list[str]) -> None:
    """Each rule that lacks another, or goes with none, is a problem."""
    assert [one.code for one in problems_of(rules)] == codes
