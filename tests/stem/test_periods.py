"""Periods: days, spans, windows and deadlines say which days they mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.periods import Before, By, Calendar, Span, Timetable, Window

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
SPANS = st.tuples(DAYS, DAYS).map(lambda two: Span(min(two), max(two)))
CALENDARS = st.builds(
    Calendar,
    st.sets(st.sampled_from(("monday", "wednesday", "saturday", "sunday")), min_size=1).map(
        lambda days: tuple(sorted(days))
    ),
    st.lists(DAYS, max_size=5).map(tuple),
)


def days_of(span: Span) -> set[date]:
    """Give every day of a span."""
    return {span.first + timedelta(days=number) for number in range(span.days)}


@given(SPANS, SPANS)
def test_a_span_is_the_set_of_its_days(one: Span, other: Span) -> None:
    """A span holds another whose days are all among its own, and meets one with which it shares a day."""
    assert one.holds(other) == (days_of(other) <= days_of(one))
    assert one.meets(other) == bool(days_of(one) & days_of(other))


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_the_last_of_so_many_working_days(calendar: Calendar, start: date, count: int) -> None:
    """From a day to its n-th working day there are n working days, the first and the last included."""
    last = calendar.workday(start, count)

    assert calendar.workdays_between(start - timedelta(days=1), last) == count
    assert calendar.workdays_between(last - timedelta(days=1), last) == 1


@given(CALENDARS, DAYS, DAYS)
def test_working_days_count_backwards_too(calendar: Calendar, one: date, other: date) -> None:
    """Days late counted from the other end are days early, and a holiday is no working day."""
    assert calendar.workdays_between(one, other) == -calendar.workdays_between(other, one)
    assert all(calendar.workdays_between(day - timedelta(days=1), day) == 0 for day in calendar.holidays)


def test_a_working_week() -> None:
    """From a Friday to the next Monday there is one working day, and back there is one less than none."""
    friday, monday = date(2025, 6, 20), date(2025, 6, 23)

    assert (Calendar().workdays_between(friday, monday), Calendar().workdays_between(monday, friday)) == (1, -1)


@pytest.mark.parametrize(
    ("window", "last"),
    [
        (Window(date(2025, 7, 1), to=date(2025, 8, 25)), date(2025, 8, 25)),
        (Window(date(2025, 7, 1), before=date(2025, 8, 25)), date(2025, 8, 24)),
        (Window(date(2025, 11, 20), workdays=10), date(2025, 12, 3)),
    ],
)
def test_a_window_ends_as_its_word_says(window: Window, last: date) -> None:
    """``to`` belongs to the window, ``before`` does not, and working days count from the first."""
    assert window.problem() is None
    assert window.span(Calendar()) == Span(window.from_, last)


@pytest.mark.parametrize(
    ("window", "what"),
    [
        (Window(date(2025, 7, 1)), "ends in one way"),
        (Window(date(2025, 7, 1), to=date(2025, 7, 2), workdays=1), "ends in one way"),
        (Window(date(2025, 7, 1), workdays=0), "between 1 and"),
        (Window(date(2025, 7, 1), workdays=4001), "between 1 and"),
        (Window(date(2025, 7, 1), to=date(2025, 6, 30)), "before it begins"),
        (Window(date(2025, 7, 1), before=date(2025, 7, 1)), "before it begins"),
    ],
)
def test_a_window_that_is_none(window: Window, what: str) -> None:
    """A window without an end, with two, or with one before its beginning says so."""
    assert what in (window.problem() or "")


@pytest.mark.parametrize("workdays", [1, 4000])
def test_the_shortest_and_the_longest_window(workdays: int) -> None:
    """A window has one working day at least, and four thousand at most."""
    assert Window(date(2025, 7, 1), workdays=workdays).problem() is None
    assert Window(date(2025, 7, 1), before=date(2025, 7, 2)).problem() is None
    assert Window(date(2025, 7, 1), to=date(2025, 7, 1)).problem() is None


def test_deadlines() -> None:
    """The day of ``by`` is still in time, the day of ``before`` is too late."""
    assert By(date(2025, 8, 20)).last == date(2025, 8, 20)
    assert Before(date(2025, 8, 20)).last == date(2025, 8, 19)


def test_a_timetable_knows_its_rounds() -> None:
    """A window is the period, a round by its name, or days."""
    year, spring = Span(date(2025, 1, 1), date(2025, 12, 31)), Span(date(2025, 3, 1), date(2025, 5, 31))
    timetable = Timetable(year, (("spring", spring),))

    assert timetable.span("period") == year
    assert timetable.span("spring") == spring
    assert timetable.span(Window(date(2025, 1, 1), to=date(2025, 1, 1))).days == 1
