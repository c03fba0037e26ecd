"""Periods: days, spans of days, rounds, working days and deadlines; the only room that sees dateutil."""

from __future__ import annotations

import re
from datetime import date, timedelta, timezone
from typing import Literal

from attrs import field, frozen
from dateutil.rrule import DAILY, FR, MO, SA, SU, TH, TU, WE, rrule

from emulation.names import RoundId

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_WEEKDAYS = {
    "monday": MO,
    "tuesday": TU,
    "wednesday": WE,
    "thursday": TH,
    "friday": FR,
    "saturday": SA,
    "sunday": SU,
}
_OFFSET = re.compile(r"([+-])(0[0-9]|1[0-4]):([03]0|45)", re.ASCII)
_DAY = timedelta(days=1)
MOST_WORKDAYS = 4000


def read_offset(text: str) -> timezone | None:
    """Read the offset of a clock from UTC; none for what is no offset.

    >>> read_offset("+07:00"), read_offset("Hanoi")
    (datetime.timezone(datetime.timedelta(seconds=25200)), None)
    """
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


@frozen(order=True)
class Span:
    """Days from the first to the last, both inclusive.

    >>> Span(date(2024, 10, 10), date(2024, 12, 10)).days
    62
    """

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days the span has, both ends counted."""
        return (self.last - self.first).days + 1

    def holds(self, other: Span) -> bool:
        """Say whether another span lies wholly inside this one."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: Span) -> bool:
        """Say whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


@frozen
class Calendar:
    """Which days are working days.

    Keys:
        workweek: the days of the week on which people work.
        holidays: days on which they do not, whatever day of the week it is.
    """

    workweek: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    holidays: tuple[date, ...] = ()

    def workday(self, start: date, count: int) -> date:
        """Give the working day that is the ``count``-th from a day on, that day included if it is one.

        >>> Calendar().workday(date(2025, 11, 20), 10)
        datetime.date(2025, 12, 3)
        """
        days = rrule(DAILY, dtstart=start, byweekday=[_WEEKDAYS[day] for day in self.workweek])
        left = count
        for moment in days:
            left -= moment.date() not in self.holidays
            if left == 0:
                return moment.date()
        raise AssertionError(start)  # pragma: no cover (a calendar is checked to have working days)

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days after one day up to and with another; negative when the other is earlier.

        >>> Calendar().workdays_between(date(2025, 11, 21), date(2025, 11, 24))
        1
        """
        if end < start:
            return -self.workdays_between(end, start)
        days = rrule(DAILY, dtstart=start + _DAY, until=end, byweekday=[_WEEKDAYS[day] for day in self.workweek])
        return sum(moment.date() not in self.holidays for moment in days)


@frozen
class Window:
    """A stretch of days as a rulebook writes it: from a day, and how far.

    Keys:
        from: the first day.
        to: the last day, which belongs to it.
        before: the day that no longer belongs to it.
        workdays: how many working days it has, the first day counted if it is one.
    """

    from_: date
    to: date | None = None
    before: date | None = None
    workdays: int | None = field(default=None)

    def span(self, calendar: Calendar) -> Span:
        """Give the days meant."""
        if self.to is not None:
            return Span(self.from_, self.to)
        if self.before is not None:
            return Span(self.from_, self.before - _DAY)
        return Span(self.from_, calendar.workday(self.from_, self.workdays or 1))

    def problem(self) -> str | None:
        """Say what is wrong with the window, if anything."""
        if sum(end is not None for end in (self.to, self.before, self.workdays)) != 1:
            return "a window ends in one way: to, before or workdays"
        if self.workdays is not None and not 1 <= self.workdays <= MOST_WORKDAYS:
            return f"workdays lie between 1 and {MOST_WORKDAYS}"
        if (self.to and self.to < self.from_) or (self.before and self.before <= self.from_):
            return "the window ends before it begins"
        return None


@frozen
class Before:
    """By the day before this one: the day itself is too late.

    Keys:
        day: the first day that is too late.
    """

    day: date

    @property
    def last(self) -> date:
        """The last day that is in time."""
        return self.day - _DAY


@frozen
class By:
    """By this day, which is still in time.

    Keys:
        day: the last day that is in time.
    """

    day: date

    @property
    def last(self) -> date:
        """The last day that is in time."""
        return self.day


Deadline = Before | By


@frozen
class Timetable:
    """The days a campaign speaks of: its period, its rounds, its working days."""

    period: Span
    rounds: tuple[tuple[RoundId, Span], ...] = ()
    calendar: Calendar = Calendar()

    def span(self, window: RoundId | Window) -> Span:
        """Give the days of a window, a round or the period."""
        if isinstance(window, Window):
            return window.span(self.calendar)
        return self.period if window == "period" else dict(self.rounds)[window]
