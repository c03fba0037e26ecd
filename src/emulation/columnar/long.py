"""Long: a long table of facts as it lies, a row a fact; days stay dates, and corrections beside what they correct.

Turning millions of dates into numbers costs more than finding the few rows that count. So both are done afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import narwhals as nw
from attrs import evolve, frozen

from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.problems import Problem, Refused

PARTICIPANT, FACT, FIRST, LAST, VALUE, STATE, SEQ = "participant", "fact", "first", "last", "value", "state", "seq"
"""The columns of a long table; days are dates or numbers of days, values whole numbers on the grid of their fact."""

COLUMNS = (PARTICIPANT, FACT, FIRST, LAST, VALUE, STATE)
_SAME_DAYS = (PARTICIPANT, FACT, FIRST, LAST)
DAY_BITS = 22
"""The number of a day takes so many bits, so that two days fit into one number."""

_MARCH_FIRST = 306  # so many days after the first of March of the year 0 the first day of the year 1 begins


@frozen
class Facts:
    """A long table of facts, and the grid on which each fact's figures lie.

    ``dated`` says that its days are dates and no numbers yet, ``corrected`` that of rows about the same days the one of
    the greatest ``seq`` counts; without that there is one. ``spans`` says that a row can be about several days.
    """

    frame: Frame
    grids: Mapping[str, int]
    dated: bool = False
    corrected: bool = False
    spans: bool = True

    def of(self, facts: Sequence[str]) -> Facts:
        """Keep the rows of some facts."""
        return self._with(nw.col(FACT).is_in(facts))

    def of_bodies(self, participants: Sequence[str]) -> Facts:
        """Keep the rows of some participants."""
        return self._with(nw.col(PARTICIPANT).is_in(participants))

    def between(self, first: date, last: date) -> Facts:
        """Keep the rows whose days lie inside a span."""
        return self._with((nw.col(FIRST) >= self._day(first)) & (nw.col(LAST) <= self._day(last)))

    def ending(self, first: date, last: date) -> Facts:
        """Keep the rows whose last day lies inside a span."""
        return self._with((nw.col(LAST) >= self._day(first)) & (nw.col(LAST) <= self._day(last)))

    def ends(self) -> tuple[date, date]:
        """Give the first and the last of the last days; a span that ends before it begins where there are no rows."""
        found = rows_of(self.frame.select(nw.col(LAST).min().alias("low"), nw.col(LAST).max().alias("high")))[0]
        if found["low"] is None:
            return date.max, date.min
        low, high = (one if self.dated else date.fromordinal(one) for one in (found["low"], found["high"]))
        return low, high

    def many(self) -> int:
        """Count the rows."""
        return int(rows_of(self.frame.select(nw.len().alias("rows")))[0]["rows"])

    def names(self, column: str) -> list[str]:
        """Give the texts that stand in a column, in their order."""
        return sorted(row[column] for row in rows_of(self.frame.select(column).unique()))

    def latest(self, until: date, engine: Engine) -> Frame:
        """Give the last row of each fact up to a day: that of the greatest last day, then of the greatest first.

        Rows are told apart by days and ``seq`` alone, never by their order: raise `Refused` (E785) where they cannot.
        """
        known = self._with(nw.col(LAST) <= self._day(until)).frame
        newest = engine.keep(greatest(known, LAST, (PARTICIPANT, FACT), engine))
        if self.spans:
            newest = greatest(newest, FIRST, (PARTICIPANT, FACT), engine)
        return evolve(self, frame=newest).settled(engine)

    def settled(self, engine: Engine) -> Frame:
        """Give the rows that were not corrected, in whole numbers; raise `Refused` (E785) for any that is there twice.

        A row that is not measured has the value 0 beside its state.
        """
        frame = self.frame
        if self.corrected:
            frame = greatest(frame, SEQ, _SAME_DAYS, engine)
        _refuse_twice(frame)
        if self.dated:
            frame = frame.with_columns(day_number(FIRST).alias(FIRST), day_number(LAST).alias(LAST))
        value = nw.when(nw.col(STATE) == 0).then(nw.col(VALUE)).otherwise(nw.lit(0, dtype=nw.Int64))
        return frame.with_columns(value.alias(VALUE)).select(*COLUMNS)

    def _with(self, test: nw.Expr) -> Facts:
        return evolve(self, frame=self.frame.filter(test))

    def _day(self, day: date) -> nw.Expr:
        return nw.lit(day) if self.dated else nw.lit(day.toordinal())


def greatest(frame: Frame, column: str, key: Sequence[str], engine: Engine) -> Frame:
    """Keep the rows with the greatest of a column among those of the same key.

    What is greatest is found and held before it is looked for again, which every engine does quickly; a window over
    the key is as quick in some plans and twenty times slower in others.
    """
    found = engine.keep(frame.group_by(*key).agg(nw.col(column).max()))
    # Each is found once, so that an inner join keeps what a semi-join would; DuckDB reads less of a file for it.
    return frame.join(found, on=[*key, column], how="inner")


def _refuse_twice(frame: Frame) -> None:
    twice = frame.group_by(*_SAME_DAYS).agg(nw.len().alias("n")).filter(nw.col("n") > 1)
    repeated = rows_of(twice.select(nw.len().alias("n")))[0]["n"]
    if repeated:
        what = f"{repeated} facts are there more than once"
        raise Refused([Problem("E785", what, "one row for each participant, fact and days; or a column seq")])


def day_number(name: str) -> nw.Expr:
    """Count the days of a date as `date.toordinal` does; the year begins in March, so that leap days come last."""
    year, month, day = (getattr(nw.col(name).dt, part)().cast(nw.Int64) for part in ("year", "month", "day"))
    early = nw.when(month <= 2).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))  # noqa: PLR2004
    years, months = year - early, month + early * 12 - 3
    leap_days: nw.Expr = _whole(years, 4) - _whole(years, 100) + _whole(years, 400)
    days: nw.Expr = years * 365 + leap_days + _whole(months * 153 + 2, 5) + day - _MARCH_FIRST
    return days


def _whole(dividend: nw.Expr, divisor: int) -> nw.Expr:
    return (dividend.cast(nw.Float64) / float(divisor)).floor().cast(nw.Int64)
